//! What the routes of people ask and answer.

use serde_json::{Value as Json, json};

use crate::describe::{About, list, may_say, object, said};

fn of_user(about: About) -> About {
    about
        .refuses(403, "The caller's role in the tenant does not do, or the credential only reads.")
        .refuses(404, "There is none, or it is not the caller's.")
}

fn texts() -> Json {
    list(said())
}

pub(crate) fn edit() -> About {
    let fields = json!({ "type": "object", "additionalProperties": may_say() });
    of_user(About::new(
        "A user changes names, e-mail or phones of their own: no import overwrites them then.",
    ))
    .takes("application/json", fields)
    .tells(200, "What the user holds now of these.", object(2, &[("user", said()), ("held", texts())]))
    .refuses(400, "A body that cannot be read.")
    .refuses(409, "Another user has the address, or an import is at work.")
    .refuses(413, "A body that is too large.")
    .refuses(422, "A field that is not the user's to change, or no value for it.")
}

pub(crate) fn held() -> About {
    let item = object(2, &[("field", said()), ("value", may_say())]);
    of_user(About::new("The fields that the user has changed here, which no import overwrites.")).tells(
        200,
        "All of them.",
        object(1, &[("items", list(item))]),
    )
}

pub(crate) fn release() -> About {
    of_user(About::new("Releases a field that a user holds: the next import says what stands there."))
        .tells(200, "It is released.", object(2, &[("user", said()), ("released", said())]))
        .refuses(409, "Somebody else has changed the user meanwhile.")
}

pub(crate) fn photo() -> About {
    let image = || json!({});
    of_user(About::new("The photo of a user.")).tells_as(
        200,
        "As it was sent.",
        &[("image/jpeg", image()), ("image/png", image()), ("image/gif", image())],
    )
}

fn photo_in(about: &'static str) -> About {
    let file = || json!({ "type": "string", "format": "binary" });
    let count = || json!({ "type": "integer", "minimum": 0 });
    let warning = object(3, &[("code", said()), ("message", said()), ("hint", said())]);
    let kept = object(
        5,
        &[
            ("user", said()),
            ("format", json!({ "enum": ["jpg", "png", "gif"] })),
            ("width", count()),
            ("height", count()),
            ("warnings", list(warning)),
        ],
    );
    of_user(About::new(about))
        .takes("image/jpeg", file())
        .takes("image/png", file())
        .takes("image/gif", file())
        .tells(200, "It is kept, with what is not as it is recommended.", kept)
        .refuses(400, "A parameter that is not known.")
        .refuses(409, "The user has uploaded one; or users of several boards have this id.")
        .refuses(413, "A file that is too large.")
        .refuses(422, "It is no photo, too small, too large or damaged.")
        .refuses(507, "The disk is full.")
}

pub(crate) fn upload_photo() -> About {
    photo_in("A user's own photo, which no import replaces.")
}

pub(crate) fn import_photo() -> About {
    photo_in("The photo of the user whose unique id the file is named after: 1234.jpg.").query(
        "board",
        said(),
        "Of this board, where users of several have the id.",
    )
}
