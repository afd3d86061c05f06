//! What a scenario asks and sets: the comment at its head, its events, and what differs from the defaults.

use super::layout::{bullets, details, markup_table};
use super::numbers::{count, counted};
use crate::label::readable;
use crate::scenario::Scenario;
use crate::scenario::parsed::EventMark;
use maud::{Markup, html};

/// Characters of a comment or of a scenario's text that the page shows at most.
const MOST_CHARACTERS: usize = 60_000;

/// The comment above the first key, without its signs.
pub(crate) fn head_comment(text: &str) -> String {
    let mut comment = Vec::new();
    for line in text.lines() {
        match line.trim_start().strip_prefix('#') {
            // `#:schema` speaks to editors.
            Some(own) if own.starts_with(':') => {}
            Some(own) => comment.push(own.strip_prefix(' ').unwrap_or(own).trim_end()),
            None if line.trim().is_empty() && comment.is_empty() => {}
            None => break,
        }
    }
    let text = comment.join("\n");
    text.trim_matches('\n').to_owned()
}

/// The comment, as its author's words.
pub(crate) fn comment(file: &str, text: &str) -> Option<Markup> {
    let comment = head_comment(text);
    let summary = format!("What the author of {file} says of it");
    let content = html! {
        p {
            "The comment at the head of the file, as it stands there. Numbers in it were written before these results \
             and may be of other settings."
        }
        pre.comment { (shortened(&comment)) }
    };
    (!comment.is_empty()).then(|| details(&summary, &content))
}

/// A text, cut where it is too long for the page.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}\n… (the file in the folder has the rest)", &text[..end]),
        None => text.to_owned(),
    }
}

/// The text of a file, to be opened.
pub(crate) fn file_text(file: &str, text: &str) -> Markup {
    let summary = format!("Text of {file}");
    details(&summary, &html! { pre { (shortened(text)) } })
}

/// What differs from the defaults, and what is scheduled.
pub(crate) fn settings(scenario: &Scenario, overrides: &[String]) -> Markup {
    html! {
        (changes_table(scenario))
        (events(scenario))
        (conditions(scenario))
        @if !overrides.is_empty() {
            p {
                "Set on the command line in place of the file's values: "
                @for (place, text) in overrides.iter().enumerate() {
                    @if place > 0 { ", " }
                    code { (text) }
                }
                "."
            }
        }
    }
}

fn changes_table(scenario: &Scenario) -> Markup {
    let changes = scenario.changes();
    if changes.is_empty() {
        return html! { p { "Every setting has its default." } };
    }
    let rows: Vec<Vec<Markup>> = changes
        .iter()
        .map(|change| {
            vec![
                html! { code { (change.key) } },
                html! { code { (change.value) } },
                html! { code { (change.default) } },
                html! { (change.meaning_with_unit()) },
                html! { (change.source_of_default()) },
            ]
        })
        .collect();
    let caption = format!(
        "{} from the defaults; the source is that of the default",
        counted(changes.len() as u64, "setting differs", "settings differ")
    );
    let head = [
        "Key",
        "Value",
        "Default",
        "Meaning",
        "Source of the default",
    ];
    html! {
        (markup_table(&caption, &head, &rows))
        p { "All other settings have their defaults, which " code { "docs/scenario.md" } " lists." }
    }
}

/// The names of the conditions, with what each changes of the scenario.
pub(crate) fn condition_changes(scenario: &Scenario) -> Vec<(String, Vec<String>)> {
    let base = scenario.changes();
    let conditions = scenario.conditions().into_iter();
    conditions
        .map(|(name, condition)| {
            let own = condition
                .changes()
                .into_iter()
                .filter(|it| !base.contains(it));
            let mut texts: Vec<String> =
                own.map(|it| format!("{} = {}", it.key, it.value)).collect();
            let marks = condition.marks().iter();
            let new = marks.filter(|mark| !scenario.marks().contains(mark));
            texts.extend(new.map(event_text));
            (name, texts)
        })
        .collect()
}

fn conditions(scenario: &Scenario) -> Markup {
    let conditions = condition_changes(scenario);
    if conditions.is_empty() {
        return html! {};
    }
    let items: Vec<Markup> = conditions
        .iter()
        .map(|(name, texts)| {
            html! {
                strong { (name) } ": "
                @if texts.is_empty() { "the scenario as it stands" }
                @for (place, text) in texts.iter().enumerate() {
                    @if place > 0 { "; " }
                    code { (text) }
                }
            }
        })
        .collect();
    html! { h3 { "Conditions" } (bullets(&items)) }
}

/// An event's name, what happens, and when: "training (responsiveness of A +0.15), from day 180 on".
fn event_text(mark: &EventMark) -> String {
    let what = match mark.label == mark.what {
        true => mark.what.clone(),
        false => format!("{} ({})", mark.label, mark.what),
    };
    let first = count(mark.day.into());
    match mark.until {
        Some(until) => {
            let last = count(u64::from(until.saturating_sub(1)));
            format!("{what}, days {first} to {last}")
        }
        None if mark.lasts => format!("{what}, from day {first} on"),
        None => format!("{what}, day {first}"),
    }
}

/// The dated events, numbered as in the charts.
pub(crate) fn event_texts(scenario: &Scenario) -> Vec<String> {
    let marks = scenario.marks().iter().enumerate();
    marks
        .map(|(place, mark)| format!("{}: {}", place + 1, event_text(mark)))
        .collect()
}

/// The dated events as a list.
pub(crate) fn events(scenario: &Scenario) -> Markup {
    if scenario.marks().is_empty() {
        return html! {};
    }
    let items = event_texts(scenario).into_iter();
    let items: Vec<Markup> = items.map(|text| html! { (text) }).collect();
    html! { h3 { "Dated events" } (bullets(&items)) }
}

/// The names of mechanisms that are off.
pub(crate) fn mechanisms_off(scenario: &Scenario) -> Vec<String> {
    let mechanisms = &scenario.config().mechanisms;
    crate::model::parameters::MECHANISMS
        .iter()
        .filter(|line| mechanisms.get(line.key) == Some(false))
        .map(|line| readable(line.key))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comment_at_the_head_ends_at_the_first_key() {
        let text = "#:schema x.json\n# One.\n#\n#  Two.\n\ntitle = 'x'\n# not this\n";
        assert_eq!(head_comment(text), "One.\n\n Two.");
        assert_eq!(head_comment("title = 'x'\n# no"), "");
    }
}
