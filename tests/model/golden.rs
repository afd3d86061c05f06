//! The first values written out: changing them changes results, and needs a line in the changelog.

use pairbond::foundation::chance::{Drawn, Key, PAIR_WORDS, Realm};
use pairbond::model::purposes::{Draws, pairs_per_step};
use pairbond::model::{Couple, Rules, step};

/// Two unlike partners with something of everything.
fn couple() -> Couple<f64> {
    let mut couple = Couple::<f64>::usual();
    couple.contact = 1.25;
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
    (a.state.momentum, a.state.stress, b.state.hurt, b.state.scar) = (0.25, 0.5, 0.25, 0.125);
    for partner in [a, b] {
        partner.state.anxiety = partner.traits.anxiety;
        partner.state.avoidance = partner.traits.avoidance;
    }
    couple
}

/// The couple's states after so many days: A's, B's, and the investment.
fn after(days: u64) -> [Vec<f64>; 3] {
    let (mut couple, rules) = (couple(), Rules::default());
    let mut source = f64::open(&Key::new(2026, 0, 0, Realm::Life), &[0]);
    let pairs = pairs_per_step(rules.clock.moments);
    let mut words = vec![0; pairs * PAIR_WORDS];
    for day in 0..days {
        f64::fill(&mut source, day * pairs as u64, &mut words);
        let _ = step(&mut couple, &Draws::new(&words), &rules, &mut ());
    }
    let [a, b] = couple
        .partners
        .map(|partner| partner.state.fields().into_iter().copied().collect());
    [a, b, vec![couple.investment]]
}

#[test]
fn a_couples_life_is_what_it_was() {
    for (days, expected) in LIVES {
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

/// Day, then trust, uncertainty, intimacy, mood, hurt, scar, stress, autonomy, anxiety, avoidance,
/// commitment, alternatives and well-being of A and of B, and the investment.
const LIVES: [(u64, [&[f64]; 3]); 3] = [
    (
        1,
        [
            &[
                0.7678589109429685,
                0.34656954541226653,
                0.4545222408549284,
                -0.3334542301081814,
                0.0,
                0.0,
                0.37297040773834655,
                0.697644055711165,
                0.6247852441723799,
                0.25016524329520623,
                0.42402061248681067,
                0.0,
                0.6495159199977287,
            ],
            &[
                0.7503307145542939,
                0.3500589437476906,
                0.3906719579949749,
                -0.7491535384383408,
                0.24952569216289866,
                0.125,
                0.07553275910185793,
                0.6966355017404857,
                0.37994899047321645,
                0.5000892024489676,
                0.4229476690370802,
                0.0,
                0.6510503390431049,
            ],
            &[0.0008660587301657641],
        ],
    ),
    (
        10,
        [
            &[
                0.5912770159893695,
                0.31775591850178,
                0.5436237121797411,
                -0.2610256147718639,
                0.0,
                0.0,
                0.030595812383415757,
                0.6676630778828957,
                0.6229781682578612,
                0.252021946630444,
                0.4578664666798985,
                0.0,
                0.6648710978395466,
            ],
            &[
                0.5589097505500984,
                0.3119449674791787,
                0.44733650975100714,
                -0.31665851481428164,
                0.24529721166225166,
                0.125,
                0.07809205770450464,
                0.6609832667343546,
                0.3796140213543084,
                0.5012146361150553,
                0.44758909605556413,
                0.0,
                0.6493066833556221,
            ],
            &[0.008626912537337626],
        ],
    ),
    (
        365,
        [
            &[
                0.36414648397474475,
                0.14498887734872762,
                0.44213390280268927,
                -0.45031387068158685,
                0.0,
                0.0,
                0.2324608043618903,
                0.42177374914547855,
                0.6138336708435115,
                0.3095781406915025,
                0.5143854752097432,
                0.42613973384149983,
                0.568630176604455,
            ],
            &[
                0.3437597522473101,
                0.1561895033199475,
                0.4115545613386786,
                0.35778547826755397,
                0.1250000000000004,
                0.125,
                0.008831657234422514,
                0.411373954897493,
                0.40512204882618247,
                0.5332953051127606,
                0.45213888665922847,
                0.5362580342614861,
                0.5464947814413417,
            ],
            &[0.271121626533214],
        ],
    ),
];
