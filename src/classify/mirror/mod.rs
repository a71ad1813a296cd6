//! Pages of the mirror kit: recognised, and their articles repaired.
//!
//! The kit copies an article, turns it into traditional characters, puts pinyin in brackets behind some of them,
//! replaces the title by stuffed adult phrases in simplified ones, strews empty elements that share one id, and closes
//! with a sentence of thanks and a list of links. What it did to the article can be undone.
//!
//! In: a page with its labels. Out: [`Mirror`], how likely it is such a page and by which signs; and
//! ([`repair::apply`]) a report whose body is the article as it was. The module labels no block and drops no page.
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

use super::{BlockReport, Label, Reason};
use crate::model::sigmoid;
use crate::page::Page;
use signs::Signs;

/// How likely a page is one of the kit, and by which signs.
#[derive(Debug, Clone, Default)]
pub(super) struct Mirror {
    /// Probability, 0 to 1; 0 without a sign.
    pub(super) score: f32,
    /// The signs, the strongest first, of the score `seo`.
    pub(super) reasons: Vec<Reason>,
    /// Whether the page's `<title>` or meta title is the kit's and not the article's.
    pub(super) title_is_foreign: bool,
}

/// Log-odds of a page without any sign. No outside measure exists of how frequent the kit's pages are; chosen so that
/// no sign alone is enough but pinyin behind traditional characters, ten times or again and again.
const BIAS: f32 = -6.5;
/// A page is taken for the kit's from this probability on.
const MIRRORED: f32 = 0.5;
/// A title is the kit's if less of it than this share stands in the body, in pairs of characters. Headlines of articles
/// share a half and more.
const OWN_TITLE: f32 = 0.25;

impl Mirror {
    /// Looks for the kit's signs. `title_kind` is what the words of the page's title were taken for, where somebody
    /// judged them.
    pub(super) fn of(page: &Page, blocks: &[BlockReport], title_kind: Option<Label>) -> Self {
        let signs = Signs::of(page, blocks, title_kind);
        let sum: f32 = signs.reasons.iter().map(|reason| reason.weight).sum();
        let score = if signs.reasons.is_empty() { 0.0 } else { sigmoid(BIAS + sum) };
        let mut mirror = Self { score, reasons: signs.reasons, title_is_foreign: false };
        mirror.title_is_foreign = mirror.is_mirrored() && is_foreign(page, blocks, title_kind);
        mirror.reasons.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        mirror
    }

    pub(super) fn is_mirrored(&self) -> bool {
        self.score >= MIRRORED
    }

    /// The finding that names the page. It weighs nothing: the verdict depends on whether a body could be cut out.
    pub(super) fn finding(&self) -> Option<Reason> {
        self.is_mirrored().then(|| Reason {
            name: "mirrored_page",
            of: "verdict",
            weight: 0.0,
            text: format!("an article copied by a mirror kit ({:.2}); its body was repaired", self.score),
            blocks: Vec::new(),
        })
    }
}

/// Whether a title has nothing to do with the body.
fn is_foreign(page: &Page, blocks: &[BlockReport], title_kind: Option<Label>) -> bool {
    let Some(title) = &page.metadata().title else { return false };
    if title_kind.is_some_and(signs::is_spam) {
        return true;
    }
    let title: Vec<char> = script::simplified(title).chars().filter(|c| c.is_alphanumeric()).collect();
    let pairs: Vec<String> = title.windows(2).map(|pair| pair.iter().collect()).collect();
    let body = repair::without_additions(&signs::body_sample(page, blocks));
    let body = script::simplified(&body);
    let shared = pairs.iter().filter(|pair| body.contains(pair.as_str())).count();
    (shared as f32) < OWN_TITLE * pairs.len().max(1) as f32
}
