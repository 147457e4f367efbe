//! The colour indexes of a picture, unpacked by the `weezl` decoder.

use weezl::decode::Configuration;
use weezl::{BitOrder, LzwStatus};

use crate::refusal::Refusal;

/// Pixels that an image descriptor (without its first byte) states.
pub(super) fn count(descriptor: &[u8]) -> u64 {
    match descriptor {
        [_, _, _, _, w0, w1, h0, h1, ..] => {
            u64::from(u16::from_le_bytes([*w0, *w1])).saturating_mul(u64::from(u16::from_le_bytes([*h0, *h1])))
        }
        _ => 0,
    }
}

/// Unpacks at most `count` pixels into `take`. With `to_end` it goes on behind them to the end code. Returns whether the
/// pixels end with the end code and that ends in the last byte; without `to_end` it may not get to see that.
pub(super) fn decode(
    bits: u8,
    data: &[u8],
    count: u64,
    to_end: bool,
    take: &mut dyn FnMut(&[u8]),
) -> Result<bool, Refusal> {
    let broken = || Refusal::damaged("a compressed picture is broken");
    if bits > 8 {
        return Err(broken());
    }
    let mut decoder = Configuration::new(BitOrder::Lsb, bits).with_yield_on_full_buffer(true).build();
    let mut window = vec![0; 64 << 10];
    let mut left = count;
    let mut surplus = false;
    // The last byte comes alone: before it there must be no end.
    let (most, last) = data.split_at_checked(data.len().saturating_sub(1)).unwrap_or_default();
    for (mut input, is_last) in [(most, false), (last, true)] {
        loop {
            if left == 0 && !to_end {
                return Ok(false);
            }
            let room = if left == 0 { window.len() } else { usize::try_from(left).unwrap_or(usize::MAX) };
            let size = room.min(window.len());
            let output = window.get_mut(..size).ok_or_else(broken)?;
            let result = decoder.decode_bytes(input, output);
            let status = result.status.map_err(|_| broken())?;
            input = input.get(result.consumed_in..).unwrap_or_default();
            let made = output.get(..result.consumed_out).unwrap_or_default();
            if left > 0 {
                take(made);
                left = left.saturating_sub(made.len() as u64);
            } else {
                surplus |= !made.is_empty();
            }
            match status {
                LzwStatus::Done => return Ok(is_last && !surplus && input.is_empty()),
                _ if result.consumed_in == 0 && result.consumed_out == 0 => break,
                _ => {}
            }
        }
    }
    if left > 0 { Err(Refusal::damaged("a compressed picture is cut off")) } else { Ok(false) }
}
