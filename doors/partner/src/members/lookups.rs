//! The lookups: the values by which listings can be asked for, feed by feed, with how many have each (PAR-141).

use dictionary::{Dictionary, Feed, FieldId, ResourceId, Text, Value};
use gate::Caller;
use query::{Expr, FeedRows, FieldRef, Over, Quantifier, Quantity, Rows, Scope};

use super::condition::Want;
use super::vocabulary::Vocabulary;
use super::{Look, Members};

/// Where the values of a lookup come from.
enum Values {
    /// The words of a vocabulary.
    Words(Vocabulary),
    /// The words that listings hold in a field, of those that are taken.
    Held { field: FieldId, list: bool, want: Option<Want> },
    /// The names by which listings are sorted.
    Names(&'static [&'static str]),
}

/// One lookup: its name, and its values one after the other.
struct Lookup {
    name: &'static str,
    values: Vec<Values>,
}

pub(super) struct Lookups {
    property: ResourceId,
    all: Vec<Lookup>,
}

/// By what listings are sorted (PAR-120).
pub(crate) const SORTABLES: &[&str] = &[
    "Price",
    "Beds",
    "Baths",
    "SquareFeet",
    "Acres",
    "YearBuilt",
    "DaysOnMarket",
    "ListDate",
    "MlsUpdateDate",
    "LastListingStatusChangeDate",
    "PricePerSqft",
    "SaleDate",
    "SalePrice",
    "City",
    "Zip",
    "Distance",
];

/// Words of Heating that name how heat is delivered and what it is made of stand in the members' table.
const TABLE_WORDS: [(&str, &str); 2] =
    [("HeatingDelivery", "HeatingDeliverySearch"), ("HeatingSource", "HeatingSourceSearch")];

/// Lookups of a field's own words.
const FIELDS: [(&str, &str); 8] = [
    ("PropertySubType", "PropertySubType"),
    ("Air", "Cooling"),
    ("Roof", "Roof"),
    ("Construction", "ConstructionMaterials"),
    ("Flooring", "Flooring"),
    ("View", "View"),
    ("SearchArea", "MLSAreaMajor"),
    ("Style", "ArchitecturalStyle"),
];

impl Lookups {
    pub(super) fn bind(dictionary: &Dictionary, strange: &mut Vec<String>) -> Self {
        let property = dictionary.known("Property");
        let held = |name: &str, want| {
            let field =
                property.find(name).unwrap_or_else(|| panic!("the dictionary has no Property.{name}"));
            Values::Held { field, list: property.field(field).ty.is_list(), want }
        };
        let mut words = |name: &str| Values::Words(Vocabulary::read(dictionary, name, strange));
        let mut all: Vec<Lookup> = [
            ("PropertyType", "PropertyType"),
            ("ListingStatus", "ListingStatus"),
            ("SaleType", "SaleType"),
            ("LandTenure", "LandTenure"),
            ("Level", "Level"),
        ]
        .map(|(name, vocabulary)| Lookup { name, values: vec![words(vocabulary)] })
        .into();
        all.extend(FIELDS.map(|(name, field)| Lookup { name, values: vec![held(field, None)] }));
        let styles = vec![words("Level"), held("ArchitecturalStyle", None)];
        all.push(Lookup { name: "StylesStories", values: styles });
        all.push(Lookup { name: "Sortables", values: vec![Values::Names(SORTABLES)] });
        for (name, member) in TABLE_WORDS {
            let line = super::table::lines().find(|line| line.name == member).expect("the table has it");
            let (field, list) = line.from.split_once(" = ").expect("it takes words of a field");
            let want = Some(Want::OneOf(list.split('|').map(Text::new).collect()));
            all.push(Lookup { name, values: vec![held(field, want)] });
        }
        Self { property: property.id, all }
    }

    fn find(&self, name: &str) -> Option<&Lookup> {
        self.all.iter().find(|lookup| lookup.name.eq_ignore_ascii_case(name))
    }
}

impl Members {
    /// Whether there is a lookup of this name, in any case.
    pub(crate) fn is_lookup(&self, name: &str) -> bool {
        self.lookups.find(name).is_some()
    }

    /// The values of a lookup that listings of `feed` have, of those that the caller may see, each with how
    /// many; none where there is no such lookup. A value that no listing has is left out.
    pub(crate) fn lookup(
        &self,
        name: &str,
        look: &Look<'_>,
        caller: &Caller,
        feed: &Feed,
    ) -> Option<Vec<(Text, u64)>> {
        let lookup = self.lookups.find(name)?;
        let property = self.lookups.property;
        let scope = of_feed(look.scope, property, feed);
        let shown = caller.shown(property, feed);
        let count = |filter: &Expr| {
            let mut seen = true;
            filter.walk(&mut |part| {
                seen &= match part {
                    Expr::Field(at) | Expr::Count(Over::List(at)) => shown.contains(at.field),
                    Expr::Quantified(quantifier) => match &quantifier.over {
                        Over::List(at) => shown.contains(at.field),
                        Over::Link(_) => false,
                    },
                    _ => true,
                }
            });
            if seen { look.reader.count(property, Some(filter), &scope, look.now) } else { 0 }
        };
        let mut found = Vec::new();
        for values in &lookup.values {
            match values {
                Values::Words(vocabulary) => {
                    for word in vocabulary.words() {
                        let filter = vocabulary.find(word).expect("it is one of its words");
                        found.push((Text::new_static(word), count(&filter)));
                    }
                }
                Values::Held { field, list, want } => {
                    for (word, _) in look.reader.lookups_in_use(property, *field) {
                        if want.as_ref().is_none_or(|want| want.takes(&word)) && !word.is_empty() {
                            let filter = holding(*field, *list, &word);
                            found.push((word, count(&filter)));
                        }
                    }
                }
                Values::Names(names) => {
                    let all = look.reader.count(property, None, &scope, look.now);
                    return Some(names.iter().map(|name| (Text::new_static(name), all)).collect());
                }
            }
        }
        found.retain(|(_, count)| *count > 0);
        Some(found)
    }
}

/// The listings that hold a word.
fn holding(field: FieldId, list: bool, word: &Text) -> Expr {
    if !list {
        return Expr::equal(field, word.clone());
    }
    let word = vec![Expr::Value(Value::Text(word.clone()))];
    Expr::Quantified(Box::new(Quantifier {
        quantity: Quantity::Any,
        over: Over::List(FieldRef::own(field)),
        body: Some(Expr::In(Box::new(Expr::Element(1)), word)),
    }))
}

/// The scope with the listings of one feed alone.
fn of_feed(scope: &Scope, property: ResourceId, feed: &Feed) -> Scope {
    let mut one = Scope::nothing();
    let rows = match scope.rows(property) {
        Rows::None => Rows::None,
        Rows::All => Rows::Of(vec![FeedRows { feed: feed.clone(), filter: None }]),
        Rows::Of(feeds) => Rows::Of(feeds.iter().filter(|rows| rows.feed == *feed).cloned().collect()),
    };
    one.allow(property, rows);
    one
}
