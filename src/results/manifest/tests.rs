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
            },
            r#"{"kind":"shard","shard":2,"shards":8}"#,
        ),
        (
            ResultsKind::Claims {
                max_runs: 64,
                ablate: vec!["repair".to_owned()],
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
