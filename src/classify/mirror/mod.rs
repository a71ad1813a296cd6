//! Pages of the mirror kit: recognised, and their articles repaired.
//!
//! The kit copies an article, turns it into traditional characters, puts pinyin in brackets behind some of them,
//! replaces the title by stuffed adult phrases in simplified ones, strews empty elements that share one id, and closes
//! with a sentence of thanks and a list of links. What it did to the article can be undone.
//!
//! In: a page with its labels. Out: [`Mirror`], how likely it is such a page and by which signs; and
//! ([`repair::apply`]) a report whose body is the article as it was. The only blocks that it labels are the
//! kit's own, and it drops no page.
//!
//! Start reading at [`Mirror::of`]; the signs are weighed in [`signs`].

mod closing;
mod noise;
mod pinyin;
pub(super) mod repair;
mod script;
mod signs;
#[cfg(test)]
mod tests;

pub use script::Script;

use super::evidence::Scored;
use super::ledger::{Claim, Source};
use super::{Finding, Label, Reason, spam};
use crate::model::sigmoid;
use crate::page::Page;
use signs::Signs;
use std::borrow::Cow;

/// How likely a page is one of the kit, and by which signs.
#[derive(Debug, Clone, Default)]
pub(super) struct Mirror {
    /// Probability, 0 to 1; 0 without a sign.
    pub(super) score: f32,
    /// The signs, the strongest first, of the score `seo`.
    pub(super) reasons: Vec<Finding>,
    /// Whether the page's `<title>` or meta title is the kit's and not the article's.
    title_is_foreign: bool,
    /// The blocks that the kit put in and how their rule is called; empty on a page that is not the kit's.
    additions: Vec<(usize, Reason)>,
}

/// Log-odds of a page without any sign. No outside measure exists of how frequent the kit's pages are; chosen so that
/// no sign alone is enough but pinyin behind traditional characters, ten times or again and again.
const BIAS: f32 = -6.5;
/// A page is taken for the kit's from this probability on.
const MIRRORED: f32 = 0.5;
/// A title is the kit's if less of it than this share stands in the body, in pairs of characters. Headlines of articles
/// share a half and more.
const OWN_TITLE: f32 = 0.25;

/// Looks for the mirror kit, which works on Chinese pages alone.
pub(super) fn of(scored: Scored<'_>, labels: &[Label], selves: &spam::Selves) -> Mirror {
    if scored.measured.page_cjk() > 0.0 {
        Mirror::of(scored.page, labels, spam::head_kind(selves))
    } else {
        Mirror::default()
    }
}

impl Mirror {
    /// Looks for the kit's signs. `title_kind` is what the words of the page's title were taken for, where somebody
    /// judged them.
    fn of(page: &Page, labels: &[Label], title_kind: Option<Label>) -> Self {
        let Signs { mut reasons, closing } = Signs::of(page, labels, title_kind);
        reasons.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let sum: f32 = reasons.iter().map(|reason| reason.weight).sum();
        let score = if reasons.is_empty() { 0.0 } else { sigmoid(BIAS + sum) };
        let mut mirror = Self { score, reasons, ..Self::default() };
        if mirror.is_mirrored() {
            mirror.additions = additions(page, closing, mirror.mixes_scripts());
            mirror.title_is_foreign = is_foreign(page, labels, title_kind, closing);
        }
        mirror
    }

    fn mixes_scripts(&self) -> bool {
        self.reasons.iter().any(|reason| reason.reason == signs::SCRIPT_MIX)
    }

    /// The title that the page names, if it is the article's.
    pub(super) fn title<'p>(&self, page: &'p Page) -> Option<&'p str> {
        page.metadata().title.as_deref().filter(|_| !self.title_is_foreign)
    }

    /// A line of the page as it was before the kit added to it.
    pub(super) fn line<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_mirrored() { repair::without_additions(text).into() } else { text.into() }
    }

    /// The kit's own blocks are no part of the article, whatever was made of them.
    pub(super) fn claims(&self) -> impl Iterator<Item = (usize, Claim)> + '_ {
        self.additions.iter().map(|(block, reason)| {
            (*block, Claim { source: Source::Page, label: Label::Seo, reason: *reason })
        })
    }

    pub(super) fn is_mirrored(&self) -> bool {
        self.score >= MIRRORED
    }

    /// The finding that names the page.
    pub(super) fn finding(&self) -> Option<Finding> {
        self.is_mirrored().then(|| Finding {
            reason: Reason::MirroredPage,
            of: "verdict",
            weight: crate::model::logit(self.score),
            text: format!("an article that a mirror kit has copied ({:.2})", self.score),
            blocks: Vec::new(),
        })
    }
}

/// The blocks that the kit put in: what stands in simplified characters on a page that it has turned traditional, and
/// the closing sentence with what stands behind it.
fn additions(page: &Page, closing: Option<usize>, mixed: bool) -> Vec<(usize, Reason)> {
    let rule = |index: usize, text: &str| match closing {
        Some(at) if index == at => Some(Reason::MirrorLinks),
        Some(at) if index > at && !script::is_traditional(text) => Some(Reason::MirrorLinks),
        _ if mixed && script::is_simplified(text) => Some(Reason::MirrorPhrases),
        _ => None,
    };
    let shown = page.blocks().filter(|block| !block.kind().is_pseudo());
    shown.filter_map(|block| rule(block.index(), block.text()).map(|rule| (block.index(), rule))).collect()
}

/// Whether a title has nothing to do with the body, which ends with the closing sentence.
fn is_foreign(page: &Page, labels: &[Label], kind: Option<Label>, closing: Option<usize>) -> bool {
    let Some(title) = &page.metadata().title else { return false };
    if kind.is_some_and(signs::is_spam) {
        return true;
    }
    let title: Vec<char> = script::simplified(title).chars().filter(|c| c.is_alphanumeric()).collect();
    let pairs: Vec<String> = title.windows(2).map(|pair| pair.iter().collect()).collect();
    let body = repair::without_additions(&signs::body_sample(page, labels, closing));
    let body = script::simplified(&body);
    let shared = pairs.iter().filter(|pair| body.contains(pair.as_str())).count();
    (shared as f32) < OWN_TITLE * pairs.len().max(1) as f32
}
