//! The current report of every transaction: the one with the highest sequence.

use std::collections::{HashMap, HashSet};

use dictionary::{Named, Text};

use crate::report::Report;

/// A report that is current.
#[derive(Clone, Debug)]
pub(crate) struct Current {
    /// The client that published it.
    pub(crate) client: Text,
    /// The address of its event.
    pub(crate) uri: Text,
    /// Whom it was sent to.
    pub(crate) recipients: Vec<Text>,
    pub(crate) report: Report,
}

/// Current reports by client and transaction.
#[derive(Default)]
pub(crate) struct Reports {
    current: HashMap<(Text, Text), Current>,
    /// Addresses and currencies that many reports name, each kept once.
    names: HashSet<Text>,
}

impl Reports {
    pub(super) fn take(&mut self, read: Option<Named<'_>>) {
        let Some(read) = read else { return };
        let Some(mut current) = current(read) else {
            tracing::warn!(event = read.text("EventUri").as_deref(), "a kept report cannot be read");
            return;
        };
        let place = (current.client.clone(), current.report.transaction.clone());
        if self.current.get(&place).is_none_or(|before| before.report.sequence <= current.report.sequence) {
            self.share(&mut current);
            self.current.insert(place, current);
        }
    }

    /// Lets long texts that many reports hold be one.
    fn share(&mut self, current: &mut Current) {
        let report = &mut current.report;
        let offices = [
            Some(&mut report.reporting_office),
            report.listing_office.as_mut(),
            report.buyer_office.as_mut(),
        ];
        let agents = report.entries.iter_mut().filter_map(|entry| entry.agent.as_mut());
        for name in offices.into_iter().flatten().chain(agents).chain(&mut current.recipients) {
            match self.names.get(name) {
                Some(known) => *name = known.clone(),
                None => drop(self.names.insert(name.clone())),
            }
        }
    }

    /// Every current report, in no order.
    pub(crate) fn each(&self) -> impl Iterator<Item = &Current> {
        self.current.values()
    }
}

fn current(read: Named<'_>) -> Option<Current> {
    Some(Current {
        client: read.text("ClientId")?,
        uri: read.text("EventUri")?,
        recipients: read.texts("RecipientUris"),
        report: Report::read(&read.text("ReportText")?).ok()?,
    })
}
