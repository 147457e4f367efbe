//! The key that signs the log, and where its password comes from.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use fieldstrip::report::signature::{SignatureError, Signer};

/// The environment variable with the password.
const PASSWORD: &str = "FIELDSTRIP_SIGN_PASSWORD";

/// Signing, as typed.
#[derive(Debug, Args)]
pub(crate) struct SignArguments {
    /// Sign the audit log with this secret key of minisign (made by `minisign -G`); its password is asked for, or read from
    /// the environment variable FIELDSTRIP_SIGN_PASSWORD
    #[arg(long, value_name = "KEYFILE")]
    sign: Option<PathBuf>,
    /// File with the password of that key in its first line
    #[arg(long, value_name = "FILE", requires = "sign")]
    sign_password: Option<PathBuf>,
}

impl SignArguments {
    /// The key, ready to sign, if the log is to be signed.
    pub(crate) fn signer(&self) -> anyhow::Result<Option<Signer>> {
        let Some(path) = &self.sign else { return Ok(None) };
        let context = || format!("signing key {}", path.display());
        let key = std::fs::read_to_string(path).with_context(context)?;
        let signer = match Signer::new(&key, None) {
            Err(SignatureError::Locked) => Signer::new(&key, Some(self.password(path)?)),
            other => other,
        };
        signer.map(Some).with_context(context)
    }

    fn password(&self, key: &Path) -> anyhow::Result<String> {
        if let Some(file) = &self.sign_password {
            let text = std::fs::read_to_string(file).with_context(|| format!("password {}", file.display()))?;
            return Ok(text.lines().next().unwrap_or_default().to_owned());
        }
        if let Ok(password) = std::env::var(PASSWORD) {
            return Ok(password);
        }
        anyhow::ensure!(
            std::io::stdin().is_terminal(),
            "the signing key {} has a password; give it in {PASSWORD} or with --sign-password FILE",
            key.display()
        );
        rpassword::prompt_password(format!("Password of {}: ", fieldstrip::report::terminal::printable_path(key)))
            .context("the password cannot be asked for")
    }
}
