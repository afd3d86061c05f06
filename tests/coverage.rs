//! How often the intervals that the program prints hold the truth of the model: docs/coverage.md.
//!
//! Each row of the page is 200 studies or more, with the seeds from 1 on, of a small sweep, set of claims or
//! run. The truth is the same quantity of a much larger one. Stage `coverage` of .ci/run compares the page with the
//! program; `PAIRBOND_BLESS=1` writes it anew.

use pairbond::table::Table;
use pairbond::{Run, Scenario, SweepRun, Verdict};
use statrs::distribution::{Beta, ContinuousCDF};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{env, fs, thread};

/// Seed of the large studies, which none of the small ones has.
const LARGE: u64 = 1_000_003;
/// Coverages that are taken as those of 95 %.
const SOUND: std::ops::RangeInclusive<f64> = 0.92..=0.98;

/// What can be said of the coverage of an interval.
#[derive(Clone, Copy)]
enum Expected {
    /// Between 92 and 98 %.
    Nominal,
    /// At least 92 %, for the reason given.
    Wide(&'static str),
    /// At least so many percent, for the reason given.
    Short(u32, &'static str),
}

/// What studies of one kind are compared with.
struct Case {
    statistic: &'static str,
    setting: String,
    quantity: String,
    truth: f64,
    expected: Expected,
}

/// How many of the studies had an interval, in how many of these it held the truth, and how wide it was.
#[derive(Clone, Copy, Default)]
struct Tally {
    defined: u64,
    held: u64,
    half_widths: f64,
}

impl Tally {
    fn of(intervals: impl IntoIterator<Item = [f64; 2]>, truth: f64) -> Tally {
        let mut tally = Tally::default();
        for [low, high] in intervals {
            if low.is_nan() || high.is_nan() {
                continue;
            }
            tally.defined += 1;
            tally.held += u64::from(low <= truth && truth <= high);
            tally.half_widths += 0.5 * (high - low);
        }
        tally
    }

    fn share(&self) -> f64 {
        self.held as f64 / self.defined as f64
    }

    /// The interval of the share (Clopper & Pearson 1934).
    fn doubt(&self) -> [f64; 2] {
        let (held, missed) = (self.held as f64, (self.defined - self.held) as f64);
        let quantile = |a: f64, b: f64, p: f64| Beta::new(a, b).expect("counts").inverse_cdf(p);
        let low = match self.held {
            0 => 0.0,
            _ => quantile(held, missed + 1.0, 0.025),
        };
        let high = match self.defined - self.held {
            0 => 1.0,
            _ => quantile(held + 1.0, missed, 0.975),
        };
        [low, high]
    }
}

/// The rows of the page, and what is not as it should be.
#[derive(Default)]
struct Page {
    /// Studies of each row.
    count: u64,
    rows: String,
    errors: Vec<String>,
}

impl Page {
    fn push(&mut self, case: &Case, tally: Tally) {
        let share = tally.share();
        let (sound, note) = match case.expected {
            Expected::Nominal => (SOUND.contains(&share), ""),
            Expected::Wide(why) => (share >= *SOUND.start(), why),
            Expected::Short(least, why) => (share >= f64::from(least) / 100.0, why),
        };
        let [low, high] = tally.doubt();
        let row = format!(
            "| {} | {} | {} | {} | {} | {:.1} [{:.1}, {:.1}] | {} | {note} |\n",
            case.statistic,
            case.setting,
            case.quantity,
            digits(case.truth),
            tally.defined,
            100.0 * share,
            100.0 * low,
            100.0 * high,
            digits(tally.half_widths / tally.defined as f64),
        );
        eprint!("{row}");
        if !sound {
            self.errors.push(row.clone());
        }
        self.rows += &row;
    }

    /// Adds the rows of cases whose intervals each study gives in their order.
    fn study(&mut self, cases: &[Case], study: impl Fn(u64) -> Vec<[f64; 2]> + Sync) {
        let found = studies(self.count, &study);
        for (place, case) in cases.iter().enumerate() {
            let own = found.iter().map(|intervals| intervals[place]);
            self.push(case, Tally::of(own, case.truth));
        }
    }
}

/// What the studies with the seeds from 1 on give, in their order; each runs on one thread.
fn studies<T: Send>(count: u64, study: &(impl Fn(u64) -> T + Sync)) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (next, found) = (AtomicU64::new(1), Mutex::new(Vec::new()));
    let work = || loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed > count {
            return;
        }
        let own = (seed, study(seed));
        found.lock().expect("no study panics").push(own);
    };
    thread::scope(|scope| {
        (0..threads).for_each(|_| {
            scope.spawn(work);
        });
    });
    let mut found = found.into_inner().expect("no study panics");
    found.sort_by_key(|(seed, _)| *seed);
    found.into_iter().map(|(_, own)| own).collect()
}

/// A number with three significant digits.
fn digits(value: f64) -> String {
    let places = 2 - value.abs().log10().floor().clamp(-6.0, 2.0) as i32;
    format!("{value:.*}", places.max(0) as usize)
}

fn scenario(text: &str) -> Scenario {
    Scenario::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn sweep(text: &str) -> SweepRun {
    let sweep = scenario(text).sweep().expect("a sweep");
    sweep.threads(1).run().expect("a finished sweep")
}

/// A large sweep on all threads.
fn large(text: &str) -> SweepRun {
    let sweep = scenario(text).sweep().expect("a sweep");
    sweep.run().expect("a finished sweep")
}

fn run(text: &str, threads: usize) -> Run {
    scenario(text)
        .runner()
        .threads(threads)
        .run()
        .expect("a run")
}

/// The first row of a table whose columns have these words.
fn row(table: &Table, words: &[(&str, &str)]) -> usize {
    let rows = 0..table.rows.rows();
    let has = |row: &usize| {
        words
            .iter()
            .all(|(name, word)| table.category(name, *row) == Some(word))
    };
    rows.clone()
        .find(has)
        .unwrap_or_else(|| panic!("{} has no {words:?}", table.schema.table))
}

fn number(table: &Table, column: &str, row: usize) -> f64 {
    table.floats(column).expect("a column of numbers")[row]
}

fn pair(table: &Table, columns: [&str; 2], row: usize) -> [f64; 2] {
    columns.map(|column| number(table, column, row))
}

/// `[run]`, and a dissolution that separates some couples within days.
fn head(seed: u64, couples: u64, days: u32, replicates: u32) -> String {
    format!(
        "title = \"Coverage\"\n[run]\nseed = {seed}\ncouples = {couples}\ndays = {days}\n\
         replicates = {replicates}\n[initial]\ncommitment = 0.35\n"
    )
}

const TRUST_RATE: &str =
    "[[sweep.axis]]\nkey = \"parameters.trust_rate\"\nname = \"trust_rate\"\nrange = [0.01, 0.2]\n";
const EXPECTATION: &str = "[[sweep.axis]]\nkey = \"parameters.expectation\"\nname = \"expectation\"\nrange = [0.2, 0.95]\n";
const HAZARD: &str =
    "[[sweep.axis]]\nkey = \"parameters.outside_rate\"\nname = \"hazard\"\nrange = [0.001, 0.02]\n";
const MEASURES: [&str; 3] = ["mean trust", "mean intimacy", "share intact"];

fn measures() -> String {
    format!("measures = {MEASURES:?}\n")
}

fn draws(common: bool) -> &'static str {
    if common { "common draws" } else { "own draws" }
}

fn noise(page: &mut Page) {
    let text = |seed, points, replicates, common| {
        let head = head(seed, 20, 30, replicates);
        format!(
            "{head}[sweep]\ndesign = \"latin-hypercube\"\npoints = {points}\n\
             common_random_numbers = {common}\n{}{TRUST_RATE}{EXPECTATION}{HAZARD}",
            measures()
        )
    };
    let truth = large(&text(LARGE, 2_000, 40, false));
    let truth = truth.table("noise").expect("noise");
    for (replicates, common) in [
        (2, true),
        (4, true),
        (10, true),
        (2, false),
        (4, false),
        (10, false),
    ] {
        let cases = MEASURES.map(|measure| Case {
            statistic: "`noise`",
            setting: format!("24 points, {replicates} runs each, {}", draws(common)),
            quantity: format!("share of runs, {measure}"),
            truth: number(
                truth,
                "share_of_runs",
                row(truth, &[("observable", measure)]),
            ),
            expected: match (common, replicates, measure) {
                (true, 2 | 4, _) => Expected::Short(85, ALIKE),
                (false, 10, "share intact") => Expected::Wide(EVEN),
                _ => Expected::Nominal,
            },
        });
        page.study(&cases, |seed| {
            let found = sweep(&text(seed, 24, replicates, common));
            let noise = found.table("noise").expect("noise");
            let of = |measure: &str| {
                pair(
                    noise,
                    ["ci_low", "ci_high"],
                    row(noise, &[("observable", measure)]),
                )
            };
            MEASURES.map(of).to_vec()
        });
    }
}

const ALIKE: &str = "down to 87 %: draws act alike at points that are near each other";
const EVEN: &str = "at least 95 %: points of a hypercube are more even than random ones";

fn effects(page: &mut Page) {
    let text = |seed, replicates, common| {
        let head = head(seed, 20, 30, replicates);
        format!(
            "{head}[sweep]\ndesign = \"grid\"\ncommon_random_numbers = {common}\n{}\
             {TRUST_RATE}steps = 3\n{HAZARD}steps = 2\n",
            measures()
        )
    };
    let truth = large(&text(LARGE, 20_000, false));
    let truth = truth.table("effects").expect("effects");
    let measures = ["mean trust", "share intact"];
    let axes = [
        ("mean trust", "trust_rate", "0.2"),
        ("share intact", "hazard", "0.02"),
    ];
    for common in [true, false] {
        let mut cases = Vec::new();
        for (measure, (_, axis, level)) in measures.iter().zip(axes) {
            let at = row(
                truth,
                &[("observable", measure), ("axis", axis), ("level", level)],
            );
            for column in ["mean", "difference"] {
                cases.push(Case {
                    statistic: "`effects`, grid",
                    setting: format!("3 × 2 points, 4 runs each, {}", draws(common)),
                    quantity: format!("{column} at a level, {measure}"),
                    truth: number(truth, column, at),
                    expected: Expected::Nominal,
                });
            }
        }
        page.study(&cases, |seed| {
            let found = sweep(&text(seed, 4, common));
            let table = found.table("effects").expect("effects");
            let mut intervals = Vec::new();
            for (measure, axis, level) in axes {
                let at = row(
                    table,
                    &[("observable", measure), ("axis", axis), ("level", level)],
                );
                intervals.push(pair(table, ["ci_low", "ci_high"], at));
                intervals.push(pair(table, ["difference_low", "difference_high"], at));
            }
            intervals
        });
    }
}

fn departures(page: &mut Page) {
    let text = |seed, replicates| {
        let head = head(seed, 20, 30, replicates);
        format!(
            "{head}[sweep]\ndesign = \"one-at-a-time\"\n{}\
             {TRUST_RATE}steps = 2\nbaseline = 0.05\n{HAZARD}steps = 2\nbaseline = 0.005\n",
            measures()
        )
    };
    let truth = large(&text(LARGE, 20_000));
    let truth = truth.table("effects").expect("effects");
    let axes = [
        ("mean trust", "trust_rate", "0.2"),
        ("share intact", "hazard", "0.02"),
    ];
    let at = |table: &Table, (measure, axis, level): (&str, &str, &str)| {
        row(
            table,
            &[("observable", measure), ("axis", axis), ("level", level)],
        )
    };
    let mut cases = Vec::new();
    for own in axes {
        for (column, what) in [
            ("mean", "mean"),
            ("difference", "difference from the baseline"),
        ] {
            cases.push(Case {
                statistic: "`effects`, one at a time",
                setting: "5 points, 4 runs each, common draws".to_owned(),
                quantity: format!("{what}, {}", own.0),
                truth: number(truth, column, at(truth, own)),
                expected: Expected::Nominal,
            });
        }
    }
    page.study(&cases, |seed| {
        let found = sweep(&text(seed, 4));
        let table = found.table("effects").expect("effects");
        let mut intervals = Vec::new();
        for own in axes {
            intervals.push(pair(table, ["ci_low", "ci_high"], at(table, own)));
            intervals.push(pair(
                table,
                ["difference_low", "difference_high"],
                at(table, own),
            ));
        }
        intervals
    });
}

fn contrasts(page: &mut Page) {
    let hazards = [0.0002, 0.00023, 0.0004, 0.001, 0.01];
    let text = |seed, replicates| {
        let head = head(seed, 20, 30, replicates);
        format!(
            "{head}[sweep]\ndesign = \"list\"\nmeasures = [\"mean trust\", \"share intact\"]\n\
             [[sweep.axis]]\nkey = \"parameters.outside_rate\"\nvalues = {hazards:?}\n\
             [[sweep.axis]]\nkey = \"parameters.trust_rate\"\nvalues = [0.05, 0.051, 0.055, 0.06, 0.1]\n"
        )
    };
    let truth = large(&text(LARGE, 40_000));
    let truth = truth.table("contrasts").expect("contrasts");
    let at = |table: &Table, measure: &str, point: i64| {
        let points = table.ints("point").expect("points");
        let is = |row: &usize| {
            points[*row] == point && table.category("observable", *row) == Some(measure)
        };
        (0..points.len()).find(is)
    };
    for replicates in [8, 32] {
        let mut cases = Vec::new();
        let mut places = Vec::new();
        for measure in ["mean trust", "share intact"] {
            for point in 2..=5 {
                let row = at(truth, measure, point).expect("a contrast");
                let difference = number(truth, "difference", row);
                let events = difference.abs() * 20.0 * f64::from(replicates);
                let rare = measure == "share intact" && events < 10.0;
                places.push((measure, point));
                cases.push(Case {
                    statistic: "`contrasts`",
                    setting: format!("{replicates} pairs of runs of 20 couples"),
                    quantity: match measure {
                        "share intact" => {
                            format!("difference of {measure}, {events:.1} separations expected")
                        }
                        _ => format!("difference of {measure}, point {point}"),
                    },
                    truth: difference,
                    expected: match rare {
                        true => Expected::Wide(RARE),
                        false => Expected::Nominal,
                    },
                });
            }
        }
        page.study(&cases, |seed| {
            let found = sweep(&text(seed, replicates));
            let table = found.table("contrasts").expect("contrasts");
            let of = |(measure, point): &(&str, i64)| {
                let row = at(table, measure, *point).expect("a contrast");
                pair(table, ["ci_low", "ci_high"], row)
            };
            places.iter().map(of).collect()
        });
    }
}

const RARE: &str = "at least 95 %, where there is one: none before the first event";

fn sobol(page: &mut Page) {
    let text = |seed, rows, couples, replicates| {
        let head = head(seed, couples, 30, replicates);
        let scrambles = if rows < 256 { 1 } else { 8 };
        format!(
            "{head}[sweep]\ndesign = \"saltelli\"\npoints = {rows}\nscrambles = {scrambles}\nmeasures = [\"mean trust\", \"mean intimacy\"]\n\
             {TRUST_RATE}{EXPECTATION}{HAZARD}"
        )
    };
    let truth = large(&text(LARGE, 1_024, 2_000, 1));
    let truth = truth.table("sobol").expect("sobol");
    let mut keys = Vec::new();
    for measure in ["mean trust", "mean intimacy"] {
        for index in ["first", "total"] {
            for axis in ["trust_rate", "expectation"] {
                keys.push([("observable", measure), ("index", index), ("axis", axis)]);
            }
        }
    }
    for (rows, replicates) in [(64, 1), (64, 4), (256, 4)] {
        let scrambles = if rows < 256 {
            "1 scramble"
        } else {
            "8 scrambles"
        };
        let case = |key: &[(&str, &str); 3]| Case {
            statistic: "`sobol`",
            setting: format!("{rows} base rows, {scrambles}, {replicates} runs of 20 couples each"),
            quantity: format!("{} order of {}, {}", key[1].1, key[2].1, key[0].1),
            truth: number(truth, "value", row(truth, key)),
            expected: match (rows, replicates) {
                (_, 1) => {
                    Expected::Short(0, "for these draws only, which is what the verdict says")
                }
                (64, _) => Expected::Wide(ONE_SCRAMBLE),
                _ => Expected::Nominal,
            },
        };
        let cases: Vec<Case> = keys.iter().map(case).collect();
        page.study(&cases, |seed| {
            let found = sweep(&text(seed, rows, 20, replicates));
            let table = found.table("sobol").expect("sobol");
            let of = |key: &[(&str, &str); 3]| pair(table, ["ci_low", "ci_high"], row(table, key));
            keys.iter().map(of).collect()
        });
    }
}

const BIAS: &str = "at least 95 %: the bias that noise may leave widens both sides";
const ONE_SCRAMBLE: &str = "at least 95 %: with one scramble base rows count as random";

/// Each measure with each axis that has an effect on it.
fn effects_of_axes() -> Vec<[(&'static str, &'static str); 2]> {
    let mut keys = Vec::new();
    for measure in ["mean trust", "mean intimacy"] {
        for axis in ["trust_rate", "expectation"] {
            keys.push([("observable", measure), ("axis", axis)]);
        }
    }
    keys
}

fn morris(page: &mut Page) {
    let text = |seed, trajectories, couples, replicates| {
        let head = head(seed, couples, 30, replicates);
        format!(
            "{head}[sweep]\ndesign = \"morris\"\npoints = {trajectories}\nmeasures = [\"mean trust\", \"mean intimacy\"]\n\
             {TRUST_RATE}{EXPECTATION}{HAZARD}"
        )
    };
    let truth = large(&text(LARGE, 1_000, 1_000, 1));
    let truth = truth.table("morris").expect("morris");
    let keys = effects_of_axes();
    for (trajectories, replicates) in [(20, 1), (20, 4), (20, 8)] {
        let case = |key: &[(&str, &str); 2]| Case {
            statistic: "`morris`",
            setting: format!("{trajectories} trajectories, {replicates} runs of 20 couples each"),
            quantity: format!("μ* of {}, {}", key[1].1, key[0].1),
            truth: number(truth, "mu_star", row(truth, key)),
            expected: match replicates {
                1 => Expected::Short(0, "for these draws only, which is what the verdict says"),
                _ => Expected::Wide(BIAS),
            },
        };
        let cases: Vec<Case> = keys.iter().map(case).collect();
        page.study(&cases, |seed| {
            let found = sweep(&text(seed, trajectories, 20, replicates));
            let table = found.table("morris").expect("morris");
            let of = |key: &[(&str, &str); 2]| {
                pair(table, ["mu_star_low", "mu_star_high"], row(table, key))
            };
            keys.iter().map(of).collect()
        });
    }
}

fn regression(page: &mut Page) {
    let text = |seed, points, couples, replicates| {
        let head = head(seed, couples, 30, replicates);
        format!(
            "{head}[sweep]\ndesign = \"latin-hypercube\"\npoints = {points}\nmeasures = [\"mean trust\", \"mean intimacy\"]\n\
             {TRUST_RATE}{EXPECTATION}{HAZARD}"
        )
    };
    let truth = large(&text(LARGE, 2_000, 1_000, 1));
    let truth = truth.table("regression").expect("regression");
    let keys = effects_of_axes();
    let columns = [
        ("src", ["src_low", "src_high"]),
        ("prcc", ["prcc_low", "prcc_high"]),
    ];
    let mut cases = Vec::new();
    for key in &keys {
        for (column, _) in columns {
            cases.push(Case {
                statistic: "`regression`",
                setting: "40 points of a Latin hypercube, 4 runs of 20 couples each".to_owned(),
                quantity: format!("{column} of {}, {}", key[1].1, key[0].1),
                truth: number(truth, column, row(truth, key)),
                expected: Expected::Wide(
                    "at least 95 %: draws count among the residuals and again as their own error",
                ),
            });
        }
    }
    page.study(&cases, |seed| {
        let found = sweep(&text(seed, 40, 20, 4));
        let table = found.table("regression").expect("regression");
        let mut intervals = Vec::new();
        for key in &keys {
            intervals.extend(columns.map(|(_, ends)| pair(table, ends, row(table, key))));
        }
        intervals
    });
}

/// Points that are all alike, as many studies of one question, each with random numbers of its own.
fn until(page: &mut Page) {
    let text = |seed, points, couples, days: u32, more: &str| {
        let head = head(seed, couples, days, 1);
        format!(
            "{head}[mechanisms]\nbuffering = false\n[sweep]\ndesign = \"list\"\ncommon_random_numbers = false\n\
             measures = [\"mean trust\", \"mean stress\", \"share intact\"]\n{more}\
             [[sweep.axis]]\nkey = \"parameters.buffering\"\nrange = [0.1, 0.9]\nsteps = {points}\n"
        )
    };
    for (measure, days, half_width) in [
        ("mean trust", 2, 0.006),
        ("mean stress", 2, 0.005),
        ("share intact", 10, 0.02),
        ("share intact", 2, 0.004),
    ] {
        let truth = large(&text(LARGE, 2, 400_000, days, ""));
        let truth = truth.summaries();
        let column = truth.floats("mean").expect("means");
        let own =
            (0..column.len()).filter(|row| truth.category("observable", *row) == Some(measure));
        let truth = own.map(|row| 0.5 * column[row]).sum();
        let more =
            format!("until = {{ half_width = {half_width}, of = \"{measure}\", max = 10000 }}\n");
        let found = large(&text(1, page.count, 4, days, &more));
        let runs = found.points().ints("runs").expect("runs");
        let values = found
            .runs()
            .floats(&measure.replace(' ', "_"))
            .expect("values");
        let mut values = values.iter();
        let means = runs.iter().map(|count| {
            let own = values.by_ref().take(*count as usize);
            own.sum::<f64>() / *count as f64
        });
        let intervals: Vec<[f64; 2]> = means
            .map(|mean| [mean - half_width, mean + half_width])
            .collect();
        let mean_runs = runs.iter().sum::<i64>() as f64 / page.count as f64;
        let case = Case {
            statistic: "`until`",
            setting: format!("runs of 4 couples, {days} days, {mean_runs:.0} runs on average"),
            quantity: measure.to_owned(),
            truth,
            expected: Expected::Nominal,
        };
        page.push(&case, Tally::of(intervals, case.truth));
    }
}

/// Claims at the smallest effect of interest, and on events that are rare.
fn claims(page: &mut Page) {
    let text = |seed, couples, condition: &str, claim: &str| {
        format!(
            "title = \"Coverage\"\n[run]\nseed = {seed}\ncouples = {couples}\ndays = 30\n\
             [mechanisms]\ndissolution = false\n[condition.one]\n[condition.other]\n{condition}\
             [[claim]]\nname = \"c\"\nstatement = \"s\"\nexpect = \"undecided\"\n{claim}"
        )
    };
    let quicker = "parameters.trust_rate = 0.08\n";
    let betrayed = "parameters.betrayal_rate = 0.0003\n";
    let cases = [
        ("trust", "{ other = 1, one = -1 }", quicker, 0.005),
        ("hurt", "{ one = 1 }", quicker, 0.0002),
        ("hurt", "{ other = 1, one = -1 }", betrayed, 0.0005),
    ];
    for (observable, contrast, condition, sesoi) in cases {
        let claim = |null: f64, rule: &str| {
            format!(
                "observable = \"{observable}\"\ncontrast = {contrast}\nnull = {null}\nrule = \"{rule}\"\n\
                 sesoi = {sesoi}\n"
            )
        };
        let whole = scenario(&text(LARGE, 20_000, condition, &claim(0.0, "greater")));
        let truth = whole
            .claims()
            .expect("claims")
            .max_runs(16)
            .run()
            .expect("verdicts");
        let truth = truth.report().findings[0].judged[0].effect;
        let mut tally = Tally::default();
        let mut worst = 0.0_f64;
        for rule in ["less", "equivalent", "greater"] {
            // The effect is the smallest one of interest: either verdict would be wrong.
            let bound = if rule == "less" { -sesoi } else { sesoi };
            let text = |seed| text(seed, 30, condition, &claim(truth - bound, rule));
            let found = studies(page.count, &|seed| {
                let test = scenario(&text(seed)).claims().expect("claims").threads(1);
                let run = test.max_runs(64).run().expect("verdicts");
                let found = &run.report().findings[0];
                let interval = found.judged[0].interval;
                ([interval.low, interval.high], found.verdict)
            });
            for verdict in [Verdict::Supported, Verdict::Refuted] {
                let wrong = found.iter().filter(|one| one.1 == verdict).count();
                worst = worst.max(100.0 * wrong as f64 / page.count as f64);
            }
            tally = Tally::of(found.iter().map(|one| one.0), bound);
        }
        let case = Case {
            statistic: "claims",
            setting: format!(
                "up to 64 runs of 30 couples, effect at `sesoi`: at most {worst:.1} % of verdicts are false"
            ),
            quantity: format!("{observable}, {contrast}"),
            truth: sesoi,
            expected: Expected::Wide(CLAIMS),
        };
        if worst > 5.0 {
            page.errors.push(format!(
                "{}: {worst} % of verdicts are false\n",
                case.quantity
            ));
        }
        page.push(&case, tally);
    }
}

const CLAIMS: &str = "at least 95 %: it holds over all looks at once";

/// Intervals over couples: of a run's days and survival, and of the points of a sweep.
fn couples(page: &mut Page) {
    let large_run = run(&head(LARGE, 400_000, 30, 1), 0);
    let ends = |run: &Run| {
        let trajectory = run.table("trajectory").expect("trajectory");
        let days = trajectory.floats("day").expect("days");
        let is = |row: &usize| {
            days[*row] == 30.0
                && trajectory.category("observable", *row) == Some("trust")
                && trajectory.category("role", *row) == Some("a")
        };
        let trust = (0..days.len()).find(is).expect("the last day");
        let survival = run.table("survival").expect("survival");
        let days = survival.ints("day").expect("days");
        let last = (0..days.len())
            .rfind(|row| days[*row] <= 20)
            .expect("a step");
        [
            (
                number(trajectory, "mean", trust),
                pair(trajectory, ["ci_low", "ci_high"], trust),
            ),
            (
                number(survival, "survival", last),
                pair(survival, ["ci_low", "ci_high"], last),
            ),
        ]
    };
    let truth = ends(&large_run);
    let setting = "100 couples";
    let names = [
        ("`trajectory`", "mean trust of partners a on day 30"),
        ("`survival`", "survival to day 20"),
    ];
    let cases: Vec<Case> = names
        .iter()
        .zip(truth)
        .map(|((statistic, quantity), (truth, _))| Case {
            statistic,
            setting: setting.to_owned(),
            quantity: (*quantity).to_owned(),
            truth,
            expected: Expected::Nominal,
        })
        .collect();
    page.study(&cases, |seed| {
        let found = ends(&run(&head(seed, 100, 30, 1), 1));
        found.map(|(_, interval)| interval).to_vec()
    });
}

#[test]
#[ignore = "simulates thousands of sweeps: stage `coverage` of .ci/run"]
fn intervals_of_the_model_hold_the_truth_as_often_as_the_page_says() {
    let parts: [(&str, u64, fn(&mut Page)); 10] = [
        ("couples", 1_000, couples),
        ("effects", 1_000, effects),
        ("departures", 1_000, departures),
        ("contrasts", 1_000, contrasts),
        ("noise", 1_000, noise),
        ("until", 1_000, until),
        ("claims", 1_000, claims),
        ("regression", 1_000, regression),
        ("morris", 500, morris),
        ("sobol", 200, sobol),
    ];
    let only = env::var("PAIRBOND_COVERAGE").ok();
    let mut page = Page::default();
    for (name, count, part) in parts {
        if only.as_deref().is_none_or(|only| only == name) {
            let begin = std::time::Instant::now();
            page.count = count;
            part(&mut page);
            eprintln!("{name}: {:.0} s", begin.elapsed().as_secs_f64());
        }
    }
    if only.is_none() {
        compare(&page.rows);
    }
    assert!(
        page.errors.is_empty(),
        "not as expected:\n{}",
        page.errors.concat()
    );
}

fn page_file() -> PathBuf {
    let root = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from);
    root.join("docs/coverage.md")
}

/// The lines of the page before, in and after the table of the model.
fn parts_of(text: &str) -> [String; 3] {
    let header = "| --- | --- | --- | --- | --- | --- | --- | --- |\n";
    let begin = text.find(header).expect("the table of the model") + header.len();
    let length: usize = text[begin..]
        .split_inclusive('\n')
        .take_while(|line| line.starts_with('|'))
        .map(str::len)
        .sum();
    let [before, rest] = [&text[..begin], &text[begin..]];
    [before, &rest[..length], &rest[length..]].map(str::to_owned)
}

fn compare(rows: &str) {
    let file: &Path = &page_file();
    let text = fs::read_to_string(file).expect("the page");
    let [before, on_page, after] = parts_of(&text);
    if env::var_os("PAIRBOND_BLESS").is_some() {
        fs::write(file, before + rows + &after).expect("a writable page");
        return;
    }
    assert!(
        on_page == rows,
        "PAIRBOND_BLESS=1 writes {} anew; its table should be:\n{rows}",
        file.display()
    );
}

#[test]
fn every_coverage_on_the_page_is_sound_or_has_a_note() {
    let text = fs::read_to_string(page_file()).expect("the page");
    let [_, rows, _] = parts_of(&text);
    assert!(rows.lines().count() > 90, "{rows}");
    for row in rows.lines() {
        let cells: Vec<&str> = row.split(" | ").collect();
        let share = cells[5].split(' ').next().expect("a share");
        let share: f64 = share.parse().expect("a percentage");
        let noted = cells[7].trim_end_matches('|').trim();
        assert!(
            SOUND.contains(&(share / 100.0)) || !noted.is_empty(),
            "{row}"
        );
    }
}
