//! Conditions of a scenario in one folder, and `pairbond compare`, which makes conditions of finished runs.

use crate::test_support::Sandbox;

const CONDITIONS: &str = "\
title = \"Two conditions\"
[run]
seed = 5
couples = 150
days = 40
[condition.plain]
[condition.taught]
[[condition.taught.event]]
kind = \"trait\"
trait = \"responsiveness\"
from = 10
add = 0.2
";
const TAUGHT: &str = "\
title = \"Taught\"
[run]
seed = 5
couples = 150
days = 40
[record]
sample_couples = 2
[[event]]
kind = \"trait\"
trait = \"responsiveness\"
from = 10
add = 0.2
";

#[test]
fn conditions_are_run_into_one_folder() {
    let sandbox = Sandbox::new();
    sandbox.write("conditions.toml", CONDITIONS);
    let outcome = sandbox
        .pairbond(&["run", "conditions.toml", "-o", "out"])
        .code(0);
    let text = &outcome.stdout;
    assert!(
        text.starts_with("Two conditions\n2 conditions of the same 150 couples, 40 days, seed 5\n"),
        "{text}"
    );
    let couples = sandbox.table("out/couples.csv");
    let conditions = couples.column("condition");
    let count = |name: &str| conditions.iter().filter(|own| *own == name).count();
    assert_eq!((count("plain"), count("taught")), (150, 150));
    let differences = sandbox.table("out/differences.csv");
    let columns = ["day", "difference", "ci_low", "n"].map(|name| differences.numbers(name));
    let texts = ["observable", "role", "over"].map(|name| differences.column(name));
    let rows = (0..columns[0].len()).filter(|row| {
        texts[0][*row] == "trust" && texts[1][*row] == "a" && texts[2][*row] == "together"
    });
    let mut later = 0;
    for row in rows {
        let same = columns[0][row] < 10.0;
        assert_eq!(columns[1][row] == 0.0, same, "day {}", columns[0][row]);
        later += usize::from(columns[2][row] > 0.0);
    }
    assert!(later > 3, "training raises trust");
    let last = columns[0].len() - 1;
    let printed = text.lines().find(|line| line.contains("Share intact"));
    let shown = format!("{:+.3}", columns[1][last]);
    assert!(printed.is_some_and(|line| line.contains(&shown)), "{text}");
    for chart in [
        "trajectories.svg",
        "differences.svg",
        "survival.svg",
        "trajectories_taught.svg",
    ] {
        assert!(sandbox.path(&format!("out/{chart}")).is_file(), "{chart}");
    }
    sandbox.pairbond(&["verify", "out"]).code(0);
    sandbox.pairbond(&["plot", "out", "-o", "again"]).code(0);
    for chart in [
        "trajectories.svg",
        "differences.svg",
        "phase_plane_plain.svg",
    ] {
        let [one, other] = ["out", "again"].map(|folder| {
            std::fs::read(sandbox.path(&format!("{folder}/{chart}"))).expect("a chart")
        });
        assert!(one == other, "{chart}");
    }
}

#[test]
fn finished_runs_are_compared_as_conditions() {
    let sandbox = Sandbox::new();
    sandbox.write("taught.toml", TAUGHT);
    sandbox
        .pairbond(&["run", "small.toml", "-o", "plain", "--no-charts"])
        .code(0);
    sandbox
        .pairbond(&["run", "taught.toml", "-o", "other", "--no-charts"])
        .code(0);
    let outcome = sandbox
        .pairbond(&["compare", "plain", "taught=other", "-o", "both"])
        .code(0);
    assert!(
        outcome
            .stdout
            .contains("Differences from `plain` on day 40"),
        "{}",
        outcome.stdout
    );
    // The couples of each condition are those of its folder.
    let both = sandbox.table("both/couples.csv");
    let (condition, trust) = (both.column("condition"), both.column("trust_end_a"));
    for (name, folder) in [("plain", "plain"), ("taught", "other")] {
        let alone = sandbox.table(&format!("{folder}/couples.csv"));
        let rows = (0..condition.len()).filter(|row| condition[*row] == name);
        let own: Vec<_> = rows.map(|row| trust[row].clone()).collect();
        assert_eq!(own, alone.column("trust_end_a"), "{name}");
    }
    sandbox.pairbond(&["verify", "both"]).code(0);
    // Scenario files can be compared without running them first.
    sandbox
        .pairbond(&[
            "compare",
            "small.toml",
            "taught.toml",
            "-o",
            "files",
            "--no-charts",
        ])
        .code(0);
    let files = sandbox.table("files/differences.csv");
    assert_eq!(
        files.column("difference"),
        sandbox.table("both/differences.csv").column("difference")
    );
}

#[test]
fn differences_of_a_day_that_is_requested_are_said_in_terminal_and_report() {
    let sandbox = Sandbox::new();
    let longer = |text: &str| text.replace("days = 40", "days = 130");
    sandbox.write(
        "plain.toml",
        longer(CONDITIONS.split("[condition").next().expect("a text")),
    );
    sandbox.write(
        "taught.toml",
        longer(&TAUGHT.replace("sample_couples = 2", "sample_couples = 4")),
    );
    let words = ["compare", "plain.toml", "taught.toml", "--no-charts"];
    let with = |out: &str, more: &[&str]| {
        let words = [&words[..], &["-o", out], more].concat();
        sandbox.pairbond(&words)
    };
    // By default differences have rows on every third day.
    with("usual", &[]).code(0);
    let days = sandbox.table("usual/differences.csv").numbers("day");
    assert!(!days.contains(&61.0) && days.contains(&60.0));
    let outcome = with("asked", &["--day", "61", "--day", "20"]).code(0);
    for day in [20, 61, 130] {
        let head = format!("Differences from `plain` on day {day}, of the same couples");
        assert!(outcome.stdout.contains(&head), "{}", outcome.stdout);
    }
    let table = sandbox.table("asked/differences.csv");
    let days = table.numbers("day");
    let words = ["role", "observable", "over"].map(|name| table.column(name));
    let is_own = |row: &usize| {
        days[*row] == 61.0
            && words.map(|column| column[*row].as_str()) == ["a", "trust", "together"]
    };
    let row = (0..days.len()).find(is_own).expect("a row of the day");
    let (n, difference) = (
        table.column("n")[row].clone(),
        table.numbers("difference")[row],
    );
    let line = format!("{difference:+.3} [");
    let of_day = outcome.stdout.split("on day 61,").nth(1).expect("the day");
    let trust = of_day
        .lines()
        .find(|line| line.contains("Trust A"))
        .expect("a line");
    assert!(
        trust.contains(&line) && trust.ends_with(&format!("= {n}")),
        "{trust} {line} {n}"
    );
    let report = sandbox.read("asked/report.html");
    for text in [
        "the same couples on day 61.",
        "Paired differences between conditions on day 20",
    ] {
        assert!(report.contains(text), "{text}");
    }
    // Rows of the other days are the same with and without it.
    let other_days = |folder: &str| {
        let table = sandbox.table(&format!("{folder}/differences.csv"));
        let days = table.numbers("day");
        let kept = (0..days.len()).filter(|row| ![20.0, 61.0].contains(&days[*row]));
        let differences = table.column("difference");
        kept.map(|row| (days[row], differences[row].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(other_days("usual"), other_days("asked"));
    sandbox.pairbond(&["verify", "asked"]).code(0);
    let refused = with("never", &["--day", "131"]).code(2);
    assert!(
        refused
            .stderr
            .contains("`--day 131`: the runs have 130 days: write 130 or less"),
        "{}",
        refused.stderr
    );
    assert!(!sandbox.path("never").exists());
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("taught.toml", TAUGHT);
    let refused = |words: &[&str], expected: &str| {
        let outcome = sandbox.pairbond(words).code(2);
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
        assert!(!sandbox.path("results").exists() && !sandbox.path("out").exists());
    };
    sandbox.write("seed.toml", TAUGHT.replace("seed = 5", "seed = 6"));
    refused(
        &["compare", "small.toml", "seed.toml", "-o", "out"],
        "`run.seed` is 5 in `small` and 6 in `seed`",
    );
    refused(
        &["compare", "small.toml", "small.toml", "-o", "out"],
        "two of them are named `small`",
    );
    refused(
        &["compare", "small.toml", "nowhere.toml", "-o", "out"],
        "nowhere.toml",
    );
    refused(&["compare", "small.toml"], "2 values required");
    let sweep = "title = 'S'\n[run]\ncouples = 20\ndays = 5\n[sweep]\ndesign = 'grid'\n\
                 measures = ['mean trust']\n[[sweep.axis]]\nkey = 'traits.anxiety'\nvalues = [0.1, 0.9]\n";
    sandbox.write("sweep.toml", sweep);
    sandbox
        .pairbond(&[
            "sweep",
            "sweep.toml",
            "-o",
            "swept",
            "--no-charts",
            "--quiet",
        ])
        .code(0);
    refused(
        &["compare", "small.toml", "swept", "-o", "out"],
        "holds results of `sweep`",
    );
}
