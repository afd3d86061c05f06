//! `[sweep]`, its axes and its stopping rule: keys, JSON Schema, and their part of the reference page.

use super::measure::PATTERNS;
use crate::scenario::docs::{code, codes, inner_page, keys_table, table_head, table_row};
use crate::scenario::json_schema::{closed, refine};
use crate::scenario::schema::{KeySpec, TableForm, TableSpec, TemplateForm};
use crate::simulation::{Measure, OBSERVABLES};
use serde_json::{Value, json};

/// One kind of design.
pub(crate) struct DesignKind {
    pub(crate) word: &'static str,
    pub(crate) doc: &'static str,
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

/// Columns of the tables that have a column for each axis, and the word that stands for an axis in
/// `effects`: an axis cannot have these names.
pub(crate) const RESERVED_NAMES: &[(&str, &str)] = &[
    ("point", "a column of `points`"),
    ("status", "a column of `points`"),
    ("runs", "a column of `points`"),
    ("precise", "a column of `points`"),
    ("reason", "a column of `points`"),
    ("replicate", "a column of `runs`"),
    ("seed", "a column of `runs`"),
    ("couples", "a column of `runs`"),
    ("ended", "a column of `runs`"),
    ("n", "a column of `runs`"),
    ("observable", "a column of `summaries`"),
    ("mean", "a column of `summaries`"),
    ("sd", "a column of `summaries`"),
    ("mcse", "a column of `summaries`"),
    ("ci_low", "a column of `summaries`"),
    ("ci_high", "a column of `summaries`"),
    ("run_sd", "a column of `summaries`"),
    ("q05", "a column of `summaries`"),
    ("q25", "a column of `summaries`"),
    ("q50", "a column of `summaries`"),
    ("q75", "a column of `summaries`"),
    ("q95", "a column of `summaries`"),
    ("baseline", "the word for the baseline in `effects`"),
];

/// Why an axis cannot have a name: what else has it in the sweep's tables.
pub(crate) fn reserved(name: &str) -> Option<String> {
    let fixed = RESERVED_NAMES.iter().find(|(column, _)| *column == name);
    let measured = || {
        Measure::all()
            .iter()
            .any(|measure| measure.column() == name)
    };
    match fixed {
        Some((_, what)) => Some((*what).to_owned()),
        None => measured().then(|| "the column of a measure in `runs`".to_owned()),
    }
}

const LEVELS: &[&str] = &["range", "scale", "integer", "steps", "values"];
const DEPARTURES: &[&str] = &["range", "scale", "integer", "steps", "values", "baseline"];
const SPACE: &[&str] = &["range", "scale", "integer", "values"];
const GROUPS: &[&str] = &["range", "scale", "integer", "values", "group"];

/// Every design.
pub(crate) const DESIGNS: &[DesignKind] = &[
    DesignKind {
        word: "grid",
        doc: "every combination of the axes' levels",
        needs: &[],
        takes: &[],
        axis_needs: &[],
        axis_takes: LEVELS,
    },
    DesignKind {
        word: "list",
        doc: "the first levels of all axes, then the second ones, and so on",
        needs: &[],
        takes: &[],
        axis_needs: &[],
        axis_takes: LEVELS,
    },
    DesignKind {
        word: "one-at-a-time",
        doc: "the axes' baselines, and from there one axis at a time to its other levels",
        needs: &[],
        takes: &[],
        axis_needs: &[],
        axis_takes: DEPARTURES,
    },
    DesignKind {
        word: "latin-hypercube",
        doc: "one point in each of so many strata of every axis",
        needs: &["points"],
        takes: &["seed", "placement"],
        axis_needs: &[],
        axis_takes: SPACE,
    },
    DesignKind {
        word: "sobol",
        doc: "Sobol' points; their number is a power of two",
        needs: &["points"],
        takes: &["seed", "scramble"],
        axis_needs: &[],
        axis_takes: SPACE,
    },
    DesignKind {
        word: "halton",
        doc: "Halton points",
        needs: &["points"],
        takes: &["seed", "scramble"],
        axis_needs: &[],
        axis_takes: SPACE,
    },
    DesignKind {
        word: "saltelli",
        doc: "crossed pairs of Sobol' points, for variance-based indices; `points` is the number of base rows, a power of two",
        needs: &["points"],
        takes: &["seed", "scramble", "scrambles", "second_order"],
        axis_needs: &[],
        axis_takes: GROUPS,
    },
    DesignKind {
        word: "morris",
        doc: "random walks on a grid, for elementary effects; `points` is the number of trajectories",
        needs: &["points"],
        takes: &["seed", "levels", "selection"],
        axis_needs: &[],
        axis_takes: GROUPS,
    },
    DesignKind {
        word: "table",
        doc: "the rows of a CSV file, whose header names the axes' keys",
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
    /// Whether its points have levels of the axes, or are listed, so that values name a point.
    pub(crate) fn has_levels(&self) -> bool {
        matches!(self.word, "grid" | "list" | "one-at-a-time" | "table")
    }
    /// Why its points cannot be left out by constraints, if they cannot.
    pub(crate) fn refuses_constraints(&self) -> Option<&'static str> {
        match self.word {
            "saltelli" => Some(
                "its indices compare points that differ in the axes of one group, and hold for axes that \
                 vary independently",
            ),
            "morris" => Some(
                "each step of a trajectory is compared with the one before it, and a point that is left out \
                 breaks the trajectory",
            ),
            _ => None,
        }
    }
    /// Whether a key of an axis does something in this design.
    pub(crate) fn uses_of_axis(&self, key: &str) -> bool {
        let own =
            |kind: &DesignKind| kind.axis_needs.contains(&key) || kind.axis_takes.contains(&key);
        own(self) || !DESIGNS.iter().any(own)
    }
}

/// `[sweep]`.
pub(crate) fn table() -> TableSpec {
    let points = MOST_POINTS as i64;
    let keys = vec![
        KeySpec::word("design", DESIGNS.iter().map(|kind| kind.word), "How the points lie"),
        KeySpec::integer(
            "points",
            1,
            points,
            "Number of points, of base rows (saltelli), or of trajectories (morris)",
        ),
        KeySpec::integer(
            "seed",
            0,
            i64::MAX,
            "Seed of the design's own randomness; by default that of the run",
        ),
        KeySpec::switch(
            "scramble",
            "Whether Sobol' points are scrambled (Owen), and Halton points have permuted digits",
        )
        .default("true"),
        KeySpec::integer(
            "scrambles",
            1,
            64,
            "Number of independent scrambles that share the base rows: 1, 4, 8, 16, 32 or 64; their spread gives the intervals of indices, and with 1 a bootstrap that is too wide. By default 8 of 1024 base rows or more, else 1",
        ),
        KeySpec::word(
            "placement",
            ["centred", "jittered", "maximin"],
            "Where in its strata a point of a Latin hypercube lies; maximin keeps of many centred ones that whose nearest points are farthest apart",
        )
        .default("\"jittered\""),
        KeySpec::switch("second_order", "Whether the points also serve second-order indices")
            .default("false"),
        KeySpec::integer(
            "levels",
            2,
            1_000,
            "Levels of the grid that trajectories walk on, an even number",
        )
        .default("4"),
        KeySpec::word(
            "selection",
            ["plain", "optimized"],
            "Whether trajectories are taken as drawn, or those most widely spread among many, which biases effects that are not linear",
        )
        .default("\"plain\""),
        KeySpec::text("table", "CSV file with the points, next to the scenario file"),
        KeySpec::switch(
            "common_random_numbers",
            "Whether all points share their random numbers, so that they differ by the axes alone",
        )
        .default("true"),
        KeySpec::special(
            "measures",
            "a list of names of measures",
            "What is measured of each run; by default the share intact and the means of the default observables",
        ),
        KeySpec::switch("couples", "Whether the row of each couple is kept").default("false"),
        KeySpec::special(
            "reference",
            "a whole number from 1, or a table such as `{ anxiety = 0.1 }`",
            "The point that contrasts are taken against: its number, or values of axes, of which it is the first \
             point that has them; one-at-a-time begins with its baseline",
        )
        .default("1"),
        KeySpec::special(
            "until",
            "a table such as `{ half_width = 0.01, of = \"mean trust\", max = 10000 }`",
            "When a point has been run often enough; without it each is run `replicates` times",
        ),
        KeySpec::special(
            "constraints",
            "a list of comparisons in quotes, such as `[\"low < high\"]`",
            "What points must satisfy; the others are left out, before points are numbered",
        ),
        KeySpec::special("axis", "tables, each under `[[sweep.axis]]`", "The axes"),
    ];
    let doc = "Which numbers, switches and choices `pairbond sweep` varies, and over which points";
    TableSpec {
        shown: TemplateForm::Described,
        settable: false,
        inner: vec![axis(), until()],
        examples: EXAMPLES,
        json: Some(json),
        page: Some(page),
        ..TableSpec::new("sweep", doc, keys)
    }
}

/// `[[sweep.axis]]`.
fn axis() -> TableSpec {
    let keys = vec![
        KeySpec::text(
            "key",
            "Dotted key as for `--set`; all but the seed, the replicates and the recording can be varied. An axis \
             with a `name` and without a key is for formulas of other axes",
        ),
        KeySpec::text(
            "name",
            "Its name in tables and charts, in snake_case; by default made from the key",
        ),
        KeySpec::special(
            "range",
            "a list of two numbers, the lower one first",
            "Lowest and highest value",
        ),
        KeySpec::word(
            "scale",
            ["linear", "log"],
            "Whether equal steps along the range are equal differences or equal ratios",
        )
        .default("\"linear\""),
        KeySpec::switch(
            "integer",
            "Whether only whole numbers of the range are taken, each as likely; by default where the key takes no others",
        ),
        KeySpec::integer(
            "steps",
            2,
            MOST_STEPS,
            "Number of levels along the range, its ends among them",
        ),
        KeySpec::special(
            "values",
            "a list of values that the key takes",
            "Levels, instead of a range",
        ),
        KeySpec::text(
            "formula",
            "Value that follows from other axes, such as `\"low + width\"`, instead of a range or values",
        ),
        KeySpec::text("group", "Name of a group whose axes move together"),
        KeySpec::special(
            "baseline",
            "a value that the key takes",
            "The value from which the other axes depart; without it, that of the scenario",
        ),
    ];
    TableSpec {
        form: TableForm::List("an axis"),
        prose: AXES,
        ..TableSpec::new(
            "sweep.axis",
            "What is varied; write one [[sweep.axis]] for each",
            keys,
        )
    }
}

/// `until` of `[sweep]`.
fn until() -> TableSpec {
    let keys = vec![
        KeySpec::number(
            "half_width",
            0.0,
            1e6,
            "Half-width that the interval of the mean over runs must reach, above 0",
        ),
        KeySpec::special(
            "of",
            "the name of a measure in quotes",
            "The measure, one of `measures`",
        ),
        KeySpec::number("confidence", 0.5, 0.9999, "Confidence of the interval").default("0.95"),
        KeySpec::integer(
            "max",
            50,
            MOST_RUNS,
            "Most runs of a point, not fewer than `replicates`; none is judged before its 50th run",
        ),
    ];
    TableSpec {
        form: TableForm::Inline("until"),
        prose: UNTIL,
        ..TableSpec::new(
            "sweep.until",
            "When a point has been run often enough",
            keys,
        )
    }
}

/// One form for each design.
fn json(table: &TableSpec) -> Value {
    let forms: Vec<Value> = DESIGNS
        .iter()
        .map(|kind| design_form(table, kind))
        .collect();
    json!({ "type": "object", "oneOf": forms })
}

fn design_form(table: &TableSpec, kind: &DesignKind) -> Value {
    let of_table = kind.word == "table";
    let mut required = [&["design"], kind.needs].concat();
    required.extend((!of_table).then_some("axis"));
    let has_constraints = kind.refuses_constraints().is_none();
    let is_used = |key: &str| kind.uses(key) && (has_constraints || key != "constraints");
    let mut schema = closed(&table.only(is_used), &required);
    schema["description"] = json!(format!("Points: {}", kind.doc));
    let properties = &mut schema["properties"];
    properties["design"] = json!({ "const": kind.word });
    let list =
        |least: usize, items: Value| json!({ "type": "array", "minItems": least, "items": items });
    let mut names = list(1, measure_form());
    names["uniqueItems"] = json!(true);
    refine(&mut properties["measures"], names);
    refine(&mut properties["until"], until_form(table.inner("until")));
    if has_constraints {
        let constraint = json!({ "type": "string", "pattern": "[<>]" });
        let all = list(0, constraint.clone());
        let forms = json!({ "anyOf": [constraint, all] });
        refine(&mut properties["constraints"], forms);
    }
    let axis = axis_form(table.inner("axis"), kind);
    refine(&mut properties["axis"], list(usize::from(!of_table), axis));
    let number = json!({ "type": "integer", "minimum": 1, "maximum": MOST_POINTS });
    let values = json!({ "type": "object" });
    let reference = if kind.has_levels() {
        json!({ "anyOf": [number, values] })
    } else {
        number
    };
    refine(&mut properties["reference"], reference);
    if matches!(kind.word, "sobol" | "saltelli") {
        let powers: Vec<u64> = (0..=MOST_POINTS.ilog2()).map(|power| 1 << power).collect();
        refine(&mut properties["points"], json!({ "enum": powers }));
    }
    if kind.uses("scrambles") {
        let counts = json!({ "enum": [1, 4, 8, 16, 32, 64] });
        refine(&mut properties["scrambles"], counts);
    }
    if kind.uses("levels") {
        refine(&mut properties["levels"], json!({ "multipleOf": 2 }));
    }
    schema
}

fn axis_form(table: &TableSpec, kind: &DesignKind) -> Value {
    let mut schema = closed(&table.only(|key| kind.uses_of_axis(key)), kind.axis_needs);
    schema["anyOf"] = match kind.uses_of_axis("values") {
        // An axis without a key is for formulas.
        true => json!([{ "required": ["key"] }, { "required": ["name"] }]),
        false => json!([{ "required": ["key"] }]),
    };
    let properties = &mut schema["properties"];
    let reserved: Vec<String> = RESERVED_NAMES
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .chain(Measure::all().iter().map(Measure::column))
        .collect();
    let refused = "^(?:record|measurement|sweep)\\.|^run\\.(?:seed|replicates)$";
    refine(
        &mut properties["key"],
        json!({ "not": { "pattern": refused } }),
    );
    refine(
        &mut properties["name"],
        json!({ "pattern": "^[a-z][a-z0-9_]*$", "not": { "enum": reserved } }),
    );
    let value = json!({ "type": ["number", "boolean", "string"] });
    if kind.uses_of_axis("baseline") {
        refine(&mut properties["baseline"], value.clone());
    }
    if kind.uses_of_axis("values") {
        let unique = kind.word != "list";
        refine(
            &mut properties["values"],
            json!({ "type": "array", "minItems": 1, "uniqueItems": unique, "items": value }),
        );
        refine(
            &mut properties["range"],
            json!({ "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": "number" } }),
        );
        let range: &[&str] = if kind.uses_of_axis("steps") {
            &["range", "steps"]
        } else {
            &["range"]
        };
        schema["oneOf"] = json!([
            { "required": range },
            { "required": ["values"] },
            {
                "required": ["formula", "key"],
                "not": { "anyOf": [{ "required": ["range"] }, { "required": ["values"] }] }
            }
        ]);
        schema["dependentRequired"] =
            json!({ "scale": ["range"], "integer": ["range"], "steps": ["range"] });
    }
    schema
}

fn until_form(table: &TableSpec) -> Value {
    let mut schema = closed(table, &["half_width", "of", "max"]);
    let properties = &mut schema["properties"];
    refine(
        &mut properties["half_width"],
        json!({ "exclusiveMinimum": 0 }),
    );
    refine(&mut properties["of"], measure_form());
    schema
}

fn measure_form() -> Value {
    let names: Vec<String> = Measure::all().iter().map(ToString::to_string).collect();
    let mut forms = vec![json!({ "enum": names })];
    forms.extend(PATTERNS.map(|pattern| json!({ "type": "string", "pattern": pattern })));
    json!({ "anyOf": forms })
}

const SWEEP: &str = "\
`pairbond sweep` runs the scenario at many points, each with its own values of the axes' keys. A key is
set at a point just as `--set` would set it, after the file and all overrides. If the values of a point are
invalid together, the point is marked as failed, and the sweep goes on.

Points of a grid are numbered as a table of them is read, the first axis slowest, and all tables have their rows in
that order. They are run in another order, in which the first ones are spread over the axes as well as so
many points can be: shards and what was done before a stop see all of the space. Other designs are run in the order of
their numbers. Complete designs of
their own are, of a grid, the first points with one in each cell of a coarser grid (of 16 × 16 levels the
first 4, 16 and 64; where the numbers of levels are prime, only the whole); of Sobol' points the first
powers of two; of Halton points any number; of Saltelli's the first powers of two of whole base rows; of
Morris' any number of whole trajectories; of a list any number; of a Latin hypercube only the whole.

";

const AXES: &str = "\
Each axis has a `range` or lists its `values`. In a grid, a list and one-at-a-time a range is cut into
`steps` levels, its ends among them; the other designs reach every value of it. Listed values divide an
axis into equal parts, which are levels of a grid, and are as likely as one another elsewhere. Morris'
trajectories move along a range by about half of it (2/3 on 4 levels), and from one listed value to a
neighbour: of as many trajectories as there are values, each pair of neighbours is compared once, and so are
the first and the last. Effects are per distance moved, in units of the range; between words and switches
the distance is 1. Axes of
one `group` (saltelli, morris) move together and have one index together. Without a `name` an axis is
called by its key without the table, `responsiveness_median` for `traits.responsiveness.median`, or by the
complete key where another column of the tables has that name: `run_couples` for `run.couples`. A `name`
of another column, such as `status` or `mean_trust`, is refused.

An axis with a `formula` is derived: its value follows at each point from those of other axes, by + - * / and
parentheses. The design has the other axes alone, and tables have a column for each derived axis after those of the
design's axes. Where the key takes whole numbers only, the value is rounded to the nearest one. An axis with a `name`
and without a `key` sets nothing itself and is for formulas. In this way the width of an event is varied apart from its
beginning:

```toml
[[sweep.axis]]
key = \"event.1.from\"
name = \"start\"
values = [30, 60]

[[sweep.axis]]
name = \"width\"
values = [10, 20, 40]

[[sweep.axis]]
key = \"event.1.until\"
name = \"end\"
formula = \"start + width\"
```

Where a formula has no finite value, or one that the key does not take, the point fails as with other values that are
invalid together.

`constraints` compare axes with each other, with numbers and with formulas, by `<`, `<=`, `>` and `>=`, also in a row:
`[\"low < high\", \"0.2 <= low + width <= 1\"]`. Points that do not satisfy all of them are left out, and the others are
numbered from 1. They are tried in their order, so that a later one may divide by what an earlier one keeps above
zero. Values are compared without the rounding errors of their last digits. `points` of a design is its number before
some are left out. A grid from which points are left out has neither `effects` nor `interactions`, as not all levels
meet. Sobol' and Halton points fill the allowed region about as evenly as the whole range. A Latin hypercube then has at
most one point in each stratum. Designs of Saltelli and Morris refuse constraints: their indices need every point, and
axes that vary independently. There, and where all points are to be kept, take a derived axis: instead of
`low < high`, vary `low` and a positive `width`, and derive `high`.

A table of points is a CSV file. Its first line names the columns, every other line is a point. Columns are
separated by commas, or by semicolons, tabs or single blanks where the first line has no comma; with
semicolons a number may have a decimal comma. A column whose name is a key, such as `run.couples`, is an
axis; `[[sweep.axis]]` with `key` and `name` gives it another name. A column whose name has no dot,
in snake_case, is a label of the points, which `points` and `runs` take over.

Values are numbers (`40`, `40.0`, `4e+01`), `true` or `false` in small or capital letters or as 1 or 0,
and words without quotes. So tables are read as R, pandas, numpy and spreadsheets write them; numbers of
rows in a first column without a name are passed over. The table `points` of an earlier sweep is a table
of points too.

";

const UNTIL: &str = "\
With `until` a point is first run `replicates` times, and then until the confidence interval of the
measure's mean over runs is narrow enough, at most `max` times. The first look is never before the 50th
run, and every look is a tenth further on than the one before. The interval is the mean over runs ± the
half-width. `points` says of each point how many runs it had, and whether they gave that precision. For
rare shares, such as a regime that one couple in three hundred is in, it takes more runs than it need.

Measured on the model by `cargo test --test program intervals_of_until -- --nocapture`, in studies of four
couples a run, at a confidence of 95 %: of 2000 intervals each, 95.8 % held the mean for trust within 0.0045 (291
runs on average), 96.2 % within 0.006 (166 runs), and 95.5 % for stress within 0.005 (166 runs); of the
intervals over couples in `summaries` 94.4 to 95.2 %. As many studies are made where `PAIRBOND_STUDIES`
says 2000, and else 400.


";

fn page(table: &TableSpec) -> String {
    let columns = [
        "`design`",
        "must be given",
        "may be given",
        "of an axis",
        "points",
    ];
    let mut text = SWEEP.to_owned() + &table_head(&columns);
    for kind in DESIGNS {
        let of_axis = codes(&[kind.axis_needs, kind.axis_takes].concat());
        let (needs, takes) = (codes(kind.needs), codes(kind.takes));
        text.push_str(&table_row(&[
            &code(kind.word),
            &needs,
            &takes,
            &of_axis,
            kind.doc,
        ]));
    }
    text.push('\n');
    text.push_str(&keys_table(table));
    text.push_str(&measures_prose());
    text.push_str(FINDINGS);
    text.extend(table.inner.iter().map(inner_page));
    text
}

const FINDINGS: &str = "\
What a sweep finds is in tables: `contrasts` of each point with the reference point and `noise` where points
have several runs, `regression` over the axes with numbers, `sobol` of a Saltelli design, `morris` of a Morris
design, `effects` of a grid and of one-at-a-time, `interactions` of a grid. A point that fails, or at which a measure has no value
because no couple is left, is missing from them. Each table says how many rows were `requested` and `used`;
rows that are missing are missing for a reason that the result depends on, so that nothing from a part of
the rows is called resolved. What is left out altogether is in the table `omitted` with the reason. A sweep
of which every point fails ends with exit code 1 and keeps its tables.

Intervals in `sobol`, `morris` and `regression` are about the model where each point has 4 replicates or more:
they hold what the choice of points leaves open, and what the random draws of the runs do (a jackknife over
replicates, with the bias that noise gives to an index). With fewer replicates they hold for these draws only,
other draws may give another index, and the verdict asks for replicates. How often intervals hold the truth was
measured: docs/coverage.md.

Where no run differs, by an axis or between points, there is no interval and nothing is resolved: the effect may
be rare, such as that of a betrayal that did not occur in these runs.

The part of the points in a Saltelli design is Student's interval over independent scrambles (`scrambles`). With one
scramble, the default below 1024 base rows, it is a bootstrap over base rows as if these were random. Sobol' points
are spread more evenly, so that it is 3 to 20 times too wide for a smooth output. More scrambles make intervals
honest and indices less precise, since each scramble has fewer points. The verdict asks for the next power of two
of base rows, and never for more.

`effects` of a grid compares means over all points at a level. The other axes' levels are fixed, so that
intervals are those of the simulation: where points share random numbers, the points of a level are averaged
within each replicate, and the interval is Student's over replicates; otherwise the variance within points
is pooled. With one run a point there is no interval. `difference` is the mean less that at the axis' first
level, or one at a time less that of the baseline.

`interactions` of a grid say for each two axes whether the effect of one depends on the other: by how much the difference
between a level and the first one is larger at a level of the other axis than at that one's first level (a
difference of differences, on the measure's own scale). Intervals are made as those of `effects`. A grid of more than
10,000 pairs of levels has none.

";

fn measures_prose() -> String {
    let keys = |own: fn(bool) -> bool| {
        let keys = OBSERVABLES.iter().filter(|(_, info)| own(info.of_couple));
        codes(&keys.map(|(_, info)| info.key).collect::<Vec<_>>())
    };
    format!(
        "A measure is `\"share intact\"`, the share of couples that are intact after the last day, or `\"mean KEY\"` \
         or `\"sd KEY\"` over the couples still together on the last day, with those that break up as it ends. KEY is one of {}. \
         A further ` a` or ` b` takes one partner alone, but for what belongs to the couple: {}. With ` over all` at the end, \
         such as `\"mean trust over all\"`, a measure is over all couples: those that separated before have the value that \
         they had at their break-up (of events, that of its day). `runs` has as `n`, and `summaries` as `couples`, how \
         many couples a measure is over.\n\n\
         A measure is of the last day unless it says another: `\"mean trust @ 60\"` is of day 60 (0 is the start), \
         `\"mean trust @ 30:60\"` the mean over days 30 to 60 of each day's measure. All days are then recorded, which takes \
         time. `\"correlation of trust_end_a with anxiety_a\"` and `\"slope of trust_end_a on anxiety_a\"` are over the \
         couples of a run, of two columns of numbers of `couples`. Measures over several days, correlations, slopes and \
         standard deviations have intervals over runs in `summaries`: none from one run.\n\n",
        keys(|_| true),
        keys(|of_couple| of_couple)
    )
}

const EXAMPLES: &str = "\
# Examples: five rates of stress, with and without buffering.
#[sweep]
#design = \"grid\"
#common_random_numbers = true
#measures = [\"mean stress\", \"share intact\"]
#couples = false
#reference = 1
#until = { half_width = 0.01, of = \"mean stress\", confidence = 0.95, max = 10000 }

#[[sweep.axis]]
#key = \"parameters.stress_event_rate\"
#name = \"stress_rate\"
#range = [0.02, 0.32]
#scale = \"log\"
#integer = false
#steps = 5

#[[sweep.axis]]
#key = \"mechanisms.buffering\"
#values = [true, false]
";
