//! What the report of a run says: the couples still together, the levels of what was recorded, changes of
//! couples who stayed, and how those who separated differed.

use super::findings::{
    DayMean, DaySurvival, EventChange, Finding, GroupMean, GroupShare, HEADLINES, MeanDifference,
    REGIMES, SHARE_INTACT, SampleMean, compared_days, event_findings, excludes_zero,
    group_findings, largest_differences, shown_days,
};
use super::layout::{KindReport, data_table};
use super::numbers::{
    NONE, count, counted, difference, estimate, listed, number, percent, plain, share,
    with_minus_signs,
};
use super::reader::{ResultsReader, numbers, text};
use super::summary::RunSummary;
use crate::error::Error;
use crate::label::{label, label_in_sentence};
use crate::scenario::Scenario;
use crate::simulation::Observable;
use crate::stats::interval::{CONFIDENCE, Interval};
use crate::stats::summary::RunningMoments;
use crate::table::{ColumnError, Table};
use maud::{Markup, html};

/// Traits and states that are compared between couples who stayed and those who separated.
const COMPARED: [&str; 4] = ["anxiety", "avoidance", "trust_start", "intimacy_start"];
/// Couples whose own changes are computed, at most: the first ones.
const MOST_COUPLES: u64 = 200_000;
/// Days in the table of survival, the first and the last included.
const SURVIVAL_ROWS: usize = 6;
/// Rows in the table of changes around events, at most.
const MOST_EVENT_ROWS: usize = 120;
/// Couples below which a mean is called one of few couples.
const FEW: u64 = 30;

/// The name of a partner in tables and in text.
const PARTNERS: [(&str, &str); 2] = [("a", "partner A"), ("b", "partner B")];

/// Changes of couples who stayed, and what couples who stayed and who separated began with.
#[derive(Default)]
struct CoupleChanges {
    condition: String,
    couples: u64,
    /// By state and partner: the change from the first to the last day of couples still together.
    changes: Vec<(&'static str, usize, RunningMoments)>,
    /// By trait or state and partner: of couples who stayed, and of those who separated.
    beginnings: Vec<(&'static str, usize, [RunningMoments; 2])>,
}

/// What the report of a run says.
///
/// # Errors
/// Those of [`ResultsReader::read`].
pub(crate) fn run_report(
    reader: &ResultsReader<'_>,
    scenario: &Scenario,
) -> Result<KindReport, Error> {
    let tables = RunTables::read(reader, scenario)?;
    let mut report = KindReport {
        kind: "Run of a scenario",
        title: scenario.title().to_owned(),
        question: scenario.description().to_owned(),
        done: done(scenario),
        ..KindReport::default()
    };
    let mut conditions: Vec<&str> = Vec::new();
    for row in &tables.survival {
        if !conditions.contains(&row.condition.as_str()) {
            conditions.push(&row.condition);
        }
    }
    for condition in conditions {
        ConditionNumbers::of(&tables, condition, scenario).add_to(&mut report);
    }
    let differences = &tables.differences;
    // What differs is what a comparison was made for.
    let mut compared = Vec::new();
    for day in compared_days(scenario) {
        let on_day = differences.iter().filter(|it| it.day == day);
        let on_day: Vec<&MeanDifference> = on_day.collect();
        compared.extend(difference_findings(&on_day));
        report.numbers.extend(differences_table(&on_day));
    }
    compared.extend(largest_differences(differences).iter().map(finding));
    report.findings.splice(0..0, compared);
    if !differences.is_empty() {
        report.methods.push(
            "All conditions shared their random numbers, so that differences between them are of the same couples \
             (paired), with 95% confidence intervals."
                .to_owned(),
        );
    }
    if !tables.events.is_empty() {
        report.limits.push(
            "Changes around an event are of the same couples before and after it. They include what would have \
             changed without the event; its effect is the difference from a condition without it."
                .to_owned(),
        );
    }
    if !tables.groups.is_empty() {
        report.limits.push(
            "Groups differ in more than what they are grouped by. Differences between them are associations, not \
             effects."
                .to_owned(),
        );
    }
    report.methods.push(
        "Means are over the couples still together on the day in question, with 95% confidence intervals (Student's t \
         for means, Wilson's score interval for shares, Kaplan–Meier estimates for separation)."
            .to_owned(),
    );
    Ok(report)
}

/// What was run, as names and values.
pub(crate) fn done(scenario: &Scenario) -> Vec<(&'static str, String)> {
    let config = scenario.config();
    let size = &config.size;
    let mut couples = count(size.couples);
    let until = scenario.stopping_rule();
    if let Some(until) = until {
        couples = format!(
            "{couples} in each replicate; replicates until {} is precise, at most {} a point",
            until.of,
            count(until.max.into())
        );
    } else if size.replicates > 1 {
        couples = format!(
            "{} in each of {} replicates",
            couples,
            count(size.replicates.into())
        );
    }
    let step = plain(size.clock().step_days);
    vec![
        ("Couples", couples),
        ("Days", count(size.days.into())),
        ("Step", format!("{step} day, {} moments", size.moments)),
        ("Seed", config.seed.to_string()),
    ]
}

/// The rows of a run's tables that the report shows.
struct RunTables {
    /// With their conditions.
    means: Vec<(String, DayMean)>,
    survival: Vec<DaySurvival>,
    changes: Vec<CoupleChanges>,
    differences: Vec<MeanDifference>,
    events: Vec<EventChange>,
    groups: Vec<GroupShare>,
    group_means: Vec<GroupMean>,
}

impl RunTables {
    fn read(reader: &ResultsReader<'_>, scenario: &Scenario) -> Result<RunTables, Error> {
        let days = scenario.config().size.days;
        let shown = shown_days(scenario);
        let mut means = Vec::new();
        reader.visit("trajectory", |rows| {
            let found = DayMean::rows(rows, |day| shown.contains(&day))?.into_iter();
            means.extend(found.map(|(row, mean)| (text(rows, "condition", row).to_owned(), mean)));
            Ok(true)
        })?;
        Ok(RunTables {
            means,
            survival: all_rows(reader, "survival", DaySurvival::of_rows)?,
            changes: couple_changes(reader)?,
            differences: all_rows(reader, "differences", MeanDifference::of_rows)?,
            events: all_rows(reader, "event_changes", EventChange::of_rows)?,
            groups: all_rows(reader, "groups", GroupShare::of_rows)?,
            group_means: all_rows(reader, "group_trajectory", |rows| {
                GroupMean::of_rows(rows, days)
            })?,
        })
    }
}

/// What is read of a table, some thousands of rows at a time; nothing if the folder does not have it.
fn all_rows<T>(
    reader: &ResultsReader<'_>,
    table: &'static str,
    read: impl Fn(&Table) -> Result<Vec<T>, ColumnError>,
) -> Result<Vec<T>, Error> {
    let mut all = Vec::new();
    reader.visit(table, |rows| {
        all.extend(read(rows)?);
        Ok(true)
    })?;
    Ok(all)
}

/// A finding of the terminal's summary, as the page has it.
fn finding(found: &Finding) -> Markup {
    html! { strong { (found.head) } ": " (with_minus_signs(&found.text)) }
}

/// The numbers of one condition; a run without conditions has one without a name.
struct ConditionNumbers<'a> {
    name: &'a str,
    scenario: &'a Scenario,
    summary: RunSummary,
    means: Vec<DayMean>,
    survival: Vec<DaySurvival>,
    changes: Option<&'a CoupleChanges>,
    events: Vec<EventChange>,
    groups: Vec<GroupShare>,
    group_means: Vec<GroupMean>,
}

impl<'a> ConditionNumbers<'a> {
    fn of(tables: &'a RunTables, name: &'a str, scenario: &'a Scenario) -> ConditionNumbers<'a> {
        fn own<T: Clone>(all: &[T], is_own: impl Fn(&T) -> bool) -> Vec<T> {
            all.iter().filter(|it| is_own(it)).cloned().collect()
        }
        let means: Vec<DayMean> = own(&tables.means, |it| it.0 == name)
            .into_iter()
            .map(|(_, mean)| mean)
            .collect();
        let survival = own(&tables.survival, |it| it.condition == name);
        ConditionNumbers {
            name,
            scenario,
            summary: RunSummary::of(scenario, None, means.clone(), &survival),
            means,
            survival,
            changes: tables.changes.iter().find(|it| it.condition == name),
            events: own(&tables.events, |it| it.condition == name),
            groups: own(&tables.groups, |it| it.condition == name),
            group_means: own(&tables.group_means, |it| it.condition == name),
        }
    }
}

impl ConditionNumbers<'_> {
    fn add_to(&self, report: &mut KindReport) {
        if !self.name.is_empty() {
            let name = self.name;
            report
                .findings
                .push(html! { strong.part { "Condition " (name) } });
        }
        report.findings.push(self.survival_sentence());
        report.findings.extend(self.who_sentence());
        for observable in HEADLINES {
            report.findings.extend(self.level_sentence(observable));
        }
        report.findings.extend(self.regime_sentence());
        let groups = group_findings(self.name, self.days(), &self.groups, &self.group_means);
        let found = event_findings(self.name, &self.events)
            .into_iter()
            .chain(groups);
        report.findings.extend(found.map(|found| finding(&found)));
        report.numbers.push(self.means_table());
        report.numbers.extend(self.events_table());
        report.attrition.extend(self.attrition());
    }

    fn days(&self) -> u32 {
        self.scenario.config().size.days
    }

    fn couples(&self) -> u64 {
        self.summary.couples
    }

    fn separated(&self) -> u64 {
        self.summary.separated
    }

    fn stayed(&self) -> u64 {
        self.couples().saturating_sub(self.separated())
    }

    fn survival_sentence(&self) -> Markup {
        let (couples, stayed, days) = (self.couples(), self.stayed(), self.days());
        if self.separated() == 0 {
            let all = counted(couples, "couple", "couples");
            return html! {
                (all) " simulated for " (count(days.into())) " days; none separated."
            };
        }
        let together = share(self.summary.intact, self.summary.intact_interval);
        let half = self.survival.iter().find(|day| day.share <= 0.5);
        html! {
            "Of " (counted(couples, "couple", "couples")) ", " (count(stayed)) " were still together on day "
            (count(days.into())) ": " strong { (together) } " (95% interval). " (count(self.separated())) " separated"
            @if let Some(half) = half { "; half of all couples had separated by day " (day(half.day)) }
            "."
        }
    }

    /// The means of an observable on the first and on the last day.
    fn ends(&self, observable: &str, role: &str) -> Option<[&DayMean; 2]> {
        let own = |it: &&DayMean| it.observable == observable && it.role == role;
        let first = self.means.iter().find(own)?;
        let last = self.means.iter().rfind(|it| own(it))?;
        Some([first, last])
    }

    /// On which days and over whom the levels in the next sentences are.
    fn who_sentence(&self) -> Option<Markup> {
        let ends = HEADLINES.iter().find_map(|key| self.ends(key, "a"));
        let [first, last] = ends?;
        Some(html! {
            "The next means are over "
            @if last.n == first.n {
                "all " (counted(first.n, "couple", "couples")) " (n = " (count(first.n)) ")."
            } @else {
                (counted(first.n, "couple", "couples")) " on day " (day(first.day)) " and over the "
                strong { (count(last.n)) " still together" } " on day " (day(last.day))
                @if last.n > self.stayed() { " (" (count(last.n - self.stayed())) " of them separated as it ended)" }
                "; those who had separated before are left out. Changes are of the couples still together, each compared with \
                 its own start."
            }
        })
    }

    fn level_sentence(&self, observable: &'static str) -> Option<Markup> {
        let mut parts = Vec::new();
        for (role, partner) in PARTNERS {
            let [first, last] = self.ends(observable, role)?;
            let end = if last.n == 0 {
                format!("no couple together on day {}", day(last.day))
            } else {
                let end = estimate(last.mean, last.interval);
                format!("{end} on day {}", day(last.day))
            };
            let start = estimate(first.mean, first.interval);
            parts.push(format!(
                "{partner} {start} on day {}, {end}",
                day(first.day)
            ));
        }
        let changes: Vec<String> = (0..PARTNERS.len())
            .filter_map(|person| self.change_phrase(observable, person))
            .collect();
        Some(html! {
            strong { (label(observable)) } ": " (parts.join("; ")) "."
            @if !changes.is_empty() { " Change: " (changes.join("; ")) "." }
        })
    }

    /// How a state changed in couples who stayed.
    fn change_phrase(&self, state: &'static str, person: usize) -> Option<String> {
        let all = &self.changes?.changes;
        let (_, _, moments) = all
            .iter()
            .find(|(key, whose, _)| (*key, *whose) == (state, person))?;
        if moments.count() < 2 {
            return None;
        }
        let around = moments.interval(CONFIDENCE);
        let verdict = match direction(around) {
            Some(true) => "it rose",
            Some(false) => "it fell",
            None => "not resolved",
        };
        Some(format!(
            "{} {} ({})",
            PARTNERS[person].1,
            difference(moments.mean(), around),
            with_n(verdict, moments.count())
        ))
    }

    fn regime_sentence(&self) -> Option<Markup> {
        let cuts = &self.scenario.config().cuts;
        let mut last_day = None;
        let mut parts = Vec::new();
        for regime in REGIMES {
            let Some([first, last]) = self.ends(regime, "couple") else {
                continue;
            };
            if last.n == 0 {
                return None;
            }
            last_day = Some(last);
            parts.push(format!(
                "{} in {} ({} on day {})",
                share(last.mean, last.interval),
                label_in_sentence(regime),
                percent(first.mean),
                day(first.day),
            ));
        }
        let last = last_day?;
        Some(html! {
            strong { "Balance" } ": of the " (counted(last.n, "couple", "couples")) " together on day "
            (day(last.day)) " were " (listed(&parts)) ". The cuts are " (plain(cuts.trust))
            " of trust and " (plain(cuts.intimacy)) " of intimacy, set by the scenario."
        })
    }

    /// The recorded means on the first, the middle and the last day.
    fn means_table(&self) -> Markup {
        let mut days: Vec<f64> = self.means.iter().map(|it| it.day).collect();
        days.dedup();
        days.sort_by(f64::total_cmp);
        days.dedup();
        let mut lines: Vec<(&str, &str)> = Vec::new();
        for it in &self.means {
            let line = (it.observable, it.role);
            let shared = it.role == "couple" && !is_of_couple(it.observable);
            if !shared && !lines.contains(&line) {
                lines.push(line);
            }
        }
        let n_on = |day: f64| {
            let most = self.means.iter().filter(|it| it.day == day).map(|it| it.n);
            most.max().unwrap_or(0)
        };
        let head: Vec<String> = days
            .iter()
            .map(|at| format!("Day {}, n = {}", day(*at), count(n_on(*at))))
            .collect();
        let mut columns = vec!["Quantity"];
        columns.extend(head.iter().map(String::as_str));
        let rows: Vec<Vec<String>> = lines
            .iter()
            .map(|(observable, role)| {
                let name = label(observable);
                let mut row = vec![match *role {
                    "couple" => name,
                    role => format!("{name}, {}", role.to_uppercase()),
                }];
                row.extend(days.iter().map(|at| {
                    let own = |it: &&DayMean| {
                        it.day == *at && it.observable == *observable && it.role == *role
                    };
                    match self.means.iter().find(own) {
                        Some(it) if it.n > 0 => estimate(it.mean, it.interval),
                        _ => NONE.to_owned(),
                    }
                }));
                row
            })
            .collect();
        let of = self.of_condition();
        let caption = format!(
            "Means with 95% intervals over the couples still together{of}; A and B are the partners, shares are between \
             0 and 1"
        );
        data_table(&caption, &columns, &rows)
    }

    /// Changes around the events, in a row for each event, day and quantity.
    fn events_table(&self) -> Option<Markup> {
        let shown = self.events.iter().filter(|it| {
            let is_state = it.is_headline() || it.is_other_state();
            is_state && excludes_zero(it.interval)
        });
        let rows: Vec<Vec<String>> = shown
            .take(MOST_EVENT_ROWS)
            .map(|it| {
                let name = label(it.observable);
                vec![
                    format!("{}: {}", it.event, it.label),
                    format!("{} to {}", day(it.before_day), day(it.day)),
                    match it.role {
                        "couple" => name,
                        role => format!("{name}, {}", role.to_uppercase()),
                    },
                    difference(it.change, it.interval),
                    count(it.n),
                ]
            })
            .collect();
        let head = ["Event", "Days", "Quantity", "Change", "n"];
        let of = self.of_condition();
        let caption = format!(
            "Changes around events within the couples still together, with 95% intervals{of}; changes that are not \
             resolved are in event_changes"
        );
        (!rows.is_empty()).then(|| data_table(&caption, &head, &rows))
    }

    fn of_condition(&self) -> String {
        match self.name {
            "" => String::new(),
            name => format!(", condition {name}"),
        }
    }

    fn attrition(&self) -> Vec<Markup> {
        let mut parts = Vec::new();
        let (couples, stayed, separated) = (self.couples(), self.stayed(), self.separated());
        if separated == 0 {
            parts.push(html! {
                p {
                    "All " (counted(couples, "couple", "couples")) " were together on the last day" (self.of_condition())
                    ", so that every mean is over all couples."
                }
            });
            return parts;
        }
        parts.push(html! {
            p {
                (count(stayed)) " of " (counted(couples, "couple", "couples")) " were still together on day "
                (count(self.days().into())) (self.of_condition()) ". Means of later days leave out the "
                (count(separated)) " that had separated; they describe those who stayed, who may have differed from the \
                 start. To follow all couples, run the scenario with " code { "--set mechanisms.dissolution=false" }
                " and compare."
                @if stayed < FEW {
                    " Only " (count(stayed)) " couples remain at the end: means of the last days are of few couples."
                }
            }
        });
        parts.push(self.survival_table());
        parts.extend(self.beginnings_table());
        parts
    }

    fn survival_table(&self) -> Markup {
        let days = f64::from(self.days());
        let rows: Vec<Vec<String>> = (0..SURVIVAL_ROWS)
            .map(|place| (days * place as f64 / (SURVIVAL_ROWS - 1) as f64).round())
            .filter_map(|at| {
                let until = self.survival.iter().rfind(|row| row.day <= at)?;
                let ended: u64 = self
                    .survival
                    .iter()
                    .filter(|row| row.day <= at)
                    .map(|row| row.ended)
                    .sum();
                Some(vec![
                    day(at),
                    count(self.couples().saturating_sub(ended)),
                    count(ended),
                    share(until.share, until.interval),
                ])
            })
            .collect();
        let caption = format!("Couples still together{}", self.of_condition());
        let head = [
            "Day",
            "Still together",
            "Separated so far",
            "Share together, 95% interval",
        ];
        data_table(&caption, &head, &rows)
    }

    fn beginnings_table(&self) -> Option<Markup> {
        let changes = self.changes?;
        let rows: Vec<Vec<String>> = changes
            .beginnings
            .iter()
            .filter(|(_, _, groups)| groups.iter().all(|group| group.count() > 1))
            .map(|(key, person, [stayed, left])| {
                let by = left.mean() - stayed.mean();
                let [stayed_mean, left_mean] = [stayed, left].map(sample);
                let around = left_mean.less(&stayed_mean, CONFIDENCE);
                let verdict = match direction(around) {
                    Some(true) => "higher in those who separated",
                    Some(false) => "lower in those who separated",
                    None => "not resolved",
                };
                vec![
                    format!(
                        "{}, {}",
                        label(key.trim_end_matches("_start")),
                        PARTNERS[*person].0.to_uppercase()
                    ),
                    number(stayed.mean()),
                    number(left.mean()),
                    difference(by, around),
                    verdict.to_owned(),
                ]
            })
            .collect();
        if rows.is_empty() {
            return None;
        }
        let (stayed, left) = changes.groups();
        let stayed = format!("Stayed, n = {}", count(stayed));
        let left = format!("Separated, n = {}", count(left));
        let first = if changes.couples < self.couples() {
            format!("; of the first {} couples", count(changes.couples))
        } else {
            String::new()
        };
        let caption = format!(
            "What couples began with, by whether they stayed{}{first}",
            self.of_condition()
        );
        let head = [
            "At the start",
            &stayed,
            &left,
            "Difference, 95% interval",
            "Reading",
        ];
        Some(data_table(&caption, &head, &rows))
    }
}

/// A verdict on a difference with the number of couples that it is over.
fn with_n(verdict: &str, n: u64) -> String {
    match verdict {
        "not resolved" => format!("not resolved with n = {}", count(n)),
        verdict => format!("n = {}; {verdict}", count(n)),
    }
}

fn sample(moments: &RunningMoments) -> SampleMean {
    SampleMean {
        n: moments.count(),
        mean: moments.mean(),
        sd: moments.sd(),
    }
}

impl CoupleChanges {
    /// How many couples stayed and separated.
    fn groups(&self) -> (u64, u64) {
        let groups = self.beginnings.first().map(|(_, _, groups)| groups);
        groups.map_or((0, 0), |[stayed, left]| (stayed.count(), left.count()))
    }
}

/// Whether an interval is above or below zero; `None` where it is neither.
fn direction(around: Interval) -> Option<bool> {
    if around.low > 0.0 {
        Some(true)
    } else if around.high < 0.0 {
        Some(false)
    } else {
        None
    }
}

/// For each condition what differs from the reference, over all couples and over those together under both.
fn difference_findings(differences: &[&MeanDifference]) -> Vec<Markup> {
    let mut conditions: Vec<(&str, &str, f64)> = Vec::new();
    for it in differences {
        if !conditions.iter().any(|(name, _, _)| *name == it.condition) {
            conditions.push((&it.condition, &it.reference, it.day));
        }
    }
    let estimate = |it: &MeanDifference| {
        let verdict = match direction(it.interval) {
            Some(true) => "higher",
            Some(false) => "lower",
            None => "not resolved",
        };
        format!("{}; {verdict}", difference(it.difference, it.interval))
    };
    let sentences = conditions.iter().map(|(condition, reference, at)| {
        let of_all = differences.iter().filter(|it| {
            let is_main = it.observable == SHARE_INTACT || it.is_headline();
            it.condition == *condition && it.over == "all" && is_main
        });
        let of_all: Vec<&MeanDifference> = of_all.copied().collect();
        let of_those_together = |all: &MeanDifference| {
            differences.iter().find(|it| {
                it.over == "together"
                    && it.n < all.n
                    && (&it.condition, &it.observable, it.role)
                        == (&all.condition, &all.observable, all.role)
            })
        };
        let has_left = of_all.iter().any(|it| of_those_together(it).is_some());
        let rows: Vec<Vec<String>> = of_all
            .iter()
            .map(|it| {
                let mut row = vec![it.name(), estimate(it), count(it.n)];
                if has_left {
                    let together = of_those_together(it);
                    row.push(together.map_or_else(|| NONE.to_owned(), |it| estimate(it)));
                    row.push(together.map_or_else(|| NONE.to_owned(), |it| count(it.n)));
                }
                row
            })
            .collect();
        let mut head = vec!["Quantity", "All couples", "n"];
        if has_left {
            head.extend(["Together under both", "n"]);
        }
        let caption = format!("Differences with 95% intervals: {condition} − {reference}");
        html! {
            p {
                strong { (condition) " compared with " (reference) } ", the same couples on day " (day(*at)) "."
                @if has_left {
                    " Couples that had separated count among all couples with the values of their separation."
                }
            }
            (data_table(&caption, &head, &rows))
        }
    });
    let mut sentences: Vec<Markup> = sentences.collect();
    // Pairs of which neither is the reference.
    if let [(_, reference, _), _, ..] = conditions[..] {
        sentences.push(html! {
            "Every condition is compared with the first one, " (reference) ". To compare the others, put another one first in the \
             file, or run the conditions into folders of their own and use " code { "pairbond compare" } "."
        });
    }
    sentences
}

fn differences_table(differences: &[&MeanDifference]) -> Option<Markup> {
    let rows: Vec<Vec<String>> = differences
        .iter()
        .map(|it| {
            vec![
                format!("{} − {}", it.condition, it.reference),
                it.name(),
                match it.over {
                    "all" => "all couples".to_owned(),
                    _ => "together under both".to_owned(),
                },
                count(it.n),
                difference(it.difference, it.interval),
                match direction(it.interval) {
                    Some(_) => "resolved".to_owned(),
                    None => "not resolved".to_owned(),
                },
            ]
        })
        .collect();
    let last = differences.first()?;
    let caption = format!(
        "Paired differences between conditions on day {}, with 95% intervals",
        day(last.day)
    );
    let head = [
        "Conditions",
        "Quantity",
        "Over",
        "n",
        "Difference",
        "Reading",
    ];
    Some(data_table(&caption, &head, &rows))
}

/// A day without decimals, unless it lies within a day.
fn day(day: f64) -> String {
    if day.fract() == 0.0 {
        count(day as u64)
    } else {
        number(day)
    }
}

/// Whether an observable has rows of couples only.
fn is_of_couple(observable: &str) -> bool {
    Observable::named(observable).is_some_and(|it| it.info().of_couple)
}

/// What couples themselves changed by, and what they began with: from the table `couples`, row by row.
fn couple_changes(reader: &ResultsReader<'_>) -> Result<Vec<CoupleChanges>, Error> {
    let mut all: Vec<CoupleChanges> = Vec::new();
    let mut seen = 0;
    reader.visit("couples", |rows| {
        let ended = numbers(rows, "ended")?;
        let column = |name: String| numbers(rows, &name).ok();
        let (mut changing, mut beginning) = (Vec::new(), Vec::new());
        for (person, (role, _)) in PARTNERS.iter().enumerate() {
            for state in HEADLINES {
                let start = column(format!("{state}_start_{role}"));
                let end = column(format!("{state}_end_{role}"));
                changing.extend(start.zip(end).map(|pair| (state, person, pair)));
            }
            for key in COMPARED {
                let values = column(format!("{key}_{role}"));
                beginning.extend(values.map(|values| (key, person, values)));
            }
        }
        for row in 0..ended.len() {
            let own = of_condition(&mut all, text(rows, "condition", row));
            own.couples += 1;
            for (key, person, (start, end)) in &changing {
                if ended[row] == 0.0 {
                    own.change(key, *person).push(end[row] - start[row]);
                }
            }
            for (key, person, values) in &beginning {
                let group = usize::from(ended[row] != 0.0);
                own.beginning(key, *person)[group].push(values[row]);
            }
        }
        seen += ended.len() as u64;
        Ok(seen < MOST_COUPLES)
    })?;
    Ok(all)
}

/// The changes of a condition's couples, which are begun where there are none.
fn of_condition<'c>(all: &'c mut Vec<CoupleChanges>, condition: &str) -> &'c mut CoupleChanges {
    let place = all.iter().position(|it| it.condition == condition);
    let place = place.unwrap_or_else(|| {
        all.push(CoupleChanges {
            condition: condition.to_owned(),
            ..CoupleChanges::default()
        });
        all.len() - 1
    });
    &mut all[place]
}

impl CoupleChanges {
    fn change(&mut self, key: &'static str, person: usize) -> &mut RunningMoments {
        let own = |it: &(&str, usize, RunningMoments)| (it.0, it.1) == (key, person);
        let place = self.changes.iter().position(own).unwrap_or_else(|| {
            let none = RunningMoments::default();
            self.changes.push((key, person, none));
            self.changes.len() - 1
        });
        &mut self.changes[place].2
    }

    fn beginning(&mut self, key: &'static str, person: usize) -> &mut [RunningMoments; 2] {
        let own = |it: &(&str, usize, [RunningMoments; 2])| (it.0, it.1) == (key, person);
        let place = self.beginnings.iter().position(own).unwrap_or_else(|| {
            let none = [RunningMoments::default(); 2];
            self.beginnings.push((key, person, none));
            self.beginnings.len() - 1
        });
        &mut self.beginnings[place].2
    }
}
