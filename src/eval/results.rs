//! All that an evaluation has found → a table for people, one JSON object.

use super::blocks::{BlockFigures, BlockSet};
use super::pages::PageResults;
use super::reliability::Reliability;
use super::run::SetResult;
use super::tables;
use serde::Serialize;
use serde_json::{Value, json};
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
    /// The figures as JSON: `{"v": 1, "sets": {SET: {GROUP: figures}}, "facts": {SET: {FIELD: figures}},
    /// "blocks": {SET: {GROUP: figures}}, "pages": {"threshold", "scores": {SCORE: figures}, "labels", "sums", "wrong",
    /// "false_alarms"}}`. The groups of `blocks` have probabilities of main content (`body`) and, where blocks have labels,
    /// those of the label (`label`), the figures of each label (`labels`), and cells `[true label, given label, blocks]` (`confusion`).
    pub fn to_json(&self) -> Value {
        let sets = by_name(self.sets.iter().map(|set| (&set.name, by_name(set.groups()))));
        let blocks = by_name(self.blocks.iter().map(|set| (&set.name, by_name(set.groups()))));
        let facts = by_name(self.sets.iter().map(|set| (&set.name, by_name(set.facts()))));
        let mut json = json!({ "v": 1, "sets": sets, "facts": facts, "blocks": blocks });
        if let (Some(object), Some(pages)) = (json.as_object_mut(), &self.pages) {
            object.insert("pages".to_owned(), pages_json(pages));
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
        let facts = tables::facts(&self.sets);
        if !facts.is_empty() {
            writeln!(out)?;
            facts.write(out)?;
        }
        let groups: Vec<_> = self.blocks.iter().map(|set| (set.name.as_str(), set.groups())).collect();
        let of_body = |figures: &BlockFigures| Some(figures.body.clone()).filter(|found| found.count > 0);
        write_trust(out, "probability of main content", &groups, of_body)?;
        write_trust(out, "probability of the given label", &groups, |figures| figures.label.clone())?;
        groups.iter().try_for_each(|(set, groups)| write_labels(out, set, groups))?;
        let Some(pages) = &self.pages else { return Ok(()) };
        let all = [tables::scores, tables::marks, tables::sums, tables::wrong, tables::alarms];
        let all = all.map(|table| table(pages));
        all.iter().filter(|table| !table.is_empty()).try_for_each(|table| {
            writeln!(out)?;
            table.write(out)
        })
    }
}

/// Writes how far a probability can be trusted in each group of each set, if anything is known of it.
fn write_trust(
    out: &mut dyn Write,
    what: &str,
    sets: &[(&str, Vec<(String, BlockFigures)>)],
    found: impl Fn(&BlockFigures) -> Option<Reliability>,
) -> io::Result<()> {
    let groups = sets.iter().flat_map(|(set, groups)| groups.iter().map(move |group| (set, group)));
    let groups = groups.filter(|(_, (group, _))| !group.starts_with("source "));
    let rows: Vec<(String, Reliability)> = groups
        .filter_map(|(set, (group, figures))| Some((tables::group_name(set, group), found(figures)?)))
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    write_reliability(out, what, rows.iter().map(|(name, found)| (name.clone(), found)))
}

/// An object of the figures of each name.
fn by_name<N: ToString, F: Serialize>(all: impl IntoIterator<Item = (N, F)>) -> Value {
    Value::Object(all.into_iter().map(|(name, figures)| (name.to_string(), json!(figures))).collect())
}

fn pages_json(pages: &PageResults) -> Value {
    json!({
        "threshold": pages.threshold,
        "scores": by_name(pages.figures()),
        "labels": pages.marks(),
        "sums": pages.sums(),
        "wrong": pages.wrong(),
        "false_alarms": pages.false_alarms(),
    })
}

/// Writes the figures of the sets' bodies, and the `worst` pages of lowest word F1 of each set.
pub fn write_table(out: &mut dyn Write, sets: &[SetResult], worst: usize) -> io::Result<()> {
    tables::bodies(sets).write(out)?;
    for worst in sets.iter().map(|set| set.worst(worst)).filter(|worst| !worst.is_empty()) {
        writeln!(out)?;
        tables::worst(&worst).write(out)?;
    }
    Ok(())
}

/// Writes how far probabilities can be trusted, a row for each group.
pub fn write_reliability<'r>(
    out: &mut dyn Write,
    what: &str,
    rows: impl IntoIterator<Item = (String, &'r Reliability)>,
) -> io::Result<()> {
    tables::reliability(what, rows).write(out)
}

/// Writes the figures of each group's labels, and those of each label in the whole set.
fn write_labels(out: &mut dyn Write, set: &str, groups: &[(String, BlockFigures)]) -> io::Result<()> {
    let Some(all) = groups.iter().find_map(|(_, figures)| figures.confusion.as_ref()) else { return Ok(()) };
    for table in [tables::labels(&format!("labels of {set}"), groups), tables::each_label("label", all)] {
        writeln!(out)?;
        table.write(out)?;
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::Filter;
    use crate::eval::run::tests::made_set;
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
            "lines, Chinese 1 ",
            "labels of lines pages blocks accuracy",
            "legal 1 ",
            "empty 1 1 0.5000 1.0000 0.5000 1",
            "clean 1 0 0 0 1",
            "pages not kept bad of clean of empty of open",
            "all 0 0 1 1 1 1 0",
            "form one line of text 0 0 1 1 1 1 0",
            "<b>| pages clean drop ",
            "false alarms",
            "<b>| pages verdict 1.000 no_text +10.0: the page has no text",
        ] {
            assert!(has(start), "{start} in\n{table}");
        }
    }

    #[test]
    fn the_table_has_a_row_for_each_group_and_the_worst_pages() {
        let mut out = Vec::new();
        write_table(&mut out, &[made_set()], 1).unwrap();
        let table = String::from_utf8(out).unwrap();
        let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines.len(), 1 + 5 + 3, "{table}");
        assert_eq!(lines[1][..5], ["made", "4", "1", "1", "1.0000"], "{table}");
        assert_eq!(lines[8], ["b", "forum", "1.0000", "0.5000", "0.6667"], "{table}");
    }

    #[test]
    fn json_holds_the_figures_of_bodies_by_set_and_group() {
        let json = Results { sets: vec![made_set()], ..Results::default() }.to_json();
        assert_eq!((&json["v"], &json["sets"]["made"]["all"]["errors"]), (&json!(1), &json!(1)));
        assert_eq!(json["sets"]["made"]["article"]["word"]["f1"], json!(1.0));
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
        let all = &json["pages"]["sums"][0];
        assert_eq!((&all["group"], &all["clean"]), (&json!("all"), &json!({"pages": 1, "not_kept": 1})));
        let wrong = &json["pages"]["wrong"][0];
        assert_eq!((&wrong["id"], &wrong["verdict"]), (&json!("<b>|"), &json!("drop")));
        assert_eq!(wrong["reason"], "no_text +10.0: the page has no text");
    }
}
