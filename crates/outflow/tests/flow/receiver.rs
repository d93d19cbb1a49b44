//! Receivers of webhooks.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dictionary::Text;
use http::{HeaderMap, Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};

/// What a receiver was sent.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The id that stays the same over attempts.
    pub(crate) fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// What it answers: a status, and headers.
pub(crate) type Said = (u16, Vec<(&'static str, String)>);

/// A receiver that answers challenges, and messages as it is told.
#[derive(Clone)]
pub(crate) struct Receiver {
    address: SocketAddr,
    got: Arc<Mutex<Vec<Got>>>,
    most_at_once: Arc<AtomicUsize>,
}

/// Answers the `number`th message, counted from 0.
pub(crate) type Answer = dyn Fn(&Got, usize) -> (Duration, Said) + Send + Sync;

impl Receiver {
    /// One that answers 204 to everything.
    pub(crate) async fn kind() -> Self {
        Self::saying(|_, _| (204, Vec::new())).await
    }

    /// One that answers at once.
    pub(crate) async fn saying(answer: impl Fn(&Got, usize) -> Said + Send + Sync + 'static) -> Self {
        Self::waiting(move |got, number| (Duration::ZERO, answer(got, number))).await
    }

    /// One that takes its time.
    pub(crate) async fn waiting(
        answer: impl Fn(&Got, usize) -> (Duration, Said) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let this = Self {
            address: listener.local_addr().unwrap(),
            got: Arc::default(),
            most_at_once: Arc::default(),
        };
        let (serving, answer): (_, Arc<Answer>) = (this.clone(), Arc::new(answer));
        tokio::spawn(async move {
            let now = Arc::new(AtomicUsize::new(0));
            while let Ok((stream, _)) = listener.accept().await {
                let (serving, answer, now) = (serving.clone(), answer.clone(), now.clone());
                let serve = service_fn(move |request| {
                    let (serving, answer, now) = (serving.clone(), answer.clone(), now.clone());
                    async move { Ok::<_, Infallible>(serving.serve(request, &*answer, &now).await) }
                });
                let connection = hyper::server::conn::http1::Builder::new();
                tokio::spawn(connection.serve_connection(TokioIo::new(stream), serve));
            }
        });
        this
    }

    async fn serve(
        &self,
        request: Request<Incoming>,
        answer: &Answer,
        now: &AtomicUsize,
    ) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        if head.method == Method::GET {
            let asked =
                head.uri.query().and_then(|query| query.split_once("challenge=")).map(|(_, token)| token);
            return Response::new(Full::from(asked.unwrap_or_default().to_owned()));
        }
        let at_once = now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(at_once, Ordering::SeqCst);
        let got = Got { headers: head.headers, body };
        let number = {
            let mut all = self.got.lock();
            all.push(got.clone());
            all.len() - 1
        };
        let (wait, (status, headers)) = answer(&got, number);
        tokio::time::sleep(wait).await;
        now.fetch_sub(1, Ordering::SeqCst);
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(name, value);
        }
        response.body(Full::from(format!("message {number}"))).unwrap()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.got.lock().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.got.lock().len()
    }

    pub(crate) fn ids(&self) -> Vec<Text> {
        self.got.lock().iter().map(|got| got.id().into()).collect()
    }

    pub(crate) fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::SeqCst)
    }
}

/// A server that does to each connection what it is told, after it has answered one challenge.
pub(crate) async fn rude<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut first, _) = listener.accept().await.unwrap();
        let mut head = [0; 4_096];
        let read = first.read(&mut head).await.unwrap();
        let head = String::from_utf8_lossy(&head[..read]).into_owned();
        let token = head.split_once("challenge=").unwrap().1.split(' ').next().unwrap();
        let answer =
            format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{token}", token.len());
        first.write_all(answer.as_bytes()).await.unwrap();
        drop(first);
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    format!("http://{address}/hook")
}
