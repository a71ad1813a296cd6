//! Lines of a result file → what a queue needs of a page.

use super::profile::{Profile, Tally};
use crate::classify::Label;
use crate::provenance::{Fields, Provenance};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// What is read of a row.
#[derive(Deserialize)]
pub(super) struct Row<'a> {
    v: u64,
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) status: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) verdict: Cow<'a, str>,
    pub(super) confidence: Option<f32>,
    #[serde(borrow)]
    pub(super) title: Option<Cow<'a, str>>,
    #[serde(borrow)]
    source: Option<Source<'a>>,
    #[serde(borrow)]
    fields: Option<&'a RawValue>,
    /// Also under the name that readers of rows expect most.
    #[serde(borrow, alias = "text")]
    pub(super) body: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) blocks: Option<Vec<RowBlock<'a>>>,
}

#[derive(Deserialize)]
struct Source<'a> {
    #[serde(borrow)]
    input: Cow<'a, str>,
    position: u64,
}

#[derive(Deserialize)]
pub(super) struct RowBlock<'a> {
    #[serde(borrow)]
    label: Cow<'a, str>,
    p: f32,
    #[serde(borrow)]
    pub(super) text: Cow<'a, str>,
    #[serde(borrow)]
    path: Option<Cow<'a, str>>,
}

impl<'a> Row<'a> {
    /// Reads a line; the error says why it is no row.
    pub(super) fn read(line: &'a [u8]) -> Result<Self, String> {
        let row: Self = serde_json::from_slice(line).map_err(|error| {
            format!("expected a row of `pagesieve filter`, found something else: {error}")
        })?;
        match row.v {
            1 => Ok(row),
            v => Err(format!(
                "expected a row of version 1, found version {v}; read it with the program that wrote it"
            )),
        }
    }

    /// Where the page came from, as the row says it.
    pub(super) fn provenance(&self) -> Option<Provenance> {
        let source = self.source.as_ref()?;
        let fields = self.fields.map(|fields| Fields::from_json(fields.get())).unwrap_or_default();
        Some(Provenance::new(&*source.input, source.position).with_fields(fields))
    }

    /// How uncertain the filter is of the page, 0 to 1: the mean of what the body lacks of confidence (1 less its
    /// expected F1) and of the blocks' least confidence (1 less the probability of the label), weighed by the root of
    /// their characters. Least confidence, averaged over a sequence: Settles 2009, "Active learning literature survey",
    /// sections 3.1 and 6. A row without blocks has the first alone.
    pub(super) fn uncertainty(&self) -> f32 {
        let of_page = 1.0 - self.confidence.unwrap_or(0.0).clamp(0.0, 1.0);
        let blocks = self.blocks.as_deref().unwrap_or_default();
        let weight = |block: &RowBlock<'_>| (block.text.chars().count() as f32).sqrt();
        let all: f32 = blocks.iter().map(weight).sum();
        if all == 0.0 {
            return of_page;
        }
        let doubt = |block: &RowBlock<'_>| weight(block) * (1.0 - block.p.clamp(0.0, 1.0));
        f32::midpoint(of_page, blocks.iter().map(doubt).sum::<f32>() / all)
    }

    pub(super) fn profile(&self) -> Profile {
        let mut tally = Tally::default();
        for block in self.blocks.as_deref().unwrap_or_default() {
            let path = block.path.as_deref().unwrap_or_default();
            tally.add(path, Label::from_name(&block.label), block.text.chars().count());
        }
        tally.profile(self.url.as_deref())
    }
}
