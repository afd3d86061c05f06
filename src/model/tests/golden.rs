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
                0.45819330586715823,
                0.0,
                0.6443443710924657,
                0.0018163251152581877,
                -0.00024246307967557842,
                0.6556396856565019,
                5.622776035604519e-05,
                0.00540792706317033,
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
                0.45494907577630844,
                0.4500686335569031,
                0.645438076819509,
                0.000501091036658452,
                -0.00026378455783520943,
                0.6556396856565019,
                5.595664764043964e-05,
                0.005549636361123421,
            ],
        ],
    ),
    (
        10,
        [
            &[
                0.5558248634868851,
                0.34332000468685475,
                0.32803530534037145,
                -0.23863203450940199,
                0.0,
                0.0,
                0.24020862691584202,
                0.6729936577941771,
                0.6229579089653616,
                0.25224498749723184,
                0.5024328921414193,
                0.040804869493703745,
                0.6072751730583795,
                0.01619606395286294,
                -0.004040600208968862,
                0.6513081778905402,
                0.0005908272510754739,
                0.04029606376841794,
            ],
            &[
                0.5722610033066199,
                0.3393278379406753,
                0.30925299380086113,
                -0.25373449708889956,
                0.2414840822312113,
                0.125,
                0.2086794854911281,
                0.6670619129223715,
                0.3795909453946761,
                0.501167774527627,
                0.4749446642549962,
                0.44802389521485436,
                0.6082605345184251,
                0.007955322898843965,
                -0.007191492263734651,
                0.6513081778905402,
                0.0005687771176275065,
                0.046925940820890466,
            ],
        ],
    ),
    (
        365,
        [
            &[
                0.17993208567253288,
                0.1777397035389698,
                0.2642220739881354,
                -0.6638245602842603,
                0.0,
                0.0,
                0.49748139600721974,
                0.38047760568238137,
                0.5185858760294016,
                0.19742763967849786,
                0.5304233441202554,
                0.43614937490145617,
                0.4085485707502186,
                0.4372745939771811,
                -0.1822947787519633,
                0.7096691973938255,
                0.02300163019332525,
                0.7305687131457749,
            ],
            &[
                0.1619000962331933,
                0.18737680399550233,
                0.23572079980733515,
                -0.20066658056564973,
                0.07056027530038186,
                0.125,
                0.5160022309504493,
                0.3630195124337388,
                0.39705131167840657,
                0.8183356931787495,
                0.41675105417357233,
                0.5815822413805428,
                0.3747017285742456,
                0.18771574704915617,
                -0.3016573019724546,
                0.761841518410598,
                0.02067315738857134,
                0.3518299611492792,
            ],
        ],
    ),
];
