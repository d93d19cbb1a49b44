//! A town with people in it: in each of three feeds (an association, its staging, and another association) two
//! offices, ten users of all six types, two teams, three listings, and a box at each.

use std::collections::BTreeMap;

use console::operate::create;
use dictionary::{Record, Value, named, set_named};
use serde_json::{Value as Json, json};
use store::{Batch, Expect, Operation};

use crate::town::{Answer, Town, act, client, now};

/// The feeds: what their records' keys begin with, the tenant, the environment.
pub(crate) const FEEDS: [(&str, &str, &str); 3] =
    [("g", "gulf", "production"), ("s", "gulf", "staging"), ("b", "bay", "production")];

/// Everybody: name, type, office, team.
pub(crate) const USERS: [(&str, &str, &str, &str); 10] = [
    ("admin", "Administrator", "O1", ""),
    ("broker", "Broker", "O1", ""),
    ("staff", "Office Staff", "O1", ""),
    ("agent", "Agent", "O1", "T1"),
    ("agent2", "Agent", "O1", ""),
    ("affiliate", "Affiliate", "O1", ""),
    ("assistant", "Assistant", "O1", "T1"),
    ("other", "Agent", "O2", "T2"),
    ("otherbroker", "Broker", "O2", ""),
    ("otherassistant", "Assistant", "O2", "T2"),
];

/// The listings, with their agents and offices; box B1 hangs at L1 and so on, and is the agent's.
pub(crate) const LISTINGS: [(&str, &str, &str); 3] =
    [("1", "agent", "O1"), ("2", "agent2", "O1"), ("3", "other", "O2")];

pub(crate) struct Street {
    pub(crate) town: Town,
    /// Of each user, by id, such as `g-agent`.
    pub(crate) keys: BTreeMap<String, String>,
    /// Of the association `gulf` in production: a vendor's, a member of the staff's, an administrator's.
    pub(crate) vendor: String,
    pub(crate) staff: String,
    pub(crate) administrator: String,
}

impl Street {
    /// With keys of the users that are named, in the feed `g`, or of everybody.
    pub(crate) async fn build(with_keys: &[&str]) -> Self {
        let town = Town::build().await;
        let mut street = Self {
            town,
            keys: BTreeMap::new(),
            vendor: String::new(),
            staff: String::new(),
            administrator: String::new(),
        };
        for (prefix, tenant, environment) in FEEDS {
            street.settle(prefix, tenant, environment).await;
            for (name, ..) in USERS {
                if with_keys.contains(&"*") || (prefix == "g" && with_keys.contains(&name)) {
                    let id = format!("{prefix}-{name}");
                    let key = street.grant(&id, tenant, environment, "User", Some(&id)).await;
                    street.keys.insert(id, key);
                }
            }
        }
        street.vendor = street.grant("vendor", "gulf", "production", "Vendor", None).await;
        street.staff = street.grant("staff", "gulf", "production", "Staff", None).await;
        street.administrator =
            street.grant("administrator", "gulf", "production", "Administrator", None).await;
        street.town.door.refresh().await.unwrap();
        street
    }

    /// A client with one right; its key.
    async fn grant(
        &self,
        id: &str,
        tenant: &str,
        environment: &str,
        role: &str,
        user: Option<&str>,
    ) -> String {
        let desk = &self.town.desk;
        let key = client(desk, id, false).await;
        let environment = if environment == "staging" { "Staging" } else { "Production" };
        let fields = [
            ("TenantGrantId", Some(id.into())),
            ("TenantId", Some(tenant.into())),
            ("TenantEnvironment", Some(environment.into())),
            ("ClientId", Some(id.into())),
            ("TenantRole", Some(role.into())),
            ("LockboxUserId", user.map(Value::from)),
        ];
        let record = named(self.town.dictionary.known("TenantGrant"), fields);
        create(desk, &act(), "TenantGrant", record).await.unwrap();
        key
    }

    /// A record of these texts.
    pub(crate) fn record(&self, resource: &str, fields: &[(&str, Value)]) -> Record {
        let fields = fields.iter().map(|(name, value)| (*name, Some(value.clone())));
        named(self.town.dictionary.known(resource), fields)
    }

    /// Writes records of a feed.
    pub(crate) async fn write(&self, feed: &str, records: Vec<Record>) {
        let mut batch = Batch::new("test", now());
        batch.operations = records.into_iter().map(|record| Operation::put(feed, record)).collect();
        self.town.store.write(batch).await.unwrap();
    }

    /// Changes one field of a kept record, through the store, as whichever door would.
    pub(crate) async fn change(&self, resource: &str, key: &str, field: &str, value: Option<Value>) {
        let own = self.town.dictionary.known(resource);
        let kept = self.town.store.get(own.id, key).await.unwrap().unwrap();
        let mut record = (*kept.record).clone();
        set_named(&mut record, own, field, value);
        let mut batch = Batch::new("test", now());
        batch.operations.push(Operation::Put { feed: kept.feed, record, expect: Expect::Any, stamp: None });
        self.town.store.write(batch).await.unwrap();
    }

    async fn settle(&self, prefix: &str, tenant: &str, environment: &str) {
        let feed = format!("{tenant}-{environment}");
        let key = |kind: &str, name: &str| Value::from(format!("{prefix}-{kind}{name}"));
        let mut theirs = Vec::new();
        let mut own = Vec::new();
        for office in ["O1", "O2"] {
            theirs.push(self.record(
                "Office",
                &[
                    ("OfficeKey", key("", office)),
                    ("OfficeName", format!("{tenant} {environment} {office}").into()),
                    ("OfficeStatus", "Active".into()),
                ],
            ));
        }
        for (team, lead) in [("T1", "agent"), ("T2", "other")] {
            let fields = [
                ("TeamKey", key("", team)),
                ("TeamLeadKey", key("M-", lead)),
                ("TeamStatus", "Active".into()),
            ];
            theirs.push(self.record("Teams", &fields));
        }
        for (name, kind, office, team) in USERS {
            theirs.push(self.record(
                "Member",
                &[
                    ("MemberKey", key("M-", name)),
                    ("MemberMlsId", key("", name)),
                    ("MemberFullName", format!("{tenant} {environment} {name}").into()),
                    ("MemberLastName", name.into()),
                    ("MemberStatus", "Active".into()),
                    ("OfficeKey", key("", office)),
                ],
            ));
            if !team.is_empty() {
                let fields = [
                    ("TeamMemberKey", key("TM-", name)),
                    ("TeamKey", key("", team)),
                    ("MemberKey", key("M-", name)),
                ];
                theirs.push(self.record("TeamMembers", &fields));
            }
            own.push(self.record(
                "LockboxUser",
                &[
                    ("LockboxUserId", key("", name)),
                    ("TenantId", tenant.into()),
                    ("FeedId", feed.clone().into()),
                    ("MemberKey", key("M-", name)),
                    ("MemberMlsId", key("", name)),
                    ("OfficeKey", key("", office)),
                    ("LockboxUserName", format!("{tenant}.{environment}.{name}").into()),
                    ("LockboxUserType", kind.into()),
                    ("AccountStatus", "Active".into()),
                    ("LockboxServiceStatus", "Active".into()),
                    ("ShowingServiceStatus", "Active".into()),
                ],
            ));
        }
        for (number, agent, office) in LISTINGS {
            theirs.push(self.record("Property", &listing(&key, number, agent, office)));
            own.push(self.record(
                "Lockbox",
                &[
                    ("LockboxId", key("B", number)),
                    ("TenantId", tenant.into()),
                    ("FeedId", feed.clone().into()),
                    ("LockboxOwnerId", key("", agent)),
                    ("ListingKey", key("L", number)),
                    ("RestrictionMode", "Open Hours".into()),
                ],
            ));
        }
        self.write(&feed, theirs).await;
        self.write("freehold", own).await;
    }

    /// Asks for a decision.
    pub(crate) async fn decide(&self, key: &str, body: &Json) -> Answer {
        self.town.send(key, "POST", "/lockbox/access-decisions", body).await
    }

    /// Whether the operator is told that a user may open a box at an instant: `+` or `-` and the codes of the reasons.
    pub(crate) async fn said(&self, lockbox: &str, user: &str, at: &str) -> String {
        let body = json!({ "lockbox": lockbox, "user": user, "at": at });
        said(&self.decide(&self.town.operator, &body).await)
    }
}

/// `+` or `-` and the codes of the reasons.
pub(crate) fn said(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let told = answer.json();
    let reasons = told["reasons"].as_array().unwrap();
    let codes: Vec<&str> = reasons.iter().map(|reason| reason["code"].as_str().unwrap()).collect();
    format!("{}{}", if told["decision"] == "permit" { "+" } else { "-" }, codes.join(" "))
}

/// Shown from nine to five in Chicago, as the dictionary has it: by instants of a day in winter.
fn listing(
    key: &impl Fn(&str, &str) -> Value,
    number: &str,
    agent: &str,
    office: &str,
) -> Vec<(&'static str, Value)> {
    let instant = |text: &str| Value::Timestamp(text.parse().unwrap());
    vec![
        ("ListingKey", key("L", number)),
        ("ListingId", key("", number)),
        ("StandardStatus", "Active".into()),
        ("UnparsedAddress", key("", &format!(" {number} Main Street"))),
        ("City", "Chicago".into()),
        ("ListAgentKey", key("M-", agent)),
        ("ListOfficeKey", key("", office)),
        ("PropertyTimeZoneName", "America/Chicago".into()),
        ("ShowingStartTime", instant("2026-01-05T15:00:00Z")),
        ("ShowingEndTime", instant("2026-01-05T23:00:00Z")),
    ]
}
