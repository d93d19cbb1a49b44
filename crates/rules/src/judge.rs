//! Rules held against a record, one after the other (RCP-19, 2.1).

use std::borrow::Borrow;
use std::collections::HashMap;

use dictionary::{Date, Dictionary, Field, FieldId, Record, Resource, Text, Timestamp, Type};

use crate::{Action, Context, Facts, Rule, Value};

/// Something that a rule says to who writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The field that it is about.
    pub field: Text,
    /// A stable name: `rejected_by_rule`, `required_by_rule`, `read_only_by_rule`, `not_in_picklist`, `warning`.
    pub code: &'static str,
    /// What is wrong, in a sentence: the rule's own where it has one.
    pub message: String,
    /// What would be right, as the rule says it.
    pub hint: String,
    /// The rule.
    pub rule: Text,
}

/// What rules say of a record.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Verdict {
    /// Why it is refused; nothing where it is not.
    pub faults: Vec<Finding>,
    /// What its writer is warned of.
    pub warnings: Vec<Finding>,
}

/// What is known of the writing beside the record.
#[derive(Clone, Copy, Debug)]
pub struct Writing<'a> {
    /// The record before; none where it is new.
    pub before: Option<&'a Record>,
    /// Who writes: `.USERID.`
    pub user: &'a str,
    /// `.NOW.`
    pub now: Timestamp,
    /// `.TODAY.`
    pub today: Date,
}

/// What the rules have said of one field so far.
#[derive(Default)]
struct Said {
    /// Accepted or refused: nothing is tested further.
    settled: bool,
    refused: bool,
    required: Option<Text>,
    read_only: Option<Text>,
}

/// Holds `record` against `rules`, which are in their order, and sets what they set.
///
/// A rule whose expression has no value says nothing: a field that is empty must not keep others from being written.
/// Rules of other resources, and of other classes, are passed over.
pub fn judge(
    dictionary: &Dictionary,
    rules: &[impl Borrow<Rule>],
    record: &mut Record,
    writing: &Writing<'_>,
) -> Verdict {
    let own = dictionary.resource(record.resource());
    let mut verdict = Verdict::default();
    let mut said: HashMap<FieldId, Said> = HashMap::new();
    for rule in rules.iter().map(Borrow::borrow).filter(|rule: &&Rule| rule.resource == own.name) {
        let Some(field) = own.find(&rule.field).filter(|_| of_class(own, record, rule)) else { continue };
        let told = said.entry(field).or_default();
        let worth = {
            let facts = Told { own, record, writing, field: &rule.field };
            let context = Context { facts: &facts, now: writing.now, today: writing.today };
            rule.expression.evaluate(&context)
        };
        let Ok(value) = worth else { continue };
        let holds = value == Value::Boolean(true);
        match rule.action {
            Action::Accept => told.settled |= holds,
            Action::Reject if holds && !told.settled => {
                (told.settled, told.refused) = (true, true);
                let message = format!("{} is refused by a rule.", rule.field);
                verdict.faults.push(finding(rule, "rejected_by_rule", rule.error.as_deref(), message));
            }
            Action::Warning if holds && !told.settled => {
                let message = format!("A rule warns of {}.", rule.field);
                let text = rule.warning.as_deref().or(rule.error.as_deref());
                verdict.warnings.push(finding(rule, "warning", text, message));
            }
            Action::Reject | Action::Warning | Action::SetDisplay => {}
            Action::Set if !told.refused => set(own.field(field), field, record, &value),
            Action::SetDefault
                if !told.refused && writing.before.is_none() && record.get(field).is_none() =>
            {
                set(own.field(field), field, record, &value);
            }
            Action::Set | Action::SetDefault => {}
            Action::SetRequired => told.required = holds.then(|| rule.key.clone()),
            Action::SetReadOnly => told.read_only = holds.then(|| rule.key.clone()),
            Action::RestrictPicklist | Action::SetPicklist => {
                if let Some(wrong) = outside(rule.action, record, field, &value) {
                    let message = format!("{wrong:?} is not among the values that {} takes now.", rule.field);
                    verdict.faults.push(finding(rule, "not_in_picklist", rule.error.as_deref(), message));
                }
            }
        }
    }
    for (field, told) in said {
        let by = |key: &Text| rules.iter().map(Borrow::borrow).find(|rule: &&Rule| rule.key == *key);
        if let Some(rule) = told.required.as_ref().and_then(by).filter(|_| record.get(field).is_none()) {
            let message = format!("{} needs a value.", rule.field);
            verdict.faults.push(finding(rule, "required_by_rule", rule.error.as_deref(), message));
        }
        let moved = writing.before.is_some_and(|before| before.get(field) != record.get(field));
        if let Some(rule) = told.read_only.as_ref().and_then(by).filter(|_| moved) {
            let message = format!("{} is not to be changed now.", rule.field);
            verdict.faults.push(finding(rule, "read_only_by_rule", rule.error.as_deref(), message));
        }
    }
    verdict.faults.sort_by(|a, b| (&a.field, a.code).cmp(&(&b.field, b.code)));
    verdict
}

fn finding(rule: &Rule, code: &'static str, text: Option<&str>, message: String) -> Finding {
    Finding {
        field: rule.field.clone(),
        code,
        message: text.map_or(message, str::to_owned),
        hint: rule.help.as_deref().unwrap_or_default().to_owned(),
        rule: rule.key.clone(),
    }
}

/// Whether a rule is for the class of a record: its PropertyType, in the words of ClassName.
fn of_class(own: &Resource, record: &Record, rule: &Rule) -> bool {
    let (Some(class), Some(field)) = (&rule.class, own.find("PropertyType")) else { return true };
    class == "Cross Property" || record.get(field).and_then(dictionary::Value::as_text) == Some(class)
}

/// Sets a field to a value, where it is of the field's type; nothing takes the field's value away. What a record is
/// known by stays.
fn set(declared: &Field, field: FieldId, record: &mut Record, value: &Value) {
    if declared.key {
        return;
    }
    if *value == Value::Empty {
        record.clear(field);
    } else if let Some(value) = kept(declared.ty, value) {
        record.set(field, value);
    }
}

/// A value as a record keeps it.
fn kept(ty: Type, value: &Value) -> Option<dictionary::Value> {
    use dictionary::Value as Kept;
    use rust_decimal::prelude::ToPrimitive as _;
    let when = || crate::time::of(value);
    Some(match (ty, value) {
        (Type::Boolean, Value::Boolean(truth)) => Kept::Boolean(*truth),
        (Type::Int16 | Type::Int32 | Type::Int64, Value::Number(number)) if number.fract().is_zero() => {
            Kept::Integer(number.to_i64()?)
        }
        (Type::Decimal { .. }, Value::Number(number)) => Kept::Decimal(*number),
        (Type::Double, Value::Number(number)) => Kept::Double(number.to_f64()?),
        (Type::Date, _) => Kept::Date(when()?.day()),
        (Type::Timestamp, _) => Kept::Timestamp(when()?.instant()?),
        (Type::Text { .. }, Value::Text(text)) => Kept::Text(text.clone()),
        (Type::Text { .. }, Value::Number(_) | Value::Date(_) | Value::Time(_)) => {
            Kept::Text(crate::functions::text(value).ok()?)
        }
        (Type::TextList { .. }, Value::List(list)) => {
            let each = list.iter().map(|one| crate::functions::text(one).ok());
            Kept::TextList(each.collect::<Option<Vec<Text>>>()?.into())
        }
        (Type::Time, Value::Text(text)) => Kept::Time(text.parse().ok()?),
        _ => return None,
    })
}

/// The first value of the field that a picklist does not let be; `.EMPTY.` lets every one be.
fn outside(action: Action, record: &Record, field: FieldId, list: &Value) -> Option<Text> {
    let Value::List(list) = list else { return None };
    let refused = |text: &Text| {
        let listed = list.contains(&Value::Text(text.clone()));
        listed == (action == Action::RestrictPicklist)
    };
    match record.get(field)? {
        dictionary::Value::Text(text) => Some(text.clone()).filter(refused),
        dictionary::Value::TextList(own) => own.iter().find(|text| refused(text)).cloned(),
        _ => None,
    }
}

/// A record and the one before, as expressions see them.
struct Told<'a> {
    own: &'a Resource,
    record: &'a Record,
    writing: &'a Writing<'a>,
    field: &'a str,
}

impl Told<'_> {
    fn of(&self, record: Option<&Record>, field: &str) -> Value {
        let value = self.own.find(field).and_then(|field| record?.get(field));
        value.map_or(Value::Empty, Value::from)
    }
}

impl Facts for Told<'_> {
    fn now(&self, field: &str) -> Value {
        self.of(Some(self.record), field)
    }

    fn last(&self, field: &str) -> Value {
        self.of(self.writing.before, field)
    }

    fn named(&self, name: &str) -> Value {
        match name {
            "ENTRY" => self.now(self.field),
            "OLDVALUE" => self.last(self.field),
            "USERID" => Value::from(self.writing.user),
            "UPDATEACTION" => Value::from(if self.writing.before.is_some() { "Change" } else { "Add" }),
            _ => Value::Empty,
        }
    }
}

#[cfg(test)]
mod tests;
