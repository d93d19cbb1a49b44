//! `freehold operate`: what an operator does, by command. Each is a request of the admin API, to the server
//! that runs on this data directory or to the routes in this process, and leaves its entry in the log
//! (HUB-005).

use anyhow::{Context, Result, anyhow, bail};
use dictionary::{Dictionary, Type};
use serde_json::{Map, Value, json};

use super::line::Operation;
use super::say;
use crate::local::Admin;
use crate::serve::dictionary;
use crate::settings::Settings;

pub(super) async fn operate(what: &Operation, settings: &Settings) -> Result<()> {
    let words = dictionary(&settings.dictionary)?;
    let at = Admin::open(settings).await?;
    let post = async |path: String, body: Value| at.ask("POST", &path, Some(&body)).await;
    match what {
        Operation::AddFeed { id, name } => {
            post("/admin/Feed".into(), json!({ "FeedId": id, "FeedName": name })).await?;
            say(&format!("There is now a feed {id}."));
        }
        Operation::AddClient { id, name, operator } => {
            let body = json!({ "ClientId": id, "ClientName": name, "OperatorYN": operator });
            post("/admin/Client".into(), body).await?;
            say(&format!("There is now a client {id}."));
        }
        Operation::SuspendClient { id } => {
            let body = json!({ "ClientStatus": "Suspended" });
            at.ask("PATCH", &address("Client", id), Some(&body)).await?;
            say(&format!("Suspended: client {id}."));
        }
        Operation::IssueKey { client, name, partner, given, environment } => {
            let mut body = Map::new();
            let mut set = |name: &str, value: String| drop(body.insert(name.into(), value.into()));
            if let Some(name) = name {
                set("ClientKeyName", name.clone());
            }
            if *partner {
                set("ClientKeyUse", "Partner".into());
            }
            if *given {
                set("systemaccesskey", given_key()?);
            }
            if let Some(environment) = environment {
                set("ClientKeyEnvironment", environment.clone());
            }
            let shown = post(format!("{}/keys", address("Client", client)), body.into()).await?;
            say(&format!(
                "{}\nThis is the only time that key {} is shown.",
                text(&shown, "secret"),
                text(&shown, "ClientKeyId")
            ));
        }
        Operation::RevokeKey { key } => {
            post(format!("{}/revoke", address("ClientKey", key)), json!({})).await?;
            say(&format!("Revoked: key {key}."));
        }
        Operation::Grant { client, feed, class, write, every_record } => {
            let level = if *write { "Write" } else { "Read" };
            let body = json!({
                "ClientId": client, "FeedId": feed, "PermissionClass": class_of(class)?, "AccessLevel": level,
                "EveryRecordYN": every_record,
            });
            let made = post("/admin/Grant".into(), body).await?;
            say(&format!("There is now a grant {}.", text(&made, "@key")));
        }
        Operation::SetMapping { file } => set_mapping(&at, file).await?,
        Operation::SetCredential { source } => {
            let body = json!({ "credential": given_key()? });
            post(format!("{}/credential", address("Source", source)), body).await?;
            say(&format!("Kept, sealed: the credential of source {source}."));
        }
        Operation::RunSource { id } => {
            post(format!("{}/run", address("Source", id)), json!({})).await?;
            say(&format!("Ordered: a run of source {id}. The server that runs begins it."));
        }
        Operation::CancelSource { id } => {
            post(format!("{}/cancel", address("Source", id)), json!({})).await?;
            say(&format!("Ordered: the run of source {id} shall end."));
        }
        Operation::Jobs => jobs(&at).await?,
        Operation::Add { resource, fields } => {
            let made = post(address_of(resource), record(&words, resource, fields)?).await?;
            say(&format!("There is now a {resource} {}.", text(&made, "@key")));
        }
        Operation::Set { resource, key, fields } => {
            let body = record(&words, resource, fields)?;
            at.ask("PATCH", &address(resource, key), Some(&body)).await?;
            say(&format!("Changed: {key} of {resource}."));
        }
        Operation::Show { resource, key } => {
            let found = at.ask("GET", &address(resource, key), None).await?;
            say(&serde_json::to_string_pretty(&found)?);
        }
        Operation::AddEndpoint { .. }
        | Operation::RotateSecret { .. }
        | Operation::EnableEndpoint { .. }
        | Operation::DisableEndpoint { .. }
        | Operation::DeadLetters { .. }
        | Operation::Retry { .. }
        | Operation::Replay { .. }
        | Operation::GrantTopic { .. }
        | Operation::Subscribe { .. } => super::webhooks::operate(what, &at).await?,
        Operation::Remove { resource, key } => {
            at.ask("DELETE", &address(resource, key), None).await?;
            say(&format!("Removed: {key} of {resource}."));
        }
        Operation::List { resource } => {
            let first = format!("{}?limit=1000", address_of(resource));
            each(&at, first, |record| say(text(record, "@key"))).await?;
        }
    }
    Ok(())
}

/// Every element of a list, part after part.
async fn each(at: &Admin, first: String, mut take: impl FnMut(&Value)) -> Result<()> {
    let mut next = Some(first);
    while let Some(path) = next {
        let part = at.ask("GET", &path, None).await?;
        part["value"].as_array().into_iter().flatten().for_each(&mut take);
        next = part["next"].as_str().map(str::to_owned);
    }
    Ok(())
}

async fn jobs(at: &Admin) -> Result<()> {
    let line = |job: &Value| {
        let (source, run) = (&job["source"], &job["run"]);
        let number = |name: &str| run[name].as_u64().unwrap_or(0);
        let said = match text(run, "ImportStatus") {
            "" => "never ran".into(),
            status => format!(
                "{} since {}: {} rows, {} new, {} changed, {} refused {}",
                status,
                text(run, "StartedTimestamp"),
                number("RowsRead"),
                number("RecordsNew"),
                number("RecordsChanged"),
                number("RecordsRefused"),
                text(run, "ImportFault"),
            ),
        };
        say(format!("{}  {said}", text(source, "SourceId")).trim_end());
    };
    each(at, "/admin/jobs?limit=1000".into(), line).await
}

/// Keeps a mapping file as the record of its name.
async fn set_mapping(at: &Admin, file: &std::path::Path) -> Result<()> {
    let toml = std::fs::read_to_string(file)
        .with_context(|| format!("The mapping {} cannot be read.", file.display()))?;
    let mapping = intake::Mapping::read(&toml)?;
    let name = mapping.name();
    let mut body = json!({ "FeedId": mapping.feed(), "MappingText": toml });
    let known = at.say("GET", &address("Mapping", name), None).await?;
    if known.status == 404 {
        body["MappingId"] = json!(name);
        at.ask("POST", "/admin/Mapping", Some(&body)).await?;
    } else {
        at.ask("PATCH", &address("Mapping", name), Some(&body)).await?;
    }
    say(&format!("Kept: mapping {name}."));
    Ok(())
}

pub(super) fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

fn address_of(resource: &str) -> String {
    format!("/admin/{}", escaped(resource))
}

pub(super) fn address(resource: &str, key: &str) -> String {
    format!("{}/{}", address_of(resource), escaped(key))
}

/// Every byte but letters, digits and `-._~` as `%XX` (RFC 3986, 2.3).
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

/// `FIELD=VALUE` words as a record's JSON: each value in its field's type, nothing after `=` as null.
fn record(words: &Dictionary, resource: &str, fields: &[String]) -> Result<Value> {
    let own = words.find(resource).with_context(|| format!("There is no resource {resource}."))?;
    let mut body = Map::new();
    for word in fields {
        let (name, value) = word.split_once('=').with_context(|| format!("{word:?} is not FIELD=VALUE."))?;
        let field = own.find(name).with_context(|| format!("{resource} has no field {name}."))?;
        let field = own.field(field);
        let spelled = match field.ty {
            _ if value.is_empty() => Value::Null,
            Type::TextList { .. } => value.split(',').map(str::trim).collect(),
            Type::Boolean => match value {
                "true" | "yes" => Value::Bool(true),
                "false" | "no" => Value::Bool(false),
                _ => bail!("{name} is true or false."),
            },
            Type::Int16 | Type::Int32 | Type::Int64 => {
                json!(value.parse::<i64>().with_context(|| format!("{name} is a whole number."))?)
            }
            _ => json!(value),
        };
        body.insert(field.name.to_string(), spelled);
    }
    Ok(body.into())
}

/// A key of another host, from standard input: on the command line every user of the machine could read it.
fn given_key() -> Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn class_of(name: &str) -> Result<&'static str> {
    let known = || gate::Class::ALL.iter().map(|class| class.name()).collect::<Vec<_>>().join(", ");
    let found =
        gate::Class::ALL.iter().map(|class| class.name()).find(|class| class.eq_ignore_ascii_case(name));
    found.ok_or_else(|| anyhow!("There is no permission class {name:?}. There are: {}.", known()))
}
