//! freehold

fn main() {}
