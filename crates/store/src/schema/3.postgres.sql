-- When a record came into being, in microseconds since 1970: what it was written as first, or again after
-- it had been removed.
ALTER TABLE records ADD COLUMN created bigint;
UPDATE records r SET created = l.at
    FROM (SELECT resource, key, max(sequence) AS sequence FROM log WHERE kind = 1 GROUP BY resource, key) c
    JOIN log l ON l.sequence = c.sequence
    WHERE r.resource = c.resource AND r.key = c.key;
