//! Agents and offices.

use crate::town::{Town, now, sleep};

async fn town() -> Town {
    let town = Town::build().await;
    for n in 0..5 {
        sleep(60);
        let (key, office) = (format!("M{n}"), format!("O{}", n % 2));
        let agent =
            town.record("Member", &[("MemberKey", &key), ("MemberMlsId", &key), ("OfficeMlsId", &office)]);
        let office = town.record("Office", &[("OfficeKey", &key), ("OfficeMlsId", &key)]);
        town.write("GAMLS", vec![agent, office]).await;
    }
    town
}

/// PAR-132: today's, a thousand a page, with where the next page is.
#[tokio::test]
async fn par_132_agents_and_offices_by_when_they_changed() {
    let town = town().await;
    for (path, expect) in [
        ("GetAgents?FeedId=GAMLS", (5, 5, None)),
        ("GetOffices?FeedId=GAMLS", (5, 5, None)),
        ("GetAgents?FeedId=GAMLS&PageSize=2", (5, 2, Some(2))),
        ("GetAgents?FeedId=GAMLS&PageSize=2&Page=2", (5, 2, Some(3))),
        ("GetAgents?FeedId=GAMLS&PageSize=2&Page=3", (5, 1, None)),
        ("GetOffices?FeedId=GAMLS&PageSize=2&Page=3", (5, 1, None)),
        ("GetAgents?FeedId=NWMLS", (0, 0, None)),
        ("GetAgents?FeedId=XMLS", (0, 0, None)),
        ("GetAgents?FeedId=GAMLS&FromUpdatedDate=2026-11-23T12:02:00", (4, 4, None)),
        (
            "GetAgents?FeedId=GAMLS&FromUpdatedDate=2026-11-23T12:02:00&ToUpdatedDate=2026-11-23T12:03:00",
            (2, 2, None),
        ),
        ("GetAgents?FeedId=GAMLS&OfficeId=O1", (2, 2, None)),
        ("GetAgents?FeedId=GAMLS&AgentId=M4&OfficeId=O0", (1, 1, None)),
        ("GetOffices?FeedId=GAMLS&OfficeId=M3", (1, 1, None)),
    ] {
        let answer = town.get(path).await;
        let json = answer.json();
        let told =
            (json["Total"].as_u64().unwrap(), json["Count"].as_u64().unwrap(), json["NextPage"].as_u64());
        assert_eq!(told, expect, "{path}: {}", answer.body);
        assert_eq!(json["Results"].as_array().unwrap().len() as u64, told.1);
    }
    sleep(86_400);
    let total = async |path: &str| town.get(path).await.json()["Total"].as_u64();
    assert_eq!(total("GetAgents?FeedId=GAMLS").await, Some(0), "yesterday's are not today's");
    assert_eq!(total("GetAgents?FeedId=GAMLS&AgentId=M1").await, Some(1), "item 13");
    assert_eq!(total("GetAgents?FeedId=GAMLS&AgentId=M1&FromUpdatedDate=2026-11-24").await, Some(0));
    for (path, field) in [
        ("GetAgents", "FeedId"),
        ("GetAgents?FeedId=GAMLS&Page=0", "Page"),
        ("GetOffices?FeedId=GAMLS&PageSize=1001", "PageSize"),
        ("GetAgents?FeedId=GAMLS&FromUpdatedDate=yesterday", "FromUpdatedDate"),
        ("GetOffices?FeedId=GAMLS&FromUpdatedDate=2026-11-25&ToUpdatedDate=2026-11-24", "FromUpdatedDate"),
    ] {
        assert!(town.get(path).await.errors().contains_key(field), "{path}");
    }
}

/// Item 13: a client that wants the document to the letter has a date window for one agent, too.
#[tokio::test]
async fn par_132_to_the_letter_one_agent_is_dated_too() {
    let mut town = town().await;
    town.client("strict", &[("GAMLS", gate::Class::Participant)]).await;
    let strict = town.record(
        "Client",
        &[("ClientId", "strict"), ("ClientStatus", "Active"), ("PartnerDeviations", "strict_agent_dates")],
    );
    town.write("freehold", vec![strict]).await;
    sleep(86_400);
    let total = async |client: &str| {
        town.get_as(client, "GetAgents?FeedId=GAMLS&AgentId=M1").await.json()["Total"].as_u64()
    };
    assert_eq!((total("strict").await, total("KW").await), (Some(0), Some(1)));
}

/// PAR-133: pages stay what page 1 found, while others write.
#[tokio::test]
async fn par_133_pages_stay_what_the_first_one_found() {
    let town = town().await;
    let first = town.get("GetAgents?FeedId=GAMLS&PageSize=2").await;
    assert_eq!(first.header("x-to-date"), now().to_string());
    sleep(1);
    let changed =
        town.record("Member", &[("MemberKey", "M0"), ("MemberMlsId", "M0"), ("MemberFirstName", "Ada")]);
    let new = town.record("Member", &[("MemberKey", "M9"), ("MemberMlsId", "M9")]);
    town.write("GAMLS", vec![changed, new]).await;
    let mut all = first.members("AgentId");
    for page in 2..=3 {
        all.extend(
            town.get(&format!("GetAgents?FeedId=GAMLS&PageSize=2&Page={page}")).await.members("AgentId"),
        );
    }
    assert_eq!(all, ["M0", "M1", "M2", "M3", "M4"], "none is missed and none comes twice");
}
