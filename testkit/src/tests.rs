//! What the town is made of is sound.

use dictionary::{Dictionary, Version};

use crate::postgres::Server;
use crate::{Database, Rng, Shape, filter, records, rng};

#[test]
fn random_records_may_be_kept() {
    let dictionary = Dictionary::standard(Version::V2_1);
    let mut rng = rng("random_records_may_be_kept");
    for resource in dictionary.resources() {
        for shape in [Shape::of(&dictionary, resource.id), Shape::full(&dictionary, resource.id)] {
            for (number, (_, record)) in records(&mut rng, &dictionary, &shape, 20).iter().enumerate() {
                assert_eq!(dictionary::check(&dictionary, record), [], "{}", resource.name);
                assert_eq!(resource.key_of(record), Some(crate::key(&dictionary, resource, number as u64)));
            }
        }
    }
}

#[test]
fn the_same_seed_makes_the_same_town() {
    let dictionary = Dictionary::standard(Version::V2_1);
    let shape = Shape::of(&dictionary, dictionary.known("Property").id);
    let make = || {
        let mut rng = Rng::with_seed(7);
        (records(&mut rng, &dictionary, &shape, 5), filter(&mut rng, &dictionary, &shape, 4))
    };
    assert_eq!(make(), make());
}

#[test]
fn each_database_is_fresh_and_a_server_comes_back() {
    let (one, two) = (Database::fresh(), Database::fresh());
    assert_ne!(one.url(), two.url());
    let mut server = Server::start();
    let url = server.url("postgres");
    let answers = |url: &str| {
        let address = url.rsplit_once('@').unwrap().1.split('/').next().unwrap().to_owned();
        std::net::TcpStream::connect(address).is_ok()
    };
    assert!(answers(&url));
    server.stop();
    assert!(!answers(&url));
    server.resume();
    assert!(answers(&url));
}

#[test]
fn the_database_of_a_url_is_replaced() {
    let check = |url: &str, expect: &str| {
        assert_eq!(crate::postgres::with_database(url, "t"), expect);
    };
    check("postgres://u:p@h:1/postgres", "postgres://u:p@h:1/t");
    check("postgres://h", "postgres://h/t");
    check("postgresql://h/x?sslmode=require", "postgresql://h/t?sslmode=require");
}

#[test]
fn a_broker_starts_is_killed_and_comes_back() {
    let mut broker = crate::kafka::Broker::start();
    let address = broker.address();
    let takes = || std::net::TcpStream::connect(&address).is_ok();
    assert!(takes());
    broker.stop();
    assert!(!takes());
    broker.resume();
    assert!(takes());
}
