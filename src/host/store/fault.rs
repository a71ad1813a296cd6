//! What the database says → what the user can do.

use crate::Error;
use rusqlite::ErrorCode;
use std::path::Path;

/// An error about the database with what was found and what to do.
pub(super) fn problem(path: &Path, problem: impl Into<String>) -> Error {
    Error::Hosts { path: path.to_owned(), problem: problem.into() }
}

/// Makes a closure for `map_err`.
pub(super) fn fault(path: &Path) -> impl Fn(rusqlite::Error) -> Error + use<'_> {
    move |error| problem(path, advice(&error))
}

fn advice(error: &rusqlite::Error) -> String {
    let advice = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "the database is locked by another program; wait until that has ended, or give each run a database of \
             its own and add them with `pagesieve hosts merge`"
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            "the database is damaged; nothing was changed. Put a copy in its place, or run the inputs again into a \
             new one; `sqlite3 FILE .recover` may save a part"
        }
        Some(ErrorCode::DiskFull) => {
            "the disk is full; nothing of the last transaction was written. Make room and give --resume"
        }
        Some(ErrorCode::ReadOnly) => "the database may not be written; check the rights of file and folder",
        Some(ErrorCode::CannotOpen) => {
            "the database cannot be opened; check the name, the folder and their rights"
        }
        _ => return format!("unexpected answer of the database: {error}"),
    };
    format!("{advice} ({error})")
}
