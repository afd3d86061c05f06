//! `pairbond examples`

use super::DONE;
use super::shipped::{EXAMPLES, ExampleParser, example, title};
use super::terminal::print;
use crate::error::Error;

#[derive(Debug, clap::Args)]
pub(crate) struct ExamplesArgs {
    /// The scenario to print; without one, the names and titles of all
    #[arg(value_parser = ExampleParser, hide_possible_values = true)]
    name: Option<String>,
}

/// Prints a scenario that comes with the program, or which there are.
pub(crate) fn examples(args: &ExamplesArgs) -> Result<u8, Error> {
    match args.name.as_deref().and_then(example) {
        Some(text) => print(text)?,
        None => print(&list())?,
    }
    Ok(DONE)
}

/// A line with the name and the title of each scenario.
fn list() -> String {
    let width = EXAMPLES
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or(0);
    let line = |(name, text): &(&str, &str)| format!("{name:width$}  {}\n", title(text));
    EXAMPLES.iter().map(line).collect()
}
