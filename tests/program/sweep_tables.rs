//! What a sweep leaves: tables in either format, couples' rows, failed points, and few files.

use crate::test_support::{Sandbox, same_files};
use std::fs;

const HEAD: &str =
    "title = \"A sweep\"\n[run]\nseed = 6\ncouples = 40\ndays = 20\nreplicates = 3\n";
const TWO: &str = "measures = [\"mean trust\", \"share intact\", \"sd intimacy\"]\n\
    [[sweep.axis]]\nkey = \"traits.consistency\"\nname = \"consistency\"\nvalues = [0.25, 0.75]\n\
    [[sweep.axis]]\nkey = \"mechanisms.repair\"\nname = \"repair\"\nvalues = [true, false]\n";

fn grid(more: &str) -> String {
    format!("{HEAD}[sweep]\ndesign = \"grid\"\n{more}{TWO}")
}

#[test]
fn parquet_sweeps_are_the_same_for_any_threads_shards_and_resume_and_verify() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", grid("couples = true\n"));
    let parquet = ["sweep", "s.toml", "--format", "parquet", "-o"];
    let sweep = |out: &str, more: &[&str]| {
        sandbox
            .pairbond(&[&parquet[..], &[out], more].concat())
            .code(0)
    };
    sweep("whole", &[]);
    sweep("one", &["--threads", "1"]);
    sweep("a", &["--shard", "1/2"]);
    sweep("b", &["--shard", "2/2"]);
    let merge = ["merge", "a", "b", "--format", "parquet", "-o", "merged"];
    sandbox.pairbond(&merge).code(0);
    let whole = sandbox.files("whole");
    assert!(whole.contains_key("couples.parquet") && !whole.contains_key("couples.csv"));
    same_files(&whole, &sandbox.files("one"));
    same_files(&whole, &sandbox.files("merged"));
    for folder in ["whole", "merged"] {
        sandbox.pairbond(&["verify", folder]).code(0);
    }
    sandbox.pairbond(&["plot", "merged"]).code(0);
    sandbox.pairbond(&["plot", "whole"]).code(0);
    let drawn = |folder: &str| {
        let mut files = sandbox.files(folder);
        files.retain(|name, _| name.ends_with(".svg") || name.ends_with(".png"));
        files
    };
    same_files(&drawn("whole"), &drawn("merged-charts"));
    same_files(&drawn("whole"), &drawn("whole-charts"));
    assert!(!drawn("whole").is_empty());
}

#[test]
fn rows_of_couples_are_those_of_runs_with_the_points_values() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", grid("couples = true\n"));
    sandbox
        .pairbond(&["sweep", "s.toml", "-o", "whole"])
        .code(0);
    sandbox
        .pairbond(&["sweep", "s.toml", "-o", "one", "--threads", "1"])
        .code(0);
    for (number, out) in [("1/3", "a"), ("2/3", "b"), ("3/3", "c")] {
        sandbox
            .pairbond(&["sweep", "s.toml", "--shard", number, "-o", out])
            .code(0);
    }
    sandbox
        .pairbond(&["merge", "b", "c", "a", "-o", "merged"])
        .code(0);
    same_files(&sandbox.files("whole"), &sandbox.files("one"));
    same_files(&sandbox.files("whole"), &sandbox.files("merged"));
    let text = sandbox.read("whole/couples.csv");
    let points = sandbox.read("whole/points.csv");
    let mut rows = text.lines();
    let header = rows.next().expect("a header");
    assert_eq!(rows.clone().count(), 4 * 3 * 40);
    sandbox.write("plain.toml", HEAD);
    for (number, point) in points.lines().skip(1).enumerate() {
        let cells: Vec<&str> = point.split(',').collect();
        let (consistency, repair) = (
            format!("traits.consistency={}", cells[3]),
            format!("mechanisms.repair={}", cells[4]),
        );
        let set = ["--set", &consistency, "--set", &repair];
        let run = ["run", "plain.toml", "--no-charts", "--force", "-o", "run"];
        sandbox.pairbond(&[&run[..], &set].concat()).code(0);
        let own = sandbox.read("run/couples.csv");
        let mut lines = own.lines();
        assert_eq!(header, format!("point,{}", lines.next().expect("a header")));
        for line in lines {
            assert_eq!(rows.next(), Some(format!("{},{line}", number + 1).as_str()));
        }
    }
    assert_eq!(rows.next(), None);
}

/// A mean that a beta distribution of this spread cannot have, at the second point.
const FAILING: &str = "\
title = \"A point that fails\"
[run]
couples = 30
days = 5
replicates = 2
[traits]
effort = { dist = \"beta\", mean = 0.5, sd = 0.3 }
[sweep]
design = \"list\"
measures = [\"mean trust\", \"share intact\", \"sd trust\"]
couples = true
[[sweep.axis]]
key = \"traits.effort.mean\"
name = \"effort\"
values = [0.4, 0.95, 0.6]
";

#[test]
fn a_point_that_fails_is_a_row_with_its_reason_and_ends_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", FAILING);
    let outcome = sandbox.pairbond(&["sweep", "s.toml", "-o", "out"]).code(0);
    assert!(
        outcome.stdout.contains("1 points failed"),
        "{}",
        outcome.stdout
    );
    let points = sandbox.read("out/points.csv");
    let rows: Vec<&str> = points.lines().skip(1).collect();
    assert!(rows[0].starts_with("1,done,2,0.4,"), "{points}");
    assert!(rows[1].starts_with("2,failed,0,0.95,"), "{points}");
    assert!(rows[2].starts_with("3,done,2,0.6,"), "{points}");
    let reason = rows[1].split_once("0.95,").expect("a reason").1;
    assert!(reason.len() > 20 && reason != "NA", "{points}");
    let runs = sandbox.read("out/runs.csv");
    let failed: Vec<&str> = runs.lines().filter(|row| row.contains("failed")).collect();
    assert_eq!(failed.len(), 1, "{runs}");
    assert!(
        failed[0].starts_with("2,NA,") && failed[0].ends_with(reason),
        "{runs}"
    );
    assert_eq!(runs.lines().count(), 1 + 2 + 1 + 2);
    let summaries = sandbox.read("out/summaries.csv");
    let of_failed: Vec<&str> = summaries
        .lines()
        .filter(|row| row.starts_with("2,"))
        .collect();
    assert_eq!(of_failed.len(), 3);
    for row in of_failed {
        assert_eq!(row.matches("NA").count(), 11, "{row}");
    }
    assert!(!sandbox.read("out/couples.csv").contains("\n2,"));
    sandbox.pairbond(&["verify", "out"]).code(0);
    for (number, out) in [("1/2", "a"), ("2/2", "b")] {
        sandbox
            .pairbond(&["sweep", "s.toml", "--shard", number, "-o", out])
            .code(0);
    }
    sandbox
        .pairbond(&["merge", "a", "b", "-o", "merged"])
        .code(0);
    same_files(&sandbox.files("out"), &sandbox.files("merged"));
}

#[test]
fn a_sweep_writes_a_few_dozen_files_at_most_whatever_the_number_of_runs() {
    let sandbox = Sandbox::new();
    let axes = "[[sweep.axis]]\nkey = \"traits.consistency\"\nname = \"x\"\nrange = [0.1, 0.9]\nSTEPS\n\
                [[sweep.axis]]\nkey = \"parameters.trust_rate\"\nname = \"y\"\nrange = [0.01, 0.1]\nSTEPS\n";
    let base = |x: &str| axes.replace("STEPS", x);
    let designs = [
        ("grid", "", base("steps = 3")),
        ("list", "", base("steps = 3")),
        (
            "one-at-a-time",
            "",
            base("steps = 3\nbaseline = 0.1").replacen("baseline = 0.1", "baseline = 0.5", 1),
        ),
        ("latin-hypercube", "points = 8\n", base("")),
        ("sobol", "points = 8\n", base("")),
        ("halton", "points = 8\n", base("")),
        ("saltelli", "points = 16\n", base("")),
        ("morris", "points = 4\n", base("")),
    ];
    for (design, points, axes) in designs {
        let text = format!(
            "title = \"t\"\n[run]\ncouples = 30\ndays = 3\nreplicates = 2\n\
             [mechanisms]\ndissolution = false\n\
             [sweep]\ndesign = \"{design}\"\n{points}{axes}"
        );
        sandbox.write("s.toml", text);
        let count = |more: &[&str]| {
            let words = [&["sweep", "s.toml", "-q", "-o", "out"], more].concat();
            sandbox.pairbond(&words).code(0);
            let names: Vec<String> = sandbox.files("out").into_keys().collect();
            fs::remove_dir_all(sandbox.path("out")).expect("ours");
            names
        };
        let names = count(&[]);
        println!("{design}: {} files: {}", names.len(), names.join(" "));
        assert!(names.len() <= 30, "{design}: {names:?}");
        assert_eq!(count(&["--set", "run.replicates=70"]), names);
    }
}

#[test]
fn designs_that_fit_no_picture_end_in_tables_all_the_same() {
    let sandbox = Sandbox::new();
    let axis = |key: &str, steps: u32| {
        format!("[[sweep.axis]]\nkey = \"{key}\"\nrange = [0.1, 0.9]\nsteps = {steps}\n")
    };
    let (x, y, z) = (
        "traits.consistency",
        "traits.responsiveness",
        "traits.effort",
    );
    let cases = [
        axis(x, 201) + &axis(y, 2),
        axis(x, 2) + &axis(y, 201),
        axis(x, 2) + &axis(y, 2) + &axis(z, 4),
        axis(x, 2) + &axis(y, 2) + &axis(z, 13),
        axis(x, 1001),
    ];
    for axes in cases {
        let head = "title = \"t\"\n[run]\ncouples = 30\ndays = 1\n[sweep]\ndesign = \"grid\"\n";
        sandbox.write("s.toml", format!("{head}{axes}"));
        sandbox
            .pairbond(&["sweep", "s.toml", "-q", "-o", "out"])
            .code(0);
        assert!(sandbox.path("out/summaries.csv").exists());
        sandbox.pairbond(&["plot", "out"]).code(0);
        fs::remove_dir_all(sandbox.path("out")).expect("ours");
        fs::remove_dir_all(sandbox.path("out-charts")).expect("ours");
    }
    let regimes = "measures = [\"mean secure_balance\"]\npoints = 8\n[[sweep.axis]]\n\
                   key = \"traits.consistency\"\nrange = [0.1, 0.9]\n";
    for design in ["saltelli", "sobol", "morris"] {
        let head = "title = \"t\"\n[run]\ncouples = 30\ndays = 1\n[sweep]\n";
        sandbox.write("s.toml", format!("{head}design = \"{design}\"\n{regimes}"));
        sandbox
            .pairbond(&["sweep", "s.toml", "-q", "-o", "out"])
            .code(0);
        fs::remove_dir_all(sandbox.path("out")).expect("ours");
    }
}
