//! Answers a permitted query from columns in memory, kept current by following the log.
