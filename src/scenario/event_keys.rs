//! The kinds of events and the keys that each of them takes.

use super::catalogue::{KeySpec, Kind, MOST_DAYS, TableSpec};
use crate::model::parameter_spec::ParameterSpec;
use crate::model::parameters::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::types::{STATES, TRAITS};

/// One kind of event.
pub(crate) struct EventKind {
    pub(crate) word: &'static str,
    pub(crate) meaning: &'static str,
    /// Keys that must be given.
    pub(crate) needs: &'static [&'static str],
    /// Keys that may be given, besides `kind` and `label`.
    pub(crate) takes: &'static [&'static str],
}

/// The key that says which kind of event it is.
pub(crate) const KIND: &str = "kind";

/// Every kind of event.
pub(crate) const KINDS: &[EventKind] = &[
    EventKind {
        word: "betrayal",
        meaning: "The partner named by `of` is betrayed by the other",
        needs: &["day", "of"],
        takes: &["deception"],
    },
    EventKind {
        word: "stress",
        meaning: "A stressful event covers a share of the way to full stress",
        needs: &["day", "size"],
        takes: &["partner"],
    },
    EventKind {
        word: "state",
        meaning: "A state is multiplied, shifted or set once",
        needs: &["day", "state"],
        takes: &["partner", "factor", "add", "set"],
    },
    EventKind {
        word: "trait",
        meaning: "A trait is multiplied, shifted or set for a time",
        needs: &["from", "trait"],
        takes: &["until", "for", "partner", "factor", "add", "set"],
    },
    EventKind {
        word: "parameter",
        meaning: "A parameter is multiplied, shifted or set for a time",
        needs: &["from", "parameter"],
        takes: &["until", "for", "factor", "add", "set"],
    },
    EventKind {
        word: "mechanism",
        meaning: "A mechanism is switched for a time",
        needs: &["from", "mechanism", "on"],
        takes: &["until", "for"],
    },
];

/// Largest shift or setting that the form of an event allows; its number's own range is narrower.
const FAR: f64 = 1e6;

/// `[[event]]`.
pub(crate) fn section() -> TableSpec {
    let keys =
        |table: &'static [ParameterSpec]| table.iter().map(|line| line.key).collect::<Vec<_>>();
    let day = Kind::Whole {
        low: 1,
        high: MOST_DAYS,
    };
    let end = Kind::Whole {
        low: 1,
        high: MOST_DAYS + 1,
    };
    let partner = || Kind::Word(vec!["a", "b", "both"]);
    let far = || Kind::Number {
        low: -FAR,
        high: FAR,
    };
    let kinds = KINDS.iter().map(|kind| kind.word).collect();
    let switches = MECHANISMS.iter().map(|switch| switch.key).collect();
    let field = KeySpec::new;
    TableSpec {
        name: "event",
        meaning: "What is to happen on given days; write one [[event]] for each",
        fields: vec![
            field(
                "kind",
                Kind::Word(kinds),
                "",
                "",
                "What kind of event it is",
            ),
            field(
                "label",
                Kind::Text { needed: true },
                "",
                "",
                "Its name in charts",
            ),
            field(
                "day",
                day.clone(),
                "",
                "day",
                "Day at whose end it happens; the run's first day is 1",
            ),
            field(
                "from",
                day.clone(),
                "",
                "day",
                "First day on which it holds",
            ),
            field(
                "until",
                end,
                "",
                "day",
                "First day on which it no longer holds; without it and `for` it holds to the end",
            ),
            field(
                "for",
                day,
                "",
                "days",
                "Days for which it holds, instead of `until`",
            ),
            field("partner", partner(), "\"both\"", "", "Whom it concerns"),
            field("of", partner(), "", "", "Who is betrayed"),
            field(
                "deception",
                Kind::Switch,
                "false",
                "",
                "Whether the betrayal comes with deception, which leaves a scar",
            ),
            field(
                "size",
                Kind::Number {
                    low: 0.0,
                    high: 1.0,
                },
                "",
                "1",
                "Share of the way to full stress",
            ),
            field("state", Kind::Word(keys(STATES)), "", "", "Which state"),
            field("trait", Kind::Word(keys(TRAITS)), "", "", "Which trait"),
            field(
                "parameter",
                Kind::Word(keys(PARAMETERS)),
                "",
                "",
                "Which parameter",
            ),
            field("mechanism", Kind::Word(switches), "", "", "Which mechanism"),
            field(
                "on",
                Kind::Switch,
                "",
                "",
                "Whether it is on during that time",
            ),
            field(
                "factor",
                Kind::Number {
                    low: 0.0,
                    high: FAR,
                },
                "1.0",
                "1",
                "What the number is multiplied by; it is then held to its range",
            ),
            field("add", far(), "0.0", "", "What is then added"),
            field(
                "set",
                far(),
                "",
                "",
                "The number's new value, instead of `factor` and `add`",
            ),
        ],
    }
}
