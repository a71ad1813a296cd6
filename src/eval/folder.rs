//! All that an evaluation has found → a folder that explains itself: `report.md` and charts.

use super::blocks::{BlockFigures, BlockSet};
use super::charts::{Curve, confusion_matrix, label_bars, reliability_diagram};
use super::confusion::Confusion;
use super::pages::{PageResults, PageScore};
use super::reliability::{BINS, Bin, Reliability};
use super::report::Figures;
use super::results::Results;
use crate::{Error, Result};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Names of groups that get curves and tables of their own.
const LANGUAGES: [&str; 3] = ["Chinese", "English", "other"];

impl Results {
    /// Writes `report.md` and its charts (SVG) to a folder, which is made where there is none. `about` says what
    /// was measured, as the command and the model.
    pub fn write_folder(&self, folder: &Path, about: &[(&str, String)]) -> Result<()> {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let mut report = Report { text: "# Evaluation\n\n".to_owned(), folder, names: HashSet::new() };
        for (name, value) in about {
            report.line(&format!("- {name}: `{}`", value.replace(['`', '\n'], " ")));
        }
        report.bodies(self);
        for set in &self.blocks {
            report.blocks(set)?;
        }
        if let Some(pages) = &self.pages {
            report.pages(pages);
        }
        report.write("report.md", &report.text)
    }
}

struct Report<'f> {
    text: String,
    folder: &'f Path,
    /// Names of the charts so far.
    names: HashSet<String>,
}

impl Report<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A table; the first column is text, the others are numbers.
    fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        let numbers = "---:|".repeat(head.len().saturating_sub(1));
        self.line(&format!("\n| {} |\n|---|{numbers}", head.join(" | ")));
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| escaped(cell)).collect();
            self.line(&format!("| {} |", cells.join(" | ")));
        }
    }

    fn write(&self, name: &str, content: &str) -> Result<()> {
        let path = self.folder.join(name);
        fs::write(&path, content).map_err(Error::io("write", &path))
    }

    /// Writes a chart and shows it.
    fn chart(&mut self, set: &str, kind: &str, svg: std::io::Result<String>) -> Result<()> {
        let mut name = format!("{}-{kind}.svg", file_name(set));
        let mut number = 2;
        while !self.names.insert(name.clone()) {
            name = format!("{}-{number}-{kind}.svg", file_name(set));
            number += 1;
        }
        let path = self.folder.join(&name);
        self.write(&name, &svg.map_err(Error::io("draw", &path))?)?;
        self.line(&format!("\n![{}, {kind}]({name})", escaped(set)));
        Ok(())
    }

    fn bodies(&mut self, results: &Results) {
        if results.sets.is_empty() {
            return;
        }
        self.line("\n## Main content\n");
        self.line("Word figures are means over pages; shingles are runs of four words. ± is the standard error of F1.");
        let groups = results.sets.iter().flat_map(|set| {
            set.groups().into_iter().map(|(group, figures)| body_row(&set.name, &group, &figures))
        });
        let rows: Vec<_> = groups.collect();
        let head =
            ["pages", "errors", "empty", "word P", "R", "F1", "±", "shingle F1", "±", "with", "without"];
        self.table(&[&["set"], &head[..]].concat(), &rows);
    }

    fn blocks(&mut self, set: &BlockSet) -> Result<()> {
        let groups = set.groups();
        self.line(&format!("\n## Blocks of {}", escaped(&set.name)));
        self.line("\n### Probability of main content\n");
        self.line(&explained(set));
        self.reliability(&groups, |figures| Some(&figures.body));
        let curves = curves(&groups, |figures| Some(&figures.body));
        let title = format!("{}: probability of main content", set.name);
        self.chart(&set.name, "reliability", reliability_diagram(&title, &curves))?;
        self.bins(&groups, |figures| Some(&figures.body));
        match groups.first().and_then(|(_, figures)| figures.confusion.as_ref()) {
            Some(confusion) => self.labels(&set.name, &groups, confusion),
            None => Ok(()),
        }
    }

    fn reliability(&mut self, groups: &Groups, of: impl Fn(&BlockFigures) -> Option<&Reliability>) {
        let rows = groups.iter().filter_map(|(name, figures)| {
            let Reliability { count, ece, ece_equal_count, brier, base_rate, .. } = of(figures)?;
            let pages = figures.pages.to_string();
            Some(
                [name.clone(), pages, count.to_string()]
                    .into_iter()
                    .chain([ece, ece_equal_count, brier].map(|figure| format!("{figure:.4}")))
                    .chain([format!("{base_rate:.3}")])
                    .collect::<Vec<_>>(),
            )
        });
        let rows: Vec<_> = rows.collect();
        let head =
            ["group", "pages", "blocks", "ECE", "ECE, bins of equal count", "Brier score", "share true"];
        self.table(&head, &rows);
    }

    /// The bins of the whole set and of each language.
    fn bins(&mut self, groups: &Groups, of: impl Fn(&BlockFigures) -> Option<&Reliability>) {
        for (name, found) in curve_groups(groups).filter_map(|(name, figures)| Some((name, of(figures)?))) {
            self.line(&format!("\n<details><summary>Bins, {name}</summary>"));
            let head = ["probability", "blocks", "mean probability", "share true", "difference"];
            for (what, bins) in [("width", &found.bins), ("count", &found.equal_count_bins)] {
                self.line(&format!("\nBins of equal {what}:"));
                let filled = bins.iter().filter(|bin| bin.count > 0);
                self.table(&head, &filled.map(bin_row).collect::<Vec<_>>());
            }
            self.line("\n</details>");
        }
    }

    fn labels(&mut self, set: &str, groups: &Groups, all: &Confusion) -> Result<()> {
        self.line("\n### Labels\n");
        self.line("Macro F1 is the mean F1 of the labels that blocks have; each label counts alike.");
        let rows = groups.iter().filter_map(|(name, figures)| {
            let (confusion, label) = (figures.confusion.as_ref()?, figures.label.as_ref()?);
            let [pages, blocks] = [figures.pages, confusion.total()].map(|count| count.to_string());
            let figures = [confusion.accuracy(), confusion.macro_f1(), label.ece, label.ece_equal_count];
            let figures = figures.map(|figure| format!("{figure:.4}"));
            Some([name.clone(), pages, blocks].into_iter().chain(figures).collect::<Vec<_>>())
        });
        let rows: Vec<_> = rows.collect();
        let of_label = ["ECE of the label's probability", "the same, bins of equal count"];
        self.table(&[&["group", "pages", "blocks", "accuracy", "macro F1"], &of_label[..]].concat(), &rows);
        self.chart(set, "labels", label_bars(&format!("{set}: F1 of labels"), all))?;
        let (title, curves) =
            (format!("{set}: probability of the label"), curves(groups, |f| f.label.as_ref()));
        self.chart(set, "label-reliability", reliability_diagram(&title, &curves))?;
        self.chart(set, "confusion", confusion_matrix(&format!("{set}: labels"), all))?;
        for (name, confusion) in
            curve_groups(groups).filter_map(|(name, figures)| Some((name, figures.confusion.as_ref()?)))
        {
            self.label_table(name, confusion);
        }
        self.line("\nTrue labels down, given labels across:");
        self.cells(all);
        Ok(())
    }

    fn label_table(&mut self, name: &str, confusion: &Confusion) {
        let rows = confusion.labels().into_iter().map(|label| {
            let found = confusion.figures(label);
            let figures = [found.precision, found.recall, found.f1].map(|figure| format!("{figure:.3}"));
            let counts = [label.to_string(), found.support.to_string(), found.given.to_string()];
            counts.into_iter().chain(figures).collect::<Vec<_>>()
        });
        let rows: Vec<_> = rows.collect();
        self.table(&[&format!("label, {name}"), "blocks", "given", "precision", "recall", "F1"], &rows);
    }

    fn cells(&mut self, confusion: &Confusion) {
        let labels = confusion.labels();
        let head: Vec<&str> = std::iter::once("").chain(labels.iter().map(|label| label.as_str())).collect();
        let row = |truth: &crate::classify::Label| {
            let counts = labels.iter().map(|given| match confusion.count(*truth, *given) {
                0 => "·".to_owned(),
                count => count.to_string(),
            });
            std::iter::once(format!("**{truth}**")).chain(counts).collect::<Vec<_>>()
        };
        self.table(&head, &labels.iter().map(row).collect::<Vec<_>>());
    }

    fn pages(&mut self, pages: &PageResults) {
        self.line("\n## Pages\n");
        let sets: Vec<String> =
            pages.sets.iter().map(|(name, of)| format!("{name} ({})", of.len())).collect();
        self.line(&format!(
            "Sets: {}. Scores from {:.2} on count.",
            escaped(&sets.join(", ")),
            pages.threshold
        ));
        let rows = pages.figures().into_iter().map(|(name, found)| {
            let auc = found.auc.map_or("–".to_owned(), |auc| format!("{auc:.4}"));
            let [pages, clean, alarms] =
                [found.positives, found.negatives, found.false_alarms].map(|count| count.to_string());
            let [recall, precision] = [found.recall, found.precision].map(|figure| format!("{figure:.3}"));
            vec![name.to_owned(), pages, clean, auc, recall, precision, alarms]
        });
        let rows: Vec<_> = rows.collect();
        self.table(
            &[
                "score",
                "pages that should have it",
                "clean pages",
                "AUC",
                "recall",
                "precision",
                "false alarms",
            ],
            &rows,
        );
        let over = PageScore::ALL.map(PageScore::as_str);
        let rows = pages.marks().into_iter().map(|mark| {
            let counts = [mark.pages, mark.errors].into_iter().chain(mark.verdicts).chain(mark.over);
            std::iter::once(mark.label).chain(counts.map(|count| count.to_string())).collect::<Vec<_>>()
        });
        let rows: Vec<_> = rows.collect();
        self.line("\nPages by label: verdicts, and scores over the threshold.");
        let head = ["label", "pages", "errors", "keep", "review", "drop"];
        self.table(&[&head[..], &over[..]].concat(), &rows);
        self.alarms(pages);
    }

    fn alarms(&mut self, pages: &PageResults) {
        let alarms = pages.false_alarms();
        self.line(&format!("\n### False alarms: {}\n", alarms.len()));
        self.line("Clean pages with the verdict `drop`, or with a score over the threshold.");
        let rows = alarms.into_iter().map(|alarm| {
            let (score, reasons) = (format!("{:.3}", alarm.score), alarm.reasons.join("; "));
            vec![alarm.id, alarm.set, alarm.of, score, reasons]
        });
        let rows: Vec<_> = rows.collect();
        if !rows.is_empty() {
            self.table(&["page", "set", "what", "score", "reasons"], &rows);
        }
    }
}

type Groups = [(String, BlockFigures)];

/// The whole set and its languages.
fn curve_groups(groups: &Groups) -> impl Iterator<Item = (&str, &BlockFigures)> {
    let wanted = |name: &str| name == "all" || LANGUAGES.contains(&name);
    groups.iter().map(|(name, figures)| (name.as_str(), figures)).filter(move |(name, _)| wanted(name))
}

fn curves(groups: &Groups, of: impl Fn(&BlockFigures) -> Option<&Reliability>) -> Vec<Curve<'_>> {
    let groups = curve_groups(groups);
    groups.filter_map(|(name, figures)| Some(Curve { name, reliability: of(figures)? })).collect()
}

fn explained(set: &BlockSet) -> String {
    let unknown: usize = set.pages.iter().map(|page| page.unknown).sum();
    let mut text = format!(
        "{} pages; {unknown} of their blocks are left out, as nothing is known of them. ECE is the expected calibration \
         error over {BINS} bins, weighted by blocks; 0 is best.",
        set.pages.len()
    );
    if set.errors > 0 {
        // Writing to a String cannot fail.
        let _ = write!(text, " {} pages could not be judged.", set.errors);
    }
    text
}

fn body_row(set: &str, group: &str, figures: &Figures) -> Vec<String> {
    let name = if group == "all" { set.to_owned() } else { format!("{set}, {group}") };
    let figure = |figure: Option<f64>| figure.map_or("–".to_owned(), |figure| format!("{figure:.4}"));
    let counts = [figures.pages, figures.errors, figures.empty].map(|count| count.to_string());
    let found = [
        figures.named("word_precision"),
        figures.named("word_recall"),
        figures.named("word_f1"),
        figures.word.map(|_| figures.word_f1_error),
        figures.named("shingle_f1"),
        figures.shingle.map(|_| figures.shingle_f1_error),
        figures.with,
        figures.without,
    ];
    std::iter::once(name).chain(counts).chain(found.map(figure)).collect()
}

fn bin_row(bin: &Bin) -> Vec<String> {
    let difference = format!("{:+.4}", bin.observed - bin.predicted);
    let range = format!("{:.3} to {:.3}", bin.from, bin.to);
    let shares = [bin.predicted, bin.observed].map(|share| format!("{share:.4}"));
    [range, bin.count.to_string()].into_iter().chain(shares).chain([difference]).collect()
}

/// A text that neither ends a cell of a Markdown table nor is taken for markup.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' => safe.push_str("\\|"),
            '<' => safe.push_str("&lt;"),
            '\n' | '\r' => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

/// A set's name as part of a file's name.
fn file_name(set: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' };
    let name: String = set.chars().map(safe).collect();
    let name = name.trim_matches(['.', '-']);
    if name.is_empty() { "set".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_holds_the_figures_and_every_chart_that_they_name() {
        let dir = tempfile::tempdir().unwrap();
        let results = super::super::results::tests::made();
        results
            .write_folder(&dir.path().join("new"), &[("command", "pagesieve eval lines.tsv".to_owned())])
            .unwrap();
        let text = fs::read_to_string(dir.path().join("new/report.md")).unwrap();
        assert!(text.contains("- command: `pagesieve eval lines.tsv`"), "{text}");
        assert!(text.contains("| &lt;b>\\| | pages | verdict | 1.000 | no_text +10.0"), "{text}");
        let charts: Vec<&str> = text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
        assert_eq!(
            charts,
            [
                "lines-reliability.svg",
                "lines-labels.svg",
                "lines-label-reliability.svg",
                "lines-confusion.svg"
            ]
        );
        for chart in charts {
            assert!(fs::read_to_string(dir.path().join("new").join(chart)).unwrap().starts_with("<svg"));
        }
    }

    #[test]
    fn two_sets_of_one_name_have_charts_of_their_own() {
        let dir = tempfile::tempdir().unwrap();
        let mut results = super::super::results::tests::made();
        results.blocks.extend(results.blocks.clone());
        results.write_folder(dir.path(), &[]).unwrap();
        assert!(dir.path().join("lines-confusion.svg").is_file());
        assert!(dir.path().join("lines-2-confusion.svg").is_file());
    }

    #[test]
    fn names_of_sets_cannot_leave_the_folder() {
        assert_eq!(["../a b", "训练", "wcxb-dev"].map(file_name), ["a-b", "set", "wcxb-dev"]);
    }
}
