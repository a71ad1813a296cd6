use super::*;
use crate::page::{Document, Limits, Page};

/// A page whose lines are all alike; those between the two marks are main content.
fn page(seed: u64) -> Sample {
    let mut random = Random::of_seed(seed);
    let (before, within, behind) = (3 + random.below(9), 4 + random.below(9), 3 + random.below(9));
    let line = "The ferry leaves the harbour at noon and comes back at four.";
    let mut lines = vec![line; before];
    lines.push("Start!");
    lines.extend(vec![line; within]);
    lines.push("Stop?");
    lines.extend(vec![line; behind]);
    let targets = (0..lines.len()).map(|at| f32::from(u8::from(at > before && at <= before + within)));
    let page = Page::read(&Document::text(lines.join("\n\n")), &Limits::default());
    let mut sample = Sample::new(page, targets.collect(), 0, 1.0);
    assert_eq!(sample.measured.blocks(), sample.targets.len());
    let none = vec![crate::features::BlockScores { attr: 0.0, text: 0.0, both: 0.0 }; sample.targets.len()];
    sample.measured.add_scores(&sample.page, &none);
    sample
}

#[test]
fn gradients_are_the_slopes_of_the_loss() {
    let samples: Vec<Sample> = (0..3).map(page).collect();
    let samples: Vec<&Sample> = samples.iter().collect();
    let sequence = standard(&samples);
    let mut network = Network::new(&mut Random::of_seed(5));
    let parts = batches(&samples, &mut Random::of_seed(1)).concat();
    let batch = Batch::of(&parts, &sequence).without_some_columns(&mut Random::of_seed(2));
    let loss = |network: &Network| -> f32 {
        let odds = network.log_odds_dropped(&batch, &mut Random::of_seed(3));
        let known = odds.iter().zip(&batch.targets).zip(&batch.weights);
        known.map(|((odds, target), weight)| weight * (odds.exp().ln_1p() - target * odds)).sum()
    };
    let gradients = network.gradients(&batch, &mut Random::of_seed(3));
    let count = network.layers.arrays().count();
    for array in 0..count {
        let largest = gradients.arrays().nth(array).unwrap();
        let (place, told) =
            largest.iter().enumerate().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).unwrap();
        let mut moved = |by: f32| {
            let number = network.layers.arrays_mut().nth(array).unwrap().iter_mut().nth(place).unwrap();
            *number += by;
            let loss = loss(&network);
            let number = network.layers.arrays_mut().nth(array).unwrap().iter_mut().nth(place).unwrap();
            *number -= by;
            loss
        };
        let found = (moved(1e-2) - moved(-1e-2)) / 2e-2;
        assert!((found - told).abs() < 0.03 * told.abs() + 1e-4, "array {array}: {told} told, {found} found");
    }
}

#[test]
fn order_tells_what_no_line_does() {
    let samples: Vec<Sample> = (0..120).map(page).collect();
    let samples: Vec<&Sample> = samples.iter().collect();
    let (learned, held_out) = samples.split_at(100);
    let sequence = fit(learned, 1).unwrap().unwrap();
    let (mut right, mut all) = (0, 0);
    for sample in held_out {
        let odds = sequence.log_odds_of_rows(sample.measured.rows());
        right += odds
            .iter()
            .zip(&sample.targets)
            .filter(|(odds, target)| (**odds > 0.0) == (**target > 0.5))
            .count();
        all += odds.len();
    }
    assert!(right * 100 >= all * 90, "{right} of {all}");
    assert!(fit(&samples[..2], 1).unwrap().is_none(), "too few to learn from");
}
