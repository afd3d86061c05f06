//! Value-stability tests: a change of these values changes results and needs a line in the
//! changelog.

use crate::model::purposes::{Draws, LIFE_PAIRS, LifeDraws, pairs_per_step};
use crate::model::rules::WEEK;
use crate::model::strain::week;
use crate::model::types::STATES;
use crate::model::{Couple, Rules, step};
use crate::rng::{Key, PAIR_WORDS, StreamKind, VectorRng};

/// Two different partners with unusual values of most numbers.
fn couple() -> Couple<f64> {
    let mut couple = Couple::<f64> {
        contact: 1.25,
        ..Couple::default()
    };
    let [a, b] = &mut couple.partners;
    (
        a.traits.responsiveness,
        a.traits.consistency,
        a.traits.openness,
    ) = (0.75, 0.25, 1.5);
    (a.traits.anxiety, a.traits.avoidance, a.traits.patience) = (0.625, 0.25, 0.5);
    (
        b.traits.responsiveness,
        b.traits.understanding,
        b.traits.effort,
    ) = (0.875, 0.75, 0.25);
    (
        b.traits.availability,
        b.traits.avoidance,
        b.traits.mate_value,
    ) = (0.875, 0.5, 0.75);
    (a.state.mood, a.state.stress, b.state.hurt, b.state.scar) = (0.25, 0.5, 0.25, 0.125);
    for partner in [a, b] {
        partner.state.anxiety = partner.traits.anxiety;
        partner.state.avoidance = partner.traits.avoidance;
    }
    couple
}

/// The states in the order of the values; a later state needs no values here.
const KEYS: [&str; 18] = [
    "trust",
    "uncertainty",
    "intimacy",
    "mood",
    "hurt",
    "scar",
    "stress",
    "autonomy",
    "anxiety",
    "avoidance",
    "commitment",
    "alternatives",
    "wellbeing",
    "investment",
    "habit",
    "strain",
    "accustomed",
    "deliberation",
];

/// The states after some days: of partner A and of partner B.
fn after(days: u64) -> [Vec<f64>; 2] {
    let (mut couple, rules) = (couple(), Rules::default());
    let mut streams = f64::streams(&Key::new(2026, 0, 0, StreamKind::Life), &[0]);
    let pairs = pairs_per_step(rules.clock.moments);
    let mut words = vec![0; pairs * PAIR_WORDS];
    for day in 0..days {
        if day.is_multiple_of(u64::from(WEEK)) {
            let mut life = [0; PAIR_WORDS];
            f64::fill(&mut streams, LIFE_PAIRS + day / u64::from(WEEK), &mut life);
            week(&mut couple, &LifeDraws::new(&life), &rules);
        }
        f64::fill(&mut streams, day * pairs as u64, &mut words);
        let _ = step(&mut couple, &Draws::new(&words), &rules, &mut ());
    }
    couple.partners.map(|partner| {
        let fields = partner.state.fields();
        let position = |key: &&str| STATES.iter().position(|state| state.key == *key);
        KEYS.iter()
            .map(|key| *fields[position(key).expect("a state")])
            .collect()
    })
}

#[test]
fn a_step_keeps_its_values() {
    // Shown if the test fails.
    for (days, _) in STATES_BY_DAY {
        println!("{days}: {:?}", after(days));
    }
    for (days, expected) in STATES_BY_DAY {
        for (found, written) in after(days)
            .iter()
            .flatten()
            .zip(expected.iter().flat_map(|row| *row))
        {
            assert_eq!(
                found.to_bits(),
                written.to_bits(),
                "day {days}: {:?}",
                after(days)
            );
        }
    }
}

/// Day, then the states of A and of B in the order of [`KEYS`].
const STATES_BY_DAY: [(u64, [&[f64]; 2]); 3] = [
    (
        1,
        [
            &[
                0.7443494190549078,
                0.3508884495349706,
                0.3607450742388934,
                -0.6073319221455805,
                0.0,
                0.0,
                0.47934949973504376,
                0.6978199612522065,
                0.6247851270875014,
                0.2501776081017607,
                0.4234344796246327,
                0.0,
                0.6477181593149045,
            ],
            &[
                0.7605264238410946,
                0.34909077946779415,
                0.3375848335273474,
                -0.7491535384383408,
                0.24952569216289866,
                0.125,
                0.07597602859367297,
                0.6969037304034186,
                0.37994881193693947,
                0.5000855244849985,
                0.4206337235977835,
                0.45008836892611725,
                0.650718691527502,
            ],
        ],
    ),
    (
        10,
        [
            &[
                0.574557950312283,
                0.33703132859749363,
                0.4811956520823778,
                -0.3426886285932171,
                0.0,
                0.0,
                0.04032636936580444,
                0.6677478111630355,
                0.6229773700751,
                0.25220134933564475,
                0.45260750811433476,
                0.04081023757148865,
                0.6562358547423178,
            ],
            &[
                0.5917114722800855,
                0.32098405021479987,
                0.3946670459094632,
                -0.3100880815758381,
                0.24529721166225166,
                0.125,
                0.005585871656809479,
                0.6648745817740994,
                0.37959918045063956,
                0.5011121985493749,
                0.4263080799827708,
                0.4482203910657611,
                0.6590236570675859,
            ],
        ],
    ),
    (
        365,
        [
            &[
                0.37739509093982,
                0.15153006852167408,
                0.5131460037586166,
                0.17921392057283875,
                0.0,
                0.0,
                0.0,
                0.41621676083686865,
                0.6144665778460522,
                0.3103861893378806,
                0.5176202832202679,
                0.4391815523581443,
                0.5952550522788,
            ],
            &[
                0.3890830567709782,
                0.1504031101997541,
                0.4860722238016599,
                0.18010239717577536,
                0.1250000000000004,
                0.125,
                0.036396822768359836,
                0.4204960703354712,
                0.40473766227455515,
                0.5320268177390478,
                0.4388422945680402,
                0.5868851108579399,
                0.5681871235659177,
            ],
        ],
    ),
];
