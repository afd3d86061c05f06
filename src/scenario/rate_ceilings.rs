//! Warnings of rates above what the clock can hold.
//!
//! A step has at most one stressful event and one meeting with a possible partner for each partner, and
//! a moment at most one bid of each partner and one conflict (docs/model.md, 7.5). A higher rate does
//! nothing more, so results do not depend on it there. Rates are compared with the ceilings as they
//! stand in a scenario, after each of its events, in each condition, and at the points of a sweep.

use super::diagnostic::{Code, Diagnostic, Span};
use super::spec::{EventSpec, ScenarioSpec, ScheduledEvent};
use super::tree::TomlTable;
use crate::model::parameters::PARAMETERS;
use crate::model::{Mechanisms, Parameters, Rules};
use crate::simulation::{Change, SimulationConfig};

/// Contact rates are compared by this quantile of their distribution.
const HIGH_CONTACT: f64 = 0.99;

/// A kind of event with a highest rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CeilingKind {
    Stress,
    Meetings,
    Conflict,
    Bids,
}

impl CeilingKind {
    pub(crate) const ALL: [CeilingKind; 4] = [
        CeilingKind::Stress,
        CeilingKind::Meetings,
        CeilingKind::Conflict,
        CeilingKind::Bids,
    ];

    /// The keys that set its rate, and those of the clock, as tables and keys.
    pub(crate) fn keys(self) -> &'static [(&'static str, &'static str)] {
        match self {
            CeilingKind::Stress => &[("parameters", "stress_event_rate"), ("run", "step_days")],
            CeilingKind::Meetings => {
                &[("parameters", "alternative_interval"), ("run", "step_days")]
            }
            CeilingKind::Conflict => &[
                ("parameters", "conflict_rate"),
                ("parameters", "conflict_limit"),
                ("run", "moments"),
                ("run", "step_days"),
            ],
            CeilingKind::Bids => &[
                ("parameters", "bid_rate"),
                ("parameters", "bid_limit"),
                ("couple", "contact_rate"),
                ("run", "moments"),
                ("run", "step_days"),
            ],
        }
    }

    fn is_on(self, mechanisms: &Mechanisms) -> bool {
        match self {
            CeilingKind::Stress => mechanisms.stress,
            CeilingKind::Meetings => mechanisms.alternatives,
            CeilingKind::Conflict => mechanisms.conflict,
            CeilingKind::Bids => mechanisms.contact,
        }
    }

    /// The rate that the scenario sets [per day].
    fn rate(self, parameters: &Parameters, contact: f64) -> f64 {
        match self {
            CeilingKind::Stress => parameters.stress_event_rate,
            CeilingKind::Meetings => 1.0 / parameters.alternative_interval,
            CeilingKind::Conflict => parameters.conflict_rate,
            CeilingKind::Bids => (parameters.bid_rate * contact).min(parameters.bid_limit),
        }
    }

    /// The highest rate that has an effect [per day].
    fn ceiling(self, config: &SimulationConfig) -> f64 {
        let steps = f64::from(config.size.steps_per_day);
        let moments = steps * f64::from(config.size.moments);
        match self {
            CeilingKind::Stress | CeilingKind::Meetings => steps,
            CeilingKind::Conflict => moments.min(config.parameters.conflict_limit),
            CeilingKind::Bids => moments,
        }
    }

    fn words(self) -> &'static str {
        match self {
            CeilingKind::Stress => "stressful events",
            CeilingKind::Meetings => "meetings with possible partners",
            CeilingKind::Conflict => "conflicts",
            CeilingKind::Bids => "bids",
        }
    }

    fn hint(self, ceiling: f64) -> String {
        match self {
            CeilingKind::Stress => {
                format!("keep the rate at {ceiling} or less, or write a shorter [run] `step_days`")
            }
            CeilingKind::Meetings => format!(
                "keep `alternative_interval` at {} or more, or write a shorter [run] `step_days`",
                1.0 / ceiling
            ),
            CeilingKind::Conflict => format!(
                "keep the rate at {ceiling} or less, or write a higher `conflict_limit` and as many [run] `moments`"
            ),
            CeilingKind::Bids => {
                format!("keep the rate at {ceiling} or less, or write more [run] `moments`")
            }
        }
    }

    /// Whether an event changes a parameter of its rate.
    fn is_changed_by(self, event: &EventSpec) -> bool {
        let ScheduledEvent::IntervalChange(interval) = event.scheduled else {
            return false;
        };
        match interval.change {
            Change::Parameter { index, .. } => {
                let key = ("parameters", PARAMETERS[index].key);
                self.keys().contains(&key)
            }
            Change::Trait { .. } | Change::Mechanism { .. } => false,
        }
    }
}

/// A rate above its ceiling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RateExcess {
    pub(crate) kind: CeilingKind,
    /// The rate that the scenario sets [per day].
    rate: f64,
    /// The highest that has an effect [per day].
    ceiling: f64,
    /// Whether an event of the schedule makes it so.
    by_event: bool,
}

impl RateExcess {
    /// Whether it lies further above its ceiling.
    fn exceeds(&self, other: &RateExcess) -> bool {
        self.rate / self.ceiling > other.rate / other.ceiling
    }

    /// The warning, at what makes it so.
    pub(crate) fn warning(&self, at: Span) -> Diagnostic {
        let RateExcess {
            kind,
            rate,
            ceiling,
            ..
        } = *self;
        let words = kind.words();
        let message = format!(
            "{words} are asked for {} times a day, but a day of this run has {ceiling} at most",
            rounded(rate)
        );
        Diagnostic::new(Code::AboveCeiling, at, message)
            .label(format!("acts as {ceiling} a day"))
            .hint(kind.hint(ceiling))
    }
}

/// A rate to four digits.
fn rounded(rate: f64) -> f64 {
    format!("{rate:.3e}").parse().unwrap_or(rate)
}

/// Rates of a configuration that are above their ceilings, at most one of each kind: the highest.
pub(crate) fn excesses(config: &SimulationConfig) -> Vec<RateExcess> {
    let rules = Rules::new(
        config.parameters,
        config.mechanisms,
        config.intimacy_target,
        config.size.clock(),
    );
    let contact = config.origin.contact_quantile(HIGH_CONTACT);
    let epochs = config.schedule.epochs(&rules);
    let of_kind = |kind: CeilingKind| {
        let ceiling = kind.ceiling(config);
        let base = kind.rate(&config.parameters, contact);
        let mut highest: Option<RateExcess> = None;
        for epoch in &epochs {
            let rate = kind.rate(&epoch.rules.parameters, contact);
            // Rounding of 1 / step_days is no excess.
            if !kind.is_on(&epoch.rules.mechanisms) || rate <= ceiling * (1.0 + 1e-9) {
                continue;
            }
            let excess = RateExcess {
                kind,
                rate,
                ceiling,
                by_event: rate > base,
            };
            if highest.is_none_or(|other| excess.exceeds(&other)) {
                highest = Some(excess);
            }
        }
        highest
    };
    CeilingKind::ALL.into_iter().filter_map(of_kind).collect()
}

/// Warnings of rates above their ceilings in a scenario, its events included, with the ratio of the two.
pub(crate) fn warnings(root: &TomlTable, spec: &ScenarioSpec) -> Vec<(Diagnostic, f64)> {
    let of_scenario = excesses(&spec.config()).into_iter();
    let warning = |excess: RateExcess| {
        let changes = |event: &&EventSpec| excess.kind.is_changed_by(event);
        let event = spec.events.iter().find(changes).filter(|_| excess.by_event);
        let mut given = excess.kind.keys().iter().filter_map(|(table, key)| {
            let table = root.table(table)?;
            table.node(key).map(|node| node.at)
        });
        let at = event.map(|event| event.at).or_else(|| given.next())?;
        Some((excess.warning(at), excess.rate / excess.ceiling))
    };
    of_scenario.filter_map(warning).collect()
}

#[cfg(test)]
mod tests {
    use crate::scenario::Scenario;

    /// The texts of the warnings of ceilings.
    fn messages(text: &str) -> Vec<String> {
        let text = format!("title = 'x'\n{text}");
        let scenario = Scenario::parse(&text).expect("a valid scenario");
        let all = scenario.warnings().list().iter();
        all.filter(|warning| warning.code == super::Code::AboveCeiling)
            .map(|warning| warning.message.clone())
            .collect()
    }

    fn one(text: &str, words: &str) {
        let found = messages(text);
        assert!(
            found.len() == 1 && found[0].contains(words),
            "{text}: {found:?}"
        );
    }

    #[test]
    fn rates_at_their_ceilings_give_no_warning() {
        assert!(messages("").is_empty());
        let at =
            "[parameters]\nstress_event_rate = 1\nalternative_interval = 1\nconflict_rate = 2\n";
        assert!(messages(at).is_empty());
        let quarter = "[run]\nstep_days = 0.25\n[parameters]\nstress_event_rate = 4\n\
            alternative_interval = 0.25\nconflict_rate = 8\nconflict_limit = 8\nbid_rate = 50\nbid_limit = 8\n";
        assert!(messages(quarter).is_empty());
    }

    #[test]
    fn rates_above_their_ceilings_give_one_warning_each() {
        one(
            "[parameters]\nstress_event_rate = 5\n",
            "stressful events are asked for 5 times",
        );
        one(
            "[parameters]\nalternative_interval = 0.5\n",
            "possible partners are asked for 2 times",
        );
        one(
            "[parameters]\nconflict_rate = 2.5\n",
            "conflicts are asked for 2.5 times",
        );
        one(
            "[parameters]\nbid_limit = 20\nbid_rate = 30\n",
            "bids are asked for 20 times",
        );
        one("[run]\nmoments = 1\n", "has 1 at most");
    }

    #[test]
    fn a_rate_of_a_mechanism_that_is_off_gives_none() {
        assert!(
            messages("[mechanisms]\nstress = false\n[parameters]\nstress_event_rate = 5\n")
                .is_empty()
        );
    }

    #[test]
    fn a_high_end_of_a_distribution_gives_a_warning() {
        let text = "[parameters]\nbid_rate = 1\nbid_limit = 20\n[couple]\n\
            contact_rate = { dist = \"uniform\", low = 0.5, high = 4.0 }\n";
        one(text, "bids are asked for 3.965 times");
        assert!(messages(&text.replace("4.0", "1.5")).is_empty());
    }

    #[test]
    fn an_event_that_raises_a_rate_gives_a_warning() {
        let event = "[[event]]\nkind = \"parameter\"\nparameter = \"stress_event_rate\"\nfrom = 10\nfactor = 30\n";
        one(event, "stressful events are asked for 3 times");
        assert!(messages(&event.replace("30", "3")).is_empty());
    }

    #[test]
    fn a_condition_gives_a_warning_and_the_same_one_is_not_repeated() {
        let claim = "[[claim]]\nname = \"a\"\nstatement = \"A\"\nobservable = \"stress\"\n\
            contrast = { calm = 1, hard = -1 }\nrule = \"less\"\nsesoi = 0.1\nexpect = \"supported\"\n";
        let hard = format!(
            "[condition.calm]\n[condition.hard]\nparameters.stress_event_rate = 4\n{claim}"
        );
        one(&hard, "stressful events are asked for 4 times");
        let both = format!(
            "[parameters]\nstress_event_rate = 2\n[condition.calm]\n[condition.hard]\ntraits.effort = 0.2\n{claim}"
        );
        one(&both, "stressful events are asked for 2 times");
    }

    #[test]
    fn the_ends_of_axes_give_a_warning() {
        let axis = |key: &str, values: &str| format!("[[sweep.axis]]\nkey = \"{key}\"\n{values}\n");
        let grid = "[run]\ndays = 5\n[sweep]\ndesign = \"grid\"\n";
        let rate = axis("parameters.stress_event_rate", "values = [0.1, 1.0, 5.0]");
        one(
            &format!("{grid}{rate}"),
            "at 1 of 3 points (`parameters.stress_event_rate` = 5): stressful events are asked for 5 \
             times a day, but a day of this run has 1",
        );
        let steps = axis("run.step_days", "values = [1.0, 0.25]");
        one(
            &format!("{grid}{rate}{steps}"),
            "at 2 of 6 points (`parameters.stress_event_rate` = 5), such as with \
             `run.step_days` = 1: stressful events are asked for 5 times a day, but a day \
             of this run has 1 at most",
        );
        let low = rate.replace("5.0", "0.5");
        assert!(messages(&format!("{grid}{low}{steps}")).is_empty());
        let range = axis("parameters.conflict_rate", "range = [0.1, 6.0]");
        let sobol = "[run]\ndays = 5\n[sweep]\ndesign = \"sobol\"\npoints = 128\n";
        one(
            &format!("{sobol}{range}"),
            "at 1 of 2 corners of the design (`parameters.conflict_rate` = 6): conflicts are asked for 6 times",
        );
    }
}
