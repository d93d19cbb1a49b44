//! The gate on a real store: credentials are believed, tokens sold, and what is revoked ends at once.

use super::at;
use super::house::{House, settings};
use super::town::{dictionary, record, resource};
use crate::secret::IssuedKey;
use crate::{Credential, Gate, Secret, Settings, SigningKey};

fn bearer(key: &IssuedKey) -> Credential {
    Credential::Bearer(key.secret.clone())
}

fn basic(id: &str, key: &IssuedKey) -> Credential {
    Credential::Basic { id: id.into(), secret: key.secret.clone() }
}

/// RESO-001: a key is a bearer token, and with its client's id a pair of id and secret.
#[tokio::test]
async fn a_key_is_believed_as_bearer_and_with_its_own_clients_id() {
    for house in House::each().await {
        let (one, other) = (house.key("a", "").await, house.key("a", "").await);
        let stranger = IssuedKey::make().unwrap();
        for key in [&one, &other] {
            assert_eq!(house.enter(&bearer(key), 0).unwrap().client(), "a");
            assert_eq!(house.says(&basic("a", key), 0), "welcome");
            assert_eq!(house.says(&basic("b", key), 0), "credential_wrong");
            assert_eq!(house.says(&basic("nobody", key), 0), "credential_wrong");
        }
        assert_eq!(house.says(&bearer(&stranger), 0), "credential_wrong");
        assert_eq!(house.says(&Credential::Bearer(Secret::new("x")), 0), "credential_wrong");
        // The id of one key with the secret of another.
        let (id, secret) = (one.secret.reveal()[..20].to_owned(), &other.secret.reveal()[20..]);
        assert_eq!(house.says(&Credential::Bearer(Secret::new(id + secret)), 0), "credential_wrong");
        // What is kept does not open the gate.
        assert_eq!(house.says(&Credential::Bearer(Secret::new(one.hash.as_str())), 0), "credential_wrong");
    }
}

/// RESO-001: the token endpoint sells tokens that are believed until they expire.
#[tokio::test]
async fn a_token_is_sold_for_id_and_secret() {
    for house in House::each().await {
        let key = house.key("a", "").await;
        let token = house.buy("a", &key.secret, "", 0).unwrap();
        let caller = house.enter(&token, 3_599).unwrap();
        assert_eq!((caller.client().as_str(), caller.key()), ("a", &key.id));
        assert_eq!(house.says(&token, 3_600), "token_expired");
        for (id, secret) in [
            ("b", key.secret.clone()),
            ("nobody", key.secret.clone()),
            ("a", IssuedKey::make().unwrap().secret),
            ("a", Secret::new("x")),
        ] {
            assert_eq!(house.buy(id, &secret, "", 0), Err("invalid_client"), "{id}");
        }
    }
}

#[tokio::test]
async fn a_token_for_reading_writes_nothing() {
    for house in House::each().await {
        let grant = "ClientId=a FeedId=F AccessLevel=Write PermissionClass=Participant";
        house.put(record("Grant", grant)).await;
        let key = house.key("a", "").await;
        let writes = |credential| house.enter(&credential, 0).unwrap().may_write("F", resource("Property"));
        assert!(writes(bearer(&key)));
        assert!(writes(house.buy("a", &key.secret, "api", 0).unwrap()));
        assert!(!writes(house.buy("a", &key.secret, "read", 0).unwrap()));
    }
}

#[tokio::test]
async fn what_is_revoked_ends_at_once_with_its_tokens() {
    for house in House::each().await {
        let (lost, kept) = (house.key("a", "").await, house.key("a", "").await);
        let token = house.buy("a", &lost.secret, "", 0).unwrap();
        house.put_key(&lost, "a", "RevokedTimestamp=5").await;
        assert_eq!(house.says(&bearer(&lost), 6), "key_revoked");
        assert_eq!(house.says(&token, 6), "key_revoked");
        assert_eq!(house.buy("a", &lost.secret, "", 6), Err("invalid_client"));
        assert_eq!(house.says(&bearer(&kept), 6), "welcome", "the other key stays good");
        let token = house.buy("a", &kept.secret, "", 6).unwrap();
        house.put(record("Client", "ClientId=a ClientStatus=Suspended")).await;
        assert_eq!(house.says(&bearer(&kept), 7), "client_inactive");
        assert_eq!(house.says(&token, 7), "client_inactive");
        house.put(record("Client", "ClientId=a ClientStatus=Active")).await;
        assert_eq!(house.says(&token, 8), "welcome");
    }
}

#[tokio::test]
async fn a_key_that_ends_takes_its_tokens_with_it() {
    for house in House::each().await {
        let key = house.key("a", "ExpirationTimestamp=100").await;
        let token = house.buy("a", &key.secret, "", 50).unwrap();
        assert_eq!((house.says(&bearer(&key), 99), house.says(&token, 99)), ("welcome", "welcome"));
        assert_eq!(
            (house.says(&bearer(&key), 100), house.says(&token, 100)),
            ("key_expired", "token_expired")
        );
    }
}

#[tokio::test]
async fn every_node_believes_the_tokens_of_one_signing_key() {
    for house in House::each().await {
        let key = house.key("a", "").await;
        let token = house.buy("a", &key.secret, "", 0).unwrap();
        let second = Gate::open(house.store.clone(), dictionary(), settings()).await.unwrap();
        assert!(second.authenticate(&token, at(1)).is_ok());
        let foreign = Settings::new(SigningKey::from_bytes(&[2; 32]));
        let foreign = Gate::open(house.store.clone(), dictionary(), foreign).await.unwrap();
        assert_eq!(foreign.authenticate(&token, at(1)).unwrap_err().code, "credential_wrong");
    }
}

#[tokio::test]
async fn a_gate_that_follows_hears_of_a_revocation() {
    for house in House::each().await {
        let key = house.key("a", "").await;
        let second = Gate::open(house.store.clone(), dictionary(), settings()).await.unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let following = tokio::spawn({
            let second = second.clone();
            async move { second.follow(async { stopped.await.unwrap_or_default() }).await }
        });
        house.put_key(&key, "a", "RevokedTimestamp=5").await;
        let head = house.store.head().await.unwrap();
        while second.applied() < head {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        assert_eq!(second.authenticate(&bearer(&key), at(6)).unwrap_err().code, "key_revoked");
        stop.send(()).unwrap();
        following.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn the_last_use_of_a_key_is_written_once_an_hour() {
    for house in House::each().await {
        let key = house.key("a", "").await;
        let noted = async |house: &House| {
            let kept = house.store.get(resource("ClientKey"), &key.id).await.unwrap().unwrap();
            kept.record
                .get(super::town::field("ClientKey", "LastUsedTimestamp"))
                .and_then(|v| v.as_timestamp())
        };
        assert_eq!(house.gate.write_uses(at(0)).await.unwrap(), 0);
        for second in 0..3 {
            assert_eq!(house.says(&bearer(&key), second), "welcome");
        }
        assert_eq!(house.gate.write_uses(at(3)).await.unwrap(), 1);
        house.gate.refresh().await.unwrap();
        assert_eq!(noted(&house).await, Some(at(2)));
        assert_eq!(house.says(&bearer(&key), 3_599), "welcome");
        assert_eq!(house.gate.write_uses(at(3_599)).await.unwrap(), 0, "once an hour");
        assert_eq!(house.says(&bearer(&key), 3_600), "welcome");
        assert_eq!(house.says(&bearer(&key), 3_700), "welcome");
        assert_eq!(house.gate.write_uses(at(3_701)).await.unwrap(), 1);
        assert_eq!(noted(&house).await, Some(at(3_700)));
        let history = house.store.history(resource("ClientKey"), &key.id, 10).await.unwrap();
        assert_eq!(history.len(), 3, "made, and two hours of use");
    }
}
