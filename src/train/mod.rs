//! Labelled pages → model files.
//!
//! In: pages with labels or with their main content as text. Out: a [`Model`](crate::model::Model) and what it
//! was measured to reach out of fold. The room computes no feature itself (it calls
//! [`features::measure`](crate::features::measure)) and never reads an evaluation set while it fits.
//!
//! Start reading at [`Dataset::open`], then [`train()`].

mod adapt;
mod boost;
mod corrections;
mod crossval;
mod dataset;
mod descent;
mod exits;
mod fit;
mod injected;
mod kinds;
mod lbfgs;
mod logistic;
mod page_kinds;
mod rows;
mod run;
mod samples;
mod sequence;
mod sgd;
mod softmax;
mod spam;
mod split;

pub use adapt::{Adaptation, Adapted, PageFigures, Seen, SetFigures, adapt};
pub use boost::Backend;
pub use dataset::{Dataset, Example, Target};
pub use fit::{Trained, train};
pub use kinds::{TrainedKinds, train_kinds};
pub use rows::{PageRow, RowFilter, TextRow};
pub use run::Options;
#[cfg(feature = "cli")]
pub(crate) use run::rounded;
pub use split::folds;
