//! What speaks for a kind and against another one: parts of the log-odds of the two in the multinomial model.
//!
//! The model looks at what the words say and at what stands around; each of its numbers adds the difference of its two
//! weights. What the words' numbers add is shared among the grams that push the same way, in proportion to the
//! difference of their weights in the model of words; where none does, it stays whole. A gram of several words counts for each of them in equal parts; one
//! of Han characters stays whole.

use super::parts::{Key, Names, Parts, share};
use crate::classify::Label;
use crate::classify::evidence::Evidence;
use crate::classify::naming::{Naming, inputs_by};
use crate::features::{Grams, vectors::context_columns};
use crate::model::{KINDS, KindModel};
use rustc_hash::FxHashMap;

pub(super) struct KindOdds<'a> {
    evidence: &'a Evidence<'a>,
    model: &'a KindModel,
    /// The model's numbers of each block.
    inputs: Vec<Vec<f32>>,
    columns: Vec<String>,
    grams: Grams,
    names: Names,
}

/// The first number of the rule: those of words, of the blocks around and of the page stand before.
const RULES_AT: usize = 3 * KINDS;
const RULES_END: usize = 7 * KINDS;

impl<'a> KindOdds<'a> {
    pub(super) fn of(model: &'a KindModel, naming: &Naming, evidence: &'a Evidence<'a>) -> Self {
        let inputs = inputs_by(evidence.scored, &evidence.kinds, &naming.by_words);
        let (grams, names) = (Grams::default(), Names::default());
        Self { evidence, model, inputs, columns: context_columns(), grams, names }
    }

    /// What the log-odds of a label against another one start from, and what is added to it.
    pub(super) fn parts(&mut self, index: usize, label: Label, other: Label) -> (f32, Parts) {
        let between = |row: &[f32; KINDS]| {
            let of = |label: Label| row.get(label as usize).copied().unwrap_or_default();
            of(label) - of(other)
        };
        let grams = self.grams(index, between);
        let rows = &self.model.part.context.rows;
        let start = rows.last().map_or(0.0, between);
        let inputs = self.inputs.get(index).map(Vec::as_slice).unwrap_or_default();
        let of_columns: Vec<f32> = rows.iter().zip(inputs).map(|(row, value)| between(row) * value).collect();
        let mut parts: FxHashMap<Key, f32> = FxHashMap::default();
        let by_words: f32 = of_columns.iter().take(KINDS).sum();
        let shared = share(by_words, &grams, &mut parts);
        for (column, part) in of_columns.into_iter().enumerate().filter(|(_, part)| *part != 0.0) {
            match column {
                _ if column < KINDS && shared => {}
                _ if column < KINDS => *parts.entry(Key::Words).or_default() += part,
                RULES_AT..RULES_END => *parts.entry(Key::Rule).or_default() += part,
                _ => *parts.entry(Key::Context(column)).or_default() += part,
            }
        }
        (start, parts.into_iter().collect())
    }

    fn grams(&mut self, index: usize, between: impl Fn(&[f32; KINDS]) -> f32) -> FxHashMap<Key, f32> {
        let text = self.evidence.scored.page.block(index).map_or("", |block| block.text());
        let mut bag = Vec::new();
        self.grams.read(text, &mut bag);
        let mut weights: FxHashMap<Key, f32> = FxHashMap::default();
        for (gram, name) in bag.iter().zip(self.grams.spelled(text)) {
            let weight = between(&self.model.part.words.of_gram(*gram, bag.len()));
            let words = name.split(' ').count().max(1) as f32;
            for word in name.split(' ') {
                let key = Key::Gram(self.names.place(word.to_owned()));
                *weights.entry(key).or_default() += weight / words;
            }
        }
        weights
    }

    /// The stable name and the text of a part.
    pub(super) fn said(&self, index: usize, key: Key, label: Label, other: Label) -> (String, String) {
        let asked = format!("{label} or {other}: ");
        match key {
            Key::Gram(place) => {
                let name = self.names.name(place);
                (format!("gram:{name}"), asked + &gram_said(name))
            }
            Key::Rule => {
                let (kind, name) = self.evidence.kinds.of_junk(index);
                (format!("rule:{name}"), format!("{asked}the rule `{name}` says {kind}"))
            }
            Key::Context(column) => {
                let name = self.columns.get(column).map_or("?", String::as_str);
                let value =
                    self.inputs.get(index).and_then(|row| row.get(column)).copied().unwrap_or_default();
                (format!("context:{name}"), asked + &context_said(name, value))
            }
            Key::Words => {
                let words = self.inputs.get(index).and_then(|row| row.get(label as usize)).copied();
                let p = words.map_or(0.0, |value| (value * 4.0).exp());
                ("context:words".to_owned(), format!("{asked}its words say {label} with probability {p:.2}"))
            }
            Key::Column(_) | Key::Token(_) | Key::Order => (String::new(), String::new()),
        }
    }
}

fn gram_said(name: &str) -> String {
    match name.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(what) => format!("the {what} of its text"),
        None => format!("the words “{name}”"),
    }
}

fn context_said(name: &str, value: f32) -> String {
    match name.split_once('.') {
        Some(("near", kind)) => {
            format!("the words of the blocks around say {kind} with probability {value:.2}")
        }
        Some(("page", kind)) => format!("share of the page's blocks whose words say {kind}: {value:.2}"),
        _ => format!("{}: {value:.2}", name.replace('_', " ")),
    }
}
