//! Pages on which a word is painted in many ways and hidden in many ways.

use hayro_interpret::font::StandardFont;

#[path = "../pdf_proof/fixtures.rs"]
#[allow(dead_code)] // shared with another test, which needs more of it
mod pdf;

pub(crate) use pdf::{Fixture, stream};

/// The word that is hidden, and seen in the negatives.
pub(crate) const WORD: &str = "TERCES";

/// How the word can be painted, at 72 620 and 12 points large: names of operators for [`page`].
pub(crate) const TEXTS: &[(&str, &str)] = &[
    ("plain", "BT /F 12 Tf 72 620 Td (TERCES) Tj ET"),
    ("glyph by glyph", "BT /F 12 Tf 72 620 Td [(T) 20 (E) -20 (R) 0 (CES)] TJ ET"),
    ("turned", "BT /F 12 Tf 0 1 -1 0 90 620 Tm (TERCES) Tj ET"),
    ("Type 3", "BT /T3 12 Tf 72 620 Td (TERCES) Tj ET"),
    ("Type 0", "BT /T0 12 Tf 72 620 Td <003500260033002400260034> Tj ET"),
    ("Type 0 with lists of characters", "BT /Ls 12 Tf 72 620 Td <0035002600330024> Tj ET"),
    ("in a form", "/Fm Do"),
    ("in a transparency group", "/Gr Do"),
];

/// A page with this content and everything that it may name, these entries in the page and these in the catalog. What
/// paints the word stands for `TEXT`, in the content and in forms that it may draw.
pub(crate) fn page_around(word: &str, content: &str, entries: &str, catalog: &str) -> Fixture {
    let fonts = "/Font<</F 5 0 R/T3 13 0 R/T0 15 0 R/Ls 32 0 R>>";
    let inner = "/XObject<</Im 10 0 R/Fm 11 0 R/Gr 12 0 R>>";
    let mask = "/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Group<</S/Transparency/CS/DeviceGray>>";
    let resources = format!(
        "{fonts}/XObject<</Im 10 0 R/Fm 11 0 R/Gr 12 0 R/Mk 20 0 R/Hole 21 0 R/One 28 0 R/Big 29 0 R\
         /BoxForm 34 0 R/BoxGroup 35 0 R/ImForm 36 0 R/OffForm 37 0 R/OnForm 38 0 R/OffGroup 39 0 R\
         /AllOffForm 40 0 R/AnyOnForm 41 0 R/OffIm 42 0 R>>\
         /Pattern<</Solid 18 0 R/Hatch 19 0 R/Ax 23 0 R/White 43 0 R>>/Shading<</Sh 24 0 R>>\
         /ExtGState<</Clear<</ca 0/CA 0>>/Half<</ca 0.4/CA 0.4>>/Multiply<</BM/Multiply>>/Screen<</BM/Screen>>\
         /Masked<</SMask<</S/Luminosity/G 25 0 R>>>>/Faded<</SMask<</S/Luminosity/G 44 0 R>>>>\
         /Open<</SMask<</S/Luminosity/G 45 0 R>>>>/FadedAlpha<</SMask<</S/Alpha/G 46 0 R>>>>\
         /OpenAlpha<</SMask<</S/Alpha/G 45 0 R>>>>>>\
         /Properties<</Off 26 0 R/On 27 0 R/AnyOn 47 0 R/AnyOfOff 48 0 R\
         /AllOn 49 0 R/AllOff 50 0 R/AllOffOfOff 51 0 R/AnyOff 52 0 R/AnyOffOfOn 53 0 R/And 54 0 R/Or 55 0 R/Not 56 0 R>>"
    );
    let around = |content: &str| content.replace("TEXT", word).into_bytes();
    let picture = "/Type/XObject/Subtype/Image/ColorSpace/DeviceGray/BitsPerComponent 8";
    let form = format!("/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<<{fonts}{inner}>>");
    let text = b"BT /F 12 Tf 72 620 Td (TERCES) Tj ET";
    let noise: Vec<u8> = (0..81_u8).map(|at| at.wrapping_mul(37)).collect();
    let further = vec![
        stream(&format!("{picture}/Width 9/Height 9"), &noise),
        stream(&form, text),
        stream(&format!("{form}/Group<</S/Transparency/I true>>"), text),
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 600 700]/FontMatrix[0.001 0 0 0.001 0 0]/FirstChar 65/LastChar 90\
          /Widths[600 600 600 600 600 600 600 600 600 600 600 600 600 600 600 600 600 600 600 600 600 600 600 600 600 600]\
          /Encoding<</Differences[65/A/B/C/D/E/F/G/H/I/J/K/L/M/N/O/P/Q/R/S/T/U/V/W/X/Y/Z]>>\
          /CharProcs<</S 14 0 R/E 14 0 R/C 14 0 R/R 14 0 R/T 14 0 R>>>>"
            .to_vec(),
        stream("", b"600 0 0 0 600 700 d1 50 0 200 700 re 350 0 200 700 re f"),
        b"<</Type/Font/Subtype/Type0/BaseFont/Sans/Encoding/Identity-H/DescendantFonts[16 0 R]/ToUnicode 17 0 R>>".to_vec(),
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/Sans/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
          /DW 700/FontDescriptor<</Type/FontDescriptor/FontName/Sans/Flags 4/FontBBox[0 0 700 700]/ItalicAngle 0/Ascent 700\
          /Descent 0/CapHeight 700/StemV 80/FontFile3 22 0 R>>>>"
            .to_vec(),
        stream(
            "",
            b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000><FFFF> endcodespacerange \
              5 beginbfchar <0034><0053> <0026><0045> <0024><0043> <0033><0052> <0035><0054> endbfchar endcmap end",
        ),
        stream(
            "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 10 10]/XStep 10/YStep 10/Resources<<>>",
            b"0.2 g 0 0 10 10 re f",
        ),
        stream(
            "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 10 10]/XStep 10/YStep 10/Resources<<>>",
            b"0.2 g 0 0 1 10 re f",
        ),
        // Opaque by its mask, and transparent in the middle by its mask.
        stream(&format!("{picture}/Width 9/Height 9/SMask 30 0 R"), &noise),
        stream(&format!("{picture}/Width 9/Height 9/SMask 31 0 R"), &noise),
        stream("/Subtype/CIDFontType0C", StandardFont::Helvetica.get_font_data().0.as_ref().as_ref()),
        b"<</PatternType 2/Shading 24 0 R>>".to_vec(),
        b"<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 612 0]/Extend[true true]\
          /Function<</FunctionType 2/Domain[0 1]/C0[0]/C1[0.5]/N 1>>>>"
            .to_vec(),
        stream(mask, b"0.3 g 0 0 612 792 re f"),
        b"<</Type/OCG/Name(Draft)>>".to_vec(),
        b"<</Type/OCG/Name(Final)>>".to_vec(),
        stream("/Type/XObject/Subtype/Image/ImageMask true/Width 1/Height 1/BitsPerComponent 1", &[0]),
        stream(&format!("{picture}/Width 40/Height 40"), &noise.repeat(20)[..1600]),
        stream(&format!("{picture}/Width 9/Height 9"), &[255; 81]),
        stream(&format!("{picture}/Width 9/Height 9"), &[0; 81]),
        b"<</Type/Font/Subtype/Type0/BaseFont/Sans/Encoding/Identity-H/DescendantFonts[16 0 R]/ToUnicode 33 0 R>>".to_vec(),
        stream(
            "",
            b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000><FFFF> endcodespacerange \
              2 beginbfrange <0024><0026>[<004300450053><0044><0045>] <0033><0035>[<0052><0053><0054>] endbfrange endcmap end",
        ),
        // From 34 on: boxes and pictures in forms, and the word in forms of layers.
        stream(&form, b"0 g 60 600 200 120 re f"),
        stream(&format!("{form}/Group<</S/Transparency/I true>>"), b"0 g 60 600 200 120 re f"),
        stream(&form, b"q 200 0 0 120 60 600 cm /Im Do Q"),
        stream(&format!("{form}/OC 26 0 R"), &around("TEXT")),
        stream(&format!("{form}/OC 27 0 R"), &around("TEXT")),
        stream(
            &format!("{form}/OC 26 0 R/Group<</S/Transparency>>"),
            &around("TEXT"),
        ),
        stream(&format!("{form}/OC 50 0 R"), &around("TEXT")),
        stream(&format!("{form}/OC 47 0 R"), &around("TEXT")),
        stream(&format!("{picture}/Width 9/Height 9/OC 26 0 R"), &noise),
        stream(
            "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 10 10]/XStep 10/YStep 10/Resources<<>>",
            b"1 g 0 0 10 10 re f",
        ),
        stream(mask, b"0 g 0 0 612 792 re f"),
        stream(mask, b"1 g 0 0 612 792 re f"),
        stream(mask, b""),
        // From 47 on: memberships. By default the first layer is off and the second on.
        b"<</Type/OCMD/OCGs[26 0 R 27 0 R]>>".to_vec(),
        b"<</Type/OCMD/OCGs 26 0 R/P/AnyOn>>".to_vec(),
        b"<</Type/OCMD/OCGs[26 0 R 27 0 R]/P/AllOn>>".to_vec(),
        b"<</Type/OCMD/OCGs[26 0 R 27 0 R]/P/AllOff>>".to_vec(),
        b"<</Type/OCMD/OCGs[26 0 R]/P/AllOff>>".to_vec(),
        b"<</Type/OCMD/OCGs[26 0 R 27 0 R]/P/AnyOff>>".to_vec(),
        b"<</Type/OCMD/OCGs[27 0 R]/P/AnyOff>>".to_vec(),
        b"<</Type/OCMD/OCGs 27 0 R/VE[/And 26 0 R 27 0 R]>>".to_vec(),
        b"<</Type/OCMD/OCGs 27 0 R/VE[/Or 26 0 R[/And 27 0 R]]>>".to_vec(),
        b"<</Type/OCMD/VE[/Not[/Or 26 0 R 27 0 R]]>>".to_vec(),
    ];
    Fixture::page(&content.replace("TEXT", word), &resources, entries, catalog, &further)
}

/// As [`page_around`], without the word.
pub(crate) fn page(content: &str, entries: &str, catalog: &str) -> Fixture {
    page_around("", content, entries, catalog)
}
