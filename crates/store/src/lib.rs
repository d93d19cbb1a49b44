//! Remembers records, the change log, cursors and leases in SQLite or PostgreSQL.
