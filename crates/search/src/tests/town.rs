//! A small town: resources of every type with links between them, and records that change at random.

use std::collections::BTreeMap;
use std::sync::Arc;

use dictionary::{
    Date, Decimal, Dictionary, Key, Point, Record, ResourceId, Tables, Text, Time, Timestamp, Type, Value,
    Version,
};
use store::{Change, ChangeKind, Sequence, Stored};

use super::dice::Dice;

const FIELDS: &str =
    "resource\tfield\ttype\tmax_length\tprecision\tscale\tlookup\tlookup_status\tkey\tsynonyms\tsince
House\tHouseKey\tEdm.String\t255\t\t\t\t\tkey\t\t2.0
House\tModificationTimestamp\tEdm.DateTimeOffset\t\t\t\t\t\t\t\t2.0
House\tPrice\tEdm.Decimal\t\t14\t2\t\t\t\t\t2.0
House\tRate\tEdm.Double\t\t\t\t\t\t\t\t2.0
House\tBeds\tEdm.Int64\t\t\t\t\t\t\t\t2.0
House\tStatus\tEdm.String\t\t\t\t\t\t\t\t2.0
House\tAddress\tEdm.String\t\t\t\t\t\t\t\t2.0
House\tRemarks\tEdm.String\t\t\t\t\t\t\t\t2.0
House\tPool\tEdm.Boolean\t\t\t\t\t\t\t\t2.0
House\tClosed\tEdm.Date\t\t\t\t\t\t\t\t2.0
House\tOpens\tEdm.TimeOfDay\t\t\t\t\t\t\t\t2.0
House\tSeen\tEdm.DateTimeOffset\t\t\t\t\t\t\t\t2.0
House\tFeatures\tCollection(Edm.String)\t\t\t\t\t\t\t\t2.0
House\tPlace\tEdm.GeographyPoint\t\t\t\t\t\t\t\t2.0
House\tAgentKey\tEdm.String\t255\t\t\t\t\t\t\t2.0
House\tNever\tEdm.Int64\t\t\t\t\t\t\t\t2.0
Agent\tAgentKey\tEdm.String\t255\t\t\t\t\tkey\t\t2.0
Agent\tModificationTimestamp\tEdm.DateTimeOffset\t\t\t\t\t\t\t\t2.0
Agent\tName\tEdm.String\t\t\t\t\t\t\t\t2.0
Agent\tSales\tEdm.Int64\t\t\t\t\t\t\t\t2.0
Picture\tPictureKey\tEdm.Int64\t\t\t\t\t\tkey\t\t2.0
Picture\tOf\tEdm.String\t255\t\t\t\t\t\t\t2.0
Picture\tKind\tEdm.String\t\t\t\t\t\t\t\t2.0
Picture\tCaption\tEdm.String\t\t\t\t\t\t\t\t2.0
Picture\tWidth\tEdm.Int32\t\t\t\t\t\t\t\t2.0
";
const LINKS: &str = "resource\tlink\ttarget\tmany\tsource_field\ttarget_field\twhere\tsince
House\tAgent\tAgent\t\tAgentKey\tAgentKey\t\t2.0
House\tPictures\tPicture\tmany\tHouseKey\tOf\tKind=House\t2.0
Agent\tHouses\tHouse\tmany\tAgentKey\tAgentKey\t\t2.0
";

/// The dictionary of the town, beside the standard one.
pub(super) fn dictionary() -> Arc<Dictionary> {
    let local = Tables { origin: dictionary::Origin::Local, fields: FIELDS, links: LINKS, lookups: "" };
    Arc::new(Dictionary::with_local(Version::V2_0, &[local]).expect("the tables are right"))
}

/// Its resources.
pub(super) const RESOURCES: [&str; 3] = ["House", "Agent", "Picture"];
pub(super) const STATUSES: [&str; 5] = ["Active", "Pending", "Closed", "Äctive", ""];
pub(super) const FEATURES: [&str; 5] = ["Pool", "View", "Garage", "A/C", "pool"];
pub(super) const FEEDS: [&str; 3] = ["NORTH", "SOUTH", "WEST"];
pub(super) const WORDS: [&str; 8] = ["sunny", "Sunny", "view", "of", "the", "lake", "50%", "O'Brien"];

/// What is there, and all that happened.
pub(super) struct Town {
    pub(super) dictionary: Arc<Dictionary>,
    pub(super) live: BTreeMap<(ResourceId, Key), Stored>,
    pub(super) sequence: Sequence,
    keys: usize,
}

impl Town {
    /// A town of at most so many keys a resource.
    pub(super) fn new(keys: usize) -> Self {
        Self { dictionary: dictionary(), live: BTreeMap::new(), sequence: 0, keys }
    }

    /// Something happens: a record comes, changes or goes.
    pub(super) fn change(&mut self, dice: &mut Dice) -> Change {
        let name = *dice.pick(&["House", "House", "House", "Agent", "Picture"]);
        let resource = self.dictionary.known(name).id;
        let number = dice.below(self.keys);
        let key = if name == "Picture" {
            Key::from(number.to_string())
        } else {
            Key::from(format!("{}{number}", &name[..1]))
        };
        let held = self.live.get(&(resource, key.clone())).cloned();
        self.sequence += 1;
        let at = Timestamp::from_second(1_700_000_000 + i64::try_from(self.sequence).expect("small"))
            .expect("in range");
        let before = held.as_ref().map(|stored| stored.sequence);
        let feed = held.as_ref().map_or_else(|| Text::new(*dice.pick(&FEEDS)), |stored| stored.feed.clone());
        let change = |kind, record| Change {
            sequence: self.sequence,
            at,
            actor: "test".into(),
            resource,
            feed: feed.clone(),
            key: key.clone(),
            kind,
            before,
            record,
        };
        if held.is_some() && dice.once_in(4) {
            self.live.remove(&(resource, key.clone()));
            return change(ChangeKind::Removed, None);
        }
        let record = Arc::new(self.record(dice, resource, &key, held.as_ref().map(|s| &*s.record)));
        let kind = if held.is_some() { ChangeKind::Changed } else { ChangeKind::Created };
        let change = change(kind, Some(Arc::clone(&record)));
        let stored = Stored { resource, feed, key: key.clone(), sequence: self.sequence, at, record };
        self.live.insert((resource, key), stored);
        change
    }

    /// Fills a resource with records of every key.
    pub(super) fn settle(&mut self, dice: &mut Dice, resource: ResourceId, keys: usize) {
        let name = self.dictionary.resource(resource).name.clone();
        for number in 0..keys {
            let key = Key::from(format!("{}{number}", &name[..1]));
            let record = Arc::new(self.record(dice, resource, &key, None));
            self.sequence += 1;
            let (feed, at) = (Text::new(*dice.pick(&FEEDS)), Timestamp::UNIX_EPOCH);
            let stored = Stored { resource, feed, key: key.clone(), sequence: self.sequence, at, record };
            self.live.insert((resource, key), stored);
        }
    }

    /// A record of this key, a few fields of which differ from the one before.
    fn record(&self, dice: &mut Dice, resource: ResourceId, key: &Key, held: Option<&Record>) -> Record {
        let mut record = held.cloned().unwrap_or_else(|| Record::new(resource));
        let few = held.is_some() && dice.once_in(2);
        for (field, declared) in self.dictionary.resource(resource).each() {
            if declared.name == "Never" || (few && !dice.once_in(4)) {
                continue;
            }
            if declared.key {
                let number = key.parse::<i64>().map(Value::Integer);
                record.set(
                    field,
                    if declared.ty == Type::Int64 {
                        number.expect("a number")
                    } else {
                        Value::Text(key.clone())
                    },
                );
            } else if dice.once_in(5) {
                record.clear(field);
            } else {
                record.set(field, self.value(dice, &declared.name, declared.ty));
            }
        }
        record
    }

    /// A value for a field: from few, so that many records share it and literals meet it.
    pub(super) fn value(&self, dice: &mut Dice, name: &str, ty: Type) -> Value {
        match (name, ty) {
            ("AgentKey", _) => Value::from(format!("A{}", dice.below(self.keys))),
            ("Of", _) => Value::from(format!("H{}", dice.below(self.keys))),
            ("Kind", _) => Value::from(*dice.pick(&["House", "House", "Agent"])),
            ("Status" | "Name", _) => Value::from(*dice.pick(&STATUSES)),
            ("Caption" | "Address", _) => {
                Value::from(format!("{} {}", dice.pick(&WORDS), dice.below(100_000)))
            }
            (_, Type::Text { .. }) => {
                let words: Vec<&str> = (0..dice.below(5)).map(|_| *dice.pick(&WORDS)).collect();
                Value::from(words.join(" "))
            }
            (_, Type::TextList { .. }) => {
                let mut list: Vec<Text> =
                    FEATURES.iter().filter(|_| dice.once_in(3)).map(|f| Text::new(*f)).collect();
                if dice.once_in(3) {
                    list.reverse();
                }
                Value::TextList(list.into())
            }
            (_, Type::Boolean) => Value::Boolean(dice.once_in(2)),
            (_, Type::Int16 | Type::Int32) => Value::Integer(dice.between(-300, 300)),
            (_, Type::Int64) if dice.once_in(200) => {
                Value::Integer(*dice.pick(&[i64::MIN, i64::MAX, i64::MIN + 1, 0]))
            }
            (_, Type::Int64) => Value::Integer(dice.between(-2, 8)),
            (_, Type::Decimal { .. }) => match dice.below(40) {
                0 => Value::Decimal(Decimal::from_i128_with_scale(i128::MAX >> 40, 0)),
                1 => Value::Decimal(Decimal::new(dice.between(-99_999, 99_999), 4)),
                2..20 => Value::Decimal(Decimal::new(dice.between(1, 20) * 10_000, 2)),
                _ => Value::Decimal(Decimal::new(dice.between(1, 20) * 100, 0)),
            },
            (_, Type::Double) => Value::Double(*dice.pick(&[-1.5, -0.0, 0.0, 0.1, 2.0, 1e300])),
            (_, Type::Date) => Value::Date(date(dice)),
            (_, Type::Time) => Value::Time(
                Time::new(i8::try_from(dice.below(24)).expect("small"), 30, 0, 0).expect("a time"),
            ),
            (_, Type::Timestamp) => Value::Timestamp(instant(dice)),
            (_, Type::Point) => Value::Point(point(dice)),
        }
    }

    /// The live records of a resource, in the order of their keys.
    pub(super) fn records(&self, resource: ResourceId) -> impl Iterator<Item = &Stored> {
        self.live.iter().filter(move |((of, _), _)| *of == resource).map(|(_, stored)| stored)
    }

    pub(super) fn id(&self, resource: &str) -> ResourceId {
        self.dictionary.known(resource).id
    }
}

/// One of few instants, some of them of the same second and one finer than a microsecond.
pub(super) fn instant(dice: &mut Dice) -> Timestamp {
    let fraction = *dice.pick(&[0, 0, 0, 0, 250_000_000, 1_000]);
    Timestamp::new(1_700_000_000 + dice.between(0, 40), fraction).expect("in range")
}

pub(super) fn date(dice: &mut Dice) -> Date {
    let day = i8::try_from(dice.below(28) + 1).expect("small");
    Date::new(i16::try_from(2019 + dice.below(4)).expect("small"), 2, day).expect("a date")
}

/// A point on a coarse grid, so that some lie on borders; a few are finer than the dictionary's digits.
pub(super) fn point(dice: &mut Dice) -> Point {
    let mut step = || f64::from(i32::try_from(dice.below(41)).expect("small") - 20) / 1_000.0;
    let (mut longitude, latitude) = (-122.3 + step(), 47.6 + step());
    if dice.once_in(50) {
        longitude += 1e-11;
    }
    Point { longitude, latitude }
}
