//! Mappings that are right, and mappings that are wrong.

use std::sync::{Arc, LazyLock};

use dictionary::{Dictionary, Origin, Tables, Version};

use crate::{IntakeError, Job, Limits, Mapping, Source};

/// The standard dictionary and one local field.
fn words() -> Arc<Dictionary> {
    static WORDS: LazyLock<Arc<Dictionary>> = LazyLock::new(|| {
        let fields = "resource\tfield\ttype\tmax_length\tprecision\tscale\tlookup\tlookup_status\tkey\tsynonyms\tsince\n\
                      Property\tX_MooragePier\tEdm.String\t50\n";
        let local = Tables { origin: Origin::Local, fields, links: "", lookups: "" };
        Arc::new(Dictionary::with_local(Version::V2_1, &[local]).unwrap())
    });
    Arc::clone(&WORDS)
}

/// A mapping whose first record is a Property with the key from `id`.
fn property(fields: &str) -> String {
    format!(
        "{HEAD}[[record]]\nresource = \"Property\"\nkey = \"{{feed}}-{{id}}\"\n[record.fields]\n{fields}\n"
    )
}

const HEAD: &str = "name = \"test\"\nfeed = \"T\"\nunknown_columns = \"ignore\"\n";

fn open(mapping: &str, file: &str) -> Result<Job, IntakeError> {
    let name = if file.starts_with(['[', '{']) { "f.json" } else { "f.csv" };
    Job::open(words(), &Mapping::read(mapping)?, Source::bytes(name, file.as_bytes()), Limits::default())
}

/// The records of the first row as `Resource Field=value …`; what is wrong as `Field:code`.
fn records(mapping: &str, file: &str) -> Vec<String> {
    let job = open(mapping, file).unwrap_or_else(|e| panic!("{mapping}: {e:?}"));
    let preview = job.preview(1).unwrap();
    let shown = preview.rows[0].records.iter().map(|record| {
        let mut words = vec![record.resource.clone()];
        words.extend(record.fields.iter().map(|(name, value)| format!("{name}={value}")));
        words.extend(record.faults.iter().map(|(field, code, _, _)| format!("{field}:{code}")));
        words.extend(record.refused.then(|| "refused".to_owned()));
        words.join(" ")
    });
    shown.collect()
}

#[test]
fn one_field_from_one_column() {
    let check = |fields: &str, file: &str, expect: &str| {
        let found = records(&property(fields), file);
        assert_eq!(found, [format!("Property {expect}")], "{fields} {file}");
    };
    check("City = 'city'", "id,city\n1,Kent\n", "City=Kent ListingKey=T-1");
    check("City = 'CITY '", "id, City\n1, Kent \n", "City=Kent ListingKey=T-1");
    check("City = { column = 'city', trim = false }", "id,city\n1, Kent \n", "City= Kent  ListingKey=T-1");
    check("City = 'city'", "id,city\n1,NULL\n", "ListingKey=T-1");
    check("City = { column = 'city', null_words = ['-'] }", "id,city\n1,-\n", "ListingKey=T-1");
    check("ListPrice = 'p'", "id,p\n1,\"$1,250,000\"\n", "ListPrice=1250000 ListingKey=T-1");
    check("ListPrice = 'p'", "id,p\n1,cheap\n", "ListingKey=T-1 ListPrice:wrong_value refused");
    check(
        "ListPrice = { column = 'p', on_fault = 'leave out' }",
        "id,p\n1,cheap\n",
        "ListingKey=T-1 ListPrice:wrong_value",
    );
    check("ListPrice = 'p'", "id,p\n1,1.005\n", "ListPrice=1.005 ListingKey=T-1 ListPrice:too_fine refused");
    check("ListPrice = { column = 'p', round = true }", "id,p\n1,1.005\n", "ListPrice=1.01 ListingKey=T-1");
    check(
        "City = { column = 'c', on_fault = 'leave out' }",
        &format!("id,c\n1,{}\n", "x".repeat(200)),
        "ListingKey=T-1 City:too_long",
    );
    check("City = 'c'", "id,c\n,Kent\n", "City=Kent ListingKey:key_missing refused");
    check("City = { constant = 'Kent' }", "id\n1\n", "City=Kent ListingKey=T-1");
    check("ListPrice = { constant = 5 }", "id\n1\n", "ListPrice=5 ListingKey=T-1");
    check(
        "Appliances = { constant = ['Dryer', 'Washer'] }",
        "id\n1\n",
        "Appliances=[\"Dryer\",\"Washer\"] ListingKey=T-1",
    );
}

#[test]
fn several_columns_and_templates() {
    let check = |fields: &str, file: &str, expect: &str| {
        let found = records(&property(fields), file);
        assert_eq!(found, [format!("Property {expect}").trim_end()], "{fields} {file}");
    };
    let joined = "UnparsedAddress = { columns = ['no', 'dir', 'street'] }";
    check(joined, "id,no,dir,street\n1,12,,Main St\n", "ListingKey=T-1 UnparsedAddress=12 Main St");
    check(joined, "id,no,dir,street\n1,,,\n", "ListingKey=T-1");
    let with = "UnparsedAddress = { columns = ['no', 'street'], join = ', ' }";
    check(with, "id,no,street\n1,12,Main St\n", "ListingKey=T-1 UnparsedAddress=12, Main St");
    let template = "ListingURL = { template = 'https://x.test/{{{id}}}/{city}' }";
    check(template, "id,city\n1,Kent\n", "ListingKey=T-1 ListingURL=https://x.test/{1}/Kent");
    check(template, "id,city\n1,\n", "ListingKey=T-1 ListingURL=https://x.test/{1}/");
    check(
        "Coordinates = { template = 'POINT({x} {y})' }",
        "id,x,y\n1,-122,47\n",
        "Coordinates=POINT(-122 47) ListingKey=T-1",
    );
    check("Coordinates = { template = 'POINT({x} {y})' }", "id,x,y\n1,,\n", "ListingKey=T-1");
    let list = "Appliances = { columns = ['a', 'b'] }";
    check(list, "id,a,b\n1,\"Dryer,Washer\",Dryer\n", "Appliances=[\"Dryer\",\"Washer\"] ListingKey=T-1");
}

#[test]
fn words_become_other_words() {
    let check = |fields: &str, word: &str, expect: &str| {
        let found = records(&property(fields), &format!("id,s\n1,{word}\n"));
        assert_eq!(found, [format!("Property {expect}").trim_end()], "{fields} {word}");
    };
    let map =
        "StandardStatus = { column = 's', map = { A = 'Active', P = 'Pending', X = '', '*' = 'Closed' } }";
    check(map, "A", "ListingKey=T-1 StandardStatus=Active");
    check(map, "a", "ListingKey=T-1 StandardStatus=Closed");
    check(map, "X", "ListingKey=T-1");
    check(map, "", "ListingKey=T-1");
    check(map, "NULL", "ListingKey=T-1");
    let any = "StandardStatus = { column = 's', ignore_case = true, map = { A = 'Active' } }";
    check(any, "a", "ListingKey=T-1 StandardStatus=Active");
    check(any, "q", "ListingKey=T-1 StandardStatus=q StandardStatus:not_in_lookup refused");
    let empty = "StandardStatus = { column = 's', map = { '' = 'Withdrawn' } }";
    check(empty, "", "ListingKey=T-1 StandardStatus=Withdrawn");
    // The lookup's own spelling is found without a map.
    let plain = "StandardStatus = 's'";
    check(plain, "Active Under Contract", "ListingKey=T-1 StandardStatus=Active Under Contract");
    check(plain, "ActiveUnderContract", "ListingKey=T-1 StandardStatus=Active Under Contract");
    check(plain, "active-under-contract", "ListingKey=T-1 StandardStatus=Active Under Contract");
    let list = "Appliances = { column = 's', list_separator = ';', map = { W = 'Washer', D = ['Dryer', 'Dishwasher'] } }";
    check(
        list,
        "W; D; Cooktop",
        "Appliances=[\"Washer\",\"Dryer\",\"Dishwasher\",\"Cooktop\"] ListingKey=T-1",
    );
    let truth = "PoolPrivateYN = { column = 's', map = { Inground = true, '*' = false } }";
    check(truth, "Inground", "ListingKey=T-1 PoolPrivateYN=true");
    check(truth, "none", "ListingKey=T-1 PoolPrivateYN=false");
}

#[test]
fn several_records_of_one_row() {
    let mapping = format!(
        "{HEAD}\
        [[record]]\nresource = 'Property'\nkey = '{{feed}}-{{id}}'\nkeep_if = [{{ column = 'status', is_not = 'X' }}]\n\
        [record.fields]\nListAgentKey = {{ template = '{{feed}}-{{agent}}' }}\n\
        [[record]]\nresource = 'Member'\nkey = '{{feed}}-{{agent}}'\ndrop_if = [{{ column = 'agent', empty = true }}]\n\
        [record.fields]\nMemberFullName = 'name'\n\
        [[record]]\nresource = 'Office'\nkey = '{{feed}}-{{office}}'\n\
        keep_if = [{{ column = 'office', is = ['o1', 'o2'], ignore_case = true }}]\n"
    );
    let check = |row: &str, expect: &[&str]| {
        let found = records(&mapping, &format!("id,status,agent,name,office\n{row}\n"));
        assert_eq!(found, expect, "{row}");
    };
    check(
        "1,A,7,Ann,O1",
        &[
            "Property ListAgentKey=T-7 ListingKey=T-1",
            "Member MemberFullName=Ann MemberKey=T-7",
            "Office OfficeKey=T-O1",
        ],
    );
    check("1,A,,,o2", &["Property ListingKey=T-1", "Office OfficeKey=T-o2"]);
    check("1,X,7,Ann,o3", &["Member MemberFullName=Ann MemberKey=T-7"]);
    check("1,X,,,", &[]);
}

#[test]
fn aliases_and_columns_that_are_not_named() {
    let base = |more: &str| {
        format!(
            "name='t'\nfeed='T'\n{more}\n[[record]]\nresource='Property'\nkey='{{id}}'\n[record.fields]\nListPrice='price'\n"
        )
    };
    let check = |more: &str, file: &str, expect: &str| {
        let found = match open(&base(more), file) {
            Ok(_) if file == "[]" => "nothing".to_owned(),
            Ok(_) => records(&base(more), file).join(";"),
            Err(error) => error.faults.iter().map(|f| f.code).collect::<Vec<_>>().join(","),
        };
        assert_eq!(found, expect, "{more} {file}");
    };
    let aliases = "aliases = { price = ['Lst Prise', 'List Price'] }";
    check(aliases, "id,List Price\n1,5\n", "Property ListPrice=5 ListingKey=1");
    check(aliases, "id,lst prise\n1,5\n", "Property ListPrice=5 ListingKey=1");
    check(aliases, "id,lst prise,List Price\n1,5,6\n", "alias_twice");
    check(aliases, "id,cost\n1,5\n", "unknown_columns,column_missing");
    check("", "id,price,more\n1,5,6\n", "unknown_columns");
    check("ignore_columns = ['More']", "id,price,more\n1,5,6\n", "Property ListPrice=5 ListingKey=1");
    check("unknown_columns = 'ignore'", "id,price,more\n1,5,6\n", "Property ListPrice=5 ListingKey=1");
    let keep = "unknown_columns = 'keep'";
    check(keep, "id,price,Moorage Pier\n1,5,6\n", "Property ListPrice=5 ListingKey=1 X_MooragePier=6");
    check(keep, "id,price,Dock\n1,5,6\n", "local_field_missing");
    check(keep, "id,price,City\n1,5,Kent\n", "unknown_columns");
    // Objects of JSON leave out what is empty, and bring what nobody named.
    check("", "[{\"id\":1,\"more\":2}]", "Property ListingKey=1");
    check("", "[]", "nothing");
}

#[test]
fn wrong_mappings_are_refused_before_a_row_is_read() {
    let check = |fields: &str, codes: &str, hint: &str| {
        let error = open(&property(fields), "id,c,d\n1,2,3\n").expect_err(fields);
        let found: Vec<_> = error.faults.iter().map(|fault| fault.code).collect();
        assert_eq!((error.code, found.join(",").as_str()), ("mapping_wrong", codes), "{fields}");
        let all: String = error.faults.iter().map(ToString::to_string).collect();
        assert!(all.contains(hint), "{fields}: {all}");
    };
    check("ListPrise = 'c'", "unknown_field", "\"ListPrice\"");
    check("MLNumber = 'c'", "unknown_field", "\"ListingId\"");
    check("City = 'idd'", "column_missing", "Did you mean \"id\"");
    check("City = 'zzzz'\nListPrice = 'yyyy'", "column_missing,column_missing", "id, c, d");
    check("ListingKey = 'c'", "field_twice", "ListingKey has two sources");
    check("City = 5", "setting_wrong", "integer");
    check("City = {}", "sources_wrong", "column, columns, template, constant");
    check("City = { column = 'c', constant = 'x' }", "sources_wrong", "one source");
    check("City = { colunm = 'c' }", "setting_wrong", "colunm");
    check("City = { template = '{c' }", "template_wrong", "brace");
    check("City = { template = 'c}' }", "template_wrong", "brace");
    check("City = { column = 'c', time_zone = 'Moon' }", "time_zone_unknown", "America/Los_Angeles");
    check("ListPrice = { constant = 'much' }", "wrong_type", "much");
    check("ListPrice = { constant = [1, 2] }", "wrong_type", "one value");
    check("ListPrice = { constant = { a = 1 } }", "wrong_type", "table");
    check("StandardStatus = { constant = 'active' }", "not_in_lookup", "\"Active\"");
    check("StandardStatus = { column = 'c', map = { A = 'Actve' } }", "not_in_lookup", "StandardStatus");
    check("StandardStatus = { column = 'c', map = { '*' = 'Sold' } }", "not_in_lookup", "map \"*\"");
    check("BedroomsTotal = { column = 'c', map = { two = 'zwei' } }", "wrong_type", "zwei");

    let check = |text: &str, codes: &str, hint: &str| {
        let error = open(text, "id,c\n1,2\n").expect_err(text);
        let found: Vec<_> = error.faults.iter().map(|fault| fault.code).collect();
        assert_eq!(found.join(","), codes, "{text}: {error:?}");
        assert!(error.faults.iter().any(|fault| fault.to_string().contains(hint)), "{text}: {error:?}");
    };
    let record = "[[record]]\nresource = 'Property'\nkey = '{id}'\n";
    check("name = 'x'", "mapping_syntax", "feed");
    check("name = ", "mapping_syntax", "line 1");
    check(HEAD, "records_wrong", "1 to 16");
    check(&format!("{HEAD}coulmns = 1\n{record}"), "mapping_syntax", "line 4: unknown field `coulmns`");
    check(&format!("name = ''\nfeed = 'T'\n{record}"), "setting_wrong", "name");
    check(&format!("{HEAD}[[record]]\nresource = 'Propertys'\n"), "unknown_resource", "\"Property\"");
    check(&format!("{HEAD}[[record]]\nresource = 'Property'\n"), "key_unmapped", "ListingKey");
    check(&format!("{HEAD}{record}drop_if = [{{ column = 'c' }}]\n"), "condition_wrong", "is, is_not, empty");
    check(&format!("{HEAD}{record}drop_if = [{{ column = 'x', is = '1' }}]\n"), "column_missing", "id, c");
    check(&format!("{HEAD}parse = {{ decimal = ';' }}\n{record}"), "setting_wrong,setting_wrong", "\",\"");
    let long = format!("{HEAD}{record}#{}", "x".repeat(2 << 20));
    check(&long, "mapping_too_large", "1048576");
}

#[test]
fn proposals_name_fields_that_there_are() {
    let headings: Vec<String> =
        ["Beds", "ListPrise", "MLNumber", "CITY", "City2", "Sold Price", "wibble"].map(Into::into).into();
    let found = super::propose(&words(), "Property", &headings, "n", "T").unwrap();
    let check = |heading: &str, field: &str| {
        assert!(found.found.contains(&(heading.into(), field.into())), "{heading}: {:?}", found.found);
    };
    check("Beds", "BedroomsTotal");
    check("ListPrise", "ListPrice");
    check("MLNumber", "ListingId");
    check("CITY", "City");
    check("Sold Price", "ClosePrice");
    assert_eq!(found.unfound, ["City2", "wibble"]);
    assert!(found.mapping.contains("key = \"{feed}-{MLNumber}\""), "{}", found.mapping);
    assert_eq!(super::propose(&words(), "Propertys", &headings, "n", "T").unwrap_err().code, "mapping_wrong");
    for (often, field) in super::propose::OFTEN {
        assert!(words().known("Property").find(field).is_some(), "{often}: no field {field}");
    }
}
