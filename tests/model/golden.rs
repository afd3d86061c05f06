//! The first values written out: changing them changes results, and needs a line in the changelog.

use pairbond::foundation::chance::{BLOCK_WORDS, Key, Realm};
use pairbond::model::purposes::{Draws, blocks_per_step};
use pairbond::model::{Couple, Rules, step};
use rand::Rng;

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
    let mut rng = Key::new(2026, 0, 0, Realm::Life).stream(0, 0);
    let count = blocks_per_step(rules.clock.moments) * BLOCK_WORDS;
    for _ in 0..days {
        let words: Vec<u32> = (0..count).map(|_| rng.next_u32()).collect();
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
                0.771_882_198_973_327_8,
                0.346_059_982_992_720_5,
                0.361_329_740_248_058_14,
                -0.126_553_324_454_384_28,
                0.0,
                0.0,
                0.371_950_812_780_653,
                0.698_083_644_611_377_5,
                0.624_784_951_576_634_2,
                0.250_163_231_641_280_96,
                0.594_998_460_889_417_4,
                0.298_272_127_145_264_2,
                0.648_907_862_909_708_4,
            ],
            &[
                0.759_978_805_907_473_4,
                0.349_140_058_987_080_1,
                0.335_190_145_734_855_95,
                -0.567_960_349_245_186_2,
                0.249_525_692_162_898_66,
                0.125,
                0.075_159_546_017_535_9,
                0.696_909_606_720_975,
                0.379_948_808_025_590_67,
                0.500_085_721_248_322,
                0.593_262_083_127_197_6,
                0.298_272_127_145_264_2,
                0.650_708_416_423_975,
            ],
            &[0.000_577_455_858_619_235_8],
        ],
    ),
    (
        10,
        [
            &[
                0.627_717_828_974_397_1,
                0.319_847_134_834_396_86,
                0.552_879_709_736_127,
                -0.183_227_793_225_477_05,
                0.0,
                0.0,
                0.030_063_373_790_321_108,
                0.670_819_316_853_431_4,
                0.622_965_075_846_116_2,
                0.251_956_697_734_100_84,
                0.563_107_601_537_656_2,
                0.283_162_293_804_507_97,
                0.663_270_363_367_370_6,
            ],
            &[
                0.630_482_023_716_205,
                0.307_927_102_378_423_36,
                0.457_454_115_012_243_8,
                -0.206_355_659_811_356_98,
                0.245_297_211_662_251_66,
                0.125,
                0.075_220_801_832_190_03,
                0.665_130_291_988_333_4,
                0.379_598_928_115_874_9,
                0.501_042_591_465_167,
                0.545_810_863_156_529_7,
                0.283_162_293_804_507_97,
                0.649_137_698_157_174_8,
            ],
            &[0.005_759_576_182_452_524],
        ],
    ),
    (
        365,
        [
            &[
                0.453_480_303_787_261_23,
                0.118_310_645_633_216_03,
                0.604_843_759_906_366_9,
                -0.257_798_098_830_156_4,
                0.0,
                0.0,
                0.229_748_619_000_663_62,
                0.448_125_242_900_001,
                0.611_057_632_292_905_2,
                0.298_540_190_779_272_63,
                0.497_903_142_805_082_35,
                0.293_791_748_854_664_1,
                0.618_272_601_865_410_1,
            ],
            &[
                0.503_658_906_753_914_2,
                0.111_315_663_202_688_54,
                0.544_768_863_321_043_1,
                0.161_683_246_277_821_6,
                0.125_000_000_000_000_4,
                0.125,
                0.006_856_104_041_629_165,
                0.472_837_134_097_643_94,
                0.398_594_486_561_385_63,
                0.516_580_118_855_849_5,
                0.443_526_840_302_667_7,
                0.571_592_285_552_323,
                0.614_127_545_701_422_9,
            ],
            &[0.190_090_096_233_703_68],
        ],
    ),
];
