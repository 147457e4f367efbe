//! A grid of colours, turned into sRGB by a colour engine, through the profile of the original and through that of the copy.

use moxcms::{ColorProfile, DataColorSpace, Layout, RenderingIntent, TransformOptions};

use crate::refusal::Refusal;

/// Compares what both profiles make of the same colours, and tells what was compared.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when the copy gives other colours, or none where the original gives some.
pub(super) fn compare(original: &[u8], copy: &[u8]) -> Result<String, Refusal> {
    if original == copy {
        return Ok("unchanged".to_owned());
    }
    let intents = [RenderingIntent::Perceptual, RenderingIntent::RelativeColorimetric];
    let mut compared = 0_usize;
    for intent in intents {
        match (turn(original, intent), turn(copy, intent)) {
            (None, _) => {}
            (Some(before), Some(after)) if before == after => compared = compared.max(before.len() / 3),
            _ => {
                return Err(Refusal::unprovable(
                    "a colour profile of the copy gives other colours than the original's",
                ));
            }
        }
    }
    Ok(match compared {
        0 => "the colour engine does not take the profile; its essence alone is proved".to_owned(),
        count => format!("{count} colours"),
    })
}

/// The grid as sRGB; `None` when the engine does not take the profile.
fn turn(profile: &[u8], rendering_intent: RenderingIntent) -> Option<Vec<u8>> {
    let profile = ColorProfile::new_from_slice(profile).ok()?;
    let (layout, channels, steps) = match profile.color_space {
        DataColorSpace::Gray => (Layout::Gray, 1, 256),
        DataColorSpace::Rgb | DataColorSpace::Lab => (Layout::Rgb, 3, 9),
        DataColorSpace::Cmyk => (Layout::Rgba, 4, 5),
        _ => return None,
    };
    let grid = grid(channels, steps);
    let options = TransformOptions { rendering_intent, ..TransformOptions::default() };
    let transform = profile.create_transform_8bit(layout, &ColorProfile::new_srgb(), Layout::Rgb, options).ok()?;
    let mut turned = vec![0; grid.len().checked_div(channels)?.checked_mul(3)?];
    transform.transform(&grid, &mut turned).ok()?;
    Some(turned)
}

/// Every combination of evenly spread values, `steps` of them per channel.
fn grid(channels: usize, steps: usize) -> Vec<u8> {
    let value = |step: usize| u8::try_from(step * 255 / (steps - 1)).unwrap_or(u8::MAX);
    let mut colours: Vec<Vec<u8>> = vec![Vec::new()];
    for _ in 0..channels {
        colours = (0..steps)
            .flat_map(|step| colours.iter().map(move |colour| [colour.as_slice(), &[value(step)]].concat()))
            .collect();
    }
    colours.concat()
}
