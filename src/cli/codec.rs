//! Files that are compressed by their names: a row of gzip members or Zstandard frames.

use flate2::write::GzEncoder;
use std::io::{self, Write};
use std::path::Path;
use zstd::stream::write::Encoder as ZstdEncoder;

/// Compressed bytes that are gathered before they are written.
const GATHERED: usize = 256 << 10;
/// Zstandard's own default.
const ZSTD_LEVEL: i32 = 0;

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Plain,
    Gzip,
    Zstd,
}

/// How a file is compressed, and the member that is open.
pub(super) enum Codec {
    Plain,
    Gzip(Option<GzEncoder<Vec<u8>>>),
    Zstd(Option<ZstdEncoder<'static, Vec<u8>>>),
}

/// What became of bytes.
pub(super) enum Encoded {
    /// They are to be written as they are.
    Same,
    /// These are to be written now.
    Bytes(Vec<u8>),
}

impl Format {
    pub(super) fn of(path: &Path) -> Self {
        let ends = |extension| path.extension().is_some_and(|found| found.eq_ignore_ascii_case(extension));
        if ends("gz") {
            Self::Gzip
        } else if ends("zst") || ends("zstd") {
            Self::Zstd
        } else {
            Self::Plain
        }
    }

    /// A member that holds these bytes; where nothing is compressed, the bytes.
    pub(super) fn member(self, bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        match self {
            Self::Plain => Ok(bytes),
            Self::Gzip => {
                let mut member = gzip_member();
                member.write_all(&bytes)?;
                member.finish()
            }
            Self::Zstd => zstd::bulk::compress(&bytes, ZSTD_LEVEL),
        }
    }
}

fn gzip_member() -> GzEncoder<Vec<u8>> {
    GzEncoder::new(Vec::new(), flate2::Compression::default())
}

impl Codec {
    pub(super) fn of(path: &Path) -> Self {
        match Format::of(path) {
            Format::Plain => Self::Plain,
            Format::Gzip => Self::Gzip(None),
            Format::Zstd => Self::Zstd(None),
        }
    }

    /// Opens a member, if none is open.
    fn open(&mut self) -> io::Result<()> {
        match self {
            Self::Plain => {}
            Self::Gzip(member) => {
                member.get_or_insert_with(gzip_member);
            }
            Self::Zstd(member) => {
                if member.is_none() {
                    *member = Some(ZstdEncoder::new(Vec::new(), ZSTD_LEVEL)?);
                }
            }
        }
        Ok(())
    }

    pub(super) fn encode(&mut self, rows: &[u8]) -> io::Result<Encoded> {
        self.open()?;
        match self {
            Self::Gzip(Some(member)) => {
                member.write_all(rows)?;
                Ok(Encoded::Bytes(taken(member.get_mut())))
            }
            Self::Zstd(Some(member)) => {
                member.write_all(rows)?;
                Ok(Encoded::Bytes(taken(member.get_mut())))
            }
            _ => Ok(Encoded::Same),
        }
    }

    pub(super) fn finish(&mut self) -> io::Result<Vec<u8>> {
        match self {
            Self::Plain => Ok(Vec::new()),
            Self::Gzip(member) => member.take().map_or(Ok(Vec::new()), GzEncoder::finish),
            Self::Zstd(member) => member.take().map_or(Ok(Vec::new()), ZstdEncoder::finish),
        }
    }
}

/// The compressed bytes, once they are worth a write.
fn taken(bytes: &mut Vec<u8>) -> Vec<u8> {
    if bytes.len() < GATHERED { Vec::new() } else { std::mem::take(bytes) }
}
