//! What a paper needs: a methods paragraph, limits, how to repeat the results and how to cite the program.

use super::layout::{KindReport, bullets};
use super::numbers::{count, counted, listed, plain};
use super::setup::{condition_changes, event_texts, mechanisms_off};
use crate::model::parameters::{PARAMETERS, ParameterSpec, Provenance};
use crate::printable::shell_command;
use crate::results::Manifest;
use crate::scenario::Scenario;
use maud::{Markup, html};

/// How to cite the program, as the repository says it.
const CITATION: &str = include_str!("../../CITATION.cff");
/// The publication of the ODD protocol.
const ODD: &str = "Grimm, V., Railsback, S. F., Vincenot, C. E., Berger, U., Gallagher, C., DeAngelis, D. L., Edmonds, \
                   B., Ge, J., Giske, J., Groeneveld, J., Johnston, A. S. A., Milles, A., Nabe-Nielsen, J., Polhill, J. \
                   G., Radchuk, V., Rohwäder, M.-S., Stillman, R. A., Thiele, J. C., & Ayllón, D. (2020). The ODD \
                   protocol for describing agent-based and other simulation models: A second update to improve \
                   clarity, replication, and structural realism. Journal of Artificial Societies and Social \
                   Simulation, 23(2), Article 7. https://doi.org/10.18564/jasss.4259";

/// Conditions, and changes of each, that the paragraph names; the page lists more.
const MOST_CONDITIONS: usize = 4;
const MOST_CHANGES: usize = 3;

/// The value of a key of the citation file.
pub(crate) fn citation(key: &str) -> &'static str {
    let line = CITATION.lines().find_map(|line| {
        let line = line.trim_start().trim_start_matches("- ");
        line.strip_prefix(key)?.strip_prefix(": ")
    });
    line.unwrap_or_default().trim_matches('"')
}

/// The reference to the program in APA style.
pub(crate) fn program_reference(version: &str) -> String {
    format!(
        "{}. (n.d.). {} (Version {version}) [Computer software].",
        citation("name"),
        citation("title")
    )
}

/// A paragraph for the methods section, and its references.
pub(crate) fn methods(
    report: &KindReport,
    scenario: Option<&Scenario>,
    manifest: &Manifest,
) -> Markup {
    let mut sentences = vec![match report.is_without_model {
        true => format!(
            "We used pairbond (Version {}; {}, n.d.).",
            manifest.version,
            citation("name")
        ),
        false => format!(
            "We used pairbond (Version {}; {}, n.d.), an agent-based simulation of trust, intimacy and attachment in couples \
         whose model is described by the ODD protocol (Grimm et al., 2020).",
            manifest.version,
            citation("name")
        ),
    }];
    sentences.extend(scenario.map(|scenario| simulated(scenario, report.each)));
    sentences.extend(report.methods.iter().cloned());
    sentences.push(format!(
        "All random numbers follow from the seed ({}), so that scenario, seed and version give the same results again.",
        manifest.seed
    ));
    html! {
        blockquote.paper { p { (sentences.join(" ")) } }
        h3 { "References" }
        p.reference { (program_reference(&manifest.version)) }
        @if !report.is_without_model { p.reference { (ODD) } }
        p {
            "Edit the paragraph before you use it: it says what was done, and not why. State the version, since other \
             versions may give other numbers."
        }
    }
}

/// The sentences on couples, mechanisms and settings.
fn simulated(scenario: &Scenario, each: &str) -> String {
    let size = &scenario.config().size;
    let until = scenario.stopping_rule();
    let replicates = match (until, size.replicates) {
        (Some(until), _) => format!(
            ", in replicates that were added until the {} % interval of {} was {} or less to a side, at most {},",
            plain(100.0 * until.confidence),
            until.of,
            plain(until.half_width),
            count(until.max.into())
        ),
        (None, 1) => String::new(),
        (None, more) => format!(
            ", in each of {} independent replicates,",
            count(more.into())
        ),
    };
    let step = match size.steps_per_day {
        1 => "one day".to_owned(),
        more => format!("1/{more} day"),
    };
    let mut text = format!(
        "We simulated {} of two partners{each}{replicates} for {} days in steps of {step}.",
        counted(size.couples, "couple", "couples"),
        count(size.days.into()),
    );
    let off = mechanisms_off(scenario);
    text.push_str(&match off.len() {
        0 => " All mechanisms of the model were on.".to_owned(),
        1 => format!(" All mechanisms of the model but {} were on.", off[0]),
        _ => format!(" These mechanisms were switched off: {}.", listed(&off)),
    });
    let changed: Vec<String> = scenario
        .changes()
        .iter()
        .filter(|change| !change.key.starts_with("run.") && !change.key.starts_with("mechanisms."))
        .map(|change| format!("{} = {}", change.key, change.value))
        .collect();
    let conditions = condition_changes(scenario);
    let but = match conditions.len() {
        0 => "",
        _ => ", but for what a condition changes",
    };
    text.push_str(&match changed.len() {
        0 => format!(" All other settings had their defaults{but}."),
        1..=6 => format!(
            " Settings that differed from the defaults were {}{but}.",
            listed(&changed)
        ),
        more => format!(
            " {more} further settings differed from the defaults (see the table of settings){but}."
        ),
    });
    let events = event_texts(scenario);
    text.push_str(&match events.len() {
        0 => String::new(),
        1..=3 => format!(" Scheduled were {}.", events.join("; ")),
        more => format!(" The scenario scheduled {more} events (see the list of events)."),
    });
    if !conditions.is_empty() {
        text.push_str(&format!(
            " The same couples were simulated under {} with the same random numbers",
            counted(conditions.len() as u64, "condition", "conditions")
        ));
        let is_short = |(_, changes): &(String, Vec<String>)| changes.len() <= MOST_CHANGES;
        text.push_str(
            &match conditions.len() <= MOST_CONDITIONS && conditions.iter().all(is_short) {
                true => format!(
                    ": {}.",
                    conditions
                        .iter()
                        .map(condition_text)
                        .collect::<Vec<_>>()
                        .join("; ")
                ),
                false => " (see what each condition changes).".to_owned(),
            },
        );
    }
    text
}

/// A condition with what it changes.
fn condition_text((name, changes): &(String, Vec<String>)) -> String {
    match changes.len() {
        0 => format!("{name}, the scenario as it stands"),
        _ => format!("{name}, with {}", changes.join(", and ")),
    }
}

/// What these results do not show.
pub(crate) fn limits(report: &KindReport, scenario: Option<&Scenario>) -> Markup {
    let mut items: Vec<Markup> = report
        .limits
        .iter()
        .map(|limit| html! { (limit) })
        .collect();
    if report.is_without_model {
        return bullets(&items);
    }
    items.push(html! {
        "The results follow from the assumptions of the model. They show what these assumptions imply, and are not \
         observations of real couples."
    });
    items.push(html! {
        "Intervals cover the random variation between simulated couples only. They do not cover what is unknown about \
         the parameters and about other assumptions. With more couples they become narrower, and the model does not \
         become more accurate."
    });
    items.extend(scenario.map(parameters_known));
    items.push(html! {
        "Simulated trust, intimacy and satisfaction are latent states from 0 to 1. They must not be compared with \
         published questionnaire scores; scores with measurement error are those of a " code { "[measurement]" } "."
    });
    items.push(html! {
        "Which published numbers the model reproduces and which it misses is listed in " code { "docs/validation.md" }
        " and by " code { "pairbond validate" } "."
    });
    items.push(html! {
        "Violence, coercion and control are not modelled, nor are money, children, culture or re-partnering. Nothing \
         here is advice to a couple."
    });
    bullets(&items)
}

/// Parameters that have an effect in a scenario: their mechanisms are on.
pub(crate) fn active_parameters(scenario: &Scenario) -> Vec<&'static ParameterSpec> {
    let mechanisms = &scenario.config().mechanisms;
    let is_on = |key: &&str| mechanisms.get(key) != Some(false);
    PARAMETERS
        .iter()
        .filter(|line| line.mechanisms.iter().all(is_on))
        .collect()
}

fn parameters_known(scenario: &Scenario) -> Markup {
    let active = active_parameters(scenario);
    let how_many = |known: Provenance| {
        active
            .iter()
            .filter(|line| line.provenance == known)
            .count() as u64
    };
    html! {
        "Of the " (counted(active.len() as u64, "parameter", "parameters")) " whose mechanisms are on, "
        (how_many(Provenance::Calibrated)) " defaults were calibrated to published numbers and "
        (how_many(Provenance::Starting)) " are starting values that no published number determines."
    }
}

/// How to get the same results again.
pub(crate) fn repeat(manifest: &Manifest) -> Markup {
    html! {
        p {
            "With pairbond " (manifest.version) " and the file " code { (manifest.scenario.file) } " of this folder ("
            code { "scenario.toml" } " or the text below), this command gives the same bytes:"
        }
        pre { code { (shell_command(&manifest.command)) } }
        p {
            code { "pairbond verify FOLDER" } " runs it again and compares every file. The file's hash (BLAKE3) is "
            code.hash { (manifest.scenario.blake3) } "; " code { "manifest.json" } " has those of all files."
        }
    }
}

/// How to cite the program.
pub(crate) fn cite(manifest: &Manifest) -> Markup {
    html! {
        p.reference { (program_reference(&manifest.version)) }
        (super::layout::details("CITATION.cff", &html! { pre { (CITATION) } }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_citation_file_has_what_a_reference_needs() {
        assert_eq!(citation("version"), env!("CARGO_PKG_VERSION"));
        assert_eq!(
            program_reference("0.1.0"),
            "The pairbond developers. (n.d.). pairbond: a simulator of trust, intimacy and attachment in couples \
             (Version 0.1.0) [Computer software]."
        );
    }
}
