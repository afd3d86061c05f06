//! The points of a sweep: a design over its axes, or the rows of a CSV table whose header names keys.
//! Errors of a design become errors of the text.

use super::axis_reader::{AxisSpec, SweepableKeys};
use super::schema::{DesignKind, MOST_POINTS, reserved};
use super::{AxisValues, PointLabels};
use crate::design::{
    Design, DesignError, Digits, Grid, Groups, Halton, LEAST_SCRAMBLES, LatinHypercube, List,
    MAXIMIN_MOST_POINTS, Morris, MorrisAxis, OneAtATime, Placement, Saltelli, Scramble, Selection,
    Sobol, SobolOrder, level_coordinate,
};
use crate::printable::is_unprintable;
use crate::scenario::csv_text::{CsvErrors, CsvText};
use crate::scenario::diagnostic::{Code, Diagnostic, Span};
use crate::scenario::document::Attachments;
use crate::scenario::dotted_keys::KeyPath;
use crate::scenario::reader::ScenarioReader;
use crate::scenario::tree::TomlNode;
use crate::scenario::value::{Accepts, Setting, is_snake_case};
use csv::StringRecord;

/// What the sweep says of its design besides the axes.
pub(crate) struct DesignSpec {
    pub(crate) kind: &'static DesignKind,
    /// Where the design is named.
    pub(crate) at: Span,
    pub(crate) points: u64,
    pub(crate) points_at: Span,
    pub(crate) seed: u64,
    pub(crate) scramble: bool,
    /// Independent scrambles; `None` for as many as the number of points suggests.
    pub(crate) scrambles: Option<u64>,
    pub(crate) scrambles_at: Span,
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
/// Base rows from which on a Saltelli design has several scrambles by default, and how many.
const SCRAMBLED_APART: u64 = 1024;
const SCRAMBLES: u64 = 8;
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
            "saltelli" if self.points.is_power_of_two() && self.report_scrambles(reader) => {
                return None;
            }
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
            "sobol" => Sobol::new(self.points, 1, Scramble::Plain).map(|_| ()),
            "saltelli" => {
                let made = Sobol::new(self.points, 1, Scramble::Plain).map(|_| ());
                if made.is_ok() && self.report_scrambles(reader) {
                    return;
                }
                made
            }
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

    /// Independent scrambles of a Saltelli design.
    pub(crate) fn scrambles(&self) -> u64 {
        match self.scrambles {
            Some(scrambles) => scrambles,
            None if self.scramble && self.points >= SCRAMBLED_APART => SCRAMBLES,
            None => 1,
        }
    }

    /// Reports a number of scrambles that the design cannot have.
    fn report_scrambles(&self, reader: &mut ScenarioReader) -> bool {
        let scrambles = self.scrambles();
        let (label, hint) = if scrambles == 1 {
            return false;
        } else if !self.scramble {
            (
                "of plain points",
                "take the line out, or `scramble = false`".to_owned(),
            )
        } else if !scrambles.is_power_of_two() || scrambles < LEAST_SCRAMBLES {
            let hint = "write 1, 4, 8, 16, 32 or 64; 8 are the default of 1024 base rows or more";
            ("not 1, 4, 8, 16, 32 or 64", hint.to_owned())
        } else if self.points < 2 * scrambles {
            let hint = format!(
                "take `points = {}` or more, or fewer scrambles",
                2 * scrambles
            );
            ("fewer than two base rows each", hint)
        } else {
            return false;
        };
        let message = format!("a saltelli design cannot have {scrambles} scrambles");
        let error = Diagnostic::new(Code::ImpossibleDesign, self.scrambles_at, message);
        reader.report(error.label(label).hint(hint));
        true
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
                axis.key(),
                axis.levels,
                first.key(),
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
                let scrambles = self.scrambles();
                Saltelli::with_scrambles(points, scrambles, groups, order, owen)
                    .map(Design::Saltelli)
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
                    let message = format!("`{}` has a single value to move between", axis.key());
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

/// One column of a table of points.
struct PointColumn {
    at: Span,
    role: ColumnRole,
}

/// What a column is for.
enum ColumnRole {
    /// It sets a key.
    Key {
        path: KeyPath,
        accepts: Accepts,
        /// The axis' name in an earlier table `points`.
        name: Option<String>,
    },
    /// It names the points, and is carried to the results.
    Label(String),
    /// Numbers of rows, or results of an earlier sweep.
    Ignored,
}

impl PointColumn {
    /// The key that it sets; events have their numbers.
    fn key(&self, keys: &SweepableKeys<'_>) -> Option<String> {
        match &self.role {
            ColumnRole::Key { path, .. } => Some(keys.numbered(path)),
            _ => None,
        }
    }
}

/// A table of points: its columns, and for each point a setting for each key and a text for each label.
struct PointTable {
    columns: Vec<PointColumn>,
    rows: Vec<Vec<Setting>>,
    labels: Vec<Vec<String>>,
}

/// What a table of points gives to a sweep.
pub(crate) struct TablePoints {
    pub(crate) axes: Vec<AxisSpec>,
    pub(crate) rows: Vec<Vec<Setting>>,
    pub(crate) labels: Vec<PointLabels>,
}

/// The axes and rows of a table of points; `axes` are those that name its columns.
pub(crate) fn table_points(
    reader: &mut ScenarioReader,
    (name, at): (&str, Span),
    axes: Vec<AxisSpec>,
    keys: &SweepableKeys<'_>,
    attached: &mut Attachments<'_>,
) -> Option<TablePoints> {
    let source = match attached.load(name, at) {
        Ok(source) => source,
        Err(error) => {
            reader.report(*error);
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
    let (derived, axes): (Vec<AxisSpec>, Vec<AxisSpec>) =
        axes.into_iter().partition(|axis| axis.formula.is_some());
    let column = |axis: &AxisSpec| {
        let own = |column: &&PointColumn| column.key(keys) == keys.of_axis(axis);
        table.columns.iter().find(own)
    };
    for axis in &derived {
        if let Some(column) = column(axis) {
            let message = format!("two axes set `{}`", axis.key());
            let error = Diagnostic::new(Code::Repeated, axis.at, message).label("derived here");
            let error = error.other(column.at, "a column of the table");
            reader.report(error.hint("keep one of the two"));
        }
    }
    for axis in &axes {
        if column(axis).is_none() {
            let key = axis.key();
            let message = format!("the table of points has no column `{key}`");
            let error = Diagnostic::new(Code::BadTable, axis.at, message).label("not in the table");
            reader.report(
                error.hint("a table's columns are its axes: add the column, or take this axis out"),
            );
        }
    }
    let mut found = TablePoints {
        axes: Vec::new(),
        rows: table.rows,
        labels: Vec::new(),
    };
    for column in table.columns {
        match column.role {
            ColumnRole::Key {
                path,
                accepts,
                name,
            } => {
                let key = Some(keys.numbered(&path));
                let named = axes.iter().find(|axis| keys.of_axis(axis) == key);
                let levels = distinct(&found.rows, found.axes.len());
                found.axes.push(AxisSpec {
                    at: column.at,
                    name: named.and_then(|axis| axis.name.clone()).or(name),
                    name_at: named.map_or(column.at, |axis| axis.name_at),
                    group: None,
                    values: Some((AxisValues::Levels(levels), column.at)),
                    levels: 0,
                    baseline: None,
                    formula: None,
                    path: Some(path),
                    accepts,
                });
            }
            ColumnRole::Label(name) => {
                let position = found.labels.len();
                let texts = table.labels.iter().map(|labels| labels[position].clone());
                found.labels.push(PointLabels {
                    name,
                    texts: texts.collect(),
                });
            }
            ColumnRole::Ignored => {}
        }
    }
    found.axes.extend(derived);
    Some(found)
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
/// Columns are separated by commas, or by semicolons, tabs or single blanks where the header has no
/// comma. With semicolons, a number may have a decimal comma.
///
/// # Errors
/// The first errors of header and rows, and how many more there are; none where the header cannot be
/// judged.
fn read_table(
    text: &str,
    source: usize,
    keys: &SweepableKeys<'_>,
) -> Result<PointTable, Vec<Diagnostic>> {
    let text = CsvText::new(text, source);
    let mut reader = text.reader().map_err(|error| vec![error])?;
    let mut records = reader.records();
    let header = text.header(&mut records, "the table of points");
    let header = header.map_err(|error| vec![error])?;
    let columns = text.columns(&header, keys)?;
    let (mut rows, mut labels) = (Vec::new(), Vec::new());
    let mut errors = CsvErrors::default();
    // `write.table` of R numbers the rows in a first column that the header does not have.
    let mut numbers = None;
    for (index, record) in records.enumerate() {
        let mut found = Vec::new();
        match record {
            Ok(record) => {
                let number = (index + 1).to_string();
                let numbered = record.len() == columns.len() + 1 && record[0] == number;
                let first = usize::from(*numbers.get_or_insert(numbered) && numbered);
                if let Some((row, names)) = text.row(&record, first, &columns, &mut found) {
                    // Rows are of no use after an error.
                    if errors.is_empty() {
                        rows.push(row);
                        labels.push(names);
                    }
                }
            }
            Err(error) => found.push(text.broken(&error)),
        }
        found.into_iter().for_each(|error| errors.push(error));
    }
    if rows.is_empty() && errors.is_empty() {
        errors.push(text.error(
            text.line(&header),
            "the table has no points below its header",
        ));
    }
    if errors.is_empty() {
        Ok(PointTable {
            columns,
            rows,
            labels,
        })
    } else {
        Err(errors.into_list())
    }
}

impl CsvText<'_> {
    fn columns(
        &self,
        header: &StringRecord,
        keys: &SweepableKeys<'_>,
    ) -> Result<Vec<PointColumn>, Vec<Diagnostic>> {
        let mut columns: Vec<PointColumn> = Vec::new();
        let mut errors = Vec::new();
        let mut unsure = false;
        let earlier = EARLIER
            .iter()
            .all(|name| header.iter().any(|one| one == *name));
        for (index, name) in header.iter().enumerate() {
            let (name, at) = (name.trim(), self.field(header, index));
            // R writes no name above the numbers of rows, and pandas gives them one when it reads them.
            let unnamed = name.is_empty() || name == "Unnamed: 0";
            let numbered = unnamed && index == 0 && header.len() > 1;
            if index == 0 && name.starts_with('#') {
                let error = self.error(at, "the line of names begins with `#`");
                errors.push(error.hint("numpy.savetxt writes none with `comments=\"\"`"));
                continue;
            }
            if numbered || earlier && EARLIER_RESULTS.contains(&name) {
                let role = ColumnRole::Ignored;
                columns.push(PointColumn { at, role });
                continue;
            }
            if name.is_empty() {
                let error = self.error(at, format!("column {} has no key", index + 1));
                errors
                    .push(error.hint(
                        "the first line names the key of each column, such as `run.couples`",
                    ));
                continue;
            }
            let role = match self.role(name, at, earlier, keys) {
                Ok(role) => role,
                Err(Some(error)) => {
                    errors.push(*error);
                    continue;
                }
                Err(None) => {
                    unsure = true;
                    continue;
                }
            };
            let column = PointColumn { at, role };
            let same = |other: &&PointColumn| match (&other.role, &column.role) {
                (ColumnRole::Label(one), ColumnRole::Label(own)) => one == own,
                _ => column.key(keys).is_some() && other.key(keys) == column.key(keys),
            };
            if let Some(other) = columns.iter().find(same) {
                let message = match column.key(keys) {
                    Some(key) => format!("two columns set `{key}`"),
                    None => format!("two columns are called `{name}`"),
                };
                let error = self.error(at, message).other(other.at, "first here");
                errors.push(error.hint("keep one of the two"));
                continue;
            }
            columns.push(column);
        }
        if !errors.is_empty() || unsure {
            return Err(errors);
        }
        if columns.iter().all(|column| column.key(keys).is_none()) {
            let error = self.error(self.line(header), "no column of the table sets a key");
            let example = keys.example(&[]);
            return Err(vec![error.hint(format!(
                "the first line names the key of each column, such as `{example}`"
            ))]);
        }
        Ok(columns)
    }

    /// What a named column is for. A name with a dot is a key. One without is a label, but in an earlier
    /// table `points` the default name of an axis.
    fn role(
        &self,
        name: &str,
        at: Span,
        earlier: bool,
        keys: &SweepableKeys<'_>,
    ) -> Result<ColumnRole, Option<Box<Diagnostic>>> {
        let path = KeyPath::new(name, name.len());
        if !name.contains('.') && !is_snake_case(name) {
            let shown = name.escape_debug();
            let message = format!("`{shown}` is neither a key nor the name of a label");
            let hint = "keys have dots, as for --set; labels are in snake_case, such as `site_1`";
            return Err(Some(Box::new(self.error(at, message).hint(hint))));
        }
        if name.contains('.') {
            let accepts = keys.resolve(&path, at)?;
            let name = None;
            return Ok(ColumnRole::Key {
                path,
                accepts,
                name,
            });
        }
        let mut named: Vec<&str> = keys
            .keys
            .iter()
            .map(|known| known.key.as_str())
            .filter(|key| key.rsplit('.').next() == Some(name) || key.replace('.', "_") == name)
            .collect();
        if earlier {
            // `openness` is `traits.openness`, and not `traits.a.openness`.
            let parts = |key: &&str| key.split('.').count();
            let fewest = named.iter().map(parts).min();
            named.retain(|key| Some(parts(key)) == fewest);
            // `couples` is that of the run: the versions that wrote names had no studies.
            if named.len() > 1 {
                named.retain(|key| !key.starts_with("study."));
            }
        }
        let could_be = || {
            let keys: Vec<String> = named.iter().take(4).map(|key| format!("`{key}`")).collect();
            keys.join(", ")
        };
        match named[..] {
            [key] if earlier => {
                let path = KeyPath::new(key, key.len());
                let accepts = keys.resolve(&path, at)?;
                // A version that allowed `couples` as a name may have written the table.
                let name = reserved(name).is_none().then(|| name.to_owned());
                Ok(ColumnRole::Key {
                    path,
                    accepts,
                    name,
                })
            }
            [] => match reserved(name) {
                Some(what) => Err(Some(Box::new(
                    self.error(
                        at,
                        format!("a label cannot be called `{name}`, which is {what}"),
                    )
                    .hint("rename the column"),
                ))),
                None => Ok(ColumnRole::Label(name.to_owned())),
            },
            _ => Err(Some(Box::new(
                self.error(
                    at,
                    format!("`{name}` does not say which key the column sets"),
                )
                .hint(format!(
                    "write the whole key ({}), or rename a column that only labels points",
                    could_be()
                )),
            ))),
        }
    }

    /// The settings and labels of a point, whose values stand from field `first` on.
    fn row(
        &self,
        record: &StringRecord,
        first: usize,
        columns: &[PointColumn],
        errors: &mut Vec<Diagnostic>,
    ) -> Option<(Vec<Setting>, Vec<String>)> {
        if record.len() != first + columns.len() {
            let hint = if record.len() == columns.len() + 1 {
                "give each point one value for each column; R writes no names of rows with \
                 `row.names = FALSE`"
            } else {
                "give each point one value for each column"
            };
            errors.push(self.wrong_length(record, columns.len()).hint(hint));
            return None;
        }
        let before = errors.len();
        let (mut row, mut labels) = (Vec::new(), Vec::new());
        for (index, (text, column)) in record.iter().skip(first).zip(columns).enumerate() {
            let text = text.trim();
            let (path, accepts) = match &column.role {
                ColumnRole::Key { path, accepts, .. } => (path, accepts),
                ColumnRole::Label(name) => {
                    if text.contains(is_unprintable) {
                        let at = self.field(record, first + index);
                        let message = format!(
                            "the label `{name}` holds a character that charts and terminals cannot show"
                        );
                        errors.push(Diagnostic::new(Code::UnprintableText, at, message));
                    }
                    labels.push(text.to_owned());
                    continue;
                }
                ColumnRole::Ignored => continue,
            };
            let (at, key) = (self.field(record, first + index), path.key());
            if text.is_empty() || text == "NA" {
                errors.push(self.error(at, format!("this point has no value for `{key}`")));
                continue;
            }
            let value = self.value(text);
            match accepts.read(&TomlNode { value, at }) {
                Ok(setting) => row.push(setting),
                Err(error) => errors.push(error.at(at, &key)),
            }
        }
        (errors.len() == before).then_some((row, labels))
    }
}

/// Columns by which an earlier table `points` is recognised.
const EARLIER: [&str; 4] = ["point", "status", "runs", "reason"];
/// What an earlier sweep found, and not what it set.
const EARLIER_RESULTS: [&str; 5] = ["point", "status", "runs", "precise", "reason"];
