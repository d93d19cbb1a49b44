//! Remarks: sentences put together from the facts of a house.

use super::listing::Telling;
use crate::Dice;

/// What the public reads.
pub(super) fn public(telling: &Telling<'_>, dice: &mut Dice) -> String {
    let house = &telling.house;
    let frame = &house.frame;
    let place = telling.place;
    let mut text = String::with_capacity(600);
    let quality = match frame.grade {
        ..=5 => dice.pick(&["Cosy", "Modest", "Unpretentious"]),
        6..=7 => dice.pick(&["Charming", "Well-kept", "Inviting", "Light-filled", "Comfortable"]),
        8..=9 => dice.pick(&["Handsome", "Generous", "Beautifully kept", "Stylish", "Sun-washed"]),
        _ => dice.pick(&["Stunning", "Grand", "Exquisite", "Magnificent", "Remarkable"]),
    };
    let hood = &telling.neighbourhood;
    say(
        &mut text,
        &format!("{quality} {}-bedroom {} in {hood}, {}.", frame.bedrooms, noun(telling), opener(dice)),
    );
    if frame.waterfront {
        say(
            &mut text,
            dice.pick(&[
                "Rare waterfront with a private dock and no-bank beach.",
                "Sunrise over the water from nearly every room; moor the boat at your own dock.",
                "Waterfront living: kayak from the lawn before breakfast.",
            ]),
        );
    } else if let Some(view) = house.views.first().filter(|_| frame.view > 1) {
        let seen = view.to_lowercase().replace("(s)", "s").replace('/', " and ");
        say(
            &mut text,
            &format!(
                "{} {seen} views from the {}.",
                dice.pick(&["Sweeping", "Open", "Year-round", "Unexpected"]),
                dice.pick(&["deck", "great room", "primary suite", "kitchen", "terrace"])
            ),
        );
    }
    let rooms = [
        format!(
            "The main floor opens to {}.",
            dice.pick(&[
                "a bright kitchen and dining area",
                "a living room with a picture window",
                "a great room made for gatherings",
                "a kitchen that cooks will love"
            ])
        ),
        format!(
            "{} square feet on {} give everyone a corner of their own.",
            grouped(frame.living),
            levels(telling)
        ),
        format!("Floors of {} run through the living spaces.", listed(&house.flooring, dice)),
        format!("Kitchen with {}.", listed(&house.appliances, dice)),
        format!("Details include {}.", listed(&house.interior, dice)),
    ];
    let first = dice.index(rooms.len());
    for step in 0..3 {
        say(&mut text, &rooms[(first + step * 2) % rooms.len()]);
    }
    if frame.renovated > 0 {
        say(
            &mut text,
            &format!(
                "{} in {}: {}.",
                dice.pick(&[
                    "Taken down to the studs and rebuilt",
                    "Thoughtfully remodeled",
                    "Updated throughout"
                ]),
                frame.renovated,
                dice.pick(&[
                    "new wiring, plumbing and windows",
                    "a new kitchen and two new baths",
                    "new roof, furnace and insulation"
                ])
            ),
        );
    }
    if frame.basement > 400 {
        say(
            &mut text,
            dice.pick(&[
                "Daylight basement with its own entrance: guests, office or rental.",
                "The lower level has a rec room, storage and a workshop.",
                "Finished basement with media room.",
            ]),
        );
    }
    if frame.condition <= 2 {
        say(
            &mut text,
            dice.pick(&[
                "Bring your contractor: sold as is.",
                "A fixer with good bones on a valuable lot.",
                "Needs work, priced accordingly.",
            ]),
        );
    }
    let garden = if house.rural {
        dice.pick(&[
            "Pasture, fruit trees and a barn site at the end of a private lane.",
            "Acreage among cedars with trails from the door.",
            "Room for horses, chickens and a big garden.",
        ])
    } else {
        dice.pick(&[
            "Fenced yard with raised beds and a patio for long summer evenings.",
            "Easy-care garden, alley access and a shed.",
            "Covered deck overlooks a level, sunny lawn.",
            "Mature rhododendrons and Japanese maples frame the garden.",
        ])
    };
    say(&mut text, garden);
    if house.garage > 1 {
        say(
            &mut text,
            &format!(
                "{}-car garage{}.",
                if house.garage == 2 { "Two" } else { "Three" },
                dice.pick(&["", " wired for an electric vehicle", " with loft storage", " and RV parking"])
            ),
        );
    }
    let close = dice.pick(&[
        "light rail",
        "the farmers market",
        "the Burke-Gilman Trail",
        "coffee shops and bakeries",
        "parks and playgrounds",
        "tech campuses",
        "the lake",
        "the library",
        "hospitals and the university",
        "I-5 and I-90",
    ]);
    say(
        &mut text,
        &format!(
            "{} {close}; {}.",
            dice.pick(&["Minutes to", "Close to", "Walk to", "A short ride to"]),
            place.district
        ),
    );
    text
}

fn noun(telling: &Telling<'_>) -> String {
    let frame = &telling.house.frame;
    match (frame.townhouse, telling.house.style) {
        (true, style) => format!("{} townhome", style.to_lowercase()),
        (_, style) if frame.living < 1_000 => format!("{} cottage", style.to_lowercase()),
        (_, style @ ("A-Frame" | "Tudor" | "Victorian" | "Queen Anne" | "Cape Cod" | "Craftsman")) => {
            style.to_owned()
        }
        (_, "Farmhouse") => "farmhouse".to_owned(),
        (_, style) => format!("{} home", style.to_lowercase()),
    }
}

fn opener(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "moments from everything",
        "on a quiet street",
        "loved by one family for decades",
        "ready to move in",
        "tucked behind tall cedars",
        "in the heart of the neighborhood",
        "set back from the road",
        "on a corner lot",
        "with room to grow",
        "where pride of ownership shows",
    ])
}

fn levels(telling: &Telling<'_>) -> &'static str {
    match telling.house.frame.storeys() + i64::from(telling.house.frame.basement > 0) {
        1 => "one level",
        2 => "two levels",
        _ => "three levels",
    }
}

/// Up to three of these words, as a sentence lists them.
fn listed(words: &[&str], dice: &mut Dice) -> String {
    let from = dice.index(words.len());
    let mut some: Vec<String> = (0..words.len().min(3))
        .map(|step| words[(from + step) % words.len()].to_lowercase().replace("(s)", "s"))
        .collect();
    match some.pop() {
        Some(last) if !some.is_empty() => format!("{} and {last}", some.join(", ")),
        Some(only) => only,
        None => "all you need".to_owned(),
    }
}

/// 2570 as `2,570`.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn say(text: &mut String, sentence: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(sentence);
}
