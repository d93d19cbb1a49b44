//! Who may open which box: decided in the process, asked over HTTP with every decision on disk before it is answered,
//! and the audit that this leaves, looked through (LBX-090, LBX-096). The number of the command line is how many
//! entries the audit has at least; no town is needed.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::body::Body;
use console::operate::{Act, Desk, NewKey, create, create_client, create_feed, issue_key};
use dictionary::{Dictionary, Record, Timestamp, Value, Version, named};
use gate::{Gate, SigningKey};
use http::Request;
use lockbox_door::{Door, Settings};
use outflow::{MasterKey, Outflow};
use search::Search;
use store::{Batch, Operation, Store};
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::client::{Question, load_by};
use crate::report::{Figure, Report, Target, Times};

/// Users, boxes and listings.
const BOXES: u64 = 20_000;
/// Users of an office.
const OF_OFFICE: u64 = 40;
/// Decisions of one kind that are timed in the process, so many at once: a single one is shorter than a clock tells.
const TIMED: u64 = 20_000;
const AT_ONCE: u64 = 100;
/// Connections that ask at the same time: boxes and apps are many.
const CLIENTS: usize = 128;
/// Questions that wait at the same time while the audit is filled.
const WAITING: usize = 2_000;

/// What time it is.
fn now() -> Timestamp {
    Timestamp::constant(1_795_532_400, 0)
}

/// Measures, with an audit of so many entries.
pub(crate) async fn run(report: &mut Report, folder: &Path, entries: u64) -> Result<()> {
    report.size(entries);
    let house = House::open(folder).await?;
    house.inside(report)?;
    let filled = house.over_http(report).await?;
    let filled = house.fill(filled, entries).await?;
    house.verified(report, filled).await
}

/// The door over a store of its own.
struct House {
    door: Door,
    router: Router,
    key: String,
}

impl House {
    async fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let kept = store::Settings::sqlite(folder.join("freehold.sqlite"));
        let store = Store::open(kept, Arc::clone(&dictionary)).await?;
        let terms = gate::Settings::new(SigningKey::random()?);
        let gate = Gate::open(store.clone(), Arc::clone(&dictionary), terms).await?;
        let desk = Desk {
            store: store.clone(),
            dictionary: Arc::clone(&dictionary),
            gate: Some(gate.clone()),
            row_filters: None,
            outflow: None,
        };
        let act = Act { actor: "bench".into(), now: now() };
        create_feed(&desk, &act, "gulf", "Gulf").await?;
        let text = |text: &str| Some(Value::from(text));
        let fields = [
            ("TenantId", text("gulf")),
            ("ProductionFeedId", text("gulf")),
            ("TenantTimeZone", text("America/New_York")),
        ];
        create(&desk, &act, "Tenant", named(dictionary.known("Tenant"), fields)).await?;
        create_client(&desk, &act, "operator", "operator", true).await?;
        let key = issue_key(&desk, &act, "operator", NewKey::default()).await?.secret.reveal().to_owned();
        for first in (0..BOXES).step_by(1_000) {
            let mut batch = Batch::new("bench", now());
            for n in first..first + 1_000 {
                batch.operations.extend(corner(&dictionary, n));
            }
            store.write(batch).await?;
        }
        let master = MasterKey::from_bytes(&[7; 32]);
        let terms = outflow::Settings::new("http://bench", master, now, || 0.5);
        let outflow = Outflow::open(store.clone(), Arc::clone(&dictionary), terms).await?;
        let settings = Settings::new(folder.join("lockbox"), "bench");
        let stands_on = (store, Search::new(Arc::clone(&dictionary)), outflow);
        let door = Door::open(dictionary, gate, stands_on, now, settings).await?;
        Ok(Self { router: lockbox_door::router(door.clone()), door, key })
    }

    /// Decisions in the process: somebody of the side, and others within the hours.
    fn inside(&self, report: &mut Report) -> Result<()> {
        for (who, of) in [("the box's owner", 0), ("an agent of another office, by showing hours", OF_OFFICE)]
        {
            let mut times = Vec::new();
            for first in (0..TIMED).step_by(usize::try_from(AT_ONCE)?) {
                let began = Instant::now();
                for n in first..first + AT_ONCE {
                    let (lockbox, user) = (format!("B{n}"), format!("u{}", (n + of) % BOXES));
                    ensure!(
                        self.door.decides(&lockbox, &user, now()) == Some(true),
                        "{user} opens {lockbox}"
                    );
                }
                times.push(began.elapsed() / u32::try_from(AT_ONCE)?);
            }
            let figure = Figure::Time(Times::of(times));
            report.add(format!("lockbox: a decision in the process, {who}"), figure, Target::AtMost(50.0));
        }
        Ok(())
    }

    /// The same over HTTP, on disk before it is answered; how many were asked.
    async fn over_http(&self, report: &mut Report) -> Result<u64> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        tokio::spawn(axum::serve(listener, self.router.clone()).into_future());
        let questions: Vec<Question> =
            (0..5_000).map(|n| Question::Post("/lockbox/access-decisions".into(), asked(n))).collect();
        let key = format!("x-api-key: {}\r\n", self.key);
        let found = load_by(CLIENTS, address, &key, &questions, "").await?;
        report.add(
            "lockbox: POST /lockbox/access-decisions, each on disk before it is answered",
            found.figure,
            Target::AtLeast(10_000.0),
        );
        self.entries().await
    }

    /// Asks on until the audit has so many entries.
    async fn fill(&self, mut filled: u64, entries: u64) -> Result<u64> {
        while filled < entries {
            let asking: Vec<_> = (0..WAITING)
                .map(|n| {
                    let (router, key, body) = (self.router.clone(), self.key.clone(), asked(n as u64));
                    tokio::spawn(async move {
                        for _ in 0..10 {
                            let request =
                                Request::post("/lockbox/access-decisions").header("x-api-key", &key);
                            let answer =
                                router.clone().oneshot(request.body(Body::from(body.clone()))?).await?;
                            ensure!(answer.status().is_success(), "{}", answer.status());
                        }
                        anyhow::Ok(())
                    })
                })
                .collect();
            for one in asking {
                one.await??;
            }
            filled += WAITING as u64 * 10;
        }
        self.entries().await
    }

    async fn entries(&self) -> Result<u64> {
        let (told, _) = self.verification().await?;
        told["entries"].as_u64().context("an audit has entries")
    }

    async fn verified(&self, report: &mut Report, entries: u64) -> Result<()> {
        let (told, took) = self.verification().await?;
        ensure!(told["whole"] == true && told["entries"] == entries, "the audit is not whole: {told}");
        let what =
            format!("lockbox: the audit of {entries} entries in {} links, looked through", told["links"]);
        // The limit is said of a million.
        report.add(what, Figure::Span(took), Target::AtMost(5.0 * (entries as f64 / 1e6).max(1.0)));
        Ok(())
    }

    async fn verification(&self) -> Result<(serde_json::Value, Duration)> {
        let began = Instant::now();
        let path = "/lockbox/production/tenants/gulf/audit/verification";
        let request = Request::get(path).header("x-api-key", &self.key).body(Body::empty())?;
        let answer = self.router.clone().oneshot(request).await?;
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await?;
        Ok((serde_json::from_slice(&bytes)?, began.elapsed()))
    }
}

/// A question about a box within its hours.
fn asked(n: u64) -> String {
    format!(r#"{{"lockbox":"B{}","user":"u{}","method":"App"}}"#, n % BOXES, (n * 7 + OF_OFFICE) % BOXES)
}

/// A member with a user, a listing and a box; the first of an office with the office.
fn corner(dictionary: &Dictionary, n: u64) -> Vec<Operation> {
    let record = |resource: &str, fields: &[(&str, Value)]| -> Record {
        named(dictionary.known(resource), fields.iter().map(|(name, value)| (*name, Some(value.clone()))))
    };
    let text = |word: &str| Value::from(format!("{word}{n}"));
    let office = Value::from(format!("O{}", n / OF_OFFICE));
    let instant = |hour: i64| {
        Value::Timestamp(Timestamp::from_second(1_767_571_200 + hour * 3_600).unwrap_or_default())
    };
    let active = || Value::from("Active");
    let mut operations = Vec::new();
    if n.is_multiple_of(OF_OFFICE) {
        operations.push(Operation::put(
            "gulf",
            record("Office", &[("OfficeKey", office.clone()), ("OfficeStatus", active())]),
        ));
    }
    let member = [
        ("MemberKey", text("M")),
        ("MemberMlsId", text("")),
        ("MemberStatus", active()),
        ("OfficeKey", office.clone()),
    ];
    operations.push(Operation::put("gulf", record("Member", &member)));
    let listing = [
        ("ListingKey", text("L")),
        ("ListingId", text("")),
        ("StandardStatus", active()),
        ("ListAgentKey", text("M")),
        ("ListOfficeKey", office),
        ("PropertyTimeZoneName", "America/New_York".into()),
        ("ShowingDays", Value::TextList(Box::new(["Monday", "Tuesday", "Wednesday"].map(Into::into)))),
        ("ShowingStartTime", instant(13)),
        ("ShowingEndTime", instant(23)),
    ];
    operations.push(Operation::put("gulf", record("Property", &listing)));
    let user = [
        ("LockboxUserId", text("u")),
        ("TenantId", "gulf".into()),
        ("FeedId", "gulf".into()),
        ("MemberKey", text("M")),
        ("MemberMlsId", text("")),
        ("LockboxUserType", "Agent".into()),
        ("AccountStatus", active()),
        ("LockboxServiceStatus", active()),
    ];
    operations.push(Operation::put(store::OWN_FEED, record("LockboxUser", &user)));
    let lockbox = [
        ("LockboxId", text("B")),
        ("TenantId", "gulf".into()),
        ("FeedId", "gulf".into()),
        ("LockboxOwnerId", text("u")),
        ("ListingKey", text("L")),
        ("RestrictionMode", "Open Hours".into()),
    ];
    operations.push(Operation::put(store::OWN_FEED, record("Lockbox", &lockbox)));
    operations
}
