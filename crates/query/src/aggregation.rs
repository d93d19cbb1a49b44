//! Questions whose answer is not records but what records come to: `$apply` (RESO-027; OData Data
//! Aggregation 4.0).
//!
//! Transformations follow each other. The first looks at records; once they are grouped, what follows works on
//! rows, which are few: they are [`Record`]s whose fields are their columns, [`column`] by number. A row's
//! columns are the terms that it was grouped by, then what was aggregated, then what was computed. What comes
//! of several sequences one after the other (`concat`) may be records, rows or both; a row of it says which
//! columns it has not ([`is_absent`]).
//!
//! | module | what it holds |
//! |---|---|
//! | `steps` | the question as a whole: what it looks at |
//! | `run` | what each transformation does to a set, whoever holds the records |
//! | `rank` | how many of the first come to so much |
//! | `groups`, `tally`, `identity` | groups, and what their values come to |
//! | `rows` | rows: made, put in order, told a page at a time |
//! | `reference` | the answer, the slow and plain way |

mod groups;
mod identity;
mod rank;
mod reference;
mod rows;
mod run;
mod steps;
mod tally;

use dictionary::{Decimal, LinkId, ResourceId};

use crate::{Expr, Order};

pub use groups::Group;
pub use identity::{Identity, identity};
pub use reference::aggregate;
pub use rows::{column, held, is_absent, side_by_side, sort_rows, window};
pub use run::{Instances, MOST_ITEMS, Part, TooMany, apply, leave};
pub use tally::{Tally, average, plain};

/// A question about what records come to.
#[derive(Clone, PartialEq, Debug)]
pub struct Aggregation {
    /// Whose records.
    pub resource: ResourceId,
    /// What is done with them, in turn.
    pub steps: Vec<Transformation>,
}

/// Groups, and what each comes to. Without terms there is one group, even of no records.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Grouping {
    /// What is the same throughout a group. Null is a value like others here.
    pub by: Vec<Expr>,
    /// What each group comes to.
    pub of: Vec<Aggregate>,
}

/// What the values of a group come to. Nulls do not count.
#[derive(Clone, PartialEq, Debug)]
pub struct Aggregate {
    /// How.
    pub method: Method,
    /// Of what; for [`Method::Count`] nothing is looked at.
    pub of: Expr,
    /// What is done with what groups inside the group come to, the innermost first (`from`).
    pub from: Vec<From>,
}

/// `from City with average`: what was aggregated in each of these groups is aggregated again (Data Aggregation
/// 4.0, 3.2.1.4).
#[derive(Clone, PartialEq, Debug)]
pub struct From {
    /// What is the same throughout one of the groups.
    pub by: Vec<Expr>,
    /// How what they come to is aggregated.
    pub method: Method,
}

/// A method of aggregation (Data Aggregation 4.0, 3.2.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Method {
    /// The sum: exact for whole and decimal numbers, a decimal; null of no values, and where it is too
    /// large for one.
    Sum,
    /// The least value; null of none.
    Min,
    /// The greatest value; null of none.
    Max,
    /// The sum by the number of values; null of none.
    Average,
    /// How many different values there are.
    CountDistinct,
    /// `$count`: how many records, or rows, there are.
    Count,
}

/// What is done with a set of records or rows.
#[derive(Clone, PartialEq, Debug)]
pub enum Transformation {
    /// Only those of which this is true are left.
    Filter(Expr),
    /// Each row gets these columns, the first of them at `from`. What is computed of records is looked at where
    /// it is named.
    Compute {
        /// The number of the first.
        from: usize,
        /// What they hold.
        terms: Vec<Expr>,
    },
    /// They are grouped, and each group becomes a row.
    Group(Grouping),
    /// They are grouped, and something is done with each group by itself.
    Each(Each),
    /// What several sequences make of them, one after the other.
    Concat {
        /// The sequences.
        branches: Vec<Branch>,
        /// How many columns the rows of all of them have together.
        width: usize,
    },
    /// Each record becomes a row for each of those that it links to.
    Join(Join),
    /// They are put in this order; what is equal stays as it was.
    Order(Vec<Order>),
    /// So many are left away from the first on.
    Skip(u64),
    /// So many are left, from the first on.
    Top(u64),
    /// Those with the greatest or least values are left, in that order.
    Rank(Rank),
}

/// `groupby((City),topcount(2,ListPrice))`
#[derive(Clone, PartialEq, Debug)]
pub struct Each {
    /// What is the same throughout a group.
    pub by: Vec<Expr>,
    /// What is done with each.
    pub steps: Vec<Transformation>,
    /// Where rows that come of a group are other than those it is of: what becomes of each of their columns, after
    /// those of the terms, which stand first. None where they are what they were.
    pub columns: Option<Vec<usize>>,
}

/// `join(Media as M,filter(Order eq 0))`: records side by side with those that they link to.
#[derive(Clone, PartialEq, Debug)]
pub struct Join {
    /// The link, to many.
    pub link: LinkId,
    /// Whose records it leads to.
    pub target: ResourceId,
    /// What is done with those of each before; it leaves records.
    pub steps: Vec<Transformation>,
    /// Whether a record that leads to none becomes a row, too.
    pub outer: bool,
    /// What the columns of the rows hold.
    pub columns: Vec<Side>,
}

/// What a column of a [`Join`] holds.
#[derive(Clone, PartialEq, Debug)]
pub enum Side {
    /// Something of the record.
    Own(Expr),
    /// Something of the one that it links to.
    Linked(Expr),
}

/// One of the sequences of a [`Transformation::Concat`].
#[derive(Clone, PartialEq, Debug)]
pub struct Branch {
    /// What is done.
    pub steps: Vec<Transformation>,
    /// Which of all columns each of its rows' columns is.
    pub columns: Vec<usize>,
}

/// `topcount(2,ListPrice)` and its like (Data Aggregation 4.0, 3.3.1): the first in this order, as many as it takes.
#[derive(Clone, PartialEq, Debug)]
pub struct Rank {
    /// From the greatest to the least value, or the other way; null is less than all.
    pub order: Order,
    /// How many.
    pub most: Most,
}

/// How many of the first are left.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Most {
    /// So many.
    Count(u64),
    /// As few as come to so much.
    Sum(Decimal),
    /// As few as come to this much of a hundred parts of what all come to.
    Percent(Decimal),
}
