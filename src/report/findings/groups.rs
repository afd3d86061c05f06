//! How groups of couples differ at the end.

use super::{DayMean, Finding, HEADLINES, couples, excludes_zero, intervals, lower_if, signed};
use crate::label::{label_in_sentence, readable};
use crate::report::numbers::count;
use crate::report::reader::{numbers, text};
use crate::stats::interval::{CONFIDENCE, Interval, newcombe, student_quantile, upper_tail};
use crate::table::{ColumnError, Table};

/// How many couples of a group are still together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupShare {
    pub(crate) condition: String,
    pub(crate) by: String,
    pub(crate) group: u64,
    pub(crate) label: String,
    pub(crate) couples: u64,
    pub(crate) separated: u64,
    pub(crate) share: f64,
    pub(crate) interval: Interval,
}

impl GroupShare {
    /// The rows of `groups`.
    ///
    /// # Errors
    /// [`ColumnError`] if the table lacks one of its columns.
    pub(crate) fn of_rows(table: &Table) -> Result<Vec<GroupShare>, ColumnError> {
        let [group, all, separated, share] =
            ["group", "couples", "separated", "share_intact"].map(|name| numbers(table, name));
        let (group, all, separated, share) = (group?, all?, separated?, share?);
        let interval = intervals(table)?;
        let row = |row: usize| GroupShare {
            condition: text(table, "condition", row).to_owned(),
            by: text(table, "by", row).to_owned(),
            group: couples(group[row]),
            label: text(table, "label", row).to_owned(),
            couples: couples(all[row]),
            separated: couples(separated[row]),
            share: share[row],
            interval: interval[row],
        };
        Ok((0..group.len()).map(row).collect())
    }

    fn intact(&self) -> u64 {
        self.couples - self.separated.min(self.couples)
    }
}

/// A mean of a group on the last day.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupMean {
    pub(crate) condition: String,
    pub(crate) label: String,
    pub(crate) observable: &'static str,
    pub(crate) role: &'static str,
    pub(crate) sample: SampleMean,
}

impl GroupMean {
    /// The rows of `group_trajectory` on a day.
    ///
    /// # Errors
    /// [`ColumnError`] if the table lacks one of its columns.
    pub(crate) fn of_rows(table: &Table, on: u32) -> Result<Vec<GroupMean>, ColumnError> {
        let sd = numbers(table, "sd")?;
        let rows = DayMean::rows(table, |day| day == f64::from(on))?.into_iter();
        let rows = rows.map(|(row, mean)| GroupMean {
            condition: text(table, "condition", row).to_owned(),
            label: text(table, "label", row).to_owned(),
            observable: mean.observable,
            role: mean.role,
            sample: SampleMean {
                n: mean.n,
                mean: mean.mean,
                sd: sd[row],
            },
        });
        Ok(rows.collect())
    }
}

/// A mean with what its error follows from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SampleMean {
    pub(crate) n: u64,
    pub(crate) mean: f64,
    pub(crate) sd: f64,
}

impl SampleMean {
    /// The interval of how much this mean is above that of other couples, with the degrees of freedom of the smaller
    /// sample.
    pub(crate) fn less(&self, other: &SampleMean, confidence: f64) -> Interval {
        let squared = |sample: &SampleMean| sample.sd * sample.sd / sample.n as f64;
        let error = (squared(self) + squared(other)).sqrt();
        let freedom = self.n.min(other.n).saturating_sub(1) as f64;
        let reach = student_quantile(upper_tail(confidence), freedom);
        Interval::around(self.mean - other.mean, reach * error)
    }
}

/// How groups differ at the end, of one condition if there are several: the share of each still together, and the
/// largest differences with intervals that hold for all pairs of groups (Bonferroni).
pub(crate) fn group_findings(
    condition: &str,
    days: u32,
    groups: &[GroupShare],
    means: &[GroupMean],
) -> Vec<Finding> {
    let groups: Vec<&GroupShare> = groups.iter().filter(|it| it.couples > 0).collect();
    let Some(first) = groups.first() else {
        return Vec::new();
    };
    let pairs = (groups.len() * (groups.len() - 1) / 2).max(1);
    let confidence = 1.0 - (1.0 - CONFIDENCE) / pairs as f64;
    let for_all = match pairs {
        1 => String::new(),
        pairs => format!(" (with an interval that holds for all {pairs} pairs of groups)"),
    };
    let shares: Vec<String> = groups
        .iter()
        .map(|it| {
            let [share, low, high] =
                [it.share, it.interval.low, it.interval.high].map(|it| 100.0 * it);
            format!(
                "{} {share:.1} % [{low:.1}, {high:.1}] of {} couples",
                it.label,
                count(it.couples)
            )
        })
        .collect();
    let mut text = format!("still together after day {days}: {}", shares.join("; "));
    let by_share = |one: &&&GroupShare, other: &&&GroupShare| one.share.total_cmp(&other.share);
    let ends = groups
        .iter()
        .max_by(by_share)
        .zip(groups.iter().min_by(by_share));
    if let Some((high, low)) = ends.filter(|(high, low)| high.group != low.group) {
        let [one, other] = [high, low].map(|it| (it.intact(), it.couples));
        let around = newcombe(one, other, confidence);
        let [difference, from, to] =
            [high.share - low.share, around.low, around.high].map(|it| 100.0 * it);
        let verdict = if excludes_zero(around) {
            String::new()
        } else {
            format!(
                ", not resolved with n = {} and {}",
                count(high.couples),
                count(low.couples)
            )
        };
        text.push_str(&format!(
            "; the largest difference is that between {} and {}, {difference:+.1} [{from:+.1}, {to:+.1}] percentage \
             points{for_all}{verdict}",
            high.label, low.label
        ));
    }
    text.push('.');
    let of = if condition.is_empty() {
        String::new()
    } else {
        format!("{condition}, ")
    };
    let mut found = vec![Finding {
        head: format!(
            "{of}{} by {}",
            lower_if("Groups", !of.is_empty()),
            readable(&first.by)
        ),
        text,
    }];
    let phrases: Vec<String> = HEADLINES
        .iter()
        .flat_map(|observable| ["a", "b"].map(|role| (*observable, role)))
        .filter_map(|(observable, role)| group_phrase(means, observable, role, confidence))
        .collect();
    if !phrases.is_empty() {
        found.push(Finding {
            head: format!("{of}{} on day {days}", lower_if("Groups", !of.is_empty())),
            text: format!(
                "largest differences of means over the couples of each group still together{for_all}; those that had \
                 separated are left out: {}. Groups differ in more than what they are grouped by, so that a difference \
                 is not an effect.",
                phrases.join("; ")
            ),
        });
    }
    found
}

/// The largest difference of an observable between two groups that have at least two couples.
fn group_phrase(
    means: &[GroupMean],
    observable: &str,
    role: &str,
    confidence: f64,
) -> Option<String> {
    let own = means
        .iter()
        .filter(|it| it.observable == observable && it.role == role && it.sample.n > 1);
    let by_mean =
        |one: &&GroupMean, other: &&GroupMean| one.sample.mean.total_cmp(&other.sample.mean);
    let (high, low) = own.clone().max_by(by_mean).zip(own.min_by(by_mean))?;
    if high.label == low.label {
        return None;
    }
    let around = high.sample.less(&low.sample, confidence);
    let difference = high.sample.mean - low.sample.mean;
    let ends = |it: &GroupMean| {
        format!(
            "{} ({:.3}, n = {})",
            it.label,
            it.sample.mean,
            count(it.sample.n)
        )
    };
    let verdict = if excludes_zero(around) {
        String::new()
    } else {
        let [high, low] = [high, low].map(|it| count(it.sample.n));
        format!(", not resolved with n = {high} and {low}")
    };
    Some(format!(
        "{} of {} {} in {} against {}{verdict}",
        label_in_sentence(observable),
        role.to_uppercase(),
        signed(difference, around),
        ends(high),
        ends(low)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(low: f64, high: f64) -> Interval {
        Interval { low, high }
    }

    fn group(number: u64, label: &str, [couples, separated]: [u64; 2]) -> GroupShare {
        GroupShare {
            condition: String::new(),
            by: "style_a".to_owned(),
            group: number,
            label: label.to_owned(),
            couples,
            separated,
            share: 1.0 - separated as f64 / couples as f64,
            interval: around(0.1, 0.9),
        }
    }

    fn group_mean(label: &str, n: u64, mean: f64) -> GroupMean {
        GroupMean {
            condition: String::new(),
            label: label.to_owned(),
            observable: "trust",
            role: "a",
            sample: SampleMean { n, mean, sd: 0.1 },
        }
    }

    #[test]
    fn groups_have_their_shares_and_the_largest_differences() {
        let groups = [
            group(1, "secure", [80, 24]),
            group(2, "fearful", [70, 42]),
            group(3, "dismissing", [10, 5]),
            group(4, "preoccupied", [0, 0]),
        ];
        let means = [
            group_mean("secure", 56, 0.75),
            group_mean("fearful", 28, 0.60),
            // One couple has no error.
            group_mean("dismissing", 1, 0.1),
        ];
        let found = group_findings("", 365, &groups, &means);
        assert_eq!(found[0].head, "Groups by style, partner A");
        let text = &found[0].text;
        assert!(
            text.starts_with(
                "still together after day 365: secure 70.0 % [10.0, 90.0] of 80 couples; fearful 40.0 % [10.0, 90.0] of 70 \
                 couples; dismissing 50.0 %"
            ),
            "{text}"
        );
        // Of three pairs an interval of 98.33 %, wider than Newcombe's of one pair.
        let [one, three] =
            [0.95, 1.0 - 0.05 / 3.0].map(|level| newcombe((56, 80), (28, 70), level));
        assert!(three.low < one.low);
        let expected = format!(
            "that between secure and fearful, +30.0 [{:+.1}, {:+.1}] percentage points (with an interval that holds for all 3 \
             pairs of groups).",
            100.0 * three.low,
            100.0 * three.high
        );
        assert!(text.ends_with(&expected), "{text} {expected}");
        assert_eq!(found[1].head, "Groups on day 365");
        let text = &found[1].text;
        assert!(text.contains("trust of A +0.150 ["), "{text}");
        assert!(
            text.contains(
                "in secure (0.750, n = 56) against fearful (0.600, n = 28). Groups differ in more"
            ),
            "{text}"
        );
        // The same means of few couples are not resolved.
        let few = [
            group_mean("secure", 4, 0.75),
            group_mean("fearful", 3, 0.60),
        ];
        let text = &group_findings("", 365, &groups, &few)[1].text;
        assert!(text.contains("not resolved with n = 4 and 3"), "{text}");
    }

    #[test]
    fn a_difference_of_means_has_the_interval_of_students_t() {
        // Two samples of 10 with standard deviations 2 and 1: error .7071, t of 9 degrees of freedom 2.26216.
        let one = SampleMean {
            n: 10,
            mean: 3.0,
            sd: 2.0,
        };
        let other = SampleMean {
            n: 10,
            mean: 1.0,
            sd: 1.0,
        };
        let found = one.less(&other, 0.95);
        assert!(
            (found.low - (2.0 - 1.599_6)).abs() < 1e-3 && (found.high - 3.599_6).abs() < 1e-3,
            "{found:?}"
        );
    }
}
