//! Power as PowerLAPIM's own functions find it (Lafit, Sels, Adolf, Loeys & Ceulemans 2022): `tests/oracles/powerlapim.R` has
//! made the numbers that are kept beside it.
//!
//! `PAIRBOND_BLESS=1 cargo test --lib powerlapim` renews the table of docs/power.md.

use super::measure::{EffectTally, PlannedDesign, PowerTask, TrueEffect, measure};
use crate::chart::count;
use crate::runner::Control;
use crate::scenario::Scenario;
use crate::scenario::power_spec::{DesignQuantity, QUANTITY_COUNT};
use std::path::Path;

/// Data sets of each design here.
const SETS: u64 = 3_000;
/// Standard errors that the least likely of all compared numbers may be off.
const SURELY: f64 = 3.9;
const BEGIN: &str = "<!-- found: powerlapim -->\n";
const END: &str = "<!-- end -->";

/// An effect in a design, as PowerLAPIM finds it.
struct KeptEffect<'t> {
    couples: f64,
    days: f64,
    method: &'t str,
    name: &'t str,
    sets: f64,
    significant: f64,
    covered: f64,
    mean: f64,
    sd: f64,
    width: f64,
}

fn kept(text: &str) -> Vec<KeptEffect<'_>> {
    let rows = text.lines().skip(1).map(|line| {
        let parts: Vec<&str> = line.split(',').collect();
        let number = |place: usize| -> f64 { parts[place].parse().expect("a number") };
        KeptEffect {
            couples: number(0),
            days: number(1),
            method: parts[2],
            name: parts[3],
            sets: number(4),
            significant: number(5),
            covered: number(6),
            mean: number(7),
            sd: number(8),
            width: number(9),
        }
    });
    rows.collect()
}

/// The same effects here, by their names.
fn measured(of: &KeptEffect<'_>) -> Vec<(&'static str, EffectTally)> {
    let text = format!(
        "title = 'x'
        [run]
        seed = 7
        [power]
        replicates = {SETS}
        method = '{}'
        centre = true
        [power.effects]
        intercept_a = 4
        intercept_b = 5
        actor_a = 0.25
        partner_a = 0.12
        actor_b = 0.20
        partner_b = 0.08
        residual_sd_a = 1
        residual_sd_b = 1.2
        residual_correlation = 0.25
        intercept_sd_a = 0.8
        intercept_sd_b = 0.7
        intercept_correlation = 0.5
        predictor_sd = 1
        predictor_correlation = 0.3",
        of.method
    );
    let scenario = Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}"));
    let power = scenario.spec.power.as_ref().expect("a [power]");
    let task = PowerTask {
        power,
        config: scenario.config(),
    };
    let mut design = [0.0; QUANTITY_COUNT];
    for (quantity, value) in [
        (DesignQuantity::Couples, of.couples),
        (DesignQuantity::Occasions, of.days),
        (DesignQuantity::Compliance, 1.0),
        (DesignQuantity::Reliability, 1.0),
    ] {
        design[quantity as usize] = value;
    }
    let truths = power.truths().expect("given effects");
    let planned = PlannedDesign {
        design,
        stream: 0,
        truths: truths.into_iter().map(TrueEffect::given).collect(),
    };
    let found = measure(task, &[planned], &Control::default()).expect("not cancelled");
    let found = found.into_iter().next().expect("a design");
    assert_eq!(found.failed, 0);
    power
        .effect_names()
        .into_iter()
        .zip(found.effects)
        .collect()
}

/// A share with 1.96 times its standard error.
fn share(count: f64, of: f64) -> String {
    let share = count / of;
    let error = (share * (1.0 - share) / of).sqrt();
    format!("{share:.3} ± {:.3}", 1.96 * error)
}

#[test]
fn power_is_that_of_powerlapim() {
    let kept = kept(include_str!("../../tests/oracles/powerlapim.csv"));
    assert_eq!(kept.len(), 8);
    let sets = count(SETS as i64);
    let mut table = format!(
        "| couples × days | effect | power, PowerLAPIM (data sets) | power, pairbond ({sets}) | interval width, PowerLAPIM | interval width, pairbond |\n\
         | --- | --- | ---: | ---: | ---: | ---: |\n"
    );
    for own in kept.chunks(4) {
        let found = measured(&own[0]);
        for theirs in own {
            let (_, ours) = found
                .iter()
                .find(|(name, _)| *name == theirs.name)
                .expect("the effect");
            let n = ours.count() as f64;
            let what = format!("{} × {}, {}", theirs.couples, theirs.days, theirs.name);
            let near = |their: f64, our: f64, error: f64, statistic: &str| {
                let off = (their - our).abs() / error;
                assert!(
                    off < SURELY,
                    "{what}: {statistic} {their} and {our}, {off} errors"
                );
            };
            let both = 1.0 / theirs.sets + 1.0 / n;
            for (statistic, their, our) in [
                (
                    "power",
                    theirs.significant / theirs.sets,
                    ours.power().value,
                ),
                (
                    "coverage",
                    theirs.covered / theirs.sets,
                    ours.coverage().value,
                ),
            ] {
                let joint = (their * theirs.sets + our * n) / (theirs.sets + n);
                near(their, our, (joint * (1.0 - joint) * both).sqrt(), statistic);
            }
            near(theirs.mean, ours.mean(), ours.sd() * both.sqrt(), "mean");
            near(theirs.sd, ours.sd(), ours.sd() * (0.5 * both).sqrt(), "sd");
            // nlme's intervals, but not its tests, take the variance of full maximum likelihood as it is: over all rows, and
            // not those less the six coefficients. Widths vary less than estimates.
            let rows = 2.0 * theirs.couples * theirs.days;
            let adjusted = match theirs.method {
                "ml" => theirs.width * (rows / (rows - 6.0)).sqrt(),
                _ => theirs.width,
            };
            near(adjusted, ours.width(), ours.width() * 0.002, "width");
            table += &format!(
                "| {} × {} | `{}` | {} ({}) | {} | {:.3} | {:.3} |\n",
                theirs.couples,
                theirs.days,
                theirs.name,
                share(theirs.significant, theirs.sets),
                theirs.sets,
                share(ours.power().value * n, n),
                theirs.width,
                ours.width(),
            );
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/power.md");
    let page = std::fs::read_to_string(&path).expect("the page");
    let from = page.find(BEGIN).expect("the place") + BEGIN.len();
    let to = from + page[from..].find(END).expect("its end");
    if std::env::var_os("PAIRBOND_BLESS").is_some() {
        let text = format!("{}{table}{}", &page[..from], &page[to..]);
        std::fs::write(&path, text).expect("a writable page");
        return;
    }
    assert!(
        page[from..to] == table,
        "PAIRBOND_BLESS=1 writes the table of docs/power.md anew:\n{table}"
    );
}
