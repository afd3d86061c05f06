use pairbond::foundation::distribution::Distribution;
use pairbond::model::*;
use pairbond::simulation::{*, usual::*};
fn cpu() -> f64 { let mut t = String::new(); use std::io::Read; std::fs::File::open("/proc/self/schedstat").unwrap().read_to_string(&mut t).unwrap(); t.split(' ').next().unwrap().parse::<f64>().unwrap() }
fn main() {
    let draws = places().into_iter().map(|p| { let (f, slopes) = usual(p); (p, Draw { distribution: Distribution::new(f).unwrap(), slopes }) }).collect();
    for every in [1, 365] {
    let mut mechanisms = Mechanisms::default(); mechanisms.dissolution = false;
    let world = World { seed: 1, point: 0, size: Size { couples: 64, days: 365, steps_per_day: 1, moments: 2, replicates: 1 }, origin: Origin::new(Clone::clone(&draws), None),
        parameters: Parameters::default(), mechanisms, intimacy_target: IntimacyTarget::Mean, schedule: Schedule::default(), cuts: Cuts { trust: 0.5, intimacy: 0.5 },
        record: Record { every, observables: Observable::usual(), days: DayRows::None, stories: 0, flow_days: 30 } };
    let course = Course::new(world);
    for _ in 0..2 { for e in Engine::available() {
        let t = cpu(); let mut s = 0.0;
        for r in 0..40 { s += run_block(&course, Block { replicate: r, index: 0 }, e, None).moments.sums[5][0]; }
        println!("every {every} {:8} {:.1} ns/couple-day {s}", e.name(), (cpu() - t) / (40.0 * 64.0 * 365.0));
    } }
    }
}
