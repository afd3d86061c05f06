//! `pairbond check`

use super::DONE;
use super::args::{QuietArgs, SetArgs};
use super::terminal::{print, report_error, show_warnings};
use crate::error::Error;
use crate::scenario::file::read_scenario;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// The scenario files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    set: SetArgs,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Checks scenarios and shows everything that is wrong in them.
pub(crate) fn check(args: &CheckArgs) -> Result<u8, Error> {
    let overrides = args.set.overrides()?;
    let mut code = DONE;
    for file in &args.files {
        match read_scenario(file, &overrides) {
            Err(error) => code = code.max(report_error(&error)),
            Ok(scenario) => {
                show_warnings(scenario.warnings());
                if !args.quiet.quiet {
                    let size = &scenario.config().size;
                    let mut text = format!(
                        "{}: {} couples, {} days, {}: no errors\n",
                        file.display(),
                        size.couples,
                        size.days,
                        match size.replicates {
                            1 => "1 replicate".to_owned(),
                            count => format!("{count} replicates"),
                        },
                    );
                    for note in scenario.notes() {
                        text.push_str(&format!("  note: {note}\n"));
                    }
                    let sound = print(&text);
                    code = code.max(sound.map_or_else(|error| report_error(&error), |()| DONE));
                }
            }
        }
    }
    Ok(code)
}
