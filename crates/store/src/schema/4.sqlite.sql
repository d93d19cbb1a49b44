-- Removals are looked for by whoever must tell of them for a while.
CREATE INDEX log_removals ON log (resource, sequence) WHERE kind = 3;
