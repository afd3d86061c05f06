//! Two hundred data sets of growth whose estimates R's `nlme` gives, too; `tests/oracles/growth.R` makes its numbers
//! from the same arithmetic.

use super::PersonDay;
use super::growth::{GrowthFit, GrowthModel};
use super::linear_model::Method;
use super::longitudinal::PartnerKinds;
use super::nlme_oracle::{ComparedFit, compare_with_nlme};
use crate::stats::test_support::MinimalStandard;

const SETS: usize = 200;
/// Log-likelihoods that differ by more are not both at the top.
const TOP: f64 = 1e-7;

#[derive(Default)]
struct GrowthOracleData {
    places: Vec<PersonDay>,
    times: Vec<f64>,
    y: Vec<f64>,
    x: Vec<f64>,
    z: Vec<f64>,
}

fn data(k: u64) -> GrowthOracleData {
    let mut draws = MinimalStandard::warmed(5_000 + 7_919 * k);
    let couples = 15 + (5 * k) % 31;
    let waves = 3 + k % 4;
    let missing = [0.0, 0.1, 0.3][(k % 3) as usize];
    let slopes = [0.5, 1.0, 0.2, 0.0][((k / 4) % 4) as usize];
    let shared = [0.5, 0.0, 0.8][((k / 5) % 3) as usize];
    let spread = [0.8, 0.3, 1.5, 0.5][((k / 2) % 4) as usize];
    let mut data = GrowthOracleData::default();
    for couple in 0..couples as usize {
        let x = draws.pair(0.3);
        let level = draws.pair(0.5);
        let change = draws.pair(shared).map(|change| slopes * change);
        for wave in 0..waves {
            let late = k.is_multiple_of(5) && wave == waves - 1;
            let time = 0.5 * wave as f64 + f64::from(u8::from(late));
            let error = draws.pair(0.0).map(|error| spread * error);
            let answered = [draws.uniform(), draws.uniform()].map(|own| own >= missing);
            let slope = [
                -0.4 + 0.2 * x[0] - 0.1 * x[1] + change[0],
                0.3 + 0.15 * x[0] + 0.6 * change[1],
            ];
            let y = [
                5.0 + 0.3 * x[0] + 0.2 * x[1] + level[0] + slope[0] * time + error[0],
                4.0 + 0.1 * x[1] + 0.8 * level[1] + slope[1] * time + 1.3 * error[1],
            ];
            for person in (0..2).filter(|person| answered[*person]) {
                data.places.push(PersonDay {
                    couple,
                    person,
                    day: wave as u32,
                });
                data.times.push(time);
                data.y.push(y[person]);
                data.x.push(x[person]);
                data.z.push(x[1 - person]);
            }
        }
    }
    data
}

fn fit(k: u64) -> Option<GrowthFit> {
    let data = data(k);
    let variant = (k - 1) / 50;
    let model = GrowthModel {
        places: &data.places,
        times: &data.times,
        output: &data.y,
        predictors: &[&data.x, &data.z],
        partners: match variant % 2 {
            0 => PartnerKinds::Distinguishable,
            _ => PartnerKinds::Exchangeable,
        },
        method: match variant >= 2 {
            true => Method::Full,
            false => Method::Restricted,
        },
    };
    model.fit()
}

#[test]
fn estimates_are_those_of_nlme_wherever_it_reaches_the_top() {
    let kept = include_str!("../../../tests/oracles/growth_expected.csv");
    let compared = |k| {
        fit(k).map(|found| ComparedFit {
            coefficients: found.coefficients,
            log_likelihood: found.log_likelihood,
            rows: found.rows,
        })
    };
    // What nlme does not fit, and where it stops below the top.
    assert_eq!(compare_with_nlme(kept, TOP, compared), [SETS - 3, 0, 3]);
}
