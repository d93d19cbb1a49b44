//! Pulls from vendors that behave as their documents say, over real HTTP into real stores, by a scripted clock.
#![expect(clippy::unwrap_used, reason = "a test may stop at what must not be")]

mod drift;
mod filter;
mod offer;
mod town;
mod trouble;
mod vendor;
mod wire;
mod world;

use std::collections::VecDeque;

use jiff::SignedDuration;
use parking_lot::Mutex;
use testkit::{Home, Rng};

use town::Town;
use vendor::{Brand, MISHAPS, Mishap, Vendor};
use world::World;

/// Every brand.
const BRANDS: [Brand; 6] =
    [Brand::MlsGrid, Brand::Trestle, Brand::Bridge, Brand::Spark, Brand::Plain(true), Brand::Plain(false)];

/// How much there is at first: several pages of everything.
const LISTINGS: usize = 1_150;
const MEMBERS: usize = 230;

async fn open(brand: Brand, name: &str) -> std::sync::Arc<Mutex<Vendor>> {
    let mut world = World::new(testkit::Clock::new(), name, brand == Brand::MlsGrid);
    world.fill(LISTINGS, MEMBERS);
    Vendor::open(brand, world).await
}

/// Something goes wrong with every third request or so; never so often that a client gives up: four times at most a
/// walk has to begin anew, be it that links end or that an answer is cut off whose link is good once, and twice in a row at
/// most an answer is cut off.
fn mishaps(rng: &mut Rng) -> VecDeque<Mishap> {
    let (mut ended, mut cut) = (0, 0);
    let one = |_| {
        let one = if rng.u8(..3) == 0 { MISHAPS[rng.usize(..MISHAPS.len())] } else { Mishap::Nothing };
        let ends = matches!(one, Mishap::LinksEnd | Mishap::CutShort | Mishap::CutJson);
        ended += usize::from(ends);
        cut = if one == Mishap::CutJson { cut + 1 } else { 0 };
        if (ends && ended > 4) || cut > 2 { Mishap::Nothing } else { one }
    };
    (0..40).map(one).collect()
}

/// Pulls from a vendor at which somebody writes all the while and things go wrong; once the writer rests, the next
/// pulls make both the same, to the field.
async fn stays_equal(brand: Brand, home: Home) {
    let what = format!("{brand:?} into {home:?}");
    let vendor = open(brand, &what).await;
    // So few records that a tenth of them is gone within an hour.
    let town = Town::of(home, &vendor, &[("RemoveMissingYN", true.into())]).await;
    let mut rng = testkit::rng(&format!("mishaps {what}"));
    for round in 0..4 {
        {
            let mut vendor = vendor.lock();
            vendor.world.busy = [0, 3, 1, 5][round];
            vendor.mishaps = mishaps(&mut rng);
        }
        let report = town.pull().await.unwrap_or_else(|error| panic!("{what}, round {round}: {error:?}"));
        assert!(round > 0 || report.of("Property").unwrap().new as usize >= LISTINGS - 1, "{report}");
        town.clock.pass(SignedDuration::from_secs(rng.i64(1..4_000)));
    }
    // The writer rests. A day later what is gone has been found as well.
    vendor.lock().world.busy = 0;
    town.pull().await.unwrap();
    town.clock.pass(SignedDuration::from_hours(25));
    town.pull().await.unwrap();
    town.agrees(&vendor, &what).await;
    // Once everything is here, a pull changes nothing.
    let head = town.all("Property").await.iter().map(|one| one.sequence).max();
    let report = town.pull().await.unwrap();
    let counts = report.of("Property").cloned().unwrap_or_default();
    assert_eq!(
        (counts.new, counts.changed, counts.removed, counts.refused),
        (0, 0, 0, 0),
        "{what}: {report}"
    );
    assert_eq!(town.all("Property").await.iter().map(|one| one.sequence).max(), head);
    let vendor = vendor.lock();
    assert!(vendor.wrongs.is_empty(), "{what}: {:?}", vendor.wrongs);
}

macro_rules! each_brand {
    ($($(#[$doc:meta])* $name:ident: $brand:expr;)*) => {
        $(
            $(#[$doc])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                for home in Home::each() {
                    stays_equal($brand, home).await;
                }
            }
        )*
    };
}

each_brand! {
    /// RESO-080 (nextLink, ordered by time), RESO-081, RESO-083
    reso_081_mls_grid_stays_equal_while_others_write: BRANDS[0];
    /// RESO-080 (replication until an empty page, keyset, key sweep), RESO-081, RESO-083
    reso_081_trestle_stays_equal_while_others_write: BRANDS[1];
    /// RESO-080 (replication by the Link header, keyset, key sweep), RESO-081, RESO-083
    reso_081_bridge_stays_equal_while_others_write: BRANDS[2];
    /// RESO-080 (skip tokens, keys pulled), RESO-081, RESO-083
    reso_081_spark_stays_equal_while_others_write: BRANDS[3];
    /// RESO-080 (EntityEvent, chosen by the metadata), RESO-081, RESO-083
    reso_080_a_plain_server_with_events_stays_equal_while_others_write: BRANDS[4];
    /// RESO-080 (keyset and key sweep, chosen by the metadata), RESO-081, RESO-083
    reso_080_a_plain_server_without_events_stays_equal_while_others_write: BRANDS[5];
}

/// RESO-080: a page is asked for before the one that links to it is read, and never again for that: it would count
/// against the quota.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_080_no_page_is_asked_for_twice() {
    for brand in BRANDS {
        let vendor = open(brand, "asked once").await;
        let town = Town::of(Home::sqlite(), &vendor, &[]).await;
        town.pull().await.unwrap();
        let vendor = vendor.lock();
        // What is newest may be asked for at two times.
        let pages = vendor.asked.iter().filter(|url| !url.contains("%20desc&$top=1"));
        let mut asked: Vec<&str> = pages.map(String::as_str).collect();
        assert!(asked.iter().filter(|url| url.contains("/Property")).count() > 2, "{brand:?}: {asked:?}");
        asked.sort_unstable();
        let twice: Vec<_> = asked.windows(2).filter(|two| two[0] == two[1]).collect();
        assert!(twice.is_empty(), "{brand:?}: {twice:?}");
    }
}

/// RESO-080 (top/skip): a server that offers nothing but counting is walked without losing what moves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_080_counting_records_loses_nothing_while_others_write() {
    let home = Home::sqlite();
    std::fs::create_dir_all(home.file("profiles")).unwrap();
    let own = include_str!("../../data/reso.toml")
        .replace("strategy = \"keyset\"", "strategy = \"skip\"")
        .replace("strategy = \"auto\"", "strategy = \"skip\"")
        .replace("rule = \"auto\"\nsweep = \"key\"", "rule = \"key_sweep\"\nsweep = \"skip\"");
    std::fs::write(home.file("profiles/reso.toml"), own.replace("[page]", "[page]\ntop = 60")).unwrap();
    stays_equal(Brand::Plain(false), home).await;
}

/// RESO-085: pictures are records of their own that are referred to; those of a listing that are gone go, and none
/// is written again whose timestamp has not moved.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_085_pictures_follow_their_listings() {
    for home in Home::each() {
        let vendor = open(Brand::MlsGrid, "pictures").await;
        let town = Town::of(home, &vendor, &[]).await;
        vendor.lock().world.busy = 2;
        town.pull().await.unwrap();
        town.clock.pass(SignedDuration::from_hours(1));
        vendor.lock().world.busy = 0;
        town.pull().await.unwrap();
        let mut kept: Vec<_> = town.all("Media").await;
        kept.sort_by(|a, b| a.key.cmp(&b.key));
        let keys: Vec<String> = kept.iter().map(|one| one.key.to_string()).collect();
        assert_eq!(keys, vendor.lock().world.pictures());
        let own = town.words.known("Media");
        for one in &kept {
            let text = |name: &str| {
                one.record.get(own.find(name).unwrap()).and_then(|v| v.as_text()).unwrap().to_owned()
            };
            assert_eq!(text("ResourceName"), "Property");
            assert!(one.key.starts_with(&text("ResourceRecordKey")));
        }
        let before: Vec<u64> = kept.iter().map(|one| one.sequence).collect();
        let report = town.pull().await.unwrap();
        assert!(report.of("Media").is_none_or(|counts| counts.new + counts.changed + counts.removed == 0));
        let mut again = town.all("Media").await;
        again.sort_by(|a, b| a.key.cmp(&b.key));
        assert_eq!(before, again.iter().map(|one| one.sequence).collect::<Vec<_>>());
        assert!(town.copied().is_empty(), "the profile refers to them");
    }
}

/// RESO-085: where the profile says so they are copied, and again only once they have moved; whether a walk brings
/// them (MLS Grid) or they are asked for by their listing's key, as an event tells of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_085_pictures_are_copied_once_each_time_they_move() {
    let brands = [
        (Brand::MlsGrid, "mls_grid.toml", include_str!("../../data/mls_grid.toml"), ""),
        (
            Brand::Plain(true),
            "reso.toml",
            include_str!("../../data/reso.toml"),
            "[page.expand]\nProperty = [\"Media\"]\n",
        ),
    ];
    for (brand, file, profile, expanded) in brands {
        for home in Home::each() {
            std::fs::create_dir_all(home.file("profiles")).unwrap();
            let own = profile.replace("[page]", "[page]\ncopy_media = true") + expanded;
            std::fs::write(home.file("profiles").join(file), own).unwrap();
            let vendor = open(brand, "copied pictures").await;
            let town = Town::of(home, &vendor, &[]).await;
            let report = town.pull().await.unwrap();
            let all = vendor.lock().world.pictures();
            assert!(all.len() > 20, "{} are no test", all.len());
            assert_eq!(town.copied(), all, "{brand:?}");
            let note = format!("{} pictures were copied.", all.len());
            assert!(report.notes.contains(&note), "{brand:?}: {:?}", report.notes);
            let later = || {
                town.clock.pass(SignedDuration::from_mins(10));
                town.clock.now()
            };
            let at = later();
            vendor.lock().world.touch(0, at, None);
            town.pull().await.unwrap();
            assert!(town.copied().is_empty(), "{brand:?}: the listing has changed, and no picture");
            let at = later();
            let moved = vendor.lock().world.touch(1, at, Some(at));
            town.pull().await.unwrap();
            assert_eq!(town.copied(), [moved], "{brand:?}");
        }
    }
}

/// RESO-087: what is not the same is listed, and a comparison writes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_087_differences_are_listed() {
    for brand in BRANDS {
        let vendor = open(brand, "compare").await;
        let town = Town::of(Home::sqlite(), &vendor, &[]).await;
        town.pull().await.unwrap();
        town.put(&[("CompareOnlyYN", true.into())]).await;
        let same = town.pull().await.unwrap();
        assert!(same.differences.is_empty(), "{brand:?}: {:?}", same.differences);
        // One goes, one comes, one changes, all behind the back of the copy.
        let expect = {
            let mut vendor = vendor.lock();
            let world = &mut vendor.world;
            let rows = world.rows.get_mut("Property").unwrap();
            let keys: Vec<String> = rows.keys().cloned().collect();
            let mut new = rows[&keys[7]].clone();
            new.insert("ListingKey".into(), "new".into());
            rows.insert("new".into(), new);
            rows.remove(&keys[3]);
            rows.get_mut(&keys[5])
                .unwrap()
                .insert("ModificationTimestamp".into(), "2025-06-02T00:00:00Z".into());
            [
                ("only_at_source", "new".to_owned()),
                ("only_here", keys[3].clone()),
                ("timestamp_differs", keys[5].clone()),
            ]
        };
        let head = town.store.head().await.unwrap();
        let report = town.pull().await.unwrap();
        let found: Vec<_> = report.differences.iter().map(|one| (one.code, one.key.clone())).collect();
        assert_eq!(found, expect, "{brand:?}");
        let written = town.store.follow(head, 100).await.unwrap();
        let property = town.words.known("Property").id;
        assert!(written.iter().all(|change| change.resource != property), "a comparison writes nothing");
    }
}
