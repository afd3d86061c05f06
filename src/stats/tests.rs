//! Statistics of couples agree with R: `tests/oracles/dyads.R` makes the numbers.

use super::cox::cox;
use super::dyads::{
    Apim, Coefficient, DayResiduals, Diary, Dyad, DyadicCorrelation, Intraclass, Method,
    MixedModel, PairedRegression, RandomIntercepts, Residuals, ResponseSurface, Term, Units, When,
    Whose, WithinRegression, apim, cross_correlation, lag_one_autocorrelation,
    mean_spread_correlation, next_day_effect, own_correlation, partner_correlation,
    partner_correlation_of_means, partner_intraclass, person_days, person_intraclass, regression,
    response_surface, same_day_effects, same_day_partner_correlation, split_by_person,
    standardised_apim, values_at, within_regression,
};
use super::interval::CONFIDENCE;
use super::survival::{Exits, kaplan_meier};
use std::collections::{BTreeMap, BTreeSet};

/// What finds the cases whose names begin so, by the rest of their names.
type Topic = (&'static str, fn(&str) -> Findings);

const TOPICS: &[Topic] = &[
    ("whole.", |case| pair_statistics("whole", case)),
    ("gaps.", |case| pair_statistics("gaps", case)),
    ("surface.whole.", |case| surface_statistics("whole", case)),
    ("surface.gaps.", |case| surface_statistics("gaps", case)),
    ("diary.", diary_statistics),
    ("mixed.", mixed_model),
    ("cox.", hazards),
    ("curve.", survival_curve),
];

#[test]
fn every_statistic_is_what_r_gives() {
    let mut found = Vec::new();
    for case in cases() {
        let topic = TOPICS.iter().find(|topic| case.starts_with(topic.0));
        let (beginning, find) = topic.unwrap_or_else(|| panic!("no topic for {case}"));
        found.extend(differences(case, &find(&case[beginning.len()..])));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_topic_has_cases() {
    for (beginning, _) in TOPICS {
        assert!(
            cases().iter().any(|case| case.starts_with(beginning)),
            "{beginning}"
        );
    }
}

const EXPECTED: &str = include_str!("../../tests/oracles/dyads_expected.csv");
/// How near a number must be, in units of itself or of `SMALL`, whichever is larger. Optima of
/// likelihoods are flat: R's are sure to no more digits.
const NEAR: f64 = 1e-5;
const SMALL: f64 = 1e-2;

/// What was found of one case: quantities by name.
struct Findings(BTreeMap<String, f64>);

impl Findings {
    fn none() -> Findings {
        Findings(BTreeMap::new())
    }

    fn push(&mut self, quantity: &str, value: f64) {
        let before = self.0.insert(quantity.to_owned(), value);
        assert!(before.is_none(), "{quantity} was found twice");
    }

    /// A value with its standard error.
    fn push_with_error(&mut self, quantity: &str, value: f64, error: f64) {
        self.push(quantity, value);
        self.push(&format!("{quantity}.se"), error);
    }
}

fn lines() -> impl Iterator<Item = (&'static str, &'static str, f64)> {
    EXPECTED.lines().skip(1).map(|line| {
        let mut fields = line.split(',');
        let mut field = || fields.next().expect("three fields a line");
        let (case, quantity) = (field(), field());
        (case, quantity, field().parse().expect("a number"))
    })
}

/// The names of all cases.
fn cases() -> BTreeSet<&'static str> {
    lines().map(|line| line.0).collect()
}

/// Says where what was found of a case is not what R gives: the same quantities, and no other.
fn differences(case: &str, found: &Findings) -> Vec<String> {
    let expected: BTreeMap<&str, f64> = lines()
        .filter(|line| line.0 == case)
        .map(|line| (line.1, line.2))
        .collect();
    let names: Vec<&str> = found.0.keys().map(String::as_str).collect();
    let due: Vec<&str> = expected.keys().copied().collect();
    assert_eq!(names, due, "{case}");
    let mut differences = Vec::new();
    for (quantity, value) in expected {
        let ours = found.0[quantity];
        let near = (ours - value).abs() <= NEAR * value.abs().max(SMALL);
        if !near {
            differences.push(format!("{case} {quantity}: {ours}, R {value}"));
        }
    }
    differences
}

/// The rows of a table, each a map from column to word.
fn rows(text: &'static str) -> Vec<BTreeMap<&'static str, &'static str>> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let row = |line: &'static str| header.iter().copied().zip(line.split(',')).collect();
    lines.map(row).collect()
}

/// A number of a table; NaN where it is missing.
fn number(word: &str) -> f64 {
    match word {
        "NA" => f64::NAN,
        _ => word.parse().expect("a number"),
    }
}

/// A variable of the dyads of one set.
fn pair_variable(set: &str, name: &str) -> Vec<Dyad> {
    let rows = rows(include_str!("../../tests/oracles/dyads_pairs.csv"));
    let values: Vec<f64> = rows
        .iter()
        .filter(|row| row["set"] == set)
        .map(|row| number(row[name]))
        .collect();
    values.chunks(2).map(|pair| [pair[0], pair[1]]).collect()
}

fn correlation_findings(found: DyadicCorrelation) -> Findings {
    let mut findings = Findings::none();
    let interval = found.interval(CONFIDENCE);
    findings.push_with_error("r", found.value, found.standard_error);
    findings.push("r.low", interval.low);
    findings.push("r.high", interval.high);
    findings.push("rows", found.rows as f64);
    findings
}

fn intraclass_findings(found: Intraclass) -> Findings {
    let mut findings = Findings::none();
    let interval = found.interval(CONFIDENCE);
    findings.push_with_error("icc", found.value, found.standard_error);
    findings.push("icc.low", interval.low);
    findings.push("icc.high", interval.high);
    findings
}

fn coefficients(findings: &mut Findings, names: &[&str], found: &[Coefficient]) {
    assert_eq!(names.len(), found.len());
    for (name, found) in names.iter().zip(found) {
        findings.push_with_error(name, found.value, found.standard_error);
    }
}

/// A regression with correlated residuals.
fn paired_findings(names: &[&str], found: &PairedRegression) -> Findings {
    let mut findings = Findings::none();
    coefficients(&mut findings, names, &found.coefficients);
    let interval = found.rho_interval(CONFIDENCE);
    findings.push("rho", found.rho);
    findings.push("rho.low", interval.low);
    findings.push("rho.high", interval.high);
    findings.push("sigma", found.sigma);
    findings.push("log_likelihood", found.log_likelihood);
    findings.push("persons", found.persons as f64);
    findings.push("r_squared", found.r_squared);
    findings
}

fn actor_partner(model: Option<Apim>) -> Findings {
    let names = ["intercept", "actor_x", "partner_x", "actor_y", "partner_y"];
    let model = model.expect("a model");
    let found = paired_findings(&names, &model.regression);
    assert_eq!(model.actor[1], model.regression.coefficients[3]);
    assert_eq!(model.partner[1], model.regression.coefficients[4]);
    found
}

fn pair_statistics(set: &str, case: &str) -> Findings {
    let [x, y, z] = ["x", "y", "z"].map(|name| pair_variable(set, name));
    let predictors = [x.as_slice(), y.as_slice()];
    match case {
        "partner_x" => correlation_findings(partner_correlation(&x)),
        "partner_z" => correlation_findings(partner_correlation(&z)),
        "own_xy" => correlation_findings(own_correlation(&x, &y)),
        "cross_xy" => correlation_findings(cross_correlation(&x, &y)),
        "partner_icc_z" => intraclass_findings(partner_intraclass(&z)),
        "mean_z" => {
            let found = regression(&z, &[], Residuals::Correlated, Method::Restricted);
            paired_findings(&["intercept"], &found.expect("a mean"))
        }
        "apim_reml" => actor_partner(apim(&z, &predictors, Method::Restricted)),
        "apim_ml" => actor_partner(apim(&z, &predictors, Method::Full)),
        "apim_standardised" => {
            actor_partner(standardised_apim(&z, &predictors, Method::Restricted))
        }
        other => panic!("no statistic for {other}"),
    }
}

/// A regression with independent residuals, which R fits by other means.
fn plain_findings(names: &[&str], found: &PairedRegression) -> Findings {
    let mut findings = Findings::none();
    coefficients(&mut findings, names, &found.coefficients);
    findings
}

fn surface_statistics(set: &str, case: &str) -> Findings {
    let [x, y] = ["x", "y"].map(|name| {
        let pairs = pair_variable(set, name);
        pairs
            .iter()
            .map(|pair| pair.map(|x| x - 5.0))
            .collect::<Vec<Dyad>>()
    });
    let z = pair_variable(set, "z");
    let surface =
        |residuals| response_surface(&z, &x, &y, residuals, Method::Restricted).expect("a surface");
    let powers = ["b0", "b1", "b2", "b3", "b4", "b5"];
    match case {
        "plain" => {
            let found = surface(Residuals::Independent);
            let mut findings = plain_findings(&powers, &found.regression);
            findings.push("r_squared", found.regression.r_squared);
            findings.push("sigma", found.regression.sigma);
            line_findings(&mut findings, &found);
            findings
        }
        "paired" => {
            let found = surface(Residuals::Correlated);
            let mut findings = paired_findings(&powers, &found.regression);
            line_findings(&mut findings, &found);
            findings
        }
        other => panic!("no statistic for {other}"),
    }
}

fn line_findings(findings: &mut Findings, found: &ResponseSurface) {
    let lines = [
        found.congruence.slope,
        found.congruence.curvature,
        found.incongruence.slope,
        found.incongruence.curvature,
        found.asymmetry,
    ];
    coefficients(findings, &["a1", "a2", "a3", "a4", "a5"], &lines);
}

/// A daily variable; days that are not in the table are missing.
fn diary_variable(name: &str) -> Vec<Diary> {
    let mut couples: Vec<Diary> = Vec::new();
    for row in rows(include_str!("../../tests/oracles/dyads_diary.csv")) {
        let place = |column: &str| number(row[column]) as usize - 1;
        couples.resize_with(couples.len().max(place("couple") + 1), Default::default);
        let days = &mut couples[place("couple")][place("person")];
        days.resize(days.len().max(place("day") + 1), f64::NAN);
        days[place("day")] = number(row[name]);
    }
    couples
}

fn within_findings(names: &[&str], found: Option<WithinRegression>) -> Findings {
    let found = found.expect("a regression");
    let mut findings = Findings::none();
    for (name, coefficient) in names.iter().zip(&found.coefficients) {
        findings.push_with_error(name, coefficient.value, coefficient.standard_error);
    }
    findings.push("days", found.days as f64);
    findings
}

fn diary_statistics(case: &str) -> Findings {
    let (satisfaction, conflict) = (diary_variable("satisfaction"), diary_variable("conflict"));
    let term = |variable, whose, when| Term {
        variable,
        whose,
        when,
    };
    let same_day = [
        term(&conflict, Whose::Own, When::SameDay),
        term(&conflict, Whose::Partner, When::SameDay),
    ];
    let day_before = [
        term(&satisfaction, Whose::Own, When::DayBefore),
        term(&conflict, Whose::Own, When::DayBefore),
    ];
    match case {
        "icc" => intraclass_findings(person_intraclass(&satisfaction)),
        "lag_one" => correlation_findings(lag_one_autocorrelation(&satisfaction)),
        "same_day" => correlation_findings(same_day_partner_correlation(&satisfaction)),
        "means" => correlation_findings(partner_correlation_of_means(&satisfaction)),
        "mean_spread" => correlation_findings(mean_spread_correlation(&satisfaction)),
        "effects" | "effects_raw" => {
            let units = match case {
                "effects" => Units::Standardised,
                _ => Units::Raw,
            };
            let found = within_regression(&satisfaction, &same_day, units);
            let effects = same_day_effects(&satisfaction, &conflict, units).expect("effects");
            let slopes = found.as_ref().map(|found| found.coefficients[1..].to_vec());
            assert_eq!(slopes, Some(effects.to_vec()));
            within_findings(&["intercept", "own", "partner"], found)
        }
        "next_day" => {
            let units = Units::Standardised;
            let found = within_regression(&satisfaction, &day_before, units);
            let effect = next_day_effect(&satisfaction, &conflict, units);
            assert_eq!(effect, found.as_ref().map(|found| found.coefficients[2]));
            within_findings(
                &["intercept", "satisfaction_before", "conflict_before"],
                found,
            )
        }
        other => panic!("no statistic for {other}"),
    }
}

/// A mixed model of satisfaction by conflict, or of its mean alone.
fn mixed_model(case: &str) -> Findings {
    let words: Vec<&str> = case.split(['.', '_']).collect();
    let has = |word| words.contains(&word);
    let satisfaction = diary_variable("satisfaction");
    let places = person_days(&satisfaction);
    let output = values_at(&satisfaction, &places);
    let conflict = split_by_person(&values_at(&diary_variable("conflict"), &places), &places);
    let days: Vec<f64> = places
        .iter()
        .map(|place| f64::from(place.day + 1))
        .collect();
    let effects: [&[f64]; 3] = [&conflict.within, &conflict.between, &days];
    let model = MixedModel {
        places: &places,
        output: &output,
        predictors: if has("mean") { &[] } else { &effects },
        levels: match has("nested") {
            true => RandomIntercepts::PersonsInCouples,
            false => RandomIntercepts::Persons,
        },
        days: match has("days") {
            true => DayResiduals::Autoregressive,
            false => DayResiduals::Independent,
        },
        method: match has("reml") {
            true => Method::Restricted,
            false => Method::Full,
        },
    };
    let found = model.fit().expect("a model");
    let names = ["intercept", "conflict_within", "conflict_mean", "day"];
    let mut findings = Findings::none();
    for (name, one) in names.iter().zip(&found.coefficients) {
        findings.push_with_error(name, one.value, one.standard_error);
        findings.push(&format!("{name}.dof"), one.dof);
    }
    findings.push("couple_sd", found.couple_sd);
    findings.push("person_sd", found.person_sd);
    findings.push("residual_sd", found.residual_sd);
    findings.push("phi", found.phi);
    findings.push("log_likelihood", found.log_likelihood);
    findings
}

fn column(name: &str) -> Vec<f64> {
    let rows = rows(include_str!("../../tests/oracles/dyads_lives.csv"));
    rows.iter().map(|row| number(row[name])).collect()
}

fn durations() -> Vec<(u32, bool)> {
    let ends = column("ended").into_iter().map(|ended| ended == 1.0);
    column("day")
        .into_iter()
        .map(|day| day as u32)
        .zip(ends)
        .collect()
}

/// Rates by the covariates that the case names.
fn hazards(case: &str) -> Findings {
    let terms: Vec<&str> = case.split('.').collect();
    let columns: Vec<Vec<f64>> = terms.iter().map(|name| column(name)).collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let found = cox(&durations(), &columns).expect("a model");
    let mut findings = Findings::none();
    for (name, one) in terms.iter().zip(&found.coefficients) {
        findings.push_with_error(name, one.value, one.standard_error);
    }
    findings.push("log_likelihood", found.log_likelihood);
    findings.push("log_likelihood_null", found.log_likelihood_null);
    findings.push("score", found.score);
    findings.push("ratio", found.likelihood_ratio);
    findings.push("wald", found.wald);
    findings
}

/// The curve on the day that is the case.
fn survival_curve(case: &str) -> Findings {
    let exits: Exits = durations().into_iter().collect();
    let steps = kaplan_meier(&exits, CONFIDENCE);
    let day = number(case) as u32;
    let step = steps.iter().rfind(|step| step.day <= day).expect("a step");
    let mut findings = Findings::none();
    findings.push_with_error("survival", step.survival, step.standard_error);
    findings.push("survival.low", step.interval.low);
    findings.push("survival.high", step.interval.high);
    findings
}
