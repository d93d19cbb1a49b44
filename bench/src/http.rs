//! The door over HTTP, against the same server handing out the same bytes ready-made.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::routing::get;
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::row;
use crate::town::{NOW, Town};

/// Connections that ask at the same time.
const CLIENTS: usize = 16;
/// How long each side is asked.
const TIME: Duration = Duration::from_secs(5);

/// The twenty fields of the question.
const SELECT: &str = "ListingKey,ListingId,ListPrice,StandardStatus,BedroomsTotal,BathroomsTotalInteger,LivingArea,\
    City,StateOrProvince,PostalCode,UnparsedAddress,Latitude,Longitude,YearBuilt,PropertyType,PropertySubType,\
    ListAgentKey,ListOfficeKey,OnMarketDate,ModificationTimestamp";

pub(crate) async fn run(town: &Town, size: u64) -> Result<()> {
    let door = reso_door::Door::new(
        town.dictionary.clone(),
        town.gate.clone(),
        town.search.clone(),
        town.store.clone(),
        || NOW,
        reso_door::Settings::default(),
    );
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let (sender, receiver) = tokio::sync::watch::channel(Bytes::new());
    let ready = get(move || {
        let bytes = receiver.borrow().clone();
        async move { ([(axum::http::header::CONTENT_TYPE, "application/json;odata.metadata=minimal")], bytes) }
    });
    let routes = Router::new().route("/ready-made", ready).merge(reso_door::router(door));
    tokio::spawn(axum::serve(listener, routes).into_future());
    let questions: Vec<String> = (0..400).map(question).collect();
    let mut connection = TcpStream::connect(address).await?;
    let body = ask(&mut connection, &questions[0], &town.key, &mut Vec::new()).await?;
    sender.send_replace(Bytes::from(body.clone()));
    let real = load(address, &town.key, &questions).await?;
    let made = load(address, &town.key, &["/ready-made".to_owned()]).await?;
    let kb = body.len() as f64 / 1e3;
    row(size, "GET /Property, filter, newest 200, 20 fields", &real.to_string(), "");
    row(size, &format!("the same bytes ready-made ({kb:.0} kB)"), &made.to_string(), "");
    row(size, "ratio of requests/s", &format!("{:.2}", real.rate / made.rate), "≥ 0.50");
    Ok(())
}

/// Other prices each time.
fn question(n: u32) -> String {
    let (low, high, beds) = (150_000 + n * 700, 450_000 + n * 1_100, 2 + n % 3);
    format!(
        "/odata/Property?$filter=ListPrice%20ge%20{low}%20and%20ListPrice%20le%20{high}%20and%20BedroomsTotal%20ge%20\
         {beds}%20and%20StandardStatus%20eq%20'Active'&$orderby=ModificationTimestamp%20desc&$top=200&$select={SELECT}"
    )
}

/// What a load gave.
struct Load {
    rate: f64,
    median: Duration,
    p99: Duration,
}

impl std::fmt::Display for Load {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        write!(f, "{:.0} requests/s, median {:.2} ms, p99 {:.2} ms", self.rate, ms(self.median), ms(self.p99))
    }
}

async fn load(address: std::net::SocketAddr, key: &str, paths: &[String]) -> Result<Load> {
    let began = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (key, paths) = (key.to_owned(), paths.to_vec());
            tokio::spawn(async move {
                let mut connection = TcpStream::connect(address).await?;
                connection.set_nodelay(true)?;
                let (mut times, mut buffer, mut at) = (Vec::new(), Vec::new(), client * 7);
                while began.elapsed() < TIME {
                    let asked = Instant::now();
                    ask(&mut connection, &paths[at % paths.len()], &key, &mut buffer).await?;
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
    let seconds = began.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    Ok(Load { rate: times.len() as f64 / seconds, median: at(50), p99: at(99) })
}

/// One request on a connection that stays open; the body of its answer.
async fn ask(connection: &mut TcpStream, path: &str, key: &str, buffer: &mut Vec<u8>) -> Result<Vec<u8>> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n\r\n");
    connection.write_all(request.as_bytes()).await?;
    buffer.clear();
    let mut part = vec![0; 64 << 10];
    loop {
        let read = connection.read(&mut part).await?;
        if read == 0 {
            bail!("the server closed the connection");
        }
        buffer.extend_from_slice(&part[..read]);
        let Some(end) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end])?.to_ascii_lowercase();
        if !head.starts_with("http/1.1 200") {
            bail!("{path}: {head}\n{}", String::from_utf8_lossy(&buffer[end..]));
        }
        let (_, rest) = head.split_once("content-length: ").context("an answer without a length")?;
        let length: usize = rest.lines().next().unwrap_or_default().trim().parse()?;
        if buffer.len() >= end + 4 + length {
            return Ok(buffer[end + 4..].to_vec());
        }
    }
}
