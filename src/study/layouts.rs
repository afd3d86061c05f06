//! The tables of a study: its answers in the layouts that models of couples take, who took part, and the truth.
//!
//! A layout has each scale in five views: the answer, the person's mean over the occasions of the study that were
//! answered, what the answer deviates from it, and answer and deviation on the occasion before. That one is the
//! prompt before on the same day, or where there is one prompt a day on the day before, of the same burst; it is the
//! wave before. Where it was missed, there is no value.

use crate::simulation::survey::design::{
    ParticipatingPartners, STUDY_SCALES, StudyMoment, StudyScaleInfo,
};
use crate::study::sample::{
    AnswerState, OccasionSet, PreparedStudy, ScaleStats, StudyCouple, StudyReplicate,
};
use crate::table::{Batch, Field, MISSING, Schema, Value};

/// How many views a layout has of each scale.
const VIEWS: usize = 5;
/// What is added to a scale's name for each view, and its meaning.
const VIEW_NAMES: [(&str, &str); VIEWS] = [
    ("", ""),
    ("_cm", ", mean of the person's answers"),
    ("_cwc", ", less the person's mean"),
    ("_lag1", ", on the occasion before"),
    (
        "_cwc_lag1",
        ", less the person's mean, on the occasion before",
    ),
];

const ROLES: &[&str] = &["a", "b"];
const KINDS: &[&str] = &["waves", "prompts"];
const ENDS: &[&str] = &["completed", "dropped_out", "separated"];

/// Whether a table is of the waves or of the prompts of a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OccasionKind {
    Waves,
    Prompts,
}

/// The schemas of a study's tables, in the order of its codebook.
pub(crate) fn schemas(study: &PreparedStudy) -> Vec<Schema> {
    let mut schemas = vec![
        participants_schema(study),
        recruitment_schema(),
        scales_schema(),
    ];
    for kind in kinds(study) {
        schemas.push(long_schema(study, kind));
        if is_dyadic(study) {
            schemas.push(dyad_schema(study, kind));
            schemas.push(pairwise_schema(study, kind));
        }
        if kind == OccasionKind::Waves {
            schemas.push(panel_schema(study));
        }
    }
    schemas.push(truth_schema(study));
    schemas
}

/// The rows of a replicate in each of the [`schemas`].
pub(crate) fn rows(study: &PreparedStudy, data: &StudyReplicate, schemas: &[Schema]) -> Vec<Batch> {
    let fill = |schema: &Schema| {
        let mut rows = Batch::empty(schema);
        match schema.table {
            "participants" => participants(study, data, &mut rows),
            "recruitment" => recruitment(data, &mut rows),
            "scales" => scales(study, data, &mut rows),
            "waves_long" => long(study, data, OccasionKind::Waves, &mut rows),
            "waves_dyad" => dyad(study, data, OccasionKind::Waves, &mut rows),
            "waves_pairwise" => pairwise(study, data, OccasionKind::Waves, &mut rows),
            "panel_wide" => panel(study, data, &mut rows),
            "prompts_long" => long(study, data, OccasionKind::Prompts, &mut rows),
            "prompts_dyad" => dyad(study, data, OccasionKind::Prompts, &mut rows),
            "prompts_pairwise" => pairwise(study, data, OccasionKind::Prompts, &mut rows),
            _ => truth(study, data, &mut rows),
        }
        rows
    };
    schemas.iter().map(fill).collect()
}

fn kinds(study: &PreparedStudy) -> impl Iterator<Item = OccasionKind> {
    let waves = (!study.waves().is_empty()).then_some(OccasionKind::Waves);
    let prompts = (!study.prompts().is_empty()).then_some(OccasionKind::Prompts);
    waves.into_iter().chain(prompts)
}

fn is_dyadic(study: &PreparedStudy) -> bool {
    study.design().participants == ParticipatingPartners::Both
}

fn scales_of(study: &PreparedStudy, kind: OccasionKind) -> &[usize] {
    match kind {
        OccasionKind::Waves => &study.design().questionnaire,
        OccasionKind::Prompts => &study.design().diary,
    }
}

fn moments_of(study: &PreparedStudy, kind: OccasionKind) -> &[StudyMoment] {
    match kind {
        OccasionKind::Waves => study.waves(),
        OccasionKind::Prompts => study.prompts(),
    }
}

fn set_of(couple: &StudyCouple, kind: OccasionKind) -> &OccasionSet {
    match kind {
        OccasionKind::Waves => &couple.waves,
        OccasionKind::Prompts => &couple.prompts,
    }
}

/// The members of a couple that take part, as positions.
fn members(study: &PreparedStudy, couple: &StudyCouple) -> Vec<usize> {
    let partner = |member: usize| {
        if couple.is_swapped {
            1 - member
        } else {
            member
        }
    };
    let takes_part = |member: &usize| study.design().participants.asks(partner(*member));
    [0, 1].into_iter().filter(takes_part).collect()
}

fn couple_columns() -> Vec<Field> {
    vec![
        Field::int("replicate", "", "Number of the data set, from 1"),
        Field::int(
            "couple",
            "",
            "Number of the couple within its replicate, from 1: that of the same couple in a run of this scenario",
        ),
        Field::int(
            "couple_id",
            "",
            "Number of the couple over all data sets, from 1",
        ),
    ]
}

fn person_columns(study: &PreparedStudy) -> Vec<Field> {
    let mut columns = couple_columns();
    columns.extend([
        Field::int(
            "person_id",
            "",
            "Number of the person over all data sets, twice couple_id less 1 for member 1",
        ),
        Field::int("partner_id", "", "Number of the person's partner"),
        Field::int(
            "member",
            "",
            "1 or 2: partners A and B, or without roles in random order",
        )
        .within(1.0, 2.0),
    ]);
    if study.design().distinguishable {
        columns.push(Field::categorical(
            "role",
            ROLES,
            "The person's role in the couple",
        ));
    }
    columns
}

fn occasion_columns(kind: OccasionKind) -> Vec<Field> {
    let mut columns = match kind {
        OccasionKind::Waves => vec![Field::int("wave", "", "Number of the wave, from 1")],
        OccasionKind::Prompts => vec![
            Field::int("burst", "", "Number of the burst, from 1"),
            Field::int(
                "occasion",
                "",
                "Number of the prompt within its burst, from 1",
            ),
            Field::int("burst_day", "days", "Day of the burst, from 1"),
            Field::int("prompt", "", "Number of the prompt on its day, from 1"),
        ],
    };
    columns.extend([
        Field::int("day", "days", "Days since the couple entered the study"),
        Field::int(
            "relationship_day",
            "days",
            "Days since the relationship began",
        ),
    ]);
    columns
}

fn answered_column(name: String) -> Field {
    Field::int(
        name,
        "",
        "1 where the occasion was answered, 0 where it was not",
    )
    .within(0.0, 1.0)
}

/// The columns of a scale, with what is added to its name before the view's.
fn scale_columns(study: &PreparedStudy, index: usize, suffix: &str, whose: &str) -> Vec<Field> {
    let StudyScaleInfo { key, meaning, .. } = STUDY_SCALES[index];
    let (low, high) = study.range(index);
    let unit = if low == 0.0 { "1" } else { "points" };
    let length = high - low;
    let columns = VIEW_NAMES.iter().map(|(view, phrase)| {
        let field = Field::float(
            format!("{key}{suffix}{view}"),
            unit,
            format!("{meaning}{whose}{phrase}"),
        );
        match view.contains("cwc") {
            true => field.within(-length, length),
            false => field.within(low, high),
        }
    });
    columns.collect()
}

fn name(kind: OccasionKind, waves: &'static str, prompts: &'static str) -> &'static str {
    match kind {
        OccasionKind::Waves => waves,
        OccasionKind::Prompts => prompts,
    }
}

fn long_schema(study: &PreparedStudy, kind: OccasionKind) -> Schema {
    let mut columns = person_columns(study);
    columns.extend(occasion_columns(kind));
    columns.push(answered_column("answered".to_owned()));
    for index in scales_of(study, kind) {
        columns.extend(scale_columns(study, *index, "", ""));
    }
    Schema {
        table: name(kind, "waves_long", "prompts_long"),
        row: name(kind, "a person and wave", "a person and prompt"),
        columns,
    }
}

fn dyad_schema(study: &PreparedStudy, kind: OccasionKind) -> Schema {
    let mut columns = couple_columns();
    columns.extend(occasion_columns(kind));
    columns.extend([1, 2].map(|member| answered_column(format!("answered_{member}"))));
    for index in scales_of(study, kind) {
        for member in [1, 2] {
            let whose = format!(": member {member}");
            columns.extend(scale_columns(study, *index, &format!("_{member}"), &whose));
        }
    }
    Schema {
        table: name(kind, "waves_dyad", "prompts_dyad"),
        row: name(kind, "a couple and wave", "a couple and prompt"),
        columns,
    }
}

fn pairwise_schema(study: &PreparedStudy, kind: OccasionKind) -> Schema {
    let mut columns = person_columns(study);
    columns.extend(occasion_columns(kind));
    columns.extend(["answered_a", "answered_p"].map(|name| answered_column(name.to_owned())));
    for index in scales_of(study, kind) {
        for (suffix, whose) in [
            ("_a", ": the person's own (actor)"),
            ("_p", ": the partner's"),
        ] {
            columns.extend(scale_columns(study, *index, suffix, whose));
        }
    }
    Schema {
        table: name(kind, "waves_pairwise", "prompts_pairwise"),
        row: name(kind, "a person and wave", "a person and prompt"),
        columns,
    }
}

fn panel_schema(study: &PreparedStudy) -> Schema {
    let mut columns = couple_columns();
    for (number, wave) in (1..).zip(study.waves()) {
        for member in [1, 2] {
            for index in &study.design().questionnaire {
                let StudyScaleInfo { key, meaning, .. } = STUDY_SCALES[*index];
                let (low, high) = study.range(*index);
                let meaning = format!(
                    "{meaning}: member {member}, wave {number} (day {})",
                    wave.day
                );
                let column = format!("{key}_{member}_w{number}");
                columns.push(Field::float(column, "points", meaning).within(low, high));
            }
        }
    }
    Schema {
        table: "panel_wide",
        row: "a couple",
        columns,
    }
}

fn truth_schema(study: &PreparedStudy) -> Schema {
    let mut columns = person_columns(study);
    columns.extend([
        Field::categorical("kind", KINDS, "Whether the occasion is a wave or a prompt"),
        Field::int("burst", "", "Number of the burst, from 1; missing of a wave"),
        Field::int(
            "occasion",
            "",
            "Number of the wave, or of the prompt within its burst, from 1",
        ),
        Field::int("day", "days", "Days since the couple entered the study"),
        Field::categorical("outcome", AnswerState::WORDS, "What became of the occasion"),
        Field::int(
            "conflict",
            "",
            "1 where the couple had a conflict since the last prompt of the day, or since the day began; missing after \
             the break-up",
        )
        .within(0.0, 1.0),
    ]);
    for index in truth_scales(study) {
        let StudyScaleInfo { key, meaning, .. } = STUDY_SCALES[index];
        let meaning = format!(
            "{meaning}: the state behind the answer, without error, as a share of its range"
        );
        columns.push(Field::float(key, "1", meaning).within(0.0, 1.0));
    }
    Schema {
        table: "truth",
        row: "a person and occasion",
        columns,
    }
}

/// Every scale that is asked, each once.
fn truth_scales(study: &PreparedStudy) -> Vec<usize> {
    let mut scales: Vec<usize> = kinds(study)
        .flat_map(|kind| scales_of(study, kind).iter().copied())
        .collect();
    scales.sort_unstable();
    scales.dedup();
    scales
}

fn participants_schema(study: &PreparedStudy) -> Schema {
    let design = study.design();
    let mut columns = couple_columns();
    columns.push(Field::int(
        "entry_day",
        "days",
        "Day of the relationship on which the couple entered the study",
    ));
    if let Some(index) = design.screen {
        let (low, high) = study.range(index);
        for member in [1, 2] {
            let meaning = format!("Score of member {member} in the screening");
            columns.push(
                Field::float(format!("screening_{member}"), "points", meaning).within(low, high),
            );
        }
    }
    for member in [1, 2] {
        for (name, what) in [("waves", "waves"), ("prompts", "prompts")] {
            for (word, phrase) in [("asked", "in the study"), ("answered", "answered")] {
                columns.push(Field::int(
                    format!("{name}_{word}_{member}"),
                    "",
                    match word {
                        "asked" => format!(
                            "{what} on which member {member} was {phrase}: not after a break-up or drop-out"
                        ),
                        _ => format!("{what} that member {member} {phrase}"),
                    },
                ));
            }
        }
    }
    for member in [1, 2] {
        columns.push(Field::float(
            format!("dropped_out_{member}"),
            "days",
            format!("Days since entry on which member {member} stopped; missing if it did not"),
        ));
    }
    columns.extend([
        Field::float(
            "separated",
            "days",
            "Days since entry to the break-up; missing if the study does not learn of one",
        ),
        Field::float(
            "time",
            "days",
            "Days since entry to the break-up, or to the last day on which the study knows of the couple (censored)",
        ),
        Field::int(
            "status",
            "",
            "1 where `time` is that of a break-up, 0 where it is censored: Surv(time, status) in R",
        )
        .within(0.0, 1.0),
        Field::categorical(
            "ended_by",
            ENDS,
            "How the study of the couple ended: with its last day, because all who took part had stopped, or by a \
             break-up",
        ),
    ]);
    Schema {
        table: "participants",
        row: "a couple",
        columns,
    }
}

fn recruitment_schema() -> Schema {
    let columns = vec![
        Field::int("replicate", "", "Number of the data set, from 1"),
        Field::int(
            "wanted",
            "couples",
            "Couples that the study wants to recruit",
        ),
        Field::int(
            "approached",
            "couples",
            "Couples that were approached, in their order, until there were enough",
        ),
        Field::int(
            "separated_before",
            "couples",
            "Of these, those that separated by the day of entry",
        ),
        Field::int(
            "screened_out",
            "couples",
            "Of these, those that did not pass the screening",
        ),
        Field::int("recruited", "couples", "Of these, those in the study"),
    ];
    Schema {
        table: "recruitment",
        row: "a data set",
        columns,
    }
}

/// Names of the scales, as categories of a table.
const SCALE_NAMES: &[&str] = &{
    let mut names = [""; STUDY_SCALES.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = STUDY_SCALES[index].key;
        index += 1;
    }
    names
};

fn scales_schema() -> Schema {
    let columns = vec![
        Field::int("replicate", "", "Number of the data set, from 1"),
        Field::categorical("kind", KINDS, "Whether it is asked in waves or at prompts"),
        Field::categorical("scale", SCALE_NAMES, "The scale"),
        Field::int("items", "", "Items whose mean is the score"),
        Field::int("steps", "", "Steps of an item; 0 for answers without steps"),
        Field::float(
            "reliability",
            "1",
            "Reliability that was asked for; missing of a report of conflict",
        )
        .within(0.0, 1.0),
        Field::float(
            "reached",
            "1",
            "Share of the scores' variance that the states behind them explain, over persons and occasions",
        )
        .within(0.0, 1.0),
        Field::int("answers", "", "Answers"),
        Field::float("mean", "points", "Mean score"),
        Field::float("sd", "points", "Standard deviation of the scores"),
        Field::float(
            "state_sd",
            "1",
            "Standard deviation of the states behind them, as a share of their range",
        ),
        Field::float("at_floor", "1", "Share of the answers at the lowest score").within(0.0, 1.0),
        Field::float("at_ceiling", "1", "Share of the answers at the highest score")
            .within(0.0, 1.0),
    ];
    Schema {
        table: "scales",
        row: "a data set and scale",
        columns,
    }
}

/// The number of a couple over all data sets, from 1.
fn couple_id(study: &PreparedStudy, data: &StudyReplicate, couple: &StudyCouple) -> i64 {
    (u64::from(data.number) * study.pool() + couple.number + 1) as i64
}

fn couple_values(study: &PreparedStudy, data: &StudyReplicate, couple: &StudyCouple) -> Vec<Value> {
    vec![
        Value::Int(i64::from(data.number) + 1),
        Value::Int(couple.number as i64 + 1),
        Value::Int(couple_id(study, data, couple)),
    ]
}

fn person_values(
    study: &PreparedStudy,
    data: &StudyReplicate,
    couple: &StudyCouple,
    member: usize,
) -> Vec<Value> {
    let mut row = couple_values(study, data, couple);
    let id = |member: usize| 2 * couple_id(study, data, couple) - 1 + member as i64;
    row.extend([id(member), id(1 - member), member as i64 + 1].map(Value::Int));
    if study.design().distinguishable {
        row.push(Value::Categorical(member as u8));
    }
    row
}

/// The number of a prompt within its burst, from 1.
fn occasion_number(study: &PreparedStudy, moment: &StudyMoment) -> i64 {
    i64::from(moment.burst_day * study.design().prompts + moment.prompt) + 1
}

fn occasion_values(
    study: &PreparedStudy,
    couple: &StudyCouple,
    kind: OccasionKind,
    place: usize,
) -> Vec<Value> {
    let moment = &moments_of(study, kind)[place];
    let mut row = match kind {
        OccasionKind::Waves => vec![place as i64 + 1],
        OccasionKind::Prompts => vec![
            i64::from(moment.burst) + 1,
            occasion_number(study, moment),
            i64::from(moment.burst_day) + 1,
            i64::from(moment.prompt) + 1,
        ],
    };
    row.push(i64::from(moment.day));
    row.push(i64::from(couple.entry_day + moment.day));
    row.into_iter().map(Value::Int).collect()
}

/// The position of the occasion before one, if a lag reaches it.
fn before(study: &PreparedStudy, kind: OccasionKind, place: usize) -> Option<usize> {
    match kind {
        OccasionKind::Waves => place.checked_sub(1),
        OccasionKind::Prompts => study.prompt_before(place),
    }
}

/// The views of one member's answers: by occasion, scale and view.
fn views(
    study: &PreparedStudy,
    couple: &StudyCouple,
    kind: OccasionKind,
    member: usize,
) -> Vec<[f64; VIEWS]> {
    let scales = scales_of(study, kind).len();
    let answers = &set_of(couple, kind).answers[member];
    let mean = |scale: usize| {
        let own = answers.iter().skip(scale).step_by(scales);
        let known: Vec<f64> = own.copied().filter(|answer| answer.is_finite()).collect();
        known.iter().sum::<f64>() / known.len() as f64
    };
    let means: Vec<f64> = (0..scales).map(mean).collect();
    let view = |(position, answer): (usize, &f64)| {
        let (place, scale) = (position / scales, position % scales);
        let lag = before(study, kind, place).map_or(f64::NAN, |it| answers[it * scales + scale]);
        let mean = means[scale];
        [*answer, mean, answer - mean, lag, lag - mean]
    };
    answers.iter().enumerate().map(view).collect()
}

fn answered(couple: &StudyCouple, kind: OccasionKind, member: usize, place: usize) -> Value {
    let state = set_of(couple, kind).states[member][place];
    Value::Int(i64::from(state == AnswerState::Answered))
}

fn long(study: &PreparedStudy, data: &StudyReplicate, kind: OccasionKind, rows: &mut Batch) {
    let scales = scales_of(study, kind).len();
    for couple in &data.couples {
        for member in members(study, couple) {
            let views = views(study, couple, kind, member);
            let person = person_values(study, data, couple, member);
            for place in 0..moments_of(study, kind).len() {
                let mut row = person.clone();
                row.extend(occasion_values(study, couple, kind, place));
                row.push(answered(couple, kind, member, place));
                let own = &views[place * scales..(place + 1) * scales];
                row.extend(own.iter().flatten().map(|value| Value::Float(*value)));
                rows.push(row);
            }
        }
    }
}

/// The views of both members side by side, scale by scale.
fn side_by_side(row: &mut Vec<Value>, [first, second]: [&[[f64; VIEWS]]; 2]) {
    for (first, second) in first.iter().zip(second) {
        let both = first.iter().chain(second);
        row.extend(both.map(|value| Value::Float(*value)));
    }
}

fn dyad(study: &PreparedStudy, data: &StudyReplicate, kind: OccasionKind, rows: &mut Batch) {
    let scales = scales_of(study, kind).len();
    for couple in &data.couples {
        let views = [0, 1].map(|member| views(study, couple, kind, member));
        for place in 0..moments_of(study, kind).len() {
            let mut row = couple_values(study, data, couple);
            row.extend(occasion_values(study, couple, kind, place));
            row.extend([0, 1].map(|member| answered(couple, kind, member, place)));
            let own = place * scales..(place + 1) * scales;
            side_by_side(&mut row, [&views[0][own.clone()], &views[1][own]]);
            rows.push(row);
        }
    }
}

fn pairwise(study: &PreparedStudy, data: &StudyReplicate, kind: OccasionKind, rows: &mut Batch) {
    let scales = scales_of(study, kind).len();
    for couple in &data.couples {
        let views = [0, 1].map(|member| views(study, couple, kind, member));
        for member in 0..2 {
            let person = person_values(study, data, couple, member);
            for place in 0..moments_of(study, kind).len() {
                let mut row = person.clone();
                row.extend(occasion_values(study, couple, kind, place));
                row.extend([member, 1 - member].map(|it| answered(couple, kind, it, place)));
                let own = place * scales..(place + 1) * scales;
                let both = [&views[member][own.clone()], &views[1 - member][own]];
                side_by_side(&mut row, both);
                rows.push(row);
            }
        }
    }
}

fn panel(study: &PreparedStudy, data: &StudyReplicate, rows: &mut Batch) {
    let scales = study.design().questionnaire.len();
    for couple in &data.couples {
        let mut row = couple_values(study, data, couple);
        for place in 0..study.waves().len() {
            for member in 0..2 {
                let own = place * scales..(place + 1) * scales;
                let answers = &couple.waves.answers[member][own];
                row.extend(answers.iter().map(|answer| Value::Float(*answer)));
            }
        }
        rows.push(row);
    }
}

fn truth(study: &PreparedStudy, data: &StudyReplicate, rows: &mut Batch) {
    let all = truth_scales(study);
    for couple in &data.couples {
        for member in 0..2 {
            let person = person_values(study, data, couple, member);
            for kind in kinds(study) {
                let (set, own_scales) = (set_of(couple, kind), scales_of(study, kind));
                for (place, moment) in moments_of(study, kind).iter().enumerate() {
                    let mut row = person.clone();
                    let (burst, occasion) = match kind {
                        OccasionKind::Waves => (MISSING, place as i64 + 1),
                        OccasionKind::Prompts => {
                            (i64::from(moment.burst) + 1, occasion_number(study, moment))
                        }
                    };
                    let state = set.states[member][place];
                    let is_over = couple.is_over(moment.day, set, place);
                    row.extend([
                        Value::Categorical(kind as u8),
                        Value::Int(burst),
                        Value::Int(occasion),
                        Value::Int(i64::from(moment.day)),
                        Value::Categorical(state as u8),
                        Value::Int(match is_over {
                            true => MISSING,
                            false => i64::from(set.conflict[place]),
                        }),
                    ]);
                    for index in &all {
                        let own = own_scales.iter().position(|it| it == index);
                        let value = own.map_or(f64::NAN, |own| {
                            set.truth[member][place * own_scales.len() + own]
                        });
                        row.push(Value::Float(value));
                    }
                    rows.push(row);
                }
            }
        }
    }
}

impl StudyCouple {
    /// Whether the couple had separated by an occasion.
    fn is_over(&self, day: u32, set: &OccasionSet, place: usize) -> bool {
        let separated = |member: &usize| set.states[*member][place] == AnswerState::Separated;
        [0, 1].iter().any(separated) || self.separated <= f64::from(day)
    }

    /// How the study of the couple ended, as a position in the categories of a table.
    fn ended_by(&self, members: &[usize]) -> u8 {
        if self.separated.is_finite() {
            return 2;
        }
        let stopped = |member: &usize| self.dropped_out[*member].is_finite();
        u8::from(members.iter().all(stopped))
    }
}

fn participants(study: &PreparedStudy, data: &StudyReplicate, rows: &mut Batch) {
    for couple in &data.couples {
        let members = members(study, couple);
        let mut row = couple_values(study, data, couple);
        row.push(Value::Int(i64::from(couple.entry_day)));
        if study.design().screen.is_some() {
            row.extend(couple.screening.map(Value::Float));
        }
        for member in 0..2 {
            for set in [&couple.waves, &couple.prompts] {
                let count = |states: &[AnswerState]| {
                    let own = set.states[member].iter();
                    own.filter(|state| states.contains(state)).count() as i64
                };
                let answered = count(&[AnswerState::Answered]);
                row.push(Value::Int(answered + count(&[AnswerState::Missed])));
                row.push(Value::Int(answered));
            }
        }
        row.extend(couple.dropped_out.map(Value::Float));
        row.extend([
            Value::Float(couple.separated),
            Value::Float(couple.time),
            Value::Int(i64::from(couple.separated.is_finite())),
            Value::Categorical(couple.ended_by(&members)),
        ]);
        rows.push(row);
    }
}

fn recruitment(data: &StudyReplicate, rows: &mut Batch) {
    let own = &data.recruitment;
    rows.push(
        [
            i64::from(data.number) + 1,
            own.wanted as i64,
            own.approached as i64,
            own.separated as i64,
            own.screened_out as i64,
            own.recruited as i64,
        ]
        .map(Value::Int),
    );
}

fn scales(study: &PreparedStudy, data: &StudyReplicate, rows: &mut Batch) {
    let own = &study.design().scales;
    for kind in kinds(study) {
        let stats = study.scale_stats(data, kind == OccasionKind::Prompts);
        for (index, stats) in scales_of(study, kind).iter().zip(stats) {
            let ScaleStats { reliability, ends } = stats;
            let share = |count: u64| count as f64 / reliability.n as f64;
            let scored = own.items.get(*index);
            rows.push([
                Value::Int(i64::from(data.number) + 1),
                Value::Categorical(kind as u8),
                Value::Categorical(*index as u8),
                Value::Int(scored.map_or(1, |items| i64::from(*items))),
                Value::Int(own.steps.get(*index).map_or(2, |steps| i64::from(*steps))),
                Value::Float(own.reliability.get(*index).copied().unwrap_or(f64::NAN)),
                Value::Float(reliability.reliability()),
                Value::Int(reliability.n as i64),
                Value::Float(reliability.mean()),
                Value::Float(reliability.sd()),
                Value::Float(reliability.state_sd()),
                Value::Float(share(ends[0])),
                Value::Float(share(ends[1])),
            ]);
        }
    }
}
