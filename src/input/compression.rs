//! gzip and Zstandard, member by member: a damaged member costs one error, and reading goes on at the next.
//!
//! What the bytes are is told by their first bytes. The file's name counts only where these are damaged: they belong to no
//! text, and the name says that they are compressed.

use super::ahead::{Ahead, Helpers};
use super::fault::is_fatal;
use super::kind::{foreign, of_magic};
use super::stream::{Reader, Stream};
use crate::page::is_binary;
use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use zstd::stream::read::Decoder;

/// Bytes that are buffered, packed and decompressed; the decoders write into it in one go.
pub(super) const BUFFER: usize = 128 << 10;
/// Largest dictionary that a Zstandard WARC may bring along.
const DICTIONARY: usize = 16 << 20;
/// The first bytes of every gzip member (RFC 1952).
const GZIP_MAGIC: [u8; 3] = [0x1F, 0x8B, 0x08];
/// Bytes of a gzip header before its optional fields.
const GZIP_HEADER: usize = 10;
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
/// The skippable frame that holds the dictionary (the IIPC's WARC-Zstandard specification).
const ZSTD_DICTIONARY_MAGIC: [u8; 4] = [0x5D, 0x2A, 0x4D, 0x18];

/// What a name says of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Compressed,
    Plain,
}

/// The bytes behind gzip or Zstandard, or the bytes themselves; where there are helpers, they inflate gzip.
pub(super) fn decompressed(raw: Reader, named: Named, helpers: Option<&Arc<Helpers>>) -> io::Result<Reader> {
    let mut raw = Stream::new(raw);
    if let Some(helpers) = helpers
        && raw.peek(3)? == GZIP_MAGIC
    {
        return Ok(Box::new(Ahead::new(raw, Arc::clone(helpers))));
    }
    if is_compressed(raw.peek(4)?) || named == Named::Compressed && is_damaged(raw.peek(HEAD)?) {
        return Ok(Box::new(BufReader::with_capacity(BUFFER, Members::new(raw))));
    }
    Ok(Box::new(raw))
}

/// Bytes from which it is told whether a file that should be compressed is text.
const HEAD: usize = 8192;

/// Whether bytes that should be compressed were so once: but for one byte they start as a member does, or they are no text.
/// Many servers send a file decompressed under its old name; it is text then.
fn is_damaged(head: &[u8]) -> bool {
    let alike = |magic: &[u8]| magic.iter().zip(head).filter(|(a, b)| a == b).count() + 1 >= magic.len();
    alike(&GZIP_MAGIC)
        || alike(&ZSTD_MAGIC)
        || foreign(head).is_none() && of_magic(head).is_none() && is_binary(head)
}

/// Whether the bytes are the start of a gzip or Zstandard stream.
pub(super) fn is_compressed(head: &[u8]) -> bool {
    head.starts_with(&GZIP_MAGIC) || head.starts_with(&ZSTD_MAGIC) || head.starts_with(&ZSTD_DICTIONARY_MAGIC)
}

/// A reader of concatenated members. After an error it goes on at the next place where a member starts.
pub(super) struct Members {
    state: State,
    dictionary: Option<Vec<u8>>,
    /// Whether the next member has to be searched for.
    lost: bool,
    /// Whether reading ends behind a whole member, and whether there was one.
    is_single: bool,
    has_ended: bool,
}

enum State {
    Between(Stream),
    Gzip(Box<GzDecoder<Stream>>),
    Zstd(Box<Decoder<'static, Stream>>),
    /// Only while a state is being replaced.
    Moving,
}

impl Members {
    pub(super) fn new(raw: Stream) -> Self {
        Self { state: State::Between(raw), dictionary: None, lost: false, is_single: false, has_ended: false }
    }

    /// Ends behind a whole member with which nothing of what was read has to be known to read on.
    pub(super) fn single(raw: Stream) -> Self {
        Self { is_single: true, ..Self::new(raw) }
    }

    /// Whether it stands between two members, and nothing has to be known to read on.
    pub(super) fn is_between(&self) -> bool {
        matches!(self.state, State::Between(_)) && !self.lost && self.dictionary.is_none()
    }

    /// What stands behind the single member; none where the stream has ended instead.
    pub(super) fn rest(self) -> Option<Stream> {
        let is_ended = self.has_ended && self.is_between();
        match self.state {
            State::Between(raw) if is_ended => Some(raw),
            _ => None,
        }
    }

    /// Opens the next member; false at the end of the stream.
    fn open(&mut self, mut raw: Stream) -> io::Result<bool> {
        let opened = self.find(&mut raw);
        self.state = match opened {
            Ok(Some(Format::Gzip)) => State::Gzip(Box::new(GzDecoder::new(raw))),
            Ok(Some(Format::Zstd)) => State::Zstd(Box::new(self.zstd(raw)?)),
            Ok(None) | Err(_) => State::Between(raw),
        };
        opened.map(|format| format.is_some())
    }

    fn zstd(&self, raw: Stream) -> io::Result<Decoder<'static, Stream>> {
        let decoder = match &self.dictionary {
            Some(dictionary) => Decoder::with_dictionary(raw, dictionary)?,
            None => Decoder::with_buffer(raw)?,
        };
        Ok(decoder.single_frame())
    }

    /// Finds the next member and says what it is.
    fn find(&mut self, raw: &mut Stream) -> io::Result<Option<Format>> {
        if self.lost {
            raw.scan(GZIP_HEADER, |chunk| memchr::memchr2(0x1F, 0x28, chunk), |_, seen| starts_member(seen))?;
            self.lost = false;
        }
        skip_padding(raw)?;
        let head = raw.peek(4)?;
        match head {
            [] => Ok(None),
            [0x1F, ..] => Ok(Some(Format::Gzip)),
            _ if head == ZSTD_DICTIONARY_MAGIC => self.load_dictionary(raw).map(|()| Some(Format::Zstd)),
            _ if head == ZSTD_MAGIC || is_skippable(head) => Ok(Some(Format::Zstd)),
            _ => Err(self.junk()),
        }
    }

    fn junk(&mut self) -> io::Error {
        self.lost = true;
        io::Error::new(io::ErrorKind::InvalidData, "bytes between compressed members that belong to none")
    }

    fn load_dictionary(&mut self, raw: &mut Stream) -> io::Result<()> {
        let mut head = [0; 8];
        raw.read_exact(&mut head)?;
        let [_, _, _, _, a, b, c, d] = head;
        let size = u32::from_le_bytes([a, b, c, d]) as usize;
        if size > DICTIONARY {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "dictionary over 16 MiB"));
        }
        let mut dictionary = vec![0; size];
        raw.read_exact(&mut dictionary)?;
        if dictionary.starts_with(&ZSTD_MAGIC) {
            let mut plain = Vec::new();
            Decoder::with_buffer(dictionary.as_slice())?.take(DICTIONARY as u64).read_to_end(&mut plain)?;
            dictionary = plain;
        }
        self.dictionary = Some(dictionary);
        Ok(())
    }

    /// Closes the member that ended or failed.
    fn close(&mut self) {
        self.has_ended = true;
        self.state = match std::mem::replace(&mut self.state, State::Moving) {
            State::Gzip(member) => State::Between(member.into_inner()),
            State::Zstd(member) => State::Between(member.finish()),
            state => state,
        };
    }

    /// Leaves a member that failed. The Zstandard decoder does not consume the bytes that it fails on, so one
    /// is passed over here, or the search would stand still.
    fn abandon(&mut self) {
        let stuck = matches!(self.state, State::Zstd(_));
        self.close();
        self.has_ended = false;
        self.lost = true;
        if let State::Between(raw) = &mut self.state
            && stuck
            && raw.peek(1).is_ok_and(|head| !head.is_empty())
        {
            raw.consume(1);
        }
    }
}

#[derive(Clone, Copy)]
enum Format {
    Gzip,
    Zstd,
}

impl Read for Members {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.is_single && self.has_ended && self.is_between() {
                return Ok(0);
            }
            let read = match std::mem::replace(&mut self.state, State::Moving) {
                State::Between(raw) => {
                    if !self.open(raw)? {
                        return Ok(0);
                    }
                    continue;
                }
                State::Gzip(mut member) => {
                    let read = member.read(out);
                    self.state = State::Gzip(member);
                    read
                }
                State::Zstd(mut member) => {
                    let read = member.read(out);
                    self.state = State::Zstd(member);
                    read
                }
                State::Moving => return Ok(0),
            };
            match read {
                Ok(0) if !out.is_empty() => self.close(),
                Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                    if !is_fatal(&error) {
                        self.abandon();
                    }
                    return Err(describe(error));
                }
                read => return read,
            }
        }
    }
}

/// Says of an error of a decoder what a reader of the message needs.
fn describe(error: io::Error) -> io::Error {
    match error.kind() {
        _ if is_fatal(&error) => error,
        io::ErrorKind::UnexpectedEof => {
            io::Error::new(error.kind(), "the compressed data ends in the middle of a member")
        }
        _ => io::Error::new(io::ErrorKind::InvalidData, format!("the compressed data is damaged ({error})")),
    }
}

/// Zero bytes between members are the padding of tapes and block devices.
fn skip_padding(raw: &mut Stream) -> io::Result<()> {
    loop {
        let chunk = raw.fill_buf()?;
        let zeros = chunk.iter().take_while(|&&byte| byte == 0).count();
        if zeros == 0 {
            return Ok(());
        }
        raw.consume(zeros);
    }
}

fn is_skippable(head: &[u8]) -> bool {
    matches!(head, [0x50..=0x5F, 0x2A, 0x4D, 0x18])
}

/// Whether a gzip header (RFC 1952: deflate, no reserved flag, a known system and level) or a Zstandard frame
/// starts here. All ten bytes are looked at, as three come up by chance every 16 MB.
fn starts_member(seen: &[u8]) -> bool {
    match seen {
        [0x1F, 0x8B, 8, flags, _, _, _, _, level, system] => {
            *flags < 0x20 && matches!(level, 0 | 2 | 4) && matches!(system, 0..=13 | 255)
        }
        _ => seen.starts_with(&ZSTD_MAGIC),
    }
}

/// Where in these bytes gzip members may start.
pub(super) fn member_starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let seen = |at: &usize| bytes.get(*at..*at + GZIP_HEADER).is_some_and(starts_member);
    memchr::memchr_iter(0x1F, bytes).filter(seen)
}

/// What reading up to a limit came to.
pub(super) enum Bounded {
    /// All of it.
    Whole(Vec<u8>),
    /// More than the limit.
    TooLarge,
    /// What could be read before the error.
    Failed(Vec<u8>, io::Error),
}

/// Reads to the end, but no more than `limit` bytes.
pub(super) fn read_bounded(reader: impl Read, limit: usize) -> Bounded {
    let mut bytes = Vec::new();
    match reader.take(limit as u64 + 1).read_to_end(&mut bytes) {
        Err(error) => Bounded::Failed(bytes, error),
        Ok(_) if bytes.len() > limit => Bounded::TooLarge,
        Ok(_) => Bounded::Whole(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn zstandard(text: &str) -> Vec<u8> {
        let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
        encoder.include_checksum(true).unwrap();
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    /// Reads on after errors and gives the text and the number of errors.
    fn read_through(bytes: Vec<u8>) -> (String, usize) {
        let mut reader = decompressed(Box::new(io::Cursor::new(bytes)), Named::Compressed, None).unwrap();
        let (mut text, mut errors) = (Vec::new(), 0);
        for _ in 0..100 {
            let mut chunk = [0; 7];
            match reader.read(&mut chunk) {
                Ok(0) => return (String::from_utf8_lossy(&text).into_owned(), errors),
                Ok(read) => text.extend_from_slice(&chunk[..read]),
                Err(_) => errors += 1,
            }
        }
        panic!("the reader does not come to an end");
    }

    #[test]
    fn plain_bytes_pass_through() {
        assert_eq!(read_through(b"plain".to_vec()), ("plain".into(), 0));
        assert_eq!(read_through(Vec::new()), (String::new(), 0));
    }

    #[test]
    fn members_of_both_formats_follow_one_another() {
        let bytes = [gzip("one "), zstandard("two "), vec![0; 600], gzip("three")].concat();
        assert_eq!(read_through(bytes), ("one two three".into(), 0));
    }

    #[test]
    fn a_member_with_a_damaged_head_costs_one_error_and_the_next_is_read() {
        for make in [gzip as fn(&str) -> Vec<u8>, zstandard] {
            for at in 0..3 {
                let mut second = make("second");
                second[at] ^= 0xFF;
                let bytes = [make("first "), second, make("third")].concat();
                assert_eq!(read_through(bytes), ("first third".into(), 1), "byte {at}");
            }
        }
    }

    #[test]
    fn a_damaged_head_of_the_first_member_costs_one_error_where_the_name_tells_that_it_is_one() {
        for (make, head) in [(gzip as fn(&str) -> Vec<u8>, 3), (zstandard, 4)] {
            for (at, bit) in (0..head).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
                let mut first = make("first");
                first[at] ^= 1 << bit;
                let bytes = [first, make("second "), make("third")].concat();
                assert_eq!(read_through(bytes), ("second third".into(), 1), "bit {bit} of byte {at}");
            }
            let noise: Vec<u8> = (0..2000_u32).map(|n| (n.wrapping_mul(0x9e37_79b1) >> 24) as u8).collect();
            assert_eq!(read_through([noise, make("second")].concat()), ("second".into(), 1));
        }
    }

    #[test]
    fn text_under_the_name_of_a_compressed_file_is_text() {
        let utf16: Vec<u8> = "\u{FEFF}<html>".repeat(9).encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            b"WARC/1.0\r\n".to_vec(),
            utf16.clone(),
            "中文".into(),
            b"(".to_vec(),
            b"PK\x03\x04\0\0".to_vec(),
        ] {
            let mut reader =
                decompressed(Box::new(io::Cursor::new(bytes.clone())), Named::Compressed, None).unwrap();
            let mut read = Vec::new();
            reader.read_to_end(&mut read).unwrap();
            assert_eq!(read, bytes);
        }
    }

    #[test]
    fn damage_anywhere_is_told_and_reading_ends() {
        for make in [gzip as fn(&str) -> Vec<u8>, zstandard] {
            let second = make("second second, and more of the second");
            let mut recovered = 0;
            for at in 0..second.len() {
                let mut broken = second.clone();
                broken[at] ^= 0xFF;
                let (text, errors) = read_through([make("first "), broken, make("third")].concat());
                let whole = text == "first second second, and more of the secondthird";
                assert!(text.starts_with("first ") && (whole || errors > 0), "byte {at}: {text}");
                recovered += usize::from(text.ends_with("third"));
            }
            // Damaged deflate data may run on into the next member; most of it does not.
            assert!(recovered * 4 > second.len() * 3, "{recovered} of {}", second.len());
        }
    }

    #[test]
    fn a_damaged_checksum_is_an_error() {
        let mut bytes = gzip("text");
        let crc = bytes.len() - 8;
        bytes[crc] ^= 1;
        assert_eq!(read_through(bytes).1, 1);
    }

    #[test]
    fn truncation_is_an_error_wherever_it_falls() {
        let whole = gzip("a longer text, with words");
        for length in 4..whole.len() {
            let (_, errors) = read_through(whole[..length].to_vec());
            assert_eq!(errors, 1, "{length} bytes");
        }
        let whole = zstandard("a longer text, with words");
        for length in 4..whole.len() {
            let (_, errors) = read_through(whole[..length].to_vec());
            assert_eq!(errors, 1, "{length} bytes");
        }
    }

    #[test]
    fn bytes_after_the_last_member_are_an_error() {
        assert_eq!(read_through([gzip("one"), b"rubbish".to_vec()].concat()), ("one".into(), 1));
    }

    #[test]
    fn a_dictionary_frame_serves_the_frames_behind_it() {
        let samples: Vec<String> = (0..200).map(|n| format!("WARC record number {n} of the crawl")).collect();
        let dictionary = zstd::dict::from_samples(&samples, 4096).unwrap();
        let mut compressor = zstd::bulk::Compressor::with_dictionary(3, &dictionary).unwrap();
        let mut bytes = ZSTD_DICTIONARY_MAGIC.to_vec();
        bytes.extend_from_slice(&(dictionary.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&dictionary);
        bytes.extend(compressor.compress(b"WARC record number 7 of ").unwrap());
        bytes.extend(compressor.compress(b"the crawl").unwrap());
        assert_eq!(read_through(bytes), ("WARC record number 7 of the crawl".into(), 0));
    }

    #[test]
    fn a_bomb_is_read_up_to_the_limit() {
        let bomb = gzip(&"0".repeat(1 << 20));
        let reader = decompressed(Box::new(io::Cursor::new(bomb)), Named::Plain, None).unwrap();
        assert!(matches!(read_bounded(reader, 1000), Bounded::TooLarge));
    }
}
