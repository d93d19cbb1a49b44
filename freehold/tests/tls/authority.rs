//! Authorities: one that signs what the tests ask it to, and Pebble.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use testkit::Scratch;

use super::client;
use super::server::free_port;

/// What to do where Pebble is missing.
const HINT: &str = "Install Pebble, Let's Encrypt's authority for tests (Debian: apt-get install pebble). \
     `cargo xtask test` sees to it by itself.";

/// An authority of the test's own.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    root: CertificateDer<'static>,
    pem: String,
}

/// A certificate with its key.
pub(crate) struct Issued {
    pub(crate) chain: String,
    pub(crate) key: String,
    pub(crate) der: CertificateDer<'static>,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let made = params.self_signed(&key).unwrap();
        let (root, pem) = (made.der().clone(), made.pem());
        Self { issuer: Issuer::new(params, key), root, pem }
    }

    pub(crate) fn root(&self) -> CertificateDer<'static> {
        self.root.clone()
    }

    pub(crate) fn issue(&self, name: &str) -> Issued {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        let made = params.signed_by(&key, &self.issuer).unwrap();
        Issued { chain: made.pem(), key: key.serialize_pem(), der: made.der().clone() }
    }
}

impl Issued {
    pub(crate) fn write(&self, scratch: &Scratch) {
        std::fs::write(scratch.file("tls.pem"), &self.chain).unwrap();
        std::fs::write(scratch.file("tls.key"), &self.key).unwrap();
    }
}

/// Let's Encrypt's authority for tests, and a name server in which every name is this machine.
pub(crate) struct Pebble {
    /// The port to which it connects to see a proof.
    pub(crate) challenged: u16,
    port: u16,
    management: u16,
    own: Authority,
    root_file: PathBuf,
    children: Vec<Child>,
}

impl Pebble {
    /// Starts one that gives certificates for so long.
    pub(crate) fn start(scratch: &Scratch, validity: Duration) -> Self {
        let own = Authority::new();
        let issued = own.issue("localhost");
        let (certificate, key) = (scratch.file("pebble.pem"), scratch.file("pebble.key"));
        std::fs::write(&certificate, &issued.chain).unwrap();
        std::fs::write(&key, &issued.key).unwrap();
        let root_file = scratch.file("pebble-root.pem");
        std::fs::write(&root_file, &own.pem).unwrap();
        let [port, management, challenged, names, unused] = [(); 5].map(|()| free_port());
        let settings = format!(
            r#"{{"pebble": {{"listenAddress": "127.0.0.1:{port}", "managementListenAddress": "127.0.0.1:{management}",
            "certificate": {certificate:?}, "privateKey": {key:?}, "httpPort": {unused}, "tlsPort": {challenged},
            "certificateValidityPeriod": {}}}}}"#,
            validity.as_secs()
        );
        std::fs::write(scratch.file("pebble.json"), settings).unwrap();
        let names_server = format!("127.0.0.1:{names}");
        let start = |program: &str, words: &[&str]| {
            let mut line = Command::new(program);
            line.args(words).env("PEBBLE_VA_NOSLEEP", "1").stdin(Stdio::null());
            let log = File::create(scratch.file(&format!("{program}.log"))).unwrap();
            line.stderr(log.try_clone().unwrap()).stdout(log);
            line.spawn().unwrap_or_else(|error| panic!("{program} did not start: {error}. {HINT}"))
        };
        let management_of_names = format!("127.0.0.1:{}", free_port());
        let children = vec![
            start(
                "pebble-challtestsrv",
                &[
                    "-defaultIPv6=",
                    "-http01=",
                    "-https01=",
                    "-tlsalpn01=",
                    "-dns01",
                    &names_server,
                    "-management",
                    &management_of_names,
                ],
            ),
            start(
                "pebble",
                &["-config", &scratch.file("pebble.json").to_string_lossy(), "-dnsserver", &names_server],
            ),
        ];
        Self { challenged, port, management, own, root_file, children }
    }

    pub(crate) fn directory(&self) -> String {
        format!("https://localhost:{}/dir", self.port)
    }

    /// The authority that certifies Pebble's own address.
    pub(crate) fn root_file(&self) -> &PathBuf {
        &self.root_file
    }

    /// The authority that the certificates it gives are of; Pebble makes one at each start.
    pub(crate) async fn issuing_root(&self) -> CertificateDer<'static> {
        let answer = super::until("Pebble", async || {
            client::get(self.management, "/roots/0", &self.own.root()).await.ok()
        });
        CertificateDer::from_pem_slice(answer.await.as_bytes()).unwrap()
    }
}

impl Drop for Pebble {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
