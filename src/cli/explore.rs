//! `pairbond explore`

use super::DONE;
use super::args::OverrideArgs;
use super::signals::cancel_on_interrupt;
use super::terminal::{eprint, print};
use crate::error::Error;
use crate::explore::Explorer;
use crate::scenario::Scenario;
use std::path::PathBuf;
use std::process::{Command, Stdio};

#[derive(Debug, clap::Args)]
pub(crate) struct ExploreArgs {
    /// The scenario file [default: the scenario in which every key has its default]
    file: Option<PathBuf>,
    #[command(flatten)]
    overrides: OverrideArgs,
    /// Port of the page on 127.0.0.1 [default: a free one]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// Do not open the page in a browser; only print its address
    #[arg(long)]
    no_open: bool,
}

/// Serves the interactive page of a scenario until it is interrupted.
pub(crate) fn explore(args: &ExploreArgs) -> Result<u8, Error> {
    let scenario = match &args.file {
        Some(file) => args.overrides.load_scenario(file, false)?,
        None => Scenario::default().set_all(&args.overrides.overrides()?)?,
    };
    let explorer = Explorer::bind(&scenario, args.port)?;
    let address = explorer.address();
    let cancel = cancel_on_interrupt();
    print(&format!("{address}\n"))?;
    eprint("The page is served on this machine only. Ctrl-C ends it.");
    if !args.no_open && !open_browser(&address) {
        eprint("No browser could be opened: open the address above in one.");
    }
    explorer.serve(&cancel)?;
    Ok(DONE)
}

/// Opens an address in the user's browser; whether a program for that was found.
fn open_browser(address: &str) -> bool {
    let (program, arguments): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command.args(arguments).arg(address);
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.spawn().is_ok()
}
