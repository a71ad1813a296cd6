//! The pages of a site → how many of them have a block in the same place.
//!
//! A block is known by its text, the elements around it and the site, so the first paragraph of an article is not taken for its own
//! teaser in the side columns of other pages. A heading is also known by what follows it: `Background` above another text on each page
//! is no template, `About us` above the same one is. Each page counts a block once, and pages of the very same blocks count once
//! together: they are one page under several addresses.
//!
//! Most blocks stand on one page. So the first time of a block is only noted in a Bloom filter, and a counter is kept from the
//! second on. A wrong answer of the filter makes one page of a block two, which no threshold here is as low as.

use super::layout::step;
use crate::page::select::chain;
use crate::page::{Block, Page, registrable_domain};
use rustc_hash::FxHashMap;
use std::fmt;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// Elements around a block that make its place: the end of its path, as ids and classes further up name the page.
const STEPS: usize = 3;
/// Bits of the Bloom filter: 64 MiB. With 50 million blocks 1 % of the first times are taken for second ones.
const BITS: u64 = 1 << 29;
/// Bits that a block sets.
const PROBES: u64 = 4;
/// Counters, at most: as many as a table of 2²³ places has room for, 136 MiB.
const COUNTERS: usize = (1 << 23) / 8 * 7;
/// A block that fewer pages have is no template: on four pages a quotation or a second address may stand as well.
pub(super) const FEWEST: u32 = 5;
/// A template stands on one page of a site in so many, or on so many pages: a section of a large site has its own.
const ONE_IN: u32 = 10;
const ENOUGH: u32 = 50;

/// The blocks of a page of a site, as they are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageBlocks {
    site: u64,
    /// All of them in one: pages of one content are one page.
    content: u64,
    /// Each of its blocks once.
    blocks: Vec<u64>,
}

impl PageBlocks {
    /// Of a page; none where its URL names no host, or it has no block.
    pub fn of(page: &Page) -> Option<Self> {
        let site = site(page)?;
        let mut blocks: Vec<u64> = page.blocks().flat_map(|block| Keys::of(site, block)).collect();
        blocks.sort_unstable();
        blocks.dedup();
        let content = blocks.iter().fold(!site, |all, key| xxh3_64_with_seed(&key.to_le_bytes(), all));
        (!blocks.is_empty()).then_some(Self { site, content, blocks })
    }
}

/// How many pages of each site have which blocks: what repeats on them is their template.
///
/// It takes 300 MB of memory at most, however many pages are counted; a filter that knows it cuts templates from bodies
/// ([`Filter::with_templates`](crate::Filter::with_templates)). The order of the pages does not matter as long as all
/// fit.
///
/// ```
/// use pagesieve::likeness::{PageBlocks, Templates};
/// use pagesieve::page::{Document, Limits, Page};
/// let page = |number: usize| {
///     let html = format!("<p>Story {number}</p><div>About us: a paper of the harbour.</div>");
///     Page::read(&Document::html(html).with_url(format!("https://post.example/{number}")), &Limits::default())
/// };
/// let mut templates = Templates::default();
/// (0..20).filter_map(|number| PageBlocks::of(&page(number))).for_each(|blocks| templates.add(&blocks));
/// let repeated = templates.of_page(&page(3)).unwrap();
/// assert_eq!((repeated.pages, repeated.blocks), (20, vec![None, Some(20)]));
/// ```
pub struct Templates {
    seen: Vec<u64>,
    counts: FxHashMap<u64, u32>,
    /// Counters, at most.
    most: usize,
    /// Whether counters were forgotten to make room for others, and whether no room could be made.
    has_forgotten: bool,
    is_full: bool,
}

impl Default for Templates {
    fn default() -> Self {
        Self::with_counters(COUNTERS)
    }
}

/// Which blocks of a page repeat on its site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// Pages of the site that were counted.
    pub pages: u32,
    /// On how many of them each block stands in the same place; none of a block that is no template.
    pub blocks: Vec<Option<u32>>,
}

impl Templates {
    fn with_counters(most: usize) -> Self {
        let (seen, counts) = (vec![0; (BITS / 64) as usize], FxHashMap::default());
        Self { seen, counts, most, has_forgotten: false, is_full: false }
    }

    /// Counts a page.
    pub fn add(&mut self, page: &PageBlocks) {
        if self.add_key(page.content) {
            return;
        }
        self.add_key(page.site);
        for key in &page.blocks {
            self.add_key(*key);
        }
    }

    /// Whether there was room for all blocks that repeat; else some are taken for rarer than they are, or for no templates.
    pub fn is_complete(&self) -> bool {
        !self.has_forgotten && !self.is_full
    }

    /// Which blocks of a page are a template of its site; none where its URL names no host.
    pub fn of_page(&self, page: &Page) -> Option<Repeated> {
        let site = site(page)?;
        let pages = self.count(site);
        let least = FEWEST.max((pages / ONE_IN).min(ENOUGH));
        let blocks =
            page.blocks().map(|block| self.pages(&Keys::of(site, block)).filter(|pages| *pages >= least));
        Some(Repeated { pages, blocks: blocks.collect() })
    }

    /// On how many pages a block stands; a heading with the block that follows it, if it mostly stands above that one.
    fn pages(&self, keys: &Keys) -> Option<u32> {
        let pages = self.count(keys.block);
        let Some(with_next) = keys.with_next.map(|key| self.count(key)) else { return Some(pages) };
        (2 * with_next > pages).then_some(with_next)
    }

    /// Counts a key; whether it was counted before.
    fn add_key(&mut self, key: u64) -> bool {
        if let Some(count) = self.counts.get_mut(&key) {
            *count = count.saturating_add(1);
            return true;
        }
        let was_seen = self.see(key);
        if was_seen && self.has_room() {
            self.counts.insert(key, 2);
        }
        was_seen
    }

    /// Makes room by forgetting what stands on few pages; what goes on repeating is counted again from there.
    fn has_room(&mut self) -> bool {
        if self.counts.len() >= self.most && !self.is_full {
            self.counts.retain(|_, count| *count >= FEWEST);
            self.has_forgotten = true;
            self.is_full = self.counts.len() >= self.most / 4 * 3;
        }
        self.counts.len() < self.most && !self.is_full
    }

    fn count(&self, key: u64) -> u32 {
        let seen = || probes(key).all(|(word, bit)| self.seen.get(word).is_some_and(|bits| bits & bit != 0));
        self.counts.get(&key).copied().unwrap_or_else(|| u32::from(seen()))
    }

    /// Notes a key in the Bloom filter; whether it was there.
    fn see(&mut self, key: u64) -> bool {
        let mut was_seen = true;
        for (word, bit) in probes(key) {
            if let Some(bits) = self.seen.get_mut(word) {
                was_seen &= *bits & bit != 0;
                *bits |= bit;
            }
        }
        was_seen
    }
}

impl fmt::Debug for Templates {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Templates").field("counters", &self.counts.len()).finish_non_exhaustive()
    }
}

/// Words and bits of a key, by two hashes (Kirsch & Mitzenmacher 2006).
fn probes(key: u64) -> impl Iterator<Item = (usize, u64)> {
    let step = (key >> 32) | 1;
    (0..PROBES).map(move |at| {
        let bit = key.wrapping_add(at.wrapping_mul(step)) % BITS;
        ((bit / 64) as usize, 1 << (bit % 64))
    })
}

fn site(page: &Page) -> Option<u64> {
    let domain = page.source().url.as_deref().and_then(registrable_domain)?;
    Some(xxh3_64(domain.as_bytes()))
}

/// What a block is known by.
struct Keys {
    /// Hash of its text and place.
    block: u64,
    /// Of a heading the same with the text that follows.
    with_next: Option<u64>,
}

impl Keys {
    fn of(site: u64, block: Block<'_>) -> Self {
        let mut place = site;
        if block.kind().is_pseudo() {
            place = xxh3_64_with_seed(block.kind().as_str().as_bytes(), site);
        } else if block.lines().is_none() {
            let mut name = Vec::new();
            for id in chain(block.page, block.element_id()).take(STEPS) {
                place = xxh3_64_with_seed(&step(block.page, id, &mut name).to_le_bytes(), place);
            }
        }
        let key = xxh3_64_with_seed(block.text().as_bytes(), place);
        let is_heading = block.kind().level().is_some();
        let next = block.page.block(block.index() + 1).filter(|_| is_heading);
        Self { block: key, with_next: next.map(|next| xxh3_64_with_seed(next.text().as_bytes(), !key)) }
    }
}

impl IntoIterator for Keys {
    type Item = u64;
    type IntoIter = std::iter::Chain<std::iter::Once<u64>, std::option::IntoIter<u64>>;

    fn into_iter(self) -> Self::IntoIter {
        std::iter::once(self.block).chain(self.with_next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Document, Limits};

    fn page(url: &str, html: &str) -> Page {
        Page::read(&Document::html(html).with_url(url), &Limits::default())
    }

    const STORY: &str = "The ferry came back to the harbour on Monday after eleven weeks in the yard, its owners said on the quay.";

    fn counted(pages: impl Iterator<Item = Page>) -> Templates {
        let mut templates = Templates::default();
        pages.filter_map(|page| PageBlocks::of(&page)).for_each(|blocks| templates.add(&blocks));
        templates
    }

    #[test]
    fn a_teaser_on_every_page_makes_no_template_of_its_article() {
        let html = |number: usize| {
            format!(
                "<main><p>Page {number} of the paper says something.</p></main><aside><ul><li><p>{STORY}</p></ul></aside>"
            )
        };
        let article = page("https://www.post.example/ferry", &format!("<main><p>{STORY}</p></main>"));
        let others = (0..30).map(|number| page(&format!("https://post.example/{number}"), &html(number)));
        let templates = counted(others.chain([article.clone()]));
        assert_eq!(templates.of_page(&article).unwrap().blocks, [None]);
        let other = page("https://post.example/x", &html(3));
        assert_eq!(templates.of_page(&other), Some(Repeated { pages: 31, blocks: vec![None, Some(30)] }));
    }

    #[test]
    fn a_heading_is_a_template_where_it_mostly_stands_above_the_same_text() {
        let html = |number: usize| {
            let between = if number.is_multiple_of(5) { format!("<p>{STORY}</p>") } else { String::new() };
            format!("<h2>Background</h2>{between}<p>Story {number}</p><h2>About us</h2><p>{STORY}</p>")
        };
        let pages = (0..50).map(|number| page(&format!("https://post.example/{number}"), &html(number)));
        let found = counted(pages).of_page(&page("https://post.example/0", &html(0))).unwrap();
        assert_eq!(found.blocks, [None, Some(50), None, Some(50), Some(50)]);
    }

    #[test]
    fn one_page_under_many_addresses_is_one_page() {
        let html = format!("<p>{STORY}</p><p>Comments: none</p>");
        let templates =
            counted((0..40).map(|at| page(&format!("https://post.example/?session={at}"), &html)));
        let found = templates.of_page(&page("https://post.example/", &html)).unwrap();
        assert_eq!((found.pages, found.blocks), (1, vec![None, None]));
    }

    #[test]
    fn sites_have_templates_of_their_own_and_pages_without_host_none() {
        let html = |number: usize| format!("<p>Story {number}</p><p>{STORY}</p>");
        let pages = |site: &'static str, count: usize| {
            (0..count).map(move |number| page(&format!("https://{site}/{number}"), &html(number)))
        };
        let templates = counted(pages("a.example", 4).chain(pages("b.example", 6)).chain(pages("no url", 9)));
        let of = |url: &str| templates.of_page(&page(url, &html(0))).map(|found| found.blocks[1]);
        assert_eq!(
            (of("https://a.example/0"), of("https://b.example/0"), of("no url")),
            (Some(None), Some(Some(6)), None)
        );
    }

    #[test]
    fn a_template_of_a_section_of_a_large_site_is_one() {
        let html = |number: usize| {
            let section = if number.is_multiple_of(20) { STORY } else { "" };
            format!("<p>Story {number}</p><p>{section}</p>")
        };
        let least = |pages: usize| {
            let all = (0..pages).map(|number| page(&format!("https://a.example/{number}"), &html(number)));
            counted(all).of_page(&page("https://a.example/0", &html(0))).unwrap().blocks[1]
        };
        assert_eq!((least(200), least(1200)), (None, Some(60)));
    }

    #[test]
    fn counters_have_a_bound_and_what_repeats_most_is_kept() {
        let most = 1000;
        let mut templates = Templates::with_counters(most);
        let key = |number: u64| xxh3_64(&number.to_le_bytes());
        let mut contents = 0..;
        let mut add = |templates: &mut Templates, blocks: std::ops::Range<u64>| {
            let content = contents.next().map(|number: u64| key(!number)).unwrap();
            templates.add(&PageBlocks { site: 7, content, blocks: blocks.map(key).collect() });
        };
        (0..9).for_each(|_| add(&mut templates, 0..1));
        assert!(templates.is_complete());
        (0..2).for_each(|_| add(&mut templates, 1..2 * most as u64));
        assert!(templates.counts.len() <= most && !templates.is_complete() && !templates.is_full);
        assert_eq!((templates.count(key(0)), templates.count(7)), (9, 11));
        (1..2 * most as u64).for_each(|at| (0..9).for_each(|_| add(&mut templates, at..at + 1)));
        assert!(templates.is_full && templates.counts.len() <= most && templates.count(key(0)) == 9);
    }
}
