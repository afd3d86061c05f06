//! What a table says of how far a finding is resolved.

/// Verdicts that a note repeats at most.
const MOST: usize = 3;

/// Whether a verdict is that a finding is resolved; a table without verdicts claims nothing else.
pub(super) fn is_resolved(verdict: &str) -> bool {
    matches!(verdict, "" | "resolved")
}

/// The verdicts on what is not resolved, each once, as a note; `None` where all is resolved.
pub(super) fn unresolved<'a>(verdicts: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    for verdict in verdicts.filter(|verdict| !is_resolved(verdict)) {
        if !open.contains(&verdict) {
            open.push(verdict);
        }
    }
    let more = if open.len() > MOST { "; …" } else { "" };
    open.truncate(MOST);
    (!open.is_empty()).then(|| format!("hollow: {}{more}", open.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_verdict_is_told_once() {
        let verdicts = ["resolved", "constant", "", "try 2^9", "constant"];
        let note = unresolved(verdicts.into_iter());
        assert_eq!(note.as_deref(), Some("hollow: constant; try 2^9"));
        assert_eq!(unresolved(["resolved", ""].into_iter()), None);
        let many = unresolved(["a", "b", "c", "d"].into_iter());
        assert_eq!(many.as_deref(), Some("hollow: a; b; c; …"));
    }
}
