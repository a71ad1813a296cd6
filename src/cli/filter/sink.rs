//! A file of rows, written so that it can be cut and written on.
//!
//! A file whose name ends in .parquet is written under another name, and has its own when it is whole: it cannot be cut.
//!
//! A compressed file is a row of members, none of which goes over the end of a section; the file as a whole is what any
//! decompressor reads. What comes here are members ([`super::gather`]).

use super::arguments::is_device;
use crate::Error;
#[cfg(feature = "parquet")]
use crate::atomic_file::Draft;
use crate::cli::codec::Format;
#[cfg(feature = "parquet")]
use crate::output::ParquetRows;
use crate::output::RowFormat;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Where rows go.
pub(super) struct Sink {
    target: Target,
    /// How what is written is compressed.
    format: Format,
    /// Bytes in the target, where it is a file.
    length: u64,
}

enum Target {
    File {
        file: File,
        path: PathBuf,
        is_device: bool,
    },
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetFile>),
    StandardOutput {
        is_terminal: bool,
    },
}

impl Sink {
    /// Rows on standard output, uncompressed.
    pub(super) fn standard_output() -> Self {
        let is_terminal = io::IsTerminal::is_terminal(&io::stdout());
        Self { target: Target::StandardOutput { is_terminal }, format: Format::Plain, length: 0 }
    }

    /// The file of rows of this format, cut to `length` bytes, which it must have.
    pub(super) fn open(path: &Path, length: u64, format: &RowFormat) -> anyhow::Result<Self> {
        #[cfg(feature = "parquet")]
        if is_parquet(path) {
            let target = Target::Parquet(Box::new(ParquetFile::create(path, format)?));
            return Ok(Self { target, format: Format::Plain, length });
        }
        #[cfg(not(feature = "parquet"))]
        let _ = format;
        let is_device = is_device(path);
        let opened = OpenOptions::new().write(true).create(true).truncate(false).open(path);
        let mut file = opened.map_err(Error::io("write", path))?;
        if !is_device {
            let found = file.metadata().map_err(Error::io("read", path))?.len();
            if found < length {
                let path = path.display();
                anyhow::bail!(
                    "`{path}` has {found} bytes and its journal says {length}; rows are missing, use --force to start anew"
                );
            }
            let cut = file.set_len(length).and_then(|()| file.seek(SeekFrom::Start(length)));
            cut.map_err(Error::io("write", path))?;
        }
        let target = Target::File { file, path: path.to_owned(), is_device };
        Ok(Self { target, format: Format::of(path), length })
    }

    /// Appends rows: whole members, where the file is compressed.
    pub(super) fn append(&mut self, rows: &[u8]) -> anyhow::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        #[cfg(feature = "parquet")]
        if let Target::Parquet(file) = &mut self.target {
            return file.append(rows);
        }
        self.write(rows)
    }

    /// Bytes of the file, up to which it can be cut.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Ends the file: one without rows gets an empty member, as no bytes at all are no gzip file.
    pub(super) fn finish(&mut self) -> anyhow::Result<u64> {
        #[cfg(feature = "parquet")]
        if let Target::Parquet(file) = &mut self.target {
            return file.finish().map(|()| 0);
        }
        if self.length == 0 {
            self.write(&self.format.member(Vec::new())?)?;
        }
        Ok(self.length)
    }

    /// Waits until the bytes are on the disk.
    pub(super) fn sync(&self) -> anyhow::Result<()> {
        match &self.target {
            Target::File { file, path, is_device: false } => {
                Ok(file.sync_data().map_err(Error::io("write", path))?)
            }
            _ => Ok(()),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        match &mut self.target {
            Target::File { file, path, .. } => {
                file.write_all(bytes).map_err(Error::io("write", path.as_path()))?;
            }
            Target::StandardOutput { is_terminal } => write_out(bytes, *is_terminal)?,
            #[cfg(feature = "parquet")]
            Target::Parquet(_) => {}
        }
        self.length += bytes.len() as u64;
        Ok(())
    }
}

/// Whether rows go into this file as Parquet.
pub(super) fn is_parquet(path: &Path) -> bool {
    cfg!(feature = "parquet") && path.extension().is_some_and(|found| found.eq_ignore_ascii_case("parquet"))
}

/// A Parquet file under its temporary name: what a run that stopped has written is none.
#[cfg(feature = "parquet")]
struct ParquetFile {
    /// None once it is finished.
    rows: Option<(ParquetRows<File>, Draft)>,
}

#[cfg(feature = "parquet")]
impl ParquetFile {
    fn create(path: &Path, format: &RowFormat) -> anyhow::Result<Self> {
        let (draft, file) = Draft::create(path)?;
        Ok(Self { rows: Some((ParquetRows::new(file, format, path)?, draft)) })
    }

    fn append(&mut self, rows: &[u8]) -> anyhow::Result<()> {
        Ok(self.rows.as_mut().map_or(Ok(()), |(file, _)| file.append(rows))?)
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        let Some((rows, draft)) = self.rows.take() else { return Ok(()) };
        let file = rows.finish()?;
        Ok(draft.finish(&file)?)
    }
}

fn write_out(bytes: &[u8], is_terminal: bool) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    let shown = is_terminal.then(|| String::from_utf8_lossy(bytes));
    match &shown {
        Some(text) => out.write_all(crate::output::printable_json(text).as_bytes())?,
        None => out.write_all(bytes)?,
    }
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn read_back(path: &Path) -> String {
        let mut text = String::new();
        let file = File::open(path).unwrap();
        match Format::of(path) {
            Format::Plain => { &file }.read_to_string(&mut text).unwrap(),
            Format::Gzip => flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text).unwrap(),
            Format::Zstd => zstd::Decoder::new(file).unwrap().read_to_string(&mut text).unwrap(),
        };
        text
    }

    #[test]
    fn a_file_can_be_cut_between_members_and_written_on() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["rows.jsonl", "rows.jsonl.gz", "rows.jsonl.zst"] {
            let path = folder.path().join(name);
            let mut sink = Sink::open(&path, 0, &RowFormat::new()).unwrap();
            let member = |rows: &[u8]| Format::of(&path).member(rows.to_vec()).unwrap();
            sink.append(&member(b"one\n")).unwrap();
            let length = sink.length();
            sink.append(&member(b"lost\n")).unwrap();
            let mut sink = Sink::open(&path, length, &RowFormat::new()).unwrap();
            sink.append(&member(b"two\n")).unwrap();
            sink.finish().unwrap();
            assert_eq!(read_back(&path), "one\ntwo\n", "{name}");
        }
    }

    #[test]
    fn a_file_without_rows_is_one_that_decompresses() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["none.jsonl", "none.jsonl.gz", "none.jsonl.zst"] {
            let path = folder.path().join(name);
            Sink::open(&path, 0, &RowFormat::new()).unwrap().finish().unwrap();
            assert_eq!(read_back(&path), "", "{name}");
        }
    }

    #[test]
    fn a_file_shorter_than_its_journal_says_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.jsonl");
        std::fs::write(&path, b"one\n").unwrap();
        let error = Sink::open(&path, 9, &RowFormat::new()).err().unwrap();
        assert!(error.to_string().contains("has 4 bytes and its journal says 9"), "{error}");
    }
}
