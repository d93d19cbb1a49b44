//! Whole numbers, decimals and doubles.

use dictionary::Decimal;

use super::TextFault;

/// A whole number from `least` to `most`: an optional sign and digits.
///
/// # Errors
/// Where it is no whole number, or outside the two.
pub fn read_integer(text: &str, least: i64, most: i64) -> Result<i64, TextFault> {
    if !whole(text) {
        return Err(TextFault::about(
            text,
            "is not a whole number",
            "Write digits without a point, such as 42.",
        ));
    }
    match text.parse::<i64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(TextFault::about(text, "is outside its type", format!("It may be {least} to {most}."))),
    }
}

fn whole(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// A decimal of at most 28 digits, with or without an exponent. Its scale is kept as written: `1.50` stays
/// `1.50`.
///
/// # Errors
/// Where it is no number, or has more digits than a decimal keeps; it is never rounded.
pub fn read_decimal(text: &str) -> Result<Decimal, TextFault> {
    const HINT: &str = "Write digits with a point where there is a fraction, such as 525000.00.";
    if !numeric(text) {
        return Err(TextFault::about(text, "is not a decimal number", HINT));
    }
    let too_long =
        || TextFault::about(text, "has more digits than a decimal keeps", "Write at most 28 digits.");
    match text.split_once(['e', 'E']) {
        None => Decimal::from_str_exact(text).map_err(|_| too_long()),
        Some((digits, exponent)) => {
            let number = Decimal::from_str_exact(digits).map_err(|_| too_long())?;
            let exponent: i32 = exponent.parse().map_err(|_| too_long())?;
            shift(number, exponent).ok_or_else(too_long)
        }
    }
}

/// `number` × 10^`exponent`, exactly; none where it does not fit.
fn shift(number: Decimal, exponent: i32) -> Option<Decimal> {
    if number.is_zero() {
        return Some(Decimal::ZERO);
    }
    let scale = i64::from(number.scale()) - i64::from(exponent);
    if scale >= 0 {
        return Decimal::try_from_i128_with_scale(number.mantissa(), u32::try_from(scale).ok()?).ok();
    }
    let tens = 10_i128.checked_pow(u32::try_from(-scale).ok()?)?;
    Decimal::try_from_i128_with_scale(number.mantissa().checked_mul(tens)?, 0).ok()
}

/// A double. `INF`, `-INF` and `NaN` are no values here: nothing measured is infinite.
///
/// # Errors
/// Where it is no number, or too large for a double.
pub fn read_double(text: &str) -> Result<f64, TextFault> {
    if !numeric(text) {
        return Err(TextFault::about(
            text,
            "is not a number",
            "Write a finite number, such as -122.335 or 1.5e3.",
        ));
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(TextFault::about(
            text,
            "is too large for a double",
            "It may be at most 1.7976931348623157e308.",
        )),
    }
}

/// `[sign] digits [. digits] [e [sign] digits]` (4.01 ABNF, decimalValue).
fn numeric(text: &str) -> bool {
    let (number, exponent) = match text.split_once(['e', 'E']) {
        None => (text, None),
        Some((number, exponent)) => (number, Some(exponent)),
    };
    let number = number.strip_prefix(['-', '+']).unwrap_or(number);
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let number = match number.split_once('.') {
        None => digits(number),
        Some((before, after)) => digits(before) && digits(after),
    };
    number && exponent.is_none_or(whole)
}
