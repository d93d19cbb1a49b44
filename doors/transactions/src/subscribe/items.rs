//! The form of `{items: []}`, and what each becomes.

use std::collections::BTreeMap;

use dictionary::{Named, Record, Text, Timestamp, Value, named};
use gate::Caller;
use serde::Deserialize;
use serde_json::json;

use crate::hash::sha256;
use crate::reply::Refused;
use crate::{Door, profile};

#[derive(Deserialize)]
pub(super) struct Items {
    pub(super) items: Vec<Item>,
}

/// A subscription as it is sent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Item {
    id: Option<String>,
    agent: Option<String>,
    object: Option<String>,
    pub(super) target: Option<String>,
    scope: Option<String>,
    #[serde(default)]
    publishes: Vec<String>,
    #[serde(default)]
    subscribes: Vec<String>,
    config: Option<Config>,
    #[serde(default)]
    need_context: bool,
    /// A filter on the payload (EVT-071).
    filter: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    headers: BTreeMap<String, String>,
    sign: Option<Sign>,
}

#[derive(Deserialize)]
struct Sign {
    salt: Option<String>,
}

/// What a target may begin with.
const SCHEMES: [&str; 2] = ["http", "https"];

impl Item {
    /// What is wrong before anything is kept.
    pub(super) fn check(&self, door: &Door, caller: &Caller) -> Result<(), Refused> {
        if let Some(target) = &self.target {
            let scheme = target.split(':').next().unwrap_or_default();
            if !SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) {
                let message = format!("Scheme {scheme} is not supported");
                return Err(Refused::new(400, "scheme_unsupported", message, "Take http or https."));
            }
        }
        let agent = self.agent(door, caller);
        for topic in &self.subscribes {
            if !outflow::TopicPattern(topic).is_sound() {
                let message = format!("{topic:?} is no topic and no group of topics.");
                return Err(Refused::new(
                    400,
                    "topic_wrong",
                    message,
                    "Take realestate/lead or realestate/lead#add.",
                ));
            }
        }
        if agent.is_empty() {
            return Err(Refused::new(400, "agent_missing", "The agent is empty.", "Name a profile URL."));
        }
        Ok(())
    }

    fn agent(&self, door: &Door, caller: &Caller) -> Text {
        let own = || profile::of_app(&door.settings, caller.client());
        self.agent.as_ref().map_or_else(own, Text::from)
    }

    /// The key of its record: of a client's own ids nobody else's come out.
    pub(super) fn key(&self, client: &str) -> Text {
        let of = [&self.id, &self.agent, &self.target].map(|part| part.clone().unwrap_or_default());
        let said = match &self.id {
            // What was told before is taken back as it is.
            Some(id) if id.len() == 36 && id.starts_with("sub-") => return id.as_str().into(),
            Some(id) => id.clone(),
            None => of.join("\n"),
        };
        Text::from(format!("sub-{}", &sha256(format!("{client}\n{said}").as_bytes())[..32]))
    }

    pub(super) fn headers(&self) -> Vec<(String, String)> {
        let config = self.config.as_ref();
        config.map(|config| config.headers.clone().into_iter().collect()).unwrap_or_default()
    }

    pub(super) fn salt(&self) -> Option<String> {
        self.config.as_ref()?.sign.as_ref()?.salt.clone()
    }

    pub(super) fn record(
        &self,
        door: &Door,
        caller: &Caller,
        id: &Text,
        endpoint: Option<Text>,
        status: Text,
        now: Timestamp,
    ) -> Record {
        let list = |all: &[String]| {
            let all: Vec<Text> = all.iter().map(Text::from).collect();
            (!all.is_empty()).then(|| Value::TextList(all.into()))
        };
        let text = |text: &Option<String>| text.as_deref().map(Value::from);
        let fields = [
            ("SubscriptionId", Some(id.clone().into())),
            ("ClientId", Some(caller.client().clone().into())),
            ("AgentUri", Some(self.agent(door, caller).into())),
            ("ObjectUri", text(&self.object)),
            ("EndpointId", endpoint.map(Into::into)),
            ("SubscribedTopics", list(&self.subscribes)),
            ("PublishedTopics", list(&self.publishes)),
            ("SubscriptionScope", text(&self.scope)),
            ("PayloadFilter", self.filter.as_ref().map(|filter| filter.to_string().into())),
            ("NeedContextYN", Some(self.need_context.into())),
            ("SubscriptionStatus", Some(status.into())),
            ("ModificationTimestamp", Some(now.into())),
        ];
        named(door.dictionary.known("Subscription"), fields)
    }
}

/// A subscription as it is told. Headers and salts are not: they are confided.
pub(super) fn told(door: &Door, read: Named<'_>) -> serde_json::Value {
    let text = |name: &str| read.text(name).map(String::from);
    let list = |name: &str| read.texts(name).iter().map(|text| text.to_string()).collect::<Vec<_>>();
    let endpoint = read.text("EndpointId");
    let target = endpoint.and_then(|id| door.outflow.book(|book| Some(book.endpoint(&id)?.url.to_string())));
    let mut told = json!({
        "id": text("SubscriptionId"),
        "agent": text("AgentUri"),
        "recipient": text("ClientId").map(|client| String::from(profile::of_app(&door.settings, &client))),
        "publishes": list("PublishedTopics"),
        "subscribes": list("SubscribedTopics"),
        "needContext": read.truth("NeedContextYN"),
        "status": text("SubscriptionStatus"),
    });
    let filter = read.text("PayloadFilter").and_then(|text| serde_json::from_str(&text).ok());
    let more = [
        ("object", text("ObjectUri").map(Into::into)),
        ("target", target.map(Into::into)),
        ("scope", text("SubscriptionScope").map(Into::into)),
        ("filter", filter),
    ];
    for (name, value) in more {
        if let Some(value) = value {
            told[name] = value;
        }
    }
    told
}
