//! A generation: how much of caregivers' own attachment reaches their children.
//!
//! Usual adults bring up a child each, and the correlations that come out are held beside those of
//! published meta-analyses. Run it with `cargo run --release --example generations`.

use pairbond::internals::{Age, SimulatedFamily, generation};
use pairbond::model::Rules;
use pairbond::simd::Backend;

/// Families that are lived.
const FAMILIES: u64 = 50_000;
/// Days between the ages that are noted.
const A_YEAR: u32 = 365;

fn main() {
    let families = generation(1, FAMILIES, A_YEAR, &Rules::default(), Backend::best());
    let caregivers = |number: &dyn Fn(&SimulatedFamily) -> f64| -> Vec<f64> {
        families.iter().map(number).collect()
    };
    let sensitivity = caregivers(&|family| family.caregiver.responsiveness);
    let representation =
        caregivers(&|family| -(family.caregiver.anxiety + family.caregiver.avoidance));
    let at = |year: usize| -> Vec<f64> {
        let ages = families.iter().map(|family| &family.childhood.ages[year]);
        ages.map(security).collect()
    };
    let end = at(5);
    println!("correlation                                        here   published");
    let line = |what: &str, found: f64, published: &str| {
        println!("{what:<50} {found:>5.3}  {published}");
    };
    let sensitive = correlation(&sensitivity, &end);
    assert!((0.22..=0.28).contains(&sensitive));
    line(
        "sensitivity with security at 5",
        sensitive,
        ".25 [.22, .28] (Madigan et al. 2023)",
    );
    line(
        "sensitivity with security at 1",
        correlation(&sensitivity, &at(1)),
        "",
    );
    line(
        "security at 1 with security at 5",
        correlation(&at(1), &end),
        ".28 (Opie et al. 2021)",
    );
    // Twin studies call it the genetic share; each says it of an age and a way to measure.
    let temper: Vec<f64> = families
        .iter()
        .map(|family| &family.childhood.upbringing)
        .map(|born| -(born.temperament_anxiety + born.temperament_avoidance))
        .collect();
    let inborn = correlation(&temper, &end).powi(2);
    assert!((0.1..0.3).contains(&inborn));
    line(
        "share of temperament in security at 5",
        inborn,
        ".00, .25 (infants), .40 (at 15), .36 (adults)",
    );
    line(
        "share of temperament in security at 1",
        correlation(&temper, &at(1)).powi(2),
        "",
    );
    let transmitted = correlation(&representation, &end);
    assert!(
        transmitted < 0.1,
        "responsiveness alone should transmit little"
    );
    line(
        "own representation with the child's security",
        transmitted,
        ".31 (Verhage et al. 2016)",
    );
    line(
        "own representation with sensitivity",
        correlation(&representation, &sensitivity),
        "",
    );
    let anxiety: Vec<f64> = families.iter().map(|f| f.childhood.end.anxiety).collect();
    let avoidance: Vec<f64> = families.iter().map(|f| f.childhood.end.avoidance).collect();
    line(
        "sensitivity with anxiety at 5",
        correlation(&sensitivity, &anxiety),
        "",
    );
    line(
        "sensitivity with avoidance at 5",
        correlation(&sensitivity, &avoidance),
        "",
    );
    line(
        "anxiety with avoidance at 5",
        correlation(&anxiety, &avoidance),
        "",
    );
}

/// Security of a child: little anxiety and little avoidance.
fn security(age: &Age) -> f64 {
    -(age.anxiety + age.avoidance)
}

/// Pearson's correlation.
fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / numbers.len() as f64;
    let (mean_x, mean_y) = (mean(x), mean(y));
    let pairs = || x.iter().zip(y).map(|(x, y)| (x - mean_x, y - mean_y));
    let covariance: f64 = pairs().map(|(x, y)| x * y).sum();
    let variance_x: f64 = pairs().map(|(x, _)| x * x).sum();
    let variance_y: f64 = pairs().map(|(_, y)| y * y).sum();
    covariance / (variance_x * variance_y).sqrt()
}
