//! Every fault of a record at once, as an error body tells them (RESO-061).

use dictionary::{Dictionary, Record};
use odata::Fault;

/// Faults that are told of one request: nobody mends more at a time.
pub(super) const MOST_FAULTS: usize = 100;

/// What the dictionary finds wrong with `record`, but for fields that have a fault already. `prefix` goes before the
/// names of its fields: `Media[1].`.
pub(super) fn check(dictionary: &Dictionary, record: &Record, prefix: &str, faults: &mut Vec<Fault>) {
    for found in dictionary::check(dictionary, record) {
        let target = format!("{prefix}{}", found.field);
        if !has(faults, &target) {
            add(faults, Fault::bad(found.code.name(), found.message, found.hint).about(target));
        }
    }
}

/// Whether something is wrong with this member already.
pub(super) fn has(faults: &[Fault], target: &str) -> bool {
    faults.iter().any(|fault| fault.target.as_deref() == Some(target))
}

pub(super) fn add(faults: &mut Vec<Fault>, fault: Fault) {
    if faults.len() < MOST_FAULTS {
        faults.push(fault);
    }
}

/// One fault for all of a body's, each told in `details` with its target: RESO asks for them there even of a single
/// one (Add/Edit 2.0.0, 2.3). What concerns the body as a whole is told by itself.
pub(super) fn refused(doing: &str, mut faults: Vec<Fault>) -> Fault {
    if let [only] = &*faults
        && only.target.is_none()
        && let Some(only) = faults.pop()
    {
        return only;
    }
    let count = faults.len();
    let message = match count {
        1 => "The record is refused: one thing is wrong.".to_owned(),
        _ => format!("The record is refused: {count} things are wrong."),
    };
    // What is not offered, and nothing besides, is no fault of the record.
    let status = if faults.iter().all(|fault| fault.status == 501) { 501 } else { 400 };
    let fault =
        Fault::new(status, "record_refused", message, "Each is told in details; nothing was written.");
    Fault { details: faults, ..fault.about(doing) }
}
