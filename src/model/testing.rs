//! A model for tests of what stands around a model.

use super::{Biases, Blocks, Forest, Forests, Link, Logistic, Model, SparseModel, Tables, Weights, logit};
use crate::features::{COLUMNS, vectors::EmptySign};

impl Model {
    /// A model that gives every block the same probability of main content and takes no page for empty.
    pub(crate) fn constant(p: f32) -> Self {
        let forest = Forest::new(Link::Logistic, logit(p), Vec::new(), Vec::new(), COLUMNS).unwrap();
        let none = || Weights::round(&[0.0]);
        let weights = Tables { attr: none(), both_attr: none(), both_text: none(), text: none() };
        let sparse = SparseModel { weights, biases: Biases::default() };
        let mut part = Blocks::new(sparse, Forests { html: forest.clone(), text: forest, sequence: None });
        let uncalibrated = Logistic { intercept: 0.0, weights: vec![1.0, 0.0, 0.0] };
        (part.html_calibration, part.text_calibration) = (uncalibrated.clone(), uncalibrated);
        part.empty = Logistic { intercept: logit(0.0), weights: vec![0.0; EmptySign::COUNT] };
        Self::of(part)
    }

    /// The model, which takes every page for empty with this probability.
    pub(crate) fn with_empty(mut self, p: f32) -> Self {
        self.part.empty.intercept = logit(p);
        self
    }
}
