//! The tables that a block of couples fills: which there are, when they are kept, their columns, and the
//! rows of couples, of their childhoods and of persons' days.
//!
//! To add a table, add a variant of [`BlockTable`] with its schema here, and write its rows where a
//! cohort closes (`cohort/rows.rs`) or where a survey is answered (`survey/answers.rs`).

use super::config::{DayRows, SimulationConfig};
use super::gather_scatter::{CoupleTile, plane};
use super::groups::{STYLES, style_of};
use super::observable::{Cuts, REGIMES, Role, regime};
use super::survey::{SCALES, ScaleInfo, Survey, WAVE_SCALES};
use super::{BLOCK_COUPLES, TILE_SLOTS};
use crate::childhood::{Age, Childhood, UPBRINGING};
use crate::model::derived::{daily_closeness, daily_satisfaction, felt_security, satisfaction};
use crate::model::types::{CONTACT, STATES, TRAITS};
use crate::model::{Couple, LeavingReason, Rules, Tally};
use crate::simd::vector::Vector;
use crate::table::{Batch, Field, Fill, Schema, Value, Values};
use std::array::from_ref;
use std::ops::{Index, IndexMut, Range};
use std::sync::LazyLock;

macro_rules! block_tables {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// A table that a block of couples fills.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum BlockTable { $($(#[$doc])* $name,)* }

        impl BlockTable {
            /// Every table, in the order of a codebook.
            pub(crate) const ALL: &[BlockTable] = &[$(BlockTable::$name,)*];
        }
    };
}

block_tables! {
    /// One row per couple.
    Couples,
    /// One row per person and day, of the couples that are drawn day by day.
    SampleCouples,
    /// One row per person and age, of the same couples, if partners have childhoods.
    Childhood,
    /// One row per person and day.
    Days,
    /// One row per person and day of the survey's diary.
    Diary,
    /// The diary with both partners in each row.
    DiaryPairwise,
    /// One row per person and wave of the survey's questionnaire.
    Waves,
    /// One row per couple, with both partners' scores in every wave.
    WavesWide,
    /// One row per person, day of the diary and item, if items are kept.
    DiaryItems,
    /// One row per person, wave and item, if items are kept.
    WaveItems,
}

impl BlockTable {
    /// The table's schema; `None` if the configuration does not keep the table.
    pub(crate) fn schema(self, config: &SimulationConfig) -> Option<Schema> {
        let record = &config.record;
        let survey = record.survey.as_ref();
        let diary = survey.filter(|survey| survey.diary_days > 0);
        match self {
            BlockTable::Couples => record
                .couples
                .then(|| with_groups(couples_schema(config.origin.has_childhood()), config)),
            BlockTable::SampleCouples => {
                (record.sample_couples > 0).then(|| days_schema("sample_couples"))
            }
            BlockTable::Childhood => config.keeps_childhoods().then(childhoods_schema),
            BlockTable::Days => (record.days != DayRows::None).then(|| days_schema("days")),
            BlockTable::Diary => diary.map(diary_schema),
            BlockTable::DiaryPairwise => diary.map(pairwise_schema),
            BlockTable::Waves => survey
                .filter(|survey| !survey.waves.is_empty())
                .map(waves_schema),
            BlockTable::WavesWide => survey
                .filter(|survey| !survey.waves.is_empty())
                .map(waves_wide_schema),
            BlockTable::DiaryItems => diary
                .filter(|survey| survey.keep_items)
                .map(|survey| items_schema("diary_items", survey)),
            BlockTable::WaveItems => survey
                .filter(|survey| survey.keep_items && !survey.waves.is_empty())
                .map(|survey| items_schema("wave_items", survey)),
        }
    }

    /// Upper bound of the bytes in memory of all its rows of the first replicate.
    pub(crate) fn all_bytes(self, config: &SimulationConfig) -> u64 {
        let row = self.schema(config).map_or(0, |schema| schema.row_bytes());
        let blocks = config.size.couples.div_ceil(BLOCK_COUPLES);
        let rows = match self {
            BlockTable::SampleCouples | BlockTable::Childhood => {
                let sampled = config.record.sample_couples.min(config.size.couples);
                let block = config.record.sample_couples.min(BLOCK_COUPLES);
                self.max_rows(config).checked_div(block).unwrap_or(0) * sampled
            }
            _ => self.max_rows(config) * blocks,
        };
        rows * row
    }

    /// Upper bound of the rows of one block, if the table is kept.
    fn max_rows(self, config: &SimulationConfig) -> u64 {
        let couples = config.size.couples.min(BLOCK_COUPLES);
        let days = u64::from(config.size.days);
        let record = &config.record;
        let survey = record.survey.as_ref();
        match self {
            BlockTable::Couples | BlockTable::WavesWide => couples,
            BlockTable::SampleCouples => 2 * days * record.sample_couples.min(couples),
            BlockTable::Childhood => 2 * MOST_AGES * record.sample_couples.min(couples),
            BlockTable::Days => {
                let kept = match record.days {
                    DayRows::None => 0,
                    DayRows::First(count) => count.min(couples),
                    DayRows::All => couples,
                };
                2 * kept * (days + 1).saturating_sub(u64::from(record.days_from))
            }
            BlockTable::Diary | BlockTable::DiaryPairwise => {
                2 * couples * survey.map_or(0, |survey| u64::from(survey.diary_days))
            }
            BlockTable::Waves => 2 * couples * survey.map_or(0, |survey| survey.waves.len() as u64),
            BlockTable::DiaryItems => {
                let items = |survey: &Survey| items(&survey.items[WAVE_SCALES..]);
                let each = survey.map_or(0, |survey| u64::from(survey.diary_days) * items(survey));
                2 * couples * each
            }
            BlockTable::WaveItems => {
                let items = |survey: &Survey| items(&survey.items[..WAVE_SCALES]);
                let each = survey.map_or(0, |survey| survey.waves.len() as u64 * items(survey));
                2 * couples * each
            }
        }
    }
}

/// All items of some scales.
fn items(of_scales: &[u32]) -> u64 {
    of_scales.iter().map(|items| u64::from(*items)).sum()
}

/// Ages of a childhood that are kept, at most: five a year up to adulthood.
const MOST_AGES: u64 = 100;

/// Rows of every table of a block; without columns for tables that are not kept.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BlockTables([Batch; BlockTable::ALL.len()]);

impl BlockTables {
    /// Tables without rows.
    pub(crate) fn empty(config: &SimulationConfig) -> BlockTables {
        BlockTables(std::array::from_fn(|index| {
            let schema = BlockTable::ALL[index].schema(config);
            schema.map_or_else(Batch::default, |schema| Batch::empty(&schema))
        }))
    }

    /// Upper bound of the bytes of a block's tables in memory.
    pub(crate) fn max_bytes(config: &SimulationConfig) -> u64 {
        let bytes =
            |table: &BlockTable| Some(table.max_rows(config) * table.schema(config)?.row_bytes());
        BlockTable::ALL.iter().filter_map(bytes).sum()
    }

    /// Takes the rows of a table.
    pub(crate) fn take(&mut self, table: BlockTable) -> Batch {
        std::mem::take(&mut self[table])
    }
}

impl Index<BlockTable> for BlockTables {
    type Output = Batch;
    fn index(&self, table: BlockTable) -> &Batch {
        &self.0[table as usize]
    }
}

impl IndexMut<BlockTable> for BlockTables {
    fn index_mut(&mut self, table: BlockTable) -> &mut Batch {
        &mut self.0[table as usize]
    }
}

/// Who left, as categories of a table.
pub(crate) const LEAVERS: &[&str] = &["none", "a", "b", "both"];

/// Why a relationship ended, as categories of a table: none of an intact couple, or a [`LeavingReason`].
const REASONS: &[&str] = &[
    "none",
    LeavingReason::Bond.word(),
    LeavingReason::Outside.word(),
];

const SIDES: [&str; 2] = ["a", "b"];

fn identity() -> Vec<Field> {
    vec![
        Field::int("replicate", "", "Number of the replicate, from 1"),
        Field::int(
            "couple",
            "",
            "Number of the couple within its replicate, from 1; with `replicate` it names the same couple \
             in runs of the same seed, whatever their numbers of couples and replicates",
        ),
        Field::int(
            "couple_id",
            "",
            "Number of the couple over all replicates of this run, from 1",
        ),
    ]
}

/// Columns of `couples`: one row per couple. Childhoods have columns for the partners who have one.
pub(crate) fn couples_schema(has_childhood: [bool; 2]) -> Schema {
    let mut columns = identity();
    columns.push(Field::float(CONTACT.key, "1", CONTACT.meaning).within(CONTACT.low, CONTACT.high));
    for side in SIDES {
        for line in TRAITS {
            let name = format!("{}_{side}", line.key);
            columns.push(Field::float(name, line.unit, line.meaning).within(line.low, line.high));
        }
    }
    for (when, phrase) in [("start", "at the start"), ("end", "at the end")] {
        for side in SIDES {
            for line in STATES {
                let name = format!("{}_{when}_{side}", line.key);
                let meaning = format!("{}, {phrase}", line.meaning);
                columns.push(Field::float(name, line.unit, meaning).within(line.low, line.high));
            }
        }
    }
    for side in SIDES {
        let name = format!("satisfaction_end_{side}");
        columns.push(
            Field::float(name, "1", "Satisfaction with the relationship, at the end")
                .within(0.0, 1.0),
        );
    }
    for side in SIDES {
        columns.push(Field::categorical(
            format!("style_{side}"),
            STYLES,
            "Attachment style at the start: secure where anxiety and avoidance are below 0.5, preoccupied where \
             only anxiety is 0.5 or more, dismissing where only avoidance is, fearful where both are \
             (Bartholomew & Horowitz 1991; Brennan, Clark & Shaver 1998); regions of two dimensions, not kinds \
             of people",
        ));
    }
    columns.extend([
        Field::categorical(
            "regime_end",
            REGIMES,
            "Balance regime of the couple's means at the end",
        ),
        Field::int(
            "ended",
            "",
            "1 where the couple broke up, 0 where it was intact at the last day (censored)",
        )
        .within(0.0, 1.0),
        Field::float(
            "end_day",
            "days",
            "Day of the break-up; missing where the couple was intact at the last day",
        ),
        Field::float(
            "time",
            "days",
            "Days to the break-up, or to the last day where the couple was intact (censored)",
        ),
        Field::int(
            "status",
            "",
            "1 where `time` is that of a break-up, 0 where it is censored: Surv(time, status) in R",
        )
        .within(0.0, 1.0),
        Field::categorical("left", LEAVERS, "Who ended the relationship"),
        Field::categorical(
            "reason",
            REASONS,
            "Why: for the bond itself, where missing commitment explains at least half of the deliberation, or for reasons outside it",
        ),
    ]);
    for (side, has_childhood) in SIDES.into_iter().zip(has_childhood) {
        if has_childhood {
            columns.extend(childhood_columns(side));
        }
    }
    Schema {
        table: "couples",
        row: "a couple",
        columns,
    }
}

/// Adds the column of the group to `couples`, where the configuration has groups.
fn with_groups(mut couples: Schema, config: &SimulationConfig) -> Schema {
    let groups = config.group_count();
    if groups > 0 {
        let meaning = "Number of the couple's group in the table `groups`";
        let column = Field::int("group", "", meaning).within(1.0, groups as f64);
        couples.columns.push(column);
    }
    couples
}

/// The columns of one partner's childhood in `couples`.
fn childhood_columns(side: &str) -> Vec<Field> {
    let upbringing = UPBRINGING.iter().map(|line| {
        let name = format!("childhood_{}_{side}", line.key);
        Field::float(name, line.unit, line.meaning).within(line.low, line.high)
    });
    let outcomes = [
        (
            "trust",
            "The responsiveness expected of the caregiver, at the end of childhood",
        ),
        (
            "uncertainty",
            "Uncertainty of that expectation, at the end of childhood",
        ),
        ("autonomy", "Autonomy, at the end of childhood"),
    ];
    let outcomes = outcomes.into_iter().map(|(key, meaning)| {
        Field::float(format!("childhood_{key}_{side}"), "1", meaning).within(0.0, 1.0)
    });
    upbringing.chain(outcomes).collect()
}

/// Columns of `childhood`: one row per person and age.
pub(crate) fn childhoods_schema() -> Schema {
    let mut columns = identity();
    columns.extend([
        person_number(),
        person_role(),
        Field::float(
            "age",
            "years",
            "Age at the end of a day of childhood; 0 is the start",
        ),
    ]);
    let unit = |name: &str, meaning: &str| Field::float(name, "1", meaning).within(0.0, 1.0);
    columns.extend([
        unit("trust", "The responsiveness expected of the caregiver"),
        unit("uncertainty", "Uncertainty of that expectation"),
        unit("autonomy", "Autonomy: the child's model of itself"),
        unit("anxiety", "Attachment anxiety"),
        unit("avoidance", "Attachment avoidance"),
    ]);
    Schema {
        table: "childhood",
        row: "an age of a person",
        columns,
    }
}

fn person_number() -> Field {
    Field::int(
        "person_id",
        "",
        "Number of the person, twice couple_id less 1 for A",
    )
}

fn person_role() -> Field {
    Field::categorical("role", &Role::WORDS[..2], "The person's role in the couple")
}

/// Columns that identify a person and a day.
fn person_day() -> Vec<Field> {
    let mut columns = identity();
    columns.extend([
        person_number(),
        Field::int("partner_id", "", "Number of the person's partner"),
        person_role(),
        Field::int("day", "days", "The day, from 1"),
    ]);
    columns
}

/// Columns of `days` and `sample_couples`: one row per person and day.
pub(crate) fn days_schema(table: &'static str) -> Schema {
    let mut columns = person_day();
    for line in STATES {
        columns.push(Field::float(line.key, line.unit, line.meaning).within(line.low, line.high));
    }
    let unit = |name: &str, meaning: &str| Field::float(name, "1", meaning).within(0.0, 1.0);
    let count = |name: &str, meaning: &str| Field::int(name, "per day", meaning);
    columns.extend([
        unit("felt_security", "Felt security"),
        unit("satisfaction", "Satisfaction with the relationship"),
        unit("daily_satisfaction", "The day's reported satisfaction"),
        unit("daily_closeness", "The day's reported closeness"),
        count("bids", "Bids made on the day"),
        count("conflict", "Conflicts of the couple on the day"),
        count("responsive", "Episodes of the day felt to be responsive"),
        count(
            "unresponsive",
            "Episodes of the day felt to be unresponsive",
        ),
        count("repairs", "Episodes of the day that were repaired"),
        unit("disclosure", "Deepest disclosure of the day, 0 without any"),
        unit(
            "hurtful",
            "Most hurtful act of the partner in a conflict of the day, 0 without any",
        ),
        unit(
            "shortfall",
            "How far the partner's answers in a conflict of the day fell short of trust at most, 0 without any",
        ),
        count(
            "fights",
            "Conflicts of the day in which the partner's act counts as a fight",
        ),
        unit(
            "perceived",
            "Mean perceived responsiveness of the day's episodes; missing without any",
        ),
        unit(
            "received",
            "Mean response given by the partner in them; missing without any",
        ),
        count("stress_event", "Stressful events of the day"),
        count("betrayal", "Betrayals suffered on the day"),
    ]);
    Schema {
        table,
        row: "a person's day",
        columns,
    }
}

/// What the diary's pairwise table holds of each of its variables: an separation, and its meaning.
const VIEWS: [(&str, &str); 8] = [
    ("a", "the person's own (actor)"),
    ("p", "the partner's"),
    ("a_cm", "the person's own, mean of the person's days"),
    ("p_cm", "the partner's, mean of the partner's days"),
    ("a_cwc", "the person's own, less the person's mean"),
    ("p_cwc", "the partner's, less the partner's mean"),
    ("a_lag1", "the person's own, on the day before"),
    ("p_lag1", "the partner's, on the day before"),
];

const CONFLICT_KEY: &str = "daily_conflict";
const CONFLICT_MEANING: &str = "Whether conflict is reported of the day, 1 or 0";

fn score(name: String, meaning: String, top: f64) -> Field {
    Field::float(name, "points", meaning).within(1.0, top)
}

/// Columns of `diary`: one row per person and day of the diary.
pub(crate) fn diary_schema(survey: &Survey) -> Schema {
    let mut columns = person_day();
    columns.push(
        Field::int(
            "answered",
            "",
            "1 where the day was filled in, 0 where it was missed",
        )
        .within(0.0, 1.0),
    );
    for scale in &SCALES[WAVE_SCALES..] {
        columns.push(score(
            scale.key.to_owned(),
            scale.meaning.to_owned(),
            survey.top(),
        ));
    }
    columns.push(Field::int(CONFLICT_KEY, "", CONFLICT_MEANING).within(0.0, 1.0));
    Schema {
        table: "diary",
        row: "a person's day",
        columns,
    }
}

/// Columns of `diary_pairwise`: the rows of `diary`, with both partners in each.
pub(crate) fn pairwise_schema(survey: &Survey) -> Schema {
    let mut columns = person_day();
    let (top, length) = (survey.top(), survey.top() - 1.0);
    for ScaleInfo { key, meaning, .. } in &SCALES[WAVE_SCALES..] {
        for (view, phrase) in VIEWS {
            let column = Field::float(
                format!("{key}_{view}"),
                "points",
                format!("{meaning}: {phrase}"),
            );
            columns.push(if view.ends_with("cwc") {
                column.within(-length, length)
            } else {
                column.within(1.0, top)
            });
        }
    }
    for (view, phrase) in VIEWS {
        let low = if view.ends_with("cwc") { -1.0 } else { 0.0 };
        let meaning = format!("{CONFLICT_MEANING}: {phrase}");
        columns.push(Field::float(format!("{CONFLICT_KEY}_{view}"), "1", meaning).within(low, 1.0));
    }
    Schema {
        table: "diary_pairwise",
        row: "a person's day",
        columns,
    }
}

/// Columns of `waves`: one row per person and wave of the questionnaire.
pub(crate) fn waves_schema(survey: &Survey) -> Schema {
    let mut columns = person_day();
    columns.push(Field::int("wave", "", "Number of the wave, from 1"));
    for scale in &SCALES[..WAVE_SCALES] {
        columns.push(score(
            scale.key.to_owned(),
            scale.meaning.to_owned(),
            survey.top(),
        ));
    }
    if !survey.fight_waves.is_empty() {
        columns.push(Field::int(
            "fights",
            "",
            "Conflicts of the last seven days that the person felt as fights",
        ));
    }
    Schema {
        table: "waves",
        row: "a person and wave",
        columns,
    }
}

/// Columns of `waves_wide`: one row per couple, the scores of each wave side by side.
pub(crate) fn waves_wide_schema(survey: &Survey) -> Schema {
    let mut columns = identity();
    for (wave, day) in (1..).zip(&survey.waves) {
        for side in SIDES {
            for scale in &SCALES[..WAVE_SCALES] {
                let meaning = format!(
                    "{}: partner {}, wave {wave} (day {day}); missing after a break-up",
                    scale.meaning,
                    side.to_uppercase(),
                );
                columns.push(score(
                    format!("{}_{side}_w{wave}", scale.key),
                    meaning,
                    survey.top(),
                ));
            }
        }
    }
    Schema {
        table: "waves_wide",
        row: "a couple",
        columns,
    }
}

/// Names of the scales, as categories of a table.
static SCALE_NAMES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| SCALES.iter().map(|scale| scale.key).collect());

/// Columns of `diary_items` and `wave_items`: one row per answer to an item.
pub(crate) fn items_schema(table: &'static str, survey: &Survey) -> Schema {
    let mut columns = person_day();
    if table == "wave_items" {
        columns.push(Field::int("wave", "", "Number of the wave, from 1"));
    }
    columns.extend([
        Field::categorical(
            "scale",
            SCALE_NAMES.as_slice(),
            "The scale: the column of its score, which is the mean of its items",
        ),
        Field::int("item", "", "Number of the item within its scale, from 1"),
        Field::float(
            "answer",
            "points",
            "The answer; missing where what is asked did not occur",
        )
        .within(1.0, survey.top()),
    ]);
    Schema {
        table,
        row: "an answer to an item",
        columns,
    }
}

/// Which couple a row describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CoupleId {
    pub(crate) replicate: u32,
    /// Number of the couple within the replicate, from 1.
    pub(crate) couple: u64,
    /// Number of the couple over all replicates, from 1.
    pub(crate) number: u64,
}

/// How a couple ended, as in `couples`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct EndRow {
    /// Day of the separation; NaN if the couple was intact on the last day.
    pub(crate) day: f64,
    /// Position in [`LEAVERS`].
    pub(crate) left: u8,
    /// Why; none if the couple was intact.
    pub(crate) reason: Option<LeavingReason>,
}

/// The input of a block's rows of `couples`.
pub(crate) struct CoupleRows<'a> {
    /// The first of them.
    pub(crate) first: CoupleId,
    /// The couples at the start.
    pub(crate) initial: &'a [CoupleTile],
    /// Childhoods of partners A and B, by couple; empty for a partner without one.
    pub(crate) childhoods: &'a [Vec<Childhood>; 2],
    /// The couples at the end.
    pub(crate) last: &'a [CoupleTile],
    pub(crate) ends: &'a [EndRow],
    /// Group of each couple; empty without groups.
    pub(crate) groups: &'a [u8],
    /// The last day of the run.
    pub(crate) last_day: u32,
}

impl CoupleRows<'_> {
    /// Writes them column by column.
    #[inline(always)]
    pub(crate) fn write<L: Vector>(&self, to: &mut Batch, cuts: &Cuts, rules: &Rules) {
        let count = self.ends.len();
        let numbers = |fill: &mut Fill<'_>, couples: &[CoupleTile], which: Range<usize>| {
            for number in which {
                fill.floats(couples.iter().map(|tile| tile.number(number)), count);
            }
        };
        to.reserve(count);
        let mut fill = to.fill();
        fill.ints((0..count).map(|_| i64::from(self.first.replicate) + 1));
        for first in [self.first.couple, self.first.number] {
            fill.ints((first..).take(count).map(|number| number as i64));
        }
        numbers(
            &mut fill,
            self.initial,
            CoupleTile::CONTACT..CoupleTile::CONTACT + 1,
        );
        for person in 0..2 {
            numbers(&mut fill, self.initial, CoupleTile::traits(person));
        }
        for couples in [self.initial, self.last] {
            for person in 0..2 {
                numbers(&mut fill, couples, CoupleTile::states(person));
            }
        }
        let mut ends = Vec::with_capacity(self.last.len());
        for last in self.last {
            ends.push(FinalTile::of::<L>(last, rules));
        }
        for person in 0..2 {
            fill.floats(ends.iter().map(|end| &end.satisfaction[person]), count);
        }
        for person in 0..2 {
            let style = |couple| {
                style_of(
                    &self.initial[couple / TILE_SLOTS],
                    couple % TILE_SLOTS,
                    person,
                )
            };
            fill.categories((0..count).map(style));
        }
        let planes = ends
            .iter()
            .flat_map(|end| end.trust.into_iter().zip(end.intimacy));
        fill.categories(
            planes
                .take(count)
                .map(|(trust, intimacy)| regime(trust, intimacy, cuts)),
        );
        let days: Vec<f64> = self.ends.iter().map(|end| end.day).collect();
        let separated = || days.iter().map(|day| i64::from(!day.is_nan()));
        let last_day = f64::from(self.last_day);
        let times: Vec<f64> = days
            .iter()
            .map(|day| if day.is_nan() { last_day } else { *day })
            .collect();
        fill.ints(separated());
        fill.floats(days.iter().map(from_ref), count);
        fill.floats(times.iter().map(from_ref), count);
        fill.ints(separated());
        fill.categories(self.ends.iter().map(|end| end.left));
        let position = |end: &EndRow| end.reason.map_or(0, |reason| 1 + reason as u8);
        fill.categories(self.ends.iter().map(position));
        for childhoods in self.childhoods.iter().filter(|own| !own.is_empty()) {
            write_childhoods(&mut fill, childhoods);
        }
        if !self.groups.is_empty() {
            fill.ints(self.groups.iter().map(|group| i64::from(*group) + 1));
        }
        fill.end();
    }
}

/// Derived values of the couples of a tile at the end.
struct FinalTile {
    satisfaction: [[f64; TILE_SLOTS]; 2],
    /// Means of both partners.
    trust: [f64; TILE_SLOTS],
    intimacy: [f64; TILE_SLOTS],
}

impl FinalTile {
    #[inline(always)]
    fn of<L: Vector>(couples: &CoupleTile, rules: &Rules) -> FinalTile {
        let mut end = FinalTile {
            satisfaction: [[0.0; TILE_SLOTS]; 2],
            trust: [0.0; TILE_SLOTS],
            intimacy: [0.0; TILE_SLOTS],
        };
        for first in (0..TILE_SLOTS).step_by(L::LANES) {
            let couples = couples.load::<L>(first);
            for (partner, to) in couples.partners.iter().zip(&mut end.satisfaction) {
                satisfaction(&partner.state, rules).store(&mut to[first..]);
            }
            let [trust, intimacy] = plane(&couples);
            trust.store(&mut end.trust[first..]);
            intimacy.store(&mut end.intimacy[first..]);
        }
        end
    }
}

/// Writes the columns of one partner's childhoods in `couples`.
fn write_childhoods(fill: &mut Fill<'_>, childhoods: &[Childhood]) {
    let mut column = |number: &dyn Fn(&Childhood) -> f64| {
        let numbers: Vec<f64> = childhoods.iter().map(number).collect();
        fill.floats(numbers.iter().map(from_ref), childhoods.len());
    };
    for index in 0..UPBRINGING.len() {
        column(&|childhood| childhood.upbringing.fields()[index]);
    }
    column(&|childhood| childhood.end.trust);
    column(&|childhood| childhood.end.uncertainty);
    column(&|childhood| childhood.end.autonomy);
}

/// The row of one age of a person.
pub(crate) fn childhood_row(couple: CoupleId, person: usize, age: &Age) -> Vec<Value> {
    let number = couple.number as i64;
    let mut row = vec![
        Value::Int(i64::from(couple.replicate) + 1),
        Value::Int(couple.couple as i64),
        Value::Int(number),
        Value::Int(2 * number - 1 + person as i64),
        Value::Categorical(person as u8),
        Value::Float(age.years),
    ];
    let values = [
        age.trust,
        age.uncertainty,
        age.autonomy,
        age.anxiety,
        age.avoidance,
    ];
    row.extend(values.map(Value::Float));
    row
}

/// The values that identify a couple.
pub(crate) fn couple_values(couple: CoupleId) -> [Value; 3] {
    [
        Value::Int(i64::from(couple.replicate) + 1),
        Value::Int(couple.couple as i64),
        Value::Int(couple.number as i64),
    ]
}

/// The values that identify a person and a day.
pub(crate) fn person_day_values(couple: CoupleId, person: usize, day: u32) -> [Value; 7] {
    let number = couple.number as i64;
    let ids = [2 * number - 1, 2 * number];
    let [replicate, within, number] = couple_values(couple);
    [
        replicate,
        within,
        number,
        Value::Int(ids[person]),
        Value::Int(ids[1 - person]),
        Value::Categorical(person as u8),
        Value::Int(i64::from(day)),
    ]
}

/// The couples of one vector at the end of a day.
pub(crate) struct DaySnapshot<'a, L: Vector> {
    pub(crate) couple: &'a Couple<L>,
    pub(crate) tally: &'a Tally<L>,
    pub(crate) rules: &'a Rules,
}

/// Values of a person's day other than the states.
const OTHER_VALUES: usize = 17;
const DAY_VALUES: usize = STATES.len() + OTHER_VALUES;

/// The values of one partner's day of every couple of a vector, in the order of columns.
pub(crate) struct DayValues([[f64; TILE_SLOTS]; DAY_VALUES]);

impl DayValues {
    /// Reads them from a vector of couples.
    #[inline(always)]
    pub(crate) fn of<L: Vector>(person: usize, snapshot: &DaySnapshot<'_, L>) -> DayValues {
        let state = &snapshot.couple.partners[person].state;
        let happened = &snapshot.tally.persons[person];
        let episodes = happened.responsive + happened.unresponsive;
        let others: [L; OTHER_VALUES] = [
            felt_security(state, snapshot.rules),
            satisfaction(state, snapshot.rules),
            daily_satisfaction(state, snapshot.rules),
            daily_closeness(state, snapshot.rules),
            happened.bids,
            snapshot.tally.conflicts,
            happened.responsive,
            happened.unresponsive,
            happened.repairs,
            happened.depth,
            happened.hurtful,
            happened.shortfall,
            happened.fights,
            mean_of(happened.perceived, episodes),
            mean_of(happened.response, episodes),
            happened.stress_events,
            happened.betrayals,
        ];
        let mut values = [[0.0; TILE_SLOTS]; DAY_VALUES];
        let own = state.fields().into_iter().copied().chain(others);
        for (to, value) in values.iter_mut().zip(own) {
            value.store(to);
        }
        DayValues(values)
    }

    /// Adds the row of the couple in one lane.
    pub(crate) fn write(
        &self,
        rows: &mut Batch,
        couple: CoupleId,
        person: usize,
        day: u32,
        lane: usize,
    ) {
        let mut columns = rows.columns.iter_mut();
        for (value, column) in person_day_values(couple, person, day)
            .into_iter()
            .zip(&mut columns)
        {
            match (column, value) {
                (Values::Int(column), Value::Int(value)) => column.push(value),
                (Values::Categorical(column), Value::Categorical(value)) => column.push(value),
                _ => debug_assert!(false, "identifiers are integers or categories"),
            }
        }
        for (values, column) in self.0.iter().zip(columns) {
            match column {
                Values::Float(column) => column.push(values[lane]),
                Values::Int(column) => column.push(values[lane] as i64),
                _ => debug_assert!(false, "values of a day are numbers"),
            }
        }
    }
}

/// The mean of a sum over episodes; NaN without any.
#[inline(always)]
fn mean_of<L: Vector>(sum: L, episodes: L) -> L {
    let (mut mean, mut count) = ([0.0; TILE_SLOTS], [0.0; TILE_SLOTS]);
    sum.store(&mut mean);
    episodes.store(&mut count);
    for (mean, count) in mean.iter_mut().zip(count) {
        *mean = if count > 0.0 { *mean / count } else { f64::NAN };
    }
    L::load(&mean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::test_support::small_config;

    #[test]
    fn tables_are_indexed_in_the_order_of_the_list() {
        for (index, table) in BlockTable::ALL.iter().enumerate() {
            assert_eq!(*table as usize, index);
        }
    }

    #[test]
    fn only_tables_that_the_configuration_keeps_have_columns() {
        let mut config = small_config(10, 30);
        let kept = |config: &SimulationConfig| -> Vec<&str> {
            let tables = BlockTables::empty(config);
            let schemas = BlockTable::ALL.iter().filter_map(|table| {
                let schema = table.schema(config);
                let columns = schema.as_ref().map_or(0, |schema| schema.columns.len());
                assert_eq!(tables[*table].columns.len(), columns);
                schema
            });
            schemas.map(|schema| schema.table).collect()
        };
        assert_eq!(kept(&config), ["couples"]);
        config.record.days = DayRows::All;
        config.record.sample_couples = 3;
        config.record.survey = Some(Survey::default_for(30));
        let all = [
            "couples",
            "sample_couples",
            "days",
            "diary",
            "diary_pairwise",
            "waves",
            "waves_wide",
        ];
        assert_eq!(kept(&config), all);
        config.record.couples = false;
        config.record.survey = Some(Survey {
            diary_days: 0,
            ..Survey::default_for(30)
        });
        let waves_only = ["sample_couples", "days", "waves", "waves_wide"];
        assert_eq!(kept(&config), waves_only);
        config.record.survey = Some(Survey {
            keep_items: true,
            ..Survey::default_for(30)
        });
        assert_eq!(kept(&config)[6..], ["diary_items", "wave_items"]);
    }

    #[test]
    fn max_bytes_grows_with_what_is_kept() {
        let mut config = small_config(10, 30);
        let couples = BlockTables::max_bytes(&config);
        assert_eq!(couples, 10 * couples_schema([false; 2]).row_bytes());
        config.record.days = DayRows::First(4);
        config.record.days_from = 11;
        let days = 2 * 4 * 20 * days_schema("days").row_bytes();
        assert_eq!(BlockTables::max_bytes(&config), couples + days);
    }

    #[test]
    fn a_day_has_one_value_for_each_column() {
        let couple = CoupleId {
            replicate: 0,
            couple: 1,
            number: 1,
        };
        let identifiers = person_day_values(couple, 0, 1).len();
        assert_eq!(days_schema("days").columns.len(), identifiers + DAY_VALUES);
    }
}
