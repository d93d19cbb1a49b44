//! What an export asks and answers.

use serde_json::json;

use crate::describe::About;

pub(crate) fn export() -> About {
    About::new("Every record of a part as CSV, under the headings that an import reads.")
        .query(
            "masked",
            json!({ "enum": ["true", "false", "1", "0", ""] }),
            "Whether personal data are masked.",
        )
        .tells_as(200, "The file.", &[("text/csv", json!({}))])
        .refuses(400, "A parameter that is not known.")
        .refuses(403, "Unmasked is for administrators of the tenant.")
        .refuses(404, "There is no such part or tenant, or it is not the caller's.")
}
