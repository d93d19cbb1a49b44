//! The JSON form: `{"requests":[{"id":"1","method":"get","url":"Property"}]}`.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Answer, MOST_HEADERS, MOST_PARTS, Part, too_many};
use crate::Fault;
use crate::json::{member, next_item, write_string};

#[derive(Deserialize)]
struct Requests<'a> {
    #[serde(borrow)]
    requests: Vec<Request<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    id: String,
    method: String,
    url: String,
    atomicity_group: Option<String>,
    #[serde(default)]
    depends_on: Vec<String>,
    #[serde(default)]
    headers: std::collections::BTreeMap<String, String>,
    #[serde(borrow)]
    body: Option<&'a RawValue>,
    #[serde(rename = "if")]
    condition: Option<String>,
}

pub(super) fn read(body: &[u8]) -> Result<Vec<Part>, Fault> {
    let Requests { requests } = serde_json::from_slice(body).map_err(|wrong| {
        let message = format!("This is no batch: {wrong}.");
        let hint = "Send {\"requests\":[{\"id\":\"1\",\"method\":\"get\",\"url\":\"Property\"}]}.";
        Fault::bad("malformed_body", message, hint)
    })?;
    if requests.len() > MOST_PARTS {
        return Err(too_many());
    }
    requests.into_iter().enumerate().map(|(at, request)| part(at, request)).collect()
}

fn part(at: usize, request: Request<'_>) -> Result<Part, Fault> {
    let Request { id, method, url, atomicity_group, depends_on, headers, body, condition } = request;
    let target = format!("requests[{at}]");
    if condition.is_some() {
        let message = "A request on a condition is not supported.";
        return Err(Fault::new(501, "not_supported", message, "Ask without `if`.").about(target));
    }
    if headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > MOST_HEADERS {
        let hint = "Send what is common to all with the batch itself.";
        return Err(Fault::new(413, "too_large", "Its header fields are too long.", hint).about(target));
    }
    let body = match body.map(RawValue::get) {
        None | Some("null") => Vec::new(),
        Some(text) => text.as_bytes().to_vec(),
    };
    let (method, headers) = (method.to_ascii_uppercase(), headers.into_iter().collect());
    Ok(Part { id: Some(id), group: atomicity_group, depends_on, method, url, headers, body })
}

pub(super) fn write(answers: &[Answer]) -> Vec<u8> {
    let mut out = b"{\"responses\":[".to_vec();
    for answer in answers {
        next_item(&mut out);
        out.push(b'{');
        if let Some(id) = &answer.id {
            member(&mut out, "id");
            write_string(&mut out, id);
        }
        if let Some(group) = &answer.group {
            member(&mut out, "atomicityGroup");
            write_string(&mut out, group);
        }
        member(&mut out, "status");
        out.extend_from_slice(answer.status.to_string().as_bytes());
        member(&mut out, "headers");
        out.push(b'{');
        for (name, value) in &answer.headers {
            member(&mut out, name);
            write_string(&mut out, value);
        }
        out.push(b'}');
        if !answer.body.is_empty() {
            member(&mut out, "body");
            let is_json = |(name, value): &(String, String)| {
                name.eq_ignore_ascii_case("content-type") && value.starts_with("application/json")
            };
            let text = String::from_utf8_lossy(&answer.body);
            // What says it is JSON and is none would break what stands around it.
            if answer.headers.iter().any(is_json) && serde_json::from_str::<&RawValue>(&text).is_ok() {
                out.extend_from_slice(text.trim().as_bytes());
            } else {
                write_string(&mut out, &text);
            }
        }
        out.push(b'}');
    }
    out.extend_from_slice(b"]}");
    out
}
