//! A listing's life as fields of its record: status, days, prices, showing.

use dictionary::{Date, Timestamp};

use super::life::{Life, Turn};
use super::listing::Telling;
use crate::Dice;
use crate::calendar::days_between;
use crate::draft::Draft;

/// What this feed calls each status.
fn local_status(standard: &'static str) -> &'static str {
    match standard {
        "Active Under Contract" => "Pending Inspection",
        "Closed" => "Sold",
        "Hold" => "Temporarily Off Market",
        "Canceled" => "Cancelled",
        same => same,
    }
}

/// Some fifty fields of the listing, as of `today`.
pub(super) fn write(
    telling: &Telling<'_>,
    today: Date,
    now: Timestamp,
    dice: &mut Dice,
    draft: &mut Draft<'_>,
) {
    let life = &telling.life;
    write_status(life, today, draft);
    write_prices(telling, draft);
    write_turns(life, draft);
    write_showing(telling, dice, draft);
    write_display(telling, dice, draft);
    write_fees(telling, dice, draft);
    draft.put("ModificationTimestamp", touched(life, now, &telling.dice));
}

/// A little after the last event, as when somebody corrects a word; never after now.
pub(super) fn touched(life: &Life, now: Timestamp, dice: &Dice) -> Timestamp {
    let mut dice = dice.clone();
    let later = life.last().at.as_microsecond() + dice.between(1_000_000, 50_000_000);
    Timestamp::from_microsecond(later).unwrap_or(now).min(now)
}

fn write_status(life: &Life, today: Date, draft: &mut Draft<'_>) {
    let standing = life.standing();
    let status = standing.turn.status().unwrap_or("Active");
    draft.word("StandardStatus", status).word("MlsStatus", local_status(status));
    draft.put("StatusChangeTimestamp", standing.at).put("ContractStatusChangeDate", standing.day);
    if let Some(change) = life.events.iter().rev().find(|e| e.turn.change().is_some()) {
        draft.put("MajorChangeTimestamp", change.at);
        if let Some(word) = change.turn.change() {
            draft.word("MajorChangeType", word);
        }
    }
    draft.put("ListingContractDate", life.contract).put("ExpirationDate", life.expires);
    draft.put("OriginalEntryTimestamp", life.events[0].at);
    let end = if standing.turn.is_open() { today } else { standing.day };
    if let Some(listed) = life.find(Turn::Listed) {
        draft.put("OnMarketDate", listed.day).put("OnMarketTimestamp", listed.at);
        let last = life.find(Turn::Pending).map_or(end, |pending| pending.day);
        let days = days_between(listed.day, last).max(0);
        draft.put("DaysOnMarket", days).put("CumulativeDaysOnMarket", days);
    }
    draft.put("DaysInMls", days_between(life.events[0].day, end).max(0));
}

fn write_prices(telling: &Telling<'_>, draft: &mut Draft<'_>) {
    let life = &telling.life;
    let price = life.last().price;
    draft.dollars("ListPrice", price).dollars("OriginalListPrice", life.events[0].price);
    if let Some(change) = life.find(Turn::Price) {
        draft.put("PriceChangeTimestamp", change.at);
        if let Some(before) = life.events.iter().rev().find(|e| e.at < change.at) {
            draft.dollars("PreviousListPrice", before.price);
        }
    }
    let current = life.close_price.unwrap_or(price);
    draft.dollars("CurrentPrice", current);
    if let Some(close) = life.close_price {
        draft.dollars("ClosePrice", close);
        draft.decimal("SalePricePerSquareFoot", close * 100 / telling.sale.living.max(1), 2);
    }
}

fn write_turns(life: &Life, draft: &mut Draft<'_>) {
    if let Some(coming) = life.find(Turn::ComingSoon) {
        draft.put("StartShowingDate", crate::calendar::plus_days(coming.day, 7));
    }
    if let Some(met) = life.find(Turn::Contingent) {
        draft.put("ContingentDate", met.day);
        draft.word("Contingency", "Buyer's inspection");
    }
    if let Some(bound) = life.find(Turn::Pending) {
        draft.put("PendingTimestamp", bound.at).put("PurchaseContractDate", bound.day);
        draft.put("OffMarketDate", bound.day).put("OffMarketTimestamp", bound.at);
    }
    let standing = life.standing();
    match standing.turn {
        Turn::Closed => {
            draft.put("CloseDate", standing.day);
        }
        Turn::Withdrawn => {
            draft.put("WithdrawnDate", standing.day);
        }
        Turn::Canceled => {
            draft.put("CancellationDate", standing.day);
        }
        _ => {}
    }
    if matches!(standing.turn, Turn::Withdrawn | Turn::Canceled | Turn::Expired | Turn::Held | Turn::Deleted)
    {
        draft.put("OffMarketDate", standing.day).put("OffMarketTimestamp", standing.at);
    }
}

fn write_showing(telling: &Telling<'_>, dice: &mut Dice, draft: &mut Draft<'_>) {
    let closed = telling.life.close_price.is_some();
    draft.word("ListingAgreement", "Exclusive Right To Sell").word("ListingService", "Full Service");
    let occupant = dice.pick(&["Owner", "Owner", "Vacant", "Tenant"]);
    draft.word("OccupantType", occupant);
    draft.words(
        "Possession",
        if occupant == "Tenant" { &["Subject To Tenant Rights"] } else { &["Close Of Escrow"] },
    );
    draft.words(
        "SpecialListingConditions",
        if dice.chance(0.97) { &["Standard"] } else { &["Real Estate Owned"] },
    );
    if closed {
        draft.words(
            "BuyerFinancing",
            match dice.below(10) {
                0..=5 => &["Conventional"],
                6..=7 => &["Cash"],
                8 => &["FHA"],
                _ => &["VA"],
            },
        );
        return;
    }
    draft.words(
        "ShowingRequirements",
        if occupant == "Vacant" { &["Lockbox"] } else { &["Appointment Only", "Lockbox"] },
    );
    draft.words("ShowingContactType", &["Agent"]).words("LockBoxType", &["Other"]);
    draft.put("LockBoxSerialNumber", format!("{:08}", dice.between(30_000_000, 39_999_999)));
    draft.put(
        "ShowingInstructions",
        match occupant {
            "Vacant" => "Vacant and on lockbox: go and show, 9 to 8. Turn off the lights.",
            "Tenant" => "Tenant occupied: 24 hours' notice, please confirm by text.",
            _ => "Owner occupied: two hours' notice. A shy cat lives here; do not let her out.",
        },
    );
    draft.put("ShowingAdvanceNotice", if occupant == "Tenant" { 24 } else { 2 });
    draft.put("SignOnPropertyYN", true);
}

fn write_display(telling: &Telling<'_>, dice: &mut Dice, draft: &mut Draft<'_>) {
    // A few sellers keep their house, or its address, off the internet.
    let shown = dice.chance(0.985);
    draft.put("InternetEntireListingDisplayYN", shown).put("InternetAddressDisplayYN", dice.chance(0.97));
    draft.put("InternetAutomatedValuationDisplayYN", dice.chance(0.9));
    draft.put("InternetConsumerCommentYN", dice.chance(0.6));
    draft.words("FeedTypes", if shown { &["IDX", "VOW", "BBO"] } else { &["BBO"] });
    draft.put("PhotosChangeTimestamp", telling.life.events[0].at);
}

fn write_fees(telling: &Telling<'_>, dice: &mut Dice, draft: &mut Draft<'_>) {
    let shared = telling.house.frame.townhouse || dice.chance(0.12);
    draft.put("AssociationYN", shared);
    if shared {
        let fee = dice.between(4, 60) * 10;
        draft.dollars("AssociationFee", fee).word("AssociationFeeFrequency", "Monthly");
        draft.words("AssociationFeeIncludes", &["Maintenance Grounds", "Snow Removal"]);
        draft.put("AssociationName", format!("{} Homeowners", telling.neighbourhood));
    }
}
