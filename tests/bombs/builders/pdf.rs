//! PDF: filters over filters, trees and forms that lead back to themselves, tables that promise objects.

use super::{Bomb, Outcome, inflating, zlib};

pub(super) fn bombs() -> Vec<Bomb> {
    let damaged = Outcome::Refused("damaged");
    let pixels = Outcome::Limit("image-pixels");
    vec![
        Bomb { name: "flate.pdf", build: flate, outcome: Outcome::Limit("pdf-stream-bytes") },
        Bomb { name: "filters.pdf", build: || filters(40), outcome: Outcome::Limit("pdf-filters") },
        Bomb { name: "object-stream.pdf", build: object_stream, outcome: Outcome::Limit("pdf-stream-bytes") },
        Bomb { name: "tree-cycle.pdf", build: tree_cycle, outcome: damaged },
        Bomb { name: "tree-depth.pdf", build: || tree_depth(10_000), outcome: Outcome::Limit("pdf-page-tree-depth") },
        Bomb { name: "tree-fan.pdf", build: tree_fan, outcome: Outcome::Limit("pdf-pages") },
        Bomb { name: "form-itself.pdf", build: form_itself, outcome: Outcome::Harmless },
        Bomb { name: "form-depth.pdf", build: || forms(200, 1), outcome: Outcome::Limit("pdf-form-depth") },
        Bomb { name: "form-fan.pdf", build: || forms(40, 2), outcome: Outcome::Limit("pdf-form-uses") },
        Bomb { name: "previous-loop.pdf", build: previous_loop, outcome: Outcome::Harmless },
        Bomb { name: "extends-loop.pdf", build: extends_loop, outcome: Outcome::Harmless },
        Bomb { name: "size.pdf", build: size, outcome: Outcome::Harmless },
        Bomb { name: "declared.pdf", build: declared, outcome: Outcome::Harmless },
        Bomb { name: "objects.pdf", build: objects, outcome: Outcome::Limit("pdf-objects") },
        Bomb { name: "arrays.pdf", build: arrays, outcome: damaged },
        Bomb { name: "outline-loop.pdf", build: outline_loop, outcome: Outcome::Harmless },
        Bomb { name: "pattern-itself.pdf", build: pattern_itself, outcome: Outcome::Harmless },
        Bomb { name: "xmp-laughs.pdf", build: laughing, outcome: Outcome::Harmless },
        Bomb {
            name: "fax.pdf",
            build: || image("CCITTFaxDecode", "/DecodeParms << /K -1 /Columns 65500 /Rows 65500 >>", 1),
            outcome: pixels,
        },
        Bomb { name: "jbig2.pdf", build: jbig2, outcome: pixels },
        Bomb { name: "flate-image.pdf", build: || image("FlateDecode", "", 8), outcome: pixels },
    ]
}

/// A file in the making: object `n` is at `n - 1`; the first is the catalog.
#[derive(Default)]
struct Pdf(Vec<Vec<u8>>);

impl Pdf {
    fn add(&mut self, body: impl Into<Vec<u8>>) -> usize {
        self.0.push(body.into());
        self.0.len()
    }

    fn write(&self, trailer: &str) -> Vec<u8> {
        let mut file = b"%PDF-1.7\n".to_vec();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", self.0.len() + 1);
        for (index, body) in self.0.iter().enumerate() {
            table += &format!("{:010} 00000 n \n", file.len());
            file.extend(format!("{} 0 obj\n", index + 1).bytes());
            file.extend(body);
            file.extend(b"\nendobj\n");
        }
        let start = file.len();
        file.extend(table.bytes());
        let size = self.0.len() + 1;
        file.extend(format!("trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n").bytes());
        file
    }
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<< {entries} /Length {} >>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

/// One page with this content (object 4), these resources, and these entries in the catalog.
fn page(content: Vec<u8>, resources: &str, catalog: &str) -> Pdf {
    let mut pdf = Pdf::default();
    pdf.add(format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"));
    pdf.add("<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 200 200] >>");
    pdf.add(format!("<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << {resources} >> >>"));
    pdf.add(content);
    pdf
}

/// Three gigabytes of white space, deflated twice.
fn flate() -> Vec<u8> {
    let inner = [b"\x78\x9c".to_vec(), inflating(b' ', 3_000)].concat();
    page(stream("/Filter [/FlateDecode /FlateDecode]", &zlib(&inner)), "", "").write("")
}

/// A page whose content lies under so many filters.
pub fn filters(count: usize) -> Vec<u8> {
    let data = (0..count).fold(b"q Q".to_vec(), |data, _| zlib(&data));
    page(stream(&format!("/Filter [{}]", "/FlateDecode ".repeat(count)), &data), "", "").write("")
}

/// A page with a line of text.
pub fn text() -> Vec<u8> {
    let font = "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";
    page(stream("", b"BT /F 12 Tf 9 9 Td (some text) Tj ET"), font, "").write("")
}

/// The objects of the file lie in a stream of three gigabytes.
fn object_stream() -> Vec<u8> {
    let mut pdf = page(stream("", b"q Q"), "", "");
    let data = [b"\x78\x9c".to_vec(), inflating(b' ', 3_000)].concat();
    pdf.add(stream("/Type /ObjStm /N 1 /First 10 /Filter /FlateDecode", &data));
    pdf.write("")
}

fn tree_cycle() -> Vec<u8> {
    let mut pdf = Pdf::default();
    pdf.add("<< /Type /Catalog /Pages 2 0 R >>");
    pdf.add("<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 9 9] >>");
    pdf.add("<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>");
    pdf.write("")
}

/// Nodes of a page tree in a row, so many with the catalog and the page.
pub fn tree_depth(count: usize) -> Vec<u8> {
    let mut pdf = Pdf::default();
    pdf.add("<< /Type /Catalog /Pages 2 0 R >>");
    for at in 2..count {
        pdf.add(format!(
            "<< /Type /Pages /Kids [{} 0 R] /Count 1 /MediaBox [0 0 9 9] /Parent {} 0 R >>",
            at + 1,
            at - 1
        ));
    }
    pdf.add(format!("<< /Type /Page /Parent {} 0 R >>", count - 1));
    pdf.write("")
}

/// Every node lists the next one ten times.
fn tree_fan() -> Vec<u8> {
    let mut pdf = Pdf::default();
    pdf.add("<< /Type /Catalog /Pages 2 0 R >>");
    for at in 2..20 {
        let kids = format!("{} 0 R ", at + 1).repeat(10);
        pdf.add(format!("<< /Type /Pages /Kids [{kids}] /Count 10 /MediaBox [0 0 9 9] >>"));
    }
    pdf.add("<< /Type /Page /Parent 19 0 R >>");
    pdf.write("")
}

fn form_itself() -> Vec<u8> {
    let mut pdf = page(stream("", b"/F Do"), "/XObject << /F 5 0 R >>", "");
    pdf.add(stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>", b"/F Do"));
    pdf.write("")
}

/// Forms that each draw the next one so many times.
pub fn forms(count: usize, times: usize) -> Vec<u8> {
    let content = b"/F Do ".repeat(times);
    let mut pdf = page(stream("", &content), "/XObject << /F 5 0 R >>", "");
    for number in 0..count {
        let entries = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F {} 0 R >> >>",
            number + 6
        );
        pdf.add(stream(&entries, &content));
    }
    pdf.add(stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b"0 0 9 9 re f"));
    pdf.write("")
}

/// The table says that it is the one before itself.
fn previous_loop() -> Vec<u8> {
    let pdf = page(stream("", b"0 0 9 9 re f"), "", "");
    let mut file = pdf.write("/Prev 0000000000");
    let start = file.windows(5).rposition(|window| window == b"\nxref").unwrap() + 1;
    let at = file.windows(16).rposition(|window| window == b"/Prev 0000000000").unwrap();
    file[at + 6..at + 16].copy_from_slice(format!("{start:010}").as_bytes());
    file
}

/// Two object streams, each of which extends the other.
fn extends_loop() -> Vec<u8> {
    let mut pdf = page(stream("", b"0 0 9 9 re f"), "", "");
    pdf.add(stream("/Type /ObjStm /N 1 /First 4 /Extends 6 0 R", b"7 0 (a)"));
    pdf.add(stream("/Type /ObjStm /N 1 /First 4 /Extends 5 0 R", b"8 0 (a)"));
    pdf.write("")
}

/// Ten million objects are promised by the trailer, five are there.
fn size() -> Vec<u8> {
    let file = page(stream("", b"0 0 9 9 re f"), "", "").write("");
    let text = file.iter().map(|byte| char::from(*byte)).collect::<String>();
    text.replace("/Size 5 ", "/Size 10000000 ").into_bytes()
}

/// Ten million free entries in a table that is a stream of some kilobytes.
fn declared() -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut entries: Vec<u8> = vec![0; 5];
    for (number, body) in page(stream("", b"0 0 9 9 re f"), "", "").0.iter().enumerate() {
        entries.push(1);
        entries.extend((file.len() as u32).to_be_bytes());
        file.extend(format!("{} 0 obj\n", number + 1).bytes());
        file.extend(body);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    entries.resize(50_000_000, 0);
    file.extend(b"5 0 obj\n");
    let dictionary = "/Type /XRef /Size 10000000 /W [1 4 0] /Root 1 0 R /Filter /FlateDecode";
    file.extend(stream(dictionary, &zlib(&entries)));
    file.extend(format!("\nendobj\nstartxref\n{start}\n%%EOF\n").bytes());
    file
}

fn objects() -> Vec<u8> {
    let mut pdf = page(stream("", b"0 0 9 9 re f"), "", "");
    for _ in 0..1_000_001 {
        pdf.add("0");
    }
    pdf.write("")
}

fn arrays() -> Vec<u8> {
    let mut pdf = page(stream("", b"0 0 9 9 re f"), "", "/Lang 5 0 R");
    pdf.add([b"[".repeat(1_000_000), b"]".repeat(1_000_000)].concat());
    pdf.write("")
}

fn outline_loop() -> Vec<u8> {
    let mut pdf = page(stream("", b"0 0 9 9 re f"), "", "/Outlines 5 0 R");
    pdf.add("<< /Type /Outlines /First 6 0 R /Last 6 0 R /Count 1 >>");
    pdf.add("<< /Title (a) /Parent 5 0 R /Next 6 0 R /First 6 0 R /Last 6 0 R /Dest [3 0 R /Fit] >>");
    pdf.write("")
}

fn pattern_itself() -> Vec<u8> {
    let mut pdf = page(stream("", b"/Pattern cs /P scn 0 0 200 200 re f"), "/Pattern << /P 5 0 R >>", "");
    let entries = "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 1 /YStep 1 \
                   /Resources << /Pattern << /P 5 0 R >> >>";
    pdf.add(stream(entries, b"/Pattern cs /P scn 0 0 1 1 re f"));
    pdf.write("")
}

fn laughing() -> Vec<u8> {
    let mut pdf = page(stream("", b"0 0 9 9 re f"), "", "/Metadata 5 0 R");
    let packet = format!(
        "{}<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><a>&l9;&file;</a></x:xmpmeta>",
        super::packages::laughs("x:xmpmeta")
    );
    pdf.add(stream("/Type /Metadata /Subtype /XML", packet.as_bytes()));
    pdf.write("")
}

fn picture(filter: &str, entries: &str, bits: u32, data: &[u8]) -> Vec<u8> {
    let mut pdf = page(stream("", b"9 0 0 9 0 0 cm /I Do"), "/XObject << /I 5 0 R >>", "");
    let entries = format!(
        "/Type /XObject /Subtype /Image /Width 65500 /Height 65500 /ColorSpace /DeviceGray /BitsPerComponent {bits} \
         /Filter /{filter} {entries}"
    );
    pdf.add(stream(&entries, data));
    pdf.write("")
}

fn image(filter: &str, entries: &str, bits: u32) -> Vec<u8> {
    let data = if filter == "FlateDecode" { zlib(&[0; 1_000]) } else { vec![0x00, 0x10, 0x01] };
    picture(filter, entries, bits, &data)
}

/// One page of that size, without any region in it.
fn jbig2() -> Vec<u8> {
    let mut data = vec![0, 0, 0, 0, 48, 0, 1, 0, 0, 0, 19];
    data.extend(65_500_u32.to_be_bytes());
    data.extend(65_500_u32.to_be_bytes());
    data.extend([0; 11]);
    picture("JBIG2Decode", "", 1, &data)
}
