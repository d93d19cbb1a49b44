//! Where profiles come from: the installation's own files, else those that come with Freehold.

use std::path::Path;

use intake::IntakeError;

use super::{AuthKind, Profile, RemovedRule, Strategy};

/// The profiles that come with Freehold, by name.
const OWN: [(&str, &str); 5] = [
    ("mls_grid", include_str!("../../data/mls_grid.toml")),
    ("trestle", include_str!("../../data/trestle.toml")),
    ("bridge", include_str!("../../data/bridge.toml")),
    ("spark", include_str!("../../data/spark.toml")),
    ("reso", include_str!("../../data/reso.toml")),
];

/// Bytes of a profile file at most.
const LARGEST: u64 = 1 << 20;

impl Profile {
    /// The names of the profiles that come with Freehold.
    pub fn names() -> impl Iterator<Item = &'static str> {
        OWN.iter().map(|(name, _)| *name)
    }

    /// The profile of this name: the file `{name}.toml` of the directory where there is one, else one that
    /// comes with Freehold. It waits for the disk.
    ///
    /// # Errors
    /// `profile_unknown`, `profile_wrong`.
    pub fn find(name: &str, directory: Option<&Path>) -> Result<Self, IntakeError> {
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        let unknown = || {
            let all = Self::names().collect::<Vec<_>>().join(", ");
            IntakeError::new(
                "profile_unknown",
                format!("There is no profile {name:?}."),
                format!("There are {all}, and the files of the directory that pull.profiles names."),
            )
        };
        if name.is_empty() || !plain {
            return Err(unknown());
        }
        let file = directory.map(|directory| directory.join(format!("{name}.toml")));
        if let Some(file) = file.filter(|file| file.is_file()) {
            let length = file.metadata().map_or(u64::MAX, |about| about.len());
            let text = if length > LARGEST { None } else { std::fs::read_to_string(&file).ok() };
            let text =
                text.ok_or_else(|| wrong(name, "Its file cannot be read, or has more than a megabyte."))?;
            return Self::read(name, &text);
        }
        let (_, text) = OWN.iter().find(|(own, _)| *own == name).ok_or_else(unknown)?;
        Self::read(name, text)
    }

    /// Reads a profile.
    ///
    /// # Errors
    /// `profile_wrong`: what cannot be meant, and where.
    pub fn read(name: &str, text: &str) -> Result<Self, IntakeError> {
        let mut profile: Self = toml::from_str(text).map_err(|error| wrong(name, error.message()))?;
        profile.name = name.to_owned();
        match profile.fault() {
            Some(fault) => Err(wrong(name, &fault)),
            None => Ok(profile),
        }
    }

    /// The first thing that cannot be meant.
    fn fault(&self) -> Option<String> {
        let Self { resources, next, first, removed, page, auth, hosts, .. } = self;
        if resources.is_empty() || resources.len() > 100 {
            return Some("resources names 1 to 100.".into());
        }
        if next.by.is_empty() && next.strategy != Strategy::EntityEvent {
            return Some("next.by names the timestamp that moves.".into());
        }
        if removed.rule == RemovedRule::Flag && removed.field.is_none() {
            return Some("removed.field names the field that is false.".into());
        }
        if removed.rule == RemovedRule::KeySweep && removed.sweep_hours.is_none() {
            return Some("removed.sweep_hours says how often keys are swept.".into());
        }
        if matches!(first.strategy, Strategy::EntityEvent | Strategy::Auto) {
            return Some("first.strategy walks everything: it is neither entity_event nor auto.".into());
        }
        if matches!(next.strategy, Strategy::Replication) {
            return Some("next.strategy asks for what is new: it is not replication.".into());
        }
        if first.strategy == Strategy::Replication && first.path.is_empty() && first.query.is_none() {
            return Some("first.path or first.query says where replication is.".into());
        }
        if page.most_or == Some(0) || page.top == Some(0) || first.top == Some(0) {
            return Some("A bound of 0 lets nothing through.".into());
        }
        if auth.kind == AuthKind::Bearer && auth.scope.is_some() {
            return Some("auth.scope goes with client_credentials.".into());
        }
        let host = hosts.iter().find(|host| outbound::target(host).is_err() || host.ends_with('/'))?;
        Some(format!("hosts holds {host:?}; write https:// and a host."))
    }
}

fn wrong(name: &str, what: &str) -> IntakeError {
    let hint = "docs/how-to/pull-from-a-reso-server.md says what a profile holds.";
    IntakeError::new("profile_wrong", format!("The profile {name:?} is wrong: {}", what.trim_end()), hint)
}
