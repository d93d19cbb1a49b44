//! Denied by default: every route without a credential, with a wrong one, and with one that grants nothing.

use crate::town::{OF_A, Town};

#[tokio::test]
async fn every_route_refuses_whoever_may_not() {
    let town = Town::build().await;
    let before = town.store.head().await.unwrap();
    for (method, path) in reso_door::every_route() {
        let path = path.replace("{root}", "/odata");
        for (headers, what) in [
            (vec![], "no credential"),
            (vec![("authorization", "Bearer nonsense")], "a wrong key"),
            (vec![("authorization", "Digest x")], "another scheme"),
            (vec![("authorization", "Bearer")], "an empty one"),
        ] {
            let answer = town.ask(method, &path, &headers).await;
            assert_eq!(answer.status, 401, "{method} {path} with {what}: {}", answer.body);
        }
        let nobody = format!("Bearer {}", town.nobody);
        let answer = town.ask(method, &path, &[("authorization", &nobody)]).await;
        for word in ["K001", "Seattle", "ListPrice\""] {
            assert!(!answer.body.contains(word), "{method} {path} tells {word} to whom nothing is granted");
        }
        if path.contains("Property") {
            assert!(!answer.status.is_success(), "{method} {path}: {}", answer.body);
        }
    }
    assert_eq!(town.store.head().await.unwrap(), before, "a refused request changed something");
}

/// RESO-008
#[tokio::test]
async fn reso_008_a_caller_sees_the_fields_and_feeds_of_their_grants_alone() {
    let town = Town::build().await;
    let idx = format!("Bearer {}", town.idx);
    let ask = async |path: &str| town.ask("GET", path, &[("authorization", &idx)]).await;
    assert_eq!(ask("/odata/Property/$count").await.body, OF_A.to_string());
    assert_eq!(ask("/odata/Property('K055')").await.status, 404);
    assert!(!ask("/odata/Property('K001')").await.body.contains("under the mat"));
    assert!(town.get("/odata/Property('K001')").await.body.contains("under the mat"));
    // What may not be seen is as if it did not exist: in filters, orders, selections, paths and metadata.
    for path in [
        "/odata/Property?$filter=contains(PrivateRemarks,'mat')",
        "/odata/Property?$orderby=PrivateRemarks",
        "/odata/Property?$select=PrivateRemarks",
    ] {
        assert_eq!(ask(path).await.status, 400, "{path}");
    }
    assert_eq!(ask("/odata/Property('K001')/PrivateRemarks").await.status, 404);
    let metadata = ask("/odata/$metadata").await.body;
    let property = metadata
        .split("<EntityType Name=\"Property\"")
        .nth(1)
        .unwrap()
        .split("</EntityType>")
        .next()
        .unwrap();
    assert!(property.contains("\"PublicRemarks\"") && !property.contains("\"PrivateRemarks\""));
    let events = ask("/odata/EntityEvent?$filter=ResourceRecordKey eq 'K055'").await.json();
    assert_eq!(events["value"].as_array().unwrap().len(), 0);
    let fields = ask("/odata/Field?$filter=FieldName eq 'PrivateRemarks'").await.json();
    assert_eq!(fields["value"].as_array().unwrap().len(), 0);
}
