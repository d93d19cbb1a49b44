//! Rules of the resource Rules, held against what is written.

use console::operate::NewGrant;
use serde_json::{Value as Json, json};

use super::{now_of, writes};
use crate::town::Town;

/// RESO-063
#[tokio::test]
async fn reso_063_rules_decide_what_a_write_may_say() {
    let town = Town::build().await;
    let shown = vec!["Rules.*".into()];
    let key = town.client("writer", &[NewGrant { shown, ..writes("writer", "A") }]).await;
    let rule = async |n: usize, line: &str, more: Json| {
        let (field, rest) = line.split_once(' ').unwrap();
        let (action, expression) = rest.split_once(' ').unwrap();
        let (resource, field) = field.split_once('.').unwrap();
        let mut body = json!({
            "RuleKey": format!("rule-{n}"), "ResourceName": resource, "FieldName": field,
            "RuleAction": action, "RuleExpression": expression, "RuleOrder": n,
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = town.put(&key, "POST", "/odata/Rules", &[], &body.to_string()).await;
        assert_eq!(made.status, 201, "{line}: {}", made.body);
    };
    let text =
        json!({ "RuleErrorText": "A price is above nought.", "RuleHelpText": "Send what is asked for." });
    rule(1, "Property.ListPrice REJECT ListPrice <= 0", text).await;
    rule(2, "Property.City SET_REQUIRED StandardStatus = 'Active'", json!({})).await;
    rule(3, "Property.StandardStatus SET_DEFAULT 'Active'", json!({})).await;
    rule(
        4,
        "Property.OriginalListPrice SET IIF(OriginalListPrice = .EMPTY., ListPrice, OriginalListPrice)",
        json!({}),
    )
    .await;
    let text = json!({ "RuleWarningText": "Less than half of what it was." });
    rule(5, "Property.ListPrice WARNING ListPrice * 2 < LAST ListPrice", text).await;
    rule(6, "Media.MediaCategory SET_PICKLIST SET('Photo', 'Document')", json!({})).await;
    rule(7, "Property.ListPrice REJECT .TRUE.", json!({ "RuleEnabledYN": false })).await;

    let head = town.store.head().await.unwrap();
    let body = r#"{"ListPrice":0,"Media":[{"MediaCategory":"Photo"},{"MediaCategory":"Video"}]}"#;
    let refused = town.put(&key, "POST", "/odata/Property", &[], body).await;
    assert_eq!(refused.status, 400);
    let error = refused.json()["error"].clone();
    let told: Vec<(&str, &str)> = error["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| (d["target"].as_str().unwrap(), d["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [("ListPrice", "rejected_by_rule"), ("Media[1].MediaCategory", "not_in_picklist")],
        "{error}"
    );
    assert_eq!(error["details"][0]["message"], "A price is above nought. Send what is asked for.");
    // The default comes after the rule that needs a city: rules go in their order, and what they need is held at the end.
    let refused =
        town.put(&key, "POST", "/odata/Property", &[], r#"{"ListPrice":5,"StandardStatus":"Active"}"#).await;
    assert_eq!(refused.json()["error"]["details"][0]["code"], "required_by_rule");
    assert_eq!(town.store.head().await.unwrap(), head);

    let body = r#"{"ListingKey":"R","ListPrice":100,"City":"Kent"}"#;
    let made = town.put(&key, "POST", "/odata/Property", &[], body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let told = made.json();
    assert_eq!((&told["StandardStatus"], &told["OriginalListPrice"]), (&json!("Active"), &json!(100)));
    assert!(told.get("@freehold.warnings").is_none());
    // A warning does not refuse, and is told whatever the client prefers.
    let warned = town
        .put(&key, "PATCH", "/odata/Property('R')", &[("prefer", "return=minimal")], r#"{"ListPrice":40}"#)
        .await;
    assert_eq!((warned.status.as_u16(), warned.header("preference-applied")), (200, ""));
    let warnings = &warned.json()["@freehold.warnings"];
    assert_eq!((&warnings[0]["code"], &warnings[0]["target"]), (&json!("warning"), &json!("ListPrice")));
    assert_eq!(warnings[0]["message"], "Less than half of what it was.");
    let now = now_of(&town, "/odata/Property('R')").await;
    assert_eq!((&now["ListPrice"], &now["OriginalListPrice"]), (&json!(40), &json!(100)));

    // Parts inside a change are held against the rules as they are by themselves.
    let nested = r#"{"Media":[{"MediaCategory":"Video"}]}"#;
    let refused = town.put(&key, "PATCH", "/odata/Property('R')", &[], nested).await.json();
    let detail = &refused["error"]["details"][0];
    assert_eq!(
        (&detail["target"], &detail["code"]),
        (&json!("Media[0].MediaCategory"), &json!("not_in_picklist"))
    );

    // A rule is changed, and the next write is held against it as it is now; another feed has rules of its own.
    let changed = r#"{"RuleExpression":"ListPrice <= 50"}"#;
    assert_eq!(town.put(&key, "PATCH", "/odata/Rules('rule-1')", &[], changed).await.status, 204);
    assert_eq!(town.put(&key, "PATCH", "/odata/Property('R')", &[], r#"{"ListPrice":45}"#).await.status, 400);
    let other = town.client("other", &[writes("other", "B")]).await;
    assert_eq!(town.put(&other, "POST", "/odata/Property", &[], r#"{"ListPrice":0}"#).await.status, 201);
    assert_eq!(town.put(&key, "DELETE", "/odata/Rules('rule-1')", &[], "").await.status, 204);
    assert_eq!(town.put(&key, "PATCH", "/odata/Property('R')", &[], r#"{"ListPrice":45}"#).await.status, 204);

    // A rule that means nothing is not kept.
    let wrong = r#"{"ResourceName":"Property","FieldName":"Citi","RuleAction":"SET","RuleExpression":"1 +"}"#;
    let refused = town.put(&key, "POST", "/odata/Rules", &[], wrong).await;
    let details = refused.json()["error"]["details"].clone();
    let targets: Vec<&str> =
        details.as_array().unwrap().iter().map(|d| d["target"].as_str().unwrap()).collect();
    assert_eq!(targets, ["FieldName", "RuleExpression"], "{}", refused.body);
}
