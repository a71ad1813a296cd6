//! WACZ: a ZIP archive whose WARC files are read where they stand in it.
//!
//! Pages come from the WARC files alone. The lists in `pages/` name pages that have a record there, and some hold their text
//! once more, so they are not read.

use super::archive::{Member, members};
use super::fault::Fault;
use super::kind::Kind;
use super::options::InputOptions;
use super::records::{Counts, Row, Source};
use super::warc::Warc;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

/// The WARC files of one archive, one behind the other.
pub(super) struct Wacz {
    members: VecDeque<Result<Member, Fault>>,
    /// The member that is being read, and its name.
    open: Option<(Warc, String)>,
    /// The positions of the members before it.
    before: u64,
    /// Rows up to this position are not wanted.
    after: u64,
    options: Arc<InputOptions>,
}

impl Wacz {
    pub(super) fn open(path: &Path, after: u64, options: Arc<InputOptions>) -> Result<Self, Fault> {
        let members = members(path, |name| Kind::of_name(name) == Some(Kind::Warc))?;
        if members.is_empty() {
            let problem = "this is a ZIP archive without WARC files; a WACZ has them in `archive/`. Unpack it, and give the pages in it";
            return Err(Fault::new("unsupported_format", problem));
        }
        Ok(Self { members: members.into(), open: None, before: 0, after, options })
    }

    /// The next row of the member that is open; without one the member ends.
    fn row_of_member(&mut self, counts: &mut Counts) -> Option<Row> {
        let (warc, name) = self.open.as_mut()?;
        if let Some(mut row) = warc.next_row(counts) {
            row.position += self.before;
            row.outcome = row.outcome.map_err(|failed| failed.within(name));
            return Some(row);
        }
        self.before += warc.position();
        self.open = None;
        None
    }

    fn open_next(&mut self, member: Result<Member, Fault>) -> Result<(), Fault> {
        let member = member?;
        let stream = member.open()?.stream;
        let after = self.after.saturating_sub(self.before);
        self.open = Some((Warc::new(stream, after, Arc::clone(&self.options)), member.name));
        Ok(())
    }
}

impl Source for Wacz {
    fn next_row(&mut self, counts: &mut Counts) -> Option<Row> {
        loop {
            if let Some(row) = self.row_of_member(counts) {
                return Some(row);
            }
            let member = self.members.pop_front()?;
            if let Err(fault) = self.open_next(member) {
                self.before += 1;
                if self.before > self.after {
                    return Some(Row::fault(self.before, fault));
                }
            }
        }
    }
}
