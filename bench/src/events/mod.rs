//! Events: published through the door, fanned out, delivered, pulled. The numbers of the command line are how
//! many are delivered; no town is needed.
//!
//! Every answer of a publish is waited for, and is on disk before it is given. Receivers are this process's own,
//! as plain as can be, so that what is measured is the sender.

mod deliver;
mod publish;
mod receiver;

use std::path::Path;

use anyhow::Result;

use crate::report::{Figure, Report, Target};

/// Megabytes that this process may take at most while it delivers, the receivers among them.
const MEGABYTES: f64 = 200.0;

/// Measures so many events.
pub(crate) async fn run(report: &mut Report, folder: &Path, events: u64) -> Result<()> {
    report.size(events);
    let alone = deliver::run(report, &folder.join("quick"), events, false).await?;
    crate::machine::forget_peak();
    let beside = deliver::run(report, &folder.join("slow"), events, true).await?;
    let what = "each quick receiver beside one that takes 10 s an answer, to what it gets without";
    report.add(what, Figure::Ratio(beside / alone), Target::AtLeast(0.9));
    if let Some(megabytes) = crate::machine::peak_megabytes() {
        report.add(
            "memory at its peak, delivering beside a slow one",
            Figure::Amount(megabytes, "MB"),
            Target::AtMost(MEGABYTES),
        );
    }
    publish::run(report, &folder.join("publish"), events).await
}
