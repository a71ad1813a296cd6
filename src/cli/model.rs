//! `pagesieve model`: what a model file says of itself, and whether it is whole.

use super::{Exit, message};
use crate::Error;
use crate::Filter;
use crate::model::{Bundle, KindModel, Model, ModelFile, Part};
use crate::output::printable;
use clap::{Args, Subcommand};
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Show or check a model file
#[derive(Debug, Args)]
pub(super) struct ModelArguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print what the model says of itself: algorithm, data, licence, figures out of fold
    Show {
        /// The model file (default: the built-in model)
        file: Option<PathBuf>,
        /// Print the whole header as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Check format, checksum, feature schema and contents; exit code 2 says what is wrong
    Verify {
        /// The model file (default: the built-in model)
        file: Option<PathBuf>,
    },
}

pub(super) fn run(arguments: &ModelArguments) -> anyhow::Result<Exit> {
    let (Action::Show { file, .. } | Action::Verify { file }) = &arguments.action;
    let text = match file {
        None => arguments.action.answer(&"built-in model", &*Model::builtin()),
        Some(path) => match read(path)? {
            ModelFile::Blocks(model) => arguments.action.answer(&path.display(), &model),
            ModelFile::Kinds(model) => arguments.action.answer(&path.display(), &model),
            ModelFile::Adapter(model) => arguments.action.answer(&path.display(), &model),
        },
    };
    message::print(printable(&text?).as_bytes())?;
    Ok(Exit::Fine)
}

impl Action {
    /// What is printed about a model that could be opened.
    fn answer<P: Part>(&self, name: &impl Display, model: &Bundle<P>) -> anyhow::Result<String> {
        Ok(match self {
            Self::Show { json: true, .. } => serde_json::to_string_pretty(model)? + "\n",
            Self::Show { .. } => shown(model),
            Self::Verify { .. } => {
                let facts = model.part.facts().into_iter().map(|(name, value)| format!("{name} {value}, "));
                let (facts, of, schema) = (facts.collect::<String>(), P::SCHEMA, &model.schema);
                format!("{name}: whole, {facts}{of} {schema} as in this build\n")
            }
        })
    }
}

fn shown<P: Part>(model: &Bundle<P>) -> String {
    let head = [
        ("task", &model.task),
        ("algorithm", &model.algorithm),
        ("labels", &model.labels.join(", ")),
        ("schema", &model.schema),
        ("licence", &model.licence),
    ];
    let mut text: String = head
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| line(name, value))
        .collect();
    text.extend(model.part.facts().iter().map(|(name, value)| line(name, value)));
    text.extend(model.training.iter().map(|(name, value)| line(&format!("training {name}"), value)));
    for (set, metrics) in &model.metrics {
        text.extend(
            metrics.iter().map(|(name, value)| line(&format!("{set} {name}"), &format!("{value:.4}"))),
        );
    }
    text
}

fn line(name: &str, value: &str) -> String {
    format!("{name:<32} {value}\n")
}

/// The filter with the built-in models, and those of a folder or file in their place.
pub(super) fn filter(path: Option<&Path>) -> anyhow::Result<Filter> {
    let (mut blocks, mut kinds, mut adapter) = (None, None, None);
    for file in path.map(files).transpose()?.unwrap_or_default() {
        match read(&file)? {
            ModelFile::Blocks(model) => blocks = Some(model),
            ModelFile::Kinds(model) => kinds = Some(model),
            ModelFile::Adapter(model) => adapter = Some((model, file.display().to_string())),
        }
    }
    let blocks = blocks.unwrap_or_else(Model::builtin);
    let kinds = kinds.unwrap_or_else(KindModel::builtin);
    let filter = Filter::new(Arc::clone(&blocks)).with_kinds(Arc::clone(&kinds));
    let Some((adapter, name)) = adapter else { return Ok(filter) };
    adapter.check_base(&name, &blocks, &kinds)?;
    Ok(filter.with_adapter(adapter)?)
}

/// The filter with the block model of a file, else the built-in one, and without a model of kinds: for fitting one, also
/// where the built-in one is of another schema.
#[cfg(feature = "train")]
pub(super) fn body_filter(file: &Path) -> anyhow::Result<Filter> {
    if !file.is_file() {
        return Ok(Filter::new(Model::builtin()));
    }
    match read(file)? {
        ModelFile::Blocks(model) => Ok(Filter::new(model)),
        _ => anyhow::bail!("expected a model of blocks in `{}`, found another", file.display()),
    }
}

/// The model files of a folder, or the file itself.
fn files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let files = ["blocks.model", "kinds.model", "adapter.model"].map(|name| path.join(name));
    let files: Vec<PathBuf> = files.into_iter().filter(|file| file.is_file()).collect();
    if files.is_empty() {
        let path = path.display();
        anyhow::bail!(
            "`{path}` has neither blocks.model nor kinds.model nor adapter.model; give the folder that `pagesieve train -o` wrote"
        );
    }
    Ok(files)
}

fn read(path: &Path) -> anyhow::Result<ModelFile> {
    let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
    Ok(ModelFile::from_bytes(&path.display().to_string(), &bytes)?)
}
