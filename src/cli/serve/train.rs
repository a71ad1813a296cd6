//! What learns behind the service: corrected pages → an adapter on top of the models that run.

use crate::serve::{Progress, Trained, Trainer};
use crate::train::{Adapted, Dataset, Options, SetFigures, adapt, rounded};
use crate::{Error, Filter, atomic_file};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// The file in the folder of labels.
const MODEL: &str = "adapter.model";

/// Fits adapters, and writes them into the folder of labels.
#[derive(Debug)]
pub(super) struct Adapting {
    /// Folders of labelled pages that take part besides the corrected ones.
    pub(super) beside: Vec<PathBuf>,
}

impl Trainer for Adapting {
    fn train(&self, base: &Filter, labels: &Path, progress: &Progress<'_>) -> Result<Trained, Vec<Error>> {
        let mut folders = vec![labels.to_owned()];
        folders.extend(self.beside.iter().cloned());
        let dataset = Dataset::open(&folders)?;
        let Adapted { adapter, before, after, warnings } =
            adapt(&dataset, base, Options::default(), progress)?;
        let one = |error| vec![error];
        let bytes = adapter.to_bytes().map_err(one)?;
        let path = labels.join(MODEL);
        atomic_file::write(&path, bytes).map_err(one)?;
        let message = format!("fitted on {} pages, written to `{}`", dataset.examples.len(), path.display());
        let filter = base.clone().with_adapter(adapter).map_err(one)?;
        Ok(Trained { filter, message, before: figures(&before), after: figures(&after), warnings })
    }
}

/// `{SET: {SEEN: {FIGURE: …}}}`.
fn figures(sets: &[SetFigures]) -> Value {
    let mut all = Map::new();
    for set in sets {
        let figures = json!({
            "word_f1": rounded(set.word_f1),
            "kept_or_cut": rounded(set.kept_or_cut),
            "labels": rounded(set.labels),
        });
        let of_set = all.entry(set.set.clone()).or_insert_with(|| Map::new().into());
        if let Some(of_set) = of_set.as_object_mut() {
            of_set.insert(set.seen.as_str().to_owned(), figures);
        }
    }
    all.into()
}
