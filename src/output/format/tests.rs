use super::*;
use crate::foundation::table::{Cell, Column, MISSING};
use crate::output::disk::FileSystem;
use proptest::prelude::*;
use std::path::PathBuf;
use tempfile::TempDir;

const ROLES: &[&str] = &["she", "he, \"too\"", "NA-like"];

fn header() -> Header {
    let columns = vec![
        Column::real("trust", "1", "Trust"),
        Column::whole("day", "days", "Day"),
        Column::word("role", ROLES, "Role"),
        Column::text("name, \"quoted\"", "Name"),
    ];
    Header {
        table: "daily",
        row: "a day",
        columns,
    }
}

fn built() -> impl Iterator<Item = Format> {
    Format::ALL.into_iter().filter(|format| format.is_built())
}

/// Writes batches as they come and gives the file, in a folder of its own.
fn written<'a>(
    format: Format,
    header: &Header,
    batches: impl IntoIterator<Item = &'a Batch>,
) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(format!("daily.{format}"));
    let file = RecordedFile::create(&FileSystem, "daily", &path, path.clone()).expect("writable");
    let mut exporter = format.exporter(file, header).expect("a built format");
    let mut rows = 0;
    for batch in batches {
        exporter.write(batch).expect("writable");
        rows += batch.rows() as u64;
    }
    assert_eq!(exporter.finish().expect("writable").rows, Some(rows));
    (folder, path)
}

fn batch<'a>(header: &Header, rows: impl IntoIterator<Item = &'a [Cell; 4]>) -> Batch {
    let mut batch = Batch::empty(header);
    rows.into_iter().for_each(|row| batch.push(row.clone()));
    batch
}

/// The rows as text in which NaN equals itself and 0 does not equal −0.
fn bits(batch: &Batch) -> String {
    format!("{batch:?}")
}

fn real() -> impl Strategy<Value = f64> {
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
    let canonical = |real: f64| if real.is_nan() { f64::NAN } else { real };
    prop_oneof![
        any::<f64>().prop_map(canonical),
        prop::sample::select(awkward.to_vec()),
        0.0..1.0
    ]
}

fn whole() -> impl Strategy<Value = i64> {
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

fn row() -> impl Strategy<Value = [Cell; 4]> {
    let code = prop_oneof![0..ROLES.len() as u8, Just(NO_WORD)];
    (real(), whole(), code, text()).prop_map(|(real, whole, code, text)| {
        [
            Cell::Real(real),
            Cell::Whole(whole),
            Cell::Word(code),
            Cell::Text(text),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_format_gives_back_the_rows_it_took(rows in prop::collection::vec(row(), 0..40)) {
        let header = header();
        let whole = batch(&header, &rows);
        for format in built() {
            let (_folder, path) = written(format, &header, [&whole]);
            let table = read_table(&path, &header).expect("readable");
            prop_assert_eq!(bits(&table.rows), bits(&whole), "{}", format);
        }
    }

    #[test]
    fn how_rows_are_cut_into_batches_changes_no_byte(rows in prop::collection::vec(row(), 0..60), size in 1..20_usize) {
        let header = header();
        let whole = batch(&header, &rows);
        let mut pieces: Vec<Batch> = rows.chunks(size).map(|rows| batch(&header, rows)).collect();
        pieces.push(Batch::empty(&header));
        for format in built() {
            let (_one, one) = written(format, &header, [&whole]);
            let (_many, many) = written(format, &header, &pieces);
            prop_assert!(std::fs::read(one).expect("a file") == std::fs::read(many).expect("a file"));
        }
    }
}

#[test]
fn a_csv_table_reads_as_it_always_did() {
    let header = header();
    let rows = [
        [
            Cell::Real(0.25),
            Cell::Whole(-3),
            Cell::Word(0),
            Cell::Text("Ann".into()),
        ],
        [
            Cell::Real(f64::NAN),
            Cell::Whole(MISSING),
            Cell::Word(NO_WORD),
            Cell::Text(String::new()),
        ],
        [
            Cell::Real(2.0),
            Cell::Whole(0),
            Cell::Word(1),
            Cell::Text("a\n\"b\"".into()),
        ],
        [
            Cell::Real(1e-7),
            Cell::Whole(7),
            Cell::Word(3),
            Cell::Text(" x ".into()),
        ],
    ];
    let (_folder, path) = written(Format::Csv, &header, [&batch(&header, &rows)]);
    let expected = "trust,day,role,\"name, \"\"quoted\"\"\"\n0.25,-3,she,Ann\nNA,NA,NA,NA\n\
        2,0,\"he, \"\"too\"\"\",\"a\n\"\"b\"\"\"\n1e-7,7,NA, x \n";
    assert_eq!(std::fs::read_to_string(path).expect("UTF-8"), expected);
}

#[test]
fn the_text_na_is_a_missing_text_in_csv_alone() {
    let header = header();
    let row = [
        Cell::Real(0.0),
        Cell::Whole(0),
        Cell::Word(0),
        Cell::Text("NA".into()),
    ];
    for format in built() {
        let (_folder, path) = written(format, &header, [&batch(&header, [&row])]);
        let table = read_table(&path, &header).expect("readable");
        let expected = if format == Format::Csv { "" } else { "NA" };
        assert_eq!(table.word("name, \"quoted\"", 0), Some(expected));
    }
}

#[test]
fn tables_longer_than_any_buffer_come_back_whole() {
    let header = header();
    let row = |day: i64| {
        let role = (day % 4) as u8;
        let role = if role == 3 { NO_WORD } else { role };
        let name = if day % 7 == 0 {
            String::new()
        } else {
            format!("couple {}", day % 1000)
        };
        [
            Cell::Real((day as f64).sqrt()),
            Cell::Whole(day),
            Cell::Word(role),
            Cell::Text(name),
        ]
    };
    let rows: Vec<_> = (0..250_001).map(row).collect();
    let whole = batch(&header, &rows);
    let pieces: Vec<Batch> = rows
        .chunks(7_777)
        .map(|rows| batch(&header, rows))
        .collect();
    for format in built() {
        let (_one, one) = written(format, &header, [&whole]);
        let (_many, many) = written(format, &header, &pieces);
        assert!(
            std::fs::read(&one).expect("a file") == std::fs::read(many).expect("a file"),
            "{format}"
        );
        assert!(
            read_table(&one, &header).expect("readable").rows == whole,
            "{format}"
        );
    }
}

#[test]
fn a_csv_that_does_not_fit_is_blamed_by_row_and_column() {
    let header = header();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("daily.csv");
    let names = "trust,day,role,\"name, \"\"quoted\"\"\"\n";
    let fault = |text: &[u8]| {
        std::fs::write(&path, text).expect("writable");
        let message = read_table(&path, &header)
            .expect_err("a bad table")
            .to_string();
        message.replace(&path.display().to_string(), "daily.csv")
    };
    let after = |rows: &str| fault(format!("{names}1,1,she,a\n{rows}").as_bytes());
    assert_eq!(
        fault(b""),
        "daily.csv: the columns are , not trust, day, role, name, \"quoted\""
    );
    assert_eq!(
        fault(b"a,b\n"),
        "daily.csv: the columns are a, b, not trust, day, role, name, \"quoted\""
    );
    assert_eq!(
        after("x,1,she,a\n"),
        "daily.csv, row 2: column `trust` should hold a real number, found `x`"
    );
    assert_eq!(
        after("1,1.5,she,a\n"),
        "daily.csv, row 2: column `day` should hold a whole number, found `1.5`"
    );
    assert_eq!(
        after("1,1,it,a\n"),
        "daily.csv, row 2: column `role` should hold a word of its list, found `it`"
    );
    assert_eq!(
        after("1,1,she,a\n1,1\n"),
        "daily.csv, row 3: 2 values where 4 were expected"
    );
    let torn = [names.as_bytes(), b"1,1,she,\xff\n"].concat();
    assert_eq!(fault(&torn), "daily.csv, row 1: not UTF-8 text");
}

#[test]
fn a_file_that_is_absent_or_of_no_format_is_named() {
    let message = |name: &str| {
        read_table(Path::new(name), &header())
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
fn a_build_without_parquet_says_so() {
    let error = read_table(Path::new("a.parquet"), &header()).expect_err("not built");
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
    fn row_groups_are_bounded_compressed_and_signed_with_a_fixed_name() {
        let header = Header {
            columns: vec![Column::real("x", "1", "X")],
            ..header()
        };
        let rows = Batch {
            columns: vec![Values::Real(vec![0.5; 200_001])],
        };
        let (_folder, path) = written(Format::Parquet, &header, [&rows]);
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
    fn a_parquet_file_that_does_not_fit_is_blamed() {
        let ours = header();
        let row = [
            Cell::Real(0.0),
            Cell::Whole(0),
            Cell::Word(2),
            Cell::Text("a".into()),
        ];
        let (_folder, path) = written(Format::Parquet, &ours, [&batch(&ours, [&row, &row])]);
        let against = |change: fn(&mut Header)| {
            let mut header = header();
            change(&mut header);
            let message = read_table(&path, &header)
                .expect_err("another table")
                .to_string();
            message.replace(&path.display().to_string(), "daily.parquet")
        };
        let kind = against(|header| header.columns[1].kind = Kind::Real);
        assert_eq!(
            kind,
            "daily.parquet: column `day` does not hold a real number"
        );
        let word = against(|header| header.columns[2].kind = Kind::Word(&["she"]));
        assert_eq!(
            word,
            "daily.parquet, row 1: column `role` should hold a word of its list, found `NA-like`"
        );
        let names = against(|header| header.columns[0].name = "x".into());
        assert!(
            names.starts_with("daily.parquet: the columns are trust, day,"),
            "{names}"
        );
    }

    #[test]
    fn a_torn_parquet_file_is_an_error_and_no_panic() {
        let header = header();
        let row = [
            Cell::Real(0.5),
            Cell::Whole(3),
            Cell::Word(1),
            Cell::Text("a".into()),
        ];
        let rows = batch(&header, std::iter::repeat_n(&row, 100));
        let (_folder, path) = written(Format::Parquet, &header, [&rows]);
        let bytes = std::fs::read(&path).expect("a file");
        for kept in [0, 3, 20, bytes.len() / 2, bytes.len() - 1] {
            std::fs::write(&path, &bytes[..kept]).expect("writable");
            let message = read_table(&path, &header)
                .expect_err("a torn file")
                .to_string();
            assert!(
                message.starts_with(&format!("could not read {}", path.display())),
                "{message}"
            );
        }
    }
}
