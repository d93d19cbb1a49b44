//! The `Prefer` header and `Preference-Applied` (RFC 7240; OData protocol 4.01, 8.2.8; RESO-029).

/// What `return=` asks of a write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Return {
    /// The record as it is after the write.
    Representation,
    /// Nothing.
    Minimal,
}

/// What a client prefers. What Freehold does not know, or cannot read, is passed over: RFC 7240 says that
/// a preference is never a reason to refuse.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Preferences {
    /// `odata.maxpagesize`, or `maxpagesize`: at least 1.
    pub max_page_size: Option<u32>,
    /// `omit-values=nulls`
    pub omit_nulls: bool,
    /// `return=…`
    pub give_back: Option<Return>,
    /// `odata.track-changes`, or `track-changes`.
    pub track_changes: bool,
}

/// Characters of all the headers that are read; what stands beyond is passed over.
const LONGEST: usize = 4_096;

impl Preferences {
    /// Reads the values of every `Prefer` header of a request. Of a preference given twice the first
    /// counts.
    #[must_use]
    pub fn read<'a>(headers: impl IntoIterator<Item = &'a str>) -> Self {
        let mut found = Self::default();
        let mut room = LONGEST;
        for header in headers {
            let Some(left) = room.checked_sub(header.len()) else { break };
            room = left;
            for preference in header.split(',') {
                // Parameters after a semicolon are for preferences that Freehold does not know.
                let said = preference.split(';').next().unwrap_or_default();
                let (name, value) = said.split_once('=').unwrap_or((said, ""));
                let value = value.trim();
                let bare = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
                found.take(name.trim(), bare);
            }
        }
        found
    }

    fn take(&mut self, name: &str, value: &str) {
        let lower = name.to_ascii_lowercase();
        match lower.strip_prefix("odata.").unwrap_or(&lower) {
            "maxpagesize" => {
                let size = value.parse().ok().filter(|size| *size > 0);
                self.max_page_size = self.max_page_size.or(size);
            }
            "omit-values" => self.omit_nulls |= value.eq_ignore_ascii_case("nulls"),
            "track-changes" => self.track_changes = true,
            "return" => {
                let asked = match value.to_ascii_lowercase().as_str() {
                    "representation" => Some(Return::Representation),
                    "minimal" => Some(Return::Minimal),
                    _ => None,
                };
                self.give_back = self.give_back.or(asked);
            }
            _ => {}
        }
    }

    /// The value of `Preference-Applied`, of preferences that were honoured: whoever answers takes away
    /// what was not, and puts the page size that it used. None where nothing was honoured.
    #[must_use]
    pub fn applied(&self) -> Option<String> {
        let mut said = Vec::new();
        if let Some(size) = self.max_page_size {
            said.push(format!("odata.maxpagesize={size}"));
        }
        if self.omit_nulls {
            said.push("omit-values=nulls".into());
        }
        match self.give_back {
            Some(Return::Representation) => said.push("return=representation".into()),
            Some(Return::Minimal) => said.push("return=minimal".into()),
            None => {}
        }
        if self.track_changes {
            said.push("odata.track-changes".into());
        }
        (!said.is_empty()).then(|| said.join(", "))
    }
}

#[cfg(test)]
mod tests;
