//! All that an evaluation has found → a table for people, one JSON object.

use super::blocks::{BlockFigures, BlockSet};
use super::confusion::Confusion;
use super::pages::{PageResults, PageScore};
use super::reliability::Reliability;
use super::run::SetResult;
use super::scores::ScoreFigures;
use super::{to_json, write_table};
use crate::classify::Label;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// All that an evaluation has found.
#[derive(Debug, Clone, Default)]
pub struct Results {
    /// Bodies of the pages of each set of gold pages.
    pub sets: Vec<SetResult>,
    /// Blocks of the sets of which something is known: those above, and files of labelled pages or lines.
    pub blocks: Vec<BlockSet>,
    /// Pages that are labelled as a whole.
    pub pages: Option<PageResults>,
}

impl Results {
    /// The figures as JSON: `{"v": 1, "sets": {SET: {GROUP: figures}}, "blocks": {SET: {GROUP: figures}}, "pages":
    /// {"threshold", "scores": {SCORE: figures}, "labels", "false_alarms"}}`. The groups of `blocks` have
    /// probabilities of main content (`body`) and, where blocks have labels, those of the label (`label`), the figures
    /// of each label (`labels`), and cells `[true label, given label, blocks]` (`confusion`).
    pub fn to_json(&self) -> Value {
        let mut json = to_json(&self.sets);
        let groups = |set: &BlockSet| -> Value {
            Value::Object(set.groups().into_iter().map(|(name, figures)| (name, json!(figures))).collect())
        };
        let blocks: Map<String, Value> =
            self.blocks.iter().map(|set| (set.name.clone(), groups(set))).collect();
        if let Some(object) = json.as_object_mut() {
            object.insert("blocks".to_owned(), Value::Object(blocks));
            object.extend(self.pages.iter().map(|pages| ("pages".to_owned(), pages_json(pages))));
        }
        json
    }

    /// What could not be judged, and why, one text for each page or set.
    pub fn errors(&self) -> Vec<String> {
        let bodies = self.sets.iter().flat_map(|set| &set.pages);
        let bodies = bodies.filter_map(|page| Some((page.id.as_str(), page.prediction.error.as_deref()?)));
        let pages = self.pages.iter().flat_map(PageResults::errors);
        let told = bodies.chain(pages).map(|(id, error)| format!("{id}: {error}"));
        // The sets of gold pages have told theirs.
        let gold = |set: &&BlockSet| self.sets.iter().any(|gold| gold.name == set.name);
        let blocks = self.blocks.iter().filter(|set| set.errors > 0 && !gold(set));
        let blocks = blocks.map(|set| format!("{}: {} pages could not be judged", set.name, set.errors));
        told.chain(blocks).collect()
    }

    /// Writes the figures as tables for people, and under each set its `worst` pages of lowest word F1.
    pub fn write(&self, out: &mut dyn Write, worst: usize) -> io::Result<()> {
        if !self.sets.is_empty() {
            write_table(out, &self.sets, worst)?;
        }
        let groups: Vec<_> = self.blocks.iter().map(|set| (set.name.as_str(), set.groups())).collect();
        let rows = groups.iter().flat_map(|(name, groups)| {
            let shown = groups.iter().filter(|(group, f)| f.body.count > 0 && !group.starts_with("source "));
            shown.map(|(group, figures)| {
                let name = if group == "all" { (*name).to_owned() } else { format!("  {group}") };
                (name, &figures.body)
            })
        });
        let rows: Vec<_> = rows.collect();
        if !rows.is_empty() {
            writeln!(out)?;
            write_reliability(out, "probability of main content", rows)?;
        }
        groups.iter().try_for_each(|(name, groups)| write_labels(out, name, groups))?;
        self.pages.as_ref().map_or(Ok(()), |pages| write_pages(out, pages))
    }
}

fn pages_json(pages: &PageResults) -> Value {
    let scores: Map<String, Value> =
        pages.figures().into_iter().map(|(name, figures)| (name.to_owned(), json!(figures))).collect();
    json!({
        "threshold": pages.threshold,
        "scores": scores,
        "labels": pages.marks(),
        "false_alarms": pages.false_alarms(),
    })
}

/// Writes how far probabilities can be trusted, a row for each group.
pub fn write_reliability<'r>(
    out: &mut dyn Write,
    what: &str,
    rows: impl IntoIterator<Item = (String, &'r Reliability)>,
) -> io::Result<()> {
    writeln!(out, "{what:<44} {:>8} {:>7} {:>7} {:>7} {:>7}", "blocks", "ECE", "eq.cnt", "Brier", "true")?;
    for (name, found) in rows {
        let Reliability { count, ece, ece_equal_count, brier, base_rate, .. } = found;
        writeln!(
            out,
            "{name:<44} {count:>8} {ece:>7.4} {ece_equal_count:>7.4} {brier:>7.4} {base_rate:>7.3}"
        )?;
    }
    Ok(())
}

/// Writes the figures of each group's labels, and those of each label in the whole set.
fn write_labels(out: &mut dyn Write, set: &str, groups: &[(String, BlockFigures)]) -> io::Result<()> {
    let rows =
        || groups.iter().filter_map(|(name, f)| Some((name, f, f.confusion.as_ref()?, f.label.as_ref()?)));
    let Some((_, _, all, _)) = rows().next() else { return Ok(()) };
    writeln!(
        out,
        "\n{:<44} {:>8} {:>8} {:>8} {:>8} {:>8}",
        format!("labels of {set}"),
        "pages",
        "blocks",
        "accuracy",
        "macro F1",
        "ECE"
    )?;
    for (name, figures, confusion, label) in rows() {
        let (total, accuracy, f1) = (confusion.total(), confusion.accuracy(), confusion.macro_f1());
        let pages = figures.pages;
        writeln!(out, "{name:<44} {pages:>8} {total:>8} {accuracy:>8.3} {f1:>8.3} {:>8.4}", label.ece)?;
    }
    writeln!(
        out,
        "  {:<10} {:>8} {:>8} {:>9} {:>7} {:>7}   taken for",
        "label", "blocks", "given", "precision", "recall", "F1"
    )?;
    all.labels().into_iter().try_for_each(|label| write_label(out, all, label))
}

fn write_label(out: &mut dyn Write, confusion: &Confusion, label: Label) -> io::Result<()> {
    let found = confusion.figures(label);
    let line = format!(
        "  {:<10} {:>8} {:>8} {:>9.3} {:>7.3} {:>7.3}   {}",
        label.as_str(),
        found.support,
        found.given,
        found.precision,
        found.recall,
        found.f1,
        taken_for(confusion, label)
    );
    writeln!(out, "{}", line.trim_end())
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

fn write_pages(out: &mut dyn Write, pages: &PageResults) -> io::Result<()> {
    let figures = pages.figures();
    if !figures.is_empty() {
        let threshold = format!("page scores, threshold {:.2}", pages.threshold);
        writeln!(
            out,
            "\n{threshold:<30} {:>6} {:>6} {:>6} {:>6} {:>9} {:>12}",
            "pages", "clean", "AUC", "recall", "precision", "false alarms"
        )?;
        figures.iter().try_for_each(|(name, figures)| write_score(out, name, figures))?;
    }
    write!(out, "\n{:<20} {:>6} {:>6} {:>6} {:>6}", "page labels", "pages", "keep", "review", "drop")?;
    PageScore::ALL.iter().try_for_each(|score| write!(out, " {:>8}", score.as_str()))?;
    writeln!(out)?;
    for mark in pages.marks() {
        let [keep, review, drop] = mark.verdicts;
        write!(out, "{:<20} {:>6} {keep:>6} {review:>6} {drop:>6}", mark.label, mark.pages)?;
        mark.over.iter().try_for_each(|over| write!(out, " {over:>8}"))?;
        writeln!(out)?;
    }
    let alarms = pages.false_alarms();
    if !alarms.is_empty() {
        writeln!(out, "\nfalse alarms")?;
    }
    for alarm in alarms {
        let reasons = alarm.reasons.join("; ");
        let line = format!("  {} {}: {} {:.3}  {reasons}", alarm.set, alarm.id, alarm.of, alarm.score);
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn write_score(out: &mut dyn Write, name: &str, figures: &ScoreFigures) -> io::Result<()> {
    let ScoreFigures { positives, negatives, recall, precision, false_alarms, .. } = figures;
    let auc = figures.auc.map_or("-".to_owned(), |auc| format!("{auc:.3}"));
    writeln!(
        out,
        "{name:<30} {positives:>6} {negatives:>6} {auc:>6} {recall:>6.3} {precision:>9.3} {false_alarms:>12}"
    )
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::Filter;
    use crate::eval::{Evaluation, LabelledSet, PageSet, THRESHOLD};
    use std::fs;

    /// What comes out for some lines and pages with the built-in model.
    pub(in crate::eval) fn made() -> Results {
        let dir = tempfile::tempdir().unwrap();
        let (lines, pages) = (dir.path().join("lines.tsv"), dir.path().join("pages.jsonl"));
        fs::write(
            &lines,
            "legal\ten\tCopyright 2020 Bees Ltd. All rights reserved.\nui\tzh\t展开全文\nad\ten\tx\n",
        )
        .unwrap();
        fs::write(
            &pages,
            "{\"text\":\"\",\"label\":\"error\"}\n{\"text\":\"\",\"label\":\"clean\",\"id\":\"<b>|\"}\n",
        )
        .unwrap();
        let filter = Filter::builtin();
        let evaluation = Evaluation::default();
        let pages = [PageSet::open(&pages).unwrap()];
        Results {
            sets: Vec::new(),
            blocks: evaluation.run_labelled(&[LabelledSet::open(&lines).unwrap()], |d| filter.check(d)),
            pages: Some(evaluation.run_pages(&pages, THRESHOLD, |document| filter.check(document))),
        }
    }

    #[test]
    fn tables_hold_groups_labels_scores_and_false_alarms() {
        let mut out = Vec::new();
        made().write(&mut out, 0).unwrap();
        let table = String::from_utf8(out).unwrap();
        let squeezed: Vec<String> =
            table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        let has = |start: &str| squeezed.iter().any(|line| line.starts_with(start));
        for start in [
            "probability of main content blocks ECE",
            "lines 3 ",
            "Chinese 1 ",
            "labels of lines pages blocks accuracy",
            "legal 1 ",
            "empty 1 1 0.500 1.000 0.500 1",
            "clean 1 0 0 1",
            "false alarms",
            "pages <b>|: verdict 1.000 no_text +10.0: the page has no text",
        ] {
            assert!(has(start), "{start} in\n{table}");
        }
    }

    #[test]
    fn json_holds_the_same() {
        let json = made().to_json();
        assert_eq!(json["v"], 1);
        assert_eq!(json["blocks"]["lines"]["all"]["body"]["count"], 3);
        assert_eq!(json["blocks"]["lines"]["Chinese"]["pages"], 1);
        assert_eq!(json["blocks"]["lines"]["all"]["body"]["bins"].as_array().unwrap().len(), 15);
        assert_eq!(json["pages"]["scores"]["empty"]["false_alarms"], 1);
        assert_eq!(json["pages"]["false_alarms"][0]["id"], "<b>|");
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
