//! The models of kinds: what a text is by its words, what a block is by its words and all around it, and what a
//! page is by its blocks.

use super::bundle::{Bundle, Part};
use super::file::Arrays;
use super::{Logistic, PageKinds, Softmax, Words, check};
use crate::features::vectors::{LabelCalibration, PageSign, context_columns, names};
use crate::label::Label;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Kinds that are told apart, in the order of [`Label::ALL`].
pub const KINDS: usize = Label::ALL.len();

/// What tells kinds apart.
pub type KindModel = Bundle<Kinds>;

/// What a block is by its words and by all around it, and what a page is by its blocks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kinds {
    /// What a text is by its words.
    #[serde(flatten)]
    pub words: Words<KINDS>,
    /// The columns of the context.
    columns: Vec<String>,
    /// Calibration of a label's probability, over the log-odds of its probability, by itself, for `body`, on Chinese pages and
    /// in plain text.
    pub label_calibration: Logistic,
    /// Models of whole pages: score → logistic model over [`PageSign`].
    pub pages: BTreeMap<String, Logistic>,
    /// The numbers that the models of pages look at.
    page_columns: Vec<String>,
    /// What a page is as a whole; none where too few pages were known.
    #[serde(default)]
    pub page: Option<PageKinds>,
    /// What a block is by its words' probabilities and all around it.
    #[serde(skip)]
    pub context: Softmax<KINDS>,
}

impl Kinds {
    /// A first model, of words alone.
    pub fn of_words(words: Words<KINDS>) -> Self {
        Self {
            words,
            columns: context_columns(),
            label_calibration: Logistic::default(),
            pages: BTreeMap::new(),
            page_columns: names(PageSign::TABLE).map(str::to_owned).collect(),
            page: None,
            context: Softmax::default(),
        }
    }
}

impl Part for Kinds {
    const TASK: &'static str = "kinds";
    const SCHEMA: &'static str = "schema of kinds";

    fn schema() -> String {
        crate::features::kinds_schema()
    }

    fn check(&self) -> Result<(), String> {
        check::names("context column", &self.columns, context_columns())?;
        check::names("page column", &self.page_columns, names(PageSign::TABLE))?;
        self.page.iter().try_for_each(PageKinds::check)?;
        check::logistic("label calibration", &self.label_calibration, LabelCalibration::COUNT)?;
        self.pages.iter().try_for_each(|(score, model)| match Label::from_name(score) {
            Some(_) => check::logistic(&format!("page score `{score}`"), model, PageSign::COUNT),
            None => Err(format!("page score `{score}` is no label of this build")),
        })
    }

    fn arrays(&mut self, arrays: &mut Arrays) -> Result<(), String> {
        self.words.arrays("grams", arrays)?;
        self.context.arrays("context", self.columns.len(), arrays)?;
        self.page.iter_mut().try_for_each(|page| page.arrays(arrays))
    }

    fn builtin() -> Option<(&'static Bundle<Self>, &'static [u8])> {
        BUILTIN.get().map(|model| (&**model, FILE))
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("columns", self.columns.len().to_string()),
            ("weights grams", format!("2^{} values", self.words.bits())),
        ]
    }
}

/// The file of the model that stands in the program.
pub(super) const FILE: &[u8] = include_bytes!("../../models/kinds.model");

static BUILTIN: OnceLock<Arc<KindModel>> = OnceLock::new();

impl KindModel {
    /// The model that stands in the program.
    pub fn builtin() -> Arc<Self> {
        Arc::clone(BUILTIN.get_or_init(|| Bundle::open_builtin(FILE)))
    }
}
