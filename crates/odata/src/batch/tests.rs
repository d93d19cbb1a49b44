//! Batches as data: what each asks, and how answers are told.

use super::*;

fn told(parts: &[Part]) -> String {
    let one = |part: &Part| {
        let mut text = format!("{} {}", part.method, part.url);
        if let Some(id) = &part.id {
            text = format!("{id}: {text}");
        }
        if let Some(group) = &part.group {
            text.push_str(&format!(" in {group}"));
        }
        if !part.depends_on.is_empty() {
            text.push_str(&format!(" after {}", part.depends_on.join("+")));
        }
        for (name, value) in &part.headers {
            text.push_str(&format!(" [{name}={value}]"));
        }
        if !part.body.is_empty() {
            text.push_str(&format!(" {:?}", String::from_utf8_lossy(&part.body)));
        }
        text
    };
    parts.iter().map(one).collect::<Vec<_>>().join(" | ")
}

fn check(kind: &str, body: &str, expect: &str) {
    let found = match read(kind, body.as_bytes()) {
        Ok((_, parts)) => told(&parts),
        Err(fault) => format!("{} {}", fault.status, fault.code),
    };
    assert_eq!(found, expect, "{body}");
}

#[test]
fn reso_028_json_batches_are_read() {
    let json = |body: &str, expect: &str| check("application/json;charset=utf-8", body, expect);
    json(r#"{"requests":[{"id":"1","method":"get","url":"Property"}]}"#, "1: GET Property");
    json(
        r#"{"requests":[{"id":"a","atomicityGroup":"g","method":"post","url":"Property","headers":{"prefer":"return=minimal"},"body":{"ListPrice":0.10}},{"id":"b","atomicityGroup":"g","method":"PATCH","url":"/odata/Property('K')","body":null,"dependsOn":["a"]}]}"#,
        "a: POST Property in g [prefer=return=minimal] \"{\\\"ListPrice\\\":0.10}\" | b: PATCH /odata/Property('K') in g after a",
    );
    json(r#"{"requests":[]}"#, "");
    json("{", "400 malformed_body");
    json(r#"{"requests":[{"id":"1","url":"Property"}]}"#, "400 malformed_body");
    json(
        r#"{"requests":[{"id":"1","method":"get","url":"a"},{"id":"1","method":"get","url":"b"}]}"#,
        "400 name_taken",
    );
    json(r#"{"requests":[{"id":"1","method":"get","url":"a","dependsOn":["2"]}]}"#, "400 unknown_request");
    json(r#"{"requests":[{"id":"1","method":"get","url":"a","if":"$2 eq null"}]}"#, "501 not_supported");
    json(
        r#"{"requests":[{"id":"1","method":"get","url":"a","atomicityGroup":"g"},{"id":"2","method":"get","url":"a"},{"id":"3","method":"get","url":"a","atomicityGroup":"g"}]}"#,
        "400 split_group",
    );
    let many: Vec<String> =
        (0..=MOST_PARTS).map(|n| format!(r#"{{"id":"{n}","method":"get","url":"a"}}"#)).collect();
    json(&format!(r#"{{"requests":[{}]}}"#, many.join(",")), "413 too_many");
    check("text/plain", "", "415 media_type");
}

#[test]
fn reso_028_multipart_batches_are_read() {
    let multi = |body: &str, expect: &str| {
        let body = body.replace('\n', "\r\n");
        check("multipart/mixed; boundary=\"b\"", &body, expect);
        check("Multipart/Mixed;charset=utf-8;boundary=b", &body.replace("\r\n", "\n"), expect);
    };
    multi(
        "--b\nContent-Type: application/http\n\nGET Property?$top=1 HTTP/1.1\nAccept: application/json\n\n\n--b--\n",
        "GET Property?$top=1 [Accept=application/json]",
    );
    multi(
        "before\n--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: application/http\nContent-ID: 1\n\nPOST Property HTTP/1.1\nContent-Type: application/json\n\n{\"City\":\"x\"}\n--c\nContent-Type: application/http\nContent-ID: 2\n\nDELETE Property('K') HTTP/1.1\n\n--c--\n--b\nContent-Type: application/http\n\nGET $1 HTTP/1.1\n\n--b--",
        "1: POST Property in c [Content-Type=application/json] \"{\\\"City\\\":\\\"x\\\"}\" | 2: DELETE Property('K') in c | GET $1",
    );
    let line = |line: &str, expect: &str| {
        multi(&format!("--b\nContent-Type: application/http\n\n{line}\n\n--b--\n"), expect);
    };
    line("GET Property?$filter=City eq 'Bay City' HTTP/1.1", "GET Property?$filter=City eq 'Bay City'");
    line("  GET   Property  HTTP/1.1  ", "GET Property");
    line("get Property", "GET Property");
    line("GET HTTP/1.1", "GET HTTP/1.1");
    line("", "400 malformed_body");
    multi("--b--\n", "");
    multi("--b\n", "400 malformed_body");
    multi("--b\nContent-Type: text/plain\n\nGET a HTTP/1.1\n\n--b--\n", "400 malformed_body");
    multi("--b\nContent-Type: application/http\n\nGET\n\n--b--\n", "400 malformed_body");
    // A change set holds no change set.
    multi(
        "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: multipart/mixed; boundary=d\n\n--d--\n--c--\n--b--\n",
        "400 malformed_body",
    );
    check("multipart/mixed", "--b--", "400 malformed_body");
    let many = "--b\r\n\r\nGET a HTTP/1.1\r\n\r\n".repeat(MOST_PARTS + 1);
    check("multipart/mixed;boundary=b", &format!("{many}--b--"), "413 too_many");
    let long = format!("--b\nX: {}\n\nGET a HTTP/1.1\n\n--b--", "x".repeat(MOST_HEADERS));
    check("multipart/mixed;boundary=b", &long, "413 too_large");
}

#[test]
fn reso_028_answers_are_written_in_the_form_of_the_batch() {
    let answer = |id: &str, group: Option<&str>, status, body: &str| Answer {
        id: Some(id.to_owned()),
        group: group.map(str::to_owned),
        status,
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: body.as_bytes().to_vec(),
    };
    let answers = [
        answer("1", None, 200, r#"{"a":0.10}"#),
        answer("2", Some("g"), 201, "{}"),
        answer("3", Some("g"), 204, ""),
    ];
    let (kind, body) = write(Form::Json, &answers);
    assert_eq!(kind, "application/json");
    assert_eq!(
        String::from_utf8(body).unwrap(),
        r#"{"responses":[{"id":"1","status":200,"headers":{"Content-Type":"application/json"},"body":{"a":0.10}},{"id":"2","atomicityGroup":"g","status":201,"headers":{"Content-Type":"application/json"},"body":{}},{"id":"3","atomicityGroup":"g","status":204,"headers":{"Content-Type":"application/json"}}]}"#
    );
    let (kind, body) = write(Form::Multipart, &answers);
    assert_eq!(kind, "multipart/mixed; boundary=batchresponse_0");
    let body = String::from_utf8(body).unwrap();
    assert_eq!(body.matches("--batchresponse_0\r\n").count(), 2);
    assert_eq!(body.matches("--changesetresponse_0\r\n").count(), 2);
    assert!(body.contains("Content-ID: 2\r\n\r\nHTTP/1.1 201 Created\r\n"), "{body}");
    assert!(body.ends_with("--batchresponse_0--\r\n"));
    let refused = [answer("2", Some("g"), 424, "{}"), answer("3", Some("g"), 400, "{}")];
    let body = String::from_utf8(write(Form::Multipart, &refused).1).unwrap();
    assert!(!body.contains("changeset") && body.contains("Content-ID: 3\r\n\r\nHTTP/1.1 400"), "{body}");
    // What stands in a body cannot end a part.
    let sly = [answer("1", None, 200, "--batchresponse_0--")];
    assert_eq!(write(Form::Multipart, &sly).0, "multipart/mixed; boundary=batchresponse_1");
}

/// Batches that were read, with bytes changed, left away and doubled.
#[test]
fn reso_028_whatever_is_sent_is_read_or_refused() {
    let seeds: [&[u8]; 2] = [
        br#"{"requests":[{"id":"1","atomicityGroup":"g","method":"post","url":"a","headers":{"x":"y"},"body":{"a":[1,"b"]}},{"id":"2","method":"get","url":"$1","dependsOn":["g"]}]}"#,
        b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-ID: 1\r\n\r\nPOST a HTTP/1.1\r\nX: y\r\n\r\n{}\r\n--c--\r\n--b\r\n\r\nGET $1 HTTP/1.1\r\n\r\n\r\n--b--\r\n",
    ];
    let mut rng = testkit::rng("reso_028_whatever_is_sent_is_read_or_refused");
    for _ in 0..4_000 {
        let mut bytes = seeds[rng.usize(..2)].to_vec();
        for _ in 0..rng.usize(1..6) {
            let at = rng.usize(..bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            match rng.u8(..4) {
                0 if !bytes.is_empty() => drop(bytes.remove(at)),
                1 => bytes.insert(at, *rng.choice(b"-\r\n:;={}\"bc\x00\xff").unwrap_or(&0)),
                2 => bytes.extend_from_within(at..),
                _ => bytes.truncate(at.max(1)),
            }
        }
        fuzz(&bytes);
    }
}
