//! What the program prints, and where: on a terminal, quietly, to a closed pipe.

use crate::desk::Desk;
use std::process::Stdio;

#[test]
fn a_quiet_run_prints_nothing() {
    let desk = Desk::new();
    let said = desk.run("out", &["--quiet"]).code(0);
    assert_eq!((said.out.as_str(), said.err.as_str()), ("", ""));
    let said = desk.run("out", &["--quiet"]).code(1);
    assert!(
        said.err.contains("already exists"),
        "errors are printed all the same"
    );
}

#[test]
fn without_a_terminal_there_is_no_progress_and_no_colour() {
    let desk = Desk::new();
    assert_eq!(desk.run("out", &[]).code(0).err, "");
    desk.write("faulty.toml", "title = 3\n");
    let said = desk.pairbond(&["check", "faulty.toml"]).code(2);
    assert!(!said.err.contains('\u{1b}'), "{}", said.err);
}

/// What a terminal shows of a command, run by the tool `script`; `None`, with a printed reason, if
/// the system does not have it.
#[cfg(target_os = "linux")]
fn on_a_terminal(desk: &Desk, words: &[&str]) -> Option<String> {
    let line = format!("{} {}", crate::desk::PROGRAM, words.join(" "));
    let output = std::process::Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .current_dir(desk.path(""))
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
    let desk = Desk::new();
    let words = [
        "run",
        "small.toml",
        "--no-charts",
        "--set",
        "run.couples=3000",
        "-o",
    ];
    let shown = |more: &[&str]| on_a_terminal(&desk, &[&words[..], more].concat());
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
    let desk = Desk::new();
    desk.write("faulty.toml", "title = 3\n");
    let line = "check faulty.toml || test $? = 2";
    if let Some(shown) = on_a_terminal(&desk, &[line]) {
        assert!(shown.contains('\u{1b}'), "{shown}");
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let desk = Desk::new();
    for words in [
        &["check", "small.toml"][..],
        &["--help"],
        &["run", "--help"],
    ] {
        let mut child = desk
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
    desk.write("faulty.toml", "title = 3\n");
    let mut child = desk
        .command(&["check", "faulty.toml"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stderr.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(2));
}
