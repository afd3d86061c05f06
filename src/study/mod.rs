//! Use cases: what one can do with a scenario and with results. Command line and explorer are doors
//! to these, and whatever they can do, this room can do without them.

pub mod bench;
pub mod calibrate;
pub mod claims;
mod error;
pub mod instruments;
mod pictures;
pub mod plot;
mod provenance;
pub mod run;
mod source;
pub mod sweep;
pub mod tables;
mod unfinished;
pub mod validate;
pub mod verify;

pub use crate::experiment::Control;
pub use crate::output::Format;
pub use crate::plan::{Shard, ShardFault};
pub use error::{MergeFault, StudyError};
pub use run::{Outcome, RunReport, RunRequest};
pub use source::{new_scenario, read_scenario, read_values};
pub use verify::Verification;
