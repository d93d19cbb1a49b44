//! In which form a body is wanted: `Accept-Encoding` (RFC 9110, 12.5.3).

/// How a body goes over the wire.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Form {
    /// As it is: `identity`.
    #[default]
    Plain,
    /// One gzip member (RFC 1952).
    Gzip,
}

impl Form {
    /// The form that a client likes best, of the values of its `Accept-Encoding` headers. Between two that
    /// it likes alike it gets the shorter one. Who forbids both is answered plainly: no answer at all would
    /// help nobody (RFC 9110, 12.5.3, allows either).
    pub fn wanted<'a>(headers: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut gzip, mut identity, mut any) = (None, None, None);
        for entry in headers.into_iter().flat_map(|header| header.split(',')) {
            let (coding, weight) = weighed(entry);
            let known = match coding {
                _ if coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip") => {
                    &mut gzip
                }
                _ if coding.eq_ignore_ascii_case("identity") => &mut identity,
                "*" => &mut any,
                _ => continue,
            };
            *known = (*known).max(Some(weight));
        }
        let gzip = gzip.or(any).unwrap_or(0);
        if gzip > 0 && gzip >= identity.unwrap_or(0) { Self::Gzip } else { Self::Plain }
    }

    /// What `Content-Encoding` says of it; nothing of a plain body.
    #[must_use]
    pub fn content_encoding(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Gzip => Some("gzip"),
        }
    }
}

/// A coding and its weight in thousandths. A weight that cannot be read counts as none at all.
fn weighed(entry: &str) -> (&str, u16) {
    let (coding, parameters) = entry.split_once(';').unwrap_or((entry, ""));
    let weight = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse::<f32>().unwrap_or(0.0))
    });
    // The bounds keep the number within the type.
    (coding.trim(), (weight.unwrap_or(1.0).clamp(0.0, 1.0) * 1_000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn the_form_that_is_liked_best_is_given() {
        let check = |header: &str, expect: Form| assert_eq!(Form::wanted([header]), expect, "{header:?}");
        check("", Form::Plain);
        check("gzip", Form::Gzip);
        check("GZip", Form::Gzip);
        check("x-gzip", Form::Gzip);
        check("gzip, deflate, br, zstd", Form::Gzip);
        check("deflate, br", Form::Plain);
        check("gzip;q=0", Form::Plain);
        check("gzip;q=0.0, *", Form::Plain);
        check("gzip;q=0.001", Form::Gzip);
        check("gzip; Q=0.5 , identity;q=0.5", Form::Gzip);
        check("gzip;q=0.4, identity;q=0.5", Form::Plain);
        check("identity;q=0, gzip;q=0.1", Form::Gzip);
        check("*", Form::Gzip);
        check("*;q=0", Form::Plain);
        check("br;q=1.0, *;q=0.5", Form::Gzip);
        check("gzip;q=nonsense", Form::Plain);
        check("gzip;q=NaN", Form::Plain);
        check("gzip;level=9", Form::Gzip);
        check(",,;q=1,", Form::Plain);
        assert_eq!(Form::wanted(["br", "gzip"]), Form::Gzip);
        assert_eq!(Form::wanted([]), Form::Plain);
    }
}
