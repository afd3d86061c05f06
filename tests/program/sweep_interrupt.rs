//! Sweeps that are interrupted, or run out of room, say how far they came and go on from there.

use crate::test_support::{Outcome, Sandbox, same_files};
use pairbond::internals::JournalReader;
use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Longest wait for a sweep to begin writing.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Many jobs of some hundredths of a second.
const SWEEP: &str = r#"
title = "A sweep to be stopped"
[run]
seed = 4
couples = 150
days = 100
replicates = 2
[sweep]
design = "sobol"
points = 128
measures = ["mean trust", "share intact"]
[[sweep.axis]]
key = "traits.consistency"
name = "consistency"
range = [0.0, 1.0]
"#;

/// Sound jobs in a journal.
fn jobs(sandbox: &Sandbox, journal: &str) -> u64 {
    let mut reader = JournalReader::open(&sandbox.path(journal), 0).expect("a journal");
    let mut jobs = 0;
    while reader.next().expect("at most its end is torn").is_some() {
        jobs += 1;
    }
    jobs
}

#[test]
fn an_interrupted_sweep_ends_with_130_says_how_far_and_resumes_to_the_same_bytes() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP);
    let sweep = ["sweep", "s.toml", "--no-charts", "--threads", "1", "-o"];
    sandbox.pairbond(&[&sweep[..], &["whole"]].concat()).code(0);
    let whole = sandbox.files("whole");
    for name in ["INT", "TERM"] {
        let child = sandbox
            .command(&[&sweep[..], &["out"]].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let journal = sandbox.path("out.unfinished/jobs.journal");
        let begin = Instant::now();
        while !fs::metadata(&journal).is_ok_and(|found| found.len() > 0) {
            assert!(begin.elapsed() < TIMEOUT, "waited in vain for a job");
            sleep(Duration::from_millis(2));
        }
        let sent = Command::new("kill")
            .args(["-s", name, &child.id().to_string()])
            .status();
        assert!(sent.expect("kill is there").success());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(130), "{name}: {output:?}");
        let done = jobs(&sandbox, "out.unfinished/jobs.journal");
        let expected = format!(
            "interrupted after {done} of 128 jobs, kept in out.unfinished: \
             run the same command with --resume to continue\n"
        );
        assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
        assert_eq!(sandbox.entries(), ["out.unfinished", "s.toml", "whole"]);
        sandbox
            .pairbond(&[&sweep[..], &["out", "--resume"]].concat())
            .code(0);
        same_files(&whole, &sandbox.files("out"));
        fs::remove_dir_all(sandbox.path("out")).expect("ours");
        assert_eq!(sandbox.entries(), ["s.toml", "whole"]);
    }
}

/// Runs a sweep without charts while no file may grow beyond so many blocks of 512 bytes.
fn cramped(sandbox: &Sandbox, blocks: u32, more: &str) -> Outcome {
    let line = format!(
        "trap '' XFSZ; ulimit -f {blocks}
         exec \"$PAIRBOND\" sweep s.toml --no-charts -q -o out {more}"
    );
    sandbox.shell(Command::new("sh").args(["-c", &line]))
}

#[test]
fn a_sweep_without_room_for_its_journal_or_tables_keeps_its_jobs_and_resumes_with_room() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", SWEEP.replace("days = 100", "days = 2"));
    sandbox
        .pairbond(&["sweep", "s.toml", "--no-charts", "-o", "whole"])
        .code(0);
    let whole = sandbox.files("whole");
    let hint = "finished jobs are kept in out.unfinished: run the same command with --resume to continue\n";
    // 128 jobs take about 25 KB of journal.
    let outcome = cramped(&sandbox, 8, "").code(1);
    let expected = "error: could not write out.unfinished/jobs.journal: file too large\n";
    assert_eq!(outcome.stderr, format!("{expected}{hint}"));
    assert_eq!(sandbox.entries(), ["out.unfinished", "s.toml", "whole"]);
    let done = jobs(&sandbox, "out.unfinished/jobs.journal");
    assert!((10..128).contains(&done), "{done}");
    // Again without room nothing is lost.
    cramped(&sandbox, 8, "--resume").code(1);
    assert_eq!(jobs(&sandbox, "out.unfinished/jobs.journal"), done);
    sandbox
        .pairbond(&["sweep", "s.toml", "--no-charts", "-o", "out", "--resume"])
        .code(0);
    same_files(&whole, &sandbox.files("out"));
    fs::remove_dir_all(sandbox.path("out")).expect("ours");
    // Room for all jobs, but not for the table of couples' rows.
    let couples = SWEEP
        .replace("days = 100", "days = 2")
        .replace("[sweep]", "[sweep]\ncouples = true")
        .replace("points = 128", "points = 4");
    sandbox.write("s.toml", couples);
    fs::remove_dir_all(sandbox.path("whole")).expect("ours");
    sandbox
        .pairbond(&["sweep", "s.toml", "--no-charts", "-o", "whole"])
        .code(0);
    let whole = sandbox.files("whole");
    sandbox
        .pairbond(&["sweep", "s.toml", "--shard", "1/2", "-o", "half"])
        .code(0);
    let half = fs::metadata(sandbox.path("half/jobs.journal")).expect("a journal");
    fs::remove_dir_all(sandbox.path("half")).expect("ours");
    let (journal, table) = (2 * half.len(), whole["couples.csv"].len() as u64);
    assert!(5 * journal < 4 * table, "{journal} {table}");
    let outcome = cramped(&sandbox, ((journal + table) / 1024) as u32, "").code(1);
    let expected = "error: could not write out/couples.csv: file too large\n";
    assert_eq!(outcome.stderr, format!("{expected}{hint}"));
    assert_eq!(sandbox.entries(), ["out.unfinished", "s.toml", "whole"]);
    assert_eq!(jobs(&sandbox, "out.unfinished/jobs.journal"), 4);
    sandbox
        .pairbond(&["sweep", "s.toml", "--no-charts", "-o", "out", "--resume"])
        .code(0);
    same_files(&whole, &sandbox.files("out"));
}
