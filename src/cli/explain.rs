//! `pairbond explain`

use super::DONE;
use super::terminal::print;
use crate::error::Error;
use crate::explain::overview;

#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// A key, error code, column, chart, mechanism, observable, measure, target or term; without one, a list
    name: Vec<String>,
}

/// Prints what a name means, or what can be explained.
pub(crate) fn explain(args: &ExplainArgs) -> Result<u8, Error> {
    let text = match args.name.join(" ") {
        name if name.is_empty() => overview(),
        name => crate::explain::explain(&name)?,
    };
    print(&text)?;
    Ok(DONE)
}
