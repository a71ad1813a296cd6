//! How far a run is: a small JSON file beside the output, replaced atomically.
//!
//! `.OUTPUT.journal` says which run it is (program version, inputs, options), which inputs are finished, how
//! many records of the next one have been read, which could not be read, how long the outputs were then, and what was counted.
//! To resume is to cut the outputs to these lengths and to read on from there. It stays when the run is finished,
//! so that the same command with `--resume` does nothing; its name starts with a dot, so that those who read the
//! folder's files pass it over.

use super::plan::Plan;
use super::tally::Tally;
use crate::input::{Input, Inputs};
use crate::{Error, atomic_file};
use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use xxhash_rust::xxh3::Xxh3;

/// A place in the steps of a run, of which each is an input: those before `input` are finished, and of it the records up to
/// `position`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) input: usize,
    pub(super) position: u64,
}

/// What must be the same for a run to be resumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Settings {
    program: String,
    /// Digest of the inputs' names and sizes, in their order.
    inputs: String,
    /// Whether the digest knows the sizes of all inputs; another run over inputs of the same names may then not
    /// have been over other bytes.
    sized: bool,
    /// Inputs whose size was not known when the run started: they may have one when it goes on.
    #[serde(default)]
    unsized_inputs: Vec<usize>,
    options: BTreeMap<String, String>,
}

impl Settings {
    pub(super) fn new(inputs: &Inputs, options: Vec<(&'static str, String)>) -> Self {
        let unsized_inputs = inputs.iter().enumerate().filter(|(_, input)| input.bytes().is_none());
        let unsized_inputs: Vec<usize> = unsized_inputs.map(|(at, _)| at).collect();
        Self {
            program: concat!("pagesieve ", env!("CARGO_PKG_VERSION")).to_owned(),
            inputs: digest(inputs, &unsized_inputs),
            sized: unsized_inputs.is_empty(),
            unsized_inputs,
            options: options.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        }
    }

    /// The id of a run that starts: the digest of its inputs, with the time where not all of them have a size.
    fn run(&self) -> String {
        if self.sized {
            return self.inputs.clone();
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        format!("{}-{:x}", self.inputs, now.as_nanos())
    }

    /// The first thing that differs from the run that is to be resumed.
    fn difference(&self, before: &Self, inputs: &Inputs) -> Option<String> {
        if self.program != before.program {
            return Some(format!("it was started by {}, and this is {}", before.program, self.program));
        }
        for (name, value) in &self.options {
            let other = before.options.get(name).map_or("", String::as_str);
            if other != value {
                return Some(format!("--{name} was {} and is {} now", shown(other), shown(value)));
            }
        }
        (digest(inputs, &before.unsized_inputs) != before.inputs)
            .then(|| "the inputs' names or sizes have changed".to_owned())
    }
}

fn shown(value: &str) -> String {
    if value.is_empty() { "not given".to_owned() } else { format!("`{value}`") }
}

/// The digest of names and sizes, without the sizes of some inputs.
fn digest(inputs: &Inputs, without_size: &[usize]) -> String {
    let mut hash = Xxh3::new();
    for (at, input) in inputs.iter().enumerate() {
        let size = Some(input).filter(|_| without_size.binary_search(&at).is_err()).and_then(Input::bytes);
        hash.update(&(input.name().len() as u64).to_le_bytes());
        hash.update(input.name().as_bytes());
        hash.update(&size.unwrap_or(u64::MAX).to_le_bytes());
    }
    format!("{:016x}", hash.digest())
}

/// The journal's contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Journal {
    v: u8,
    pub(super) done: bool,
    /// The run's id: runs over the same inputs have the same.
    pub(super) run: String,
    pub(super) settings: Settings,
    pub(super) place: Place,
    /// The digest of the first bytes of the input that `place` is inside of, as far as it could be told.
    #[serde(default)]
    pub(super) head: Option<String>,
    /// Inputs that could not be opened or read to their end, and behind which of their records they are to be read again.
    #[serde(default)]
    pub(super) again: Vec<Place>,
    /// Bytes of the kept rows' file.
    pub(super) kept_bytes: u64,
    /// Bytes of the rejected rows' file.
    pub(super) rejected_bytes: u64,
    /// Bytes of the file of bodies in which copies are looked for.
    #[serde(default)]
    pub(super) copies_bytes: u64,
    pub(super) tally: Tally,
}

impl Journal {
    /// The journal of a run that starts.
    pub(super) fn new(settings: Settings) -> Self {
        let (place, tally, run) = (Place::default(), Tally::default(), settings.run());
        let (head, again) = (None, Vec::new());
        let (kept_bytes, rejected_bytes, copies_bytes) = (0, 0, 0);
        Self {
            v: 1,
            done: false,
            run,
            settings,
            place,
            head,
            again,
            kept_bytes,
            rejected_bytes,
            copies_bytes,
            tally,
        }
    }

    /// The journal's file for an output.
    pub(super) fn path(output: &Path) -> PathBuf {
        atomic_file::beside(output, ".journal")
    }

    /// The file of the bodies of an output's pages.
    pub(super) fn path_of_copies(output: &Path) -> PathBuf {
        atomic_file::beside(output, ".copies")
    }

    /// The journal of the run that wrote `output`; none where no run has started yet. Fails when the run was
    /// another one.
    pub(super) fn resumed(
        output: &Path,
        settings: &Settings,
        inputs: &Inputs,
    ) -> anyhow::Result<Option<Self>> {
        let path = Self::path(output);
        let Some(journal) = Self::read(&path)? else {
            if super::arguments::holds_rows(output) {
                let (output, path) = (output.display(), path.display());
                bail!(
                    "cannot resume: `{output}` exists without its journal `{path}`; use --force to write it anew"
                );
            }
            return Ok(None);
        };
        let difference = settings.difference(&journal.settings, inputs).or_else(|| {
            let changed = Plan::new(inputs, Some(&journal)).changed(&journal)?;
            Some(format!("`{changed}`, which was read in part, has other first bytes now"))
        });
        if let Some(difference) = difference {
            bail!("cannot resume: {difference}; give the command of the run, or --force to start anew");
        }
        Ok(Some(journal))
    }

    /// Whether there is nothing left to do: all is read, and nothing could not be.
    pub(super) fn is_finished(&self, inputs: &Inputs) -> bool {
        self.done && self.place >= Plan::new(inputs, Some(self)).end()
    }

    fn read(path: &Path) -> anyhow::Result<Option<Self>> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read", path)(error).into()),
        };
        let journal = serde_json::from_slice(&bytes);
        let expected =
            || format!("`{}` is no journal of this version; use --force to start anew", path.display());
        journal.with_context(expected).map(Some)
    }

    /// Replaces the journal of `output`: readers see the old one or the new one, whatever happens.
    pub(super) fn write(&self, output: &Path) -> anyhow::Result<()> {
        Ok(atomic_file::write(&Self::path(output), serde_json::to_vec(self)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::InputOptions;

    fn inputs() -> Inputs {
        Inputs::new(["a.html"], InputOptions::default())
    }

    fn settings(options: &[(&'static str, &str)]) -> Settings {
        Settings::new(&inputs(), options.iter().map(|(name, value)| (*name, (*value).to_owned())).collect())
    }

    #[test]
    fn a_journal_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("kept.jsonl");
        let mut journal = Journal::new(settings(&[("format", "text")]));
        assert_eq!(Journal::resumed(&output, &journal.settings, &inputs()).unwrap(), None);
        journal.place = Place { input: 3, position: 7 };
        journal.write(&output).unwrap();
        assert_eq!(Journal::resumed(&output, &journal.settings, &inputs()).unwrap(), Some(journal));
    }

    #[test]
    fn a_run_with_other_options_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("kept.jsonl");
        Journal::new(settings(&[("format", "text")])).write(&output).unwrap();
        let error = Journal::resumed(&output, &settings(&[("format", "markdown")]), &inputs()).unwrap_err();
        assert!(error.to_string().contains("--format was `text` and is `markdown` now"), "{error}");
    }

    #[test]
    fn a_damaged_journal_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("kept.jsonl");
        fs::write(Journal::path(&output), b"{\"v\":1").unwrap();
        let error = Journal::resumed(&output, &settings(&[]), &inputs()).unwrap_err();
        assert!(error.to_string().contains(".kept.jsonl.journal` is no journal"), "{error}");
    }
    #[test]
    fn a_run_is_finished_when_nothing_is_left_to_be_read_again() {
        let mut journal = Journal::new(settings(&[]));
        assert!(!journal.is_finished(&inputs()));
        (journal.done, journal.place) = (true, Place { input: 1, position: 0 });
        assert!(journal.is_finished(&inputs()));
        journal.again.push(Place { input: 0, position: 3 });
        assert!(!journal.is_finished(&inputs()));
        journal.place.input = 2;
        assert!(journal.is_finished(&inputs()));
    }

    #[test]
    fn a_file_that_was_missing_may_have_any_size_when_the_run_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.html");
        let inputs = Inputs::new([&path], InputOptions::default());
        let missing = Settings::new(&inputs, Vec::new());
        fs::write(&path, "<p>x").unwrap();
        let there = Settings::new(&inputs, Vec::new());
        assert_eq!((there.difference(&missing, &inputs), missing.sized), (None, false));
        fs::write(&path, "<p>xy").unwrap();
        assert!(there.difference(&there, &inputs).unwrap().contains("sizes"));
    }
}
