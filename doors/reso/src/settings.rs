//! Bounds and addresses of the door.

use odata::metadata::EnumMode;

/// What an operator may set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// What the world calls this server, without a slash at its end.
    pub public_url: String,
    /// The path of the service root, such as `/odata` (RESO-006).
    pub root: String,
    /// Records in a page where the client names no size.
    pub page_size: u32,
    /// The most that a client may ask for in one page; a larger wish is cut to it.
    pub largest_page: u32,
    /// How fields with a lookup are declared and compared (RESO-025).
    pub enums: EnumMode,
    /// Bytes of records kept as JSON in memory.
    pub kept_bytes: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8700".into(),
            root: "/odata".into(),
            page_size: 500,
            largest_page: 10_000,
            enums: EnumMode::Strings,
            kept_bytes: 256 << 20,
        }
    }
}
