//! `pairbond schema`

use super::DONE;
use super::terminal::print;
use crate::error::Error;
use crate::results::write_document;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct SchemaArgs {
    /// File to create; without it, the schema is printed
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace an existing file
    #[arg(long, requires = "out")]
    force: bool,
}

/// Writes the JSON Schema of scenarios.
pub(crate) fn schema(args: &SchemaArgs) -> Result<u8, Error> {
    let text = format!("{:#}\n", crate::scenario::json_schema());
    match &args.out {
        Some(file) => write_document(file, text.as_bytes(), args.force)?,
        None => print(&text)?,
    }
    Ok(DONE)
}
