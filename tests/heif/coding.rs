//! Coded bytes built by code: units that no decoder takes, but in the order and with the sizes that one expects.

use crate::fixtures::atom;

/// A unit of AV1 with its size.
pub(crate) fn obu(kind: u8, data: &[u8]) -> Vec<u8> {
    assert!(data.len() < 128);
    [&[kind << 3 | 2, data.len() as u8], data].concat()
}

/// A NAL unit of HEVC behind its size.
pub(crate) fn nal(kind: u8, data: &[u8]) -> Vec<u8> {
    let size = data.len() as u32 + 2;
    [&size.to_be_bytes()[..], &[kind << 1, 1], data].concat()
}

/// A NAL unit of AVC behind its size.
pub(crate) fn avc_nal(kind: u8, data: &[u8]) -> Vec<u8> {
    let size = data.len() as u32 + 1;
    [&size.to_be_bytes()[..], &[kind], data].concat()
}

/// Messages of supplemental enhancement information, without a header.
pub(crate) fn messages(messages: &[(usize, &[u8])]) -> Vec<u8> {
    let number = |mut value: usize| {
        let mut bytes = Vec::new();
        while value >= 255 {
            bytes.push(255);
            value -= 255;
        }
        bytes.push(value as u8);
        bytes
    };
    let mut made = Vec::new();
    for (kind, payload) in messages {
        made.extend([number(*kind), number(payload.len()), payload.to_vec()].concat());
    }
    made.push(0x80);
    escaped(&made)
}

/// With a three behind every two zeros that would look like the beginning of a start code.
fn escaped(plain: &[u8]) -> Vec<u8> {
    let mut made: Vec<u8> = Vec::new();
    let mut zeros = 0;
    for byte in plain {
        if zeros == 2 && *byte <= 3 {
            made.push(3);
            zeros = 0;
        }
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        made.push(*byte);
    }
    made
}

/// A frame of a coding.
pub(crate) fn frame(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    match kind {
        b"av01" => obu(6, data),
        b"avc1" => avc_nal(5, data),
        _ => nal(19, data),
    }
}

/// The contents of `hvcC` with these lists of units, whose sizes take four bytes.
pub(crate) fn hevc_config(lists: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut made = vec![1; 21];
    made.extend([3, lists.len() as u8]);
    for (kind, unit) in lists {
        made.extend([*kind, 0, 1]);
        // The unit comes behind a size of four bytes, and goes behind one of two.
        made.extend(&unit[2..]);
    }
    made
}

/// The box that sets up a decoder.
pub(crate) fn config(kind: &[u8; 4]) -> Vec<u8> {
    match kind {
        b"av01" => atom(b"av1C", &[&[0x81, 0, 0x0c, 0][..], &obu(1, b"config")].concat()),
        b"avc1" => {
            let (sps, pps) = (avc_nal(7, b"config"), avc_nal(8, b"more"));
            atom(b"avcC", &[&[1, 66, 0, 30, 0xff, 0xe1][..], &sps[2..], &[1], &pps[2..]].concat())
        }
        _ => atom(b"hvcC", &hevc_config(&[(32, nal(32, b"config"))])),
    }
}
