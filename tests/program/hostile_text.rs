//! Texts that a terminal or a chart cannot show, and very long ones.

use crate::test_support::Sandbox;
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
