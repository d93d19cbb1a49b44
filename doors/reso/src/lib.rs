//! The RESO Web API door.
