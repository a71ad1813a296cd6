//! Labelled pages → model files.
//!
//! In: pages with labels or with their main content as text. Out: what the models are fitted on. The room
//! computes no feature itself and never reads an evaluation set while it fits.
//!
//! Start reading at [`Dataset::open`], then [`align`].

mod align;
mod dataset;
mod split;

pub use align::{Alignment, Match, Piece, align, oracle, oracle_f1};
pub use dataset::{Dataset, Example, Target, Targets, pieces};
pub use split::{folds, registrable_domain};
