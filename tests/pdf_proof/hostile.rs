//! Hostile and broken files: a refusal with a name, or a proof; never a panic, never a hang.

use std::io::Write;
use std::time::{Duration, Instant};

use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::prove::{Side, prover_for};
use fieldstrip::text::extract;
use fieldstrip::{Kind, Policy, Reason};
use proptest::prelude::*;

use crate::fixtures::{Fixture, stream};
use crate::proof;

/// Reads the text and computes the essence; the reason of the refusal of both, if any.
fn look(bytes: &[u8]) -> [Option<(Reason, String)>; 2] {
    let spent = Spent::default();
    let context = Context::new(Policy::strictest(), &spent);
    let text = extract(Kind::Pdf, bytes, &context).err();
    let essence = prover_for(Kind::Pdf).unwrap().essence(Kind::Pdf, bytes, Side::Input, &context).err();
    [text, essence].map(|refusal| refusal.map(|refusal| (refusal.reason, refusal.detail)))
}

fn deflated(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Forms that each draw the next one twice; the last one draws `last`.
fn doubling_forms(count: u32, last: u32) -> Vec<Vec<u8>> {
    (1..=count)
        .map(|index| {
            let next = if index < count { 10 + index } else { last };
            stream(&format!("/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</N {next} 0 R>>>>"), b"/N Do /N Do")
        })
        .collect()
}

#[test]
fn bombs_are_refused_by_the_name_of_their_limit() {
    let zeros = vec![b' '; 64 << 20];
    let twice = deflated(&deflated(&zeros));
    let bomb = stream("/Filter[/FlateDecode/FlateDecode]", &twice);
    let mut content = Fixture::page("", "", "", "", std::slice::from_ref(&bomb));
    content.swap("/Contents 4 0 R", "/Contents 10 0 R");
    let unused = Fixture::page("", "", "", "", &[bomb]);
    let hidden = stream("/Type/ObjStm/N 1/First 4/Filter[/Fl#61teDecode/Fl]", &twice);
    let objects = Fixture::page("", "", "", "", &[hidden]);
    let doubling = Fixture::page("/N Do", "/XObject<</N 10 0 R>>", "", "", &doubling_forms(30, 5));
    // A large form, many times.
    let large = stream("/Subtype/Form/BBox[0 0 9 9]", &vec![b' '; 1 << 20]);
    let many = "/N Do ".repeat(5_000);
    let repeated = Fixture::page(&many, "/XObject<</N 10 0 R>>", "", "", &[large]);
    // Page tree nodes that list the next one twice.
    let mut tree = Fixture::new();
    tree.swap("/Kids[3 0 R 4 0 R]/Count 2", "/Kids[20 0 R 20 0 R]/Count 2");
    for node in 20..60 {
        tree.add(node, format!("<</Type/Pages/Kids[{0} 0 R {0} 0 R]/Count 2>>", node + 1));
    }
    tree.add(60, "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>");
    let picture = stream(
        "/Subtype/Image/Width 100000/Height 100000/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/CCITTFaxDecode",
        b"\0\0",
    );
    let huge = Fixture::page("/N Do", "/XObject<</N 10 0 R>>", "", "", &[picture]);
    for (name, fixture, limit) in [
        ("content", content, "compression-ratio"),
        ("unused stream", unused, "compression-ratio"),
        ("object stream", objects, "compression-ratio"),
        ("doubling forms", doubling, "pdf-form-uses"),
        ("doubling page tree", tree, "pdf-pages"),
        ("a large form many times", repeated, "decompressed-bytes"),
    ] {
        let start = Instant::now();
        for refusal in look(&fixture.bytes()) {
            let (reason, detail) = refusal.unwrap_or_else(|| panic!("{name} was read"));
            assert_eq!(reason, Reason::OverLimit, "{name}: {detail}");
            assert!(detail.contains(limit), "{name}: {detail}");
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{name} took {:?}", start.elapsed());
    }
    let [text, essence] = look(&huge.bytes());
    assert_eq!(text, None, "text does not look at samples");
    assert!(essence.unwrap().1.contains("image-pixels"));
}

/// Patterns whose cell is painted with the next one twice, and fonts whose glyph shows that of the next one twice.
fn doubling_patterns_and_glyphs(count: u32) -> [(&'static str, Fixture); 2] {
    let next = |index: u32| 10 + (index + 1) % count;
    let pattern = |index: u32| {
        let (next, side) = (next(index), 9 + index);
        let entries = format!(
            "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 {side} {side}]/XStep {side}/YStep {side}\
             /Resources<</Pattern<</P {next} 0 R>>>>"
        );
        stream(&entries, b"/Pattern cs /P scn 0 0 5 5 re f /P scn 0 0 4 4 re f")
    };
    let font = |index: u32| {
        let (next, program) = (next(index), 10 + count + index);
        format!(
            "<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 65/LastChar 65/Widths[1]\
             /Encoding<</Differences[65/A]>>/CharProcs<</A {program} 0 R>>/Resources<</Font<</F {next} 0 R>>>>>>"
        )
        .into_bytes()
    };
    let program = |_| stream("", b"1 0 d0 0 0 1 1 re f BT /F 1 Tf (A) Tj (A) Tj ET");
    let fonts: Vec<Vec<u8>> = (0..count).map(font).chain((0..count).map(program)).collect();
    let patterns: Vec<Vec<u8>> = (0..count).map(pattern).collect();
    [
        ("patterns", Fixture::page("/Pattern cs /P scn 0 0 99 99 re f", "/Pattern<</P 10 0 R>>", "", "", &patterns)),
        ("glyphs", Fixture::page("BT /F 9 Tf 9 9 Td (A) Tj ET", "/Font<</F 10 0 R>>", "", "", &fonts)),
    ]
}

#[test]
fn patterns_and_glyphs_that_double_are_refused_or_proved() {
    for (name, fixture) in doubling_patterns_and_glyphs(30) {
        let start = Instant::now();
        let bytes = fixture.bytes();
        look(&bytes);
        let _ = proof(&bytes, &bytes, &Report::default());
        assert!(start.elapsed() < Duration::from_secs(30), "{name} took {:?}", start.elapsed());
    }
}

#[test]
fn deep_and_circular_structures_end() {
    let nested_array = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let nested_dict = format!("{}{}", "<</A".repeat(30_000), ">>".repeat(30_000));
    let arrays_in_content = format!("{} {} TJ", "[".repeat(50_000), "]".repeat(50_000));
    let itself = stream("/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</N 10 0 R>>>>", b"/N Do");
    let glyph =
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/FirstChar 65/LastChar 65/Widths[1]\
        /Encoding<</Differences[65/A]>>/CharProcs<</A 11 0 R>>/Resources<</Font<</F 10 0 R>>>>>>";
    let glyph_program = stream("", b"1 0 d0 BT /F 1 Tf (AA) Tj ET");
    let pattern = stream(
        "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9/Resources<</Pattern<</P 10 0 R>>>>",
        b"/Pattern cs /P scn 0 0 5 5 re f",
    );
    let cases: Vec<(&str, Fixture)> = vec![
        ("arrays", Fixture::page("", "", "", "/X 10 0 R", &[nested_array.into_bytes()])),
        ("dictionaries", Fixture::page("", "", "", "/X 10 0 R", &[nested_dict.into_bytes()])),
        ("arrays in content", Fixture::page(&arrays_in_content, "", "", "", &[])),
        ("forms in a circle", Fixture::page("/N Do", "/XObject<</N 10 0 R>>", "", "", &doubling_forms(3, 10))),
        ("a form in itself", Fixture::page("/N Do", "/XObject<</N 10 0 R>>", "", "", &[itself])),
        (
            "a glyph in itself",
            Fixture::page("BT /F 9 Tf (AA) Tj ET", "/Font<</F 10 0 R>>", "", "", &[glyph.to_vec(), glyph_program]),
        ),
        (
            "a pattern in itself",
            Fixture::page("/Pattern cs /P scn 0 0 9 9 re f", "/Pattern<</P 10 0 R>>", "", "", &[pattern]),
        ),
        ("a bookmark after itself", {
            let mut fixture = Fixture::new();
            fixture.swap("/Prev 13 0 R", "/Prev 13 0 R/Next 13 0 R/First 12 0 R");
            fixture
        }),
        ("a field above itself", {
            let annotation = b"<</Type/Annot/Subtype/Widget/Rect[0 0 1 1]/Parent 10 0 R>>".to_vec();
            Fixture::page("", "", "/Annots[10 0 R]", "", &[annotation])
        }),
        ("a page tree in itself", {
            let mut fixture = Fixture::new();
            fixture.swap("/Kids[3 0 R 4 0 R]", "/Kids[3 0 R 2 0 R 4 0 R]");
            fixture
        }),
        ("a name tree in itself", {
            let mut fixture = Fixture::new();
            fixture.swap("/Outlines", "/Names<</Dests 20 0 R>>/Outlines").add(20, "<</Kids[20 0 R]>>");
            fixture
        }),
        ("a length that is itself", {
            let mut fixture = Fixture::new();
            fixture.add(20, b"<</Length 20 0 R>>\nstream\nx\nendstream".to_vec());
            fixture
        }),
        ("a reference to itself", {
            let mut fixture = Fixture::new();
            fixture.swap("/Outlines 12 0 R", "/Outlines 20 0 R").add(20, "20 0 R");
            fixture
        }),
    ];
    // A worker's stack, not the larger one of the main thread.
    let worker = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        for (name, fixture) in cases {
            let start = Instant::now();
            look(&fixture.bytes());
            let bytes = fixture.bytes();
            let _ = proof(&bytes, &bytes, &Report::default());
            assert!(start.elapsed() < Duration::from_secs(30), "{name} took {:?}", start.elapsed());
        }
    });
    worker.unwrap().join().unwrap();
}

#[test]
fn a_cut_copy_is_refused_or_whole() {
    let whole = Fixture::new().bytes();
    for part in 0..64 {
        let cut = &whole[..whole.len() * part / 64];
        look(cut);
        let refusal = proof(&whole, cut, &Report::default()).expect_err("a cut copy");
        assert_eq!(refusal.reason, Reason::Unprovable, "{part}: {refusal}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_flipped_bit_never_panics(position in 0usize..4_000, bit in 0u8..8) {
        let whole = Fixture::new().bytes();
        let mut flipped = whole.clone();
        let at = position % flipped.len();
        flipped[at] ^= 1 << bit;
        look(&flipped);
        let _ = proof(&whole, &flipped, &Report::default());
    }

    #[test]
    fn noise_never_panics(noise in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut fixture = Fixture::page("", "/Font<</F 5 0 R>>", "", "", &[]);
        fixture.objects.retain(|(number, _)| *number != 4);
        fixture.add(4, stream("", &noise));
        look(&fixture.bytes());
        look(&noise);
    }
}
