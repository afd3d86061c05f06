//! The catalogue: every table and key of a scenario, with kind, range, default and meaning.
//!
//! Reading, the template, the reference page, the JSON Schema and the addresses of `--set` all
//! come from it; what belongs to the model comes here from the model's own tables.

use super::claims::keys as claim_keys;
use super::event_keys;
use super::measurement::keys as measurement_keys;
use super::sweep::keys as sweep_keys;
use crate::childhood::UPBRINGING;
use crate::model::IntimacyTarget;
use crate::model::parameter_spec::ParameterSpec;
use crate::model::parameters::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::types::{CONTACT, INVESTMENT, STATES, TRAITS};
use crate::simulation::OBSERVABLES;
use crate::simulation::defaults::has_initial_value;
use std::borrow::Cow;
use std::sync::LazyLock;

/// What kind of value a key takes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Text, not empty where the flag is set.
    Text { needed: bool },
    /// A whole number of a range.
    Whole { low: i64, high: i64 },
    /// A number of a range.
    Number { low: f64, high: f64 },
    /// One of some numbers.
    OneOf(&'static [f64]),
    /// True or false.
    Switch,
    /// One of some words.
    Word(Vec<&'static str>),
    /// A list of different words.
    Words(Vec<&'static str>),
    /// A list of different whole numbers of a range.
    Wholes { low: i64, high: i64 },
    /// One of some words, or a whole number of a range.
    WordOrWhole {
        words: &'static [&'static str],
        low: i64,
        high: i64,
    },
    /// A number of the description's range, or a distribution.
    Draw(&'static ParameterSpec),
    /// What is described in these words, and read by a reader of its own.
    Own(&'static str),
}

/// One key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KeySpec {
    pub(crate) key: &'static str,
    pub(crate) kind: Kind,
    /// The default as TOML; empty where there is none, or where it follows from other keys.
    pub(crate) default: Cow<'static, str>,
    pub(crate) unit: &'static str,
    pub(crate) meaning: Cow<'static, str>,
    /// The model's own description, where it is a number of the model.
    pub(crate) line: Option<&'static ParameterSpec>,
}

/// One table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TableSpec {
    /// Name of the table, empty for the top level.
    pub(crate) name: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) fields: Vec<KeySpec>,
}

impl KeySpec {
    pub(crate) fn new(
        key: &'static str,
        kind: Kind,
        default: impl Into<Cow<'static, str>>,
        unit: &'static str,
        meaning: impl Into<Cow<'static, str>>,
    ) -> KeySpec {
        KeySpec {
            key,
            kind,
            default: default.into(),
            unit,
            meaning: meaning.into(),
            line: None,
        }
    }

    fn number(line: &'static ParameterSpec) -> KeySpec {
        let kind = Kind::Number {
            low: line.low,
            high: line.high,
        };
        let mut field = KeySpec::new(
            line.key,
            kind,
            toml_number(line.default),
            line.unit,
            line.meaning,
        );
        field.line = Some(line);
        field
    }

    fn draw(line: &'static ParameterSpec) -> KeySpec {
        let mut field = KeySpec::new(line.key, Kind::Draw(line), "", line.unit, line.meaning);
        field.line = Some(line);
        field
    }
}

/// A number as TOML writes it, exactly.
pub(crate) fn toml_number(value: f64) -> String {
    format!("{value:?}")
}

/// Longest run (days): a hundred years.
pub(crate) const MOST_DAYS: i64 = 36_525;
/// Most couples of one ensemble.
const MOST_COUPLES: i64 = 1_000_000_000;
/// Most couples of all replicates together: more than any machine lives through.
pub(crate) const MOST_LIVES: i64 = 1_000_000_000_000;
/// So many recorded days are enough for a smooth curve.
pub(crate) const USUAL_RECORDED_DAYS: u32 = 400;
/// Days between the ends of an arrow of mean flow, where the run is that long.
pub(crate) const USUAL_FLOW_DAYS: u32 = 30;
/// Lengths of a step that divide a day exactly.
const STEPS: &[f64] = &[1.0, 0.5, 0.25];

/// The top level's own keys.
fn top() -> TableSpec {
    let text = |key, needed, meaning| KeySpec::new(key, Kind::Text { needed }, "", "", meaning);
    TableSpec {
        name: "",
        meaning: "What the scenario is",
        fields: vec![
            text("title", true, "What charts and reports are headed with"),
            text("description", false, "What the scenario asks, for readers"),
        ],
    }
}

/// `[run]`.
fn run() -> TableSpec {
    let whole = |key, low, high, default: &'static str, unit, meaning| {
        KeySpec::new(key, Kind::Whole { low, high }, default, unit, meaning)
    };
    TableSpec {
        name: "run",
        meaning: "How many couples live, how long, and with which random numbers",
        fields: vec![
            whole("seed", 0, i64::MAX, "1", "", "Seed of all random numbers"),
            whole(
                "couples",
                1,
                MOST_COUPLES,
                "1000",
                "couples",
                "Couples in an ensemble",
            ),
            whole("days", 1, MOST_DAYS, "365", "days", "Length of the run"),
            KeySpec::new(
                "step_days",
                Kind::OneOf(STEPS),
                "1.0",
                "days",
                "Length of a step",
            ),
            whole(
                "moments",
                1,
                24,
                "2",
                "per step",
                "Moments of a step, each with bids and conflicts",
            ),
            whole(
                "replicates",
                1,
                1_000_000,
                "1",
                "ensembles",
                "Ensembles with independent random numbers",
            ),
        ],
    }
}

/// `[traits]`, and with the same keys `[traits.a]` and `[traits.b]`.
fn traits() -> TableSpec {
    TableSpec {
        name: "traits",
        meaning: "What partners are: a number, or a distribution over couples",
        fields: TRAITS.iter().map(KeySpec::draw).collect(),
    }
}

/// `[start]`, and with the same keys `[start.a]` and `[start.b]`.
fn start() -> TableSpec {
    let own = STATES.iter().filter(|line| has_initial_value(line.key));
    TableSpec {
        name: "start",
        meaning: "How partners begin; anxiety and avoidance begin at the traits of these names",
        fields: own.map(KeySpec::draw).collect(),
    }
}

/// `[childhood]`, and with the same keys `[childhood.a]` and `[childhood.b]`.
fn childhood() -> TableSpec {
    TableSpec {
        name: "childhood",
        meaning: "What partners were brought up with, in the place of the traits `anxiety` and \
                  `avoidance`: with keys of its own, or without any key, the table is for both \
                  partners; with tables of partners alone, for these",
        fields: UPBRINGING.iter().map(KeySpec::draw).collect(),
    }
}

/// `[couple]`.
fn couple() -> TableSpec {
    TableSpec {
        name: "couple",
        meaning: "What belongs to the couple as a whole",
        fields: [&CONTACT, &INVESTMENT].map(KeySpec::draw).to_vec(),
    }
}

/// `[correlations]`, whose keys are names of pairs.
fn correlations() -> TableSpec {
    TableSpec {
        name: "correlations",
        meaning: "What goes together: correlations of the normal scores behind traits and starts",
        fields: Vec::new(),
    }
}

/// `[mechanisms]`.
fn mechanisms() -> TableSpec {
    let switch = |switch: &crate::model::parameters::MechanismSpec| {
        let meaning = format!("Whether {}; without it, {}", switch.meaning, switch.absence);
        KeySpec::new(switch.key, Kind::Switch, "true", "", meaning)
    };
    let mut fields: Vec<KeySpec> = MECHANISMS.iter().map(switch).collect();
    fields.push(KeySpec::new(
        "intimacy_target",
        Kind::Word(IntimacyTarget::WORDS.to_vec()),
        format!("\"{}\"", IntimacyTarget::default().word()),
        "",
        "What a disclosure that is met moves intimacy toward: the mean of depth and response, the \
         lesser of them, or the response alone",
    ));
    let meaning = "Which mechanisms of the model are on";
    TableSpec {
        name: "mechanisms",
        meaning,
        fields,
    }
}

/// `[parameters]`.
fn parameters() -> TableSpec {
    TableSpec {
        name: "parameters",
        meaning: "Parameters of the model",
        fields: PARAMETERS.iter().map(KeySpec::number).collect(),
    }
}

/// `[record]`.
fn record() -> TableSpec {
    let whole = |low, high| Kind::Whole { low, high };
    let words = OBSERVABLES.iter().map(|(_, info)| info.key).collect();
    let kept = Kind::WordOrWhole {
        words: &["none", "all"],
        low: 0,
        high: MOST_COUPLES,
    };
    let usual = OBSERVABLES.iter().filter(|(_, info)| info.default);
    let usual: Vec<String> = usual.map(|(_, info)| format!("\"{}\"", info.key)).collect();
    TableSpec {
        name: "record",
        meaning: "What is recorded; it changes nothing in what is lived",
        fields: vec![
            KeySpec::new(
                "every",
                whole(1, MOST_DAYS),
                "",
                "days",
                "Days between recorded days; by default as few as give at most 400 recorded days \
                 after the start",
            ),
            KeySpec::new(
                "observables",
                Kind::Words(words),
                format!("[{}]", usual.join(", ")),
                "",
                "What is recorded over time",
            ),
            KeySpec::new(
                "days",
                kept,
                "\"none\"",
                "couples",
                "Couples whose every day goes to the day table: none, all, or the first so many of \
                 each ensemble",
            ),
            KeySpec::new(
                "days_from",
                whole(1, MOST_DAYS),
                "1",
                "days",
                "First day that goes to the day table",
            ),
            KeySpec::new(
                "sample_couples",
                whole(0, 1_000),
                "4",
                "couples",
                "Couples whose days are kept for the picture of single couples",
            ),
            KeySpec::new(
                "phase_flow_days",
                whole(1, MOST_DAYS),
                "",
                "days",
                "Days between the ends of an arrow of mean flow; by default 30, or the whole run \
                 if that is shorter",
            ),
        ],
    }
}

/// `[regimes]`.
fn regimes() -> TableSpec {
    let cut = |key, meaning| {
        KeySpec::new(
            key,
            Kind::Number {
                low: 0.0,
                high: 1.0,
            },
            "0.5",
            "1",
            meaning,
        )
    };
    TableSpec {
        name: "regimes",
        meaning: "Where the balance regimes are cut, for the eye alone: the model never reads it",
        fields: vec![
            cut(
                "trust_cut",
                "Mean trust of the partners from which it counts as high",
            ),
            cut(
                "intimacy_cut",
                "Mean intimacy of the partners from which it counts as high",
            ),
        ],
    }
}

/// Every table in the order of the template, the top level first.
pub(crate) fn sections() -> Vec<TableSpec> {
    vec![
        top(),
        run(),
        traits(),
        start(),
        childhood(),
        couple(),
        correlations(),
        mechanisms(),
        parameters(),
        event_keys::section(),
        record(),
        regimes(),
        measurement_keys::section(),
        sweep_keys::section(),
        claim_keys::conditions(),
        claim_keys::claims(),
    ]
}

/// Every table, and those that stand inside another.
///
/// They are made once, as a sweep reads its scenario anew for each of its points.
pub(crate) fn every_section() -> &'static [TableSpec] {
    static EVERY: LazyLock<Vec<TableSpec>> = LazyLock::new(|| {
        let mut all = sections();
        all.extend(measurement_keys::tables());
        all.extend([sweep_keys::axis(), sweep_keys::until()]);
        all
    });
    &EVERY
}

/// The table of a name.
pub(crate) fn section(name: &str) -> &'static TableSpec {
    every_section()
        .iter()
        .find(|section| section.name == name)
        .expect("a table of the catalogue")
}
