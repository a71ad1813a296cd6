//! Labelled pages → measured blocks with targets and weights.

use super::sgd::{Bags, Random};
use crate::eval::Language;
use crate::features::{Measured, measure};
use crate::page::{Document, Limits, Media, Page};

/// A measured page whose blocks have targets.
#[derive(Debug)]
pub(super) struct Sample {
    /// The set that the page belongs to.
    pub(super) set: String,
    /// Identifier, unique in the set.
    pub(super) id: String,
    pub(super) page: Page,
    pub(super) measured: Measured,
    /// Whether each block is main content, 0 or 1.
    pub(super) targets: Vec<f32>,
    /// How much each block counts.
    pub(super) weights: Vec<f32>,
    /// The fold of its registrable domain.
    pub(super) fold: usize,
    /// Whether the page has main content.
    pub(super) has_body: bool,
    /// Whether some of its junk was left out.
    pub(super) thinned: bool,
}

/// Blocks count as the square root of their tokens, and pages count alike, whatever their number of blocks
/// (worth 0.003 of word F1 on the WCXB development set against equal weights).
fn weights(tokens: &[u32], page_weight: f32) -> Vec<f32> {
    let roots: Vec<f32> = tokens.iter().map(|tokens| (*tokens as f32 + 0.5).sqrt()).collect();
    let sum: f32 = roots.iter().sum::<f32>().max(1.0);
    // 250 is the mean number of blocks of a page: a block counts 1 on average
    roots.iter().map(|root| root / sum * 250.0 * page_weight).collect()
}

/// A page is Chinese above this share of Chinese characters, as in `eval`.
pub(super) const CHINESE: f32 = 0.3;

impl Sample {
    /// Measures a page whose blocks have targets.
    pub(super) fn new(id: &str, page: Page, targets: Vec<f32>, fold: usize, page_weight: f32) -> Self {
        let measured = measure(&page);
        let weights = weights(measured.tokens(), page_weight);
        let has_body = targets.iter().any(|target| *target > 0.0);
        let (set, id) = (String::new(), id.to_owned());
        Self { set, id, page, measured, targets, weights, fold, has_body, thinned: false }
    }

    /// The page's language: Chinese by its characters, else as it is reported.
    pub(super) fn language(&self, reported: Option<&str>) -> Language {
        let is_chinese = self.measured.page_cjk() > CHINESE;
        if is_chinese { Language::Chinese } else { Language::of_code(reported) }
    }

    /// The same page once more.
    pub(super) fn again(&self) -> Self {
        let again = Self::new(&self.id, self.page.clone(), self.targets.clone(), self.fold, 1.0);
        Self { set: self.set.clone(), has_body: self.has_body, ..again }
    }

    /// The same page as a tool would leave it that gives text: a line for each block. With `thinned`, runs of
    /// blocks outside the main content are left out by chance, as a tool does that cuts some of the junk.
    pub(super) fn as_text(&self, thinned: Option<u64>) -> Option<Self> {
        let mut random = thinned.map(|seed| Random(seed | 1));
        let (mut text, mut targets) = (String::new(), Vec::new());
        let (mut dropped, mut last) = (false, f32::NAN);
        for (block, target) in self.page.blocks().zip(&self.targets) {
            if block.kind().is_pseudo() {
                continue;
            }
            if let Some(random) = &mut random {
                let junk = *target < 0.5;
                if junk != (last < 0.5) || random.unit() < RUN_END {
                    dropped = junk && random.unit() < DROPPED_RUNS;
                }
                last = *target;
                if dropped {
                    continue;
                }
            }
            for word in block.text().split_whitespace() {
                text.push_str(word);
                text.push(' ');
            }
            text.push('\n');
            targets.push(*target);
        }
        let page = Page::read(
            &Document::html(text).with_media(Media::Text).with_charset("utf-8"),
            &Limits::default(),
        );
        let complete = page.blocks().len() == targets.len();
        let sample = complete.then(|| Self::new(&self.id, page, targets, self.fold, 1.0))?;
        Some(Self { set: self.set.clone(), has_body: self.has_body, thinned: thinned.is_some(), ..sample })
    }
}

/// Chance that a run of junk ends at a block, and that a run is left out.
const RUN_END: f32 = 0.05;
const DROPPED_RUNS: f32 = 0.6;

/// A fragment counts half as much as a page, and one in so many is a few blocks of the main content alone.
const FRAGMENT_WEIGHT: f32 = 0.5;
const TINY: usize = 3;
/// Chance that a run of junk is left out of a fragment.
const DROPPED_FROM_FRAGMENT: f32 = 0.9;
/// Blocks of a tiny fragment, at most.
const TINY_BLOCKS: usize = 8;

impl Sample {
    /// A part of an HTML page, as pages are that somebody has cut already or that have little around their text: most
    /// runs of junk left out, or a few blocks of the main content alone; half of them without URL and metadata.
    pub(super) fn fragment(&self, seed: u64) -> Option<Self> {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut page = self.page.clone();
        if random.unit() < 0.5 {
            page.source.url = None;
            page.meta = crate::page::Metadata::default();
        }
        let kept =
            if random.below(TINY) == 0 { self.tiny(&mut random) } else { self.without_junk(&mut random) };
        let mut kept_here = kept.iter().copied();
        page.blocks.retain(|_| kept_here.next().unwrap_or(false));
        let targets = self.targets.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(target, _)| *target);
        let targets: Vec<f32> = targets.collect();
        let part = !targets.is_empty() && targets.len() < self.targets.len();
        let sample = part.then(|| Self::new(&self.id, page, targets, self.fold, FRAGMENT_WEIGHT))?;
        Some(Self { set: self.set.clone(), has_body: sample.has_body, thinned: true, ..sample })
    }

    fn tiny(&self, random: &mut Random) -> Vec<bool> {
        let body: Vec<usize> =
            (0..self.targets.len()).filter(|at| self.targets.get(*at) > Some(&0.5)).collect();
        let count = 1 + random.below(TINY_BLOCKS);
        let first = random.below(body.len().max(1));
        let chosen: Vec<usize> = body.into_iter().skip(first).take(count).collect();
        (0..self.targets.len()).map(|at| chosen.contains(&at)).collect()
    }

    fn without_junk(&self, random: &mut Random) -> Vec<bool> {
        let (mut dropped, mut last) = (false, f32::NAN);
        let kept = self.targets.iter().map(|target| {
            let junk = *target < 0.5;
            if junk != (last < 0.5) || random.unit() < RUN_END {
                dropped = junk && random.unit() < DROPPED_FROM_FRAGMENT;
            }
            last = *target;
            !dropped
        });
        kept.collect()
    }
}

/// The blocks of many samples as one table.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) bags: Bags,
    pub(super) targets: Vec<f32>,
    pub(super) weights: Vec<f32>,
    pub(super) folds: Vec<u8>,
}

impl Table {
    /// Gathers the samples that are whole pages.
    pub(super) fn of(samples: &[Sample]) -> Self {
        let mut table = Self::default();
        for sample in samples.iter().filter(|sample| !sample.thinned) {
            table.bags.add(&sample.page, &sample.measured);
            table.targets.extend(&sample.targets);
            table.weights.extend(&sample.weights);
            table.folds.extend(sample.targets.iter().map(|_| sample.fold as u8));
        }
        table
    }

    /// The rows of all folds for which `wanted` holds.
    pub(super) fn rows(&self, wanted: impl Fn(usize) -> bool) -> Vec<u32> {
        let rows = self.folds.iter().enumerate().filter(|(_, fold)| wanted(**fold as usize));
        rows.map(|(row, _)| row as u32).collect()
    }
}
