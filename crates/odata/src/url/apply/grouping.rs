//! `groupby((…),aggregate(…))` and `aggregate(…)`.

use dictionary::{ResourceId, Type};
use query::{Aggregate, Branch, Expr, FieldRef, From, Grouping, Kind, Method, Transformation};

use super::super::alias::Alias;
use super::super::cursor::shown;
use super::super::expression::Parser;
use super::super::term::{Term, called, capital};
use super::rollup::Levels;
use super::{Applied, Sequence, Shape, numbered, sum_type};
use crate::Fault;

const METHODS: [(&str, Method); 5] = [
    ("sum", Method::Sum),
    ("min", Method::Min),
    ("max", Method::Max),
    ("average", Method::Average),
    ("countdistinct", Method::CountDistinct),
];

impl Parser<'_> {
    /// What stands in the parentheses of `groupby`: what is grouped by, and what is done with each group.
    pub(super) fn groupby(&mut self, sequence: &mut Sequence) -> Result<(), Fault> {
        let at = self.cursor.at;
        let Levels { columns, groupings } = self.levels()?;
        let done = self.transformations;
        let each =
            if self.cursor.eat_spaced(b',') { self.for_each(&columns, sequence)? } else { Each::Nothing };
        // What is done with each group is done in every grouping.
        let more = (self.transformations - done) * (groupings.len() - 1);
        self.transformations += more + groupings.len() - 1;
        self.few_transformations()?;
        let mut all = numbered(columns.clone());
        let mut branches = Vec::new();
        for grouping in &groupings {
            let by: Vec<Alias> = grouping.iter().map(|column| columns[*column].clone()).collect();
            let (step, shape) = self.one_grouping(by, &each)?;
            let columns = match &shape {
                Shape::Rows(columns) => self.joined(&mut all, columns)?,
                Shape::Records => Vec::new(),
                Shape::Mixed(_) => return Err(self.cursor.unsupported(at, "Records and rows in each group")),
            };
            branches.push((Branch { steps: step, columns }, shape));
        }
        let preserving = matches!(&each, Each::Sequence(inner) if inner.preserving);
        sequence.preserving &= preserving;
        if !preserving {
            self.open_join = None;
        }
        if let [(_, shape)] = &*branches {
            let shape = shape.clone();
            sequence.applied.steps.extend(branches.pop().into_iter().flat_map(|(branch, _)| branch.steps));
            self.shaped(sequence, shape);
            return Ok(());
        }
        let records = branches.iter().all(|(_, shape)| matches!(shape, Shape::Records));
        let branches = branches.into_iter().map(|(branch, _)| branch).collect();
        let (shape, width) =
            if records { (Shape::Records, 0) } else { (Shape::Rows(all.clone()), all.len()) };
        sequence.applied.steps.push(Transformation::Concat { branches, width });
        self.shaped(sequence, shape);
        Ok(())
    }

    /// What is done with each group of `columns`.
    fn for_each(&mut self, columns: &[Alias], sequence: &Sequence) -> Result<Each, Fault> {
        let inner = self.inner(&sequence.applied.shape)?;
        let Applied { steps, shape } = &inner.applied;
        if let (Shape::Rows(made), false) = (shape, inner.preserving) {
            let clash = made.iter().find(|one| {
                columns.iter().any(|by| by.name == one.name && (!by.declared || by.field != one.field))
            });
            if let Some(clash) = clash {
                let message = format!("{} is the name of something else.", clash.name);
                return Err(self.cursor.bad(self.cursor.at, "name_taken", message, "Choose another name."));
            }
            if let [Transformation::Group(Grouping { by, of })] = &**steps
                && by.is_empty()
            {
                return Ok(Each::Rows(of.clone(), made.clone()));
            }
        }
        Ok(Each::Sequence(inner))
    }

    /// The steps of one grouping, and what there is then.
    fn one_grouping(&self, by: Vec<Alias>, each: &Each) -> Result<(Vec<Transformation>, Shape), Fault> {
        let terms: Vec<Expr> = by.iter().map(|alias| alias.expr.clone()).collect();
        let (of, made) = match each {
            Each::Nothing => (&[][..], &[][..]),
            Each::Rows(of, made) => (&**of, &**made),
            Each::Sequence(Sequence { applied: Applied { steps, shape }, preserving }) => {
                if terms.is_empty() {
                    return Ok((steps.clone(), shape.clone()));
                }
                let mut each = query::Each { by: terms, steps: steps.clone(), columns: None };
                let shape = match shape {
                    Shape::Rows(made) if !preserving => {
                        let mut all = numbered(by);
                        each.columns = Some(self.joined(&mut all, made)?);
                        Shape::Rows(all)
                    }
                    shape => shape.clone(),
                };
                return Ok((vec![Transformation::Each(each)], shape));
            }
        };
        let columns = numbered([&by, made].concat());
        self.room(columns.len().saturating_sub(1))?;
        let step = Transformation::Group(Grouping { by: terms, of: of.to_vec() });
        Ok((vec![step], Shape::Rows(columns)))
    }

    /// A field, of the record or of one that it links to, or a computed name.
    pub(super) fn grouped_by(&mut self) -> Result<Alias, Fault> {
        self.refuse_at_sign()?;
        let at = self.cursor.at;
        let word = self.cursor.dotted()?;
        if word.is_empty() {
            return Err(self.cursor.expected("a field", "Group by fields with commas between."));
        }
        let term = self.path(at, word)?;
        if matches!(term.kind, Kind::TextList | Kind::Point) {
            let message = format!("{} is not what records are grouped by.", capital(called(term.kind)));
            return Err(self.cursor.bad(at, "wrong_type", message, "Group by a field of one value."));
        }
        let before = self.named_already(&term);
        let (name, declared) = match (&term.expr, before) {
            (_, Some(alias)) => (alias.name.clone(), alias.declared),
            (Expr::Field(field), None) => (self.path_of(self.resource(), field), true),
            _ => {
                let hint = "Compute it first: compute(… as Name)/groupby((Name)).";
                return Err(self.cursor.bad(at, "wrong_type", "Records are grouped by fields.", hint));
            }
        };
        Ok(Alias { declared, ..Alias::of(name, term) })
    }

    /// The computed value or column that the term was named by, if it was.
    fn named_already(&self, term: &Term<'_>) -> Option<&Alias> {
        self.aliases.iter().chain(self.unknown_columns()).find(|alias| alias.expr == term.expr)
    }

    /// The names of links and of a field from a record of `resource`.
    pub(super) fn path_of(&self, resource: ResourceId, field: &FieldRef) -> String {
        let mut path = String::new();
        let mut resource = self.reading.words(resource);
        for link in &field.via {
            path.push_str(&resource.link(*link).name);
            path.push('/');
            resource = self.reading.words(resource.link(*link).target);
        }
        path.push_str(&resource.field(field.field).name);
        path
    }

    /// `ListPrice with sum as Total, $count as Listings`
    pub(super) fn aggregates(&mut self) -> Result<(Vec<Aggregate>, Vec<Alias>), Fault> {
        let (mut of, mut columns): (Vec<_>, Vec<Alias>) = (Vec::new(), Vec::new());
        loop {
            self.cursor.space();
            self.room(columns.len())?;
            let (aggregate, alias) = self.aggregated()?;
            if columns.iter().any(|other| other.name == alias.name) {
                let message = format!("{} is the name of something else.", alias.name);
                return Err(self.cursor.bad(self.cursor.at, "name_taken", message, "Choose another name."));
            }
            of.push(aggregate);
            columns.push(alias);
            if !self.cursor.eat_spaced(b',') {
                return Ok((of, columns));
            }
        }
    }

    fn aggregated(&mut self) -> Result<(Aggregate, Alias), Fault> {
        let at = self.cursor.at;
        let rest = self.cursor.rest();
        if rest.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("$count")) {
            self.cursor.at += 6;
            let from = self.from()?;
            let ty = from.iter().fold(COUNTED, |ty, from| aggregated_type(from.method, ty));
            let name = self.named_as()?;
            let of = Aggregate { method: Method::Count, of: Expr::Null, from };
            return Ok((of, number_of(name, ty)));
        }
        let own = std::mem::replace(&mut self.named, true);
        let term = self.expression()?;
        self.named = own;
        self.sound(&term)?;
        let method = self.method()?;
        let number = matches!(term.kind, Kind::Number | Kind::Null);
        let fits = match method {
            Method::Sum | Method::Average => number,
            Method::Min | Method::Max => term.kind.is_ordered(),
            _ => !matches!(term.kind, Kind::TextList | Kind::Polygon | Kind::LineString),
        };
        if !fits {
            let message = format!("{} cannot be aggregated like this.", capital(called(term.kind)));
            let hint =
                "sum and average take numbers, min and max what has an order, countdistinct single values.";
            return Err(self.cursor.bad(at, "wrong_type", message, hint));
        }
        let from = self.from()?;
        let mut number = number || !matches!(method, Method::Min | Method::Max);
        for From { method, .. } in &from {
            if matches!(method, Method::Sum | Method::Average) && !number {
                let message = format!("{} cannot be aggregated like this.", capital(called(term.kind)));
                return Err(self.cursor.bad(at, "wrong_type", message, "sum and average take numbers."));
            }
            number |= !matches!(method, Method::Min | Method::Max);
        }
        let name = self.named_as()?;
        let aggregate = Aggregate { method, of: term.expr.clone(), from };
        let methods = std::iter::once(method).chain(aggregate.from.iter().map(|from| from.method));
        let kept = methods.clone().all(|method| matches!(method, Method::Min | Method::Max));
        let ty = methods.fold(term.ty, |ty, method| aggregated_type(method, ty));
        Ok((aggregate, if kept { Alias::of(name, term) } else { number_of(name, ty) }))
    }

    /// `from City with average`, as often as it stands there.
    fn from(&mut self) -> Result<Vec<From>, Fault> {
        let mut from = Vec::new();
        loop {
            let before = self.cursor.at;
            if !self.cursor.space() || self.cursor.peek_name() != "from" {
                self.cursor.at = before;
                return Ok(from);
            }
            self.cursor.at += 4;
            let mut by: Vec<Alias> = Vec::new();
            loop {
                self.cursor.space();
                self.room(by.len() + from.len())?;
                by.push(self.grouped_by()?);
                if !self.cursor.eat_spaced(b',') {
                    break;
                }
            }
            let method = self.method()?;
            from.push(From { by: by.into_iter().map(|alias| alias.expr).collect(), method });
        }
    }

    fn method(&mut self) -> Result<Method, Fault> {
        let names: Vec<&str> = METHODS.iter().map(|(name, _)| *name).collect();
        let hint = format!("Write … with METHOD as Name; the methods are {}.", names.join(", "));
        let spaced = self.cursor.space();
        if !spaced || self.cursor.peek_name() != "with" {
            return Err(self.cursor.expected("`with`", hint));
        }
        self.cursor.at += 4;
        self.cursor.space();
        let at = self.cursor.at;
        let word = self.cursor.dotted()?;
        if word.contains('.') {
            return Err(self.cursor.unsupported(at, &format!("The method {}", shown(word))));
        }
        let found = METHODS.iter().find(|(name, _)| *name == word).map(|(_, method)| *method);
        found.ok_or_else(|| {
            self.cursor.bad(at, "unknown_method", format!("There is no method {}.", shown(word)), hint)
        })
    }
}

/// What is done with each group.
enum Each {
    /// It becomes a row.
    Nothing,
    /// It is aggregated to these columns.
    Rows(Vec<Aggregate>, Vec<Alias>),
    /// Something else.
    Sequence(Sequence),
}

/// The type of a number of records or values (Data Aggregation 4.0, 3.2.1.4: a decimal without digits after the point).
const COUNTED: Option<Type> = Some(Type::Decimal { precision: None, scale: Some(0) });

fn aggregated_type(method: Method, of: Option<Type>) -> Option<Type> {
    match method {
        Method::Sum | Method::Average => sum_type(of),
        Method::CountDistinct | Method::Count => COUNTED,
        Method::Min | Method::Max => of,
    }
}

/// A column of numbers that are no field's.
fn number_of(name: String, ty: Option<Type>) -> Alias {
    Alias { name, expr: Expr::Null, kind: Kind::Number, ty, field: None, height: 1, declared: false }
}
