//! What a question about a member means of the record behind it. The filters are made of the rules that write
//! the members, so that a filter on a member and the member as it is written never disagree.

use dictionary::{Decimal, Dictionary, FieldId, Text, Timestamp, Value};
use query::{Comparison, Expr, FieldRef, Function, Over, Quantifier, Quantity};

use super::condition::any_of;
use super::days;
use super::rule::Rule;
use super::vocabulary::Vocabulary as Words;
use super::{Member, Members};

/// A member that is asked for by one of its vocabulary's words.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Vocabulary {
    PropertyType,
    SaleType,
    View,
    Style,
    Status,
    Level,
    SearchArea,
    LandTenure,
}

/// A member that says whether a listing has something.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Feature {
    View,
    Ac,
    AgeRestrictions,
    Barn,
    Basement,
    Fireplace,
    Garage,
    HandicapFeatures,
    MasterOnMain,
    Pool,
    Waterfront,
    OpenHouse,
}

/// A member that is a number, or is read as one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Number {
    Price,
    SquareFeet,
    Acres,
    Beds,
    Baths,
    YearBuilt,
    DaysOnMarket,
}

/// The members that questions ask about, and the vocabularies with the fields whose own words they take, too.
pub(super) struct Asked {
    vocabularies: Vec<Vocables>,
    /// By [`Feature`], all but open houses.
    features: Vec<Rule>,
    /// By [`Number`].
    numbers: Vec<Rule>,
}

/// The words of a vocabulary, and the fields whose own words are taken as well.
struct Vocables {
    words: Option<Words>,
    /// Fields, and whether they are lists.
    raw: Vec<(FieldId, bool)>,
    /// Whether of the fields the first counts that has a value.
    first: bool,
}

/// The members by which features are known, by [`Feature`].
const FEATURES: [&str; 11] = [
    "HasView",
    "HasAc",
    "HasAgeRestrictions",
    "HasBarn",
    "HasBasement",
    "HasFireplace",
    "HasGarage",
    "HasHandicapFeatures",
    "HasMasterOnMain",
    "HasPool",
    "HasWaterfront",
];

/// The members by which numbers are known, by [`Number`].
const NUMBERS: [&str; 7] =
    ["Price", "SquareFeet", "AcreSearch", "Beds", "BathsTotal", "YearBuilt", "DaysOnMarket"];

/// By [`Vocabulary`]: the vocabulary of `words.tsv`, and the fields whose own words are taken as well.
const VOCABULARIES: [(&str, &[&str]); 8] = [
    ("PropertyType", &["PropertyType", "PropertySubType"]),
    ("SaleType", &["SpecialListingConditions"]),
    ("", &["View"]),
    ("Level", &["ArchitecturalStyle", "Levels"]),
    ("ListingStatus", &["MlsStatus", "StandardStatus"]),
    ("Level", &["Levels"]),
    ("", &["MLSAreaMajor", "MLSAreaMinor"]),
    ("LandTenure", &[]),
];

impl Asked {
    /// Takes the rules of the bound members of `ListingDetails`.
    pub(super) fn bind(dictionary: &Dictionary, details: &[Member], strange: &mut Vec<String>) -> Self {
        let property = dictionary.known("Property");
        let own = |name: &str| {
            property.find(name).unwrap_or_else(|| panic!("the dictionary has no Property.{name}"))
        };
        let rule = |name: &&str| {
            let member = details.iter().find(|member| member.name == *name);
            member.unwrap_or_else(|| panic!("the table has no ListingDetails.{name}")).rule.clone()
        };
        let vocabularies = VOCABULARIES.map(|(words, raw)| Vocables {
            words: (!words.is_empty()).then(|| Words::read(dictionary, words, strange)),
            raw: raw.iter().map(|name| (own(name), property.field(own(name)).ty.is_list())).collect(),
            first: raw == ["MLSAreaMajor", "MLSAreaMinor"],
        });
        Self {
            vocabularies: vocabularies.into(),
            features: FEATURES.iter().map(rule).collect(),
            numbers: NUMBERS.iter().map(rule).collect(),
        }
    }
}

impl Members {
    /// Listings whose member is one of these words, in any case of letters and with any space around. A
    /// word that means nothing matches nothing (PAR-102).
    pub(crate) fn any_of(&self, vocabulary: Vocabulary, words: &[Text]) -> Expr {
        let vocables = &self.asked.vocabularies[vocabulary as usize];
        let mut found = Vec::new();
        let mut raw = Vec::new();
        for word in words {
            let word = word.trim();
            match vocables.words.as_ref().and_then(|words| words.find(word)) {
                Some(one) => found.push(one),
                None => raw.push(Expr::Value(Value::from(word.to_lowercase()))),
            }
        }
        if !raw.is_empty() || found.is_empty() {
            found.extend(vocables.raw(&raw));
        }
        match found.len() {
            1 => found.remove(0),
            _ => Expr::Or(found),
        }
    }

    /// The words of a vocabulary, in the order of its table; none of one that is the feeds' own.
    pub(crate) fn words(&self, vocabulary: Vocabulary) -> Vec<&'static str> {
        self.asked.vocabularies[vocabulary as usize].words.as_ref().map_or_else(Vec::new, Words::words)
    }

    /// Whether this word is one of a vocabulary that is closed (LandTenure: PAR-114).
    pub(crate) fn knows(&self, vocabulary: Vocabulary, word: &str) -> bool {
        let vocables = &self.asked.vocabularies[vocabulary as usize];
        let known = |words: &Words| words.find(word.trim()).is_some();
        !vocables.raw.is_empty() || vocables.words.as_ref().is_none_or(known)
    }

    /// Listings that have something, or explicitly do not: unknown is neither (PAR-111).
    pub(crate) fn feature(&self, feature: Feature, wanted: bool) -> Expr {
        match self.asked.features.get(feature as usize) {
            Some(Rule::Any(tests)) => any_of(tests, wanted),
            _ => {
                let has = self.known.has_open_house();
                if wanted { has } else { Expr::Not(Box::new(has)) }
            }
        }
    }

    /// Listings whose number is within bounds, both inclusive; unknown is not (PAR-105).
    pub(crate) fn within(
        &self,
        number: Number,
        least: Option<Decimal>,
        most: Option<Decimal>,
        now: Timestamp,
    ) -> Expr {
        match &self.asked.numbers[number as usize] {
            Rule::Area(measure) => measure.within(least, most),
            Rule::Baths(baths) => {
                let least = least.map(|least| baths.at_least(least));
                // More than the most is at least the next quarter.
                let quarter = Decimal::new(25, 2);
                let next = |most: Decimal| ((most / quarter).floor() + Decimal::ONE) * quarter;
                let most =
                    most.map(|most| baths.known().and(Expr::Not(Box::new(baths.at_least(next(most))))));
                Expr::And(least.into_iter().chain(most).collect())
            }
            Rule::Days(days) => {
                let whole = |edge: Option<Decimal>, otherwise: i64| {
                    edge.map_or(otherwise, |edge| i64::try_from(edge).unwrap_or(otherwise))
                };
                let least = whole(least.map(|least| least.ceil()), 0);
                let most = whole(most.map(|most| most.floor()), i64::MAX);
                days.within(least, most, days::today(now))
            }
            Rule::First(sources) => {
                let [[source]] = &sources.iter().map(Vec::as_slice).collect::<Vec<_>>()[..] else {
                    unreachable!("the members of numbers have one source")
                };
                let range = super::class::ClassType::range(NUMBER_TYPES[number as usize]);
                Expr::And(rounded(source.field, range, least, most))
            }
            _ => unreachable!("no other rule makes a number that is asked for"),
        }
    }

    /// The listings whose place may be shown: a question about places is put to these alone, or the answer
    /// tells where the others are (PAR-202).
    pub(crate) fn on_map(&self) -> Expr {
        self.known.on_map()
    }
}

/// The types of the members of [`NUMBERS`] that are one field.
const NUMBER_TYPES: [super::class::ClassType; 7] = {
    use super::class::ClassType::{Int, IntOrNull, NumberOrNull, ShortOrNull, String};
    [IntOrNull, String, NumberOrNull, ShortOrNull, NumberOrNull, String, Int]
};

/// A field whose member is rounded half up to a whole number of its type, where it has a range.
fn rounded(
    field: FieldId,
    range: Option<(i64, i64)>,
    least: Option<Decimal>,
    most: Option<Decimal>,
) -> Vec<Expr> {
    let bound = |comparison, value: Decimal| Expr::compare(field, comparison, Value::Decimal(value));
    let Some((low, high)) = range else {
        let least = least.map(|least| bound(Comparison::GreaterOrEqual, least));
        let most = most.map(|most| bound(Comparison::LessOrEqual, most));
        return least.into_iter().chain(most).collect();
    };
    let half = Decimal::new(5, 1);
    let least = least.map_or(Decimal::from(low), |least| least.ceil().max(low.into()));
    let most = most.map_or(Decimal::from(high), |most| most.floor().min(high.into()));
    vec![bound(Comparison::GreaterOrEqual, least - half), bound(Comparison::Less, most + half)]
}

impl Vocables {
    /// The filters that find these words, in lower case, in the fields' own.
    fn raw(&self, words: &[Expr]) -> Vec<Expr> {
        let bare =
            |of: Expr| Box::new(Expr::Call(Function::Trim, vec![Expr::Call(Function::ToLower, vec![of])]));
        let mut before: Vec<Expr> = Vec::new();
        let mut each = Vec::new();
        for (field, list) in &self.raw {
            let found = if *list {
                Expr::Quantified(Box::new(Quantifier {
                    quantity: Quantity::Any,
                    over: Over::List(FieldRef::own(*field)),
                    body: Some(Expr::In(bare(Expr::Element(1)), words.to_vec())),
                }))
            } else {
                Expr::In(bare(Expr::field(*field)), words.to_vec())
            };
            each.push(before.iter().cloned().fold(found, Expr::and));
            if self.first {
                let null = Box::new(Expr::Null);
                before.push(Expr::Compare(Comparison::Equal, Box::new(Expr::field(*field)), null));
            }
        }
        if each.is_empty() { vec![Expr::Value(false.into())] } else { each }
    }
}
