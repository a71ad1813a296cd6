//! Whether what a model file says of itself is what this build fills and reads, name by name.
//!
//! A count that fits says nothing: with two labels or two columns exchanged a model still gives probabilities, of something
//! else.

use super::Logistic;

/// Compares names in order; the first that differs is told.
pub(super) fn names<S: AsRef<str>>(
    of: &str,
    theirs: &[String],
    ours: impl IntoIterator<Item = S>,
) -> Result<(), String> {
    let ours: Vec<S> = ours.into_iter().collect();
    let found = |at: usize| theirs.get(at).map_or("none", String::as_str);
    let own = |at: usize| ours.get(at).map_or("none", S::as_ref);
    match (0..theirs.len().max(ours.len())).find(|at| found(*at) != own(*at)) {
        Some(at) => Err(format!("{of} {at} is `{}` in the file and `{}` in this build", found(at), own(at))),
        None => Ok(()),
    }
}

/// Whether a list has the length that it is read with.
pub(super) fn count(of: &str, found: usize, expected: usize) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{of}: expected {expected} numbers, found {found}"))
}

/// The largest weight that a model may have; chosen by hand, far above those of a fit. Sums of products with larger ones leave
/// the range of numbers, and a probability would be none.
pub(super) const LARGEST: f32 = 1e9;

/// Whether all values are numbers that can be added up.
pub(super) fn finite(of: &str, values: &[f32]) -> Result<(), String> {
    if let Some(at) = values.iter().position(|value| !value.is_finite()) {
        return Err(format!("{of}: value {at} is no finite number"));
    }
    match values.iter().position(|value| value.abs() > LARGEST) {
        Some(at) => Err(format!("{of}: value {at} is over {LARGEST:e}, which no weight is")),
        None => Ok(()),
    }
}

/// Whether there are so many values, and all are numbers.
pub(super) fn numbers(of: &str, values: &[f32], expected: usize) -> Result<(), String> {
    count(of, values.len(), expected)?;
    finite(of, values)
}

/// Whether a small model has a finite weight for each of its inputs.
pub(super) fn logistic(of: &str, model: &Logistic, inputs: usize) -> Result<(), String> {
    numbers(of, &model.weights, inputs)?;
    finite(of, &[model.intercept])
}
