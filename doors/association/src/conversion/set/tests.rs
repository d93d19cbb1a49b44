use super::*;

/// Lines of `category value display code`.
fn entries(text: &str) -> Vec<Entry> {
    let category = |name: &str| Category::ALL.into_iter().find(|one| one.name() == name).unwrap();
    let line = |line: &str| {
        let mut cells = line.trim().split('|');
        let category = category(cells.next().unwrap());
        let mut next = || cells.next().unwrap().to_owned();
        Entry { category, value: next(), display_value: next(), vendor_code: next() }
    };
    text.split(';').filter(|one| !one.trim().is_empty()).map(line).collect()
}

/// AMS-003: every value needs a display value and a vendor code; what contradicts itself is refused, and two
/// values with one code are warned of.
#[test]
fn ams_003_what_contradicts_itself_is_refused() {
    let check = |text: &str, expect: Result<usize, &[&str]>| {
        let said = judge(&entries(text));
        match (said, expect) {
            (Ok(warnings), Ok(count)) => assert_eq!(warnings.len(), count, "{text}: {warnings:?}"),
            (Err(fault), Err(codes)) => {
                let several = fault.details.iter().map(|one| one.code).collect::<Vec<_>>();
                let found = if several.is_empty() { vec![fault.code] } else { several };
                assert_eq!(found, codes, "{text}");
            }
            (said, _) => panic!("{text}: {said:?}"),
        }
    };
    check("status|A|Active|ACT; status|I|Inactive|INA", Ok(0));
    check("status|A|Active|ACT; userClass|A|Agent|A", Ok(0));
    check("status|A|Active|ACT; status|P|Provisional|ACT", Ok(1));
    check("status|A|Active|ACT; status|AA|Active|ACT", Ok(0));
    check("status|A|Active|ACT; status|A|Gone|X", Err(&["value_twice"]));
    check("status|A|Active|ACT; status|B|ACTIVE|B", Err(&["display_twice"]));
    check("status|A|Active|ACT; status|Active|Alive|LIVE", Err(&["display_is_value"]));
    check("status|A||ACT", Err(&["text_wrong"]));
    check("status|A|Active|", Err(&["text_wrong"]));
    check("status| A|Active|A", Err(&["text_wrong"]));
    check("", Err(&["entries_wrong"]));
    check(&format!("status|A|{}|A", "x".repeat(26)), Err(&["too_long"]));
    check(&format!("agentType|A|{}|A", "x".repeat(26)), Ok(0));
    check("status|A||ACT; status|B|Bad|", Err(&["text_wrong", "text_wrong"]));
}

/// The source document's standard types: each has its display value, and none takes the place of one that is said.
#[test]
fn ams_003_standard_types_are_the_source_documents() {
    let all = standard(&[]);
    let told: Vec<String> =
        all.iter().map(|e| format!("{}:{}={}", e.category.name(), e.value, e.display_value)).collect();
    assert_eq!(
        told,
        [
            "agentType:Appraiser=Appraiser",
            "agentType:Assistant=Assistant",
            "agentType:Participant=Designated REALTOR Participant",
            "agentType:REALTOR Salesperson=REALTOR Salesperson",
            "agentType:Staff=Association Staff",
            "officeType:Branch Office=Realtor Branch Office",
            "officeType:Main Office=Realtor Firm",
            "officeType:Single Office=Realtor Office",
        ]
    );
    assert_eq!(judge(&all).unwrap().len(), 0);
    let said = entries("officeType|Main Office|Head Office|MAIN");
    assert!(!standard(&said).iter().any(|entry| entry.value == "Main Office"));
}
