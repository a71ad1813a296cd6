//! `pagesieve hosts merge`: databases of shards → one.

use crate::atomic_file;
use crate::cli::{Exit, message};
use crate::host::{Merged, Store};
use anyhow::bail;
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};

/// Add the evidence of several databases
///
/// Counts are added, whatever the order. A run whose pages are in two of the databases is refused, as they would
/// count twice.
#[derive(Debug, Args)]
pub(super) struct MergeArguments {
    /// Databases that `filter --hosts` or `hosts merge` has written
    #[arg(required = true, num_args = 2.., value_name = "FILE")]
    inputs: Vec<PathBuf>,
    /// The database that is written
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Take runs that were stopped before their end as they are; they cannot be added again when they are finished
    #[arg(long)]
    unfinished: bool,
    /// Replace an output that exists
    #[arg(long)]
    force: bool,
}

pub(super) fn run(arguments: &MergeArguments) -> anyhow::Result<Exit> {
    let output = &arguments.output;
    if arguments.inputs.iter().any(|input| same_file(input, output)) {
        bail!("`{}` is both input and output; give the output another name", output.display());
    }
    if output.exists() && !arguments.force {
        bail!("`{}` exists; give --force to replace it, or another name", output.display());
    }
    let temporary = atomic_file::temporary(output);
    atomic_file::remove(&temporary)?;
    let written =
        merge(arguments, &temporary).and_then(|merged| Ok(atomic_file::commit(output).map(|()| merged)?));
    let merged = written.inspect_err(|_| drop(fs::remove_file(&temporary)))?;
    message::note(&format!("{} runs with {} pages in `{}`", merged.runs, merged.pages, output.display()));
    Ok(Exit::Fine)
}

fn merge(arguments: &MergeArguments, temporary: &Path) -> anyhow::Result<Merged> {
    let mut store = Store::create(temporary)?;
    let mut total = Merged::default();
    for input in &arguments.inputs {
        let merged = store.merge(input)?;
        if merged.unfinished > 0 && !arguments.unfinished {
            bail!(
                "`{}` has {} unfinished runs; finish them with `filter --resume` first, or give --unfinished to take them \
                 as they are",
                input.display(),
                merged.unfinished
            );
        }
        total.runs += merged.runs;
        total.pages += merged.pages;
    }
    Ok(total)
}

fn same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}
