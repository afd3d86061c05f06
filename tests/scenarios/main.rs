//! The shipped scenarios: each is sound, explains itself, is listed, and runs.

use pairbond::Scenario;
use pairbond::runner;
use pairbond::runner::plan::Plan;
use pairbond::runner::{Cancelled, Collector, Control};
use pairbond::simd::backend::Backend;
use pairbond::simulation::{Bins, BlockOutcome, BlockTable, DayRows};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Couples and days of a run that only shows that a scenario can be lived.
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

/// What stands after each `--set` of a comment, without the sentence's own punctuation.
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
fn every_scenario_is_without_fault_or_warning() {
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
fn every_scenario_begins_by_saying_what_to_run_and_what_was_found() {
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
fn every_setting_that_a_comment_speaks_of_can_be_set() {
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
    let claims = fs::read_dir(folder().join("claims")).expect("the folder of claims");
    tree.extend(claims.map(|entry| format!("claims/{}", name(&entry.expect("an entry").path()))));
    tree.sort();
    assert_eq!(listed, tree);
}

/// Counts what an experiment brings.
#[derive(Default)]
struct Count {
    couples: u64,
    day_rows: u64,
    ended: u64,
}

impl Collector for Count {
    type Error = Cancelled;
    fn take(&mut self, outcome: BlockOutcome) -> Result<(), Cancelled> {
        self.couples += outcome.tables[BlockTable::Couples].rows() as u64;
        self.day_rows += outcome.tables[BlockTable::Days].rows() as u64;
        self.ended += outcome.ends.iter().flatten().count() as u64;
        Ok(())
    }
}

#[test]
fn every_scenario_can_be_lived() {
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
        let course = runner::run(
            &plan,
            Backend::best(),
            true,
            &Control::default(),
            &mut count,
        );
        assert!(matches!(course, Ok(Some(_))), "{name} was not whole");
        assert_eq!(count.couples, COUPLES, "{name}");
        assert!(
            count.ended < COUPLES,
            "{name}: all couples parted within {days} days"
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

/// All that was observed, as text: missing numbers are not equal to themselves.
#[derive(Default)]
struct Account(String);

impl Collector for Account {
    type Error = Cancelled;
    fn take(&mut self, outcome: BlockOutcome) -> Result<(), Cancelled> {
        write!(self.0, "{outcome:?}").expect("a text takes everything");
        Ok(())
    }
}

/// Lives a scenario's couples, of more than one block, by each engine of this processor.
fn accounts(
    file: &Path,
    more: &[&str],
) -> Vec<(&'static str, String, Result<Option<Bins>, Cancelled>)> {
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
    let lived = |engine: Backend| {
        let mut account = Account::default();
        let course = runner::run(&plan, engine, true, &Control::default(), &mut account);
        (engine.name(), account.0, course)
    };
    Backend::available().into_iter().map(lived).collect()
}

fn every_engine_agrees(file: &Path, more: &[&str]) {
    let accounts = accounts(file, more);
    let bins = |course: &Result<Option<Bins>, Cancelled>| match course {
        Ok(bins) => bins.clone(),
        Err(Cancelled) => panic!("{} was cancelled", name(file)),
    };
    let (_, definition, course) = &accounts[0];
    let counted = bins(course);
    for (engine, account, course) in &accounts[1..] {
        assert!(account == definition, "{} by {engine}", name(file));
        assert!(
            bins(course) == counted,
            "quantiles of {} by {engine}",
            name(file)
        );
    }
}

#[test]
fn every_engine_lives_every_scenario_to_the_same_bits() {
    for file in files() {
        every_engine_agrees(&file, &[]);
    }
}

/// Empty seats are filled again and again.
#[test]
fn every_engine_agrees_where_nearly_all_part() {
    for name in ["secure_balance", "anxious_avoidant", "one_partners_effort"] {
        let file = folder().join(format!("{name}.toml"));
        let parting = [
            "mechanisms.dissolution=true",
            "parameters.breakup_rate=1",
            "parameters.breakup_commitment=1",
        ];
        every_engine_agrees(&file, &parting);
    }
}
