//! The command line of a peer: `r1 COUPLES DAYS SEED` or `r2 STEP TABLE SEED`, answered by one line of
//! JSON with the keys that benches/peers/README.md lists.

use crate::summary::Summary;
use crate::{Means, Partner};
use rustix::time::{ClockId, clock_gettime};
use std::error::Error;
use std::fmt::Write as _;
use std::time::Instant;
use std::{env, fs};

const SIDE: usize = 20;
const COUPLES_OF_A_CELL: usize = 200;
const DAYS_OF_A_CELL: usize = 365;

/// A population as one system keeps it.
pub trait System {
    /// Draws a population that is to live some days, in a sweep near the means of a cell.
    fn new(couples: usize, days: usize, seed: u64, means: Option<Means>) -> Self;
    /// Lives the days; gives the means of trust and intimacy over all partners at the end of each.
    fn live(&mut self) -> Vec<(f64, f64)>;
    /// The couples as they are now.
    fn couples(&self) -> impl Iterator<Item = [Partner; 2]>;
}

/// Runs the workload that the command line names.
///
/// # Errors
/// A command line of another form, and a table that cannot be written.
pub fn run<S: System>() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let line = match words[..] {
        ["r1", couples, days, seed] => {
            ensemble::<S>(couples.parse()?, days.parse()?, seed.parse()?)
        }
        ["r2", step, table, seed] => sweep::<S>(step.parse()?, table, seed.parse()?)?,
        _ => return Err("usage: r1 COUPLES DAYS SEED | r2 STEP TABLE SEED".into()),
    };
    println!("{line}");
    Ok(())
}

fn ensemble<S: System>(couples: usize, days: usize, seed: u64) -> String {
    let mut system = S::new(couples, days, seed, None);
    let (setup, begin) = (cpu_seconds(), Instant::now());
    let daily = system.live();
    let (cpu, wall) = (cpu_seconds() - setup, begin.elapsed().as_secs_f64());
    let peak = peak_mib();
    let end = Summary::of(system.couples());
    let over_days = mean(&daily);
    format!(
        "{{\"workload\":\"r1\",\"couples\":{couples},\"days\":{days},\"setup_s\":{setup},\
         \"cpu_s\":{cpu},\"wall_s\":{wall},\"peak_mib\":{peak},\
         \"trust\":{},\"trust_sd\":{},\"intimacy\":{},\"intimacy_sd\":{},\
         \"trust_days\":{},\"intimacy_days\":{}}}",
        end.trust.0, end.trust.1, end.intimacy.0, end.intimacy.1, over_days.0, over_days.1,
    )
}

fn sweep<S: System>(step: usize, table: &str, seed: u64) -> Result<String, Box<dyn Error>> {
    let setup = cpu_seconds();
    let at = |k: usize| 0.05 + 0.9 * k as f64 / (SIDE - 1) as f64;
    let mut rows = String::from(
        "responsiveness,anxiety,trust,trust_sd,intimacy,intimacy_sd,trust_days,intimacy_days\n",
    );
    let cells: Vec<usize> = (0..SIDE * SIDE).step_by(step).collect();
    for &cell in &cells {
        let means = Means {
            responsiveness: at(cell / SIDE),
            anxiety: at(cell % SIDE),
        };
        let seed = seed * (SIDE * SIDE) as u64 + cell as u64;
        let mut system = S::new(COUPLES_OF_A_CELL, DAYS_OF_A_CELL, seed, Some(means));
        let over_days = mean(&system.live());
        let end = Summary::of(system.couples());
        writeln!(
            rows,
            "{:.6},{:.6},{:.6},{:.6},{:.6},{:.6},{:.6},{:.6}",
            means.responsiveness,
            means.anxiety,
            end.trust.0,
            end.trust.1,
            end.intimacy.0,
            end.intimacy.1,
            over_days.0,
            over_days.1,
        )?;
    }
    fs::write(table, rows)?;
    Ok(format!(
        "{{\"workload\":\"r2\",\"cells\":{},\"setup_s\":{setup},\"cpu_s\":{},\"peak_mib\":{}}}",
        cells.len(),
        cpu_seconds() - setup,
        peak_mib(),
    ))
}

fn mean(daily: &[(f64, f64)]) -> (f64, f64) {
    let n = daily.len() as f64;
    let (trust, intimacy) = daily.iter().fold((0.0, 0.0), |s, d| (s.0 + d.0, s.1 + d.1));
    (trust / n, intimacy / n)
}

/// CPU time of the process since its start.
fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + 1e-9 * time.tv_nsec as f64
}

/// The most memory that was resident, as JSON; `null` where the system does not say.
fn peak_mib() -> String {
    fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix("VmHWM:"))?;
            let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
            Some((kib / 1024.0).to_string())
        })
        .unwrap_or_else(|| "null".to_owned())
}
