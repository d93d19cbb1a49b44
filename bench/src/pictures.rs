//! Listings with their pictures: what `$expand=Media` costs.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use dictionary::{Record, named};
use sample::crowd;
use store::{Batch, Operation};

use crate::client::{Client, Question, load};
use crate::http::{Server, whole};
use crate::questions::ASKED;
use crate::report::{Figure, Report, Target};
use crate::town::{NOW, Town};

/// Pictures of a listing.
const PICTURES: i64 = 8;
/// Records that are written together.
const BATCH: usize = 4_000;

/// Gives every listing that is asked for its pictures, and asks for it with them and without.
pub(crate) async fn run(report: &mut Report, town: &Town, server: &Server) -> Result<()> {
    let mut one = Client::connect(server.address, &town.authorization()).await?;
    let mut listings = BTreeSet::new();
    for n in 0..ASKED {
        let answer = one.get(&format!("{}&$select=ListingKey", whole(n)), "").await?;
        let answer: serde_json::Value = serde_json::from_slice(answer)?;
        let keys = answer["value"].as_array().context("a page")?.iter();
        listings.extend(keys.filter_map(|row| row["ListingKey"].as_str().map(str::to_owned)));
    }
    let records: Vec<Record> = listings.iter().flat_map(|key| of(town, key)).collect();
    let mut head = 0;
    for part in records.chunks(BATCH) {
        let mut batch = Batch::new("bench", NOW);
        batch.operations = part.iter().map(|record| Operation::put(crowd::FEED, record.clone())).collect();
        head = town.store.write(batch).await?.head;
    }
    town.search.watch().wait_for(|applied| *applied >= head).await?;
    crate::town::tend(&town.search).await?;
    let questions = |more: &str| -> Vec<Question> {
        (0..ASKED).map(|n| Question::Get(format!("{}{more}", whole(n)))).collect()
    };
    let authorization = town.authorization();
    let without = load(server.address, &authorization, &questions(""), "").await?;
    let with = load(server.address, &authorization, &questions("&$expand=Media"), "").await?;
    let what = "GET /Property, newest 100, whole records, $expand=Media";
    let pictures = Figure::Amount(records.len() as f64 / listings.len().max(1) as f64, "pictures");
    report.add(format!("{what}: pictures of a listing"), pictures, Target::Open);
    report.add(what, with.figure, Target::Open);
    let size = async |one: &mut Client, more: &str| -> Result<f64> {
        Ok(one.get(&format!("{}{more}", whole(0)), "").await?.len() as f64)
    };
    let bytes = Figure::Ratio(size(&mut one, "&$expand=Media").await? / size(&mut one, "").await?);
    report.add(format!("{what}: bytes, times those without"), bytes, Target::Open);
    let times = Figure::Ratio(with.processor / without.processor);
    report.add(format!("{what}: processor time, times that without"), times, Target::AtMost(2.0));
    let times = Figure::Ratio(without.rate / with.rate);
    report.add(format!("{what}: as long as without, times"), times, Target::AtMost(2.0));
    Ok(())
}

fn of(town: &Town, listing: &str) -> Vec<Record> {
    let media = town.dictionary.known("Media");
    let record = |order: i64| {
        let text = |text: String| Some(text.into());
        named(
            media,
            [
                ("MediaKey", text(format!("{listing}-{order}"))),
                ("ResourceName", text("Property".into())),
                ("ResourceRecordKey", text(listing.to_owned())),
                ("ResourceRecordID", text(listing.to_owned())),
                ("MediaCategory", text("Photo".into())),
                ("MediaType", text("jpeg".into())),
                ("MediaURL", text(format!("https://pictures.example/{listing}/{order}.jpg"))),
                ("ShortDescription", text(format!("Picture {order} of the house and its garden"))),
                ("ImageWidth", Some(2_048.into())),
                ("ImageHeight", Some(1_536.into())),
                ("ImageSizeDescription", text("Largest".into())),
                ("Order", Some(order.into())),
                ("OriginatingSystemName", text("CROWD".into())),
                ("ModificationTimestamp", Some(NOW.into())),
            ],
        )
    };
    (1..=PICTURES).map(record).collect()
}
