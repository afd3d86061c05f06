//! Files that others wrote, opened and read so that neither their kind nor their size can stop the program.
//!
//! Opening a named pipe waits until somebody writes to it, and a device such as `/dev/zero` never ends. So
//! only plain files are opened, and no more than a stated number of bytes is read. What a command line
//! names may be a pipe, and is waited for.

use std::fs::{File, OpenOptions};
use std::io;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// Opens a plain file for reading, also through a link.
///
/// # Errors
/// Also for folders, pipes, sockets and devices.
pub(crate) fn open_plain(path: &Path) -> io::Result<File> {
    // A device may act on being opened.
    refuse_special(&std::fs::metadata(path)?)?;
    let file = without_waiting(path)?;
    refuse_special(&file.metadata()?)?;
    Ok(file)
}

/// Refuses what is no plain file.
pub(crate) fn refuse_special(found: &std::fs::Metadata) -> io::Result<()> {
    if found.is_file() {
        Ok(())
    } else if found.is_dir() {
        Err(ErrorKind::IsADirectory.into())
    } else {
        Err(io::Error::new(ErrorKind::InvalidInput, "not a plain file"))
    }
}

/// Reads a plain file of at most `most` bytes.
///
/// # Errors
/// Those of [`open_plain`], and [`ErrorKind::FileTooLarge`].
pub(crate) fn read_plain(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let too_large = || {
        let text = format!("larger than {} MiB, the most that is read", most >> 20);
        io::Error::new(ErrorKind::FileTooLarge, text)
    };
    let file = open_plain(path)?;
    if file.metadata()?.len() > most {
        return Err(too_large());
    }
    // It may grow while it is read.
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(too_large());
    }
    Ok(bytes)
}

/// Largest table of points that is read (bytes).
const MOST_TEXT_BYTES: u64 = 256 << 20;

/// Reads a plain file that should be text, such as a table of points.
///
/// # Errors
/// Those of [`read_plain`].
pub(crate) fn read_text_bytes(path: &Path) -> io::Result<Vec<u8>> {
    read_plain(path, MOST_TEXT_BYTES)
}

/// Opens a file that may be a pipe, as `/dev/stdin` is, and waits for the first bytes of a pipe: one that
/// has no writer yet is not empty.
///
/// # Errors
/// Those of the system.
pub(crate) fn open_plain_or_pipe(path: &Path) -> io::Result<File> {
    let file = without_waiting(path)?;
    #[cfg(unix)]
    {
        use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
        use std::os::unix::fs::FileTypeExt;
        if file.metadata()?.file_type().is_fifo() {
            wait_for_writer(&file)?;
        }
        let flags = fcntl_getfl(&file)?;
        fcntl_setfl(&file, flags - OFlags::NONBLOCK)?;
    }
    Ok(file)
}

/// Waits until a pipe has bytes, or has had a writer that wrote none.
///
/// An open that waits for a writer would wait for a second one where the first has written and closed
/// already, as it may have with `pairbond check /dev/stdin < PIPE`.
#[cfg(unix)]
fn wait_for_writer(pipe: &File) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    loop {
        match poll(&mut [PollFd::new(pipe, PollFlags::IN)], None) {
            Ok(_) => return Ok(()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Opens a file for reading; a pipe without a writer is opened at once.
fn without_waiting(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_file_is_read_up_to_its_bound() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("file");
        std::fs::write(&path, [b'x'; 100]).expect("writable");
        assert_eq!(read_plain(&path, 100).expect("readable").len(), 100);
        let refused = read_plain(&path, 99).expect_err("too large");
        assert_eq!(refused.kind(), ErrorKind::FileTooLarge);
    }

    #[cfg(unix)]
    #[test]
    fn pipes_devices_and_folders_are_refused_at_once() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("`mkfifo` can be run").success());
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/dev/zero", &link).expect("writable");
        for path in [pipe.as_path(), link.as_path(), Path::new("/dev/zero")] {
            let refused = read_plain(path, 1 << 20).expect_err("not plain");
            assert_eq!(refused.to_string(), "not a plain file");
        }
        let refused = read_plain(folder.path(), 1 << 20).expect_err("a folder");
        assert_eq!(refused.kind(), ErrorKind::IsADirectory);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_waited_for_until_it_is_written_to() {
        use std::time::Duration;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("`mkfifo` can be run").success());
        let read = || {
            let mut text = String::new();
            let mut open = open_plain_or_pipe(&pipe).expect("a pipe");
            open.read_to_string(&mut text).expect("readable");
            text
        };
        // A writer that opens late, and writes late.
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(200));
                let mut late = OpenOptions::new().write(true).open(&pipe).expect("a pipe");
                std::thread::sleep(Duration::from_millis(200));
                std::io::Write::write_all(&mut late, b"late").expect("writable");
            });
            assert_eq!(read(), "late");
        });
        // A writer that has gone before the pipe is opened again, as that of `/dev/stdin` may have.
        let held = without_waiting(&pipe).expect("a pipe");
        std::fs::write(&pipe, "early").expect("writable");
        assert_eq!(read(), "early");
        drop(held);
    }
}
