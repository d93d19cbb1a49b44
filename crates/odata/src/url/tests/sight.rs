//! What may not be seen.
