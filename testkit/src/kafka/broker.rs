//! A broker of one's own.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::fail;

/// Formats the broker's directory where that is not done yet, runs the broker and waits on its own input. A line
/// `stop` kills the broker and leaves its files; the input's end, which comes however the test process ends,
/// kills it and removes them. What it holds is thrown away in the end, so a kill is as good as a shutdown.
const GUARD: &str = r#"
trap '' INT TERM HUP
dir=$1
set -- java -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$2/*"
if [ -e data/meta.properties ] ||
    "$@" kafka.tools.StorageTool format --standalone -t RnJlZWhvbGRUZXN0QnJva2 -c broker.properties >log 2>&1 </dev/null
then
    "$@" kafka.Kafka broker.properties >>log 2>&1 </dev/null &
    read -r word
    kill -KILL "$!" 2>/dev/null
    wait
fi
[ "$word" = stop ] || rm -rf "$dir"
"#;

/// How often and how long apart a starting broker is looked for: a minute in all, as two cores may be busy.
const LOOKS: u32 = 600;
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// One node of Apache Kafka, this process's own, with nothing in it. It is stopped and its files are removed
/// when this is dropped or the process ends.
#[derive(Debug)]
pub struct Broker {
    lib: PathBuf,
    dir: PathBuf,
    port: u16,
    guard: Option<Child>,
}

impl Broker {
    /// Starts one. Most tests want [`bootstrap`](super::bootstrap); this is for those that stop it.
    ///
    /// # Panics
    /// Where the archives or Java are missing, with a hint.
    #[must_use]
    pub fn start() -> Self {
        let Some(lib) = archives() else { fail("Apache Kafka has not been fetched.") };
        let dir = match tempfile::Builder::new().prefix("freehold-kafka-").tempdir() {
            Ok(dir) => dir.keep(),
            Err(why) => fail(format!("no directory for Kafka: {why}")),
        };
        // A free port may be taken by another before the broker has it: then others are tried.
        for _ in 0..5 {
            let ports = free_ports();
            let settings = settings(&dir, ports);
            if let Err(why) = std::fs::write(dir.join("broker.properties"), settings) {
                fail(format!("Kafka's settings cannot be written: {why}"));
            }
            let mut broker = Self { lib: lib.clone(), dir: dir.clone(), port: ports.0, guard: None };
            if broker.launch() {
                return broker;
            }
            broker.end(b"stop\n");
            let log = broker.log();
            if !log.contains("in use") {
                drop(broker);
                fail(format!("Kafka did not start:\n{log}"));
            }
            let _ = std::fs::remove_dir_all(dir.join("data"));
        }
        fail("Kafka found no free port.");
    }

    /// `host:port` to connect to.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Kills it, as if its machine had lost its power. What it holds is kept for [`resume`](Self::resume).
    pub fn stop(&mut self) {
        self.end(b"stop\n");
    }

    /// Starts it again after [`stop`](Self::stop), at the same port.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn resume(&mut self) {
        if !self.launch() {
            fail(format!("Kafka did not start again:\n{}", self.log()));
        }
    }

    /// Whether it has come to take requests.
    fn launch(&mut self) -> bool {
        // The log tells of this start alone.
        let _ = std::fs::write(self.dir.join("log"), "");
        let guard = Command::new("sh")
            .args(["-c", GUARD, "guard"])
            .args([&self.dir, &self.lib])
            .current_dir(&self.dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|why| fail(format!("sh did not start: {why}")));
        let guard = self.guard.insert(guard);
        for _ in 0..LOOKS {
            std::thread::sleep(LOOK_EVERY);
            if self.dir.join("data").exists() && serves(self.port) {
                return true;
            }
            if guard.try_wait().is_ok_and(|ended| ended.is_some()) {
                return false;
            }
        }
        false
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.dir.join("log")).unwrap_or_default()
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

impl Drop for Broker {
    fn drop(&mut self) {
        self.end(b"");
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Whether something takes connections at this port of this machine.
fn serves(port: u16) -> bool {
    std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// The folder of archives, where `cargo xtask kafka` has put them.
fn archives() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let lib = root.join("target/kafka");
    // The mark is written when the last archive is there.
    lib.join("complete").exists().then_some(lib)
}

/// One node that is broker and controller. Replication of one, few partitions: it starts in seconds.
fn settings(dir: &Path, (broker, controller): (u16, u16)) -> String {
    let mut text = String::new();
    let lines = [
        ("process.roles", "broker,controller".to_owned()),
        ("node.id", "1".to_owned()),
        ("controller.quorum.bootstrap.servers", format!("127.0.0.1:{controller}")),
        ("listeners", format!("PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}")),
        ("advertised.listeners", format!("PLAINTEXT://127.0.0.1:{broker}")),
        ("controller.listener.names", "CONTROLLER".to_owned()),
        ("log.dirs", dir.join("data").display().to_string()),
        ("num.partitions", "4".to_owned()),
        ("offsets.topic.replication.factor", "1".to_owned()),
        ("offsets.topic.num.partitions", "1".to_owned()),
        ("transaction.state.log.replication.factor", "1".to_owned()),
        ("transaction.state.log.min.isr", "1".to_owned()),
        ("transaction.state.log.num.partitions", "1".to_owned()),
        ("group.initial.rebalance.delay.ms", "0".to_owned()),
    ];
    for (name, value) in lines {
        let _ = writeln!(text, "{name}={value}");
    }
    text
}

/// Two ports that nobody uses just now.
fn free_ports() -> (u16, u16) {
    let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    // Both are held at once, so that they differ.
    match (bind(), bind()) {
        (Ok(one), Ok(two)) => match (one.local_addr(), two.local_addr()) {
            (Ok(one), Ok(two)) => (one.port(), two.port()),
            _ => fail("a port has no number"),
        },
        (Err(why), _) | (_, Err(why)) => fail(format!("no port is free on this machine: {why}")),
    }
}
