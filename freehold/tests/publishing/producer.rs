//! One of those who publish: a request after the other, each sent until it is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Events of an array.
const MOST: u64 = 7;

/// A request that was acknowledged.
#[derive(Debug)]
pub(crate) struct Request {
    first: u64,
    count: u64,
    /// What it was answered with, in order.
    pub(crate) ids: Vec<String>,
}

impl Request {
    /// The numbers of its events.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u64> + use<> {
        self.first..self.first + self.count
    }
}

pub(crate) struct Producer {
    pub(crate) number: usize,
    pub(crate) port: u16,
    pub(crate) key: String,
    pub(crate) seed: u64,
}

impl Producer {
    /// Publishes until it is told to stop, and its last request was acknowledged.
    pub(crate) async fn publish(self, stop: Arc<AtomicBool>, acknowledged: Arc<AtomicUsize>) -> Vec<Request> {
        let mut rng = testkit::Rng::with_seed(self.seed);
        let (mut done, mut next) = (Vec::new(), 0);
        while !stop.load(Ordering::SeqCst) {
            // One by itself, or an array of some.
            let count = if rng.bool() { 1 } else { rng.u64(2..=MOST) };
            let body: Vec<Json> = (next..next + count).map(|number| self.lead(number)).collect();
            let body = if count == 1 { body[0].to_string() } else { json!(body).to_string() };
            let name = format!("{}-{next}", self.number);
            let answer = self.answered(&name, &body).await;
            // Whoever asks again is told the same: now and then it is asked again though it was answered.
            if rng.u8(..8) == 0 {
                assert_eq!(self.answered(&name, &body).await, answer, "a repeat has the ids of the first");
            }
            let ids: Vec<String> = match &answer {
                Json::Array(all) => all.iter().map(id).collect(),
                one => vec![id(one)],
            };
            assert_eq!(ids.len() as u64, count);
            done.push(Request { first: next, count, ids });
            acknowledged.fetch_add(1, Ordering::SeqCst);
            next += count;
        }
        done
    }

    fn lead(&self, number: u64) -> Json {
        // What it is about is its producer: so its events have an order.
        json!({
            "topic": "realestate/lead#add",
            "recipient": "https://agent.example/profile/card#me",
            "data": { "type": "AddAction", "object": {
                "type": "Person",
                "id": format!("https://crm.example/{}", self.number),
                "producer": self.number,
                "number": number,
            } },
        })
    }

    /// Sends a request until it is answered: nobody knows what became of one that was not.
    async fn answered(&self, name: &str, body: &str) -> Json {
        loop {
            match self.send(name, body).await {
                Some((200 | 201, answer)) => return serde_json::from_str(&answer).unwrap(),
                Some((status, answer)) => assert!(status >= 500, "{status}: {answer}"),
                None => {}
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Status and body; none where the connection broke before the answer was whole.
    async fn send(&self, name: &str, body: &str) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.ok()?;
        let head = format!(
            "POST /publish/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-api-key: {}\r\nidempotency-key: {name}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.key,
            body.len()
        );
        stream.write_all(head.as_bytes()).await.ok()?;
        stream.write_all(body.as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok()?;
        let answer = String::from_utf8(answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let length = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        (length == Some(body.len())).then_some(())?;
        Some((head.get(9..12)?.parse().ok()?, body.to_owned()))
    }
}

fn id(answer: &Json) -> String {
    answer["id"].as_str().unwrap().to_owned()
}
