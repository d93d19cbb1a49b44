//! What a vendor holds: rows that change while somebody reads.

use std::collections::BTreeMap;

use dictionary::Timestamp;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use testkit::{Clock, Rng};

pub(crate) type Row = Map<String, Value>;

/// What a vendor holds, and the writer that is at work on it.
pub(crate) struct World {
    pub(crate) clock: Clock,
    rng: Rng,
    /// By resource and key.
    pub(crate) rows: BTreeMap<&'static str, BTreeMap<String, Row>>,
    /// What happened: resource and key; its number is its place, from 1 on.
    pub(crate) events: Vec<(&'static str, String)>,
    /// Whether what is gone is marked and stays for a while.
    marks: bool,
    /// Changes between two requests.
    pub(crate) busy: usize,
    next: u64,
}

/// The two resources, and the field that is the key of each.
pub(crate) const KEYS: [(&str, &str); 2] = [("Property", "ListingKey"), ("Member", "MemberKey")];

impl World {
    pub(crate) fn new(clock: Clock, name: &str, marks: bool) -> Self {
        let rows = KEYS.iter().map(|(resource, _)| (*resource, BTreeMap::new())).collect();
        let rng = testkit::rng(name);
        Self { clock, rng, rows, events: Vec::new(), marks, busy: 0, next: 0 }
    }

    /// So many rows of each resource, whole crowds of which share an instant.
    pub(crate) fn fill(&mut self, listings: usize, members: usize) {
        let now = self.clock.now();
        for (resource, count) in [("Property", listings), ("Member", members)] {
            for _ in 0..count {
                let ago = [90_000, 90_000, 90_000, 7_200, 500, 3][self.rng.usize(..6)] + self.rng.i64(0..3);
                self.insert(resource, now - SignedDuration::from_secs(ago));
            }
        }
    }

    fn insert(&mut self, resource: &'static str, at: Timestamp) {
        self.next += 1;
        // Keys are in no order of time, and one has what must be escaped.
        let key = format!("{:03}-O'{}&{}", self.next * 7_919 % 1_000, resource, self.next);
        let mut row = Row::new();
        let field = KEYS.iter().find(|(name, _)| *name == resource).unwrap().1;
        row.insert(field.into(), json!(key));
        row.insert("ModificationTimestamp".into(), json!(at.to_string()));
        row.insert("OriginatingSystemName".into(), json!("actris"));
        row.insert("MlgCanView".into(), json!(true));
        if resource == "Property" {
            row.insert("PhotosChangeTimestamp".into(), json!(at.to_string()));
            row.insert("ListPrice".into(), json!(self.rng.u32(1..2_000_000)));
            row.insert("X_View".into(), json!(["Lake", "City"][self.rng.usize(..2)]));
            let media = (0..self.rng.usize(..3)).map(|n| picture(&key, n, at)).collect();
            row.insert("Media".into(), Value::Array(media));
        } else {
            row.insert("MemberFullName".into(), json!(format!("Ann {}", self.next)));
        }
        self.rows.get_mut(resource).unwrap().insert(key.clone(), row);
        self.events.push((resource, key));
    }

    /// What a busy writer does between two requests: adds, changes, removes; photos change by themselves.
    pub(crate) fn work(&mut self) {
        for _ in 0..self.busy {
            let resource = KEYS[self.rng.usize(..2)].0;
            // Several changes may share an instant.
            if self.rng.bool() {
                self.clock.pass(SignedDuration::from_millis(self.rng.i64(0..40)));
            }
            let now = self.clock.now();
            let count = self.rows[resource].len();
            match self.rng.u8(..10) {
                0..3 => self.insert(resource, now),
                _ if count == 0 => {}
                choice => {
                    let key = self.rows[resource].keys().nth(self.rng.usize(..count)).unwrap().clone();
                    self.events.push((resource, key.clone()));
                    let price = self.rng.u32(1..2_000_000);
                    let rows = self.rows.get_mut(resource).unwrap();
                    let row = rows.get_mut(&key).unwrap();
                    match choice {
                        3..6 => {
                            row.insert("ListPrice".into(), json!(price));
                            row.insert("ModificationTimestamp".into(), json!(now.to_string()));
                            if resource == "Member" {
                                row.remove("ListPrice");
                            }
                        }
                        6 if resource == "Property" => {
                            row.insert("PhotosChangeTimestamp".into(), json!(now.to_string()));
                            row.insert("PhotosCount".into(), json!(price % 50));
                            row.insert("Media".into(), Value::Array(vec![picture(&key, 5, now)]));
                            if self.marks {
                                row.insert("ModificationTimestamp".into(), json!(now.to_string()));
                            }
                        }
                        _ if self.marks => {
                            row.insert("MlgCanView".into(), json!(false));
                            row.insert("ModificationTimestamp".into(), json!(now.to_string()));
                        }
                        _ => drop(rows.remove(&key)),
                    }
                }
            }
        }
    }

    /// What somebody who has copied everything holds, as fields that the dictionary knows.
    pub(crate) fn whole(&self, resource: &str) -> BTreeMap<String, Row> {
        let there = self.rows[resource].iter().filter(|(_, row)| row["MlgCanView"] == json!(true));
        let known = |row: &Row| {
            let own = ["MlgCanView", "X_View", "Media"];
            row.iter()
                .filter(|(name, _)| !own.contains(&name.as_str()))
                .map(|(n, v)| (n.clone(), v.clone()))
                .collect()
        };
        there.map(|(key, row)| (key.clone(), known(row))).collect()
    }

    /// Changes the `number`th of the listings that have pictures, at an instant, and its first picture where that has
    /// an instant, too. The key of that picture.
    pub(crate) fn touch(&mut self, number: usize, at: Timestamp, picture: Option<Timestamp>) -> String {
        let rows = self.rows.get_mut("Property").unwrap();
        let mut with = rows.iter_mut().filter(|(_, row)| !row["Media"].as_array().unwrap().is_empty());
        let (key, row) = with.nth(number).unwrap();
        row.insert("ListPrice".into(), json!(7));
        row.insert("ModificationTimestamp".into(), json!(at.to_string()));
        self.events.push(("Property", key.clone()));
        let one = &mut row["Media"][0];
        if let Some(moved) = picture {
            one["ModificationTimestamp"] = json!(moved.to_string());
        }
        one["MediaKey"].as_str().unwrap().to_owned()
    }

    /// The keys of the pictures of all listings.
    pub(crate) fn pictures(&self) -> Vec<String> {
        let there = self.rows["Property"].values().filter(|row| row["MlgCanView"] == json!(true));
        let media = there.flat_map(|row| row["Media"].as_array().unwrap());
        let mut keys: Vec<String> = media.map(|one| one["MediaKey"].as_str().unwrap().to_owned()).collect();
        keys.sort();
        keys
    }
}

fn picture(key: &str, number: usize, at: Timestamp) -> Value {
    json!({
        "MediaKey": format!("{key}-{number}"),
        "MediaURL": format!("https://pictures.example/{number}.jpg"),
        "ModificationTimestamp": at.to_string(),
    })
}
