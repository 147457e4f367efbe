//! Animated PNG: the frames behind the first picture (PNG 3rd edition, section 11.3.6).

use super::header::Header;
use crate::refusal::Refusal;

/// A frame control chunk and the pieces of its picture.
pub(super) struct Frame<'a> {
    /// Contents of fcTL without the sequence number, which is counted anew.
    pub(super) control: &'a [u8],
    pub(super) width: u32,
    pub(super) height: u32,
    /// Contents of its fdAT chunks without the sequence numbers; empty when its picture is that of the IDAT chunks.
    pub(super) pieces: Vec<&'a [u8]>,
}

/// The animation as it is read, chunk by chunk.
#[derive(Default)]
pub(super) struct Animation<'a> {
    /// Contents of acTL.
    pub(super) control: Option<&'a [u8]>,
    /// The frames; the first may use the main picture.
    pub(super) frames: Vec<Frame<'a>>,
    /// Whether the main picture is the first frame.
    pub(super) starts_with_main: bool,
    next: u32,
}

impl<'a> Animation<'a> {
    /// Takes acTL: number of frames and of repetitions.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when it has the wrong size or states no frames.
    pub(super) fn take_control(&mut self, data: &'a [u8]) -> Result<(), Refusal> {
        match data {
            [f3, f2, f1, f0, _, _, _, _] if u32::from_be_bytes([*f3, *f2, *f1, *f0]) > 0 => {
                self.control = Some(data);
                Ok(())
            }
            _ => Err(Refusal::damaged("the animation control chunk is not valid")),
        }
    }

    /// Takes fcTL. `before_main` tells that no IDAT has come yet.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when it is malformed, out of sequence or does not fit the image.
    pub(super) fn take_frame(&mut self, data: &'a [u8], before_main: bool, header: &Header) -> Result<(), Refusal> {
        let damaged = || Refusal::damaged("a frame control chunk is not valid");
        let control = self.in_sequence(data)?;
        let number = |at: usize| -> Option<u32> {
            let bytes = control.get(at..at.checked_add(4)?)?;
            Some(u32::from_be_bytes(bytes.try_into().ok()?))
        };
        let [width, height, left, top] = [number(0), number(4), number(8), number(12)].map(Option::unwrap_or_default);
        let inside = |side: u32, at: u32, whole: u32| side > 0 && at.checked_add(side).is_some_and(|end| end <= whole);
        let whole = (width, height, left, top) == (header.width, header.height, 0, 0);
        let [.., dispose, blend] = control else { return Err(damaged()) };
        let valid = control.len() == 22
            && inside(width, left, header.width)
            && inside(height, top, header.height)
            && *dispose <= 2
            && *blend <= 1
            && (!before_main || (whole && self.frames.is_empty()));
        if !valid {
            return Err(damaged());
        }
        self.starts_with_main |= before_main;
        self.frames.push(Frame { control, width, height, pieces: Vec::new() });
        Ok(())
    }

    /// Takes fdAT.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when it is out of sequence or belongs to no frame.
    pub(super) fn take_data(&mut self, data: &'a [u8]) -> Result<(), Refusal> {
        let piece = self.in_sequence(data)?;
        let main_only = self.starts_with_main && self.frames.len() == 1;
        match self.frames.last_mut() {
            Some(frame) if !main_only => frame.pieces.push(piece),
            _ => return Err(Refusal::damaged("a frame data chunk without a frame")),
        }
        Ok(())
    }

    /// Checks at the end that the frames are all there.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when they are not.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let stated =
            self.control.and_then(|control| control.first_chunk::<4>()).map_or(0, |count| u32::from_be_bytes(*count));
        let missing = self.frames.iter().skip(usize::from(self.starts_with_main)).any(|frame| frame.pieces.is_empty());
        if usize::try_from(stated) != Ok(self.frames.len()) || missing {
            return Err(Refusal::damaged("frames of the animation are missing"));
        }
        Ok(())
    }

    /// What follows the sequence number, if that is the next one.
    fn in_sequence(&mut self, data: &'a [u8]) -> Result<&'a [u8], Refusal> {
        match data.split_first_chunk::<4>() {
            Some((number, rest)) if u32::from_be_bytes(*number) == self.next => {
                self.next = self.next.saturating_add(1);
                Ok(rest)
            }
            _ => Err(Refusal::damaged("a chunk of the animation is out of sequence")),
        }
    }
}
