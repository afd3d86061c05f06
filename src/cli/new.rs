//! `pairbond new`

use super::DONE;
use super::shipped::{ExampleParser, example};
use super::terminal::print;
use crate::error::Error;
use crate::printable::shell_path;
use crate::results::write_document;
use crate::scenario::{short_template, template};
use std::path::PathBuf;

/// The first line of a new scenario: where an editor finds the JSON Schema, next to the file.
const SCHEMA_LINE: &str = "#:schema pairbond.schema.json\n";

#[derive(Debug, clap::Args)]
pub(crate) struct NewArgs {
    /// File to create; standard output if none is named
    file: Option<PathBuf>,
    /// Write every key with its default and meaning
    #[arg(long, conflicts_with = "from")]
    full: bool,
    /// Begin with a scenario that comes with the program; `pairbond examples` lists them
    #[arg(long, value_name = "NAME", value_parser = ExampleParser, hide_possible_values = true)]
    from: Option<String>,
    /// Replace an existing file
    #[arg(long, requires = "file")]
    force: bool,
}

/// Writes a commented scenario.
pub(crate) fn new(args: &NewArgs) -> Result<u8, Error> {
    let text = match &args.from {
        Some(name) => example(name).unwrap_or_default().to_owned(),
        None if args.full => template(),
        None => short_template(),
    };
    let text = format!("{SCHEMA_LINE}{text}");
    let Some(file) = &args.file else {
        print(&text)?;
        return Ok(DONE);
    };
    write_document(file, text.as_bytes(), args.force)?;
    let schema = file.with_file_name("pairbond.schema.json");
    let (shown, schema) = (shell_path(file), shell_path(&schema));
    print(&format!(
        "Wrote {}. Edit it, then `pairbond run {shown}`.\n\
         Editors check it after `pairbond schema -o {schema}`.\n",
        file.display()
    ))?;
    Ok(DONE)
}
