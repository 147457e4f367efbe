//! The position in the GPS directory of an EXIF.

use super::tiff::{Entry, Tiff};
use crate::formats::Report;
use crate::policy::Class;

/// Latitude and longitude as they come by, to give the echo search a position in the writing that people use.
#[derive(Default)]
pub(super) struct Position {
    south: bool,
    west: bool,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

impl Position {
    /// Takes a value of the GPS directory. True when it is one that [`Self::report`] will list.
    pub(super) fn take(&mut self, tiff: &Tiff<'_>, entry: &Entry<'_>) -> bool {
        let degrees = || match tiff.rationals(entry.data).as_slice() {
            [degrees, minutes, seconds, ..] => Some(degrees + minutes / 60.0 + seconds / 3600.0),
            [degrees, minutes] => Some(degrees + minutes / 60.0),
            _ => None,
        };
        match entry.tag {
            1 => self.south = entry.data.first() == Some(&b'S'),
            2 => self.latitude = degrees(),
            3 => self.west = entry.data.first() == Some(&b'W'),
            4 => self.longitude = degrees(),
            _ => {}
        }
        let listed = |degrees: Option<f64>| degrees.is_some_and(|degrees| degrees > 0.0);
        matches!(entry.tag, 2 if listed(self.latitude)) || matches!(entry.tag, 4 if listed(self.longitude))
    }

    /// Four decimals, cut and not rounded: what stands in a text with more decimals begins the same way.
    pub(super) fn report(&self, report: &mut Report) {
        for (item, negative, degrees) in
            [("EXIF:GPSLatitude", self.south, self.latitude), ("EXIF:GPSLongitude", self.west, self.longitude)]
        {
            if let Some(degrees) = degrees.filter(|degrees| *degrees > 0.0) {
                let cut = (degrees * 10_000.0).trunc() / 10_000.0;
                let sign = if negative { "-" } else { "" };
                report.removed_value(Class::MetadataLocation, item, "", format!("{sign}{cut:.4}"));
            }
        }
    }
}
