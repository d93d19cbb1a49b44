//! What each route about boxes, codes, users and the audit is for.

use serde_json::{Value as Json, json};

use super::{About, list, may_say, object, said};

const JSON: &str = "application/json";
const UNREADABLE: &str = "A request that cannot be read.";
const UNKNOWN_TENANT: &str = "There is no such tenant, or it is not the caller's.";
const NOT_YOURS: &str = "It is not the caller's to do.";

fn instant() -> Json {
    json!({ "type": "string", "format": "date-time" })
}

fn whole() -> Json {
    json!({ "type": "integer", "minimum": 0 })
}

fn truth() -> Json {
    json!({ "type": "boolean" })
}

fn id() -> Json {
    json!({ "type": "string", "minLength": 1, "maxLength": 255 })
}

/// A page of these.
fn items(of: Json) -> Json {
    object(2, &[("items", list(of)), ("next", may_say())])
}

fn paged(about: About) -> About {
    about
        .query("after", said(), "What next held of the page before.")
        .query("limit", json!({ "type": "integer", "minimum": 1, "maximum": 1000 }), "Records a page.")
        .refuses(400, UNREADABLE)
        .refuses(404, UNKNOWN_TENANT)
}

fn body(required: &[&str], members: &[(&str, Json)]) -> Json {
    let mut body = object(0, members);
    body["required"] = json!(required);
    body
}

fn question(more: &[(&str, Json)]) -> Json {
    let mut members = vec![
        ("lockbox", id()),
        ("user", id()),
        ("code", json!({ "type": "string", "maxLength": 64 })),
        ("at", instant()),
        ("method", json!({ "enum": ["App", "Card", "Code"] })),
        ("compartment", json!({ "enum": ["key_bin", "shackle"] })),
    ];
    members.extend_from_slice(more);
    let mut body = body(&["lockbox"], &members);
    body["anyOf"] = json!([{ "required": ["user"] }, { "required": ["code"] }]);
    body
}

fn decision_members() -> Vec<(&'static str, Json)> {
    let reason = object(2, &[("code", said()), ("message", said()), ("hint", said())]);
    let audit = object(3, &[("entry", whole()), ("link", whole()), ("hash", said())]);
    vec![
        ("decision", json!({ "enum": ["permit", "deny"] })),
        ("reasons", json!({ "type": "array", "minItems": 1, "items": reason })),
        ("validUntil", json!({ "type": ["string", "null"], "format": "date-time" })),
        ("at", instant()),
        ("timeZone", may_say()),
        ("lockbox", said()),
        ("listing", may_say()),
        ("user", may_say()),
        ("audit", audit),
    ]
}

fn asks(about: About) -> About {
    about
        .refuses(400, UNREADABLE)
        .refuses(403, "The token may only read.")
        .refuses(404, "There is no such box or user, or it is not the caller's to ask.")
        .refuses(413, "A body that is too large.")
}

pub(crate) fn decide() -> About {
    let members = decision_members();
    asks(
        About::new("Decides who may open a box, with every reason (docs/reference/lockbox.md).")
            .takes(JSON, question(&[])),
    )
    .tells(200, "The decision, written down in the audit.", object(members.len(), &members))
}

pub(crate) fn opened() -> About {
    let told: Vec<(&str, Json)> =
        [("access", said()), ("recorded", said())].into_iter().chain(decision_members()).collect();
    let name = json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,40}$" });
    asks(
        About::new("Writes down that a box was opened, and tells the listing agent.")
            .takes(JSON, question(&[("id", name)])),
    )
    .tells(201, "Written down, with what the rules said of it.", object(told.len(), &told))
    .tells(200, "Written down before, under the same id.", object(2, &told))
    .refuses(409, "The same was written down at the same time.")
}

fn token(about: About) -> About {
    let mut members = decision_members();
    members.push(("token", may_say()));
    asks(about).tells(200, "The decision, and a token where it permits.", object(members.len(), &members))
}

pub(crate) fn issue_token() -> About {
    let takes = body(&["lockbox", "user"], &[("lockbox", id()), ("user", id())]);
    token(
        About::new("Gives a token with which a box opens without a network, for 24 hours at most.")
            .takes(JSON, takes),
    )
}

pub(crate) fn refresh_token() -> About {
    let takes = body(&["token"], &[("token", json!({ "type": "string", "maxLength": 2048 }))]);
    token(
        About::new("Gives a new token for one that was given before, where the rules still permit.")
            .takes(JSON, takes),
    )
}

pub(crate) fn token_key() -> About {
    let told = object(3, &[("lockbox", said()), ("algorithm", said()), ("key", said())]);
    About::new("The key that a box checks its tokens with, for whoever puts keys into boxes.")
        .tells(200, "The key, in base64.", told)
        .refuses(403, NOT_YOURS)
        .refuses(404, UNKNOWN_TENANT)
}

fn user_members() -> Vec<(&'static str, Json)> {
    [
        "userName",
        "type",
        "member",
        "memberMlsId",
        "office",
        "accountStatus",
        "lockboxServiceStatus",
        "showingServiceStatus",
    ]
    .into_iter()
    .fold(vec![("user", said())], |mut all, name| {
        all.push((name, may_say()));
        all
    })
}

pub(crate) fn users() -> About {
    let members = user_members();
    paged(About::new("The users of the association that the caller may see.")).tells(
        200,
        "A page.",
        items(object(members.len(), &members)),
    )
}

pub(crate) fn user() -> About {
    let mut members = user_members();
    members.extend(
        [
            "firstName",
            "lastName",
            "email",
            "officePhone",
            "mobilePhone",
            "memberStatus",
            "nationalAssociationId",
            "stateLicense",
        ]
        .map(|name| (name, may_say())),
    );
    About::new("A user, with what the member's record says.")
        .tells(200, "The user.", object(members.len(), &members))
        .refuses(404, "There is no such user, or none that the caller may see.")
}

pub(crate) fn account() -> About {
    let status = json!({ "enum": ["Active", "Inactive"] });
    changes(
        About::new("Authorises a user for an account, or takes it back.")
            .takes(JSON, body(&["status"], &[("status", status)])),
    )
    .tells(200, "The account as it is now.", object(2, &[("user", said()), ("accountStatus", said())]))
}

fn changes(about: About) -> About {
    about
        .refuses(400, UNREADABLE)
        .refuses(403, NOT_YOURS)
        .refuses(404, "There is no such thing, or none that the caller may see.")
        .refuses(409, "It cannot be so, or somebody else has changed it meanwhile.")
        .refuses(413, "A body that is too large.")
        .refuses(422, "It cannot be kept so.")
}

fn office_object() -> Json {
    let names = [
        "office",
        "officeMlsId",
        "name",
        "status",
        "phone",
        "address",
        "city",
        "stateOrProvince",
        "postalCode",
    ];
    let members = names.map(|name| (name, may_say()));
    object(members.len(), &members)
}

pub(crate) fn offices() -> About {
    paged(About::new("The offices that the caller may see.")).tells(200, "A page.", items(office_object()))
}

pub(crate) fn office() -> About {
    About::new("An office.")
        .tells(200, "The office.", office_object())
        .refuses(404, "There is no such office, or none that the caller may see.")
}

fn listing_object() -> Json {
    let mut members = vec![("listing", said()), ("boxes", list(said()))];
    members.extend(
        [
            "listingId",
            "status",
            "mlsStatus",
            "listAgent",
            "listAgentMlsId",
            "coListAgent",
            "coListAgentMlsId",
            "office",
            "address",
            "city",
            "stateOrProvince",
            "postalCode",
            "onMarketDate",
            "offMarketDate",
            "timeZone",
        ]
        .map(|name| (name, may_say())),
    );
    object(members.len(), &members)
}

pub(crate) fn listings() -> About {
    paged(About::new("The listings that the caller may see."))
        .tells(200, "A page.", items(listing_object()))
        .refuses(503, "The index does not answer just now.")
}

pub(crate) fn listing() -> About {
    About::new("A listing, with the boxes that hang at it.")
        .tells(200, "The listing.", listing_object())
        .refuses(404, "There is no such listing, or none that the caller may see.")
}

fn box_object() -> Json {
    let members: Vec<(&str, Json)> = [("lockbox", said()), ("mode", said())]
        .into_iter()
        .chain(["serial", "owner", "listing", "installed", "timeZone"].map(|name| (name, may_say())))
        .collect();
    object(members.len(), &members)
}

fn mode() -> Json {
    json!({ "enum": ["Open Hours", "Appointment Only", "Call Before Showing"] })
}

pub(crate) fn boxes() -> About {
    paged(About::new("The boxes that the caller may see.")).tells(200, "A page.", items(box_object()))
}

pub(crate) fn lockbox() -> About {
    About::new("A box.")
        .tells(200, "The box.", box_object())
        .refuses(404, "There is no such box, or none that the caller may see.")
}

pub(crate) fn register() -> About {
    let members = [("lockbox", id()), ("serial", said()), ("mode", mode()), ("installed", instant())];
    changes(About::new("Registers a box of the association.").takes(JSON, body(&["lockbox"], &members)))
        .tells(201, "The box.", box_object())
}

pub(crate) fn assign() -> About {
    let members = [("owner", may_say()), ("listing", may_say()), ("mode", mode())];
    changes(
        About::new("Gives a box its owner and its listing, or takes them away.")
            .takes(JSON, body(&[], &members)),
    )
    .tells(200, "The box as it is now.", box_object())
}

fn window() -> Vec<(&'static str, Json)> {
    vec![("start", instant()), ("end", instant())]
}

pub(crate) fn issue_code() -> About {
    let of = json!({ "enum": ["Access", "Call Before Showing"] });
    let takes = [window(), vec![("use", of)]].concat();
    let told: Vec<(&str, Json)> = ["id", "code", "use", "lockbox", "start", "end"]
        .map(|name| (name, said()))
        .into_iter()
        .chain([("timeZone", may_say())])
        .collect();
    changes(
        About::new("Issues a code; it is shown here and never again.")
            .takes(JSON, body(&["start", "end"], &takes)),
    )
    .tells(201, "The code.", object(told.len(), &told))
}

fn windows(first: &'static str) -> Json {
    let members =
        [("id", said()), (first, said()), ("start", instant()), ("end", instant()), ("revoked", truth())];
    list(object(members.len(), &members))
}

pub(crate) fn codes() -> About {
    About::new("The codes of a box, without what they are.")
        .tells(200, "All of them.", object(2, &[("items", windows("use")), ("timeZone", may_say())]))
        .refuses(404, UNKNOWN_TENANT)
}

fn revokes(about: &'static str) -> About {
    changes(About::new(about)).tells(200, "Revoked.", object(2, &[("id", said()), ("revoked", instant())]))
}

pub(crate) fn revoke_code() -> About {
    revokes("Revokes a code: from now on it opens nothing.")
}

pub(crate) fn grant() -> About {
    let takes = [window(), vec![("user", id())]].concat();
    let told: Vec<(&str, Json)> = ["id", "lockbox", "user", "start", "end"]
        .map(|name| (name, said()))
        .into_iter()
        .chain([("timeZone", may_say())])
        .collect();
    changes(
        About::new("Grants one user one box for one window.")
            .takes(JSON, body(&["user", "start", "end"], &takes)),
    )
    .tells(201, "The grant.", object(told.len(), &told))
}

pub(crate) fn grants() -> About {
    About::new("The grants of a box.")
        .tells(200, "All of them.", object(1, &[("items", windows("user"))]))
        .refuses(404, UNKNOWN_TENANT)
}

pub(crate) fn revoke_grant() -> About {
    revokes("Revokes a grant.")
}

fn audit(about: About) -> About {
    about.refuses(400, UNREADABLE).refuses(403, NOT_YOURS).refuses(404, UNKNOWN_TENANT)
}

pub(crate) fn links() -> About {
    let members = [
        ("link", whole()),
        ("firstEntry", whole()),
        ("previous", said()),
        ("hash", said()),
        ("text", said()),
        ("entries", list(json!({}))),
    ];
    let link = object(members.len(), &members);
    audit(About::new("Links of the audit: what was decided and opened, with their hashes."))
        .query("after", whole(), "The number of the link before.")
        .query("limit", json!({ "type": "integer", "minimum": 1, "maximum": 100 }), "Links a page.")
        .tells(200, "A page.", object(2, &[("chain", said()), ("items", list(link))]))
}

pub(crate) fn verification() -> About {
    let broken = object(3, &[("link", whole()), ("code", said()), ("message", said())]);
    let members = [
        ("chain", said()),
        ("whole", truth()),
        ("links", whole()),
        ("entries", whole()),
        ("hash", said()),
        ("broken", json!({ "anyOf": [broken, { "type": "null" }] })),
        ("sealedOtherwise", whole()),
    ];
    audit(About::new("Looks through the audit, from its first link to its end."))
        .query("link", whole(), "The link that a decision's receipt names.")
        .query("hash", said(), "Its hash.")
        .tells(200, "Whether the chain is whole.", object(members.len(), &members))
}
