//! Probabilities → which blocks are the body: the choice of the highest expected F1.
//!
//! With the blocks in order of probability, each prefix has the expected F1
//! 2·Σ(n·p over it) / (Σ(n over it) + Σ(n·p over all)), n being tokens; the best prefix is taken, but no block
//! below a floor. (The plug-in rule for F measures: Ye et al. 2012, "Optimizing F-measures: a tale of two
//! approaches".) Profiles weigh recall against precision by the β of F-β and move the floor.

use super::Profile;
use crate::features::CHINESE;

/// Where a cut stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knobs {
    /// β² of the F measure: below 1 weighs precision more, above 1 recall.
    beta2: f32,
    /// No block of a lower probability is taken.
    floor: f32,
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
        Knobs { beta2, floor }
    }
}

/// The blocks that are the body, and the expected F1 of that choice, 0 to 1.
pub fn cut(probabilities: &[f32], tokens: &[u32], knobs: Knobs) -> (Vec<bool>, f32) {
    let Knobs { beta2, floor } = knobs;
    let mut order: Vec<(f32, f32, usize)> = probabilities
        .iter()
        .zip(tokens)
        .enumerate()
        .map(|(at, (p, tokens))| (*p, *tokens as f32, at))
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
    let expected: f32 = order.iter().map(|(p, tokens, _)| p * tokens).sum();
    let (mut best, mut best_score, mut best_f1) = (0, 0.0, 0.0);
    let (mut mass, mut taken) = (0.0, 0.0);
    for (count, (p, tokens, _)) in order.iter().enumerate() {
        if *p < floor {
            break;
        }
        mass += p * tokens;
        taken += tokens;
        let score = (1.0 + beta2) * mass / (taken + beta2 * expected).max(1e-6);
        if score >= best_score {
            (best, best_score) = (count + 1, score);
            best_f1 = 2.0 * mass / (taken + expected).max(1e-6);
        }
    }
    let mut chosen = vec![false; probabilities.len()];
    for (_, _, at) in order.iter().take(best) {
        if let Some(chosen) = chosen.get_mut(*at) {
            *chosen = true;
        }
    }
    (chosen, best_f1.clamp(0.0, 1.0))
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
