//! The copy of a document, taken apart once, and its original, held once.
//!
//! Proof, text and echo search look into the same copy, one after the other and with the same readers. What one of them has
//! taken apart serves the next: the parts of a package and the outlines of those that are XML, or the objects of a PDF, which
//! have been measured then. A copy is known by its digest.
//! Readers that want the bytes of a document for themselves share those of the original where they are held here.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use hayro_interpret::hayro_syntax::Pdf;
use sha2::{Digest, Sha256};

use super::{odf, ooxml};
use crate::refusal::Refusal;

/// What was taken apart of the copy that is worked on, and the original.
#[derive(Default)]
pub(crate) struct Opened {
    original: Option<Arc<Vec<u8>>>,
    pub(crate) ooxml: Slot<ooxml::package::Package>,
    pub(crate) odf: Slot<odf::package::Package>,
    pdf: Slot<Pdf>,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").finish_non_exhaustive()
    }
}

impl Opened {
    /// Nothing is opened yet, and the original is at hand for readers to share.
    pub(crate) fn holding(original: Arc<Vec<u8>>) -> Self {
        Self { original: Some(original), ..Self::default() }
    }

    /// The original as it is held, if these bytes are it and no others of the same content.
    fn original(&self, bytes: &[u8]) -> Option<&Arc<Vec<u8>>> {
        self.original.as_ref().filter(|original| std::ptr::eq(original.as_slice(), bytes))
    }

    /// The bytes for somebody who wants them for himself: shared if they are the original, else copied.
    pub(crate) fn share(&self, bytes: &[u8]) -> Arc<Vec<u8>> {
        self.original(bytes).map_or_else(|| Arc::new(bytes.to_vec()), Arc::clone)
    }

    /// The place for a PDF of these bytes. The original has none: it is opened once, and need not be hashed for that.
    pub(crate) fn pdf(&self, bytes: &[u8]) -> Option<&Slot<Pdf>> {
        self.original(bytes).is_none().then_some(&self.pdf)
    }
}

/// Counts bytes while they are unpacked, and says when they are too many.
pub(crate) type Charge<'c> = &'c dyn Fn(u64) -> Result<(), Refusal>;

/// A place for one package of a kind.
pub(crate) struct Slot<T>(RefCell<Option<Kept<T>>>);

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

struct Kept<T> {
    digest: [u8; 32],
    unpacked: u64,
    package: Rc<T>,
}

/// The package of the copy of which these are the bytes: as it was left open in this place, if there is one, or as `open` makes it.
///
/// # Errors
/// As `open` and `charge`.
pub(crate) fn package<T>(
    place: Option<&Slot<T>>,
    bytes: &[u8],
    charge: Charge<'_>,
    open: impl FnOnce(Charge<'_>) -> Result<T, Refusal>,
) -> Result<Rc<T>, Refusal> {
    match place {
        Some(slot) => slot.get(bytes, charge, open),
        None => open(charge).map(Rc::new),
    }
}

impl<T> Slot<T> {
    /// The package of these bytes: the one that is kept, or what `open` makes of them. Both cost what was unpacked.
    ///
    /// # Errors
    /// As `open` and `charge`.
    fn get(
        &self,
        bytes: &[u8],
        charge: Charge<'_>,
        open: impl FnOnce(Charge<'_>) -> Result<T, Refusal>,
    ) -> Result<Rc<T>, Refusal> {
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        if let Some(kept) = self.0.borrow().as_ref().filter(|kept| kept.digest == digest) {
            charge(kept.unpacked)?;
            return Ok(Rc::clone(&kept.package));
        }
        let unpacked = Cell::new(0_u64);
        let package = Rc::new(open(&|count| {
            unpacked.set(unpacked.get().saturating_add(count));
            charge(count)
        })?);
        *self.0.borrow_mut() = Some(Kept { digest, unpacked: unpacked.get(), package: Rc::clone(&package) });
        Ok(package)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_original_is_shared_and_other_bytes_are_copied() {
        let original = Arc::new(b"document".to_vec());
        let opened = Opened::holding(Arc::clone(&original));
        assert!(Arc::ptr_eq(&opened.share(&original), &original));
        assert!(opened.pdf(&original).is_none(), "the original is not kept in the place of the copy");
        for other in [original.to_vec().as_slice(), &original[..4], &[]] {
            let shared = opened.share(other);
            assert!(!Arc::ptr_eq(&shared, &original) && *shared == other);
            assert!(opened.pdf(other).is_some());
        }
    }

    #[test]
    fn a_copy_is_opened_once_and_paid_for_each_time() {
        let slot = Slot::default();
        let (opened, paid) = (Cell::new(0), Cell::new(0));
        let get = |bytes: &[u8], most: u64| {
            let charge = |count| {
                paid.set(paid.get() + count);
                if paid.get() > most { Err(Refusal::over_limit("bytes", "too many")) } else { Ok(()) }
            };
            slot.get(bytes, &charge, |charge| {
                opened.set(opened.get() + 1);
                charge(3)?;
                charge(4)?;
                Ok(bytes.to_vec())
            })
        };
        for (bytes, opened_by_then, paid_by_then) in [(b"one", 1, 7), (b"one", 1, 14), (b"two", 2, 21)] {
            assert_eq!(*get(bytes, 100).unwrap(), bytes);
            assert_eq!((opened.get(), paid.get()), (opened_by_then, paid_by_then));
        }
        assert!(get(b"two", 27).is_err(), "a copy that is kept costs as much as one that is not");
    }
}
