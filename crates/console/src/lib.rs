//! The admin API, on which the console will stand.
