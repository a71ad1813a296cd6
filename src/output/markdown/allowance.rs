//! How much of a page's Markdown may be markup, so that a small page cannot become a large file.

use crate::page::Page;
use std::cell::Cell;

/// Bytes of addresses, markers and indents that a page may have in its Markdown for each byte of its source; chosen by hand.
/// Short relative addresses become long absolute ones, and an ordinary page needs less than its own bytes.
const PER_BYTE: usize = 4;
/// Bytes of them that any page may have.
const FREE_BYTES: usize = 1 << 20;

/// Bytes of markup that are left. One address may stand around each block of a page, and one indent before each line of a
/// list, so both are paid for; text is not, as a page has it once.
#[derive(Debug)]
pub(super) struct Allowance(Cell<usize>);

impl Allowance {
    pub(super) fn of(page: &Page) -> Self {
        Self(Cell::new(page.source().bytes.saturating_mul(PER_BYTE).max(FREE_BYTES)))
    }

    /// Whether so many bytes may be written; they are paid for then.
    pub(super) fn pays(&self, bytes: usize) -> bool {
        let left = self.0.get().checked_sub(bytes);
        self.0.set(left.unwrap_or_default());
        left.is_some()
    }
}
