use http::HeaderMap;

use super::signature::is_md5;
use super::{MlAuth, Parts, Proof, Shown, Unread, read_stamp};

/// The document's own example.
const CLIENT: &str = "MyClient";
const KEY: &str = "87df3ca4afe5ee4cf64a2c74edb35363sdfe2d2d3sd";
const STAMP: &str = "20180212101522";
const SIGNATURE: &str = "d3f2877968ef28814e56d049dd06c618";

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
}

/// PAR-003
#[test]
fn par_003_the_example_of_the_document_is_signed_as_it_says() {
    let Some(Proof::Md5 { hash: given, .. }) = Proof::read(SIGNATURE, Shown::Key(KEY)) else {
        panic!("no MD5")
    };
    assert!(is_md5(&given, CLIENT, KEY, STAMP));
    for (client, key, stamp) in [
        ("myclient", KEY, STAMP),
        (CLIENT, &KEY[1..], STAMP),
        (CLIENT, KEY, "20180212101523"),
        (CLIENT, KEY, ""),
    ] {
        assert!(!is_md5(&given, client, key, stamp), "{client} {key} {stamp}");
    }
}

/// PAR-004
#[test]
fn par_004_digits_pass_in_either_case_and_nothing_else_does() {
    let (key, nonce) = (Shown::Key(KEY), Shown::Nonce("12345678"));
    let small = Proof::read(SIGNATURE, key);
    assert!(small.is_some());
    assert_eq!(Proof::read(&SIGNATURE.to_uppercase(), key), small);
    for wrong in ["", "d3f2", &SIGNATURE[1..], &format!("{SIGNATURE}0"), &SIGNATURE.replace('d', "g")] {
        assert_eq!(Proof::read(wrong, key), None, "{wrong}");
    }
    assert_eq!(Proof::read("+3f2877968ef28814e56d049dd06c618", key), None, "a sign is no digit");
    assert_eq!(Proof::read(SIGNATURE, nonce), None, "an MD5 is no HMAC");
    assert_eq!(Proof::read(&SIGNATURE.repeat(2), key), None, "an HMAC has a nonce");
    assert_eq!(
        Proof::read(&SIGNATURE.repeat(2), Shown::Nonce("short")),
        None,
        "a nonce has eight characters"
    );
    assert!(Proof::read(&SIGNATURE.repeat(2), nonce).is_some());
}

/// PAR-002
#[test]
fn par_002_the_parts_come_in_any_order_and_each_once() {
    let expect = Some(Parts { client: "a", signature: "d", shown: Shown::Key("b=c") });
    for text in [
        "client=a&systemaccesskey=b=c&signature=d",
        "signature=d&client=a&systemaccesskey=b=c",
        "Client=a&SystemAccessKey=b=c&SIGNATURE=d",
        " client = a & systemaccesskey = b=c & signature = d ",
        "client=a&systemaccesskey=b=c&signature=d&version=2",
    ] {
        assert_eq!(Parts::read(text), expect, "{text}");
    }
    for text in [
        "",
        "client=a&systemaccesskey=b",
        "client=a&signature=d",
        "systemaccesskey=b&signature=d",
        "client=&systemaccesskey=b&signature=d",
        "client=a&client=a&systemaccesskey=b&signature=d",
        "client=a&systemaccesskey=b&signature=d&Signature=d",
        "client=a&systemaccesskey&signature=d",
        "client=a&nonce=&signature=d",
        "client=a&nonce=b&nonce=b&signature=d",
        "client=a&systemaccesskey=b&nonce=b&signature=d",
    ] {
        assert_eq!(Parts::read(text), None, "{text}");
    }
    // PAR-011: what is signed with a key does not show it.
    let expect = Some(Parts { client: "a", signature: "d", shown: Shown::Nonce("b") });
    for text in ["client=a&nonce=b&signature=d", "signature=d&NONCE=b&client=a"] {
        assert_eq!(Parts::read(text), expect, "{text}");
    }
}

/// PAR-005
#[test]
fn par_005_the_timestamp_is_fourteen_digits_of_a_real_instant() {
    assert_eq!(read_stamp(STAMP).unwrap().to_string(), "2018-02-12T10:15:22Z");
    assert!(read_stamp("20240229235959").is_some());
    for wrong in [
        "",
        "2018021210152",
        "201802121015220",
        "20180230000000",
        "20230229000000",
        "20180212240000",
        "20180212106022",
        "20180212101560",
        "2018021210152a",
        "+2018021210152",
        "2018-02-12T10:",
        "２０１８",
    ] {
        assert_eq!(read_stamp(wrong), None, "{wrong}");
    }
}

/// PAR-001
#[test]
fn par_001_both_headers_are_needed_and_each_once() {
    let auth = format!("client={CLIENT}&systemaccesskey={KEY}&signature={SIGNATURE}");
    let read = |pairs: &[(&'static str, &str)]| MlAuth::read(&headers(pairs)).map(|auth| auth.client);
    assert_eq!(read(&[("ml-auth", &auth), ("x-ml-timestamp", STAMP)]).as_deref(), Ok(CLIENT));
    assert_eq!(read(&[("x-ml-timestamp", STAMP)]), Err(Unread::Header));
    assert_eq!(read(&[("ml-auth", &auth)]), Err(Unread::Timestamp));
    assert_eq!(read(&[("ml-auth", &auth), ("x-ml-timestamp", "now")]), Err(Unread::Timestamp));
    let mut twice = headers(&[("ml-auth", &auth), ("x-ml-timestamp", STAMP)]);
    twice.append("ml-auth", auth.parse().unwrap());
    assert_eq!(MlAuth::read(&twice).map(|auth| auth.client), Err(Unread::Header));
    let long = format!("{auth}&more={}", "x".repeat(5_000));
    assert_eq!(read(&[("ml-auth", &long), ("x-ml-timestamp", STAMP)]), Err(Unread::Header));
}

/// PAR-014
#[test]
fn par_014_what_is_shown_of_a_credential_holds_no_key() {
    let auth = format!("client={CLIENT}&systemaccesskey={KEY}&signature={SIGNATURE}");
    let read = MlAuth::read(&headers(&[("ml-auth", &auth), ("x-ml-timestamp", STAMP)])).unwrap();
    let shown = format!("{read:?}");
    assert!(shown.contains(CLIENT) && !shown.contains(KEY), "{shown}");
}
