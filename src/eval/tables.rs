//! Figures → tables, each built once, and written as text for a terminal; `folder.rs` writes them as Markdown.

use super::blocks::BlockFigures;
use super::confusion::Confusion;
use super::pages::{PageResults, SCORES};
use super::reliability::Reliability;
use super::report::Figures;
use super::run::{PageResult, SetResult};
use crate::classify::Label;
use std::io::{self, Write};

/// A table; the first column is text, the others are numbers or short words.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        Self { head: head.iter().map(|name| (*name).to_owned()).collect(), rows: rows.into_iter().collect() }
    }

    /// Writes it with its columns one below the other: numbers to the right, words to the left.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let all = || std::iter::once(&self.head).chain(&self.rows);
        let columns: Vec<(usize, bool)> = (0..self.head.len())
            .map(|at| {
                let width = all().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
                (
                    width.unwrap_or(0),
                    self.rows.iter().filter_map(|row| row.get(at)).all(|cell| is_number(cell)),
                )
            })
            .collect();
        for row in all() {
            let cells = row.iter().zip(&columns).map(|(cell, (width, right))| {
                if *right { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            });
            writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Whether a cell is a figure, or says that there is none.
fn is_number(cell: &str) -> bool {
    cell == "–" || cell.parse::<f64>().is_ok()
}

/// A row: a name, counts, figures.
pub(super) fn row(name: &str, counts: &[usize], figures: &[String]) -> Vec<String> {
    let counts = counts.iter().map(ToString::to_string);
    std::iter::once(name.to_owned()).chain(counts).chain(figures.iter().cloned()).collect()
}

pub(super) fn four(figure: f64) -> String {
    format!("{figure:.4}")
}

/// The name of a group of a set, for a table of several sets.
pub(super) fn group_name(set: &str, group: &str) -> String {
    if group == "all" { set.to_owned() } else { format!("{set}, {group}") }
}

/// The figures of the bodies of sets and of their groups.
pub(super) fn bodies(sets: &[SetResult]) -> Table {
    let head = [
        "", "pages", "errors", "empty", "word P", "R", "F1", "±", "shingle P", "R", "F1", "±", "with",
        "without",
    ];
    let group = |set: &SetResult, group: &str, found: &Figures| {
        let name = group_name(&set.name, group);
        let [word, shingle] = [(found.word, found.word_f1_error), (found.shingle, found.shingle_f1_error)]
            .map(|(prf, error)| match prf {
                Some(prf) => [prf.precision, prf.recall, prf.f1, error].map(Some),
                None => [None; 4],
            });
        let figures = [&word[..], &shingle, &[found.with, found.without]].concat();
        let figures: Vec<String> =
            figures.into_iter().map(|figure| figure.map_or("–".to_owned(), four)).collect();
        row(&name, &[found.pages, found.errors, found.empty], &figures)
    };
    let rows = sets
        .iter()
        .flat_map(|set| set.groups().into_iter().map(move |(name, found)| group(set, &name, &found)));
    Table::new(&head, rows)
}

/// The figures of the titles, authors and dates of sets.
pub(super) fn facts(sets: &[SetResult]) -> Table {
    let rows = sets.iter().flat_map(|set| set.facts().into_iter().map(move |found| (set, found)));
    let rows = rows.map(|(set, (field, found))| {
        let name = group_name(&set.name, field);
        row(&name, &[found.pages, found.given], &[found.exact, found.f1].map(four))
    });
    Table::new(&["what the page is", "pages", "given", "exact", "F1"], rows)
}

/// Pages with their word figures.
pub(super) fn worst(pages: &[&PageResult]) -> Table {
    let rows = pages.iter().map(|page| {
        let word = page.word.unwrap_or_default();
        let figures = [word.precision, word.recall, word.f1].map(four);
        let error = page.prediction.error.clone().unwrap_or_default();
        let cells = [page.page_type.clone()].into_iter().chain(figures).chain([error]);
        row(&page.id, &[], &cells.collect::<Vec<_>>())
    });
    Table::new(&["lowest word F1", "type", "P", "R", "F1", ""], rows)
}

/// How far probabilities can be trusted, a row for each group.
pub(super) fn reliability<'r>(
    what: &str,
    rows: impl IntoIterator<Item = (String, &'r Reliability)>,
) -> Table {
    let rows = rows.into_iter().map(|(name, found)| {
        let errors = [found.ece, found.ece_equal_count, found.brier, found.base_rate].map(four);
        row(&name, &[found.count], &errors)
    });
    Table::new(&[what, "blocks", "ECE", "ECE, equal count", "Brier", "true"], rows)
}

/// How well labels are told in each group.
pub(super) fn labels(what: &str, groups: &[(String, BlockFigures)]) -> Table {
    let rows = groups.iter().filter_map(|(name, found)| {
        let (confusion, label) = (found.confusion.as_ref()?, found.label.as_ref()?);
        let figures =
            [confusion.accuracy(), confusion.macro_f1(), label.ece, label.ece_equal_count].map(four);
        Some(row(name, &[found.pages, confusion.total()], &figures))
    });
    let head = [what, "pages", "blocks", "accuracy", "macro F1", "ECE", "ECE, equal count"];
    Table::new(&head, rows)
}

/// The figures of each label, and what it is taken for most often.
pub(super) fn each_label(what: &str, confusion: &Confusion) -> Table {
    let rows = confusion.labels().into_iter().map(|label| {
        let found = confusion.figures(label);
        let [precision, recall, f1] = [found.precision, found.recall, found.f1].map(four);
        let figures = [precision, recall, f1, taken_for(confusion, label)];
        row(label.as_str(), &[found.support, found.given], &figures)
    });
    Table::new(&[what, "blocks", "given", "precision", "recall", "F1", "taken for"], rows)
}

/// Other labels that are named for each label.
const MOST_OTHERS: usize = 3;

/// The labels that a label is taken for most often.
fn taken_for(confusion: &Confusion, label: Label) -> String {
    let others = Label::ALL.iter().filter(|other| **other != label);
    let mut others: Vec<_> = others.map(|other| (confusion.count(label, *other), *other)).collect();
    others.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let others = others.into_iter().filter(|(count, _)| *count > 0).take(MOST_OTHERS);
    others.map(|(count, other)| format!("{other} {count}")).collect::<Vec<_>>().join(", ")
}

/// How well each score tells the pages that should have it from clean ones.
pub(super) fn scores(pages: &PageResults) -> Table {
    let rows = pages.figures().into_iter().map(|(name, found)| {
        let auc = found.auc.map_or("–".to_owned(), four);
        let figures = [auc, four(found.recall), four(found.precision), found.false_alarms.to_string()];
        row(name, &[found.positives, found.negatives], &figures)
    });
    let what = format!("page scores, threshold {:.2}", pages.threshold);
    let head = [what.as_str(), "should have it", "clean", "AUC", "recall", "precision", "false alarms"];
    Table::new(&head, rows)
}

/// Pages by label: verdicts, and scores over the threshold.
pub(super) fn marks(pages: &PageResults) -> Table {
    let rows = pages.marks().into_iter().map(|mark| {
        let counts = [&[mark.pages, mark.errors][..], &mark.verdicts, &mark.over].concat();
        row(&mark.label, &counts, &[])
    });
    let head = ["page labels", "pages", "errors", "keep", "review", "drop"];
    Table::new(&[&head[..], &SCORES.map(|(name, _)| name)].concat(), rows)
}

/// Clean pages with the verdict `drop`, or with a score over the threshold.
pub(super) fn alarms(pages: &PageResults) -> Table {
    let rows = pages.false_alarms().into_iter().map(|alarm| {
        row(&alarm.id, &[], &[alarm.set, alarm.of, format!("{:.3}", alarm.score), alarm.reasons.join("; ")])
    });
    Table::new(&["false alarms", "set", "what", "score", "reasons"], rows)
}

/// How many bad, clean and empty pages are not kept, in all and by group.
pub(super) fn sums(pages: &PageResults) -> Table {
    let rows = pages.sums().into_iter().map(|sum| {
        let counted = [sum.bad, sum.clean, sum.empty].map(|counted| [counted.not_kept, counted.pages]);
        row(&sum.group, &[&counted.concat()[..], &[sum.open.pages]].concat(), &[])
    });
    let head = ["pages not kept", "bad", "of", "clean", "of", "empty", "of", "open"];
    Table::new(&head, rows)
}

/// Bad and empty pages that are kept, clean ones that are not.
pub(super) fn wrong(pages: &PageResults) -> Table {
    let rows = pages.wrong().into_iter().map(|page| {
        let kind = page.kind.zip(page.kind_p).map_or("–".to_owned(), |(kind, p)| format!("{kind} {p:.2}"));
        let reason = page.reason.unwrap_or_else(|| "–".to_owned());
        row(&page.id, &[], &[page.set, page.label, page.verdict.as_str().to_owned(), kind, reason])
    });
    Table::new(&["wrong pages", "set", "label", "verdict", "kind", "strongest reason"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_below_their_heads_on_the_right() {
        let table = Table::new(&["set", "n"], [row("茶|<b>", &[7], &[]), row("a", &[1234], &[])]);
        let mut text = Vec::new();
        table.write(&mut text).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), "set       n\n茶|<b>     7\na      1234\n");
    }

    #[test]
    fn the_label_that_a_label_is_taken_for_most_often_comes_first() {
        let mut confusion = Confusion::default();
        for (given, count) in [(Label::Nav, 1), (Label::Related, 3), (Label::Adult, 9)] {
            (0..count).for_each(|_| confusion.add(Label::Adult, given));
        }
        assert_eq!(taken_for(&confusion, Label::Adult), "related 3, nav 1");
    }
}
