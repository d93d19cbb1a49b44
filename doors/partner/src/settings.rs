//! Bounds and addresses of the door.

/// What an operator may set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// What the world calls this server, without a slash at its end.
    pub public_url: String,
    /// The path under which the endpoints are, in lower case; requests may spell it in any case.
    pub root: String,
    /// Bytes of members kept as JSON in memory.
    pub kept_bytes: usize,
    /// The largest body that is read, in bytes; a list of a thousand feeds takes some tens of kilobytes.
    pub largest_body: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8700".into(),
            root: "/services/partner".into(),
            kept_bytes: 256 << 20,
            largest_body: 1 << 20,
        }
    }
}
