//! Differences between conditions: those of the same couples, which have the same random numbers under each
//! condition.
//!
//! A couple's difference holds what the condition changed and no other couple's luck, so that intervals are much
//! narrower than those of two runs with other seeds.

use crate::report::findings::SHARE_INTACT;
use crate::simulation::{BlockOutcome, Line, Over, Recorded, Role, SimulationConfig};
use crate::stats::interval::{CONFIDENCE, Interval, normal_reach, student_quantile};
use crate::table::{Field, Schema, Table, Value};

/// The header of `differences`.
pub(crate) fn differences_schema() -> Schema {
    let unit = "as observable";
    let columns = vec![
        Field::str("condition", "Condition of the scenario"),
        Field::str(
            "reference",
            "Condition that it is compared with: the first one",
        ),
        Field::float(
            "day",
            "days",
            "Day with quantiles in `trajectory`, or one of [record] `compare_days`; 0 is the start",
        ),
        Field::categorical(
            "role",
            Role::WORDS,
            "Partner A, partner B, or the couple: the mean of both, or what is the couple's own",
        ),
        Field::str(
            "observable",
            "What was observed; \"share intact\" is the share of all couples that are intact after the day",
        ),
        Field::categorical(
            "over",
            Over::WORDS,
            "Over which couples: `together` those intact on the day under both conditions, `all` every couple, of \
             which those that separated have the value of their break-up",
        ),
        Field::int("n", "couples", "Couples whose difference is known"),
        Field::float(
            "reference_mean",
            unit,
            "Mean of these couples under the reference",
        ),
        Field::float(
            "difference",
            unit,
            "Mean over these couples: the value under the condition less that under the reference",
        ),
        Field::float("sd", unit, "Standard deviation of the couples' differences"),
        Field::float(
            "ci_low",
            unit,
            "Lower end of the 95 % interval of the difference: Student's t for the same couples; of shares that of \
             Agresti and Min (2005)",
        ),
        Field::float("ci_high", unit, "Upper end of that interval"),
    ];
    Schema {
        table: "differences",
        row: "a condition, day, observable, role and set of couples",
        columns,
    }
}

/// Sums over couples of a value under the reference, and of the differences from it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct PairedSums {
    n: u64,
    reference: f64,
    sum: f64,
    squares: f64,
}

impl PairedSums {
    pub(crate) fn add(&mut self, value: f64, reference: f64) {
        let difference = value - reference;
        self.n += 1;
        self.reference += reference;
        self.sum += difference;
        self.squares += difference * difference;
    }

    pub(crate) fn join(&mut self, next: &PairedSums) {
        self.n += next.n;
        self.reference += next.reference;
        self.sum += next.sum;
        self.squares += next.squares;
    }

    fn sd(&self) -> f64 {
        let n = self.n as f64;
        let mean = self.sum / n;
        ((self.squares - n * mean * mean).max(0.0) / (n - 1.0)).sqrt()
    }

    /// Number of couples, mean under the reference, mean difference, its standard deviation and interval, as cells
    /// of a table.
    pub(crate) fn cells(&self, of_numbers: bool) -> [Value; 6] {
        let interval = if of_numbers {
            self.interval()
        } else {
            self.share_interval()
        };
        let n = self.n as f64;
        [
            Value::Int(self.n as i64),
            Value::Float(self.reference / n),
            Value::Float(self.sum / n),
            Value::Float(self.sd()),
            Value::Float(interval.low),
            Value::Float(interval.high),
        ]
    }

    /// The interval of the mean difference of numbers.
    fn interval(&self) -> Interval {
        let n = self.n as f64;
        let half = student_quantile(0.5 + 0.5 * CONFIDENCE, n - 1.0) * self.sd() / n.sqrt();
        if half.is_nan() {
            Interval::UNDEFINED
        } else {
            Interval::around(self.sum / n, half)
        }
    }

    /// The interval of the difference of two shares of the same couples (Agresti & Min 2005): half a couple is
    /// added to each cell of the table of both conditions, so that few changes do not mean that there are none.
    fn share_interval(&self) -> Interval {
        if self.n == 0 {
            return Interval::UNDEFINED;
        }
        let n = self.n as f64 + 2.0;
        let changed = self.squares + 1.0;
        let variance = (changed - self.sum * self.sum / n) / (n * n);
        let half = normal_reach(CONFIDENCE) * variance.sqrt();
        Interval::around(self.sum / n, half).cut_to(Interval {
            low: -1.0,
            high: 1.0,
        })
    }
}

/// What is compared: the days with quantiles and those that the scenario names, and the lines of the trajectory.
#[derive(Clone, Debug)]
pub(crate) struct Compared {
    days: Vec<u32>,
    /// Positions of the days among those on which couples' values are kept.
    positions: Vec<usize>,
    lines: Vec<Line>,
    steps_per_day: u64,
}

/// Sums of all comparisons: by condition (without the reference), day, line and set of couples; the line after
/// the last is the share of intact couples.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DifferenceSums(Vec<[PairedSums; 2]>);

impl Compared {
    /// What a configuration compares.
    pub(crate) fn new(recorded: &Recorded, config: &SimulationConfig) -> Compared {
        let named = config.record.compare_days.iter().copied();
        let mut days: Vec<u32> = recorded.quantile_days().chain(named).collect();
        days.sort_unstable();
        days.dedup();
        let positions = days.iter().map(|day| recorded.value_position(*day));
        Compared {
            positions: positions.flatten().collect(),
            days,
            lines: recorded.lines.clone(),
            steps_per_day: u64::from(config.size.steps_per_day),
        }
    }

    /// Sums of a number of comparisons, without any couple.
    pub(crate) fn no_couples(&self, comparisons: usize) -> DifferenceSums {
        let cells = comparisons * self.days.len() * (self.lines.len() + 1);
        DifferenceSums(vec![[PairedSums::default(); 2]; cells])
    }

    /// Compares the couples of a block under each condition with the same couples under the first.
    pub(crate) fn compare(&self, outcomes: &[BlockOutcome]) -> DifferenceSums {
        let Some((reference, others)) = outcomes.split_first() else {
            return self.no_couples(0);
        };
        let mut all = self.no_couples(others.len());
        let lines = self.lines.len() + 1;
        let cells = all.0.chunks_mut(self.days.len() * lines);
        for (other, cells) in others.iter().zip(cells) {
            let days = self.days.iter().zip(&self.positions);
            for ((day, place), cells) in days.zip(cells.chunks_mut(lines)) {
                self.compare_day(*place, u64::from(*day), [reference, other], cells);
            }
        }
        all
    }

    fn compare_day(
        &self,
        place: usize,
        day: u64,
        [reference, other]: [&BlockOutcome; 2],
        cells: &mut [[PairedSums; 2]],
    ) {
        for couple in 0..reference.ends.len() {
            let ends = [reference.ends[couple], other.ends[couple]];
            // A day is recorded before the couples that separate at its end are gone.
            let counted =
                |end: Option<u64>| end.is_none_or(|step| step / self.steps_per_day >= day);
            let intact = |end: Option<u64>| {
                let is_intact = end.is_none_or(|step| step.div_ceil(self.steps_per_day) > day);
                f64::from(u8::from(is_intact))
            };
            let both = ends.into_iter().all(counted);
            let values = [reference, other].map(|outcome| outcome.values.of(place, couple));
            for (line, [together, all]) in cells[..self.lines.len()].iter_mut().enumerate() {
                if day == 0 && self.lines[line].observable.is_of_events() {
                    continue;
                }
                let [reference, value] = values.map(|values| values[line]);
                all.add(value, reference);
                if both {
                    together.add(value, reference);
                }
            }
            cells[self.lines.len()][1].add(intact(ends[1]), intact(ends[0]));
        }
    }

    /// Makes `differences` from the sums of all couples.
    pub(crate) fn table(&self, names: &[String], sums: &DifferenceSums) -> Table {
        let mut table = Table::new(differences_schema());
        let lines = self.lines.len() + 1;
        let conditions = names.iter().skip(1);
        let cells = sums.0.chunks(self.days.len() * lines);
        for (condition, cells) in conditions.zip(cells) {
            for (day, cells) in self.days.iter().zip(cells.chunks(lines)) {
                for (line, sums) in cells.iter().enumerate() {
                    let line = self.lines.get(line);
                    for (over, sums) in [Over::Together, Over::All].into_iter().zip(sums) {
                        // All couples are intact at the start, and all are counted later.
                        if line.is_some() || over == Over::All && *day > 0 {
                            let of = [condition, &names[0]];
                            table.rows.push(row(of, *day, line, over, sums));
                        }
                    }
                }
            }
        }
        table
    }
}

fn row(
    [condition, reference]: [&String; 2],
    day: u32,
    line: Option<&Line>,
    over: Over,
    sums: &PairedSums,
) -> impl Iterator<Item = Value> {
    let is_share = line.is_none_or(|line| !line.binned());
    let observable = line.map_or(SHARE_INTACT, |line| line.observable.info().key);
    [
        Value::Str(condition.clone()),
        Value::Str(reference.clone()),
        Value::Float(f64::from(day)),
        Value::Categorical(line.map_or(Role::Couple, |line| line.role) as u8),
        Value::Str(observable.to_owned()),
        Value::Categorical(over as u8),
    ]
    .into_iter()
    .chain(sums.cells(!is_share))
}

impl DifferenceSums {
    /// Adds the sums of the next block.
    pub(crate) fn join(&mut self, next: &DifferenceSums) {
        for (ours, theirs) in self.0.iter_mut().zip(&next.0) {
            for (ours, theirs) in ours.iter_mut().zip(theirs) {
                ours.join(theirs);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::conditions::RunConditions;
    use crate::scenario::Scenario;
    use crate::table::Values;

    const TEXT: &str = "title = 'Conditions'
        [run]
        seed = 5
        couples = 130
        days = 40
        replicates = 2
        [record]
        quantiles_every = 20
        observables = ['trust', 'conflict']
        [parameters]
        outside_rate = 0.01
        [condition.plain]
        [condition.responsive]
        traits.b.responsiveness = 0.99
        [condition.same]";

    fn scenario() -> Scenario {
        Scenario::parse(TEXT).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Rows of a table as texts, by column.
    fn rows(table: &Table, condition: &str) -> Vec<Vec<String>> {
        let cell = |column: usize, row: usize| match (
            &table.rows.columns[column],
            table.schema.columns[column].kind,
        ) {
            (Values::Float(v), _) => format!("{:.12}", v[row]),
            (Values::Int(v), _) => v[row].to_string(),
            (Values::Categorical(v), crate::table::Kind::Categorical(words)) => {
                words[usize::from(v[row])].to_owned()
            }
            (Values::Str(v), _) => v[row].clone(),
            _ => panic!("a column of its kind"),
        };
        let columns = 0..table.schema.columns.len();
        (0..table.rows.rows())
            .map(|row| columns.clone().map(|column| cell(column, row)).collect())
            .filter(|row: &Vec<String>| row[0] == condition)
            .collect()
    }

    #[test]
    fn a_condition_is_run_as_if_it_were_the_scenario() {
        let run = scenario().run().expect("a run");
        let conditions = RunConditions::of(&scenario());
        assert_eq!(conditions.names, ["plain", "responsive", "same"]);
        for (place, alone) in conditions.scenarios.iter().enumerate() {
            let alone = alone.run().expect("a run");
            for table in alone.tables() {
                let joined = run.table(table.schema.table).expect("the same table");
                let own = &conditions.split(joined)[place];
                assert_eq!(own.schema, table.schema);
                // As text, because a missing number is not equal to itself.
                let (one, other) = (format!("{:?}", own.rows), format!("{:?}", table.rows));
                assert!(one == other, "{} of {place}", table.schema.table);
            }
        }
    }

    #[test]
    fn differences_are_those_of_the_same_couples() {
        let run = scenario().run().expect("a run");
        let couples = RunConditions::of(&scenario()).split(run.couples());
        let columns = |name: &str| -> Vec<Vec<f64>> {
            let of = |table: &Table| table.floats(name).expect("a column").to_vec();
            couples.iter().map(of).collect()
        };
        let (trust, time) = (columns("trust_end_a"), columns("time"));
        let last = |over: &str, observable: &str, role: &str| {
            let table = run.table("differences").expect("a table");
            let key = ["plain", "40.000000000000", role, observable, over];
            let mut found = rows(table, "responsive").into_iter();
            found
                .find(|row| row[1..6] == key)
                .unwrap_or_else(|| panic!("no row of {key:?}"))
        };
        // By hand, from the rows of couples: over all of them, whose last values are those of the table.
        let pairs: Vec<f64> = trust[1].iter().zip(&trust[0]).map(|(x, y)| x - y).collect();
        let n = pairs.len() as f64;
        let mean = pairs.iter().sum::<f64>() / n;
        let squares = pairs.iter().map(|own| (own - mean).powi(2));
        let sd = (squares.sum::<f64>() / (n - 1.0)).sqrt();
        let half = student_quantile(0.975, n - 1.0) * sd / n.sqrt();
        let row = last("all", "trust", "a");
        assert_eq!(row[6], "260");
        for (column, expected) in (8..12).zip([mean, sd, mean - half, mean + half]) {
            let found: f64 = row[column].parse().expect("a number");
            assert!(
                (found - expected).abs() < 1e-11,
                "{column}: {found} {expected}"
            );
        }
        assert!(mean > 0.0 && mean - half > 0.0, "{row:?}");
        // Over those that are together under both conditions.
        let both = (0..260).filter(|couple| [0, 1].iter().all(|own| time[*own][*couple] >= 40.0));
        let both: Vec<usize> = both.collect();
        let mean = both.iter().map(|couple| pairs[*couple]).sum::<f64>() / both.len() as f64;
        let row = last("together", "trust", "a");
        assert!(both.len() > 100 && both.len() < 260);
        assert_eq!(row[6], both.len().to_string());
        assert_eq!(row[8], format!("{mean:.12}"));
        // And the share of intact couples.
        let status: Vec<Vec<i64>> = couples
            .iter()
            .map(|table| table.ints("status").expect("a column").to_vec())
            .collect();
        let share = |own: usize| 260.0 - status[own].iter().sum::<i64>() as f64;
        let row = last("all", SHARE_INTACT, "couple");
        assert_eq!(row[8], format!("{:.12}", (share(1) - share(0)) / 260.0));
        assert_eq!(row[7], format!("{:.12}", share(0) / 260.0));
    }

    #[test]
    fn equal_conditions_do_not_differ() {
        let run = scenario().run().expect("a run");
        let table = run.table("differences").expect("a table");
        let same = rows(table, "same");
        assert!(same.len() > 20);
        for row in same.iter().filter(|row| row[6] != "0") {
            assert_eq!(row[8], "0.000000000000", "{row:?}");
            let is_share = ["conflict", SHARE_INTACT].contains(&row[4].as_str());
            // Half a couple in each cell leaves space for changes that were not seen.
            assert_eq!(row[11] == "0.000000000000", !is_share, "{row:?}");
        }
    }

    /// 1,600 persons of whom 944 approved first and 880 later, 150 only first and 86 only later (Agresti 2002, table
    /// 10.1): with so many the adjusted interval is near the unadjusted one, −.059 to −.021.
    #[test]
    fn shares_have_the_interval_of_agresti_and_min() {
        let sums = PairedSums {
            n: 1600,
            reference: 944.0,
            sum: 86.0 - 150.0,
            squares: 86.0 + 150.0,
        };
        let found = sums.share_interval();
        assert!(
            (found.low + 0.0588).abs() < 2e-4 && (found.high + 0.0211).abs() < 2e-4,
            "{found:?}"
        );
        let none = PairedSums {
            n: 10,
            ..PairedSums::default()
        };
        let found = none.share_interval();
        assert!(found.low < -0.1 && found.high > 0.1, "{found:?}");
    }

    #[test]
    fn differences_do_not_depend_on_threads() {
        let of = |threads: usize| {
            let run = scenario().runner().threads(threads).run().expect("a run");
            format!("{:?}", run.tables())
        };
        assert!(of(1) == of(3));
    }
}
