//! The claims that are shipped: each comes out as its file expects, falls without what carries it, and
//! is reported with its figures in its file's first comment and in docs/claims.md.

use pairbond::{ClaimResult, ClaimsReport, Scenario};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Couples of a replicate that is only to show that a claim falls.
const FEW: &str = "run.couples=40";
/// Most replicates by default.
const MAX_RUNS: u32 = 256;
/// Replicates for that.
const FEW_RUNS: u32 = 64;

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn files() -> Vec<PathBuf> {
    let entries = fs::read_dir(project("scenarios/claims")).expect("the folder of claims");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|own| own == "toml"))
        .collect();
    files.sort();
    assert!(files.len() >= 12, "only {} files of claims", files.len());
    files
}

fn name(file: &Path) -> String {
    let stem = file.file_stem().expect("a name");
    stem.to_string_lossy().into_owned()
}

fn read(file: &Path, values: &[&str]) -> Scenario {
    Scenario::from_file_with(file, values)
        .unwrap_or_else(|error| panic!("{}: {error:?}", file.display()))
}

fn tested(scenario: &Scenario, max_runs: u32, ablate: &[&str], threads: usize) -> ClaimsReport {
    let mut claims = scenario.claims().expect("claims").threads(threads);
    for mechanism in ablate {
        claims = claims.ablate(mechanism).expect("a mechanism");
    }
    claims
        .max_runs(max_runs)
        .run()
        .expect("verdicts")
        .report()
        .clone()
}

/// Compares a file with what it should be, or writes it where `PAIRBOND_BLESS` is set.
fn compare(path: &Path, expected: &str) {
    if env::var_os("PAIRBOND_BLESS").is_some() {
        fs::write(path, expected).expect("a writable file");
    }
    let found = fs::read_to_string(path).expect("a readable file");
    assert!(
        found == expected,
        "{} differs; PAIRBOND_BLESS=1 cargo test --test claims writes it anew. It should now be:\n{expected}",
        path.display()
    );
}

/// Every effect of a finding with its interval.
fn figures(finding: &ClaimResult) -> String {
    let words: Vec<String> = finding.judged.iter().map(|one| one.to_string()).collect();
    words.join("; ")
}

/// The first comment of a file of claims, with what was found.
fn results_in_file(text: &str, report: &ClaimsReport) -> String {
    let begin = text.find("# Found:").expect("a comment with `Found:`");
    let rest: Vec<&str> = text[begin..]
        .lines()
        .skip_while(|line| line.starts_with('#'))
        .collect();
    let mut lines: Vec<String> = Vec::new();
    for finding in &report.findings {
        let head = if lines.is_empty() { "Found:" } else { "" };
        let (claim, verdict) = (finding.name(), finding.verdict.word());
        lines.push(format!(
            "# {head:<9} {claim} is {verdict}: {}",
            figures(finding)
        ));
    }
    format!(
        "{}{}\n{}\n",
        &text[..begin],
        lines.join("\n"),
        rest.join("\n")
    )
}

/// Couples behind the observed number, and the percentage of couples that have separated before.
fn couples(finding: &ClaimResult) -> String {
    let percent = 100.0 * finding.separated;
    match percent.round() {
        0.0 => format!("{:.0}", finding.counted),
        percent => format!("{:.0} (−{percent} %)", finding.counted),
    }
}

/// A page's table of what was found.
fn table(report: &ClaimsReport) -> String {
    let mut text =
        "| claim | statement | verdict | effect [interval] | held against | n | overturned without |\n\
                    | --- | --- | --- | --- | --- | ---: | --- |\n"
            .to_owned();
    for finding in &report.findings {
        let over: Vec<String> = finding
            .requires()
            .iter()
            .map(|key| format!("`{key}`"))
            .collect();
        let over = if over.is_empty() {
            "–".to_owned()
        } else {
            over.join(", ")
        };
        let words = finding.rule();
        text.push_str(&format!(
            "| `{}` | {} | {} | {} | {words}, {} | {} | {over} |\n",
            finding.name(),
            finding.statement(),
            finding.verdict.word(),
            figures(finding),
            finding.smallest_effect(),
            couples(finding),
        ));
    }
    text
}

/// The page with a file's table in its place.
fn results_on_page(page: &str, name: &str, report: &ClaimsReport) -> String {
    let (begin, end) = (format!("<!-- found: {name} -->\n"), "<!-- end -->");
    let at = page
        .find(&begin)
        .unwrap_or_else(|| panic!("docs/claims.md has no place for {name}"));
    let from = at + begin.len();
    let to = from + page[from..].find(end).expect("an end of the place");
    format!("{}{}{}", &page[..from], table(report), &page[to..])
}

#[test]
fn every_claim_comes_out_as_its_file_expects_and_as_files_and_page_tell() {
    let page = project("docs/claims.md");
    let mut text = fs::read_to_string(&page).expect("docs/claims.md");
    for file in files() {
        let report = tested(&read(&file, &[]), MAX_RUNS, &[], 2);
        assert!(
            report.as_expected(),
            "{}\n{report}{}",
            file.display(),
            report.unexpected().join("\n")
        );
        let own = fs::read_to_string(&file).expect("a readable file");
        compare(&file, &results_in_file(&own, &report));
        text = results_on_page(&text, &name(&file), &report);
    }
    compare(&page, &text);
}

#[test]
fn without_the_mechanism_that_carries_it_each_claim_falls() {
    let mut fallen = 0;
    for file in files() {
        let (mut scenario, mut runs) = (read(&file, &[FEW]), FEW_RUNS);
        let mut complete = tested(&scenario, runs, &[], 2);
        let undecided = complete
            .findings
            .iter()
            .any(|claim| !claim.requires().is_empty() && claim.verdict.word() != claim.expected());
        if undecided {
            // An effect near its smallest one of interest needs all couples to be decided.
            (scenario, runs) = (read(&file, &[]), MAX_RUNS);
            complete = tested(&scenario, runs, &[], 2);
        }
        let mut keys: Vec<&str> = complete
            .findings
            .iter()
            .flat_map(|claim| claim.requires().iter().copied())
            .collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let report = tested(&scenario, runs, &[key], 2);
            for (with, without) in complete.findings.iter().zip(&report.findings) {
                if without.must_fail {
                    let claim = format!("{} in {}", with.name(), file.display());
                    // The claim itself stands, so that it can fall.
                    assert_eq!(with.verdict.word(), with.expected(), "{claim}");
                    assert_ne!(without.verdict.word(), with.expected(), "{claim}: {key}");
                    fallen += 1;
                }
            }
            assert!(report.as_expected());
        }
    }
    assert!(fallen >= 20, "only {fallen} claims fell");
}

#[test]
fn verdicts_do_not_depend_on_threads_and_depend_on_the_seed() {
    let file = &files()[0];
    let values = |seed: &str, threads| {
        let report = tested(&read(file, &[FEW, seed]), FEW_RUNS, &[], threads);
        report
            .findings
            .iter()
            .map(|one| format!("{:?}", (&one.values, &one.judged)))
            .collect::<String>()
    };
    let one = values("run.seed=1", 1);
    assert!(one == values("run.seed=1", 3));
    assert!(one != values("run.seed=2", 1));
}

#[test]
fn every_file_says_what_to_run_and_what_was_found() {
    for file in files() {
        let text = fs::read_to_string(&file).expect("a readable file");
        let comment: Vec<&str> = text
            .lines()
            .take_while(|line| line.starts_with('#'))
            .collect();
        let name = name(&file);
        let lines = comment.len();
        assert!((6..=18).contains(&lines), "{name}: {lines} lines");
        let has = |words: &str| comment.iter().any(|line| line.contains(words));
        let command = format!("pairbond claims scenarios/claims/{name}.toml");
        for part in [command.as_str(), "Run:", "Look at:", "Found:"] {
            assert!(has(part), "{name} has no `{part}`");
        }
        let scenario = read(&file, &[]);
        assert!(
            scenario.warnings().list().is_empty(),
            "{}",
            scenario.warnings()
        );
    }
}

#[test]
fn the_page_has_a_place_for_every_file_and_no_other() {
    let page = fs::read_to_string(project("docs/claims.md")).expect("docs/claims.md");
    let mut places: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("<!-- found: ")?.strip_suffix(" -->"))
        .collect();
    places.sort_unstable();
    let files: Vec<String> = files().iter().map(|file| name(file)).collect();
    assert_eq!(places, files);
}
