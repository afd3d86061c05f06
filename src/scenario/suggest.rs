//! The nearest right word to a wrong one.

use strsim::{damerau_levenshtein, jaro_winkler};

/// Names of keys before the first release, or parts of them, with what they are called now.
const RENAMED: [(&str, &str); 19] = [
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
    ("years", "duration_years"),
    ("share together", "share intact"),
    ("share together", "share_intact"),
];

/// What a name of before is called now, where that is known here.
fn renamed<'k>(old: &str, known: &[&'k str]) -> Option<&'k str> {
    let names = RENAMED.iter().filter(|(before, _)| old.contains(before));
    let mut now = names.map(|(before, now)| old.replacen(before, now, 1));
    now.find_map(|now| known.iter().copied().find(|known| *known == now))
}

/// The known word that was probably meant, if any is near enough.
///
/// A name of an earlier version means what it is called now. Else
/// near is at most one edit in three letters (insertion, deletion, substitution, transposition);
/// among equally many edits the Jaro–Winkler similarity decides, and then the order of `known`.
pub(crate) fn nearest<'k>(
    wrong: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(now) = renamed(wrong, &known) {
        return Some(now);
    }
    let plain = plain(wrong);
    let mut best: Option<(usize, f64, &str)> = None;
    for word in known {
        let edits = damerau_levenshtein(&plain, word);
        let similarity = jaro_winkler(&plain, word);
        let length = word.chars().count().max(plain.chars().count());
        // Any letter is one edit away from any other, and says nothing.
        let limit = if length < 2 { 0 } else { (length / 3).max(1) };
        let better = best
            .is_none_or(|(least, most, _)| edits < least || (edits == least && similarity > most));
        if edits <= limit && better {
            best = Some((edits, similarity, word));
        }
    }
    best.map(|(_, _, word)| word)
}

/// A word with the case and the joints of the scenario's keys.
fn plain(wrong: &str) -> String {
    wrong.trim().to_lowercase().replace(['-', ' '], "_")
}

#[cfg(test)]
mod tests {
    use super::nearest;

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
    fn a_strange_word_has_no_neighbour() {
        assert_eq!(nearest("temperature", KNOWN), None);
        assert_eq!(nearest("", KNOWN), None);
    }
}
