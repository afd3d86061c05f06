//! What the program prints, and where: on a terminal, quietly, to a closed pipe.

use crate::test_support::Sandbox;
use std::process::Stdio;

#[test]
fn a_quiet_run_prints_nothing() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.run("out", &["--quiet"]).code(0);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
    let outcome = sandbox.run("out", &["--quiet"]).code(2);
    assert!(
        outcome.stderr.contains("already exists"),
        "errors are printed all the same"
    );
}

#[test]
fn without_a_terminal_there_are_lines_for_a_log_and_no_colour() {
    let sandbox = Sandbox::new();
    let command = sandbox
        .command(&["run", "small.toml", "-o", "out"])
        .output();
    let output = command.expect("the program starts");
    let log = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        log.starts_with("progress: up to ") && log.ends_with("; a line a minute follows\n"),
        "{log}"
    );
    assert_eq!(log.lines().count(), 1);
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
fn a_terminal_shows_progress_unless_set_not_to() {
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
fn a_terminal_shows_errors_in_colour() {
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
        &["--version"],
        &["new"],
        &["schema"],
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

/// A claim that a few couples decide, and a sweep of two points.
#[cfg(target_os = "linux")]
const CLAIM_AND_SWEEP: &str = "title = \"x\"\n[run]\ncouples = 20\ndays = 3\n[condition.calm]\n\
    [[claim]]\nname = \"a\"\nstatement = \"a\"\nobservable = \"trust\"\ncontrast = { calm = 1 }\n\
    rule = \"greater\"\nsesoi = 0.1\nexpect = \"supported\"\n[sweep]\ndesign = \"grid\"\n\
    [[sweep.axis]]\nkey = \"mechanisms.repair\"\nvalues = [true, false]\n";

#[cfg(target_os = "linux")]
#[test]
fn output_to_a_full_disk_is_an_error_of_every_command() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", CLAIM_AND_SWEEP);
    sandbox.run("out", &[]).code(0);
    let shard = |number: &str| {
        sandbox.pairbond(&["sweep", "s.toml", "--shard", number, "-o", &number[..1]])
    };
    shard("1/2").code(0);
    shard("2/2").code(0);
    let lines = [
        "new",
        "new other.toml",
        "schema",
        "check small.toml",
        "run small.toml --no-charts -o run",
        "sweep s.toml --dry-run",
        "sweep s.toml --no-charts -o sweep",
        "merge 1 2 --no-charts -o merged",
        "claims s.toml --max-runs 16 -o claims",
        "validate C14 --couples 200",
        "verify out",
        "plot out",
        "bench small.toml --seconds 1 --rounds 1 --threads 1",
        "--help",
        "run --help",
        "--version",
    ];
    let full = || {
        std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .expect("the device")
    };
    for line in lines {
        let words: Vec<&str> = line.split(' ').collect();
        let output = sandbox
            .command(&words)
            .stdout(full())
            .output()
            .expect("the program");
        let stderr = String::from_utf8(output.stderr).expect("UTF-8");
        let expected =
            "error: could not write to standard output: No space left on device (os error 28)\n";
        assert!(stderr.ends_with(expected), "{line}: {stderr}");
        assert_eq!(output.status.code(), Some(1), "{line}");
    }
    // What was asked for is in place all the same.
    for name in ["run", "sweep", "merged", "claims/s", "out-charts"] {
        assert!(sandbox.path(name).join("manifest.json").exists(), "{name}");
    }
    sandbox.pairbond(&["verify", "run"]).code(0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_closed_standard_output_is_an_error_and_one_that_is_not_read_is_none() {
    let sandbox = Sandbox::new();
    let with = |line: &str, redirection: &str| {
        let line = format!("exec \"$PAIRBOND\" {line} {redirection}");
        sandbox.shell(std::process::Command::new("sh").args(["-c", &line]))
    };
    for line in ["check small.toml", "new", "schema", "--help", "--version"] {
        for redirection in [">&-", "1</dev/null"] {
            let outcome = with(line, redirection).code(1);
            let expected = "error: could not write to standard output: it is closed\n";
            assert_eq!(outcome.stderr, expected, "{line} {redirection}");
        }
        with(line, ">/dev/null").code(0);
        with(line, "1<>/dev/null").code(0);
    }
    with("run small.toml --no-charts --quiet -o out", ">&- 2>&-").code(0);
}
