//! Knows clients, keys, grants and quotas.
