//! What differs between conditions, within couples.

use super::{Finding, HEADLINES, couples, day, excludes_zero, intervals, resolved_or_not, role_of};
use crate::label::label;
use crate::report::numbers::count;
use crate::report::reader::{numbers, text};
use crate::scenario::Scenario;
use crate::stats::interval::Interval;
use crate::table::{ColumnError, Table};

/// The share of couples that are intact after a day, among the observables of differences.
pub(crate) const SHARE_INTACT: &str = "share intact";

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
    /// `together` if it is over the couples together on the day under both conditions, `all` if it is over every
    /// couple, of which those that separated have their values at separation.
    pub over: &'static str,
    /// Couples that it is over.
    pub n: u64,
    /// Mean difference between the same couples.
    pub difference: f64,
    /// Its 95 % interval.
    pub interval: Interval,
}

impl MeanDifference {
    /// The rows of `differences`.
    ///
    /// # Errors
    /// [`ColumnError`] if the table lacks one of its columns.
    pub(crate) fn of_rows(table: &Table) -> Result<Vec<MeanDifference>, ColumnError> {
        let [day, n, difference] = ["day", "n", "difference"].map(|name| numbers(table, name));
        let (day, n, difference, interval) = (day?, n?, difference?, intervals(table)?);
        let row = |row: usize| MeanDifference {
            condition: text(table, "condition", row).to_owned(),
            reference: text(table, "reference", row).to_owned(),
            observable: text(table, "observable", row).to_owned(),
            role: role_of(table, row),
            day: day[row],
            over: if text(table, "over", row) == "all" {
                "all"
            } else {
                "together"
            },
            n: couples(n[row]),
            difference: difference[row],
            interval: interval[row],
        };
        Ok((0..day.len()).map(row).collect())
    }

    /// The differences on some days, day by day, of trust, intimacy and satisfaction of the couples together under
    /// both conditions, and of the share intact.
    pub(crate) fn on_days(all: &[MeanDifference], days: &[f64]) -> Vec<MeanDifference> {
        let on_day = |day: &f64| {
            let day = *day;
            all.iter().filter(move |it| it.day == day && it.is_main())
        };
        days.iter().flat_map(on_day).cloned().collect()
    }

    /// Whether it is of trust, intimacy or satisfaction of couples together, or of the share intact.
    fn is_main(&self) -> bool {
        self.observable == SHARE_INTACT || self.is_headline() && self.over == "together"
    }

    /// Whether it is of a partner's trust, intimacy or satisfaction.
    pub(crate) fn is_headline(&self) -> bool {
        HEADLINES.contains(&self.observable.as_str()) && self.role != "couple"
    }

    /// What differs, such as "Trust A".
    pub(crate) fn name(&self) -> String {
        let name = label(&self.observable);
        match self.role {
            "couple" => name,
            role => format!("{name} {}", role.to_uppercase()),
        }
    }

    fn estimate(&self) -> String {
        resolved_or_not(self.difference, self.interval, self.n)
    }
}

/// The days on which differences between conditions are shown: those that the scenario names, and the last one.
pub(crate) fn compared_days(scenario: &Scenario) -> Vec<f64> {
    let config = scenario.config();
    let mut days = config.record.compare_days.clone();
    if days.last() != Some(&config.size.days) {
        days.push(config.size.days);
    }
    days.into_iter().map(f64::from).collect()
}

/// For each condition the largest difference from the reference on any recorded day, and what is left of it on the
/// last one.
pub(crate) fn largest_differences(all: &[MeanDifference]) -> Vec<Finding> {
    let mut conditions: Vec<&str> = Vec::new();
    for it in all {
        if !conditions.contains(&it.condition.as_str()) {
            conditions.push(&it.condition);
        }
    }
    let finding = |condition: &&str| {
        let own: Vec<&MeanDifference> = all
            .iter()
            .filter(|it| it.condition == *condition && it.is_main() && it.difference.is_finite())
            .collect();
        let mut days: Vec<u64> = own.iter().map(|it| it.day.to_bits()).collect();
        days.sort_unstable();
        days.dedup();
        let is_share = |it: &&&MeanDifference| it.observable == SHARE_INTACT;
        let states: Vec<&MeanDifference> = own.iter().filter(|it| !is_share(it)).copied().collect();
        let shares: Vec<&MeanDifference> = own.iter().filter(is_share).copied().collect();
        let mut sentences = Vec::new();
        sentences.extend(largest_sentence(&states, "couples together under both"));
        sentences.extend(largest_sentence(&shares, "all couples"));
        let reference = &own.first()?.reference;
        (days.len() > 1 && !sentences.is_empty()).then(|| Finding {
            head: format!("{condition} compared with {reference} on any day"),
            text: format!(
                "the largest of {} recorded days. {} Each interval is for its day alone.",
                days.len(),
                sentences.join(" ")
            ),
        })
    };
    conditions.iter().filter_map(finding).collect()
}

fn largest_sentence(own: &[&MeanDifference], over: &str) -> Option<String> {
    let rank = |it: &MeanDifference| (excludes_zero(it.interval), it.difference.abs());
    let largest = own.iter().max_by(|one, other| {
        let ((resolved, size), (its, other_size)) = (rank(one), rank(other));
        // The first day of equal ones.
        resolved
            .cmp(&its)
            .then(size.total_cmp(&other_size))
            .then(other.day.total_cmp(&one.day))
    })?;
    let last = own
        .iter()
        .filter(|it| it.observable == largest.observable && it.role == largest.role)
        .max_by(|one, other| one.day.total_cmp(&other.day))?;
    let name = match largest.role {
        "couple" => label(&largest.observable),
        role => format!("{} of {}", label(&largest.observable), role.to_uppercase()),
    };
    let is_last = last.day == largest.day;
    let n = if excludes_zero(largest.interval) {
        format!(" (n = {}, {over})", count(largest.n))
    } else {
        format!(" ({over}; no other is resolved either)")
    };
    let mut sentence = format!(
        "{name} {} on {}day {}{n}",
        largest.estimate(),
        if is_last { "the last day, " } else { "" },
        day(largest.day),
    );
    if !is_last {
        let ends = if excludes_zero(largest.interval) && !excludes_zero(last.interval) {
            ": by then it is over, or too small to be seen"
        } else {
            ""
        };
        sentence.push_str(&format!(
            "; on day {} {}{ends}",
            day(last.day),
            last.estimate()
        ));
    }
    sentence.push('.');
    Some(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(low: f64, high: f64) -> Interval {
        Interval { low, high }
    }

    fn difference(
        observable: &str,
        over: &'static str,
        day: f64,
        value: f64,
        half: f64,
    ) -> MeanDifference {
        MeanDifference {
            condition: "trained".to_owned(),
            reference: "plain".to_owned(),
            observable: observable.to_owned(),
            role: if observable == SHARE_INTACT {
                "couple"
            } else {
                "a"
            },
            day,
            over,
            n: 60,
            difference: value,
            interval: around(value - half, value + half),
        }
    }

    #[test]
    fn the_largest_difference_of_any_day_is_said_and_that_it_is_over() {
        let rows = [
            difference("trust", "together", 0.0, 0.0, 0.0),
            difference("trust", "together", 30.0, 0.2, 0.05),
            difference("trust", "together", 60.0, 0.01, 0.05),
            // Larger, but not resolved; and of another set of couples.
            difference("intimacy", "together", 30.0, 0.3, 0.4),
            difference("trust", "all", 30.0, 0.9, 0.05),
            difference(SHARE_INTACT, "all", 30.0, 0.01, 0.05),
            difference(SHARE_INTACT, "all", 60.0, 0.02, 0.05),
        ];
        let found = largest_differences(&rows);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].head, "trained compared with plain on any day");
        assert_eq!(
            found[0].text,
            "the largest of 3 recorded days. Trust of A +0.200 [+0.150, +0.250] on day 30 (n = 60, couples together under \
             both); on day 60 +0.010 [-0.040, +0.060], not resolved with n = 60: by then it is over, or too small to be \
             seen. Share intact +0.020 [-0.030, +0.070], not resolved with n = 60 on the last day, day 60 (all couples; no other is resolved either). Each interval is for its day alone."
        );
    }
}
