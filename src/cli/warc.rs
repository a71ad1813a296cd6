//! `pagesieve warc`: the WARC records of rows.

use super::codec::{Codec, Encoded};
use super::{Exit, message};
use crate::atomic_file::Draft;
use crate::input::{Copied, InputOptions, Inputs, RecordIds};
use anyhow::bail;
use clap::Args;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Faults that are told one by one.
const SHOWN: usize = 5;

/// Copy the WARC records of rows into a new WARC file
///
/// Takes rows that `pagesieve filter` wrote of WARC or WACZ files, all of them or what another program left of them, and copies
/// the records that they are of, byte for byte, with their requests. The records stand in the order of the inputs, each
/// once, each a gzip member of its own where the output ends in .gz.
#[derive(Debug, Args)]
pub(super) struct WarcArguments {
    /// WARC and WACZ files that the rows came from, or folders with them
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Rows, JSON lines with the records' ids as `id`, also compressed; may be given several times
    #[arg(long, required = true, value_name = "FILE")]
    rows: Vec<PathBuf>,
    /// WARC file to write: NAME.warc, NAME.warc.gz or NAME.warc.zst
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Replace the output if it exists
    #[arg(long, alias = "overwrite")]
    force: bool,
}

pub(super) fn run(arguments: &WarcArguments) -> anyhow::Result<Exit> {
    refuse_output(arguments)?;
    let mut ids = RecordIds::default();
    for path in &arguments.rows {
        ids.add_rows(path)?;
    }
    let inputs = Inputs::new(&arguments.inputs, InputOptions::default());
    let (mut found, mut total) = (RecordIds::default(), Copied::default());
    let mut output = Output::create(&arguments.output)?;
    for input in &inputs {
        let copied = input.copy_records(&ids, &mut found, |bytes, ends| output.append(bytes, ends))?;
        total.records += copied.records;
        total.requests += copied.requests;
        total.bytes += copied.bytes;
        total.faults.extend(copied.faults);
    }
    output.finish()?;
    Ok(tell(arguments, &ids, &total))
}

fn refuse_output(arguments: &WarcArguments) -> anyhow::Result<()> {
    let output = arguments.output.display();
    let name = arguments.output.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    if ![".warc", ".warc.gz", ".warc.zst"].iter().any(|ending| name.ends_with(ending)) {
        bail!("`{output}` does not end in .warc, .warc.gz or .warc.zst, and WARC records are written");
    }
    if arguments.output.exists() && !arguments.force {
        bail!("`{output}` exists; give --force to replace it, or another name");
    }
    Ok(())
}

/// Says what was copied and what was not.
fn tell(arguments: &WarcArguments, ids: &RecordIds, total: &Copied) -> Exit {
    for fault in total.faults.iter().take(SHOWN) {
        message::note(fault);
    }
    if let Some(more) = total.faults.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        message::note(&format!("{more} more places could not be read"));
    }
    let (records, requests) = (total.records, total.requests);
    let megabytes = total.bytes as f64 / 1e6;
    let output = arguments.output.display();
    message::note(&format!("{records} records with {requests} requests, {megabytes:.1} MB, in `{output}`"));
    let missing = (ids.len() as u64).saturating_sub(records);
    if missing > 0 {
        message::note(&format!(
            "{missing} of {} rows have no record in these inputs; rows of other formats than WARC and WACZ never have one",
            ids.len()
        ));
    }
    if missing > 0 || !total.faults.is_empty() { Exit::Failed } else { Exit::Fine }
}

/// The output under its temporary name.
struct Output {
    file: File,
    draft: Draft,
    codec: Codec,
}

impl Output {
    fn create(path: &Path) -> anyhow::Result<Self> {
        let (draft, file) = Draft::create(path)?;
        Ok(Self { file, draft, codec: Codec::of(path) })
    }

    /// Appends bytes of a record; with its last ones its member ends.
    fn append(&mut self, bytes: &[u8], ends: bool) -> io::Result<()> {
        match self.codec.encode(bytes)? {
            Encoded::Same => self.file.write_all(bytes)?,
            Encoded::Bytes(bytes) => self.file.write_all(&bytes)?,
        }
        if ends {
            let rest = self.codec.finish()?;
            self.file.write_all(&rest)?;
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        Ok(self.draft.finish(&self.file)?)
    }
}
