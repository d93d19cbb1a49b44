//! Apache Kafka for the tests: named, fetched, or fetched now.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::debian;

/// The oldest Java that runs the broker.
const JAVA: u32 = 17;
const HINT: &str = "Install Java 17 or newer and Maven, or name a broker: FREEHOLD_TEST_KAFKA=host:port";

/// Makes sure that the tests find a broker: at `FREEHOLD_TEST_KAFKA`, or as archives in `target/kafka`, which
/// Maven fetches from Maven Central, with its checksums. `testkit/kafka/pom.xml` says which. Says where it is.
pub(crate) fn at_hand() -> Result<String> {
    const NAME: &str = "FREEHOLD_TEST_KAFKA";
    if std::env::var_os(NAME).is_some_and(|address| !address.is_empty()) {
        return Ok(format!("the one that {NAME} names"));
    }
    let found = [("default-jre-headless", java()), ("maven", debian::runs("mvn"))];
    let missing: Vec<&str> =
        found.into_iter().filter(|(_, there)| !there).map(|(package, _)| package).collect();
    if !missing.is_empty() {
        debian::install(&missing, "The tests need Apache Kafka.", HINT)?;
    }
    if !java() {
        bail!("The Java of this machine is too old for Apache Kafka. {HINT}");
    }
    let root = crate::root();
    let pom = root.join("testkit/kafka/pom.xml");
    let lib = root.join("target/kafka");
    // The mark holds what was fetched: another version is fetched anew.
    let mark = lib.join("complete");
    let wanted = std::fs::read(&pom).context("testkit/kafka/pom.xml cannot be read")?;
    if std::fs::read(&mark).is_ok_and(|had| had == wanted) {
        return Ok("in target/kafka".into());
    }
    if lib.exists() {
        std::fs::remove_dir_all(&lib).context("target/kafka cannot be emptied")?;
    }
    println!("Fetching Apache Kafka for the tests, some 130 MB.");
    let status = Command::new("mvn")
        .args(["--quiet", "--batch-mode", "--file"])
        .arg(&pom)
        .arg("dependency:copy-dependencies")
        .arg(format!("-DoutputDirectory={}", lib.display()))
        .status()
        .context("mvn did not start")?;
    if !status.success() {
        bail!("Maven did not fetch Apache Kafka. Name a broker instead: FREEHOLD_TEST_KAFKA=host:port");
    }
    std::fs::write(mark, wanted).context("target/kafka cannot be written")?;
    Ok("in target/kafka, fetched just now".into())
}

/// Whether there is a Java that runs the broker. It says `openjdk version "17.0.2"`, or `"1.8.0"` of old.
fn java() -> bool {
    let Ok(said) = Command::new("java").arg("-version").output() else { return false };
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    let version =
        said.split('"').nth(1).and_then(|version| version.split(['.', '-', '+']).next()?.parse().ok());
    version.is_some_and(|version: u32| version >= JAVA)
}
