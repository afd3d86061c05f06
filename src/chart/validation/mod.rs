//! Charts of a validation: published numbers beside simulated ones, and what each mechanism carries.

mod ablation;
mod listing;
mod mark;
mod measure;
mod targets;

#[cfg(test)]
mod specimens;
#[cfg(test)]
mod tests;

pub use ablation::ablation;
pub use targets::targets;
