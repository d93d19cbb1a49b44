//! Questions written and read again.
