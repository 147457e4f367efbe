//! The kinds of file that fieldstrip can tell apart, in one table.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Groups of kinds that share a handler and a report line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Raster and vector pictures.
    Image,
    /// Portable Document Format.
    Pdf,
    /// Office Open XML: Word, Excel, PowerPoint, Visio.
    Ooxml,
    /// OpenDocument.
    Odf,
    /// Office files from before 2007, and Rich Text Format.
    Legacy,
    /// Text without a container.
    Text,
    /// Everything else that has a name.
    Other,
}

macro_rules! kinds {
    ($($variant:ident $name:literal $family:ident [$($extension:literal),*] $title:literal;)*) => {
        /// What a file is, by its bytes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum Kind {
            $(#[doc = $title] #[serde(rename = $name)] $variant,)*
        }

        impl Kind {
            /// Every kind, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The short name used in logs, policies and messages, for example `docx`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The name that people use, for example `Word document`.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// The family that the kind belongs to.
            #[must_use]
            pub fn family(self) -> Family {
                match self { $(Self::$variant => Family::$family,)* }
            }

            /// Lower-case file name extensions that are usual for the kind, the preferred one first.
            #[must_use]
            pub fn extensions(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($extension),*],)* }
            }
        }
    };
}

kinds! {
    Jpeg "jpeg" Image ["jpg", "jpeg", "jpe", "jfif", "mpo"] "JPEG image";
    Png "png" Image ["png", "apng"] "PNG image";
    Gif "gif" Image ["gif"] "GIF image";
    WebP "webp" Image ["webp"] "WebP image";
    Tiff "tiff" Image ["tif", "tiff"] "TIFF image";
    Heif "heif" Image ["heic", "heif", "hif"] "HEIF image";
    Avif "avif" Image ["avif"] "AVIF image";
    JpegXl "jxl" Image ["jxl"] "JPEG XL image";
    Jpeg2000 "jp2" Image ["jp2", "j2k", "j2c", "jpc", "jpf", "jpx"] "JPEG 2000 image";
    Bmp "bmp" Image ["bmp", "dib"] "BMP image";
    Ico "ico" Image ["ico", "cur"] "icon or cursor";
    Svg "svg" Image ["svg", "svgz"] "SVG image";
    Psd "psd" Image ["psd", "psb"] "Photoshop document";
    CameraRaw "camera-raw" Image ["cr2", "cr3", "crw", "nef", "arw", "dng", "orf", "rw2", "raf", "pef", "srw", "x3f", "mrw"] "camera raw file";
    Metafile "metafile" Image ["emf", "wmf", "emz", "wmz"] "Windows metafile";
    PostScript "postscript" Image ["ps", "eps", "ai"] "PostScript file";
    Pdf "pdf" Pdf ["pdf"] "PDF document";
    Docx "docx" Ooxml ["docx"] "Word document";
    Docm "docm" Ooxml ["docm"] "Word document with macros";
    Dotx "dotx" Ooxml ["dotx"] "Word template";
    Dotm "dotm" Ooxml ["dotm"] "Word template with macros";
    Xlsx "xlsx" Ooxml ["xlsx"] "Excel workbook";
    Xlsm "xlsm" Ooxml ["xlsm", "xlam"] "Excel workbook with macros";
    Xltx "xltx" Ooxml ["xltx"] "Excel template";
    Xltm "xltm" Ooxml ["xltm"] "Excel template with macros";
    Xlsb "xlsb" Ooxml ["xlsb"] "Excel binary workbook";
    Pptx "pptx" Ooxml ["pptx"] "PowerPoint presentation";
    Pptm "pptm" Ooxml ["pptm", "ppam"] "PowerPoint presentation with macros";
    Ppsx "ppsx" Ooxml ["ppsx"] "PowerPoint show";
    Ppsm "ppsm" Ooxml ["ppsm"] "PowerPoint show with macros";
    Potx "potx" Ooxml ["potx"] "PowerPoint template";
    Potm "potm" Ooxml ["potm"] "PowerPoint template with macros";
    Visio "visio" Ooxml ["vsdx", "vsdm", "vstx", "vstm", "vssx", "vssm"] "Visio drawing";
    Odt "odt" Odf ["odt", "ott"] "OpenDocument text";
    Ods "ods" Odf ["ods", "ots"] "OpenDocument spreadsheet";
    Odp "odp" Odf ["odp", "otp"] "OpenDocument presentation";
    Odg "odg" Odf ["odg", "otg"] "OpenDocument drawing";
    OdfOther "odf" Odf ["odf", "odc", "odi", "odm", "odb", "otf", "oth"] "other OpenDocument file";
    FlatOdf "flat-odf" Odf ["fodt", "fods", "fodp", "fodg"] "flat OpenDocument XML";
    Rtf "rtf" Legacy ["rtf"] "Rich Text document";
    LegacyWord "doc" Legacy ["doc", "dot"] "Word 97-2003 document";
    LegacyExcel "xls" Legacy ["xls", "xlt"] "Excel 97-2003 workbook";
    LegacyPowerPoint "ppt" Legacy ["ppt", "pps", "pot"] "PowerPoint 97-2003 presentation";
    OutlookMessage "msg" Legacy ["msg"] "Outlook message";
    EncryptedOffice "encrypted-office" Legacy [] "encrypted Office file";
    CompoundFile "compound-file" Legacy [] "other OLE compound file";
    PlainText "text" Text ["txt", "text", "log"] "plain text";
    Markdown "markdown" Text ["md", "markdown"] "Markdown text";
    Csv "csv" Text ["csv", "tsv"] "comma-separated values";
    Json "json" Text ["json", "jsonl", "ndjson", "geojson"] "JSON data";
    Html "html" Other ["html", "htm", "xhtml"] "HTML page";
    Xml "xml" Other ["xml", "gpx", "kml", "xmp"] "XML data";
    Email "email" Other ["eml", "mht", "mhtml"] "e-mail message";
    Epub "epub" Other ["epub"] "EPUB book";
    Zip "zip" Other ["zip", "jar"] "ZIP archive";
    Archive "archive" Other ["7z", "rar", "gz", "tgz", "tar", "xz", "bz2", "zst", "cab"] "archive";
    Media "media" Other ["mp4", "mov", "m4a", "m4v", "mp3", "wav", "avi", "mkv", "webm", "ogg", "flac", "3gp"] "audio or video";
    Executable "executable" Other ["exe", "dll", "so", "com", "elf"] "program";
    Font "font" Other ["ttf", "otf", "ttc", "woff", "woff2"] "font";
    Empty "empty" Other [] "empty file";
    Unknown "unknown" Other [] "unknown data";
}

impl Kind {
    /// The title with its article, for sentences: `an Excel workbook`; `plain text` has none.
    #[must_use]
    pub fn described(self) -> String {
        let title = self.title();
        match self {
            Self::PlainText | Self::Markdown | Self::Csv | Self::Json | Self::Xml | Self::Media | Self::Unknown => {
                title.to_owned()
            }
            _ if title.starts_with(['A', 'E', 'I', 'O', 'U', 'a', 'e', 'i', 'o', 'u']) => format!("an {title}"),
            _ => format!("a {title}"),
        }
    }

    /// The media type (RFC 6838) under which other programs know the kind; nothing where there is no one name for it.
    #[must_use]
    pub fn media_type(self) -> Option<&'static str> {
        Some(match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
            Self::Avif => "image/avif",
            Self::Heif => "image/heic",
            Self::Bmp => "image/bmp",
            Self::Ico => "image/x-icon",
            Self::Tiff => "image/tiff",
            Self::JpegXl => "image/jxl",
            Self::Jpeg2000 => "image/jp2",
            Self::Svg => "image/svg+xml",
            Self::Font => "font/sfnt",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Dotx => "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
            Self::Xltx => "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
            Self::Potx => "application/vnd.openxmlformats-officedocument.presentationml.template",
            Self::Ppsx => "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::PlainText => "text/plain",
            Self::Markdown => "text/markdown",
            Self::Csv => "text/csv",
            Self::Json => "application/json",
            Self::Html => "text/html",
            Self::Xml => "text/xml",
            Self::Email => "message/rfc822",
            Self::Zip => "application/zip",
            _ => return None,
        })
    }

    /// What a file of this kind becomes without its macros; nothing for kinds that have none.
    #[must_use]
    pub fn without_macros(self) -> Option<Self> {
        Some(match self {
            Self::Docm => Self::Docx,
            Self::Dotm => Self::Dotx,
            Self::Xlsm => Self::Xlsx,
            Self::Xltm => Self::Xltx,
            Self::Pptm => Self::Pptx,
            Self::Ppsm => Self::Ppsx,
            Self::Potm => Self::Potx,
            _ => return None,
        })
    }

    /// The kind of current Office format that LibreOffice converts this one to; nothing for kinds that it does not convert.
    #[must_use]
    pub fn converted(self) -> Option<Self> {
        Some(match self {
            Self::LegacyWord => Self::Docx,
            Self::LegacyExcel => Self::Xlsx,
            Self::LegacyPowerPoint => Self::Pptx,
            _ => return None,
        })
    }

    /// The kinds for which `extension` (lower case, without the dot) is usual.
    pub fn by_extension(extension: &str) -> impl Iterator<Item = Self> + '_ {
        Self::ALL.iter().copied().filter(move |kind| kind.extensions().contains(&extension))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
