//! [`Page`](crate::page::Page) + models → [`Report`]: labels, probabilities, reasons, scores, verdict.
//!
//! In: a document or a page, and the [`Filter`]'s models and settings. Out: a [`Report`]; it never fails to
//! exist, whatever the bytes were. The room does no input or output and keeps nothing between pages.
//!
//! Start reading at [`Filter::check`].

#[cfg(feature = "ad-rules")]
mod ad_rules;
mod cut;
mod empty;
mod facts;
mod filter;
mod headline;
mod hidden;
mod injected;
mod kind;
mod label;
mod report;
mod rules;
mod score;
mod verdict;

#[cfg(feature = "ad-rules")]
pub use ad_rules::AdRules;
pub use cut::{Knobs, cut};
pub use filter::{Filter, Profile};
pub use label::Label;
pub use report::{BlockReport, Reason, Repair, Report, Scores, Verdict};
pub use rules::Rules;

#[cfg(feature = "train")]
pub(crate) use empty::empty_inputs;
pub(crate) use score::score_blocks;
