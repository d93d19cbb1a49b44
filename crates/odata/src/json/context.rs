//! Context URLs (OData protocol 4.01, 10).

use dictionary::{Dictionary, ResourceId};
use query::{Expand, Selection};

/// The context URL of records of `resource`: `root/$metadata#Property(ListPrice,Media(MediaURL))`, and
/// `/$entity` after it for a single one. `root` is the service root, without a slash at its end.
#[must_use]
pub fn context_url(
    root: &str,
    dictionary: &Dictionary,
    resource: ResourceId,
    select: &Selection,
    expand: &[Expand],
    single: bool,
) -> String {
    let mut url = format!("{root}/$metadata#{}", dictionary.resource(resource).name);
    list(&mut url, dictionary, resource, select, expand, false);
    if single {
        url.push_str("/$entity");
    }
    url
}

/// `(a,b,Link(c))`; an expanded link always has its parentheses.
fn list(
    url: &mut String,
    dictionary: &Dictionary,
    resource: ResourceId,
    select: &Selection,
    expand: &[Expand],
    expanded: bool,
) {
    let words = dictionary.resource(resource);
    let fields: &[_] = match select {
        Selection::All => &[],
        Selection::Fields(fields) => fields,
    };
    if fields.is_empty() && expand.is_empty() && !expanded {
        return;
    }
    url.push('(');
    let mut first = true;
    for id in fields {
        comma(url, &mut first);
        url.push_str(&words.field(*id).name);
    }
    for inner in expand {
        let link = words.link(inner.link);
        comma(url, &mut first);
        url.push_str(&link.name);
        list(url, dictionary, link.target, &inner.query.select, &inner.query.expand, true);
    }
    url.push(')');
}

fn comma(url: &mut String, first: &mut bool) {
    if !std::mem::take(first) {
        url.push(',');
    }
}
