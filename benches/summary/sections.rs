//! What is compared with what.

use crate::pairs::{Variant, compare};
use crate::timing::{
    cpu_time, draw_block, live_blocks, pool, run_plan, usual_world, wall_time, watched,
};
use pairbond::internals::{
    Block, DayRows, OpenBins, PersonObservable, Plan, PreparedRun, SimulationConfig,
};
use pairbond::model::Mechanisms;
use pairbond::model::parameters::MECHANISMS;
use pairbond::simd::backend::Backend;

/// Every section with its name, in the order of the table.
pub(crate) const SECTIONS: [(&str, fn()); 6] = [
    ("engines", engines),
    ("chance", rng),
    ("recording", recording),
    ("mechanisms", mechanisms),
    ("ensembles", ensembles),
    ("threads", threads),
];

/// Blocks of 64 couples in one timing.
const BLOCKS: u32 = 8;

/// The scalar definition first: the others are held against it.
fn engines_from_scalar() -> Vec<Backend> {
    let mut engines = Backend::available();
    engines.sort_by_key(|engine| *engine != Backend::Scalar);
    engines
}

fn engines() {
    for (dissolution, words) in [(false, "nobody leaves"), (true, "couples part")] {
        let mut config = usual_world(64);
        config.mechanisms.dissolution = dissolution;
        let course = &PreparedRun::new(config);
        let variants = engines_from_scalar()
            .into_iter()
            .map(|engine| {
                Variant::new(engine.name(), move || {
                    live_blocks(course, engine, BLOCKS, None)
                })
            })
            .collect();
        let title = format!("Engines: {words}, nothing recorded; CPU time");
        compare(&title, 15, cpu_time, variants);
    }
}

fn rng() {
    let course = &PreparedRun::new(usual_world(64));
    let variants = engines_from_scalar()
        .into_iter()
        .map(|engine| {
            Variant::new(engine.name(), move || {
                for replicate in 0..BLOCKS {
                    let block = Block {
                        replicate,
                        index: 0,
                    };
                    draw_block(course, block, engine);
                }
                u64::from(BLOCKS) * 64 * course.config.size.steps()
            })
        })
        .collect();
    compare(
        "Chance alone: the keystream of the days; CPU time",
        15,
        cpu_time,
        variants,
    );
}

fn recording() {
    let mut diaries = usual_world(64);
    diaries.record.days = DayRows::All;
    recorded(
        "couples part",
        vec![
            ("off", usual_world(64), false),
            (
                "trust and intimacy, means and variances",
                with_two(usual_world(64)),
                false,
            ),
            ("means and variances", watched(usual_world(64)), false),
            ("and quantile bins", watched(usual_world(64)), true),
            ("off, but rows of days", diaries, false),
        ],
    );
    let mut stay = usual_world(64);
    stay.mechanisms.dissolution = false;
    recorded(
        "nobody leaves",
        vec![
            ("off", stay.clone(), false),
            (
                "trust and intimacy, means and variances",
                with_two(stay.clone()),
                false,
            ),
            ("means and variances", watched(stay), false),
        ],
    );
}

/// Records trust and intimacy every day.
fn with_two(config: SimulationConfig) -> SimulationConfig {
    let mut two = watched(config);
    two.record.observables = vec![
        PersonObservable::Trust.into(),
        PersonObservable::Intimacy.into(),
    ];
    two
}

/// Holds ways of recording against the first of them.
fn recorded(words: &str, worlds: Vec<(&str, SimulationConfig, bool)>) {
    let courses: Vec<(String, PreparedRun, bool)> = worlds
        .into_iter()
        .map(|(name, config, bins)| {
            let course = PreparedRun::new(config);
            let lines = course.recorded.lines.len();
            let name = if course.recorded.days.len() > 2 {
                format!("{name}, every day, {lines} lines")
            } else {
                name.to_owned()
            };
            (name, course, bins)
        })
        .collect();
    let variants = courses
        .iter()
        .map(|(name, course, binned)| {
            let mut bins = binned.then(|| OpenBins::new(&course.recorded));
            Variant::new(name, move || {
                live_blocks(course, Backend::best(), BLOCKS, bins.as_mut())
            })
        })
        .collect();
    let engine = Backend::best().name();
    compare(
        &format!("Recording: {engine}, {words}; CPU time"),
        15,
        cpu_time,
        variants,
    );
}

/// Nobody leaves in any of them: how many couples part depends on every mechanism, and lanes whose
/// couples have parted would be counted for or against it.
fn mechanisms() {
    let course = |mechanisms| {
        let mut config = usual_world(64);
        config.mechanisms = mechanisms;
        PreparedRun::new(config)
    };
    let stay = Mechanisms {
        dissolution: false,
        ..Mechanisms::default()
    };
    let mut courses = vec![("everything on but dissolution".to_owned(), course(stay))];
    for switch in MECHANISMS
        .iter()
        .filter(|switch| switch.key != "dissolution")
    {
        let mut mechanisms = stay;
        *mechanisms.get_mut(switch.key).expect("a key of the table") = false;
        courses.push((format!("without {}", switch.key), course(mechanisms)));
    }
    courses.push(("everything off".to_owned(), course(Mechanisms::none())));
    let variants = courses
        .iter()
        .map(|(name, course)| {
            Variant::new(name, || live_blocks(course, Backend::best(), BLOCKS, None))
        })
        .collect();
    let title = format!(
        "Mechanisms: {}, nobody leaves; CPU time",
        Backend::best().name()
    );
    compare(&title, 15, cpu_time, variants);
}

fn ensembles() {
    let config = |couples, replicates| {
        let mut config = watched(usual_world(couples));
        config.size.replicates = replicates;
        config
    };
    let variants = [
        ("1 × 10,000 couples", config(10_000, 1)),
        ("100 × 100 couples", config(100, 100)),
    ]
    .map(|(name, config)| whole(name, config, 1));
    compare(
        "Ensembles: recorded every day with bins, one thread; CPU time",
        5,
        cpu_time,
        variants.into(),
    );
}

fn threads() {
    for (clock, words) in [
        (wall_time as fn() -> _, "time of day"),
        (cpu_time, "CPU time"),
    ] {
        let variants = [1, 2].map(|threads| {
            whole(
                &format!("threads: {threads}"),
                watched(usual_world(8_192)),
                threads,
            )
        });
        compare(
            &format!("Threads: recorded every day with bins; {words}"),
            5,
            clock,
            variants.into(),
        );
    }
}

fn whole(name: &str, config: SimulationConfig, threads: usize) -> Variant<'static> {
    let (plan, pool) = (Plan::new(config), pool(threads));
    Variant::new(name, move || pool.install(|| run_plan(&plan, true)))
}
