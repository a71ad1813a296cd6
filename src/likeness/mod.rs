//! Texts and pages → hashes that are alike where those are alike, and what is found by them.
//!
//! In: the texts of a body, block by block, or a page's elements. Out: a similarity hash of 64 bits for each ([`simhash`],
//! [`layout`]), and what bodies are compared by ([`Fingerprint`]). An index of bodies, bounded in memory, says of which earlier
//! one a body is a copy, and counters, bounded too, which blocks repeat on a site's pages ([`Templates`]). The room does no input or output and decides nothing about a page.
//!
//! What compares texts looks at runs of three words (`shingles`). Words are those of [`page::words`](crate::page::words) in plain
//! characters: lower case, full width and accents taken away, traditional characters simplified, digits as they are.

mod fingerprint;
#[cfg(feature = "cli")]
mod index;
mod layout;
mod shingles;
mod simhash;
mod templates;

pub use fingerprint::{Fingerprint, Likeness};
#[cfg(feature = "cli")]
pub(crate) use index::Index;
pub use layout::layout;
pub use simhash::simhash;
pub use templates::{PageBlocks, Repeated, Templates};
