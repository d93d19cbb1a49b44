//! What a URL asks for.

use dictionary::{Dictionary, FieldId, Key, LinkId, ResourceId, Type};
use query::{Aggregation, Expr, Query};

use crate::json::{Metadata, Numbers};

/// What a URL asks for, and how it wants it told.
#[derive(Clone, PartialEq, Debug)]
pub struct Request {
    /// What is asked for.
    pub asked: Asked,
    /// `$format`: it goes before the `Accept` header.
    pub format: Option<Format>,
    /// `$skiptoken`: where the page before ended, as [`page_token`](crate::page_token) spells it.
    pub page_token: Option<String>,
    /// `$deltatoken`: since when changes are asked for, or from when on they will be.
    pub delta_token: Option<String>,
    /// `/Property/replication`: everything, in pages of `$top`.
    pub replication: bool,
    /// Options of the client's own: without `$`, and not like any option of OData. They change nothing here;
    /// `access_token` is not among them.
    pub custom: Vec<(String, String)>,
}

/// `$format`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// `json` or `application/json`, with its parameters.
    Json {
        /// `odata.metadata`, where it is given.
        metadata: Option<Metadata>,
        /// `IEEE754Compatible`, where it is given.
        numbers: Option<Numbers>,
    },
    /// `xml` or `application/xml`: for `$metadata` alone.
    Xml,
}

/// What is asked for.
#[derive(Clone, PartialEq, Debug)]
pub enum Asked {
    /// `/`: the service document.
    Service,
    /// `/$metadata`
    Metadata,
    /// `/Property`
    Collection(Query),
    /// `/Property?$apply=groupby(…)`
    Aggregated(Aggregated),
    /// `/Property/$count`: of the filter's matches; nothing else of the query is asked.
    Count(Query),
    /// `/Property('K')` and `/Property('K')/ListAgent`.
    Entity {
        /// Which record.
        at: Place,
        /// What to show of it; its filter is empty.
        query: Query,
    },
    /// `/Property('K')/Media`: the records of a link to many.
    Linked {
        /// Whose.
        at: Place,
        /// The link, of the resource where `at` ends.
        link: LinkId,
        /// What is asked of the link's records.
        query: Query,
    },
    /// `/Property('K')/Media/$count`
    LinkedCount {
        /// Whose.
        at: Place,
        /// The link, of the resource where `at` ends.
        link: LinkId,
        /// Its filter says which of the link's records count.
        query: Query,
    },
    /// `/Property('K')/ListPrice`: the field's value as JSON.
    Field {
        /// Whose.
        at: Place,
        /// The field, of the resource where `at` ends.
        field: FieldId,
    },
    /// `/Property('K')/ListPrice/$value`: the bare value as text.
    FieldValue {
        /// Whose.
        at: Place,
        /// The field, of the resource where `at` ends.
        field: FieldId,
    },
    /// `/Property('K')/Appliances/$count`: of a list's elements.
    FieldCount {
        /// Whose.
        at: Place,
        /// The field, of the resource where `at` ends.
        field: FieldId,
    },
}

/// What records come to, and how its records and rows are told.
#[derive(Clone, PartialEq, Debug)]
pub struct Aggregated {
    /// What is asked, `$filter` and `$orderby` of what comes of it included.
    pub question: Aggregation,
    /// Whose linked records are asked about, and by which link: `/Property('K')/Media?$apply=…`. None where all are.
    pub of: Option<(Place, LinkId)>,
    /// What is told of records (`$select`, `$expand`, `$compute`), where there are any in the answer.
    pub records: Option<Query>,
    /// The columns of the rows; none where there are records alone.
    pub columns: Vec<Column>,
    /// Which of them are told, in this order.
    pub shown: Vec<usize>,
    /// Whether they are counted, `skip` and `top` aside.
    pub count: bool,
    /// How many are left away before the first page.
    pub skip: u64,
    /// How many there are over all pages.
    pub top: Option<u64>,
}

/// A column of rows.
#[derive(Clone, PartialEq, Debug)]
pub struct Column {
    /// Its name: a field's; that of links and of a field, `ListAgent/MemberCity`; or one the question gave.
    pub name: String,
    /// The field whose values it holds, as they are.
    pub field: Option<(ResourceId, FieldId)>,
    /// Its type, where it is known before the values are; of what was given a name the metadata knows none.
    pub ty: Option<Type>,
    /// Whether the metadata declares it.
    pub declared: bool,
}

/// A record: that of a key, or the one that links to one record each lead to from there.
#[derive(Clone, PartialEq, Debug)]
pub struct Place {
    /// The resource of the key.
    pub resource: ResourceId,
    /// Which of its records.
    pub key: KeyGiven,
    /// Links to one record each, followed in turn. Empty for most.
    pub via: Box<[LinkId]>,
}

/// How a record is named.
#[derive(Clone, PartialEq, Debug)]
pub enum KeyGiven {
    /// By its key.
    Key(Key),
    /// By other fields (an alternate key, RESO-026): the filter that it alone should match.
    Filter(Expr),
}

impl Place {
    /// The resource that the last link leads to.
    #[must_use]
    pub fn end(&self, dictionary: &Dictionary) -> ResourceId {
        self.via.iter().fold(self.resource, |at, link| dictionary.resource(at).link(*link).target)
    }
}
