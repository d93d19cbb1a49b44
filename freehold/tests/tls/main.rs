//! TLS as the real binary ends it (RESO-009): versions, files that are replaced, and a certificate from a
//! real authority: Pebble, with which Let's Encrypt tries the clients of ACME.
#![expect(clippy::unwrap_used, reason = "a test may stop at what must not be")]

mod authority;
mod client;
mod server;

use std::time::{Duration, Instant};

use authority::{Authority, Pebble};
use client::{greet, raw};
use server::Server;
use testkit::Scratch;

/// The longest that anything is waited for; a busy machine needs some of it.
const PATIENCE: Duration = Duration::from_secs(120);

/// Asks again until there is an answer.
async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = ask().await {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "{what} did not come");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// A server with a certificate of the authority in files.
fn with_files(scratch: &Scratch, authority: &Authority) -> Server {
    authority.issue("data.example.org").write(scratch);
    let (certificate, key) = (scratch.file("tls.pem"), scratch.file("tls.key"));
    Server::start(scratch, &format!("tls_certificate = {certificate:?}\ntls_key = {key:?}\n"), "")
}

/// RESO-009: TLS 1.2 and 1.3 are spoken; an older version and plain HTTP are answered with no HTTP.
#[tokio::test]
async fn reso_009_tls_1_2_and_1_3_are_spoken_and_nothing_less() {
    let (scratch, authority) = (Scratch::new(), Authority::new());
    let server = with_files(&scratch, &authority);
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let seen = until("an answer", async || {
            greet(server.port, "data.example.org", &authority.root(), &[version]).await.ok()
        });
        let seen = seen.await;
        assert_eq!(seen.version, version.version);
        assert!(seen.answer.starts_with("HTTP/1.1 200"), "{}", seen.answer);
    }
    // A certificate for one name is none for another, and one of an unknown authority is none at all.
    let all = rustls::ALL_VERSIONS;
    assert!(greet(server.port, "other.example.org", &authority.root(), all).await.is_err());
    assert!(greet(server.port, "data.example.org", &Authority::new().root(), all).await.is_err());
    // The same hello but for its version: TLS 1.2 is answered with a handshake, 1.1 with a fatal alert.
    let answer = raw(server.port, &client::hello(client::TLS_1_2)).await;
    assert_eq!(&answer[..1], &[22], "a handshake: {answer:?}");
    let answer = raw(server.port, &client::hello(client::TLS_1_1)).await;
    assert_eq!((answer[0], answer[5]), (21, 2), "a fatal alert: {answer:?}");
    for plain in ["GET /health HTTP/1.1\r\nhost: x\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let answer = raw(server.port, plain.as_bytes()).await;
        assert!(!answer.windows(4).any(|part| part == b"HTTP"), "plain HTTP was answered");
    }
}

/// RESO-009: files that are replaced count from then on, without a restart; what cannot be used changes
/// nothing.
#[tokio::test]
async fn reso_009_a_certificate_that_is_renewed_in_its_files_is_shown() {
    let (scratch, authority) = (Scratch::new(), Authority::new());
    let server = with_files(&scratch, &authority);
    let shown = async || {
        let seen = greet(server.port, "data.example.org", &authority.root(), rustls::ALL_VERSIONS).await;
        seen.ok().map(|seen| seen.certificate)
    };
    let first = until("an answer", &shown).await;
    let second = authority.issue("data.example.org");
    // The key comes first: for a while the pair does not fit, and the old one stays.
    std::fs::write(scratch.file("tls.key"), &second.key).unwrap();
    until("a word about the misfit", async || server.said("do not belong together").then_some(())).await;
    assert_eq!(shown().await.unwrap(), first);
    std::fs::write(scratch.file("tls.pem"), &second.chain).unwrap();
    until("the new certificate", async || shown().await.filter(|now| *now == second.der)).await;
    std::fs::write(scratch.file("tls.pem"), "nothing of the kind").unwrap();
    until("a word about the file", async || server.said("cannot be read").then_some(())).await;
    assert_eq!(shown().await.unwrap(), second.der);
}

/// RESO-009: with domains and an authority in the settings, the server gets its certificate by itself,
/// renews it while it runs, and takes up account and certificate after a restart. The authority is real:
/// it checks every signature and nonce, refuses some of them, and connects to see the proof.
#[tokio::test]
async fn reso_009_an_authority_gives_a_certificate_and_renews_it() {
    let scratch = Scratch::new();
    let pebble = Pebble::start(&scratch, Duration::from_secs(45));
    let root = pebble.issuing_root().await;
    let acme = format!(
        "[acme]\ndomains = [\"data.example.org\", \"api.example.org\"]\ndirectory = {:?}\n\
         contact = \"operator@example.org\"\nterms_agreed = true\nauthority = {:?}\n",
        pebble.directory(),
        pebble.root_file(),
    );
    let server = Server::start_at(pebble.challenged, &scratch, "", &acme);
    let shown = async |server: &Server, name: &str| {
        let seen = greet(server.port, name, &root, rustls::ALL_VERSIONS).await.ok()?;
        assert!(seen.answer.starts_with("HTTP/1.1 200"), "{}", seen.answer);
        Some(seen.certificate)
    };
    let first = until("a certificate", async || shown(&server, "data.example.org").await).await;
    assert!(shown(&server, "api.example.org").await.is_some(), "it is for both names");
    // Nobody is shown a proof that is over.
    assert!(client::challenge(server.port, "data.example.org").await.is_err());
    let renewed = async || shown(&server, "data.example.org").await.filter(|now| *now != first);
    until("a renewed certificate", renewed).await;
    let account = std::fs::read(scratch.file("data/acme/account.json")).unwrap();
    #[cfg(unix)]
    for file in ["data/acme/account.json", "data/acme/certificate.pem"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(scratch.file(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    drop(server);
    let server = Server::start_at(pebble.challenged, &scratch, "", &acme);
    until("the certificate after a restart", async || shown(&server, "data.example.org").await).await;
    assert_eq!(std::fs::read(scratch.file("data/acme/account.json")).unwrap(), account);
}
