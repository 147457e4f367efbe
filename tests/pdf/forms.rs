//! Form fields: what a reader sees becomes part of the page, and nothing else is left of them.

use fieldstrip::policy::{Action, Class};
use fieldstrip::{Policy, Reason};

use super::fixtures::{Pdf, one_page};
use super::{contains, handle, handle_under, hit, keeping_forms, unpacked};

/// A page with these widgets, objects 6 and on.
fn form(widgets: &[&str], entries: &str) -> Pdf {
    let list = |from: usize| (from..from + widgets.len()).map(|n| format!("{n} 0 R ")).collect::<String>();
    let mut pdf = one_page(
        "BT /F1 9 Tf 10 10 Td (page) Tj ET",
        &format!("/Annots [{}]", list(6)),
        &format!("/AcroForm << /Fields [{}] /DA (/F1 9 Tf 0 g) /DR << /Font << /F1 5 0 R >> >> {entries} >>", list(6)),
    );
    for widget in widgets {
        pdf.add(format!("<< /Type /Annot /Subtype /Widget /Rect [20 100 120 120] {widget} >>"));
    }
    pdf
}

/// The copy, proved and stable, unpacked.
fn flattened(pdf: &Pdf) -> Vec<u8> {
    let cleaned = fieldstrip::clean(&pdf.write(), "form.pdf", Policy::strictest()).unwrap();
    let again = fieldstrip::clean(&cleaned.bytes, "form.pdf", Policy::strictest()).unwrap();
    assert_eq!(again.bytes, cleaned.bytes, "cleaning twice changes nothing");
    let copy = unpacked(&cleaned.bytes);
    for gone in ["AcroForm", "Widget", "Annots", "Strip"] {
        assert!(!contains(&copy, gone), "{gone}");
    }
    copy
}

#[test]
fn values_without_an_appearance_are_drawn() {
    for (widget, shown) in [
        ("/FT /Tx /V (seen)", "(seen) Tj"),
        ("/FT /Tx /V (caf\\351 \\(1\\))", "(caf\\351 \\(1\\)) Tj"),
        ("/FT /Tx /V <FEFF20AC> /Q 2", "(\\200) Tj"),
        ("/FT /Tx /Ff 4096 /V (one\\rtwo)", "(two) Tj"),
        ("/FT /Tx /Ff 16777216 /MaxLen 4 /V (ab)", "(b) Tj"),
        ("/FT /Tx /V (blue) /DA (/F1 7 Tf 0 0 1 rg)", "BT 0 0 1 rg /F 7 Tf"),
        ("/FT /Tx /V (typed) /DA (/Cour 7 Tf)", "Courier"),
        ("/FT /Ch /Ff 131072 /Opt [[(x) (shown)] [(y) (other)]] /V (x)", "(shown) Tj"),
        ("/FT /Ch /Opt [(first) (second)] /V (second)", "0.6 0.75 0.85 rg"),
        ("/FT /Ch /Opt [(first) (second)] /V (second)", "(first) Tj"),
        ("/FT /Btn /Ff 65536 /MK << /CA (Send) /BG [0.5] /BC [1 0 0] >>", "(Send) Tj"),
        ("/FT /Btn /Ff 65536 /MK << /CA (Send) /BG [0.5] /BC [1 0 0] >>", "q 0.5 g 0 0 100 20 re f Q"),
        ("/FT /Tx /MK << /BG [1 1 0] >>", "q 1 1 0 rg 0 0 100 20 re f Q"),
        ("/FT /Btn /AS /Yes", "ZapfDingbats"),
        ("/FT /Btn /Ff 32768 /V /On /MK << /BC [0 0 0 1] /R 90 >>", "0 0 0 1 K 1 w"),
        ("/FT /Tx /V (up) /MK << /R 90 >>", "(up) Tj"),
    ] {
        assert!(contains(&flattened(&form(&[widget], "")), shown), "{widget}");
    }
}

#[test]
fn nothing_is_drawn_where_nothing_is_seen() {
    for widget in [
        "/FT /Tx /T (StripNameToken) /TU (StripTipToken) /DV (StripDefaultToken)",
        "/FT /Tx /Ff 8192 /V (StripPasswordToken)",
        "/FT /Ch /Ff 131072 /Opt [(StripFirstToken) (StripSecondToken)]",
        "/FT /Tx /F 2 /V (StripHiddenToken)",
        "/FT /Tx /F 32 /V (StripNoViewToken)",
        "/FT /Btn /V /Off /MK << /CA (4) >>",
    ] {
        assert!(!contains(&flattened(&form(&[widget], "")), " Tj\nET"), "{widget}");
    }
}

#[test]
fn appearances_are_drawn_by_state_and_only_stale_ones_are_made_anew() {
    let with_appearance = |entries: &str| {
        let mut pdf = form(&["/FT /Tx /V (value) /AP << /N 7 0 R >>"], entries);
        pdf.stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 100 20] /Resources << /Font << /F1 5 0 R >> >>",
            "BT /F1 9 Tf 2 2 Td (drawn) Tj ET",
        );
        flattened(&pdf)
    };
    let fresh = with_appearance("");
    assert!(contains(&fresh, "(drawn) Tj") && !contains(&fresh, "(value)"));
    let stale = with_appearance("/NeedAppearances true");
    assert!(contains(&stale, "(value) Tj") && !contains(&stale, "(drawn)"));

    let mut pdf = form(&["/FT /Btn /AS /On /AP << /N << /On 7 0 R /Off 8 0 R >> /D << /On 8 0 R >> >>"], "");
    pdf.stream("/Subtype /Form /BBox [0 0 9 9]", "1 1 7 7 re f");
    pdf.stream("/Subtype /Form /BBox [0 0 9 9]", "2 2 5 5 re StripToken");
    assert!(contains(&flattened(&pdf), "1 1 7 7 re f"));
}

#[test]
fn resources_of_the_form_go_with_it() {
    let mut pdf = form(&["/FT /Tx /AP << /N 8 0 R >>"], "");
    pdf.add("<< /Font << /F1 5 0 R /StripFontToken 5 0 R >> >>");
    pdf.stream("/Subtype /Form /BBox [0 0 9 9] /Resources 7 0 R", "BT /F1 2 Tf (a) Tj ET");
    pdf.set(
        1,
        "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] /DA (/StripFontToken 9 Tf) /DR 7 0 R >> >>",
    );
    assert!(contains(&flattened(&pdf), "(a) Tj"));
}

#[test]
fn values_that_no_page_shows_are_reported() {
    let mut pdf = form(&["/FT /Tx /F 2 /V (hidden value)", "/FT /Tx /V (seen value) /DV (default value)"], "");
    let orphan = pdf.add("<< /FT /Tx /T (o) /V (value without a page) >>");
    pdf.set(
        1,
        format!("<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R 7 0 R {orphan} 0 R] /XFA (x) >> >>"),
    );
    let (_, report) = handle(&pdf.write()).unwrap();
    let mut values: Vec<_> = report.values.iter().map(|value| (value.class, value.value.as_str())).collect();
    values.sort_unstable();
    assert_eq!(
        values,
        [
            (Class::ContentHiddenText, "hidden value"),
            (Class::ContentHiddenText, "value without a page"),
            (Class::ContentFormFields, "default value"),
        ]
    );
    assert_eq!(hit(&report, Class::ContentFormFields, "InteractiveForm/XFA"), Some((Action::Remove, 1)));
    assert_eq!(hit(&report, Class::ContentFormFields, "Annot/Widget"), Some((Action::Flatten, 1)));
}

/// A map to Unicode with two characters, for codes up to `highest`.
fn map(highest: &str, characters: &str) -> String {
    let space = format!("1 begincodespacerange <{}> <{highest}> endcodespacerange", highest.replace('F', "0"));
    format!("begincmap {space} 2 beginbfchar {characters} endbfchar endcmap")
}

/// A form whose only field has the value 日本 in the font `/Own`, which is object 7 and made by `font` from the numbers of
/// its program and its map.
fn with_own_font(highest: &str, characters: &str, font: impl Fn(usize, usize) -> String) -> Pdf {
    let mut pdf = form(&["/FT /Tx /V <FEFF65E5672C> /DA (/Own 10 Tf)"], "");
    pdf.set(1, "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] /DR << /Font << /Own 7 0 R >> >> >> >>");
    let font_object = pdf.reserve();
    let program = pdf.stream("", "%!PS-AdobeFont-1.0: Own 1.0\neexec");
    let map = pdf.stream("", map(highest, characters));
    pdf.set(font_object, font(program, map));
    pdf
}

#[test]
fn values_are_written_in_the_font_that_the_field_names() {
    let simple = with_own_font("FF", "<01> <65E5> <02> <672C>", |program, map| {
        format!(
            "<< /Type /Font /Subtype /Type1 /BaseFont /Own /FirstChar 1 /LastChar 2 /Widths [800 900] /ToUnicode {map} 0 R \
             /FontDescriptor << /Type /FontDescriptor /FontName /Own /Flags 4 /FontFile {program} 0 R >> >>"
        )
    });
    assert!(contains(&flattened(&simple), "(\\001\\002) Tj"));
    let composite = with_own_font("FFFF", "<0102> <65E5> <0201> <672C>", |program, map| {
        format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /Own /Encoding /Identity-H /ToUnicode {map} 0 R \
             /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Own /W [258 [800] 513 513 900] \
             /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> \
             /FontDescriptor << /Type /FontDescriptor /FontName /Own /Flags 4 /FontFile2 {program} 0 R >> >>] >>"
        )
    });
    assert!(contains(&flattened(&composite), "(\\001\\002\\002\\001) Tj"));
}

#[test]
fn letters_of_a_font_that_is_not_in_the_file_are_asked_for_by_name() {
    let font = "<< /Type /Font /Subtype /TrueType /BaseFont /LiberationSans /FirstChar 32 /LastChar 33 /Widths [278 333] \
                /FontDescriptor << /Type /FontDescriptor /FontName /LiberationSans /Flags 4 >> >>";
    let mut pdf = form(&["/FT /Tx /V <FEFF004103C0> /DA (/Own 10 Tf)"], "");
    let catalog = |font: &str| {
        format!("<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] /DR << /Font << /Own {font} >> >> >> >>")
    };
    pdf.set(1, catalog(font));
    let copy = flattened(&pdf);
    assert!(contains(&copy, "(A\\200) Tj") && contains(&copy, "/Differences[128/uni03C0]"));
    // What every reader has lacks these letters.
    pdf.set(1, catalog(&font.replace("LiberationSans", "Helvetica")));
    assert_eq!(handle(&pdf.write()).map(|_| ()).unwrap_err().reason, Reason::Unsupported);
}

#[test]
fn text_that_no_font_has_is_refused() {
    // An appearance that the file calls out of date may well be empty.
    for (widget, entries) in [("", ""), ("/AP << /N 7 0 R >>", "/NeedAppearances true")] {
        let mut pdf = form(&[&format!("/FT /Tx /V <FEFF65E5672C> {widget}")], entries);
        pdf.stream("/Subtype /Form /BBox [0 0 9 9]", "/Tx BMC EMC");
        let refusal = handle(&pdf.write()).map(|_| ()).unwrap_err();
        assert_eq!(refusal.reason, Reason::Unsupported);
    }
    let half = with_own_font("FF", "<01> <65E5> <02> <0042>", |program, map| {
        format!(
            "<< /Type /Font /Subtype /Type1 /BaseFont /Own /ToUnicode {map} 0 R \
             /FontDescriptor << /Type /FontDescriptor /FontName /Own /Flags 4 /FontFile {program} 0 R >> >>"
        )
    });
    assert_eq!(handle(&half.write()).map(|_| ()).unwrap_err().reason, Reason::Unsupported);
}

#[test]
fn fields_stay_with_their_widgets_where_the_policy_keeps_them() {
    let mut pdf = one_page("", "/Annots [7 0 R 8 0 R]", "/AcroForm << /Fields [6 0 R 9 0 R] >>");
    pdf.add("<< /FT /Tx /T (group) /Kids [7 0 R 8 0 R] /DV (StripToken) >>");
    pdf.add("<< /Type /Annot /Subtype /Widget /Rect [1 1 9 9] /T (lone) /Ff 8192 /V (StripPasswordToken) >>");
    pdf.add("<< /Type /Annot /Subtype /Widget /Rect [1 1 9 9] /T (StripToken) /F 2 /Parent 6 0 R >>");
    pdf.add("<< /FT /Tx /T (StripToken) /V (StripToken) >>");
    pdf.set(7, "<< /Type /Annot /Subtype /Widget /Rect [1 1 9 9] /T (lone) /V (kept value) >>");
    let file = pdf.write();
    let copy = unpacked(&handle_under(&file, &keeping_forms()).unwrap().0);
    assert!(contains(&copy, "group") && contains(&copy, "lone") && contains(&copy, "kept value"));
    assert!(!contains(&copy, "Strip"));
    assert!(fieldstrip::clean(&file, "form.pdf", &keeping_forms()).is_ok());
}
