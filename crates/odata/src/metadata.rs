//! The dictionary as `$metadata`.

/// The namespace of every entity type, as the RESO Web API has it.
pub const NAMESPACE: &str = "org.reso.metadata";
