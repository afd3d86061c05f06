//! Scripts for R that fit models of couples to the tables of a study: the columns that they use, and their texts.

use crate::simulation::survey::ScaleId;
use crate::simulation::survey::design::{
    CONFLICT_SCALE, MeasuredState, ParticipatingPartners, STUDY_SCALES, StudyDesign,
};
use crate::study::sample::PreparedStudy;

/// Reading of tables, which all scripts share.
const READ: &str = include_str!("read.R");

/// Waves from which on a panel model is identified.
const PANEL_WAVES: usize = 3;
/// Occasions from which on growth can be told from error.
const GROWTH_OCCASIONS: usize = 3;
/// Days of which a longer study counts in years, and a shorter one in days.
const YEAR: f64 = 365.25;

/// The scripts that the study's tables are enough for: names and texts.
pub(crate) fn scripts(study: &PreparedStudy) -> Vec<(&'static str, String)> {
    let design = study.design();
    let (waves, prompts) = (study.waves().len(), study.prompts().len());
    let is_dyadic = design.participants == ParticipatingPartners::Both;
    let questionnaire = columns_of(&design.questionnaire);
    let diary = columns_of(&design.diary);
    let of_persons = match waves {
        0 => diary,
        _ => questionnaire,
    };
    let mut scripts = Vec::new();
    let mut add = |name, settings: Vec<String>, text: &str| {
        let settings = settings.join("\n");
        let text = format!(
            "# Written by pairbond for this study; the columns may be exchanged for others of the codebook.\n\
             data_set <- 1\n{settings}\n{READ}\n{text}"
        );
        scripts.push((name, text));
    };
    if is_dyadic && let Some((outcome, Some(predictor))) = of_persons {
        let mut settings = common(design, outcome, predictor);
        settings.push(read_persons(waves > 0).to_owned());
        add("apim.R", settings.clone(), include_str!("apim.R"));
        add("rsa.R", settings, include_str!("rsa.R"));
    }
    if is_dyadic
        && prompts > 1
        && let Some((outcome, predictor)) = diary
    {
        let predictor = predictor.unwrap_or(outcome);
        let mut settings = common(design, outcome, predictor);
        settings.push(read_diary(outcome == predictor));
        add(
            "lapim_nlme.R",
            settings.clone(),
            include_str!("lapim_nlme.R"),
        );
        add("lapim_glmmtmb.R", settings, include_str!("lapim_glmmtmb.R"));
    }
    if is_dyadic
        && waves >= PANEL_WAVES
        && let Some((outcome, _)) = questionnaire
    {
        let settings = vec![
            assign("outcome", outcome),
            flag(design),
            format!("waves <- {waves}"),
        ];
        add("riclpm.R", settings, include_str!("riclpm.R"));
    }
    let growth = match (waves >= GROWTH_OCCASIONS, prompts >= GROWTH_OCCASIONS) {
        (true, _) => questionnaire.map(|own| ("waves_long", own.0)),
        (false, true) => diary.map(|own| ("prompts_long", own.0)),
        _ => None,
    };
    if let Some((table, outcome)) = growth {
        let unit = if f64::from(design.last_occasion()) > YEAR {
            YEAR
        } else {
            1.0
        };
        let settings = vec![
            assign("outcome", outcome),
            flag(design),
            assign("growth_table", table),
            format!("time_unit <- {unit}"),
        ];
        add("growth.R", settings, include_str!("growth.R"));
    }
    let horizon = design.last_occasion() + design.follow_up;
    if horizon > 0
        && let Some((outcome, predictor)) = of_persons
    {
        let (table, until) = match waves {
            0 => (
                "prompts_long",
                design.burst_from + design.burst_days.saturating_sub(1),
            ),
            _ => ("waves_long", study.waves()[0].day),
        };
        let mut settings = common(design, outcome, predictor.unwrap_or(outcome));
        settings.push(assign("start_table", table));
        settings.push(format!("start_until <- {until}"));
        add("cox.R", settings, include_str!("cox.R"));
    }
    scripts
}

/// The outcome and the predictor among scales: satisfaction if it is asked, and the first other one.
fn columns_of(scales: &[usize]) -> Option<(&'static str, Option<&'static str>)> {
    let is_satisfaction = |scale: &&usize| {
        matches!(
            STUDY_SCALES[**scale].state,
            MeasuredState::Scale(ScaleId::Satisfaction | ScaleId::DailySatisfaction)
        )
    };
    let scored = scales.iter().find(|scale| **scale != CONFLICT_SCALE);
    let outcome = scales.iter().find(is_satisfaction).or(scored)?;
    let predictor = scales.iter().find(|scale| *scale != outcome);
    let key = |scale: &usize| STUDY_SCALES[*scale].key;
    Some((key(outcome), predictor.map(key)))
}

fn assign(name: &str, value: &str) -> String {
    format!("{name} <- \"{value}\"")
}

fn flag(design: &StudyDesign) -> String {
    let word = if design.distinguishable {
        "TRUE"
    } else {
        "FALSE"
    };
    format!("distinguishable <- {word}")
}

fn common(design: &StudyDesign, outcome: &str, predictor: &str) -> Vec<String> {
    vec![
        assign("outcome", outcome),
        assign("predictor", predictor),
        flag(design),
    ]
}

/// Reading one row for each person: the first wave, or the means of the diary.
fn read_persons(has_waves: bool) -> &'static str {
    match has_waves {
        true => {
            "# The first wave.\n\
             read_persons <- function() {\n  \
               rows <- read_table(\"waves_pairwise\")\n  \
               list(rows = rows[rows$wave == 1, ], view = \"\")\n}"
        }
        false => {
            "# The means of the diary.\n\
             read_persons <- function() {\n  \
               rows <- read_table(\"prompts_pairwise\")\n  \
               list(rows = rows[!duplicated(rows$person_id), ], view = \"_cm\")\n}"
        }
    }
}

/// Reading the diary, and the predictors of its model: what both partners say at the time, or where there is nothing
/// but the outcome, what they said of it before.
fn read_diary(is_alone: bool) -> String {
    let (view, between) = match is_alone {
        true => ("_cwc_lag1", "character(0)"),
        false => ("_cwc", "paste0(predictor, c(\"_a\", \"_p\"), \"_cm\")"),
    };
    format!(
        "read_diary <- function() read_table(\"prompts_pairwise\")\n\
         within <- paste0(predictor, c(\"_a\", \"_p\"), \"{view}\")\n\
         between <- {between}\n\
         terms_of_rows <- c(within, between)"
    )
}
