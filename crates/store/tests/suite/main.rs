//! One suite, run against both engines as they really are.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

mod assemblies;
mod backups;
mod bounds;
mod concurrent;
mod crash;
mod dictionaries;
mod faults;
mod followers;
mod leases;
mod model;
mod reading;
mod schemas;
mod town;
mod versions;
mod work;
mod writing;
