//! Headers, a line each.

use super::*;

#[test]
fn preferences_are_read_and_echoed() {
    // RESO-029
    let check = |headers: &[&str], expect: Option<&str>| {
        let found = Preferences::read(headers.iter().copied());
        assert_eq!(found.applied().as_deref(), expect, "{headers:?}");
    };
    check(&[], None);
    check(&[""], None);
    check(&["odata.maxpagesize=50"], Some("odata.maxpagesize=50"));
    check(&["maxpagesize = \"50\""], Some("odata.maxpagesize=50"));
    check(&["OData.MaxPageSize=50, odata.maxpagesize=60"], Some("odata.maxpagesize=50"));
    check(&["odata.maxpagesize=x, odata.maxpagesize=60"], Some("odata.maxpagesize=60"));
    check(&["odata.maxpagesize=0"], None);
    check(&["odata.maxpagesize=-1"], None);
    check(&["odata.maxpagesize=99999999999"], None);
    check(&["odata.maxpagesize"], None);
    check(&["omit-values=nulls"], Some("omit-values=nulls"));
    check(&["omit-values=defaults"], None);
    check(&["return=representation"], Some("return=representation"));
    check(&["return=minimal, return=representation"], Some("return=minimal"));
    check(&["return=all"], None);
    check(&["odata.track-changes"], Some("odata.track-changes"));
    check(&["respond-async, wait=10", "odata.continue-on-error"], None);
    check(
        &["return=minimal; foo=\"bar\", omit-values=nulls", "odata.maxpagesize=7"],
        Some("odata.maxpagesize=7, omit-values=nulls, return=minimal"),
    );
    check(&[",,=,;;", "\u{e9}=\"", "omit-values=\"nulls"], None);
    let long = format!("{},omit-values=nulls", "x".repeat(5_000));
    check(&[&long], None);
}
