//! A few pages and blocks of each kind, for a reader of the run's report: the first of each in the order of the inputs.

use super::Target;
use crate::Report;
use crate::classify::Label;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Examples of each reason and of each label.
const EACH: usize = 4;
/// Characters of a text that are shown.
const SHOWN: usize = 160;

/// Pages that were rejected by their strongest reason, and blocks that were cut from kept pages by their label.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Examples {
    pub(in super::super) rejected: BTreeMap<String, Vec<Rejected>>,
    pub(in super::super) cut: BTreeMap<String, Vec<Cut>>,
}

/// A page that was rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Rejected {
    /// The URL, else the id.
    pub(in super::super) page: String,
    pub(in super::super) title: String,
    /// What the strongest reason says.
    pub(in super::super) why: String,
}

/// A block that was cut from a page that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Cut {
    /// The URL, else the id.
    pub(in super::super) page: String,
    pub(in super::super) text: String,
}

impl Examples {
    /// Takes a page's share.
    pub(super) fn judged(&mut self, report: &Report, target: Target) {
        match target {
            Target::Rejected => self.rejected(report),
            Target::Kept => self.cut(report),
        }
    }

    fn rejected(&mut self, report: &Report) {
        let first = report.reasons().first();
        let reason = super::strongest(report);
        add(&mut self.rejected, reason, || Rejected {
            page: named(report),
            title: shown(report.title().unwrap_or_default()),
            why: shown(first.map_or("", |finding| &finding.text)),
        });
    }

    /// One block of each label: more of one page would be alike.
    fn cut(&mut self, report: &Report) {
        let mut seen = Vec::new();
        for (block, said) in report.blocks() {
            if said.label == Label::Body || seen.contains(&said.label) {
                continue;
            }
            seen.push(said.label);
            add(&mut self.cut, said.label.as_str(), || Cut {
                page: named(report),
                text: shown(block.text()),
            });
        }
    }

    /// Adds the examples of a batch behind those of the batches before it.
    pub(super) fn add(&mut self, other: &Self) {
        for (name, examples) in &other.rejected {
            for example in examples {
                add(&mut self.rejected, name, || example.clone());
            }
        }
        for (name, examples) in &other.cut {
            for example in examples {
                add(&mut self.cut, name, || example.clone());
            }
        }
    }
}

fn add<T>(all: &mut BTreeMap<String, Vec<T>>, name: &str, example: impl FnOnce() -> T) {
    match all.get_mut(name) {
        Some(examples) if examples.len() >= EACH => {}
        Some(examples) => examples.push(example()),
        None => drop(all.insert(name.to_owned(), vec![example()])),
    }
}

fn named(report: &Report) -> String {
    shown(report.page().source().url.as_deref().unwrap_or(report.id()))
}

fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
