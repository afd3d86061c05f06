//! Scenarios: a researcher's question as a text, read into a [`Scenario`] with every error reported.
//!
//! A [`Scenario`] is the proof that its text was valid: nothing needs to be checked again. Reading
//! never stops at the first error; [`Diagnostics`] come with code, place, label and hint, and
//! warnings travel with the scenario.
//!
//! Each table of a scenario is described once, as a [`TableSpec`](schema::TableSpec) in [`tables`].

pub mod claims;
pub mod code;
pub mod correlations;
pub mod diagnostic;
pub mod distribution;
pub mod document;
pub mod file;
pub mod json_schema;
pub mod key_path;
pub mod lints;
pub mod overrides;
pub mod parsed;
pub mod reader;
pub mod reference;
pub mod schema;
pub mod settable_keys;
pub mod source;
pub mod spec;
pub mod suggest;
pub mod sweep;
pub mod syntax;
pub mod syntax_hints;
pub mod tables;
pub mod template;
#[cfg(test)]
mod tests;
pub mod to_toml;
pub mod tree;
pub mod unknown_keys;
pub mod value;
pub mod variables;

pub use claims::{Claim, ClaimRule, Claims, Condition, Contrast, EXPECTED, Observed, ObservedDays};
pub use code::Code;
pub use diagnostic::{Diagnostic, Diagnostics, Style};
pub use document::{largest, refuse_size};
pub use overrides::Override;
pub use parsed::{EventMark, Scenario};
pub use settable_keys::SettableKey;
pub use source::{SourceText, Span, line_and_column};
pub use sweep::{AxisValues, ScenarioAxis, Sweep, SweepPoints, Until};
pub use value::{Accepts, Setting};

/// The commented scenario of `pairbond new`: as it stands, it is the default scenario.
pub fn template() -> String {
    template::template(tables::all())
}

/// The text of docs/scenario.md.
pub fn reference() -> String {
    reference::reference(tables::all())
}

/// The JSON Schema (draft 2020-12) of a scenario file.
pub fn json_schema() -> serde_json::Value {
    json_schema::json_schema(tables::all())
}
