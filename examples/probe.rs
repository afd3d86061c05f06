use pairbond::foundation::{chance::*, pack::*};
use pairbond::model::{*, purposes::*};
use rand::Rng;
#[inline(always)]
fn body(key: &Key, rules: &Rules, first: u64, days: u64) -> Couple<Pack> {
    let mut c = Couple::<Pack>::usual();
    for k in 0..WIDTH { c.partners[0].traits.responsiveness.0[k] = 0.6 + 0.04 * k as f64; }
    let mut words = [[0u32; WIDTH]; 48];
    for d in 0..days {
        for b in 0..3 { words[b*16..][..16].copy_from_slice(&key.blocks(first, d * 3 + b as u64)); }
        let _ = step(&mut c, &Draws::new(&words), rules, &mut ());
    }
    c
}
#[target_feature(enable = "avx2")]
fn avx2(key: &Key, rules: &Rules, first: u64, days: u64) -> Couple<Pack> { body(key, rules, first, days) }
#[inline(always)]
fn keys(key: &Key, first: u64, days: u64) -> u32 { let mut s = 0u32; for d in 0..days*3 { let w = key.blocks(first, d); for x in w { for y in x { s ^= y; } } } s }
#[target_feature(enable = "avx2")]
fn keys_avx2(key: &Key, first: u64, days: u64) -> u32 { keys(key, first, days) }
fn main() {
    let key = Key::new(1, 0, 0, Realm::Life); let mut rules = Rules::default(); 
    let days = 365u64; let groups = 200u64;
    for _ in 0..3 {
        let t = std::time::Instant::now(); let mut s = 0.0;
        for g in 0..groups { s += unsafe { avx2(&key, &rules, g * 8, days) }.partners[0].state.trust.0[3]; }
        println!("avx2 {:.1} ns/couple-day {s}", t.elapsed().as_nanos() as f64 / (groups * 8 * days) as f64);
        let t = std::time::Instant::now(); let mut s = 0;
        for g in 0..groups { s ^= unsafe { keys_avx2(&key, g * 8, days) }; }
        println!("  keys {:.1} {s}", t.elapsed().as_nanos() as f64 / (groups * 8 * days) as f64);
        let t = std::time::Instant::now(); let mut s = 0.0;
        for g in 0..groups/4 { s += body(&key, &rules, g * 8, days).partners[0].state.trust.0[3]; }
        println!("base {:.1} {s}", t.elapsed().as_nanos() as f64 / (groups/4 * 8 * days) as f64);
        let t = std::time::Instant::now(); let mut s = 0.0;
        for g in 0..groups { let mut c = Couple::<f64>::usual(); c.partners[0].traits.responsiveness = 0.6; let mut rng = key.stream(g, 0);
          for _ in 0..days { let w: [u32;48] = std::array::from_fn(|_| rng.next_u32()); let _ = step(&mut c, &Draws::new(&w), &rules, &mut ()); } s += c.partners[0].state.trust; }
        println!("scalar {:.1} {s}", t.elapsed().as_nanos() as f64 / (groups * days) as f64);
        rules.mechanisms.momentum = true;
    }
}
