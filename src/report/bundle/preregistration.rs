//! `preregistration.md`: the plan of a simulation study under the headings of ADEMP, from its scenario alone.
//!
//! It is the same text before a run and in the bundle of its results, so that both can be compared.

use super::markdown::{code, escaped, fenced, quotation, table};
use crate::design::Design;
use crate::label::label_in_sentence;
use crate::printable;
use crate::printable::shell_command;
use crate::report::methods::program_reference;
use crate::report::numbers::{count, counted, listed, plain};
use crate::report::setup::{condition_changes, event_texts, head_comment, mechanisms_off};
use crate::report::sweep::{axis_values, design_name};
use crate::scenario::{Claim, ClaimRule, Claims, DEFAULT_MAX_RUNS, Scenario, Sweep, SweepPoints};
use crate::simulation::DayRows;
use std::path::Path;

/// Name of the file.
pub(crate) const PREREGISTRATION_NAME: &str = "preregistration.md";

const REFERENCES: [&str; 2] = [
    "Morris, T. P., White, I. R., & Crowther, M. J. (2019). Using simulation studies to evaluate statistical methods. \
     *Statistics in Medicine, 38*(11), 2074–2102. https://doi.org/10.1002/sim.8086",
    "Siepe, B. S., Bartoš, F., Morris, T. P., Boulesteix, A.-L., Heck, D. W., & Pawel, S. (2024). Simulation studies for \
     methodological research in psychology: A standardized template for planning, preregistration, and reporting. \
     *Psychological Methods*. https://doi.org/10.1037/met0000695",
];

impl Scenario {
    /// A preregistration of the simulation study that this scenario plans, as Markdown: its aims, data-generating
    /// mechanisms, estimands, methods and performance measures (ADEMP; Morris, White and Crowther 2019).
    ///
    /// It depends on the scenario and on the version of this crate only, so that it can be made before anything
    /// is run. A bundle of results has the same text.
    ///
    /// ```
    /// # fn main() -> Result<(), pairbond::Error> {
    /// let scenario = pairbond::Scenario::parse("title = 'Betrayal'")?;
    /// assert!(scenario.preregistration().contains("## 1 Aims"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn preregistration(&self) -> String {
        preregistration(self, env!("CARGO_PKG_VERSION"))
    }
}

/// The preregistration of a scenario that a version of the program simulates.
pub(crate) fn preregistration(scenario: &Scenario, version: &str) -> String {
    let mut text = format!("# Preregistration: {}\n\n", escaped(scenario.title()));
    text.push_str(
        "The plan of a simulation study under the headings of ADEMP (Morris et al., 2019; Siepe et al., 2024). pairbond \
         wrote it from the scenario below; nothing in it depends on results. What a scenario does not say is left to be \
         filled in at `[ ]`. Register it before the first run.\n\n",
    );
    for (heading, content) in [
        ("Registration", registration(scenario, version)),
        ("1 Aims", aims(scenario)),
        ("2 Data-generating mechanisms", mechanisms(scenario)),
        ("3 Estimands", estimands(scenario)),
        ("4 Methods", methods(scenario)),
        ("5 Performance measures", performance(scenario)),
        ("To be filled in by hand", BY_HAND.to_owned()),
        ("References", references(version)),
        ("Scenario", file(scenario)),
    ] {
        text.push_str(&format!("## {heading}\n\n{}\n", content.trim_end()));
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    // What can control a reader's program is replaced, as in the report.
    printable::replaced(&text).into_owned()
}

/// The name of the scenario's file, without its folder.
fn file_name(scenario: &Scenario) -> String {
    let path = Path::new(scenario.file_name());
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

fn bullets(items: &[String]) -> String {
    items.iter().map(|item| format!("- {item}\n")).collect()
}

fn registration(scenario: &Scenario, version: &str) -> String {
    let authors = &scenario.spec.about.authors;
    let authors: Vec<String> = authors
        .iter()
        .map(|author| match &author.orcid {
            Some(orcid) => format!("{} (https://orcid.org/{orcid})", escaped(&author.name)),
            None => escaped(&author.name),
        })
        .collect();
    let authors = match authors.len() {
        0 => "`[ ]` (the scenario names none under `[about]`)".to_owned(),
        _ => authors.join("; "),
    };
    let hash = blake3::hash(scenario.text().as_bytes()).to_hex();
    let mut items = vec![
        format!("Authors: {authors}"),
        "Date of registration: `[ ]`".to_owned(),
        format!("Program: pairbond {version}"),
        format!(
            "Scenario: {} (BLAKE3 hash {})",
            code(&file_name(scenario)),
            code(hash.as_str())
        ),
    ];
    let overrides: Vec<String> = scenario
        .overrides()
        .iter()
        .map(|own| code(own.text()))
        .collect();
    if !overrides.is_empty() {
        items.push(format!(
            "Set in place of the file's values: {}",
            overrides.join(", ")
        ));
    }
    items.push(format!(
        "Seed of all random numbers: {}",
        scenario.config().seed
    ));
    let file = file_name(scenario);
    let command = |name: &str| {
        let overrides = scenario.overrides().iter();
        let set = overrides.flat_map(|own| ["--set", own.text()]);
        let words = ["pairbond", name, &file].into_iter().chain(set);
        code(&shell_command(words))
    };
    let mut commands = Vec::new();
    if scenario.sweep_spec().is_some() {
        commands.push(command("sweep"));
    }
    if claims(scenario).is_some() {
        commands.push(command("claims"));
    }
    if is_run_planned(scenario) {
        commands.insert(0, command("run"));
    }
    items.push(format!("Commands: {}", commands.join(", ")));
    bullets(&items)
}

/// Whether the scenario is simulated for itself, and not only by a sweep or for claims.
fn is_run_planned(scenario: &Scenario) -> bool {
    let is_alone = scenario.sweep_spec().is_none() || !scenario.conditions().is_empty();
    claims(scenario).is_none() && is_alone
}

/// The claims of a scenario that has some.
fn claims(scenario: &Scenario) -> Option<&Claims> {
    scenario.claims_spec().filter(|all| !all.claims.is_empty())
}

fn aims(scenario: &Scenario) -> String {
    let mut text = format!(
        "To find out what the model of pairbond implies for the question of this scenario: **{}**.\n\n",
        escaped(scenario.title())
    );
    if !scenario.description().trim().is_empty() {
        text.push_str(&format!(
            "In the words of its authors:\n\n{}\n",
            quotation(scenario.description())
        ));
    }
    let comment = head_comment(scenario.text());
    if !comment.is_empty() {
        text.push_str(&format!(
            "The comment at the head of the file:\n\n{}\n",
            quotation(&comment)
        ));
    }
    if let Some(all) = claims(scenario) {
        text.push_str("Hypotheses, each of which the simulation can refute:\n\n");
        let items: Vec<String> = all
            .claims
            .iter()
            .map(|claim| {
                format!(
                    "{} ({}; expected: {})",
                    escaped(&claim.statement),
                    code(&claim.name),
                    claim.expect
                )
            })
            .collect();
        text.push_str(&bullets(&items));
        text.push('\n');
    }
    text.push_str(
        "The results will show what follows from the model's assumptions. They are no evidence about real couples.\n",
    );
    text
}

fn mechanisms(scenario: &Scenario) -> String {
    let config = scenario.config();
    let size = &config.size;
    let has_rule = scenario.stopping_rule().is_some();
    let replicates = match size.replicates {
        // The analysis says how many.
        _ if has_rule => " in each replicate, with independent random numbers".to_owned(),
        1 => String::new(),
        more => format!(
            " in each of {} replicates with independent random numbers",
            count(more.into())
        ),
    };
    let mut text = format!(
        "An agent-based model of trust, intimacy and attachment in couples of two partners (equations: \
         `docs/model.md` of the program, described by the ODD protocol).\n\n{}",
        bullets(&[
            format!("Couples: {}{replicates}", count(size.couples)),
            format!(
                "Days: {}, in steps of {} day with {} each",
                count(size.days.into()),
                plain(size.clock().step_days),
                counted(size.moments.into(), "moment", "moments")
            ),
            match mechanisms_off(scenario) {
                off if off.is_empty() => "Mechanisms: all are on".to_owned(),
                off => format!("Mechanisms switched off: {}", listed(&off)),
            },
        ])
    );
    let changes = scenario.changes();
    if changes.is_empty() {
        text.push_str("\nAll settings have their defaults.\n");
    } else {
        let rows: Vec<Vec<String>> = changes
            .iter()
            .map(|change| {
                let default = match change.default.as_str() {
                    "" => String::new(),
                    default => code(default),
                };
                vec![
                    code(&change.key),
                    code(&change.value),
                    default,
                    escaped(&change.meaning_with_unit()),
                    escaped(&change.source_of_default()),
                ]
            })
            .collect();
        let head = [
            "Key",
            "Value",
            "Default",
            "Meaning",
            "Source of the default",
        ];
        text.push_str(&format!(
            "\nSettings that differ from the defaults of this version; all others have them:\n\n{}",
            table(&head, &rows)
        ));
    }
    let events = event_texts(scenario);
    if !events.is_empty() {
        let events: Vec<String> = events.iter().map(|event| escaped(event)).collect();
        text.push_str(&format!("\nScheduled events:\n\n{}", bullets(&events)));
    }
    let conditions: Vec<String> = condition_changes(scenario)
        .into_iter()
        .map(|(name, changes)| {
            let changes: Vec<String> = changes.iter().map(|change| code(change)).collect();
            match changes.len() {
                0 => format!("{}: the scenario as it stands", code(&name)),
                _ => format!("{}: {}", code(&name), changes.join(", ")),
            }
        })
        .collect();
    if !conditions.is_empty() {
        text.push_str(&format!(
            "\nConditions, with common random numbers, so that they have the same couples:\n\n{}",
            bullets(&conditions)
        ));
    }
    if let Some(sweep) = scenario.sweep_spec() {
        text.push_str(&sweep_axes(sweep));
    }
    text
}

fn sweep_axes(sweep: &Sweep) -> String {
    let mut rows: Vec<Vec<String>> = sweep
        .axes
        .iter()
        .map(|axis| {
            vec![
                code(&axis.name),
                code(&axis.key),
                escaped(&axis_values(&axis.values)),
            ]
        })
        .collect();
    rows.extend(sweep.derived.iter().map(|axis| {
        let formula = format!("= {}", axis.text);
        vec![code(&axis.name), code(&axis.key), code(&formula)]
    }));
    let constraints: Vec<String> = sweep
        .constraints
        .iter()
        .map(|own| code(&own.text))
        .collect();
    let left_out = match constraints.len() {
        0 => String::new(),
        _ => format!(
            "\nPoints satisfy {}; all others are left out.\n",
            listed(&constraints)
        ),
    };
    format!(
        "\nA sweep varies these values in {} ({}); points {}:\n\n{}{left_out}",
        counted(sweep.count(), "point", "points"),
        design_name(sweep),
        if sweep.common_random_numbers {
            "share their random numbers"
        } else {
            "have independent random numbers"
        },
        table(&["Axis", "Key", "Values"], &rows)
    )
}

fn estimands(scenario: &Scenario) -> String {
    let config = scenario.config();
    let record = &config.record;
    let mut items = Vec::new();
    if let Some(all) = claims(scenario) {
        for claim in &all.claims {
            items.extend(claim_estimands(all, claim));
        }
    }
    if let Some(sweep) = scenario.sweep_spec() {
        let measures: Vec<String> = sweep.measures.iter().map(ToString::to_string).collect();
        items.push(format!(
            "At each point of the sweep: {}",
            escaped(&listed(&measures))
        ));
    }
    if is_run_planned(scenario) {
        let observables: Vec<String> = record
            .observables
            .iter()
            .map(|observable| label_in_sentence(observable.info().key))
            .collect();
        items.push(format!(
            "Means over couples of {}, every {}",
            listed(&observables),
            match record.every {
                1 => "day".to_owned(),
                days => format!("{} days", count(days.into())),
            }
        ));
        items.push(
            "The share of couples still together on each day, and times of separation".to_owned(),
        );
        if !scenario.conditions().is_empty() {
            items.push(
                "Differences of these means from the first condition, couple by couple".to_owned(),
            );
        }
    }
    if let Some(groups) = &record.groups {
        items.push(format!("The same by groups of {}", code(&groups.by.key)));
    }
    if record.survey.is_some() {
        items.push(
            "Scores of simulated questionnaires and diaries, with measurement error (`[measurement]`)"
                .to_owned(),
        );
    }
    if !matches!(record.days, DayRows::None) {
        items.push("Days of single couples (table `days`)".to_owned());
    }
    items.push("Primary estimand among these: `[ ]`".to_owned());
    bullets(&items)
}

/// What a claim is about: an effect, and where it has to lie.
fn claim_estimands(all: &Claims, claim: &Claim) -> Vec<String> {
    let against = match claim.null {
        0.0 => String::new(),
        null => format!(", less {}", plain(null)),
    };
    let bound = match claim.rule {
        ClaimRule::Greater => format!("above {}", plain(claim.sesoi)),
        ClaimRule::Less => format!("below {}", plain(-claim.sesoi)),
        ClaimRule::Equivalent => {
            format!("between {} and {}", plain(-claim.sesoi), plain(claim.sesoi))
        }
        ClaimRule::Order => format!("above {} for each neighbouring pair", plain(claim.sesoi)),
    };
    claim
        .effects
        .iter()
        .map(|effect| {
            format!(
                "{}: {}{against} of {}; claimed to lie {bound} (smallest effect size of interest: {})",
                code(&claim.name),
                code(&all.describe(effect)),
                escaped(&claim.observed.to_string()),
                plain(claim.sesoi)
            )
        })
        .collect()
}

fn methods(scenario: &Scenario) -> String {
    let mut items = Vec::new();
    if claims(scenario).is_some() {
        items.push(format!(
            "Claims: replicates of all conditions with common random numbers are added in looks until every claim is \
             decided or {DEFAULT_MAX_RUNS} replicates are reached (`--max-runs`, if it is another number: `[ ]`). The \
             confidence intervals are simultaneous over claims and looks (95 %)"
        ));
        items.push(
            "Decision: a claim is supported if the whole interval lies in the claimed range, refuted if none of it \
             does, and undecided otherwise"
                .to_owned(),
        );
        let required: Vec<String> = scenario
            .claims_spec()
            .into_iter()
            .flat_map(|all| &all.claims)
            .filter(|claim| !claim.requires.is_empty())
            .map(|claim| {
                let keys: Vec<String> = claim.requires.iter().map(|key| code(key)).collect();
                format!("{} (without {})", code(&claim.name), keys.join(", "))
            })
            .collect();
        if !required.is_empty() {
            items.push(format!(
                "Ablation: the verdict has to change where a mechanism is switched off (`--ablate`): {}",
                required.join("; ")
            ));
        }
    }
    if let Some(sweep) = scenario.sweep_spec() {
        items.push(format!("Sweep: {}", analysis(sweep)));
    }
    if is_run_planned(scenario) {
        items.push(
            "Means with 95 % confidence intervals of Student's t, shares with Wilson's score interval, separation by \
             the Kaplan–Meier estimator"
                .to_owned(),
        );
        if !scenario.conditions().is_empty() {
            items.push(
                "Conditions: paired differences of the same couples, with 95 % confidence intervals"
                    .to_owned(),
            );
        }
    }
    items.push(
        "Separated couples: a mean is over the couples still together on its day, unless it says that it is over all \
         couples (those who separated then count with their last values). The number of couples stands next to each \
         mean"
            .to_owned(),
    );
    items.push("Analyses outside the program: `[ ]`".to_owned());
    bullets(&items)
}

/// What the program computes of a sweep.
fn analysis(sweep: &Sweep) -> &'static str {
    match &sweep.points {
        SweepPoints::Table(_) => {
            "values of each measure at each point, and differences from the reference point"
        }
        SweepPoints::Designed(design) => match design {
            Design::Saltelli(_) => {
                "first-order and total Sobol' indices with 95 % confidence intervals"
            }
            Design::Morris(_) => {
                "elementary effects: Morris's mu* with its 95 % confidence interval, and sigma"
            }
            Design::Grid(_) | Design::OneAtATime(_) => {
                "means at the levels of each axis, and differences between levels and from the reference point, with \
                 95 % confidence intervals"
            }
            Design::List(_) => {
                "values of each measure at each point, and differences from the reference point"
            }
            Design::LatinHypercube(_) | Design::Sobol(_) | Design::Halton(_) => {
                "standardised regression coefficients and partial rank correlations of each measure on the axes, with \
                 95 % confidence intervals"
            }
        },
    }
}

/// Bounds of the Monte Carlo standard errors, which hold before anything is known of the results.
fn performance(scenario: &Scenario) -> String {
    let size = &scenario.config().size;
    let couples = size.couples.saturating_mul(size.replicates.into());
    let root = (couples as f64).sqrt();
    let bound = |value: f64| format!("{value:.4}");
    let each = match scenario.sweep_spec() {
        Some(_) => " at each point",
        None if !scenario.conditions().is_empty() => " in each condition",
        None => "",
    };
    let mut items = vec![
        format!(
            "Couples{each}: {} ({} in {})",
            count(couples),
            count(size.couples),
            counted(size.replicates.into(), "replicate", "replicates")
        ),
        format!(
            "Monte Carlo standard error of a share: at most {} (√(0.25 / {}))",
            bound(0.5 / root),
            count(couples)
        ),
        format!(
            "Monte Carlo standard error of a mean of a state from 0 to 1 while all couples are together: at most {} \
             (standard deviation at most 0.5); more as couples separate, and given as an interval next to each mean",
            bound(0.5 / root)
        ),
    ];
    if claims(scenario).is_some() {
        items.push(format!(
            "Claims: as many such replicates of each condition as decide them, at most {DEFAULT_MAX_RUNS}; the interval \
             of each effect is reported"
        ));
    }
    if !scenario.conditions().is_empty() {
        items.push(format!(
            "Monte Carlo standard error of a paired difference of such means: at most {}, and less the more alike the \
             conditions are",
            bound(1.0 / root)
        ));
    }
    if let Some(until) = scenario.stopping_rule() {
        items.push(format!(
            "Each point is run until the half-width of the {} % interval of {} is {} or less, and at most {} times",
            plain(100.0 * until.confidence),
            escaped(&until.of.to_string()),
            plain(until.half_width),
            count(until.max.into())
        ));
    }
    items.push(
        "The intervals cover the random variation between simulated couples, and not what is unknown about parameters \
         and other assumptions"
            .to_owned(),
    );
    items.push("Why this number of couples and replicates is enough: `[ ]`".to_owned());
    bullets(&items)
}

const BY_HAND: &str = "\
- What is already known of the results (pilot runs, their seeds): `[ ]`
- Expected results, and what would count against them: `[ ]`
- Why settings differ from the defaults: `[ ]`
- Who may change the plan, and how deviations will be reported: `[ ]`
";

fn references(version: &str) -> String {
    let mut items: Vec<String> = REFERENCES.iter().map(|&text| text.to_owned()).collect();
    items.push(escaped(&program_reference(version)));
    items.sort();
    bullets(&items)
}

fn file(scenario: &Scenario) -> String {
    let mut text = format!(
        "Text of {}:\n\n{}",
        code(&file_name(scenario)),
        fenced("toml", scenario.text())
    );
    for (name, attached) in scenario.attachments() {
        text.push_str(&format!(
            "\nIt reads {} (BLAKE3 hash {}).\n",
            code(name),
            code(blake3::hash(attached.as_bytes()).to_hex().as_str())
        ));
    }
    text
}
