use super::*;
use proptest::prelude::*;
use std::fs::File;
use std::path::Path;
use std::path::PathBuf;
use tempfile::TempDir;

const ROLES: &[&str] = &["she", "he, \"too\"", "NA-like"];

fn schema() -> Schema {
    let columns = vec![
        Field::float("trust", "1", "Trust"),
        Field::int("day", "days", "Day"),
        Field::categorical("role", ROLES, "Role"),
        Field::str("name, \"quoted\"", "Name"),
    ];
    Schema {
        table: "daily",
        row: "a day",
        columns,
    }
}

fn built() -> impl Iterator<Item = Format> {
    Format::ALL.into_iter().filter(|format| format.is_built())
}

/// Writes batches one after the other and returns the file in a temporary folder.
fn written<'a>(
    format: Format,
    schema: &Schema,
    batches: impl IntoIterator<Item = &'a Batch>,
) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(format!("daily.{format}"));
    let file = File::create(&path).expect("writable");
    let mut writer = format.writer(file, schema).expect("a built format");
    let mut rows = 0;
    for batch in batches {
        writer.write(batch).expect("writable");
        rows += batch.rows() as u64;
    }
    assert_eq!(writer.finish().expect("writable").1, rows);
    (folder, path)
}

fn batch<'a>(schema: &Schema, rows: impl IntoIterator<Item = &'a [Value; 4]>) -> Batch {
    let mut batch = Batch::empty(schema);
    rows.into_iter().for_each(|row| batch.push(row.clone()));
    batch
}

/// The rows as text in which NaN equals itself and 0 does not equal −0.
fn bits(batch: &Batch) -> String {
    format!("{batch:?}")
}

fn number() -> impl Strategy<Value = f64> {
    let awkward = [
        f64::NAN,
        -0.0,
        0.0,
        5e-324,
        -2e-310,
        1e308,
        f64::MAX,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.1,
        1e15,
        1e16,
    ];
    let canonical = |x: f64| if x.is_nan() { f64::NAN } else { x };
    prop_oneof![
        any::<f64>().prop_map(canonical),
        prop::sample::select(awkward.to_vec()),
        0.0..1.0
    ]
}

fn integer() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), Just(MISSING), Just(i64::MAX), -5..5_i64]
}

fn text() -> impl Strategy<Value = String> {
    let awkward = [
        "",
        "\"",
        "\"\"",
        ",",
        "\n",
        "\r\n",
        " a ",
        "na",
        "NaN",
        "#",
        "Zoë 💑",
        "\u{feff}",
        "'",
    ];
    let awkward = prop::sample::select(awkward.to_vec()).prop_map(str::to_owned);
    prop_oneof![any::<String>(), awkward, "[a,\"\r\n ]{0,8}"]
        .prop_filter("NA is missing in CSV", |text| text != "NA")
}

fn row() -> impl Strategy<Value = [Value; 4]> {
    let position = prop_oneof![0..ROLES.len() as u8, Just(NO_CATEGORY)];
    (number(), integer(), position, text()).prop_map(|(number, integer, position, text)| {
        [
            Value::Float(number),
            Value::Int(integer),
            Value::Categorical(position),
            Value::Str(text),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_format_reads_the_rows_that_it_wrote(rows in prop::collection::vec(row(), 0..40)) {
        let schema = schema();
        let all = batch(&schema, &rows);
        for format in built() {
            let (_folder, path) = written(format, &schema, [&all]);
            let table = read_table(&path, &schema).expect("readable");
            prop_assert_eq!(bits(&table.rows), bits(&all), "{}", format);
        }
    }

    #[test]
    fn splitting_rows_into_batches_changes_no_byte(rows in prop::collection::vec(row(), 0..60), size in 1..20_usize) {
        let schema = schema();
        let all = batch(&schema, &rows);
        let mut pieces: Vec<Batch> = rows.chunks(size).map(|rows| batch(&schema, rows)).collect();
        pieces.push(Batch::empty(&schema));
        for format in built() {
            let (_one, one) = written(format, &schema, [&all]);
            let (_many, many) = written(format, &schema, &pieces);
            prop_assert!(std::fs::read(one).expect("a file") == std::fs::read(many).expect("a file"));
        }
    }
}

#[test]
fn csv_keeps_its_bytes() {
    let schema = schema();
    let rows = [
        [
            Value::Float(0.25),
            Value::Int(-3),
            Value::Categorical(0),
            Value::Str("Ann".into()),
        ],
        [
            Value::Float(f64::NAN),
            Value::Int(MISSING),
            Value::Categorical(NO_CATEGORY),
            Value::Str(String::new()),
        ],
        [
            Value::Float(2.0),
            Value::Int(0),
            Value::Categorical(1),
            Value::Str("a\n\"b\"".into()),
        ],
        [
            Value::Float(1e-7),
            Value::Int(7),
            Value::Categorical(3),
            Value::Str(" x ".into()),
        ],
    ];
    let (_folder, path) = written(Format::Csv, &schema, [&batch(&schema, &rows)]);
    let expected = "trust,day,role,\"name, \"\"quoted\"\"\"\n0.25,-3,she,Ann\nNA,NA,NA,NA\n\
        2,0,\"he, \"\"too\"\"\",\"a\n\"\"b\"\"\"\n1e-7,7,NA, x \n";
    assert_eq!(std::fs::read_to_string(path).expect("UTF-8"), expected);
}

#[test]
fn the_text_na_is_missing_in_csv_only() {
    let schema = schema();
    let row = [
        Value::Float(0.0),
        Value::Int(0),
        Value::Categorical(0),
        Value::Str("NA".into()),
    ];
    for format in built() {
        let (_folder, path) = written(format, &schema, [&batch(&schema, [&row])]);
        let table = read_table(&path, &schema).expect("readable");
        let expected = if format == Format::Csv { "" } else { "NA" };
        assert_eq!(table.category("name, \"quoted\"", 0), Some(expected));
    }
}

#[test]
fn tables_longer_than_the_buffers_are_read_completely() {
    let schema = schema();
    let row = |day: i64| {
        let role = (day % 4) as u8;
        let role = if role == 3 { NO_CATEGORY } else { role };
        let name = if day % 7 == 0 {
            String::new()
        } else {
            format!("couple {}", day % 1000)
        };
        [
            Value::Float((day as f64).sqrt()),
            Value::Int(day),
            Value::Categorical(role),
            Value::Str(name),
        ]
    };
    let rows: Vec<_> = (0..250_001).map(row).collect();
    let all = batch(&schema, &rows);
    let pieces: Vec<Batch> = rows
        .chunks(7_777)
        .map(|rows| batch(&schema, rows))
        .collect();
    for format in built() {
        let (_one, one) = written(format, &schema, [&all]);
        let (_many, many) = written(format, &schema, &pieces);
        assert!(
            std::fs::read(&one).expect("a file") == std::fs::read(many).expect("a file"),
            "{format}"
        );
        assert!(
            read_table(&one, &schema).expect("readable").rows == all,
            "{format}"
        );
    }
}

#[test]
fn csv_errors_name_row_and_column() {
    let schema = schema();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("daily.csv");
    let names = "trust,day,role,\"name, \"\"quoted\"\"\"\n";
    let error = |text: &[u8]| {
        std::fs::write(&path, text).expect("writable");
        let message = read_table(&path, &schema)
            .expect_err("a bad table")
            .to_string();
        message.replace(&path.display().to_string(), "daily.csv")
    };
    let after = |rows: &str| error(format!("{names}1,1,she,a\n{rows}").as_bytes());
    assert_eq!(
        error(b""),
        "daily.csv: the columns are , not trust, day, role, name, \"quoted\""
    );
    assert_eq!(
        error(b"a,b\n"),
        "daily.csv: the columns are a, b, not trust, day, role, name, \"quoted\""
    );
    assert_eq!(
        after("x,1,she,a\n"),
        "daily.csv, row 2: column `trust` should hold a number, found `x`"
    );
    assert_eq!(
        after("1,1.5,she,a\n"),
        "daily.csv, row 2: column `day` should hold an integer, found `1.5`"
    );
    assert_eq!(
        after("1,1,it,a\n"),
        "daily.csv, row 2: column `role` should hold one of its categories, found `it`"
    );
    assert_eq!(
        after("1,1,she,a\n1,1\n"),
        "daily.csv, row 3: 2 values where 4 were expected"
    );
    let torn = [names.as_bytes(), b"1,1,she,\xff\n"].concat();
    assert_eq!(error(&torn), "daily.csv, row 1: not UTF-8 text");
}

#[test]
fn errors_name_an_absent_file_or_an_unknown_format() {
    let message = |name: &str| {
        read_table(Path::new(name), &schema())
            .expect_err("no table")
            .to_string()
    };
    assert_eq!(
        message("/absent/a.csv"),
        "could not read /absent/a.csv: no such file or folder"
    );
    let ending = "its name ends neither in .csv nor in .parquet";
    assert_eq!(message("a.txt"), format!("could not read a.txt: {ending}"));
    assert_eq!(message("csv"), format!("could not read csv: {ending}"));
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_build_without_parquet_refuses_it() {
    let error = read_table(Path::new("a.parquet"), &schema()).expect_err("not built");
    assert_eq!(
        error.to_string(),
        "this pairbond was built without parquet tables (cargo feature `parquet`)"
    );
}

#[cfg(feature = "parquet")]
mod of_parquet {
    use super::*;
    use ::parquet::basic::Compression;
    use ::parquet::file::reader::{FileReader, SerializedFileReader};

    #[test]
    fn row_groups_are_bounded_and_compressed_by_a_fixed_writer() {
        let schema = Schema {
            columns: vec![Field::float("x", "1", "X")],
            ..schema()
        };
        let rows = Batch {
            columns: vec![Values::Float(vec![0.5; 200_001])],
        };
        let (_folder, path) = written(Format::Parquet, &schema, [&rows]);
        let reader =
            SerializedFileReader::new(std::fs::File::open(path).expect("a file")).expect("Parquet");
        let metadata = reader.metadata();
        assert_eq!(metadata.file_metadata().created_by(), Some("pairbond"));
        let groups = metadata.row_groups().iter().map(|group| group.num_rows());
        assert_eq!(groups.collect::<Vec<_>>(), [100_000, 100_000, 1]);
        assert_eq!(
            metadata.row_group(0).column(0).compression(),
            Compression::SNAPPY
        );
    }

    #[test]
    fn parquet_errors_name_row_and_column() {
        let ours = schema();
        let row = [
            Value::Float(0.0),
            Value::Int(0),
            Value::Categorical(2),
            Value::Str("a".into()),
        ];
        let (_folder, path) = written(Format::Parquet, &ours, [&batch(&ours, [&row, &row])]);
        let against = |change: fn(&mut Schema)| {
            let mut schema = schema();
            change(&mut schema);
            let message = read_table(&path, &schema)
                .expect_err("another table")
                .to_string();
            message.replace(&path.display().to_string(), "daily.parquet")
        };
        let kind = against(|schema| schema.columns[1].kind = Kind::Float);
        assert_eq!(kind, "daily.parquet: column `day` does not hold a number");
        let word = against(|schema| schema.columns[2].kind = Kind::Categorical(&["she"]));
        assert_eq!(
            word,
            "daily.parquet, row 1: column `role` should hold one of its categories, found `NA-like`"
        );
        let names = against(|schema| schema.columns[0].name = "x".into());
        assert!(
            names.starts_with("daily.parquet: the columns are trust, day,"),
            "{names}"
        );
    }

    #[test]
    fn a_truncated_parquet_file_is_an_error() {
        let schema = schema();
        let row = [
            Value::Float(0.5),
            Value::Int(3),
            Value::Categorical(1),
            Value::Str("a".into()),
        ];
        let rows = batch(&schema, std::iter::repeat_n(&row, 100));
        let (_folder, path) = written(Format::Parquet, &schema, [&rows]);
        let bytes = std::fs::read(&path).expect("a file");
        for kept in [0, 3, 20, bytes.len() / 2, bytes.len() - 1] {
            std::fs::write(&path, &bytes[..kept]).expect("writable");
            let message = read_table(&path, &schema)
                .expect_err("a torn file")
                .to_string();
            assert!(
                message.starts_with(&format!("could not read {}", path.display())),
                "{message}"
            );
        }
    }
}

#[test]
fn mutated_tables_are_read_or_refused() {
    let schema = schema();
    let row = |day: i64| {
        [
            Value::Float(day as f64 / 7.0),
            Value::Int(if day % 5 == 0 { MISSING } else { day }),
            Value::Categorical((day % 3) as u8),
            Value::Str("a \"b\", ä".repeat((day % 4) as usize)),
        ]
    };
    let rows: Vec<_> = (0..40).map(row).collect();
    for format in built() {
        let (_folder, path) = written(format, &schema, [&batch(&schema, &rows)]);
        let sound = std::fs::read(&path).expect("readable");
        test_support::mutations(&sound, |bytes| {
            std::fs::write(&path, bytes).expect("writable");
            if let Ok(table) = read_table(&path, &schema) {
                let length = table.rows.rows();
                assert!(
                    table
                        .rows
                        .columns
                        .iter()
                        .all(|values| values.len() == length)
                );
            }
        });
    }
}
