//! Listings in the order of a member, made of the rule that writes it: where the member has several sources,
//! the order has as many parts, and what is compared across them is what the rule says of each listing.

use dictionary::{Date, Decimal, Dictionary, FieldId, Fields, Type, Value, ValueRef};
use query::{Comparison, Expr};

use super::Members;
use super::condition::number;
use super::read::Source;
use super::rule::Rule;

/// What listings are sorted by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum SortKey {
    Price,
    Beds,
    Baths,
    SquareFeet,
    Acres,
    YearBuilt,
    DaysOnMarket,
    ListDate,
    MlsUpdateDate,
    LastListingStatusChangeDate,
    PricePerSqft,
    SaleDate,
    SalePrice,
    City,
    Zip,
}

impl SortKey {
    /// The member of `ListingDetails` that it is; none where Freehold itself says it.
    fn member(self) -> Option<&'static str> {
        Some(match self {
            Self::Price => "Price",
            Self::Beds => "Beds",
            Self::Baths => "BathsTotal",
            Self::SquareFeet => "SquareFeet",
            Self::Acres => "AcreSearch",
            Self::YearBuilt => "YearBuilt",
            Self::DaysOnMarket => "DaysOnMarket",
            Self::ListDate => "ListDate",
            Self::LastListingStatusChangeDate => "LastListingStatusChangeDate",
            Self::PricePerSqft => "PricePerSqft",
            Self::SaleDate => "SaleDate",
            Self::SalePrice => "SalePrice",
            Self::City => "City",
            Self::Zip => "Zip",
            Self::MlsUpdateDate => return None,
        })
    }

    /// Every key, for the table of [`Orders`].
    const ALL: [Self; 15] = [
        Self::Price,
        Self::Beds,
        Self::Baths,
        Self::SquareFeet,
        Self::Acres,
        Self::YearBuilt,
        Self::DaysOnMarket,
        Self::ListDate,
        Self::MlsUpdateDate,
        Self::LastListingStatusChangeDate,
        Self::PricePerSqft,
        Self::SaleDate,
        Self::SalePrice,
        Self::City,
        Self::Zip,
    ];
}

/// The rules of the members that are sorted by, each with the fields that it looks at, by [`SortKey`].
pub(super) struct Orders {
    by: Vec<Option<(Rule, Vec<FieldId>)>>,
    /// Those of the fields that are texts: an empty one says nothing.
    texts: Vec<FieldId>,
}

/// Some of the listings, in the order of one source.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Part {
    /// Which listings; all where there is none.
    pub(crate) of: Option<Expr>,
    /// What they lie in the order of; none where they are so few that they are put in order one by one.
    pub(crate) by: Option<Expr>,
    /// Whether the member falls as that rises.
    pub(crate) back: bool,
}

impl Part {
    pub(super) fn new(of: Expr, by: FieldId) -> Self {
        Self { of: Some(of), by: Some(Expr::field(by)), back: false }
    }

    pub(super) fn falling(self) -> Self {
        Self { back: true, ..self }
    }

    /// Listings of one value, or of none.
    pub(super) fn level(of: Expr) -> Self {
        Self { of: Some(of), by: Some(Expr::Null), back: false }
    }

    pub(super) fn few(of: Expr) -> Self {
        Self { of: Some(of), by: None, back: false }
    }
}

impl Orders {
    pub(super) fn bind(dictionary: &Dictionary, details: &[super::Member]) -> Self {
        let property = dictionary.known("Property");
        let of = |key: SortKey| {
            let name = key.member()?;
            let member = details.iter().find(|member| member.name == name);
            let member = member.unwrap_or_else(|| panic!("the table has no ListingDetails.{name}"));
            Some((member.rule.clone(), member.named.iter().map(|(_, field)| *field).collect()))
        };
        let by = SortKey::ALL.map(of);
        let fields = by.iter().flatten().flat_map(|(_, fields): &(Rule, Vec<FieldId>)| fields);
        let is_text = |field: &FieldId| matches!(property.field(*field).ty, Type::Text { .. });
        Self { texts: fields.copied().filter(is_text).collect(), by: by.into() }
    }

    fn rule(&self, key: SortKey) -> Option<&(Rule, Vec<FieldId>)> {
        self.by[key as usize].as_ref()
    }
}

impl Members {
    /// The fields that an order looks at: who may not see one of them is not shown the order.
    pub(crate) fn sorted_by(&self, key: SortKey) -> &[FieldId] {
        self.orders.rule(key).map_or(&[], |(_, fields)| fields)
    }

    /// The parts of the order by a member, which together hold each listing once.
    pub(crate) fn parts(&self, key: SortKey) -> Vec<Part> {
        match self.orders.rule(key).map(|(rule, _)| rule) {
            Some(Rule::Area(measure)) => measure.parts(),
            Some(Rule::Baths(baths)) => baths.parts(),
            Some(Rule::Days(days)) => days.parts(),
            Some(Rule::PerFoot(price, area)) => area.parts_of(*price),
            Some(Rule::First(sources)) => self.orders.first(sources),
            _ => Vec::new(),
        }
    }

    /// What a listing's member is compared by: the member before it is rounded; none comes last.
    pub(crate) fn standing(&self, key: SortKey, listing: &impl Fields, today: Date) -> Option<Value> {
        let decimal = |number: Option<Decimal>| number.map(Value::Decimal);
        match self.orders.rule(key).map(|(rule, _)| rule)? {
            Rule::Area(measure) => decimal(measure.exact(listing)),
            Rule::Baths(baths) => decimal(baths.value(listing)),
            Rule::Days(days) => Some(Value::Integer(days.counted(listing, today).0)),
            Rule::PerFoot(price, area) => {
                let price = listing.look(*price).and_then(number)?;
                let area = area.value(listing).filter(|area| *area > Decimal::ZERO)?;
                decimal(price.checked_div(area))
            }
            Rule::First(sources) => sources.iter().flatten().find_map(|source| {
                let value = listing.look(source.field)?;
                (value != ValueRef::Text("")).then(|| value.to_value())
            }),
            _ => None,
        }
    }
}

impl Orders {
    /// One part for each source, of the listings in which those before it say nothing.
    fn first(&self, sources: &[Vec<Source>]) -> Vec<Part> {
        // An empty text is as unknown as none, and would come first.
        if let [[source]] = &sources.iter().map(Vec::as_slice).collect::<Vec<_>>()[..]
            && !self.texts.contains(&source.field)
        {
            return vec![Part { of: None, by: Some(Expr::field(source.field)), back: false }];
        }
        let mut silent: Vec<Expr> = Vec::new();
        let mut parts = Vec::new();
        for source in sources.iter().flatten() {
            debug_assert!(source.link.is_none(), "no member that is sorted by is a linked record's");
            let says_nothing = self.says_nothing(source.field);
            let of = silent.iter().cloned().chain([Expr::Not(Box::new(says_nothing.clone()))]);
            parts.push(Part::new(Expr::And(of.collect()), source.field));
            silent.push(says_nothing);
        }
        parts.push(Part::level(Expr::And(silent)));
        parts
    }

    /// Whether a field is null, or an empty text.
    fn says_nothing(&self, field: FieldId) -> Expr {
        let is =
            |value: Expr| Expr::Compare(Comparison::Equal, Box::new(Expr::field(field)), Box::new(value));
        match self.texts.contains(&field) {
            true => Expr::Or(vec![is(Expr::Null), is(Expr::Value(Value::from("")))]),
            false => is(Expr::Null),
        }
    }
}
