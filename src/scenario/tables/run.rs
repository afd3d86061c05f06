//! The keys above all tables, `[run]`, `[record]` and `[regimes]`: what the scenario is, how many couples
//! it simulates and how long, and what is recorded.

use crate::scenario::diagnostic::{Code, Diagnostic};
use crate::scenario::reader::{ListWords, ScenarioReader};
use crate::scenario::schema::{Access, KeySpec, MOST_DAYS, TableForm, TableSpec};
use crate::scenario::spec::{ScenarioSpec, default_record};
use crate::scenario::tree::{TomlTable, toml_list, toml_texts};
use crate::scenario::value::Setting;
use crate::simulation::{DayRows, OBSERVABLES, Observable, Record};

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
    let description = KeySpec::long_text("description", "What the scenario asks, for readers")
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
        KeySpec::integer("seed", 0, i64::MAX, "Seed of all random numbers; above 2^53 (9007199254740992) R and readers of JSON may round it")
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

/// `[record]`.
pub(crate) fn record() -> TableSpec {
    let observables = |spec: &ScenarioSpec| {
        toml_texts(
            spec.record
                .observables
                .iter()
                .map(|observable| observable.info().key),
        )
    };
    let compare_days = |spec: &ScenarioSpec| {
        let days = spec.record.compare_days.iter().map(u32::to_string);
        toml_list(days)
    };
    let days = Access::Setting(
        |spec| match spec.record.days {
            DayRows::None => Setting::from("none"),
            DayRows::All => Setting::from("all"),
            DayRows::First(count) => Setting::Integer(count as i64),
        },
        |spec, value| {
            spec.record.days = match value {
                Setting::Integer(count) => DayRows::First(*count as u64),
                Setting::Word(word) if word == "all" => DayRows::All,
                _ => DayRows::None,
            };
        },
    );
    let keys = vec![
        KeySpec::integer(
            "every",
            1,
            MOST_DAYS,
            "Days between recorded days; by default as few as give at most 400 recorded days after \
             the start",
        )
        .kept(Access::U32(|spec| &mut spec.record.every))
        .unit("days")
        .example("1"),
        KeySpec::integer(
            "quantiles_every",
            1,
            MOST_DAYS,
            "Days between recorded days with quantiles, rounded up to a multiple of `every`; by default \
             as few as give at most 60 such days after the start",
        )
        .kept(Access::U32(|spec| &mut spec.record.quantiles_every))
        .unit("days")
        .example("7"),
        KeySpec::integers(
            "compare_days",
            1,
            MOST_DAYS,
            "Days on which `run` compares conditions, and which its summary and report show next to the \
             last day; `differences` has them besides the days with quantiles",
        )
        .kept(Access::Written(compare_days))
        .unit("days"),
        KeySpec::words(
            "observables",
            OBSERVABLES.iter().map(|(_, info)| info.key),
            "What is recorded over time",
        )
        .kept(Access::Written(observables)),
        KeySpec::word_or_integer(
            "days",
            &["none", "all"],
            0,
            MOST_COUPLES,
            "Couples whose every day goes to the day table: none, all, or the first so many of each \
             ensemble",
        )
        .kept(days)
        .unit("couples"),
        KeySpec::integer("days_from", 1, MOST_DAYS, "First day that goes to the day table")
            .kept(Access::U32(|spec| &mut spec.record.days_from))
            .unit("days"),
        KeySpec::integer(
            "sample_couples",
            0,
            1_000,
            "Couples whose days are kept for the picture of single couples",
        )
        .kept(Access::U64(|spec| &mut spec.record.sample_couples))
        .unit("couples"),
        KeySpec::integer(
            "phase_flow_days",
            1,
            MOST_DAYS,
            "Days between the ends of an arrow of mean flow; by default 30, or the whole run if that \
             is shorter",
        )
        .kept(Access::U32(|spec| &mut spec.record.phase_flow_days))
        .unit("days")
        .example("30"),
    ];
    TableSpec::new(
        "record",
        "What is recorded; the simulation does not depend on it",
        keys,
    )
}

pub(crate) fn read_record(reader: &mut ScenarioReader, root: &TomlTable, spec: &mut ScenarioSpec) {
    let table = reader.open(root, "record");
    let (survey, groups) = (spec.record.survey.take(), spec.record.groups.take());
    let study = spec.record.study.take();
    spec.record = Record {
        survey,
        groups,
        study,
        ..default_record(spec.size.days)
    };
    reader.read_keys(&table, spec);
    let days = spec.size.days;
    let given = [
        ("every", spec.record.every),
        ("quantiles_every", spec.record.quantiles_every),
        ("days_from", spec.record.days_from),
        ("phase_flow_days", spec.record.phase_flow_days),
    ];
    for (key, own) in given.into_iter().filter(|(_, own)| *own > days) {
        let message = format!("`{key}` is {own} days, but the run has only {days}");
        let error = Diagnostic::new(Code::BeyondTheRun, table.at(key), message);
        let hint = format!("write {days} or less, or leave it out");
        reader.report(error.label("longer than the run").hint(hint));
    }
    let example = "write for example `compare_days = [60]`";
    let compared = reader.days(
        &table,
        "compare_days",
        days,
        example,
        "conditions are compared",
    );
    spec.record.compare_days = compared.unwrap_or_default();
    let words = ListWords {
        takes: "a list of words in quotes",
        example: "write for example `observables = [\"trust\", \"intimacy\"]`",
        if_empty: Some("take the line out to record the default ones"),
    };
    if let Some(words) = reader.words(&table, "observables", &words) {
        spec.record.observables = words.into_iter().filter_map(Observable::named).collect();
    }
}

/// `[regimes]`.
pub(crate) fn regimes() -> TableSpec {
    let threshold = |key, of: Access, doc| KeySpec::number(key, 0.0, 1.0, doc).kept(of).unit("1");
    let keys = vec![
        threshold(
            "trust_cut",
            Access::Float(|spec| &mut spec.cuts.trust),
            "Mean trust of the partners from which it counts as high",
        ),
        threshold(
            "intimacy_cut",
            Access::Float(|spec| &mut spec.cuts.intimacy),
            "Mean intimacy of the partners from which it counts as high",
        ),
    ];
    TableSpec::new(
        "regimes",
        "Thresholds of the regime labels; used in output only",
        keys,
    )
}
