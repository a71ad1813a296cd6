//! Measurements of each block by itself and by its place in the page.

#![expect(clippy::indexing_slicing, reason = "rows have the columns that the schema names")]

use super::markup::{Kinship, Markup, tag_class};
use super::page::main_text;
use super::schema::BlockFeature as F;
use super::tokens::{Counts, Tokens, character_hash, mix, word_hash};
use super::words::{STOP_CHARACTERS, STOP_WORDS};
use crate::page::{AttrName, BlockKind, Page};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;
use xxhash_rust::xxh3::xxh3_64;

static STOPS: LazyLock<FxHashSet<u32>> = LazyLock::new(|| {
    let words = STOP_WORDS.split_whitespace().map(word_hash);
    words.chain(STOP_CHARACTERS.chars().map(character_hash)).collect()
});

/// Levels above which kinship tells nothing more.
const MOST_LEVELS: u16 = 24;

pub(super) fn measure(page: &Page, tokens: &Tokens, markup: &Markup, siblings: &Siblings, rows: &mut [f32]) {
    let title: FxHashSet<u32> = title_tokens(page);
    let repeats = Repeats::of(page, tokens);
    let mut scratch = Vec::new();
    let title_block = title_block(page, tokens, &title);
    let title_kin = title_block.map(|at| Kinship::of(page, page.blocks[at].element));
    let text_kin = main_text(page, tokens).map(|(_, element)| Kinship::of(page, element));
    let topic = topic_pairs(page);
    let lead = lead(page, tokens, title_block);
    let lead_kin = lead.map(|at| Kinship::of(page, page.blocks[at].element));
    let all_tokens: f32 = tokens.counts.iter().map(|counts| counts.tokens as f32).sum();
    let mut before = 0.0;
    let mut heading = (0, 0.0);
    for (index, row) in rows.chunks_exact_mut(F::COUNT).enumerate() {
        let block = &page.blocks[index];
        text(&tokens.counts[index], page, index, row);
        words(tokens.block(index), &title, &mut scratch, row);
        topical(tokens.block(index), tokens.block_cjk(index), &topic, &mut scratch, row);
        repeats.write(index, row);
        siblings.write(index, row);
        markup.write(block.element, row);
        row[F::OwnTag as usize] = tag_class(page.elements[block.element.0 as usize].tag);
        row[F::Depth as usize] = f32::from(page.elements[block.element.0 as usize].depth);
        if let BlockKind::Heading(level) = block.kind {
            heading = (index, f32::from(level));
        }
        row[F::Position as usize] = index as f32 / page.blocks.len() as f32;
        row[F::TokensBefore as usize] = before / all_tokens.max(1.0);
        row[F::FromStart as usize] = log_count(index as u32);
        row[F::ToEnd as usize] = log_count((page.blocks.len() - index - 1) as u32);
        row[F::FromTitle as usize] = title_block.map_or(0.0, |at| signed_log(index as f32 - at as f32));
        row[F::FromHeading as usize] = log_count((index - heading.0) as u32);
        row[F::HeadingLevel as usize] = heading.1;
        let levels = |kin: &Option<Kinship>| {
            kin.as_ref().map_or((MOST_LEVELS, MOST_LEVELS), |kin| kin.levels(block.element))
        };
        row[F::TitleLevels as usize] = f32::from(levels(&title_kin).0.min(MOST_LEVELS));
        row[F::TextLevels as usize] = f32::from(levels(&text_kin).0.min(MOST_LEVELS));
        row[F::OwnLevels as usize] = f32::from(levels(&text_kin).1.min(MOST_LEVELS));
        row[F::FromLead as usize] = lead.map_or(0.0, |at| signed_log(index as f32 - at as f32));
        row[F::LeadLevels as usize] = f32::from(levels(&lead_kin).0.min(MOST_LEVELS));
        row[F::LeadOwn as usize] = f32::from(levels(&lead_kin).1.min(MOST_LEVELS));
        before += tokens.counts[index].tokens as f32;
    }
}

pub(super) fn signed_log(value: f32) -> f32 {
    value.signum() * log_count(value.abs() as u32)
}

fn text(counts: &Counts, page: &Page, index: usize, row: &mut [f32]) {
    let block = &page.blocks[index];
    let inline = &block.inline;
    let chars = counts.chars.max(1) as f32;
    let tokens = counts.tokens.max(1) as f32;
    let text = page.text.get(block.start as usize..block.end as usize).unwrap_or_default();
    row[F::Chars as usize] = log_count(counts.chars);
    row[F::Tokens as usize] = log_count(counts.tokens);
    row[F::LinkDensity as usize] = (inline.link_chars as f32 / chars).min(1.0);
    row[F::Links as usize] = log_count(u32::from(inline.links));
    row[F::Punctuation as usize] = counts.punctuation as f32 / chars;
    row[F::Commas as usize] = counts.commas as f32 / tokens;
    row[F::Stops as usize] = counts.stops as f32 / tokens;
    row[F::Sentences as usize] = log_count(counts.stops);
    row[F::EndKind as usize] = end_kind(counts.last);
    row[F::FirstKind as usize] = first_kind(counts.first);
    row[F::Digits as usize] = counts.digits as f32 / chars;
    row[F::Capitals as usize] = counts.upper as f32 / chars;
    row[F::Cjk as usize] = counts.cjk as f32 / chars;
    row[F::WordLength as usize] = counts.word_chars as f32 / counts.words.max(1) as f32;
    row[F::LongestWord as usize] = log_count(counts.longest);
    row[F::Symbols as usize] = counts.symbols as f32 / chars;
    row[F::Currency as usize] = f32::from(u8::from(counts.currency));
    row[F::DateLike as usize] = f32::from(u8::from(counts.digits > 0 && has_date(text)));
    row[F::Contact as usize] = f32::from(u8::from(counts.contact || text.contains("http")));
    row[F::Bold as usize] = (inline.bold_chars as f32 / chars).min(1.0);
    row[F::Images as usize] = log_count(u32::from(inline.images));
    row[F::Breaks as usize] = log_count(u32::from(inline.breaks));
    row[F::Heading as usize] =
        if let BlockKind::Heading(level) = block.kind { f32::from(level) } else { 0.0 };
    row[F::Pseudo as usize] = match block.kind {
        BlockKind::JsonLd => 1.0,
        BlockKind::Meta => 2.0,
        _ => 0.0,
    };
}

fn end_kind(last: char) -> f32 {
    match last {
        '.' | '!' | '?' | '。' | '！' | '？' | '"' | '”' | '’' | '」' | '』' => 1.0,
        ':' | '：' => 2.0,
        '…' | '→' | '»' | '›' | '>' | '↓' => 3.0,
        ',' | '，' | '、' | ';' | '；' => 4.0,
        c if c.is_numeric() => 5.0,
        _ => 0.0,
    }
}

fn first_kind(first: char) -> f32 {
    match first {
        '•' | '-' | '*' | '·' | '●' | '■' | '◆' | '–' | '▪' | '○' | '>' | '|' => 5.0,
        c if super::tokens::is_cjk(c) => 4.0,
        c if c.is_numeric() => 3.0,
        c if c.is_uppercase() => 2.0,
        c if c.is_lowercase() => 1.0,
        _ => 0.0,
    }
}

/// Whether a time of day or a numeric date stands in the text, or a month's name beside a number.
fn has_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let clock = (1..bytes.len()).any(|at| match bytes[at] {
        b':' => digit(at - 1) && digit(at + 1) && digit(at + 2),
        b'-' | b'/' | b'.' => at >= 4 && digit(at + 1) && (at - 4..at).all(digit),
        _ => false,
    });
    clock || (text.contains('月') || text.contains('年')) || has_month(text)
}

fn has_month(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    text.split(|c: char| !c.is_alphanumeric()).any(|word| {
        word.len() <= 9
            && word.get(..3).is_some_and(|start| MONTHS.iter().any(|month| month.eq_ignore_ascii_case(start)))
    })
}

fn words(hashes: &[u32], title: &FxHashSet<u32>, scratch: &mut Vec<u32>, row: &mut [f32]) {
    let count = hashes.len().max(1) as f32;
    let stops = hashes.iter().filter(|hash| STOPS.contains(*hash)).count();
    row[F::StopWords as usize] = stops as f32 / count;
    let shared = hashes.iter().filter(|hash| title.contains(*hash)).count();
    row[F::TitleShare as usize] = shared as f32 / count;
    scratch.clear();
    scratch.extend_from_slice(hashes);
    scratch.sort_unstable();
    scratch.dedup();
    row[F::UniqueTokens as usize] = scratch.len() as f32 / count;
    let covered = if shared == 0 { 0 } else { scratch.iter().filter(|hash| title.contains(*hash)).count() };
    row[F::TitleCover as usize] = covered as f32 / title.len().max(1) as f32;
}

/// Hashes of a text's content: words that are no function words, and pairs of Chinese or Japanese characters.
fn content(hashes: &[u32], cjk: &[bool], with: &mut Vec<u32>) {
    for at in 0..hashes.len() {
        if cjk[at] {
            if cjk.get(at + 1) == Some(&true) {
                with.push(mix(hashes[at] ^ hashes[at + 1].rotate_left(9)));
            }
        } else if !STOPS.contains(&hashes[at]) {
            with.push(hashes[at]);
        }
    }
}

/// The content of the page's title and description.
fn topic_pairs(page: &Page) -> FxHashSet<u32> {
    let meta = &page.meta;
    let title = meta.title.as_deref().or(meta.title_tag.as_deref()).unwrap_or_default();
    let texts = [title, meta.description.as_deref().unwrap_or_default()];
    let tokens = Tokens::of(texts.into_iter());
    let mut pairs = Vec::new();
    for at in 0..texts.len() {
        content(tokens.block(at), tokens.block_cjk(at), &mut pairs);
    }
    pairs.into_iter().collect()
}

fn topical(hashes: &[u32], cjk: &[bool], topic: &FxHashSet<u32>, scratch: &mut Vec<u32>, row: &mut [f32]) {
    scratch.clear();
    content(hashes, cjk, scratch);
    let all = scratch.len().max(1) as f32;
    scratch.retain(|pair| topic.contains(pair));
    row[F::TopicShare as usize] = scratch.len() as f32 / all;
    scratch.sort_unstable();
    scratch.dedup();
    row[F::TopicHits as usize] = log_count(scratch.len() as u32);
}

/// Tokens that the lead has at least.
const LEAD_TOKENS: u32 = 15;

/// The first block of running text behind the title, else of the page.
fn lead(page: &Page, tokens: &Tokens, title: Option<usize>) -> Option<usize> {
    let is_lead = |index: &usize| {
        let counts = &tokens.counts[*index];
        counts.tokens >= LEAD_TOKENS
            && counts.stops >= 1
            && page.blocks[*index].inline.link_chars as f32 <= 0.3 * counts.chars as f32
            && !page.blocks[*index].kind.is_pseudo()
    };
    let blocks = page.blocks.len();
    let behind = title.and_then(|title| (title + 1..blocks).find(is_lead));
    behind.or_else(|| (0..blocks).find(is_lead))
}

fn title_tokens(page: &Page) -> FxHashSet<u32> {
    let title = page.meta.title.as_deref().or(page.meta.title_tag.as_deref()).unwrap_or_default();
    Tokens::of([title].into_iter()).hashes.into_iter().collect()
}

/// The block most like the page's title: the share of tokens in common both ways, headings first.
fn title_block(page: &Page, tokens: &Tokens, title: &FxHashSet<u32>) -> Option<usize> {
    let likeness = |index: usize| {
        let hashes = tokens.block(index);
        let shared = hashes.iter().filter(|hash| title.contains(*hash)).count() as f32;
        let overlap = 2.0 * shared / (hashes.len() + title.len()).max(1) as f32;
        let heading = match page.blocks[index].kind {
            BlockKind::Heading(1) => 0.3,
            BlockKind::Heading(2) => 0.15,
            _ => 0.0,
        };
        overlap + heading
    };
    let shown = (0..page.blocks.len()).filter(|index| !page.blocks[*index].kind.is_pseudo());
    let best =
        shown.map(|index| (index, likeness(index))).fold(
            None,
            |best: Option<(usize, f32)>, next| match best {
                Some(best) if best.1 >= next.1 => Some(best),
                _ => Some(next),
            },
        );
    best.filter(|(_, likeness)| *likeness >= 0.3).map(|(index, _)| index)
}

/// Texts and shingles that stand in more than one block.
struct Repeats {
    texts: FxHashMap<u32, u32>,
    same_before: Vec<u32>,
    text_of: Vec<u32>,
    /// The number of each block's shingles of [`SHINGLE`] tokens, one block after another, and where each block's end.
    shingles: Vec<u32>,
    ends: Vec<usize>,
    /// First and last block of each shingle, by its number.
    spans: Vec<(u32, u32)>,
}

const SHINGLE: usize = 4;

impl Repeats {
    fn of(page: &Page, tokens: &Tokens) -> Self {
        let mut texts: FxHashMap<u32, u32> = FxHashMap::default();
        let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
        numbers.reserve(tokens.hashes.len());
        let (mut shingles, mut ends, mut spans) =
            (Vec::with_capacity(tokens.hashes.len()), Vec::new(), Vec::new());
        let (mut same_before, mut text_of) = (Vec::new(), Vec::new());
        for index in 0..page.blocks.len() {
            let hashes = tokens.block(index);
            let text = hashes.iter().fold(1, |text, hash| mix(text ^ hash));
            let count = texts.entry(text).or_default();
            same_before.push(*count);
            *count += 1;
            text_of.push(text);
            for shingle in hashes.windows(SHINGLE).map(shingle_hash) {
                let number = *numbers.entry(shingle).or_insert(spans.len() as u32);
                if number as usize == spans.len() {
                    spans.push((index as u32, index as u32));
                }
                spans[number as usize].1 = index as u32;
                shingles.push(number);
            }
            ends.push(shingles.len());
        }
        Self { texts, same_before, text_of, shingles, ends, spans }
    }

    fn write(&self, index: usize, row: &mut [f32]) {
        row[F::SameBefore as usize] = log_count(self.same_before[index]);
        row[F::SameInPage as usize] = log_count(self.texts[&self.text_of[index]]);
        let (mut before, mut elsewhere) = (0, 0);
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        let shingles = &self.shingles[start..self.ends[index]];
        for number in shingles {
            let (first, last) = self.spans[*number as usize];
            before += u32::from(first < index as u32);
            elsewhere += u32::from(first != index as u32 || last != index as u32);
        }
        let all = shingles.len().max(1) as f32;
        row[F::SeenBefore as usize] = before as f32 / all;
        row[F::SeenElsewhere as usize] = elsewhere as f32 / all;
    }
}

fn shingle_hash(tokens: &[u32]) -> u32 {
    tokens.iter().fold(7, |shingle: u32, token| (shingle ^ token).wrapping_mul(0x9e37_79b1).rotate_left(5))
}

/// Blocks whose elements have the same parent, tag and class.
#[derive(Debug, Default)]
pub(super) struct Siblings {
    /// The group of each block.
    group: Vec<u32>,
    /// Blocks of the group before each block.
    before: Vec<u32>,
    /// Blocks of each group.
    sizes: Vec<u32>,
}

impl Siblings {
    pub(super) fn of(page: &Page) -> Self {
        let mut known: FxHashMap<(u32, u8, u64), u32> = FxHashMap::default();
        let mut siblings = Self::default();
        for block in &page.blocks {
            let element = &page.elements[block.element.0 as usize];
            let class = page.attr(block.element, AttrName::Class).unwrap_or_default();
            let next = known.len() as u32;
            let key = (element.parent.0, element.tag as u8, xxh3_64(class.as_bytes()));
            let group = *known.entry(key).or_insert(next);
            if group == next {
                siblings.sizes.push(0);
            }
            let size = &mut siblings.sizes[group as usize];
            siblings.before.push(*size);
            *size += 1;
            siblings.group.push(group);
        }
        siblings
    }

    fn write(&self, index: usize, row: &mut [f32]) {
        row[F::SiblingsBefore as usize] = log_count(self.before[index]);
        row[F::SiblingsAll as usize] = log_count(self.sizes[self.group[index] as usize]);
    }

    /// For each block: the sum of `values` over its group, and the group's size.
    pub(super) fn sums(&self, values: &[f32]) -> Vec<(f32, f32)> {
        let mut sums = vec![0.0; self.sizes.len()];
        for (group, value) in self.group.iter().zip(values) {
            sums[*group as usize] += value;
        }
        self.group.iter().map(|group| (sums[*group as usize], self.sizes[*group as usize] as f32)).collect()
    }
}

static LOGARITHMS: LazyLock<Vec<f32>> =
    LazyLock::new(|| (0..1024u32).map(|count| (count as f32).ln_1p()).collect());

/// ln(1 + count), from a table for small counts.
pub(super) fn log_count(count: u32) -> f32 {
    LOGARITHMS.get(count as usize).copied().unwrap_or_else(|| (count as f32).ln_1p())
}
