//! What becomes of a contact: told, told as gone, held, or not told of.

use std::sync::Arc;

use dictionary::{Date, Dictionary, Key, Named, Record, Resource, Text, Timestamp, set_named};
use query::{Context, NoLinks, Rows, Scope, matches};
use store::{StoreError, Stored};

use super::Contact;
use super::snapshot::Snapshot;
use crate::linking::{Decision, LinkingRule, Membership, SuspensionWindow, Target, decide};

/// Converts a record by the mapping that is in force, or says why that cannot be done.
pub(crate) type Convert = Arc<dyn Fn(&Resource, &Record) -> Result<Record, Vec<String>> + Send + Sync>;

/// What becomes of a contact.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Verdict {
    /// Told, as this.
    Tell(Record),
    /// Told as gone.
    Gone,
    /// Not told of, and nothing is owed.
    Withheld,
    /// Kept back and shown, for these reasons; the day on which it may go, where the calendar decides.
    Held(Vec<Text>, Option<Date>),
}

/// Who decides, for one integration at one instant.
#[derive(Clone)]
pub(crate) struct Judge {
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) target: Option<Target>,
    pub(crate) rules: Vec<LinkingRule>,
    pub(crate) suspension: Option<SuspensionWindow>,
    /// The day in the tenant's zone.
    pub(crate) today: Date,
    /// What `now()` means in a row filter of a grant.
    pub(crate) now: Timestamp,
    /// The AssociationKey of the tenant.
    pub(crate) association: Text,
    pub(crate) convert: Convert,
    /// What the client is granted.
    pub(crate) scope: Arc<Scope>,
}

/// What a member is to the association: their own record and their membership's, where there are such.
type Pair = (Option<Stored>, Option<Stored>);

impl Judge {
    /// What becomes of these contacts, in their order, with the version of each; none where it is not there.
    pub(crate) async fn judge(
        &self,
        snapshot: &Snapshot,
        contact: Contact,
        keys: &[Key],
    ) -> Result<Vec<(Option<Stored>, Verdict)>, StoreError> {
        let found = snapshot.look(contact, keys).await?;
        let beside = self.beside(snapshot, contact, &found).await?;
        let own = contact.resource(&self.dictionary);
        let verdicts = found.into_iter().zip(beside).map(|(stored, beside)| {
            let verdict = match &stored {
                None => Verdict::Gone,
                Some(stored) if !self.sees(stored) => Verdict::Withheld,
                Some(stored) => self.of(own, contact, stored, beside.as_ref()),
            };
            (stored, verdict)
        });
        Ok(verdicts.collect())
    }

    /// The membership of each member, and the member of each membership.
    async fn beside(
        &self,
        snapshot: &Snapshot,
        contact: Contact,
        found: &[Option<Stored>],
    ) -> Result<Vec<Option<Stored>>, StoreError> {
        let other = match contact {
            Contact::Member => Contact::MemberAssociation,
            Contact::MemberAssociation => Contact::Member,
            Contact::Office | Contact::OfficeAssociation => return Ok(vec![None; found.len()]),
        };
        let key = |stored: &Stored| match contact {
            Contact::Member => Some(self.membership_key(&stored.key)),
            _ => self.member_of(&stored.record),
        };
        let wanted: Vec<Option<Key>> = found.iter().map(|stored| key(stored.as_ref()?)).collect();
        let keys: Vec<Key> = wanted.iter().flatten().cloned().collect();
        let mut looked = snapshot.look(other, &keys).await?.into_iter();
        Ok(wanted.into_iter().map(|key| key.and_then(|_| looked.next().flatten())).collect())
    }

    /// The key of a member's membership of the tenant's association.
    pub(crate) fn membership_key(&self, member: &str) -> Key {
        Key::from(format!("{}|{member}", self.association))
    }

    /// The member whose membership a record is.
    pub(crate) fn member_of(&self, membership: &Record) -> Option<Key> {
        let own = Contact::MemberAssociation.resource(&self.dictionary);
        Named { own, record: membership }.text("MemberKey")
    }

    /// Whether the client's grant of the feed shows a record at all.
    fn sees(&self, stored: &Stored) -> bool {
        let context = Context { dictionary: &self.dictionary, links: &NoLinks, now: self.now };
        match self.scope.rows(stored.resource) {
            Rows::All => true,
            Rows::None => false,
            Rows::Of(feeds) => feeds
                .iter()
                .filter(|granted| granted.feed == stored.feed)
                .any(|granted| granted.filter.as_ref().is_none_or(|f| matches(f, &stored.record, context))),
        }
    }

    fn of(&self, own: &Resource, contact: Contact, stored: &Stored, beside: Option<&Stored>) -> Verdict {
        let (status, member, membership) = match contact {
            Contact::Member => ("MemberStatus", Some(stored), beside),
            Contact::MemberAssociation => ("MemberAssociationStatus", beside, Some(stored)),
            Contact::Office | Contact::OfficeAssociation => return self.converted(own, &stored.record),
        };
        match self.decide(member, membership) {
            None => self.converted(own, &stored.record),
            Some(Decision::Push(told)) => {
                let mut record = (*stored.record).clone();
                // What a member is told as is decided by the membership: the later of the two says since when.
                if let Some(newer) = beside.and_then(|beside| self.stamp(beside)).max(self.stamp(stored)) {
                    set_named(&mut record, own, "ModificationTimestamp", Some(newer.into()));
                }
                if !told.is_empty() {
                    set_named(&mut record, own, status, Some(told.into()));
                }
                self.converted(own, &record)
            }
            Some(Decision::Remove) => Verdict::Gone,
            Some(Decision::Withhold(_)) => Verdict::Withheld,
            Some(Decision::Hold(why)) => {
                Verdict::Held(vec![Text::from(format!("{}: {}", why.code, why.message))], why.until)
            }
        }
    }

    fn stamp(&self, stored: &Stored) -> Option<Timestamp> {
        self.dictionary.resource(stored.resource).timestamp_of(&stored.record)
    }

    fn converted(&self, own: &Resource, record: &Record) -> Verdict {
        match (self.convert)(own, record) {
            Ok(record) => Verdict::Tell(record),
            Err(reasons) => Verdict::Held(reasons.into_iter().map(Text::from).collect(), None),
        }
    }

    /// What the linking rules decide of a member; none where the integration links nothing.
    pub(crate) fn decide(&self, member: Option<&Stored>, membership: Option<&Stored>) -> Option<Decision> {
        let target = self.target?;
        let member_of = Contact::Member.resource(&self.dictionary);
        let membership_of = Contact::MemberAssociation.resource(&self.dictionary);
        let member = member.map(|stored| Named { own: member_of, record: &stored.record });
        let membership = membership.map(|stored| Named { own: membership_of, record: &stored.record });
        let text = |named: Option<Named<'_>>, field: &str| named.and_then(|named| named.text(field));
        let billed = text(membership, "MemberAssociationBillStatus").as_deref() == Some("Billed");
        let indicator = text(membership, "MemberAssociationPrimaryIndicator").unwrap_or_default();
        let what = Membership {
            kind: text(member, "MemberType").unwrap_or_default(),
            status: text(membership, "MemberAssociationStatus")
                .or_else(|| text(member, "MemberStatus"))
                .unwrap_or_default(),
            // Data Dictionary 2.0 leaves the indicator's words open: Primary, Secondary, P, S, Tertiary.
            primary: !indicator.starts_with(['S', 's', 'T', 't']),
            unpaid_since: membership
                .filter(|_| billed)
                .and_then(|named| named.date("MemberAssociationStatusDate")),
        };
        Some(decide(&self.rules, target, &what, self.suspension, self.today))
    }

    /// What the linking rules decided of these members, by their records and their memberships'.
    pub(crate) async fn decisions(
        &self,
        snapshot: &Snapshot,
        members: &[Key],
    ) -> Result<Vec<Option<Decision>>, StoreError> {
        let memberships: Vec<Key> = members.iter().map(|key| self.membership_key(key)).collect();
        let own = snapshot.look(Contact::Member, members).await?;
        let theirs = snapshot.look(Contact::MemberAssociation, &memberships).await?;
        let pairs = own.into_iter().zip(theirs);
        Ok(pairs.map(|(one, other): Pair| self.decide(one.as_ref(), other.as_ref())).collect())
    }
}

/// A reason that a contact is held: a code and a sentence.
pub(crate) fn reason_code(reason: &str) -> &str {
    reason.split_once(':').map_or("not_mapped", |(code, _)| code)
}
