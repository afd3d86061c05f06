//! The effective scenario: all that was asked and all that was left to defaults, as TOML.

use super::catalogue::{section, toml_number};
use super::childhood;
use super::draws::{Drawn, PARTNERS, address};
use super::event::{Dated, Event};
use super::measurement;
use super::sheet::Sheet;
use crate::model::parameters::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::types::{STATES, TRAITS};
use crate::simulation::{Change, DayRows, IntervalChange, PointEvent, PointEventKind, Who};

impl Sheet {
    /// Writes every key with its value; reading it gives the same world.
    ///
    /// `usual_pairs` says whether correlations that nobody gave are written too: a condition that makes
    /// one of a usual pair a single number takes that pair away, and could not if it had been given.
    pub(crate) fn to_toml(&self, usual_pairs: bool) -> String {
        let mut text = String::new();
        line(&mut text, "title", &quoted(&self.title));
        line(&mut text, "description", &quoted(&self.description));
        self.run(&mut text);
        for name in ["traits", "start", childhood::NAME] {
            self.persons(&mut text, name);
        }
        text.push_str("\n[couple]\n");
        for drawn in self
            .draws
            .iter()
            .filter(|drawn| address(drawn.place).0 == "couple")
        {
            line(&mut text, drawn.place.description().key, &drawn.to_toml());
        }
        self.correlations(&mut text, usual_pairs);
        self.rules(&mut text);
        for event in &self.events {
            event.write(&mut text);
        }
        self.record(&mut text);
        if let Some(work) = &self.record.survey {
            measurement::write(&mut text, work);
        }
        text
    }

    fn run(&self, text: &mut String) {
        let size = &self.size;
        text.push_str("\n[run]\n");
        line(text, "seed", &self.seed.to_string());
        line(text, "couples", &size.couples.to_string());
        line(text, "days", &size.days.to_string());
        line(text, "step_days", &toml_number(size.clock().step_days));
        line(text, "moments", &size.moments.to_string());
        line(text, "replicates", &size.replicates.to_string());
    }

    /// What both partners share, then what each has alone.
    fn persons(&self, text: &mut String, name: &str) {
        let of = |key: &str, person: usize| {
            let own = |drawn: &&Drawn| address(drawn.place) == (name, Some(person), key);
            self.draws.iter().find(own)
        };
        let alike = |key: &str| match (of(key, 0), of(key, 1)) {
            (Some(a), Some(b)) => a.shape == b.shape && a.slopes == b.slopes,
            _ => false,
        };
        let section = section(name);
        let keys = || section.fields.iter().map(|field| field.key);
        // A table of childhoods says by itself that both have one.
        if name != childhood::NAME || keys().any(alike) {
            text.push_str(&format!("\n[{name}]\n"));
        }
        for key in keys().filter(|key| alike(key)) {
            line(
                text,
                key,
                &of(key, 0).map_or_else(String::new, Drawn::to_toml),
            );
        }
        for (person, partner) in PARTNERS.iter().enumerate() {
            let own = keys().filter(|key| !alike(key));
            let own: Vec<&Drawn> = own.filter_map(|key| of(key, person)).collect();
            if !own.is_empty() {
                text.push_str(&format!("\n[{name}.{partner}]\n"));
            }
            for drawn in own {
                line(text, drawn.place.description().key, &drawn.to_toml());
            }
        }
    }

    fn correlations(&self, text: &mut String, usual_pairs: bool) {
        text.push_str("\n[correlations]\n");
        for (name, value) in &self.pairs.names {
            line(text, &quoted(name), &toml_number(*value));
        }
        let usual = self.pairs.usual(&self.draws);
        for (name, value) in usual.into_iter().filter(|_| usual_pairs) {
            line(text, &quoted(&name), &toml_number(value));
        }
    }

    fn rules(&self, text: &mut String) {
        text.push_str("\n[mechanisms]\n");
        for switch in MECHANISMS {
            let on = self.mechanisms.get(switch.key).unwrap_or(true);
            line(text, switch.key, &on.to_string());
        }
        let choice = section("mechanisms")
            .fields
            .last()
            .map_or("", |field| field.key);
        line(text, choice, &quoted(self.intimacy_target.word()));
        text.push_str("\n[parameters]\n");
        for described in PARAMETERS {
            let value = self
                .parameters
                .get(described.key)
                .unwrap_or(described.default);
            line(text, described.key, &toml_number(value));
        }
    }

    fn record(&self, text: &mut String) {
        let record = &self.record;
        text.push_str("\n[record]\n");
        line(text, "every", &record.every.to_string());
        let keys = record
            .observables
            .iter()
            .map(|observable| quoted(observable.info().key));
        line(
            text,
            "observables",
            &format!("[{}]", keys.collect::<Vec<_>>().join(", ")),
        );
        let days = match record.days {
            DayRows::None => quoted("none"),
            DayRows::All => quoted("all"),
            DayRows::First(count) => count.to_string(),
        };
        line(text, "days", &days);
        line(text, "days_from", &record.days_from.to_string());
        line(text, "sample_couples", &record.sample_couples.to_string());
        line(text, "phase_flow_days", &record.phase_flow_days.to_string());
        text.push_str("\n[regimes]\n");
        line(text, "trust_cut", &toml_number(self.cuts.trust));
        line(text, "intimacy_cut", &toml_number(self.cuts.intimacy));
    }
}

impl Drawn {
    /// The number, or the inline table of its distribution.
    pub(crate) fn to_toml(&self) -> String {
        if let Some(value) = self.shape.number("").filter(|_| self.shape.is_constant()) {
            return toml_number(value);
        }
        let mut parts: Vec<String> = self
            .shape
            .entries()
            .iter()
            .map(|(key, value)| format!("{key} = {value}"))
            .collect();
        let slope = |(on, by): &(usize, f64)| format!("{} = {}", TRAITS[*on].key, toml_number(*by));
        let slopes: Vec<String> = self.slopes.iter().map(slope).collect();
        if !slopes.is_empty() {
            parts.push(format!("slopes = {{ {} }}", slopes.join(", ")));
        }
        format!("{{ {} }}", parts.join(", "))
    }
}

impl Event {
    fn write(&self, text: &mut String) {
        text.push_str("\n[[event]]\n");
        match self.dated {
            Dated::PointEvent(blow) => self.blow(text, &blow),
            Dated::IntervalChange(season) => self.season(text, &season),
        }
        if let Some(label) = &self.label {
            line(text, "label", &quoted(label));
        }
    }

    fn blow(&self, text: &mut String, blow: &PointEvent) {
        let who = quoted(word(blow.who));
        let (kind, partner) = match blow.kind {
            PointEventKind::Betrayal { .. } => ("betrayal", "of"),
            PointEventKind::Stress { .. } => ("stress", "partner"),
            PointEventKind::State { .. } => ("state", "partner"),
        };
        line(text, "kind", &quoted(kind));
        line(text, "day", &blow.day.to_string());
        line(text, partner, &who);
        match blow.kind {
            PointEventKind::Betrayal { deception } => {
                line(text, "deception", &deception.to_string())
            }
            PointEventKind::Stress { size } => line(text, "size", &toml_number(size)),
            PointEventKind::State { index, factor, add } => {
                line(text, "state", &quoted(STATES[index].key));
                self.moved(text, factor, add);
            }
        }
    }

    fn season(&self, text: &mut String, season: &IntervalChange) {
        let mut head = |kind: &str| {
            line(text, "kind", &quoted(kind));
            line(text, "from", &season.from.to_string());
            if season.until != u32::MAX {
                line(text, "until", &season.until.to_string());
            }
        };
        match season.change {
            Change::Trait {
                who,
                index,
                factor,
                add,
            } => {
                head("trait");
                line(text, "partner", &quoted(word(who)));
                line(text, "trait", &quoted(TRAITS[index].key));
                self.moved(text, factor, add);
            }
            Change::Parameter { index, factor, add } => {
                head("parameter");
                line(text, "parameter", &quoted(PARAMETERS[index].key));
                self.moved(text, factor, add);
            }
            Change::Mechanism { index, on } => {
                head("mechanism");
                line(text, "mechanism", &quoted(MECHANISMS[index].key));
                line(text, "on", &on.to_string());
            }
        }
    }

    fn moved(&self, text: &mut String, factor: f64, add: f64) {
        if self.given.contains(&"set") {
            line(text, "set", &toml_number(add));
        } else {
            line(text, "factor", &toml_number(factor));
            line(text, "add", &toml_number(add));
        }
    }
}

/// The scenario's word for the partners meant.
fn word(who: Who) -> &'static str {
    match who {
        Who::A => "a",
        Who::B => "b",
        Who::Both => "both",
    }
}

pub(crate) fn line(text: &mut String, key: &str, value: &str) {
    text.push_str(&format!("{key} = {value}\n"));
}

/// A text as a TOML string.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
