//! Scenarios: a researcher's question as a text, read into a [`Scenario`] with every error reported.
//!
//! A [`Scenario`] is the proof that its text was valid: nothing needs to be checked again. Reading
//! never stops at the first error; [`Diagnostics`] come with code, place, label and hint, and
//! warnings travel with the scenario.
//!
//! Each table of a scenario is described once, as a [`TableSpec`](schema::TableSpec) in [`tables`].

pub(crate) mod claims;
pub(crate) mod code;
pub(crate) mod correlations;
pub(crate) mod diagnostic;
pub(crate) mod distribution;
pub(crate) mod document;
pub(crate) mod file;
pub(crate) mod json_schema;
pub(crate) mod key_path;
pub(crate) mod lints;
pub(crate) mod overrides;
pub(crate) mod parsed;
pub(crate) mod reader;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "a test writes the reference page and compares it")
)]
pub(crate) mod reference;
pub(crate) mod schema;
pub(crate) mod settable_keys;
pub(crate) mod source;
pub(crate) mod spec;
pub(crate) mod suggest;
pub(crate) mod sweep;
pub(crate) mod syntax;
pub(crate) mod syntax_hints;
pub(crate) mod tables;
pub(crate) mod template;
#[cfg(test)]
mod tests;
pub(crate) mod to_toml;
pub(crate) mod tree;
pub(crate) mod unknown_keys;
pub(crate) mod value;
pub(crate) mod variables;

#[cfg(test)]
pub(crate) use claims::EXPECTED;
pub(crate) use claims::{Claim, ClaimRule, Claims, Contrast, Observed, ObservedDays};
#[cfg(test)]
pub(crate) use code::Code;
pub(crate) use diagnostic::{Diagnostics, Style};
pub(crate) use document::{largest, refuse_size};
pub use overrides::Override;
pub(crate) use parsed::Scenario;
#[cfg(test)]
pub(crate) use settable_keys::SettableKey;
#[cfg(test)]
pub(crate) use source::line_and_column;
pub(crate) use sweep::{AxisValues, ScenarioAxis, Sweep, SweepPoints, Until};
#[cfg(test)]
pub(crate) use value::Accepts;
pub(crate) use value::Setting;

/// The commented scenario of `pairbond new`: as it stands, it is the default scenario.
pub(crate) fn template() -> String {
    template::template(tables::all())
}

/// The text of docs/scenario.md, which a test compares with the page.
#[cfg(test)]
pub(crate) fn reference() -> String {
    reference::reference(tables::all())
}

/// The JSON Schema (draft 2020-12) of a scenario file.
pub(crate) fn json_schema() -> serde_json::Value {
    json_schema::json_schema(tables::all())
}
