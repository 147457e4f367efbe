//! Layers: the default view is what stays.

use fieldstrip::policy::{Action, Class};
use fieldstrip::{Kind, Policy};

use super::fixtures::{Pdf, one_page};
use super::{contains, handle, hit, unpacked};

const FORM: &str = "/Type /XObject /Subtype /Form /BBox [0 0 99 99]";

/// A page with three layers, `/On` and `/Off` and `/Both` (a membership), of which the second is off.
fn layered(content: &str, configuration: &str, membership: &str) -> Pdf {
    let mut pdf = one_page(
        content,
        "",
        &format!("/OCProperties << /OCGs [6 0 R 7 0 R] /D << /Name (StripConfigurationToken) {configuration} >> >>"),
    );
    pdf.add("<< /Type /OCG /Name (StripOnToken) >>");
    pdf.add("<< /Type /OCG /Name (StripOffToken) /Usage << /CreatorInfo << /Creator (StripCreatorToken) >> >> >>");
    pdf.add(format!("<< /Type /OCMD {membership} >>"));
    pdf.stream(&format!("{FORM} /OC 7 0 R"), "(StripHiddenFormToken) pop 0 0 5 5 re f");
    pdf.stream(&format!("{FORM} /OC 6 0 R"), "0 0 8 8 re f");
    pdf.set(
        3,
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> \
         /XObject << /Hidden 9 0 R /Shown 10 0 R /Plain 10 0 R >> \
         /Properties << /On 6 0 R /Off 7 0 R /Both 8 0 R >> >> >>",
    );
    pdf
}

/// The copy, proved and stable, unpacked.
fn flattened(pdf: &Pdf) -> Vec<u8> {
    let cleaned = fieldstrip::clean(&pdf.write(), "layers.pdf", Policy::strictest()).unwrap();
    assert_eq!(cleaned.kind, Kind::Pdf);
    let again = fieldstrip::clean(&cleaned.bytes, "layers.pdf", Policy::strictest()).unwrap();
    assert_eq!(again.bytes, cleaned.bytes, "cleaning twice changes nothing");
    let copy = unpacked(&cleaned.bytes);
    for gone in ["OCProperties", "/OC", "OCG", "OCMD", "Strip"] {
        assert!(!contains(&copy, gone), "{gone}");
    }
    copy
}

#[test]
fn hidden_content_goes_and_shown_content_stays() {
    for (hidden, left) in [
        ("BT /F1 9 Tf (StripToken) Tj ET", "BT /F1 9 Tf"),
        ("BT /F1 9 Tf [(StripToken) 3] TJ (StripToken) ' 1 2 (StripToken) \" ET", "T* 1 Tw 2 Tc T* ET"),
        ("0 0 111 222 re f", ""),
        ("0 0 111 222 re W n", "0 0 111 222 re W n"),
        ("0 0 111 222 re W* f", "0 0 111 222 re W* n"),
        ("1 0 0 rg 2 w", "1 0 0 rg 2 w"),
        ("/Hidden Do /Shown Do", ""),
        ("BI /W 1 /H 1 /BPC 8 /CS /G ID x EI", ""),
        ("/Span <</ActualText (StripToken)>> BDC 0 0 7 7 re f EMC", ""),
        ("/OC /On BDC 0 0 7 7 re f EMC", ""),
    ] {
        let pdf = layered(&format!("q /OC /Off BDC {hidden} EMC Q 1 1 50 50 re f"), "/OFF [7 0 R]", "");
        let copy = flattened(&pdf);
        assert!(contains(&copy, "Q 1 1 50 50 re f"), "{hidden}");
        let words = |text: &str| text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        assert!(left.is_empty() || contains(words(&String::from_utf8_lossy(&copy)).as_bytes(), left), "{hidden}");
        if left.is_empty() {
            assert!(
                !contains(&copy, "re f EMC") && !contains(&copy, "7 7 re") && !contains(&copy, "111 222"),
                "{hidden}"
            );
        }
    }
    let copy = flattened(&layered("/OC /On BDC 0 0 7 7 re f EMC /Shown Do /Hidden Do", "/OFF [7 0 R]", ""));
    assert!(contains(&copy, "0 0 7 7 re f") && contains(&copy, "0 0 8 8 re f") && contains(&copy, "/Shown"));
}

#[test]
fn the_default_view_is_that_of_readers() {
    let shown = |configuration: &str, membership: &str, layer: &str| {
        let pdf = layered(&format!("/OC /{layer} BDC 0 0 7 7 re f EMC"), configuration, membership);
        contains(&flattened(&pdf), "0 0 7 7 re f")
    };
    for (configuration, membership, layer, expected) in [
        ("", "", "Off", true),
        ("/OFF [7 0 R]", "", "Off", false),
        ("/BaseState /OFF", "", "On", false),
        ("/BaseState /OFF /ON [6 0 R]", "", "On", true),
        ("/BaseState /OFF /ON [6 0 R]", "", "Off", false),
        ("/OFF [7 0 R]", "/OCGs [6 0 R 7 0 R]", "Both", true),
        ("/OFF [7 0 R]", "/OCGs [6 0 R 7 0 R] /P /AllOn", "Both", false),
        ("/OFF [7 0 R]", "/OCGs [6 0 R 7 0 R] /P /AnyOff", "Both", true),
        ("/OFF [7 0 R]", "/OCGs [6 0 R 7 0 R] /P /AllOff", "Both", false),
        ("/OFF [7 0 R]", "/OCGs 7 0 R", "Both", false),
        ("/OFF [7 0 R]", "/OCGs 7 0 R /VE [/And 6 0 R 7 0 R]", "Both", false),
        ("/OFF [7 0 R]", "/OCGs 6 0 R /VE [/Not [/And 6 0 R 7 0 R]]", "Both", true),
    ] {
        assert_eq!(shown(configuration, membership, layer), expected, "{configuration} {membership} {layer}");
    }
}

#[test]
fn annotations_of_hidden_layers_go() {
    let mut pdf = layered("0 0 5 5 re f", "/OFF [7 0 R]", "");
    pdf.add("<< /Type /Annot /Subtype /Link /Rect [1 1 9 9] /OC 7 0 R /Contents (StripLinkToken) >>");
    pdf.add("<< /Type /Annot /Subtype /Link /Rect [1 1 9 9] /OC 6 0 R /Contents (KeepLinkToken) >>");
    pdf.add("<< /Type /Annot /Subtype /Stamp /Rect [1 1 9 9] /OC 7 0 R /AP << /N 9 0 R >> >>");
    pdf.set(3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Annots [11 0 R 12 0 R 13 0 R] >>");
    assert!(contains(&flattened(&pdf), "KeepLinkToken"));
}

#[test]
fn what_becomes_of_layers_is_reported() {
    let pdf = layered("/OC /Off BDC BT /F1 9 Tf (hidden words) Tj ET EMC /Hidden Do", "/OFF [7 0 R]", "");
    let (_, report) = handle(&pdf.write()).unwrap();
    assert_eq!(hit(&report, Class::ContentLayers, "OCG"), Some((Action::Flatten, 1)));
    assert_eq!(hit(&report, Class::ContentLayers, "drawing in a hidden layer"), Some((Action::Flatten, 2)));
    assert_eq!(hit(&report, Class::MetadataOther, "OCG/Name"), Some((Action::Remove, 2)));
    let text = report.values.iter().find(|value| value.item == "text in a hidden layer").unwrap();
    assert_eq!(text.value.trim(), "hidden words");
    let creator = report.values.iter().find(|value| value.item == "OCG/CreatorInfo").unwrap();
    assert_eq!(creator.value, "StripCreatorToken");
}

#[test]
fn usage_that_would_switch_a_layer_holds_the_file() {
    let mut pdf = layered("0 0 5 5 re f", "/OFF [7 0 R] /AS [<< /Event /View /Category [/View] /OCGs [7 0 R] >>]", "");
    for (state, expected) in [("OFF", None), ("ON", Some((Action::Hold, 1)))] {
        pdf.set(7, format!("<< /Type /OCG /Name (n) /Usage << /View << /ViewState /{state} >> >> >>"));
        let (_, report) = handle(&pdf.write()).unwrap();
        assert_eq!(hit(&report, Class::ContentLayers, "OCG/Usage"), expected, "{state}");
    }
}
