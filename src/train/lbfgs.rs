//! Minimises a smooth convex function: limited-memory BFGS (Nocedal and Wright, *Numerical Optimization*, algorithms
//! 7.4 and 7.5) with a line search that halves the step until the value falls enough (algorithm 3.1).

/// Steps whose curvature is remembered.
const MEMORY: usize = 8;
/// Steps, at most.
const MOST_STEPS: usize = 80;
/// The value has settled when a step lowers it by less than this share.
const SETTLED: f64 = 1e-5;
/// Halvings of a step, at most.
const MOST_HALVINGS: usize = 30;
/// Share of the fall that the slope promises and that a step must reach.
const ENOUGH: f64 = 1e-4;

/// A step and how the gradient changed over it.
struct Past {
    step: Vec<f64>,
    change: Vec<f64>,
    curvature: f64,
}

/// The point of the least value, started from zero. `value` writes the gradient at a point and returns the value there.
pub(super) fn minimise(size: usize, mut value: impl FnMut(&[f64], &mut [f64]) -> f64) -> Vec<f64> {
    let (mut at, mut gradient) = (vec![0.0; size], vec![0.0; size]);
    let mut level = value(&at, &mut gradient);
    let mut past: Vec<Past> = Vec::new();
    for _ in 0..MOST_STEPS {
        let direction = direction(&gradient, &past);
        let slope = dot(&direction, &gradient);
        if slope >= -1e-12 {
            break;
        }
        let first = if past.is_empty() { 1.0 / dot(&gradient, &gradient).sqrt().max(1.0) } else { 1.0 };
        let mut next_gradient = vec![0.0; size];
        let Some((next, next_level)) = search(&at, &direction, first, |point| {
            let found = value(point, &mut next_gradient);
            (found, slope, level)
        }) else {
            break;
        };
        let step: Vec<f64> = next.iter().zip(&at).map(|(next, at)| next - at).collect();
        let change: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(next, old)| next - old).collect();
        let curvature = dot(&step, &change);
        if curvature > 1e-12 {
            past.push(Past { step, change, curvature });
            past.drain(..past.len().saturating_sub(MEMORY));
        }
        let settled = level - next_level < SETTLED * level.abs().max(1e-9);
        (at, gradient, level) = (next, next_gradient, next_level);
        if settled {
            break;
        }
    }
    at
}

/// Halves the step until the value falls enough; none if it never does.
fn search(
    at: &[f64],
    direction: &[f64],
    first: f64,
    mut value: impl FnMut(&[f64]) -> (f64, f64, f64),
) -> Option<(Vec<f64>, f64)> {
    let mut step = first;
    for _ in 0..MOST_HALVINGS {
        let point: Vec<f64> = at.iter().zip(direction).map(|(at, towards)| at + step * towards).collect();
        let (found, slope, level) = value(&point);
        if found <= level + ENOUGH * step * slope {
            return Some((point, found));
        }
        step *= 0.5;
    }
    None
}

/// Downhill, with the curvature of the past steps.
fn direction(gradient: &[f64], past: &[Past]) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
    let mut shares = Vec::with_capacity(past.len());
    for of in past.iter().rev() {
        let share = dot(&of.step, &direction) / of.curvature;
        add(&mut direction, &of.change, -share);
        shares.push(share);
    }
    if let Some(last) = past.last() {
        let scale = last.curvature / dot(&last.change, &last.change).max(1e-300);
        for value in &mut direction {
            *value *= scale;
        }
    }
    for (of, share) in past.iter().zip(shares.into_iter().rev()) {
        let back = dot(&of.change, &direction) / of.curvature;
        add(&mut direction, &of.step, share - back);
    }
    direction
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], values: &[f64], times: f64) {
    to.iter_mut().zip(values).for_each(|(to, value)| *to += times * value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_point_of_a_narrow_valley_is_found() {
        // Σ c·(x - a)² with curvatures from 1 to 1000
        let curvatures = [1.0, 30.0, 1000.0];
        let wanted = [3.0, -2.0, 0.5];
        let found = minimise(3, |at, gradient| {
            let mut value = 0.0;
            for ((slope, at), (c, a)) in gradient.iter_mut().zip(at).zip(curvatures.iter().zip(wanted)) {
                value += c * (at - a) * (at - a);
                *slope = 2.0 * c * (at - a);
            }
            value + 1e-3
        });
        for (found, wanted) in found.iter().zip(wanted) {
            assert!((found - wanted).abs() < 0.01, "{found} {wanted}");
        }
    }
}
