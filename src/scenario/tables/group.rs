//! `[group]`: the groups of couples by which the tables of a run are split.

use crate::scenario::diagnostic::{Code, Diagnostic};
use crate::scenario::docs::{code, keys_table};
use crate::scenario::json_schema::closed;
use crate::scenario::reader::ScenarioReader;
use crate::scenario::schema::{KeySpec, TableSpec, TemplateForm};
use crate::scenario::spec::ScenarioSpec;
use crate::scenario::tree::{TomlTable, toml_line, toml_text};
use crate::simulation::groups::{GROUP_VARIABLES, GroupVariable, Grouping, MOST_QUANTILES};
use serde_json::{Value, json};

/// Groups by quantiles where nothing else is said.
const QUANTILES: i64 = 3;

pub(crate) fn table() -> TableSpec {
    let words = GROUP_VARIABLES.iter().map(|variable| variable.key.as_str());
    let keys = vec![
        KeySpec::key_of("by", words, "What couples are grouped by"),
        KeySpec::integer(
            "quantiles",
            2,
            i64::from(MOST_QUANTILES),
            "Number of groups of equal size, of a number; by default 3",
        )
        .example("3"),
    ];
    TableSpec {
        shown: TemplateForm::Described,
        settable: false,
        examples: EXAMPLES,
        write: Some(write),
        json: Some(json),
        page: Some(page),
        ..TableSpec::new(
            "group",
            "Groups of couples, by which tables and charts of a run are split",
            keys,
        )
    }
}

const EXAMPLES: &str = "\
# Examples: three groups of the same size, from little to much anxiety of partner A.
#[group]
#by = \"anxiety_a\"
#quantiles = 3
";

pub(crate) fn read(reader: &mut ScenarioReader, root: &TomlTable, spec: &mut ScenarioSpec) {
    spec.record.groups = None;
    if root.node("group").is_none() {
        return;
    }
    let table = reader.open(root, "group");
    reader.need(&table, &["by"]);
    let by = reader.word(&table, "by").and_then(GroupVariable::named);
    let quantiles = reader.integer(&table, "quantiles");
    let Some(by) = by else { return };
    if let Some(entry) = table.entry("quantiles").filter(|_| !by.is_number()) {
        let message = format!("`{}` has groups of its own, and no quantiles", by.key);
        let error = Diagnostic::new(Code::Conflict, entry.key_at, message).label("does nothing");
        reader.report(error.hint("take it out, or group by a number such as `anxiety_a`"));
    }
    spec.record.groups = Some(Grouping {
        by,
        quantiles: quantiles.unwrap_or(QUANTILES) as u32,
        cuts: Vec::new(),
    });
}

fn write(spec: &ScenarioSpec, _: &TableSpec) -> String {
    let mut text = String::new();
    if let Some(groups) = &spec.record.groups {
        text.push_str("\n[group]\n");
        toml_line(&mut text, "by", &toml_text(&groups.by.key));
        if groups.by.is_number() {
            toml_line(&mut text, "quantiles", &groups.quantiles.to_string());
        }
    }
    text
}

fn json(table: &TableSpec) -> Value {
    let mut schema = closed(table, &["by"]);
    let styles = GROUP_VARIABLES
        .iter()
        .filter(|variable| !variable.is_number());
    let styles: Vec<&str> = styles.map(|variable| variable.key.as_str()).collect();
    schema["if"] = json!({ "properties": { "by": { "enum": styles } }, "required": ["by"] });
    schema["then"] = json!({ "properties": { "quantiles": false } });
    schema
}

const PROSE: &str = "\
With this table `pairbond run` also writes `groups` (a row a group: its bounds, couples and share intact),
`group_trajectory` (means with standard deviation, interval and number of couples by group, day and observable),
`group_survival` and the chart of each; `couples` has the column `group`. The couples are simulated once, and
their other results do not change. Sweeps and claims leave the groups out.

`style_a` and `style_b` are the attachment styles of one partner at the start: secure, preoccupied, dismissing and
fearful, cut at 0.5, the middle of the scales of anxiety and avoidance (Bartholomew & Horowitz 1991; Brennan, Clark &
Shaver 1998). Styles are regions of two dimensions and not kinds of people: two couples on both sides of a cut
may hardly differ, and groups lose what varies within them (Fraley & Waller 1998). Groups by quantiles of
`anxiety_a` or `avoidance_a`, or a regression on these columns of `couples`, use more of it. `style` has three
groups: both partners secure, one, neither (Senchak & Leonard 1992).

A number is a trait or an initial state of one partner (`anxiety_a`, `trust_b`), the mean of both partners
(`anxiety`), or the couple's `contact_rate`. Its groups have the same size: cuts are quantiles of the initial values of
all couples of the run, or of its first 16,384 couples if there are more, which are drawn before the run without
simulating them. A value on a cut belongs to the group above it. Where many couples have the same value, groups differ
in size, and a number that does not vary puts all couples into the last group. `run` warns of groups of fewer
than 30 couples.

";

fn page(table: &TableSpec) -> String {
    let mut text = PROSE.to_owned() + &keys_table(table);
    let others = GROUP_VARIABLES
        .iter()
        .filter(|variable| !variable.is_number());
    let others: Vec<String> = others
        .map(|variable| {
            format!(
                "{} ({})",
                code(&variable.key),
                variable.meaning.to_lowercase()
            )
        })
        .collect();
    text.push_str(&format!(
        "`by` takes {}, and the keys of traits, initial states and the couple's contact rate as above.\n\n",
        others.join(", ")
    ));
    text
}
