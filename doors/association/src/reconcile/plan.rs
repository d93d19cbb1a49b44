//! What is reconciled, and when: the record ReconciliationPlan.

use dictionary::{Dictionary, Named, Text, Timestamp};
use gate::TenantEnvironment;
use odata::Fault;
use store::Stored;

use crate::linking::Target;
use crate::schedule::{Cadence, CadenceFault};
use crate::sync::Contact;

/// What is compared where a plan names nothing.
const COMPARED: [&str; 12] = [
    "Member.MemberStatus",
    "Member.MemberType",
    "Member.MemberFirstName",
    "Member.MemberLastName",
    "Member.MemberEmail",
    "Member.OfficeKey",
    "Member.MemberNationalAssociationId",
    "Office.OfficeStatus",
    "Office.OfficeType",
    "Office.OfficeName",
    "OfficeAssociation.OfficeAssociationStatus",
    "MemberAssociation.MemberAssociationStatus",
];

/// A side: who it is, and the feed that holds what it has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Side {
    pub(crate) name: Text,
    pub(crate) target: Target,
    pub(crate) feed: Text,
}

/// A plan, read.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) tenant: Text,
    pub(crate) environment: TenantEnvironment,
    pub(crate) sides: Vec<Side>,
    /// The field by which members are matched; none stands for their key.
    pub(crate) match_by: Option<Text>,
    compared: Vec<(Contact, Text)>,
    pub(crate) cadence: Option<Cadence>,
    pub(crate) last: Option<Timestamp>,
    pub(crate) stored: Stored,
}

impl Plan {
    pub(crate) fn read(dictionary: &Dictionary, stored: Stored) -> Option<Self> {
        let named = Named { own: dictionary.known("ReconciliationPlan"), record: &stored.record };
        let mut compared = named.texts("ComparedFields");
        if compared.is_empty() {
            compared = COMPARED.map(Text::new_static).into();
        }
        let field = |name: &Text| {
            let (resource, field) = name.split_once('.')?;
            Some((Contact::find(resource)?, Text::new(field)))
        };
        Some(Self {
            tenant: named.text("TenantId")?,
            environment: TenantEnvironment::find(&named.text("TenantEnvironment")?)?,
            sides: named.texts("ReconciliationSides").iter().filter_map(|side| self::side(side)).collect(),
            match_by: named.text("MatchFieldName"),
            compared: compared.iter().filter_map(field).collect(),
            cadence: named.text("ReconciliationCadence").and_then(|text| text.parse().ok()),
            last: named.instant("LastReconciledTimestamp"),
            stored,
        })
    }

    /// The fields of a resource that are compared.
    pub(crate) fn fields(&self, contact: Contact) -> Vec<String> {
        let of = self.compared.iter().filter(|(resource, _)| *resource == contact);
        of.map(|(_, field)| field.to_string()).collect()
    }
}

/// `MLS=feed`
fn side(text: &str) -> Option<Side> {
    let (name, feed) = text.split_once('=')?;
    let target = Target::of_kind(name)?;
    (!feed.is_empty()).then(|| Side { name: name.into(), target, feed: feed.into() })
}

/// Everything that is wrong with a plan's words.
pub(crate) fn check(dictionary: &Dictionary, named: Named<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut wrong = |field: &str, message: String, hint: &str| {
        faults.push(Fault::new(422, "field_wrong", message, hint).about(field));
    };
    if TenantEnvironment::find(&named.text("TenantEnvironment").unwrap_or_default()).is_none() {
        wrong("TenantEnvironment", "No environment is named.".into(), "It is Staging or Production.");
    }
    for text in named.texts("ReconciliationSides") {
        if side(&text).is_none() {
            let hint = "Write `MLS=feed`, `M1=feed` or `Lockbox=feed`.";
            wrong("ReconciliationSides", format!("{text:?} is no side."), hint);
        }
    }
    for text in named.texts("ComparedFields") {
        let known = text
            .split_once('.')
            .and_then(|(resource, field)| Contact::find(resource)?.resource(dictionary).find(field));
        if known.is_none() {
            wrong(
                "ComparedFields",
                format!("{text:?} is no field of a contact."),
                "Write `Member.MemberEmail`.",
            );
        }
    }
    if let Some(field) = named.text("MatchFieldName")
        && dictionary.known("Member").find(&field).is_none()
    {
        wrong(
            "MatchFieldName",
            format!("Member has no field {field}."),
            "Write `MemberNationalAssociationId`.",
        );
    }
    if let Some(fault) = named.text("ReconciliationCadence").and_then(|text| text.parse::<Cadence>().err()) {
        wrong("ReconciliationCadence", fault.message, CadenceFault::HINT);
    }
    faults
}
