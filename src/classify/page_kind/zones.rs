//! The words of a page by their place, as bags of grams.

use super::WordsSaid;
use crate::classify::spam::{EDGE, LINE_BYTES};
use crate::features::vectors::ZONES;
use crate::features::{Grams, PageGrams};
use crate::model::{PAGE_KINDS, Words};
use crate::page::{Block, Page};

/// Blocks of text that are read: the longest ones.
const MOST: usize = 40;

/// The grams of each zone, each once, and the page's host.
#[derive(Debug, Default)]
pub(crate) struct Bags {
    zones: [Vec<u32>; ZONES.len()],
    host: String,
}

impl Bags {
    pub(crate) fn of(page: &Page, grams: &PageGrams) -> Self {
        let mut reader = Reader::default();
        let blocks: Vec<Block<'_>> = page.blocks().collect();
        let meta = page.metadata();
        let head = [&meta.title_tag, &meta.keywords, &meta.description].into_iter().flatten();
        let mut head: Vec<&str> = head.map(String::as_str).collect();
        if head.is_empty() {
            head.extend(blocks.first().map(Block::text));
        }
        let count = blocks.len();
        let at_edge = |at: &usize| *at < EDGE || at + EDGE >= count;
        let is_line = |at: &usize| blocks.get(*at).is_some_and(|block| block.text().len() <= LINE_BYTES);
        let bag = |places: &mut dyn Iterator<Item = usize>| {
            distinct(places.flat_map(|at| grams.block(at)).copied().collect())
        };
        let edge = bag(&mut (0..count).filter(at_edge).filter(is_line));
        let text = bag(&mut longest(&blocks).into_iter());
        let host = host(page);
        let of_host = host.as_deref().map(host_words);
        let zones = [reader.bag(head.into_iter()), edge, text, reader.bag(of_host.as_deref().into_iter())];
        Self { zones, host: host.unwrap_or_default() }
    }

    /// The bags that are not empty.
    #[cfg(feature = "train")]
    pub(crate) fn zones(&self) -> impl Iterator<Item = &[u32]> {
        self.zones.iter().map(Vec::as_slice).filter(|zone| !zone.is_empty())
    }

    /// The grams of all zones.
    #[cfg(feature = "train")]
    pub(crate) fn all(&self) -> Vec<u32> {
        self.zones.concat()
    }

    /// The page's host, without `www.`; empty where it is not known.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(crate) fn said(&self, words: &Words<PAGE_KINDS>) -> WordsSaid {
        self.zones.each_ref().map(|grams| words.of_grams(grams))
    }
}

/// The longest blocks.
fn longest(blocks: &[Block<'_>]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..blocks.len()).collect();
    let bytes = |at: &usize| blocks.get(*at).map_or(0, |block| block.text().len());
    places.sort_by_key(|at| std::cmp::Reverse(bytes(at)));
    places.truncate(MOST);
    places
}

fn host(page: &Page) -> Option<String> {
    let url = page.source().url.as_deref().or(page.metadata().canonical.as_deref())?;
    let url = url::Url::parse(url).ok()?;
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

/// The words of a host's name.
pub(super) fn host_words(host: &str) -> String {
    host.replace(['.', '-'], " ")
}

/// Reads texts into bags of grams.
#[derive(Default)]
struct Reader {
    grams: Grams,
    of_text: Vec<u32>,
}

impl Reader {
    fn bag<'t>(&mut self, texts: impl Iterator<Item = &'t str>) -> Vec<u32> {
        let mut all = Vec::new();
        for text in texts {
            self.grams.read(text, &mut self.of_text);
            all.append(&mut self.of_text);
        }
        distinct(all)
    }
}

/// Each gram once.
fn distinct(mut grams: Vec<u32>) -> Vec<u32> {
    grams.sort_unstable();
    grams.dedup();
    grams
}
