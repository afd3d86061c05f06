//! A folder of results that is complete or absent.
//!
//! Files are written to a hidden folder next to the target (`.NAME.partial-PROCESS`, so on the same file
//! system). [`Folder::commit`] writes the manifest last and renames the folder. The target is therefore
//! complete whenever it exists, and a dropped folder leaves nothing. Its `codebook` describes every column
//! of its tables.

#[cfg(test)]
pub(crate) mod tests;

use super::error::{Action, Leftover, OutputError};
use super::hashing_writer::{Disk, FileSystem, RecordedFile, Tables};
use super::manifest::{
    DATA_FOLDER, FileRecord, MANIFEST_NAME, Manifest, ResultsKind, TableRecord, is_file_name,
};
use super::staging::{Destination, LOCK_NAME, StagingLocks, discard, sync_folder};
use crate::table::plain_file::open_plain;
use crate::table::{Field, Format, Kind, Schema, Sink, Table, Value};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A results folder under construction. Dropped before [`commit`](Folder::commit), it is removed.
pub(crate) struct Folder {
    destination: Destination,
    staging: PathBuf,
    force: bool,
    disk: Box<dyn Disk>,
    /// Held until the folder is in place or dropped.
    locks: StagingLocks,
    /// Every file, with its record once it is finished.
    files: BTreeMap<String, Option<FileRecord>>,
    /// The names of files in the order in which they were started.
    started: Vec<String>,
    tables: BTreeMap<String, TableRecord>,
    /// Names of the files that are removed if there is no space for the manifest: charts, report and bundle.
    optional: Vec<String>,
    in_place: bool,
}

/// A folder of results that is in place.
#[derive(Debug)]
pub(crate) struct Committed {
    /// Its manifest as written.
    pub(crate) manifest: Manifest,
    /// What could not be removed afterwards.
    pub(crate) leftover: Option<Leftover>,
    /// Files of charts that were removed again because the manifest could not be written next to them.
    pub(crate) removed_charts: Option<(Vec<String>, OutputError)>,
}

impl Folder {
    /// Starts a results folder at `path`, which appears there only when it is complete.
    ///
    /// Folders above it are made. An empty folder is taken; one with results is replaced only with `force`, and
    /// only if they are of the same kind. It stays until the new one is complete, and what its manifest does
    /// not list is then moved to the new one. What killed processes left of a folder with this name is
    /// removed.
    ///
    /// # Errors
    /// [`OutputError::Exists`], [`OutputError::Taken`], [`OutputError::NotAFolder`],
    /// [`OutputError::Foreign`] or [`OutputError::OtherKind`] if the path is taken,
    /// [`OutputError::NoParent`] or [`OutputError::NoName`] if it lies in a file or has no name, and
    /// [`OutputError::Io`].
    pub(crate) fn create(
        path: impl AsRef<Path>,
        kind: &ResultsKind,
        force: bool,
    ) -> Result<Folder, OutputError> {
        Folder::create_on(Box::new(FileSystem), path.as_ref(), kind, force)
    }

    pub(crate) fn create_on(
        disk: Box<dyn Disk>,
        path: &Path,
        kind: &ResultsKind,
        force: bool,
    ) -> Result<Folder, OutputError> {
        let destination = Destination::of(path)?;
        destination.remove_stale();
        destination.check(kind, force)?;
        let (staging, locks) = destination.stage()?;
        let (files, tables) = (BTreeMap::new(), BTreeMap::new());
        Ok(Folder {
            destination,
            staging,
            force,
            disk,
            locks,
            files,
            started: Vec::new(),
            tables,
            optional: Vec::new(),
            in_place: false,
        })
    }

    /// The path at which the folder will appear, as it was named.
    pub(crate) fn path(&self) -> &Path {
        &self.destination.shown
    }

    /// Creates a file, to be given back to [`finish`](Folder::finish).
    ///
    /// # Errors
    /// [`OutputError::FileName`] if the name is taken, hidden, the manifest's or has another folder than
    /// [`DATA_FOLDER`];
    /// [`OutputError::Io`].
    pub(crate) fn create_file(&mut self, name: &str) -> Result<RecordedFile, OutputError> {
        let reserved = name == MANIFEST_NAME || name.starts_with('.');
        if reserved || !is_file_name(name) || self.files.contains_key(name) {
            return Err(OutputError::FileName { name: name.into() });
        }
        let file = self.open(name)?;
        self.files.insert(name.into(), None);
        self.started.push(name.into());
        Ok(file)
    }

    /// Finishes a file: it is synced and will be in the manifest.
    ///
    /// # Errors
    /// [`OutputError::Io`].
    pub(crate) fn finish(&mut self, file: RecordedFile) -> Result<(), OutputError> {
        let record = file.finish()?;
        self.files.insert(record.name.clone(), Some(record));
        Ok(())
    }

    /// Writes a file at once.
    ///
    /// # Errors
    /// Those of [`create_file`](Folder::create_file) and [`finish`](Folder::finish).
    pub(crate) fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), OutputError> {
        let mut file = self.create_file(name)?;
        file.write_bytes(bytes)?;
        self.finish(file)
    }

    /// Writes the files of a chart, all of them or none. Whatever fails, the folder can still be committed.
    ///
    /// # Errors
    /// Those of [`write`](Folder::write).
    pub(crate) fn write_chart(&mut self, files: &[(String, Vec<u8>)]) -> Result<(), OutputError> {
        self.write_optional(|folder| {
            let mut files = files.iter();
            files.try_for_each(|(name, bytes)| folder.write(name, bytes))
        })
    }

    /// Does what writes files without which the folder can be committed: if it fails, those that it has
    /// started are removed, and if there is no space for the manifest, too.
    ///
    /// # Errors
    /// Those of `write`.
    pub(crate) fn write_optional<E>(
        &mut self,
        write: impl FnOnce(&mut Folder) -> Result<(), E>,
    ) -> Result<(), E> {
        let before = self.started.len();
        let written = write(self);
        let names = self.started[before..].to_vec();
        match written {
            Ok(()) => self.optional.extend(names),
            Err(_) => self.remove(names),
        }
        written
    }

    /// Copies a file into the folder; `rows` if it is a table.
    ///
    /// # Errors
    /// Those of [`create_file`](Folder::create_file) and [`finish`](Folder::finish), and of reading.
    pub(crate) fn copy(
        &mut self,
        from: &Path,
        name: &str,
        rows: Option<u64>,
    ) -> Result<(), OutputError> {
        let mut source = open_plain(from).map_err(OutputError::io(Action::Read, from))?;
        let mut file = self.create_file(name)?;
        let mut piece = vec![0; 1 << 16];
        loop {
            let read = source.read(&mut piece);
            match read.map_err(OutputError::io(Action::Read, from))? {
                0 => break,
                read => file.write_bytes(&piece[..read])?,
            }
        }
        file.rows = rows;
        self.finish(file)
    }

    /// Copies files of other results, and takes over what their manifest says of tables.
    ///
    /// # Errors
    /// Those of [`copy`](Folder::copy).
    pub(crate) fn copy_results(
        &mut self,
        results: &Path,
        manifest: &Manifest,
        keep: impl Fn(&str) -> bool,
    ) -> Result<(), OutputError> {
        for file in manifest.files.iter().filter(|file| keep(&file.name)) {
            self.copy(&results.join(&file.name), &file.name, file.rows)?;
        }
        let tables = manifest.tables.iter();
        self.tables
            .extend(tables.map(|table| (table.name.clone(), table.clone())));
        Ok(())
    }

    /// Removes files, as far as they are there.
    fn remove(&mut self, names: Vec<String>) {
        for name in names {
            // What stays is not in the manifest, and is reported with the folder that it is in.
            let _ = fs::remove_file(self.staging.join(&name));
            self.files.remove(&name);
        }
        // Does nothing unless it is there and empty.
        let _ = fs::remove_dir(self.staging.join(DATA_FOLDER));
    }

    /// Creates one file for each table, all in one format, to be given back to
    /// [`finish_tables`](Folder::finish_tables).
    ///
    /// # Errors
    /// Those of [`create_file`](Folder::create_file), and [`OutputError::Table`] if the format is not built.
    pub(crate) fn tables(
        &mut self,
        format: Format,
        schemas: &[Schema],
    ) -> Result<Tables, OutputError> {
        format.check_built()?;
        let mut tables = Tables::new();
        for schema in schemas {
            let file = self.create_file(&format!("{}.{}", schema.table, format.extension()))?;
            tables.add(schema, format, file)?;
            self.tables.insert(schema.table.into(), schema.into());
        }
        Ok(tables)
    }

    /// Finishes all tables' files.
    ///
    /// # Errors
    /// [`OutputError::Io`].
    pub(crate) fn finish_tables(&mut self, tables: Tables) -> Result<(), OutputError> {
        tables
            .finish()?
            .into_iter()
            .try_for_each(|file| self.finish(file))
    }

    /// Writes tables, and the codebook of their columns.
    ///
    /// # Errors
    /// Those of [`tables`](Folder::tables) and [`finish_tables`](Folder::finish_tables).
    pub(crate) fn write_tables(
        &mut self,
        format: Format,
        tables: &[&Table],
    ) -> Result<(), OutputError> {
        let schemas: Vec<Schema> = tables.iter().map(|table| table.schema.clone()).collect();
        self.write_all(format, &schemas, tables)?;
        self.write_codebook(&schemas)
    }

    /// Writes the codebook: what the columns of tables hold.
    ///
    /// # Errors
    /// Those of [`tables`](Folder::tables) and [`finish_tables`](Folder::finish_tables).
    pub(crate) fn write_codebook(&mut self, schemas: &[Schema]) -> Result<(), OutputError> {
        let book = codebook(schemas);
        self.write_all(Format::Csv, std::slice::from_ref(&book.schema), &[&book])
    }

    fn write_all(
        &mut self,
        format: Format,
        schemas: &[Schema],
        tables: &[&Table],
    ) -> Result<(), OutputError> {
        let mut sink = self.tables(format, schemas)?;
        for table in tables {
            sink.accept(&table.schema, &table.rows)?;
        }
        self.finish_tables(sink)
    }

    /// Where its files are until it is in place.
    pub(crate) fn staging(&self) -> &Path {
        &self.staging
    }

    /// The manifest with the tables and the files that the folder has so far.
    pub(crate) fn described(&self, manifest: &Manifest) -> Manifest {
        Manifest {
            tables: self.tables.values().cloned().collect(),
            files: self.files.values().flatten().cloned().collect(),
            ..manifest.clone()
        }
    }

    /// Completes the manifest with this folder's files and tables, writes it, and puts the folder
    /// in place; gives the manifest as written, and what could not be removed afterwards. If the manifest
    /// can be written only without the charts, they are removed.
    ///
    /// # Errors
    /// [`OutputError::Unfinished`] if a file is not finished; those of
    /// [`create`](Folder::create), as the path may have been taken since; [`OutputError::Io`].
    pub(crate) fn commit(mut self, mut manifest: Manifest) -> Result<Committed, OutputError> {
        if let Some(name) = self
            .files
            .iter()
            .find_map(|(name, file)| file.is_none().then_some(name))
        {
            return Err(OutputError::Unfinished {
                path: self.path().join(name),
            });
        }
        manifest.tables = self.tables.values().cloned().collect();
        let mut removed_charts = None;
        if let Err(error) = self.write_manifest(&mut manifest) {
            if self.optional.is_empty() {
                return Err(error);
            }
            // Without the charts there may be space for it, as there would be if none had been requested.
            let charts = std::mem::take(&mut self.optional);
            self.remove(charts.clone());
            self.remove(vec![MANIFEST_NAME.to_owned()]);
            self.write_manifest(&mut manifest)?;
            removed_charts = Some((charts, error));
        }
        let refused = OutputError::io(Action::Write, self.path());
        let data = manifest
            .has_data_folder()
            .then(|| self.staging.join(DATA_FOLDER));
        fs::remove_file(self.staging.join(LOCK_NAME))
            .and_then(|()| data.map_or(Ok(()), |data| sync_folder(&data)))
            .and_then(|()| sync_folder(&self.staging))
            .map_err(refused)?;
        let leftover = self
            .destination
            .commit(&self.staging, &manifest.kind, self.force)?;
        self.in_place = true;
        self.destination.sync_parent()?;
        Ok(Committed {
            manifest,
            leftover,
            removed_charts,
        })
    }

    /// Writes the manifest of all files that the folder has.
    fn write_manifest(&self, manifest: &mut Manifest) -> Result<(), OutputError> {
        manifest.files = self.files.values().flatten().cloned().collect();
        let mut file = self.open(MANIFEST_NAME)?;
        file.write_bytes(manifest.text().as_bytes())?;
        file.finish().map(drop)
    }

    fn open(&self, name: &str) -> Result<RecordedFile, OutputError> {
        let shown = self.destination.shown.join(name);
        if name.contains('/') {
            let data = self.staging.join(DATA_FOLDER);
            fs::create_dir_all(data).map_err(OutputError::io(Action::Create, &shown))?;
        }
        RecordedFile::create(self.disk.as_ref(), name, &self.staging.join(name), shown)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.in_place {
            // An error cannot be reported here; the next folder of this name removes what is left.
            let _ = discard(&self.staging);
        }
        self.locks = StagingLocks::default();
    }
}

/// Describes every column of the given tables in their order, one row per column.
///
/// Categories are joined by `|`; lowest and highest value are missing if there are no limits.
pub(crate) fn codebook(schemas: &[Schema]) -> Table {
    let mut table = Table::new(Schema {
        table: "codebook",
        row: "a column of a table",
        columns: vec![
            Field::str("table", "Table that the column belongs to"),
            Field::str("column", "Name of the column"),
            Field::categorical("kind", Kind::NAMES, "Kind of the values"),
            Field::str("unit", "Unit of the values, 1 for pure numbers"),
            Field::float("low", "", "Lowest possible value, in the column's unit"),
            Field::float("high", "", "Highest possible value, in the column's unit"),
            Field::str(
                "categories",
                "Categories that the column may hold, joined by |",
            ),
            Field::str("meaning", "What the column holds"),
        ],
    });
    for schema in schemas {
        for column in &schema.columns {
            table.rows.push(row(schema.table, column));
        }
    }
    table
}

fn row(table: &str, column: &Field) -> [Value; 8] {
    let (low, high) = column.range.unwrap_or((f64::NAN, f64::NAN));
    let categories = match column.kind {
        Kind::Categorical(categories) => categories.join("|"),
        _ => String::new(),
    };
    [
        Value::Str(table.into()),
        Value::Str(column.name.clone()),
        Value::Categorical(column.kind.index() as u8),
        Value::Str(column.unit.clone()),
        Value::Float(low),
        Value::Float(high),
        Value::Str(categories),
        Value::Str(column.meaning.clone()),
    ]
}
