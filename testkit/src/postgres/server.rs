//! A server of one's own.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::fail;
use super::programs::{self, RunAs};

/// Runs the server and waits on its own input. A line `stop` stops the server; the input's end, which comes
/// however the test process ends, stops it and removes its files. Nothing is left behind by a test that
/// panics or is killed.
const GUARD: &str = r#"
trap '' INT TERM HUP
dir=$1; shift
"$@" >>"$dir/log" 2>&1 </dev/null &
read -r word
kill -QUIT "$(head -n 1 "$dir/data/postmaster.pid")" 2>/dev/null
wait
[ "$word" = stop ] || rm -rf "$dir"
"#;

/// The password of the server's only user. The server listens on this machine alone, for one test process.
const PASSWORD: &str = "freehold";

/// How often and how long apart a starting server is looked for: half a minute in all.
const LOOKS: u32 = 600;
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A PostgreSQL server of this process's own, with nothing in it. It is stopped and its files are removed
/// when this is dropped or the process ends.
#[derive(Debug)]
pub struct Server {
    bin: PathBuf,
    run_as: RunAs,
    dir: PathBuf,
    port: u16,
    guard: Option<Child>,
}

impl Server {
    /// Starts one. Most tests want a [`Database`](super::Database) of the shared one instead; this is for
    /// those that stop it.
    ///
    /// # Panics
    /// Where the programs are missing or do not start, with a hint.
    #[must_use]
    pub fn start() -> Self {
        let Some(bin) = programs::find() else { fail("PostgreSQL's server programs are not installed.") };
        let Some(run_as) = RunAs::choose() else { fail("PostgreSQL does not run as root.") };
        let dir = make_dir(run_as).unwrap_or_else(|why| fail(format!("no directory for PostgreSQL: {why}")));
        let mut server = Self { bin, run_as, dir, port: 0, guard: None };
        server.make();
        server.resume();
        server
    }

    /// The URL of a database on it.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://freehold:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// Stops it at once, as if the machine had lost its power. What it holds is kept for
    /// [`resume`](Self::resume).
    pub fn stop(&mut self) {
        self.end(b"stop\n");
    }

    /// Starts it again after [`stop`](Self::stop), at the same port.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn resume(&mut self) {
        // A free port may be taken by another before the server has it: then the next one is tried.
        for _ in 0..5 {
            let fixed = self.port != 0;
            if !fixed {
                self.port = free_port();
            }
            self.guard = Some(self.launch());
            if self.answers() {
                return;
            }
            let log = std::fs::read_to_string(self.dir.join("log")).unwrap_or_default();
            self.end(b"stop\n");
            if fixed || !log.contains("in use") {
                fail(format!("PostgreSQL did not start:\n{log}"));
            }
            self.port = 0;
        }
        fail("PostgreSQL found no free port.");
    }

    fn make(&self) {
        let dir = &self.dir;
        std::fs::write(dir.join("password"), PASSWORD).unwrap_or_else(|why| fail(why));
        let words = [
            "-D",
            "data",
            "-U",
            "freehold",
            "--pwfile=password",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ];
        match self.run_as.command(dir, &self.bin.join("initdb"), &words).output() {
            Ok(output) if output.status.success() => {}
            Ok(output) => {
                fail(format!("initdb could not make a server:\n{}", String::from_utf8_lossy(&output.stderr)))
            }
            Err(why) => fail(format!("initdb did not start: {why}")),
        }
    }

    fn launch(&self) -> Child {
        let mut words = vec!["-c".into(), GUARD.into(), "guard".into(), self.dir.clone().into_os_string()];
        words.extend(self.run_as.words(&self.bin.join("postgres")));
        words.extend(["-D", "data", "-k", "", "-h", "127.0.0.1", "-p"].map(Into::into));
        words.push(self.port.to_string().into());
        // What is in it is thrown away: it need not outlive the machine, only the process.
        for setting in ["fsync=off", "max_connections=200", "shared_buffers=32MB", "log_min_messages=warning"]
        {
            words.extend(["-c".into(), setting.into()]);
        }
        Command::new("sh")
            .args(words)
            .current_dir(&self.dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|why| fail(format!("sh did not start: {why}")))
    }

    /// Whether the server has come to take connections. One that gave up has removed its `postmaster.pid`,
    /// so that it is the file that is looked at, not the port: another's server may answer there.
    fn answers(&self) -> bool {
        let pid_file = self.dir.join("data/postmaster.pid");
        let log = self.dir.join("log");
        for _ in 0..LOOKS {
            std::thread::sleep(LOOK_EVERY);
            let state = std::fs::read_to_string(&pid_file).unwrap_or_default();
            if state.lines().any(|line| line.trim() == "ready") {
                return TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok();
            }
            if state.is_empty() && std::fs::read_to_string(&log).is_ok_and(|log| log.contains("FATAL")) {
                return false;
            }
        }
        false
    }

    fn end(&mut self, word: &[u8]) {
        if let Some(mut guard) = self.guard.take() {
            if let Some(mut input) = guard.stdin.take() {
                // A guard that is gone already has nothing to be told.
                let _ = std::io::Write::write_all(&mut input, word);
            }
            let _ = guard.wait();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stopped = self.guard.is_none();
        self.end(b"");
        if stopped {
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}

fn make_dir(run_as: RunAs) -> std::io::Result<PathBuf> {
    let dir = tempfile::Builder::new().prefix("freehold-postgres-").tempdir()?.keep();
    give(&dir, run_as)?;
    Ok(dir)
}

#[cfg(unix)]
fn give(dir: &Path, run_as: RunAs) -> std::io::Result<()> {
    match run_as {
        RunAs::Self_ => Ok(()),
        RunAs::Postgres { user, group } => std::os::unix::fs::chown(dir, Some(user), Some(group)),
    }
}

#[cfg(not(unix))]
fn give(_dir: &Path, _run_as: RunAs) -> std::io::Result<()> {
    Ok(())
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map_or_else(|why| fail(format!("no port is free on this machine: {why}")), |address| address.port())
}
