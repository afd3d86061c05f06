//! What a new user tries: a new scenario, the shipped ones, explanations, completions, and mistakes on the
//! command line.

use crate::test_support::{Outcome, Sandbox};
use std::fs;

#[test]
fn a_new_scenario_is_short_is_accepted_and_runs() {
    let sandbox = Sandbox::new();
    let printed = sandbox.pairbond(&["new", "my/first.toml"]).code(0).stdout;
    assert!(printed.contains("pairbond run my/first.toml"), "{printed}");
    let text = sandbox.read("my/first.toml");
    assert!(
        text.starts_with("#:schema pairbond.schema.json\n"),
        "{text}"
    );
    assert!((20..=36).contains(&text.lines().count()), "{text}");
    let outcome = sandbox.pairbond(&["check", "my/first.toml"]).code(0);
    assert_eq!(outcome.stderr, "");
    // All that is switched off is valid too.
    let on = |line: &str| match line.strip_prefix('#') {
        Some(rest) if rest.starts_with(|c: char| c.is_lowercase() || c == '[') => rest.to_owned(),
        _ => line.to_owned(),
    };
    let switched: Vec<String> = text.lines().map(on).collect();
    sandbox.write("all.toml", switched.join("\n"));
    assert_eq!(sandbox.pairbond(&["check", "all.toml"]).code(0).stderr, "");
    let small = [
        "--set",
        "run.couples=120",
        "--set",
        "run.days=20",
        "--no-charts",
        "-q",
    ];
    sandbox
        .pairbond(&[&["run", "my/first.toml"][..], &small].concat())
        .code(0);
    sandbox.pairbond(&["verify", "results/first"]).code(0);
    assert_eq!(sandbox.pairbond(&["new"]).code(0).stdout, text);
}

#[test]
fn a_new_scenario_may_have_every_key_or_be_a_shipped_one() {
    let sandbox = Sandbox::new();
    sandbox.pairbond(&["new", "full.toml", "--full"]).code(0);
    let full = sandbox.read("full.toml");
    assert!(full.lines().count() > 300 && full.starts_with("#:schema "));
    assert_eq!(sandbox.pairbond(&["check", "full.toml"]).code(0).stderr, "");
    sandbox
        .pairbond(&["new", "mine.toml", "--from", "betrayal_and_repair"])
        .code(0);
    let shipped = sandbox
        .pairbond(&["examples", "betrayal_and_repair"])
        .code(0)
        .stdout;
    assert_eq!(
        sandbox.read("mine.toml"),
        format!("#:schema pairbond.schema.json\n{shipped}")
    );
    sandbox.pairbond(&["check", "mine.toml"]).code(0);
    let text = "title = \"t\"\n[run]\ncouples = 40\ndays = 159\n[[event]]\nkind = \"trait\"\nlabel = \"away\"\n\
                trait = \"openness\"\nadd = 0.1\nfrom = 100\nfor = 60\n";
    sandbox.write("lasting.toml", text);
    let outcome = sandbox.pairbond(&["check", "lasting.toml"]).code(0);
    let note = "  note: event 1 (away) lasts until day 159, and the run has 159 days: ";
    assert!(
        outcome
            .stdout
            .lines()
            .nth(1)
            .is_some_and(|line| line.starts_with(note)),
        "{}",
        outcome.stdout
    );
    let wrong = sandbox
        .pairbond(&["new", "x.toml", "--from", "betrayal_and_repiar"])
        .code(2);
    assert!(
        wrong.stderr.contains("'betrayal_and_repair'"),
        "{}",
        wrong.stderr
    );
    assert!(!sandbox.path("x.toml").exists());
}

#[test]
fn a_scenario_that_exists_is_written_over_by_force_only() {
    let sandbox = Sandbox::new();
    let before = sandbox.read("small.toml");
    let outcome = sandbox.pairbond(&["new", "small.toml"]).code(2);
    let expected = "error: small.toml already exists (--force replaces it)\n";
    assert_eq!(outcome.stderr, expected);
    assert_eq!(sandbox.read("small.toml"), before);
    sandbox.pairbond(&["new", "small.toml", "--force"]).code(0);
    assert!(sandbox.read("small.toml").contains("My scenario"));
    assert_eq!(sandbox.entries(), [""; 0]);
}

#[test]
fn examples_are_listed_with_titles_and_the_schema_is_written() {
    let sandbox = Sandbox::new();
    let list = sandbox.pairbond(&["examples"]).code(0).stdout;
    let line = list.lines().find(|line| line.starts_with("secure_balance"));
    assert!(
        line.is_some_and(|line| line.split_whitespace().count() > 1),
        "{list}"
    );
    let printed = sandbox.pairbond(&["schema"]).code(0).stdout;
    sandbox.pairbond(&["schema", "-o", "deep/s.json"]).code(0);
    assert_eq!(sandbox.read("deep/s.json"), printed);
}

#[test]
fn names_are_explained_without_a_checkout() {
    let sandbox = Sandbox::new();
    for (name, parts) in [
        (
            "traits.consistency",
            &["from 0 to 1", "default  ", "source   Rempel"][..],
        ),
        ("E012", &["the number lies outside its range"]),
        ("trajectories", &["a chart", "still together"]),
        ("couples.time", &["a column of results"]),
        ("buffering", &["a mechanism", "while it is off"]),
        ("mean trust", &["a measure of sweeps"]),
        ("C09", &["person-level intraclass correlation", "Campbell"]),
        ("attendance", &["a term"]),
    ] {
        let words: Vec<&str> = std::iter::once("explain").chain(name.split(' ')).collect();
        let text = sandbox.pairbond(&words).code(0).stdout;
        for part in parts {
            assert!(text.contains(part), "{name}: {part}: {text}");
        }
    }
    let wrong = sandbox.pairbond(&["explain", "consistancy"]).code(2);
    assert!(
        wrong.stderr.contains("did you mean `consistency`"),
        "{}",
        wrong.stderr
    );
    let all = sandbox.pairbond(&["explain"]).code(0).stdout;
    for part in [
        "keys",
        "charts",
        "trajectories",
        "buffering",
        "wellbeing",
        "codebook",
    ] {
        assert!(all.contains(part), "{part}: {all}");
    }
}

#[test]
fn mistakes_on_the_command_line_are_answered_with_what_to_write() {
    let sandbox = Sandbox::new();
    for (line, part) in [
        ("run small.toml --days 30", "write '--set run.days=30'"),
        (
            "run small.toml --couples=20",
            "write '--set run.couples=20'",
        ),
        (
            "sweep small.toml --observable trust",
            "--set record.observables=trust",
        ),
        (
            "run small.toml --set run.days 30",
            "write '--set run.days=30'",
        ),
        ("run small.toml --seed -1", "whole number"),
        (
            "run small.toml --seed abc",
            "it takes a whole number from 0",
        ),
        ("validate --list", "--list-measures"),
        ("rnu small.toml", "similar subcommand exists: 'run'"),
        ("sweeps small.toml", "similar subcommand exists: 'sweep'"),
        ("list", "similar subcommand exists: 'examples'"),
        ("run smal.toml", "tip: did you mean small.toml?"),
        ("run small", "tip: did you mean small.toml?"),
        (
            "run secure_balance.toml",
            "pairbond new secure_balance.toml --from secure_balance",
        ),
        (
            "run small.toml/x",
            "could not read small.toml/x: not a folder",
        ),
        ("new small.toml", "small.toml already exists"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let outcome = sandbox.pairbond(&words).code(2);
        let stderr = &outcome.stderr;
        assert!(stderr.contains(part), "{line}: {stderr}");
        assert!(stderr.starts_with("error: "), "{line}: {stderr}");
        for jargon in ["-- --", "os error", "invalid digit"] {
            assert!(!stderr.contains(jargon), "{line}: {stderr}");
        }
    }
    fs::create_dir(sandbox.path("folder")).expect("writable");
    let Outcome { stderr, .. } = sandbox.pairbond(&["run", "folder"]).code(2);
    assert_eq!(stderr, "error: could not read folder: it is a folder\n");
}

#[test]
fn shells_and_man_know_every_command() {
    let sandbox = Sandbox::new();
    let help = sandbox.pairbond(&["--help"]).code(0).stdout;
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sandbox.pairbond(&["completions", shell]).code(0).stdout;
        for command in ["run", "explain", "completions"] {
            assert!(
                script.contains(command) && help.contains(command),
                "{shell}"
            );
        }
    }
    let page = sandbox.pairbond(&["man"]).code(0).stdout;
    assert!(
        page.contains(".TH") && page.contains("pairbond\\-run"),
        "{page}"
    );
    let page = sandbox.pairbond(&["man", "sweep"]).code(0).stdout;
    assert!(
        page.contains("pairbond\\-sweep") && page.contains("\\-\\-shard"),
        "{page}"
    );
}

#[test]
fn colour_is_by_choice() {
    let sandbox = Sandbox::new();
    sandbox.write("faulty.toml", "title = 3\n");
    let stderr = |words: &[&str]| sandbox.pairbond(words).code(2).stderr;
    assert!(stderr(&["check", "faulty.toml", "--color", "always"]).contains('\u{1b}'));
    assert!(stderr(&["--color=always", "check", "faulty.toml"]).contains('\u{1b}'));
    assert!(!stderr(&["check", "faulty.toml", "--color", "never"]).contains('\u{1b}'));
    assert!(stderr(&["rnu", "--color", "always"]).contains('\u{1b}'));
}
