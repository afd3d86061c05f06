//! A changed scenario simulated: its tables as the page draws them, and the paired differences of two
//! settings.
//!
//! All numbers are those of the tables that [`Scenario::run`](crate::Scenario::run) gives, written so
//! that they are read back as the same bits.

use crate::error::Error;
use crate::model::types::STATES;
use crate::run::Run;
use crate::run::couple::{Leaver, PartnerDay};
use crate::runner::CancelToken;
use crate::scenario::{Diagnostics, Override, Scenario};
use crate::simulation::{Observable, Role};
use crate::stats::contrast::PairedContrast;
use crate::stats::interval::CONFIDENCE;
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
    #[serde(skip)]
    all_couples: Table,
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

/// Differences of the same couples in two settings.
#[derive(Debug, Serialize)]
pub(crate) struct PairedDifferences {
    /// Why there are none.
    reason: Option<&'static str>,
    /// Couples in both settings.
    pairs: u64,
    /// Pairs of which both couples are intact on the last day.
    intact: u64,
    rows: Vec<DifferenceRow>,
}

#[derive(Debug, Serialize)]
struct DifferenceRow {
    measure: &'static str,
    role: &'static str,
    n: u64,
    mean: f64,
    ci_low: f64,
    ci_high: f64,
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
        simulate(&changed, &observables, request.couple, cancel)
    };
    let now = setting("now", &request.now)?;
    let kept = request.kept.as_deref();
    let kept = kept.map(|kept| setting("kept", kept)).transpose()?;
    let differences = kept.as_ref().map(|kept| differences(&now, kept));
    Ok(ExploreAnswer {
        now,
        kept,
        differences,
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

fn simulate(
    scenario: &Scenario,
    observables: &[String],
    couple: u64,
    cancel: &CancelToken,
) -> Result<SettingTables, AnswerError> {
    let run = scenario.runner().cancel(cancel.clone()).run();
    let run = run.map_err(failed)?;
    let size = &scenario.config().size;
    let couple = couple.clamp(1, size.couples);
    let tables = || -> Result<SettingTables, Error> {
        Ok(SettingTables {
            days: size.days,
            couples: size.couples,
            replicates: size.replicates,
            seed: scenario.config().seed,
            separated: run.separated(),
            flow_days: scenario.config().record.phase_flow_days,
            warnings: warnings(scenario),
            marks: marks(scenario),
            trajectory: trajectory(&run)?,
            survival: floats_and_ints(
                run.survival(),
                &["survival", "ci_low", "ci_high"],
                &["day", "at_risk", "ended"],
                usize::MAX,
            )?,
            phase_flow: floats_and_ints(
                run.table("phase_flow")?,
                &["trust", "intimacy", "d_trust", "d_intimacy"],
                &["n"],
                usize::MAX,
            )?,
            couple_ends: floats_and_ints(
                run.couples(),
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
            couple: couple_days(scenario, couple, observables)?,
            all_couples: run.couples().clone(),
        })
    };
    tables().map_err(failed)
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
fn trajectory(run: &Run) -> Result<TrajectoryColumns, Error> {
    let table = run.trajectory();
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

/// What is compared of two settings, by the columns of partners A and B on the last day.
const MEASURES: [&str; 5] = [
    "trust",
    "intimacy",
    "satisfaction",
    "commitment",
    "wellbeing",
];

/// The differences of couples that share their random numbers: of all in whether they separated, and of
/// those that are intact in both settings on the last day in everything else.
fn differences(now: &SettingTables, kept: &SettingTables) -> PairedDifferences {
    let found = |reason| PairedDifferences {
        reason,
        pairs: 0,
        intact: 0,
        rows: Vec::new(),
    };
    if now.days != kept.days {
        return found(Some("the two settings have different numbers of days"));
    }
    if now.seed != kept.seed || now.replicates != kept.replicates {
        return found(Some(
            "the two settings have different seeds or replicates, so that their couples are no pairs",
        ));
    }
    paired(now, kept).unwrap_or_else(|_| found(Some("the couples could not be compared")))
}

fn paired(now: &SettingTables, kept: &SettingTables) -> Result<PairedDifferences, Error> {
    let (one, other) = (&kept.all_couples, &now.all_couples);
    let pairs = pairs_of(one, other)?;
    let (ended_one, ended_other) = (one.ints("ended")?, other.ints("ended")?);
    let intact: Vec<(usize, usize)> = pairs
        .iter()
        .copied()
        .filter(|(first, second)| ended_one[*first] == 0 && ended_other[*second] == 0)
        .collect();
    let mut rows = Vec::new();
    let mut separated = PairedContrast::default();
    for (first, second) in &pairs {
        separated.push(ended_one[*first] as f64, ended_other[*second] as f64);
    }
    rows.push(row("separated", "couple", &separated));
    for measure in MEASURES {
        let columns = ["a", "b"].map(|side| format!("{measure}_end_{side}"));
        let [a, b] = &columns;
        let (one_a, one_b) = (one.floats(a)?, one.floats(b)?);
        let (other_a, other_b) = (other.floats(a)?, other.floats(b)?);
        let mut contrasts = [PairedContrast::default(); 3];
        for (first, second) in &intact {
            let (first, second) = (*first, *second);
            contrasts[0].push(one_a[first], other_a[second]);
            contrasts[1].push(one_b[first], other_b[second]);
            contrasts[2].push(
                0.5 * (one_a[first] + one_b[first]),
                0.5 * (other_a[second] + other_b[second]),
            );
        }
        let roles = Role::WORDS.iter().zip(&contrasts);
        rows.extend(roles.map(|(role, contrast)| row(measure, role, contrast)));
    }
    Ok(PairedDifferences {
        reason: None,
        pairs: pairs.len() as u64,
        intact: intact.len() as u64,
        rows,
    })
}

fn row(measure: &'static str, role: &'static str, contrast: &PairedContrast) -> DifferenceRow {
    let found = contrast.difference(CONFIDENCE);
    DifferenceRow {
        measure,
        role,
        n: found.count,
        mean: found.mean,
        ci_low: found.interval.low,
        ci_high: found.interval.high,
    }
}

/// The rows of the same couple in two tables, which are ordered by replicate and couple.
fn pairs_of(one: &Table, other: &Table) -> Result<Vec<(usize, usize)>, Error> {
    let name = |table: &'_ Table| -> Result<Vec<(i64, i64)>, Error> {
        let (replicate, couple) = (table.ints("replicate")?, table.ints("couple")?);
        Ok(replicate
            .iter()
            .copied()
            .zip(couple.iter().copied())
            .collect())
    };
    let (one, other) = (name(one)?, name(other)?);
    let mut pairs = Vec::new();
    let (mut first, mut second) = (0, 0);
    while first < one.len() && second < other.len() {
        match one[first].cmp(&other[second]) {
            std::cmp::Ordering::Less => first += 1,
            std::cmp::Ordering::Greater => second += 1,
            std::cmp::Ordering::Equal => {
                pairs.push((first, second));
                first += 1;
                second += 1;
            }
        }
    }
    Ok(pairs)
}
