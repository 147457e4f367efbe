//! JPEG photos with everything that cameras and editors put into them (ITU-T T.81, Annex B; Exif 2.32; XMP part 3; IIM 4.2).

use anyhow::{Context as _, Result};
use image::RgbImage;

use super::tiff::{Exif, Value, block};
use super::{picture, story, xmp};

/// How the pixels of a photo are stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stored {
    /// As they are seen.
    Upright,
    /// On their side; the orientation tag tells a viewer to turn them.
    Sideways,
}

/// A photo that tells a lot: camera, owner, position, author, a preview from before it was edited, notes behind its end.
///
/// `width` and `height` are those that a viewer shows.
pub(crate) fn photo(width: u32, height: u32, stored: Stored) -> Result<Vec<u8>> {
    let encode = |picture: RgbImage, quality| match stored {
        Stored::Upright => picture::jpeg(&picture, quality),
        Stored::Sideways => picture::jpeg(&image::imageops::rotate270(&picture), quality),
    };
    let before_editing = encode(picture::harbour(width / 4, height / 4, true), 70)?;
    let mut photo = with_segments(
        &encode(picture::harbour(width, height, false), 82)?,
        &[
            (0xE1, [b"Exif\0\0".as_slice(), &block(camera_data(stored, before_editing))?].concat()),
            (
                0xE1,
                [b"http://ns.adobe.com/xap/1.0/\0", xmp::packet("Harbour at dusk", "Example Edit 9.1").as_bytes()]
                    .concat(),
            ),
            (0xED, press_data()?),
            (0xFE, format!("Exported by {} from {}harbour.psd", story::AUTHOR, story::FOLDER).into_bytes()),
        ],
    )?;
    photo.extend(format!("\n-- trailing note: pick this one, {} --\n", story::MANAGER).bytes());
    Ok(photo)
}

/// A photo without any metadata.
pub(crate) fn plain(width: u32, height: u32) -> Result<Vec<u8>> {
    picture::jpeg(&picture::harbour(width, height, true), 75)
}

/// The EXIF block of a camera with a position receiver.
fn camera_data(stored: Stored, thumbnail: Vec<u8>) -> Exif {
    let orientation = match stored {
        Stored::Upright => 1,
        Stored::Sideways => 6, // to be turned by 90 degrees clockwise
    };
    let degrees =
        |[degrees, minutes, hundredths]: [u32; 3]| Value::Rational(vec![(degrees, 1), (minutes, 1), (hundredths, 100)]);
    Exif {
        main: vec![
            (0x010F, Value::text(story::CAMERA_MAKER)),
            (0x0110, Value::text(story::CAMERA)),
            (0x0112, Value::Short(orientation)),
            (0x0131, Value::text("Example Edit 9.1")),
            (0x0132, Value::text("2024:05:02 17:45:00")),
            (0x013B, Value::text(story::AUTHOR)),
            (0x8298, Value::text("(c) 2024 Sandmouth Harbour Office")),
        ],
        photo: vec![
            (0x829A, Value::Rational(vec![(1, 250)])),
            (0x9000, Value::Undefined(b"0232".to_vec())),
            (0x9003, Value::text("2024:05:01 19:58:12")),
            (0x927C, Value::Undefined(format!("EXAMPLE\0body={};shots=1234", story::CAMERA_SERIAL).into_bytes())),
            (0x9286, Value::Undefined([b"ASCII\0\0\0".as_slice(), story::REVIEWER.as_bytes()].concat())),
            (0xA430, Value::text(story::AUTHOR)),
            (0xA431, Value::text(story::CAMERA_SERIAL)),
            (0xA434, Value::text("Example 24-70mm F2.8")),
            (0xA435, Value::text(story::LENS_SERIAL)),
        ],
        gps: vec![
            (0x0000, Value::Byte(vec![2, 3, 0, 0])),
            (0x0001, Value::text("S")),
            (0x0002, degrees(story::LATITUDE)),
            (0x0003, Value::text("W")),
            (0x0004, degrees(story::LONGITUDE)),
            (0x001D, Value::text("2024:05:01")),
        ],
        thumbnail,
    }
}

/// A Photoshop resource block with IPTC fields: by-line, city, caption, writer.
fn press_data() -> Result<Vec<u8>> {
    let mut fields = Vec::new();
    for (number, text) in
        [(80u8, story::AUTHOR), (90, "Sandmouth"), (120, "The harbour at dusk"), (122, story::REVIEWER)]
    {
        fields.extend([0x1C, 2, number]);
        fields.extend(u16::try_from(text.len())?.to_be_bytes());
        fields.extend(text.bytes());
    }
    let mut out = b"Photoshop 3.0\x008BIM\x04\x04\0\0".to_vec();
    out.extend(u32::try_from(fields.len())?.to_be_bytes());
    out.extend(&fields);
    if fields.len() % 2 == 1 {
        out.push(0);
    }
    Ok(out)
}

/// Puts segments behind the start of the image and its JFIF header.
fn with_segments(jpeg: &[u8], segments: &[(u8, Vec<u8>)]) -> Result<Vec<u8>> {
    let length = jpeg.get(4..6).context("no first segment")?;
    let header = 4 + usize::from(u16::from_be_bytes(length.try_into()?));
    let (head, body) = jpeg.split_at_checked(header).context("no body")?;
    let mut out = head.to_vec();
    for (marker, payload) in segments {
        out.extend([0xFF, *marker]);
        out.extend(u16::try_from(payload.len() + 2)?.to_be_bytes());
        out.extend(payload);
    }
    out.extend(body);
    Ok(out)
}
