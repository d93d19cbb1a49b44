//! What a question about a member means of the record behind it. A filter on a member and the member as
//! it is written never disagree.

use dictionary::{Decimal, Dictionary, FieldId, LinkId, Resource, Text, Value};
use query::{Comparison, Expr, FieldRef, Function, LinkRef, Over, Quantifier, Quantity};

use super::Members;

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

/// The fields of Property that questions look at.
pub(super) struct Asked {
    number: [FieldId; 6],
    on_market: FieldId,
    words: [FieldId; 8],
    features: [FieldId; 11],
    main_level_bedrooms: FieldId,
    sort: [FieldId; 7],
    open_houses: LinkId,
    open_house_end: FieldId,
}

impl Asked {
    pub(super) fn bind(dictionary: &Dictionary) -> Self {
        let property = dictionary.known("Property");
        let open_house = dictionary.known("OpenHouse");
        let known = |of: &Resource, name: &str| {
            of.find(name).unwrap_or_else(|| panic!("the dictionary has no {}.{name}", of.name))
        };
        let own = |name: &str| known(property, name);
        Self {
            number: [
                "ListPrice",
                "LivingArea",
                "LotSizeAcres",
                "BedroomsTotal",
                "BathroomsTotalInteger",
                "YearBuilt",
            ]
            .map(own),
            on_market: own("OnMarketDate"),
            words: [
                "PropertyType",
                "SpecialListingConditions",
                "View",
                "ArchitecturalStyle",
                "StandardStatus",
                "Levels",
                "MLSAreaMajor",
                "OwnershipType",
            ]
            .map(own),
            features: [
                "ViewYN",
                "CoolingYN",
                "SeniorCommunityYN",
                "HorseYN",
                "BasementYN",
                "FireplaceYN",
                "GarageYN",
                "AccessibilityFeatures",
                "MainLevelBedrooms",
                "PoolPrivateYN",
                "WaterfrontYN",
            ]
            .map(own),
            main_level_bedrooms: own("MainLevelBedrooms"),
            sort: [
                "ListingContractDate",
                "ModificationTimestamp",
                "StatusChangeTimestamp",
                "CloseDate",
                "ClosePrice",
                "City",
                "PostalCode",
            ]
            .map(own),
            open_houses: property.find_link("OpenHouses").expect("Property has OpenHouses"),
            open_house_end: known(open_house, "OpenHouseEndTime"),
        }
    }
}

impl Members {
    /// Listings whose member is one of these words, in any case of letters and with any space around. A
    /// word that means nothing matches nothing (PAR-102).
    pub(crate) fn any_of(&self, vocabulary: Vocabulary, words: &[Text]) -> Expr {
        let field = self.asked.words[vocabulary as usize];
        let lower = |of: Expr| Expr::Call(Function::ToLower, vec![of]);
        let wanted = words.iter().map(|word| Expr::Value(Value::from(word.trim().to_lowercase()))).collect();
        if matches!(
            vocabulary,
            Vocabulary::SaleType | Vocabulary::View | Vocabulary::Style | Vocabulary::Level
        ) {
            let body = Expr::In(Box::new(lower(Expr::Element(1))), wanted);
            return Expr::Quantified(Box::new(Quantifier {
                quantity: Quantity::Any,
                over: Over::List(FieldRef::own(field)),
                body: Some(body),
            }));
        }
        Expr::In(Box::new(lower(Expr::field(field))), wanted)
    }

    /// Whether this word is one of a vocabulary that is closed (LandTenure: PAR-114).
    pub(crate) fn knows(&self, vocabulary: Vocabulary, word: &str) -> bool {
        let bare: String = word.to_lowercase().split_whitespace().collect();
        vocabulary != Vocabulary::LandTenure || matches!(bare.as_str(), "freehold" | "leasehold")
    }

    /// Listings that have something, or explicitly do not: unknown is neither (PAR-111).
    pub(crate) fn feature(&self, feature: Feature, wanted: bool) -> Expr {
        match feature {
            Feature::OpenHouse => {
                let over = Over::Link(LinkRef { scope: 0, via: [].into(), link: self.asked.open_houses });
                let end =
                    Expr::Field(FieldRef { scope: 1, via: [].into(), field: self.asked.open_house_end });
                let now = Expr::Call(Function::Now, Vec::new());
                let body = Expr::Compare(Comparison::Greater, Box::new(end), Box::new(now));
                let any = Quantifier { quantity: Quantity::Any, over, body: Some(body) };
                Expr::Quantified(Box::new(any))
            }
            Feature::MasterOnMain => {
                let comparison = if wanted { Comparison::Greater } else { Comparison::Equal };
                Expr::compare(self.asked.main_level_bedrooms, comparison, 0)
            }
            Feature::HandicapFeatures => {
                let list = Over::List(FieldRef::own(self.asked.features[feature as usize]));
                let comparison = if wanted { Comparison::Greater } else { Comparison::Equal };
                Expr::Compare(
                    comparison,
                    Box::new(Expr::Count(list)),
                    Box::new(Expr::Value(Value::Integer(0))),
                )
            }
            _ => Expr::equal(self.asked.features[feature as usize], wanted),
        }
    }

    /// Listings whose number is within bounds, both inclusive; unknown is not (PAR-105).
    pub(crate) fn within(&self, number: Number, least: Option<Decimal>, most: Option<Decimal>) -> Expr {
        let Some(field) = self.asked.number.get(number as usize) else {
            return Expr::compare(self.asked.on_market, Comparison::NotEqual, "");
        };
        let bound = |comparison, value: Option<Decimal>| Some(Expr::compare(*field, comparison, value?));
        let least = bound(Comparison::GreaterOrEqual, least);
        let most = bound(Comparison::LessOrEqual, most);
        Expr::And(least.into_iter().chain(most).collect())
    }

    /// What listings are sorted by.
    pub(crate) fn sort(&self, key: SortKey) -> Expr {
        let field = |at: usize| Expr::field(self.asked.sort[at]);
        match key {
            SortKey::Price => Expr::field(self.asked.number[0]),
            SortKey::Beds => Expr::field(self.asked.number[3]),
            SortKey::Baths => Expr::field(self.asked.number[4]),
            SortKey::SquareFeet => Expr::field(self.asked.number[1]),
            SortKey::Acres => Expr::field(self.asked.number[2]),
            SortKey::YearBuilt => Expr::field(self.asked.number[5]),
            SortKey::DaysOnMarket => Expr::field(self.asked.on_market),
            SortKey::ListDate => field(0),
            SortKey::MlsUpdateDate => field(1),
            SortKey::LastListingStatusChangeDate => field(2),
            SortKey::PricePerSqft => Expr::field(self.asked.number[0]),
            SortKey::SaleDate => field(3),
            SortKey::SalePrice => field(4),
            SortKey::City => field(5),
            SortKey::Zip => field(6),
        }
    }
}
