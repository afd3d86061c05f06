//! Tables of targets: that of the program (`validation/targets.csv`), and those that researchers write.
//!
//! A table is CSV with a header. Only `id`, `measure` and an interval must be given. A row measures a
//! study of the program by the name of its estimator, or a population, which is a scenario file.

use crate::error::{Error, TargetError};
use crate::printable::is_unprintable;
use crate::results::provenance::attachment_name;
use crate::scenario::csv_text::{CsvErrors, CsvText};
use crate::scenario::diagnostic::{Diagnostic, Diagnostics, SourceText, Span};
use crate::scenario::document::{Load, text_of, utf8};
use crate::scenario::nearest::nearest;
use crate::scenario::tree::TomlValue;
use crate::scenario::{Override, Scenario};
use crate::simulation::Measure;
use crate::stats::interval::{CONFIDENCE, Interval, normal_reach};
use crate::table::plain_file::read_text_bytes;
use crate::validate::population::{FORMS, NamedPopulation, PopulationMeasure, StudyMeasure};
use crate::validate::targets::{ESTIMATORS, Estimator, Exposure, SHIPPED, Target, Tier, estimator};
use csv::StringRecord;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Name of the program's table.
pub(crate) const SHIPPED_NAME: &str = "validation/targets.csv";

/// A table of targets, with the texts that it was read from.
#[derive(Clone, Debug)]
pub(crate) struct TargetTable {
    /// Its file's name, as given.
    pub(crate) file_name: String,
    /// Its text.
    pub(crate) text: String,
    /// Its rows.
    pub(crate) targets: Vec<Target>,
    /// The populations that it names, in their order.
    pub(crate) populations: Vec<Arc<NamedPopulation>>,
}

impl TargetTable {
    /// The table of the program.
    pub(crate) fn shipped() -> TargetTable {
        TargetTable::parse(SHIPPED_NAME, SHIPPED, true, None)
            .expect("the table of the program is valid, as a test shows")
    }

    /// Reads a table and its populations from files.
    ///
    /// # Errors
    /// [`Error::Unreadable`], and [`Error::Scenario`] with everything that is wrong in the table, or in
    /// one of its populations.
    pub(crate) fn from_file(file: &Path) -> Result<TargetTable, Error> {
        let bytes = read_text_bytes(file).map_err(|source| Error::Unreadable {
            path: file.to_owned(),
            source,
        })?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let load = |name: &str| read_text_bytes(&folder.join(name));
        let name = file.display().to_string();
        let text = utf8(&name, &bytes, 0)
            .map_err(|(source, error)| Diagnostics::new(vec![source], vec![*error]))?;
        Ok(TargetTable::parse(&name, text, true, Some(&load))?)
    }

    /// Reads the text of a table, and its populations by their names as written. Where it is not to be
    /// `independent`, as that of an earlier version, something may have been set by targets of any tier.
    ///
    /// # Errors
    /// Everything that is wrong in the table, or in one of its populations.
    pub(crate) fn parse(
        file_name: &str,
        text: &str,
        independent: bool,
        load: Option<Load<'_>>,
    ) -> Result<TargetTable, Diagnostics> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let reader = TargetReader::new(text, 0, independent, load);
        let (targets, populations) = reader.read().map_err(|error| match error {
            TargetTableError::Table(errors) => {
                Diagnostics::new(vec![SourceText::new(file_name, text)], errors)
            }
            TargetTableError::Population(errors) => errors,
        })?;
        Ok(TargetTable {
            file_name: file_name.to_owned(),
            text: text.to_owned(),
            targets,
            populations,
        })
    }

    /// The targets, or those with the requested names or tiers.
    ///
    /// # Errors
    /// `TargetError::Unknown` for a name that no target has.
    pub(crate) fn named(&self, requested: &[String]) -> Result<Vec<Target>, TargetError> {
        if requested.is_empty() {
            return Ok(self.targets.clone());
        }
        let meant = |target: &Target, word: &str| {
            target.id.eq_ignore_ascii_case(word)
                || Tier::read(&word.to_ascii_uppercase()) == Some(target.tier)
        };
        for word in requested {
            if !self.targets.iter().any(|target| meant(target, word)) {
                let ids = || self.targets.iter().map(|target| target.id.as_str());
                let plain: Vec<String> = ids().map(str::to_lowercase).collect();
                let near = nearest(word, plain.iter().map(String::as_str));
                let near = near.and_then(|near| plain.iter().position(|id| id == near));
                return Err(TargetError::Unknown {
                    requested: word.clone(),
                    table: self.file_name.clone(),
                    example: ids().nth(near.unwrap_or(0)).unwrap_or_default().to_owned(),
                });
            }
        }
        let wanted = |target: &&Target| requested.iter().any(|word| meant(target, word));
        Ok(self.targets.iter().filter(wanted).cloned().collect())
    }

    /// The files that it was read from, besides its own.
    pub(crate) fn population_files(&self) -> Vec<PathBuf> {
        let file = |own: &Arc<NamedPopulation>| path_from(&self.file_name, &own.name);
        self.populations.iter().map(file).collect()
    }
}

/// The path of a file that another one names from its own folder on.
pub(crate) fn path_from(file: &str, name: &str) -> PathBuf {
    let folder = Path::new(file).parent().unwrap_or(Path::new(""));
    folder.join(name)
}

/// The targets of the program, or those with the requested names or tiers.
///
/// # Errors
/// `TargetError::Unknown` for a name that no target has.
#[cfg(test)]
pub(crate) fn shipped(requested: &[String]) -> Result<Vec<Target>, TargetError> {
    TargetTable::shipped().named(requested)
}

/// Why a table cannot be used.
#[derive(Debug)]
pub(crate) enum TargetTableError {
    /// What is wrong in the table.
    Table(Vec<Diagnostic>),
    /// What is wrong in the first population that has errors.
    Population(Diagnostics),
}

/// The columns.
pub(crate) const COLUMNS: [&str; 18] = [
    "id",
    "part",
    "tier",
    "area",
    "statistic",
    "measure",
    "population",
    "day",
    "value",
    "error",
    "low",
    "high",
    "size",
    "couples",
    "design",
    "source",
    "how_known",
    "standing",
];

/// Columns without which there is no target.
const NEEDED: [&str; 2] = ["id", "measure"];

/// Most studies of a validation's largest cohort are of this size.
const MOST_COUPLES: f64 = 1e9;

/// Reads the text that is a source of diagnostics.
pub(crate) struct TargetReader<'t> {
    text: CsvText<'t>,
    independent: bool,
    load: Option<Load<'t>>,
    columns: [Option<usize>; COLUMNS.len()],
    populations: Vec<(Arc<NamedPopulation>, Scenario)>,
}

/// A record, with the errors of its cells.
struct Row<'r> {
    record: &'r StringRecord,
    errors: Vec<Diagnostic>,
}

impl<'t> TargetReader<'t> {
    pub(crate) fn new(
        text: &'t str,
        source: usize,
        independent: bool,
        load: Option<Load<'t>>,
    ) -> TargetReader<'t> {
        TargetReader {
            text: CsvText::new(text, source),
            independent,
            load,
            columns: [None; COLUMNS.len()],
            populations: Vec::new(),
        }
    }

    /// The targets, and the populations that they name.
    pub(crate) fn read(
        mut self,
    ) -> Result<(Vec<Target>, Vec<Arc<NamedPopulation>>), TargetTableError> {
        let one = |error| TargetTableError::Table(vec![error]);
        let mut reader = self.text.reader().map_err(one)?;
        let mut records = reader.records();
        let header = self.text.header(&mut records, "the table of targets");
        let header = header.map_err(one)?;
        self.find_columns(&header)
            .map_err(TargetTableError::Table)?;
        let mut errors = CsvErrors::default();
        let mut targets: Vec<(Target, Span)> = Vec::new();
        for record in records {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    errors.push(self.text.broken(&error));
                    continue;
                }
            };
            if record.len() != header.len() {
                let error = self.text.wrong_length(&record, header.len());
                errors.push(error.hint("quote a field that has a comma: \"Smith, Jones\""));
                continue;
            }
            let mut row = Row {
                record: &record,
                errors: Vec::new(),
            };
            for (name, cell) in header.iter().zip(&record) {
                if cell.contains(is_unprintable) {
                    let message =
                        "the text holds a character that charts and terminals cannot show";
                    self.refuse(&mut row, name.trim(), message.to_owned(), "");
                }
            }
            let target = self.target(&mut row)?;
            if let Some(target) = target {
                let at = self.at(&row, "id");
                let same = |(other, _): &&(Target, Span)| {
                    (&other.id, &other.part) == (&target.id, &target.part)
                };
                if let Some((_, first)) = targets.iter().find(same) {
                    let message = format!("two targets are called `{}`", target.name());
                    let error = self.text.error(at, message).other(*first, "first here");
                    row.errors.push(
                        error.hint("give each row an `id`, or rows of one `id` a `part` each"),
                    );
                } else {
                    targets.push((target, at));
                }
            }
            row.errors.into_iter().for_each(|error| errors.push(error));
        }
        if targets.is_empty() && errors.is_empty() {
            let at = self.text.line(&header);
            errors.push(
                self.text
                    .error(at, "the table has no target below its header"),
            );
        }
        if !errors.is_empty() {
            return Err(TargetTableError::Table(errors.into_list()));
        }
        let targets = targets.into_iter().map(|(target, _)| target).collect();
        let populations = self.populations.into_iter().map(|(named, _)| named);
        Ok((targets, populations.collect()))
    }

    fn find_columns(&mut self, header: &StringRecord) -> Result<(), Vec<Diagnostic>> {
        let mut errors = Vec::new();
        for (index, name) in header.iter().enumerate() {
            let (name, at) = (name.trim(), self.text.field(header, index));
            // R and pandas write the numbers of rows in a first column without a name.
            if name.is_empty() && index == 0 && header.len() > 1 {
                continue;
            }
            let Some(place) = COLUMNS.iter().position(|own| *own == name) else {
                let message = format!("a table of targets has no column `{}`", name.escape_debug());
                let hint = match nearest(name, COLUMNS) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the columns are {}", COLUMNS.join(", ")),
                };
                errors.push(self.text.error(at, message).hint(hint));
                continue;
            };
            match self.columns[place] {
                None => self.columns[place] = Some(index),
                Some(first) => {
                    let message = format!("two columns are called `{name}`");
                    let error = self.text.error(at, message);
                    let first = self.text.field(header, first);
                    errors.push(error.other(first, "first here").hint("keep one of the two"));
                }
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let missing = NEEDED.into_iter().filter(|name| self.index(name).is_none());
        for name in missing {
            let message = format!("the table has no column `{name}`");
            errors.push(self.text.error(self.text.line(header), message));
        }
        let given = |names: &[&str]| names.iter().all(|name| self.index(name).is_some());
        if ![&["low"][..], &["high"], &["value", "error"]]
            .into_iter()
            .any(given)
        {
            let message = "the table has no column `low` or `high`";
            let hint = "give the 95 % interval of each number in `low` and `high`, or `value` and its \
                        standard `error`";
            let error = self.text.error(self.text.line(header), message);
            errors.push(error.hint(hint));
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    fn index(&self, column: &str) -> Option<usize> {
        let place = COLUMNS.iter().position(|own| *own == column);
        place.and_then(|place| self.columns[place])
    }

    /// A cell; empty where it is missing.
    fn cell<'r>(&self, row: &Row<'r>, column: &str) -> &'r str {
        let cell = self.index(column).and_then(|index| row.record.get(index));
        match cell.map_or("", str::trim) {
            "NA" => "",
            cell => cell,
        }
    }

    /// Where a cell stands; the line if the table has no such column.
    fn at(&self, row: &Row<'_>, column: &str) -> Span {
        match self.index(column) {
            Some(index) => self.text.field(row.record, index),
            None => self.text.line(row.record),
        }
    }

    fn refuse(&self, row: &mut Row<'_>, column: &str, message: String, hint: &str) {
        let message = format!("column `{column}`: {message}");
        let error = self.text.error(self.at(row, column), message);
        row.errors.push(match hint {
            "" => error,
            hint => error.hint(hint),
        });
    }

    fn number(&self, row: &mut Row<'_>, column: &str) -> Option<f64> {
        let cell = self.cell(row, column);
        if cell.is_empty() {
            return None;
        }
        let number = match self.text.value(cell) {
            TomlValue::Integer(number) => number as f64,
            TomlValue::Float(number) => number,
            _ => f64::NAN,
        };
        if number.is_nan() {
            let message = format!("`{}` is no number", cell.escape_debug());
            self.refuse(
                row,
                column,
                message,
                "leave the cell empty where it is not known",
            );
        }
        Some(number)
    }

    fn integer(&self, row: &mut Row<'_>, column: &str, least: f64) -> Option<u64> {
        let number = self.number(row, column)?;
        if number.fract() == 0.0 && (least..=MOST_COUPLES).contains(&number) {
            return Some(number as u64);
        }
        if !number.is_nan() {
            let message = format!("{number} is no whole number from {least} to {MOST_COUPLES}");
            self.refuse(row, column, message, "");
        }
        None
    }

    /// The value of a cell with one of a few words.
    fn word<T>(
        &self,
        row: &mut Row<'_>,
        column: &str,
        read: fn(&str) -> Option<T>,
        words: &str,
    ) -> Option<T> {
        let cell = self.cell(row, column);
        let found = read(cell);
        if found.is_none() && !cell.is_empty() {
            let message = format!("`{}` is none of {words}", cell.escape_debug());
            self.refuse(row, column, message, "");
        }
        found
    }

    /// The target of a row; `None` where it has errors.
    fn target(&mut self, row: &mut Row<'_>) -> Result<Option<Target>, TargetTableError> {
        let (id, part) = (self.cell(row, "id"), self.cell(row, "part"));
        if id.is_empty() {
            self.refuse(row, "id", "the target has no name".to_owned(), "");
        }
        let tier = self.word(row, "tier", Tier::read, "C, V and P");
        let tier = tier.unwrap_or(Tier::Validation);
        let exposure = self.word(row, "standing", Exposure::read, "fitted, seen and blind");
        let exposure = exposure.unwrap_or(match tier {
            Tier::Calibration => Exposure::Fitted,
            Tier::Validation | Tier::Pattern => Exposure::Blind,
        });
        if self.independent && exposure == Exposure::Fitted && tier != Tier::Calibration {
            let message = format!(
                "{id} is of tier {}, to which nothing is fitted",
                tier.letter()
            );
            let hint = "write `seen` or `blind`, or make it one of tier C";
            self.refuse(row, "standing", message, hint);
        }
        let couples = self.integer(row, "couples", 1.0);
        let day = self.integer(row, "day", 0.0);
        let published = self.published(row);
        let size = self.size(row, published);
        let estimator = self.estimator(row, day)?;
        let measure = self.cell(row, "measure");
        let (Some(estimator), Some((value, interval))) = (estimator, published) else {
            return Ok(None);
        };
        if !row.errors.is_empty() {
            return Ok(None);
        }
        let or = |column: &str, default: String| match self.cell(row, column) {
            "" => default,
            cell => cell.to_owned(),
        };
        let words = |column: &str| self.cell(row, column).to_owned();
        let on_day = day.map_or(String::new(), |day| format!(", day {day}"));
        Ok(Some(Target {
            id: id.to_owned(),
            part: part.to_owned(),
            tier,
            exposure,
            area: or("area", "own".to_owned()),
            statistic: or("statistic", format!("{measure}{on_day}")),
            measure: measure.to_owned(),
            estimator,
            value,
            interval,
            size,
            couples,
            design: words("design"),
            source: words("source"),
            how_known: words("how_known"),
        }))
    }

    /// The size of an effect of which only the sign is published.
    fn size(&self, row: &mut Row<'_>, published: Option<(f64, Interval)>) -> Option<f64> {
        let size = self.number(row, "size").filter(|size| !size.is_nan())?;
        if !(size > 0.0 && size.is_finite()) {
            let message = format!("a size of {size} is not above 0");
            self.refuse(row, "size", message, "write the size without its sign");
            return None;
        }
        let (_, Interval { low, high }) = published?;
        let is_side = [low, high].contains(&0.0) && (low.is_infinite() || high.is_infinite());
        if !is_side {
            let message = format!("the interval from {low} to {high} says more than a sign");
            let hint = "give a size only where `low` or `high` is 0 and the other is empty";
            self.refuse(row, "size", message, hint);
            return None;
        }
        Some(size)
    }

    /// The published value, NaN where it is not known, and its interval.
    fn published(&self, row: &mut Row<'_>) -> Option<(f64, Interval)> {
        let before = row.errors.len();
        let value = self.number(row, "value");
        let error = self.number(row, "error");
        let (low, high) = (self.number(row, "low"), self.number(row, "high"));
        if row.errors.len() > before {
            return None;
        }
        if let Some(number) = value.filter(|value| !value.is_finite()) {
            self.refuse(row, "value", format!("{number} is not finite"), "");
            return None;
        }
        let interval = match (error, low, high) {
            (None, None, None) => {
                let hint = "give its 95 % interval in `low` and `high`, an end of it where only a sign \
                            is known, or its standard error in `error`";
                let message = "the number has no interval".to_owned();
                self.refuse(row, "low", message, hint);
                return None;
            }
            (None, low, high) => Interval {
                low: low.unwrap_or(f64::NEG_INFINITY),
                high: high.unwrap_or(f64::INFINITY),
            },
            (Some(error), None, None) => {
                let Some(value) = value else {
                    let message = "a standard error needs a `value`".to_owned();
                    self.refuse(row, "error", message, "");
                    return None;
                };
                if !(error > 0.0 && error.is_finite()) {
                    let message = format!("a standard error of {error} is not above 0");
                    self.refuse(row, "error", message, "");
                    return None;
                }
                Interval::around(value, normal_reach(CONFIDENCE) * error)
            }
            (Some(_), ..) => {
                let hint = "keep one of the two";
                let message = "the row has an interval in `low` and `high` too".to_owned();
                self.refuse(row, "error", message, hint);
                return None;
            }
        };
        let Interval { low, high } = interval;
        // NaN is in no order, and is refused.
        if low.partial_cmp(&high) != Some(std::cmp::Ordering::Less) {
            let message = format!("`low` is {low} and `high` {high}: no interval");
            self.refuse(row, "low", message, "`low` must be below `high`");
            return None;
        }
        if let Some(value) = value.filter(|value| !interval.contains(*value)) {
            let message = format!("{value} is not within {low} to {high}");
            self.refuse(
                row,
                "value",
                message,
                "the interval holds the published value",
            );
            return None;
        }
        Some((value.unwrap_or(f64::NAN), interval))
    }

    /// What computes the measure.
    fn estimator(
        &mut self,
        row: &mut Row<'_>,
        day: Option<u64>,
    ) -> Result<Option<Estimator>, TargetTableError> {
        let measure = self.cell(row, "measure");
        if measure.is_empty() {
            let hint = "`pairbond validate --list-measures` lists them";
            self.refuse(row, "measure", "the row has no measure".to_owned(), hint);
            return Ok(None);
        }
        let name = self.cell(row, "population");
        if name.is_empty() {
            let found = estimator(measure);
            if found.is_none() {
                let hint = self.unknown_measure(measure);
                let message = format!("`{}` is no measure", measure.escape_debug());
                self.refuse(row, "measure", message, &hint);
            } else if day.is_some() {
                let message = format!("`{measure}` has the days of its study");
                self.refuse(row, "day", message, "leave the cell empty");
                return Ok(None);
            }
            return Ok(found);
        }
        let Some((population, scenario)) = self.population(row, name)? else {
            return Ok(None);
        };
        let day = day.map(|day| day.min(u64::from(u32::MAX)) as u32);
        match StudyMeasure::read(measure, day, scenario.config()) {
            Ok(measured) => {
                let measure = PopulationMeasure {
                    population,
                    measured,
                };
                Ok(Some(Estimator::Population(Arc::new(measure))))
            }
            Err(error) => {
                let column = if error.is_day { "day" } else { "measure" };
                let mut hint = error.hint;
                if estimator(measure).is_some() {
                    hint =
                        "that measure has a study of its own: leave `population` empty".to_owned();
                }
                self.refuse(row, column, error.message, &hint);
                Ok(None)
            }
        }
    }

    /// What to do about a measure that no study of the program has.
    fn unknown_measure(&self, measure: &str) -> String {
        let of_population = Measure::named(measure).is_some()
            || ["waves.", "diary."]
                .iter()
                .any(|table| measure.contains(table));
        let near = nearest(measure, ESTIMATORS.iter().map(|(name, _)| *name));
        match near {
            _ if of_population => {
                "name in `population` the scenario whose couples are measured".to_owned()
            }
            Some(near) => format!("did you mean `{near}`?"),
            None => "`pairbond validate --list-measures` lists them".to_owned(),
        }
    }

    /// The population of a name, read once.
    fn population(
        &mut self,
        row: &mut Row<'_>,
        name: &str,
    ) -> Result<Option<(Arc<NamedPopulation>, Scenario)>, TargetTableError> {
        if let Some(known) = self.populations.iter().find(|(own, _)| own.name == name) {
            return Ok(Some(known.clone()));
        }
        let kept = attachment_name(name);
        let same =
            |(own, _): &&(Arc<NamedPopulation>, Scenario)| attachment_name(&own.name) == kept;
        if let Some((other, _)) = self.populations.iter().find(same) {
            let message = format!(
                "`{}` and `{}` have the same file name",
                name.escape_debug(),
                other.name.escape_debug()
            );
            let hint = "results keep both in one folder: rename one of the files";
            self.refuse(row, "population", message, hint);
            return Ok(None);
        }
        let bytes = match self.load {
            Some(load) => load(name),
            None => Err(std::io::ErrorKind::NotFound.into()),
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = format!("\"{}\" cannot be read: {error}", name.escape_debug());
                let hint = "the name is taken from the table's folder on";
                self.refuse(row, "population", message, hint);
                return Ok(None);
            }
        };
        let no_overrides: &[Override] = &[];
        let text = text_of(name, &bytes).map_err(TargetTableError::Population)?;
        let scenario =
            Scenario::read_text(name, text, no_overrides).map_err(TargetTableError::Population)?;
        let named = NamedPopulation {
            name: name.to_owned(),
            text: text.to_owned(),
        };
        self.populations.push((Arc::new(named), scenario));
        Ok(self.populations.last().cloned())
    }
}

/// The measures of the program's studies: name, study, and the statistic of the first target that has it.
pub(crate) fn measures_of_studies() -> Vec<(&'static str, &'static str, String)> {
    let targets = TargetTable::shipped().targets;
    let statistic = |name: &str| {
        let target = targets.iter().find(|target| target.measure == name);
        target.map_or(String::new(), |target| target.statistic.clone())
    };
    let all = ESTIMATORS.iter();
    all.map(|(name, estimator)| (*name, estimator.study(), statistic(name)))
        .collect()
}

/// The measures that a table of targets may name, as the program lists them: of its studies each with the
/// study and a statistic, and the forms of those of populations.
pub(crate) fn measures() -> String {
    let mut text = String::from("measures of the program's studies\n");
    for (name, study, statistic) in measures_of_studies() {
        text.push_str(&format!("  {name:38} {study:26} {statistic}\n"));
    }
    text.push_str("measures of a population, which the column `population` names\n");
    for (form, what) in FORMS {
        text.push_str(&format!("  {}\n      {what}\n", form.replace('`', "")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;

    /// A population with a questionnaire on two days and a diary.
    const POPULATION: &str = "title = \"p\"\n[run]\ncouples = 40\ndays = 60\n[measurement]\n\
                              waves = [30, 60]\ndiary_days = 5\n";

    fn load(name: &str) -> std::io::Result<Vec<u8>> {
        match name {
            "p.toml" => Ok(POPULATION.into()),
            "silent.toml" => Ok("title = \"s\"\n[run]\ndays = 9\n".into()),
            "bad.toml" => Ok("title = \"b\"\n[run]\ndayz = 9\n".into()),
            "latin1.toml" => Ok(b"title = \"b\"\n# caf\xe9\n".into()),
            _ => Err(ErrorKind::NotFound.into()),
        }
    }

    fn read(text: &str) -> Result<Vec<Target>, String> {
        let table = TargetTable::parse("mine.csv", text, true, Some(&load));
        table
            .map(|it| it.targets)
            .map_err(|errors| errors.to_string())
    }

    #[test]
    fn a_row_needs_a_name_a_measure_and_an_interval() {
        let found = read(
            "id,measure,value,low,high\n\
             T1,conflict_days,0.3,0.2,0.4\n\
             T2,own_conflict,NA,NA,0\n",
        );
        let [first, second] = &found.expect("a sound table")[..] else {
            panic!("two targets");
        };
        assert_eq!(
            (first.tier, first.exposure),
            (Tier::Validation, Exposure::Blind)
        );
        assert_eq!((first.couples, first.area.as_str()), (None, "own"));
        assert_eq!(first.statistic, "conflict_days");
        assert_eq!(
            (first.value, first.interval.low, first.interval.high),
            (0.3, 0.2, 0.4)
        );
        assert!(second.value.is_nan() && !second.can_be_fitted());
        assert_eq!(second.interval.low, f64::NEG_INFINITY);
    }

    #[test]
    fn a_standard_error_gives_the_interval() {
        let found = read("id;measure;value;error;couples\nT;conflict_days;0,25;0,05;80\n");
        let target = found.expect("a sound table").remove(0);
        assert_eq!((target.value, target.couples), (0.25, Some(80)));
        assert!(
            (target.interval.high - 0.348).abs() < 1e-3,
            "{:?}",
            target.interval
        );
        assert!(target.can_be_fitted());
    }

    #[test]
    fn a_size_belongs_to_a_sign() {
        let row = |value: &str, low: &str, high: &str, size: &str| {
            read(&format!(
                "id,measure,value,low,high,size\nT,own_conflict,{value},{low},{high},{size}\n"
            ))
        };
        let found = row("", "", "0", "0.2").expect("a sound table").remove(0);
        assert_eq!(found.size, Some(0.2));
        let found = row("", "0", "", "").expect("a sound table").remove(0);
        assert_eq!(found.size, None);
        for (low, high, size, message) in [
            ("", "0", "-0.2", "a size of -0.2 is not above 0"),
            ("", "0", "inf", "a size of inf is not above 0"),
            ("", "0", "large", "`large` is no number"),
            (
                "-0.1",
                "0.1",
                "0.2",
                "from -0.1 to 0.1 says more than a sign",
            ),
            ("0.5", "", "0.2", "from 0.5 to inf says more than a sign"),
            ("0", "1", "0.2", "from 0 to 1 says more than a sign"),
        ] {
            let errors = row("", low, high, size).expect_err("a wrong size");
            assert!(errors.contains(message), "{errors}");
            assert!(errors.contains("mine.csv:2:"), "{errors}");
        }
    }

    #[test]
    fn populations_are_measured_by_their_states_and_answers() {
        let found = read(
            "id,part,measure,population,day,low,high,tier,statistic\n\
             A,,mean trust,p.toml,,0,1,C,\n\
             B,one,mean waves.trust,p.toml,30,1,7,,\"trust, by a scale\"\n\
             B,two,partner correlation of diary.daily_satisfaction,p.toml,,-1,1,,\n\
             D,,correlation of waves.trust with diary.daily_conflict,p.toml,60,-1,1,,\n",
        );
        // Day 60 is a day of the diary too.
        let found = found.expect("a sound table");
        let named: Vec<String> = found.iter().map(Target::name).collect();
        assert_eq!(named, ["A", "B one", "B two", "D"]);
        assert_eq!(found[0].exposure, Exposure::Fitted);
        assert_eq!(found[1].statistic, "trust, by a scale");
        assert_eq!(found[3].statistic.split(", ").last(), Some("day 60"));
    }

    /// A table with one row of these cells.
    fn with(cells: &[(&str, &str)]) -> String {
        let mut all = vec![
            ("id", "T"),
            ("measure", "mean trust"),
            ("population", "p.toml"),
        ];
        all.extend([("low", "0"), ("high", "1")]);
        for (column, cell) in cells {
            all.retain(|(own, _)| own != column);
            all.push((column, cell));
        }
        let line =
            |part: fn(&(&str, &str)) -> String| all.iter().map(part).collect::<Vec<_>>().join(",");
        format!(
            "{}\n{}\n",
            line(|it| it.0.to_owned()),
            line(|it| it.1.to_owned())
        )
    }

    #[test]
    fn a_cell_that_cannot_be_used_has_its_place_and_what_was_expected() {
        read(&with(&[])).expect("a sound table");
        for (cells, expected) in [
            (&[("id", "")][..], "column `id`: the target has no name"),
            (
                &[("id", "\u{1b}[31mT")],
                "column `id`: the text holds a character that charts and terminals cannot show",
            ),
            (&[("tier", "D")], "column `tier`: `D` is none of C, V and P"),
            (&[("standing", "fit")], "none of fitted, seen and blind"),
            (
                &[("standing", "fitted")],
                "is of tier V, to which nothing is fitted",
            ),
            (&[("low", "much")], "column `low`: `much` is no number"),
            (&[("low", "nan")], "column `low`: `nan` is no number"),
            (&[("low", "2")], "`low` is 2 and `high` 1: no interval"),
            (&[("low", "1")], "`low` is 1 and `high` 1: no interval"),
            (
                &[("low", ""), ("high", "")],
                "column `low`: the number has no interval",
            ),
            (&[("value", "3")], "column `value`: 3 is not within 0 to 1"),
            (&[("value", "inf")], "column `value`: inf is not finite"),
            (
                &[("error", "0.1")],
                "the row has an interval in `low` and `high` too",
            ),
            (
                &[("error", "0.1"), ("low", ""), ("high", "")],
                "a standard error needs a `value`",
            ),
            (
                &[("value", "1"), ("error", "0"), ("low", ""), ("high", "")],
                "a standard error of 0 is not above 0",
            ),
            (
                &[("couples", "0")],
                "column `couples`: 0 is no whole number from 1",
            ),
            (
                &[("couples", "4.5")],
                "column `couples`: 4.5 is no whole number",
            ),
            (
                &[("day", "61")],
                "column `day`: day 61 is after the run of 60 days",
            ),
            (
                &[("day", "-1")],
                "column `day`: -1 is no whole number from 0",
            ),
            (&[("measure", "")], "the row has no measure"),
            (&[("measure", "mean trsut")], "did you mean `mean trust`?"),
            (
                &[("measure", "mean bids"), ("day", "0")],
                "day 0 is before the first day",
            ),
            (
                &[("measure", "mean waves.trst")],
                "did you mean `waves.trust`?",
            ),
            (&[("measure", "mean wave.trust")], "`wave` has no answers"),
            (
                &[("measure", "sd waves.trust"), ("day", "31")],
                "there is no wave on day 31",
            ),
            (
                &[("measure", "sd waves.trust"), ("day", "31")],
                "is given on day 30, 60",
            ),
            (
                &[("measure", "mean diary.daily_stress"), ("day", "55")],
                "day 55 is no day of the diary",
            ),
            (
                &[("measure", "correlation of waves.trust")],
                "a correlation needs two columns",
            ),
            (
                &[
                    ("measure", "mean waves.trust"),
                    ("population", "silent.toml"),
                ],
                "the population has no [measurement]",
            ),
            (&[("measure", "mean_trust")], "leave `population` empty"),
            (&[("population", "")], "name in `population` the scenario"),
            (
                &[("population", ""), ("measure", "mean_trsut")],
                "did you mean `mean_trust`?",
            ),
            (
                &[("population", ""), ("measure", "mean_trust"), ("day", "3")],
                "column `day`: ",
            ),
            (
                &[("population", "q.toml")],
                "column `population`: \"q.toml\" cannot be read",
            ),
        ] {
            let errors = read(&with(cells)).expect_err(expected);
            assert!(errors.contains(expected), "{expected}: {errors}");
            assert!(errors.contains("mine.csv:2:"), "{expected}: {errors}");
        }
        let errors = read(&with(&[("population", "bad.toml")])).expect_err("an unknown key");
        assert!(
            errors.contains("bad.toml:3:1") && errors.contains("`days`"),
            "{errors}"
        );
    }

    #[test]
    fn a_place_is_the_cell_itself() {
        let text = "id,source,measure,low\nT,\"Smith, Jones\",conflict_dyas,0\n";
        let errors = read(text).expect_err("an unknown measure");
        assert!(errors.contains("mine.csv:2:18"), "{errors}");
        assert!(errors.contains("did you mean `conflict_days`?"), "{errors}");
    }

    #[test]
    fn a_header_names_the_columns_that_there_are() {
        for (text, expected) in [
            ("", "the table of targets is empty"),
            ("id,measure,low,high\n", "has no target below its header"),
            ("id,mesure,low,high\n", "did you mean `measure`?"),
            ("id,measure,low,low\n", "two columns are called `low`"),
            ("measure,low\n", "the table has no column `id`"),
            ("id,low\n", "the table has no column `measure`"),
            (
                "id,measure,value\n",
                "the table has no column `low` or `high`",
            ),
            (
                "id,measure,low\nT,conflict_days\n",
                "this line has 2 fields, the header has 3",
            ),
            (
                "id,measure,low\nT,\"conflict_days,0\n",
                "this quote is not closed",
            ),
            (
                "id,measure,low\nT,conflict_days,0\nT,own_conflict,0\n",
                "two targets are called `T`",
            ),
        ] {
            let errors = read(text).expect_err(expected);
            assert!(
                errors.contains(expected) && errors.contains("mine.csv:"),
                "{expected}: {errors}"
            );
        }
    }

    #[test]
    fn so_many_errors_are_counted() {
        let rows: String = (0..30).map(|row| format!("T{row},none,0\n")).collect();
        let errors = read(&format!("id,measure,low\n{rows}")).expect_err("no measures");
        assert!(
            errors.contains("10 more errors of the table are not shown"),
            "{errors}"
        );
    }

    #[test]
    fn two_populations_of_one_file_name_are_refused() {
        let both = |name: &str| match name {
            "a/p.toml" | "b/p.toml" => Ok(POPULATION.into()),
            _ => Err(ErrorKind::NotFound.into()),
        };
        let text = "id,measure,population,low\nS,mean trust,a/p.toml,0\nT,mean trust,b/p.toml,0\n";
        let errors = TargetTable::parse("mine.csv", text, true, Some(&both)).expect_err("one name");
        let errors = errors.to_string();
        assert!(errors.contains("have the same file name"), "{errors}");
    }

    #[test]
    fn files_that_are_not_utf8_are_reported_where_they_are_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("mine.csv");
        std::fs::write(&file, b"id,measure\nA,caf\xe9\n").expect("writable");
        let Err(Error::Scenario(errors)) = TargetTable::from_file(&file) else {
            panic!("a table that is no UTF-8");
        };
        assert!(errors.to_string().contains("mine.csv:2:6"), "{errors}");
        let population = "id,measure,population,value,error\nT,mean trust,latin1.toml,0.5,0.1\n";
        let errors = read(population).expect_err("no UTF-8");
        assert!(errors.contains("latin1.toml:2:6"), "{errors}");
    }

    #[test]
    fn a_table_of_an_earlier_version_keeps_what_it_was_fitted_to() {
        let text = with(&[("standing", "fitted")]);
        let table = TargetTable::parse("targets.csv", &text, false, Some(&load));
        assert_eq!(table.map(|it| it.targets.len()), Ok(1));
    }

    #[test]
    fn targets_are_selected_by_name_or_tier() {
        let names = |requested: &[&str]| -> Vec<String> {
            let requested: Vec<String> = requested.iter().map(|word| (*word).to_owned()).collect();
            let found = shipped(&requested).expect("names of targets");
            found.iter().map(Target::name).collect()
        };
        assert_eq!(names(&["c06"]), ["C06 mean", "C06 sd"]);
        assert!(
            names(&["p"])
                .iter()
                .all(|name| name.starts_with(['P', 'N']))
        );
        // A name's letter is where the target began, and a tier is what it is now.
        for moved in ["V11", "V13"] {
            let within = |tier: &str| names(&[tier]).iter().any(|name| name == moved);
            assert_eq!([within("C"), within("V")], [true, false], "{moved}");
            assert_eq!(names(&[moved]), [moved]);
        }
        let refused = shipped(&["C99".to_owned()]).map(|found| found.len());
        assert!(matches!(refused, Err(TargetError::Unknown { .. })));
    }

    #[test]
    fn mutated_targets_are_read_or_refused() {
        let shipped: String = SHIPPED
            .lines()
            .take(4)
            .map(|line| format!("{line}\n"))
            .collect();
        for sound in [
            shipped,
            with(&[("day", "30"), ("measure", "mean waves.trust")]),
        ] {
            read(&sound).expect("a sound table");
            crate::table::test_support::mutations(sound.as_bytes(), |bytes| {
                if let Err(errors) = read(&String::from_utf8_lossy(bytes)) {
                    assert!(!errors.is_empty());
                }
            });
        }
    }
}
