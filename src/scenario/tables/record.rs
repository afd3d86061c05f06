//! `[record]` and `[regimes]`: what is recorded, and where regimes are cut.

use crate::scenario::code::Code;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::reader::{ListWords, ScenarioReader};
use crate::scenario::schema::{Access, KeySpec, MOST_DAYS, TableSpec};
use crate::scenario::spec::{ScenarioSpec, default_record};
use crate::scenario::tables::run::MOST_COUPLES;
use crate::scenario::to_toml::toml_texts;
use crate::scenario::tree::TomlTable;
use crate::scenario::value::Setting;
use crate::simulation::{DayRows, OBSERVABLES, Observable, Record};

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
    let survey = spec.record.survey.take();
    spec.record = Record {
        survey,
        ..default_record(spec.size.days)
    };
    reader.read_keys(&table, spec);
    let days = spec.size.days;
    let given = [
        ("every", spec.record.every),
        ("days_from", spec.record.days_from),
        ("phase_flow_days", spec.record.phase_flow_days),
    ];
    for (key, own) in given.into_iter().filter(|(_, own)| *own > days) {
        let message = format!("`{key}` is {own} days, but the run has only {days}");
        let error = Diagnostic::new(Code::BeyondTheRun, table.at(key), message);
        let hint = format!("write {days} or less, or leave it out");
        reader.report(error.label("longer than the run").hint(hint));
    }
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
