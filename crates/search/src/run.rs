//! Answering: which rows pass, in which order, from where on.

mod cost;
mod kept;
mod nearest;
mod order;
mod page;
mod pick;
mod scan;
mod source;
mod walk;

pub(crate) use order::terms_of;
pub(crate) use page::{page, root};
pub(crate) use pick::by_terms;
pub(crate) use scan::{collect, count};
