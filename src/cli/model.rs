//! `pagesieve model`: what a model file says of itself, and whether it is whole.

use super::{Exit, message};
use crate::Error;
use crate::Filter;
use crate::model::{Adapter, AdapterHeader, Header, KindModel, Model};
use crate::output::printable;
use clap::{Args, Subcommand};
use std::collections::BTreeMap;
use std::fmt::Write as _;
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
    let text = match &arguments.action {
        Action::Show { file, json } => match (adapter(file.as_deref())?, json) {
            (Some(adapter), true) => serde_json::to_string_pretty(&adapter.header)? + "\n",
            (Some(adapter), false) => shown_adapter(&adapter.header),
            (None, true) => serde_json::to_string_pretty(&open(file.as_deref())?.header)? + "\n",
            (None, false) => shown(&open(file.as_deref())?.header),
        },
        Action::Verify { file } => verified(file.as_deref())?,
    };
    message::print(printable(&text).as_bytes())?;
    Ok(Exit::Fine)
}

/// All models that judge a page.
pub(super) struct Models {
    pub(super) blocks: Arc<Model>,
    pub(super) kinds: Arc<KindModel>,
    /// Corrections on top of both.
    pub(super) adapter: Option<Arc<Adapter>>,
}

impl Models {
    /// The built-in models, with those of a folder or file in their place.
    pub(super) fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        let (mut blocks, mut kinds, mut adapter) = (None, None, None);
        for file in path.map(files).transpose()?.unwrap_or_default() {
            let bytes = std::fs::read(&file).map_err(Error::io("read", &file))?;
            let name = file.display().to_string();
            if Adapter::is_adapter(&bytes) {
                adapter = Some((Adapter::from_bytes(&name, &bytes)?, name));
            } else if KindModel::is_of_kinds(&bytes) {
                kinds = Some(Arc::new(KindModel::from_bytes(&name, &bytes)?));
            } else {
                blocks = Some(Arc::new(Model::from_bytes(&name, &bytes)?));
            }
        }
        let (blocks, kinds) =
            (blocks.unwrap_or_else(Model::builtin), kinds.unwrap_or_else(KindModel::builtin));
        if let Some((adapter, name)) = &adapter {
            adapter.check_base(name, &blocks, &kinds)?;
        }
        Ok(Self { blocks, kinds, adapter: adapter.map(|(adapter, _)| Arc::new(adapter)) })
    }

    /// The filter with these models.
    pub(super) fn filter(self) -> anyhow::Result<Filter> {
        let filter = Filter::new(self.blocks).with_kinds(self.kinds);
        Ok(match self.adapter {
            Some(adapter) => filter.with_adapter(adapter)?,
            None => filter,
        })
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

/// The model in the file, or the built-in one.
pub(super) fn open(file: Option<&Path>) -> anyhow::Result<Arc<Model>> {
    let Some(path) = file else { return Ok(Model::builtin()) };
    let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
    Ok(Arc::new(Model::from_bytes(&path.display().to_string(), &bytes)?))
}

/// The adapter in the file; none if it is a file of another kind.
fn adapter(file: Option<&Path>) -> anyhow::Result<Option<Adapter>> {
    let Some(path) = file else { return Ok(None) };
    let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
    if !Adapter::is_adapter(&bytes) {
        return Ok(None);
    }
    Ok(Some(Adapter::from_bytes(&path.display().to_string(), &bytes)?))
}

fn verified(file: Option<&Path>) -> anyhow::Result<String> {
    if let (Some(adapter), Some(path)) = (adapter(file)?, file) {
        let AdapterHeader { tokens, blocks, kinds, schema, .. } = adapter.header;
        let name = path.display();
        return Ok(format!(
            "{name}: whole, {tokens} tokens, schema of clues {schema} as in this build; fitted on blocks {blocks}, \
             kinds {kinds}\n"
        ));
    }
    let model = open(file)?;
    let name = file.map_or("built-in model".to_owned(), |path| path.display().to_string());
    let trees: usize = model.header.forests.values().map(|forest| forest.trees).sum();
    Ok(format!("{name}: whole, {trees} trees, feature schema {} as in this build\n", model.header.schema))
}

fn shown(header: &Header) -> String {
    let mut text = String::new();
    line(&mut text, "task", &header.task);
    line(&mut text, "algorithm", &header.algorithm);
    line(&mut text, "labels", &header.labels.join(", "));
    line(&mut text, "schema", &format!("{}, {} columns", header.schema, header.columns.len()));
    line(&mut text, "licence", &header.licence);
    for (name, forest) in &header.forests {
        line(&mut text, &format!("forest {name}"), &format!("{} trees", forest.trees));
    }
    for (name, weights) in &header.weights {
        line(&mut text, &format!("weights {name}"), &format!("2^{} slots", weights.bits));
    }
    notes(&mut text, &header.training, &header.metrics);
    text
}

/// How a model was trained and what was measured, a line each.
fn notes(
    text: &mut String,
    training: &BTreeMap<String, String>,
    metrics: &BTreeMap<String, BTreeMap<String, f64>>,
) {
    for (name, value) in training {
        line(text, &format!("training {name}"), value);
    }
    for (set, metrics) in metrics {
        for (metric, value) in metrics {
            line(text, &format!("{set} {metric}"), &format!("{value:.4}"));
        }
    }
}

fn shown_adapter(header: &AdapterHeader) -> String {
    let mut text = String::new();
    line(&mut text, "task", &header.task);
    line(&mut text, "schema", &header.schema);
    line(&mut text, "fitted on blocks", &header.blocks);
    line(&mut text, "fitted on kinds", &header.kinds);
    line(&mut text, "tokens", &header.tokens.to_string());
    line(&mut text, "licence", &header.licence);
    notes(&mut text, &header.training, &header.metrics);
    text
}

fn line(text: &mut String, name: &str, value: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{name:<32} {value}");
}
