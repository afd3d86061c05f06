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
                0.7507130698403741,
                0.34987029362969635,
                0.30487051497843226,
                -0.46822208002839494,
                0.0,
                0.0,
                0.5208011988364847,
                0.6981245296898169,
                0.6247849243630262,
                0.25017434988853887,
                0.5247754900237842,
                0.0,
                0.6448795274781729,
                0.0019012708675044904,
                -0.0003724387428341534,
                0.6063880451279222,
                6.485916686064582e-5,
                0.003089371371848357,
            ],
            &[
                0.765754332686627,
                0.34956082772499236,
                0.30287893338311755,
                -0.5054415870983874,
                0.24913506570696695,
                0.125,
                0.20030081273202685,
                0.6970657107810886,
                0.37994870412081994,
                0.5000838749517144,
                0.5195872809576694,
                0.4500686335569031,
                0.6459631588926346,
                0.0005445133123522715,
                -0.000378625990358756,
                0.6063880451279222,
                6.443547117129309e-5,
                0.003311294712903873,
            ],
        ],
    ),
    (
        10,
        [
            &[
                0.5642582175128482,
                0.3431235940718166,
                0.33618066379875455,
                -0.2506701605508126,
                0.0,
                0.0,
                0.22443098240845502,
                0.6731876103819295,
                0.6229572502863964,
                0.2522187677131452,
                0.5787866541149519,
                0.040804869493703745,
                0.6127150169271697,
                0.017015980553245106,
                -0.005890244249495381,
                0.602797477498464,
                0.000690345155987755,
                0.016895364872938686,
            ],
            &[
                0.5804675775060507,
                0.3391286149986941,
                0.3137384913733594,
                -0.27251436971527193,
                0.2414840822312113,
                0.125,
                0.1932905137646618,
                0.6671793453558286,
                0.37959062669676985,
                0.5011536455298261,
                0.5353360675178485,
                0.44802389521485436,
                0.6133454530085968,
                0.008648612328051683,
                -0.009680788531440353,
                0.602797477498464,
                0.0006595428453206663,
                0.027265270363365034,
            ],
        ],
    ),
    (
        365,
        [
            &[
                0.14700139497806758,
                0.17690919056283755,
                0.23715433995459842,
                -0.6405491643415091,
                0.0,
                0.0,
                0.48910939305036644,
                0.3661783768485655,
                0.5199417310593694,
                0.19977568492698036,
                0.5010119900637413,
                0.43614937490145617,
                0.39956745718996567,
                0.48078507872454435,
                -0.25777436761408645,
                0.7052249780804564,
                0.026429946066957845,
                0.781631724922578,
            ],
            &[
                0.14043531747300483,
                0.18298696594796218,
                0.20904102378313097,
                -0.27936767371127996,
                0.07056027530038186,
                0.125,
                0.5171636783734279,
                0.35953567345109916,
                0.3978490740288415,
                0.8196665494267829,
                0.38475611058373554,
                0.5815822413805428,
                0.366060240973421,
                0.22672786865246375,
                -0.3799731350424205,
                0.7664647669988491,
                0.023444518682765193,
                0.47494064284934245,
            ],
        ],
    ),
];
