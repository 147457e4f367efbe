//! What is made to break readers: every file ends as a refusal with a reason, or as a proved copy that is stable.

use fieldstrip::{Policy, Reason};

use super::fixtures::{Pdf, everything, one_page};

/// Cleans and proves; a copy must come out of a second run unchanged.
fn outcome(file: &[u8], name: &str) -> Option<Reason> {
    match fieldstrip::clean(file, "hostile.pdf", Policy::strictest()) {
        Ok(cleaned) => {
            let again = fieldstrip::clean(&cleaned.bytes, "hostile.pdf", Policy::strictest()).expect(name);
            assert_eq!(again.bytes, cleaned.bytes, "{name}");
            None
        }
        Err(refusal) => Some(refusal.reason),
    }
}

#[test]
fn circles_end() {
    let form = "/Type /XObject /Subtype /Form /BBox [0 0 9 9]";
    for (name, page, catalog, object) in [
        ("names", "", "/Names << /Dests 6 0 R >>", "<< /Kids [6 0 R] >>"),
        ("attachments", "", "/Names << /EmbeddedFiles 6 0 R >>", "<< /Names [(a) 6 0 R] /EF << /F 6 0 R >> >>"),
        ("bookmarks", "", "/Outlines 6 0 R", "<< /First 6 0 R /Next 6 0 R /Parent 6 0 R /Title (t) >>"),
        (
            "structure",
            "",
            "/StructTreeRoot 6 0 R",
            "<< /Type /StructTreeRoot /K 6 0 R /ParentTree 6 0 R /Kids [6 0 R] >>",
        ),
        ("labels", "", "/PageLabels 6 0 R", "<< /Kids [6 0 R 6 0 R] /Nums [0 6 0 R] >>"),
        (
            "fields",
            "/Annots [6 0 R]",
            "/AcroForm << /Fields [6 0 R] >>",
            "<< /Type /Annot /Subtype /Widget /Rect [1 1 9 9] /Parent 6 0 R /Kids [6 0 R] /AP << /N 6 0 R >> >>",
        ),
        ("annotations", "/Annots 6 0 R", "", "[6 0 R [6 0 R]]"),
        (
            "action",
            "/Annots [<< /Subtype /Link /Rect [1 1 9 9] /A 6 0 R >>]",
            "",
            "<< /S /GoTo /Next 6 0 R /D 6 0 R >>",
        ),
        ("reference", "/Group 6 0 R", "", "6 0 R"),
    ] {
        let mut pdf = one_page("q Q", page, catalog);
        pdf.add(object);
        let reason = outcome(&pdf.write(), name);
        assert!(!matches!(reason, Some(Reason::Internal)), "{name}: {reason:?}");
    }
    let mut pdf = one_page("q Q", "/Annots [<< /Subtype /Stamp /Rect [1 1 9 9] /AP << /N 6 0 R >> >>]", "");
    pdf.stream(&format!("{form} /Resources << /XObject << /X 6 0 R >> >>"), "/X Do");
    assert!(!matches!(outcome(&pdf.write(), "appearance"), Some(Reason::Internal)));
}

#[test]
fn depth_ends() {
    for depth in [50, 30_000] {
        for (open, close) in [("[", "]"), ("<< /A ", " >>")] {
            let nested = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            for page in [format!("/Group << /S /Transparency /CS {nested} >>"), format!("/Tabs {nested}")] {
                let reason = outcome(&one_page("q Q", &page, "").write(), open);
                assert!(!matches!(reason, Some(Reason::Internal)), "{depth} {open}: {reason:?}");
            }
            let reason = outcome(&one_page(&format!("/Span {nested} BDC EMC {nested} TJ"), "", "").write(), open);
            assert!(!matches!(reason, Some(Reason::Internal)), "{depth} {open} in content: {reason:?}");
        }
    }
}

#[test]
fn long_chains_of_fields_and_forms_end() {
    let mut pdf = one_page("q Q", "/Annots [6 0 R]", "/AcroForm << /Fields [6 0 R] >>");
    for level in 0..2_000 {
        let next = level + 7;
        pdf.add(format!("<< /Type /Annot /Subtype /Widget /Rect [1 1 9 9] /Parent {next} 0 R /Kids [{next} 0 R] >>"));
    }
    pdf.add("<< /FT /Tx /V (too far up) >>");
    assert!(!matches!(outcome(&pdf.write(), "fields"), Some(Reason::Internal)));
}

#[test]
fn cut_and_flipped_files_are_refused_or_proved() {
    let files = [everything().0, with_form().write()];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for file in &files {
        for step in 0..64 {
            let reason = outcome(&file[..file.len() * step / 64], "cut");
            assert!(!matches!(reason, Some(Reason::Internal)), "part {step}");
        }
        for _ in 0..24 {
            let mut flipped = file.clone();
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = usize::try_from(state >> 33).unwrap() % flipped.len();
            flipped[at] ^= 1 << (state & 7);
            assert!(!matches!(outcome(&flipped, "flipped"), Some(Reason::Internal)), "byte {at}");
        }
    }
}

fn with_form() -> Pdf {
    let mut pdf = one_page("q Q", "/Annots [6 0 R 7 0 R]", "/AcroForm << /Fields [6 0 R 7 0 R] >>");
    pdf.add("<< /Type /Annot /Subtype /Widget /FT /Tx /V (value) /Rect [1 1 99 19] /MK << /BC [1 0 0] >> >>");
    pdf.add("<< /Type /Annot /Subtype /Widget /FT /Ch /Opt [(a) (b)] /V (a) /Rect [1 30 99 90] >>");
    pdf
}
