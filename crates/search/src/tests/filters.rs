//! Random filters, orders and scopes for the town.

use dictionary::{FieldId, LinkId, Resource, ResourceId, Text, Type, Value};
use query::{
    Arithmetic, Comparison, Expr, FeedRows, FieldRef, Function, LinkRef, Nulls, Order, Over, Quantifier,
    Quantity, Rows, Scope,
};

use super::dice::Dice;
use super::town::{FEATURES, FEEDS, RESOURCES, STATUSES, Town, WORDS, instant, point};

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Greater,
    Comparison::GreaterOrEqual,
    Comparison::Less,
    Comparison::LessOrEqual,
];

/// Makes filters for one resource of a town.
pub(super) struct Maker<'a> {
    pub(super) town: &'a Town,
    pub(super) resource: &'a Resource,
    /// Variables around: the scope of the innermost.
    scope: u8,
    /// Whether links are followed.
    links: bool,
}

fn boxed(expr: Expr) -> Box<Expr> {
    Box::new(expr)
}

impl<'a> Maker<'a> {
    pub(super) fn new(town: &'a Town, resource: ResourceId) -> Self {
        Self { town, resource: town.dictionary.resource(resource), scope: 0, links: true }
    }

    /// One that follows no links.
    pub(super) fn alone(town: &'a Town, resource: ResourceId) -> Self {
        Self { links: false, ..Self::new(town, resource) }
    }

    /// A filter of some depth.
    pub(super) fn filter(&self, dice: &mut Dice, depth: usize) -> Expr {
        let few = |dice: &mut Dice| (0..1 + dice.below(3)).map(|_| self.filter(dice, depth - 1)).collect();
        match dice.below(8) {
            0..2 if depth > 0 => Expr::And(few(dice)),
            2..4 if depth > 0 => Expr::Or(few(dice)),
            4 if depth > 0 => Expr::Not(boxed(self.filter(dice, depth - 1))),
            5 if depth > 0 => self.quantified(dice, depth).unwrap_or_else(|| self.leaf(dice)),
            _ => self.leaf(dice),
        }
    }

    fn own(&self, field: FieldId) -> Expr {
        Expr::Field(FieldRef { scope: self.scope, via: Box::default(), field })
    }

    fn leaf(&self, dice: &mut Dice) -> Expr {
        let field = FieldId(u16::try_from(dice.below(self.resource.fields.len())).expect("few"));
        let (name, ty) = (self.resource.field(field).name.as_str(), self.resource.field(field).ty);
        let literal = |dice: &mut Dice| self.literal(dice, field);
        match ty {
            _ if dice.once_in(12) => {
                Expr::Compare(*dice.pick(&COMPARISONS[..2]), boxed(self.own(field)), boxed(Expr::Null))
            }
            Type::Point => self.near(dice, field),
            Type::TextList { .. } => self.listed(dice, field),
            Type::Boolean if dice.once_in(2) => self.own(field),
            Type::Text { .. } if dice.once_in(3) => self.wording(dice, field),
            _ if dice.once_in(5) => {
                let mut list: Vec<Expr> = (0..1 + dice.below(4)).map(|_| literal(dice)).collect();
                if dice.once_in(3) {
                    list.push(Expr::Null);
                }
                Expr::In(boxed(self.own(field)), list)
            }
            Type::Date if dice.once_in(3) => self.compared(
                dice,
                Expr::Call(Function::Year, vec![self.own(field)]),
                Expr::Value(Value::Integer(2020)),
            ),
            Type::Int64 | Type::Decimal { .. } if dice.once_in(4) => {
                let sum =
                    Expr::Arithmetic(Arithmetic::Add, boxed(self.own(field)), boxed(Expr::Value(1.into())));
                let other = literal(dice);
                self.compared(dice, sum, other)
            }
            _ if name == "AgentKey"
                && self.links
                && self.scope == 0
                && self.resource.name == "House"
                && dice.once_in(2) =>
            {
                self.through(dice)
            }
            _ => {
                let other = literal(dice);
                self.compared(dice, self.own(field), other)
            }
        }
    }

    /// A literal that a field's values meet, of another kind of number now and then.
    fn literal(&self, dice: &mut Dice, field: FieldId) -> Expr {
        let declared = self.resource.field(field);
        let value = match (declared.name.as_str(), declared.ty) {
            ("PictureKey", _) => Value::Integer(dice.between(0, 40)),
            (name, Type::Text { .. }) if name.ends_with("Key") => {
                Value::from(format!("{}{}", &name[..1], dice.below(40)))
            }
            (name, ty) => self.town.value(dice, name, ty),
        };
        Expr::Value(match value {
            Value::Integer(number) if dice.once_in(4) => Value::Decimal((number % 1_000).into()),
            value => value,
        })
    }

    fn compared(&self, dice: &mut Dice, a: Expr, b: Expr) -> Expr {
        let (a, b) = if dice.once_in(4) { (b, a) } else { (a, b) };
        Expr::Compare(*dice.pick(&COMPARISONS), boxed(a), boxed(b))
    }

    fn wording(&self, dice: &mut Dice, field: FieldId) -> Expr {
        let words: &[&str] =
            if dice.once_in(2) { &WORDS } else { &["ive", "A", "1", "", "the 1", "unn", "ake 77", "e 123"] };
        let word = Expr::Value(Value::from(*dice.pick(words)));
        match dice.below(6) {
            0 => Expr::Call(Function::StartsWith, vec![self.own(field), word]),
            1 => Expr::Call(Function::EndsWith, vec![self.own(field), word]),
            2 => {
                let wanted =
                    *dice.pick(&["LAKE", "\"the 5\"", "lake 50", "\"view 12345\" ", "", "äctive", "o brien"]);
                Expr::Call(Function::Mentions, vec![self.own(field), Expr::Value(wanted.into())])
            }
            3 => {
                let lower = Expr::Call(Function::ToLower, vec![self.own(field)]);
                let status = Value::from(dice.pick(&STATUSES).to_lowercase());
                self.compared(dice, lower, Expr::Value(status))
            }
            _ => Expr::Call(Function::Contains, vec![self.own(field), word]),
        }
    }

    fn listed(&self, dice: &mut Dice, field: FieldId) -> Expr {
        let word = Expr::Value(Value::from(*dice.pick(&FEATURES)));
        if dice.once_in(4) {
            return Expr::Has(boxed(self.own(field)), boxed(word));
        }
        let list = FieldRef { scope: self.scope, via: Box::default(), field };
        if dice.once_in(4) {
            return self.compared(dice, Expr::Count(Over::List(list)), Expr::Value(2.into()));
        }
        let element = Expr::Element(self.scope + 1);
        let body = match dice.below(4) {
            0 => None,
            1 => Some(Expr::Call(Function::Contains, vec![element, Expr::Value("o".into())])),
            _ => Some(self.compared(dice, element, word)),
        };
        let quantity = *dice.pick(&[Quantity::Any, Quantity::All]);
        let quantity = if body.is_none() { Quantity::Any } else { quantity };
        Expr::Quantified(Box::new(Quantifier { quantity, over: Over::List(list), body }))
    }

    fn near(&self, dice: &mut Dice, field: FieldId) -> Expr {
        if dice.once_in(2) {
            let middle = Expr::Value(Value::Point(point(dice)));
            let distance = Expr::Call(Function::GeoDistance, vec![self.own(field), middle]);
            let metres = *dice.pick(&[0.0, 500.0, 2_000.0, 3e7]);
            return self.compared(dice, distance, Expr::Value(Value::Double(metres)));
        }
        let corner = |p: dictionary::Point| (p.longitude, p.latitude);
        let mut ring: Vec<(f64, f64)> = (0..3 + dice.below(3)).map(|_| corner(point(dice))).collect();
        ring.push(ring[0]);
        let mut rings = vec![ring];
        if dice.once_in(3) {
            let (x, y) = corner(point(dice));
            rings.push(vec![(x, y), (x + 0.005, y), (x, y + 0.005), (x, y)]);
        }
        Expr::Call(Function::GeoIntersects, vec![self.own(field), Expr::Polygon(rings)])
    }

    /// A field of the one record that a link leads to.
    fn through(&self, dice: &mut Dice) -> Expr {
        let link = self.resource.find_link("Agent").expect("a house has an agent");
        let agent = self.town.dictionary.known("Agent");
        let name = *dice.pick(&["Name", "Sales", "AgentKey"]);
        let field = agent.find(name).expect("an agent has it");
        let there = Maker::new(self.town, agent.id);
        let literal = if dice.once_in(6) { Expr::Null } else { there.literal(dice, field) };
        let via = Expr::Field(FieldRef { scope: 0, via: Box::new([link]), field });
        let comparisons = if literal == Expr::Null { &COMPARISONS[..2] } else { &COMPARISONS[..] };
        Expr::Compare(*dice.pick(comparisons), boxed(via), boxed(literal))
    }

    fn quantified(&self, dice: &mut Dice, depth: usize) -> Option<Expr> {
        if !self.links || self.resource.links.is_empty() {
            return None;
        }
        let link = LinkId(u16::try_from(dice.below(self.resource.links.len())).expect("few"));
        let target = self.resource.link(link).target;
        let over = Over::Link(LinkRef { scope: self.scope, via: Box::default(), link });
        if dice.once_in(4) {
            return Some(self.compared(dice, Expr::Count(over), Expr::Value(1.into())));
        }
        let inner = Maker { scope: self.scope + 1, ..Maker::new(self.town, target) };
        let body = (!dice.once_in(5)).then(|| inner.filter(dice, depth - 1));
        let quantity = if dice.once_in(3) && body.is_some() { Quantity::All } else { Quantity::Any };
        Some(Expr::Quantified(Box::new(Quantifier { quantity, over, body })))
    }

    /// None, one or a few terms.
    pub(super) fn order(&self, dice: &mut Dice) -> Vec<Order> {
        let terms = *dice.pick(&[0, 1, 1, 1, 2, 3]);
        let mut order: Vec<Order> = Vec::new();
        for _ in 0..terms {
            let at = dice.below(self.resource.fields.len());
            let field = &self.resource.fields[at];
            let own = Expr::field(FieldId(u16::try_from(at).expect("few")));
            let by = match field.ty {
                Type::TextList { .. } => continue,
                Type::Point => {
                    let middle = Expr::Value(Value::Point(point(dice)));
                    Expr::Call(Function::GeoDistance, vec![own, middle])
                }
                Type::Text { .. } if dice.once_in(3) => Expr::Call(Function::Length, vec![own]),
                _ => own,
            };
            let nulls = *dice.pick(&[Nulls::Lowest, Nulls::Lowest, Nulls::Last]);
            order.push(Order { by, descending: dice.once_in(2), nulls });
        }
        order
    }
}

/// Who sees what.
pub(super) fn scope(town: &Town, dice: &mut Dice) -> Scope {
    let mut scope = Scope::nothing();
    if dice.once_in(3) {
        return Scope::everything();
    }
    for name in RESOURCES {
        let resource = town.id(name);
        let rows = match dice.below(5) {
            0 => Rows::None,
            1 => Rows::All,
            _ => Rows::Of(
                (0..1 + dice.below(3))
                    .map(|_| FeedRows {
                        feed: Text::new(*dice.pick(&FEEDS)),
                        filter: dice.once_in(2).then(|| Maker::new(town, resource).filter(dice, 1)),
                    })
                    .collect(),
            ),
        };
        scope.allow(resource, rows);
    }
    scope
}

/// The instant that `now()` means.
pub(super) fn now(dice: &mut Dice) -> dictionary::Timestamp {
    instant(dice)
}
