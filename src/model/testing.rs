//! A model for tests of what stands around a model.

use super::{Biases, Forest, Header, Link, Logistic, Model, SparseModel, Weights, logit, schema};
use crate::features::{COLUMNS, vectors::EmptySign};
use std::collections::BTreeMap;

impl Model {
    /// A model that gives every block the same probability of main content and takes no page for empty.
    pub(crate) fn constant(p: f32) -> Self {
        let forest = Forest::new(Link::Logistic, logit(p), Vec::new(), Vec::new(), COLUMNS).unwrap();
        let weights = Weights::round(&[0.0]);
        let sparse = SparseModel {
            attr: weights.clone(),
            text: weights.clone(),
            both_attr: weights.clone(),
            both_text: weights,
            bias: Biases::default(),
        };
        Self { header: header(), sparse, html: forest.clone(), text: forest }
    }

    /// The model, which takes every page for empty with this probability.
    pub(crate) fn with_empty(mut self, p: f32) -> Self {
        self.header.empty.intercept = logit(p);
        self
    }
}

fn header() -> Header {
    let uncalibrated = Logistic { intercept: 0.0, weights: vec![1.0, 0.0, 0.0] };
    Header {
        task: "blocks".to_owned(),
        algorithm: "constant".to_owned(),
        labels: vec!["other".to_owned(), "body".to_owned()],
        positive: "body".to_owned(),
        schema: format!("{:016x}", schema::schema_hash()),
        columns: (0..COLUMNS).map(schema::column_name).collect(),
        html_calibration: uncalibrated.clone(),
        text_calibration: uncalibrated,
        empty: Logistic { intercept: logit(0.0), weights: vec![0.0; EmptySign::COUNT] },
        forests: BTreeMap::new(),
        weights: BTreeMap::new(),
        biases: Biases::default(),
        training: BTreeMap::new(),
        metrics: BTreeMap::new(),
        licence: String::new(),
        arrays: BTreeMap::new(),
    }
}
