//! Results: a function of scenario and seed only, the same from program and library, in a folder that is
//! complete and is not replaced unasked; and `verify` and `plot`, which read it again.

use crate::claims::CLAIMS;
use crate::test_support::{Sandbox, names, same_files};
use pairbond::table::read_table;
use pairbond::{Error, Scenario};
use std::collections::BTreeSet;
use std::fs;

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
    let couples: BTreeSet<&str> = rows
        .iter()
        .map(|row| row.splitn(3, ',').nth(2).expect("a third column"))
        .collect();
    assert_eq!(couples.len(), rows.len());
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
    sandbox
        .run("parquet", &[&days[..], &["--format", "parquet"]].concat())
        .code(0);
    let run = Scenario::from_file_with(sandbox.path("small.toml"), &["record.days=2", childhood])
        .and_then(|scenario| scenario.run())
        .expect("a run");
    let names: Vec<&str> = run
        .tables()
        .iter()
        .map(|table| table.schema.table)
        .collect();
    for name in ["childhood", "days", "sample_couples"] {
        assert!(names.contains(&name), "no table {name}");
    }
    for table in run.tables() {
        let name = table.schema.table;
        for file in [
            format!("text/{name}.csv"),
            format!("parquet/{name}.parquet"),
        ] {
            let found = read_table(&sandbox.path(&file), &table.schema).expect("a table");
            // Missing numbers are not equal to themselves.
            assert_eq!(
                format!("{:?}", found.rows),
                format!("{:?}", table.rows),
                "{file}"
            );
        }
    }
}

const FILES: &[&str] = &[
    "attachment.png",
    "attachment.svg",
    "codebook.csv",
    "couples.csv",
    "manifest.json",
    "partners.png",
    "partners.svg",
    "phase_flow.csv",
    "phase_plane.png",
    "phase_plane.svg",
    "regime_shares.png",
    "regime_shares.svg",
    "report.html",
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
            .starts_with("A few couples\n150 couples, 40 days, seed 5\n"),
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
    let named: Vec<(String, String)> = book
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
                named.contains(&(table.to_owned(), column.to_owned())),
                "{table}.{column}"
            );
            seen += 1;
        }
    }
    assert_eq!(named.len(), seen);
}

#[test]
fn an_older_folder_stays_unless_it_may_be_replaced() {
    let sandbox = Sandbox::new();
    sandbox.run("out", &[]).code(0);
    let old = sandbox.files("out");
    let outcome = sandbox.run("out", &["--seed", "6"]).code(2);
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
fn a_folder_of_another_program_is_not_replaced_even_by_force() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("thesis")).expect("writable");
    sandbox.write("thesis/chapter.txt", "years of work");
    sandbox.write("file", "no folder");
    for (out, why) in [
        ("thesis", "holds something other"),
        ("file", "is not a folder"),
    ] {
        let outcome = sandbox.run(out, &["--force"]).code(2);
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    }
    assert_eq!(sandbox.read("thesis/chapter.txt"), "years of work");
    assert_eq!(sandbox.read("file"), "no folder");
    assert_eq!(sandbox.entries(), ["file", "thesis"]);
}

#[test]
fn charts_do_not_replace_the_results_that_they_are_drawn_from() {
    let sandbox = Sandbox::new();
    sandbox.run("r", &[]).code(0);
    let old = sandbox.files("r");
    for (out, relation) in [("r", "is"), ("r/charts", "lies in"), (".", "holds")] {
        let outcome = sandbox
            .pairbond(&["plot", "r", "-o", out, "--force"])
            .code(2);
        assert_eq!(
            outcome.stderr,
            format!(
                "error: could not write {out}: it {relation} r, which this command reads; \
                 choose another place\n"
            )
        );
        same_files(&old, &sandbox.files("r"));
    }
    sandbox.run("other", &[]).code(0);
    let outcome = sandbox
        .pairbond(&["plot", "r", "-o", "other", "--force"])
        .code(2);
    assert!(
        outcome.stderr.contains("results of kind `run`, not `plot`"),
        "{}",
        outcome.stderr
    );
    same_files(&old, &sandbox.files("other"));
    sandbox.pairbond(&["verify", "r"]).code(0);
}

#[test]
fn a_run_does_not_replace_the_folder_of_its_scenario() {
    let sandbox = Sandbox::new();
    sandbox.run("r", &[]).code(0);
    let old = sandbox.files("r");
    let outcome = sandbox
        .pairbond(&["run", "r/scenario.toml", "-o", "r", "--force"])
        .code(2);
    assert!(
        outcome.stderr.contains("it holds r/scenario.toml"),
        "{}",
        outcome.stderr
    );
    same_files(&old, &sandbox.files("r"));
}

#[test]
fn force_keeps_files_of_the_users_own() {
    let sandbox = Sandbox::new();
    sandbox.run("res", &[]).code(0);
    sandbox.write("res/analysis.R", "mine");
    fs::create_dir(sandbox.path("res/thesis")).expect("writable");
    sandbox.write("res/thesis/ch1.md", "mine");
    let old = sandbox.read("res/couples.csv");
    sandbox.run("res", &["--force", "--seed", "6"]).code(0);
    assert!(sandbox.read("res/couples.csv") != old);
    assert_eq!(sandbox.read("res/analysis.R"), "mine");
    assert_eq!(sandbox.read("res/thesis/ch1.md"), "mine");
    assert_eq!(sandbox.entries(), ["res"]);
    let outcome = sandbox.pairbond(&["verify", "res"]).code(0);
    assert_eq!(
        outcome.stderr,
        "note: analysis.R is in the folder and not of these results\n\
         note: thesis is in the folder and not of these results\n"
    );
    assert_eq!(
        sandbox.pairbond(&["verify", "res", "-q"]).code(0).stderr,
        ""
    );
}

#[test]
fn run_and_verify_count_the_same_files() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run("out", &[]).code(0).stdout;
    let count = format!("{} files ", sandbox.files("out").len());
    assert!(ran.contains(&count), "{ran}");
    let verified = sandbox.pairbond(&["verify", "out"]).code(0).stdout;
    assert!(verified.contains(&count), "{verified}");
}

#[test]
fn results_are_replaced_by_a_path_through_themselves() {
    let sandbox = Sandbox::new();
    sandbox.run("res", &[]).code(0);
    let old = sandbox.files("res");
    sandbox
        .run("res/../res", &["--force", "--seed", "6"])
        .code(0);
    assert_eq!(sandbox.entries(), ["res"]);
    assert!(old["couples.csv"] != sandbox.files("res")["couples.csv"]);
    sandbox.pairbond(&["verify", "res"]).code(0);
}

#[test]
fn an_empty_folder_is_filled() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("out")).expect("writable");
    sandbox.run("out", &[]).code(0);
    assert!(sandbox.files("out").contains_key("manifest.json"));
}

#[test]
fn folders_above_results_are_made() {
    let sandbox = Sandbox::new();
    sandbox.run("some/where/out", &[]).code(0);
    sandbox.pairbond(&["verify", "some/where/out"]).code(0);
    let refused = sandbox.run("small.toml/out", &[]).code(2);
    assert_eq!(
        refused.stderr,
        "error: could not create small.toml/out: small.toml is not a folder\n"
    );
    assert_eq!(sandbox.entries(), ["some"]);
}

#[test]
fn an_output_that_is_refused_is_all_that_is_reported() {
    let sandbox = Sandbox::new();
    sandbox.run("out", &[]).code(0);
    // So few couples would be a warning.
    let refused = sandbox.run("out", &["--set", "run.couples=20"]).code(2);
    let expected = "error: out already exists (--force replaces it)\n";
    assert_eq!(refused.stderr, expected);
    let warned = sandbox.run("few", &["--set", "run.couples=20"]).code(0);
    assert!(warned.stderr.contains("W004"), "{}", warned.stderr);
}

#[test]
fn a_folder_that_does_not_exist_is_said_not_to_exist() {
    let sandbox = Sandbox::new();
    sandbox.run("results", &[]).code(0);
    for command in ["plot", "verify"] {
        let outcome = sandbox.pairbond(&[command, "result"]).code(2);
        let expected = "error: result: there is no such folder\n  tip: did you mean results?\n";
        assert_eq!(outcome.stderr, expected, "{command}");
        let outcome = sandbox.pairbond(&[command, "small.toml"]).code(2);
        let expected = "error: small.toml: not a folder of results but a file\n";
        assert_eq!(outcome.stderr, expected, "{command}");
    }
    fs::create_dir(sandbox.path("half.unfinished")).expect("writable");
    let outcome = sandbox.pairbond(&["plot", "half"]).code(2);
    assert!(outcome.stderr.contains("not finished") && outcome.stderr.contains("--resume"));
}

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
    cells[3] = "0.25";
    rows[7] = cells.join(",");
    sandbox.write("out/couples.csv", rows.join("\n") + "\n");
    let outcome = sandbox.pairbond(&["verify", "out"]).code(1);
    for named in ["couples.csv", "couples, row 7", "contact"] {
        assert!(
            outcome.stderr.contains(named),
            "no {named} in {}",
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

/// The manifest of a folder, changed.
fn tamper(sandbox: &Sandbox, folder: &str, change: impl FnOnce(&mut serde_json::Value)) {
    let name = format!("{folder}/manifest.json");
    let mut manifest = serde_json::from_str(&sandbox.read(&name)).expect("JSON");
    change(&mut manifest);
    sandbox.write(&name, format!("{manifest:#}\n"));
}

#[test]
fn a_changed_table_is_found_though_the_manifest_does_not_list_it() {
    let sandbox = Sandbox::new();
    sandbox.run("r", &[]).code(0);
    tamper(&sandbox, "r", |manifest| {
        let files = manifest["files"].as_array_mut().expect("a list");
        files.retain(|file| file["name"] != "couples.csv");
        manifest["seed"] = 999.into();
        manifest["command"][2] = "other.toml".into();
    });
    let table = sandbox.read("r/couples.csv");
    let changed = table.replace("secure_balance", "disengagement");
    assert!(table != changed);
    sandbox.write("r/couples.csv", changed);
    let outcome = sandbox.pairbond(&["verify", "r"]).code(1);
    for line in [
        "couples, row ",
        "manifest.json: `files[couples.csv]` is missing\n",
        "manifest.json: `seed` is 999, in a new run 5\n",
        "manifest.json: `command` is [\"pairbond\",\"run\",\"other.toml\"",
    ] {
        assert!(
            outcome.stderr.contains(line),
            "no {line} in {}",
            outcome.stderr
        );
    }
    tamper(&sandbox, "r", |manifest| {
        manifest["files"] = serde_json::json!([])
    });
    let outcome = sandbox.pairbond(&["verify", "r"]).code(1);
    assert!(
        outcome.stderr.contains("`files[survival.csv]` is missing"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn every_value_of_a_manifest_is_compared_with_a_new_run() {
    let sandbox = Sandbox::new();
    sandbox
        .run("r", &["--set", "run.couples=60", "--set", "run.days=20"])
        .code(0);
    let manifest = sandbox.read("r/manifest.json");
    type Change = fn(&mut serde_json::Value);
    let changes: [(&str, Change); 7] = [
        ("`version` is \"0.0.1\"", |it| {
            it["version"] = "0.0.1".into()
        }),
        ("`scenario.blake3` is", |it| {
            it["scenario"]["blake3"] = "0".into()
        }),
        (
            "`tables[couples].columns[trust_end_a].unit` is \"days\"",
            |it| {
                let tables = it["tables"].as_array_mut().expect("a list").iter_mut();
                let mut couples = tables.filter(|table| table["name"] == "couples");
                let columns = &mut couples.next().expect("one")["columns"];
                let columns = columns.as_array_mut().expect("a list").iter_mut();
                let mut trust = columns.filter(|column| column["name"] == "trust_end_a");
                trust.next().expect("one")["unit"] = "days".into();
            },
        ),
        ("`files[codebook.csv].rows` is 1,", |it| {
            it["files"][0]["rows"] = 1.into()
        }),
        ("`files[codebook.csv].blake3` is \"0\"", |it| {
            it["files"][0]["blake3"] = "0".into()
        }),
        ("`note` is not in that of a new run", |it| {
            it["note"] = "mine".into()
        }),
        ("`command` is", |it| {
            let command = it["command"].as_array_mut().expect("a list");
            command.retain(|word| word != "run.days=20");
        }),
    ];
    for (line, change) in changes {
        sandbox.write("r/manifest.json", &manifest);
        tamper(&sandbox, "r", change);
        let outcome = sandbox.pairbond(&["verify", "r"]).code(1);
        assert!(
            outcome.stderr.contains(line),
            "no {line} in {}",
            outcome.stderr
        );
        let other = outcome
            .stderr
            .lines()
            .filter(|line| !line.starts_with("manifest.json: "));
        let other: Vec<&str> = other.collect();
        let of_version = |line: &&str| line.contains("made by version");
        assert!(other.iter().all(of_version), "{other:?}");
    }
    // The same values in other bytes.
    sandbox.write("r/manifest.json", format!("{manifest}\n"));
    let outcome = sandbox.pairbond(&["verify", "r"]).code(1);
    assert!(
        outcome.stderr.contains("order, spacing"),
        "{}",
        outcome.stderr
    );
    sandbox.write("r/manifest.json", &manifest);
    sandbox.pairbond(&["verify", "r"]).code(0);
}

#[test]
fn files_that_stand_on_one_side_only_are_named() {
    let sandbox = Sandbox::new();
    sandbox.run("r", &[]).code(0);
    sandbox.write("r/analysis.R", "mine");
    fs::create_dir(sandbox.path("r/old")).expect("writable");
    fs::remove_file(sandbox.path("r/survival.csv")).expect("there");
    tamper(&sandbox, "r", |manifest| {
        let files = manifest["files"].as_array_mut().expect("a list");
        files.retain(|file| file["name"] != "survival.csv");
    });
    let outcome = sandbox.pairbond(&["verify", "r"]).code(1);
    assert_eq!(
        outcome.stderr,
        "note: analysis.R is in the folder and not of these results\n\
         note: old is in the folder and not of these results\n\
         survival.csv: missing\n\
         manifest.json: `files[survival.csv]` is missing\n"
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
    for named in ["phase_flow.csv: ", "survival.csv: ", "survival.csv, row "] {
        assert!(
            outcome.stderr.contains(named),
            "no {named} in {}",
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
            let outcome = sandbox.pairbond(&[verb, results]).code(2);
            let reason = match results {
                "absent" => "there is no such folder",
                _ => "manifest.json",
            };
            assert!(outcome.stderr.contains(reason), "{}", outcome.stderr);
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
    assert_eq!(outcome.stdout, "14 charts in out-charts\n");
    let drawn = names(&sandbox.path("out-charts"));
    assert_eq!(drawn.len(), 15);
    for name in drawn.iter().filter(|name| *name != "manifest.json") {
        let picture = |folder: &str| fs::read(sandbox.path(folder).join(name)).expect("a picture");
        assert!(picture("out") == picture("out-charts"), "{name} differs");
    }
    sandbox.pairbond(&["plot", "out"]).code(2);
    sandbox
        .pairbond(&["plot", "out", "--force", "--quiet"])
        .code(0);
}

#[test]
fn a_report_made_again_is_the_report_of_the_run_and_is_verified() {
    let sandbox = Sandbox::new();
    sandbox.run("out", &[]).code(0);
    let outcome = sandbox.pairbond(&["report", "out"]).code(0);
    assert_eq!(outcome.stdout, "report in out-report.html\n");
    let page = sandbox.read("out/report.html");
    assert!(sandbox.read("out-report.html") == page);
    let refused = sandbox.pairbond(&["report", "out"]).code(2);
    assert!(
        refused.stderr.contains("already exists"),
        "{}",
        refused.stderr
    );
    sandbox
        .pairbond(&["report", "out", "--force", "--quiet"])
        .code(0);
    sandbox.pairbond(&["verify", "out"]).code(0);
    sandbox.write("out/report.html", page.replace("150", "1500"));
    let outcome = sandbox.pairbond(&["verify", "out"]).code(1);
    assert!(outcome.stderr.contains("report.html"), "{outcome:?}");
    sandbox.run("without", &["--no-report"]).code(0);
    assert!(!names(&sandbox.path("without")).contains(&"report.html".to_owned()));
    sandbox.pairbond(&["verify", "without"]).code(0);
}

#[test]
fn a_bundle_is_verified_and_a_changed_file_of_it_is_named() {
    let sandbox = Sandbox::new();
    sandbox.run("out", &["--bundle"]).code(0);
    sandbox
        .run("again", &["--bundle", "--threads", "3"])
        .code(0);
    let bundled = sandbox.files("out");
    assert!(bundled.contains_key("data/description-couples_data.csv"));
    same_files(&bundled, &sandbox.files("again"));
    let outcome = sandbox.pairbond(&["verify", "out"]).code(0);
    assert!(!outcome.stdout.contains("not among"), "{outcome:?}");
    for name in [
        "ro-crate-metadata.json",
        "dataset_description.json",
        "preregistration.md",
        "data/description-couples_data.csv",
    ] {
        let file = format!("out/{name}");
        let text = sandbox.read(&file);
        sandbox.write(&file, format!("{text} "));
        let outcome = sandbox.pairbond(&["verify", "out"]).code(1);
        assert!(outcome.stderr.contains(name), "{name}: {outcome:?}");
        fs::remove_file(sandbox.path(&file)).expect("there");
        let outcome = sandbox.pairbond(&["verify", "out"]).code(1);
        assert!(outcome.stderr.contains(name), "{name}: {outcome:?}");
        sandbox.write(&file, text);
    }
    // What readers put there is theirs, and is kept.
    sandbox.write("out/data/mine.csv", "a\n");
    let outcome = sandbox.pairbond(&["verify", "out"]).code(0);
    assert!(
        format!("{outcome:?}").contains("data/mine.csv"),
        "{outcome:?}"
    );
    sandbox.run("out", &["--bundle"]).code(2);
    sandbox.run("out", &["--bundle", "--force"]).code(0);
    assert_eq!(sandbox.read("out/data/mine.csv"), "a\n");
    sandbox.run("out", &["--force"]).code(0);
    assert_eq!(names(&sandbox.path("out/data")), ["mine.csv"]);
    sandbox.pairbond(&["verify", "out"]).code(0);
    let refused = sandbox.run("out", &["--bundle", "--force"]).code(2);
    assert!(refused.stderr.contains("`data`"), "{refused:?}");
}

#[test]
fn finished_results_are_copied_with_a_bundle() {
    let sandbox = Sandbox::new();
    sandbox.run("out", &[]).code(0);
    let outcome = sandbox.pairbond(&["report", "out", "--bundle"]).code(0);
    assert_eq!(outcome.stdout, "results with a bundle in out-bundle\n");
    assert!(!sandbox.path("out/data").exists() && !sandbox.path("out-report.html").exists());
    sandbox.pairbond(&["verify", "out-bundle"]).code(0);
    sandbox.pairbond(&["report", "out", "--bundle"]).code(2);
    sandbox
        .pairbond(&["report", "out", "--bundle", "--force"])
        .code(0);
    sandbox
        .pairbond(&["plot", "out-bundle", "-o", "charts"])
        .code(0);
}

#[test]
fn a_plan_is_written_before_anything_is_run() {
    let sandbox = Sandbox::new();
    let printed = sandbox
        .pairbond(&["preregister", "small.toml", "--seed", "5"])
        .code(0);
    assert!(
        printed.stdout.starts_with("# Preregistration: "),
        "{printed:?}"
    );
    let words = [
        "preregister",
        "small.toml",
        "--seed",
        "5",
        "-o",
        "plans/plan.md",
    ];
    sandbox.pairbond(&words).code(0);
    assert!(sandbox.read("plans/plan.md") == printed.stdout);
    let refused = sandbox.pairbond(&words).code(2);
    assert!(refused.stderr.contains("already exists"), "{refused:?}");
    let refused = sandbox.pairbond(&["preregister", "small.toml", "-o", "small.toml", "--force"]);
    refused.code(2);
    sandbox
        .pairbond(&[
            "run",
            "small.toml",
            "--seed",
            "5",
            "--bundle",
            "--no-charts",
            "-o",
            "out",
        ])
        .code(0);
    assert!(sandbox.read("out/preregistration.md") == printed.stdout);
    assert!(!sandbox.path("results").exists());
    let shard = sandbox
        .pairbond(&["sweep", "small.toml", "--shard", "1/2", "--bundle"])
        .code(2);
    assert!(shard.stderr.contains("cannot be used with"), "{shard:?}");
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

#[test]
fn a_run_saved_by_the_library_has_the_bytes_of_the_program() -> Result<(), Error> {
    let sandbox = Sandbox::new();
    let set = [
        "--set",
        "run.couples=60",
        "--set",
        "traits.consistency=0.25",
    ];
    let run = [&["run", "small.toml", "-o", "program"][..], &set].concat();
    sandbox.pairbond(&run).code(0);
    let run = Scenario::from_file(sandbox.path("small.toml"))?
        .set("run.couples", 60)?
        .set("traits.consistency", 0.25)?
        .run()?;
    let trust: &[f64] = run.couples().floats("trust_end_a")?;
    assert_eq!(trust.len(), 60);
    run.save(sandbox.path("library"))?;
    same_files(&sandbox.files("program"), &sandbox.files("library"));
    assert!(names(&sandbox.path("library")).contains(&"survival.svg".to_owned()));
    Ok(())
}

#[test]
fn a_sweep_and_claims_saved_by_the_library_have_the_bytes_of_the_program() -> Result<(), Error> {
    let sandbox = Sandbox::new();
    let small = sandbox.read("small.toml");
    let sweep = "[sweep]\ndesign = \"grid\"\n[[sweep.axis]]\nkey = \"traits.consistency\"\n\
                 values = [0.1, 0.9]\n";
    sandbox.write("sweep.toml", format!("{small}{sweep}"));
    sandbox
        .pairbond(&["sweep", "sweep.toml", "-o", "program"])
        .code(0);
    let sweep = Scenario::from_file(sandbox.path("sweep.toml"))?
        .sweep()?
        .run()?;
    assert!(sweep.summaries().floats("mean")?.len() > 2);
    sweep.save(sandbox.path("library"))?;
    same_files(&sandbox.files("program"), &sandbox.files("library"));

    sandbox.write("claims.toml", CLAIMS);
    sandbox
        .pairbond(&["claims", "claims.toml", "-o", "program_claims"])
        .code(0);
    let claims = Scenario::from_file(sandbox.path("claims.toml"))?
        .claims()?
        .run()?;
    assert!(claims.report().as_expected());
    claims.save(sandbox.path("library_claims"))?;
    let program = sandbox.files("program_claims/claims");
    same_files(&program, &sandbox.files("library_claims"));
    Ok(())
}

#[test]
fn a_table_that_changed_is_not_drawn() {
    let sandbox = Sandbox::new();
    sandbox.run("r", &[]).code(0);
    let manifest = sandbox.read("r/manifest.json");
    let survival = sandbox.read("r/survival.csv");
    let (head, last) = survival.trim_end().rsplit_once('\n').expect("rows");
    let (start, _) = last.rsplit_once(',').expect("cells");
    sandbox.write("r/survival.csv", format!("{head}\n{start},0.5\n"));
    let refused = "error: r/survival.csv is not the file that was written: `pairbond verify r` says what \
                   changed\n";
    assert_eq!(sandbox.pairbond(&["plot", "r"]).code(2).stderr, refused);
    sandbox.write("r/survival.csv", &survival);
    sandbox.pairbond(&["plot", "r", "-q"]).code(0);
    // Nor is one that the manifest does not list.
    tamper(&sandbox, "r", |manifest| {
        let files = manifest["files"].as_array_mut().expect("a list");
        files.retain(|file| file["name"] != "survival.csv");
    });
    let unlisted = sandbox.pairbond(&["plot", "r", "--force"]).code(2);
    assert_eq!(unlisted.stderr, refused);
    // What is not drawn may have changed.
    sandbox.write("r/manifest.json", manifest);
    sandbox.write("r/codebook.csv", "mine");
    sandbox.pairbond(&["plot", "r", "-q", "--force"]).code(0);
}

/// A table of which the `parquet` crate's reader panics.
const PANICS: &[u8] = include_bytes!("damaged/phase_flow.parquet");

#[test]
fn a_table_that_cannot_be_decoded_is_an_error() {
    let sandbox = Sandbox::new();
    sandbox.run("r", &["--format", "parquet"]).code(0);
    sandbox.write("r/phase_flow.parquet", PANICS);
    let outcome = sandbox.pairbond(&["verify", "r"]).code(1);
    for line in [
        "phase_flow.parquet: changed since it was written\n",
        "could not read r/phase_flow.parquet: ",
    ] {
        assert!(outcome.stderr.contains(line), "{}", outcome.stderr);
    }
    assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
    let outcome = sandbox.pairbond(&["plot", "r"]).code(2);
    assert_eq!(
        outcome.stderr,
        "error: r/phase_flow.parquet is not the file that was written: `pairbond verify r` says what \
         changed\n"
    );
    // The manifest may have been changed with it.
    tamper(&sandbox, "r", |manifest| {
        let files = manifest["files"].as_array_mut().expect("a list");
        let mut files = files.iter_mut();
        let flow = files.find(|file| file["name"] == "phase_flow.parquet");
        flow.expect("listed")["blake3"] = blake3::hash(PANICS).to_hex().as_str().into();
    });
    let outcome = sandbox.pairbond(&["plot", "r"]).code(2);
    assert!(
        outcome
            .stderr
            .starts_with("error: could not read r/phase_flow.parquet: "),
        "{}",
        outcome.stderr
    );
    assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
    assert_eq!(sandbox.entries(), ["r"]);
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_not_read_as_files() {
    use std::os::unix::fs::symlink;
    let sandbox = Sandbox::new();
    let pipe = |name: &str| {
        let made = std::process::Command::new("mkfifo")
            .arg(sandbox.path(name))
            .status();
        assert!(made.expect("`mkfifo` can be run").success());
    };
    // A table of points.
    pipe("pipe.csv");
    symlink("/dev/zero", sandbox.path("zero.csv")).expect("writable");
    for table in ["pipe.csv", "zero.csv", "/dev/zero"] {
        let sweep = format!("title = \"t\"\n[sweep]\ndesign = \"table\"\ntable = \"{table}\"\n");
        sandbox.write("s.toml", sweep);
        let outcome = sandbox.pairbond(&["check", "s.toml"]).code(2);
        assert!(
            outcome.stderr.contains("not a plain file"),
            "{}",
            outcome.stderr
        );
    }
    // A scenario or a file of overrides: a pipe is waited for, and a device is cut.
    let outcome = sandbox.pairbond(&["check", "/dev/zero"]).code(2);
    assert!(outcome.stderr.contains("larger than"), "{}", outcome.stderr);
    pipe("pipe.toml");
    pipe("pipe.txt");
    let late = "(sleep 0.3; cat small.toml > pipe.toml) & \
                (sleep 0.6; echo run.couples=31 > pipe.txt) & \
                $PAIRBOND check pipe.toml --set @pipe.txt";
    for command in [
        late,
        "(sleep 0.3; cat small.toml > pipe.toml) & $PAIRBOND check /dev/stdin < pipe.toml",
        "(sleep 0.3; cat small.toml) | $PAIRBOND check /dev/stdin",
    ] {
        let shell = sandbox.shell(std::process::Command::new("sh").args(["-c", command]));
        let piped = shell.code(0);
        let (file, couples) = match command == late {
            true => ("pipe.toml", "31 couples"),
            false => ("/dev/stdin", "couples"),
        };
        assert!(
            piped.stdout.contains(file) && piped.stdout.contains(couples),
            "{}",
            piped.stdout
        );
    }
    // Files of results.
    sandbox.run("r", &[]).code(0);
    fs::remove_file(sandbox.path("r/couples.csv")).expect("there");
    pipe("r/couples.csv");
    let outcome = sandbox.pairbond(&["verify", "r"]).code(1);
    assert!(
        outcome
            .stderr
            .contains("couples.csv: changed since it was written"),
        "{}",
        outcome.stderr
    );
    let outcome = sandbox.pairbond(&["plot", "r"]).code(2);
    assert!(
        outcome.stderr.contains("r/couples.csv is not the file"),
        "{}",
        outcome.stderr
    );
    fs::remove_file(sandbox.path("r/manifest.json")).expect("there");
    pipe("r/manifest.json");
    let outcome = sandbox.pairbond(&["verify", "r"]).code(2);
    assert!(
        outcome.stderr.contains("not a plain file"),
        "{}",
        outcome.stderr
    );
}
