//! The admin API on a real store.

mod answers;
mod audit;
mod doing;
mod endpoints;
mod house;
mod jobs;
mod uninvited;
