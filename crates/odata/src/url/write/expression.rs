//! Expressions as OData writes them, with the parentheses that are needed and no others.

use dictionary::{Dictionary, LinkId, Resource, ResourceId, Value};
use query::{Arithmetic, Comparison, Expr, FieldRef, Function, LinkRef, Over, Quantifier, Quantity};

use super::literal;
use crate::url::functions::name_of;

/// How tightly a literal, a path or a function holds together: nothing needs parentheses around it.
const TIGHTEST: u8 = 9;

pub(super) struct Writer<'a> {
    dictionary: &'a Dictionary,
    pub(super) text: String,
    /// By scope: the resource of its records, none where they are elements of a list.
    scopes: Vec<Option<&'a Resource>>,
    /// By scope from 1.
    variables: Vec<String>,
    /// Whether a literal that is written now is compared as it is.
    compared: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(dictionary: &'a Dictionary, resource: &'a Resource) -> Self {
        Self {
            dictionary,
            text: String::new(),
            scopes: vec![Some(resource)],
            variables: Vec::new(),
            compared: false,
        }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes `expr` where something at least this tight is expected.
    pub(super) fn write(&mut self, expr: &Expr, loosest: u8) {
        let enclosed = tightness(expr) < loosest;
        if enclosed {
            self.push("(");
        }
        self.bare(expr);
        if enclosed {
            self.push(")");
        }
    }

    fn bare(&mut self, expr: &Expr) {
        match expr {
            Expr::Null => self.push("null"),
            Expr::Value(value) => {
                literal::write(&mut self.text, value);
                // `5 div 2` is 2 and `5.0 div 2` is 2.5; what is compared alone has the same value either way.
                if !self.compared && matches!(value, Value::Decimal(number) if number.scale() == 0) {
                    self.push(".0");
                }
            }
            Expr::Polygon(rings) => literal::polygon(&mut self.text, rings),
            Expr::LineString(line) => literal::line(&mut self.text, line),
            Expr::Field(field) => self.field(field),
            Expr::Element(scope) => self.variable(*scope),
            Expr::Count(over) => {
                self.over(over);
                self.push("/$count");
            }
            Expr::Compare(by, a, b) => {
                let tightness = tightness(expr);
                self.operand(a, tightness);
                self.push(&format!(" {} ", comparison(*by)));
                self.operand(b, tightness + 1);
            }
            Expr::Arithmetic(by, a, b) => {
                let tightness = tightness(expr);
                self.write(a, tightness);
                self.push(&format!(" {} ", arithmetic(*by)));
                self.write(b, tightness + 1);
            }
            Expr::Has(a, b) => {
                self.write(a, 8);
                self.push(" has ");
                self.write(b, TIGHTEST);
            }
            Expr::In(a, list) => {
                self.operand(a, 8);
                self.push(" in ");
                self.list(list, TIGHTEST, Self::operand);
            }
            Expr::And(list) => self.joined(list, " and ", 3, "true"),
            Expr::Or(list) => self.joined(list, " or ", 2, "false"),
            Expr::Not(a) => {
                self.push("not ");
                self.write(a, 7);
            }
            Expr::Negate(a) => {
                self.push("-");
                // A minus before a digit would be the number's own.
                self.write(a, if matches!(**a, Expr::Value(_)) { TIGHTEST + 1 } else { 7 });
            }
            Expr::Call(function, arguments) => self.call(*function, arguments),
            Expr::Quantified(quantifier) => self.quantified(quantifier),
        }
    }

    /// An operand of a comparison.
    fn operand(&mut self, expr: &Expr, loosest: u8) {
        self.compared = matches!(expr, Expr::Value(_));
        self.write(expr, loosest);
        self.compared = false;
    }

    fn joined(&mut self, list: &[Expr], word: &str, loosest: u8, empty: &str) {
        if list.is_empty() {
            self.push(empty);
        }
        for (at, one) in list.iter().enumerate() {
            if at > 0 {
                self.push(word);
            }
            self.write(one, loosest);
        }
    }

    fn list(&mut self, list: &[Expr], loosest: u8, write: fn(&mut Self, &Expr, u8)) {
        self.push("(");
        for (at, one) in list.iter().enumerate() {
            if at > 0 {
                self.push(",");
            }
            write(self, one, loosest);
        }
        self.push(")");
    }

    fn call(&mut self, function: Function, arguments: &[Expr]) {
        let (name, ty) = match function {
            Function::Cast(ty) => ("cast", Some(ty)),
            Function::IsOf(ty) => ("isof", Some(ty)),
            other => (name_of(other), None),
        };
        self.push(name);
        self.list(arguments, 1, Self::write);
        if let Some(ty) = ty {
            self.text.pop();
            self.push(",");
            self.push(ty.edm());
            self.push(")");
        }
    }

    fn quantified(&mut self, quantifier: &Quantifier) {
        let inner = self.over(&quantifier.over);
        self.push(match quantifier.quantity {
            Quantity::Any => "/any(",
            Quantity::All => "/all(",
        });
        if let Some(body) = &quantifier.body {
            let variable = self.fresh();
            self.push(&variable);
            self.push(":");
            self.variables.push(variable);
            self.scopes.push(inner.map(|id| self.dictionary.resource(id)));
            self.write(body, 1);
            self.scopes.pop();
            self.variables.pop();
        }
        self.push(")");
    }

    /// A name for the next variable that no field of the record asked about has.
    fn fresh(&self) -> String {
        let mut name = format!("x{}", self.variables.len() + 1);
        while self.scopes[0].is_some_and(|r| r.find(&name).is_some() || r.find_link(&name).is_some()) {
            name.push('_');
        }
        name
    }

    fn variable(&mut self, scope: u8) {
        let variable = usize::from(scope).checked_sub(1).and_then(|at| self.variables.get(at)).cloned();
        self.push(&variable.unwrap_or_else(|| "$it".to_owned()));
    }

    fn field(&mut self, field: &FieldRef) {
        let end = self.way(field.scope, &field.via);
        let name = end.map_or("", |resource| &*resource.field(field.field).name);
        self.push(name);
    }

    /// Writes what a quantifier ranges over, and says whose records those are.
    fn over(&mut self, over: &Over) -> Option<ResourceId> {
        match over {
            Over::List(field) => {
                self.field(field);
                None
            }
            Over::Link(LinkRef { scope, via, link }) => {
                let link = self.way(*scope, via)?.link(*link);
                self.text.push_str(&link.name);
                Some(link.target)
            }
        }
    }

    /// Writes the path to a record, a slash at its end, and says of which resource the record is.
    fn way(&mut self, scope: u8, via: &[LinkId]) -> Option<&'a Resource> {
        if scope > 0 {
            self.variable(scope);
            self.push("/");
        }
        let mut resource = (*self.scopes.get(usize::from(scope))?)?;
        for link in via {
            let link = resource.link(*link);
            self.text.push_str(&link.name);
            self.push("/");
            resource = self.dictionary.resource(link.target);
        }
        Some(resource)
    }
}

fn tightness(expr: &Expr) -> u8 {
    match expr {
        Expr::Or(list) if !list.is_empty() => 1,
        Expr::And(list) if !list.is_empty() => 2,
        Expr::Compare(Comparison::Equal | Comparison::NotEqual, ..) => 3,
        Expr::Compare(..) => 4,
        Expr::Arithmetic(Arithmetic::Add | Arithmetic::Subtract, ..) => 5,
        Expr::Arithmetic(..) => 6,
        Expr::Not(_) | Expr::Negate(_) => 7,
        Expr::Has(..) | Expr::In(..) => 8,
        _ => TIGHTEST,
    }
}

fn comparison(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "eq",
        Comparison::NotEqual => "ne",
        Comparison::Greater => "gt",
        Comparison::GreaterOrEqual => "ge",
        Comparison::Less => "lt",
        Comparison::LessOrEqual => "le",
    }
}

fn arithmetic(arithmetic: Arithmetic) -> &'static str {
    match arithmetic {
        Arithmetic::Add => "add",
        Arithmetic::Subtract => "sub",
        Arithmetic::Multiply => "mul",
        Arithmetic::Divide => "div",
        Arithmetic::DivideBy => "divby",
        Arithmetic::Modulo => "mod",
    }
}
