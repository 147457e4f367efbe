//! Drawings and Rich Text.

use super::packages::laughs;
use super::{Bomb, Outcome, inflating};

pub(super) fn bombs() -> Vec<Bomb> {
    vec![
        Bomb { name: "gzip.svgz", build: gzip_bomb, outcome: Outcome::Limit("xml-bytes") },
        Bomb { name: "laughs.svg", build: laughing, outcome: Outcome::Refused("unsupported") },
        Bomb { name: "quadratic.svg", build: quadratic, outcome: Outcome::Limit("decompressed-bytes") },
        Bomb { name: "external.svg", build: external, outcome: Outcome::Refused("unsupported") },
        Bomb {
            name: "deep.svg",
            build: || svg(&format!("{}{}", "<g>".repeat(100_000), "</g>".repeat(100_000))),
            outcome: Outcome::Limit("xml-depth"),
        },
        Bomb { name: "attributes.svg", build: attributes, outcome: Outcome::Limit("xml-attributes") },
        Bomb { name: "nodes.svg", build: || svg(&"<g/>".repeat(2_000_001)), outcome: Outcome::Limit("xml-nodes") },
        Bomb { name: "uses.svg", build: uses, outcome: Outcome::Harmless },
        Bomb { name: "groups.rtf", build: groups, outcome: Outcome::Limit("rtf-depth") },
    ]
}

fn svg(content: &str) -> Vec<u8> {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"9\" height=\"9\">{content}</svg>").into()
}

/// A drawing with three gigabytes of white space behind it; nobody gets to its checksum.
fn gzip_bomb() -> Vec<u8> {
    let drawing = svg("<rect width=\"1\" height=\"1\"/>");
    let size = drawing.len() as u16;
    let stored = [&[0][..], &size.to_le_bytes(), &(!size).to_le_bytes(), &drawing].concat();
    [b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec(), stored, inflating(b' ', 3_000), vec![0; 8]].concat()
}

fn laughing() -> Vec<u8> {
    [laughs("svg").into_bytes(), svg("<title>&l9;</title>")].concat()
}

/// One long entity, used often.
fn quadratic() -> Vec<u8> {
    let entity = format!("<!DOCTYPE svg [<!ENTITY a \"{}\">]>", "a".repeat(4_000));
    [entity.into_bytes(), svg(&format!("<title>{}</title>", "&a;".repeat(50_000)))].concat()
}

fn external() -> Vec<u8> {
    let entity = "<!DOCTYPE svg [<!ENTITY file SYSTEM \"file:///etc/passwd\">]>";
    [entity.as_bytes(), &svg("<text>&file;</text>")].concat()
}

fn attributes() -> Vec<u8> {
    let many: String = (0..300_000).map(|number| format!(" a{number}=\"\"")).collect();
    svg(&format!("<g{many}/>"))
}

/// Each definition uses the one before ten times.
fn uses() -> Vec<u8> {
    let mut content = "<defs><rect id=\"u0\" width=\"1\" height=\"1\"/>".to_owned();
    for level in 1..15 {
        let one = format!("<use xlink:href=\"#u{}\"/>", level - 1);
        content += &format!("<g id=\"u{level}\">{}</g>", one.repeat(10));
    }
    svg(&(content + "</defs><use xlink:href=\"#u14\"/>"))
}

fn groups() -> Vec<u8> {
    [b"{\\rtf1 ".to_vec(), vec![b'{'; 1_000_000], b"a".to_vec(), vec![b'}'; 1_000_001]].concat()
}
