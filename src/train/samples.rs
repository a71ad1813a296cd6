//! Labelled pages → measured blocks with targets and weights.

use super::descent::Random;
use crate::eval::Language;
use crate::features::{Measured, measure};
use crate::page::{Document, Limits, Page};

/// A measured page whose blocks have targets.
#[derive(Debug)]
pub(super) struct Sample {
    /// The place of its example in the dataset.
    pub(super) example: usize,
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

impl Sample {
    /// Measures a page whose blocks have targets.
    pub(super) fn new(page: Page, targets: Vec<f32>, fold: usize, page_weight: f32) -> Self {
        let measured = measure(&page);
        let weights = weights(measured.tokens(), page_weight);
        let has_body = targets.iter().any(|target| *target > 0.0);
        Self { example: 0, page, measured, targets, weights, fold, has_body, thinned: false }
    }

    /// The page's language: Chinese by its characters, else as it is reported.
    pub(super) fn language(&self, reported: Option<&str>) -> Language {
        if self.measured.is_chinese() { Language::Chinese } else { Language::of_code(reported) }
    }

    /// The same page once more.
    pub(super) fn again(&self) -> Self {
        let again = Self::new(self.page.clone(), self.targets.clone(), self.fold, 1.0);
        Self { example: self.example, has_body: self.has_body, ..again }
    }

    /// The same page as a tool would leave it that gives text: a line for each block. With `thinned`, runs of
    /// blocks outside the main content are left out by chance, as a tool does that cuts some of the junk.
    pub(super) fn as_text(&self, thinned: Option<u64>) -> Option<Self> {
        let mut runs = thinned.map(|seed| Runs::new(seed | 1, DROPPED_RUNS));
        let (mut text, mut targets) = (String::new(), Vec::new());
        for (block, target) in self.page.blocks().zip(&self.targets) {
            if block.kind().is_pseudo() || runs.as_mut().is_some_and(|runs| runs.drops(*target)) {
                continue;
            }
            for word in block.text().split_whitespace() {
                text.push_str(word);
                text.push(' ');
            }
            text.push('\n');
            targets.push(*target);
        }
        let page = text_page(text);
        let targets = by_lines(&page, &targets)?;
        let sample = Self::new(page, targets, self.fold, 1.0);
        let (example, has_body) = (self.example, self.has_body);
        Some(Self { example, has_body, thinned: thinned.is_some(), ..sample })
    }
}

/// A page of plain text, a line for each block.
pub(super) fn text_page(text: String) -> Page {
    Page::read(&Document::text(text).with_charset("utf-8"), &Limits::default())
}

/// What each block of a page of plain text has of what its lines have; none if a line is in no block of its own.
pub(super) fn by_lines<T: Clone>(page: &Page, lines: &[T]) -> Option<Vec<T>> {
    let numbers = page.blocks().map(|block| block.lines().filter(|(first, last)| first == last));
    let numbers = numbers.collect::<Option<Vec<_>>>()?;
    let known = numbers.chunk_by(|a, b| a == b).count() == lines.len();
    known.then(|| numbers.iter().filter_map(|(line, _)| lines.get(*line as usize - 1).cloned()).collect())
}

/// Runs of junk, some of which are left out by chance, as a tool does that cuts some of the junk.
struct Runs {
    random: Random,
    /// Chance that a run is left out.
    share: f32,
    dropped: bool,
    last: f32,
}

impl Runs {
    fn new(state: u64, share: f32) -> Self {
        Self { random: Random(state), share, dropped: false, last: f32::NAN }
    }

    /// Whether the next block, of this target, is left out.
    fn drops(&mut self, target: f32) -> bool {
        let junk = target < 0.5;
        if junk != (self.last < 0.5) || self.random.unit() < RUN_END {
            self.dropped = junk && self.random.unit() < self.share;
        }
        self.last = target;
        self.dropped
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
        let mut random = Random::of_seed(seed);
        let mut page = self.page.clone();
        if random.unit() < 0.5 {
            page.source.url = None;
            page.meta = crate::page::Metadata::default();
        }
        let kept = if random.below(TINY) == 0 { self.tiny(&mut random) } else { self.without_junk(&random) };
        let mut kept_here = kept.iter().copied();
        page.blocks.retain(|_| kept_here.next().unwrap_or(false));
        let targets = self.targets.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(target, _)| *target);
        let targets: Vec<f32> = targets.collect();
        let part = !targets.is_empty() && targets.len() < self.targets.len();
        let sample = part.then(|| Self::new(page, targets, self.fold, FRAGMENT_WEIGHT))?;
        Some(Self { example: self.example, thinned: true, ..sample })
    }

    fn tiny(&self, random: &mut Random) -> Vec<bool> {
        let body: Vec<usize> =
            (0..self.targets.len()).filter(|at| self.targets.get(*at) > Some(&0.5)).collect();
        let count = 1 + random.below(TINY_BLOCKS);
        let first = random.below(body.len().max(1));
        let chosen: Vec<usize> = body.into_iter().skip(first).take(count).collect();
        (0..self.targets.len()).map(|at| chosen.contains(&at)).collect()
    }

    fn without_junk(&self, random: &Random) -> Vec<bool> {
        let mut runs = Runs::new(random.0, DROPPED_FROM_FRAGMENT);
        self.targets.iter().map(|target| !runs.drops(*target)).collect()
    }
}
