//! What a question says of its own time, said as a value.

use dictionary::{Timestamp, Value};

use crate::{Expr, Function, Query};

impl Expr {
    /// The same expression with `now` in place of `now()`: whoever plans by its values sees one.
    #[must_use]
    pub fn bind(mut self, now: Timestamp) -> Self {
        self.walk_mut(&mut |expr| {
            if let Self::Call(Function::Now, _) = expr {
                *expr = Self::Value(Value::Timestamp(now));
            }
        });
        self
    }
}

impl Query {
    /// The same question with `now` in place of `now()`, in what it expands too.
    #[must_use]
    pub fn bind(mut self, now: Timestamp) -> Self {
        self.filter = self.filter.map(|filter| filter.bind(now));
        for order in &mut self.order {
            order.by = std::mem::replace(&mut order.by, Expr::Null).bind(now);
        }
        for computed in &mut self.compute {
            computed.of = std::mem::replace(&mut computed.of, Expr::Null).bind(now);
        }
        for expand in &mut self.expand {
            let inner = Self::all(expand.query.resource);
            expand.query = std::mem::replace(&mut expand.query, inner).bind(now);
        }
        self
    }
}
