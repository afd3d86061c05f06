//! What the report of a run says: the couples still together, the levels of what was recorded, changes of
//! couples who stayed, and how those who separated differed.

use super::layout::{KindReport, data_table};
use super::numbers::{
    NONE, capitalised, count, counted, difference, estimate, interval, listed, number, percent,
    plain, share, spaced,
};
use super::reader::{ResultsReader, numbers, text};
use crate::error::Error;
use crate::scenario::Scenario;
use crate::simulation::{Observable, Recorded};
use crate::stats::interval::{CONFIDENCE, Interval, student_quantile, upper_tail};
use crate::stats::summary::RunningMoments;
use maud::{Markup, html};

/// What findings are about, where it is recorded.
pub(crate) const HEADLINES: [&str; 3] = ["trust", "intimacy", "satisfaction"];
/// The regimes of balance, as the observables of their shares.
pub(crate) const REGIMES: [&str; 4] = [
    "secure_balance",
    "complacency",
    "codependency",
    "disengagement",
];
/// Traits and states that are compared between couples who stayed and those who separated.
const COMPARED: [&str; 4] = ["anxiety", "avoidance", "trust_start", "intimacy_start"];
/// Couples whose own changes are computed, at most: the first ones.
const MOST_COUPLES: u64 = 200_000;
/// Days in the table of survival, the first and the last included.
const SURVIVAL_ROWS: usize = 6;
/// Couples below which a mean is called one of few couples.
const FEW: u64 = 30;

/// The name of a partner in tables and in text.
const PARTNERS: [(&str, &str); 2] = [("a", "partner A"), ("b", "partner B")];

/// The mean of an observable on a day.
struct ReportedMean {
    condition: String,
    day: f64,
    role: String,
    observable: String,
    n: u64,
    mean: f64,
    interval: Interval,
}

/// The share of couples still together on a day.
struct DaySurvival {
    condition: String,
    day: f64,
    at_risk: u64,
    ended: u64,
    share: f64,
    interval: Interval,
}

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
    let means = day_means(reader, scenario)?;
    let survival = survivals(reader)?;
    let changes = couple_changes(reader)?;
    let mut report = KindReport {
        kind: "Run of a scenario",
        title: scenario.title().to_owned(),
        question: scenario.description().to_owned(),
        done: done(scenario),
        ..KindReport::default()
    };
    let mut conditions: Vec<&str> = Vec::new();
    for row in &survival {
        if !conditions.contains(&row.condition.as_str()) {
            conditions.push(&row.condition);
        }
    }
    for condition in conditions {
        let of_condition = ConditionNumbers {
            name: condition,
            scenario,
            means: means
                .iter()
                .filter(|it| it.condition == condition)
                .collect(),
            survival: survival
                .iter()
                .filter(|it| it.condition == condition)
                .collect(),
            changes: changes.iter().find(|it| it.condition == condition),
        };
        of_condition.add_to(&mut report);
    }
    let differences = last_differences(reader)?;
    // What differs is what a comparison was made for.
    report
        .findings
        .splice(0..0, difference_sentences(&differences));
    report.numbers.extend(differences_table(&differences));
    if !differences.is_empty() {
        report.methods.push(
            "All conditions shared their random numbers, so that differences between them are of the same couples \
             (paired), with 95% confidence intervals."
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
    if size.replicates > 1 {
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

/// The numbers of one condition; a run without conditions has one without a name.
struct ConditionNumbers<'a> {
    name: &'a str,
    scenario: &'a Scenario,
    means: Vec<&'a ReportedMean>,
    survival: Vec<&'a DaySurvival>,
    changes: Option<&'a CoupleChanges>,
}

impl ConditionNumbers<'_> {
    fn add_to(&self, report: &mut KindReport) {
        if !self.name.is_empty() {
            let name = self.name;
            report
                .findings
                .push(html! { strong { "Condition " (name) } });
        }
        report.findings.push(self.survival_sentence());
        report.findings.extend(self.who_sentence());
        for observable in HEADLINES {
            report.findings.extend(self.level_sentence(observable));
        }
        report.findings.extend(self.regime_sentence());
        report.numbers.push(self.means_table());
        report.attrition.extend(self.attrition());
    }

    fn days(&self) -> u32 {
        self.scenario.config().size.days
    }

    fn couples(&self) -> u64 {
        self.survival.first().map_or(0, |first| first.at_risk)
    }

    fn separated(&self) -> u64 {
        self.survival.iter().map(|day| day.ended).sum()
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
        let last = self.survival.last();
        let together = last.map_or_else(String::new, |last| share(last.share, last.interval));
        let half = self.survival.iter().find(|day| day.share <= 0.5);
        html! {
            "Of " (counted(couples, "couple", "couples")) ", " (count(stayed)) " were still together on day "
            (count(days.into())) ": " strong { (together) } " (95% interval). " (count(self.separated())) " separated"
            @if let Some(half) = half { "; half of all couples had separated by day " (day(half.day)) }
            "."
        }
    }

    /// The means of an observable on the first and on the last day.
    fn ends(&self, observable: &str, role: &str) -> Option<[&ReportedMean; 2]> {
        let own = |it: &&&ReportedMean| it.observable == observable && it.role == role;
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
                "; those who had separated are left out. Changes are of the couples still together, each compared with \
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
            strong { (capitalised(&spaced(observable))) } ": " (parts.join("; ")) "."
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
            None => "unresolved",
        };
        Some(format!(
            "{} {} {} (n = {}; {verdict})",
            PARTNERS[person].1,
            difference(moments.mean()),
            interval(around),
            count(moments.count())
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
                spaced(regime),
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
            let line = (it.observable.as_str(), it.role.as_str());
            let shared = it.role == "couple" && !is_of_couple(&it.observable);
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
                let name = capitalised(&spaced(observable));
                let mut row = vec![match *role {
                    "couple" => name,
                    role => format!("{name}, {}", role.to_uppercase()),
                }];
                row.extend(days.iter().map(|at| {
                    let own = |it: &&&ReportedMean| {
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
                let around = difference_interval(stayed, left);
                let verdict = match direction(around) {
                    Some(true) => "higher in those who separated",
                    Some(false) => "lower in those who separated",
                    None => "unresolved",
                };
                vec![
                    format!(
                        "{}, {}",
                        capitalised(&spaced(key.trim_end_matches("_start"))),
                        PARTNERS[*person].0.to_uppercase()
                    ),
                    number(stayed.mean()),
                    number(left.mean()),
                    format!("{} {}", difference(by), interval(around)),
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

/// The interval of a difference of two independent means, with the degrees of freedom of the smaller group.
fn difference_interval(one: &RunningMoments, other: &RunningMoments) -> Interval {
    let squared = |group: &RunningMoments| group.variance() / group.count() as f64;
    let error = (squared(one) + squared(other)).sqrt();
    let freedom = one.count().min(other.count()).saturating_sub(1) as f64;
    let reach = student_quantile(upper_tail(CONFIDENCE), freedom);
    Interval::around(other.mean() - one.mean(), reach * error)
}

/// A paired difference between two conditions on the last day.
struct ReportedDifference {
    condition: String,
    reference: String,
    day: f64,
    role: String,
    observable: String,
    over: String,
    n: u64,
    difference: f64,
    interval: Interval,
}

/// The differences between conditions on the last day that has any.
fn last_differences(reader: &ResultsReader<'_>) -> Result<Vec<ReportedDifference>, Error> {
    let mut last: Vec<ReportedDifference> = Vec::new();
    reader.visit("differences", |rows| {
        let [days, n, difference, low, high] =
            ["day", "n", "difference", "ci_low", "ci_high"].map(|column| numbers(rows, column));
        let (days, n, difference, low, high) = (days?, n?, difference?, low?, high?);
        for row in 0..days.len() {
            let latest = last.first().map_or(f64::NEG_INFINITY, |it| it.day);
            if days[row] < latest {
                continue;
            }
            if days[row] > latest {
                last.clear();
            }
            let cell = |column: &str| text(rows, column, row).to_owned();
            last.push(ReportedDifference {
                condition: cell("condition"),
                reference: cell("reference"),
                day: days[row],
                role: cell("role"),
                observable: cell("observable"),
                over: cell("over"),
                n: n[row].max(0.0) as u64,
                difference: difference[row],
                interval: Interval {
                    low: low[row],
                    high: high[row],
                },
            });
        }
        Ok(true)
    })?;
    Ok(last)
}

/// For each condition what differs from the reference, over all couples.
fn difference_sentences(differences: &[ReportedDifference]) -> Vec<Markup> {
    let mut conditions: Vec<(&str, &str, f64)> = Vec::new();
    for it in differences {
        if !conditions.iter().any(|(name, _, _)| *name == it.condition) {
            conditions.push((&it.condition, &it.reference, it.day));
        }
    }
    let phrase = |it: &ReportedDifference| {
        let verdict = match direction(it.interval) {
            Some(true) => "higher",
            Some(false) => "lower",
            None => "unresolved",
        };
        let whose = match it.role.as_str() {
            "couple" => String::new(),
            role => format!(" of {}", role.to_uppercase()),
        };
        format!(
            "{}{whose} {} {} (n = {}; {verdict})",
            spaced(&it.observable),
            difference(it.difference),
            interval(it.interval),
            count(it.n)
        )
    };
    conditions
        .iter()
        .map(|(condition, reference, at)| {
            let own = differences.iter().filter(|it| {
                let is_headline = it.observable == "share intact"
                    || HEADLINES.contains(&it.observable.as_str()) && it.role != "couple";
                it.condition == *condition && it.over == "all" && is_headline
            });
            let phrases: Vec<String> = own.map(phrase).collect();
            html! {
                strong { (condition) " compared with " (reference) }
                ", the same couples on day " (day(*at)) ", all of them, those that had separated with the values of their \
                 separation: " (phrases.join("; ")) "."
            }
        })
        .collect()
}

fn differences_table(differences: &[ReportedDifference]) -> Option<Markup> {
    let rows: Vec<Vec<String>> = differences
        .iter()
        .map(|it| {
            let name = capitalised(&spaced(&it.observable));
            vec![
                format!("{} − {}", it.condition, it.reference),
                match it.role.as_str() {
                    "couple" => name,
                    role => format!("{name}, {}", role.to_uppercase()),
                },
                match it.over.as_str() {
                    "all" => "all couples".to_owned(),
                    _ => "together under both".to_owned(),
                },
                count(it.n),
                format!("{} {}", difference(it.difference), interval(it.interval)),
                match direction(it.interval) {
                    Some(_) => "resolved".to_owned(),
                    None => "unresolved".to_owned(),
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

/// The means of the first, the middle and the last recorded day.
fn day_means(reader: &ResultsReader<'_>, scenario: &Scenario) -> Result<Vec<ReportedMean>, Error> {
    let recorded = Recorded::of(scenario.config()).days;
    let middle = recorded.get(recorded.len() / 2);
    let shown: Vec<f64> = [recorded.first(), middle, recorded.last()]
        .into_iter()
        .flatten()
        .map(|day| f64::from(*day))
        .collect();
    let mut means = Vec::new();
    reader.visit("trajectory", |rows| {
        let [days, n, mean, low, high] =
            ["day", "n", "mean", "ci_low", "ci_high"].map(|column| numbers(rows, column));
        let (days, n, mean, low, high) = (days?, n?, mean?, low?, high?);
        let wanted = (0..days.len()).filter(|row| shown.contains(&days[*row]));
        means.extend(wanted.map(|row| ReportedMean {
            condition: text(rows, "condition", row).to_owned(),
            day: days[row],
            role: text(rows, "role", row).to_owned(),
            observable: text(rows, "observable", row).to_owned(),
            n: n[row] as u64,
            mean: mean[row],
            interval: Interval {
                low: low[row],
                high: high[row],
            },
        }));
        Ok(true)
    })?;
    Ok(means)
}

fn survivals(reader: &ResultsReader<'_>) -> Result<Vec<DaySurvival>, Error> {
    let Some(table) = reader.read("survival", usize::MAX)? else {
        return Ok(Vec::new());
    };
    let [days, at_risk, ended, share, low, high] =
        ["day", "at_risk", "ended", "survival", "ci_low", "ci_high"]
            .map(|column| numbers(&table, column));
    let (days, at_risk, ended) = (days?, at_risk?, ended?);
    let (share, low, high) = (share?, low?, high?);
    let row = |row: usize| DaySurvival {
        condition: text(&table, "condition", row).to_owned(),
        day: days[row],
        at_risk: at_risk[row] as u64,
        ended: ended[row] as u64,
        share: share[row],
        interval: Interval {
            low: low[row],
            high: high[row],
        },
    };
    Ok((0..days.len()).map(row).collect())
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
