//! Rich Text with planted markers, built by code. Everything that a reader sees says `SHOWN`.

use std::fmt::Write;

use crate::svg::png;

/// What no copy may hold.
pub(crate) const MARKER: &str = "PLANTED";

/// A document with `head` before and `body` behind a first paragraph.
pub(crate) fn rtf(head: &str, body: &str) -> String {
    format!(
        r"{{\rtf1\ansi\ansicpg1252\uc1\deff0{{\fonttbl{{\f0\froman\fcharset0\fprq2{{\*\panose 02020603050405020304}}Times{{\*\falt Tinos}};}}{{\f1\fswiss\fcharset204 Arial;}}}}
{{\colortbl;\red255\green0\blue0;}}{{\stylesheet{{\s0\snext0 Normal;}}{{\*\cs10\additive Emphasis;}}}}{head}
\pard\plain\s0\f0\fs24 SHOWN words\par
{body}\par }}"
    )
}

/// A JPEG with a comment.
pub(crate) fn jpeg() -> Vec<u8> {
    let mut plain = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(8, 8, image::Rgb([9, 90, 190])).write_to(&mut plain, image::ImageFormat::Jpeg).unwrap();
    let plain = plain.into_inner();
    let (start, rest) = plain.split_at(2);
    [start, b"\xff\xfe\0\x0ePLANTED-jpeg", rest].concat()
}

/// A bitmap without a file header whose rows end in a marker.
pub(crate) fn dib() -> Vec<u8> {
    let (width, height) = (7_u32, 4_u32);
    let mut bytes = Vec::new();
    for value in [40, width, height, 1 | 24 << 16, 0, 0, 2_835, 2_835, 0, 0] {
        bytes.extend(value.to_le_bytes());
    }
    for row in 0..height {
        bytes.extend((0..width * 3).map(|x| (x * 9 + row) as u8));
        bytes.extend(b"PLA");
    }
    bytes.extend(b"PLANTED behind the pixels");
    bytes
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A picture in hexadecimal digits.
pub(crate) fn pict(coding: &str, data: &[u8]) -> String {
    format!(r"{{\*\shppict{{\pict\picscalex100\picw8\pich8\{coding} {}}}}}", hex(data))
}

/// A field with an instruction and a result.
pub(crate) fn field(instruction: &str, result: &str) -> String {
    format!(r"{{\field{{\*\fldinst {{{instruction}}}}}{{\fldrslt {{{result}}}}}}}")
}

/// Documents with one marker each: where it hides, head, body, and what of the document must stay.
#[rustfmt::skip]
pub(crate) fn planted() -> Vec<(String, String, String, &'static str)> {
    let mut all = Vec::new();
    let mut plant = |name: &str, head: &str, body: &str, stays: &'static str| {
        all.push((name.to_owned(), head.to_owned(), body.to_owned(), stays));
    };
    for property in ["title", "subject", "author", "manager", "company", "operator", "category", "keywords", "comment", "doccomm", "hlinkbase"] {
        plant(property, &format!(r"{{\info{{\{property} PLANTED}}{{\creatim\yr2020\mo1\dy2}}\version3\edmins7}}"), "", "SHOWN");
    }
    plant("property with a star", r"{\info{\*\company PLANTED}}", "", "SHOWN");
    plant("property in Unicode", r"{\info{\upr{\title PLANTED}{\*\ud{\title PLANTED}}}}", "", "SHOWN");
    plant("user property", r"{\*\userprops{\propname PLANTED}\proptype30{\staticval PLANTED}{\linkval PLANTED}}", "", "SHOWN");
    for head in [
        r"{\*\generator PLANTED 5;}", r"{\*\template C:\\PLANTED\\Normal.dot}", r"{\*\windowcaption PLANTED}",
        r"{\*\docvar{PLANTED}{PLANTED}}", r"{\*\datastore 504c414e544544}", r"{\*\themedata 504c414e544544}",
        r"{\*\colorschememapping 504c414e544544}", r"{\*\latentstyles\lsdstimax9{\lsdlockedexcept PLANTED;}}",
        r"{\*\mailmerge{\mmconnectstr PLANTED}{\mmquery PLANTED}}", r"{\*\filetbl{\file\fid0 C:\\PLANTED.rtf}}",
        r"{\*\revtbl{Unknown;}{PLANTED;}}", r"{\*\rsidtbl\rsid1{PLANTED}}", r"{\*\passwordhash PLANTED}",
        r"{\*\protusertbl{DOMAIN\\PLANTED}}", r"{\*\xmlnstbl{\xmlns1 PLANTED;}}", r"{\*\wgrffmtfilter PLANTED}",
        r"{\*\nextfile PLANTED.rtf}", r"{\*\unheardof PLANTED{\b PLANTED}}", r"{\*\writereservhash PLANTED}",
        r"{\*\pgdsctbl{\pgdsc0 PLANTED;}}", r"{\*\private PLANTED}",
    ] {
        plant(head.split(['{', ' ', '\\']).nth(3).unwrap(), head, "", "SHOWN");
    }
    for (name, body) in [
        ("comment", r"{\*\atrfstart 1}SHOWN2{\*\atrfend 1}{\*\atnid PLANTED}{\*\atnauthor PLANTED}\chatn{\*\annotation{\*\atndate 5}{\*\atnref 1}\pard PLANTED\par}"),
        ("deleted text", r"SHOWN2{\deleted\revauthdel1\revdttmdel9 PLANTED{\b PLANTED}}"),
        ("deleted text in escapes", r"SHOWN2{\deleted \'50\'4c\'41\'4e\'54\'45\'44}"),
        ("deleted text in Unicode", r"SHOWN2{\deleted\u80?\u76?\u65?\u78?\u84?\u69?\u68?}"),
        ("deleted field", r"SHOWN2{\deleted{\field{\*\fldinst PLANTED}{\fldrslt PLANTED}}}"),
        ("deleted within a field", r"SHOWN2{\field{\*\fldinst{\deleted REF PLANTED}}{\fldrslt{\deleted PLANTED}}}"),
        ("deleted footnote", r"SHOWN2{\deleted\chftn{\footnote\pard\plain PLANTED}}"),
        ("deleted picture", r"SHOWN2{\deleted{\pict\wmetafile8 504c414e544544}}"),
        ("moved text", r"{\*\mvfmf PLANTED}{\mvf\mvauth1\mvdate2 PLANTED}{\*\mvfml PLANTED}{\*\mvtof PLANTED}{\mvt\mvauth1 SHOWN2}{\*\mvtol PLANTED}"),
        ("old properties", r"{\*\oldcprops PLANTED}{\*\oldpprops PLANTED}SHOWN2"),
        ("bookmark", r"{\*\bkmkstart _GoBack}SHOWN2{\*\bkmkend _GoBack}{\*\unknown PLANTED}"),
        ("markup", r"{\*\xmlopen\xmlns1{\xmlname PLANTED}{\xmlattrname PLANTED}{\xmlattrvalue PLANTED}}SHOWN2{\*\xmlclose}"),
        ("permission", r"{\*\protstart PLANTED}SHOWN2{\*\protend PLANTED}"),
        ("unknown word", r"SHOWN2\PLANTED "),
        ("text among colours", r"SHOWN2{\colortbl;PLANTED\red1;}"),
        ("text in a list of shapes", r"SHOWN2{\shp PLANTED{\*\shpinst PLANTED{\sp PLANTED{\sn fillColor}{\sv 5}}}}"),
        ("name of a picture", r"SHOWN2{\shp{\*\shpinst{\sp{\sn pibName}{\sv C:\\PLANTED.png}}{\sp{\sn shapeType}{\sv 1}}}}"),
        ("path as description", r"SHOWN2{\shp{\*\shpinst{\sp{\sn wzDescription}{\sv C:\\x\\PLANTED.png}}}}"),
        ("name of a shape", r"SHOWN2{\shp{\*\shpinst{\sp{\sn wzName}{\sv PLANTED}}}}"),
        ("signer", r"SHOWN2{\shp{\*\shpinst{\sp{\sn wzSigSetupSuggSigner}{\sv PLANTED}}}}"),
        ("package of a shape", r"SHOWN2{\shp{\*\shpinst{\sp{\sn metroBlob}{\sv 504c414e544544}}}}"),
        ("unknown property of a shape", r"SHOWN2{\shp{\*\shpinst{\sp{\sn PLANTED}{\sv 1}}}}"),
        ("words in a number of a shape", r"SHOWN2{\shp{\*\shpinst{\sp{\sn fillColor}{\sv PLANTED}}}}"),
        ("link of a shape", r"SHOWN2{\shp{\*\shpinst{\sp{\sn pihlShape}{\sv{\*\hl{\hlloc a}{\hlsrc file:///C:/PLANTED}{\hlfr PLANTED}}}}}}"),
        ("second form of a shape", r"{\shp{\*\shpinst{\shptxt\pard SHOWN2\par}}{\shprslt PLANTED{\*\do\dptxbx{\dptxbxtext PLANTED}}}}"),
        ("second form of a picture", r"SHOWN2{\*\shppict{\pict\pngblip}}{\nonshppict{\pict\wmetafile8 504c414e544544}}"),
        ("hidden text", r"SHOWN2{\v PLANTED\tab\~}"),
        ("hidden text in escapes", r"SHOWN2{\v\'50\'4c\'41\'4e\'54\'45\'44}"),
        ("hidden text in Unicode", r"SHOWN2{\v\u80?\u76?\u65?\u78?\u84?\u69?\u68?}"),
        ("hidden paragraph", r"SHOWN2{\v PLANTED\par}\pard more"),
        ("hidden cell", r"SHOWN2\par\trowd\cellx900\pard\intbl{\v PLANTED\cell}\row\pard"),
        ("hidden picture", r"SHOWN2{\v{\pict\wmetafile8 504c414e544544}}"),
        ("hidden field", r"SHOWN2{\v{\field{\*\fldinst REF a}{\fldrslt PLANTED}}}"),
        ("hidden by a style", r"{\stylesheet{\s0 Normal;}{\*\cs11\v Secret;}}SHOWN2{\cs11 PLANTED}"),
        ("name of an object", r"SHOWN2{\object\objemb{\*\objclass Word.Document}{\*\objname PLANTED}{\*\objtime PLANTED}{\*\objdata 01}{\result x}}"),
        ("data of a field", r"SHOWN2{\field{\*\fldinst REF a{\*\datafield 504c414e544544}}{\fldrslt 1}}"),
        ("macro of a form field", r"SHOWN2{\field{\*\fldinst FORMTEXT{\*\formfield\fftype0{\*\ffname A}{\*\ffentrymcr PLANTED}{\*\ffexitmcr PLANTED}}}{\fldrslt 1}}"),
        ("id of a picture", r"SHOWN2{\pict{\*\blipuid 504c414e544544}\bliptag5\pngblip}"),
        ("binary data", "SHOWN2{\\bin7 PLANTED}"),
        ("font file", r"{\fonttbl{\f5{\*\fontemb\fttruetype{\*\fontfile C:\\PLANTED.ttf}504c414e544544}X;}}SHOWN2"),
        ("deleted row", r"\trowd\cellx900\pard\intbl{\deleted PLANTED\cell}{\trowd\cellx900\deleted\row}\pard SHOWN2"),
    ] {
        plant(name, "", body, "SHOWN2");
    }
    for instruction in [
        "AUTHOR PLANTED", "FILENAME \\\\p PLANTED", "LASTSAVEDBY PLANTED", "USERNAME PLANTED", "DOCPROPERTY PLANTED", "TEMPLATE PLANTED",
        r"INCLUDETEXT C:\\\\PLANTED.doc", r#"INCLUDEPICTURE "C:\\\\PLANTED.png""#, "LINK Excel.Sheet.8 PLANTED", "DDEAUTO PLANTED",
        r#"HYPERLINK "file:///C:/PLANTED""#, r#"HYPERLINK "\\\\\\\\PLANTED\\\\share""#, "HYPERLINK http://intranet/PLANTED",
        r"{\field{\*\fldinst AUTHOR PLANTED}{\fldrslt 3}}REF x",
    ] {
        let stays = if instruction.starts_with('{') { "REF x" } else { "SHOWN2" };
        plant(instruction, "", &field(instruction, "SHOWN2"), stays);
    }
    plant("PNG", "", &pict("pngblip", &png()), "pngblip");
    plant("JPEG", "", &pict("jpegblip", &jpeg()), "jpegblip");
    plant("bitmap", "", &pict("dibitmap0", &dib()), "dibitmap0");
    plant("picture of a shape", "", &format!(r"{{\shp{{\*\shpinst{{\sp{{\sn pib}}{{\sv {{\pict\pngblip {}}}}}}}}}}}", hex(&png())), "pngblip");
    all
}

/// Parts that decide the look or say something, and stay byte for byte.
pub(crate) const KEPT: &[&str] = &[
    r"{\header \pard\plain SHOWN header\par}",
    r"text{\super\chftn}{\footnote\pard\plain{\super\chftn} SHOWN note}",
    r"\trowd\trgaph108\cellx4000\cellx8000\pard\intbl SHOWN one\cell SHOWN two\cell\row\pard",
    r#"{\field{\*\fldinst HYPERLINK "https://example.org/"}{\fldrslt SHOWN link}}"#,
    r"{\field{\*\fldinst PAGE \\* MERGEFORMAT}{\fldrslt 1}}",
    r"{\*\bkmkstart SHOWN}here{\*\bkmkend SHOWN}",
    r"{\shp{\*\shpinst\shpleft0\shptop0\shpright900\shpbottom900{\sp{\sn fillColor}{\sv 255}}{\sp{\sn wzDescription}{\sv A boat.}}{\shptxt\pard SHOWN box\par}}}",
    r"{\mmath{\*\moMath{\mf{\mfPr{\mtype bar}}{\mnum{\mr a}}{\mden{\mr b}}}}}",
    r"{\listtext\pard\plain\f0 1.\tab}\pard\ls1\ilvl0 SHOWN item",
    r"{\*\cs10\i SHOWN style}\~\_\-\{\}\\\tab\line\emdash",
    r"\u8364\'80 \'e4\'f6 {\uc0\u20013}{\uc2\u26085\'93\'fa}",
    r"{\pntext\f1\'b7\tab}{\*\pn\pnlvlblt\pnf1{\pntxtb\'b7}}SHOWN bullet",
    r"{\*\shppict{\pict\wmetafile8 }}",
    r"{\xe SHOWN entry}{\tc SHOWN heading}",
];
