//! A signature of the log, in the form of minisign: Ed25519 over the BLAKE2b-512 of the file.
//!
//! `minisign -V -m audit.jsonl -p KEY.pub` checks it as well as `fieldstrip audit verify` does. The trusted comment, which is
//! signed too, names the head hash.
//!
//! Source: <https://jedisct1.github.io/minisign/>, "Signature format".

use std::fmt;
use std::io::{self, Read, Seek};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use minisign::{PError, PublicKey, PublicKeyBox, SecretKey, SecretKeyBox, SignatureBox};

/// File name of the signature in the review folder: where minisign looks for it.
pub const FILE_NAME: &str = "audit.jsonl.minisig";

/// Bytes of the checksum at the end of a secret key.
const CHECKSUM_BYTES: usize = 32;
const COMMENT: &str = "fieldstrip log head ";

/// A key that cannot be used, or a signature that does not hold.
#[derive(Debug, thiserror::Error)]
pub enum SignatureError {
    /// The secret key is locked with a password.
    #[error("the key is locked with a password")]
    Locked,
    /// It is no secret key of minisign, or the password is a wrong one.
    #[error("it cannot be used: {0}")]
    Secret(PError),
    /// It is no public key of minisign.
    #[error("it is no public key: {0}")]
    Public(PError),
    /// It is no signature of minisign.
    #[error("it is no signature: {0}")]
    Form(PError),
    /// It is not the signature of this log, or not by this key.
    #[error("it does not hold: {0}")]
    Broken(PError),
    /// It names another head.
    #[error("it is of a log with another head")]
    OtherHead,
}

/// A secret key, ready to sign.
pub struct Signer(SecretKey);

impl fmt::Debug for Signer {
    /// Nothing of the key: debug output ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(..)")
    }
}

impl Signer {
    /// Reads a secret key as `minisign -G` writes it.
    ///
    /// # Errors
    /// When it needs a password and there is none, when the password is wrong, and when it is no such key.
    pub fn new(key: &str, password: Option<String>) -> Result<Self, SignatureError> {
        let form = SecretKeyBox::from_string(key).map_err(SignatureError::Secret)?;
        let key = match (as_stored(key), password) {
            (Some(key), None) if key.is_encrypted() => return Err(SignatureError::Locked),
            (Some(key), Some(password)) if key.is_encrypted() => form.into_secret_key(Some(password)),
            (Some(key), _) if has_no_checksum(&key) => Ok(key),
            _ => form.into_unencrypted_secret_key(),
        };
        let signer = Self(key.map_err(SignatureError::Secret)?);
        signer.sign(io::empty(), "")?; // a damaged key shows before it is needed
        Ok(signer)
    }

    /// The text of the signature of a log with this head.
    ///
    /// # Errors
    /// When the log cannot be read, or the system has no random bytes.
    pub fn sign(&self, log: impl Read, head: &str) -> Result<String, SignatureError> {
        let comment = format!("{COMMENT}{head}");
        // The key brings its public half along, which shows whether the signature is a good one.
        let public = PublicKey::from_secret_key(&self.0).map_err(SignatureError::Secret)?;
        let signed =
            minisign::sign(Some(&public), &self.0, log, Some(&comment), Some("signature of a fieldstrip audit log"));
        Ok(signed.map_err(SignatureError::Secret)?.into_string())
    }
}

/// A secret key as it is stored, locked or not; `None` for what is none.
fn as_stored(key: &str) -> Option<SecretKey> {
    let bytes = BASE64_STANDARD.decode(key.lines().nth(1)?.trim()).ok()?;
    SecretKey::from_bytes(&bytes).ok()
}

/// True for a key without a password as the original minisign writes it: zeros stand for its checksum.
fn has_no_checksum(key: &SecretKey) -> bool {
    key.to_bytes().last_chunk::<CHECKSUM_BYTES>().is_some_and(|checksum| *checksum == [0; CHECKSUM_BYTES])
}

/// Checks the signature of a log with this head. `key` is the text of a public key file or the key alone.
///
/// # Errors
/// When it does not hold, or key or signature are none.
pub fn check(key: &str, signature: &str, log: impl Read + Seek, head: &str) -> Result<(), SignatureError> {
    let key = match key.trim().lines().count() {
        0 | 1 => PublicKey::from_base64(key.trim()),
        _ => PublicKeyBox::from_string(key).and_then(PublicKeyBox::into_public_key),
    };
    let signature = SignatureBox::from_string(signature).map_err(SignatureError::Form)?;
    minisign::verify(&key.map_err(SignatureError::Public)?, &signature, log, true, false, false)
        .map_err(SignatureError::Broken)?;
    let comment = signature.trusted_comment().map_err(SignatureError::Form)?;
    if comment == format!("{COMMENT}{head}") { Ok(()) } else { Err(SignatureError::OtherHead) }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use minisign::KeyPair;

    use super::*;

    const LOG: &[u8] = b"one\ntwo\n";

    fn signed(pair: &KeyPair) -> String {
        let secret = pair.sk.to_box(None).unwrap().into_string();
        Signer::new(&secret, None).unwrap().sign(LOG, "abc").unwrap()
    }

    #[test]
    fn a_signature_holds_for_its_log_its_head_and_its_key_only() {
        let (pair, other) =
            (KeyPair::generate_unencrypted_keypair().unwrap(), KeyPair::generate_unencrypted_keypair().unwrap());
        let signature = signed(&pair);
        for key in [pair.pk.to_base64(), pair.pk.to_box().unwrap().into_string()] {
            check(&key, &signature, Cursor::new(LOG), "abc").unwrap();
        }
        let key = pair.pk.to_base64();
        assert!(matches!(check(&key, &signature, Cursor::new(b"one\n"), "abc"), Err(SignatureError::Broken(_))));
        assert!(matches!(check(&key, &signature, Cursor::new(LOG), "abd"), Err(SignatureError::OtherHead)));
        let forged = signature.replace("head abc", "head abd");
        assert!(matches!(check(&key, &forged, Cursor::new(LOG), "abd"), Err(SignatureError::Broken(_))));
        let other = other.pk.to_base64();
        assert!(matches!(check(&other, &signature, Cursor::new(LOG), "abc"), Err(SignatureError::Broken(_))));
        assert!(matches!(check("x", &signature, Cursor::new(LOG), "abc"), Err(SignatureError::Public(_))));
        assert!(matches!(check(&key, "x", Cursor::new(LOG), "abc"), Err(SignatureError::Form(_))));
    }

    /// As `minisign -G` and `minisign -G -W` write them.
    #[test]
    fn keys_of_the_original_tool_sign() {
        let pair = KeyPair::generate_unencrypted_keypair().unwrap();
        let mut bytes = pair.sk.to_bytes();
        bytes[126..].fill(0);
        let key = |bytes: &[u8]| format!("untrusted comment: minisign secret key\n{}\n", BASE64_STANDARD.encode(bytes));
        let signature = Signer::new(&key(&bytes), None).unwrap().sign(LOG, "abc").unwrap();
        check(&pair.pk.to_base64(), &signature, Cursor::new(LOG), "abc").unwrap();
        // No checksum tells of a flipped bit in the secret half, but its signatures would be nobody's.
        bytes[70] ^= 1;
        assert!(matches!(Signer::new(&key(&bytes), None), Err(SignatureError::Secret(_))));
        let locked = KeyPair::generate_encrypted_keypair(Some("secret".to_owned())).unwrap().sk.to_box(None).unwrap();
        let locked = locked.into_string();
        assert!(matches!(Signer::new(&locked, None), Err(SignatureError::Locked)));
        assert!(matches!(Signer::new(&locked, Some("guess".to_owned())), Err(SignatureError::Secret(_))));
        Signer::new(&locked, Some("secret".to_owned())).unwrap();
    }

    #[test]
    fn what_is_no_secret_key_is_said_and_never_printed() {
        assert!(matches!(Signer::new("x", None), Err(SignatureError::Secret(_))));
        let pair = KeyPair::generate_unencrypted_keypair().unwrap();
        let secret = pair.sk.to_box(None).unwrap().into_string();
        assert_eq!(format!("{:?}", Signer::new(&secret, None).unwrap()), "Signer(..)");
    }
}
