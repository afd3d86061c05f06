//! Names of columns and axes as readers see them.

/// A column's or axis's name for readers: spaces for underscores, and "partner A" for an `a` at either end.
pub(crate) fn readable(name: &str) -> String {
    let text = name.replace('_', " ");
    let partner = |letter: &str| letter.to_uppercase();
    if let Some((letter @ ("a" | "b"), rest)) = text.split_once(' ') {
        return format!("{rest}, partner {}", partner(letter));
    }
    match text.rsplit_once(' ') {
        Some((rest, letter @ ("a" | "b"))) if rest.ends_with(" of") => {
            format!("{rest} {}", partner(letter))
        }
        Some((rest, letter @ ("a" | "b"))) => format!("{rest}, partner {}", partner(letter)),
        _ => text,
    }
}

/// The same, starting with a capital letter.
pub(crate) fn capitalised(name: &str) -> String {
    let text = readable(name);
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_readable() {
        assert_eq!(capitalised("mean secure_balance"), "Mean secure balance");
        assert_eq!(capitalised("mean trust a"), "Mean trust, partner A");
        assert_eq!(readable("responsiveness_of_b"), "responsiveness of B");
        assert_eq!(readable("a_openness"), "openness, partner A");
        assert_eq!(readable("a"), "a");
        assert_eq!(capitalised(""), "");
    }
}
