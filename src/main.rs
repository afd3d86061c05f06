//! The program `pairbond`.

use std::process::ExitCode;

fn main() -> ExitCode {
    pairbond::cli::main()
}
