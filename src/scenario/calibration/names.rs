//! Targets by their names: single ones, tiers, or all.

use super::KnownTarget;
use crate::scenario::code::FaultCode as Code;
use crate::scenario::notice::Fault;
use crate::scenario::reader::{Part, Reader};
use crate::scenario::suggest::nearest;
use crate::scenario::tree::{Node, Value};

/// The targets that the document names, in the order in which they are known.
pub(crate) fn targets(
    reader: &mut Reader,
    part: &Part<'_>,
    known: &[KnownTarget<'_>],
) -> Vec<String> {
    let Some(node) = part.node("targets") else {
        let at = crate::scenario::source::Span::new(0, 0, 0);
        reader.missing(part, "targets", at);
        return Vec::new();
    };
    let words = words(reader, node);
    let mut named = vec![false; known.len()];
    for (word, node) in &words {
        let before = named.clone();
        let meant: Vec<usize> = (0..known.len())
            .filter(|place| means(word, &known[*place]))
            .collect();
        if meant.is_empty() {
            reader.fault(unknown(word, node, known));
        } else if meant.iter().all(|place| before[*place]) {
            let message = format!("`targets` names \"{word}\" twice");
            let fault = Fault::new(Code::Repeated, node.at, message).label("again here");
            reader.fault(fault.hint("keep one of the two"));
        }
        meant.into_iter().for_each(|place| named[place] = true);
    }
    let chosen = known.iter().zip(named).filter(|(_, named)| *named);
    chosen.map(|(target, _)| target.id.to_owned()).collect()
}

fn means(word: &str, target: &KnownTarget<'_>) -> bool {
    let whole = target.id.split_once(' ').map(|(whole, _)| whole);
    word == "all"
        || word == target.id
        || Some(word) == whole
        || word.strip_prefix("tier ") == Some(target.tier)
}

/// The words of a text or of a list of texts.
fn words<'t>(reader: &mut Reader, node: &'t Node) -> Vec<(&'t str, &'t Node)> {
    let wrong = |node: &Node| {
        Fault::new(
            Code::WrongType,
            node.at,
            "`targets` takes a list of targets and tiers in quotes, or \"all\"",
        )
        .label(format!("this is {}", node.value.kind()))
        .hint("write for example `targets = [\"tier C\", \"V01\"]`")
    };
    match &node.value {
        Value::Text(word) => vec![(word.as_str(), node)],
        Value::List(list) if list.is_empty() => {
            let fault = Fault::new(Code::EmptyList, node.at, "`targets` must not be empty");
            reader.fault(fault.label("empty").hint("write \"all\" for every target"));
            Vec::new()
        }
        Value::List(list) => {
            let mut words = Vec::new();
            for item in list {
                match &item.value {
                    Value::Text(word) => words.push((word.as_str(), item)),
                    _ => reader.fault(wrong(item)),
                }
            }
            words
        }
        _ => {
            reader.fault(wrong(node));
            Vec::new()
        }
    }
}

fn unknown(word: &str, node: &Node, known: &[KnownTarget<'_>]) -> Fault {
    let mut tiers: Vec<String> = known.iter().map(|it| format!("tier {}", it.tier)).collect();
    tiers.sort();
    tiers.dedup();
    let names = known.iter().map(|target| target.id);
    let names = names.chain(tiers.iter().map(String::as_str)).chain(["all"]);
    // The nearest word is looked for without capitals and spaces.
    let plain: Vec<(String, &str)> = names
        .map(|name| (name.to_lowercase().replace(' ', "_"), name))
        .collect();
    let near = nearest(word, plain.iter().map(|(plain, _)| plain.as_str()))
        .and_then(|near| plain.iter().find(|(plain, _)| plain == near));
    let hint = match near {
        Some((_, near)) => format!("did you mean \"{near}\"?"),
        None => format!(
            "targets are named as \"{}\", tiers as \"{}\"",
            known.first().map_or("C01", |it| it.id),
            tiers.first().map_or("tier C", String::as_str)
        ),
    };
    let message = format!("there is no target \"{}\"", word.escape_debug());
    Fault::new(Code::UnknownWord, node.at, message)
        .label("unknown target")
        .hint(hint)
}
