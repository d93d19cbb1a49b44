//! The rules by which a member's value is made. A rule is written once; the table says which members it makes
//! of which fields.

use dictionary::{Dictionary, FieldId, LinkId, Resource, ResourceId, Text, Type};

use super::baths::Baths;
use super::condition::{Test, Want};
use super::days::Days;
use super::lot::Address;
use super::measure::{Measure, Told};
use super::read::{Names, Source, parts};
use super::table::Line;
use super::vocabulary::Vocabulary;

/// A field, and which of its words are taken.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Pick {
    pub(super) field: FieldId,
    pub(super) want: Option<Want>,
}

/// How a value is made.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Rule {
    /// `none`: no field holds it.
    Nothing,
    /// `feed`: the feed's name.
    Feed,
    /// `first`: the first source with a value; sources with `+` between are said one after the other.
    First(Vec<Vec<Source>>),
    /// `join`: every source, with commas; `standard`: of each the dictionary's own words.
    Join(Vec<Pick>),
    /// `when`: the second source where the test of the first holds.
    When(Test, Source),
    /// `any`: whether one of the tests holds.
    Any(Vec<Test>),
    /// `map`: the word of a vocabulary.
    Word(Vocabulary),
    /// `styles`: the words of the first source and that of the vocabulary Level.
    Styles(Pick, Vocabulary),
    /// `yes_no`: Y or N.
    YesNo(Source),
    /// `worded`: a number above zero, and the words after it.
    Worded(FieldId, Text),
    /// `sum`: the sum of the terms that are known, of the first sum that has one.
    Sum(Vec<Vec<FieldId>>),
    /// `feet`, `acres`
    Area(Measure),
    /// `baths`
    Baths(Baths),
    /// `per_foot`: price for each square foot, to the cent.
    PerFoot(FieldId, Measure),
    /// `address`: the street line.
    Address(Address),
    /// `side`: one side of the lot, from 0.
    Side(FieldId, usize),
    /// `rooms`: what is said of the rooms of a kind.
    Rooms(Test),
    /// `level`: the area of the rooms of a level, in square feet.
    Level(Test),
    /// `units`: how many units of a kind there are.
    Units(Test),
    /// `where`: a field of the first linked record that passes.
    Where(Test, ResourceId, FieldId),
    /// `days`
    Days(Days),
    /// `shown`: whether the address, or the place, may be shown.
    AddressShown,
    MapShown,
    /// `open_house`: whether a public one is active.
    HasOpenHouse,
    /// `open_houses`
    OpenHouses,
    /// `media`, `photos`, `photos_there`, `photo_count`, `photo_stamp`, `rank`, `picture`
    Media,
    Photos,
    PhotosThere,
    PhotoCount(FieldId),
    PhotoStamp(FieldId),
    Rank,
    Picture(&'static str),
    /// `taken_in`: when Freehold took it in.
    TakenIn,
    /// `modified`: when the MLS changed it; never null.
    Modified(FieldId),
    /// `active`, `public`, `allow_idx`: of an open house.
    Active,
    Public,
    AllowIdx,
}

/// A rule with the fields that it looks at: where one of them is hidden, the member is blank.
pub(super) struct Bound {
    pub(super) rule: Rule,
    pub(super) named: Vec<(ResourceId, FieldId)>,
}

impl Rule {
    /// Binds a line to the dictionary. What the dictionary lacks is passed over and told in `strange`.
    pub(super) fn bind(dictionary: &Dictionary, line: &Line, strange: &mut Vec<String>) -> Bound {
        let resource = dictionary.known(line.class.resource());
        let mut names = Names::of(dictionary, resource);
        let (rule, argument) = line.rule.split_once(' ').unwrap_or((line.rule, ""));
        let bound = read(&mut names, resource, rule, argument, line.from, strange);
        let Names { named, strange: unknown, .. } = names;
        let tell = |what: String| format!("{}.{}: {what}", line.class.name(), line.name);
        strange.extend(unknown.into_iter().map(tell));
        if bound.is_none() {
            strange.push(tell(format!("no rule {:?} of {:?}", line.rule, line.from)));
        }
        Bound { rule: bound.unwrap_or(Rule::Nothing), named }
    }
}

/// Reads a line's rule and what it looks at.
fn read(
    names: &mut Names<'_>,
    resource: &Resource,
    rule: &str,
    argument: &str,
    from: &str,
    strange: &mut Vec<String>,
) -> Option<Rule> {
    let dictionary = names.dictionary;
    let mut halves = parts(from);
    Some(match rule {
        "none" => Rule::Nothing,
        "feed" => Rule::Feed,
        "first" => Rule::First(
            parts(from)
                .map(|part| part.split('+').filter_map(|path| names.source(path)).collect::<Vec<_>>())
                .filter(|sources| !sources.is_empty())
                .collect(),
        ),
        "join" => Rule::Join(parts(from).filter_map(|part| pick(names, part)).collect()),
        "standard" => Rule::Join(parts(from).filter_map(|part| standard(names, resource, part)).collect()),
        "when" => Rule::When(names.test(halves.next()?)?, names.source(halves.next()?)?),
        "any" => Rule::Any(names.tests(from)),
        "map" => {
            // Its own names were read with the rest of the vocabularies.
            names.look_at(from);
            Rule::Word(Vocabulary::read(dictionary, argument, strange))
        }
        "styles" => {
            let style = pick(names, halves.next()?)?;
            halves.for_each(|name| names.look_at(name));
            Rule::Styles(style, Vocabulary::read(dictionary, "Level", strange))
        }
        "yes_no" => Rule::YesNo(names.source(from)?),
        "worded" => Rule::Worded(names.field(halves.next()?)?, Text::new(halves.next()?)),
        "sum" => Rule::Sum(
            parts(from)
                .map(|sum| sum.split(" + ").filter_map(|name| names.field(name)).collect::<Vec<_>>())
                .collect(),
        ),
        "feet" => Rule::Area(Measure::read(names, Told::SquareFeet, from)),
        "acres" => Rule::Area(Measure::read(names, Told::Acres, from)),
        "baths" => Rule::Baths(Baths::read(names, from)?),
        "per_foot" => {
            let (price, area) = from.split_once(';')?;
            Rule::PerFoot(names.field(price)?, Measure::read(names, Told::SquareFeet, area))
        }
        "address" => Rule::Address(Address::read(names, from)?),
        "side" => Rule::Side(names.field(from)?, argument.parse::<usize>().ok()?.checked_sub(1)?),
        "rooms" => Rule::Rooms(names.test(from)?),
        "level" => Rule::Level(names.test(from)?),
        "units" => Rule::Units(names.test(from)?),
        "where" => {
            let test = names.test(halves.next()?)?;
            let (_, target) = test.link?;
            let field = names.field_of(dictionary.resource(target), halves.next()?)?;
            Rule::Where(test, target, field)
        }
        "days" => Rule::Days(Days::read(names, from)?),
        "shown" if argument == "address" => Rule::AddressShown,
        "shown" if argument == "map" => Rule::MapShown,
        "open_house" | "open_houses" => {
            names.tests(from);
            if rule == "open_house" { Rule::HasOpenHouse } else { Rule::OpenHouses }
        }
        "media" => Rule::Media,
        "photos" => Rule::Photos,
        "photos_there" => Rule::PhotosThere,
        "photo_count" => Rule::PhotoCount(names.field(from)?),
        "photo_stamp" => Rule::PhotoStamp(names.field(from)?),
        "rank" => Rule::Rank,
        "picture" => Rule::Picture(["normal", "large"].into_iter().find(|size| *size == argument)?),
        "taken_in" => Rule::TakenIn,
        "modified" => Rule::Modified(names.field(from)?),
        "active" => {
            names.look_at(from);
            Rule::Active
        }
        "public" => {
            names.field(from)?;
            Rule::Public
        }
        "allow_idx" => Rule::AllowIdx,
        _ => return None,
    })
}

/// `Field`, `Field = a|b`, `Field - a|b`
fn pick(names: &mut Names<'_>, part: &str) -> Option<Pick> {
    if !part.contains(' ') {
        return Some(Pick { field: names.field(part)?, want: None });
    }
    let condition = names.test(part)?.all.pop()?;
    Some(Pick { field: condition.field, want: Some(condition.want) })
}

/// The field, and of its words those of its lookup.
fn standard(names: &mut Names<'_>, resource: &Resource, name: &str) -> Option<Pick> {
    let field = names.field(name)?;
    let declared = resource.field(field);
    debug_assert!(matches!(declared.ty, Type::Text { .. } | Type::TextList { .. }));
    let lookup = names.dictionary.lookup(declared.lookup?);
    let words = lookup.values.iter().map(|value| value.value.clone()).collect();
    Some(Pick { field, want: Some(Want::OneOf(words)) })
}

impl Rule {
    /// The link that the rule follows whatever the record holds: for whoever keeps what was written.
    pub(super) fn follows(&self, links: &mut Vec<LinkId>, known: &super::known::Known) {
        let link = |test: &Test| test.link.map(|(link, _)| link);
        match self {
            Self::First(all) => links.extend(all.iter().flatten().filter_map(|s| Some(s.link?.0))),
            Self::Any(tests) => links.extend(tests.iter().filter_map(link)),
            Self::Rooms(test) | Self::Level(test) | Self::Units(test) | Self::Where(test, ..) => {
                links.extend(link(test));
            }
            Self::HasOpenHouse | Self::OpenHouses => links.push(known.open_houses),
            Self::Media | Self::Photos | Self::PhotosThere | Self::PhotoCount(_) | Self::PhotoStamp(_) => {
                links.push(known.media_link);
            }
            Self::AllowIdx => links.push(known.listing),
            _ => {}
        }
    }
}
