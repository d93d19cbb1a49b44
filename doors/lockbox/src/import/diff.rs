//! Drafts are held against what is kept: what is new, what changes, what is the same, what is gone, and what may not
//! be applied. Everything that is to be written goes into one assembly.

use std::collections::HashMap;

use dictionary::{Dictionary, Feed, FieldId, Key, Record, Resource, ResourceId, Text, Value};
use store::{Assembly, Expect, OWN_FEED, Operation, StoreError, Stored};

use super::batch::Batch;
use super::draft::Draft;
use super::finding::{Finding, Severity};
use super::findings::Findings;
use super::index::{Boards, Identity, Index, Known, Ties, Users, is_active, text};
use super::merge::{self, Whose, merged};
use super::part::Part;
use super::quarantine::{self, Quarantine};
use super::tally::Tally;
use super::{user_name, words};
use crate::Door;
use crate::tenant::Tenant;

/// Operations that are handed to the assembly at once; it takes 10,000.
const AT_ONCE: usize = 4_000;
/// Records that are looked at at once: each makes two operations at most.
const LOOKED_AT: usize = 2_000;

/// The work on one file.
pub(crate) struct Diff<'a> {
    pub(crate) door: &'a Door,
    pub(crate) tenant: &'a Tenant,
    pub(crate) batch: &'a Batch,
    pub(crate) headings: Vec<String>,
    pub(crate) columns: Vec<FieldId>,
    pub(crate) boards: Boards,
    /// The only board of the file, for rows that name none.
    pub(crate) only_board: Option<Text>,
    pub(crate) tie_field: Text,
    pub(crate) index: Index,
    pub(crate) users: Users,
    pub(crate) ties: Ties,
    pub(crate) quarantine: Quarantine,
    pub(crate) findings: Findings,
    pub(crate) tally: Tally,
    /// What changes.
    pub(crate) assembly: Assembly,
    /// What is not handed to it yet.
    pub(crate) operations: Vec<Operation>,
    /// The report, which is kept whether anything changes or not.
    pub(crate) report: Assembly,
}

/// A draft whose key is known.
struct Placed {
    draft: Draft,
    identity: Identity,
    key: Key,
}

impl Diff<'_> {
    fn dictionary(&self) -> &Dictionary {
        &self.door.dictionary
    }

    fn own(&self) -> &Resource {
        self.door.dictionary.known(self.batch.part.resource())
    }

    /// Takes some drafts in.
    pub(crate) async fn take(&mut self, drafts: Vec<Draft>) -> Result<(), StoreError> {
        let mut placed = Vec::with_capacity(drafts.len());
        for mut draft in drafts {
            self.tally.rows += 1;
            draft.board = draft.board.or_else(|| self.only_board.clone());
            let identity = draft.id.clone().map(|id| (self.boards.of(draft.board.as_ref()), id));
            if let Some(identity) = &identity {
                self.name_once(identity, &mut draft);
            }
            match identity {
                Some(identity) if !draft.refused() => {
                    let key = self.index.all[&identity].key.clone();
                    placed.push(Placed { draft, identity, key });
                }
                identity => self.refuse(identity.as_ref(), draft),
            }
        }
        let keys: Vec<Key> = placed.iter().map(|one| one.key.clone()).collect();
        let kept = self.kept(self.own().id, &keys).await?;
        let users = match self.batch.part {
            Part::Members => self.kept(self.dictionary().known("LockboxUser").id, &keys).await?,
            Part::Offices | Part::Listings => HashMap::new(),
        };
        for one in placed {
            let (record, user) = (kept.get(&one.key), users.get(&one.key));
            match self.batch.part {
                Part::Offices => self.office(one, record),
                Part::Members => self.member(one, record, user),
                Part::Listings => self.listing(one, record),
            }
        }
        self.hand_over().await
    }

    /// Hands operations to the assembly where there are many, and the parts of the report that are full.
    async fn hand_over(&mut self) -> Result<(), StoreError> {
        if self.operations.len() >= AT_ONCE {
            self.assembly.add(std::mem::take(&mut self.operations)).await?;
        }
        let full = self.findings.full();
        if !full.is_empty() {
            self.report.add(full).await?;
        }
        Ok(())
    }

    async fn kept(&self, resource: ResourceId, keys: &[Key]) -> Result<HashMap<Key, Stored>, StoreError> {
        let found = self.door.store.get_many(resource, keys).await?;
        Ok(found.into_iter().flatten().map(|stored| (stored.key.clone(), stored)).collect())
    }

    /// Notes that a row names a record; the second that does is refused. A record that is not there yet gets its key.
    fn name_once(&mut self, identity: &Identity, draft: &mut Draft) {
        let key = || key_of(&self.tenant.feed, draft.board.as_deref(), &identity.1);
        let known = self.index.all.entry(identity.clone()).or_insert_with(|| Known {
            key: key(),
            active: false,
            seen: false,
        });
        if std::mem::replace(&mut known.seen, true) {
            let (field, id) = (self.batch.part.id_field(), identity.1.as_str());
            let message = format!("{id} stands in an earlier row, too.");
            let hint = "The first row counts; leave one of them out.";
            draft.findings.push(Finding::error("duplicate_id", (field, id), message, hint));
        }
        if known.key.chars().count() > 255 {
            let (field, id) = (self.batch.part.id_field(), identity.1.as_str());
            let hint = "An id, its board and the feed have 250 characters at most, together.";
            draft.findings.push(Finding::error("id_too_long", (field, id), "The id is too long.", hint));
        }
    }

    fn report(&mut self, draft: &Draft) {
        let key = draft.id.clone().unwrap_or_default();
        for finding in &draft.findings {
            self.tally.warnings += u64::from(finding.severity == Severity::Warning);
            self.findings.add(draft.row, &key, finding);
        }
    }

    /// Quarantines a row.
    fn refuse(&mut self, identity: Option<&Identity>, draft: Draft) {
        self.report(&draft);
        self.tally.quarantined += 1;
        // A second row of one id must not hide the first.
        let twice = draft.findings.iter().any(|finding| finding.code == "duplicate_id");
        let place = (self.batch.id.as_str(), draft.row);
        let key = quarantine::key(self.tenant, self.batch.part, identity.filter(|_| !twice), place);
        let at = self.assembly.at();
        let (tenant, batch) = (self.tenant, self.batch);
        let kept =
            self.quarantine.keep(&self.door.dictionary, (tenant, batch), (key, &draft), &self.headings, at);
        self.operations.extend(kept);
    }

    /// The row is applied: it is in no quarantine any more.
    fn release(&mut self, identity: &Identity, draft: &Draft) {
        let place = (self.batch.id.as_str(), draft.row);
        let key = quarantine::key(self.tenant, self.batch.part, Some(identity), place);
        let released = self.quarantine.release(&self.door.dictionary, &key);
        self.operations.extend(released);
    }

    /// Writes what differs and says what became of it; `also` is whether something beside it differs.
    fn write(&mut self, feed: Feed, record: Record, kept: Option<&Stored>, also: bool) {
        let differs = kept.is_none_or(|kept| *kept.record != record);
        let own = self.own();
        let was = kept.is_some_and(|kept| is_active(self.batch.part, own, &kept.record));
        let is = is_active(self.batch.part, own, &record);
        match (kept, differs || also) {
            (None, _) => self.tally.added += 1,
            (Some(_), _) if was && !is => self.tally.terminated += 1,
            (Some(_), true) => self.tally.changed += 1,
            (Some(_), false) => self.tally.unchanged += 1,
        }
        if differs {
            self.put(feed, record, kept);
        }
    }

    fn put(&mut self, feed: Feed, record: Record, kept: Option<&Stored>) {
        let expect = kept.map_or(Expect::Absent, |kept| Expect::At(kept.sequence));
        let stamp = Some(self.assembly.at());
        self.operations.push(Operation::Put { feed, record, expect, stamp });
    }

    fn office(&mut self, one: Placed, kept: Option<&Stored>) {
        let Placed { mut draft, identity, key } = one;
        let (mut record, notes) =
            merged(kept.map(|kept| &*kept.record), &draft.record, &self.columns, &[], self.own());
        set(&mut record, self.own(), "OfficeKey", key);
        draft.findings.extend(notes);
        self.report(&draft);
        self.release(&identity, &draft);
        self.write(self.tenant.feed.clone(), record, kept, false);
    }

    fn member(&mut self, one: Placed, kept: Option<&Stored>, kept_user: Option<&Stored>) {
        let Placed { mut draft, identity, key } = one;
        let own_user = self.door.dictionary.known("LockboxUser");
        if let Some(email) = draft.user.email.clone().filter(|email| self.users.email_taken(email, &key)) {
            let message = "Another user has this address.";
            let hint = "Give each person an address of their own, or leave it out.";
            let about = ("MemberEmail", email.as_str());
            draft.findings.push(Finding::error("email_not_unique", about, message, hint));
            return self.refuse(Some(&identity), draft);
        }
        let wanted = match draft.text(self.own(), "MemberLoginId") {
            "" => user_name::default(
                draft.text(self.own(), "MemberFirstName"),
                draft.text(self.own(), "MemberLastName"),
                draft.user.email.as_deref(),
            ),
            wanted => wanted.to_owned(),
        };
        let Some(name) = self.users.name(&key, &wanted, self.tenant.region.as_deref()) else {
            let message = "Another user has this name, and an e-mail address gets nothing behind it.";
            let hint = "Give each person a user name of their own.";
            draft.findings.push(Finding::error("user_name_taken", ("MemberLoginId", &wanted), message, hint));
            return self.refuse(Some(&identity), draft);
        };
        if let Some(email) = draft.user.email.clone() {
            self.users.hold_email(email, &key);
        }
        if kept_user.is_none() && *name != *wanted {
            let message = format!("The name is taken; the user's name is {name}.");
            let hint = "It stays, whatever the source says later.";
            let about = ("MemberLoginId", wanted.as_str());
            draft.findings.push(Finding::new(Severity::Note, "user_name_suffixed", about, message, hint));
        }
        let office_id = draft.text(self.own(), "OfficeMlsId").to_owned();
        let office = self.ties.offices.get(&(identity.0.clone(), Text::new(&office_id))).cloned();
        if office.is_none() {
            let message = format!("There is no office {office_id}.");
            let hint = "Import offices before members; the member is tied to it when it is imported again.";
            let about = ("OfficeMlsId", office_id.as_str());
            draft.findings.push(Finding::warning("office_not_found", about, message, hint));
        }
        let held = kept_user
            .map(|kept| dictionary::Named { own: own_user, record: &kept.record }.texts("HeldFields"));
        let held = held.unwrap_or_default();
        let (mut record, notes) =
            merged(kept.map(|kept| &*kept.record), &draft.record, &self.columns, &held, self.own());
        draft.findings.extend(notes);
        let own = self.own();
        set(&mut record, own, "MemberKey", key.clone());
        set_or_clear(&mut record, own, "OfficeKey", office.clone());
        // RESO's field is shorter than a name may be.
        if name.chars().count() <= 25 {
            set(&mut record, own, "MemberLoginId", name.clone());
        }
        let whose = Whose {
            tenant: &self.tenant.id,
            feed: &self.tenant.feed,
            board: draft.board.as_ref(),
            member: &key,
            member_id: &identity.1,
            office: office.as_ref(),
            name: &name,
        };
        let user = merge::user(kept_user.map(|kept| &*kept.record), own_user, &whose, &draft.user);
        let differs = kept_user.is_none_or(|kept| *kept.record != user);
        self.report(&draft);
        self.release(&identity, &draft);
        self.write(self.tenant.feed.clone(), record, kept, differs);
        if differs {
            self.put(OWN_FEED.into(), user, kept_user);
        }
    }

    fn listing(&mut self, one: Placed, kept: Option<&Stored>) {
        let Placed { mut draft, identity, key } = one;
        let own = self.door.dictionary.known("Property");
        let (mut record, _) = merged(kept.map(|kept| &*kept.record), &draft.record, &self.columns, &[], own);
        set(&mut record, own, "ListingKey", key);
        let ends = own.find("OffMarketDate");
        let was_gone = kept.is_some_and(|kept| !is_active(Part::Listings, own, &kept.record));
        if was_gone && draft.active && ends.is_some_and(|id| !self.columns.contains(&id)) {
            // It was taken off the market when the source no longer had it.
            let _ = ends.map(|id| record.clear(id));
        }
        tie(&mut record, own, &self.ties, &identity.0);
        for (field, id_field) in [("ListAgentKey", "ListAgentMlsId"), ("CoListAgentKey", "CoListAgentMlsId")]
        {
            let Some(id) = text(own, &record, id_field) else { continue };
            let found = text(own, &record, field).is_some();
            if field == "ListAgentKey" {
                self.tally.agents_named += 1;
                self.tally.agents_found += u64::from(found);
            }
            if !found {
                let message = format!("No member has {} {id}.", self.tie_field);
                let hint = match field {
                    "ListAgentKey" => "The listing is kept unassigned, and assigned when the member arrives.",
                    _ => "The listing has no co-listing agent until the member arrives.",
                };
                draft.findings.push(Finding::warning("agent_not_found", (id_field, &id), message, hint));
            }
        }
        if photos_due(own, kept.map(|kept| &*kept.record), &record) {
            let photos = text(own, &record, "OriginatingSystemKey").unwrap_or_default();
            let about = ("PhotosChangeTimestamp", photos.as_str());
            let (message, hint) = ("The photos are new or have changed.", "Pull those of this key again.");
            draft.findings.push(Finding::new(Severity::Note, "photos_due", about, message, hint));
        }
        self.report(&draft);
        self.release(&identity, &draft);
        self.write(self.tenant.feed.clone(), record, kept, false);
    }

    /// Terminates what a full import's file does not hold, of the boards that it is of.
    pub(crate) async fn absent(&mut self, of_board: impl Fn(&Text) -> bool) -> Result<(), StoreError> {
        let gone = |(identity, known): (&Identity, &Known)| {
            let gone = known.active && !known.seen && of_board(&identity.0);
            gone.then(|| known.key.clone())
        };
        let gone: Vec<Key> = self.index.all.iter().filter_map(gone).collect();
        for keys in gone.chunks(LOOKED_AT) {
            let kept = self.kept(self.own().id, keys).await?;
            let users = match self.batch.part {
                Part::Members => self.kept(self.dictionary().known("LockboxUser").id, keys).await?,
                Part::Offices | Part::Listings => HashMap::new(),
            };
            for key in keys {
                let Some(stored) = kept.get(key) else { continue };
                let mut record = (*stored.record).clone();
                terminate(self.batch.part, self.own(), &mut record, self.assembly.at());
                self.tally.absent += 1;
                let id = text(self.own(), &record, self.batch.part.id_field()).unwrap_or_default();
                let (message, hint) = (
                    "The file does not hold it any more: it is terminated.",
                    "Undo the batch if the file is wrong.",
                );
                let finding =
                    Finding::new(Severity::Note, "absent", (self.batch.part.id_field(), &id), message, hint);
                self.findings.add(0, &id, &finding);
                self.write(self.tenant.feed.clone(), record, Some(stored), false);
                if let Some(user) = users.get(key) {
                    let own = self.door.dictionary.known("LockboxUser");
                    let mut record = (*user.record).clone();
                    set(&mut record, own, "AccountStatus", words::status(false).into());
                    if record != *user.record {
                        self.put(OWN_FEED.into(), record, Some(user));
                    }
                }
            }
            self.hand_over().await?;
        }
        Ok(())
    }
}

/// Lets a record stand terminated.
fn terminate(part: Part, own: &Resource, record: &mut Record, at: dictionary::Timestamp) {
    match part {
        Part::Offices => set(record, own, "OfficeStatus", words::status(false).into()),
        Part::Members => set(record, own, "MemberStatus", words::status(false).into()),
        Part::Listings => {
            set(record, own, "StandardStatus", "Delete".into());
            let id = own.find("OffMarketDate").expect("a field of RESO's");
            if record.get(id).is_none() {
                record.set(id, at.to_zoned(jiff::tz::TimeZone::UTC).date());
            }
        }
    }
}

/// Ties a listing to its agent, its co-listing agent and the agent's office by what the source says of them
/// (LBX-011, LBX-012).
pub(crate) fn tie(record: &mut Record, own: &Resource, ties: &Ties, board: &Text) {
    let of = |record: &Record, field: &str| {
        let id = text(own, record, field)?;
        ties.members.get(&(board.clone(), id))
    };
    let agent = of(record, "ListAgentMlsId").cloned();
    let other = of(record, "CoListAgentMlsId").map(|(key, _)| key.clone());
    let office = agent.as_ref().and_then(|(_, office)| office.clone());
    set_or_clear(record, own, "ListAgentKey", agent.map(|(key, _)| key));
    set_or_clear(record, own, "CoListAgentKey", other);
    set_or_clear(record, own, "ListOfficeKey", office);
}

/// Whether a listing's photos are to be pulled again: they came, or their stamp or their count has changed (LBX-020).
fn photos_due(own: &Resource, kept: Option<&Record>, record: &Record) -> bool {
    let of = |record: &Record, field: &str| own.find(field).and_then(|id| record.get(id)).cloned();
    let stamps = ["PhotosChangeTimestamp", "PhotosCount"];
    match kept {
        None => stamps.iter().any(|field| of(record, field).is_some_and(|value| value != Value::Integer(0))),
        Some(kept) => {
            stamps.iter().any(|field| of(record, field).is_some() && of(record, field) != of(kept, field))
        }
    }
}

/// The key of a record of ours: its feed, its board, its id. What separates them stands in none of them.
fn key_of(feed: &str, board: Option<&str>, id: &str) -> Key {
    let plain = |text: &str| text.replace('%', "%25").replace(':', "%3A");
    format!("{}:{}:{}", plain(feed), plain(board.unwrap_or_default()), plain(id)).into()
}

fn set(record: &mut Record, own: &Resource, field: &str, value: Text) {
    record.set(own.find(field).expect("a field of RESO's"), value);
}

fn set_or_clear(record: &mut Record, own: &Resource, field: &str, value: Option<Text>) {
    let id = own.find(field).expect("a field of RESO's");
    match value {
        Some(value) => drop(record.set(id, value)),
        None => drop(record.clear(id)),
    }
}
