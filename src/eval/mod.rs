//! Gold pages + the shipped door → figures, floors.
//!
//! In: folders of labelled pages ([`GoldSet::open`]) and a closure that turns a document into a predicted body
//! text. Out: figures per set, language and page type, and which of them are below their floor. The room tunes
//! nothing and knows no model.
//!
//! Start reading at [`Evaluation::run`]; [`GoldSet::open`] names the layouts, [`word_prf`] says what a figure
//! means.
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

mod floors;
mod gold;
mod header;
mod labels;
mod metrics;
mod report;
mod run;
mod training;

pub use floors::{Floors, Shortfall};
pub use gold::{GoldPage, GoldSet};
pub(crate) use gold::{read_text, wrong};
pub use labels::LabelRules;
pub use metrics::{
    Prf, ShingleShares, is_chinese, mean_prf, shingle_f1_error, shingle_prf, shingle_shares, snippets_found,
    squash, word_f1_error, word_prf,
};
pub use report::{Figures, to_json, write_predictions, write_table};
pub use run::{Evaluation, PageResult, Prediction, SetResult};
pub use training::{LabelledLine, TrainingPage, training_lines, training_pages};
