//! `pagesieve hosts`: lists in, evidence about hosts, lists for crawlers out.
//!
//! Start reading at [`run`]; each action has a file of its own.

mod eval;
mod export;
mod import;
mod merge;
mod show;

use super::Exit;
use crate::host::List;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What is known of hosts: import lists, show evidence, write lists for crawlers
///
/// Evidence comes from `pagesieve filter --hosts FILE.db`, which adds up what it sees of each host. The database
/// is one SQLite file that any SQLite program can read.
#[derive(Debug, Args)]
pub(super) struct HostsArguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Import(import::ImportArguments),
    Show(show::ShowArguments),
    Export(export::ExportArguments),
    Merge(merge::MergeArguments),
    Eval(eval::EvalArguments),
}

pub(super) fn run(arguments: &HostsArguments) -> anyhow::Result<Exit> {
    match &arguments.action {
        Action::Import(arguments) => import::run(arguments),
        Action::Show(arguments) => show::run(arguments),
        Action::Export(arguments) => export::run(arguments),
        Action::Merge(arguments) => merge::run(arguments),
        Action::Eval(arguments) => eval::run(arguments),
    }
}

/// The lists that are used.
#[derive(Debug, Args)]
struct ListArguments {
    /// Folder of imported lists, or the `.json` of one. May be given several times
    #[arg(long, value_name = "DIR|FILE")]
    lists: Vec<PathBuf>,
}

impl ListArguments {
    fn open(&self) -> anyhow::Result<Vec<List>> {
        let mut lists = Vec::new();
        for path in &self.lists {
            lists.extend(List::open_all(path)?);
        }
        Ok(lists)
    }
}
