//! A receiver of webhooks that answers its challenge.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::routing::get;
use http::{HeaderMap, StatusCode};
use serde_json::Value as Json;

#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) url: String,
    got: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    says: Arc<AtomicU16>,
}

impl Receiver {
    pub(crate) async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let this = Self { url, got: Arc::default(), says: Arc::new(AtomicU16::new(204)) };
        let routes = Router::new().route("/hook", get(challenged).post(sent)).with_state(this.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        this
    }

    /// What it says from now on.
    pub(crate) fn say(&self, status: u16) {
        self.says.store(status, Ordering::SeqCst);
    }

    pub(crate) fn got(&self) -> Vec<Json> {
        let got = self.got.lock().unwrap();
        got.iter().map(|(_, body)| serde_json::from_slice(body).unwrap()).collect()
    }

    /// The header of the newest message.
    pub(crate) fn header(&self, name: &str) -> String {
        let got = self.got.lock().unwrap();
        got.last().unwrap().0.get(name).map_or("", |value| value.to_str().unwrap()).to_owned()
    }

    /// Waits until so many messages have come.
    pub(crate) async fn until(&self, count: usize) {
        for _ in 0..2_000 {
            if self.got.lock().unwrap().len() >= count {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("only {} messages came", self.got.lock().unwrap().len());
    }
}

async fn challenged(RawQuery(query): RawQuery) -> String {
    query.unwrap_or_default().trim_start_matches("challenge=").to_owned()
}

async fn sent(
    State(receiver): State<Receiver>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, &'static str) {
    receiver.got.lock().unwrap().push((headers, body));
    (StatusCode::from_u16(receiver.says.load(Ordering::SeqCst)).unwrap(), "<b>said</b>")
}
