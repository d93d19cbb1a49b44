-- When a record came into being, in microseconds since 1970: what it was written as first, or again after
-- it had been removed.
ALTER TABLE records ADD COLUMN created INTEGER;
CREATE TEMPORARY TABLE created AS
    SELECT resource, key, max(sequence) AS sequence FROM log WHERE kind = 1 GROUP BY resource, key;
CREATE INDEX temp.created_key ON created (resource, key);
UPDATE records SET created = (
    SELECT l.at FROM temp.created c JOIN log l ON l.sequence = c.sequence
    WHERE c.resource = records.resource AND c.key = records.key
);
DROP TABLE temp.created;
