//! A transaction report as its rules see it: who reports what, in which order, of which amounts.

mod amount;
mod normal;
mod sent;
#[cfg(test)]
mod tests;
mod warn;

use dictionary::{Decimal, Text, Timestamp};

pub(crate) use amount::Money;
pub(crate) use normal::normal;
pub(crate) use warn::warnings;

/// A report that has passed the schema.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Report {
    /// `bmsTransactionId`: with the instrument it names the transaction.
    pub(crate) transaction: Text,
    /// `transactionSequence`
    pub(crate) sequence: u64,
    /// `batchId`, as it is written.
    pub(crate) batch: Text,
    pub(crate) status: Option<Text>,
    pub(crate) kind: Text,
    pub(crate) reporting_office: Text,
    pub(crate) listing_office: Option<Text>,
    pub(crate) buyer_office: Option<Text>,
    pub(crate) contract_date: Option<Timestamp>,
    pub(crate) close_date: Option<Timestamp>,
    pub(crate) close_price: Option<Money>,
    /// `totalSalesProductionGCI`
    pub(crate) gci: Money,
    /// `totalSalesProductionGCIDeduction`
    pub(crate) deduction: Money,
    /// Whether `isReferralYN` says so.
    pub(crate) referral: bool,
    pub(crate) entries: Vec<Entry>,
}

/// What one agent is credited with.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Entry {
    /// The agent's profile URL, else `bmsAgentId`.
    pub(crate) agent: Option<Text>,
    /// `ListingAgent` or `BuyerAgent`.
    pub(crate) role: Option<Text>,
    pub(crate) units: Option<Decimal>,
    pub(crate) gci: Option<Money>,
}

impl Report {
    /// Reads `data` of a report that the schema has accepted.
    ///
    /// # Errors
    /// A number with more digits than a decimal keeps: the digits.
    pub(crate) fn read(data: &str) -> Result<Self, String> {
        sent::read(data)
    }
}
