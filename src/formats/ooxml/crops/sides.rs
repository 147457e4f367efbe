//! How much of a picture a crop leaves off, and the same crop of a picture that was cut.

/// What one side of a crop leaves off, as a fraction of the picture; less than nothing where it adds a margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fraction {
    numerator: i64,
    denominator: i64,
}

/// Fractions of other sizes than this are in no document.
const MOST: i64 = 1 << 31;

/// The unit of `a:srcRect`: a thousandth of a percent (ECMA-376 part 1, 20.1.8.55).
const THOUSANDTHS: i64 = 100_000;
/// The unit of VML: `f` after a number (part 4, 19.1.2.11, `cropleft`).
const FIXED_POINT: i64 = 1 << 16;

impl Fraction {
    const NOTHING: Self = Self { numerator: 0, denominator: 1 };

    /// An attribute of `a:srcRect`: thousandths of a percent, in the Strict dialect percent.
    fn of_drawing(value: &str) -> Option<Self> {
        match value.trim().strip_suffix('%') {
            Some(percent) => Self::decimal(percent, 2),
            None => Self::new(value.trim().parse().ok()?, THOUSANDTHS),
        }
    }

    /// A `cropleft` of VML: a fraction, or one of 65,536 parts with an `f`.
    fn of_vml(value: &str) -> Option<Self> {
        let value = value.trim();
        match (value.strip_suffix('f'), value.strip_suffix('%')) {
            (Some(parts), _) => Self::new(parts.parse().ok()?, FIXED_POINT),
            (None, Some(percent)) => Self::decimal(percent, 2),
            (None, None) => Self::decimal(value, 0),
        }
    }

    /// A decimal number divided by a power of ten.
    fn decimal(text: &str, power: usize) -> Option<Self> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let places = u32::try_from(decimals.len().checked_add(power)?).ok().filter(|places| *places <= 9)?;
        let digits = decimals.bytes().all(|byte| byte.is_ascii_digit());
        let numerator = format!("{whole}{decimals}").parse().ok().filter(|_| digits)?;
        Self::new(numerator, 10_i64.checked_pow(places)?)
    }

    fn new(numerator: i64, denominator: i64) -> Option<Self> {
        (numerator.unsigned_abs() < MOST.unsigned_abs()).then_some(Self { numerator, denominator })
    }

    /// The whole pixels of `size` that are left off.
    fn pixels(self, size: u32) -> u32 {
        let left_off = i128::from(self.numerator).saturating_mul(i128::from(size));
        let left_off = left_off.checked_div_euclid(i128::from(self.denominator)).unwrap_or_default();
        u32::try_from(left_off.max(0)).unwrap_or(u32::MAX).min(size)
    }

    /// What is left to leave off of a picture that was `size` pixels long, when `gone` are cut off here and `left` are left, in
    /// units of which the picture has so many. It is rounded down: rounded up, it might hide another whole pixel.
    fn rest(self, size: u32, gone: u32, left: u32, units: i64) -> Option<i64> {
        let (numerator, denominator) = (i128::from(self.numerator), i128::from(self.denominator));
        let hidden = numerator.saturating_mul(i128::from(size));
        let hidden = hidden.saturating_sub(denominator.saturating_mul(i128::from(gone)));
        let whole = denominator.saturating_mul(i128::from(left));
        i64::try_from(hidden.saturating_mul(i128::from(units)).checked_div_euclid(whole)?).ok()
    }

    /// True when these two opposite sides leave something of the picture between them.
    fn leaves_something_with(self, other: Self) -> bool {
        let (a, b) = (i128::from(self.numerator), i128::from(other.numerator));
        let (c, d) = (i128::from(self.denominator), i128::from(other.denominator));
        // Both together, and each of them, are less than the picture.
        a.saturating_mul(d).saturating_add(b.saturating_mul(c)) < c.saturating_mul(d) && a < c && b < d
    }
}

/// How the sides of a crop are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    /// `a:srcRect` with whole numbers.
    Thousandths,
    /// `a:srcRect` with percent signs.
    Percent,
    /// VML.
    Vml,
}

impl Notation {
    /// The attributes for the left, top, right and bottom side.
    pub(super) fn attributes(self) -> [&'static str; 4] {
        match self {
            Self::Thousandths | Self::Percent => ["l", "t", "r", "b"],
            Self::Vml => ["cropleft", "croptop", "cropright", "cropbottom"],
        }
    }

    fn units(self) -> i64 {
        if self == Self::Vml { FIXED_POINT } else { THOUSANDTHS }
    }

    fn write(self, units: i64) -> String {
        match self {
            Self::Thousandths => units.to_string(),
            Self::Percent => {
                let sign = if units < 0 { "-" } else { "" };
                format!("{sign}{}.{:03}%", units.unsigned_abs() / 1_000, units.unsigned_abs() % 1_000)
            }
            Self::Vml => format!("{units}f"),
        }
    }
}

/// A crop: what is left off on the left, at the top, on the right and at the bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sides {
    sides: [Fraction; 4],
    notation: Notation,
}

impl Sides {
    /// Reads the attributes, `value` giving each by its name; `None` for a crop that is written in another way or leaves nothing.
    pub(super) fn read(vml: bool, value: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let mut notation = if vml { Notation::Vml } else { Notation::Thousandths };
        let mut sides = [Fraction::NOTHING; 4];
        for (side, name) in sides.iter_mut().zip(notation.attributes()) {
            let Some(value) = value(name) else { continue };
            if !vml && value.contains('%') {
                notation = Notation::Percent;
            }
            *side = if vml { Fraction::of_vml(&value)? } else { Fraction::of_drawing(&value)? };
        }
        let [left, top, right, bottom] = sides;
        (left.leaves_something_with(right) && top.leaves_something_with(bottom)).then_some(Self { sides, notation })
    }

    /// True when nothing of the picture is left off.
    pub(super) fn is_whole(&self) -> bool {
        self.sides.iter().all(|side| side.numerator <= 0)
    }

    /// The whole pixels that each side leaves off of a picture of this size.
    pub(super) fn pixels(&self, (width, height): (u32, u32)) -> [u32; 4] {
        let [left, top, right, bottom] = self.sides;
        [left.pixels(width), top.pixels(height), right.pixels(width), bottom.pixels(height)]
    }

    /// The attributes for a picture of which so many pixels were cut off at each side: it shows what it showed before.
    pub(super) fn after(&self, (width, height): (u32, u32), gone: [u32; 4]) -> Option<[(&'static str, String); 4]> {
        let [left, top, right, bottom] = gone;
        let columns = width.checked_sub(left)?.checked_sub(right)?;
        let rows = height.checked_sub(top)?.checked_sub(bottom)?;
        let [l, t, r, b] = self.sides;
        let units = self.notation.units();
        let rest = [
            l.rest(width, left, columns, units)?,
            t.rest(height, top, rows, units)?,
            r.rest(width, right, columns, units)?,
            b.rest(height, bottom, rows, units)?,
        ];
        let [left, top, right, bottom] = self.notation.attributes();
        let [l, t, r, b] = rest.map(|units| self.notation.write(units));
        Some([(left, l), (top, t), (right, r), (bottom, b)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(vml: bool, values: [&str; 4]) -> Option<Sides> {
        let names = if vml { Notation::Vml } else { Notation::Thousandths }.attributes();
        Sides::read(vml, |name| {
            let at = names.iter().position(|other| *other == name)?;
            values.get(at).filter(|value| !value.is_empty()).map(|value| (*value).to_owned())
        })
    }

    #[test]
    fn crops_become_pixels_and_what_is_left_of_them() {
        // The picture is 200 pixels wide and 100 high.
        for (vml, values, gone, rest) in [
            (false, ["10000", "", "20000", ""], [20, 0, 40, 0], ["0", "0", "0", "0"]),
            (false, ["10300", "", "20000", ""], [20, 0, 40, 0], ["428", "0", "0", "0"]),
            (false, ["10.3%", "", "20%", ""], [20, 0, 40, 0], ["0.428%", "0.000%", "0.000%", "0.000%"]),
            (false, ["-10000", "", "50000", ""], [0, 0, 100, 0], ["-20000", "0", "0", "0"]),
            (false, ["-1%", "", "", ""], [0, 0, 0, 0], ["-1.000%", "0.000%", "0.000%", "0.000%"]),
            (false, ["499", "999", "", ""], [0, 0, 0, 0], ["499", "999", "0", "0"]),
            (true, ["16384f", ".25", "", "50%"], [50, 25, 0, 50], ["0f", "0f", "0f", "0f"]),
            (true, ["16400f", "", "", ""], [50, 0, 0, 0], ["21f", "0f", "0f", "0f"]),
        ] {
            let sides = read(vml, values).unwrap_or_else(|| panic!("{values:?}"));
            assert_eq!(sides.pixels((200, 100)), gone, "{values:?}");
            assert_eq!(
                sides.after((200, 100), gone).map(|sides| sides.map(|(_, value)| value)),
                Some(rest.map(str::to_owned))
            );
        }
        for values in
            [["50000", "", "50000", ""], ["120000", "", "-50000", ""], ["1e3", "", "", ""], ["1.-5%", "", "", ""]]
        {
            assert_eq!(read(false, values), None, "{values:?}");
        }
    }
}
