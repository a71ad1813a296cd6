//! Probabilities → which blocks are the body: the choice of the highest expected F1.
//!
//! With the blocks in order of probability, each prefix has the expected F1
//! 2·Σ(n·p over it) / (Σ(n over it) + Σ(n·p over all)), n being tokens; the best prefix is taken, but no block
//! below a floor. (The plug-in rule for F measures: Ye et al. 2012, "Optimizing F-measures: a tale of two
//! approaches".) Profiles weigh recall against precision by the β of F-β and move the floor.
//!
//! The order of a page's probabilities can be trusted more than their level: on one page the junk stands at 0.6, on
//! another the body at 0.3. So on a page with much sure junk the balanced profile looks at how the page itself falls
//! apart, and takes doubtful blocks out of the choice: those before and after the sure text, and those on the junk's
//! side of the page's own gap.

use super::Profile;
use crate::features::{CHINESE, Measured};
use crate::model::{logit, sigmoid};
use std::ops::RangeInclusive;

/// Where a cut stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knobs {
    /// β² of the F measure: below 1 weighs precision more, above 1 recall.
    beta2: f32,
    /// No block of a lower probability is taken.
    floor: f32,
    /// Whether doubtful blocks go where the page's own probabilities speak against them.
    follows_page: bool,
}

/// The balanced floor on Chinese pages. Weighed by tokens, their probabilities between 0.2 and 0.6 promise twice
/// what is found; out of fold the floor is worth 0.005 of word F1 against 0.3 on the 116 Chinese pages of the sets.
const CHINESE_FLOOR: f32 = 0.4;

impl Profile {
    /// Where the profile cuts a page of which `cjk` of the characters are Chinese or Japanese, 0 to 1. The balanced
    /// floor of other pages is worth 0.001 of word F1 against 0.3 on the WCXB development set.
    pub fn knobs(self, cjk: f32) -> Knobs {
        let (beta2, floor) = match self {
            Self::Precision => (0.25, 0.5),
            Self::Balanced if cjk > CHINESE => (1.0, CHINESE_FLOOR),
            Self::Balanced => (1.0, 0.25),
            Self::Recall => (4.0, 0.12),
        };
        Knobs { beta2, floor, follows_page: self == Self::Balanced }
    }
}

impl Knobs {
    /// The same for a page of these measurements. The posts of a forum stand between doubtful lines: there the page's own
    /// gap says nothing (0.006 of word F1 on magic-forum).
    pub(crate) fn of(profile: Profile, measured: &Measured) -> Self {
        let knobs = profile.knobs(measured.page_cjk());
        Self { follows_page: knobs.follows_page && !measured.is_forum(), ..knobs }
    }
}

/// The blocks that are the body, and the expected F1 of that choice, 0 to 1.
pub fn cut(probabilities: &[f32], tokens: &[u32], knobs: Knobs) -> (Vec<bool>, f32) {
    let mut chosen = best_prefix(probabilities, tokens, knobs);
    if knobs.follows_page {
        follow_page(&mut chosen, probabilities, tokens);
    }
    let f1 = expected_f1(&chosen, probabilities, tokens);
    (chosen, f1)
}

fn best_prefix(probabilities: &[f32], tokens: &[u32], knobs: Knobs) -> Vec<bool> {
    let Knobs { beta2, floor, .. } = knobs;
    let blocks = probabilities.iter().zip(tokens).enumerate();
    let mut order: Vec<(f32, f32, usize)> =
        blocks.map(|(at, (p, tokens))| (*p, *tokens as f32, at)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
    let expected: f32 = order.iter().map(|(p, tokens, _)| p * tokens).sum();
    let (mut best, mut best_score) = (0, 0.0);
    let (mut mass, mut taken) = (0.0, 0.0);
    for (count, (p, tokens, _)) in order.iter().enumerate().take_while(|(_, (p, ..))| *p >= floor) {
        mass += p * tokens;
        taken += tokens;
        let score = (1.0 + beta2) * mass / (taken + beta2 * expected).max(1e-6);
        if score >= best_score {
            (best, best_score) = (count + 1, score);
        }
    }
    let mut chosen = vec![false; probabilities.len()];
    for (_, _, at) in order.iter().take(best) {
        if let Some(chosen) = chosen.get_mut(*at) {
            *chosen = true;
        }
    }
    chosen
}

/// Expected F1 of a choice, 0 to 1.
fn expected_f1(chosen: &[bool], probabilities: &[f32], tokens: &[u32]) -> f32 {
    let (mut mass, mut taken, mut expected) = (0.0, 0.0, 0.0);
    for ((chosen, p), tokens) in chosen.iter().zip(probabilities).zip(tokens) {
        let tokens = *tokens as f32;
        expected += p * tokens;
        if *chosen {
            mass += p * tokens;
            taken += tokens;
        }
    }
    (2.0 * mass / (taken + expected).max(1e-6)).clamp(0.0, 1.0)
}

// The numbers below were chosen on the open sets, on probabilities of models that saw no page of the domain: word F1
// rises by 0.0045 on the mean of the 14 sets; none falls by more than 0.0003. Chosen on half of the domains they gain as
// much on the other.

/// Below: surely junk. From there on: surely main content.
const SURE_JUNK: f32 = 0.25;
const SURE_BODY: f32 = 0.8;
/// A chosen block below is doubtful: outside the sure text it goes.
const DOUBTFUL: f32 = 0.6;
/// A page is followed if at least this share of its tokens is surely junk: small pages and fragments lose by it.
const MUCH_JUNK: f32 = 0.4;
/// The sure text shows where the body stands if it has so many tokens, and this share of the choice's: a paragraph or
/// two. Forums, lists and shops have little of it.
const CORE_TOKENS: f32 = 150.0;
const CORE_SHARE: f32 = 0.4;
/// So many blocks right above the sure text stay as they are: headline, byline and standfirst are doubtful by nature.
const HEAD: usize = 3;
/// The gap of a page is used between [`SURE_JUNK`] and this.
const HIGHEST_GAP: f32 = 0.5;
/// Log-odds beyond these say no more: all surely junk, all surely main content.
const TELLING: [f32; 2] = [-2.0, 4.0];

/// Takes doubtful blocks out of the choice on a page with much sure junk: those before the first and after the last
/// sure block, and those below the page's own gap.
fn follow_page(chosen: &mut [bool], probabilities: &[f32], tokens: &[u32]) {
    let blocks = || probabilities.iter().copied().zip(tokens.iter().copied());
    let (junk, all) = count(blocks(), |p| p < SURE_JUNK);
    if junk < MUCH_JUNK * all {
        return;
    }
    let taken = || blocks().zip(chosen.iter()).filter(|(_, chosen)| **chosen).map(|(block, _)| block);
    let (sure, all) = count(taken(), |p| p >= SURE_BODY);
    let has_core = sure >= CORE_TOKENS.max(CORE_SHARE * all);
    let sure = sure_range(probabilities).unwrap_or(0..=probabilities.len());
    let above = sure.start().saturating_sub(HEAD)..*sure.start();
    let gap = gap(blocks()).clamp(SURE_JUNK, HIGHEST_GAP);
    for ((at, chosen), p) in chosen.iter_mut().enumerate().zip(probabilities) {
        let is_around = has_core && !sure.contains(&at);
        *chosen &= above.contains(&at) || *p >= if is_around { DOUBTFUL } else { gap };
    }
}

/// From the first block that is surely main content to the last.
fn sure_range(probabilities: &[f32]) -> Option<RangeInclusive<usize>> {
    let is_sure = |p: &f32| *p >= SURE_BODY;
    Some(probabilities.iter().position(is_sure)?..=probabilities.iter().rposition(is_sure)?)
}

/// The tokens in blocks of such probabilities, and those in all.
fn count(blocks: impl Iterator<Item = (f32, u32)>, wanted: impl Fn(f32) -> bool) -> (f32, f32) {
    blocks.fold((0.0, 0.0), |(part, all), (p, tokens)| {
        let tokens = tokens as f32;
        (if wanted(p) { part + tokens } else { part }, all + tokens)
    })
}

/// The probability between a page's junk and its main content: where the log-odds fall into two parts whose means are
/// the farthest apart, blocks weighing the root of their tokens. (Otsu 1979, "A threshold selection method from
/// gray-level histograms".)
fn gap(blocks: impl Iterator<Item = (f32, u32)>) -> f32 {
    let [low, high] = TELLING;
    let mut odds: Vec<(f32, f32)> =
        blocks.map(|(p, tokens)| (logit(p).clamp(low, high), (tokens as f32 + 0.5).sqrt())).collect();
    odds.sort_by(|a, b| a.0.total_cmp(&b.0));
    let sums = |sums: (f32, f32), (odds, weight): &(f32, f32)| (sums.0 + weight, sums.1 + odds * weight);
    let (all, sum) = odds.iter().fold((0.0, 0.0), sums);
    let (mut below, mut most, mut gap) = ((0.0, 0.0), 0.0, f32::NEG_INFINITY);
    for (block, next) in odds.iter().zip(odds.iter().skip(1)) {
        below = sums(below, block);
        let (weight, above) = (below.0, all - below.0);
        let apart = below.1 / weight - (sum - below.1) / above;
        let variance = apart * apart * weight * above;
        if next.0 > block.0 && variance > most {
            (most, gap) = (variance, f32::midpoint(block.0, next.0));
        }
    }
    sigmoid(gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cut_follows_the_page() {
        // long sure text: an unsure block is left out, though above one half
        let (chosen, f1) = cut(&[0.95, 0.97, 0.2, 0.02], &[100, 200, 10, 500], Profile::Balanced.knobs(0.0));
        assert_eq!(chosen, [true, true, false, false]);
        assert!(f1 > 0.9, "{f1}");
        // nothing sure: what is likely enough is better than nothing
        let (chosen, f1) = cut(&[0.4, 0.4], &[50, 50], Profile::Balanced.knobs(0.0));
        assert_eq!(chosen, [true, true]);
        assert!((f1 - 2.0 * 40.0 / 140.0).abs() < 1e-5, "{f1}");
    }

    #[test]
    fn profiles_move_the_cut_only() {
        let p = [0.9, 0.55, 0.4, 0.2];
        let tokens = [100; 4];
        let count = |profile: Profile| {
            cut(&p, &tokens, profile.knobs(0.0)).0.iter().filter(|chosen| **chosen).count()
        };
        assert_eq!(count(Profile::Precision), 1);
        assert!(count(Profile::Balanced) < count(Profile::Recall));
    }

    fn balanced(probabilities: &[f32], tokens: &[u32]) -> Vec<bool> {
        cut(probabilities, tokens, Profile::Balanced.knobs(0.0)).0
    }

    #[test]
    fn doubtful_blocks_around_the_sure_text_go_and_those_inside_stay() {
        // a teaser, menus, the headline, the article with a caption, a teaser
        let p = [0.55, 0.01, 0.01, 0.01, 0.55, 0.95, 0.55, 0.9, 0.55];
        let kept = |tokens: [u32; 9]| -> Vec<usize> {
            let chosen = balanced(&p, &tokens);
            (0..9).filter(|at| chosen[*at]).collect()
        };
        assert_eq!(kept([40, 200, 200, 200, 10, 80, 40, 90, 40]), [4, 5, 6, 7]);
        // hardly any sure junk: a fragment
        assert_eq!(kept([40, 1, 1, 1, 10, 80, 40, 90, 40]), [0, 4, 5, 6, 7, 8]);
        // little sure text: it does not show where the body stands
        assert_eq!(kept([40, 200, 200, 200, 10, 40, 40, 40, 40]), [0, 4, 5, 6, 7, 8]);
        assert_eq!(kept([300, 900, 900, 900, 10, 80, 300, 90, 300]), [0, 4, 5, 6, 7, 8]);
    }

    #[test]
    fn blocks_on_the_junk_side_of_the_gap_go() {
        let p = [0.02, 0.97, 0.45, 0.98, 0.97, 0.4, 0.96, 0.02];
        let tokens = [400, 50, 30, 50, 50, 30, 50, 400];
        let found = gap(p.into_iter().zip(tokens));
        assert!(found > 0.5 && found < 0.97, "{found}");
        assert_eq!(balanced(&p, &tokens), [false, true, false, true, true, false, true, false]);
        assert!(gap([(0.4, 10), (0.4, 20)].into_iter()) < SURE_JUNK, "there is no gap");
    }

    #[test]
    fn the_expected_f1_is_that_of_the_choice() {
        let (p, tokens) = ([0.01, 0.95, 0.55], [300, 200, 20]);
        let (chosen, f1) = cut(&p, &tokens, Profile::Balanced.knobs(0.0));
        assert_eq!(chosen, [false, true, false]);
        assert!((f1 - 2.0 * 190.0 / (200.0 + 3.0 + 190.0 + 11.0)).abs() < 1e-5, "{f1}");
    }

    #[test]
    fn a_chinese_page_takes_fewer_doubtful_blocks() {
        let count = |cjk| {
            cut(&[0.35], &[10], Profile::Balanced.knobs(cjk)).0.iter().filter(|chosen| **chosen).count()
        };
        assert_eq!((count(0.0), count(0.9)), (1, 0));
    }

    #[test]
    fn a_page_without_blocks_has_no_body() {
        assert_eq!(cut(&[], &[], Profile::Balanced.knobs(0.0)), (vec![], 0.0));
    }
}
