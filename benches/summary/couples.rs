//! What the benchmarks share: default couples, as scenarios.

#![allow(dead_code, reason = "each benchmark uses a part of it")]

use pairbond::{Scenario, Setting};

/// Days of a benchmark's run.
pub(crate) const DAYS: u32 = 365;

/// Default couples for a year; only the start and the end are recorded.
pub(crate) fn default_couples(couples: u64) -> Scenario {
    Scenario::parse(&format!(
        "title = 'Default couples'
        [run]
        seed = 1
        couples = {couples}
        days = {DAYS}
        [record]
        every = {DAYS}
        sample_couples = 0"
    ))
    .expect("a valid scenario")
}

/// The scenario with another value of a key.
pub(crate) fn with(scenario: Scenario, key: &str, value: impl Into<Setting>) -> Scenario {
    scenario
        .set(key, value)
        .unwrap_or_else(|error| panic!("{key}: {error}"))
}

/// The default observables recorded every day, with quantiles as often as by default.
pub(crate) fn recorded_daily(scenario: Scenario) -> Scenario {
    with(scenario, "record.every", 1)
}

/// The default observables recorded every day, with quantiles.
pub(crate) fn quantiles_daily(scenario: Scenario) -> Scenario {
    with(recorded_daily(scenario), "record.quantiles_every", 1)
}

/// Starts threads.
pub(crate) fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads")
}
