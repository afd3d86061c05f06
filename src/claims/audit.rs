//! Audits of claims: each claim is tested again with other steps, moments, couples, seeds and with swapped partners,
//! none of which may change a verdict.
//!
//! The intervals of the scenario as it is and of all its variations hold together with the family's confidence. If
//! no variation changes an effect, a claim is therefore called fragile or shifted with a probability of at most 5 %
//! for all claims of the file.

use super::report::{EffectEstimate, TestedClaim};
use super::test::{self, OneOf};
use crate::error::Error;
use crate::runner::{Cancelled, Control};
use crate::scenario::claims::Condition;
use crate::scenario::{Claim, ClaimRule, Claims, Diagnostics, Observed, Override, Scenario};
use crate::simulation::Role;
use crate::stats::interval::Interval;
use crate::stats::sequential_test::Verdict;
use crate::table::{Field, Schema, Table, Value};
use std::fmt;

/// Part of the smallest effect of interest by which an effect may change.
const TOLERANCE: f64 = 0.5;
/// Most moments of a step.
const MOST_MOMENTS: u32 = 24;
/// Couple-days of an audit, as a multiple of those of the scenario as it is.
pub(crate) const COST: u64 = 8;
/// More replicates than these settle nothing.
const MOST_NEEDED: f64 = 1e6;

/// What an audit says of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AuditVerdict {
    /// The verdict is the same under all variations, and no effect is known to change.
    Robust,
    /// The verdicts agree, but a variation changes an effect by more than half the smallest effect of interest.
    Shifted,
    /// A variation turns the verdict round.
    Fragile,
    /// The replicates did not suffice for all verdicts.
    Inconclusive,
}

impl AuditVerdict {
    pub(crate) const WORDS: &'static [&'static str] =
        &["ROBUST", "SHIFTED", "FRAGILE", "INCONCLUSIVE"];

    pub(crate) fn word(self) -> &'static str {
        AuditVerdict::WORDS[self as usize]
    }
}

/// The scenario as it is, or with something changed that should not matter.
#[derive(Clone, Debug)]
struct Variation {
    name: &'static str,
    /// The override that makes it; none of the scenario as it is, and of swapped partners.
    set: Option<String>,
    claims: Claims,
}

/// A variation that cannot be tried.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OmittedVariation {
    pub(crate) name: &'static str,
    pub(crate) reason: String,
}

/// A variation, and what it found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TestedVariation {
    pub(crate) name: &'static str,
    pub(crate) set: Option<String>,
    pub(crate) found: Vec<TestedClaim>,
}

/// The audit of all claims of a scenario: as text a line a claim, with what its verdict rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimsAudit {
    /// The scenario as it is first.
    pub(crate) variations: Vec<TestedVariation>,
    pub(crate) omitted: Vec<OmittedVariation>,
    /// One for each claim.
    pub(crate) claims: Vec<ClaimAudit>,
}

/// The audit of one claim.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ClaimAudit {
    name: String,
    pub(crate) verdict: AuditVerdict,
    /// The greatest change of an effect: its variation, part, and the change with its interval.
    greatest: Option<(usize, usize, Shift)>,
    /// The variation that gives the audit's verdict, unless all do.
    by: Option<usize>,
    /// Replicates that would decide what is undecided, if effects and spreads stay as they are; none where an effect
    /// lies on the smallest one of interest.
    needed: Option<u64>,
}

/// How much a variation changes an effect.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Shift {
    change: f64,
    interval: Interval,
}

impl Shift {
    /// The difference of two effects whose intervals hold together.
    fn between(before: &EffectEstimate, after: &EffectEstimate) -> Shift {
        Shift {
            change: after.effect - before.effect,
            interval: Interval {
                low: after.interval.low - before.interval.high,
                high: after.interval.high - before.interval.low,
            },
        }
    }

    fn is_known(&self) -> bool {
        self.interval.low > 0.0 || self.interval.high < 0.0
    }
}

/// Tests all claims under all variations.
pub(crate) fn run(
    scenario: &Scenario,
    claims: &Claims,
    max_runs: u32,
    without: &[String],
    control: &Control,
) -> Result<ClaimsAudit, Cancelled> {
    let (variations, omitted) = variations(scenario, claims);
    let mut tested = Vec::new();
    for (index, variation) in variations.iter().enumerate() {
        let one = OneOf {
            index,
            of: variations.len(),
        };
        tested.push(TestedVariation {
            name: variation.name,
            set: variation.set.clone(),
            found: test::run(&variation.claims, max_runs, without, one, control)?,
        });
    }
    Ok(ClaimsAudit::new(&claims.claims, tested, omitted))
}

/// The variations of a scenario, itself first, and those that it does not allow.
fn variations(scenario: &Scenario, claims: &Claims) -> (Vec<Variation>, Vec<OmittedVariation>) {
    let config = scenario.config();
    let mut variations = vec![Variation {
        name: "as it is",
        set: None,
        claims: claims.clone(),
    }];
    let mut omitted = Vec::new();
    let step = config.size.clock().step_days;
    let moments = config.size.moments;
    let other_moments = match 2 * moments <= MOST_MOMENTS {
        true => 2 * moments,
        false => moments / 2,
    };
    let seed = |more: u64| match config.seed.checked_add(more) {
        Some(seed) => seed,
        None => config.seed - more,
    };
    let changes = [
        ("half the step", format!("run.step_days={:?}", step / 2.0)),
        ("other moments", format!("run.moments={other_moments}")),
        (
            "twice the couples",
            format!("run.couples={}", config.size.couples.saturating_mul(2)),
        ),
        ("second seed", format!("run.seed={}", seed(1))),
        ("third seed", format!("run.seed={}", seed(2))),
    ];
    for (name, set) in changes {
        match changed(scenario, claims, &set) {
            Ok(claims) => variations.push(Variation {
                name,
                set: Some(set),
                claims,
            }),
            Err(reason) => omitted.push(OmittedVariation { name, reason }),
        }
    }
    variations.push(Variation {
        name: "swapped partners",
        set: None,
        claims: swapped(claims),
    });
    (variations, omitted)
}

/// The claims with another value of a key, or why that is not possible.
fn changed(scenario: &Scenario, claims: &Claims, set: &str) -> Result<Claims, String> {
    let first = |found: &Diagnostics| {
        let first = found.list().first();
        first.map_or_else(String::new, |error| error.message().to_owned())
    };
    let set = Override::parse(set).map_err(|found| first(&found))?;
    let changed = scenario.set_all(&[set]).map_err(|error| match error {
        Error::Scenario(found) => first(&found),
        other => other.to_string(),
    })?;
    let Some(changed) = changed.claims_spec() else {
        return Err("it has no claims then".to_owned());
    };
    let same = |(one, other): (&Condition, &Condition)| {
        let [one, other] = [&one.config, &other.config];
        (one.size, one.seed) == (other.size, other.seed)
    };
    let mut pairs = claims.conditions.iter().zip(&changed.conditions);
    match pairs.any(same) {
        true => Err("a condition sets it".to_owned()),
        false => Ok(changed.clone()),
    }
}

/// The same claims of couples whose partner A is the partner B of before.
fn swapped(claims: &Claims) -> Claims {
    let mut claims = claims.clone();
    for condition in &mut claims.conditions {
        condition.config = condition.config.swapped();
    }
    for claim in &mut claims.claims {
        match &mut claim.observed {
            Observed::Mean(_, role, ..) => {
                *role = match role {
                    Role::A => Role::B,
                    Role::B => Role::A,
                    Role::Couple => Role::Couple,
                };
            }
            Observed::Together(_) => {}
            Observed::Correlation(one, other) | Observed::Slope(one, other) => {
                *one = of_other_partner(one);
                *other = of_other_partner(other);
            }
        }
    }
    claims
}

/// The column of the couples' table that has of the other partner what this one has.
fn of_other_partner(column: &str) -> String {
    match (column.strip_suffix("_a"), column.strip_suffix("_b")) {
        (Some(own), _) => format!("{own}_b"),
        (_, Some(own)) => format!("{own}_a"),
        _ => column.to_owned(),
    }
}

impl ClaimsAudit {
    fn new(
        claims: &[Claim],
        variations: Vec<TestedVariation>,
        omitted: Vec<OmittedVariation>,
    ) -> ClaimsAudit {
        let audited = claims.iter().enumerate();
        let audited = audited
            .map(|(place, claim)| ClaimAudit::new(claim, place, &variations))
            .collect();
        ClaimsAudit {
            variations,
            omitted,
            claims: audited,
        }
    }

    /// Whether no variation turns a verdict round or is known to change an effect.
    pub fn has_passed(&self) -> bool {
        use AuditVerdict::{Fragile, Shifted};
        let changed = |claim: &ClaimAudit| matches!(claim.verdict, Fragile | Shifted);
        !self.claims.iter().any(changed)
    }
}

impl ClaimAudit {
    fn new(claim: &Claim, place: usize, variations: &[TestedVariation]) -> ClaimAudit {
        let found: Vec<&TestedClaim> = variations.iter().map(|own| &own.found[place]).collect();
        let first = found[0];
        let mut greatest: Option<(usize, usize, Shift)> = None;
        for (variation, own) in found.iter().enumerate().skip(1) {
            for (part, (before, after)) in first.judged.iter().zip(&own.judged).enumerate() {
                let shift = Shift::between(before, after);
                let rank = |it: &Shift| (it.is_known(), it.change.abs());
                if !shift.change.is_nan()
                    && greatest.is_none_or(|(_, _, most)| rank(&most) < rank(&shift))
                {
                    greatest = Some((variation, part, shift));
                }
            }
        }
        let verdict_of = |verdict| found.iter().position(|own| own.verdict == verdict);
        let (supported, refuted) = (verdict_of(Verdict::Supported), verdict_of(Verdict::Refuted));
        let shifted = greatest.filter(|(_, _, shift)| {
            shift.is_known() && shift.change.abs() > TOLERANCE * claim.sesoi
        });
        let (verdict, by) = match (supported, refuted, shifted) {
            // One of the two is that of the first with a verdict; the other is what turned it round.
            (Some(one), Some(other), _) => (AuditVerdict::Fragile, Some(one.max(other))),
            (_, _, Some((variation, ..))) => (AuditVerdict::Shifted, Some(variation)),
            _ => match verdict_of(Verdict::Undecided) {
                Some(undecided) => (AuditVerdict::Inconclusive, Some(undecided)),
                None => (AuditVerdict::Robust, None),
            },
        };
        let undecided = found.iter().filter(|own| own.verdict == Verdict::Undecided);
        let needed = undecided
            .map(|own| replicates_needed(claim, own))
            .max_by(f64::total_cmp);
        ClaimAudit {
            name: claim.name.clone(),
            verdict,
            greatest,
            by,
            needed: needed
                .filter(|needed| *needed <= MOST_NEEDED)
                .map(|needed| needed.ceil() as u64),
        }
    }
}

/// Replicates that would decide an undecided claim if its effects and their spread stay as they are.
fn replicates_needed(claim: &Claim, found: &TestedClaim) -> f64 {
    let needed = |judged: &EffectEstimate| {
        let EffectEstimate {
            effect, interval, ..
        } = *judged;
        // The ends of the interval have to reach the other side of the nearest limit.
        let limits: &[f64] = match claim.rule {
            ClaimRule::Greater | ClaimRule::Order => &[claim.sesoi],
            ClaimRule::Less => &[-claim.sesoi],
            ClaimRule::Equivalent => &[-claim.sesoi, claim.sesoi],
        };
        let nearest = limits.iter().map(|limit| (effect - limit).abs());
        let nearest = nearest.fold(f64::INFINITY, f64::min);
        let half = (effect - interval.low).max(interval.high - effect);
        // An interval of n replicates is as wide as 1/√n.
        let ratio = half / nearest;
        f64::from(found.runs) * ratio * ratio
    };
    let open = found
        .judged
        .iter()
        .filter(|own| own.verdict == Verdict::Undecided);
    open.map(needed).fold(0.0, |most, own| {
        if own > most || own.is_nan() {
            own
        } else {
            most
        }
    })
}

impl fmt::Display for ClaimsAudit {
    /// What was varied, a line a claim, and what could not be varied.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let varied: Vec<&str> = self.variations[1..].iter().map(|own| own.name).collect();
        writeln!(
            f,
            "audit: each claim again with {}; all intervals hold together with 95 %",
            varied.join(", ")
        )?;
        let width = self.claims.iter().map(|own| own.name.len()).max();
        let width = width.unwrap_or_default();
        for (place, claim) in self.claims.iter().enumerate() {
            writeln!(
                f,
                "{:<12}  {:<width$}  {}",
                claim.verdict.word(),
                claim.name,
                self.explained(place)
            )?;
        }
        for OmittedVariation { name, reason } in &self.omitted {
            writeln!(f, "not varied: {name} ({reason})")?;
        }
        Ok(())
    }
}

impl ClaimsAudit {
    /// What stands behind the audit's verdict on a claim.
    pub(crate) fn explained(&self, place: usize) -> String {
        let claim = &self.claims[place];
        let of = |variation: usize| &self.variations[variation].found[place];
        let named = |variation: usize| match &self.variations[variation].set {
            Some(set) => format!("{} (--set {set})", self.variations[variation].name),
            None => self.variations[variation].name.to_owned(),
        };
        let change = |(variation, _, Shift { change, interval }): (usize, usize, Shift)| {
            let Interval { low, high } = interval;
            format!(
                "{change:+.4} [{low:+.4}, {high:+.4}] with {}",
                named(variation)
            )
        };
        let greatest = claim.greatest.map(change);
        let first = of(0).verdict.word();
        match (claim.verdict, claim.by) {
            (AuditVerdict::Fragile, Some(by)) => {
                format!("{first}, and {} with {}", of(by).verdict.word(), named(by))
            }
            (AuditVerdict::Shifted, _) => format!(
                "{first}, but the effect changes by {}",
                greatest.unwrap_or_default()
            ),
            (AuditVerdict::Inconclusive, Some(by)) => {
                let more = match claim.needed {
                    Some(needed) => format!("about {needed} replicates would tell (--max-runs)"),
                    None => "an effect lies on the smallest one of interest".to_owned(),
                };
                format!(
                    "{first}; undecided after {} replicates of {}: {more}",
                    of(by).runs,
                    named(by)
                )
            }
            _ => format!(
                "{first} in all; the greatest change of the effect is {}",
                greatest.unwrap_or_else(|| "not known".to_owned())
            ),
        }
    }
}

/// The header of `audit`: a row an effect of a claim under a variation.
pub(crate) fn audit_schema() -> Schema {
    let real = |name: &str, meaning: &str| Field::float(name, "as observed", meaning);
    let columns = vec![
        Field::str("claim", "Name of the claim"),
        Field::int("part", "", "Number of the effect within the claim, from 1"),
        Field::str(
            "variation",
            "What was changed; `as it is` is the scenario itself",
        ),
        Field::str("set", "The `--set` that changes it; empty if there is none"),
        real("effect", "Mean effect over replicates"),
        real("standard_error", "Its standard error over replicates"),
        real(
            "ci_low",
            "Lower end of its interval, which holds with those of all looks, claims and variations together with 95 %",
        ),
        real("ci_high", "Upper end of this interval"),
        Field::int("runs", "replicates", "Replicates that the claim took"),
        Field::categorical(
            "verdict",
            Verdict::WORDS,
            "Verdict on the claim under the variation",
        ),
        real(
            "change",
            "Effect minus that of the scenario as it is; 0 for the scenario itself",
        ),
        real("change_low", "Least change that both intervals allow"),
        real("change_high", "Greatest change that both intervals allow"),
        Field::categorical(
            "audit",
            AuditVerdict::WORDS,
            "The audit's verdict on the claim: ROBUST, all verdicts agree and no effect is known to change by more \
             than half the smallest effect of interest; SHIFTED, one is; FRAGILE, verdicts contradict each other; \
             INCONCLUSIVE, some are undecided",
        ),
        Field::str("reason", "What the audit's verdict rests on"),
        Field::float(
            "needed",
            "replicates",
            "Replicates that would decide what is undecided, if effects and spreads stay as they are; missing if \
             nothing is, or an effect lies on the smallest one of interest",
        ),
    ];
    Schema {
        table: "audit",
        row: "an effect of a claim under a variation",
        columns,
    }
}

/// Makes `audit`.
pub(crate) fn audit_table(audit: &ClaimsAudit) -> Table {
    let mut table = Table::new(audit_schema());
    for (place, claim) in audit.claims.iter().enumerate() {
        let before = &audit.variations[0].found[place].judged;
        for (index, variation) in audit.variations.iter().enumerate() {
            let found = &variation.found[place];
            for (part, (before, judged)) in before.iter().zip(&found.judged).enumerate() {
                let shift = match index == 0 {
                    true => Shift {
                        change: 0.0,
                        interval: Interval::around(0.0, 0.0),
                    },
                    false => Shift::between(before, judged),
                };
                table.rows.push([
                    Value::Str(claim.name.clone()),
                    Value::Int(part as i64 + 1),
                    Value::Str(variation.name.to_owned()),
                    Value::Str(variation.set.clone().unwrap_or_default()),
                    Value::Float(judged.effect),
                    Value::Float(judged.standard_error),
                    Value::Float(judged.interval.low),
                    Value::Float(judged.interval.high),
                    Value::Int(i64::from(found.runs)),
                    Value::Categorical(found.verdict as u8),
                    Value::Float(shift.change),
                    Value::Float(shift.interval.low),
                    Value::Float(shift.interval.high),
                    Value::Categorical(claim.verdict as u8),
                    Value::Str(audit.explained(place)),
                    Value::Float(claim.needed.map_or(f64::NAN, |needed| needed as f64)),
                ]);
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A claim on couples with an attentive partner A.
    fn attentive(seed: u64, more: &str, claim: &str) -> Scenario {
        let text = format!(
            "title = \"x\"\n[run]\nseed = {seed}\ncouples = 20\ndays = 10\n{more}\n\
             [traits.a]\nresponsiveness = 0.9\n[traits.b]\nresponsiveness = 0.4\n\
             [condition.one]\n[condition.other]\ntraits.a.anxiety = 0.9\n[[claim]]\nname = \"a\"\nstatement = \"x\"\n\
             contrast = {{ one = 1 }}\nexpect = \"supported\"\n{claim}\n"
        );
        Scenario::read_text("x.toml", &text, &[]).unwrap_or_else(|error| panic!("{error}"))
    }

    fn audit(scenario: &Scenario, max_runs: u32) -> ClaimsAudit {
        let run = scenario
            .claims()
            .expect("claims")
            .max_runs(max_runs)
            .audit();
        let run = run.run().expect("an audit");
        assert_eq!(run.tables().len(), 3);
        run.audit().cloned().expect("an audit")
    }

    #[test]
    fn a_claim_that_no_variation_changes_is_robust() {
        let claim =
            "observable = \"trust\"\nrole = \"b\"\nnull = 0.3\nrule = \"greater\"\nsesoi = 0.05";
        let audit = audit(&attentive(3, "", claim), 64);
        let names: Vec<&str> = audit.variations.iter().map(|own| own.name).collect();
        assert_eq!(
            names,
            [
                "as it is",
                "half the step",
                "other moments",
                "twice the couples",
                "second seed",
                "third seed",
                "swapped partners"
            ]
        );
        assert_eq!(audit.claims[0].verdict, AuditVerdict::Robust, "{audit}");
        assert!(audit.has_passed() && audit.omitted.is_empty());
    }

    /// With one moment a day no partner can make more than one bid: that is the step's, not the couples'.
    #[test]
    fn a_number_that_the_length_of_moments_makes_is_found() {
        let run = "moments = 1\n[couple]\ncontact_rate = 0.45";
        let fragile =
            "observable = \"bids\"\nrole = \"a\"\nnull = 1.07\nrule = \"less\"\nsesoi = 0.01";
        let audit_of = |claim| {
            let more = Override::parse("run.couples=400").expect("a number");
            let scenario = attentive(4, run, claim).set_all(&[more]);
            audit(&scenario.expect("a scenario"), 64)
        };
        let found = audit_of(fragile);
        assert_eq!(found.claims[0].verdict, AuditVerdict::Fragile, "{found}");
        assert!(!found.has_passed());
        let text = found.explained(0);
        assert!(
            text.starts_with("supported, and refuted with half the step (--set run.step_days=0.5)"),
            "{text}"
        );
        // The same verdicts of effects that differ.
        let shifted = "observable = \"bids\"\nrole = \"a\"\nrule = \"greater\"\nsesoi = 0.1";
        let found = audit_of(shifted);
        assert_eq!(found.claims[0].verdict, AuditVerdict::Shifted, "{found}");
        assert!(!found.has_passed());
    }

    #[test]
    fn swapped_partners_are_the_same_couples() {
        let claim = "observable = \"trust\"\nrole = \"b\"\nrule = \"greater\"\nsesoi = 0.01";
        let scenario = attentive(
            5,
            "[[event]]\nkind = \"betrayal\"\nday = 3\nof = \"a\"",
            claim,
        );
        let claims = scenario.claims_spec().expect("claims");
        let other = swapped(claims);
        assert!(other.conditions[0].config != claims.conditions[0].config);
        assert!(matches!(
            other.claims[0].observed,
            Observed::Mean(_, Role::A, ..)
        ));
        let again = swapped(&other);
        assert_eq!(again.claims, claims.claims);
        assert!(
            again
                .conditions
                .iter()
                .zip(&claims.conditions)
                .all(|(one, other)| one.config == other.config)
        );
        assert_eq!(
            ["trust_end_a", "anxiety_b", "time"].map(of_other_partner),
            ["trust_end_b", "anxiety_a", "time"]
        );
        // Who is observed has to change with who is who.
        let half = Claims {
            claims: claims.claims.clone(),
            ..other
        };
        let effect = |claims: &Claims| {
            let test = |control: &Control| {
                Ok(test::run(
                    claims,
                    64,
                    &[],
                    OneOf { index: 0, of: 1 },
                    control,
                )?)
            };
            let found = crate::options::Execution::default().run(1, test);
            found.expect("a test")[0].judged[0].interval
        };
        let [as_it_is, swapped, half] = [claims, &swapped(claims), &half].map(effect);
        let overlap =
            |one: Interval, other: Interval| one.low <= other.high && other.low <= one.high;
        assert!(
            overlap(as_it_is, swapped) && !overlap(as_it_is, half),
            "{as_it_is:?} {swapped:?} {half:?}"
        );
    }

    #[test]
    fn an_undecided_claim_says_how_many_replicates_would_tell() {
        let claim = |sesoi: f64| {
            let rule = "observable = \"trust\"\nrole = \"b\"\nrule = \"greater\"\nsesoi = ";
            attentive(6, "", &format!("{rule}{sesoi}"))
        };
        let known = audit(&claim(0.1), 16);
        let judged = known.variations[0].found[0].judged[0];
        // The effect is near the smallest one of interest.
        let scenario = claim(judged.effect - 0.6 * (judged.effect - judged.interval.low));
        let few = audit(&scenario, 16);
        assert_eq!(few.claims[0].verdict, AuditVerdict::Inconclusive, "{few}");
        assert!(few.has_passed());
        let needed = few.claims[0].needed.expect("a number");
        let many = audit(&scenario, 2 * needed as u32);
        assert!(
            needed > 16 && many.claims[0].verdict != AuditVerdict::Inconclusive,
            "{needed}: {many}"
        );
    }

    #[test]
    fn what_cannot_be_varied_is_said() {
        let claim = "observable = \"trust\"\nrule = \"greater\"\nsesoi = 0.05";
        let found = audit(&attentive(7, "step_days = 0.25", claim), 16);
        assert_eq!(found.variations.len(), 6);
        assert_eq!(found.omitted.len(), 1);
        let text = found.to_string();
        let said = "not varied: half the step (`step_days` must lie between 0.25 and 1)";
        assert!(text.contains(said), "{text}");
        // A condition's own value stays, so that the variation would not vary it.
        let own = claim.to_owned() + "\n[condition.third]\nrun.moments = 3";
        let found = audit(&attentive(7, "", &own), 16);
        assert_eq!(found.omitted[0].reason, "a condition sets it");
    }

    /// Audits of claims that no variation changes, at effects from far below to far above the smallest of interest.
    fn wrong_audits(audits: u64) -> (u64, [u64; 4]) {
        let (mut wrong, mut counts) = (0, [0; 4]);
        for seed in 0..audits {
            let sesoi = 0.35 + 0.02 * (seed % 11) as f64;
            let claim = format!(
                "observable = \"trust\"\nrole = \"b\"\nrule = \"greater\"\nsesoi = {sesoi}"
            );
            let found = audit(&attentive(100 + 3 * seed, "", &claim), 32);
            wrong += u64::from(!found.has_passed());
            counts[found.claims[0].verdict as usize] += 1;
        }
        (wrong, counts)
    }

    #[test]
    fn few_audits_find_what_is_not_there() {
        let (wrong, counts) = wrong_audits(44);
        assert!(wrong <= 6, "{wrong} of 44: {counts:?}");
        assert!(counts[0] > 0, "{counts:?}");
    }

    /// The rates that decision 085 states: `cargo test --release --lib rates_of_audits -- --ignored --nocapture`.
    #[test]
    #[ignore = "takes minutes"]
    fn rates_of_audits() {
        let (wrong, counts) = wrong_audits(1_100);
        println!("{wrong} of 1100 audits without an artefact find one; {counts:?}");
        assert!(wrong <= 55);
    }
}
