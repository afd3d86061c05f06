//! Folders of results: what is written, replaced, refused and left behind, and errors of the system.

use super::*;
use crate::results::hashing_writer::Medium;
use crate::results::{Origin, ResultsKind};
use crate::table::{Batch, Field, Sink, Value};
use std::fs::File;
use std::io;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

fn manifest() -> Manifest {
    Manifest::new(Origin {
        kind: ResultsKind::Run,
        command: vec!["run".into()],
        scenario_file: "a.toml".into(),
        scenario_text: "seed = 1\n".into(),
        overrides: Vec::new(),
        seed: 1,
        table_format: Format::Csv,
        charts: crate::chart::options::ChartOptions::default(),
    })
}

fn home() -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let target = home.path().join("results");
    (home, target)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder)
        .expect("readable")
        .map(|entry| entry.expect("readable").file_name());
    let mut names: Vec<String> = entries
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn make(target: &Path, force: bool, text: &str) -> Result<Manifest, OutputError> {
    let mut folder = Folder::create(target, &ResultsKind::Run, force)?;
    folder.write("notes.txt", text.as_bytes())?;
    let committed = folder.commit(manifest())?;
    assert_eq!(committed.leftover, None);
    Ok(committed.manifest)
}

fn notes(target: &Path) -> String {
    fs::read_to_string(target.join("notes.txt")).expect("a file")
}

fn refused<T>(result: Result<T, OutputError>) -> String {
    result.err().expect("a refusal").to_string()
}

#[test]
fn a_folder_is_absent_until_it_is_complete() {
    let (home, target) = home();
    let mut folder = Folder::create(&target, &ResultsKind::Run, false).expect("a free destination");
    folder.write("notes.txt", b"read me").expect("writable");
    assert!(!target.exists());
    assert!(names(home.path())[0].starts_with(".results.partial-"));
    let committed = folder.commit(manifest()).expect("a free destination");
    let written = committed.manifest;
    assert_eq!(names(home.path()), ["results"]);
    assert_eq!(names(&target), ["manifest.json", "notes.txt"]);
    assert_eq!(Manifest::read(&target).expect("ours"), written);
    let record = written.file("notes.txt").expect("listed");
    assert_eq!((record.bytes, record.rows), (7, None));
    assert_eq!(record.blake3, blake3::hash(b"read me").to_hex().to_string());
}

#[test]
fn the_manifest_lists_tables_and_files_by_name() {
    let (home, _) = home();
    let schema = |table| Schema {
        table,
        row: "a day",
        columns: vec![Field::int("day", "days", "Day")],
    };
    let texts = ["one", "two"].map(|name| {
        let mut folder = Folder::create(home.path().join(name), &ResultsKind::Run, false)
            .expect("a free destination");
        let mut tables = folder
            .tables(Format::Csv, &[schema("z"), schema("a")])
            .expect("writable");
        let mut rows = Batch::empty(&schema("a"));
        (0..5).for_each(|day| rows.push([Value::Int(day)]));
        tables.accept(&schema("z"), &rows).expect("writable");
        let stranger = refused(tables.accept(&schema("b"), &rows));
        assert_eq!(stranger, "rows do not fit a table `b` of these results");
        let misfit = Batch::empty(&Schema {
            columns: vec![Field::str("day", "Day")],
            ..schema("a")
        });
        refused(tables.accept(&schema("a"), &misfit));
        folder.finish_tables(tables).expect("writable");
        let committed = folder.commit(manifest()).expect("a free destination");
        let written = committed.manifest;
        let rows: Vec<_> = written
            .files
            .iter()
            .map(|file| (file.name.as_str(), file.rows))
            .collect();
        assert_eq!(rows, [("a.csv", Some(0)), ("z.csv", Some(5))]);
        let tables: Vec<_> = written
            .tables
            .iter()
            .map(|table| table.name.as_str())
            .collect();
        assert_eq!(tables, ["a", "z"]);
        fs::read(home.path().join(name).join(MANIFEST_NAME)).expect("a manifest")
    });
    assert!(texts[0] == texts[1]);
}

#[test]
fn a_dropped_folder_leaves_nothing() {
    let (home, target) = home();
    let mut folder = Folder::create(&target, &ResultsKind::Run, false).expect("a free destination");
    folder.write("notes.txt", b"read me").expect("writable");
    let open = folder.create_file("open.txt").expect("writable");
    drop(folder);
    drop(open);
    assert!(names(home.path()).is_empty());
}

#[test]
fn results_are_replaced_only_by_force_and_only_by_complete_ones() {
    let (home, target) = home();
    make(&target, false, "old").expect("a free destination");
    let message = format!("{} already exists (--force replaces it)", target.display());
    assert_eq!(refused(make(&target, false, "new")), message);
    let mut folder = Folder::create(&target, &ResultsKind::Run, true).expect("replaceable");
    folder.write("other.txt", b"new").expect("writable");
    assert_eq!(notes(&target), "old");
    drop(folder);
    assert_eq!(notes(&target), "old");
    make(&target, true, "new").expect("replaceable");
    assert_eq!(notes(&target), "new");
    assert_eq!(names(home.path()), ["results"]);
}

#[test]
fn an_empty_folder_is_taken_and_force_replaces_nothing_foreign() {
    let (home, target) = home();
    fs::create_dir(&target).expect("writable");
    make(&target, false, "new").expect("an empty folder is taken");
    assert_eq!(notes(&target), "new");
    assert_eq!(names(home.path()), ["results"]);
    for (name, text) in [
        ("thesis.tex", "life's work"),
        (MANIFEST_NAME, "{\"program\": \"other\", \"format\": 1}"),
    ] {
        let foreign = home.path().join(name.replace('.', "-"));
        fs::create_dir(&foreign).expect("writable");
        fs::write(foreign.join(name), text).expect("writable");
        let other = "already exists and is not empty: choose another folder";
        assert!(refused(make(&foreign, false, "new")).ends_with(other));
        assert!(refused(make(&foreign, true, "new")).ends_with("--force does not replace it"));
        assert_eq!(fs::read_to_string(foreign.join(name)).expect("kept"), text);
    }
    let file = home.path().join("file");
    fs::write(&file, "kept").expect("writable");
    assert!(refused(make(&file, true, "new")).ends_with("already exists and is not a folder"));
    assert_eq!(fs::read_to_string(&file).expect("kept"), "kept");
}

#[test]
fn force_replaces_only_results_of_the_same_kind() {
    let (_home, target) = home();
    make(&target, false, "old").expect("a free destination");
    let message = format!(
        "{} holds results of kind `run`, not `plot`: --force does not replace them",
        target.display()
    );
    let plot = Folder::create(&target, &ResultsKind::Plot, true);
    assert_eq!(refused(plot), message);
    assert_eq!(notes(&target), "old");
}

#[test]
fn folders_above_are_made() {
    let (home, _) = home();
    let target = home.path().join("a/b/results");
    let folder = Folder::create(&target, &ResultsKind::Run, false).expect("a free destination");
    drop(folder);
    make(&target, false, "new").expect("a free destination");
    assert_eq!(names(&home.path().join("a/b")), ["results"]);
    let below = target.join("notes.txt/results");
    assert!(refused(make(&below, false, "new")).ends_with("notes.txt is not a folder"));
}

#[test]
fn force_keeps_what_the_manifest_does_not_list() {
    let (home, target) = home();
    make(&target, false, "old").expect("a free destination");
    fs::write(target.join("analysis.R"), "mine").expect("writable");
    fs::create_dir(target.join("figures")).expect("writable");
    fs::write(target.join("figures/one.pdf"), "mine too").expect("writable");
    let written = make(&target, true, "new").expect("replaceable");
    assert_eq!(notes(&target), "new");
    let kept = |name: &str| fs::read_to_string(target.join(name)).expect("kept");
    assert_eq!(
        [kept("analysis.R"), kept("figures/one.pdf")],
        ["mine", "mine too"]
    );
    assert_eq!(names(home.path()), ["results"]);
    assert!(written.file("analysis.R").is_none());
    // What the manifest lists is replaced, also where it was edited.
    fs::write(target.join("notes.txt"), "edited").expect("writable");
    make(&target, true, "newer").expect("replaceable");
    assert_eq!(notes(&target), "newer");
}

#[test]
fn a_file_with_the_name_of_a_new_one_is_not_replaced() {
    let (home, target) = home();
    make(&target, false, "old").expect("a free destination");
    fs::write(target.join("other.txt"), "mine").expect("writable");
    let mut folder = Folder::create(&target, &ResultsKind::Run, true).expect("replaceable");
    folder.write("other.txt", b"new").expect("writable");
    let path = target.display();
    let expected = format!(
        "{path} holds `other.txt`, which its manifest does not list and the new results have too: \
         move it elsewhere first"
    );
    assert_eq!(refused(folder.commit(manifest())), expected);
    let kept = fs::read_to_string(target.join("other.txt"));
    assert_eq!(
        (kept.expect("kept"), notes(&target)),
        ("mine".into(), "old".into())
    );
    fs::remove_file(target.join("other.txt")).expect("there");
    // A folder with the name of a listed file is not that file.
    fs::remove_file(target.join("notes.txt")).expect("there");
    fs::create_dir(target.join("notes.txt")).expect("writable");
    fs::write(target.join("notes.txt/mine"), "mine").expect("writable");
    assert!(refused(make(&target, true, "new")).contains("`notes.txt`"));
    assert!(target.join("notes.txt/mine").exists());
    assert_eq!(names(home.path()), ["results"]);
}

#[test]
fn a_file_put_there_during_the_work_is_kept() {
    let (home, target) = home();
    make(&target, false, "old").expect("a free destination");
    let mut folder = Folder::create(&target, &ResultsKind::Run, true).expect("replaceable");
    folder.write("notes.txt", b"new").expect("writable");
    fs::write(target.join("analysis.R"), "mine").expect("writable");
    folder.commit(manifest()).expect("replaceable");
    assert_eq!(names(home.path()), ["results"]);
    assert_eq!(names(&target), ["analysis.R", MANIFEST_NAME, "notes.txt"]);
    assert_eq!(notes(&target), "new");
}

#[test]
fn results_of_a_later_version_are_not_replaced() {
    let (_home, target) = home();
    fs::create_dir(&target).expect("writable");
    let newer = r#"{"program": "pairbond", "format": 7}"#;
    fs::write(target.join(MANIFEST_NAME), newer).expect("writable");
    assert!(refused(make(&target, true, "new")).contains("written by a later pairbond"));
}

#[test]
fn a_path_through_the_folder_itself_replaces_it() {
    let (home, target) = home();
    make(&target, false, "old").expect("a free destination");
    let through = target.join("../results");
    make(&through, true, "new").expect("replaceable");
    assert_eq!(notes(&target), "new");
    assert_eq!(names(home.path()), ["results"]);
}

#[cfg(unix)]
#[test]
fn old_results_that_cannot_be_removed_are_left_and_named() {
    let (home, target) = home();
    make(&target, false, "old").expect("a free destination");
    let mut folder = Folder::create(&target, &ResultsKind::Run, true).expect("replaceable");
    folder.write("notes.txt", b"new").expect("writable");
    // A mounted file system is the one thing in a listed file's place that even root cannot remove.
    let listed = target.join("notes.txt");
    let mounted = Command::new("mount")
        .args(["--bind"])
        .args([&listed, &listed])
        .stderr(Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        return;
    }
    let committed = folder.commit(manifest());
    let place = names(home.path());
    for name in &place {
        let path = home.path().join(name).join("notes.txt");
        let _ = Command::new("umount")
            .arg(path)
            .stderr(Stdio::null())
            .status();
    }
    let leftover = committed.expect("in place").leftover.expect("one");
    let shown = leftover.to_string();
    assert!(
        shown.starts_with("the results are in place, but "),
        "{shown}"
    );
    assert_eq!(notes(&target), "new");
}

#[test]
fn a_path_taken_during_the_work_is_kept() {
    let (home, target) = home();
    let late = Folder::create(&target, &ResultsKind::Run, false).expect("a free destination");
    make(&target, false, "first").expect("a free destination");
    assert!(refused(late.commit(manifest())).contains("already exists"));
    let forced = Folder::create(&target, &ResultsKind::Run, true).expect("replaceable");
    fs::remove_file(target.join(MANIFEST_NAME)).expect("there");
    assert!(refused(forced.commit(manifest())).ends_with("--force does not replace it"));
    assert_eq!(notes(&target), "first");
    assert_eq!(names(home.path()), ["results"]);
}

#[test]
fn a_file_name_is_used_once_and_has_no_folder() {
    let (_home, target) = home();
    let mut folder = Folder::create(&target, &ResultsKind::Run, false).expect("a free destination");
    folder.write("notes.txt", b"").expect("writable");
    for name in ["notes.txt", "manifest.json", ".lock", "", "..", "a/b", "/a"] {
        let expected = format!("a results folder cannot hold a (second) file named `{name}`");
        assert_eq!(refused(folder.create_file(name)), expected);
    }
}

#[test]
fn a_folder_is_not_committed_while_a_file_is_open() {
    let (home, target) = home();
    let mut folder = Folder::create(&target, &ResultsKind::Run, false).expect("a free destination");
    let open = folder.create_file("open.txt").expect("writable");
    let path = target.join("open.txt");
    let expected = format!(
        "could not finish the results: {} is still being written",
        path.display()
    );
    assert_eq!(refused(folder.commit(manifest())), expected);
    assert_eq!(open.path(), path);
    assert!(names(home.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn files_have_ordinary_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let (home, target) = home();
    make(&target, false, "x").expect("a free destination");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    let (file, folder) = (home.path().join("file"), home.path().join("folder"));
    fs::write(&file, "").expect("writable");
    fs::create_dir(&folder).expect("writable");
    assert_eq!(mode(&target), mode(&folder));
    for name in names(&target) {
        assert_eq!(mode(&target.join(name)), mode(&file));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_name_need_not_be_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let (home, _) = home();
    let target = home.path().join(std::ffi::OsStr::from_bytes(b"r\xffsults"));
    make(&target, false, "x").expect("a free destination");
    assert_eq!(notes(&target), "x");
    assert!(refused(make(&target, false, "y")).contains("r\u{fffd}sults already exists"));
}

#[test]
fn codebook_has_one_row_per_column_and_describes_itself() {
    let columns = vec![
        Field::float("trust", "1", "Trust in the partner").within(-1.0, 1.0),
        Field::categorical("role", &["she", "he"], "Who"),
        Field::int("day", "days", "Day of the run"),
    ];
    let daily = Schema {
        table: "daily",
        row: "a day",
        columns,
    };
    let own = codebook(&[]).schema;
    let book = codebook(&[daily, own]);
    assert_eq!(book.rows.rows(), 3 + 8);
    assert_eq!(book.category("table", 3), Some("codebook"));
    assert_eq!(book.category("kind", 1), Some("categorical"));
    assert_eq!(book.category("categories", 1), Some("she|he"));
    assert_eq!(book.category("unit", 2), Some("days"));
    assert_eq!(book.floats("low").expect("a column")[0], -1.0);
    assert!(book.floats("high").expect("a column")[1].is_nan());
    let kinds: Vec<_> = (0..4).map(|row| book.category("kind", row)).collect();
    assert_eq!(
        kinds,
        ["float", "categorical", "integer", "string"].map(Some)
    );
}

/// A disk that fails, in one of several ways, once a file has `space` bytes.
struct Failing {
    space: usize,
    kind: io::ErrorKind,
}

struct FailingFile {
    file: File,
    space: usize,
    kind: io::ErrorKind,
}

impl Disk for Failing {
    fn create(&self, path: &Path) -> io::Result<Box<dyn Medium>> {
        Ok(Box::new(FailingFile {
            file: File::create_new(path)?,
            space: self.space,
            kind: self.kind,
        }))
    }
}

impl Write for FailingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.space == 0 {
            return Err(self.kind.into());
        }
        let taken = self.file.write(&bytes[..bytes.len().min(self.space)])?;
        self.space -= taken;
        Ok(taken)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Medium for FailingFile {
    fn sync(&mut self) -> io::Result<()> {
        if self.space == 0 {
            Err(self.kind.into())
        } else {
            self.file.sync_all()
        }
    }
}

/// Writes a table of about a megabyte and a half.
fn write_much(mut folder: Folder, format: Format) -> Result<Manifest, OutputError> {
    let schema = Schema {
        table: "daily",
        row: "a day",
        columns: vec![Field::float("trust", "1", "Trust")],
    };
    let mut rows = Batch::empty(&schema);
    (1..120_000).for_each(|day| rows.push([Value::Float(f64::from(day).sqrt())]));
    let mut tables = folder.tables(format, std::slice::from_ref(&schema))?;
    tables.accept(&schema, &rows)?;
    folder.finish_tables(tables)?;
    Ok(folder.commit(manifest())?.manifest)
}

fn built() -> impl Iterator<Item = Format> {
    Format::ALL.into_iter().filter(|format| format.is_built())
}

#[test]
fn a_failing_disk_leaves_nothing_and_its_error_names_the_path() {
    use io::ErrorKind::{PermissionDenied, QuotaExceeded, StorageFull};
    for format in built() {
        for (kind, answer) in [
            (StorageFull, "no space left on device"),
            (QuotaExceeded, "disk quota exceeded"),
            (PermissionDenied, "permission denied"),
        ] {
            for space_left in [0, 3, 10_000, 700_000] {
                let (home, target) = home();
                make(&target, false, "old").expect("a free destination");
                let disk = Box::new(Failing {
                    space: space_left,
                    kind,
                });
                let folder =
                    Folder::create_on(disk, &target, &ResultsKind::Run, true).expect("replaceable");
                let path = target.join(format!("daily.{format}"));
                let expected = format!("could not write {}: {answer}", path.display());
                assert_eq!(
                    refused(write_much(folder, format)),
                    expected,
                    "{space_left} bytes"
                );
                assert_eq!(names(home.path()), ["results"]);
                assert_eq!(notes(&target), "old");
            }
        }
    }
}

/// A disk with space for so many bytes of files, which removing files frees.
struct Small {
    space: u64,
}

struct SmallFile {
    file: File,
    folder: PathBuf,
    space: u64,
}

impl Disk for Small {
    fn create(&self, path: &Path) -> io::Result<Box<dyn Medium>> {
        Ok(Box::new(SmallFile {
            file: File::create_new(path)?,
            folder: path.parent().expect("a folder").to_owned(),
            space: self.space,
        }))
    }
}

impl Write for SmallFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut used = 0;
        for entry in fs::read_dir(&self.folder)? {
            used += entry?.metadata()?.len();
        }
        match bytes.len().min(self.space.saturating_sub(used) as usize) {
            0 if !bytes.is_empty() => Err(io::ErrorKind::StorageFull.into()),
            taken => self.file.write(&bytes[..taken]),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Medium for SmallFile {
    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_all()
    }
}

#[test]
fn a_disk_without_space_for_a_chart_keeps_the_other_files() {
    let table = vec![b'1'; 30_000];
    let chart = |name: &str, bytes: usize| {
        let file = |extension| (format!("{name}.{extension}"), vec![b'c'; bytes]);
        [file("svg"), file("png")]
    };
    let small = manifest().text().len() as u64 + 1_000;
    let full = |folder: &Path, name: &str| {
        let path = folder.join(name);
        format!(
            "could not write {}: no space left on device",
            path.display()
        )
    };
    // In the second file of the second chart, in its first file, and in the manifest.
    for (space_left, in_the_way, kept) in [
        (16_000 + small, Some("two.png"), &["one.png", "one.svg"][..]),
        (11_000 + small, Some("two.svg"), &["one.png", "one.svg"]),
        (20_500, None, &[]),
        (10_500, Some("two.svg"), &[]),
    ] {
        let (home, target) = home();
        let disk = Box::new(Small {
            space: 30_000 + space_left,
        });
        let mut folder =
            Folder::create_on(disk, &target, &ResultsKind::Run, false).expect("a free destination");
        folder.write("table.csv", &table).expect("space");
        folder.write_chart(&chart("one", 5_000)).expect("space");
        let second = folder.write_chart(&chart("two", 5_000));
        assert_eq!(
            second.err().map(|error| error.to_string()),
            in_the_way.map(|name| full(&target, name))
        );
        let committed = folder
            .commit(manifest())
            .expect("the charts are in the way");
        let removed = committed.removed_charts.map(|(names, error)| {
            assert_eq!(error.to_string(), full(&target, MANIFEST_NAME));
            names
        });
        let mut expected = vec!["manifest.json", "table.csv"];
        match (kept, in_the_way) {
            ([], Some(_)) => assert_eq!(removed.expect("removed"), ["one.svg", "one.png"]),
            ([], None) => assert_eq!(
                removed.expect("removed"),
                ["one.svg", "one.png", "two.svg", "two.png"]
            ),
            (kept, _) => {
                assert_eq!(removed, None);
                expected.extend(kept);
                expected.sort_unstable();
            }
        }
        assert_eq!(names(&target), expected, "{space_left} bytes");
        assert_eq!(names(home.path()), ["results"]);
        let written = Manifest::read(&target).expect("ours");
        assert_eq!(written.files.len() + 1, expected.len());
        assert!(written.file("table.csv").is_some());
    }
}

#[test]
fn a_disk_that_is_full_at_the_manifest_leaves_nothing() {
    let (home, target) = home();
    let disk = Box::new(Failing {
        space: 10,
        kind: io::ErrorKind::StorageFull,
    });
    let mut folder =
        Folder::create_on(disk, &target, &ResultsKind::Run, false).expect("a free destination");
    folder
        .write("notes.txt", b"read me")
        .expect("there is space for seven bytes");
    let path = target.join(MANIFEST_NAME);
    let expected = format!(
        "could not write {}: no space left on device",
        path.display()
    );
    assert_eq!(refused(folder.commit(manifest())), expected);
    assert!(names(home.path()).is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_reported_with_the_path() {
    let (home, _) = home();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"])
        .arg(home.path())
        .stderr(Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        return; // Only root can mount; the disk that refuses stands in for it elsewhere.
    }
    let reported: Vec<_> = built()
        .map(|format| {
            let folder = Folder::create(home.path().join("results"), &ResultsKind::Run, false)
                .expect("a free destination");
            (
                format,
                refused(write_much(folder, format)),
                names(home.path()),
            )
        })
        .collect();
    let unmounted = Command::new("umount").arg(home.path()).status();
    assert!(unmounted.is_ok_and(|status| status.success()));
    for (format, message, left) in reported {
        let path = home.path().join("results").join(format!("daily.{format}"));
        assert_eq!(
            message,
            format!(
                "could not write {}: no space left on device",
                path.display()
            )
        );
        assert!(left.is_empty(), "{left:?}");
    }
}

const STAGE: &str = "PAIRBOND_TEST_STAGE";

#[test]
#[ignore = "the process that another test kills"]
fn stages_a_folder_and_waits() {
    let Some(target) = std::env::var_os(STAGE) else {
        return;
    };
    let mut folder = Folder::create(target, &ResultsKind::Run, false).expect("a free destination");
    folder.write("notes.txt", b"read me").expect("writable");
    std::thread::sleep(Duration::from_secs(60));
}

#[expect(clippy::zombie_processes, reason = "the caller kills and waits for it")]
fn staging_process(home: &Path, target: &Path) -> Child {
    let child = Command::new(std::env::current_exe().expect("this test"))
        .args([
            "--ignored",
            "--exact",
            "results::folder::tests::stages_a_folder_and_waits",
        ])
        .env(STAGE, target)
        .stdout(Stdio::null())
        .spawn()
        .expect("this test runs");
    let staged = home
        .join(format!(".results.partial-{}", child.id()))
        .join("notes.txt");
    for _ in 0..3_000 {
        if fs::metadata(&staged).is_ok_and(|found| found.len() == 7) {
            return child;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the process never staged its folder");
}

#[cfg(target_os = "linux")]
#[test]
fn a_killed_process_leaves_no_results_and_the_next_one_cleans_up() {
    let (home, target) = home();
    let mut child = staging_process(home.path(), &target);
    let running = format!(".results.partial-{}", child.id());
    drop(Folder::create(&target, &ResultsKind::Run, false).expect("a free destination"));
    assert_eq!(names(home.path()), [running.as_str()]);
    child.kill().expect("it runs");
    child.wait().expect("it is ours");
    assert_eq!(names(home.path()), [running.as_str()]);
    make(&target, false, "new").expect("a free destination");
    assert_eq!(names(home.path()), ["results"]);
}

/// A folder with a file in its folder of data.
fn with_data(target: &Path, force: bool) -> Result<Manifest, OutputError> {
    let mut folder = Folder::create(target, &ResultsKind::Run, force)?;
    folder.write("notes.txt", b"read me")?;
    folder.write("data/a_data.csv", b"a\n1\n")?;
    let committed = folder.commit(manifest())?;
    assert_eq!(committed.leftover, None);
    Ok(committed.manifest)
}

#[test]
fn files_in_the_folder_of_data_are_listed_replaced_and_removed() {
    let (home, target) = home();
    let written = with_data(&target, false).expect("a free destination");
    let listed: Vec<&str> = written.files.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(listed, ["data/a_data.csv", "notes.txt"]);
    assert_eq!(names(&target), ["data", "manifest.json", "notes.txt"]);
    fs::write(target.join("data/mine.csv"), "mine").expect("writable");
    with_data(&target, true).expect("replaceable");
    assert_eq!(names(&target.join("data")), ["a_data.csv", "mine.csv"]);
    // New results without data: what is not of the old ones is kept.
    make(&target, true, "new").expect("replaceable");
    assert_eq!(names(&target.join("data")), ["mine.csv"]);
    assert!(refused(with_data(&target, true)).contains("`data`"));
    fs::remove_dir_all(target.join("data")).expect("there");
    with_data(&target, true).expect("replaceable");
    make(&target, true, "new").expect("replaceable");
    assert_eq!(names(&target), ["manifest.json", "notes.txt"]);
    assert_eq!(names(home.path()), ["results"]);
    for name in ["other/a", "data/../a", "data/b/c", "/a"] {
        let mut folder =
            Folder::create(home.path().join("x"), &ResultsKind::Run, false).expect("free");
        assert!(refused(folder.create_file(name)).contains(name));
    }
}

#[test]
fn optional_files_that_fail_are_removed_with_the_folder_of_data() {
    let (home, target) = home();
    let mut folder = Folder::create(&target, &ResultsKind::Run, false).expect("free");
    folder.write("notes.txt", b"read me").expect("writable");
    let failed = folder.write_optional(|folder| {
        folder.write("data/a_data.csv", b"a\n")?;
        folder.create_file("data/b_data.csv").map(drop)?;
        folder.write("notes.txt", b"again")
    });
    assert!(refused(failed).contains("notes.txt"));
    let discarded = Folder::create(home.path().join("other"), &ResultsKind::Run, false);
    let mut discarded = discarded.expect("free");
    discarded
        .write("data/a_data.csv", b"a\n")
        .expect("writable");
    drop(discarded);
    folder.commit(manifest()).expect("complete without them");
    assert_eq!(names(&target), ["manifest.json", "notes.txt"]);
    assert_eq!(names(home.path()), ["results"]);
}
