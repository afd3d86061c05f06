//! Too little room, or none that may be written to.

use crate::test_support::{Outcome, Sandbox};
use std::process::Command;

/// Runs a shell's line in a mount namespace of its own, so that what it mounts is gone when it ends;
/// `None` where this user may not mount.
fn mounting(sandbox: &Sandbox, line: &str) -> Option<Outcome> {
    let allowed = |how: &&str| {
        let trial = "mount -t tmpfs none room && mount -o remount,ro room";
        let tried = Command::new("unshare")
            .args([how, "sh", "-c", trial])
            .current_dir(sandbox.path(""))
            .output();
        tried.is_ok_and(|output| output.status.success())
    };
    std::fs::create_dir_all(sandbox.path("room")).expect("writable");
    let how = ["-m", "-rm"].into_iter().find(|how| allowed(how))?;
    Some(sandbox.shell(Command::new("unshare").args([how, "sh", "-c", line])))
}

#[test]
fn a_full_disk_is_reported_and_nothing_half_written_stays() {
    let sandbox = Sandbox::new();
    for (format, table) in [("csv", "couples.csv"), ("parquet", "couples.parquet")] {
        let line = format!(
            "mount -t tmpfs -o size=1m none room
             \"$PAIRBOND\" run small.toml --set run.couples=20000 --set run.days=3 \
                --format {format} --quiet -o room/out
             code=$?; ls -A room; exit $code"
        );
        // Elsewhere the next test stands for this one.
        let Some(outcome) = mounting(&sandbox, &line) else {
            return;
        };
        let expected =
            format!("error: could not write room/out/{table}: no space left on device\n");
        assert_eq!(
            outcome,
            Outcome {
                code: Some(1),
                stdout: String::new(),
                stderr: expected
            }
        );
    }
}

#[test]
fn a_limit_on_the_size_of_files_is_reported_and_nothing_half_written_stays() {
    let sandbox = Sandbox::new();
    let line = "trap '' XFSZ; ulimit -f 1000
        exec \"$PAIRBOND\" run small.toml --set run.couples=20000 --set run.days=3 -q -o out";
    let outcome = sandbox.shell(Command::new("sh").args(["-c", line])).code(1);
    assert_eq!(
        outcome.stderr,
        "error: could not write out/couples.csv: file too large\n"
    );
    assert_eq!(sandbox.entries(), [""; 0]);
}

#[test]
fn a_folder_that_may_not_be_written_to_is_reported() {
    let sandbox = Sandbox::new();
    let line = "mount -t tmpfs none room; mount -o remount,ro room
        exec \"$PAIRBOND\" run small.toml -o room/out";
    if let Some(outcome) = mounting(&sandbox, line) {
        let expected = "error: could not create room/out: the file system is read-only\n";
        assert_eq!(
            outcome,
            Outcome {
                code: Some(1),
                stdout: String::new(),
                stderr: expected.to_owned()
            }
        );
    }
    let line = "mkdir shut; chmod 555 shut; \"$PAIRBOND\" run small.toml -q -o shut/out
        code=$?; chmod 755 shut; exit $code";
    let outcome = sandbox.shell(Command::new("sh").args(["-c", line]));
    // Only the mightiest user may write there all the same.
    let expected = "error: could not create shut/out: permission denied\n";
    assert!(
        outcome.code == Some(0) || outcome.stderr == expected,
        "{outcome:?}"
    );
}
