//! What a filter is made of, as Python says it → the filter.

use crate::judge::Judge;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sieve::Filter;
use sieve::classify::{Profile, Settings};
use sieve::model::{KindModel, Model, ModelFile};
use sieve::page::Limits;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Everything that a filter is made of: what a pickle carries. Models stand in it with their bytes, so that a machine without
/// their files can use it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Recipe {
    pub(crate) profile: String,
    /// Names and bytes of the model files; none are the built-in models.
    pub(crate) models: Vec<(String, Vec<u8>)>,
    pub(crate) settings: Settings,
    pub(crate) limits: PageLimits,
}

/// Limits on one page, as Python names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PageLimits {
    bytes: usize,
    elements: usize,
    depth: usize,
    blocks: usize,
    record_bytes: usize,
}

impl Default for PageLimits {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            bytes: limits.bytes(),
            elements: limits.elements(),
            depth: limits.depth(),
            blocks: limits.blocks(),
            // As in the program.
            record_bytes: 64 << 20,
        }
    }
}

impl PageLimits {
    fn limits(self) -> Limits {
        let limits = Limits::default().with_bytes(self.bytes).with_elements(self.elements);
        limits.with_depth(self.depth).with_blocks(self.blocks)
    }
}

impl Recipe {
    /// The recipe of the arguments of `Filter(…)`.
    pub(crate) fn new(
        profile: String,
        model: Option<&Path>,
        settings: Option<&Bound<'_, PyAny>>,
        limits: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let models = model.map(read_models).transpose()?.unwrap_or_default();
        Ok(Self {
            profile,
            models,
            settings: of_mapping("settings", settings)?,
            limits: of_mapping("limits", limits)?,
        })
    }

    /// The filter that the recipe is for.
    pub(crate) fn judge(&self) -> PyResult<Judge> {
        self.settings.check().map_err(|problem| PyValueError::new_err(format!("settings: {problem}")))?;
        let filter =
            self.with_models()?.with_profile(profile(&self.profile)?).with_settings(self.settings.clone());
        Ok(Judge { filter: filter.with_limits(self.limits.limits()), record_bytes: self.limits.record_bytes })
    }

    /// The built-in models, and those of the recipe in their place.
    fn with_models(&self) -> PyResult<Filter> {
        let (mut blocks, mut kinds, mut adapter) = (Model::builtin(), KindModel::builtin(), None);
        for (name, bytes) in &self.models {
            match ModelFile::from_bytes(name, bytes).map_err(|error| refused(&error))? {
                ModelFile::Blocks(model) => blocks = model,
                ModelFile::Kinds(model) => kinds = model,
                ModelFile::Adapter(model) => adapter = Some(model),
                _ => {
                    return Err(PyValueError::new_err(format!(
                        "model `{name}`: of a task that is not known here"
                    )));
                }
            }
        }
        let filter = Filter::new(Arc::clone(&blocks)).with_kinds(Arc::clone(&kinds));
        match adapter {
            Some(adapter) => filter.with_adapter(adapter).map_err(|error| refused(&error)),
            None => Ok(filter),
        }
    }
}

fn refused(error: &sieve::Error) -> PyErr {
    PyValueError::new_err(error.to_string())
}

fn profile(name: &str) -> PyResult<Profile> {
    match name {
        "precision" => Ok(Profile::Precision),
        "balanced" => Ok(Profile::Balanced),
        "recall" => Ok(Profile::Recall),
        other => {
            let message = format!("profile `{other}`: expected precision, balanced or recall");
            Err(PyValueError::new_err(message))
        }
    }
}

/// A mapping of Python as a structure of this library: the way is JSON, whose messages name the field.
fn of_mapping<T: DeserializeOwned + Default>(what: &str, mapping: Option<&Bound<'_, PyAny>>) -> PyResult<T> {
    let Some(mapping) = mapping else { return Ok(T::default()) };
    let json: String = mapping.py().import("json")?.call_method1("dumps", (mapping,))?.extract()?;
    serde_json::from_str(&json).map_err(|error| PyValueError::new_err(format!("{what}: {error}")))
}

/// Names and bytes of the model files of a folder, or of the file itself.
fn read_models(path: &Path) -> PyResult<Vec<(String, Vec<u8>)>> {
    let files = ["blocks.model", "kinds.model", "adapter.model"].map(|name| path.join(name));
    let files: Vec<PathBuf> = files.into_iter().filter(|file| file.is_file()).collect();
    if !path.is_dir() {
        return Ok(vec![read(path)?]);
    }
    if files.is_empty() {
        let message = format!(
            "`{}` has neither blocks.model nor kinds.model nor adapter.model; give the folder that `pagesieve train -o` wrote",
            path.display()
        );
        return Err(PyValueError::new_err(message));
    }
    files.iter().map(|file| read(file)).collect()
}

fn read(path: &Path) -> PyResult<(String, Vec<u8>)> {
    let bytes = std::fs::read(path).map_err(|error| refused(&sieve::Error::io("read", path)(error)))?;
    Ok((path.display().to_string(), bytes))
}
