//! PDF/A and PDF/UA: the claim to follow them stays as long as it is true, and nothing else of the metadata does.

use fieldstrip::Policy;
use fieldstrip::policy::{Action, Class};

use super::fixtures::{Pdf, one_page};
use super::{contains, handle, hit, unpacked};

/// A page with a claim, and these further entries of page and catalog.
fn claiming(properties: &str, page: &str, catalog: &str) -> Pdf {
    let mut pdf = one_page("q Q", page, &format!("/Metadata 6 0 R {catalog}"));
    pdf.stream(
        "/Type /Metadata /Subtype /XML",
        format!(
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
             <rdf:Description rdf:about='' xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/' \
             xmlns:pdfuaid='http://www.aiim.org/pdfua/ns/id/' xmlns:dc='http://purl.org/dc/elements/1.1/' \
             xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:CreatorTool='StripToolToken'>{properties}\
             <dc:creator><rdf:Seq><rdf:li>StripCreatorToken</rdf:li></rdf:Seq></dc:creator>\
             </rdf:Description></rdf:RDF></x:xmpmeta>"
        ),
    );
    pdf
}

const ARCHIVE_1: &str = "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>";
const ARCHIVE_2A: &str = "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>";
const ACCESSIBLE: &str = "<pdfuaid:part>1</pdfuaid:part>";
const TITLE: &str = "<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>The &lt;title&gt;</rdf:li></rdf:Alt></dc:title>";

#[test]
fn claims_stay_alone() {
    for (properties, kept, item) in [
        (ARCHIVE_1.to_owned(), ARCHIVE_1, "claim to be PDF/A-1b"),
        (ARCHIVE_2A.to_owned(), ARCHIVE_2A, "claim to be PDF/A-2a"),
        (format!("{ACCESSIBLE}{TITLE}"), ACCESSIBLE, "claim to be PDF/UA-1"),
        (format!("{ARCHIVE_2A}{ACCESSIBLE}{TITLE}"), "<pdfaSchema:prefix>pdfuaid<", "claim to be PDF/UA-1"),
    ] {
        let file = claiming(&properties, "", "/ViewerPreferences << /DisplayDocTitle true >>").write();
        let (copy, report) = handle(&file).unwrap();
        let plain = unpacked(&copy);
        assert!(contains(&plain, kept) && contains(&plain, "DisplayDocTitle"), "{item}");
        assert!(!contains(&plain, "Strip"), "{item}");
        assert_eq!(contains(&plain, "The &lt;title&gt;"), properties.contains("title"), "{item}");
        assert_eq!(hit(&report, Class::MetadataOther, item), Some((Action::Keep, 1)));
        assert!(report.values.iter().all(|value| value.value != "The <title>"), "what stays is no echo");
        let cleaned = fieldstrip::clean(&file, "a.pdf", Policy::strictest()).unwrap();
        assert_eq!(fieldstrip::clean(&cleaned.bytes, "a.pdf", Policy::strictest()).unwrap().bytes, cleaned.bytes);
        assert_eq!(contains(&copy, "\nxref\n"), item.contains("PDF/A-1"), "{item}: PDF/A-1 has a classic table");
    }
}

#[test]
fn claims_go_when_they_are_no_longer_true() {
    let stamp = "/Annots [<< /Type /Annot /Subtype /Stamp /Rect [1 1 9 9] /AP << /N 7 0 R >> >>]";
    let field = "/Annots [<< /Type /Annot /Subtype /Widget /FT /Tx /V (text) /Rect [1 1 99 19] >>]";
    for (properties, page, why) in [
        (ARCHIVE_1.to_owned(), field, "claim to be PDF/A-1b: form fields had no appearance"),
        (ARCHIVE_2A.to_owned(), stamp, "claim to be PDF/A-2a: annotations became page content without structure"),
        (
            format!("{ACCESSIBLE}{TITLE}"),
            stamp,
            "claim to be PDF/UA-1: annotations became page content without structure",
        ),
        (ACCESSIBLE.to_owned(), "", "claim to be PDF/UA-1: it has no title"),
    ] {
        let mut pdf = claiming(&properties, page, "");
        pdf.stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "0 0 5 5 re f");
        let (copy, report) = handle(&pdf.write()).unwrap();
        assert!(!contains(&unpacked(&copy), "xmpmeta"), "{why}");
        assert_eq!(hit(&report, Class::MetadataOther, why), Some((Action::Remove, 1)));
    }
}
