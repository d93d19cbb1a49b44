//! Sales production: gross commission income, deductions, units and sides, told from the current reports.
//!
//! Every sum is a decimal sum; currencies are never added to each other; every figure can be asked for the
//! reports that it was made of.

mod answer;
mod asked;
mod sums;
#[cfg(test)]
mod tests;

use axum::extract::{Extension, RawQuery, State};
use gate::Caller;
use http::{HeaderMap, header};

use asked::Asked;
use sums::{TooLarge, sums};

use crate::Door;
use crate::reply::{Answer, Refused};

/// `GET /production`
pub(crate) async fn production(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let asked = Asked::read(query.as_deref(), accept)?;
    door.ledger.refresh().await?;
    let now = (door.clock)();
    let rows = door.ledger.look(|book| {
        let seen = book
            .reports
            .each()
            .filter(|current| door.may_read(&caller, &current.client, &current.recipients, now));
        sums(seen, &asked)
    });
    let rows = rows.map_err(|too_large| match too_large {
        TooLarge::Sum => {
            Refused::new(422, "sum_too_large", "A sum has more than 28 digits.", "Ask for less.")
        }
        TooLarge::Rows => Refused::new(
            422,
            "too_many_rows",
            "The answer would have more than 10,000 rows.",
            "Ask by fewer dimensions, or for a shorter time.",
        ),
    })?;
    Ok(if asked.csv { answer::csv(&asked, &rows) } else { answer::json(&door, &asked, &rows) })
}
