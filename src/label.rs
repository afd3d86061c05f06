//! The names of observables as readers see them: one for each, in charts, on the terminal, in reports, in
//! explanations and on the page of the explorer; and names of measures and columns made readable with them.

/// Keys of observables with their labels, in the order of tables.
pub(crate) const OBSERVABLE_LABELS: &[(&str, &str)] = &[
    ("trust", "Trust"),
    ("uncertainty", "Uncertainty of trust"),
    ("felt_security", "Felt security"),
    ("intimacy", "Intimacy"),
    ("mood", "Mood"),
    ("hurt", "Hurt"),
    ("scar", "Scar of deception"),
    ("stress", "Stress"),
    ("autonomy", "Autonomy"),
    ("anxiety", "Attachment anxiety"),
    ("avoidance", "Attachment avoidance"),
    ("commitment", "Commitment"),
    ("alternatives", "Alternatives"),
    ("wellbeing", "Well-being"),
    ("investment", "Investment"),
    ("habit", "Habit of responsiveness"),
    ("strain", "Strain"),
    ("accustomed", "Accustomed closeness"),
    ("deliberation", "Deliberation about leaving"),
    ("satisfaction", "Satisfaction"),
    ("daily_satisfaction", "Daily satisfaction"),
    ("daily_closeness", "Daily closeness"),
    ("bids", "Bids per day"),
    ("responsive", "Responsive episodes per day"),
    ("unresponsive", "Unresponsive episodes per day"),
    ("disclosure", "Deepest disclosure"),
    ("hurtful", "Most hurtful act"),
    ("fights", "Fights per day"),
    ("conflict", "Share of days with conflict"),
    ("secure_balance", "Secure balance"),
    ("complacency", "Complacency"),
    ("codependency", "Co-dependency"),
    ("disengagement", "Disengagement"),
];

/// The label of an observable; `None` for another key.
pub(crate) fn observable_label(key: &str) -> Option<&'static str> {
    let own = OBSERVABLE_LABELS.iter().find(|(known, _)| *known == key);
    own.map(|(_, label)| *label)
}

/// The label of an observable, such as "Well-being"; another name made readable, such as "Share intact".
pub(crate) fn label(key: &str) -> String {
    observable_label(key).map_or_else(|| capitalised(key), str::to_owned)
}

/// The same within a sentence, such as "well-being".
pub(crate) fn label_in_sentence(key: &str) -> String {
    observable_label(key).map_or_else(|| readable(key), uncapitalised)
}

/// The name of a measure, column or axis for readers: labels for observables, spaces for underscores, and
/// "partner A" for an `a` at either end or after an observable.
pub(crate) fn readable(name: &str) -> String {
    if name.contains(' ') {
        return readable_measure(name);
    }
    if let Some(measure) = measure_of_column(name) {
        return readable_measure(&measure);
    }
    let words: Vec<&str> = name.split('_').collect();
    match words[..] {
        [letter @ ("a" | "b"), _, ..] => {
            format!("{}, {}", spelled(&words[1..]), partner(letter))
        }
        [.., "of", letter @ ("a" | "b")] => {
            let rest = spelled(&words[..words.len() - 1]);
            format!("{rest} {}", letter.to_uppercase())
        }
        [_, .., letter @ ("a" | "b")] => {
            let rest = spelled(&words[..words.len() - 1]);
            format!("{rest}, {}", partner(letter))
        }
        _ => spelled(&words),
    }
}

/// An axis's name for readers where several follow one another: "A's anxiety" and not "anxiety, partner A".
pub(crate) fn possessive(name: &str) -> String {
    match name.split_once('_') {
        Some((letter @ ("a" | "b"), rest)) => {
            format!("{}'s {}", letter.to_uppercase(), readable(rest))
        }
        _ => readable(name),
    }
}

/// A label of settings such as `a_anxiety 0.7, b_avoidance 0.5` for readers, key by key.
pub(crate) fn settings(label: &str) -> String {
    let setting = |part: &str| match part.split_once(' ') {
        Some((key, value)) => format!("{} {value}", possessive(key)),
        None => part.to_owned(),
    };
    let parts: Vec<String> = label.split(", ").map(setting).collect();
    parts.join(", ")
}

/// What [`readable`] gives, starting with a capital letter.
pub(crate) fn capitalised(name: &str) -> String {
    with_capital(&readable(name))
}

/// A text with its first letter as a capital.
pub(crate) fn with_capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// A measure such as `mean trust a @ 60` as "mean trust, partner A, on day 60".
fn readable_measure(name: &str) -> String {
    let (what, days) = match name.split_once(" @ ") {
        Some((what, days)) => (what, Some(days)),
        None => (name, None),
    };
    let mut text = String::new();
    let mut after_partner = false;
    for (place, word) in what.split(' ').enumerate() {
        let before = what.split(' ').nth(place.wrapping_sub(1));
        let is_partner =
            matches!(word, "a" | "b") && before.is_some_and(|key| observable_label(key).is_some());
        let word = match (is_partner, observable_label(word)) {
            (true, _) => partner(word),
            (_, Some(label)) => uncapitalised(label),
            _ if word == "sd" => "standard deviation of".to_owned(),
            _ => readable(word),
        };
        if !text.is_empty() {
            text.push_str(if is_partner || after_partner {
                ", "
            } else {
                " "
            });
        }
        text.push_str(&word);
        after_partner = is_partner;
    }
    match days.map(|days| days.split_once(':').ok_or(days)) {
        None => text,
        Some(Err(day)) => format!("{text}, on day {day}"),
        Some(Ok((from, to))) => format!("{text}, over days {from} to {to}"),
    }
}

/// The measure that a column or a chart's file is named after, such as `mean trust a` of `mean_trust_a`.
fn measure_of_column(name: &str) -> Option<String> {
    let (statistic, rest) = name.split_once('_')?;
    let begins = |key: &&str| {
        let after = rest.strip_prefix(*key);
        after.is_some_and(|after| after.is_empty() || after.starts_with('_'))
    };
    let keys = OBSERVABLE_LABELS.iter().map(|(key, _)| *key);
    let key = keys.filter(begins).max_by_key(|key| key.len())?;
    let after = rest[key.len()..].replace('_', " ");
    let after = after.replacen(" at ", " @ ", 1).replacen(" to ", ":", 1);
    matches!(statistic, "mean" | "sd").then(|| format!("{statistic} {key}{after}"))
}

fn partner(letter: &str) -> String {
    format!("partner {}", letter.to_uppercase())
}

/// Words of a key, each as the label of the observable of that key spells it.
fn spelled(words: &[&str]) -> String {
    let spelled = |word: &&str| {
        let label = observable_label(word).map(str::to_lowercase);
        // Of a trait or parameter only the spelling is that of the observable.
        let is_spelling = |label: &String| label.replace('-', "") == *word;
        label.filter(is_spelling).unwrap_or((*word).to_owned())
    };
    let all: Vec<String> = words.iter().map(spelled).collect();
    all.join(" ")
}

fn uncapitalised(label: &str) -> String {
    let mut letters = label.chars();
    let first = letters.next().map(|first| first.to_lowercase());
    first.into_iter().flatten().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::{Path, PathBuf};
    use std::{env, fs};

    #[test]
    fn names_become_readable() {
        for (name, text) in [
            ("mean secure_balance", "Mean secure balance"),
            ("mean trust a", "Mean trust, partner A"),
            ("mean trust b over all", "Mean trust, partner B, over all"),
            (
                "sd wellbeing @ 60",
                "Standard deviation of well-being, on day 60",
            ),
            (
                "mean anxiety a @ 3:30",
                "Mean attachment anxiety, partner A, over days 3 to 30",
            ),
            ("share intact", "Share intact"),
            (
                "mean_anxiety_b_at_3_to_30",
                "Mean attachment anxiety, partner B, over days 3 to 30",
            ),
            (
                "correlation of trust_end_a with anxiety_a",
                "Correlation of trust end, partner A with anxiety, partner A",
            ),
            ("responsiveness_of_b", "Responsiveness of B"),
            ("a_openness", "Openness, partner A"),
            ("initial_wellbeing_a", "Initial well-being, partner A"),
            ("a", "A"),
            ("", ""),
        ] {
            assert_eq!(capitalised(name), text);
        }
        assert_eq!(possessive("b_avoidance"), "B's avoidance");
        assert_eq!(possessive("sensitivity_of_care"), "sensitivity of care");
        assert_eq!(label("codependency"), "Co-dependency");
        assert_eq!(label_in_sentence("wellbeing"), "well-being");
        assert_eq!(label_in_sentence("share intact"), "share intact");
    }

    /// Files of `src` but for those of tests.
    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        let entries = fs::read_dir(folder).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        for path in paths {
            let name = path.file_name().and_then(|it| it.to_str()).unwrap_or("");
            if path.is_dir() && name != "tests" && name != "model" {
                sources(&path, found);
            } else if name.ends_with(".js")
                || name.ends_with(".rs")
                    && !name.starts_with("test")
                    // Names of HTTP's statuses are not of observables.
                    && !["label.rs", "http.rs"].contains(&name)
            {
                found.push(path);
            }
        }
    }

    #[test]
    fn no_other_label_is_used() {
        let mut files = Vec::new();
        sources(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut files,
        );
        assert!(files.len() > 200);
        for path in files {
            let text = fs::read_to_string(&path).expect("a source file");
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or("");
            for literal in text.split('"').skip(1) {
                for (key, label) in OBSERVABLE_LABELS {
                    let plain = |text: &str| text.to_lowercase().replace([' ', '-', '_'], "");
                    let name = literal.split(" (").next().unwrap_or("");
                    let is_named = name.starts_with(|first: char| first.is_uppercase())
                        && plain(name) == plain(key);
                    assert!(
                        !is_named || name == *label,
                        "{}: \"{literal}\" for `{key}`, whose label is \"{label}\"",
                        path.display()
                    );
                }
            }
        }
    }
}
