//! The document tells of every route, in terms that hang together.

use std::collections::BTreeSet;

use super::*;

fn whole() -> Json {
    document(&Settings::default())
}

/// Every route that a door lists is described under its method; the other way round, too.
#[test]
fn every_route_is_described_and_nothing_else() {
    let document = whole();
    let key = |path: String| path.replace("'K'", "'{ListingKey}'");
    let mut expected = BTreeSet::new();
    let partner = partner_door::Settings::default().root;
    for (method, path) in partner_door::every_route() {
        expected.insert((method.to_lowercase(), path.replace("{root}", &partner)));
    }
    for (method, path) in reso_door::every_route() {
        expected.insert((method.to_lowercase(), key(path.replace("{root}", "/odata"))));
    }
    for (method, path) in media_door::every_route() {
        expected.insert((method.to_lowercase(), path.to_owned()));
    }
    for (method, path) in console::every_route() {
        expected.insert((method.as_str().to_lowercase(), path.to_owned()));
    }
    for route in transactions_door::described() {
        expected.insert((route.method.to_lowercase(), route.path));
    }
    for route in lockbox_door::described() {
        expected.insert((route.method.to_lowercase(), route.path));
    }
    for (method, path, _) in association_door::every_route() {
        expected.insert((method.as_str().to_lowercase(), path.to_owned()));
    }
    expected.insert(("post".into(), "/oauth2/token".into()));
    expected.extend(elsewhere::SERVER.map(|(path, ..)| ("get".into(), path.into())));
    let found: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(|method| (method.clone(), path.clone()))
        })
        .collect();
    assert_eq!(found, expected);
}

/// Every parameter of the partner door's table is told, and required where it is.
#[test]
fn every_parameter_is_told() {
    let document = whole();
    for endpoint in partner_door::described() {
        let path = format!("/services/partner/{}", endpoint.name);
        let operation = &document["paths"][&path][endpoint.method.to_lowercase()];
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        for parameter in &endpoint.parameters {
            let required = if endpoint.method == "POST" {
                assert!(body["properties"][parameter.name].is_object(), "{path}: {}", parameter.name);
                body["required"].as_array().unwrap().iter().any(|name| name == parameter.name)
            } else {
                let told = operation["parameters"].as_array().unwrap();
                let one = told.iter().find(|one| one["name"] == parameter.name);
                one.unwrap_or_else(|| panic!("{path}: {}", parameter.name))["required"] == true
            };
            assert_eq!(required, parameter.required, "{path}: {}", parameter.name);
        }
    }
}

#[test]
fn references_lead_somewhere_and_names_are_given_once() {
    let document = whole();
    let mut ids = BTreeSet::new();
    visit(&document, &mut |value| {
        if let Some(to) = value.get("$ref").and_then(Json::as_str) {
            assert!(document.pointer(to.trim_start_matches('#')).is_some(), "{to}");
        }
        if let Some(id) = value.get("operationId").and_then(Json::as_str) {
            assert!(ids.insert(id.to_owned()), "{id} twice");
        }
    });
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(
                operation["responses"].is_object() && operation["security"].is_array(),
                "{method} {path}"
            );
            let told = operation["parameters"].as_array().cloned().unwrap_or_default();
            for name in path.split('{').skip(1).filter_map(|part| part.split('}').next()) {
                assert!(told.iter().any(|one| one["name"] == name && one["in"] == "path"), "{path}: {name}");
            }
        }
    }
}

fn visit(value: &Json, look: &mut impl FnMut(&Json)) {
    look(value);
    match value {
        Json::Object(members) => members.values().for_each(|one| visit(one, look)),
        Json::Array(list) => list.iter().for_each(|one| visit(one, look)),
        _ => {}
    }
}

/// The page loads nothing from elsewhere, and may not.
#[test]
fn the_page_stands_alone() {
    for part in [PAGE, STYLE, SCRIPT] {
        for away in ["http://", "https://", "src=\"//", "import ", "eval("] {
            assert!(!part.contains(away), "{away}");
        }
    }
    let answered = answer("text/html", &Bytes::from_static(b"x"), &HeaderMap::new());
    let policy = answered.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
}
