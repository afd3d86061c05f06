//! Runs that are stopped or killed leave nothing that looks whole.

use crate::test_support::{Sandbox, names};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Longest wait for a run to begin writing or to end.
const TIMEOUT: Duration = Duration::from_secs(120);

/// A run of hours that has begun to write its tables.
fn long_run(sandbox: &Sandbox, more: &[&str]) -> Child {
    let mut words = vec!["run", "small.toml", "-o", "out", "--threads", "1"];
    words.extend(["--set", "run.couples=500000000", "--set", "record.every=40"]);
    words.extend(more);
    let child = sandbox
        .command(&words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let table = staging(sandbox, &child).join("couples.csv");
    let begun = || std::fs::metadata(&table).is_ok_and(|found| found.len() > 0);
    wait("the first rows", begun);
    child
}

fn staging(sandbox: &Sandbox, child: &Child) -> PathBuf {
    sandbox.path(&format!(".out.partial-{}", child.id()))
}

fn wait(what: &str, happened: impl Fn() -> bool) {
    let begin = Instant::now();
    while !happened() {
        assert!(begin.elapsed() < TIMEOUT, "waited in vain for {what}");
        sleep(Duration::from_millis(5));
    }
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args(["-s", name, &child.id().to_string()])
        .status();
    assert!(sent.expect("kill is there").success());
}

#[test]
fn a_run_that_is_interrupted_ends_with_130_and_leaves_nothing() {
    for name in ["INT", "TERM", "HUP"] {
        let sandbox = Sandbox::new();
        let child = long_run(&sandbox, &[]);
        signal(&child, name);
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(130), "{name}: {output:?}");
        assert_eq!(output.stdout, b"");
        assert_eq!(output.stderr, b"interrupted; no files were written\n");
        assert_eq!(sandbox.entries(), [""; 0]);
    }
}

#[test]
fn claims_that_are_interrupted_end_with_130_and_leave_nothing_of_theirs() {
    let sandbox = Sandbox::new();
    let claim = "title = \"x\"\n[condition.usual]\n[[claim]]\nname = \"a\"\nstatement = \"a\"\n\
        observable = \"trust\"\ncontrast = { usual = 1 }\nrule = \"greater\"\nsesoi = 0.1\n\
        expect = \"supported\"\n";
    sandbox.write("claims.toml", claim);
    let set = ["--set", "run.couples=500000000", "--threads", "1"];
    let words = [&["claims", "claims.toml", "-o", "out"][..], &set].concat();
    let child = sandbox
        .command(&words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let begun = sandbox.path(&format!("out/.claims.partial-{}", child.id()));
    wait("the folder", || begun.exists());
    signal(&child, "INT");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    assert_eq!(output.stderr, b"interrupted; no files were written\n");
    assert_eq!(names(&sandbox.path("out")), [""; 0]);
}

#[test]
fn a_validation_that_is_interrupted_ends_with_130_and_leaves_nothing() {
    // Some are stopped in a cohort, some in an ablation.
    for more in [
        &["--couples", "10000000"][..],
        &["--ablation", "--couples", "3000"],
    ] {
        let sandbox = Sandbox::new();
        let words = [&["validate", "-o", "out", "--threads", "1"][..], more].concat();
        let child = sandbox
            .command(&words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        wait("the folder", || staging(&sandbox, &child).exists());
        sleep(Duration::from_millis(1500));
        signal(&child, "INT");
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(130), "{output:?}");
        assert_eq!(output.stdout, b"");
        assert_eq!(output.stderr, b"interrupted; no files were written\n");
        assert_eq!(sandbox.entries(), [""; 0]);
    }
}

#[test]
fn an_interrupted_replacement_leaves_the_older_folder() {
    let sandbox = Sandbox::new();
    sandbox.run("out", &[]).code(0);
    let old = sandbox.files("out");
    let child = long_run(&sandbox, &["--force"]);
    signal(&child, "INT");
    assert_eq!(
        child.wait_with_output().expect("it ends").status.code(),
        Some(130)
    );
    assert_eq!(sandbox.entries(), ["out"]);
    assert!(sandbox.files("out") == old);
}

#[test]
fn a_killed_run_leaves_no_folder_and_the_next_one_sweeps_what_it_left() {
    let sandbox = Sandbox::new();
    let mut child = long_run(&sandbox, &[]);
    child.kill().expect("it lives");
    child.wait().expect("it ends");
    assert!(!sandbox.path("out").exists());
    let rest = staging(&sandbox, &child);
    assert!(!names(&rest).contains(&"manifest.json".to_owned()));
    let left = rest
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    for verb in ["verify", "plot"] {
        sandbox.pairbond(&[verb, &left]).code(1);
    }
    sandbox.run("out", &[]).code(0);
    assert_eq!(sandbox.entries(), ["out"]);
    sandbox.pairbond(&["verify", "out"]).code(0);
}

#[test]
fn a_run_beside_another_of_the_same_name_does_not_sweep_the_living() {
    let sandbox = Sandbox::new();
    let child = long_run(&sandbox, &[]);
    sandbox.run("out", &[]).code(0);
    assert!(staging(&sandbox, &child).join("couples.csv").exists());
    signal(&child, "INT");
    assert_eq!(
        child.wait_with_output().expect("it ends").status.code(),
        Some(130)
    );
    assert_eq!(sandbox.entries(), ["out"]);
}
