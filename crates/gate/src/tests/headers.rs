//! The Authorization header and the token endpoint's form (RESO-001).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::{Credential, Refusal, Secret, TokenRequest};

fn basic(text: &str) -> String {
    format!("Basic {}", STANDARD.encode(text))
}

fn bearer(text: &str) -> Result<Credential, &'static str> {
    Ok(Credential::Bearer(Secret::new(text)))
}

#[test]
fn the_authorization_header_is_read_in_every_case_of_its_scheme() {
    let check = |header: Option<&str>, expect: Result<Credential, &str>| {
        let read = Credential::read(header).map_err(|refusal| {
            assert_eq!(refusal.status, 401);
            assert!(refusal.challenge().unwrap().starts_with("Bearer"));
            refusal.code
        });
        assert_eq!(read, expect, "{header:?}");
    };
    check(Some("Bearer x"), bearer("x"));
    check(Some("bearer  x "), bearer("x"));
    check(Some(&basic("a:b:c")), Ok(Credential::Basic { id: "a".into(), secret: Secret::new("b:c") }));
    check(None, Err("credential_missing"));
    check(Some(" "), Err("credential_missing"));
    check(Some("Bearer"), Err("credential_malformed"));
    check(Some("Bearer "), Err("credential_malformed"));
    check(Some("Digest x"), Err("credential_malformed"));
    check(Some("Basic !"), Err("credential_malformed"));
    check(Some(&basic("no colon")), Err("credential_malformed"));
    check(Some("Basic /w=="), Err("credential_malformed"));
    check(Some(&format!("Bearer {}", "x".repeat(5_000))), Err("credential_malformed"));
}

#[test]
fn one_credential_is_read_from_one_header_field() {
    let check = |fields: &[(&'static str, &[u8])], expect: Result<Credential, &str>| {
        let mut headers = http::HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, http::HeaderValue::from_bytes(value).unwrap());
        }
        assert_eq!(Credential::of(&headers).map_err(|refusal| refusal.code), expect, "{fields:?}");
    };
    let long = "x".repeat(5_000);
    check(&[("x-api-key", b" k ")], bearer("k"));
    check(&[("authorization", b"Bearer k")], bearer("k"));
    check(&[], Err("credential_missing"));
    check(&[("x-api-key", b" ")], Err("credential_malformed"));
    check(&[("x-api-key", long.as_bytes())], Err("credential_malformed"));
    check(&[("x-api-key", b"\xff")], Err("credential_malformed"));
    check(&[("authorization", b"Bearer \xff")], Err("credential_malformed"));
    check(&[("x-api-key", b"k"), ("x-api-key", b"k")], Err("credential_malformed"));
    check(&[("authorization", b"Bearer k"), ("authorization", b"Bearer k")], Err("credential_malformed"));
    check(&[("x-api-key", b"k"), ("authorization", b"Bearer k")], Err("credential_malformed"));
}

#[test]
fn a_request_without_a_credential_is_told_the_scheme_alone() {
    assert_eq!(Refusal::missing().challenge(), Some("Bearer realm=\"freehold\""));
    assert!(Refusal::wrong().challenge().unwrap().contains("invalid_token"));
    assert_eq!(Refusal::query().challenge(), None);
}

/// RESO-001: id and secret stand in a Basic header or in the form body; what is wrong is said in the
/// words of RFC 6749, 5.2.
#[test]
fn the_token_form_is_read_as_rfc_6749_says() {
    let grant = "grant_type=client_credentials";
    let given = |id: &str, secret: &str, read_only| {
        Ok(TokenRequest { id: id.into(), secret: Secret::new(secret), read_only })
    };
    let check = |header: Option<&str>, form: &str, expect: Result<TokenRequest, &str>| {
        let read = TokenRequest::read(header, form).map_err(|fault| {
            assert_eq!(fault.status, if fault.error == "invalid_client" { 401 } else { 400 });
            fault.error
        });
        assert_eq!(read, expect, "{header:?} {form}");
    };
    let form = |rest: &str| format!("{grant}&{rest}");
    check(Some(&basic("a:b")), grant, given("a", "b", false));
    check(Some(&basic("a%2Eb:c+d")), grant, given("a.b", "c d", false));
    check(Some(&basic("a:b")), &form("client_id=a"), given("a", "b", false));
    check(None, &form("client_id=a&client_secret=b"), given("a", "b", false));
    check(None, &form("client_id=a%40x&client_secret=b&scope=api"), given("a@x", "b", false));
    check(None, &form("client_id=a&client_secret=b&scope=read"), given("a", "b", true));
    check(None, &form("client_id=a&client_secret=b&scope=read+api"), given("a", "b", false));
    check(None, &form("client_id=a&client_secret=b&resource=x"), given("a", "b", false));
    check(None, &form("client_id=a&client_secret=b&scope=write"), Err("invalid_scope"));
    check(None, "client_id=a&client_secret=b", Err("invalid_request"));
    check(None, "", Err("invalid_request"));
    check(None, &form("grant_type=password"), Err("invalid_request"));
    check(None, "grant_type=password&client_id=a&client_secret=b", Err("unsupported_grant_type"));
    check(None, "grant_type=authorization_code&code=1", Err("invalid_grant"));
    check(None, "grant_type=refresh_token", Err("unsupported_grant_type"));
    check(None, grant, Err("invalid_client"));
    check(None, &form("client_id=a"), Err("invalid_client"));
    check(Some("Bearer x"), grant, Err("invalid_client"));
    check(Some(&basic("a:b")), &form("client_secret=b"), Err("invalid_request"));
    check(Some(&basic("a:b")), &form("client_id=c"), Err("invalid_request"));
    check(None, &"x".repeat(9_000), Err("invalid_request"));
}
