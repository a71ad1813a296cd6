//! The HTTP response inside a WARC record: its head, and its body without chunks and content encoding.
//!
//! Crawlers often store the decoded body under the head as it was sent. So an encoding is believed only where
//! the body's first bytes bear it out.

use super::compression::{Bounded, read_bounded};
use super::fault::Fault;
use fastwarc::stream_io::brotli::BrotliReader;
use flate2::read::MultiGzDecoder;
use flate2::{Decompress, FlushDecompress, Status};
use std::io::{self, BufRead, Cursor, Read};

/// Longest head; servers refuse to write more than a few KiB.
const HEAD_BYTES: usize = 1 << 20;

/// What matters of a response's head.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) content_type: String,
    /// Content and transfer encodings in the order in which they were applied, lower case.
    pub(super) encodings: Vec<String>,
}

impl Head {
    /// Reads the head up to and with the empty line. Lines may end in LF alone.
    pub(super) fn read(block: &mut impl BufRead) -> io::Result<Self> {
        let mut head = Self::default();
        let mut transfer = Vec::new();
        let mut block = block.take(HEAD_BYTES as u64);
        let mut line = Vec::new();
        while block.read_until(b'\n', &mut line)? > 0 {
            let text = String::from_utf8_lossy(&line);
            let text = text.trim();
            match text.split_once(':') {
                _ if text.is_empty() => break,
                _ if text.starts_with("HTTP/") => head.status = status(text),
                Some((name, value)) => head.field(name.trim(), value.trim(), &mut transfer),
                None => {}
            }
            line.clear();
        }
        head.encodings.append(&mut transfer);
        Ok(head)
    }

    fn field(&mut self, name: &str, value: &str, transfer: &mut Vec<String>) {
        if name.eq_ignore_ascii_case("content-type") && self.content_type.is_empty() {
            value.clone_into(&mut self.content_type);
        } else if name.eq_ignore_ascii_case("content-encoding") {
            self.encodings.extend(list(value));
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            transfer.extend(list(value));
        }
    }

    /// Undoes the encodings, the last first. Of a body that breaks off it gives as much as can be read, and says so.
    pub(super) fn decode(&self, mut body: Vec<u8>, limit: usize) -> Result<(Vec<u8>, bool), Fault> {
        let mut is_cut = false;
        for encoding in self.encodings.iter().rev() {
            let breaks_off;
            (body, breaks_off) = undo(encoding, body, limit)?;
            is_cut |= breaks_off;
        }
        Ok((body, is_cut))
    }
}

fn status(line: &str) -> u16 {
    line.split_ascii_whitespace().nth(1).and_then(|code| code.parse().ok()).unwrap_or_default()
}

fn list(value: &str) -> impl Iterator<Item = String> {
    value.split(',').map(|item| item.trim().to_ascii_lowercase()).filter(|item| !item.is_empty())
}

/// The body without an encoding, and whether it breaks off.
fn undo(encoding: &str, body: Vec<u8>, limit: usize) -> Result<(Vec<u8>, bool), Fault> {
    let read = match encoding {
        "chunked" => return dechunked(body),
        "gzip" | "x-gzip" if body.starts_with(&[0x1F, 0x8B]) => {
            read_bounded(MultiGzDecoder::new(body.as_slice()), limit)
        }
        "deflate" if is_zlib(&body) => inflate(Decompress::new(true), &body, limit),
        "deflate" if !is_text(&body) => inflate(Decompress::new(false), &body, limit),
        "zstd" if body.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) => read_bounded(
            zstd::stream::read::Decoder::new(body.as_slice()).map_err(|error| damaged(encoding, &error))?,
            limit,
        ),
        "br" if !is_text(&body) => read_bounded(BrotliReader::new(Cursor::new(body)), limit),
        "gzip" | "x-gzip" | "deflate" | "zstd" | "br" | "identity" | "none" | "utf-8" => {
            return Ok((body, false));
        }
        _ if is_text(&body) => return Ok((body, false)),
        _ => return Err(unsupported(encoding)),
    };
    match read {
        Bounded::Whole(body) => Ok((body, false)),
        Bounded::TooLarge => Err(Fault::too_large("the body, decoded,", limit)),
        Bounded::Failed(body, _) if !body.is_empty() => Ok((body, true)),
        Bounded::Failed(_, error) => Err(damaged(encoding, &error)),
    }
}

/// Inflates a body. The reader that `flate2` has for this takes a cut stream for a whole one.
fn inflate(mut inflater: Decompress, body: &[u8], limit: usize) -> Bounded {
    let mut plain = Vec::new();
    loop {
        if plain.len() > limit {
            return Bounded::TooLarge;
        }
        plain.reserve(32 << 10);
        let rest = body.get(inflater.total_in() as usize..).unwrap_or_default();
        let before = (inflater.total_in(), inflater.total_out());
        match inflater.decompress_vec(rest, &mut plain, FlushDecompress::None) {
            Ok(Status::StreamEnd) => return Bounded::Whole(plain),
            Ok(_) if (inflater.total_in(), inflater.total_out()) != before => {}
            Ok(_) => return Bounded::Failed(plain, io::ErrorKind::UnexpectedEof.into()),
            Err(error) => return Bounded::Failed(plain, error.into()),
        }
    }
}

fn damaged(encoding: &str, error: &io::Error) -> Fault {
    Fault::read(&format!("the body, encoded as `{encoding}`"), error)
}

fn unsupported(encoding: &str) -> Fault {
    let message = format!(
        "the body is encoded as `{encoding}`; chunked, gzip, deflate, br and zstd can be read: decode it first"
    );
    Fault::new("unsupported_encoding", message)
}

/// A zlib header: method 8 and a checksum that is right (RFC 1950).
fn is_zlib(body: &[u8]) -> bool {
    matches!(body, [first, second, ..] if first & 0x0F == 8 && u16::from_be_bytes([*first, *second]).is_multiple_of(31))
}

/// Whether a body was stored decoded: what is compressed has control characters near its start, or is no
/// UTF-8; text in another encoding is told by the `<` that it starts with.
fn is_text(body: &[u8]) -> bool {
    let head = body.get(..64).unwrap_or(body);
    let printable = head.iter().all(|&byte| byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C));
    // The cut at 64 bytes may fall into a character.
    let is_utf8 = std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true);
    printable && (is_utf8 || head.trim_ascii_start().starts_with(b"<"))
}

/// The body without its chunk sizes, and whether it breaks off; the body itself where it does not start with one.
fn dechunked(body: Vec<u8>) -> Result<(Vec<u8>, bool), Fault> {
    let mut plain = Vec::with_capacity(body.len());
    let mut rest = body.as_slice();
    loop {
        let Some((size, data)) = chunk_size(rest) else {
            let whole_is_plain = rest.len() == body.len();
            return if whole_is_plain { Ok((body, false)) } else { cut_chunks(plain) };
        };
        let chunk = data.get(..size).unwrap_or(data);
        plain.extend_from_slice(chunk);
        match data.get(size..) {
            _ if size == 0 => return Ok((plain, false)),
            None => return cut_chunks(plain),
            Some(tail) => rest = tail.strip_prefix(b"\r\n").or(tail.strip_prefix(b"\n")).unwrap_or(tail),
        }
    }
}

fn cut_chunks(plain: Vec<u8>) -> Result<(Vec<u8>, bool), Fault> {
    if plain.is_empty() {
        return Err(Fault::new("truncated", "the chunked body breaks off in its first chunk"));
    }
    Ok((plain, true))
}

/// The size in a chunk's first line, and what stands behind the line.
fn chunk_size(body: &[u8]) -> Option<(usize, &[u8])> {
    let end = memchr::memchr(b'\n', body.get(..body.len().min(256))?)?;
    let line = std::str::from_utf8(body.get(..end)?).ok()?;
    let size = line.split(';').next()?.trim();
    Some((usize::from_str_radix(size, 16).ok()?, body.get(end + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write};
    use std::io::Write;

    const PAGE: &str = "<html><p>\u{6587}\u{7AE0} and more</html>";

    fn decode_cut(encodings: &[&str], body: &[u8]) -> Result<(Vec<u8>, bool), Fault> {
        let encodings = encodings.iter().map(|&name| name.to_owned()).collect();
        Head { encodings, ..Head::default() }.decode(body.to_vec(), 1 << 20)
    }

    /// A body that does not break off.
    fn decode(encodings: &[&str], body: &[u8]) -> Result<Vec<u8>, Fault> {
        let (body, is_cut) = decode_cut(encodings, body)?;
        assert!(!is_cut);
        Ok(body)
    }

    fn gzip() -> Vec<u8> {
        let mut encoder = write::GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(PAGE.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn brotli() -> Vec<u8> {
        let mut writer = fastwarc::stream_io::brotli::BrotliWriter::new(Vec::new());
        writer.write_all(PAGE.as_bytes()).unwrap();
        writer.into_inner().unwrap()
    }

    #[test]
    fn every_encoding_is_undone() {
        let mut zlib = write::ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(PAGE.as_bytes()).unwrap();
        let mut raw = write::DeflateEncoder::new(Vec::new(), Compression::default());
        raw.write_all(PAGE.as_bytes()).unwrap();
        let bodies = [
            ("gzip", gzip()),
            ("deflate", zlib.finish().unwrap()),
            ("deflate", raw.finish().unwrap()),
            ("zstd", zstd::encode_all(PAGE.as_bytes(), 3).unwrap()),
            ("br", brotli()),
        ];
        for (encoding, body) in bodies {
            assert_eq!(decode(&[encoding], &body).unwrap(), PAGE.as_bytes(), "{encoding}");
            assert_eq!(
                decode(&[encoding], PAGE.as_bytes()).unwrap(),
                PAGE.as_bytes(),
                "{encoding}, stored decoded"
            );
            match decode_cut(&[encoding], &body[..body.len() / 2]) {
                Ok((start, is_cut)) => {
                    assert!(is_cut && PAGE.as_bytes().starts_with(&start), "{encoding}, cut");
                }
                Err(fault) => assert!(matches!(fault.kind, "truncated" | "damaged"), "{encoding}: {fault:?}"),
            }
        }
    }

    #[test]
    fn chunks_are_joined_and_extensions_passed_over() {
        let body = b"5\r\nHello\r\n7;name=value\r\n, world\r\n0\r\nTrailer: x\r\n\r\n";
        assert_eq!(decode(&["chunked"], body).unwrap(), b"Hello, world");
        assert_eq!(decode(&["chunked"], b"<p>not chunked").unwrap(), b"<p>not chunked");
    }

    #[test]
    fn a_body_that_breaks_off_is_kept_as_far_as_it_goes() {
        for (body, start) in [
            ("5\r\nHello\r\n7\r\n, w", "Hello, w"),
            ("5\r\nHello\r\n", "Hello"),
            ("ffffffffffffffff\r\nHello", "Hello"),
        ] {
            assert_eq!(decode_cut(&["chunked"], body.as_bytes()).unwrap(), (start.into(), true));
        }
        assert_eq!(decode_cut(&["chunked"], b"5\r\n").unwrap_err().kind, "truncated");
    }

    #[test]
    fn chunked_gzip_is_undone_in_the_right_order() {
        let gzip = gzip();
        let body = [format!("{:x}\r\n", gzip.len()).as_bytes(), &gzip, b"\r\n0\r\n\r\n"].concat();
        assert_eq!(decode(&["gzip", "chunked"], &body).unwrap(), PAGE.as_bytes());
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let body = zstd::encode_all(vec![0; 1 << 16].as_slice(), 3).unwrap();
        let head = Head { encodings: vec!["zstd".into()], ..Head::default() };
        assert_eq!(head.decode(body, 1000).unwrap_err().kind, "too_large");
    }

    #[test]
    fn an_unknown_encoding_is_named() {
        let fault = decode(&["lzma"], b"\x00\x01\x02").unwrap_err();
        assert!(fault.kind == "unsupported_encoding" && fault.message.contains("`lzma`"));
    }

    #[test]
    fn heads_with_either_line_end_are_read() {
        for end in ["\r\n", "\n"] {
            let head = [
                "HTTP/1.1 404 Not Found",
                "content-type: text/html; charset=GBK",
                "Content-Encoding: gzip",
                "Transfer-Encoding: chunked",
                "",
                "body",
            ]
            .join(end);
            let mut reader = head.as_bytes();
            let head = Head::read(&mut reader).unwrap();
            assert_eq!(head.status, 404);
            assert_eq!(head.content_type, "text/html; charset=GBK");
            assert_eq!(head.encodings, ["gzip", "chunked"]);
            assert_eq!(reader, b"body");
        }
    }
}
