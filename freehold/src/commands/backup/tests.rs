//! What was backed up is there again.

use axum::Router;
use axum::body::Body;
use console::operate::{Act, NewKey, create, create_client, create_feed, issue_key};
use dictionary::{Value, named};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use testkit::Scratch;
use tower::ServiceExt;

use super::*;
use crate::clock;
use crate::serve::House;

const GULF: &str = "/lockbox/production/tenants/gulf";
const MEMBERS: &str = "\
MEMBERMLSID,MEMBERTYPE,MEMBERFIRSTNAME,MEMBERLASTNAME,OFFICEMLSID,MEMBERSTATUSFIELD
M1,Broker,Mary,Smith,O1,Active
";

/// An association, and the key of an operator.
async fn gulf(house: &House) -> String {
    let (desk, act) = (house.desk(), Act { actor: "test".into(), now: clock::now() });
    create_feed(&desk, &act, "gulf", "Gulf").await.unwrap();
    let text = |text: &str| Some(Value::from(text));
    let fields = [("TenantId", text("gulf")), ("ProductionFeedId", text("gulf"))];
    create(&desk, &act, "Tenant", named(house.dictionary.known("Tenant"), fields)).await.unwrap();
    create_client(&desk, &act, "operator", "operator", true).await.unwrap();
    issue_key(&desk, &act, "operator", NewKey::default()).await.unwrap().secret.reveal().to_owned()
}

async fn ask(router: &Router, key: &str, method: &str, path: &str, body: &[u8]) -> (StatusCode, Vec<u8>) {
    let request = Request::builder().method(method).uri(format!("{GULF}{path}")).header("x-api-key", key);
    let answer = router.clone().oneshot(request.body(Body::from(body.to_vec())).unwrap()).await.unwrap();
    let status = answer.status();
    (status, answer.into_body().collect().await.unwrap().to_bytes().to_vec())
}

/// HUB-007: a backup is whole: what lies beside the store and is named by its records is in it, too. A user's photo is
/// at the door again, and a file that waited for its turn is imported.
#[tokio::test(flavor = "multi_thread")]
async fn hub_007_files_that_records_name_are_backed_up_and_restored() {
    let scratch = Scratch::new();
    let mut settings = Settings::default();
    settings.store.data = scratch.file("data");
    let house = House::open(&settings).await.unwrap();
    let key = gulf(&house).await;
    let router = lockbox_door::router(house.lockbox.clone());
    let import = "/imports?part=members&mode=full&name=members.csv";
    assert_eq!(ask(&router, &key, "POST", import, MEMBERS.as_bytes()).await.0, 202);
    house.lockbox.run_imports().await.unwrap();
    let photo = sample::picture::picture("NWM1-1-2nw1a5f0").unwrap().jpeg;
    let path = "/users/gulf::M1/photo";
    let (status, said) = ask(&router, &key, "PUT", path, &photo).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&said));
    // It is acknowledged, and nobody has looked at it yet.
    let more = format!("{MEMBERS}M2,Agent,Ann,Jones,O1,Active\n");
    assert_eq!(ask(&router, &key, "POST", import, more.as_bytes()).await.0, 202);
    let file = scratch.file("backup");
    backup(&file, &settings).await.unwrap();

    // A directory that is not there yet; the keys of the installation are the operator's to bring.
    let mut other = Settings::default();
    other.store.data = scratch.file("other");
    restore(&file, &other).await.unwrap();
    std::fs::copy(settings.store.data.join("signing.key"), other.store.data.join("signing.key")).unwrap();
    let house = House::open(&other).await.unwrap();
    let router = lockbox_door::router(house.lockbox.clone());
    let (status, shown) = ask(&router, &key, "GET", path, &[]).await;
    assert_eq!((status, shown == photo), (StatusCode::OK, true), "the photo is lost");
    house.lockbox.run_imports().await.unwrap();
    let own = house.dictionary.known("Member");
    assert!(house.store.get(own.id, "gulf::M2").await.unwrap().is_some(), "what waited is lost");
    // A store that holds something is left alone, and so are the files beside it.
    assert!(restore(&file, &other).await.is_err());
    assert_eq!(ask(&router, &key, "GET", path, &[]).await.1, photo);
}
