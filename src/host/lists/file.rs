//! A list on disk: the map and what it is, checked when it is opened.

use super::build::Counts;
use super::find::Found;
use super::format::Kind;
use crate::{Error, Result, atomic_file};
use filebuffer::FileBuffer;
use fst::Map;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

/// The version of header and keys.
pub(super) const VERSION: u8 = 1;

/// What a list is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListHeader {
    /// Version of header and keys, 1.
    pub v: u8,
    /// The list's name.
    pub name: String,
    /// What its entries say.
    pub kind: Kind,
    /// The day that the list is of, `YYYY-MM-DD`: as the user said, else the newest file's.
    pub date: Option<String>,
    /// The categories of its entries.
    pub categories: Vec<Category>,
    /// Sets of categories, by their indexes; an entry names one of the sets.
    pub sets: Vec<Vec<u16>>,
    /// Each file with the digest of its decompressed bytes (XXH3, 64 bits).
    pub sources: Vec<(String, String)>,
    /// What was read and what was refused.
    pub counts: Counts,
    /// Bytes and digest of the map (XXH3, 64 bits).
    pub map: (u64, String),
}

/// A category of entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Category {
    /// Its name: that of the folder, or as the user said.
    pub name: String,
    /// What belonging to it says for the sub-score, in log-odds; negative speaks against the host.
    pub weight: f32,
}

/// The bytes of a map.
pub(super) enum Bytes {
    Mapped(FileBuffer),
    Owned(Vec<u8>),
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Mapped(file) => file,
            Self::Owned(bytes) => bytes,
        }
    }
}

/// A list of hosts, ready to look things up.
pub struct List {
    pub(super) header: ListHeader,
    pub(super) map: Map<Bytes>,
}

impl std::fmt::Debug for List {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("List").field("header", &self.header).finish_non_exhaustive()
    }
}

impl List {
    /// A list that has just been made.
    pub(super) fn new(mut header: ListHeader, map: Vec<u8>) -> fst::Result<Self> {
        header.map = (map.len() as u64, digest(&map));
        Ok(Self { header, map: Map::new(Bytes::Owned(map))? })
    }

    /// Opens the list whose header is `path` (`NAME.json`; `NAME.fst` stands beside it) and checks both.
    pub fn open(path: &Path) -> Result<Self> {
        let text = fs::read(path).map_err(Error::io("read", path))?;
        let header: ListHeader = serde_json::from_slice(&text).map_err(|error| {
            problem(path, format!("expected the header of a host list ({error}); {AGAIN}"))
        })?;
        if header.v != VERSION {
            return Err(problem(
                path,
                format!("expected version {VERSION} of host lists, found {}; {AGAIN}", header.v),
            ));
        }
        let path = path.with_extension("fst");
        let bytes = FileBuffer::open(&path).map_err(Error::io("read", &path))?;
        let found = (bytes.len() as u64, digest(&bytes));
        if found != header.map {
            return Err(problem(&path, format!("the map is not the one that its header speaks of; {AGAIN}")));
        }
        let damaged = |error: fst::Error| problem(&path, format!("{error}; {AGAIN}"));
        let map = Map::new(Bytes::Mapped(bytes)).map_err(damaged)?;
        // The map's own checksum: the header's digest may have been made of a map that was damaged before.
        map.as_fst().verify().map_err(damaged)?;
        Ok(Self { header, map })
    }

    /// Opens every list of a folder in the order of their names, or the one whose header is given.
    pub fn open_all(path: &Path) -> Result<Vec<Self>> {
        if !path.is_dir() {
            return Ok(vec![Self::open(path)?]);
        }
        let mut headers = Vec::new();
        for entry in fs::read_dir(path).map_err(Error::io("read", path))? {
            let entry = entry.map_err(Error::io("read", path))?.path();
            headers.extend(entry.with_extension("fst").is_file().then_some(entry));
        }
        headers.retain(|path| path.extension().is_some_and(|end| end == "json"));
        headers.sort();
        headers.iter().map(|path| Self::open(path)).collect()
    }

    /// Writes the list into a folder, which is made if need be; gives the header's path. A list of the same
    /// name is replaced.
    pub fn save(&self, folder: &Path) -> Result<PathBuf> {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let header = folder.join(format!("{}.json", self.header.name));
        let text =
            serde_json::to_vec_pretty(&self.header).map_err(|error| problem(&header, error.to_string()))?;
        atomic_file::write(&header.with_extension("fst"), self.map.as_fst().as_bytes())?;
        atomic_file::write(&header, text)?;
        Ok(header)
    }

    /// What the list is.
    pub fn header(&self) -> &ListHeader {
        &self.header
    }

    /// Entries, each host once.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether nothing is on the list.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// The categories of an entry.
    pub fn categories(&self, found: Found) -> impl Iterator<Item = &Category> {
        let set = self.header.sets.get((found.value >> 32) as usize);
        set.into_iter().flatten().filter_map(|at| self.header.categories.get(usize::from(*at)))
    }

    /// The number of an entry: a rank from 1, or a score in millionths; 0 for an entry of a category.
    pub fn number(&self, found: Found) -> u32 {
        found.value as u32
    }
}

const AGAIN: &str = "import the list again with `pagesieve hosts import`";

fn digest(bytes: &[u8]) -> String {
    format!("{:016x}", xxh3_64(bytes))
}

pub(super) fn problem(path: &Path, problem: String) -> Error {
    Error::Hosts { path: path.to_owned(), problem }
}
