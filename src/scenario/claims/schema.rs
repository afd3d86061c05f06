//! `[condition.NAME]` and `[[claim]]`: keys, JSON Schema, and their part of the reference page.

use super::{ClaimRule, EXPECTED, TOGETHER};
use crate::model::parameters::MECHANISMS;
use crate::scenario::json_schema::{closed, refine};
use crate::scenario::schema::{KeySpec, MOST_DAYS, TableForm, TableSpec, TemplateForm};
use crate::simulation::{OBSERVABLES, Over, Role, couples_schema};
use crate::table::Kind;
use serde_json::{Map, Value, json};

/// Keys that every claim must give.
pub(crate) const REQUIRED: [&str; 5] = ["name", "statement", "rule", "sesoi", "expect"];
/// Keys of which a claim gives exactly one: what is observed.
pub(crate) const OBSERVED: [&str; 3] = ["observable", "correlation", "slope"];
/// Largest weight, number to compare with, and effect.
pub(crate) const LARGEST: f64 = 1e6;
/// Tables whose keys a condition can set.
const SETTABLE: [&str; 10] = [
    "run",
    "traits",
    "initial",
    "childhood",
    "couple",
    "correlations",
    "mechanisms",
    "parameters",
    "event",
    "regimes",
];
const NAME: &str = "^[a-z][a-z0-9_]*$";

/// `[condition.NAME]`, whose keys are those of the scenario.
pub(crate) fn conditions() -> TableSpec {
    let doc = "Variants of the scenario that runs and claims compare: each [condition.NAME] puts values in \
               place of the file's, as `--set` does";
    TableSpec {
        form: TableForm::Named,
        settable: false,
        examples: CONDITION_EXAMPLES,
        json: Some(conditions_json),
        page: Some(|_| CONDITIONS.to_owned()),
        ..TableSpec::new("condition", doc, Vec::new())
    }
}

/// `[[claim]]`.
pub(crate) fn claims() -> TableSpec {
    let day = |key, doc| KeySpec::integer(key, 0, MOST_DAYS, doc).unit("days");
    let columns = "a list of two columns of the couples' table in quotes";
    let observables = OBSERVABLES
        .iter()
        .map(|(_, info)| info.key)
        .chain([TOGETHER]);
    let keys = vec![
        KeySpec::text("name", "Its name in tables and charts, in snake_case"),
        KeySpec::text("statement", "What is claimed, as a sentence"),
        KeySpec::key_of(
            "observable",
            observables,
            "What is observed: the mean over the couples of a day, or the share of couples intact after it",
        ),
        KeySpec::word(
            "role",
            Role::WORDS.iter().copied(),
            "Of whom it is observed: partner A, partner B, or the couple's mean",
        )
        .default("\"couple\""),
        KeySpec::word(
            "over",
            Over::WORDS.iter().copied(),
            "Over which couples: those still together on the day, or all, of whom those that separated have \
             the value of their break-up",
        )
        .default("\"together\""),
        day("day", "Day on which it is observed; by default the last"),
        day(
            "from",
            "First of the days over which it is averaged, in place of one `day`; by default 0, or 1 for events",
        ),
        day("to", "Last of these days; by default the last of the run"),
        KeySpec::special(
            "correlation",
            columns,
            "What is observed, instead of an observable: the correlation of two columns over couples",
        ),
        KeySpec::special(
            "slope",
            columns,
            "What is observed, instead: the slope of the first column on the second over couples",
        ),
        KeySpec::special(
            "contrast",
            "a table of conditions with their weights, such as `{ calm = 1, stressed = -1 }`",
            "The effect: a weighted sum over conditions",
        ),
        KeySpec::special(
            "order",
            "a list of such tables",
            "In place of `contrast`: effects, the largest first",
        ),
        KeySpec::number(
            "null",
            -LARGEST,
            LARGEST,
            "Null value, which is taken from the effect",
        )
        .default("0.0")
        .unit("as observed"),
        KeySpec::word(
            "rule",
            ClaimRule::WORDS.iter().copied(),
            "Whether the effect is above the smallest one of interest, below its negative, nearer to \
             zero than it, or each effect of an order that much above the next",
        ),
        KeySpec::number(
            "sesoi",
            0.0,
            LARGEST,
            "Smallest effect size of interest, above 0",
        )
        .unit("as observed"),
        KeySpec::word("expect", EXPECTED, "The verdict that is expected"),
        KeySpec::words(
            "requires",
            MECHANISMS.iter().map(|switch| switch.key),
            "Mechanisms each of whose removal must overturn that verdict",
        ),
    ];
    let doc = "What is claimed of couples, and what would refute it; write one [[claim]] for each";
    TableSpec {
        form: TableForm::List("a claim"),
        shown: TemplateForm::Described,
        settable: false,
        prose: CLAIMS,
        examples: CLAIM_EXAMPLES,
        json: Some(claims_json),
        ..TableSpec::new("claim", doc, keys)
    }
}

/// What a condition sets may be one number of a distribution, or a key of an event by its number, so
/// that the tables inside are looser than those of the scenario itself.
fn conditions_json(_: &TableSpec) -> Value {
    let any = |name: &str| (name.to_owned(), json!({ "type": ["object", "array"] }));
    let inner: Map<String, Value> = SETTABLE.iter().map(|name| any(name)).collect();
    json!({
        "type": "object",
        "propertyNames": { "pattern": NAME },
        "additionalProperties": {
            "type": "object", "additionalProperties": false, "properties": inner
        },
    })
}

/// One form for an effect, and one for an order of effects.
fn claims_json(table: &TableSpec) -> Value {
    let forms = [claim_form(table, "contrast"), claim_form(table, "order")];
    json!({ "type": "array", "items": { "oneOf": forms } })
}

fn claim_form(table: &TableSpec, of: &str) -> Value {
    let order = of == "order";
    let own = table.only(|key| match key {
        "contrast" | "order" => key == of,
        "null" => !order,
        _ => true,
    });
    let mut schema = closed(&own, &[&REQUIRED[..], &[of]].concat());
    let weights = json!({
        "type": "object",
        "minProperties": 1,
        "propertyNames": { "pattern": NAME },
        "additionalProperties": {
            "type": "number", "minimum": -LARGEST, "maximum": LARGEST, "not": { "const": 0 }
        },
    });
    let columns = json!({
        "type": "array", "minItems": 2, "maxItems": 2, "uniqueItems": true,
        "items": { "enum": numeric_columns() },
    });
    let properties = &mut schema["properties"];
    properties["name"]["pattern"] = json!(NAME);
    properties["sesoi"]["exclusiveMinimum"] = json!(0);
    for key in ["correlation", "slope"] {
        refine(&mut properties[key], columns.clone());
    }
    if order {
        properties["rule"] = json!({ "const": "order" });
        let list = json!({ "type": "array", "minItems": 2, "items": weights });
        refine(&mut properties["order"], list);
    } else {
        properties["rule"] = json!({ "enum": ["greater", "less", "equivalent"] });
        refine(&mut properties["contrast"], weights);
    }
    schema["oneOf"] = OBSERVED
        .iter()
        .map(|key| json!({ "required": [key] }))
        .collect();
    let observable = json!(["observable"]);
    schema["dependentRequired"] = json!({
        "role": observable, "over": observable, "day": observable, "from": observable, "to": observable
    });
    let both = |one: &str, other: &str| json!({ "not": { "required": [one, other] } });
    schema["allOf"] = json!([both("day", "from"), both("day", "to")]);
    schema
}

/// Columns of times to the break-up, which are missing or censored for couples that stayed together.
const TIMES: [&str; 2] = ["end_day", "time"];

/// The couples' table's columns of numbers.
pub(crate) fn numeric_columns() -> Vec<String> {
    let columns = couples_schema([true; 2]).columns.into_iter();
    let numbers = columns
        .filter(|column| column.kind == Kind::Float && !TIMES.contains(&column.name.as_str()));
    numbers.map(|column| column.name).collect()
}

const CONDITIONS: &str = "\
`pairbond run` and `pairbond claims` simulate the scenario once for each condition. Conditions share common
random numbers within each replicate, so that they differ only by what they set. The first condition is the
reference: `pairbond run` compares each of the others with it, couple by couple (table `differences`). A condition
holds keys as the file does, such as `traits.a.responsiveness.median = 0.9` or `mechanisms.repair = false`;
`event.1.size = 0.0` reaches the first event of the file, `event.LABEL.size` the one with that label, and
`[[condition.NAME.event]]` puts events in the place of all of the file's. `[condition.usual]` without a key is
the scenario as it is. Conditions cannot set the title, the seed, couples, days, replicates, nor what is recorded.

";

const CLAIMS: &str = "\
A claim observes one number of each replicate and condition (an observable, a correlation or a slope; each
replicate is an ensemble of `couples`), adds them up with the weights of its `contrast`, takes `null` away,
and so has an effect in each replicate. `{ trusting = 1, wary = -1 }` is a difference,
`{ wary_calm = 1, wary_stressed = -1, trusting_calm = -1, trusting_stressed = 1 }` a difference of
differences, `{ usual = 1 }` one condition against a number. In an `order` each effect is compared with the
next, and all of these differences are judged.

There are looks after 16, 32, 64 … replicates and after the last, as many as `--max-runs` allows. At each
look the effect has an interval about its mean over replicates. All intervals of all looks and claims of a file
hold together with 95 %: the 5 % are shared out evenly over the claims, within an order over its differences,
and over the looks in proportion to their replicates (Bonferroni). Intervals are Student's, widened for
skewness. Where most values of a condition, or of an effect, are equal, the spread of the few others is not
known. While there are fewer than 16 others, the interval is widened by the highest probability that their
number allows, times the largest possible distance on the observable's scale. So 16 replicates without a rare
event prove nothing, unless a mechanism that is off rules the event out, or conditions simulate the same. A
claim is

- supported, once the interval lies beyond the smallest effect of interest on the side that `rule` says;
- refuted, once it lies wholly on the other side: the effect is too small, or of the other sign;
- undecided, where neither is so after the last replicate.

An order is supported once each difference is, and refuted once one is. A claim that is decided keeps its
interval, and is run no further. Where no couple is together on a day that a claim observes, it has no
effect, and stays undecided. Means are over the couples of a day, which are those intact when it ends and those
that break up as it ends; \"share intact\" is the share after it. Where conditions differ in who leaves, means
of who stayed differ though no couple does. With `over = \"all\"` a mean is over all couples, and those that
separated before the day have the value that they had at their break-up (of events, that of its day); with
`dissolution = false` under [mechanisms] no couple separates. Observables of a day's events (bids, responsive,
unresponsive, disclosure, conflict) have no day 0: a claim cannot observe them on it, and a mean over days leaves
it out.

`--audit` tests each claim again with half the step, other moments, twice the couples, two other seeds and
swapped partners, none of which may change what is claimed. ROBUST is a claim whose verdicts all agree and whose
effect is not known to change by more than half its `sesoi`; SHIFTED one whose effect does; FRAGILE one with
verdicts that contradict each other; INCONCLUSIVE one for which some verdict is undecided. All intervals, those
of the variations included, then hold together with 95 %, so that they are wider, and take more replicates, than
without it.

`--ablate MECHANISM` takes a mechanism out of all conditions. Claims that name it in `requires` must
then have another verdict than the one expected; of the others nothing is expected.

";

const CONDITION_EXAMPLES: &str = "\
# Examples: the scenario as it is, and with harder times.
#[condition.usual]
#[condition.stressed]
#parameters.stress_event_rate = 0.3
#traits.a.patience = 0.1
";

const CLAIM_EXAMPLES: &str = "\
# Examples: a difference between two conditions, and a correlation within one.
#[[claim]]
#name = \"stress_costs_satisfaction\"
#statement = \"Stress costs satisfaction\"
#observable = \"satisfaction\"
#role = \"couple\"
#over = \"all\"
#day = 365
#contrast = { stressed = 1.0, usual = -1.0 }
#null = 0.0
#rule = \"less\"
#sesoi = 0.01
#expect = \"supported\"
#requires = [\"stress\"]

#[[claim]]
#name = \"the_anxious_trust_less\"
#statement = \"The more anxious a partner, the less trust there is in the end\"
#correlation = [\"trust_end_a\", \"anxiety_a\"]
#contrast = { usual = 1.0 }
#rule = \"less\"
#sesoi = 0.1
#expect = \"supported\"
";
