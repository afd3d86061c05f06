//! What axes stand on: what can be set in the scenario, and what each key takes.

use crate::scenario::address::{Address, Takes};
use crate::scenario::childhood;
use crate::scenario::code::FaultCode as Code;
use crate::scenario::draws::Drawn;
use crate::scenario::notice::Fault;
use crate::scenario::pair_names;
use crate::scenario::path::Path;
use crate::scenario::source::Span;
use crate::scenario::suggest::nearest;

/// What the axes stand on: what can be set in the scenario.
pub(crate) struct Ground<'s> {
    pub(crate) addresses: Vec<Address>,
    pub(crate) draws: &'s [Drawn],
    /// Whether the rest of the scenario is sound, so that a key that is not found does not exist.
    pub(crate) sure: bool,
}

impl Ground<'_> {
    /// What the key of an axis takes.
    ///
    /// # Errors
    /// Why no axis can have this key; `None` where other faults may be the reason.
    pub(crate) fn resolve(&self, path: &Path, at: Span) -> Result<Takes, Option<Box<Fault>>> {
        let key = path.key();
        if let Some(why) = refused(&key) {
            let message = format!("a sweep cannot have `{key}` as an axis: {}", why.0);
            let fault = Fault::new(Code::NoAxis, at, message).label("no axis");
            return Err(Some(Box::new(fault.hint(why.1))));
        }
        if let Some(address) = self.addresses.iter().find(|address| address.key == key) {
            return Ok(address.takes.clone());
        }
        if let ["correlations", name] = path.names()[..]
            && pair_names::is_name(name, self.draws)
        {
            return Ok(Takes::Number {
                low: -1.0,
                high: 1.0,
            });
        }
        if !self.sure {
            return Err(None);
        }
        let message = format!(
            "there is nothing to set at `{}` in this scenario",
            key.escape_debug()
        );
        let near = nearest(
            &key,
            self.addresses.iter().map(|address| address.key.as_str()),
        );
        let hint = match (self.of_childhood(&key), near) {
            (Some(why), _) => why.to_owned(),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) => format!(
                "keys are dotted, as for --set, such as `{}`",
                self.example(&path.names())
            ),
        };
        let fault = Fault::new(Code::NoAxis, at, message).label("leads nowhere");
        Err(Some(Box::new(fault.hint(hint))))
    }

    /// What stands in a key's way that childhood gives or takes.
    fn of_childhood(&self, key: &str) -> Option<&'static str> {
        let reared = childhood::reared_by(self.draws);
        let (table, own) = key.rsplit_once('.')?;
        if !childhood::allows(table, own, reared) {
            return Some(
                "it comes from childhood: sweep over what it comes from, such as sensitivity",
            );
        }
        let of_childhood = key.split('.').next() == Some(childhood::NAME);
        (of_childhood && reared == [false; 2])
            .then_some("nobody has a childhood here: add the table [childhood], which may be empty")
    }

    /// A key in which the same name stands, or any.
    fn example(&self, names: &[&str]) -> &str {
        let last = names.last().copied().unwrap_or_default();
        let has = |address: &&Address| address.key.split('.').any(|part| part == last);
        let found = self.addresses.iter().find(has);
        found.map_or("parameters.trust_rate", |address| address.key.as_str())
    }
}

/// Why a key is no axis, and what to do instead.
fn refused(key: &str) -> Option<(&'static str, &'static str)> {
    let first = key.split('.').next().unwrap_or(key);
    match key {
        "run.seed" => Some((
            "other seeds are other runs of the same point, not other points",
            "set [run] `replicates`: each replicate has random numbers of its own",
        )),
        "run.replicates" => Some((
            "every point is run equally often, or until it is known well enough",
            "set [run] `replicates`, or [sweep] `until`",
        )),
        _ if first == "record" => Some((
            "what is recorded changes nothing in what is lived",
            "choose what a sweep records by [sweep] `measures` and `couples`",
        )),
        _ if first == "measurement" => Some((
            "how couples are asked changes nothing in what is lived",
            "choose a key of the scenario that is lived",
        )),
        _ if first == "sweep" => Some((
            "it is the sweep's own",
            "choose a key of the scenario that is swept",
        )),
        _ => None,
    }
}
