//! Work as statements.

use dictionary::{Text, Timestamp};

use super::sql;
use super::{Attempt, Delivery, DeliveryState, Health, Owed, Then, Work};
use crate::StoreError;
use crate::prepare::named;
use crate::sql::Param;

/// A statement and its parameters.
pub(crate) type Statement = (&'static str, Vec<Param>);

/// What a piece of work is in statements, in their order.
pub(crate) fn statements(work: &[Work]) -> Result<Vec<Statement>, StoreError> {
    let mut all = Vec::with_capacity(work.len() * 2);
    for one in work {
        add(one, &mut all)?;
    }
    Ok(all)
}

fn add(work: &Work, to: &mut Vec<Statement>) -> Result<(), StoreError> {
    match work {
        Work::Owe(owed) => to.push((sql::OWE, owe(owed)?)),
        Work::OweAgain(owed) => {
            let params = owe(owed)?;
            to.push((sql::OWE_AGAIN, params));
        }
        Work::Attempted { delivery, attempt, then } => attempted(delivery, attempt, *then, to),
        Work::LetGo { endpoint } => to.push((sql::LET_GO, vec![text(endpoint)])),
        Work::Inbox { agent, sequence, event, at } => {
            to.push((sql::INBOX, vec![text(agent), (*sequence).into(), text(event), instant(*at)]));
        }
        Work::Unbox { agent, sequence } => to.push((sql::UNBOX, vec![text(agent), (*sequence).into()])),
        Work::Health(Health { endpoint, failing_since, warned }) => {
            let since = failing_since.map_or(0, Timestamp::as_microsecond);
            to.push((sql::HEALTH, vec![text(endpoint), since.into(), i64::from(*warned).into()]));
        }
        Work::Forget { endpoint, upto, done_alone } => {
            let done = DeliveryState::Done.number();
            let (low, high) = if *done_alone { (done, done) } else { (0, i64::MAX) };
            let params = vec![text(endpoint), (*upto).into(), low.into(), high.into()];
            to.push((sql::FORGET_ATTEMPTS, params.clone()));
            to.push((sql::FORGET_DELIVERIES, params));
        }
    }
    Ok(())
}

fn owe(owed: &Owed) -> Result<Vec<Param>, StoreError> {
    named("The endpoint of a delivery", &owed.endpoint)?;
    Ok(vec![
        text(&owed.endpoint),
        owed.sequence.into(),
        text(&owed.event),
        text(&owed.subscription),
        text(&owed.agent),
        owed.ordering_key.as_ref().map_or_else(|| "".into(), text),
        instant(owed.due),
    ])
}

fn attempted(delivery: &Delivery, attempt: &Attempt, then: Then, to: &mut Vec<Statement>) {
    let Owed { endpoint, sequence, ordering_key, .. } = &delivery.owed;
    to.push((
        sql::ATTEMPT,
        vec![
            text(endpoint),
            (*sequence).into(),
            i64::from(attempt.number).into(),
            instant(attempt.at),
            i64::from(attempt.status.unwrap_or(0)).into(),
            i64::try_from(attempt.latency.as_micros()).unwrap_or(i64::MAX).into(),
            attempt.fault.as_ref().map_or_else(|| "".into(), text),
            text(&attempt.answer),
        ],
    ));
    let (state, due, step) = match then {
        Then::Done => (DeliveryState::Done, attempt.at, delivery.step),
        Then::Dead => (DeliveryState::Dead, attempt.at, delivery.step + 1),
        Then::Again(due) => (DeliveryState::Waiting, due, delivery.step + 1),
    };
    to.push((
        sql::SETTLE,
        vec![
            state.number().into(),
            instant(due),
            i64::from(attempt.number).into(),
            i64::from(step).into(),
            text(endpoint),
            (*sequence).into(),
        ],
    ));
    if let (Some(key), Then::Done | Then::Dead) = (ordering_key, then) {
        to.push((sql::NEXT_OF_KEY, vec![text(endpoint), text(key)]));
    }
}

fn instant(at: Timestamp) -> Param {
    at.as_microsecond().into()
}

/// What strangers answer may hold a character that PostgreSQL cannot keep.
fn text(text: &Text) -> Param {
    Param::Text(if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.to_string() })
}
