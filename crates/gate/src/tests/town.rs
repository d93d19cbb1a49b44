//! Clients with grants, without a store: what the gate makes of their records.

use std::sync::{Arc, OnceLock};

use dictionary::{Dictionary, FieldId, Record, ResourceId, Text, Value, Version};
use parking_lot::Mutex;
use store::Sequence;

use super::at;
use crate::book::Book;
use crate::compile::Lexicon;
use crate::{Caller, Limits};

pub(crate) fn dictionary() -> Arc<Dictionary> {
    static ONE: OnceLock<Arc<Dictionary>> = OnceLock::new();
    ONE.get_or_init(|| Arc::new(Dictionary::standard(Version::V2_1))).clone()
}

pub(crate) fn resource(name: &str) -> ResourceId {
    dictionary().known(name).id
}

pub(crate) fn field(resource: &str, name: &str) -> FieldId {
    dictionary().known(resource).find(name).unwrap_or_else(|| panic!("{resource} has no {name}"))
}

/// A record of `Field=value` words; a list's elements stand with `|` between, a truth as `true`.
pub(crate) fn record(name: &str, words: &str) -> Record {
    let dictionary = dictionary();
    let of = dictionary.known(name);
    let mut record = Record::new(of.id);
    for word in words.split_ascii_whitespace() {
        let (name, text) = word.split_once('=').unwrap();
        let id = of.find(name).unwrap_or_else(|| panic!("{} has no {name}", of.name));
        let value = match of.field(id).ty {
            dictionary::Type::TextList { .. } => Value::TextList(text.split('|').map(Text::new).collect()),
            dictionary::Type::Boolean => Value::Boolean(text == "true"),
            dictionary::Type::Timestamp => Value::Timestamp(at(text.parse().unwrap())),
            dictionary::Type::Int32 | dictionary::Type::Int64 => Value::Integer(text.parse().unwrap()),
            _ => Value::Text(Text::new(text)),
        };
        record.set(id, value);
    }
    record
}

/// A book to which records are put in turn.
pub(crate) struct Town {
    pub(crate) book: Mutex<Book>,
    last: Mutex<Sequence>,
}

impl Town {
    pub(crate) fn new() -> Self {
        Self::over(Lexicon::new(dictionary(), None))
    }

    /// A town where row filters are read.
    pub(crate) fn reading(reader: crate::RowFilterReader) -> Self {
        Self::over(Lexicon::new(dictionary(), Some(reader)))
    }

    fn over(lexicon: Lexicon) -> Self {
        Self { book: Mutex::new(Book::new(Arc::new(lexicon), Limits::default(), 3_600)), last: Mutex::new(0) }
    }

    pub(crate) fn with(self, name: &str, words: &str) -> Self {
        self.put(name, words);
        self
    }

    pub(crate) fn put(&self, name: &str, words: &str) {
        let record = record(name, words);
        let key = dictionary().known(name).key_of(&record).unwrap();
        let mut last = self.last.lock();
        *last += 1;
        self.book.lock().take(resource(name), &key, *last, Some(Arc::new(record)));
    }

    pub(crate) fn remove(&self, name: &str, key: &str) {
        let mut last = self.last.lock();
        *last += 1;
        self.book.lock().take(resource(name), &Text::new(key), *last, None);
    }

    /// The client as a caller at this second.
    pub(crate) fn caller(&self, client: &str, seconds: i64) -> Option<Caller> {
        let mut book = self.book.lock();
        let account = book.account(client, at(seconds)).or_else(|| book.compile(client, at(seconds)))?;
        Some(Caller { account, key: "0".into(), read_only: false })
    }
}

/// One active client `a` with the grants `feed:class`, the level Read.
pub(crate) fn granted(grants: &[(&str, &str)]) -> Caller {
    let town = Town::new().with("Client", "ClientId=a ClientStatus=Active");
    for (feed, class) in grants {
        town.put("Grant", &format!("ClientId=a FeedId={feed} AccessLevel=Read PermissionClass={class}"));
    }
    town.caller("a", 0).unwrap()
}
