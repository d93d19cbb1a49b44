//! A gate on a real store of either engine, with two clients.

use dictionary::Record;
use store::{Batch, Expect, Operation, Settings as Kept, Store};
use testkit::Home;

use super::at;
use super::town::{dictionary, record};
use crate::secret::IssuedKey;
use crate::{
    Caller, Credential, Environment, Gate, OWN_FEED, Refusal, Secret, Settings, SigningKey, TokenRequest,
};

/// The house.
pub(super) struct House {
    pub(super) store: Store,
    pub(super) gate: Gate,
    /// Removed with the test.
    _home: Home,
}

pub(super) fn settings() -> Settings {
    Settings::new(SigningKey::from_bytes(&[1; 32]))
}

impl House {
    /// One on each engine.
    pub(super) async fn each() -> [Self; 2] {
        Self::each_of(Environment::Production).await
    }

    pub(super) async fn each_of(environment: Environment) -> [Self; 2] {
        let [file, server] = Home::each();
        [Self::of(file, environment).await, Self::of(server, environment).await]
    }

    async fn of(home: Home, environment: Environment) -> Self {
        let kept = home.url().map_or_else(|| Kept::sqlite(home.file("freehold.db")), Kept::postgres);
        let store = Store::open(kept, dictionary()).await.unwrap();
        let gate =
            Gate::open(store.clone(), dictionary(), Settings { environment, ..settings() }).await.unwrap();
        let house = Self { store, gate, _home: home };
        house.put(record("Client", "ClientId=a ClientStatus=Active")).await;
        house.put(record("Client", "ClientId=b ClientStatus=Active")).await;
        house
    }

    pub(super) async fn put(&self, record: Record) {
        let mut batch = Batch::new("test", at(0));
        batch.operations.push(Operation::Put {
            feed: OWN_FEED.into(),
            record,
            expect: Expect::Any,
            stamp: Some(at(0)),
        });
        self.store.write(batch).await.unwrap();
        self.gate.refresh().await.unwrap();
    }

    /// A new key of a client; `more` are further fields of its record.
    pub(super) async fn key(&self, client: &str, more: &str) -> IssuedKey {
        let key = IssuedKey::make().unwrap();
        self.put_key(&key, client, more).await;
        key
    }

    pub(super) async fn put_key(&self, key: &IssuedKey, client: &str, more: &str) {
        let words = format!("ClientKeyId={} ClientId={client} ClientKeyHash={} {more}", key.id, key.hash);
        self.put(record("ClientKey", &words)).await;
    }

    pub(super) fn enter(&self, credential: &Credential, seconds: i64) -> Result<Caller, Refusal> {
        self.gate.authenticate(credential, at(seconds))
    }

    pub(super) fn says(&self, credential: &Credential, seconds: i64) -> &'static str {
        match self.enter(credential, seconds) {
            Ok(_) => "welcome",
            Err(refusal) => {
                assert_eq!(refusal.status, 401);
                refusal.code
            }
        }
    }

    pub(super) fn buy(
        &self,
        id: &str,
        secret: &Secret,
        scope: &str,
        seconds: i64,
    ) -> Result<Credential, &'static str> {
        let form = format!(
            "grant_type=client_credentials&client_id={id}&client_secret={}&scope={scope}",
            secret.reveal()
        );
        let request = TokenRequest::read(None, &form).unwrap();
        let sold = self.gate.token(&request, at(seconds)).map_err(|fault| fault.error)?;
        assert_eq!(sold.token_type, "Bearer");
        Ok(Credential::Bearer(sold.token))
    }
}
