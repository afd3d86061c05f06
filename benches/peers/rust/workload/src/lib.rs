//! The reference workloads R1 and R2 as the Rust peers share them: the model's equations, the grid of
//! the sweep, and the command line that times a system and reports what came of it. A peer adds only
//! how its system keeps a population and lives its days.

mod partner;
mod program;
mod summary;

pub use partner::{Means, Partner};
pub use program::{System, run};
