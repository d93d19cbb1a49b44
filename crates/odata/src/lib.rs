//! Spells: URL ⇄ query, record ⇄ JSON, dictionary ⇄ `$metadata`.
