//! A row becomes a draft: typed values of RESO's fields, what the lockbox wants beside them, and everything that
//! there is to say of it. What needs to know of other records comes later.

use std::borrow::Cow;
use std::sync::Arc;

use dictionary::{Decimal, Dictionary, FieldId, Record, Resource, Text, Type, Value, check};
use intake::{TableRow, Typist};

use super::finding::{Finding, Severity};
use super::heading::{Headings, Target};
use super::part::Part;
use super::phone::Phone;
use super::terms::Rules;
use super::words;

/// What the lockbox knows of a member beside RESO's fields.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct UserDraft {
    /// One of the six; none only beside an error.
    pub(crate) user_type: Option<&'static str>,
    pub(crate) account: bool,
    pub(crate) lockbox: bool,
    pub(crate) showing: bool,
    /// Trimmed, in small letters.
    pub(crate) email: Option<Text>,
}

/// A row, read by itself.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Draft {
    /// The line.
    pub(crate) row: u64,
    /// Unique in its board; none where the row has none.
    pub(crate) id: Option<Text>,
    pub(crate) board: Option<Text>,
    /// Without a key of ours.
    pub(crate) record: Record,
    pub(crate) user: UserDraft,
    /// Whether the office, the account or the listing is there to stay.
    pub(crate) active: bool,
    pub(crate) findings: Vec<Finding>,
    /// The cells as they came, by heading, for the quarantine.
    pub(crate) cells: Vec<Option<Box<str>>>,
}

impl Draft {
    /// Whether nothing of it may be applied.
    pub(crate) fn refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// The text of a field; empty where it has none.
    pub(crate) fn text<'d>(&'d self, resource: &Resource, field: &str) -> &'d str {
        resource.find(field).and_then(|id| self.record.get(id)).and_then(Value::as_text).unwrap_or_default()
    }
}

/// Reads rows under headings.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) headings: Headings,
    pub(crate) rules: Arc<Rules>,
    typist: Typist,
    /// The columns that a row's board is looked for in, in their order.
    boards: Vec<usize>,
}

/// Coordinates on this side of the world, degrees: where latitude and longitude change places, both show it.
const LATITUDES: (i64, i64) = (13, 72);
const LONGITUDES: (i64, i64) = (-180, -52);

impl Reader {
    pub(crate) fn new(dictionary: Arc<Dictionary>, headings: Headings, rules: Arc<Rules>) -> Self {
        let resource = dictionary.known(headings.part.resource());
        let column = |name: &Text| {
            let id = resource.find(name)?;
            headings.targets.iter().position(|target| *target == Some(Target::Field(id)))
        };
        let boards = rules.board_fields.iter().filter_map(column).collect();
        Self { dictionary, headings, rules, typist: Typist::usual(), boards }
    }

    fn resource(&self) -> &Resource {
        self.dictionary.known(self.headings.part.resource())
    }

    /// The board that a row names, without reading the rest of it.
    pub(crate) fn board(&self, row: &TableRow<'_>) -> Option<Text> {
        self.boards.iter().find_map(|at| row.cells.get(*at)?.as_deref().map(Text::new))
    }

    /// Reads a row.
    pub(crate) fn read(&self, row: &TableRow<'_>) -> Draft {
        let resource = self.resource();
        let part = self.headings.part;
        let mut draft = Draft {
            row: row.line,
            id: None,
            board: self.board(row),
            record: Record::new(resource.id),
            user: UserDraft::default(),
            active: true,
            findings: Vec::new(),
            cells: row.cells.iter().map(|cell| cell.as_deref().map(Into::into)).collect(),
        };
        if let Some((code, message, hint)) = &row.fault {
            draft.findings.push(Finding::error(code, ("", ""), message.clone(), *hint));
            return draft;
        }
        let mut services = (None, None);
        for (target, cell) in self.headings.targets.iter().zip(&row.cells) {
            let (Some(target), Some(text)) = (target, cell) else { continue };
            match target {
                Target::Field(id) => self.set(&mut draft, resource, *id, text),
                Target::LockboxStatus => services.0 = Some(text),
                Target::ShowingStatus => services.1 = Some(text),
                Target::PhotoKey => {
                    let id = resource.find("OriginatingSystemKey");
                    let _ = id.map(|id| draft.record.set(id, Text::new(text)));
                }
            }
        }
        self.hold(&mut draft, resource);
        draft.id = Some(draft.text(resource, part.id_field())).filter(|id| !id.is_empty()).map(Text::new);
        self.require(&mut draft, resource);
        match part {
            Part::Offices => self.office(&mut draft, resource),
            Part::Members => self.member(&mut draft, resource, services),
            Part::Listings => self.listing(&mut draft, resource),
        }
        draft
    }

    /// Puts what was typed into its field. Of two columns for one field the first that says something counts.
    fn set(&self, draft: &mut Draft, resource: &Resource, id: FieldId, text: &str) {
        if draft.record.get(id).is_some() {
            return;
        }
        let field = resource.field(id);
        let text = match field.ty {
            Type::Text { .. } if field.name.ends_with("Phone") && resource.name != "Property" => {
                self.phone(draft, resource, id, text)
            }
            _ => Cow::Borrowed(text),
        };
        match self.typist.value(field.ty, &text) {
            Ok(Some(value)) => drop(draft.record.set(id, value)),
            Ok(None) => {}
            Err((code, message, hint)) => {
                let about = (field.name.as_str(), &*text);
                draft.findings.push(Finding::warning(code, about, message, hint));
            }
        }
    }

    /// A number in the dictionary's form, its extension set apart (LBX-002); what is none stays as it came.
    fn phone<'t>(&self, draft: &mut Draft, resource: &Resource, id: FieldId, text: &'t str) -> Cow<'t, str> {
        let name = &resource.field(id).name;
        let Some(phone) = Phone::read(text) else {
            let message = "This is no number of ten digits of the North American plan.";
            let hint = "Write 305-555-0100, with x12 behind it for an extension; it is kept as it came.";
            draft.findings.push(Finding::warning("phone_unparsed", (name, text), message, hint));
            return Cow::Borrowed(text);
        };
        if let (Some(extension), Some(field)) = (&phone.extension, resource.find(&format!("{name}Ext"))) {
            draft.record.set(field, Text::new(extension));
        }
        phone.dashed().into()
    }

    /// Takes out what its field cannot hold.
    fn hold(&self, draft: &mut Draft, resource: &Resource) {
        for fault in check(&self.dictionary, &draft.record) {
            let Some(id) = resource.find(&fault.field).filter(|id| !resource.key.contains(id)) else {
                continue;
            };
            let Some(value) = draft.record.clear(id) else { continue };
            let shown = value.as_text().map_or_else(|| format!("{value:?}"), str::to_owned);
            let about = (fault.field.as_str(), shown.as_str());
            draft.findings.push(Finding::warning(fault.code.name(), about, fault.message, fault.hint));
        }
    }

    /// Every required field that has no value is an error of its own (LBX-062).
    fn require(&self, draft: &mut Draft, resource: &Resource) {
        let missing = |field: &str| {
            let message = format!("{field} has no value.");
            let hint = "Give it in the source, or map the column that holds it: headings in the settings.";
            Finding::error("required_missing", (field, ""), message, hint)
        };
        for field in self.headings.part.required() {
            let id = resource.find(field).expect("what is required stands in the dictionary");
            if draft.record.get(id).is_some() {
                continue;
            }
            // Where something stood there that was not readable, that is the fault.
            match draft.findings.iter_mut().find(|finding| finding.field == *field) {
                Some(finding) => finding.severity = Severity::Error,
                None => draft.findings.push(missing(field)),
            }
        }
        if self.headings.part == Part::Listings
            && draft.text(resource, "StreetName").is_empty()
            && draft.text(resource, "UnparsedAddress").is_empty()
        {
            draft.findings.push(missing("StreetName"));
        }
    }

    fn office(&self, draft: &mut Draft, resource: &Resource) {
        self.status(draft, resource, "OfficeStatus");
    }

    /// A status that is active or terminated only (LBX-003); what is neither is an error.
    fn status(&self, draft: &mut Draft, resource: &Resource, field: &str) {
        let said = draft.text(resource, field).to_owned();
        if said.is_empty() {
            return;
        }
        match self.rules.active(self.headings.part, &said) {
            Some(active) => {
                draft.active = active;
                let id = resource.find(field).expect("a field of RESO's");
                draft.record.set(id, words::status(active));
            }
            None => {
                let message = format!("{said:?} says neither active nor terminated.");
                let hint = format!(
                    "Say what it means: statuses.{}.{said} = Active or Inactive in the settings.",
                    self.headings.part.name()
                );
                draft.findings.push(Finding::error("unmapped_status", (field, &said), message, hint));
            }
        }
    }

    fn member(
        &self,
        draft: &mut Draft,
        resource: &Resource,
        (lockbox, showing): (Option<&Cow<'_, str>>, Option<&Cow<'_, str>>),
    ) {
        self.status(draft, resource, "MemberStatus");
        draft.user.account = draft.active;
        draft.user.lockbox =
            self.service(draft, Target::LockboxStatus, "LockboxServiceStatus", lockbox.map(|text| &**text));
        draft.user.showing =
            self.service(draft, Target::ShowingStatus, "SKSSStatus", showing.map(|text| &**text));
        let said = draft.text(resource, "MemberType").to_owned();
        draft.user.user_type = self.rules.user_type(&said);
        if draft.user.user_type.is_none() && !said.is_empty() {
            let message = format!("{said:?} is none of the six types.");
            let hint = format!("Say which it is: userTypes.{said} = Agent in the settings.");
            draft.findings.push(Finding::error("unmapped_type", ("MemberType", &said), message, hint));
        }
        let email = draft.text(resource, "MemberEmail").trim().to_owned();
        draft.user.email = (!email.is_empty()).then(|| Text::from(email.to_lowercase()));
        if !email.is_empty() && !email.contains('@') {
            let hint = "It is kept as it came, and nothing is sent there.";
            let about = ("MemberEmail", email.as_str());
            draft.findings.push(Finding::warning("email_wrong", about, "This is no e-mail address.", hint));
        }
    }

    /// Whether a service is on (LBX-004): each by its own column. A source without the column leaves a service to
    /// the account; one with it that says nothing, or a word that nobody knows, does not switch it on.
    fn service(&self, draft: &mut Draft, target: Target, field: &str, said: Option<&str>) -> bool {
        if !self.headings.has(target) {
            return true;
        }
        let word = said.unwrap_or_default();
        let meant = self.rules.active(Part::Members, word).or_else(|| words::service(word));
        if meant.is_none() {
            let (code, message) = match word {
                "" => ("status_missing", format!("{field} has no value: the service is off.")),
                _ => (
                    "unmapped_status",
                    format!("{word:?} says neither active nor inactive: the service is off."),
                ),
            };
            let hint = "Say active or inactive, or map the word: statuses.members in the settings.";
            draft.findings.push(Finding::warning(code, (field, word), message, hint));
        }
        meant.unwrap_or(false)
    }

    fn listing(&self, draft: &mut Draft, resource: &Resource) {
        let said = draft.text(resource, "MlsStatus").to_owned();
        let standard = resource.find("StandardStatus").expect("a field of RESO's");
        if draft.record.get(standard).is_none() {
            match self.rules.standard_status(&said) {
                Some(status) => drop(draft.record.set(standard, status)),
                None if said.is_empty() => {}
                None => {
                    let message = format!("{said:?} is no StandardStatus: the listing is not showable.");
                    let hint = format!("Say which it is: statuses.listings.{said} = Active in the settings.");
                    let about = ("MlsStatus", said.as_str());
                    draft.findings.push(Finding::warning("unmapped_status", about, message, hint));
                }
            }
        }
        draft.active = draft.text(resource, "StandardStatus") != "Delete";
        self.coordinates(draft, resource);
    }

    /// Coordinates that have changed places are put right where both show it, and left out where they are none.
    fn coordinates(&self, draft: &mut Draft, resource: &Resource) {
        let ids = ["Latitude", "Longitude"].map(|name| resource.find(name).expect("a field of RESO's"));
        let [latitude, longitude] = ids.map(|id| match draft.record.get(id) {
            Some(Value::Decimal(number)) => Some(*number),
            _ => None,
        });
        let within = |number: Decimal, (least, most): (i64, i64)| {
            number >= Decimal::from(least) && number <= Decimal::from(most)
        };
        let (Some(latitude), Some(longitude)) = (latitude, longitude) else { return };
        let shown = format!("{latitude}, {longitude}");
        let about = ("Latitude", shown.as_str());
        if within(longitude, LATITUDES) && within(latitude, LONGITUDES) {
            draft.record.set(ids[0], longitude);
            draft.record.set(ids[1], latitude);
            let (message, hint) =
                ("Latitude and longitude have changed places.", "They were put right; see to the source.");
            draft.findings.push(Finding::warning("coordinates_swapped", about, message, hint));
        } else if !within(latitude, (-90, 90)) || !within(longitude, (-180, 180)) {
            ids.iter().for_each(|id| drop(draft.record.clear(*id)));
            let hint = "They were left out; latitudes are from -90 to 90, longitudes from -180 to 180.";
            draft.findings.push(Finding::warning(
                "coordinates_wrong",
                about,
                "This is no place on earth.",
                hint,
            ));
        }
    }
}
