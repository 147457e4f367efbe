//! Every budget in one table: what a single document may cost before it is refused with [`crate::Reason::OverLimit`].

use std::cell::Cell;

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

        /// The budgets that a policy file sets.
        #[derive(Debug, Clone, Default, Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        pub(crate) struct LimitsSetting {
            $($field: Option<$type>,)*
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
    /// Members of one ZIP container.
    archive_members: u64 = 20_000;
    /// Depth of elements in one XML part.
    xml_depth: u32 = 256;
    /// Depth of groups in one Rich Text document.
    rtf_depth: u32 = 256;
    /// Objects in one PDF.
    pdf_objects: u64 = 1_000_000;
    /// Pages in one PDF.
    pdf_pages: u64 = 50_000;
    /// Uses of form XObjects while one PDF page is drawn.
    pdf_form_uses: u64 = 100_000;
    /// Width times height of one picture.
    image_pixels: u64 = 400_000_000;
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
