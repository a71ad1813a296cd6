//! What speaks for main content and against it: parts of the calibrated log-odds of a block.
//!
//! The trees' columns have their parts of the paths that the block takes ([`Paths`]). Three of these columns are the
//! scores of the sparse models, which are sums over tokens: their parts are shared among the tokens that push the same
//! way, in proportion to their weights.

use super::parts::{Key, Names, Parts, share};
use crate::classify::Filter;
use crate::classify::evidence::Scored;
use crate::features::schema::{SCORES_AT, ScoreFeature, column_name, column_said};
use crate::features::{Distance, Sparse, above, for_inline, spelled};
use crate::model::{Logistic, Paths, SparseModel, calibration_inputs};
use crate::page::{ElementId, Media};
use rustc_hash::FxHashMap;

/// Weights of tokens in the models of the markup or the words, and in that of both.
type Sums = [FxHashMap<Key, f32>; 2];

pub(super) struct BodyOdds<'a> {
    known: Scored<'a>,
    sparse: &'a SparseModel,
    paths: Paths<'a>,
    /// What the order of the blocks says; empty where the trees alone are asked.
    of_order: Vec<f32>,
    calibration: &'a Logistic,
    names: Names,
    /// Names of the tokens of elements that were asked for.
    elements: FxHashMap<ElementId, Vec<u32>>,
}

impl<'a> BodyOdds<'a> {
    pub(super) fn of(filter: &'a Filter, known: Scored<'a>) -> Self {
        let model = &filter.model.part;
        let text = known.page.source().media == Media::Text;
        let (forest, calibration) = model.of_blocks(text);
        let paths = Paths::of(forest);
        Self {
            known,
            sparse: &model.sparse,
            paths,
            of_order: model.of_order(text, known.measured.rows()),
            calibration,
            names: Names::default(),
            elements: FxHashMap::default(),
        }
    }

    /// What the calibrated log-odds of main content start from, and what is added to it.
    pub(super) fn parts(&mut self, index: usize) -> (f32, Parts) {
        let mut columns = Vec::new();
        let start = self.paths.log_odds(self.known.measured.row(index), &mut columns);
        let cjk = self.known.measured.page_cjk();
        let calibrated = |odds: f32| self.calibration.log_odds(&calibration_inputs(odds, cjk));
        let slope = calibrated(1.0) - calibrated(0.0);
        let mut parts: FxHashMap<Key, f32> = FxHashMap::default();
        // the mean of what the trees and the order say, if the order is asked
        let of_order = self.of_order.get(index);
        let share_of_trees = if of_order.is_some() { 0.5 } else { 1.0 };
        parts.extend(of_order.map(|odds| (Key::Order, odds * 0.5 * slope)));
        let (start, slope) = (calibrated(start * share_of_trees), slope * share_of_trees);
        let [markup, markup_of_both] = self.markup(index);
        let [words, words_of_both] = self.words(index);
        let both = markup_of_both.into_iter().chain(words_of_both).collect();
        let sums = [(ScoreFeature::Attr, markup), (ScoreFeature::Text, words), (ScoreFeature::Both, both)];
        for (column, part) in columns.into_iter().enumerate().filter(|(_, part)| *part != 0.0) {
            let sum = sums.iter().find(|(score, _)| SCORES_AT + *score as usize == column);
            if !sum.is_some_and(|(_, members)| share(part * slope, members, &mut parts)) {
                *parts.entry(Key::Column(column)).or_default() += part * slope;
            }
        }
        (start, parts.into_iter().collect())
    }

    /// The tokens of the elements around a block, at all distances together.
    fn markup(&mut self, index: usize) -> Sums {
        let page = self.known.page;
        let mut around = Vec::new();
        for_inline(page, index, |id| around.push((id, Distance::Inline)));
        let Some(block) = page.block(index) else { return Sums::default() };
        around.push((block.element_id(), Distance::Own));
        for (level, id) in above(page, block.element_id()).enumerate() {
            around.extend([1, 2].contains(&level).then_some((id, Distance::Near)));
            around.push((id, Distance::Any));
        }
        let mut sums = Sums::default();
        for (id, distance) in around {
            self.element(id, distance, &mut sums);
        }
        sums
    }

    fn element(&mut self, id: ElementId, distance: Distance, [attr, both]: &mut Sums) {
        let (page, names) = (self.known.page, &mut self.names);
        let spelled = || spelled::of_element(page, id).into_iter().map(|name| names.place(name)).collect();
        let places = self.elements.entry(id).or_insert_with(spelled);
        for (token, place) in self.known.measured.sparse().element(id).iter().zip(places) {
            let hash = Sparse::at_distance(*token, distance);
            *attr.entry(Key::Token(*place)).or_default() += self.sparse.weights.attr.of(hash);
            *both.entry(Key::Token(*place)).or_default() += self.sparse.weights.both_attr.of(hash);
        }
    }

    fn words(&mut self, index: usize) -> Sums {
        let text = self.known.page.block(index).map_or("", |block| block.text());
        let [mut words, mut both] = Sums::default();
        let tokens = self.known.measured.sparse().block_text(index);
        for (token, name) in tokens.iter().zip(spelled::of_text(text)) {
            let key = Key::Token(self.names.place(name));
            *words.entry(key).or_default() += self.sparse.weights.text.of(*token);
            *both.entry(key).or_default() += self.sparse.weights.both_text.of(*token);
        }
        [words, both]
    }

    /// The stable name and the text of a part.
    pub(super) fn said(&self, index: usize, key: Key) -> (String, String) {
        match key {
            Key::Token(place) => {
                let name = self.names.name(place);
                (format!("token:{name}"), format!("main content: {}", token_said(name)))
            }
            Key::Column(column) => {
                let value = self.known.measured.row(index).get(column).copied().unwrap_or_default();
                (
                    format!("column:{}", column_name(column)),
                    format!("main content: {}", column_said(column, value)),
                )
            }
            Key::Order => (
                "order".to_owned(),
                "main content: the lines before and behind it, in their order".to_owned(),
            ),
            Key::Gram(_) | Key::Context(_) | Key::Rule | Key::Words => (String::new(), String::new()),
        }
    }
}

fn token_said(name: &str) -> String {
    let (of, value) = name.split_once('=').unwrap_or(("", name));
    match of {
        "first" => format!("the words “{value}” near its start"),
        "last" => format!("the words “{value}” near its end"),
        "whole" => format!("it is “{value}” and nothing else"),
        "length" => format!("it has about {value} tokens"),
        "starts" => format!("it starts with {value}"),
        "ends" => format!("it ends with {value}"),
        "tag" => format!("it stands in <{value}>"),
        "word" => format!("the word “{value}” in a name of an element around it"),
        _ => format!("it stands in {of} “{value}”"),
    }
}
