//! The results of claims, as text and as tables: what was found, and the replicates that it was found
//! in.

use crate::run::MANY_SEPARATED;
use crate::scenario::claims::STILL_TOGETHER;
use crate::scenario::{Claim, ClaimRule, Claims};
use crate::stats::interval::Interval;
use crate::stats::sequential_test::Verdict;
use crate::table::{Field, Schema, Table, Value};
use std::fmt;

/// The result of one tested claim.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TestedClaim {
    pub(crate) verdict: Verdict,
    pub(crate) runs: u32,
    /// Couples behind the observed number of the condition with the fewest: mean over replicates.
    pub(crate) counted: f64,
    /// Share of that condition's couples that are not among them, because they have separated.
    pub(crate) separated: f64,
    pub(crate) judged: Vec<EffectEstimate>,
    /// Of each effect its value in each replicate.
    pub(crate) values: Vec<Vec<f64>>,
}

/// One effect at its last look.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct EffectEstimate {
    /// Mean over replicates; NaN if no couple was left to observe.
    pub effect: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Its interval, simultaneous over looks and claims; undefined where the effect is.
    pub interval: Interval,
    /// Where it lies against the smallest effect of interest.
    pub verdict: Verdict,
}

/// The result of one claim.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ClaimResult {
    pub(crate) claim: Claim,
    /// Its effects in words, and of an order the differences of neighbours.
    pub contrasts: Vec<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// Replicates that it took.
    pub runs: u32,
    /// Couples behind the observed number of the condition with the fewest on the last observed day: mean over
    /// replicates.
    pub counted: f64,
    /// Share of that condition's couples that are not among them, because they have separated.
    pub separated: f64,
    /// The effects at the last look.
    pub judged: Vec<EffectEstimate>,
    /// Of each effect its value in each replicate.
    pub values: Vec<Vec<f64>>,
    /// Whether a mechanism was left out that the claim requires.
    pub must_fail: bool,
}

impl ClaimResult {
    /// Name of the claim.
    pub fn name(&self) -> &str {
        &self.claim.name
    }

    /// What is claimed, as a sentence.
    pub fn statement(&self) -> &str {
        &self.claim.statement
    }

    /// Where the effect is claimed to lie: `greater`, `less`, `equivalent` or `order`.
    pub fn rule(&self) -> &'static str {
        self.claim.rule.word()
    }

    /// The smallest effect of interest, in the unit of what is observed.
    pub fn smallest_effect(&self) -> f64 {
        self.claim.sesoi
    }

    /// The word of the verdict that the scenario expects.
    pub fn expected(&self) -> &'static str {
        self.claim.expect
    }

    /// Keys of the mechanisms without which the claim must fall.
    pub fn requires(&self) -> &[&'static str] {
        &self.claim.requires
    }

    /// Whether the verdict is the expected one, or of a claim that must fall another.
    pub fn as_expected(&self) -> bool {
        (self.verdict.word() == self.claim.expect) != self.must_fail
    }

    /// The effect that decides: of an order the least difference, or the first that is not known.
    pub(crate) fn decisive(&self) -> Option<&EffectEstimate> {
        let least = |one: &EffectEstimate, next: &EffectEstimate| {
            let (low, other) = (one.interval.low, next.interval.low);
            !low.is_nan() && (other.is_nan() || other < low)
        };
        self.judged
            .iter()
            .reduce(|one, next| if least(one, next) { next } else { one })
    }
}

/// The results of a scenario's claims.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimsReport {
    /// Title of the scenario.
    pub title: String,
    /// How many replicates of how many couples there may be, and what was changed, in words.
    pub size: String,
    /// The claims in the order of the file.
    pub findings: Vec<ClaimResult>,
    /// Keys of the mechanisms that were left out.
    pub without: Vec<String>,
}

impl ClaimsReport {
    pub(crate) fn new(
        (title, size): (String, String),
        claims: &Claims,
        found: Vec<TestedClaim>,
        without: &[String],
    ) -> ClaimsReport {
        let finding = |(claim, found): (&Claim, TestedClaim)| ClaimResult {
            claim: claim.clone(),
            contrasts: claim
                .effects
                .iter()
                .map(|effect| claims.describe(effect))
                .collect(),
            verdict: found.verdict,
            runs: found.runs,
            counted: found.counted,
            separated: found.separated,
            judged: found.judged,
            values: found.values,
            must_fail: without
                .iter()
                .any(|key| claim.requires.contains(&key.as_str())),
        };
        ClaimsReport {
            title,
            size,
            findings: claims.claims.iter().zip(found).map(finding).collect(),
            without: without.to_vec(),
        }
    }

    /// The claims of which something is expected: all, or with mechanisms taken out those that they must
    /// overturn.
    fn bound(&self) -> impl Iterator<Item = &ClaimResult> {
        let all = self.without.is_empty();
        self.findings
            .iter()
            .filter(move |finding| all || finding.must_fail)
    }

    /// Whether every claim of which something is expected came out so.
    pub fn as_expected(&self) -> bool {
        self.bound().all(ClaimResult::as_expected)
    }

    /// What `requires` asks for without the mechanisms that were left out, and what came, a line each; nothing
    /// where none was left out.
    fn after_ablation(&self) -> Vec<String> {
        if self.without.is_empty() {
            return Vec::new();
        }
        let gone = self.without.join(", ");
        let line = |finding: &ClaimResult| {
            let Claim { name, expect, .. } = &finding.claim;
            let requires = finding.claim.requires.join(", ");
            let verdict = finding.verdict.word();
            match (finding.must_fail, finding.as_expected()) {
                (true, true) => format!(
                    "`{name}` requires {requires}: without {gone} it must no longer be {expect}, and is {verdict}, \
                     as required"
                ),
                (true, false) => format!(
                    "`{name}` requires {requires}: without {gone} it must no longer be {expect}, but it is still"
                ),
                (false, _) if requires.is_empty() => {
                    format!(
                        "`{name}` requires no mechanism: any verdict is accepted without {gone}"
                    )
                }
                (false, _) => format!(
                    "`{name}` requires {requires} only: any verdict is accepted without {gone}"
                ),
            }
        };
        self.findings.iter().map(line).collect()
    }

    /// What did not come out as expected, a line each.
    pub fn unexpected(&self) -> Vec<String> {
        let line = |finding: &ClaimResult| {
            let Claim { name, expect, .. } = &finding.claim;
            let verdict = finding.verdict.word();
            if finding.must_fail {
                let gone = self.without.join(", ");
                format!("`{name}` is {verdict} still, without {gone}, which must overturn it")
            } else {
                format!("`{name}` is {verdict}, and was expected to be {expect}")
            }
        };
        let surprising = self.bound().filter(|finding| !finding.as_expected());
        surprising.map(line).collect()
    }
}

impl fmt::Display for ClaimsReport {
    /// Title, size and a header, and a line a claim: verdict, effect with its interval, what it is held against,
    /// runs, couples behind the observed number, statement. Then what was to become of the claims without a
    /// mechanism, and the claims for which many couples have separated.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}", self.title, self.size)?;
        writeln!(
            f,
            "{:<9}  {:<28} {:<9} {:<19}claim",
            "verdict", "effect, interval", "claimed", "runs, couples"
        )?;
        for finding in &self.findings {
            let claim = &finding.claim;
            let found = finding
                .decisive()
                .map_or_else(String::new, ToString::to_string);
            writeln!(
                f,
                "{:<9}  {found:<28} {:<9} {:>4} runs  n {:>4.0}  {}",
                finding.verdict.word(),
                bound(claim),
                finding.runs,
                finding.counted,
                claim.statement
            )?;
        }
        for line in self.after_ablation() {
            writeln!(f, "{line}")?;
        }
        let mislead = self
            .findings
            .iter()
            .filter(|finding| finding.separated > MANY_SEPARATED);
        let names: Vec<&str> = mislead.map(ClaimResult::name).collect();
        if !names.is_empty() {
            writeln!(
                f,
                "means over {STILL_TOGETHER}, and in a condition more than a fifth have separated: {} \
                 (`over = \"all\"` counts all couples)",
                names.join(", ")
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for EffectEstimate {
    /// The effect with its interval, or that it is not known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Interval { low, high } = self.interval;
        if low.is_nan() {
            return f.write_str("not known");
        }
        write!(f, "{:+.4} [{low:+.4}, {high:+.4}]", self.effect)
    }
}

/// What an effect is held against, in few signs.
fn bound(claim: &Claim) -> String {
    match claim.rule {
        ClaimRule::Greater => format!("> {}", claim.sesoi),
        ClaimRule::Less => format!("< -{}", claim.sesoi),
        ClaimRule::Equivalent => format!("within {}", claim.sesoi),
        ClaimRule::Order => format!("each > {}", claim.sesoi),
    }
}

/// The header of `claims`: a row an effect that is judged.
pub(crate) fn claims_schema() -> Schema {
    let real = |name: &str, meaning: &str| Field::float(name, "as observed", meaning);
    let columns = vec![
        Field::str("claim", "Name of the claim"),
        Field::int(
            "part",
            "",
            "Number of the effect within the claim, from 1; an order has one for each pair of neighbours",
        ),
        Field::str("statement", "What is claimed"),
        Field::str(
            "observed",
            "What is observed of each replicate and condition",
        ),
        Field::str("contrast", "The effect: a weighted sum over conditions"),
        real("against", "Number that was taken from the effect"),
        Field::categorical(
            "rule",
            ClaimRule::WORDS,
            "Where the effect is claimed to lie",
        ),
        real("smallest", "Smallest effect of interest"),
        Field::str("bound", "What the effect is held against, in few signs"),
        real(
            "effect",
            "Mean effect over replicates; missing if no couple was left to observe",
        ),
        real("standard_error", "Its standard error over replicates"),
        real(
            "ci_low",
            "Lower end of its interval, which holds with those of all looks and claims together with 95 %",
        ),
        real(
            "ci_high",
            "Upper end of this interval, which is cut to the effects that are possible",
        ),
        Field::int("runs", "replicates", "Replicates that the claim took"),
        Field::float(
            "n",
            "couples",
            "Couples behind the observed number on the last observed day: mean over replicates, of the condition \
             with the fewest",
        ),
        Field::float(
            "separated",
            "1",
            "Share of that condition's couples that are not among them, because they have separated; 0 where all \
             couples count, as with `over = \"all\"`",
        )
        .within(0.0, 1.0),
        Field::categorical(
            "part_verdict",
            Verdict::WORDS,
            "Verdict on this effect alone",
        ),
        Field::categorical("verdict", Verdict::WORDS, "Verdict on the claim"),
        Field::categorical(
            "expect",
            Verdict::WORDS,
            "Verdict that the scenario expects",
        ),
        Field::str(
            "requires",
            "Mechanisms each of whose removal must overturn that verdict",
        ),
        Field::str("without", "Mechanisms that were taken out"),
    ];
    Schema {
        table: "claims",
        row: "an effect of a claim",
        columns,
    }
}

/// Makes `claims`.
pub(crate) fn claims_table(report: &ClaimsReport) -> Table {
    let mut table = Table::new(claims_schema());
    for finding in &report.findings {
        let claim = &finding.claim;
        let expect = Verdict::WORDS.iter().position(|word| *word == claim.expect);
        for (part, judged) in finding.judged.iter().enumerate() {
            table.rows.push([
                Value::Str(claim.name.clone()),
                Value::Int(part as i64 + 1),
                Value::Str(claim.statement.clone()),
                Value::Str(claim.observed.to_string()),
                Value::Str(finding.contrasts[part].clone()),
                Value::Float(claim.null),
                Value::Categorical(claim.rule as u8),
                Value::Float(claim.sesoi),
                Value::Str(bound(claim)),
                Value::Float(judged.effect),
                Value::Float(judged.standard_error),
                Value::Float(judged.interval.low),
                Value::Float(judged.interval.high),
                Value::Int(i64::from(finding.runs)),
                Value::Float(finding.counted),
                Value::Float(finding.separated),
                Value::Categorical(judged.verdict as u8),
                Value::Categorical(finding.verdict as u8),
                Value::Categorical(expect.unwrap_or_default() as u8),
                Value::Str(claim.requires.join(" ")),
                Value::Str(report.without.join(" ")),
            ]);
        }
    }
    table
}

/// The header of `runs`: a row a replicate's effect.
pub(crate) fn runs_schema() -> Schema {
    let columns = vec![
        Field::str("claim", "Name of the claim"),
        Field::int("part", "", "Number of the effect within the claim, from 1"),
        Field::int("replicate", "", "Number of the replicate, from 1"),
        Field::float(
            "effect",
            "as observed",
            "The effect in this replicate; missing if no couple was left to observe",
        ),
    ];
    Schema {
        table: "runs",
        row: "an effect in a replicate",
        columns,
    }
}

/// Makes `runs`.
pub(crate) fn runs_table(report: &ClaimsReport) -> Table {
    let mut table = Table::new(runs_schema());
    for finding in &report.findings {
        for (part, values) in finding.values.iter().enumerate() {
            for (replicate, effect) in values.iter().enumerate() {
                table.rows.push([
                    Value::Str(finding.claim.name.clone()),
                    Value::Int(part as i64 + 1),
                    Value::Int(replicate as i64 + 1),
                    Value::Float(*effect),
                ]);
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::claims::EXPECTED;

    #[test]
    fn a_scenario_expects_the_verdicts_that_there_are() {
        assert_eq!(EXPECTED, Verdict::WORDS);
    }
}
