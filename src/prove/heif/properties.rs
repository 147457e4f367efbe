//! What a viewer makes of properties of items and boxes of sample entries.

use crate::prove::profile;

/// Properties that a decoder or viewer acts on, beside the configuration of a decoder.
pub(super) const LOOKS: [&[u8; 4]; 16] = [
    b"ispe", b"pixi", b"colr", b"pasp", b"clap", b"irot", b"imir", b"auxC", b"a1op", b"a1lx", b"lsel", b"clli",
    b"mdcv", b"cclv", b"amve", b"j2kH",
];

/// What a viewer makes of a property; `None` when it ignores it.
pub(super) fn looks(name: [u8; 4], contents: &[u8]) -> Option<&[u8]> {
    if &name != b"colr" {
        return Some(contents);
    }
    match contents.split_first_chunk::<4>()? {
        (b"nclx", points) => (points.len() == 7).then_some(contents),
        (b"prof" | b"rICC", profile) => profile::usable(profile),
        _ => None,
    }
}

/// The colour profile in a property.
pub(super) fn profile_in(name: [u8; 4], contents: &[u8]) -> Option<&[u8]> {
    let (kind, _) = contents.split_first_chunk::<4>()?;
    (&name == b"colr" && kind != b"nclx").then(|| looks(name, contents))?
}

/// Whether a viewer needs every byte of a property.
pub(super) fn is_exact(name: [u8; 4], contents: &[u8]) -> bool {
    let profile = &name == b"colr" && matches!(contents.get(..4), Some(b"prof" | b"rICC"));
    let size = looks(name, contents).map(<[u8]>::len);
    size.is_some_and(|size| size.saturating_add(if profile { 4 } else { 0 }) == contents.len())
}

/// Whether the name of a kind of auxiliary picture is that of transparency.
pub(super) fn is_alpha_name(name: &[u8]) -> bool {
    const ALPHA: [&[u8]; 3] =
        [b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1", b"urn:mpeg:avc:2015:auxid:1"];
    ALPHA.contains(&name)
}
