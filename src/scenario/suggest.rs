//! The nearest right word to a wrong one.

use strsim::{damerau_levenshtein, jaro_winkler};

/// The known word that was probably meant, if any is near enough.
///
/// Near is at most one edit in three letters (insertion, deletion, substitution, transposition);
/// among equally many edits the Jaro–Winkler similarity decides, and then the order of `known`.
pub(crate) fn nearest<'k>(
    wrong: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
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
