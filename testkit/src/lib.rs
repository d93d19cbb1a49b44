//! A small town for tests to live in.
