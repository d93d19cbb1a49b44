//! Reading a payload filter.

use dictionary::Text;
use query::{Comparison, Expr};
use serde_json::value::RawValue;

use super::{Node, Test, value};
use crate::json::{items, members};

/// Characters of a filter at most: the dictionary's length of the field.
const LONGEST: usize = 4_000;
const MOST_LEAVES: usize = 100;
const DEEPEST: usize = 32;

/// What is wrong with a filter.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message} {hint}")]
pub struct FilterFault {
    /// What is wrong, in a sentence.
    pub message: String,
    /// What would be right.
    pub hint: String,
}

fn fault(message: impl Into<String>, hint: &str) -> FilterFault {
    FilterFault { message: message.into(), hint: hint.into() }
}

const SHAPE: &str = r#"A filter reads {"member": {"$gte": 5}}; operators are $eq, $neq, $gt, $gte, $lt, $lte, $in, $nin, $startsWith, $exist, $and and $or."#;

pub(super) fn read(text: &str) -> Result<Node, FilterFault> {
    if text.chars().count() > LONGEST {
        return Err(fault("The filter has more than 4,000 characters.", "Ask for less at once."));
    }
    let mut reading = Reading { leaves: 0 };
    reading.object(text.trim(), &mut Vec::new(), 0)
}

struct Reading {
    leaves: usize,
}

impl Reading {
    /// An object below `path`: members go deeper, `$and` and `$or` do not.
    fn object(&mut self, json: &str, path: &mut Vec<Text>, depth: usize) -> Result<Node, FilterFault> {
        if depth > DEEPEST {
            return Err(fault("The filter has more than 32 levels.", SHAPE));
        }
        let all = members(json).ok_or_else(|| fault("The filter is no JSON object.", SHAPE))?;
        let mut nodes = Vec::with_capacity(all.len());
        for (name, inside) in all {
            let inside = inside.get();
            nodes.push(match name.as_ref() {
                "$and" => Node::And(self.list(inside, path, depth + 1)?),
                "$or" => Node::Or(self.list(inside, path, depth + 1)?),
                operator if operator.starts_with('$') => {
                    let test = test(operator, inside)?;
                    self.leaf(path, test)?
                }
                member => {
                    path.push(Text::new(member));
                    let node = match inside.as_bytes().first() {
                        Some(b'{') => self.object(inside, path, depth + 1)?,
                        Some(b'[') => {
                            let test = Test::In(scalars(inside)?);
                            self.leaf(path, test)?
                        }
                        _ => self.leaf(path, Test::Compare(Comparison::Equal, value(inside)))?,
                    };
                    path.pop();
                    node
                }
            });
        }
        Ok(Node::And(nodes))
    }

    fn list(&mut self, json: &str, path: &mut Vec<Text>, depth: usize) -> Result<Vec<Node>, FilterFault> {
        let all = items(json).filter(|items| !items.is_empty());
        let all = all.ok_or_else(|| fault("$and and $or take an array of filters, not empty.", SHAPE))?;
        all.into_iter().map(|one| self.object(one.get(), path, depth)).collect()
    }

    fn leaf(&mut self, path: &[Text], test: Test) -> Result<Node, FilterFault> {
        if path.is_empty() {
            return Err(fault("An operator stands at the top, where no member is named.", SHAPE));
        }
        self.leaves += 1;
        if self.leaves > MOST_LEAVES {
            return Err(fault("The filter has more than 100 conditions.", "Ask for less at once."));
        }
        Ok(Node::Leaf(path.to_vec(), test))
    }
}

fn test(operator: &str, json: &str) -> Result<Test, FilterFault> {
    let comparison = match operator {
        "$eq" => Comparison::Equal,
        "$neq" => Comparison::NotEqual,
        "$gt" => Comparison::Greater,
        "$gte" => Comparison::GreaterOrEqual,
        "$lt" => Comparison::Less,
        "$lte" => Comparison::LessOrEqual,
        "$in" => return Ok(Test::In(scalars(json)?)),
        "$nin" => return Ok(Test::NotIn(scalars(json)?)),
        "$startsWith" => {
            let text = serde_json::from_str::<String>(json);
            return Ok(Test::StartsWith(text.map_err(|_| fault("$startsWith takes a text.", SHAPE))?.into()));
        }
        "$exist" => {
            let truth =
                serde_json::from_str(json).map_err(|_| fault("$exist takes true or false.", SHAPE))?;
            return Ok(Test::Exists(truth));
        }
        other => return Err(fault(format!("There is no operator {other}."), SHAPE)),
    };
    Ok(Test::Compare(comparison, scalar(json)?))
}

fn scalars(json: &str) -> Result<Vec<Expr>, FilterFault> {
    let all: Vec<&RawValue> = items(json).ok_or_else(|| fault("$in and $nin take an array.", SHAPE))?;
    all.into_iter().map(|one| scalar(one.get())).collect()
}

fn scalar(json: &str) -> Result<Expr, FilterFault> {
    match json.as_bytes().first() {
        Some(b'{' | b'[') => {
            Err(fault("A member is compared with a text, a number, true, false or null.", SHAPE))
        }
        _ => Ok(value(json)),
    }
}
