//! Lists of links for search engines: hidden ones, and shown ones to many other sites.
//!
//! Hiding alone is no sign (menus and dialogs are hidden), nor is a list of links to other sites alone (link
//! exchanges, sources, sister sites). A list is for search engines if its odds, summed over the signs below, are
//! better than even. The weights are chosen by hand so that no sign without spam in anchors or hosts is enough.
//!
//! Hidden links that sell ordinary things are named as well, but count for nothing in the score: a hidden element that
//! holds nothing but links to several sites whose names the anchors do not give. Menus hold links of their own site, and lists
//! of partners give names.

use super::domains;
use crate::classify::{Finding, Reason};
use crate::lexicon;
use crate::page::{AttrName, Block, ElementId, Hidden, Page, Span, SpanKind, Tag};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// Blocks that are links for search engines.
#[derive(Debug)]
pub(super) struct LinkList {
    /// The reason of the blocks' labels and of the page.
    pub(super) reason: Reason,
    /// Indexes of blocks that are links and little else.
    pub(super) blocks: Vec<usize>,
    links: usize,
    domains: usize,
    odds: f32,
}

impl LinkList {
    pub(super) fn finding(&self) -> Finding {
        let what = if self.reason == HIDDEN { "hidden links" } else { "links" };
        let text = format!("{what} to other sites: {}, of {} domains", self.links, self.domains);
        Finding { reason: self.reason, of: "seo", weight: self.odds, text, blocks: self.blocks.clone() }
    }
}

const HIDDEN: Reason = Reason::HiddenLinks;
const FOREIGN: Reason = Reason::ForeignLinks;

/// Log-odds before any sign.
const PRIOR: f32 = -5.0;
/// The links are hidden in whatever way.
const HIDDEN_ODDS: f32 = 1.5;
/// They are hidden in a way that menus are not.
const TRICK_ODDS: f32 = 2.0;
/// All anchors are spam; a part counts for its share.
const SPAM_ODDS: f32 = 5.0;
/// All hosts look thrown away.
const THROWAWAY_ODDS: f32 = 3.0;
/// Each domain, up to [`MOST_DOMAINS`].
const DOMAIN_ODDS: f32 = 0.1;
const MOST_DOMAINS: usize = 10;
/// A menu, a dialog or another part of a page that links stand in by right.
const PART_ODDS: f32 = -2.0;
/// Hidden links to ordinary trades: they say that somebody has sold links, and nothing of what the page is.
const SOLD_ODDS: f32 = 0.0;
/// Links of one element to so many sites are no accident.
const SOLD_DOMAINS: usize = 3;
/// Of so many anchors at most one is the name of its site.
const SOLD_NAMES: usize = 4;
/// The strongest that a list can speak.
const MOST_ODDS: f32 = 6.0;

/// A shown list has links to at least so many other domains.
const FOREIGN_DOMAINS: usize = 5;
/// A block is links if they are this share of its characters.
const LINKS: f32 = 0.8;
/// Links of one list that are looked at.
const MOST_LINKS: usize = 400;

/// Finds a page's link lists for search engines.
pub(super) fn find(page: &Page, spam: &[f32]) -> Vec<LinkList> {
    let own = own_domain(page);
    let mut findings: Vec<LinkList> =
        page.traces().hidden().iter().filter_map(|hidden| hidden_list(page, hidden, own, spam)).collect();
    let known: FxHashSet<usize> =
        findings.iter().flat_map(|finding| finding.blocks.iter().copied()).collect();
    let runs = runs(page, &known);
    findings.extend(runs.into_iter().filter_map(|run| shown_list(page, run, own, spam)));
    findings
}

fn hidden_list(page: &Page, hidden: &Hidden, own: Option<&str>, spam: &[f32]) -> Option<LinkList> {
    let links: FxHashSet<ElementId> = hidden.links.iter().copied().collect();
    let signs = Signs::of(page, &hidden.blocks, own, spam, &|span| links.contains(&span.element));
    let trick = if hidden.by.is_usual() { 0.0 } else { TRICK_ODDS };
    let blocks = hidden.blocks.iter().copied().filter(|index| page.block(*index).is_some_and(is_links));
    let blocks: Vec<usize> = blocks.collect();
    let all_links = blocks.len() == hidden.blocks.len() && hidden.own == 0;
    let (links, domains) = (signs.links, signs.domains.len());
    let sold = || LinkList { reason: HIDDEN, blocks: blocks.clone(), links, domains, odds: SOLD_ODDS };
    let found = signs.list(HIDDEN, HIDDEN_ODDS + trick, blocks.clone());
    found.or_else(|| (all_links && signs.are_sold()).then(sold))
}

fn shown_list(page: &Page, run: Vec<usize>, own: Option<&str>, spam: &[f32]) -> Option<LinkList> {
    let signs = Signs::of(page, &run, own, spam, &|_| true);
    if signs.domains.len() < FOREIGN_DOMAINS {
        return None;
    }
    signs.list(FOREIGN, 0.0, run)
}

/// Blocks of links to other sites that stand one after the other.
fn runs(page: &Page, known: &FxHashSet<usize>) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let mut links = 0;
    for block in page.blocks() {
        let index = block.index();
        if block.inline().links == 0 || known.contains(&index) || !names_hosts(block) || !is_links(block) {
            continue;
        }
        links += usize::from(block.inline().links);
        match runs.last_mut().filter(|run| run.last().is_some_and(|last| last + 1 == index)) {
            Some(run) => run.push(index),
            None => runs.push(vec![index]),
        }
    }
    let count = |run: &Vec<usize>| -> usize {
        run.iter().filter_map(|at| page.block(*at)).map(|block| usize::from(block.inline().links)).sum()
    };
    if links >= FOREIGN_DOMAINS {
        runs.retain(|run| count(run) >= FOREIGN_DOMAINS);
    } else {
        runs.clear();
    }
    runs
}

/// Whether a block is links and little else.
pub(super) fn is_links(block: Block<'_>) -> bool {
    let inline = block.inline();
    inline.links > 0
        && inline.link_chars as f32 >= LINKS * block.text().chars().filter(|c| *c != ' ').count() as f32
}

/// Whether the first link of a block has a host.
fn names_hosts(block: Block<'_>) -> bool {
    let first = block.spans().iter().find(|span| span.kind == SpanKind::Link);
    first.and_then(|span| block.href(span)).and_then(host).is_some()
}

/// What the links of a list are.
#[derive(Debug, Default)]
struct Signs<'p> {
    links: usize,
    domains: BTreeSet<&'p str>,
    spam: f32,
    throwaway: f32,
    /// Links to the page's own site and to platforms.
    usual: usize,
    /// Anchors that are the names of their sites.
    names: usize,
    /// Whether the list stands in a part of the page that links stand in by right.
    part: bool,
}

impl<'p> Signs<'p> {
    fn of(
        page: &'p Page,
        blocks: &[usize],
        own: Option<&str>,
        spam: &[f32],
        counts: &dyn Fn(&Span) -> bool,
    ) -> Self {
        let mut signs = Self::default();
        for index in blocks {
            let Some(block) = page.block(*index) else { continue };
            let likely = spam.get(*index).copied().unwrap_or(0.0);
            for span in block.spans().iter().filter(|span| span.kind == SpanKind::Link && counts(span)) {
                if signs.links < MOST_LINKS {
                    signs.link(block, span, own, likely);
                }
            }
        }
        signs.part = blocks.first().is_some_and(|first| is_part(page, *first));
        signs
    }

    fn link(&mut self, block: Block<'p>, link: &Span, own: Option<&str>, likely: f32) {
        let Some(host) = block.href(link).and_then(host) else { return };
        let domain = psl::domain_str(host).unwrap_or(host);
        if own.is_some_and(|own| own.eq_ignore_ascii_case(domain)) || lexicon::is_platform(domain) {
            self.usual += 1;
            return;
        }
        let anchor = block.text().get(link.start as usize..link.end as usize).unwrap_or_default();
        let spam = lexicon::trade(anchor).or_else(|| lexicon::trade(domain)).is_some();
        self.links += 1;
        self.names += usize::from(is_name(anchor, domain));
        self.spam += if spam { 1.0 } else { likely };
        self.throwaway += f32::from(domains::is_throwaway(domain));
        self.domains.insert(domain);
    }

    fn odds(&self) -> f32 {
        let share = |sum: f32| sum / self.links.max(1) as f32;
        PRIOR
            + SPAM_ODDS * share(self.spam)
            + THROWAWAY_ODDS * share(self.throwaway)
            + DOMAIN_ODDS * self.domains.len().min(MOST_DOMAINS) as f32
            + if self.part { PART_ODDS } else { 0.0 }
    }

    /// Whether the links are sold ones to ordinary trades.
    fn are_sold(&self) -> bool {
        let unrelated = SOLD_NAMES * self.names <= self.links;
        self.domains.len() >= SOLD_DOMAINS && self.usual == 0 && unrelated && !self.part
    }

    fn list(&self, reason: Reason, more: f32, blocks: Vec<usize>) -> Option<LinkList> {
        let odds = (self.odds() + more).min(MOST_ODDS);
        let (links, domains) = (self.links, self.domains.len());
        (odds > 0.0).then_some(LinkList { reason, blocks, links, domains, odds })
    }
}

/// How names of Chinese sites end.
const SITES: [char; 7] = ['网', '站', '报', '局', '府', '部', '会'];

/// Whether an anchor is the name of the site that it leads to, or no words at all.
fn is_name(anchor: &str, domain: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (name, site) = (plain(anchor), plain(domain.split('.').next().unwrap_or(domain)));
    name.is_empty() || name.ends_with(SITES) || site.contains(&name) || site.len() > 2 && name.contains(&site)
}

/// Roles of parts that links stand in by right.
const ROLES: [&str; 8] =
    ["navigation", "menu", "menubar", "dialog", "alertdialog", "tooltip", "listbox", "tablist"];

/// Whether a block stands in a menu or a dialog.
fn is_part(page: &Page, index: usize) -> bool {
    let Some(mut at) = page.block(index).map(|block| block.element_id()) else { return false };
    while let Some(element) = page.element(at) {
        let named = page.attr(at, AttrName::Role).is_some_and(|role| ROLES.contains(&role.trim()));
        if named || matches!(element.tag(), Tag::Nav | Tag::Dialog | Tag::Header | Tag::Template) {
            return true;
        }
        if element.parent() == at {
            return false;
        }
        at = element.parent();
    }
    false
}

/// The page's own registrable domain, by its URL or the address that it gives as its own.
fn own_domain(page: &Page) -> Option<&str> {
    let url = page.source().url.as_deref().or(page.metadata().canonical.as_deref());
    let host = url.and_then(host)?;
    psl::domain_str(host).or(Some(host))
}

/// The host of an absolute URL, as it is written.
fn host(url: &str) -> Option<&str> {
    let url = url.trim();
    let (scheme, rest) = url.split_once("//")?;
    let known =
        scheme.is_empty() || scheme.eq_ignore_ascii_case("http:") || scheme.eq_ignore_ascii_case("https:");
    let authority = rest.split(['/', '?', '#']).next().filter(|_| known)?;
    let host = authority.rsplit('@').next().and_then(|host| host.split(':').next())?;
    (!host.is_empty()).then_some(host)
}
