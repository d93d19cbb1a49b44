//! EVT-098: the AsyncAPI document and the page.

use serde_json::Value as Json;

use crate::town::Town;

async fn document(town: &Town) -> Json {
    let answer = town.ask("GET", "/asyncapi.json", &[], String::new()).await;
    assert_eq!(answer.status, 200);
    answer.json()
}

/// Every `$ref` of a document, followed.
fn follow(whole: &Json, part: &Json, seen: &mut usize) {
    match part {
        Json::Object(members) => {
            if let Some(to) = members.get("$ref").and_then(Json::as_str) {
                assert!(whole.pointer(to.trim_start_matches('#')).is_some(), "{to} leads nowhere");
                *seen += 1;
            }
            members.values().for_each(|member| follow(whole, member, seen));
        }
        Json::Array(items) => items.iter().for_each(|item| follow(whole, item, seen)),
        _ => {}
    }
}

/// EVT-098
#[tokio::test]
async fn evt_098_every_topic_stands_in_the_document() {
    let town = Town::build().await;
    let document = document(&town).await;
    assert_eq!(document["asyncapi"], "3.0.0");
    let mut seen = 0;
    follow(&document, &document, &mut seen);
    assert!(seen > 500, "{seen} references");
    for topic in transactions_door::every_topic() {
        let channels = document["channels"].as_object().unwrap();
        let (name, channel) = channels.iter().find(|(_, channel)| channel["address"] == topic.name).unwrap();
        let to = channel["messages"]["event"]["$ref"].as_str().unwrap();
        let message = document.pointer(to.trim_start_matches('#')).unwrap();
        // The example is a whole event, and its payload what the validator takes.
        let mut example = message["examples"][0]["payload"].clone();
        for member in ["topic", "time", "agent", "instrument", "originalRecipient", "id", "@id", "data"] {
            assert!(!example[member].is_null(), "{name} has no {member}");
        }
        example["recipient"] = example["agent"].take();
        let asked = serde_json::json!({ "object": example }).to_string();
        let verdict =
            town.ask("POST", "/api/schema/validate", &[("x-api-key", &town.bms)], asked).await.json();
        assert_eq!(verdict["isValid"], true, "{name}: {verdict}");
        for direction in ["publish", "deliver"] {
            assert!(document["operations"][format!("{direction}.{name}")].is_object(), "{direction}.{name}");
        }
    }
    let stranger = document["channels"].as_object().unwrap().len();
    assert_eq!(stranger, transactions_door::every_topic().len());
}

/// EVT-098: the page shows the seed's table, every member with its words and bounds.
#[tokio::test]
async fn evt_098_the_page_shows_the_table() {
    let town = Town::build().await;
    let answer = town.ask("GET", "/events/docs", &[], String::new()).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    for topic in transactions_door::every_topic() {
        assert!(answer.body.contains(&format!("<h2>{}</h2>", topic.name)), "{}", topic.name);
    }
    let section = answer.body.split("<section id=\"franchise_transactionreport\">").nth(1).unwrap();
    let section = section.split("</section>").next().unwrap();
    for line in include_str!("../data/transaction_report_members.txt").lines() {
        let mut words = line.split('\t');
        let (member, bound) = (words.next().unwrap(), words.next().unwrap_or_default());
        let row = section.split("<tr>").find(|row| row.contains(&format!("<code>{member}</code>")));
        let row = row.unwrap_or_else(|| panic!("{member} is not on the page"));
        assert!(row.contains(bound), "{member} does not say {bound}: {row}");
    }
}
