//! What the report of a study says: what was asked of whom, who answered, and who was lost and why.

use super::layout::{KindReport, data_table};
use super::numbers::{count, counted, listed, number, percent, plain, share};
use super::reader::{ResultsReader, numbers, text};
use crate::error::Error;
use crate::results::ResultsKind;
use crate::scenario::Scenario;
use crate::simulation::survey::design::{
    ParticipatingPartners, STUDY_SCALES, ScreenedPartners, StudyDesign,
};
use crate::stats::interval::{CONFIDENCE, wilson};
use crate::stats::summary::RunningMoments;
use crate::table::Table;
use maud::{Markup, html};

/// Rows of `participants`, and of smaller tables, that are read at most.
const MOST_READ: usize = 2_000_000;

/// What the report of a study says.
///
/// # Errors
/// Those of [`ResultsReader::read`].
pub(crate) fn study_report(
    reader: &ResultsReader<'_>,
    scenario: &Scenario,
) -> Result<KindReport, Error> {
    let replicates = match reader.manifest().kind {
        ResultsKind::Study { replicates } => u64::from(replicates),
        _ => 1,
    };
    let mut report = KindReport {
        kind: "Data sets of a study",
        title: scenario.title().to_owned(),
        question: scenario.description().to_owned(),
        each: ", of whom the study recruited,",
        ..KindReport::default()
    };
    let Some(design) = &scenario.config().record.study else {
        return Ok(report);
    };
    report.done = done(scenario, design, replicates);
    if let Some(table) = reader.read("recruitment", MOST_READ)? {
        let (finding, attrition) = recruitment(&table, design)?;
        report.findings.push(finding);
        report.attrition.push(attrition);
    }
    if let Some(table) = reader.read("participants", MOST_READ)? {
        for kind in ["waves", "prompts"] {
            report.findings.extend(compliance(&table, kind)?);
        }
        report.attrition.push(losses(&table)?);
    }
    if let Some(table) = reader.read("scales", MOST_READ)? {
        report.numbers.push(scales(&table)?);
    }
    report.numbers.push(sources(design));
    report.findings.push(html! {
        "Ready scripts for R fit models of couples to the first data set: "
        @for (place, file) in scripts(reader).iter().enumerate() { @if place > 0 { ", " } code { (file) } }
        ". The table " code { "truth" } " has the states behind the answers, which no study has."
    });
    report.limits.push(
        "Errors of answers, missed occasions and drop-out follow the rates that the scenario gives. What they are in a \
         study to come is not known; vary them."
            .to_owned(),
    );
    report.methods.push(methods(design, replicates));
    Ok(report)
}

fn scripts<'a>(reader: &ResultsReader<'a>) -> Vec<&'a str> {
    let files = reader.manifest().files.iter().map(|file| &*file.name);
    files.filter(|name| name.ends_with(".R")).collect()
}

fn done(scenario: &Scenario, design: &StudyDesign, replicates: u64) -> Vec<(&'static str, String)> {
    let days = match (design.enter_from, design.enter_until) {
        (from, until) if from == until => format!("day {}", count(from.into())),
        (from, until) => format!("days {} to {}", count(from.into()), count(until.into())),
    };
    vec![
        ("Data sets", count(replicates)),
        ("Couples wanted", count(design.couples.into())),
        ("Entry", format!("{days} of the relationship")),
        ("Screening", screening(design)),
        ("Participants", participants(design)),
        ("Waves", waves(design)),
        ("Diary", diary(design)),
        ("Follow-up", days_text(design.follow_up)),
        ("Seed", scenario.config().seed.to_string()),
    ]
}

fn days_text(days: u32) -> String {
    counted(days.into(), "day", "days")
}

fn screening(design: &StudyDesign) -> String {
    let Some(scale) = design.screen else {
        return "none".to_owned();
    };
    let who = match design.screen_of {
        ScreenedPartners::Both => "both partners",
        ScreenedPartners::Either => "at least one partner",
        ScreenedPartners::A => "partner A",
        ScreenedPartners::B => "partner B",
    };
    let (low, high) = (plain(design.screen_min), plain(design.screen_max));
    let key = STUDY_SCALES[scale].key;
    format!("{key} from {low} to {high} in {who}")
}

fn participants(design: &StudyDesign) -> String {
    let who = match design.participants {
        ParticipatingPartners::Both => "both partners",
        ParticipatingPartners::A => "partner A",
        ParticipatingPartners::B => "partner B",
    };
    match design.distinguishable {
        true => format!("{who}, told apart by their roles"),
        false => format!("{who}, in random order without roles"),
    }
}

fn waves(design: &StudyDesign) -> String {
    let scales = names(&design.questionnaire);
    if !design.wave_days.is_empty() {
        let days: Vec<String> = design.wave_days.iter().map(u32::to_string).collect();
        return format!("on days {} from entry: {scales}", listed(&days));
    }
    match design.waves {
        0 => "none".to_owned(),
        1 => format!("one, at entry: {scales}"),
        many => format!(
            "{many}, every {}: {scales}",
            days_text(design.wave_interval)
        ),
    }
}

fn diary(design: &StudyDesign) -> String {
    if !design.has_diary() {
        return "none".to_owned();
    }
    let bursts = match design.bursts {
        1 => days_text(design.burst_days),
        many => format!(
            "{many} bursts of {}, every {}",
            days_text(design.burst_days),
            days_text(design.burst_interval)
        ),
    };
    let prompts = counted(design.prompts.into(), "prompt", "prompts");
    format!("{bursts}, {prompts} a day: {}", names(&design.diary))
}

fn names(scales: &[usize]) -> String {
    let names: Vec<String> = scales
        .iter()
        .map(|scale| STUDY_SCALES[*scale].key.to_owned())
        .collect();
    listed(&names)
}

fn sum(table: &Table, column: &str) -> Result<u64, Error> {
    let all = numbers(table, column)?;
    Ok(all.iter().sum::<f64>() as u64)
}

/// How couples came into the study: a sentence, and a table.
fn recruitment(table: &Table, design: &StudyDesign) -> Result<(Markup, Markup), Error> {
    let columns = [
        ("approached", "Approached"),
        ("separated_before", "Separated by the day of entry"),
        ("screened_out", "Did not pass the screening"),
        ("recruited", "Recruited"),
    ];
    let approached = sum(table, "approached")?;
    let mut rows = Vec::new();
    for (column, name) in columns {
        let own = sum(table, column)?;
        let of = share(
            own as f64 / approached as f64,
            wilson(own, approached, CONFIDENCE),
        );
        rows.push(vec![name.to_owned(), count(own), of]);
    }
    let (wanted, recruited) = (sum(table, "wanted")?, sum(table, "recruited")?);
    let each: RunningMoments = numbers(table, "recruited")?.into_iter().collect();
    let sets = table.rows.rows() as u64;
    let finding = html! {
        strong { (count(recruited)) " of " (count(wanted)) " couples were recruited" }
        @if sets > 1 { " in " (count(sets)) " data sets, " (number(each.mean())) " in each on average" }
        "."
        @if recruited < wanted {
            " There were not enough couples: set [run] " code { "couples" } " higher than it is, or ask for fewer than "
            (count(design.couples.into())) "."
        }
    };
    let caption = "Recruitment, over all data sets, with 95% intervals";
    let table = data_table(
        caption,
        &["Couples", "n", "Share of those approached"],
        &rows,
    );
    Ok((finding, table))
}

/// What share of its waves, or prompts, a couple answered.
fn compliance(table: &Table, kind: &str) -> Result<Option<Markup>, Error> {
    let column = |word: &str, member: u8| numbers(table, &format!("{kind}_{word}_{member}"));
    let requested = [column("asked", 1)?, column("asked", 2)?];
    let answered = [column("answered", 1)?, column("answered", 2)?];
    let mut shares = RunningMoments::default();
    let (mut all, mut given) = (0.0, 0.0);
    for row in 0..table.rows.rows() {
        let own = requested[0][row] + requested[1][row];
        let back = answered[0][row] + answered[1][row];
        if own > 0.0 {
            shares.push(back / own);
        }
        all += own;
        given += back;
    }
    if all == 0.0 {
        return Ok(None);
    }
    Ok(Some(html! {
        strong { "Of the " (kind) " while they were in the study, couples answered "
            (share(shares.mean(), shares.interval(CONFIDENCE))) }
        " on average (n = " (count(shares.count())) " couples; " (count(given as u64)) " of " (count(all as u64))
        " in all)."
    }))
}

/// Who was lost, and why.
fn losses(table: &Table) -> Result<Markup, Error> {
    let couples = table.rows.rows() as u64;
    let ends = [
        ("completed", "Followed to the last day"),
        ("dropped_out", "All who took part had stopped"),
        ("separated", "Broke up"),
    ];
    let mut rows = Vec::new();
    for (word, name) in ends {
        let own = (0..table.rows.rows()).filter(|row| text(table, "ended_by", *row) == word);
        rows.push(loss(name, own.count() as u64, couples));
    }
    let stopped = [
        numbers(table, "dropped_out_1")?,
        numbers(table, "dropped_out_2")?,
    ];
    let finite = |row: &usize, member: usize| stopped[member][*row].is_finite();
    let one = (0..table.rows.rows()).filter(|row| finite(row, 0) != finite(row, 1));
    let both = (0..table.rows.rows()).filter(|row| finite(row, 0) && finite(row, 1));
    rows.push(loss(
        "Of all: one member stopped",
        one.count() as u64,
        couples,
    ));
    rows.push(loss(
        "Of all: both members stopped",
        both.count() as u64,
        couples,
    ));
    let caption = "Couples in the study, over all data sets, with 95% intervals";
    let table = data_table(caption, &["Couples", "n", "Share"], &rows);
    Ok(html! {
        (table)
        p {
            "Rows of the layouts are there for every occasion and member who takes part; those that were not answered are \
             empty. Means of persons are of the occasions that were answered. A lag is empty where the occasion before was \
             missed, or belongs to another burst or, with several prompts a day, to another day."
        }
    })
}

fn loss(name: &str, own: u64, all: u64) -> Vec<String> {
    let of = share(own as f64 / all as f64, wilson(own, all, CONFIDENCE));
    vec![name.to_owned(), count(own), of]
}

/// Scales with what their reliability came to.
fn scales(table: &Table) -> Result<Markup, Error> {
    let column = |name: &str| numbers(table, name);
    let [wanted, reached, answers, mean, sd, floor, ceiling] = [
        "reliability",
        "reached",
        "answers",
        "mean",
        "sd",
        "at_floor",
        "at_ceiling",
    ]
    .map(column);
    let (wanted, reached, answers) = (wanted?, reached?, answers?);
    let (mean, sd, floor, ceiling) = (mean?, sd?, floor?, ceiling?);
    let mut keys: Vec<(String, String)> = Vec::new();
    for row in 0..table.rows.rows() {
        let own = ["kind", "scale"].map(|name| text(table, name, row).to_owned());
        let own = (own[0].clone(), own[1].clone());
        if !keys.contains(&own) {
            keys.push(own);
        }
    }
    let mut rows = Vec::new();
    for (kind, scale) in &keys {
        let own: Vec<usize> = (0..table.rows.rows())
            .filter(|row| text(table, "kind", *row) == kind && text(table, "scale", *row) == scale)
            .collect();
        let over = |values: &[f64]| {
            let known = own.iter().map(|row| values[*row]);
            known
                .filter(|value| value.is_finite())
                .collect::<RunningMoments>()
        };
        let reached = over(&reached);
        let reliability = match reached.count() {
            0 | 1 => number(reached.mean()),
            _ => super::numbers::estimate(reached.mean(), reached.interval(CONFIDENCE)),
        };
        let all: f64 = own.iter().map(|row| answers[*row]).sum();
        rows.push(vec![
            format!("{scale} ({kind})"),
            number(wanted[own[0]]),
            reliability,
            number(over(&mean).mean()),
            number(over(&sd).mean()),
            percent(over(&floor).mean()),
            percent(over(&ceiling).mean()),
            count(all as u64),
        ]);
    }
    let caption = "Scales: means over data sets, with the 95% interval of the mean reliability where there are several";
    let head = [
        "Scale",
        "Reliability asked for",
        "Reached",
        "Mean",
        "SD",
        "At floor",
        "At ceiling",
        "Answers",
    ];
    Ok(data_table(caption, &head, &rows))
}

/// Where the facts of the scales come from.
fn sources(design: &StudyDesign) -> Markup {
    let mut scales: Vec<usize> = design.questionnaire.clone();
    scales.extend(&design.diary);
    scales.sort_unstable();
    scales.dedup();
    let rows: Vec<Vec<String>> = scales
        .iter()
        .map(|scale| {
            let own = &STUDY_SCALES[*scale];
            [own.key, own.meaning, own.source]
                .map(str::to_owned)
                .to_vec()
        })
        .collect();
    data_table(
        "Where items, steps and reliability of the scales come from, unless the scenario sets them",
        &["Scale", "Measures", "Source"],
        &rows,
    )
}

fn methods(design: &StudyDesign, replicates: u64) -> String {
    let sets = counted(replicates, "data set", "data sets");
    format!(
        "We made {sets} as a study of {} would have them. Couples entered on day {} to {} of their relationship ({}). \
         Waves: {}. Diary: {}. Scores are means of items with errors, answered in steps. A prompt was answered with \
         probability {}, a wave with {}; persons stopped with probability {} before each further wave and {} before each \
         further day of the diary. Nobody answered after a break-up.",
        counted(design.couples.into(), "couple", "couples"),
        count(design.enter_from.into()),
        count(design.enter_until.into()),
        participants(design),
        waves(design),
        diary(design),
        plain(design.compliance),
        plain(design.wave_compliance),
        plain(design.drop_out),
        plain(design.drop_out_daily),
    )
}
