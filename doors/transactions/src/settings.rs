//! Bounds and addresses of the door.

/// What an operator may set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// What the world calls this server, without a slash at its end.
    pub public_url: String,
    /// The domain whose names below it are profiles, `{id}.{domain}`; it needs wildcard DNS and a wildcard
    /// certificate. Empty: profiles are `{public_url}/pods/{id}` alone.
    pub domain: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { public_url: "http://127.0.0.1:8700".into(), domain: String::new() }
    }
}
