//! Stochastic gradient descent with one rate a weight (`AdaGrad`, Duchi et al. 2011): what the two sparse solvers share.

/// Weights that belong to one thing, each with the sum of its squared gradients.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot<const N: usize> {
    pub(super) weights: [f32; N],
    squares: [f32; N],
}

impl<const N: usize> Slot<N> {
    pub(super) const NEW: Self = Self { weights: [0.0; N], squares: [1e-2; N] };

    /// A step down the gradient. `decay` is the pull towards zero.
    pub(super) fn learn(&mut self, gradient: [f32; N], rate: f32, decay: f32) {
        for ((weight, squares), gradient) in self.weights.iter_mut().zip(&mut self.squares).zip(gradient) {
            *squares += gradient * gradient;
            *weight -= rate * (gradient / squares.sqrt() + decay * *weight);
        }
    }
}

/// Goes over the rows so many times, each time in another order and with a smaller rate.
pub(super) fn descend(
    rows: &[u32],
    epochs: usize,
    rate: f32,
    seed: u64,
    mut step: impl FnMut(usize, f32, &mut Random),
) {
    let mut order = rows.to_vec();
    let mut random = Random(seed | 1);
    for epoch in 0..epochs {
        random.shuffle(&mut order);
        let rate = rate / (1.0 + epoch as f32 * 0.5);
        for row in &order {
            step(*row as usize, rate, &mut random);
        }
    }
}

/// Xorshift64*: enough for the order of rows, and the same everywhere.
#[derive(Debug)]
pub(super) struct Random(pub(super) u64);

impl Random {
    /// Another sequence for each seed, also for small ones that are near to each other.
    pub(super) fn of_seed(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// A number from 0 to 1.
    pub(super) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}
