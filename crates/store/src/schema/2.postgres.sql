-- What is owed to whom: work, not truth. A backup leaves it out; the log holds every event.
CREATE TABLE deliveries (
    endpoint text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    event text COLLATE "C" NOT NULL,
    subscription text COLLATE "C" NOT NULL,
    agent text COLLATE "C" NOT NULL,
    ordering_key text COLLATE "C" NOT NULL,
    state bigint NOT NULL,
    due bigint NOT NULL,
    tries bigint NOT NULL,
    step bigint NOT NULL,
    PRIMARY KEY (endpoint, sequence)
);
CREATE INDEX deliveries_due ON deliveries (endpoint, due, sequence) WHERE state = 1;
CREATE INDEX deliveries_open ON deliveries (endpoint, ordering_key, state, sequence) WHERE state < 3 AND ordering_key <> '';
CREATE INDEX deliveries_dead ON deliveries (endpoint, sequence) WHERE state = 4;

CREATE TABLE attempts (
    endpoint text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    number bigint NOT NULL,
    at bigint NOT NULL,
    status bigint NOT NULL,
    latency bigint NOT NULL,
    fault text COLLATE "C" NOT NULL,
    answer text COLLATE "C" NOT NULL,
    PRIMARY KEY (endpoint, sequence, number)
);

CREATE TABLE inbox (
    agent text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    event text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (agent, sequence)
);
CREATE INDEX inbox_at ON inbox (agent, at, sequence);

CREATE TABLE health (
    endpoint text COLLATE "C" PRIMARY KEY,
    failing_since bigint NOT NULL,
    warned bigint NOT NULL
);
