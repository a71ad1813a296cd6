//! [`Traces`](crate::page::Traces) and texts → blocks that are ads or links for search engines, links to take out of
//! sentences, and the reasons that say so.
//!
//! In: a page, and how likely each block is to be spam where a model of texts says it. Out: labels for blocks in
//! ad slots and for hidden or foreign link lists, the page's score of ads, reasons and repairs. The module cuts
//! no block out because it is hidden, and judges no page.
//!
//! Start reading at [`Injected::of`]; what makes a link list spam is in [`links`].

mod addresses;
mod domains;
mod links;
mod offers;
#[cfg(test)]
mod tests;

use super::{BlockReport, Finding, Label, Reason, Repair};
use crate::page::{Block, Page, Span, SpanKind};
use links::LinkList;
use offers::PutIn;
use rustc_hash::FxHashSet;
use std::ops::Range;

/// What was put into a page.
#[derive(Debug, Default)]
pub(super) struct Injected {
    /// Labels that overrule the model, block by block.
    labels: Vec<Option<(Label, Reason)>>,
    /// Lists of links for search engines.
    lists: Vec<LinkList>,
    /// Places of links that a program set inside sentences: block and the link's place among the page's spans.
    keyword_links: Vec<(usize, usize)>,
    /// Sentences that strangers put into the main content.
    put_in: PutIn,
    /// Empty ad slots.
    empty_slots: usize,
    /// Ad slots with text, and their blocks.
    filled_slots: usize,
    filled: Vec<usize>,
    /// What the user's ad rules hit: blocks, and how often they hit anything.
    ruled: Vec<usize>,
    hits: usize,
    /// For people: what was hit.
    hit_text: String,
}

/// A slot with more text, characters, or more than [`SLOT_SHARE`] of the page's, is no slot but a wrapper that is
/// named after what it also holds. Chosen by hand: of the slots that pass on the WCXB development set, nine in ten
/// have under 260 characters.
const SLOT_CHARS: usize = 500;
/// See [`SLOT_CHARS`].
const SLOT_SHARE: f32 = 0.25;

/// The reason of a block that the user's ad rules hit, and of the page.
const AD_RULE: Reason = Reason::AdRule;
/// Elements that hold a greater share of the page's text are not taken for ads because a rule hides them.
#[cfg(feature = "ad-rules")]
const RULED_SHARE: f32 = 0.5;

/// A block is a sentence with a link in it if at most this share of its characters is links.
const SENTENCE_LINKS: f32 = 0.5;

/// Log-odds of a page with findings of no weight; by hand, so that one sure finding is as likely as not enough.
const SEO_BIAS: f32 = -1.0;

impl Injected {
    /// Finds what was put into a page. `spam` has for each block the probability that its text is spam, and is
    /// empty where nobody knows it.
    pub(super) fn of(page: &Page, spam: &[f32]) -> Self {
        let mut injected = Self { labels: vec![None; page.blocks.len()], ..Self::default() };
        injected.slots(page);
        injected.keyword_links = keyword_links(page);
        injected.lists = links::find(page, spam);
        for list in &injected.lists {
            for index in &list.blocks {
                if let Some(label) = injected.labels.get_mut(*index) {
                    *label = Some((Label::Seo, list.reason));
                }
            }
        }
        injected
    }

    fn slots(&mut self, page: &Page) {
        let slots = page.traces().slots();
        if slots.is_empty() {
            return;
        }
        let all: usize = page.blocks().map(chars).sum();
        for slot in slots {
            let text: usize = slot.blocks.iter().filter_map(|index| page.block(*index)).map(chars).sum();
            let is_slot = text <= SLOT_CHARS && text as f32 <= SLOT_SHARE * all as f32;
            self.empty_slots += usize::from(slot.blocks.is_empty());
            if slot.blocks.is_empty() || !is_slot {
                continue;
            }
            self.filled_slots += 1;
            self.filled.extend(&slot.blocks);
            let labels = slot.blocks.iter().filter(|_| slot.vendor);
            for index in labels {
                if let Some(label) = self.labels.get_mut(*index) {
                    *label = Some((Label::Ad, Reason::VendorSlot));
                }
            }
        }
    }

    /// Adds what the user's ad rules hit: blocks in hidden elements, unless these hold most of the page's text (lists
    /// are written for pages whose scripts have run), and blocks that are blocked links and little else.
    #[cfg(feature = "ad-rules")]
    pub(super) fn with_hits(mut self, page: &Page, hits: &super::ad_rules::Hits) -> Self {
        use super::ad_rules::is_within;
        let shown = || page.blocks().filter(|block| !block.kind().is_pseudo());
        let hidden = |block: &Block<'_>| is_within(page, &hits.elements, block.element_id());
        let (all, under): (usize, usize) =
            (shown().map(chars).sum(), shown().filter(hidden).map(chars).sum());
        let most = under as f32 > RULED_SHARE * all as f32;
        let blocked = |block: &Block<'_>| links::is_links(*block) && are_hit(*block, hits);
        let ruled = shown().filter(|block| !most && hidden(block) || blocked(block));
        self.ruled = ruled.map(|block| block.index()).collect();
        for index in &self.ruled {
            if let Some(label) = self.labels.get_mut(*index) {
                *label = Some((Label::Ad, AD_RULE));
            }
        }
        self.hits = hits.count();
        self.hit_text = format!(
            "your ad rules hit elements: {}; links: {}; files: {}",
            hits.elements.len(),
            hits.links.len(),
            hits.files
        );
        self
    }

    /// Adds what strangers wrote into the main content, the blocks that `chosen` has.
    pub(super) fn with_offers(mut self, page: &Page, tokens: &[u32], chosen: &[bool]) -> Self {
        self.put_in = offers::find(page, tokens, chosen);
        for (index, named) in &self.put_in.blocks {
            if let Some(label) = self.labels.get_mut(*index) {
                label.get_or_insert(*named);
            }
        }
        self
    }

    /// Parts of blocks of the main content that strangers wrote, in order.
    pub(super) fn foreign_parts(&self, blocks: &[BlockReport]) -> Vec<(usize, Range<usize>)> {
        let is_body = |index: usize| blocks.get(index).is_some_and(|report| report.label.is_body());
        self.put_in.parts.iter().filter(|(index, _)| is_body(*index)).cloned().collect()
    }

    /// A label that the block has whatever the model says, and the name of the rule.
    pub(super) fn overruled(&self, index: usize) -> Option<(Label, Reason)> {
        self.labels.get(index).copied().flatten()
    }

    /// Probability that the page carries advertising or promotion, from what was found ([`Self::reasons`]).
    pub(super) fn ads(found: &[Finding]) -> f32 {
        score(found, "ads", ADS_BIAS)
    }

    /// Probability that the page was changed for search engines, from what was found ([`Self::reasons`]).
    pub(super) fn seo(found: &[Finding]) -> f32 {
        score(found, "seo", SEO_BIAS)
    }

    /// What was found, the strongest first.
    pub(super) fn reasons(&self, page: &Page, blocks: &[BlockReport]) -> Vec<Finding> {
        let mut reasons = self.ad_reasons(page, blocks);
        reasons.extend(self.lists.iter().map(LinkList::finding));
        reasons.extend(noise(page, blocks));
        reasons.extend(self.injected_text(blocks));
        reasons.extend(entity_title(page));
        reasons.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        reasons
    }

    fn injected_text(&self, blocks: &[BlockReport]) -> Option<Finding> {
        let is_put_in =
            |block: &BlockReport| matches!(block.reason, Reason::TradeOffer | Reason::SerialNotice);
        let whole = blocks.iter().enumerate().filter(|(_, block)| is_put_in(block)).map(|(index, _)| index);
        let parts = self.foreign_parts(blocks).into_iter().map(|(index, _)| index);
        let mut places: Vec<usize> = whole.chain(parts).collect();
        let count = places.len();
        places.sort_unstable();
        places.dedup();
        (count > 0).then(|| Finding {
            reason: Reason::InjectedText,
            of: "verdict",
            weight: 0.0,
            text: format!("blocks and sentences that do not belong to the text around them: {count}"),
            blocks: places,
        })
    }

    fn ad_reasons(&self, page: &Page, blocks: &[BlockReport]) -> Vec<Finding> {
        let mut reasons = Vec::new();
        let mut add = |reason, weight, text, blocks| {
            reasons.push(Finding { reason, of: "ads", weight, text, blocks });
        };
        let scripts = page.traces().scripts();
        let loaded = scripts.ads + scripts.unions + scripts.frames;
        if self.filled_slots > 0 || loaded > 0 {
            let text = format!(
                "ad slots with text: {}; scripts and frames of ad vendors: {loaded}",
                self.filled_slots
            );
            add(Reason::AdSlots, SLOTS, text, self.filled.clone());
        }
        if self.hits > 0 {
            add(AD_RULE, SLOTS, self.hit_text.clone(), self.ruled.clone());
        }
        if self.empty_slots > 0 {
            let text = format!("ad slots without text: {}", self.empty_slots);
            add(Reason::EmptyAdSlots, EMPTY_SLOTS, text, Vec::new());
        }
        if !self.keyword_links.is_empty() {
            let text =
                format!("links that a program set on words of sentences: {}", self.keyword_links.len());
            let mut blocks: Vec<usize> = self.keyword_links.iter().map(|(block, _)| *block).collect();
            blocks.dedup();
            add(Reason::KeywordLinks, SLOTS, text, blocks);
        }
        let offers = || blocks.iter().enumerate().filter(|(_, block)| offer(block.label) > 0.0);
        let amount: f32 = offers().map(|(_, block)| offer(block.label) * block.probability).sum();
        if amount > 0.0 {
            let text = format!("blocks of ads and promotion: {}", offers().count());
            add(Reason::AdBlocks, OFFERS * amount.ln_1p(), text, offers().map(|(index, _)| index).collect());
        }
        reasons
    }

    /// Takes the links that a program set out of the sentences of the body; the words stay.
    pub(super) fn repair(&self, page: &mut Page, blocks: &[BlockReport]) -> Option<Repair> {
        let mut count = 0;
        for (block, span) in &self.keyword_links {
            let is_body = blocks.get(*block).is_some_and(|report| report.label.is_body());
            if let Some(span) = page.spans.get_mut(*span).filter(|_| is_body) {
                span.kind = SpanKind::KeywordLink;
                count += 1;
            }
        }
        (count > 0).then(|| Repair {
            name: "keyword_links",
            count,
            text: "links that a program set on words of sentences were taken out; the words stay".to_owned(),
        })
    }
}

/// The log-odds of advertising of a page on which nothing was found, and what each finding adds. By hand: one trace in the
/// markup makes advertising likely, a block by its words alone as likely as not, several blocks likely.
const ADS_BIAS: f32 = -2.0;
const SLOTS: f32 = 4.0;
const EMPTY_SLOTS: f32 = 3.5;
const OFFERS: f32 = 2.0;

/// How much a block of a label counts as advertising: `promo` may be the site's own.
fn offer(label: Label) -> f32 {
    match label {
        Label::Ad => 2.0,
        Label::Promo => 1.0,
        _ => 0.0,
    }
}

/// The probability of a score by the findings that speak of it; 0 where there are none.
fn score(found: &[Finding], of: &str, bias: f32) -> f32 {
    let weights: f32 = found.iter().filter(|finding| finding.of == of).map(|finding| finding.weight).sum();
    if weights > 0.0 { crate::model::sigmoid(bias + weights) } else { 0.0 }
}

/// Whether all links of a block are blocked.
#[cfg(feature = "ad-rules")]
fn are_hit(block: Block<'_>, hits: &super::ad_rules::Hits) -> bool {
    let mut links = block.spans().iter().filter(|span| span.kind == SpanKind::Link);
    links.all(|span| hits.links.contains(&span.element))
}

fn chars(block: Block<'_>) -> usize {
    block.text().chars().count()
}

/// Places of links that a program set inside sentences.
fn keyword_links(page: &Page) -> Vec<(usize, usize)> {
    let marked: FxHashSet<_> = page.traces().keyword_links().iter().copied().collect();
    let mut links = Vec::new();
    if marked.is_empty() {
        return links;
    }
    for block in page.blocks() {
        let most = SENTENCE_LINKS * chars(block) as f32;
        if block.inline().links == 0 || block.inline().link_chars as f32 > most {
            continue;
        }
        let Some(first) = page.blocks.get(block.index()).map(|data| data.spans.0 as usize) else { continue };
        let places = (first..).zip(block.spans());
        let is_set = |span: &Span| span.kind == SpanKind::Link && marked.contains(&span.element);
        links.extend(places.filter(|(_, span)| is_set(span)).map(|(at, _)| (block.index(), at)));
    }
    links
}

/// Log-odds of noise tags: no page of the labelled sets has them, so that seeing them is nearly enough.
const NOISE_WEIGHT: f32 = 4.0;

fn noise(page: &Page, blocks: &[BlockReport]) -> Option<Finding> {
    let lines = || blocks.iter().enumerate().filter(|(_, block)| block.reason == Reason::NoiseMarkup);
    let count = page.traces().noise() + lines().count();
    (count > 0).then(|| Finding {
        reason: Reason::NoiseTags,
        of: "seo",
        weight: NOISE_WEIGHT,
        text: format!("elements without text, of one id or of made-up names: {count}"),
        blocks: lines().map(|(index, _)| index).collect(),
    })
}

/// Log-odds of a title of numeric references: chosen by hand, as old content management systems write titles so.
const ENTITY_WEIGHT: f32 = 1.5;
/// A title of at least so many numeric references…
const ENTITIES: u32 = 8;
/// …which are this share of its characters.
const ENTITY_SHARE: f32 = 0.8;

fn entity_title(page: &Page) -> Option<Finding> {
    let title = page.traces().title();
    let is_written_so =
        title.numeric >= ENTITIES && title.numeric as f32 >= ENTITY_SHARE * title.chars as f32;
    is_written_so.then(|| Finding {
        reason: Reason::EntityTitle,
        of: "seo",
        weight: ENTITY_WEIGHT,
        text: format!(
            "the title is written in numeric references: {} of {} characters",
            title.numeric, title.chars
        ),
        blocks: Vec::new(),
    })
}
