//! The whole grammar of OData URLs, as data: 4.01 with Data Aggregation and the temporal extension.
//!
//! [`url`](crate::url) reads what Freehold answers, and resolves names while it reads. This room knows the rest of
//! the language: whether a text is OData at all, up to which byte, and which constructs it is made of. A
//! reader that stops asks here whether it met an error or something that it does not offer
//! ([`unsupported`]; decision 0021). It is not on the way of a request that is answered.
//!
//! The rules are the `.peg` files beside this one, in the standard's names, with ordered choice: the first
//! alternative that matches is taken. A rule that is written with `@=` is a name, and [`Names`] says which
//! there are.
//!
//! | module | what it does |
//! |---|---|
//! | `notation` | reads the rules |
//! | `run` | matches a text against a rule |
//! | `tree` | what was matched |
//! | `unsupported` | what a reader that stopped has met |

mod notation;
mod run;
mod tree;
mod unsupported;

use std::sync::LazyLock;

pub use tree::{Node, Tree};
pub(crate) use unsupported::construct;

use notation::Rules;

/// Which names there are: whether this text is a name of that rule's kind (`entitySetName`,
/// `primitiveKeyProperty` …), as it was sent.
pub type Names<'a> = &'a dyn Fn(&str, &str) -> bool;

/// Where a text stops being what it should.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stopped {
    /// The furthest byte up to which anything matched.
    pub at: usize,
    /// Whether matching was given up because it took too long: then nothing is known.
    pub gave_up: bool,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let files = [
        include_str!("grammar/rules/characters.peg"),
        include_str!("grammar/rules/names.peg"),
        include_str!("grammar/rules/literals.peg"),
        include_str!("grammar/rules/path.peg"),
        include_str!("grammar/rules/options.peg"),
        include_str!("grammar/rules/expressions.peg"),
        include_str!("grammar/rules/apply.peg"),
        include_str!("grammar/rules/context.peg"),
        include_str!("grammar/rules/headers.peg"),
    ];
    Rules::read(&files).unwrap_or_else(|wrong| panic!("the grammar cannot be read: {wrong}"))
});

/// Matches all of `text` against the rule of this name.
///
/// It takes time and memory that grow with the text and never more than a bound.
///
/// # Errors
/// Where the text is something else, or no rule has this name (then at byte 0).
pub fn parse(rule: &str, text: &str, names: Names<'_>) -> Result<Tree, Stopped> {
    let Some(rule) = RULES.find(rule) else { return Err(Stopped { at: 0, gave_up: false }) };
    run::run(&RULES, rule, text, names)
}

/// The names of all rules.
pub fn rules() -> impl Iterator<Item = &'static str> {
    RULES.names()
}

#[cfg(test)]
mod tests;
