//! `pairbond schema`

use super::DONE;
use super::terminal::print;
use crate::error::Error;

/// Prints the JSON Schema of scenarios.
pub(crate) fn schema() -> Result<u8, Error> {
    print(&format!("{:#}\n", crate::scenario::json_schema()))?;
    Ok(DONE)
}
