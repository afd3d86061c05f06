//! Instructions of a couple-day, counted by valgrind: a record that the noise of a machine does not
//! move.
//!
//! `cargo bench --bench instructions` counts, and compares the counts with those kept in
//! `benches/instructions.csv`; `-- --keep` keeps new ones. It needs `valgrind`, which does not know
//! AVX-512: the backends counted are the scalar one and AVX2.
//!
//! Runs of two lengths are counted and subtracted, so that what is done once for a couple drops out.
//! Counts depend on the compiler, whose version is kept with them: with another one they are shown
//! and not judged.

#[path = "summary/couples.rs"]
mod couples;

use couples::{default_couples, recorded_daily, with};
use pairbond::Scenario;
use pairbond::internals::BlockWork;
use pairbond::simd::Backend;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// Lengths of runs (days) whose counts are subtracted.
const LENGTHS: [u32; 2] = [40, 120];
/// Blocks of 64 couples in each.
const BLOCKS: u32 = 2;
/// Most instructions of a recorded day with quantiles, as a ratio to the kernel's.
const RECORDING: f64 = 1.5;
/// Largest ratio to the kept count.
const TOLERANCE: f64 = 1.02;

/// What is counted, by name.
const WORKS: [&str; 4] = ["kernel", "quiet", "recorded", "quantiles"];

/// The couples that are simulated.
fn scenario(work: &str, days: u32) -> Option<Scenario> {
    let mut scenario = with(default_couples(64), "mechanisms.dissolution", false);
    scenario = with(scenario, "record.every", days);
    scenario = with(scenario, "run.days", days);
    Some(match work {
        "kernel" => scenario,
        "recorded" => recorded_daily(scenario),
        // As often as a run of a year records them by default.
        "quantiles" => with(recorded_daily(scenario), "record.quantiles_every", 7),
        "quiet" => with(
            with(scenario, "mechanisms.contact", false),
            "mechanisms.conflict",
            false,
        ),
        _ => return None,
    })
}

fn backend(name: &str) -> Option<Backend> {
    Backend::available()
        .into_iter()
        .find(|backend| backend.name() == name)
}

/// Instructions of a whole process that simulates so many days.
fn counted(work: &str, backend: &str, days: u32) -> Result<f64, Box<dyn Error>> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["--simulate", work, backend, &days.to_string()])
        .output()
        .map_err(|error| format!("valgrind could not be started: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("the counted process failed:\n{text}").into());
    }
    let count = text
        .lines()
        .find_map(|line| line.split_once("Collected :"))
        .ok_or_else(|| format!("valgrind counted nothing:\n{text}"))?;
    Ok(count.1.trim().parse()?)
}

fn per_couple_day(work: &str, backend: &str) -> Result<f64, Box<dyn Error>> {
    let [short, long] = LENGTHS;
    let more = counted(work, backend, long)? - counted(work, backend, short)?;
    Ok(more / f64::from((long - short) * BLOCKS * 64))
}

fn compiler() -> Result<String, Box<dyn Error>> {
    let output = Command::new("rustc").arg("--version").output()?;
    let text = String::from_utf8(output.stdout)?;
    Ok(text
        .split_whitespace()
        .nth(1)
        .unwrap_or("unknown")
        .to_owned())
}

/// Counts everything and compares it with what is kept; returns whether nothing grew.
fn compare(keep: bool) -> Result<bool, Box<dyn Error>> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/instructions.csv");
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let compiler = compiler()?;
    let mut text = "work,backend,rustc,instructions_per_couple_day\n".to_owned();
    let (mut sound, mut counts) = (true, BTreeMap::new());
    println!("| work | backend | instructions a couple-day | kept | ratio |");
    println!("| --- | --- | ---: | ---: | ---: |");
    for work in WORKS {
        for name in ["scalar", "avx2"] {
            if backend(name).is_none() {
                continue;
            }
            let count = per_couple_day(work, name)?;
            counts.insert((work, name), count);
            let row = format!("{work},{name},{compiler},");
            let before: Option<f64> = kept
                .lines()
                .find_map(|line| line.strip_prefix(&row)?.parse().ok());
            match before {
                Some(before) => {
                    let ratio = count / before;
                    println!("| {work} | {name} | {count:.1} | {before:.1} | {ratio:.3} |");
                    sound &= ratio <= TOLERANCE;
                }
                None => {
                    println!("| {work} | {name} | {count:.1} | none for rustc {compiler} | |")
                }
            }
            text += &format!("{row}{count:.1}\n");
        }
    }
    for ((work, name), count) in &counts {
        if *work == "quantiles" && *count > RECORDING * counts[&("kernel", *name)] {
            eprintln!(
                "{name}: recording takes over {RECORDING} times the instructions of the kernel"
            );
            sound = false;
        }
    }
    if keep {
        std::fs::write(file, text)?;
    }
    Ok(sound || keep)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["--simulate", work, name, days] = arguments[..] {
        let scenario = days.parse().ok().and_then(|days| scenario(work, days));
        let (Some(backend), Some(scenario)) = (backend(name), scenario) else {
            return ExitCode::FAILURE;
        };
        let days = BlockWork::new(&scenario, *work == *"quantiles").simulate(backend, BLOCKS);
        assert!(days > 0, "couples were simulated");
        return ExitCode::SUCCESS;
    }
    match compare(arguments.contains(&"--keep")) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("a couple-day takes too many instructions");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
