//! The demo's association as its lockboxes know it: its members as users, and a box at each active listing.

use anyhow::{Result, anyhow};
use console::operate::{Act, create, create_feed, get};
use dictionary::{Record, Text, Value, named};
use query::{Expr, Query, Scope};
use store::{Batch, Expect, Operation};

use crate::clock;
use crate::serve::House;

/// The association.
pub(super) const TENANT: &str = "king-county";
/// Who runs its lockboxes.
pub(super) const VENDOR: &str = "demo-lockbox";
/// Where its days are counted.
const ZONE: &str = "America/Los_Angeles";
/// Records of one batch.
const AT_ONCE: usize = 5_000;

/// Registers the association, its users and its boxes, where it is not there yet. The index holds the market.
pub(super) async fn lockboxes(house: &House, feed: &str) -> Result<()> {
    let desk = house.desk();
    let act = Act { actor: Text::new_static("demo"), now: clock::now() };
    if get(&desk, "Tenant", TENANT).await.is_ok() {
        return Ok(());
    }
    let staging = format!("{feed}-staging");
    if get(&desk, "Feed", &staging).await.is_err() {
        create_feed(&desk, &act, &staging, "King County, to try things").await?;
    }
    let mut own = users(house, feed)?;
    own.extend(boxes(house, feed)?);
    for part in own.chunks(AT_ONCE) {
        let mut batch = Batch::new("demo", act.now);
        let put = |record: &Record| Operation::put_own(record.clone(), Expect::Any);
        batch.operations = part.iter().map(put).collect();
        house.store.write(batch).await?;
    }
    let text = |text: &str| Some(Value::from(text));
    let tenant = [
        ("TenantId", text(TENANT)),
        ("TenantName", text("King County Association of REALTORS")),
        ("TenantTimeZone", text(ZONE)),
        ("ProductionFeedId", text(feed)),
        ("StagingFeedId", text(&staging)),
    ];
    create(&desk, &act, "Tenant", named(house.dictionary.known("Tenant"), tenant)).await?;
    let grant = [
        ("TenantGrantId", text(VENDOR)),
        ("TenantId", text(TENANT)),
        ("TenantEnvironment", text("Production")),
        ("ClientId", text(VENDOR)),
        ("TenantRole", text("Vendor")),
    ];
    create(&desk, &act, "TenantGrant", named(house.dictionary.known("TenantGrant"), grant)).await?;
    Ok(())
}

/// A user of a lockbox for each member.
fn users(house: &House, feed: &str) -> Result<Vec<Record>> {
    let own = house.dictionary.known("LockboxUser");
    let user = |member: &dyn Fn(&str) -> Option<Value>| {
        let kind = member("MemberType").and_then(|kind| kind.as_text().map(kind_of)).unwrap_or("Agent");
        let id = member("MemberMlsId").or_else(|| member("MemberKey"));
        named(
            own,
            [
                ("LockboxUserId", id.clone()),
                ("TenantId", Some(TENANT.into())),
                ("FeedId", Some(feed.into())),
                ("MemberKey", member("MemberKey")),
                ("MemberMlsId", member("MemberMlsId")),
                ("OfficeKey", member("OfficeKey")),
                ("LockboxUserName", member("MemberLoginId").or(id)),
                ("LockboxUserType", Some(kind.into())),
                ("AccountStatus", Some("Active".into())),
                ("LockboxServiceStatus", Some("Active".into())),
                ("ShowingServiceStatus", Some("Active".into())),
                ("ModificationTimestamp", Some(clock::now().into())),
            ],
        )
    };
    found(house, "Member", None, user)
}

/// The type of user of a MemberType.
fn kind_of(member_type: &str) -> &'static str {
    match member_type {
        "Designated REALTOR Participant" | "MLS Only Broker" => "Broker",
        "Affiliate" | "Photographer" => "Affiliate",
        "Assistant" | "Licensed Assistant" | "Unlicensed Assistant" => "Assistant",
        "Office Manager" => "Office Staff",
        "Association Staff" | "MLS Staff" => "Administrator",
        _ => "Agent",
    }
}

/// A box at each active listing, its agent's: most of them open within showing hours, some by appointment, some after
/// a call.
fn boxes(house: &House, feed: &str) -> Result<Vec<Record>> {
    let own = house.dictionary.known("Lockbox");
    let property = house.dictionary.known("Property");
    let status = property.find("StandardStatus").ok_or_else(|| anyhow!("Property has no StandardStatus"))?;
    let active = Expr::equal(status, "Active");
    let mut count = 0_usize;
    let lockbox = |listing: &dyn Fn(&str) -> Option<Value>| {
        count += 1;
        let mode = match count % 10 {
            3 | 7 => "Appointment Only",
            5 => "Call Before Showing",
            _ => "Open Hours",
        };
        let id = listing("ListingId").and_then(|id| id.as_text().map(|id| format!("B{id}")));
        named(
            own,
            [
                ("LockboxId", id.map(Value::from)),
                ("TenantId", Some(TENANT.into())),
                ("FeedId", Some(feed.into())),
                ("LockboxSerialNumber", Some(format!("{count:08}").into())),
                ("LockboxOwnerId", listing("ListAgentMlsId").or_else(|| listing("ListAgentKey"))),
                ("ListingKey", listing("ListingKey")),
                ("RestrictionMode", Some(mode.into())),
                ("ModificationTimestamp", Some(clock::now().into())),
            ],
        )
    };
    found(house, "Property", Some(active), lockbox)
}

/// Something of each record that the index finds.
fn found(
    house: &House,
    resource: &str,
    filter: Option<Expr>,
    mut of: impl FnMut(&dyn Fn(&str) -> Option<Value>) -> Record,
) -> Result<Vec<Record>> {
    let own = house.dictionary.known(resource);
    let query = Query { filter, page_size: u32::MAX, ..Query::all(own.id) };
    let reader = house.search.read();
    let hits = reader.page(&query, &Scope::everything(), clock::now())?;
    let records = hits.rows.iter().map(|row| {
        let record = reader.record(own.id, *row);
        of(&|name| record.get(own.find(name)?).cloned())
    });
    Ok(records.collect())
}
