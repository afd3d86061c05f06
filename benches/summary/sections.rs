//! What is compared with what.

use crate::couples::{default_couples, pool, quantiles_daily, recorded_daily, with};
use crate::pairs::{Variant, compare};
use pairbond::Scenario;
use pairbond::internals::{
    BlockWork, JournalWork, RunWork, SweepWork, cpu_time, sobol_indices, wall_time,
};
use pairbond::model::parameters::MECHANISMS;
use pairbond::simd::Backend;

/// Every section with its name, in the order of the table.
pub(crate) const SECTIONS: [(&str, fn()); 9] = [
    ("backends", backends),
    ("random_words", random_words),
    ("recording", recording),
    ("mechanisms", mechanisms),
    ("ensembles", ensembles),
    ("threads", threads),
    ("sweeps", sweeps),
    ("points", points),
    ("results", results),
];

/// Blocks of 64 couples in one timing.
const BLOCKS: u32 = 8;
/// What most times are divided by.
const COUPLE_DAY: &str = "couple-day";

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
        compare(&title, COUPLE_DAY, 15, cpu_time, variants);
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
        COUPLE_DAY,
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
    compare(&title, COUPLE_DAY, 15, cpu_time, variants);
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
    compare(&title, COUPLE_DAY, 15, cpu_time, variants);
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
        COUPLE_DAY,
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
            COUPLE_DAY,
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

/// A sweep whose points are almost equal, so that ensembles of any size do the same work.
fn sweep(points: u32, couples: u64, dissolution: bool) -> SweepWork {
    let text = format!(
        "title = \"Many points\"
        [run]
        seed = 1
        couples = {couples}
        days = 365
        [mechanisms]
        dissolution = {dissolution}
        [sweep]
        design = \"grid\"
        [[sweep.axis]]
        key = \"parameters.trust_rate\"
        range = [0.025, 0.0251]
        steps = {points}
        "
    );
    SweepWork::new(Scenario::parse(&text).expect("a valid scenario"))
}

/// What small ensembles at many points lose against a large one.
fn sweeps() {
    const COUPLES: u64 = 6400;
    for (what, dissolution) in [("no couple separates", false), ("couples separate", true)] {
        let variants = [(2, COUPLES), (1000, 100)].map(|(points, couples)| {
            let (work, pool) = (sweep(points, couples, dissolution), pool(1));
            let jobs = COUPLES / couples;
            Variant::new(format!("{jobs} × {couples} couples"), move || {
                pool.install(|| work.simulate(jobs))
            })
        });
        let title = format!("Sweeps: {what}, only the last day recorded; CPU time");
        compare(&title, COUPLE_DAY, 7, cpu_time, variants.into());
    }
}

/// What a point of a sweep costs before its couples live.
fn points() {
    const POINTS: u64 = 500;
    let work = sweep(1000, 100, true);
    let each = |prepare: fn(&SweepWork, u64)| {
        let work = &work;
        move || {
            (0..POINTS).for_each(|point| prepare(work, point));
            POINTS
        }
    };
    compare(
        "A point of a sweep of 100 couples; CPU time",
        "point",
        15,
        cpu_time,
        vec![
            Variant::new("the scenario with its values", each(SweepWork::configure)),
            Variant::new("and its couples before day 1", each(SweepWork::prepare)),
        ],
    );
}

/// What is done with results: jobs of twenty runs with twelve measures are written (waiting for the disk is
/// not CPU time), and the indices of one measure over six axes with their bootstrap computed from 8 × 1,024 points.
fn results() {
    const JOBS: u64 = 200;
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let mut journal = JournalWork::new(&scratch.path().join("journal")).expect("a new journal");
    let append = Variant::new("append", move || {
        (0..JOBS).for_each(|_| journal.append().expect("room on the disk"));
        JOBS
    });
    compare("The journal; CPU time", "job", 15, cpu_time, vec![append]);
    let output: Vec<f64> = (0..8 * 1024_u32)
        .map(|point| f64::from(point.wrapping_mul(2_654_435_761) >> 8))
        .collect();
    let indices = Variant::new("Saltelli, 6 axes", move || {
        sobol_indices(&output, 6);
        1
    });
    let title = "Sensitivity indices of a measure; CPU time";
    compare(title, "measure", 15, cpu_time, vec![indices]);
}
