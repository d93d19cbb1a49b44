//! The reference page is true, and what is wrong is said with what would be right.

use super::*;

#[test]
fn the_reference_page_holds_every_setting_with_its_default_and_a_reason() {
    assert_eq!(check::parse(REFERENCE).unwrap(), Settings::default());
    let known = toml::Table::try_from(Settings::default()).unwrap();
    for (section, names) in &known {
        for name in names.as_table().unwrap().keys() {
            let (before, _) = REFERENCE
                .split_once(&format!("[{section}]"))
                .and_then(|(_, rest)| rest.split_once(&format!("\n{name} = ")))
                .unwrap_or_else(|| panic!("settings.toml does not show {section}.{name}"));
            assert!(before.contains('#'), "{section}.{name} has no reason");
        }
    }
}

#[test]
fn faults_come_with_what_would_be_right() {
    let check = |text: &str, expect: &str| {
        let said = match check::parse(text) {
            Err(error) => error.to_string(),
            Ok(settings) => check::check(&settings).join("\n"),
        };
        assert!(said.contains(expect) && (!expect.is_empty() || said.is_empty()), "{text}: {said}");
    };
    check("", "");
    check("[server]\nlistn = \"127.0.0.1:1\"", "Did you mean listen?");
    check("[servr]\nlisten = \"127.0.0.1:1\"", "Did you mean server?");
    check("[reso]\nzzz = 1", "There are: ");
    check("[server]\nlisten = 5", "invalid type");
    check("[server]\nlisten = \"0.0.0.0:8700\"", "RESO-009");
    check("[server]\nlisten = \"0.0.0.0:8700\"\nbehind_proxy = true", "");
    check("[server]\nlisten = \"[::1]:8700\"", "");
    check("[server]\nenvironment = \"staging\"", "production or test");
    let acme = "[acme]\ndomains = [\"data.example.org\"]\nterms_agreed = true\n";
    check(&format!("{acme}[server]\nlisten = \"0.0.0.0:443\""), "");
    check("[acme]\ndomains = [\"data.example.org\"]", "acme.terms_agreed");
    check(&format!("{acme}directory = \"http://ca.local/\""), "begins with https://");
    check(&format!("{acme}contact = \"nobody\""), "e-mail address");
    check(&format!("{acme}[server]\ntls_certificate = \"c\"\ntls_key = \"k\""), "choose one");
    check("[acme]\ndomains = [\"*.example.org\"]\nterms_agreed = true", "without a wildcard");
    check("[acme]\ndomains = [\"localhost\"]\nterms_agreed = true", "such as data.example.org");
    check("[server]\ntls_key = \"k.pem\"", "go together");
    check("[reso]\nroot = \"odata\"", "reso.root");
    check("[reso]\nroot = \"/admin/odata\"", "another part");
    check("[reso]\npage_size = 0", "reso.page_size");
    check("[reso]\nenumerations = \"numbers\"", "strings, enums or flags");
    check("[reso]\nenumerations = \"flags\"", "");
    check("[reso]\nkept_megabytes = 0", "reso.kept_megabytes");
    check("[dictionary]\nversion = \"1.7\"", "2.0 or 2.1");
    check("[media]\ndisk_megabytes = 1", "media.disk_megabytes");
    check("[media]\nnetworks = [\"10.0.0.0/8\"]", "");
    check("[media]\nnetworks = [\"ten\"]", "media.networks");
    check("[geocode]\nurl = \"nominatim\"", "geocode.url");
    check("[geocode]\nform = \"google\"", "geocode.form");
    check("[geocode]\nper_second = 0", "geocode.per_second");
    check("[outflow]\nallowed_addresses = [\"10.0.0.0/99\"]", "10.1.0.0/16");
    check("[outflow]\ndone_days = 91", "outflow.done_days");
    check("[kafka]\nbrokers = \"one:9092,two:9092\"", "");
    check("[kafka]\nbrokers = \"one\"", "kafka.brokers");
    check("[kafka]\nprefix = \"free hold\"", "kafka.prefix");
    check("[kafka]\nuser = \"freehold\"", "go together");
    let reports = |topic: &str, client: &str| {
        format!(
            "[kafka]\nbrokers = \"one:9092\"\nreports = [{{ topic = \"{topic}\", client = \"{client}\" }}]"
        )
    };
    check(&reports("bms.reports", "bms"), "");
    check(&reports("bms reports", "bms"), "kafka.reports");
    check(&reports("bms.reports", ""), "kafka.reports");
    check(&reports("freehold.events", "bms"), "come in again");
    check("[kafka]\nreports = [{ topic = \"bms\", client = \"bms\" }]", "kafka.brokers");
    let twice = "{ topic = \"a\", client = \"b\" }, { topic = \"a\", client = \"c\" }";
    check(&format!("[kafka]\nbrokers = \"one:9092\"\nreports = [{twice}]"), "twice");
    check("[kafka]\ngroup = \"\"", "kafka.group");
    let login = "user = \"freehold\"\npassword_file = \"secret\"";
    check(&format!("[kafka]\nmechanism = \"GSSAPI\"\n{login}"), "SCRAM-SHA-512");
    check(&format!("[kafka]\nmechanism = \"PLAIN\"\n{login}"), "kafka.tls");
    check(&format!("[kafka]\nmechanism = \"SCRAM-SHA-256\"\n{login}"), "");
    check("[outflow]\ntimeout_seconds = 0", "outflow.timeout_seconds");
    check("[log]\nformat = \"xml\"", "text or json");
    check("[transactions]\ndomain = \"https://hub.example\"", "transactions.domain");
}

#[test]
fn a_password_in_the_settings_is_not_shown() {
    let mut settings = Settings::default();
    settings.store.postgres = "postgres://user:secret@host/db".into();
    settings.geocode.url = "https://pelias.example/v1/search/structured?api_key=secret".into();
    assert!(!format!("{settings:?}").contains("secret"));
}
