use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::*;

const HEAD: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";

fn found(bytes: &[u8], start: usize) -> Option<Vec<u32>> {
    objects(bytes, start, 1 << 20).map(|objects| objects.locations.into_keys().collect())
}

/// A file with a table and the offset of it; `objects` stand as they are.
fn with_table(objects: &[&str]) -> (Vec<u8>, usize) {
    let mut bytes = HEAD.to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for object in objects {
        table.push_str(&format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend_from_slice(object.as_bytes());
    }
    let start = bytes.len();
    bytes.extend_from_slice(format!("{table}trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes());
    (bytes, start)
}

#[test]
fn objects_fill_a_file_with_a_table() {
    let first = "1 0 obj\n<</A[1 -2.5(a\\)b)<0a>null]/B 2 0 R>>\nendobj\n";
    let second = "2 0 obj\n<</Length 9>>\nstream\n endobj\n\0\nendstream\nendobj\n";
    let (good, start) = with_table(&[first, second]);
    assert_eq!(found(&good, start), Some(vec![1, 2]));
    for (what, objects) in [
        ("a comment before", ["% text\n1 0 obj\nnull\nendobj\n", second]),
        ("a comment behind", ["1 0 obj\nnull\nendobj\n% text\n", second]),
        ("a comment within", ["1 0 obj\n[1% text\n]\nendobj\n", second]),
        ("padding", ["1 0 obj\n[1  2]\nendobj\n", second]),
        ("padding of a number", ["01 0 obj\n1\nendobj\n", second]),
        ("two values", ["1 0 obj\n1 2\nendobj\n", second]),
        ("an object that the table leaves out", [&format!("{first}3 0 obj\n1\nendobj\n"), second]),
        ("an object twice", [first, first]),
        ("an open array", ["1 0 obj\n[1\nendobj\n", second]),
        ("text behind a stream", [first, &second.replace("\0\nends", "\0text\nends")]),
    ] {
        let (bad, start) = with_table(&objects);
        assert_eq!(found(&bad, start), None, "{what}");
    }
    assert_eq!(found(&[good.as_slice(), b"text"].concat(), start), None, "text behind the end");
}

/// A file with its first two objects in an object stream with this header and body, and these rows of cross-references.
fn with_streams(header: &str, body: &str, rows: &[[u8; 4]]) -> (Vec<u8>, usize) {
    let packed = |plain: &[u8]| {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    };
    let mut bytes = HEAD.to_vec();
    let mut add = |number: u8, keys: &str, plain: &[u8]| {
        let (at, data) = (bytes.len(), packed(plain));
        bytes.extend_from_slice(
            format!("{number} 0 obj\n<<{keys}/Filter/FlateDecode/Length {}>>\nstream\n", data.len()).as_bytes(),
        );
        bytes.extend_from_slice(&data);
        bytes.extend_from_slice(b"\nendstream\nendobj\n");
        at
    };
    add(3, &format!("/Type/ObjStm/N 2/First {}", header.len()), format!("{header}{body}").as_bytes());
    let start = add(4, "/Type/XRef/Size 5/W[1 2 1]/Root 1 0 R", &rows.concat());
    bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
    (bytes, start)
}

#[test]
fn objects_fill_a_file_with_object_streams() {
    type Rows = [[u8; 4]; 5];
    type Change = fn(&mut Rows);
    let file = |header: &str, body: &str, change: Change| {
        let start = with_streams(header, body, &[]).1;
        let mut rows = [[0; 4], [2, 0, 3, 0], [2, 0, 3, 1], [1, 0, 15, 0], [1, 0, u8::try_from(start).unwrap(), 0]];
        change(&mut rows);
        with_streams(header, body, &rows)
    };
    let (header, body) = ("1 0 2 5 ", "null\n[1]\n");
    let (good, start) = file(header, body, |_| {});
    assert_eq!(found(&good, start), Some(vec![1, 2, 3, 4]));
    let cases: [(&str, &str, &str, Change); 6] = [
        ("text between objects", "1 0 2 9 ", "null text\n[1]\n", |_| {}),
        ("text behind objects", header, "null\n[1]\ntext", |_| {}),
        ("text behind numbers", "1 0 2 5 text", body, |_| {}),
        ("a wrong offset", header, body, |rows| rows[3][2] = 16),
        ("a wrong index", header, body, |rows| rows[2][3] = 7),
        ("a wrong free object", header, body, |rows| rows[0][3] = 7),
    ];
    for (what, header, body, change) in cases {
        let (bad, start) = file(header, body, change);
        assert_eq!(found(&bad, start), None, "{what}");
    }
}
