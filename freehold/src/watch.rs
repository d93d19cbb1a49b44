//! What an operator watches: logs with request ids, `/health`, `/ready`, Prometheus `/metrics` (HUB-008).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderName, HeaderValue, StatusCode, header};
use outflow::{Figures, Outflow};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use search::Search;
use store::{Sequence, Store};

use crate::serve::House;
use crate::settings::Log;

/// The header that names a request, taken from the client where it sends a sound one.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How long the store may take to say how far it is.
const ANSWER: Duration = Duration::from_secs(2);

/// Starts the log. Called once.
pub(crate) fn start_log(log: &Log) {
    let filter = log.level.parse().unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start (in a test) keeps the first log.
    let started = if log.format == "json" { lines.json().try_init() } else { lines.try_init() };
    drop(started);
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

/// The figures that Prometheus reads, and the number of the next request.
#[derive(Debug)]
pub(crate) struct Watch {
    registry: Registry,
    answers: Family<Answered, Counter>,
    seconds: Histogram,
    head: Gauge,
    applied: Gauge,
    outflow: Outflow,
    sent: Sent,
    kafka: Arc<kafka::Figures>,
    handed: Handed,
    association: association_door::Door,
    missed: Gauge,
    search: Search,
    store: Store,
    begun: u64,
    requests: AtomicU64,
}

/// What outflow did since the process began.
#[derive(Debug, Default)]
struct Sent {
    events: Gauge,
    owed: Gauge,
    delivered: Gauge,
    failed: Gauge,
    dead: Gauge,
    fanned_out: Gauge,
}

impl Sent {
    fn register(&self, registry: &mut Registry) {
        let mut add = |name: &str, help: &str, gauge: &Gauge| registry.register(name, help, gauge.clone());
        add("outflow_events", "Events that were fanned out", &self.events);
        add("outflow_owed", "Deliveries and inbox entries that were written", &self.owed);
        add("outflow_delivered", "Attempts that were acknowledged", &self.delivered);
        add("outflow_failed", "Attempts that were not", &self.failed);
        add("outflow_dead", "Deliveries that were given up", &self.dead);
        add(
            "outflow_fanned_out",
            "Newest change that was fanned out; the lag is log_head less this",
            &self.fanned_out,
        );
    }

    fn set(&self, figures: Figures) {
        let set = |gauge: &Gauge, value: u64| gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        set(&self.events, figures.events);
        set(&self.owed, figures.owed);
        set(&self.delivered, figures.delivered);
        set(&self.failed, figures.failed);
        set(&self.dead, figures.dead);
        set(&self.fanned_out, figures.fanned_out);
    }
}

/// What Kafka was handed, and what was taken in from it, since the process began.
#[derive(Debug, Default)]
struct Handed {
    messages: Gauge,
    taken: Gauge,
    refused: Gauge,
    failures: Gauge,
    up_to: Gauge,
}

impl Handed {
    fn register(&self, registry: &mut Registry) {
        let mut add = |name: &str, help: &str, gauge: &Gauge| registry.register(name, help, gauge.clone());
        add("kafka_sent", "Messages that the broker acknowledged", &self.messages);
        add("kafka_taken", "Messages of a topic that were published", &self.taken);
        add("kafka_refused", "Messages of a topic that were refused and put aside", &self.refused);
        add("kafka_failures", "Times that the broker did not do what it was asked", &self.failures);
        add("kafka_sent_up_to", "Newest change that was sent; the lag is log_head less this", &self.up_to);
    }

    fn set(&self, figures: &kafka::Figures) {
        let set = |gauge: &Gauge, value: u64| gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        set(&self.messages, figures.sent());
        set(&self.taken, figures.taken());
        set(&self.refused, figures.refused());
        set(&self.failures, figures.failures());
        set(&self.up_to, figures.sent_up_to());
    }
}

impl Watch {
    pub(crate) fn new(house: &House) -> Arc<Self> {
        let House { store, search, outflow, kafka, association, .. } = house.clone();
        let mut registry = Registry::with_prefix("freehold");
        let answers = Family::default();
        // From 50 µs to 13 s.
        let seconds = Histogram::new(exponential_buckets(0.000_05, 3.0, 12));
        let (head, applied) = (Gauge::default(), Gauge::default());
        registry.register("http_answers", "Answers by method, route and status", answers.clone());
        registry.register_with_unit("http", "Time from request to answer", Unit::Seconds, seconds.clone());
        registry.register("log_head", "Newest change in the store's log", head.clone());
        registry.register("search_applied", "Newest change that searches see", applied.clone());
        let sent = Sent::default();
        sent.register(&mut registry);
        let handed = Handed::default();
        handed.register(&mut registry);
        let missed = Gauge::default();
        let help = "Integrations of associations whose planned run nobody made";
        registry.register("association_runs_missed", help, missed.clone());
        // Ids of two runs differ by when they began.
        let begun = crate::clock::now().as_microsecond().unsigned_abs();
        let requests = AtomicU64::new(0);
        Arc::new(Self {
            registry,
            answers,
            seconds,
            head,
            applied,
            outflow,
            sent,
            kafka,
            handed,
            association,
            missed,
            search,
            store,
            begun,
            requests,
        })
    }

    /// The log's newest change, or why the store does not say it. Whoever watches is not kept waiting by a
    /// database that hangs.
    async fn head(&self) -> Result<Sequence, String> {
        match tokio::time::timeout(ANSWER, self.store.head()).await {
            Ok(said) => said.map_err(|error| format!("{}: {error}", error.code())),
            Err(_) => Err(format!(
                "store_unavailable: The store has not answered for {} s. Look whether its database hangs.",
                ANSWER.as_secs()
            )),
        }
    }

    fn next_id(&self) -> String {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        format!("{:x}-{number:x}", self.begun)
    }
}

/// `/health`: the process answers. `/ready`: it answers from all that the store holds. `/metrics`.
pub(crate) fn routes(watch: Arc<Watch>) -> Router {
    Router::new()
        .route("/health", get(|| async { "ok\n" }))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(watch)
}

async fn ready(State(watch): State<Arc<Watch>>) -> Response {
    if !watch.search.is_ready() {
        return (StatusCode::SERVICE_UNAVAILABLE, "loading\n").into_response();
    }
    match watch.head().await {
        Ok(_) => "ready\n".into_response(),
        Err(said) => (StatusCode::SERVICE_UNAVAILABLE, format!("{said}\n")).into_response(),
    }
}

async fn metrics(State(watch): State<Arc<Watch>>) -> Response {
    let gauge = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    if let Ok(head) = watch.head().await {
        watch.head.set(gauge(head));
    }
    watch.applied.set(gauge(watch.search.applied()));
    watch.sent.set(watch.outflow.figures());
    watch.handed.set(&watch.kafka);
    watch.missed.set(gauge(watch.association.missed_runs() as u64));
    let mut text = String::new();
    match encode(&mut text, &watch.registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Names, times, counts and logs every request. The query is not logged: it may hold an access token.
pub(crate) async fn observe(State(watch): State<Arc<Watch>>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = given_id(&request).unwrap_or_else(|| watch.next_id());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    // The pattern and not the path: a label for each key would fill the memory.
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let value = HeaderValue::from_str(&id).unwrap_or_else(|_| HeaderValue::from_static("unnamed"));
    request.headers_mut().insert(REQUEST_ID, value.clone());
    let mut response = next.run(request).await;
    response.headers_mut().insert(REQUEST_ID, value);
    let (status, seconds) = (response.status().as_u16(), began.elapsed().as_secs_f64());
    let method = known_method(&method);
    watch.answers.get_or_create(&Answered { method, route, status }).inc();
    watch.seconds.observe(seconds);
    let ms = (seconds * 1e6).round() / 1e3;
    if status >= 500 {
        tracing::error!(request = %id, method, path, status, ms, "answered");
    } else {
        tracing::debug!(request = %id, method, path, status, ms, "answered");
    }
    response
}

/// A request id that the client sent: short and of harmless letters, or it is not taken.
fn given_id(request: &Request) -> Option<String> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let sound =
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    sound.then(|| id.to_owned())
}

/// The method as a label; clients may send any word.
fn known_method(method: &http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
