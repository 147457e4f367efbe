//! Every budget in one table: what a single document may cost before it is refused with [`crate::Reason::OverLimit`].

use std::cell::Cell;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $field:ident: $type:ty = $default:expr;)*) => {
        /// Budgets for one document, its embedded files included. All can be set under `[limits]` in a policy.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub struct Limits {
            $($(#[doc = $doc])+ pub $field: $type,)*
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl Limits {
            /// Each budget: its name in a policy, its value, and what it counts.
            #[must_use]
            pub fn listed(&self) -> Vec<(String, u64, &'static str)> {
                vec![$((stringify!($field).replace('_', "-"), u64::from(self.$field), concat!($($doc),+).trim())),*]
            }
        }

        /// The budgets that a policy file sets.
        #[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        pub(crate) struct LimitsSetting {
            $($(#[doc = $doc])+ $field: Option<$type>,)*
        }

        impl LimitsSetting {
            /// Overwrites what the setting names.
            pub(crate) fn apply(&self, limits: &mut Limits) {
                $(if let Some(value) = self.$field { limits.$field = value; })*
            }
        }
    };
}

limits! {
    /// Size of an input file in bytes.
    input_bytes: u64 = 1 << 30;
    /// All bytes that come out of decompression, together.
    decompressed_bytes: u64 = 2 << 30;
    /// Decompressed size of one member or stream divided by its stored size, once it is above 1 MiB.
    compression_ratio: u64 = 1_100;
    /// How deep files may lie in files.
    nesting_depth: u32 = 4;
    /// Members of one ZIP container, storages and streams of one compound file.
    archive_members: u64 = 20_000;
    /// How deep parts of one package may lead to parts, or documents of one lie in documents.
    package_depth: u64 = 24;
    /// Relationships of one part of an Office package.
    relationships: u64 = 70_000;
    /// Sheets of one workbook, slides of one presentation.
    sheets: u64 = 10_000;
    /// Bytes of one XML part or drawing, unpacked.
    xml_bytes: u64 = 256 << 20;
    /// Elements and texts of one drawing, or of one XML part that has to be in memory as a whole.
    xml_nodes: u64 = 2_000_000;
    /// Depth of elements in one XML part.
    xml_depth: u32 = 256;
    /// Attributes of one XML element, namespace declarations included.
    xml_attributes: u64 = 1_024;
    /// Bytes of one name in XML.
    xml_name_bytes: u64 = 1_024;
    /// Bytes of text between two tags of XML, and of one tag with its attributes.
    xml_text_bytes: u64 = 256 << 20;
    /// Depth of groups in one Rich Text document.
    rtf_depth: u32 = 256;
    /// Objects in one PDF.
    pdf_objects: u64 = 1_000_000;
    /// Bytes that one PDF stream unpacks to where it has to be in memory: content, fonts, objects, all filters but the last.
    pdf_stream_bytes: u64 = 512 << 20;
    /// Pages in one PDF.
    pdf_pages: u64 = 50_000;
    /// How deep nodes of a PDF page tree may lie in nodes.
    pdf_page_tree_depth: u64 = 256;
    /// Filters over one PDF stream.
    pdf_filters: u64 = 8;
    /// How deep form XObjects may lie in form XObjects where a PDF page is drawn; no reader of ours goes deeper than 50.
    pdf_form_depth: u64 = 50;
    /// Painting operations of one PDF page, forms as often as they are drawn.
    pdf_operations: u64 = 50_000_000;
    /// Characters on one PDF page.
    pdf_glyphs: u64 = 4 << 20;
    /// Uses of form XObjects while one PDF page is drawn.
    pdf_form_uses: u64 = 100_000;
    /// Width times height of one picture.
    image_pixels: u64 = 400_000_000;
    /// Pictures in one file: frames of an animation, pages of a TIFF, sizes of an icon.
    image_frames: u64 = 20_000;
    /// Chunks, blocks, segments, or strips and tiles of one picture.
    image_parts: u64 = 1_000_000;
    /// Scans of one JPEG: each is a walk over the whole picture.
    jpeg_scans: u64 = 500;
    /// Image file directories beneath one page of a TIFF.
    ifds: u64 = 1_000;
    /// Entries of one image file directory.
    ifd_entries: u64 = 4_096;
    /// Seconds that LibreOffice may take to convert one document.
    conversion_seconds: u64 = 120;
    /// Bytes of text that are scanned in one document.
    text_bytes: u64 = 256 << 20;
    /// Findings that are kept for one document.
    findings: u64 = 10_000;
    /// Seconds of processor time that a worker may take for each half of the work on a document.
    cpu_seconds: u64 = 60;
    /// So many more for each megabyte of the document.
    cpu_seconds_per_megabyte: u64 = 2;
    /// Seconds on the clock that it may take, whether the processor is free or not.
    wall_seconds: u64 = 300;
    /// So many more for each megabyte of the document.
    wall_seconds_per_megabyte: u64 = 10;
    /// Bytes of address space that a worker may take; less where the machine has less for each of them.
    worker_memory: u64 = 4 << 30;
}

impl Limits {
    /// Holds a picture file to [`Self::image_frames`].
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`].
    pub(crate) fn check_frames(&self, frames: usize) -> Result<(), Refusal> {
        if frames as u64 > self.image_frames {
            return Err(Refusal::over_limit("image-frames", format!("more than {} pictures", self.image_frames)));
        }
        Ok(())
    }

    /// Holds a picture file to [`Self::image_parts`]; `parts` is what they are called.
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`].
    pub(crate) fn check_parts(&self, count: usize, parts: &str) -> Result<(), Refusal> {
        if count as u64 > self.image_parts {
            return Err(Refusal::over_limit("image-parts", format!("more than {} {parts}", self.image_parts)));
        }
        Ok(())
    }

    /// The budgets of a preview: a small picture is not worth what a proof is.
    pub(crate) fn for_preview(&self) -> Self {
        Self {
            cpu_seconds: self.cpu_seconds.min(10),
            cpu_seconds_per_megabyte: self.cpu_seconds_per_megabyte.min(1),
            wall_seconds: self.wall_seconds.min(30),
            wall_seconds_per_megabyte: self.wall_seconds_per_megabyte.min(2),
            ..self.clone()
        }
    }

    /// The budgets of one XML part.
    pub(crate) fn xml(&self) -> XmlLimits {
        XmlLimits {
            bytes: self.xml_bytes,
            nodes: self.xml_nodes,
            depth: self.xml_depth,
            attributes: self.xml_attributes,
            name_bytes: self.xml_name_bytes,
            text_bytes: self.xml_text_bytes,
        }
    }
}

/// What every reader of XML holds its input to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct XmlLimits {
    bytes: u64,
    nodes: u64,
    depth: u32,
    attributes: u64,
    name_bytes: u64,
    text_bytes: u64,
}

impl XmlLimits {
    /// Holds the size of a whole part to [`Limits::xml_bytes`].
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`].
    pub(crate) fn check_size(&self, size: usize) -> Result<(), Refusal> {
        if size as u64 > self.bytes {
            return Err(Refusal::over_limit("xml-bytes", format!("the XML has more than {} bytes", self.bytes)));
        }
        Ok(())
    }

    /// Holds the number of elements and texts in memory to [`Limits::xml_nodes`].
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`].
    pub(crate) fn check_nodes(&self, count: usize) -> Result<(), Refusal> {
        if count as u64 > self.nodes {
            return Err(Refusal::over_limit("xml-nodes", format!("more than {} elements and texts", self.nodes)));
        }
        Ok(())
    }

    /// Holds an element to [`Limits::xml_depth`]; `depth` is 1 for the root.
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`].
    pub(crate) fn check_depth(&self, depth: u32) -> Result<(), Refusal> {
        if depth > self.depth {
            return Err(Refusal::over_limit("xml-depth", format!("elements lie more than {} deep", self.depth)));
        }
        Ok(())
    }

    /// Holds the name of an element or attribute to [`Limits::xml_name_bytes`].
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`].
    pub(crate) fn check_name(&self, name: &str) -> Result<(), Refusal> {
        if name.len() as u64 > self.name_bytes {
            return Err(Refusal::over_limit("xml-name-bytes", format!("a name has {} bytes", name.len())));
        }
        Ok(())
    }

    /// Holds an attribute to [`Limits::xml_attributes`] and [`Limits::xml_name_bytes`]. Asked for one attribute after the
    /// other: to look for two of one name costs the square of their number.
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`].
    pub(crate) fn check_attribute(&self, index: usize, name: &str) -> Result<(), Refusal> {
        if index as u64 >= self.attributes {
            let detail = format!("an element has more than {} attributes", self.attributes);
            return Err(Refusal::over_limit("xml-attributes", detail));
        }
        self.check_name(name)
    }

    /// Holds a text or a whole tag to [`Limits::xml_text_bytes`].
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`].
    pub(crate) fn check_text(&self, text: &str) -> Result<(), Refusal> {
        if text.len() as u64 > self.text_bytes {
            return Err(Refusal::over_limit("xml-text-bytes", format!("a text or tag has {} bytes", text.len())));
        }
        Ok(())
    }
}

/// What one document has used up so far. Shared between the document and everything embedded in it.
#[derive(Debug, Default)]
pub struct Spent {
    decompressed_bytes: Cell<u64>,
}

impl Spent {
    /// Adds decompressed bytes to the account.
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`] when the document has no budget left.
    pub fn charge_decompressed(&self, bytes: u64, limits: &Limits) -> Result<(), Refusal> {
        let total = self.decompressed_bytes.get().saturating_add(bytes);
        self.decompressed_bytes.set(total);
        if total > limits.decompressed_bytes {
            return Err(Refusal::over_limit(
                "decompressed-bytes",
                format!("the content unpacks to more than {} bytes", limits.decompressed_bytes),
            ));
        }
        Ok(())
    }

    /// How many more bytes may come out of decompression.
    #[must_use]
    pub fn decompressed_left(&self, limits: &Limits) -> u64 {
        limits.decompressed_bytes.saturating_sub(self.decompressed_bytes.get())
    }
}
