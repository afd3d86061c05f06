//! One exit code for one kind of error, whatever the command: 1 where work was begun and failed, 2 where the
//! request was refused as given.

use crate::test_support::{Outcome, Sandbox};
use std::fs;
use std::process::Command;

/// Two claims, of which the second is not what its scenario expects, and a sweep of two points.
const STUDY: &str = r#"
title = "A study"
[run]
couples = 20
days = 3
[condition.calm]
[[claim]]
name = "above"
statement = "above"
observable = "trust"
contrast = { calm = 1 }
rule = "greater"
sesoi = 0.1
expect = "supported"
[sweep]
design = "grid"
[[sweep.axis]]
key = "mechanisms.repair"
values = [true, false]
"#;

/// A sweep whose every point fails.
const FAILING: &str = r#"
title = "Every point fails"
[run]
couples = 20
days = 3
[traits]
openness = { dist = "uniform", low = 0.2, high = 0.5 }
[sweep]
design = "grid"
[[sweep.axis]]
key = "traits.openness.low"
values = [0.6, 0.7]
"#;

/// A sweep of more points than any machine has the memory for.
const WIDE: &str = r#"
title = "Many points"
[run]
couples = 20
days = 3
[sweep]
design = "halton"
points = 1000000000000
[[sweep.axis]]
key = "traits.consistency"
range = [0.0, 1.0]
"#;

/// The inputs of all lines of [`LINES`], made once.
fn inputs() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("study.toml", STUDY);
    sandbox.write("unexpected.toml", STUDY.replace("supported", "refuted"));
    sandbox.write("failing.toml", FAILING);
    sandbox.write("wide.toml", WIDE);
    sandbox.write("faulty.toml", "title = 3\n");
    sandbox.write("file", "of someone");
    sandbox.write("values", "# nothing\n");
    fs::create_dir(sandbox.path("c")).expect("writable");
    sandbox.write("c/study", "# nothing\n");
    sandbox.write("earlier.csv", "target,part,verdict\nC14,,something\n");
    fs::create_dir(sandbox.path("empty")).expect("writable");
    fs::create_dir(sandbox.path("folder")).expect("writable");
    sandbox.write("folder/file", "of someone");
    for line in [
        "run small.toml --no-charts -q -o run",
        "run small.toml --no-charts -q -o changed",
        "run small.toml --no-charts -q -o cut",
        "run small.toml --no-charts -q -o noted",
        "run small.toml --no-charts -q -o newer",
        "sweep study.toml --no-charts -q -o sweep",
        "sweep study.toml --shard 1/2 -q -o shard-1",
        "sweep study.toml --shard 2/2 -q -o shard-2",
        "sweep study.toml --shard 2/2 -q -o changed-2",
        "sweep study.toml --shard 2/2 --seed 9 -q -o other-2",
        "plot run -q",
        "sweep submit study.toml --engine manual --shards 2 -q -o plan",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        sandbox.pairbond(&words).code(0);
    }
    for line in [
        "sweep failing.toml -q -o failed",
        "sweep failing.toml --shard 1/2 -q -o failed-1",
        "sweep failing.toml --shard 2/2 -q -o failed-2",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        sandbox.pairbond(&words).code(1);
    }
    let change = |file: &str, from: &str, to: &str| {
        let text = sandbox.read(file);
        assert!(text.contains(from), "{file}");
        sandbox.write(file, text.replacen(from, to, 1));
    };
    let survival = sandbox.read("changed/survival.csv");
    sandbox.write("changed/survival.csv", &survival[..survival.len() / 2]);
    change("cut/manifest.json", "}\n", "");
    change("newer/manifest.json", "\"format\": 1", "\"format\": 99");
    sandbox.write("noted/notes.txt", "of someone");
    let journal = fs::read(sandbox.path("changed-2/jobs.journal")).expect("a journal");
    sandbox.write("changed-2/jobs.journal", &journal[1..]);
    fs::create_dir(sandbox.path("damaged.unfinished")).expect("writable");
    sandbox.write("damaged.unfinished/job.json", "{\"version\"");
    sandbox.write("damaged.unfinished/jobs.journal", "");
    sandbox
}

/// Command lines, their exit codes, and a part of what they print to standard error.
///
/// Those that begin with `small` run while no file may grow beyond 512 bytes, as on a full disk; those that
/// begin with `tight`, with 1.5 GB of memory.
const LINES: &[(&str, i32, &str)] = &[
    // Arguments.
    ("", 2, "Usage"),
    ("nothing", 2, "unrecognized"),
    ("new a b", 2, "unexpected"),
    ("check", 2, "required"),
    ("run small.toml --threads 0", 2, "--threads"),
    ("run small.toml --format xls", 2, "--format"),
    ("sweep study.toml --shard 3/2", 2, "no shard"),
    ("merge -o m", 2, "required"),
    ("merge shard-1 shard-2", 2, "-o DIR"),
    ("sweep submit study.toml --shards 2", 2, "--engine manual"),
    (
        "sweep submit study.toml --engine pbs --shards 2",
        2,
        "slurm, manual",
    ),
    (
        "sweep submit study.toml --engine manual --shards 3 -o m",
        2,
        "2 jobs",
    ),
    ("sweep resubmit plan", 2, "--missing"),
    ("sweep resubmit plan --missing", 2, "no scripts"),
    ("sweep task plan 3", 2, "from 1 to 2"),
    ("claims study.toml --ablate magic", 2, "--ablate"),
    ("preregister missing.toml", 2, "missing.toml"),
    ("claims study.toml study.toml -o c", 2, "two scenarios"),
    ("bench study.toml --rounds 0", 2, "--rounds"),
    ("validate C99", 2, "no target"),
    ("calibrate c.toml --search --resume", 2, "--resume"),
    ("plot", 2, "required"),
    ("verify run --force", 2, "unexpected"),
    ("schema more", 2, "unexpected"),
    ("examples nothing", 2, "invalid value"),
    ("explain nothing_at_all", 2, "nothing called"),
    ("completions tcsh", 2, "invalid value"),
    ("man nothing", 2, "no command"),
    ("run small.toml --seed abc", 2, "whole number"),
    ("new --full --from consistent", 2, "cannot be used"),
    ("run small.toml --color blue", 2, "invalid value"),
    // Scenarios that are missing or invalid, or lack what the command is for.
    ("check absent.toml", 2, "absent.toml"),
    ("check faulty.toml", 2, "E0"),
    ("check folder", 2, "folder"),
    ("run absent.toml", 2, "absent.toml"),
    ("run faulty.toml", 2, "E0"),
    ("run small.toml --set run.couples=none", 2, "run.couples"),
    ("run small.toml --set @absent", 2, "absent"),
    ("sweep absent.toml", 2, "absent.toml"),
    ("sweep small.toml", 2, "no `[sweep]`"),
    ("claims absent.toml", 2, "absent.toml"),
    ("claims small.toml", 2, "no `[[claim]]`"),
    ("study absent.toml", 2, "absent.toml"),
    ("study small.toml", 2, "no `[study]`"),
    ("power absent.toml", 2, "absent.toml"),
    ("power small.toml", 2, "no `[power]`"),
    ("recover absent.toml", 2, "absent.toml"),
    ("recover small.toml", 2, "no `[recover]`"),
    ("bench absent.toml", 2, "absent.toml"),
    ("compare small.toml absent.toml", 2, "absent.toml"),
    ("explore absent.toml", 2, "absent.toml"),
    ("calibrate absent.toml", 2, "absent.toml"),
    ("calibrate faulty.toml", 2, "E0"),
    ("validate C14 --set run.couples=none", 2, "run.couples"),
    // Results and other files that are missing, or not what the command reads.
    ("verify absent", 2, "absent"),
    ("verify empty", 2, "no manifest"),
    ("verify cut", 2, "not a manifest"),
    ("verify newer", 2, "later pairbond"),
    ("verify run-charts", 2, "only charts"),
    ("plot absent", 2, "absent"),
    ("report absent", 2, "no such folder"),
    ("plot empty -o drawn", 2, "no manifest"),
    ("plot cut -o drawn", 2, "not a manifest"),
    ("plot run-charts -o drawn", 2, "only charts"),
    ("plot shard-1 -o drawn", 2, "pairbond merge"),
    ("plot changed -o drawn", 2, "survival.csv"),
    ("sweep status absent", 2, "no such folder"),
    ("sweep status sweep", 2, "not a plan"),
    ("merge plan", 2, "missing shards 1-2/2"),
    ("merge absent -o m", 2, "absent"),
    ("merge sweep -o m", 2, "not of a shard"),
    ("merge shard-1 -o m", 2, "2/2"),
    ("merge shard-1 shard-1 -o m", 2, "twice"),
    ("merge shard-1 other-2 -o m", 2, "differs"),
    ("merge shard-1 changed-2 -o m", 2, "changed"),
    ("sweep study.toml -o m --reuse absent", 2, "absent"),
    ("sweep study.toml -o m --reuse changed-2", 2, "changed"),
    ("sweep study.toml -o m --reuse other-2", 2, "none of its"),
    (
        "sweep study.toml -o sweep --reuse sweep --force",
        2,
        "reads",
    ),
    ("validate C14 --against absent.csv", 2, "absent.csv"),
    ("validate C14 --against file", 2, "file"),
    ("bench small.toml --compare absent.json", 2, "absent.json"),
    ("bench small.toml --compare file", 2, "file"),
    ("sweep study.toml -o fresh --resume", 2, "no unfinished"),
    ("sweep study.toml -o damaged --resume", 2, "job.json"),
    // Outputs that exist, are inputs, or cannot be there.
    ("new small.toml", 2, "exists"),
    ("new file/new.toml", 2, "file is not a folder"),
    ("new folder", 2, "is a folder"),
    ("schema -o small.toml", 2, "--force"),
    ("run small.toml -o run", 2, "--force"),
    ("run small.toml -o file/run", 2, "file is not a folder"),
    ("run small.toml -o folder", 2, "choose another folder"),
    ("run small.toml -o small.toml --force", 2, "reads"),
    ("run small.toml -o file --force", 2, "not a folder"),
    ("run small.toml -o folder --force", 2, "something other"),
    ("run small.toml -o sweep --force", 2, "kind `sweep`"),
    ("run small.toml --set @values -o values", 2, "reads"),
    ("sweep study.toml --set @values -o values", 2, "reads"),
    ("claims study.toml --set @c/study -o c", 2, "reads"),
    ("validate C14 --set @values -o values", 2, "reads"),
    ("bench small.toml --set @values --json values", 2, "reads"),
    ("run small.toml --set @/dev/zero", 2, "larger than"),
    ("validate C14 --against /dev/zero", 2, "not a plain file"),
    (
        "bench small.toml --compare /dev/zero",
        2,
        "not a plain file",
    ),
    ("calibrate /dev/zero", 2, "larger than"),
    ("sweep study.toml -o sweep", 2, "--force"),
    (
        "sweep submit study.toml --engine manual --shards 2 -o plan",
        2,
        "a plan already",
    ),
    (
        "sweep submit study.toml --engine manual --shards 2 -o run",
        2,
        "choose another folder",
    ),
    ("sweep study.toml -o damaged", 2, "unfinished"),
    ("merge shard-1 shard-2 -o sweep", 2, "--force"),
    ("merge shard-1 shard-2 -o shard-1 --force", 2, "reads"),
    ("plot run", 2, "--force"),
    ("plot run -o run --force", 2, "reads"),
    ("validate C14 -o run", 2, "choose another folder"),
    ("bench small.toml --json file", 2, "--force"),
    ("bench small.toml --json file --force", 2, "something other"),
    // Work that was begun and failed.
    ("small new new.toml", 1, "file too large"),
    ("small run small.toml -o small", 1, "file too large"),
    ("small sweep study.toml -o small", 1, "file too large"),
    ("small merge shard-1 shard-2 -o m", 1, "file too large"),
    ("small plot run -o drawn", 1, "file too large"),
    ("small sweep task plan 1", 1, "file too large"),
    ("small verify run", 1, "file too large"),
    (
        "small bench small.toml --seconds 1 --json b.json",
        1,
        "file too large",
    ),
    ("sweep failing.toml -o f", 1, "every point"),
    ("sweep failing.toml -q --resume -o failed", 1, "every point"),
    ("sweep failing.toml -q --shard 1/2 -o f-1", 1, "every job"),
    (
        "sweep failing.toml -q --shard 1/2 --resume -o failed-1",
        1,
        "every job",
    ),
    ("merge failed-1 failed-2 -q -o m", 1, "every point"),
    ("bench failing.toml --seconds 1", 1, "nothing was measured"),
    // Sizes that no machine has the memory for.
    (
        "tight run small.toml --set run.days=36500 --set record.every=1 --set record.quantiles_every=1 -o t",
        1,
        "not enough memory",
    ),
    ("sweep wide.toml -o t", 1, "not enough memory"),
    (
        "tight claims study.toml --set run.couples=200000000",
        1,
        "not enough memory",
    ),
    // Results that are not the expected ones.
    ("verify changed", 1, "survival.csv"),
    ("sweep status plan", 1, ""),
    ("claims unexpected.toml --max-runs 16", 1, "above"),
    ("validate C14 --couples 200 --against earlier.csv", 1, "C14"),
    // Done.
    ("new", 0, ""),
    ("schema", 0, ""),
    ("examples", 0, ""),
    ("explain", 0, ""),
    ("explain trust", 0, ""),
    ("completions bash", 0, ""),
    ("man run", 0, ""),
    ("help --help", 0, ""),
    ("verify noted", 0, "note: notes.txt"),
    ("check small.toml", 0, ""),
    ("verify run", 0, ""),
    ("sweep study.toml --resume --no-charts -o sweep", 0, ""),
    ("validate C14 --couples 200", 0, ""),
    ("--help", 0, ""),
];

fn outcome(sandbox: &Sandbox, line: &str) -> Outcome {
    let line = if let Some(line) = line.strip_prefix("small ") {
        format!("ulimit -f 1; exec \"$PAIRBOND\" {line}")
    } else if let Some(line) = line.strip_prefix("tight ") {
        format!("ulimit -v 1500000; exec \"$PAIRBOND\" {line} --threads 2")
    } else {
        format!("exec \"$PAIRBOND\" {line}")
    };
    sandbox.shell(Command::new("sh").args(["-c", &line]))
}

#[test]
fn one_kind_of_error_has_one_exit_code_whatever_the_command() {
    let sandbox = inputs();
    let before = sandbox.entries();
    let mut wrong = Vec::new();
    for (line, code, part) in LINES {
        let outcome = outcome(&sandbox, line);
        if outcome.code != Some(*code) || !outcome.stderr.contains(part) {
            wrong.push(format!("pairbond {line}\n{outcome:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    // What was refused left nothing.
    let mut made: Vec<String> = sandbox.entries();
    made.retain(|name| !before.contains(name));
    assert_eq!(made, ["f", "f-1", "m", "small.unfinished"]);
}

/// The names of commands in the help.
fn commands(help: &str) -> Vec<&str> {
    let list = help.split("Commands:\n").nth(1).expect("a list");
    let list = list.split("\n\n").next().expect("its end");
    let names = list.lines().filter_map(|line| {
        line.strip_prefix("  ")
            .filter(|rest| !rest.starts_with(' '))?
            .split(' ')
            .next()
    });
    names.filter(|name| *name != "help").collect()
}

#[test]
fn every_command_has_its_exit_codes_tested_and_help_and_readme_list_them() {
    let sandbox = Sandbox::new();
    let help = sandbox.pairbond(&["--help"]).code(0).stdout;
    let commands = commands(&help);
    assert!(commands.len() >= 12, "{commands:?}");
    for command in commands {
        let own = |line: &&(&str, i32, &str)| line.0.split(' ').any(|word| word == command);
        assert!(
            LINES.iter().any(|line| own(&line) && line.1 == 2),
            "{command}"
        );
    }
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = fs::read_to_string(readme).expect("README.md");
    let listed = help.split("Exit codes:\n").nth(1).expect("a list");
    for code in ["0", "1", "2", "130"] {
        let of_code = |line: &str| line.split_whitespace().next() == Some(code);
        assert!(listed.lines().any(of_code), "{code} in {listed}");
        assert!(readme.contains(&format!("\n| {code} | ")), "{code}");
    }
}
