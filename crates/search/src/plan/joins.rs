//! Filters on linked records: the few records there that pass are found first, then those here that lead
//! to them.

use dictionary::{FieldId, Join, LinkId, Record, Text, Value, ValueRef};
use query::{Expr, Over, Quantity};

use super::compile::{Leaf, compile};
use super::node::Node;
use super::rebase::{Rebase, first_link};
use crate::run::{collect, count};
use crate::table::Table;

/// With more records there than this, records here are asked one by one.
const MOST: u64 = 20_000;

impl<'i: 'e, 'e> Leaf<'_, 'i, 'e> {
    /// `Link/any(x: …)`, and fields of a record that a link to one leads to.
    pub(super) fn by_join(&self) -> Option<Node<'e>> {
        match self.expr {
            Expr::Quantified(quantifier) => match &quantifier.over {
                Over::Link(over) if over.scope == 0 && over.via.is_empty() => {
                    let body = match &quantifier.body {
                        None => None,
                        Some(body) => Some(Rebase::Variable.expr(body)?),
                    };
                    // `all` is true where there is none of which the body is not.
                    let any = quantifier.quantity == Quantity::Any;
                    let node = self.leading_to(over.link, body.as_ref(), any)?;
                    Some(if any == self.want { node } else { node.negate() })
                }
                _ => None,
            },
            _ => self.through(),
        }
    }

    /// An expression about the one record that a link leads to.
    fn through(&self) -> Option<Node<'e>> {
        let link = first_link(self.expr)?;
        let join = &self.declared(link).join;
        let target = self.ask.dictionary.resource(self.declared(link).target);
        // Elsewhere the first of several would have to be found.
        if *target.key != [join.target] || join.constant.is_some() {
            return None;
        }
        let expr = Rebase::Through(link).expr(self.expr)?;
        let nowhere = self.ask.value_of(&expr, &Record::new(target.id), self.sees_all);
        let of_nothing = nowhere == Some(Value::Boolean(self.want));
        let (want, seen) = (self.want, self.visible(link));
        let inner = compile(self.ask, target.id, &expr, want, self.sees_all);
        // Where no record at all passes too, those are looked for that lead to one which does not.
        let inner = if of_nothing { inner.negate() } else { inner };
        let node = self.leading(link, vec![seen, inner])?;
        Some(if of_nothing { node.negate() } else { node })
    }

    fn declared(&self, link: LinkId) -> &'i dictionary::Link {
        self.ask.dictionary.resource(self.resource).link(link)
    }

    fn visible(&self, link: LinkId) -> Node<'i> {
        if self.sees_all { Node::Everything } else { self.ask.see(self.declared(link).target) }
    }

    /// The records that lead by `link` to one of which `body` is true (or is not, where `truth` is false).
    fn leading_to(&self, link: LinkId, body: Option<&Expr>, truth: bool) -> Option<Node<'e>> {
        let mut nodes = vec![self.visible(link)];
        if let Some(body) = body {
            let node = compile(self.ask, self.declared(link).target, body, true, self.sees_all);
            return self.leading(link, vec![nodes.swap_remove(0), if truth { node } else { node.negate() }]);
        }
        if !truth {
            return Some(Node::Nothing);
        }
        self.leading(link, nodes)
    }

    fn leading(&self, link: LinkId, nodes: Vec<Node<'_>>) -> Option<Node<'e>> {
        let declared = self.declared(link);
        let constant = declared.join.constant.as_ref();
        let constant = constant.map(|(field, text)| Expr::equal(*field, Value::Text(text.clone())));
        let constant = constant.as_ref().map(|expr| compile(self.ask, declared.target, expr, true, true));
        let nodes = nodes.into_iter().chain(constant).collect();
        self.leading_to_passing(&declared.join, self.ask.table(declared.target), nodes)
    }

    fn leading_to_passing(&self, join: &Join, table: &'i Table, nodes: Vec<Node<'_>>) -> Option<Node<'e>> {
        let root = Node::all(nodes, table.len());
        if root.cost() > DEAR || count(self.ask, table, &root) > MOST {
            return None;
        }
        let mut texts: Vec<Text> = Vec::new();
        for row in collect(self.ask, table, &root) {
            match table.look(row, join.target) {
                Some(ValueRef::Text(text)) => texts.push(Text::new(text)),
                None => {}
                Some(_) => return None,
            }
        }
        texts.sort_unstable();
        texts.dedup();
        self.with_any(join.source, &texts)
    }

    fn with_any(&self, field: FieldId, texts: &[Text]) -> Option<Node<'e>> {
        if texts.is_empty() {
            return Some(Node::Nothing);
        }
        self.with_texts(field, &texts.iter().collect::<Vec<_>>())
    }
}

/// Records there whose test costs more nanoseconds are not all tested for one question.
const DEAR: f64 = 500.0;
