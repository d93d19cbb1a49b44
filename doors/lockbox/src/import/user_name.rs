//! User names, unique whatever the case (LBX-007, LBX-008, LBX-010).

/// Suffixes that are tried: more people of one name in one region are no people.
const MOST_TRIES: u32 = 100_000;
/// Characters of a name: LockboxUserName's own length with room for a suffix.
const LONGEST: usize = 200;

/// The name that a user gets who wants this one: itself where it is free, else with the region behind it, else
/// numbered from two. An e-mail address is not changed: it is taken or it is not. `taken` is asked in small letters.
pub(crate) fn assign(wanted: &str, region: Option<&str>, taken: impl Fn(&str) -> bool) -> Option<String> {
    let wanted: String = wanted.trim().chars().take(LONGEST).collect();
    let free = |name: &str| !name.is_empty() && !taken(&name.to_lowercase());
    if free(&wanted) {
        return Some(wanted);
    }
    if wanted.is_empty() || wanted.contains('@') {
        return None;
    }
    let regional = match region.filter(|region| !region.is_empty()) {
        Some(region) => format!("{wanted}-{region}"),
        None => wanted,
    };
    if free(&regional) {
        return Some(regional);
    }
    (2..MOST_TRIES).map(|number| format!("{regional}-{number}")).find(|name| free(name))
}

/// The name of somebody whose source gives none: the e-mail address, else the initial and the last name.
pub(crate) fn default(first: &str, last: &str, email: Option<&str>) -> String {
    match email {
        Some(email) => email.to_owned(),
        None => {
            let initial = first.trim().chars().take(1);
            initial.chain(last.chars().filter(|c| c.is_alphanumeric())).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lbx_007_lbx_008_a_name_that_is_taken_gets_its_region_and_then_a_number() {
        let check = |taken: &[&str], wanted: &str, region: Option<&str>, expect: Option<&str>| {
            let found = assign(wanted, region, |name| taken.contains(&name));
            assert_eq!(found.as_deref(), expect, "{wanted} beside {taken:?}");
        };
        check(&[], "MSmith", Some("999"), Some("MSmith"));
        check(&["msmith"], "MSmith", Some("999"), Some("MSmith-999"));
        check(&["msmith"], "MSMITH", Some("999"), Some("MSMITH-999"));
        check(&["msmith", "msmith-999"], "MSmith", Some("999"), Some("MSmith-999-2"));
        check(&["msmith", "msmith-999", "msmith-999-2"], "MSmith", Some("999"), Some("MSmith-999-3"));
        check(&["msmith"], "MSmith", None, Some("MSmith-2"));
        check(&["m@x.example"], "M@x.example", Some("999"), None);
        check(&[], "m@x.example", Some("999"), Some("m@x.example"));
        check(&[], "  ", Some("999"), None);
    }

    #[test]
    fn who_is_given_no_name_gets_one() {
        assert_eq!(default("Mary Ann", "O'Smith", None), "MOSmith");
        assert_eq!(default("Mary", "Smith", Some("m@x.example")), "m@x.example");
    }
}
