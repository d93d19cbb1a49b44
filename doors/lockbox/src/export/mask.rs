//! Personal data, masked: what stands there instead is of the same form, is unique where the original has to be, and
//! says nothing of it. Ids stay, for they tie the data together; they are no names.

/// What stands in a column instead of a value of the record with this number; the value itself where it is not
/// personal.
pub(crate) fn masked(column: &str, value: String, number: u64) -> String {
    if value.is_empty() {
        return value;
    }
    match column {
        "MemberFirstName" => format!("First{number}"),
        "MemberLastName" => format!("Last{number}"),
        "MemberEmail" => format!("member{number}@masked.example"),
        "User Name" => format!("user{number}"),
        // The plan keeps 555-0100 to 555-0199 for what is made up.
        "MemberOfficePhone" | "MemberMobilePhone" | "OfficePhone" => format!("555-555-01{:02}", number % 100),
        "MemberNationalAssociationId" => format!("{:09}", 999_000_000 - number % 99_000_000),
        "MemberStateLicense" => format!("MASKED{number}"),
        // Gates' codes and owners' habits stand there.
        "ShowingInstructions" => String::new(),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lbx_072_what_is_personal_is_not_what_it_was() {
        let check =
            |column: &str, value: &str, expect: &str| assert_eq!(masked(column, value.into(), 7), expect);
        check("MemberFirstName", "Mary", "First7");
        check("MemberLastName", "Smith", "Last7");
        check("MemberEmail", "mary@gulf.example", "member7@masked.example");
        check("MemberMobilePhone", "239-444-1234", "555-555-0107");
        check("MemberNationalAssociationId", "261000001", "998999993");
        check("MemberStateLicense", "SL1", "MASKED7");
        check("ShowingInstructions", "Gate code 4711", "");
        check("User Name", "MSmith", "user7");
        check("MemberEmail", "", "");
        check("MemberMlsId", "M1", "M1");
        check("OfficeName", "Gulf Homes", "Gulf Homes");
    }
}
