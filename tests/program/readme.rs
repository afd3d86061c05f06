//! The commands of README.md, each run as it stands there, with fewer couples.

use crate::desk::Desk;
use std::fs;
use std::path::Path;

/// What makes a run of README.md small enough for a test.
const SMALLER: &[&str] = &["--set", "run.couples=40", "--set", "run.days=40"];

/// The lines of all blocks of README.md that are marked as shell.
fn lines() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(path).expect("README.md");
    let mut lines = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line.trim() {
            "```sh" => inside = true,
            "```" => inside = false,
            command if inside && !command.is_empty() => lines.push(command.to_owned()),
            _ => {}
        }
    }
    lines
}

/// The program's words in a line, if the line runs the program.
fn words(line: &str) -> Option<Vec<String>> {
    let line = line.split(" #").next().unwrap_or(line).trim();
    let rest = line
        .strip_prefix("cargo run --release -- ")
        .or_else(|| line.strip_prefix("pairbond "))?;
    // No command of README.md quotes a space.
    Some(
        rest.split_whitespace()
            .map(|word| word.replace('\'', ""))
            .collect(),
    )
}

#[test]
fn every_command_of_the_readme_does_what_it_says() {
    let desk = Desk::new();
    fs::create_dir(desk.path("scenarios")).expect("writable");
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for entry in fs::read_dir(shipped).expect("scenarios") {
        let path = entry.expect("a readable entry").path();
        let to = desk
            .path("scenarios")
            .join(path.file_name().expect("a name"));
        fs::copy(&path, to).expect("a readable scenario");
    }
    let mut run = 0;
    for line in lines() {
        let Some(mut words) = words(&line) else {
            let known = ["cargo ", "git clone ", "cd ", "R", "python3 "];
            assert!(
                known.iter().any(|start| line.starts_with(start)),
                "what is `{line}`?"
            );
            continue;
        };
        if words[0] == "run" {
            words.extend(SMALLER.iter().map(|word| (*word).to_owned()));
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let said = desk.pairbond(&words);
        assert_eq!(said.code, Some(0), "`{line}`: {said:?}");
        run += 1;
    }
    assert!(run >= 6, "README.md shows {run} commands");
}
