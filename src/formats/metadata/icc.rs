//! ICC colour profiles: is this one, and where does it end?

/// The profile without bytes past its stated end, or `None` when no colour engine would take it
/// (ICC.1:2022 section 7.2: size in bytes 0–3, signature `acsp` in bytes 36–39, 128 bytes of header and a tag count).
pub(crate) fn profile(bytes: &[u8]) -> Option<&[u8]> {
    let size = usize::try_from(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?)).ok()?;
    let profile = bytes.get(..size)?;
    (size >= 132 && profile.get(36..40)? == b"acsp").then_some(profile)
}
