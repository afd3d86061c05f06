//! `pairbond preregister`

use super::DONE;
use super::args::OverrideArgs;
use super::terminal::print;
use crate::error::Error;
use crate::results::{refuse_inputs, write_document};
use std::path::PathBuf;

/// Write the plan of a simulation study, as it can be registered before anything is run.
///
/// It is Markdown under the headings of ADEMP (aims, data-generating mechanisms, estimands, methods,
/// performance measures), filled from the scenario; what a scenario does not say is left to be filled in. A
/// bundle of the results has the same text, so that both can be compared.
#[derive(Debug, clap::Args)]
pub(crate) struct PreregisterArgs {
    /// The scenario file
    file: PathBuf,
    /// File to create; standard output if none is named
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    overrides: OverrideArgs,
    /// Replace an existing file
    #[arg(long, requires = "out")]
    force: bool,
}

/// Writes the preregistration of a scenario.
pub(crate) fn preregister(args: &PreregisterArgs) -> Result<u8, Error> {
    let scenario = args.overrides.load_scenario(&args.file, false)?;
    let text = scenario.preregistration();
    let Some(out) = &args.out else {
        print(&text)?;
        return Ok(DONE);
    };
    args.overrides.set.refuse_output(out)?;
    refuse_inputs(out, scenario.files())?;
    write_document(out, text.as_bytes(), args.force)?;
    print(&format!(
        "Wrote {}. Fill in what stands as [ ], and register it before the first run.\n",
        out.display()
    ))?;
    Ok(DONE)
}
