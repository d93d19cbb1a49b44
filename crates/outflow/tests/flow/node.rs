//! The npm package `standardwebhooks` verifies, too: another implementation in another language.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::receiver::{Got, Receiver};
use crate::town::Town;

const PACKAGE: &str = "standardwebhooks@1.0.0";

/// A directory that holds the package, got once.
fn packages() -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("standardwebhooks");
    if !directory.join("node_modules/standardwebhooks/package.json").exists() {
        std::fs::create_dir_all(&directory).unwrap();
        let install = Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"])
            .arg(&directory)
            .arg(PACKAGE)
            .output()
            .expect("this test needs Node: install the packages nodejs and npm");
        assert!(install.status.success(), "npm: {}", String::from_utf8_lossy(&install.stderr));
    }
    directory
}

fn verified(secret: &str, got: &Got, body: &str) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/verify.mjs");
    let mut node = Command::new("node")
        .arg(script)
        .arg(packages())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this test needs Node: install the packages nodejs and npm");
    let headers =
        ["webhook-id", "webhook-timestamp", "webhook-signature"].map(|name| (name, got.header(name)));
    let told = json!({ "secret": secret, "body": body, "headers": headers.into_iter().collect::<std::collections::BTreeMap<_, _>>() });
    node.stdin.take().unwrap().write_all(told.to_string().as_bytes()).unwrap();
    String::from_utf8(node.wait_with_output().unwrap().stdout).unwrap().trim().to_owned()
}

/// EVT-080: another language believes it, and nothing that was changed.
#[tokio::test(flavor = "multi_thread")]
async fn evt_080_node_verifies() {
    let town = Town::open().await;
    let receiver = Receiver::kind().await;
    let secret = town.endpoint("e", &receiver.url(), |_| {}).await.secret.for_receiver();
    town.publish(r#"{"type":"AddAction","name":"Zoë"}"#).await;
    town.until("one", async || receiver.count() == 1).await;
    let got = receiver.got().remove(0);
    let body = String::from_utf8(got.body.to_vec()).unwrap();
    assert_eq!(verified(&secret, &got, &body), "verified");
    let changed = verified(&secret, &got, &body.replace("AddAction", "OddAction"));
    assert!(changed.starts_with("refused"), "{changed}");
}
