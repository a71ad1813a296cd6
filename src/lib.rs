//! Separates the article from the junk on scraped web pages, labels every block, and says why.
//!
//! Bytes of a page come in (HTML, or text that another tool has extracted); a [`Report`] comes out: the
//! article body, every block with a label and a probability, the page's scores and a verdict with reasons.
//!
//! The data's way is the order of the modules: [`page`] → [`features`] → [`model`] → [`classify`] →
//! [`output`]; [`input`] fills the first with documents; `train` fits the models and `eval` measures them
//! through the same door that everybody uses, [`Filter::check`].

#[cfg(feature = "input")]
pub mod annotate;
#[cfg(any(feature = "input", feature = "hosts"))]
mod atomic_file;
pub mod classify;
#[cfg(feature = "cli")]
pub mod cli;
mod error;
#[cfg(feature = "input")]
pub mod eval;
pub mod features;
pub mod host;
#[cfg(feature = "input")]
pub mod input;
mod label;
mod lexicon;
pub mod likeness;
pub mod model;
pub mod output;
pub mod page;
pub mod provenance;
mod reason;
#[cfg(feature = "serve")]
pub mod serve;
#[cfg(feature = "train")]
pub mod train;

pub use classify::{Filter, Finding, Report, Verdict};
pub use error::{Error, RecordError, Result};
pub use label::Label;
pub use page::{Document, Media};
pub use reason::{Group, Reason};

/// The README's code runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
