//! Checks of the text of source and pages: which module imports which, names, habits, and links. The table of modules is the
//! one in ARCHITECTURE.md.

mod decisions;
mod habits;
mod imports;
mod modules;
mod names;
mod pages;
mod parsed;
mod tree;
mod versions;
