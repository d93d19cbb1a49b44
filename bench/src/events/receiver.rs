//! The plainest receiver that keeps its connections: it costs the sender as little as can be.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Bytes read at once.
const PART: usize = 16 << 10;

/// Opens one that counts messages and takes its time for each; its address.
pub(super) async fn open(count: Arc<AtomicU64>, wait: Duration) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, count.clone(), wait));
        }
    });
    Ok(format!("http://{address}/hook"))
}

/// Answers one connection until it ends: a challenge with its token, anything else with nothing.
async fn serve(mut stream: TcpStream, count: Arc<AtomicU64>, wait: Duration) -> Option<()> {
    let mut read = Vec::new();
    loop {
        let end = loop {
            match read.windows(4).position(|window| window == b"\r\n\r\n") {
                Some(end) => break end,
                None => more(&mut stream, &mut read).await?,
            }
        };
        let head = String::from_utf8_lossy(&read[..end]).into_owned();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
        let whole = end + 4 + length.unwrap_or(0_usize);
        while read.len() < whole {
            more(&mut stream, &mut read).await?;
        }
        read.drain(..whole);
        let token = head.split_once("challenge=").and_then(|(_, rest)| rest.split(' ').next());
        if token.is_none() {
            tokio::time::sleep(wait).await;
            count.fetch_add(1, Ordering::Relaxed);
        }
        let body = token.unwrap_or_default();
        let said = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(said.as_bytes()).await.ok()?;
    }
}

async fn more(stream: &mut TcpStream, read: &mut Vec<u8>) -> Option<()> {
    let mut part = [0; PART];
    match stream.read(&mut part).await {
        Ok(0) | Err(_) => None,
        Ok(some) => {
            read.extend_from_slice(&part[..some]);
            Some(())
        }
    }
}
