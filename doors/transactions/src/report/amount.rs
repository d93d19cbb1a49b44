//! Numbers read from their digits, never through binary floating point.

use dictionary::{Decimal, Text};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The number that JSON text spells; none where it has more digits than a decimal keeps (28), or is no
/// number.
pub(crate) fn decimal(digits: &str) -> Option<Decimal> {
    match digits.find(['e', 'E']) {
        None => Decimal::from_str_exact(digits).ok(),
        Some(_) => Decimal::from_scientific(digits).ok(),
    }
}

/// An amount of money.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Money {
    pub(crate) value: Decimal,
    pub(crate) currency: Text,
}

/// A `MonetaryAmount` as it is sent.
#[derive(Deserialize)]
pub(super) struct SentMoney<'a> {
    #[serde(borrow)]
    value: &'a RawValue,
    currency: String,
}

impl SentMoney<'_> {
    /// Its digits, where they are too many to be kept.
    pub(super) fn read(&self) -> Result<Money, String> {
        let value = decimal(self.value.get()).ok_or_else(|| self.value.get().to_owned())?;
        Ok(Money { value, currency: Text::from(self.currency.to_ascii_uppercase()) })
    }
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn digits_are_kept_as_they_are() {
        let check = |digits: &str, expect: Option<&str>| {
            assert_eq!(decimal(digits).map(|d| d.to_string()).as_deref(), expect, "{digits}");
        };
        check("123456.78", Some("123456.78"));
        check("0.1", Some("0.1"));
        check("-0.30", Some("-0.30"));
        check("1.5e3", Some("1500"));
        check("15E-1", Some("1.5"));
        // Nearest double: 9007199254740992.
        check("9007199254740993.01", Some("9007199254740993.01"));
        check("0.00000000000000000000000000001", None);
        check("99999999999999999999999999999999", None);
        check("\"1\"", None);
    }
}
