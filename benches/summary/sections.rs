//! What is compared with what.

use crate::pairs::{Variant, compare};
use crate::timing::{default_couples, pool, quantiles_daily, recorded_daily, with};
use pairbond::Scenario;
use pairbond::internals::{BlockWork, RunWork, cpu_time, wall_time};
use pairbond::model::parameters::MECHANISMS;
use pairbond::simd::Backend;

/// Every section with its name, in the order of the table.
pub(crate) const SECTIONS: [(&str, fn()); 6] = [
    ("backends", backends),
    ("random_words", random_words),
    ("recording", recording),
    ("mechanisms", mechanisms),
    ("ensembles", ensembles),
    ("threads", threads),
];

/// Blocks of 64 couples in one timing.
const BLOCKS: u32 = 8;

/// The scalar definition first: the others are compared with it.
fn scalar_first() -> Vec<Backend> {
    let mut backends = Backend::available();
    backends.sort_by_key(|backend| *backend != Backend::Scalar);
    backends
}

/// Default couples of whom none separates.
fn intact_couples(couples: u64) -> Scenario {
    with(default_couples(couples), "mechanisms.dissolution", false)
}

fn backends() {
    for (scenario, what) in [
        (intact_couples(64), "no couple separates"),
        (default_couples(64), "couples separate"),
    ] {
        let variants = scalar_first()
            .into_iter()
            .map(|backend| {
                let mut work = BlockWork::new(&scenario, false);
                Variant::new(backend.name(), move || work.simulate(backend, BLOCKS))
            })
            .collect();
        let title = format!("Backends: {what}, nothing recorded; CPU time");
        compare(&title, 15, cpu_time, variants);
    }
}

fn random_words() {
    let variants = scalar_first()
        .into_iter()
        .map(|backend| {
            let work = BlockWork::new(&default_couples(64), false);
            Variant::new(backend.name(), move || work.draw(backend, BLOCKS))
        })
        .collect();
    compare(
        "Random words alone: the keystream of the days; CPU time",
        15,
        cpu_time,
        variants,
    );
}

fn recording() {
    let two = |scenario| {
        let observables = ["trust", "intimacy"];
        with(recorded_daily(scenario), "record.observables", observables)
    };
    compare_recording(
        "couples separate",
        vec![
            ("off", default_couples(64), false),
            (
                "trust and intimacy, means and variances",
                two(default_couples(64)),
                false,
            ),
            (
                "means and variances",
                recorded_daily(default_couples(64)),
                false,
            ),
            (
                "and quantile bins of every 7th day",
                recorded_daily(default_couples(64)),
                true,
            ),
            (
                "and quantile bins of every day",
                quantiles_daily(default_couples(64)),
                true,
            ),
            (
                "off, but rows of days",
                with(default_couples(64), "record.days", "all"),
                false,
            ),
        ],
    );
    compare_recording(
        "no couple separates",
        vec![
            ("off", intact_couples(64), false),
            (
                "trust and intimacy, means and variances",
                two(intact_couples(64)),
                false,
            ),
            (
                "means and variances",
                recorded_daily(intact_couples(64)),
                false,
            ),
        ],
    );
}

/// Compares ways of recording with the first of them.
fn compare_recording(what: &str, scenarios: Vec<(&str, Scenario, bool)>) {
    let variants = scenarios
        .into_iter()
        .map(|(name, scenario, bins)| {
            let mut work = BlockWork::new(&scenario, bins);
            let name = if work.records_daily() {
                format!("{name}, every day, {} lines", work.lines())
            } else {
                name.to_owned()
            };
            Variant::new(name, move || work.simulate(Backend::best(), BLOCKS))
        })
        .collect();
    let backend = Backend::best().name();
    let title = format!("Recording: {backend}, {what}; CPU time");
    compare(&title, 15, cpu_time, variants);
}

/// No couple separates in any of them: how many do depends on every mechanism, and empty seats would
/// count for or against it.
fn mechanisms() {
    let all_but_dissolution = intact_couples(64);
    let switched_off =
        |scenario: Scenario, key: &str| with(scenario, &format!("mechanisms.{key}"), false);
    let mut scenarios = vec![(
        "all but dissolution".to_owned(),
        all_but_dissolution.clone(),
    )];
    let others = MECHANISMS.iter().filter(|one| one.key != "dissolution");
    for mechanism in others.clone() {
        let scenario = switched_off(all_but_dissolution.clone(), mechanism.key);
        scenarios.push((format!("without {}", mechanism.key), scenario));
    }
    let none = others.fold(all_but_dissolution, |scenario, one| {
        switched_off(scenario, one.key)
    });
    scenarios.push(("none".to_owned(), none));
    let variants = scenarios
        .into_iter()
        .map(|(name, scenario)| {
            let mut work = BlockWork::new(&scenario, false);
            Variant::new(name, move || work.simulate(Backend::best(), BLOCKS))
        })
        .collect();
    let backend = Backend::best().name();
    let title = format!("Mechanisms: {backend}, no couple separates; CPU time");
    compare(&title, 15, cpu_time, variants);
}

fn ensembles() {
    let ensemble = |couples, replicates| {
        let scenario = recorded_daily(default_couples(couples));
        with(scenario, "run.replicates", replicates)
    };
    let variants = [
        ("1 × 10,000 couples", ensemble(10_000, 1)),
        ("100 × 100 couples", ensemble(100, 100)),
    ]
    .map(|(name, scenario)| whole_run(name, &scenario, 1));
    compare(
        "Ensembles: recorded every day with bins, one thread; CPU time",
        5,
        cpu_time,
        variants.into(),
    );
}

fn threads() {
    let scenario = recorded_daily(default_couples(8_192));
    for (clock, what) in [
        (wall_time as fn() -> _, "wall time"),
        (cpu_time, "CPU time"),
    ] {
        let variants =
            [1, 2].map(|threads| whole_run(&format!("threads: {threads}"), &scenario, threads));
        compare(
            &format!("Threads: recorded every day with bins; {what}"),
            5,
            clock,
            variants.into(),
        );
    }
}

fn whole_run(name: &str, scenario: &Scenario, threads: usize) -> Variant<'static> {
    let (work, pool) = (RunWork::new(scenario), pool(threads));
    Variant::new(name, move || pool.install(|| work.simulate(true)))
}
