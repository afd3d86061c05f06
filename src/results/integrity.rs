//! Integrity of results: whether files and manifest are what they were, and the first difference of two tables.

use super::error::{Action, OutputError};
use super::manifest::{DATA_FOLDER, MANIFEST_NAME, Manifest};
use crate::table::batch::TableReader;
use crate::table::format::value_text;
use crate::table::plain_file::open_plain;
use crate::table::{Batch, Format, Schema, Values};
use serde_json::Value as JsonValue;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt;
use std::fmt::Display;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// What became of a file that a manifest lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// It holds the bytes that were written.
    Sound,
    /// It holds other bytes.
    Changed,
    /// It is not there.
    Missing,
    /// It is there, and the results have no such file.
    Additional,
}

impl Display for FileState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FileState::Sound => "as it was written",
            FileState::Changed => "changed since it was written",
            FileState::Missing => "missing",
            FileState::Additional => "not among the files of a new run",
        })
    }
}

/// The state of one file of a results folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileVerdict {
    /// Name within the folder.
    pub name: String,
    /// What became of it.
    pub state: FileState,
}

/// Compares every file of a manifest with the folder, in the manifest's order.
///
/// # Errors
/// [`OutputError::Io`] if a file exists and cannot be read.
pub(crate) fn check_files(
    folder: &Path,
    manifest: &Manifest,
) -> Result<Vec<FileVerdict>, OutputError> {
    let verdict = |file: &super::FileRecord| {
        let state = match file_hash(&folder.join(&file.name))? {
            None => FileState::Missing,
            Some(hash) if hash == file.blake3 => FileState::Sound,
            Some(_) => FileState::Changed,
        };
        Ok(FileVerdict {
            name: file.name.clone(),
            state,
        })
    };
    manifest.files.iter().map(verdict).collect()
}

/// The names of everything in a results folder but its manifest; of a folder of data that its manifest
/// knows, what is in it.
///
/// # Errors
/// [`OutputError::Io`].
pub(crate) fn entries(folder: &Path, manifest: &Manifest) -> Result<BTreeSet<String>, OutputError> {
    let mut names = names_in(folder)?;
    names.remove(MANIFEST_NAME);
    let data = folder.join(DATA_FOLDER);
    if manifest.has_data_folder() && data.is_dir() {
        names.remove(DATA_FOLDER);
        let inner = names_in(&data)?.into_iter();
        names.extend(inner.map(|name| format!("{DATA_FOLDER}/{name}")));
    }
    Ok(names)
}

fn names_in(folder: &Path) -> Result<BTreeSet<String>, OutputError> {
    let refused = |error| OutputError::io(Action::Read, folder)(error);
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder).map_err(refused)? {
        let name = entry.map_err(refused)?.file_name();
        names.insert(name.to_string_lossy().into_owned());
    }
    Ok(names)
}

/// The BLAKE3 hash of a file in hexadecimal; `None` if there is no such file, empty if it is a folder or
/// the like.
///
/// # Errors
/// [`OutputError::Io`].
pub(crate) fn file_hash(path: &Path) -> Result<Option<String>, OutputError> {
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Ok(Some(String::new()));
    }
    let file = match open_plain(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file.map_err(OutputError::io(Action::Read, path))?,
    };
    let mut hasher = blake3::Hasher::new();
    hasher
        .update_reader(file)
        .map_err(OutputError::io(Action::Read, path))?;
    Ok(Some(hasher.finalize().to_hex().to_string()))
}

/// The SHA-256 hash of a file in hexadecimal.
///
/// # Errors
/// [`OutputError::Io`].
pub(crate) fn sha256(path: &Path) -> Result<String, OutputError> {
    let refused = |error| OutputError::io(Action::Read, path)(error);
    let mut file = open_plain(path).map_err(refused)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece).map_err(refused)? {
            0 => break,
            read => hash.update(&piece[..read]),
        }
    }
    let bytes = hash.finalize();
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Values that are shown of two manifests, and letters of each.
const MOST_VALUES: usize = 20;
const MOST_LETTERS: usize = 100;

/// What differs between the manifest of a folder and that of a new run, a line for each value.
///
/// Size and hash of the files in `unlike` are passed over: that these differ is reported by itself.
pub(crate) fn manifest_differences(
    kept: &[u8],
    again: &[u8],
    unlike: &BTreeSet<&str>,
) -> Vec<String> {
    if kept == again {
        return Vec::new();
    }
    let parse = |text| serde_json::from_slice::<JsonValue>(text).unwrap_or_default();
    let (mut old, new) = (parse(kept), parse(again));
    let as_written = shown(&old, true);
    for file in old["files"].as_array_mut().into_iter().flatten() {
        let name = file["name"].as_str().unwrap_or_default().to_owned();
        let mut others = new["files"].as_array().into_iter().flatten();
        let same = others.find(|file| file["name"] == name.as_str());
        if let Some(same) = same.filter(|_| unlike.contains(name.as_str())) {
            for key in ["bytes", "blake3"] {
                file[key] = same[key].clone();
            }
        }
    }
    let mut lines = Vec::new();
    compare_values("", &old, &new, &mut lines);
    let same_text = as_written.as_bytes() == kept && shown(&old, true) == shown(&new, true);
    if lines.is_empty() && !same_text {
        let why = "the values are those of a new run, but not their order, spacing or number";
        lines.push(why.to_owned());
    }
    if lines.len() > MOST_VALUES {
        let more = lines.len() - MOST_VALUES;
        lines.truncate(MOST_VALUES);
        lines.push(format!("and {more} more values"));
    }
    lines
}

/// Compares two values of a manifest; items of a list are the same if their names are.
fn compare_values(path: &str, old: &JsonValue, new: &JsonValue, lines: &mut Vec<String>) {
    if old == new {
        return;
    }
    let (before, after) = (members(old), members(new));
    let (Some(before), Some(after)) = (before, after) else {
        let (old, new) = (shown(old, false), shown(new, false));
        lines.push(format!("`{path}` is {old}, in a new run {new}"));
        return;
    };
    let below = |key: &str| match (path, old.is_array()) {
        ("", _) => key.to_owned(),
        (_, true) => format!("{path}[{key}]"),
        (_, false) => format!("{path}.{key}"),
    };
    for (key, own) in &before {
        match after.iter().find(|(other, _)| other == key) {
            Some((_, other)) => compare_values(&below(key), own, other, lines),
            None => lines.push(format!("`{}` is not in that of a new run", below(key))),
        }
    }
    for (key, _) in &after {
        if !before.iter().any(|(other, _)| other == key) {
            lines.push(format!("`{}` is missing", below(key)));
        }
    }
}

/// The members of an object by their keys, or of a list of objects by their names.
fn members(value: &JsonValue) -> Option<Vec<(&str, &JsonValue)>> {
    match value {
        JsonValue::Object(object) => Some(
            object
                .iter()
                .map(|(key, value)| (key.as_str(), value))
                .collect(),
        ),
        JsonValue::Array(list) => list
            .iter()
            .map(|value| Some((value.get("name")?.as_str()?, value)))
            .collect(),
        _ => None,
    }
}

/// A value as JSON, either as a manifest shows it or in one line that is not too long.
fn shown(value: &JsonValue, whole: bool) -> String {
    if whole {
        return format!("{value:#}\n");
    }
    let text = value.to_string();
    match text.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text,
    }
}

/// The first difference of two tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Name of the table.
    pub table: String,
    /// Row, counted from 1.
    pub row: u64,
    /// Name of the column; the first one if one table is shorter.
    pub column: String,
    /// Value in the first table, `None` if it has no such row.
    pub left: Option<String>,
    /// Value in the second table, `None` if it has no such row.
    pub right: Option<String>,
}

impl Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference {
            table, row, column, ..
        } = self;
        match (&self.left, &self.right) {
            (Some(left), Some(right)) => {
                write!(
                    f,
                    "{table}, row {row}, column {column}: {left} against {right}"
                )
            }
            (Some(_), None) => write!(f, "{table}: the second table ends before row {row}"),
            _ => write!(f, "{table}: the first table ends before row {row}"),
        }
    }
}

/// Compares two tables' files row by row, and gives the first difference.
///
/// Numbers are equal if their bits are, so 0 and −0 differ; missing numbers are equal. The files may have
/// different formats; they are read in batches.
///
/// # Errors
/// Those of [`read_table`](crate::table::format::read_table).
pub(crate) fn first_difference(
    left: &Path,
    right: &Path,
    schema: &Schema,
) -> Result<Option<Difference>, OutputError> {
    let mut left = Cursor::open(left, schema)?;
    let mut right = Cursor::open(right, schema)?;
    let mut row = 0;
    loop {
        row += 1;
        let (here, there) = (left.advance()?, right.advance()?);
        if !here && !there {
            return Ok(None);
        }
        let differs = |column: &usize| !(here && there && left.same(&right, *column));
        if let Some(column) = (0..schema.columns.len()).find(differs) {
            return Ok(Some(Difference {
                table: schema.table.into(),
                row,
                column: schema.columns[column].name.clone(),
                left: here.then(|| left.text(schema, column)),
                right: there.then(|| right.text(schema, column)),
            }));
        }
    }
}

/// A position in a table that is read row by row.
struct Cursor {
    reader: Box<dyn TableReader>,
    rows: Batch,
    /// One past the current row of the batch.
    next: usize,
}

impl Cursor {
    fn open(path: &Path, schema: &Schema) -> Result<Cursor, OutputError> {
        let reader = Format::of(path)?.reader(path, schema)?;
        Ok(Cursor {
            reader,
            rows: Batch::empty(schema),
            next: 0,
        })
    }

    /// Goes to the next row, or says that there is none.
    fn advance(&mut self) -> Result<bool, OutputError> {
        if self.next == self.rows.rows() {
            self.next = 0;
            match self.reader.next()? {
                Some(rows) => self.rows = rows,
                None => {
                    self.rows.columns.clear();
                    return Ok(false);
                }
            }
        }
        self.next += 1;
        Ok(true)
    }

    fn same(&self, other: &Cursor, column: usize) -> bool {
        let (i, j) = (self.next - 1, other.next - 1);
        match (&self.rows.columns[column], &other.rows.columns[column]) {
            (Values::Float(a), Values::Float(b)) => {
                a[i].to_bits() == b[j].to_bits() || a[i].is_nan() && b[j].is_nan()
            }
            (Values::Int(a), Values::Int(b)) => a[i] == b[j],
            (Values::Categorical(a), Values::Categorical(b)) => a[i] == b[j],
            (Values::Str(a), Values::Str(b)) => a[i] == b[j],
            _ => false,
        }
    }

    fn text(&self, schema: &Schema, column: usize) -> String {
        value_text(
            schema.columns[column].kind,
            &self.rows.columns[column],
            self.next - 1,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::{Folder, Manifest, Origin, ResultsKind};
    use crate::table::{Field, Sink, Value};
    use std::path::PathBuf;

    fn schema() -> Schema {
        let columns = vec![
            Field::int("day", "days", "Day"),
            Field::float("trust", "1", "Trust"),
        ];
        Schema {
            table: "daily",
            row: "a day",
            columns,
        }
    }

    fn origin(table_format: Format) -> Origin {
        Origin {
            kind: ResultsKind::Run,
            command: vec!["run".into()],
            scenario_file: "a.toml".into(),
            scenario_text: "seed = 1\n".into(),
            overrides: Vec::new(),
            seed: 1,
            table_format,
            charts: crate::chart::options::ChartOptions::default(),
        }
    }

    /// Writes one results folder with one table, and returns its manifest and the table's path.
    fn results(folder: &Path, name: &str, format: Format, trust: &[f64]) -> (Manifest, PathBuf) {
        let schema = schema();
        let mut rows = Batch::empty(&schema);
        for (day, trust) in trust.iter().enumerate() {
            rows.push([Value::Int(day as i64), Value::Float(*trust)]);
        }
        let mut made = Folder::create(folder.join(name), &ResultsKind::Run, false)
            .expect("a free destination");
        let mut tables = made
            .tables(format, std::slice::from_ref(&schema))
            .expect("writable");
        tables.accept(&schema, &rows).expect("writable");
        made.finish_tables(tables).expect("writable");
        made.write("notes.txt", b"read me").expect("writable");
        let path = made.path().join(format!("daily.{format}"));
        (
            made.commit(Manifest::new(origin(format)))
                .expect("a free destination")
                .manifest,
            path,
        )
    }

    #[test]
    fn files_are_sound_until_they_are_changed_or_gone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (manifest, table) = results(folder.path(), "a", Format::Csv, &[0.5, 0.25]);
        let results = folder.path().join("a");
        let states = || -> Vec<_> {
            let verdicts = check_files(&results, &manifest).expect("readable");
            verdicts
                .into_iter()
                .map(|verdict| (verdict.name, verdict.state))
                .collect()
        };
        let expect = |daily, notes| {
            vec![
                ("daily.csv".to_owned(), daily),
                ("notes.txt".to_owned(), notes),
            ]
        };
        assert_eq!(states(), expect(FileState::Sound, FileState::Sound));
        let text = std::fs::read_to_string(&table).expect("UTF-8");
        std::fs::write(&table, text.replace("0.25", "0.26")).expect("writable");
        std::fs::remove_file(results.join("notes.txt")).expect("there");
        assert_eq!(states(), expect(FileState::Changed, FileState::Missing));
    }

    #[test]
    fn equal_tables_of_any_formats_have_no_difference() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut trust: Vec<f64> = (0..10_000).map(|day| f64::from(day) / 3.0).collect();
        trust[17] = f64::NAN;
        let built = Format::ALL.into_iter().filter(|format| format.is_built());
        let paths: Vec<_> = built
            .map(|format| results(folder.path(), format.extension(), format, &trust).1)
            .collect();
        for left in &paths {
            for right in &paths {
                assert_eq!(
                    first_difference(left, right, &schema()).expect("readable"),
                    None
                );
            }
        }
        let format = if Format::Parquet.is_built() {
            Format::Parquet
        } else {
            Format::Csv
        };
        trust[9_500] = -1.0;
        let other = results(folder.path(), "other", format, &trust).1;
        let found = first_difference(&paths[0], &other, &schema())
            .expect("readable")
            .expect("one");
        assert_eq!(
            found.to_string(),
            "daily, row 9501, column trust: 3166.6666666666665 against -1"
        );
    }

    #[test]
    fn the_first_difference_is_found_to_the_bit() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let table = |name: &str, trust: &[f64]| results(folder.path(), name, Format::Csv, trust).1;
        let base = table("base", &[0.5, 0.0, f64::NAN]);
        let against = |other: PathBuf| {
            let found = first_difference(&base, &other, &schema()).expect("readable");
            found.map(|difference| difference.to_string())
        };
        assert_eq!(against(table("same", &[0.5, 0.0, f64::NAN])), None);
        let sign = against(table("sign", &[0.5, -0.0, f64::NAN]));
        assert_eq!(
            sign.as_deref(),
            Some("daily, row 2, column trust: 0 against -0")
        );
        let missing = against(table("missing", &[0.5, 0.0, 1.0]));
        assert_eq!(
            missing.as_deref(),
            Some("daily, row 3, column trust: NA against 1")
        );
        let short = against(table("short", &[0.5, 0.0]));
        assert_eq!(
            short.as_deref(),
            Some("daily: the second table ends before row 3")
        );
        let long = against(table("long", &[0.5, 0.0, f64::NAN, 0.5]));
        assert_eq!(
            long.as_deref(),
            Some("daily: the first table ends before row 4")
        );
    }
}
