//! What a draft makes of the record that is kept: fields that the file has columns for are the file's, except those
//! that the user holds (LBX-024); all others stay.

use dictionary::{FieldId, Named, Record, Resource, Text, Value, set_named};

use super::draft::UserDraft;
use super::finding::{Finding, Severity};
use super::words;

/// The record as it is to be, and a note for each held field that the source would have changed.
pub(crate) fn merged(
    kept: Option<&Record>,
    draft: &Record,
    columns: &[FieldId],
    held: &[Text],
    resource: &Resource,
) -> (Record, Vec<Finding>) {
    let Some(kept) = kept else { return (draft.clone(), Vec::new()) };
    let mut record = kept.clone();
    let mut notes = Vec::new();
    // What a draft has beside its columns (an extension, the StandardStatus) comes from them.
    let derived = draft.iter().map(|(id, _)| id).filter(|id| !columns.contains(id));
    for id in columns.iter().copied().chain(derived) {
        let (now, said) = (kept.get(id), draft.get(id));
        if now == said {
            continue;
        }
        let name = &resource.field(id).name;
        if held.contains(name) {
            let shown = said.and_then(Value::as_text).unwrap_or_default();
            let message = format!("{name} is held by the user, who has changed it here.");
            let hint = "An administrator of the tenant can release it.";
            notes.push(Finding::new(Severity::Note, "held_by_user", (name, shown), message, hint));
            continue;
        }
        match said {
            Some(value) => drop(record.set(id, value.clone())),
            None => drop(record.clear(id)),
        }
    }
    (record, notes)
}

/// What says of a user whose it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Whose<'a> {
    pub(crate) tenant: &'a str,
    pub(crate) feed: &'a str,
    pub(crate) board: Option<&'a Text>,
    pub(crate) member: &'a Text,
    pub(crate) member_id: &'a str,
    pub(crate) office: Option<&'a Text>,
    pub(crate) name: &'a Text,
}

/// The lockbox's user beside a member, as it is to be.
pub(crate) fn user(kept: Option<&Record>, own: &Resource, whose: &Whose<'_>, draft: &UserDraft) -> Record {
    let mut record = kept.cloned().unwrap_or_else(|| Record::new(own.id));
    let held = Named { own, record: &record }.texts("HeldFields");
    let status = |active: bool| Some(Value::from(words::status(active)));
    let text = |text: &str| Some(Value::from(text));
    let fields = [
        ("LockboxUserId", text(whose.member)),
        ("TenantId", text(whose.tenant)),
        ("FeedId", text(whose.feed)),
        ("BoardId", whose.board.map(|board| Value::from(board.clone()))),
        ("MemberKey", text(whose.member)),
        ("MemberMlsId", text(whose.member_id)),
        ("OfficeKey", whose.office.map(|office| Value::from(office.clone()))),
        ("LockboxUserName", text(whose.name)),
        ("LockboxUserEmail", draft.email.clone().map(Value::from)),
        ("LockboxUserType", draft.user_type.map(Value::from)),
        ("AccountStatus", status(draft.account)),
        ("LockboxServiceStatus", status(draft.lockbox)),
        ("ShowingServiceStatus", status(draft.showing)),
    ];
    for (name, value) in fields {
        let of_member = if name == "LockboxUserEmail" { "MemberEmail" } else { name };
        if !held.iter().any(|field| field == name || field == of_member) {
            set_named(&mut record, own, name, value);
        }
    }
    record
}
