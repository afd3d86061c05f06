//! The commands of README.md, each run as it stands there, with fewer couples.

use crate::test_support::Sandbox;
use std::fs;
use std::path::Path;

/// What makes a run or sweep of README.md small enough for a test.
const SMALLER: &[&str] = &["--set", "run.couples=40", "--set", "run.days=40"];

/// What makes a measurement of README.md short enough for a test.
const BRIEFER: &[&str] = &["--seconds", "2", "--rounds", "1"];

/// The blocks of README.md that are marked with a word.
fn blocks(mark: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(path).expect("README.md");
    let parts: Vec<&str> = text.split("```").collect();
    // Every second part stands inside a block.
    let inside = parts.into_iter().skip(1).step_by(2);
    inside
        .filter_map(|part| part.strip_prefix(mark)?.strip_prefix('\n'))
        .map(str::to_owned)
        .collect()
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
    // `cargo run` is for a checkout; all other commands work in a folder that has nothing in it.
    let [checkout, fresh] = [(); 2].map(|()| Sandbox::new());
    let folder = "scenarios";
    fs::create_dir(checkout.path(folder)).expect("writable");
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    for entry in fs::read_dir(shipped).expect("scenarios") {
        let path = entry.expect("a readable entry").path();
        if path.is_file() {
            let to = checkout
                .path(folder)
                .join(path.file_name().expect("a name"));
            fs::copy(&path, to).expect("a readable scenario");
        }
    }
    let mut run = 0;
    for line in blocks("sh").iter().flat_map(|block| block.lines()) {
        let Some(mut words) = words(line) else {
            let known = ["cargo ", "git clone ", "cd ", "R", "python3 "];
            assert!(
                known.iter().any(|start| line.starts_with(start)),
                "what is `{line}`?"
            );
            continue;
        };
        if ["run", "sweep"].contains(&words[0].as_str()) {
            words.extend(SMALLER.iter().map(|word| (*word).to_owned()));
        }
        if words[0] == "bench" {
            words.extend(BRIEFER.iter().map(|word| (*word).to_owned()));
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let sandbox = match line.starts_with("cargo ") {
            true => &checkout,
            false => &fresh,
        };
        let outcome = sandbox.pairbond(&words);
        assert_eq!(outcome.code, Some(0), "`{line}`: {outcome:?}");
        run += 1;
    }
    assert!(run >= 6, "README.md shows {run} commands");
}

#[test]
fn the_scenario_of_the_readme_is_accepted_and_its_error_is_reported_as_shown() {
    let sandbox = Sandbox::new();
    let [scenario] = &blocks("toml")[..] else {
        panic!("one scenario")
    };
    let [error] = &blocks("text")[..] else {
        panic!("one error")
    };
    sandbox.write("mine.toml", scenario);
    let outcome = sandbox.pairbond(&["check", "mine.toml"]).code(0);
    assert_eq!(outcome.stderr, "");
    let faulty = scenario.replace("days = 300", "dayz = 300");
    assert_ne!(&faulty, scenario);
    sandbox.write("mine.toml", faulty);
    assert_eq!(
        sandbox
            .pairbond(&["check", "mine.toml"])
            .code(2)
            .stderr
            .trim_end(),
        error.trim_end()
    );
}

#[test]
fn every_file_that_the_readme_links_to_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("README.md")).expect("README.md");
    let links = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let pictures = text
        .split("src=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    let here: Vec<&str> = links
        .chain(pictures)
        .filter(|link| !link.contains("://"))
        .collect();
    assert!(here.len() > 8, "README.md links to {here:?}");
    for link in here {
        let (file, heading) = link.split_once('#').unwrap_or((link, ""));
        assert!(root.join(file).exists(), "README.md links to {link}");
        if !heading.is_empty() {
            let page = fs::read_to_string(root.join(file)).expect("a page");
            let headings = page.lines().filter(|line| line.starts_with('#'));
            let mut anchors = headings.map(|line| line.trim_start_matches('#').trim());
            let found = anchors.any(|text| text.to_lowercase().replace(' ', "-") == heading);
            assert!(found, "README.md links to {link}");
        }
    }
}
