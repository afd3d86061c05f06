use super::*;
use crate::results::ResultsKind;
use crate::results::{Folder, Manifest, Origin};
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
    }
}

/// Writes one results folder with one table, and returns its manifest and the table's path.
fn results(folder: &Path, name: &str, format: Format, trust: &[f64]) -> (Manifest, PathBuf) {
    let schema = schema();
    let mut rows = Batch::empty(&schema);
    for (day, trust) in trust.iter().enumerate() {
        rows.push([Value::Int(day as i64), Value::Float(*trust)]);
    }
    let mut made = Folder::create(folder.join(name), false).expect("a free destination");
    let mut tables = made
        .tables(format, std::slice::from_ref(&schema))
        .expect("writable");
    tables.accept(&schema, &rows).expect("writable");
    made.finish_tables(tables).expect("writable");
    made.write("notes.txt", b"read me").expect("writable");
    let path = made.path().join(format!("daily.{format}"));
    (
        made.commit(Manifest::new(origin(format)))
            .expect("a free destination"),
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
