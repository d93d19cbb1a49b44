//! Batches: several requests in one, and their answers (RESO-028; OData 4.01 part 1, 11.7, and JSON format, 19).
//!
//! Both forms become the same list of [`Part`]s and are written from the same list of [`Answer`]s. What a part
//! asks is not looked at here: whoever answers treats each like a request of its own.

mod json;
mod multipart;

use crate::Fault;

/// Requests in one batch.
pub const MOST_PARTS: usize = 200;
/// Bytes of the header fields of one part.
const MOST_HEADERS: usize = 32 << 10;

/// How a batch is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// `multipart/mixed`
    Multipart,
    /// `application/json`
    Json,
}

/// One request of a batch.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Part {
    /// Its name, by which others refer to it.
    pub id: Option<String>,
    /// The change set that it is of: all of one happens or nothing.
    pub group: Option<String>,
    /// Requests and change sets that have to go well before it.
    pub depends_on: Vec<String>,
    /// `GET`, `POST` …
    pub method: String,
    /// Absolute, from the root of the host, or from the service root.
    pub url: String,
    /// Its header fields.
    pub headers: Vec<(String, String)>,
    /// Its body; empty for none.
    pub body: Vec<u8>,
}

/// The answer to one request.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answer {
    /// The request's name.
    pub id: Option<String>,
    /// The request's change set.
    pub group: Option<String>,
    /// The status.
    pub status: u16,
    /// The header fields.
    pub headers: Vec<(String, String)>,
    /// The body; empty for none.
    pub body: Vec<u8>,
}

/// Reads the body of a batch; `kind` is its `Content-Type`.
///
/// # Errors
/// 415 for another type, 413 for too many requests, 400 for what cannot be read, names that stand twice, and
/// dependencies on what does not stand before.
pub fn read(kind: &str, body: &[u8]) -> Result<(Form, Vec<Part>), Fault> {
    let lower = kind.trim().to_ascii_lowercase();
    let (form, parts) = if lower.starts_with("multipart/mixed") {
        (Form::Multipart, multipart::read(kind, body)?)
    } else if lower.starts_with("application/json") {
        (Form::Json, json::read(body)?)
    } else {
        let hint = "Send multipart/mixed with a boundary, or application/json.";
        return Err(Fault::new(415, "media_type", "A batch has another content type.", hint));
    };
    sound(&parts)?;
    Ok((form, parts))
}

/// Writes the answers of a batch; gives its content type, too. A change set's answers stand together.
#[must_use]
pub fn write(form: Form, answers: &[Answer]) -> (String, Vec<u8>) {
    match form {
        Form::Multipart => multipart::write(answers),
        Form::Json => ("application/json".to_owned(), json::write(answers)),
    }
}

fn sound(parts: &[Part]) -> Result<(), Fault> {
    let mut known: Vec<&str> = Vec::new();
    let mut groups: Vec<&str> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let about = |fault: Fault| fault.about(format!("requests[{at}]"));
        if let Some(missing) =
            part.depends_on.iter().find(|on| !known.contains(&on.as_str()) && !groups.contains(&on.as_str()))
        {
            let message = format!("It depends on {missing:?}, which does not stand before it.");
            return Err(about(Fault::bad("unknown_request", message, "Put what others depend on first.")));
        }
        if let Some(id) = &part.id {
            if known.contains(&id.as_str()) || groups.contains(&id.as_str()) {
                let message = format!("Two requests are called {id:?}.");
                return Err(about(Fault::bad("name_taken", message, "Give each its own id.")));
            }
            known.push(id);
        }
        if let Some(group) = &part.group {
            let is_open = at > 0 && parts[at - 1].group.as_ref() == Some(group);
            if !is_open && groups.contains(&group.as_str()) {
                let message = format!("The change set {group:?} is in two places.");
                return Err(about(Fault::bad("split_group", message, "Put its requests one after another.")));
            }
            if !is_open {
                groups.push(group);
            }
        }
    }
    Ok(())
}

fn too_many() -> Fault {
    let message = format!("A batch has at most {MOST_PARTS} requests.");
    Fault::new(413, "too_many", message, "Send several batches.")
}

/// Reads any bytes as a batch: they may be refused, and nothing else may happen.
///
/// # Panics
/// Where more is read than may be.
pub fn fuzz(bytes: &[u8]) {
    for kind in ["application/json", "multipart/mixed; boundary=b", "multipart/mixed;boundary=\"b b\""] {
        if let Ok((form, parts)) = read(kind, bytes) {
            assert!(parts.len() <= MOST_PARTS);
            let answer = |part: Part| Answer {
                id: part.id,
                group: part.group,
                status: 200,
                headers: part.headers,
                body: part.body,
            };
            let answers: Vec<Answer> = parts.into_iter().map(answer).collect();
            let (_, body) = write(form, &answers);
            assert!(!body.is_empty());
        }
    }
}

#[cfg(test)]
mod tests;
