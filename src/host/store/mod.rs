//! Evidence in one `SQLite` file.
//!
//! Any `SQLite` program can read it. Its application id is `0x50535645` ("PSVE") and its user version is
//! [`SCHEMA_VERSION`]. The tables:
//!
//! | table | a row is | columns |
//! |---|---|---|
//! | `run` | a run of `filter` whose pages are counted here | `id` digest of the inputs' names and sizes; `program`; `input`, `position`: the inputs before `input` and of it the records up to `position` are counted; `pages`; `unplaced`: of them those without a host; `done`: 1 when the run is finished |
//! | `place` | a registrable domain, path prefix and host | `id`, `domain`, `prefix`, `host`, the counters, `first_date`, `last_date` (`YYYY-MM-DD` or null) |
//! | `filing` | a filing number that pages of a place show | `number`, `place`, `pages` |
//! | `repair` | something that was undone in bodies of a place | `place`, `name`, `count` |
//! | `reason` | a reason that was given for pages of a place | `place`, `name`, `pages` |
//!
//! The counters of `place` are whole numbers that only grow: `pages`; `verdict_keep`, `verdict_review`,
//! `verdict_drop`; for each score `…_sum` and `…_squares` in millionths and `…_over`, the pages whose score is
//! at least 0.5; for each label `…_blocks` and `…_characters`; for each sign `sign_…`, the pages that show it.
//!
//! ```sql
//! SELECT domain, sum(pages), sum(adult_over) FROM place GROUP BY domain ORDER BY 3 DESC LIMIT 20;
//! SELECT number, count(DISTINCT domain) FROM filing JOIN place ON id = place GROUP BY number ORDER BY 2 DESC;
//! ```
//!
//! Counts and the place up to which they go are written in one transaction with a rollback journal and full
//! synchronisation, so a killed program leaves both or neither, and no second file stays behind.

mod fault;
mod merge;
mod read;
mod schema;
mod write;

#[cfg(test)]
mod tests;

pub use merge::Merged;
pub use read::SharedFiling;
pub use schema::SCHEMA_VERSION;
pub use write::{Progress, Run};

use crate::Result;
use fault::{fault, problem};
use rusqlite::{Connection, OpenFlags};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long to wait for another program that writes; a transaction takes well under a second.
const PATIENCE: Duration = Duration::from_secs(10);

/// The first bytes of every `SQLite` file.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// A database of host evidence.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    database: Connection,
}

impl Store {
    /// Opens a database, which may not be there yet or be empty.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self> {
        Self::create_with_patience(path.into(), PATIENCE)
    }

    fn create_with_patience(path: PathBuf, patience: Duration) -> Result<Self> {
        let mut store = Self::connect(path, OpenFlags::SQLITE_OPEN_CREATE, patience)?;
        // The file's length says nothing: where a program was killed while it made the tables, SQLite takes them back now.
        if schema::is_empty(&store.database).map_err(fault(&store.path))? {
            schema::create(&mut store.database).map_err(fault(&store.path))?;
        }
        store.check()?;
        Ok(store)
    }

    /// Opens a database that is there.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        let file = path.metadata().map_err(crate::Error::io("read", &path))?;
        if file.len() == 0 {
            return Err(problem(
                &path,
                "the file is empty; give a database that `filter --hosts` has written",
            ));
        }
        let store = Self::connect(path, OpenFlags::empty(), PATIENCE)?;
        store.check()?;
        Ok(store)
    }

    /// Another connection to a database that was opened, and so checked, already.
    pub(in crate::host) fn reopen(path: &Path) -> Result<Self> {
        Self::connect(path.to_owned(), OpenFlags::empty(), PATIENCE)
    }

    fn connect(path: PathBuf, flags: OpenFlags, patience: Duration) -> Result<Self> {
        check_magic(&path)?;
        let flags = flags | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let database = Connection::open_with_flags(&path, flags).map_err(fault(&path))?;
        let set = || {
            database.busy_timeout(patience)?;
            database.pragma_update(None, "synchronous", "FULL")?;
            // What the file says of itself is not to be run.
            database.pragma_update(None, "trusted_schema", false)
        };
        set().map_err(fault(&path))?;
        Ok(Self { path, database })
    }

    /// Refuses a database of something else, of another version, or with damaged pages.
    fn check(&self) -> Result<()> {
        let whole = schema::check(&self.database).map_err(fault(&self.path))?;
        whole.map_or(Ok(()), |found| Err(problem(&self.path, found)))
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn check_magic(path: &Path) -> Result<()> {
    let Ok(mut file) = File::open(path) else { return Ok(()) };
    let mut head = Vec::new();
    let read = file.by_ref().take(MAGIC.len() as u64).read_to_end(&mut head);
    read.map_err(crate::Error::io("read", path))?;
    if head.is_empty() || head == MAGIC {
        return Ok(());
    }
    Err(problem(
        path,
        "expected a SQLite database of host evidence, found a file of another kind; give another name",
    ))
}
