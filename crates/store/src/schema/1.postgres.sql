CREATE TABLE schema_version (version bigint NOT NULL);
INSERT INTO schema_version VALUES (0);

CREATE TABLE resources (number integer PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE);
CREATE TABLE fields (
    number bigint PRIMARY KEY,
    resource integer NOT NULL,
    name text COLLATE "C" NOT NULL,
    UNIQUE (resource, name)
);

-- One row: who appends locks it, so that sequences have no gap and follow the order of commits.
CREATE TABLE head (sequence bigint NOT NULL);
INSERT INTO head VALUES (0);

CREATE TABLE log (
    sequence bigint PRIMARY KEY,
    at bigint NOT NULL,
    actor text NOT NULL,
    resource integer NOT NULL,
    feed text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    kind smallint NOT NULL,
    previous bigint,
    body bytea
);

CREATE TABLE records (
    resource integer NOT NULL,
    key text COLLATE "C" NOT NULL,
    feed text COLLATE "C" NOT NULL,
    stamp bigint NOT NULL,
    sequence bigint NOT NULL,
    removed boolean NOT NULL,
    PRIMARY KEY (resource, key)
);
CREATE INDEX records_standing ON records (resource, feed, stamp, key) WHERE NOT removed;
CREATE INDEX records_sequence ON records (sequence) WHERE NOT removed;

CREATE TABLE cursors (name text COLLATE "C" PRIMARY KEY, value text NOT NULL);
CREATE TABLE leases (name text COLLATE "C" PRIMARY KEY, holder text COLLATE "C" NOT NULL, until bigint NOT NULL);
