//! The gate before an import is applied (LBX-067): what would terminate too many, or comes with too few rows,
//! waits for a named person.

use super::batch::Mode;
use super::part::Part;
use super::tally::Tally;

/// Why a batch stops, in sentences; none where it may go on. `active` are the records that stand before it,
/// `before` the rows of the last full import that was applied.
pub(crate) fn reasons(
    part: Part,
    mode: Mode,
    tally: &Tally,
    active: u64,
    before: Option<u64>,
) -> Vec<String> {
    let mut reasons = Vec::new();
    if mode == Mode::Incremental {
        return reasons;
    }
    let name = part.name();
    let share = |percent: u64| active * percent / 100;
    let (most, limit) = match part {
        Part::Listings => (share(15), "15 %".to_owned()),
        Part::Offices | Part::Members => (share(5).max(10), "5 %, and 10".to_owned()),
    };
    // With nothing kept, nothing can be lost.
    if tally.terminated > most {
        reasons.push(format!(
            "{} of {active} active {name} would be terminated, more than {limit}.",
            tally.terminated
        ));
    }
    if let Some(before) = before
        && tally.rows * 100 <= before * 80
    {
        reasons.push(format!(
            "The file has {} rows where the last full one had {before}: 20 % fewer.",
            tally.rows
        ));
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    /// LBX-067: each limit, from both sides.
    #[test]
    fn lbx_067_too_many_terminations_or_too_few_rows_stop_at_the_gate() {
        use Mode::{Full, Incremental};
        use Part::{Listings, Members, Offices};
        let check = |part, mode, terminated, active, rows, before, stops: usize| {
            let tally = Tally { rows, terminated, ..Tally::default() };
            let found = reasons(part, mode, &tally, active, before);
            assert_eq!(
                found.len(),
                stops,
                "{part:?} {mode:?} {terminated}/{active} {rows}/{before:?}: {found:?}"
            );
        };
        check(Members, Full, 10, 100, 90, None, 0);
        check(Members, Full, 11, 100, 90, None, 1);
        check(Members, Full, 50, 1_000, 950, None, 0);
        check(Members, Full, 51, 1_000, 950, None, 1);
        check(Offices, Full, 11, 20, 20, None, 1);
        check(Offices, Incremental, 20, 20, 20, None, 0);
        check(Listings, Full, 15, 100, 85, None, 0);
        check(Listings, Full, 16, 100, 84, None, 1);
        check(Listings, Full, 0, 100, 81, Some(100), 0);
        check(Listings, Full, 0, 100, 80, Some(100), 1);
        check(Listings, Incremental, 0, 100, 1, Some(100), 0);
        check(Members, Full, 60, 1_000, 500, Some(1_000), 2);
    }
}
