//! Sweeps: run, resumed, cut into shards and merged; what they write; damaged journals and changed
//! scenarios, which are refused without loss.

use crate::test_support::{Outcome, Sandbox, same_files};
use std::fs;

const SWEEP: &str = r#"
title = "A small sweep"
[run]
seed = 3
couples = 30
days = 40
replicates = 3
[sweep]
design = "grid"
measures = ["mean trust", "share intact", "sd intimacy", "mean trust over all", "sd commitment b over all"]
[[sweep.axis]]
key = "traits.consistency"
name = "consistency"
range = [0.0, 1.0]
steps = 3
[[sweep.axis]]
key = "mechanisms.repair"
name = "repair"
values = [true, false]
"#;

#[test]
fn a_sweep_gives_the_same_bytes_for_any_threads_and_shards() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    sandbox
        .pairbond(&["sweep", "s.toml", "-o", "whole"])
        .code(0);
    sandbox
        .pairbond(&["sweep", "s.toml", "-o", "one", "--threads", "1"])
        .code(0);
    for number in 1..=3 {
        let (shard, out) = (format!("{number}/3"), format!("part{number}"));
        sandbox
            .pairbond(&["sweep", "s.toml", "--shard", &shard, "-o", &out])
            .code(0);
    }
    sandbox
        .pairbond(&["merge", "part3", "part1", "part2", "-o", "merged"])
        .code(0);
    let whole = sandbox.files("whole");
    assert!(whole.contains_key("summaries.csv"));
    assert!(whole == sandbox.files("one"), "one thread");
    assert!(whole == sandbox.files("merged"), "three shards");
    sandbox.pairbond(&["verify", "whole"]).code(0);
    assert!(!sandbox.path("whole.unfinished").exists());
}

const CONSTRAINED: &str = r#"
title = "Events of some widths"
[run]
seed = 3
couples = 30
days = 40
replicates = 2
[[event]]
kind = "trait"
trait = "responsiveness"
factor = 0.5
from = 5
until = 10
[sweep]
design = "grid"
measures = ["mean trust", "share intact"]
constraints = ["end <= 30"]
[[sweep.axis]]
key = "event.1.from"
name = "start"
range = [5, 25]
steps = 3
[[sweep.axis]]
name = "width"
values = [5, 10, 20]
[[sweep.axis]]
key = "event.1.until"
name = "end"
formula = "start + width"
"#;

#[test]
fn a_constrained_sweep_gives_the_same_bytes_for_any_threads_and_shards_and_enlarged() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", CONSTRAINED);
    let sweep = |out: &str, more: &[&str]| {
        let words = [&["sweep", "s.toml", "-o", out][..], more].concat();
        sandbox.pairbond(&words).code(0)
    };
    let outcome = sweep("whole", &[]);
    assert!(
        outcome.stdout.contains("6 points, 12 runs"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome
            .stdout
            .contains("constraints leave out 3 of 9 points"),
        "{}",
        outcome.stdout
    );
    sweep("one", &["--threads", "1"]);
    for number in 1..=4 {
        sweep(
            &format!("part{number}"),
            &["--shard", &format!("{number}/4")],
        );
    }
    sandbox
        .pairbond(&["merge", "part3", "part1", "part4", "part2", "-o", "merged"])
        .code(0);
    let whole = sandbox.files("whole");
    assert!(whole == sandbox.files("one"), "one thread");
    assert!(whole == sandbox.files("merged"), "four shards");
    sandbox.pairbond(&["verify", "whole"]).code(0);
    let points = sandbox.read("whole/points.csv");
    let first = points.lines().take(2).collect::<Vec<_>>();
    assert_eq!(first[0], "point,status,runs,start,width,end,reason");
    assert!(first[1].starts_with("1,done,2,5,5,10,"), "{points}");
    // More points and more replicates take over what was run.
    let more = [
        "--set",
        "sweep.constraints=[\"end <= 40\"]",
        "--set",
        "run.replicates=3",
    ];
    sweep("at_once", &more);
    let reuse = [&more[..], &["--reuse", "whole"]].concat();
    let outcome = sweep("enlarged", &reuse);
    let said = "12 runs taken from whole\n  12 runs simulated";
    assert!(outcome.stdout.contains(said), "{}", outcome.stdout);
    assert!(sandbox.files("at_once") == sandbox.files("enlarged"));
}

#[test]
fn merging_does_not_replace_a_shard() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    for (number, out) in [("1/2", "a"), ("2/2", "b")] {
        sandbox
            .pairbond(&["sweep", "s.toml", "--shard", number, "-o", out])
            .code(0);
    }
    let (a, b) = (sandbox.files("a"), sandbox.files("b"));
    for (out, relation) in [("a", "is"), ("b/merged", "lies in")] {
        let outcome = sandbox
            .pairbond(&["merge", "a", "b", "-o", out, "--force"])
            .code(2);
        let expected = format!("it {relation} {}, which", &out[..1]);
        assert!(outcome.stderr.contains(&expected), "{}", outcome.stderr);
    }
    same_files(&a, &sandbox.files("a"));
    same_files(&b, &sandbox.files("b"));
}

#[test]
fn shards_that_are_missing_or_of_another_scenario_are_refused_by_name() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    sandbox
        .pairbond(&["sweep", "s.toml", "--shard", "1/2", "-o", "a"])
        .code(0);
    let outcome = sandbox.pairbond(&["merge", "a", "-o", "m"]);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(format!("{outcome:?}").contains("2/2"), "{outcome:?}");
    let other = [
        "sweep", "s.toml", "--shard", "2/2", "-o", "b", "--seed", "4",
    ];
    sandbox.pairbond(&other).code(0);
    let outcome = sandbox.pairbond(&["merge", "a", "b", "-o", "m"]);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(
        format!("{outcome:?}").contains("differs from a in scenario"),
        "{outcome:?}"
    );
    assert!(!sandbox.path("m").exists());
}

#[test]
fn a_journal_cut_anywhere_resumes_to_the_same_bytes_and_a_changed_scenario_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    sandbox
        .pairbond(&["sweep", "s.toml", "-o", "whole", "--no-charts"])
        .code(0);
    let whole = sandbox.files("whole");
    sandbox
        .pairbond(&["sweep", "s.toml", "--shard", "1/2", "-o", "half"])
        .code(0);
    let journal = fs::read(sandbox.path("half/jobs.journal")).expect("a journal");
    for cut in [0, 1, journal.len() / 3, journal.len() - 1, journal.len()] {
        let out = format!("cut{cut}");
        let folder = sandbox.path(&format!("{out}.unfinished"));
        fs::create_dir(&folder).expect("writable");
        fs::write(folder.join("jobs.journal"), &journal[..cut]).expect("writable");
        let text = serde_text(SWEEP);
        fs::write(folder.join("job.json"), text).expect("writable");
        let resume = ["sweep", "s.toml", "-o", &out, "--no-charts", "--resume"];
        sandbox.pairbond(&resume).code(0);
        assert!(whole == sandbox.files(&out), "cut at {cut}");
    }
    let folder = sandbox.path("changed.unfinished");
    fs::create_dir(&folder).expect("writable");
    fs::write(folder.join("jobs.journal"), &journal).expect("writable");
    fs::write(
        folder.join("job.json"),
        serde_text(&SWEEP.replace("40", "41")),
    )
    .expect("ok");
    let outcome = sandbox.pairbond(&["sweep", "s.toml", "-o", "changed", "--resume"]);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(format!("{outcome:?}").contains("days = 41"), "{outcome:?}");
    let outcome = sandbox.pairbond(&["sweep", "s.toml", "-o", "changed"]);
    assert!(format!("{outcome:?}").contains("--resume"), "{outcome:?}");
}

/// What an unfinished sweep of this scenario was asked: six points, one job each.
fn serde_text(scenario: &str) -> String {
    serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        "scenario_file": "s.toml",
        "scenario_text": scenario,
        "overrides": [],
        "first": 0,
        "end": 6,
    })
    .to_string()
}

#[test]
fn a_table_of_points_travels_with_the_results() {
    let sandbox = Sandbox::new();
    let table = "[sweep]\ndesign = \"table\"\ntable = \"points.csv\"\n";
    let text = SWEEP.split("[sweep]").next().expect("a head").to_owned();
    sandbox.write("t.toml", format!("{text}{table}"));
    sandbox.write(
        "points.csv",
        "traits.consistency,parameters.loss_weight\n0.2,1.5\n0.9,3\n",
    );
    let outcome = sandbox.pairbond(&["sweep", "t.toml", "-o", "out"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    fs::remove_file(sandbox.path("points.csv")).expect("there");
    sandbox.pairbond(&["verify", "out"]).code(0);
}

#[test]
fn a_dry_run_counts_and_writes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    let outcome = sandbox.pairbond(&["sweep", "s.toml", "--dry-run"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let text = format!("{outcome:?}");
    assert!(
        text.contains("runs         18") && text.contains("couple-days  21600"),
        "{text}"
    );
    assert!(!sandbox.path("results").exists());
}

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

const ALL_FAIL: &str = "\
title = \"Every point fails\"
[run]
couples = 30
days = 3
[traits]
openness = { dist = \"uniform\", low = 0.2, high = 0.5 }
[sweep]
design = \"saltelli\"
points = 2
measures = [\"mean trust\"]
[[sweep.axis]]
key = \"traits.openness.low\"
range = [1.0, 1.5]
[[sweep.axis]]
key = \"traits.consistency\"
range = [0.0, 1.0]
";

#[test]
fn a_sweep_whose_every_point_fails_says_so_ends_with_1_and_keeps_its_tables() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", ALL_FAIL);
    let loud = sandbox.pairbond(&["sweep", "s.toml", "-o", "loud"]).code(1);
    assert!(
        loud.stderr
            .contains("4 of 4 corners of the design are refused"),
        "{loud:?}"
    );
    assert!(loud.stdout.contains("8 points failed"), "{loud:?}");
    assert!(
        loud.stdout
            .contains("`sobol` of mean trust left out: 0 of 2 base rows"),
        "{loud:?}"
    );
    let quiet = sandbox
        .pairbond(&["sweep", "s.toml", "-q", "-o", "quiet"])
        .code(1);
    assert_eq!(
        (quiet.stdout.as_str(), quiet.stderr.as_str()),
        (
            "",
            "error: every point of the sweep failed; the reasons are in `points` in quiet\n"
        )
    );
    assert!(sandbox.read("quiet/points.csv").contains("failed,0"));
    assert!(
        sandbox
            .read("quiet/omitted.csv")
            .contains("sobol,mean trust,")
    );
    same_files(&sandbox.files("quiet"), &sandbox.files("loud"));
    for (number, out) in [("1/2", "a"), ("2/2", "b")] {
        let shard = ["sweep", "s.toml", "-q", "--shard", number, "-o", out];
        let expected = format!(
            "error: every job of the shard {out} failed; `pairbond merge` writes the reasons to `points`\n"
        );
        for more in [&[][..], &["--resume"]] {
            let outcome = sandbox.pairbond(&[&shard[..], more].concat()).code(1);
            assert_eq!(
                (outcome.stdout.as_str(), outcome.stderr),
                ("", expected.clone())
            );
        }
    }
    let merged = sandbox
        .pairbond(&["merge", "a", "b", "-q", "-o", "merged"])
        .code(1);
    assert!(
        merged.stderr.starts_with("error: every point"),
        "{merged:?}"
    );
    same_files(&sandbox.files("quiet"), &sandbox.files("merged"));
    let again = ["sweep", "s.toml", "-q", "-o", "quiet", "--resume"];
    let again = sandbox.pairbond(&again).code(1);
    assert_eq!((again.stdout, again.stderr), (quiet.stdout, quiet.stderr));
    sandbox.pairbond(&["verify", "quiet"]).code(0);
}

#[test]
fn an_axis_called_like_a_column_is_named_by_its_key_and_can_be_read_back() {
    let sandbox = Sandbox::new();
    let axis = "[[sweep.axis]]\nkey = \"run.couples\"\nvalues = [30, 40]\n";
    sandbox.write(
        "s.toml",
        format!("{HEAD}[sweep]\ndesign = \"grid\"\n{axis}"),
    );
    sandbox.pairbond(&["sweep", "s.toml", "-o", "out"]).code(0);
    let runs = sandbox.read("out/runs.csv");
    assert!(
        runs.starts_with("point,replicate,seed,run_couples,status,couples,"),
        "{runs}"
    );
    assert!(
        sandbox.read("out/points.csv").contains("\n1,done,3,30,NA"),
        "{runs}"
    );
    assert!(
        sandbox
            .read("out/codebook.csv")
            .contains("points,run_couples,integer,")
    );
    sandbox.pairbond(&["plot", "out"]).code(0);
}

#[test]
fn the_files_of_a_sweep_are_bounded_whatever_the_number_of_runs() {
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
        assert!(names.len() <= 120, "{design}: {names:?}");
        // Regimes that no couple of few is in have charts only with more replicates.
        let measures = "sweep.measures=[\"mean trust\", \"mean intimacy\"]";
        let few = count(&["--set", measures]);
        assert!(few.len() <= names.len(), "{design}: {few:?}");
        let more = ["--set", measures, "--set", "run.replicates=70"];
        assert_eq!(count(&more), few);
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

const TABLE_SWEEP: &str = r#"
title = "A sweep to be damaged"
[run]
seed = 3
couples = 30
days = 10
[sweep]
design = "table"
table = "points.csv"
measures = ["mean trust", "share intact"]
"#;
const POINTS: &str = "traits.consistency,mechanisms.repair\n\
                      0.1,true\n0.2,true\n0.3,false\n0.4,false\n0.5,true\n0.6,false\n";

/// A sandbox with an unfinished sweep of six jobs, all of them written down; and its journal.
fn unfinished() -> (Sandbox, Vec<u8>) {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", TABLE_SWEEP);
    sandbox.write("points.csv", POINTS);
    // Shards' journals, one after the other, are that of the whole.
    let mut journal = Vec::new();
    for number in ["1/2", "2/2"] {
        sandbox
            .pairbond(&["sweep", "s.toml", "--shard", number, "-o", "half"])
            .code(0);
        journal.extend(fs::read(sandbox.path("half/jobs.journal")).expect("a journal"));
        fs::remove_dir_all(sandbox.path("half")).expect("ours");
    }
    fs::create_dir(sandbox.path("out.unfinished")).expect("writable");
    sandbox.write("out.unfinished/jobs.journal", &journal);
    ask(&sandbox, |_| ());
    (sandbox, journal)
}

/// Writes down what the unfinished sweep was asked, changed in some way.
fn ask(sandbox: &Sandbox, change: impl FnOnce(&mut serde_json::Value)) {
    let mut question = serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        "scenario_file": "s.toml",
        "scenario_text": format!("{TABLE_SWEEP}\n{POINTS}"),
        "overrides": [],
        "first": 0,
        "end": 6,
    });
    change(&mut question);
    sandbox.write("out.unfinished/job.json", question.to_string());
}

fn resume(sandbox: &Sandbox, more: &[&str]) -> Outcome {
    let mut words = vec!["sweep", "s.toml", "-o", "out", "--no-charts", "--resume"];
    words.extend(more);
    sandbox.pairbond(&words)
}

#[test]
fn a_flipped_byte_in_a_journal_is_reported_with_file_and_byte_and_nothing_is_changed() {
    let (sandbox, sound) = unfinished();
    let record = sound.len() / 6;
    for place in [3 * record + 2, 3 * record + 10, 4 * record - 1] {
        let mut journal = sound.clone();
        journal[place] ^= 0x10;
        sandbox.write("out.unfinished/jobs.journal", &journal);
        let outcome = resume(&sandbox, &[]).code(2);
        let expected = format!(
            "error: out.unfinished/jobs.journal: damaged at byte {}, after 3 sound jobs; \
             nothing was changed.",
            3 * record
        );
        assert!(outcome.stderr.starts_with(&expected), "{}", outcome.stderr);
        let kept = fs::read(sandbox.path("out.unfinished/jobs.journal")).expect("still there");
        assert!(kept == journal);
        assert!(!sandbox.path("out").exists());
    }
    // As the message says: cut there, it goes on.
    let cut = &sound[..3 * record];
    sandbox.write("out.unfinished/jobs.journal", cut);
    resume(&sandbox, &[]).code(0);
    sandbox
        .pairbond(&["sweep", "s.toml", "--no-charts", "-o", "whole"])
        .code(0);
    assert!(sandbox.files("out") == sandbox.files("whole"));
}

#[test]
fn a_flipped_byte_in_a_shard_is_reported_at_merge_and_nothing_is_changed() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", TABLE_SWEEP);
    sandbox.write("points.csv", POINTS);
    for (number, out) in [("1/2", "a"), ("2/2", "b")] {
        sandbox
            .pairbond(&["sweep", "s.toml", "--shard", number, "-o", out])
            .code(0);
    }
    let mut journal = fs::read(sandbox.path("b/jobs.journal")).expect("a journal");
    let middle = journal.len() / 2;
    journal[middle] ^= 1;
    sandbox.write("b/jobs.journal", &journal);
    let outcome = sandbox.pairbond(&["merge", "a", "b", "-o", "m"]).code(2);
    assert_eq!(
        outcome.stderr,
        "error: b: jobs.journal is changed since it was written\n"
    );
    let kept = fs::read(sandbox.path("b/jobs.journal")).expect("still there");
    assert!(kept == journal);
    assert_eq!(sandbox.entries(), ["a", "b", "points.csv", "s.toml"]);
    // So it is by `verify`, which lives the shard again.
    sandbox.pairbond(&["verify", "a"]).code(0);
    let outcome = sandbox.pairbond(&["verify", "b"]).code(1);
    assert!(
        outcome.stderr.contains("jobs.journal: changed"),
        "{}",
        outcome.stderr
    );
    let outcome = sandbox.pairbond(&["plot", "a"]).code(2);
    assert!(
        outcome.stderr.contains("pairbond merge"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn whatever_was_changed_since_a_sweep_was_started_is_named_and_refused() {
    let (sandbox, journal) = unfinished();
    let refused = |what: &str, more: &[&str]| {
        let outcome = resume(&sandbox, more).code(2);
        assert!(
            outcome.stderr.contains(what),
            "no {what} in {}",
            outcome.stderr
        );
        assert!(outcome.stderr.contains("the scenario changed"));
        let kept = fs::read(sandbox.path("out.unfinished/jobs.journal")).expect("still there");
        assert!(kept == journal);
        assert!(!sandbox.path("out").exists());
    };
    sandbox.write("s.toml", TABLE_SWEEP.replace("days = 10", "days = 11"));
    refused("- days = 10", &[]);
    refused("+ days = 11", &[]);
    sandbox.write("s.toml", TABLE_SWEEP);
    sandbox.write("points.csv", POINTS.replace("0.4,false", "0.45,false"));
    refused("- 0.4,false", &[]);
    refused("+ 0.45,false", &[]);
    sandbox.write("points.csv", POINTS);
    refused("none became run.couples=31", &["--set", "run.couples=31"]);
    refused("none became run.seed=9", &["--seed", "9"]);
    refused("jobs 1 to 6 became 1 to 3", &["--shard", "1/2"]);
    ask(&sandbox, |question| question["version"] = "0.0.9".into());
    refused("version 0.0.9 became", &[]);
    ask(&sandbox, |question| {
        question["overrides"] = vec!["run.days=5"].into();
    });
    refused("run.days=5 became none", &[]);
    sandbox.write("out.unfinished/job.json", "{\"version\"");
    let outcome = resume(&sandbox, &[]).code(2);
    assert!(outcome.stderr.contains("job.json"), "{}", outcome.stderr);
    ask(&sandbox, |_| ());
    resume(&sandbox, &[]).code(0);
}

#[cfg(unix)]
#[test]
fn a_journal_that_is_a_link_is_not_written_through() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    sandbox.write("thesis.tex", "mine");
    fs::create_dir(sandbox.path("out.unfinished")).expect("writable");
    let journal = sandbox.path("out.unfinished/jobs.journal");
    std::os::unix::fs::symlink(sandbox.path("thesis.tex"), journal).expect("writable");
    for more in [&[][..], &["--force"], &["--resume"]] {
        let words = [&["sweep", "s.toml", "-o", "out"][..], more].concat();
        sandbox.pairbond(&words).code(2);
        assert_eq!(sandbox.read("thesis.tex"), "mine");
    }
}
