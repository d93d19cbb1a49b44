//! The real binary, serving.

use std::fmt::Write as _;
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use testkit::Scratch;

/// A server that is stopped when this is dropped.
pub(crate) struct Server {
    pub(crate) port: u16,
    child: Child,
    log: PathBuf,
}

/// A port that nobody uses now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

impl Server {
    /// Starts one with these lines in `[server]`, and these after it.
    pub(crate) fn start(scratch: &Scratch, server: &str, rest: &str) -> Self {
        Self::start_at(free_port(), scratch, server, rest)
    }

    pub(crate) fn start_at(port: u16, scratch: &Scratch, server: &str, rest: &str) -> Self {
        let mut settings = String::new();
        write!(settings, "[server]\nlisten = \"127.0.0.1:{port}\"\n{server}\n{rest}\n").unwrap();
        write!(settings, "[store]\ndata = {:?}\n", scratch.file("data")).unwrap();
        std::fs::write(scratch.file("settings.toml"), settings).unwrap();
        let log = scratch.file("log");
        let mut line = Command::new(env!("CARGO_BIN_EXE_freehold"));
        line.arg("--settings").arg(scratch.file("settings.toml")).arg("run");
        line.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&log).unwrap());
        Self { port, child: line.spawn().unwrap(), log }
    }

    /// Whether its log has these words.
    pub(crate) fn said(&self, words: &str) -> bool {
        std::fs::read_to_string(&self.log).unwrap().contains(words)
    }
}

impl Drop for Server {
    #[expect(clippy::print_stdout, reason = "what the server said belongs to a failed test")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{}", std::fs::read_to_string(&self.log).unwrap_or_default());
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
