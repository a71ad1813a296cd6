//! All that an evaluation has found → a folder that explains itself: `report.md` and charts.

use super::blocks::{BlockFigures, BlockSet, Language};
use super::charts::{Curve, confusion_matrix, label_bars, reliability_diagram};
use super::confusion::Confusion;
use super::pages::PageResults;
use super::reliability::{BINS, Bin, Reliability};
use super::results::Results;
use super::tables::{self, Table, four, row};
use crate::{Error, Result};
use std::collections::HashSet;
use std::fs;
use std::path::Path;

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

    fn table(&mut self, table: &Table) {
        self.text.push_str(&table.to_markdown());
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
        self.table(&tables::bodies(&results.sets));
        let facts = tables::facts(&results.sets);
        if !facts.is_empty() {
            self.line("\nTitle, author and date: share of exact matches, and F1 of words or names.\n");
            self.table(&facts);
        }
    }

    fn blocks(&mut self, set: &BlockSet) -> Result<()> {
        let groups = set.groups();
        self.line(&format!("\n## Blocks of {}", escaped(&set.name)));
        self.line("\n### Probability of main content\n");
        self.line(&explained(set));
        let all = groups.iter().map(|(name, figures)| (name.clone(), &figures.body));
        self.table(&tables::reliability("group", all));
        let curves = curves(&groups, |figures| Some(&figures.body));
        let title = format!("{}: probability of main content", set.name);
        self.chart(&set.name, "reliability", reliability_diagram(&title, &curves))?;
        self.bins(&groups, |figures| Some(&figures.body));
        match groups.first().and_then(|(_, figures)| figures.confusion.as_ref()) {
            Some(confusion) => self.labels(&set.name, &groups, confusion),
            None => Ok(()),
        }
    }

    /// The bins of the whole set and of each language.
    fn bins(&mut self, groups: &Groups, of: impl Fn(&BlockFigures) -> Option<&Reliability>) {
        for (name, found) in curve_groups(groups).filter_map(|(name, figures)| Some((name, of(figures)?))) {
            self.line(&format!("\n<details><summary>Bins, {name}</summary>"));
            for (what, bins) in [("width", &found.bins), ("count", &found.equal_count_bins)] {
                self.line(&format!("\nBins of equal {what}:"));
                self.table(&filled(bins));
            }
            self.line("\n</details>");
        }
    }

    fn labels(&mut self, set: &str, groups: &Groups, all: &Confusion) -> Result<()> {
        self.line("\n### Labels\n");
        self.line("Macro F1 is the mean F1 of the labels that blocks have; each label counts alike.");
        self.table(&tables::labels("group", groups));
        self.chart(set, "labels", label_bars(&format!("{set}: F1 of labels"), all))?;
        let (title, curves) =
            (format!("{set}: probability of the label"), curves(groups, |f| f.label.as_ref()));
        self.chart(set, "label-reliability", reliability_diagram(&title, &curves))?;
        self.chart(set, "confusion", confusion_matrix(&format!("{set}: labels"), all))?;
        for (name, confusion) in
            curve_groups(groups).filter_map(|(name, figures)| Some((name, figures.confusion.as_ref()?)))
        {
            self.table(&tables::each_label(&format!("label, {name}"), confusion));
        }
        self.line("\nTrue labels down, given labels across:");
        self.table(&cells(all));
        Ok(())
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
        self.table(&tables::scores(pages));
        self.line("\nPages by label: verdicts, and scores over the threshold.");
        self.table(&tables::marks(pages));
        self.line("\nBad, clean and empty pages that are not kept, and of how many.");
        self.table(&tables::sums(pages));
        let wrong = tables::wrong(pages);
        self.line(&format!("\n### Wrong pages: {}\n", wrong.rows.len()));
        self.line("Bad and empty pages that are kept, clean ones that are not.");
        if !wrong.is_empty() {
            self.table(&wrong);
        }
        let alarms = tables::alarms(pages);
        self.line(&format!("\n### False alarms: {}\n", alarms.rows.len()));
        self.line("Clean pages with the verdict `drop`, or with a score over the threshold.");
        if !alarms.is_empty() {
            self.table(&alarms);
        }
    }
}

impl Table {
    /// As Markdown.
    fn to_markdown(&self) -> String {
        let numbers = "---:|".repeat(self.head.len().saturating_sub(1));
        let mut text = format!("\n| {} |\n|---|{numbers}\n", self.head.join(" | "));
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|cell| escaped(cell)).collect();
            text.extend(["| ", &cells.join(" | "), " |\n"]);
        }
        text
    }
}

/// A text that neither ends a cell of a Markdown table nor is taken for markup.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace(['\n', '\r'], " ")
}

/// The bins that hold something.
fn filled(bins: &[Bin]) -> Table {
    let rows = bins.iter().filter(|bin| bin.count > 0).map(|bin| {
        let shares =
            [four(bin.predicted), four(bin.observed), format!("{:+.4}", bin.observed - bin.predicted)];
        row(&format!("{:.3} to {:.3}", bin.from, bin.to), &[bin.count], &shares)
    });
    Table::new(&["probability", "blocks", "mean probability", "share true", "difference"], rows)
}

/// True labels down, given labels across.
fn cells(confusion: &Confusion) -> Table {
    let labels = confusion.labels();
    let head: Vec<&str> = std::iter::once("").chain(labels.iter().map(|label| label.as_str())).collect();
    let rows = labels.iter().map(|truth| {
        let counts = labels.iter().map(|given| match confusion.count(*truth, *given) {
            0 => "·".to_owned(),
            count => count.to_string(),
        });
        row(&format!("**{truth}**"), &[], &counts.collect::<Vec<_>>())
    });
    Table::new(&head, rows)
}

type Groups = [(String, BlockFigures)];

/// The whole set and its languages.
fn curve_groups(groups: &Groups) -> impl Iterator<Item = (&str, &BlockFigures)> {
    let wanted = |name: &str| name == "all" || Language::ALL.iter().any(|of| of.as_str() == name);
    groups.iter().map(|(name, figures)| (name.as_str(), figures)).filter(move |(name, _)| wanted(name))
}

fn curves(groups: &Groups, of: impl Fn(&BlockFigures) -> Option<&Reliability>) -> Vec<Curve<'_>> {
    let groups = curve_groups(groups);
    groups.filter_map(|(name, figures)| Some(Curve { name, reliability: of(figures)? })).collect()
}

fn explained(set: &BlockSet) -> String {
    let unknown: usize = set.pages.iter().map(|page| page.unknown).sum();
    let failed =
        if set.errors > 0 { format!(" {} pages could not be judged.", set.errors) } else { String::new() };
    format!(
        "{} pages; {unknown} of their blocks are left out, as nothing is known of them. ECE is the expected calibration \
         error over {BINS} bins, weighted by blocks; 0 is best.{failed}",
        set.pages.len()
    )
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
        assert!(text.contains("| all | 0 | 0 | 1 | 1 | 1 | 1 | 0 |"), "{text}");
        assert!(text.contains("### Wrong pages: 1"), "{text}");
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
    fn cells_of_a_table_are_no_markup() {
        let table = Table::new(&["set", "n"], [row("茶|<b>", &[7], &[])]);
        assert_eq!(table.to_markdown(), "\n| set | n |\n|---|---:|\n| 茶\\|&lt;b> | 7 |\n");
    }

    #[test]
    fn names_of_sets_cannot_leave_the_folder() {
        assert_eq!(["../a b", "训练", "wcxb-dev"].map(file_name), ["a-b", "set", "wcxb-dev"]);
    }
}
