//! [`Page`](crate::page::Page) + models → [`Report`]: labels, probabilities, reasons, scores, verdict.
//!
//! In: a document or a page, and the [`Filter`]'s models and settings. Out: a [`Report`]; it never fails to
//! exist, whatever the bytes were. The room does no input or output and keeps nothing between pages.
//!
//! Start reading at [`Filter::check`].

#[cfg(feature = "ad-rules")]
mod ad_rules;
mod claims;
mod copies;
mod corrected;
mod cut;
mod empty;
mod evidence;
mod explain;
mod facts;
mod filter;
mod foreign;
mod headline;
mod hidden;
mod injected;
mod kind;
mod ledger;
mod mirror;
mod naming;
mod page_kind;
mod probability;
mod report;
mod ruined;
mod rules;
mod score;
mod settings;
mod source;
mod spam;
mod templates;
mod title;
mod verdict;
mod wrapped;

#[cfg(feature = "ad-rules")]
pub use ad_rules::AdRules;
pub use cut::{Knobs, cut};
pub use explain::{BlockSigns, RunnerUp, Sign};
pub use filter::{Filter, Profile};
pub use ledger::{Claim, Source};
pub use mirror::Script;
pub use report::{BlockReport, Finding, Repair, Report, Scores, Verdict};
pub use rules::Rules;
pub use settings::Settings;
pub use source::{Against, LEAST_MOVING, MOST_AGAINST, SourceEvidence, SubScore, Weight};

pub use crate::label::{Label, PageKind};
pub use crate::reason::{Group, Reason};

#[cfg(feature = "train")]
pub(crate) use corrected::{Basis, MOST_BASE};
#[cfg(feature = "train")]
pub(crate) use empty::empty_inputs;
#[cfg(feature = "train")]
pub(crate) use evidence::{SPAM, Scored};
pub use naming::Probabilities;
#[cfg(feature = "train")]
pub(crate) use naming::{COLUMNS as CONTEXT_COLUMNS, by_words as naming_words, inputs as naming_inputs};
#[cfg(feature = "train")]
pub(crate) use naming::{LEAST as LEAST_KIND, Naming};
#[cfg(feature = "train")]
pub(crate) use page_kind::{Bags, Found, KindProbabilities, inputs as page_kind_inputs};
#[cfg(feature = "train")]
pub(crate) use probability::Decided;
pub(crate) use score::score_blocks;
#[cfg(feature = "train")]
pub(crate) use settings::KINDS as SCORED;
#[cfg(feature = "train")]
pub(crate) use spam::{Selves, inputs as spam_inputs};
