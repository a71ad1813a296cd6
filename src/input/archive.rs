//! Members of a ZIP archive → streams that start at their place in the file and check what they give.
//!
//! The `zip` crate reads the directory at the archive's end; each member is then read by a handle of its own, so that it can
//! be handed on. Nothing is unpacked to a disk.

use super::fault::{Fault, is_fatal};
use super::open::{self, Opened};
use flate2::Crc;
use flate2::read::DeflateDecoder;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use zip::read::{ZipFileEntry, ZipReadOptions};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

/// Decompressed bytes up to which a member is no bomb, whatever its ratio.
const HARMLESS: u64 = 64 << 20;
/// A larger member that gets more times as large is a bomb. HTML is deflated to a tenth, and WARC files are compressed
/// already; deflate itself reaches 1,032. Chosen by hand.
const MOST_RATIO: u64 = 200;

/// Where a member stands in its archive, and what it must give.
#[derive(Debug)]
pub(super) struct Member {
    archive: PathBuf,
    /// Its path in the archive.
    pub(super) name: String,
    start: u64,
    compressed: u64,
    size: u64,
    crc: u32,
    is_deflated: bool,
}

/// The members whose names are wanted, in the directory's order, and what is wrong with others.
pub(super) fn members(
    path: &Path,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Result<Member, Fault>>, Fault> {
    let file = File::open(path).map_err(|error| Fault::read("the archive", &error))?;
    let again = file.try_clone().map_err(|error| Fault::read("the archive", &error))?;
    let archive = ZipArchive::new(BufReader::new(file)).map_err(|error| no_directory(&error))?;
    let (mut again, mut all) = (BufReader::new(again), Vec::new());
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(|error| no_directory(&error))?;
        match member(entry, &mut again, path) {
            Ok(Some(member)) if is_wanted(&member.name) => all.push(Ok(member)),
            Ok(_) => {}
            Err(fault) => all.push(Err(fault)),
        }
    }
    refuse_overlaps(&mut all);
    Ok(all)
}

/// The member of an entry of the directory; none where it is a folder or a link.
fn member(entry: ZipFileEntry<'_>, file: &mut BufReader<File>, path: &Path) -> Result<Option<Member>, Fault> {
    let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
    if entry.enclosed_name().is_none() || name.starts_with(['/', '\\']) {
        let problem = "has a path that leads out of the archive and was left out; nothing was written there";
        return Err(wrong(&name, "damaged", problem));
    }
    if !entry.is_file() {
        return Ok(None);
    }
    let is_deflated = is_deflated(&name, entry.compression(), entry.encrypted())?;
    let (compressed, size, crc) = (entry.compressed_size(), entry.size(), entry.crc32());
    if size > HARMLESS && size / MOST_RATIO > compressed {
        let problem =
            format!("would grow from {compressed} to {size} bytes, as a bomb does, and was left out");
        return Err(wrong(&name, "too_large", &problem));
    }
    let start = start(entry, file).map_err(|error| {
        wrong(&name, "damaged", &format!("cannot be found: {error}; fetch or copy the archive again"))
    })?;
    Ok(Some(Member { archive: path.to_owned(), name, start, compressed, size, crc, is_deflated }))
}

fn is_deflated(name: &str, method: CompressionMethod, is_encrypted: bool) -> Result<bool, Fault> {
    match method {
        _ if is_encrypted => {
            let problem = "is encrypted; unpack the archive with its password";
            Err(wrong(name, "unsupported_format", problem))
        }
        CompressionMethod::Stored => Ok(false),
        CompressionMethod::Deflated => Ok(true),
        other => {
            let problem = format!("is compressed as {other}, which is not read; unpack the archive");
            Err(wrong(name, "unsupported_format", &problem))
        }
    }
}

/// Where a member's bytes start: the crate goes there to read them.
fn start(entry: ZipFileEntry<'_>, file: &mut BufReader<File>) -> Result<u64, ZipError> {
    drop(entry.with_reader(file, ZipReadOptions::new())?);
    Ok(file.stream_position()?)
}

/// Members that share bytes with one before them are how a small archive holds very much.
fn refuse_overlaps(all: &mut [Result<Member, Fault>]) {
    let mut ranges: Vec<(u64, u64, usize)> = Vec::new();
    for (at, member) in all.iter().enumerate() {
        if let Ok(member) = member {
            ranges.push((member.start, member.start.saturating_add(member.compressed), at));
        }
    }
    ranges.sort_unstable();
    let mut end_of_last = 0;
    for (start, end, at) in ranges {
        if start < end_of_last
            && let Some(member) = all.get_mut(at)
            && let Ok(Member { name, .. }) = member
        {
            let problem = "shares bytes with another member, as in a bomb, and was left out";
            *member = Err(wrong(name, "damaged", problem));
        }
        end_of_last = end_of_last.max(end);
    }
}

impl Member {
    /// Opens the member at its start, decompressed as a file of its name is.
    pub(super) fn open(&self) -> Result<Opened, Fault> {
        let opened = self.bytes().and_then(|bytes| open::named(bytes, &self.name));
        opened.map_err(|error| Fault::read("it", &error).within(&self.name))
    }

    fn bytes(&self) -> io::Result<Checked> {
        let mut file = File::open(&self.archive)?;
        file.seek(SeekFrom::Start(self.start))?;
        let packed = file.take(self.compressed);
        let source: Box<dyn Read + Send> =
            if self.is_deflated { Box::new(DeflateDecoder::new(packed)) } else { Box::new(packed) };
        Ok(Checked { source, left: self.size, crc: Crc::new(), expected: self.crc, is_over: false })
    }
}

/// The bytes of a member, which must be as many as the archive says, with its checksum. What can be read is given before
/// that is known.
struct Checked {
    source: Box<dyn Read + Send>,
    left: u64,
    crc: Crc,
    expected: u32,
    is_over: bool,
}

impl Read for Checked {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.is_over || out.is_empty() {
            return Ok(0);
        }
        let most = out.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let out = out.get_mut(..most).unwrap_or_default();
        let read = if out.is_empty() { Ok(0) } else { self.source.read(out) };
        match read {
            Ok(0) => {
                self.is_over = true;
                self.end()
            }
            Ok(read) => {
                self.left -= read as u64;
                self.crc.update(out.get(..read).unwrap_or_default());
                Ok(read)
            }
            Err(error) => {
                self.is_over = error.kind() != io::ErrorKind::Interrupted;
                Err(error)
            }
        }
    }
}

impl Checked {
    fn end(&self) -> io::Result<usize> {
        if self.left > 0 {
            let problem = format!("the archive promises {} more bytes of it", self.left);
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, problem));
        }
        if self.crc.sum() != self.expected {
            let (found, expected) = (self.crc.sum(), self.expected);
            let problem =
                format!("its bytes have the CRC-32 {found:08x}, and the archive says {expected:08x}");
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        Ok(0)
    }
}

fn wrong(name: &str, kind: &'static str, problem: &str) -> Fault {
    Fault::new(kind, format!("the member `{name}` {problem}"))
}

fn no_directory(error: &ZipError) -> Fault {
    if let ZipError::Io(error) = error
        && is_fatal(error)
    {
        return Fault::read("the archive", error);
    }
    let problem =
        "the directory at the end of the ZIP archive cannot be read, as when it was not copied whole";
    Fault::new("truncated", format!("{problem}: {error}; fetch or copy it again"))
}
