//! All text is read, with its place and scope.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fieldstrip::Kind;
use fieldstrip::text::{Place, Scope, extract};

use crate::fixtures::{
    Package, TEXT, content, flat, meta, png, presentation_with_notes, settings, styles, text_original, workbook,
};
use crate::with_context;

type Span = (String, String, Scope);

fn spans(kind: Kind, bytes: &[u8]) -> Vec<Span> {
    let extraction = with_context(|context| extract(kind, bytes, context)).expect("text");
    extraction.spans.into_iter().map(|span| (span.text, span.place.to_string(), span.scope)).collect()
}

fn has(spans: &[Span], text: &str, place: &str, scope: Scope) {
    let wanted = (text.to_owned(), place.to_owned(), scope);
    assert!(spans.contains(&wanted), "{wanted:?} is not in {spans:#?}");
}

fn lacks(spans: &[Span], piece: &str) {
    assert!(!spans.iter().any(|(text, ..)| text.contains(piece)), "{piece} is in {spans:#?}");
}

/// A text with this body.
fn text(automatic: &str, body: &str) -> Package {
    Package::new(TEXT).member("content.xml", content(automatic, &format!("<office:text>{body}</office:text>")))
}

#[test]
fn paragraphs_are_joined() {
    let package = text(
        "",
        "<text:p>DE<text:span>89\n   37</text:span>04<text:s text:c=\"2\"/>00<text:soft-page-break/>44<text:tab/>A&amp;B<text:line-break/>next</text:p>\
         <text:h>Na<text:a xlink:href=\"https://example.org/x\">me</text:a><x:y xmlns:x=\"urn:x\">!</x:y></text:h>\
         <text:p>שלום <text:span>עולם</text:span></text:p>\
         <text:p>word<text:note text:note-class=\"footnote\"><text:note-citation>1</text:note-citation><text:note-body><text:p>at the foot</text:p></text:note-body></text:note>s</text:p>\
         <text:p><draw:frame draw:name=\"Frame7\"><draw:text-box><text:p>boxed</text:p></draw:text-box><svg:title>a boat</svg:title><svg:desc>on the river</svg:desc></draw:frame>around</text:p>\
         <text:p>read<text:ruby><text:ruby-base>ing</text:ruby-base><text:ruby-text>spoken</text:ruby-text></text:ruby></text:p>\
         <table:table table:name=\"Table1\"><table:table-row><table:table-cell><text:p>cell 1</text:p></table:table-cell></table:table-row></table:table>",
    );
    let found = spans(Kind::Odt, &package.write());
    let at = |number: u32| format!("content.xml, paragraph {number}");
    has(&found, "DE89 3704  0044\tA&B\nnext", &at(1), Scope::Body);
    has(&found, "Name!", &at(2), Scope::Body);
    has(&found, "https://example.org/x", &at(2), Scope::LinkTarget);
    has(&found, "שלום עולם", &at(3), Scope::Body);
    has(&found, "words", &at(4), Scope::Body);
    has(&found, "at the foot", &at(5), Scope::Footnote);
    has(&found, "boxed", &at(7), Scope::Body);
    has(&found, "around", &at(6), Scope::Body);
    has(&found, "a boat", &at(6), Scope::AltText);
    has(&found, "on the river", &at(6), Scope::AltText);
    has(&found, "Frame7", &at(6), Scope::Bookmark);
    has(&found, "reading", &at(8), Scope::Body);
    has(&found, "spoken", &at(8), Scope::Body);
    has(&found, "cell 1", &at(9), Scope::Body);
    has(&found, "Table1", "content.xml", Scope::Bookmark);
}

#[test]
fn text_that_is_not_shown() {
    let automatic = "<style:style style:name=\"Base\" style:family=\"text\"><style:text-properties text:display=\"none\"/></style:style>\
         <style:style style:name=\"T1\" style:family=\"text\" style:parent-style-name=\"Base\"/>\
         <style:style style:name=\"T2\" style:family=\"text\" style:parent-style-name=\"Base\"><style:text-properties text:display=\"true\"/></style:style>";
    let package = text(
        automatic,
        "<text:p>seen<text:span text:style-name=\"T1\">by style</text:span> too<text:span text:style-name=\"T2\"> shown</text:span></text:p>\
         <text:section text:name=\"S\" text:display=\"none\"><text:p>in a section</text:p></text:section>\
         <text:section text:name=\"S2\" text:display=\"condition\" text:condition=\"ooow:1\" text:is-hidden=\"false\"><text:p>open section</text:p></text:section>\
         <text:p>whole<text:hidden-paragraph text:condition=\"ooow:1\" text:is-hidden=\"true\"/></text:p>\
         <text:p><text:conditional-text text:string-value-if-true=\"yes indeed\" text:string-value-if-false=\"not at all\">yes indeed</text:conditional-text></text:p>\
         <text:p><text:hidden-text text:string-value=\"stored words\" text:is-hidden=\"true\"/>.</text:p>",
    );
    let found = spans(Kind::Odt, &package.write());
    let at = |number: u32| format!("content.xml, paragraph {number}");
    has(&found, "seen too shown", &at(1), Scope::Body);
    has(&found, "by style", &at(1), Scope::Hidden);
    has(&found, "in a section", &at(2), Scope::Hidden);
    has(&found, "open section", &at(3), Scope::Body);
    has(&found, "whole", &at(4), Scope::Hidden);
    has(&found, "yes indeed", &at(5), Scope::Body);
    has(&found, "not at all", &at(5), Scope::Hidden);
    has(&found, "stored words", &at(6), Scope::Hidden);
}

#[test]
fn comments_changes_properties_and_files() {
    let original = text_original();
    let found = spans(Kind::Odt, &original.write());
    has(&found, "gone", "content.xml, paragraph 1", Scope::Hidden);
    has(&found, "Hello world again", "content.xml, paragraph 2", Scope::Body);
    has(&found, "is this right?", "content.xml, paragraph 2", Scope::Comment);
    has(&found, "Jane Roe", "content.xml, paragraph 2", Scope::Comment);
    has(&found, "file:///C:/Users/jane/x.odt", "content.xml, paragraph 4", Scope::LinkTarget);
    has(&found, "Head", "styles.xml, paragraph 1", Scope::HeaderFooter);
    has(&found, "in the head", "styles.xml, paragraph 1", Scope::Comment);
    has(&found, "Jane Roe", "metadata dc:creator", Scope::Metadata);
    has(&found, "Room 3", "metadata settings:PrinterName", Scope::Metadata);
    has(&found, "Sales", "Object 1 › content.xml, paragraph 1", Scope::Body);
    lacks(&found, "Object 1");
    let unread = with_context(|context| extract(Kind::Odt, &original.write(), context)).expect("text").unread;
    let names: Vec<(String, bool)> =
        unread.into_iter().map(|unread| (unread.place.to_string(), unread.expected)).collect();
    let told = |name: &str, expected| assert!(names.contains(&(name.to_owned(), expected)), "{names:?}");
    told("Pictures/a.png", true);
    told("ObjectReplacements/Object 1", false);
}

#[test]
fn every_other_member_is_read() {
    let package = text("", "<text:p>body</text:p>")
        .member("styles.xml", styles(""))
        .member("meta.xml", meta("<meta:user-defined meta:name=\"Case\">number 4711 of Roe</meta:user-defined>"))
        .member("settings.xml", settings(""))
        .member("odd.xml", "<a>never seen before<!-- nor this --></a>")
        .member("broken.xml", "<a>")
        .member("notes.txt", "plain words")
        .member("Object 2", vec![0xd0, 0xcf, 0x11, 0xe0, 0, 1]);
    let found = spans(Kind::Odt, &package.write());
    has(&found, "number 4711 of Roe", "metadata meta:Case", Scope::Metadata);
    has(&found, "never seen before", "odd.xml", Scope::Metadata);
    has(&found, "nor this", "odd.xml", Scope::Hidden);
    has(&found, "plain words", "notes.txt › line 1", Scope::Body);
    let unread = with_context(|context| extract(Kind::Odt, &package.write(), context)).expect("text").unread;
    let places: Vec<Place> = unread.into_iter().map(|unread| unread.place).collect();
    let part = |name: &str| Place::Part { part: name.to_owned() };
    assert_eq!(places, [part("broken.xml"), part("Object 2")]);
}

#[test]
fn sheets() {
    let found = spans(Kind::Ods, &workbook().write());
    has(&found, "Rich text\ntwo lines", "Main!A1", Scope::Body);
    has(&found, "84.00", "Main!B1", Scope::Body);
    has(&found, "of:=[.A2]*2", "Main!B1", Scope::Field);
    has(&found, "in hidden column", "Main!C1", Scope::Hidden);
    has(&found, "42", "Main!A2", Scope::Hidden);
    has(&found, "far", "Main!AB6", Scope::Body);
    has(&found, "behind", "Back!A1", Scope::Hidden);
    has(&found, "Main", "content.xml", Scope::Bookmark);
    has(&found, "Pick", "content.xml", Scope::FormField);
    has(&found, "choose one", "content.xml, paragraph 1", Scope::FormField);
    has(&found, "of:cell-content-is-in-list(\"red\";\"green\")", "content.xml", Scope::Field);
    has(&found, "rate", "content.xml", Scope::Bookmark);
    has(&found, "$Main.$A$1", "content.xml", Scope::Field);
    let rounded = workbook().replace("content.xml", "office:value=\"84\"", "office:value=\"84.00417\"");
    has(&spans(Kind::Ods, &rounded.write()), "84.00417", "Main!B1", Scope::Body);
    let noted = workbook().replace(
        "content.xml",
        "<text:p>two lines</text:p>",
        "<office:annotation><text:p>check</text:p><text:p>this</text:p></office:annotation><text:p>two lines</text:p>",
    );
    let found = spans(Kind::Ods, &noted.write());
    has(&found, "Rich text\ntwo lines", "Main!A1", Scope::Body);
    has(&found, "check\nthis", "Main!A1", Scope::Comment);
}

#[test]
fn slides() {
    let found = spans(Kind::Odp, &presentation_with_notes().write());
    has(&found, "First\nslide", "slide 1, Title 1", Scope::Body);
    has(&found, "Second\nslide", "slide 2, Title 1", Scope::Hidden);
    has(&found, "a title of it", "slide 1, Title 1", Scope::AltText);
    has(&found, "say this", "slide 1", Scope::Note);
    has(&found, "say this", "slide 2", Scope::Note);
    has(&found, "page1", "slide 1", Scope::Bookmark);
    let noted = presentation_with_notes().replace(
        "content.xml",
        "<presentation:notes>",
        "<officeooo:annotation><dc:creator>Jane Roe</dc:creator><text:p>who says so?</text:p></officeooo:annotation><presentation:notes>",
    );
    let found = spans(Kind::Odp, &noted.write());
    has(&found, "who says so?", "slide 1", Scope::Comment);
    has(&found, "Jane Roe", "slide 1", Scope::Comment);
}

#[test]
fn forms_and_flat_files() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90\" height=\"20\"><text x=\"5\" y=\"15\">drawn words</text></svg>";
    let picture = |bytes: &[u8]| {
        format!("<draw:image><office:binary-data>{}</office:binary-data></draw:image>", STANDARD.encode(bytes))
    };
    let body = format!(
        "<office:forms><form:form form:name=\"Form1\"><form:text form:name=\"Field1\" form:current-value=\"typed words\"/></form:form></office:forms>\
         <text:p>flat words<draw:frame>{}</draw:frame><draw:frame>{}</draw:frame></text:p>",
        picture(svg.as_bytes()),
        picture(&png(1))
    );
    let bytes = flat("<office:meta><dc:creator>Jane Roe</dc:creator></office:meta>", &body);
    let found = spans(Kind::FlatOdf, &bytes);
    has(&found, "flat words", "document, paragraph 1", Scope::Body);
    has(&found, "typed words", "document", Scope::FormField);
    has(&found, "Jane Roe", "metadata dc:creator", Scope::Metadata);
    assert!(
        found.iter().any(|(text, place, _)| text == "drawn words" && place.starts_with("picture 1 › ")),
        "{found:#?}"
    );
    let unread = with_context(|context| extract(Kind::FlatOdf, &bytes, context)).expect("text").unread;
    assert_eq!(unread.first().map(|unread| unread.place.to_string()).as_deref(), Some("picture 2"));
}
