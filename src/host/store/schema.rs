//! The tables, and whether a file has them.

use crate::host::HostEvidence;
use rusqlite::{Connection, TransactionBehavior};
use std::fmt::Write as _;

/// "PSVE": how `file` and other programs tell the database from others.
const APPLICATION: i32 = 0x5053_5645;
/// The version of the schema; to be raised when a column comes or goes, or what one means changes.
pub const SCHEMA_VERSION: i32 = 1;

const TABLES: &str = "
CREATE TABLE run (
    id TEXT PRIMARY KEY,
    program TEXT NOT NULL,
    input INTEGER NOT NULL DEFAULT 0,
    position INTEGER NOT NULL DEFAULT 0,
    pages INTEGER NOT NULL DEFAULT 0,
    unplaced INTEGER NOT NULL DEFAULT 0,
    done INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE filing (
    number TEXT NOT NULL,
    place INTEGER NOT NULL REFERENCES place (id),
    pages INTEGER NOT NULL,
    PRIMARY KEY (number, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX filing_of_place ON filing (place);
CREATE TABLE repair (
    place INTEGER NOT NULL REFERENCES place (id),
    name TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (place, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE reason (
    place INTEGER NOT NULL REFERENCES place (id),
    name TEXT NOT NULL,
    pages INTEGER NOT NULL,
    PRIMARY KEY (place, name)
) STRICT, WITHOUT ROWID;
";

/// Whether there is no table, and the database is not another program's.
pub(super) fn is_empty(database: &Connection) -> rusqlite::Result<bool> {
    let tables: i64 = database.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let application: i32 = database.pragma_query_value(None, "application_id", |row| row.get(0))?;
    Ok(tables == 0 && application == 0)
}

/// Makes the tables where there are none; another program may have been faster.
pub(super) fn create(database: &mut Connection) -> rusqlite::Result<()> {
    let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if is_empty(&transaction)? {
        transaction.execute_batch(TABLES)?;
        transaction.execute_batch(&place_table())?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    }
    transaction.commit()
}

fn place_table() -> String {
    let mut sql = "CREATE TABLE place (\n    id INTEGER PRIMARY KEY,\n    domain TEXT NOT NULL,\n    \
                   prefix TEXT NOT NULL,\n    host TEXT NOT NULL,\n"
        .to_owned();
    for column in HostEvidence::columns() {
        // Writing to a String cannot fail.
        let _ = writeln!(sql, "    {column} INTEGER NOT NULL DEFAULT 0,");
    }
    sql + "    first_date TEXT,\n    last_date TEXT,\n    UNIQUE (domain, prefix, host)\n) STRICT;"
}

/// What is wrong with the database, if something is.
pub(super) fn check(database: &Connection) -> rusqlite::Result<Option<String>> {
    let number = |name| database.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    if number("application_id")? != APPLICATION {
        let found = "expected a database of host evidence, found a SQLite database of something else; give another name";
        return Ok(Some(found.to_owned()));
    }
    let version = number("user_version")?;
    if version != SCHEMA_VERSION {
        let kind = if version > SCHEMA_VERSION { "a later" } else { "an earlier" };
        return Ok(Some(format!(
            "expected schema version {SCHEMA_VERSION}, found {version}: {kind} version of pagesieve has written it; use that \
             one, or run the inputs again into a new database"
        )));
    }
    let answer: String = database.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    Ok((answer != "ok").then(|| {
        format!(
            "the database is damaged ({}); put a copy in its place, or run the inputs again into a new one",
            answer.lines().next().unwrap_or_default()
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use xxhash_rust::xxh3::xxh3_64;

    #[test]
    fn another_schema_has_another_version() {
        let digest = xxh3_64((TABLES.to_owned() + &place_table()).as_bytes());
        assert_eq!(
            (SCHEMA_VERSION, format!("{digest:016x}").as_str()),
            (1, "50be0571bbda4af6"),
            "the tables have changed (a label, score or sign?): raise SCHEMA_VERSION, then put the new digest here"
        );
    }
}
