//! Childhood in a run's folder: its columns, its table and its picture, where partners have one.

use crate::desk::{Desk, same_files};
use std::collections::BTreeMap;

/// The header of a table.
fn columns(desk: &Desk, table: &str) -> Vec<String> {
    let text = desk.read(table);
    let header = text.lines().next().unwrap_or_default();
    header.split(',').map(str::to_owned).collect()
}

/// A column of a table as numbers.
fn numbers(desk: &Desk, table: &str, column: &str) -> Vec<f64> {
    let place = columns(desk, table).iter().position(|own| own == column);
    let place = place.unwrap_or_else(|| panic!("{table} has no {column}"));
    let number = |line: &str| -> f64 {
        let cell = line.split(',').nth(place).expect("a cell");
        cell.parse().expect("a number")
    };
    desk.read(table).lines().skip(1).map(number).collect()
}

#[test]
fn a_run_without_childhood_says_nothing_of_it() {
    let desk = Desk::new();
    desk.pairbond(&["run", "small.toml", "-o", "plain"]).code(0);
    let files = desk.files("plain");
    assert!(!files.contains_key("childhood.csv") && !files.contains_key("attachment.svg"));
    let header = columns(&desk, "plain/couples.csv");
    assert!(!header.iter().any(|column| column.contains("childhood")));
}

#[test]
fn a_partner_with_a_childhood_has_columns_a_table_and_a_picture() {
    let desk = Desk::new();
    let words = ["--set", "childhood.a.sensitivity=0.4", "-o", "own"];
    desk.pairbond(&[&["run", "small.toml"][..], &words].concat())
        .code(0);
    let header = columns(&desk, "own/couples.csv");
    let of = |side: &str| {
        let own = header
            .iter()
            .filter(|column| column.starts_with("childhood_") && column.ends_with(side));
        own.count()
    };
    assert_eq!((of("_a"), of("_b")), (18, 0));
    assert!(
        numbers(&desk, "own/couples.csv", "childhood_sensitivity_a")
            .iter()
            .all(|x| *x == 0.4)
    );
    assert!(desk.files("own").contains_key("attachment.svg"));
    let book = desk.read("own/codebook.csv");
    assert!(book.contains("couples,childhood_uncertainty_a,") && book.contains("childhood,age,"));
    // Two couples are told of; five years have 25 fifths, and a beginning.
    let ages = numbers(&desk, "own/childhood.csv", "age");
    assert_eq!(ages.len(), 2 * 26);
    assert_eq!((ages[0], ages[25]), (0.0, 5.0));
    // What childhood left is what the adult brings.
    let grown = numbers(&desk, "own/childhood.csv", "anxiety")[25];
    assert_eq!(numbers(&desk, "own/couples.csv", "anxiety_a")[0], grown);
    assert_eq!(
        numbers(&desk, "own/couples.csv", "anxiety_start_a")[0],
        grown
    );
}

#[test]
fn charts_of_childhood_can_be_drawn_again() {
    let desk = Desk::new();
    let words = [
        "run",
        "small.toml",
        "-o",
        "own",
        "--set",
        "childhood.duration_years=2",
    ];
    desk.pairbond(&words).code(0);
    desk.pairbond(&["plot", "own", "-o", "again"]).code(0);
    let pictures = |folder: &str| -> BTreeMap<String, Vec<u8>> {
        let files = desk.files(folder).into_iter();
        files.filter(|(name, _)| name.ends_with(".svg")).collect()
    };
    same_files(&pictures("own"), &pictures("again"));
}

#[test]
fn a_childhood_does_not_depend_on_threads_or_on_what_is_recorded() {
    let desk = Desk::new();
    let run = |out: &'static str, more: &[&str]| {
        let words = ["--set", "childhood.duration_years=1", "--set", "run.replicates=2"];
        desk.run(out, &[&words[..], more].concat()).code(0);
        desk.files(out)
    };
    let one = run("one", &["--threads", "1"]);
    same_files(&one, &run("many", &["--threads", "4"]));
    let silent = run("silent", &["--set", "record.sample_couples=0"]);
    assert!(one["couples.csv"] == silent["couples.csv"]);
    assert!(!silent.contains_key("childhood.csv"));
}

#[test]
fn a_childhood_moves_no_draw_but_what_leans_on_it() {
    let desk = Desk::new();
    desk.run("plain", &[]).code(0);
    desk.run("grown", &["--set", "childhood.b.duration_years=1"]).code(0);
    let both = |column: &str| {
        let of = |run: &str| numbers(&desk, &format!("{run}/couples.csv"), column);
        (of("plain"), of("grown"))
    };
    for column in [
        "contact_rate",
        "openness_a",
        "openness_b",
        "anxiety_a",
        "trust_start_a",
    ] {
        let (plain, grown) = both(column);
        assert!(plain == grown, "{column}");
    }
    for column in [
        "anxiety_b",
        "avoidance_b",
        "responsiveness_b",
        "trust_start_b",
    ] {
        let (plain, grown) = both(column);
        assert!(plain != grown, "{column}");
    }
}

#[test]
fn sweeps_move_childhood_and_verify_lives_it_again() {
    let desk = Desk::new();
    desk.write(
        "care.toml",
        "title = \"Care\"\n[run]\ncouples = 60\ndays = 10\n[childhood]\nduration_years = 1\n[sweep]\n\
         design = \"grid\"\ncouples = true\nmeasures = [\"mean avoidance\"]\n[[sweep.axis]]\n\
         key = \"childhood.sensitivity\"\nvalues = [0.1, 0.9]\n",
    );
    desk.pairbond(&["sweep", "care.toml", "-o", "care"]).code(0);
    let means = numbers(&desk, "care/summaries.csv", "mean");
    assert!(means[0] > means[1] + 0.03, "{means:?}");
    let sensitivity = numbers(&desk, "care/couples.csv", "childhood_sensitivity_b");
    assert_eq!((sensitivity[0], sensitivity[119]), (0.1, 0.9));
    desk.pairbond(&["verify", "care"]).code(0);
}

#[test]
fn a_childhood_beside_a_given_trait_is_a_fault_with_a_place() {
    let desk = Desk::new();
    let said = desk.run(
        "never",
        &[
            "--set",
            "childhood.duration_years=1",
            "--set",
            "traits.b.anxiety=0.4",
        ],
    );
    assert!(
        said.code(2)
            .err
            .contains("`anxiety` is given, and comes from childhood as well")
    );
    assert!(!desk.path("never").exists());
}

#[test]
fn what_partners_were_brought_up_with_can_go_together() {
    let desk = Desk::new();
    let words = [
        "--set",
        "childhood.duration_years=0.25",
        "--set",
        "correlations.partners.sensitivity=0.9",
        "--set",
        "correlations.childhood.stress~traits.openness=-0.8",
        "--set",
        "childhood.stress={ dist = \"uniform\", low = 0.0, high = 1.0 }",
    ];
    desk.run("pairs", &words).code(0);
    let column = |name: &str| numbers(&desk, "pairs/couples.csv", name);
    let agree = |one: &str, other: &str| -> f64 {
        let (x, y) = (column(one), column(other));
        let middle = |v: &[f64]| {
            let mut v = v.to_vec();
            v.sort_by(f64::total_cmp);
            v[v.len() / 2]
        };
        let (mx, my) = (middle(&x), middle(&y));
        let same = x.iter().zip(&y).filter(|(x, y)| (**x < mx) == (**y < my));
        same.count() as f64 / x.len() as f64
    };
    assert!(agree("childhood_sensitivity_a", "childhood_sensitivity_b") > 0.75);
    assert!(agree("childhood_stress_a", "openness_a") < 0.35);
}

#[test]
fn children_have_needs_though_partners_make_no_bids() {
    let desk = Desk::new();
    let words = [
        "check",
        "small.toml",
        "--set",
        "mechanisms.contact=false",
        "--set",
        "parameters.bid_avoidance=0.3",
    ];
    let warned = |said: String| said.contains("`bid_avoidance` has no effect");
    let alone = desk.pairbond(&words).code(0);
    assert!(warned(alone.out + &alone.err));
    let more = [&words[..], &["--set", "childhood.duration_years=1"]].concat();
    let grown = desk.pairbond(&more).code(0);
    assert!(!warned(grown.out + &grown.err));
}
