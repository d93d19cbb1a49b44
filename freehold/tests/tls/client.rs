//! Clients: one that speaks TLS well, and some that do not.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// What a client saw.
pub(crate) struct Seen {
    pub(crate) version: ProtocolVersion,
    pub(crate) certificate: CertificateDer<'static>,
    pub(crate) answer: String,
}

/// A client that believes this authority alone.
fn config(root: &CertificateDer<'static>, versions: &[&'static SupportedProtocolVersion]) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).unwrap();
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// Asks for `/health`.
pub(crate) async fn greet(
    port: u16,
    name: &str,
    root: &CertificateDer<'static>,
    versions: &[&'static SupportedProtocolVersion],
) -> std::io::Result<Seen> {
    ask(port, name, "/health", config(root, versions)).await
}

pub(crate) async fn ask(port: u16, name: &str, path: &str, config: ClientConfig) -> std::io::Result<Seen> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    let host = format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
    stream.write_all(host.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let connection = stream.get_ref().1;
    let certificate = connection.peer_certificates().unwrap()[0].clone().into_owned();
    Ok(Seen { version: connection.protocol_version().unwrap(), certificate, answer })
}

/// Gets a page of a server whose certificate is of this authority.
pub(crate) async fn get(port: u16, path: &str, root: &CertificateDer<'static>) -> std::io::Result<String> {
    Ok(ask(port, "localhost", path, config(root, rustls::ALL_VERSIONS)).await?.answer)
}

/// Looks for an answer to a challenge, as an authority does.
pub(crate) async fn challenge(port: u16, name: &str) -> std::io::Result<Seen> {
    // Whose certificate it is does not matter: there must be none.
    let mut config = config(&super::Authority::new().root(), rustls::ALL_VERSIONS);
    config.alpn_protocols = vec![b"acme-tls/1".to_vec()];
    ask(port, name, "/", config).await
}

/// Sends bytes, says that there are no more, and reads what comes.
pub(crate) async fn raw(port: u16, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    // A connection that is reset has said what it had to say.
    let read = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await;
    drop(read.expect("the connection stays open"));
    answer
}

pub(crate) const TLS_1_1: u8 = 2;
pub(crate) const TLS_1_2: u8 = 3;

/// The first message of a client that knows this version and nothing newer (RFC 5246, 7.4.1.2).
pub(crate) fn hello(version: u8) -> Vec<u8> {
    let length = |bytes: usize| u16::try_from(bytes).unwrap().to_be_bytes();
    let mut hello = vec![3, version];
    hello.extend([7; 32]);
    // No session; TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256; no compression.
    hello.extend([0, 0, 2, 0xc0, 0x2b, 1, 0]);
    let extensions: [&[u8]; 3] = [
        // supported_groups: x25519, secp256r1.
        &[0, 10, 0, 6, 0, 4, 0, 0x1d, 0, 0x17],
        // ec_point_formats: uncompressed.
        &[0, 11, 0, 2, 1, 0],
        // signature_algorithms: ecdsa_secp256r1_sha256.
        &[0, 13, 0, 4, 0, 2, 4, 3],
    ];
    let extensions = extensions.concat();
    hello.extend(length(extensions.len()));
    hello.extend(extensions);
    let mut message = vec![1, 0];
    message.extend(length(hello.len()));
    message.extend(hello);
    let mut record = vec![22, 3, 1];
    record.extend(length(message.len()));
    record.extend(message);
    record
}
