//! Names of pairs: which two numbers a key of `[correlations]` means.

use super::childhood;
use super::draws::{Drawn, PARTNERS, address, every_place};
use super::suggest::nearest;

/// One side of a pair's name.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Side {
    role: Option<usize>,
    table: &'static str,
    key: &'static str,
}

/// What was found, or what is so and what to do about it.
pub(crate) type Said<T> = Result<T, (String, String)>;

/// Whether a name joins two numbers.
pub(crate) fn is_name(name: &str, draws: &[Drawn]) -> bool {
    expand(name, draws).is_ok()
}

/// The pairs of draws that a name stands for.
pub(crate) fn expand(name: &str, draws: &[Drawn]) -> Said<Vec<(usize, usize)>> {
    let find = |side: Side, person: usize| {
        draws.iter().position(|drawn| {
            let (table, own, key) = address(drawn.place);
            (table, key) == (side.table, side.key) && own.is_none_or(|own| own == person)
        })
    };
    let ends =
        |one: (Side, usize), other: (Side, usize)| find(one.0, one.1).zip(find(other.0, other.1));
    if let Some(rest) = name.strip_prefix("partners.") {
        let side = side(rest, name)?;
        if side.role.is_some() || side.table == "couple" {
            return Err(form(name));
        }
        let pair = ends((side, 0), (side, 1)).ok_or_else(|| not_drawn(side, side, draws))?;
        return Ok(vec![pair]);
    }
    let (one, other) = name.split_once('~').ok_or_else(|| form(name))?;
    let (one, other) = (side(one, name)?, side(other, name)?);
    let shared = |side: Side| side.table == "couple";
    let roles: Vec<(usize, usize)> = match (one.role, other.role) {
        (Some(a), Some(b)) => vec![(a, b)],
        (Some(a), None) if shared(other) => vec![(a, a)],
        (None, Some(b)) if shared(one) => vec![(b, b)],
        (None, None) if shared(one) && shared(other) => vec![(0, 0)],
        (None, None) => vec![(0, 0), (1, 1)],
        _ => {
            let message =
                format!("\"{name}\" gives one of its two numbers a role and the other none");
            return Err((
                message,
                "write both with `a.` or `b.`, or neither".to_owned(),
            ));
        }
    };
    let pairs = roles
        .into_iter()
        .map(|(a, b)| ends((one, a), (other, b)).ok_or_else(|| not_drawn(one, other, draws)))
        .collect::<Said<Vec<_>>>()?;
    if pairs.iter().any(|(one, other)| one == other) {
        let message = format!("\"{name}\" correlates a number with itself");
        let hint = format!(
            "write \"partners.{}\" for the same number of both partners",
            one.key
        );
        return Err((message, hint));
    }
    Ok(pairs)
}

/// What is so where one of two numbers is not drawn: it comes from a childhood, or is of one that
/// nobody has.
fn not_drawn(one: Side, other: Side, draws: &[Drawn]) -> (String, String) {
    let of_childhood = |side: &&Side| side.table == childhood::NAME;
    let reared = childhood::reared_by(draws);
    if let Some(side) = [one, other].iter().find(of_childhood)
        && reared != [true; 2]
    {
        let message = format!(
            "`{}` is not drawn for a partner without a childhood",
            side.key
        );
        let hint = "add the table [childhood], or name the partner who has one, as in \
                    \"a.sensitivity~a.openness\"";
        return (message, hint.to_owned());
    }
    let comes = |side: &&Side| !childhood::allows(side.table, side.key, reared);
    let key = [one, other]
        .iter()
        .find(comes)
        .map_or(one.key, |side| side.key);
    let message = format!("`{key}` comes from childhood, and is not drawn");
    let hint = "correlate what it comes from, such as `sensitivity`, or take out [childhood]";
    (message, hint.to_owned())
}

fn form(name: &str) -> (String, String) {
    let message = format!("\"{}\" does not name two numbers", name.escape_debug());
    let hint = "write \"anxiety~avoidance\" (within each partner), \"partners.openness\" (the same \
                number of both) or \"a.responsiveness~b.anxiety\"";
    (message, hint.to_owned())
}

fn side(text: &str, name: &str) -> Said<Side> {
    let mut rest = text.trim();
    let role = PARTNERS.iter().position(|partner| {
        rest.strip_prefix(partner)
            .is_some_and(|after| after.starts_with('.'))
    });
    if role.is_some() {
        rest = rest.split_once('.').map_or("", |(_, after)| after);
    }
    let known: Vec<(&'static str, &'static str)> = every_place()
        .map(address)
        .map(|(table, _, key)| (table, key))
        .collect();
    let named = known.iter().find(|(table, key)| {
        rest == *key
            || rest
                .split_once('.')
                .is_some_and(|(before, after)| before == *table && after == *key)
    });
    match named {
        Some((table, key)) if role.is_none() || *table != "couple" => Ok(Side { role, table, key }),
        Some((_, key)) => {
            let message = format!("`{key}` in \"{name}\" belongs to the couple, not to a partner");
            Err((message, format!("write `{key}` without a role")))
        }
        None if rest.is_empty() => Err(form(name)),
        None => {
            let message = format!(
                "\"{}\" names no trait or starting state in \"{}\"",
                rest.escape_debug(),
                name.escape_debug()
            );
            let near = nearest(rest, known.iter().map(|(_, key)| *key));
            Err((
                message,
                near.map_or_else(|| form(name).1, |near| format!("did you mean `{near}`?")),
            ))
        }
    }
}
