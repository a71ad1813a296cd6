//! Adding evidence: counts and the place up to which they go, in one transaction.

use super::{Store, fault, problem};
use crate::Result;
use crate::host::{Evidence, HostEvidence, Place};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, named_params, params, params_from_iter};
use std::sync::LazyLock;

/// How far a run is: the inputs before `input` and of it the records up to `position` are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Progress {
    /// Inputs that are finished.
    pub input: u64,
    /// Records of the next one.
    pub position: u64,
}

/// A run whose pages are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What tells it from others: the same inputs have the same id.
    pub id: String,
    /// Up to where its pages are counted.
    pub progress: Progress,
    /// Pages that are counted.
    pub pages: u64,
    /// Whether it is finished.
    pub done: bool,
}

impl Store {
    /// The run of that id, if it has begun.
    pub fn run(&self, id: &str) -> Result<Option<Run>> {
        let sql = "SELECT input, position, pages, done FROM run WHERE id = ?1";
        let found = self.database.query_row(sql, [id], |row| {
            let progress = Progress { input: count(row, 0)?, position: count(row, 1)? };
            Ok(Run { id: id.to_owned(), progress, pages: count(row, 2)?, done: row.get(3)? })
        });
        found.optional().map_err(fault(&self.path))
    }

    /// Begins a run, which must be new to the database: the same pages may not count twice.
    pub fn begin(&mut self, id: &str) -> Result<()> {
        if let Some(run) = self.run(id)?.filter(|run| run.progress > Progress::default()) {
            return Err(problem(&self.path, counted_already(&run)));
        }
        let sql = "INSERT INTO run (id, program) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING";
        let program = concat!("pagesieve ", env!("CARGO_PKG_VERSION"));
        self.database.execute(sql, [id, program]).map_err(fault(&self.path))?;
        Ok(())
    }

    /// Goes on with a run that has got as far as `from`. Pages up to the place that is given back are counted
    /// already.
    pub fn go_on(&mut self, id: &str, from: Progress) -> Result<Progress> {
        let found = self.run(id)?.map(|run| run.progress);
        match found {
            Some(progress) if progress >= from => Ok(progress),
            None if from == Progress::default() => self.begin(id).map(|()| from),
            _ => Err(problem(
                &self.path,
                "expected the evidence of the run that is resumed, and pages of it are missing: this is another \
                 database, or an older copy; give the one that the run began with, or start anew with --force and a \
                 new database",
            )),
        }
    }

    /// Adds the evidence of a run's next pages, which go up to `until`. False, and nothing is added, when they
    /// are counted already.
    pub fn add(&mut self, id: &str, until: Progress, evidence: &Evidence) -> Result<bool> {
        let path = self.path.clone();
        self.add_in_transaction(id, until, evidence).map_err(fault(&path))
    }

    fn add_in_transaction(
        &mut self,
        id: &str,
        until: Progress,
        evidence: &Evidence,
    ) -> rusqlite::Result<bool> {
        let transaction = self.database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let moved = transaction.execute(
            "UPDATE run SET input = :input, position = :position, pages = pages + :pages, unplaced = unplaced + :unplaced
             WHERE id = :id AND (input, position) < (:input, :position)",
            named_params! {
                ":id": id, ":input": number(until.input), ":position": number(until.position),
                ":pages": number(evidence.pages()), ":unplaced": number(evidence.unplaced()),
            },
        )?;
        if moved == 0 {
            return Ok(false);
        }
        for (place, evidence) in evidence.places() {
            add_place(&transaction, place, evidence)?;
        }
        transaction.commit()?;
        Ok(true)
    }

    /// Marks a run as finished.
    pub fn finish(&mut self, id: &str) -> Result<()> {
        let changed = self.database.execute("UPDATE run SET done = 1 WHERE id = ?1", [id]);
        changed.map(drop).map_err(fault(&self.path))
    }
}

fn counted_already(run: &Run) -> String {
    let state = if run.done { "finished" } else { "was stopped" };
    format!(
        "the database has the evidence of {} pages of these inputs already (a run that {state}), and would count them \
         twice; give --resume to go on with that run, or another database",
        run.pages
    )
}

const ADD_FILING: &str = "INSERT INTO filing (place, number, pages) VALUES (?1, ?2, ?3)
     ON CONFLICT (number, place) DO UPDATE SET pages = pages + excluded.pages";
const ADD_REPAIR: &str = "INSERT INTO repair (place, name, count) VALUES (?1, ?2, ?3)
     ON CONFLICT (place, name) DO UPDATE SET count = count + excluded.count";
const ADD_REASON: &str = "INSERT INTO reason (place, name, pages) VALUES (?1, ?2, ?3)
     ON CONFLICT (place, name) DO UPDATE SET pages = pages + excluded.pages";

fn add_place(transaction: &Transaction<'_>, place: &Place, evidence: &HostEvidence) -> rusqlite::Result<()> {
    let names = [place.domain(), place.prefix(), place.host()].map(|name| Value::Text(name.to_owned()));
    let counts = evidence.counts().map(|count| Value::Integer(number(count)));
    let date = |date: Option<&String>| date.map_or(Value::Null, |date| Value::Text(date.clone()));
    let dates = evidence.dates.as_ref();
    let dates = [date(dates.map(|dates| &dates.0)), date(dates.map(|dates| &dates.1))];
    let values = names.into_iter().chain(counts).chain(dates);
    let mut statement = transaction.prepare_cached(&ADD_PLACE)?;
    let id: i64 = statement.query_row(params_from_iter(values), |row| row.get(0))?;
    for (sql, counts) in
        [(ADD_FILING, &evidence.filings), (ADD_REPAIR, &evidence.repairs), (ADD_REASON, &evidence.reasons)]
    {
        let mut statement = transaction.prepare_cached(sql)?;
        for (name, count) in counts {
            statement.execute(params![id, name, number(*count)])?;
        }
    }
    Ok(())
}

static ADD_PLACE: LazyLock<String> = LazyLock::new(|| {
    let columns = HostEvidence::columns();
    let marks: Vec<String> = (1..=columns.len() + 5).map(|at| format!("?{at}")).collect();
    format!(
        "INSERT INTO place (domain, prefix, host, {}, first_date, last_date) VALUES ({}) {} RETURNING id",
        columns.join(", "),
        marks.join(", "),
        on_conflict(columns)
    )
});

/// How a place that is there takes up another's counts. `min` of two values is null when one is.
pub(super) fn on_conflict(columns: &[String]) -> String {
    let sums: Vec<String> = columns.iter().map(|name| format!("{name} = {name} + excluded.{name}")).collect();
    format!(
        "ON CONFLICT (domain, prefix, host) DO UPDATE SET {},
         first_date = coalesce(min(first_date, excluded.first_date), first_date, excluded.first_date),
         last_date = coalesce(max(last_date, excluded.last_date), last_date, excluded.last_date)",
        sums.join(", ")
    )
}

/// A count as the database takes it; counts stay far below 2^63.
fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count from the database, which only a damaged one makes negative.
pub(super) fn count(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}
