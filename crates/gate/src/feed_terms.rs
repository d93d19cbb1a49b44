//! What a feed says of itself to whoever is granted it.

use dictionary::Text;

use crate::compile::Words;

/// What a feed's record says, for the doors that show it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FeedTerms {
    /// FeedName
    pub name: Option<Text>,
    /// FeedTimeZone, an IANA name; UTC where none is said.
    pub time_zone: Option<Text>,
    /// FeedAttribution: whom the feed's records are to be credited to (PAR-304).
    pub attribution: Option<Text>,
    /// FeedDisclaimer: what is to stand beside them (PAR-304).
    pub disclaimer: Option<Text>,
    /// NonDisclosureYN: that sold prices are not public where the feed is (PAR-130).
    pub non_disclosure: bool,
}

impl FeedTerms {
    pub(crate) fn read(words: &Words<'_>) -> Self {
        Self {
            name: words.text("FeedName"),
            time_zone: words.text("FeedTimeZone"),
            attribution: words.text("FeedAttribution"),
            disclaimer: words.text("FeedDisclaimer"),
            non_disclosure: words.truth("NonDisclosureYN"),
        }
    }
}
