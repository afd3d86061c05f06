//! Checks of the source text: which module imports which, names, and habits. The table of modules is the
//! one in ARCHITECTURE.md.

mod decisions;
mod habits;
mod imports;
mod modules;
mod names;
mod parsed;
mod tree;
