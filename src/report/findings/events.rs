//! What changed around dated events, within couples.

use super::{
    Finding, HEADLINES, couples, day, excludes_zero, intervals, lower_if, resolved_or_not, role_of,
    signed,
};
use crate::label::label_in_sentence;
use crate::report::numbers::{count, listed};
use crate::report::reader::{numbers, text};
use crate::simulation::Observable;
use crate::stats::interval::Interval;
use crate::table::{ColumnError, Table};

/// Events that have a sentence, at most.
const MOST_EVENTS: usize = 4;

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
            " Changes include what would have changed without the event: a condition without it shows its effect.",
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
             Changes include what would have changed without the event: a condition without it shows its effect."
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
}
