//! Two associations, an operator, and somebody who is granted nothing.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use console::operate::{Act, Desk, NewKey, create, create_client, create_feed, issue_key};
use dictionary::{Dictionary, Text, Timestamp, Value, Version, named};
use gate::{Gate, SigningKey};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use lockbox_door::{Door, Settings};
use serde_json::Value as Json;
use store::Store;
use testkit::Home;
use tower::ServiceExt;

pub(crate) fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

pub(crate) struct Town {
    pub(crate) router: Router,
    pub(crate) store: Store,
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) desk: Desk,
    pub(crate) operator: String,
    /// Is granted nothing.
    pub(crate) nobody: String,
    _home: Home,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub(crate) fn act() -> Act {
    Act { actor: Text::new_static("test"), now: now() }
}

impl Town {
    pub(crate) async fn build() -> Self {
        let home = (crate::HOME)();
        let file = || store::Settings::sqlite(home.file("freehold.db"));
        let kept = home.url().map_or_else(file, store::Settings::postgres);
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let store = Store::open(kept, Arc::clone(&dictionary)).await.unwrap();
        let signing = SigningKey::from_bytes(&[7; 32]);
        let gate =
            Gate::open(store.clone(), Arc::clone(&dictionary), gate::Settings::new(signing)).await.unwrap();
        let desk = Desk {
            store: store.clone(),
            dictionary: Arc::clone(&dictionary),
            gate: Some(gate.clone()),
            row_filters: None,
            outflow: None,
        };
        for (id, name, region) in [("gulf", "Gulf Realtors", "999"), ("bay", "Bay Realtors", "120")] {
            let feed = |environment: &str| format!("{id}-{environment}");
            for environment in ["production", "staging"] {
                create_feed(&desk, &act(), &feed(environment), name).await.unwrap();
            }
            let text = |text: &str| Some(Value::from(text));
            let fields = [
                ("TenantId", text(id)),
                ("TenantName", text(name)),
                ("TenantRegionCode", text(region)),
                ("TenantTimeZone", text("America/New_York")),
                ("ProductionFeedId", text(&feed("production"))),
                ("StagingFeedId", text(&feed("staging"))),
            ];
            let record = named(dictionary.known("Tenant"), fields);
            create(&desk, &act(), "Tenant", record).await.unwrap();
        }
        let operator = client(&desk, "operator", true).await;
        let nobody = client(&desk, "nobody", false).await;
        let settings = Settings::new(home.file("lockbox"));
        let door = Door::new(Arc::clone(&dictionary), gate, store.clone(), now, settings);
        let router = lockbox_door::router(door.clone());
        Self { router, store, dictionary, desk, operator, nobody, _home: home }
    }

    pub(crate) async fn get(&self, key: &str, path: &str) -> Answer {
        self.ask("GET", path, &[("x-api-key", key)], String::new()).await
    }

    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        let answer = Answer { status: head.status, headers: head.headers, body };
        crate::described::hold(method, path, &answer);
        answer
    }
}

async fn client(desk: &Desk, id: &str, operator: bool) -> String {
    create_client(desk, &act(), id, id, operator).await.unwrap();
    issue_key(desk, &act(), id, NewKey::default()).await.unwrap().secret.reveal().to_owned()
}
