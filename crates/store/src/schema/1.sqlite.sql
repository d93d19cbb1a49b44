CREATE TABLE schema_version (version INTEGER NOT NULL);
INSERT INTO schema_version VALUES (0);

CREATE TABLE resources (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE fields (
    number INTEGER PRIMARY KEY,
    resource INTEGER NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (resource, name)
) STRICT;

CREATE TABLE head (sequence INTEGER NOT NULL) STRICT;
INSERT INTO head VALUES (0);

CREATE TABLE log (
    sequence INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    resource INTEGER NOT NULL,
    feed TEXT NOT NULL,
    key TEXT NOT NULL,
    kind INTEGER NOT NULL,
    previous INTEGER,
    body BLOB
) STRICT;

CREATE TABLE records (
    resource INTEGER NOT NULL,
    key TEXT NOT NULL,
    feed TEXT NOT NULL,
    stamp INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    PRIMARY KEY (resource, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX records_standing ON records (resource, feed, stamp, key) WHERE NOT removed;
CREATE INDEX records_sequence ON records (sequence) WHERE NOT removed;

CREATE TABLE cursors (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
