//! Numbers with signs of money, with separators, in parentheses.

use std::borrow::Cow;

use dictionary::{Type, Value};
use odata::text::{TextFault, read_decimal, read_value};
use rust_decimal::RoundingStrategy;

use super::{Bad, Parse, shown};

/// A half goes away from nought, as people round.
const HALVES: RoundingStrategy = RoundingStrategy::MidpointAwayFromZero;

/// What may stand before or after an amount.
const MONEY: [&str; 6] = ["US$", "USD", "CAD", "$", "€", "£"];

/// The number with a point for its decimals and nothing between its digits.
pub(super) fn plain<'t>(text: &'t str, exact: bool, parse: &Parse) -> Result<Cow<'t, str>, Bad> {
    if exact || text.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(Cow::Borrowed(text));
    }
    let wrong = || Bad::new("wrong_value", format!("{} is not a number.", shown(text)), hint(parse));
    let mut body = text.trim();
    // Bookkeepers write a debt in parentheses.
    let mut negative = false;
    if let Some(inner) = body.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        (body, negative) = (inner.trim(), true);
    }
    let mut signed = false;
    loop {
        let before = body;
        if let (Some(rest), false) = (body.strip_prefix(['-', '−', '+']), signed) {
            signed = true;
            negative ^= !body.starts_with('+');
            body = rest.trim_start();
        }
        for sign in MONEY {
            body = body.strip_prefix(sign).unwrap_or(body).trim_start();
            body = body.strip_suffix(sign).unwrap_or(body).trim_end();
        }
        if body == before {
            break;
        }
    }
    let (whole, fraction) = match body.split_once(parse.decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (body, None),
    };
    let mut out = String::with_capacity(text.len());
    if negative {
        out.push('-');
    }
    out.push_str(&grouped(whole, parse).ok_or_else(wrong)?);
    if let Some(fraction) = fraction {
        if whole.is_empty() {
            out.push('0');
        }
        if !fraction.is_empty() {
            out.push('.');
            out.push_str(fraction);
        }
        if whole.is_empty() && fraction.is_empty() {
            return Err(wrong());
        }
    }
    Ok(Cow::Owned(out))
}

/// How numbers are written here.
fn hint(parse: &Parse) -> String {
    format!(
        "Digits, {:?} before decimals; set decimal and thousands where the file writes otherwise.",
        parse.decimal
    )
}

/// The digits before the decimals. Where they are in groups, each but the first has three: otherwise
/// `1,25` would become 125 where it was meant as 1.25.
fn grouped(whole: &str, parse: &Parse) -> Option<String> {
    let is_gap = |c: char| {
        parse.thousands.contains(&c)
            || (matches!(c, ' ' | '\u{a0}' | '\u{202f}') && !parse.thousands.is_empty())
    };
    let mut groups = whole.split(is_gap);
    let mut out = groups.next().unwrap_or_default().to_owned();
    for group in groups {
        if group.len() != 3 || out.is_empty() {
            return None;
        }
        out.push_str(group);
    }
    Some(out)
}

/// The value of a plain number.
pub(super) fn read(ty: Type, plain: &str, parse: &Parse) -> Result<Value, Bad> {
    let wrong = |fault: TextFault| Bad::new("wrong_value", fault.message, hint(parse));
    match ty {
        Type::Decimal { scale, .. } => {
            let number = match read_decimal(plain) {
                Ok(number) => number,
                // 1.5E+6, as spreadsheets write large numbers.
                Err(fault) => {
                    dictionary::Decimal::from_scientific(plain).map_err(|_| wrong(fault))?.normalize()
                }
            };
            Ok(Value::Decimal(match scale {
                Some(scale) if parse.round => number.round_dp_with_strategy(u32::from(scale), HALVES),
                _ => number,
            }))
        }
        Type::Double => read_value(ty, plain).map_err(wrong),
        _ => {
            let fault = match read_value(ty, plain) {
                Ok(value) => return Ok(value),
                Err(fault) => fault,
            };
            // 3.0 is a whole number that some program wrote as a fraction.
            let number = read_decimal(plain)
                .or_else(|f| dictionary::Decimal::from_scientific(plain).map_err(|_| f))
                .map_err(wrong)?;
            let whole = match parse.round {
                true => number.round_dp_with_strategy(0, HALVES),
                false if number.fract().is_zero() => number.trunc(),
                false => {
                    return Err(Bad::new(
                        "not_whole",
                        format!("{} is not a whole number.", shown(plain)),
                        "Set round = true for this field to take the nearest one.",
                    ));
                }
            };
            read_value(ty, &whole.trunc().to_string()).map_err(|_| wrong(fault))
        }
    }
}
