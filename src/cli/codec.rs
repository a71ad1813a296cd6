//! Files that are compressed by their names: a row of gzip members or Zstandard frames.

use flate2::write::GzEncoder;
use std::io::{self, Write};
use std::path::Path;
use zstd::stream::write::Encoder as ZstdEncoder;

/// Compressed bytes that are gathered before they are written.
const GATHERED: usize = 256 << 10;

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

impl Codec {
    pub(super) fn of(path: &Path) -> Self {
        let ends = |extension| path.extension().is_some_and(|found| found.eq_ignore_ascii_case(extension));
        if ends("gz") {
            Self::Gzip(None)
        } else if ends("zst") || ends("zstd") {
            Self::Zstd(None)
        } else {
            Self::Plain
        }
    }

    /// Opens a member, if none is open.
    pub(super) fn open(&mut self) -> io::Result<()> {
        match self {
            Self::Plain => {}
            Self::Gzip(member) => {
                member.get_or_insert_with(|| GzEncoder::new(Vec::new(), flate2::Compression::default()));
            }
            Self::Zstd(member) => {
                if member.is_none() {
                    // Level 0 is Zstandard's own default.
                    *member = Some(ZstdEncoder::new(Vec::new(), 0)?);
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
