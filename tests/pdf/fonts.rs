//! Fonts: names, notices, dates and comments go, glyphs stay, subset tags are numbered anew.

use fieldstrip::Policy;

use super::fixtures::{Pdf, deflate, one_page};
use super::{contains, handle, unpacked};

/// A font of TrueType or OpenType with these tables.
fn sfnt(kind: &[u8; 4], tables: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut file = kind.to_vec();
    file.extend(u16::try_from(tables.len()).unwrap().to_be_bytes());
    file.extend([0; 6]);
    let mut at = 12 + 16 * tables.len();
    for (tag, table) in tables {
        file.extend(*tag);
        file.extend([0; 4]);
        file.extend(u32::try_from(at).unwrap().to_be_bytes());
        file.extend(u32::try_from(table.len()).unwrap().to_be_bytes());
        at += table.len().next_multiple_of(4) + 4;
    }
    for (_, table) in tables {
        file.extend(table);
        file.resize(file.len().next_multiple_of(4), b'g');
        file.extend(b"gap!"); // between the tables
    }
    file
}

fn naming_table(name: &str) -> Vec<u8> {
    let length = u16::try_from(name.len()).unwrap();
    let mut table = [0_u16, 1, 18, 1, 0, 0, 0, length, 0].map(u16::to_be_bytes).concat();
    table.extend(name.bytes());
    table
}

fn index(objects: &[&[u8]]) -> Vec<u8> {
    let mut out = u16::try_from(objects.len()).unwrap().to_be_bytes().to_vec();
    if objects.is_empty() {
        return out;
    }
    out.push(1);
    let mut offset = 1_u8;
    out.push(offset);
    for object in objects {
        offset += u8::try_from(object.len()).unwrap();
        out.push(offset);
    }
    out.extend(objects.concat());
    out
}

/// A compact font with one glyph named by its first string, a notice in its second and a unique number.
fn compact(name: &str) -> Vec<u8> {
    let head = [1, 0, 4, 1].to_vec();
    let names = index(&[name.as_bytes()]);
    let strings = index(&[b"KeepGlyphToken", b"StripNoticeToken"]);
    // Notice, unique number, charset, charstrings
    let top = |charset: u16, glyphs: u16| {
        let mut dict = vec![28];
        dict.extend(392_u16.to_be_bytes());
        dict.push(1);
        dict.extend([29, 0x12, 0x34, 0x56, 0x78, 13, 28]);
        dict.extend(charset.to_be_bytes());
        dict.push(15);
        dict.push(28);
        dict.extend(glyphs.to_be_bytes());
        dict.push(17);
        dict
    };
    let before = head.len() + names.len() + index(&[&top(0, 0)]).len() + strings.len() + 2;
    let at = u16::try_from(before).unwrap();
    let charset = [&[0], 391_u16.to_be_bytes().as_slice()].concat();
    let top = index(&[&top(at, at + 3)]);
    [head, names, top, strings, index(&[]), charset, index(&[&[14], &[14]]), b"StripSlackToken".to_vec()].concat()
}

fn type_1() -> Vec<u8> {
    let mut font = b"%!PS-AdobeFont-1.1: StripFirstLineToken 1.0\n%%CreationDate: StripCommentToken\n".to_vec();
    font.extend(b"11 dict begin /FontInfo 2 dict dup begin /Notice (StripNoticeToken) readonly def end readonly def\n");
    font.extend(b"/FontName /QWERTY+Ada def /UniqueID 5000793 def /Encoding 256 array dup 65 /KeepEncodingToken put\n");
    font.extend(b"currentfile eexec\nKeepEncryptedToken\n0000000000\ncleartomark\nStripTrailerToken");
    font
}

/// A page with one font of each kind, and two subsets of the same one.
fn fonts() -> Pdf {
    let mut pdf = one_page("BT /A 9 Tf (a) Tj /B 9 Tf (a) Tj /C 9 Tf (a) Tj /D 9 Tf (a) Tj ET", "", "");
    let mut head = vec![0; 54];
    head[20..36].copy_from_slice(b"StripDatesToken!");
    let tables: Vec<(&[u8; 4], Vec<u8>)> = vec![
        (b"FFTM", b"StripPrivateToken".to_vec()),
        (b"cmap", b"KeepCmapToken".to_vec()),
        (b"head", head),
        (b"name", naming_table("StripNameToken")),
    ];
    let true_type = sfnt(&[0, 1, 0, 0], &tables);
    let programs = [
        pdf.stream(&format!("/Length1 {} /Filter /FlateDecode", true_type.len()), deflate(&true_type)),
        pdf.stream("/Subtype /Type1C", compact("ZYXWVU+Ada")),
        pdf.stream("/Length1 240 /Length2 20 /Length3 30", type_1()),
        pdf.stream("/Subtype /OpenType", sfnt(b"OTTO", &[(b"CFF ", compact("StripFontNameToken"))])),
    ];
    let map = pdf.stream(
        "/CMapName /StripMapToken",
        "%!PS-Adobe-3.0 Resource-CMap\n%%EOF StripCommentToken\n/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n\
         /CIDSystemInfo << /Registry (StripRegistryToken) /Ordering (StripOrderingToken) /Supplement 0 >> def\n\
         /CMapName /StripMapNameToken def\n1 begincodespacerange <00> <FF> endcodespacerange\n\
         1 beginbfchar <61> <0041> endbfchar endcmap",
    );
    let mut names = Vec::new();
    for (program, (key, name)) in programs.iter().zip([
        ("FontFile2", "QWERTY+Ada"),
        ("FontFile3", "ZYXWVU+Ada"),
        ("FontFile", "QWERTY+Ada"),
        ("FontFile3", "Bob"),
    ]) {
        let descriptor =
            pdf.add(format!("<< /Type /FontDescriptor /FontName /{name} /Flags 4 /{key} {program} 0 R >>"));
        names.push(pdf.add(format!(
            "<< /Type /Font /Subtype /Type1 /BaseFont /{name} /FontDescriptor {descriptor} 0 R /ToUnicode {map} 0 R >>"
        )));
    }
    pdf.set(
        3,
        format!(
            "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /A {} 0 R /B {} 0 R /C {} 0 R /D {} 0 R >> >> >>",
            names[0], names[1], names[2], names[3]
        ),
    );
    pdf
}

#[test]
fn names_in_fonts_go_and_glyphs_stay() {
    let file = fonts().write();
    let (before, after) = (unpacked(&file), unpacked(&handle(&file).unwrap().0));
    for token in [
        "StripFirstLineToken",
        "StripCommentToken",
        "StripNoticeToken",
        "StripTrailerToken",
        "StripSlackToken",
        "StripDatesToken",
        "StripPrivateToken",
        "StripNameToken",
        "StripFontNameToken",
        "StripMapToken",
        "StripMapNameToken",
        "StripRegistryToken",
        "StripOrderingToken",
        "gap!",
        "5000793",
        "\x12\x34\x56\x78",
    ] {
        assert!(contains(&before, token), "{token} is not planted");
        assert!(!contains(&after, token), "{token}");
    }
    for token in ["KeepGlyphToken", "KeepEncodingToken", "KeepEncryptedToken", "KeepCmapToken", "<61> <0041>"] {
        assert!(contains(&after, token), "{token}");
    }
    let cleaned = fieldstrip::clean(&file, "fonts.pdf", Policy::strictest()).unwrap();
    assert_eq!(fieldstrip::clean(&cleaned.bytes, "fonts.pdf", Policy::strictest()).unwrap().bytes, cleaned.bytes);
}

#[test]
fn subset_tags_are_numbered_in_their_order() {
    let after = unpacked(&handle(&fonts().write()).unwrap().0);
    for name in
        ["/BaseFont/AAAAAA+Ada", "/FontName/AAAAAB+Ada", "/FontName /AAAAAA+Ada def", "AAAAAB+Ada", "/BaseFont/Bob"]
    {
        assert!(contains(&after, name), "{name}");
    }
    assert!(!contains(&after, "QWERTY") && !contains(&after, "ZYXWVU"));
}

#[test]
fn a_cleaned_font_is_whole() {
    let (copy, _) = handle(&fonts().write()).unwrap();
    let document = lopdf::Document::load_mem(&copy).unwrap();
    let stream = document.objects.values().filter_map(|object| object.as_stream().ok());
    let mut fonts = stream.filter(|stream| stream.dict.has(b"Length1") && !stream.dict.has(b"Length2"));
    let stream = fonts.next().unwrap();
    let font = stream.get_plain_content().unwrap();
    let words = font.chunks_exact(4).map(|word| u32::from_be_bytes(word.try_into().unwrap()));
    assert_eq!(words.fold(0_u32, u32::wrapping_add), 0xb1b0_afba);
    assert_eq!(stream.dict.get(b"Length1").unwrap().as_i64().unwrap(), i64::try_from(font.len()).unwrap());
    assert_eq!(font[4..12], [0, 3, 0, 32, 0, 1, 0, 16], "three tables are left");
}
