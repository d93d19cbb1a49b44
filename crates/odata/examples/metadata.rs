//! Prints `$metadata` as an operator sees it: `cargo run -p odata --example metadata [strings|enums|flags|json]`.
//! To hold it against the OASIS schemas: `xmllint --schema edmx.xsd`, with the two files of npm's `odata-csdl`.
#![expect(clippy::print_stdout, reason = "an example that prints a document")]

use dictionary::{Dictionary, Version};
use odata::metadata::{EnumMode, Options, json, xml};
use query::Sight;

fn main() {
    let form = std::env::args().nth(1).unwrap_or_default();
    let enums = match form.as_str() {
        "enums" => EnumMode::EnumType,
        "flags" => EnumMode::EnumFlags,
        _ => EnumMode::Strings,
    };
    let dictionary = Dictionary::standard(Version::V2_1);
    let options = Options { enums, freehold: true, ..Options::default() };
    if form == "json" {
        println!("{}", String::from_utf8_lossy(&json(&dictionary, &Sight::everything(), &options)));
    } else {
        println!("{}", xml(&dictionary, &Sight::everything(), &options));
    }
}
