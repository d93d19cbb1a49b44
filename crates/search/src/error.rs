//! Why a question was not answered.

/// Why a question was not answered. Each has a stable [`code`](Self::code).
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SearchError {
    /// The page mark was made for another order.
    #[error("The page mark holds {given} values and the order has {terms} terms.")]
    MarkOfAnotherOrder {
        /// Values in the mark.
        given: usize,
        /// Terms of the query's effective order.
        terms: usize,
    },
    /// The records fall into more groups than are told of.
    #[error("The records fall into more than {most} groups.")]
    TooManyGroups {
        /// The bound.
        most: usize,
    },
    /// An aggregation comes to more records or rows than are told of.
    #[error("The answer, or what it is made of on the way, has more than {most} records or rows.")]
    TooManyItems {
        /// The bound.
        most: usize,
    },
    /// What is to be looked at record by record is too much for as many records.
    #[error("The question would take too long: it looks at too much of too many records.")]
    TooCostly,
}

impl From<query::TooMany> for SearchError {
    fn from(what: query::TooMany) -> Self {
        let most = query::MOST_ITEMS;
        match what {
            query::TooMany::Groups => Self::TooManyGroups { most },
            query::TooMany::Items => Self::TooManyItems { most },
        }
    }
}

impl SearchError {
    /// The stable name, such as `mark_of_another_order`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::MarkOfAnotherOrder { .. } => "mark_of_another_order",
            Self::TooManyGroups { .. } => "too_many_groups",
            Self::TooManyItems { .. } => "too_many_items",
            Self::TooCostly => "too_costly",
        }
    }

    /// What would help, in a sentence.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::MarkOfAnotherOrder { .. } => {
                "Follow a page link with the order it was given for, or start again."
            }
            Self::TooManyGroups { .. } => "Filter first, or group by what fewer records differ in.",
            Self::TooManyItems { .. } => "Filter first, or ask for the records without $apply.",
            Self::TooCostly => {
                "Add a condition on a field alone that few records meet, or compare with fewer values and parts."
            }
        }
    }
}
