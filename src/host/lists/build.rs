//! Entries in any order and number → one sorted map.
//!
//! Entries are sorted in chunks of bounded size; each chunk becomes a map in memory, which takes some ten bytes
//! an entry, and the maps are merged at the end.

use super::file::{Category, List, ListHeader, VERSION, problem};
use super::format::{Content, Format, Kind};
use super::name::{HostName, Refusal};
use crate::{Error, Result};
use fst::map::OpBuilder;
use fst::{Map, MapBuilder, Streamer};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::Xxh3;

/// Bytes of keys that are sorted at a time.
const CHUNK_BYTES: usize = 48 << 20;
/// Bytes of the longest line: the longest URL of the lists that were looked at has some 2,000.
const LONGEST_LINE: u64 = 16 << 10;
/// Refused entries that are shown for each reason.
const EXAMPLES: usize = 5;
/// Lines that are looked at to tell the format.
const LOOK_AHEAD: usize = 50;

/// Categories whose hosts nobody wants in a collection of texts. Being on a list of another category (`press`,
/// `shopping`) is a fact about a host and speaks neither for nor against it.
const UNWANTED: &[&str] = &[
    "adult",
    "porn",
    "nsfw",
    "gambling",
    "phishing",
    "malware",
    "scam",
    "fraud",
    "spam",
    "seospam",
    "ads",
    "publicite",
    "warez",
    "ddos",
    "cryptojacking",
    "stalkerware",
    "fakenews",
    "content-farm",
    "content_farm",
    "doorway",
    "hacking",
    "typosquatting",
    "dangerous_material",
    "mixed_adult",
    "agressif",
];
/// What being on a list of unwanted hosts says, in log-odds: odds of seven to one. Chosen by hand: of the public
/// lists that were looked at some have one false entry in twenty, and one list must not decide alone.
const UNWANTED_WEIGHT: f32 = -2.0;

/// How a list is imported.
#[derive(Debug, Clone, Default)]
pub struct ListOptions {
    name: String,
    format: Option<Format>,
    category: Option<String>,
    date: Option<String>,
    weight: Option<f32>,
}

impl ListOptions {
    /// A list of that name, which is the name of its files too.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Sets how it is written; without it the first lines tell.
    pub fn with_format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    /// Sets the category of entries that have none by their folder.
    pub fn with_category(mut self, category: impl Into<String>) -> Self {
        self.category = Some(category.into());
        self
    }

    /// Sets the day that the list is of, `YYYY-MM-DD`.
    pub fn with_date(mut self, date: impl Into<String>) -> Self {
        self.date = Some(date.into());
        self
    }

    /// Sets what being on the list says, in log-odds; negative speaks against the host.
    pub fn with_weight(mut self, weight: f32) -> Self {
        self.weight = Some(weight);
        self
    }
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Lines.
    pub lines: u64,
    /// Empty lines and comments.
    pub comments: u64,
    /// Entries that were taken, each as often as it stands there.
    pub entries: u64,
    /// Of them those that stood there before.
    pub duplicates: u64,
    /// Entries that were refused, by reason, with the first of them.
    pub refused: BTreeMap<String, (u64, Vec<String>)>,
}

/// Takes in the files of a list.
#[derive(Debug)]
pub struct Importer {
    options: ListOptions,
    kind: Option<Kind>,
    categories: Vec<Category>,
    sets: Sets,
    chunk: Chunk,
    runs: Vec<Vec<u8>>,
    counts: Counts,
    sources: Vec<(String, String)>,
}

impl Importer {
    /// An importer that has seen nothing yet.
    pub fn new(options: ListOptions) -> Self {
        Self {
            options,
            kind: None,
            categories: Vec::new(),
            sets: Sets::default(),
            chunk: Chunk::default(),
            runs: Vec::new(),
            counts: Counts::default(),
            sources: Vec::new(),
        }
    }

    /// Takes in one file; `category` is its folder's. Files of one list say the same kind of thing.
    pub fn add(&mut self, path: &Path, category: Option<&str>, reader: impl BufRead) -> Result<()> {
        let mut lines = Lines::new(reader);
        let mut first = Vec::new();
        while first.len() < LOOK_AHEAD
            && let Some(line) = lines.next().map_err(Error::io("read", path))?
        {
            first.push(line);
        }
        let sniffed = || first.iter().find_map(|line| Format::of_line(line.as_deref().ok()?));
        let format = self.options.format.or_else(sniffed).unwrap_or(Format::Hosts);
        self.expect(format.kind(), path)?;
        let set = self.set_of(category, format.kind())?;
        for line in first {
            self.line(format, set, line);
        }
        while let Some(line) = lines.next().map_err(Error::io("read", path))? {
            self.line(format, set, line);
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let name = category.map_or(name.clone().into_owned(), |category| format!("{category}/{name}"));
        self.sources.push((name, format!("{:016x}", lines.hash.digest())));
        Ok(())
    }

    fn expect(&mut self, kind: Kind, path: &Path) -> Result<()> {
        let expected = *self.kind.get_or_insert(kind);
        if expected == kind {
            return Ok(());
        }
        let message = "its entries say something else than those of the files before it (categories, scores or ranks); \
                       import it as a list of its own, or say what it is with --as";
        Err(problem(path, message.to_owned()))
    }

    /// The set that has the file's category alone.
    fn set_of(&mut self, category: Option<&str>, kind: Kind) -> Result<u64> {
        let given = category.or(self.options.category.as_deref());
        if kind != Kind::Category {
            return Ok(0);
        }
        let name = given.unwrap_or("listed");
        let at = self.categories.iter().position(|known| known.name == name).unwrap_or_else(|| {
            let usual = if name == "listed" || UNWANTED.contains(&name) { UNWANTED_WEIGHT } else { 0.0 };
            let weight = self.options.weight.unwrap_or(usual);
            self.categories.push(Category { name: name.to_owned(), weight });
            self.categories.len() - 1
        });
        let at = u16::try_from(at)
            .map_err(|_| Error::Settings("a list has at most 65536 categories".to_owned()))?;
        Ok(self.sets.index(vec![at]) << 32)
    }

    fn line(&mut self, format: Format, set: u64, line: std::result::Result<String, Refusal>) {
        self.counts.lines += 1;
        let line = match line {
            Ok(line) => line,
            Err(refusal) => return self.refuse(refusal, ""),
        };
        let mut found = Vec::new();
        if format.read(&line, |entry| found.push(entry)) == Content::Comment {
            self.counts.comments += 1;
        }
        let is_title = self.counts.entries == 0 && self.counts.refused.is_empty();
        for entry in found {
            match entry {
                Ok((host, number)) => self.entry(format, host, set | u64::from(number)),
                // The names of the columns stand on top.
                Err(Refusal::Value) if is_title => self.counts.comments += 1,
                Err(refusal) => self.refuse(refusal, &line),
            }
        }
    }

    fn entry(&mut self, format: Format, host: &str, value: u64) {
        let turned = (format == Format::CommonCrawl).then(|| host.rsplit('.').collect::<Vec<_>>().join("."));
        match HostName::parse(turned.as_deref().unwrap_or(host)) {
            Ok(name) => {
                self.counts.entries += 1;
                name.write_key(&mut self.chunk.key);
                self.chunk.push(value);
                if self.chunk.is_full() {
                    self.sort_chunk();
                }
            }
            Err(refusal) => self.refuse(refusal, host),
        }
    }

    fn refuse(&mut self, refusal: Refusal, text: &str) {
        let (count, examples) = self.counts.refused.entry(refusal.as_str().to_owned()).or_default();
        *count += 1;
        if examples.len() < EXAMPLES && !text.is_empty() {
            examples.push(text.chars().take(100).collect());
        }
    }

    pub(super) fn sort_chunk(&mut self) {
        let mut merge = Merge { sets: &mut self.sets, kind: self.kind };
        let run = self.chunk.sorted(&mut merge);
        self.runs.push(run);
    }

    /// The finished list. Fails when no entry could be taken. `file_date` counts where no date was given.
    pub fn finish(mut self, file_date: Option<String>) -> Result<List> {
        self.sort_chunk();
        let kind = self.kind.unwrap_or(Kind::Category);
        let map = merged(&self.runs, &mut Merge { sets: &mut self.sets, kind: self.kind });
        let name = PathBuf::from(&self.options.name);
        if self.counts.entries == 0 {
            return Err(problem(&name, nothing_taken(&self.counts)));
        }
        let mut header = ListHeader {
            v: VERSION,
            name: self.options.name,
            kind,
            date: self.options.date.or(file_date),
            categories: self.categories,
            sets: self.sets.list,
            sources: self.sources,
            counts: self.counts,
            map: Default::default(),
        };
        header.counts.duplicates = 0;
        let mut list = List::new(header, map).map_err(|error| problem(&name, error.to_string()))?;
        list.header.counts.duplicates = list.header.counts.entries.saturating_sub(list.len() as u64);
        Ok(list)
    }
}

fn nothing_taken(counts: &Counts) -> String {
    let refused: Vec<String> =
        counts.refused.iter().map(|(name, (count, _))| format!("{count} {name}")).collect();
    format!(
        "expected one host a line, a hosts file, `host,score`, `rank,host` or Common Crawl's ranks, and could take none \
         of {} lines ({}); say what it is with --as",
        counts.lines,
        if refused.is_empty() { "all comments".to_owned() } else { refused.join(", ") }
    )
}

/// Sets of categories, each with a number.
#[derive(Debug, Default)]
struct Sets {
    list: Vec<Vec<u16>>,
    known: BTreeMap<Vec<u16>, u64>,
}

impl Sets {
    fn index(&mut self, set: Vec<u16>) -> u64 {
        if let Some(known) = self.known.get(&set) {
            return *known;
        }
        let index = self.list.len() as u64;
        self.list.push(set.clone());
        self.known.insert(set, index);
        index
    }

    fn union(&mut self, a: u64, b: u64) -> u64 {
        let members = |at: u64| self.list.get(at as usize).into_iter().flatten().copied();
        let mut set: Vec<u16> = members(a).chain(members(b)).collect();
        set.sort_unstable();
        set.dedup();
        self.index(set)
    }
}

/// What becomes of a key's second value: all its categories, the better rank, the lower score.
struct Merge<'s> {
    sets: &'s mut Sets,
    kind: Option<Kind>,
}

impl Merge<'_> {
    fn of(&mut self, a: u64, b: u64) -> u64 {
        match self.kind {
            _ if a == b => a,
            Some(Kind::Rank | Kind::Score) => a.min(b),
            _ => self.sets.union(a >> 32, b >> 32) << 32,
        }
    }
}

/// Entries that are sorted together.
#[derive(Debug, Default)]
struct Chunk {
    keys: Vec<u8>,
    /// Start and end in `keys`, value.
    entries: Vec<(u32, u32, u64)>,
    /// The key that is being written.
    key: Vec<u8>,
}

impl Chunk {
    fn push(&mut self, value: u64) {
        let start = self.keys.len() as u32;
        self.keys.extend_from_slice(&self.key);
        self.entries.push((start, self.keys.len() as u32, value));
    }

    fn is_full(&self) -> bool {
        self.keys.len() >= CHUNK_BYTES
    }

    /// The entries as a map; the chunk is empty afterwards.
    fn sorted(&mut self, merge: &mut Merge<'_>) -> Vec<u8> {
        let keys = std::mem::take(&mut self.keys);
        let mut entries = std::mem::take(&mut self.entries);
        let key = |entry: &(u32, u32, u64)| keys.get(entry.0 as usize..entry.1 as usize).unwrap_or_default();
        entries.sort_unstable_by(|a, b| key(a).cmp(key(b)).then(a.2.cmp(&b.2)));
        let mut map = MapBuilder::memory();
        let mut rows = entries.iter().peekable();
        while let Some(row) = rows.next() {
            let mut value = row.2;
            while let Some(same) = rows.next_if(|next| key(next) == key(row)) {
                value = merge.of(value, same.2);
            }
            insert(&mut map, key(row), value);
        }
        finished(map)
    }
}

/// The maps as one.
fn merged(runs: &[Vec<u8>], merge: &mut Merge<'_>) -> Vec<u8> {
    if let [only] = runs {
        return only.clone();
    }
    let maps: Vec<Map<&[u8]>> = runs.iter().filter_map(|run| Map::new(run.as_slice()).ok()).collect();
    let mut union = maps.iter().collect::<OpBuilder<'_>>().union();
    let mut map = MapBuilder::memory();
    while let Some((key, values)) = union.next() {
        let value = values.iter().map(|value| value.value).reduce(|a, b| merge.of(a, b));
        insert(&mut map, key, value.unwrap_or_default());
    }
    finished(map)
}

#[expect(clippy::expect_used, reason = "fst fails for keys out of order only, and they come sorted")]
fn insert(map: &mut MapBuilder<Vec<u8>>, key: &[u8], value: u64) {
    map.insert(key, value).expect("keys are sorted");
}

#[expect(clippy::expect_used, reason = "writing to memory cannot fail")]
fn finished(map: MapBuilder<Vec<u8>>) -> Vec<u8> {
    map.into_inner().expect("memory takes every byte")
}

/// Lines of bounded length with a digest of all bytes.
struct Lines<R> {
    reader: R,
    hash: Xxh3,
}

impl<R: BufRead> Lines<R> {
    fn new(reader: R) -> Self {
        Self { reader, hash: Xxh3::new() }
    }

    /// The next line, or why it is none; none at the end.
    fn next(&mut self) -> std::io::Result<Option<std::result::Result<String, Refusal>>> {
        let mut line = Vec::new();
        let read = self.reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        self.hash.update(&line);
        if read == 0 {
            return Ok(None);
        }
        if read as u64 == LONGEST_LINE && !line.ends_with(b"\n") {
            self.skip_line()?;
            return Ok(Some(Err(Refusal::TooLong)));
        }
        Ok(Some(String::from_utf8(line).map_err(|_| Refusal::Malformed)))
    }

    fn skip_line(&mut self) -> std::io::Result<()> {
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(());
            }
            let end = memchr::memchr(b'\n', buffer);
            let length = end.map_or(buffer.len(), |end| end + 1);
            self.hash.update(buffer.get(..length).unwrap_or_default());
            self.reader.consume(length);
            if end.is_some() {
                return Ok(());
            }
        }
    }
}
