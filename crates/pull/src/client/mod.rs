//! Asks one server: proves whose it is, keeps to its quotas, and outlasts what passes.

mod ledger;
mod link;
mod token;
mod verdict;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use dictionary::{Text, Timestamp};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use intake::{IntakeError, Progress};
use outbound::{Request, inflated, target_within};
use store::{Batch, Store};

use crate::Time;
use crate::hand::Hand;
use crate::profile::Profile;

use ledger::Ledger;
pub(crate) use link::{counts_records, follow, origin};
pub(crate) use token::Credential;
use verdict::{Verdict, judge};

/// What pages are asked for as.
const JSON: &str = "application/json";
/// Bytes of an answer at most, as it is sent and once it is unpacked: a page of 5,000 full records has 65 MB.
const LARGEST_SENT: usize = 96 << 20;
const LARGEST: usize = 128 << 20;
/// How often one request is sent, and the first and longest wait between two times.
const MOST_TRIES: u32 = 8;
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Tokens that are asked for in a row: one may end between its first and its second use.
const MOST_RENEWALS: u32 = 3;
/// The longest that a server may want to be left alone, and that a quota is waited for: beyond it the run ends,
/// and goes on where it was the next time.
const LONGEST_WISH: Duration = Duration::from_secs(900);
const LONGEST_QUOTA: Duration = Duration::from_secs(3_900);
/// How often it is looked, while waiting, whether the run shall end.
const LOOK: Duration = Duration::from_secs(1);

/// An answer that is good.
#[derive(Debug)]
pub(crate) struct Got {
    /// Its body, unpacked.
    pub(crate) body: Bytes,
    /// The address that answered.
    pub(crate) url: String,
    /// When the server made it, by its own clock.
    pub(crate) date: Option<Timestamp>,
    /// The next page, where a Link header names it.
    pub(crate) link: Option<String>,
}

/// Why there is none.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The link that was followed is no longer good; what it stood for can be asked for anew.
    LinkExpired,
    /// The server will never answer this request; others it may.
    Refused(IntakeError),
    /// Nothing can be asked for now.
    Failed(IntakeError),
}

impl Trouble {
    /// As what ends a run.
    pub(crate) fn error(self) -> IntakeError {
        match self {
            Self::LinkExpired => {
                let hint = "Pull again; if it comes again, the server ends its links too soon to be walked.";
                IntakeError::new("link_expired", "A page link was no longer good.", hint)
            }
            Self::Refused(error) | Self::Failed(error) => error,
        }
    }
}

impl From<IntakeError> for Trouble {
    fn from(error: IntakeError) -> Self {
        Self::Failed(error)
    }
}

/// What a client is made of.
pub(crate) struct Parts {
    pub(crate) http: outbound::Client,
    pub(crate) time: Time,
    pub(crate) store: Store,
    pub(crate) profile: Arc<Profile>,
    pub(crate) source: Text,
    pub(crate) actor: Text,
    pub(crate) location: String,
    pub(crate) credential: Credential,
    pub(crate) progress: Arc<dyn Progress>,
}

/// Asks one server.
pub(crate) struct Client {
    parts: Parts,
    /// Where the credential may be shown: the location's origin first.
    origins: Vec<String>,
    /// The origin that is asked, among these.
    host: usize,
    token: Option<token::Token>,
    ledger: Ledger,
    /// Bytes of the last answer as it was sent: what the next one is thought to have.
    last: u64,
    /// Who unpacks what comes.
    unpacker: Hand,
    /// Who reads it.
    pub(crate) reader: Hand,
    /// The address that was asked ahead, and what came of it.
    ahead: Option<(String, Said)>,
}

/// What comes of a request that is sent once.
type Said = Result<Result<Got, Verdict>, Trouble>;

impl Client {
    /// A client that remembers what was used of the quota.
    pub(crate) async fn open(parts: Parts) -> Result<Self, IntakeError> {
        let mut origins: Vec<String> = origin(&parts.location).into_iter().collect();
        for host in &parts.profile.hosts {
            if !origins.contains(host) {
                origins.push(host.clone());
            }
        }
        let kept =
            parts.store.cursor(&ledger_name(&parts.source)).await.map_err(|e| IntakeError::store(&e))?;
        let (unpacker, reader) = (Hand::new("pull-unpacker")?, Hand::new("pull-reader")?);
        let ledger = Ledger::read(parts.profile.quota, kept.as_deref().unwrap_or_default());
        Ok(Self { parts, origins, host: 0, token: None, ledger, last: 0, unpacker, reader, ahead: None })
    }

    /// Where the credential may be shown.
    pub(crate) fn origins(&self) -> &[String] {
        &self.origins
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.parts.time.now)()
    }

    /// Asks for JSON. `linked`: the address is a link of the server's own.
    pub(crate) async fn json(&mut self, url: &str, linked: bool) -> Result<Got, Trouble> {
        self.get(url, linked, JSON).await
    }

    /// Asks for what a link of the server's own leads to before it is wanted: once, and only where the quota lets it be
    /// asked at once. What comes of it is told to whoever asks for it next.
    pub(crate) async fn look_ahead(&mut self, url: &str) {
        let url = self.at_host(url);
        self.ahead = None;
        if self.ledger.wait(self.now()).is_zero() {
            let said = self.once(&url, JSON, true).await;
            self.ahead = Some((url, said));
        }
    }

    /// Asks for a document that is no JSON.
    pub(crate) async fn xml(&mut self, url: &str) -> Result<Got, Trouble> {
        self.get(url, false, "application/xml").await
    }

    async fn get(&mut self, url: &str, linked: bool, accept: &'static str) -> Result<Got, Trouble> {
        let mut url = self.at_host(url);
        let (mut pause, mut renewed, mut hosts) = (FIRST_PAUSE, 0, 1);
        let mut tries = 0;
        loop {
            tries += 1;
            let said = match self.ahead.take().filter(|(ahead, _)| linked && *ahead == url) {
                Some((_, said)) => said,
                None => self.once(&url, accept, linked).await,
            };
            let verdict = match said? {
                Ok(got) => return Ok(got),
                Err(verdict) => verdict,
            };
            let (code, wait) = match verdict {
                Verdict::Good => ("not_json", None),
                Verdict::Again { code, wait } => (code, wait),
                Verdict::TokenExpired
                    if renewed < MOST_RENEWALS && self.parts.credential.renews(&self.parts.profile) =>
                {
                    renewed += 1;
                    self.token = None;
                    continue;
                }
                Verdict::TokenExpired => return Err(Trouble::Failed(refused_credential())),
                Verdict::WrongHost if hosts < self.origins.len() => {
                    hosts += 1;
                    self.host = (self.host + 1) % self.origins.len();
                    url = self.at_host(&url);
                    continue;
                }
                Verdict::WrongHost => {
                    let hint =
                        "Name the address that the source gave you with the credential as SourceLocation.";
                    let message = "The source says that the credential is for another of its hosts.";
                    return Err(Trouble::Failed(IntakeError::new("wrong_host", message, hint)));
                }
                Verdict::LinkExpired => return Err(Trouble::LinkExpired),
                Verdict::Refused { code, said } => return Err(Trouble::Refused(refused(code, &url, &said))),
            };
            if tries == MOST_TRIES || wait.is_some_and(|wait| wait > LONGEST_WISH) {
                return Err(Trouble::Failed(gave_up(code, &url, tries, wait)));
            }
            tracing::info!(source = self.parts.source.as_str(), code, "a source is asked again");
            self.wait(wait.unwrap_or(pause).max(FIRST_PAUSE)).await?;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Sends a request once, within the quota.
    async fn once(&mut self, url: &str, accept: &'static str, linked: bool) -> Said {
        let bearer = self.bearer().await?;
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static("Freehold"));
        let prefer = self.parts.profile.page.prefer.as_deref().map(HeaderValue::try_from);
        headers.extend(prefer.and_then(Result::ok).map(|prefer| (HeaderName::from_static("prefer"), prefer)));
        if let Some(bearer) = bearer {
            headers.insert(header::AUTHORIZATION, bearer);
        }
        let answer = match self.exchange(Method::GET, url, headers, Bytes::new()).await? {
            Ok(answer) => answer,
            Err(code) => return Ok(Err(Verdict::Again { code, wait: None })),
        };
        let now = self.now();
        let (status, headers) = (answer.status, answer.headers.clone());
        let body = match self.unpacker.give(move || inflated(answer, LARGEST)).await? {
            Ok(body) => body,
            Err(failure) if failure.kind == outbound::FailureKind::TooLarge => {
                let hint = "Ask for fewer records at a time: page.top of the profile.";
                return Err(Trouble::Failed(IntakeError::new("answer_too_large", failure.message, hint)));
            }
            Err(_) => return Ok(Err(Verdict::Again { code: "answer_broken", wait: None })),
        };
        let xml = accept == "application/xml" && status.is_success();
        let verdict = match xml {
            true if is_metadata(&body) => Verdict::Good,
            true => Verdict::Again { code: "metadata_unreadable", wait: None },
            false => judge(&self.parts.profile, status, &headers, &body, linked, now),
        };
        Ok(match verdict {
            Verdict::Good => Ok(Got {
                body,
                url: url.to_owned(),
                date: verdict::date(&headers),
                link: link::of_header(&headers),
            }),
            other => Err(other),
        })
    }

    /// One exchange within the quota; the code of what went wrong where it may pass.
    async fn exchange(
        &mut self,
        method: Method,
        url: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Result<outbound::Answer, &'static str>, Trouble> {
        let failed = |failure: &outbound::Failure| {
            let hint =
                "See to SourceLocation, and to pull.allowed_addresses where it is in a private network.";
            Trouble::Failed(IntakeError::new(failure.code(), failure.message.clone(), hint))
        };
        let uri = target_within(url, link::LONGEST).map_err(|failure| failed(&failure))?;
        self.spend().await?;
        let request = Request { method, uri, headers, body, largest_answer: LARGEST_SENT };
        let said = self.parts.http.send(request).await;
        let now = self.now();
        self.ledger.answered(now);
        match said {
            Ok(answer) => {
                let bytes = answer.body.len() as u64;
                self.ledger.bytes(now, bytes.saturating_sub(self.last));
                self.last = bytes;
                Ok(Ok(answer))
            }
            Err(failure) if passes(failure.kind) => Ok(Err(failure.code())),
            Err(failure) => Err(failed(&failure)),
        }
    }

    /// Waits until the quota lets a request through, and keeps that it was used before it is sent: a process
    /// that is killed has used it all the same.
    async fn spend(&mut self) -> Result<(), Trouble> {
        loop {
            let wait = self.ledger.wait(self.now());
            if wait.is_zero() {
                break;
            }
            if wait > LONGEST_QUOTA {
                let message = format!("The source's quota is used up for {} minutes.", wait.as_secs() / 60);
                let hint = "The next run goes on where this one ended.";
                return Err(Trouble::Failed(IntakeError::new("quota_used", message, hint)));
            }
            self.wait(wait).await?;
        }
        let now = self.now();
        self.ledger.request(now);
        self.ledger.bytes(now, self.last);
        if self.ledger.is_kept() {
            let mut batch = Batch::new(self.parts.actor.clone(), now);
            batch.cursors.push((Text::from(ledger_name(&self.parts.source)), self.ledger.write()));
            self.parts.store.write(batch).await.map_err(|e| IntakeError::store(&e))?;
        }
        Ok(())
    }

    /// Waits, and ends where the run shall end.
    async fn wait(&self, all: Duration) -> Result<(), IntakeError> {
        let mut left = all;
        while !left.is_zero() {
            if self.parts.progress.canceled() {
                return Err(IntakeError::canceled());
            }
            let now = left.min(LOOK);
            (self.parts.time.sleep)(now).await;
            left -= now;
        }
        Ok(())
    }

    /// The same address at the host that is asked now.
    fn at_host(&self, url: &str) -> String {
        let Some(to) = self.origins.get(self.host).filter(|_| self.host > 0) else { return url.to_owned() };
        match self.origins.iter().find(|ours| url.to_ascii_lowercase().starts_with(ours.as_str())) {
            Some(from) => format!("{to}{}", &url[from.len()..]),
            None => url.to_owned(),
        }
    }
}

/// Whether a document is CSDL from its beginning to its end: a page for people is not, nor what was cut.
fn is_metadata(body: &[u8]) -> bool {
    let body = body.trim_ascii();
    let has = |part: &[u8], name: &[u8]| part.windows(name.len()).any(|at| at == name);
    has(&body[..body.len().min(2_000)], b"Edmx") && has(&body[body.len().saturating_sub(100)..], b"Edmx>")
}

/// The name of the cursor that holds what was used of a source's quota.
fn ledger_name(source: &str) -> String {
    format!("pull/{source}/quota")
}

/// Whether another try may end better.
fn passes(kind: outbound::FailureKind) -> bool {
    use outbound::FailureKind as Kind;
    matches!(kind, Kind::NotConnected | Kind::TimedOut | Kind::Broken | Kind::NameUnknown)
}

fn refused_credential() -> IntakeError {
    IntakeError::new(
        "credential_refused",
        "The source does not take the credential.",
        "Give it anew: `freehold operate set-credential SOURCE`.",
    )
}

/// The address without its query, which may hold what is nobody's business.
fn shown(url: &str) -> &str {
    url.split('?').next().unwrap_or_default()
}

fn refused(code: &'static str, url: &str, said: &str) -> IntakeError {
    let said = if said.is_empty() { String::new() } else { format!(" It says: {said}") };
    let hint = match code {
        "forbidden" => "The credential is not for this: ask whoever runs the source.",
        "not_there" => "See to SourceLocation and SourceResources.",
        "redirected" => "Write the address that it leads to as SourceLocation.",
        _ => {
            "The profile asks for something that this source does not know: see its next and removed sections."
        }
    };
    IntakeError::new(code, format!("The source refuses {}.{said}", shown(url)), hint)
}

fn gave_up(code: &'static str, url: &str, tries: u32, wait: Option<Duration>) -> IntakeError {
    let hint = "What was brought in is kept; the next run goes on from there.";
    match wait.filter(|wait| *wait > LONGEST_WISH) {
        Some(wait) => {
            let message = format!("The source wants to be left alone for {} minutes.", wait.as_secs() / 60);
            IntakeError::new("source_suspended", message, hint)
        }
        None => {
            let message = format!("{} gave no good answer in {tries} tries.", shown(url));
            IntakeError::new(code, message, hint)
        }
    }
}
