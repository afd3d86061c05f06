//! The folder of results: what is in it, and which folders the program replaces.

use crate::test_support::{Sandbox, same_files};
use std::fs;

const FILES: &[&str] = &[
    "codebook.csv",
    "couples.csv",
    "manifest.json",
    "phase_flow.csv",
    "phase_plane.png",
    "phase_plane.svg",
    "regime_shares.png",
    "regime_shares.svg",
    "sample_couples.csv",
    "sample_couples.png",
    "sample_couples.svg",
    "scenario.toml",
    "survival.csv",
    "survival.png",
    "survival.svg",
    "trajectories.png",
    "trajectories.svg",
    "trajectory.csv",
];

#[test]
fn a_run_leaves_a_whole_folder_whose_manifest_names_every_file() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.pairbond(&["run", "small.toml"]).code(0);
    assert!(
        outcome
            .stdout
            .contains("150 couples simulated for up to 40 days; "),
        "{}",
        outcome.stdout
    );
    assert_eq!(outcome.stderr, "");
    assert_eq!(sandbox.entries(), ["results"]);
    let files = sandbox.files("results/small");
    assert_eq!(files.keys().collect::<Vec<_>>(), FILES);
    let manifest: serde_json::Value =
        serde_json::from_slice(&files["manifest.json"]).expect("JSON");
    assert_eq!(manifest["seed"], 5);
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest["scenario"]["text"], sandbox.read("small.toml"));
    let records = manifest["files"].as_array().expect("a list");
    assert_eq!(records.len(), FILES.len() - 1);
    for record in records {
        let name = record["name"].as_str().expect("a name");
        let bytes = &files[name];
        assert_eq!(record["bytes"], bytes.len(), "{name}");
        assert_eq!(
            record["blake3"],
            blake3::hash(bytes).to_hex().as_str(),
            "{name}"
        );
    }
}

#[test]
fn a_codebook_describes_every_column_of_every_table() {
    let sandbox = Sandbox::new();
    sandbox.run("out", &["--set", "record.days=1"]).code(0);
    let mut book = csv::Reader::from_path(sandbox.path("out/codebook.csv")).expect("a table");
    let told: Vec<(String, String)> = book
        .records()
        .map(|row| row.expect("a row"))
        .map(|row| (row[0].to_owned(), row[1].to_owned()))
        .collect();
    let mut seen = 0;
    for table in [
        "couples",
        "trajectory",
        "survival",
        "phase_flow",
        "sample_couples",
        "days",
    ] {
        let path = sandbox.path(&format!("out/{table}.csv"));
        let mut rows = csv::Reader::from_path(path).expect("a table");
        for column in rows.headers().expect("a header") {
            assert!(
                told.contains(&(table.to_owned(), column.to_owned())),
                "{table}.{column}"
            );
            seen += 1;
        }
    }
    assert_eq!(told.len(), seen);
}

#[test]
fn an_older_folder_stays_unless_it_may_be_replaced() {
    let sandbox = Sandbox::new();
    sandbox.run("out", &[]).code(0);
    let old = sandbox.files("out");
    let outcome = sandbox.run("out", &["--seed", "6"]).code(1);
    assert_eq!(
        outcome.stderr,
        "error: out already exists (--force replaces it)\n"
    );
    same_files(&old, &sandbox.files("out"));
    sandbox.run("out", &["--seed", "6", "--force"]).code(0);
    assert!(old["couples.csv"] != sandbox.files("out")["couples.csv"]);
    assert_eq!(sandbox.entries(), ["out"]);
}

#[test]
fn a_folder_of_somebody_else_is_not_replaced_even_by_force() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("thesis")).expect("writable");
    sandbox.write("thesis/chapter.txt", "years of work");
    sandbox.write("file", "no folder");
    for (out, why) in [
        ("thesis", "holds something other"),
        ("file", "is not a folder"),
    ] {
        let outcome = sandbox.run(out, &["--force"]).code(1);
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    }
    assert_eq!(sandbox.read("thesis/chapter.txt"), "years of work");
    assert_eq!(sandbox.read("file"), "no folder");
    assert_eq!(sandbox.entries(), ["file", "thesis"]);
}

#[test]
fn an_empty_folder_may_be_filled_by_force() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("out")).expect("writable");
    sandbox.run("out", &[]).code(1);
    sandbox.run("out", &["--force"]).code(0);
    assert!(sandbox.files("out").contains_key("manifest.json"));
}

#[test]
fn a_folder_that_has_no_parent_is_refused_by_name() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.run("nowhere/out", &[]).code(1);
    assert!(
        outcome.stderr.contains("there is no folder nowhere"),
        "{}",
        outcome.stderr
    );
    assert_eq!(sandbox.entries(), [""; 0]);
}
