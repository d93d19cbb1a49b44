//! A rule: an expression, the field that it speaks of, and what follows from it.

use dictionary::{Dictionary, Record, Resource, Text, Value};

use crate::{Expression, ExpressionFault};

/// What follows from a rule (RCP-19, 2.1.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// True: the field is not tested further.
    Accept,
    /// True: the field is refused.
    Reject,
    /// True: who writes is warned.
    Warning,
    /// The field gets the value.
    Set,
    /// The field of a new record gets the value, where it has none.
    SetDefault,
    /// True: the field needs a value.
    SetRequired,
    /// True: the field stays as it was.
    SetReadOnly,
    /// The field takes none of these values.
    RestrictPicklist,
    /// The field takes these values alone.
    SetPicklist,
    /// Whether a client shows the field: nothing follows for what is written.
    SetDisplay,
}

impl Action {
    /// Every action and its name.
    pub const ALL: [(&str, Self); 10] = [
        ("ACCEPT", Self::Accept),
        ("REJECT", Self::Reject),
        ("WARNING", Self::Warning),
        ("SET", Self::Set),
        ("SET_DEFAULT", Self::SetDefault),
        ("SET_REQUIRED", Self::SetRequired),
        ("SET_READ_ONLY", Self::SetReadOnly),
        ("RESTRICT_PICKLIST", Self::RestrictPicklist),
        ("SET_PICKLIST", Self::SetPicklist),
        ("SET_DISPLAY", Self::SetDisplay),
    ];

    /// The action of this name, to the letter.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, _)| *own == name).map(|(_, action)| *action)
    }
}

/// A rule of the resource Rules.
#[derive(Clone, PartialEq, Debug)]
pub struct Rule {
    /// RuleKey
    pub key: Text,
    /// RuleName
    pub name: Option<Text>,
    /// ResourceName: whose records it is held against.
    pub resource: Text,
    /// ClassName: only records of this PropertyType, where the resource has classes.
    pub class: Option<Text>,
    /// FieldName: what it speaks of.
    pub field: Text,
    /// RuleAction
    pub action: Action,
    /// RuleExpression
    pub expression: Expression,
    /// RuleOrder: rules are held in its order, those without one last.
    pub order: Option<i64>,
    /// RuleErrorText
    pub error: Option<Text>,
    /// RuleWarningText
    pub warning: Option<Text>,
    /// RuleHelpText
    pub help: Option<Text>,
}

/// Something wrong with a record of Rules.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleFault {
    /// The field of Rules that it is about.
    pub field: &'static str,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What would be right, in a sentence.
    pub hint: String,
}

/// What RuleFormat says of a rule of this language.
const FORMAT: &str = "RetsValidation";

impl Rule {
    /// Reads a record of Rules; none where the rule is switched off, or of another language.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(dictionary: &Dictionary, record: &Record) -> Result<Option<Self>, Vec<RuleFault>> {
        let own = dictionary.resource(record.resource());
        let value = |name: &str| record.get(own.find(name)?);
        let text = |name: &str| value(name).and_then(Value::as_text).filter(|t| !t.is_empty()).map(Text::new);
        if text("RuleFormat").is_some_and(|format| format != FORMAT) {
            return Ok(None);
        }
        let mut faults = Vec::new();
        let resource = text("ResourceName").unwrap_or_default();
        let field = text("FieldName").unwrap_or_default();
        match dictionary.find(&resource) {
            None => faults.push(RuleFault {
                field: "ResourceName",
                message: format!("There is no resource {resource:?}."),
                hint: "Name the resource whose records the rule is for.".into(),
            }),
            Some(of) if of.find(&field).is_none() => faults.push(RuleFault {
                field: "FieldName",
                message: format!("{resource} has no field {field:?}."),
                hint: nearest(of, &field),
            }),
            Some(_) => {}
        }
        let action = text("RuleAction").unwrap_or_default();
        let action = Action::find(action.trim()).ok_or_else(|| RuleFault {
            field: "RuleAction",
            message: format!("There is no action {action:?}."),
            hint: format!("Use one of {}.", Action::ALL.map(|(name, _)| name).join(", ")),
        });
        let expression = Expression::parse(&text("RuleExpression").unwrap_or_default());
        let expression = expression.map_err(|ExpressionFault { message, hint, position }| RuleFault {
            field: "RuleExpression",
            message: format!("At {position}: {message}"),
            hint,
        });
        match (action, expression) {
            (Ok(action), Ok(expression)) if faults.is_empty() => {
                let on = value("RuleEnabledYN").and_then(Value::as_boolean) != Some(false);
                Ok(on.then(|| Self {
                    key: own.key_of(record).unwrap_or_default(),
                    name: text("RuleName"),
                    resource,
                    class: text("ClassName"),
                    field,
                    action,
                    expression,
                    order: value("RuleOrder").and_then(Value::as_integer),
                    error: text("RuleErrorText"),
                    warning: text("RuleWarningText"),
                    help: text("RuleHelpText"),
                }))
            }
            (action, expression) => {
                faults.extend(action.err());
                faults.extend(expression.err());
                Err(faults)
            }
        }
    }
}

fn nearest(of: &Resource, field: &str) -> String {
    match of.nearest(field) {
        Some(near) => format!("Did you mean {}?", near.name),
        None => format!("Name a field of {}.", of.name),
    }
}
