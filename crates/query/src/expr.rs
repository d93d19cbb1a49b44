//! Expressions: filters, orders and computed values.

use dictionary::{FieldId, LinkId, Type, Value};

/// A field of the record asked about, or of one that it links to.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FieldRef {
    /// Whose field: 0 is the record asked about, 1 the variable of the outermost lambda around, and so on
    /// inwards.
    pub scope: u8,
    /// Links to one record each, followed in turn from there (`ListAgent/Office/…`). Empty for most.
    pub via: Box<[LinkId]>,
    /// The field of the resource that the last link leads to.
    pub field: FieldId,
}

impl FieldRef {
    /// A field of the record asked about.
    #[must_use]
    pub fn own(field: FieldId) -> Self {
        Self { scope: 0, via: Box::default(), field }
    }
}

/// A link of the record asked about, or of one that it links to.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct LinkRef {
    /// As in [`FieldRef::scope`].
    pub scope: u8,
    /// As in [`FieldRef::via`].
    pub via: Box<[LinkId]>,
    /// The link whose records are meant.
    pub link: LinkId,
}

/// What `any`, `all` and `/$count` range over.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Over {
    /// The elements of a list field.
    List(FieldRef),
    /// The records of a link.
    Link(LinkRef),
}

/// `any` or `all`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Quantity {
    /// True where one is.
    Any,
    /// True where none is not.
    All,
}

/// `Media/any(m: …)`. Its variable's scope is one more than the number of quantifiers around it.
#[derive(Clone, PartialEq, Debug)]
pub struct Quantifier {
    /// `any` or `all`.
    pub quantity: Quantity,
    /// The list or link.
    pub over: Over,
    /// What must hold for one; none in `Media/any()`.
    pub body: Option<Expr>,
}

/// `eq ne gt ge lt le`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Comparison {
    /// `eq`: null equals null alone.
    Equal,
    /// `ne`: the opposite of `eq`, never null.
    NotEqual,
    /// `gt`: false where a side is null.
    Greater,
    /// `ge`: false where a side is null, but `null ge null` as OData 4.01 says is false too.
    GreaterOrEqual,
    /// `lt`: false where a side is null.
    Less,
    /// `le`: false where a side is null.
    LessOrEqual,
}

/// `add sub mul div divby mod`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Arithmetic {
    /// `add`
    Add,
    /// `sub`
    Subtract,
    /// `mul`
    Multiply,
    /// `div`: of two whole numbers the whole quotient, towards zero.
    Divide,
    /// `divby`: always with a fraction.
    DivideBy,
    /// `mod`: the remainder, with the sign of the dividend.
    Modulo,
}

/// A function of OData's URL conventions (4.01 part 2, 5.1.1.5 to 5.1.1.13).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "each is named as OData names it")]
pub enum Function {
    Contains,
    StartsWith,
    EndsWith,
    Length,
    IndexOf,
    Substring,
    ToLower,
    ToUpper,
    Trim,
    Concat,
    MatchesPattern,
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    FractionalSeconds,
    Date,
    Time,
    TotalOffsetMinutes,
    Now,
    MinDateTime,
    MaxDateTime,
    Round,
    Floor,
    Ceiling,
    /// `cast(e, type)`: null where the value cannot be of the type.
    Cast(Type),
    /// `isof(e, type)`
    IsOf(Type),
    /// `geo.distance(point, point)`, in metres on the sphere of radius 6,371,008.8 m.
    GeoDistance,
    /// `geo.intersects(point, polygon)`; the polygon's border is inside.
    GeoIntersects,
    /// `geo.length(linestring)`, in metres.
    GeoLength,
    /// Freehold's own: the words of the second argument stand in the text of the first, in any order;
    /// words between double quotes stand together, in that order. Letters' case is ignored.
    Mentions,
}

impl Function {
    /// The name, as OData spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::StartsWith => "startswith",
            Self::EndsWith => "endswith",
            Self::Length => "length",
            Self::IndexOf => "indexof",
            Self::Substring => "substring",
            Self::ToLower => "tolower",
            Self::ToUpper => "toupper",
            Self::Trim => "trim",
            Self::Concat => "concat",
            Self::MatchesPattern => "matchesPattern",
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Minute => "minute",
            Self::Second => "second",
            Self::FractionalSeconds => "fractionalseconds",
            Self::Date => "date",
            Self::Time => "time",
            Self::TotalOffsetMinutes => "totaloffsetminutes",
            Self::Now => "now",
            Self::MinDateTime => "mindatetime",
            Self::MaxDateTime => "maxdatetime",
            Self::Round => "round",
            Self::Floor => "floor",
            Self::Ceiling => "ceiling",
            Self::Cast(_) => "cast",
            Self::IsOf(_) => "isof",
            Self::GeoDistance => "geo.distance",
            Self::GeoIntersects => "geo.intersects",
            Self::GeoLength => "geo.length",
            Self::Mentions => "mentions",
        }
    }
}

/// An expression. Boolean ones are filters; [`kind_of`](crate::kind_of) tells them apart.
#[derive(Clone, PartialEq, Debug)]
pub enum Expr {
    /// `null`
    Null,
    /// A literal.
    Value(Value),
    /// A polygon literal: its rings, the outer first, each closed, as (longitude, latitude) in degrees.
    Polygon(Vec<Vec<(f64, f64)>>),
    /// A line literal, as (longitude, latitude) in degrees.
    LineString(Vec<(f64, f64)>),
    /// The value of a field.
    Field(FieldRef),
    /// The element of a list field that the lambda of this scope ranges over.
    Element(u8),
    /// `Media/$count`, `Appliances/$count`
    Count(Over),
    /// `a eq b`
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// `a in (…)`; a null among the values is matched by null.
    In(Box<Expr>, Vec<Expr>),
    /// `a has b`: the list or text on the left holds the text on the right.
    Has(Box<Expr>, Box<Expr>),
    /// `a and b and …`
    And(Vec<Expr>),
    /// `a or b or …`
    Or(Vec<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `a add b`
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// `-a`
    Negate(Box<Expr>),
    /// `f(a, …)`
    Call(Function, Vec<Expr>),
    /// `Media/any(m: …)`
    Quantified(Box<Quantifier>),
}

impl Expr {
    /// A field of the record asked about.
    #[must_use]
    pub fn field(field: FieldId) -> Self {
        Self::Field(FieldRef::own(field))
    }

    /// `field eq value`
    #[must_use]
    pub fn equal(field: FieldId, value: impl Into<Value>) -> Self {
        Self::compare(field, Comparison::Equal, value)
    }

    /// `field op value`
    #[must_use]
    pub fn compare(field: FieldId, comparison: Comparison, value: impl Into<Value>) -> Self {
        Self::Compare(comparison, Box::new(Self::field(field)), Box::new(Self::Value(value.into())))
    }

    /// `self and other`; neither is nested where it is an `and` itself.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut all = match self {
            Self::And(all) => all,
            one => vec![one],
        };
        match other {
            Self::And(more) => all.extend(more),
            one => all.push(one),
        }
        Self::And(all)
    }

    /// Calls `visit` with every expression in this one, itself first.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        match self {
            Self::Null
            | Self::Value(_)
            | Self::Polygon(_)
            | Self::LineString(_)
            | Self::Field(_)
            | Self::Element(_)
            | Self::Count(_) => {}
            Self::Compare(_, a, b) | Self::Has(a, b) | Self::Arithmetic(_, a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            Self::Not(a) | Self::Negate(a) => a.walk(visit),
            Self::In(a, list) => {
                a.walk(visit);
                list.iter().for_each(|e| e.walk(visit));
            }
            Self::And(list) | Self::Or(list) | Self::Call(_, list) => list.iter().for_each(|e| e.walk(visit)),
            Self::Quantified(q) => {
                if let Some(body) = &q.body {
                    body.walk(visit);
                }
            }
        }
    }

    /// Calls `change` with every expression in this one, the innermost first.
    pub fn walk_mut(&mut self, change: &mut impl FnMut(&mut Self)) {
        match self {
            Self::Null
            | Self::Value(_)
            | Self::Polygon(_)
            | Self::LineString(_)
            | Self::Field(_)
            | Self::Element(_)
            | Self::Count(_) => {}
            Self::Compare(_, a, b) | Self::Has(a, b) | Self::Arithmetic(_, a, b) => {
                a.walk_mut(change);
                b.walk_mut(change);
            }
            Self::Not(a) | Self::Negate(a) => a.walk_mut(change),
            Self::In(a, list) => {
                a.walk_mut(change);
                list.iter_mut().for_each(|e| e.walk_mut(change));
            }
            Self::And(list) | Self::Or(list) | Self::Call(_, list) => {
                list.iter_mut().for_each(|e| e.walk_mut(change));
            }
            Self::Quantified(q) => {
                if let Some(body) = &mut q.body {
                    body.walk_mut(change);
                }
            }
        }
        change(self);
    }
}
