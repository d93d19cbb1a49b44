//! `PATCH …/users/{user}`: what a user changes of themselves is theirs from then on (LBX-024).

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use dictionary::{Named, Text, Value, check, set_named};
use gate::{Caller, OWN_FEED};
use http::StatusCode;
use serde_json::json;
use store::{Batch, Expect, Operation};

use crate::Door;
use crate::import::{Phone, Users, body};
use crate::reply::{Answer, Refused, json};
use crate::tenant::{Right, path};

/// Fields of Member that are a user's own to change.
const OWN: [&str; 8] = [
    "MemberFirstName",
    "MemberLastName",
    "MemberNickname",
    "MemberEmail",
    "MemberMobilePhone",
    "MemberDirectPhone",
    "MemberHomePhone",
    "MemberOfficePhone",
];
/// How long the names and addresses of all users are held while one is changed.
const HELD_FOR: Duration = Duration::from_secs(30);

pub(crate) async fn edit(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id, user)): Path<(String, String, String)>,
    bytes: Bytes,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::Belong).await?;
    let person = door.person(&caller, &tenant, (&user, Right::Answer)).await?;
    if caller.is_read_only() {
        let message = "This token was bought for reading alone.";
        return Err(Refused::new(403, "read_only", message, "Ask the token endpoint for scope=api."));
    }
    let given: BTreeMap<String, Option<String>> = body(&bytes)?;
    let wrong = |message: String, hint: &str| Refused::new(422, "field_wrong", message, hint);
    let Some(member) = person.member else {
        return Err(wrong(
            "The user has no member's record.".into(),
            "An import or the association makes it.",
        ));
    };
    let own = door.dictionary.known("Member");
    let own_user = door.dictionary.known("LockboxUser");
    let (mut record, mut about) = ((*member.record).clone(), (*person.user.record).clone());
    let mut held = Named { own: own_user, record: &about }.texts("HeldFields");
    for (name, value) in &given {
        if !OWN.contains(&name.as_str()) {
            return Err(wrong(
                format!("{name} is not yours to change."),
                "These are: the names, the e-mail and the phones.",
            ));
        }
        let value = value.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let value = match value {
            Some(text) if name.ends_with("Phone") => {
                let phone = Phone::read(text).ok_or_else(|| {
                    wrong(format!("{text:?} is no number of ten digits."), "Write 305-555-0100.")
                })?;
                Some(Value::from(phone.dashed()))
            }
            value => value.map(Value::from),
        };
        set_named(&mut record, own, name, value);
        if !held.iter().any(|one| one == name) {
            held.push(Text::new(name));
        }
    }
    if let Some(fault) = check(&door.dictionary, &record).into_iter().next() {
        return Err(wrong(fault.message, &fault.hint));
    }
    let email =
        Named { own, record: &record }.text("MemberEmail").map(|email| Text::from(email.to_lowercase()));
    if given.contains_key("MemberEmail") && email.as_ref().is_some_and(|email| !email.contains('@')) {
        return Err(wrong("This is no e-mail address.".into(), "Write name@example.com."));
    }
    set_named(&mut about, own_user, "LockboxUserEmail", email.clone().map(Value::from));
    set_named(&mut about, own_user, "HeldFields", (!held.is_empty()).then(|| Value::TextList(held.into())));
    let now = (door.clock)();
    // Addresses are unique among everybody: nobody else gives one away meanwhile.
    let name = format!("lockbox-users/{}", path(tenant.environment));
    let holder: String = format!("{} {user}", door.settings.node).chars().take(255).collect();
    let lease = door.store.take_lease(&name, &holder, HELD_FOR, now);
    let Some(lease) = lease.await? else {
        let message = "Members are being imported just now.";
        return Err(Refused::new(409, "import_at_work", message, "Try again in a minute."));
    };
    let written = async {
        if let Some(email) = &email {
            let feeds = door.feeds(tenant.environment).await?;
            let users = Users::load(&door.store, &door.dictionary, &feeds).await?;
            if users.email_taken(email, &person.user.key) {
                let hint = "Every person has an address of their own.";
                return Err(Refused::new(409, "email_not_unique", "Another user has this address.", hint));
            }
        }
        let mut batch = Batch::new(caller.actor(), now);
        let put = |feed: &str, record, version| Operation::Put {
            feed: feed.into(),
            record,
            expect: Expect::At(version),
            stamp: Some(now),
        };
        batch.operations.push(put(&member.feed, record, member.sequence));
        batch.operations.push(put(OWN_FEED, about, person.user.sequence));
        door.store.write(batch).await?;
        Ok(())
    };
    let done = written.await;
    door.store.release_lease(&lease).await?;
    done?;
    let changed: Vec<&String> = given.keys().collect();
    Ok(json(StatusCode::OK, &json!({ "user": user, "held": changed })))
}
