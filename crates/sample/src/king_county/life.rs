//! What happens to a listing, from its first draft to where it stands.

use dictionary::{Date, Timestamp};
use jiff::tz::TimeZone;

use crate::Dice;
use crate::calendar::{days_between, instant, plus_days};

/// A turn in a listing's life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Turn {
    Drafted,
    ComingSoon,
    Listed,
    Price,
    Contingent,
    Pending,
    Closed,
    Withdrawn,
    Canceled,
    Expired,
    Held,
    Deleted,
}

impl Turn {
    /// The StandardStatus after it; none where it leaves the status as it is.
    pub(crate) fn status(self) -> Option<&'static str> {
        Some(match self {
            Self::Drafted => "Incomplete",
            Self::ComingSoon => "Coming Soon",
            Self::Listed => "Active",
            Self::Price => return None,
            Self::Contingent => "Active Under Contract",
            Self::Pending => "Pending",
            Self::Closed => "Closed",
            Self::Withdrawn => "Withdrawn",
            Self::Canceled => "Canceled",
            Self::Expired => "Expired",
            Self::Held => "Hold",
            Self::Deleted => "Delete",
        })
    }

    /// The ChangeType of the dictionary; none for a draft, which no change announces.
    pub(crate) fn change(self) -> Option<&'static str> {
        Some(match self {
            Self::Drafted => return None,
            Self::Listed => "New Listing",
            Self::Price => "Price Change",
            Self::Deleted => "Deleted",
            other => return other.status(),
        })
    }

    /// Whether a listing of this status is for sale, to whoever may see it.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::ComingSoon | Self::Listed | Self::Price | Self::Contingent)
    }
}

/// One turn, when it was and the asking price after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Event {
    pub(crate) at: Timestamp,
    pub(crate) day: Date,
    pub(crate) turn: Turn,
    /// Dollars.
    pub(crate) price: i64,
}

/// A listing's life until now: at least one event, each later than the one before.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Life {
    pub(crate) events: Vec<Event>,
    pub(crate) contract: Date,
    pub(crate) expires: Date,
    /// Dollars; only of what is closed.
    pub(crate) close_price: Option<i64>,
}

impl Life {
    /// The event that set the status it has.
    pub(crate) fn standing(&self) -> Event {
        self.events.iter().rev().find(|e| e.turn != Turn::Price).copied().unwrap_or(self.events[0])
    }

    pub(crate) fn last(&self) -> Event {
        self.events[self.events.len() - 1]
    }

    pub(crate) fn find(&self, turn: Turn) -> Option<Event> {
        self.events.iter().rev().find(|e| e.turn == turn).copied()
    }

    /// As it was after its first `count` events.
    pub(crate) fn until(&self, count: usize) -> Self {
        Self { events: self.events[..count].to_vec(), close_price: None, ..self.clone() }
    }
}

/// When a life is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment<'a> {
    pub(crate) now: Timestamp,
    pub(crate) today: Date,
    pub(crate) zone: &'a TimeZone,
}

/// Days before closing within which a buyer is bound, and within which one is found but not yet bound.
const PENDING_DAYS: i64 = 24;
const CONTINGENT_DAYS: i64 = 30;

/// The life of the listing that is sold for `price` on `sold`, which may lie ahead: then it is still
/// pending, under contract or for sale, and the price is what its seller hopes for. A few of those that
/// are recent or ahead end otherwise, so that every status is there.
pub(crate) fn life(price: i64, sold: Date, moment: Moment<'_>, dice: &mut Dice) -> Life {
    let ahead = days_between(moment.today, sold);
    let asked = round_price(price as f64 / (1.0 + dice.normal() * 0.022));
    let found = (dice.normal() * 0.95 + 2.7).exp() as i64;
    let days = found.clamp(2, 170);
    let today = moment.today;
    let back = |n: i64| plus_days(today, -n);
    let escrow = dice.between(24, 48);
    let chance = dice.unit();
    use Turn::{
        Canceled, Closed, ComingSoon, Contingent, Deleted, Drafted, Expired, Held, Pending, Withdrawn,
    };
    let (listed, ends): (Date, Vec<(Date, Turn)>) = if ahead < 0 {
        let bound = plus_days(sold, -escrow);
        let listed = plus_days(bound, -days);
        match chance {
            c if ahead > -150 && c < 0.02 => (listed, vec![(bound, Withdrawn)]),
            c if ahead > -150 && c < 0.04 => (listed, vec![(bound, Canceled)]),
            c if ahead > -150 && c < 0.06 => (plus_days(listed, -90), vec![(sold, Expired)]),
            _ if escrow > 36 => {
                (listed, vec![(plus_days(bound, -4), Contingent), (bound, Pending), (sold, Closed)])
            }
            _ => (listed, vec![(bound, Pending), (sold, Closed)]),
        }
    } else if ahead <= PENDING_DAYS {
        let bound = back(dice.between(1, 48 - ahead));
        (plus_days(bound, -days), vec![(bound, Pending)])
    } else if ahead <= CONTINGENT_DAYS {
        let met = back(dice.between(1, 6));
        (plus_days(met, -days), vec![(met, Contingent)])
    } else {
        let listed = back(days);
        match chance {
            c if c < 0.06 => {
                (plus_days(today, dice.between(2, 12)), vec![(back(dice.between(0, 6)), ComingSoon)])
            }
            c if c < 0.08 => (today, vec![(back(dice.between(0, 9)), Drafted)]),
            c if c < 0.10 => (listed, vec![(back(dice.between(0, days)), Held)]),
            c if c < 0.105 => (listed, vec![(back(dice.between(0, days)), Deleted)]),
            c if c < 0.13 => (listed, vec![(back(dice.between(0, days)), Withdrawn)]),
            _ => (listed, vec![]),
        }
    };
    Teller { moment, dice, events: Vec::new() }.tell(price, asked, listed, &ends)
}

struct Teller<'a, 'd> {
    moment: Moment<'a>,
    dice: &'d mut Dice,
    events: Vec<Event>,
}

impl Teller<'_, '_> {
    fn tell(mut self, price: i64, asked: i64, listed: Date, ends: &[(Date, Turn)]) -> Life {
        let never = matches!(ends, [(_, Turn::ComingSoon | Turn::Drafted)]);
        let until = ends.first().map_or(self.moment.today, |(day, _)| *day);
        let open = days_between(listed, until);
        // A house that stays gets cheaper, about once a month.
        let cuts =
            if never { 0 } else { (open / 28).min(4) - i64::from(open < 60 && self.dice.chance(0.5)) }.max(0);
        let mut asking = asked;
        let mut prices = vec![asking];
        for _ in 0..cuts {
            let raised = asking as f64 * (1.015 + self.dice.unit() * 0.035);
            asking = round_price(raised).max(asking + 1_000);
            prices.push(asking);
        }
        prices.reverse();
        if !never {
            if self.dice.chance(0.18) {
                let early = plus_days(listed, -self.dice.between(3, 10));
                self.add(early, Turn::ComingSoon, prices[0]);
            }
            self.add(listed, Turn::Listed, prices[0]);
            for (nth, price) in prices.iter().enumerate().skip(1) {
                let share = nth as i64 * open / (cuts + 1);
                self.add(plus_days(listed, share.max(1)), Turn::Price, *price);
            }
        }
        for (day, turn) in ends {
            self.add(*day, *turn, asked);
        }
        let contract = plus_days(self.events[0].day.min(listed), -self.dice.between(0, 4));
        let closed = self.events.iter().any(|e| e.turn == Turn::Closed);
        let term = 90 * self.dice.between(1, 2);
        let expires = match ends {
            [(day, Turn::Expired)] => *day,
            _ => plus_days(contract, term).max(plus_days(until, 14)),
        };
        Life { events: self.events, contract, expires, close_price: closed.then_some(price) }
    }

    /// At an hour of that day at which people work, after what was before, and not after now.
    fn add(&mut self, day: Date, turn: Turn, price: i64) {
        let second = if turn == Turn::Expired { 86_399 } else { self.dice.between(8 * 3600, 19 * 3600) };
        let micros = self.dice.between(1, 999_999);
        let mut at = instant(self.moment.zone, day, second).as_microsecond() + micros;
        if let Some(before) = self.events.last() {
            at = at.max(before.at.as_microsecond() + 61_000_000);
        }
        // Today's hours may lie ahead: then it has just happened.
        let latest =
            self.moment.now.as_microsecond() - 3_600_000_000 + self.events.len() as i64 * 180_000_000;
        let at = Timestamp::from_microsecond(at.min(latest + micros)).unwrap_or(self.moment.now);
        let day = crate::calendar::day_of(self.moment.zone, at);
        self.events.push(Event { at, day, turn, price });
    }
}

/// As sellers ask: whole thousands, often less fifty dollars.
pub(crate) fn round_price(dollars: f64) -> i64 {
    let dollars = dollars.clamp(20_000.0, 100_000_000.0) as i64;
    let step = if dollars > 1_000_000 { 5_000 } else { 1_000 };
    let round = (dollars + step / 2) / step * step;
    if (dollars / step) % 3 == 0 { round } else { round - 50 }
}
