//! What comes in: offices, members and listings of an association, from files and from servers.
//!
//! A batch is one part from one source, and one transaction. It reads as one sentence: its rows are *fetched* and
//! *staged* as one file on disk ([`stage`]), which is read from end to end before anything is looked at; each row
//! becomes a [`draft`], by itself; drafts are held against what is kept ([`diff`]) and against the limits of
//! [`safety`], and what passes is *applied* at once, with the batch's own record, its report and its quarantine
//! ([`run`]). Who is at work is decided by leases, what is due is known from the log ([`queue`]).

mod alerts;
mod answer;
mod arrivals;
mod batch;
mod describe;
mod diff;
mod draft;
mod drift;
mod finding;
mod findings;
mod heading;
mod holding;
mod index;
mod merge;
mod part;
mod phone;
mod quarantine;
mod queue;
mod run;
mod safety;
mod stage;
mod tally;
mod terms;
mod undo;
mod user_name;
mod words;

use answer::{batches, decided, quarantined, receive, report, settings};

use crate::route::{Line, get, line, post, put};

pub(crate) use answer::body;
pub(crate) use answer::receive::FORMS;
pub(crate) use arrivals::Arrivals;
pub(crate) use index::{Users, each};
pub(crate) use part::Part;
pub(crate) use phone::Phone;
pub(crate) use queue::Queue;

/// The routes of imports.
pub(crate) fn routes() -> Vec<Line> {
    vec![
        line(
            "/lockbox/{environment}/tenants/{tenant}/import-settings",
            get(settings::read),
            describe::settings,
        ),
        line(
            "/lockbox/{environment}/tenants/{tenant}/import-settings",
            put(settings::write),
            describe::set_settings,
        ),
        line("/lockbox/{environment}/tenants/{tenant}/alerts", get(answer::alerts::list), describe::alerts),
        line("/lockbox/{environment}/tenants/{tenant}/imports", get(batches::list), describe::imports),
        line("/lockbox/{environment}/tenants/{tenant}/imports", post(receive::receive), describe::receive),
        line("/lockbox/{environment}/tenants/{tenant}/imports/{batch}", get(batches::one), describe::import),
        line(
            "/lockbox/{environment}/tenants/{tenant}/imports/{batch}/report",
            get(report::report),
            describe::report,
        ),
        line(
            "/lockbox/{environment}/tenants/{tenant}/imports/{batch}/approve",
            post(decided::approve),
            describe::approve,
        ),
        line(
            "/lockbox/{environment}/tenants/{tenant}/imports/{batch}/reject",
            post(decided::reject),
            describe::reject,
        ),
        line(
            "/lockbox/{environment}/tenants/{tenant}/imports/{batch}/undo",
            post(decided::undo),
            describe::undo,
        ),
        line(
            "/lockbox/{environment}/tenants/{tenant}/quarantine",
            get(quarantined::list),
            describe::quarantine,
        ),
        line(
            "/lockbox/{environment}/tenants/{tenant}/quarantine/retry",
            post(quarantined::retry_all),
            describe::retry_all,
        ),
        line(
            "/lockbox/{environment}/tenants/{tenant}/quarantine/{row}",
            get(quarantined::one),
            describe::quarantined,
        ),
        line(
            "/lockbox/{environment}/tenants/{tenant}/quarantine/{row}/retry",
            post(quarantined::retry_one),
            describe::retry_one,
        ),
    ]
}
