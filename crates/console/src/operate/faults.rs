//! Faults of the store and of records, as answers.

use dictionary::Fault as FieldFault;
use odata::Fault;
use store::{ErrorKind, StoreError};

/// What the store says, as an answer.
#[must_use]
pub fn of_store(error: StoreError) -> Fault {
    let status = match error.kind {
        ErrorKind::Conflict | ErrorKind::KeyInOtherFeed => 409,
        ErrorKind::KeyMissing | ErrorKind::NotKeepable => 422,
        ErrorKind::TooLarge => 413,
        ErrorKind::Full => 507,
        ErrorKind::Unavailable | ErrorKind::InUse => 503,
        _ => 500,
    };
    Fault::new(status, error.code(), error.message, error.hint)
}

/// One fault for all that is wrong with a record.
pub(super) fn of_record(resource: &str, faults: Vec<Fault>) -> Fault {
    let mut all = Fault::new(
        422,
        "record_wrong",
        format!("The {resource} cannot be kept: {} of its fields are wrong.", faults.len()),
        "Each is told in details.",
    );
    // One fault needs no list around it.
    if let [one] = &faults[..] {
        return Fault { status: 422, ..one.clone() };
    }
    all.details = faults;
    all
}

pub(super) fn of_field(fault: FieldFault) -> Fault {
    Fault::new(422, fault.code.name(), fault.message, fault.hint).about(fault.field.as_str())
}

pub(super) fn not_there(resource: &str, key: &str) -> Fault {
    Fault::new(
        404,
        "not_found",
        format!("There is no {resource} {key:?}."),
        format!("GET /admin/{resource} lists them."),
    )
}
