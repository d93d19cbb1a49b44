//! A class's members as one client sees one feed, made ready once: what is blank for this client is written
//! ahead, what is left looks at the record.

use std::sync::OnceLock;

use super::class::Class;
use super::scene::Scene;
use super::table::Held;
use super::{Dress, Member, Members};

/// What is written of every object of a class, in one dress.
#[derive(Debug)]
pub(super) struct Program {
    steps: Vec<Step>,
    /// What follows the last step.
    tail: Box<[u8]>,
}

#[derive(Debug)]
struct Step {
    /// Members that are blank for everybody in this dress, and this member's name.
    before: Box<[u8]>,
    class: Class,
    member: usize,
}

/// The programs of a dress, made when they are first needed. They follow from the rest of the dress, so that
/// two dresses do not differ by them.
#[derive(Default)]
pub(crate) struct Programs([OnceLock<Program>; Class::ALL.len()]);

impl Clone for Programs {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Programs {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl std::fmt::Debug for Programs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Programs")
    }
}

impl Program {
    /// The program of a class in the dress of a scene.
    pub(super) fn of<'a>(class: Class, scene: &Scene<'a>) -> &'a Self {
        Self::ready(class, scene.members, scene.dress)
    }

    pub(super) fn ready<'a>(class: Class, members: &'a Members, dress: &'a Dress) -> &'a Self {
        dress.programs.0[class as usize].get_or_init(|| Self::new(class, members, dress))
    }

    fn new(class: Class, members: &Members, dress: &Dress) -> Self {
        let mut steps = Vec::new();
        let mut text = vec![b'{'];
        for (at, member) in members.of(class).iter().enumerate() {
            if !chosen(class, member, dress) {
                continue;
            }
            if text != b"{" || !steps.is_empty() {
                text.push(b',');
            }
            text.extend_from_slice(&member.label);
            if blank(member, members, dress) {
                text.extend_from_slice(member.ty.blank());
            } else {
                steps.push(Step { before: std::mem::take(&mut text).into(), class, member: at });
            }
        }
        text.push(b'}');
        Self { steps, tail: text.into() }
    }

    /// Writes the object of a record.
    pub(super) fn write(&self, scene: &Scene<'_>, out: &mut Vec<u8>) {
        for step in &self.steps {
            out.extend_from_slice(&step.before);
            let member = &scene.members.of(step.class)[step.member];
            let held = match member.held {
                Held::No => false,
                Held::Address => !scene.display().address,
                Held::Map => !scene.display().map,
                Held::Always => true,
            };
            if held || !member.rule.write(scene, member.ty, out) {
                out.extend_from_slice(member.ty.blank());
            }
        }
        out.extend_from_slice(&self.tail);
    }
}

/// Whether the client chose the member. The objects inside an object are not chosen from.
fn chosen(class: Class, member: &Member, dress: &Dress) -> bool {
    let inside = matches!(class, Class::ListingMedia | Class::Photo | Class::OpenHouse);
    inside || dress.fields.as_ref().is_none_or(|names| names.iter().any(|name| **name == *member.name))
}

/// Whether a member is blank in this dress whatever the record holds: a field it comes from is hidden.
fn blank(member: &Member, members: &Members, dress: &Dress) -> bool {
    member.held == Held::Always
        || member.rule == super::rule::Rule::Nothing
        || member.named.iter().any(|(resource, field)| {
            let undisclosed = dress.disclosure.no_sold_price
                && *resource == members.known.property
                && *field == members.known.close_price;
            undisclosed || !dress.shown(*resource).contains(*field)
        })
}
