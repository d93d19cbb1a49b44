//! `freehold operate`, of webhooks: endpoints, topics, subscriptions, sending again.

use anyhow::Result;
use serde_json::{Value, json};

use super::line::{Operation, Which};
use super::operate::{address, text};
use super::say;
use crate::local::Admin;

const ONCE: &str = "This is the only time that the secret is shown.";

pub(super) async fn operate(what: &Operation, at: &Admin) -> Result<()> {
    let post = async |path: String, body: Value| at.ask("POST", &path, Some(&body)).await;
    let of = |endpoint: &str, what: &str| format!("{}/{what}", address("Endpoint", endpoint));
    match what {
        Operation::AddEndpoint { id, client, url, ordered } => {
            let body =
                json!({ "EndpointId": id, "ClientId": client, "EndpointUrl": url, "OrderedYN": ordered });
            let made = post("/admin/Endpoint".into(), body).await?;
            say(text(&made, "secret"));
            say(ONCE);
            if text(&made, "EndpointStatus") != "Active" {
                say("It has not answered its challenge yet, and is sent nothing until it does.");
            }
        }
        Operation::RotateSecret { endpoint } => {
            let made = post(of(endpoint, "secret"), json!({})).await?;
            say(text(&made, "secret"));
            say(ONCE);
        }
        Operation::EnableEndpoint { endpoint, missed } => {
            let made = post(of(endpoint, "enable"), json!({ "missed": missed })).await?;
            say(&format!("Enabled: endpoint {endpoint}."));
            if let Some(queued) = made["replayed"]["queued"].as_u64() {
                say(&format!("{queued} events that it missed are queued."));
            }
        }
        Operation::DisableEndpoint { endpoint } => {
            post(of(endpoint, "disable"), json!({})).await?;
            say(&format!("Disabled: endpoint {endpoint}."));
        }
        Operation::DeadLetters { endpoint } => {
            let mut after = 0;
            loop {
                let part = at.ask("GET", &of(endpoint, &format!("dead?after={after}")), None).await?;
                let Some(dead) = part["value"].as_array().filter(|dead| !dead.is_empty()) else { break };
                for letter in dead {
                    let attempts = letter["attempts"].as_array().map_or(&[][..], Vec::as_slice);
                    let why = attempts.last().map_or("unknown", |last| text(last, "fault"));
                    say(&format!("{}  {} attempts, the last: {why}", text(letter, "event"), attempts.len()));
                    after = letter["place"].as_u64().unwrap_or(u64::MAX);
                }
            }
        }
        Operation::Retry { endpoint, which } => again(at, of(endpoint, "retry"), which).await?,
        Operation::Replay { endpoint, which } => again(at, of(endpoint, "replay"), which).await?,
        Operation::GrantTopic { client, agent, pattern, direction } => {
            let id = outflow::EventId::make(crate::clock::now())?.text();
            let direction = match direction.as_str() {
                "publish" => "Publish",
                "authorize" => "Authorize",
                _ => "Subscribe",
            };
            let body = json!({
                "TopicGrantId": id.as_str(),
                "ClientId": client,
                "AgentUri": agent,
                "TopicPattern": pattern,
                "TopicDirection": direction,
            });
            post("/admin/TopicGrant".into(), body).await?;
            say(&format!("There is now a grant of topics {id}."));
        }
        Operation::Subscribe { id, client, endpoint, agent, topics } => {
            let body = json!({
                "SubscriptionId": id,
                "ClientId": client,
                "EndpointId": endpoint,
                "AgentUri": agent,
                "SubscribedTopics": topics,
            });
            post("/admin/Subscription".into(), body).await?;
            say(&format!("There is now a subscription {id}."));
        }
        _ => {}
    }
    Ok(())
}

async fn again(at: &Admin, address: String, which: &Which) -> Result<()> {
    let Which { events, from, until, topic } = which;
    let order = json!({ "events": events, "from": from, "until": until, "topic": topic });
    let done = at.ask("POST", &address, Some(&order)).await?;
    say(&format!("{} events are queued.", done["queued"]));
    if done["more"] == true {
        say("There are more than are queued at once: do it again with a later --from.");
    }
    Ok(())
}
