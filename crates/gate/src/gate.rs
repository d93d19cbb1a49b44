//! The gate as everyone else sees it.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use dictionary::{Dictionary, Text, Timestamp};
use parking_lot::{Mutex, RwLock};
use query::Query;
use store::{Batch, Change, Expect, Follower, Operation, Scan, Sequence, Store, StoreError};

use crate::account::Account;
use crate::book::{Book, KeyEntry, READ};
use crate::compile::{Lexicon, RowFilterReader};
use crate::partner::Nonces;
use crate::token::{self, Claims, TokenFault};
use crate::{
    AccessToken, Caller, Cost, Credential, Environment, Limits, OAuthFault, Permitted, PurposeKey, Quota,
    Refusal, Secret, SigningKey, TokenRequest, permit, secret,
};

pub use store::OWN_FEED;

/// How the gate is set.
#[derive(Clone)]
pub struct Settings {
    /// What access tokens are signed with.
    pub signing: SigningKey,
    /// How long an access token is good, in seconds, where its client says nothing else.
    pub token_seconds: u32,
    /// What a client may use that names no quota, where there is no quota `default` either.
    pub limits: Limits,
    /// What this installation is for.
    pub environment: Environment,
    /// Reads the row filters of grants; without it a grant that has one shows nothing.
    pub row_filters: Option<RowFilterReader>,
}

impl Settings {
    /// Tokens of an hour, no limits, a production installation, no row filters.
    #[must_use]
    pub fn new(signing: SigningKey) -> Self {
        Self {
            signing,
            token_seconds: 3_600,
            limits: Limits::default(),
            environment: Environment::Production,
            row_filters: None,
        }
    }
}

/// Why the gate cannot be opened.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error(transparent)]
pub struct GateError(#[from] StoreError);

/// How many entries are read of the store at once.
const AT_ONCE: usize = 1_000;

/// The gate. Cheap to clone.
#[derive(Clone)]
pub struct Gate {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    log: Follower,
    pub(crate) settings: Settings,
    lexicon: Arc<Lexicon>,
    pub(crate) book: RwLock<Book>,
    /// Keys with a use that is to be written.
    uses: Mutex<BTreeSet<Text>>,
    /// Nonces that signed requests have used.
    pub(crate) nonces: Mutex<Nonces>,
}

impl Gate {
    /// Reads what the store holds of the gate's resources.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn open(
        store: Store,
        dictionary: Arc<Dictionary>,
        settings: Settings,
    ) -> Result<Self, GateError> {
        let lexicon = Arc::new(Lexicon::new(dictionary, settings.row_filters.clone()));
        let mut book = Book::new(lexicon.clone(), settings.limits, settings.token_seconds);
        // Whatever is written while this reads is read again from the log, from here on.
        let head = store.head().await?;
        for name in READ {
            let resource = lexicon.dictionary.known(name).id;
            let mut after = None;
            loop {
                let part = Scan { resource, feed: None, after, limit: AT_ONCE };
                let found = store.scan(part).await?;
                let Some(last) = found.last() else { break };
                after = Some((
                    lexicon.dictionary.resource(resource).timestamp_of(&last.record),
                    last.key.clone(),
                ));
                for stored in found {
                    book.take(resource, &stored.key, stored.sequence, Some(stored.record));
                }
            }
        }
        let gate = Self {
            shared: Arc::new(Shared {
                log: Follower::new(store, READ.map(|name| lexicon.dictionary.known(name).id).into(), head),
                settings,
                lexicon,
                book: RwLock::new(book),
                uses: Mutex::default(),
                nonces: Mutex::default(),
            }),
        };
        gate.refresh().await?;
        Ok(gate)
    }

    /// Reads the log up to its head; when this returns, whatever was acknowledged before it was called
    /// counts. Whoever writes a record of the gate's calls it, so that a revocation holds at once.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn refresh(&self) -> Result<Sequence, StoreError> {
        self.shared.log.catch_up(|changes| self.take(changes)).await
    }

    fn take(&self, changes: &[Change]) {
        let mut book = self.shared.book.write();
        for change in changes {
            book.take(change.resource, &change.key, change.sequence, change.record.clone());
        }
    }

    /// Follows the log until `shutdown` is done. A store that does not answer is asked again, ever more
    /// slowly, up to every five seconds.
    ///
    /// # Errors
    /// A store that answers wrongly: damaged, or of a schema that is not known.
    pub async fn follow(&self, shutdown: impl Future<Output = ()> + Send) -> Result<(), StoreError> {
        self.shared.log.follow("the gate", || self.refresh(), shutdown).await
    }

    /// A key for one purpose, derived from what signs access tokens: what a door signs by itself needs no file of
    /// its own.
    #[must_use]
    pub fn purpose_key(&self, purpose: &str) -> PurposeKey {
        self.shared.settings.signing.purpose(purpose)
    }

    /// How far the log has been read.
    #[must_use]
    pub fn applied(&self) -> Sequence {
        self.shared.log.applied()
    }

    /// Believes a credential, or not (RESO-001). A client that may come from some networks alone is
    /// refused here, where nobody says whence it comes.
    ///
    /// # Errors
    /// As [`Gate::authenticate_from`].
    pub fn authenticate(&self, credential: &Credential, now: Timestamp) -> Result<Caller, Refusal> {
        self.authenticate_from(credential, None, now)
    }

    /// Believes a credential that comes from this address, or not (RESO-001).
    ///
    /// # Errors
    /// 401 with one answer for every credential that is not known, and for a known one from an address
    /// that its client does not allow; who shows a right one that has ended is told so. 403 for a key of
    /// the other environment.
    pub fn authenticate_from(
        &self,
        credential: &Credential,
        from: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Caller, Refusal> {
        let caller = match credential {
            Credential::Bearer(given) if token::is_token(given.reveal()) => self.by_token(given, now),
            Credential::Bearer(given) => self.by_key(None, given, now),
            Credential::Basic { id, secret } => self.by_key(Some(id), secret, now),
        }?;
        if !caller.account.partner.admits(from) {
            tracing::warn!(
                client = caller.client().as_str(),
                ?from,
                "a good key from an address not allowed"
            );
            return Err(Refusal::wrong());
        }
        Ok(caller)
    }

    /// Lets a request in, or not: its credential comes first, then its share of the quota is spent. `from` is the
    /// address that it comes from.
    ///
    /// # Errors
    /// As [`authenticate_from`](Self::authenticate_from); 429 for a quota that is used up.
    pub fn admit(
        &self,
        headers: &http::HeaderMap,
        from: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<(Caller, Quota), Refusal> {
        let caller = self.authenticate_from(&Credential::of(headers)?, from, now)?;
        let quota = self.spend(&caller, Cost::REQUEST, now)?;
        Ok((caller, quota))
    }

    /// Sells an access token for a client's id and one of its keys (RESO-001, RFC 6749, 4.4).
    ///
    /// # Errors
    /// `invalid_client`.
    pub fn token(&self, request: &TokenRequest, now: Timestamp) -> Result<AccessToken, OAuthFault> {
        let caller =
            self.by_key(Some(&request.id), &request.secret, now).map_err(|_| OAuthFault::client())?;
        let mut seconds = i64::from(caller.account.token_seconds);
        // A token does not outlive the key that bought it.
        let key = self.shared.book.read().key(&caller.key).cloned().ok_or_else(OAuthFault::client)?;
        if let Some(end) = key.expires {
            seconds = seconds.min(end.as_second() - now.as_second());
        }
        let claims = Claims {
            client: caller.account.client.clone(),
            key: caller.key,
            expires: now.as_second() + seconds,
            read_only: request.read_only,
        };
        Ok(AccessToken {
            token: token::sign(&claims, &self.shared.settings.signing),
            token_type: "Bearer",
            expires_in: u32::try_from(seconds).unwrap_or(0),
            scope: if request.read_only { "read" } else { "api" },
        })
    }

    fn by_key(&self, client: Option<&str>, given: &Secret, now: Timestamp) -> Result<Caller, Refusal> {
        // A key that is not known takes the same way as one that is: hash, compare, refuse.
        const NOBODY: [u8; 32] = [0; 32];
        let hash = secret::hash(given.reveal().as_bytes());
        let entry = secret::key_id(given.reveal()).and_then(|id| self.shared.book.read().key(id).cloned());
        let right = secret::same(&hash, entry.as_ref().map_or(&NOBODY, |entry| &entry.hash));
        let entry = entry.filter(|entry| right && !entry.partner).ok_or_else(Refusal::wrong)?;
        if client.is_some_and(|client| client != entry.client) {
            return Err(Refusal::wrong());
        }
        self.in_environment(&entry)?;
        self.caller(&entry, false, now)
    }

    fn by_token(&self, given: &Secret, now: Timestamp) -> Result<Caller, Refusal> {
        let claims = match token::verify(given.reveal(), &self.shared.settings.signing, now) {
            Ok(claims) => claims,
            Err(TokenFault::Wrong) => return Err(Refusal::wrong()),
            Err(TokenFault::Expired) => {
                return Err(Refusal::new(
                    401,
                    "token_expired",
                    "The access token has expired.",
                    "Ask the token endpoint for a new one.",
                ));
            }
        };
        let entry = self.shared.book.read().key(&claims.key).cloned();
        let entry = entry.filter(|entry| entry.client == claims.client).ok_or_else(Refusal::wrong)?;
        self.in_environment(&entry)?;
        self.caller(&entry, claims.read_only, now)
    }

    /// The caller of a key that was shown to be held.
    pub(crate) fn caller(&self, key: &KeyEntry, read_only: bool, now: Timestamp) -> Result<Caller, Refusal> {
        let ended = |code, message: &str| Refusal::new(401, code, message, "Ask the operator for a new key.");
        if key.revoked.is_some() {
            return Err(ended("key_revoked", "The key has been revoked."));
        }
        if key.expires.is_some_and(|end| end <= now) {
            return Err(ended("key_expired", "The key has expired."));
        }
        let account = self.account(&key.client, now).ok_or_else(|| {
            Refusal::new(
                401,
                "client_inactive",
                "The client of this key is not active.",
                "Ask the operator to make it active.",
            )
        })?;
        if key.note_use(now) {
            self.shared.uses.lock().insert(key.id.clone());
        }
        Ok(Caller { account, key: key.id.clone(), read_only })
    }

    /// A client as a caller without a credential: for what this server does in a client's name by itself, such
    /// as taking reports in from a topic that an operator said is the client's. None where the client is not
    /// active.
    #[must_use]
    pub fn in_the_name_of(&self, client: &str, now: Timestamp) -> Option<Caller> {
        self.account(client, now).map(|account| Caller { account, key: Text::default(), read_only: false })
    }

    fn account(&self, client: &str, now: Timestamp) -> Option<Arc<Account>> {
        let known = self.shared.book.read().account(client, now);
        known.or_else(|| self.shared.book.write().compile(client, now))
    }

    /// Permits a query, of the records that its answer may tell of (RESO-008).
    ///
    /// # Errors
    /// 404 for a resource and 400 for a field that the caller sees in no feed, as though it did not
    /// exist.
    pub fn permit(&self, caller: &Caller, query: Query) -> Result<Permitted, Refusal> {
        permit::permit(caller, query)
    }

    /// Counts `cost` towards the caller's quota: once with [`Cost::REQUEST`] before the work, once with
    /// [`Cost::answer`] after it, which is never refused.
    ///
    /// # Errors
    /// 429 where the quota is used up.
    pub fn spend(&self, caller: &Caller, cost: Cost, now: Timestamp) -> Result<Quota, Refusal> {
        caller.account.meter.lock().spend(&caller.account.limits, cost, now)
    }

    /// Writes when keys were last used, of each at most once an hour; returns how many. Called every few
    /// minutes by one who knows the time (PAR-010).
    ///
    /// # Errors
    /// The store does not take it; it is tried again the next time.
    pub async fn write_uses(&self, now: Timestamp) -> Result<usize, StoreError> {
        let used = std::mem::take(&mut *self.shared.uses.lock());
        let own = self.shared.lexicon.dictionary.known("ClientKey");
        let Some(field) = own.find("LastUsedTimestamp") else { return Ok(0) };
        let mut written = 0;
        for id in used {
            let found = {
                let book = self.shared.book.read();
                book.key_record(&id).zip(book.key(&id).and_then(|key| key.last_used()))
            };
            let Some((kept, at)) = found else { continue };
            let mut record = (*kept.record).clone();
            record.set(field, at);
            let mut batch = Batch::new("gate", now);
            // Where an operator has changed the key meanwhile, that counts and this use is forgotten.
            let expect = Expect::At(kept.sequence);
            batch.operations.push(Operation::Put { feed: OWN_FEED.into(), record, expect, stamp: Some(now) });
            match self.shared.log.store().write(batch).await {
                Ok(_) => written += 1,
                Err(error) if error.kind == store::ErrorKind::Conflict => {}
                Err(error) => {
                    self.shared.uses.lock().insert(id);
                    return Err(error);
                }
            }
        }
        Ok(written)
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").field("applied", &self.applied()).finish_non_exhaustive()
    }
}
