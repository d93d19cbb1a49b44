//! What is computed of records (`$compute`), beside their own fields.

use dictionary::{Resource, Value};
use odata::json;
use query::{Expr, Query};
use search::Row;

use crate::gather::Gather;

impl Gather<'_> {
    /// The members that are computed of each row, without braces around them; nothing where nothing is.
    pub(crate) fn computed(&self, resource: &Resource, rows: &[Row], query: &Query) -> Vec<Vec<u8>> {
        if query.compute.is_empty() {
            return Vec::new();
        }
        let terms: Vec<&Expr> = query.compute.iter().map(|computed| &computed.of).collect();
        let values = self.reader.values(resource.id, rows, &terms, &self.permitted.scope, self.now);
        let (metadata, numbers) = (self.wishes.metadata, self.wishes.numbers);
        let members = |values: Vec<Option<Value>>| {
            // What is first in an object has no comma before it.
            let mut object = vec![b'{'];
            for (computed, value) in query.compute.iter().zip(values) {
                json::computed_member(&mut object, &computed.name, value.as_ref(), metadata, numbers);
            }
            object.split_off(1)
        };
        values.into_iter().map(members).collect()
    }
}
