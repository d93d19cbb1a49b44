//! What is computed of records (`$compute`), beside their own fields.

use dictionary::{Resource, Value};
use odata::json;
use press::{Piece, Sheet};
use query::{Expr, Query};
use search::Row;

use crate::expand::Writer;
use crate::reply::Refused;

impl Writer<'_> {
    /// Writes the rows as the items of an open list, with what is computed of each before its own fields.
    pub(crate) fn rows_with_computed(
        &self,
        out: &mut Sheet,
        resource: &Resource,
        rows: &[Row],
        pieces: &[impl AsRef<Piece>],
        query: &Query,
    ) -> Result<(), Refused> {
        if query.compute.is_empty() {
            return self.rows(out, resource, rows, pieces, query);
        }
        let terms: Vec<&Expr> = query.compute.iter().map(|computed| &computed.of).collect();
        let values = self.reader.values(resource.id, rows, &terms, &self.permitted.scope, self.now);
        for (at, ((row, piece), values)) in rows.iter().zip(pieces).zip(values).enumerate() {
            out.text(if at == 0 { b"" } else { b"," });
            out.text(&self.computed(query, &values));
            if !piece.as_ref().plain().is_empty() || !query.expand.is_empty() {
                out.text(b",");
            }
            self.row(out, resource, *row, piece.as_ref(), query)?;
        }
        Ok(())
    }

    /// An open object of what was computed.
    fn computed(&self, query: &Query, values: &[Option<Value>]) -> Vec<u8> {
        let mut members = vec![b'{'];
        for (computed, value) in query.compute.iter().zip(values) {
            let (metadata, numbers) = (self.wishes.metadata, self.wishes.numbers);
            json::computed_member(&mut members, &computed.name, value.as_ref(), metadata, numbers);
        }
        members
    }
}
