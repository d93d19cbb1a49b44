//! Apache Kafka for the tests: named, fetched, or fetched now.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::debian;

/// Makes sure that the tests find a broker: at `FREEHOLD_TEST_KAFKA`, or as archives in `target/kafka`, which
/// Maven fetches from Maven Central, with its checksums. `testkit/kafka/pom.xml` says which.
pub(crate) fn at_hand() -> Result<()> {
    if std::env::var_os("FREEHOLD_TEST_KAFKA").is_some() {
        return Ok(());
    }
    let packages = [("java", "default-jre-headless"), ("mvn", "maven")];
    let missing: Vec<&str> = packages
        .into_iter()
        .filter(|(program, _)| !debian::runs(program))
        .map(|(_, package)| package)
        .collect();
    if !missing.is_empty() {
        let hint = "Install Java 17 or newer and Maven, or name a broker: FREEHOLD_TEST_KAFKA=host:port";
        debian::install(&missing, "The tests need Apache Kafka.", hint)?;
    }
    let root = crate::root();
    let pom = root.join("testkit/kafka/pom.xml");
    let lib = root.join("target/kafka");
    // The mark holds what was fetched: another version is fetched anew.
    let mark = lib.join("complete");
    let wanted = std::fs::read(&pom).context("testkit/kafka/pom.xml cannot be read")?;
    if std::fs::read(&mark).is_ok_and(|had| had == wanted) {
        return Ok(());
    }
    if lib.exists() {
        std::fs::remove_dir_all(&lib).context("target/kafka cannot be emptied")?;
    }
    println!("Fetching Apache Kafka for the tests.");
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
    std::fs::write(mark, wanted).context("target/kafka cannot be written")
}
