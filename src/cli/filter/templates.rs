//! The first pass of `--templates`: which blocks repeat on the pages of a site.
//!
//! The pages are read and not judged, by as many threads, and counted in the inputs' order, so that what is counted does not
//! depend on the threads where the counters are full. A run that goes on counts anew: the inputs are the same.

use super::journal::Place;
use super::pipeline;
use super::plan::Plan;
use super::reader::{Batch, Batches};
use super::turns::{Done, Steps};
use super::worker::guarded;
use crate::cli::message;
use crate::input::Inputs;
use crate::likeness::{PageBlocks, Templates};
use crate::{Document, Filter};
use anyhow::bail;

/// The blocks of a batch's pages.
struct Blocks {
    sequence: u64,
    bytes: usize,
    pages: Vec<PageBlocks>,
}

impl Done for Blocks {
    fn sequence(&self) -> u64 {
        self.sequence
    }

    fn bytes(&self) -> usize {
        self.bytes
    }
}

/// Refuses inputs that are there only once.
pub(super) fn check(inputs: &Inputs) -> anyhow::Result<()> {
    match inputs.iter().find(|input| !input.can_be_read_again()) {
        None => Ok(()),
        Some(input) => bail!(
            "--templates reads the inputs twice, and `{}` is standard input, a pipe or a URL: write it to a file first",
            input.name()
        ),
    }
}

/// Counts the blocks of all inputs.
pub(super) fn count(inputs: &Inputs, filter: &Filter, threads: usize) -> anyhow::Result<Templates> {
    let plan = Plan::new(inputs, None);
    let mut templates = Templates::default();
    let take = |blocks: &mut Blocks| {
        blocks.pages.iter().for_each(|page| templates.add(page));
        Ok(())
    };
    let batches = Batches::new(&plan, Place::default());
    pipeline::run(
        batches,
        threads,
        |batch| blocks(filter, &batch),
        Steps::only_write(|| inputs.help(), take),
    )?;
    if !templates.is_complete() {
        message::note(
            "--templates: more blocks repeat than there is room for; some that stand on few pages stay in the bodies",
        );
    }
    Ok(templates)
}

fn blocks(filter: &Filter, batch: &Batch) -> Blocks {
    let documents = batch.records.iter().filter_map(|record| record.outcome.as_ref().ok());
    let pages = documents.filter_map(|document| guarded(|| of_page(filter, document)).flatten()).collect();
    Blocks { sequence: batch.sequence, bytes: batch.bytes, pages }
}

/// The blocks of a page; what a server sends with an error is no page of the site.
fn of_page(filter: &Filter, document: &Document) -> Option<PageBlocks> {
    let page = filter.read(document);
    PageBlocks::of(&page).filter(|_| page.source().failed_status().is_none())
}
