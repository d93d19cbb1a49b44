//! Answers: bodies with the headers that OData asks for, errors included (RESO-002, RESO-003).

use axum::body::Body;
use axum::response::Response;
use gate::{Quota, Refusal};
use http::{HeaderName, HeaderValue, StatusCode, header};
use odata::Fault;
use press::{Form, Printed, Sheet};

use crate::headers::Wishes;

const ODATA_VERSION: HeaderName = HeaderName::from_static("odata-version");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
const ODATA_ENTITY_ID: HeaderName = HeaderName::from_static("odata-entityid");
/// RESO's own, beside OData's (Add/Edit 2.0.0).
const ENTITY_ID: HeaderName = HeaderName::from_static("entityid");
const NEXT: HeaderName = HeaderName::from_static("next");

/// Why a request is not answered.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The URL or a header is wrong, or names what is not there.
    Fault(Fault),
    /// The gate does not let it through.
    Gate(Refusal),
    /// Somebody else changed meanwhile what was to be written.
    Overtaken(Fault),
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Gate(refusal)
    }
}

impl From<store::StoreError> for Refused {
    fn from(error: store::StoreError) -> Self {
        tracing::error!(code = error.code(), "the store did not answer: {error}");
        Self::Fault(Fault::new(
            503,
            error.code(),
            "The store does not answer just now.",
            "Try again in a moment.",
        ))
    }
}

impl From<search::SearchError> for Refused {
    fn from(error: search::SearchError) -> Self {
        Self::Fault(Fault::bad(error.code(), error.to_string(), error.hint()))
    }
}

/// What an answer is made of.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) kind: &'static str,
    pub(crate) body: Printed,
    /// The form that the body has.
    pub(crate) form: Form,
    pub(crate) etag: Option<String>,
    pub(crate) applied: Option<String>,
    /// Its content type, where `kind` does not say it.
    pub(crate) kind_said: Option<String>,
    /// Where the next page is, for clients that look for it in a header (RESO-044).
    pub(crate) next: Option<String>,
    /// The record that was written.
    pub(crate) addressed: Option<Addressed>,
    /// The methods that would be understood, where one was not.
    pub(crate) allow: Option<&'static str>,
}

/// Where a record that was written is.
#[derive(Clone, Debug)]
pub(crate) struct Addressed {
    pub(crate) url: String,
    pub(crate) key: dictionary::Key,
}

pub(crate) const JSON: &str = "application/json;odata.metadata=minimal";
pub(crate) const JSON_FULL: &str = "application/json;odata.metadata=full";
pub(crate) const JSON_NONE: &str = "application/json;odata.metadata=none";
pub(crate) const XML: &str = "application/xml";
pub(crate) const TEXT: &str = "text/plain;charset=utf-8";

/// Shorter bodies go as they are: there is nothing to be won.
const WORTH_PACKING: usize = 512;

impl Reply {
    pub(crate) fn json(body: impl Into<Vec<u8>>, wishes: &Wishes) -> Self {
        let kind = match wishes.metadata {
            odata::json::Metadata::None => JSON_NONE,
            odata::json::Metadata::Minimal => JSON,
            odata::json::Metadata::Full => JSON_FULL,
        };
        Self::of(kind, body)
    }

    /// JSON that was written in the form it goes out in.
    pub(crate) fn pressed(sheet: Sheet, wishes: &Wishes) -> Self {
        let form = sheet.form();
        Self { form, body: sheet.finish(), ..Self::json([], wishes) }
    }

    /// The reply as it goes out to who holds these versions and takes that form.
    pub(crate) fn sent(self, wishes: &Wishes) -> Self {
        if self.status == StatusCode::OK && self.is_held(wishes) {
            return Self {
                status: StatusCode::NOT_MODIFIED,
                body: Printed::default(),
                form: Form::Plain,
                ..self
            };
        }
        if wishes.form == self.form || self.body.len() < WORTH_PACKING {
            return self;
        }
        let mut sheet = Sheet::new(wishes.form);
        self.body.onto(&mut sheet);
        Self { body: sheet.finish(), form: wishes.form, ..self }
    }

    /// Whether the client holds this version already: all ETags here are weak, and so is the comparison
    /// (RFC 9110, 13.1.2).
    fn is_held(&self, wishes: &Wishes) -> bool {
        let weak = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let (Some(etag), Some(held)) = (&self.etag, &wishes.held) else { return false };
        held.split(',').any(|tag| tag.trim() == "*" || weak(tag) == weak(etag))
    }

    pub(crate) fn of(kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let body = Printed::from(body.into());
        Self {
            status: StatusCode::OK,
            kind,
            body,
            form: Form::Plain,
            etag: None,
            applied: None,
            next: None,
            kind_said: None,
            addressed: None,
            allow: None,
        }
    }

    /// A value that is null has no body (OData 4.01 part 1, 11.2.4).
    pub(crate) fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, ..Self::of(JSON, Vec::new()) }
    }
}

/// The response of what was found or refused.
pub(crate) fn response(found: Result<Reply, Refused>, wishes: &Wishes, quota: Option<&Quota>) -> Response {
    let (reply, refusal) = match found {
        Ok(reply) => (reply, None),
        Err(Refused::Fault(fault) | Refused::Overtaken(fault)) => (error(&fault), None),
        Err(Refused::Gate(refusal)) => {
            let fault =
                Fault::new(refusal.status, refusal.code, refusal.message.clone(), refusal.hint.clone());
            (error(&fault), Some(refusal))
        }
    };
    let empty = matches!(reply.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let mut response = Response::new(Body::new(reply.body));
    *response.status_mut() = reply.status;
    let headers = response.headers_mut();
    headers.insert(ODATA_VERSION, HeaderValue::from_static(wishes.version.name()));
    // What stands between must not hand one client's form, or answer, to another.
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding, authorization, prefer"));
    if let Some(coding) = reply.form.content_encoding() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    if !empty {
        let said = reply.kind_said.and_then(|kind| HeaderValue::try_from(kind).ok());
        headers.insert(header::CONTENT_TYPE, said.unwrap_or(HeaderValue::from_static(reply.kind)));
    }
    let mut put = |name: HeaderName, text: Option<String>| {
        if let Some(value) = text.and_then(|text| HeaderValue::try_from(text).ok()) {
            headers.insert(name, value);
        }
    };
    put(header::ETAG, reply.etag);
    put(PREFERENCE_APPLIED, reply.applied);
    put(NEXT, reply.next);
    if let Some(Addressed { url, key }) = reply.addressed {
        put(ODATA_ENTITY_ID, Some(url.clone()));
        put(header::LOCATION, Some(url));
        put(ENTITY_ID, Some(key.to_string()));
    }
    put(header::ALLOW, reply.allow.map(str::to_owned));
    if let Some(quota) = quota {
        quota.note(response.headers_mut());
    }
    if let Some(refusal) = refusal {
        refusal.note(response.headers_mut());
    }
    response
}

fn error(fault: &Fault) -> Reply {
    let mut body = Vec::new();
    odata::error::write_error(&mut body, fault);
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Reply { status, allow: allowed(fault), ..Reply::of(JSON, body) }
}

/// What a refused method is answered with (RFC 9110, 15.5.6).
fn allowed(fault: &Fault) -> Option<&'static str> {
    (fault.status == 405).then_some(match fault.code {
        "method_of_collection" => "GET, HEAD, PATCH, PUT, DELETE",
        "method_of_batch" => "POST",
        "method_of_record" => "GET, HEAD, POST",
        _ => "GET, HEAD",
    })
}
