//! Labelled pages → model files.
//!
//! In: pages with labels or with their main content as text. Out: what the models are fitted on. The room
//! computes no feature itself and never reads an evaluation set while it fits.
//!
//! Start reading at [`align`].

mod align;
mod boost;
pub mod crossval;
pub mod samples;
mod sgd;

pub use align::{Alignment, Match, Piece, align, oracle, oracle_f1};
