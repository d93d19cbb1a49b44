//! The one key that stands in a file.

use std::io::{Read as _, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};

use super::{EndpointSecret, Scheme};

/// The key that secrets are derived from and that seals what a receiver confides. Nodes that share a store
/// share its file; where it is lost, every receiver needs its secret anew.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// The key in this file, of 32 bytes; where there is no file it is made, for its owner's eyes alone.
    ///
    /// # Errors
    /// The file cannot be read or made, or holds something else.
    pub fn from_file(path: &Path) -> std::io::Result<Self> {
        let mut bytes = [0; 32];
        match std::fs::File::open(path) {
            Ok(mut file) => {
                let mut rest = Vec::new();
                let read = file.read_exact(&mut bytes).and_then(|()| file.take(1).read_to_end(&mut rest));
                if read.is_err() || !rest.is_empty() {
                    let wrong = "does not hold a key of 32 bytes; remove it to get a new one";
                    return Err(std::io::Error::other(format!("{} {wrong}", path.display())));
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                fill(&mut bytes)?;
                let mut options = std::fs::OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut file = options.open(path)?;
                file.write_all(&bytes)?;
                file.sync_all()?;
            }
            Err(error) => return Err(error),
        }
        Ok(Self(bytes))
    }

    /// The key of these bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(*bytes)
    }

    /// 32 bytes for one purpose, from which neither the key nor those of another purpose can be found.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let mut out = [0; 32];
        out.copy_from_slice(hmac::sign(&key, purpose.as_bytes()).as_ref());
        out
    }

    /// An endpoint's secret of this nonce.
    #[must_use]
    pub fn secret(&self, endpoint: &str, nonce: &str, scheme: Scheme) -> EndpointSecret {
        EndpointSecret::new(self.derive(&format!("endpoint/{endpoint}/{nonce}")), scheme)
    }

    /// Seals a text that only this key opens, and only for the same owner.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub fn seal(&self, owner: &str, text: &str) -> std::io::Result<String> {
        let mut nonce = [0; NONCE_LEN];
        fill(&mut nonce)?;
        let mut sealed = text.as_bytes().to_vec();
        let failed = |_| std::io::Error::other("the text is too long to be sealed");
        let once = Nonce::assume_unique_for_key(nonce);
        self.sealing().seal_in_place_append_tag(once, Aad::from(owner), &mut sealed).map_err(failed)?;
        Ok(STANDARD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Opens what [`seal`](Self::seal) sealed; none where it is not whole or another's.
    #[must_use]
    pub fn open(&self, owner: &str, sealed: &str) -> Option<String> {
        let mut bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let text = self.sealing().open_in_place(nonce, Aad::from(owner), sealed).ok()?;
        String::from_utf8(text.to_vec()).ok()
    }

    fn sealing(&self) -> LessSafeKey {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &self.derive("seal"));
        LessSafeKey::new(key.expect("the key has the cipher's length"))
    }

    /// A nonce for a new secret.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub fn nonce() -> std::io::Result<String> {
        let mut bytes = [0; 18];
        fill(&mut bytes)?;
        Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

fn fill(bytes: &mut [u8]) -> std::io::Result<()> {
    SystemRandom::new().fill(bytes).map_err(|_| std::io::Error::other("the system gives no randomness"))
}
