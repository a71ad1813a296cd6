//! The model of a page's kind: what the words in each place of a page say, and what these and other numbers say together.

use super::file::Arrays;
use super::{Softmax, Words, check};
use crate::features::vectors::page_kind_columns;
use crate::label::PageKind;
use serde::{Deserialize, Serialize};

/// Kinds of pages, in the order of [`PageKind::ALL`].
pub const PAGE_KINDS: usize = PageKind::ALL.len();

/// What a page is as a whole.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PageKinds {
    /// By the words of one place.
    pub words: Words<PAGE_KINDS>,
    /// The names of the kinds.
    kinds: Vec<String>,
    /// The numbers that everything together is told from.
    columns: Vec<String>,
    /// What these numbers say.
    #[serde(skip)]
    pub all: Softmax<PAGE_KINDS>,
}

impl PageKinds {
    /// A model of these parts.
    pub fn new(words: Words<PAGE_KINDS>, all: Softmax<PAGE_KINDS>) -> Self {
        let kinds = PageKind::ALL.iter().map(|kind| kind.as_str().to_owned()).collect();
        Self { words, kinds, columns: page_kind_columns(), all }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        check::names("kind of page", &self.kinds, PageKind::ALL.iter().map(|kind| kind.as_str()))?;
        check::names("column of page kinds", &self.columns, page_kind_columns())
    }

    pub(super) fn arrays(&mut self, arrays: &mut Arrays) -> Result<(), String> {
        self.words.arrays("page_words", arrays)?;
        self.all.arrays("page_kinds", self.columns.len(), arrays)
    }
}
