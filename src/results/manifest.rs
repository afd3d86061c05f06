//! The manifest: the scenario, the version that ran it, and the hashes of the files that it gave.
//!
//! It is written last, so a folder with a manifest is complete. It holds everything that a result depends
//! on, and nothing else: no time, no host, no threads.

use super::error::{Action, ManifestError, OutputError};
use crate::chart::options::ChartOptions;
use crate::table::plain_file::read_plain;
use crate::table::{Format, Schema};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

/// Name of the manifest in its folder.
pub(crate) const MANIFEST_NAME: &str = "manifest.json";
/// Largest manifest that is read (bytes).
const MOST_BYTES: u64 = 64 << 20;
/// Number of the manifest's own format, raised when a reader of an earlier one would go wrong.
pub(crate) const MANIFEST_FORMAT: u32 = 1;
const PROGRAM: &str = "pairbond";

/// What a folder holds and where it came from, in the order in which the file shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The manifest's own format, `MANIFEST_FORMAT`.
    pub format: u32,
    /// The program, always `pairbond`.
    pub program: String,
    /// The program's version.
    pub version: String,
    /// What was done.
    #[serde(flatten)]
    pub kind: ResultsKind,
    /// A command that leads to the same results.
    pub command: Vec<String>,
    /// The scenario.
    pub scenario: ScenarioRecord,
    /// Overrides of the scenario's values, each as `key=value`.
    pub overrides: Vec<String>,
    /// Seed of all randomness.
    pub seed: u64,
    /// Format of the tables.
    pub table_format: Format,
    /// How the charts are drawn.
    #[serde(default, skip_serializing_if = "ChartOptions::is_default")]
    pub charts: ChartOptions,
    /// The tables by name.
    pub tables: Vec<TableRecord>,
    /// All files but the manifest by name.
    pub files: Vec<FileRecord>,
}

/// What results were made by, with what their scenario does not say. The key `kind` of a manifest
/// names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[non_exhaustive]
pub(crate) enum ResultsKind {
    /// A run.
    Run,
    /// A whole sweep.
    Sweep,
    /// A shard of a sweep or an analysis.
    Shard {
        /// Number of the shard, from 1.
        shard: u64,
        /// Number of shards.
        shards: u64,
        /// The work that it is a part of.
        #[serde(default, skip_serializing_if = "ShardedWork::is_sweep")]
        of: ShardedWork,
    },
    /// A plan of shards, which are collected in its folder.
    Plan {
        /// Number of shards.
        shards: u64,
    },
    /// Claims.
    Claims {
        /// Maximum number of replicates per condition.
        max_runs: u32,
        /// Keys of the mechanisms that were left out.
        ablate: Vec<String>,
        /// Whether each claim was also tested under variations.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        audit: bool,
    },
    /// A validation.
    Validation {
        /// Couples of each cohort.
        couples: u64,
        /// Whether each mechanism was also left out.
        ablation: bool,
        /// Names or tiers of the targets; all where there are none.
        targets: Vec<String>,
        /// Whether they are of a table other than the program's.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        own_table: bool,
    },
    /// Data sets of a study.
    Study {
        /// Number of data sets.
        replicates: u32,
    },
    /// A calibration to a posterior.
    Calibration,
    /// A calibration by a search.
    Search,
    /// A power analysis.
    Power,
    /// A recovery analysis.
    Recover,
    /// Charts of other results.
    Plot,
}

/// Work that can be done in shards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ShardedWork {
    /// A sweep.
    #[default]
    Sweep,
    /// A power analysis.
    Power,
    /// A recovery analysis.
    Recover,
}

impl ShardedWork {
    /// Its value in a manifest, which is its command.
    pub(crate) fn name(self) -> &'static str {
        match self {
            ShardedWork::Sweep => "sweep",
            ShardedWork::Power => "power",
            ShardedWork::Recover => "recover",
        }
    }

    fn is_sweep(&self) -> bool {
        *self == ShardedWork::Sweep
    }
}

impl ResultsKind {
    /// The kind in words: shards of different work are of different kinds.
    pub(crate) fn described(&self) -> &'static str {
        match self {
            ResultsKind::Shard { of, .. } => match of {
                ShardedWork::Sweep => "shard",
                ShardedWork::Power => "shard of power",
                ShardedWork::Recover => "shard of recover",
            },
            other => other.name(),
        }
    }

    /// The value of the key `kind`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            ResultsKind::Run => "run",
            ResultsKind::Sweep => "sweep",
            ResultsKind::Shard { .. } => "shard",
            ResultsKind::Plan { .. } => "plan",
            ResultsKind::Claims { .. } => "claims",
            ResultsKind::Study { .. } => "study",
            ResultsKind::Validation { .. } => "validation",
            ResultsKind::Calibration => "calibration",
            ResultsKind::Search => "search",
            ResultsKind::Power => "power",
            ResultsKind::Recover => "recover",
            ResultsKind::Plot => "plot",
        }
    }
}

/// A scenario as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScenarioRecord {
    /// Name of the file, without its folder.
    pub file: String,
    /// BLAKE3 hash of the text, in hexadecimal.
    pub blake3: String,
    /// The text.
    pub text: String,
}

/// A table's columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TableRecord {
    /// Name of the table.
    pub name: String,
    /// What one row is.
    pub row: String,
    /// The columns in their order.
    pub columns: Vec<ColumnRecord>,
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ColumnRecord {
    /// Name.
    pub name: String,
    /// `float`, `integer`, `categorical` or `string`.
    pub kind: String,
    /// Unit, `1` for pure numbers, empty if there is none.
    pub unit: String,
}

/// One file of a results folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileRecord {
    /// Name within the folder.
    pub name: String,
    /// Rows, if the file is a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3 hash of the bytes, in hexadecimal.
    pub blake3: String,
}

/// Where results come from: what a caller knows before any file is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// What is done.
    pub kind: ResultsKind,
    /// A command that leads to the same results.
    pub command: Vec<String>,
    /// Name of the scenario's file, without its folder.
    pub scenario_file: String,
    /// The scenario's text.
    pub scenario_text: String,
    /// Overrides of the scenario's values, each as `key=value`.
    pub overrides: Vec<String>,
    /// Seed of all randomness.
    pub seed: u64,
    /// Format of the tables.
    pub table_format: Format,
    /// How the charts are drawn.
    pub charts: ChartOptions,
}

impl From<&Schema> for TableRecord {
    fn from(schema: &Schema) -> TableRecord {
        let columns = schema.columns.iter().map(|column| ColumnRecord {
            name: column.name.clone(),
            kind: column.kind.name().into(),
            unit: column.unit.clone(),
        });
        TableRecord {
            name: schema.table.into(),
            row: schema.row.into(),
            columns: columns.collect(),
        }
    }
}

impl Manifest {
    /// Name of a table's file.
    pub(crate) fn file_of(&self, schema: &Schema) -> String {
        format!("{}.{}", schema.table, self.table_format.extension())
    }

    /// Begins a manifest that lists no files yet; [`Folder::commit`](super::Folder::commit) does.
    pub(crate) fn new(origin: Origin) -> Manifest {
        let blake3 = blake3::hash(origin.scenario_text.as_bytes())
            .to_hex()
            .to_string();
        Manifest {
            format: MANIFEST_FORMAT,
            program: PROGRAM.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            kind: origin.kind,
            command: origin.command,
            scenario: ScenarioRecord {
                file: origin.scenario_file,
                blake3,
                text: origin.scenario_text,
            },
            overrides: origin.overrides,
            seed: origin.seed,
            table_format: origin.table_format,
            charts: origin.charts,
            tables: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Reads the manifest of a results folder.
    ///
    /// # Errors
    /// [`OutputError::Manifest`] if it is missing, foreign, newer or damaged;
    /// [`OutputError::Io`] if it cannot be read.
    pub(crate) fn read(folder: &Path) -> Result<Manifest, OutputError> {
        Manifest::read_with_text(folder).map(|(manifest, _)| manifest)
    }

    /// Does what [`read`](Manifest::read) does, and returns the bytes too.
    ///
    /// # Errors
    /// Those of [`read`](Manifest::read).
    pub(crate) fn read_with_text(folder: &Path) -> Result<(Manifest, Vec<u8>), OutputError> {
        let path = folder.join(MANIFEST_NAME);
        let text = read_plain(&path, MOST_BYTES).map_err(|source| match source.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => absent(folder),
            _ => OutputError::io(Action::Read, &path)(source),
        })?;
        let manifest = parse(&text).map_err(|error| OutputError::manifest(&path, error))?;
        Ok((manifest, text))
    }

    /// The manifest as its file holds it.
    pub(crate) fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self)
            .expect("a manifest has only text keys, so it always is JSON");
        text.push('\n');
        text
    }

    /// Whether a file lies in the [`DATA_FOLDER`].
    pub(crate) fn has_data_folder(&self) -> bool {
        self.files.iter().any(|file| file.name.contains('/'))
    }

    /// Finds a file by name.
    pub(crate) fn file(&self, name: &str) -> Option<&FileRecord> {
        self.files.iter().find(|file| file.name == name)
    }
}

/// The one folder that a results folder may hold: tables under the names that Psych-DS asks for.
pub(crate) const DATA_FOLDER: &str = "data";

/// Whether a name can be that of a file of results: of one directly in their folder, or in its
/// [`DATA_FOLDER`].
pub(crate) fn is_file_name(name: &str) -> bool {
    let inner = name.strip_prefix(DATA_FOLDER);
    let inner = inner.and_then(|rest| rest.strip_prefix('/'));
    is_plain_name(inner.unwrap_or(name))
}

/// Says whether a name is that of a file directly in a folder, wherever the folder is.
pub(crate) fn is_plain_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == name)
        && !name.contains(['\\', '\0'])
}

/// The folder of the journal of unfinished work: `NAME.unfinished`.
pub(crate) fn unfinished_folder(out: &Path) -> PathBuf {
    let mut name: OsString = out.file_name().unwrap_or("results".as_ref()).to_owned();
    name.push(".unfinished");
    out.with_file_name(name)
}

/// Why a folder has no manifest.
fn absent(folder: &Path) -> OutputError {
    let journal = unfinished_folder(folder);
    if folder.is_file() {
        return OutputError::manifest(folder, ManifestError::NotAFolder);
    }
    if !folder.exists() {
        return OutputError::manifest(
            folder,
            match journal.is_dir() {
                true => ManifestError::Unfinished { journal },
                false => ManifestError::NoFolder,
            },
        );
    }
    OutputError::manifest(&folder.join(MANIFEST_NAME), ManifestError::Missing)
}

fn parse(text: &[u8]) -> Result<Manifest, ManifestError> {
    let value: serde_json::Value =
        serde_json::from_slice(text).map_err(|_| ManifestError::NotOurs)?;
    let format = value.get("format").and_then(serde_json::Value::as_u64);
    let (Some(PROGRAM), Some(format)) = (value.get("program").and_then(|v| v.as_str()), format)
    else {
        return Err(ManifestError::NotOurs);
    };
    if format > u64::from(MANIFEST_FORMAT) {
        return Err(ManifestError::Newer {
            format,
            known: MANIFEST_FORMAT,
        });
    }
    let manifest: Manifest =
        serde_json::from_value(value).map_err(|source| ManifestError::Damaged { source })?;
    match manifest.files.iter().find(|file| !is_file_name(&file.name)) {
        Some(file) => Err(ManifestError::Outside {
            name: file.name.clone(),
        }),
        None => Ok(manifest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Field;

    fn example() -> Manifest {
        let mut manifest = Manifest::new(Origin {
            kind: ResultsKind::Run,
            command: vec!["run".into(), "a \"b\".toml".into()],
            scenario_file: "a \"b\".toml".into(),
            scenario_text: "title = \"Zoë\"\n".into(),
            overrides: vec!["couples=10".into()],
            seed: u64::MAX,
            table_format: Format::Csv,
            charts: crate::chart::options::ChartOptions::default(),
        });
        manifest.version = "1.2.3".into();
        let columns = vec![
            Field::int("day", "days", "Day of the run"),
            Field::float("trust", "1", "Trust").within(0.0, 1.0),
        ];
        manifest.tables.push(
            (&Schema {
                table: "daily",
                row: "a day",
                columns,
            })
                .into(),
        );
        manifest.files.push(FileRecord {
            name: "daily.csv".into(),
            rows: Some(3),
            bytes: 120,
            blake3: "ab".repeat(32),
        });
        manifest.files.push(FileRecord {
            name: "notes.txt".into(),
            rows: None,
            bytes: 0,
            blake3: "cd".repeat(32),
        });
        manifest
    }

    #[test]
    fn manifest_keeps_its_text() {
        assert_eq!(
            example().text(),
            GOLDEN
                .replace(
                    "SCENARIO",
                    blake3::hash("title = \"Zoë\"\n".as_bytes())
                        .to_hex()
                        .as_str()
                )
                .replace("AB", &"ab".repeat(32))
                .replace("CD", &"cd".repeat(32))
        );
    }

    #[test]
    fn a_manifest_reads_back_unchanged() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join(MANIFEST_NAME), example().text()).expect("writable");
        assert_eq!(Manifest::read(folder.path()).expect("ours"), example());
    }

    #[test]
    fn each_bad_manifest_has_its_own_message() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let read = |text: Option<&str>| {
            if let Some(text) = text {
                std::fs::write(folder.path().join(MANIFEST_NAME), text).expect("writable");
            }
            Manifest::read(folder.path())
                .expect_err("a bad manifest")
                .to_string()
        };
        let outside = example().text().replace("notes.txt", "../notes.txt");
        let newer = r#"{"program": "pairbond", "format": 7, "all": "else differs"}"#;
        let damaged = r#"{"program": "pairbond", "format": 1}"#;
        for (text, message) in [
            (None, "there is no manifest"),
            (Some("{"), "not a manifest of pairbond"),
            (Some("[]"), "not a manifest of pairbond"),
            (
                Some(r#"{"program": "other", "format": 1}"#),
                "not a manifest of pairbond",
            ),
            (
                Some(newer),
                "written by a later pairbond (format 7, this one reads up to 1)",
            ),
            (
                Some(damaged),
                "the manifest is damaged: missing field `version`",
            ),
            (Some(outside.as_str()), "it lists `../notes.txt`"),
        ] {
            let found = read(text);
            assert!(
                found.contains(message) && found.contains(MANIFEST_NAME),
                "{found}"
            );
        }
    }

    #[test]
    fn names_with_a_folder_are_not_plain() {
        assert!(
            ["a.csv", "..a", "ä b"]
                .iter()
                .all(|name| is_plain_name(name))
        );
        for name in ["", ".", "..", "a/b", "/a", "a/", "./a", "a\\b", "a\0"] {
            assert!(!is_plain_name(name), "{name:?}");
        }
    }

    #[test]
    fn a_file_may_lie_in_the_data_folder_and_in_no_other() {
        for name in ["a.csv", "data", "data/a.csv", "data/..a"] {
            assert!(is_file_name(name), "{name:?}");
        }
        for name in [
            "data/",
            "data/..",
            "data/a/b",
            "data//a",
            "other/a",
            "../data/a",
            "data\\a",
        ] {
            assert!(!is_file_name(name), "{name:?}");
        }
    }

    const GOLDEN: &str = r#"{
  "format": 1,
  "program": "pairbond",
  "version": "1.2.3",
  "kind": "run",
  "command": [
    "run",
    "a \"b\".toml"
  ],
  "scenario": {
    "file": "a \"b\".toml",
    "blake3": "SCENARIO",
    "text": "title = \"Zoë\"\n"
  },
  "overrides": [
    "couples=10"
  ],
  "seed": 18446744073709551615,
  "table_format": "csv",
  "tables": [
    {
      "name": "daily",
      "row": "a day",
      "columns": [
        {
          "name": "day",
          "kind": "integer",
          "unit": "days"
        },
        {
          "name": "trust",
          "kind": "float",
          "unit": "1"
        }
      ]
    }
  ],
  "files": [
    {
      "name": "daily.csv",
      "rows": 3,
      "bytes": 120,
      "blake3": "AB"
    },
    {
      "name": "notes.txt",
      "bytes": 0,
      "blake3": "CD"
    }
  ]
}
"#;

    #[test]
    fn the_kind_of_results_stands_at_the_top_level_and_is_read_again() {
        let kinds = [
            (ResultsKind::Run, r#"{"kind":"run"}"#),
            (
                ResultsKind::Shard {
                    shard: 2,
                    shards: 8,
                    of: ShardedWork::Sweep,
                },
                r#"{"kind":"shard","shard":2,"shards":8}"#,
            ),
            (
                ResultsKind::Shard {
                    shard: 1,
                    shards: 2,
                    of: ShardedWork::Recover,
                },
                r#"{"kind":"shard","shard":1,"shards":2,"of":"recover"}"#,
            ),
            (
                ResultsKind::Claims {
                    max_runs: 64,
                    ablate: vec!["repair".to_owned()],
                    audit: false,
                },
                r#"{"kind":"claims","max_runs":64,"ablate":["repair"]}"#,
            ),
        ];
        for (kind, text) in kinds {
            assert_eq!(serde_json::to_string(&kind).expect("JSON"), text);
            assert_eq!(
                serde_json::from_str::<ResultsKind>(text).expect("a kind"),
                kind
            );
            let mut manifest = example();
            manifest.kind = kind;
            assert_eq!(parse(manifest.text().as_bytes()).expect("sound"), manifest);
        }
    }

    #[test]
    fn mutated_manifests_are_read_or_refused() {
        let sound = example().text();
        crate::table::test_support::mutations(sound.as_bytes(), |bytes| {
            if let Ok(manifest) = parse(bytes) {
                assert!(manifest.files.iter().all(|file| is_file_name(&file.name)));
            }
        });
    }
}
