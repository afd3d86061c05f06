//! The scenario itself: its text, and the world that the text stands for.

use super::address::Address;
use super::claims::read as claims;
use super::claims::read::Claimed;
use super::code::FaultCode as Code;
use super::event::Dated;
use super::notice::{Fault, Faults, Warnings};
use super::oddities;
use super::overrides::Override;
use super::reader::Reader;
use super::sheet;
use super::sheet::Sheet;
use super::source::{Attached, Fetch, Source, Span};
use super::sweep;
use super::sweep::read::Swept;
use super::syntax;
use super::tree::Table;
use crate::simulation::SimulationConfig;
use std::io;

/// Largest scenario file (bytes): 4 MiB.
pub const fn largest() -> u64 {
    4 << 20
}

/// A valid scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub(crate) file_name: String,
    pub(crate) text: String,
    pub(crate) overrides: Vec<Override>,
    attachments: Vec<(String, String)>,
    /// The tree with the overrides, without sweep, conditions and claims.
    pub(crate) tree: Table,
    sheet: Sheet,
    config: SimulationConfig,
    marks: Vec<Mark>,
    warnings: Warnings,
    pub(crate) swept: Option<Swept>,
    pub(crate) claimed: Option<Claimed>,
}

impl PartialEq for Scenario {
    /// Whether both were read from the same texts: all else follows from these.
    fn eq(&self, other: &Scenario) -> bool {
        (
            &self.file_name,
            &self.text,
            &self.overrides,
            &self.attachments,
        ) == (
            &other.file_name,
            &other.text,
            &other.overrides,
            &other.attachments,
        )
    }
}

/// A dated event, as charts mark it.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The day, or the first day.
    pub day: u32,
    /// The first day after it, for what lasts and ends.
    pub until: Option<u32>,
    /// Its name.
    pub label: String,
}

impl Scenario {
    /// Reads a scenario; `file_name` is what faults call it, overrides come in their order.
    ///
    /// # Errors
    /// Every fault of text and overrides in one pass, in the order of their places; also where a
    /// sweep names a table of points, which the text alone does not hold.
    pub fn read_text(
        file_name: &str,
        text: &str,
        overrides: &[Override],
    ) -> Result<Scenario, Faults> {
        Scenario::read(file_name, text, overrides, None)
    }

    /// Reads a scenario from a file's bytes, and what it names besides through `attachments`, which
    /// takes a name as written (a path from the scenario's folder on) and gives the text.
    ///
    /// # Errors
    /// As [`Scenario::read_bytes`]; also where an attachment cannot be read, and every fault in it.
    pub fn read_with(
        file_name: &str,
        bytes: &[u8],
        overrides: &[Override],
        attachments: &dyn Fn(&str) -> io::Result<String>,
    ) -> Result<Scenario, Faults> {
        let text = text_of(file_name, bytes)?;
        Scenario::read(file_name, text, overrides, Some(attachments))
    }

    fn read(
        file_name: &str,
        text: &str,
        overrides: &[Override],
        fetch: Option<Fetch<'_>>,
    ) -> Result<Scenario, Faults> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut sources = vec![Source {
            name: file_name.to_owned(),
            text: text.to_owned(),
        }];
        sources.extend(overrides.iter().map(Override::source));
        if let Some(fault) = unreadable(text) {
            return Err(Faults::new(sources, vec![fault]));
        }
        let mut document = syntax::document(text);
        let mut reader = Reader::new(document.broken);
        reader.faults.append(&mut document.faults);
        for (index, change) in overrides.iter().enumerate() {
            if let Err(fault) = change.apply(&mut document.root, index + 1) {
                reader.fault(*fault);
            }
        }
        let mut tree = document.root;
        let sheet = sheet::read(&mut reader, &tree);
        let mut attached = Attached {
            sources,
            fetch,
            found: Vec::new(),
        };
        let swept = sweep::read::read(&mut reader, &tree, &sheet, &mut attached);
        let claimed = claims::read(&mut reader, &tree, &sheet);
        let sources = attached.sources;
        if !reader.faults.is_empty() {
            return Err(Faults::new(sources, reader.faults));
        }
        oddities::note(&mut reader, &tree, &sheet);
        tree.entries
            .retain(|entry| !["sweep", "condition", "claim"].contains(&entry.key.as_str()));
        let attachment = |(name, number): (String, usize)| (name, sources[number].text.clone());
        let attachments = attached.found.into_iter().map(attachment).collect();
        let (config, marks) = (sheet.config(), marks(&sheet));
        Ok(Scenario {
            file_name: file_name.to_owned(),
            text: text.to_owned(),
            overrides: overrides.to_vec(),
            attachments,
            tree,
            sheet,
            config,
            marks,
            warnings: Warnings::new(sources, reader.warnings),
            swept,
            claimed,
        })
    }

    /// Reads a scenario from a file's bytes.
    ///
    /// # Errors
    /// As [`Scenario::read_text`]; also where the bytes are too many, or no UTF-8.
    pub fn read_bytes(
        file_name: &str,
        bytes: &[u8],
        overrides: &[Override],
    ) -> Result<Scenario, Faults> {
        Scenario::read_text(file_name, text_of(file_name, bytes)?, overrides)
    }

    /// Refuses a file by its size, before it is read.
    ///
    /// # Errors
    /// [`FaultCode::TooLarge`](Code::TooLarge) above [`largest`].
    pub fn refuse_size(file_name: &str, bytes: u64) -> Result<(), Faults> {
        if bytes <= largest() {
            return Ok(());
        }
        let message = format!(
            "the file is larger than {} MiB, the most that a scenario may have",
            largest() >> 20
        );
        let fault = Fault::new(Code::TooLarge, Span::new(0, 0, 0), message)
            .hint("is this a table of data? a scenario is a short text in TOML");
        Err(Faults::new(
            vec![Source {
                name: file_name.to_owned(),
                text: String::new(),
            }],
            vec![fault],
        ))
    }

    /// The file's name, as given.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }
    /// The text, as given.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// The texts that the scenario names, with their names as written.
    pub fn attachments(&self) -> &[(String, String)] {
        &self.attachments
    }
    /// What was set from outside the text, in its order.
    pub fn overrides(&self) -> &[Override] {
        &self.overrides
    }
    /// What charts and reports are headed with.
    pub fn title(&self) -> &str {
        &self.sheet.title
    }
    /// What the scenario asks; empty where nothing is said.
    pub fn description(&self) -> &str {
        &self.sheet.description
    }
    /// All that a run depends on.
    pub fn config(&self) -> &SimulationConfig {
        &self.config
    }
    /// Dated events in the scenario's order.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }
    /// What is allowed, and probably not meant.
    pub fn warnings(&self) -> &Warnings {
        &self.warnings
    }
    /// The complete scenario as TOML: what was asked, and every default. Reading it (with the same
    /// attachments) gives the same world, sweep and claims.
    pub fn effective_toml(&self) -> String {
        let sweep = self.swept.as_ref().map_or("", |swept| swept.toml.as_str());
        let claims = self.claimed.as_ref().map_or("", |own| own.toml.as_str());
        self.sheet.to_toml(self.claimed.is_none()) + sweep + claims
    }

    /// Every number, switch and choice of this scenario that `--set` can reach, but for those of
    /// measurement, sweep, conditions and claims.
    pub fn addresses(&self) -> Vec<Address> {
        self.sheet.addresses()
    }
}

pub(crate) fn unreadable(text: &str) -> Option<Fault> {
    if let Some(at) = text.find('\0') {
        let place = Span::new(0, at, at + 1);
        let fault = Fault::new(
            Code::NulByte,
            place,
            "the file holds a NUL byte: it is no text",
        );
        return Some(
            fault
                .label("here")
                .hint("is this a binary file, or text saved as UTF-16? save it as UTF-8"),
        );
    }
    let says = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    if !text.lines().any(says) {
        let fault = Fault::new(Code::Empty, Span::new(0, 0, 0), "the scenario is empty");
        return Some(fault.hint("`pairbond new` writes a template to start from"));
    }
    None
}

/// The bytes as text, where they are a scenario's at all.
pub(crate) fn text_of<'b>(file_name: &str, bytes: &'b [u8]) -> Result<&'b str, Faults> {
    Scenario::refuse_size(file_name, bytes.len() as u64)?;
    std::str::from_utf8(bytes).map_err(|error| not_text(file_name, bytes, error.valid_up_to()))
}

fn not_text(file_name: &str, bytes: &[u8], valid: usize) -> Faults {
    let shown = bytes.len().min(valid + 200);
    let lossy = String::from_utf8_lossy(&bytes[..shown]).into_owned();
    let end = lossy[valid..]
        .chars()
        .next()
        .map_or(valid, |c| valid + c.len_utf8());
    let line = bytes[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
    let message = format!(
        "line {line} holds bytes that are no UTF-8: this is no text, or text in another encoding"
    );
    let fault = Fault::new(Code::NotText, Span::new(0, valid, end), message)
        .label("here")
        .hint("save the file as UTF-8");
    Faults::new(
        vec![Source {
            name: file_name.to_owned(),
            text: lossy,
        }],
        vec![fault],
    )
}

fn marks(sheet: &Sheet) -> Vec<Mark> {
    let mark = |event: &super::event::Event| {
        let (day, until) = match event.dated {
            Dated::PointEvent(blow) => (blow.day, None),
            Dated::IntervalChange(season) => (season.from, Some(season.until)),
        };
        let until = until.filter(|until| *until != u32::MAX);
        Mark {
            day,
            until,
            label: event.label.clone().unwrap_or_else(|| event.dated.words()),
        }
    };
    sheet.events.iter().map(mark).collect()
}
