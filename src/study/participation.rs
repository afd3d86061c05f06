//! Who answers on each occasion of a study, over all its data sets: table and chart.

use super::sample::{AnswerState, PreparedStudy, StudyReplicate};
use crate::chart::figure_list::{DrawnCharts, FigureSpec, draw_tables};
use crate::chart::options::ChartOptions;
use crate::chart::{
    Axes, ChartError, ColumnReader, Figure, FigureHeading, IntervalEstimate, Legend, LegendHandle,
    MARGIN, SubplotSpacing, Subplots, Ticks, Width, range_of, series_stroke, with_margins,
};
use crate::runner::CancelToken;
use crate::stats::interval::CONFIDENCE;
use crate::stats::summary::RunningMoments;
use crate::table::{Batch, Field, Schema, Table, Value};

const BAND: f64 = 0.18;
const DOT: f64 = 0.6;
/// Prompts that are further apart (days) are of two bursts.
const GAP: f64 = 1.5;

/// The kinds of occasion, as categories of the table.
const KINDS: &[&str] = &["wave", "prompt"];

/// An occasion, over all couples that were recruited.
#[derive(Clone, Debug, Default)]
struct OccasionTally {
    /// Persons by [`AnswerState`]: answered, missed, stopped, separated.
    persons: [u64; 4],
    /// Share of a couple's participating members who are in the study and who answered.
    shares: [RunningMoments; 2],
}

/// The participation in a study, so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct ParticipationTally {
    waves: Vec<OccasionTally>,
    prompts: Vec<OccasionTally>,
}

impl ParticipationTally {
    /// Adds a data set.
    pub(crate) fn add(&mut self, data: &StudyReplicate) {
        for couple in &data.couples {
            for (tallies, set) in [
                (&mut self.waves, &couple.waves),
                (&mut self.prompts, &couple.prompts),
            ] {
                let occasions = set.states[0].len();
                tallies.resize_with(occasions, OccasionTally::default);
                for (occasion, tally) in tallies.iter_mut().enumerate() {
                    tally.add(set.states.iter().map(|states| states[occasion]));
                }
            }
        }
    }

    /// The rows of the table.
    pub(crate) fn rows(&self, study: &PreparedStudy) -> Batch {
        let mut rows = Batch::empty(&participation_schema());
        let prompts = f64::from(study.design().prompts.max(1));
        for (kind, tallies, moments) in [
            (0, &self.waves, study.waves()),
            (1, &self.prompts, study.prompts()),
        ] {
            for (number, (tally, moment)) in tallies.iter().zip(moments).enumerate() {
                let mut row = vec![
                    Value::Categorical(kind),
                    Value::Int(number as i64 + 1),
                    Value::Float(f64::from(moment.day) + f64::from(moment.prompt) / prompts),
                    Value::Int(tally.shares[0].count() as i64),
                    Value::Int(tally.persons.iter().sum::<u64>() as i64),
                ];
                row.extend(tally.persons.map(|count| Value::Int(count as i64)));
                for share in &tally.shares {
                    let interval = share.interval(CONFIDENCE);
                    let (low, high) = (interval.low.max(0.0), interval.high.min(1.0));
                    row.extend([share.mean(), low, high].map(Value::Float));
                }
                rows.push(row);
            }
        }
        rows
    }
}

impl OccasionTally {
    /// Adds what became of an occasion for the members of a couple.
    fn add(&mut self, states: impl Iterator<Item = AnswerState>) {
        let (mut members, mut present, mut answered) = (0.0, 0.0, 0.0);
        for state in states {
            let place = match state {
                AnswerState::Answered => 0,
                AnswerState::Missed => 1,
                AnswerState::DroppedOut => 2,
                AnswerState::Separated => 3,
                AnswerState::NotParticipating => continue,
            };
            self.persons[place] += 1;
            members += 1.0;
            present += f64::from(place < 2);
            answered += f64::from(place == 0);
        }
        if members > 0.0 {
            self.shares[0].push(present / members);
            self.shares[1].push(answered / members);
        }
    }
}

/// The header of `participation`: a row an occasion.
pub(crate) fn participation_schema() -> Schema {
    let persons = |name: &'static str, meaning: &'static str| Field::int(name, "persons", meaning);
    let mut columns = vec![
        Field::categorical(
            "occasion_kind",
            KINDS,
            "Whether it is a wave or a prompt of the diary",
        ),
        Field::int("occasion", "", "Number of the wave or prompt, from 1"),
        Field::float(
            "day",
            "days",
            "Days from entry to it; prompts of a day are equal parts of it apart",
        ),
        Field::int(
            "couples",
            "couples",
            "Couples that were recruited, in all data sets",
        ),
        persons("persons", "Their members who take part in the study"),
        persons("answered", "Those who answered"),
        persons("missed", "Those who were asked and did not answer"),
        persons("dropped_out", "Those who had stopped before"),
        persons("separated", "Those whose couple had separated before"),
    ];
    for (name, meaning) in [
        (
            "present",
            "Share of persons who were asked, the mean over couples",
        ),
        (
            "answering",
            "Share of persons who answered, the mean over couples",
        ),
    ] {
        let share = |name: String, meaning: &str| Field::float(name, "1", meaning).within(0.0, 1.0);
        columns.push(share(name.to_owned(), meaning));
        columns.push(share(
            format!("{name}_low"),
            "Lower end of its 95% interval over couples",
        ));
        columns.push(share(format!("{name}_high"), "Upper end of this interval"));
    }
    Schema {
        table: "participation",
        row: "an occasion of the study",
        columns,
    }
}

/// All figures of a study.
const FIGURES: &[FigureSpec<()>] = &[FigureSpec {
    name: "participation",
    tables: &["participation"],
    width: Width::Column,
    draw: |tables, (), width| participation(tables.get("participation")?, width),
}];

/// Draws all figures.
pub(crate) fn draw(
    tables: &[Table],
    heading: &FigureHeading,
    options: &ChartOptions,
    cancel: &CancelToken,
) -> DrawnCharts {
    draw_tables(FIGURES, &(), tables, heading, options, &|| {
        cancel.is_cancelled()
    })
}

/// Draws who is asked and who answers on each occasion, with their intervals over couples: a panel for waves and one for
/// the diary.
///
/// # Errors
/// [`ChartError::NoRows`] and [`ChartError::NoColumn`].
fn participation(table: &Table, width: Width) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let kinds = reader.categories("occasion_kind")?;
    let days = reader.numbers("day")?;
    let lines = [
        (
            "in the study",
            reader.estimates(["present", "present_low", "present_high"])?,
        ),
        (
            "answering",
            reader.estimates(["answering", "answering_low", "answering_high"])?,
        ),
    ];
    let panels: Vec<(&str, &str)> = [("wave", "Waves"), ("prompt", "Diary")]
        .into_iter()
        .filter(|(kind, _)| kinds.contains(kind))
        .collect();
    let inner = width.inner();
    let width = width.millimetres();
    let mut legend = Legend::new();
    for (place, (name, _)) in lines.iter().enumerate() {
        let own = series_stroke(place);
        legend.add(LegendHandle::LineOnBand(own, own.colour.faint(BAND)), *name);
    }
    let mut notes = Legend::new();
    notes.note("Shares of the recruited persons, with 95% intervals over couples");
    let spacing = SubplotSpacing {
        left: 9.0,
        right: 3.0,
        above: 5.0,
        height: 34.0,
        below: 9.0,
    };
    let top = MARGIN / 2.0 + legend.height(inner) + 0.6;
    let subplots = Subplots::new(panels.len(), 1, (0.0, width), top, spacing);
    let notes = notes.below(width, subplots.bottom + 1.0);
    let mut canvas = notes.canvas();
    legend.draw(&mut canvas, (MARGIN, MARGIN / 2.0), inner);
    for ((kind, heading), subplot) in panels.iter().zip(&subplots.panels) {
        let rows: Vec<usize> = (0..reader.rows())
            .filter(|row| kinds[*row] == *kind)
            .collect();
        let range = range_of(rows.iter().map(|row| days[*row])).unwrap_or((0.0, 1.0));
        let axes = Axes {
            frame: subplot.frame,
            x: with_margins(range),
            y: (0.0, 1.0),
        };
        // A line does not bridge the time between two bursts; waves are far apart anyway.
        let is_gap = |one: usize, other: usize| *kind == "prompt" && days[other] - days[one] > GAP;
        let runs: Vec<&[usize]> = rows.chunk_by(|one, other| !is_gap(*one, *other)).collect();
        for (place, (_, found)) in lines.iter().enumerate() {
            let own = series_stroke(place);
            for run in &runs {
                let of = |pick: fn(&IntervalEstimate) -> f64| -> Vec<f64> {
                    run.iter().map(|row| pick(&found[*row])).collect()
                };
                let x: Vec<f64> = run.iter().map(|row| days[*row]).collect();
                let mean = of(|one| one.mean);
                if x.len() > 1 {
                    let (low, high) = (of(|one| one.low), of(|one| one.high));
                    axes.band(&mut canvas, &x, &low, &high, own.colour.faint(BAND));
                    axes.curve(&mut canvas, &x, &mean, own);
                }
                for (x, mean) in x.iter().zip(&mean) {
                    canvas.disc(axes.position(*x, *mean), DOT, own.colour);
                }
            }
        }
        axes.draw_spines(&mut canvas);
        axes.heading(&mut canvas, heading, 0.0);
        axes.y_ticks(&mut canvas, &Ticks::round(0.0, 1.0, 5));
        axes.x_ticks(&mut canvas, &Ticks::integer(axes.x.0, axes.x.1, 5), true);
        axes.x_title(&mut canvas, "Days since entry");
    }
    notes.finish(canvas, "Participation on each occasion")
}
