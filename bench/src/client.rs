//! A client of HTTP/1.1 that does as little as it can: what it takes is taken from the server beside it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::machine;
use crate::report::{Figure, Times};

/// Connections that ask at the same time.
const CLIENTS: usize = 16;
/// How long a load lasts.
const TIME: Duration = Duration::from_secs(5);

/// A connection that stays open.
pub(crate) struct Client {
    connection: TcpStream,
    authorization: String,
    buffer: Vec<u8>,
    /// The head of the last answer, in small letters.
    head: String,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr, authorization: &str) -> Result<Self> {
        let connection = TcpStream::connect(address).await?;
        connection.set_nodelay(true)?;
        Ok(Self {
            connection,
            authorization: authorization.to_owned(),
            buffer: vec![0; 1 << 20],
            head: String::new(),
        })
    }

    /// Shows these header lines from now on.
    pub(crate) fn signs(&mut self, authorization: &str) {
        authorization.clone_into(&mut self.authorization);
    }

    /// A header of the last answer, in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(known, _)| *known == name).map(|(_, value)| value.to_owned()).next()
    }

    /// One request; the body of its answer. `more` is further header lines.
    pub(crate) async fn get(&mut self, path: &str, more: &str) -> Result<&[u8]> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\n{}{more}\r\n", self.authorization);
        self.exchange(path, &request).await
    }

    /// One question; the body of its answer. `more` is further header lines.
    pub(crate) async fn ask(&mut self, question: &Question, more: &str) -> Result<&[u8]> {
        match question {
            Question::Get(path) => self.get(path, more).await,
            Question::Post(path, body) => self.post(path, body, more).await,
        }
    }

    /// One request with a body of JSON; the body of its answer. `more` is further header lines.
    pub(crate) async fn post(&mut self, path: &str, body: &str, more: &str) -> Result<&[u8]> {
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: \
             {length}\r\n{}{more}\r\n{body}",
            self.authorization
        );
        self.exchange(path, &request).await
    }

    async fn exchange(&mut self, path: &str, request: &str) -> Result<&[u8]> {
        self.connection.write_all(request.as_bytes()).await?;
        let mut filled = 0;
        let mut whole = None;
        while whole.is_none_or(|(_, end)| filled < end) {
            if filled == self.buffer.len() {
                self.buffer.resize(filled * 2, 0);
            }
            let read = self.connection.read(&mut self.buffer[filled..]).await?;
            if read == 0 {
                bail!("the server closed the connection");
            }
            filled += read;
            if whole.is_none() {
                whole = head(&self.buffer[..filled], &mut self.head).with_context(|| path.to_owned())?;
            }
        }
        let (start, end) = whole.context("an answer")?;
        Ok(&self.buffer[start..end])
    }
}

/// Where the body begins and ends, once the head is there.
fn head(bytes: &[u8], head: &mut String) -> Result<Option<(usize, usize)>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    *head = std::str::from_utf8(&bytes[..end])?.to_ascii_lowercase();
    if !head.starts_with("http/1.1 200") {
        bail!("{head}\n{}", String::from_utf8_lossy(&bytes[end..]));
    }
    let (_, rest) = head.split_once("content-length: ").context("an answer without a length")?;
    let length: usize = rest.lines().next().unwrap_or_default().trim().parse()?;
    Ok(Some((end + 4, end + 4 + length)))
}

/// What a load asks.
#[derive(Clone, Debug)]
pub(crate) enum Question {
    /// This path.
    Get(String),
    /// This path with a body of JSON.
    Post(String, String),
}

/// What a load found.
pub(crate) struct Load {
    /// Requests a second.
    pub(crate) rate: f64,
    /// Processor time of a request on both sides, in seconds: it says the same on a machine that has other
    /// work.
    pub(crate) processor: f64,
    pub(crate) times: Times,
    pub(crate) figure: Figure,
}

/// Asks these in turn from many connections at once, for some seconds.
pub(crate) async fn load(
    address: SocketAddr,
    authorization: &str,
    questions: &[Question],
    more: &'static str,
) -> Result<Load> {
    load_by(CLIENTS, address, authorization, questions, more).await
}

/// The same from so many connections.
pub(crate) async fn load_by(
    clients: usize,
    address: SocketAddr,
    authorization: &str,
    questions: &[Question],
    more: &'static str,
) -> Result<Load> {
    let (began, used) = (Instant::now(), machine::used());
    let clients: Vec<_> = (0..clients)
        .map(|client| {
            let (authorization, questions) = (authorization.to_owned(), questions.to_vec());
            tokio::spawn(async move {
                let mut connection = Client::connect(address, &authorization).await?;
                let (mut times, mut at) = (Vec::new(), client * 7);
                while began.elapsed() < TIME {
                    let asked = Instant::now();
                    connection.ask(&questions[at % questions.len()], more).await?;
                    times.push(asked.elapsed());
                    at += 1;
                }
                anyhow::Ok(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.await??);
    }
    let rate = times.len() as f64 / began.elapsed().as_secs_f64();
    let processor = (machine::used() - used) / times.len() as f64;
    let times = Times::of(times);
    Ok(Load { rate, processor, times, figure: Figure::Rate(rate, "requests", Some(times)) })
}
