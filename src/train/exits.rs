//! Where rows leave a forest that are sure after its first trees.

use super::boost::Rows;
use crate::model::{Exit, Forest, Sure};

/// The shares of the trees behind which rows leave.
const SHARES: [f32; 5] = [0.05, 0.1, 0.2, 0.35, 0.55];
/// Rows leave whose end is surer than these log-odds, on the same side…
const END: f32 = 1.5;
/// …but for so few of them.
const WRONG: f32 = 0.002;
/// One row in so many is looked at.
const SAMPLE: usize = 4;

/// The exits of a boosted forest, by what its first and all of its trees say of the rows.
pub(super) fn exits(forest: &Forest, rows: &Rows) -> Vec<Exit> {
    let sample: Vec<&[f32]> = rows.rows().step_by(SAMPLE).collect();
    let ends: Vec<f32> = sample.iter().map(|row| forest.log_odds(row)).collect();
    let places = SHARES.map(|share| (forest.trees() as f32 * share) as usize);
    let exit = |place: usize| {
        let here = sample.iter().map(|row| forest.log_odds_after(place, row));
        let mut pairs: Vec<(f32, f32)> = here.zip(ends.iter().copied()).collect();
        let below = sure(&mut pairs);
        for (here, end) in &mut pairs {
            (*here, *end) = (-*here, -*end);
        }
        let above = sure(&mut pairs);
        Exit { trees: place, below, above: Sure { from: -above.from, ..above } }
    };
    places.into_iter().filter(|place| *place > 0).map(exit).collect()
}

/// From which log-odds down rows are sure, and how much surer they end.
fn sure(pairs: &mut [(f32, f32)]) -> Sure {
    pairs.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let (mut wrong, mut most) = (0, 0);
    for (at, (_, end)) in pairs.iter().enumerate() {
        wrong += usize::from(*end > -END);
        if wrong as f32 <= WRONG * (at + 1) as f32 {
            most = at + 1;
        }
    }
    let leaving = pairs.iter().take(most).filter(|(here, _)| *here < 0.0);
    let (mut product, mut square, mut from) = (0.0, 0.0, f32::MIN);
    for (here, end) in leaving {
        product += f64::from(here * end);
        square += f64::from(here * here);
        from = *here;
    }
    let scale = if square > 0.0 { (product / square) as f32 } else { 1.0 };
    Sure { from, scale }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sure_as_long_as_few_of_them_turn() {
        let mut pairs: Vec<(f32, f32)> =
            (0..4000_i16).map(|at| (-f32::from(at) / 1000.0, -f32::from(at) / 500.0)).collect();
        let Sure { from, scale } = sure(&mut pairs);
        assert!((from + 0.75).abs() < 0.01 && (scale - 2.0).abs() < 0.01, "{from} {scale}");
        let mut turning = vec![(-3.0, 4.0); 10];
        assert!(sure(&mut turning).from <= f32::MIN);
    }
}
