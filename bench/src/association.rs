//! The sync of an association: a forced resync of everybody is ordered, and pulled by the other side over HTTP; a year
//! of a thousand tenants is planned. The numbers of the command line are how many members there are, with a tenth as
//! many offices; no town is needed.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use association_door::Door;
use association_door::schedule::{Cadence, Plan};
use console::operate::{Act, Desk, NewKey, create_client, issue_key};
use dictionary::{Dictionary, Record, Text, Timestamp, Value, Version, named};
use gate::{Gate, SigningKey};
use http::{HeaderMap, Method};
use intake::{Clock, Moved, Places, Progress, Sources};
use jiff::tz::TimeZone;
use membership::{Membership, PROFILE};
use outbound::Request;
use serde_json::{Value as Json, json};
use store::{Batch, Operation, Settings, Store};
use testkit::real_time;
use tokio::net::TcpListener;

use crate::report::{Figure, Report, Target};

/// Records written together.
const TOGETHER: u64 = 10_000;
/// Tenants whose year is planned.
const TENANTS: usize = 1_000;
/// Contacts that change between two pulls.
const CHANGED: u64 = 1_000;
/// The feed, and the tenant's and its integration's addresses.
const FEED: &str = "bench.production";
const TENANT: &str = "/association/tenants/bench";
const PLACE: &str = "/association/tenants/bench/integrations/lockbox/environments/production";

/// Seconds that each may take at most.
const ORDERED: f64 = 2.0;
const PULLED: f64 = 30.0;
const PLANNED: f64 = 1.0;

/// Measures an association of so many members.
pub(crate) async fn run(report: &mut Report, folder: &Path, members: u64) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    report.size(members);
    plan(report)?;
    let words = Arc::new(Dictionary::standard(Version::V2_1));
    let house = House::open(folder, &words).await?;
    house.fill(members).await?;
    let puller = house.puller(folder, &words).await?;
    let contacts = members + members / 10;

    let began = Instant::now();
    house.ask(Method::POST, &format!("{TENANT}/environments/production/resyncs"), json!({})).await?;
    let what = "a forced resync of every contact is ordered, durable, over HTTP";
    report.add(what, Figure::Span(began.elapsed()), Target::AtMost(ORDERED));

    let began = Instant::now();
    let pulled = puller.run("bench", Arc::new(Untold)).await?;
    let spent = began.elapsed();
    if pulled.rows != contacts {
        bail!("{} of {contacts} contacts were pulled", pulled.rows);
    }
    let what = "pulled by another Freehold over HTTP, durable, and acknowledged";
    report.add(what, Figure::Span(spent), Target::AtMost(PULLED));
    let rate = contacts as f64 / spent.as_secs_f64();
    report.add(format!("{what}: contacts"), Figure::Rate(rate, "contacts", None), Target::Open);

    house.write(0..CHANGED.min(members), "Inactive").await?;
    let began = Instant::now();
    let pulled = puller.run("bench", Arc::new(Untold)).await?;
    if pulled.rows != CHANGED.min(members) {
        bail!("{} of {CHANGED} changes were pulled", pulled.rows);
    }
    let what = "a pull of a thousand changes, from its opening to its acknowledgement";
    report.add(what, Figure::Span(began.elapsed()), Target::Open);
    Ok(())
}

/// Plans a year of a thousand tenants in zones of every kind.
fn plan(report: &mut Report) -> Result<()> {
    let zones = [
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Phoenix",
        "America/Los_Angeles",
        "America/Puerto_Rico",
        "America/St_Johns",
        "Pacific/Honolulu",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
    ];
    let zones: Vec<TimeZone> = zones.iter().map(|name| TimeZone::get(name)).collect::<Result<_, _>>()?;
    let from: Timestamp = "2027-01-01T00:00:00Z".parse()?;
    let until: Timestamp = "2028-01-01T00:00:00Z".parse()?;
    let began = Instant::now();
    let mut runs = 0;
    for tenant in 0..TENANTS {
        let plan = Plan::new(Cadence::default(), zones[tenant % zones.len()].clone());
        runs += plan.between(from, until).count();
    }
    let spent = began.elapsed();
    // Four a day; at both ends of the year a zone's day is cut.
    if runs.abs_diff(TENANTS * 365 * 4) > TENANTS * 4 {
        bail!("{runs} runs are no year of {TENANTS} tenants");
    }
    let what = "a year of 1,000 tenants is planned, four runs a day";
    report.add(what, Figure::Span(spent), Target::AtMost(PLANNED));
    Ok(())
}

/// The association's side.
struct House {
    store: Store,
    words: Arc<Dictionary>,
    address: SocketAddr,
    key: String,
    http: outbound::Client,
}

impl House {
    async fn open(folder: &Path, words: &Arc<Dictionary>) -> Result<Self> {
        let store =
            Store::open(Settings::sqlite(folder.join("association.sqlite")), Arc::clone(words)).await?;
        let terms = gate::Settings::new(SigningKey::from_bytes(&[7; 32]));
        let gate = Gate::open(store.clone(), Arc::clone(words), terms).await?;
        let desk = Desk {
            store: store.clone(),
            dictionary: Arc::clone(words),
            gate: Some(gate.clone()),
            row_filters: None,
            outflow: None,
        };
        let act = Act { actor: Text::new_static("bench"), now: real_time() };
        let failed = |fault: odata::Fault| anyhow::anyhow!("{}", fault.message);
        create_client(&desk, &act, "operator", "operator", true).await.map_err(failed)?;
        let key = issue_key(&desk, &act, "operator", NewKey::default()).await.map_err(failed)?;
        let door = Door::open(Arc::clone(words), gate, store.clone(), Arc::new(real_time)).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let routes = association_door::router(door);
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let rules = outbound::Rules { allowed: vec!["127.0.0.0/8".parse()?] };
        let timeout = Duration::from_secs(120);
        let http =
            outbound::Client::new(outbound::Settings { rules, timeout, ..outbound::Settings::default() })?;
        let key = key.secret.reveal().to_owned();
        Ok(Self { store, words: Arc::clone(words), address, key, http })
    }

    /// One request that must go well.
    async fn ask(&self, method: Method, path: &str, body: Json) -> Result<Json> {
        let uri = outbound::target(&format!("http://{}{path}", self.address))
            .map_err(|e| anyhow::anyhow!(e.message))?;
        let mut headers = HeaderMap::new();
        headers.insert("authorization", format!("Bearer {}", self.key).parse()?);
        headers.insert("content-type", "application/json".parse()?);
        let body = body.to_string().into();
        let request = Request { method, uri, headers, body, largest_answer: 1 << 24 };
        let answer = self.http.send(request).await.map_err(|e| anyhow::anyhow!(e.message))?;
        if !answer.status.is_success() {
            bail!("{path}: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        Ok(serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    /// The tenant, its members and offices, and an integration that is on.
    async fn fill(&self, members: u64) -> Result<()> {
        self.ask(Method::POST, "/association/tenants", json!({ "TenantId": "bench" })).await?;
        let kind = json!({ "IntegrationKind": "Lockbox" });
        self.ask(Method::POST, &format!("{TENANT}/integrations"), kind).await?;
        for from in (0..members).step_by(TOGETHER as usize) {
            self.write(from..members.min(from + TOGETHER), "Active").await?;
        }
        let office = self.words.known("Office");
        for from in (0..members / 10).step_by(TOGETHER as usize) {
            let offices = (from..(members / 10).min(from + TOGETHER)).map(|number| {
                let fields: [(&str, Value); 5] = [
                    ("OfficeKey", format!("O{number}").into()),
                    ("OfficeStatus", "Active".into()),
                    ("OfficeName", format!("Office of street {number}").into()),
                    ("OfficePhone", "863-555-0100".into()),
                    ("ModificationTimestamp", real_time().into()),
                ];
                named(office, fields.map(|(name, value)| (name, Some(value))))
            });
            self.keep(offices).await?;
        }
        // The go-live is an appointment; here it is written as one that has come.
        let own = self.words.known("IntegrationSetting");
        let fields: [(&str, Value); 6] = [
            ("IntegrationId", "bench.lockbox".into()),
            ("TenantEnvironment", "Production".into()),
            ("TenantId", "bench".into()),
            ("SyncYN", true.into()),
            ("GoLiveTimestamp", real_time().into()),
            ("ModificationTimestamp", real_time().into()),
        ];
        let record = named(own, fields.map(|(name, value)| (name, Some(value))));
        let mut batch = Batch::new("bench", real_time());
        batch.operations.push(Operation::put_own(record, store::Expect::Any));
        self.store.write(batch).await?;
        Ok(())
    }

    /// Members of these numbers.
    async fn write(&self, numbers: std::ops::Range<u64>, status: &str) -> Result<()> {
        let own = self.words.known("Member");
        let members = numbers.map(|number| {
            let fields: [(&str, Value); 10] = [
                ("MemberKey", format!("M{number}").into()),
                ("MemberStatus", status.into()),
                ("MemberType", "REALTOR Salesperson".into()),
                ("MemberFirstName", format!("First {number}").into()),
                ("MemberLastName", format!("Last {number}").into()),
                ("MemberEmail", format!("m{number}@example.org").into()),
                ("MemberNationalAssociationId", format!("{:09}", 274_500_000 + number).into()),
                ("MemberMobilePhone", "863-555-0101".into()),
                ("OfficeKey", format!("O{}", number / 10).into()),
                ("ModificationTimestamp", real_time().into()),
            ];
            named(own, fields.map(|(name, value)| (name, Some(value))))
        });
        self.keep(members).await
    }

    async fn keep(&self, records: impl Iterator<Item = Record>) -> Result<()> {
        let mut batch = Batch::new("bench", real_time());
        batch.operations = records.map(|record| Operation::put(FEED, record)).collect();
        self.store.write(batch).await?;
        Ok(())
    }

    /// The other side, with a store of its own.
    async fn puller(&self, folder: &Path, words: &Arc<Dictionary>) -> Result<Sources> {
        let store = Store::open(Settings::sqlite(folder.join("mls.sqlite")), Arc::clone(words)).await?;
        let clock: Clock = Arc::new(real_time);
        let key = self.key.clone();
        let open = Arc::new(move |_: &str, _: &str| Some(key.clone()));
        let (own, http) = (Arc::clone(words), self.http.clone());
        let membership = Membership::new(store.clone(), own, Arc::clone(&clock), http, open);
        let source = words.known("Source");
        let fields: [(&str, Value); 8] = [
            ("SourceId", "bench".into()),
            ("FeedId", "COPY".into()),
            ("SourceType", "RESO Web API".into()),
            ("SourceStatus", "Active".into()),
            ("SourceProfile", PROFILE.into()),
            ("SourceLocation", format!("http://{}{PLACE}", self.address).into()),
            ("SealedCredential", "sealed".into()),
            ("ModificationTimestamp", real_time().into()),
        ];
        let mut batch = Batch::new("bench", real_time());
        let record = named(source, fields.map(|(name, value)| (name, Some(value))));
        batch.operations.push(Operation::put_own(record, store::Expect::Any));
        store.write(batch).await.context("the source")?;
        let sources = Sources::new(store, Arc::clone(words), clock, Places::default(), "bench");
        Ok(sources.with_api(Arc::new(membership)))
    }
}

/// Nobody looks on.
struct Untold;

impl Progress for Untold {
    fn moved(&self, _: &Moved) {}
}
