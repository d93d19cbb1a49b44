//! A door as its clients meet it: real requests to its router, answers read to their end, and each of them held to
//! what the door says of itself.

use std::collections::HashMap;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use jsonschema::Validator;
use serde_json::Value as Json;
use tower::ServiceExt;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body, which is text at every door that is asked here.
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// Where it is none, with what it is.
    #[must_use]
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// A header field; empty where there is none.
    ///
    /// # Panics
    /// Where it is no text.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("header fields of ours are text"))
    }
}

/// Asks a router.
///
/// # Panics
/// Where the request is none, or the body of the answer is no text or breaks off.
pub async fn ask(
    router: &Router,
    (method, path): (&str, &str),
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(body.into()).expect("a test asks what can be asked");
    let response = router.clone().oneshot(request).await.expect("a router always answers");
    let (head, body) = response.into_parts();
    let body = body.collect().await.unwrap_or_else(|error| panic!("{method} {path} breaks off: {error}"));
    let body = String::from_utf8(body.to_bytes().to_vec());
    let body = body.unwrap_or_else(|error| panic!("{method} {path} is no text: {error}"));
    Answer { status: head.status, headers: head.headers, body }
}

/// What a door says of one of its routes.
#[derive(Clone, PartialEq, Debug)]
pub struct Route {
    /// The method.
    pub method: String,
    /// The address, with `{…}` for what changes.
    pub path: String,
    /// By status, the content types, each with a JSON schema; none where there is no body.
    pub answers: Vec<(u16, Vec<(&'static str, Json)>)>,
}

/// A route and, by status, what its JSON is held to.
struct Held {
    route: Route,
    json: HashMap<u16, Validator>,
}

/// What a door says of all of its routes.
pub struct Described {
    routes: Vec<Held>,
    rest: &'static str,
}

impl Described {
    /// Of these routes; where one ends with `rest`, such as `{file}`, that may hold slashes.
    ///
    /// # Panics
    /// Where a schema is none.
    pub fn of(routes: impl IntoIterator<Item = Route>, rest: &'static str) -> Self {
        let held = |route: Route| {
            let json = |kinds: &[(&str, Json)]| {
                let (_, schema) = kinds.iter().find(|(kind, _)| *kind == "application/json")?;
                let options = jsonschema::draft202012::options().should_validate_formats(true);
                Some(options.build(schema).unwrap_or_else(|error| panic!("{}: {error}", route.path)))
            };
            let answers = route.answers.iter();
            let json = answers.filter_map(|(status, kinds)| Some((*status, json(kinds)?))).collect();
            Held { route, json }
        };
        Self { routes: routes.into_iter().map(held).collect(), rest }
    }

    /// Holds an answer to the description of its route. An address that is no route's is not looked at.
    ///
    /// # Panics
    /// Where the answer is not as it is described.
    pub fn hold(&self, method: &str, path: &str, answer: &Answer) {
        let path = path.split('?').next().unwrap_or_default();
        let of_path = self.routes.iter().filter(|held| self.is_of(path, &held.route.path));
        let of_method = of_path.filter(|held| held.route.method == method);
        // What stands in words goes before what stands in braces.
        let nearest = of_method.min_by_key(|held| held.route.path.matches('{').count());
        let Some(held) = nearest else { return };
        let status = answer.status.as_u16();
        let told = held.route.answers.iter().find(|(known, _)| *known == status);
        let (_, kinds) = told.unwrap_or_else(|| panic!("{method} {path} answers {status}: {}", answer.body));
        if kinds.is_empty() {
            assert_eq!(answer.body, "", "{method} {path}");
            return;
        }
        let kind = answer.header("content-type");
        assert!(kinds.iter().any(|(known, _)| kind.starts_with(known)), "{method} {path}: {kind}");
        let Some(validator) = held.json.get(&status).filter(|_| kind == "application/json") else { return };
        let json = answer.json();
        let wrong: Vec<String> = validator
            .iter_errors(&json)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .take(5)
            .collect();
        assert!(wrong.is_empty(), "{method} {path}, {status}: {wrong:#?}");
    }

    /// Whether a path is one of a route's.
    fn is_of(&self, path: &str, route: &str) -> bool {
        let (mut segments, mut of) = (path.split('/'), route.split('/'));
        loop {
            match (segments.next(), of.next()) {
                (None, None) => return true,
                (Some(_), None) => return route.ends_with(self.rest),
                (Some(segment), Some(of))
                    if of == segment || (of.starts_with('{') && !segment.is_empty()) => {}
                _ => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use serde_json::json;

    use super::*;

    const JSON: &str = "application/json";

    fn described() -> Described {
        let schema = json!({ "type": "object", "required": ["id"], "additionalProperties": false,
            "properties": { "id": { "type": "string" } } });
        let route = |path: &str, answers| Route { method: "GET".into(), path: path.into(), answers };
        Described::of(
            [
                route("/things/{id}", vec![(200, vec![(JSON, schema)]), (204, Vec::new())]),
                route("/things/none", vec![(404, vec![(JSON, json!({}))])]),
                route("/files/{file}", vec![(200, vec![("text/plain", json!({}))])]),
            ],
            "{file}",
        )
    }

    /// Whether an answer is as it is described.
    fn check(path: &str, status: u16, kind: &'static str, body: &str, expect: bool) {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", http::HeaderValue::from_static(kind));
        let answer = Answer { status: StatusCode::from_u16(status).unwrap(), headers, body: body.into() };
        let held = std::panic::catch_unwind(|| described().hold("GET", path, &answer));
        assert_eq!(held.is_ok(), expect, "{path} {status} {kind} {body}");
    }

    #[test]
    fn an_answer_that_is_not_as_it_is_described_is_found() {
        check("/things/1", 200, JSON, r#"{"id":"1"}"#, true);
        check("/things/1?more=1", 200, JSON, r#"{"id":1}"#, false);
        check("/things/1", 200, JSON, "{}", false);
        check("/things/1", 200, "text/html", "<p>", false);
        check("/things/1", 404, JSON, "{}", false);
        check("/things/none", 404, JSON, "{}", true);
        check("/things/none", 200, JSON, r#"{"id":"none"}"#, false);
        check("/things/1", 204, JSON, "", true);
        check("/things/1", 204, JSON, "{}", false);
        // No route of these.
        check("/things/1/2", 500, JSON, "", true);
        check("/things/", 500, JSON, "", true);
        check("/files/a/b.txt", 200, "text/plain", "a", true);
        check("/files/a/b.txt", 500, "text/plain", "a", false);
    }

    #[tokio::test]
    async fn a_router_is_asked() {
        let router = Router::new()
            .route("/", get(async || ([("x-said", "1")], "[1]")).post(async |body: String| body));
        let answer = ask(&router, ("GET", "/"), &[], "").await;
        assert_eq!((answer.header("x-said"), answer.header("x-else"), answer.json()), ("1", "", json!([1])));
        assert_eq!(ask(&router, ("POST", "/"), &[("content-type", "text/plain")], "said").await.body, "said");
    }
}
