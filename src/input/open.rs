//! From a path or standard input to a stream of decompressed bytes, with a count of what was read.

use super::ahead::Helpers;
use super::compression::{BUFFER, Named, decompressed};
use super::kind::without_compression;
use super::stream::Stream;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// An open input.
pub(super) struct Opened {
    /// Decompressed bytes.
    pub(super) stream: Stream,
    /// Bytes read so far from the system, before decompression.
    pub(super) read: Arc<AtomicU64>,
}

pub(super) fn file(path: &Path) -> io::Result<Opened> {
    file_with(path, None)
}

/// Opens a file which these may inflate; a pipe, that gives its bytes when it likes, is not read ahead.
pub(super) fn file_with(path: &Path, helpers: Option<&Arc<Helpers>>) -> io::Result<Opened> {
    let file = File::open(path)?;
    let data = file.metadata()?;
    if data.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    counted_as(file, as_named(&name), helpers.filter(|_| data.is_file()))
}

/// A source of bytes as a file of this name would be opened.
pub(super) fn named(source: impl Read + Send + 'static, name: &str) -> io::Result<Opened> {
    counted_as(source, as_named(name), None)
}

fn as_named(name: &str) -> Named {
    if without_compression(name) == name { Named::Plain } else { Named::Compressed }
}

pub(super) fn standard_input() -> io::Result<Opened> {
    counted(io::stdin())
}

/// Any source of bytes as an open input.
pub(super) fn counted(source: impl Read + Send + 'static) -> io::Result<Opened> {
    counted_as(source, Named::Plain, None)
}

fn counted_as(
    source: impl Read + Send + 'static,
    named: Named,
    helpers: Option<&Arc<Helpers>>,
) -> io::Result<Opened> {
    let read = Arc::new(AtomicU64::new(0));
    let counted = Counted { source, read: Arc::clone(&read) };
    let raw = Box::new(BufReader::with_capacity(BUFFER, counted));
    let stream = Stream::new(decompressed(raw, named, helpers)?);
    Ok(Opened { stream, read })
}

struct Counted<R> {
    source: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(out)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
