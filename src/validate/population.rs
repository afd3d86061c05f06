//! Populations of a table of targets: scenarios that it names, what is measured of their couples, and
//! the simulated studies that measure it.
//!
//! A target measures what a sweep can measure, or a statistic of the answers that the scenario's
//! `[measurement]` asks for. A study of the published size is a replicate of the scenario.

use crate::runner::{Cancelled, Control, Plan, run};
use crate::scenario::nearest::nearest;
use crate::scenario::{Diagnostics, Override, Scenario};
use crate::simd::backend::Backend;
use crate::simulation::{
    BlockOutcome, BlockTable, Measure, Moments, PreparedRun, Record, SimulationConfig,
    common_interval,
};
use crate::stats::dyads::{Dyad, own_correlation, partner_correlation};
use crate::stats::summary::RunningMoments;
use crate::table::{MISSING, Values};
use crate::validate::laboratory::Laboratory;
use std::sync::Arc;

/// A scenario that a table of targets names.
#[derive(Debug, PartialEq)]
pub(crate) struct NamedPopulation {
    /// Its name as written, a path from the table's folder on.
    pub(crate) name: String,
    /// Its text.
    pub(crate) text: String,
}

impl NamedPopulation {
    /// The scenario with overrides of the laboratory, as studies of `size` couples each.
    ///
    /// Its random numbers depend on the laboratory's seed and on its name, so that populations are
    /// independent of each other and of the program's.
    ///
    /// # Errors
    /// [`Diagnostics`] of the text and of the overrides.
    pub(crate) fn scenario(
        &self,
        laboratory: &Laboratory,
        size: u64,
        studies: u64,
    ) -> Result<Scenario, Diagnostics> {
        let address = format!("{} {}", laboratory.seed, self.name);
        let hash = blake3::hash(address.as_bytes());
        // 52 bits, which are exact in every format.
        let bytes = hash.as_bytes().iter().take(7);
        let seed = bytes.fold(0, |seed, byte| seed << 8 | u64::from(*byte)) >> 4;
        let mut overrides = Vec::new();
        for (key, value) in [("seed", seed), ("couples", size), ("replicates", studies)] {
            overrides.push(Override::parse(&format!("run.{key}={value}"))?);
        }
        overrides.extend(laboratory.overrides.iter().cloned());
        Scenario::read_text(&self.name, &self.text, &overrides)
    }
}

/// What a target measures of a population.
#[derive(Clone, Debug)]
pub(crate) struct PopulationMeasure {
    pub(crate) population: Arc<NamedPopulation>,
    pub(crate) measured: StudyMeasure,
}

/// A number of one study.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum StudyMeasure {
    /// A measure of a sweep, after a day.
    State(Measure, u32),
    /// A statistic over persons.
    Answers(AnswerStatistic, AnswerColumn),
}

/// A statistic of a column of answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AnswerStatistic {
    /// The mean.
    Mean,
    /// The standard deviation.
    Sd,
    /// The correlation of partners.
    Partners,
    /// The correlation with the same person's answers in another column.
    With(AnswerColumn),
}

/// A person's answers: to a wave of the questionnaire, to a day of the diary, or their mean over the
/// days of it that were filled in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AnswerColumn {
    table: BlockTable,
    column: String,
    /// All days of a diary if `None`.
    day: Option<u32>,
}

/// Why something cannot be measured: whether it is for the day, what is so, and what to do.
#[derive(Debug, PartialEq)]
pub(crate) struct MeasureError {
    /// Whether the day is wrong, and not the measure.
    pub(crate) is_day: bool,
    pub(crate) message: String,
    pub(crate) hint: String,
}

fn wrong_measure(message: impl Into<String>, hint: impl Into<String>) -> MeasureError {
    MeasureError {
        is_day: false,
        message: message.into(),
        hint: hint.into(),
    }
}

fn wrong_day(message: impl Into<String>, hint: impl Into<String>) -> MeasureError {
    MeasureError {
        is_day: true,
        ..wrong_measure(message, hint)
    }
}

/// The forms of measures of a population.
pub(crate) const FORMS: &[(&str, &str)] = &[
    (
        "a measure of a sweep, such as `mean trust`, `sd trust a`, `mean trust over all`, `share intact`",
        "the model's states on a day, by default the last, of couples still together or `over all` couples",
    ),
    (
        "`mean waves.SCALE`, `sd waves.SCALE`",
        "scores in a wave of the questionnaire, by default the last",
    ),
    (
        "`mean diary.COLUMN`, `sd diary.COLUMN`",
        "persons' means over the diary, or their answers on a day of it",
    ),
    (
        "`correlation of waves.SCALE with diary.COLUMN`",
        "two columns of the same persons, of either table",
    ),
    (
        "`partner correlation of waves.SCALE`",
        "a column of both partners",
    ),
];

impl StudyMeasure {
    /// What a text measures of a scenario's couples.
    ///
    /// # Errors
    /// Where it is no measure, or the scenario does not ask for it.
    pub(crate) fn read(
        text: &str,
        day: Option<u32>,
        config: &SimulationConfig,
    ) -> Result<StudyMeasure, MeasureError> {
        let last = config.size.days;
        if let Some(measure) = Measure::named(text) {
            let day = day.unwrap_or(last);
            if day > last {
                let message = format!("day {day} is after the run of {last} days");
                return Err(wrong_day(message, format!("write {last} or less")));
            }
            if day == 0 && measure.observable().is_some_and(|own| own.is_of_events()) {
                let message = "day 0 is before the first day, so that nothing has occurred";
                return Err(wrong_day(message, "write 1 or more"));
            }
            return Ok(StudyMeasure::State(measure, day));
        }
        let column = |name: &str| AnswerColumn::read(name, day, config);
        let answers = |statistic, name| Ok(StudyMeasure::Answers(statistic, column(name)?));
        if let Some(pair) = text.strip_prefix("correlation of ") {
            let Some((one, other)) = pair.split_once(" with ") else {
                let hint = "write `correlation of waves.trust with waves.intimacy`";
                return Err(wrong_measure(
                    "a correlation needs two columns of answers",
                    hint,
                ));
            };
            return answers(AnswerStatistic::With(column(other)?), one);
        }
        let forms = [
            ("partner correlation of ", AnswerStatistic::Partners),
            ("mean ", AnswerStatistic::Mean),
            ("sd ", AnswerStatistic::Sd),
        ];
        for (words, statistic) in forms {
            if let Some(name) = text.strip_prefix(words).filter(|name| name.contains('.')) {
                return answers(statistic, name);
            }
        }
        let names: Vec<String> = Measure::all().iter().map(Measure::to_string).collect();
        // The nearest name is looked for without spaces.
        let plain = |name: &str| name.replace(' ', "_");
        let keys: Vec<String> = names.iter().map(|name| plain(name)).collect();
        let near = nearest(&plain(text), keys.iter().map(String::as_str));
        let near = near.and_then(|near| keys.iter().position(|key| key == near));
        let hint = match near {
            Some(near) => format!("did you mean `{}`?", names[near]),
            None => "write for example `mean trust`, `share intact`, `mean waves.trust` or \
                     `correlation of waves.trust with waves.intimacy`"
                .to_owned(),
        };
        let text = text.escape_debug();
        Err(wrong_measure(
            format!("`{text}` is no measure of a population"),
            hint,
        ))
    }
}

impl AnswerColumn {
    fn read(
        name: &str,
        day: Option<u32>,
        config: &SimulationConfig,
    ) -> Result<AnswerColumn, MeasureError> {
        let Some(survey) = &config.record.survey else {
            let message = "the population has no [measurement], so that its couples are not asked";
            return Err(wrong_measure(
                message,
                "add `[measurement]` to its scenario",
            ));
        };
        let (table, column) = name.split_once('.').unwrap_or((name, ""));
        let (table, before) = match table {
            "waves" => (BlockTable::Waves, "wave"),
            "diary" => (BlockTable::Diary, "answered"),
            other => {
                let message = format!("`{}` has no answers", other.escape_debug());
                let hint = "they are in `waves` and `diary`, such as `waves.trust`";
                return Err(wrong_measure(message, hint));
            }
        };
        let Some(schema) = table.schema(config) else {
            let (key, what) = match table {
                BlockTable::Waves => ("waves", "wave"),
                _ => ("diary_days", "diary"),
            };
            let message = format!("the population's [measurement] has no {what}");
            return Err(wrong_measure(message, format!("set its key `{key}`")));
        };
        let first = schema.position(before).map_or(0, |place| place + 1);
        let columns = || schema.columns[first..].iter().map(|own| own.name.as_str());
        if !columns().any(|own| own == column) {
            let message = format!("`{}` is no column of answers", name.escape_debug());
            let hint = match nearest(column, columns()) {
                Some(near) => format!("did you mean `{}.{near}`?", schema.table),
                None => format!(
                    "the columns are {}",
                    columns().collect::<Vec<_>>().join(", ")
                ),
            };
            return Err(wrong_measure(message, hint));
        }
        let day = match (table, day) {
            (BlockTable::Waves, None) => survey.waves.last().copied(),
            (BlockTable::Waves, Some(day)) if !survey.waves.contains(&day) => {
                let waves: Vec<String> = survey.waves.iter().map(u32::to_string).collect();
                let message = format!("there is no wave on day {day}");
                let hint = format!("the questionnaire is given on day {}", waves.join(", "));
                return Err(wrong_day(message, hint));
            }
            (BlockTable::Diary, Some(day)) if !survey.diary().contains(&day) => {
                let days = survey.diary();
                let message = format!("day {day} is no day of the diary");
                let hint = format!("it has the days {} to {}", days.start, days.end - 1);
                return Err(wrong_day(message, hint));
            }
            (_, day) => day,
        };
        Ok(AnswerColumn {
            table,
            column: column.to_owned(),
            day,
        })
    }

    /// Adds a block's answers to the sums and numbers of answers of each couple's persons.
    fn add(&self, outcome: &BlockOutcome, config: &SimulationConfig, sums: &mut [[(f64, u32); 2]]) {
        let (Some(schema), rows) = (self.table.schema(config), &outcome.tables[self.table]) else {
            return;
        };
        let column = |name: &str| {
            let place = schema.position(name);
            place.and_then(|place| rows.columns.get(place))
        };
        let (Some(Values::Int(couples)), Some(Values::Int(persons)), Some(Values::Int(days))) =
            (column("couple"), column("person_id"), column("day"))
        else {
            return;
        };
        let Some(answers) = column(&self.column) else {
            return;
        };
        for row in 0..rows.rows() {
            let is_wanted = self.day.is_none_or(|day| i64::from(day) == days[row]);
            let answer = match answers {
                Values::Float(values) => values[row],
                Values::Int(values) if values[row] != MISSING => values[row] as f64,
                _ => f64::NAN,
            };
            // The persons of couple n are 2n - 1 and 2n.
            let person = usize::from(persons[row] % 2 == 0);
            let couple = sums.get_mut((couples[row] - 1) as usize);
            if let Some(couple) = couple.filter(|_| is_wanted && answer.is_finite()) {
                couple[person].0 += answer;
                couple[person].1 += 1;
            }
        }
    }
}

/// Measures of one population, over studies of one size: one value for each measure and study; if
/// cancelled, of some studies only.
pub(crate) fn measured_in_studies(
    scenario: &Scenario,
    measures: &[StudyMeasure],
    control: &Control,
) -> Vec<Vec<f64>> {
    let plan = Plan::new(recording(scenario.config(), measures));
    let mut columns: Vec<AnswerColumn> = Vec::new();
    let mut place = |column: &AnswerColumn| {
        columns
            .iter()
            .position(|own| own == column)
            .unwrap_or_else(|| {
                columns.push(column.clone());
                columns.len() - 1
            })
    };
    let places = measures.iter().map(|measured| match measured {
        StudyMeasure::State(..) => (0, 0),
        StudyMeasure::Answers(AnswerStatistic::With(other), one) => (place(one), place(other)),
        StudyMeasure::Answers(_, one) => (place(one), 0),
    });
    let places = places.collect();
    let mut studies = StudyCollector {
        run: plan.prepared(),
        measures,
        places,
        columns,
        blocks: plan.prepared().blocks_per_replicate(),
        taken: 0,
        study: StudySums::default(),
        values: vec![Vec::new(); measures.len()],
    };
    // Cancelled studies keep what there is of them.
    let take = |outcome| studies.take(outcome);
    let (Ok(_) | Err(Cancelled)) = run(&plan, Backend::best(), false, control, take);
    studies.values
}

/// The configuration, which records only what is measured.
fn recording(config: &SimulationConfig, measures: &[StudyMeasure]) -> SimulationConfig {
    let last = config.size.days;
    let (mut every, mut observables, mut answers) = (last.max(1), Vec::new(), false);
    let mut last_values = false;
    for measured in measures {
        match measured {
            StudyMeasure::State(measure, day) => {
                last_values |= measure.needs_last_values();
                if let Some(observable) = measure.observable() {
                    if !observables.contains(&observable) {
                        observables.push(observable);
                    }
                    // The last day is always recorded.
                    if *day < last {
                        every = common_interval(every, *day);
                    }
                }
            }
            StudyMeasure::Answers(..) => answers = true,
        }
    }
    let survey = config.record.survey.clone().filter(|_| answers);
    SimulationConfig {
        record: Record {
            every,
            last_values,
            observables,
            survey: survey.map(|survey| crate::simulation::Survey {
                keep_items: false,
                ..survey
            }),
            ..Record::nothing(last)
        },
        ..config.clone()
    }
}

/// Couples of the study that is being simulated.
#[derive(Default)]
struct StudySums {
    moments: Option<Moments>,
    /// The last step of each couple that separated.
    ends: Vec<Option<u64>>,
    /// Answers of each column: sums and numbers, by couple and person.
    answers: Vec<Vec<[(f64, u32); 2]>>,
}

/// Measures one study after the other.
struct StudyCollector<'a> {
    run: &'a PreparedRun,
    measures: &'a [StudyMeasure],
    /// The places of each measure's columns of answers.
    places: Vec<(usize, usize)>,
    columns: Vec<AnswerColumn>,
    /// Blocks of a study.
    blocks: u64,
    /// Blocks taken.
    taken: u64,
    study: StudySums,
    values: Vec<Vec<f64>>,
}

impl StudyCollector<'_> {
    /// Takes the outcome of the next block.
    fn take(&mut self, outcome: BlockOutcome) {
        let config = &self.run.config;
        let study = &mut self.study;
        if self.taken.is_multiple_of(self.blocks) {
            let couples = config.size.couples as usize;
            *study = StudySums {
                answers: vec![vec![Default::default(); couples]; self.columns.len()],
                ..StudySums::default()
            };
        }
        study.ends.extend(&outcome.ends);
        for (column, sums) in self.columns.iter().zip(&mut study.answers) {
            column.add(&outcome, config, sums);
        }
        match &mut study.moments {
            Some(moments) => moments.join(&outcome.moments),
            None => study.moments = Some(outcome.moments),
        }
        self.taken += 1;
        if self.taken.is_multiple_of(self.blocks) {
            self.finish_study();
        }
    }

    fn finish_study(&mut self) {
        let dyads: Vec<Vec<Dyad>> = self.study.answers.iter().map(|sums| means(sums)).collect();
        let places = self.measures.iter().zip(&self.places);
        for ((measured, (one, other)), values) in places.zip(&mut self.values) {
            values.push(match measured {
                StudyMeasure::State(measure, day) => self.study.state(*measure, *day, self.run),
                StudyMeasure::Answers(statistic, _) => {
                    let answers = &dyads[*one];
                    let persons = answers.iter().flatten().filter(|x| x.is_finite());
                    let persons: RunningMoments = persons.copied().collect();
                    match statistic {
                        AnswerStatistic::Mean => persons.mean(),
                        AnswerStatistic::Sd => persons.sd(),
                        AnswerStatistic::Partners => partner_correlation(answers).value,
                        AnswerStatistic::With(_) => own_correlation(answers, &dyads[*other]).value,
                    }
                }
            });
        }
    }
}

/// Each person's mean answer; NaN of none.
fn means(sums: &[[(f64, u32); 2]]) -> Vec<Dyad> {
    let mean = |(sum, count): (f64, u32)| match count {
        0 => f64::NAN,
        count => sum / f64::from(count),
    };
    sums.iter().map(|couple| couple.map(mean)).collect()
}

impl StudySums {
    /// A measure of a sweep after a day.
    fn state(&self, measure: Measure, day: u32, run: &PreparedRun) -> f64 {
        let steps = u64::from(run.config.size.steps_per_day);
        let lasts = |end: &&Option<u64>| end.is_none_or(|step| step > u64::from(day) * steps);
        let lasting = self.ends.iter().filter(lasts).count();
        let slot = run.recorded_position(day);
        // The share of intact couples needs no recorded day.
        let slot = slot.unwrap_or(run.recorded.days.len() - 1);
        match &self.moments {
            Some(moments) => {
                let couples = self.ends.len() as u64;
                let sums = measure.sums_on(slot, &run.recorded, moments, lasting as u64, couples);
                measure.value(&sums)
            }
            None => f64::NAN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Run;
    use crate::stats::summary::correlation;

    const TEXT: &str = "title = \"p\"\n[run]\ncouples = 9\ndays = 60\nseed = 4\n\
                        [parameters]\noutside_rate = 0.02\n[record]\ndays = \"all\"\n\
                        [measurement]\nwaves = [30, 60]\ndiary_days = 5\nmissing = 0.3\n";

    fn population(name: &str) -> NamedPopulation {
        let (name, text) = (name.to_owned(), TEXT.to_owned());
        NamedPopulation { name, text }
    }

    /// Each study's value of a measure; 40 couples a study.
    fn values(name: &str, measure: &str, day: Option<u32>, studies: u64) -> Vec<f64> {
        let laboratory = Laboratory::new(400, 7);
        let scenario = population(name).scenario(&laboratory, 40, studies);
        let scenario = scenario.expect("a scenario");
        let measured = StudyMeasure::read(measure, day, scenario.config()).expect(measure);
        // A second measure must not change the first.
        let other = StudyMeasure::read("sd intimacy a", Some(7), scenario.config());
        let both = [other.expect("a measure"), measured];
        measured_in_studies(&scenario, &both, &Control::default()).remove(1)
    }

    /// Values of a table's column where rows have the day, by couple and person.
    fn cells(
        run: &Run,
        table: &str,
        column: &str,
        days: std::ops::RangeInclusive<i64>,
    ) -> Vec<Dyad> {
        let table = run.table(table).expect("the table");
        let ints = |name: &str| table.ints(name).expect("integers").to_vec();
        let (couples, persons, day) = (ints("couple"), ints("person_id"), ints("day"));
        let of_person = |couple: i64, person: i64| {
            let rows = (0..couples.len()).filter(|row| {
                couples[*row] == couple && persons[*row] % 2 == person && days.contains(&day[*row])
            });
            let cell = |row: usize| match table.floats(column) {
                Ok(values) => values[row],
                Err(_) => match table.ints(column).expect("numbers")[row] {
                    MISSING => f64::NAN,
                    number => number as f64,
                },
            };
            let known: Vec<f64> = rows.map(cell).filter(|x| x.is_finite()).collect();
            known.iter().sum::<f64>() / known.len() as f64
        };
        let couples = 1..=40;
        couples
            .map(|couple| [of_person(couple, 1), of_person(couple, 0)])
            .collect()
    }

    fn persons(cells: &[Dyad]) -> Vec<f64> {
        cells
            .iter()
            .flatten()
            .copied()
            .filter(|x| x.is_finite())
            .collect()
    }

    #[test]
    fn measures_of_a_study_are_those_of_the_tables_of_a_run() {
        let laboratory = Laboratory::new(400, 7);
        let scenario = population("p.toml").scenario(&laboratory, 40, 1);
        let run = scenario.and_then(|it| it.runner().run().map_err(|_| unreachable!()));
        let run = run.expect("a run");
        let one = |measure: &str, day| values("p.toml", measure, day, 1)[0];
        let close = |found: f64, expected: f64| {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        };
        let moments = |cells: &[Dyad]| persons(cells).into_iter().collect::<RunningMoments>();
        let trust = |days| cells(&run, "days", "trust", days);
        let of_day_30 = trust(30..=30);
        assert!(persons(&of_day_30).len() < 80, "some couples separated");
        close(one("mean trust", Some(30)), moments(&of_day_30).mean());
        let a: Vec<Dyad> = of_day_30.iter().map(|pair| [pair[0], f64::NAN]).collect();
        close(one("sd trust a", Some(30)), moments(&a).sd());
        close(one("mean trust", None), moments(&trust(60..=60)).mean());
        let ends = run.couples().floats("end_day").expect("days");
        let lasting = ends
            .iter()
            .filter(|end| end.is_nan() || **end > 30.0)
            .count();
        close(one("share intact", Some(30)), lasting as f64 / 40.0);
        let waves = |column: &str, days| cells(&run, "waves", column, days);
        close(
            one("mean waves.trust", Some(30)),
            moments(&waves("trust", 30..=30)).mean(),
        );
        close(
            one("mean waves.trust", None),
            moments(&waves("trust", 60..=60)).mean(),
        );
        close(
            one("sd waves.intimacy", None),
            moments(&waves("intimacy", 60..=60)).sd(),
        );
        let diary = |column: &str| cells(&run, "diary", column, 56..=60);
        close(
            one("mean diary.daily_conflict", None),
            moments(&diary("daily_conflict")).mean(),
        );
        let stress = cells(&run, "diary", "daily_stress", 57..=57);
        close(
            one("sd diary.daily_stress", Some(57)),
            moments(&stress).sd(),
        );
        let pairs: Vec<[f64; 2]> = waves("trust", 60..=60)
            .iter()
            .flatten()
            .zip(diary("daily_satisfaction").iter().flatten())
            .filter(|(x, y)| x.is_finite() && y.is_finite())
            .map(|(x, y)| [*x, *y])
            .collect();
        let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().map(|pair| (pair[0], pair[1])).unzip();
        close(
            one(
                "correlation of waves.trust with diary.daily_satisfaction",
                None,
            ),
            correlation(&x, &y),
        );
        // A couple's last values are in its row.
        let end = |side: &str| {
            let column = run.couples().floats(&format!("trust_end_{side}"));
            column.expect("numbers").to_vec()
        };
        let last: RunningMoments = end("a")
            .iter()
            .zip(end("b"))
            .map(|(a, b)| 0.5 * (a + b))
            .collect();
        close(one("mean trust over all", None), last.mean());
        close(one("sd trust over all", None), last.sd());
        // Both partners answer, or neither does.
        let avoidance = waves("avoidance", 60..=60);
        let both = avoidance.iter().filter(|pair| pair[0].is_finite());
        let (x, y): (Vec<f64>, Vec<f64>) = both
            .flat_map(|pair| [(pair[0], pair[1]), (pair[1], pair[0])])
            .unzip();
        close(
            one("partner correlation of waves.avoidance", None),
            correlation(&x, &y),
        );
    }

    #[test]
    fn studies_are_replicates_and_populations_share_no_random_numbers() {
        let three = values("p.toml", "mean trust", None, 3);
        assert_eq!(three.len(), 3);
        assert!(three[0] != three[1] && three[1] != three[2], "{three:?}");
        assert_eq!(values("p.toml", "mean trust", None, 1)[..], three[..1]);
        assert_ne!(values("q.toml", "mean trust", None, 1)[..], three[..1]);
    }

    #[test]
    fn without_answers_measures_are_undefined() {
        let laboratory = Laboratory::new(400, 7);
        let text = TEXT.replace("missing = 0.3", "missing = 1.0");
        let population = NamedPopulation {
            text,
            ..population("p.toml")
        };
        let scenario = population.scenario(&laboratory, 2, 1).expect("a scenario");
        for measure in ["mean", "sd", "partner correlation of"] {
            let measure = format!("{measure} diary.daily_satisfaction");
            let measured =
                StudyMeasure::read(&measure, None, scenario.config()).expect("a measure");
            let found = measured_in_studies(&scenario, &[measured], &Control::default());
            assert!(found[0][0].is_nan(), "{measure}: {found:?}");
        }
    }
}
