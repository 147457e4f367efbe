//! Content streams: what goes out of them, what keeps its bytes, and resources that nothing names.

use fieldstrip::policy::{Action, Class};
use fieldstrip::{Kind, Policy};

use super::fixtures::{Pdf, deflate, jpeg, one_page, stream};
use super::{contains, handle, handle_under, hit, keeping_forms, unpacked};

/// Cleans and proves a page with this content, and returns what the copy unpacks to.
fn proved(pdf: &Pdf) -> Vec<u8> {
    let cleaned = fieldstrip::clean(&pdf.write(), "content.pdf", Policy::strictest()).unwrap();
    assert_eq!(cleaned.kind, Kind::Pdf);
    let again = fieldstrip::clean(&cleaned.bytes, "content.pdf", Policy::strictest()).unwrap();
    assert_eq!(again.bytes, cleaned.bytes, "cleaning twice changes nothing");
    unpacked(&cleaned.bytes)
}

#[test]
fn planted_tokens_in_content_go() {
    for (place, content) in [
        ("a comment", "q % StripToken\nQ"),
        ("a comment at the end", "q Q % StripToken"),
        ("a comment in an array", "[3 % StripToken\n] 0 d"),
        ("a marked-content point", "/T <</Secret (StripToken)>> DP"),
        ("a point by its tag", "/StripToken MP"),
        ("a mark by its tag", "/StripToken BMC q Q EMC"),
        ("a mark that does not end", "/StripToken BMC q Q"),
        ("a private property", "/Span <</Lang (en) /Secret (StripToken)>> BDC q Q EMC"),
        ("a private property alone", "/Artifact <</Secret (StripToken)>> BDC q Q EMC"),
        ("a property of the wrong kind", "/Span <</MCID (StripToken)>> BDC q Q EMC"),
        ("a list in a property", "/Artifact <</BBox [0 0 9 (StripToken)]>> BDC q Q EMC"),
        ("a comment in properties", "/Span <</Lang (en) % StripToken\n>> BDC q Q EMC"),
        ("a named private list", "/Private /P1 BDC q Q EMC"),
        ("operands that none takes", "(StripToken) q Q"),
        ("operands at the end", "q Q (StripToken)"),
        ("operands before components", "(StripToken) 1 0 0 sc"),
        ("a name between strings", "BT /F1 9 Tf [(a) /StripToken 3 (b)] TJ ET"),
        ("an unknown operator", "(x) StripToken"),
        ("an unknown operator by its operand", "BX (StripToken) xyz EX"),
        ("an array without end", "q Q [ (StripToken)"),
        ("a string without end", "q Q (StripToken"),
        ("a key of an inline image", "BI /W 1 /H 1 /BPC 8 /CS /G /Secret (StripToken) ID x EI"),
        ("a decode parameter", "BI /W 1 /H 1 /BPC 8 /CS /G /DP <</K 0 /Secret (StripToken)>> ID x EI"),
        ("bytes after raw samples", "BI /W 1 /H 1 /BPC 8 /CS /G ID x StripToken\nEI"),
        ("bytes after hexadecimal samples", "BI /W 1 /H 1 /BPC 8 /CS /G /F /AHx ID 41> StripToken\nEI"),
    ] {
        let mut pdf = one_page(&format!("q Q {content}"), "", "");
        pdf.set(3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /Properties << /P1 << /Secret (StripToken) >> >> >> >>");
        assert!(contains(&pdf.write(), "StripToken"), "{place}");
        assert!(!contains(&proved(&pdf), "StripToken"), "{place}");
    }
}

/// Viewers show what they can unpack, and so it is cleaned.
#[test]
fn planted_tokens_in_data_with_a_broken_end_go() {
    let content = b"q Q 0 0 5 5 re f % StripToken\n0 0 5 5 re f (StripToken";
    let row = [b"\0", content.as_slice()].concat(); // a row of a PNG without a filter
    let predicted = format!("/DecodeParms << /Predictor 12 /Columns {} >>", content.len());
    for (plain, parameters) in [(content.as_slice(), ""), (&row, &predicted)] {
        let whole = deflate(plain);
        let mut wrong = whole.clone();
        *wrong.last_mut().unwrap() ^= 1;
        let without_checksum = whole[..whole.len() - 4].to_vec();
        for (what, data) in [("whole", whole), ("wrong checksum", wrong), ("no checksum", without_checksum)] {
            let mut pdf = one_page("", "", "");
            pdf.set(4, stream(&format!("/Filter /FlateDecode {parameters}"), &data));
            let copy = proved(&pdf);
            assert!(!contains(&copy, "StripToken"), "{what} {parameters}");
            assert!(contains(&copy, "0 0 5 5 re f"), "{what} {parameters}");
        }
    }
}

#[test]
fn what_is_not_edited_keeps_its_bytes() {
    for kept in [
        "4.9170999527 0 0 1.0 .50 0 cm",
        "BT /F1 9.00 Tf (50 % of \\(it\\)) Tj <2520> Tj ET",
        "/Artifact <</Type /Pagination /Subtype /Header /Attached [/Top]>> BDC 0 0 5 5 re f EMC",
        "/P <</MCID 0>> BDC 0 0 5 5 re f EMC",
        "/Span <</ActualText (a) /Lang (en)>> BDC 0 0 5 5 re f EMC",
        "/Span /P1 BDC 0 0 5 5 re f EMC",
        "/Tx BMC q Q EMC",
        "BX q Q EX",
        "BI /W 4 /H 1 /BPC 8 /CS /G ID \x20EI\x20 EI",
    ] {
        let mut pdf = one_page(&format!("{kept}\n% a comment\nq Q"), "", "");
        pdf.set(3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /Properties << /P1 << /ActualText (a) >> >> >> >>");
        let copy = proved(&pdf);
        assert!(contains(&copy, kept) && !contains(&copy, "% a comment"), "{kept}");
    }
}

#[test]
fn every_kind_of_content_is_cleaned() {
    let form = "/Type /XObject /Subtype /Form /BBox [0 0 9 9]";
    let dirty = |name: &str| format!("% Strip{name}Token\n0 0 5 5 re f");
    let mut pdf = one_page("/Fm Do /Pattern cs /Pt scn 0 0 9 9 re f BT /F3 9 Tf (a) Tj ET /Gs gs 0 0 2 2 re f", "", "");
    pdf.stream(&format!("{form} /Resources << /XObject << /In 7 0 R >> >>"), "/In Do % StripFormToken");
    pdf.stream(&format!("{form} /Filter /FlateDecode"), deflate(dirty("Inner").as_bytes()));
    pdf.stream(
        "/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9 /Resources << >>",
        dirty("Pattern"),
    );
    pdf.add(
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [0.1 0 0 0.1 0 0] /CharProcs << /a 10 0 R >> \
         /Encoding << /Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [9] >>",
    );
    pdf.stream("", format!("9 0 0 0 9 9 d1 {}", dirty("Glyph")));
    pdf.stream(&format!("{form} /Group << /S /Transparency /CS /DeviceGray >>"), dirty("Mask"));
    pdf.stream(form, dirty("Appearance"));
    pdf.stream(form, dirty("Down"));
    pdf.add("<< /Type /Annot /Subtype /Link /Rect [1 1 9 9] /AP << /N 12 0 R /D << /On 13 0 R >> >> >>");
    pdf.set(
        3,
        "<< /Type /Page /Parent 2 0 R /Contents [4 0 R] /Annots [14 0 R] /Resources << /Font << /F1 5 0 R /F3 9 0 R >> \
         /XObject << /Fm 6 0 R >> /Pattern << /Pt 8 0 R >> \
         /ExtGState << /Gs << /SMask << /S /Luminosity /G 11 0 R >> >> >> >> >>",
    );
    let before = unpacked(&pdf.write());
    let copy = proved(&pdf);
    for name in ["Form", "Inner", "Pattern", "Glyph", "Mask", "Appearance", "Down"] {
        let token = format!("Strip{name}Token");
        assert!(contains(&before, &token) && !contains(&copy, &token), "{token}");
    }
}

#[test]
fn an_edit_stays_within_its_stream() {
    let mut pdf = one_page("", "", "");
    pdf.set(3, "<< /Type /Page /Parent 2 0 R /Contents [4 0 R 6 0 R] /Resources << /Font << /F1 5 0 R >> >> >>");
    pdf.set(4, stream("", b"/Private BMC 1 0 0 rg"));
    pdf.stream("", "0 0 5 5 re f EMC % StripToken");
    let second = pdf.add("<< /Type /Page /Parent 2 0 R /Contents [6 0 R] /Resources << >> >>");
    pdf.set(2, format!("<< /Type /Pages /Kids [3 0 R {second} 0 R] /Count 2 /MediaBox [0 0 200 200] >>"));
    let copy = proved(&pdf);
    assert!(!contains(&copy, "Private") && !contains(&copy, "StripToken"));
    assert!(contains(&copy, "1 0 0 rg\nendstream"), "the streams stay apart");
}

#[test]
fn a_jpeg_in_content_goes_to_its_handler() {
    let mut content = b"q 9 0 0 9 0 0 cm BI /W 8 /H 8 /BPC 8 /CS /G /F /DCT ID ".to_vec();
    content.extend(jpeg("StripToken"));
    content.extend(b"\nEI Q 0 0 5 5 re f");
    let mut pdf = one_page("", "", "");
    pdf.set(4, stream("", &content));
    let (copy, report) = handle(&pdf.write()).unwrap();
    assert!(!contains(&copy, "StripToken") && contains(&copy, "EI Q 0 0 5 5 re f"));
    assert_eq!(report.embedded.len(), 1);
    proved(&pdf);
}

#[test]
fn resources_that_nothing_names_go() {
    let form = "/Type /XObject /Subtype /Form /BBox [0 0 9 9]";
    let mut pdf =
        one_page("/Fm Do", "", "/AcroForm << /Fields [12 0 R] /DR << /Font << /Helv 5 0 R /Gone 11 0 R >> >> >>");
    // A form without resources draws with those of the page.
    pdf.stream(form, "BT /Inherited 9 Tf (a) Tj ET /Deep Do");
    pdf.stream(&format!("{form} /Resources << /XObject << /Gone 9 0 R >> >>"), "0 0 5 5 re f");
    pdf.add("<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>");
    pdf.stream(form, "(StripFormToken) pop");
    pdf.stream(form, "0 0 StripImageToken");
    pdf.add("<< /Type /Font /Subtype /Type1 /BaseFont /StripFontToken >>");
    pdf.add("<< /Type /Annot /Subtype /Widget /FT /Tx /T (f) /Rect [1 1 9 9] /DA (/Helv 9 Tf) >>");
    pdf.set(
        3,
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Annots [12 0 R] /Resources << \
         /Font << /StripNameToken 8 0 R /Inherited 5 0 R /Other 11 0 R >> \
         /XObject << /Fm 6 0 R /Deep 7 0 R /Gone 9 0 R /Gone2 10 0 R >> \
         /ColorSpace << /DefaultRGB [/CalRGB << /WhitePoint [1 1 1] >>] /StripSpaceToken /DeviceRGB >> >> >>",
    );
    let (copy, report) = handle_under(&pdf.write(), &keeping_forms()).unwrap();
    let copy = unpacked(&copy);
    for token in ["StripFormToken", "StripImageToken", "StripFontToken", "StripNameToken", "StripSpaceToken"] {
        assert!(!contains(&copy, token), "{token}");
    }
    for kept in ["Inherited", "Deep", "Helv", "DefaultRGB"] {
        assert!(contains(&copy, kept), "{kept}");
    }
    assert_eq!(hit(&report, Class::ContentUnreferenced, "Resources/Font"), Some((Action::Remove, 3)));
    assert_eq!(hit(&report, Class::ContentUnreferenced, "Resources/XObject"), Some((Action::Remove, 3)));
    proved(&pdf);
}

#[test]
fn names_that_are_missing_in_a_form_may_be_meant_further_out() {
    let form = "/Type /XObject /Subtype /Form /BBox [0 0 9 9]";
    let mut pdf = one_page("/Fm Do", "", "");
    pdf.stream(&format!("{form} /Resources << >>"), "BT /Outer 9 Tf (a) Tj ET");
    pdf.set(
        3,
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /Outer 5 0 R >> /XObject << /Fm 6 0 R >> >> >>",
    );
    assert!(contains(&proved(&pdf), "/Outer"));
}

#[test]
fn shared_resources_keep_what_any_page_names() {
    let mut pdf = one_page("BT /F1 9 Tf (a) Tj ET", "", "");
    pdf.add("<< /Font << /F1 5 0 R /F2 5 0 R /StripToken 5 0 R >> >>");
    pdf.stream("", "BT /F2 9 Tf (b) Tj ET");
    pdf.set(3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources 6 0 R >>");
    let second = pdf.add("<< /Type /Page /Parent 2 0 R /Contents 7 0 R /Resources 6 0 R >>");
    pdf.set(2, format!("<< /Type /Pages /Kids [3 0 R {second} 0 R] /Count 2 /MediaBox [0 0 200 200] >>"));
    let copy = proved(&pdf);
    assert!(contains(&copy, "/F1 ") && contains(&copy, "/F2 ") && !contains(&copy, "StripToken"));
}
