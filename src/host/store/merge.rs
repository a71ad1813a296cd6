//! Databases of shards → one database, by addition.

use super::write::{count, on_conflict};
use super::{Store, fault, problem};
use crate::host::HostEvidence;
use crate::{Error, Result};
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior};
use std::path::Path;

/// What a merge has added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Merged {
    /// Runs.
    pub runs: u64,
    /// Pages.
    pub pages: u64,
    /// Runs that were stopped before their end.
    pub unfinished: u64,
}

impl Store {
    /// Adds everything that another database has. Refused, with nothing changed, when both have pages of one
    /// run: they would count twice.
    pub fn merge(&mut self, other: &Path) -> Result<Merged> {
        // It is checked as a database of its own first.
        drop(Self::open(other)?);
        let name =
            other.to_str().ok_or_else(|| problem(other, "expected a name in UTF-8; rename the file"))?;
        self.database.execute("ATTACH ?1 AS other", [name]).map_err(fault(other))?;
        let merged = self.merge_attached(other);
        let detached = self.database.execute_batch("DETACH other").map_err(fault(other));
        merged.and_then(|merged| detached.map(|()| merged))
    }

    fn merge_attached(&mut self, other: &Path) -> Result<Merged> {
        let behaviour = TransactionBehavior::Immediate;
        let transaction = self.database.transaction_with_behavior(behaviour).map_err(fault(&self.path))?;
        let shared = "SELECT id FROM other.run INTERSECT SELECT id FROM main.run";
        let shared: Option<String> =
            transaction.query_row(shared, [], |row| row.get(0)).optional().map_err(fault(other))?;
        if let Some(run) = shared {
            return Err(counted_twice(&self.path, other, &run));
        }
        let merged = copy(&transaction).map_err(fault(other))?;
        transaction.commit().map_err(fault(&self.path))?;
        Ok(merged)
    }
}

fn counted_twice(path: &Path, other: &Path, run: &str) -> Error {
    let ours = path.display();
    problem(
        other,
        format!(
            "it has pages of the run {run}, and so has `{ours}` or a database merged before: they would count twice; \
             leave one of the two out"
        ),
    )
}

fn copy(transaction: &Transaction<'_>) -> rusqlite::Result<Merged> {
    let merged = transaction.query_row(
        "SELECT count(*), coalesce(sum(pages), 0), coalesce(sum(done = 0), 0) FROM other.run",
        [],
        |row| Ok(Merged { runs: count(row, 0)?, pages: count(row, 1)?, unfinished: count(row, 2)? }),
    )?;
    let columns = HostEvidence::columns();
    let names = format!("domain, prefix, host, {}, first_date, last_date", columns.join(", "));
    transaction.execute_batch(&format!(
        "INSERT INTO main.run SELECT * FROM other.run;
         INSERT INTO main.place ({names}) SELECT {names} FROM other.place WHERE true {};",
        on_conflict(columns)
    ))?;
    for (table, name, counted) in
        [("filing", "number", "pages"), ("repair", "name", "count"), ("reason", "name", "pages")]
    {
        transaction.execute_batch(&format!(
            "INSERT INTO main.{table} (place, {name}, {counted})
             SELECT ours.id, t.{name}, t.{counted} FROM other.{table} t
             JOIN other.place theirs ON theirs.id = t.place
             JOIN main.place ours USING (domain, prefix, host)
             WHERE true
             ON CONFLICT (place, {name}) DO UPDATE SET {counted} = {counted} + excluded.{counted};"
        ))?;
    }
    Ok(merged)
}
