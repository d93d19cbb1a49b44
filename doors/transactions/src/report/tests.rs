//! What is kept in another spelling, and what is not touched.

use super::normal;

#[test]
fn only_what_must_be_is_spelled_anew() {
    let check = |sent: &str, expect: &str| assert_eq!(normal(sent), expect);
    let same = |sent: &str| assert_eq!(normal(sent), sent);
    check(
        r#"{"object":{"object":{"numberOfRooms": 7 }}}"#,
        r#"{"object":{"object":{"numberOfRooms": "7" }}}"#,
    );
    check(
        r#"{"object":{"referral":{"additionalProperty":{"hsfInNetworkReferralYN" : "Y"}},"object":{"numberOfRooms":7.5}}}"#,
        r#"{"object":{"referral":{"additionalProperty":{"inNetworkReferralYN" : "Y"}},"object":{"numberOfRooms":"7.5"}}}"#,
    );
    same(r#"{"object":{"object":{"numberOfRooms":"7"},"numberOfRooms":7}}"#);
    // A text that only looks like the flag's name, and a flag that is there by both names.
    same(r#"{"object":{"referral":{"additionalProperty":{"x":"hsfInNetworkReferralYN"}}}}"#);
    same(
        r#"{"object":{"referral":{"additionalProperty":{"inNetworkReferralYN":"N","hsfInNetworkReferralYN":"Y"}}}}"#,
    );
    same(r#"{ "object" : { "totalSalesProductionGCI" : { "value" : 1.500 } } }"#);
}
