//! Instructions of a couple's day, counted by valgrind: a record that no noise of a machine moves.
//!
//! `cargo bench --bench instructions` counts and holds the counts to those kept in
//! `benches/instructions.csv`; `-- --keep` keeps new ones. It needs `valgrind`, which knows no
//! AVX-512: the engines counted are the scalar definition and AVX2.
//!
//! Two lengths of life are counted and subtracted, so that what is done once for a couple drops out.
//! Counts depend on the compiler, whose version is kept with them: with another one they are shown
//! and not judged.

mod timing;

use pairbond::internals::{PreparedRun, SimulationConfig};
use pairbond::simd::backend::Backend;
use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use timing::{live_blocks, usual_world, watched};

/// Lengths of life (days) whose counts are subtracted.
const LIVES: [u32; 2] = [40, 120];
/// Blocks of 64 couples in each.
const BLOCKS: u32 = 2;
/// How far above the kept count a count may lie.
const TOLERANCE: f64 = 1.02;

/// What is counted, by name.
fn config(work: &str, days: u32) -> Option<SimulationConfig> {
    let mut config = usual_world(64);
    config.mechanisms.dissolution = false;
    config.record.couples = false;
    config.size.days = days;
    config.record.every = days;
    match work {
        "kernel" => {}
        "recorded" => config = watched(config),
        "quiet" => (config.mechanisms.contact, config.mechanisms.conflict) = (false, false),
        _ => return None,
    }
    Some(config)
}

const WORKS: [&str; 3] = ["kernel", "quiet", "recorded"];

fn engine(name: &str) -> Option<Backend> {
    Backend::available()
        .into_iter()
        .find(|engine| engine.name() == name)
}

/// Lives the couples: the process that is counted.
fn live(engine: Backend, config: SimulationConfig) {
    let couples = live_blocks(&PreparedRun::new(config), engine, BLOCKS, None);
    assert!(couples > 0, "somebody lived");
}

/// Instructions of a whole process that lives so many days.
fn counted(work: &str, engine: &str, days: u32) -> Result<f64, Box<dyn Error>> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["--live", work, engine, &days.to_string()])
        .output()
        .map_err(|error| format!("valgrind could not be started: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let count = said
        .lines()
        .find_map(|line| line.split_once("Collected :"))
        .ok_or_else(|| format!("valgrind counted nothing:\n{said}"))?;
    Ok(count.1.trim().parse()?)
}

fn each(work: &str, engine: &str) -> Result<f64, Box<dyn Error>> {
    let [short, long] = LIVES;
    let more = counted(work, engine, long)? - counted(work, engine, short)?;
    Ok(more / f64::from((long - short) * BLOCKS * 64))
}

fn compiler() -> Result<String, Box<dyn Error>> {
    let output = Command::new("rustc").arg("--version").output()?;
    let said = String::from_utf8(output.stdout)?;
    Ok(said
        .split_whitespace()
        .nth(1)
        .unwrap_or("unknown")
        .to_owned())
}

/// Counts everything and holds it to what is kept; gives whether nothing grew.
fn hold(keep: bool) -> Result<bool, Box<dyn Error>> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/instructions.csv");
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let compiler = compiler()?;
    let mut text = "work,engine,rustc,instructions_per_couple_day\n".to_owned();
    let mut sound = true;
    println!("| work | engine | instructions a couple-day | kept | ratio |");
    println!("| --- | --- | ---: | ---: | ---: |");
    for work in WORKS {
        for engine in ["scalar", "avx2"] {
            if self::engine(engine).is_none() {
                continue;
            }
            let count = each(work, engine)?;
            let row = format!("{work},{engine},{compiler},");
            let before: Option<f64> = kept
                .lines()
                .find_map(|line| line.strip_prefix(&row)?.parse().ok());
            match before {
                Some(before) => {
                    let ratio = count / before;
                    println!("| {work} | {engine} | {count:.1} | {before:.1} | {ratio:.3} |");
                    sound &= ratio <= TOLERANCE;
                }
                None => {
                    println!("| {work} | {engine} | {count:.1} | none for rustc {compiler} | |")
                }
            }
            text += &format!("{row}{count:.1}\n");
        }
    }
    if keep {
        std::fs::write(file, text)?;
    }
    Ok(sound || keep)
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if let ["--live", work, name, days] = words[..] {
        let config = days.parse().ok().and_then(|days| config(work, days));
        let (Some(engine), Some(config)) = (engine(name), config) else {
            return ExitCode::FAILURE;
        };
        live(engine, config);
        return ExitCode::SUCCESS;
    }
    match hold(words.contains(&"--keep")) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("a couple's day takes over 2 % more instructions than were kept");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
