//! Gold pages + the shipped door → figures, floors.
//!
//! In: folders of labelled pages ([`GoldSet::open`]) and a closure that turns a document into a predicted body
//! text. Out: figures per set, language and page type. The room tunes nothing and knows no model.
//!
//! Start reading at [`GoldSet::open`] for the layouts, and at [`word_prf`] for what a figure means.

mod gold;
mod metrics;

pub use gold::{GoldPage, GoldSet};
pub use metrics::{
    Prf, ShingleShares, is_chinese, mean_prf, shingle_f1_error, shingle_prf, shingle_shares, snippets_found,
    squash, word_f1_error, word_prf,
};
