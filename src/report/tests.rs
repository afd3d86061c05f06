use super::captions::{CAPTIONS, caption_of};
use super::reader::ResultsReader;
use super::{MOST_BYTES, REPORT_NAME, page};
use crate::chart::test_support::fixture;
use crate::options::SaveOptions;
use crate::results::{Folder, Manifest, Origin, ResultsKind};
use crate::scenario::Scenario;
use crate::table::{Format, Table};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A sweep of a few small points.
const SWEEP: &str = include_str!("../../tests/report/sweep.toml");
/// A claim that holds, one that does not, and one that is not decided.
const CLAIMS: &str = include_str!("../../tests/report/claims.toml");
/// Two conditions of one scenario.
const CONDITIONS: &str = include_str!("../../tests/report/conditions.toml");

/// A scenario that has something of everything that a report of a run says.
const RUN: &str = include_str!("../../tests/report/run.toml");

fn scenario(text: &str) -> Scenario {
    Scenario::read_text("run.toml", text, &[]).unwrap_or_else(|errors| panic!("{errors}"))
}

/// The report of a run, and its folder.
fn run(text: &str, options: SaveOptions) -> (TempDir, PathBuf, String) {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("results");
    let runner = scenario(text).runner().threads(1);
    let report = runner.save_with(&folder, &options).expect("results");
    assert_eq!(report.failed_charts, []);
    let page = fs::read_to_string(folder.join(REPORT_NAME)).expect("a report");
    (home, folder, page)
}

/// Asserts that a page is well-formed, loads nothing, runs nothing, and has no identifier twice.
pub(crate) fn assert_sound(page: &str) {
    assert!(page.len() <= MOST_BYTES, "{} bytes", page.len());
    assert!(page.contains("default-src 'none'"));
    // The elements of HTML that are never closed are all in the head.
    let (head, body) = page.split_once("</head>").expect("a head");
    assert!(!body.contains("<meta") && !body.contains("<link"));
    let head: String = head
        .split_inclusive('>')
        .map(|tag| match tag.contains("<meta") {
            true => tag.replace('>', "/>"),
            false => tag.to_owned(),
        })
        .collect();
    let text = format!("{head}</head>{body}");
    let text = text.replacen("<!DOCTYPE html>", "", 1);
    let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{error}"));
    let mut identifiers = std::collections::BTreeSet::new();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        assert!(
            ![
                "script", "img", "link", "iframe", "object", "embed", "base", "form"
            ]
            .contains(&name),
            "<{name}>"
        );
        for attribute in node.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            assert!(
                !key.starts_with("on") && key != "style" && key != "src",
                "{key}"
            );
            assert!(
                !key.contains("href") || value.starts_with('#'),
                "{key}={value}"
            );
            assert!(
                key != "id" || identifiers.insert(value.to_owned()),
                "id {value} twice"
            );
        }
    }
    for node in document.descendants() {
        let target = node.attribute("href").and_then(|it| it.strip_prefix('#'));
        assert!(
            target.is_none_or(|target| identifiers.contains(target)),
            "{target:?}"
        );
    }
}

/// The text of a page, without its charts.
fn golden_text(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some(start) = rest.find("<svg") {
        let end = rest.find("</svg>").expect("the end of a chart");
        text.push_str(&rest[..start]);
        text.push_str("[chart]");
        rest = &rest[end + "</svg>".len()..];
    }
    text.push_str(rest);
    // The model's parameters and sources are held by its own tests.
    if let Some((before, odd)) = text.split_once("<section id=\"odd\"") {
        let after = odd.split_once("<section id=\"files\"");
        let after = after.expect("a section").1;
        text = format!("{before}<section id=\"files\"{after}");
    }
    let style = text
        .find("<style>")
        .zip(text.find("</style>"))
        .expect("a style");
    let text = format!("{}{}", &text[..style.0], &text[style.1..]);
    // One element a line, so that a difference can be read.
    text.replace("><", ">\n<")
}

pub(crate) fn assert_golden(name: &str, page: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/report/{name}.html"));
    let found = golden_text(page);
    if std::env::var_os("PAIRBOND_BLESS").is_some() {
        fs::write(&path, &found).expect("a writable file");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    for (line, (found, kept)) in found.lines().zip(kept.lines()).enumerate() {
        assert_eq!(found, kept, "{} line {}", path.display(), line + 1);
    }
    assert_eq!(
        found.lines().count(),
        kept.lines().count(),
        "{}",
        path.display()
    );
}

#[test]
fn the_report_of_a_run_is_as_in_the_golden_file() {
    let (_home, _, page) = run(RUN, SaveOptions::default());
    assert_sound(&page);
    assert_golden("run", &page);
}

#[test]
fn the_report_of_conditions_compares_them() {
    let (_home, _, page) = run(CONDITIONS, SaveOptions::default());
    assert_sound(&page);
    assert_golden("conditions", &page);
    assert!(page.contains("<strong>turned_away compared with as_usual</strong>"));
}

#[test]
fn the_report_of_a_sweep_is_as_in_the_golden_file() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("results");
    let sweep = scenario(SWEEP).sweep().expect("a sweep").threads(1);
    let report = sweep.save(&folder).expect("results");
    assert_eq!(report.failed_charts, []);
    let page = fs::read_to_string(folder.join(REPORT_NAME)).expect("a report");
    assert_sound(&page);
    assert_golden("sweep", &page);
    let again = home.path().join("again.html");
    crate::report(&folder, &again, false).expect("a report");
    assert_eq!(fs::read_to_string(again).expect("a report"), page);
}

#[test]
fn the_report_of_claims_is_as_in_the_golden_file() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("results");
    let claims = scenario(CLAIMS)
        .claims()
        .expect("claims")
        .max_runs(16)
        .threads(1);
    claims.save(&folder).expect("results");
    let page = fs::read_to_string(folder.join(REPORT_NAME)).expect("a report");
    assert_sound(&page);
    assert_golden("claims", &page);
    for word in ["Supported", "Refuted", "Undecided"] {
        assert!(page.contains(&format!("<strong>{word}</strong>")), "{word}");
    }
}

/// The report of results whose tables are those of a folder of `tests/charts`.
fn of_tables(kind: ResultsKind, of: &str, tables: &[&'static str]) -> String {
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().join("results");
    let mut folder = Folder::create(&path, &kind, false).expect("a folder");
    let tables: Vec<Table> = tables.iter().map(|table| fixture(of, table)).collect();
    let all: Vec<&Table> = tables.iter().collect();
    folder.write_tables(Format::Csv, &all).expect("tables");
    let origin = Origin {
        kind,
        command: ["pairbond", "x", "y z"].map(str::to_owned).to_vec(),
        scenario_file: "y z.toml".to_owned(),
        scenario_text: "# What it is for.\nx = 1".to_owned(),
        overrides: Vec::new(),
        seed: 9,
        table_format: Format::Csv,
        charts: crate::chart::options::ChartOptions::default(),
    };
    let manifest = folder
        .commit(Manifest::new(origin))
        .expect("results")
        .manifest;
    let reader = ResultsReader::new(&path, &manifest);
    page(&reader, None, &[]).expect("a report")
}

#[test]
fn reports_of_validations_and_calibrations_are_as_in_the_golden_files() {
    let validation = ResultsKind::Validation {
        couples: 300,
        ablation: true,
        targets: Vec::new(),
        own_table: false,
    };
    for (name, kind, of, tables) in [
        (
            "validation",
            validation,
            "validation",
            &["targets", "ablation"][..],
        ),
        (
            "calibration",
            ResultsKind::Calibration,
            "calibration",
            &["parameters", "predictive", "posterior"],
        ),
        ("search", ResultsKind::Search, "search", &["fit", "search"]),
    ] {
        let page = of_tables(kind, of, tables);
        assert_sound(&page);
        assert_golden(name, &page);
    }
}

#[test]
fn a_report_made_again_has_the_same_bytes() {
    let (home, folder, page) = run(RUN, SaveOptions::default());
    let again = home.path().join("again.html");
    crate::report(&folder, &again, false).expect("a report");
    assert_eq!(fs::read_to_string(again).expect("a report"), page);
    let refused = crate::report(&folder, folder.join("x.html"), true);
    assert!(refused.is_err(), "results are only read");
    let table = folder.join("survival.csv");
    let text = fs::read_to_string(&table).expect("a table");
    fs::write(&table, text.replace("0.", "1.")).expect("a writable file");
    let refused = crate::report(&folder, home.path().join("other.html"), false);
    let message = refused.expect_err("another table").to_string();
    assert!(
        message.contains("survival.csv is not the file that was written"),
        "{message}"
    );
}

#[cfg(feature = "parquet")]
#[test]
fn the_format_of_tables_changes_only_what_names_them() {
    let (_one, _, csv) = run(RUN, SaveOptions::default());
    let options = SaveOptions::default().format(Format::Parquet);
    let (_other, _, parquet) = run(RUN, options);
    let findings = |page: &str| {
        let start = page.find("<section id=\"findings\"").expect("findings");
        let end = page.find("<section id=\"settings\"").expect("settings");
        page[start..end].to_owned()
    };
    assert_eq!(findings(&csv), findings(&parquet));
}

#[test]
fn a_report_without_charts_says_so_and_one_that_is_not_wanted_is_not_there() {
    let (_home, _, page) = run(RUN, SaveOptions::default().charts(false));
    assert_sound(&page);
    assert!(page.contains("No charts were drawn with these results"));
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("results");
    let options = SaveOptions::default().charts(false).report(false);
    let runner = scenario(RUN).runner().threads(1);
    runner.save_with(&folder, &options).expect("results");
    assert!(!folder.join(REPORT_NAME).exists());
    let manifest = Manifest::read(&folder).expect("a manifest");
    assert!(manifest.command.contains(&"--no-report".to_owned()));
}

#[test]
fn texts_of_a_scenario_are_shown_as_they_are_and_do_nothing() {
    let hostile = "</title><script>alert(1)</script>\"'&amp;<img src=x onerror=x>";
    let text = format!(
        "# {hostile}\n# \u{202e}reversed\ntitle = '''{hostile}'''\ndescription = '''<b>{hostile}'''\n\
         [run]\ncouples = 9\ndays = 9\n[[event]]\nkind = 'stress'\nday = 3\npartner = 'a'\nsize = 0.5\n\
         label = '''{hostile}'''\n"
    );
    let (_home, _, page) = run(&text, SaveOptions::default());
    assert_sound(&page);
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains('\u{202e}'));
    let shown = "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;'&amp;amp;";
    assert!(
        page.matches(shown).count() >= 5,
        "title, heading, description, event, comment"
    );
}

#[test]
fn an_effect_whose_interval_includes_zero_is_not_resolved() {
    let text = "title = 'x'\n[run]\ncouples = 40\ndays = 2\n[mechanisms]\ndissolution = false\n";
    let (_home, _, page) = run(text, SaveOptions::default().charts(false));
    let sentence = page
        .split("<strong>Trust</strong>")
        .nth(1)
        .expect("a sentence");
    let sentence = sentence.split("</li>").next().expect("its end");
    for change in sentence.split("partner ").skip(3) {
        let interval = change.split(['[', ']']).nth(1).expect("an interval");
        let ends: Vec<f64> = interval
            .replace('−', "-")
            .split(", ")
            .map(|end| end.parse().expect("a number"))
            .collect();
        let expected = match (ends[0] > 0.0, ends[1] < 0.0) {
            (true, _) => "it rose",
            (_, true) => "it fell",
            _ => "not resolved",
        };
        assert!(change.contains(expected), "{change}");
    }
    assert!(page.contains("none separated") && !page.contains("still together</strong>"));
}

#[test]
fn every_chart_has_a_caption() {
    let mut names: Vec<&str> = Vec::new();
    for file in [
        "run/charts/mod.rs",
        "sweep/charts/mod.rs",
        "claims/charts.rs",
        "power/charts.rs",
        "recover/charts.rs",
        "study/participation.rs",
        "validate/charts/mod.rs",
        "calibrate/charts/mod.rs",
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
        let text = fs::read_to_string(path).expect("a source file").leak();
        let before = names.len();
        for spec in text.split("FigureSpec {").skip(1) {
            let name = spec
                .split("name: \"")
                .nth(1)
                .and_then(|rest| rest.split('"').next());
            names.extend(name);
        }
        assert!(names.len() > before, "{file} lists no chart");
    }
    for name in &names {
        let caption = caption_of(name).unwrap_or_else(|| panic!("no caption of {name}"));
        assert_eq!(caption.chart, *name);
        assert!(caption.reading.len() > 60, "{name}");
    }
    for caption in CAPTIONS {
        assert!(names.contains(&caption.chart), "no chart {}", caption.chart);
    }
}

#[test]
fn charts_that_do_not_fit_are_named() {
    let (_home, folder, _) = run(RUN, SaveOptions::default());
    let manifest = Manifest::read(&folder).expect("a manifest");
    let svg = fs::read_to_string(folder.join("survival.svg")).expect("a chart");
    let shape = "<rect x=\"1\" y=\"1\" width=\"1\" height=\"1\"/>".repeat(30_000);
    let large = svg.replace("</svg>", &format!("{shape}</svg>"));
    let charts = [
        ("survival.svg".to_owned(), large.into_bytes()),
        ("regime_shares.svg".to_owned(), svg.into_bytes()),
    ];
    let reader = ResultsReader::new(&folder, &manifest);
    let page = page(&reader, Some(&scenario(RUN)), &charts).expect("a report");
    assert_sound(&page);
    assert!(page.contains("id=\"chart-regime_shares\"") && !page.contains("id=\"chart-survival\""));
    assert!(page.contains("only in the folder: <code>survival.svg</code>"));
}

#[test]
fn names_of_charts_that_do_not_fit_have_space_too() {
    let (_home, folder, _) = run(RUN, SaveOptions::default());
    let manifest = Manifest::read(&folder).expect("a manifest");
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="50mm" viewBox="0 0 100 50"></svg>"#;
    let chart = |name: String, bytes: usize| {
        let shapes = "<rect x=\"1\" y=\"1\" width=\"1\" height=\"1\"/>".repeat(bytes / 45);
        let svg = svg.replace("</svg>", &format!("{shapes}</svg>"));
        (name, svg.into_bytes())
    };
    // Each has half the size of the one before, so that hardly a byte is left, and then come many.
    let halves = (0..14).map(|half| chart(format!("a_{half:02}.svg"), 600_000 >> half));
    let many = (0..200).map(|number| chart(format!("b_{number:03}.svg"), 2_000));
    let charts: Vec<(String, Vec<u8>)> = halves.chain(many).collect();
    let reader = ResultsReader::new(&folder, &manifest);
    let page = page(&reader, Some(&scenario(RUN)), &charts).expect("a report");
    assert_sound(&page);
    assert!(page.contains("id=\"chart-a_00\"") && page.contains("<code>b_199.svg</code>"));
    assert!(page.len() > MOST_BYTES - 5_000, "{} bytes", page.len());
}
