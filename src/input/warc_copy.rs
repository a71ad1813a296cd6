//! Records of WARC and WACZ files that are chosen by their ids → the bytes of another WARC file.
//!
//! A record is copied as it stands, header and block. Its request comes along, whichever of the two names the other
//! (`WARC-Concurrent-To`), and so do the `warcinfo` records of a file of which anything is copied: others refer to them.

use super::archive::{Member, members};
use super::fault::Fault;
use super::framing::{Framing, Header};
use super::inputs::Input;
use super::kind::Kind;
use super::open;
use super::stream::{LONGEST_ROW, Stream, read_line};
use crate::{Error, Result};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, BufRead};
use std::path::Path;
use xxhash_rust::xxh3::xxh3_128;

/// What stands behind each record (WARC 1.1, section 4).
const RECORD_END: &[u8] = b"\r\n\r\n";

/// Ids of records, as rows of WARC inputs have them; 16 bytes each.
#[derive(Debug, Default)]
pub struct RecordIds(HashSet<u128>);

/// What is read of a row.
#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

impl RecordIds {
    /// Adds the ids of rows, JSON lines as `filter` writes them or with nothing but an `id`; also compressed. Gives the
    /// number of rows.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read, [`Error::Data`] with the line that is no row.
    pub fn add_rows(&mut self, path: &Path) -> Result<u64> {
        let mut rows = open::file(path).map_err(Error::io("read", path))?.stream;
        let (mut text, mut line, mut count) = (Vec::new(), 0, 0);
        loop {
            let length = read_line(&mut rows, &mut text, LONGEST_ROW).map_err(Error::io("read", path))?;
            if length == 0 {
                return Ok(count);
            }
            line += 1;
            if text.trim_ascii().is_empty() && length <= LONGEST_ROW {
                continue;
            }
            let row: Row<'_> = serde_json::from_slice(&text).map_err(|error| Error::Data {
                path: path.to_owned(),
                line,
                problem: format!("expected a row with an `id`, as `pagesieve filter` writes it: {error}"),
            })?;
            self.insert(&row.id);
            count += 1;
        }
    }

    /// Adds an id; whether it is new.
    pub fn insert(&mut self, id: &str) -> bool {
        self.0.insert(xxh3_128(id.as_bytes()))
    }

    /// Whether the id was added.
    pub fn contains(&self, id: &str) -> bool {
        self.0.contains(&xxh3_128(id.as_bytes()))
    }

    /// How many ids there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What was copied of an input.
#[derive(Debug, Default)]
pub struct Copied {
    /// Records that were asked for.
    pub records: u64,
    /// Requests of these.
    pub requests: u64,
    /// Bytes of all that was copied, decompressed.
    pub bytes: u64,
    /// What could not be read; it may have held records that were asked for.
    pub faults: Vec<String>,
}

/// What takes the bytes of records: a piece, and whether the record ends with it.
pub trait TakeRecord: FnMut(&[u8], bool) -> io::Result<()> {}
impl<F: FnMut(&[u8], bool) -> io::Result<()>> TakeRecord for F {}

impl Input {
    /// Copies the records with these ids to `out`, in the order of the file, and notes them in `found`: a record that an
    /// earlier input has given is left out. The input is read twice, so it must be a file.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be opened or `out` fails, [`Error::Settings`] when it holds no WARC records.
    pub fn copy_records(
        &self,
        ids: &RecordIds,
        found: &mut RecordIds,
        mut out: impl TakeRecord,
    ) -> Result<Copied> {
        let path = self.path().ok_or_else(|| self.holds_no_records())?;
        let mut copied = Copied::default();
        for source in self.sources(path)? {
            let told = copied.faults.len();
            let places = match source.open() {
                Ok(stream) => places(stream, ids, found, &mut copied),
                Err(fault) => {
                    copied.faults.push(fault.message);
                    Vec::new()
                }
            };
            for fault in copied.faults.iter_mut().skip(told) {
                *fault = format!("{}: {fault}", self.name());
            }
            copy(&source, &places, &mut out, &mut copied).map_err(Error::io("copy records of", path))?;
        }
        Ok(copied)
    }

    fn sources<'p>(&self, path: &'p Path) -> Result<Vec<Source<'p>>> {
        let mut stream = open::file(path).map_err(Error::io("read", path))?.stream;
        match self.kind(&mut stream) {
            Ok(Some(Kind::Warc)) => Ok(vec![Source::File(path)]),
            Ok(Some(Kind::Wacz)) => {
                let members = members(path, |name| Kind::of_name(name) == Some(Kind::Warc));
                let members = members
                    .map_err(|fault| Error::Settings(format!("`{}`: {}", self.name(), fault.message)))?;
                Ok(members.into_iter().map(Source::Member).collect())
            }
            _ => Err(self.holds_no_records()),
        }
    }

    fn holds_no_records(&self) -> Error {
        let name = self.name();
        Error::Settings(format!("`{name}` is no WARC or WACZ file; give the files that the rows came from"))
    }
}

/// A WARC file, or one in an archive.
enum Source<'p> {
    File(&'p Path),
    Member(Result<Member, Fault>),
}

impl Source<'_> {
    fn open(&self) -> Result<Stream, Fault> {
        match self {
            Self::File(path) => match open::file(path) {
                Ok(opened) => Ok(opened.stream),
                Err(error) => Err(Fault::read("the file", &error)),
            },
            Self::Member(Ok(member)) => Ok(member.open()?.stream),
            Self::Member(Err(fault)) => Err(Fault::new(fault.kind, fault.message.clone())),
        }
    }
}

/// The place of a record among those of its file that have a header.
type Place = usize;

/// The records of a file that may be copied.
#[derive(Default)]
struct Candidates {
    chosen: Vec<Place>,
    /// With their own ids and those of the records that they belong to.
    requests: Vec<(Header, Place)>,
    infos: Vec<Place>,
    /// What chosen records say that they belong to.
    partners: RecordIds,
}

impl Candidates {
    fn add(&mut self, header: Header, place: Place, ids: &RecordIds, found: &mut RecordIds) {
        match (header.record_type.as_str(), &header.id) {
            ("warcinfo", _) => self.infos.push(place),
            ("request", _) => self.requests.push((header, place)),
            (_, Some(id)) if ids.contains(id) && found.insert(id) => {
                self.chosen.push(place);
                for partner in &header.concurrent_to {
                    self.partners.insert(partner);
                }
            }
            _ => {}
        }
    }

    /// What is copied, in the order of the file.
    fn places(self, ids: &RecordIds, copied: &mut Copied) -> Vec<Place> {
        if self.chosen.is_empty() {
            return Vec::new();
        }
        let belongs = |header: &Header| {
            header.concurrent_to.iter().any(|id| ids.contains(id))
                || header.id.as_ref().is_some_and(|id| self.partners.contains(id))
        };
        let requests = self.requests.iter().filter(|(header, _)| belongs(header));
        let requests: Vec<Place> = requests.map(|(_, place)| *place).collect();
        copied.records += self.chosen.len() as u64;
        copied.requests += requests.len() as u64;
        let mut places = [self.chosen, requests, self.infos].concat();
        places.sort_unstable();
        places
    }
}

/// Reads the file's headers and finds what is to be copied: of what is whole.
fn places(stream: Stream, ids: &RecordIds, found: &mut RecordIds, copied: &mut Copied) -> Vec<Place> {
    let mut framing = Framing::new(stream);
    let (mut candidates, mut place) = (Candidates::default(), 0);
    while let Some(framed) = framing.advance() {
        match framed.and_then(|header| framing.finish_block().map(|()| header)) {
            Ok(header) => candidates.add(header, place, ids, found),
            Err(fault) => copied.faults.push(fault.message),
        }
        place += 1;
    }
    candidates.places(ids, copied)
}

/// Hands the records at these places on: the file is framed a second time, and as it was the first time.
fn copy(
    source: &Source<'_>,
    places: &[Place],
    out: &mut impl TakeRecord,
    copied: &mut Copied,
) -> io::Result<()> {
    let mut wanted = places.iter().copied().peekable();
    if wanted.peek().is_none() {
        return Ok(());
    }
    let mut framing =
        Framing::new(source.open().map_err(|fault| io::Error::other(fault.message))?).with_raw_headers();
    let mut place = 0;
    while wanted.peek().is_some() {
        let Some(framed) = framing.advance() else { break };
        // What was whole is whole again; else the file has changed meanwhile.
        let is_wanted = wanted.next_if_eq(&place).is_some();
        match framed {
            Ok(_) if is_wanted => copied.bytes += copy_record(&mut framing, out)?,
            Ok(_) => drop(framing.finish_block()),
            Err(fault) if is_wanted => return Err(io::Error::other(fault.message)),
            Err(_) => {}
        }
        place += 1;
    }
    Ok(())
}

/// Hands on the record whose header was read; gives its bytes.
fn copy_record(framing: &mut Framing, out: &mut impl TakeRecord) -> io::Result<u64> {
    let header = framing.raw_header();
    out(header, false)?;
    let mut bytes = header.len() + RECORD_END.len();
    let mut block = framing.block();
    loop {
        let piece = block.fill_buf()?;
        if piece.is_empty() {
            break;
        }
        out(piece, false)?;
        let length = piece.len();
        bytes += length;
        block.consume(length);
    }
    out(RECORD_END, true)?;
    Ok(bytes as u64)
}
