//! What each transformation does to a set of records or rows. Who holds the records says how they are looked at
//! ([`Instances`]); everything else is said once, here.

use dictionary::{Record, ResourceId, Value};

use super::groups::{Group, grouped, split};
use super::rows::{self, place, put_in_order};
use super::{Aggregation, Branch, Each, Grouping, Join, Most, Rank, Transformation, column};
use crate::{Context, Expr, Order, evaluate, matches};

/// Records or rows of one answer, and groups of one set: what is told of more is no summary.
pub const MOST_ITEMS: usize = 100_000;

/// Records, as an aggregation looks at them.
pub trait Instances {
    /// What stands for one of them.
    type Id: Copy;

    /// What `expr` comes to on one.
    fn value(&self, of: Self::Id, expr: &Expr) -> Option<Value>;

    /// Those of which `filter` is true, in their order.
    fn filter(&self, all: Vec<Self::Id>, filter: &Expr) -> Vec<Self::Id>;

    /// The first `need` in this order and then by key; the standing order of the resource where it is empty.
    fn first(&self, all: &[Self::Id], order: &[Order], need: usize) -> Vec<Self::Id>;

    /// A row for each group.
    ///
    /// # Errors
    /// More groups than [`MOST_ITEMS`].
    fn group(&self, all: &[Self::Id], grouping: &Grouping) -> Result<Vec<Record>, TooMany>;

    /// The groups themselves, in no order; those of one keep theirs.
    ///
    /// # Errors
    /// As [`group`](Self::group).
    fn split(&self, all: &[Self::Id], by: &[Expr]) -> Result<Vec<Group<Self::Id>>, TooMany>;

    /// A row for each record that each of them links to.
    ///
    /// # Errors
    /// More rows than [`MOST_ITEMS`].
    fn join(&self, all: &[Self::Id], join: &Join) -> Result<Vec<Record>, TooMany>;
}

/// Why an aggregation is not answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TooMany {
    /// There are more groups than [`MOST_ITEMS`].
    Groups,
    /// There are more records or rows than that.
    Items,
}

/// A part of an answer: its parts follow each other.
#[derive(Clone, PartialEq, Debug)]
pub enum Part<I> {
    /// Records.
    Records(Vec<I>),
    /// Rows.
    Rows(Vec<Record>),
}

impl<I> Part<I> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Records(records) => records.len(),
            Self::Rows(rows) => rows.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Leaves those from `start` on, `count` at most; how many of both were used up.
    pub fn cut(&mut self, start: usize, count: usize) -> (usize, usize) {
        let skipped = start.min(self.len());
        let left = count.min(self.len() - skipped);
        match self {
            Self::Records(records) => {
                records.truncate(skipped + left);
                records.drain(..skipped);
            }
            Self::Rows(rows) => {
                rows.truncate(skipped + left);
                rows.drain(..skipped);
            }
        }
        (skipped, left)
    }
}

/// What becomes of `all`, which are the records that pass the first filter, by `steps`, which follow it.
///
/// # Errors
/// More groups, records or rows than [`MOST_ITEMS`], on the way or at the end.
pub fn apply<S: Instances>(
    asked: &Aggregation,
    steps: &[Transformation],
    instances: &S,
    all: Vec<S::Id>,
    context: Context<'_>,
) -> Result<Vec<Part<S::Id>>, TooMany> {
    let run = Run { instances, resource: asked.resource, context };
    match run.steps(Set::Records { all, ordered: false }, steps)? {
        Set::Records { all, ordered } => {
            few(all.len(), TooMany::Items)?;
            Ok(vec![Part::Records(run.settled(all, ordered))])
        }
        Set::Rows(rows) => Ok(vec![Part::Rows(rows)]),
        Set::Mixed(parts) => Ok(parts),
    }
}

/// Which of `all`, records of `resource`, are left by `steps`, which leave records.
///
/// # Errors
/// As [`apply`].
pub fn leave<S: Instances>(
    resource: ResourceId,
    steps: &[Transformation],
    instances: &S,
    all: Vec<S::Id>,
    context: Context<'_>,
) -> Result<Vec<S::Id>, TooMany> {
    let run = Run { instances, resource, context };
    match run.steps(Set::Records { all, ordered: false }, steps)? {
        Set::Records { all, .. } => Ok(all),
        Set::Rows(_) | Set::Mixed(_) => Ok(Vec::new()),
    }
}

/// What transformations work on.
#[derive(Clone)]
enum Set<I> {
    /// Records; `ordered` says that somebody has put them in order, which is kept then.
    Records {
        all: Vec<I>,
        ordered: bool,
    },
    Rows(Vec<Record>),
    /// Both: nothing but their places is looked at any more.
    Mixed(Vec<Part<I>>),
}

/// What is the same throughout a part of a set, and the part.
type Parted<I> = (Vec<Option<Value>>, Set<I>);

struct Run<'a, S> {
    instances: &'a S,
    resource: ResourceId,
    context: Context<'a>,
}

fn few(count: usize, what: TooMany) -> Result<(), TooMany> {
    if count > MOST_ITEMS { Err(what) } else { Ok(()) }
}

fn number(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

impl<S: Instances> Run<'_, S> {
    fn steps(&self, set: Set<S::Id>, steps: &[Transformation]) -> Result<Set<S::Id>, TooMany> {
        steps.iter().try_fold(set, |set, step| match (set, step) {
            (set, Transformation::Concat { branches, width }) => self.concat(&set, branches, *width),
            (Set::Records { all, ordered }, step) => self.of_records(all, ordered, step),
            (Set::Rows(rows), step) => self.of_rows(rows, step),
            (Set::Mixed(mut parts), step) => {
                let (mut start, mut count) = match step {
                    Transformation::Skip(skip) => (number(*skip), usize::MAX),
                    Transformation::Top(top) => (0, number(*top)),
                    _ => (0, usize::MAX),
                };
                for part in &mut parts {
                    let (skipped, left) = part.cut(start, count);
                    (start, count) = (start - skipped, count - left);
                }
                Ok(Set::Mixed(parts))
            }
        })
    }

    /// Records in an order that is somebody's or the standing one.
    fn settled(&self, all: Vec<S::Id>, ordered: bool) -> Vec<S::Id> {
        if ordered { all } else { self.instances.first(&all, &[], all.len()) }
    }

    fn of_records(
        &self,
        mut all: Vec<S::Id>,
        ordered: bool,
        step: &Transformation,
    ) -> Result<Set<S::Id>, TooMany> {
        let in_order = |all| Ok(Set::Records { all, ordered: true });
        match step {
            Transformation::Filter(filter) => {
                Ok(Set::Records { all: self.instances.filter(all, filter), ordered })
            }
            Transformation::Group(grouping) => Ok(Set::Rows(self.instances.group(&all, grouping)?)),
            Transformation::Join(join) => {
                Ok(Set::Rows(self.instances.join(&self.settled(all, ordered), join)?))
            }
            Transformation::Each(each) => {
                let groups = self.instances.split(&all, &each.by)?;
                let set = |(key, all)| (key, Set::Records { all, ordered });
                self.each(groups.into_iter().map(set).collect(), each, each.columns.is_none())
            }
            Transformation::Order(order) => in_order(self.sorted(all, ordered, order, usize::MAX)),
            Transformation::Skip(skip) => {
                all = self.settled(all, ordered);
                all.drain(..number(*skip).min(all.len()));
                in_order(all)
            }
            Transformation::Top(top) if ordered => {
                all.truncate(number(*top));
                in_order(all)
            }
            Transformation::Top(top) => in_order(self.instances.first(&all, &[], number(*top))),
            Transformation::Rank(Rank { order, most }) => {
                let need = if let Most::Count(count) = most { number(*count) } else { usize::MAX };
                all = self.sorted(all, ordered, std::slice::from_ref(order), need);
                if need == usize::MAX {
                    let values: Vec<_> =
                        all.iter().map(|one| self.instances.value(*one, &order.by)).collect();
                    all.truncate(most.of(&values));
                }
                in_order(all)
            }
            Transformation::Compute { .. } | Transformation::Concat { .. } => {
                Ok(Set::Records { all, ordered })
            }
        }
    }

    /// The first `need` in this order. What is equal lies as it lay, or by key where nobody has put it anywhere.
    fn sorted(&self, all: Vec<S::Id>, ordered: bool, order: &[Order], need: usize) -> Vec<S::Id> {
        let need = need.min(all.len());
        if !ordered {
            return self.instances.first(&all, order, need);
        }
        let mut all = all;
        put_in_order(&mut all, order, |one, expr| self.instances.value(*one, expr));
        all.truncate(need);
        all
    }

    fn of_rows(&self, mut rows: Vec<Record>, step: &Transformation) -> Result<Set<S::Id>, TooMany> {
        let value = |row: &Record, expr: &Expr| evaluate(expr, row, self.context);
        match step {
            Transformation::Filter(filter) => rows.retain(|row| matches(filter, row, self.context)),
            Transformation::Compute { from, terms } => {
                for row in &mut rows {
                    // Each looks at the row as it was.
                    let values: Vec<_> = terms.iter().map(|term| value(row, term)).collect();
                    for (number, value) in (*from..).zip(values) {
                        value.map(|value| row.set(column(number), value));
                    }
                }
            }
            Transformation::Group(grouping) => {
                let all: Vec<usize> = (0..rows.len()).collect();
                rows = grouped(grouping, &all, self.resource, &|at, expr| value(&rows[at], expr));
            }
            Transformation::Each(each) => {
                let all: Vec<usize> = (0..rows.len()).collect();
                let groups = split(&all, &each.by, &|at: usize, expr| value(&rows[at], expr));
                let set = |(key, of): Group<usize>| {
                    (key, Set::Rows(of.into_iter().map(|at| rows[at].clone()).collect()))
                };
                let groups = groups.into_iter().map(set).collect();
                return self.each(groups, each, false);
            }
            Transformation::Order(order) => put_in_order(&mut rows, order, value),
            Transformation::Skip(skip) => drop(rows.drain(..number(*skip).min(rows.len()))),
            Transformation::Top(top) => rows.truncate(number(*top)),
            Transformation::Rank(Rank { order, most }) => {
                put_in_order(&mut rows, std::slice::from_ref(order), value);
                let values: Vec<_> = rows.iter().map(|row| value(row, &order.by)).collect();
                rows.truncate(most.of(&values));
            }
            Transformation::Join(_) | Transformation::Concat { .. } => {}
        }
        Ok(Set::Rows(rows))
    }

    /// Does something with each group by itself, in the order of what they are grouped by; `stay` says that records
    /// come of records.
    fn each(&self, mut groups: Vec<Parted<S::Id>>, each: &Each, stay: bool) -> Result<Set<S::Id>, TooMany> {
        groups.sort_by(|(a, _), (b, _)| rows::compare_keys(a, b));
        let (mut records, mut found) = (Vec::new(), Vec::new());
        for (key, set) in groups {
            match self.steps(set, &each.steps)? {
                Set::Records { all, ordered } => records.extend(self.settled(all, ordered)),
                Set::Rows(rows) => match &each.columns {
                    None => found.extend(rows),
                    Some(columns) => {
                        found.extend(rows.iter().map(|row| rows::under(row, &key, columns)));
                    }
                },
                Set::Mixed(_) => {}
            }
            few(found.len(), TooMany::Items)?;
        }
        if stay { Ok(Set::Records { all: records, ordered: true }) } else { Ok(Set::Rows(found)) }
    }

    fn concat(&self, set: &Set<S::Id>, branches: &[Branch], width: usize) -> Result<Set<S::Id>, TooMany> {
        let mut parts: Vec<Part<S::Id>> = Vec::new();
        let mut items = 0;
        for Branch { steps, columns } in branches {
            let made = match self.steps(set.clone(), steps)? {
                Set::Records { all, ordered } => {
                    few(items + all.len(), TooMany::Items)?;
                    vec![Part::Records(self.settled(all, ordered))]
                }
                Set::Rows(rows) => {
                    few(items + rows.len(), TooMany::Items)?;
                    vec![Part::Rows(rows.iter().map(|row| place(row, columns, width)).collect())]
                }
                Set::Mixed(parts) => {
                    let placed = |part| match part {
                        Part::Rows(rows) => {
                            Part::Rows(rows.iter().map(|row| place(row, columns, width)).collect())
                        }
                        records @ Part::Records(_) => records,
                    };
                    parts.into_iter().map(placed).collect()
                }
            };
            for part in made {
                items += part.len();
                few(items, TooMany::Items)?;
                match (parts.last_mut(), part) {
                    (Some(Part::Records(all)), Part::Records(more)) => all.extend(more),
                    (Some(Part::Rows(all)), Part::Rows(more)) => all.extend(more),
                    (_, part) => parts.push(part),
                }
            }
        }
        if parts.len() > 1 {
            return Ok(Set::Mixed(parts));
        }
        Ok(match parts.pop() {
            Some(Part::Records(all)) => Set::Records { all, ordered: true },
            Some(Part::Rows(rows)) => Set::Rows(rows),
            None => Set::Rows(Vec::new()),
        })
    }
}
