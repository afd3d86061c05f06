//! The tables of a run that summarise its diary and its waves: means by day and by wave, and how the diary varies
//! between and within persons. They are sums over rows, which go to their files as they come.

use crate::simulation::{BlockTable, Role, SimulationConfig, Survey};
use crate::stats::interval::{CONFIDENCE, wilson};
use crate::stats::summary::RunningMoments;
use crate::stats::variation::{VariationEstimate, VariationSums};
use crate::table::{Batch, Field, MISSING, Schema, Table, Value, Values};

const PARTNERS: usize = 2;
/// Whether a person answered, among the variables of the tables.
pub(crate) const ANSWERED: &str = "answered";
/// Which couples a mean of waves is over, as categories of a table.
const OVER: &[&str] = &["all", "completers"];

fn role() -> Field {
    Field::categorical("role", &Role::WORDS[..2], "Partner A or partner B")
}

fn moments_columns() -> [Field; 4] {
    let own = "as variable";
    [
        Field::float(
            "mean",
            own,
            "Mean over them; of answers of 0 and 1 the share of 1",
        ),
        Field::float("sd", own, "Standard deviation over them"),
        Field::float(
            "ci_low",
            own,
            "Lower end of the 95 % interval of the mean: Student's t, Wilson's score for shares",
        ),
        Field::float("ci_high", own, "Upper end of that interval"),
    ]
}

/// The header of `diary_means`: a row a day, partner and variable.
pub(crate) fn diary_means_schema() -> Schema {
    let mut columns = vec![
        Field::int("day", "days", "Day of the diary"),
        role(),
        Field::str(
            "variable",
            "Column of `diary`; `answered` is the share of persons asked who filled in the day",
        ),
        Field::int(
            "n",
            "persons",
            "Persons with a value on the day; for `answered` those asked, whose couples were together",
        ),
    ];
    columns.extend(moments_columns());
    Schema {
        table: "diary_means",
        row: "a day, partner and variable of the diary",
        columns,
    }
}

/// The header of `diary_variation`: a row a partner and variable.
pub(crate) fn diary_variation_schema() -> Schema {
    let correlation = |name: &str, meaning: &str| Field::float(name, "1", meaning);
    let interval = "interval: the jackknife over 40 groups of couples";
    let columns = vec![
        role(),
        Field::str("variable", "Column of `diary`"),
        Field::int("persons", "persons", "Persons with a value"),
        Field::int("values", "person-days", "Values of all persons"),
        Field::float("mean", "as variable", "Mean of all values"),
        Field::float(
            "sd_between",
            "as variable",
            "Standard deviation between persons, without what their days add to it (analysis of variance)",
        ),
        Field::float(
            "sd_within",
            "as variable",
            "Standard deviation of persons' days about their own means",
        ),
        correlation(
            "intraclass",
            "Intraclass correlation: the share of variance between persons",
        ),
        correlation(
            "intraclass_low",
            &format!("Lower end of its 95 % {interval}"),
        ),
        correlation("intraclass_high", "Upper end of that interval"),
        Field::int(
            "pairs",
            "pairs of days",
            "Two days in a row on which the same person has a value",
        ),
        correlation(
            "autocorrelation",
            "Correlation of a day with the day before, about persons' own means, which lower it by about \
             (1 + r) / days",
        ),
        correlation(
            "autocorrelation_low",
            &format!("Lower end of its 95 % {interval}"),
        ),
        correlation("autocorrelation_high", "Upper end of that interval"),
    ];
    Schema {
        table: "diary_variation",
        row: "a partner and variable of the diary",
        columns,
    }
}

/// The header of `wave_means`: a row a wave, partner, variable and set of couples.
pub(crate) fn wave_means_schema() -> Schema {
    let mut columns = vec![
        Field::int("wave", "", "Number of the wave, from 1"),
        Field::int("day", "days", "Day of the wave"),
        role(),
        Field::str(
            "variable",
            "Column of `waves`; `answered` is the share of the run's couples that still answer",
        ),
        Field::categorical(
            "over",
            OVER,
            "Over which couples: `all` that answer the wave, `completers` those that answer every wave",
        ),
        Field::int(
            "n",
            "persons",
            "Persons with a value in the wave; for `answered` one for each couple of the run",
        ),
    ];
    columns.extend(moments_columns());
    Schema {
        table: "wave_means",
        row: "a wave, partner, variable and set of couples",
        columns,
    }
}

/// The schemas of the tables that a configuration has.
pub(crate) fn schemas(config: &SimulationConfig) -> Vec<Schema> {
    let mut all = Vec::new();
    if BlockTable::Diary.schema(config).is_some() {
        all.extend([diary_means_schema(), diary_variation_schema()]);
    }
    if BlockTable::Waves.schema(config).is_some() {
        all.push(wave_means_schema());
    }
    all
}

/// A column of the diary or of the waves.
struct SurveyVariable {
    name: String,
    column: usize,
    /// Whether its values are 0 and 1.
    is_share: bool,
}

impl SurveyVariable {
    /// The columns of answers: those that follow another one.
    fn after(schema: &Schema, column: &str) -> Vec<SurveyVariable> {
        let first = schema.position(column).map_or(0, |before| before + 1);
        let columns = schema.columns.iter().enumerate().skip(first);
        let variable = |(column, field): (usize, &Field)| SurveyVariable {
            name: field.name.clone(),
            column,
            is_share: field.range == Some((0.0, 1.0)),
        };
        columns.map(variable).collect()
    }

    /// The value in a row; NaN if it is missing.
    fn value(&self, rows: &Batch, row: usize) -> f64 {
        match &rows.columns[self.column] {
            Values::Float(values) => values[row],
            Values::Int(values) if values[row] != MISSING => values[row] as f64,
            _ => f64::NAN,
        }
    }
}

/// Number, mean, standard deviation and interval of some values.
fn moments_cells(moments: &RunningMoments, is_share: bool) -> [Value; 5] {
    let n = moments.count();
    let interval = match is_share {
        true if n > 0 => wilson((moments.mean() * n as f64).round() as u64, n, CONFIDENCE),
        _ => moments.interval(CONFIDENCE),
    };
    [
        Value::Int(n as i64),
        Value::Float(moments.mean()),
        Value::Float(moments.sd()),
        Value::Float(interval.low),
        Value::Float(interval.high),
    ]
}

/// Where columns that identify a row are.
struct RowColumns {
    couple: usize,
    role: usize,
    time: usize,
}

impl RowColumns {
    /// `None` if the schema lacks one of them, which that of no diary or wave does.
    fn of(schema: &Schema, time: &str) -> Option<RowColumns> {
        Some(RowColumns {
            couple: schema.position("couple_id")?,
            role: schema.position("role")?,
            time: schema.position(time)?,
        })
    }

    /// The rows of each couple, with its number.
    fn couples<'r>(&self, rows: &'r Batch) -> impl Iterator<Item = (u64, std::ops::Range<usize>)> {
        let couples: &'r [i64] = match &rows.columns[self.couple] {
            Values::Int(couples) => couples,
            _ => &[],
        };
        let mut first = 0;
        couples.chunk_by(|one, next| one == next).map(move |own| {
            let start = first;
            first += own.len();
            (own[0] as u64, start..first)
        })
    }

    /// Partner and day or wave of a row.
    fn place(&self, rows: &Batch, row: usize) -> Option<(usize, i64)> {
        match (&rows.columns[self.role], &rows.columns[self.time]) {
            (Values::Categorical(roles), Values::Int(times)) => {
                Some((usize::from(roles[row]), times[row]))
            }
            _ => None,
        }
    }
}

/// Sums over the rows of `diary`.
struct DiarySums {
    columns: RowColumns,
    variables: Vec<SurveyVariable>,
    first_day: i64,
    days: usize,
    /// By day, partner and variable.
    means: Vec<RunningMoments>,
    /// By partner and variable.
    variation: Vec<VariationSums>,
}

impl DiarySums {
    fn new(schema: &Schema, survey: &Survey) -> Option<DiarySums> {
        let mut variables = SurveyVariable::after(schema, ANSWERED);
        variables.insert(
            0,
            SurveyVariable {
                name: ANSWERED.to_owned(),
                column: schema.position(ANSWERED)?,
                is_share: true,
            },
        );
        let days = survey.diary_days as usize;
        let both = PARTNERS * variables.len();
        Some(DiarySums {
            columns: RowColumns::of(schema, "day")?,
            first_day: i64::from(survey.diary_from),
            days,
            means: vec![RunningMoments::default(); days * both],
            variation: vec![VariationSums::default(); both],
            variables,
        })
    }

    /// Adds the rows of the next block.
    fn join(&mut self, rows: &Batch) {
        let count = self.variables.len();
        let mut series = vec![f64::NAN; PARTNERS * count * self.days];
        for (couple, own) in self.columns.couples(rows) {
            series.fill(f64::NAN);
            for row in own {
                let Some((role, day)) = self.columns.place(rows, row) else {
                    continue;
                };
                let day = (day - self.first_day) as usize;
                for (position, variable) in self.variables.iter().enumerate() {
                    let value = variable.value(rows, row);
                    let line = role * count + position;
                    series[line * self.days + day] = value;
                    if value.is_finite() {
                        self.means[day * PARTNERS * count + line].push(value);
                    }
                }
            }
            let lines = series.chunks_exact(self.days);
            for (sums, days) in self.variation.iter_mut().zip(lines) {
                sums.push(couple, days);
            }
        }
    }

    fn tables(&self) -> [Table; 2] {
        let mut means = Table::new(diary_means_schema());
        let mut variation = Table::new(diary_variation_schema());
        let mut moments = self.means.iter();
        for day in self.first_day..self.first_day + self.days as i64 {
            for role in 0..PARTNERS {
                for (variable, moments) in self.variables.iter().zip(&mut moments) {
                    let place = [
                        Value::Int(day),
                        Value::Categorical(role as u8),
                        Value::Str(variable.name.clone()),
                    ];
                    let cells = moments_cells(moments, variable.is_share);
                    means.rows.push(place.into_iter().chain(cells));
                }
            }
        }
        for (role, lines) in self.variation.chunks(self.variables.len()).enumerate() {
            for (variable, sums) in self.variables.iter().zip(lines) {
                if variable.name == ANSWERED {
                    continue;
                }
                let found = sums.variation(CONFIDENCE);
                let correlation = |estimate: VariationEstimate| {
                    let ends = estimate.interval;
                    [estimate.value, ends.low, ends.high].map(Value::Float)
                };
                let mut row = vec![
                    Value::Categorical(role as u8),
                    Value::Str(variable.name.clone()),
                    Value::Int(found.persons as i64),
                    Value::Int(found.values as i64),
                    Value::Float(found.mean),
                    Value::Float(found.sd_between),
                    Value::Float(found.sd_within),
                ];
                row.extend(correlation(found.intraclass));
                row.push(Value::Int(found.pairs as i64));
                row.extend(correlation(found.autocorrelation));
                variation.rows.push(row);
            }
        }
        [means, variation]
    }
}

/// Sums over the rows of `waves`.
struct WaveSums {
    columns: RowColumns,
    variables: Vec<SurveyVariable>,
    /// Days of the waves.
    days: Vec<u32>,
    /// Couples that answer each wave.
    answering: Vec<u64>,
    /// Those of them that answer every wave.
    completers: u64,
    /// By wave, partner, variable and set of couples.
    means: Vec<[RunningMoments; OVER.len()]>,
}

impl WaveSums {
    fn new(schema: &Schema, survey: &Survey) -> Option<WaveSums> {
        let variables = SurveyVariable::after(schema, "wave");
        let days = survey.waves.clone();
        let cells = days.len() * PARTNERS * variables.len();
        Some(WaveSums {
            columns: RowColumns::of(schema, "wave")?,
            answering: vec![0; days.len()],
            completers: 0,
            means: vec![Default::default(); cells],
            variables,
            days,
        })
    }

    /// Adds the rows of the next block.
    fn join(&mut self, rows: &Batch) {
        let count = self.variables.len();
        for (_, own) in self.columns.couples(rows) {
            let waves = own.len() / PARTNERS;
            let complete = waves == self.days.len();
            self.completers += u64::from(complete);
            for answering in &mut self.answering[..waves] {
                *answering += 1;
            }
            for row in own {
                let Some((role, wave)) = self.columns.place(rows, row) else {
                    continue;
                };
                let first = ((wave as usize - 1) * PARTNERS + role) * count;
                for (position, variable) in self.variables.iter().enumerate() {
                    let value = variable.value(rows, row);
                    if value.is_finite() {
                        let [all, completers] = &mut self.means[first + position];
                        all.push(value);
                        if complete {
                            completers.push(value);
                        }
                    }
                }
            }
        }
    }

    /// The table, of a run of so many couples.
    fn table(&self, couples: u64) -> Table {
        let mut table = Table::new(wave_means_schema());
        let mut moments = self.means.iter();
        for (wave, day) in self.days.iter().enumerate() {
            for role in 0..PARTNERS {
                let place = |variable: &str, over: usize| {
                    [
                        Value::Int(wave as i64 + 1),
                        Value::Int(i64::from(*day)),
                        Value::Categorical(role as u8),
                        Value::Str(variable.to_owned()),
                        Value::Categorical(over as u8),
                    ]
                };
                for (over, answering) in [self.answering[wave], self.completers].iter().enumerate()
                {
                    let cells = share_cells(*answering, couples);
                    table
                        .rows
                        .push(place(ANSWERED, over).into_iter().chain(cells));
                }
                for (variable, sets) in self.variables.iter().zip(&mut moments) {
                    for (over, moments) in sets.iter().enumerate() {
                        let cells = moments_cells(moments, variable.is_share);
                        table
                            .rows
                            .push(place(&variable.name, over).into_iter().chain(cells));
                    }
                }
            }
        }
        table
    }
}

/// The cells of [`moments_cells`] of some of all couples.
fn share_cells(some: u64, couples: u64) -> [Value; 5] {
    let n = couples as f64;
    let share = some as f64 / n;
    let interval = wilson(some, couples, CONFIDENCE);
    [
        Value::Int(couples as i64),
        Value::Float(share),
        Value::Float((share * (1.0 - share) * n / (n - 1.0)).sqrt()),
        Value::Float(interval.low),
        Value::Float(interval.high),
    ]
}

/// Sums over a run's answers to its survey.
#[derive(Default)]
pub(crate) struct SurveySums {
    diary: Option<DiarySums>,
    waves: Option<WaveSums>,
}

impl SurveySums {
    /// Sums over no answers.
    pub(crate) fn new(config: &SimulationConfig) -> SurveySums {
        let Some(survey) = &config.record.survey else {
            return SurveySums::default();
        };
        let [diary, waves] =
            [BlockTable::Diary, BlockTable::Waves].map(|table| table.schema(config));
        SurveySums {
            diary: diary.and_then(|schema| DiarySums::new(&schema, survey)),
            waves: waves.and_then(|schema| WaveSums::new(&schema, survey)),
        }
    }

    /// Adds rows of a table that a block filled; couples are in the order of their numbers.
    pub(crate) fn join(&mut self, table: BlockTable, rows: &Batch) {
        match (table, &mut self.diary, &mut self.waves) {
            (BlockTable::Diary, Some(diary), _) => diary.join(rows),
            (BlockTable::Waves, _, Some(waves)) => waves.join(rows),
            _ => {}
        }
    }

    /// The tables, of a run of so many couples.
    pub(crate) fn tables(&self, couples: u64) -> Vec<Table> {
        let diary = self.diary.iter().flat_map(DiarySums::tables);
        let waves = self.waves.iter().map(|waves| waves.table(couples));
        diary.chain(waves).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    const TEXT: &str = "title = 'x'\n[run]\nseed = 6\ncouples = 150\ndays = 60\n[parameters]\n\
        outside_rate = 0.01\n[record]\nevery = 30\nsample_couples = 0\n\
        [measurement]\ndiary_days = 10\nwaves = [5, 30, 60]\nmissing = 0.2\n";

    fn tables(threads: usize) -> Vec<Table> {
        let scenario = Scenario::parse(TEXT).expect("a scenario");
        let run = scenario.runner().threads(threads).run().expect("a run");
        run.tables().to_vec()
    }

    fn table<'t>(tables: &'t [Table], name: &str) -> &'t Table {
        crate::run::find_table(tables, name).expect(name)
    }

    fn number(table: &Table, column: &str, row: usize) -> f64 {
        match table.ints(column) {
            Ok(values) if values[row] == MISSING => f64::NAN,
            Ok(values) => values[row] as f64,
            Err(_) => table.floats(column).expect(column)[row],
        }
    }

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-9 || one.is_nan() && other.is_nan()
    }

    #[test]
    fn means_by_day_are_those_of_the_rows_of_the_diary() {
        let all = tables(2);
        let (diary, means) = (table(&all, "diary"), table(&all, "diary_means"));
        let rows = 0..diary.rows.rows();
        let missed = rows
            .clone()
            .filter(|row| number(diary, ANSWERED, *row) == 0.0);
        assert!(missed.count() > 100, "missed days are part of the test");
        // Ten days, two partners, seven answers and who gave them.
        assert_eq!(means.rows.rows(), 10 * 2 * 8);
        for line in 0..means.rows.rows() {
            let variable = means.category("variable", line).expect("a text");
            let own = rows.clone().filter(|row| {
                diary.category("role", *row) == means.category("role", line)
                    && number(diary, "day", *row) == number(means, "day", line)
            });
            let values = own.map(|row| number(diary, variable, row));
            let values: RunningMoments = values.filter(|value| value.is_finite()).collect();
            assert_eq!(
                number(means, "n", line),
                values.count() as f64,
                "{variable}"
            );
            assert!(
                near(number(means, "mean", line), values.mean()),
                "{variable}"
            );
            assert!(near(number(means, "sd", line), values.sd()), "{variable}");
            let [low, high] = ["ci_low", "ci_high"].map(|name| number(means, name, line));
            let share = variable == ANSWERED || variable == "daily_conflict";
            if share {
                assert!(low >= 0.0 && high <= 1.0 && low < high, "{variable}");
            } else {
                assert!(near(0.5 * (low + high), values.mean()), "{variable}");
            }
        }
    }

    #[test]
    fn variation_is_that_of_each_persons_days() {
        let all = tables(1);
        let (diary, variation) = (table(&all, "diary"), table(&all, "diary_variation"));
        assert_eq!(variation.rows.rows(), 2 * 7);
        let variable = "daily_trust";
        let mut sums = VariationSums::default();
        let mut rows: Vec<usize> = (0..diary.rows.rows()).collect();
        rows.retain(|row| diary.category("role", *row) == Some("b"));
        for own in rows.chunk_by(|one, next| {
            number(diary, "couple_id", *one) == number(diary, "couple_id", *next)
        }) {
            let days: Vec<f64> = own
                .iter()
                .map(|row| number(diary, variable, *row))
                .collect();
            sums.push(number(diary, "couple_id", own[0]) as u64, &days);
        }
        let expected = sums.variation(CONFIDENCE);
        let line = (0..variation.rows.rows()).find(|line| {
            variation.category("role", *line) == Some("b")
                && variation.category("variable", *line) == Some(variable)
        });
        let line = line.expect("a row");
        for (column, expected) in [
            ("persons", expected.persons as f64),
            ("values", expected.values as f64),
            ("sd_between", expected.sd_between),
            ("sd_within", expected.sd_within),
            ("intraclass", expected.intraclass.value),
            ("intraclass_low", expected.intraclass.interval.low),
            ("autocorrelation", expected.autocorrelation.value),
            (
                "autocorrelation_high",
                expected.autocorrelation.interval.high,
            ),
        ] {
            let found = number(variation, column, line);
            assert!(
                found.is_finite() && near(found, expected),
                "{column}: {found}"
            );
        }
    }

    #[test]
    fn waves_say_who_is_left_and_what_those_in_every_wave_answered() {
        let all = tables(1);
        let (waves, means) = (table(&all, "waves"), table(&all, "wave_means"));
        let answering = |wave: f64| -> Vec<f64> {
            let rows = (0..waves.rows.rows()).filter(|row| number(waves, "wave", *row) == wave);
            let a = rows.filter(|row| waves.category("role", *row) == Some("a"));
            a.map(|row| number(waves, "couple_id", row)).collect()
        };
        let stayed = answering(3.0);
        assert!(stayed.len() < answering(1.0).len() && stayed.len() > 30);
        for line in 0..means.rows.rows() {
            let variable = means.category("variable", line).expect("a text");
            let wave = number(means, "wave", line);
            let over_all = means.category("over", line) == Some("all");
            let couples = match over_all {
                true => answering(wave),
                false => stayed.clone(),
            };
            if variable == ANSWERED {
                assert_eq!(number(means, "n", line), 150.0);
                let share = couples.len() as f64 / 150.0;
                assert!(near(number(means, "mean", line), share), "wave {wave}");
                continue;
            }
            let own = (0..waves.rows.rows()).filter(|row| {
                waves.category("role", *row) == means.category("role", line)
                    && number(waves, "wave", *row) == wave
                    && couples.contains(&number(waves, "couple_id", *row))
            });
            let values: RunningMoments = own.map(|row| number(waves, variable, row)).collect();
            assert_eq!(number(means, "n", line), couples.len() as f64);
            assert!(
                near(number(means, "mean", line), values.mean()),
                "{variable}"
            );
        }
    }

    #[test]
    fn the_tables_do_not_depend_on_threads_and_exist_only_with_a_survey() {
        // Missing numbers are not equal to themselves.
        let text = |threads| {
            let all = tables(threads);
            let own = ["diary_means", "diary_variation", "wave_means"];
            own.map(|name| format!("{:?}", table(&all, name)))
        };
        assert!(text(1) == text(2));
        let without = Scenario::default().set("run.couples", 3);
        let run = without.and_then(|it| it.set("run.days", 2)?.run());
        let run = run.expect("a run");
        let is_of_survey = |own: &Table| own.schema.table.ends_with("_means");
        assert!(!run.tables().iter().any(is_of_survey));
    }
}
