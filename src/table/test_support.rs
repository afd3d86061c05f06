//! Damaged files: mutations of sound ones, for tests of everything that reads what others wrote.

/// Cases of each test unless `PAIRBOND_FUZZ` says how many.
const CASES: u64 = 300;

/// Calls a function with mutations of sound bytes: always the same ones.
pub(crate) fn mutations(sound: &[u8], mut check: impl FnMut(&[u8])) {
    let cases = std::env::var("PAIRBOND_FUZZ").ok();
    let cases = cases.map_or(CASES, |text| text.parse().expect("a number of cases"));
    for case in 0..cases {
        let mut random = SplitMix(case);
        let mut bytes = sound.to_vec();
        for _ in 0..=random.below(4) {
            mutate(&mut bytes, &mut random);
        }
        check(&bytes);
    }
}

/// Changes bytes as faulty disks, cut transfers, editors and malice do.
fn mutate(bytes: &mut Vec<u8>, random: &mut SplitMix) {
    let at = random.below(bytes.len() + 1);
    let length = random.below(1 + (bytes.len() - at).min(40));
    match random.below(9) {
        0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
        1 if at < bytes.len() => bytes[at] = random.below(256) as u8,
        2 => bytes.truncate(at),
        3 => drop(bytes.drain(at..at + length)),
        4 => {
            let piece = bytes[at..at + length].to_vec();
            let to = random.below(bytes.len() + 1);
            drop(bytes.splice(to..to, piece));
        }
        5 => {
            let extremes: [&[u8]; 4] = [&[0; 8], &[255; 8], &[0x7f, 255, 255, 255], &[0x80]];
            let extreme = extremes[random.below(4)];
            let end = (at + extreme.len()).min(bytes.len());
            bytes[at..end].copy_from_slice(&extreme[..end - at]);
        }
        6 => {
            let texts: [&[u8]; 12] = [
                b"\"",
                b",",
                b"\n",
                b"\r",
                b"\0",
                b"NA",
                b"-1e999",
                b"99999999999999999999",
                b"\xff",
                b"[[",
                b"\xc2\x85",
                b"{",
            ];
            let text = texts[random.below(12)].iter().copied();
            drop(bytes.splice(at..at, text));
        }
        7 => bytes.resize(bytes.len() + length, random.below(256) as u8),
        _ => {
            let other = random.below(bytes.len() + 1);
            let end = (other + length).min(bytes.len()).min(at.max(other));
            bytes[other.min(end)..end].reverse();
        }
    }
}

/// A generator of numbers that differ from case to case and not from run to run.
struct SplitMix(u64);

impl SplitMix {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((word ^ word >> 31) % end as u64) as usize
    }
}
