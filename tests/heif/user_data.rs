//! User data, filler and files within coded pictures: they go, and the picture stays byte by byte.

use fieldstrip::formats::Hit;
use fieldstrip::policy::Class;
use fieldstrip::{Reason, clean};

use crate::coding::{avc_nal, frame, hevc_config, messages, nal, obu};
use crate::fixtures::{Heif, atom};
use crate::{cleaned, holds, metadata, refused_or_proved};

const HDR10_PLUS: &[u8] = &[0xb5, 0, 0x3c, 0, 1, 4, 1, 2, 3];

/// A still picture with other coded bytes.
fn still(kind: &[u8; 4], data: Vec<u8>) -> Heif {
    let mut heif = Heif::still(kind);
    heif.items[0].data = vec![data];
    heif
}

/// Cleans a picture and checks that nothing but `expected` is left of its coded bytes.
fn check(kind: &[u8; 4], data: &[Vec<u8>], expected: &[Vec<u8>], hits: &[(Class, &str)]) {
    let copy = cleaned(&still(kind, data.concat()).build());
    assert_eq!(copy.bytes, cleaned(&still(kind, expected.concat()).build()).bytes);
    assert!(copy.bytes.ends_with(&atom(b"mdat", &expected.concat())));
    assert!(!metadata::holds_marker(&copy.bytes));
    let found: Vec<(Class, &str)> =
        copy.report.hits.iter().map(|Hit { class, item, .. }| (*class, item.as_str())).collect();
    assert_eq!(found, hits);
}

#[test]
fn units_of_av1_that_carry_no_picture_go() {
    let picture = frame(b"av01", b"picture");
    let kept = [
        obu(2, b""),
        obu(1, b"sequence"),
        obu(5, b"\x01light"),
        obu(5, b"\x02display"),
        obu(5, &[&[4], HDR10_PLUS].concat()),
        picture,
    ];
    let mut all = kept.to_vec();
    all.insert(1, obu(5, b"\x04\xb5\0\x99PLANTED"));
    all.insert(3, obu(5, b"\x05PLANTED"));
    all.push(obu(15, b"PLANTED"));
    all.push(obu(9, b"PLANTED"));
    // The last unit needs no size.
    all.push([&[5 << 3, 0x20][..], b"PLANTED"].concat());
    check(
        b"av01",
        &all,
        &kept,
        &[
            (Class::MetadataOther, "OBU metadata ITU-T T.35"),
            (Class::MetadataDates, "OBU metadata timecode"),
            (Class::ContentUnreferenced, "OBU padding"),
            (Class::ContentUnknown, "OBU of reserved type 9"),
            (Class::MetadataOther, "OBU metadata of an unknown type"),
        ],
    );
}

#[test]
fn units_of_hevc_that_carry_no_picture_go() {
    let kept = [
        nal(39, &messages(&[(137, b"display"), (4, HDR10_PLUS)])),
        frame(b"hvc1", b"picture"),
        nal(40, &messages(&[(132, b"hash")])),
    ];
    let mut all = kept.to_vec();
    all.insert(0, nal(39, &messages(&[(5, b"0123456789abcdefPLANTED x265"), (4, b"\xb5PLANTED"), (200, b"PLANTED")])));
    all.insert(2, nal(39, &messages(&[(136, b"PLANTED")])));
    all.push(nal(38, b"PLANTED"));
    all.push(nal(62, b"PLANTED"));
    check(
        b"hvc1",
        &all,
        &kept,
        &[
            (Class::MetadataSoftware, "SEI user data"),
            (Class::MetadataOther, "SEI user data ITU-T T.35"),
            (Class::MetadataOther, "SEI message of type 200"),
            (Class::MetadataDates, "SEI time code"),
            (Class::ContentUnreferenced, "NAL unit of filler"),
            (Class::ContentUnknown, "NAL unit of type 62"),
        ],
    );
}

#[test]
fn units_of_avc_that_carry_no_picture_go() {
    let kept = [avc_nal(9, b"x"), frame(b"avc1", b"picture")];
    let mut all = kept.to_vec();
    all.insert(1, avc_nal(6, &messages(&[(5, b"0123456789abcdefPLANTED x264"), (1, b"PLANTED")])));
    all.push(avc_nal(12, b"PLANTED"));
    let hits = [
        (Class::MetadataSoftware, "SEI user data"),
        (Class::MetadataDates, "SEI picture timing"),
        (Class::ContentUnreferenced, "NAL unit of filler"),
    ];
    check(b"avc1", &all, &kept, &hits);
}

#[test]
fn messages_of_one_unit_are_told_apart() {
    // Zeros in a payload get a byte that keeps them from being a start code, also where one message now follows another.
    let user = [b"0123456789abcdef".as_slice(), &[b'P'; 300], b"PLANTED"].concat();
    let mixed = messages(&[(137, &[7, 0, 0, 0, 0]), (5, &user), (144, &[0, 0, 1, 0])]);
    let mixed = nal(39, &mixed);
    let expected = nal(39, &messages(&[(137, &[7, 0, 0, 0, 0]), (144, &[0, 0, 1, 0])]));
    let picture = frame(b"hvc1", b"picture");
    let hits = [(Class::MetadataSoftware, "SEI user data")];
    check(b"hvc1", &[mixed, picture.clone()], &[expected, picture], &hits);
}

#[test]
fn the_configuration_of_a_decoder_is_cleaned_too() {
    let note = messages(&[(5, b"0123456789abcdefPLANTED x265")]);
    let mut heif = Heif::still(b"hvc1");
    let mut config = hevc_config(&[(32, nal(32, b"config")), (39, nal(39, &note))]);
    config.extend(b"PLANTED behind");
    heif.properties[1] = atom(b"hvcC", &config);
    let copy = cleaned(&heif.build());
    assert_eq!(copy.bytes, cleaned(&Heif::still(b"hvc1").build()).bytes);
    assert!(copy.report.hits.iter().any(|hit| hit.item == "bytes behind hvcC"));
    let mut heif = Heif::still(b"av01");
    heif.properties[1] = atom(b"av1C", &[&[0x81, 0, 12, 0][..], &obu(1, b"config"), &obu(5, b"\x04PLANTED")].concat());
    assert!(!metadata::holds_marker(&cleaned(&heif.build()).bytes));
    let mut heif = Heif::still(b"avc1");
    heif.properties[1] = atom(b"avcC", &[&heif.properties[1][8..], b"PLANTED"].concat());
    assert!(!metadata::holds_marker(&cleaned(&heif.build()).bytes));
}

#[test]
fn units_in_several_extents_are_followed() {
    let mut heif = Heif::still(b"hvc1");
    let note = nal(39, &messages(&[(5, b"0123456789abcdefPLANTED")]));
    let bytes = [frame(b"hvc1", b"one"), note, frame(b"hvc1", b"two")].concat();
    heif.items[0].data = vec![bytes[..20].to_vec(), bytes[20..].to_vec()];
    let copy = cleaned(&heif.build());
    assert!(copy.bytes.ends_with(&[frame(b"hvc1", b"one"), frame(b"hvc1", b"two")].concat()));
    // An extent of nothing would be one of all bytes.
    heif.items[0].data = vec![bytes[..9].to_vec(), bytes[9..41].to_vec(), bytes[41..].to_vec()];
    let refused = clean(&heif.build(), "", crate::metadata::policy()).expect_err("an extent without a picture");
    assert_eq!(refused.reason, Reason::Damaged);
}

#[test]
fn layers_are_not_shifted() {
    let mut heif = still(b"av01", [frame(b"av01", b"layer"), obu(15, b"PLANTED")].concat());
    heif.properties.push(atom(b"a1lx", &[0, 0, 7, 0, 0, 0, 0]));
    heif.items[0].properties.push((false, 5));
    let refused = clean(&heif.build(), "", crate::metadata::policy()).expect_err("layers by size");
    assert_eq!(refused.reason, Reason::Unsupported);
}

#[test]
fn a_coded_jpeg_is_cleaned_as_one() {
    let mut jpeg = Vec::new();
    let pixels = image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([x as u8 * 3, y as u8 * 5, 90]));
    pixels.write_to(&mut std::io::Cursor::new(&mut jpeg), image::ImageFormat::Jpeg).unwrap();
    let laden = [&jpeg[..2], b"\xff\xfe\0\x09PLANTED", &jpeg[2..], b"PLANTED behind"].concat();
    let heif = |data: Vec<u8>| {
        let mut heif = still(b"jpeg", data);
        heif.items[0].properties = vec![(false, 1), (true, 4)];
        heif.build()
    };
    let copy = cleaned(&heif(laden));
    assert!(!metadata::holds_marker(&copy.bytes));
    assert_eq!(copy.report.embedded.len(), 1);
    assert!(copy.proof.checks.iter().any(|check| check.name == "pixels-equal"), "{:?}", copy.proof.checks);
    assert!(holds(&copy.bytes, &jpeg[jpeg.len() - 200..]), "the coded picture stays");
    let refused = clean(&heif(b"no JPEG at all".to_vec()), "", crate::metadata::policy()).expect_err("not a picture");
    assert!(!refused.part.is_empty());
}

#[test]
fn cut_and_flipped_units_are_refused_or_proved() {
    let note = messages(&[(137, b"display"), (5, b"0123456789abcdefPLANTED x265")]);
    let hevc = still(b"hvc1", [nal(39, &note), frame(b"hvc1", b"picture"), nal(38, b"filler")].concat()).build();
    let metadata = [obu(5, b"\x04PLANTED"), frame(b"av01", b"picture"), obu(15, b"padding")].concat();
    for bytes in [hevc, still(b"av01", metadata).build()] {
        for bit in (0..bytes.len() * 8).step_by(3) {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            refused_or_proved("units", &flipped);
        }
    }
}
