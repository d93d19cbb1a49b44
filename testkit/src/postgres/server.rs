//! A server of one's own.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::fail;
use super::programs::{self, RunAs};

/// Makes the server where it is not made yet, runs it and waits on its own input. A line `stop` stops the
/// server; the input's end, which comes however the test process ends, stops it and removes its files.
/// Nothing is left behind by a test that panics or is killed. What is in the server is thrown away, so it need
/// not outlive the machine: nothing is synced. The words after the third say how to become its user.
const GUARD: &str = r#"
trap '' INT TERM HUP
dir=$1; bin=$2; port=$3; shift 3
make() {
    [ -e data/PG_VERSION ] || "$@" "$bin/initdb" -D data -U freehold --pwfile=password \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync </dev/null
}
if make "$@" >log 2>&1; then
    "$@" "$bin/postgres" -D data -k '' -h 127.0.0.1 -p "$port" -c fsync=off -c max_connections=200 \
        -c shared_buffers=32MB -c log_min_messages=warning $FREEHOLD_SERVER_SETTINGS >>log 2>&1 </dev/null &
    read -r word
    # A server that is only starting does not hear yet; one that never started is not waited for long.
    looks=0
    until grep -q ready data/postmaster.pid 2>/dev/null || [ "$looks" -ge 50 ]; do
        looks=$((looks + 1)); sleep 0.1
    done
    kill -QUIT "$!" 2>/dev/null
    wait
fi
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
    settings: String,
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
        Self::start_with(&[])
    }

    /// As [`start`](Self::start), with settings of its own (`shared_buffers`, `2GB`): for whoever measures,
    /// as a test is content with little. Names and values hold no blanks.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    #[must_use]
    pub fn start_with(settings: &[(&str, &str)]) -> Self {
        let Some(bin) = programs::find() else { fail("PostgreSQL's server programs are not installed.") };
        let Some(run_as) = RunAs::choose() else { fail("PostgreSQL does not run as root.") };
        let dir = make_dir(run_as).unwrap_or_else(|why| fail(format!("no directory for PostgreSQL: {why}")));
        let settings = settings.iter().map(|(name, value)| format!("-c {name}={value} ")).collect();
        let mut server = Self { bin, run_as, dir, port: 0, settings, guard: None };
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
            self.end(b"stop\n");
            let log = std::fs::read_to_string(self.dir.join("log")).unwrap_or_default();
            if fixed || !log.contains("in use") {
                fail(format!("PostgreSQL did not start:\n{log}"));
            }
            self.port = 0;
        }
        fail("PostgreSQL found no free port.");
    }

    fn launch(&self) -> Child {
        Command::new("sh")
            .args(["-c", GUARD, "guard"])
            .args([&self.dir, &self.bin])
            .arg(self.port.to_string())
            .args(self.run_as.words())
            .env("FREEHOLD_SERVER_SETTINGS", &self.settings)
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
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            if state.is_empty() && (said.contains("FATAL") || said.contains("initdb: error")) {
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
    std::fs::write(dir.join("password"), PASSWORD)?;
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
