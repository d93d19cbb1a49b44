//! Denied by default: every route, with every role, in both environments.

use association_door::{Needs, Right, every_route};
use http::Method;

use crate::town::{PEOPLE, Town};

/// A route's address for the test's tenant.
fn path(route: &str, environment: &str) -> String {
    let path = route.replace("{tenant}", "east-polk").replace("{integration}", "mls");
    let path = path.replace("{environment}", environment);
    path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect::<Vec<_>>().join("/")
}

/// Whether somebody may, said once more and in other words than the door says it.
fn may(right: Right, role: &str, places: &[&str], environment: &str) -> bool {
    let enough = |needs: Needs| match needs {
        Needs::Vendor => matches!(role, "Vendor" | "Staff" | "Administrator"),
        Needs::Staff => matches!(role, "Staff" | "Administrator"),
        Needs::Administrator => role == "Administrator",
    };
    match right {
        Right::Credential => true,
        Right::Operator => false,
        Right::Tenant(Needs::Vendor) => enough(Needs::Vendor),
        Right::Tenant(needs) => enough(needs) && places.contains(&"Production"),
        Right::Environment(needs) => {
            enough(needs) && places.iter().any(|place| place.eq_ignore_ascii_case(environment))
        }
    }
}

#[tokio::test]
async fn every_route_asks_for_a_credential() {
    let town = Town::build().await;
    let before = town.store.head().await.unwrap();
    let key = format!("Bearer {}", town.key("operator"));
    for (method, route, _) in every_route() {
        for (headers, what) in [
            (vec![], "no credential"),
            (vec![("authorization", "Bearer nonsense")], "a wrong key"),
            (vec![("authorization", "Digest x")], "another scheme"),
            (vec![("authorization", key.as_str()), ("authorization", key.as_str())], "two credentials"),
        ] {
            let answer = town.ask(method.as_str(), &path(route, "staging"), &headers, "{}").await;
            assert_eq!(answer.status, 401, "{method} {route} with {what}: {}", answer.body);
            assert!(answer.headers.contains_key("www-authenticate"), "{method} {route} with {what}");
            assert!(!answer.code().is_empty());
        }
    }
    assert_eq!(town.store.head().await.unwrap(), before, "a refused request changed something");
}

/// AMS-039, and HUB's denial by default: what a role may in one environment it may in no other, and whoever
/// is nothing to a tenant is told that there is none.
#[tokio::test]
async fn ams_039_every_route_by_every_role() {
    let town = Town::build().await;
    let nothing: &[&str] = &[];
    let strangers = [("nobody", "", nothing), ("stranger", "", nothing)];
    town.post("operator", "/association/tenants", serde_json::json!({ "TenantId": "other" })).await.good();
    town.role("stranger", "other", "Production", "Administrator").await;
    for (method, route, right) in every_route() {
        for environment in ["staging", "production"] {
            for (client, role, places) in PEOPLE.into_iter().chain(strangers) {
                let before = town.store.head().await.unwrap();
                let answer = town
                    .send(client, method.as_str(), &path(route, environment), Some(serde_json::json!({})))
                    .await;
                let what = format!("{method} {route} in {environment} by {client}: {}", answer.body);
                if may(right, role, places, environment) {
                    assert!(!matches!(answer.status.as_u16(), 401 | 403), "{what}");
                    assert_ne!(answer.code(), "tenant_unknown", "{what}");
                    continue;
                }
                let known = !matches!(role, "" | "User");
                let expect = match right {
                    Right::Operator => ("not_operator", 403),
                    _ if known => ("role_missing", 403),
                    _ => ("tenant_unknown", 404),
                };
                assert_eq!((answer.code().as_str(), answer.status.as_u16()), expect, "{what}");
                assert_eq!(town.store.head().await.unwrap(), before, "{what}");
            }
        }
    }
}

/// What a vendor's people do: they confirm what is theirs to confirm, which the handler looks at.
const VENDORS: &str = "/association/tenants/{tenant}/integrations/{integration}/checklist/{rule}";

/// No route that changes anything is for less than staff, but for those that vendors pull and confirm by.
#[test]
fn who_may_change_is_staff_at_least() {
    for (method, route, right) in every_route() {
        let reads = method == Method::GET;
        let staff = !matches!(
            right,
            Right::Credential | Right::Tenant(Needs::Vendor) | Right::Environment(Needs::Vendor)
        );
        let theirs = ["/pulls", "/acknowledgement", "/contacts/{resource}/{key}"];
        let pulls = theirs.iter().any(|end| route.ends_with(end));
        assert!(reads || staff || pulls || route == VENDORS, "{method} {route}: {right:?}");
    }
}

#[tokio::test]
async fn a_reading_token_changes_nothing() {
    let town = Town::build().await;
    let secret = town.key("admin");
    let form = format!("grant_type=client_credentials&scope=read&client_id=admin&client_secret={secret}");
    let request = gate::TokenRequest::read(None, &form).unwrap();
    let gate = town.desk.gate.clone().unwrap();
    let token = gate.token(&request, town.clock.now()).unwrap().token;
    let bearer = format!("Bearer {}", token.reveal());
    let before = town.store.head().await.unwrap();
    for (method, route, _) in every_route() {
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let answer = town.ask(method.as_str(), &path(route, "staging"), &headers, "{}").await;
        assert_eq!(answer.code() == "read_only", method != Method::GET, "{method} {route}: {}", answer.body);
    }
    assert_eq!(town.store.head().await.unwrap(), before);
}
