//! Frames WARC records: where each starts, its header, and a block that is as long as the header says.
//!
//! [`Framing`] is what the rest of the room knows of WARC; behind it, the `fastwarc` crate reads headers. The
//! search for the next record after damage, the lengths and the end of the stream are kept here.

use super::fault::{Fault, is_fatal};
use super::stream::Stream;
use fastwarc::stream_io::traits::WarcRead;
use fastwarc::warc::record::WarcRecord;
use std::any::Any;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

/// Longest header block. `ClueWeb22` has headers of up to 1 MiB.
const HEADER_BYTES: usize = 2 << 20;
/// The longest version line that is accepted, `WARC/0.18`, and a line end.
const VERSION_LINE: usize = 10;
/// What a version line starts with.
const VERSION: &[u8] = b"WARC/";
/// A block of which so many bytes are left is looked through before its length is doubted; a longer one is doubted at once.
const LOOK_AHEAD: u64 = 64 << 20;

/// What a record's header says.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// `WARC-Type`, lower case.
    pub(super) record_type: String,
    /// `WARC-Record-ID` without `<urn:uuid:` and `>`.
    pub(super) id: Option<String>,
    /// `WARC-Target-URI`.
    pub(super) url: Option<String>,
    pub(super) content_type: String,
    /// `WARC-Identified-Payload-Type`, the crawler's own guess.
    pub(super) identified_type: Option<String>,
    /// `WARC-Concurrent-To`: ids of records of the same visit.
    pub(super) concurrent_to: Vec<String>,
    /// Whether the crawler says that it cut the record.
    pub(super) truncated: bool,
    /// Where the record starts in the decompressed stream.
    pub(super) offset: u64,
}

impl Header {
    /// Whether a tool wrote the record about its own work, or took it from a page that has a record too: wget's log, the texts
    /// and lists of browsertrix.
    pub(super) fn is_of_a_tool(&self) -> bool {
        const SCHEMES: [&str; 8] = [
            "metadata:", "screenshot:", "thumbnail:", "urn:pageinfo:", "urn:text", "urn:thumbnail:",
            "urn:view:", "urn:x-",
        ];
        let url = self.url.as_deref().unwrap_or_default();
        let starts =
            |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
        SCHEMES.into_iter().any(starts)
    }
}

/// A record's block; ends where the header says, with the stream, or where the next record starts inside it: then the header
/// does not say the truth.
pub(super) struct Block<'a> {
    stream: &'a mut Stream,
    state: &'a mut State,
}

#[derive(Debug, Default)]
struct State {
    /// Bytes of the block that were not yet read.
    remaining: u64,
    /// Bytes of it in which no record can start.
    clear: u64,
    /// The last byte that was read of it.
    before: Option<u8>,
    /// Whether another record was found inside it, and nobody was told yet.
    is_overrun: bool,
    /// Whether the damage that the stream stands in was already reported.
    is_reported: bool,
    ended: bool,
}

/// A stream of WARC records.
pub(super) struct Framing {
    stream: Option<Box<Stream>>,
    /// Stands in for the stream when that is lost, so that a block can always be given.
    nothing: Stream,
    state: State,
    raw_header: Option<Vec<u8>>,
}

impl Framing {
    pub(super) fn new(stream: Stream) -> Self {
        let nothing = Stream::new(Box::new(io::empty()));
        Self { stream: Some(Box::new(stream)), nothing, state: State::default(), raw_header: None }
    }

    /// Passes over the rest of the last block and gives the next header, or a damaged stretch. None at the end.
    pub(super) fn advance(&mut self) -> Option<Result<Header, Fault>> {
        if let Err(fault) = self.finish_block() {
            return Some(Err(fault));
        }
        if self.state.ended {
            return None;
        }
        match self.find_start()? {
            Ok(()) => self.read_header(),
            Err(fault) => Some(Err(fault)),
        }
    }

    /// The block of the last header.
    pub(super) fn block(&mut self) -> Block<'_> {
        let stream = self.stream.as_deref_mut().unwrap_or(&mut self.nothing);
        Block { stream, state: &mut self.state }
    }

    /// Keeps headers as they stand in the stream: see [`Framing::raw_header`].
    pub(super) fn with_raw_headers(self) -> Self {
        Self { raw_header: Some(Vec::new()), ..self }
    }

    /// The last header as it stands in the stream, with the empty line behind it; nothing where it was not asked for.
    pub(super) fn raw_header(&self) -> &[u8] {
        self.raw_header.as_deref().unwrap_or_default()
    }

    /// Passes over what is left of the last block.
    pub(super) fn finish_block(&mut self) -> Result<(), Fault> {
        let mut block = self.block();
        let what = "the record before the end";
        while block.remaining() > 0 {
            let count = match block.fill_buf() {
                Ok(chunk) => chunk.len(),
                Err(error) => return Err(block.failed(what, &error)),
            };
            if count == 0 && block.remaining() > 0 {
                return Err(block.cut(what));
            }
            block.consume(count);
        }
        if std::mem::take(&mut block.state.is_overrun) {
            return Err(overrun(block.stream.position()));
        }
        Ok(())
    }

    /// Goes to the next version line; what stands before it belongs to no record and is reported once.
    fn find_start(&mut self) -> Option<Result<(), Fault>> {
        let stream = self.stream.as_mut()?;
        let scan = skip_blank(stream).and_then(|()| {
            let start = stream.position();
            let scan = stream.scan(VERSION_LINE, |chunk| memchr::memchr(b'W', chunk), starts_record)?;
            Ok((start, scan))
        });
        let (start, scan) = match scan {
            Ok(scan) => scan,
            Err(error) => return Some(Err(self.state.failed("between records", &error))),
        };
        self.state.ended = !scan.found;
        if scan.skipped > 0 && !std::mem::replace(&mut self.state.is_reported, true) {
            return Some(Err(no_record(start, scan.skipped)));
        }
        scan.found.then_some(Ok(()))
    }

    fn read_header(&mut self) -> Option<Result<Header, Fault>> {
        let mut stream = self.stream.take()?;
        stream.record(self.raw_header.take());
        let offset = stream.position();
        let what = format!("the header of the record at byte {offset}");
        let mut record = WarcRecord::new();
        record.attach_reader(stream as Box<dyn WarcRead>);
        let parsed = record.parse_warc_headers_with_opts(true, HEADER_BYTES);
        self.stream = record.detach_reader().and_then(|reader| reader.into_any().downcast().ok());
        self.raw_header = self.stream.as_mut().and_then(|stream: &mut Box<Stream>| stream.recorded());
        if let Err(error) = parsed {
            return Some(Err(self.state.failed(&what, &error)));
        }
        let Some(remaining) = length(&record) else {
            return Some(Err(self.unusable(&what)));
        };
        self.state = State { remaining, ..State::default() };
        Some(Ok(header(&record, offset)))
    }

    /// The fault of a header without type or length; one at the end of the stream was cut.
    fn unusable(&mut self, what: &str) -> Fault {
        self.state.is_reported = true;
        let ended = self.stream.as_mut().is_none_or(|stream| stream.peek(1).is_ok_and(<[u8]>::is_empty));
        if ended {
            let message = format!("{what} is cut: the input ends inside it; fetch or copy it again");
            return Fault::new("truncated", message);
        }
        let problem = "has no WARC-Type or no Content-Length that is a number; the record was passed over";
        Fault::new("damaged", format!("{what} {problem}"))
    }
}

impl State {
    /// The fault of an error of the stream; what comes next is searched for.
    fn failed(&mut self, what: &str, error: &io::Error) -> Fault {
        self.remaining = 0;
        self.is_reported = true;
        self.ended = is_fatal(error);
        Fault::read(what, error)
    }
}

impl Block<'_> {
    /// Bytes that the header promises and that were not yet read.
    pub(super) fn remaining(&self) -> u64 {
        self.state.remaining
    }

    /// Whether the next record was found before the end that the header gives.
    pub(super) fn is_overrun(&self) -> bool {
        self.state.is_overrun
    }

    /// Looks for another record in the next bytes of the block: notes how many are clear of one, or ends the block before it.
    fn look(&mut self) -> io::Result<()> {
        let chunk = self.stream.fill_buf()?;
        let chunk = chunk.get(..chunk.len().min(self.state.remaining as usize)).unwrap_or_default();
        self.state.clear = start_in(chunk).unwrap_or(chunk.len()) as u64;
        if self.state.clear > 0 || chunk.is_empty() {
            return Ok(());
        }
        self.state.clear = 1;
        if starts_record(self.state.before, self.stream.peek(VERSION_LINE)?) && !self.ends_well()? {
            self.state.is_overrun = true;
            self.state.remaining = 0;
        }
        Ok(())
    }

    /// Whether behind the length that the header gives there is another record, or nothing: the block holds a WARC file.
    fn ends_well(&mut self) -> io::Result<bool> {
        if self.state.remaining > LOOK_AHEAD {
            return Ok(false);
        }
        let length = self.state.remaining as usize;
        let seen = self.stream.peek(length + VERSION_LINE)?;
        let Some(behind) = seen.get(length..) else { return Ok(false) };
        let behind = behind.trim_ascii_start();
        Ok(behind.is_empty() || behind.starts_with(VERSION))
    }

    /// The fault of a block that ends too early.
    pub(super) fn cut(&mut self, what: &str) -> Fault {
        let missing = std::mem::take(&mut self.state.remaining);
        self.state.ended = true;
        let message = format!(
            "{what} ends {missing} bytes before the length that its header gives: the input was cut at byte {}; \
             fetch or copy it again",
            self.stream.position()
        );
        Fault::new("truncated", message)
    }

    /// The fault of an error inside the block.
    pub(super) fn failed(&mut self, what: &str, error: &io::Error) -> Fault {
        self.state.failed(what, error)
    }

    /// The next bytes of the block, at most `count`.
    pub(super) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        let count = self.state.remaining.min(count as u64) as usize;
        self.stream.peek(count)
    }
}

impl Read for Block<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(out)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Block<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.state.remaining > 0 && self.state.clear == 0 {
            self.look()?;
        }
        if self.state.remaining == 0 {
            return Ok(&[]);
        }
        let chunk = self.stream.fill_buf()?;
        let end = self.state.remaining.min(self.state.clear).min(chunk.len() as u64) as usize;
        Ok(chunk.get(..end).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        // What is consumed was given by `fill_buf`, which gives the same bytes again.
        let last = |chunk: &[u8]| count.checked_sub(1).and_then(|last| chunk.get(last).copied());
        self.state.before = self.stream.fill_buf().ok().and_then(last).or(self.state.before);
        self.state.remaining = self.state.remaining.saturating_sub(count as u64);
        self.state.clear = self.state.clear.saturating_sub(count as u64);
        self.stream.consume(count);
    }
}

/// Records end with empty lines.
fn skip_blank(stream: &mut Stream) -> io::Result<()> {
    while let [b'\r' | b'\n', ..] = stream.fill_buf()? {
        stream.consume(1);
    }
    Ok(())
}

fn no_record(start: u64, skipped: u64) -> Fault {
    let message = format!(
        "expected a line `WARC/1.0` or `WARC/1.1` at byte {start} (decompressed), found {skipped} bytes that belong \
         to no record; they were passed over"
    );
    Fault::new("damaged", message)
}

fn overrun(next: u64) -> Fault {
    let message = format!(
        "the record before byte {next} (decompressed) has a Content-Length that reaches over the next record; it was \
         read up to there"
    );
    Fault::new("damaged", message)
}

/// Where a version line may start in a chunk; it may go on in the next one.
fn start_in(chunk: &[u8]) -> Option<usize> {
    let whole = memchr::memmem::find(chunk, VERSION);
    let mut tail = chunk.len().saturating_sub(VERSION.len() - 1)..chunk.len();
    whole.or_else(|| tail.find(|at| chunk.get(*at..).is_some_and(|rest| VERSION.starts_with(rest))))
}

/// Whether a line starts here that `fastwarc` takes for the version line of a record.
fn starts_record(before: Option<u8>, seen: &[u8]) -> bool {
    let Some(version) = seen.strip_prefix(b"WARC/") else { return false };
    let is_space = |byte: &u8| matches!(byte, b'\r' | b'\n' | b' ' | b'\t');
    let end = version.iter().position(is_space).unwrap_or(version.len());
    let known = match version.get(..end).unwrap_or_default() {
        b"1.0" | b"1.1" => true,
        [b'0', b'.', minor @ ..] => matches!(minor.len(), 1 | 2) && minor.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    known && matches!(before, None | Some(b'\n'))
}

/// The block's length; none when the header is unusable. A `warcinfo` record without a length (`ClueWeb22`)
/// is read to its end by `fastwarc`. Names are compared without case here, as some writers have them in lower
/// case, which `fastwarc`'s own fields do not expect.
fn length(record: &WarcRecord) -> Option<u64> {
    record.headers().get("WARC-Type")?;
    if record.is_frozen() {
        return Some(0);
    }
    record.headers().get("Content-Length")?.trim().parse().ok()
}

fn header(record: &WarcRecord, offset: u64) -> Header {
    let field = |name: &str| record.headers().get(name).map(|value| value.trim().to_owned());
    let filled = |name: &str| field(name).filter(|value| !value.is_empty());
    Header {
        record_type: field("WARC-Type").unwrap_or_default().to_ascii_lowercase(),
        id: filled("WARC-Record-ID").map(|id| bare(&id, UUID)),
        url: filled("WARC-Target-URI").map(|url| bare(&url, "")),
        content_type: field("Content-Type").unwrap_or_default(),
        identified_type: filled("WARC-Identified-Payload-Type"),
        concurrent_to: concurrent_to(record),
        truncated: filled("WARC-Truncated").is_some(),
        offset,
    }
}

fn concurrent_to(record: &WarcRecord) -> Vec<String> {
    let ids = record.headers().get_multiple("WARC-Concurrent-To");
    ids.iter().map(|id| bare(id.trim(), UUID)).collect()
}

/// What ids of records start with as a rule.
const UUID: &str = "urn:uuid:";

/// The value without angle brackets (WARC/1.0 has them around URIs as well) and prefix.
fn bare(value: &str, prefix: &str) -> String {
    let value = value.strip_prefix('<').and_then(|value| value.strip_suffix('>')).unwrap_or(value);
    value.strip_prefix(prefix).unwrap_or(value).to_owned()
}

impl Seek for Stream {
    /// Only tells the position: `fastwarc` asks for it and never seeks while it reads forwards.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match to {
            SeekFrom::Current(0) => Ok(self.position()),
            _ => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

impl WarcRead for Stream {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }

    fn inner_seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.seek(to)
    }

    fn inner_stream_position(&mut self) -> io::Result<u64> {
        Ok(self.position())
    }
}
