//! Damaged pages that hide text in many ways: reading them ends, with a refusal or with what is left of them.

use fieldstrip::formats::Context;
use fieldstrip::limits::{Limits, Spent};
use fieldstrip::text::extract;
use fieldstrip::{Kind, Policy, Reason};

use crate::fixtures::page_around;
use crate::kinds::LAYERS;

/// A page with masks, patterns, layers, forms, an annotation and replacement texts.
fn crowded() -> Vec<u8> {
    let content = "/OC/Off BDC TEXT EMC /OC/And BDC TEXT EMC /OffForm Do /OnForm Do q /Faded gs TEXT Q q /Masked gs /Gr Do Q\
        /Pattern cs /Solid scn 60 600 200 120 re f TEXT q 200 0 0 120 60 600 cm /Mk Do Q /Multiply gs 1 g TEXT\
        /P<</MCID 0/ActualText(Jane Doe)>>BDC BT /T3 12 Tf 72 520 Td (TERCES) Tj ET EMC";
    let annotation = "/Annots[<</Type/Annot/Subtype/Stamp/Rect[0 0 612 792]/AP<</N 38 0 R>>/OC 50 0 R>>]";
    let word = "BT /Ls 12 Tf 72 620 Td <0035002600330024> Tj ET";
    let mut fixture = page_around(word, content, annotation, &format!("{LAYERS}/StructTreeRoot 80 0 R"));
    fixture.add(80, "<</Type/StructTreeRoot/K 81 0 R>>");
    fixture.add(81, "<</Type/StructElem/S/P/P 80 0 R/Pg 3 0 R/K[0 81 0 R]/ActualText(John Roe)>>");
    fixture.bytes()
}

fn reads(bytes: &[u8]) -> Result<(), Reason> {
    let mut policy = Policy::strictest().clone();
    policy.limits = Limits { image_pixels: 1 << 22, decompressed_bytes: 64 << 20, ..Limits::default() };
    let spent = Spent::default();
    extract(Kind::Pdf, bytes, &Context::new(&policy, &spent)).map(|_| ()).map_err(|refusal| refusal.reason)
}

#[test]
fn cut_and_flipped_pages_are_read_or_refused() {
    let whole = crowded();
    assert_eq!(reads(&whole), Ok(()));
    for part in 0..64 {
        assert_ne!(reads(&whole[..whole.len() * part / 64]), Err(Reason::Internal), "part {part}");
    }
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..128 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = usize::try_from(state >> 33).unwrap() % whole.len();
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (state & 7);
        assert_ne!(reads(&flipped), Err(Reason::Internal), "byte {at}");
    }
}
