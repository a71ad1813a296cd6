//! Sentences that strangers put into the main content: offers of trades, notices of sites that copy serials.
//!
//! An offer names a ware and calls to buy it, and neither reports nor warns. It is a stranger's if nothing else of the main
//! content speaks of such wares: an article about loans may say where to get one. A block that is little else is none of
//! the main content; out of another one the sentences are taken.

use super::addresses;
use crate::classify::{Label, Reason};
use crate::lexicon::{self, Said};
use crate::page::{Block, BlockKind, Page, SpanKind, sentences_of};
use std::ops::Range;

type Named = (Label, Reason);

/// What strangers put into the main content.
#[derive(Debug, Default)]
pub(super) struct PutIn {
    /// Blocks that are little else.
    pub(super) blocks: Vec<(usize, Named)>,
    /// Parts of other blocks, in order.
    pub(super) parts: Vec<(usize, Range<usize>)>,
}

const SERIAL: Named = (Label::Promo, Reason::SerialNotice);

/// A paragraph of the page's own has at least so many tokens.
const PARAGRAPH_TOKENS: u32 = 20;
/// A block is an offer if this share of its bytes is.
const MOST: f32 = 0.5;
/// A question that leads to an offer has at most so many bytes.
const LEAD: usize = 60;
/// Offers of a trade are a stranger's if they are at most this share of the main content.
const FEW: f32 = 0.6;

/// A sentence of a block in which a stranger may have written.
struct Sentence<'p> {
    block: Block<'p>,
    range: Range<usize>,
    said: Said,
    /// The trade whose offer it is.
    offers: Option<Label>,
}

impl<'p> Sentence<'p> {
    fn new(block: Block<'p>, range: Range<usize>) -> Self {
        let said = lexicon::said(block.text().get(range.clone()).unwrap_or_default());
        let mut links = block.spans().iter().filter(|span| span.kind == SpanKind::Link);
        let mut leads_away = || {
            links.any(|span| {
                range.contains(&(span.start as usize))
                    && block.href(span).is_some_and(|href| href.contains("//"))
            })
        };
        let is_offer = !said.reports && said.ware.is_some() && (said.calls || leads_away());
        Self { offers: said.ware.filter(|_| is_offer), block, range, said }
    }

    /// Whether it is a question that may lead to an offer.
    fn leads(&self) -> bool {
        let text = self.block.text().get(self.range.clone()).unwrap_or_default();
        text.len() <= LEAD && text.ends_with(['?', '？'])
    }
}

/// The main content of a page.
struct Content<'p> {
    page: &'p Page,
    tokens: &'p [u32],
    blocks: Vec<Block<'p>>,
    /// Those of blocks in which a stranger may have written, in order.
    sentences: Vec<Sentence<'p>>,
    /// The last paragraph without an offer.
    last_own: Option<usize>,
}

/// Finds what strangers put into the main content, the blocks that `chosen` has.
pub(super) fn find(page: &Page, tokens: &[u32], chosen: &[bool]) -> PutIn {
    let is_content = |block: &Block<'_>| {
        let kind = block.kind();
        chosen.get(block.index()) == Some(&true) && !kind.is_pseudo() && kind != BlockKind::Code
    };
    let blocks: Vec<Block<'_>> = page.blocks().filter(is_content).collect();
    let mut sentences = Vec::new();
    for block in blocks.iter().filter(|block| lexicon::may_say(block.text())) {
        sentences.extend(sentences_of(block.text()).into_iter().map(|range| Sentence::new(*block, range)));
    }
    let mut content = Content { page, tokens, blocks, sentences, last_own: None };
    let mut own = content.blocks.iter().map(Block::index).rev();
    content.last_own = own.find(|index| content.is_paragraph(*index) && !content.has_offer(*index));
    content.put_in()
}

impl Content<'_> {
    fn is_paragraph(&self, index: usize) -> bool {
        self.tokens.get(index) >= Some(&PARAGRAPH_TOKENS)
    }

    fn has_offer(&self, index: usize) -> bool {
        self.sentences.iter().any(|sentence| sentence.block.index() == index && sentence.offers.is_some())
    }

    fn put_in(&self) -> PutIn {
        let mut parts: Vec<(Block<'_>, Range<usize>, Named)> = Vec::new();
        let strange: Vec<Label> =
            Label::ALL.iter().copied().filter(|label| self.is_strange(*label)).collect();
        for (at, sentence) in self.sentences.iter().enumerate() {
            let Some(named) = self.named(sentence, &strange) else { continue };
            let before = at.checked_sub(1).and_then(|at| self.sentences.get(at));
            let lead = before.filter(|lead| lead.block.index() == sentence.block.index() && lead.leads());
            parts.extend(lead.map(|lead| (lead.block, lead.range.clone(), named)));
            parts.push((sentence.block, sentence.range.clone(), named));
        }
        let is_serial = parts.iter().any(|(_, _, named)| *named == SERIAL);
        for (block, range) in addresses::glued(&self.blocks, is_serial) {
            parts.push((block, range, SERIAL));
        }
        parts.sort_by_key(|(block, range, _)| (block.index(), range.start));
        PutIn::of(&parts)
    }

    /// What a sentence is that a stranger has put in. Offers of the site itself stand behind its text.
    fn named(&self, sentence: &Sentence<'_>, strange: &[Label]) -> Option<Named> {
        let is_behind = || Some(sentence.block.index()) > self.last_own;
        let label = sentence.offers.filter(|label| strange.contains(label));
        let label = label.filter(|label| *label != Label::Promo || is_behind());
        label.map(|label| (label, Reason::TradeOffer)).or(sentence.said.serial.then_some(SERIAL))
    }

    /// Whether offers of a trade are few and nothing else speaks of it.
    fn is_strange(&self, label: Label) -> bool {
        let title = self.page.metadata().title_tag.as_deref().unwrap_or_default();
        let speaks = |sentence: &Sentence<'_>| {
            let index = sentence.block.index();
            let matters = self.is_paragraph(index) || matches!(sentence.block.kind(), BlockKind::Heading(_));
            sentence.said.ware == Some(label) && matters && !self.has_offer(index)
        };
        let bytes: usize = self.blocks.iter().map(|block| block.text().len()).sum();
        let offers = self.sentences.iter().filter(|sentence| sentence.offers == Some(label));
        let offered: usize = offers.map(|sentence| sentence.range.len()).sum();
        self.last_own.is_some()
            && offered as f32 <= FEW * bytes as f32
            && lexicon::said(title).ware != Some(label)
            && !self.sentences.iter().any(speaks)
    }
}

impl PutIn {
    /// Sorts out which blocks are little else; `parts` are sorted.
    fn of(parts: &[(Block<'_>, Range<usize>, Named)]) -> Self {
        let mut put_in = Self::default();
        for of_block in parts.chunk_by(|(a, ..), (b, ..)| a.index() == b.index()) {
            let Some((block, _, named)) = of_block.first() else { continue };
            let mut ranges: Vec<Range<usize>> = Vec::new();
            for (_, range, _) in of_block {
                match ranges.last_mut() {
                    Some(last) if range.start < last.end => last.end = last.end.max(range.end),
                    _ => ranges.push(range.clone()),
                }
            }
            let bytes: usize = ranges.iter().map(ExactSizeIterator::len).sum();
            if bytes as f32 >= MOST * block.text().len() as f32 {
                put_in.blocks.push((block.index(), *named));
            } else {
                put_in.parts.extend(ranges.into_iter().map(|range| (block.index(), range)));
            }
        }
        put_in
    }
}
