//! Measurements of a page as a whole, and of its URL.

#![expect(clippy::indexing_slicing, reason = "rows have the columns that the schema names")]

use super::markup::{Markup, NONE};
use super::names;
use super::schema::{BlockFeature, PageFeature};
use super::tokens::Tokens;
use super::words::URL_WORDS;
use crate::page::{BlockKind, ElementId, Metadata, Page, Tag};

/// A block counts as running text with so many sentence ends and less of its characters in links.
pub(super) const PROSE_STOPS: u32 = 2;
pub(super) const PROSE_LINKS: f32 = 0.3;

/// The classes of forums in `url_kind` and `ld_type`.
pub(super) const FORUM_URL: f32 = 1.0;
pub(super) const FORUM_LD: f32 = 5.0;

/// Share of a page's tokens or blocks.
fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

pub(super) fn measure(page: &Page, tokens: &Tokens, markup: &Markup, own: &[f32], values: &mut [f32]) {
    let mut set = |feature: PageFeature, value: f32| values[feature as usize] = value;
    let row = |index: usize| &own[index * BlockFeature::COUNT..(index + 1) * BlockFeature::COUNT];
    let blocks = page.blocks.len();
    let sum = |of: &dyn Fn(usize) -> f32| (0..blocks).map(of).sum::<f32>();
    let count = |of: &dyn Fn(usize) -> bool| (0..blocks).filter(|index| of(*index)).count() as f32;
    let block_tokens = |index: usize| tokens.counts[index].tokens as f32;
    let chars = sum(&|index| tokens.counts[index].chars as f32);
    let all_tokens = sum(&block_tokens);
    let below = |index: usize, feature| markup.level(page.blocks[index].element, feature) < NONE;
    let share_below =
        |feature| share(sum(&|i| if below(i, feature) { block_tokens(i) } else { 0.0 }), all_tokens);
    let prose: Vec<usize> = (0..blocks).filter(|index| is_prose(tokens, page, *index)).collect();

    set(PageFeature::Blocks, (blocks as f32).ln_1p());
    set(PageFeature::PageTokens, all_tokens.ln_1p());
    set(PageFeature::PageLinks, share(sum(&|i| page.blocks[i].inline.link_chars as f32), chars));
    set(PageFeature::PageCjk, share(sum(&|i| tokens.counts[i].cjk as f32), chars));
    set(PageFeature::ProseShare, share(prose.iter().map(|i| block_tokens(*i)).sum(), all_tokens));
    set(PageFeature::LongestProse, prose.iter().map(|i| block_tokens(*i)).fold(0.0, f32::max).ln_1p());
    set(PageFeature::ProseBlocks, (prose.len() as f32).ln_1p());
    set(PageFeature::ParagraphShare, share_below(BlockFeature::InParagraph));
    set(PageFeature::ItemShare, share_below(BlockFeature::InItem));
    set(PageFeature::CellShare, share_below(BlockFeature::InTable));
    set(PageFeature::CodeShare, share_below(BlockFeature::InCode));
    let headings = count(&|i| matches!(page.blocks[i].kind, BlockKind::Heading(_)));
    set(PageFeature::Headings, headings.ln_1p());
    set(PageFeature::TopHeadings, count(&|i| page.blocks[i].kind == BlockKind::Heading(1)).ln_1p());
    let articles = page.elements.iter().filter(|element| element.tag == Tag::Article).count();
    set(PageFeature::Articles, (articles as f32).ln_1p());
    set(PageFeature::Prices, count(&|i| row(i)[BlockFeature::Currency as usize] > 0.0).ln_1p());
    set(PageFeature::Dates, count(&|i| row(i)[BlockFeature::DateLike as usize] > 0.0).ln_1p());
    let blocks_below = |feature| share(count(&|i| below(i, feature)), blocks as f32);
    set(PageFeature::CommentBlocks, blocks_below(BlockFeature::CommentName));
    set(PageFeature::ItemBlocks, blocks_below(BlockFeature::ItemName));
    set(PageFeature::Controls, blocks_below(BlockFeature::InControl));
    let pseudo = sum(&|i| if page.blocks[i].kind.is_pseudo() { block_tokens(i) } else { 0.0 });
    set(PageFeature::PseudoTokens, pseudo.ln_1p());
    set(PageFeature::HasMain, f32::from(u8::from((0..blocks).any(|i| below(i, BlockFeature::InMain)))));
    set(PageFeature::OgType, og_class(page.metadata()));
    set(PageFeature::LdType, ld_class(page.metadata()));
    url(page.source.url.as_deref().or(page.meta.canonical.as_deref()), &mut set);
}

/// Whether a block is running text: sentences, and not in links.
pub(super) fn is_prose(tokens: &Tokens, page: &Page, index: usize) -> bool {
    let counts = &tokens.counts[index];
    let links = page.blocks[index].inline.link_chars as f32;
    counts.stops >= PROSE_STOPS
        && links < PROSE_LINKS * counts.chars as f32
        && !page.blocks[index].kind.is_pseudo()
}

/// The block of most running text, else of most tokens.
pub(super) fn main_text(page: &Page, tokens: &Tokens) -> Option<(usize, ElementId)> {
    let blocks = 0..page.blocks.len();
    let most = |a: &usize| (is_prose(tokens, page, *a), tokens.counts[*a].tokens);
    let shown = blocks.filter(|index| !page.blocks[*index].kind.is_pseudo());
    shown.max_by_key(|index| (most(index), std::cmp::Reverse(*index))).map(|at| (at, page.blocks[at].element))
}

fn og_class(meta: &Metadata) -> f32 {
    match meta.og_type.as_deref().map(str::to_ascii_lowercase).as_deref() {
        None => 0.0,
        Some(kind) if kind.contains("article") || kind.contains("news") || kind.contains("blog") => 2.0,
        Some("website") => 3.0,
        Some(kind) if kind.contains("product") => 4.0,
        Some(_) => 1.0,
    }
}

fn ld_class(meta: &Metadata) -> f32 {
    let has = |parts: &[&str]| meta.ld_types.iter().any(|kind| parts.iter().any(|part| kind.contains(part)));
    if has(&["Article", "BlogPosting"]) {
        2.0
    } else if has(&["DiscussionForum", "QAPage", "Question"]) {
        5.0
    } else if has(&["Recipe", "HowTo"]) {
        6.0
    } else if has(&["ItemList", "CollectionPage", "OfferCatalog"]) {
        4.0
    } else if has(&["Product"]) {
        3.0
    } else if has(&["Organization", "LocalBusiness", "Corporation"]) {
        7.0
    } else {
        f32::from(u8::from(!meta.ld_types.is_empty()))
    }
}

fn url(url: Option<&str>, set: &mut impl FnMut(PageFeature, f32)) {
    let after_scheme = url.map_or("", |url| url.split_once("//").map_or(url, |(_, rest)| rest));
    let (host, path) = after_scheme.split_once('/').unwrap_or((after_scheme, ""));
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let last = parts.last().copied().unwrap_or_default();
    let digits = path.bytes().filter(u8::is_ascii_digit).count();
    set(PageFeature::UrlDepth, parts.len() as f32);
    set(PageFeature::UrlLength, (last.len() as f32).ln_1p());
    set(PageFeature::UrlDigits, share(digits as f32, path.len() as f32));
    set(PageFeature::UrlHyphens, last.matches('-').count().min(20) as f32);
    set(PageFeature::UrlKind, url_class(host, &parts));
}

fn url_class(host: &str, parts: &[&str]) -> f32 {
    let mut words = Vec::new();
    for part in parts.iter().copied().chain(host.split('.').take(1)) {
        names::for_words(part, |word| words.push(word.to_owned()));
    }
    let named = |list: &&str| list.split_whitespace().any(|known| words.iter().any(|word| word == known));
    match URL_WORDS.iter().position(named) {
        Some(at) => at as f32 + 1.0,
        None if parts.is_empty() && !host.is_empty() => 6.0,
        None => 0.0,
    }
}
