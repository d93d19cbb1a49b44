//! The index held against what it was given, on random records and questions. Every random test prints
//! its seed and takes it from FREEHOLD_SEED.

mod aggregation;
mod bounds;
mod changes;
mod chunks;
mod columns;
mod dice;
mod filters;
mod folded;
mod keyword;
mod links;
mod many;
mod places;
mod questions;
mod readers;
mod standard;
mod summary;
mod town;
mod walks;
mod wording;
