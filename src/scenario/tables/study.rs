//! `[study]`: the study of couples that `pairbond study` makes: who is recruited, what they are asked when, and
//! why answers are missing.

use super::measurement::{key_of_scales, read_scales, write_with_scales};
use crate::scenario::diagnostic::{Code, Diagnostic};
use crate::scenario::docs::keys_table;
use crate::scenario::json_schema::{closed, of_kind};
use crate::scenario::reader::{ListWords, OpenTable, ScenarioReader};
use crate::scenario::schema::{Access, KeySpec, MOST_DAYS, TableSpec, TemplateForm};
use crate::scenario::spec::ScenarioSpec;
use crate::scenario::tree::{TomlNode, TomlTable, toml_list, toml_texts};
use crate::scenario::value::{self, Setting};
use crate::simulation::survey::design::{
    CONFLICT_SCALE, ParticipatingPartners, SCORED_SCALES, STUDY_SCALES, ScreenedPartners,
    StudyDesign, study_scale,
};
use serde_json::{Value, json};

/// Most couples of a study.
const MOST_COUPLES: i64 = 1_000_000;
/// Most waves, and most bursts.
const MOST_WAVES: i64 = 1_000;
/// Most items of a scale: as many as have errors of their own.
const MOST_ITEMS: i64 = 100;
/// Most steps of an item: those of a slider.
const MOST_STEPS: i64 = 101;
/// Lowest reliability: below, scores carry next to no information.
const LEAST_RELIABLE: f64 = 0.05;
/// Prompts that divide a day's steps exactly.
const PROMPTS: &[f64] = &[1.0, 2.0, 4.0];
/// No screening.
const NO_SCREEN: &str = "none";
/// Lowest and highest odds ratio.
const ODDS: (f64, f64) = (0.01, 100.0);

/// The keys of scales that ask about a day or a moment begin with this.
const DAILY: &str = "daily_";

/// Scales of the questionnaire.
fn questionnaire_keys() -> impl Iterator<Item = &'static str> {
    let keys = STUDY_SCALES.iter().map(|scale| scale.key);
    keys.filter(|key| !key.starts_with(DAILY))
}

fn design(spec: &ScenarioSpec) -> StudyDesign {
    spec.record.study.clone().unwrap_or_default()
}

macro_rules! field {
    ($access:ident $field:ident) => {
        Access::$access(|spec| &mut spec.study().$field)
    };
}

/// A key that takes one of the words of a kind, by its position.
macro_rules! word_of {
    ($key:literal, $kind:ident, [$($variant:ident),*], $field:ident, $doc:literal) => {
        KeySpec::word($key, $kind::WORDS, $doc).kept(Access::Setting(
            |spec| Setting::from($kind::WORDS[design(spec).$field as usize]),
            |spec, value| {
                let all = [$($kind::$variant),*];
                let own = $kind::WORDS.iter().zip(all);
                let found = own.into_iter().find(|(word, _)| Setting::from(**word) == *value);
                spec.study().$field = found.map_or(all[0], |(_, own)| own);
            },
        ))
    };
}

fn texts(scales: &[usize]) -> String {
    toml_texts(scales.iter().map(|scale| STUDY_SCALES[*scale].key))
}

fn recruitment_keys() -> Vec<KeySpec> {
    vec![
        KeySpec::integer(
            "couples",
            1,
            MOST_COUPLES,
            "Couples that are recruited, of the `couples` of [run] who can be",
        )
        .kept(field!(U32 couples))
        .unit("couples"),
        KeySpec::integer(
            "enter_from",
            1,
            MOST_DAYS,
            "First day of the relationship on which couples enter the study",
        )
        .kept(field!(U32 enter_from))
        .unit("days"),
        KeySpec::integer(
            "enter_until",
            1,
            MOST_DAYS,
            "Last day on which they do: each couple enters on a random day of this range, if it is still together; \
             by default `enter_from`",
        )
        .kept(field!(U32 enter_until))
        .unit("days")
        .example("1"),
        KeySpec::word(
            "screen",
            std::iter::once(NO_SCREEN).chain(questionnaire_keys()),
            "Scale by which couples are screened on the day of entry, with its errors",
        )
        .kept(Access::Setting(
            |spec| {
                let screen = design(spec).screen;
                Setting::from(screen.map_or(NO_SCREEN, |scale| STUDY_SCALES[scale].key))
            },
            |spec, value| {
                if let Setting::Word(word) = value {
                    spec.study().screen = study_scale(word);
                }
            },
        )),
        KeySpec::number(
            "screen_min",
            1.0,
            MOST_STEPS as f64,
            "Lowest score in the screening of who is recruited",
        )
        .kept(field!(Float screen_min))
        .unit("points"),
        KeySpec::number(
            "screen_max",
            1.0,
            MOST_STEPS as f64,
            "Highest score in the screening of who is recruited",
        )
        .kept(field!(Float screen_max))
        .unit("points"),
        word_of!(
            "screen_of",
            ScreenedPartners,
            [Both, Either, A, B],
            screen_of,
            "Whose score must lie between them"
        ),
        word_of!(
            "participants",
            ParticipatingPartners,
            [Both, A, B],
            participants,
            "Who of a couple takes part"
        ),
        KeySpec::switch(
            "distinguishable",
            "Whether partners have roles; without them a couple's partners come in random order",
        )
        .kept(Access::SwitchOf(|spec, _| {
            Some(&mut spec.study().distinguishable)
        })),
    ]
}

fn occasion_keys() -> Vec<KeySpec> {
    vec![
        KeySpec::integer(
            "waves",
            0,
            MOST_WAVES,
            "Waves of the questionnaire, the first on the day of entry; 0 for none",
        )
        .kept(field!(U32 waves)),
        KeySpec::integer("wave_interval", 1, MOST_DAYS, "Days from wave to wave")
            .kept(field!(U32 wave_interval))
            .unit("days"),
        KeySpec::integers(
            "wave_days",
            0,
            MOST_DAYS,
            "Days of the waves since entry, instead of `waves` and `wave_interval`",
        )
        .kept(Access::Written(|spec| {
            toml_list(design(spec).wave_days.iter().map(u32::to_string))
        }))
        .unit("days")
        .example("[0, 180, 720]"),
        KeySpec::integer(
            "burst_days",
            0,
            MOST_DAYS,
            "Days of a burst of the diary; 0 for no diary",
        )
        .kept(field!(U32 burst_days))
        .unit("days"),
        KeySpec::integer("bursts", 1, MOST_WAVES, "Bursts of the diary").kept(field!(U32 bursts)),
        KeySpec::integer(
            "burst_interval",
            1,
            MOST_DAYS,
            "Days from the start of a burst to that of the next one",
        )
        .kept(field!(U32 burst_interval))
        .unit("days"),
        KeySpec::integer(
            "burst_from",
            0,
            MOST_DAYS,
            "Days from entry to the first day of the diary",
        )
        .kept(field!(U32 burst_from))
        .unit("days"),
        KeySpec::one_of(
            "prompts",
            PROMPTS,
            "Prompts on a day of the diary, at equal distances; the day must have as many steps of [run] `step_days`",
        )
        .kept(Access::Setting(
            |spec| Setting::Number(f64::from(design(spec).prompts)),
            |spec, value| {
                spec.study().prompts = value.number().unwrap_or(1.0) as u32;
            },
        ))
        .unit("per day"),
        KeySpec::integer(
            "follow_up",
            0,
            MOST_DAYS,
            "Days after the last occasion in which break-ups are still learnt of",
        )
        .kept(field!(U32 follow_up))
        .unit("days"),
        KeySpec::words(
            "questionnaire",
            questionnaire_keys(),
            "Scales of the questionnaire",
        )
        .kept(Access::Written(|spec| texts(&design(spec).questionnaire))),
        KeySpec::words(
            "diary",
            STUDY_SCALES.iter().map(|scale| scale.key),
            "Scales of the diary",
        )
        .kept(Access::Written(|spec| texts(&design(spec).diary))),
    ]
}

fn loss_keys() -> Vec<KeySpec> {
    let share = |key, access, doc| KeySpec::number(key, 0.0, 1.0, doc).kept(access).unit("1");
    let odds = |key, access, doc| {
        KeySpec::number(key, ODDS.0, ODDS.1, doc)
            .kept(access)
            .unit("1")
    };
    vec![
        share(
            "wave_compliance",
            field!(Float wave_compliance),
            "Probability that a person who is in the study answers a wave",
        ),
        share(
            "compliance",
            field!(Float compliance),
            "Probability that a person who is in the study answers a prompt, where the odds ratios that follow do \
             not move it; missing completely at random without them",
        ),
        odds(
            "odds_low_answer",
            field!(Float odds_low_answer),
            "Odds ratio of missing a prompt after a last answer of the burst at the bottom of the diary's first \
             scale, against one at its top; `compliance` holds in the middle (missing at random)",
        ),
        odds(
            "odds_day",
            field!(Float odds_day),
            "Odds ratio of missing a prompt, for each day of the burst after the first (missing at random)",
        ),
        odds(
            "odds_conflict",
            field!(Float odds_conflict),
            "Odds ratio of missing a prompt after a conflict of the couple since the last prompt (missing not at \
             random)",
        ),
        share(
            "drop_out",
            field!(Float drop_out),
            "Probability that a person stops for good before a wave after the first occasion",
        ),
        share(
            "drop_out_daily",
            field!(Float drop_out_daily),
            "Probability that a person stops for good before a day of the diary after the first occasion",
        ),
        KeySpec::switch(
            "drop_out_couple",
            "Whether the partner of who stops does so, too",
        )
        .kept(Access::SwitchOf(|spec, _| {
            Some(&mut spec.study().drop_out_couple)
        })),
        share(
            "conflict_reported",
            field!(Float conflict_reported),
            "Probability that a conflict that did not hurt is reported",
        ),
        KeySpec::number(
            "conflict_reported_hurt",
            0.0,
            10.0,
            "What is added to it where the partner's answer in the conflict fell short of trust by all of the scale",
        )
        .kept(field!(Float conflict_reported_hurt))
        .unit("1"),
        share(
            "unresponsive_as_conflict",
            field!(Float unresponsive_as_conflict),
            "Probability that unresponsive episodes are reported as conflict",
        ),
        share(
            "conflict_false_alarm",
            field!(Float conflict_false_alarm),
            "Probability that conflict is reported without any",
        ),
    ]
}

/// The tables of scales, each with what it takes and says.
const OF_SCALES: [(&str, &str, &str); 7] = [
    (
        "items",
        "a whole number for all scales, or a table of scales",
        "Items whose mean is the score",
    ),
    (
        "steps",
        "a whole number for all scales, or a table of scales",
        "Steps of an item: scores go from 1 to this; 0 for answers without steps from 1 to 7",
    ),
    (
        "reliability",
        "a number for all scales, or a table of scales",
        "Share of the scores' variance that is not error, where states have the standard deviation `sd`",
    ),
    (
        "sd",
        "a number for all scales, or a table of scales",
        "Standard deviation of the states at which the scale has its reliability, as a share of their range",
    ),
    (
        "floor",
        "a number for all scales, or a table of scales",
        "State that gets the lowest answer, as do all below it",
    ),
    (
        "ceiling",
        "a number for all scales, or a table of scales",
        "State that gets the highest answer, as do all above it",
    ),
    (
        "style",
        "a number for all scales, or a table of scales",
        "Standard deviation of response style, an offset that a person has in all scales, as a share of a scale's \
         length",
    ),
];

pub(crate) fn table() -> TableSpec {
    let mut keys = recruitment_keys();
    keys.extend(occasion_keys());
    keys.extend(loss_keys());
    keys.extend(OF_SCALES.map(|(key, takes, doc)| KeySpec::special(key, takes, doc)));
    let share = |key, low, high, doc| KeySpec::number(key, low, high, doc);
    TableSpec {
        shown: TemplateForm::Described,
        examples: EXAMPLES,
        inner: vec![
            scale_table("study.items", |key, doc| {
                KeySpec::integer(key, 1, MOST_ITEMS, doc).kept(Access::U32Of(|spec, key| {
                    spec.study().scales.items.get_mut(scored(key)?)
                }))
            }),
            scale_table("study.steps", |key, doc| {
                KeySpec::integer(key, 0, MOST_STEPS, doc).kept(Access::U32Of(|spec, key| {
                    spec.study().scales.steps.get_mut(scored(key)?)
                }))
            }),
            scale_table("study.reliability", |key, doc| {
                KeySpec::number(key, LEAST_RELIABLE, 1.0, doc).kept(Access::FloatOf(|spec, key| {
                    spec.study().scales.reliability.get_mut(scored(key)?)
                }))
            }),
            scale_table("study.sd", |key, doc| {
                KeySpec::number(key, 0.005, 0.5, doc).kept(Access::FloatOf(|spec, key| {
                    spec.study().scales.sd.get_mut(scored(key)?)
                }))
            }),
            scale_table("study.floor", move |key, doc| {
                share(key, 0.0, 0.95, doc).kept(Access::FloatOf(|spec, key| {
                    spec.study().scales.floor.get_mut(scored(key)?)
                }))
            }),
            scale_table("study.ceiling", move |key, doc| {
                share(key, 0.05, 1.0, doc).kept(Access::FloatOf(|spec, key| {
                    spec.study().scales.ceiling.get_mut(scored(key)?)
                }))
            }),
            scale_table("study.style", move |key, doc| {
                share(key, 0.0, 0.5, doc).kept(Access::FloatOf(|spec, key| {
                    spec.study().scales.style.get_mut(scored(key)?)
                }))
            }),
        ],
        write: Some(write),
        json: Some(json),
        page: Some(page),
        ..TableSpec::new(
            "study",
            "The study of couples that `pairbond study` makes: who is recruited, what they are asked when, and why \
             answers are missing",
            keys,
        )
    }
}

const EXAMPLES: &str = "\
# Examples: a questionnaire after half a year, and a diary of the two weeks that follow.
#[study]
#couples = 100
#enter_from = 180
#questionnaire = [\"ecr_r_anxiety\", \"ras\"]
#burst_days = 14
#diary = [\"daily_satisfaction\", \"daily_conflict\"]
#compliance = 0.85
#[study.reliability]
#ras = 0.8
";

/// A table with a key for each scale that has items.
fn scale_table(
    name: &'static str,
    key: impl Fn(&'static str, &'static str) -> KeySpec,
) -> TableSpec {
    let scales = STUDY_SCALES[..SCORED_SCALES].iter();
    let keys = scales.map(|scale| key(scale.key, scale.meaning));
    TableSpec::new(name, "", keys.collect())
}

/// The position of a scale that has items.
fn scored(key: &str) -> Option<usize> {
    study_scale(key).filter(|scale| *scale != CONFLICT_SCALE)
}

pub(crate) fn read(reader: &mut ScenarioReader, root: &TomlTable, spec: &mut ScenarioSpec) {
    spec.record.study = None;
    if root.node("study").is_none() {
        return;
    }
    let table = reader.open(root, "study");
    spec.study();
    reader.read_keys(&table, spec);
    for inner in &table.spec.inner {
        read_scales(reader, &table, inner, "ras", spec);
    }
    let steps_per_day = spec.size.steps_per_day;
    let (days, pool) = (spec.size.days, spec.size.couples);
    let own = spec.study();
    if table.node("enter_until").is_none() {
        own.enter_until = own.enter_from;
    }
    read_lists(reader, &table, own);
    check_recruitment(reader, &table, own, pool);
    check_occasions(reader, &table, own, steps_per_day);
    check_last_day(reader, &table, own, days);
    check_scales(reader, &table, own);
}

fn read_lists(reader: &mut ScenarioReader, table: &OpenTable<'_>, own: &mut StudyDesign) {
    let words = |key: &str| match key {
        "diary" => ListWords {
            takes: "a list of scales in quotes",
            example: "write for example `diary = [\"daily_satisfaction\", \"daily_conflict\"]`",
            if_empty: Some("list a scale, or set `burst_days = 0` for no diary"),
        },
        _ => ListWords {
            takes: "a list of scales in quotes",
            example: "write for example `questionnaire = [\"ras\", \"ecr_r_anxiety\"]`",
            if_empty: Some("list a scale, or set `waves = 0` for no questionnaire"),
        },
    };
    let positions = |words: Vec<&'static str>| -> Vec<usize> {
        words.into_iter().filter_map(study_scale).collect()
    };
    if let Some(scales) = reader.words(table, "questionnaire", &words("questionnaire")) {
        own.questionnaire = positions(scales);
    }
    if let Some(scales) = reader.words(table, "diary", &words("diary")) {
        own.diary = positions(scales);
    }
    let Some(node) = table.node("wave_days") else {
        return;
    };
    for other in ["waves", "wave_interval"] {
        if let Some(entry) = table.entry(other) {
            let message = format!("`{other}` says when the waves are, and so does `wave_days`");
            let error = Diagnostic::new(Code::Conflict, entry.key_at, message).label("here");
            let error = error.other(node.at, "and here");
            reader.report(error.hint("take one of them out"));
        }
    }
    let words = ListWords {
        takes: "a list of days since entry",
        example: "write for example `wave_days = [0, 180, 720]`",
        if_empty: Some("list a day, or set `waves = 0` for no questionnaire"),
    };
    let found = reader.list(node, "wave_days", &words, |reader, item| {
        let day = reader.accept(item, "wave_days", value::integer(item, 0, MOST_DAYS))?;
        Some(day as u32)
    });
    let mut days = reader.distinct(found.unwrap_or_default(), |day| format!("day {day}"));
    days.sort_unstable();
    own.wave_days = days;
}

fn check_recruitment(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    own: &StudyDesign,
    pool: u64,
) {
    if u64::from(own.couples) > pool {
        let couples = own.couples;
        let message =
            format!("the study recruits {couples} couples, but [run] has only {pool} `couples`");
        let error = Diagnostic::new(Code::TooManyCouples, table.at("couples"), message);
        let hint =
            format!("set [run] `couples` to {couples} or more: those of whom they are recruited");
        reader.report(error.label("too many").hint(hint));
    }
    if own.enter_until < own.enter_from {
        let message = format!(
            "`enter_until` is day {}, before `enter_from`, day {}",
            own.enter_until, own.enter_from
        );
        let error = Diagnostic::new(Code::Conflict, table.at("enter_until"), message);
        let error = error
            .label("earlier")
            .other(table.at("enter_from"), "the first day");
        reader.report(error.hint("write the same day or a later one, or leave it out"));
    }
    if own.screen.is_none() {
        for key in ["screen_min", "screen_max", "screen_of"] {
            if let Some(entry) = table.entry(key) {
                let message = format!("`{key}` is of a screening, but there is none");
                let error = Diagnostic::new(Code::Conflict, entry.key_at, message);
                let hint =
                    "say by which scale, such as `screen = \"ecr_r_anxiety\"`, or take it out";
                reader.report(error.label("does nothing").hint(hint));
            }
        }
    } else if own.screen_min > own.screen_max {
        let message = format!(
            "no score is at least {} and at most {}",
            own.screen_min, own.screen_max
        );
        let at = match table.node("screen_max") {
            Some(node) => node.at,
            None => table.at("screen_min"),
        };
        let error = Diagnostic::new(Code::Conflict, at, message).label("below `screen_min`");
        reader.report(error.hint("write `screen_min` below `screen_max`"));
    }
}

fn check_occasions(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    own: &StudyDesign,
    steps_per_day: u32,
) {
    if own.wave_count() == 0 && !own.has_diary() {
        let message = "the study asks nothing: it has neither waves nor a diary";
        let error = Diagnostic::new(Code::Conflict, table.at("waves"), message).label("no waves");
        reader.report(error.hint("set `waves` or `burst_days` to 1 or more"));
    }
    if !steps_per_day.is_multiple_of(own.prompts) {
        let (prompts, wanted) = (own.prompts, 1.0 / f64::from(own.prompts));
        let message = match steps_per_day {
            1 => format!("a day has one step, which is too few for {prompts} `prompts`"),
            steps => format!("a day has {steps} steps, which are too few for {prompts} `prompts`"),
        };
        let error = Diagnostic::new(Code::Conflict, table.at("prompts"), message);
        let hint = format!("set [run] `step_days` to {wanted}, or ask less often");
        reader.report(error.label("too many").hint(hint));
    }
    if own.has_diary() && own.bursts > 1 && own.burst_interval < own.burst_days {
        let message = format!(
            "a burst of {} days begins every {} days, so that bursts overlap",
            own.burst_days, own.burst_interval
        );
        let error = Diagnostic::new(Code::Conflict, table.at("burst_interval"), message);
        let hint = format!("write {} or more", own.burst_days);
        reader.report(error.label("too short").hint(hint));
    }
}

fn check_last_day(
    reader: &mut ScenarioReader,
    table: &OpenTable<'_>,
    own: &StudyDesign,
    days: u32,
) {
    let last = own.last_day();
    if last <= days || own.enter_until < own.enter_from {
        return;
    }
    // What is given and reaches farthest.
    let keys = [
        "follow_up",
        "wave_days",
        "wave_interval",
        "waves",
        "burst_interval",
        "burst_from",
        "burst_days",
        "enter_until",
        "enter_from",
    ];
    let node = keys.into_iter().find_map(|key| table.node(key));
    let message = format!(
        "the study ends on day {last} of the relationship of who enters last, but the run has only {days} days"
    );
    let at = node.map_or(table.at, |node| node.at);
    let error = Diagnostic::new(Code::BeyondTheRun, at, message).label("beyond the run");
    let hint = format!("set [run] `days` to {last} or more, or let the study end earlier");
    reader.report(error.hint(hint));
}

fn check_scales(reader: &mut ScenarioReader, table: &OpenTable<'_>, own: &StudyDesign) {
    let at = |key: &str, scale: &str| {
        let node = table.node(key);
        let inner = node
            .and_then(TomlNode::table)
            .and_then(|table| table.node(scale));
        inner.or(node).map_or(table.at, |node| node.at)
    };
    for (index, scale) in STUDY_SCALES[..SCORED_SCALES].iter().enumerate() {
        let key = scale.key;
        if own.scales.steps[index] == 1 {
            let message = format!("`{key}` cannot have 1 step: an item of one step tells nothing");
            let error = Diagnostic::new(Code::OutOfRange, at("steps", key), message);
            let hint = "write 2 or more, or 0 for answers without steps";
            reader.report(error.label("one step").hint(hint));
            break;
        }
        let (floor, ceiling) = (own.scales.floor[index], own.scales.ceiling[index]);
        // A scale that tells less than a twentieth of the range apart has next to no variance.
        if ceiling - floor < 0.05 {
            let message =
                format!("the `ceiling` of `{key}`, {ceiling}, is not above its `floor`, {floor}");
            let error = Diagnostic::new(Code::Conflict, at("ceiling", key), message);
            let hint = "leave at least 0.05 between them";
            reader.report(error.label("too low").hint(hint));
            break;
        }
    }
}

/// The keys of the study, and of each table of scales.
fn write(spec: &ScenarioSpec, table: &TableSpec) -> String {
    let Some(own) = &spec.record.study else {
        return String::new();
    };
    let (wave_days, screened) = (!own.wave_days.is_empty(), own.screen.is_some());
    write_with_scales(spec, table, |key| match key {
        "waves" | "wave_interval" => !wave_days,
        "wave_days" => wave_days,
        "screen_min" | "screen_max" | "screen_of" => screened,
        _ => true,
    })
}

fn json(table: &TableSpec) -> Value {
    let mut schema = closed(table, &[]);
    let properties = &mut schema["properties"];
    for inner in &table.inner {
        properties[key_of_scales(inner)]["anyOf"] =
            json!([of_kind(&inner.keys[0].kind), closed(inner, &[])]);
    }
    schema
}

const PROSE: &str = "\
`pairbond study` simulates couples, recruits some of them, asks them, and writes what the study would have in its
files ([planning a study](how-to/plan-a-study.md)). The simulation is the same with and without this table, and `run`
does not use it. `pairbond power` compares designs of a study ([power](power.md)). `pairbond sweep` looks at the couples
without it, and warns of axes that change it.

**Who.** Each of the `couples` of [run] has a random day of entry from `enter_from` to `enter_until`. Who separated
before the end of that day is not recruited, nor is who does not pass the screening: an answer to the scale `screen` by
those whom `screen_of` names, in points, with its errors. The first so many of the others, in the order of couples, are
the study's. If there are fewer, the study has fewer, and says so.

**When.** Days are counted from a couple's entry, day 0. A wave is at the end of its day; prompts divide a day into equal
parts and are at their ends. A prompt asks for what happened since the last prompt of the day, or since the day began.
Nobody is asked after a break-up, nor on the occasion at whose end it comes. On the day of entry a couple is together.

**Who answers.** A wave is answered with the probability `wave_compliance`. Of a prompt, the odds of missing it are
(1 − `compliance`) / `compliance`, times `odds_day` for each day of the burst after the first, times `odds_low_answer`
to the power of 0.5 less the last answer of this burst to the first scale of the diary (as a share of its length), times
`odds_conflict` where the couple had a conflict since the last prompt. With a `compliance` of 1 nothing is missed.
Before each wave and each day of the diary after the first occasion a person may stop for good (`drop_out`,
`drop_out_daily`). Each of these draws has an address of its own, as have the errors of each scale on each occasion
([random words](model.md#8-random-words)): another scale, wave or couple changes no other answer.

";

const SCALES_PROSE: &str = "\
`items`, `steps`, `reliability`, `sd`, `floor`, `ceiling` and `style` take a number for all scales, or a table of scales
such as `[study.reliability]`, in which scales that are not named keep their defaults. A state from `floor` to `ceiling`
is stretched to the length of the scale, and felt with the person's style, one standard normal number that all scales
share; each item adds a normal error of its own and is answered in `steps` steps, no lower than the lowest and no higher
than the highest; the score is the items' mean, from 1 to `steps`. The error of an item is what gives the scale its
`reliability` where states have the standard deviation `sd`, as in [measurement]; the table `scales` of a study says
what it came to. The states at which scales have their reliability are those of the default population after two years.

";

fn page(table: &TableSpec) -> String {
    let mut text = PROSE.to_owned() + &keys_table(table) + SCALES_PROSE;
    text.push_str("| scale | `items` | `steps` | `reliability` | `sd` | measures | source |\n");
    text.push_str("| --- | --- | --- | --- | --- | --- | --- |\n");
    for scale in &STUDY_SCALES {
        let numbers = match study_scale(scale.key) {
            Some(CONFLICT_SCALE) => "– | – | – | –".to_owned(),
            _ => format!(
                "{} | {} | {:?} | {:?}",
                scale.items, scale.steps, scale.reliability, scale.sd
            ),
        };
        let (key, doc, source) = (scale.key, scale.meaning, scale.source);
        text.push_str(&format!("| `{key}` | {numbers} | {doc} | {source} |\n"));
    }
    text.push('\n');
    text
}
