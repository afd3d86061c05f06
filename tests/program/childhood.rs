//! Childhood in a run's folder: its columns, its table and its picture, where partners have one.

use crate::test_support::{Sandbox, same_files};
use std::collections::BTreeMap;

#[test]
fn a_run_without_childhood_says_nothing_of_it() {
    let sandbox = Sandbox::new();
    sandbox
        .pairbond(&["run", "small.toml", "-o", "plain"])
        .code(0);
    let files = sandbox.files("plain");
    assert!(!files.contains_key("childhood.csv"));
    let header = sandbox.table("plain/couples.csv").names;
    assert!(!header.iter().any(|column| column.contains("childhood")));
}

#[test]
fn a_partner_with_a_childhood_has_columns_a_table_and_a_picture() {
    let sandbox = Sandbox::new();
    let words = ["--set", "childhood.a.sensitivity=0.4", "-o", "own"];
    sandbox
        .pairbond(&[&["run", "small.toml"][..], &words].concat())
        .code(0);
    let header = sandbox.table("own/couples.csv").names;
    let of = |side: &str| {
        let own = header
            .iter()
            .filter(|column| column.starts_with("childhood_") && column.ends_with(side));
        own.count()
    };
    assert_eq!((of("_a"), of("_b")), (18, 0));
    assert!(
        sandbox
            .table("own/couples.csv")
            .numbers("childhood_sensitivity_a")
            .iter()
            .all(|x| *x == 0.4)
    );
    assert!(sandbox.files("own").contains_key("attachment.svg"));
    let book = sandbox.read("own/codebook.csv");
    assert!(book.contains("couples,childhood_uncertainty_a,") && book.contains("childhood,age,"));
    // Two couples are told of; five years have 25 fifths, and a beginning.
    let ages = sandbox.table("own/childhood.csv").numbers("age");
    assert_eq!(ages.len(), 2 * 26);
    assert_eq!((ages[0], ages[25]), (0.0, 5.0));
    // What childhood left is what the adult brings.
    let grown = sandbox.table("own/childhood.csv").numbers("anxiety")[25];
    assert_eq!(
        sandbox.table("own/couples.csv").numbers("anxiety_a")[0],
        grown
    );
    assert_eq!(
        sandbox.table("own/couples.csv").numbers("anxiety_start_a")[0],
        grown
    );
}

#[test]
fn charts_of_childhood_can_be_drawn_again() {
    let sandbox = Sandbox::new();
    let words = [
        "run",
        "small.toml",
        "-o",
        "own",
        "--set",
        "childhood.duration_years=2",
    ];
    sandbox.pairbond(&words).code(0);
    sandbox.pairbond(&["plot", "own", "-o", "again"]).code(0);
    let pictures = |folder: &str| -> BTreeMap<String, Vec<u8>> {
        let files = sandbox.files(folder).into_iter();
        files.filter(|(name, _)| name.ends_with(".svg")).collect()
    };
    same_files(&pictures("own"), &pictures("again"));
}

#[test]
fn a_childhood_does_not_depend_on_threads_or_on_what_is_recorded() {
    let sandbox = Sandbox::new();
    let run = |out: &'static str, more: &[&str]| {
        let words = [
            "--set",
            "childhood.duration_years=1",
            "--set",
            "run.replicates=2",
        ];
        sandbox.run(out, &[&words[..], more].concat()).code(0);
        sandbox.files(out)
    };
    let one = run("one", &["--threads", "1"]);
    same_files(&one, &run("many", &["--threads", "4"]));
    let silent = run("silent", &["--set", "record.sample_couples=0"]);
    assert!(one["couples.csv"] == silent["couples.csv"]);
    assert!(!silent.contains_key("childhood.csv"));
}

#[test]
fn a_childhood_moves_no_draw_but_what_leans_on_it() {
    let sandbox = Sandbox::new();
    sandbox.run("plain", &[]).code(0);
    sandbox
        .run("grown", &["--set", "childhood.b.duration_years=1"])
        .code(0);
    let both = |column: &str| {
        let of = |run: &str| sandbox.table(&format!("{run}/couples.csv")).numbers(column);
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
fn sweeps_move_childhood_and_verify_simulates_it_again() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "care.toml",
        "title = \"Care\"\n[run]\ncouples = 60\ndays = 10\n[childhood]\nduration_years = 1\n[sweep]\n\
         design = \"grid\"\ncouples = true\nmeasures = [\"mean avoidance\"]\n[[sweep.axis]]\n\
         key = \"childhood.sensitivity\"\nvalues = [0.1, 0.9]\n",
    );
    sandbox
        .pairbond(&["sweep", "care.toml", "-o", "care"])
        .code(0);
    let means = sandbox.table("care/summaries.csv").numbers("mean");
    assert!(means[0] > means[1] + 0.03, "{means:?}");
    let sensitivity = sandbox
        .table("care/couples.csv")
        .numbers("childhood_sensitivity_b");
    assert_eq!((sensitivity[0], sensitivity[119]), (0.1, 0.9));
    sandbox.pairbond(&["verify", "care"]).code(0);
}

#[test]
fn a_childhood_beside_a_given_trait_is_an_error_with_a_place() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.run(
        "never",
        &[
            "--set",
            "childhood.duration_years=1",
            "--set",
            "traits.b.anxiety=0.4",
        ],
    );
    assert!(
        outcome
            .code(2)
            .stderr
            .contains("`anxiety` is given, and comes from childhood as well")
    );
    assert!(!sandbox.path("never").exists());
}

#[test]
fn what_partners_were_brought_up_with_can_go_together() {
    let sandbox = Sandbox::new();
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
    sandbox.run("pairs", &words).code(0);
    let column = |name: &str| sandbox.table("pairs/couples.csv").numbers(name);
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
    let sandbox = Sandbox::new();
    let words = [
        "check",
        "small.toml",
        "--set",
        "mechanisms.contact=false",
        "--set",
        "parameters.bid_avoidance=0.3",
    ];
    let warned = |outcome: String| outcome.contains("`bid_avoidance` has no effect");
    let alone = sandbox.pairbond(&words).code(0);
    assert!(warned(alone.stdout + &alone.stderr));
    let more = [&words[..], &["--set", "childhood.duration_years=1"]].concat();
    let grown = sandbox.pairbond(&more).code(0);
    assert!(!warned(grown.stdout + &grown.stderr));
}
