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
    b.traits.irritability = 1.5;
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
                0.7485239997098379,
                0.3500852491295499,
                0.30365802067045655,
                -0.4589279383293449,
                0.0,
                0.0,
                0.5253070724211606,
                0.6981107618243221,
                0.6247849335270858,
                0.25017540427080037,
                0.4583468710065524,
                0.0,
                0.6443454458369978,
                0.0018163251152581877,
                -0.00024246307967557842,
                0.6556396856565019,
                5.622776035604519e-05,
                0.004376540436010731,
            ],
            &[
                0.7647385138034855,
                0.3496546261702245,
                0.3021938764456453,
                -0.5228683354287395,
                0.24913506570696695,
                0.125,
                0.20454857309577987,
                0.6970621216130624,
                0.37994870650981405,
                0.5000842410239855,
                0.4546843193074813,
                0.4500686335569031,
                0.6454390031531976,
                0.000501091036658452,
                -0.00026378455783520943,
                0.6556396856565019,
                5.595664764043964e-05,
                0.004539021907946903,
            ],
        ],
    ),
    (
        10,
        [
            &[
                0.5560055582245531,
                0.3432980091397781,
                0.32811206060412285,
                -0.2378603092414977,
                0.0,
                0.0,
                0.24016928805835422,
                0.6729983504450434,
                0.6229578986309319,
                0.25224461446061924,
                0.5036446451060336,
                0.040804869493703745,
                0.6073287595893441,
                0.016203496686668737,
                -0.004030332188832392,
                0.6513081778905402,
                0.0005908912454398077,
                0.030336484590388405,
            ],
            &[
                0.5724995305984972,
                0.33930151942981623,
                0.30930732199281663,
                -0.2529858234752689,
                0.2414840822312113,
                0.125,
                0.20863903774879367,
                0.6670666885002333,
                0.37959093521938303,
                0.5011674211301477,
                0.4724067464601943,
                0.44802389521485436,
                0.6083041992523476,
                0.00795941000928663,
                -0.007178047557007875,
                0.6513081778905402,
                0.0005688213194424361,
                0.037978455285297606,
            ],
        ],
    ),
    (
        365,
        [
            &[
                0.18069038202384485,
                0.17765456357704854,
                0.26517073010674197,
                -0.6651935525141363,
                0.0,
                0.0,
                0.4973640297184465,
                0.38069223538005464,
                0.5185370795296484,
                0.19728305796624737,
                0.505980979929733,
                0.43614937490145617,
                0.40886169907904707,
                0.43879094979238853,
                -0.18136176407820728,
                0.7096691973938255,
                0.023114078654085175,
                0.7305661325873826,
            ],
            &[
                0.1621166312213011,
                0.18736145725685371,
                0.2365252249821645,
                -0.20163542416357896,
                0.07056027530038186,
                0.125,
                0.5159825193148951,
                0.3630418462153066,
                0.39701444629246124,
                0.8182507641032049,
                0.3927259233598581,
                0.5815822413805428,
                0.3749269457994138,
                0.18882141616546277,
                -0.30090335772774196,
                0.761841518410598,
                0.020779561168728995,
                0.35387800740358355,
            ],
        ],
    ),
];
