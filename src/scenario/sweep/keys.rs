//! The sweep's keys: its designs, and which keys each of them takes.

use crate::scenario::catalogue::{KeySpec, Kind, TableSpec};

/// One kind of design.
pub(crate) struct DesignKind {
    pub(crate) word: &'static str,
    pub(crate) meaning: &'static str,
    /// Keys that must be given.
    pub(crate) needs: &'static [&'static str],
    /// Keys that may be given, besides those that every design takes.
    pub(crate) takes: &'static [&'static str],
    /// Keys that each axis must give.
    pub(crate) axis_needs: &'static [&'static str],
    /// Keys that an axis may give, besides its key and name.
    pub(crate) axis_takes: &'static [&'static str],
}

/// Most points that a sweep may have.
pub(crate) const MOST_POINTS: u64 = 1 << 40;
/// Most steps along an axis.
const MOST_STEPS: i64 = 1_000_000;
/// Most runs of a point, as for `replicates`.
const MOST_RUNS: i64 = 1_000_000;

const LEVELS: &[&str] = &["range", "scale", "whole", "steps", "values"];
const SPACE: &[&str] = &["range", "scale", "whole", "values"];
const GROUPS: &[&str] = &["range", "scale", "whole", "values", "group"];

/// Every design.
pub(crate) const DESIGNS: &[DesignKind] = &[
    DesignKind {
        word: "grid",
        meaning: "every combination of the axes' levels",
        needs: &[],
        takes: &[],
        axis_needs: &[],
        axis_takes: LEVELS,
    },
    DesignKind {
        word: "list",
        meaning: "the first levels of all axes, then the second ones, and so on",
        needs: &[],
        takes: &[],
        axis_needs: &[],
        axis_takes: LEVELS,
    },
    DesignKind {
        word: "one-at-a-time",
        meaning: "the axes' baselines, and from there one axis at a time to its other levels",
        needs: &[],
        takes: &[],
        axis_needs: &["baseline"],
        axis_takes: LEVELS,
    },
    DesignKind {
        word: "latin-hypercube",
        meaning: "one point in each of so many strata of every axis",
        needs: &["points"],
        takes: &["seed", "placement"],
        axis_needs: &[],
        axis_takes: SPACE,
    },
    DesignKind {
        word: "sobol",
        meaning: "Sobol' points; their number is a power of two",
        needs: &["points"],
        takes: &["seed", "scramble"],
        axis_needs: &[],
        axis_takes: SPACE,
    },
    DesignKind {
        word: "halton",
        meaning: "Halton points",
        needs: &["points"],
        takes: &["seed", "scramble"],
        axis_needs: &[],
        axis_takes: SPACE,
    },
    DesignKind {
        word: "saltelli",
        meaning: "crossed pairs of Sobol' points, for variance-based indices; `points` is the number of base rows, a power of two",
        needs: &["points"],
        takes: &["seed", "scramble", "second_order"],
        axis_needs: &[],
        axis_takes: GROUPS,
    },
    DesignKind {
        word: "morris",
        meaning: "random walks on a grid, for elementary effects; `points` is the number of trajectories",
        needs: &["points"],
        takes: &["seed", "levels", "selection"],
        axis_needs: &[],
        axis_takes: GROUPS,
    },
    DesignKind {
        word: "table",
        meaning: "the rows of a CSV file, whose header names the axes' keys",
        needs: &["table"],
        takes: &[],
        axis_needs: &[],
        axis_takes: &[],
    },
];

impl DesignKind {
    /// The design of a name.
    pub(crate) fn named(word: &str) -> Option<&'static DesignKind> {
        DESIGNS.iter().find(|kind| kind.word == word)
    }
    /// Whether a key of `[sweep]` does something in this design.
    pub(crate) fn uses(&self, key: &str) -> bool {
        let own = |kind: &DesignKind| kind.needs.contains(&key) || kind.takes.contains(&key);
        own(self) || !DESIGNS.iter().any(own)
    }
    /// Whether a key of an axis does something in this design.
    pub(crate) fn uses_of_axis(&self, key: &str) -> bool {
        let own =
            |kind: &DesignKind| kind.axis_needs.contains(&key) || kind.axis_takes.contains(&key);
        own(self) || !DESIGNS.iter().any(own)
    }
}

fn switch(key: &'static str, default: &'static str, meaning: &'static str) -> KeySpec {
    KeySpec::new(key, Kind::Switch, default, "", meaning)
}

fn word(
    key: &'static str,
    words: &[&'static str],
    default: &'static str,
    meaning: &'static str,
) -> KeySpec {
    KeySpec::new(key, Kind::Word(words.to_vec()), default, "", meaning)
}

fn whole(
    key: &'static str,
    low: i64,
    high: i64,
    default: &'static str,
    meaning: &'static str,
) -> KeySpec {
    KeySpec::new(key, Kind::Whole { low, high }, default, "", meaning)
}

fn text(key: &'static str, meaning: &'static str) -> KeySpec {
    KeySpec::new(key, Kind::Text { needed: true }, "", "", meaning)
}

fn own(key: &'static str, kind: &'static str, meaning: &'static str) -> KeySpec {
    KeySpec::new(key, Kind::Own(kind), "", "", meaning)
}

/// `[sweep]`.
pub(crate) fn section() -> TableSpec {
    let designs: Vec<&'static str> = DESIGNS.iter().map(|kind| kind.word).collect();
    TableSpec {
        name: "sweep",
        meaning: "Which numbers, switches and choices `pairbond sweep` varies, and over which points",
        fields: vec![
            word("design", &designs, "", "How the points lie"),
            whole(
                "points",
                1,
                MOST_POINTS as i64,
                "",
                "Number of points, of base rows (saltelli), or of trajectories (morris)",
            ),
            KeySpec::new(
                "seed",
                Kind::Whole {
                    low: 0,
                    high: i64::MAX,
                },
                "",
                "",
                "Seed of the design's own randomness; by default that of the run",
            ),
            switch(
                "scramble",
                "true",
                "Whether Sobol' points are scrambled (Owen), and Halton points have permuted digits",
            ),
            word(
                "placement",
                &["centred", "jittered", "maximin"],
                "\"jittered\"",
                "Where in its strata a point of a Latin hypercube lies; maximin keeps of many centred ones that whose nearest points are farthest apart",
            ),
            switch(
                "second_order",
                "false",
                "Whether the points also serve second-order indices",
            ),
            whole(
                "levels",
                2,
                1_000,
                "4",
                "Levels of the grid that trajectories walk on, an even number",
            ),
            word(
                "selection",
                &["plain", "spread"],
                "\"spread\"",
                "Whether trajectories are taken as drawn, or those most widely spread among many",
            ),
            text(
                "table",
                "CSV file with the points, beside the scenario file",
            ),
            switch(
                "common_random_numbers",
                "true",
                "Whether all points share their random numbers, so that they differ by the axes alone",
            ),
            own(
                "measures",
                "a list of names of measures",
                "What is measured of each run; by default the share together and the means of the usual observables",
            ),
            switch("couples", "false", "Whether the row of each couple is kept"),
            whole(
                "reference",
                1,
                MOST_POINTS as i64,
                "1",
                "Number of the point that contrasts are taken against; one-at-a-time begins with its baseline",
            ),
            own(
                "until",
                "a table such as `{ half_width = 0.01, of = \"mean trust\", max = 10000 }`",
                "When a point has been run often enough; without it each is run `replicates` times",
            ),
            own("axis", "tables, each under `[[sweep.axis]]`", "The axes"),
        ],
    }
}

/// `[[sweep.axis]]`.
pub(crate) fn axis() -> TableSpec {
    TableSpec {
        name: "sweep.axis",
        meaning: "What is varied; write one [[sweep.axis]] for each",
        fields: vec![
            text(
                "key",
                "Dotted key as for `--set`; all but the seed, the replicates and the recording can be varied",
            ),
            text(
                "name",
                "Its name in tables and charts, in snake_case; by default made from the key",
            ),
            own(
                "range",
                "a list of two numbers, the lower one first",
                "Lowest and highest value",
            ),
            word(
                "scale",
                &["linear", "log"],
                "\"linear\"",
                "Whether equal steps along the range are equal differences or equal ratios",
            ),
            switch(
                "whole",
                "",
                "Whether only whole numbers of the range are taken, each as likely; by default where the key takes no others",
            ),
            whole(
                "steps",
                2,
                MOST_STEPS,
                "",
                "Number of levels along the range, its ends among them",
            ),
            own(
                "values",
                "a list of values that the key takes",
                "Levels, instead of a range",
            ),
            text("group", "Name of a group whose axes move together"),
            own(
                "baseline",
                "a value that the key takes",
                "The value from which the other axes depart",
            ),
        ],
    }
}

/// `until` of `[sweep]`.
pub(crate) fn until() -> TableSpec {
    TableSpec {
        name: "sweep.until",
        meaning: "When a point has been run often enough",
        fields: vec![
            KeySpec::new(
                "half_width",
                Kind::Number {
                    low: 0.0,
                    high: 1e6,
                },
                "",
                "",
                "Half-width that the interval of the mean over runs must reach, above 0",
            ),
            own(
                "of",
                "the name of a measure in quotes",
                "The measure, one of `measures`",
            ),
            KeySpec::new(
                "confidence",
                Kind::Number {
                    low: 0.5,
                    high: 0.9999,
                },
                "0.95",
                "",
                "Confidence of the interval",
            ),
            whole(
                "max",
                50,
                MOST_RUNS,
                "",
                "Most runs of a point, not fewer than `replicates`; none is judged before its 50th run",
            ),
        ],
    }
}
