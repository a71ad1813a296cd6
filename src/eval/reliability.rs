//! Probabilities and what came true → how far the probabilities can be trusted.

use serde::Serialize;

/// Bins of a reliability table: enough to see where it bends, and each still has many blocks (the number that
/// the literature on calibration reports most often).
pub const BINS: usize = 15;

/// Probabilities of one range, and what came true.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Bin {
    /// The lowest probability that the bin may hold (bins of equal width) or holds (bins of equal count).
    pub from: f64,
    /// The highest.
    pub to: f64,
    /// How many probabilities it holds.
    pub count: usize,
    /// Mean of the probabilities; 0 for an empty bin.
    pub predicted: f64,
    /// Share of them that came true; 0 for an empty bin.
    pub observed: f64,
}

/// How far probabilities can be trusted: of the blocks that are given 0.8, eight in ten should be right.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Reliability {
    /// How many probabilities were looked at.
    pub count: usize,
    /// Expected calibration error: mean distance of probability and outcome over [`BINS`] bins of equal width,
    /// each weighted by what it holds. 0 is best.
    pub ece: f64,
    /// The same over bins of equal count, which also looks into the ranges where most probabilities are.
    pub ece_equal_count: f64,
    /// Brier score: mean squared distance of each probability and its outcome. 0 is best; 0.25 is a coin's.
    pub brier: f64,
    /// Share that came true: what a constant probability would have to be.
    pub base_rate: f64,
    /// Bins of equal width, from 0 to 1; also the empty ones.
    pub bins: Vec<Bin>,
    /// Bins of equal count, by probability; as equal as it goes without parting equal probabilities, and fewer where
    /// there are fewer probabilities than bins.
    pub equal_count_bins: Vec<Bin>,
}

impl Reliability {
    /// Looks at pairs of a probability and whether it came true. The order of the pairs does not matter.
    ///
    /// ```
    /// use pagesieve::eval::Reliability;
    /// let honest = Reliability::of([(0.5, true), (0.5, false)]);
    /// assert_eq!((honest.ece, honest.brier), (0.0, 0.25));
    /// ```
    pub fn of(pairs: impl IntoIterator<Item = (f32, bool)>) -> Self {
        let mut pairs: Vec<(f64, bool)> =
            pairs.into_iter().map(|(p, came_true)| (f64::from(p).clamp(0.0, 1.0), came_true)).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let n = pairs.len().max(1) as f64;
        let squares = pairs.iter().fold(0.0, |sum, (p, came_true)| sum + (p - truth(*came_true)).powi(2));
        let (bins, equal_count_bins) = (equal_width(&pairs), equal_count(&pairs));
        Self {
            count: pairs.len(),
            ece: error(&bins),
            ece_equal_count: error(&equal_count_bins),
            brier: squares / n,
            base_rate: pairs.iter().filter(|(_, came_true)| *came_true).count() as f64 / n,
            bins,
            equal_count_bins,
        }
    }
}

fn truth(came_true: bool) -> f64 {
    if came_true { 1.0 } else { 0.0 }
}

/// Mean distance of probability and outcome, weighted by what the bins hold.
fn error(bins: &[Bin]) -> f64 {
    let count: usize = bins.iter().map(|bin| bin.count).sum();
    let sum = bins.iter().fold(0.0, |sum, bin| sum + (bin.predicted - bin.observed).abs() * bin.count as f64);
    sum / count.max(1) as f64
}

/// The pairs are sorted.
fn equal_width(mut pairs: &[(f64, bool)]) -> Vec<Bin> {
    let mut bins = Vec::with_capacity(BINS);
    for at in 0..BINS {
        let [from, to] = [at, at + 1].map(|at| at as f64 / BINS as f64);
        // A probability on a border belongs to the bin above it; 1 belongs to the last bin.
        let end = if at + 1 == BINS { pairs.len() } else { pairs.partition_point(|(p, _)| *p < to) };
        let (here, rest) = pairs.split_at(end.min(pairs.len()));
        bins.push(Bin { from, to, ..of_pairs(here) });
        pairs = rest;
    }
    bins
}

/// The pairs are sorted. Equal probabilities stay together: where they were cut, their outcomes would be sorted by chance.
fn equal_count(pairs: &[(f64, bool)]) -> Vec<Bin> {
    let mut bins = Vec::with_capacity(BINS);
    let mut start = 0;
    for at in 1..=BINS {
        let Some((last, _)) = (at * pairs.len() / BINS).checked_sub(1).and_then(|last| pairs.get(last))
        else {
            continue;
        };
        let end = pairs.partition_point(|(p, _)| p <= last);
        bins.extend(pairs.get(start..end).filter(|here| !here.is_empty()).map(of_pairs));
        start = end;
    }
    bins
}

/// The bin that holds these pairs and no others.
fn of_pairs(pairs: &[(f64, bool)]) -> Bin {
    let n = pairs.len().max(1) as f64;
    let end = |pair: Option<&(f64, bool)>| pair.map_or(0.0, |(p, _)| *p);
    Bin {
        from: end(pairs.first()),
        to: end(pairs.last()),
        count: pairs.len(),
        predicted: pairs.iter().fold(0.0, |sum, (p, _)| sum + p) / n,
        observed: pairs.iter().filter(|(_, came_true)| *came_true).count() as f64 / n,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found}, expected {expected}");
    }

    #[test]
    fn errors_are_those_worked_out_by_hand() {
        // 0.9 twice, one of them true: 0.4 off; 0.1 twice, none true: 0.1 off
        let found = Reliability::of([(0.9, true), (0.9, false), (0.1, false), (0.1, false)]);
        near(found.ece, (0.4 * 2.0 + 0.1 * 2.0) / 4.0);
        near(found.brier, (0.01 + 0.81 + 0.01 + 0.01) / 4.0);
        assert_eq!((found.count, found.base_rate), (4, 0.25));
    }

    #[test]
    fn bins_of_equal_width_cover_0_to_1_and_hold_every_probability_once() {
        let found = Reliability::of((0..=100).map(|n| (n as f32 / 100.0, n % 2 == 0)));
        assert_eq!(found.bins.len(), BINS);
        assert_eq!((found.bins[0].from, found.bins[BINS - 1].to), (0.0, 1.0));
        assert_eq!(found.bins.iter().map(|bin| bin.count).sum::<usize>(), 101);
        assert!(found.bins[BINS - 1].predicted > 0.93, "1 belongs to the last bin");
    }

    #[test]
    fn bins_of_equal_count_hold_the_same_number_to_one() {
        let found = Reliability::of((0..1000).map(|n| ((n as f32 / 1000.0).powi(4), false)));
        assert_eq!(found.equal_count_bins.len(), BINS);
        assert!(found.equal_count_bins.iter().all(|bin| (66..=67).contains(&bin.count)));
        assert_eq!(Reliability::of([(0.2, true), (0.3, false)]).equal_count_bins.len(), 2);
    }

    #[test]
    fn calibrated_probabilities_have_next_to_no_error_and_boasting_ones_have() {
        // of the blocks given p, the share p comes true
        let honest = |n: i32| (0..100).map(move |at| (n as f32 / 10.0 + 0.05, at < n * 10 + 5));
        let found = Reliability::of((0..10).flat_map(honest));
        assert!(found.ece < 1e-6 && found.ece_equal_count < 1e-6, "{found:?}");
        let boasting = Reliability::of((0..100).map(|at| (0.99, at < 60)));
        near(boasting.ece, 0.39);
        near(boasting.ece_equal_count, 0.39);
    }

    #[test]
    fn equal_probabilities_in_any_order_give_the_same_figures() {
        let pairs: Vec<(f32, bool)> = (0..97).map(|n| ((n % 3) as f32 / 3.0, n % 5 == 0)).collect();
        let turned: Vec<_> = pairs.iter().rev().copied().collect();
        assert_eq!(Reliability::of(pairs), Reliability::of(turned));
    }

    #[test]
    fn equal_probabilities_are_not_parted() {
        let found = Reliability::of(
            (0..90).map(|n| (if n < 60 { 0.1 } else { 0.5 + n as f32 / 1000.0 }, n % 2 == 0)),
        );
        assert_eq!(found.equal_count_bins[0].count, 60);
        assert!((found.equal_count_bins[0].observed - 0.5).abs() < 1e-12);
        assert_eq!(found.equal_count_bins.iter().map(|bin| bin.count).sum::<usize>(), 90);
    }

    #[test]
    fn nothing_to_look_at_gives_zeros() {
        let found = Reliability::of([]);
        assert_eq!((found.count, found.ece, found.brier, found.equal_count_bins.len()), (0, 0.0, 0.0, 0));
    }
}
