//! `pairbond completions` and `pairbond man`: what shells and `man` know of the command line.

use super::terminal::print;
use super::{Cli, DONE};
use crate::error::Error;
use clap::CommandFactory;
use clap_complete::Shell;

#[derive(Debug, clap::Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Prints a script that completes commands and options.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<u8, Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "pairbond", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(DONE)
}

#[derive(Debug, clap::Args)]
pub(crate) struct ManArgs {
    /// The page of a command, such as run; without it, that of the program
    command: Option<String>,
}

/// Prints a manual page in roff.
pub(crate) fn man(args: &ManArgs) -> Result<u8, Error> {
    let mut program = Cli::command();
    program.build();
    let page = match &args.command {
        None => program,
        Some(name) => match program.find_subcommand(name) {
            Some(command) => {
                let title = format!("pairbond-{name}");
                command.clone().display_name(title)
            }
            None => {
                return Err(Error::NoCommand { name: name.clone() });
            }
        },
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page)
        .render(&mut text)
        .map_err(|source| Error::Stdout { source })?;
    print(&String::from_utf8_lossy(&text))?;
    Ok(DONE)
}
