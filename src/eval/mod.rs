//! Labelled pages + what a filter says of them → figures, floors, a report.
//!
//! In: folders of labelled pages ([`GoldSet::open`]), files of labelled blocks and lines ([`LabelledSet::open`]) and of
//! labelled pages ([`PageSet::open`]), and a closure that turns a document into a predicted body or a report. Out: figures
//! per set, language and page type, of bodies, titles, authors, dates, labels, probabilities and page scores; which of them
//! are below their floor; tables, JSON, and a folder with charts. The room tunes nothing and knows no model.
//!
//! Start reading at [`Evaluation::run`]; [`GoldSet::open`] names the layouts, [`word_prf`], [`Reliability`] and
//! [`Confusion`] say what a figure means.
//!
//! ```no_run
//! use pagesieve::Filter;
//! use pagesieve::eval::{Evaluation, GoldSet, Prediction, write_table};
//!
//! let set = GoldSet::open("wcxb/dev".as_ref())?;
//! let filter = Filter::builtin();
//! let results = Evaluation::default().run(&[set], |document, _| Prediction::new(filter.check(document).body()));
//! write_table(&mut std::io::stdout(), &results, 10)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod align;
mod blocks;
#[cfg(feature = "charts")]
mod charts;
mod confusion;
mod facts;
mod files;
mod floors;
#[cfg(feature = "charts")]
mod folder;
mod gold;
mod header;
mod labelled;
mod labels;
mod metrics;
mod pages;
mod reliability;
mod report;
mod results;
mod run;
mod scores;
mod sums;
mod tables;
mod training;
mod truth;

pub use align::{Match, Piece, align, oracle, pieces};
pub use blocks::{BlockFigures, BlockPage, BlockResult, BlockSet, Language};
#[cfg(feature = "charts")]
pub use charts::{Curve, confusion_matrix, label_bars, reliability_diagram};
pub use confusion::{Confusion, LabelFigures};
pub use facts::{FactFigures, FactMatch, FactMatches, Facts};
pub(crate) use files::wrong;
#[cfg(feature = "train")]
pub(crate) use files::{all, each_line, folder_name, parse};
pub use floors::{Floors, Shortfall};
pub use gold::{GoldPage, GoldSet};
pub use header::PAGE_TYPES;
#[cfg(feature = "train")]
pub(crate) use labelled::Row;
pub use labelled::{LabelledPage, LabelledSet};
pub use labels::LabelRules;
pub(crate) use labels::text_rule;
pub use metrics::{
    Prf, ShingleShares, is_chinese, mean_prf, shingle_f1_error, shingle_prf, shingle_shares, snippets_found,
    squash, word_f1_error, word_prf,
};
#[cfg(feature = "train")]
pub(crate) use pages::kinds_of;
pub use pages::{MarkedPage, MarkedResult, PageResults, PageSet, SCORES, Said, ScoreOf, THRESHOLD};
pub use reliability::{BINS, Bin, Reliability};
pub use report::{Figures, write_predictions};
pub use results::{Results, write_reliability, write_table};
pub use run::{Evaluation, PageResult, Prediction, SetResult};
#[cfg(any(feature = "train", all(feature = "cli", feature = "hosts")))]
pub(crate) use scores::auc;
pub use scores::{FalseAlarm, MarkFigures, ScoreFigures};
pub use sums::{Form, NotKept, Sum, WrongPage};
pub(crate) use training::unfinished;
pub use training::{LabelledLine, TrainingPage, training_lines, training_pages};
pub use truth::Truth;
#[cfg(all(test, feature = "train"))]
pub(crate) use truth::names;
