//! What the tables of a run say: their rows as numbers with intervals, and sentences about dated events, groups and
//! conditions. The report and the terminal's summary read the same rows and have the same sentences.
//!
//! Sentences have plain minus signs, as the terminal has them; [`with_minus_signs`](super::numbers::with_minus_signs)
//! makes them those of a page.

use super::numbers::{count, listed};
use super::reader::{numbers, text};
use crate::label::{label, label_in_sentence, readable};
use crate::scenario::Scenario;
use crate::simulation::{Observable, Recorded};
use crate::stats::interval::{CONFIDENCE, Interval, newcombe, student_quantile, upper_tail};
use crate::table::{ColumnError, Table};
use std::fmt;

/// What findings are about, where it is recorded.
pub(crate) const HEADLINES: [&str; 3] = ["trust", "intimacy", "satisfaction"];
/// The regimes of balance, as the observables of their shares.
pub(crate) const REGIMES: [&str; 4] = [
    "secure_balance",
    "complacency",
    "codependency",
    "disengagement",
];
/// The share of couples that are intact after a day, among the observables of differences.
pub(crate) const SHARE_INTACT: &str = "share intact";
/// Events that have a sentence, at most.
const MOST_EVENTS: usize = 4;

/// A finding: what it is about, and what was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finding {
    pub(crate) head: String,
    pub(crate) text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.head, self.text)
    }
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

impl DayMean {
    /// Rows of `trajectory` on some days, by their positions.
    ///
    /// # Errors
    /// [`ColumnError`] if the table lacks one of its columns.
    pub(crate) fn rows(
        table: &Table,
        is_shown: impl Fn(f64) -> bool,
    ) -> Result<Vec<(usize, DayMean)>, ColumnError> {
        let [day, n, mean] = ["day", "n", "mean"].map(|name| numbers(table, name));
        let (day, n, mean, interval) = (day?, n?, mean?, intervals(table)?);
        let row = |row: usize| {
            let found = DayMean {
                observable: Observable::named(text(table, "observable", row))?
                    .info()
                    .key,
                role: role_of(table, row),
                day: day[row],
                n: couples(n[row]),
                mean: mean[row],
                interval: interval[row],
            };
            Some((row, found))
        };
        let shown = (0..day.len()).filter(|row| is_shown(day[*row]));
        Ok(shown.filter_map(row).collect())
    }

    /// The same without their positions.
    ///
    /// # Errors
    /// [`ColumnError`] if the table lacks one of its columns.
    pub(crate) fn of_rows(
        table: &Table,
        is_shown: impl Fn(f64) -> bool,
    ) -> Result<Vec<DayMean>, ColumnError> {
        let rows = DayMean::rows(table, is_shown)?.into_iter();
        Ok(rows.map(|(_, mean)| mean).collect())
    }
}

/// The first, the recorded day nearest to the middle, and the last recorded day, without repetition.
pub(crate) fn shown_days(scenario: &Scenario) -> Vec<f64> {
    let recorded = Recorded::of(scenario.config()).days;
    let days = recorded.iter().map(|day| f64::from(*day));
    let last = f64::from(scenario.config().size.days);
    let near = |one: &f64, other: &f64| {
        (one - 0.5 * last)
            .abs()
            .total_cmp(&(other - 0.5 * last).abs())
    };
    let mut shown = vec![0.0];
    shown.extend(days.min_by(near));
    shown.push(last);
    shown.dedup();
    shown
}

/// The share of couples still together on a day.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DaySurvival {
    pub(crate) condition: String,
    pub(crate) day: f64,
    pub(crate) at_risk: u64,
    pub(crate) ended: u64,
    pub(crate) share: f64,
    pub(crate) interval: Interval,
}

impl DaySurvival {
    /// The rows of `survival`.
    ///
    /// # Errors
    /// [`ColumnError`] if the table lacks one of its columns.
    pub(crate) fn of_rows(table: &Table) -> Result<Vec<DaySurvival>, ColumnError> {
        let [day, at_risk, ended, share] =
            ["day", "at_risk", "ended", "survival"].map(|name| numbers(table, name));
        let (day, at_risk, ended, share) = (day?, at_risk?, ended?, share?);
        let interval = intervals(table)?;
        let row = |row: usize| DaySurvival {
            condition: text(table, "condition", row).to_owned(),
            day: day[row],
            at_risk: couples(at_risk[row]),
            ended: couples(ended[row]),
            share: share[row],
            interval: interval[row],
        };
        Ok((0..day.len()).map(row).collect())
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

    /// The differences on the last day of trust, intimacy and satisfaction of the couples together under both
    /// conditions, and of the share intact.
    pub(crate) fn on_the_last_day(all: Vec<MeanDifference>) -> Vec<MeanDifference> {
        let last = all.iter().map(|it| it.day).fold(0.0, f64::max);
        let is_main = |it: &MeanDifference| it.day == last && it.is_main();
        all.into_iter().filter(is_main).collect()
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

/// A change of an observable from the day before an event to its end or a later day, within couples.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EventChange {
    pub(crate) condition: String,
    pub(crate) event: u64,
    pub(crate) label: String,
    pub(crate) before_day: f64,
    pub(crate) is_end: bool,
    pub(crate) day: f64,
    pub(crate) role: &'static str,
    pub(crate) observable: &'static str,
    pub(crate) n_before: u64,
    pub(crate) n: u64,
    pub(crate) change: f64,
    pub(crate) interval: Interval,
}

impl EventChange {
    /// The rows of `event_changes`.
    ///
    /// # Errors
    /// [`ColumnError`] if the table lacks one of its columns.
    pub(crate) fn of_rows(table: &Table) -> Result<Vec<EventChange>, ColumnError> {
        let [event, before_day, day, n_before, n, change] =
            ["event", "before_day", "day", "n_before", "n", "change"]
                .map(|name| numbers(table, name));
        let (event, before_day, day) = (event?, before_day?, day?);
        let (n_before, n, change, interval) = (n_before?, n?, change?, intervals(table)?);
        let row = |row: usize| {
            Some(EventChange {
                condition: text(table, "condition", row).to_owned(),
                event: couples(event[row]),
                label: text(table, "label", row).to_owned(),
                before_day: before_day[row],
                is_end: text(table, "when", row) == "end",
                day: day[row],
                role: role_of(table, row),
                observable: Observable::named(text(table, "observable", row))?
                    .info()
                    .key,
                n_before: couples(n_before[row]),
                n: couples(n[row]),
                change: change[row],
                interval: interval[row],
            })
        };
        Ok((0..day.len()).filter_map(row).collect())
    }

    pub(crate) fn is_headline(&self) -> bool {
        HEADLINES.contains(&self.observable) && self.role != "couple"
    }

    /// Whether it is of another state of partners, or of couples, on the scale from 0 to 1.
    pub(crate) fn is_other_state(&self) -> bool {
        let is_state = |it: Observable| {
            let info = it.info();
            !it.is_of_events() && info.high <= 1.0 && (self.role != "couple") != info.of_couple
        };
        !HEADLINES.contains(&self.observable)
            && Observable::named(self.observable).is_some_and(is_state)
    }
}

/// What changed around the events, of one condition if there are several: by partner, within the couples still
/// together.
pub(crate) fn event_findings(condition: &str, changes: &[EventChange]) -> Vec<Finding> {
    // Events of the same days change the same couples between the same days.
    let same_days = |one: &EventChange, other: &EventChange| {
        one.before_day == other.before_day && end_of(changes, one) == end_of(changes, other)
    };
    let mut spans: Vec<Vec<&EventChange>> = Vec::new();
    for change in changes {
        match spans.iter_mut().find(|span| same_days(span[0], change)) {
            Some(span) => span.push(change),
            None => spans.push(vec![change]),
        }
    }
    let size = |span: &Vec<&EventChange>| {
        let own = span
            .iter()
            .filter(|it| it.is_headline() && it.change.is_finite());
        own.map(|it| it.change.abs()).fold(0.0, f64::max)
    };
    let mut sizes: Vec<f64> = spans.iter().map(size).collect();
    sizes.sort_by(|one, other| other.total_cmp(one));
    let all = spans.len();
    if let Some(least) = sizes.get(MOST_EVENTS - 1) {
        spans.retain(|span| size(span) >= *least);
        spans.truncate(MOST_EVENTS);
    }
    let mut found: Vec<Finding> = spans
        .iter()
        .map(|span| event_finding(condition, span))
        .collect();
    if let Some(last) = found.last_mut() {
        if all > spans.len() {
            last.text.push_str(&format!(
                " Of {all} times with events these are the {} with the largest changes; the table event_changes has all.",
                spans.len()
            ));
        }
        last.text.push_str(
            " Changes also hold what would have changed without the event: a condition without it shows its effect.",
        );
    }
    found
}

/// The last day of a change's event.
fn end_of(changes: &[EventChange], own: &EventChange) -> Option<u64> {
    let end = changes.iter().find(|it| it.event == own.event && it.is_end);
    end.map(|it| it.day.to_bits())
}

fn event_finding(condition: &str, span: &[&EventChange]) -> Finding {
    let mut events: Vec<(u64, &str)> = Vec::new();
    for change in span {
        if !events.iter().any(|(event, _)| *event == change.event) {
            events.push((change.event, &change.label));
        }
    }
    let own: Vec<&&EventChange> = span.iter().filter(|it| it.event == events[0].0).collect();
    let numbers = listed(
        &events
            .iter()
            .map(|(event, _)| event.to_string())
            .collect::<Vec<_>>(),
    );
    let mut labels: Vec<String> = events
        .iter()
        .map(|(_, label)| (*label).to_owned())
        .collect();
    labels.dedup();
    let noun = if events.len() == 1 { "Event" } else { "Events" };
    let first = own[0].before_day + 1.0;
    let end = own.iter().find(|it| it.is_end).map_or(first, |it| it.day);
    let days = if end > first {
        format!("days {} to {}", day(first), day(end))
    } else {
        format!("day {}", day(first))
    };
    let of = if condition.is_empty() {
        String::new()
    } else {
        format!("{condition}, ")
    };
    let head = format!(
        "{of}{} {numbers}, {} ({days})",
        lower_if(noun, !of.is_empty()),
        listed(&labels)
    );
    let mut sentences = Vec::new();
    for is_end in [true, false] {
        let rows: Vec<&EventChange> = own
            .iter()
            .filter(|it| it.is_end == is_end)
            .map(|it| **it)
            .collect();
        let Some(first) = rows.first() else { continue };
        sentences.push(changes_sentence(first, &rows));
    }
    Finding {
        head,
        text: sentences.join(" "),
    }
}

fn lower_if(noun: &str, is_lower: bool) -> String {
    if is_lower {
        noun.to_lowercase()
    } else {
        noun.to_owned()
    }
}

fn changes_sentence(first: &EventChange, rows: &[&EventChange]) -> String {
    let to = if first.is_end { "to its end on" } else { "to" };
    let who = match (first.n, first.n_before - first.n.min(first.n_before)) {
        (0, _) => {
            return format!("On day {} no couple was still together.", day(first.day));
        }
        (n, 0) => format!("all {} couples", count(n)),
        (n, left) => format!(
            "the {} couples still together (left out: {} that had separated since then)",
            count(n),
            count(left)
        ),
    };
    let mut parts: Vec<String> = Vec::new();
    for observable in HEADLINES {
        let own = rows
            .iter()
            .filter(|it| it.is_headline() && it.observable == observable);
        let by_partner: Vec<String> = own
            .map(|it| {
                let estimate = resolved_or_not(it.change, it.interval, it.n);
                format!("of {} {estimate}", it.role.to_uppercase())
            })
            .collect();
        if !by_partner.is_empty() {
            let name = label_in_sentence(observable);
            parts.push(format!("{name} {}", by_partner.join(", ")));
        }
    }
    let others = rows
        .iter()
        .filter(|it| it.is_other_state() && excludes_zero(it.interval));
    let largest = others.max_by(|one, other| one.change.abs().total_cmp(&other.change.abs()));
    if let Some(it) = largest {
        let whose = match it.role {
            "couple" => String::new(),
            role => format!(" of {}", role.to_uppercase()),
        };
        parts.push(format!(
            "the largest other change is that of {}{whose}, {}",
            label_in_sentence(it.observable),
            signed(it.change, it.interval)
        ));
    }
    format!(
        "From day {} {to} day {}, within {who}: {}.",
        day(first.before_day),
        day(first.day),
        parts.join("; ")
    )
}

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
                "{}: {share:.1} % [{low:.1}, {high:.1}] of {} couples",
                it.label,
                count(it.couples)
            )
        })
        .collect();
    let mut text = format!(
        "still together after day {days} are, of {}",
        shares.join("; of ")
    );
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
            "; the largest difference is that of {} from {}, {difference:+.1} [{from:+.1}, {to:+.1}] percentage \
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
                "the largest of {} recorded days. {} An interval is that of its day alone.",
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
        format!(" (n = {} {over})", count(largest.n))
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

/// Whether an interval is known and does not include zero.
pub(crate) fn excludes_zero(around: Interval) -> bool {
    around.low > 0.0 || around.high < 0.0
}

/// A difference with its interval, and that it is not resolved where the interval includes zero.
fn resolved_or_not(value: f64, around: Interval, n: u64) -> String {
    let text = signed(value, around);
    if excludes_zero(around) {
        text
    } else {
        format!("{text}, not resolved with n = {}", count(n))
    }
}

/// A difference with its interval.
pub(crate) fn signed(value: f64, around: Interval) -> String {
    if around.low.is_nan() {
        return format!("{value:+.3} without an interval");
    }
    format!("{value:+.3} [{:+.3}, {:+.3}]", around.low, around.high)
}

/// A day without decimals, unless it lies within a day.
fn day(day: f64) -> String {
    if day.fract() == 0.0 {
        count(day as u64)
    } else {
        format!("{day:.3}")
    }
}

fn couples(value: f64) -> u64 {
    value.max(0.0) as u64
}

fn role_of(table: &Table, row: usize) -> &'static str {
    match text(table, "role", row) {
        "a" => "a",
        "b" => "b",
        _ => "couple",
    }
}

/// The intervals of a table's rows.
fn intervals(table: &Table) -> Result<Vec<Interval>, ColumnError> {
    let (low, high) = (numbers(table, "ci_low")?, numbers(table, "ci_high")?);
    let ends = low.into_iter().zip(high);
    Ok(ends.map(|(low, high)| Interval { low, high }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(low: f64, high: f64) -> Interval {
        Interval { low, high }
    }

    fn change(
        event: u64,
        is_end: bool,
        of: (&'static str, &'static str),
        change: f64,
    ) -> EventChange {
        EventChange {
            condition: String::new(),
            event,
            label: format!("event {event}"),
            before_day: 9.0 + event as f64,
            is_end,
            day: if is_end {
                10.0 + event as f64
            } else {
                100.0 + event as f64
            },
            role: of.1,
            observable: of.0,
            n_before: 50,
            n: if is_end { 50 } else { 42 },
            change,
            interval: around(change - 0.01, change + 0.01),
        }
    }

    #[test]
    fn an_event_has_its_changes_by_partner_with_those_who_are_left_out() {
        let rows = [
            change(1, true, ("trust", "a"), -0.1),
            change(1, true, ("trust", "b"), 0.005),
            change(1, true, ("trust", "couple"), -0.05),
            change(1, true, ("stress", "a"), 0.3),
            change(1, true, ("secure_balance", "couple"), -0.2),
            change(1, true, ("bids", "a"), 3.0),
            change(1, false, ("trust", "a"), -0.02),
            change(1, false, ("trust", "b"), 0.0),
        ];
        let found = event_findings("", &rows);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].head, "Event 1, event 1 (day 11)");
        assert_eq!(
            found[0].text,
            "From day 10 to its end on day 11, within all 50 couples: trust of A -0.100 [-0.110, -0.090], of B +0.005 \
             [-0.005, +0.015], not resolved with n = 50; the largest other change is that of stress of A, +0.300 [+0.290, \
             +0.310]. From day 10 to day 101, within the 42 couples still together (left out: 8 that had separated since \
             then): trust of A -0.020 [-0.030, -0.010], of B +0.000 [-0.010, +0.010], not resolved with n = 42. \
             Changes also hold what would have changed without the event: a condition without it shows its effect."
        );
        assert!(
            event_findings("one", &rows)[0]
                .head
                .starts_with("one, event 1")
        );
    }

    #[test]
    fn events_of_the_same_days_have_one_sentence_and_of_many_the_largest_have_one() {
        let mut twice = vec![
            change(1, true, ("trust", "a"), -0.1),
            change(2, true, ("trust", "a"), -0.1),
        ];
        for it in &mut twice {
            (it.before_day, it.day) = (5.0, 9.0);
        }
        let found = event_findings("", &twice);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].head,
            "Events 1 and 2, event 1 and event 2 (days 6 to 9)"
        );
        let many: Vec<EventChange> = (1..=9)
            .map(|event| change(event, true, ("trust", "a"), 0.01 * event as f64))
            .collect();
        let found = event_findings("", &many);
        let heads: Vec<&str> = found.iter().map(|it| it.head.as_str()).collect();
        let expected = [6, 7, 8, 9].map(|it| format!("Event {it}, event {it} (day {})", 10 + it));
        assert_eq!(heads, expected);
        assert!(
            found[3]
                .text
                .contains("Of 9 times with events these are the 4 with the largest changes")
        );
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
                "still together after day 365 are, of secure: 70.0 % [10.0, 90.0] of 80 couples; of fearful: 40.0 % [10.0, 90.0] \
                 of 70 couples; of dismissing: 50.0 %"
            ),
            "{text}"
        );
        // Of three pairs an interval of 98.33 %, wider than Newcombe's of one pair.
        let [one, three] =
            [0.95, 1.0 - 0.05 / 3.0].map(|level| newcombe((56, 80), (28, 70), level));
        assert!(three.low < one.low);
        let expected = format!(
            "that of secure from fearful, +30.0 [{:+.1}, {:+.1}] percentage points (with an interval that holds for all 3 \
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
            "the largest of 3 recorded days. Trust of A +0.200 [+0.150, +0.250] on day 30 (n = 60 couples together under \
             both); on day 60 +0.010 [-0.040, +0.060], not resolved with n = 60: by then it is over, or too small to be \
             seen. Share intact +0.020 [-0.030, +0.070], not resolved with n = 60 on the last day, day 60 (all couples; no other is resolved either). An interval is that of its day alone."
        );
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
