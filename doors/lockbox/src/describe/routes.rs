//! What each route is for.

use serde_json::{Value as Json, json};

use super::{About, list, may_say, object, said};

fn tenant_object() -> Json {
    object(
        6,
        &[
            ("tenant", said()),
            ("name", said()),
            ("environment", said()),
            ("feed", said()),
            ("region", may_say()),
            ("timeZone", may_say()),
        ],
    )
}

pub(crate) fn tenants() -> About {
    let environment = json!({ "enum": ["production", "staging"] });
    About::new("The associations that the caller may work for, a line an environment.")
        .query("environment", environment, "Of this environment alone.")
        .tells(200, "All of them.", object(1, &[("items", list(tenant_object()))]))
        .refuses(400, "A parameter that is not known, or not so.")
}

pub(crate) fn tenant() -> About {
    About::new("An association in one environment.")
        .tells(200, "This.", tenant_object())
        .refuses(404, "There is none, or it is not the caller's.")
}
