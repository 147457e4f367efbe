//! The proof of OpenDocument files: a true copy passes, every tampered one is refused, and all text is read.

#![allow(clippy::expect_used, clippy::panic)] // a failed helper is a failed test
#![allow(unreachable_pub)] // helpers of one crate

mod fixtures;
mod text;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::{Side, prove, prover_for};
use fieldstrip::{Kind, Policy, Reason};
use fixtures::{
    Package, flat, png, png_by_jane, presentation, presentation_with_notes, text_copy, text_original, workbook,
    write_zip,
};
use zip::DateTime;

fn with_context<T>(run: impl FnOnce(&Context<'_>) -> T) -> T {
    let spent = Spent::default();
    run(&Context::new(Policy::strictest(), &spent))
}

/// The report of a cleaner that took a link and a name away, and holds the workbook for its hidden row.
fn report() -> Report {
    let mut report = Report::default();
    report.hit(Class::LinksLocal, Action::Remove, "text:a", "content.xml", 1, 0);
    report.hit(Class::MetadataPaths, Action::Remove, "draw:name", "content.xml", 1, 0);
    report.hit(Class::ContentHiddenRows, Action::Hold, "hidden row", "content.xml", 1, 0);
    report
}

fn essence(kind: Kind, bytes: &[u8]) -> String {
    let prover = prover_for(kind).expect("a prover");
    with_context(|context| prover.essence(kind, bytes, Side::Input, context)).expect("essence").to_hex()
}

fn refused(kind: Kind, original: &[u8], copy: &[u8]) -> String {
    let refusal = with_context(|context| prove(kind, original, copy, &report(), context)).expect_err("refused");
    assert_eq!(refusal.reason, Reason::Unprovable, "{refusal}");
    refusal.to_string()
}

#[test]
fn a_true_copy_is_proved() {
    for (kind, original, copy) in [
        (Kind::Odt, text_original(), text_copy()),
        (Kind::Odt, text_copy(), text_copy()),
        (Kind::Ods, workbook(), workbook()),
        (Kind::Odp, presentation_with_notes(), presentation()),
    ] {
        let proof = with_context(|context| prove(kind, &original.write(), &copy.write(), &report(), context));
        let proof = proof.unwrap_or_else(|refusal| panic!("{kind}: {refusal}"));
        assert!(proof.checks.len() >= 6, "{proof:?}");
    }
}

/// A copy that a person has to decide about says so, or it is not proved: whoever cleaned it may have been taken over.
#[test]
fn what_holds_a_copy_is_reported() {
    let content = |from: &str, to: &str| text_copy().replace("content.xml", from, to);
    let link = "xlink:href=\"https://example.org/a.png\" xlink:type=\"simple\"";
    let field = "<text:page-number>1</text:page-number>";
    for (kind, copy, class) in [
        (Kind::Ods, workbook(), Class::ContentHiddenRows),
        (
            Kind::Odt,
            content(field, &format!("{field}<draw:frame svg:width=\"2cm\"><draw:image {link}/></draw:frame>")),
            Class::LinksExternalContent,
        ),
        (
            Kind::Odt,
            content(
                field,
                &format!(
                    "{field}<text:variable-set text:name=\"a\" text:display=\"none\" office:value-type=\"string\" office:string-value=\"unseen\"/>"
                ),
            ),
            Class::ContentHiddenText,
        ),
    ] {
        let bytes = copy.write();
        let proved = |action: Option<Action>| {
            let mut report = Report::default();
            if let Some(action) = action {
                report.hit(class, action, "something", "", 1, 0);
            }
            let proof = with_context(|context| prove(kind, &bytes, &bytes, &report, context));
            proof.map(|_| ()).map_err(|refusal| refusal.to_string())
        };
        for silent in [None, Some(Action::Keep)] {
            assert!(proved(silent).is_err_and(|error| error.contains("unreported")), "{class}: {:?}", proved(silent));
        }
        assert_eq!(proved(Some(Action::Hold)), Ok(()), "{class}");
    }
}

#[test]
fn tampered_texts_are_refused() {
    let content = |from: &str, to: &str| text_copy().replace("content.xml", from, to);
    let styles = |from: &str, to: &str| text_copy().replace("styles.xml", from, to);
    let settings = |from: &str, to: &str| text_copy().replace("settings.xml", from, to);
    let cases: Vec<(&str, Package)> = vec![
        ("a word changed", content("Hello", "Hallo")),
        ("a word lost", content("again", "")),
        ("a word in the header changed", styles("Head", "Foot")),
        ("bold lost", content(" fo:font-weight=\"bold\"", "")),
        ("the font size changed", styles("12pt", "13pt")),
        ("the page width changed", styles("21cm", "22cm")),
        ("a style of a span lost", content(" text:style-name=\"T1\"", "")),
        ("a space lost", content(" text:c=\"2\"", "")),
        ("a field frozen", content("<text:page-number>1</text:page-number>", "1")),
        ("a note lost", content("<text:p>foot</text:p>", "")),
        ("paragraphs joined", content("again</text:p><text:p>by", "againby")),
        ("an empty paragraph more", content("<text:p>by", "<text:p/><text:p>by")),
        ("a bookmark lost", content("<text:bookmark text:name=\"here\"/>", "")),
        ("the link lost", content(" xlink:href=\"https://example.org/a\"", "")),
        ("another link", content("example.org/a", "example.org/b")),
        ("the alternative text lost", content("<svg:desc>a boat</svg:desc>", "")),
        ("the alternative text changed", content("a boat", "a ship")),
        (
            "the picture lost",
            content("<draw:image xlink:href=\"Pictures/a.png\" xlink:type=\"simple\"/>", "").drop("Pictures/a.png"),
        ),
        ("the picture swapped", text_copy().swap("Pictures/a.png", png(8))),
        ("the chart changed", text_copy().replace("Object 1/content.xml", "Sales", "Costs")),
        ("a setting changed", settings("true", "false")),
        ("a setting lost", text_copy().drop("settings.xml")),
        ("an annotation left", content("Hello", "<office:annotation/>Hello")),
        ("an annotation left in styles", styles("Head", "<office:annotation/>Head")),
        ("a tracked change left", content("<text:sequence-decls/>", "<text:tracked-changes/><text:sequence-decls/>")),
        ("a mark of a change left", content("Hello", "<text:change-start text:change-id=\"ct1\"/>Hello")),
        ("a field that reveals left", content("J. R.", "<text:author-name>J. R.</text:author-name>")),
        (
            "hidden text left",
            content("plan", "<text:hidden-text text:is-hidden=\"true\" text:string-value=\"unseen\"/>plan"),
        ),
        (
            "an id of a revision left",
            content("<style:text-properties/>", "<style:text-properties officeooo:rsid=\"01\"/>"),
        ),
        ("a hash left", content("text:name=\"S\"", "text:name=\"S\" text:protection-key=\"c2\"")),
        ("a script left", content("<office:scripts/>", "<office:scripts><script:event-listener/></office:scripts>")),
        ("a local link left", content("plan", "<text:a xlink:href=\"file:///C:/Users/jane/x.odt\">plan</text:a>")),
        (
            "a link to a network nobody can reach left",
            content("plan", "<text:a xlink:href=\"http://wiki.corp/plan\">plan</text:a>"),
        ),
        (
            "a path as a name left",
            content("<draw:frame svg", "<draw:frame draw:name=\"C:\\Users\\jane\\boat.png\" svg"),
        ),
        ("an unknown element left", content("Hello", "<x:y xmlns:x=\"urn:x\"/>Hello")),
        (
            "an unknown attribute left",
            content("<text:sequence-decls", "<text:sequence-decls xmlns:x=\"urn:x\" x:y=\"z\""),
        ),
        ("a comment of the XML left", content("Hello", "<!-- Jane -->Hello")),
        (
            "the author left",
            text_copy().replace("meta.xml", "</office:meta>", "<dc:creator>Jane Roe</dc:creator></office:meta>"),
        ),
        (
            "a date left",
            text_copy().replace(
                "meta.xml",
                "</office:meta>",
                "<meta:creation-date>2024</meta:creation-date></office:meta>",
            ),
        ),
        ("the system left", text_copy().replace("meta.xml", "LibreOffice/7.4", "LibreOffice/7.4.2.3$Linux_X86_64")),
        ("another program", text_copy().replace("meta.xml", "LibreOffice", "OpenOffice.org")),
        (
            "the printer left",
            settings(
                "</config:config-item-set>",
                "<config:config-item config:name=\"PrinterName\" config:type=\"string\">Room 3</config:config-item></config:config-item-set>",
            ),
        ),
        (
            "the view left",
            settings(
                "<office:settings>",
                "<office:settings><config:config-item-set config:name=\"ooo:view-settings\"/>",
            ),
        ),
        ("the author of the picture left", text_copy().swap("Pictures/a.png", png_by_jane(7))),
        ("a thumbnail left", text_copy().member("Thumbnails/thumbnail.png", png(1))),
        ("a member added", text_copy().member("notes.txt", "Jane")),
        ("a picture that nothing shows", text_copy().member("Pictures/b.png", png(1))),
        ("macros left", text_copy().member("Basic/script-lc.xml", "<a/>")),
        ("a member twice", text_copy().member("pictures/A.png", png(7))),
        ("a member not in the manifest", text_copy().unlisted("Pictures/a.png")),
        (
            "a member in the manifest alone",
            text_copy().listed("<m:file-entry m:full-path=\"Pictures/z.png\" m:media-type=\"\"/>"),
        ),
        ("a word in the manifest", text_copy().listed("Jane")),
        ("the type changed", text_copy().swap("mimetype", "application/vnd.oasis.opendocument.text-web")),
    ];
    let original = text_original().write();
    for (name, package) in cases {
        println!("{name}: {}", refused(Kind::Odt, &original, &package.write()));
    }
}

#[test]
fn tampered_workbooks_are_refused() {
    let original = workbook().write();
    let cases = [
        ("a cached value changed", "office:value=\"84\"", "office:value=\"85\""),
        ("a formula changed", "[.A2]*2", "[.A2]*3"),
        ("a formula frozen", " table:formula=\"of:=[.A2]*2\"", ""),
        ("the language of formulas changed", "opendocument:xmlns:of:1.2", "opendocument:xmlns:of:9"),
        ("a type changed", "office:value-type=\"float\" office:value=\"42\"", "office:value-type=\"string\""),
        ("a text changed", "two lines", "three lines"),
        ("a hidden sheet shown", "table:display=\"false\"", "table:display=\"true\""),
        ("a hidden row shown", "<table:table-row table:visibility=\"collapse\">", "<table:table-row>"),
        ("a sheet renamed", "\"Main\"", "\"Mine\""),
        ("cells shifted", "repeated=\"27\"", "repeated=\"26\""),
        ("a name lost", "<table:named-range table:name=\"rate\" table:cell-range-address=\"$Main.$A$1\"/>", ""),
        ("a list changed", "green", "blue"),
    ];
    for (name, from, to) in cases {
        let copy = workbook().replace("content.xml", from, to).write();
        println!("{name}: {}", refused(Kind::Ods, &original, &copy));
    }
}

#[test]
fn tampered_presentations_are_refused() {
    let original = presentation_with_notes().write();
    let content = |from: &str, to: &str| presentation().replace("content.xml", from, to);
    let hidden = "<draw:page draw:name=\"page2\"";
    let cases = [
        ("a word changed", content("Second", "Third")),
        ("a hidden slide shown", content("hidden", "visible")),
        ("a slide renamed", content("page1", "page9")),
        ("an empty slide added", content(hidden, &format!("<draw:page/>{hidden}"))),
        ("notes left", presentation_with_notes()),
    ];
    for (name, package) in cases {
        println!("{name}: {}", refused(Kind::Odp, &original, &package.write()));
    }
}

#[test]
fn containers_tell_nothing() {
    let original = text_original().write();
    let members = text_copy().all_members();
    let dated = DateTime::from_date_and_time(2024, 2, 3, 4, 5, 6).expect("date");
    let mut other_order = members.clone();
    other_order.swap(0, 1);
    let good = write_zip(&members, Some("mimetype"), DateTime::default(), "");
    let cases = [
        ("a date", write_zip(&members, Some("mimetype"), dated, "")),
        ("the type compressed", write_zip(&members, None, DateTime::default(), "")),
        ("the type not first", write_zip(&other_order, Some("mimetype"), DateTime::default(), "")),
        ("bytes behind", [good, b"tail".to_vec()].concat()),
    ];
    for (name, copy) in cases {
        println!("{name}: {}", refused(Kind::Odt, &original, &copy));
    }
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let forms = |xml: &str| format!("<office:forms><form:form>{xml}</form:form></office:forms><text:sequence-decls/>");
    let cases = [
        ("a control", forms("<form:properties><form:property office:string-value=\"\\\\srv\\share\\a.odb\"/></form:properties>")),
        ("a formula", "<text:expression text:formula=\"ooow:'file:///C:/a.ods'#A1\"/><text:sequence-decls/>".to_owned()),
        ("a link", forms("<form:button xlink:href=\"../jane/x.odt\"/>")),
        (
            "a source",
            "<text:p><text:bibliography-mark text:url=\"file:///C:/a.pdf\">[1]</text:bibliography-mark></text:p>\
             <text:sequence-decls/>"
                .to_owned(),
        ),
        ("a script", forms("<form:button xlink:href=\"javascript:alert(1)\"/>")),
        ("a field of Word", "<text:p><field:fieldmark xmlns:field=\"urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0\">\
          <field:param field:value=\"INCLUDETEXT C:\\jane\\x.doc\"/></field:fieldmark></text:p><text:sequence-decls/>".to_owned()),
    ];
    for (name, xml) in cases {
        let bytes = text_copy().replace("content.xml", "<text:sequence-decls/>", &xml).write();
        let message = refused(Kind::Odt, &bytes, &bytes);
        assert!(message.contains("a path") || message.contains("a link"), "{name}: {message}");
    }
}

#[test]
fn what_is_held_may_stay() {
    let linked = text_copy().replace(
        "content.xml",
        "<text:p>foot",
        "<text:section text:name=\"L\"><text:section-source xlink:href=\"https://example.org/part.odt\"/></text:section><text:p>foot",
    );
    let with_macros = text_copy().member("Basic/script-lc.xml", "<a/>").replace(
        "content.xml",
        "<office:scripts/>",
        "<office:scripts><script:script script:language=\"ooo:Basic\"/></office:scripts>",
    );
    for (class, package) in [(Class::LinksExternalContent, linked), (Class::ActiveMacros, with_macros)] {
        let bytes = package.write();
        refused(Kind::Odt, &bytes, &bytes);
        let mut held = report();
        held.hit(class, Action::Hold, "x", "content.xml", 1, 0);
        let proof = with_context(|context| prove(Kind::Odt, &bytes, &bytes, &held, context));
        assert!(proof.is_ok(), "{class}: {proof:?}");
    }
}

#[test]
fn flat_documents() {
    let picture = |bytes: &[u8]| {
        let data = STANDARD.encode(bytes);
        format!(
            "<text:p>Hello<draw:frame><draw:image><office:binary-data>{data}</office:binary-data></draw:image></draw:frame></text:p>"
        )
    };
    let head = "<office:meta><meta:generator>LibreOffice/7.4.2.3</meta:generator><dc:creator>Jane Roe</dc:creator></office:meta>";
    let bare = "<office:meta><meta:generator>LibreOffice/7.4.2</meta:generator></office:meta>";
    let original = flat(head, &picture(&png_by_jane(7)));
    let copy = flat(bare, &picture(&png(7)));
    let proof = with_context(|context| prove(Kind::FlatOdf, &original, &copy, &report(), context));
    assert!(proof.is_ok(), "{proof:?}");
    for (name, tampered) in [
        ("the author left", flat(head, &picture(&png(7)))),
        ("the picture swapped", flat(bare, &picture(&png(8)))),
        ("the author of the picture left", flat(bare, &picture(&png_by_jane(7)))),
        ("a word changed", flat(bare, &picture(&png(7)).replace("Hello", "Hallo"))),
    ] {
        println!("{name}: {}", refused(Kind::FlatOdf, &original, &tampered));
    }
}

#[test]
fn prefixes_and_declarations_make_no_difference() {
    let original = workbook();
    let renamed = workbook().replace("content.xml", "xmlns:text=", "xmlns:t=").replace("content.xml", "<text:", "<t:");
    let renamed = renamed.replace("content.xml", "</text:", "</t:");
    let with_type =
        workbook().replace("content.xml", "?>", "?><!DOCTYPE office:document-content PUBLIC \"x\" \"office.dtd\">");
    let text = String::from_utf8(original.members[1].1.clone()).expect("text").replace(" encoding=\"UTF-8\"", "");
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for same in [renamed, with_type, workbook().swap("content.xml", utf16)] {
        assert_eq!(essence(Kind::Ods, &original.write()), essence(Kind::Ods, &same.write()));
    }
}

#[test]
fn the_echo_search_sees_joined_text() {
    let package =
        text_copy().replace("content.xml", "Hello", "<text:span>Ja</text:span>ne &amp; R<text:span>oe</text:span>");
    let mut seen = Vec::new();
    let prover = prover_for(Kind::Odt).expect("prover");
    with_context(|context| {
        prover.payloads(Kind::Odt, &package.write(), context, &mut |part, bytes| {
            seen.push((part.to_owned(), String::from_utf8_lossy(bytes).into_owned()));
        })
    })
    .expect("payloads");
    let told =
        |part: &str, text: &str| assert!(seen.iter().any(|(p, t)| p == part && t.contains(text)), "{text}: {seen:#?}");
    told("content.xml", "Jane & Roe");
    told("content.xml", "https://example.org/a");
    told("Object 1/content.xml", "Sales");
}

#[test]
fn loops_end() {
    let mut package = text_copy();
    package = package.replace(
        "Object 1/content.xml",
        "<chart:title>",
        "<draw:object xlink:href=\"../Object 1\"/><draw:object xlink:href=\"..\"/><chart:title>",
    );
    essence(Kind::Odt, &package.write());
}
