//! A node with an operator, and requests to it without a socket.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use dictionary::{Dictionary, Version};
use gate::{Gate, Secret, Settings, SigningKey};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request, Response};
use http_body_util::BodyExt as _;
use serde_json::Value;
use store::Store;
use testkit::{Clock, Home, Scratch};
use tower::ServiceExt as _;

use crate::operate::{self, Act, Desk, NewKey};
use crate::{State, routes};

/// A node.
pub(super) struct House {
    pub(super) desk: Desk,
    pub(super) clock: Clock,
    pub(super) router: Router,
    /// The operator's key.
    pub(super) key: Secret,
    /// Removed with the test.
    _home: Home,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) status: u16,
    pub(super) headers: http::HeaderMap,
    pub(super) body: Value,
}

impl Said {
    /// The error's code.
    pub(super) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }
}

impl House {
    pub(super) async fn open() -> Self {
        Self::of(Home::Sqlite(Scratch::new())).await
    }

    /// One on each engine.
    pub(super) async fn each() -> [Self; 2] {
        let [file, server] = Home::each();
        [Self::of(file).await, Self::of(server).await]
    }

    async fn of(home: Home) -> Self {
        let clock = Clock::new();
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let file = || store::Settings::sqlite(home.file("freehold.db"));
        let kept = home.url().map_or_else(file, store::Settings::postgres);
        let store = Store::open(kept, dictionary.clone()).await.unwrap();
        let settings = Settings::new(SigningKey::from_bytes(&[3; 32]));
        let gate = Gate::open(store.clone(), dictionary.clone(), settings).await.unwrap();
        let master = outflow::MasterKey::from_bytes(&[4; 32]);
        let reading = clock.clone();
        let mut terms = outflow::Settings::new("https://hub.example", master, move || reading.now(), || 0.5);
        // An address of this machine that nobody answers at plays a public one.
        terms.outbound.rules.allowed = vec!["127.0.0.3".parse().unwrap()];
        let outflow = outflow::Outflow::open(store.clone(), dictionary.clone(), terms).await.unwrap();
        let desk = Desk { store, dictionary, gate: Some(gate), row_filters: None, outflow: Some(outflow) };
        let act = Act { actor: "command/test".into(), now: clock.now() };
        operate::create_client(&desk, &act, "root", "The operator", true).await.unwrap();
        let key = operate::issue_key(&desk, &act, "root", NewKey::default()).await.unwrap().secret;
        let now = clock.clone();
        let state = State { desk: desk.clone(), search: None, now: Arc::new(move || now.now()) };
        Self { desk, clock, router: routes(state), key, _home: home }
    }

    pub(super) fn act(&self) -> Act {
        Act { actor: "command/test".into(), now: self.clock.now() }
    }

    /// A key of a client that is no operator.
    pub(super) async fn partner(&self, id: &str) -> operate::Shown {
        operate::create_client(&self.desk, &self.act(), id, id, false).await.unwrap();
        operate::issue_key(&self.desk, &self.act(), id, NewKey::default()).await.unwrap()
    }

    /// A request as it is.
    pub(super) async fn send(&self, request: Request<Body>) -> Said {
        let answer: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = answer.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            panic!("{} with {:?}: {error}", head.status, String::from_utf8_lossy(&bytes))
        });
        Said { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// A request of the operator; an empty body is none.
    pub(super) async fn ask(&self, method: &str, address: &str, body: &str) -> Said {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(address)
            .header(AUTHORIZATION, format!("Bearer {}", self.key.reveal()));
        if !body.is_empty() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }
}
