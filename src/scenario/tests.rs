//! Tests of the reader as a whole: the corpus of bad files, mistyped keys, the JSON Schema, the template,
//! the reference page, and arbitrary texts.
//!
//! Lines of a bad file that begin with `#:` direct the test: `set KEY=VALUE`, `schema cannot say` (the
//! error lies beyond a JSON Schema), `pad to N bytes`, `table LINE` (a line of the attachment
//! `points.csv`), `without attachments`.

use super::diagnostic::Code;
use super::dotted_keys::SettableKey;
use super::value::Accepts;
use super::{Diagnostics, Override, Scenario, Style, reference, template};
use crate::printable::is_unprintable;
use crate::simulation::{SCALE_COUNT, SCALES, Survey};
use proptest::prelude::*;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A path inside the project.
fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files of a folder with this ending, in the order of their names.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(project(folder)) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|own| own == ending))
        .collect();
    files.sort();
    files
}

/// Compares a text with a file, or writes the file where `PAIRBOND_BLESS` is set.
fn compare(path: &Path, text: &str) {
    if std::env::var_os("PAIRBOND_BLESS").is_some() {
        std::fs::write(path, text).expect("a writable file");
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        expected == text,
        "{} differs; PAIRBOND_BLESS=1 writes it anew. It should now be:\n{text}",
        path.display()
    );
}

/// The template with everything switched on but childhood, which excludes some of the traits.
fn full_template() -> String {
    switched_on(|table, _| !table.starts_with("childhood"))
}

/// The template with everything switched on but what childhood excludes.
fn full_template_with_childhood() -> String {
    switched_on(|table, line| {
        let own = ["anxiety =", "avoidance ="]
            .iter()
            .any(|key| line.starts_with(key));
        let pair = table == "correlations" && line.contains("anxiety");
        !(table.starts_with("traits") && own || pair)
    })
}

/// A text without its sweep, whose reading reads all points too.
fn without_sweep(text: &str) -> String {
    let mut is_kept = true;
    let keep = |line: &&str| {
        if line.starts_with('[') {
            is_kept = !line.trim_matches(['[', ']']).starts_with("sweep");
        }
        is_kept
    };
    text.lines()
        .filter(keep)
        .map(|line| line.to_owned() + "\n")
        .collect()
}

/// The lines of the template, switched on, that are to be kept: by their table and themselves.
fn switched_on(keep: impl Fn(&str, &str) -> bool) -> String {
    let on = |line: &str| match line.strip_prefix('#') {
        Some(rest) if !rest.is_empty() && !rest.starts_with(' ') => rest.to_owned(),
        _ => line.to_owned(),
    };
    let mut table = String::new();
    let mut text = String::new();
    for line in template().lines().map(on) {
        if line.starts_with('[') {
            table = line.trim_matches(['[', ']']).to_owned();
        }
        if line.starts_with('#') || line.is_empty() || keep(&table, &line) {
            text += &(line + "\n");
        }
    }
    text
}

/// What a file gives: its errors, or the scenario with its warnings.
fn read_file(path: &Path) -> Result<Scenario, Diagnostics> {
    let mut bytes = std::fs::read(path).expect("a readable file");
    for directive in directives(&bytes) {
        if let Some(size) = directive
            .strip_prefix("pad to ")
            .and_then(|rest| rest.strip_suffix(" bytes"))
        {
            bytes.resize(size.parse().expect("a number of bytes"), b'\n');
        }
    }
    let overrides = directives(&bytes)
        .iter()
        .filter_map(|directive| directive.strip_prefix("set "))
        .map(Override::parse)
        .collect::<Result<Vec<_>, _>>()?;
    let name = path.file_name().expect("a file").to_string_lossy();
    let directives = directives(&bytes);
    if directives
        .iter()
        .any(|directive| directive == "without attachments")
    {
        return Scenario::read_bytes(&name, &bytes, &overrides);
    }
    Scenario::read_with(&name, &bytes, &overrides, &|name| {
        let lines = directives
            .iter()
            .filter_map(|directive| directive.strip_prefix("table "));
        let table: String = lines.map(|line| format!("{line}\n")).collect();
        if name == "points.csv" {
            Ok(table.into())
        } else {
            Err(ErrorKind::NotFound.into())
        }
    })
}

fn directives(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.lines()
        .map_while(|line| line.strip_prefix("#: "))
        .map(str::to_owned)
        .collect()
}

/// Whether a file of the corpus is valid, and only gives warnings.
fn only_warns(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with("warn_"))
}

fn rendered(path: &Path) -> String {
    match read_file(path) {
        Ok(scenario) => {
            assert!(only_warns(path), "{} has no error", path.display());
            scenario.warnings().render(Style::Plain)
        }
        Err(errors) => {
            assert!(
                !only_warns(path),
                "{} has errors:\n{errors}",
                path.display()
            );
            errors.render(Style::Plain)
        }
    }
}

#[test]
fn every_bad_file_gives_its_text() {
    let files = files("tests/faults", "toml");
    assert!(files.len() >= 75, "{} files", files.len());
    for path in files {
        compare(&path.with_extension("txt"), &rendered(&path));
    }
}

#[test]
fn every_code_has_a_file_in_the_corpus() {
    let texts: String = files("tests/faults", "toml")
        .iter()
        .map(|path| rendered(path))
        .collect();
    for code in Code::ALL {
        let level = if code.is_error() { "error" } else { "warning" };
        let tag = code.tag();
        assert!(texts.contains(&format!("{level}[{tag}]")), "{tag}");
    }
}

#[test]
fn colours_change_no_word() {
    for path in files("tests/faults", "toml") {
        let Err(errors) = read_file(&path) else {
            continue;
        };
        let coloured = errors.render(Style::Coloured);
        assert!(coloured.contains('\u{1b}'));
        let mut plain = String::new();
        let mut parts = coloured.split('\u{1b}');
        plain.push_str(parts.next().unwrap_or_default());
        parts.for_each(|part| plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest)));
        let trimmed = |text: &str| {
            text.lines()
                .map(|line| line.trim_end().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            trimmed(&plain),
            trimmed(&errors.render(Style::Plain)),
            "{}",
            path.display()
        );
    }
}

#[test]
fn errors_come_in_the_order_of_their_places() {
    for path in files("tests/faults", "toml") {
        let Err(errors) = read_file(&path) else {
            continue;
        };
        let places: Vec<_> = errors.list().iter().map(|error| error.place).collect();
        assert!(places.is_sorted(), "{}", path.display());
    }
}

#[test]
fn a_file_that_begins_with_a_byte_order_mark_is_read() {
    let scenario = Scenario::read_bytes("bom", b"\xef\xbb\xbftitle = \"x\"\n", &[]);
    assert_eq!(scenario.expect("a valid scenario").title(), "x");
}

#[test]
fn windows_line_ends_are_read() {
    let text = "title = \"x\"\r\n[run]\r\nseed = 3\r\n";
    assert_eq!(
        Scenario::read_text("crlf", text, &[])
            .expect("a valid scenario")
            .config()
            .seed,
        3
    );
}

#[test]
fn minus_zero_is_zero() {
    let of = |zero: &str| {
        let text = format!(
            "title = \"x\"\n[traits]\npatience = {zero}\n[parameters]\ndeception = {zero}\n"
        );
        format!(
            "{:?}",
            Scenario::read_text("zero", &text, &[])
                .expect("a valid scenario")
                .config()
        )
    };
    assert_eq!(of("-0.0"), of("0.0"));
}

/// Sweeps in which, with that of the template, every key stands.
const SWEEPS: [&str; 5] = [
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
    "[sweep]\ndesign = \"grid\"\nconstraints = [\"low < high\"]\n\
     [[sweep.axis]]\nkey = \"traits.effort\"\nname = \"low\"\nvalues = [0.2, 0.5]\n\
     [[sweep.axis]]\nname = \"width\"\nvalues = [0.0, 0.2]\n\
     [[sweep.axis]]\nkey = \"traits.consistency\"\nname = \"high\"\nformula = \"low + width\"\n",
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

/// Line and column of a byte, both from 1; columns count characters.
fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let before = &text[..byte];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (
        before.matches('\n').count() + 1,
        text[start..byte].chars().count() + 1,
    )
}

#[test]
fn lines_and_columns_count_characters_from_one() {
    assert_eq!(line_and_column("äb\ncd", 0), (1, 1));
    assert_eq!(line_and_column("äb\ncd", 2), (1, 2));
    assert_eq!(line_and_column("äb\ncd", 1), (1, 1));
    assert_eq!(line_and_column("äb\ncd", 5), (2, 2));
    assert_eq!(line_and_column("äb\ncd", 99), (2, 3));
}

#[test]
fn the_template_is_the_default_scenario() {
    let template = Scenario::read_text("template", &template(), &[]).expect("a valid template");
    let bare = Scenario::read_text("bare", "title = \"x\"\n", &[]).expect("a valid scenario");
    assert_eq!(template.config(), bare.config());
    assert!(template.warnings().is_empty(), "{}", template.warnings());
}

#[test]
fn every_key_of_the_template_can_be_switched_on() {
    let full = Scenario::read_text("full", &full_template(), &[]).expect("a valid scenario");
    assert!(full.warnings().is_empty(), "{}", full.warnings());
    assert_eq!(full.marks().len(), 6);
    assert_eq!(full.marks()[0].label, "the betrayal");
    assert_eq!(full.marks()[3].label, "responsiveness of B × 0.9 +0.05");
    assert_eq!(
        (full.marks()[3].day, full.marks()[3].until),
        (100, Some(160))
    );
    let text = full_template_with_childhood();
    let full = Scenario::read_text("full", &text, &[]).expect("a valid scenario");
    assert!(full.warnings().is_empty(), "{}", full.warnings());
    assert_eq!(full.config().origin.has_childhood(), [true; 2]);
}

#[test]
fn the_template_gives_the_defaults() {
    let without_examples: String = full_template()
        .split("\n\n")
        .map(|block| {
            let end = ["# The same keys under", "# Examples"]
                .iter()
                .filter_map(|mark| block.find(mark))
                .min();
            format!("{}\n\n", &block[..end.unwrap_or(block.len())])
        })
        .filter(|block| {
            !block.starts_with("[[event]]")
                && !block.starts_with("[[sweep.axis]]")
                && !block.starts_with("[[claim]]")
                // The table alone switches its measurement on.
                && !block.contains("[measurement]")
                // They need a [study], whose example is left out, too.
                && !block.contains("[recover]")
                && !block.contains("[[rival]]")
        })
        .collect();
    let all = Scenario::read_text("defaults", &without_examples, &[]).expect("a valid scenario");
    let bare = Scenario::read_text("bare", "title = \"x\"\n", &[]).expect("a valid scenario");
    assert_eq!(all.config(), bare.config());
}

#[test]
fn the_measurement_in_the_template_is_the_default_one() {
    let full = Scenario::read_text("full", &full_template(), &[]).expect("a valid scenario");
    let text = "title = \"x\"\n[measurement]\n";
    let bare = Scenario::read_text("bare", text, &[]).expect("a valid scenario");
    let expected = Survey::default_for(365);
    for scenario in [full, bare] {
        assert_eq!(scenario.config().record.survey.as_ref(), Some(&expected));
    }
    let nothing = Scenario::read_text("none", "title = \"x\"\n", &[]).expect("a valid scenario");
    assert_eq!(nothing.config().record.survey, None);
}

#[test]
fn every_key_of_a_measurement_is_read_and_comes_back_from_the_effective_scenario() {
    let text = "title = \"x\"\n[run]\ndays = 100\n[measurement]\nwaves = [80, 7]\n\
        diary_from = 20\ndiary_days = 30\npoints = 9\nstyle = 0.1\nmissing = 0.2\n\
        conflict_reported = 0.6\nunresponsive_as_conflict = 0.3\nconflict_false_alarm = 0.01\n\
        items = { anxiety = 6 }\nreliability = 0.7\nsd = { daily_stress = 0.2 }\n";
    let sets: Vec<Override> = ["measurement.sd.trust=0.08", "measurement.diary_days=31"]
        .iter()
        .map(|set| Override::parse(set).expect("an override"))
        .collect();
    let scenario = Scenario::read_text("all", text, &sets).expect("a valid scenario");
    let mut expected = Survey {
        waves: vec![7, 80],
        diary_from: 20,
        diary_days: 31,
        points: 9,
        style: 0.1,
        missing: 0.2,
        conflict_reported: 0.6,
        unresponsive_as_conflict: 0.3,
        conflict_false_alarm: 0.01,
        reliability: [0.7; SCALE_COUNT],
        ..Survey::default_for(100)
    };
    let at = |key: &str| SCALES.iter().position(|scale| scale.key == key).expect(key);
    expected.items[at("anxiety")] = 6;
    expected.sd[at("daily_stress")] = 0.2;
    expected.sd[at("trust")] = 0.08;
    assert_eq!(scenario.config().record.survey, Some(expected));
    let again = Scenario::read_text("again", &scenario.effective_toml(), &[]).expect("valid");
    assert_eq!(again.config(), scenario.config());
    assert_eq!(again.effective_toml(), scenario.effective_toml());
}

#[test]
fn a_diary_of_which_one_end_is_named_keeps_inside_the_run() {
    let days = |keys: &str| {
        let text = format!("title = \"x\"\n[run]\ndays = 40\n[measurement]\n{keys}\n");
        let scenario = Scenario::read_text("diary", &text, &[]).expect("a valid scenario");
        let work = scenario.config().record.survey.clone().expect("survey");
        (work.diary_from, work.diary_days)
    };
    assert_eq!(days(""), (27, 14));
    assert_eq!(days("diary_days = 40"), (1, 40));
    assert_eq!(days("diary_from = 35"), (35, 6));
    assert_eq!(days("diary_days = 0"), (1, 0));
}

#[test]
fn the_reference_page_is_that_of_the_program() {
    compare(&project("docs/scenario.md"), &reference());
}

#[test]
fn shipped_scenarios_have_no_errors() {
    let claims = files("scenarios/claims", "toml");
    assert!(claims.len() >= 12);
    let studies = files("scenarios/studies", "toml");
    let all = files("scenarios", "toml").into_iter().chain(claims);
    for path in all.chain(studies) {
        let bytes = std::fs::read(&path).expect("a readable file");
        let read = Scenario::read_bytes(&path.display().to_string(), &bytes, &[]);
        assert!(read.is_ok(), "{}", read.expect_err("errors"));
    }
}

#[test]
fn every_address_can_be_set() {
    for text in [full_template(), full_template_with_childhood()] {
        can_be_set(&without_sweep(&text));
    }
}

/// Sets every address of a text.
fn can_be_set(text: &str) {
    let full = Scenario::read_text("full", text, &[]).expect("a valid scenario");
    let settable_keys = full.settable_keys();
    assert!(settable_keys.len() > 250, "{}", settable_keys.len());
    for address in settable_keys {
        let value = match address.accepts {
            Accepts::Number { low, high } => format!("{:?}", low + 0.25 * (high - low)),
            Accepts::Integer { low, .. } => format!("{}", low + 1),
            Accepts::OneOf(values) => format!("{:?}", values[0]),
            Accepts::Switch => "false".to_owned(),
            Accepts::Choice(words) => words[0].to_owned(),
        };
        let set = Override::parse(&format!("{}={value}", address.key)).expect("an override");
        if let Err(errors) = Scenario::read_text("full", text, &[set]) {
            let lost = [
                Code::UnknownKey,
                Code::MisplacedKey,
                Code::NothingToSet,
                Code::WrongType,
            ];
            let found = errors.list().iter().any(|error| lost.contains(&error.code));
            assert!(!found, "{}\n{errors}", address.key);
        }
    }
}

#[test]
fn overrides_reach_distributions_that_the_file_leaves_alone() {
    let read = |sets: &[&str]| {
        let sets: Vec<_> = sets
            .iter()
            .map(|set| Override::parse(set).expect("an override"))
            .collect();
        Scenario::read_text("sets", "title = \"x\"\n", &sets)
            .expect("a valid scenario")
            .effective_toml()
    };
    assert!(read(&["traits.a.responsiveness.logit_sd=1"]).contains(
        "[traits.a]\nresponsiveness = { dist = \"logit_normal\", log_odds = 3.51, logit_sd = 1.0, \
         slopes = { anxiety = -1.95, avoidance = -1.64 } }\n"
    ));
    assert!(read(&["couple.contact_rate.log_sd=0.1"]).contains("log_sd = 0.1 }"));
    assert!(read(&["mechanisms.intimacy_target=least"]).contains("intimacy_target = \"least\""));
    let pair = read(&["correlations.partners.openness=0.4"]);
    assert!(pair.contains("\"partners.openness\" = 0.4"));
    assert_eq!(pair, read(&["correlations.\"partners.openness\"=0.4"]));
    assert!(read(&["run.seed=1", "run.seed=5"]).contains("seed = 5\n"));
}

fn sound(errors: &Diagnostics) {
    assert!(!errors.is_empty());
    for error in errors.list() {
        let text = &errors.sources()[error.place.source].text;
        assert!(error.place.start <= error.place.end && error.place.start <= text.len() + 1);
        assert!(
            !error.message.is_empty() && !error.message.ends_with('.'),
            "{}",
            error.message
        );
    }
    assert!(errors.render(Style::Plain).contains("error["));
}

fn check(bytes: &[u8]) {
    match Scenario::read_bytes("any", bytes, &[]) {
        Err(errors) => sound(&errors),
        Ok(scenario) => round_trip(&scenario),
    }
}

fn round_trip(scenario: &Scenario) {
    let text = scenario.effective_toml();
    let again =
        Scenario::read_text("effective", &text, &[]).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(again.config(), scenario.config(), "{text}");
    assert_eq!(
        (again.title(), again.description()),
        (scenario.title(), scenario.description())
    );
    assert_eq!(again.marks(), scenario.marks());
    assert_eq!(
        format!("{:?}", again.sweep_spec()),
        format!("{:?}", scenario.sweep_spec())
    );
    assert_eq!(again.effective_toml(), text);
}

/// A value that an address takes, by a number from 0 to 1.
fn value_of(address: &SettableKey, share: f64) -> String {
    let pick = |count: usize| ((share * count as f64) as usize).min(count - 1);
    match &address.accepts {
        Accepts::Number { low, high } => format!("{:?}", low + share * share * (high - low)),
        Accepts::Integer { low, high } => {
            let reach = (high - low).min(500) as f64;
            (low + (share * reach) as i64).to_string()
        }
        Accepts::OneOf(values) => format!("{:?}", values[pick(values.len())]),
        Accepts::Switch => (share < 0.5).to_string(),
        Accepts::Choice(words) => words[pick(words.len())].to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes);
    }

    #[test]
    fn any_text_of_toml_signs_is_answered(text in "[a-e\\[\\]{}=\"'.,#~0-9 \n\t\\\\é+-]{0,200}") {
        check(text.as_bytes());
    }

    #[test]
    fn a_damaged_template_is_answered(
        cuts in prop::collection::vec(
            (any::<prop::sample::Index>(), 0_usize..40, "[a-c0-9=\\[\\]{}\"\n.,#é-]{0,6}"),
            1..6,
        ),
        childhood in any::<bool>(),
    ) {
        let mut text = if childhood { full_template_with_childhood() } else { full_template() };
        for (at, length, insert) in cuts {
            let before = |at: usize| (0..=at.min(text.len())).rev();
            let floor = |at: usize| before(at).find(|at| text.is_char_boundary(*at));
            let start = floor(at.index(text.len())).unwrap_or(0);
            let end = floor(start + length).unwrap_or(start).max(start);
            text.replace_range(start..end, &insert);
        }
        check(text.as_bytes());
    }

    #[test]
    fn any_override_is_answered(text in "[a-z.\"~\\[\\]0-9= ]{0,40}") {
        match Override::parse(&text) {
            Err(errors) => sound(&errors),
            Ok(set) => {
                if let Err(errors) = Scenario::read_text("sets", "title = \"x\"\n", &[set]) {
                    sound(&errors);
                }
            }
        }
    }

    #[test]
    fn effective_scenarios_come_back_to_the_same_configuration(
        sets in prop::collection::vec((any::<prop::sample::Index>(), 0.0..1.0_f64), 1..8),
        full in 0..12_u32,
        title in "[^\u{0}]{0,12}x".prop_filter("printable", |title| !title.contains(is_unprintable)),
    ) {
        let text = match full {
            0..4 => "title = \"t\"\n".to_owned(),
            4..7 => without_sweep(&full_template()),
            7..10 => without_sweep(&full_template_with_childhood()),
            10 => full_template(),
            _ => full_template_with_childhood(),
        };
        let base = Scenario::read_text("base", &text, &[]).expect("a valid scenario");
        let settable_keys = base.settable_keys();
        // TOML wants DEL escaped, and JSON does not.
        let quoted = serde_json::Value::from(title.as_str()).to_string();
        let quoted = quoted.replace('\u{7f}', "\\u007F");
        let title_set = Override::parse(&format!("title={quoted}")).expect("an override");
        let mut kept = vec![title_set];
        // A set that contradicts those before it is left out.
        for (at, share) in sets {
            let address = &settable_keys[at.index(settable_keys.len())];
            let set = Override::parse(&format!("{}={}", address.key, value_of(address, share)));
            let mut with = kept.clone();
            with.push(set.expect("an override"));
            if Scenario::read_text("sets", &text, &with).is_ok() {
                kept = with;
            }
        }
        let scenario = Scenario::read_text("sets", &text, &kept).expect("a valid scenario");
        prop_assert_eq!(scenario.title(), &title);
        round_trip(&scenario);
    }
}

#[test]
fn notes_name_events_that_last_to_the_end_of_the_run() {
    let notes = |days: u32, event: &str| {
        let text = format!(
            "title = 't'\n[run]\ncouples = 40\ndays = {days}\n[[event]]\nkind = 'stress'\nday = 1\nsize = 0.1\n\
             [[event]]\nkind = 'trait'\nlabel = 'training'\ntrait = 'openness'\nadd = 0.1\nfrom = 10\n{event}\n"
        );
        let scenario = Scenario::read_text("t", &text, &[]);
        scenario.unwrap_or_else(|errors| panic!("{errors}")).notes()
    };
    let ends = "event 2 (training) lasts until day 39, and the run has 39 days: what follows it is not simulated";
    assert_eq!(notes(39, "for = 30"), [ends]);
    let before = ends.replace("has 39", "has 20");
    assert_eq!(notes(20, "until = 40"), [before]);
    // A day follows; without an end, or after the run, there is nothing to say.
    assert_eq!(notes(40, "for = 30"), [""; 0]);
    assert_eq!(notes(39, ""), [""; 0]);
    assert_eq!(notes(5, "for = 30"), [""; 0]);
}

#[test]
fn analyses_of_studies_come_back_to_the_same_specification() {
    let study = "title = 't'\n[run]\ndays = 900\n[study]\nwaves = 4\n[power]\n";
    for power in [
        "predictor = 'daily_conflict'\noutcome = 'daily_stress'\nresiduals = 'autoregressive'\ncentre = false\n\
         [power.vary]\nbursts = [1]\n",
        "analysis = 'break_up'\npredictor = 'prqc_trust'\npartners = 'exchangeable'\nreference_couples = 500\n\
         [power.vary]\nfollow_up = [0, 90]\ndrop_out = [0.0, 0.2]\nreliability = [0.5]\n[power.search]\neffect = 'score'\n\
         quantity = 'wave_compliance'\nfrom = 0.5\nto = 0.9\n",
        "analysis = 'growth'\npredictor = 'prqc_trust'\noutcome = 'prqc_satisfaction'\nmethod = 'ml'\n\
         error_in = 'outcome'\n[power.vary]\nwave_interval = [30, 90]\nreliability = [0.5, 0.9]\n[power.search]\n\
         effect = 'partner_slope_b'\nquantity = 'waves'\nfrom = 3\nto = 6\n",
    ] {
        let scenario = Scenario::read_text("t", &format!("{study}{power}"), &[]);
        let scenario = scenario.unwrap_or_else(|errors| panic!("{errors}"));
        round_trip(&scenario);
        let text = scenario.effective_toml();
        let again = Scenario::read_text("effective", &text, &[]).expect("a valid scenario");
        assert!(again.spec.power.is_some());
        assert_eq!(again.spec.power, scenario.spec.power, "{text}");
    }
}
