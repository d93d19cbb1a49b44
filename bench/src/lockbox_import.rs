//! An association comes in at the lockbox door: offices, so many members and twice as many listings as full imports,
//! and the same files again (LBX-075). The numbers of the command line are the members; no town is needed.
//!
//! Every file goes the whole way: received, on disk, staged, held against what is kept, applied as one transaction.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::body::Body;
use console::operate::{Act, Desk, NewKey, create, create_client, create_feed, issue_key};
use dictionary::{Dictionary, Value, Version, named};
use gate::{Gate, SigningKey};
use http::Request;
use lockbox_door::{Door, Settings};
use outflow::{MasterKey, Outflow};
use search::Search;
use store::Store;
use tower::ServiceExt;

use crate::report::{Figure, Report, Target};

/// Megabytes that the process may take at most.
const MEGABYTES: f64 = 500.0;
/// Members of an office.
const OF_OFFICE: u64 = 40;

/// A file: its part, its size, and how it is made.
type File = (&'static str, u64, fn(u64) -> String);

/// Measures an association of so many members.
pub(crate) async fn run(report: &mut Report, folder: &Path, members: u64) -> Result<()> {
    report.size(members);
    let house = House::open(folder).await?;
    // Each is made when it is sent: the sender's copies are not the door's memory.
    let files: [File; 3] = [
        ("offices", members.div_ceil(OF_OFFICE), offices),
        ("members", members, people),
        ("listings", members, listings),
    ];
    crate::machine::forget_peak();
    let first = house.bring(&files, "added").await?;
    // The sizes that the limits are said of.
    let scale = members as f64 / 100_000.0;
    let of = |seconds: f64| Target::AtMost(seconds * scale.max(1.0));
    let what = "lockbox: offices, members and twice as many listings, full import";
    report.add(what, Figure::Span(first), of(120.0));
    let again = house.bring(&files, "unchanged").await?;
    report.add("lockbox: the same files again", Figure::Span(again), of(30.0));
    if let Some(megabytes) = crate::machine::peak_megabytes() {
        let what = "lockbox: memory at its peak, importing";
        report.add(what, Figure::Amount(megabytes, "MB"), Target::AtMost(MEGABYTES));
    }
    Ok(())
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
        let act = Act { actor: "bench".into(), now: testkit::real_time() };
        create_feed(&desk, &act, "gulf", "Gulf").await?;
        let text = |text: &str| Some(Value::from(text));
        let fields = [("TenantId", text("gulf")), ("ProductionFeedId", text("gulf"))];
        create(&desk, &act, "Tenant", named(dictionary.known("Tenant"), fields)).await?;
        create_client(&desk, &act, "operator", "operator", true).await?;
        let key = issue_key(&desk, &act, "operator", NewKey::default()).await?.secret.reveal().to_owned();
        let settings = Settings::new(folder.join("lockbox"), "bench");
        let search = Search::new(Arc::clone(&dictionary));
        let master = MasterKey::from_bytes(&[7; 32]);
        let terms = outflow::Settings::new("http://127.0.0.1", master, testkit::real_time, || 0.5);
        let outflow = Outflow::open(store.clone(), Arc::clone(&dictionary), terms).await?;
        let parts = (store, search, outflow);
        let door = Door::open(dictionary, gate, parts, testkit::real_time, settings).await?;
        Ok(Self { router: lockbox_door::router(door.clone()), door, key })
    }

    /// Imports the files one after the other; every row of each has become this.
    async fn bring(&self, files: &[File; 3], expect: &str) -> Result<Duration> {
        let mut took = Duration::ZERO;
        for (part, size, make) in files {
            let file = make(*size);
            let rows = file.lines().count() as u64 - 1;
            let began = Instant::now();
            let path =
                format!("/lockbox/production/tenants/gulf/imports?part={part}&mode=full&name={part}.csv");
            let batch = self.ask(Request::post(path), Body::from(file)).await?;
            self.door.run_imports().await?;
            let one = began.elapsed();
            took += one;
            let path = format!(
                "/lockbox/production/tenants/gulf/imports/{}",
                batch["id"].as_str().context("an import has an id")?
            );
            let batch = self.ask(Request::get(path), Body::empty()).await?;
            ensure!(batch["totals"][expect] == rows, "{part}: {rows} rows are not {expect}: {batch:#}");
            eprintln!("{part}, {rows} rows {expect}: {:.1} s", one.as_secs_f64());
        }
        Ok(took)
    }

    async fn ask(&self, request: http::request::Builder, body: Body) -> Result<serde_json::Value> {
        let request = request.header("x-api-key", &self.key).body(body)?;
        let answer = self.router.clone().oneshot(request).await?;
        let (head, body) = answer.into_parts();
        let bytes = axum::body::to_bytes(body, 16 << 20).await?;
        ensure!(head.status.is_success(), "{}: {}", head.status, String::from_utf8_lossy(&bytes));
        Ok(serde_json::from_slice(&bytes)?)
    }
}

fn offices(count: u64) -> String {
    let mut file = "OFFICEMLSID,OFFICENAME,OFFICEPHONE,OFFICEADDRESS1,OFFICECITY,OFFICESTATEORPROVINCE,\
                    OFFICEPOSTALCODE,OFFICESTATUS\n"
        .to_owned();
    for n in 0..count {
        let line = 1_000 + n % 9_000;
        writeln!(file, "O{n},Office {n},(239) 555-{line},{n} Bay St,Naples,FL,34102,Active")
            .expect("a text takes every line");
    }
    file
}

fn people(count: u64) -> String {
    let mut file = "MEMBERMLSID,MEMBERNATIONALASSOCIATIONID,MEMBERSTATELICENCE,MEMBERTYPE,MEMBERFIRSTNAME,\
                    MEMBERLASTNAME,MEMBEROFFICEPHONE,MEMBERMOBILEPHONE,MEMBEREMAIL,OFFICEMLSID,SKSS Status,\
                    Lockbox Service Status,MEMBERSTATUSFIELD\n"
        .to_owned();
    for n in 0..count {
        let kind = match n % OF_OFFICE {
            0 => "Broker",
            1 => "Office Staff",
            2 => "Assistant",
            _ => "Agent",
        };
        let (nrds, line, office) = (261_000_000 + n, 1_000 + n % 9_000, n / OF_OFFICE);
        writeln!(
            file,
            "M{n},{nrds},SL{n},{kind},First{n},Last{n},239-555-{line},(239) 444-{line},m{n}@gulf.example,O{office},\
             Active,Active,Active"
        ).expect("a text takes every line");
    }
    file
}

/// Two for each member.
fn listings(members: u64) -> String {
    let mut file = "LISTINGID,LISTAGENTMLSID,CoListAgentMlsId,STREETDIRPREFIX,STREETNUMBER,STREETNAME,STREETSUFFIX,\
                    UNITNUMBER,CITY,STATEORPROVINCE,POSTALCODE,COUNTYORPAISH,TOWNSHIP,SUBDIVISION,LISTPRICE,MLSSTATUS,\
                    BEDROOMSTOTAL,BATHROOMSFULL,BATHROOMSHALF,LIVINGAREA,HIGHSCHOOLDISTRICT,SHOWINGINSTRUCTIONS,\
                    MODIFICATIONTIMESTAMP,ONMARKETDATE,PRICECHANGETIMESTAMP,YEARBUILT,LONGITUDE,LATITUDE,DAYSONMARKET,\
                    LISTINGKEYNUMERIC,PHOTOCOUNT,PHOTOSCHANGETIMESTAMP\n"
        .to_owned();
    for n in 0..2 * members {
        let (agent, other, price) = (n % members, (n + 1) % members, 200_000 + n % 800_000);
        let (latitude, longitude) = (26_000_000 + n % 900_000, 81_000_000 + n % 900_000);
        let (beds, year, area) = (1 + n % 5, 1950 + n % 70, 900 + n % 3_000);
        writeln!(
            file,
            "L{n},M{agent},M{other},N,{n},Gulf Shore,Blvd,{beds},Naples,FL,34102,Collier,Naples,Old Naples,{price},Active,\
             {beds},2,1,{area},Collier,Call the listing agent first; the dog is friendly,2026-11-01T10:00:00Z,2026-10-01,\
             2026-10-15T10:00:00Z,{year},-{}.{:06},{}.{:06},31,{n},12,2026-11-01T10:00:00Z",
            longitude / 1_000_000,
            longitude % 1_000_000,
            latitude / 1_000_000,
            latitude % 1_000_000,
        ).expect("a text takes every line");
    }
    file
}
