//! One suite, run against both engines as they really are.

mod bounds;
mod leases;
mod reading;
mod town;
mod versions;
mod writing;
