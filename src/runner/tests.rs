//! The shipped scenarios: each is valid, explains itself, is listed, and runs on every backend.

use super::{Control, Plan, run};
use crate::scenario::Scenario;
use crate::simd::backend::Backend;
use crate::simulation::{Bins, BlockOutcome, BlockTable, DayRows};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Couples and days of a run that only shows that a scenario can be simulated.
const COUPLES: u64 = 24;
const DAYS: u32 = 40;

/// The project's directory, from the environment so that a built test can be run on another tree.
fn folder() -> PathBuf {
    let root = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from);
    root.join("scenarios")
}

/// Every shipped scenario, in the order of names.
fn files() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).expect("the folder of scenarios");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    files.sort();
    assert!(files.len() >= 12, "only {} scenarios", files.len());
    files
}

fn name(file: &Path) -> String {
    file.file_stem()
        .expect("a name")
        .to_string_lossy()
        .into_owned()
}

/// The lines of a scenario's first comment.
fn comment(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("a readable scenario");
    text.lines()
        .take_while(|line| line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

fn read(file: &Path, values: &[&str]) -> Scenario {
    Scenario::from_file_with(file, values)
        .unwrap_or_else(|error| panic!("{} with {values:?}: {error:?}", file.display()))
}

/// The argument of each `--set` in a comment, without the punctuation of the sentence.
fn settings(comment: &[String]) -> Vec<String> {
    let lines: Vec<&str> = comment
        .iter()
        .map(|line| line.trim_start_matches('#'))
        .collect();
    let text = lines.join(" ");
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .windows(2)
        .filter(|pair| pair[0].trim_start_matches('(') == "--set")
        .map(|pair| {
            pair[1]
                .trim_end_matches([')', ',', ';', ':', '.'])
                .to_owned()
        })
        .collect()
}

#[test]
fn every_scenario_is_valid_without_warnings() {
    for file in files() {
        let scenario = read(&file, &[]);
        assert!(
            scenario.warnings().is_empty(),
            "{}: {:?}",
            name(&file),
            scenario.warnings()
        );
    }
}

#[test]
fn every_scenario_starts_with_its_command_and_findings() {
    for file in files() {
        let (name, comment) = (name(&file), comment(&file));
        assert!(
            (5..=18).contains(&comment.len()),
            "{name}: a comment of {} lines",
            comment.len()
        );
        let has = |words: &str| comment.iter().any(|line| line.contains(words));
        assert!(
            has(&format!("pairbond run scenarios/{name}.toml")),
            "{name} does not say its command"
        );
        for part in ["Run:", "Look at:", "Found:"] {
            assert!(has(part), "{name} has no `{part}`");
        }
    }
}

#[test]
fn every_setting_in_a_comment_can_be_set() {
    let mut spoken = 0;
    for file in files() {
        for value in settings(&comment(&file)) {
            read(&file, &[&value]);
            spoken += 1;
        }
    }
    assert!(
        spoken > 20,
        "only {spoken} settings were found in the comments"
    );
}

#[test]
fn every_scenario_named_in_a_comment_exists() {
    for file in files() {
        let text = comment(&file).join(" ");
        let words = text.split(|c: char| !(c.is_alphanumeric() || "_./".contains(c)));
        for word in words.filter(|word| word.ends_with(".toml")) {
            let named = match word.strip_prefix("validation/") {
                Some(own) => folder().join("../validation").join(own),
                None => folder().join(word.trim_start_matches("scenarios/")),
            };
            assert!(named.is_file(), "{} speaks of {word}", name(&file));
        }
    }
}

#[test]
fn the_list_of_scenarios_matches_the_tree() {
    let text = fs::read_to_string(folder().join("README.md")).expect("the list of scenarios");
    let mut listed: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("- ["))
        .map(|line| {
            let (name, rest) = line.split_once("](").expect("a link");
            assert!(rest.starts_with(&format!("{name}.toml): ")), "{line}");
            name.to_owned()
        })
        .collect();
    listed.sort();
    let mut tree: Vec<String> = files().iter().map(|file| name(file)).collect();
    for below in ["claims", "studies"] {
        let entries = fs::read_dir(folder().join(below)).expect("a folder of scenarios");
        let named = |entry: fs::DirEntry| format!("{below}/{}", name(&entry.path()));
        tree.extend(entries.map(|entry| named(entry.expect("an entry"))));
    }
    tree.sort();
    assert_eq!(listed, tree);
}

/// Counts the rows and separations of a run.
#[derive(Default)]
struct Count {
    couples: u64,
    day_rows: u64,
    ended: u64,
}

impl Count {
    fn take(&mut self, outcome: &BlockOutcome) {
        self.couples += outcome.tables[BlockTable::Couples].rows() as u64;
        self.day_rows += outcome.tables[BlockTable::Days].rows() as u64;
        self.ended += outcome.ends.iter().flatten().count() as u64;
    }
}

#[test]
fn every_scenario_can_be_simulated() {
    for file in files() {
        let name = name(&file);
        let couples = format!("run.couples={COUPLES}");
        let days = format!("run.days={}", DAYS.min(read(&file, &[]).config().size.days));
        let config = read(
            &file,
            &[&couples, &days, "run.replicates=1", "record.every=1"],
        )
        .config()
        .clone();
        let (days, keeps) = (u64::from(config.size.days), config.record.days);
        let plan = Plan::new(config);
        let mut count = Count::default();
        let take = |outcome: BlockOutcome| count.take(&outcome);
        let bins = run(&plan, Backend::best(), true, &Control::default(), take);
        assert!(matches!(bins, Ok(Some(_))), "{name} was cancelled");
        assert_eq!(count.couples, COUPLES, "{name}");
        assert!(
            count.ended < COUPLES,
            "{name}: all couples separated within {days} days"
        );
        let most = COUPLES * days * 2;
        let least = (COUPLES - count.ended) * days * 2;
        match keeps {
            DayRows::None => assert_eq!(count.day_rows, 0, "{name}"),
            _ => assert!(
                (least..=most).contains(&count.day_rows),
                "{name}: {}",
                count.day_rows
            ),
        }
    }
}

/// Runs a scenario with more than one block of couples on each backend of this processor. Outcomes are texts,
/// because NaN is not equal to itself.
fn outcomes(file: &Path, more: &[&str]) -> Vec<(&'static str, String, Option<Bins>)> {
    let days = DAYS.min(read(file, &[]).config().size.days);
    let days = format!("run.days={days}");
    let mut values = vec![
        "run.couples=75",
        &days,
        "run.replicates=1",
        "record.every=1",
    ];
    values.extend(more);
    let plan = Plan::new(read(file, &values).config().clone());
    let by = |backend: Backend| {
        let mut text = String::new();
        let take =
            |outcome: BlockOutcome| write!(text, "{outcome:?}").expect("a text takes everything");
        let bins = run(&plan, backend, true, &Control::default(), take);
        (backend.name(), text, bins.expect("not cancelled"))
    };
    Backend::available().into_iter().map(by).collect()
}

fn assert_backends_agree(file: &Path, more: &[&str]) {
    let outcomes = outcomes(file, more);
    let (_, scalar, scalar_bins) = &outcomes[0];
    for (backend, text, bins) in &outcomes[1..] {
        assert!(text == scalar, "{} by {backend}", name(file));
        assert!(
            bins == scalar_bins,
            "quantiles of {} by {backend}",
            name(file)
        );
    }
}

#[test]
fn every_backend_gives_the_same_bits_for_every_scenario() {
    for file in files() {
        assert_backends_agree(&file, &[]);
    }
}

/// Free slots are filled again and again.
#[test]
fn backends_agree_if_nearly_all_couples_separate() {
    for name in ["secure_balance", "anxious_avoidant", "one_partners_effort"] {
        let file = folder().join(format!("{name}.toml"));
        let separation = ["mechanisms.dissolution=true", "parameters.outside_rate=1"];
        assert_backends_agree(&file, &separation);
    }
}
