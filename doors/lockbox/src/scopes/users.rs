//! Users of lockboxes, listed and told.

use axum::extract::{Extension, Path, RawQuery, State};
use bytes::Bytes;
use dictionary::{Named, Text, set_named};
use gate::{Caller, OWN_FEED};
use http::StatusCode;
use serde_json::{Value as Json, json as object};
use store::{Batch, Expect, Operation, Stored};

use super::{Page, Visit, What, paged};
use crate::reply::{Answer, Refused, json};
use crate::rights::{may_write, not_yours};
use crate::{Door, body};

/// `GET …/users`
pub(crate) async fn users(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, tenant)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let visit = door.visit(&caller, &environment, &tenant).await?;
    let page = Page::read(query.as_deref())?;
    let found: Vec<Text> = {
        let book = door.memory.book();
        let all = book.users_after(&page.after);
        let ours = all.filter(|user| user.tenant == visit.tenant.id && user.feed == visit.tenant.feed);
        let seen = ours.filter(|user| visit.sees(What::User, &book.concerns_user(user)));
        seen.take(page.limit + 1).map(|user| user.id.clone()).collect()
    };
    paged(&door, "LockboxUser", (found, &page), told).await
}

/// `GET …/users/{user}`: with what the member's record says.
pub(crate) async fn user(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, tenant, id)): Path<(String, String, String)>,
) -> Answer {
    let visit = door.visit(&caller, &environment, &tenant).await?;
    let kept = seen(&door, &visit, &id).await?;
    let mut answer = told(&door, &kept);
    let member = door.memory.book().user(&id).and_then(|user| user.member.clone());
    let own = door.dictionary.known("Member");
    let member = match member {
        Some(key) => door.store.get(own.id, &key).await?.filter(|kept| kept.feed == visit.tenant.feed),
        None => None,
    };
    let words = member.as_ref().map(|kept| Named { own, record: &kept.record });
    let text = |name: &str| words.and_then(|words| words.text(name)).map(String::from);
    for (name, field) in [
        ("firstName", "MemberFirstName"),
        ("lastName", "MemberLastName"),
        ("email", "MemberEmail"),
        ("officePhone", "MemberOfficePhone"),
        ("mobilePhone", "MemberMobilePhone"),
        ("memberStatus", "MemberStatus"),
        ("nationalAssociationId", "MemberNationalAssociationId"),
        ("stateLicense", "MemberStateLicense"),
    ] {
        answer[name] = text(field).into();
    }
    Ok(json(StatusCode::OK, &answer))
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    status: Status,
}

#[derive(Clone, Copy, Debug, serde::Deserialize)]
enum Status {
    Active,
    Inactive,
}

/// `POST …/users/{user}/account`: an administrator authorises a user for an account, or takes it back (LBX-040).
pub(crate) async fn account(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, tenant, id)): Path<(String, String, String)>,
    bytes: Bytes,
) -> Answer {
    let now = (door.clock)();
    may_write(&caller)?;
    let visit = door.visit(&caller, &environment, &tenant).await?;
    let kept = seen(&door, &visit, &id).await?;
    if !visit.administers() {
        return Err(not_yours());
    }
    let asked: Account = body::read(&bytes)?;
    let own = door.dictionary.known("LockboxUser");
    let mut record = (*kept.record).clone();
    let status = match asked.status {
        Status::Active => "Active",
        Status::Inactive => "Inactive",
    };
    set_named(&mut record, own, "AccountStatus", Some(status.into()));
    let mut batch = Batch::new(caller.actor(), now);
    let (feed, expect) = (OWN_FEED.into(), Expect::At(kept.sequence));
    batch.operations.push(Operation::Put { feed, record, expect, stamp: Some(now) });
    door.store.write(batch).await?;
    door.memory.refresh().await?;
    Ok(json(StatusCode::OK, &object!({ "user": id, "accountStatus": status })))
}

/// A user of the association that the caller sees.
async fn seen(door: &Door, visit: &Visit, id: &str) -> Result<Stored, Refused> {
    let unknown = || {
        let message = format!("There is no user {id} that you may see.");
        Refused::new(404, "user_unknown", message, "GET …/users lists those that you may.")
    };
    {
        let book = door.memory.book();
        let user = book.user(id);
        let user = user.filter(|user| user.tenant == visit.tenant.id && user.feed == visit.tenant.feed);
        user.filter(|user| visit.sees(What::User, &book.concerns_user(user))).ok_or_else(unknown)?;
    }
    door.store.get(door.dictionary.known("LockboxUser").id, id).await?.ok_or_else(unknown)
}

fn told(door: &Door, kept: &Stored) -> Json {
    let words = Named { own: door.dictionary.known("LockboxUser"), record: &kept.record };
    let text = |name: &str| words.text(name).map(String::from);
    let office = {
        let book = door.memory.book();
        book.user(&kept.key).and_then(|user| book.office_of(user)).map(ToString::to_string)
    };
    object!({
        "user": kept.key.as_str(),
        "userName": text("LockboxUserName"),
        "type": text("LockboxUserType"),
        "member": text("MemberKey"),
        "memberMlsId": text("MemberMlsId"),
        "office": office,
        "accountStatus": text("AccountStatus"),
        "lockboxServiceStatus": text("LockboxServiceStatus"),
        "showingServiceStatus": text("ShowingServiceStatus"),
    })
}
