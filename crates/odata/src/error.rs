//! The body of an error (OData JSON format 4.01, 21.1; RESO-003).

use crate::Fault;
use crate::json::{member, write_string};

/// Writes `{"error":{"code":…,"message":…,"target":…,"details":[…]}}`.
///
/// The message is the fault's sentence with its hint after it, so that whoever shows messages shows what
/// to do as well. Where a place is known it is the annotation `@freehold.position`, in bytes from 0.
pub fn write_error(out: &mut Vec<u8>, fault: &Fault) {
    out.extend_from_slice(b"{\"error\":");
    object(out, fault);
    out.push(b'}');
}

/// Writes faults as `details` hold them: `[{"code":…,"message":…,"target":…}]`.
pub fn write_details(out: &mut Vec<u8>, faults: &[Fault]) {
    out.push(b'[');
    for fault in faults {
        crate::json::next_item(out);
        object(out, fault);
    }
    out.push(b']');
}

fn object(out: &mut Vec<u8>, fault: &Fault) {
    out.push(b'{');
    member(out, "code");
    write_string(out, fault.code);
    member(out, "message");
    let message = match fault.hint.as_str() {
        "" => fault.message.clone(),
        hint => format!("{} {hint}", fault.message),
    };
    write_string(out, &message);
    if let Some(target) = &fault.target {
        member(out, "target");
        write_string(out, target);
    }
    if let Some(position) = fault.position {
        member(out, "@freehold.position");
        out.extend_from_slice(position.to_string().as_bytes());
    }
    if !fault.details.is_empty() {
        member(out, "details");
        write_details(out, &fault.details);
    }
    out.push(b'}');
}

#[cfg(test)]
mod tests;
