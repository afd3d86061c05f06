//! What a run came to: the few numbers of its tables that a reader looks for first.

use crate::label::{label, label_in_sentence};
use crate::report::findings::{
    DayMean, DaySurvival, HEADLINES, MeanDifference, REGIMES, excludes_zero, signed,
};
use crate::report::numbers::count;
use crate::scenario::Scenario;
use crate::stats::interval::{CONFIDENCE, Interval, wilson};
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

impl RunSummary {
    /// Summarises a scenario's run: means on some days, and the share of couples still together day by day.
    pub(crate) fn of(
        scenario: &Scenario,
        condition: Option<String>,
        means: Vec<DayMean>,
        survival: &[DaySurvival],
    ) -> RunSummary {
        let size = &scenario.config().size;
        let couples = size.couples.saturating_mul(size.replicates.into());
        let separated: u64 = survival.iter().map(|it| it.ended).sum();
        let undefined = (f64::NAN, Interval::UNDEFINED);
        let (intact, mut intact_interval) = survival
            .last()
            .map_or(undefined, |last| (last.share, last.interval));
        if intact_interval.low.is_nan() || separated == 0 {
            intact_interval = wilson(couples.saturating_sub(separated), couples, CONFIDENCE);
        }
        let mut so_far = 0;
        let half = survival.iter().find_map(|it| {
            so_far += it.ended;
            (separated > 0 && 2 * so_far >= separated).then_some(it.day as u32)
        });
        let last = f64::from(size.days);
        let is_shown = |mean: &DayMean| match mean.role {
            "couple" => mean.day == last && REGIMES.contains(&mean.observable),
            _ => HEADLINES.contains(&mean.observable),
        };
        RunSummary {
            condition,
            title: scenario.title().to_owned(),
            seed: scenario.config().seed,
            days: size.days,
            replicates: size.replicates,
            couples,
            separated,
            intact,
            intact_interval,
            half_separated_by: half,
            means: means.into_iter().filter(is_shown).collect(),
        }
    }

    fn state(&self, observable: &str, role: &str, day: f64) -> Option<&DayMean> {
        self.means
            .iter()
            .find(|it| it.observable == observable && it.role == role && it.day == day)
    }
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
                    let name = format!("{} {}", label(observable), role.to_uppercase());
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
            let name = label_in_sentence(it.observable);
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

/// Displays the main results: of a scenario its summary; of conditions how many couples are together under each,
/// and the differences on the days that the scenario names and on the last one.
pub(crate) struct RunOutcome<'a> {
    pub(crate) summaries: &'a [RunSummary],
    pub(crate) differences: &'a [MeanDifference],
    pub(crate) findings: &'a [String],
}

/// Columns of a line of findings.
const FINDING_WIDTH: usize = 100;

/// A finding in lines, of which all but the first are indented.
fn write_finding(f: &mut fmt::Formatter<'_>, finding: &str) -> fmt::Result {
    let mut width = 0;
    for word in finding.split(' ') {
        let letters = word.chars().count();
        if width > 0 && width + 1 + letters > FINDING_WIDTH {
            write!(f, "\n  ")?;
            width = 2;
        } else if width > 0 {
            write!(f, " ")?;
            width += 1;
        }
        write!(f, "{word}")?;
        width += letters;
    }
    writeln!(f)
}

impl fmt::Display for RunOutcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = self.summaries.first() else {
            return Ok(());
        };
        if first.condition.is_none() {
            first.fmt(f)?;
        } else {
            self.write_conditions(f, first)?;
        }
        self.findings
            .iter()
            .try_for_each(|finding| write_finding(f, finding))
    }
}

impl RunOutcome<'_> {
    fn write_conditions(&self, f: &mut fmt::Formatter<'_>, first: &RunSummary) -> fmt::Result {
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
        if self.differences.is_empty() {
            return Ok(());
        }
        for on_day in self.differences.chunk_by(|one, other| one.day == other.day) {
            write_differences(f, on_day)?;
        }
        writeln!(
            f,
            "n: couples together under both conditions; of the share intact all couples."
        )
    }
}

/// The differences of all conditions on one day.
fn write_differences(f: &mut fmt::Formatter<'_>, on_day: &[MeanDifference]) -> fmt::Result {
    writeln!(
        f,
        "Differences from `{}` on day {}, of the same couples, with 95 % intervals",
        on_day[0].reference, on_day[0].day
    )?;
    for own in on_day.chunk_by(|one, other| one.condition == other.condition) {
        writeln!(f, "  {}", own[0].condition)?;
        for it in own {
            let estimate = signed(it.difference, it.interval);
            let (name, n) = (it.name(), count(it.n));
            let with = if excludes_zero(it.interval) {
                "n"
            } else {
                "not resolved with n"
            };
            writeln!(f, "    {name:NAME_WIDTH$}{estimate}  {with} = {n}")?;
        }
    }
    Ok(())
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
