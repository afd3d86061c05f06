//! The known word that was probably meant by an unknown one, for the hints of errors.

use strsim::{damerau_levenshtein, jaro_winkler};

/// Names of keys before the first release, or parts of them, with what they are called now.
const RENAMED: [(&str, &str); 22] = [
    ("start", "initial"),
    ("contact", "contact_rate"),
    ("momentum", "mood"),
    ("safety", "felt_security"),
    ("stories", "sample_couples"),
    ("flow_days", "phase_flow_days"),
    ("whole", "integer"),
    ("spread", "optimized"),
    ("smallest", "sesoi"),
    ("against", "null"),
    ("overturned_by", "requires"),
    ("friction_reported", "unresponsive_as_conflict"),
    ("conflict_imagined", "conflict_false_alarm"),
    ("temper_", "temperament_"),
    ("upheaval", "yearly_shock_sd"),
    ("needs", "need_rate"),
    ("breakup_rate", "outside_rate"),
    ("breakup_commitment", "deliberation_commitment"),
    ("response_conflict", "hostility"),
    ("years", "duration_years"),
    ("share together", "share intact"),
    ("share together", "share_intact"),
];

/// Words of other tools and fields for keys and words of scenarios.
const SYNONYMS: [(&str, &str); 23] = [
    ("n", "couples"),
    ("n_couples", "couples"),
    ("size", "couples"),
    ("sample_size", "couples"),
    ("duration", "days"),
    ("length", "days"),
    ("time", "days"),
    ("weeks", "days"),
    ("months", "days"),
    ("year", "days"),
    ("years", "days"),
    ("reps", "replicates"),
    ("repetitions", "replicates"),
    ("random_seed", "seed"),
    ("gaussian", "normal"),
    ("gauss", "normal"),
    ("lognormal", "log_normal"),
    ("logit", "logit_normal"),
    ("lhs", "latin-hypercube"),
    ("latin_hypercube_sampling", "latin-hypercube"),
    ("oat", "one-at-a-time"),
    ("ofat", "one-at-a-time"),
    ("full_factorial", "grid"),
];

/// The word for which another one stands, where it is known here.
fn synonym<'k>(wrong: &str, known: &[&'k str]) -> Option<&'k str> {
    let mut meant = SYNONYMS.iter().filter(|(other, _)| *other == wrong);
    meant.find_map(|(_, own)| known.iter().copied().find(|known| known == own))
}

/// Longest word that can be a misspelling (bytes).
const MOST_BYTES: usize = 200;

/// What a name of before is called now, where that is known here.
fn renamed<'k>(old: &str, known: &[&'k str]) -> Option<&'k str> {
    let names = RENAMED.iter().filter(|(before, _)| old.contains(before));
    let mut now = names.map(|(before, now)| old.replacen(before, now, 1));
    now.find_map(|now| known.iter().copied().find(|known| *known == now))
}

/// The known word that was probably meant, if any is near enough.
///
/// A name of an earlier version means what it is called now, and a word of another tool what this one calls
/// it. Else near is at most one edit in three letters (insertion, deletion, substitution, transposition);
/// among equally many edits the Jaro–Winkler similarity decides, and then the order of `known`.
pub(crate) fn nearest<'k>(
    wrong: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    // Nothing known is so long.
    if wrong.len() > MOST_BYTES {
        return None;
    }
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(now) = renamed(wrong, &known) {
        return Some(now);
    }
    let plain = plain(wrong);
    if let Some(own) = synonym(&plain, &known) {
        return Some(own);
    }
    let (letters, characters) = (letters(&plain), plain.chars().count());
    let mut best: Option<(usize, f64, &str)> = None;
    for word in known {
        let length = word.chars().count().max(characters);
        // Any letter is one edit away from any other, and says nothing.
        let limit = if length < 2 { 0 } else { (length / 3).max(1) };
        if least_edits(&letters, word) > limit {
            continue;
        }
        let edits = damerau_levenshtein(&plain, word);
        let similarity = jaro_winkler(&plain, word);
        let better = best
            .is_none_or(|(least, most, _)| edits < least || (edits == least && similarity > most));
        if edits <= limit && better {
            best = Some((edits, similarity, word));
        }
    }
    best.map(|(_, _, word)| word)
}

/// How often a word has each character; characters are counted together where their number is the same
/// but for a multiple of 64.
fn letters(word: &str) -> [i16; 64] {
    let mut counts = [0; 64];
    for character in word.chars() {
        counts[u32::from(character) as usize % 64] += 1;
    }
    counts
}

/// A lower bound of the edits between a word of these letters and another one. It is much faster than
/// counting edits, and most pairs of words are farther apart than words that are taken for each other.
fn least_edits(letters_of_one: &[i16; 64], other: &str) -> usize {
    let (mut more, mut fewer) = (0, 0);
    for (one, other) in letters_of_one.iter().zip(letters(other)) {
        more += (one - other).max(0);
        fewer += (other - one).max(0);
    }
    more.max(fewer).unsigned_abs().into()
}

/// A word with the case and the joints of the scenario's keys.
fn plain(wrong: &str) -> String {
    wrong.trim().to_lowercase().replace(['-', ' '], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 5] = ["seed", "step_days", "days", "couples", "moments"];

    #[test]
    fn one_slip_is_understood() {
        for (wrong, right) in [
            ("sed", "seed"),
            ("Seed", "seed"),
            ("step-days", "step_days"),
            ("copules", "couples"),
            ("momments", "moments"),
            ("dyas", "days"),
        ] {
            assert_eq!(nearest(wrong, KNOWN), Some(right));
        }
    }

    #[test]
    fn words_of_other_tools_are_understood_where_they_have_a_meaning() {
        for (wrong, right) in [
            ("n", "couples"),
            ("duration", "days"),
            ("year", "days"),
            ("years", "days"),
            ("Sample-Size", "couples"),
        ] {
            assert_eq!(nearest(wrong, KNOWN), Some(right));
        }
        assert_eq!(nearest("gaussian", ["fixed", "normal"]), Some("normal"));
        assert_eq!(nearest("lhs", KNOWN), None);
        assert_eq!(nearest("n", ["trust"]), None);
    }

    #[test]
    fn a_strange_word_has_no_neighbour() {
        assert_eq!(nearest("temperature", KNOWN), None);
        assert_eq!(nearest("", KNOWN), None);
        assert_eq!(nearest(&"seed".repeat(1_000_000), KNOWN), None);
    }

    #[test]
    fn letters_bound_the_edits_from_below() {
        let words = [
            "",
            "a",
            "seed",
            "sede",
            "deeds",
            "step_days",
            "step",
            "é",
            "days_step",
        ];
        for one in words {
            for other in words {
                let edits = damerau_levenshtein(one, other);
                assert!(least_edits(&letters(one), other) <= edits, "{one} {other}");
            }
        }
        assert_eq!(least_edits(&letters("abc"), "xyz"), 3);
    }
}
