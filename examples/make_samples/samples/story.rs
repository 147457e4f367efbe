//! The invented people, places and machines that every sample uses.

pub(crate) const AUTHOR: &str = "Alex Example";
pub(crate) const AUTHOR_EMAIL: &str = "alex.example@example.org";
pub(crate) const REVIEWER: &str = "Robin Placeholder";
pub(crate) const MANAGER: &str = "Sam Specimen";
pub(crate) const COMPANY: &str = "Sandmouth Harbour Office";
pub(crate) const SUPPLIER: &str = "Placeholder Marine Ltd";
pub(crate) const FOLDER: &str = r"C:\Users\alex.example\Documents\Harbour\";
pub(crate) const FILE_SERVER: &str = r"\\fileserver.example.internal\harbour\drafts\";
pub(crate) const PRINTER: &str = "SANDMOUTH-2F-COLOUR";
pub(crate) const CAMERA_MAKER: &str = "Example Optics";
pub(crate) const CAMERA: &str = "Sample One";
pub(crate) const CAMERA_SERIAL: &str = "EX-0000-4711";
pub(crate) const LENS_SERIAL: &str = "EX-LENS-0815";
/// Point Nemo, in degrees, minutes and hundredths of a second: 48°52'31.75" S, 123°23'33.07" W.
pub(crate) const LATITUDE: [u32; 3] = [48, 52, 3175];
pub(crate) const LONGITUDE: [u32; 3] = [123, 23, 3307];
