//! Faults of the settings, each with what would be right.

use anyhow::{Result, anyhow};

use super::{Acme, Kafka, Settings};

/// Reads a settings file; an unknown name is answered with the one that was meant.
pub(super) fn parse(text: &str) -> Result<Settings> {
    let table: toml::Table = text.parse()?;
    if let Some((name, hint)) = unknown(&table) {
        return Err(anyhow!("There is no setting {name}. {hint}"));
    }
    Ok(toml::from_str(text)?)
}

/// The first name that is no setting.
fn unknown(given: &toml::Table) -> Option<(String, String)> {
    let known = toml::Table::try_from(Settings::default()).ok()?;
    for (section, inside) in given {
        let Some(names) = known.get(section).and_then(toml::Value::as_table) else {
            return Some((section.clone(), hint(section, known.keys())));
        };
        for name in inside.as_table().into_iter().flat_map(toml::Table::keys) {
            if !names.contains_key(name) {
                return Some((format!("{section}.{name}"), hint(name, names.keys())));
            }
        }
    }
    None
}

fn hint<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> String {
    let all: Vec<&String> = known.collect();
    // Half of the letters in their places: enough for a slip of the finger, too little for another word.
    let likeness = |other: &str| strsim(name, other);
    match all.iter().map(|other| (likeness(other), other)).max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((share, other)) if share > 0.5 => format!("Did you mean {other}?"),
        _ => format!("There are: {}.", all.iter().map(|s| s.as_str()).collect::<Vec<_>>().join(", ")),
    }
}

/// How alike two names are, 0 to 1: twice the letter pairs that they share over all that they have.
fn strsim(a: &str, b: &str) -> f64 {
    let pairs = |s: &str| s.as_bytes().windows(2).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let (left, mut right) = (pairs(a), pairs(b));
    let all = left.len() + right.len();
    let shared = left
        .iter()
        .filter(|pair| {
            right.iter().position(|other| other == *pair).map(|at| right.swap_remove(at)).is_some()
        })
        .count();
    if all == 0 { 0.0 } else { 2.0 * shared as f64 / all as f64 }
}

/// Every fault of settings that could be read.
pub(super) fn check(settings: &Settings) -> Vec<String> {
    let Settings {
        server,
        acme,
        store,
        dictionary,
        pull,
        reso,
        transactions,
        log,
        media,
        geocode,
        outflow,
        kafka,
        ..
    } = settings;
    let mut faults = Vec::new();
    let mut fault = |wrong: bool, text: &str| {
        if wrong {
            faults.push(text.to_owned());
        }
    };
    fault(
        server.tls_certificate.as_os_str().is_empty() != server.tls_key.as_os_str().is_empty(),
        "server.tls_certificate and server.tls_key go together: set both, or neither.",
    );
    fault(
        !server.listen.ip().is_loopback() && !settings.ends_tls() && !server.behind_proxy,
        "server.listen leaves this machine without TLS: set acme.domains, or server.tls_certificate and server.tls_key, or \
         server.behind_proxy = true where a proxy in front ends TLS (RESO-009).",
    );
    faults_of_acme(acme, server.has_certificate(), &mut fault);
    fault(
        !server.public_url.is_empty()
            && !server.public_url.starts_with("http://")
            && !server.public_url.starts_with("https://"),
        "server.public_url begins with http:// or https://.",
    );
    fault(
        gate::Environment::find(&server.environment).is_none(),
        "server.environment is production or test.",
    );
    fault(!(1..=3_600).contains(&server.request_seconds), "server.request_seconds is from 1 to 3600.");
    fault(server.drain_seconds > 3_600, "server.drain_seconds is at most 3600.");
    fault(!(1..=100).contains(&store.connections), "store.connections is from 1 to 100.");
    fault(!matches!(dictionary.version.as_str(), "2.0" | "2.1"), "dictionary.version is 2.0 or 2.1.");
    let domain = &transactions.domain;
    fault(
        !domain.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c)) || domain.starts_with('.'),
        "transactions.domain is a name in DNS such as hub.example, without https:// and without a port.",
    );
    let root = &reso.root;
    fault(
        !root.starts_with('/')
            || root.len() < 2
            || root.ends_with('/')
            || !root.chars().all(|c| c.is_ascii_alphanumeric() || "/-_.".contains(c)),
        "reso.root is a path such as /odata: a slash first, none at the end, letters, digits and -_./ between.",
    );
    fault(
        [
            "/admin",
            "/media",
            "/lockbox",
            "/services",
            "/oauth2",
            "/health",
            "/ready",
            "/metrics",
            "/events",
            "/transactions",
            "/inbox",
            "/pods",
            "/api",
            "/publish",
            "/production",
            "/batches",
            "/profile",
        ]
        .iter()
        .any(|taken| root.starts_with(taken)),
        "reso.root is the path of another part of Freehold; choose another.",
    );
    fault(!(1..=100_000).contains(&reso.largest_page), "reso.largest_page is from 1 to 100000.");
    fault(
        reso.page_size == 0 || reso.page_size > reso.largest_page,
        "reso.page_size is from 1 to reso.largest_page.",
    );
    fault(
        !matches!(reso.enumerations.as_str(), "strings" | "enums" | "flags"),
        "reso.enumerations is strings, enums or flags.",
    );
    fault(!(1..=1 << 20).contains(&reso.kept_megabytes), "reso.kept_megabytes is from 1 to 1048576.");
    fault(
        !(64..=1 << 20).contains(&media.disk_megabytes),
        "media.disk_megabytes is from 64 to 1048576 (a terabyte).",
    );
    fault(
        !(1..=100).contains(&media.largest_original_megabytes),
        "media.largest_original_megabytes is from 1 to 100.",
    );
    fault(
        media.networks.iter().any(|network| network.parse::<outbound::Cidr>().is_err()),
        "media.networks holds networks such as \"10.20.0.0/16\".",
    );
    fault(
        !geocode.url.is_empty() && outbound::target(&geocode.url).is_err(),
        "geocode.url is the address of a geocoder's search: https://nominatim.example/search.",
    );
    fault(!matches!(geocode.form.as_str(), "nominatim" | "pelias"), "geocode.form is nominatim or pelias.");
    fault(
        !(100..=30_000).contains(&geocode.timeout_milliseconds),
        "geocode.timeout_milliseconds is from 100 to 30000.",
    );
    fault(!(1..=1_000).contains(&geocode.per_second), "geocode.per_second is from 1 to 1000.");
    for range in &pull.allowed_addresses {
        fault(
            range.parse::<outbound::Cidr>().is_err(),
            &format!("pull.allowed_addresses holds {range:?}; write ranges such as 10.1.0.0/16."),
        );
    }
    fault(!(1..=600).contains(&pull.timeout_seconds), "pull.timeout_seconds is from 1 to 600.");
    for range in &outflow.allowed_addresses {
        fault(
            range.parse::<outbound::Cidr>().is_err(),
            &format!("outflow.allowed_addresses holds {range:?}; write ranges such as 10.1.0.0/16."),
        );
    }
    fault(!(1..=120).contains(&outflow.timeout_seconds), "outflow.timeout_seconds is from 1 to 120.");
    fault(
        outflow.retry_seconds.len() > 100 || outflow.retry_seconds.iter().any(|wait| *wait > 30 * 86_400),
        "outflow.retry_seconds holds at most 100 waits, none longer than 30 days.",
    );
    fault(outflow.retry_jitter_percent > 50, "outflow.retry_jitter_percent is at most 50.");
    fault(outflow.rotation_hours > 8_760, "outflow.rotation_hours is at most 8760, a year.");
    fault(!(1..=8_760).contains(&outflow.failing_hours), "outflow.failing_hours is from 1 to 8760, a year.");
    fault(!(1..=36_500).contains(&outflow.retention_days), "outflow.retention_days is from 1 to 36500.");
    fault(
        !(1..=outflow.retention_days).contains(&outflow.done_days),
        "outflow.done_days is from 1 to outflow.retention_days.",
    );
    faults_of_kafka(kafka, &mut fault);
    fault(!matches!(log.format.as_str(), "text" | "json"), "log.format is text or json.");
    fault(
        log.level.parse::<tracing_subscriber::filter::EnvFilter>().is_err(),
        "log.level is error, warn, info, debug, trace or a filter such as info,search=debug.",
    );
    faults
}

fn faults_of_kafka(kafka: &Kafka, fault: &mut impl FnMut(bool, &str)) {
    let broker = |one: &str| {
        one.trim()
            .rsplit_once(':')
            .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
    };
    fault(
        !kafka.brokers.is_empty() && !kafka.brokers.split(',').all(broker),
        "kafka.brokers is host:port, several with commas between.",
    );
    // What Kafka allows in a topic's name, with room for the resource's.
    let sound = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    fault(
        !(1..=100).contains(&kafka.prefix.len()) || !kafka.prefix.chars().all(sound),
        "kafka.prefix has 1 to 100 letters, digits and -_. characters.",
    );
    let name = |name: &str| (1..=200).contains(&name.len()) && name.chars().all(sound);
    fault(
        !kafka.reports.iter().all(|one| name(&one.topic) && !one.client.is_empty()),
        "kafka.reports is a list of { topic = \"bms.reports\", client = \"bms\" }.",
    );
    let own = format!("{}.", kafka.prefix);
    fault(
        kafka.reports.iter().any(|one| one.topic.starts_with(&own)),
        "kafka.reports names a topic that Freehold itself writes to: what it sends would come in again.",
    );
    let mut topics: Vec<&str> = kafka.reports.iter().map(|one| one.topic.as_str()).collect();
    topics.sort_unstable();
    fault(
        topics.windows(2).any(|two| two[0] == two[1]),
        "kafka.reports names a topic twice: what lies in a topic is of one client.",
    );
    fault(!name(&kafka.group), "kafka.group has 1 to 200 letters, digits and -_. characters.");
    fault(
        kafka.brokers.is_empty() && !kafka.reports.is_empty(),
        "kafka.reports is read from kafka.brokers: name them.",
    );
    let login =
        [kafka.mechanism.is_empty(), kafka.user.is_empty(), kafka.password_file.as_os_str().is_empty()];
    fault(
        login.contains(&true) && login.contains(&false),
        "kafka.mechanism, kafka.user and kafka.password_file go together: set all, or none.",
    );
    fault(
        !kafka.mechanism.is_empty() && kafka::Mechanism::find(&kafka.mechanism).is_none(),
        "kafka.mechanism is PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.",
    );
    fault(
        kafka.mechanism == "PLAIN" && !kafka.tls,
        "kafka.mechanism = PLAIN shows the password to the network: set kafka.tls = true, or choose SCRAM.",
    );
}

fn faults_of_acme(acme: &Acme, has_files: bool, fault: &mut impl FnMut(bool, &str)) {
    if !acme.is_on() {
        return;
    }
    fault(has_files, "acme.domains and server.tls_certificate are two ways to a certificate: choose one.");
    fault(
        !acme.terms_agreed,
        "acme.terms_agreed = true says that you have read the authority's terms; it gives no certificate without.",
    );
    fault(!acme.directory.starts_with("https://"), "acme.directory begins with https://.");
    let named = |domain: &String| {
        domain.len() <= 253
            && domain.contains('.')
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= 63
                    && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            })
    };
    fault(
        acme.domains.len() > 100 || !acme.domains.iter().all(named),
        "acme.domains are at most 100 names such as data.example.org, without a wildcard: TLS-ALPN-01 proves none.",
    );
    fault(
        !acme.contact.is_empty() && !acme.contact.contains('@'),
        "acme.contact is an e-mail address, or empty.",
    );
}
