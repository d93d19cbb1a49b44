//! Text functions.

use super::Function::*;
use super::*;

#[test]
fn reso_022_text_functions_count_characters() {
    check_truth(call(Contains, [f("City"), v("o P")]), true);
    check_truth(call(Contains, [f("City"), v("o p")]), false);
    check_truth(call(Contains, [f("City"), v("")]), true);
    check_truth(call(StartsWith, [f("City"), v("São")]), true);
    check_truth(call(StartsWith, [f("City"), v("Paulo")]), false);
    check_truth(call(EndsWith, [f("City"), v("ulo")]), true);
    check(call(Length, [f("City")]), integer(9));
    check(call(Length, [v("🏠e\u{301}")]), integer(3));
    check(call(Length, [f("Appliances")]), integer(2));
    check(call(IndexOf, [f("City"), v("Paulo")]), integer(4));
    check(call(IndexOf, [f("City"), v("x")]), integer(-1));
    check(call(IndexOf, [f("City"), v("")]), integer(0));
    check(call(Substring, [f("City"), v(4)]), text("Paulo"));
    check(call(Substring, [f("City"), v(1), v(3)]), text("ão "));
    check(call(Substring, [f("City"), v(4), v(99)]), text("Paulo"));
    check(call(Substring, [f("City"), v(99)]), text(""));
    check(call(Substring, [f("City"), v(-5)]), text("Paulo"));
    check(call(Substring, [f("City"), v(-99), v(3)]), text("São"));
    check(call(Substring, [f("City"), v(i64::MIN), v(i64::MAX)]), text("São Paulo"));
    check(call(Substring, [f("City"), v(0), v(-1)]), None);
    check(call(Substring, [f("City"), d("1.5")]), None);
    check(call(ToLower, [v("ÀB İ")]), text("àb i\u{307}"));
    check(call(ToUpper, [v("straße")]), text("STRASSE"));
    check(call(Trim, [v("\u{a0}\t a b \n")]), text("a b"));
    check(call(Concat, [f("City"), v("!")]), text("São Paulo!"));
}

#[test]
fn reso_023_functions_of_null_are_null() {
    for function in [Contains, StartsWith, EndsWith, MatchesPattern, Mentions, IndexOf, Concat] {
        check(call(function, [f("UnparsedAddress"), v("x")]), None);
        check(call(function, [v("x"), null()]), None);
        check(not(call(function, [null(), null()])), None);
    }
    for function in [Length, ToLower, ToUpper, Trim] {
        check(call(function, [f("UnparsedAddress")]), None);
        check(call(function, [v(4)]), None);
        check(call(function, []), None);
    }
    check(call(Substring, [f("City"), null()]), None);
    check(call(Substring, [f("City"), v(0), null()]), None);
}

#[test]
fn reso_022_patterns_are_ecmascripts() {
    let check = |text: &str, pattern: &str, expect: Option<bool>| {
        check_truth(call(MatchesPattern, [v(text), v(pattern)]), expect);
    };
    check("Alfreds Futterkiste", "^A.*e$", Some(true));
    check("x Alfreds Futterkiste", "^A.*e$", Some(false));
    check("abc", "b", Some(true));
    check("abc", "", Some(true));
    check("12", r"^\d+$", Some(true));
    check("١٢", r"^\d+$", Some(false));
    check("é", r"^\w$", Some(false));
    check("a-b", r"^[\w-]+$", Some(true));
    check("a]b", r"^[^\]]+$", Some(false));
    check("[", "[[]", Some(true));
    check("&", "[a&&b]", Some(true));
    check("a\u{2028}b", "a.b", Some(false));
    check("a\nb", "a[^]b", Some(true));
    check("a", "[]", Some(false));
    check("a/b", r"a\/b", Some(true));
    check("ab ab", r"\bab$", Some(true));
    check("z", r"\z", Some(true));
    check("é", r"\u00e9", Some(true));
    check("\u{feff}", r"^\s$", Some(true));
    check("Lake", "^(?:l|L)ake", Some(true));
    check("aa", r"(a)\1", None);
    check("ab", "a(?=b)", None);
    check("a", "(", None);
    check("a", r"a\", None);
    check("a", &"a".repeat(1_001), None);
    check("a", "(x{1000}){1000}", None);
    // A pattern that takes others for ever.
    check(&"a".repeat(50_000), "^(a+)+$x", Some(false));
    // More patterns than a thread keeps.
    for _ in 0..3 {
        for number in 0..20 {
            check("x7y", &format!("x{number}y"), Some(number == 7));
        }
    }
}

#[test]
fn mentions_finds_words_and_runs_of_words() {
    let check = |wanted: &str, expect: bool| {
        check_truth(call(Mentions, [f("PublicRemarks"), v(wanted)]), expect);
    };
    check("lake", true);
    check("LAKE view", true);
    check("view lake", true);
    check("lak", false);
    check("lake garden", false);
    check("\"lake view\"", true);
    check("\"view lake\"", false);
    check("\"view, new\" roof", true);
    check("\"roof is new", true);
    check("", true);
    check("\"\" ,;", true);
}
