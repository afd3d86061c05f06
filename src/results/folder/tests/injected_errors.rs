//! Disks that fail or fill up, and killed processes.

use super::*;
use crate::results::hashing_writer::Medium;
use std::io;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A disk that fails, in one of several ways, once a file has `room` bytes.
struct Failing {
    room: usize,
    kind: io::ErrorKind,
}

struct FailingFile {
    file: File,
    room: usize,
    kind: io::ErrorKind,
}

impl Disk for Failing {
    fn create(&self, path: &Path) -> io::Result<Box<dyn Medium>> {
        Ok(Box::new(FailingFile {
            file: File::create_new(path)?,
            room: self.room,
            kind: self.kind,
        }))
    }
}

impl Write for FailingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.room == 0 {
            return Err(self.kind.into());
        }
        let taken = self.file.write(&bytes[..bytes.len().min(self.room)])?;
        self.room -= taken;
        Ok(taken)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Medium for FailingFile {
    fn sync(&mut self) -> io::Result<()> {
        if self.room == 0 {
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
    folder.commit(manifest())
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
            for room_left in [0, 3, 10_000, 700_000] {
                let (room, target) = room();
                make(&target, false, "old").expect("a free destination");
                let disk = Box::new(Failing {
                    room: room_left,
                    kind,
                });
                let folder = Folder::create_on(disk, &target, true).expect("replaceable");
                let path = target.join(format!("daily.{format}"));
                let expected = format!("could not write {}: {answer}", path.display());
                assert_eq!(
                    refused(write_much(folder, format)),
                    expected,
                    "{room_left} bytes"
                );
                assert_eq!(names(room.path()), ["results"]);
                assert_eq!(notes(&target), "old");
            }
        }
    }
}

#[test]
fn a_disk_that_is_full_at_the_manifest_leaves_nothing() {
    let (room, target) = room();
    let disk = Box::new(Failing {
        room: 10,
        kind: io::ErrorKind::StorageFull,
    });
    let mut folder = Folder::create_on(disk, &target, false).expect("a free destination");
    folder
        .write("notes.txt", b"read me")
        .expect("there is room for seven bytes");
    let path = target.join(MANIFEST_NAME);
    let expected = format!(
        "could not write {}: no space left on device",
        path.display()
    );
    assert_eq!(refused(folder.commit(manifest())), expected);
    assert!(names(room.path()).is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_reported_with_the_path() {
    let (room, _) = room();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"])
        .arg(room.path())
        .stderr(Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        return; // Only root can mount; the disk that refuses stands in for it elsewhere.
    }
    let reported: Vec<_> = built()
        .map(|format| {
            let folder =
                Folder::create(room.path().join("results"), false).expect("a free destination");
            (
                format,
                refused(write_much(folder, format)),
                names(room.path()),
            )
        })
        .collect();
    let unmounted = Command::new("umount").arg(room.path()).status();
    assert!(unmounted.is_ok_and(|status| status.success()));
    for (format, message, left) in reported {
        let path = room.path().join("results").join(format!("daily.{format}"));
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
    let mut folder = Folder::create(target, false).expect("a free destination");
    folder.write("notes.txt", b"read me").expect("writable");
    std::thread::sleep(Duration::from_secs(60));
}

#[expect(clippy::zombie_processes, reason = "the caller kills and waits for it")]
fn staging_process(room: &Path, target: &Path) -> Child {
    let child = Command::new(std::env::current_exe().expect("this test"))
        .args([
            "--ignored",
            "--exact",
            "results::folder::tests::injected_errors::stages_a_folder_and_waits",
        ])
        .env(STAGE, target)
        .stdout(Stdio::null())
        .spawn()
        .expect("this test runs");
    let staged = room
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
    let (room, target) = room();
    let mut child = staging_process(room.path(), &target);
    let living = format!(".results.partial-{}", child.id());
    drop(Folder::create(&target, false).expect("a free destination"));
    assert_eq!(names(room.path()), [living.as_str()]);
    child.kill().expect("it lives");
    child.wait().expect("it is ours");
    assert_eq!(names(room.path()), [living.as_str()]);
    make(&target, false, "new").expect("a free destination");
    assert_eq!(names(room.path()), ["results"]);
}
