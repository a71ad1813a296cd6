//! The hashed bags: tokens of tags, classes, ids and roles above a block, and the block's words.

#![expect(clippy::indexing_slicing, reason = "ranges are made here over the same vectors")]

use super::markup::Signatures;
use super::names;
use super::tokens::{Tokens, mix};
use crate::page::{AttrName, ElementId, Page, Tag};
use rustc_hash::FxHashMap;

/// How far an element stands above a block. A token means another thing at each distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Distance {
    /// The element that holds the block.
    Own = 0x9e37_79b9,
    /// Its parent and its parent's parent.
    Near = 0x7f4a_7c15,
    /// Any element above.
    Any = 0xf39c_c060,
    /// An inline element around the block's first word.
    Inline = 0x5ced_c834,
}

/// Tokens at the start and at the end of a block that go into its bag.
pub(super) const FIRST_TOKENS: usize = 16;
pub(super) const LAST_TOKENS: usize = 6;
/// A block of so few tokens goes in as a whole too.
pub(super) const WHOLE_TOKENS: usize = 8;

/// The bags of a page.
#[derive(Debug, Default)]
pub struct Sparse {
    element_tokens: Vec<u32>,
    element_ranges: Vec<(u32, u32)>,
    text_tokens: Vec<u32>,
    text_ranges: Vec<(u32, u32)>,
}

impl Sparse {
    pub(super) fn of(page: &Page, tokens: &Tokens, signatures: &Signatures) -> Self {
        let mut sparse = Self::default();
        sparse.elements(page, signatures);
        for (index, block) in page.blocks.iter().enumerate() {
            let first = sparse.text_tokens.len() as u32;
            let text = page.text.get(block.start as usize..block.end as usize).unwrap_or_default();
            sparse.text(tokens, index, text);
            sparse.text_ranges.push((first, sparse.text_tokens.len() as u32));
        }
        sparse
    }

    /// The hashed tokens of an element, without a distance.
    pub fn element(&self, id: ElementId) -> &[u32] {
        let (start, end) = self.element_ranges[id.0 as usize];
        &self.element_tokens[start as usize..end as usize]
    }

    /// The hashed tokens of a block's text.
    pub fn block_text(&self, index: usize) -> &[u32] {
        let (start, end) = self.text_ranges[index];
        &self.text_tokens[start as usize..end as usize]
    }

    /// A token at a distance: the hash whose upper bits are the slot in a model.
    pub fn at_distance(token: u32, distance: Distance) -> u32 {
        (token ^ distance as u32).wrapping_mul(0x9e37_79b1)
    }

    /// The hashed tokens of the markup around a block.
    pub fn block_markup(&self, page: &Page, index: usize, bag: &mut Vec<u32>) {
        bag.clear();
        let block = &page.blocks[index];
        let mut add = |id: ElementId, distance| {
            bag.extend(self.element(id).iter().map(|token| Self::at_distance(*token, distance)));
        };
        for_inline(page, index, |id| add(id, Distance::Inline));
        add(block.element, Distance::Own);
        for (level, id) in above(page, block.element).enumerate() {
            if level == 1 || level == 2 {
                add(id, Distance::Near);
            }
            add(id, Distance::Any);
        }
    }

    fn elements(&mut self, page: &Page, signatures: &Signatures) {
        let mut seen: FxHashMap<u64, (u32, u32)> = FxHashMap::default();
        self.element_ranges = vec![(0, 0); page.elements.len()];
        for (at, signature) in signatures.wanted() {
            let range = *seen.entry(signature).or_insert_with(|| {
                let first = self.element_tokens.len() as u32;
                self.add_element(page, ElementId(at as u32), page.elements[at].tag);
                (first, self.element_tokens.len() as u32)
            });
            self.element_ranges[at] = range;
        }
    }

    fn add_element(&mut self, page: &Page, id: ElementId, tag: Tag) {
        let tokens = &mut self.element_tokens;
        tokens.push(mix(tag as u32 + 1));
        for (name, value) in page.attributes(id).filter(|(name, _)| is_token_source(*name)) {
            let seed = 0x811c_9dc5 ^ (name as u32 + 1).wrapping_mul(0x0100_0193);
            for part in value.split_ascii_whitespace().take(MOST_NAMES) {
                tokens.push(names::name_hash(part, seed));
                names::for_words(part, |word| tokens.push(names::name_hash(word, 0x2f72_b421)));
            }
        }
    }

    fn text(&mut self, tokens: &Tokens, index: usize, text: &str) {
        let hashes = tokens.block(index);
        let cjk = tokens.block_cjk(index);
        let bag = &mut self.text_tokens;
        let first = hashes.len().min(FIRST_TOKENS);
        ngrams(&hashes[..first], &cjk[..first], 0x1000_0001, bag);
        let last = hashes.len().saturating_sub(LAST_TOKENS).max(first);
        ngrams(&hashes[last..], &cjk[last..], 0x2000_0003, bag);
        if hashes.len() <= WHOLE_TOKENS {
            bag.push(hashes.iter().fold(0x3000_0005, |whole, token| mix(whole ^ token)));
        }
        let length = (hashes.len() as u32 + 1).ilog2();
        bag.push(mix(0x4000_0007 ^ length));
        let ends = [text.chars().next(), text.chars().next_back()];
        for (end, seed) in ends.into_iter().zip([0x5000_0009, 0x6000_000b]) {
            let kind = end.map_or(0, |c| if c.is_alphanumeric() { 1 } else { c as u32 });
            bag.push(mix(seed ^ kind));
        }
    }
}

/// Classes of one element that are looked at; utility-class styles have dozens.
pub(super) const MOST_NAMES: usize = 24;

pub(super) fn is_token_source(name: AttrName) -> bool {
    matches!(
        name,
        AttrName::Class
            | AttrName::Id
            | AttrName::Role
            | AttrName::ItemProp
            | AttrName::ItemType
            | AttrName::TestId
            | AttrName::AriaLabel
            | AttrName::Rel
    )
}

/// Tokens of the longest run that starts with a token of this kind.
pub(super) fn longest_run(cjk: bool) -> usize {
    if cjk { 4 } else { 2 }
}

/// One and two tokens in a row; up to four where they are Chinese or Japanese characters.
fn ngrams(hashes: &[u32], cjk: &[bool], seed: u32, bag: &mut Vec<u32>) {
    for at in 0..hashes.len() {
        let mut gram = mix(seed ^ hashes[at]);
        bag.push(gram);
        let longest = longest_run(cjk[at]);
        for next in at + 1..(at + longest).min(hashes.len()) {
            if next > at + 1 && !cjk[next] {
                break;
            }
            gram = mix(gram ^ hashes[next].rotate_left(7));
            bag.push(gram);
        }
    }
}

/// The element and all above it.
pub(crate) fn above(page: &Page, id: ElementId) -> impl Iterator<Item = ElementId> {
    let mut next = Some(id);
    std::iter::from_fn(move || {
        let id = next?;
        let parent = page.elements[id.0 as usize].parent;
        next = (parent != id).then_some(parent);
        Some(id)
    })
}

/// Calls `with` for the inline elements between a block's first word and its element.
pub(crate) fn for_inline(page: &Page, index: usize, with: impl FnMut(ElementId)) {
    let block = &page.blocks[index];
    above(page, block.inner).take_while(|id| *id != block.element && id.0 > 1).for_each(with);
}
