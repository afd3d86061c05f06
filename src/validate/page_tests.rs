//! The tables of docs/validation.md: populations from their files, findings from a folder of results.
//!
//! `PAIRBOND_BLESS=1 cargo test --lib page_tests` renews the table of populations;
//! `.ci/run renew-validation` makes the results and renews the other tables.

use crate::model::Rules;
use crate::model::parameters::MECHANISMS;
use crate::results::{Manifest, ResultsKind};
use crate::scenario::Scenario;
use crate::simd::Backend;
use crate::simulation::generation;
use crate::stats::summary::correlation;
use crate::validate::laboratory::POPULATIONS;
use crate::validate::population::FORMS;
use crate::validate::target_table::{measures_of_studies, shipped};
use crate::validate::targets::Target;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The project's directory, from the environment so that a built test can be run on another tree.
fn root() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// How the tables of findings are renewed.
const RENEW: &str = ".ci/run renew-validation";

fn page() -> PathBuf {
    root().join("docs/validation.md")
}

fn mark(name: &str) -> String {
    format!("<!-- table {name} -->\n")
}

/// What stands between the marks of a table.
fn table<'a>(text: &'a str, name: &str) -> &'a str {
    let (_, rest) = text
        .split_once(&mark(name))
        .unwrap_or_else(|| panic!("no table {name}"));
    rest.split_once("<!-- end -->").expect("a table ends").0
}

fn with_table(text: &str, name: &str, wanted: &str) -> String {
    let old = format!("{}{}", mark(name), table(text, name));
    text.replacen(&old, &format!("{}\n{wanted}\n", mark(name)), 1)
}

/// The cells of a table's rows under its head.
fn cells(table: &str) -> Vec<Vec<String>> {
    let rows = table.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        let inner = row.trim_matches('|').split(" | ");
        inner.map(|cell| cell.trim().to_owned()).collect()
    })
    .collect()
}

fn populations() -> String {
    let mut text = String::from("| scenario | sample | design |\n| --- | --- | --- |\n");
    for population in POPULATIONS {
        let name = population.name;
        let scenario = read(&root().join(format!("validation/{name}.toml")));
        // The comment before the title says what is done.
        let (design, _) = scenario.split_once("title").expect(name);
        let lines = design
            .lines()
            .map(|line| line.trim_start_matches(['#', ' ']));
        let design = lines.collect::<Vec<_>>().join(" ");
        let scenario = Scenario::read_text(name, &scenario, &[]).expect(name);
        text += &format!(
            "| [`{name}`](../validation/{name}.toml) | {} | {} |\n",
            scenario.title(),
            design.trim()
        );
    }
    text
}

/// The measures of populations.
fn forms() -> String {
    let mut text = String::from("| measure | of |\n| --- | --- |\n");
    for (form, what) in FORMS {
        text += &format!("| {form} | {what} |\n");
    }
    text
}

/// The measures of the program's studies.
fn measures() -> String {
    let mut text = String::from("| measure | study | statistic |\n| --- | --- | --- |\n");
    for (name, study, statistic) in measures_of_studies() {
        text += &format!("| `{name}` | {study} | {statistic} |\n");
    }
    text
}

/// A number as the page prints it.
fn short(cell: &str) -> String {
    match cell.parse::<f64>() {
        Ok(value) if value.abs() >= 9.9995 => format!("{value:.1}"),
        Ok(value) => format!("{value:.3}"),
        Err(_) => "–".to_owned(),
    }
}

fn published(target: &Target) -> String {
    let (low, high) = (target.interval.low, target.interval.high);
    if high == f64::INFINITY {
        format!("above {low}")
    } else if low == f64::NEG_INFINITY {
        format!("below {high}")
    } else if target.value.is_nan() {
        format!("{low} to {high}")
    } else {
        format!("{} ({low} to {high})", target.value)
    }
}

/// Rows of a table of results, each by its columns' names.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = read(path);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().expect("a head").clone();
    let records = reader.records().map(|record| record.expect("a row"));
    records
        .map(|record| {
            let cells = names.iter().zip(record.iter());
            // What is missing is empty here.
            let cells = cells.map(|(name, cell)| (name, if cell == "NA" { "" } else { cell }));
            cells.map(|(n, c)| (n.to_owned(), c.to_owned())).collect()
        })
        .collect()
}

fn name(id: &str, part: &str) -> String {
    format!("{id} {part}").trim_end().to_owned()
}

/// How large the studies of a folder of results were, as a sentence.
fn size(results: &Path) -> String {
    let manifest = Manifest::read(results).expect("a folder of results");
    let ResultsKind::Validation { couples, .. } = manifest.kind else {
        panic!("results of another kind: {}", manifest.kind.name());
    };
    format!(
        "With {couples} couples in each cohort and seed {}:\n\n",
        manifest.seed
    )
}

/// The table of findings.
fn findings(results: &Path) -> String {
    let mut text = size(results);
    text.push_str(
        "| target | tier | statistic | published | simulated | verdict | chosen by it |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    let found = rows(&results.join("targets.csv"));
    let targets = shipped(&[]).expect("the shipped table");
    assert_eq!(found.len(), targets.len(), "results of all targets");
    for (row, target) in found.iter().zip(&targets) {
        assert_eq!(row["target"], target.id, "results of this version");
        let verdict = match row["verdict"].as_str() {
            "not_reproduced" => "**not reproduced**",
            other => other,
        };
        text += &format!(
            "| {} | {} | {} | {} | {} ({} to {}) | {verdict} | {} |\n",
            target.name(),
            target.tier.letter(),
            target.statistic,
            published(target),
            short(&row["simulated"]),
            short(&row["ci_low"]),
            short(&row["ci_high"]),
            row["standing"],
        );
    }
    text
}

/// What each mechanism carries, and a line on those that carry nothing.
fn carried(results: &Path) -> String {
    let all = rows(&results.join("ablation.csv"));
    let mut text = size(results);
    text.push_str(
        "| mechanism | reproduced with it, not without | reproduced without it, not with | moved |\n| --- | --- | --- | ---: |\n",
    );
    let mut idle = Vec::new();
    for switch in MECHANISMS {
        let mine = || all.iter().filter(|row| row["mechanism"] == switch.key);
        assert!(mine().count() > 0, "no row of {}", switch.key);
        let list = |with: &str, without: &str| -> String {
            let those = mine()
                .filter(|row| row["verdict_with"] == with && row["verdict_without"] == without);
            let (there, gone): (Vec<_>, Vec<_>) = those.partition(|row| !row["without"].is_empty());
            let names = |rows: Vec<&BTreeMap<String, String>>| {
                let names = rows
                    .into_iter()
                    .map(|row| name(&row["target"], &row["part"]));
                names.collect::<Vec<_>>().join(", ")
            };
            match (names(there), names(gone)) {
                (there, gone) if there.is_empty() && gone.is_empty() => "–".to_owned(),
                (there, gone) if gone.is_empty() => there,
                (there, gone) => format!("{there} [{gone}]").trim_start().to_owned(),
            }
        };
        let (lost, gained) = (
            list("reproduced", "not_reproduced"),
            list("not_reproduced", "reproduced"),
        );
        let far = |row: &&BTreeMap<String, String>| {
            row["shift"]
                .parse::<f64>()
                .is_ok_and(|shift| shift.abs() > 3.0)
        };
        if lost == "–" {
            idle.push(format!("`{}`", switch.key));
        }
        let moved = mine().filter(far).count();
        text += &format!("| `{}` | {lost} | {gained} | {moved} |\n", switch.key);
    }
    let words = match idle.len() {
        0 => "Every mechanism carries a number.".to_owned(),
        _ => format!(
            "None of these numbers is carried by {}: nothing that is published here speaks for them.",
            idle.join(", ")
        ),
    };
    format!("{text}\n{words}\n")
}

#[test]
fn the_page_says_what_populations_and_results_say() {
    let text = read(&page());
    let mut wanted = with_table(&text, "populations", &populations());
    wanted = with_table(&wanted, "forms", &forms());
    wanted = with_table(&wanted, "measures", &measures());
    if env::var_os("PAIRBOND_BLESS").is_some() {
        let folder = |name| env::var_os(name).map(PathBuf::from);
        if let Some(results) = folder("PAIRBOND_VALIDATION") {
            wanted = with_table(&wanted, "targets", &findings(&results));
        }
        if let Some(results) = folder("PAIRBOND_ABLATION") {
            wanted = with_table(&wanted, "mechanisms", &carried(&results));
        }
        fs::write(page(), wanted).expect("docs/validation.md can be written");
        return;
    }
    assert_eq!(text, wanted, "PAIRBOND_BLESS=1 writes it anew");
}

#[test]
fn the_page_lists_every_target_as_it_was_published_and_every_mechanism() {
    if env::var_os("PAIRBOND_BLESS").is_some() {
        return;
    }
    let text = read(&page());
    let found = cells(table(&text, "targets"));
    let targets = shipped(&[]).expect("the shipped table");
    let wanted: Vec<[String; 5]> = targets
        .iter()
        .map(|target| {
            let exposure = target.exposure.word().to_owned();
            [
                target.name(),
                target.tier.letter().to_owned(),
                target.statistic.clone(),
                published(target),
                exposure,
            ]
        })
        .collect();
    let found: Vec<[String; 5]> = found
        .iter()
        .map(|row| [0, 1, 2, 3, 6].map(|column| row[column].clone()))
        .collect();
    assert_eq!(found, wanted, "{RENEW} writes it anew");
    let mechanisms = cells(table(&text, "mechanisms"));
    let found: Vec<String> = mechanisms.iter().map(|row| row[0].clone()).collect();
    let wanted: Vec<String> = MECHANISMS.iter().map(|s| format!("`{}`", s.key)).collect();
    assert_eq!(found, wanted, "{RENEW} writes it anew");
}

#[test]
fn the_kept_verdicts_are_those_of_all_targets() {
    let kept = rows(&root().join("validation/verdicts.csv"));
    let kept: Vec<[String; 3]> = kept
        .iter()
        .map(|row| {
            let name = name(&row["target"], &row["part"]);
            [name, row["tier"].clone(), row["standing"].clone()]
        })
        .collect();
    let targets = shipped(&[]).expect("the shipped table");
    let wanted: Vec<[String; 3]> = targets
        .iter()
        .map(|target| {
            [&*target.name(), target.tier.word(), target.exposure.word()].map(str::to_owned)
        })
        .collect();
    assert_eq!(kept, wanted, "{RENEW} writes validation/verdicts.csv anew");
}

/// Files of `validation` that are scenarios.
fn scenarios() -> BTreeSet<String> {
    let entries = fs::read_dir(root().join("validation")).expect("the folder of populations");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    paths
        .filter(|path| path.extension().is_some_and(|own| own == "toml"))
        .filter(|path| read(path).contains("\n[run]\n"))
        .map(|path| {
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect()
}

#[test]
fn every_scenario_of_the_folder_is_a_population() {
    let named: BTreeSet<String> = POPULATIONS.iter().map(|one| one.name.to_owned()).collect();
    assert_eq!(scenarios(), named);
}

/// Section 2.2 of docs/model.md states correlations over 50,000 families.
#[test]
fn the_model_page_states_the_correlations_of_a_generation() {
    let families = generation(1, 50_000, 365, &Rules::default(), Backend::best());
    let security_at = |year: usize| -> Vec<f64> {
        let ages = families.iter().map(|family| &family.childhood.ages[year]);
        ages.map(|age| -(age.anxiety + age.avoidance)).collect()
    };
    let (at_one, at_five) = (security_at(1), security_at(5));
    let caregivers = families.iter().map(|family| &family.caregiver);
    let sensitivity: Vec<f64> = caregivers.clone().map(|one| one.responsiveness).collect();
    let own: Vec<f64> = caregivers
        .map(|one| -(one.anxiety + one.avoidance))
        .collect();
    let temperament: Vec<f64> = families
        .iter()
        .map(|family| &family.childhood.upbringing)
        .map(|one| -(one.temperament_anxiety + one.temperament_avoidance))
        .collect();
    let two = |value: f64| format!("{value:.2}").trim_start_matches('0').to_owned();
    let of_five = |x: &[f64]| correlation(x, &at_five);
    let page = read(&root().join("docs/model.md")).replace('\n', " ");
    let sentences = [
        format!(
            "sensitivity goes with the child's security at five at {} ",
            two(of_five(&sensitivity))
        ),
        format!(
            "security at one with security at five at {} ",
            two(of_five(&at_one))
        ),
        format!("was *not* set: it is {}, where", two(of_five(&own))),
        format!(
            "accounts for {} of the variance",
            two(of_five(&temperament).powi(2))
        ),
        format!("care alone ({})", two(of_five(&sensitivity).powi(2))),
    ];
    let missing: Vec<&String> = sentences
        .iter()
        .filter(|sentence| !page.contains(sentence.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/model.md does not state {missing:?}"
    );
}
