//! How a rule makes a member's value of a record, written as the member's type has it.

use dictionary::{Decimal, Fields as _, ValueRef};

use super::class::{Class, ClassType};
use super::condition::{Test, number};
use super::days::{today, tomorrow};
use super::lot::side;
use super::measure::half_up;
use super::program::Program;
use super::rule::{Pick, Rule};
use super::scene::Scene;
use super::write::{self, figure, piece, text};

/// Whether a test holds; none where that is not known.
fn holds(test: &Test, scene: &Scene<'_>) -> Option<bool> {
    let Some((link, target)) = test.link else { return test.holds_of(&scene.view) };
    let rows = scene.linked(link);
    let each = rows.iter().map(|row| test.holds_of(&scene.look.reader.view(target, *row)));
    let mut answer = (!rows.is_empty()).then_some(false);
    for one in each {
        match one {
            Some(true) => return Some(true),
            Some(false) => {}
            None => answer = None,
        }
    }
    answer
}

fn truth(out: &mut Vec<u8>, truth: bool) -> bool {
    out.extend_from_slice(if truth { b"true" } else { b"false" });
    true
}

/// Adds what a pick takes of a record to what is joined, each word once.
fn take(joined: &mut String, pick: &Pick, scene: &Scene<'_>, first: bool) {
    let mut add = |word: &str| {
        let wanted = pick.want.as_ref().is_none_or(|want| want.takes(word));
        if wanted && (first || !joined.split(", ").any(|before| before == word)) {
            piece(joined, word);
        }
    };
    match scene.field(pick.field) {
        Some(ValueRef::TextList(list)) => list.iter().for_each(|word| add(word)),
        Some(ValueRef::Text(word)) => add(word),
        Some(other) => {
            if let Some(number) = number(other) {
                add(&number.normalize().to_string());
            }
        }
        None => {}
    }
}

impl Rule {
    /// Writes the value; tells whether there is one.
    pub(super) fn write(&self, scene: &Scene<'_>, ty: ClassType, out: &mut Vec<u8>) -> bool {
        let known = scene.known();
        match self {
            Self::Nothing => false,
            Self::Feed => text(out, scene.view.feed()),
            Self::First(all) => all.iter().any(|sources| match sources[..] {
                [one] => scene.with(one, |value| write::value(out, ty, value)) == Some(true),
                _ => {
                    let mut said = String::new();
                    for source in sources {
                        scene.with(*source, |value| {
                            if let ValueRef::Text(word) = value
                                && !word.is_empty()
                            {
                                said.push_str(if said.is_empty() { "" } else { " " });
                                said.push_str(word);
                            }
                        });
                    }
                    text(out, &said)
                }
            }),
            Self::Join(picks) => {
                let mut joined = String::new();
                for (at, pick) in picks.iter().enumerate() {
                    take(&mut joined, pick, scene, at == 0);
                }
                text(out, &joined)
            }
            Self::When(test, source) => {
                holds(test, scene) == Some(true)
                    && scene.with(*source, |value| write::value(out, ty, value)) == Some(true)
            }
            Self::Any(tests) => truth(out, tests.iter().any(|test| holds(test, scene) == Some(true))),
            Self::Word(vocabulary) => vocabulary.word(&scene.view).is_some_and(|word| text(out, word)),
            Self::Styles(style, levels) => {
                let mut joined = String::new();
                take(&mut joined, style, scene, true);
                if let Some(level) = levels.word(&scene.view)
                    && !joined.split(", ").any(|style| style == level)
                {
                    piece(&mut joined, level);
                }
                text(out, &joined)
            }
            Self::YesNo(source) => scene.with(*source, |value| write::value(out, ty, value)) == Some(true),
            Self::Worded(field, words) => match scene.field(*field) {
                Some(ValueRef::Integer(count)) if count > 0 => text(out, &format!("{count} {words}")),
                _ => false,
            },
            Self::Sum(sums) => {
                let known = |field| scene.field(field).and_then(number);
                let sum = sums.iter().find_map(|sum| {
                    let terms = sum.iter().filter_map(|field| known(*field));
                    terms.reduce(|a, b| a.checked_add(b).unwrap_or(a))
                });
                sum.is_some_and(|sum| figure(out, ty, sum))
            }
            Self::Area(measure) => measure.value(&scene.view).is_some_and(|area| figure(out, ty, area)),
            Self::Baths(baths) => baths.value(&scene.view).is_some_and(|baths| figure(out, ty, baths)),
            Self::PerFoot(price, area) => {
                let price = scene.field(*price).and_then(number);
                let area = area.value(&scene.view).filter(|area| *area > Decimal::ZERO);
                let each = price.zip(area).and_then(|(price, area)| price.checked_div(area));
                each.is_some_and(|each| figure(out, ty, half_up(each, 2)))
            }
            Self::Address(address) => text(out, &address.line(&scene.view)),
            Self::Side(field, nth) => match scene.field(*field) {
                Some(ValueRef::Text(dimensions)) => {
                    side(dimensions, *nth).is_some_and(|side| text(out, side))
                }
                _ => false,
            },
            Self::Rooms(test) => super::rooms::described(test, scene, out),
            Self::Level(test) => super::rooms::area(test, scene).is_some_and(|area| figure(out, ty, area)),
            Self::Units(test) => super::rooms::units(test, scene).is_some_and(|count| figure(out, ty, count)),
            Self::Where(test, target, field) => {
                let Some((link, _)) = test.link else { return false };
                let views = scene.linked(link);
                let mut views = views.iter().map(|row| scene.look.reader.view(*target, *row));
                let found = views.find(|view| test.holds_of(view) == Some(true));
                found.is_some_and(|view| view.look(*field).is_some_and(|value| write::value(out, ty, value)))
            }
            Self::Days(days) => {
                let today = today(scene.look.now);
                let (count, more) = days.value(&scene.view, today);
                if let Some(tomorrow) = tomorrow(today).filter(|_| more) {
                    scene.until(tomorrow);
                }
                figure(out, ty, count.into())
            }
            Self::AddressShown => truth(out, scene.display().address),
            Self::MapShown => truth(out, scene.display().map),
            Self::HasOpenHouse | Self::OpenHouses => super::open_houses::write(self, scene, out),
            Self::Media => {
                Program::of(Class::ListingMedia, scene).write(&scene.again(), out);
                true
            }
            Self::Photos => {
                out.push(b'[');
                let photo = Program::of(Class::Photo, scene);
                for (at, row) in scene.photos().iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    photo.write(&scene.of(known.media, *row, at + 1), out);
                }
                out.push(b']');
                true
            }
            Self::PhotosThere => figure(out, ty, scene.photos().len().into()),
            Self::PhotoCount(field) => match scene.field(*field) {
                Some(ValueRef::Integer(stated)) if stated >= 0 => figure(out, ty, stated.into()),
                _ => figure(out, ty, scene.photos().len().into()),
            },
            Self::PhotoStamp(field) => super::photos::stamp(*field, scene, out),
            Self::Rank => figure(out, ty, scene.rank.into()),
            Self::Picture(size) => super::photos::address(size, scene, out),
            Self::TakenIn => scene.taken_in().is_some_and(|at| {
                write::instant(out, at);
                true
            }),
            Self::Modified(field) => match scene.field(*field) {
                Some(value @ ValueRef::Timestamp(_)) => write::value(out, ty, value),
                _ => scene.taken_in().is_some_and(|at| {
                    write::instant(out, at);
                    true
                }),
            },
            Self::Active => {
                let until = known.active_until(&scene.view, scene.look.now);
                until.into_iter().for_each(|end| scene.until(end));
                truth(out, until.is_some())
            }
            Self::Public => truth(out, known.is_public(&scene.view)),
            Self::AllowIdx => {
                let listing = scene.linked(known.listing);
                truth(out, listing.first().is_some_and(|row| known.allows_idx(scene.look.reader, *row)))
            }
        }
    }
}
