//! The statements that both engines run, in one text.
//!
//! Each parameter first appears in the order of its number: SQLite counts `$1` by its appearance,
//! PostgreSQL by its number.

/// A value given to a statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Param {
    Integer(i64),
    Text(String),
}

/// A value that a statement gives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Cell {
    Null,
    Integer(i64),
    Text(String),
}

impl From<u64> for Param {
    fn from(number: u64) -> Self {
        // Sequences are counted up from 1: they do not reach 2^63.
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}
impl From<i64> for Param {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}
impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// What stands in the column `stamp` for a record without a timestamp: it comes first in the standing
/// order, and a comparison of rows needs no case for null.
pub(crate) const NO_STAMP: i64 = i64::MIN;

macro_rules! lines {
    ($rest:literal) => {
        lines!("NULL", $rest)
    };
    ($created:literal, $rest:literal) => {
        concat!(
            "SELECT l.sequence, l.at, l.actor, l.resource, l.feed, l.key, l.kind, l.previous, l.body, CAST(",
            $created,
            " AS bigint) AS created ",
            $rest
        )
    };
}

/// The newest entry of a key, a removal too: resource, key.
pub(crate) const NEWEST: &str =
    lines!("FROM records r JOIN log l ON l.sequence = r.sequence WHERE r.resource = $1 AND r.key = $2");

/// The entry of this number: sequence.
pub(crate) const VERSION: &str = lines!("FROM log l WHERE l.sequence = $1");

/// Entries in order: after, upto, limit.
pub(crate) const FOLLOW: &str =
    lines!("FROM log l WHERE l.sequence > $1 AND l.sequence <= $2 ORDER BY l.sequence LIMIT $3");

/// As [`FOLLOW`] without what was written, which no engine reads for it.
pub(crate) const TRACES: &str = "SELECT l.sequence, l.at, l.actor, l.resource, l.feed, l.key, l.kind, l.previous, \
     CASE WHEN 1 = 0 THEN l.body END, CAST(NULL AS bigint) AS created \
     FROM log l WHERE l.sequence > $1 AND l.sequence <= $2 ORDER BY l.sequence LIMIT $3";

/// Entries that a key's head points at, removals aside: after, upto, limit.
pub(crate) const CURRENT: &str = lines!(
    "r.created",
    "FROM records r JOIN log l ON l.sequence = r.sequence \
     WHERE r.sequence > $1 AND r.sequence <= $2 AND NOT r.removed ORDER BY r.sequence LIMIT $3"
);

/// Removals of one resource, each with what was removed: resource, after, since, limit.
pub(crate) const REMOVED: &str = "SELECT l.sequence, l.at, l.actor, l.resource, l.feed, l.key, b.kind, \
     l.previous, b.body, CAST(NULL AS bigint) AS created \
     FROM log l JOIN log b ON b.sequence = l.previous \
     WHERE l.kind = 3 AND l.resource = $1 AND l.sequence > $2 AND l.at >= $3 ORDER BY l.sequence LIMIT $4";

/// Records of one feed in the standing order: resource, feed, stamp, key, limit.
pub(crate) const SCAN: &str = lines!(
    "FROM (SELECT sequence, stamp, key FROM records \
     WHERE resource = $1 AND feed = $2 AND NOT removed AND (stamp, key) > ($3, $4) \
     ORDER BY stamp, key LIMIT $5) r JOIN log l ON l.sequence = r.sequence ORDER BY r.stamp, r.key"
);

/// The feed of a resource that comes first after this one: resource, feed. Asked in turn it lists the
/// feeds with one look into the index for each.
pub(crate) const NEXT_FEED: &str =
    "SELECT feed FROM records WHERE resource = $1 AND NOT removed AND feed > $2 ORDER BY feed LIMIT 1";

/// A key's entries, the newest first: resource, key, limit.
pub(crate) const HISTORY: &str = concat!(
    "WITH RECURSIVE chain(sequence, previous) AS (\
     SELECT l.sequence, l.previous FROM records r JOIN log l ON l.sequence = r.sequence \
     WHERE r.resource = $1 AND r.key = $2 \
     UNION ALL SELECT l.sequence, l.previous FROM chain c JOIN log l ON l.sequence = c.previous) ",
    lines!(
        "FROM (SELECT sequence FROM chain LIMIT $3) c JOIN log l ON l.sequence = c.sequence \
         ORDER BY l.sequence DESC"
    )
);

/// The newest entry of a key that is not newer than a sequence: resource, key, sequence.
pub(crate) const AS_OF: &str = concat!(
    "WITH RECURSIVE chain(sequence, previous) AS (\
     SELECT l.sequence, l.previous FROM records r JOIN log l ON l.sequence = r.sequence \
     WHERE r.resource = $1 AND r.key = $2 \
     UNION ALL SELECT l.sequence, l.previous FROM chain c JOIN log l ON l.sequence = c.previous \
     WHERE c.sequence > $3) ",
    lines!("FROM chain c JOIN log l ON l.sequence = c.sequence WHERE c.sequence <= $3")
);

/// The newest sequence.
pub(crate) const HEAD: &str = "SELECT sequence FROM head";

/// Where a named reader has got to: name.
pub(crate) const CURSOR: &str = "SELECT value FROM cursors WHERE name = $1";

/// Every cursor of a reader whose work does not lie in the work tables: a backup leaves those out, and
/// with them how far they got.
pub(crate) const CURSORS: &str = "SELECT name, value FROM cursors WHERE name NOT LIKE 'work/%' ORDER BY name";

/// Takes a lease that has run out or is the holder's own: name, holder, until, now.
pub(crate) const TAKE_LEASE: &str = "INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3) \
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until \
     WHERE leases.until <= $4 OR leases.holder = excluded.holder RETURNING until";

/// Holds a lease for longer: until, name, holder, now.
pub(crate) const RENEW_LEASE: &str =
    "UPDATE leases SET until = $1 WHERE name = $2 AND holder = $3 AND until > $4 RETURNING until";

/// Gives a lease back: name, holder.
pub(crate) const RELEASE_LEASE: &str = "DELETE FROM leases WHERE name = $1 AND holder = $2 RETURNING until";

/// Every resource's number.
pub(crate) const RESOURCES: &str = "SELECT number, name FROM resources ORDER BY number";

/// Every field's number.
pub(crate) const FIELDS: &str = "SELECT number, resource, name FROM fields ORDER BY number";

/// How many migrations the store has gone through.
pub(crate) const SCHEMA_VERSION: &str = "SELECT version FROM schema_version";
