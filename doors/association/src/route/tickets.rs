//! Tickets: the main one of a migration, and beside it one for each vendor, so that everyone sees what is
//! talked about with whom (AMS-001, AMS-013).

use axum::extract::{Extension, State};
use dictionary::{Named, Record, Text, Timestamp, Value, named, set_named};

use crate::answer::{self, Answer};
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::onboarding::Facts;
use crate::words::{ContactRole, TicketKind, TicketState};
use crate::{Door, Integration, told};

pub(super) async fn list(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let all = door.register.of_tenant("OnboardingTicket", &asked.tenant().id);
    answer::ok(&told::list(door.dictionary.known("OnboardingTicket"), &all))
}

/// The key of a tenant's main ticket.
pub(super) fn main_key(tenant: &str) -> Text {
    Text::from(format!("{tenant}.main"))
}

fn vendor_key(integration: &str) -> Text {
    Text::from(format!("{integration}.vendor"))
}

/// The main ticket of a tenant's migration.
pub(super) fn main(door: &Door, tenant: &Text, name: &str, now: Timestamp) -> Record {
    let subject: String = format!("Migration - {name}").chars().take(255).collect();
    named(
        door.dictionary.known("OnboardingTicket"),
        [
            ("OnboardingTicketId", Some(main_key(tenant).into())),
            ("TenantId", Some(tenant.clone().into())),
            ("OnboardingTicketKind", Some(TicketKind::Main.into())),
            ("OnboardingTicketSubject", Some(subject.into())),
            ("OnboardingTicketState", Some(TicketState::InProgress.into())),
            ("OpenedTimestamp", Some(now.into())),
        ],
    )
}

/// The ticket for what is talked about with the vendor, in progress until the integration is live.
pub(super) fn of_vendor(door: &Door, asked: &Asked, facts: &Facts) -> Record {
    let of = asked.integration();
    // `Stellar MLS` is called Stellar among those who work on it.
    let vendor = of.vendor.as_deref().unwrap_or_else(|| of.kind.name());
    let short = vendor.strip_suffix(" MLS").unwrap_or(vendor);
    let subject: String = format!("{short} - {}", asked.tenant().name).chars().take(255).collect();
    let assignee = facts.contacts.iter().find(|(role, _)| *role == ContactRole::Specialist);
    named(
        door.dictionary.known("OnboardingTicket"),
        [
            ("OnboardingTicketId", Some(vendor_key(&of.id).into())),
            ("TenantId", Some(of.tenant.clone().into())),
            ("IntegrationId", Some(of.id.clone().into())),
            ("OnboardingTicketKind", Some(TicketKind::Vendor.into())),
            ("OnboardingTicketSubject", Some(subject.into())),
            ("OnboardingTicketState", Some(TicketState::InProgress.into())),
            ("MainTicketId", Some(main_key(&of.tenant).into())),
            ("AssigneeName", assignee.map(|(_, name)| Value::from(name.clone()))),
            ("OpenedTimestamp", Some(asked.now.into())),
        ],
    )
}

/// Closes the vendor's ticket, where it is open: its integration is live, or given up.
pub(crate) fn close(door: &Door, of: &Integration, now: Timestamp, keeping: &mut Keeping) {
    let own = door.dictionary.known("OnboardingTicket");
    let Some(kept) = door.register.get("OnboardingTicket", &vendor_key(&of.id)) else { return };
    if state(Named { own, record: &kept.record }) == Some(TicketState::Closed) {
        return;
    }
    let mut record = (*kept.record).clone();
    set_named(&mut record, own, "OnboardingTicketState", Some(TicketState::Closed.into()));
    set_named(&mut record, own, "ClosedTimestamp", Some(now.into()));
    keeping.change(&kept, record);
}

/// Moves a tenant's main ticket on for review: whoever migrates goes on from there.
pub(super) fn review(door: &Door, tenant: &str, keeping: &mut Keeping) {
    let own = door.dictionary.known("OnboardingTicket");
    let Some(kept) = door.register.get("OnboardingTicket", &main_key(tenant)) else { return };
    if state(Named { own, record: &kept.record }) == Some(TicketState::InProgress) {
        let mut record = (*kept.record).clone();
        set_named(&mut record, own, "OnboardingTicketState", Some(TicketState::InReview.into()));
        keeping.change(&kept, record);
    }
}

fn state(read: Named<'_>) -> Option<TicketState> {
    TicketState::find(&read.text("OnboardingTicketState")?)
}
