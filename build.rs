//! Records the commit of a release build for `pairbond --version --verbose`.
//!
//! A build without Git records none. A debug build records none either: every commit would compile the
//! crate anew, the library too. Cargo compiles all targets of a package when its build script has run, also where
//! only the program reads what it wrote.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("PROFILE").as_deref() != Ok("release") {
        return;
    }
    let Some(commit) = git(&["rev-parse", "HEAD"]).filter(|_| is_own_repository()) else {
        return;
    };
    // A file that does not exist would have the script run at every build.
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"]);
    let sources = ["src", "scenarios", "validation", "Cargo.toml", "Cargo.lock"];
    for path in log.iter().map(String::as_str).chain(sources) {
        if Path::new(path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    let mut status = vec!["status", "--porcelain", "--"];
    status.extend(sources);
    let changed = git(&status).is_none_or(|changes| !changes.is_empty());
    let suffix = if changed { " with changes" } else { "" };
    println!("cargo::rustc-env=PAIRBOND_COMMIT={commit}{suffix}");
}

/// Whether Git's repository is that of this package, and not one that its folder was unpacked into.
fn is_own_repository() -> bool {
    git(&["ls-files", "--error-unmatch", "Cargo.toml"]).is_some()
}

/// What a command of Git prints, if it succeeds.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
