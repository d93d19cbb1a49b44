//! `groupby((…),aggregate(…))` and `aggregate(…)`.

use dictionary::{FieldId, ResourceId, Type};
use query::{Aggregate, Expr, FieldRef, Grouping, Kind, Method};

use super::super::Limits;
use super::super::alias::Alias;
use super::super::cursor::shown;
use super::super::expression::Parser;
use super::super::term::{Term, called, capital};
use super::sum_type;
use crate::Fault;

const METHODS: [(&str, Method); 5] = [
    ("sum", Method::Sum),
    ("min", Method::Min),
    ("max", Method::Max),
    ("average", Method::Average),
    ("countdistinct", Method::CountDistinct),
];

impl Parser<'_> {
    /// What stands in the parentheses of `groupby`.
    pub(super) fn groupby(&mut self) -> Result<(Grouping, Vec<Alias>), Fault> {
        self.cursor.expect(b'(', "Write groupby((City),aggregate($count as Listings)).")?;
        let (mut by, mut columns) = (Vec::new(), Vec::new());
        loop {
            self.cursor.space();
            let alias = self.grouped_by()?;
            if columns.iter().any(|other: &Alias| other.name == alias.name) {
                let message = format!("{} stands twice.", alias.name);
                return Err(self.cursor.bad(self.cursor.at, "duplicate_option", message, "Write it once."));
            }
            self.room(columns.len())?;
            by.push(alias.expr.clone());
            columns.push(alias);
            if !self.cursor.eat_spaced(b',') {
                break;
            }
        }
        self.close()?;
        if !self.cursor.eat_spaced(b',') {
            return Ok((Grouping { by, of: Vec::new() }, columns));
        }
        let at = self.cursor.at;
        let word = self.cursor.dotted()?;
        if word != "aggregate" {
            let what = format!("{} for each group", shown(word));
            return Err(self.cursor.unsupported(at, &what));
        }
        self.cursor.expect(b'(', "Write aggregate(…).")?;
        let found = self.aggregates(by, columns)?;
        self.close()?;
        self.cursor.space();
        if self.cursor.peek() == Some(b'/') {
            return Err(self
                .cursor
                .unsupported(self.cursor.at, "A transformation after aggregate in each group"));
        }
        Ok(found)
    }

    /// A field, of the record or of one that it links to, or a computed name.
    fn grouped_by(&mut self) -> Result<Alias, Fault> {
        self.refuse_at_sign()?;
        let at = self.cursor.at;
        let word = self.cursor.dotted()?;
        if word.is_empty() {
            return Err(self.cursor.expected("a field", "Group by fields with commas between."));
        }
        if matches!(word, "rollup" | "rolluprecursive") && self.cursor.peek() == Some(b'(') {
            return Err(self.cursor.unsupported(at, word));
        }
        let term = self.path(at, word)?;
        if matches!(term.kind, Kind::TextList | Kind::Point) {
            let message = format!("{} is not what records are grouped by.", capital(called(term.kind)));
            return Err(self.cursor.bad(at, "wrong_type", message, "Group by a field of one value."));
        }
        let before = self.named_already(&term);
        let (name, declared) = match (&term.expr, before) {
            (_, Some(alias)) => (alias.name.clone(), alias.declared),
            (Expr::Field(field), None) => (self.path_of(field), true),
            _ => {
                let hint = "Compute it first: compute(… as Name)/groupby((Name)).";
                return Err(self.cursor.bad(at, "wrong_type", "Records are grouped by fields.", hint));
            }
        };
        Ok(Alias { declared, ..Alias::of(name, term) })
    }

    /// The computed value or column that the term was named by, if it was.
    fn named_already(&self, term: &Term<'_>) -> Option<&Alias> {
        self.aliases.iter().find(|alias| alias.expr == term.expr)
    }

    fn path_of(&self, field: &FieldRef) -> String {
        let mut path = String::new();
        let mut resource = self.reading.words(self.resource());
        for link in &field.via {
            path.push_str(&resource.link(*link).name);
            path.push('/');
            resource = self.reading.words(resource.link(*link).target);
        }
        path.push_str(&resource.field(field.field).name);
        path
    }

    /// `ListPrice with sum as Total, $count as Listings`, after what is grouped by.
    pub(super) fn aggregates(
        &mut self,
        by: Vec<Expr>,
        mut columns: Vec<Alias>,
    ) -> Result<(Grouping, Vec<Alias>), Fault> {
        let mut of = Vec::new();
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
                return Ok((Grouping { by, of }, columns));
            }
        }
    }

    fn room(&self, columns: usize) -> Result<(), Fault> {
        if columns < Limits::NAMED {
            return Ok(());
        }
        let message = format!("There are more than {} columns.", Limits::NAMED);
        Err(self.cursor.bad(self.cursor.at, "too_many", message, "Ask for fewer."))
    }

    fn aggregated(&mut self) -> Result<(Aggregate, Alias), Fault> {
        let at = self.cursor.at;
        let rest = self.cursor.rest();
        if rest.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("$count")) {
            self.cursor.at += 6;
            self.refuse_from()?;
            let name = self.named_as()?;
            let of = Aggregate { method: Method::Count, of: Expr::Null };
            return Ok((of, counted(name)));
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
        self.refuse_from()?;
        let name = self.named_as()?;
        let aggregate = Aggregate { method, of: term.expr.clone() };
        let alias = match method {
            Method::Sum | Method::Average => {
                let ty = sum_type(term.ty);
                Alias { kind: Kind::Number, ty, field: None, ..Alias::of(name, term) }
            }
            Method::CountDistinct | Method::Count => counted(name),
            Method::Min | Method::Max => Alias::of(name, term),
        };
        Ok((aggregate, alias))
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

    fn refuse_from(&self) -> Result<(), Fault> {
        let mut ahead = self.cursor;
        ahead.space();
        match ahead.peek_name() {
            "from" => Err(self.cursor.unsupported(ahead.at, "from in an aggregation")),
            _ => Ok(()),
        }
    }
}

/// A number of records or values (Data Aggregation 4.0, 3.2.1.4: a decimal without digits after the point).
fn counted(name: String) -> Alias {
    let ty = Some(Type::Decimal { precision: None, scale: Some(0) });
    let field: Option<(ResourceId, FieldId)> = None;
    Alias { name, expr: Expr::Null, kind: Kind::Number, ty, field, height: 1, declared: false }
}
