//! The clues of a block: hashed tokens with values, by which a correction that a person made is carried to other
//! pages of the same site, and of the same template elsewhere.
//!
//! Each group of clues (the markup around the block, its words, its place, what stands beside it) has the same length
//! as a vector on every block, so that no group speaks louder because it has more tokens. Groups stand there twice: by
//! themselves, and joined with the page's site, where they may be believed more.

use super::schema::BlockFeature as F;
use super::sparse::above;
use super::tokens::mix;
use super::{Measured, grams};
use crate::page::words::is_cjk;
use crate::page::{AttrName, Block, BlockKind, ElementId, Page, registrable_domain};
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

/// A hashed token, and how much it counts.
pub(crate) type Clue = (u32, f32);

/// Raised when clues change their meaning.
const REVISION: u64 = 2;

/// The schema of clues, hexadecimal: the revision, and the schemas of what they are made of.
pub(crate) fn clues_schema() -> String {
    let parts = [REVISION, super::schema::schema_hash()].map(u64::to_le_bytes).concat();
    let hash = xxh3_64(&[parts.as_slice(), grams::kinds_schema().as_bytes()].concat());
    format!("{hash:016x}")
}

/// Length of a group's vector: by itself, and joined with the site.
const ALONE: f32 = 0.3;
const OF_SITE: f32 = 1.0;
/// The same of a path with classes or ids in it, which is rarely alike by chance.
const NAMED: f32 = 1.0;
/// The same of a text at its place in the template: so much that a block which a person has corrected is right from
/// then on, wherever it stands again.
const EXACT: f32 = 3.0;

/// Whether a clue is the very text at its place, which says nothing of any other block.
#[cfg(feature = "train")]
pub(crate) fn is_exact((_, value): Clue) -> bool {
    value >= EXACT
}

/// Log-odds of the base count so much where they are a clue.
const BASE: f32 = 0.25;
/// The base's log-odds are taken as no larger than this.
const MOST_ODDS: f32 = 8.0;

/// Seeds of the groups.
#[derive(Debug, Clone, Copy)]
#[repr(u32)]
enum Group {
    Markup = 0x1b87_3593,
    Path = 0x85eb_ca6b,
    Words = 0xc2b2_ae35,
    Shape = 0x27d4_eb2f,
    Place = 0x1656_67b1,
    Beside = 0xe654_6b64,
    Named = 0x4cf5_ad43,
    Exact = 0x165f_35a7,
    Site = 0x94d0_49bb,
}

/// The clues of a page's blocks.
#[derive(Debug)]
pub(crate) struct Clues<'p> {
    page: &'p Page,
    measured: &'p Measured,
    /// Hash of the registrable domain; none for a page without URL.
    site: Option<u32>,
    /// Hash of the last heading or short line before each block.
    sections: Vec<u32>,
    /// Hashes of each block's short text, of its path, and of its shape.
    texts: Vec<u32>,
    paths: Vec<[u32; PATHS]>,
    shapes: Vec<u32>,
    /// Whether each block's path has enough names to be known by.
    named: Vec<bool>,
    bag: Vec<u32>,
    of_site: Vec<Clue>,
}

/// Paths of a block: its element alone, with one and two elements above, and up to the page's root.
const PATHS: usize = 4;
/// A path of fewer names is common to many sites.
const LEAST_NAMES: usize = 2;
/// A line of at most so many tokens may be the heading of what follows.
const HEADING_TOKENS: u32 = 8;

impl<'p> Clues<'p> {
    pub(crate) fn of(page: &'p Page, measured: &'p Measured) -> Self {
        let site = page.source().url.as_deref().and_then(registrable_domain);
        let mut elements = FxHashMap::default();
        let texts: Vec<u32> = page.blocks().map(|block| text_hash(block.text())).collect();
        Self {
            page,
            measured,
            site: site.map(|site| xxh3_64(site.as_bytes()) as u32),
            sections: sections(page, measured, &texts),
            paths: page.blocks().map(|block| paths(page, measured, block, &mut elements)).collect(),
            shapes: page.blocks().map(|block| shape(measured, block)).collect(),
            named: page.blocks().map(|block| names(page, block.element_id()) >= LEAST_NAMES).collect(),
            texts,
            bag: Vec::new(),
            of_site: Vec::new(),
        }
    }

    /// Replaces what is in `clues` by those of a block, of which the base says `odds` (log-odds of main content).
    /// Gives how many of them say nothing of the site; they stand first.
    pub(crate) fn read(&mut self, index: usize, odds: f32, clues: &mut Vec<Clue>) -> usize {
        clues.clear();
        self.of_site.clear();
        let mut bag = std::mem::take(&mut self.bag);
        self.measured.sparse().block_markup(self.page, index, &mut bag);
        self.add(Group::Markup, &bag, clues);
        let paths = self.paths.get(index).copied().unwrap_or_default();
        self.add(Group::Path, &paths, clues);
        self.named_path(index, clues);
        self.exact(index, clues);
        let measured = self.measured;
        self.add(Group::Words, measured.sparse().block_text(index), clues);
        self.shapes(index, &mut bag);
        self.add(Group::Shape, &bag, clues);
        self.places(index, &mut bag);
        self.add(Group::Place, &bag, clues);
        self.beside(index, &mut bag);
        self.add(Group::Beside, &bag, clues);
        self.bag = bag;
        if let Some(site) = self.site {
            let own = mix(site ^ Group::Site as u32);
            self.of_site.push((own, OF_SITE));
            self.of_site.push((mix(own), odds.clamp(-MOST_ODDS, MOST_ODDS) * BASE));
        }
        let general = clues.len();
        clues.append(&mut self.of_site);
        general
    }

    /// The whole path with its names, and what stands there, whatever the site.
    fn named_path(&self, index: usize, clues: &mut Vec<Clue>) {
        if self.named.get(index) == Some(&true) {
            let path = mix(self.path(index, PATHS - 1) ^ Group::Named as u32);
            let shape = self.shapes.get(index).copied().unwrap_or_default();
            clues.extend([(path, NAMED), (mix(path ^ shape.rotate_left(3)), NAMED)]);
        }
    }

    /// The very text at its place in the template.
    fn exact(&self, index: usize, clues: &mut Vec<Clue>) {
        let text = self.page.block(index).map_or(0, |block| xxh3_64(block.text().as_bytes()) as u32);
        clues.push((mix(text ^ self.path(index, PATHS - 1) ^ Group::Exact as u32), EXACT));
    }

    fn add(&mut self, group: Group, tokens: &[u32], clues: &mut Vec<Clue>) {
        let length = 1.0 / (tokens.len().max(1) as f32).sqrt();
        for token in tokens {
            let token = mix(token ^ group as u32);
            clues.push((token, ALONE * length));
            self.of_site.extend(self.site.map(|site| (mix(token ^ site.rotate_left(9)), OF_SITE * length)));
        }
    }

    /// What a block looks like, by itself and with its path.
    fn shapes(&self, index: usize, bag: &mut Vec<u32>) {
        bag.clear();
        let shape = self.shapes.get(index).copied().unwrap_or_default();
        let path = self.path(index, 1);
        let heading = self.sections.get(index).copied().unwrap_or_default();
        bag.extend([shape, mix(shape ^ path.rotate_left(3)), mix(shape ^ heading.rotate_left(13))]);
    }

    /// Where a block stands, from the page's start and end.
    fn places(&self, index: usize, bag: &mut Vec<u32>) {
        bag.clear();
        let behind = self.measured.blocks().saturating_sub(index + 1);
        let coarse = |at: usize| if at < 4 { at as u32 } else { 2 + (at as u32).ilog2() };
        let (start, end) = (mix(0x51 ^ coarse(index)), mix(0xe9 ^ coarse(behind)));
        let path = self.path(index, 0);
        bag.extend([start, end, mix(start ^ path.rotate_left(5)), mix(end ^ path.rotate_left(5))]);
    }

    /// What stands above and below a block.
    fn beside(&self, index: usize, bag: &mut Vec<u32>) {
        bag.clear();
        bag.extend(self.sections.get(index).map(|section| mix(section ^ 0x0b)));
        let neighbours = [(index.checked_sub(1), 0x15), (Some(index + 1), 0x2b)];
        for (at, seed) in neighbours {
            let known = at.filter(|at| *at < self.measured.blocks());
            let of = |hashes: &[u32]| known.and_then(|at| hashes.get(at)).copied().unwrap_or_default();
            let path = known.map_or(0, |at| self.path(at, 1));
            bag.extend([of(&self.texts), of(&self.shapes), path].map(|hash| mix(hash ^ seed)));
        }
    }

    fn path(&self, index: usize, length: usize) -> u32 {
        self.paths.get(index).and_then(|paths| paths.get(length)).copied().unwrap_or_default()
    }
}

/// The text of a short block; all long texts are alike.
fn text_hash(text: &str) -> u32 {
    const LONGEST: usize = 60;
    let digits = |c: char| if c.is_ascii_digit() { '0' } else { c };
    let known = text.len() <= LONGEST;
    let fold = |text: &str| text.chars().map(digits).fold(0x811c_9dc5, |hash, c| mix(hash ^ c as u32));
    if known { fold(text) } else { 1 }
}

/// The heading or short line that each block stands below.
fn sections(page: &Page, measured: &Measured, texts: &[u32]) -> Vec<u32> {
    let mut section = 0;
    let known = page.blocks().zip(measured.tokens()).zip(texts);
    let of = known.map(|((block, tokens), text)| {
        let before = section;
        let line = block.kind() == BlockKind::Line && *tokens <= HEADING_TOKENS && !is_sentence(block.text());
        if line || matches!(block.kind(), BlockKind::Heading(_)) {
            section = *text;
        }
        before
    });
    of.collect()
}

fn is_sentence(text: &str) -> bool {
    text.ends_with(['.', '。', '!', '！', '?', '？', '”', '…'])
}

fn paths(
    page: &Page,
    measured: &Measured,
    block: Block<'_>,
    elements: &mut FxHashMap<ElementId, u32>,
) -> [u32; PATHS] {
    let (mut path, mut hash) = ([0; PATHS], 0x6a09_e667_u32 ^ kind_code(block.kind()));
    for (depth, id) in above(page, block.element_id()).enumerate() {
        let element = *elements.entry(id).or_insert_with(|| {
            let tokens = measured.sparse().element(id);
            tokens.iter().fold(0x3c6e_f372, |hash, token| mix(hash ^ token))
        });
        hash = mix(hash.rotate_left(7) ^ element);
        if let Some(slot) = path.get_mut(depth.min(PATHS - 1)) {
            *slot = hash;
        }
    }
    path
}

/// Classes and ids of an element and of all above it.
fn names(page: &Page, id: ElementId) -> usize {
    let is_name = |name| matches!(name, AttrName::Class | AttrName::Id);
    let of = |id| page.attributes(id).filter(|(name, _)| is_name(*name)).count();
    above(page, id).map(of).sum()
}

fn kind_code(kind: BlockKind) -> u32 {
    match kind {
        BlockKind::Heading(level) => 16 + u32::from(level),
        BlockKind::ListItem { .. } => 2,
        BlockKind::Cell { header, .. } => 3 + u32::from(header),
        BlockKind::Code => 5,
        BlockKind::Caption => 6,
        BlockKind::Quote => 7,
        BlockKind::Control => 8,
        BlockKind::Line => 9,
        BlockKind::JsonLd => 10,
        BlockKind::Meta => 11,
        _ => 1,
    }
}

/// Kind, length, links, sentences and first sign of a block, coarsely.
fn shape(measured: &Measured, block: Block<'_>) -> u32 {
    let index = block.index();
    let value = |feature: F| measured.row(index).get(feature as usize).copied().unwrap_or_default();
    let tokens = measured.tokens().get(index).copied().unwrap_or_default();
    let links = (value(F::LinkDensity) * 2.9) as u32;
    let first = block.text().chars().next().map_or(0, |c| match c {
        _ if is_cjk(c) => 1,
        _ if c.is_ascii_digit() => 2,
        _ if c.is_alphanumeric() => 3,
        _ => 4 + c as u32,
    });
    let parts = [
        kind_code(block.kind()),
        (tokens + 1).ilog2() / 2,
        links,
        u32::from(is_sentence(block.text())),
        u32::from(value(F::DateLike) > 0.0),
        first,
    ];
    parts.into_iter().fold(0xbb67_ae85, |hash, part| mix(hash ^ part))
}
