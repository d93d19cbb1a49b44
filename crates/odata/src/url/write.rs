//! A question as a query string: for page links, and for the servers that Freehold itself asks.

mod expression;
mod literal;

use dictionary::{Dictionary, Resource};
use query::{Expand, Expr, Query, Selection};

use super::expand::only_counts;
use expression::Writer;

/// `query` as an OData query string, in percent form: `$filter=ListPrice%20gt%20500000&$top=10`. Left away
/// are the resource, the page size and the page mark, which are no options.
///
/// [`read`](super::read) gives the same question again, but for numbers that it knows by what they are
/// compared with, and lists as literals, which OData has no spelling for.
#[must_use]
pub fn write_query(query: &Query, dictionary: &Dictionary) -> String {
    let mut text = String::new();
    for (name, value) in options(query, dictionary) {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        escape(&mut text, &value);
    }
    text
}

/// An expression about records of `resource` as OData writes it, without percent escapes.
#[must_use]
pub fn write_expression(expr: &Expr, dictionary: &Dictionary, resource: &Resource) -> String {
    let mut writer = Writer::new(dictionary, resource);
    writer.write(expr, 1);
    writer.text
}

fn options(query: &Query, dictionary: &Dictionary) -> Vec<(&'static str, String)> {
    let resource = dictionary.resource(query.resource);
    let mut options = Vec::new();
    if !query.compute.is_empty() {
        let term = |computed: &query::Computed| {
            format!("{} as {}", write_expression(&computed.of, dictionary, resource), computed.name)
        };
        options.push(("$compute", query.compute.iter().map(term).collect::<Vec<_>>().join(",")));
    }
    if let Some(filter) = &query.filter {
        options.push(("$filter", write_expression(filter, dictionary, resource)));
    }
    if !query.order.is_empty() {
        let term = |order: &query::Order| {
            let by = write_expression(&order.by, dictionary, resource);
            if order.descending { format!("{by} desc") } else { by }
        };
        options.push(("$orderby", query.order.iter().map(term).collect::<Vec<_>>().join(",")));
    }
    if query.skip > 0 {
        options.push(("$skip", query.skip.to_string()));
    }
    if let Some(top) = query.top {
        options.push(("$top", top.to_string()));
    }
    if query.count {
        options.push(("$count", "true".to_owned()));
    }
    if let Selection::Fields(fields) = &query.select {
        let computed = query.compute.iter().map(|computed| computed.name.as_str());
        let names: Vec<&str> =
            fields.iter().map(|id| resource.field(*id).name.as_str()).chain(computed).collect();
        options.push(("$select", if names.is_empty() { nothing(resource) } else { names.join(",") }));
    }
    if !query.expand.is_empty() {
        let links: Vec<String> = query.expand.iter().map(|e| expand(e, dictionary, resource)).collect();
        options.push(("$expand", links.join(",")));
    }
    options
}

/// What selects no field: a link, which is shown only where it is expanded.
fn nothing(resource: &Resource) -> String {
    let key = || resource.key.first().map(|id| &resource.field(*id).name);
    resource.links.first().map(|link| &link.name).or_else(key).map(ToString::to_string).unwrap_or_default()
}

fn expand(expand: &Expand, dictionary: &Dictionary, resource: &Resource) -> String {
    let link = resource.link(expand.link);
    let mut text = link.name.to_string();
    let mut inner = options(&expand.query, dictionary);
    if only_counts(expand) {
        text.push_str("/$count");
        inner.retain(|(name, _)| *name == "$filter");
    }
    if !inner.is_empty() {
        let inner: Vec<String> = inner.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        text.push('(');
        text.push_str(&inner.join(";"));
        text.push(')');
    }
    text
}

/// What a query string holds as it is (RFC 3986, query) and no server mistakes for something else.
fn escape(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'\'' | b'(' | b')' | b'*' | b',' | b':' | b';'
            | b'@' | b'/' | b'=' => out.push(char::from(byte)),
            _ => {
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
}
