//! The tables of a run: their schemas, and the simulation of its couples, condition by condition, whose blocks
//! fill them.

use crate::error::Error;
use crate::results::OutputError;
use crate::run::conditions::{ConditionSink, RunConditions};
use crate::run::differences::{Compared, differences_schema};
use crate::run::event_changes::{EventSums, event_changes_schema, event_spans};
use crate::run::groups::{
    GroupSums, group_survival_schema, group_trajectory_schema, groups_schema,
};
use crate::run::survey_tables;
use crate::run::survey_tables::SurveySums;
use crate::run::tables::{
    SeparationCounts, flow_schema, flow_table, instruments, instruments_schema, survival_table,
    trajectory, trajectory_schema,
};
use crate::runner::{Control, Plan, run_together};
use crate::scenario::Scenario;
use crate::simd::backend::Backend;
use crate::simulation::tables::childhoods_schema;
use crate::simulation::{
    Bins, BlockOutcome, BlockTable, Moments, PhaseFlow, PreparedRun, Recorded, ReliabilityStats,
    SCALE_COUNT, SHOWN_COUPLES, SimulationConfig, couples_schema, days_schema, group_values,
};
use crate::stats::survival;
use crate::table::{Batch, Schema, Sink, Table, Values};

/// Rows of the table `couples` that figures show at most: the first ones.
pub(crate) const COUPLES_SHOWN: usize = 2000;

/// The schemas of a run's tables, in the order of its codebook.
pub(crate) fn schemas(conditions: &RunConditions) -> Vec<Schema> {
    let mut schemas = conditions.join_schemas(condition_schemas);
    if conditions.are_compared() {
        schemas.push(differences_schema());
    }
    schemas
}

/// The schemas of the tables of one condition.
fn condition_schemas(scenario: &Scenario) -> Vec<Schema> {
    let config = scenario.config();
    let (mut schemas, block): (Vec<Schema>, Vec<Schema>) = BlockTable::ALL
        .iter()
        .filter_map(|table| table.schema(config))
        .partition(|schema| schema.table == "couples");
    schemas.extend([trajectory_schema(), survival::schema(), flow_schema()]);
    if config.record.groups.is_some() {
        let groups = [
            groups_schema(),
            group_trajectory_schema(),
            group_survival_schema(),
        ];
        schemas.extend(groups);
    }
    if !event_spans(scenario).is_empty() {
        schemas.push(event_changes_schema());
    }
    schemas.extend(block);
    if config.record.survey.is_some() {
        schemas.push(instruments_schema());
    }
    schemas.extend(survey_tables::schemas(config));
    schemas
}

/// The tables of a finished simulation that charts show, and how its couples ended.
pub(crate) struct FinishedTables {
    trajectory: Table,
    survival: Table,
    flow: Table,
    couples: Table,
    sample_couples: Table,
    childhoods: Table,
    /// The tables of groups and of changes around events, where there are such.
    extra: Vec<Table>,
    /// The tables that summarise a survey, if there is one.
    survey: Vec<Table>,
    pub(crate) ends: SeparationCounts,
}

impl FinishedTables {
    /// The tables that charts show.
    pub(crate) fn shown(self) -> Vec<Table> {
        let mut shown = vec![
            self.trajectory,
            self.survival,
            self.flow,
            self.couples,
            self.sample_couples,
            self.childhoods,
        ];
        shown.extend(self.extra);
        shown.extend(self.survey);
        shown
    }
}

/// What a finished simulation leaves, condition by condition.
pub(crate) struct FinishedRun {
    pub(crate) runs: Vec<FinishedTables>,
    /// The table `differences`, if conditions are compared.
    pub(crate) differences: Option<Table>,
}

/// Simulates the couples of all conditions on the current threads; their rows go to `sink`, whose tables have
/// these schemas.
///
/// # Errors
/// Those of the sink, and [`Error::Cancelled`].
pub(crate) fn simulate<S: Sink<Error = OutputError> + Send>(
    conditions: &RunConditions,
    schemas: &[Schema],
    control: &Control,
    sink: &mut S,
) -> Result<FinishedRun, Error> {
    let plans: Vec<Plan> = with_cuts(conditions).into_iter().map(Plan::new).collect();
    let mut aggregates: Vec<RunAggregate> = plans
        .iter()
        .zip(&conditions.scenarios)
        .map(|(plan, scenario)| RunAggregate::new(plan, scenario))
        .collect();
    let name = |place: usize| conditions.names.get(place).map(String::as_str);
    let run = plans[0].prepared();
    let compared = Compared::new(&run.recorded, &run.config);
    let comparisons = conditions.names.len().saturating_sub(1);
    let mut sums = compared.no_couples(comparisons);
    let compare = |outcomes: &[BlockOutcome]| {
        let block = conditions
            .are_compared()
            .then(|| compared.compare(outcomes));
        block.unwrap_or_else(|| compared.no_couples(0))
    };
    let backend = Backend::best();
    let bins = run_together(
        &plans,
        backend,
        true,
        control,
        compare,
        |outcomes, found| {
            sums.join(&found);
            for (place, outcome) in outcomes.into_iter().enumerate() {
                let mut sink = ConditionSink::new(sink, name(place), schemas);
                aggregates[place].take(&plans[place].prepared().recorded, outcome, &mut sink)?;
            }
            Ok::<(), Error>(())
        },
    )?;
    let mut runs = Vec::with_capacity(plans.len());
    let finished = plans.iter().zip(aggregates).zip(bins);
    for (place, ((plan, aggregate), bins)) in finished.enumerate() {
        let mut sink = ConditionSink::new(sink, name(place), schemas);
        runs.push(aggregate.finish(plan, &bins, &mut sink)?);
    }
    let differences = conditions
        .are_compared()
        .then(|| compared.table(&conditions.names, &sums));
    if let Some(table) = &differences {
        sink.accept(&table.schema, &table.rows)?;
    }
    Ok(FinishedRun { runs, differences })
}

/// The configurations of all conditions, with the cuts of groups by quantiles: those of the first one, so that a
/// group has the same bounds in all of them.
fn with_cuts(conditions: &RunConditions) -> Vec<SimulationConfig> {
    let mut configs: Vec<SimulationConfig> = conditions.configs().collect();
    let groups = configs[0].record.groups.clone();
    if let Some(mut groups) = groups.filter(|groups| groups.by.is_number()) {
        let first = PreparedRun::new(configs[0].clone());
        groups.set_cuts(group_values(&first, &groups, Backend::best()));
        for config in &mut configs {
            config.record.groups = Some(groups.clone());
        }
    }
    configs
}

/// Keeps tables in memory.
pub(crate) struct MemoryTables(pub(crate) Vec<Table>);

impl Sink for MemoryTables {
    type Error = OutputError;

    fn accept(&mut self, schema: &Schema, rows: &Batch) -> Result<(), OutputError> {
        let table = self
            .0
            .iter_mut()
            .find(|table| table.schema.table == schema.table);
        let table = table.ok_or_else(|| OutputError::Rows {
            table: schema.table.into(),
        })?;
        table.rows.append(rows.clone());
        Ok(())
    }
}

/// Collects the outcomes of the blocks of one condition in order: rows go to a sink, sums and rows for charts
/// are kept.
struct RunAggregate {
    /// The tables that blocks fill.
    block_tables: Vec<(BlockTable, Schema)>,
    moments: Moments,
    flow: PhaseFlow,
    ends: SeparationCounts,
    groups: Option<GroupSums>,
    events: Option<EventSums>,
    /// The first couples, for the chart.
    couples: Table,
    /// The days of the first couples that have any, for the charts.
    sample_couples: Table,
    /// How many couples these are.
    shown_couples: usize,
    childhoods: Table,
    survey: SurveySums,
    /// Reliability of each scale.
    reliability: [ReliabilityStats; SCALE_COUNT],
}

impl RunAggregate {
    fn new(plan: &Plan, scenario: &Scenario) -> RunAggregate {
        let run = plan.prepared();
        let block_tables = BlockTable::ALL.iter();
        let block_tables =
            block_tables.filter_map(|table| Some((*table, table.schema(&run.config)?)));
        RunAggregate {
            block_tables: block_tables.collect(),
            moments: Moments::new(&run.recorded),
            flow: PhaseFlow::default(),
            ends: SeparationCounts::new(&run.config.size),
            groups: GroupSums::new(run),
            events: EventSums::new(event_spans(scenario), &run.recorded, &run.config),
            couples: Table::new(
                BlockTable::Couples
                    .schema(&run.config)
                    .unwrap_or_else(|| couples_schema(run.config.origin.has_childhood())),
            ),
            sample_couples: Table::new(days_schema("sample_couples")),
            shown_couples: 0,
            childhoods: Table::new(childhoods_schema()),
            survey: SurveySums::new(&run.config),
            reliability: [ReliabilityStats::default(); SCALE_COUNT],
        }
    }

    /// Keeps the days of the next couples, as far as charts show them.
    fn show_couples(&mut self, mut rows: Batch) {
        let couple = self.sample_couples.schema.position("couple_id");
        let Some(Values::Int(couples)) = couple.and_then(|column| rows.columns.get(column)) else {
            return;
        };
        let mut count = 0;
        for days in couples.chunk_by(|one, next| one == next) {
            if self.shown_couples == SHOWN_COUPLES as usize {
                break;
            }
            self.shown_couples += 1;
            count += days.len();
        }
        rows.truncate(count);
        self.sample_couples.rows.append(rows);
    }

    /// Takes the outcome of the next block.
    fn take<S: Sink<Error = OutputError>>(
        &mut self,
        recorded: &Recorded,
        mut outcome: BlockOutcome,
        sink: &mut S,
    ) -> Result<(), Error> {
        self.moments.join(&outcome.moments);
        self.flow.join(&outcome.flow);
        for end in &outcome.ends {
            self.ends.count(*end);
        }
        if let Some(groups) = &mut self.groups {
            groups.join(&outcome);
        }
        if let Some(events) = &mut self.events {
            events.join(recorded, &outcome);
        }
        for (table, schema) in &self.block_tables {
            let rows = &outcome.tables[*table];
            sink.accept(schema, rows)?;
            self.survey.join(*table, rows);
        }
        for (sum, block) in self.reliability.iter_mut().zip(&outcome.reliability) {
            sum.join(block);
        }
        let tables = &mut outcome.tables;
        if self.shown_couples < SHOWN_COUPLES as usize {
            self.show_couples(tables.take(BlockTable::SampleCouples));
        }
        self.childhoods
            .rows
            .append(tables.take(BlockTable::Childhood));
        if self.couples.rows.rows() < COUPLES_SHOWN {
            self.couples.rows.append(tables.take(BlockTable::Couples));
            self.couples.rows.truncate(COUPLES_SHOWN);
        }
        Ok(())
    }

    /// Writes the tables that are made of all couples, and returns those that charts show.
    fn finish<S: Sink<Error = OutputError>>(
        self,
        plan: &Plan,
        bins: &Bins,
        sink: &mut S,
    ) -> Result<FinishedTables, Error> {
        let run = plan.prepared();
        let trajectory = trajectory(&run.recorded, &self.moments, bins);
        let survival = survival_table(&self.ends, &run.config.size);
        let flow = flow_table(&self.flow);
        let groups = self.groups.as_ref();
        let groups = groups.map(|groups| groups.tables(&run.recorded, &run.config.size).to_vec());
        let mut groups = groups.unwrap_or_default();
        groups.extend(self.events.as_ref().map(EventSums::table));
        for table in [&trajectory, &survival, &flow].into_iter().chain(&groups) {
            sink.accept(&table.schema, &table.rows)?;
        }
        if let Some(survey) = &run.config.record.survey {
            let table = instruments(survey, &self.reliability);
            sink.accept(&table.schema, &table.rows)?;
        }
        let couples = self.ends.ended() + self.ends.together();
        let survey = self.survey.tables(couples);
        for table in &survey {
            sink.accept(&table.schema, &table.rows)?;
        }
        Ok(FinishedTables {
            trajectory,
            survival,
            flow,
            couples: self.couples,
            sample_couples: self.sample_couples,
            childhoods: self.childhoods,
            extra: groups,
            survey,
            ends: self.ends,
        })
    }
}
