//! `pairbond verify`

use super::args::{QuietArgs, ThreadArgs};
use super::signals::cancel_on_interrupt;
use super::terminal::{eprint, print};
use super::{DONE, FAILED};
use crate::error::Error;
use crate::verify::Verification;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct VerifyArgs {
    /// The folder of results
    results: PathBuf,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Checks results and runs their scenario again.
pub(crate) fn verify(args: &VerifyArgs) -> Result<u8, Error> {
    let threads = args.threads.count();
    let found = crate::verify::verify(&args.results, threads, cancel_on_interrupt())?;
    report(&args.results, &found, args.quiet.quiet)
}

fn report(results: &Path, found: &Verification, quiet: bool) -> Result<u8, Error> {
    if !quiet {
        for name in &found.unlisted {
            eprint(&format!(
                "note: {name} is in the folder and not of these results"
            ));
        }
    }
    if found.is_sound() {
        if !quiet {
            print(&format!(
                "{}: {} files are unchanged, and a new run gives the same bytes\n",
                results.display(),
                found.files,
            ))?;
        }
        return Ok(DONE);
    }
    for file in &found.damaged {
        eprint(&format!("{}: {}", file.name, file.state));
    }
    for reason in &found.unreadable {
        eprint(reason);
    }
    for difference in &found.differences {
        eprint(&format!("{difference} (these results, new run)"));
    }
    for name in &found.other {
        eprint(&format!("{name}: a new run gives other bytes"));
    }
    for line in &found.manifest {
        eprint(&format!("manifest.json: {line}"));
    }
    if found.version != env!("CARGO_PKG_VERSION") {
        eprint(&format!(
            "these results were made by version {}, this is {}: see Results in the CHANGELOG",
            found.version,
            env!("CARGO_PKG_VERSION"),
        ));
    }
    Ok(FAILED)
}
