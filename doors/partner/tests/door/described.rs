//! Every answer that these tests get is held to what the door says of itself.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Map, Value as Json, json};

use crate::town::{Answer, Town};

/// By endpoint, its name in small letters.
static ANSWERS: LazyLock<BTreeMap<String, Validator>> = LazyLock::new(|| {
    let classes: Map<String, Json> =
        partner_door::described_classes().into_iter().map(|(name, class)| (name.to_owned(), class)).collect();
    let validator = |answer: &Json| {
        let whole = json!({ "components": { "schemas": classes }, "allOf": [answer] });
        jsonschema::draft202012::options().should_validate_formats(true).build(&whole).unwrap()
    };
    let all = partner_door::described();
    all.iter().map(|endpoint| (endpoint.name.to_lowercase(), validator(&endpoint.answer))).collect()
});

/// Holds an answer to the description of its endpoint.
pub(crate) fn hold(path: &str, answer: &Answer) {
    let name = path.split('?').next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let Some(validator) = ANSWERS.get(&name.to_lowercase()) else { return };
    if answer.status != 200 || answer.body.is_empty() {
        return;
    }
    let json = answer.json();
    let wrong: Vec<String> = validator
        .iter_errors(&json)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .take(5)
        .collect();
    assert!(wrong.is_empty(), "{path}: {wrong:#?}");
}

/// Every endpoint answers as it is described, where there is something to tell and where there is nothing.
#[tokio::test]
async fn every_endpoint_answers_as_it_is_described() {
    let town = Town::build().await;
    for (client, feed) in [("KW", "GAMLS"), ("KW", "NOWHERE"), ("idx", "NWMLS"), ("nobody", "GAMLS")] {
        let queries = BTreeMap::from([
            ("GetListingDetail", format!("FeedId={feed}&ListingId=G1")),
            ("GetRelatedListings", format!("FeedId={feed}&ListingId=G1")),
            ("GetAgents", format!("FeedId={feed}")),
            ("GetOffices", format!("FeedId={feed}")),
            ("GetListingsOpenHouse", format!("FeedIdList={feed}")),
            ("GetLookups", format!("LookupType=City&FeedIdList={feed}")),
            ("GetSuggestions", format!("Text=se&FeedIdList={feed}")),
            ("SyncListings", format!("FeedIdList={feed}")),
            ("GetListingKeys", format!("FeedIdList={feed}")),
            ("GetFeeds", String::new()),
        ]);
        for endpoint in partner_door::described() {
            let answer = match endpoint.method {
                "GET" => town.get_as(client, &format!("{}?{}", endpoint.name, queries[endpoint.name])).await,
                _ => {
                    let body = json!({
                        "FeedIdList": [feed], "StatusList": ["Active", "Sold"], "ByMonth": true,
                        "WktLocation": "POINT(-122.33 47.60)", "City": "Seattle", "Zip": "98101",
                        "Address": "1 Main", "State": "WA",
                        "West": -123, "East": -122, "South": 47, "North": 48,
                    });
                    town.search_as(client, endpoint.name, body).await
                }
            };
            let expect = if endpoint.method == "GET" { vec![200, 404] } else { vec![200] };
            assert!(expect.contains(&answer.status.as_u16()), "{}: {}", endpoint.name, answer.body);
        }
    }
}
