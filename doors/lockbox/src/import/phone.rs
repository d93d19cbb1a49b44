//! Telephone numbers of the North American numbering plan, in every form that people write (LBX-002).

/// A number in its parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Phone {
    /// Three digits.
    pub(crate) area: String,
    /// Seven digits: the office code and the line.
    pub(crate) subscriber: String,
    /// Digits after `x`, `ext` or `#`.
    pub(crate) extension: Option<String>,
}

/// Digits of an extension, at most: RESO's fields hold 10.
const LONGEST_EXTENSION: usize = 10;

impl Phone {
    /// Reads a number; none where it is not one of ten digits of the plan. A one or `+1` before it is the
    /// country's.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        let cut = lower.find(['x', 'e', '#', ';', ',']);
        let (number, rest) = cut.map_or((lower.as_str(), ""), |at| lower.split_at(at));
        if number.contains(|c: char| !(c.is_ascii_digit() || "+()-./ \u{a0}\t".contains(c))) {
            return None;
        }
        let mut digits: String = number.chars().filter(char::is_ascii_digit).collect();
        if digits.len() == 11 && digits.starts_with('1') {
            digits.remove(0);
        } else if number.trim_start().starts_with('+') {
            // Another country's.
            return None;
        }
        // Area and office codes do not begin with 0 or 1.
        let of_plan = digits.len() == 10 && [0, 3].iter().all(|at| digits.as_bytes()[*at] >= b'2');
        of_plan.then_some(())?;
        let extension = match rest {
            "" => None,
            rest => Some(extension(rest)?),
        };
        let subscriber = digits.split_off(3);
        Some(Self { area: digits, subscriber, extension })
    }

    /// `305-555-0100`, as the dictionary wants it.
    pub(crate) fn dashed(&self) -> String {
        let (office, line) = self.subscriber.split_at(3);
        format!("{}-{office}-{line}", self.area)
    }
}

/// The digits behind one of the usual words.
fn extension(rest: &str) -> Option<String> {
    const WORDS: [&str; 6] = ["extension", "ext.", "ext", "x", "#", ";ext="];
    let rest = rest.trim_start_matches([',', ' ']);
    let after = WORDS.iter().find_map(|word| rest.strip_prefix(word))?;
    let digits = after.trim_start_matches(['.', ':', ' ']).trim_end();
    let fits = (1..=LONGEST_EXTENSION).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::Phone;

    /// LBX-002: area code, subscriber number and extension of every form; what is none of the plan is none.
    #[test]
    fn lbx_002_numbers_of_every_form_fall_into_their_parts() {
        let check = |text: &str, expect: &str| {
            let told = Phone::read(text).map_or("-".to_owned(), |phone| {
                let Phone { area, subscriber, extension } = &phone;
                format!("{area} {subscriber} {} {}", extension.as_deref().unwrap_or("-"), phone.dashed())
            });
            assert_eq!(told, expect, "{text:?}");
        };
        let plain = "305 5550100 - 305-555-0100";
        for text in [
            "(305) 555-0100",
            "305.555.0100",
            "3055550100",
            "305-555-0100",
            "1 305 555 0100",
            "+1 (305) 555-0100",
            "305/555/0100",
            " 305\u{a0}555 0100 ",
        ] {
            check(text, plain);
        }
        let extended = "305 5550100 12 305-555-0100";
        for text in [
            "+1 305 555 0100 x12",
            "305-555-0100 ext. 12",
            "305-555-0100 Extension 12",
            "305-555-0100 EXT:12",
            "(305)555-0100#12",
            "305-555-0100, ext 12",
            "3055550100;ext=12",
        ] {
            check(text, extended);
        }
        for text in [
            "",
            "555-0100",
            "305-555-010",
            "305-555-01000",
            "105-555-0100",
            "305-155-0100",
            "+44 20 7946 0958",
            "+49 305 555 0100",
            "call me",
            "305-555-0100 x",
            "305-555-0100 x12345678901",
            "305-555-0100 or 305-555-0101",
            "٣٠٥٥٥٥٠١٠٠",
        ] {
            check(text, "-");
        }
    }
}
