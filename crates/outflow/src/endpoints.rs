//! What is done to endpoints: registered, challenged, given a new secret, disabled, enabled.

use std::sync::Arc;

use bytes::Bytes;
use dictionary::{Record, Text, Timestamp, Value, check};
use http::{HeaderMap, Method};
use outbound::{FailureKind, Request};
use store::{Batch, Expect, Operation, Sequence, Stored};

use crate::event::FEED;
use crate::standing::{ENTITY_EVENT, Endpoint};
use crate::{Confided, EndpointSecret, Fault, MasterKey, Outflow, Replayed};

/// What is said of a new endpoint.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct NewEndpoint {
    /// Its key; letters, digits and `. _ -`, at most 64.
    pub id: Text,
    /// Whose it is.
    pub client: Text,
    /// What it is called, for people.
    pub name: Option<Text>,
    /// Where it is.
    pub url: Text,
    /// `HMAC` or `Ed25519`; the first where nothing is said.
    pub scheme: Option<Text>,
    /// `Envelope`, `CloudEvents Structured`, `CloudEvents Binary` or `RESO EntityEvent`; the first where nothing is said.
    pub format: Option<Text>,
    /// Whether events of one key come one after the other.
    pub ordered: bool,
    /// Requests a second at most.
    pub rate: Option<u32>,
    /// Requests at a time at most.
    pub concurrency: Option<u32>,
    /// Headers of its own, and the salt of the older signature.
    pub confided: Confided,
}

/// An endpoint with its secret, which is shown this once.
#[derive(Clone, Debug)]
pub struct Registered {
    /// Its record.
    pub kept: Stored,
    /// What the receiver verifies with.
    pub secret: EndpointSecret,
}

/// The secrets and headers that a receiver may confide, in bytes of JSON.
const LARGEST_CONFIDED: usize = 16 << 10;
/// Headers that a receiver must not set: they say whose the message is and how long.
const RESERVED: [&str; 8] =
    ["host", "content-length", "content-type", "transfer-encoding", "connection", "upgrade", "te", "trailer"];

/// Whether a receiver confided a bearer token.
fn has_bearer(confided: &Confided) -> bool {
    let mut authorizations =
        confided.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    let bearer = |value: &str| value.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer "));
    authorizations.any(|(_, value)| bearer(value) && value.len() > 7)
}

impl Outflow {
    /// Registers an endpoint. Where it leads is looked at first (EVT-090); it is sent nothing before it
    /// has answered its challenge (EVT-091), which is put to it at once.
    ///
    /// # Errors
    /// 422 for an address that must not be sent to or cannot be read, or another fault of the record; 409
    /// where the key is taken.
    pub async fn register(&self, new: NewEndpoint, actor: &str, now: Timestamp) -> Result<Registered, Fault> {
        let url = new.url.as_str();
        self.shared.client.check(url).await.map_err(|failure| {
            let hint = match failure.kind {
                FailureKind::AddressRefused => "Name a public address, or let the operator allow its range.",
                FailureKind::NameUnknown => "Mend the name, or wait until it is known everywhere.",
                _ => "Give an http or https URL without user and password.",
            };
            Fault::new(422, failure.code(), failure.message.clone(), hint)
        })?;
        if new.format.as_deref() == Some(ENTITY_EVENT) && !has_bearer(&new.confided) {
            let message = "EntityEvents are pushed with a bearer token of the receiver's (RCP-28).";
            return Err(Fault::new(
                422,
                "bearer_missing",
                message,
                "Confide the header Authorization: Bearer …",
            ));
        }
        let own = self.shared.dictionary.known("Endpoint");
        let mut record = Record::new(own.id);
        let nonce = MasterKey::nonce()?;
        let mut set = |name: &str, value: Option<Value>| {
            if let (Some(field), Some(value)) = (own.find(name), value) {
                record.set(field, value);
            }
        };
        set("EndpointId", Some(new.id.clone().into()));
        set("ClientId", Some(new.client.into()));
        set("EndpointName", new.name.map(Into::into));
        set("EndpointUrl", Some(new.url.into()));
        set("EndpointStatus", Some("Unverified".into()));
        set("SignatureScheme", Some(new.scheme.unwrap_or_else(|| "HMAC".into()).into()));
        set("SecretNonce", Some(nonce.into()));
        set("DeliveryFormat", Some(new.format.unwrap_or_else(|| "Envelope".into()).into()));
        set("OrderedYN", Some(new.ordered.into()));
        set("RequestsPerSecond", new.rate.map(|rate| i64::from(rate).into()));
        set("ConcurrentRequests", new.concurrency.map(|number| i64::from(number).into()));
        set("SealedSettings", self.sealed(&new.id, &new.confided)?.map(Into::into));
        set("ModificationTimestamp", Some(now.into()));
        let sound = |id: &str| {
            (1..=64).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        };
        if !sound(&new.id) {
            let message = format!("{:?} cannot be the id of an endpoint.", new.id);
            return Err(Fault::new(422, "id_wrong", message, "Take 1 to 64 letters, digits and . _ -"));
        }
        if let Some(fault) = check(&self.shared.dictionary, &record).into_iter().next() {
            let hint = "GET /admin/resources says what each field takes.";
            return Err(Fault::new(422, "field_wrong", fault.message, hint));
        }
        self.put(record, Expect::Absent, actor, now).await?;
        let endpoint = self.endpoint(&new.id)?;
        let secret = self.secret_of(&endpoint);
        self.challenge(&new.id, actor, now).await?;
        Ok(Registered { kept: self.kept(&new.id).await?, secret })
    }

    fn sealed(&self, id: &str, confided: &Confided) -> Result<Option<String>, Fault> {
        if *confided == Confided::default() {
            return Ok(None);
        }
        for (name, value) in &confided.headers {
            let lower = name.to_ascii_lowercase();
            let sound =
                http::HeaderName::try_from(name).is_ok() && http::HeaderValue::try_from(value).is_ok();
            if !sound || RESERVED.contains(&lower.as_str()) || lower.starts_with("webhook-") {
                let message = format!("The header {name:?} cannot be sent along.");
                return Err(Fault::new(
                    422,
                    "header_wrong",
                    message,
                    "Take another name, and printable ASCII.",
                ));
            }
        }
        let text = serde_json::to_string(confided).unwrap_or_default();
        if text.len() > LARGEST_CONFIDED {
            let message = "The headers and the salt have more than 16 KiB.";
            return Err(Fault::new(422, "header_wrong", message, "Send fewer or shorter ones."));
        }
        Ok(Some(self.shared.settings.master.seal(id, &text)?))
    }

    /// The secret that an endpoint's deliveries are signed with. For its owner's eyes.
    #[must_use]
    pub fn secret_of(&self, endpoint: &Endpoint) -> EndpointSecret {
        self.shared.settings.master.secret(&endpoint.id, &endpoint.nonce, endpoint.scheme)
    }

    /// Gives an endpoint a new secret. The former one signs, too, for a day (EVT-082).
    ///
    /// # Errors
    /// 404 where there is no such endpoint, 409 where it was changed meanwhile.
    pub async fn rotate(&self, id: &str, actor: &str, now: Timestamp) -> Result<Registered, Fault> {
        let former = self.endpoint(id)?;
        let nonce = MasterKey::nonce()?;
        let end = now.checked_add(self.shared.settings.rotation).unwrap_or(Timestamp::MAX);
        let fields = [
            ("SecretNonce", Some(nonce.into())),
            ("PreviousSecretNonce", Some(former.nonce.clone().into())),
            ("PreviousSecretEndTimestamp", Some(end.into())),
        ];
        let kept = self.change(id, &fields, actor, now).await?;
        let secret = self.secret_of(&*self.endpoint(id)?);
        Ok(Registered { kept, secret })
    }

    /// Puts an endpoint's challenge to it: a GET with `challenge={token}`, which is answered with the token
    /// and a 2xx (as W3C WebSub has it). Returns whether it is verified now.
    ///
    /// # Errors
    /// 404 where there is no such endpoint; the store does not answer.
    pub async fn challenge(&self, id: &str, actor: &str, now: Timestamp) -> Result<bool, store::StoreError> {
        let Ok(endpoint) = self.endpoint(id) else { return Ok(false) };
        // The token follows from what it verifies: nothing has to be kept until it is answered.
        let token = self
            .shared
            .settings
            .master
            .derive(&format!("challenge/{id}/{}/{}", endpoint.nonce, endpoint.url));
        let token: String = token.iter().map(|byte| format!("{byte:02x}")).collect();
        let joint = if endpoint.url.contains('?') { '&' } else { '?' };
        let Ok(uri) = outbound::target(&format!("{}{joint}challenge={token}", endpoint.url)) else {
            return Ok(false);
        };
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        let request = Request { method: Method::GET, uri, headers, body, largest_answer: 1_024 };
        let answered = match self.shared.client.send(request).await {
            Ok(answer) => {
                let said = String::from_utf8_lossy(&answer.body);
                answer.status.is_success() && said.trim().trim_matches('"') == token
            }
            Err(failure) => {
                tracing::debug!(
                    endpoint = id,
                    code = failure.code(),
                    "a challenge was not answered: {failure}"
                );
                false
            }
        };
        if answered {
            let fields = [
                ("EndpointStatus", Some("Active".into())),
                ("EndpointStatusReason", None),
                ("VerifiedTimestamp", Some(now.into())),
            ];
            match self.change(id, &fields, actor, now).await {
                Err(fault) => {
                    tracing::warn!(code = fault.code, endpoint = id, "a verified endpoint was not kept")
                }
                Ok(_) => return Ok(true),
            }
        }
        Ok(false)
    }

    /// Stops sending to an endpoint. What is owed to it stays owed.
    ///
    /// # Errors
    /// As [`rotate`](Self::rotate).
    pub async fn disable_by(&self, id: &str, actor: &str, now: Timestamp) -> Result<Stored, Fault> {
        let fields = [
            ("EndpointStatus", Some("Disabled".into())),
            ("EndpointStatusReason", Some("operator".into())),
            ("DisabledTimestamp", Some(now.into())),
        ];
        self.change(id, &fields, actor, now).await
    }

    /// Sends to an endpoint again, which must have been verified once; where `missed` is wanted, what it
    /// was not owed while it was disabled is owed now (EVT-087).
    ///
    /// # Errors
    /// As [`rotate`](Self::rotate); 409 where it was never verified.
    pub async fn enable(
        &self,
        id: &str,
        missed: bool,
        actor: &str,
        now: Timestamp,
    ) -> Result<(Stored, Option<Replayed>), Fault> {
        let before = self.endpoint(id)?;
        let own = self.shared.dictionary.known("Endpoint");
        let kept = self.kept(id).await?;
        if own.find("VerifiedTimestamp").is_none_or(|field| kept.record.get(field).is_none()) {
            let message = format!("The endpoint {id} has never answered its challenge.");
            return Err(Fault::new(
                409,
                "unverified",
                message,
                "Let it answer GET ?challenge={token} with the token.",
            ));
        }
        let fields = [
            ("EndpointStatus", Some("Active".into())),
            ("EndpointStatusReason", None),
            ("DisabledTimestamp", None),
        ];
        let kept = self.change(id, &fields, actor, now).await?;
        let since = before.disabled.filter(|_| missed);
        let replayed = match since {
            Some(since) => Some(self.replay(&crate::ReplayRequest::since(id, since), actor, now).await?),
            None => None,
        };
        Ok((kept, replayed))
    }

    /// The endpoint of this key.
    ///
    /// # Errors
    /// 404.
    pub fn endpoint(&self, id: &str) -> Result<Arc<Endpoint>, Fault> {
        self.book(|book| book.endpoint(id).cloned()).ok_or_else(|| Fault::no_endpoint(id))
    }

    async fn kept(&self, id: &str) -> Result<Stored, Fault> {
        let own = self.shared.dictionary.known("Endpoint");
        self.shared.store.get(own.id, id).await?.ok_or_else(|| Fault::no_endpoint(id))
    }

    async fn change(
        &self,
        id: &str,
        fields: &[(&str, Option<Value>)],
        actor: &str,
        now: Timestamp,
    ) -> Result<Stored, Fault> {
        let own = self.shared.dictionary.known("Endpoint");
        let kept = self.kept(id).await?;
        let mut record = (*kept.record).clone();
        for (name, value) in fields {
            let Some(field) = own.find(name) else { continue };
            match value {
                Some(value) => drop(record.set(field, value.clone())),
                None => drop(record.clear(field)),
            }
        }
        self.put(record, Expect::At(kept.sequence), actor, now).await?;
        self.kept(id).await
    }

    async fn put(
        &self,
        record: Record,
        expect: Expect,
        actor: &str,
        now: Timestamp,
    ) -> Result<Sequence, Fault> {
        let put = Operation::Put { feed: FEED.into(), record, expect, stamp: Some(now) };
        let batch = Batch { operations: vec![put], ..Batch::new(actor, now) };
        let receipt = self.shared.store.write(batch).await?;
        self.refresh().await?;
        Ok(receipt.head)
    }
}
