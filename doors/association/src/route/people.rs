//! The people of an onboarding, and the mail that asks a vendor for its files, filled in with them (AMS-043).

use axum::extract::{Extension, Path, State};
use axum::response::IntoResponse;
use bytes::Bytes;
use dictionary::{Named, Text, set_named};
use http::{HeaderMap, StatusCode};
use odata::Fault;
use serde::Deserialize;
use serde_json::json;
use store::{Expect, Stored};

use crate::answer::{self, Answer};
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::words::ContactRole;
use crate::{Door, asking, told};

pub(super) const SETTABLE: [&str; 3] = ["TenantContactRole", "TenantContactName", "ContactEmail"];
/// Contacts of one tenant at the most.
const MOST: usize = 200;
/// Longest id of a contact within its tenant.
const LONGEST_ID: usize = 40;

pub(super) async fn list(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let all = door.register.of_tenant("TenantContact", &asked.tenant().id);
    answer::ok(&told::list(door.dictionary.known("TenantContact"), &all))
}

/// The parameters of a contact's address.
#[derive(Deserialize)]
pub(super) struct At {
    contact: String,
}

/// Puts somebody in a role.
pub(super) async fn put(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path(At { contact }): Path<At>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let own = door.dictionary.known("TenantContact");
    let sent = asking::record(&door, own, &headers, &body, &SETTABLE)?;
    let mut record = sent.record;
    check(&contact, Named { own, record: &record })?;
    let tenant = &asked.tenant().id;
    let key = Text::from(format!("{tenant}.{contact}"));
    if door.register.get("TenantContact", &key).is_none()
        && door.register.of_tenant("TenantContact", tenant).len() >= MOST
    {
        let message = format!("The tenant has {MOST} contacts.");
        return Err(Fault::new(409, "too_many", message, "Take some away.").into());
    }
    set_named(&mut record, own, "TenantContactId", Some(key.clone().into()));
    set_named(&mut record, own, "TenantId", Some(tenant.clone().into()));
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    keeping.put(record, Expect::Any);
    door.keep(keeping).await?;
    let kept = door.register.get("TenantContact", &key).ok_or_else(|| unknown(&contact))?;
    answer::ok(&told::kept(own, &kept))
}

fn check(id: &str, read: Named<'_>) -> Result<(), Fault> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !(1..=LONGEST_ID).contains(&id.len()) || !id.bytes().all(plain) {
        let message = format!("{id:?} is no id of a contact.");
        return Err(Fault::new(422, "id_wrong", message, "Use 1 to 40 small letters, digits and hyphens."));
    }
    let mut faults = Vec::new();
    let role = read.text("TenantContactRole").unwrap_or_default();
    if ContactRole::find(&role).is_none() {
        let all: Vec<&str> = ContactRole::ALL.iter().map(|role| role.name()).collect();
        let hint = format!("TenantContactRole is one of: {}.", all.join(", "));
        let message = format!("{role:?} is no role of a contact.");
        faults.push(Fault::new(422, "field_wrong", message, hint).about("TenantContactRole"));
    }
    if read.text("TenantContactName").is_none_or(|name| name.trim().is_empty()) {
        let message = "A contact has a name.";
        faults.push(
            Fault::new(422, "field_wrong", message, "Send TenantContactName.").about("TenantContactName"),
        );
    }
    // One line with one @: what a mail program takes. Line ends would add headers to a mail.
    let address = |text: &str| {
        text.split_once('@').is_some_and(|(a, b)| !a.is_empty() && b.contains('.') && !b.contains('@'))
            && !text.chars().any(|c| c.is_whitespace() || c.is_control() || ",;<>\"".contains(c))
    };
    if read.text("ContactEmail").is_some_and(|text| !address(&text)) {
        let message = "ContactEmail is no address.";
        faults.push(
            Fault::new(422, "field_wrong", message, "Write it as ann@example.org.").about("ContactEmail"),
        );
    }
    if faults.is_empty() { Ok(()) } else { Err(Fault::of_all(faults)) }
}

pub(super) async fn remove(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    Path(At { contact }): Path<At>,
) -> Answer {
    let key = format!("{}.{contact}", asked.tenant().id);
    let kept = door.register.get("TenantContact", &key).ok_or_else(|| unknown(&contact))?;
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    keeping.remove(&kept);
    door.keep(keeping).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn unknown(contact: &str) -> Fault {
    let message = format!("The tenant has no contact {contact:?}.");
    Fault::new(404, "contact_unknown", message, "GET …/contacts lists them.")
}

/// The mail that asks for the data files and the mapping: to the vendor, with the association and onboarding in copy.
pub(super) async fn mail(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let own = door.dictionary.known("TenantContact");
    let all = door.register.of_tenant("TenantContact", &asked.tenant().id);
    let of = |roles: &[ContactRole], field: &str| -> Vec<Text> {
        let read = |stored: &Stored| {
            let read = Named { own, record: &stored.record };
            let role = ContactRole::find(&read.text("TenantContactRole")?)?;
            roles.contains(&role).then(|| read.text(field))?
        };
        all.iter().filter_map(read).collect()
    };
    let to = of(&[ContactRole::Vendor], "ContactEmail");
    let cc = of(&[ContactRole::Customer, ContactRole::Onboarding], "ContactEmail");
    let missing: Vec<&str> = [(&to, ContactRole::Vendor), (&cc, ContactRole::Customer)]
        .into_iter()
        .filter(|(list, _)| list.is_empty())
        .map(|(_, role)| role.name())
        .collect();
    if !missing.is_empty() {
        let message = format!("Nobody with an e-mail address is {}.", missing.join(" or "));
        return Err(
            Fault::new(409, "contacts_missing", message, "PUT …/contacts/{contact} names them.").into()
        );
    }
    let greeted = of(&[ContactRole::Vendor], "TenantContactName").join(", ");
    let signed = of(&[ContactRole::Specialist], "TenantContactName").join(", ");
    let integration = asked.integration();
    let vendor = integration.vendor.as_deref().unwrap_or_else(|| integration.kind.name());
    let name = &asked.tenant().name;
    let month = integration.tentative_month.as_deref();
    let when = month.map(|month| format!(" It would like to go live in {month}.")).unwrap_or_default();
    let text = format!(
        "Dear {greeted},\n\n\
         {name} is about to keep its members and offices with us.{when} To bring them over from {vendor} we need, \
         for this association:\n\n\
         - a file of its agents and a file of its offices, as CSV or XLSX,\n\
         - for every status and every user class in them, your code and what people read.\n\n\
         A call in which we settle when to test and when to go live would help us all; please name a day.\n\n\
         With kind regards\n{signed}\n"
    );
    answer::ok(&json!({
        "to": to.iter().map(Text::as_str).collect::<Vec<_>>(),
        "cc": cc.iter().map(Text::as_str).collect::<Vec<_>>(),
        "subject": format!("Data files for {name}"),
        "text": text,
    }))
}
