//! `freehold operate`: what an operator does, by command. Each leaves its entry in the log (HUB-005).

use anyhow::{Result, anyhow};
use console::operate::{self as desk, KeyUse, NewGrant, NewKey, Part};
use dictionary::Text;
use gate::{Class, Environment, Secret};

use super::line::Operation;
use super::say;
use crate::serve::{House, act};
use crate::settings::Settings;

pub(super) async fn operate(what: &Operation, settings: &Settings) -> Result<()> {
    let house = House::open(settings).await?;
    let (at, act) = (house.desk(), act());
    let done = |what: &str, key: &Text| say(&format!("{what} {key}."));
    match what {
        Operation::AddFeed { id, name } => {
            done("There is now a feed", &desk::create_feed(&at, &act, id, name).await?.key);
        }
        Operation::AddClient { id, name, operator } => {
            done("There is now a client", &desk::create_client(&at, &act, id, name, *operator).await?.key);
        }
        Operation::SuspendClient { id } => {
            done("Suspended: client", &desk::suspend_client(&at, &act, id).await?.key);
        }
        Operation::IssueKey { client, name, partner, given, environment } => {
            let given = if *given { Some(given_key()?) } else { None };
            let new = NewKey {
                name: name.as_deref().map(Text::new),
                expires: None,
                opens: if *partner { KeyUse::Partner { given } } else { KeyUse::Bearer },
                environment: environment.as_deref().map(environment_of).transpose()?,
            };
            let shown = desk::issue_key(&at, &act, client, new).await?;
            say(&format!(
                "{}\nThis is the only time that key {} is shown.",
                shown.secret.reveal(),
                shown.kept.key
            ));
        }
        Operation::RevokeKey { key } => {
            done("Revoked: key", &desk::revoke_key(&at, &act, key).await?.key);
        }
        Operation::Grant { client, feed, class, write } => {
            let grant = NewGrant { write: *write, ..NewGrant::read(client, feed, class_of(class)?) };
            done("There is now a grant", &desk::grant(&at, &act, &grant).await?.key);
        }
        Operation::Remove { resource, key } => {
            desk::remove(&at, &act, resource, key, None).await?;
            say(&format!("Removed: {key} of {resource}."));
        }
        Operation::List { resource } => {
            let mut part = Part { limit: 1_000, ..Part::default() };
            loop {
                let listing = desk::list(&at, resource, &part).await?;
                listing.records.iter().for_each(|stored| say(&stored.key));
                let Some(next) = listing.next else { break };
                part.after = Some(next);
            }
        }
    }
    Ok(())
}

/// A key of another host, from standard input: on the command line every user of the machine could read it.
fn given_key() -> Result<Secret> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(Secret::new(line.trim_end_matches(['\r', '\n'])))
}

fn environment_of(name: &str) -> Result<Environment> {
    Environment::find(name).ok_or_else(|| anyhow!("There is no environment {name:?}: production or test."))
}

fn class_of(name: &str) -> Result<Class> {
    let known = || Class::ALL.iter().map(|class| class.name()).collect::<Vec<_>>().join(", ");
    let found = Class::ALL.iter().find(|class| class.name().eq_ignore_ascii_case(name)).copied();
    found.ok_or_else(|| anyhow!("There is no permission class {name:?}. There are: {}.", known()))
}
