//! Servers that misbehave for longer than a moment: quotas, suspensions, links that end, sources without an end.

use std::time::Duration;

use jiff::SignedDuration;
use testkit::Home;

use crate::town::Town;
use crate::vendor::{Brand, Endless, Mishap};
use crate::{BRANDS, open};

/// RESO-083: the client keeps to two requests a second by itself, and to the hour's requests across a restart: the
/// vendor, who would suspend it, never has reason to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_083_a_vendor_that_suspends_never_has_reason_to() {
    let vendor = open(Brand::MlsGrid, "quota").await;
    let home = Home::sqlite();
    std::fs::create_dir_all(home.file("profiles")).unwrap();
    // A page of one record makes of a small market a long pull: more requests than an hour has.
    let own = include_str!("../../data/mls_grid.toml")
        .replace("top_with_expand = 1000", "top_with_expand = 20")
        .replace("requests_per_hour = 7200", "requests_per_hour = 40");
    std::fs::write(home.file("profiles/mls_grid.toml"), own).unwrap();
    let town = Town::of(home, &vendor, &[]).await;
    let began = town.clock.now();
    town.pull().await.unwrap();
    for _ in 0..5 {
        // Each pull is a client of its own, as after a restart.
        town.pull().await.unwrap();
    }
    town.agrees(&vendor, "quota").await;
    let vendor = vendor.lock();
    assert!(vendor.wrongs.is_empty(), "{:?}", vendor.wrongs);
    let hours = town.clock.now().duration_since(began).as_secs() / 3_600;
    assert!(hours >= vendor.requests as i64 / 40 - 1, "{} requests in {hours} hours", vendor.requests);
    assert!(*town.slept.lock() > Duration::from_secs(3_600));
}

/// RESO-083: what a server wants waited for is waited for; a longer wish ends the run, and what came is kept.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_083_a_server_that_wants_to_be_left_alone_is() {
    let vendor = open(Brand::Plain(false), "busy").await;
    let town = Town::of(Home::sqlite(), &vendor, &[]).await;
    vendor.lock().mishaps = [Mishap::Nothing, Mishap::Busy, Mishap::Busy].into();
    town.pull().await.unwrap();
    assert!(*town.slept.lock() >= Duration::from_secs(14), "twice seven seconds");
    town.agrees(&vendor, "busy").await;
    // It stays down for longer than is tried.
    vendor.lock().mishaps = vec![Mishap::Broken; 50].into();
    let error = town.pull().await.unwrap_err();
    assert_eq!(error.code, "source_unavailable", "{error}");
    assert!(vendor.lock().mishaps.len() > 35, "it is not asked for ever");
    vendor.lock().mishaps = vec![Mishap::Html; 50].into();
    assert_eq!(town.pull().await.unwrap_err().code, "metadata_unreadable");
    vendor.lock().mishaps = [Mishap::Nothing].into_iter().chain(vec![Mishap::Html; 50]).collect();
    assert_eq!(town.pull().await.unwrap_err().code, "not_json");
    vendor.lock().mishaps.clear();
    town.pull().await.unwrap();
    town.agrees(&vendor, "after all").await;
}

/// RESO-083: tokens are asked for once and again when they have ended; a credential that is not taken says so and is
/// nowhere in what is said.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_083_tokens_are_renewed_and_a_wrong_credential_is_said() {
    let vendor = open(Brand::Trestle, "tokens").await;
    let town = Town::of(Home::sqlite(), &vendor, &[]).await;
    town.pull().await.unwrap();
    assert_eq!(vendor.lock().tokens_given, 1, "one token for the whole run");
    vendor.lock().mishaps = [Mishap::Nothing, Mishap::TokenEnds].into();
    town.pull().await.unwrap();
    assert_eq!(vendor.lock().tokens_given, 3, "one for the run, one for the one that ended");
    for (sealed, code) in [("sealed:s:wrong", "credential_refused"), ("sealed:t:s3cret", "credential_sealed")]
    {
        town.put(&[("SealedCredential", sealed.into())]).await;
        let error = town.pull().await.unwrap_err();
        assert_eq!(error.code, code);
        assert!(
            !format!("{error:?}").contains("wrong") && !format!("{error:?}").contains("s3cret"),
            "{error:?}"
        );
    }
}

/// RESO-083, RESO-081: Spark's host that the key is not for sends to the other one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_083_the_wrong_host_sends_to_the_right_one() {
    let vendor = open(Brand::Spark, "hosts").await;
    let (right, wrong) = {
        let vendor = vendor.lock();
        (vendor.address, vendor.wrong_host)
    };
    let home = Home::sqlite();
    std::fs::create_dir_all(home.file("profiles")).unwrap();
    let own = include_str!("../../data/spark.toml")
        .replace("https://replication.sparkapi.com", &format!("http://{right}"));
    std::fs::write(home.file("profiles/spark.toml"), own).unwrap();
    let town = Town::of(home, &vendor, &[("SourceLocation", format!("http://{wrong}/odata").into())]).await;
    town.pull().await.unwrap();
    town.agrees(&vendor, "hosts").await;
    // Without another host it is said what to do.
    std::fs::remove_file(town.home.file("profiles/spark.toml")).unwrap();
    town.put(&[("SourceProfile", "spark".into())]).await;
    let error = town.pull().await.unwrap_err();
    assert!(
        ["wrong_host", "name_unknown", "not_connected", "credential_refused"].contains(&error.code),
        "{error}"
    );
}

/// RESO-083: links that end in the middle of a walk lose nothing and write nothing twice, even where all of them do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_083_links_that_end_lose_nothing() {
    for brand in BRANDS {
        let vendor = open(brand, "links").await;
        let town = Town::of(Home::sqlite(), &vendor, &[]).await;
        let ends = |round| if round % 4 == 3 { Mishap::LinksEnd } else { Mishap::Nothing };
        vendor.lock().mishaps = (0..16).map(ends).collect();
        let report = town.pull().await.unwrap_or_else(|error| panic!("{brand:?}: {error:?}"));
        let counts = report.of("Property").unwrap();
        assert_eq!((counts.new, counts.changed), (crate::LISTINGS as u64, 0), "{brand:?}: {report}");
        town.agrees(&vendor, &format!("links of {brand:?}")).await;
    }
}

/// A source that never ends is refused, in each way that a source may not end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_080_a_source_without_an_end_is_refused() {
    for brand in [Brand::MlsGrid, Brand::Trestle, Brand::Spark, Brand::Plain(false)] {
        for endless in [Endless::SameLink, Endless::EmptyPages, Endless::SamePage] {
            // Without a link these are at their end.
            if endless == Endless::SamePage && brand != Brand::Plain(false) {
                continue;
            }
            // Trestle's walk ends with an empty page: that is its rule.
            if endless == Endless::EmptyPages && brand == Brand::Trestle {
                continue;
            }
            let vendor = open(brand, "endless").await;
            vendor.lock().endless = Some(endless);
            let town = Town::of(Home::sqlite(), &vendor, &[]).await;
            let error = town.pull().await.unwrap_err();
            assert_eq!(error.code, "source_never_ends", "{brand:?} {endless:?}: {error}");
            assert!(
                vendor.lock().requests < 60,
                "{brand:?} {endless:?}: {} requests",
                vendor.lock().requests
            );
        }
    }
}

/// A source that has lost most of its records is broken rather than empty: nothing is removed unless somebody says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_080_too_many_that_are_gone_are_kept_until_somebody_says_so() {
    let vendor = open(Brand::Plain(false), "gone").await;
    let town = Town::of(Home::sqlite(), &vendor, &[]).await;
    town.pull().await.unwrap();
    {
        let mut vendor = vendor.lock();
        let rows = vendor.world.rows.get_mut("Property").unwrap();
        let half: Vec<String> = rows.keys().step_by(2).cloned().collect();
        half.iter().for_each(|key| drop(rows.remove(key)));
    }
    town.clock.pass(SignedDuration::from_hours(25));
    assert_eq!(town.pull().await.unwrap_err().code, "too_many_removed");
    assert_eq!(town.all("Property").await.len(), crate::LISTINGS);
    town.put(&[("RemoveMissingYN", true.into())]).await;
    town.pull().await.unwrap();
    town.agrees(&vendor, "gone").await;
}
