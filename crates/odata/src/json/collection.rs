//! What stands around the records of a page.

use super::write_string;
use crate::text::integer;

/// Opens a page: its context URL and count, where they are to be sent, and the list of records.
pub fn open_collection(out: &mut Vec<u8>, context: Option<&str>, count: Option<u64>) {
    out.push(b'{');
    if let Some(context) = context {
        out.extend_from_slice(b"\"@odata.context\":");
        write_string(out, context);
        out.push(b',');
    }
    if let Some(count) = count {
        out.extend_from_slice(b"\"@odata.count\":");
        integer(out, i64::try_from(count).unwrap_or(i64::MAX));
        out.push(b',');
    }
    out.extend_from_slice(b"\"value\":[");
}

/// Makes room for the next item of a list: a comma where one has gone before.
pub fn next_item(out: &mut Vec<u8>) {
    if out.last() != Some(&b'[') {
        out.push(b',');
    }
}

/// Closes the last page of a walk; `delta` is where the changes since its beginning are found.
pub fn close_with_delta(out: &mut Vec<u8>, delta: &str) {
    out.extend_from_slice(b"],\"@odata.deltaLink\":");
    write_string(out, delta);
    out.push(b'}');
}

/// Closes a page; `next` is where the one after it is found.
pub fn close_collection(out: &mut Vec<u8>, next: Option<&str>) {
    out.push(b']');
    if let Some(next) = next {
        out.extend_from_slice(b",\"@odata.nextLink\":");
        write_string(out, next);
    }
    out.push(b'}');
}
