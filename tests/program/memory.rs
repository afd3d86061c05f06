//! Memory: a run's forecast next to what the program takes, and what is kept of sampled couples.

use crate::test_support::Sandbox;
use std::fs;
use std::process::Stdio;
use std::time::Duration;

/// Ten years of every day of two blocks of couples that stay together.
const DAYS: &str = r#"
title = "Every day of ten years"
[run]
couples = 128
days = 3650
[mechanisms]
dissolution = false
[record]
every = 365
days = "all"
sample_couples = 0
"#;

/// The number in a line of a forecast.
fn forecast(text: &str, name: &str) -> f64 {
    let line = text.lines().find(|line| line.starts_with(name));
    let mut words = line.expect("a line").split_whitespace();
    words
        .find_map(|word| word.parse().ok())
        .expect("a number in the line")
}

/// The most memory that the program had while it ran [MB], read from the system every few milliseconds.
fn peak(sandbox: &Sandbox, words: &[&str]) -> f64 {
    let mut command = sandbox.command(words);
    let mut child = command.stdout(Stdio::null()).spawn().expect("it starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0;
    while child.try_wait().expect("a child").is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        peak = kilobytes.map_or(peak, |it| it * 1024.0 / 1e6);
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(child.wait().expect("it ended").success());
    peak
}

#[test]
fn the_forecast_of_memory_is_within_a_third_of_what_a_run_takes() {
    let sandbox = Sandbox::new();
    sandbox.write("days.toml", DAYS);
    for threads in ["1", "2"] {
        let words = ["run", "days.toml", "--threads", threads];
        let dry = sandbox
            .pairbond(&[&words[..], &["--dry-run"]].concat())
            .code(0);
        assert_eq!(forecast(&dry.stdout, "couple-days"), 128.0 * 3650.0);
        let expected = forecast(&dry.stdout, "memory");
        assert_eq!(sandbox.entries(), ["days.toml"]);
        let found = peak(
            &sandbox,
            &[&words[..], &["--no-charts", "-q", "-o", "out"]].concat(),
        );
        let ratio = found / expected;
        assert!(
            (0.7..1.3).contains(&ratio),
            "{threads} threads: {found} MB, {expected} MB"
        );
        fs::remove_dir_all(sandbox.path("out")).expect("ours");
    }
}

#[test]
fn charts_of_many_sampled_couples_are_those_of_their_table() {
    let sandbox = Sandbox::new();
    // The headings say what was set.
    let many = ["--set", "record.sample_couples=70", "-q", "--no-title"];
    let run = [&["run", "small.toml", "-o", "out"][..], &many].concat();
    sandbox.pairbond(&run).code(0);
    let couples = sandbox.table("out/sample_couples.csv");
    let mut shown = couples.column("couple_id").to_vec();
    shown.dedup();
    assert_eq!(shown.len(), 70);
    // Drawn again from all rows.
    sandbox
        .pairbond(&["plot", "out", "-q", "--no-title"])
        .code(0);
    let picture = |folder: &str| sandbox.read(&format!("{folder}/sample_couples.svg"));
    assert!(picture("out") == picture("out-charts"));
    // More sampled couples than a chart shows leave it as it is.
    let few = ["--set", "record.sample_couples=12", "-q", "--no-title"];
    let run = [&["run", "small.toml", "-o", "few"][..], &few].concat();
    sandbox.pairbond(&run).code(0);
    assert!(picture("out") == picture("few"));
}
