//! What a run came to: the few numbers of its tables that a reader looks for first.

use crate::report::numbers::{capitalised, count};
use crate::report::run::{HEADLINES, REGIMES};
use crate::run::differences::SHARE_INTACT;
use crate::scenario::Scenario;
use crate::stats::interval::{CONFIDENCE, Interval, wilson};
use crate::table::{ColumnError, MISSING, Table};
use std::fmt;

/// What a run came to, as its tables `trajectory` and `survival` have it. Displayed, it is a table of about
/// twelve lines.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RunSummary {
    /// Name of the condition; `None` for a scenario without conditions.
    pub condition: Option<String>,
    /// Title of the scenario.
    pub title: String,
    /// Seed.
    pub seed: u64,
    /// Days.
    pub days: u32,
    /// Replicates.
    pub replicates: u32,
    /// Couples over all replicates.
    pub couples: u64,
    /// Couples that separated.
    pub separated: u64,
    /// Share of couples still together after the last day.
    pub intact: f64,
    /// Its 95 % interval: that of the survival curve; Wilson's where none or all have separated.
    pub intact_interval: Interval,
    /// Day by which half of the couples that separated had done so.
    pub half_separated_by: Option<u32>,
    /// Trust, intimacy and satisfaction of both partners on the first, the middle and the last recorded day,
    /// and shares of the balance regimes on the last one, as far as they are recorded.
    pub means: Vec<DayMean>,
}

/// The mean of an observable over the couples that have a value on a day.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DayMean {
    /// Key of the observable.
    pub observable: &'static str,
    /// `a`, `b` or `couple`.
    pub role: &'static str,
    /// Recorded day.
    pub day: f64,
    /// Couples that it is over: those still together on the day.
    pub n: u64,
    /// Mean; of a regime the share of those couples.
    pub mean: f64,
    /// Its 95 % interval.
    pub interval: Interval,
}

impl RunSummary {
    /// Summarises the tables `trajectory` and `survival` of a scenario's run.
    ///
    /// # Errors
    /// [`ColumnError`] if a table lacks one of its columns.
    pub(crate) fn of(
        scenario: &Scenario,
        condition: Option<String>,
        trajectory: &Table,
        survival: &Table,
    ) -> Result<RunSummary, ColumnError> {
        let size = &scenario.config().size;
        let couples = size.couples.saturating_mul(size.replicates.into());
        let (days, ended) = (survival.ints("day")?, survival.ints("ended")?);
        let separated: u64 = ended.iter().map(|count| *count as u64).sum();
        let last = |name| Ok(survival.floats(name)?.last().copied().unwrap_or(f64::NAN));
        let mut intact_interval = Interval {
            low: last("ci_low")?,
            high: last("ci_high")?,
        };
        if intact_interval.low.is_nan() || separated == 0 {
            intact_interval = wilson(couples - separated, couples, CONFIDENCE);
        }
        let mut so_far = 0;
        let half = days.iter().zip(ended).find_map(|(day, count)| {
            so_far += *count as u64;
            (separated > 0 && 2 * so_far >= separated).then_some(*day as u32)
        });
        Ok(RunSummary {
            condition,
            title: scenario.title().to_owned(),
            seed: scenario.config().seed,
            days: size.days,
            replicates: size.replicates,
            couples,
            separated,
            intact: last("survival")?,
            intact_interval,
            half_separated_by: half,
            means: means(trajectory)?,
        })
    }

    fn state(&self, observable: &str, role: &str, day: f64) -> Option<&DayMean> {
        self.means
            .iter()
            .find(|it| it.observable == observable && it.role == role && it.day == day)
    }
}

/// The rows of `trajectory` that a summary shows.
fn means(trajectory: &Table) -> Result<Vec<DayMean>, ColumnError> {
    let (day, n) = (trajectory.floats("day")?, trajectory.ints("n")?);
    let [mean, low, high] = ["mean", "ci_low", "ci_high"].map(|name| trajectory.floats(name));
    let (mean, low, high) = (mean?, low?, high?);
    let Some((shown, last)) = shown_days(day) else {
        return Ok(Vec::new());
    };
    let mut means = Vec::new();
    let mut add = |observable: &'static str, role: &'static str, on: f64| {
        let row = (0..day.len()).find(|row| {
            day[*row] == on
                && trajectory.category("observable", *row) == Some(observable)
                && trajectory.category("role", *row) == Some(role)
        });
        let Some(row) = row.filter(|row| n[*row] != MISSING) else {
            return;
        };
        means.push(DayMean {
            observable,
            role,
            day: on,
            n: n[row] as u64,
            mean: mean[row],
            interval: Interval {
                low: low[row],
                high: high[row],
            },
        });
    };
    for observable in HEADLINES {
        for role in ["a", "b"] {
            for on in &shown {
                add(observable, role, *on);
            }
        }
    }
    for observable in REGIMES {
        add(observable, "couple", last);
    }
    Ok(means)
}

/// The first, the middle and the last recorded day without repetition, and the last one.
fn shown_days(day: &[f64]) -> Option<(Vec<f64>, f64)> {
    let mut recorded = day.to_vec();
    recorded.dedup();
    let (first, last) = (*recorded.first()?, *recorded.last()?);
    let middle = 0.5 * (first + last);
    let near =
        |one: &&f64, other: &&f64| (**one - middle).abs().total_cmp(&(**other - middle).abs());
    let middle = *recorded.iter().min_by(near)?;
    let mut shown = vec![first, middle, last];
    shown.dedup();
    Some((shown, last))
}

impl fmt::Display for RunSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        let replicates = match self.replicates {
            1 => String::new(),
            count => format!(" in {count} replicates"),
        };
        writeln!(
            f,
            "{} couples{replicates}, {} days, seed {}",
            count(self.couples),
            count(self.days.into()),
            self.seed
        )?;
        let separated = match self.half_separated_by {
            None => "no couple separated".to_owned(),
            Some(day) => format!(
                "{} separated, half of these by day {day}",
                count(self.separated)
            ),
        };
        writeln!(
            f,
            "Still together  {} of {} couples; {separated}",
            percent(self.intact, self.intact_interval),
            count(self.couples)
        )?;
        self.write_states(f)?;
        self.write_regimes(f)
    }
}

/// Width of the column with the names of states.
const NAME_WIDTH: usize = 16;
/// Width of a mean with its interval.
const CELL_WIDTH: usize = 22;

impl RunSummary {
    fn write_states(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let states: Vec<&DayMean> = self.means.iter().filter(|it| it.role != "couple").collect();
        let Some(first) = states.first() else {
            return Ok(());
        };
        let days: Vec<&DayMean> = states
            .iter()
            .filter(|it| it.observable == first.observable && it.role == first.role)
            .copied()
            .collect();
        let write_row = |f: &mut fmt::Formatter<'_>, name: &str, cells: Vec<String>| {
            let mut line = format!("{name:NAME_WIDTH$}");
            for cell in cells {
                line.push_str(&format!("{cell:CELL_WIDTH$}"));
            }
            writeln!(f, "{}", line.trim_end())
        };
        let heads = days.iter().map(|it| format!("day {}", it.day)).collect();
        write_row(f, "", heads)?;
        let counts = days.iter().map(|it| format!("n = {}", count(it.n)));
        write_row(f, "Still together", counts.collect())?;
        for observable in HEADLINES {
            for role in ["a", "b"] {
                let cells = days.iter().map(|day| {
                    let found = self.state(observable, role, day.day);
                    found.map_or("-".to_owned(), |it| level(it.mean, it.interval))
                });
                let cells: Vec<String> = cells.collect();
                if cells.iter().any(|cell| cell != "-") {
                    let name = format!("{} {}", capitalised(observable), role.to_uppercase());
                    write_row(f, &name, cells)?;
                }
            }
        }
        if self.separated > 0 {
            writeln!(
                f,
                "Means with 95 % intervals are over the couples still together on the day."
            )?;
        }
        Ok(())
    }

    fn write_regimes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let regimes: Vec<&DayMean> = self.means.iter().filter(|it| it.role == "couple").collect();
        let Some(first) = regimes.first() else {
            return Ok(());
        };
        let shares = regimes.iter().map(|it| {
            let name = it.observable.replace('_', " ");
            format!("{name} {}", percent(it.mean, it.interval))
        });
        let shares: Vec<String> = shares.collect();
        let head = format!("Regimes on day {} (n = {}): ", first.day, count(first.n));
        for (number, pair) in shares.chunks(2).enumerate() {
            let (begin, end) = match number {
                0 => (head.clone(), if shares.len() > 2 { "," } else { "" }),
                _ => (" ".repeat(head.chars().count()), ""),
            };
            writeln!(f, "{begin}{}{end}", pair.join(", "))?;
        }
        Ok(())
    }
}

/// The difference of an observable between a condition and the reference.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MeanDifference {
    /// The condition.
    pub condition: String,
    /// The condition that it is compared with.
    pub reference: String,
    /// Key of the observable, or `share intact`.
    pub observable: String,
    /// `a`, `b` or `couple`.
    pub role: &'static str,
    /// Day.
    pub day: f64,
    /// Couples that it is over: those together on the day under both conditions; of the share all couples.
    pub n: u64,
    /// Mean difference between the same couples.
    pub difference: f64,
    /// Its 95 % interval.
    pub interval: Interval,
}

impl MeanDifference {
    /// The differences of trust, intimacy, satisfaction and of the share of intact couples on the last day, from
    /// the table `differences`.
    ///
    /// # Errors
    /// [`ColumnError`] if the table lacks one of its columns.
    pub(crate) fn on_the_last_day(table: &Table) -> Result<Vec<MeanDifference>, ColumnError> {
        let (day, n) = (table.floats("day")?, table.ints("n")?);
        let (difference, low) = (table.floats("difference")?, table.floats("ci_low")?);
        let high = table.floats("ci_high")?;
        let last = day.iter().copied().fold(0.0, f64::max);
        let text = |name: &str, row: usize| table.category(name, row).unwrap_or_default();
        let mut found = Vec::new();
        for row in (0..day.len()).filter(|row| day[*row] == last) {
            let (observable, role) = (text("observable", row), text("role", row));
            let of_state = HEADLINES.contains(&observable)
                && role != "couple"
                && text("over", row) == "together";
            if of_state || observable == SHARE_INTACT {
                found.push(MeanDifference {
                    condition: text("condition", row).to_owned(),
                    reference: text("reference", row).to_owned(),
                    observable: observable.to_owned(),
                    role: ["a", "b"]
                        .into_iter()
                        .find(|own| *own == role)
                        .unwrap_or("couple"),
                    day: last,
                    n: n[row] as u64,
                    difference: difference[row],
                    interval: Interval {
                        low: low[row],
                        high: high[row],
                    },
                });
            }
        }
        Ok(found)
    }

    fn name(&self) -> String {
        let name = capitalised(&self.observable);
        match self.role {
            "couple" => name,
            role => format!("{name} {}", role.to_uppercase()),
        }
    }
}

/// Displays the main results: of a scenario its summary; of conditions how many couples are together under each,
/// and the differences on the last day.
pub(crate) struct RunOutcome<'a> {
    pub(crate) summaries: &'a [RunSummary],
    pub(crate) differences: &'a [MeanDifference],
}

impl fmt::Display for RunOutcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = self.summaries.first() else {
            return Ok(());
        };
        if first.condition.is_none() {
            return first.fmt(f);
        }
        writeln!(f, "{}", first.title)?;
        writeln!(
            f,
            "{} of the same {} couples, {} days, seed {}",
            match self.summaries.len() {
                1 => "1 condition".to_owned(),
                count => format!("{count} conditions"),
            },
            count(first.couples),
            count(first.days.into()),
            first.seed
        )?;
        let names = self.summaries.iter().filter_map(|it| it.condition.as_ref());
        let width = names.map(|name| name.chars().count()).max().unwrap_or(0) + 2;
        writeln!(f, "Still together after day {}", first.days)?;
        for summary in self.summaries {
            let name = summary.condition.as_deref().unwrap_or_default();
            let share = percent(summary.intact, summary.intact_interval);
            let separated = count(summary.separated);
            writeln!(f, "  {name:width$}{share}; {separated} separated")?;
        }
        let Some(difference) = self.differences.first() else {
            return Ok(());
        };
        writeln!(
            f,
            "Differences from `{}` on day {}, of the same couples, with 95 % intervals",
            difference.reference, difference.day
        )?;
        let of_condition =
            |one: &MeanDifference, other: &MeanDifference| one.condition == other.condition;
        for own in self.differences.chunk_by(of_condition) {
            writeln!(f, "  {}", own[0].condition)?;
            for it in own {
                let [mean, low, high] = [it.difference, it.interval.low, it.interval.high];
                let verdict = if low <= 0.0 && high >= 0.0 {
                    "  unresolved"
                } else {
                    ""
                };
                let n = count(it.n);
                let name = it.name();
                writeln!(
                    f,
                    "    {name:NAME_WIDTH$}{mean:+.3} [{low:+.3}, {high:+.3}]  n = {n}{verdict}"
                )?;
            }
        }
        writeln!(
            f,
            "n: couples together under both conditions; of the share intact all couples."
        )
    }
}

fn level(mean: f64, interval: Interval) -> String {
    if mean.is_nan() {
        return "-".to_owned();
    }
    if interval.low.is_nan() {
        return format!("{mean:.3}");
    }
    format!("{mean:.3} [{:.3}, {:.3}]", interval.low, interval.high)
}

fn percent(share: f64, interval: Interval) -> String {
    if share.is_nan() {
        return "-".to_owned();
    }
    let [share, low, high] = [share, interval.low, interval.high].map(|it| 100.0 * it);
    format!("{share:.1} % [{low:.1}, {high:.1}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(text: &str) -> (crate::run::Run, RunSummary) {
        let scenario = Scenario::parse(text).expect("a sound scenario");
        let run = scenario.run().expect("a run");
        let summary = run.summaries().remove(0);
        (run, summary)
    }

    #[test]
    fn a_summary_has_the_numbers_of_the_tables() {
        let (run, summary) =
            summary("title = 'Small'\n[run]\ncouples = 300\ndays = 60\nseed = 4\n");
        let survival = run.survival();
        let last = |name| {
            *survival
                .floats(name)
                .expect("a column")
                .last()
                .expect("a row")
        };
        assert!(summary.separated > 0);
        assert_eq!(summary.separated, run.separated());
        assert_eq!(summary.intact, last("survival"));
        let interval = summary.intact_interval;
        assert_eq!(
            [interval.low, interval.high],
            ["ci_low", "ci_high"].map(last)
        );
        let trajectory = run.trajectory();
        let mut days: Vec<f64> = summary.means.iter().map(|it| it.day).collect();
        days.sort_by(f64::total_cmp);
        days.dedup();
        assert_eq!(days, [0.0, 30.0, 60.0]);
        assert_eq!(summary.means.len(), 3 * 2 * 3 + 4);
        for own in &summary.means {
            let row = (0..trajectory.rows.rows()).find(|row| {
                trajectory.floats("day").expect("a column")[*row] == own.day
                    && trajectory.category("role", *row) == Some(own.role)
                    && trajectory.category("observable", *row) == Some(own.observable)
            });
            let row = row.expect("a row of the table");
            assert_eq!(trajectory.floats("mean").expect("a column")[row], own.mean);
            assert_eq!(trajectory.ints("n").expect("a column")[row] as u64, own.n);
        }
        let text = summary.to_string();
        assert_eq!(text.lines().count(), 14, "{text}");
        assert!(text.contains("300 couples, 60 days, seed 4"), "{text}");
        assert!(text.contains("over the couples still together"), "{text}");
    }

    #[test]
    fn half_of_the_separations_are_by_the_day_that_is_given() {
        let (run, summary) = summary("title = 'x'\n[run]\ncouples = 300\ndays = 60\n");
        let half = i64::from(summary.half_separated_by.expect("some separated"));
        let survival = run.survival();
        let (day, ended) = (survival.ints("day"), survival.ints("ended"));
        let rows = day.expect("a column").iter().zip(ended.expect("a column"));
        let until = |last: i64| -> i64 {
            let of = |(day, count): (&i64, &i64)| if *day <= last { *count } else { 0 };
            rows.clone().map(of).sum()
        };
        let all = summary.separated as i64;
        assert!(2 * until(half) >= all && 2 * until(half - 1) < all);
    }

    #[test]
    fn where_no_couple_separates_the_interval_says_how_rare_it_may_be() {
        let (_, summary) = summary(
            "title = 'x'\n[run]\ncouples = 40\ndays = 5\n[mechanisms]\ndissolution = false\n",
        );
        assert_eq!((summary.separated, summary.intact), (0, 1.0));
        assert_eq!(summary.intact_interval, wilson(40, 40, CONFIDENCE));
        assert!(summary.intact_interval.low < 0.95);
        let text = summary.to_string();
        assert!(text.contains("no couple separated") && !text.contains("over the couples"));
    }

    #[test]
    fn what_is_not_recorded_is_left_out() {
        let (_, summary) = summary(
            "title = 'x'\n[run]\ncouples = 40\ndays = 5\n[record]\nobservables = ['trust', 'stress']\n",
        );
        let text = summary.to_string();
        assert!(
            text.contains("Trust A") && !text.contains("Intimacy") && !text.contains("Regimes")
        );
        let (_, none) = self::summary(
            "title = 'x'\n[run]\ncouples = 40\ndays = 5\n[record]\nobservables = ['stress']\n",
        );
        assert!(none.means.is_empty() && none.to_string().contains("Still together"));
    }
}
