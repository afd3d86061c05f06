//! Scenarios from files and texts, and values set in them.

use crate::error::Error;
use crate::scenario::{Diagnostics, Override, Scenario, Setting, largest, refuse_size, text_of};
use crate::table::plain_file::{open_plain_or_pipe, read_text_bytes};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Name of a scenario that does not come from a file.
const DEFAULT_NAME: &str = "scenario.toml";

impl Default for Scenario {
    /// The scenario in which every key has its default.
    fn default() -> Scenario {
        Scenario::parse("title = \"Default scenario\"\n").expect("a title is a complete scenario")
    }
}

impl Scenario {
    /// Reads and checks a scenario file.
    ///
    /// # Errors
    /// [`Error::Unreadable`] if the file cannot be read, [`Error::Scenario`] with everything that is
    /// wrong in it.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Scenario, Error> {
        read_scenario(path.as_ref(), &[])
    }

    /// Reads and checks a scenario file, with overrides as `--set` takes them, such as
    /// `run.couples=200`.
    ///
    /// # Errors
    /// Those of [`from_file`](Scenario::from_file); the errors include those of the overrides.
    pub fn from_file_with<S: AsRef<str>>(
        path: impl AsRef<Path>,
        overrides: &[S],
    ) -> Result<Scenario, Error> {
        let read = overrides.iter().map(|text| Override::parse(text.as_ref()));
        read_scenario(path.as_ref(), &read.collect::<Result<Vec<_>, _>>()?)
    }

    /// Reads and checks the text of a scenario, in TOML.
    ///
    /// # Errors
    /// [`Error::Scenario`] with everything that is wrong in it, also if it names a table of points,
    /// which only a file can.
    pub fn parse(text: &str) -> Result<Scenario, Error> {
        Ok(Scenario::read_text(DEFAULT_NAME, text, &[])?)
    }

    /// Sets a value by its dotted key, as `--set` does.
    ///
    /// ```
    /// let scenario = pairbond::Scenario::default()
    ///     .set("run.couples", 2_000)?
    ///     .set("traits.consistency", 0.8)?
    ///     .set("mechanisms.conflict", false)?
    ///     .set("record.days", "all")?;
    /// # Ok::<(), pairbond::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Scenario`] if there is no such key, or the value is not one that it takes.
    pub fn set(self, key: &str, value: impl Into<Setting>) -> Result<Scenario, Error> {
        let text = format!("{key}={}", value.into().to_toml());
        self.set_all(&[Override::parse(&text)?])
    }
}

impl Scenario {
    /// Sets values by overrides, after those that the scenario was read with.
    ///
    /// # Errors
    /// Those of [`set`](Scenario::set).
    pub(crate) fn set_all(&self, added: &[Override]) -> Result<Scenario, Error> {
        let overrides = [self.overrides(), added].concat();
        let attached = |name: &str| {
            let known = self.attachments().iter().find(|(own, _)| own == name);
            let file = Path::new(self.file_name());
            match known {
                Some((_, text)) => Ok(text.clone().into_bytes()),
                None if file.is_file() => read_text_bytes(&folder_of(file).join(name)),
                None => Err(ErrorKind::NotFound.into()),
            }
        };
        let bytes = self.text().as_bytes();
        Ok(Scenario::read_with(
            self.file_name(),
            bytes,
            &overrides,
            &attached,
        )?)
    }

    /// The files that it was read from: its own, and those of its tables of points.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let file = Path::new(self.file_name());
        let table = |(name, _): &(String, String)| folder_of(file).join(name);
        let mut files = vec![file.to_owned()];
        files.extend(self.attachments().iter().map(table));
        files
    }
}

/// The folder from which a scenario's tables are named.
fn folder_of(scenario: &Path) -> &Path {
    scenario.parent().unwrap_or(Path::new(""))
}

/// Reads and checks a scenario file, with overrides. A file that is too large is refused before it is read.
///
/// # Errors
/// Those of [`Scenario::from_file`]; the errors include those of the overrides.
pub(crate) fn read_scenario(file: &Path, overrides: &[Override]) -> Result<Scenario, Error> {
    let bytes = bytes_of(file)?;
    let name = file.display().to_string();
    Ok(Scenario::read_with(&name, &bytes, overrides, &|table| {
        read_text_bytes(&folder_of(file).join(table))
    })?)
}

/// Reads a file of overrides: a `KEY=VALUE` in each line that is not blank and no comment.
///
/// # Errors
/// [`Error::Unreadable`] if it cannot be read, [`Error::Scenario`] where it is not UTF-8, or a line is no
/// override.
pub(crate) fn read_overrides(file: &Path) -> Result<Vec<Override>, Error> {
    let bytes = bytes_of(file)?;
    let name = file.display().to_string();
    Ok(overrides_of(&name, text_of(&name, &bytes)?)?)
}

/// The overrides of the text of a file.
fn overrides_of(file_name: &str, text: &str) -> Result<Vec<Override>, Diagnostics> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let says = |(_, line): &(usize, &str)| {
        let line = line.trim_start();
        !line.is_empty() && !line.starts_with('#')
    };
    let lines = text.lines().enumerate().filter(says);
    lines
        .map(|(index, line)| Override::from_line(file_name, index + 1, line))
        .collect()
}

/// Reads a file that is no larger than a scenario may be, or a pipe.
pub(crate) fn bytes_of(file: &Path) -> Result<Vec<u8>, Error> {
    let unreadable = |source| Error::Unreadable {
        path: file.to_owned(),
        source,
    };
    let open = open_plain_or_pipe(file).map_err(unreadable)?;
    let size = open.metadata().map_err(unreadable)?.len();
    refuse_size(&file.display().to_string(), size)?;
    // A pipe has no size: it is cut one byte above the limit.
    let mut bytes = Vec::new();
    open.take(largest() + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_set_as_the_command_line_sets_them() {
        let scenario = Scenario::default()
            .set("run.couples", 20)
            .and_then(|it| it.set("run.step_days", 0.5))
            .and_then(|it| it.set("mechanisms.conflict", false))
            .and_then(|it| it.set("record.days", "all"))
            .and_then(|it| it.set("title", "true"))
            .expect("sound values");
        let texts: Vec<&str> = scenario.overrides().iter().map(Override::text).collect();
        assert_eq!(
            texts,
            [
                "run.couples=20",
                "run.step_days=0.5",
                "mechanisms.conflict=false",
                "record.days=\"all\"",
                "title=\"true\""
            ]
        );
        assert_eq!(scenario.config().size.couples, 20);
        assert_eq!(scenario.title(), "true");
    }

    #[test]
    fn a_key_that_does_not_exist_is_an_error() {
        let error = Scenario::default()
            .set("run.couple", 3)
            .expect_err("no such key");
        assert!(matches!(error, Error::Scenario(errors) if errors.to_string().contains("couples")));
    }

    const SWEEP: &[u8] = b"title = \"t\"\n[sweep]\ndesign = \"table\"\ntable = \"points.csv\"\n";
    const POINTS: &str = "run.couples,traits.consistency,mechanisms.repair\n\
                          40,0.25,true\n50,1e-1,false\n60,.5,\"true\"\n";

    fn read_points(text: &str) -> Result<Scenario, String> {
        let read = Scenario::read_with("s.toml", SWEEP, &[], &|_| Ok(text.as_bytes().to_owned()));
        read.map_err(|errors| errors.to_string())
    }

    #[test]
    fn a_table_of_points_that_is_not_utf8_is_reported_in_the_table() {
        let bytes = b"run.couples,traits.consistency\n40,0.25\n50,\xff\n";
        let read = Scenario::read_with("s.toml", SWEEP, &[], &|_| Ok(bytes.to_vec()));
        let errors = read.expect_err("no UTF-8").to_string();
        assert!(errors.contains("--> points.csv:3:4"), "{errors}");
        assert!(
            errors.contains("s.toml:4:9") && errors.contains("named here"),
            "{errors}"
        );
    }

    #[test]
    fn mutated_tables_of_points_are_read_or_refused() {
        read_points(POINTS).expect("a sound table");
        crate::table::test_support::mutations(POINTS.as_bytes(), |bytes| {
            if let Err(errors) = read_points(&String::from_utf8_lossy(bytes)) {
                assert!(!errors.is_empty());
            }
        });
    }

    #[test]
    fn mutated_scenarios_are_read_or_refused() {
        let sound = "title = \"t\"\n[run]\ncouples = 40\n[traits.a]\nanxiety = { family = \"beta\", \
                     mean = 0.3, sd = 0.1 }\n[[event]]\nkind = \"stress\"\nday = 3\nsize = 0.5\n\
                     [sweep]\ndesign = \"grid\"\n[[sweep.axis]]\nkey = \"traits.b.trust\"\n\
                     range = [0, 1]\nsteps = 3\n[[claim]]\nname = \"c\"\n";
        crate::table::test_support::mutations(sound.as_bytes(), |bytes| {
            if let Err(errors) =
                Scenario::read_with("s.toml", bytes, &[], &|_| Err(ErrorKind::NotFound.into()))
            {
                assert!(!errors.to_string().is_empty());
            }
            let text = String::from_utf8_lossy(bytes);
            for line in text.lines() {
                let _ = Override::parse(line);
            }
        });
    }

    #[test]
    fn mutated_values_are_set_or_refused() {
        let sound = "# found\nrun.couples = 40\ntraits.a.anxiety = {mean = 0.3, sd = 0.1}\n\n\
                     parameters.trust_rate = 0.05\nrecord.days = \"all\"\n";
        assert_eq!(overrides_of("o.txt", sound).expect("overrides").len(), 4);
        crate::table::test_support::mutations(sound.as_bytes(), |bytes| {
            let Ok(text) = std::str::from_utf8(bytes) else {
                return;
            };
            let Ok(values) = overrides_of("o.txt", text) else {
                return;
            };
            if let Err(errors) = Scenario::read_text("s.toml", "title = 't'\n", &values) {
                assert!(!errors.to_string().is_empty());
            }
        });
    }

    #[test]
    fn errors_of_a_file_of_overrides_have_its_name_line_and_column() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("o.txt");
        let errors = |bytes: &[u8]| {
            std::fs::write(&file, bytes).expect("writable");
            let read = read_overrides(&file);
            let read = read
                .and_then(|values| Ok(Scenario::read_text("s.toml", "title = 't'\n", &values)?));
            let Err(Error::Scenario(errors)) = read else {
                panic!("{read:?}");
            };
            errors
                .to_string()
                .replace(&file.display().to_string(), "o.txt")
        };
        for (text, places) in [
            (
                "# a\n\nrun.days=3\nrun.x.y=1\n",
                &["o.txt:4:5", "4 | run.x.y=1"][..],
            ),
            (
                "run.days=3\n  run.dayz = 5\n",
                &["o.txt:2:7", "2 |   run.dayz = 5"],
            ),
            ("run.days=3\nrun.couples = -2\n", &["o.txt:2:15"]),
            ("run.days=3\r\n\r\n  run.days\r\n", &["o.txt:3:3", "no `=`"]),
            ("\n run.couples = \n", &["o.txt:2:14", "no value"]),
            ("\u{feff}run..days=3\n", &["o.txt:1:5", "is empty"]),
            ("\nrun.days=\"3\n", &["o.txt:2:12", "not TOML"]),
        ] {
            let found = errors(text.as_bytes());
            for place in places {
                assert!(found.contains(place), "{place}: {found}");
            }
        }
        let found = errors(b"run.days=3\nrun.couples=4\xff\n");
        assert!(
            found.contains("o.txt:2:14") && found.contains("no UTF-8"),
            "{found}"
        );
        // No other place of the file is named.
        assert_eq!(found.matches("o.txt").count(), 1, "{found}");
    }

    #[test]
    fn a_quote_that_is_not_closed_is_an_error_of_its_own() {
        let errors = read_points("run.couples,mechanisms.repair\n40,\"true\n50,false\n");
        let errors = errors.expect_err("an open quote");
        assert!(errors.contains("this quote is not closed"), "{errors}");
        assert!(errors.contains("points.csv:2:4"), "{errors}");
        for text in [
            "run.couples,traits.consistency\n\"40\",\"0.5\"\n50,0.5\n",
            "\"run.couples\",traits.consistency\r\n40,0.5\r\n",
        ] {
            read_points(text).expect("closed quotes");
        }
        // Doubled quotes, and quotes within a field without quotes, are letters.
        for field in ["\"a\"\"b\"", "4\"\"0"] {
            let errors = read_points(&format!("run.couples\n{field}\n")).expect_err("no number");
            assert!(!errors.contains("not closed"), "{errors}");
        }
    }
}
