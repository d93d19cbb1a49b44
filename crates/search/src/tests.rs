//! The index held against what it was given, on random records and questions. Every random test prints
//! its seed and takes it from FREEHOLD_SEED.

mod changes;
mod columns;
mod dice;
mod filters;
mod many;
mod questions;
mod standard;
mod town;
mod walks;
mod wording;
