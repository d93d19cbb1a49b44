//! `POST /lockbox/{environment}/tenants/{tenant}/imports`: a file comes in, or a feed is to be imported from.

use std::path::Path as File;

use axum::body::{Body, HttpBody};
use axum::extract::{Extension, Path, RawQuery, State};
use axum::response::Response;
use dictionary::Text;
use gate::Caller;
use http::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use http::{HeaderMap, StatusCode};
use tokio::io::AsyncWriteExt;

use crate::Door;
use crate::import::batch::{Batch, Mode, Origin};
use crate::import::part::Part;
use crate::import::terms::Terms;
use crate::reply::{Answer, Refused, json};
use crate::tenant::{Right, path};
use parameters::Parameters;

/// Characters of a file's name that are kept.
const LONGEST_NAME: usize = 200;

pub(crate) async fn receive(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::Run).await?;
    let mut asked = Parameters::read(query.as_deref())?;
    let wrong = |message: &str, hint: &str| Refused::new(400, "parameter_wrong", message, hint);
    let part = asked.take("part").and_then(|name| Part::find(&name));
    let part = part.ok_or_else(|| wrong("part is missing or unknown.", "offices, members or listings."))?;
    let mode = asked.take("mode").and_then(|name| Mode::find(&name));
    let mode = mode.ok_or_else(|| wrong("mode is missing or unknown.", "full or incremental."))?;
    let name = asked.take("name").map(|name| name.chars().take(LONGEST_NAME).collect::<String>());
    let from = asked.take("from");
    asked.done()?;
    let actor = caller.actor();
    let new = |origin| door.new_batch(&tenant, (part, mode), origin, &actor).map_err(|_| unwritable());
    let batch = match from.as_deref() {
        Some("feed") => {
            let (terms, _) = Terms::load(&door.store, &door.dictionary, &tenant).await?;
            let feed = terms.source_feed.map(Text::from).ok_or_else(|| {
                let hint = "An operator sets sourceFeed in the settings: the feed that a pull mirrors.";
                Refused::new(409, "source_unset", "No feed is set to import from.", hint)
            })?;
            Batch { source_name: feed.clone(), ..new(Origin::Feed(feed))? }
        }
        Some(_) => return Err(wrong("from is unknown.", "feed, or leave it out and send a file.")),
        None => {
            let ending = ending(name.as_deref(), headers.get(CONTENT_TYPE));
            let mut batch = new(Origin::File(Text::default()))?;
            let staged = format!("{}.{ending}", batch.id);
            spool(&door, &door.settings.directory.join(&staged), body).await?;
            batch.origin = Origin::File(staged.into());
            Batch { source_name: name.unwrap_or_else(|| format!("{}.{ending}", part.name())).into(), ..batch }
        }
    };
    door.save(&batch).await?;
    let mut answer = json(StatusCode::ACCEPTED, &batch.told());
    let place = format!("/lockbox/{}/tenants/{}/imports/{}", path(tenant.environment), tenant.id, batch.id);
    if let Ok(place) = HeaderValue::try_from(place) {
        answer.headers_mut().insert(LOCATION, place);
    }
    Ok::<Response, Refused>(answer)
}

/// The endings of files that wait.
pub(crate) const FORMS: [&str; 5] = ["csv", "json", "ndjson", "xlsx", "dat"];

/// The form of a file by its name, else by its type; else it is found out.
fn ending(name: Option<&str>, kind: Option<&HeaderValue>) -> &'static str {
    let named = name.and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_ascii_lowercase());
    match named.as_deref() {
        Some("csv" | "tsv" | "tab" | "psv" | "txt") => return "csv",
        Some("json") => return "json",
        Some("ndjson" | "jsonl") => return "ndjson",
        Some("xlsx") => return "xlsx",
        _ => {}
    }
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    match kind.split(';').next().unwrap_or_default().trim() {
        "text/csv" | "text/tab-separated-values" | "text/plain" => "csv",
        "application/json" => "json",
        "application/x-ndjson" | "application/ndjson" => "ndjson",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        _ => "dat",
    }
}

/// Writes a body to disk as it comes; what is cut off or too large leaves nothing.
async fn spool(door: &Door, file: &File, body: Body) -> Result<(), Refused> {
    let written = write(door, file, body).await;
    if written.is_err() {
        drop(tokio::fs::remove_file(file).await);
    }
    written
}

async fn write(door: &Door, file: &File, mut body: Body) -> Result<(), Refused> {
    tokio::fs::create_dir_all(&door.settings.directory).await.map_err(|_| unwritable())?;
    let mut out = tokio::fs::File::create(file).await.map_err(|_| unwritable())?;
    let mut bytes = 0;
    while let Some(frame) =
        std::future::poll_fn(|context| std::pin::Pin::new(&mut body).poll_frame(context)).await
    {
        let cut = |_| Refused::new(400, "body_cut_off", "The file was cut off on its way.", "Send it again.");
        let Ok(data) = frame.map_err(cut)?.into_data() else { continue };
        bytes += data.len() as u64;
        if bytes > door.settings.largest_file {
            let message = format!("The file has more than {} bytes.", door.settings.largest_file);
            return Err(Refused::new(413, "too_large", message, "Send it in parts, as incremental imports."));
        }
        out.write_all(&data).await.map_err(|_| unwritable())?;
    }
    if bytes == 0 {
        let hint = "Nothing was changed; see to the source.";
        return Err(Refused::new(400, "file_empty", "The file is empty.", hint));
    }
    // What is acknowledged is on disk.
    out.sync_all().await.map_err(|_| unwritable())
}

fn unwritable() -> Refused {
    let hint = "See that the disk has room and the directory may be written.";
    Refused::new(507, "file_unwritable", "The file cannot be kept.", hint)
}
