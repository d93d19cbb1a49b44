//! `freehold export`: a resource as a file in RESO Common Format (RCP-25), which `freehold import` and others read.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use dictionary::{Dictionary, Feed, Origin, Resource};
use odata::json::{self, Shape};
use store::{Scan, Store};

use super::say;
use crate::serve::{dictionary, store_settings};
use crate::settings::Settings;

/// Records read at a time.
const PART: usize = 1_000;

pub(super) async fn export(
    resource: &str,
    file: &Path,
    feed: Option<&str>,
    settings: &Settings,
) -> Result<()> {
    let dictionary = Arc::new(dictionary(&settings.dictionary)?);
    let Some(own) = dictionary.find(resource).filter(|own| own.origin != Origin::Freehold) else {
        bail!("There is no resource {resource} to export. Name one of the dictionary, such as Property.");
    };
    // For reading alone: a server may be writing meanwhile.
    let store = Store::open_reading(store_settings(settings)?, Arc::clone(&dictionary)).await?;
    let out = File::create_new(file).with_context(|| format!("{} cannot be made", file.display()))?;
    let mut out = BufWriter::new(out);
    let written = write(&store, &dictionary, own, feed.map(Feed::from), &mut out).await?;
    out.into_inner().context("the file is not whole")?.sync_all()?;
    say(&format!("{} holds {written} records of {}.", file.display(), own.name));
    Ok(())
}

/// Writes the records of a resource, those of one feed or all, in the order in which they last changed.
async fn write(
    store: &Store,
    dictionary: &Dictionary,
    resource: &Resource,
    feed: Option<Feed>,
    out: &mut impl Write,
) -> Result<u64> {
    let shape = Shape::everything();
    let version = dictionary.version().name();
    let name = resource.name.to_lowercase();
    write!(out, "{{\"@reso.context\":\"urn:reso:metadata:{version}:resource:{name}\",\"value\":[")?;
    let (mut written, mut after) = (0, None);
    loop {
        let scan = Scan { resource: resource.id, feed: feed.clone(), after: after.take(), limit: PART };
        let part = store.scan(scan).await?;
        let mut body = Vec::new();
        for kept in &part {
            body.extend_from_slice(if written == 0 { b"\n" } else { b",\n" });
            json::write_record(&mut body, &*kept.record, resource, &shape, None);
            written += 1;
        }
        out.write_all(&body)?;
        let Some(last) = part.last().filter(|_| part.len() == PART) else { break };
        let at = resource.timestamp.and_then(|field| last.record.get(field)?.as_timestamp());
        after = Some((at, last.key.clone()));
    }
    out.write_all(b"\n]}\n")?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use dictionary::{Record, Value, Version};
    use odata::json::{ReadOptions, read_page};
    use store::{Batch, Operation};
    use testkit::Scratch;

    use super::*;

    /// RCP-25: the file says what it holds, and what is read of it is what was kept; more than one part of it.
    #[tokio::test]
    async fn what_is_exported_is_read_again() {
        let scratch = Scratch::new();
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let settings = store::Settings::sqlite(scratch.file("store.sqlite"));
        let store = Store::open(settings, Arc::clone(&dictionary)).await.unwrap();
        let property = dictionary.known("Property");
        let field = |name: &str| property.find(name).unwrap();
        let record = |n: usize| {
            Record::from_values(
                property.id,
                vec![
                    (field("ListingKey"), Value::from(format!("K{n:05}"))),
                    (field("City"), Value::from("O'Brien \"Kent\"")),
                    (field("ListPrice"), Value::Decimal(dictionary::Decimal::new(12_345 + n as i64, 2))),
                    (field("Appliances"), Value::TextList(vec!["Range".into()].into())),
                ],
            )
        };
        let all: Vec<Record> = (0..PART + 7).map(record).collect();
        for (feed, records) in [("A", &all[..PART]), ("B", &all[PART..])] {
            let mut batch = Batch::new("test", "2026-11-25T00:00:00Z".parse().unwrap());
            batch.operations = records.iter().map(|one| Operation::put(feed, one.clone())).collect();
            store.write(batch).await.unwrap();
        }
        let check = async |feed: Option<&str>, expect: &[Record]| {
            let mut out = Vec::new();
            let written = write(&store, &dictionary, property, feed.map(Feed::from), &mut out).await.unwrap();
            assert_eq!(written, expect.len() as u64);
            assert!(out.starts_with(b"{\"@reso.context\":\"urn:reso:metadata:2.1:resource:property\""));
            let page = read_page(&out, &dictionary, property.id, &ReadOptions::default()).unwrap();
            let mut read: Vec<Record> = page.records.into_iter().map(|one| one.unwrap().record).collect();
            read.sort_by_key(|record| property.key_of(record));
            assert_eq!(read, expect);
        };
        check(None, &all).await;
        check(Some("B"), &all[PART..]).await;
        check(Some("C"), &[]).await;
    }
}
