//! The statements of the work tables, which both engines run in one text.
//!
//! A state is 1 waiting, 2 held, 3 done, 4 dead. Conditions repeat the words of the partial indexes, or
//! SQLite would not use them.

macro_rules! owe {
    ($conflict:literal) => {
        concat!(
            "INSERT INTO deliveries \
             (endpoint, sequence, event, subscription, agent, ordering_key, state, due, tries, step) \
             VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN EXISTS (SELECT 1 FROM deliveries WHERE endpoint = $1 \
             AND ordering_key = $6 AND ordering_key <> '' AND state < 3 AND sequence <> $2) \
             THEN 2 ELSE 1 END, $7, 0, 0) ON CONFLICT (endpoint, sequence) ",
            $conflict
        )
    };
}

/// Owes: endpoint, sequence, event, subscription, agent, ordering key, due.
pub(crate) const OWE: &str = owe!("DO NOTHING");

/// Owes once more: the same. What is held stays held: its turn comes.
pub(crate) const OWE_AGAIN: &str = owe!(
    "DO UPDATE SET subscription = excluded.subscription, agent = excluded.agent, \
     ordering_key = excluded.ordering_key, due = excluded.due, step = 0, \
     state = CASE WHEN deliveries.state < 3 THEN deliveries.state ELSE excluded.state END"
);

/// After an attempt: state, due, tries, step, endpoint, sequence.
pub(crate) const SETTLE: &str = "UPDATE deliveries SET state = $1, due = $2, tries = $3, step = $4 \
     WHERE endpoint = $5 AND sequence = $6";

/// Keeps an attempt: endpoint, sequence, number, at, status, latency, fault, answer.
pub(crate) const ATTEMPT: &str = "INSERT INTO attempts \
     (endpoint, sequence, number, at, status, latency, fault, answer) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (endpoint, sequence, number) DO NOTHING";

/// Lets the next of an ordering key go, where none is under way: endpoint, ordering key.
pub(crate) const NEXT_OF_KEY: &str = "UPDATE deliveries SET state = 1 WHERE endpoint = $1 AND sequence = \
     (SELECT min(sequence) FROM deliveries WHERE endpoint = $1 AND ordering_key = $2 \
     AND ordering_key <> '' AND state < 3 AND state = 2) \
     AND NOT EXISTS (SELECT 1 FROM deliveries WHERE endpoint = $1 AND ordering_key = $2 \
     AND ordering_key <> '' AND state < 3 AND state = 1)";

/// Lets all go: endpoint.
pub(crate) const LET_GO: &str = "UPDATE deliveries SET state = 1, ordering_key = '' \
     WHERE endpoint = $1 AND ordering_key <> '' AND state < 3";

/// Puts into an inbox: agent, sequence, event, at.
pub(crate) const INBOX: &str = "INSERT INTO inbox (agent, sequence, event, at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (agent, sequence) DO NOTHING";

/// Takes out of an inbox: agent, sequence.
pub(crate) const UNBOX: &str = "DELETE FROM inbox WHERE agent = $1 AND sequence = $2";

/// How an endpoint fares: endpoint, failing since, warned.
pub(crate) const HEALTH: &str = "INSERT INTO health (endpoint, failing_since, warned) VALUES ($1, $2, $3) \
     ON CONFLICT (endpoint) DO UPDATE SET failing_since = excluded.failing_since, warned = excluded.warned";

macro_rules! forget {
    ($table:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE endpoint = $1 AND sequence IN (SELECT sequence FROM deliveries WHERE endpoint = $1 \
             AND sequence <= $2 AND state >= $3 AND state <= $4 ORDER BY sequence LIMIT 1000)"
        )
    };
}

/// Forgets attempts, then deliveries: endpoint, upto, lowest state, highest state.
pub(crate) const FORGET_ATTEMPTS: &str = forget!("attempts");
pub(crate) const FORGET_DELIVERIES: &str = forget!("deliveries");

macro_rules! deliveries {
    ($rest:literal) => {
        concat!(
            "SELECT endpoint, sequence, event, subscription, agent, ordering_key, state, due, tries, step \
             FROM deliveries WHERE endpoint = $1 ",
            $rest
        )
    };
}

/// What is due: endpoint, now, limit.
pub(crate) const DUE: &str = deliveries!("AND state = 1 AND due <= $2 ORDER BY due, sequence LIMIT $3");

/// When the next is due: endpoint.
pub(crate) const NEXT_DUE: &str =
    "SELECT due FROM deliveries WHERE endpoint = $1 AND state = 1 ORDER BY due LIMIT 1";

/// One delivery: endpoint, sequence.
pub(crate) const DELIVERY: &str = deliveries!("AND sequence = $2");

/// The newest, from before a sequence back: endpoint, sequence, limit.
pub(crate) const NEWEST: &str = deliveries!("AND sequence < $2 ORDER BY sequence DESC LIMIT $3");

/// Dead letters, after a sequence: endpoint, sequence, limit.
pub(crate) const DEAD: &str = deliveries!("AND state = 4 AND sequence > $2 ORDER BY sequence LIMIT $3");

/// How many wait or are held, and how many are dead, each up to 100,001: endpoint.
pub(crate) const COUNTS: &str = "SELECT \
     (SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE endpoint = $1 AND state = 1 LIMIT 100001) w), \
     (SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE endpoint = $1 AND state < 3 \
      AND ordering_key <> '' AND state = 2 LIMIT 100001) h), \
     (SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE endpoint = $1 AND state = 4 LIMIT 100001) d)";

/// The attempts of a delivery: endpoint, sequence.
pub(crate) const ATTEMPTS: &str = "SELECT number, at, status, latency, fault, answer FROM attempts \
     WHERE endpoint = $1 AND sequence = $2 ORDER BY number LIMIT 10000";

/// An inbox after a sequence: agent, sequence, limit.
pub(crate) const INBOX_PAGE: &str = "SELECT sequence, event FROM inbox \
     WHERE agent = $1 AND sequence > $2 ORDER BY sequence LIMIT $3";

/// The first of an inbox that was accepted at an instant or later: agent, at.
pub(crate) const INBOX_AT: &str = "SELECT sequence FROM inbox WHERE agent = $1 AND at >= $2 \
     ORDER BY at, sequence LIMIT 1";

/// How every endpoint fares.
pub(crate) const ALL_HEALTH: &str = "SELECT endpoint, failing_since, warned FROM health ORDER BY endpoint";
