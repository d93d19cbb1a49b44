//! The commands that pages and hints name are commands.

use std::path::{Path, PathBuf};

use clap::Parser as _;
use clap::error::ErrorKind;

use super::Line;

/// Every file of the project with this ending, but for what is built or fetched.
fn files(dir: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            files(&path, ending, found);
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
}

/// The words of a command as a shell takes them apart, up to where it ends.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for letter in command.chars() {
        match (quote, letter) {
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (Some(open), _) if open == letter => quote = None,
            (None, '>' | '#' | '|' | ';' | '\n') if word.is_none() => return words,
            (None, ' ' | '\n') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

fn fault(command: &str) -> Option<ErrorKind> {
    let error = Line::try_parse_from(words(command)).err()?;
    Some(error.kind()).filter(|kind| *kind != ErrorKind::DisplayHelp)
}

/// What a page tells to type is what the line takes: each command of a block, whole.
#[test]
fn every_command_of_a_page_is_one() {
    let mut pages = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), ".md", &mut pages);
    let mut tried = 0;
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap().replace("\\\n", " ");
        for block in text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            let commands = block.lines().filter_map(|line| {
                line.find("freehold ")
                    .filter(|at| *at == 0 || line[..*at].ends_with("| "))
                    .map(|at| &line[at..])
            });
            for command in commands {
                tried += 1;
                assert_eq!(fault(command), None, "{}: {command}", page.display());
            }
        }
    }
    assert!(tried > 10, "{tried} commands were found");
}

/// What a sentence or a hint names in passing may stand without its arguments, but is no other word.
#[test]
fn every_command_that_is_named_is_one() {
    let mut sources = Vec::new();
    for ending in [".md", ".rs", "settings.toml"] {
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), ending, &mut sources);
    }
    let mut tried = 0;
    for source in sources {
        let text = std::fs::read_to_string(&source).unwrap();
        let mark = format!("{}freehold ", '`');
        let named =
            text.split(mark.as_str()).skip(1).filter_map(|rest| rest.split(['`', '…', '{', ',']).next());
        for command in named.filter(|command| !command.contains('\n') && !command.trim().is_empty()) {
            tried += 1;
            let wrong = match fault(&format!("freehold {command}")) {
                Some(ErrorKind::InvalidSubcommand | ErrorKind::UnknownArgument) => true,
                Some(_) | None => false,
            };
            assert!(!wrong, "{}: freehold {command}", source.display());
        }
    }
    assert!(tried > 20, "{tried} commands were found");
}
