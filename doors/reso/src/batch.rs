//! `$batch`: several requests in one (RESO-028). Each part passes the gate, the quota and the stages that it would
//! pass alone; a change set is planned whole and kept in one transaction, or not at all.

mod reference;

use axum::body::to_bytes;
use axum::response::Response;
use dictionary::Timestamp;
use gate::{Caller, Cost};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use odata::Fault;
use odata::batch::{self, Answer, Part};

use crate::headers::Wishes;
use crate::reply::{self, Refused, Reply};
use crate::url::Url;
use crate::write::{MOST_ATTEMPTS, Planned, Sent, keep, plan, tell, write};
use crate::{Door, ask};
use reference::Known;

/// Bytes of all answers together; what comes after is not done.
const MOST_ANSWERED: usize = 64 << 20;

/// Whether this is where batches are sent.
pub(crate) fn is_batch(door: &Door, path: &str) -> bool {
    let below = path.strip_prefix(door.settings.root.as_str()).unwrap_or(path);
    matches!(below, "/$batch" | "/%24batch")
}

/// Answers a batch.
pub(crate) async fn answer(
    door: &Door,
    caller: &Caller,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<Reply, Refused> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (form, parts) = batch::read(kind, body)?;
    let mut run = Run { door, caller, outer: headers, known: Known::default(), answers: Vec::new(), now };
    let goes_on = goes_on(headers);
    let mut rest = parts.as_slice();
    while let Some(first) = rest.first() {
        let group = first.group.as_ref();
        let together =
            group.map_or(1, |_| rest.iter().take_while(|part| part.group.as_ref() == group).count());
        let (now, later) = rest.split_at(together);
        rest = later;
        let went_well = match group {
            None => run.one(first).await,
            Some(_) => run.together(now).await,
        };
        if !went_well && !goes_on {
            break;
        }
    }
    let (kind, body) = batch::write(form, &run.answers);
    // The boundary is another each time: the type cannot stand in the binary.
    Ok(Reply { kind_said: Some(kind), ..Reply::of(reply::JSON, body) })
}

/// Whether what follows a request that failed is done all the same (OData 4.01 part 1, 8.2.8.3).
fn goes_on(headers: &HeaderMap) -> bool {
    let prefer = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    let mut wishes = prefer.flat_map(|header| header.split(',')).map(|wish| wish.trim().to_ascii_lowercase());
    wishes.any(|wish| {
        let wish = wish.strip_prefix("odata.").unwrap_or(&wish).replace(' ', "");
        wish == "continue-on-error" || wish == "continue-on-error=true"
    })
}

/// A batch on its way.
struct Run<'a> {
    door: &'a Door,
    caller: &'a Caller,
    /// The batch's own header fields.
    outer: &'a HeaderMap,
    known: Known,
    answers: Vec<Answer>,
    now: Timestamp,
}

/// A part, ready to be asked.
struct Ready {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    wishes: Wishes,
}

impl Run<'_> {
    /// Asks one request; whether it went well.
    async fn one(&mut self, part: &Part) -> bool {
        let found = match self.ready(part, &[]) {
            Ok(mut ready) => {
                let found = self.asked(part, &mut ready).await;
                (found, ready.wishes)
            }
            Err(refused) => (Err(refused), Wishes::plain()),
        };
        self.tell(part, found.0, &found.1).await
    }

    async fn asked(&self, part: &Part, ready: &mut Ready) -> Result<Reply, Refused> {
        let Ready { method, uri, headers, wishes } = ready;
        match *method {
            Method::GET | Method::HEAD => ask::ask(self.door, self.caller, uri, wishes, self.now).await,
            _ => {
                let url = Url { path: uri.path(), query: uri.query().unwrap_or_default() };
                let sent = Sent { method, url, headers, body: &part.body, pending: &[] };
                write(self.door, self.caller, sent, wishes, self.now).await
            }
        }
    }

    /// Does a change set: all of it, or nothing; whether it went well.
    async fn together(&mut self, parts: &[Part]) -> bool {
        let mut attempts = 0;
        let mut ready = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let one = self.ready(part, &parts[..at]).and_then(|ready| match ready.method {
                Method::GET | Method::HEAD => {
                    let hint = "Put it before or after the change set.";
                    Err(Fault::bad("read_in_change_set", "A change set holds writes alone.", hint).into())
                }
                _ => Ok(ready),
            });
            match one {
                Ok(one) => ready.push(one),
                Err(refused) => return self.refuse(parts, ready.len(), refused).await,
            }
        }
        loop {
            attempts += 1;
            let mut planned: Vec<Planned> = Vec::new();
            let mut pending = Vec::new();
            for (part, ready) in parts.iter().zip(&mut ready) {
                let Ready { method, uri, headers, wishes } = ready;
                let path = match reference::within(self.door, uri.path(), parts, &planned) {
                    Ok(path) => path,
                    Err(fault) => return self.refuse(parts, planned.len(), fault.into()).await,
                };
                let url = Url { path: &path, query: uri.query().unwrap_or_default() };
                let sent = Sent { method, url, headers, body: &part.body, pending: &pending };
                match plan(self.door, self.caller, sent, wishes, self.now).await {
                    Ok(one) => {
                        pending.extend(one.steps.iter().cloned());
                        planned.push(one);
                    }
                    Err(refused) => return self.refuse(parts, planned.len(), refused).await,
                }
            }
            match keep(self.door, self.caller, &planned, self.now).await {
                Ok(()) => {
                    for ((part, ready), planned) in parts.iter().zip(ready).zip(&planned) {
                        let told = tell(self.door, self.caller, planned, &ready.wishes, self.now);
                        self.tell(part, told, &ready.wishes).await;
                    }
                    return true;
                }
                Err(Refused::Overtaken(_))
                    if attempts < MOST_ATTEMPTS && planned.iter().all(|one| !one.guarded) => {}
                Err(refused) => return self.refuse(parts, 0, refused).await,
            }
        }
    }

    /// Answers a change set of which one request was refused: the others were not done.
    async fn refuse(&mut self, parts: &[Part], wrong: usize, refused: Refused) -> bool {
        let mut refused = Some(refused);
        for (at, part) in parts.iter().enumerate() {
            let said = match refused.take_if(|_| at == wrong) {
                Some(refused) => refused,
                None => Refused::Fault(Fault::new(
                    424,
                    "not_done",
                    "Another request of this change set was refused, and nothing of it was done.",
                    "Correct that one and send all again.",
                )),
            };
            self.tell(part, Err(said), &Wishes::plain()).await;
        }
        false
    }

    /// Looks at everything that has to be right before a part is asked; its quota is spent then. `before` are those
    /// that stand before it in its change set.
    fn ready(&self, part: &Part, before: &[Part]) -> Result<Ready, Refused> {
        if let Some(failed) = part.depends_on.iter().find(|on| !self.known.went_well(on)) {
            let message = format!("It depends on {failed:?}, which did not go well.");
            return Err(Fault::new(424, "not_done", message, "Correct that one first.").into());
        }
        let answered: usize = self.answers.iter().map(|answer| answer.body.len()).sum();
        if answered > MOST_ANSWERED {
            let message = format!("The answers before this one have more than {MOST_ANSWERED} bytes.");
            let hint = "Ask for fewer records at once, or send several batches.";
            return Err(Fault::new(413, "answer_too_large", message, hint).into());
        }
        let uri = self.known.address(self.door, part, before)?;
        if is_batch(self.door, uri.path()) {
            let hint = "Put its requests into this batch.";
            return Err(Fault::bad("nested_batch", "A batch holds no batch.", hint).into());
        }
        let method = Method::from_bytes(part.method.as_bytes()).ok();
        let method = method.filter(|method| {
            let known = [Method::GET, Method::HEAD, Method::POST, Method::PATCH, Method::PUT, Method::DELETE];
            known.contains(method)
        });
        let Some(method) = method else {
            let message = format!("{:.20?} does nothing here.", part.method);
            let hint = "Read with GET; write with POST, PATCH, PUT and DELETE.";
            return Err(Fault::new(405, "method_unknown", message, hint).into());
        };
        let headers = self.headers(part)?;
        let wishes = Wishes { form: press::Form::Plain, ..Wishes::read(&headers)? };
        self.door.gate.spend(self.caller, Cost::REQUEST, self.now)?;
        Ok(Ready { method, uri, headers, wishes })
    }

    /// A part's own header fields, and the batch's version where it names none. Who asks is who sent the batch.
    fn headers(&self, part: &Part) -> Result<HeaderMap, Fault> {
        let mut headers = HeaderMap::new();
        for (name, value) in &part.headers {
            let pair = HeaderName::try_from(name).ok().zip(HeaderValue::try_from(value).ok());
            let Some((name, value)) = pair else {
                let message = format!("{name:.40?} is no header field.");
                return Err(Fault::bad("malformed_body", message, "Send names and values as HTTP has them."));
            };
            headers.append(name, value);
        }
        headers.remove(header::AUTHORIZATION);
        for name in ["odata-version", "odata-maxversion"] {
            if let Some(value) = self.outer.get(name)
                && !headers.contains_key("odata-version")
                && !headers.contains_key("odata-maxversion")
            {
                headers.insert(HeaderName::from_static(name), value.clone());
            }
        }
        if !part.body.is_empty() && !headers.contains_key(header::CONTENT_TYPE) {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        Ok(headers)
    }

    /// Notes an answer; whether it says that all went well.
    async fn tell(&mut self, part: &Part, found: Result<Reply, Refused>, wishes: &Wishes) -> bool {
        let found = found.map(|reply| reply.sent(wishes));
        if let Ok(reply) = &found {
            drop(self.door.gate.spend(self.caller, Cost::answer(reply.body.len() as u64), self.now));
        }
        let response = reply::response(found, wishes, None);
        let answer = told(part, response).await;
        self.known.note(part, &answer);
        let went_well = answer.status < 400;
        self.answers.push(answer);
        went_well
    }
}

async fn told(part: &Part, response: Response) -> Answer {
    let (head, body) = response.into_parts();
    let headers = head.headers.iter().filter(|(name, _)| **name != header::VARY);
    let text = |(name, value): (&HeaderName, &HeaderValue)| {
        Some((name.to_string(), value.to_str().ok()?.to_owned()))
    };
    let headers = headers.filter_map(text).collect();
    // The body is in memory, so nothing can go wrong while it is taken.
    let body = to_bytes(body, usize::MAX).await.map(|body| body.to_vec()).unwrap_or_default();
    let status = head.status.as_u16();
    Answer { id: part.id.clone(), group: part.group.clone(), status, headers, body }
}
