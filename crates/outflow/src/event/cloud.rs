//! CloudEvents 1.0: the same event in words that others know (EVT-097).
//!
//! `source` is the instrument, who produced it; what an envelope calls `source` (who else got a copy) is
//! not it.

use std::fmt::Write as _;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::Event;
use crate::json::quote;

impl Event {
    /// The event in CloudEvents' structured mode, sent as `application/cloudevents+json`.
    #[must_use]
    pub fn cloud_structured(&self, agent: &str, data: &str) -> String {
        let mut out = String::with_capacity(data.len() + 512);
        out.push('{');
        for (name, value) in self.attributes(agent) {
            quote(name, &mut out);
            out.push(':');
            quote(&value, &mut out);
            out.push(',');
        }
        out.push_str(r#""datacontenttype":"application/json","data":"#);
        out.push_str(data);
        out.push('}');
        out
    }

    /// The headers of CloudEvents' binary mode, whose body is the payload itself.
    #[must_use]
    pub fn cloud_headers(&self, agent: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in self.attributes(agent) {
            let name = HeaderName::try_from(format!("ce-{name}"));
            if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(percent_encoded(&value))) {
                headers.insert(name, value);
            }
        }
        headers
    }

    fn attributes(&self, agent: &str) -> Vec<(&'static str, String)> {
        let mut all = vec![
            ("specversion", "1.0".to_owned()),
            ("id", self.uri.to_string()),
            ("type", self.topic.to_string()),
            ("source", self.instrument.to_string()),
            ("time", self.time.to_string()),
        ];
        all.extend(self.subject.as_ref().map(|subject| ("subject", subject.to_string())));
        // Extensions are named in small letters and digits alone.
        all.push(("agent", agent.to_owned()));
        all
    }
}

/// As CloudEvents' HTTP binding has it (3.1.3.2): printable ASCII but for space, `"` and `%` stands for
/// itself, all else is percent-encoded.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !matches!(byte, b'"' | b'%') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
