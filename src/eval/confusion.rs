//! Pairs of labels → how often each label is taken for each other one.

use crate::classify::Label;
use serde::ser::{Serialize, SerializeStruct, Serializer};

const LABELS: usize = Label::ALL.len();

/// How often blocks of each label were given each label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    /// By true label, then by the label that was given.
    counts: [[usize; LABELS]; LABELS],
}

impl Default for Confusion {
    fn default() -> Self {
        Self { counts: [[0; LABELS]; LABELS] }
    }
}

/// The figures of one label.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct LabelFigures {
    /// The label.
    pub label: Label,
    /// Blocks that have it.
    pub support: usize,
    /// Blocks that were given it.
    pub given: usize,
    /// Share of the blocks that were given it that have it; 0 if none were given it.
    pub precision: f64,
    /// Share of the blocks that have it that were given it; 0 if none have it.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
}

impl Confusion {
    /// Counts a block.
    pub fn add(&mut self, truth: Label, given: Label) {
        if let Some(count) = self.counts.get_mut(truth as usize).and_then(|row| row.get_mut(given as usize)) {
            *count += 1;
        }
    }

    /// Blocks of a label that were given another one, or the same.
    pub fn count(&self, truth: Label, given: Label) -> usize {
        self.counts.get(truth as usize).and_then(|row| row.get(given as usize)).copied().unwrap_or(0)
    }

    /// Blocks in all.
    pub fn total(&self) -> usize {
        self.counts.iter().flatten().sum()
    }

    /// Share of the blocks that were given their label; 0 if there are none.
    pub fn accuracy(&self) -> f64 {
        let right: usize = Label::ALL.iter().map(|label| self.count(*label, *label)).sum();
        right as f64 / self.total().max(1) as f64
    }

    /// The figures of a label.
    pub fn figures(&self, label: Label) -> LabelFigures {
        let right = self.count(label, label) as f64;
        let support: usize = Label::ALL.iter().map(|other| self.count(label, *other)).sum();
        let given: usize = Label::ALL.iter().map(|other| self.count(*other, label)).sum();
        let share = |of: usize| right / of.max(1) as f64;
        let sum = (support + given) as f64;
        let f1 = if sum > 0.0 { 2.0 * right / sum } else { 0.0 };
        LabelFigures { label, support, given, precision: share(given), recall: share(support), f1 }
    }

    /// The labels that a block has or was given, in stable order.
    pub fn labels(&self) -> Vec<Label> {
        let occurs = |label: &Label| {
            let figures = self.figures(*label);
            figures.support + figures.given > 0
        };
        Label::ALL.iter().copied().filter(occurs).collect()
    }

    /// The pairs of a true and a given label that occur, with their numbers of blocks.
    pub fn cells(&self) -> Vec<(Label, Label, usize)> {
        let pairs = Label::ALL.iter().flat_map(|truth| Label::ALL.iter().map(move |given| (*truth, *given)));
        let cells = pairs.map(|(truth, given)| (truth, given, self.count(truth, given)));
        cells.filter(|(.., count)| *count > 0).collect()
    }

    /// Mean F1 of the labels that a block has; each label counts alike, however rare it is. 0 if there are none.
    pub fn macro_f1(&self) -> f64 {
        let figures = Label::ALL.iter().map(|label| self.figures(*label)).filter(|found| found.support > 0);
        let (sum, count) = figures.fold((0.0, 0), |(sum, count), found| (sum + found.f1, count + 1));
        sum / f64::from(count.max(1))
    }
}

impl Serialize for Confusion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let labels: Vec<_> = self.labels().into_iter().map(|label| self.figures(label)).collect();
        let mut shown = serializer.serialize_struct("Confusion", 4)?;
        shown.serialize_field("labels", &labels)?;
        shown.serialize_field("macro_f1", &self.macro_f1())?;
        shown.serialize_field("accuracy", &self.accuracy())?;
        // `[true label, given label, blocks]`
        shown.serialize_field("confusion", &self.cells())?;
        shown.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn confusion(pairs: &[(Label, Label, usize)]) -> Confusion {
        let mut confusion = Confusion::default();
        for (truth, given, count) in pairs {
            (0..*count).for_each(|_| confusion.add(*truth, *given));
        }
        confusion
    }

    #[test]
    fn figures_are_those_worked_out_by_hand() {
        use Label::{Adult, Body, Nav};
        let found = confusion(&[(Body, Body, 6), (Body, Adult, 2), (Adult, Adult, 3), (Adult, Nav, 1)]);
        let adult = found.figures(Adult);
        assert_eq!((adult.support, adult.given), (4, 5));
        assert_eq!((adult.precision, adult.recall), (0.6, 0.75));
        assert!((adult.f1 - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(found.count(Body, Adult), 2);
        assert!((found.accuracy() - 0.75).abs() < 1e-12);
    }

    #[test]
    fn macro_f1_is_over_labels_that_blocks_have() {
        use Label::{Body, Nav, Ui};
        // nothing is `ui`: that it was given once lowers the precision of nobody else
        let found = confusion(&[(Body, Body, 100), (Nav, Nav, 1), (Nav, Ui, 1)]);
        assert_eq!(found.labels(), [Body, Nav, Ui]);
        assert!((found.macro_f1() - f64::midpoint(1.0, 2.0 / 3.0)).abs() < 1e-12, "{}", found.macro_f1());
    }

    #[test]
    fn no_blocks_give_no_figures() {
        let found = Confusion::default();
        assert_eq!((found.total(), found.labels().len()), (0, 0));
        assert!(found.macro_f1().abs() < 1e-12 && found.accuracy().abs() < 1e-12);
    }
}
