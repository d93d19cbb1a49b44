//! The log as events: whatever is asked of them is what the plain log says.

use serde_json::Value as Json;

use crate::town::Town;

/// One event as the log tells it.
#[derive(Clone, PartialEq, Debug)]
struct Event {
    number: u64,
    resource: String,
    key: String,
}

impl Event {
    fn of(json: &Json) -> Self {
        let text = |name: &str| json[name].as_str().unwrap().to_owned();
        let number = json["EntityEventSequence"].as_u64().unwrap();
        Self { number, resource: text("ResourceName"), key: text("ResourceRecordKey") }
    }
}

/// Follows a question to its end.
async fn walk(town: &Town, options: &str) -> Vec<Event> {
    let mut path = format!("/odata/EntityEvent?{options}");
    let mut events = Vec::new();
    loop {
        let answer = town.get(&path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        let page = answer.json();
        events.extend(page["value"].as_array().unwrap().iter().map(Event::of));
        let Some(next) = page["@odata.nextLink"].as_str() else { return events };
        path = next.strip_prefix("http://127.0.0.1:8700").unwrap().to_owned();
    }
}

/// Everything that an operator's log would tell this client of, read from the store.
async fn log(town: &Town) -> Vec<Event> {
    let changes = town.store.follow(0, 10_000).await.unwrap();
    let told = changes.iter().map(|change| Event {
        number: change.sequence,
        resource: town.dictionary.resource(change.resource).name.to_string(),
        key: change.key.to_string(),
    });
    told.filter(|event| ["Property", "Member", "Media"].contains(&event.resource.as_str())).collect()
}

/// RESO-046, EVT-099
#[tokio::test]
async fn reso_046_every_question_about_events_is_answered_from_the_log() {
    let town = Town::build().await;
    // Changes and a removal: keys with more events than one.
    for round in 0..3 {
        let mut listing = town.listing(5).remove(0);
        let remarks = town.dictionary.known("Property").find("PublicRemarks").unwrap();
        listing.set(remarks, format!("round {round}").as_str());
        town.write("A", vec![listing]).await;
    }
    let all = log(&town).await;
    assert!(all.len() > 90);
    let middle = all[all.len() / 2].number;
    let check = async |filter: &str, expect: &dyn Fn(&Event) -> bool| {
        let mut expected: Vec<Event> = all.iter().filter(|event| expect(event)).cloned().collect();
        let asked = if filter.is_empty() { String::new() } else { format!("$filter={filter}&") };
        assert_eq!(walk(&town, &asked).await, expected, "{filter}");
        let skipped: Vec<Event> = expected.iter().skip(3).take(40).cloned().collect();
        assert_eq!(walk(&town, &format!("{asked}$skip=3&$top=40")).await, skipped, "{filter}, a part");
        let page = town.get(&format!("/odata/EntityEvent?{asked}$count=true&$top=1")).await.json();
        assert_eq!(page["@odata.count"].as_u64(), Some(expected.len() as u64), "{filter}, counted in a page");
        let count = town.get(&format!("/odata/EntityEvent/$count?{asked}")).await.body;
        assert_eq!(count, expected.len().to_string(), "{filter}, counted");
        expected.reverse();
        let newest = format!("{asked}$orderby=EntityEventSequence desc");
        assert_eq!(walk(&town, &newest).await, expected, "{filter}, the newest first");
        let skipped: Vec<Event> = expected.iter().skip(7).take(30).cloned().collect();
        assert_eq!(
            walk(&town, &format!("{newest}&$skip=7&$top=30")).await,
            skipped,
            "{filter}, newest, a part"
        );
        expected.sort_by(|a, b| (&b.key, a.number).cmp(&(&a.key, b.number)));
        let by_key =
            walk(&town, &format!("{asked}$orderby=ResourceRecordKey desc,EntityEventSequence")).await;
        assert_eq!(by_key, expected, "{filter}, by key");
    };
    check("", &|_| true).await;
    check(&format!("EntityEventSequence gt {middle}"), &|e| e.number > middle).await;
    check(&format!("EntityEventSequence ge {middle}"), &|e| e.number >= middle).await;
    check(&format!("EntityEventSequence lt {middle}"), &|e| e.number < middle).await;
    check(&format!("EntityEventSequence le {middle}"), &|e| e.number <= middle).await;
    check(&format!("EntityEventSequence eq {middle}"), &|e| e.number == middle).await;
    check(&format!("EntityEventSequence ne {middle}"), &|e| e.number != middle).await;
    check(&format!("EntityEventSequence in ({middle},1)"), &|e| e.number == middle).await;
    check(&format!("{middle} lt EntityEventSequence"), &|e| e.number > middle).await;
    check("EntityEventSequence gt -5", &|_| true).await;
    check("EntityEventSequence lt 0", &|_| false).await;
    check("EntityEventSequence gt 9223372036854775807", &|_| false).await;
    check("EntityEventSequence lt -9223372036854775808", &|_| false).await;
    check("ResourceName eq 'Property'", &|e| e.resource == "Property").await;
    check("ResourceName ne 'Property'", &|e| e.resource != "Property").await;
    check("ResourceName in ('Media','Member')", &|e| e.resource != "Property").await;
    check("startswith(ResourceName,'Me') and not (ResourceName eq 'Media')", &|e| e.resource == "Member")
        .await;
    check("ResourceName eq 'ClientKey'", &|_| false).await;
    check("ResourceRecordKey eq 'K005'", &|e| e.key == "K005").await;
    check("ResourceRecordKey in ('K005','M1','NONE')", &|e| e.key == "K005" || e.key == "M1").await;
    check(&format!("ResourceRecordKey eq 'K005' and EntityEventSequence gt {middle}"), &|e| {
        e.key == "K005" && e.number > middle
    })
    .await;
    check("ResourceRecordKey eq 'K005' and ResourceRecordKey eq 'K006'", &|_| false).await;
    check("contains(ResourceRecordKey,'7')", &|e| e.key.contains('7')).await;
    check("ResourceName eq 'Media' and endswith(ResourceRecordKey,'-2')", &|e| e.key.ends_with("-2")).await;
    check(&format!("ResourceName eq 'Media' or EntityEventSequence gt {middle}"), &|e| {
        e.resource == "Media" || e.number > middle
    })
    .await;
}
