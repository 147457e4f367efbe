//! The PDF handler: what must go is gone, what must stay stays, and nothing that is thrown at it breaks it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    missing_docs,
    unreachable_pub
)]

mod attachments;
mod checklist;
mod content;
mod fixtures;
mod fonts;
mod forms;
mod hostile;
mod layers;
mod profiles;
mod standards;

use fieldstrip::formats::{Context, Report, handler_for};
use fieldstrip::limits::{Limits, Spent};
use fieldstrip::policy::{Action, Class};
use fieldstrip::{Kind, Policy, Reason, Refusal};
use lopdf::{Document, Object};

use fixtures::{Fate, Pdf, deflate, everything, one_page, revised, stream};

/// Cleans without the proof: what the handler alone does.
fn handle_within(bytes: &[u8], limits: Limits) -> Result<(Vec<u8>, Report), Refusal> {
    let mut policy = Policy::strictest().clone();
    policy.limits = limits;
    handle_under(bytes, &policy)
}

/// The default policy, but with form fields that stay alive.
fn keeping_forms() -> Policy {
    let text =
        "schema = 1\nname = \"mine\"\nextends = \"public-release\"\n[classes]\n\"content.form-fields\" = \"keep\"\n";
    Policy::from_toml(text, "mine.toml").unwrap()
}

fn handle_under(bytes: &[u8], policy: &Policy) -> Result<(Vec<u8>, Report), Refusal> {
    let spent = Spent::default();
    let context = Context::new(policy, &spent);
    let mut copy = Vec::new();
    let report = handler_for(Kind::Pdf).unwrap().clean(Kind::Pdf, bytes, policy, &context, &mut copy)?;
    Ok((copy, report))
}

fn handle(bytes: &[u8]) -> Result<(Vec<u8>, Report), Refusal> {
    handle_within(bytes, Limits::default())
}

/// Everything that a file unpacks to: its bytes, strings, names and unpacked streams.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    fn visit(object: &Object, out: &mut Vec<u8>) {
        match object {
            Object::String(text, _) => {
                out.extend(text);
                out.extend(lopdf::decode_text_string(object).unwrap_or_default().bytes());
            }
            Object::Name(name) => out.extend(name),
            Object::Array(elements) => elements.iter().for_each(|element| visit(element, out)),
            Object::Dictionary(entries) => entries.iter().for_each(|(key, value)| {
                out.extend(key);
                visit(value, out);
            }),
            Object::Stream(stream) => {
                visit(&Object::Dictionary(stream.dict.clone()), out);
                out.extend(&stream.content);
                out.extend(fixtures::inflate(&stream.content)); // with what lies under further filters
                out.extend(stream.get_plain_content().unwrap_or_else(|_| fixtures::inflate(&stream.content)));
            }
            _ => {}
        }
        out.push(b'\n');
    }
    let document = Document::load_mem(bytes).unwrap();
    let mut out = bytes.to_vec();
    document.objects.values().for_each(|object| visit(object, &mut out));
    out
}

/// The bytes and inflated streams of a file that `lopdf` would decrypt.
fn unpacked_raw(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for (at, _) in bytes.windows(7).enumerate().filter(|(_, window)| window == b"stream\n") {
        out.extend(fixtures::inflate(&bytes[at + 7..]));
    }
    out
}

fn contains(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

fn hit(report: &Report, class: Class, item: &str) -> Option<(Action, u64)> {
    report.all_hits().iter().find(|hit| hit.class == class && hit.item == item).map(|hit| (hit.action, hit.count))
}

#[test]
fn planted_tokens_go_or_stay() {
    let (file, tokens) = everything();
    let (copy, _) = handle(&file).unwrap();
    let before = unpacked(&file);
    let after = unpacked(&copy);
    let mut wrong = Vec::new();
    for (token, fate) in &tokens.0 {
        assert!(contains(&before, token) || token.contains("BeforeHeader"), "{token} is not planted");
        if contains(&after, token) != (*fate == Fate::Keep) {
            wrong.push(token.as_str());
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    let strip = tokens.0.iter().filter(|(_, fate)| *fate == Fate::Strip).count();
    assert!(strip >= 100, "{strip} places");
}

#[test]
fn the_planted_document_is_proved() {
    let (file, _) = everything();
    let cleaned = fieldstrip::clean(&file, "everything.pdf", Policy::strictest()).unwrap();
    assert_eq!(cleaned.kind, Kind::Pdf);
}

#[test]
fn cleaning_twice_changes_nothing() {
    let mut files = vec![everything().0];
    files.push(one_page("q Q", "/Rotate 90", "").write());
    files.push(object_streams());
    for file in files {
        let (once, _) = handle(&file).unwrap();
        let (twice, _) = handle(&once).unwrap();
        assert_eq!(once, twice);
        assert_eq!(once, handle(&file).unwrap().0);
    }
}

/// A document whose dictionaries lie in an object stream.
fn object_streams() -> Vec<u8> {
    let mut document = Document::load_mem(&one_page("BT /F1 9 Tf (text) Tj ET", "", "").write()).unwrap();
    let mut file = Vec::new();
    document.save_modern(&mut file).unwrap();
    file
}

#[test]
fn the_structure_of_the_file_goes_into_streams() {
    for file in [one_page("", "", "").write(), object_streams()] {
        let copy = handle(&file).unwrap().0;
        assert!(!contains(&copy, "\nxref\n") && contains(&copy, "/ObjStm") && copy.starts_with(b"%PDF-1.7\n"));
    }
    let old = one_page("", "", "").write();
    let old = [b"%PDF-1.3", &old[8..]].concat();
    assert!(handle(&old).unwrap().0.starts_with(b"%PDF-1.5\n"));
}

#[test]
fn old_revisions_go() {
    let newer = stream("", b"BT /F1 9 Tf (newer) Tj ET");
    let file = revised(one_page("BT /F1 9 Tf (new) Tj ET", "", "").write(), 4, &newer, 6, "");
    let (copy, report) = handle(&file).unwrap();
    assert!(contains(&copy, "(newer)") && !contains(&copy, "(new)"));
    assert_eq!(hit(&report, Class::ContentOldRevisions, "revision"), Some((Action::Remove, 1)));
}

/// A document encrypted with RC4 and this user password, its content deflated.
fn encrypted(password: &str) -> Vec<u8> {
    let mut pdf = one_page("", "", "");
    pdf.set(4, stream("/Filter /FlateDecode", &deflate(b"BT /F1 9 Tf (text) Tj ET")));
    pdf.trailer = "/ID [(0123456789abcdef) (0123456789abcdef)] /Info << /Author (Somebody) >>".to_owned();
    let mut document = Document::load_mem(&pdf.write()).unwrap();
    #[allow(deprecated)] // the simplest scheme is enough here
    let version = lopdf::EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: password,
        key_length: 128,
        permissions: lopdf::Permissions::all(),
    };
    let state = lopdf::EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    let mut file = Vec::new();
    document.save_to(&mut file).unwrap();
    file
}

#[test]
fn empty_passwords_open_and_others_do_not() {
    let file = encrypted("");
    assert!(!contains(&unpacked_raw(&file), "(text)"));
    let (copy, report) = handle(&file).unwrap();
    assert!(contains(&unpacked(&copy), "(text)") && !contains(&copy, "/Encrypt"));
    assert_eq!(hit(&report, Class::ContentProtection, "Encrypt"), Some((Action::Remove, 1)));
    assert_eq!(handle(&encrypted("secret")).map(|_| ()).unwrap_err().reason, Reason::Encrypted);
}

#[test]
fn what_was_not_decrypted_is_refused() {
    let mut file = encrypted("");
    let at = file.windows(7).position(|window| window == b"stream\n").unwrap() + 7;
    file[at..at + 6].fill(0x55);
    assert_eq!(handle(&file).map(|_| ()).unwrap_err().reason, Reason::Encrypted);
}

#[test]
fn a_page_listed_twice_stays_in_its_place() {
    let mut pdf = one_page("BT (A) Tj ET", "", "");
    let other = pdf.stream("", "BT (B) Tj ET");
    let second = pdf.add(format!("<< /Type /Page /Parent 2 0 R /Contents {other} 0 R >>"));
    pdf.set(2, format!("<< /Type /Pages /Kids [3 0 R {second} 0 R 3 0 R] /Count 3 /MediaBox [0 0 9 9] /Rotate 90 >>"));
    let (copy, _) = handle(&pdf.write()).unwrap();
    let document = Document::load_mem(&copy).unwrap();
    let texts: Vec<Vec<u8>> = document.page_iter().map(|page| document.get_page_content(page)).collect();
    let letter = |text: &Vec<u8>| if contains(text, "(A)") { 'A' } else { 'B' };
    assert_eq!(texts.iter().map(letter).collect::<String>(), "ABA");
    for page in document.page_iter() {
        assert_eq!(document.get_dictionary(page).unwrap().get(b"Rotate").unwrap().as_i64().unwrap(), 90);
    }
}

#[test]
fn many_pages_get_a_tree() {
    let mut pdf = one_page("", "", "");
    let pages: Vec<usize> =
        (0..1_201).map(|n| pdf.add(format!("<< /Type /Page /Parent 2 0 R /Rotate 0 /StructParents {n} >>"))).collect();
    let kids: String = pages.iter().map(|n| format!("{n} 0 R ")).collect();
    pdf.set(2, format!("<< /Type /Pages /Kids [{kids}] /Count 1201 /MediaBox [0 0 9 9] >>"));
    let (copy, _) = handle(&pdf.write()).unwrap();
    let document = Document::load_mem(&copy).unwrap();
    let order: Vec<i64> = document
        .page_iter()
        .map(|page| document.get_dictionary(page).unwrap().get(b"StructParents").unwrap().as_i64().unwrap())
        .collect();
    assert_eq!(order, (0..1_201).collect::<Vec<i64>>());
    assert_eq!(handle(&copy).unwrap().0, copy);
}

#[test]
fn pages_without_a_type_are_cleaned_alike_twice() {
    let mut pdf = one_page("", "", "");
    pdf.set(3, "<< /Parent 2 0 R /Contents 4 0 R >>");
    let (once, _) = handle(&pdf.write()).unwrap();
    assert_eq!(handle(&once).unwrap().0, once);
}

#[test]
fn redaction_marks_hold_the_file() {
    let mut pdf = one_page("", "/Annots [6 0 R]", "/OCProperties << /OCGs [7 0 R] /D << /OFF [7 0 R] >> >>");
    pdf.add("<< /Type /Annot /Subtype /Redact /Rect [1 1 9 9] /T (Somebody) /OverlayText (over) >>");
    pdf.add("<< /Type /OCG /Name (layer) >>");
    let (copy, report) = handle(&pdf.write()).unwrap();
    assert_eq!(
        hit(&report, Class::ContentRedactAnnotations, "Annot/Redact (not applied: live text lies beneath)"),
        Some((Action::Hold, 1))
    );
    assert_eq!(hit(&report, Class::ContentLayers, "OCG"), Some((Action::Flatten, 1)));
    assert!(!contains(&unpacked(&copy), "Somebody"));
}

#[test]
fn damaged_and_hostile_files_are_refused_by_name() {
    let cyclic = {
        let mut pdf = one_page("", "", "");
        pdf.set(2, "<< /Type /Pages /Kids [2 0 R] /Count 1 >>");
        pdf.write()
    };
    let lost = {
        let mut pdf = one_page("", "", "");
        pdf.set(4, "<< /Length 3 >>\nstream\nq Q");
        pdf.write()
    };
    let xfa = {
        let mut pdf = one_page("", "", "/NeedsRendering true /AcroForm << /XFA [(x) 6 0 R] /Fields [] >>");
        pdf.stream("", "<xdp/>");
        pdf.write()
    };
    let broken_data = {
        let mut pdf = one_page("", "", "");
        let mut data = deflate(&b"0 0 m 1 1 l S ".repeat(400));
        let middle = data.len() / 2;
        data[middle..middle + 8].fill(0xff);
        pdf.set(4, stream("/Filter /FlateDecode", &data));
        pdf.write()
    };
    let unknown_space = one_page("", "/Group << /S /Transparency /CS [/Odd 1] >>", "").write();
    for (name, file, reason) in [
        ("cyclic page tree", cyclic, Reason::Damaged),
        ("object without end", lost, Reason::Damaged),
        ("XFA", xfa, Reason::Unsupported),
        ("broken data", broken_data, Reason::Damaged),
        ("unknown colour space", unknown_space, Reason::Unsupported),
        ("no pages", Pdf::default().write(), Reason::Damaged),
    ] {
        let refusal = handle(&file).map(|_| ()).unwrap_err();
        assert_eq!(refusal.reason, reason, "{name}: {refusal}");
    }
}

#[test]
fn limits_hold() {
    let forms = {
        // Thirty forms, each of which draws the next one twice.
        let mut pdf = one_page("/X Do /X Do", "", "");
        for level in 0..30 {
            let next = level + 7;
            pdf.stream(
                &format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X {next} 0 R >> >>"),
                "/X Do /X Do",
            );
        }
        pdf.stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "0 0 9 9 re f");
        pdf.set(3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /X 6 0 R >> >> >>");
        pdf.write()
    };
    let bomb = {
        let mut pdf = one_page("", "", "");
        let inner = deflate(&vec![b' '; 32 << 20]);
        pdf.set(4, stream("/Filter [/FlateDecode /FlateDecode]", &deflate(&inner)));
        pdf.write()
    };
    let deep = {
        let mut pdf = one_page("", "", "");
        for level in 0..400 {
            pdf.add(format!("<< /Type /Pages /Kids [{} 0 R] /Count 1 >>", level + 7));
        }
        pdf.add("<< /Type /Page >>");
        pdf.set(2, "<< /Type /Pages /Kids [6 0 R] /Count 1 >>");
        pdf.write()
    };
    let many = {
        let mut pdf = one_page("", "", "");
        pdf.set(2, format!("<< /Type /Pages /Kids [{}] /Count 9 >>", "3 0 R ".repeat(60)));
        pdf.write()
    };
    let small = Limits { pdf_pages: 50, decompressed_bytes: 8 << 20, ..Limits::default() };
    for (name, file) in
        [("pdf-form-uses", forms), ("decompressed-bytes", bomb), ("page-tree-depth", deep), ("pdf-pages", many)]
    {
        let refusal = handle_within(&file, small.clone()).map(|_| ()).unwrap_err();
        assert_eq!(refusal.reason, Reason::OverLimit, "{name}: {refusal}");
        if name != "decompressed-bytes" {
            assert!(refusal.detail.contains(name), "{name}: {refusal}");
        }
    }
}

#[test]
fn forms_that_draw_themselves_are_no_trouble() {
    let mut pdf = one_page("/X Do", "", "");
    pdf.stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>", "/X Do");
    pdf.set(3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /X 6 0 R >> >> >>");
    handle(&pdf.write()).unwrap();
}

#[test]
fn missing_and_wrong_lengths_lose_nothing() {
    for length in ["", "/Length 2", "/Length 9 0 R"] {
        let mut pdf = one_page("", "", "");
        pdf.set(4, format!("<< {length} >>\nstream\nBT (all of it) Tj ET\nendstream"));
        let (copy, _) = handle(&pdf.write()).unwrap();
        assert!(contains(&copy, "BT (all of it) Tj ET"), "{length}");
    }
}

#[test]
fn truncated_and_flipped_files_are_refused_or_cleaned() {
    let (file, _) = everything();
    for step in 0..64 {
        let _ = handle(&file[..file.len() * step / 64]);
    }
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..150 {
        let mut flipped = file.clone();
        for _ in 0..3 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let position = usize::try_from(state >> 33).unwrap() % flipped.len();
            flipped[position] ^= 1 << (state & 7);
        }
        if let Ok((copy, _)) = handle(&flipped) {
            assert_eq!(handle(&copy).unwrap().0, copy);
        }
    }
}

#[test]
fn a_fax_image_without_a_known_end_is_refused() {
    let fax = "/Type /XObject /Subtype /Image /Width 8 /Height 9 /ImageMask true /Filter /CCITTFaxDecode";
    let mut pdf = one_page("/Im Do", "", "");
    pdf.set(3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /Im 6 0 R >> >> >>");
    pdf.stream(&format!("{fax} /DecodeParms << /K -1 /Columns 8 >>"), b"\x80\x00\x00\x00StripToken");
    assert_eq!(handle(&pdf.write()).map(|_| ()).unwrap_err().reason, Reason::Damaged);
}

#[test]
#[allow(clippy::too_many_lines)] // one list of places
fn nothing_lies_behind_the_data_of_a_stream() {
    let gray = "/Type /XObject /Subtype /Image /Width 8 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray";
    let mask = "/Type /XObject /Subtype /Image /Width 8 /Height 1 /ImageMask true";
    let segment = |kind: u8, data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap();
        [&[0, 0, 0, 0, kind, 0, 1], length.to_be_bytes().as_slice(), data].concat()
    };
    let picture = segment(48, &[0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for (place, entries, data) in [
        ("samples", gray.to_owned(), b"12345678StripToken".to_vec()),
        ("deflated samples", format!("{gray} /Filter /FlateDecode"), deflate(b"12345678StripToken")),
        ("run lengths", format!("{gray} /Filter /RunLengthDecode"), b"\x0712345678\x80StripToken".to_vec()),
        ("LZW", format!("{gray} /Filter /LZWDecode"), b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01StripToken".to_vec()),
        (
            "fax",
            format!("{mask} /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 8 /Rows 1 >>"),
            b"\x80\x08\x00\x80StripToken".to_vec(),
        ),
        (
            "fax without a mark",
            format!("{mask} /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 8 /EndOfBlock false >>"),
            b"\x80StripToken".to_vec(),
        ),
        (
            "fax of mixed rows",
            format!("{mask} /Filter /CCITTFaxDecode /DecodeParms << /K 4 /Columns 8 >>"),
            b"\xccStripToken".to_vec(), // a tag of 1 and eight white pixels
        ),
        (
            "fax under another filter",
            format!("{mask} /Filter [/FlateDecode /CCITTFaxDecode] /DecodeParms [null << /K -1 /Columns 8 >>]"),
            deflate(b"\x80\x08\x00\x80StripToken"),
        ),
        (
            "run lengths under another filter",
            format!("{gray} /Filter [/FlateDecode /RunLengthDecode]"),
            deflate(b"\x0712345678\x80StripToken"),
        ),
        (
            "deflated twice",
            format!("{gray} /Filter [/FlateDecode /FlateDecode]"),
            deflate(&[deflate(b"12345678").as_slice(), b"StripToken"].concat()),
        ),
        (
            "JBIG2 comment",
            format!("{mask} /Filter /JBIG2Decode"),
            [picture.clone(), segment(62, b"StripToken")].concat(),
        ),
        ("JBIG2 tail", format!("{mask} /Filter /JBIG2Decode"), [picture.as_slice(), b"StripToken"].concat()),
    ] {
        let mut pdf = one_page("/Im Do", "", "");
        pdf.set(3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /Im 6 0 R >> >> >>");
        pdf.stream(&entries, data);
        let file = pdf.write();
        let (copy, report) = handle(&file).unwrap();
        assert!(contains(&unpacked(&file), "StripToken"), "{place}");
        assert!(!contains(&unpacked(&copy), "StripToken"), "{place}");
        assert!(hit(&report, Class::ContentTrailingBytes, "bytes after stream data").is_some(), "{place}");
        assert_eq!(handle(&copy).unwrap().0, copy, "{place}");
    }
}
