//! Evidence out of the database.

use super::write::count;
use super::{Store, fault};
use crate::Result;
use crate::host::credibility::Prior;
use crate::host::{HostEvidence, Place};
use rusqlite::{Row, params};
use std::collections::BTreeMap;
use xxhash_rust::xxh3::Xxh3;

/// A filing number and on how many registrable domains it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedFiling {
    /// The number in its one form.
    pub number: String,
    /// Registrable domains that show it, this one included.
    pub domains: u64,
    /// Pages of the host that show it.
    pub pages: u64,
}

/// Columns in front of the counters: id, domain, prefix, host, `first_date`, `last_date`.
const BEFORE_COUNTS: usize = 6;

impl Store {
    /// The places of a registrable domain with everything that is known of them.
    pub fn domain(&self, domain: &str) -> Result<Vec<(Place, HostEvidence)>> {
        let read = || -> rusqlite::Result<_> {
            let sql = select() + " WHERE domain = ?1 ORDER BY host, prefix";
            let mut statement = self.database.prepare(&sql)?;
            let rows = statement.query_map([domain], |row| Ok((row.get::<_, i64>(0)?, place(row)?)))?;
            let mut places = Vec::new();
            for row in rows {
                let (id, (place, mut evidence)) = row?;
                evidence.filings = self.named("SELECT number, pages FROM filing WHERE place = ?1", id)?;
                evidence.repairs = self.named("SELECT name, count FROM repair WHERE place = ?1", id)?;
                evidence.reasons = self.named("SELECT name, pages FROM reason WHERE place = ?1", id)?;
                places.push((place, evidence));
            }
            Ok(places)
        };
        read().map_err(fault(&self.path))
    }

    fn named(&self, sql: &str, id: i64) -> rusqlite::Result<BTreeMap<String, u64>> {
        let mut statement = self.database.prepare_cached(sql)?;
        statement.query_map([id], |row| Ok((row.get(0)?, count(row, 1)?)))?.collect()
    }

    /// Calls `visit` with the places of each registrable domain, in the order of their names. Only the counters
    /// are read, not filings, repairs and reasons.
    pub fn each_domain(&self, mut visit: impl FnMut(&[(Place, HostEvidence)])) -> Result<()> {
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = self.database.prepare(&(select() + " ORDER BY domain, prefix, host"))?;
            let rows = statement.query_map([], place)?;
            let mut domain: Vec<(Place, HostEvidence)> = Vec::new();
            for row in rows {
                let row = row?;
                if domain.first().is_some_and(|first| first.0.domain() != row.0.domain()) {
                    visit(&domain);
                    domain.clear();
                }
                domain.push(row);
            }
            if !domain.is_empty() {
                visit(&domain);
            }
            Ok(())
        };
        read().map_err(fault(&self.path))
    }

    /// Everything that was counted, added up over all places.
    pub fn total(&self) -> Result<HostEvidence> {
        let sums: Vec<String> =
            HostEvidence::columns().iter().map(|name| format!("coalesce(sum({name}), 0)")).collect();
        let sql = format!("SELECT {} FROM place", sums.join(", "));
        let read = self.database.query_row(&sql, [], |row| {
            let mut total = HostEvidence::default();
            total.fill((0..sums.len()).map(|at| count(row, at)).collect::<rusqlite::Result<Vec<_>>>()?);
            Ok(total)
        });
        read.map_err(fault(&self.path))
    }

    /// What tells the evidence from that of other runs: which runs are counted, and how far.
    pub(in crate::host) fn digest(&self) -> Result<String> {
        let read = || -> rusqlite::Result<String> {
            let mut statement = self.database.prepare("SELECT id, pages FROM run ORDER BY id")?;
            let mut hash = Xxh3::new();
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                hash.update(format!("{} {}\n", row.get::<_, String>(0)?, count(row, 1)?).as_bytes());
            }
            Ok(format!("{:016x}", hash.digest()))
        };
        read().map_err(fault(&self.path))
    }

    /// What is usual among the pages of this database.
    pub fn prior(&self) -> Result<Prior> {
        Ok(Prior::of(&self.total()?))
    }

    /// The filing numbers of a registrable domain with the number of domains that show each, the most shared
    /// first.
    pub fn shared_filings(&self, domain: &str) -> Result<Vec<SharedFiling>> {
        let read = || -> rusqlite::Result<Vec<SharedFiling>> {
            let mut statement = self.database.prepare(
                "WITH own AS (SELECT number, sum(f.pages) AS pages FROM place JOIN filing f ON f.place = id
                              WHERE domain = ?1 GROUP BY number)
                 SELECT own.number, count(DISTINCT p.domain), own.pages
                 FROM own JOIN filing f ON f.number = own.number JOIN place p ON p.id = f.place
                 GROUP BY own.number ORDER BY 2 DESC, 1",
            )?;
            let rows = statement.query_map(params![domain], |row| {
                Ok(SharedFiling { number: row.get(0)?, domains: count(row, 1)?, pages: count(row, 2)? })
            })?;
            rows.collect()
        };
        read().map_err(fault(&self.path))
    }
}

fn select() -> String {
    let columns = HostEvidence::columns().join(", ");
    format!("SELECT id, domain, prefix, host, first_date, last_date, {columns} FROM place")
}

fn place(row: &Row<'_>) -> rusqlite::Result<(Place, HostEvidence)> {
    let place = Place::new(row.get(1)?, row.get(2)?, row.get(3)?);
    let (first, last): (Option<String>, Option<String>) = (row.get(4)?, row.get(5)?);
    let mut evidence = HostEvidence { dates: first.zip(last), ..HostEvidence::default() };
    let counts = (0..HostEvidence::columns().len()).map(|at| count(row, BEFORE_COUNTS + at));
    evidence.fill(counts.collect::<rusqlite::Result<Vec<_>>>()?);
    Ok((place, evidence))
}
