//! Which records the classes see, by the table `data/rows.tsv`.

use std::collections::HashMap;

use dictionary::{Dictionary, LinkId, Resource, ResourceId, Text, Type, Value};
use query::{Comparison, Expr, FieldRef, Over, Quantifier, Quantity};

use crate::Class;
use crate::classes::named;

/// Filters by class and resource, and which resources go with which.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowRules {
    filters: HashMap<(Class, ResourceId), Expr>,
    pub(crate) companions: Vec<Companion>,
}

/// A resource whose records are seen with the records that they link to.
#[derive(Clone, Debug)]
pub(crate) struct Companion {
    pub(crate) resource: ResourceId,
    link: LinkId,
    pub(crate) target: ResourceId,
    /// The classes for which the target's class rules hold here.
    classes: Vec<Class>,
}

impl RowRules {
    /// Reads the lines against `dictionary`; tells which of them fit nothing in it.
    pub(crate) fn read<'a>(
        dictionary: &Dictionary,
        lines: impl Iterator<Item = Vec<&'a str>>,
    ) -> (Self, Vec<String>) {
        let mut rules = Self::default();
        let mut strange = Vec::new();
        for cells in lines {
            let [resource, field, test, values, classes] = cells[..] else {
                strange.push(cells.join("\t"));
                continue;
            };
            let classes: Vec<Class> = Class::ALL.into_iter().filter(|class| named(classes, *class)).collect();
            if test == "with" {
                match dictionary.find(resource).and_then(|of| Companion::new(of, field, &classes)) {
                    Some(companion) => rules.companions.push(companion),
                    None => strange.push(cells.join("\t")),
                }
                continue;
            }
            let found = dictionary.find(resource).and_then(|of| {
                let (field, list) = path(dictionary, of, field)?;
                Some((of.id, filter(test, field, list, values)?))
            });
            let Some((id, filter)) = found else {
                strange.push(cells.join("\t"));
                continue;
            };
            for class in classes {
                let all = match rules.filters.remove(&(class, id)) {
                    None => filter.clone(),
                    Some(before) => before.and(filter.clone()),
                };
                rules.filters.insert((class, id), all);
            }
        }
        (rules, strange)
    }

    pub(crate) fn of(&self, class: Class, resource: ResourceId) -> Option<Expr> {
        self.filters.get(&(class, resource)).cloned()
    }
}

impl Companion {
    fn new(of: &Resource, link: &str, classes: &[Class]) -> Option<Self> {
        let id = of.find_link(link)?;
        let declared = of.link(id);
        let (target, classes) = (declared.target, classes.to_vec());
        (!declared.many).then_some(Self { resource: of.id, link: id, target, classes })
    }

    /// What must hold of a record here where `class` and `own` must hold of the one that it goes with.
    pub(crate) fn filter(&self, of: Class, dictionary: &Dictionary, rules: TargetRules) -> Option<Expr> {
        let class = rules.class.filter(|_| self.classes.contains(&of));
        let mut filter = class.into_iter().chain(rules.own).reduce(Expr::and)?;
        filter.walk_mut(&mut |expr| match expr {
            Expr::Field(at) => self.lead(at),
            Expr::Count(Over::List(at)) => self.lead(at),
            Expr::Count(Over::Link(at)) if at.scope == 0 => at.via = self.led(&at.via),
            Expr::Quantified(quantifier) => match &mut quantifier.over {
                Over::List(at) => self.lead(at),
                Over::Link(at) if at.scope == 0 => at.via = self.led(&at.via),
                Over::Link(_) => {}
            },
            _ => {}
        });
        // A record that goes with none is not seen: the rules of none cannot be asked.
        let key = dictionary.resource(self.target).key[0];
        let there = FieldRef { scope: 0, via: self.led(&[]), field: key };
        Some(present(there).and(filter))
    }

    fn lead(&self, at: &mut FieldRef) {
        if at.scope == 0 {
            at.via = self.led(&at.via);
        }
    }

    fn led(&self, via: &[LinkId]) -> Box<[LinkId]> {
        std::iter::once(self.link).chain(via.iter().copied()).collect()
    }
}

/// What must hold of the records that others go with.
pub(crate) struct TargetRules {
    /// By the class.
    pub(crate) class: Option<Expr>,
    /// By the grant's own filters.
    pub(crate) own: Option<Expr>,
}

fn present(field: FieldRef) -> Expr {
    Expr::Compare(Comparison::NotEqual, Box::new(Expr::Field(field)), Box::new(Expr::Null))
}

/// A field, or links to one record each and then a field; and whether it holds a list.
fn path(dictionary: &Dictionary, from: &Resource, path: &str) -> Option<(FieldRef, bool)> {
    let mut at = from;
    let mut via = Vec::new();
    let mut parts: Vec<&str> = path.split('/').collect();
    let field = parts.pop()?;
    for part in parts {
        let id = at.find_link(part)?;
        let link = at.link(id);
        if link.many {
            return None;
        }
        via.push(id);
        at = dictionary.resource(link.target);
    }
    let field = at.find(field)?;
    let list = matches!(at.field(field).ty, Type::TextList { .. });
    Some((FieldRef { scope: 0, via: via.into(), field }, list))
}

fn filter(test: &str, field: FieldRef, list: bool, values: &str) -> Option<Expr> {
    let words = || values.split('|').map(|word| Expr::Value(Value::Text(Text::new(word)))).collect();
    let compared = |with: Expr| {
        Expr::Compare(Comparison::NotEqual, Box::new(Expr::Field(field.clone())), Box::new(with))
    };
    Some(match test {
        "not_false" => compared(Expr::Value(Value::Boolean(false))),
        "present" => present(field),
        "none_of" if list => Expr::Not(Box::new(Expr::Quantified(Box::new(Quantifier {
            quantity: Quantity::Any,
            over: Over::List(field),
            body: Some(Expr::In(Box::new(Expr::Element(1)), words())),
        })))),
        "none_of" => {
            // Spelled out, so that an empty field passes: `not (null in (…))` would be unknown where
            // an executor takes `in` for null.
            let field = Expr::Field(field);
            let empty = Expr::Compare(Comparison::Equal, Box::new(field.clone()), Box::new(Expr::Null));
            Expr::Or(vec![empty, Expr::Not(Box::new(Expr::In(Box::new(field), words())))])
        }
        _ => return None,
    })
}
