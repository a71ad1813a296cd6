//! The numbers that the second model of kinds looks at, one row a block.

use super::{FEW, Probabilities, SAID};
use crate::classify::Label;
use crate::classify::evidence::Scored;
use crate::classify::kind::Kinds;
use crate::features::schema::BlockFeature as F;
use crate::features::vectors::ContextSign;
use crate::model::{KINDS, logit};
use crate::page::{BlockKind, Media};

/// Tiers of rules: the last groups of `features::vectors`.
const TIERS: usize = 4;
/// Numbers beside the probabilities of words and the rule.
const OTHERS: usize = ContextSign::COUNT;
/// Numbers of a block.
#[cfg(feature = "train")]
pub(crate) const COLUMNS: usize = 3 * KINDS + TIERS * KINDS + OTHERS;

/// Blocks on each side whose words count.
const NEIGHBOURS: usize = 4;

/// A page's blocks with all that is known around them.
pub(super) struct Around<'a> {
    scored: Scored<'a>,
    rules: &'a Kinds<'a>,
    by_words: &'a [Probabilities],
    /// Share of the blocks whose words are of each kind.
    of_page: Probabilities,
}

impl<'a> Around<'a> {
    pub(super) fn new(scored: Scored<'a>, rules: &'a Kinds<'a>, by_words: &'a [Probabilities]) -> Self {
        let mut of_page = [0.0; KINDS];
        for words in by_words {
            of_page.iter_mut().zip(words).for_each(|(sum, p)| *sum += if *p > SAID { 1.0 } else { 0.0 });
        }
        let blocks = by_words.len().max(1) as f32;
        let of_page = of_page.map(|count| count / blocks);
        Self { scored, rules, by_words, of_page }
    }

    /// Replaces what is in `row` by a block's numbers.
    pub(super) fn inputs(&self, index: usize, row: &mut Vec<f32>) {
        row.clear();
        let words = self.by_words.get(index).copied().unwrap_or_default();
        row.extend(words.map(|p| p.max(3e-4).ln() / 4.0));
        row.extend(self.neighbours(index));
        row.extend(self.of_page);
        let (label, tier) = self.rules.tier(index);
        let start = row.len();
        row.resize(start + TIERS * KINDS, 0.0);
        if let Some(value) = row.get_mut(start + tier as usize * KINDS + label as usize) {
            *value = 1.0;
        }
        row.extend(self.others(index));
    }

    /// What the words of the blocks before and after say on average.
    fn neighbours(&self, index: usize) -> Probabilities {
        let from = index.saturating_sub(NEIGHBOURS);
        let near = self.by_words.iter().enumerate().skip(from).take(index - from + NEIGHBOURS + 1);
        let mut mean = [0.0; KINDS];
        let mut blocks = 0.0f32;
        for (_, words) in near.filter(|(at, _)| *at != index) {
            blocks += 1.0;
            mean.iter_mut().zip(words).for_each(|(sum, p)| *sum += p);
        }
        mean.map(|sum| sum / blocks.max(1.0))
    }

    fn others(&self, index: usize) -> [f32; OTHERS] {
        let flag = |holds: bool| if holds { 1.0 } else { 0.0 };
        let Scored { page, measured, body, .. } = self.scored;
        let value = |feature: F| measured.row(index).get(feature as usize).copied().unwrap_or_default();
        let kind = page.block(index).map(|block| block.kind()).unwrap_or_default();
        let blocks = self.by_words.len();
        let p = body.get(index).copied().unwrap_or_default();
        let odds = logit(p) / 6.0;
        let tokens = measured.tokens().get(index).copied().unwrap_or_default() as f32;
        let text = flag(page.source().media == Media::Text);
        let chinese = flag(measured.is_chinese());
        let few = flag(blocks <= FEW);
        let said = |label: Label| {
            let words = self.by_words.get(index).and_then(|words| words.get(label as usize));
            words.copied().unwrap_or_default()
        };
        let (before, after) = self.rules.beside_running(index);
        ContextSign::row([
            (ContextSign::Body, p),
            (ContextSign::BodyOdds, odds),
            (ContextSign::TextBodyOdds, text * odds),
            (ContextSign::ChineseBodyOdds, chinese * odds),
            (ContextSign::FewBodyOdds, few * odds),
            (ContextSign::Text, text),
            (ContextSign::Chinese, chinese),
            (ContextSign::FewBlocks, few),
            (ContextSign::OneBlock, flag(blocks == 1)),
            (ContextSign::Tokens, tokens.ln_1p() / 4.0),
            (ContextSign::TextTokens, text * tokens.ln_1p() / 4.0),
            (ContextSign::LinkDensity, value(F::LinkDensity)),
            (ContextSign::Heading, flag(matches!(kind, BlockKind::Heading(_)))),
            (ContextSign::ListItem, flag(matches!(kind, BlockKind::ListItem { .. }))),
            (ContextSign::Cell, flag(matches!(kind, BlockKind::Cell { .. }))),
            (ContextSign::NotShown, flag(kind.is_pseudo())),
            (ContextSign::BeforeRunning, flag(before)),
            (ContextSign::AfterRunning, flag(after)),
            (ContextSign::Place, index as f32 / blocks.max(1) as f32),
            (ContextSign::First, flag(index == 0)),
            (ContextSign::FewWordsBody, few * said(Label::Body)),
            (ContextSign::TextWordsBody, text * said(Label::Body)),
            (ContextSign::TextWordsRelated, text * said(Label::Related)),
            (ContextSign::BodyOddsWordsBody, odds * said(Label::Body)),
        ])
    }
}
