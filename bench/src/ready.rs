//! The same bytes ready-made: what the way over HTTP takes by itself.
//!
//! Each question's own answer is handed out. A server that answers many questions sends bytes that lie anywhere in memory;
//! one body, sent again and again, would lie in the nearest cache.

use std::sync::Arc;

use anyhow::Result;
use axum::extract::Path;
use axum::routing::{MethodRouter, get};
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use tokio::sync::watch;

use crate::client::{Client, Question};

/// Where the `n`th answer is handed out.
pub(crate) const ROUTE: &str = "/ready-made/{n}";

/// Answers, in the order of their questions.
#[derive(Clone, Default)]
pub(crate) struct Ready {
    bodies: Arc<[Bytes]>,
    packed: bool,
}

impl Ready {
    /// Plain answers.
    pub(crate) fn of(bodies: Vec<Bytes>) -> Self {
        Self { bodies: bodies.into(), packed: false }
    }

    /// What these questions are answered, each asked once.
    pub(crate) async fn gather(client: &mut Client, questions: &[Question], header: &str) -> Result<Self> {
        let mut bodies = Vec::with_capacity(questions.len());
        for question in questions {
            bodies.push(Bytes::copy_from_slice(client.ask(question, header).await?));
        }
        Ok(Self { packed: !header.is_empty(), ..Self::of(bodies) })
    }

    /// Kilobytes of an answer, on average.
    pub(crate) fn kilobytes(&self) -> f64 {
        let all: usize = self.bodies.iter().map(Bytes::len).sum();
        all as f64 / 1e3 / self.bodies.len().max(1) as f64
    }

    /// The questions that are answered with these.
    pub(crate) fn questions(&self) -> Vec<Question> {
        (0..self.bodies.len()).map(|n| Question::Get(path(n))).collect()
    }
}

/// Where the `n`th answer is.
pub(crate) fn path(n: usize) -> String {
    ROUTE.replace("{n}", &n.to_string())
}

/// Hands out what is ready.
pub(crate) fn hand_out(ready: watch::Receiver<Ready>) -> MethodRouter {
    get(move |Path(n): Path<usize>| {
        let Ready { bodies, packed } = ready.borrow().clone();
        let coding = if packed { "gzip" } else { "identity" };
        let body = bodies.get(n % bodies.len().max(1)).cloned().unwrap_or_default();
        async move { ([(CONTENT_TYPE, "application/json"), (CONTENT_ENCODING, coding)], body) }
    })
}
