//! A changed scenario simulated: its tables as the page draws them, and the paired differences of two
//! settings.
//!
//! All numbers are those of the tables that [`Scenario::run`](crate::Scenario::run) gives, written so
//! that they are read back as the same bits.

use crate::error::Error;
use crate::model::types::STATES;
use crate::run::conditions::RunConditions;
use crate::run::couple::{Leaver, PartnerDay};
use crate::run::differences::differences_schema;
use crate::run::find_table;
use crate::runner::CancelToken;
use crate::scenario::{Diagnostics, Override, Scenario};
use crate::simulation::Observable;
use crate::table::Table;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most couple-days of one setting, counted in steps: about a second on two cores.
pub(crate) const MOST_WORK: u64 = 20_000_000;
/// What a childhood takes, in days of a couple.
const CHILDHOOD_DAYS: u64 = 7_000;
/// Moments of a step for which a couple-day counts once.
const MOMENTS: u64 = 2;
/// Most couples whose end states are sent, for the plane.
pub(crate) const MOST_POINTS: usize = 2_000;
/// Most changes of one setting.
const MOST_OVERRIDES: usize = 500;
/// Most observables of one request.
const MOST_OBSERVABLES: usize = 6;
/// Observables that the plane needs.
const PLANE: [&str; 2] = ["trust", "intimacy"];

/// What the page asks for: one setting, or two that are compared.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExploreRequest {
    /// The page's own random name: one request of a page is answered at a time.
    pub(crate) session: String,
    /// The number of the request within its session.
    pub(crate) number: u64,
    /// Changes of the scenario, as `--set` takes them.
    pub(crate) now: Vec<String>,
    /// Those of the setting that was kept for comparison.
    #[serde(default)]
    pub(crate) kept: Option<Vec<String>>,
    /// What is drawn over time.
    pub(crate) observables: Vec<String>,
    /// The couple whose days are drawn.
    pub(crate) couple: u64,
}

/// The answer to a request.
#[derive(Debug, Serialize)]
pub(crate) struct ExploreAnswer {
    pub(crate) now: SettingTables,
    pub(crate) kept: Option<SettingTables>,
    /// The setting now minus the kept one.
    pub(crate) differences: Option<PairedDifferences>,
}

/// The tables of one setting.
#[derive(Debug, Serialize)]
pub(crate) struct SettingTables {
    days: u32,
    couples: u64,
    replicates: u32,
    seed: u64,
    separated: u64,
    /// Days between the ends of an arrow of the flow.
    flow_days: u32,
    warnings: Vec<String>,
    marks: Vec<MarkAnswer>,
    trajectory: TrajectoryColumns,
    survival: Columns,
    phase_flow: Columns,
    /// Of the first couples.
    couple_ends: Columns,
    couple: CoupleColumns,
}

/// A dated event of a setting.
#[derive(Debug, Serialize)]
struct MarkAnswer {
    day: u32,
    until: Option<u32>,
    label: String,
}

/// Columns of a table by their names.
type Columns = BTreeMap<String, Column>;

/// One column; missing numbers are `null`.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum Column {
    Floats(Vec<f64>),
    Ints(Vec<i64>),
}

/// The recorded days, and a line for each observable and role.
#[derive(Debug, Serialize)]
struct TrajectoryColumns {
    day: Vec<f64>,
    lines: Vec<TrajectoryLine>,
}

#[derive(Debug, Serialize)]
struct TrajectoryLine {
    observable: String,
    role: String,
    n: Vec<i64>,
    mean: Vec<f64>,
    ci_low: Vec<f64>,
    ci_high: Vec<f64>,
}

/// One couple, day by day.
#[derive(Debug, Serialize)]
struct CoupleColumns {
    number: u64,
    end_day: Option<f64>,
    left: Option<&'static str>,
    day: Vec<u32>,
    conflict: Vec<u32>,
    /// Values of partners A and B, by observable.
    partners: BTreeMap<String, [Vec<f64>; 2]>,
}

/// Differences of the same couples in two settings: the table `differences` of a run with both as conditions.
#[derive(Debug, Default, Serialize)]
pub(crate) struct PairedDifferences {
    /// Why there are none.
    reason: Option<&'static str>,
    lines: Vec<DifferenceLine>,
}

/// The differences of an observable over time.
#[derive(Debug, Serialize)]
struct DifferenceLine {
    observable: String,
    role: String,
    over: String,
    day: Vec<f64>,
    n: Vec<i64>,
    mean: Vec<f64>,
    ci_low: Vec<f64>,
    ci_high: Vec<f64>,
}

/// Why a request has no answer.
#[derive(Debug, Serialize)]
pub(crate) struct RequestError {
    /// `now` or `kept`.
    setting: &'static str,
    pub(crate) errors: Vec<ControlError>,
}

/// An error of one control, or of none.
#[derive(Debug, Serialize)]
pub(crate) struct ControlError {
    /// The key of the control.
    pub(crate) key: Option<String>,
    pub(crate) message: String,
    help: Option<String>,
}

impl ControlError {
    fn of_key(key: &str, message: String) -> ControlError {
        ControlError {
            key: Some(key.to_owned()),
            message,
            help: None,
        }
    }
}

/// What kept a request from being answered.
#[derive(Debug)]
pub(crate) enum AnswerError {
    /// What was asked for cannot be simulated.
    Refused(RequestError),
    /// A later request took its place.
    Superseded,
    /// The system did not give what the run needs.
    Failed(String),
}

/// The errors of overrides by the keys that they set.
fn control_errors(errors: &Diagnostics) -> Vec<ControlError> {
    errors
        .list()
        .iter()
        .map(|error| {
            let name = errors.source_name(error);
            let assignment = name.and_then(|name| name.strip_prefix("--set "));
            let key = assignment.and_then(|text| text.split('=').next());
            ControlError {
                key: key.map(|key| key.trim().to_owned()),
                message: error.message().to_owned(),
                help: error.help().map(str::to_owned),
            }
        })
        .collect()
}

/// The scenario with the changes of a setting.
///
/// # Errors
/// Everything that is wrong in the changes.
pub(crate) fn changed(
    scenario: &Scenario,
    changes: &[String],
) -> Result<Scenario, Vec<ControlError>> {
    if changes.len() > MOST_OVERRIDES {
        let message = format!("there are more than {MOST_OVERRIDES} changes");
        return Err(vec![ControlError {
            key: None,
            message,
            help: None,
        }]);
    }
    let mut overrides = Vec::with_capacity(changes.len());
    let mut errors = Vec::new();
    for change in changes {
        match Override::parse(change) {
            Ok(change) => overrides.push(change),
            Err(error) => errors.extend(control_errors(&error)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    scenario.set_all(&overrides).map_err(|error| match error {
        Error::Scenario(errors) => control_errors(&errors),
        other => vec![ControlError {
            key: None,
            message: other.to_string(),
            help: None,
        }],
    })
}

/// Refuses a setting that takes too long to simulate for a page that follows a slider.
fn check_work(scenario: &Scenario) -> Result<(), Vec<ControlError>> {
    let config = scenario.config();
    let size = &config.size;
    let childhoods = config.origin.has_childhood().contains(&true);
    let days = u64::from(size.days)
        .saturating_mul(size.steps_per_day.into())
        .saturating_mul(u64::from(size.moments).div_ceil(MOMENTS))
        .saturating_add(if childhoods { CHILDHOOD_DAYS } else { 0 });
    let couples = size.couples.saturating_mul(size.replicates.into());
    if couples.saturating_mul(days) <= MOST_WORK {
        return Ok(());
    }
    let message = format!(
        "too much work for this page: at most {} couples of this kind can be simulated for {} days here; \
         `pairbond run` simulates any number",
        MOST_WORK / days.max(1) / u64::from(size.replicates),
        size.days
    );
    Err(vec![ControlError::of_key("run.couples", message)])
}

/// Answers a request.
///
/// # Errors
/// [`AnswerError`].
pub(crate) fn answer(
    scenario: &Scenario,
    request: &ExploreRequest,
    cancel: &CancelToken,
) -> Result<ExploreAnswer, AnswerError> {
    let observables = observables(&request.observables);
    let setting = |name: &'static str, changes: &[String]| {
        let refused = |errors| {
            AnswerError::Refused(RequestError {
                setting: name,
                errors,
            })
        };
        // What is recorded does not change what is simulated.
        let record = [
            format!("record.observables={observables:?}"),
            "record.days=\"none\"".to_owned(),
            "record.sample_couples=0".to_owned(),
        ];
        let changed = changed(scenario, &[changes, &record].concat()).map_err(refused)?;
        check_work(&changed).map_err(refused)?;
        Ok(changed)
    };
    let now = setting("now", &request.now)?;
    let kept = request.kept.as_deref();
    let kept = kept.map(|kept| setting("kept", kept)).transpose()?;
    let answered = |scenario: &Scenario, tables: &[Table]| {
        setting_tables(scenario, tables, request.couple, &observables).map_err(failed)
    };
    let Some(kept) = kept else {
        let [tables] = simulate([&now], cancel)?;
        return Ok(ExploreAnswer {
            now: answered(&now, &tables)?,
            kept: None,
            differences: None,
        });
    };
    let (tables, differences) = match not_paired(&now, &kept) {
        Some(reason) => {
            let [tables] = simulate([&now], cancel)?;
            let [kept] = simulate([&kept], cancel)?;
            let differences = PairedDifferences {
                reason: Some(reason),
                ..PairedDifferences::default()
            };
            ([kept, tables], differences)
        }
        None => {
            let tables = simulate([&kept, &now], cancel)?;
            let differences = differences(&tables[1]).map_err(failed)?;
            (tables, differences)
        }
    };
    Ok(ExploreAnswer {
        now: answered(&now, &tables[1])?,
        kept: Some(answered(&kept, &tables[0])?),
        differences: Some(differences),
    })
}

/// The observables that are recorded: those of the plane and those requested, as far as there are such.
fn observables(requested: &[String]) -> Vec<String> {
    let known = requested
        .iter()
        .filter(|key| Observable::named(key).is_some());
    let mut all: Vec<String> = PLANE.map(str::to_owned).to_vec();
    for key in known.take(MOST_OBSERVABLES) {
        if !all.contains(key) {
            all.push(key.clone());
        }
    }
    all
}

/// Simulates settings with common random numbers; returns the tables of each. Two settings have the table
/// `differences` too, of the second from the first.
fn simulate<const N: usize>(
    settings: [&Scenario; N],
    cancel: &CancelToken,
) -> Result<[Vec<Table>; N], AnswerError> {
    let names = settings
        .iter()
        .enumerate()
        .map(|(place, _)| place.to_string());
    let conditions = RunConditions {
        // A single setting is a run without conditions.
        names: names.filter(|_| N > 1).collect(),
        scenarios: settings.map(Clone::clone).to_vec(),
    };
    let runner = settings[0].runner().cancel(cancel.clone());
    let run = runner.run_conditions(&conditions).map_err(failed)?;
    let mut all: [Vec<Table>; N] = std::array::from_fn(|_| Vec::new());
    let differences = differences_schema().table;
    for table in run.tables() {
        // The condition of a difference is the second one.
        for (own, part) in all.iter_mut().zip(conditions.split(table)) {
            if table.schema.table != differences || part.rows.rows() > 0 {
                own.push(part);
            }
        }
    }
    Ok(all)
}

/// Why the couples of two settings are no pairs.
fn not_paired(now: &Scenario, kept: &Scenario) -> Option<&'static str> {
    let (now, kept) = (now.config(), kept.config());
    if now.size.days != kept.size.days {
        return Some("the two settings have different numbers of days");
    }
    if now.seed != kept.seed {
        return Some("the two settings have different seeds, so that their couples are no pairs");
    }
    if now.size != kept.size {
        return Some("the two settings have different numbers of couples, replicates or steps");
    }
    (now.record != kept.record).then_some("the two settings record different days")
}

fn setting_tables(
    scenario: &Scenario,
    tables: &[Table],
    couple: u64,
    observables: &[String],
) -> Result<SettingTables, Error> {
    let size = &scenario.config().size;
    let couples = find_table(tables, "couples")?;
    Ok(SettingTables {
        days: size.days,
        couples: size.couples,
        replicates: size.replicates,
        seed: scenario.config().seed,
        separated: couples.ints("ended")?.iter().sum::<i64>() as u64,
        flow_days: scenario.config().record.phase_flow_days,
        warnings: warnings(scenario),
        marks: marks(scenario),
        trajectory: trajectory(find_table(tables, "trajectory")?)?,
        survival: floats_and_ints(
            find_table(tables, "survival")?,
            &["survival", "ci_low", "ci_high"],
            &["day", "at_risk", "ended"],
            usize::MAX,
        )?,
        phase_flow: floats_and_ints(
            find_table(tables, "phase_flow")?,
            &["trust", "intimacy", "d_trust", "d_intimacy"],
            &["n"],
            usize::MAX,
        )?,
        couple_ends: floats_and_ints(
            couples,
            &[
                "trust_end_a",
                "trust_end_b",
                "intimacy_end_a",
                "intimacy_end_b",
                "time",
            ],
            &["couple", "ended"],
            MOST_POINTS,
        )?,
        couple: couple_days(scenario, couple.clamp(1, size.couples), observables)?,
    })
}

fn failed(error: Error) -> AnswerError {
    match error {
        Error::Cancelled => AnswerError::Superseded,
        other => AnswerError::Failed(other.to_string()),
    }
}

fn warnings(scenario: &Scenario) -> Vec<String> {
    let warnings = scenario.warnings().list().iter();
    warnings
        .map(|warning| warning.message().to_owned())
        .collect()
}

fn marks(scenario: &Scenario) -> Vec<MarkAnswer> {
    let marks = scenario.marks().iter();
    marks
        .map(|mark| MarkAnswer {
            day: mark.day,
            until: mark.until,
            label: mark.label.clone(),
        })
        .collect()
}

fn floats_and_ints(
    table: &Table,
    floats: &[&str],
    ints: &[&str],
    most: usize,
) -> Result<Columns, Error> {
    let mut columns = Columns::new();
    for name in floats {
        let values = table.floats(name)?;
        let values = values[..values.len().min(most)].to_vec();
        columns.insert((*name).to_owned(), Column::Floats(values));
    }
    for name in ints {
        let values = table.ints(name)?;
        let values = values[..values.len().min(most)].to_vec();
        columns.insert((*name).to_owned(), Column::Ints(values));
    }
    Ok(columns)
}

/// The table `trajectory` by lines. Its rows are ordered by day, and each day has the same lines.
fn trajectory(table: &Table) -> Result<TrajectoryColumns, Error> {
    let day = table.floats("day")?;
    let lines = day.iter().take_while(|own| **own == day[0]).count();
    let name =
        |column: &str, row: usize| table.category(column, row).unwrap_or_default().to_owned();
    let n = table.ints("n")?;
    let [mean, low, high] = ["mean", "ci_low", "ci_high"].map(|column| table.floats(column));
    let (mean, low, high) = (mean?, low?, high?);
    let of = |values: &[f64], line: usize| values[line..].iter().step_by(lines).copied().collect();
    Ok(TrajectoryColumns {
        day: of(day, 0),
        lines: (0..lines)
            .map(|line| TrajectoryLine {
                observable: name("observable", line),
                role: name("role", line),
                n: n[line..].iter().step_by(lines).copied().collect(),
                mean: of(mean, line),
                ci_low: of(low, line),
                ci_high: of(high, line),
            })
            .collect(),
    })
}

/// A partner's value of an observable on a day; none for what is the couple's only.
fn value_of(partner: &PartnerDay, observable: &str) -> Option<f64> {
    if let Some(place) = STATES.iter().position(|state| state.key == observable) {
        return partner.state.fields().get(place).map(|value| **value);
    }
    Some(match observable {
        "felt_security" => partner.felt_security,
        "satisfaction" => partner.satisfaction,
        "daily_satisfaction" => partner.daily_satisfaction,
        "daily_closeness" => partner.daily_closeness,
        "bids" => f64::from(partner.bids),
        "responsive" => f64::from(partner.responsive),
        "unresponsive" => f64::from(partner.unresponsive),
        "disclosure" => partner.disclosure,
        "hurtful" => partner.hurtful,
        "fights" => f64::from(partner.fights),
        _ => return None,
    })
}

fn couple_days(
    scenario: &Scenario,
    number: u64,
    observables: &[String],
) -> Result<CoupleColumns, Error> {
    let days = scenario.couple(number)?;
    let separation = days.separation();
    let days: Vec<_> = days.collect();
    let mut partners = BTreeMap::new();
    for observable in observables {
        let values = [0, 1].map(|person: usize| {
            let values = days.iter();
            let values = values.map(|day| value_of(&day.partners[person], observable));
            values.collect::<Option<Vec<f64>>>()
        });
        if let [Some(a), Some(b)] = values {
            partners.insert(observable.clone(), [a, b]);
        }
    }
    Ok(CoupleColumns {
        number,
        end_day: separation.map(|separation| separation.day),
        left: separation.map(|separation| match separation.leaver {
            Leaver::A => "A",
            Leaver::B => "B",
            Leaver::Both => "both",
        }),
        day: days.iter().map(|day| day.day).collect(),
        conflict: days.iter().map(|day| day.conflicts).collect(),
        partners,
    })
}

/// The table `differences` by lines.
fn differences(tables: &[Table]) -> Result<PairedDifferences, Error> {
    let table = find_table(tables, differences_schema().table)?;
    let (day, n, mean) = (
        table.floats("day")?,
        table.ints("n")?,
        table.floats("difference")?,
    );
    let (low, high) = (table.floats("ci_low")?, table.floats("ci_high")?);
    let mut lines: Vec<DifferenceLine> = Vec::new();
    for row in 0..table.rows.rows() {
        let word = |column| table.category(column, row).unwrap_or_default();
        let names = [word("observable"), word("role"), word("over")];
        let known = lines
            .iter()
            .position(|line| [&line.observable, &line.role, &line.over] == names);
        let place = known.unwrap_or_else(|| {
            let [observable, role, over] = names.map(str::to_owned);
            lines.push(DifferenceLine {
                observable,
                role,
                over,
                day: Vec::new(),
                n: Vec::new(),
                mean: Vec::new(),
                ci_low: Vec::new(),
                ci_high: Vec::new(),
            });
            lines.len() - 1
        });
        let line = &mut lines[place];
        line.day.push(day[row]);
        line.n.push(n[row]);
        line.mean.push(mean[row]);
        line.ci_low.push(low[row]);
        line.ci_high.push(high[row]);
    }
    Ok(PairedDifferences {
        reason: None,
        lines,
    })
}

/// A setting as the text of a scenario; with a kept one, both as conditions of one scenario, where conditions
/// can set what differs. Returns whether they are conditions.
///
/// # Errors
/// Everything that is wrong in the changes.
pub(crate) fn copied(
    scenario: &Scenario,
    now: &[String],
    kept: Option<&[String]>,
) -> Result<(String, bool), Vec<ControlError>> {
    let alone = changed(scenario, now)?.given_toml();
    let Some(kept) = kept else {
        return Ok((alone, false));
    };
    let (common, _) = difference_of(now, kept);
    let mut text = changed(scenario, &common)?.given_toml();
    for (name, (_, own)) in [
        ("kept", difference_of(kept, now)),
        ("now", difference_of(now, kept)),
    ] {
        text.push_str(&format!("\n[condition.{name}]\n"));
        for change in own {
            let line = Override::parse(&change)
                .ok()
                .and_then(|change| change.toml_line().ok());
            text.push_str(&line.unwrap_or_default());
        }
    }
    match Scenario::read_text(scenario.file_name(), &text, &[]) {
        Ok(_) => Ok((text, true)),
        Err(_) => Ok((alone, false)),
    }
}

/// The changes that another setting has too, and those that it has not.
fn difference_of(own: &[String], other: &[String]) -> (Vec<String>, Vec<String>) {
    own.iter()
        .cloned()
        .partition(|change| other.contains(change))
}
