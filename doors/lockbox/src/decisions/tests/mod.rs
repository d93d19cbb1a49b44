//! The rules by tables, by clock changes, and against a second reading of them on random cases.

mod plain;
mod random;
mod rules;
mod scene;
mod zones;
