//! What hangs on a listing: pictures, history, open houses, rooms.

use dictionary::{Date, Decimal, Record, Text, Timestamp};

use super::life::Turn;
use super::listing::Telling;
use super::{KingCounty, SYSTEM};
use crate::Dice;
use crate::calendar::{instant, plus_days};
use crate::picture::{self, Subject};

/// How many pictures a listing has: what is sold keeps few.
pub(super) fn photo_count(telling: &Telling<'_>) -> i64 {
    let mut dice = Dice::of(0x9407, &telling.key);
    match telling.life.standing().turn {
        Turn::Drafted => 1,
        turn if turn.is_open() || turn == Turn::Pending => dice.between(5, 8),
        _ => dice.between(1, 3),
    }
}

impl KingCounty {
    /// Everything that hangs on this listing.
    pub(crate) fn attached(&self, telling: &Telling<'_>) -> Vec<Record> {
        let mut records = Vec::with_capacity(16);
        self.history(telling, &mut records);
        self.media(telling, &mut records);
        if telling.life.standing().turn.is_open() {
            self.rooms(telling, &mut records);
            self.open_houses(telling, &mut records);
        }
        records
    }

    pub(crate) fn media(&self, telling: &Telling<'_>, records: &mut Vec<Record>) {
        let subject = Subject::of(&telling.house, self.setting.seed, &telling.key);
        let at = telling.life.events[0].at;
        for order in 1..=photo_count(telling) {
            let (image_of, caption) = picture::shows(order, telling.house.frame.waterfront);
            let key = subject.media_key(&telling.key, order);
            let mut draft = self.shapes.media.draft(24);
            draft.put("MediaURL", format!("{}/media/{key}", self.setting.media_base_url));
            draft.put("MediaKey", key.clone()).put("MediaObjectID", order.to_string());
            draft.put("OriginatingSystemMediaKey", key).word("OriginatingSystemName", SYSTEM);
            draft.word("ResourceName", "Property").word("ClassName", "Residential");
            draft.put("ResourceRecordKey", telling.key.clone()).put("ResourceRecordID", telling.id.clone());
            draft.put("Order", order).put("PreferredPhotoYN", order == 1);
            draft.word("MediaCategory", "Photo").word("MediaType", "jpeg").word("ImageOf", image_of);
            draft.put("ImageWidth", i64::from(picture::WIDTH)).put("ImageHeight", i64::from(picture::HEIGHT));
            draft.word("ShortDescription", caption).words("Permission", &["Public"]);
            draft.put("MediaModificationTimestamp", at).put("ModificationTimestamp", at);
            records.push(draft.done());
        }
    }

    pub(crate) fn history(&self, telling: &Telling<'_>, records: &mut Vec<Record>) {
        let life = &telling.life;
        let mut status = "";
        let mut price = 0;
        let agent = telling.agents[0].map(|agent| &self.people.agents[agent]);
        for (nth, event) in life.events.iter().enumerate() {
            let new_status = event.turn.status().unwrap_or(status);
            let is_price = event.turn == Turn::Price;
            if let Some(change) = event.turn.change() {
                let mut draft = self.shapes.history.draft(16);
                draft.put("HistoryTransactionalKey", format!("{}-H{nth}", telling.key));
                draft.word("ResourceName", "Property").word("ClassName", "Residential");
                draft
                    .put("ResourceRecordKey", telling.key.clone())
                    .put("ResourceRecordID", telling.id.clone());
                draft.word("ChangeType", change).word("OriginatingSystemName", SYSTEM);
                if is_price {
                    draft.word("FieldName", "ListPrice");
                    draft.put("PreviousValue", price.to_string()).put("NewValue", event.price.to_string());
                } else {
                    draft.word("FieldName", "StandardStatus").word("NewValue", new_status);
                    draft.put_some(
                        "PreviousValue",
                        Some(status).filter(|s| !s.is_empty()).map(Text::new_static),
                    );
                }
                if let Some(agent) = agent {
                    draft.put("ChangedByMemberKey", agent.key.clone());
                    draft.put("ChangedByMemberID", agent.mls_id.clone());
                }
                draft.put("ModificationTimestamp", event.at);
                records.push(draft.done());
            }
            (status, price) = (new_status, event.price);
        }
    }

    fn rooms(&self, telling: &Telling<'_>, records: &mut Vec<Record>) {
        const ROOMS: [(&str, &str, i64); 5] = [
            ("Living Room", "Main", 16),
            ("Kitchen", "Main", 12),
            ("Dining Room", "Main", 11),
            ("Master Bedroom", "Upper", 14),
            ("Basement", "Lower", 18),
        ];
        let mut dice = Dice::of(0x4003, &telling.key);
        let frame = &telling.house.frame;
        let count = if frame.basement > 0 { 5 } else { 4 };
        for (nth, (kind, level, feet)) in ROOMS.into_iter().take(count).enumerate() {
            let (length, width) = (feet + dice.between(-2, 6), feet + dice.between(-3, 2));
            let level = if level == "Upper" && frame.storeys() == 1 { "Main" } else { level };
            let mut draft = self.shapes.room.draft(16);
            draft.put("RoomKey", format!("{}-R{nth}", telling.key));
            draft.put("ListingKey", telling.key.clone()).put("ListingId", telling.id.clone());
            draft.word("RoomType", kind).word("RoomLevel", level);
            draft.put("RoomLength", Decimal::from(length)).put("RoomWidth", Decimal::from(width));
            draft.word("RoomLengthWidthUnits", "Feet").put("RoomDimensions", format!("{length} x {width}"));
            draft.put("RoomArea", Decimal::from(length * width)).word("RoomAreaUnits", "Square Feet");
            if let Some(feature) = telling.house.interior.get(nth) {
                draft.words("RoomFeatures", &[feature]);
            }
            draft.put("ModificationTimestamp", telling.life.events[0].at);
            records.push(draft.done());
        }
    }

    /// Open houses on the coming Thursday to Sunday, for nearly half of what may be shown.
    fn open_houses(&self, telling: &Telling<'_>, records: &mut Vec<Record>) {
        let mut dice = Dice::of(0x0a0e ^ self.setting.seed, &telling.key);
        let turn = telling.life.standing().turn;
        if !matches!(turn, Turn::Listed | Turn::Contingent) || !dice.chance(0.45) {
            return;
        }
        let weekday = i64::from(self.today.weekday().to_monday_zero_offset());
        // From the coming Thursday on; never today, whose hours may be past.
        let thursday = plus_days(self.today, (2 - weekday).rem_euclid(7) + 1);
        for nth in 0..dice.between(1, 2) {
            let day = plus_days(thursday, dice.between(nth * 2, nth * 2 + 1));
            let start = dice.between(20, 30) * 1_800;
            let end = start + dice.between(2, 6) * 1_800;
            let open = Open { nth, day, start, end, broker: nth == 0 && dice.chance(0.15) };
            records.push(self.open_house(telling, &open));
        }
    }

    pub(crate) fn open_house(&self, telling: &Telling<'_>, open: &Open) -> Record {
        let agent = telling.agents[1].or(telling.agents[0]).map(|agent| &self.people.agents[agent]);
        let host = agent.map(|agent| [agent.key.as_str(), agent.mls_id.as_str(), agent.first, agent.last]);
        let listing = (telling.key.as_str(), telling.id.as_str());
        self.write_open_house(listing, host.unwrap_or_default(), open, telling.life.last().at)
    }

    /// An open house of a listing of which only the record is there.
    pub(crate) fn open_house_of(&self, listing: &Record, open: &Open, at: Timestamp) -> Record {
        let own = |name: &str| self.shapes.property.text(listing, name);
        let host = ["ListAgentKey", "ListAgentMlsId", "ListAgentFirstName", "ListAgentLastName"].map(own);
        self.write_open_house((own("ListingKey"), own("ListingId")), host, open, at)
    }

    fn write_open_house(&self, listing: (&str, &str), host: [&str; 4], open: &Open, at: Timestamp) -> Record {
        let mut draft = self.shapes.open_house.draft(24);
        let (listing, id) = listing;
        let key = format!("{listing}-O{}", open.nth);
        draft.put("OpenHouseId", key.clone()).put("OpenHouseKey", key);
        draft.put("ListingKey", listing).put("ListingId", id);
        draft.put("OpenHouseDate", open.day);
        draft.put("OpenHouseStartTime", instant(&self.zone, open.day, open.start));
        draft.put("OpenHouseEndTime", instant(&self.zone, open.day, open.end));
        draft.word("OpenHouseStatus", "Active");
        draft.word("OpenHouseType", if open.broker { "Broker" } else { "Public" });
        draft.word("OpenHouseAttendedBy", "Agent").put("AppointmentRequiredYN", false);
        let remarks = if open.broker {
            "Brokers' open: lunch from the corner bakery."
        } else {
            "Come in and look around; shoes off, please."
        };
        draft.word("OpenHouseRemarks", remarks);
        draft.word("Refreshments", if open.broker { "Lunch" } else { "Coffee" });
        draft.word("OriginatingSystemName", SYSTEM);
        let [key, mls_id, first, last] = host;
        draft.put("ShowingAgentKey", key).put("ShowingAgentMlsID", mls_id);
        draft.put("ShowingAgentFirstName", first).put("ShowingAgentLastName", last);
        draft.put("OriginalEntryTimestamp", at).put("ModificationTimestamp", at);
        draft.done()
    }
}

/// An open house to be written down.
pub(crate) struct Open {
    pub(crate) nth: i64,
    pub(crate) day: Date,
    /// Seconds of the local day, as is the end.
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) broker: bool,
}
