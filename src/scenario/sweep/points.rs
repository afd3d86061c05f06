//! The points of a sweep: a design over its axes, or the rows of a CSV table whose header names keys.
//! Errors of a design become errors of the text.

use super::AxisValues;
use super::axis_reader::{AxisSpec, SweepableKeys};
use super::schema::{DesignKind, MOST_POINTS};
use crate::design::{
    Design, DesignError, Digits, Grid, Groups, Halton, LatinHypercube, List, MAXIMIN_MOST_POINTS,
    Morris, MorrisAxis, OneAtATime, Placement, Saltelli, Scramble, Selection, Sobol, SobolOrder,
    level_coordinate,
};
use crate::scenario::diagnostic::{Code, Diagnostic, Span};
use crate::scenario::document::Attachments;
use crate::scenario::dotted_keys::KeyPath;
use crate::scenario::reader::ScenarioReader;
use crate::scenario::tree::{TomlNode, TomlValue};
use crate::scenario::value::{Accepts, Setting};
use csv::{ReaderBuilder, StringRecord};

/// What the sweep says of its design besides the axes.
pub(crate) struct DesignSpec {
    pub(crate) kind: &'static DesignKind,
    /// Where the design is named.
    pub(crate) at: Span,
    pub(crate) points: u64,
    pub(crate) points_at: Span,
    pub(crate) seed: u64,
    pub(crate) scramble: bool,
    pub(crate) placement: &'static str,
    pub(crate) second_order: bool,
    pub(crate) levels: u32,
    pub(crate) levels_at: Span,
    pub(crate) optimized: bool,
}

/// So much work [distances of two coordinates] may go into choosing a design among candidates.
const MOST_WORK: u64 = 200_000_000;
/// Latin hypercubes among which the most widely spread is chosen, where work allows.
const HYPERCUBES: u64 = 100;
/// Trajectories among which the most widely spread are chosen, where work allows.
const TRAJECTORIES: u64 = 500;
/// Most trajectories that can be chosen by their spread.
const MOST_SPREAD: u64 = 1_000;

impl DesignSpec {
    /// Makes the design; axes of a one-at-a-time design get their baselines among their values.
    pub(crate) fn design(
        &self,
        reader: &mut ScenarioReader,
        axes: &mut [AxisSpec],
    ) -> Option<Design> {
        let made = match self.kind.word {
            "grid" => self.grid(axes),
            "list" => self.list(reader, axes)?,
            "one-at-a-time" => one_at_a_time(axes)?,
            "morris" if self.optimized && self.points > MOST_SPREAD => {
                let message =
                    format!("at most {MOST_SPREAD} trajectories can be chosen by their spread");
                let error = Diagnostic::new(Code::ImpossibleDesign, self.points_at, message)
                    .label("too many");
                reader.report(error.hint("take `selection = \"plain\"`"));
                return None;
            }
            "morris" => self.morris(reader, axes)?,
            _ => self.random(axes),
        };
        let design = made
            .map_err(|error| reader.report(self.diagnostic(&error, axes.len())))
            .ok()?;
        if design.points() > MOST_POINTS {
            reader.report(self.too_many(MOST_POINTS));
            return None;
        }
        Some(design)
    }

    /// Reports what is wrong whatever the axes are.
    pub(crate) fn check_alone(&self, reader: &mut ScenarioReader) {
        let made = match self.kind.word {
            "sobol" | "saltelli" => Sobol::new(self.points, 1, Scramble::Plain).map(|_| ()),
            "morris" => {
                let axis = [MorrisAxis::Range];
                Morris::new(
                    1,
                    self.levels,
                    &axis,
                    Groups::single(1),
                    Selection::Plain,
                    0,
                )
                .map(|_| ())
            }
            _ => Ok(()),
        };
        if let Err(error) = made {
            reader.report(self.diagnostic(&error, 1));
        }
    }

    fn grid(&self, axes: &[AxisSpec]) -> Result<Design, DesignError> {
        Grid::new(axes.iter().map(|axis| axis.levels).collect()).map(Design::Grid)
    }

    fn list(
        &self,
        reader: &mut ScenarioReader,
        axes: &[AxisSpec],
    ) -> Option<Result<Design, DesignError>> {
        let first = axes.first()?;
        let before = reader.errors.len();
        for axis in axes.iter().filter(|axis| axis.levels != first.levels) {
            let (at, other) = axis
                .values
                .as_ref()
                .zip(first.values.as_ref())
                .map(|(own, other)| (own.1, other.1))?;
            let message = format!(
                "`{}` has {} values, but `{}` has {}: in a list they go together",
                axis.path.key(),
                axis.levels,
                first.path.key(),
                first.levels
            );
            let error = Diagnostic::new(Code::ImpossibleDesign, at, message)
                .label(format!("{} values", axis.levels))
                .other(other, format!("{} values", first.levels));
            reader
                .report(error.hint(
                    "give as many to each, or take `design = \"grid\"` for all combinations",
                ));
        }
        if reader.errors.len() > before {
            return None;
        }
        let point = |level| vec![level_coordinate(level, first.levels); axes.len()];
        let points: Vec<Vec<f64>> = (0..first.levels).map(point).collect();
        Some(List::new(&points).map(Design::List))
    }

    fn random(&self, axes: &[AxisSpec]) -> Result<Design, DesignError> {
        let (points, dimensions, seed) = (self.points, axes.len(), self.seed);
        let owen = if self.scramble {
            Scramble::Owen(seed)
        } else {
            Scramble::Plain
        };
        match self.kind.word {
            "latin-hypercube" => self.latin(dimensions).map(Design::LatinHypercube),
            "sobol" => Sobol::new(points, dimensions, owen).map(Design::Sobol),
            "halton" => {
                let digits = if self.scramble {
                    Digits::Permuted(seed)
                } else {
                    Digits::Plain
                };
                Halton::new(points, dimensions, digits).map(Design::Halton)
            }
            _ => {
                let groups = groups(axes)?;
                let order = if self.second_order {
                    SobolOrder::Second
                } else {
                    SobolOrder::First
                };
                Saltelli::new(points, groups, order, owen).map(Design::Saltelli)
            }
        }
    }

    fn morris(
        &self,
        reader: &mut ScenarioReader,
        axes: &[AxisSpec],
    ) -> Option<Result<Design, DesignError>> {
        let before = reader.errors.len();
        let mut taken = Vec::new();
        for axis in axes {
            let (values, at) = axis.values.as_ref()?;
            match values {
                AxisValues::Levels(levels) if levels.len() < 2 => {
                    let message =
                        format!("`{}` has a single value to move between", axis.path.key());
                    let error =
                        Diagnostic::new(Code::ImpossibleDesign, *at, message).label("one value");
                    reader
                        .report(error.hint("give two values or more, or set the key in its table"));
                }
                values => taken.push(self.morris_axis(values)),
            }
        }
        if reader.errors.len() > before {
            return None;
        }
        let made = groups(axes).and_then(|groups| {
            let selection = self.selection(&groups);
            Morris::new(
                self.points,
                self.levels,
                &taken,
                groups,
                selection,
                self.seed,
            )
        });
        Some(made.map(Design::Morris))
    }

    fn morris_axis(&self, values: &AxisValues) -> MorrisAxis {
        match values {
            AxisValues::Range { integer: false, .. } => MorrisAxis::Range,
            AxisValues::Range { low, high, .. } => {
                let count = (high - low) as u32 + 1;
                if count > self.levels {
                    MorrisAxis::Integers(count)
                } else {
                    MorrisAxis::Numbers((0..count).map(f64::from).collect())
                }
            }
            AxisValues::Levels(levels) => {
                let numbers: Option<Vec<f64>> = levels.iter().map(Setting::number).collect();
                numbers.map_or(MorrisAxis::Words(levels.len() as u32), MorrisAxis::Numbers)
            }
        }
    }

    fn latin(&self, dimensions: usize) -> Result<LatinHypercube, DesignError> {
        let placement = match self.placement {
            "jittered" => Placement::Jittered,
            _ => Placement::Centred,
        };
        if self.placement != "maximin" {
            return LatinHypercube::new(self.points, dimensions, placement, self.seed);
        }
        let points = self.points.min(MAXIMIN_MOST_POINTS + 1);
        let work = points * points * dimensions as u64 / 2;
        let candidates = (MOST_WORK / work.max(1)).clamp(2, HYPERCUBES) as u32;
        LatinHypercube::maximin(points, dimensions, placement, self.seed, candidates)
    }

    fn selection(&self, groups: &Groups) -> Selection {
        if !self.optimized {
            return Selection::Plain;
        }
        let length = groups.count() as u64 + 1;
        let distance = length * length * groups.axes() as u64;
        let affordable = (2 * MOST_WORK / distance).isqrt();
        let candidates = affordable.min(TRAJECTORIES).max(self.points) as u32;
        Selection::Optimized { candidates }
    }

    fn too_many(&self, most: u64) -> Diagnostic {
        let message = format!("the sweep has more than {most} points");
        Diagnostic::new(Code::TooManyPoints, self.at, message)
            .label("too many points")
            .hint("take fewer levels or axes; `design = \"sobol\"` spreads a few points over many axes")
    }

    fn diagnostic(&self, error: &DesignError, axes: usize) -> Diagnostic {
        let word = self.kind.word;
        let impossible = |at, message: String| Diagnostic::new(Code::ImpossibleDesign, at, message);
        match *error {
            DesignError::NotAPowerOfTwo {
                requested,
                below,
                above,
            } => {
                let message = format!("a {word} design needs a power of two, not {requested}");
                Diagnostic::new(Code::NotAPowerOfTwo, self.points_at, message)
                    .label("no power of two")
                    .hint(format!(
                        "the next one is {above}; the one before is {below}"
                    ))
            }
            DesignError::TooManyPoints { most }
                if word == "latin-hypercube" && self.placement == "maximin" =>
            {
                impossible(
                    self.points_at,
                    format!("a maximin Latin hypercube has at most {most} points"),
                )
                .label("too many")
                .hint("take `placement = \"jittered\"` or fewer points")
            }
            DesignError::TooManyPoints { most } => self.too_many(most.min(MOST_POINTS)),
            DesignError::TooManyDimensions { most, requested } => {
                let most = if word == "saltelli" { most / 2 } else { most };
                impossible(
                    self.at,
                    format!("a {word} design has at most {most} axes, not {axes}"),
                )
                .label("too many axes")
                .hint(format!(
                    "its sequence would need {requested} dimensions: take axes out, or another design"
                ))
            }
            DesignError::OddLevels { levels } => impossible(
                self.levels_at,
                format!("trajectories need an even number of levels, not {levels}"),
            )
            .label("odd")
            .hint(format!("write {} or {}", levels - 1, levels + 1)),
            ref other => impossible(self.at, other.to_string()).label("this design"),
        }
    }
}

/// Groups by their names; an axis without one is a group of its own.
fn groups(axes: &[AxisSpec]) -> Result<Groups, DesignError> {
    let mut names: Vec<Option<&str>> = Vec::new();
    let mut of_axis = Vec::new();
    for axis in axes {
        let name = axis.group.as_deref();
        let known = name.and_then(|_| names.iter().position(|other| *other == name));
        of_axis.push(known.unwrap_or(names.len()));
        if known.is_none() {
            names.push(name);
        }
    }
    Groups::new(of_axis)
}

/// Turns each axis into its levels with the baseline among them, numbers in their order.
fn one_at_a_time(axes: &mut [AxisSpec]) -> Option<Result<Design, DesignError>> {
    let (mut baselines, mut others) = (Vec::new(), Vec::new());
    for axis in axes {
        let baseline = axis.baseline.clone()?;
        let mut levels: Vec<Setting> = (0..axis.levels)
            .map(|level| axis.level(level))
            .collect::<Option<_>>()?;
        if !levels.contains(&baseline) {
            let above = |level: &Setting| {
                level
                    .number()
                    .zip(baseline.number())
                    .is_some_and(|(level, own)| level > own)
            };
            let place = levels.iter().position(above);
            let last = if baseline.number().is_some() {
                levels.len()
            } else {
                0
            };
            levels.insert(place.unwrap_or(last), baseline.clone());
        }
        let count = levels.len() as u32;
        let own = levels.iter().position(|level| *level == baseline)? as u32;
        baselines.push(level_coordinate(own, count));
        let rest = (0..count).filter(|level| *level != own);
        others.push(rest.map(|level| level_coordinate(level, count)).collect());
        let at = axis.values.as_ref()?.1;
        axis.values = Some((AxisValues::Levels(levels), at));
    }
    Some(OneAtATime::new(baselines, others).map(Design::OneAtATime))
}

/// So many errors of one table are reported.
const MOST_ERRORS: usize = 20;

/// One column: the key that it sets, and what that takes.
struct PointColumn {
    path: KeyPath,
    accepts: Accepts,
    at: Span,
}

/// A table of points.
struct PointTable {
    columns: Vec<PointColumn>,
    rows: Vec<Vec<Setting>>,
}

/// The axes and rows of a table of points; `axes` are those that name its columns.
pub(crate) fn table_points(
    reader: &mut ScenarioReader,
    (name, at): (&str, Span),
    axes: &[AxisSpec],
    keys: &SweepableKeys<'_>,
    attached: &mut Attachments<'_>,
) -> Option<(Vec<AxisSpec>, Vec<Vec<Setting>>)> {
    let source = match attached.load(name) {
        Ok(source) => source,
        Err((message, hint)) => {
            reader.report(
                Diagnostic::new(Code::NoTable, at, message)
                    .label("this table")
                    .hint(hint),
            );
            return None;
        }
    };
    let table = match read_table(attached.text(source), source, keys) {
        Ok(table) => table,
        Err(errors) => {
            errors.into_iter().for_each(|error| reader.report(error));
            return None;
        }
    };
    for axis in axes {
        let key = axis.path.key();
        if !table.columns.iter().any(|column| column.path.key() == key) {
            let message = format!("the table of points has no column `{key}`");
            let error = Diagnostic::new(Code::BadTable, axis.at, message).label("not in the table");
            reader.report(
                error.hint("a table's columns are its axes: add the column, or take this axis out"),
            );
        }
    }
    let columns = table
        .columns
        .into_iter()
        .enumerate()
        .map(|(index, column)| {
            let named = axes
                .iter()
                .find(|axis| axis.path.key() == column.path.key());
            AxisSpec {
                at: column.at,
                name: named.and_then(|axis| axis.name.clone()),
                name_at: named.map_or(column.at, |axis| axis.name_at),
                group: None,
                values: Some((AxisValues::Levels(distinct(&table.rows, index)), column.at)),
                levels: 0,
                baseline: None,
                path: column.path,
            }
        });
    Some((columns.collect(), table.rows))
}

/// The different values of a column, numbers in their order, others as they come.
fn distinct(rows: &[Vec<Setting>], column: usize) -> Vec<Setting> {
    let mut all: Vec<&Setting> = rows.iter().map(|row| &row[column]).collect();
    if all.iter().all(|value| value.number().is_some()) {
        let number = |setting: &Setting| setting.number().unwrap_or(f64::NAN);
        all.sort_by(|one, other| number(one).total_cmp(&number(other)));
        all.dedup();
        return all.into_iter().cloned().collect();
    }
    // Words and switches are few.
    let mut found: Vec<Setting> = Vec::new();
    for value in all {
        if !found.contains(value) {
            found.push(value.clone());
        }
    }
    found
}

/// Reads the text that is this source.
///
/// # Errors
/// The first errors of header and rows; none where the header cannot be judged.
fn read_table(
    text: &str,
    source: usize,
    keys: &SweepableKeys<'_>,
) -> Result<PointTable, Vec<Diagnostic>> {
    let text = CsvText { text, source };
    if let Some(at) = open_quote(text.text) {
        let error = text.error(Span::new(source, at, at + 1), "this quote is not closed");
        return Err(vec![error.hint(
            "close it at the end of its field, or take it out: all that follows is read as one field",
        )]);
    }
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.text.as_bytes());
    let mut records = reader.records();
    let header = match records.next() {
        Some(Ok(header)) => header,
        Some(Err(error)) => return Err(vec![text.broken(&error)]),
        None => {
            return Err(vec![
                text.error(Span::new(source, 0, 0), "the table of points is empty"),
            ]);
        }
    };
    let columns = text.columns(&header, keys)?;
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    for record in records {
        match record {
            Ok(record) => rows.extend(text.row(&record, &columns, &mut errors)),
            Err(error) => errors.push(text.broken(&error)),
        }
        if errors.len() >= MOST_ERRORS {
            break;
        }
    }
    if rows.is_empty() && errors.is_empty() {
        errors.push(text.error(
            text.line(&header),
            "the table has no points below its header",
        ));
    }
    if errors.is_empty() {
        Ok(PointTable { columns, rows })
    } else {
        Err(errors)
    }
}

/// Where a quoted field begins that does not end.
fn open_quote(text: &str) -> Option<usize> {
    let (mut start, mut open, mut closed) = (0, false, false);
    let mut before = b',';
    for (at, byte) in text.bytes().enumerate() {
        let starts_field = matches!(before, b',' | b'\n' | b'\r');
        // A quote that is doubled within a field closes the field and opens it again.
        let opens = byte == b'"' && !open && (starts_field || closed);
        closed = byte == b'"' && open;
        if opens && starts_field {
            start = at;
        }
        open = opens || open && !closed;
        before = byte;
    }
    open.then_some(start)
}

/// The table's text as a source of errors.
struct CsvText<'t> {
    text: &'t str,
    source: usize,
}

impl CsvText<'_> {
    fn error(&self, at: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Code::BadTable, at, message).label("here")
    }

    fn broken(&self, error: &csv::Error) -> Diagnostic {
        let start = error
            .position()
            .map_or(0, |position| position.byte() as usize);
        self.error(
            Span::new(self.source, start, start),
            format!("the table is no CSV: {error}"),
        )
    }

    /// Where a record stands.
    fn line(&self, record: &StringRecord) -> Span {
        let start = record
            .position()
            .map_or(0, |position| position.byte() as usize);
        let start = start.min(self.text.len());
        let rest = &self.text[start..];
        // The reader counts the line ends before a record to the record.
        let skipped = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        let length = rest[skipped..]
            .find(['\r', '\n'])
            .unwrap_or(rest.len() - skipped);
        Span::new(self.source, start + skipped, start + skipped + length)
    }

    /// Where a field stands; the whole line where quotes hide it.
    fn field(&self, record: &StringRecord, index: usize) -> Span {
        let line = self.line(record);
        let written = &self.text[line.start..line.end];
        if written.contains('"') {
            return line;
        }
        let before: usize = written
            .split(',')
            .take(index)
            .map(|field| field.len() + 1)
            .sum();
        let length = written.split(',').nth(index).map_or(0, str::len);
        Span::new(
            self.source,
            line.start + before,
            line.start + before + length,
        )
    }

    fn columns(
        &self,
        header: &StringRecord,
        keys: &SweepableKeys<'_>,
    ) -> Result<Vec<PointColumn>, Vec<Diagnostic>> {
        let mut columns: Vec<PointColumn> = Vec::new();
        let mut errors = Vec::new();
        if header.len() == 1 && header[0].contains([';', '\t']) {
            let error = self.error(
                self.line(header),
                "the columns of the table are not separated by commas",
            );
            return Err(vec![error.hint(
                "save it with commas between columns and points in decimals",
            )]);
        }
        let mut unsure = false;
        for (index, name) in header.iter().enumerate() {
            let (name, at) = (name.trim(), self.field(header, index));
            if name.is_empty() {
                let error = self.error(at, format!("column {} has no key", index + 1));
                errors
                    .push(error.hint(
                        "the first line names the key of each column, such as `run.couples`",
                    ));
                continue;
            }
            let path = KeyPath::new(name, name.len());
            if let Some(other) = columns.iter().find(|other| other.path.key() == path.key()) {
                let error = self.error(at, format!("two columns set `{}`", path.key()));
                errors.push(
                    error
                        .other(other.at, "first here")
                        .hint("keep one of the two"),
                );
                continue;
            }
            match keys.resolve(&path, at) {
                Ok(accepts) => columns.push(PointColumn { path, accepts, at }),
                Err(Some(error)) => errors.push(*error),
                Err(None) => unsure = true,
            }
        }
        if errors.is_empty() && !unsure {
            Ok(columns)
        } else {
            Err(errors)
        }
    }

    fn row(
        &self,
        record: &StringRecord,
        columns: &[PointColumn],
        errors: &mut Vec<Diagnostic>,
    ) -> Option<Vec<Setting>> {
        if record.len() != columns.len() {
            let message = format!(
                "this line has {} fields, the header has {}",
                record.len(),
                columns.len()
            );
            errors.push(
                self.error(self.line(record), message)
                    .hint("give each point one value for each column"),
            );
            return None;
        }
        let before = errors.len();
        let mut row = Vec::new();
        for (index, (text, column)) in record.iter().zip(columns).enumerate() {
            let (text, at) = (text.trim(), self.field(record, index));
            let key = column.path.key();
            if text.is_empty() {
                errors.push(self.error(at, format!("this point has no value for `{key}`")));
                continue;
            }
            let value = field_value(text);
            match column.accepts.read(&TomlNode { value, at }) {
                Ok(setting) => row.push(setting),
                Err(error) => errors.push(error.at(at, &key)),
            }
        }
        (errors.len() == before).then_some(row)
    }
}

/// A field's text as the value that it would be in TOML, with words that need no quotes.
fn field_value(text: &str) -> TomlValue {
    match (text, text.parse::<i64>(), text.parse::<f64>()) {
        ("true", ..) => TomlValue::Bool(true),
        ("false", ..) => TomlValue::Bool(false),
        (_, Ok(whole), _) => TomlValue::Integer(whole),
        (_, _, Ok(number)) => TomlValue::Float(number),
        _ => TomlValue::Text(text.to_owned()),
    }
}
