//! What the program prints, and where: on a terminal, quietly, to a closed pipe.

use crate::test_support::Sandbox;
use std::process::Stdio;

#[test]
fn a_quiet_run_prints_nothing() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.run("out", &["--quiet"]).code(0);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
    let outcome = sandbox.run("out", &["--quiet"]).code(1);
    assert!(
        outcome.stderr.contains("already exists"),
        "errors are printed all the same"
    );
}

#[test]
fn without_a_terminal_there_is_no_progress_and_no_colour() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run("out", &[]).code(0).stderr, "");
    sandbox.write("faulty.toml", "title = 3\n");
    let outcome = sandbox.pairbond(&["check", "faulty.toml"]).code(2);
    assert!(!outcome.stderr.contains('\u{1b}'), "{}", outcome.stderr);
}

/// What a terminal shows of a command, run by the tool `script`; `None`, with a printed reason, if
/// the system does not have it.
#[cfg(target_os = "linux")]
fn on_a_terminal(sandbox: &Sandbox, words: &[&str]) -> Option<String> {
    let line = format!("{} {}", crate::test_support::PROGRAM, words.join(" "));
    let output = std::process::Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .current_dir(sandbox.path(""))
        .output();
    let output = match output {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("skipped: the tool `script` of util-linux is not installed");
            return None;
        }
        output => output.expect("script starts"),
    };
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_shows_progress_unless_asked_not_to() {
    let sandbox = Sandbox::new();
    let words = [
        "run",
        "small.toml",
        "--no-charts",
        "--set",
        "run.couples=3000",
        "-o",
    ];
    let shown = |more: &[&str]| on_a_terminal(&sandbox, &[&words[..], more].concat());
    if let Some(shown) = shown(&["loud"]) {
        assert!(shown.contains("couple-days"), "{shown}");
    }
    if let Some(shown) = shown(&["still", "--quiet"]) {
        assert_eq!(shown, "");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_shows_faults_in_colour() {
    let sandbox = Sandbox::new();
    sandbox.write("faulty.toml", "title = 3\n");
    let line = "check faulty.toml || test $? = 2";
    if let Some(shown) = on_a_terminal(&sandbox, &[line]) {
        assert!(shown.contains('\u{1b}'), "{shown}");
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let sandbox = Sandbox::new();
    for words in [
        &["check", "small.toml"][..],
        &["--help"],
        &["run", "--help"],
    ] {
        let mut child = sandbox
            .command(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{words:?}: {output:?}");
        assert_eq!(output.stderr, b"", "{words:?}");
    }
    sandbox.write("faulty.toml", "title = 3\n");
    let mut child = sandbox
        .command(&["check", "faulty.toml"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stderr.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(2));
}
