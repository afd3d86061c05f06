//! The ODD description of one scenario (Grimm et al. 2020), from the descriptions that the model, the scenario and
//! the tables are made of: what is off does not appear, and numbers are those of the scenario.

use super::layout::{bullets, details, markup_table};
use super::methods::active_parameters;
use super::numbers::{count, counted, listed, plain};
use super::setup::events;
use crate::label::{label_in_sentence, readable};
use crate::model::parameters::{MECHANISMS, MechanismSpec, ParameterSpec};
use crate::model::types::{CONTACT, STATES, TRAITS};
use crate::scenario::Scenario;
use crate::scenario::spec::{Variable, key_of};
use crate::simulation::DayRows;
use maud::{Markup, html};

/// The processes of a step in their order, with the mechanisms of each.
const PROCESSES: &[(&str, &[&str])] = &[
    (
        "Before days 1, 8, 15 and so on: life events of the week",
        &["strain", "sharing"],
    ),
    (
        "In each moment, bid phase: either partner may turn to the other, and one discloses, the other responds, and \
         the first perceives the response",
        &[
            "contact",
            "availability",
            "disclosure",
            "complacency",
            "noise",
            "understanding",
            "mood",
            "projection",
            "bias",
            "repair",
        ],
    ),
    (
        "In each moment, conflict phase: a conflict may arise, in which both voice their side",
        &["conflict", "hostility", "reciprocation"],
    ),
    (
        "After each phase: what both partners take from it, applied to both at once",
        &[
            "trust",
            "uncertainty",
            "asymmetry",
            "intimacy",
            "habit",
            "investment",
            "relief",
        ],
    ),
    (
        "End of the step: betrayal is drawn first, from the state before it",
        &["betrayal", "hurt", "scar"],
    ),
    (
        "End of the step: stress, decay, and slow states, each from the values that those before it have produced",
        &[
            "stress",
            "buffering",
            "accustoming",
            "autonomy",
            "attachment",
            "prototype",
            "alternatives",
            "commitment",
            "deliberation",
            "wellbeing",
        ],
    ),
    (
        "End of the step: whether a partner ends the relationship",
        &["dissolution", "outside"],
    ),
];

/// Design concepts that consist of mechanisms, with what holds of them whatever is on.
const CONCEPTS: &[(&str, &str, &[&str])] = &[
    (
        "Emergence",
        "Levels, variances and correlations of trust, intimacy and satisfaction, and the times of separation, result \
         from the processes. None of them is imposed.",
        &[],
    ),
    (
        "Adaptation",
        "Partners follow decision rules that read their own state; they do not optimise.",
        &["complacency", "repair", "deliberation", "dissolution"],
    ),
    ("Objectives", "No partner maximises anything.", &[]),
    (
        "Learning",
        "Learning happens episode by episode, decay with time.",
        &[
            "trust",
            "uncertainty",
            "asymmetry",
            "habit",
            "accustoming",
            "attachment",
            "prototype",
        ],
    ),
    (
        "Prediction",
        "Trust is a prediction: the responsiveness expected of the partner. Nobody looks further ahead.",
        &["projection"],
    ),
    (
        "Sensing",
        "Partners know their own states and what the other discloses. They perceive responses, and not the other's \
         trust, intimacy or commitment.",
        &["bias", "availability"],
    ),
    (
        "Interaction",
        "Partners interact within their couple only. Couples do not influence each other.",
        &[
            "contact",
            "disclosure",
            "conflict",
            "hostility",
            "reciprocation",
            "sharing",
        ],
    ),
];

/// The description under the headings of the protocol.
pub(crate) fn odd(scenario: &Scenario) -> Markup {
    html! {
        p {
            "The headings are those of the second update of the ODD protocol (Grimm et al., 2020). The text is written \
             from the descriptions that the program itself uses. The equations are in " code { "docs/model.md" } "."
        }
        h3 { "1 Purpose and patterns" }
        p {
            "The model shows what follows, over months and years, from assumptions about how two partners respond to \
             each other. This scenario: " strong { (scenario.title()) } "."
            @if !scenario.description().is_empty() { " " (scenario.description()) }
        }
        p {
            "The patterns by which the model is judged are published numbers of couples; " code { "pairbond validate" }
            " compares them."
        }
        h3 { "2 Entities, state variables and scales" }
        (entities(scenario))
        h3 { "3 Process overview and scheduling" }
        (processes(scenario))
        h3 { "4 Design concepts" }
        (concepts(scenario))
        h3 { "5 Initialisation" }
        (initialisation(scenario))
        h3 { "6 Input data" }
        (input(scenario))
        h3 { "7 Submodels" }
        (submodels(scenario))
    }
}

fn is_on(scenario: &Scenario, key: &str) -> bool {
    scenario.config().mechanisms.get(key) != Some(false)
}

/// Mechanisms of some keys that are on.
fn on(scenario: &Scenario, keys: &[&str]) -> Vec<&'static MechanismSpec> {
    MECHANISMS
        .iter()
        .filter(|line| keys.contains(&line.key) && is_on(scenario, line.key))
        .collect()
}

fn meanings(lines: &[&MechanismSpec]) -> String {
    let text = |line: &&MechanismSpec| format!("{} ({})", readable(line.key), line.meaning);
    lines.iter().map(text).collect::<Vec<_>>().join("; ")
}

fn entities(scenario: &Scenario) -> Markup {
    let size = &scenario.config().size;
    let describe = |line: &ParameterSpec| {
        let off: Vec<String> = line
            .mechanisms
            .iter()
            .filter(|key| !is_on(scenario, key))
            .map(|key| readable(key))
            .collect();
        let note = match off.len() {
            0 => String::new(),
            _ => format!(" Without effect here: {} is off.", listed(&off)),
        };
        vec![
            html! { code { (line.key) } },
            html! { (plain(line.low)) " to " (plain(line.high)) },
            html! { (line.meaning) (note) },
        ]
    };
    let head = ["Key", "Range", "Meaning"];
    let of_traits: Vec<Vec<Markup>> = TRAITS.iter().map(describe).collect();
    let of_states: Vec<Vec<Markup>> = STATES.iter().map(describe).collect();
    let of_couple = [describe(&CONTACT)];
    html! {
        p {
            "Entities are " (count(size.couples)) " couples of two persons, partner A and partner B, whom the equations \
             treat alike" @if scenario.stopping_rule().is_some() {
                ", in as many replicates as each point needs"
            } @else if size.replicates > 1 { ", in each of " (count(size.replicates.into())) " replicates" } ". "
            "There is no space. Time goes in steps of " (plain(size.clock().step_days)) " day, each with "
            (size.moments) " moments, for " (count(size.days.into())) " days."
        }
        (details("Traits of a person, constant unless an event changes them", &markup_table("Traits of a person", &head, &of_traits)))
        (details("States of a person, which change with every step", &markup_table("States of a person", &head, &of_states)))
        (details("Trait of the couple", &markup_table("Trait of the couple", &head, &of_couple)))
    }
}

fn processes(scenario: &Scenario) -> Markup {
    let rows: Vec<Vec<Markup>> = PROCESSES
        .iter()
        .filter_map(|(process, keys)| {
            let on = on(scenario, keys);
            let cells = vec![html! { (process) }, html! { (meanings(&on)) }];
            (!on.is_empty()).then_some(cells)
        })
        .collect();
    let off: Vec<Markup> = MECHANISMS
        .iter()
        .filter(|line| !is_on(scenario, line.key))
        .map(|line| html! { (readable(line.key)) ": " (line.absence) })
        .collect();
    html! {
        (markup_table("A step, in this order", &["Process", "Mechanisms that are on"], &rows))
        @if off.is_empty() {
            p { "All mechanisms are on." }
        } @else {
            p { "Mechanisms that are off, and what holds instead:" }
            (bullets(&off))
        }
        p {
            "Both partners act on the state at the start of a phase, so that neither goes first. Changes that last some \
             days apply to days as a whole; events of a day happen at its end, before it is recorded."
        }
    }
}

fn concepts(scenario: &Scenario) -> Markup {
    let config = scenario.config();
    let mut sources: Vec<&str> = active_parameters(scenario)
        .iter()
        .map(|line| line.source)
        .filter(|source| source.ends_with(|sign: char| sign.is_ascii_digit()))
        .collect();
    sources.sort_unstable();
    sources.dedup();
    let drawn = on(
        scenario,
        &[
            "contact",
            "conflict",
            "noise",
            "availability",
            "repair",
            "stress",
            "strain",
            "betrayal",
            "alternatives",
            "deliberation",
            "outside",
        ],
    );
    let drawn: Vec<String> = drawn.iter().map(|line| readable(line.key)).collect();
    let record = &config.record;
    let recorded: Vec<String> = record
        .observables
        .iter()
        .map(|observable| label_in_sentence(observable.info().key))
        .collect();
    let days = match record.days {
        DayRows::None => "No days of single couples are kept".to_owned(),
        DayRows::All => "All days of all couples are kept".to_owned(),
        DayRows::First(first) => format!(
            "All days of the first {} are kept",
            counted(first, "couple", "couples")
        ),
    };
    html! {
        dl.concepts {
            div {
                dt { "Basic principles" }
                dd { "The mechanisms that are on and their parameters rest on " (sources.join("; ")) "." }
            }
            @for (concept, always, keys) in CONCEPTS {
                @let on = on(scenario, keys);
                div {
                    dt { (concept) }
                    dd { (always) @if !on.is_empty() { " Here: " (meanings(&on)) "." } }
                }
            }
            div {
                dt { "Stochasticity" }
                dd {
                    "Traits and initial states that vary over couples are drawn once. In each step are drawn: "
                    (listed(&drawn)) ". Each draw has a fixed address under the seed " (config.seed)
                    ", so that scenarios with the same seed share their random numbers."
                }
            }
            div { dt { "Collectives" } dd { "The couple, which has the contact rate and the conflicts." } }
            div {
                dt { "Observation" }
                dd {
                    "Recorded every " @if record.every == 1 { "day: " } @else { (record.every) " days: " }
                    (listed(&recorded)) ". " (days)
                    ". Recording does not change the simulation. Regimes of balance are cut at trust "
                    (plain(config.cuts.trust)) " and intimacy " (plain(config.cuts.intimacy)) "."
                    @if record.survey.is_some() { " Questionnaires and diaries are simulated with measurement error." }
                }
            }
        }
    }
}

fn initialisation(scenario: &Scenario) -> Markup {
    let spec = &scenario.spec;
    let mut rows: Vec<Vec<Markup>> = Vec::new();
    for variable in &spec.variables {
        let (table, person, key) = key_of(variable.place);
        if person == Some(1) {
            continue;
        }
        let other = spec.variables.iter().find(|it| {
            let (its_table, its_person, its_key) = key_of(it.place);
            (its_table, its_key) == (table, key) && its_person == Some(1)
        });
        rows.push(initial_row(&format!("{table}.{key}"), variable, other));
    }
    let only_b = spec.variables.iter().filter(|variable| {
        let (table, person, key) = key_of(variable.place);
        let of_a = |it: &Variable| key_of(it.place) == (table, Some(0), key);
        person == Some(1) && !spec.variables.iter().any(of_a)
    });
    for variable in only_b {
        let (table, _, key) = key_of(variable.place);
        rows.push(vec![
            html! { code { (table) "." (key) } },
            html! { "none" },
            html! { code { (variable.to_toml()) } },
        ]);
    }
    let mut correlations: Vec<(String, f64)> = spec.correlations.names.clone();
    correlations.extend(spec.correlations.defaults(&spec.variables));
    let correlations: Vec<Markup> = correlations
        .iter()
        .map(|(name, value)| html! { code { (name) } " " (plain(*value)) })
        .collect();
    let childhood = spec.with_childhood();
    html! {
        @if childhood != [false; 2] {
            p {
                "Anxiety and avoidance of "
                @match childhood { [true, true] => "both partners", [true, false] => "partner A", _ => "partner B" }
                " result from a simulated childhood with one caregiver."
            }
        }
        (details(
            "Initial values and their distributions over couples",
            &markup_table("Initial values", &["Key", "Partner A", "Partner B"], &rows),
        ))
        @if !correlations.is_empty() {
            p { "Correlations of scores:" }
            (bullets(&correlations))
        }
    }
}

fn initial_row(key: &str, variable: &Variable, other: Option<&Variable>) -> Vec<Markup> {
    let own = variable.to_toml();
    let (table, person, _) = key_of(variable.place);
    let b = match (person, other) {
        (None, _) => html! { "of the couple" },
        (_, Some(other)) if other.is_like(variable) => html! { "as A" },
        (_, Some(other)) => html! { code { (other.to_toml()) } },
        (_, None) if table == "childhood" => html! { "no childhood" },
        (_, None) => html! { "from childhood" },
    };
    vec![html! { code { (key) } }, html! { code { (own) } }, b]
}

fn input(scenario: &Scenario) -> Markup {
    let attachments = scenario.attachments();
    let mut conditions = scenario.conditions().into_iter();
    let in_conditions = conditions.any(|(_, condition)| !condition.marks().is_empty());
    html! {
        @if scenario.marks().is_empty() && !in_conditions {
            p { "No external data drive the simulation, and no events are scheduled." }
        } @else if scenario.marks().is_empty() {
            p { "No external data drive the simulation. Conditions schedule events (see Conditions)." }
        } @else {
            p { "No external data drive the simulation. The scenario schedules events:" }
            (events(scenario))
        }
        @if !attachments.is_empty() {
            p {
                "The scenario reads: "
                @for (place, (name, _)) in attachments.iter().enumerate() {
                    @if place > 0 { ", " }
                    code { (name) }
                }
                "."
            }
        }
    }
}

fn submodels(scenario: &Scenario) -> Markup {
    let active = active_parameters(scenario);
    let rows: Vec<Vec<Markup>> = active
        .iter()
        .map(|line| {
            let value = scenario.config().parameters.get(line.key);
            let value = value.unwrap_or(line.default);
            let unit = if line.unit == "1" { "" } else { line.unit };
            let mark = if value == line.default {
                ""
            } else {
                " (default "
            };
            vec![
                html! { code { (line.key) } " " (line.symbol) },
                html! {
                    (plain(value)) " " (unit)
                    @if !mark.is_empty() { (mark) (plain(line.default)) ")" }
                },
                html! { (line.meaning) },
                html! { (line.source) " (" (line.provenance.label()) ")" },
            ]
        })
        .collect();
    let summary = format!("The {} parameters whose mechanisms are on", active.len());
    html! {
        p {
            "Each submodel is a mechanism; its equations have numbers in " code { "docs/model.md" }
            ", section 7. Parameters of this scenario:"
        }
        (details(&summary, &markup_table("Parameters", &["Parameter", "Value", "Meaning", "Source"], &rows)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mechanism_belongs_to_a_process() {
        let listed: Vec<&str> = PROCESSES
            .iter()
            .flat_map(|(_, keys)| *keys)
            .copied()
            .collect();
        for line in MECHANISMS {
            assert!(listed.contains(&line.key), "{}", line.key);
        }
    }

    #[test]
    fn every_key_is_that_of_a_mechanism() {
        let concepts = CONCEPTS.iter().flat_map(|(_, _, keys)| *keys);
        let processes = PROCESSES.iter().flat_map(|(_, keys)| *keys);
        for key in concepts.chain(processes) {
            assert!(MECHANISMS.iter().any(|line| line.key == *key), "{key}");
        }
    }

    #[test]
    fn what_is_off_is_not_described_as_on() {
        let text = "title = 'x'\n[mechanisms]\nrepair = false\nstrain = false";
        let scenario = Scenario::parse(text).expect("a scenario");
        let page = odd(&scenario).into_string();
        assert!(!page.contains("an unresponsive episode may be repaired"));
        assert!(page.contains("repair: there are no repairs"));
        assert!(
            !page.contains("satisfaction_strain"),
            "a parameter of strain"
        );
        let all = odd(&Scenario::default()).into_string();
        assert!(all.contains("an unresponsive episode may be repaired"));
        assert!(all.contains("satisfaction_strain"));
    }
}
