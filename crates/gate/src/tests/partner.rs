//! Clients of the partner API: who is let in, by enumeration of all that may be wrong.

use std::net::IpAddr;

use dictionary::Timestamp;
use ring::{digest, hmac};

use super::at;
use super::house::House;
use super::town::{field, record, resource};
use crate::partner::Nonces;
use crate::{Credential, Environment, Knock, PartnerKey, PartnerKeyFault, Proof, Secret, check_client};

/// A key from another host, as the seed's example has it.
const GIVEN: &str = "87df3ca4afe5ee4cf64a2c74edb35363sdfe2d2d3sd";

async fn issue(house: &House, client: &str, given: Option<&str>, more: &str) -> PartnerKey {
    let key = house.gate.partner_key(client, given.map(Secret::new).as_ref()).unwrap();
    keep(house, &key, client, more).await;
    key
}

async fn keep(house: &House, key: &PartnerKey, client: &str, more: &str) {
    let words = format!(
        "ClientKeyId={} ClientId={client} ClientKeyUse=Partner ClientKeyHash={} ClientKeySalt={} \
         ClientKeySealed={} {more}",
        key.id, key.hash, key.salt, key.sealed
    );
    house.put(record("ClientKey", &words)).await;
}

/// A knock with all that is right, to be spoiled a part at a time.
struct Visit<'a> {
    client: &'a str,
    key: &'a Secret,
    sent: i64,
    from: Option<&'a str>,
}

impl Visit<'_> {
    /// Shows the key at this second: "welcome" or the refusal's code.
    fn shows(&self, house: &House, now: i64) -> &'static str {
        said(house, self, Proof::Key(self.key), now)
    }

    /// Signs with the key.
    fn signs(&self, house: &House, nonce: &str, now: i64) -> &'static str {
        let signed = b"POST\n/services/partner/getlistings";
        let key = digest::digest(&digest::SHA256, self.key.reveal().as_bytes());
        let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_ref()), signed);
        said(house, self, Proof::Mac { signed, mac: mac.as_ref(), nonce }, now)
    }
}

fn said(house: &House, visit: &Visit<'_>, proof: Proof<'_>, now: i64) -> &'static str {
    let from = visit.from.map(|text| text.parse::<IpAddr>().unwrap());
    let knock = Knock { client: visit.client, proof, sent: at(visit.sent), from };
    match house.gate.knock(&knock, at(now)) {
        Ok(caller) => {
            assert_eq!(caller.client(), visit.client);
            "welcome"
        }
        Err(refusal) => {
            assert_eq!(refusal.status, if refusal.code == "nonces_full" { 429 } else { 403 });
            let key = visit.key.reveal();
            assert!(key.is_empty() || !refusal.to_string().contains(key));
            refusal.code
        }
    }
}

fn visit<'a>(client: &'a str, key: &'a Secret) -> Visit<'a> {
    Visit { client, key, sent: 0, from: None }
}

/// PAR-007, PAR-009: a key that is made here or brought from elsewhere lets its own client in; whatever
/// else is shown is refused with the same words.
#[tokio::test]
async fn par_007_a_client_enters_with_its_key_and_every_stranger_hears_the_same() {
    for house in House::each().await {
        let made = issue(&house, "a", None, "").await;
        let brought = issue(&house, "b", Some(GIVEN), "").await;
        let revoked = issue(&house, "a", None, "RevokedTimestamp=-5").await;
        let ended = issue(&house, "a", None, "ExpirationTimestamp=-5").await;
        house.put(record("Client", "ClientId=c ClientStatus=Suspended")).await;
        let blocked = issue(&house, "c", None, "").await;
        let bearer = house.key("a", "").await;
        let check = |client: &str, key: &Secret, expect| {
            assert_eq!(visit(client, key).shows(&house, 0), expect, "{client}");
            let nonce: String = format!("{client} {:>8}", key.reveal()).chars().take(64).collect();
            let signed = visit(client, key).signs(&house, &nonce, 0);
            assert_eq!(signed, expect, "{client}, signed");
        };
        check("a", &made.secret, "welcome");
        check("b", &brought.secret, "welcome");
        assert_eq!(brought.secret.reveal(), GIVEN);
        let short = Secret::new(&GIVEN[1..]);
        let upper = Secret::new(GIVEN.to_uppercase());
        for (client, key) in [
            ("b", &made.secret),
            ("a", &brought.secret),
            ("nobody", &made.secret),
            ("", &made.secret),
            ("A", &made.secret),
            ("b", &short),
            ("b", &upper),
            ("b", &Secret::new("")),
            ("a", &revoked.secret),
            ("a", &ended.secret),
            ("c", &blocked.secret),
            ("a", &bearer.secret),
        ] {
            check(client, key, "partner_refused");
        }
        // What is kept of a key is no key.
        for kept in [&made.hash, &made.salt, &made.sealed] {
            check("a", &Secret::new(kept.as_str()), "partner_refused");
        }
        let texts: Vec<String> = [("nobody", &made), ("a", &revoked), ("c", &blocked), ("b", &made)]
            .map(|(client, key)| {
                let proof = Proof::Key(&key.secret);
                let knock = Knock { client, proof, sent: at(0), from: None };
                format!("{:?}", house.gate.knock(&knock, at(0)).unwrap_err())
            })
            .into();
        assert!(texts.iter().all(|text| *text == texts[0]), "{texts:#?}");
    }
}

/// A key of the partner API opens no other door.
#[tokio::test]
async fn a_partners_key_is_no_bearer_token() {
    for house in House::each().await {
        let key = issue(&house, "a", None, "").await;
        let looks_like_a_bearer = crate::secret::IssuedKey::make().unwrap();
        let copied = issue(&house, "a", Some(looks_like_a_bearer.secret.reveal()), "").await;
        for key in [&key, &copied] {
            assert_eq!(house.says(&Credential::Bearer(key.secret.clone()), 0), "credential_wrong");
            let basic = Credential::Basic { id: "a".into(), secret: key.secret.clone() };
            assert_eq!(house.says(&basic, 0), "credential_wrong");
        }
    }
}

/// PAR-009: of a key a salted hash is kept and a seal, and neither holds the key; the same key is kept
/// in other words each time.
#[tokio::test]
async fn par_009_what_is_kept_of_a_key_tells_nothing() {
    for house in House::each().await {
        let (one, two) =
            (issue(&house, "a", Some(GIVEN), "").await, issue(&house, "a", Some(GIVEN), "").await);
        assert!(one.hash != two.hash && one.salt != two.salt && one.sealed != two.sealed);
        let plain = digest::digest(&digest::SHA256, GIVEN.as_bytes());
        let plain = crate::secret::hex(plain.as_ref());
        for key in [&one, &two] {
            let kept = house.store.get(resource("ClientKey"), &key.id).await.unwrap().unwrap();
            let text = format!("{:?} {key:?}", kept.record);
            assert!(!text.contains(GIVEN) && !text.contains(&plain), "{text}");
        }
        // A seal that is moved to another client's record signs nothing.
        let moved = PartnerKey { sealed: one.sealed.clone(), ..house.gate.partner_key("b", None).unwrap() };
        keep(&house, &moved, "b", "").await;
        assert_eq!(visit("b", &one.secret).signs(&house, "12345678", 0), "partner_refused");
        assert_eq!(visit("a", &one.secret).signs(&house, "12345678", 0), "welcome");
    }
}

/// PAR-009: a text that could be guessed, or that cannot travel in the header, is no key.
#[tokio::test]
async fn par_009_a_key_that_is_brought_is_looked_at() {
    for house in House::each().await {
        let check = |given: &str, expect: &str| {
            let found = match house.gate.partner_key("a", Some(&Secret::new(given))) {
                Ok(_) => "taken",
                Err(PartnerKeyFault::Length(_)) => "length",
                Err(PartnerKeyFault::Characters) => "characters",
                Err(PartnerKeyFault::Plain) => "plain",
                Err(PartnerKeyFault::Randomness(_)) => "randomness",
            };
            assert_eq!(found, expect, "{given}");
        };
        check(GIVEN, "taken");
        check("0123456789abcdef", "taken");
        check("0123456789abcde", "length");
        check(&"0123456789".repeat(25), "taken");
        check(&"0123456789".repeat(26), "length");
        check("", "length");
        check("aaaaaaaaaaaaaaaaaaaa", "plain");
        check("abcabcabcabcabcabc", "plain");
        check("0123456789abcde&", "characters");
        check("0123456789 abcdef", "characters");
        check("0123456789abcdéf", "characters");
        check("0123456789abcd\nf", "characters");
    }
}

/// PAR-010: two keys are good side by side, each with its own last use, and one is revoked alone.
#[tokio::test]
async fn par_010_two_keys_serve_while_one_follows_the_other() {
    for house in House::each().await {
        let (old, new) = (issue(&house, "a", Some(GIVEN), "").await, issue(&house, "a", None, "").await);
        for second in [0, 1] {
            assert_eq!(visit("a", &old.secret).shows(&house, second), "welcome");
        }
        assert_eq!(visit("a", &new.secret).shows(&house, 7), "welcome");
        assert_eq!(house.gate.write_uses(at(10)).await.unwrap(), 2);
        for (key, used) in [(&old, 1), (&new, 7)] {
            let kept = house.store.get(resource("ClientKey"), &key.id).await.unwrap().unwrap();
            let field = field("ClientKey", "LastUsedTimestamp");
            assert_eq!(kept.record.get(field).unwrap().as_timestamp(), Some(at(used)));
        }
        house.gate.refresh().await.unwrap();
        keep(&house, &old, "a", "RevokedTimestamp=20").await;
        assert_eq!(visit("a", &old.secret).shows(&house, 21), "partner_refused");
        assert_eq!(visit("a", &new.secret).shows(&house, 21), "welcome");
    }
}

/// PAR-008: a key of one environment is refused in the other, at every door.
#[tokio::test]
async fn par_008_a_key_is_for_its_environment() {
    let check = |here: Environment, key: &'static str, expect: &'static str| async move {
        for house in House::each_of(here).await {
            let more = if key.is_empty() { String::new() } else { format!("ClientKeyEnvironment={key}") };
            let partner = issue(&house, "a", None, &more).await;
            assert_eq!(visit("a", &partner.secret).shows(&house, 0), expect, "{here:?} {key}");
            assert_eq!(visit("a", &partner.secret).signs(&house, "12345678", 0), expect, "{here:?} {key}");
            let bearer = house.key("a", &more).await;
            let entered = house.gate.authenticate(&Credential::Bearer(bearer.secret), at(0));
            let code = entered.map_or_else(|refusal| refusal.code, |_| "welcome");
            assert_eq!(code, expect, "{here:?} {key}, bearer");
        }
    };
    check(Environment::Production, "Production", "welcome").await;
    check(Environment::Production, "Test", "environment_wrong").await;
    check(Environment::Test, "Test", "welcome").await;
    check(Environment::Test, "Production", "environment_wrong").await;
    check(Environment::Test, "", "welcome").await;
    assert_eq!(Environment::find("test"), Some(Environment::Test));
    assert_eq!(Environment::find("dev"), None);
}

/// PAR-006: a clock may be off by fifteen minutes to either side, or by what the client's record says.
#[tokio::test]
async fn par_006_a_timestamp_is_near_the_servers_time() {
    for house in House::each().await {
        let key = issue(&house, "a", None, "").await;
        let check = |sent: i64, expect: &str| {
            assert_eq!(Visit { sent, ..visit("a", &key.secret) }.shows(&house, 0), expect, "{sent}");
        };
        check(900, "welcome");
        check(-900, "welcome");
        check(901, "timestamp_wrong");
        check(-901, "timestamp_wrong");
        for (minutes, seconds) in [(1, 60), (60, 3_600)] {
            let words = format!("ClientId=a ClientStatus=Active ClockToleranceMinutes={minutes}");
            house.put(record("Client", &words)).await;
            check(seconds, "welcome");
            check(-seconds, "welcome");
            check(seconds + 1, "timestamp_wrong");
            check(-seconds - 1, "timestamp_wrong");
        }
        let knock = Knock { client: "a", proof: Proof::Key(&key.secret), sent: Timestamp::MAX, from: None };
        let refusal = house.gate.knock(&knock, at(0)).unwrap_err();
        assert!(refusal.message.contains("timestamp"), "{refusal}");
        // Who holds no key hears nothing of clocks.
        let stranger = Secret::new("0123456789abcdef");
        assert_eq!(Visit { sent: 9_999, ..visit("a", &stranger) }.shows(&house, 0), "partner_refused");
    }
}

/// PAR-011, PAR-012: a client that must sign is not let in by its key; a signature is of this text and
/// this key, and its nonce is good once. Showing the key is no nonce: many requests share a second.
#[tokio::test]
async fn par_011_a_signed_request_is_taken_once() {
    for house in House::each().await {
        let (one, two) = (issue(&house, "a", Some(GIVEN), "").await, issue(&house, "a", None, "").await);
        let a = visit("a", &one.secret);
        for _ in 0..3 {
            assert_eq!(a.shows(&house, 0), "welcome");
        }
        house.put(record("Client", "ClientId=a ClientStatus=Active SignedRequestsYN=true")).await;
        assert_eq!(a.shows(&house, 0), "signature_required");
        assert_eq!(a.signs(&house, "nonce-one", 0), "welcome");
        assert_eq!(a.signs(&house, "nonce-one", 0), "nonce_repeated");
        assert_eq!(visit("a", &two.secret).signs(&house, "nonce-one", 0), "nonce_repeated");
        assert_eq!(visit("a", &two.secret).signs(&house, "nonce-two", 0), "welcome");
        for nonce in ["", "seven77", &"x".repeat(65)] {
            assert_eq!(a.signs(&house, nonce, 0), "nonce_wrong", "{nonce}");
        }
        assert_eq!(a.signs(&house, &"é".repeat(64), 0), "welcome");
        // A request that would pass the clock again is remembered; another client's nonces are its own.
        assert_eq!(a.signs(&house, "nonce-one", 900), "nonce_repeated");
        assert_eq!(a.signs(&house, "nonce-one", 901), "timestamp_wrong");
        let other = issue(&house, "b", None, "").await;
        assert_eq!(visit("b", &other.secret).signs(&house, "nonce-one", 0), "welcome");
        let key = digest::digest(&digest::SHA256, GIVEN.as_bytes());
        let good = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_ref()), b"text");
        let mac = |signed: &[u8], mac: &[u8]| {
            let proof = Proof::Mac { signed, mac, nonce: "nonce-three" };
            house
                .gate
                .knock(&Knock { client: "a", proof, sent: at(0), from: None }, at(0))
                .map_err(|r| r.code)
        };
        assert_eq!(mac(b"texx", good.as_ref()).unwrap_err(), "partner_refused");
        assert_eq!(mac(b"text", &good.as_ref()[1..]).unwrap_err(), "partner_refused");
        assert_eq!(mac(b"text", b"").unwrap_err(), "partner_refused");
        assert!(mac(b"text", good.as_ref()).is_ok(), "a refused signature uses no nonce up");
    }
}

/// PAR-012: the memory of nonces has a bound, says so when it is full, and empties by itself.
#[test]
fn par_012_nonces_are_forgotten_when_their_timestamp_would_not_pass() {
    let mut nonces = Nonces::of(2);
    let mut take = |nonce: &str, until: i64, now: i64| {
        let taken = nonces.take("a", nonce, at(until).as_second(), at(now));
        taken.map_err(|refusal| (refusal.code, refusal.retry_after))
    };
    assert_eq!(take("first---", 10, 0), Ok(()));
    assert_eq!(take("second--", 20, 0), Ok(()));
    assert_eq!(take("third---", 30, 0), Err(("nonces_full", Some(11))));
    assert_eq!(take("first---", 10, 10), Err(("nonce_repeated", None)));
    assert_eq!(take("third---", 30, 11), Ok(()));
    assert_eq!(take("second--", 20, 20), Err(("nonce_repeated", None)));
}

/// PAR-013: a client with a list of networks is let in from those alone, at every door.
#[tokio::test]
async fn par_013_a_client_comes_from_its_networks() {
    for house in House::each().await {
        let (key, bearer) = (issue(&house, "a", None, "").await, house.key("a", "").await);
        let check = |from: Option<&str>, expect: bool| {
            let shown = Visit { from, ..visit("a", &key.secret) }.shows(&house, 0);
            assert_eq!(shown, if expect { "welcome" } else { "partner_refused" }, "{from:?}");
            let from: Option<IpAddr> = from.map(|text| text.parse().unwrap());
            let credential = Credential::Bearer(bearer.secret.clone());
            let entered = house.gate.authenticate_from(&credential, from, at(0));
            assert_eq!(
                entered.map_err(|r| r.code).err(),
                (!expect).then_some("credential_wrong"),
                "{from:?}"
            );
        };
        check(None, true);
        check(Some("203.0.113.9"), true);
        let list = "AllowedNetworks=192.0.2.0/24|198.51.100.7|2001:db8::/32";
        house.put(record("Client", &format!("ClientId=a ClientStatus=Active {list}"))).await;
        for (from, expect) in [
            (Some("192.0.2.1"), true),
            (Some("::ffff:192.0.2.1"), true),
            (Some("192.0.3.1"), false),
            (Some("198.51.100.7"), true),
            (Some("198.51.100.8"), false),
            (Some("2001:db8:1::5"), true),
            (Some("2001:db9::5"), false),
            (None, false),
        ] {
            check(from, expect);
        }
        // A list that cannot be read lets nobody in.
        house.put(record("Client", "ClientId=a ClientStatus=Active AllowedNetworks=192.0.2.0/99")).await;
        check(Some("192.0.2.1"), false);
    }
}

#[test]
fn a_clients_own_words_are_checked_before_they_are_kept() {
    let check = |words: &str, expect: &[&str]| {
        let faults = check_client(&super::town::dictionary(), &record("Client", words));
        assert_eq!(faults.iter().map(|(field, _)| *field).collect::<Vec<_>>(), expect, "{words}");
    };
    check("ClientId=a", &[]);
    check("ClientId=a AllowedNetworks=10.0.0.0/8|::1|2001:db8::/32 ClockToleranceMinutes=60", &[]);
    check("ClientId=a ClockToleranceMinutes=0", &["ClockToleranceMinutes"]);
    check("ClientId=a ClockToleranceMinutes=61", &["ClockToleranceMinutes"]);
    check("ClientId=a AllowedNetworks=10.0.0.0/33|x|10.0.0.1", &["AllowedNetworks", "AllowedNetworks"]);
    let many = (0..101).map(|n| format!("10.0.0.{n}")).collect::<Vec<_>>().join("|");
    check(&format!("ClientId=a AllowedNetworks={many}"), &["AllowedNetworks"]);
}

/// PAR-130, PAR-304: what a feed says of itself goes to whoever is granted it, as it stands now; what a
/// client deviates in is asked by name.
#[tokio::test]
async fn par_304_a_caller_is_told_of_the_feeds_terms() {
    for house in House::each().await {
        house
            .put(record("Feed", "FeedId=F FeedName=North FeedStatus=Active FeedTimeZone=America/Boise"))
            .await;
        house.put(record("Grant", "ClientId=a FeedId=F AccessLevel=Read PermissionClass=IDX")).await;
        house.put(record("Grant", "ClientId=a FeedId=G AccessLevel=Read PermissionClass=VOW")).await;
        let words = "ClientId=a ClientStatus=Active PartnerDeviations=sample_false_is_null";
        house.put(record("Client", words)).await;
        let key = issue(&house, "a", None, "").await;
        let caller = || {
            let proof = Proof::Key(&key.secret);
            house.gate.knock(&Knock { client: "a", proof, sent: at(0), from: None }, at(0)).unwrap()
        };
        let terms = caller().feed_terms("F").cloned().unwrap();
        assert_eq!(
            (terms.name.as_deref(), terms.time_zone.as_deref()),
            (Some("North"), Some("America/Boise"))
        );
        assert_eq!((terms.attribution, terms.disclaimer, terms.non_disclosure), (None, None, false));
        assert_eq!(caller().feed_terms("G"), Some(&crate::FeedTerms::default()), "a feed without a record");
        assert_eq!(caller().feed_terms("H"), None, "a feed that is not granted");
        let words = "FeedId=F FeedStatus=Active FeedAttribution=By FeedDisclaimer=Mind NonDisclosureYN=true";
        house.put(record("Feed", words)).await;
        let terms = caller().feed_terms("F").cloned().unwrap();
        assert_eq!((terms.attribution.as_deref(), terms.disclaimer.as_deref()), (Some("By"), Some("Mind")));
        assert!(terms.non_disclosure);
        assert!(caller().deviates("sample_false_is_null") && !caller().deviates("strict_agent_dates"));
    }
}
