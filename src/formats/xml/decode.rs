//! From the bytes of an XML document or part to text in UTF-8.
//!
//! A UTF-16 document looks to a byte-wise reader like XML in which no name matches: every filter runs and none does anything.
//! So the encoding is settled first, by byte order mark or declaration, and the declaration is rewritten to match.

use encoding_rs::Encoding;

use crate::refusal::Refusal;

/// Decodes a part. The result has no byte order mark and no NUL, and its declaration names UTF-8 or nothing.
///
/// # Errors
/// [`crate::Reason::Damaged`] when the bytes do not fit their encoding or hold NUL characters.
pub(in crate::formats) fn decode(bytes: &[u8]) -> Result<String, Refusal> {
    let (encoding, rest) = sniff(bytes)?;
    let text = if encoding == encoding_rs::UTF_8 {
        std::str::from_utf8(rest).map_err(|_| Refusal::damaged("the XML is not in the encoding it names"))?.to_owned()
    } else {
        let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
        text.ok_or_else(|| Refusal::damaged("the XML is not in the encoding it names"))?.into_owned()
    };
    let text = match text.strip_prefix('\u{feff}') {
        Some(stripped) => stripped.to_owned(),
        None => text,
    };
    if text.contains('\0') {
        return Err(Refusal::damaged("the XML holds NUL characters"));
    }
    Ok(name_utf8(text))
}

/// The encoding of the bytes, and the bytes behind the byte order mark.
fn sniff(bytes: &[u8]) -> Result<(&'static Encoding, &[u8]), Refusal> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return Ok((encoding, bytes.get(length..).unwrap_or_default()));
    }
    if bytes.starts_with(b"<\0") {
        return Ok((encoding_rs::UTF_16LE, bytes));
    }
    if bytes.starts_with(b"\0<") {
        return Ok((encoding_rs::UTF_16BE, bytes));
    }
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(200)).unwrap_or_default()).into_owned();
    let Some((start, end)) = encoding_name(&head) else { return Ok((encoding_rs::UTF_8, bytes)) };
    let label = head.get(start..end).unwrap_or_default();
    let named = Encoding::for_label(label.as_bytes())
        .ok_or_else(|| Refusal::damaged("the XML names an encoding that does not exist"))?;
    // A declaration that could be read byte by byte cannot be in UTF-16.
    let named =
        if named == encoding_rs::UTF_16LE || named == encoding_rs::UTF_16BE { encoding_rs::UTF_8 } else { named };
    Ok((named, bytes))
}

/// Where the name of the encoding stands in an XML declaration.
fn encoding_name(text: &str) -> Option<(usize, usize)> {
    let declaration = text.strip_prefix("<?xml")?;
    let declaration = declaration.get(..declaration.find("?>")?)?;
    let keyword = declaration.find("encoding")?;
    let tail = declaration.get(keyword..)?;
    let quote_at = tail.find(['"', '\''])?;
    let quote = tail.get(quote_at..)?.chars().next()?;
    let value = tail.get(quote_at.checked_add(1)?..)?;
    let length = value.find(quote)?;
    let start = "<?xml".len().checked_add(keyword)?.checked_add(quote_at)?.checked_add(1)?;
    Some((start, start.checked_add(length)?))
}

/// Makes the declaration name UTF-8.
fn name_utf8(mut text: String) -> String {
    if let Some((start, end)) = encoding_name(&text)
        && !text.get(start..end).is_some_and(|name| name.eq_ignore_ascii_case("utf-8"))
    {
        text.replace_range(start..end, "UTF-8");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, mark: bool) -> Vec<u8> {
        let mark = mark.then_some(0xfeff_u16);
        mark.into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn every_encoding_becomes_utf8() {
        let declared = |name: &str| format!("<?xml version=\"1.0\" encoding=\"{name}\"?><a>é</a>");
        let expected = declared("UTF-8");
        assert_eq!(decode(&utf16(&declared("utf-16"), true)).unwrap(), expected);
        assert_eq!(decode(&utf16(&declared("utf-16"), false)).unwrap(), expected);
        assert_eq!(decode(declared("UTF-8").as_bytes()).unwrap(), expected);
        assert_eq!(decode(format!("\u{feff}{}", declared("UTF-8")).as_bytes()).unwrap(), expected);
        let latin: Vec<u8> = declared("windows-1252").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        assert_eq!(decode(&latin).unwrap(), expected);
        assert_eq!(decode("<a>é</a>".as_bytes()).unwrap(), "<a>é</a>");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(decode(b"<a>\0</a>").is_err());
        assert!(decode(b"<a>\xff</a>").is_err());
        assert!(decode(b"<?xml version='1.0' encoding='klingon'?><a/>").is_err());
    }
}
