//! Rich Text as a row of events (RTF 1.9.1, "Basic Entities").

use crate::limits::Limits;
use crate::refusal::Refusal;

/// What stands in a file, piece by piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event<'a> {
    Open,
    Close,
    /// A control word and its number.
    Word(&'a str, Option<i64>),
    /// A backslash and a sign.
    Sign(u8),
    /// A byte of text as it stands; line breaks, which say nothing, are left out.
    Byte(u8),
    /// A byte of text written as `\'xx`.
    Escape(u8),
    /// The bytes of `\binN`.
    Binary(&'a [u8]),
}

/// Reads one document.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    depth: u32,
    deepest: u32,
    closed: bool,
}

impl<'a> Reader<'a> {
    /// A reader at the beginning of a file.
    pub(crate) fn new(bytes: &'a [u8], limits: &Limits) -> Self {
        Self { rest: bytes, depth: 0, deepest: limits.rtf_depth, closed: false }
    }

    /// What has not been read. Behind the last event these are the bytes after the document.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// A reader of its own at the same place.
    pub(crate) fn ahead(&self) -> Self {
        Self { ..*self }
    }

    fn take(&mut self) -> Option<u8> {
        let (first, behind) = self.rest.split_first()?;
        self.rest = behind;
        Some(*first)
    }

    /// The next event; `None` behind the outermost group.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`], [`crate::Reason::OverLimit`].
    pub(crate) fn next(&mut self) -> Result<Option<Event<'a>>, Refusal> {
        if self.closed {
            return Ok(None);
        }
        loop {
            let byte = self.take().ok_or_else(|| Refusal::damaged("the outermost group does not end"))?;
            if self.depth == 0 && byte != b'{' {
                return Err(Refusal::damaged("the file does not begin with a group"));
            }
            return Ok(Some(match byte {
                b'\r' | b'\n' => continue,
                b'{' => {
                    self.depth = self.depth.saturating_add(1);
                    if self.depth > self.deepest {
                        let detail = format!("groups lie more than {} deep", self.deepest);
                        return Err(Refusal::over_limit("rtf-depth", detail));
                    }
                    Event::Open
                }
                b'}' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.closed = self.depth == 0;
                    Event::Close
                }
                b'\\' => self.control()?,
                byte => Event::Byte(byte),
            }));
        }
    }

    fn control(&mut self) -> Result<Event<'a>, Refusal> {
        let length = self.rest.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        let (name, behind) = self.rest.split_at_checked(length).unwrap_or_default();
        if name.is_empty() {
            let sign = self.take().ok_or_else(|| Refusal::damaged("a backslash ends the file"))?;
            let value = (sign == b'\'').then(|| self.rest.get(..2)).flatten();
            let value = value.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
            let value = value.and_then(|digits| std::str::from_utf8(digits).ok());
            if let Some(value) = value.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                self.rest = self.rest.get(2..).unwrap_or_default();
                return Ok(Event::Escape(value));
            }
            return Ok(Event::Sign(sign));
        }
        self.rest = behind;
        let number = self.number()?;
        if self.rest.first() == Some(&b' ') {
            self.take();
        }
        let name = std::str::from_utf8(name).map_err(|_| Refusal::damaged("a control word is not ASCII"))?;
        if name != "bin" {
            return Ok(Event::Word(name, number));
        }
        let split = usize::try_from(number.unwrap_or(0)).ok().and_then(|size| self.rest.split_at_checked(size));
        let (data, behind) = split.ok_or_else(|| Refusal::damaged("binary data does not fit into the file"))?;
        self.rest = behind;
        Ok(Event::Binary(data))
    }

    fn number(&mut self) -> Result<Option<i64>, Refusal> {
        let negative = matches!(self.rest, [b'-', digit, ..] if digit.is_ascii_digit());
        if negative {
            self.take();
        }
        let mut number: Option<i64> = None;
        while let Some(digit) = self.rest.first().copied().filter(u8::is_ascii_digit) {
            self.take();
            let next = number.unwrap_or(0).checked_mul(10).and_then(|tens| tens.checked_add(i64::from(digit & 0x0f)));
            number = Some(next.ok_or_else(|| Refusal::damaged("a number is too large"))?);
        }
        Ok(if negative { number.map(i64::wrapping_neg) } else { number })
    }
}
