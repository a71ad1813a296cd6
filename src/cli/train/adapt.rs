//! `pagesieve train --base`: corrected pages in, an adapter out, with figures before and after.

use super::{TrainArguments, report_problems, write_model};
use crate::Error;
use crate::cli::{Exit, message, model};
use crate::train::{Adapted, Dataset, SetFigures};
use anyhow::bail;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

pub(super) fn run(
    arguments: &TrainArguments,
    dataset: &Dataset,
    base: &Path,
    files: &[&PathBuf],
) -> anyhow::Result<Exit> {
    if let Some(file) = files.first() {
        bail!("`{}` is a file: corrections are learned from folders of labelled pages", file.display());
    }
    let folder = (base != Path::new("builtin")).then_some(base);
    let filter = model::filter(folder)?.without_adapter();
    let progress = |text: &str| {
        arguments.tell(text);
        ControlFlow::Continue(())
    };
    let mut adapted = report_problems(crate::train::adapt(dataset, &filter, arguments.options(), &progress))?;
    write_model(arguments, &mut adapted.adapter)?;
    if let Some(folder) = folder.filter(|folder| folder.is_dir()) {
        copy_base(folder, &arguments.output)?;
    }
    let mut out = BufWriter::new(io::stdout().lock());
    write_figures(&mut out, &adapted)?;
    out.flush()?;
    adapted.warnings.iter().for_each(|warning| message::note(&format!("warning: {warning}")));
    Ok(Exit::Fine)
}

/// Puts the models of the base beside the adapter, which works with no others.
fn copy_base(base: &Path, output: &Path) -> anyhow::Result<()> {
    if base.canonicalize().ok() == output.canonicalize().ok() {
        return Ok(());
    }
    for name in ["blocks.model", "blocks.json", "kinds.model", "kinds.json"] {
        let from = base.join(name);
        if from.is_file() {
            std::fs::copy(&from, output.join(name)).map_err(Error::io("copy", from))?;
        }
    }
    Ok(())
}

fn write_figures(out: &mut impl Write, adapted: &Adapted) -> io::Result<()> {
    let (set, seen) = ("set", "judged after the fit has seen");
    writeln!(
        out,
        "{set:<24} {seen:<30} {:>5} {:>6}  {:<16} {:<16} {:<16}",
        "pages", "blocks", "word F1", "kept or cut", "labels"
    )?;
    for (before, after) in adapted.before.iter().zip(&adapted.after) {
        let pair = |of: fn(&SetFigures) -> f64| format!("{:.4} → {:.4}", of(before), of(after));
        writeln!(
            out,
            "{:<24} {:<30} {:>5} {:>6}  {:<16} {:<16} {:<16}",
            after.set,
            after.seen.as_str(),
            after.pages,
            after.blocks,
            pair(|set| set.word_f1),
            pair(|set| set.kept_or_cut),
            pair(|set| set.labels),
        )?;
    }
    Ok(())
}
