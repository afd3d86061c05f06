//! What `run`, `sweep` and `validate` print of their results.

use crate::test_support::Sandbox;

#[test]
fn a_run_prints_its_main_results_from_its_tables() {
    let sandbox = Sandbox::new();
    let outcome = sandbox
        .pairbond(&["run", "small.toml", "-o", "out"])
        .code(0);
    let text = &outcome.stdout;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "A few couples", "{text}");
    assert_eq!(lines[1], "150 couples, 40 days, seed 5", "{text}");
    let survival = sandbox.table("out/survival.csv");
    let last = |name: &str| *survival.numbers(name).last().expect("a row");
    let share = format!(
        "Still together  {:.1} % [{:.1}, {:.1}] of 150 couples; ",
        100.0 * last("survival"),
        100.0 * last("ci_low"),
        100.0 * last("ci_high")
    );
    assert!(lines[2].starts_with(&share), "{text}");
    let days = lines[3].split_whitespace().collect::<Vec<_>>();
    assert_eq!(days, ["day", "0", "day", "20", "day", "40"]);
    let trajectory = sandbox.table("out/trajectory.csv");
    let columns = ["day", "mean", "ci_low", "ci_high", "n"].map(|name| trajectory.numbers(name));
    let (role, observable) = (trajectory.column("role"), trajectory.column("observable"));
    for day in [0.0, 20.0, 40.0] {
        for (key, name) in [
            ("trust", "Trust"),
            ("intimacy", "Intimacy"),
            ("satisfaction", "Satisfaction"),
        ] {
            for partner in ["a", "b"] {
                let row = (0..role.len()).find(|row| {
                    columns[0][*row] == day && role[*row] == partner && observable[*row] == key
                });
                let row = row.expect("a row");
                let cell = format!(
                    "{:.3} [{:.3}, {:.3}]",
                    columns[1][row], columns[2][row], columns[3][row]
                );
                let start = format!("{name} {}", partner.to_uppercase());
                let line = lines.iter().find(|line| line.starts_with(&start));
                assert!(line.expect("a line").contains(&cell), "{cell}: {text}");
                assert!(
                    lines[4].contains(&format!("n = {}", columns[4][row])),
                    "{text}"
                );
            }
        }
    }
    assert!(text.contains("Regimes on day 40 (n = "), "{text}");
    assert!(text.contains("Open out/report.html first; "), "{text}");
    assert!(lines.len() <= 16, "{text}");
    let plain = sandbox
        .pairbond(&["run", "small.toml", "-o", "plain", "--no-report"])
        .code(0);
    let first = "Open plain/trajectories.png first; ";
    assert!(plain.stdout.contains(first), "{}", plain.stdout);
}

#[test]
fn a_run_of_a_sweep_or_of_claims_says_what_it_does_not_do() {
    let sandbox = Sandbox::new();
    let both = "title = \"x\"\n[run]\ncouples = 150\ndays = 3\n[condition.calm]\n[[claim]]\n\
                name = \"a\"\nstatement = \"a\"\nobservable = \"trust\"\ncontrast = { calm = 1 }\n\
                rule = \"greater\"\nsesoi = 0.1\nexpect = \"supported\"\n[sweep]\ndesign = \"grid\"\n\
                [[sweep.axis]]\nkey = \"mechanisms.repair\"\nvalues = [true, false]\n";
    sandbox.write("both.toml", both);
    let outcome = sandbox
        .pairbond(&["run", "both.toml", "--no-charts", "-o", "out"])
        .code(0);
    for part in [
        "note: `run` simulates the base scenario only",
        "use `pairbond sweep both.toml`",
        "use `pairbond claims both.toml`",
    ] {
        assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
    }
    let quiet = sandbox
        .pairbond(&["run", "both.toml", "--no-charts", "-q", "-o", "quiet"])
        .code(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    let plain = sandbox.run("plain", &[]).code(0);
    assert!(!plain.stderr.contains("note:"), "{}", plain.stderr);
}

const GRID: &str = "title = \"Two axes\"\n[run]\ncouples = 150\ndays = 30\nreplicates = 4\n[sweep]\n\
    design = \"grid\"\nmeasures = [\"mean trust b\"]\n[[sweep.axis]]\n\
    key = \"traits.a.responsiveness\"\nrange = [0.1, 0.9]\nsteps = 2\n[[sweep.axis]]\n\
    key = \"traits.b.openness\"\nrange = [0.45, 0.5]\nsteps = 2\n";

#[test]
fn a_sweep_names_the_axis_that_matters_most_and_the_largest_contrast() {
    let sandbox = Sandbox::new();
    sandbox.write("grid.toml", GRID);
    let outcome = sandbox
        .pairbond(&["sweep", "grid.toml", "-o", "out"])
        .code(0);
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(lines[..2], ["Two axes", "4 points, 16 runs"]);
    let effects = sandbox.table("out/effects.csv");
    let row = (0..effects.column("axis").len())
        .find(|row| {
            effects.column("axis")[*row] == "a_responsiveness"
                && effects.column("level")[*row] == "0.9"
        })
        .expect("a row");
    let estimate = |name: &str| format!("{:+.3}", effects.numbers(name)[row]);
    let expected = format!(
        "  Mean trust, partner B: A's responsiveness matters most, with a difference of {} [{}, {}] between 0.9 and 0.1 (n = 8 runs)",
        estimate("difference"),
        estimate("difference_low"),
        estimate("difference_high")
    );
    assert_eq!(lines[2], expected);
    let reference = "point 1 (A's responsiveness 0.1, B's openness 0.45)";
    let contrast = format!("  Mean trust, partner B: largest contrast with {reference} at point ");
    assert!(lines[3].starts_with(&contrast), "{}", lines[3]);
    assert!(outcome.stdout.contains("Open out/"), "{}", outcome.stdout);
    // The summary of shards that were merged is that of the whole sweep.
    for number in ["1/2", "2/2"] {
        let shard = [
            "sweep",
            "grid.toml",
            "--shard",
            number,
            "-q",
            "-o",
            &number[..1],
        ];
        sandbox.pairbond(&shard).code(0);
    }
    let merged = sandbox
        .pairbond(&["merge", "1", "2", "-o", "merged"])
        .code(0);
    assert_eq!(
        merged.stdout,
        outcome
            .stdout
            .replace("out/", "merged/")
            .replace("in out;", "in merged;")
    );
}

#[test]
fn a_validation_has_a_header_and_says_what_each_target_is() {
    let sandbox = Sandbox::new();
    let outcome = sandbox
        .pairbond(&["validate", "C09", "C14", "--couples", "400"])
        .code(0);
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    for column in ["target", "published", "simulated", "verdict", "statistic"] {
        assert!(lines[1].contains(column), "{}", outcome.stdout);
    }
    assert!(lines[2].ends_with("person-level intraclass correlation of daily satisfaction"));
    assert!(lines[3].ends_with("share of person-days with conflict"));
}

#[test]
fn the_log_of_a_sweep_that_stops_when_precise_counts_points() {
    let sandbox = Sandbox::new();
    let text = GRID.replace(
        "[sweep]\n",
        "[sweep]\nuntil = { of = \"mean trust b\", half_width = 0.1, max = 60 }\n",
    );
    sandbox.write("until.toml", text);
    let output = sandbox
        .command(&["sweep", "until.toml", "--no-charts", "-o", "out"])
        .output()
        .expect("the program starts");
    let log = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(log.starts_with("progress: up to "), "{log}");
    assert!(log.lines().next().expect("a line").contains("couple-days"));
}
