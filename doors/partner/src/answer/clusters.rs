//! GetListingClusters: the listings of a search inside a box, as clusters on a map (SRCH-002).

use dictionary::Timestamp;
use gate::Caller;
use search::{Bounds, Grid};
use serde_json::{Value as Json, json};

use super::checked;
use crate::Door;
use crate::envelope::Refused;
use crate::find;
use crate::reply::Reply;
use crate::request::Asked;

/// Squares of a third of a degree.
const PRECISION: i64 = 10;

/// Answers GetListingClusters.
pub(super) fn answer(
    door: &Door,
    caller: &Caller,
    asked: &mut Asked,
    now: Timestamp,
) -> Result<Reply, Refused> {
    let mut wanted = find::listings(door, caller, asked, None, now);
    let degrees = |name: &str| asked.number(name).and_then(|n| f64::try_from(n).ok()).unwrap_or_default();
    let bounds = Bounds {
        west: degrees("West"),
        south: degrees("South"),
        east: degrees("East"),
        north: degrees("North"),
    };
    let known = |name: &str| asked.value(name).is_some();
    if known("South") && known("North") && bounds.south > bounds.north {
        asked.refuse("South", "The field South must not be greater than North.");
    }
    checked(asked)?;
    // To stand in a small square is to be placed: what is not shown on a map is in none.
    wanted.filters.push(door.members.on_map());
    wanted.looks = vec![door.bound.place];
    let Some(question) = wanted.permit(door, caller)? else { return Ok(Reply::of(b"[]".to_vec())) };
    let precision = u32::try_from(asked.whole("Precision").unwrap_or(PRECISION)).unwrap_or(0);
    let grid = Grid { field: door.bound.place, bounds, precision };
    let (reader, query) = (door.search.read(), question.query());
    let clusters = reader.clusters(query.resource, query.filter.as_ref(), question.scope(), &grid, now);
    let one = |cluster: &search::Cluster| {
        let bounds = &cluster.bounds;
        json!({
            "Count": cluster.count,
            "Latitude": cluster.centroid.latitude,
            "Longitude": cluster.centroid.longitude,
            "West": bounds.west, "South": bounds.south, "East": bounds.east, "North": bounds.north,
        })
    };
    let clusters: Vec<Json> = clusters.iter().map(one).collect();
    Ok(Reply::of(Json::Array(clusters).to_string().into_bytes()))
}
