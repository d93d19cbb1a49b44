-- What is owed to whom: work, not truth. A backup leaves it out; the log holds every event.
CREATE TABLE deliveries (
    endpoint TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    event TEXT NOT NULL,
    subscription TEXT NOT NULL,
    agent TEXT NOT NULL,
    ordering_key TEXT NOT NULL,
    state INTEGER NOT NULL,
    due INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    step INTEGER NOT NULL,
    PRIMARY KEY (endpoint, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries (endpoint, due, sequence) WHERE state = 1;
CREATE INDEX deliveries_open ON deliveries (endpoint, ordering_key, state, sequence) WHERE state < 3 AND ordering_key <> '';
CREATE INDEX deliveries_dead ON deliveries (endpoint, sequence) WHERE state = 4;

CREATE TABLE attempts (
    endpoint TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    status INTEGER NOT NULL,
    latency INTEGER NOT NULL,
    fault TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (endpoint, sequence, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox (
    agent TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    event TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (agent, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_at ON inbox (agent, at, sequence);

CREATE TABLE health (
    endpoint TEXT PRIMARY KEY,
    failing_since INTEGER NOT NULL,
    warned INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
