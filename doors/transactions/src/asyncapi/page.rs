//! The document as a page to read: every topic with its members, their types, bounds and words.

use std::fmt::Write as _;

use serde_json::Value;

/// Definitions inside definitions that a table follows.
const DEEPEST: usize = 16;

const STYLE: &str = "\
    :root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 18%,transparent);--soft:color-mix(in srgb,currentColor 65%,transparent)}\
    body{font:16px/1.5 system-ui,sans-serif;margin:0;display:grid;grid-template-columns:18rem 1fr}\
    nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1.5rem;border-right:1px solid var(--line);font-size:.85rem}\
    nav a{display:block;color:inherit;text-decoration:none;padding:.1rem 0;overflow-wrap:anywhere}nav a:hover{text-decoration:underline}\
    nav b{display:block;margin:1rem 0 .2rem}main{padding:1.5rem 3rem 6rem;max-width:70rem;min-width:0}\
    h1{font-size:1.6rem;margin:.2rem 0}h2{font-size:1.15rem;margin:3rem 0 .3rem;overflow-wrap:anywhere}\
    table{border-collapse:collapse;width:100%;font-size:.875rem}th{text-align:left;font-weight:600}\
    th,td{border-bottom:1px solid var(--line);padding:.35rem .8rem .35rem 0;vertical-align:top}\
    code,pre{font:0.85em ui-monospace,monospace}td:first-child{min-width:24rem;overflow-wrap:anywhere}\
    .soft{color:var(--soft)}summary{cursor:pointer;margin:.8rem 0}\
    pre{overflow:auto;padding:1rem;border:1px solid var(--line);border-radius:.4rem}\
    @media(max-width:60rem){body{grid-template-columns:1fr}nav{display:none}main{padding:1rem}}";

/// The page.
pub(super) fn page(document: &Value) -> String {
    let mut nav = String::new();
    let mut main = String::new();
    let text = |value: &Value| escaped(value.as_str().unwrap_or_default());
    let _ = write!(
        main,
        "<h1>{}</h1><p>{}</p>",
        text(&document["info"]["title"]),
        text(&document["info"]["description"])
    );
    main.push_str(
        "<p>The same for programs: <a href=\"/asyncapi.json\">/asyncapi.json</a>. A payload is tried at \
         <code>POST /api/schema/validate</code>; <code>GET /api/schema/mock/{topic}</code> makes one.</p>",
    );
    let mut group = "";
    for (name, channel) in document["channels"].as_object().into_iter().flatten() {
        let topic = channel["address"].as_str().unwrap_or_default();
        let of = topic.split('#').next().unwrap_or_default();
        if of != group {
            group = of;
            let _ = write!(nav, "<b>{}</b>", escaped(of));
        }
        let action = topic.split('#').nth(1).unwrap_or_default();
        let _ = write!(nav, "<a href=\"#{name}\">#{}</a>", escaped(action));
        let _ = write!(
            main,
            "<section id=\"{name}\"><h2>{}</h2><p>{}</p>",
            escaped(topic),
            text(&channel["description"])
        );
        let message = &document["components"]["messages"][name];
        let data = &message["payload"]["allOf"][1]["properties"]["data"];
        main.push_str("<table><thead><tr><th>Name</th><th>Type</th><th>Description</th></tr></thead><tbody>");
        line(document, &mut main, "data", data, false, 0);
        main.push_str("</tbody></table>");
        let example = serde_json::to_string_pretty(&message["examples"][0]["payload"]).unwrap_or_default();
        let _ = write!(
            main,
            "<details><summary>An example</summary><pre>{}</pre></details></section>",
            escaped(&example)
        );
    }
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Freehold events</title>\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><style>{STYLE}</style></head>\
         <body><nav aria-label=\"Topics\">{nav}</nav><main>{main}</main></body></html>"
    )
}

/// A line for a member, and the lines of its own members below it.
fn line(document: &Value, to: &mut String, path: &str, schema: &Value, required: bool, depth: usize) {
    let parts = parts(document, schema, 0);
    let first = |keyword: &str| parts.iter().find_map(|part| part.get(keyword));
    let description = first("description").and_then(Value::as_str).unwrap_or_default();
    let _ = write!(
        to,
        "<tr><td><code>{}</code></td><td>{}{}</td><td>{} <span class=\"soft\">{}</span></td></tr>",
        escaped(path),
        escaped(&kind(&parts)),
        if required { " <span class=\"soft\">required</span>" } else { "" },
        escaped(description),
        escaped(&bounds(&parts))
    );
    if depth == DEEPEST {
        return;
    }
    let needed = |name: &str| {
        let lists = parts.iter().filter_map(|part| part.get("required").and_then(Value::as_array));
        lists.flatten().any(|known| known == name)
    };
    let mut told: Vec<&str> = Vec::new();
    for part in &parts {
        for (name, member) in part.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if !told.contains(&name.as_str()) {
                told.push(name);
                line(document, to, &format!("{path}.{name}"), member, needed(name), depth + 1);
            }
        }
    }
    for items in [first("prefixItems").and_then(|items| items.get(0)), first("items")].into_iter().flatten() {
        line(document, to, &format!("{path}[]"), items, false, depth + 1);
    }
}

/// A schema and everything that it refers to or is made of, nearest first.
fn parts<'a>(document: &'a Value, schema: &'a Value, depth: usize) -> Vec<&'a Value> {
    let mut all = vec![schema];
    if depth < DEEPEST {
        let reference = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|to| document.pointer(to.trim_start_matches('#')));
        let several = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
        for part in reference.into_iter().chain(several).chain(schema.get("else")) {
            all.extend(parts(document, part, depth + 1));
        }
    }
    all
}

fn kind(parts: &[&Value]) -> String {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let said = parts.iter().find_map(|part| match part.get("type")? {
        Value::Array(several) => Some(several.iter().filter_map(text).collect::<Vec<_>>().join(" or ")),
        one => text(one),
    });
    let constant = || parts.iter().any(|part| part.get("const").is_some()).then(|| "string".to_owned());
    said.or_else(constant).unwrap_or_default()
}

/// Bounds as a reader says them.
fn bounds(parts: &[&Value]) -> String {
    let mut said: Vec<String> = Vec::new();
    let first = |keyword: &str| parts.iter().find_map(|part| part.get(keyword));
    let listed = |values: &Value| {
        let names = values.as_array().into_iter().flatten().map(ToString::to_string);
        names.collect::<Vec<_>>().join(", ")
    };
    said.extend(first("const").map(|value| format!("const ({value})")));
    said.extend(first("enum").map(|values| format!("allowed ({})", listed(values))));
    said.extend(first("format").and_then(Value::as_str).map(|format| format!("format ({format})")));
    said.extend(first("pattern").and_then(Value::as_str).map(|pattern| format!("pattern ({pattern})")));
    said.extend(first("maxLength").map(|most| format!("<= {most} characters")));
    match (first("minimum"), first("maximum")) {
        (Some(least), Some(most)) => said.push(format!("[ {least} .. {most} ]")),
        (Some(least), None) => said.push(format!(">= {least}")),
        (None, Some(most)) => said.push(format!("<= {most}")),
        (None, None) => {}
    }
    said.join(" ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
