//! Vendors, as their own documents have them: what each refuses, how its pages are linked, what it forgets. Nothing
//! here knows of Freehold's profiles.

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use dictionary::Timestamp;
use jiff::SignedDuration;
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::filter::{Filter, compare};
use crate::offer::Lookups;
use crate::wire::answer;
use crate::world::{KEYS, Row, World};

/// Which vendor it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Brand {
    MlsGrid,
    Trestle,
    Bridge,
    Spark,
    /// With EntityEvent, or without.
    Plain(bool),
}

/// What goes wrong with a request, once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mishap {
    Busy,
    Broken,
    Html,
    CutShort,
    CutJson,
    TokenEnds,
    LinksEnd,
    /// Nothing does.
    Nothing,
}

pub(crate) const MISHAPS: [Mishap; 7] = [
    Mishap::Busy,
    Mishap::Broken,
    Mishap::Html,
    Mishap::CutShort,
    Mishap::CutJson,
    Mishap::TokenEnds,
    Mishap::LinksEnd,
];

/// A walk by a link that the vendor remembers.
struct Session {
    resource: &'static str,
    rows: VecDeque<String>,
    used: Timestamp,
}

/// A vendor at work.
pub(crate) struct Vendor {
    pub(crate) brand: Brand,
    pub(crate) world: World,
    pub(crate) address: SocketAddr,
    /// Another of its hosts, which refuses the credential.
    pub(crate) wrong_host: SocketAddr,
    sessions: HashMap<u64, Session>,
    numbers: u64,
    token: u64,
    token_until: Option<Timestamp>,
    pub(crate) tokens_given: usize,
    sent: VecDeque<Timestamp>,
    /// Every question that the vendor would count against the client.
    pub(crate) wrongs: Vec<String>,
    pub(crate) mishaps: VecDeque<Mishap>,
    pub(crate) requests: usize,
    /// What was asked, paths and queries.
    pub(crate) asked: Vec<String>,
    /// Fields that `$metadata` declares besides, or no longer, and types that it declares otherwise.
    pub(crate) declares: Vec<(&'static str, &'static str)>,
    /// Values of lookups, and how it tells of them.
    pub(crate) lookups: (Lookups, Vec<(&'static str, &'static str)>),
    /// Answers like this for ever.
    pub(crate) endless: Option<Endless>,
}

/// How a source never ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Endless {
    SameLink,
    EmptyPages,
    SamePage,
}

pub(crate) type Shared = Arc<Mutex<Vendor>>;

/// What is answered.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    pub(crate) link: Option<String>,
    pub(crate) after: Option<u64>,
    pub(crate) html: bool,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self { status, body: body.to_string().into_bytes(), link: None, after: None, html: false }
    }

    fn error(status: u16, code: &str, message: &str) -> Self {
        Self::json(status, &json!({"error": {"code": code, "message": message}}))
    }
}

impl Vendor {
    /// Opens its doors on two ports.
    pub(crate) async fn open(brand: Brand, world: World) -> Shared {
        let here = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let other = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let vendor = Self {
            brand,
            world,
            address: here.local_addr().unwrap(),
            wrong_host: other.local_addr().unwrap(),
            sessions: HashMap::new(),
            numbers: 0,
            token: 0,
            token_until: None,
            tokens_given: 0,
            sent: VecDeque::new(),
            wrongs: Vec::new(),
            mishaps: VecDeque::new(),
            requests: 0,
            asked: Vec::new(),
            declares: Vec::new(),
            lookups: (Lookups::Enumerations, Vec::new()),
            endless: None,
        };
        let shared = Arc::new(Mutex::new(vendor));
        for (listener, wrong) in [(here, false), (other, true)] {
            let state = (Arc::clone(&shared), wrong);
            let router = Router::new().fallback(answer).with_state(state);
            tokio::spawn(axum::serve(listener, router).into_future());
        }
        shared
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    pub(crate) fn reply(
        &mut self,
        path: &str,
        query: &str,
        head: &http::HeaderMap,
        body: &[u8],
        wrong_host: bool,
    ) -> Reply {
        self.requests += 1;
        self.asked.push(format!("{path}?{query}"));
        self.world.clock.pass(SignedDuration::from_millis(30));
        if path == "/token" {
            return self.give_token(body);
        }
        self.world.work();
        let mishap = self.mishaps.pop_front();
        match mishap {
            Some(Mishap::Busy) => {
                let mut reply = Reply::error(429, "busy", "Slow down.");
                reply.after = Some(7);
                return reply;
            }
            Some(Mishap::Broken) => return Reply::error(503, "down", "Back soon."),
            Some(Mishap::Html) => {
                let mut reply = Reply::json(200, &json!(""));
                reply.body = b"<html><body>Sorry, we are busy.</body></html>".to_vec();
                reply.html = true;
                return reply;
            }
            Some(Mishap::TokenEnds) => self.token_until = self.token_until.map(|_| Timestamp::UNIX_EPOCH),
            Some(Mishap::LinksEnd) => self.sessions.clear(),
            _ => {}
        }
        if let Err(reply) = self.admits(head, query, wrong_host) {
            return reply;
        }
        let mut reply = if path.ends_with("/$metadata") { self.metadata() } else { self.read(path, query) };
        if mishap == Some(Mishap::CutJson) && reply.status == 200 {
            reply.body.truncate(reply.body.len() / 2);
        }
        reply
    }

    fn give_token(&mut self, body: &[u8]) -> Reply {
        let form = String::from_utf8_lossy(body).into_owned();
        let right = ["grant_type=client_credentials", "client_id=me", "client_secret=s3cret"];
        if right.iter().any(|part| !form.contains(part))
            || (self.brand == Brand::Trestle && !form.contains("scope=api"))
        {
            return Reply::json(400, &json!({"error": "invalid_client"}));
        }
        self.token += 1;
        self.tokens_given += 1;
        self.token_until = Some(self.now() + SignedDuration::from_hours(8));
        Reply::json(
            200,
            &json!({"access_token": format!("t{}", self.token), "expires_in": 28_800, "token_type": "bearer"}),
        )
    }

    /// Who asks, at which host, how often.
    fn admits(&mut self, head: &http::HeaderMap, query: &str, wrong_host: bool) -> Result<(), Reply> {
        let shown = head.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let now = self.now();
        let spark = |code: u32, message: &str| {
            Reply::json(401, &json!({"D": {"Success": false, "Code": code, "Message": message}}))
        };
        if wrong_host {
            return Err(match self.brand {
                Brand::Spark => spark(1021, "This key is for the replication host."),
                _ => Reply::error(404, "not_found", "Nothing is here."),
            });
        }
        let right = match self.brand {
            Brand::Trestle => {
                shown == format!("Bearer t{}", self.token)
                    && self.token_until.is_some_and(|until| now < until)
            }
            _ => shown == "Bearer s3cret",
        };
        if !right {
            return Err(if self.brand == Brand::Spark {
                spark(1020, "Expired.")
            } else {
                Reply::error(401, "who", "Who?")
            });
        }
        if self.brand == Brand::MlsGrid {
            self.counts(now, head)?;
        }
        let prefers =
            head.get("prefer").is_some_and(|value| value == "odata.maxpagesize=2000, omit-values=nulls");
        if prefers != matches!(self.brand, Brand::Plain(_)) {
            self.wrongs.push("who knows no preference is told none, and who may is told one".into());
        }
        if query.contains("s3cret") {
            self.wrongs.push("a credential in an address".into());
        }
        Ok(())
    }

    /// MLS Grid: gzip or nothing; who asks more than twice a second, or 7,200 times an hour, is suspended.
    fn counts(&mut self, now: Timestamp, head: &http::HeaderMap) -> Result<(), Reply> {
        let gzip = head.get("accept-encoding").is_some_and(|value| value.to_str().unwrap().contains("gzip"));
        if !gzip {
            self.wrongs.push("no gzip".into());
            return Err(Reply::error(400, "gzip", "Accept gzip."));
        }
        self.sent.push_back(now);
        let within = |seconds: i64| {
            self.sent
                .iter()
                .filter(|at| now.duration_since(**at) < SignedDuration::from_secs(seconds))
                .count()
        };
        if within(1) > 2 || within(3_600) > 7_200 || within(86_400) > 40_000 {
            self.wrongs.push(format!("suspended: {} in a second, {} in an hour", within(1), within(3_600)));
        }
        if self.wrongs.iter().any(|wrong| wrong.starts_with("suspended")) {
            return Err(Reply::error(429, "suspended", "You are suspended."));
        }
        Ok(())
    }

    fn read(&mut self, path: &str, query: &str) -> Reply {
        let options: HashMap<String, String> = query
            .split('&')
            .filter(|part| !part.is_empty())
            .map(|part| part.split_once('=').unwrap_or((part, "")))
            .map(|(name, value)| (unescaped(name), unescaped(value)))
            .collect();
        let (path, replication) = match path.strip_suffix("/replication") {
            Some(path) => (path, true),
            None => (path, options.get("replication").is_some_and(|yes| yes == "true")),
        };
        let name = path.rsplit('/').next().unwrap_or_default();
        if name == "EntityEvent" && self.brand == Brand::Plain(true) {
            return self.events(&options);
        }
        if name == "Lookup" && self.lookups.0 == Lookups::Records {
            return self.lookup_records(&options);
        }
        let Some((resource, key)) = KEYS.iter().copied().find(|(resource, _)| *resource == name) else {
            return Reply::error(404, "not_found", "There is no such resource.");
        };
        if let Some(endless) = self.endless {
            return self.without_end(endless, resource, key);
        }
        if let Err(why) = self.allows(&options, replication) {
            self.wrongs.push(format!("{path}?{query}: {why}"));
            return Reply::error(400, "bad", &why);
        }
        let rows = match self.found(resource, key, &options) {
            Ok(rows) => rows,
            Err(why) => return Reply::error(400, "bad", &why),
        };
        let top = options.get("$top").and_then(|top| top.parse::<usize>().ok());
        let remembered = replication || options.contains_key("$skiptoken") || options.contains_key("id");
        if remembered {
            return self.by_session(resource, rows, &options, top, path);
        }
        let size = match self.brand {
            Brand::MlsGrid => top.unwrap_or(500),
            Brand::Trestle | Brand::Bridge | Brand::Spark => top.unwrap_or(10),
            Brand::Plain(_) => top.unwrap_or(usize::MAX).min(70),
        };
        let skip = options.get("$skip").map_or(0, |skip| skip.parse().unwrap());
        let all = rows.len();
        let page: Vec<Row> = rows.into_iter().skip(skip).take(size).collect();
        let mut body = json!({ "value": self.shown(page, &options) });
        // These count records from page to page: what others write meanwhile moves them.
        if skip + size < all && (top.is_none_or(|top| top > 1)) {
            let rest: Vec<String> =
                query.split('&').filter(|p| !p.starts_with("$skip=")).map(str::to_owned).collect();
            body["@odata.nextLink"] =
                json!(format!("http://{}{path}?{}&$skip={}", self.address, rest.join("&"), skip + size));
        }
        if options.contains_key("$count") {
            body["@odata.count"] = json!(all);
        }
        Reply::json(200, &body)
    }

    /// What the vendor's documents forbid.
    fn allows(&self, options: &HashMap<String, String>, replication: bool) -> Result<(), String> {
        let filter = options.get("$filter").map(|text| Filter::read(text)).transpose()?;
        let top = options.get("$top").and_then(|top| top.parse::<usize>().ok()).unwrap_or(0);
        let has = |name: &str| options.contains_key(name);
        let most = |most: usize| if top > most { Err(format!("$top is {most} at most")) } else { Ok(()) };
        match self.brand {
            Brand::MlsGrid => {
                most(if has("$expand") { 1_000 } else { 5_000 })?;
                let filter = filter.ok_or("name one OriginatingSystemName")?;
                let fields: HashSet<&str> = filter.fields().into_iter().collect();
                if !fields.contains("OriginatingSystemName") {
                    return Err("name one OriginatingSystemName".into());
                }
                let searchable = ["OriginatingSystemName", "ModificationTimestamp", "MlgCanView"];
                if let Some(other) = fields.iter().find(|field| !searchable.contains(field)) {
                    return Err(format!("{other} is not searchable"));
                }
                if filter.ors() > 5 {
                    return Err("five or at most".into());
                }
                match options.get("$orderby").map(String::as_str) {
                    None | Some("ModificationTimestamp") => Ok(()),
                    Some(other) => Err(format!("not ordered by {other}")),
                }
            }
            Brand::Trestle => most(1_000),
            Brand::Bridge if replication => {
                most(2_000)?;
                if has("$skip") || has("$orderby") {
                    Err("neither $skip nor $orderby".into())
                } else {
                    Ok(())
                }
            }
            Brand::Bridge => most(200),
            Brand::Spark if has("$skiptoken") && filter.is_none() => {
                let known = ["$skiptoken", "$count", "$select"];
                match options.keys().find(|name| !known.contains(&name.as_str())) {
                    Some(other) => Err(format!("{other} is not for the first load")),
                    None => Ok(()),
                }
            }
            Brand::Spark => most(1_000),
            Brand::Plain(_) => Ok(()),
        }
    }

    /// The rows that a question finds, in its order.
    fn found(
        &self,
        resource: &'static str,
        key: &str,
        options: &HashMap<String, String>,
    ) -> Result<Vec<Row>, String> {
        let filter = options.get("$filter").map(|text| Filter::read(text)).transpose()?;
        let order = options.get("$orderby").map_or(key, String::as_str).to_owned();
        let terms: Vec<(&str, bool)> = order
            .split(',')
            .map(|term| term.strip_suffix(" desc").map_or((term, false), |term| (term, true)))
            .collect();
        let mut rows: Vec<Row> = self.world.rows[resource]
            .values()
            .filter(|row| filter.as_ref().is_none_or(|f| f.holds(row)))
            .cloned()
            .collect();
        let none = Value::Null;
        rows.sort_by(|a, b| {
            terms
                .iter()
                .map(|(field, descending)| {
                    let order = compare(a.get(*field).unwrap_or(&none), b.get(*field).unwrap_or(&none));
                    if *descending { order.reverse() } else { order }
                })
                .find(|order| order.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        Ok(rows)
    }

    fn shown(&self, rows: Vec<Row>, options: &HashMap<String, String>) -> Value {
        let select: Option<HashSet<&str>> = options.get("$select").map(|names| names.split(',').collect());
        let expands = options.get("$expand").is_some_and(|names| names == "Media");
        let rows = rows.into_iter().map(|mut row| {
            if !expands {
                row.remove("Media");
            }
            if let Some(select) = &select {
                row.retain(|name, _| select.contains(name.as_str()));
            }
            row
        });
        rows.collect()
    }

    /// Pages that the vendor remembers: a copy of the keys at the beginning, rows as they are when they are sent.
    fn by_session(
        &mut self,
        resource: &'static str,
        rows: Vec<Row>,
        options: &HashMap<String, String>,
        top: Option<usize>,
        path: &str,
    ) -> Reply {
        let now = self.now();
        let key = KEYS.iter().find(|(name, _)| *name == resource).unwrap().1;
        let number = options.get("id").or_else(|| options.get("$skiptoken")).filter(|id| !id.is_empty());
        let number = match number {
            None => {
                self.numbers += 1;
                let keys = rows.iter().map(|row| row[key].as_str().unwrap().to_owned()).collect();
                self.sessions.insert(self.numbers, Session { resource, rows: keys, used: now });
                self.numbers
            }
            Some(number) => number.parse().unwrap_or(0),
        };
        let ends = SignedDuration::from_mins(5);
        let size = if self.brand == Brand::Spark { 90 } else { top.unwrap_or(80).min(80) };
        let Some(session) =
            self.sessions.get_mut(&number).filter(|session| now.duration_since(session.used) <= ends)
        else {
            return Reply::error(404, "gone", "The replication has ended.");
        };
        session.used = now;
        assert_eq!(session.resource, resource);
        let keys: Vec<String> = (0..size).map_while(|_| session.rows.pop_front()).collect();
        let more = !session.rows.is_empty();
        let rows = keys.iter().filter_map(|key| self.world.rows[resource].get(key)).cloned().collect();
        let mut body = json!({ "value": self.shown(rows, options) });
        // Each link is good once.
        self.numbers += 1;
        let session = self.sessions.remove(&number).unwrap();
        let next = self.numbers;
        self.sessions.insert(next, session);
        let mut reply = Reply::json(200, &json!(null));
        let address = self.address;
        match self.brand {
            // Until a page is empty.
            Brand::Trestle if !keys.is_empty() => {
                body["@odata.nextLink"] = json!(format!("http://{address}{path}/replication?id={next}"));
            }
            Brand::Bridge if more => {
                let top = top.map_or(String::new(), |top| format!("&$top={top}"));
                reply.link = Some(format!(
                    "<http://{address}{path}/replication?id={next}{top}&access_token=s3cret-in-a-link>; rel=\"next\""
                ));
            }
            Brand::Spark if more => {
                let kept: Vec<String> = ["$filter", "$select"]
                    .iter()
                    .filter_map(|name| {
                        Some(format!(
                            "{name}={}",
                            options.get(*name)?.replace(' ', "%20").replace('&', "%26")
                        ))
                    })
                    .collect();
                body["@odata.nextLink"] = json!(
                    format!("http://{address}{path}?$skiptoken={next}&{}", kept.join("&"))
                        .trim_end_matches('&')
                );
            }
            _ => {}
        }
        reply.body = body.to_string().into_bytes();
        reply
    }

    fn events(&self, options: &HashMap<String, String>) -> Reply {
        let filter = options.get("$filter").map(|text| Filter::read(text).unwrap());
        let event = |(at, (resource, key)): (usize, &(&str, String))| {
            let row =
                json!({"EntityEventSequence": at + 1, "ResourceName": resource, "ResourceRecordKey": key});
            row.as_object().unwrap().clone()
        };
        let mut events: Vec<Row> = self.world.events.iter().enumerate().map(event).collect();
        events.retain(|row| filter.as_ref().is_none_or(|filter| filter.holds(row)));
        if options.get("$orderby").is_some_and(|order| order.ends_with(" desc")) {
            events.reverse();
        }
        events.truncate(options.get("$top").map_or(50, |top| top.parse().unwrap()).min(50));
        Reply::json(200, &json!({ "value": events }))
    }

    fn without_end(&mut self, endless: Endless, resource: &'static str, key: &str) -> Reply {
        self.numbers += 1;
        let number = self.numbers;
        let row = json!({key: "K1", "ModificationTimestamp": "2025-01-01T00:00:00Z", "OriginatingSystemName": "actris"});
        let (rows, link) = match endless {
            Endless::SameLink => (vec![row], Some(1)),
            Endless::EmptyPages => (vec![], Some(number)),
            Endless::SamePage => (vec![row], None),
        };
        let mut body = json!({ "value": rows });
        if let Some(link) = link {
            body["@odata.nextLink"] = json!(format!("http://{}/{resource}?$skiptoken={link}", self.address));
        }
        Reply::json(200, &body)
    }
}

fn unescaped(text: &str) -> String {
    let (mut out, bytes) = (Vec::new(), text.as_bytes());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'%' => {
                out.push(u8::from_str_radix(&text[at + 1..at + 3], 16).unwrap());
                at += 2;
            }
            b'+' => out.push(b' '),
            byte => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8(out).unwrap()
}
