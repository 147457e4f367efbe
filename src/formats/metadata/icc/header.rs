//! The header of a profile (section 7.2): which fields stay, and which are zero afterwards.

use super::types::long;

/// Bytes of the header.
pub(super) const SIZE: usize = 128;

/// What a profile converts from and to, and for whom.
pub(super) struct Header {
    /// Profile version: major and minor number.
    version: [u8; 2],
    class: [u8; 4],
    space: [u8; 4],
    /// The colour space that profiles are connected through: XYZ or Lab.
    connection: [u8; 4],
    intent: u8,
    illuminant: [u8; 12],
    /// Channels of the colour space.
    pub(super) channels: usize,
}

/// The profile without bytes past its stated end, or `None` when it has not even a header.
pub(super) fn profile(bytes: &[u8]) -> Option<&[u8]> {
    let size = usize::try_from(long(bytes, 0)?).ok()?;
    let profile = bytes.get(..size)?;
    (size > SIZE.saturating_add(3) && profile.get(36..40)? == b"acsp").then_some(profile)
}

impl Header {
    /// Reads the header; `None` when it is not that of a profile for pictures: a scanner, display, printer or colour space.
    pub(super) fn parse(profile: &[u8]) -> Option<Self> {
        let field = |at: usize| profile.get(at..)?.first_chunk::<4>().copied();
        let [major, minor, ..] = field(8)?;
        let (class, space, connection) = (field(12)?, field(16)?, field(20)?);
        let known = matches!(major, 2..=4)
            && matches!(&class, b"scnr" | b"mntr" | b"prtr" | b"spac")
            && matches!(&connection, b"XYZ " | b"Lab ");
        // Two bytes of intent; engines take an unknown one for perceptual.
        let intent = match profile.get(66..68)? {
            [0, intent @ 0..=3] => *intent,
            _ => 0,
        };
        let illuminant = *profile.get(68..)?.first_chunk()?;
        let channels = channels(&space)?;
        known.then_some(Self { version: [major, minor], class, space, connection, intent, illuminant, channels })
    }

    /// Whether texts are of the types of version 4.
    pub(super) fn is_version_4(&self) -> bool {
        self.version.first() == Some(&4)
    }

    /// The colour space in a word, as the description of a profile without any.
    pub(super) fn space_title(&self) -> &'static str {
        match &self.space {
            b"RGB " => "RGB",
            b"GRAY" => "Gray",
            b"CMYK" => "CMYK",
            b"Lab " => "Lab",
            _ => "none",
        }
    }

    pub(super) fn is_gray(&self) -> bool {
        &self.space == b"GRAY"
    }

    pub(super) fn is_rgb(&self) -> bool {
        &self.space == b"RGB "
    }

    /// The header of the copy: date, platform, flags, device, creator and ID are zero, which means that they are not told.
    pub(super) fn write(&self, size: u32) -> Vec<u8> {
        [
            size.to_be_bytes().as_slice(),
            &[0; 4],
            &self.version,
            &[0; 2],
            &self.class,
            &self.space,
            &self.connection,
            &[0; 12],
            b"acsp",
            &[0; 27],
            &[self.intent],
            &self.illuminant,
            &[0; 48],
        ]
        .concat()
    }
}

/// Channels of a colour space (table 19); `None` when it is not known.
fn channels(space: &[u8; 4]) -> Option<usize> {
    match space {
        b"GRAY" => Some(1),
        b"XYZ " | b"Lab " | b"Luv " | b"YCbr" | b"Yxy " | b"RGB " | b"HSV " | b"HLS " | b"CMY " => Some(3),
        b"CMYK" => Some(4),
        [digit, b'C', b'L', b'R'] => {
            char::from(*digit).to_digit(16).filter(|count| *count > 1).map(|count| count as usize)
        }
        _ => None,
    }
}
