//! Photos of users: imported by the unique id that a file is named after, uploaded by the users themselves, shown.

use axum::body::Bytes;
use axum::extract::{Extension, Path, RawQuery, State};
use axum::response::Response;
use dictionary::{Named, Text, Value, named};
use gate::{Caller, OWN_FEED};
use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use ring::digest::{SHA256, digest};
use serde_json::json;
use store::{Batch, Expect, Operation};

use super::photo::{self, Photo};
use crate::Door;
use crate::import::each;
use crate::reply::{Answer, Refused, json, typed};
use crate::tenant::{Right, Tenant};
use parameters::Parameters;

/// Where photos are in the door's directory, each under the hash of what it shows.
pub(crate) const PHOTOS: &str = "photos";

/// `PUT …/user-photos/{file}`: `1234.jpg` is the photo of the user whose unique id is 1234 (LBX-021).
pub(crate) async fn import(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id, file)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
    bytes: Bytes,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::Run).await?;
    let mut asked = Parameters::read(query.as_deref())?;
    let board = asked.take("board");
    asked.done()?;
    let named = file.rsplit_once('.').filter(|(_, ending)| {
        ["jpg", "jpeg", "png", "gif"].iter().any(|known| ending.eq_ignore_ascii_case(known))
    });
    let unmatched = || {
        let message = format!("{file} is named after no user.");
        let hint = "Name it after the user's unique id: 1234.jpg, or .jpeg, .png, .gif.";
        Refused::new(404, "photo_unmatched", message, hint)
    };
    let (member, _) = named.ok_or_else(unmatched)?;
    let own = door.dictionary.known("LockboxUser");
    let mut users: Vec<Text> = Vec::new();
    each(&door.store, &door.dictionary, (own.id, &OWN_FEED.into()), |stored| {
        let user = Named { own, record: &stored.record };
        let is = |field: &str, value: &str| user.text(field).as_deref() == Some(value);
        let of_board = board.as_deref().is_none_or(|board| is("BoardId", board));
        if is("MemberMlsId", member) && is("FeedId", &tenant.feed) && is("TenantId", &tenant.id) && of_board {
            users.push(stored.key.clone());
        }
    })
    .await?;
    match &users[..] {
        [user] => keep(&door, (&caller, &tenant), user, bytes, false).await,
        [] => Err(unmatched()),
        _ => {
            let message = format!("{member} is a user of several boards.");
            Err(Refused::new(409, "photo_ambiguous", message, "Say which: ?board=."))
        }
    }
}

/// `PUT …/users/{user}/photo`: the user's own choice, which no import replaces (LBX-023).
pub(crate) async fn upload(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id, user)): Path<(String, String, String)>,
    bytes: Bytes,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::Belong).await?;
    let person = door.person(&caller, &tenant, (&user, Right::Answer)).await?;
    if caller.is_read_only() {
        let message = "This token was bought for reading alone.";
        return Err(Refused::new(403, "read_only", message, "Ask the token endpoint for scope=api."));
    }
    keep(&door, (&caller, &tenant), &person.user.key, bytes, true).await
}

/// `GET …/users/{user}/photo`
pub(crate) async fn show(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id, user)): Path<(String, String, String)>,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::Belong).await?;
    let person = door.person(&caller, &tenant, (&user, Right::See)).await?;
    let own = door.dictionary.known("UserPhoto");
    let none = || Refused::new(404, "photo_unknown", "The user has no photo.", "PUT one at this address.");
    let kept = door.store.get(own.id, &person.user.key).await?.ok_or_else(none)?;
    let photo = Named { own, record: &kept.record };
    let (Some(hash), Some(format)) = (photo.text("PhotoHash"), photo.text("PhotoFormat")) else {
        return Err(none());
    };
    let bytes = tokio::fs::read(file(&door, &hash, &format)).await.map_err(|error| {
        tracing::error!("the photo {hash} cannot be read: {error}");
        Refused::new(
            503,
            "photo_unreadable",
            "The photo cannot be read just now.",
            "See to the door's directory.",
        )
    })?;
    let kind = match format.as_str() {
        "jpg" => "image/jpeg",
        "png" => "image/png",
        _ => "image/gif",
    };
    let mut answer = typed(StatusCode::OK, kind, bytes);
    let headers = answer.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private"));
    Ok::<Response, Refused>(answer)
}

fn file(door: &Door, hash: &str, format: &str) -> std::path::PathBuf {
    door.settings.directory.join(PHOTOS).join(format!("{hash}.{format}"))
}

/// Judges a photo and keeps it.
async fn keep(
    door: &Door,
    (caller, tenant): (&Caller, &Tenant),
    user: &Text,
    bytes: Bytes,
    by_user: bool,
) -> Answer {
    let own = door.dictionary.known("UserPhoto");
    let before = door.store.get(own.id, user).await?;
    let held =
        before.as_ref().is_some_and(|kept| Named { own, record: &kept.record }.truth("UploadedByUserYN"));
    if held && !by_user {
        let message = "The user has uploaded a photo of their own.";
        return Err(Refused::new(409, "held_by_user", message, "It stays; the user can replace it."));
    }
    let judged = bytes.clone();
    let judged = tokio::task::spawn_blocking(move || photo::judge(&judged)).await;
    let stopped = |_| Refused::new(422, "photo_damaged", "The photo cannot be read.", "Send another.");
    let photo = judged.map_err(stopped)?;
    let photo = photo.map_err(|(code, message, hint)| Refused::new(422, code, message, hint))?;
    let hash = hex(digest(&SHA256, &bytes).as_ref());
    let path = file(door, &hash, photo.format);
    write(&path, &bytes).await.map_err(|error| {
        tracing::error!("a photo cannot be kept: {error}");
        Refused::new(507, "file_unwritable", "The photo cannot be kept.", "See that the disk has room.")
    })?;
    let now = (door.clock)();
    let fields = [
        ("UserPhotoId", Some(Value::from(user.clone()))),
        ("TenantId", Some(tenant.id.clone().into())),
        ("PhotoHash", Some(hash.into())),
        ("PhotoFormat", Some(photo.format.into())),
        ("PhotoWidth", Some(Value::Integer(photo.width.into()))),
        ("PhotoHeight", Some(Value::Integer(photo.height.into()))),
        ("UploadedByUserYN", Some(by_user.into())),
    ];
    let mut batch = Batch::new(caller.actor(), now);
    batch.operations.push(Operation::Put {
        feed: OWN_FEED.into(),
        record: named(own, fields),
        expect: before.map_or(Expect::Absent, |kept| Expect::At(kept.sequence)),
        stamp: Some(now),
    });
    door.store.write(batch).await?;
    Ok(json(StatusCode::OK, &told(user, &photo)))
}

fn told(user: &str, photo: &Photo) -> serde_json::Value {
    let warnings: Vec<_> = photo
        .warnings
        .iter()
        .map(|(code, message, hint)| json!({ "code": code, "message": message, "hint": hint }))
        .collect();
    json!({
        "user": user, "format": photo.format, "width": photo.width, "height": photo.height,
        "warnings": warnings,
    })
}

/// Writes a file whole or not at all: what is acknowledged is on disk.
async fn write(path: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
    use tokio::io::AsyncWriteExt;
    if tokio::fs::try_exists(path).await? {
        return Ok(());
    }
    if let Some(directory) = path.parent() {
        tokio::fs::create_dir_all(directory).await?;
    }
    let part = path.with_extension("part");
    let mut file = tokio::fs::File::create(&part).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    tokio::fs::rename(&part, path).await?;
    // The name has to last as well as what it names.
    match path.parent() {
        Some(directory) => tokio::fs::File::open(directory).await?.sync_all().await,
        None => Ok(()),
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
