//! What can be changed on the page: a description of each control, made from the tables that describe the
//! model and from the scenario's own distributions.

use crate::label::{capitalised, label};
use crate::math::functions::{exp, logistic};
use crate::model::parameters::{MECHANISMS, PARAMETERS, ParameterSpec};
use crate::scenario::spec::{PARTNERS, Variable, key_of};
use crate::scenario::tree::{TomlNode, TomlValue};
use crate::scenario::value::Accepts;
use crate::scenario::{Override, Scenario, json_schema};
use crate::simulation::{InitialVariable, OBSERVABLES};
use serde::Serialize;
use serde_json::{Value, json};

/// The traits whose controls are shown first.
const FIRST_TRAITS: [&str; 4] = ["anxiety", "avoidance", "responsiveness", "openness"];
/// A slider over a positive number of a wide range goes from a tenth of its value to ten times it.
const SLIDER_FACTOR: f64 = 10.0;
/// Up to this width of a range a slider covers all of it.
const NARROW: f64 = 2.5;

/// One control of the page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PageControl {
    /// The dotted key that it sets.
    pub(crate) key: String,
    /// Part of the page.
    group: &'static str,
    /// What it is called; controls of both partners have the same label.
    label: String,
    /// `a`, `b`, or none.
    partner: Option<&'static str>,
    meaning: &'static str,
    /// `number`, `integer` or `switch`.
    kind: &'static str,
    unit: &'static str,
    low: f64,
    high: f64,
    slider: SliderRange,
    /// The scenario's value.
    pub(crate) value: Value,
    /// The program's default, where it is a single number.
    default: Option<f64>,
    symbol: &'static str,
    source: &'static str,
    provenance: &'static str,
    /// Mechanisms without which it has no effect, or what holds without this one.
    mechanisms: &'static [&'static str],
    absence: &'static str,
    /// Whether it is shown before "more" is opened.
    first: bool,
}

/// What a slider covers; a number can be typed outside it.
#[derive(Clone, Copy, Debug, Serialize)]
struct SliderRange {
    low: f64,
    high: f64,
    logarithmic: bool,
}

impl SliderRange {
    /// All values between two ends, at equal distances.
    fn linear(low: f64, high: f64) -> SliderRange {
        SliderRange {
            low,
            high,
            logarithmic: false,
        }
    }

    /// A range that fits a value within bounds.
    fn around(value: f64, low: f64, high: f64) -> SliderRange {
        if high - low <= NARROW {
            return SliderRange::linear(low, high);
        }
        if value <= 0.0 {
            return SliderRange::linear(low, high.min(low + NARROW).max(value));
        }
        SliderRange {
            low: low.max(value / SLIDER_FACTOR),
            high: high.min(value * SLIDER_FACTOR),
            logarithmic: true,
        }
    }
}

impl PageControl {
    /// A number of the model.
    fn number(group: &'static str, key: String, line: &ParameterSpec, value: f64) -> PageControl {
        PageControl {
            key,
            group,
            label: capitalised(line.key),
            partner: None,
            meaning: line.meaning,
            kind: "number",
            unit: line.unit,
            low: line.low,
            high: line.high,
            slider: SliderRange::around(value, line.low, line.high),
            value: json!(value),
            default: Some(line.default),
            symbol: line.symbol,
            source: line.source,
            provenance: line.provenance.label(),
            mechanisms: line.mechanisms,
            absence: "",
            first: false,
        }
    }

    /// A control that is no number of the model.
    fn other(group: &'static str, key: String, label: &str, value: Value) -> PageControl {
        PageControl {
            key,
            group,
            label: label.to_owned(),
            partner: None,
            meaning: "",
            kind: "switch",
            unit: "",
            low: 0.0,
            high: 1.0,
            slider: SliderRange::linear(0.0, 1.0),
            value,
            default: None,
            symbol: "",
            source: "",
            provenance: "",
            mechanisms: &[],
            absence: "",
            first: false,
        }
    }
}

/// Everything that can be changed in a scenario on the page, in the page's order.
pub(crate) fn controls(scenario: &Scenario) -> Vec<PageControl> {
    let spec = &scenario.spec;
    let mut all = size_controls(scenario);
    for variable in &spec.variables {
        variable_controls(&mut all, variable);
    }
    for mechanism in MECHANISMS {
        let on = spec.mechanisms.get(mechanism.key).unwrap_or(true);
        let key = format!("mechanisms.{}", mechanism.key);
        let control = PageControl::other("mechanisms", key, &capitalised(mechanism.key), json!(on));
        all.push(PageControl {
            meaning: mechanism.meaning,
            absence: mechanism.absence,
            default: Some(1.0),
            ..control
        });
    }
    for line in PARAMETERS {
        let value = spec.parameters.get(line.key).unwrap_or(line.default);
        let key = format!("parameters.{}", line.key);
        all.push(PageControl::number("parameters", key, line, value));
    }
    let settable = scenario.settable_keys();
    all.retain_mut(|control| {
        let own = settable.iter().find(|own| own.key == control.key);
        if let Some(Accepts::Number { low, high }) = own.map(|own| &own.accepts) {
            (control.low, control.high) = (*low, *high);
        }
        own.is_some() || control.group == "size"
    });
    all
}

/// How long, how many, and with which random numbers: key, label, unit, meaning, lowest and highest value,
/// and how far the slider reaches.
const SIZES: [(&str, &str, &str, &str, [f64; 3]); 3] = [
    (
        "days",
        "Days",
        "days",
        "Length of the run",
        [1.0, 36_525.0, 1_825.0],
    ),
    (
        "couples",
        "Couples",
        "couples",
        "Couples that are simulated: the more, the narrower the intervals",
        [1.0, 1e9, 5_000.0],
    ),
    (
        "seed",
        "Seed",
        "",
        "Seed of all random numbers: another seed gives other couples of the same kind",
        [0.0, 9_007_199_254_740_992.0, 100.0],
    ),
];

fn size_controls(scenario: &Scenario) -> Vec<PageControl> {
    let spec = &scenario.spec;
    let values = [u64::from(spec.size.days), spec.size.couples, spec.seed];
    let both = SIZES.iter().zip(values);
    both.map(
        |((key, label, unit, meaning, [low, high, reach]), value)| PageControl {
            meaning,
            kind: "integer",
            unit,
            low: *low,
            high: *high,
            slider: SliderRange::linear(*low, reach.max(value as f64)),
            first: *key == "days",
            ..PageControl::other("size", format!("run.{key}"), label, json!(value))
        },
    )
    .collect()
}

/// The controls of what varies over couples: one for each number of its distribution.
fn variable_controls(all: &mut Vec<PageControl>, variable: &Variable) {
    let line = variable.place.description();
    let (table, person, key) = key_of(variable.place);
    let prefix = match person {
        Some(person) => format!("{table}.{}.{key}", PARTNERS[person]),
        None => format!("{table}.{key}"),
    };
    let group = match variable.place {
        InitialVariable::Trait(..) | InitialVariable::Contact => "traits",
        InitialVariable::Start(..) => "initial",
        InitialVariable::Upbringing(..) => "childhood",
    };
    let partner = person.map(|person| PARTNERS[person]);
    let first = group == "traits" && FIRST_TRAITS.contains(&key);
    if let Some(value) = variable.distribution.constant_value() {
        let own = PageControl::number(group, prefix, line, value);
        all.push(PageControl {
            partner,
            first,
            ..own
        });
        return;
    }
    for (name, value) in &variable.distribution.numbers {
        let (name, value) = as_median(name, *value);
        let (what, slider) = match name {
            "median" if line.high <= 1.0 => ("", SliderRange::linear(0.02, 0.98)),
            "median" | "mean" => ("", SliderRange::around(value, line.low, line.high)),
            "logit_sd" => (": spread", SliderRange::linear(0.0, 3.0)),
            "log_sd" => (": spread", SliderRange::linear(0.0, 2.0)),
            "sd" => (
                ": spread",
                SliderRange::linear(0.0, 0.5 * (line.high - line.low)),
            ),
            "low" => (": lowest", SliderRange::linear(line.low, line.high)),
            _ => (": highest", SliderRange::linear(line.low, line.high)),
        };
        let own = PageControl::number(group, format!("{prefix}.{name}"), line, value);
        all.push(PageControl {
            label: format!("{}{what}", own.label),
            slider: SliderRange {
                low: slider.low.min(value),
                high: slider.high.max(value),
                ..slider
            },
            default: default_number(variable.place, name),
            partner,
            first: first && what.is_empty(),
            ..own
        });
    }
}

/// A number of a distribution, where the logarithmic form of a median is the median.
fn as_median(name: &str, value: f64) -> (&str, f64) {
    match name {
        "log_odds" => ("median", logistic(value)),
        "log_median" => ("median", exp(value)),
        _ => (name, value),
    }
}

/// A number of the default distribution of a variable.
fn default_number(place: InitialVariable, name: &str) -> Option<f64> {
    let distribution = Variable::default_of(place).distribution;
    let numbers = distribution.numbers.iter();
    let mut numbers = numbers.map(|(own, value)| as_median(own, *value));
    numbers.find_map(|(own, value)| (own == name).then_some(value))
}

/// All that the page needs before its first run, as JSON.
pub(crate) fn page_description(scenario: &Scenario, initial: &[String]) -> Value {
    let observables: Vec<Value> = OBSERVABLES
        .iter()
        .map(|(observable, info)| {
            json!({
                "key": info.key, "label": label(info.key), "unit": info.unit, "low": info.low,
                "high": info.high, "of_couple": info.of_couple, "count": observable.is_count(),
                "meaning": info.meaning,
            })
        })
        .collect();
    let events = scenario.tree.node("event");
    json!({
        "title": scenario.title(),
        "description": scenario.description(),
        // The default scenario has no file.
        "file": (scenario.text() != Scenario::default().text()).then(|| scenario.file_name()),
        "overrides": scenario.overrides().iter().map(Override::text).collect::<Vec<_>>(),
        "version": env!("CARGO_PKG_VERSION"),
        "initial": initial,
        "controls": controls(scenario),
        "observables": observables,
        "cuts": { "trust": scenario.spec.cuts.trust, "intimacy": scenario.spec.cuts.intimacy },
        "events": events.map_or_else(|| json!([]), json_of),
        "event_kinds": json_schema()["properties"]["event"]["items"]["oneOf"],
    })
}

/// A value of a tree without errors as JSON.
fn json_of(node: &TomlNode) -> Value {
    match &node.value {
        TomlValue::Text(text) => json!(text),
        TomlValue::Integer(value) => json!(value),
        TomlValue::Float(value) => json!(value),
        TomlValue::Bool(on) => json!(on),
        TomlValue::List(list) => list.iter().map(json_of).collect(),
        TomlValue::Table(table) => {
            let entries = table.entries.iter();
            entries
                .map(|entry| (entry.key.clone(), json_of(&entry.node)))
                .collect()
        }
        // A tree without errors holds neither.
        TomlValue::TooBig(_) | TomlValue::Date => Value::Null,
    }
}
