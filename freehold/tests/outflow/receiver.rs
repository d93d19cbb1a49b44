//! A receiver that takes its time, and says 503 to some.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use http::{HeaderMap, StatusCode};

#[derive(Clone)]
pub(crate) struct Receiver {
    address: SocketAddr,
    seed: u64,
    got: Arc<Mutex<Got>>,
}

#[derive(Default)]
struct Got {
    /// The ids of all that arrived, in order, repeats and refused ones among them.
    arrived: Vec<String>,
    acknowledged: BTreeSet<String>,
}

impl Receiver {
    pub(crate) async fn open(seed: u64) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let this = Self { address: listener.local_addr().unwrap(), seed, got: Arc::default() };
        let routes = Router::new()
            .route("/hook", axum::routing::get(challenge).post(message))
            .with_state(this.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        this
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    pub(crate) fn count(&self) -> usize {
        self.got.lock().unwrap().arrived.len()
    }

    pub(crate) fn arrived(&self) -> Vec<String> {
        self.got.lock().unwrap().arrived.clone()
    }

    pub(crate) fn acknowledged(&self) -> BTreeSet<String> {
        self.got.lock().unwrap().acknowledged.clone()
    }
}

async fn challenge(RawQuery(query): RawQuery) -> String {
    query.unwrap_or_default().trim_start_matches("challenge=").to_owned()
}

async fn message(State(receiver): State<Receiver>, headers: HeaderMap, _body: Bytes) -> StatusCode {
    let id = headers["webhook-id"].to_str().unwrap().to_owned();
    let number = {
        let mut got = receiver.got.lock().unwrap();
        got.arrived.push(id.clone());
        got.arrived.len() as u64
    };
    let chance = (receiver.seed ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    tokio::time::sleep(Duration::from_millis(chance % 8)).await;
    if chance % 5 == 4 {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    receiver.got.lock().unwrap().acknowledged.insert(id);
    StatusCode::NO_CONTENT
}
