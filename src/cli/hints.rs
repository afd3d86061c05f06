//! What to write instead of arguments that the program does not know: scenario keys that were given as
//! options, and names of commands that are near.

use super::Cli;
use crate::scenario::{nearest, settable_paths};
use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Commands that read scenarios, and so have `--set`.
const WITH_SET: [&str; 9] = [
    "run",
    "sweep",
    "claims",
    "power",
    "recover",
    "bench",
    "check",
    "validate",
    "calibrate",
];

/// Words for commands that are near none of them.
const MEANT: &[(&str, &str)] = &[
    ("list", "examples"),
    ("ls", "examples"),
    ("scenarios", "examples"),
    ("init", "new"),
    ("create", "new"),
    ("template", "new"),
    ("simulate", "run"),
    ("start", "run"),
    ("draw", "plot"),
    ("charts", "plot"),
    ("lint", "check"),
    ("describe", "explain"),
    ("info", "explain"),
    ("docs", "explain"),
    ("completion", "completions"),
    ("export", "report"),
    ("test", "claims"),
    ("experiment", "sweep"),
    ("fit", "calibrate"),
];

/// Puts the hint of this program in the place of clap's.
pub(crate) fn with_hint(refusal: clap::Error, arguments: &[String]) -> clap::Error {
    let mut refusal = as_unknown_argument(refusal);
    match refusal.kind() {
        ErrorKind::InvalidSubcommand => {
            let wrong = text_of(&refusal, ContextKind::InvalidSubcommand);
            refusal.remove(ContextKind::Suggested);
            refusal.remove(ContextKind::SuggestedSubcommand);
            if let Some(command) = near_command(&wrong) {
                let value = ContextValue::String(command);
                refusal.insert(ContextKind::SuggestedSubcommand, value);
            }
        }
        ErrorKind::UnknownArgument => {
            let wrong = text_of(&refusal, ContextKind::InvalidArg);
            // clap proposes to pass it as a value after `--`, which no command takes.
            refusal.remove(ContextKind::Suggested);
            if let Some(hint) = hint_of(&wrong, arguments) {
                let value = ContextValue::StyledStrs(vec![hint.into()]);
                refusal.insert(ContextKind::Suggested, value);
            }
        }
        _ => {}
    }
    refusal
}

/// An argument that a command does not take, where clap takes it for a subcommand.
fn as_unknown_argument(refusal: clap::Error) -> clap::Error {
    let wrong = text_of(&refusal, ContextKind::InvalidSubcommand);
    let cli = Cli::command();
    let is_subcommand = |command: &clap::Command| command.find_subcommand(&wrong).is_some();
    let is_conflict = refusal.kind() == ErrorKind::ArgumentConflict;
    if !is_conflict || wrong.is_empty() || cli.get_subcommands().any(is_subcommand) {
        return refusal;
    }
    let mut unknown = clap::Error::new(ErrorKind::UnknownArgument).with_cmd(&cli);
    unknown.insert(ContextKind::InvalidArg, ContextValue::String(wrong));
    if let Some(usage) = refusal.get(ContextKind::Usage) {
        unknown.insert(ContextKind::Usage, usage.clone());
    }
    unknown
}

fn text_of(refusal: &clap::Error, kind: ContextKind) -> String {
    match refusal.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        _ => String::new(),
    }
}

/// The command that was probably meant.
fn near_command(wrong: &str) -> Option<String> {
    let names: Vec<String> = Cli::command()
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    let meant = MEANT.iter().find(|(word, _)| *word == wrong);
    let meant = meant.filter(|(_, name)| names.iter().any(|own| own == name));
    let near = || nearest(wrong, names.iter().map(String::as_str));
    meant
        .map(|(_, name)| *name)
        .or_else(near)
        .map(str::to_owned)
}

/// The subcommand that was probably meant by the argument before one that its command does not take.
fn near_subcommand(command: &str, arguments: &[String], place: usize) -> Option<String> {
    let cli = Cli::command();
    let names: Vec<&str> = cli
        .find_subcommand(command)?
        .get_subcommands()
        .map(|it| it.get_name())
        .collect();
    let before = arguments.get(place.checked_sub(1)?)?;
    nearest(before, names).map(str::to_owned)
}

/// What to write instead of an argument that the command does not take.
fn hint_of(wrong: &str, arguments: &[String]) -> Option<String> {
    let command = arguments.iter().find(|word| !word.starts_with('-'))?;
    let place = arguments
        .iter()
        .position(|word| word == wrong || word.split('=').next() == Some(wrong));
    let before = |steps: usize| place?.checked_sub(steps).and_then(|at| arguments.get(at));
    let takes_set = WITH_SET.contains(&command.as_str());
    let Some(option) = wrong.strip_prefix("--") else {
        if let Some(meant) = place.and_then(|place| near_subcommand(command, arguments, place)) {
            return Some(format!("did you mean 'pairbond {command} {meant}'?"));
        }
        if before(2).is_some_and(|word| word == "--set") {
            let key = before(1)?;
            return Some(format!(
                "a key and its value are one argument: write '--set {key}={wrong}'"
            ));
        }
        let compares = ["run", "plot", "report"].contains(&command.as_str());
        if compares && !wrong.starts_with('-') {
            return Some(format!(
                "'pairbond {command}' takes one; 'pairbond compare A B' compares scenarios or results of runs"
            ));
        }
        if wrong.starts_with('-') && before(1).is_some_and(|word| word.starts_with("--")) {
            return Some(format!("'{}' takes a whole number from 0", before(1)?));
        }
        return None;
    };
    if option == "list" {
        return Some(match command.as_str() {
            "validate" => {
                "'pairbond explain C09' describes a target, and '--list-measures' lists measures"
                    .to_owned()
            }
            _ => {
                "'pairbond examples' lists scenarios, and 'pairbond explain' what can be explained"
                    .to_owned()
            }
        });
    }
    if !takes_set {
        return None;
    }
    let key = option.replace('-', "_");
    let value_of = |at: usize| match arguments[at].split_once('=') {
        Some((_, value)) => Some(value.to_owned()),
        None => arguments
            .get(at + 1)
            .filter(|word| !word.starts_with('-'))
            .cloned(),
    };
    let given = place.and_then(value_of);
    if ["years", "year"].contains(&key.as_str()) {
        let years = given.and_then(|value| value.parse().ok());
        let days = years.map_or("DAYS".to_owned(), |years: f64| {
            format!("{:.0}", 365.25 * years)
        });
        return Some(format!(
            "'run.days' is the length of a run in days: write '--set run.days={days}'"
        ));
    }
    let paths = settable_paths();
    let own = |key: &str| -> Vec<&str> {
        let of_key = paths
            .iter()
            .filter(|path| path.rsplit('.').next() == Some(key));
        of_key.map(String::as_str).collect()
    };
    let keys = paths.iter().filter_map(|path| path.rsplit('.').next());
    let mut found = own(&key);
    if found.is_empty() {
        found = nearest(&key, keys).map(own).unwrap_or_default();
    }
    let path = found.first()?;
    let value = given.unwrap_or_else(|| "VALUE".to_owned());
    Some(format!(
        "'{path}' is a key of scenarios: write '--set {path}={value}'"
    ))
}

/// A whole number from 0 on the command line.
pub(crate) fn whole_number(text: &str) -> Result<u64, String> {
    let text = text.trim();
    text.parse()
        .map_err(|_| format!("it takes a whole number from 0 to {}", u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(line: &str, wrong: &str) -> Option<String> {
        let arguments: Vec<String> = line.split(' ').map(str::to_owned).collect();
        hint_of(wrong, &arguments)
    }

    #[test]
    fn options_that_are_keys_are_set() {
        for (line, wrong, said) in [
            ("run a.toml --days 30", "--days", "--set run.days=30"),
            ("run a.toml --days=30", "--days", "--set run.days=30"),
            (
                "sweep a.toml --couple 30",
                "--couple",
                "--set run.couples=30",
            ),
            (
                "run a.toml --observable trust",
                "--observable",
                "--set record.observables=trust",
            ),
            (
                "run a.toml --trust-rate",
                "--trust-rate",
                "--set parameters.trust_rate=VALUE",
            ),
            ("run a.toml --set run.days 30", "30", "--set run.days=30"),
            (
                "run a.toml --seed -1",
                "-1",
                "'--seed' takes a whole number",
            ),
            ("validate --list", "--list", "--list-measures"),
            ("run a.toml --years 3", "--years", "--set run.days=1096"),
            ("run a.toml b.toml", "b.toml", "pairbond compare"),
        ] {
            let found = hint(line, wrong).unwrap_or_default();
            assert!(found.contains(said), "{line}: {found}");
        }
        assert_eq!(hint("verify out --days 30", "--days"), None);
        assert_eq!(hint("merge a b", "b"), None);
        assert_eq!(hint("run a.toml --qqqqqqqq", "--qqqqqqqq"), None);
    }

    #[test]
    fn commands_that_are_near_are_named() {
        for (wrong, right) in [
            ("rnu", "run"),
            ("sweeps", "sweep"),
            ("list", "examples"),
            ("init", "new"),
            ("validat", "validate"),
        ] {
            assert_eq!(near_command(wrong).as_deref(), Some(right), "{wrong}");
        }
        assert_eq!(near_command("nothing"), None);
        let names: Vec<String> = Cli::command()
            .get_subcommands()
            .map(|command| command.get_name().to_owned())
            .collect();
        for (_, name) in MEANT {
            assert!(names.iter().any(|own| own == name), "{name}");
        }
    }
}
