//! A server of originals, as kind and as unkind as servers are.

use std::sync::LazyLock;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// Made once: a debug build paints slowly.
static LARGE: LazyLock<Vec<u8>> = LazyLock::new(|| picture(1_200, 900, ImageFormat::Jpeg));

/// Where it listens, and how often it was asked.
pub(super) struct Server {
    pub(super) port: u16,
    pub(super) asked: Arc<AtomicUsize>,
}

impl Server {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicUsize::default());
        let count = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let count = Arc::clone(&count);
                tokio::spawn(serve(stream, port, count));
            }
        });
        Self { port, asked }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }
}

async fn serve(mut stream: TcpStream, port: u16, count: Arc<AtomicUsize>) {
    let mut asked = [0; 4_096];
    let read = stream.read(&mut asked).await.unwrap_or(0);
    count.fetch_add(1, Ordering::SeqCst);
    let asked = String::from_utf8_lossy(&asked[..read]).into_owned();
    let path = asked.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
    let head = |status: &str, kind: &str, length: usize| {
        format!(
            "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n"
        )
    };
    let redirect = |to: &str| {
        let head = head("302 Found", "text/plain", 0);
        (format!("{head}location: {to}\r\n\r\n"), Vec::new())
    };
    let file = |kind: &str, body: Vec<u8>| (format!("{}\r\n", head("200 OK", kind, body.len())), body);
    let (head, body) = match path.as_str() {
        "house.jpg" => file("image/jpeg", LARGE.clone()),
        "a%20house.jpg" => file("application/octet-stream", picture(200, 100, ImageFormat::Jpeg)),
        "called-html" => file("text/html", picture(60, 40, ImageFormat::Jpeg)),
        "svg" => file("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()),
        "html-called-jpeg" => file("image/jpeg", b"<html>Please log in</html>".to_vec()),
        "empty" => file("image/jpeg", Vec::new()),
        "half" => {
            let mut jpeg = picture(800, 600, ImageFormat::Jpeg);
            jpeg.truncate(200);
            file("image/jpeg", jpeg)
        }
        "slow.jpg" => {
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
            file("image/jpeg", picture(400, 300, ImageFormat::Jpeg))
        }
        "liar" => (format!("{}\r\n", head("200 OK", "image/jpeg", 5_000_000_000)), vec![0xff; 100]),
        "endless" => {
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: image/jpeg\r\n\r\n";
            drop(stream.write_all(head.as_bytes()).await);
            let part = vec![0xff; 1 << 16];
            while stream.write_all(&part).await.is_ok() {}
            return;
        }
        "never" => return std::future::pending().await,
        "reset" => return,
        "garbage" => ("\u{1}\u{2}no HTTP\r\n\r\n".to_owned(), Vec::new()),
        "moved" => redirect("/house.jpg"),
        "moved-far" => redirect(&format!("http://127.0.0.1:{port}/moved")),
        "loop" => redirect("/loop"),
        "inward" => redirect("http://10.0.0.1/house.jpg"),
        "metadata" => redirect("http://169.254.169.254/latest/meta-data"),
        "to-file" => redirect("file:///etc/passwd"),
        "gone" => (format!("{}\r\n", head("410 Gone", "text/plain", 0)), Vec::new()),
        "broken" => (format!("{}\r\n", head("500 Oh", "text/plain", 0)), Vec::new()),
        _ => (format!("{}\r\n", head("404 Not Found", "text/plain", 0)), Vec::new()),
    };
    drop(stream.write_all(head.as_bytes()).await);
    drop(stream.write_all(&body).await);
}
