//! Keys and tokens: their shape, what they verify as, and that they stay unseen.

use super::at;
use crate::secret::{IssuedKey, hash, key_id, read_hash, same};
use crate::token::{Claims, TokenFault, sign, verify};
use crate::{Credential, Secret, SigningKey, TokenRequest};

#[test]
fn a_key_is_long_random_and_has_a_mark_that_scanners_find() {
    let (one, two) = (IssuedKey::make().unwrap(), IssuedKey::make().unwrap());
    assert_ne!(one.secret, two.secret);
    assert_ne!(one.id, two.id);
    let text = one.secret.reveal();
    assert!(text.starts_with("fh_") && text.len() == 3 + 16 + 1 + 64, "{}", text.len());
    assert_eq!(key_id(text), Some(one.id.as_str()));
    assert!(same(&hash(text.as_bytes()), &read_hash(&one.hash).unwrap()));
    assert!(!same(&hash(two.secret.reveal().as_bytes()), &read_hash(&one.hash).unwrap()));
    assert!(!one.hash.contains(&text[20..]), "the hash is not the secret");
}

#[test]
fn what_has_not_the_shape_of_a_key_has_no_id() {
    let good = IssuedKey::make().unwrap();
    let good = good.secret.reveal();
    for bad in ["", "fh_", "fh__", &good[1..], &good[..good.len() - 1], &good.to_uppercase(), "fh_é_x"] {
        assert_eq!(key_id(bad), None, "{bad}");
    }
    assert_eq!(read_hash("é"), None);
    assert_eq!(read_hash(&"zz".repeat(32)), None);
}

#[test]
fn nothing_secret_is_printed() {
    let key = IssuedKey::make().unwrap();
    let secret = &key.secret.reveal()[20..];
    let header = format!("Bearer {}", key.secret.reveal());
    let basic = Credential::Basic { id: "a".into(), secret: key.secret.clone() };
    let form = format!("grant_type=client_credentials&client_id=a&client_secret={}", key.secret.reveal());
    let shown = [
        format!("{key:?}"),
        format!("{:?}", Credential::read(Some(&header)).unwrap()),
        format!("{basic:?}"),
        format!("{:?}", TokenRequest::read(None, &form).unwrap()),
        format!("{:?}", SigningKey::random().unwrap()),
    ];
    for text in shown {
        assert!(!text.contains(secret), "{text}");
    }
}

fn claims() -> Claims {
    Claims { client: "a.b".into(), key: "0123".into(), expires: at(60).as_second(), read_only: true }
}

#[test]
fn a_token_is_believed_until_its_last_second() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let token = sign(&claims(), &key);
    assert_eq!(verify(token.reveal(), &key, at(59)), Ok(claims()));
    assert_eq!(verify(token.reveal(), &key, at(60)), Err(TokenFault::Expired));
    assert_eq!(verify(token.reveal(), &SigningKey::from_bytes(&[8; 32]), at(0)), Err(TokenFault::Wrong));
}

#[test]
fn a_token_changed_in_any_letter_is_wrong() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let token = sign(&claims(), &key);
    let text = token.reveal();
    for place in 0..text.len() {
        let other = if &text[place..=place] == "A" { "B" } else { "A" };
        let changed = format!("{}{other}{}", &text[..place], &text[place + 1..]);
        // The last letter of base64 holds bits that are not used; a strict reader refuses them.
        assert_eq!(verify(&changed, &key, at(0)), Err(TokenFault::Wrong), "letter {place}");
    }
    for bad in ["", ".", "fh_at.", "fh_at..", "fh_at.e30.e30"] {
        assert_eq!(verify(bad, &key, at(0)), Err(TokenFault::Wrong), "{bad}");
    }
}

#[test]
fn the_signing_key_is_kept_in_a_file_for_its_owner_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("signing.key");
    let first = SigningKey::from_file(&path).unwrap();
    let token = sign(&claims(), &first);
    let again = SigningKey::from_file(&path).unwrap();
    assert_eq!(verify(token.reveal(), &again, at(0)), Ok(claims()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    for wrong in [&b"short"[..], &[0; 33]] {
        std::fs::write(&path, wrong).unwrap();
        assert!(SigningKey::from_file(&path).is_err());
    }
    let _ = Secret::new("");
}

/// A key for a purpose says the same each time, and differs by purpose and by installation.
#[test]
fn a_key_for_a_purpose_is_its_own() {
    let (one, other) = (SigningKey::from_bytes(&[7; 32]), SigningKey::from_bytes(&[8; 32]));
    let codes = one.purpose("codes");
    assert_eq!(codes.mac(b"1234"), one.purpose("codes").mac(b"1234"));
    assert!(codes.is_mac(b"1234", &codes.mac(b"1234")));
    for strange in [one.purpose("tokens"), other.purpose("codes")] {
        assert_ne!(strange.mac(b"1234"), codes.mac(b"1234"));
        assert!(!codes.is_mac(b"1234", &strange.mac(b"1234")));
    }
    assert!(!codes.is_mac(b"1235", &codes.mac(b"1234")));
    assert_eq!(format!("{codes:?}"), "PurposeKey(…)");
}
