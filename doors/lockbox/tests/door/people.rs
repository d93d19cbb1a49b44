//! What users say of themselves, their photos, and the whole data set.

use axum::body::Body;
use console::operate::{NewKey, create, create_client, issue_key};
use dictionary::named;
use http::Request;
use serde_json::json;
use tower::ServiceExt;

use crate::town::{GULF, LISTINGS, MEMBERS, Town, act};

const M2: &str = "gulf-production::M2";

/// A client that is something to `gulf` in production.
pub(crate) async fn client(town: &Town, id: &str, role: &str, user: Option<&str>) -> String {
    create_client(&town.desk, &act(), id, id, false).await.unwrap();
    let fields = [
        ("TenantGrantId", Some(id.into())),
        ("TenantId", Some("gulf".into())),
        ("TenantEnvironment", Some("Production".into())),
        ("ClientId", Some(id.into())),
        ("TenantRole", Some(role.into())),
        ("LockboxUserId", user.map(Into::into)),
    ];
    create(&town.desk, &act(), "TenantGrant", named(town.dictionary.known("TenantGrant"), fields))
        .await
        .unwrap();
    issue_key(&town.desk, &act(), id, NewKey::default()).await.unwrap().secret.reveal().to_owned()
}

/// LBX-024: what a user has changed stays, is listed, and is released by an administrator.
#[tokio::test]
async fn lbx_024_what_a_user_changed_is_not_overwritten() {
    let town = Town::build().await;
    town.people().await;
    let ann = client(&town, "ann", "User", Some(M2)).await;
    let staff = client(&town, "staff", "Staff", None).await;
    let boss = client(&town, "boss", "Administrator", None).await;
    let path = format!("{GULF}/users/{M2}");
    let key = |key: &str| vec![("x-api-key".to_owned(), key.to_owned())];
    let ask = async |who: &str, method: &str, path: &str, body: &str| {
        let headers = key(who);
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = town.ask(method, path, &headers, body.to_owned()).await;
        (answer.status.as_u16(), answer.body)
    };
    let change =
        json!({ "MemberEmail": "Ann@Home.example", "MemberMobilePhone": "(239) 444-0199" }).to_string();
    assert_eq!(ask(&staff, "PATCH", &path, &change).await.0, 404);
    let (status, body) = ask(&ann, "PATCH", &path, &change).await;
    assert_eq!(status, 200, "{body}");
    for (wrong, status) in [
        (json!({ "MemberStatus": "Active" }), 422),
        (json!({ "MemberEmail": "nobody" }), 422),
        (json!({ "MemberEmail": "MARY@gulf.example" }), 409),
        (json!({ "MemberMobilePhone": "12" }), 422),
        (json!([1]), 400),
    ] {
        assert_eq!(ask(&ann, "PATCH", &path, &wrong.to_string()).await.0, status, "{wrong}");
    }
    // Somebody else's record is not there.
    assert_eq!(ask(&ann, "PATCH", &format!("{GULF}/users/gulf-production::M1"), &change).await.0, 404);
    let batch = town.import("members", "full", MEMBERS).await;
    assert_eq!(batch["totals"]["unchanged"], 3, "{batch:#}");
    assert_eq!(town.findings(&batch).await, ["3 M2 MemberEmail held_by_user"]);
    let fields = ["MemberMlsId", "MemberEmail", "MemberMobilePhone"];
    assert_eq!(town.told("Member", &fields).await[1], "M2|Ann@Home.example|239-444-0199");
    assert_eq!(
        town.told("LockboxUser", &["MemberMlsId", "LockboxUserEmail"]).await[1],
        "M2|ann@home.example"
    );
    let (_, held) = ask(&staff, "GET", &format!("{path}/held"), "").await;
    assert!(held.contains("MemberEmail") && held.contains("MemberMobilePhone"), "{held}");
    let field = format!("{path}/held/MemberEmail");
    assert_eq!(ask(&staff, "DELETE", &field, "").await.0, 403);
    assert_eq!(ask(&ann, "DELETE", &field, "").await.0, 403);
    assert_eq!(ask(&boss, "DELETE", &field, "").await.0, 200);
    assert_eq!(ask(&boss, "DELETE", &field, "").await.0, 404);
    town.import("members", "full", MEMBERS).await;
    assert_eq!(town.told("Member", &fields).await[1], "M2|ann@gulf.example|239-444-0199");
}

/// A picture of this size: a real one, of a real encoder.
fn picture(width: u32, height: u32) -> Vec<u8> {
    let drawn = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 0]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::from(drawn).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// LBX-021, LBX-022, LBX-023: photos by unique id, by content, and never over a user's own.
#[tokio::test]
async fn lbx_021_photos_find_their_users_and_never_replace_their_own() {
    let town = Town::build().await;
    town.people().await;
    let send = async |path: &str, bytes: Vec<u8>| {
        let request = Request::put(format!("{GULF}{path}")).header("x-api-key", &town.operator);
        let answer = town.router.clone().oneshot(request.body(Body::from(bytes)).unwrap()).await.unwrap();
        let status = answer.status().as_u16();
        let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        (status, body["error"]["code"].as_str().map(str::to_owned), body)
    };
    let (status, _, body) = send("/user-photos/M1.JPG", picture(300, 400)).await;
    assert_eq!((status, &body["user"]), (200, &json!("gulf-production::M1")), "{body}");
    assert_eq!(body["warnings"][0]["code"], "photo_size");
    for (file, bytes, status, code) in [
        ("M9.jpg", picture(300, 400), 404, "photo_unmatched"),
        ("M1.txt", picture(300, 400), 404, "photo_unmatched"),
        ("M1", picture(300, 400), 404, "photo_unmatched"),
        ("M1.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), 422, "photo_not_an_image"),
        ("M1.jpg", b"PK\x03\x04".to_vec(), 422, "photo_not_an_image"),
        ("M1.gif", picture(100, 100), 422, "photo_too_small"),
        ("M1.jpg", vec![0; 9 << 20], 413, "too_large"),
    ] {
        let (found, said, body) = send(&format!("/user-photos/{file}"), bytes).await;
        assert_eq!((found, said.as_deref()), (status, Some(code)), "{file}: {body}");
    }
    // The user's own stays.
    let own = picture(330, 440);
    let path = "/users/gulf-production::M1/photo";
    assert_eq!(send(path, own.clone()).await.0, 200);
    let (status, code, _) = send("/user-photos/M1.jpg", picture(300, 400)).await;
    assert_eq!((status, code.as_deref()), (409, Some("held_by_user")));
    let request = Request::get(format!("{GULF}{path}")).header("x-api-key", &town.operator);
    let shown = town.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(shown.headers()["content-type"], "image/jpeg");
    assert_eq!(shown.headers()["x-content-type-options"], "nosniff");
    assert_eq!(axum::body::to_bytes(shown.into_body(), 1 << 20).await.unwrap(), own);
}

/// LBX-072: the whole data set leaves, masked or not, and comes in again as it was.
#[tokio::test]
async fn lbx_072_the_whole_data_set_leaves_and_comes_in_again() {
    let town = Town::build().await;
    town.people().await;
    town.import("listings", "full", &LISTINGS.replace("L1,M1,,", "L1,M1,M2,")).await;
    let vendor = client(&town, "vendor", "Vendor", None).await;
    for part in ["offices", "members", "listings"] {
        let path = format!("{GULF}/export/{part}");
        // As it is, for administrators: what it makes of the same records is nothing new.
        let whole = town.get(&town.operator, &path).await;
        assert_eq!(whole.header("content-type"), "text/csv; charset=utf-8");
        let again = town.import(part, "full", &whole.body).await;
        let totals = &again["totals"];
        assert_eq!(
            (&totals["unchanged"], &totals["quarantined"]),
            (&totals["rows"], &json!(0)),
            "{part} {again:#}"
        );
        assert_eq!(town.get(&vendor, &path).await.status, 403);
        let masked = town.get(&vendor, &format!("{path}?masked=true")).await;
        assert_eq!(masked.status, 200);
        for personal in ["Mary", "Smith", "gulf.example", "261000001", "239-555-0101", "SL1"] {
            assert!(!masked.body.contains(personal), "{part} tells {personal}");
        }
        // It can be imported elsewhere, and is tied as it was.
        let batch =
            town.import_to("/lockbox/staging/tenants/gulf", part, "full", ("masked.csv", &masked.body)).await;
        assert_eq!(batch["totals"]["added"], batch["totals"]["rows"], "{part}: {batch:#}");
        if part == "listings" {
            assert_eq!(batch["totals"]["matchRate"], 1.0);
        }
    }
    assert_eq!(town.get(&town.operator, &format!("{GULF}/export/houses")).await.status, 404);
}
