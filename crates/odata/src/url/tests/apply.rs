//! `$apply`, `$compute` and `$search` as data.

use query::{Method, Transformation};

use super::*;

/// An aggregation in a line; a column is `#` and its number.
pub(super) fn rows(asked: &Aggregated) -> String {
    let words = &WORDS.dictionary;
    let question = &asked.question;
    let resource = words.resource(question.resource);
    let field = |expr: &Expr| write_expression(expr, words, resource);
    let column = |expr: &Expr| match expr {
        Expr::Field(field) => format!("#{}", field.field.0),
        other => format!("{other:?}"),
    };
    let grouping = |grouping: &query::Grouping, term: &dyn Fn(&Expr) -> String| {
        let by: Vec<String> = grouping.by.iter().map(term).collect();
        let of = grouping.of.iter().map(|of| match of.method {
            Method::Count => "count".to_owned(),
            method => format!("{method:?} {}", term(&of.of)),
        });
        format!("({}) {}", by.join(","), of.collect::<Vec<_>>().join(","))
    };
    let mut text = format!("rows {}", resource.name);
    if let Some(filter) = &question.filter {
        text.push_str(&format!(" of {}", field(filter)));
    }
    text.push_str(&format!(" by {}", grouping(&question.grouping, &field)));
    for step in &question.then {
        text.push_str(&match step {
            Transformation::Filter(Expr::Compare(by, a, b)) => {
                format!(" | {} {by:?} {}", column(a), field(b))
            }
            Transformation::Filter(other) => format!(" | {other:?}"),
            Transformation::Compute(terms) => format!(" | compute {}", terms.len()),
            Transformation::Group(again) => format!(" | by {}", grouping(again, &column)),
            Transformation::Order(order) => {
                let terms = order
                    .iter()
                    .map(|o| format!("{}{}", column(&o.by), if o.descending { "-" } else { "+" }));
                format!(" | order {}", terms.collect::<Vec<_>>().join(","))
            }
            Transformation::Skip(skip) => format!(" | skip {skip}"),
            Transformation::Top(top) => format!(" | top {top}"),
        });
    }
    let names: Vec<&str> = asked.shown.iter().map(|number| asked.columns[*number].name.as_str()).collect();
    text.push_str(&format!(" -> {}", names.join(",")));
    if (asked.skip, asked.top, asked.count) != (0, None, false) {
        text.push_str(&format!(" {}/{:?}/{}", asked.skip, asked.top, asked.count));
    }
    text
}

#[test]
fn reso_027_apply_becomes_groups_and_what_follows() {
    let check = |apply: &str, expect: &str| super::check(&format!("Property?$apply={apply}"), expect);
    check("groupby((City))", "rows Property by (City)  -> City");
    check("groupby((City),aggregate($count as Listings))", "rows Property by (City) count -> City,Listings");
    check(
        "groupby( ( City , ListAgent/MemberCity ) , aggregate( ListPrice with sum as Total , ListPrice with average as Mean ) )",
        "rows Property by (City,ListAgent/MemberCity) Sum ListPrice,Average ListPrice -> City,ListAgent/MemberCity,Total,Mean",
    );
    check(
        "aggregate(ListPrice with min as Least,City with max as Last,PostalCode with countdistinct as Zips)",
        "rows Property by () Min ListPrice,Max City,CountDistinct PostalCode -> Least,Last,Zips",
    );
    check(
        "filter(ListPrice gt 5)/filter(City ne 'x')/groupby((City))",
        "rows Property of ListPrice gt 5 and City ne 'x' by (City)  -> City",
    );
    check("identity/aggregate($count as N)/identity", "rows Property by () count -> N");
    check(
        "compute(ListPrice div 2 as Half)/filter(Half gt 5)/aggregate(Half with sum as Halves)",
        "rows Property of ListPrice div 2 gt 5 by () Sum ListPrice div 2 -> Halves",
    );
    check(
        "compute(year(OnMarketDate) as Year)/groupby((Year),aggregate($count as N))",
        "rows Property by (year(OnMarketDate)) count -> Year,N",
    );
    check(
        "groupby((City),aggregate($count as N))/filter(N ge 2)/orderby(N desc,City)/skip(1)/top(3)",
        "rows Property by (City) count | #1 GreaterOrEqual 2.0 | order #1-,#0+ | skip 1 | top 3 -> City,N",
    );
    check(
        "groupby((City,PostalCode),aggregate(ListPrice with sum as T))/groupby((City),aggregate(T with max as Most))",
        "rows Property by (City,PostalCode) Sum ListPrice | by (#0) Max #2 -> City,Most",
    );
    check(
        "groupby((ListAgent/MemberCity),aggregate($count as N))/compute(N mul 2 as Twice)/groupby((ListAgent/MemberCity,Twice))",
        "rows Property by (ListAgent/MemberCity) count | compute 1 | by (#0,#2)  -> ListAgent/MemberCity,Twice",
    );
    check(
        "groupby((City),aggregate($count as N))&$filter=N gt 1&$orderby=N desc&$skip=2&$top=5&$count=true&$select=N",
        "rows Property by (City) count | #1 Greater 1.0 | order #1- -> N 2/Some(5)/true",
    );
    check(
        "groupby((City),aggregate($count as N))&$compute=N mul 2 as Twice&$orderby=Twice",
        "rows Property by (City) count | compute 1 | order #2+ -> City,N,Twice",
    );
    // Records that are only filtered stay records.
    check("filter(ListPrice gt 5)&$top=1", "collection Property $filter=ListPrice gt 5&$top=1");
}

#[test]
fn reso_027_computed_names_stand_for_what_they_are_computed_of() {
    check(
        "Property?$compute=ListPrice div LivingArea as PerFoot&$filter=PerFoot gt 100&$orderby=PerFoot desc&$select=City,PerFoot",
        "collection Property $compute=ListPrice div LivingArea as PerFoot&$filter=ListPrice div LivingArea gt 100&$orderby=ListPrice div LivingArea desc&$select=City,PerFoot",
    );
    check(
        "Property?$select=Twice&$compute=ListPrice mul 2 as Twice,Twice mul 2 as Four",
        "collection Property $compute=ListPrice mul 2 as Twice&$select=Twice",
    );
    check(
        "Property?$compute=year(OnMarketDate) as Year&$filter=Year eq 2026",
        "collection Property $compute=year(OnMarketDate) as Year&$filter=year(OnMarketDate) eq 2026",
    );
    refuse("Property?$compute=ListPrice mul 2 as ^City", "400 name_taken");
    refuse("Property?$compute=ListPrice mul 2 as A,ListPrice mul 3 as ^A", "400 name_taken");
    refuse("Property?$compute=ListPrice mul 2^", "400 syntax");
    refuse("Property?$compute=ListPrice mul 2 as ^", "400 syntax");
    refuse("Property?$compute=ListPrice mul 2 as A&$filter=^B gt 1", "400 unknown_field");
    refuse("Property('K')?^$compute=1 add 1 as A", "400 option_not_here");
    refuse("Property('K')/Media?^$compute=1 add 1 as A", "501 not_supported");
}

#[test]
fn what_is_computed_and_searched_for_is_written_and_read_again() {
    let check = |options: &str| {
        let query = query_of(&format!("Property?{options}"), &reading());
        let again = write_query(&query, &WORDS.dictionary);
        assert_eq!(query_of(&format!("Property?{again}"), &reading()), query, "{options} as {again}");
    };
    check("$compute=ListPrice div LivingArea as PerFoot&$filter=PerFoot gt 100&$select=City,PerFoot");
    check("$compute=1 add 2 as Three&$select=Three");
    check("$compute=year(OnMarketDate) as Year,'x' as X");
    check("$search=lake NOT (%22dark green%22 OR brand-new)");
    check("$apply=filter(City eq 'x')/compute(ListPrice mul 2 as Twice)/filter(Twice gt 5)");
}

#[test]
fn what_names_stand_for_has_a_bound() {
    let mut terms = vec!["ListPrice add 1 as A0".to_owned()];
    terms.extend((1..32).map(|n| format!("A{} add A{} as A{n}", n - 1, n - 1)));
    let fault = ask(&format!("Property?$compute={}", terms.join(",")), &reading()).unwrap_err();
    assert_eq!(fault.code, "too_many", "{fault:?}");
    let many: Vec<String> = (0..40).map(|n| format!("1 add {n} as A{n}")).collect();
    assert_eq!(
        ask(&format!("Property?$compute={}", many.join(",")), &reading()).unwrap_err().code,
        "too_many"
    );
    let steps = vec!["identity"; 40].join("/");
    assert_eq!(ask(&format!("Property?$apply={steps}"), &reading()).unwrap_err().code, "too_many");
}

#[test]
fn reso_027_what_apply_does_not_take_is_told_with_its_place() {
    let wrong = |apply: &str, expect: &str| refuse(&format!("Property?$apply={apply}"), expect);
    wrong("^", "400 syntax");
    wrong("^sum(ListPrice)", "400 syntax");
    wrong("aggregate(ListPrice with sum^)", "400 syntax");
    wrong("aggregate(ListPrice ^as Total)", "400 syntax");
    wrong("aggregate(^)", "400 syntax");
    wrong("aggregate(ListPrice with ^total as Total)", "400 unknown_method");
    wrong("aggregate(^City with sum as Total)", "400 wrong_type");
    wrong("aggregate(^Appliances with countdistinct as N)", "400 wrong_type");
    wrong("aggregate(^Nonsense with sum as N)", "400 unknown_field");
    wrong("aggregate(ListPrice with sum as ^City)", "400 name_taken");
    wrong("groupby((^Nonsense))", "400 unknown_field");
    wrong("groupby((^Appliances))", "400 wrong_type");
    wrong("groupby((^ListAgent))", "400 wrong_type");
    wrong("groupby(^City)", "400 syntax");
    wrong("groupby((City)^", "400 syntax");
    wrong("groupby((City))/filter(^ListPrice gt 1)", "400 unknown_field");
    wrong("groupby((City))/filter(City gt ^1)", "400 wrong_type");
    wrong("groupby((City))&$orderby=^ListPrice", "400 unknown_field");
    wrong("groupby((City))&$select=^ListPrice", "400 unknown_field");
    wrong("groupby((City))&$expand=^Media", "400 option_not_here");
    // RESO-003: by name.
    wrong("^concat(identity,identity)", "501 not_supported");
    wrong("^topcount(2,ListPrice)", "501 not_supported");
    wrong("^top(2)/aggregate($count as N)", "501 not_supported");
    wrong("groupby((^rollup(City,PostalCode)))", "501 not_supported");
    wrong("groupby((City),^filter(true))", "501 not_supported");
    wrong("aggregate(ListPrice with ^Custom.method as N)", "501 not_supported");
    wrong("aggregate(ListPrice with sum ^from City with max as N)", "501 not_supported");
    refuse("Property('K')/Media?^$apply=identity", "501 not_supported");
    refuse("Property?$expand=Media(^$apply=identity)", "501 not_supported");
}

#[test]
fn reso_027_search_finds_words_and_phrases() {
    let filter = |search: &str| query_of(&format!("Member?$search={search}"), &reading()).filter.unwrap();
    let check = |search: &str, expect: &str| {
        let words = &WORDS.dictionary;
        let text = write_expression(&filter(search), words, words.known("Member"));
        let text = text
            .replace("MemberFullName ne null and freehold.mentions(MemberFullName,", "name(")
            .replace("MemberCity ne null and freehold.mentions(MemberCity,", "city(");
        assert_eq!(text, expect, "{search}");
    };
    check("lake", "name('lake') or city('lake')");
    check("%22dark green%22", "name('\"dark green\"') or city('\"dark green\"')");
    check("brand-new", "name('\"brand-new\"') or city('\"brand-new\"')");
    check("NOT lake", "not (name('lake') or city('lake'))");
    check("a b", "(name('a') or city('a')) and (name('b') or city('b'))");
    assert_eq!(filter("a AND b"), filter("a b"));
    assert_eq!(filter("a OR b c"), filter("a OR (b AND c)"));
    assert_ne!(filter("(a OR b) c"), filter("a OR b c"));
    assert_eq!(filter("a NOT b"), filter("a AND (NOT b)"));
    // At the end it is a word.
    assert_ne!(filter("lake AND"), filter("lake"));
    let both = query_of("Member?$search=a&$filter=MemberCity eq 'x'", &reading()).filter.unwrap();
    assert!(matches!(both, Expr::And(all) if all.len() == 2));
    refuse("Member?$search=^", "400 syntax");
    refuse("Member?$search=^\"open", "400 syntax");
    refuse("Member?$search=(a^", "400 syntax");
    refuse("Member?$search=a OR (^)", "400 syntax");
    refuse("Member?$search=^--", "400 no_word");
    // RESO-003: what holds no text that people read.
    refuse("Lookup?$search=^a", "501 not_supported");
}
