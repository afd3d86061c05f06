//! The top level and `[run]`: what the scenario is, how many couples, how long, which random numbers.

use crate::scenario::code::Code;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::reader::ScenarioReader;
use crate::scenario::schema::{Access, KeySpec, MOST_DAYS, TableForm, TableSpec};
use crate::scenario::spec::ScenarioSpec;
use crate::scenario::tree::TomlTable;
use crate::scenario::value::Setting;

/// Most couples of one ensemble.
pub(crate) const MOST_COUPLES: i64 = 1_000_000_000;
/// Most couples of all replicates together.
const MOST_COUPLES_IN_ALL: u64 = 1_000_000_000_000;
/// Lengths of a step that divide a day exactly.
const STEPS: &[f64] = &[1.0, 0.5, 0.25];

/// The keys above all tables.
pub(crate) fn top() -> TableSpec {
    let title = KeySpec::text("title", "What charts and reports are headed with")
        .kept(Access::Text(|spec| &mut spec.title))
        .example("\"A couple\"")
        .active();
    let description = KeySpec::optional_text("description", "What the scenario asks, for readers")
        .kept(Access::Text(|spec| &mut spec.description))
        .example("\"What happens to couples of the default kind\"")
        .active();
    TableSpec {
        form: TableForm::Top,
        settable: false,
        ..TableSpec::new("", "What the scenario is", vec![title, description])
    }
}

pub(crate) fn read_top(reader: &mut ScenarioReader, root: &TomlTable, spec: &mut ScenarioSpec) {
    let top = reader.open_top(root);
    reader.need(&top, &["title"]);
    reader.read_keys(&top, spec);
}

/// `[run]`.
pub(crate) fn run() -> TableSpec {
    let step = Access::Setting(
        |spec| Setting::Number(spec.size.clock().step_days),
        |spec, step| {
            let per_day = step.number().map_or(1, |step| (1.0 / step) as u32);
            spec.size.steps_per_day = per_day;
        },
    );
    let keys = vec![
        KeySpec::integer("seed", 0, i64::MAX, "Seed of all random numbers")
            .kept(Access::U64(|spec| &mut spec.seed))
            .active(),
        KeySpec::integer("couples", 1, MOST_COUPLES, "Couples in an ensemble")
            .kept(Access::U64(|spec| &mut spec.size.couples))
            .unit("couples")
            .active(),
        KeySpec::integer("days", 1, MOST_DAYS, "Length of the run")
            .kept(Access::U32(|spec| &mut spec.size.days))
            .unit("days")
            .active(),
        KeySpec::one_of("step_days", STEPS, "Length of a step")
            .kept(step)
            .unit("days"),
        KeySpec::integer(
            "moments",
            1,
            24,
            "Moments of a step, each with bids and conflicts",
        )
        .kept(Access::U32(|spec| &mut spec.size.moments))
        .unit("per step"),
        KeySpec::integer(
            "replicates",
            1,
            1_000_000,
            "Ensembles with independent random numbers",
        )
        .kept(Access::U32(|spec| &mut spec.size.replicates))
        .unit("ensembles"),
    ];
    let doc = "How many couples are simulated, how long, and with which random numbers";
    TableSpec::new("run", doc, keys)
}

pub(crate) fn read_run(reader: &mut ScenarioReader, root: &TomlTable, spec: &mut ScenarioSpec) {
    let table = reader.open(root, "run");
    reader.read_keys(&table, spec);
    let (couples, replicates) = (spec.size.couples, u64::from(spec.size.replicates));
    let node = table.node("replicates").or(table.node("couples"));
    if couples.saturating_mul(replicates) > MOST_COUPLES_IN_ALL
        && let Some(node) = node
    {
        let message = format!(
            "{couples} couples times {replicates} replicates is more than {MOST_COUPLES_IN_ALL}"
        );
        let error = Diagnostic::new(Code::TooManyCouples, node.at, message).label("too many");
        reader.report(error.hint("take fewer couples or fewer replicates"));
    }
}
