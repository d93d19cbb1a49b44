//! The market is written in batches that a store takes, parents before children.

use std::collections::HashSet;

use dictionary::{Text, Value, Version};

use super::*;

fn setting() -> Setting {
    Setting {
        now: "2026-11-23T10:00:00Z".parse().unwrap(),
        media_base_url: "http://127.0.0.1:8700".into(),
        seed: 7,
    }
}

/// Which field names a record of which resource. An office's broker comes after the office.
const TIES: [(&str, &str, &str); 13] = [
    ("Member", "OfficeKey", "Office"),
    ("MemberAssociation", "MemberKey", "Member"),
    ("MemberAssociation", "AssociationKey", "Association"),
    ("Teams", "TeamLeadKey", "Member"),
    ("TeamMembers", "TeamKey", "Teams"),
    ("Property", "OriginatingSystemID", "OUID"),
    ("Property", "ListAgentKey", "Member"),
    ("Property", "BuyerOfficeKey", "Office"),
    ("Property", "ListTeamKey", "Teams"),
    ("Media", "ResourceRecordKey", "Property"),
    ("HistoryTransactional", "ResourceRecordKey", "Property"),
    ("OpenHouse", "ListingKey", "Property"),
    ("PropertyRooms", "ListingKey", "Property"),
];

#[tokio::test]
async fn parents_are_written_before_children() {
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let (mut seen, mut written, mut told) = (HashSet::<(Text, Text)>::new(), 0, Vec::new());
    let loaded = carry(
        &dictionary,
        &setting(),
        |done, about| told.push((done, about)),
        async |batch: Batch| {
            assert!((1..=10_000).contains(&batch.operations.len()));
            assert_eq!((batch.actor.as_str(), batch.at), ("demo", setting().now));
            for operation in &batch.operations {
                let Operation::Put { feed, record, .. } = operation else { panic!("{operation:?}") };
                assert_eq!(feed, FEED);
                let resource = dictionary.resource(record.resource());
                for (_, field, target) in TIES.iter().filter(|(name, ..)| *name == resource.name) {
                    if let Some(Value::Text(key)) = record.get(resource.find(field).unwrap()) {
                        assert!(
                            seen.contains(&(Text::new(target), key.clone())),
                            "{field} {key} comes later"
                        );
                    }
                }
                seen.insert((resource.name.clone(), resource.key_of(record).unwrap()));
            }
            written += batch.operations.len() as u64;
            Ok::<_, ()>(written)
        },
    )
    .await
    .unwrap();
    assert_eq!(loaded, Loaded { records: written, head: written });
    assert!(told.is_sorted() && told.last().is_some_and(|(done, about)| done <= about));
    // The bar comes to its end within a tenth.
    let (done, about) = told[told.len() - 2];
    assert!(done * 10 >= about * 9, "{done} of {about}");
}

#[tokio::test]
async fn a_store_that_fails_ends_it() {
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let mut times = 0;
    let ended = carry(
        &dictionary,
        &setting(),
        |_, _| {},
        async |_| {
            times += 1;
            if times == 3 { Err("disk full") } else { Ok(1) }
        },
    )
    .await;
    assert_eq!((ended, times), (Err("disk full"), 3));
}
