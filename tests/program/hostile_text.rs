//! Texts that a terminal or a chart cannot show, and very long ones.

use crate::test_support::{Outcome, Sandbox};
use std::fmt::Write;
use std::time::{Duration, Instant};

/// A scenario whose event has a label, written as TOML.
fn with_label(label: &str) -> String {
    format!(
        "title = \"x\"\n[run]\ncouples = 40\ndays = 30\n[[event]]\nkind = \"stress\"\nday = 3\n\
         size = 0.1\nlabel = \"{label}\"\n"
    )
}

#[test]
fn a_text_that_a_chart_cannot_draw_is_refused_before_anything_is_run() {
    let sandbox = Sandbox::new();
    for label in ["\\u0001", "\\uFFFE", "\\u0085", "\\u202E"] {
        sandbox.write("s.toml", with_label(label));
        for words in [&["check", "s.toml"][..], &["run", "s.toml", "-o", "out"]] {
            let outcome = sandbox.pairbond(words).code(2);
            let place = "s.toml:9:9";
            for part in ["error[E046]", place, "holds U+", "take the character out"] {
                assert!(outcome.stderr.contains(part), "{part}: {}", outcome.stderr);
            }
        }
        assert_eq!(sandbox.entries(), ["s.toml"]);
    }
}

#[test]
fn a_long_label_is_refused_and_the_longest_one_is_drawn_at_once() {
    let sandbox = Sandbox::new();
    let begin = Instant::now();
    sandbox.write("s.toml", with_label(&"m".repeat(30_000)));
    let outcome = sandbox.pairbond(&["run", "s.toml", "-o", "out"]).code(2);
    assert!(outcome.stderr.contains("error[E047]"), "{}", outcome.stderr);
    assert!(outcome.stderr.len() < 10_000, "{}", outcome.stderr.len());
    assert_eq!(sandbox.entries(), ["s.toml"]);
    sandbox.write("s.toml", with_label(&"m".repeat(500)));
    sandbox.pairbond(&["run", "s.toml", "-o", "out"]).code(0);
    assert!(
        begin.elapsed() < Duration::from_secs(60),
        "{:?}",
        begin.elapsed()
    );
}

/// Characters that control a terminal, or the order of its text.
const CONTROLS: [char; 7] = [
    '\u{1b}', '\u{7}', '\r', '\u{7f}', '\u{85}', '\u{9b}', '\u{202e}',
];

/// Asserts that nothing printed controls a terminal, and that no message is long.
fn assert_harmless(outcome: &Outcome) {
    for text in [&outcome.stdout, &outcome.stderr] {
        let found = text.chars().find(|c| {
            (c.is_control() && !"\n\t".contains(*c)) || ('\u{202a}'..='\u{202e}').contains(c)
        });
        assert_eq!(found, None, "{text:?}");
        assert!(text.len() < 20_000, "{} bytes", text.len());
    }
}

#[test]
fn quoted_lines_and_hints_control_no_terminal() {
    let sandbox = Sandbox::new();
    let texts = [
        ("a\u{1b}]0;pwned\u{7}", "s.toml:1:2"),
        ("title = \"x\"\nkey\u{1b}: 3\n", "s.toml:2:4"),
        ("title = \"x\"\n\"ru\\u001bn\" = 3\n", "s.toml:2:1"),
        ("title = \"a\u{85}b\"\n", "s.toml:1:9"),
        (
            "title = \"x\"\n[sweep]\ndesign = \"grid\"\n[[sweep.axis]]\nkey = \"traits.consistency\"\n\
             name = \"a\u{85}b\"\nvalues = [0.1, 0.2]\n",
            "s.toml:6:8",
        ),
        (
            "title = \"x\"\n[run]\n\"\u{202e}\u{9b}31m\" = 1\n",
            "s.toml:3:1",
        ),
        (
            "title = \"x\"\n[[event]]\nkind = \"stress\u{9b}\"\nday = 3\n",
            "s.toml:3:8",
        ),
    ];
    for (text, place) in texts {
        sandbox.write("s.toml", text);
        let outcome = sandbox.pairbond(&["check", "s.toml"]).code(2);
        assert!(
            outcome.stderr.contains(place),
            "{place}: {}",
            outcome.stderr
        );
        assert_harmless(&outcome);
    }
}

#[test]
fn a_hint_does_not_make_a_key_of_a_remark() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", "title=\"x\"\n# a note: rings\u{7}\n");
    let outcome = sandbox.pairbond(&["check", "s.toml"]).code(2);
    assert_harmless(&outcome);
    for hint in ["= rings", "VALUE"] {
        assert!(!outcome.stderr.contains(hint), "{}", outcome.stderr);
    }
}

#[test]
fn arguments_and_names_of_files_control_no_terminal() {
    let sandbox = Sandbox::new();
    for control in CONTROLS {
        let name = format!("no{control}[31mfile");
        let set = format!("run.{control}[31mx=1");
        let value = format!("title=\"{control}\"");
        let option = format!("--{control}[31m");
        let commands: [(&[&str], i32); 9] = [
            (&["check", &name], 2),
            (&["check", "small.toml", "--set", &set], 2),
            (&["check", "small.toml", "--set", &value], 2),
            (&["check", "small.toml", "--set", &name], 2),
            (&["check", "small.toml", &option], 2),
            (&["check", "small.toml", "--seed", &name], 2),
            (&[&name], 2),
            (&["verify", &name], 2),
            (&["run", "small.toml", "--no-charts", "-o", &name], 0),
        ];
        for (words, code) in commands {
            let outcome = sandbox.pairbond(words);
            assert_harmless(&outcome);
            assert_eq!(outcome.code, Some(code), "{words:?}: {outcome:?}");
        }
    }
}

#[test]
fn names_in_a_manifest_and_cells_of_a_table_control_no_terminal() {
    let sandbox = Sandbox::new();
    sandbox.run("out", &[]).code(0);
    let manifest = sandbox.read("out/manifest.json");
    let hostile = manifest.replacen("\"couples.csv\"", "\"\\u001b[31mred\\u0007\"", 1);
    assert_ne!(manifest, hostile);
    sandbox.write("out/manifest.json", hostile);
    let outcome = sandbox.pairbond(&["verify", "out"]).code(1);
    assert_harmless(&outcome);
    assert!(outcome.stderr.contains("red"), "{}", outcome.stderr);
    let sweep = "title = \"x\"\n[sweep]\ndesign = \"points\"\ntable = \"points.csv\"\n";
    sandbox.write("s.toml", sweep);
    for table in [
        "traits.consistency\n0.2\n\u{1b}[31m\u{85}\n",
        "\u{1b}[31m\n1\n",
    ] {
        sandbox.write("points.csv", table);
        assert_harmless(&sandbox.pairbond(&["check", "s.toml"]).code(2));
    }
}

#[test]
fn very_many_and_very_long_unknown_words_are_answered_soon() {
    let sandbox = Sandbox::new();
    let title = "title = \"x\"\n";
    let many = |line: &dyn Fn(usize) -> String| -> String {
        (0..40_000).fold(title.to_owned(), |mut text, number| {
            let _ = writeln!(text, "{}", line(number));
            text
        })
    };
    let long = "k".repeat(4_000_000);
    let texts = [
        many(&|number| format!("unknown_{number} = 1")),
        many(&|number| format!("[[event]]\nkin_{number} = 1")),
        many(&|number| format!("[[sweep.axis]]\nkey = \"traits.consistenc_{number}\"")),
        many(&|number| format!("same_{} = 1", number % 20_000)),
        many(&|number| format!("[same_{}]", number % 20_000)),
        many(&|number| format!("[condition.c{number}.run]\ncouple = 1")),
        format!(
            "{title}[record]\nobservables = [{}]\n",
            "\"trus\", ".repeat(40_000)
        ),
        format!("{title}{long} = 1\n"),
        format!("{title}{long}\n"),
        format!("{title}[run]\ncouples = \"{long}\"\n"),
        format!("{title}[[event]]\nkind = \"{long}\"\n"),
        format!("{title}a = {}1{}\n", "[".repeat(50_000), "]".repeat(50_000)),
        format!("{title}# {long}\u{7}\n"),
    ];
    let mut slow = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        sandbox.write("s.toml", text);
        let begin = Instant::now();
        let outcome = sandbox.pairbond(&["check", "s.toml"]).code(2);
        println!(
            "text {number}: {:?}, {} bytes",
            begin.elapsed(),
            outcome.stderr.len()
        );
        // A release build takes less than a second.
        slow.extend((begin.elapsed() > Duration::from_secs(20)).then_some(number));
        assert!(
            outcome.stderr.len() < 100_000,
            "text {number}: {}",
            outcome.stderr.len()
        );
    }
    assert_eq!(slow, [0_usize; 0]);
}
