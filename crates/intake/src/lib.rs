//! Brings records in from files.
