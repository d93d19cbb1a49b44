//! What a client may do for a tenant, by the records TenantGrant.

use super::town::Town;
use crate::TenantEnvironment::{self, Production, Staging};

/// The roles of client `a` for tenant `t`, after these grants, at this second.
fn roles(grants: &[&str], environment: TenantEnvironment, seconds: i64) -> String {
    let town = Town::new().with("Client", "ClientId=a ClientStatus=Active");
    grants.iter().for_each(|words| town.put("TenantGrant", words));
    let caller = town.caller("a", seconds).unwrap();
    caller.roles("t", environment).map(crate::TenantRole::name).collect::<Vec<_>>().join(" ")
}

/// AMS-039: a right in one environment says nothing of the other; AMS-014: it ends when its grant says.
/// Whatever a grant lacks or misspells grants nothing.
#[test]
fn ams_014_ams_039_a_grant_says_who_where_and_until_when() {
    let whole = "TenantGrantId=1 ClientId=a TenantId=t";
    for (more, environment, seconds, expect) in [
        ("TenantEnvironment=Staging TenantRole=Staff", Staging, 0, "Staff"),
        ("TenantEnvironment=Staging TenantRole=Staff", Production, 0, ""),
        ("TenantEnvironment=Production TenantRole=Administrator", Production, 0, "Administrator"),
        ("TenantEnvironment=Production TenantRole=Administrator", Staging, 0, ""),
        ("TenantEnvironment=Staging TenantRole=Vendor ExpirationTimestamp=10", Staging, 9, "Vendor"),
        ("TenantEnvironment=Staging TenantRole=Vendor ExpirationTimestamp=10", Staging, 10, ""),
        ("TenantEnvironment=Production TenantRole=User LockboxUserId=u1", Production, 0, "User"),
        ("TenantEnvironment=Production TenantRole=User", Production, 0, ""),
        ("TenantEnvironment=Elsewhere TenantRole=Staff", Production, 0, ""),
        ("TenantEnvironment=Production TenantRole=Owner", Production, 0, ""),
        ("TenantEnvironment=Production", Production, 0, ""),
        ("TenantRole=Staff", Staging, 0, ""),
    ] {
        let grant = format!("{whole} {more}");
        assert_eq!(roles(&[&grant], environment, seconds), expect, "{more} at {seconds}");
    }
    let other = ["TenantGrantId=1 ClientId=b TenantId=t TenantEnvironment=Staging TenantRole=Staff"];
    assert_eq!(roles(&other, Staging, 0), "", "another client's");
    let other = ["TenantGrantId=1 ClientId=a TenantId=u TenantEnvironment=Staging TenantRole=Staff"];
    assert_eq!(roles(&other, Staging, 0), "", "another tenant's");
}

/// A grant that changes hands, ends or goes counts at once.
#[test]
fn a_grant_is_followed_from_client_to_client() {
    let town = Town::new()
        .with("Client", "ClientId=a ClientStatus=Active")
        .with("Client", "ClientId=b ClientStatus=Active");
    let has = |client: &str, seconds: i64| town.caller(client, seconds).unwrap().tenants().len();
    let grant = |client: &str, more: &str| {
        let words = "TenantGrantId=1 TenantId=t TenantEnvironment=Staging TenantRole=Staff";
        town.put("TenantGrant", &format!("{words} ClientId={client} {more}"));
    };
    assert_eq!((has("a", 0), has("b", 0)), (0, 0));
    grant("a", "");
    assert_eq!((has("a", 0), has("b", 0)), (1, 0));
    grant("b", "");
    assert_eq!((has("a", 0), has("b", 0)), (0, 1));
    grant("b", "ExpirationTimestamp=5");
    assert_eq!((has("b", 4), has("b", 5)), (1, 0), "it ends while the client stays compiled");
    grant("b", "");
    assert_eq!(has("b", 5), 1);
    town.remove("TenantGrant", "1");
    assert_eq!((has("a", 5), has("b", 5)), (0, 0));
}
