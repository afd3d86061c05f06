//! probe
use pairbond::model::Rules;
use pairbond::simulation::{Engine, generation};
fn corr(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let m = |v: &[f64]| v.iter().sum::<f64>() / n;
    let (mx, my) = (m(x), m(y));
    let (mut a, mut b, mut c) = (0.0, 0.0, 0.0);
    for (p, q) in x.iter().zip(y) { a += (p-mx)*(q-my); b += (p-mx)*(p-mx); c += (q-my)*(q-my); }
    a / (b*c).sqrt()
}
#[test]
fn probe() {
    let now = std::time::Instant::now();
    let f = generation(1, 20_000, 365, &Rules::default(), Engine::best());
    println!("time {:?}", now.elapsed());
    let get = |g: &dyn Fn(&pairbond::population::Family) -> f64| f.iter().map(g).collect::<Vec<f64>>();
    let sens = get(&|f| f.caregiver.responsiveness);
    let rep = get(&|f| -(f.caregiver.anxiety + f.caregiver.avoidance));
    let ms = |v: &[f64]| { let n=v.len() as f64; let m=v.iter().sum::<f64>()/n; (m, (v.iter().map(|x|(x-m)*(x-m)).sum::<f64>()/n).sqrt()) };
    let a = get(&|f| f.childhood.end.anxiety); let v = get(&|f| f.childhood.end.avoidance);
    println!("sens {:?} a {:?} v {:?} T {:?} Q {:?} g {:?}", ms(&sens), ms(&a), ms(&v), ms(&get(&|f| f.childhood.end.trust)), ms(&get(&|f| f.childhood.end.uncertainty)), ms(&get(&|f| f.childhood.end.autonomy)));
    println!("a-v {}", corr(&a,&v));
    println!("rep-sens {} sens-T {}", corr(&rep,&sens), corr(&sens, &get(&|f| f.childhood.end.trust)));
    for age in 0..=5 {
        let sec = get(&|f| -(f.childhood.ages[age].anxiety + f.childhood.ages[age].avoidance));
        let sa = get(&|f| f.childhood.ages[age].anxiety); let sv = get(&|f| f.childhood.ages[age].avoidance);
        let end = get(&|f| -(f.childhood.end.anxiety + f.childhood.end.avoidance));
        println!("age {age}: sens {:.3} (a {:.3} v {:.3}) rep {:.3} with end {:.3} a{:?} v{:?}", corr(&sens,&sec), corr(&sens,&sa), corr(&sens,&sv), corr(&rep,&sec), corr(&sec,&end), ms(&sa), ms(&sv));
    }
}
