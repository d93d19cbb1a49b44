//! Which records the classes see, by the table `data/rows.tsv`.

use std::collections::HashMap;

use dictionary::{Dictionary, Resource, ResourceId, Text, Type, Value};
use query::{Comparison, Expr, FieldRef, Over, Quantifier, Quantity};

use crate::Class;
use crate::classes::named;

/// Filters by class and resource.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowRules(HashMap<(Class, ResourceId), Expr>);

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
            let found = dictionary.find(resource).and_then(|of| {
                let (field, list) = path(dictionary, of, field)?;
                Some((of.id, filter(test, field, list, values)?))
            });
            let Some((id, filter)) = found else {
                strange.push(cells.join("\t"));
                continue;
            };
            for class in Class::ALL.into_iter().filter(|class| named(classes, *class)) {
                let all = match rules.0.remove(&(class, id)) {
                    None => filter.clone(),
                    Some(before) => before.and(filter.clone()),
                };
                rules.0.insert((class, id), all);
            }
        }
        (rules, strange)
    }

    pub(crate) fn of(&self, class: Class, resource: ResourceId) -> Option<Expr> {
        self.0.get(&(class, resource)).cloned()
    }
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
        "present" => compared(Expr::Null),
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
