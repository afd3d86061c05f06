//! Every key of the full template, mistyped by one edit: the error must be found, and the right
//! key suggested.

use super::{full_template, full_template_with_childhood};
use crate::scenario::{Scenario, line_and_column};

/// Sweeps in which, with that of the template, every key stands.
const SWEEPS: [&str; 4] = [
    "[sweep]\ndesign = \"saltelli\"\npoints = 8\nseed = 3\nscramble = true\nsecond_order = true\n\
     [[sweep.axis]]\nkey = \"traits.effort\"\nrange = [0.2, 0.8]\ngroup = \"own\"\n",
    "[sweep]\ndesign = \"latin-hypercube\"\npoints = 9\nplacement = \"maximin\"\nmeasures = [\"mean trust\"]\n\
     until = { half_width = 0.1, of = \"mean trust\", confidence = 0.9, max = 90 }\n\
     [[sweep.axis]]\nkey = \"run.days\"\nname = \"days\"\nrange = [20, 80]\ninteger = true\n",
    "[sweep]\ndesign = \"morris\"\npoints = 4\nlevels = 6\nselection = \"plain\"\ncouples = true\n\
     [[sweep.axis]]\nkey = \"traits.effort\"\nvalues = [0.2, 0.5, 0.8]\n",
    "[sweep]\ndesign = \"one-at-a-time\"\nreference = 2\ncommon_random_numbers = false\n\
     [[sweep.axis]]\nkey = \"traits.effort\"\nrange = [0.2, 0.8]\nscale = \"log\"\nsteps = 3\n\
     baseline = 0.5\n",
];

/// A key in a text: its first byte and itself.
struct Key {
    at: usize,
    word: String,
}

/// Keys before `=`, in inline tables, in headers, and inside the names of correlations.
fn keys(text: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let of_line = if line.starts_with('#') {
            Vec::new()
        } else if line.starts_with('[') {
            words(line, |_| true)
        } else if let Some(end) = line.starts_with('"').then(|| line.find("\" =")).flatten() {
            words(&line[..end], |word| word.len() > 1 && word != "partners")
        } else {
            words(line, |_| true)
                .into_iter()
                .filter(|(at, word)| line[at + word.len()..].trim_start().starts_with('='))
                .collect()
        };
        keys.extend(of_line.into_iter().map(|(at, word)| Key {
            at: start + at,
            word,
        }));
        start += line.len();
    }
    keys
}

fn words(line: &str, keep: impl Fn(&str) -> bool) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    while let Some(first) = line[at..].find(part) {
        let start = at + first;
        let end = line[start..]
            .find(|c| !part(c))
            .map_or(line.len(), |length| start + length);
        if keep(&line[start..end]) {
            found.push((start, line[start..end].to_owned()));
        }
        at = end;
    }
    found
}

/// One deletion, insertion, substitution and transposition, at places that the key decides.
fn typos(key: &Key) -> Vec<String> {
    let letters: Vec<char> = key.word.chars().collect();
    let place = (key.at * 7 + letters.len()) % letters.len();
    let other = if letters[place] == 'x' { 'k' } else { 'x' };
    let mut typos = Vec::new();
    let mut add = |letters: Vec<char>| typos.push(letters.into_iter().collect::<String>());
    if letters.len() > 1 {
        let mut shorter = letters.clone();
        shorter.remove(place);
        add(shorter);
    }
    let mut longer = letters.clone();
    longer.insert(place, letters[place]);
    add(longer);
    let mut changed = letters.clone();
    changed[place] = other;
    add(changed);
    let mut swapped = letters.clone();
    let next = (place + 1) % letters.len();
    swapped.swap(place, next);
    add(swapped);
    typos.retain(|typo| *typo != key.word);
    typos
}

#[test]
fn a_mistyped_key_is_found_and_the_right_one_suggested() {
    let (mut tried, mut understood) = (0, 0);
    let mut missed = Vec::new();
    let texts = SWEEPS.iter().map(|sweep| format!("title = \"t\"\n{sweep}"));
    let templates = [full_template(), full_template_with_childhood()];
    for text in templates.into_iter().chain(texts) {
        let (more, right) = try_all(&text, &mut missed);
        tried += more;
        understood += right;
    }
    assert!(tried > 1_000, "{tried}");
    assert!(
        understood * 100 >= tried * 95,
        "{understood} of {tried}\n{}",
        missed.join("\n")
    );
}

/// Mistypes every key of a text; gives how many typos there were and how many were understood.
fn try_all(text: &str, missed: &mut Vec<String>) -> (usize, usize) {
    Scenario::read_text("right", text, &[]).expect("a valid scenario");
    let (mut tried, mut understood) = (0, 0);
    for key in keys(text) {
        let line = line_and_column(text, key.at).0;
        for typo in typos(&key) {
            let mut wrong = text.to_owned();
            wrong.replace_range(key.at..key.at + key.word.len(), &typo);
            tried += 1;
            let errors = Scenario::read_text("slip", &wrong, &[]).expect_err("a typo is an error");
            let here = errors
                .list()
                .iter()
                .filter(|error| line_and_column(&wrong, error.place.start).0 == line);
            let right = format!("did you mean `{}`", key.word);
            let hints: Vec<&str> = here.filter_map(|error| error.hint.as_deref()).collect();
            if hints.iter().any(|hint| hint.starts_with(&right)) {
                understood += 1;
            } else {
                missed.push(format!("line {line}: {} for {}: {hints:?}", typo, key.word));
            }
        }
    }
    (tried, understood)
}
