//! A model of one's own on the library's building blocks:
//! `cargo run --release --example own_model`.
//!
//! The model is the small reference workload of `benches/peers`, which has nothing to do with
//! pairbond's own: two numbers of state for each partner, four uniform numbers a day. What it takes
//! from the crate are lanes, addressed chance and engines. The text below is written once, over a
//! [`Vector`]; which registers it runs in is chosen when the program starts, and every engine gives the
//! same bits, for any number of threads.
//!
//! Two habits make it fast. Everything that touches a lane's numbers is `#[inline(always)]` and free
//! of closures, as what the compiler keeps as a function of its own does not see the vector registers.
//! And a few couples are lived for all their days before the next ones, so that they stay in the
//! processor's first cache.
//!
//! A day takes one random word of 64 bits, whose quarters are its four uniform numbers. 16 bits put a
//! probability off by at most 2⁻¹⁷ and a mean by nothing. Where that is too coarse, each episode takes
//! a word, and each number half of it, which is slower.
//!
//! With words it is the workload that `benches/peers/run.py` measures: `own_model r1 COUPLES DAYS SEED
//! THREADS` or `own_model r2 THREADS TABLE [SEED]`, with one line of JSON on standard output. `--bits 32`
//! after them takes a word for each episode.

use pairbond::internals::{cpu_time, peak_memory};
use pairbond::rng::{Key, PAIR_WORDS, StreamKind, VectorRng};
use pairbond::simd::{Backend, Kernel};
use pairbond::simd::Vector;
use rayon::prelude::*;
use std::error::Error;
use std::fmt::Write;
use std::ops::Range;

/// Couples in a row: as many as the widest lane holds. Sums run over rows, then over the row.
const ROW: usize = 8;
/// Rows that are lived side by side.
const ROWS: usize = 4;
/// Couples of one task: whole groups of rows.
const TASK: u64 = 1024;

/// How many bits of a random word a day's uniform numbers take.
#[derive(Clone, Copy, Debug)]
enum Bits {
    /// All numbers of a day come from one word.
    Sixteen,
    /// Each episode has a word of its own.
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
fn uniforms<L: Vector, const WORDS: usize>(words: &[L::Word]) -> [[L; 2]; 2] {
    if WORDS == 1 {
        let word = words[0];
        [
            [L::uniform::<0, 16>(word), L::uniform::<16, 16>(word)],
            [L::uniform::<32, 16>(word), L::uniform::<48, 16>(word)],
        ]
    } else {
        let [a, b] = [words[0], words[1]];
        [
            [L::uniform::<0, 32>(a), L::uniform::<32, 32>(a)],
            [L::uniform::<0, 32>(b), L::uniform::<32, 32>(b)],
        ]
    }
}

/// A uniform number from 52 bits of a word.
#[inline(always)]
fn uniform<L: Vector>(word: L::Word) -> L {
    L::uniform::<12, 52>(word)
}

/// A partner of each couple of a lane.
#[derive(Clone, Copy)]
struct Partner<L> {
    trust: L,
    intimacy: L,
    /// 0.015 o (1 − 0.7 v) / 8: what openness and avoidance make of an occasion to disclose, as a step
    /// of intimacy.
    frankness: L,
    /// 0.4 r (1 − 0.3 v): what responsiveness and avoidance make of one to answer without intimacy.
    warmth: L,
    /// 0.6 r (1 − 0.3 v): what intimacy adds.
    fondness: L,
    /// 0.5 a.
    doubt: L,
    /// 0.3 (1 − a).
    patience: L,
}

/// Means that traits of a sweep's cell vary around.
#[derive(Clone, Copy)]
struct Means {
    responsiveness: f64,
    anxiety: f64,
}

impl<L: Vector> Partner<L> {
    /// Draws a partner from six words.
    #[inline(always)]
    fn drawn(words: &[L::Word], means: Option<Means>) -> Partner<L> {
        let mut responsiveness: L = uniform(words[2]);
        let mut anxiety: L = uniform(words[4]);
        if let Some(means) = means {
            responsiveness = ((responsiveness - 0.5) * 0.2 + means.responsiveness).clamp01();
            anxiety = ((anxiety - 0.5) * 0.2 + means.anxiety).clamp01();
        }
        let (openness, avoidance): (L, L) = (uniform(words[3]), uniform(words[5]));
        let answering = responsiveness * (avoidance * 0.3).one_minus();
        Partner {
            trust: uniform(words[0]),
            intimacy: uniform(words[1]),
            frankness: openness * (avoidance * 0.7).one_minus() * (0.015 / 8.0),
            warmth: answering * 0.4,
            fondness: answering * 0.6,
            doubt: anxiety * 0.5,
            patience: anxiety.one_minus() * 0.3,
        }
    }

    /// Trust and intimacy after this partner disclosed to the other.
    #[inline(always)]
    fn after_disclosing(&self, other: &Partner<L>, [u1, u2]: [L; 2]) -> (L, L) {
        let (t, m) = (self.trust, self.intimacy);
        let open = self.frankness * t.mul_add_scalar(3.0, L::splat(1.0));
        let step = open.mul_add(m, open);
        let answered = u1.lt(other.fondness.mul_add(other.intimacy, other.warmth));
        let doubtful = t.one_minus();
        let felt = L::splat(1.0)
            .sub_mul(self.doubt * doubtful, u2)
            .select(answered, u2 * self.patience);
        let gained = (felt * 0.02).mul_add(doubtful, t);
        let lost = felt.mul_add_scalar(0.06, L::splat(-0.06)).mul_add(t, t);
        let trust = gained.select(felt.ge(L::splat(0.5)), lost);
        // 0.03 d q (1 − m) − 0.015 d (1 − q) m is 0.015 d (q (2 − m) − m).
        let growth = felt.mul_sub(-m + 2.0, m);
        (trust, step.mul_add(growth, m * 0.996))
    }
}

/// Both partners of each couple of a lane.
type Couple<L> = [Partner<L>; 2];

/// Lives a day of a lane's couples; both updates start from the day's beginning.
#[inline(always)]
fn live_a_day<L: Vector, const WORDS: usize>(couple: &mut Couple<L>, words: &[L::Word]) {
    let [a, b] = *couple;
    let [of_a, of_b] = uniforms::<L, WORDS>(words);
    let (trust_a, intimacy_a) = a.after_disclosing(&b, of_a);
    let (trust_b, intimacy_b) = b.after_disclosing(&a, of_b);
    (couple[0].trust, couple[0].intimacy) = (trust_a, intimacy_a);
    (couple[1].trust, couple[1].intimacy) = (trust_b, intimacy_b);
}

/// What is known of some couples.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    /// Sums of trust and of intimacy over all partners, at the end of each day.
    days: Vec<[f64; 2]>,
    /// Sums over couples of the squares of their mean trust and intimacy on the last day.
    squares: [f64; 2],
}

impl Seen {
    fn join(mut self, next: &Seen) -> Seen {
        let pairs = self.days.iter_mut().zip(&next.days);
        for (ours, theirs) in pairs.chain([(&mut self.squares, &next.squares)]) {
            ours[0] += theirs[0];
            ours[1] += theirs[1];
        }
        self
    }
}

/// A population: who is meant, for how long.
#[derive(Clone, Copy)]
struct Population {
    seed: u64,
    /// Number of the sweep's cell, whose chance is its own.
    cell: u32,
    couples: u64,
    days: usize,
    means: Option<Means>,
    bits: Bits,
}

impl Population {
    fn key(&self, realm: StreamKind) -> Key {
        Key::new(self.seed, 0, self.cell, realm)
    }

    /// Lives all couples, in tasks that any thread may do, and joins what was seen in their order.
    fn live(&self, engine: Backend) -> Seen {
        let task = |number: u64| {
            let couples = number * TASK..((number + 1) * TASK).min(self.couples);
            match self.bits {
                Bits::Sixteen => engine.run(Task::<1>(self, couples)),
                Bits::ThirtyTwo => engine.run(Task::<2>(self, couples)),
            }
        };
        let tasks = self.couples.div_ceil(TASK);
        let seen: Vec<Seen> = (0..tasks).into_par_iter().map(task).collect();
        let nothing = Seen {
            days: vec![[0.0; 2]; self.days],
            squares: [0.0; 2],
        };
        seen.iter().fold(nothing, Seen::join)
    }
}

/// Some couples of a population, whose days take so many words.
struct Task<'a, const WORDS: usize>(&'a Population, Range<u64>);

impl<const WORDS: usize> Kernel for Task<'_, WORDS> {
    type Output = Seen;

    #[inline(always)]
    fn run<L: VectorRng>(self) -> Seen {
        let Task(population, couples) = self;
        let days = population.days;
        let lanes = ROW / L::LANES;
        let mut sums = vec![[L::splat(0.0); 2]; days * lanes];
        let mut squares = vec![[L::splat(0.0); 2]; lanes];
        let mut first = couples.start;
        while first < couples.end {
            let end = (first + (ROW * ROWS) as u64).min(couples.end);
            live_group::<L, WORDS>(population, first..end, &mut sums, &mut squares);
            first = end;
        }
        let mut seen = Seen {
            days: Vec::with_capacity(days),
            squares: total(&squares),
        };
        for day in sums.chunks_exact(lanes) {
            seen.days.push(total(day));
        }
        seen
    }
}

/// The sums over the couples of a row.
#[inline(always)]
fn total<L: Vector>(row: &[[L; 2]]) -> [f64; 2] {
    let mut lanes = [[L::splat(0.0); ROW]; 2];
    for (place, [trust, intimacy]) in row.iter().enumerate() {
        lanes[0][place] = *trust;
        lanes[1][place] = *intimacy;
    }
    [
        L::reduce_sum(&lanes[0][..row.len()]),
        L::reduce_sum(&lanes[1][..row.len()]),
    ]
}

/// Lives a few rows of couples through all days.
#[inline(always)]
fn live_group<L: VectorRng, const WORDS: usize>(
    population: &Population,
    couples: Range<u64>,
    sums: &mut [[L; 2]],
    squares: &mut [[L; 2]],
) {
    let lanes = ROW / L::LANES;
    let [origin, life] = [StreamKind::Origin, StreamKind::Life].map(|realm| population.key(realm));
    let mut words = [L::ZERO; PAIR_WORDS];
    let (mut group, mut sources, mut there) = (Vec::new(), Vec::new(), Vec::new());
    let numbers: Vec<u64> = couples.collect();
    for numbers in numbers.chunks(L::LANES) {
        L::fill(&mut L::streams(&origin, numbers), 0, &mut words);
        let a = Partner::<L>::drawn(&words[..6], population.means);
        let b = Partner::<L>::drawn(&words[6..12], population.means);
        group.push([a, b]);
        sources.push(L::streams(&life, numbers));
        let mut present = L::splat(0.0);
        for place in 0..numbers.len() {
            present.replace(place, 1.0);
        }
        there.push(present.ge(L::splat(1.0)));
    }
    let days_read = PAIR_WORDS / WORDS;
    let mut words = vec![L::ZERO; group.len() * PAIR_WORDS];
    for first in (0..population.days).step_by(days_read) {
        let read = words.chunks_exact_mut(PAIR_WORDS);
        for (source, words) in sources.iter_mut().zip(read) {
            L::fill(source, (first / days_read) as u64, words);
        }
        for day in first..(first + days_read).min(population.days) {
            let sums = &mut sums[day * lanes..(day + 1) * lanes];
            for lane in 0..group.len() {
                let at = lane * PAIR_WORDS + (day - first) * WORDS;
                live_a_day::<L, WORDS>(&mut group[lane], &words[at..at + WORDS]);
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
struct Findings {
    last: [f64; 2],
    sd: [f64; 2],
    days: [f64; 2],
}

impl Findings {
    fn of(population: &Population, seen: &Seen) -> Findings {
        let couples = population.couples as f64;
        let mean = |sums: &[f64; 2], who: usize| sums[who] / (2.0 * couples);
        let last = &seen.days[population.days - 1];
        let over_days = |who| seen.days.iter().map(|day| mean(day, who)).sum::<f64>();
        let spread = |who| (seen.squares[who] / couples - mean(last, who).powi(2)).max(0.0);
        Findings {
            last: [0, 1].map(|who| mean(last, who)),
            sd: [0, 1].map(|who| spread(who).sqrt()),
            days: [0, 1].map(|who| over_days(who) / population.days as f64),
        }
    }
}

/// The grid of R2: 20 × 20 cells of 200 couples for a year.
fn sweep(seed: u64, bits: Bits, engine: Backend) -> String {
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
        let found = Findings::of(&population, &population.live(engine));
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

/// The one population of R1.
fn usual(couples: u64, days: usize, seed: u64, bits: Bits) -> Population {
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
    let seen = on_threads(threads, || population.live(Backend::best()))?;
    let (cpu, wall) = (
        (cpu_time() - setup).as_secs_f64(),
        wall.elapsed().as_secs_f64(),
    );
    let found = Findings::of(population, &seen);
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

/// Lives 20,000 couples for a year by every engine.
fn show(bits: Bits) -> Result<String, Box<dyn Error>> {
    let population = usual(20_001, 365, 1, bits);
    let definition = on_threads(1, || population.live(Backend::Scalar))?;
    for engine in Backend::available() {
        let seen = on_threads(2, || population.live(engine))?;
        assert!(seen == definition, "{} gives other bits", engine.name());
    }
    let found = Findings::of(&population, &definition);
    // Means after a year, from 100,000 couples in C; couples' means deviate by about 0.06.
    let expected = [("trust", 0.0863), ("intimacy", 0.1570)];
    for (who, (name, expected)) in expected.into_iter().enumerate() {
        let (mean, error) = (found.last[who], 4.0 * found.sd[who]);
        let error = error / (population.couples as f64).sqrt();
        assert!((mean - expected).abs() < error, "{name} {mean}");
    }
    Ok(format!(
        "{} engines give the same bits: after a year mean trust is {:.4}, mean intimacy {:.4}",
        Backend::available().len(),
        found.last[0],
        found.last[1],
    ))
}

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (words, bits) = match &words[..] {
        [words @ .., "--bits", bits] => (words, Bits::read(bits)?),
        words => (words, Bits::Sixteen),
    };
    let line = match *words {
        [] => show(bits)?,
        ["r1", couples, days, seed, threads] => r1(
            &usual(couples.parse()?, days.parse()?, seed.parse()?, bits),
            threads.parse()?,
        )?,
        ["r2", threads, table] => r2(threads.parse()?, table, 1, bits)?,
        ["r2", threads, table, seed] => r2(threads.parse()?, table, seed.parse()?, bits)?,
        _ => {
            return Err(
                "own_model [r1 COUPLES DAYS SEED THREADS | r2 THREADS TABLE [SEED]] [--bits 16|32]"
                    .into(),
            );
        }
    };
    println!("{line}");
    Ok(())
}
