//! Drawings with planted markers, built by code. Everything that a reader sees says `SHOWN`.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, GzBuilder};

/// What no copy may hold.
pub(crate) const MARKER: &str = "PLANTED";

/// A root element with all usual namespaces around `content`, with further `attributes`.
pub(crate) fn svg(attributes: &str, content: &str) -> String {
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" xmlns:e="urn:editor" width="40" height="30"
 viewBox="0 0 40 30" {attributes}><rect x="5" y="5" width="20" height="10" fill="#c00"/>{content}<text x="2" y="28"
 font-size="6">SHOWN words</text></svg>"##
    )
}

/// A PNG with a text chunk.
pub(crate) fn png() -> Vec<u8> {
    let mut plain = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(8, 8, |x, y| image::Rgb([x as u8 * 30, y as u8 * 30, 90]))
        .write_to(&mut plain, image::ImageFormat::Png)
        .unwrap();
    let plain = plain.into_inner();
    let body = b"tEXtAuthor\0PLANTED-png";
    let mut chunk = (body.len() as u32 - 4).to_be_bytes().to_vec();
    chunk.extend(body);
    chunk.extend(crc32fast::hash(body).to_be_bytes());
    let (start, rest) = plain.split_at(33);
    [start, &chunk, rest].concat()
}

pub(crate) fn data_uri(media_type: &str, bytes: &[u8]) -> String {
    format!("data:{media_type};base64,{}", STANDARD.encode(bytes))
}

/// A compressed drawing whose header says all that it can, with bytes behind it.
pub(crate) fn svgz(drawing: &str, name: &str) -> Vec<u8> {
    let builder = GzBuilder::new().mtime(1_700_000_000).filename(name).comment("PLANTED-c").extra("PLANTED-e");
    let mut encoder = builder.write(Vec::new(), Compression::fast());
    encoder.write_all(drawing.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn utf16(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Drawings with one marker each: where it hides, the drawing, and what of the content must stay.
pub(crate) fn planted() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let text = |name, attributes: &str, content: &str, stays| (name, svg(attributes, content).into_bytes(), stays);
    let picture = format!(r##"<image width="8" height="8" xlink:href="{}"/>"##, data_uri("image/png", &png()));
    let inner = data_uri("image/svg+xml", svg("", "<!-- PLANTED -->").as_bytes());
    let nested = format!(r##"<image width="8" height="8" href="{inner}"/>"##);
    vec![
        text("comment", "", "<!-- PLANTED -->", "SHOWN"),
        text("instruction", "", "<?editor PLANTED?>", "SHOWN"),
        text("metadata", "", "<metadata><e:author>PLANTED</e:author></metadata>", "SHOWN"),
        text("foreign element", "", "<e:data><e:more>PLANTED</e:more></e:data>", "SHOWN"),
        text("empty foreign element", "", r##"<e:data note="PLANTED"/>"##, "SHOWN"),
        text("foreign attribute", r##"e:note="PLANTED""##, "", "SHOWN"),
        text("editor's namespace", r##"inkscape:export-filename="/home/PLANTED/a.png""##, "", "SHOWN"),
        text("prefix of a namespace", r##"xmlns:PLANTED="urn:PLANTED""##, "", "SHOWN"),
        text("unknown element", "", "<secret>PLANTED</secret>", "SHOWN"),
        text("unknown attribute", r##"secret="PLANTED""##, "", "SHOWN"),
        text("data attribute", r##"data-user="PLANTED""##, "", "SHOWN"),
        text("script", "", "<script>var a='PLANTED'</script>", "SHOWN"),
        text("event handler", r##"onload="PLANTED()""##, "", "SHOWN"),
        text("link with script", "", r##"<a href="java&#10;script:PLANTED"><path d="M1 1h3v3z"/></a>"##, "M1 1h3v3z"),
        text("link to a disk", "", r##"<a xlink:href="file:///C:/PLANTED"><path d="M1 1h3v3z"/></a>"##, "M1 1h3v3z"),
        text("picture on a server", "", r##"<image href="\\PLANTED\share\a.png" width="4" height="4"/>"##, "SHOWN"),
        text("text between elements", "", "<g>PLANTED<path d='M1 1h3v3z'/></g>", "M1 1h3v3z"),
        text("hidden layer", "", r##"<g style="display:none"><text>PLANTED</text></g>"##, "SHOWN"),
        text("hidden by attribute", "", r##"<text display="none" x="1" y="2">PLANTED</text>"##, "SHOWN"),
        text(
            "hidden by class",
            "",
            r##"<style>.a,.b{display:none}</style><g class="b"><text>PLANTED</text></g>"##,
            "SHOWN",
        ),
        text("unused definition", "", r##"<defs><g id="x"><text>PLANTED</text></g></defs>"##, "SHOWN"),
        text("unused pattern", "", r##"<pattern id="x"><text>PLANTED</text></pattern>"##, "SHOWN"),
        text("id", "", r##"<path id="PLANTED" d="M1 1h3v3z"/>"##, "M1 1h3v3z"),
        text("class", "", r##"<path class="PLANTED" d="M1 1h3v3z"/>"##, "M1 1h3v3z"),
        text("comment in a style sheet", "", "<style>/* PLANTED */rect{stroke:#00f}</style>", "rect{stroke:#00f}"),
        text("comment in a style", "", r##"<path style="fill:/*PLANTED*/#0f0" d="M1 1h3v3z"/>"##, "#0f0"),
        text(
            "property of an editor",
            "",
            r##"<path style="-inkscape-x:'PLANTED';fill:#0f0" d="M1 1h3"/>"##,
            "fill:#0f0",
        ),
        text("unknown property", "", "<style>rect{note:'PLANTED';stroke:#00f}</style>", "rect{stroke:#00f}"),
        text("import", "", "<style>@import url(https://example.org/PLANTED);rect{stroke:#00f}</style>", "stroke:#00f"),
        text("unknown rule", "", "<style>@PLANTED x{a{b:c}}rect{stroke:#00f}</style>", "rect{stroke:#00f}"),
        text("paint in a file", "", r##"<path fill="url(file:///PLANTED#a)" d="M1 1h3v3z"/>"##, "M1 1h3v3z"),
        text("attached file", "", r##"<use href="data:text/plain,PLANTED"/>"##, "SHOWN"),
        text("picture's metadata", "", &picture, "data:image/png;base64,"),
        text("drawing in a drawing", "", &nested, "data:image/svg+xml;base64,"),
        text("animated link", "", r##"<a href="#b"><set attributeName="href" to="PLANTED"/></a>"##, "SHOWN"),
        text("name of the program", "", "<desc>Created with PLANTED.</desc>", "SHOWN"),
        text("file name as title", "", "<title>PLANTED.svg</title>", "SHOWN"),
        text(
            "page for another program",
            "",
            r##"<foreignObject requiredExtensions="x">PLANTED</foreignObject>"##,
            "SHOWN",
        ),
        text("page", "", "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>PLANTED</p></foreignObject>", "SHOWN"),
        (
            "document type",
            format!("<!DOCTYPE svg [<!ENTITY a 'PLANTED'><!ENTITY b 'SHOWN2'>]>{}", svg("", "<title>&b;</title>"))
                .into(),
            "<title>SHOWN2</title>",
        ),
        ("compressed", svgz(&svg("", "<!-- PLANTED -->"), "PLANTED.svg"), "SHOWN"),
        ("bytes after the member", [svgz(&svg("", ""), "a"), svgz("PLANTED", "a")].concat(), "SHOWN"),
        ("UTF-16", utf16(&svg("", "<!-- PLANTED --><title>ä</title>")), "<title>ä</title>"),
        (
            "Latin-1",
            format!("<?xml version='1.0' encoding='ISO-8859-1'?>{}", svg("", "<!-- PLANTED --><title>ä</title>"))
                .chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap())
                .collect(),
            "<title>ä</title>",
        ),
    ]
}

/// Parts that decide the look and stay as they are.
pub(crate) const KEPT: &[&str] = &[
    r##"<defs><linearGradient id="a"><stop offset="0" stop-color="red"/><stop offset="1"/></linearGradient><linearGradient id="b" xlink:href="#a" x1="3"/></defs><path d="M1 1h30v20z" fill="url(#b)"/>"##,
    r##"<defs><clipPath id="c"><rect width="9" height="9"/></clipPath></defs><g clip-path="url(#c)"><circle cx="9" cy="9" r="8"/></g>"##,
    r##"<symbol id="s"><path d="M1 1h3v3z"/></symbol>"##,
    r##"<g display="none"><path id="p" d="M1 1h8v8z"/></g><use href="#p"/>"##,
    r##"<style>.k{fill:#0a0}
#i&gt;path{stroke:#00a}
@media print{
.k{fill:#000}
}
</style><g id="i"><path class="k" d="M1 1h8v8z"/></g>"##,
    r##"<a href="https://example.org/"><title>SHOWN title</title><path d="M1 1h8v8z"/></a>"##,
    r##"<path id="t" d="M1 1h8v8z"/><text><textPath href="#t">SHOWN <tspan font-weight="bold">too</tspan></textPath></text>"##,
    r##"<filter id="f"><feGaussianBlur stdDeviation="2"/></filter><path style="filter:url(#f)" d="M1 1h8v8z"/>"##,
    r##"<rect id="z" width="3" height="3"><animate attributeName="x" begin="z.click" dur="2s" to="9"/></rect>"##,
    r##"<switch><g systemLanguage="de"><path d="M1 1h8v8z"/></g><g display="none"/></switch>"##,
    r##"<text xml:space="preserve" x="1" y="9">  two  spaces &amp; &lt;signs&gt; </text>"##,
];
