//! In which order the inputs are read: as they were given, then those again that failed when the run was here before.
//!
//! A file of a network or of a tired disk may not open, or break off, and be there an hour later. The journal keeps such
//! inputs, with the position up to which they were read, and each start of the run with `--resume` reads them once more,
//! behind all others. The steps count on, so that a place in them never goes back.

use super::journal::{Journal, Place};
use crate::input::{Input, Inputs, Record};

/// The kind of the error row of an input that could not be opened.
pub(super) const UNOPENED: &str = "unreadable_input";
/// The kind of the error row of an input that the system could not read to its end.
const BROKEN_OFF: &str = "io";

/// The steps of a start of a run.
#[derive(Debug)]
pub(super) struct Plan<'i> {
    inputs: &'i Inputs,
    /// Inputs that are read again, and behind which of their records.
    again: Vec<Place>,
}

impl<'i> Plan<'i> {
    pub(super) fn new(inputs: &'i Inputs, resumed: Option<&Journal>) -> Self {
        Self { inputs, again: resumed.map(|journal| journal.again.clone()).unwrap_or_default() }
    }

    /// What is read at a step: an input, its number, and behind which of its records.
    pub(super) fn step(&self, step: usize) -> Option<(&'i Input, Place)> {
        let first = Place { input: step, position: 0 };
        let from = match step.checked_sub(self.inputs.len()) {
            None => first,
            Some(at) => *self.again.get(at)?,
        };
        Some((self.inputs.iter().nth(from.input)?, from))
    }

    /// Whether the input of a step has failed before.
    pub(super) fn is_again(&self, step: usize) -> bool {
        step >= self.inputs.len()
    }

    /// The place behind all steps.
    pub(super) fn end(&self) -> Place {
        Place { input: self.inputs.len() + self.again.len(), position: 0 }
    }

    /// Inputs that failed before this start of the run.
    pub(super) fn again(&self) -> &[Place] {
        &self.again
    }

    /// The digest of the first bytes of the input that was begun where a run stopped; none at the start of an input.
    pub(super) fn head(&self, place: Place) -> Option<String> {
        let (input, _) = self.step(place.input).filter(|_| place.position > 0)?;
        input.head_digest().map(|digest| format!("{digest:016x}"))
    }

    /// The name of the input that is no longer the one that a run had begun, if that is so.
    pub(super) fn changed(&self, journal: &Journal) -> Option<&'i str> {
        let (before, now) = (journal.head.as_ref()?, self.head(journal.place)?);
        let (input, _) = self.step(journal.place.input)?;
        (*before != now).then(|| &**input.name())
    }

    /// What is to be read again after this record of a step, if the system failed there. Standard input is gone.
    pub(super) fn failure(&self, step: usize, record: &Record) -> Option<Place> {
        let kind = record.outcome.as_ref().err()?.kind;
        let (input, from) = self.step(step)?;
        let position = match kind {
            UNOPENED => from.position,
            BROKEN_OFF => record.provenance.position.saturating_sub(1).max(from.position),
            _ => return None,
        };
        (&**input.name() != "-").then_some(Place { input: from.input, position })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{InputOptions, RecordError};
    use crate::provenance::Provenance;

    fn failed(kind: &'static str, position: u64) -> Record {
        let error = RecordError { id: "x".to_owned(), url: None, kind, message: String::new() };
        Record { provenance: Provenance::new("x", position), outcome: Err(error) }
    }

    fn at(input: usize, position: u64) -> Place {
        Place { input, position }
    }

    #[test]
    fn what_the_system_could_not_read_is_read_again_behind_the_rest() {
        let inputs = Inputs::new(["a.html", "b.jsonl", "-"], InputOptions::default());
        let plan = Plan { inputs: &inputs, again: vec![at(1, 7)] };
        assert_eq!(plan.failure(0, &failed(UNOPENED, 0)), Some(at(0, 0)));
        assert_eq!(plan.failure(1, &failed("io", 5)), Some(at(1, 4)));
        assert_eq!(plan.failure(1, &failed("damaged", 5)), None);
        assert_eq!(plan.failure(2, &failed("io", 5)), None);
        let (input, from) = plan.step(3).unwrap();
        assert_eq!((&**input.name(), from, plan.end()), ("b.jsonl", at(1, 7), at(4, 0)));
        assert_eq!(
            (plan.failure(3, &failed(UNOPENED, 0)), plan.failure(3, &failed("io", 8))),
            (Some(at(1, 7)), Some(at(1, 7)))
        );
        assert!(plan.step(4).is_none() && plan.is_again(3) && !plan.is_again(2));
    }
}
