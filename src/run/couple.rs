//! One couple of a run, day by day.

use crate::error::Error;
use crate::model::LeavingReason;
use crate::model::types::{STATES, State};
use crate::scenario::Scenario;
use crate::simd::backend::Backend;
use crate::simulation::{
    BLOCK_COUPLES, Block, BlockTable, DayRows, PreparedRun, couples_schema, days_schema, run_block,
};
use crate::table::{ColumnError, Table};

impl Scenario {
    /// Simulates one couple of the scenario's first replicate, and returns its days.
    ///
    /// The couple is that of the row with the same `couple_id` of the table `couples`: the numbers are
    /// the same bits.
    ///
    /// ```
    /// let scenario = pairbond::Scenario::default().set("run.days", 60)?;
    /// for day in scenario.couple(1)? {
    ///     let [a, b] = &day.partners;
    ///     println!("{:3} {:.3} {:.3} {}", day.day, a.state.trust, b.state.trust, day.conflicts);
    /// }
    /// # Ok::<(), pairbond::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoCouple`] if the scenario has no couple with this number.
    pub fn couple(&self, number: u64) -> Result<CoupleDays, Error> {
        let couples = self.config().size.couples;
        if !(1..=couples).contains(&number) {
            return Err(Error::NoCouple {
                couple: number,
                couples,
            });
        }
        let mut config = self.config().clone();
        // A couple's draws have addresses: no other couple changes them.
        config.size.couples = number;
        config.record.days = DayRows::First(number);
        config.record.days_from = 1;
        config.record.sample_couples = 0;
        config.record.couples = true;
        config.record.survey = None;
        let schema = couples_schema(config.origin.has_childhood());
        let prepared = PreparedRun::new(config);
        let block = Block {
            replicate: 0,
            index: (number - 1) / BLOCK_COUPLES,
        };
        let mut tables = run_block(&prepared, block, Backend::best(), None).tables;
        let couples = Table {
            schema,
            rows: tables.take(BlockTable::Couples),
        };
        let days = Table {
            schema: days_schema("days"),
            rows: tables.take(BlockTable::Days),
        };
        let last = couples.rows.rows() - 1;
        let end_day = couples.floats("end_day")?[last];
        let separation = (!end_day.is_nan()).then(|| Separation {
            day: end_day,
            leaver: Leaver::of(couples.category("left", last)),
            reason: reason_of(couples.category("reason", last)),
        });
        Ok(CoupleDays {
            days: days_of(&days, number)?.into_iter(),
            separation,
        })
    }
}

/// The reason by a word of the column `reason` of a separated couple.
fn reason_of(word: Option<&str>) -> LeavingReason {
    match word {
        Some(word) if word == LeavingReason::Bond.word() => LeavingReason::Bond,
        _ => LeavingReason::Outside,
    }
}

/// The days of one couple; rows alternate between partners A and B.
fn days_of(table: &Table, number: u64) -> Result<Vec<Day>, ColumnError> {
    let couple = table.ints("couple_id")?;
    let rows: Vec<usize> = (0..couple.len())
        .filter(|row| couple[*row] == number as i64)
        .collect();
    let (day, conflicts) = (table.ints("day")?, table.ints("conflict")?);
    let partners = PartnerColumns::of(table)?;
    let pairs = rows.chunks_exact(2);
    Ok(pairs
        .map(|pair| Day {
            day: day[pair[0]] as u32,
            partners: [pair[0], pair[1]].map(|row| partners.at(row)),
            conflicts: conflicts[pair[0]] as u32,
        })
        .collect())
}

/// The columns of what belongs to a partner.
struct PartnerColumns<'t> {
    states: Vec<&'t [f64]>,
    floats: Vec<&'t [f64]>,
    ints: Vec<&'t [i64]>,
}

impl<'t> PartnerColumns<'t> {
    fn of(table: &'t Table) -> Result<PartnerColumns<'t>, ColumnError> {
        let states = STATES.iter().map(|state| table.floats(state.key));
        let floats = [
            "felt_security",
            "satisfaction",
            "daily_satisfaction",
            "daily_closeness",
            "disclosure",
            "hurtful",
            "shortfall",
            "perceived",
            "received",
        ]
        .map(|name| table.floats(name));
        let ints = [
            "bids",
            "responsive",
            "unresponsive",
            "repairs",
            "fights",
            "stress_event",
            "betrayal",
        ]
        .map(|name| table.ints(name));
        Ok(PartnerColumns {
            states: states.collect::<Result<_, _>>()?,
            floats: floats.into_iter().collect::<Result<_, _>>()?,
            ints: ints.into_iter().collect::<Result<_, _>>()?,
        })
    }

    fn at(&self, row: usize) -> PartnerDay {
        let mut state = State::<f64>::default();
        for (number, column) in state.fields_mut().into_iter().zip(&self.states) {
            *number = column[row];
        }
        let [
            felt_security,
            satisfaction,
            daily_satisfaction,
            daily_closeness,
            disclosure,
            hurtful,
            shortfall,
            perceived,
            received,
        ] = std::array::from_fn(|at| self.floats[at][row]);
        let [
            bids,
            responsive,
            unresponsive,
            repairs,
            fights,
            stress_events,
            betrayals,
        ] = std::array::from_fn(|at| self.ints[at][row] as u32);
        PartnerDay {
            state,
            felt_security,
            satisfaction,
            daily_satisfaction,
            daily_closeness,
            bids,
            responsive,
            unresponsive,
            repairs,
            fights,
            disclosure,
            hurtful,
            shortfall,
            perceived,
            received,
            stress_events,
            betrayals,
        }
    }
}

/// The days of a couple, in their order, as long as it is intact.
#[derive(Clone, Debug)]
pub struct CoupleDays {
    days: std::vec::IntoIter<Day>,
    separation: Option<Separation>,
}

impl CoupleDays {
    /// When and by whom the relationship is ended; `None` if it lasts to the end of the run.
    pub fn separation(&self) -> Option<Separation> {
        self.separation
    }
}

impl Iterator for CoupleDays {
    type Item = Day;

    fn next(&mut self) -> Option<Day> {
        self.days.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.days.size_hint()
    }
}

impl ExactSizeIterator for CoupleDays {}

/// A couple at the end of a day, and what happened on it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Day {
    /// The day, from 1.
    pub day: u32,
    /// Partners A and B.
    pub partners: [PartnerDay; 2],
    /// Conflicts of the couple.
    pub conflicts: u32,
}

/// A partner at the end of a day, and what happened on it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct PartnerDay {
    /// The partner's states.
    pub state: State<f64>,
    /// Felt security [0–1].
    pub felt_security: f64,
    /// Satisfaction with the relationship [0–1].
    pub satisfaction: f64,
    /// Reported satisfaction of the day [0–1].
    pub daily_satisfaction: f64,
    /// Reported closeness of the day [0–1].
    pub daily_closeness: f64,
    /// Bids made.
    pub bids: u32,
    /// Episodes felt to be responsive.
    pub responsive: u32,
    /// Episodes felt to be unresponsive.
    pub unresponsive: u32,
    /// Episodes that were repaired.
    pub repairs: u32,
    /// Conflicts in which the partner's act counts as a fight.
    pub fights: u32,
    /// Deepest disclosure [0–1]; 0 without any.
    pub disclosure: f64,
    /// Most hurtful act of the partner in a conflict [0–1]; 0 without any.
    pub hurtful: f64,
    /// How far the partner's answers in a conflict fell short of trust at most [0–1]; 0 without any.
    pub shortfall: f64,
    /// Mean perceived responsiveness of the episodes [0–1]; NaN without any.
    pub perceived: f64,
    /// Mean response given by the partner [0–1]; NaN without any episode.
    pub received: f64,
    /// Stressful events.
    pub stress_events: u32,
    /// Betrayals suffered.
    pub betrayals: u32,
}

/// The end of a relationship.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Separation {
    /// Day of the separation; a fraction if a day has several steps.
    pub day: f64,
    /// Who ended the relationship.
    pub leaver: Leaver,
    /// Why.
    pub reason: LeavingReason,
}

/// Who ends a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaver {
    /// Partner A.
    A,
    /// Partner B.
    B,
    /// Both partners in the same step.
    Both,
}

impl Leaver {
    /// The leaver by a word of the column `left` of a separated couple.
    fn of(word: Option<&str>) -> Leaver {
        match word {
            Some("a") => Leaver::A,
            Some("b") => Leaver::B,
            _ => Leaver::Both,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_couple_has_the_bits_of_its_row_in_a_run() {
        let scenario = Scenario::default()
            .set("run.couples", 70)
            .and_then(|it| it.set("run.days", 500))
            .and_then(|it| it.set("initial.commitment", 0.1))
            .expect("a sound scenario");
        let run = scenario.run().expect("a run");
        let column = |name| run.couples().floats(name).expect("a column");
        let mut separated = 0;
        for number in [1, 2, 3, 64, 65, 70] {
            let row = number as usize - 1;
            let days = scenario.couple(number).expect("a couple");
            let end = column("end_day")[row];
            let separation = days.separation();
            assert_eq!(separation.map(|it| it.day), (!end.is_nan()).then_some(end));
            let reason = run.couples().category("reason", row);
            let expected = reason
                .filter(|_| separation.is_some())
                .map(|word| match word {
                    "bond" => LeavingReason::Bond,
                    _ => LeavingReason::Outside,
                });
            assert_eq!(separation.map(|it| it.reason), expected);
            separated += usize::from(separation.is_some());
            let last = days.last().expect("a day");
            let expected = separation.map_or(500, |it| it.day as u32);
            assert_eq!(last.day, expected);
            let trust = last.partners.map(|partner| partner.state.trust.to_bits());
            let rows = ["trust_end_a", "trust_end_b"].map(|name| column(name)[row].to_bits());
            assert_eq!(trust, rows, "couple {number}");
        }
        assert!(separated > 0, "no couple separated");
    }

    #[test]
    fn couples_are_numbered_from_1_to_their_count() {
        let scenario = Scenario::default();
        let couples = scenario.config().size.couples;
        for number in [0, couples + 1] {
            assert!(matches!(
                scenario.couple(number),
                Err(Error::NoCouple { .. })
            ));
        }
        assert!(scenario.couple(couples).is_ok());
    }
}
