//! The text that the rules get to see, with its places.

use fieldstrip::formats::Context;
use fieldstrip::limits::Spent;
use fieldstrip::text::{Extraction, Place, Scope, extract};
use fieldstrip::{Kind, Policy};

use crate::fixtures::{field, pict, rtf};
use crate::svg::png;

fn read(bytes: &[u8]) -> Extraction {
    let spent = Spent::default();
    extract(Kind::Rtf, bytes, &Context::new(Policy::strictest(), &spent)).unwrap()
}

fn spans(bytes: &[u8]) -> Vec<(String, String, Scope)> {
    read(bytes).spans.into_iter().map(|span| (span.place.to_string(), span.text, span.scope)).collect()
}

#[test]
fn text_is_read_in_every_encoding() {
    let with_font = |charset: u32, text: &str| {
        format!(r"{{\rtf1\ansi\ansicpg1252{{\fonttbl{{\f0 A;}}{{\f7\fcharset{charset} B;}}}}\f7 {text}}}")
    };
    for (bytes, expected) in [
        (r"{\rtf1\ansi\ansicpg1252 Z\'fcrich \u8364\'80 na\u239?ve}".to_owned(), "Zürich € naïve"),
        (r"{\rtf1\ansi\ansicpg1251 \'cc\'ee\'f1\'ea\'e2\'e0}".to_owned(), "Москва"),
        (r"{\rtf1\mac Z\'9frich}".to_owned(), "Zürich"),
        (r"{\rtf1\pc Z\'81rich \'9b}".to_owned(), "Zürich ¢"),
        (r"{\rtf1\pca \'9d}".to_owned(), "Ø"),
        (with_font(204, r"\'cc\'ee\'f1\'ea\'e2\'e0"), "Москва"),
        (with_font(161, r"\'c1\'e8\'de\'ed\'e1"), "Αθήνα"),
        (with_font(177, r"\'f9\'ec\'e5\'ed"), "שלום"),
        (with_font(178, r"\'d3\'e1\'c7\'e3"), "سلام"),
        (with_font(128, r"\'93\'fa\'96\'7b"), "日本"),
        (with_font(134, r"\'d6\'d0\'ce\'c4"), "中文"),
        (with_font(136, r"\'a4\'a4\'a4\'e5"), "中文"),
        (with_font(129, r"\'c7\'d1\'b1\'db"), "한글"),
        (with_font(238, r"\'a3\'f3d\'9f"), "Łódź"),
        (with_font(162, r"\'dd\'fe"), "İş"),
        (with_font(186, r"\'d0"), "Š"),
        (with_font(222, r"\'a1"), "ก"),
        (with_font(163, r"\'f0"), "đ"),
        (r"{\rtf1\uc2 \u26085\'93\'fa\u26412\'96\'7b}".to_owned(), "日本"),
        (r"{\rtf1\uc0 \u-10179\u-8704 {\uc1\u-10179?\u-8703?}}".to_owned(), "😀😁"),
        (r"{\rtf1 a\~b\_c\-d\{e\}\\f\tab g\line h\emdash\ldblquote}".to_owned(), "a\u{a0}b\u{2011}cd{e}\\f\tg\nh—“"),
        ("{\\rtf1 split {\\b wo}rd\r\ns over runs}".to_owned(), "split words over runs"),
    ] {
        let texts: Vec<String> = read(bytes.as_bytes()).spans.into_iter().map(|span| span.text).collect();
        assert_eq!(texts.concat(), expected, "{bytes}");
    }
}

#[test]
fn text_has_its_places() {
    let body = [
        r"{\header\pard HEAD\par}{\footerf\pard FOOT\par}second\chftn{\footnote\pard NOTE\par}line\par",
        r"\trowd\cellx9\cellx19\pard\intbl CELL1\cell CELL2\cell\row\pard",
        r"{\shp{\*\shpinst{\sp{\sn wzDescription}{\sv ALT}}{\shptxt\pard BOX\par}}}{\v HIDDEN}{\deleted DELETED}\par",
        r"{\*\atnauthor WHO}{\*\annotation\pard COMMENT\par}{\*\bkmkstart MARK}{\*\bkmkend MARK}{\xe ENTRY}\par",
        &field("HYPERLINK TARGET", "LINK"),
    ]
    .concat();
    let found = spans(
        rtf(r"{\info{\author JANE}}{\*\userprops{\propname P}{\staticval V}}{\*\docvar{N}{DV}}", &body).as_bytes(),
    );
    for (place, text, scope) in [
        ("document, paragraph 1", "SHOWN words", Scope::Body),
        ("document, paragraph 2", "secondline", Scope::Body),
        ("document, paragraph 3", "CELL1", Scope::Body),
        ("document, paragraph 4", "CELL2", Scope::Body),
        ("document, paragraph 5", "HIDDENDELETED", Scope::Hidden),
        ("document, paragraph 6", "LINK", Scope::Body),
        ("header, paragraph 1", "HEAD", Scope::HeaderFooter),
        ("footer, paragraph 1", "FOOT", Scope::HeaderFooter),
        ("note, paragraph 1", "NOTE", Scope::Footnote),
        ("text box, paragraph 1", "BOX", Scope::Body),
        ("comment, paragraph 1", "COMMENT", Scope::Comment),
        ("author of a comment", "WHO", Scope::Comment),
        ("bookmark", "MARK", Scope::Bookmark),
        ("entry of an index", "ENTRY", Scope::Hidden),
        ("field", "HYPERLINK TARGET", Scope::Field),
        ("shape", "ALT", Scope::AltText),
        (r"metadata \info \author", "JANE", Scope::Metadata),
        (r"metadata \*\userprops", "V", Scope::Metadata),
        (r"metadata \*\docvar", "NDV", Scope::Metadata),
    ] {
        let wanted = (place.to_owned(), text.to_owned(), scope);
        assert!(found.contains(&wanted), "{wanted:?} is not among {found:?}");
    }
}

#[test]
fn what_is_no_text_is_said() {
    let body = [pict("pngblip", &png()), r"{\pict\emfblip 01}{\object{\*\objdata 01}{\result}}".to_owned()].concat();
    let unread = read(rtf("", &body).as_bytes()).unread;
    let places: Vec<_> = unread.iter().map(|unread| (unread.place.clone(), unread.expected)).collect();
    let part = |name: &str| Place::Part { part: name.to_owned() };
    assert_eq!(places, [(part("picture 1"), true), (part("picture 2"), false), (part("object"), false)]);
}
