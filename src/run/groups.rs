//! The tables of a run's groups of couples: how large they are, their means over time, and how long they last.

use super::tables::{SeparationCounts, line_cells, survival_steps, trajectory_schema};
use crate::simulation::{
    BlockOutcome, Grouping, Moments, PreparedRun, Recorded, SMALL_GROUP, Size,
};
use crate::stats::interval::{CONFIDENCE, Interval, wilson};
use crate::stats::survival;
use crate::table::{Field, Schema, Table, Value, Values};

/// The columns that say which group a row is of.
fn group_columns() -> [Field; 2] {
    [
        Field::int("group", "", "Number of the group, from 1"),
        Field::str(
            "label",
            "The group: a style, or the values that it has; `groups` has its exact bounds",
        ),
    ]
}

/// The header of `groups`: a row a group.
pub(crate) fn groups_schema() -> Schema {
    let mut columns = group_columns().to_vec();
    let bound = |name: &str, meaning: &str| Field::float(name, "as `by`", meaning);
    let share = |name: &str, meaning: &str| Field::float(name, "1", meaning).within(0.0, 1.0);
    columns.extend([
        Field::str("by", "What couples are grouped by, as in the scenario"),
        bound(
            "low",
            "Lowest value of the group; missing where there is no bound",
        ),
        bound(
            "high",
            "Value from which on couples belong to the next group; missing where there is no bound",
        ),
        Field::int("couples", "couples", "Couples of the group at the start"),
        Field::int("separated", "couples", "Those that separated"),
        share(
            "share_intact",
            "Share of them that were intact after the last day",
        ),
        share("ci_low", "Lower end of its 95 % interval (Wilson's score)"),
        share("ci_high", "Upper end of its 95 % interval"),
    ]);
    Schema {
        table: "groups",
        row: "a group of couples",
        columns,
    }
}

/// The header of `group_trajectory`: a row a group, recorded day, observable and role.
pub(crate) fn group_trajectory_schema() -> Schema {
    let mut columns = group_columns().to_vec();
    let own = trajectory_schema().columns.into_iter();
    columns.extend(own.filter(|column| !column.name.starts_with('q')));
    Schema {
        table: "group_trajectory",
        row: "a group, recorded day, observable and role",
        columns,
    }
}

/// The header of `group_survival`: a row a group and day.
pub(crate) fn group_survival_schema() -> Schema {
    let mut columns = group_columns().to_vec();
    columns.extend(survival::schema().columns);
    Schema {
        table: "group_survival",
        row: "a group and day on which a couple of it separated or was last observed",
        columns,
    }
}

/// Sums over the couples of each group.
#[derive(Clone, Debug)]
pub(crate) struct GroupSums {
    grouping: Grouping,
    groups: Vec<(Moments, SeparationCounts)>,
}

impl GroupSums {
    /// Sums over no couples; `None` if the run has no groups.
    pub(crate) fn new(run: &PreparedRun) -> Option<GroupSums> {
        let grouping = run.config.record.groups.clone()?;
        let empty = (
            Moments::new(&run.recorded),
            SeparationCounts::new(&run.config.size),
        );
        Some(GroupSums {
            groups: vec![empty; grouping.count()],
            grouping,
        })
    }

    /// Adds the next block.
    pub(crate) fn join(&mut self, outcome: &BlockOutcome) {
        for ((moments, _), block) in self.groups.iter_mut().zip(&outcome.groups) {
            moments.join(block);
        }
        for (group, end) in outcome.group_of.iter().zip(&outcome.ends) {
            self.groups[usize::from(*group)].1.count(*end);
        }
    }

    /// The tables of the groups.
    pub(crate) fn tables(&self, recorded: &Recorded, size: &Size) -> [Table; 3] {
        let mut groups = Table::new(groups_schema());
        let mut trajectory = Table::new(group_trajectory_schema());
        let mut curves = Table::new(group_survival_schema());
        for (number, (moments, ends)) in self.groups.iter().enumerate() {
            let cells = || {
                [
                    Value::Int(number as i64 + 1),
                    Value::Str(self.grouping.label(number)),
                ]
            };
            groups
                .rows
                .push(cells().into_iter().chain(self.size_cells(number, ends)));
            for (slot, day) in recorded.days.iter().enumerate() {
                for position in 0..recorded.lines.len() {
                    let line = line_cells(recorded, moments, (slot, *day), position);
                    trajectory.rows.push(cells().into_iter().chain(line));
                }
            }
            for step in survival_steps(ends, size) {
                let step = survival::cells(&step);
                curves.rows.push(cells().into_iter().chain(step));
            }
        }
        [groups, trajectory, curves]
    }

    fn size_cells(&self, group: usize, ends: &SeparationCounts) -> Vec<Value> {
        let [low, high] = self.grouping.bounds(group);
        let (separated, intact) = (ends.ended(), ends.together());
        let couples = separated + intact;
        let (share, interval) = match couples {
            0 => (f64::NAN, Interval::UNDEFINED),
            _ => (
                intact as f64 / couples as f64,
                wilson(intact, couples, CONFIDENCE),
            ),
        };
        let numbers = [share, interval.low, interval.high].map(Value::Float);
        let mut cells = vec![
            Value::Str(self.grouping.by.key.clone()),
            Value::Float(low),
            Value::Float(high),
            Value::Int(couples as i64),
            Value::Int(separated as i64),
        ];
        cells.extend(numbers);
        cells
    }
}

/// Names and numbers of couples of the groups that have so few of them that their intervals are wide.
pub(crate) fn small_groups(groups: &Table) -> Vec<(String, u64)> {
    let label = groups.schema.position("label");
    let label = label.and_then(|position| groups.rows.columns.get(position));
    let (Some(Values::Str(labels)), Ok(couples)) = (label, groups.ints("couples")) else {
        return Vec::new();
    };
    let sizes = labels
        .iter()
        .zip(couples)
        .map(|(label, couples)| (label.clone(), *couples as u64));
    sizes
        .filter(|(_, couples)| *couples < SMALL_GROUP)
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::scenario::Scenario;
    use crate::table::Table;

    const TEXT: &str = "title = 'x'\n[run]\nseed = 4\ncouples = 150\ndays = 40\nreplicates = 2\n\
        [parameters]\noutside_rate = 0.005\n[record]\nevery = 10\nsample_couples = 0\n\
        observables = ['trust', 'conflict']\n";

    fn tables(more: &str, threads: usize) -> Vec<Table> {
        let scenario = Scenario::parse(&format!("{TEXT}{more}")).expect("a scenario");
        let run = scenario.runner().threads(threads).run().expect("a run");
        run.tables().to_vec()
    }

    fn table<'t>(tables: &'t [Table], name: &str) -> &'t Table {
        crate::run::find_table(tables, name).expect(name)
    }

    #[test]
    fn groups_are_those_of_the_rows_of_couples() {
        for more in [
            "[group]\nby = 'style_b'",
            "[group]\nby = 'trust'\nquantiles = 4",
            "[group]\nby = 'style'",
        ] {
            let all = tables(more, 2);
            let couples = table(&all, "couples");
            let of = couples.ints("group").expect("a column");
            let ended = couples.ints("ended").expect("a column");
            let [a, b] =
                ["trust_start_a", "trust_start_b"].map(|name| couples.floats(name).expect(name));
            let groups = table(&all, "groups");
            let trajectory = table(&all, "group_trajectory");
            let survival = table(&all, "group_survival");
            let mut sum = 0;
            for row in 0..groups.rows.rows() {
                let number = groups.ints("group").expect("a column")[row];
                let own: Vec<usize> = (0..of.len()).filter(|it| of[*it] == number).collect();
                let n = own.len() as i64;
                sum += n;
                assert_eq!(groups.ints("couples").expect("a column")[row], n, "{more}");
                let separated = own.iter().filter(|it| ended[**it] == 1).count() as i64;
                assert_eq!(groups.ints("separated").expect("a column")[row], separated);
                let mean = own.iter().map(|it| 0.5 * (a[*it] + b[*it])).sum::<f64>() / n as f64;
                let first = (0..trajectory.rows.rows()).find(|it| {
                    trajectory.ints("group").expect("a column")[*it] == number
                        && trajectory.floats("day").expect("a column")[*it] == 0.0
                        && trajectory.category("role", *it) == Some("couple")
                        && trajectory.category("observable", *it) == Some("trust")
                });
                let first = first.expect("a row");
                assert_eq!(trajectory.ints("n").expect("a column")[first], n);
                let found = trajectory.floats("mean").expect("a column")[first];
                assert!((found - mean).abs() < 1e-12 || n == 0, "{found} {mean}");
                let rows = survival.ints("group").expect("a column");
                let at_risk = survival.ints("at_risk").expect("a column");
                let start = rows.iter().position(|it| *it == number);
                assert_eq!(start.map_or(0, |it| at_risk[it]), n);
            }
            assert_eq!(sum, 300);
        }
    }

    #[test]
    fn quantiles_divide_couples_evenly() {
        let all = tables("[group]\nby = 'responsiveness_a'", 1);
        let couples = table(&all, "groups").ints("couples").expect("a column");
        assert_eq!(couples, [100; 3]);
    }

    #[test]
    fn groups_change_no_other_result_and_do_not_depend_on_threads() {
        let without = tables("", 1);
        let one = tables("[group]\nby = 'anxiety_a'", 1);
        // Missing numbers are not equal to themselves.
        let text = |tables: &[Table]| format!("{tables:?}");
        assert!(text(&one) == text(&tables("[group]\nby = 'anxiety_a'", 2)));
        for own in without {
            let other = table(&one, own.schema.table);
            let columns = own.rows.columns.len();
            let texts = [&own, other].map(|it| format!("{:?}", &it.rows.columns[..columns]));
            assert!(texts[0] == texts[1], "{}", own.schema.table);
        }
    }

    #[test]
    fn sums_of_groups_are_those_of_all_couples() {
        let all = tables("[group]\nby = 'style_a'", 2);
        let (groups, whole) = (table(&all, "group_trajectory"), table(&all, "trajectory"));
        let lines = whole.rows.rows();
        for row in 0..lines {
            let (mut n, mut sum) = (0, 0.0);
            for group in 0..4 {
                let here = group * lines + row;
                let own = groups.ints("n").expect("a column")[here];
                n += own;
                if own > 0 {
                    sum += own as f64 * groups.floats("mean").expect("a column")[here];
                }
            }
            assert_eq!(whole.ints("n").expect("a column")[row], n);
            let mean = whole.floats("mean").expect("a column")[row];
            assert!(n == 0 || (mean - sum / n as f64).abs() < 1e-12);
        }
    }
}
