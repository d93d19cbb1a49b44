//! The published verifier of Standard Webhooks believes what is signed here, and nothing else.

use http::HeaderMap;
use standardwebhooks::Webhook;

use super::*;

fn headers(id: &str, at: i64, signature: &str) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in
        [("webhook-id", id), ("webhook-timestamp", &at.to_string()), ("webhook-signature", signature)]
    {
        map.insert(name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap());
    }
    map
}

fn now() -> i64 {
    testkit::real_time().as_second()
}

/// EVT-080, EVT-081: the crate `standardwebhooks` verifies.
#[test]
fn evt_080_evt_081_the_published_verifier_believes_it() {
    let master = MasterKey::from_bytes(&[1; 32]);
    let secret = master.secret("e", "n", Scheme::Hmac);
    let shown = secret.for_receiver();
    let bytes = STANDARD.decode(shown.strip_prefix("whsec_").unwrap()).unwrap();
    assert!((24..=64).contains(&bytes.len()));
    let (body, at) = (br#"{"topic":"x"}"#.as_slice(), now());
    let signature = secret.sign("01ARYZ6S41", at, body);
    let verifier = Webhook::new(&shown).unwrap();
    let check = |id: &str, body: &[u8], signature: &str, good: bool| {
        assert_eq!(verifier.verify(body, &headers(id, at, signature)).is_ok(), good, "{id} {signature}");
    };
    check("01ARYZ6S41", body, &signature, true);
    check("01ARYZ6S42", body, &signature, false);
    check("01ARYZ6S41", b"{}", &signature, false);
    let other = master.secret("e", "another", Scheme::Hmac).sign("01ARYZ6S41", at, body);
    check("01ARYZ6S41", body, &other, false);
    // EVT-082: while a secret is changed, either of two signatures is believed.
    check("01ARYZ6S41", body, &format!("{other} {signature}"), true);
}

/// EVT-081: each endpoint and each nonce has a secret of its own.
#[test]
fn evt_081_secrets_are_unique() {
    let master = MasterKey::from_bytes(&[1; 32]);
    let shown = |endpoint, nonce, scheme| master.secret(endpoint, nonce, scheme).for_receiver();
    let all = [
        shown("a", "n", Scheme::Hmac),
        shown("b", "n", Scheme::Hmac),
        shown("a", "m", Scheme::Hmac),
        MasterKey::from_bytes(&[2; 32]).secret("a", "n", Scheme::Hmac).for_receiver(),
    ];
    assert!(all.iter().enumerate().all(|(at, one)| !all[..at].contains(one)));
    assert_ne!(MasterKey::nonce().unwrap(), MasterKey::nonce().unwrap());
    assert!(!format!("{master:?} {:?}", master.secret("a", "n", Scheme::Hmac)).contains("whsec"));
}

/// EVT-081: Ed25519, held against ring's own verification of RFC 8032.
#[test]
fn evt_081_ed25519_is_offered() {
    use ring::signature::{ED25519, UnparsedPublicKey};
    let secret = MasterKey::from_bytes(&[1; 32]).secret("e", "n", Scheme::Ed25519);
    let public = STANDARD.decode(secret.for_receiver().strip_prefix("whpk_").unwrap()).unwrap();
    let signature = secret.sign("id", 5, b"body");
    let signature = STANDARD.decode(signature.strip_prefix("v1a,").unwrap()).unwrap();
    let key = UnparsedPublicKey::new(&ED25519, public);
    assert!(key.verify(b"id.5.body", &signature).is_ok());
    assert!(key.verify(b"id.5.bodx", &signature).is_err());
}

/// EVT-083: the older signature, with the example of RFC 2202 (test case 2).
#[test]
fn evt_083_the_older_signature() {
    let expect = "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
    assert_eq!(legacy("Jefe", b"what do ya want for nothing?"), expect);
}

#[test]
fn what_is_sealed_opens_for_its_owner_alone() {
    let master = MasterKey::from_bytes(&[1; 32]);
    let sealed = master.seal("e", "secret words").unwrap();
    assert!(!sealed.contains("secret"));
    assert_eq!(master.open("e", &sealed).as_deref(), Some("secret words"));
    assert_ne!(sealed, master.seal("e", "secret words").unwrap());
    assert_eq!(master.open("f", &sealed), None);
    assert_eq!(MasterKey::from_bytes(&[2; 32]).open("e", &sealed), None);
    assert_eq!(master.open("e", &sealed[..sealed.len() - 8]), None);
    assert_eq!(master.open("e", ""), None);
}

#[test]
fn the_file_is_made_once_and_for_its_owner() {
    let scratch = testkit::Scratch::new();
    let file = scratch.file("outflow.key");
    let first = MasterKey::from_file(&file).unwrap();
    assert_eq!(first.derive("x"), MasterKey::from_file(&file).unwrap().derive("x"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    std::fs::write(&file, [0; 33]).unwrap();
    assert!(MasterKey::from_file(&file).is_err());
    std::fs::write(&file, [0; 31]).unwrap();
    assert!(MasterKey::from_file(&file).is_err());
}
