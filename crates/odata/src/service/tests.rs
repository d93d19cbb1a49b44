//! The service document.

use dictionary::{Dictionary, Version};
use query::Sight;

use super::*;

#[test]
fn it_names_what_the_caller_may_ask_for() {
    // RESO-006
    let dictionary = Dictionary::standard(Version::V2_1);
    let media = dictionary.known("Media");
    let mut sight = Sight::nothing();
    sight.allow(media.id, &media.key.iter().copied().collect());
    let text = |sight: &Sight, options: &Options<'_>| {
        String::from_utf8(document(&dictionary, "https://x.test/odata", sight, options)).unwrap()
    };
    let one = r#"{"name":"Media","kind":"EntitySet","url":"Media"}"#;
    let expect = format!("{{\"@odata.context\":\"https://x.test/odata/$metadata\",\"value\":[{one}]}}");
    assert_eq!(text(&sight, &Options::default()), expect);
    let none = Options { serves: &|_| false, ..Options::default() };
    assert_eq!(text(&sight, &none), "{\"@odata.context\":\"https://x.test/odata/$metadata\",\"value\":[]}");
    // RESO-007: what every installation has at its top.
    let all = text(&Sight::everything(), &Options::default());
    for name in [
        "Property",
        "Member",
        "Office",
        "Media",
        "OpenHouse",
        "Teams",
        "TeamMembers",
        "Lookup",
        "Field",
        "EntityEvent",
    ] {
        assert!(all.contains(&format!("\"url\":\"{name}\"}}")), "{name}: {all}");
    }
}
