//! Two hundred data sets whose estimates R's `nlme` gives, too; `tests/oracles/longitudinal.R` makes its numbers from
//! the same arithmetic.

use super::PersonDay;
use super::linear_model::Method;
use super::longitudinal::{LongitudinalApim, LongitudinalFit, OccasionResiduals, PartnerKinds};
use super::nlme_oracle::{ComparedFit, compare_with_nlme};
use crate::stats::test_support::MinimalStandard;

const SETS: usize = 200;
/// Log-likelihoods that differ by more are not both at the top.
const TOP: f64 = 1e-8;

#[derive(Default)]
struct OracleData {
    places: Vec<PersonDay>,
    y: Vec<f64>,
    x: Vec<f64>,
    z: Vec<f64>,
    before: Vec<f64>,
}

fn data(k: u64) -> OracleData {
    let mut draws = MinimalStandard::warmed(1_000 + 7_919 * k);
    let couples = 10 + (5 * k) % 21;
    let occasions = 4 + (3 * k) % 9;
    let missing = [0.0, 0.1, 0.3][(k % 3) as usize];
    let phi: f64 = [0.0, 0.3, 0.6, -0.3][(k % 4) as usize];
    let rho = [0.4, -0.3, 0.1, 0.0, 0.7][(k % 5) as usize];
    let levels = [1.0, 0.5, 2.0][((k / 3) % 3) as usize];
    let mut data = OracleData::default();
    for couple in 0..couples as usize {
        let level = draws.pair(0.4).map(|level| levels * level);
        let mut left = draws.pair(rho);
        let mut before = [f64::NAN; 2];
        for day in 0..occasions as u32 {
            let x = draws.pair(0.25);
            let answered = [draws.uniform(), draws.uniform()].map(|own| own >= missing);
            let y = [
                5.0 + 0.4 * x[0] + 0.2 * x[1] + level[0] + left[0],
                4.0 + 0.3 * x[1] - 0.1 * x[0] + 0.8 * level[1] + 1.4 * left[1],
            ];
            for person in 0..2 {
                if answered[person] {
                    data.places.push(PersonDay {
                        couple,
                        person,
                        day,
                    });
                    data.y.push(y[person]);
                    data.x.push(x[person]);
                    data.z.push(x[1 - person]);
                    data.before.push(before[person]);
                }
                before[person] = if answered[person] {
                    y[person]
                } else {
                    f64::NAN
                };
            }
            let fresh = draws.pair(rho);
            left =
                [0, 1].map(|person| phi * left[person] + (1.0 - phi * phi).sqrt() * fresh[person]);
        }
    }
    data
}

fn fit(k: u64) -> Option<LongitudinalFit> {
    let data = data(k);
    let variant = (k - 1) / 25;
    let predictors: [&[f64]; 3] = [&data.x, &data.z, &data.before];
    let lagged = k.is_multiple_of(7);
    let model = LongitudinalApim {
        places: &data.places,
        output: &data.y,
        predictors: &predictors[..if lagged { 3 } else { 2 }],
        partners: match variant % 2 {
            0 => PartnerKinds::Distinguishable,
            _ => PartnerKinds::Exchangeable,
        },
        residuals: match variant / 2 % 2 {
            0 => OccasionResiduals::SameOccasion,
            _ => OccasionResiduals::Autoregressive,
        },
        method: match variant >= 4 {
            true => Method::Full,
            false => Method::Restricted,
        },
    };
    model.fit()
}

#[test]
fn estimates_are_those_of_nlme_wherever_it_reaches_the_top() {
    let kept = include_str!("../../../tests/oracles/longitudinal_expected.csv");
    let compared = |k| {
        fit(k).map(|found| ComparedFit {
            coefficients: found.coefficients,
            log_likelihood: found.log_likelihood,
            rows: found.rows,
        })
    };
    // What nlme does not fit, and where it stops below the top.
    assert_eq!(compare_with_nlme(kept, TOP, compared), [SETS - 13, 7, 6]);
}
