//! What somebody of an association should look at.

use serde_json::{Value as Json, json};

use crate::people::client;
use crate::town::{GULF, MEMBERS, OFFICES, Town, pass};

/// The alerts of a tenant, each as code, what it is about, how often, and whether it is over.
async fn alerts(town: &Town, path: &str) -> Vec<String> {
    let told = town.get(&town.operator, path).await.json();
    let one = |alert: &Json| {
        let text = |name: &str| alert[name].as_str().unwrap().to_owned();
        let over = if alert["resolved"].is_null() { "stands" } else { "over" };
        format!("{} {} {} {over}", text("code"), text("about"), alert["count"])
    };
    told["items"].as_array().unwrap().iter().map(one).collect()
}

/// The members with a board each, so that nothing is to be said of boards.
fn members() -> String {
    let mut lines = MEMBERS.lines();
    let heading = format!("OriginatingSystemID,{}\n", lines.next().unwrap());
    lines.fold(heading, |all, line| format!("{all}board,{line}\n"))
}

/// LBX-068: a file that cannot be imported raises an alert, and one that can ends it.
#[tokio::test]
async fn lbx_068_a_fault_is_an_alert_until_an_import_is_applied() {
    let town = Town::build().await;
    let path = format!("{GULF}/alerts");
    assert_eq!(alerts(&town, &path).await, [""; 0]);
    let id = |batch: &Json| batch["id"].as_str().unwrap().to_owned();
    let first = town.import("members", "full", "MEMBERMLSID\n").await;
    assert_eq!(alerts(&town, &path).await, [format!("import_failed {} 1 stands", id(&first))]);
    let told = town.get(&town.operator, &path).await.json();
    let text = told["items"][0]["text"].as_str().unwrap();
    assert!(text.contains(first["fault"]["message"].as_str().unwrap()), "{text}");
    // The same again is the same alert; another part's is another.
    pass(60);
    let again = town.import("members", "full", "MEMBERMLSID\n").await;
    let expect = format!("import_failed {} 2 stands", id(&again));
    assert_eq!(alerts(&town, &path).await, std::slice::from_ref(&expect));
    assert_eq!(
        told["items"][0]["raised"],
        town.get(&town.operator, &path).await.json()["items"][0]["raised"]
    );
    pass(60);
    let offices = OFFICES.replace("OFFICEMLSID", "Nothing");
    let offices = town.import("offices", "full", &offices).await;
    assert_eq!(alerts(&town, &path).await, [format!("import_failed {} 1 stands", id(&offices)), expect]);
    // What is applied ends those of its part, in its environment alone.
    town.import_to("/lockbox/staging/tenants/gulf", "members", "full", ("m.csv", &members())).await;
    assert_eq!(alerts(&town, &path).await.len(), 2);
    assert_eq!(alerts(&town, "/lockbox/staging/tenants/gulf/alerts").await, [""; 0]);
    assert_eq!(
        town.import("members", "full", &members().replace("@gulf", "@home")).await["status"],
        "Applied"
    );
    let over = format!("import_failed {} 2 over", id(&again));
    let stands = format!("import_failed {} 1 stands", id(&offices));
    assert_eq!(alerts(&town, &path).await, [stands.clone(), over]);
    assert_eq!(alerts(&town, &format!("{path}?standing=true")).await, [stands]);
    assert_eq!(town.get(&town.operator, &format!("{path}?standing=perhaps")).await.status, 400);

    // They are records of Alert, the keys of which begin with the tenant and a point.
    let own = town.dictionary.known("Alert");
    for record in town.records("Alert", store::OWN_FEED).await {
        assert!(own.key_of(&record).unwrap().starts_with("gulf."));
    }
    // Who reads the tenant reads them, and nobody else.
    let check = async |role: &str, status: u16| {
        let key = client(&town, role, role, None).await;
        assert_eq!(town.get(&key, &path).await.status.as_u16(), status, "{role}");
    };
    check("Administrator", 200).await;
    check("Staff", 200).await;
    check("Vendor", 200).await;
    assert_eq!(town.get(&town.nobody, &path).await.status, 404);
    assert_eq!(alerts(&town, "/lockbox/production/tenants/bay/alerts").await, [""; 0]);
}

/// LBX-067: what stands at the gate is an alert of its own until somebody has decided.
#[tokio::test]
async fn lbx_067_the_gate_is_an_alert_until_somebody_has_decided() {
    let town = Town::build().await;
    let path = format!("{GULF}/alerts");
    let offices = |count: usize| {
        let heading = "OriginatingSystemID,OfficeMlsId,OfficeName,OfficeStatus\n".to_owned();
        (0..count).fold(heading, |file, n| file + &format!("board,O{n},Office {n},Active\n"))
    };
    town.import("offices", "full", &offices(40)).await;
    let first = town.import("offices", "full", &offices(20)).await;
    pass(60);
    let second = town.import("offices", "full", &offices(15)).await;
    let told =
        |batch: &Json, state: &str| format!("import_waiting {} 1 {state}", batch["id"].as_str().unwrap());
    assert_eq!(alerts(&town, &path).await, [told(&second, "stands"), told(&first, "stands")]);
    // The report of what was not applied is there, too.
    assert_eq!(town.findings(&first).await.len(), 20);
    let word = json!({ "by": "Jane Doe", "reason": "The file is half." }).to_string();
    let decide = async |batch: &Json, what: &str, status: u16| {
        let path = format!("{GULF}/imports/{}/{what}", batch["id"].as_str().unwrap());
        assert_eq!(town.post(&path, &word).await.status.as_u16(), status);
        town.door.run_imports().await.unwrap();
    };
    decide(&second, "reject", 200).await;
    assert_eq!(alerts(&town, &path).await, [told(&first, "stands"), told(&second, "over")]);
    decide(&first, "approve", 202).await;
    assert_eq!(alerts(&town, &path).await, [told(&second, "over"), told(&first, "over")]);
}

/// LBX-073: a source that is not what it was is an alert that names the field, raised before anything is applied.
#[tokio::test]
async fn lbx_073_drift_is_an_alert_that_names_the_field() {
    let town = Town::build().await;
    let path = format!("{GULF}/alerts");
    town.import("offices", "full", OFFICES).await;
    // Rows without a board are said, as long as they come.
    assert_eq!(alerts(&town, &path).await.len(), 1);
    town.import("members", "full", &members()).await;
    pass(60);
    let changed = members().replace("MEMBERSTATELICENCE", "Nothing").replace("Stone", "Rock");
    let batch = town.import("members", "full", &changed).await;
    let told = town.get(&town.operator, &path).await.json();
    assert_eq!(
        (&told["items"][0]["code"], &told["items"][0]["about"]),
        (&json!("source_changed"), &batch["id"])
    );
    assert!(told["items"][0]["text"].as_str().unwrap().contains("MEMBERSTATELICENCE"), "{told:#}");
    // In the log it stands before whatever the import has changed.
    let id = batch["id"].as_str().unwrap();
    let log = town.store.follow(0, 10_000).await.unwrap();
    let wrote = |resource: &str| {
        let own = town.dictionary.known(resource).id;
        let ours = |change: &&store::Change| change.resource == own && change.actor.contains(id);
        log.iter().find(ours).map(|change| change.sequence)
    };
    assert!(wrote("Alert").unwrap() < wrote("Member").unwrap());
    pass(60);
    town.import("members", "full", &changed).await;
    assert_eq!(alerts(&town, &path).await.last().unwrap(), &format!("source_changed {id} 1 over"));
}
