//! `pairbond new`

use super::DONE;
use super::terminal::print;
use crate::error::Error;
use crate::scenario::file::new_scenario;
use crate::scenario::template;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct NewArgs {
    /// The scenario file, which must not exist; standard output if none is named
    file: Option<PathBuf>,
}

/// Writes a scenario that holds every key.
pub(crate) fn new(args: &NewArgs) -> Result<u8, Error> {
    let Some(file) = &args.file else {
        print(&template())?;
        return Ok(DONE);
    };
    new_scenario(file)?;
    print(&format!("{}: every key with its default\n", file.display()))?;
    Ok(DONE)
}
