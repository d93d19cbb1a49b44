//! Random records: written, read again.

use dictionary::{Date, Decimal, FieldId, Point, Resource, Text, Time, Timestamp};

use super::*;

/// A small generator of its own, so that a seed gives the same records for ever.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, count: u64) -> u64 {
        (self.roll() >> 11) % count
    }

    fn text(&mut self) -> String {
        const LETTERS: [char; 16] = [
            'a', 'B', ' ', '"', '\\', '\n', '\u{0}', '\u{1b}', 'é', '\u{2028}', '🏡', '{', ',', '\'', '/',
            '\u{7f}',
        ];
        (0..self.below(30)).map(|_| LETTERS[self.below(16) as usize]).collect()
    }

    fn value(&mut self, ty: Type) -> Value {
        match ty {
            Type::Boolean => Value::Boolean(self.below(2) == 0),
            Type::Int16 => Value::Integer(i64::from(self.roll() as i16)),
            Type::Int32 => Value::Integer(i64::from(self.roll() as i32)),
            Type::Int64 => Value::Integer(self.roll() as i64),
            Type::Decimal { .. } => {
                let mantissa = (self.roll() as i64) >> self.below(64);
                Value::Decimal(Decimal::new(mantissa, self.below(20) as u32))
            }
            Type::Double => loop {
                let number = f64::from_bits(self.roll());
                if number.is_finite() {
                    return Value::Double(number);
                }
            },
            Type::Date => Value::Date(
                Date::new(1 + self.below(9_999) as i16, 1 + self.below(12) as i8, 1 + self.below(28) as i8)
                    .unwrap(),
            ),
            Type::Timestamp => Value::Timestamp(
                Timestamp::from_microsecond(self.below(8_000_000_000_000_000) as i64 - 4_000_000_000_000_000)
                    .unwrap(),
            ),
            Type::Time => Value::Time(
                Time::new(
                    self.below(24) as i8,
                    self.below(60) as i8,
                    self.below(60) as i8,
                    self.below(1_000_000) as i32 * 1_000,
                )
                .unwrap(),
            ),
            Type::Text { .. } => Value::from(self.text()),
            Type::TextList { .. } => {
                Value::TextList((0..self.below(4)).map(|_| Text::from(self.text())).collect())
            }
            Type::Point => Value::Point(Point {
                longitude: self.below(360_000) as f64 / 1_000.0 - 180.0,
                latitude: self.below(180_000) as f64 / 1_000.0 - 90.0,
            }),
        }
    }

    fn record(&mut self, words: &Resource) -> Record {
        let part = 1 + self.below(12);
        let mut values = Vec::new();
        for (id, field) in words.each() {
            if self.below(part) == 0 {
                values.push((id, self.value(field.ty)));
            }
        }
        Record::from_values(words.id, values)
    }
}

fn seed() -> u64 {
    // A seed of nothing would stay nothing.
    testkit::rng("json::random").u64(1..)
}

#[test]
fn random_records_are_read_as_they_were_written() {
    let dictionary = dictionary();
    let mut dice = Dice(seed());
    for round in 0..40 {
        for words in dictionary.resources() {
            let record = dice.record(words);
            let chosen: Vec<FieldId> =
                words.each().map(|(id, _)| id).filter(|_| dice.below(3) == 0).collect();
            let sight = if dice.below(2) == 0 {
                Sight::everything()
            } else {
                let mut sight = Sight::nothing();
                sight
                    .allow(words.id, &words.each().map(|(id, _)| id).filter(|_| dice.below(4) > 0).collect());
                sight
            };
            let selection =
                if dice.below(3) == 0 { Selection::All } else { Selection::Fields(chosen.clone()) };
            let mut shape = Shape::new(words, &selection, &sight, dice.below(2) == 0);
            shape.id = dice.below(4) == 0;
            shape.metadata = [Metadata::None, Metadata::Minimal, Metadata::Full][dice.below(3) as usize];
            shape.numbers = [Numbers::Plain, Numbers::Strings][dice.below(2) as usize];
            let sequence = (dice.below(2) == 0).then(|| dice.below(1_000));
            let out = written(&dictionary, &record, &shape, sequence);
            let read = read_record(out.as_bytes(), &dictionary, words.id, &ReadOptions::default())
                .unwrap_or_else(|faults| panic!("round {round} {}: {faults:?}\n{out}", words.name));
            for (id, field) in words.each() {
                let shown = sight.sees(words.id, id) && (selection == Selection::All || chosen.contains(&id));
                let expect = if shown { record.get(id) } else { None };
                assert_eq!(read.record.get(id), expect, "round {round} {}.{}", words.name, field.name);
            }
            assert_eq!(
                serde_json::from_str::<serde_json::Value>(&out).err().map(|e| e.to_string()),
                None,
                "{out}"
            );
        }
    }
}

#[test]
fn random_damage_never_panics() {
    let dictionary = dictionary();
    let mut dice = Dice(seed());
    let words = dictionary.known("Property");
    for _ in 0..3_000 {
        let record = dice.record(words);
        let mut out = written(&dictionary, &record, &Shape::everything(), None).into_bytes();
        for _ in 0..=dice.below(3) {
            let at = dice.below(out.len() as u64) as usize;
            match dice.below(3) {
                0 => out[at] = dice.roll() as u8,
                1 => out[at] = *b"{}[]\",:\\-0".get(dice.below(10) as usize).unwrap(),
                _ => out.truncate(at.max(1)),
            }
        }
        fuzz(&out, &dictionary, words.id);
    }
}
