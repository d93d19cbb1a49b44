//! The real binary, run to its end or serving. A settings file beside the data directory is its settings.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// A command on this data directory.
pub(crate) fn freehold(data: &Path, words: &[&str]) -> Command {
    let mut line = Command::new(env!("CARGO_BIN_EXE_freehold"));
    line.args(words).arg("--data").arg(data).env("USER", "ann").stdin(Stdio::null());
    let settings = data.with_extension("toml");
    if settings.exists() {
        line.env("FREEHOLD_SETTINGS", settings);
    }
    line
}

/// Runs a command to its end: what it printed, or what it said was wrong.
pub(crate) fn run(data: &Path, words: &[&str]) -> Result<String, String> {
    let Output { status, stdout, stderr } = freehold(data, words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if status.success() { Ok(text(stdout)) } else { Err(text(stderr)) }
}

pub(crate) fn operate(data: &Path, words: &[&str]) -> Result<String, String> {
    run(data, &[&["operate"], words].concat())
}

/// A server that is killed when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
}

impl Server {
    pub(crate) fn start(data: &Path) -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let mut line = freehold(data, &["run", "--listen", &format!("127.0.0.1:{port}")]);
        let log = File::options().create(true).append(true).open(data.with_extension("log")).unwrap();
        let child = line.stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let server = Self { child, port };
        until("the server", || server.get("/health", None).filter(|(status, _)| *status == 200));
        server
    }

    /// Status and answer of a page; none where nobody answers.
    pub(crate) fn get(&self, path: &str, key: Option<&str>) -> Option<(u16, String)> {
        self.ask("GET", path, key, "")
    }

    /// Status and answer to a body of JSON.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        key: Option<&str>,
        body: &str,
    ) -> Option<(u16, String)> {
        let key = key.map_or(String::new(), |key| format!("authorization: Bearer {key}\r\n"));
        self.ask_with(method, path, &key, body)
    }

    /// The same with these headers, each with the end of its line.
    pub(crate) fn ask_with(
        &self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> Option<(u16, String)> {
        use std::io::{Read as _, Write as _};
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok()?;
        let asked = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n{headers}\r\n{body}",
            body.len()
        );
        stream.write_all(asked.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let status = answer.get(9..12)?.parse().ok()?;
        Some((status, answer))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    for _ in 0..1_200 {
        if let Some(found) = ask() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{what} did not come");
}
