//! What `groupby` groups by: fields, and the levels of hierarchies that it rolls up (Data Aggregation 4.0, 3.2.3).

use super::super::Limits;
use super::super::alias::Alias;
use super::super::expression::Parser;
use crate::Fault;

/// What a list of `groupby` comes to.
pub(super) struct Levels {
    /// Everything that is grouped by, in the order in which it is written.
    pub(super) columns: Vec<Alias>,
    /// Which of it, one grouping after the other, from the finest to the coarsest.
    pub(super) groupings: Vec<Vec<usize>>,
}

impl Parser<'_> {
    /// `(rollup($all,City,PostalCode),StandardStatus)`
    pub(super) fn levels(&mut self) -> Result<Levels, Fault> {
        self.cursor.expect(b'(', "Write groupby((City),aggregate($count as Listings)).")?;
        let mut levels = Levels { columns: Vec::new(), groupings: vec![Vec::new()] };
        loop {
            self.cursor.space();
            let at = self.cursor.at;
            let name = self.cursor.peek_name();
            if matches!(name, "rollup" | "rolluprecursive")
                && self.cursor.peek_after(name.len()) == Some(b'(')
            {
                if name != "rollup" {
                    return Err(self.cursor.unsupported(at, name));
                }
                self.cursor.at += name.len() + 1;
                self.rollup(at, &mut levels)?;
            } else {
                let column = self.level(&mut levels.columns)?;
                levels.groupings.iter_mut().for_each(|grouping| grouping.push(column));
            }
            if !self.cursor.eat_spaced(b',') {
                self.close()?;
                return Ok(levels);
            }
        }
    }

    /// The levels of one hierarchy, from the coarsest to the finest. `$all` before them stands for all together. The
    /// first parenthesis is read.
    fn rollup(&mut self, at: usize, levels: &mut Levels) -> Result<(), Fault> {
        self.cursor.space();
        let rest = self.cursor.rest();
        let all = rest.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("$all"));
        if all {
            self.cursor.at += 4;
            if !self.cursor.eat_spaced(b',') {
                return Err(self.cursor.expected("a comma", "Write rollup($all,City)."));
            }
        }
        let mut path = Vec::new();
        loop {
            self.cursor.space();
            path.push(self.level(&mut levels.columns)?);
            if !self.cursor.eat_spaced(b',') {
                break;
            }
        }
        self.close()?;
        if path.len() < 2 && !all {
            // A single name is that of a hierarchy, and none has one here.
            return Err(self.cursor.unsupported(at, "A hierarchy by its name"));
        }
        let least = usize::from(!all);
        let depths = || (least..=path.len()).rev();
        if levels.groupings.len() * depths().count() > Limits::TRANSFORMATIONS {
            let message = format!("These are more than {} groupings.", Limits::TRANSFORMATIONS);
            return Err(self.cursor.bad(at, "too_many", message, "Roll up fewer levels."));
        }
        levels.groupings = std::mem::take(&mut levels.groupings)
            .into_iter()
            .flat_map(|before| {
                let path = &path;
                depths().map(move |depth| [&before[..], &path[..depth]].concat())
            })
            .collect();
        Ok(())
    }

    /// One thing more to group by; its number.
    fn level(&mut self, columns: &mut Vec<Alias>) -> Result<usize, Fault> {
        let alias = self.grouped_by()?;
        if columns.iter().any(|other| other.name == alias.name) {
            let message = format!("{} stands twice.", alias.name);
            return Err(self.cursor.bad(self.cursor.at, "duplicate_option", message, "Write it once."));
        }
        self.room(columns.len())?;
        columns.push(alias);
        Ok(columns.len() - 1)
    }
}
