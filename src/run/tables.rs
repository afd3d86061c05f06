//! The tables of a run that are made when all couples are simulated.

use crate::error::Error;
use crate::simulation::{
    Bins, FLOW_CELLS, Line, Moments, OBSERVABLES, Occasion, PhaseFlow, Recorded, ReliabilityStats,
    Role, SCALES, Size, Sums, Survey,
};
use crate::stats::interval::{CONFIDENCE, Interval, student_quantile, wilson};
use crate::stats::summary::Histogram;
use crate::stats::survival;
use crate::stats::survival::{Exit, Exits, SurvivalStep, kaplan_meier};
use crate::table::{Field, Schema, Table, Value};
use std::sync::LazyLock;

/// Probabilities of the quantiles in `trajectory`, with their columns.
const QUANTILES: [(f64, &str); 5] = [
    (0.05, "q05"),
    (0.25, "q25"),
    (0.5, "q50"),
    (0.75, "q75"),
    (0.95, "q95"),
];

/// Names of the observables, as words of a table.
static NAMES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| OBSERVABLES.iter().map(|(_, info)| info.key).collect());

/// Finds a table by its name.
pub(crate) fn find_table<'t>(tables: &'t [Table], name: &str) -> Result<&'t Table, Error> {
    let found = tables.iter().find(|table| table.schema.table == name);
    found.ok_or_else(|| Error::NoTable {
        table: name.to_owned(),
    })
}

/// The header of `trajectory`: a row a recorded day, observable and role.
pub(crate) fn trajectory_schema() -> Schema {
    let mut columns = vec![
        Field::float(
            "day",
            "days",
            "Recorded day; 0 is the start, on which counts and shares of a day's events are missing",
        ),
        Field::categorical(
            "role",
            Role::WORDS,
            "Partner A, partner B, or the couple: the mean of both, or what is the couple's own",
        ),
        Field::categorical("observable", NAMES.as_slice(), "What was observed"),
        Field::int(
            "n",
            "couples",
            "Couples with a value on the day, over all replicates: those intact when it ends, and those \
             that break up as it ends; 0 for events on day 0",
        ),
        Field::float("mean", "as observable", "Mean over those couples"),
        Field::float(
            "sd",
            "as observable",
            "Standard deviation over those couples",
        ),
        Field::float(
            "ci_low",
            "as observable",
            "Lower end of the 95 % interval of the mean: Student's t, Wilson's score for shares",
        ),
        Field::float(
            "ci_high",
            "as observable",
            "Upper end of the 95 % interval of the mean",
        ),
    ];
    for (probability, name) in QUANTILES {
        let meaning = format!(
            "Quantile at {probability}, from bins of 1/512 of the observable's range; of counts a count (16 or \
             more is 16), of a couple's counts a half at most; missing for shares, and on days without quantiles \
             (record.quantiles_every)"
        );
        columns.push(Field::float(name, "as observable", meaning));
    }
    Schema {
        table: "trajectory",
        row: "a recorded day, observable and role",
        columns,
    }
}

/// Makes `trajectory` from an ensemble's sums and bins.
pub(crate) fn trajectory(recorded: &Recorded, moments: &Moments, bins: &Bins) -> Table {
    let mut table = Table::new(trajectory_schema());
    for (slot, day) in recorded.days.iter().enumerate() {
        for (position, line) in recorded.lines.iter().enumerate() {
            let (n, found) = line_summary(recorded, moments, (slot, *day), position);
            let mut row = line_values(line, *day, n, &found).to_vec();
            let counts = bins.of(slot, position).filter(|_| n > 0);
            let spread = counts.map(|counts| histogram(line, &counts));
            row.extend(QUANTILES.map(|(p, _)| {
                Value::Float(
                    spread
                        .as_ref()
                        .map_or(f64::NAN, |spread| quantile(line, &found, n, spread, p)),
                )
            }));
            table.rows.push(row);
        }
    }
    table
}

/// Couples behind a line on a recorded day, and its summary over them; `slot` is the day's position.
fn line_summary(
    recorded: &Recorded,
    moments: &Moments,
    (slot, day): (usize, u32),
    position: usize,
) -> (u64, LineSummary) {
    let line = &recorded.lines[position];
    // No day came before day 0, so it has no events: their counts are missing and not 0.
    let n = if day == 0 && line.observable.is_of_events() {
        0
    } else {
        moments.intact[slot]
    };
    let reach = student_quantile(0.5 + 0.5 * CONFIDENCE, n as f64 - 1.0);
    let sums = moments.sums[slot * recorded.lines.len() + position];
    (n, summary(line, n, sums, reach))
}

/// The values of a line on a recorded day, but for quantiles.
fn line_values(line: &Line, day: u32, n: u64, found: &LineSummary) -> [Value; 8] {
    [
        Value::Float(f64::from(day)),
        Value::Categorical(line.role as u8),
        Value::Categorical(line.observable.index() as u8),
        Value::Int(n as i64),
        Value::Float(found.mean),
        Value::Float(found.sd),
        Value::Float(found.interval.low),
        Value::Float(found.interval.high),
    ]
}

/// The cells of a row of `trajectory` up to its quantiles, from the sums over some couples.
pub(crate) fn line_cells(
    recorded: &Recorded,
    moments: &Moments,
    day: (usize, u32),
    position: usize,
) -> [Value; 8] {
    let (n, found) = line_summary(recorded, moments, day, position);
    line_values(&recorded.lines[position], day.1, n, &found)
}

struct LineSummary {
    mean: f64,
    sd: f64,
    interval: Interval,
}

fn summary(line: &Line, n: u64, [sum, squares]: [f64; 2], reach: f64) -> LineSummary {
    if n == 0 {
        return LineSummary {
            mean: f64::NAN,
            sd: f64::NAN,
            interval: Interval::UNDEFINED,
        };
    }
    let sums = Sums { n, sum, squares };
    let (mean, sd) = (sums.mean(), sums.sd());
    let interval = if line.binned() {
        let half = reach * sd / (n as f64).sqrt();
        if half.is_nan() {
            Interval::UNDEFINED
        } else {
            Interval::around(mean, half)
        }
    } else {
        wilson(sum as u64, n, CONFIDENCE)
    };
    LineSummary { mean, sd, interval }
}

/// The quantile of one line's values.
fn quantile(line: &Line, found: &LineSummary, n: u64, spread: &Histogram, p: f64) -> f64 {
    if n == 1 || found.sd == 0.0 {
        // A constant has no other quantile than itself.
        found.mean
    } else if line.observable.is_count() {
        spread.quantile_of_counts(p)
    } else {
        spread.quantile(p)
    }
}

fn histogram(line: &Line, counts: &[u32]) -> Histogram {
    let info = line.observable.info();
    Histogram::new(
        info.low,
        info.high,
        counts.iter().map(|c| u64::from(*c)).collect(),
    )
}

/// Makes `survival` from the couples that ended in each step and those that did not.
pub(crate) fn survival_table(ends: &SeparationCounts, size: &Size) -> Table {
    survival::table(&survival_steps(ends, size))
}

/// The steps of the survival curve of some couples.
pub(crate) fn survival_steps(ends: &SeparationCounts, size: &Size) -> Vec<SurvivalStep> {
    let mut exits = Exits::default();
    for (step, count) in ends.steps.iter().enumerate() {
        let day = (step as u64 + 1).div_ceil(u64::from(size.steps_per_day)) as u32;
        exits.add(
            day,
            Exit {
                ended: *count,
                censored: 0,
            },
        );
    }
    exits.add(
        size.days,
        Exit {
            ended: 0,
            censored: ends.together,
        },
    );
    kaplan_meier(&exits, CONFIDENCE)
}

/// How many couples ended in each step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SeparationCounts {
    steps: Vec<u64>,
    together: u64,
}

impl SeparationCounts {
    /// No couples yet.
    pub(crate) fn new(size: &Size) -> SeparationCounts {
        SeparationCounts {
            steps: vec![0; size.steps() as usize],
            together: 0,
        }
    }
    /// Counts one couple's end: the step of the break-up, from 1, if there was one.
    pub(crate) fn count(&mut self, end: Option<u64>) {
        match end {
            Some(step) => self.steps[step as usize - 1] += 1,
            None => self.together += 1,
        }
    }
    /// Couples that separated.
    pub(crate) fn ended(&self) -> u64 {
        self.steps.iter().sum()
    }
    /// Couples that were intact after the last day.
    pub(crate) fn together(&self) -> u64 {
        self.together
    }
}

/// The header of `flow`: a row a cell of the trust–intimacy plane.
pub(crate) fn flow_schema() -> Schema {
    let cell = |name: &str, meaning: &str| Field::float(name, "1", meaning).within(0.0, 1.0);
    let columns = vec![
        cell(
            "trust",
            "Centre of the cell: couple's mean trust at the start of a move",
        ),
        cell(
            "intimacy",
            "Centre of the cell: couple's mean intimacy at the start of a move",
        ),
        Field::int(
            "n",
            "moves",
            "Moves that began in the cell, over all couples and days",
        ),
        Field::float(
            "d_trust",
            "1",
            "Mean change of trust over record.phase_flow_days",
        ),
        Field::float(
            "d_trust_se",
            "1",
            "Its standard error, moves taken as independent",
        ),
        Field::float(
            "d_intimacy",
            "1",
            "Mean change of intimacy over record.phase_flow_days",
        ),
        Field::float(
            "d_intimacy_se",
            "1",
            "Its standard error, moves taken as independent",
        ),
    ];
    Schema {
        table: "phase_flow",
        row: "a cell of the trust–intimacy plane",
        columns,
    }
}

/// Makes `flow` from the moves counted.
pub(crate) fn flow_table(flow: &PhaseFlow) -> Table {
    let mut table = Table::new(flow_schema());
    let centre = |k: usize| (k as f64 + 0.5) / FLOW_CELLS as f64;
    for (index, cell) in flow.cells.iter().enumerate() {
        let n = cell.moves as f64;
        let mut row = vec![
            Value::Float(centre(index / FLOW_CELLS)),
            Value::Float(centre(index % FLOW_CELLS)),
            Value::Int(cell.moves as i64),
        ];
        for axis in 0..2 {
            let mean = if cell.moves > 0 {
                cell.sum[axis] / n
            } else {
                f64::NAN
            };
            let variance = (cell.squares[axis] - cell.sum[axis] * mean).max(0.0) / (n - 1.0);
            let error = if cell.moves > 1 {
                (variance / n).sqrt()
            } else {
                f64::NAN
            };
            row.extend([Value::Float(mean), Value::Float(error)]);
        }
        table.rows.push(row);
    }
    table
}

/// Where a scale is answered, as words of a table.
const OCCASIONS: &[&str] = &["waves", "diary"];

/// The header of `instruments`: a row a scale.
pub(crate) fn instruments_schema() -> Schema {
    let columns = vec![
        Field::str("scale", "The scale: the column of its scores"),
        Field::categorical("asked_in", OCCASIONS, "Table of its scores"),
        Field::int("items", "", "Items whose mean is a score"),
        Field::int(
            "points",
            "",
            "Steps of an item; 0 for answers without steps",
        ),
        Field::float(
            "reliability",
            "1",
            "Reliability that was asked for, where states have the standard deviation sd",
        )
        .within(0.0, 1.0),
        Field::float(
            "sd",
            "points",
            "Standard deviation of states at which the scale has that reliability",
        ),
        Field::float(
            "error_sd",
            "points",
            "Standard deviation of a score's error, before it is answered in steps",
        ),
        Field::int("n", "answers", "Answers, over all persons and days"),
        Field::float("score_mean", "points", "Mean score"),
        Field::float("score_sd", "points", "Standard deviation of the scores"),
        Field::float(
            "state_sd",
            "points",
            "Standard deviation of the states behind them",
        ),
        Field::float(
            "reliability_found",
            "1",
            "Squared correlation of scores and states in this sample; missing where either does not \
             vary",
        )
        .within(0.0, 1.0),
    ];
    Schema {
        table: "instruments",
        row: "a scale",
        columns,
    }
}

/// Makes `instruments` from the scales' accounts.
pub(crate) fn instruments(work: &Survey, accounts: &[ReliabilityStats]) -> Table {
    let mut table = Table::new(instruments_schema());
    let length = work.top() - 1.0;
    for (index, (scale, account)) in SCALES.iter().zip(accounts).enumerate() {
        let requested = match scale.occasion {
            Occasion::Wave => !work.waves.is_empty(),
            Occasion::Diary => work.diary_days > 0,
        };
        if !requested {
            continue;
        }
        let error = work.item_error(index) / f64::from(work.items[index]).sqrt();
        table.rows.push([
            Value::Str(scale.key.to_owned()),
            Value::Categorical(u8::from(scale.occasion == Occasion::Diary)),
            Value::Int(i64::from(work.items[index])),
            Value::Int(i64::from(work.points)),
            Value::Float(work.reliability[index]),
            Value::Float(work.sd[index] * length),
            Value::Float(error * length),
            Value::Int(account.n as i64),
            Value::Float(account.mean()),
            Value::Float(account.sd()),
            Value::Float(account.state_sd() * length),
            Value::Float(account.reliability()),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use crate::scenario::Scenario;

    #[test]
    fn strain_starts_as_life_events_leave_it() {
        let text = "title = 'x'\n[run]\ncouples = 600\ndays = 5000\n[mechanisms]\ndissolution = false\n\
            [record]\nevery = 5000\nsample_couples = 0\nobservables = ['strain']\n";
        let run = Scenario::parse(text)
            .and_then(|scenario| scenario.run())
            .expect("a run");
        let table = run.table("trajectory").expect("a table");
        let column = |name: &str| table.floats(name).expect("a column");
        let rows: Vec<usize> = (0..column("mean").len())
            .filter(|row| table.category("role", *row) == Some("a"))
            .collect();
        let [first, last] = rows[..] else {
            panic!("the first day and the last one");
        };
        for (name, allowed) in [("mean", 0.03), ("sd", 0.02)] {
            let (start, end) = (column(name)[first], column(name)[last]);
            assert!((start - end).abs() < allowed, "{name}: {start}, {end}");
        }
    }

    #[test]
    fn quantiles_of_counts_are_counts_and_constants_are_their_own() {
        let text = "title = 'x'\n[run]\ncouples = 45\ndays = 4\n[record]\n\
            observables = ['commitment', 'stress', 'wellbeing', 'bids', 'responsive']\n";
        let run = Scenario::parse(text)
            .and_then(|scenario| scenario.run())
            .expect("a run");
        let table = run.table("trajectory").expect("a table");
        let column = |name: &str| table.floats(name).expect("a column");
        let mut constants = 0;
        for row in 0..column("day").len() {
            let observable = table.category("observable", row).expect("a word");
            let quantiles = ["q05", "q25", "q50", "q75", "q95"].map(|name| column(name)[row]);
            let (mean, sd) = (column("mean")[row], column("sd")[row]);
            if ["bids", "responsive"].contains(&observable) && column("day")[row] > 0.0 {
                let step = if table.category("role", row) == Some("couple") {
                    0.5
                } else {
                    1.0
                };
                assert!(
                    quantiles.iter().all(|q| (q / step).fract() == 0.0),
                    "{quantiles:?}"
                );
            } else if column("day")[row] == 0.0 && mean.is_finite() {
                let value = match observable {
                    "commitment" => 0.452,
                    "stress" => 0.2,
                    _ => 0.65,
                };
                assert_eq!((mean, sd), (value, 0.0), "{observable}");
                assert_eq!(quantiles, [value; 5], "{observable}");
                let interval = [column("ci_low")[row], column("ci_high")[row]];
                assert_eq!(interval, [value; 2], "{observable}");
                constants += 1;
            }
        }
        assert_eq!(constants, 9);
    }

    #[test]
    fn events_of_day_0_are_missing_and_states_are_not() {
        let text = "title = 'x'\n[run]\ncouples = 40\ndays = 2\n[record]\n\
            observables = ['trust', 'daily_satisfaction', 'bids', 'disclosure', 'conflict']\n";
        let run = Scenario::parse(text)
            .and_then(|scenario| scenario.run())
            .expect("a run");
        let table = run.table("trajectory").expect("a table");
        let (day, n) = (table.floats("day"), table.ints("n"));
        let (day, n) = (day.expect("a column"), n.expect("a column"));
        let columns = ["mean", "sd", "ci_low", "ci_high", "q05", "q50", "q95"];
        let mut missing = 0;
        for row in 0..day.len() {
            let observable = table.category("observable", row).expect("a word");
            let is_state = ["trust", "daily_satisfaction"].contains(&observable);
            let has_value = day[row] > 0.0 || is_state;
            assert_eq!(n[row] > 0, has_value, "{observable} on day {}", day[row]);
            let mean = table.floats("mean").expect("a column")[row];
            assert_eq!(mean.is_finite(), has_value);
            if !has_value {
                missing += 1;
                for column in columns {
                    assert!(table.floats(column).expect("a column")[row].is_nan());
                }
            }
        }
        assert_eq!(missing, 3 + 3 + 1);
    }
}
