//! Small dense logistic models through `linfa`.

use crate::model::Logistic;
use linfa::prelude::{Fit, Predict};
use linfa::{Dataset, DatasetBase};
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2};

/// Fits a logistic model on rows of equal length. `alpha` is the weight of the squared weights.
///
/// # Errors
/// What `linfa` says; also when one class is missing.
pub(super) fn fit(rows: &[Vec<f32>], targets: &[bool], alpha: f64) -> Result<Logistic, String> {
    let columns = rows.first().map_or(0, Vec::len);
    let scales = scales(rows, columns);
    let values =
        rows.iter().flat_map(|row| row.iter().zip(&scales).map(|(value, scale)| f64::from(value * scale)));
    let records =
        Array2::from_shape_vec((rows.len(), columns), values.collect()).map_err(|error| error.to_string())?;
    let data: DatasetBase<_, Array1<bool>> = Dataset::new(records, Array1::from_vec(targets.to_vec()));
    let fitted = LogisticRegression::default().alpha(alpha).max_iterations(200).fit(&data);
    let fitted = fitted.map_err(|error| error.to_string())?;
    // linfa calls the class with more rows positive
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    let weights = fitted.params().iter().zip(&scales).map(|(weight, scale)| (sign * weight) as f32 * scale);
    let model = Logistic { intercept: (sign * fitted.intercept()) as f32, weights: weights.collect() };
    prove(&fitted, &data, rows, &model)?;
    Ok(model)
}

/// Brings each column to a largest value of 1: the penalty then means the same for all.
fn scales(rows: &[Vec<f32>], columns: usize) -> Vec<f32> {
    let most = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).fold(0.0f32, |most, v| most.max(v.abs()))
    };
    (0..columns).map(most).map(|most| if most > 0.0 { 1.0 / most } else { 1.0 }).collect()
}

/// Our evaluation and the library's decide alike on every row (but for those within rounding of one half).
fn prove(
    fitted: &linfa_logistic::FittedLogisticRegression<f64, bool>,
    data: &DatasetBase<Array2<f64>, Array1<bool>>,
    rows: &[Vec<f32>],
    model: &Logistic,
) -> Result<(), String> {
    let theirs = fitted.predict(data);
    let differs = rows.iter().zip(theirs.iter()).find(|(row, theirs)| {
        let log_odds = model.log_odds(row);
        log_odds.abs() > 1e-3 && (log_odds > 0.0) != **theirs
    });
    match differs {
        Some((row, _)) => Err(format!("the exported logistic model and linfa disagree on {row:?}")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_positive_class_is_true_whichever_has_more_rows() {
        for positives in [30, 70] {
            let rows: Vec<Vec<f32>> = (0..100).map(|n| vec![n as f32, 1000.0 - n as f32]).collect();
            let targets: Vec<bool> = (0..100).map(|n| n >= 100 - positives).collect();
            let model = fit(&rows, &targets, 1e-3).unwrap();
            assert!(model.probability(&rows[99]) > 0.5 && model.probability(&rows[0]) < 0.5);
        }
    }
}
