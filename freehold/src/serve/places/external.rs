//! An external geocoder, of Nominatim's form or Pelias's: asked within bounds, remembered, and done without
//! where it does not answer.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Result, anyhow};
use bytes::Bytes;
use dictionary::Timestamp;
use geocode::{Accuracy, Located, Position, WIDEST_ZIP};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use outbound::{Client, Request, Rules};
use parking_lot::Mutex;
use serde_json::Value as Json;
use tokio::sync::Semaphore;

use super::Wanted;
use crate::settings::Geocode;

/// Answers that are remembered, in two halves: the older one goes as a whole.
const HALF: usize = 5_000;
/// How long an answer is remembered: houses do not move, but maps get better.
const GOOD: Duration = Duration::from_secs(30 * 24 * 3_600);
/// How long a geocoder that failed is left alone: searches go on without it.
const REST: Duration = Duration::from_secs(30);
/// Requests under way at the same time.
const AT_ONCE: usize = 8;
/// Bytes of an answer: one place, with its names in many languages.
const LARGEST_ANSWER: usize = 256 << 10;

/// How an external geocoder is asked and how it answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    Nominatim,
    Pelias,
}

/// The external geocoder of the settings.
pub(super) struct External {
    client: Client,
    url: String,
    form: Form,
    per_second: f64,
    clock: fn() -> Timestamp,
    under_way: Semaphore,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    young: HashMap<Wanted, (Timestamp, Option<Located>)>,
    old: HashMap<Wanted, (Timestamp, Option<Located>)>,
    /// Requests that may be made at once, and when that was so.
    allowance: Option<(f64, Timestamp)>,
    rests_until: Option<Timestamp>,
}

impl External {
    /// None where the settings name none.
    pub(super) fn new(settings: &Geocode, clock: fn() -> Timestamp) -> Result<Option<Self>> {
        if settings.url.is_empty() {
            return Ok(None);
        }
        // The operator's own word: it may stand in the operator's own network.
        let allowed = ["0.0.0.0/0", "::/0"].iter().map(|all| all.parse()).collect::<Result<_, _>>()?;
        let timeout = Duration::from_millis(settings.timeout_milliseconds);
        let rules = Rules { allowed };
        let client = Client::new(outbound::Settings { rules, timeout, ..outbound::Settings::default() })?;
        // The address may hold a key: it is not shown.
        outbound::target(&settings.url).map_err(|fault| anyhow!("geocode.url: {fault}"))?;
        Ok(Some(Self {
            client,
            url: settings.url.clone(),
            form: if settings.form == "pelias" { Form::Pelias } else { Form::Nominatim },
            per_second: f64::from(settings.per_second),
            clock,
            under_way: Semaphore::new(AT_ONCE),
            state: Mutex::default(),
        }))
    }

    /// The place of an address, near the middle of its ZIP code. None where the geocoder does not know it
    /// better than that, does not answer, or must not be asked now.
    pub(super) async fn ask(&self, wanted: &Wanted, middle: Position) -> Option<Located> {
        let now = (self.clock)();
        let wanted = wanted.folded();
        if let Some(known) = self.state.lock().remembered(&wanted, now) {
            return known;
        }
        let _one = self.under_way.try_acquire().ok()?;
        if !self.state.lock().may_ask(self.per_second, now) {
            return None;
        }
        match self.fetch(&wanted).await {
            Ok(found) => {
                let near = |found: &Located| middle.kilometres_to(found.position) <= WIDEST_ZIP;
                let found = found.filter(near);
                self.state.lock().remember(wanted, (now, found));
                found
            }
            Err(why) => {
                tracing::warn!(why, "the external geocoder does not answer; places are found without it");
                self.state.lock().rests_until = now.checked_add(REST).ok();
                None
            }
        }
    }

    async fn fetch(&self, wanted: &Wanted) -> Result<Option<Located>, String> {
        let uri = outbound::target(&self.address(wanted)).map_err(|fault| fault.to_string())?;
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        // Nominatim's terms of use want to know who asks.
        let agent = concat!("Freehold/", env!("CARGO_PKG_VERSION"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static(agent));
        let request =
            Request { method: Method::GET, uri, headers, body: Bytes::new(), largest_answer: LARGEST_ANSWER };
        let answer = self.client.send(request).await.map_err(|failure| failure.code().to_owned())?;
        if answer.status != StatusCode::OK {
            return Err(format!("it answers {}", answer.status));
        }
        let said: Json =
            serde_json::from_slice(&answer.body).map_err(|_| "its answer is no JSON".to_owned())?;
        Ok(match self.form {
            Form::Nominatim => nominatim(&said),
            Form::Pelias => pelias(&said),
        })
    }

    fn address(&self, wanted: &Wanted) -> String {
        let Wanted { street, city, state, zip } = wanted;
        let mut query = form_urlencoded::Serializer::new(String::new());
        match self.form {
            Form::Nominatim => {
                query.append_pair("street", street).append_pair("city", city).append_pair("state", state);
                query.append_pair("postalcode", zip).append_pair("countrycodes", "us");
                query.append_pair("format", "jsonv2").append_pair("limit", "1");
            }
            Form::Pelias => {
                query.append_pair("address", street).append_pair("locality", city);
                query.append_pair("region", state).append_pair("postalcode", zip);
                query.append_pair("country", "USA").append_pair("size", "1");
            }
        }
        let join = if self.url.contains('?') { '&' } else { '?' };
        format!("{}{join}{}", self.url, query.finish())
    }
}

impl State {
    fn remembered(&mut self, wanted: &Wanted, now: Timestamp) -> Option<Option<Located>> {
        let (asked, known) = self.young.get(wanted).or_else(|| self.old.get(wanted)).copied()?;
        asked.checked_add(GOOD).is_ok_and(|until| until > now).then_some(known)
    }

    fn remember(&mut self, wanted: Wanted, known: (Timestamp, Option<Located>)) {
        if self.young.len() >= HALF {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(wanted, known);
    }

    /// A bucket that holds a second's requests and fills evenly.
    fn may_ask(&mut self, per_second: f64, now: Timestamp) -> bool {
        if self.rests_until.is_some_and(|until| until > now) {
            return false;
        }
        let (left, at) = self.allowance.unwrap_or((per_second, now));
        let passed = now.duration_since(at).as_secs_f64().max(0.0);
        let left = (left + passed * per_second).min(per_second.max(1.0));
        let may = left >= 1.0;
        self.allowance = Some((if may { left - 1.0 } else { left }, now));
        may
    }
}

/// The first place of a list: `[{"lat": "47.6", "lon": "-122.3", "place_rank": 30}]`.
fn nominatim(said: &Json) -> Option<Located> {
    let place = said.get(0)?;
    let degrees =
        |name: &str| place[name].as_str().and_then(|text| text.parse().ok()).or(place[name].as_f64());
    // Nominatim's ranks: 30 is a house, 26 to 28 are streets, what is lower is a place (its manual, "Place
    // ranking").
    let accuracy = match place["place_rank"].as_u64()? {
        29.. => Accuracy::Address,
        26..=28 => Accuracy::Street,
        _ => return None,
    };
    located(degrees("lat")?, degrees("lon")?, accuracy)
}

/// The first feature of a collection, as GeoJSON writes it: longitude first.
fn pelias(said: &Json) -> Option<Located> {
    let place = said["features"].get(0)?;
    let at = &place["geometry"]["coordinates"];
    let about = &place["properties"];
    let accuracy = match (about["layer"].as_str()?, about["accuracy"].as_str()) {
        ("address", Some("interpolated")) | ("street", _) => Accuracy::Street,
        ("address", _) => Accuracy::Address,
        _ => return None,
    };
    located(at.get(1)?.as_f64()?, at.get(0)?.as_f64()?, accuracy)
}

fn located(latitude: f64, longitude: f64, accuracy: Accuracy) -> Option<Located> {
    let sound = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    sound.then_some(Located { position: Position { latitude, longitude }, accuracy })
}
