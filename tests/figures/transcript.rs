//! Commands in pages of the guide: they run, and print what the page shows.
//!
//! Of a page, blocks of code are taken in order, in one empty folder:
//!
//! - `toml file=NAME` is written to that file;
//! - in `console`, lines that begin with `$` are commands, and the lines after one are what it prints;
//! - the commands of `sh` have to succeed, but for those of `sh no-run`.
//!
//! `PAIRBOND_BLESS=1` writes what commands print into the pages.

use crate::table::project;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

const PAGES: [&str; 3] = ["docs/tutorial.md", "docs/how-to.md", "docs/gallery.md"];

/// Runs a command in a folder, with the program in the search path.
///
/// # Errors
///
/// What it prints on standard error, if it fails.
fn output(command: &str, folder: &Path) -> Result<String, String> {
    let program = Path::new(env!("CARGO_BIN_EXE_pairbond"));
    let mut paths = vec![program.parent().expect("a folder").to_path_buf()];
    paths.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let done = Command::new("sh")
        .args(["-e", "-c", command])
        .env("PATH", env::join_paths(paths).expect("paths"))
        .current_dir(folder)
        .output()
        .expect("a shell");
    if done.status.success() {
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    } else {
        let said = String::from_utf8_lossy(&done.stderr);
        Err(format!("`{command}` failed: {said}"))
    }
}

/// A page with what its commands print now.
///
/// # Errors
///
/// If a command fails.
fn performed(text: &str, folder: &Path) -> Result<String, String> {
    let mut page = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        page += line;
        page.push('\n');
        let Some(kind) = line.strip_prefix("```") else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if kind == "console" {
            for command in block.iter().filter_map(|line| line.strip_prefix("$ ")) {
                page += &format!("$ {command}\n{}", output(command, folder)?);
            }
        } else {
            for line in &block {
                page += line;
                page.push('\n');
            }
        }
        if let Some(name) = kind.strip_prefix("toml file=") {
            fs::write(folder.join(name), block.join("\n") + "\n").expect("a file");
        }
        if kind == "sh" {
            output(&block.join("\n"), folder)?;
        }
        page += "```\n";
    }
    Ok(page)
}

#[test]
#[ignore = "simulates what pages show: stage `figures` of .ci/run"]
fn pages_show_what_their_commands_print() {
    let bless = env::var_os("PAIRBOND_BLESS").is_some();
    let mut errors = Vec::new();
    for name in PAGES {
        let folder = tempfile::tempdir().expect("a folder");
        let old = fs::read_to_string(project(name)).expect("a page");
        match performed(&old, folder.path()) {
            Err(error) => errors.push(format!("{name}: {error}")),
            Ok(new) if new != old && bless => fs::write(project(name), new).expect("a page"),
            Ok(new) if new != old => {
                let lines = old.lines().zip(new.lines());
                let changed = lines.into_iter().find(|(old, new)| old != new);
                let (old, new) = changed.unwrap_or(("the end", "more or fewer lines"));
                errors.push(format!("{name}: `{old}` is now `{new}`"));
            }
            Ok(_) => {}
        }
    }
    assert!(
        errors.is_empty(),
        "`PAIRBOND_BLESS=1 .ci/run figures` writes what commands print:\n{}",
        errors.join("\n")
    );
}

#[test]
fn a_page_is_renewed_by_what_its_commands_print() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "A\n```toml file=a.toml\nx = 1\n```\n```console\n$ cat a.toml\nx = 2\n$ echo b\n```\n\
                ```sh\ntest -e a.toml\n```\n```sh no-run\nfalse\n```\n";
    let new = text.replace("x = 2\n$ echo b\n", "x = 1\n$ echo b\nb\n");
    assert_eq!(performed(text, folder.path()), Ok(new));
    let failing = "```sh\nfalse\ntrue\n```\n";
    assert!(performed(failing, folder.path()).is_err());
}
