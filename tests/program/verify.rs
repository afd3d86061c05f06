//! Results looked at again: `verify` and `plot`.

use crate::test_support::{Sandbox, names};
use std::fs;

#[test]
fn sound_results_are_called_sound_for_any_number_of_threads_and_either_format() {
    let sandbox = Sandbox::new();
    sandbox
        .run(
            "text",
            &["--set", "parameters.trust_rate=0.2", "--seed", "9"],
        )
        .code(0);
    sandbox.run("parquet", &["--format", "parquet"]).code(0);
    for (results, threads) in [("text", "1"), ("text", "3"), ("parquet", "2")] {
        let outcome = sandbox
            .pairbond(&["verify", results, "--threads", threads])
            .code(0);
        assert!(
            outcome.stdout.contains("a new run gives the same bytes"),
            "{}",
            outcome.stdout
        );
        assert_eq!(outcome.stderr, "");
    }
    assert_eq!(
        sandbox
            .pairbond(&["verify", "text", "--quiet"])
            .code(0)
            .stdout,
        ""
    );
}

#[test]
fn a_changed_number_is_named_by_its_row_and_column() {
    let sandbox = Sandbox::new();
    sandbox.run("out", &[]).code(0);
    let table = sandbox.read("out/couples.csv");
    let mut rows: Vec<String> = table.lines().map(str::to_owned).collect();
    let mut cells: Vec<&str> = rows[7].split(',').collect();
    assert_eq!(cells[1], "7");
    cells[2] = "0.25";
    rows[7] = cells.join(",");
    sandbox.write("out/couples.csv", rows.join("\n") + "\n");
    let outcome = sandbox.pairbond(&["verify", "out"]).code(1);
    for told in ["couples.csv", "couples, row 7", "contact"] {
        assert!(
            outcome.stderr.contains(told),
            "no {told} in {}",
            outcome.stderr
        );
    }
    assert_eq!(
        outcome.stderr.matches("couples").count(),
        outcome.stderr.lines().count(),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_missing_file_and_a_cut_one_are_named() {
    let sandbox = Sandbox::new();
    sandbox.run("out", &[]).code(0);
    fs::remove_file(sandbox.path("out/phase_flow.csv")).expect("a file");
    let table = sandbox.read("out/survival.csv");
    sandbox.write("out/survival.csv", &table[..table.len() / 2]);
    let outcome = sandbox.pairbond(&["verify", "out"]).code(1);
    for told in ["phase_flow.csv: ", "survival.csv: ", "survival.csv, row "] {
        assert!(
            outcome.stderr.contains(told),
            "no {told} in {}",
            outcome.stderr
        );
    }
    assert!(
        !outcome.stderr.contains("couples.csv"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_folder_without_a_usable_manifest_is_no_result() {
    let sandbox = Sandbox::new();
    sandbox.run("out", &[]).code(0);
    let manifest = sandbox.read("out/manifest.json");
    sandbox.write("out/manifest.json", &manifest[..manifest.len() / 2]);
    fs::create_dir(sandbox.path("empty")).expect("writable");
    for results in ["out", "empty", "absent"] {
        for verb in ["verify", "plot"] {
            let outcome = sandbox.pairbond(&[verb, results]).code(1);
            assert!(
                outcome.stderr.contains("manifest.json"),
                "{}",
                outcome.stderr
            );
        }
    }
    assert_eq!(sandbox.entries(), ["empty", "out"]);
}

#[test]
fn charts_drawn_again_are_the_charts_of_the_run() {
    let sandbox = Sandbox::new();
    sandbox
        .pairbond(&["run", "small.toml", "-o", "out"])
        .code(0);
    let outcome = sandbox.pairbond(&["plot", "out"]).code(0);
    assert_eq!(outcome.stdout, "10 charts in out-charts\n");
    let drawn = names(&sandbox.path("out-charts"));
    assert_eq!(drawn.len(), 11);
    for name in drawn.iter().filter(|name| *name != "manifest.json") {
        let picture = |folder: &str| fs::read(sandbox.path(folder).join(name)).expect("a picture");
        assert!(picture("out") == picture("out-charts"), "{name} differs");
    }
    sandbox.pairbond(&["plot", "out"]).code(1);
    sandbox
        .pairbond(&["plot", "out", "--force", "--quiet"])
        .code(0);
}

#[test]
fn charts_of_a_run_without_any_are_drawn_later() {
    let sandbox = Sandbox::new();
    sandbox
        .run(
            "out",
            &["--format", "parquet", "--set", "record.sample_couples=0"],
        )
        .code(0);
    assert!(
        names(&sandbox.path("out"))
            .iter()
            .all(|name| !name.ends_with(".svg"))
    );
    sandbox.pairbond(&["plot", "out", "-o", "charts"]).code(0);
    let drawn = names(&sandbox.path("charts"));
    assert!(drawn.contains(&"phase_plane.svg".to_owned()));
    assert!(!drawn.contains(&"sample_couples.svg".to_owned()));
}
