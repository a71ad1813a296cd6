//! The container of all model files: what a file says of itself, and the part that makes it a model of its task.

use super::check;
use super::file::{self, Arrays};
use super::{Adapter, Blocks, Corrections, KindModel, Kinds, Model};
use crate::error::{Error, Result};
use crate::label::Label;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A model with what its file says of itself. It holds no clock time: the same data, seed and code give the same bytes.
///
/// Through serde it is the header of the file, without the arrays of the part: [`Bundle::from_bytes`] reads the whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bundle<P> {
    /// What the model is for: `blocks`, `kinds` or `adapter`.
    pub task: String,
    /// The algorithm, where there is a choice: `boosted-trees` or `random-forest`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub algorithm: String,
    /// The labels that the model tells apart, in order.
    pub labels: Vec<String>,
    /// The label whose probability it gives, if it gives one alone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub positive: String,
    /// Hash of what the model reads, hexadecimal.
    pub schema: String,
    /// The model.
    #[serde(flatten)]
    pub part: P,
    /// How it was trained: data with digests, split rule, parameters.
    pub training: BTreeMap<String, String>,
    /// What was measured out of fold: set → metric → value.
    pub metrics: BTreeMap<String, BTreeMap<String, f64>>,
    /// The model's licence and that of its sources.
    pub licence: String,
    /// Bytes of each array, in file order.
    arrays: BTreeMap<String, usize>,
}

/// What tells one task's model from another's. Its serde fields stand in the header, what they skip in arrays.
pub trait Part: Serialize + DeserializeOwned + Clone + 'static {
    /// The name of the task.
    const TASK: &'static str;
    /// What the schema is of, for messages.
    const SCHEMA: &'static str;
    /// The label whose probability the model gives, if it gives one alone.
    const POSITIVE: &'static str = "";
    /// What to do with a file that another build has made.
    const RETRAIN: &'static str = "retrain with `pagesieve train`";

    /// The labels that the model tells apart, in order.
    fn labels() -> impl Iterator<Item = &'static str> {
        Label::ALL.iter().map(|label| label.as_str())
    }
    /// The hash of what this build gives the model to read.
    fn schema() -> String;
    /// Whether columns and small models are those that this build fills.
    fn check(&self) -> Result<(), String>;
    /// Reads or writes what does not stand in the header, and checks it.
    fn arrays(&mut self, arrays: &mut Arrays) -> Result<(), String>;
    /// The model of the task that stands in the program, and its file; none while nobody has asked for it.
    fn builtin() -> Option<(&'static Bundle<Self>, &'static [u8])> {
        None
    }
    /// Names and values for people to read.
    fn facts(&self) -> Vec<(&'static str, String)>;
}

impl<P: Part> Bundle<P> {
    /// A model of this build, without notes, figures and licence.
    pub fn of(part: P) -> Self {
        Self {
            task: P::TASK.to_owned(),
            algorithm: String::new(),
            labels: P::labels().map(str::to_owned).collect(),
            positive: P::POSITIVE.to_owned(),
            schema: P::schema(),
            part,
            training: BTreeMap::new(),
            metrics: BTreeMap::new(),
            licence: String::new(),
            arrays: BTreeMap::new(),
        }
    }

    /// Reads a model; `name` stands in messages.
    ///
    /// # Errors
    /// [`Error::Model`] that says what differs and what to do: damage, another task, format version, label, column or
    /// schema.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self> {
        let read = file::open(bytes).and_then(|(header, payload)| Self::read(header, payload));
        read.map_err(refused(name))
    }

    fn read(header: &[u8], payload: &[u8]) -> Result<Self, String> {
        let task = task(header)?;
        if task != P::TASK {
            return Err(format!("expected a model of `{}`, found one of `{task}`", P::TASK));
        }
        let read = || {
            let mut bundle: Self = file::parsed(header)?;
            bundle.check()?;
            bundle.part.arrays(&mut file::split(payload, &bundle.arrays)?)?;
            Ok(bundle)
        };
        read().map_err(|problem: String| format!("{problem}; {}", P::RETRAIN))
    }

    /// Whether the file promises what this build fills and reads; the first thing that differs is told.
    fn check(&self) -> Result<(), String> {
        check::names("label", &self.labels, P::labels())?;
        check::names("positive label", std::slice::from_ref(&self.positive), [P::POSITIVE])?;
        self.part.check()?;
        let (of, theirs, ours) = (P::SCHEMA, &self.schema, P::schema());
        if *theirs == ours {
            return Ok(());
        }
        Err(format!("{of} {theirs}, this build has {ours}: something of the same name has another revision"))
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// [`Error::Model`] when a number is not finite, or there are more or fewer than belong there.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let (mut header, mut arrays) = (self.clone(), Arrays::default());
        header.part.arrays(&mut arrays).map_err(refused(P::TASK))?;
        header.arrays = arrays.lengths();
        file::write(&header, &arrays).map_err(refused(P::TASK))
    }

    /// The digest of the file that binds an adapter to it.
    ///
    /// # Errors
    /// As [`Bundle::to_bytes`].
    pub fn digest(&self) -> Result<String> {
        // the file of the one that stands in the program is at hand, and each run asks for its digest
        match P::builtin().filter(|(builtin, _)| std::ptr::eq(*builtin, self)) {
            Some((_, file)) => Ok(digest(file)),
            None => Ok(digest(&self.to_bytes()?)),
        }
    }

    /// The model in a file that stands in the program.
    pub(super) fn open_builtin(bytes: &[u8]) -> Arc<Self> {
        let model = Self::from_bytes("built-in", bytes);
        #[expect(
            clippy::expect_used,
            reason = "a test opens the built-in models: no build with another one passes"
        )]
        Arc::new(model.expect("the built-in model fits this build"))
    }
}

/// A model file of any task.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ModelFile {
    /// What judges blocks and pages.
    Blocks(Arc<Model>),
    /// What tells kinds apart.
    Kinds(Arc<KindModel>),
    /// Corrections on top of both.
    Adapter(Arc<Adapter>),
}

impl ModelFile {
    /// Reads a model of the task that its header names; `name` stands in messages.
    ///
    /// # Errors
    /// As [`Bundle::from_bytes`], and when no task of this build has that name.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self> {
        let task = file::open(bytes).and_then(|(header, _)| task(header)).map_err(refused(name))?;
        match task.as_str() {
            Blocks::TASK => Ok(Self::Blocks(Bundle::from_bytes(name, bytes)?.into())),
            Kinds::TASK => Ok(Self::Kinds(Bundle::from_bytes(name, bytes)?.into())),
            Corrections::TASK => Ok(Self::Adapter(Bundle::from_bytes(name, bytes)?.into())),
            _ => Err(refused(name)(format!(
                "expected a model of `blocks`, `kinds` or `adapter`, found one of `{task}`"
            ))),
        }
    }
}

/// The digest by which a file is known again: XXH3-64, hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    format!("{:016x}", xxhash_rust::xxh3::xxh3_64(bytes))
}

/// What a file is for.
fn task(header: &[u8]) -> Result<String, String> {
    #[derive(Deserialize)]
    struct Task {
        task: String,
    }
    file::parsed(header).map(|Task { task }| task)
}

fn refused(name: &str) -> impl Fn(String) -> Error {
    move |problem| Error::Model { name: name.to_owned(), problem }
}
