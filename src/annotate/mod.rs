//! Corrections of people → a folder of labelled pages; rows of results → a queue of pages worth a look.
//!
//! In: a page with a label for each of its blocks ([`LabelledFolder::save`]), and the rows that `filter` wrote
//! ([`Queue::read`]). Out: files in the format of `training_data/`, which `train` and `eval` read, and an order in which
//! to look at pages. A saved page survives a crash and a power cut. The room never decides what a block is, and trains
//! nothing.
//!
//! Start reading at [`LabelledFolder`], then [`Queue`]; [`Sources`] finds the page of a row.

mod folder;
mod name;
mod profile;
mod queue;
mod rank;
mod rows;
mod sources;

pub use crate::eval::PAGE_TYPES;
pub use folder::{Kept, LabelledFolder, PageFacts, Saved};
pub use profile::Profile;
pub use queue::{BadRow, Queue, Queued};
pub use rank::{FARTHEST, Order};
pub use sources::{Found, Origin, Sources};
