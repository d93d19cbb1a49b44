//! Why there is no answer.

/// What kind of thing went wrong.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FailureKind {
    /// `url_wrong`: the URL cannot be asked for.
    UrlWrong,
    /// `address_refused`: it resolves to an address that must not be connected to.
    AddressRefused,
    /// `name_unknown`: its name resolves to nothing.
    NameUnknown,
    /// `not_connected`: nobody listens there.
    NotConnected,
    /// `tls_failed`: its certificate is not good for it, or there is no common TLS.
    Tls,
    /// `timed_out`: the answer was not there in time.
    TimedOut,
    /// `too_large`: the answer is larger than it may be.
    TooLarge,
    /// `broken`: the connection ended, or what came is no HTTP.
    Broken,
}

/// Why there is no answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What kind.
    pub kind: FailureKind,
    /// What is wrong, in a sentence. It names no credential.
    pub message: String,
}

impl Failure {
    /// The stable name, such as `timed_out`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.kind {
            FailureKind::UrlWrong => "url_wrong",
            FailureKind::AddressRefused => "address_refused",
            FailureKind::NameUnknown => "name_unknown",
            FailureKind::NotConnected => "not_connected",
            FailureKind::Tls => "tls_failed",
            FailureKind::TimedOut => "timed_out",
            FailureKind::TooLarge => "too_large",
            FailureKind::Broken => "broken",
        }
    }

    pub(crate) fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// The failure of ours, or of the TLS, that stands somewhere below an error of the client's.
    pub(crate) fn of(error: &(dyn std::error::Error + 'static)) -> Self {
        let mut at = Some(error);
        while let Some(one) = at {
            if let Some(ours) = one.downcast_ref::<Self>() {
                return ours.clone();
            }
            if let Some(tls) = one.downcast_ref::<rustls::Error>() {
                return Self::new(FailureKind::Tls, format!("TLS failed: {tls}."));
            }
            // The source of an I/O error that wraps another is that one's source: it is looked into.
            let inner = one.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
            at = match inner {
                Some(inner) => Some(inner),
                None => one.source(),
            };
        }
        let mut deepest = error;
        while let Some(source) = deepest.source() {
            deepest = source;
        }
        Self::new(FailureKind::Broken, format!("The connection broke: {deepest}."))
    }
}
