//! Results looked at again: `verify` and `plot`.

use crate::desk::{Desk, names};
use std::fs;

#[test]
fn sound_results_are_called_sound_for_any_number_of_threads_and_either_format() {
    let desk = Desk::new();
    desk.run(
        "text",
        &["--set", "parameters.trust_rate=0.2", "--seed", "9"],
    )
    .code(0);
    desk.run("parquet", &["--format", "parquet"]).code(0);
    for (results, threads) in [("text", "1"), ("text", "3"), ("parquet", "2")] {
        let said = desk
            .pairbond(&["verify", results, "--threads", threads])
            .code(0);
        assert!(
            said.out.contains("a new run gives the same bytes"),
            "{}",
            said.out
        );
        assert_eq!(said.err, "");
    }
    assert_eq!(
        desk.pairbond(&["verify", "text", "--quiet"]).code(0).out,
        ""
    );
}

#[test]
fn a_changed_number_is_named_by_its_row_and_column() {
    let desk = Desk::new();
    desk.run("out", &[]).code(0);
    let table = desk.read("out/couples.csv");
    let mut rows: Vec<String> = table.lines().map(str::to_owned).collect();
    let mut cells: Vec<&str> = rows[7].split(',').collect();
    assert_eq!(cells[1], "7");
    cells[2] = "0.25";
    rows[7] = cells.join(",");
    desk.write("out/couples.csv", rows.join("\n") + "\n");
    let said = desk.pairbond(&["verify", "out"]).code(1);
    for told in ["couples.csv", "couples, row 7", "contact"] {
        assert!(said.err.contains(told), "no {told} in {}", said.err);
    }
    assert_eq!(
        said.err.matches("couples").count(),
        said.err.lines().count(),
        "{}",
        said.err
    );
}

#[test]
fn a_missing_file_and_a_cut_one_are_named() {
    let desk = Desk::new();
    desk.run("out", &[]).code(0);
    fs::remove_file(desk.path("out/phase_flow.csv")).expect("a file");
    let table = desk.read("out/survival.csv");
    desk.write("out/survival.csv", &table[..table.len() / 2]);
    let said = desk.pairbond(&["verify", "out"]).code(1);
    for told in ["phase_flow.csv: ", "survival.csv: ", "survival.csv, row "] {
        assert!(said.err.contains(told), "no {told} in {}", said.err);
    }
    assert!(!said.err.contains("couples.csv"), "{}", said.err);
}

#[test]
fn a_folder_without_a_usable_manifest_is_no_result() {
    let desk = Desk::new();
    desk.run("out", &[]).code(0);
    let manifest = desk.read("out/manifest.json");
    desk.write("out/manifest.json", &manifest[..manifest.len() / 2]);
    fs::create_dir(desk.path("empty")).expect("writable");
    for results in ["out", "empty", "absent"] {
        for verb in ["verify", "plot"] {
            let said = desk.pairbond(&[verb, results]).code(1);
            assert!(said.err.contains("manifest.json"), "{}", said.err);
        }
    }
    assert_eq!(desk.left(), ["empty", "out"]);
}

#[test]
fn charts_drawn_again_are_the_charts_of_the_run() {
    let desk = Desk::new();
    desk.pairbond(&["run", "small.toml", "-o", "out"]).code(0);
    let said = desk.pairbond(&["plot", "out"]).code(0);
    assert_eq!(said.out, "10 charts in out-charts\n");
    let drawn = names(&desk.path("out-charts"));
    assert_eq!(drawn.len(), 11);
    for name in drawn.iter().filter(|name| *name != "manifest.json") {
        let picture = |folder: &str| fs::read(desk.path(folder).join(name)).expect("a picture");
        assert!(picture("out") == picture("out-charts"), "{name} differs");
    }
    desk.pairbond(&["plot", "out"]).code(1);
    desk.pairbond(&["plot", "out", "--force", "--quiet"])
        .code(0);
}

#[test]
fn charts_of_a_run_without_any_are_drawn_later() {
    let desk = Desk::new();
    desk.run(
        "out",
        &["--format", "parquet", "--set", "record.sample_couples=0"],
    )
    .code(0);
    assert!(
        names(&desk.path("out"))
            .iter()
            .all(|name| !name.ends_with(".svg"))
    );
    desk.pairbond(&["plot", "out", "-o", "charts"]).code(0);
    let drawn = names(&desk.path("charts"));
    assert!(drawn.contains(&"phase_plane.svg".to_owned()));
    assert!(!drawn.contains(&"sample_couples.svg".to_owned()));
}
