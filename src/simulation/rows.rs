//! Rows of tables that hold one couple, or one person's day, each.

use super::ROW;
use super::config::Cuts;
use super::gather_scatter::{Octet, plane};
use super::initial_distribution::InitialDistribution;
use super::observable::{REGIMES, Role, regime};
use crate::childhood::{Age, Childhood, UPBRINGING};
use crate::model::derived::{daily_satisfaction, felt_security, satisfaction};
use crate::model::observer::Tally;
use crate::model::types::{CONTACT, INVESTMENT, STATES, TRAITS};
use crate::model::{Couple, Rules};
use crate::simd::vector::Vector;
use crate::table::{Batch, Field, Fill, Schema, Value, Values};
use std::array::from_ref;
use std::ops::Range;

/// Who left, as words of a table.
pub const LEAVERS: &[&str] = &["none", "a", "b", "both"];

const SIDES: [&str; 2] = ["a", "b"];

/// Which couple a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) replicate: u32,
    /// Number of the couple among all replicates, from 1.
    pub(crate) id: u64,
}

/// How a couple ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct End {
    /// Day of the break-up; NaN where the couple was together at the last day.
    pub(crate) day: f64,
    /// Position in [`LEAVERS`].
    pub(crate) left: u8,
}

fn identity() -> Vec<Field> {
    vec![
        Field::int("replicate", "", "Number of the replicate, from 1"),
        Field::int(
            "couple_id",
            "",
            "Number of the couple over all replicates, from 1",
        ),
    ]
}

/// The header of `couples`: a row a couple. Childhoods have columns for those partners who have one.
pub fn couples_schema(origin: &InitialDistribution) -> Schema {
    header_of_couples(origin.reared())
}

/// The header of `couples` where both partners have a childhood: every column that there may be.
pub fn widest_couples_schema() -> Schema {
    header_of_couples([true; 2])
}

fn header_of_couples(reared: [bool; 2]) -> Schema {
    let mut columns = identity();
    columns.push(Field::float(CONTACT.key, "1", CONTACT.meaning).within(CONTACT.low, CONTACT.high));
    for side in SIDES {
        for line in TRAITS {
            let name = format!("{}_{side}", line.key);
            columns.push(Field::float(name, line.unit, line.meaning).within(line.low, line.high));
        }
    }
    for (when, words) in [("start", "at the start"), ("end", "at the end")] {
        for side in SIDES {
            for line in STATES {
                let name = format!("{}_{when}_{side}", line.key);
                let meaning = format!("{}, {words}", line.meaning);
                columns.push(Field::float(name, line.unit, meaning).within(line.low, line.high));
            }
        }
        let name = format!("{}_{when}", INVESTMENT.key);
        let meaning = format!("{}, {words}", INVESTMENT.meaning);
        columns.push(Field::float(name, "1", meaning).within(0.0, 1.0));
    }
    for side in SIDES {
        let name = format!("satisfaction_end_{side}");
        columns.push(
            Field::float(name, "1", "Satisfaction with the relationship, at the end")
                .within(0.0, 1.0),
        );
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
            "1 where the couple broke up, 0 where it was together at the last day (censored)",
        )
        .within(0.0, 1.0),
        Field::float(
            "end_day",
            "days",
            "Day of the break-up; missing where the couple was together at the last day",
        ),
        Field::categorical("left", LEAVERS, "Who ended the relationship"),
    ]);
    for (side, reared) in SIDES.into_iter().zip(reared) {
        if reared {
            columns.extend(childhood_columns(side));
        }
    }
    Schema {
        table: "couples",
        row: "a couple",
        columns,
    }
}

/// What `couples` says of one partner's childhood.
fn childhood_columns(side: &str) -> Vec<Field> {
    let given = UPBRINGING.iter().map(|line| {
        let name = format!("childhood_{}_{side}", line.key);
        Field::float(name, line.unit, line.meaning).within(line.low, line.high)
    });
    let became = [
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
    let became = became.into_iter().map(|(key, meaning)| {
        Field::float(format!("childhood_{key}_{side}"), "1", meaning).within(0.0, 1.0)
    });
    given.chain(became).collect()
}

/// What the rows of a block's couples are made from.
pub(crate) struct CoupleRows<'a> {
    /// Who the first of them is.
    pub(crate) first: Name,
    /// The couples as they began.
    pub(crate) born: &'a [Octet],
    /// Childhoods of partners A and B, by couple; empty for a partner without one.
    pub(crate) childhoods: &'a [Vec<Childhood>; 2],
    /// The couples as they ended.
    pub(crate) last: &'a [Octet],
    /// How each of them ended.
    pub(crate) ends: &'a [End],
}

impl CoupleRows<'_> {
    /// Writes them column by column.
    #[inline(always)]
    pub(crate) fn write<L: Vector>(&self, to: &mut Batch, cuts: &Cuts, rules: &Rules) {
        let count = self.ends.len();
        let numbers = |fill: &mut Fill<'_>, couples: &[Octet], which: Range<usize>| {
            for number in which {
                fill.floats(couples.iter().map(|octet| octet.number(number)), count);
            }
        };
        to.reserve(count);
        let mut fill = to.fill();
        fill.ints((0..count).map(|_| i64::from(self.first.replicate) + 1));
        fill.ints((self.first.id..).take(count).map(|id| id as i64));
        numbers(&mut fill, self.born, Octet::CONTACT..Octet::CONTACT + 1);
        for person in 0..2 {
            numbers(&mut fill, self.born, Octet::traits(person));
        }
        for couples in [self.born, self.last] {
            for person in 0..2 {
                numbers(&mut fill, couples, Octet::states(person));
            }
            numbers(&mut fill, couples, Octet::INVESTMENT..Octet::INVESTMENT + 1);
        }
        let mut views = Vec::with_capacity(self.last.len());
        for last in self.last {
            views.push(Derived::of::<L>(last, rules));
        }
        for person in 0..2 {
            fill.floats(views.iter().map(|view| &view.satisfaction[person]), count);
        }
        let places = views
            .iter()
            .flat_map(|view| view.trust.into_iter().zip(view.intimacy));
        fill.categories(
            places
                .take(count)
                .map(|(trust, intimacy)| regime(trust, intimacy, cuts)),
        );
        let days: Vec<f64> = self.ends.iter().map(|end| end.day).collect();
        fill.ints(days.iter().map(|day| i64::from(!day.is_nan())));
        fill.floats(days.iter().map(from_ref), count);
        fill.categories(self.ends.iter().map(|end| end.left));
        for childhoods in self.childhoods.iter().filter(|own| !own.is_empty()) {
            childhood_cells(&mut fill, childhoods);
        }
        fill.end();
    }
}

/// What an octet of couples looks like at the end.
struct Derived {
    satisfaction: [[f64; ROW]; 2],
    /// Means of both partners.
    trust: [f64; ROW],
    intimacy: [f64; ROW],
}

impl Derived {
    #[inline(always)]
    fn of<L: Vector>(couples: &Octet, rules: &Rules) -> Derived {
        let mut view = Derived {
            satisfaction: [[0.0; ROW]; 2],
            trust: [0.0; ROW],
            intimacy: [0.0; ROW],
        };
        for first in (0..ROW).step_by(L::LANES) {
            let lane = couples.lane::<L>(first);
            for (partner, to) in lane.partners.iter().zip(&mut view.satisfaction) {
                satisfaction(&partner.state, rules).store(&mut to[first..]);
            }
            let [trust, intimacy] = plane(&lane);
            trust.store(&mut view.trust[first..]);
            intimacy.store(&mut view.intimacy[first..]);
        }
        view
    }
}

/// Writes what `couples` says of one partner's childhoods.
fn childhood_cells(fill: &mut Fill<'_>, childhoods: &[Childhood]) {
    let mut column = |number: &dyn Fn(&Childhood) -> f64| {
        let numbers: Vec<f64> = childhoods.iter().map(number).collect();
        fill.floats(numbers.iter().map(from_ref), childhoods.len());
    };
    for given in 0..UPBRINGING.len() {
        column(&|childhood| childhood.upbringing.fields()[given]);
    }
    column(&|childhood| childhood.end.trust);
    column(&|childhood| childhood.end.uncertainty);
    column(&|childhood| childhood.end.autonomy);
}

/// The header of `childhood`: a row an age of a person.
pub fn childhoods_schema() -> Schema {
    let mut columns = identity();
    columns.extend([
        Field::int(
            "person_id",
            "",
            "Number of the person, twice couple_id less 1 for A",
        ),
        Field::categorical("role", &Role::WORDS[..2], "The person's role in the couple"),
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

/// The row of one age of a person.
pub(crate) fn childhood_row(name: Name, person: usize, age: &Age) -> Vec<Value> {
    let id = name.id as i64;
    let mut row = vec![
        Value::Int(i64::from(name.replicate) + 1),
        Value::Int(id),
        Value::Int(2 * id - 1 + person as i64),
        Value::Categorical(person as u8),
        Value::Float(age.years),
    ];
    let now = [
        age.trust,
        age.uncertainty,
        age.autonomy,
        age.anxiety,
        age.avoidance,
    ];
    row.extend(now.map(Value::Float));
    row
}

/// The columns that say whose day, and which, a row is about.
pub(crate) fn persons_day() -> Vec<Field> {
    let mut columns = identity();
    columns.extend([
        Field::int(
            "person_id",
            "",
            "Number of the person, twice couple_id less 1 for A",
        ),
        Field::int("partner_id", "", "Number of the person's partner"),
        Field::categorical("role", &Role::WORDS[..2], "The person's role in the couple"),
        Field::int("day", "days", "The day, from 1"),
    ]);
    columns
}

/// The cells of [`persons_day`].
pub(crate) fn names(name: Name, person: usize, day: u32) -> [Value; 6] {
    let id = name.id as i64;
    let ids = [2 * id - 1, 2 * id];
    [
        Value::Int(i64::from(name.replicate) + 1),
        Value::Int(id),
        Value::Int(ids[person]),
        Value::Int(ids[1 - person]),
        Value::Categorical(person as u8),
        Value::Int(i64::from(day)),
    ]
}

/// The header of a table of persons' days, `days` or `sample_couples`.
pub fn days_schema(table: &'static str) -> Schema {
    let mut columns = persons_day();
    for line in STATES {
        columns.push(Field::float(line.key, line.unit, line.meaning).within(line.low, line.high));
    }
    let unit = |name: &str, meaning: &str| Field::float(name, "1", meaning).within(0.0, 1.0);
    let count = |name: &str, meaning: &str| Field::int(name, "per day", meaning);
    columns.extend([
        unit("felt_security", "Felt security"),
        unit("satisfaction", "Satisfaction with the relationship"),
        unit("daily_satisfaction", "The day's reported satisfaction"),
        unit("investment", INVESTMENT.meaning),
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

/// What a day's rows are made from: the couples of one lane.
pub(crate) struct DaySight<'a, L: Vector> {
    pub(crate) couple: &'a Couple<L>,
    pub(crate) tally: &'a Tally<L>,
    pub(crate) rules: &'a Rules,
}

/// Numbers of a day's row that lanes compute: the states, and what was derived and what happened.
const DAY_NUMBERS: usize = STATES.len() + 14;
/// Where, after the states, the mean of perceived responsiveness stands; that of responses follows.
const PERCEIVED: usize = 10;

/// The numbers of one partner's day of every couple of a lane.
pub(crate) struct DayNumbers([[f64; ROW]; DAY_NUMBERS]);

impl DayNumbers {
    /// Reads them off a lane.
    #[inline(always)]
    pub(crate) fn of<L: Vector>(person: usize, sight: &DaySight<'_, L>) -> DayNumbers {
        let state = &sight.couple.partners[person].state;
        let happened = &sight.tally.persons[person];
        let more = [
            felt_security(state, sight.rules),
            satisfaction(state, sight.rules),
            daily_satisfaction(state, sight.rules),
            sight.couple.investment,
            happened.bids,
            sight.tally.conflicts,
            happened.responsive,
            happened.unresponsive,
            happened.repairs,
            happened.depth,
            happened.perceived,
            happened.response,
            happened.stress_events,
            happened.betrayals,
        ];
        let mut numbers = [[0.0; ROW]; DAY_NUMBERS];
        let (states, others) = numbers.split_at_mut(STATES.len());
        for (place, value) in states.iter_mut().zip(state.fields()) {
            value.store(place);
        }
        for (place, value) in others.iter_mut().zip(&more) {
            value.store(place);
        }
        let mut episodes = [0.0; ROW];
        (happened.responsive + happened.unresponsive).store(&mut episodes);
        for sum in &mut others[PERCEIVED..PERCEIVED + 2] {
            for (sum, episodes) in sum.iter_mut().zip(episodes) {
                *sum = if episodes > 0.0 {
                    *sum / episodes
                } else {
                    f64::NAN
                };
            }
        }
        DayNumbers(numbers)
    }

    /// Adds the row of a couple, who stand at a place of the lane.
    pub(crate) fn write(
        &self,
        diary: &mut Batch,
        name: Name,
        person: usize,
        day: u32,
        lane: usize,
    ) {
        let id = name.id as i64;
        let ids = [2 * id - 1, 2 * id];
        let identity = [
            i64::from(name.replicate) + 1,
            id,
            ids[person],
            ids[1 - person],
            person as i64,
            i64::from(day),
        ];
        let mut columns = diary.columns.iter_mut();
        for (number, column) in identity.into_iter().zip(&mut columns) {
            match column {
                Values::Int(column) => column.push(number),
                Values::Categorical(column) => column.push(number as u8),
                _ => debug_assert!(false, "who is meant is a whole number or a word"),
            }
        }
        for (numbers, column) in self.0.iter().zip(columns) {
            match column {
                Values::Float(column) => column.push(numbers[lane]),
                Values::Int(column) => column.push(numbers[lane] as i64),
                _ => debug_assert!(false, "what happened is a number"),
            }
        }
    }
}
