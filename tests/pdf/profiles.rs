//! Colour profiles in a PDF: colours stay, texts go.

use fieldstrip::{Policy, Reason};

use super::fixtures::icc_profiles::laden;
use super::fixtures::{Pdf, deflate, one_page, stream};
use super::{contains, unpacked};

/// A page painted in the colour space of a profile, with an output intent that has the same profile.
fn painted(profile: &[u8]) -> Pdf {
    let mut pdf = one_page(
        "/C1 cs 0.9 0.2 0.1 sc 10 10 80 80 re f /C1 cs 0.1 0.8 0.3 sc 50 50 20 20 re f",
        "",
        "/OutputIntents [<< /Type /OutputIntent /S /GTS_PDFX /OutputConditionIdentifier (x) /DestOutputProfile 6 0 R >>]",
    );
    pdf.set(
        3,
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /ColorSpace << /C1 [/ICCBased 6 0 R] >> >> >>",
    );
    pdf.add(stream("/N 3 /Filter /FlateDecode", &deflate(profile)));
    pdf
}

#[test]
fn profiles_say_nothing_but_colours() {
    let policy = Policy::built_in("public-release").unwrap();
    let mut tried = 0;
    for (profile, item) in laden().into_iter().filter(|(profile, _)| &profile[16..20] == b"RGB ") {
        tried += 1;
        let cleaned = fieldstrip::clean(&painted(&profile).write(), "x.pdf", &policy);
        if item == "ICC:rXYZ" {
            // Engines do not agree on what a profile with a broken colour means.
            assert_eq!(cleaned.unwrap_err().reason, Reason::Unprovable);
            continue;
        }
        let cleaned = cleaned.unwrap();
        let copy = unpacked(&cleaned.bytes);
        assert!(!contains(&copy, "PLAN"), "{item}");
        assert!(contains(&copy, "acsp"), "{item}: the profile itself stays");
        assert!(cleaned.report.hits.iter().any(|hit| hit.item == item), "{item}");
        assert!(cleaned.proof.checks.iter().any(|check| check.name == "colours-equal"), "{item}");
        let again = fieldstrip::clean(&cleaned.bytes, "x.pdf", &policy).unwrap();
        assert_eq!(again.bytes, cleaned.bytes, "{item}");
    }
    assert!(tried > 30, "only {tried}");
}

#[test]
fn what_is_no_profile_gives_way_to_the_device_space() {
    let policy = Policy::built_in("public-release").unwrap();
    let cleaned = fieldstrip::clean(&painted(b"PLANTED, and no profile").write(), "x.pdf", &policy).unwrap();
    let copy = unpacked(&cleaned.bytes);
    assert!(!contains(&copy, "PLANTED") && !contains(&copy, "ICCBased"));
    assert!(contains(&copy, "DeviceRGB"));
    // The same where the colour space is an object of its own.
    let mut apart = painted(b"PLANTED, and no profile");
    apart.set(3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /ColorSpace << /C1 7 0 R >> >> >>");
    apart.add(b"[/ICCBased 6 0 R]".to_vec());
    let cleaned = fieldstrip::clean(&apart.write(), "x.pdf", &policy).unwrap();
    assert_eq!(fieldstrip::clean(&cleaned.bytes, "x.pdf", &policy).unwrap().bytes, cleaned.bytes);
}

#[test]
fn alternates_that_lead_to_themselves_end() {
    let policy = Policy::built_in("public-release").unwrap();
    let page = |space: &str| {
        format!("<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /ColorSpace << /C1 {space} >> >> >>")
    };
    for (space, alternate, more) in [
        ("[/ICCBased 6 0 R]", "[/ICCBased 6 0 R]", None),
        ("7 0 R", "7 0 R", Some("[/ICCBased 6 0 R]")),
        ("[/Indexed 7 0 R 0 <000000>]", "7 0 R", Some("[/Indexed [/ICCBased 6 0 R] 0 <000000>]")),
    ] {
        let mut pdf = one_page("/C1 cs 0 sc 10 10 80 80 re f", "", "");
        pdf.set(3, page(space));
        pdf.add(stream(&format!("/N 3 /Alternate {alternate}"), b"no profile"));
        if let Some(more) = more {
            pdf.add(more);
        }
        let cleaned = fieldstrip::clean(&pdf.write(), "x.pdf", &policy).unwrap();
        assert!(!contains(&unpacked(&cleaned.bytes), "no profile"), "{space}");
        let again = fieldstrip::clean(&cleaned.bytes, "x.pdf", &policy).unwrap();
        assert_eq!(again.bytes, cleaned.bytes, "{space}");
    }
}
