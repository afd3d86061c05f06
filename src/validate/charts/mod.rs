//! Charts of a validation: published numbers beside simulated ones, and what each mechanism carries.

pub mod ablation;
pub mod listing;
pub mod measure;
pub mod targets;
#[cfg(test)]
pub(crate) mod test_support;
#[cfg(test)]
pub(crate) mod tests;

pub use ablation::ablation;
pub use targets::targets;
