//! Who is let in.

use console::operate::{Act, KeyUse, NewKey, issue_key, revoke_key};
use dictionary::Text;
use gate::{Environment, Secret};

use crate::town::{Town, headers, now, sleep};

async fn status(town: &Town, pairs: &[(&str, &str)]) -> (u16, String) {
    let answer = town.ask("GET", "/services/partner/GetFeeds", pairs, "").await;
    (answer.status.as_u16(), answer.body)
}

async fn with(town: &Town, signed: [(&'static str, String); 2]) -> (u16, String) {
    let pairs: Vec<(&str, &str)> = signed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    status(town, &pairs).await
}

/// PAR-001, PAR-002, PAR-003, PAR-005, PAR-007: who is let in, and one answer for all who are not.
#[tokio::test]
async fn par_001_to_007_strangers_hear_one_answer() {
    let town = Town::build().await;
    assert_eq!(with(&town, town.signed("KW")).await.0, 200);
    let [auth, stamp] = town.signed("KW");
    let upper = auth
        .1
        .replace(auth.1.rsplit('=').next().unwrap(), &auth.1.rsplit('=').next().unwrap().to_uppercase());
    assert_eq!(status(&town, &[("ml-auth", &upper), ("x-ml-timestamp", &stamp.1)]).await.0, 200, "PAR-004");
    let (_, wrong_key) = with(&town, headers("KW", "another-key-altogether-1234", now())).await;
    assert!(wrong_key.contains("not admitted"), "{wrong_key}");
    for (what, signed) in [
        ("an unknown client", headers("nemo", town.key("KW"), now())),
        ("another client's key", headers("KW", town.key("idx"), now())),
        ("a wrong signature", [(auth.0, auth.1.replace("client=KW", "client=idx")), stamp.clone()]),
    ] {
        let (status, body) = with(&town, signed).await;
        assert_eq!(status, 403, "{what}");
        assert_eq!(body.replace("nemo", "KW"), wrong_key, "{what} is told as a wrong key is");
    }
    assert_eq!(status(&town, &[]).await.0, 403);
    assert_eq!(status(&town, &[("x-ml-timestamp", &stamp.1)]).await.0, 403);
    assert_eq!(status(&town, &[("ml-auth", &auth.1)]).await.0, 403);
    let twice = format!("{}&client=KW", auth.1);
    assert_eq!(status(&town, &[("ml-auth", &twice), ("x-ml-timestamp", &stamp.1)]).await.0, 403);
}

/// PAR-006, PAR-012: a timestamp is good for a quarter of an hour to either side, any number of times.
#[tokio::test]
async fn par_006_a_timestamp_is_good_for_a_quarter_of_an_hour() {
    let town = Town::build().await;
    let signed = town.signed("KW");
    for (seconds, good) in [(0, true), (0, true), (899, true), (2, false)] {
        sleep(seconds);
        let (status, body) = with(&town, signed.clone()).await;
        assert_eq!(status == 200, good, "{seconds}: {body}");
        assert!(good || (status == 403 && body.contains("timestamp")), "{body}");
    }
    sleep(-2_000);
    assert_eq!(with(&town, signed).await.0, 403, "nor is one from the future");
}

/// PAR-010: two keys are good at once, and a revoked one ends at once. PAR-008: each is for one environment.
#[tokio::test]
async fn par_010_keys_are_rotated() {
    let town = Town::build().await;
    let (desk, act) = (town.desk(), Act { actor: Text::new_static("test"), now: now() });
    let opens = KeyUse::Partner { given: Some(Secret::new("the-second-key-of-KW-123")) };
    let second = issue_key(&desk, &act, "KW", NewKey { opens, ..NewKey::default() }).await.unwrap();
    let with_second = || headers("KW", "the-second-key-of-KW-123", now());
    assert_eq!(with(&town, town.signed("KW")).await.0, 200);
    assert_eq!(with(&town, with_second()).await.0, 200);
    revoke_key(&desk, &act, &second.kept.key).await.unwrap();
    assert_eq!(with(&town, with_second()).await.0, 403);
    assert_eq!(with(&town, town.signed("KW")).await.0, 200);
    let opens = KeyUse::Partner { given: Some(Secret::new("a-test-key-of-KW-4567890")) };
    let test = NewKey { opens, environment: Some(Environment::Test), ..NewKey::default() };
    issue_key(&desk, &act, "KW", test).await.unwrap();
    assert_eq!(with(&town, headers("KW", "a-test-key-of-KW-4567890", now())).await.0, 403, "PAR-008");
}

/// PAR-011, PAR-012: the stronger scheme is over the whole request, and a nonce is used once.
#[tokio::test]
async fn par_011_a_request_is_signed_as_a_whole() {
    let town = Town::build().await;
    let stamp = town.signed("KW")[1].1.clone();
    let body = r#"{"FeedIdList":["GAMLS"]}"#;
    let sign = |path: &str, body: &str, nonce: &str| {
        let digest = |bytes: &[u8]| ring::digest::digest(&ring::digest::SHA256, bytes);
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let text = ["POST", path, "Page=1", &hex(digest(body.as_bytes()).as_ref()), &stamp, nonce].join("\n");
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, digest(town.key("KW").as_bytes()).as_ref());
        let mac = ring::hmac::sign(&key, text.as_bytes());
        format!("client=KW&nonce={nonce}&signature={}", hex(mac.as_ref()))
    };
    let ask = async |path: &str, auth: String, body: &str| {
        let pairs = [
            ("ml-auth", auth.as_str()),
            ("x-ml-timestamp", stamp.as_str()),
            ("content-type", "application/json"),
        ];
        town.ask("POST", &format!("{path}?Page=1"), &pairs, body.to_owned()).await.status.as_u16()
    };
    let path = "/Services/Partner/GetListings";
    assert_eq!(ask(path, sign(path, body, "nonce-00001"), body).await, 200);
    assert_eq!(ask(path, sign(path, body, "nonce-00001"), body).await, 403, "a nonce is used once");
    assert_eq!(
        ask(path, sign(path, body, "nonce-00002"), "{\"FeedIdList\":[\"NWMLS\"]}").await,
        403,
        "the body is signed"
    );
    assert_eq!(
        ask("/services/partner/GetListings", sign(path, body, "nonce-00003"), body).await,
        403,
        "so is the path as written"
    );
    assert_eq!(ask(path, sign(path, body, "nonce-00004"), body).await, 200);
    let shown = format!("{}&systemaccesskey={}", sign(path, body, "nonce-00005"), town.key("KW"));
    assert_eq!(ask(path, shown, body).await, 403, "who signs does not show the key");
}

/// PAR-014: no answer repeats a key or a signature.
#[tokio::test]
async fn par_014_answers_never_repeat_a_credential() {
    let town = Town::build().await;
    let signature = town.signed("KW")[0].1.rsplit('=').next().unwrap().to_owned();
    for path in ["GetListingDetail", "GetAgents?Page=0", "Nothing", "GetListingDetail?FeedId=A&ListingId=B"] {
        let answer = town.get(path).await;
        assert!(answer.status.is_client_error());
        for secret in [town.key("KW"), &signature] {
            assert!(!answer.body.contains(secret), "{path}: {}", answer.body);
        }
    }
}
