//! `[measurement]`: what a study asks couples, and sees through scales with errors.

use crate::scenario::diagnostic::{Code, Diagnostic};
use crate::scenario::docs::keys_table;
use crate::scenario::json_schema::{closed, of_kind};
use crate::scenario::reader::{OpenTable, ScenarioReader, beyond_the_run};
use crate::scenario::schema::{Access, KeySpec, MOST_DAYS, TableSpec, TemplateForm, ValueKind};
use crate::scenario::spec::ScenarioSpec;
use crate::scenario::tree::{TomlNode, TomlTable, toml_line, toml_list};
use crate::simulation::{Occasion, SCALES, Survey};
use serde_json::{Value, json};

/// Most items of a scale: as many as have errors of their own.
const MOST_ITEMS: i64 = 100;
/// Most steps of an item: those of a slider.
const MOST_POINTS: i64 = 101;
/// Lowest reliability: below, scores carry next to no information.
const LEAST_RELIABLE: f64 = 0.05;

pub(crate) fn table() -> TableSpec {
    let share = |key, place, doc| KeySpec::number(key, 0.0, 1.0, doc).kept(place).unit("1");
    let scales = "a number for all scales, or a table of scales";
    let keys = vec![
        KeySpec::integers(
            "waves",
            1,
            MOST_DAYS,
            "Days on which the questionnaire is given; by default the last day, and [] for none",
        )
        .kept(Access::Written(waves_to_toml))
        .unit("days")
        .example("[365]"),
        KeySpec::integer(
            "diary_from",
            1,
            MOST_DAYS,
            "First day of the diary; by default such that it ends with the run",
        )
        .kept(Access::U32(|spec| &mut spec.survey().diary_from))
        .unit("days")
        .example("352"),
        KeySpec::integer(
            "diary_days",
            0,
            MOST_DAYS,
            "Days of the diary, 0 for none; by default 14, or as many as the run has",
        )
        .kept(Access::U32(|spec| &mut spec.survey().diary_days))
        .unit("days")
        .example("14"),
        KeySpec::integer(
            "points",
            0,
            MOST_POINTS,
            "Steps of an item: scores go from 1 to this; 0 for answers without steps from 1 to 7",
        )
        .kept(Access::U32(|spec| &mut spec.survey().points)),
        KeySpec::number(
            "style",
            0.0,
            0.5,
            "Standard deviation of response style, which a person has in all scales, as a share of \
             their length",
        )
        .kept(Access::Float(|spec| &mut spec.survey().style))
        .unit("1"),
        share(
            "missing",
            Access::Float(|spec| &mut spec.survey().missing),
            "Probability that a person misses a day of the diary",
        ),
        share(
            "conflict_reported",
            Access::Float(|spec| &mut spec.survey().conflict_reported),
            "Probability that a day's conflict that did not hurt is reported",
        ),
        KeySpec::number(
            "conflict_reported_hurt",
            0.0,
            10.0,
            "What is added to it where the partner's answer in the conflict fell short of trust by all \
             of the scale",
        )
        .kept(Access::Float(|spec| &mut spec.survey().conflict_reported_hurt))
        .unit("1"),
        share(
            "unresponsive_as_conflict",
            Access::Float(|spec| &mut spec.survey().unresponsive_as_conflict),
            "Probability that unresponsive episodes of a day are reported as conflict",
        ),
        share(
            "conflict_false_alarm",
            Access::Float(|spec| &mut spec.survey().conflict_false_alarm),
            "Probability that conflict is reported of a day without any",
        ),
        KeySpec::special(
            "items",
            "a whole number for all scales, or a table of scales",
            "Items whose mean is the score",
        ),
        KeySpec::switch(
            "keep_items",
            "Whether the answer to each item is kept, in the tables `wave_items` and `diary_items`",
        )
        .kept(Access::SwitchOf(|spec, _| {
            Some(&mut spec.survey().keep_items)
        })),
        KeySpec::special(
            "reliability",
            scales,
            "Share of the scores' variance that is not error, where states have the standard \
             deviation `sd`",
        ),
        KeySpec::special(
            "sd",
            scales,
            "Standard deviation of the states at which the scale has its reliability, as a share of \
             its length",
        ),
    ];
    let doc = "What a study asks couples, and sees through scales with errors; nothing is measured \
               without this table";
    TableSpec {
        shown: TemplateForm::Optional,
        settable: false,
        inner: vec![
            scale_table("measurement.items", |key, doc| {
                KeySpec::integer(key, 1, MOST_ITEMS, doc).kept(Access::U32Of(|spec, key| {
                    spec.survey().items.get_mut(scale(key)?)
                }))
            }),
            scale_table("measurement.reliability", |key, doc| {
                KeySpec::number(key, LEAST_RELIABLE, 1.0, doc).kept(Access::FloatOf(|spec, key| {
                    spec.survey().reliability.get_mut(scale(key)?)
                }))
            }),
            scale_table("measurement.sd", |key, doc| {
                KeySpec::number(key, 0.005, 0.5, doc).kept(Access::FloatOf(|spec, key| {
                    spec.survey().sd.get_mut(scale(key)?)
                }))
            }),
        ],
        write: Some(write),
        json: Some(json),
        page: Some(page),
        ..TableSpec::new("measurement", doc, keys)
    }
}

/// A table with a key for each scale.
fn scale_table(name: &'static str, key: fn(&'static str, &'static str) -> KeySpec) -> TableSpec {
    let keys = SCALES.iter().map(|scale| key(scale.key, scale.meaning));
    TableSpec::new(name, "", keys.collect())
}

/// The position of a scale.
fn scale(key: &str) -> Option<usize> {
    SCALES.iter().position(|scale| scale.key == key)
}

fn waves_to_toml(spec: &ScenarioSpec) -> String {
    let work = spec.record.survey.iter();
    toml_list(work.flat_map(|work| work.waves.iter().map(u32::to_string)))
}

pub(crate) fn read(reader: &mut ScenarioReader, root: &TomlTable, spec: &mut ScenarioSpec) {
    spec.record.survey = None;
    if root.node("measurement").is_none() {
        return;
    }
    let table = reader.open(root, "measurement");
    reader.read_keys(&table, spec);
    let days = spec.size.days;
    let work = spec.survey();
    let example = "write for example `waves = [30, 60]`";
    if let Some(waves) = reader.days(&table, "waves", days, example, "a wave is") {
        work.waves = waves;
    }
    diary(reader, &table, work, days);
    if table
        .node("waves")
        .and_then(TomlNode::list)
        .is_some_and(<[TomlNode]>::is_empty)
        && work.diary_days == 0
    {
        let message = "`waves` must not be empty where there is no diary either";
        let error = Diagnostic::new(Code::EmptyList, table.at("waves"), message).label("empty");
        reader.report(error.hint("list a day, or take [measurement] out to measure nothing"));
    }
    if work.points == 1 {
        let message = "`points` cannot be 1: an item of one step tells nothing";
        let error = Diagnostic::new(Code::OutOfRange, table.at("points"), message);
        reader.report(
            error
                .label("one step")
                .hint("write 2 or more, or 0 for answers without steps"),
        );
    }
    for inner in &table.spec.inner {
        read_scales(reader, &table, inner, "trust", spec);
    }
}

/// Completes the diary where one of its ends is left to the other.
fn diary(reader: &mut ScenarioReader, table: &OpenTable<'_>, work: &mut Survey, days: u32) {
    let given = |key| table.node(key).is_some();
    let (from, count) = (given("diary_from"), given("diary_days"));
    if from && work.diary_from > days {
        let from = work.diary_from;
        let message = format!("`diary_from` is day {from}, but the run has only {days} days");
        reader.report(beyond_the_run(table.at("diary_from"), message, days));
        return;
    }
    if count && !from {
        work.diary_from = match work.diary_days {
            0 => 1,
            count => (days + 1).saturating_sub(count).max(1),
        };
    }
    let left = days + 1 - work.diary_from;
    if !count {
        work.diary_days = left.min(Survey::DEFAULT_DIARY_DAYS);
    } else if work.diary_days > left {
        let message = format!(
            "a diary of {} days from day {} on reaches beyond the last day, {days}",
            work.diary_days, work.diary_from
        );
        reader.report(beyond_the_run(table.at("diary_days"), message, left));
    }
}

/// The key of a table of scales within its own table.
pub(super) fn key_of_scales(inner: &TableSpec) -> &'static str {
    inner.name.rsplit('.').next().unwrap_or(inner.name)
}

/// Reads what one of the tables of scales says: a number of all scales, or a table, of which `example` is a scale.
pub(super) fn read_scales(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    inner: &'static TableSpec,
    example: &str,
    spec: &mut ScenarioSpec,
) {
    let key = key_of_scales(inner);
    let Some(node) = table.node(key) else { return };
    if let Some(scales) = node.table() {
        let scales = reader.open_as(Some(scales), inner.name, inner, &[]);
        reader.read_keys(&scales, spec);
        return;
    }
    let first = &inner.keys[0];
    let ValueKind::One(accepts) = &first.kind else {
        return;
    };
    let hint = format!(
        "write a number for all scales, or a table such as `{key} = {{ {example} = {} }}`",
        first.default
    );
    let read = accepts.read(node).map_err(|error| error.or_hint(hint));
    if let Some(setting) = reader.accept(node, key, read) {
        for scale in &inner.keys {
            scale.access.set(spec, scale.key, &setting);
        }
    }
}

/// The keys of the measurement, and of each table of scales.
fn write(spec: &ScenarioSpec, table: &TableSpec) -> String {
    match spec.record.survey {
        Some(_) => write_with_scales(spec, table, |_| true),
        None => String::new(),
    }
}

/// The keys of a table that are kept, and of each of its tables of scales.
pub(super) fn write_with_scales(
    spec: &ScenarioSpec,
    table: &TableSpec,
    is_kept: impl Fn(&str) -> bool,
) -> String {
    let mut text = String::new();
    let mut spec = spec.clone();
    for table in std::iter::once(table).chain(&table.inner) {
        text.push_str(&format!("\n[{}]\n", table.name));
        for key in table.keys.iter().filter(|key| is_kept(key.key)) {
            if let Some(value) = key.access.to_toml(&mut spec, key.key) {
                toml_line(&mut text, key.key, &value);
            }
        }
    }
    text
}

fn json(table: &TableSpec) -> Value {
    let mut schema = closed(table, &[]);
    let properties = &mut schema["properties"];
    properties["points"]["not"] = json!({ "const": 1 });
    for inner in &table.inner {
        properties[key_of_scales(inner)]["anyOf"] =
            json!([of_kind(&inner.keys[0].kind), closed(inner, &[])]);
    }
    schema
}

const PROSE: &str = "\
Where this table stands, even empty, `pairbond run` also writes what a study would have in its files:
`diary` and `diary_pairwise` (a row a person and day), `waves` (a row a person and wave of the
questionnaire), `instruments` (a row a scale) and, with `keep_items`, `diary_items` and `wave_items` (a row an
answer). `diary_means`, `diary_variation` and `wave_means` summarise them: means with intervals, who answered, variation
between and within persons; the charts `diary`, `diary_variation` and `waves` show these. Couples answer while they are together. The simulation
is the same with and without; sweeps leave the measurement out.

";

const SCALES_PROSE: &str = "\
`items`, `reliability` and `sd` take a number for all scales, or a table of scales such as
`[measurement.reliability]`, in which scales that are not named keep their defaults. A state from 0 to 1
is felt with the person's style; each item adds an error of its own and is answered in `points` steps, no
lower than the lowest and no higher than the highest; the score is the items' mean, from 1 to `points`.

The error of an item is what gives the scale its `reliability` where states have the standard deviation
`sd`. It belongs to the instrument: who else is asked, on which days and in which scenario,
changes no error and no answer. Where couples differ less than `sd` the reliability in the sample is
lower, where they differ more it is higher, as with a real scale; steps and ends of the scale take a
little away. `instruments` says what it came to.

";

fn page(table: &TableSpec) -> String {
    let mut text = PROSE.to_owned() + &keys_table(table) + SCALES_PROSE;
    text.push_str("| scale | asked in | `items` | `reliability` | `sd` | meaning |\n");
    text.push_str("| --- | --- | --- | --- | --- | --- |\n");
    for (index, scale) in SCALES.iter().enumerate() {
        let occasion = match scale.occasion {
            Occasion::Wave => "waves",
            Occasion::Diary => "diary",
        };
        let defaults = table
            .inner
            .iter()
            .map(|inner| format!("`{}`", inner.keys[index].default));
        let defaults = defaults.collect::<Vec<_>>().join(" | ");
        let (key, doc) = (scale.key, scale.meaning);
        text.push_str(&format!("| `{key}` | {occasion} | {defaults} | {doc} |\n"));
    }
    text.push('\n');
    text
}
