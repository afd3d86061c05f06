//! Measures: the numbers that one run of an ensemble is summed up in.

use super::BLOCK_COUPLES;
use super::observable::{OBSERVABLES, Observable, Role};
use super::recorded::{Line, Moments, Recorded};
use std::fmt;

/// Which couples a measure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// Those still together on the day: intact when it ends, or breaking up as it ends.
    Together,
    /// All couples: separated ones have the value that they had at their break-up.
    All,
}

impl Over {
    /// The words of a scenario.
    pub(crate) const WORDS: &'static [&'static str] = &["together", "all"];

    /// The words after a measure's name.
    fn suffix(self) -> &'static str {
        match self {
            Over::Together => "",
            Over::All => " over all",
        }
    }
}

/// One number of a run, taken on its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Mean of an observable over couples.
    Mean(Observable, Role, Over),
    /// Standard deviation of an observable over couples.
    Sd(Observable, Role, Over),
    /// Share of all couples that are intact after the day.
    Together,
}

/// The count, sum and sum of squares that a measure of one or more runs follows from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sums {
    /// Couples counted.
    pub n: u64,
    /// Sum over them.
    pub sum: f64,
    /// Sum of squares over them.
    pub squares: f64,
}

impl Sums {
    /// Adds the couples of another run.
    pub(crate) fn join(&mut self, next: &Sums) {
        self.n += next.n;
        self.sum += next.sum;
        self.squares += next.squares;
    }
    /// Mean over the couples; NaN of none.
    ///
    /// The mean of equal values is that value: where their sum is rounded, the shortest decimal that the
    /// rounding leaves possible.
    pub(crate) fn mean(&self) -> f64 {
        if self.n == 0 {
            return f64::NAN;
        }
        let mean = self.sum / self.n as f64;
        if self.n > 1 && self.scatter() == 0.0 {
            shortest_within(mean, mean.abs() * self.rounding())
        } else {
            mean
        }
    }
    /// Standard deviation over the couples; NaN of fewer than two.
    pub(crate) fn sd(&self) -> f64 {
        if self.n > 1 {
            (self.scatter() / (self.n - 1) as f64).sqrt()
        } else {
            f64::NAN
        }
    }
    /// Sum of squares about the mean; 0 where no more is left of it than the rounding of the sums.
    fn scatter(&self) -> f64 {
        let scatter = self.squares - self.sum * (self.sum / self.n as f64);
        if scatter > 2.0 * self.squares * self.rounding() {
            scatter
        } else {
            0.0
        }
    }
    /// Relative rounding error of a sum over the couples: blocks are added up one after the other.
    fn rounding(&self) -> f64 {
        f64::EPSILON * (8.0 + self.n as f64 / BLOCK_COUPLES as f64)
    }
}

/// The number with the fewest decimal digits that is no further from a number than some error.
fn shortest_within(number: f64, error: f64) -> f64 {
    let candidates = (0..16).filter_map(|digits| format!("{number:.digits$e}").parse().ok());
    let mut near = candidates.filter(|candidate: &f64| (candidate - number).abs() <= error);
    near.next().unwrap_or(number)
}

impl Moments {
    /// Count and sums of a line over couples on a recorded day, by their positions.
    pub(crate) fn sums_of(&self, day: usize, line: usize, over: Over) -> Sums {
        let place = day * (self.sums.len() / self.intact.len()) + line;
        let [sum, squares] = self.sums[place];
        let mut sums = Sums {
            n: self.intact[day],
            sum,
            squares,
        };
        if over == Over::All
            && let Some([sum, squares]) = self.last_values.get(place)
        {
            sums.join(&Sums {
                n: self.separated[day],
                sum: *sum,
                squares: *squares,
            });
        }
        sums
    }
}

impl Measure {
    /// The measure of a name such as `mean trust`, `mean trust a`, `sd intimacy over all`, `share intact`.
    pub(crate) fn named(name: &str) -> Option<Measure> {
        Measure::all()
            .into_iter()
            .find(|measure| measure.to_string() == name)
    }

    /// Every measure, in the order of the reference page.
    pub(crate) fn all() -> Vec<Measure> {
        let mut all = vec![Measure::Together];
        for (observable, info) in OBSERVABLES {
            let roles: &[Role] = if info.of_couple {
                &[Role::Couple]
            } else {
                &[Role::Couple, Role::A, Role::B]
            };
            for role in roles {
                for over in [Over::Together, Over::All] {
                    all.extend([
                        Measure::Mean(*observable, *role, over),
                        Measure::Sd(*observable, *role, over),
                    ]);
                }
            }
        }
        all
    }

    /// The measures of a sweep by default.
    pub(crate) fn defaults() -> Vec<Measure> {
        let mut defaults = vec![Measure::Together];
        let info = |observable: &Observable| observable.info();
        defaults.extend(
            Observable::defaults()
                .into_iter()
                .filter(|observable| info(observable).key != "conflict")
                .map(|observable| Measure::Mean(observable, Role::Couple, Over::Together)),
        );
        defaults
    }

    /// The name as a column of a table.
    pub(crate) fn column(&self) -> String {
        self.to_string().replace(' ', "_")
    }

    /// What is observed, where something is.
    pub(crate) fn observable(&self) -> Option<Observable> {
        match self {
            Measure::Mean(observable, ..) | Measure::Sd(observable, ..) => Some(*observable),
            Measure::Together => None,
        }
    }

    /// Whether couples that separated before the day count in it.
    pub(crate) fn is_over_all(&self) -> bool {
        match self {
            Measure::Mean(_, _, over) | Measure::Sd(_, _, over) => *over == Over::All,
            Measure::Together => true,
        }
    }

    /// Whether it needs the last values of separated couples.
    pub(crate) fn needs_last_values(&self) -> bool {
        self.is_over_all() && *self != Measure::Together
    }

    /// The measure's value from the sums that belong to it.
    pub(crate) fn value(&self, sums: &Sums) -> f64 {
        match self {
            Measure::Mean(..) | Measure::Together => sums.mean(),
            Measure::Sd(..) => sums.sd(),
        }
    }

    /// The sums of one run's recorded day, by its position, that belong to the measure.
    ///
    /// `lasting` couples of all `couples` were intact after it. Couples that broke up on it count in its
    /// means and not in the share intact.
    pub(crate) fn sums_on(
        &self,
        slot: usize,
        recorded: &Recorded,
        moments: &Moments,
        lasting: u64,
        couples: u64,
    ) -> Sums {
        match self {
            Measure::Together => {
                let sum = lasting as f64;
                Sums {
                    n: couples,
                    sum,
                    squares: sum,
                }
            }
            Measure::Mean(observable, role, over) | Measure::Sd(observable, role, over) => {
                let wanted = Line {
                    observable: *observable,
                    role: *role,
                };
                match recorded.lines.iter().position(|line| *line == wanted) {
                    Some(line) => moments.sums_of(slot, line, *over),
                    None => Sums::default(),
                }
            }
        }
    }

    /// The lowest and highest value that it can have.
    pub(crate) fn bounds(&self) -> [f64; 2] {
        let Some(observable) = self.observable() else {
            return [0.0, 1.0];
        };
        let info = observable.info();
        // The moments of a day bound its events.
        let high = if observable.is_count() {
            f64::INFINITY
        } else {
            info.high
        };
        match self {
            // Of two values at the ends of the scale.
            Measure::Sd(..) => [0.0, (high - info.low) * std::f64::consts::FRAC_1_SQRT_2],
            Measure::Mean(..) | Measure::Together => [info.low, high],
        }
    }

    /// What the number is, in words.
    pub(crate) fn meaning(&self) -> String {
        let of = |observable: &Observable| observable.info().meaning;
        let who = |role: &Role| match role {
            Role::A => ", partner A",
            Role::B => ", partner B",
            Role::Couple => "",
        };
        let couples = |over: &Over| match over {
            Over::Together => {
                "couples still together on the last day, with those that break up as it ends"
            }
            Over::All => {
                "all couples, on the last day or at the break-up of those that separated before"
            }
        };
        match self {
            Measure::Mean(o, role, over) => {
                format!("Mean over {}: {}{}", couples(over), of(o), who(role))
            }
            Measure::Sd(o, role, over) => format!(
                "Standard deviation over {}: {}{}",
                couples(over),
                of(o),
                who(role)
            ),
            Measure::Together => {
                "Share of all couples that are intact after the last day, without those that break up on it"
                    .to_owned()
            }
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = |role: &Role| match role {
            Role::A => " a",
            Role::B => " b",
            Role::Couple => "",
        };
        match self {
            Measure::Mean(o, role, over) => {
                write!(f, "mean {}{}{}", o.info().key, who(role), over.suffix())
            }
            Measure::Sd(o, role, over) => {
                write!(f, "sd {}{}{}", o.info().key, who(role), over.suffix())
            }
            Measure::Together => f.write_str("share intact"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::backend::Backend;
    use crate::simulation::test_support::small_config;
    use crate::simulation::{
        Block, BlockOutcome, BlockTable, DayRows, PreparedRun, SimulationConfig, couples_schema,
        days_schema, run_block,
    };
    use crate::table::{Schema, Values};

    #[test]
    fn every_measure_is_found_by_its_name() {
        for measure in Measure::all() {
            assert_eq!(Measure::named(&measure.to_string()), Some(measure));
        }
        assert_eq!(Measure::named("mean trst"), None);
    }

    /// What two blocks of couples record, with last values.
    fn simulated(config: &SimulationConfig, backend: Backend) -> (PreparedRun, [BlockOutcome; 2]) {
        let mut config = config.clone();
        config.record.last_values = true;
        let run = PreparedRun::new(config);
        let outcomes = [0, 1].map(|index| {
            let block = Block {
                replicate: 0,
                index,
            };
            run_block(&run, block, backend, None)
        });
        (run, outcomes)
    }

    /// A hundred couples of whom many separate within fifty days.
    fn separating(days: u32, steps_per_day: u32) -> SimulationConfig {
        let mut config = small_config(100, days);
        config.size.steps_per_day = steps_per_day;
        config.parameters.outside_rate = 0.02;
        config.record.observables = OBSERVABLES.iter().map(|(own, _)| *own).collect();
        config
    }

    /// Moments of both blocks, and the couples intact after the last day.
    fn joined(outcomes: &[BlockOutcome; 2]) -> (Moments, u64) {
        let mut moments = outcomes[0].moments.clone();
        moments.join(&outcomes[1].moments);
        let ends = outcomes.iter().flat_map(|own| &own.ends);
        (moments, ends.filter(|end| end.is_none()).count() as u64)
    }

    fn sums_over_all(measure: &str, day: usize, run: &PreparedRun, moments: &Moments) -> Sums {
        let measure = Measure::named(measure).expect("a measure");
        measure.sums_on(day, &run.recorded, moments, 0, 100)
    }

    /// Numbers of a column, as they stand in the rows of both blocks.
    fn column(
        outcomes: &[BlockOutcome; 2],
        table: BlockTable,
        schema: &Schema,
        name: &str,
    ) -> Vec<f64> {
        let place = schema.position(name).expect("a column");
        let of_block = |outcome: &BlockOutcome| -> Vec<f64> {
            match &outcome.tables[table].columns[place] {
                Values::Float(values) => values.clone(),
                Values::Int(values) => values.iter().map(|value| *value as f64).collect(),
                _ => panic!("{name} has numbers"),
            }
        };
        outcomes.iter().flat_map(of_block).collect()
    }

    fn assert_sums(found: &Sums, values: &[f64], what: &str) {
        let sum: f64 = values.iter().sum();
        let squares: f64 = values.iter().map(|value| value * value).sum();
        assert_eq!(found.n, values.len() as u64, "{what}");
        assert!(
            (found.sum - sum).abs() < 1e-11 * values.len() as f64,
            "{what}"
        );
        assert!((found.squares - squares).abs() < 1e-9, "{what}");
    }

    #[test]
    fn measures_over_all_couples_are_those_of_the_rows_of_couples() {
        for steps_per_day in [1, 4] {
            let config = separating(50, steps_per_day);
            let (run, outcomes) = simulated(&config, Backend::best());
            let (moments, lasting) = joined(&outcomes);
            assert!((10..80).contains(&lasting), "{lasting}");
            let schema = couples_schema([false; 2]);
            let column = |name: &str| column(&outcomes, BlockTable::Couples, &schema, name);
            for name in ["trust", "intimacy", "commitment", "stress", "satisfaction"] {
                let [a, b] = ["a", "b"].map(|side| column(&format!("{name}_end_{side}")));
                let both: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 0.5 * (a + b)).collect();
                for (role, values) in [(" a", &a), (" b", &b), ("", &both)] {
                    let measure = format!("mean {name}{role} over all");
                    let found = sums_over_all(&measure, 50, &run, &moments);
                    assert_sums(&found, values, &measure);
                    let together = sums_over_all(&format!("mean {name}{role}"), 50, &run, &moments);
                    assert!(together.n >= lasting && together.n < 100);
                }
            }
        }
    }

    #[test]
    fn last_values_of_events_are_those_of_the_day_of_the_break_up() {
        // As in a sweep, the days of most break-ups are not recorded.
        let mut config = separating(50, 1);
        config.record.every = 50;
        let (run, outcomes) = simulated(&config, Backend::best());
        config.record.every = 1;
        config.record.days = DayRows::All;
        let (_, daily) = simulated(&config, Backend::best());
        let (moments, _) = joined(&outcomes);
        let schema = days_schema("days");
        let column = |name: &str| column(&daily, BlockTable::Days, &schema, name);
        let persons = column("person_id");
        for name in ["bids", "responsive", "disclosure", "conflict"] {
            let days = column(name);
            // The last row of each partner A.
            let last = (0..days.len()).filter(|row| {
                let next = persons.get(row + 2);
                persons[*row] % 2.0 == 1.0 && next != Some(&persons[*row])
            });
            let most = if name == "conflict" {
                1.0
            } else {
                f64::INFINITY
            };
            let values: Vec<f64> = last.map(|row| days[row].min(most)).collect();
            let role = if name == "conflict" { "" } else { " a" };
            let found = sums_over_all(&format!("sd {name}{role} over all"), 1, &run, &moments);
            assert_sums(&found, &values, name);
        }
    }

    #[test]
    fn measures_over_all_couples_on_a_day_are_those_of_a_run_that_ends_on_it() {
        for steps_per_day in [1, 4] {
            let (run, outcomes) = simulated(&separating(50, steps_per_day), Backend::best());
            let (moments, _) = joined(&outcomes);
            for day in [0, 1, 17, 49] {
                let (short, outcomes) = simulated(&separating(day, steps_per_day), Backend::best());
                let (own, _) = joined(&outcomes);
                for measure in [
                    "mean trust over all",
                    "sd hurt b over all",
                    "mean conflict over all",
                ] {
                    let expected = sums_over_all(measure, day as usize, &short, &own);
                    let found = sums_over_all(measure, day as usize, &run, &moments);
                    assert_eq!(found.n, 100);
                    assert!(
                        (found.sum - expected.sum).abs() < 1e-10,
                        "{measure} on day {day}"
                    );
                    assert!(
                        (found.squares - expected.squares).abs() < 1e-10,
                        "{measure} on day {day}"
                    );
                }
            }
        }
    }

    #[test]
    fn last_values_do_not_depend_on_the_backend() {
        let config = separating(50, 4);
        let (_, scalar) = simulated(&config, Backend::Scalar);
        assert!(scalar[0].moments.separated[50] > 10);
        for backend in Backend::available() {
            let (_, outcomes) = simulated(&config, backend);
            for (one, other) in scalar.iter().zip(&outcomes) {
                assert!(one.moments == other.moments, "{backend:?}");
            }
        }
    }

    #[test]
    fn equal_last_values_have_themselves_as_mean_and_no_spread() {
        let mut config = small_config(64, 40);
        config.record.last_values = true;
        let recorded = Recorded::of(&config);
        for value in [0.42, 0.1, 0.35, -0.7, 3e-5] {
            let mut moments = Moments::new(&recorded);
            let values = vec![value; recorded.lines.len()];
            let couples = (0..64).map(|couple| (couple % 37, values.as_slice()));
            moments.set_last_values(&recorded, couples.collect());
            let first = moments.sums_of(1, 0, Over::All);
            assert_eq!((first.n, first.mean()), (2, value));
            let last = moments.sums_of(40, 0, Over::All);
            assert_eq!((last.n, last.mean(), last.sd()), (64, value, 0.0));
            assert_eq!(moments.sums_of(40, 0, Over::Together).n, 0);
        }
    }

    #[test]
    fn equal_values_have_themselves_as_mean_and_no_spread() {
        for value in [0.42, 0.1, 0.35, 0.65, 1.0 / 3.0, 1.0, 0.0, -0.7, 3e-5] {
            for n in [2, 20, 1_000, 30_000] {
                let mut sums = Sums::default();
                let mut left: u64 = n;
                while left > 0 {
                    let block = left.min(BLOCK_COUPLES);
                    let values = (0..block).map(|_| value);
                    sums.join(&Sums {
                        n: block,
                        sum: values.clone().sum(),
                        squares: values.map(|value| value * value).sum(),
                    });
                    left -= block;
                }
                assert_eq!(sums.sd(), 0.0, "{value} of {n}");
                let error = (sums.mean() - value).abs();
                assert!(error <= sums.rounding() * value.abs(), "{value} of {n}");
                if value != 1.0 / 3.0 {
                    assert_eq!(sums.mean(), value, "of {n}");
                }
            }
        }
    }

    #[test]
    fn a_small_spread_is_a_spread() {
        let mut sums = Sums::default();
        for value in [0.5, 0.500_001] {
            let one = Sums {
                n: 1,
                sum: value,
                squares: value * value,
            };
            sums.join(&one);
        }
        assert!((sums.sd() / (1e-6 / 2.0_f64.sqrt()) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn sums_of_runs_join_to_the_sums_of_all_couples() {
        let mut sums = Sums {
            n: 2,
            sum: 3.0,
            squares: 5.0,
        };
        sums.join(&Sums {
            n: 1,
            sum: 3.0,
            squares: 9.0,
        });
        assert_eq!((sums.mean(), sums.sd()), (2.0, 1.0));
        assert!(Sums::default().mean().is_nan());
    }
}
