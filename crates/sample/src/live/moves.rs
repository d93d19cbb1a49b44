//! The moves that a living market makes. Each gives the records to be written, or none where nothing
//! can move that way.

use dictionary::{Decimal, Record, Text, Timestamp, Value};

use super::Live;
use crate::Dice;
use crate::calendar::{days_between, plus_days};
use crate::king_county::{Event, Life, Open, SYSTEM, Turn, round_price};
use crate::parties::BUYER;

/// Numbers of new listings count seconds from here (2024-01-01), so that they never meet older ones.
const EPOCH: i64 = 1_704_067_200;

type Written = Option<Vec<Record>>;

impl Live {
    /// A new listing, with its pictures, its history and often an open house.
    pub(super) fn list(&mut self, now: Timestamp, dice: &mut Dice) -> Written {
        let index = dice.index(self.market.len());
        let id = self.fresh_id(now);
        let today = self.market.today;
        let telling = self.market.telling(index, id, |sale, dice| {
            let price = round_price(sale.price as f64 * (0.97 + dice.unit() * 0.1));
            Life {
                events: vec![Event { at: now, day: today, turn: Turn::Listed, price }],
                contract: today,
                expires: plus_days(today, 180),
                close_price: None,
            }
        });
        let listing = self.market.property(&telling);
        let mut written = vec![listing.clone()];
        self.market.history(&telling, &mut written);
        self.market.media(&telling, &mut written);
        if dice.chance(0.5) {
            let (nth, day, start) = (0, plus_days(today, dice.between(2, 6)), dice.between(20, 28) * 1_800);
            let open = Open { nth, day, start, end: start + 7_200, broker: false };
            written.push(self.market.open_house(&telling, &open));
        }
        self.open.push(listing);
        Some(written)
    }

    pub(super) fn cut_price(&mut self, now: Timestamp, dice: &mut Dice) -> Written {
        let at = self.one(&["Active", "Coming Soon"], dice)?;
        let before = self.dollars(at, "ListPrice")?;
        let after = round_price(before as f64 * (0.94 + dice.unit() * 0.05));
        if after == before {
            return None;
        }
        self.set(at, "PreviousListPrice", Decimal::from(before));
        self.set(at, "ListPrice", Decimal::from(after));
        self.set(at, "CurrentPrice", Decimal::from(after));
        self.set(at, "PriceChangeTimestamp", now);
        Some(self.told(at, now, "Price Change", ("ListPrice", &before.to_string(), &after.to_string())))
    }

    pub(super) fn find_buyer(&mut self, now: Timestamp, dice: &mut Dice) -> Written {
        let at = self.one(&["Active", "Active Under Contract"], dice)?;
        let today = self.market.today;
        if self.status(at) == "Active" && dice.chance(0.4) {
            self.set(at, "ContingentDate", today);
            self.set(at, "Contingency", "Buyer's inspection");
            return Some(self.turn(at, now, "Active Under Contract", "Pending Inspection"));
        }
        for name in ["PurchaseContractDate", "OffMarketDate"] {
            self.set(at, name, today);
        }
        for name in ["PendingTimestamp", "OffMarketTimestamp"] {
            self.set(at, name, now);
        }
        let shape = &self.market.shapes.property;
        let mut draft = shape.draft(16);
        self.market.party(self.market.anyone(dice)).write(&BUYER, &mut draft);
        for (field, value) in draft.done().iter() {
            self.open[at].set(field, value.clone());
        }
        Some(self.turn(at, now, "Pending", "Pending"))
    }

    pub(super) fn close(&mut self, now: Timestamp, dice: &mut Dice) -> Written {
        let at = self.one(&["Pending"], dice)?;
        let asked = self.dollars(at, "ListPrice")?;
        let paid = asked * dice.between(970, 1_060) / 1_000;
        let today = self.market.today;
        self.set(at, "ClosePrice", Decimal::from(paid));
        self.set(at, "CurrentPrice", Decimal::from(paid));
        self.set(at, "CloseDate", today);
        let written = self.turn(at, now, "Closed", "Sold");
        self.open.swap_remove(at);
        Some(written)
    }

    /// A sale falls through.
    pub(super) fn come_back(&mut self, now: Timestamp, dice: &mut Dice) -> Written {
        let at = self.one(&["Pending", "Active Under Contract"], dice)?;
        let today = self.market.today;
        let shape = &self.market.shapes.property;
        let gone: Vec<_> = shape
            .fields()
            .filter(|(name, _)| {
                (name.starts_with("Buyer") && !name.starts_with("BuyerBrokerage"))
                    || name.starts_with("CoBuyer")
                    || ["PendingTimestamp", "PurchaseContractDate", "ContingentDate", "Contingency"]
                        .contains(name)
                    || ["OffMarketDate", "OffMarketTimestamp"].contains(name)
            })
            .map(|(_, id)| id)
            .collect();
        for field in gone {
            self.open[at].clear(field);
        }
        self.set(at, "BackOnMarketDate", today);
        self.set(at, "BackOnMarketTimestamp", now);
        let before = self.status(at).to_owned();
        self.stand(at, now, "Active", "Active");
        Some(self.told(at, now, "Back On Market", ("StandardStatus", &before, "Active")))
    }

    /// What was coming is here.
    pub(super) fn activate(&mut self, now: Timestamp, dice: &mut Dice) -> Written {
        let at = self.one(&["Coming Soon"], dice)?;
        let today = self.market.today;
        self.set(at, "OnMarketDate", today);
        self.set(at, "OnMarketTimestamp", now);
        Some(self.turn(at, now, "Active", "Active"))
    }

    /// An open house in the coming week.
    pub(super) fn invite(&mut self, now: Timestamp, dice: &mut Dice) -> Written {
        let at = self.one(&["Active"], dice)?;
        let today = self.market.today;
        let listing = self.open[at].clone();
        let start = dice.between(20, 28) * 1_800;
        let nth = i64::try_from(self.fresh_id(now)).unwrap_or(0);
        let open =
            Open { nth, day: plus_days(today, dice.between(2, 7)), start, end: start + 7_200, broker: false };
        let written = self.market.open_house_of(&listing, &open, now);
        self.set(at, "OpenHouseModificationTimestamp", now);
        self.set(at, "ModificationTimestamp", now);
        Some(vec![self.open[at].clone(), written])
    }

    fn fresh_id(&mut self, now: Timestamp) -> u64 {
        let seconds = u64::try_from(now.as_second() - EPOCH).unwrap_or(0);
        self.next_id = (self.next_id + 1).max(100_000_000 + seconds);
        self.next_id
    }

    /// One of the listings that stand so.
    fn one(&self, statuses: &[&str], dice: &mut Dice) -> Option<usize> {
        // Nearly every listing is of use: a few throws find one.
        let found = (0..16).filter(|_| !self.open.is_empty()).map(|_| dice.index(self.open.len()));
        let mut found = found.filter(|at| statuses.contains(&self.status(*at)));
        found.next().or_else(|| (0..self.open.len()).find(|at| statuses.contains(&self.status(*at))))
    }

    fn status(&self, at: usize) -> &str {
        self.market.shapes.property.text(&self.open[at], "StandardStatus")
    }

    fn dollars(&self, at: usize, name: &str) -> Option<i64> {
        let field = self.market.shapes.property.field(name)?;
        match self.open[at].get(field)? {
            Value::Decimal(number) => i64::try_from(*number).ok(),
            _ => None,
        }
    }

    fn set(&mut self, at: usize, name: &str, value: impl Into<Value>) {
        if let Some(field) = self.market.shapes.property.field(name) {
            self.open[at].set(field, value);
        }
    }

    /// Gives it this status and writes it down.
    fn turn(
        &mut self,
        at: usize,
        now: Timestamp,
        standard: &'static str,
        local: &'static str,
    ) -> Vec<Record> {
        let before = self.status(at).to_owned();
        self.stand(at, now, standard, local);
        self.told(at, now, standard, ("StandardStatus", &before, standard))
    }

    fn stand(&mut self, at: usize, now: Timestamp, standard: &'static str, local: &'static str) {
        let today = self.market.today;
        self.set(at, "StandardStatus", standard);
        self.set(at, "MlsStatus", local);
        self.set(at, "StatusChangeTimestamp", now);
        self.set(at, "ContractStatusChangeDate", today);
        let listed =
            self.market.shapes.property.field("OnMarketDate").and_then(|id| self.open[at].get(id).cloned());
        if let Some(Value::Date(listed)) = listed {
            self.set(at, "DaysOnMarket", days_between(listed, today).max(0));
        }
    }

    /// The listing and the line of its history.
    fn told(
        &mut self,
        at: usize,
        now: Timestamp,
        change: &'static str,
        what: (&'static str, &str, &str),
    ) -> Vec<Record> {
        self.set(at, "MajorChangeTimestamp", now);
        self.set(at, "MajorChangeType", change);
        self.set(at, "ModificationTimestamp", now);
        let id = self.fresh_id(now);
        let shapes = &self.market.shapes;
        let listing = &self.open[at];
        let own = |name: &str| Text::new(shapes.property.text(listing, name));
        let (field, before, after) = what;
        let mut draft = shapes.history.draft(12);
        draft.put("HistoryTransactionalKey", format!("{}-H{id}", own("ListingKey")));
        draft.word("ResourceName", "Property").word("ClassName", "Residential");
        draft.put("ResourceRecordKey", own("ListingKey")).put("ResourceRecordID", own("ListingId"));
        draft.word("ChangeType", change).word("FieldName", field).word("OriginatingSystemName", SYSTEM);
        draft.put("PreviousValue", before).put("NewValue", after);
        draft.put("ChangedByMemberKey", own("ListAgentKey")).put("ChangedByMemberID", own("ListAgentMlsId"));
        draft.put("ModificationTimestamp", now);
        vec![listing.clone(), draft.done()]
    }
}
