//! What is kept in another spelling than it is sent in; everything else stays as it is, to the byte.

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    object: Option<Transaction<'a>>,
}

#[derive(Deserialize)]
struct Transaction<'a> {
    #[serde(borrow)]
    object: Option<Property<'a>>,
    #[serde(borrow)]
    referral: Option<Referral<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Property<'a> {
    #[serde(borrow)]
    number_of_rooms: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Referral<'a> {
    #[serde(borrow)]
    additional_property: Option<&'a RawValue>,
}

/// The spellings that others have of `inNetworkReferralYN`.
const IN_NETWORK: [&str; 2] = ["hsfInNetworkReferralYN", "bhssInNetworkReferralYN"];

/// `data` of a report as it is kept: `numberOfRooms` as text, `inNetworkReferralYN` by the one name.
pub(crate) fn normal(data: &str) -> String {
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    if let Ok(Data { object: Some(sent) }) = serde_json::from_str::<Data<'_>>(data) {
        if let Some(rooms) = sent.object.and_then(|property| property.number_of_rooms)
            && !rooms.get().starts_with('"')
        {
            edits.push((place(data, rooms.get()), format!("\"{}\"", rooms.get())));
        }
        if let Some(flags) = sent.referral.and_then(|referral| referral.additional_property) {
            edits.extend(renamed(flags.get(), place(data, flags.get()).start));
        }
    }
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut text = data.to_owned();
    for (range, to) in edits {
        text.replace_range(range, &to);
    }
    text
}

/// The new name of a flag that has another's, unless the flag stands there by its own name too.
fn renamed(flags: &str, start: usize) -> Option<(Range<usize>, String)> {
    let quoted = |name: &str| format!("\"{name}\"");
    let own = "\"inNetworkReferralYN\"";
    if flags.contains(own) {
        return None;
    }
    IN_NETWORK.iter().find_map(|name| {
        let name = quoted(name);
        let at = flags.find(&name)?;
        // It is a name where a colon follows, and not somebody's text.
        flags[at + name.len()..].trim_start().starts_with(':').then(|| {
            let from = start + at;
            (from..from + name.len(), own.to_owned())
        })
    })
}

/// Where a part that was borrowed from `whole` lies in it.
fn place(whole: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - whole.as_ptr() as usize;
    start..start + part.len()
}
