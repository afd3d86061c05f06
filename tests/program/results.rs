//! Results are a function of scenario and seed, and of nothing else.

use crate::test_support::{Sandbox, same_files};
use pairbond::Scenario;
use pairbond::internals::{
    Override, childhoods_schema, couples_schema, days_schema, first_difference, flow_schema,
    survival_schema, trajectory_schema,
};
use std::collections::BTreeSet;

#[test]
fn every_number_of_threads_gives_the_same_bytes() {
    let sandbox = Sandbox::new();
    let all = ["--set", "record.days=\"all\"", "--set", "run.replicates=2"];
    let run = |threads: &'static str| {
        let mut words = vec!["--threads", threads];
        words.extend(all);
        sandbox.run(threads, &words).code(0);
        sandbox.files(threads)
    };
    let one = run("1");
    for threads in ["2", "5"] {
        same_files(&one, &run(threads));
    }
}

#[test]
fn charts_do_not_depend_on_threads() {
    let sandbox = Sandbox::new();
    for threads in ["1", "3"] {
        sandbox
            .pairbond(&["run", "small.toml", "-o", threads, "--threads", threads])
            .code(0);
    }
    same_files(&sandbox.files("1"), &sandbox.files("3"));
}

#[test]
fn what_is_recorded_changes_nothing_in_what_is_simulated() {
    let sandbox = Sandbox::new();
    let some = "record.observables=[\"trust\", \"conflict\", \"secure_balance\"]";
    sandbox
        .run("little", &["--set", some, "--set", "record.every=8"])
        .code(0);
    let many =
        "record.observables=[\"hurt\", \"secure_balance\", \"trust\", \"bids\", \"conflict\"]";
    let much = [
        "record.every=2",
        "record.days=\"all\"",
        "record.sample_couples=60",
        many,
    ];
    sandbox
        .run("much", &much.map(|set| ["--set", set]).concat())
        .code(0);
    let (little, much) = (sandbox.files("little"), sandbox.files("much"));
    for table in ["couples.csv", "survival.csv", "phase_flow.csv"] {
        assert!(little[table] == much[table], "{table} differs");
    }
    let rows = |bytes: &[u8]| -> BTreeSet<String> {
        let text = std::str::from_utf8(bytes).expect("UTF-8");
        text.lines().map(str::to_owned).collect()
    };
    let (few, many) = (
        rows(&little["trajectory.csv"]),
        rows(&much["trajectory.csv"]),
    );
    // A header, and six recorded days with three rows for trust and one for each of the others.
    assert_eq!(few.len(), 1 + 6 * 5);
    assert!(many.len() > few.len());
    assert_eq!(few.difference(&many).next(), None);
}

#[test]
fn the_option_for_the_seed_is_the_key_for_the_seed() {
    let sandbox = Sandbox::new();
    sandbox.run("option", &["--seed", "77"]).code(0);
    sandbox.run("key", &["--set", "run.seed=77"]).code(0);
    sandbox.run("other", &["--seed", "78"]).code(0);
    same_files(&sandbox.files("option"), &sandbox.files("key"));
    assert!(sandbox.files("option")["couples.csv"] != sandbox.files("other")["couples.csv"]);
}

#[test]
fn replicates_are_new_couples_and_the_first_is_the_run_alone() {
    let sandbox = Sandbox::new();
    sandbox.run("one", &[]).code(0);
    sandbox.run("three", &["--set", "run.replicates=3"]).code(0);
    let (one, three) = (
        sandbox.read("one/couples.csv"),
        sandbox.read("three/couples.csv"),
    );
    assert!(three.starts_with(&one));
    let rows: Vec<&str> = three.lines().skip(1).collect();
    assert_eq!(rows.len(), 3 * 150);
    let lives: BTreeSet<&str> = rows
        .iter()
        .map(|row| row.splitn(3, ',').nth(2).expect("a third column"))
        .collect();
    assert_eq!(lives.len(), rows.len());
}

#[test]
fn more_couples_leave_the_first_ones_as_they_were() {
    let sandbox = Sandbox::new();
    sandbox.run("few", &["--set", "run.couples=70"]).code(0);
    sandbox.run("many", &["--set", "run.couples=131"]).code(0);
    assert!(
        sandbox
            .read("many/couples.csv")
            .starts_with(&sandbox.read("few/couples.csv"))
    );
}

#[test]
fn parquet_tables_hold_the_numbers_of_the_text_tables() {
    let sandbox = Sandbox::new();
    let childhood = "childhood.a.duration_years=1";
    let days = ["--set", "record.days=2", "--set", childhood];
    sandbox.run("text", &days).code(0);
    let childhood = Override::parse(childhood).expect("an override");
    let scenario = Scenario::read_text("small.toml", &sandbox.read("small.toml"), &[childhood]);
    let origin = &scenario.expect("a valid scenario").config().origin.clone();
    sandbox
        .run("parquet", &[&days[..], &["--format", "parquet"]].concat())
        .code(0);
    let headers = [
        couples_schema(origin.has_childhood()),
        childhoods_schema(),
        trajectory_schema(),
        survival_schema(),
        flow_schema(),
        days_schema("sample_couples"),
        days_schema("days"),
    ];
    for header in headers {
        let text = sandbox.path(&format!("text/{}.csv", header.table));
        let parquet = sandbox.path(&format!("parquet/{}.parquet", header.table));
        let found = first_difference(&text, &parquet, &header).expect("two tables");
        assert_eq!(found, None);
    }
}
