//! A panel: the couples of a cohort who are together at the end of a study, day by day.

#[cfg(test)]
pub(crate) mod tests;

use crate::runner::plan::Plan;
use crate::runner::{Cancelled, Collector, Control, run};
use crate::scenario::Scenario;
use crate::simd::backend::Backend;
use crate::simulation::{
    BlockOutcome, BlockTable, DayRows, Moments, Recorded, couples_schema, days_schema,
};
use crate::stats::dyads::Diary;
use crate::table::{Batch, Schema, Values};

/// The couples of a cohort.
#[derive(Debug)]
pub(crate) struct Panel {
    schema: Schema,
    /// Couples together at the end of the study.
    pub(crate) couples: usize,
    /// Days of the study.
    pub(crate) days: usize,
    /// Number of each couple in its ensemble, from 0.
    pub(crate) ids: Vec<u64>,
    /// Columns of persons' days: couple by couple, in it person by person, in it day by day.
    columns: Vec<Vec<f64>>,
    /// Day of each couple's break-up in the whole cohort; NaN where they are together at the end.
    pub(crate) ends: Vec<f64>,
    /// Days of the whole cohort.
    pub(crate) length: f64,
    /// Attachment insecurity of each couple of the whole cohort at the start: the mean of both
    /// partners' anxiety and avoidance.
    pub(crate) insecurity: Vec<f64>,
    /// Which days were recorded of the whole cohort, and of what.
    pub(crate) recorded: Recorded,
    /// Sums of the recorded days, one for each replicate.
    pub(crate) moments: Vec<Moments>,
}

struct PanelCollector {
    /// Days of the study in each couple's rows.
    days: usize,
    columns: Vec<Vec<f64>>,
    ids: Vec<u64>,
    ends: Vec<f64>,
    insecurity: Vec<f64>,
    /// Where a couple's attachment at the start stands in its row.
    attachment: Vec<usize>,
    moments: Vec<Moments>,
    blocks: u64,
    taken: u64,
    steps_per_day: f64,
}

impl Collector for PanelCollector {
    type Error = Cancelled;
    fn take(&mut self, outcome: BlockOutcome) -> Result<(), Self::Error> {
        let ends = outcome.ends.iter();
        let steps = self.steps_per_day;
        self.ends
            .extend(ends.map(|end| end.map_or(f64::NAN, |step| step as f64 / steps)));
        self.moments[(self.taken / self.blocks) as usize].join(&outcome.moments);
        self.taken += 1;
        let couples = &outcome.tables[BlockTable::Couples];
        for row in 0..couples.rows() {
            let value = |at: &usize| match &couples.columns[*at] {
                Values::Float(v) => v[row],
                _ => f64::NAN,
            };
            let sum: f64 = self.attachment.iter().map(value).sum();
            self.insecurity.push(sum / self.attachment.len() as f64);
        }
        self.push(&outcome.tables[BlockTable::Days]);
        Ok(())
    }
}

impl PanelCollector {
    /// Takes the rows of couples who kept all days: person A and B alternate in them.
    fn push(&mut self, rows: &Batch) {
        if rows.columns.is_empty() {
            return;
        }
        let Values::Int(couples) = &rows.columns[1] else {
            return;
        };
        let mut first = 0;
        while first < couples.len() {
            let couple = couples[first];
            let count = couples[first..]
                .iter()
                .take_while(|c| **c == couple)
                .count();
            if count == 2 * self.days {
                self.ids.push(couple as u64 - 1);
                for (to, from) in self.columns.iter_mut().zip(&rows.columns) {
                    for person in 0..2 {
                        let rows = (first + person..first + count).step_by(2);
                        match from {
                            Values::Float(v) => to.extend(rows.map(|row| v[row])),
                            Values::Int(v) => to.extend(rows.map(|row| v[row] as f64)),
                            _ => {}
                        }
                    }
                }
            }
            first += count;
        }
    }
}

impl Panel {
    /// Simulates a cohort and keeps the days that its scenario records; if cancelled, those of some
    /// couples only.
    pub(crate) fn simulate(scenario: &Scenario, control: &Control) -> Panel {
        let plan = Plan::new(scenario.config().clone());
        let config = &plan.prepared().config;
        let schema = days_schema("days");
        let days = match config.record.days {
            DayRows::None => 0,
            _ => (config.size.days + 1).saturating_sub(config.record.days_from) as usize,
        };
        let length = f64::from(config.size.days);
        let recorded = plan.prepared().recorded.clone();
        let traits = couples_schema(config.origin.has_childhood());
        let names = ["anxiety_a", "anxiety_b", "avoidance_a", "avoidance_b"];
        let attachment = names.iter().filter_map(|name| traits.position(name));
        let mut rows = PanelCollector {
            days,
            columns: vec![Vec::new(); schema.columns.len()],
            ids: Vec::new(),
            ends: Vec::new(),
            insecurity: Vec::new(),
            attachment: attachment.collect(),
            moments: vec![Moments::new(&recorded); config.size.replicates as usize],
            blocks: plan.prepared().blocks_per_replicate(),
            taken: 0,
            steps_per_day: f64::from(config.size.steps_per_day),
        };
        // A cancelled cohort keeps what there is of it.
        let (Ok(_) | Err(Cancelled)) = run(&plan, Backend::best(), false, control, &mut rows);
        Panel {
            schema,
            couples: rows.ids.len(),
            days,
            ids: rows.ids,
            columns: rows.columns,
            ends: rows.ends,
            length,
            insecurity: rows.insecurity,
            recorded,
            moments: rows.moments,
        }
    }

    /// Joins the panels of cohorts that were studied for as many days; each couple keeps a number of
    /// its own.
    pub(crate) fn joined(panels: Vec<Panel>) -> Panel {
        let mut panels = panels.into_iter();
        let mut all = panels.next().expect("at least one panel");
        for (cohort, next) in (1..).zip(panels) {
            debug_assert_eq!(all.days, next.days);
            all.couples += next.couples;
            let ids = next.ids.iter();
            all.ids.extend(ids.map(|id| id + (cohort << 32)));
            for (to, from) in all.columns.iter_mut().zip(next.columns) {
                to.extend(from);
            }
            all.ends.extend(next.ends);
            all.insecurity.extend(next.insecurity);
        }
        all
    }

    /// A column of persons' days; empty where there is none of this name.
    pub(crate) fn column(&self, name: &str) -> &[f64] {
        self.schema
            .position(name)
            .map_or(&[], |position| &self.columns[position])
    }

    /// The couples' days of a column.
    pub(crate) fn diary(&self, column: &[f64]) -> Vec<Diary> {
        let couples = column.chunks_exact(2 * self.days.max(1));
        couples
            .map(|couple| {
                let (a, b) = couple.split_at(self.days);
                [a.to_vec(), b.to_vec()]
            })
            .collect()
    }
}
