//! What changed around dated events: each couple compared with itself on the day before an event, at the end of the
//! event and some time after it.

use crate::run::differences::PairedSums;
use crate::scenario::Scenario;
use crate::simulation::{BlockOutcome, Line, Recorded, Role, SimulationConfig};
use crate::table::{Field, Schema, Table, Value};

/// Events whose changes are kept, at most: the first ones.
const MOST_EVENTS: usize = 20;
/// Days after the end of an event on which couples are looked at again, if the run is that long.
const DAYS_AFTER: u32 = 90;
/// On which day couples are compared with the day before the event.
const WHEN: &[&str] = &["end", "later"];

/// The days on which couples are looked at for an event.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EventSpan {
    /// Number of the event, as in the scenario.
    number: usize,
    label: String,
    /// The day before it.
    before: u32,
    /// The last day of the event and a later one; the former alone if the run ends with it.
    after: Vec<u32>,
}

/// The events of a scenario that happen within its run.
pub(crate) fn event_spans(scenario: &Scenario) -> Vec<EventSpan> {
    let days = scenario.config().size.days;
    let marks = scenario.marks().iter().enumerate();
    let happen = marks.filter(|(_, mark)| mark.day <= days && (mark.day > 0 || mark.lasts));
    let span = happen.map(|(place, mark)| {
        let end = match (mark.lasts, mark.until) {
            (true, Some(until)) => until.saturating_sub(1),
            (true, None) => days,
            (false, _) => mark.day,
        };
        let end = end.clamp(1, days);
        let later = end.saturating_add(DAYS_AFTER).min(days);
        EventSpan {
            number: place + 1,
            label: mark.label.clone(),
            before: mark.day.saturating_sub(1),
            after: [end]
                .into_iter()
                .chain((later > end).then_some(later))
                .collect(),
        }
    });
    span.take(MOST_EVENTS).collect()
}

/// The days on which each couple's values are needed.
pub(crate) fn value_days(scenario: &Scenario) -> Vec<u32> {
    let spans = event_spans(scenario).into_iter();
    spans
        .flat_map(|span| [span.before].into_iter().chain(span.after))
        .collect()
}

/// The header of `event_changes`.
pub(crate) fn event_changes_schema() -> Schema {
    let unit = "as observable";
    let columns = vec![
        Field::int(
            "event",
            "",
            "Number of the event in the scenario, from 1; the first 20 events have rows",
        ),
        Field::str("label", "Its label, or what it does"),
        Field::float(
            "before_day",
            "days",
            "The day before the event, with which couples are compared",
        ),
        Field::categorical(
            "when",
            WHEN,
            "`end`: the last day of the event; `later`: 90 days after it, or the last day of the run if that is earlier",
        ),
        Field::float("day", "days", "That day"),
        Field::categorical(
            "role",
            Role::WORDS,
            "Partner A, partner B, or the couple: the mean of both, or what is the couple's own",
        ),
        Field::str("observable", "What was observed"),
        Field::int(
            "n_before",
            "couples",
            "Couples together on the day before the event",
        ),
        Field::int(
            "n",
            "couples",
            "Those of them still together on `day`: the change is over these",
        ),
        Field::float("before", unit, "Their mean on the day before the event"),
        Field::float("change", unit, "Mean of their changes since then"),
        Field::float("sd", unit, "Standard deviation of the changes"),
        Field::float(
            "ci_low",
            unit,
            "Lower end of the 95 % interval of the change: Student's t for the same couples; of shares that of \
             Agresti and Min (2005)",
        ),
        Field::float("ci_high", unit, "Upper end of that interval"),
    ];
    Schema {
        table: "event_changes",
        row: "an event, a day at its end or after it, an observable and a role",
        columns,
    }
}

/// Sums of the changes around events.
#[derive(Clone, Debug)]
pub(crate) struct EventSums {
    spans: Vec<EventSpan>,
    lines: Vec<Line>,
    steps_per_day: u64,
    /// Couples together on the day before, by event.
    before: Vec<u64>,
    /// By event, day and line.
    changes: Vec<Vec<Vec<PairedSums>>>,
}

impl EventSums {
    /// Sums over no couples; `None` if no event happens.
    pub(crate) fn new(
        spans: Vec<EventSpan>,
        recorded: &Recorded,
        config: &SimulationConfig,
    ) -> Option<EventSums> {
        let of_day = vec![PairedSums::default(); recorded.lines.len()];
        (!spans.is_empty()).then(|| EventSums {
            before: vec![0; spans.len()],
            changes: spans
                .iter()
                .map(|span| vec![of_day.clone(); span.after.len()])
                .collect(),
            lines: recorded.lines.clone(),
            steps_per_day: u64::from(config.size.steps_per_day),
            spans,
        })
    }

    /// Adds the couples of the next block.
    pub(crate) fn join(&mut self, recorded: &Recorded, outcome: &BlockOutcome) {
        let spans = self
            .spans
            .iter()
            .zip(&mut self.before)
            .zip(&mut self.changes);
        for ((span, before), changes) in spans {
            let Some(first) = recorded.value_position(span.before) else {
                continue;
            };
            for (couple, end) in outcome.ends.iter().enumerate() {
                // A day is recorded before the couples that separate at its end are gone.
                let is_counted =
                    |day: u32| end.is_none_or(|step| step / self.steps_per_day >= u64::from(day));
                *before += u64::from(is_counted(span.before));
                for (day, sums) in span.after.iter().zip(changes.iter_mut()) {
                    let Some(place) = recorded.value_position(*day).filter(|_| is_counted(*day))
                    else {
                        continue;
                    };
                    let values = [first, place].map(|place| outcome.values.of(place, couple));
                    for (line, sums) in sums.iter_mut().enumerate() {
                        sums.add(values[1][line], values[0][line]);
                    }
                }
            }
        }
    }

    /// The table of all changes.
    pub(crate) fn table(&self) -> Table {
        let mut table = Table::new(event_changes_schema());
        for ((span, n_before), days) in self.spans.iter().zip(&self.before).zip(&self.changes) {
            for (when, (day, sums)) in span.after.iter().zip(days).enumerate() {
                for (line, sums) in self.lines.iter().zip(sums) {
                    // No day came before day 0, so it has no events.
                    if span.before == 0 && line.observable.is_of_events() {
                        continue;
                    }
                    table.rows.push(
                        [
                            Value::Int(span.number as i64),
                            Value::Str(span.label.clone()),
                            Value::Float(f64::from(span.before)),
                            Value::Categorical(when as u8),
                            Value::Float(f64::from(*day)),
                            Value::Categorical(line.role as u8),
                            Value::Str(line.observable.info().key.to_owned()),
                            Value::Int(*n_before as i64),
                        ]
                        .into_iter()
                        .chain(sums.cells(line.binned())),
                    );
                }
            }
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Run;
    use std::collections::BTreeMap;

    const TEXT: &str = "title = 'x'\n[run]\nseed = 4\ncouples = 90\ndays = 120\nreplicates = 2\n\
        [parameters]\noutside_rate = 0.005\n[record]\nevery = 50\ndays = 'all'\nsample_couples = 0\n\
        observables = ['trust', 'conflict', 'bids', 'secure_balance']\n";
    const EVENTS: &str = "[[event]]\nkind = 'betrayal'\nday = 12\nof = 'a'\nlabel = 'B betrays A'\n\
        [[event]]\nkind = 'trait'\ntrait = 'responsiveness'\npartner = 'b'\nfrom = 61\nuntil = 71\nfactor = 0.3\n\
        [[event]]\nkind = 'stress'\nday = 1\nsize = 0.5\npartner = 'b'\n\
        [[event]]\nkind = 'stress'\nday = 120\nsize = 0.5\npartner = 'b'\n";

    fn run(more: &str, threads: usize) -> Run {
        let scenario = Scenario::parse(&format!("{TEXT}{more}")).expect("a scenario");
        scenario.runner().threads(threads).run().expect("a run")
    }

    #[test]
    fn couples_are_looked_at_before_an_event_at_its_end_and_later() {
        let spans = event_spans(run(EVENTS, 1).scenario());
        let days: Vec<(u32, Vec<u32>)> =
            spans.into_iter().map(|it| (it.before, it.after)).collect();
        let expected = [
            (11, vec![12, 102]),
            (60, vec![70, 120]),
            (0, vec![1, 91]),
            (119, vec![120]),
        ];
        assert_eq!(days, expected);
    }

    #[test]
    fn changes_are_those_of_the_rows_of_days() {
        let run = run(EVENTS, 2);
        // Trust of partner A by couple and day: a couple has rows as long as it is together.
        let days = run.days().expect("days");
        let column = |name: &str| days.ints(name).expect("a column").to_vec();
        let (couple, day) = (column("couple_id"), column("day"));
        let trust = days.floats("trust").expect("a column");
        let mut of: BTreeMap<(i64, i64), f64> = BTreeMap::new();
        for row in (0..trust.len()).filter(|row| days.category("role", *row) == Some("a")) {
            of.insert((couple[row], day[row]), trust[row]);
        }
        let table = run.table("event_changes").expect("a table");
        let ints = |name: &str| table.ints(name).expect("a column").to_vec();
        let floats = |name: &str| table.floats(name).expect("a column").to_vec();
        let (event, n_before, n) = (ints("event"), ints("n_before"), ints("n"));
        let (before_day, day) = (floats("before_day"), floats("day"));
        let (before, change, sd) = (floats("before"), floats("change"), floats("sd"));
        let rows: Vec<usize> = (0..n.len())
            .filter(|row| {
                table.category("observable", *row) == Some("trust")
                    && table.category("role", *row) == Some("a")
                    && before_day[*row] > 0.0
            })
            .collect();
        assert_eq!(
            rows.len(),
            5,
            "the end and a later day, and the last day alone"
        );
        for row in rows {
            let [from, to] = [before_day[row], day[row]].map(|it| it as i64);
            let pairs: Vec<(f64, f64)> = (1..=180)
                .filter_map(|id| Some((*of.get(&(id, from))?, *of.get(&(id, to))?)))
                .collect();
            let together = (1..=180).filter(|id| of.contains_key(&(*id, from))).count();
            assert_eq!(n_before[row], together as i64, "event {}", event[row]);
            assert_eq!(n[row], pairs.len() as i64);
            assert!(pairs.len() < 180, "some separated");
            let count = pairs.len() as f64;
            let mean = pairs.iter().map(|(from, to)| to - from).sum::<f64>() / count;
            let start = pairs.iter().map(|(from, _)| from).sum::<f64>() / count;
            let squares = pairs.iter().map(|(from, to)| (to - from - mean).powi(2));
            let spread = (squares.sum::<f64>() / (count - 1.0)).sqrt();
            for (found, expected) in [(change[row], mean), (before[row], start), (sd[row], spread)]
            {
                assert!((found - expected).abs() < 1e-11, "{found} {expected}");
            }
        }
        let betrayal = change[0];
        assert!(betrayal < -0.05, "a betrayal costs A trust: {betrayal}");
    }

    #[test]
    fn events_without_a_day_before_have_no_changes_of_events() {
        let run = run(EVENTS, 1);
        let table = run.table("event_changes").expect("a table");
        let of_start = (0..table.rows.rows())
            .filter(|row| table.floats("before_day").expect("a column")[*row] == 0.0);
        let found: Vec<&str> = of_start
            .filter_map(|row| table.category("observable", row))
            .collect();
        assert!(found.contains(&"trust") && found.contains(&"secure_balance"));
        assert!(!found.contains(&"bids") && !found.contains(&"conflict"));
    }

    #[test]
    fn the_table_is_there_with_events_only_and_does_not_depend_on_threads() {
        let text = |run: &Run| format!("{:?}", run.tables());
        assert!(text(&run(EVENTS, 1)) == text(&run(EVENTS, 2)));
        assert!(run("", 1).table("event_changes").is_err());
        let late = "[[event]]\nkind = 'stress'\nday = 900\nsize = 0.5\npartner = 'b'\n";
        assert!(run(late, 1).table("event_changes").is_err());
    }

    #[test]
    fn values_for_events_change_no_other_table() {
        let conditions = "[condition.plain]\n[condition.other]\nparameters.outside_rate = 0.002\n";
        let without = run(conditions, 1);
        // An event of one condition, which changes nothing.
        let event = "[[condition.other.event]]\nkind = 'state'\nstate = 'mood'\npartner = 'a'\nday = 33\nfactor = 1.0\n";
        let with = run(&format!("{conditions}{event}"), 1);
        for name in ["trajectory", "differences", "couples", "survival"] {
            let [one, other] = [&without, &with].map(|run| format!("{:?}", run.table(name)));
            assert!(one == other, "{name}");
        }
        assert!(with.table("event_changes").is_ok());
    }
}
