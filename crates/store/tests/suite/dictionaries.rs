//! Records outlive the dictionary that they were written under.

use std::sync::Arc;

use dictionary::{Dictionary, Origin, Tables, Value, Version};
use store::{Expect, Operation, Outcome, Scan};

use crate::on_each_engine;
use crate::town::{WORDS, record_of, second, write_one};

const HEAD: &str =
    "resource\tfield\ttype\tmax_length\tprecision\tscale\tlookup\tlookup_status\tkey\tsynonyms\tsince\n";

fn words(fields: &str) -> Arc<Dictionary> {
    let fields = format!("{HEAD}{fields}");
    let tables = Tables { origin: Origin::Local, fields: &fields, links: "", lookups: "" };
    Arc::new(Dictionary::with_local(Version::V2_1, &[tables]).unwrap())
}

on_each_engine! {
    async fn a_field_that_is_not_known_now_is_kept(home) {
        let before = words("Property\tA_Moorage\tEdm.Int32\nProperty\tX_Berth\tEdm.String\n");
        let listing = |words: &Dictionary, more: &[(&str, Value)]| {
            let mut fields = vec![("ListPrice", Value::Decimal("7.50".parse().unwrap()))];
            fields.extend_from_slice(more);
            record_of(words, "Property", "ListingKey", "1", &fields)
        };
        let full = [("A_Moorage", Value::Integer(-3)), ("X_Berth", "north".into()), ("City", "Kent".into())];
        let id = before.known("Property").id;
        {
            let store = home.open_with(before.clone()).await;
            write_one(&store, Operation::put("A", listing(&before, &full))).await.unwrap();
        }
        {
            // The standard words know neither field; one who uses them changes the city.
            let store = home.open().await;
            let stored = store.get(id, "1").await.unwrap().unwrap();
            assert_eq!(*stored.record, listing(&WORDS, &[("City", "Kent".into())]));
            let same = write_one(&store, Operation::put("A", (*stored.record).clone())).await.unwrap();
            assert_eq!(same, Outcome::Unchanged(1));
            let record = listing(&WORDS, &[("City", "Auburn".into())]);
            let stamped =
                Operation::Put { feed: "A".into(), record: record.clone(), expect: Expect::At(1), stamp: Some(second(9)) };
            assert_eq!(write_one(&store, stamped.clone()).await.unwrap(), Outcome::Changed(2));
            let again = Operation::Put { feed: "A".into(), record, expect: Expect::Any, stamp: Some(second(10)) };
            assert_eq!(write_one(&store, again).await.unwrap(), Outcome::Unchanged(2));
        }
        let store = home.open_with(before.clone()).await;
        let mut expect = listing(&before, &full);
        expect.set(before.known("Property").find("City").unwrap(), "Auburn");
        expect.set(before.known("Property").timestamp.unwrap(), second(9));
        let stored = store.get(id, "1").await.unwrap().unwrap();
        assert_eq!(*stored.record, expect);
        assert_eq!(*store.as_of(id, "1", 1).await.unwrap().unwrap().record, listing(&before, &full));
        // Who knows the field may take it away.
        let without = listing(&before, &[("City", "Auburn".into())]);
        assert_eq!(write_one(&store, Operation::put("A", without.clone())).await.unwrap(), Outcome::Changed(3));
        assert_eq!(*store.get(id, "1").await.unwrap().unwrap().record, without);
    }

    async fn a_value_of_another_type_than_now_is_kept_until_it_is_set(home) {
        let (number, text) = (words("Property\tX_Slip\tEdm.Int32\n"), words("Property\tX_Slip\tEdm.String\n"));
        let listing = |words: &Dictionary, fields: &[(&str, Value)]| {
            record_of(words, "Property", "ListingKey", "1", fields)
        };
        let id = number.known("Property").id;
        {
            let store = home.open_with(number.clone()).await;
            let record = listing(&number, &[("X_Slip", Value::Integer(4))]);
            write_one(&store, Operation::put("A", record)).await.unwrap();
        }
        {
            let store = home.open_with(text.clone()).await;
            assert_eq!(*store.get(id, "1").await.unwrap().unwrap().record, listing(&text, &[]));
            let city = listing(&text, &[("City", "Kent".into())]);
            assert_eq!(write_one(&store, Operation::put("A", city)).await.unwrap(), Outcome::Changed(2));
        }
        {
            let store = home.open_with(number.clone()).await;
            let expect = listing(&number, &[("X_Slip", Value::Integer(4)), ("City", "Kent".into())]);
            assert_eq!(*store.get(id, "1").await.unwrap().unwrap().record, expect);
        }
        let store = home.open_with(text.clone()).await;
        let set = listing(&text, &[("X_Slip", "four".into())]);
        assert_eq!(write_one(&store, Operation::put("A", set.clone())).await.unwrap(), Outcome::Changed(3));
        assert_eq!(*store.get(id, "1").await.unwrap().unwrap().record, set);
    }

    async fn records_of_a_resource_that_is_not_known_now_are_passed_over_and_kept(home) {
        let docks = words("Dock\tDockKey\tEdm.String\t20\t\t\t\t\tkey\n");
        let dock = |number: usize| record_of(&docks, "Dock", "DockKey", &number.to_string(), &[]);
        let id = docks.known("Dock").id;
        {
            let store = home.open_with(docks.clone()).await;
            for number in 0..5 {
                write_one(&store, Operation::put("A", dock(number))).await.unwrap();
            }
        }
        {
            let store = home.open().await;
            assert!(store.follow(0, 2).await.unwrap().is_empty());
            let listing = record_of(&WORDS, "Property", "ListingKey", "1", &[]);
            assert_eq!(write_one(&store, Operation::put("A", listing)).await.unwrap(), Outcome::Created(6));
            // A part of nothing that is known is not the end.
            assert_eq!(store.follow(0, 2).await.unwrap()[0].sequence, 6);
            assert_eq!(store.current(0, 2).await.unwrap()[0].sequence, 6);
            assert_eq!(store.version(3).await.unwrap(), None);
        }
        let store = home.open_with(docks.clone()).await;
        assert_eq!(store.follow(0, 100).await.unwrap().len(), 6);
        let scan = Scan { resource: id, feed: None, after: None, limit: 10 };
        assert_eq!(store.scan(scan).await.unwrap().len(), 5);
    }
}
