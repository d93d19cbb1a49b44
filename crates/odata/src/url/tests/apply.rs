//! `$apply`, `$compute` and `$search` as data.

use query::{Method, Transformation};

use super::*;

/// An aggregation in a line; a column is `#` and its number.
pub(super) fn rows(asked: &Aggregated) -> String {
    let resource = WORDS.dictionary.resource(asked.question.resource);
    let told = if asked.records.is_none() { "rows" } else { "records" };
    let mut text = format!("{told} {}", resource.name);
    if let Some((at, _)) = &asked.of {
        text.push_str(&format!(" of one {}", WORDS.dictionary.resource(at.resource).name));
    }
    steps(&asked.question.steps, true, resource, &mut text);
    if let Some(records) = &asked.records {
        text.push_str(&format!(" {}", write_query(records, &WORDS.dictionary)));
    }
    let names: Vec<&str> = asked.shown.iter().map(|number| asked.columns[*number].name.as_str()).collect();
    text.push_str(&format!(" -> {}", names.join(",")));
    if (asked.skip, asked.top, asked.count) != (0, None, false) {
        text.push_str(&format!(" {}/{:?}/{}", asked.skip, asked.top, asked.count));
    }
    text
}

/// Transformations with lines between; whether they leave records.
fn steps(all: &[Transformation], records: bool, resource: &dictionary::Resource, text: &mut String) -> bool {
    let words = &WORDS.dictionary;
    let mut records = records;
    for step in all {
        let term = |expr: &Expr| match expr {
            Expr::Field(field) if !records => format!("#{}", field.field.0),
            Expr::Compare(by, a, b) if !records => match &**a {
                Expr::Field(field) => {
                    format!("#{} {by:?} {}", field.field.0, write_expression(b, words, resource))
                }
                other => format!("{other:?}"),
            },
            other if records => write_expression(other, words, resource),
            other => format!("{other:?}"),
        };
        let terms = |list: &[Expr]| list.iter().map(term).collect::<Vec<_>>().join(",");
        let order =
            |order: &query::Order| format!("{}{}", term(&order.by), if order.descending { "-" } else { "+" });
        text.push_str(" | ");
        match step {
            Transformation::Filter(filter) => text.push_str(&term(filter)),
            Transformation::Compute { from, terms } => {
                text.push_str(&format!("compute {}@{from}", terms.len()));
            }
            Transformation::Group(grouping) => {
                let of = grouping.of.iter().map(|of| {
                    let mut said = match of.method {
                        Method::Count => "count".to_owned(),
                        method => format!("{method:?} {}", term(&of.of)),
                    };
                    for from in &of.from {
                        said.push_str(&format!(" from {} {:?}", terms(&from.by), from.method));
                    }
                    said
                });
                let of: Vec<String> = of.collect();
                text.push_str(&format!("by ({}) {}", terms(&grouping.by), of.join(",")));
                records = false;
            }
            Transformation::Each(each) => {
                text.push_str(&format!("each ({})", terms(&each.by)));
                if let Some(columns) = &each.columns {
                    text.push_str(&format!(" {columns:?}"));
                }
                text.push_str(" {");
                records = steps(&each.steps, records, resource, text);
                text.push_str(" }");
            }
            Transformation::Concat { branches, width } => {
                text.push_str(&format!("concat {width}"));
                let mut left = false;
                for branch in branches {
                    text.push_str(&format!(" {:?}{{", branch.columns));
                    left |= steps(&branch.steps, records, resource, text);
                    text.push_str(" }");
                }
                records = left;
            }
            Transformation::Join(join) => {
                let target = words.resource(join.target);
                let side = |side: &query::Side| match side {
                    query::Side::Own(expr) => write_expression(expr, words, resource),
                    query::Side::Linked(expr) => format!("+{}", write_expression(expr, words, target)),
                };
                let columns: Vec<String> = join.columns.iter().map(side).collect();
                let outer = if join.outer { "outerjoin" } else { "join" };
                let link = &resource.link(join.link).name;
                text.push_str(&format!("{outer} {link} ({}) {}", columns.join(","), join.steps.len()));
                records = false;
            }
            Transformation::Order(terms) => {
                let terms: Vec<String> = terms.iter().map(order).collect();
                text.push_str(&format!("order {}", terms.join(",")));
            }
            Transformation::Skip(skip) => text.push_str(&format!("skip {skip}")),
            Transformation::Top(top) => text.push_str(&format!("top {top}")),
            Transformation::Rank(rank) => {
                text.push_str(&format!("first {:?} {}", rank.most, order(&rank.order)));
            }
        }
    }
    records
}

#[test]
fn reso_027_apply_becomes_groups_and_what_follows() {
    let check = |apply: &str, expect: &str| super::check(&format!("Property?$apply={apply}"), expect);
    check("groupby((City))", "rows Property | by (City)  -> City");
    check(
        "groupby((City),aggregate($count as Listings))",
        "rows Property | by (City) count -> City,Listings",
    );
    check(
        "groupby( ( City , ListAgent/MemberCity ) , aggregate( ListPrice with sum as Total , ListPrice with average as Mean ) )",
        "rows Property | by (City,ListAgent/MemberCity) Sum ListPrice,Average ListPrice -> City,ListAgent/MemberCity,Total,Mean",
    );
    check(
        "aggregate(ListPrice with min as Least,City with max as Last,PostalCode with countdistinct as Zips)",
        "rows Property | by () Min ListPrice,Max City,CountDistinct PostalCode -> Least,Last,Zips",
    );
    check(
        "filter(ListPrice gt 5)/filter(City ne 'x')/groupby((City))",
        "rows Property | ListPrice gt 5 and City ne 'x' | by (City)  -> City",
    );
    check("identity/aggregate($count as N)/identity", "rows Property | by () count -> N");
    check(
        "compute(ListPrice div 2 as Half)/filter(Half gt 5)/aggregate(Half with sum as Halves)",
        "rows Property | ListPrice div 2 gt 5 | by () Sum ListPrice div 2 -> Halves",
    );
    check(
        "compute(year(OnMarketDate) as Year)/groupby((Year),aggregate($count as N))",
        "rows Property | by (year(OnMarketDate)) count -> Year,N",
    );
    check(
        "groupby((City),aggregate($count as N))/filter(N ge 2)/orderby(N desc,City)/skip(1)/top(3)",
        "rows Property | by (City) count | #1 GreaterOrEqual 2.0 | order #1-,#0+ | skip 1 | top 3 -> City,N",
    );
    check(
        "groupby((City,PostalCode),aggregate(ListPrice with sum as T))/groupby((City),aggregate(T with max as Most))",
        "rows Property | by (City,PostalCode) Sum ListPrice | by (#0) Max #2 -> City,Most",
    );
    check(
        "groupby((ListAgent/MemberCity),aggregate($count as N))/compute(N mul 2 as Twice)/groupby((ListAgent/MemberCity,Twice))",
        "rows Property | by (ListAgent/MemberCity) count | compute 1@2 | by (#0,#2)  -> ListAgent/MemberCity,Twice",
    );
    check(
        "groupby((City),aggregate($count as N))&$filter=N gt 1&$orderby=N desc&$skip=2&$top=5&$count=true&$select=N",
        "rows Property | by (City) count | #1 Greater 1.0 | order #1- -> N 2/Some(5)/true",
    );
    check(
        "groupby((City),aggregate($count as N))&$compute=N mul 2 as Twice&$orderby=Twice",
        "rows Property | by (City) count | compute 1@2 | order #2+ -> City,N,Twice",
    );
    // Records that are only filtered stay records.
    check("filter(ListPrice gt 5)&$top=1", "collection Property $filter=ListPrice gt 5&$top=1");
}

#[test]
fn reso_027_sequences_are_put_one_after_the_other() {
    let check = |apply: &str, expect: &str| super::check(&format!("Property?$apply={apply}"), expect);
    check(
        "concat(groupby((City),aggregate($count as N)),aggregate(ListPrice with sum as Total,$count as N))",
        "rows Property | concat 3 [0, 1]{ | by (City) count } [2, 1]{ | by () Sum ListPrice,count } -> City,N,Total",
    );
    check(
        "filter(ListPrice gt 5)/concat( topcount(2,ListPrice) , aggregate(ListPrice with average as Mean) )&$count=true&$select=ListPrice,Mean",
        "records Property | ListPrice gt 5 | concat 1 []{ | first Count(2) ListPrice- } [0]{ | by () Average ListPrice } $select=ListPrice -> Mean 0/None/true",
    );
    check(
        "concat(identity,top(1))/groupby((City))",
        "rows Property | concat 0 []{ } []{ | top 1 } | by (City)  -> City",
    );
    check(
        "groupby((City),aggregate($count as N))/concat(topcount(1,N),compute(N mul 2 as M)/bottomcount(1,M))/filter(M gt 1)",
        "rows Property | by (City) count | concat 3 [0, 1]{ | first Count(1) #1- } [0, 1, 2]{ | compute 1@2 | first Count(1) #2+ } | #2 Greater 1 -> City,N,M",
    );
    check(
        "concat(concat(identity,aggregate($count as N)),aggregate($count as N))/skip(1)/top(2)",
        "records Property | concat 1 [0]{ | concat 1 []{ } [0]{ | by () count } } [0]{ | by () count } | skip 1 | top 2  -> N",
    );
}

#[test]
fn reso_027_the_first_by_rank_are_left() {
    let check = |apply: &str, expect: &str| super::check(&format!("Property?$apply={apply}"), expect);
    check("topcount(2,ListPrice)", "records Property | first Count(2) ListPrice-  ->");
    check(
        "bottompercent(50,ListPrice)&$filter=City eq 'x'&$orderby=City&$top=3&$select=City&$expand=Media($top=1)",
        "records Property | first Percent(50) ListPrice+ | City eq 'x' | order City+ $select=City&$expand=Media($top=1) ->  0/Some(3)/false",
    );
    check(
        "compute(ListPrice div 2 as Half)/topsum(1000.5,Half)",
        "records Property | first Sum(1000.5) ListPrice div 2- $compute=ListPrice%20div%202%20as%20Half ->",
    );
    check("orderby(City)/skip(1)/top(2)", "records Property | order City+ | skip 1 | top 2  ->");
    check("top(2)/aggregate($count as N)", "rows Property | top 2 | by () count -> N");
    check(
        "groupby((City),aggregate($count as N))/bottomsum(9,N)",
        "rows Property | by (City) count | first Sum(9) #1+ -> City,N",
    );
}

#[test]
fn reso_027_something_is_done_with_each_group() {
    let check = |apply: &str, expect: &str| super::check(&format!("Property?$apply={apply}"), expect);
    check(
        "groupby((City),topcount(1,ListPrice))",
        "records Property | each (City) { | first Count(1) ListPrice- }  ->",
    );
    check(
        "groupby((City),filter(ListPrice gt 5)/aggregate($count as N))",
        "rows Property | each (City) [1] { | ListPrice gt 5 | by () count } -> City,N",
    );
    check(
        "groupby((City,PostalCode),aggregate($count as N))/groupby((City),topcount(1,N))",
        "rows Property | by (City,PostalCode) count | each (#0) { | first Count(1) #2- } -> City,PostalCode,N",
    );
    check(
        "groupby((City),groupby((PostalCode,City),aggregate($count as N))/top(1))",
        "rows Property | each (City) [1, 0, 2] { | by (PostalCode,City) count | top 1 } -> City,PostalCode,N",
    );
    check(
        "groupby((City),concat(aggregate($count as N),aggregate(ListPrice with max as Most)))",
        "rows Property | each (City) [1, 2] { | concat 2 [0]{ | by () count } [1]{ | by () Max ListPrice } } -> City,N,Most",
    );
}

#[test]
fn reso_027_levels_are_rolled_up() {
    let check = |apply: &str, expect: &str| super::check(&format!("Property?$apply={apply}"), expect);
    check(
        "groupby((rollup(City,PostalCode)),aggregate($count as N))",
        "rows Property | concat 3 [0, 1, 2]{ | by (City,PostalCode) count } [0, 2]{ | by (City) count } -> City,PostalCode,N",
    );
    check(
        "groupby((rollup($all,City),StandardStatus),aggregate($count as N))",
        "rows Property | concat 3 [0, 1, 2]{ | by (City,StandardStatus) count } [1, 2]{ | by (StandardStatus) count } -> City,StandardStatus,N",
    );
    check(
        "groupby((rollup($all,City)),topcount(1,ListPrice))",
        "records Property | concat 0 []{ | each (City) { | first Count(1) ListPrice- } } []{ | first Count(1) ListPrice- }  ->",
    );
    check(
        "groupby((rollup($all,City),rollup($all,PostalCode)))",
        "rows Property | concat 2 [0, 1]{ | by (City,PostalCode)  } [0]{ | by (City)  } [1]{ | by (PostalCode)  } []{ | by ()  } -> City,PostalCode",
    );
}

/// A row of a join has the columns that are named after it, in the order in which they are.
#[test]
fn reso_027_records_are_joined_with_those_they_link_to() {
    let check = |apply: &str, expect: &str| super::check(&format!("Property?$apply={apply}"), expect);
    check(
        "join(Media as M)/groupby((M/MediaCategory,City),aggregate($count as N,M/Order with max as Most))",
        "rows Property | join Media (+MediaCategory,City,+Order) 0 | by (#0,#1) count,Max #2 -> M/MediaCategory,City,N,Most",
    );
    check(
        "filter(ListPrice gt 5)/compute(ListPrice div 2 as Half)/outerjoin(Media as M,filter(Order eq 0)/top(1))/filter(M/Order gt 1)/compute(Half mul 2 as W)/groupby((ListAgent/MemberCity,W),aggregate(Half with sum as S))/topcount(1,S)",
        "rows Property | ListPrice gt 5 | outerjoin Media (+Order,ListPrice div 2,ListAgent/MemberCity) 2 | #0 Greater 1 | compute 1@3 | by (#2,#3) Sum #1 | first Count(1) #2- -> ListAgent/MemberCity,W,S",
    );
    check(
        "concat(join(Media as M)/aggregate(M/Order with sum as A),join(Media as M)/groupby((City)))",
        "rows Property | concat 2 [0]{ | join Media (+Order) 0 | by () Sum #0 } [1]{ | join Media (City) 0 | by (#0)  } -> A,City",
    );
    check(
        "join(Media as M)/groupby((City),topcount(1,M/Order))/aggregate($count as N)",
        "rows Property | join Media (City,+Order) 0 | each (#0) { | first Count(1) #1- } | by () count -> N",
    );
    check("join(Media as M)/aggregate($count as N)", "rows Property | join Media () 0 | by () count -> N");
}

/// RESO-027: of the records that one links to.
#[test]
fn reso_027_linked_records_are_aggregated() {
    check(
        "Property('K')/Media?$apply=groupby((MediaCategory),aggregate($count as N))&$top=1",
        "rows Media of one Property | by (MediaCategory) count -> MediaCategory,N 0/Some(1)/false",
    );
    check(
        "Property('K')/Media?$apply=filter(Order gt 1)",
        "linked Property(\"K\")/Media Media $filter=Order gt 1",
    );
}

#[test]
fn reso_027_what_was_aggregated_is_aggregated_again() {
    let check = |apply: &str, expect: &str| super::check(&format!("Property?$apply={apply}"), expect);
    check(
        "aggregate(ListPrice with sum from City with average as Mean)",
        "rows Property | by () Sum ListPrice from City Average -> Mean",
    );
    check(
        "groupby((StandardStatus),aggregate($count from City,PostalCode with max from City with sum as N))",
        "rows Property | by (StandardStatus) count from City,PostalCode Max from City Sum -> StandardStatus,N",
    );
    refuse("Property?$apply=aggregate(^City with max from PostalCode with sum as N)", "400 wrong_type");
    refuse("Property?$apply=aggregate($count from City ^as N)", "400 syntax");
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
    refuse("Property/$count?^$compute=1 add 1 as A", "400 option_not_here");
    refuse("Property('K')/ListPrice?^$compute=1 add 1 as A", "400 option_not_here");
}

/// RESO-027: of one record, of linked records and inside `$expand`, wherever it stands there.
#[test]
fn reso_027_what_is_computed_belongs_to_its_level() {
    check(
        "Property('K')?$compute=ListPrice div 2 as Half&$select=City,Half",
        "entity Property(\"K\") Property $compute=ListPrice div 2 as Half&$select=City,Half",
    );
    check(
        "Property('K')/Media?$compute=Order mul 2 as Twice&$filter=Twice gt 2",
        "linked Property(\"K\")/Media Media $compute=Order mul 2 as Twice&$filter=Order mul 2 gt 2",
    );
    check(
        "Property?$expand=Media($select=MediaURL,Twice;$filter=Twice gt 2;$compute=Order mul 2 as Twice)",
        "collection Property $expand=Media($compute=Order mul 2 as Twice;$filter=Order mul 2 gt 2;$select=MediaURL,Twice)",
    );
    check(
        "Property?$expand=ListAgent( compute = concat(MemberCity,';)') as A,A as B ; $select=B )&$compute=1 as A",
        "collection Property $compute=1 as A&$expand=ListAgent($compute=concat(MemberCity,';)') as B;$select=B)",
    );
    check(
        "Property?$expand=ListAgent($expand=Office($compute=1 as A;$select=A);$compute=2 as A)",
        "collection Property $expand=ListAgent($compute=2 as A;$expand=Office($compute=1 as A;$select=A))",
    );
    refuse("Property?$expand=ListAgent($expand=Office($compute=1 as A);$select=^A)", "400 unknown_field");
    refuse("Property?$expand=Media($select=^A)&$compute=1 as A", "400 unknown_field");
    refuse("Property?$expand=Media($compute=1 as ^Order)", "400 name_taken");
    refuse("Property?$expand=Media($compute=1 as A;^$compute=2 as B)", "400 duplicate_option");
    refuse("Property?$expand=Media/$count(^$compute=1 as A)", "400 option_not_here");
    refuse("Property?$expand=Media($compute=1 as A^", "400 syntax");
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
    wrong("concat(identity^)", "400 syntax");
    wrong("concat(identity,identity^", "400 syntax");
    wrong("topcount(2^)", "400 syntax");
    wrong("topcount(^0,ListPrice)", "400 out_of_range");
    wrong("topcount(^1.5,ListPrice)", "400 out_of_range");
    wrong("toppercent(^101,ListPrice)", "400 out_of_range");
    wrong("topcount(^'a',ListPrice)", "400 wrong_type");
    wrong("topsum(5,^City)", "400 wrong_type");
    wrong("topcount(5,^Appliances)", "400 wrong_type");
    wrong("groupby((rollup($all^)))", "400 syntax");
    wrong("groupby((rollup(City,City^)))", "400 duplicate_option");
    wrong("concat(aggregate($count as N),aggregate(City with max as N)^)", "400 name_taken");
    wrong("concat(compute(1 as A)/aggregate(A with sum as N),filter(^A gt 1))", "400 unknown_field");
    let levels =
        "rollup($all,City,PostalCode,StandardStatus),rollup($all,ListPrice,BedroomsTotal,LivingArea)";
    wrong(&format!("groupby(({levels}),aggregate($count as N)/filter(N gt 1)^)"), "400 too_many");
    // RESO-003: by name.
    wrong("^nest(identity as All)", "501 not_supported");
    wrong("^join(Media as M)", "501 not_supported");
    wrong("^join(Media as M)/filter(M/Order gt 1)/top(2)", "501 not_supported");
    wrong("concat(^join(Media as M),top(1))", "501 not_supported");
    wrong("groupby((City))/^join(Media as M)", "501 not_supported");
    wrong("join(Media as M,^aggregate($count as N))/aggregate($count as N)", "501 not_supported");
    wrong("join(Media as M)/filter(^Rooms/any() and true)/aggregate($count as N)", "501 not_supported");
    wrong("join(^ListAgent as M)", "400 wrong_type");
    wrong("join(^City as M)", "400 unknown_field");
    wrong("join(Media as ^City)", "400 name_taken");
    wrong("join(Media^)", "400 syntax");
    wrong("join(Media as M)/groupby((M/^Nothing))", "400 unknown_field");
    wrong("join(Media as M)/groupby((^Order))", "400 unknown_field");
    wrong("join(Media as M)/groupby((City))/filter(^M/Order gt 1)", "400 unknown_field");
    wrong("groupby((^rollup(City)))", "501 not_supported");
    wrong("groupby((^rolluprecursive($root/Property,H,City)))", "501 not_supported");
    wrong("topcount(^1 add 1,ListPrice)", "501 not_supported");
    wrong("concat(identity,aggregate($count as N))/^filter(N gt 1)", "501 not_supported");
    wrong("concat(^compute(ListPrice mul 2 as A)/topcount(1,A),top(1))", "501 not_supported");
    wrong("aggregate(ListPrice with ^Custom.method as N)", "501 not_supported");
    refuse("Property('K')?^$apply=identity", "400 option_not_here");
    refuse("Property('K')/Media/$count?^$apply=identity", "400 option_not_here");
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
