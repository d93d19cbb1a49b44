use dictionary::{Decimal, Version};

use super::*;

fn dictionary() -> Dictionary {
    Dictionary::standard(Version::V2_1)
}

fn record(dictionary: &Dictionary, resource: &str, fields: &[(&str, dictionary::Value)]) -> Record {
    let own = dictionary.known(resource);
    Record::from_values(own.id, fields.iter().map(|(n, v)| (own.find(n).unwrap(), v.clone())).collect())
}

/// A rule about a field of Property: `Field ACTION expression`.
fn rule(dictionary: &Dictionary, order: usize, line: &str) -> Rule {
    let (field, rest) = line.split_once(' ').unwrap();
    let (action, expression) = rest.split_once(' ').unwrap();
    let words = [
        ("RuleKey", format!("{order:03}")),
        ("ResourceName", "Property".into()),
        ("FieldName", field.into()),
        ("RuleAction", action.into()),
        ("RuleExpression", expression.into()),
    ];
    let words: Vec<(&str, dictionary::Value)> = words.into_iter().map(|(n, v)| (n, v.into())).collect();
    let read = Rule::read(dictionary, &record(dictionary, "Rules", &words));
    read.unwrap_or_else(|faults| panic!("{line}: {faults:?}")).unwrap()
}

fn money(amount: i64) -> dictionary::Value {
    Decimal::from(amount).into()
}

/// RESO-063
#[test]
fn reso_063_each_action_says_what_a_write_may_say() {
    let dictionary = dictionary();
    let own = dictionary.known("Property");
    let before = record(
        &dictionary,
        "Property",
        &[("ListingKey", "K".into()), ("ListPrice", money(100)), ("StandardStatus", "Active".into())],
    );
    // Rules, whether the record is new, what it holds; what is said of it, and what it holds then.
    let check = |rules: &[&str],
                 new: bool,
                 fields: &[(&str, dictionary::Value)],
                 said: &[(&str, &str)],
                 then: &[(&str, Option<dictionary::Value>)]| {
        let rules: Vec<Rule> = rules.iter().enumerate().map(|(n, line)| rule(&dictionary, n, line)).collect();
        let mut after = if new { record(&dictionary, "Property", &[]) } else { before.clone() };
        fields.iter().for_each(|(name, value)| drop(after.set(own.find(name).unwrap(), value.clone())));
        let writing = Writing {
            before: (!new).then_some(&before),
            user: "ada",
            now: "2026-11-23T02:00:00Z".parse().unwrap(),
            today: "2026-11-22".parse().unwrap(),
        };
        let verdict = judge(&dictionary, &rules, &mut after, &writing);
        let mut found: Vec<(&str, &str)> =
            verdict.faults.iter().map(|f| (f.field.as_str(), f.code)).collect();
        found.extend(verdict.warnings.iter().map(|f| (f.field.as_str(), f.code)));
        let lines: Vec<&Text> = rules.iter().map(|rule| &rule.field).collect();
        assert_eq!(found, said, "{lines:?} {fields:?}");
        for (name, value) in then {
            assert_eq!(after.get(own.find(name).unwrap()), value.as_ref(), "{lines:?} {fields:?} {name}");
        }
    };
    let reject = "ListPrice REJECT ListPrice < 0";
    check(&[reject], true, &[("ListPrice", money(-1))], &[("ListPrice", "rejected_by_rule")], &[]);
    check(&[reject], true, &[("ListPrice", money(1))], &[], &[]);
    // Nothing is not less than nought, and what has no value says nothing.
    check(&[reject], true, &[], &[], &[]);
    check(&["ListPrice REJECT ListPrice / 0 = 1"], true, &[("ListPrice", money(1))], &[], &[]);
    let twice = "ListPrice REJECT ListPrice > LAST ListPrice * 2";
    check(&[twice], false, &[("ListPrice", money(201))], &[("ListPrice", "rejected_by_rule")], &[]);
    check(&[twice], false, &[("ListPrice", money(200))], &[], &[]);
    // ACCEPT ends the tests of its field, and of no other.
    let accept = "ListPrice ACCEPT .USERID. = 'ada'";
    check(&[accept, reject], true, &[("ListPrice", money(-1))], &[], &[]);
    check(&[reject, accept], true, &[("ListPrice", money(-1))], &[("ListPrice", "rejected_by_rule")], &[]);
    let city = "City REJECT STRLEN(City) < 3";
    check(&[accept, city], true, &[("City", "X".into())], &[("City", "rejected_by_rule")], &[]);
    let warning = "ListPrice WARNING .ENTRY. > 1000";
    check(&[warning], true, &[("ListPrice", money(2000))], &[("ListPrice", "warning")], &[]);
    check(&[accept, warning], true, &[("ListPrice", money(2000))], &[], &[]);
    // SET sees what was set before it; a field that is refused is not set.
    let close = "CloseDate SET IIF(StandardStatus = 'Closed', .TODAY., CloseDate)";
    let price = "ClosePrice SET IIF(CloseDate != .EMPTY., ListPrice, ClosePrice)";
    let today: Date = "2026-11-22".parse().unwrap();
    let closed = [("StandardStatus", "Closed".into())];
    check(
        &[close, price],
        false,
        &closed,
        &[],
        &[("CloseDate", Some(today.into())), ("ClosePrice", Some(money(100)))],
    );
    check(&[close, price], false, &[], &[], &[("CloseDate", None), ("ClosePrice", None)]);
    let both = ["ListPrice REJECT .TRUE.", "ListPrice SET 7"];
    check(&both, false, &[], &[("ListPrice", "rejected_by_rule")], &[("ListPrice", Some(money(100)))]);
    check(&["ListingKey SET 'other'"], false, &[], &[], &[("ListingKey", Some("K".into()))]);
    check(&["City SET NULL"], false, &[("City", "Kent".into())], &[], &[("City", None)]);
    check(&["BedroomsTotal SET 'many'"], false, &[], &[], &[("BedroomsTotal", None)]);
    let parts = "Appliances SET SET('Range', 'Range', 'Oven')";
    let list = ["Range", "Oven"].map(Text::new_static);
    check(&[parts], false, &[], &[], &[("Appliances", Some(dictionary::Value::TextList(list.into())))]);
    let default = "StandardStatus SET_DEFAULT 'Coming Soon'";
    check(&[default], true, &[], &[], &[("StandardStatus", Some("Coming Soon".into()))]);
    check(&[default], true, &closed, &[], &[("StandardStatus", Some("Closed".into()))]);
    check(&["City SET_DEFAULT 'Kent'"], false, &[], &[], &[("City", None)]);
    let required = "CloseDate SET_REQUIRED StandardStatus = 'Closed'";
    check(&[required], false, &closed, &[("CloseDate", "required_by_rule")], &[]);
    check(&[required], false, &[], &[], &[]);
    check(&[required, "CloseDate SET_REQUIRED .FALSE."], false, &closed, &[], &[]);
    check(&[close, required], false, &closed, &[], &[]);
    let fixed = "ListPrice SET_READ_ONLY LAST StandardStatus = 'Active'";
    check(&[fixed], false, &[("ListPrice", money(5))], &[("ListPrice", "read_only_by_rule")], &[]);
    check(&[fixed], false, &[("City", "Kent".into())], &[], &[]);
    check(&[fixed], true, &[("ListPrice", money(5))], &[], &[]);
    let without = "StandardStatus RESTRICT_PICKLIST LIST('Closed', 'Delete')";
    check(&[without], false, &closed, &[("StandardStatus", "not_in_picklist")], &[]);
    check(&[without], false, &[], &[], &[]);
    let alone = "Appliances SET_PICKLIST IIF(City = 'Kent', SET('Range'), .EMPTY.)";
    let oven = || dictionary::Value::TextList([Text::new_static("Range"), Text::new_static("Oven")].into());
    check(&[alone], false, &[("Appliances", oven())], &[], &[]);
    let kent = [("Appliances", oven()), ("City", "Kent".into())];
    check(&[alone], false, &kent, &[("Appliances", "not_in_picklist")], &[]);
    check(&["City SET_DISPLAY .FALSE."], false, &[("City", "Kent".into())], &[], &[]);
    let added = "City REJECT .UPDATEACTION. = 'Add'";
    check(&[added], true, &[], &[("City", "rejected_by_rule")], &[]);
    check(&[added], false, &[], &[], &[]);
}

#[test]
fn rules_of_other_classes_and_resources_are_passed_over() {
    let dictionary = dictionary();
    let mut of_land = rule(&dictionary, 0, "City REJECT .TRUE.");
    of_land.class = Some("Land".into());
    let mut listing = record(&dictionary, "Property", &[("PropertyType", "Residential".into())]);
    let writing =
        Writing { before: None, user: "", now: Timestamp::UNIX_EPOCH, today: "1970-01-01".parse().unwrap() };
    assert_eq!(judge(&dictionary, &[of_land.clone()], &mut listing, &writing), Verdict::default());
    listing.set(dictionary.known("Property").find("PropertyType").unwrap(), "Land");
    assert_eq!(judge(&dictionary, &[of_land.clone()], &mut listing, &writing).faults.len(), 1);
    let mut member = record(&dictionary, "Member", &[]);
    assert_eq!(judge(&dictionary, &[of_land], &mut member, &writing), Verdict::default());
}

#[test]
fn everything_that_is_wrong_with_a_rule_is_told() {
    let dictionary = dictionary();
    let check = |fields: &[(&str, &str)], expect: &[&str]| {
        let mut words = vec![
            ("ResourceName", "Property"),
            ("FieldName", "City"),
            ("RuleAction", "SET"),
            ("RuleExpression", "1"),
        ];
        words.retain(|(name, _)| fields.iter().all(|(given, _)| given != name));
        words.extend_from_slice(fields);
        let words: Vec<(&str, dictionary::Value)> = words.iter().map(|(n, v)| (*n, (*v).into())).collect();
        let faults = Rule::read(&dictionary, &record(&dictionary, "Rules", &words)).err().unwrap_or_default();
        assert_eq!(faults.iter().map(|f| f.field).collect::<Vec<_>>(), expect, "{fields:?}");
    };
    check(&[], &[]);
    check(&[("ResourceName", "Properly")], &["ResourceName"]);
    check(&[("FieldName", "Citi")], &["FieldName"]);
    check(&[("RuleAction", "set")], &["RuleAction"]);
    check(&[("RuleExpression", "1 +")], &["RuleExpression"]);
    check(
        &[("FieldName", ""), ("RuleAction", ""), ("RuleExpression", "")],
        &["FieldName", "RuleAction", "RuleExpression"],
    );
    // Another language is not ours to judge.
    check(&[("RuleFormat", "JavaScript"), ("RuleExpression", "!(")], &[]);
}

/// Never slower than linear: work is bounded whatever the values are.
#[test]
fn too_much_work_is_given_up() {
    let dictionary = dictionary();
    let long = "x".repeat(1 << 20);
    let rules = [rule(
        &dictionary,
        0,
        "City REJECT LOWER(PublicRemarks || PublicRemarks || PublicRemarks || PublicRemarks || PublicRemarks) != ''",
    )];
    let mut listing = record(&dictionary, "Property", &[("PublicRemarks", long.into())]);
    let writing =
        Writing { before: None, user: "", now: Timestamp::UNIX_EPOCH, today: "1970-01-01".parse().unwrap() };
    assert_eq!(judge(&dictionary, &rules, &mut listing, &writing), Verdict::default());
}
