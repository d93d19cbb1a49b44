//! A URL below the service root, as any client may send it: nothing panics, a fault stands where something
//! was sent, and a question that was read is written and read again as the same.
#![no_main]

use std::sync::LazyLock;

use dictionary::{Dictionary, Version};
use libfuzzer_sys::fuzz_target;
use odata::metadata::{EnumMode, EnumNames};
use odata::url::{Asked, Reading, read, write_query};
use query::Sight;

/// Built once: building it takes longer than a thousand runs.
static WORDS: LazyLock<(Dictionary, [EnumNames; 2], Sight)> = LazyLock::new(|| {
    let dictionary = Dictionary::standard(Version::V2_1);
    let enums = [EnumMode::Strings, EnumMode::EnumType].map(|mode| EnumNames::of(&dictionary, mode));
    (dictionary, enums, Sight::everything())
});

fuzz_target!(|sent: &str| {
    let (path, query) = sent.split_once('?').unwrap_or((sent, ""));
    let (dictionary, enums, sight) = &*WORDS;
    for enums in enums {
        let reading = Reading { dictionary, sight, serves: &|_| true, enums, page_size: 100 };
        let request = match read(path, query, &reading) {
            Ok(request) => request,
            Err(fault) => {
                assert!(fault.position.is_none_or(|at| at <= path.len() + 1 + query.len()), "{fault:?}");
                continue;
            }
        };
        let Asked::Collection(asked) = request.asked else { continue };
        let again = write_query(&asked, dictionary);
        let second = read(path, &again, &reading).map(|request| request.asked);
        assert_eq!(second, Ok(Asked::Collection(asked)), "written as {again:?}");
    }
});
