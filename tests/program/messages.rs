//! Messages for other programs (`--message-format json`), and what `--version --verbose` says.

use crate::test_support::{Sandbox, same_files};
use serde_json::Value;
use std::process::Output;

/// The objects on standard error, of which every line must be one.
fn messages(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stderr).expect("UTF-8");
    let object = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
    text.lines().map(object).collect()
}

fn output(sandbox: &Sandbox, words: &[&str]) -> Output {
    let mut command = sandbox.command(words);
    command.args(["--message-format", "json"]);
    command.output().expect("the program starts")
}

#[test]
fn diagnostics_have_code_place_and_help() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "wrong.toml",
        "title = \"Ü\"\n[run]\ndays = 9\n  'dayz' = 3\n",
    );
    let words = [
        "check",
        "wrong.toml",
        "small.toml",
        "--set",
        "run.couplez=3",
    ];
    let output = output(&sandbox, &words);
    assert_eq!(output.status.code(), Some(2));
    let found = messages(&output);
    let of_file = &found[0];
    let expected = [
        ("kind", "diagnostic"),
        ("level", "error"),
        ("code", "E007"),
        ("file", "wrong.toml"),
        ("help", "did you mean `days`?"),
        ("label", "unknown key"),
    ];
    for (key, value) in expected {
        assert_eq!(of_file[key], *value, "{key} of {of_file}");
    }
    let place = ["line", "column", "end_line", "end_column"].map(|key| of_file[key].as_u64());
    assert_eq!(place, [4, 3, 4, 9].map(Some), "{of_file}");
    let rendered = of_file["rendered"].as_str().expect("a text");
    assert!(rendered.starts_with("error[E007]: ") && rendered.contains("wrong.toml:4:3"));
    let of_option = |it: &&Value| it["file"] == "--set run.couplez=3" && it["column"] == 5;
    assert_eq!(
        found.iter().filter(of_option).count(),
        2,
        "one for each file: {found:?}"
    );
}

#[test]
fn places_of_other_texts_and_of_lines_of_a_file_are_reported() {
    let sandbox = Sandbox::new();
    sandbox.write("twice.toml", "title = 'a'\n[run]\ndays = 9\ndays = 8\n");
    sandbox.write("values.txt", "# a comment\n\nrun.days=x9\n");
    let twice = messages(&output(&sandbox, &["check", "twice.toml"]));
    let other = &twice[0]["others"][0];
    assert_eq!(
        (&other["line"], &other["column"]),
        (&3.into(), &1.into()),
        "{twice:?}"
    );
    let set = messages(&output(
        &sandbox,
        &["check", "small.toml", "--set", "@values.txt"],
    ));
    assert_eq!(
        (&set[0]["file"], &set[0]["line"]),
        (&"values.txt".into(), &3.into()),
        "{set:?}"
    );
}

#[test]
fn errors_and_notes_are_objects_and_results_stay_text() {
    let sandbox = Sandbox::new();
    let missing = output(&sandbox, &["run", "smal.toml"]);
    let found = messages(&missing);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (&found[0]["kind"], &found[0]["level"]),
        (&"message".into(), &"error".into())
    );
    assert_eq!(found[0]["help"], "did you mean small.toml?");
    let refused = output(&sandbox, &["run", "small.toml", "--dayz", "3"]);
    let found = messages(&refused);
    let text = found[0]["message"].as_str().expect("a text");
    assert_eq!(found[0]["level"], "error");
    assert!(text.starts_with("unexpected argument '--dayz'"), "{text}");
    let wrong = sandbox
        .pairbond(&["check", "small.toml", "--message-format", "xml"])
        .code(2);
    assert!(
        wrong.stderr.starts_with("error: invalid value 'xml'"),
        "{wrong:?}"
    );
    let checked = output(&sandbox, &["check", "small.toml"]);
    assert_eq!(
        checked.stdout,
        b"small.toml: 150 couples, 40 days, 1 replicate: no errors\n"
    );
}

#[test]
fn progress_is_reported_from_the_start_to_the_end() {
    let sandbox = Sandbox::new();
    let words = ["run", "small.toml", "--no-charts", "--no-report", "-o"];
    let found = messages(&output(&sandbox, &[&words[..], &["out"]].concat()));
    let progress: Vec<&Value> = found.iter().filter(|it| it["kind"] == "progress").collect();
    let (first, last) = (progress[0], progress[progress.len() - 1]);
    assert_eq!(
        (&first["couple_days"], &first["total"]),
        (&0.into(), &6_000.into())
    );
    assert_eq!(
        (&last["couple_days"], &last["stage"]),
        (&6_000.into(), &"finishing".into())
    );
    let quiet = output(&sandbox, &[&words[..], &["still", "--quiet"]].concat());
    assert_eq!(messages(&quiet), Vec::<Value>::new());
}

#[test]
fn messages_for_programs_change_no_result() {
    let sandbox = Sandbox::new();
    sandbox.run("text", &[]).code(0);
    let words = ["run", "small.toml", "--no-charts", "-o", "json"];
    assert!(output(&sandbox, &words).status.success());
    same_files(&sandbox.files("text"), &sandbox.files("json"));
}

#[test]
fn the_version_is_printed_in_full_on_request() {
    let sandbox = Sandbox::new();
    let version = env!("CARGO_PKG_VERSION");
    let short = sandbox.pairbond(&["--version"]).code(0);
    assert_eq!(short.stdout, format!("pairbond {version}\n"));
    let best = pairbond::simd::Backend::best().name();
    for words in [["--version", "--verbose"], ["--verbose", "-V"]] {
        let full = sandbox.pairbond(&words).code(0).stdout;
        let mut lines = full.lines();
        assert_eq!(lines.next(), Some(short.stdout.trim_end()));
        assert!(
            lines
                .next()
                .is_some_and(|line| line.starts_with("commit: ")),
            "{full}"
        );
        let engine = lines.next().unwrap_or_default();
        assert!(
            engine.starts_with(&format!("engine: {best} (available: scalar")),
            "{full}"
        );
        let features = lines.next().unwrap_or_default();
        assert_eq!(
            features.contains("parquet"),
            cfg!(feature = "parquet"),
            "{full}"
        );
        assert_eq!(
            features.contains("explore"),
            cfg!(feature = "explore"),
            "{full}"
        );
    }
    let alone = sandbox
        .pairbond(&["check", "small.toml", "--verbose"])
        .code(2);
    assert!(
        alone.stderr.contains("unexpected argument '--verbose'"),
        "{alone:?}"
    );
}
