//! Codes a cleaned GIF anew: the colour indices of every picture are decoded and compressed again, all other blocks stay.

use weezl::{BitOrder, decode::Decoder, encode::Encoder};

use super::blocks::{Block, Blocks, Picture, TRAILER, write_sub_blocks};
use crate::formats::Context;
use crate::refusal::Refusal;

/// The file with its pictures coded anew.
///
/// # Errors
/// [`crate::Reason::Damaged`] where the decoder stumbles, [`crate::Reason::OverLimit`].
pub(super) fn reencode(copy: &[u8], context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
    let mut blocks = Blocks::new(copy)?;
    let mut out = blocks.head().to_vec();
    loop {
        match blocks.next()? {
            Block::Padding(_) => {}
            Block::Control(data) => {
                out.extend_from_slice(&[0x21, 0xf9, 4]);
                out.extend_from_slice(data);
                out.push(0);
            }
            Block::Picture(picture) => {
                out.extend_from_slice(picture.head);
                out.push(picture.bits);
                write_sub_blocks(&recode(&picture, context)?, &mut out);
            }
            Block::Extension(extension) => {
                out.extend_from_slice(&[0x21, extension.label]);
                out.extend_from_slice(extension.raw);
            }
            Block::End => {
                out.push(TRAILER);
                return Ok(out);
            }
        }
    }
}

/// The data of a picture, decoded to colour indices and compressed again.
fn recode(picture: &Picture<'_>, context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
    let broken = || Refusal::damaged("a picture cannot be decoded to be coded anew");
    let pixels = usize::from(picture.width).saturating_mul(usize::from(picture.height));
    context.charge_decompressed(pixels as u64)?;
    let mut indices = vec![0; pixels];
    let made = Decoder::new(BitOrder::Lsb, picture.bits).decode_bytes(&picture.data, &mut indices);
    made.status.map_err(|_| broken())?;
    // Fewer pixels than stated: the others stay as they are.
    indices.truncate(made.consumed_out);
    if picture.bits < 8 && indices.iter().any(|index| index >> picture.bits != 0) {
        return Err(broken());
    }
    Encoder::new(BitOrder::Lsb, picture.bits).encode(&indices).map_err(|_| broken())
}
