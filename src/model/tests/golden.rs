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
                0.753723537092437,
                0.3497639301348995,
                0.30466048480083474,
                -0.44116679761961114,
                0.0,
                0.0,
                0.5106626188503771,
                0.6981500071829527,
                0.6247849074048953,
                0.2501729937949136,
                0.39655003073083755,
                0.0,
                0.6455037950808027,
                0.0012836754738624375,
                -0.00025040075678922294,
                0.47610167348920096,
                0.0002044015252391854,
                0.011049610706077684,
            ],
            &[
                0.769036347472444,
                0.3495349930264603,
                0.3025590276712087,
                -0.4099124581527915,
                0.24913506570696695,
                0.125,
                0.11473555822320065,
                0.6970852762032972,
                0.37994869109783574,
                0.5000827981058162,
                0.393497526365271,
                0.45008836892611725,
                0.6469266858990341,
                0.0003916785083230067,
                -0.0002116158873397436,
                0.47610167348920096,
                0.0002029916245006596,
                0.011049610706077684,
            ],
        ],
    ),
    (
        10,
        [
            &[
                0.5788165526762781,
                0.3419195334893613,
                0.3377600850528948,
                -0.24832083866034094,
                0.0,
                0.0,
                0.17875902207576255,
                0.6741182715441049,
                0.6229543292696909,
                0.2521624275764841,
                0.43927705371833414,
                0.04081023757148865,
                0.6190360540219982,
                0.01054675216874217,
                -0.003957250780988698,
                0.472235007290037,
                0.00217411263925836,
                0.09948564917703467,
            ],
            &[
                0.5923803592505682,
                0.3391343888584235,
                0.31582082020486696,
                -0.27789971945838904,
                0.2414840822312113,
                0.125,
                0.14683328356551692,
                0.6679920405572117,
                0.3795879194515385,
                0.5011002284236054,
                0.4123124506566502,
                0.4482203910657611,
                0.6207027684928634,
                0.005782123446256662,
                -0.006559421147936185,
                0.472235007290037,
                0.002081772509813052,
                0.10516068318563052,
            ],
        ],
    ),
    (
        365,
        [
            &[
                0.13042229734430288,
                0.17024868994960696,
                0.2074790567189811,
                -0.5075119537170188,
                0.0,
                0.0,
                0.4715843041982053,
                0.3664410764044113,
                0.519803166270562,
                0.20115993782872907,
                0.4329974043120031,
                0.4391815523581443,
                0.41330475568932606,
                0.22524003642339535,
                -0.2416155727498871,
                0.629805476090171,
                0.07024069027015813,
                0.4862011802657982,
            ],
            &[
                0.14110166957739997,
                0.17753639544453917,
                0.18218413000706538,
                -0.2584834303621451,
                0.07056027530038186,
                0.125,
                0.5007593467226142,
                0.365614323738516,
                0.397161738395035,
                0.8197418190240257,
                0.3398436221699658,
                0.5868851108579399,
                0.37771402827074496,
                0.08599676159035362,
                -0.3419381501433826,
                0.7015063258972917,
                0.06224204802246451,
                0.9193379839826322,
            ],
        ],
    ),
];
