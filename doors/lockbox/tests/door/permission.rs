//! Denied by default: every route without a credential, with a wrong one, and with one that grants nothing.

use console::operate::create;
use dictionary::named;

use crate::town::{Town, act};

#[tokio::test]
async fn every_route_refuses_whoever_may_not() {
    let town = Town::build().await;
    let before = town.store.head().await.unwrap();
    for (method, route) in lockbox_door::every_route() {
        let path = route.replace("{environment}", "production").replace("{tenant}", "gulf");
        let path = path.replace("{batch}", "1").replace("{row}", "1").replace("{user}", "1");
        let path = path.replace("{field}", "x").replace("{file}", "1.jpg").replace("{part}", "members");
        for (headers, what) in [
            (vec![], "no credential"),
            (vec![("x-api-key", "nonsense")], "a wrong key"),
            (vec![("x-api-key", "")], "an empty key"),
            (vec![("x-api-key", town.operator.as_str()), ("authorization", "Bearer x")], "two credentials"),
            (vec![("authorization", "Digest x")], "another scheme"),
        ] {
            let answer = town.ask(method.as_str(), &path, &headers, "{}".into()).await;
            assert_eq!(answer.status, 401, "{method} {path} with {what}: {}", answer.body);
            assert!(answer.header("www-authenticate").starts_with("Bearer"), "{method} {path} with {what}");
            assert!(answer.json()["error"]["hint"].is_string());
        }
        // Where the body says what is asked about it has to be read first.
        let body = match route {
            "/lockbox/access-decisions" | "/lockbox/accesses" | "/lockbox/offline-tokens" => {
                r#"{"lockbox":"B1","user":"anna"}"#
            }
            "/lockbox/offline-tokens/refresh" => continue,
            _ => "{}",
        };
        let answer = town.ask(method.as_str(), &path, &[("x-api-key", &town.nobody)], body.into()).await;
        let nothing = answer.status == 200 && answer.json() == serde_json::json!({ "items": [] });
        assert!(
            nothing || answer.status == 404 || answer.status == 403,
            "{method} {path} answers whom nothing is granted: {answer:?}"
        );
        assert!(!answer.body.contains("Gulf"), "{method} {path} tells of a tenant");
    }
    assert_eq!(town.store.head().await.unwrap(), before, "a refused request changed something");
}

#[tokio::test]
async fn an_operator_works_for_every_tenant_in_both_environments() {
    let town = Town::build().await;
    let told = town.get(&town.operator, "/lockbox/tenants").await.json();
    let items = told["items"].as_array().unwrap();
    let said: Vec<_> =
        items.iter().map(|one| (one["tenant"].as_str().unwrap(), &one["environment"])).collect();
    assert_eq!(
        serde_json::json!(said),
        serde_json::json!([
            ["bay", "production"],
            ["bay", "staging"],
            ["gulf", "production"],
            ["gulf", "staging"]
        ])
    );
}

/// An association without a feed in an environment is not there.
#[tokio::test]
async fn a_tenant_is_where_it_has_a_feed() {
    let town = Town::build().await;
    let fields = [("TenantId", Some("cape".into())), ("StagingFeedId", Some("bay-staging".into()))];
    let record = named(town.dictionary.known("Tenant"), fields);
    create(&town.desk, &act(), "Tenant", record).await.unwrap();
    let check = async |environment: &str, expect: u16| {
        let path = format!("/lockbox/{environment}/tenants/cape");
        assert_eq!(town.get(&town.operator, &path).await.status, expect, "{environment}");
    };
    check("staging", 200).await;
    check("production", 404).await;
    check("elsewhere", 404).await;
}

/// What a role may do of imports: every route of theirs, by every role, in the own tenant and in another.
#[tokio::test]
async fn each_role_does_of_imports_what_is_its_own() {
    let town = Town::build().await;
    town.people().await;
    let mut keys = Vec::new();
    for (id, role, user) in [
        ("boss", "Administrator", None),
        ("staff", "Staff", None),
        ("vendor", "Vendor", None),
        ("ann", "User", Some("gulf-production::M2")),
    ] {
        keys.push((role, crate::people::client(&town, id, role, user).await));
    }
    let reads =
        ["/imports", "/imports/{batch}", "/imports/{batch}/report", "/import-settings", "/quarantine"];
    let runs = ["/imports", "/quarantine/retry", "/quarantine/{row}/retry", "/user-photos/{file}"];
    let ours = lockbox_door::every_route().into_iter().filter_map(|(method, path)| {
        let rest = path.strip_prefix("/lockbox/{environment}/tenants/{tenant}")?;
        let of_imports =
            ["/import", "/quarantine", "/user-photos"].iter().any(|begin| rest.starts_with(begin));
        of_imports.then(|| (method.to_string(), rest.to_owned()))
    });
    let ours: Vec<(String, String)> = ours.collect();
    assert!(ours.len() > 12, "{ours:?}");
    for (method, rest) in ours {
        for (role, key) in &keys {
            let may = match *role {
                "Administrator" => true,
                "Staff" => method == "GET" || runs.contains(&rest.as_str()),
                "Vendor" => method == "GET",
                _ => false,
            };
            assert!(
                method != "GET" || rest.contains("{row}") || reads.contains(&rest.as_str()),
                "{rest} is new"
            );
            for (whose, may) in [("gulf", may), ("bay", false)] {
                let path = format!("/lockbox/production/tenants/{whose}{rest}");
                let path = path.replace("{batch}", "1").replace("{row}", "1").replace("{file}", "1.jpg");
                let answer = town.ask(&method, &path, &[("x-api-key", key)], "{}".into()).await;
                let code = answer.json()["error"]["code"].as_str().unwrap_or("none").to_owned();
                let refused = ["role_missing", "tenant_unknown"].contains(&code.as_str());
                assert_eq!(!refused, may, "{role} {method} {path}: {} {code}", answer.status);
            }
        }
    }
}
