//! Literals as OData writes them.

use dictionary::Value;

use crate::text;

pub(super) fn write(out: &mut String, value: &Value) {
    match value {
        Value::Text(text) => {
            out.push('\'');
            out.push_str(&text.replace('\'', "''"));
            out.push('\'');
        }
        // With an exponent, a number is a double whatever it is compared with.
        Value::Double(number) if number.is_finite() => out.push_str(&format!("{number:e}")),
        Value::Point(point) => {
            let place = format!("geography'SRID=4326;POINT({} {})'", point.longitude, point.latitude);
            out.push_str(&place);
        }
        Value::Boolean(_)
        | Value::Integer(_)
        | Value::Decimal(_)
        | Value::Date(_)
        | Value::Timestamp(_)
        | Value::Time(_) => {
            let mut bytes = Vec::new();
            text::write_value(&mut bytes, value.view());
            out.push_str(&String::from_utf8_lossy(&bytes));
        }
        // No literal says these.
        Value::Double(_) | Value::TextList(_) => out.push_str("null"),
    }
}

pub(super) fn line(out: &mut String, line: &[(f64, f64)]) {
    out.push_str("geography'SRID=4326;LINESTRING");
    corners(out, line);
    out.push('\'');
}

pub(super) fn polygon(out: &mut String, rings: &[Vec<(f64, f64)>]) {
    out.push_str("geography'SRID=4326;POLYGON(");
    for (at, ring) in rings.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        corners(out, ring);
    }
    out.push_str(")'");
}

fn corners(out: &mut String, corners: &[(f64, f64)]) {
    let corners: Vec<String> = corners.iter().map(|(x, y)| format!("{x} {y}")).collect();
    out.push('(');
    out.push_str(&corners.join(","));
    out.push(')');
}
