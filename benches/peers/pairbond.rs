//! The reference workload of `benches/peers` on this library's vectors: two numbers of state for each
//! partner, four uniform numbers a day. It has nothing to do with pairbond's own model.
//!
//! `peer_workload r1 COUPLES DAYS SEED THREADS` or `peer_workload r2 THREADS TABLE [SEED]` prints one line
//! of JSON. A day takes one random word of 64 bits, whose quarters are its four uniform numbers: 16 bits
//! put a probability off by at most 2⁻¹⁷ and a mean by nothing. `--bits 32` after the arguments takes a
//! word for each episode, and half of it for each number. Without arguments, all backends are compared.
//!
//! Two things make it fast. Everything that touches a vector is `#[inline(always)]` and free of
//! closures, since a function that is not inlined cannot use the vector registers. And a few couples are
//! simulated for all their days before the next ones, so that they stay in the processor's first cache.

use pairbond::internals::{cpu_time, peak_memory};
use pairbond::rng::{Key, PAIR_WORDS, StreamKind, VectorRng};
use pairbond::simd::Vector;
use pairbond::simd::{Backend, Kernel};
use rayon::prelude::*;
use std::error::Error;
use std::fmt::Write;
use std::ops::Range;

/// Couples in a row: as many as the widest vector holds. Sums run over rows, then over the row.
const ROW: usize = 8;
/// Rows that are simulated together.
const ROWS: usize = 4;
/// Couples of one task: whole groups of rows.
const TASK: u64 = 1024;

/// How many bits of a random word a day's uniform numbers take.
#[derive(Clone, Copy, Debug)]
enum Bits {
    /// All numbers of a day come from one word.
    Sixteen,
    /// Each episode has its own word.
    ThirtyTwo,
}

impl Bits {
    fn read(text: &str) -> Result<Bits, Box<dyn Error>> {
        match text {
            "16" => Ok(Bits::Sixteen),
            "32" => Ok(Bits::ThirtyTwo),
            _ => Err(format!("--bits is {text}, and must be 16 or 32").into()),
        }
    }
}

/// The two uniform numbers of each partner's episode from a day's words, of which there are one or two.
#[inline(always)]
fn uniforms<V: Vector, const WORDS: usize>(words: &[V::Word]) -> [[V; 2]; 2] {
    if WORDS == 1 {
        let word = words[0];
        [
            [V::uniform::<0, 16>(word), V::uniform::<16, 16>(word)],
            [V::uniform::<32, 16>(word), V::uniform::<48, 16>(word)],
        ]
    } else {
        let [a, b] = [words[0], words[1]];
        [
            [V::uniform::<0, 32>(a), V::uniform::<32, 32>(a)],
            [V::uniform::<0, 32>(b), V::uniform::<32, 32>(b)],
        ]
    }
}

/// A uniform number from 52 bits of a word.
#[inline(always)]
fn uniform<V: Vector>(word: V::Word) -> V {
    V::uniform::<12, 52>(word)
}

/// A partner of each couple of a vector.
#[derive(Clone, Copy)]
struct Partner<V> {
    trust: V,
    intimacy: V,
    /// 0.015 o (1 − 0.7 v) / 8: the step of intimacy by one disclosure.
    disclosure: V,
    /// 0.4 r (1 − 0.3 v): probability to answer without intimacy.
    answer_base: V,
    /// 0.6 r (1 − 0.3 v): what intimacy adds to it.
    answer_intimacy: V,
    /// 0.5 a.
    distrust: V,
    /// 0.3 (1 − a).
    patience: V,
}

/// Means that traits of a sweep's cell vary around.
#[derive(Clone, Copy)]
struct Means {
    responsiveness: f64,
    anxiety: f64,
}

impl<V: Vector> Partner<V> {
    /// Draws a partner from six words.
    #[inline(always)]
    fn drawn(words: &[V::Word], means: Option<Means>) -> Partner<V> {
        let mut responsiveness: V = uniform(words[2]);
        let mut anxiety: V = uniform(words[4]);
        if let Some(means) = means {
            responsiveness = ((responsiveness - 0.5) * 0.2 + means.responsiveness).clamp01();
            anxiety = ((anxiety - 0.5) * 0.2 + means.anxiety).clamp01();
        }
        let (openness, avoidance): (V, V) = (uniform(words[3]), uniform(words[5]));
        let answering = responsiveness * (avoidance * 0.3).one_minus();
        Partner {
            trust: uniform(words[0]),
            intimacy: uniform(words[1]),
            disclosure: openness * (avoidance * 0.7).one_minus() * (0.015 / 8.0),
            answer_base: answering * 0.4,
            answer_intimacy: answering * 0.6,
            distrust: anxiety * 0.5,
            patience: anxiety.one_minus() * 0.3,
        }
    }

    /// Trust and intimacy after this partner disclosed to the other.
    #[inline(always)]
    fn after_disclosing(&self, other: &Partner<V>, [u1, u2]: [V; 2]) -> (V, V) {
        let (t, m) = (self.trust, self.intimacy);
        let open = self.disclosure * t.mul_add_scalar(3.0, V::splat(1.0));
        let step = open.mul_add(m, open);
        let answered = u1.lt(other
            .answer_intimacy
            .mul_add(other.intimacy, other.answer_base));
        let doubtful = t.one_minus();
        let felt = V::splat(1.0)
            .sub_mul(self.distrust * doubtful, u2)
            .select(answered, u2 * self.patience);
        let gained = (felt * 0.02).mul_add(doubtful, t);
        let lost = felt.mul_add_scalar(0.06, V::splat(-0.06)).mul_add(t, t);
        let trust = gained.select(felt.ge(V::splat(0.5)), lost);
        // 0.03 d q (1 − m) − 0.015 d (1 − q) m is 0.015 d (q (2 − m) − m).
        let growth = felt.mul_sub(-m + 2.0, m);
        (trust, step.mul_add(growth, m * 0.996))
    }
}

/// Both partners of each couple of a vector.
type Couple<V> = [Partner<V>; 2];

/// Simulates a day of a vector's couples; both updates start from the day's beginning.
#[inline(always)]
fn simulate_day<V: Vector, const WORDS: usize>(couple: &mut Couple<V>, words: &[V::Word]) {
    let [a, b] = *couple;
    let [of_a, of_b] = uniforms::<V, WORDS>(words);
    let (trust_a, intimacy_a) = a.after_disclosing(&b, of_a);
    let (trust_b, intimacy_b) = b.after_disclosing(&a, of_b);
    (couple[0].trust, couple[0].intimacy) = (trust_a, intimacy_a);
    (couple[1].trust, couple[1].intimacy) = (trust_b, intimacy_b);
}

/// Sums over some couples.
#[derive(Clone, Debug, PartialEq)]
struct Sums {
    /// Sums of trust and of intimacy over all partners, at the end of each day.
    days: Vec<[f64; 2]>,
    /// Sums over couples of the squares of their mean trust and intimacy on the last day.
    squares: [f64; 2],
}

impl Sums {
    fn join(mut self, next: &Sums) -> Sums {
        let pairs = self.days.iter_mut().zip(&next.days);
        for (ours, theirs) in pairs.chain([(&mut self.squares, &next.squares)]) {
            ours[0] += theirs[0];
            ours[1] += theirs[1];
        }
        self
    }
}

/// Couples of one population, and for how many days.
#[derive(Clone, Copy)]
struct Population {
    seed: u64,
    /// Number of the sweep's cell, which has its own random numbers.
    cell: u32,
    couples: u64,
    days: usize,
    means: Option<Means>,
    bits: Bits,
}

impl Population {
    fn key(&self, kind: StreamKind) -> Key {
        Key::new(self.seed, 0, self.cell, kind)
    }

    /// Simulates all couples, in tasks for any thread, and joins their sums in order.
    fn simulate(&self, backend: Backend) -> Sums {
        let task = |number: u64| {
            let couples = number * TASK..((number + 1) * TASK).min(self.couples);
            match self.bits {
                Bits::Sixteen => backend.run(Task::<1>(self, couples)),
                Bits::ThirtyTwo => backend.run(Task::<2>(self, couples)),
            }
        };
        let tasks = self.couples.div_ceil(TASK);
        let sums: Vec<Sums> = (0..tasks).into_par_iter().map(task).collect();
        let nothing = Sums {
            days: vec![[0.0; 2]; self.days],
            squares: [0.0; 2],
        };
        sums.iter().fold(nothing, Sums::join)
    }
}

/// Some couples of a population; a day takes WORDS words.
struct Task<'a, const WORDS: usize>(&'a Population, Range<u64>);

impl<const WORDS: usize> Kernel for Task<'_, WORDS> {
    type Output = Sums;

    #[inline(always)]
    fn run<V: VectorRng>(self) -> Sums {
        let Task(population, couples) = self;
        let days = population.days;
        let lanes = ROW / V::LANES;
        let mut sums = vec![[V::splat(0.0); 2]; days * lanes];
        let mut squares = vec![[V::splat(0.0); 2]; lanes];
        let mut first = couples.start;
        while first < couples.end {
            let end = (first + (ROW * ROWS) as u64).min(couples.end);
            simulate_rows::<V, WORDS>(population, first..end, &mut sums, &mut squares);
            first = end;
        }
        let mut result = Sums {
            days: Vec::with_capacity(days),
            squares: total(&squares),
        };
        for day in sums.chunks_exact(lanes) {
            result.days.push(total(day));
        }
        result
    }
}

/// The sums over the couples of a row.
#[inline(always)]
fn total<V: Vector>(row: &[[V; 2]]) -> [f64; 2] {
    let mut lanes = [[V::splat(0.0); ROW]; 2];
    for (place, [trust, intimacy]) in row.iter().enumerate() {
        lanes[0][place] = *trust;
        lanes[1][place] = *intimacy;
    }
    [
        V::reduce_sum(&lanes[0][..row.len()]),
        V::reduce_sum(&lanes[1][..row.len()]),
    ]
}

/// Simulates a few rows of couples for all days.
#[inline(always)]
fn simulate_rows<V: VectorRng, const WORDS: usize>(
    population: &Population,
    couples: Range<u64>,
    sums: &mut [[V; 2]],
    squares: &mut [[V; 2]],
) {
    let lanes = ROW / V::LANES;
    let [origin, life] = [StreamKind::Origin, StreamKind::Life].map(|kind| population.key(kind));
    let mut words = [V::ZERO; PAIR_WORDS];
    let (mut group, mut sources, mut there) = (Vec::new(), Vec::new(), Vec::new());
    let numbers: Vec<u64> = couples.collect();
    for numbers in numbers.chunks(V::LANES) {
        V::fill(&mut V::streams(&origin, numbers), 0, &mut words);
        let a = Partner::<V>::drawn(&words[..6], population.means);
        let b = Partner::<V>::drawn(&words[6..12], population.means);
        group.push([a, b]);
        sources.push(V::streams(&life, numbers));
        let mut present = V::splat(0.0);
        for place in 0..numbers.len() {
            present.replace(place, 1.0);
        }
        there.push(present.ge(V::splat(1.0)));
    }
    let days_read = PAIR_WORDS / WORDS;
    let mut words = vec![V::ZERO; group.len() * PAIR_WORDS];
    for first in (0..population.days).step_by(days_read) {
        let read = words.chunks_exact_mut(PAIR_WORDS);
        for (source, words) in sources.iter_mut().zip(read) {
            V::fill(source, (first / days_read) as u64, words);
        }
        for day in first..(first + days_read).min(population.days) {
            let sums = &mut sums[day * lanes..(day + 1) * lanes];
            for lane in 0..group.len() {
                let at = lane * PAIR_WORDS + (day - first) * WORDS;
                simulate_day::<V, WORDS>(&mut group[lane], &words[at..at + WORDS]);
                let [a, b] = &group[lane];
                let sum = &mut sums[lane % lanes];
                sum[0] += (a.trust + b.trust).masked(there[lane]);
                sum[1] += (a.intimacy + b.intimacy).masked(there[lane]);
            }
        }
    }
    for (lane, [a, b]) in group.iter().enumerate() {
        let trust = ((a.trust + b.trust) * 0.5).masked(there[lane]);
        let intimacy = ((a.intimacy + b.intimacy) * 0.5).masked(there[lane]);
        squares[lane % lanes][0] += trust * trust;
        squares[lane % lanes][1] += intimacy * intimacy;
    }
}

/// Means and standard deviations over couples on the last day, and means over the days' means.
struct Results {
    last: [f64; 2],
    sd: [f64; 2],
    days: [f64; 2],
}

impl Results {
    fn of(population: &Population, sums: &Sums) -> Results {
        let couples = population.couples as f64;
        let mean = |sums: &[f64; 2], who: usize| sums[who] / (2.0 * couples);
        let last = &sums.days[population.days - 1];
        let over_days = |who| sums.days.iter().map(|day| mean(day, who)).sum::<f64>();
        let spread = |who| (sums.squares[who] / couples - mean(last, who).powi(2)).max(0.0);
        Results {
            last: [0, 1].map(|who| mean(last, who)),
            sd: [0, 1].map(|who| spread(who).sqrt()),
            days: [0, 1].map(|who| over_days(who) / population.days as f64),
        }
    }
}

/// The grid of R2: 20 × 20 cells of 200 couples for a year.
fn sweep(seed: u64, bits: Bits, backend: Backend) -> String {
    let side = |k: u32| 0.05 + 0.9 * f64::from(k) / 19.0;
    let cell = |cell: u32| {
        let means = Means {
            responsiveness: side(cell / 20),
            anxiety: side(cell % 20),
        };
        let population = Population {
            seed,
            cell: cell + 1,
            couples: 200,
            days: 365,
            means: Some(means),
            bits,
        };
        let found = Results::of(&population, &population.simulate(backend));
        let ([t, m], [st, sm], [dt, dm]) = (found.last, found.sd, found.days);
        let (r, a) = (means.responsiveness, means.anxiety);
        format!("{r:.6},{a:.6},{t:.9},{st:.9},{m:.9},{sm:.9},{dt:.9},{dm:.9}\n")
    };
    let rows: Vec<String> = (0..400).into_par_iter().map(cell).collect();
    let schema =
        "responsiveness,anxiety,trust,trust_sd,intimacy,intimacy_sd,trust_days,intimacy_days\n";
    schema.to_owned() + &rows.concat()
}

/// The process's largest resident set (MiB), or `null` where it is not known.
fn peak_mib() -> String {
    let mib = |bytes: u64| format!("{:.3}", bytes as f64 / 1_048_576.0);
    peak_memory().map_or("null".to_owned(), mib)
}

fn on_threads<T: Send>(
    threads: usize,
    work: impl FnOnce() -> T + Send,
) -> Result<T, Box<dyn Error>> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()?;
    Ok(pool.install(work))
}

/// The population of R1.
fn population(couples: u64, days: usize, seed: u64, bits: Bits) -> Population {
    Population {
        seed,
        cell: 0,
        couples,
        days,
        means: None,
        bits,
    }
}

fn r1(population: &Population, threads: usize) -> Result<String, Box<dyn Error>> {
    let (couples, days) = (population.couples, population.days);
    let (setup, wall) = (cpu_time(), std::time::Instant::now());
    let sums = on_threads(threads, || population.simulate(Backend::best()))?;
    let (cpu, wall) = (
        (cpu_time() - setup).as_secs_f64(),
        wall.elapsed().as_secs_f64(),
    );
    let found = Results::of(population, &sums);
    let mut line = format!(
        "{{\"workload\":\"r1\",\"couples\":{couples},\"days\":{days},\"setup_s\":{:.6},\"cpu_s\":{cpu:.6},\
         \"wall_s\":{wall:.6},\"peak_mib\":{}",
        setup.as_secs_f64(),
        peak_mib(),
    );
    for (who, name) in ["trust", "intimacy"].into_iter().enumerate() {
        let (last, sd, days) = (found.last[who], found.sd[who], found.days[who]);
        write!(
            line,
            ",\"{name}\":{last:.9},\"{name}_sd\":{sd:.9},\"{name}_days\":{days:.9}"
        )?;
    }
    Ok(line + "}")
}

fn r2(threads: usize, table: &str, seed: u64, bits: Bits) -> Result<String, Box<dyn Error>> {
    let begin = cpu_time();
    let text = on_threads(threads, || sweep(seed, bits, Backend::best()))?;
    std::fs::write(table, text)?;
    let cpu = (cpu_time() - begin).as_secs_f64();
    let peak = peak_mib();
    Ok(format!(
        "{{\"workload\":\"r2\",\"cells\":400,\"cpu_s\":{cpu:.6},\"peak_mib\":{peak}}}"
    ))
}

/// Simulates 20,000 couples for a year with every backend.
fn show(bits: Bits) -> Result<String, Box<dyn Error>> {
    let population = population(20_001, 365, 1, bits);
    let definition = on_threads(1, || population.simulate(Backend::Scalar))?;
    for backend in Backend::available() {
        let sums = on_threads(2, || population.simulate(backend))?;
        assert!(sums == definition, "{} gives other bits", backend.name());
    }
    let found = Results::of(&population, &definition);
    // Means after a year, from 100,000 couples in C; couples' means deviate by about 0.06.
    let expected = [("trust", 0.0863), ("intimacy", 0.1570)];
    for (who, (name, expected)) in expected.into_iter().enumerate() {
        let (mean, error) = (found.last[who], 4.0 * found.sd[who]);
        let error = error / (population.couples as f64).sqrt();
        assert!((mean - expected).abs() < error, "{name} {mean}");
    }
    Ok(format!(
        "{} backends give the same bits: after a year mean trust is {:.4}, mean intimacy {:.4}",
        Backend::available().len(),
        found.last[0],
        found.last[1],
    ))
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (arguments, bits) = match &arguments[..] {
        [arguments @ .., "--bits", bits] => (arguments, Bits::read(bits)?),
        arguments => (arguments, Bits::Sixteen),
    };
    let line = match *arguments {
        [] => show(bits)?,
        ["r1", couples, days, seed, threads] => r1(
            &population(couples.parse()?, days.parse()?, seed.parse()?, bits),
            threads.parse()?,
        )?,
        ["r2", threads, table] => r2(threads.parse()?, table, 1, bits)?,
        ["r2", threads, table, seed] => r2(threads.parse()?, table, seed.parse()?, bits)?,
        _ => {
            return Err(
                "peer_workload [r1 COUPLES DAYS SEED THREADS | r2 THREADS TABLE [SEED]] [--bits 16|32]"
                    .into(),
            );
        }
    };
    println!("{line}");
    Ok(())
}
