//! `$expand`, with the options inside its parentheses.

use dictionary::ResourceId;
use query::{Expand, Expr, Query};

use super::Limits;
use super::alias::Alias;
use super::cursor::shown;
use super::expression::{Parser, Ranged, Ranges};
use super::options::{Sort, System, records, sort, truth};
use crate::Fault;

/// Where the value of an option lies that was read before its turn.
#[derive(Clone, Copy)]
struct Ahead {
    from: usize,
    to: usize,
}

impl<'a> Parser<'a> {
    /// `Media($select=MediaURL;$top=1),ListAgent`, `*` or `Media/$count`.
    pub(super) fn expand(&mut self) -> Result<Vec<Expand>, Fault> {
        // Each with whether it was named.
        let mut found: Vec<(Expand, bool)> = Vec::new();
        self.cursor.space();
        if self.depth >= Limits::EXPAND_DEPTH {
            let message = format!("Links are expanded more than {} deep.", Limits::EXPAND_DEPTH);
            return Err(self.cursor.bad(
                self.cursor.at,
                "too_deep",
                message,
                "Ask for the inner links in another request.",
            ));
        }
        loop {
            let at = self.cursor.at;
            if self.cursor.eat(b'*') {
                if matches!(self.cursor.peek(), Some(b'/' | b'(')) {
                    return Err(self.cursor.unsupported(at, "An option of every link at once"));
                }
                for (link, target) in self.reading.links(self.resource()).map(|(id, link)| (id, link.target))
                {
                    if !found.iter().any(|(one, _)| one.link == link) {
                        self.another(at)?;
                        found.push((Expand { link, query: self.plain(target) }, false));
                    }
                }
            } else {
                let one = self.one_link(at)?;
                match found.iter_mut().find(|(before, _)| before.link == one.link) {
                    None => found.push((one, true)),
                    // A link that is named keeps what is asked of it by name, whatever `*` says.
                    Some(before) if !before.1 => *before = (one, true),
                    Some(_) => {
                        let hint = "Write each link once; put everything asked of it into one parenthesis.";
                        return Err(self.cursor.bad(at, "duplicate_option", "This link stands twice.", hint));
                    }
                }
            }
            if !self.cursor.eat_spaced(b',') {
                return Ok(found.into_iter().map(|(one, _)| one).collect());
            }
        }
    }

    fn another(&mut self, at: usize) -> Result<(), Fault> {
        self.expanded += 1;
        if self.expanded <= Limits::EXPANDED {
            return Ok(());
        }
        let message = format!("More than {} links are expanded.", Limits::EXPANDED);
        Err(self.cursor.bad(at, "too_many", message, "Ask for fewer links, or in several requests."))
    }

    fn plain(&self, resource: ResourceId) -> Query {
        Query { page_size: self.reading.page_size, ..Query::all(resource) }
    }

    fn one_link(&mut self, at: usize) -> Result<Expand, Fault> {
        self.refuse_at_sign()?;
        let name = self.cursor.dotted()?;
        if name.is_empty() {
            return Err(self.cursor.expected("a link", "Write links with commas between, or *."));
        }
        let resource = self.resource();
        let Some((link, to)) = self.reading.link(resource, name) else {
            if self.reading.field(resource, name).is_some() {
                let hint = format!("Put {name} into $select.");
                return Err(self.cursor.bad(
                    at,
                    "unknown_link",
                    format!("{name} is a field, not a link."),
                    hint,
                ));
            }
            let message = format!("{} has no link {}.", self.reading.words(resource).name, shown(name));
            let hint = self.link_hint(resource, name);
            return Err(self.cursor.bad(at, "unknown_link", message, hint));
        };
        self.another(at)?;
        let mut query = self.plain(to.target);
        if self.cursor.eat(b'/') {
            self.segment(&mut query, to.many)?;
        }
        if self.cursor.eat_spaced(b'(') {
            self.nested(&mut query, to.many)?;
        }
        Ok(Expand { link, query })
    }

    fn link_hint(&self, resource: ResourceId, name: &str) -> String {
        let names = self.reading.links(resource).map(|(_, link)| link.name.as_str());
        match super::spelling::nearest(&name.to_ascii_lowercase(), names) {
            Some(near) => format!("Did you mean {near}?"),
            None => {
                let names: Vec<&str> =
                    self.reading.links(resource).map(|(_, link)| link.name.as_str()).collect();
                format!("The links are {}.", names.join(", "))
            }
        }
    }

    /// What may stand after the slash of `Media/$count`.
    fn segment(&mut self, query: &mut Query, many: bool) -> Result<(), Fault> {
        let at = self.cursor.at;
        if self.cursor.eat(b'$') {
            let word = self.cursor.name()?;
            if word.eq_ignore_ascii_case("count") && many {
                (query.count, query.top, query.page_size) = (true, Some(0), 0);
                return Ok(());
            }
            return Err(self.cursor.unsupported(at, &format!("${word} here")));
        }
        let hint = "Put what is inside into parentheses: $expand=ListAgent($expand=Office).";
        Err(self.cursor.expected("`$count`", hint))
    }

    /// The options between the parentheses; the first is passed.
    fn nested(&mut self, query: &mut Query, many: bool) -> Result<(), Fault> {
        let outer = std::mem::replace(
            &mut self.ranges,
            vec![Ranged { name: "", over: Ranges::Records(query.resource) }],
        );
        let within = std::mem::replace(&mut self.nested, true);
        let aliases = std::mem::take(&mut self.aliases);
        let selected = std::mem::take(&mut self.selected);
        self.depth += 1;
        let read = self.nested_options(query, many);
        self.depth -= 1;
        self.nested = within;
        self.aliases = aliases;
        self.selected = selected;
        self.ranges = outer;
        read
    }

    fn nested_options(&mut self, query: &mut Query, many: bool) -> Result<(), Fault> {
        let mut seen: Vec<System> = Vec::new();
        let only_count = query.page_size == 0;
        // What gives names is read first, wherever it stands.
        let computed = self.compute_ahead()?;
        loop {
            self.cursor.space();
            let at = self.cursor.at;
            let option = self.nested_option()?;
            let one = matches!(option, System::Select | System::Expand | System::Compute);
            let counts = matches!(option, System::Filter | System::Search);
            if (!many && !one) || (only_count && !counts) {
                let message = format!("{} is not an option here.", option.name());
                let hint = match only_count {
                    true => "A count takes $filter and $search alone.",
                    false => "A link to one record takes $select, $expand and $compute.",
                };
                return Err(self.cursor.bad(at, "option_not_here", message, hint));
            }
            if seen.contains(&option) {
                let message = format!("{} stands twice.", option.name());
                return Err(self.cursor.bad(at, "duplicate_option", message, "Write each option once."));
            }
            seen.push(option);
            if !self.cursor.eat_spaced(b'=') {
                return Err(self.cursor.expected("`=`", format!("Write {}=….", option.name())));
            }
            match computed {
                Some(Ahead { from, to }) if option == System::Compute && self.cursor.at == from => {
                    self.cursor.at = to;
                }
                _ if option == System::Compute => drop(self.compute()?),
                _ => self.value_of(option, query)?,
            }
            self.cursor.space();
            if self.cursor.eat_spaced(b';') {
                continue;
            }
            let hint = "Put semicolons between the options, and a parenthesis after the last.";
            self.cursor.expect(b')', hint)?;
            let shown =
                |alias: &&Alias| !seen.contains(&System::Select) || self.selected.contains(&alias.name);
            query.compute = self.aliases.iter().filter(shown).map(Alias::computed).collect();
            return Ok(());
        }
    }

    /// Reads the value of `$compute` where that stands somewhere among the options that begin here; the cursor stays.
    fn compute_ahead(&mut self) -> Result<Option<Ahead>, Fault> {
        let before = self.cursor.at;
        let Some(place) = self.cursor.rest_options().find(|option| {
            let name =
                option.rest().trim_start().trim_start_matches('$').split('=').next().unwrap_or_default();
            name.trim_end().eq_ignore_ascii_case("compute")
        }) else {
            return Ok(None);
        };
        self.cursor.at = place.at + place.rest().find('=').map_or(0, |sign| sign + 1);
        self.cursor.space();
        let from = self.cursor.at;
        self.compute()?;
        let to = std::mem::replace(&mut self.cursor.at, before);
        Ok(Some(Ahead { from, to }))
    }

    fn nested_option(&mut self) -> Result<System, Fault> {
        let at = self.cursor.at;
        self.refuse_at_sign()?;
        self.cursor.eat(b'$');
        self.cursor.name()?;
        let name = self.cursor.since(at);
        match sort(name) {
            Sort::Known(System::Format | System::SkipToken | System::DeltaToken) => {
                let message = format!("{name} is not an option here.");
                let hint = "It belongs to the whole request.";
                Err(self.cursor.bad(at, "option_not_here", message, hint))
            }
            Sort::Known(System::Apply) => Err(self.cursor.unsupported(at, name)),
            Sort::Known(option) => Ok(option),
            Sort::Later(later) => Err(self.cursor.unsupported(at, later)),
            Sort::Wrong { .. } | Sort::Custom if name.is_empty() => {
                Err(self.cursor.expected("an option", "Write options such as $select=MediaURL."))
            }
            Sort::Wrong { near: Some(near) } => {
                let message = format!("There is no option {}.", shown(name));
                Err(self.cursor.bad(at, "unknown_option", message, format!("Did you mean {near}?")))
            }
            Sort::Wrong { near: None } | Sort::Custom => {
                let message = format!("There is no option {}.", shown(name));
                let hint =
                    "The options are $select, $filter, $orderby, $top, $skip, $count, $compute and $expand.";
                Err(self.cursor.bad(at, "unknown_option", message, hint))
            }
        }
    }

    /// Reads the value of an option into `query`; it ends before `;`, `)` or at the end of the text.
    pub(super) fn value_of(&mut self, option: System, query: &mut Query) -> Result<(), Fault> {
        match option {
            System::Filter => also(&mut query.filter, self.filter()?),
            System::Search => also(&mut query.filter, self.search()?),
            System::Select => query.select = self.select()?,
            System::Expand => query.expand = self.expand()?,
            System::OrderBy => query.order = self.order()?,
            System::Top => query.top = Some(records(&mut self.cursor)?),
            System::Skip => query.skip = records(&mut self.cursor)?,
            System::Count => query.count = truth(&mut self.cursor)?,
            System::Apply | System::Compute | System::Format | System::SkipToken | System::DeltaToken => {}
        }
        self.cursor.space();
        Ok(())
    }
}

/// Joins a condition to the one that is there.
pub(super) fn also(filter: &mut Option<Expr>, more: Expr) {
    *filter = Some(match filter.take() {
        Some(before) => before.and(more),
        None => more,
    });
}

/// Whether `expand` asks for the number of a link's records and for none of them (`Media/$count`).
#[must_use]
pub fn only_counts(expand: &Expand) -> bool {
    expand.query.page_size == 0
}
