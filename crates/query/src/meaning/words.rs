//! Words in text, as `Mentions` understands them.

/// The words of `text`, in their order: runs of letters and digits of any script, in small letters.
pub fn of(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().flat_map(char::to_lowercase).collect())
}

/// What a text must mention.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wanted {
    /// Runs of words that stand together, in this order; a word outside double quotes is a run of one.
    pub runs: Vec<Vec<String>>,
}

impl Wanted {
    /// Reads `lake "new roof"`: the word lake, and the words new roof together. A quote that is not closed
    /// ends with the text.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut runs = Vec::new();
        for (at, part) in text.split('"').enumerate() {
            if at % 2 == 1 {
                runs.push(of(part).collect());
            } else {
                runs.extend(of(part).map(|word| vec![word]));
            }
        }
        runs.retain(|run: &Vec<String>| !run.is_empty());
        Self { runs }
    }

    /// Whether all of it stands in `text`; where nothing is wanted, it does.
    #[must_use]
    pub fn stand_in(&self, text: &str) -> bool {
        let there: Vec<String> = of(text).collect();
        self.runs.iter().all(|run| there.windows(run.len()).any(|window| window == run))
    }
}
