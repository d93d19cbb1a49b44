//! Drift: what a vendor changes is told before a record is written, and nothing of it is dropped.

use std::sync::Arc;

use dictionary::{Dictionary, Origin, Tables, Value, Version};
use testkit::Home;

use crate::offer::Lookups;
use crate::open;
use crate::town::Town;
use crate::vendor::{Brand, Mishap};

/// RESO-084: new, missing and changed fields are told once, and before any record is written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_084_what_a_source_changes_is_told_before_it_is_written() {
    for home in Home::each() {
        let vendor = open(Brand::Plain(false), "drift").await;
        let town = Town::of(home, &vendor, &[]).await;
        let told = |report: &intake::Report| -> Vec<(&'static str, String)> {
            report.drift.iter().map(|one| (one.code, one.about.clone())).collect()
        };
        let first = town.pull().await.unwrap();
        let local = [("field_local", "MlgCanView".to_owned()), ("field_local", "X_View".to_owned())];
        let mut found = told(&first);
        found.dedup();
        found.sort();
        found.dedup();
        assert_eq!(found, local, "{:?}", first.drift);
        assert!(told(&town.pull().await.unwrap()).is_empty(), "what was told is not told again");
        vendor.lock().declares = vec![
            ("City", "Edm.String"),
            ("X_Dock", "Edm.String"),
            ("ListPrice", "Edm.String"),
            ("PhotosCount", ""),
        ];
        // The server fails before the first record: what has changed is known all the same.
        vendor.lock().mishaps = [Mishap::Nothing].into_iter().chain(vec![Mishap::Broken; 8]).collect();
        town.pull().await.unwrap_err();
        let own = town.words.known("SourceSchema");
        let kept = town.store.get(own.id, "s|resource/Property").await.unwrap().unwrap();
        let text = kept.record.get(own.find("SchemaText").unwrap()).unwrap().as_text().unwrap().to_owned();
        assert!(text.contains("X_Dock") && !text.contains("PhotosCount"), "{text}");
        vendor.lock().mishaps.clear();
        vendor.lock().declares = vec![("X_Pier", "Edm.String"), ("City", "Edm.Int32")];
        let mut found = told(&town.pull().await.unwrap());
        found.sort();
        let expect = [
            ("field_local", "X_Pier"),
            ("field_missing", "X_Dock"),
            ("field_new", "PhotosCount"),
            ("type_changed", "City"),
            ("type_changed", "ListPrice"),
        ];
        assert_eq!(found, expect.map(|(code, field)| (code, field.to_owned())));
    }
}

/// RESO-084: a new value of a lookup is told once, before any record is written, however the source tells of its values.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_084_new_values_of_lookups_are_told_before_records_are_written() {
    let values = [("CountyOrParish", "King"), ("StandardStatus", "Active"), ("StandardStatus", "Pending")];
    for form in [Lookups::Enumerations, Lookups::Records] {
        for home in Home::each() {
            let vendor = open(Brand::Plain(false), "lookups").await;
            vendor.lock().lookups = (form, values.to_vec());
            let town = Town::of(home, &vendor, &[]).await;
            let told = |report: &intake::Report| -> Vec<(String, String)> {
                let new = report.drift.iter().filter(|one| one.code == "lookup_value_new");
                new.map(|one| (one.name.clone(), one.about.clone())).collect()
            };
            let is = |lookup: &str, value: &str| vec![(lookup.to_owned(), value.to_owned())];
            assert!(told(&town.pull().await.unwrap()).is_empty(), "nothing was seen before");
            vendor.lock().lookups.1.push(("StandardStatus", "Hold"));
            assert_eq!(told(&town.pull().await.unwrap()), is("StandardStatus", "Hold"), "{form:?}");
            assert!(told(&town.pull().await.unwrap()).is_empty(), "what was told is not told again");
            // Where records cannot be had, the value is known all the same: it was noted before the first of them.
            vendor.lock().lookups.1.push(("CountyOrParish", "Kitsap"));
            let asked_first = if form == Lookups::Records { 4 } else { 1 };
            vendor.lock().mishaps =
                vec![Mishap::Nothing; asked_first].into_iter().chain(vec![Mishap::Broken; 8]).collect();
            town.pull().await.unwrap_err();
            let own = town.words.known("SourceSchema");
            let kept = town.store.get(own.id, "s|lookup/CountyOrParish").await.unwrap().unwrap();
            let text =
                kept.record.get(own.find("SchemaText").unwrap()).unwrap().as_text().unwrap().to_owned();
            assert!(text.contains("Kitsap"), "{form:?}: {text}");
        }
    }
}

/// RESO-084: a field that the dictionary does not know is kept beside the record; once the installation declares it,
/// its values move into the records without another pull of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_084_local_fields_are_kept_and_taken_up_once_they_are_declared() {
    for home in Home::each() {
        let vendor = open(Brand::Plain(true), "local").await;
        let town = Town::of(home, &vendor, &[]).await;
        town.pull().await.unwrap();
        let own = town.words.known("LocalValues");
        let views = |text: &str| text.matches("\"X_View\":").count();
        let kept = town_texts(&town).await;
        assert_eq!(kept.len(), crate::LISTINGS + crate::MEMBERS);
        assert_eq!(kept.iter().map(|text| views(text)).sum::<usize>(), crate::LISTINGS);
        assert!(own.origin == Origin::Freehold, "operators alone see it");
        let Town { home, store, sources, .. } = town;
        drop((store, sources));
        let table = "resource\tfield\ttype\tmax_length\tprecision\tscale\tlookup\tlookup_status\tkey\tsynonyms\tsince\n\
                     Property\tX_View\tEdm.String\t50\t\t\t\t\t\t\t\n";
        let local = Tables { origin: Origin::Local, fields: table, links: "", lookups: "" };
        let words = Arc::new(Dictionary::with_local(Version::V2_1, &[local]).unwrap());
        let town = Town::with(home, words, &vendor, &[]).await;
        let report = town.pull().await.unwrap();
        assert!(report.notes.iter().any(|note| note.contains("took up")), "{:?}", report.notes);
        assert_eq!(town_texts(&town).await.iter().map(|text| views(text)).sum::<usize>(), 0);
        let property = town.words.known("Property");
        let view = property.find("X_View").unwrap();
        let rows = town.all("Property").await;
        let vendor = vendor.lock();
        assert_eq!(rows.len(), crate::LISTINGS);
        for one in rows {
            let there = vendor.world.rows["Property"][one.key.as_str()]["X_View"].as_str().unwrap();
            assert_eq!(one.record.get(view).and_then(Value::as_text), Some(there));
        }
    }
}

async fn town_texts(town: &Town) -> Vec<String> {
    let own = town.words.known("LocalValues");
    let field = own.find("LocalFieldsText").unwrap();
    let kept = town.all("LocalValues").await;
    kept.iter().filter_map(|one| one.record.get(field)?.as_text().map(str::to_owned)).collect()
}
