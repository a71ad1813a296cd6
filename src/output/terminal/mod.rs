//! A page's blocks for a person at a terminal: label, probability and text, coloured by label.
//!
//! Every line starts with the label as a word, so that the listing can be read without colours. Text of the
//! page is made [`printable`](super::printable) before it is written.

mod wrap;

use super::printable;
use crate::classify::{BlockReport, BlockSigns, Claim, Label, Report, RunnerUp, Source};
use crate::page::Block;
use anstyle::{Ansi256Color, Style};
use std::io::{self, Write};

/// Columns of the longest label.
const LABEL: usize = 8;
/// Columns before a block's text: label, blank, probability, bar.
const MARGIN: usize = LABEL + 1 + 4 + 3;
/// The narrowest column of text.
const NARROWEST: usize = 20;

/// How the blocks are listed.
#[derive(Debug, Clone, Copy)]
pub struct Listing {
    width: usize,
    explained: bool,
}

impl Listing {
    /// A listing for lines of `width` columns; a CJK character takes two.
    pub fn new(width: usize) -> Self {
        Self { width, explained: false }
    }

    /// Adds to each block why it has its label.
    pub fn with_explanations(mut self) -> Self {
        self.explained = true;
        self
    }

    fn text_width(self) -> usize {
        self.width.saturating_sub(MARGIN).max(NARROWEST)
    }
}

/// Writes a legend of the labels that occur, then every block of the page. The writer decides whether the
/// colours go through; `anstream` strips them where they are not wanted.
pub fn write_labels(out: &mut impl Write, report: &Report, listing: Listing) -> io::Result<()> {
    write_legend(out, report, listing)?;
    report.blocks().try_for_each(|(block, said)| {
        write_block(out, block, said, listing)?;
        let signs = report.signs().get(block.index()).filter(|_| listing.explained);
        signs.map_or(Ok(()), |signs| write_signs(out, signs))
    })
}

/// The labels that occur with their numbers of blocks, in as many lines as it takes; with explanations a line for each,
/// with its share of the page's characters and what it means.
fn write_legend(out: &mut impl Write, report: &Report, listing: Listing) -> io::Result<()> {
    let count = |label: Label| report.blocks().filter(|(_, said)| said.label == label).count();
    let found = Label::ALL.iter().map(|label| (*label, count(*label))).filter(|(_, count)| *count > 0);
    let found: Vec<(Label, usize)> = found.collect();
    if found.is_empty() {
        return writeln!(out, "the page has no text");
    }
    if listing.explained {
        found.iter().try_for_each(|(label, count)| write_meaning(out, report, *label, *count))?;
        return writeln!(out);
    }
    let mut columns = 0;
    for (label, count) in found {
        let (style, width) = (style(label).bold(), label.as_str().len() + 1 + count.to_string().len());
        let between = match columns {
            0 => "",
            _ if columns + 2 + width > listing.width => "\n",
            _ => "  ",
        };
        columns = if between == "  " { columns + 2 + width } else { width };
        write!(out, "{between}{style}{label}{style:#} {count}")?;
    }
    writeln!(out, "\n")
}

fn write_meaning(out: &mut impl Write, report: &Report, label: Label, count: usize) -> io::Result<()> {
    let chars = |wanted: &dyn Fn(Label) -> bool| -> usize {
        let blocks = report.blocks().filter(|(_, said)| wanted(said.label));
        blocks.map(|(block, _)| block.text().chars().count()).sum()
    };
    let share = chars(&|found| found == label) as f64 / chars(&|_| true).max(1) as f64 * 100.0;
    let (bold, dim) = (style(label).bold(), Style::new().dimmed());
    let meaning = label.meaning();
    writeln!(out, "{bold}{label:LABEL$}{bold:#} {count:>4} {share:>4.0} % {dim}{meaning}{dim:#}")
}

fn write_block(
    out: &mut impl Write,
    block: Block<'_>,
    said: &BlockReport,
    listing: Listing,
) -> io::Result<()> {
    let style = style(said.label);
    let bold = style.bold();
    let text = printable(block.text());
    let p = said.probability;
    for (index, line) in wrap::lines(&text, listing.text_width()).into_iter().enumerate() {
        if index == 0 {
            write!(out, "{bold}{:LABEL$}{bold:#} {p:4.2}", said.label)?;
        } else {
            write!(out, "{:width$}", "", width = LABEL + 5)?;
        }
        writeln!(out, " {bold}│{bold:#} {style}{line}{style:#}")?;
    }
    if listing.explained {
        write_reason(out, block, said)?;
    }
    Ok(())
}

fn write_reason(out: &mut impl Write, block: Block<'_>, said: &BlockReport) -> io::Result<()> {
    let dim = Style::new().dimmed();
    let place = match block.lines() {
        Some((first, last)) if first == last => format!("line {first}"),
        Some((first, last)) => format!("lines {first} to {last}"),
        None => printable(&block.path()).into_owned(),
    };
    let width = LABEL + 5;
    writeln!(out, "{:width$} {dim}└ {}, block {}, {place}{dim:#}", "", said.reason, block.index())
}

/// Signs of a block that are listed.
const LISTED: usize = 3;

/// The runner-up and the strongest signs, a line for each.
fn write_signs(out: &mut impl Write, signs: &BlockSigns) -> io::Result<()> {
    let (dim, width) = (Style::new().dimmed(), LABEL + 5);
    if let Some(RunnerUp { label, probability }) = signs.runner_up {
        writeln!(out, "{:width$} {dim}  or {label} {probability:.2}{dim:#}", "")?;
    }
    for claim in signs.claims.iter().skip(1).filter(|claim| claim.source != Source::Likeliest) {
        let Claim { source, label, reason, .. } = claim;
        writeln!(out, "{:width$} {dim}  {} claims {label}: {reason}{dim:#}", "", source.as_str())?;
    }
    signs.signs.iter().take(LISTED).try_for_each(|sign| {
        let (weight, text) = (sign.weight, printable(&sign.text));
        writeln!(out, "{:width$} {dim}  {weight:+.2} {text}{dim:#}", "")
    })
}

/// A label's colour: of the 256-colour palette, readable on black and on white.
fn style(label: Label) -> Style {
    let colour = match label {
        Label::Body => 34,
        Label::Meta => 37,
        Label::Comment => 74,
        Label::Nav => 245,
        Label::Related => 33,
        Label::Ad => 208,
        Label::Promo => 136,
        Label::Adult => 199,
        Label::Gambling => 196,
        Label::Scam => 124,
        Label::Seo => 129,
        Label::Legal => 101,
        Label::Social => 105,
        Label::Ui => 241,
    };
    Style::new().fg_color(Some(Ansi256Color(colour).into()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Sample;
    use super::*;
    use crate::classify::Reason;
    use crate::page::BlockKind;

    fn listed(report: &Report, listing: Listing) -> String {
        let mut out = anstream::StripStream::new(Vec::new());
        write_labels(&mut out, report, listing).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    fn sample(text: &str) -> Report {
        let sample = Sample::new().block(BlockKind::Paragraph, text).block(BlockKind::Paragraph, "Home");
        sample.labelled(Label::Nav, 0.25, Reason::NavElement).report()
    }

    #[test]
    fn the_label_stands_as_a_word_at_the_left_edge() {
        let shown = listed(&sample("Text"), Listing::new(80));
        assert_eq!(shown, "body 1  nav 1\n\nbody     0.90 │ Text\nnav      0.75 │ Home\n");
    }

    #[test]
    fn the_legend_keeps_to_the_width() {
        let mut sample = Sample::new();
        for label in Label::ALL {
            sample = sample.block(BlockKind::Paragraph, "Text").labelled(*label, 0.5, Reason::Model);
        }
        let shown = listed(&sample.report(), Listing::new(40));
        let legend: Vec<&str> = shown.lines().take_while(|line| !line.is_empty()).collect();
        assert_eq!(legend[0], "body 1  meta 1  comment 1  nav 1");
        assert!(legend.len() > 2 && legend.iter().all(|line| line.len() <= 40), "{legend:?}");
        assert_eq!(legend.join("  ").split("  ").count(), Label::ALL.len());
    }

    #[test]
    fn the_explained_legend_says_what_labels_mean_and_how_much_of_the_page_they_are() {
        let shown = listed(&sample("Text"), Listing::new(80).with_explanations());
        assert!(shown.starts_with("body        1   50 % Main content: headings"), "{shown}");
        assert!(shown.contains("\nnav         1   50 % Menus, breadcrumbs"), "{shown}");
    }

    #[test]
    fn reasons_are_added_when_asked_for() {
        let shown = listed(&sample("Text"), Listing::new(80).with_explanations());
        assert!(
            shown.ends_with("nav      0.75 │ Home\n              └ nav_element, block 1, html\n"),
            "{shown}"
        );
    }

    #[test]
    fn the_runner_up_and_three_signs_stand_below_the_reason() {
        let report = crate::Filter::builtin()
            .explain(&crate::Document::html("<p>Bees dance in spring, and so on.\u{1b}[2J"));
        let shown = listed(&report, Listing::new(80).with_explanations());
        let lines: Vec<&str> = shown.lines().skip_while(|line| !line.contains('└')).skip(1).collect();
        assert_eq!(lines.len(), 1 + LISTED, "{shown}");
        assert!(lines[0].trim().starts_with("or "), "{shown}");
        assert!(lines[1].trim().starts_with(['+', '-']) && !shown.contains('\u{1b}'), "{shown}");
    }

    #[test]
    fn wide_characters_count_as_two_columns() {
        let shown = listed(&sample(&"文".repeat(30)), Listing::new(40));
        let bodies: Vec<&str> = shown.lines().filter(|line| line.contains('文')).collect();
        assert_eq!(bodies.iter().map(|line| line.matches('文').count()).collect::<Vec<_>>(), [12, 12, 6]);
    }

    #[test]
    fn escape_sequences_of_a_page_do_not_reach_the_terminal() {
        let mut out = Vec::new();
        let report = sample("a\u{1b}[2Jb\u{9b}2Jc\u{202e}d");
        write_labels(&mut out, &report, Listing::new(80).with_explanations()).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(!out.contains("\u{1b}[2J") && !out.contains('\u{9b}') && !out.contains('\u{202e}'));
    }

    #[test]
    fn every_label_has_a_colour_of_its_own() {
        let colours: std::collections::HashSet<String> =
            Label::ALL.iter().map(|label| style(*label).to_string()).collect();
        assert_eq!(colours.len(), Label::ALL.len());
    }

    #[test]
    fn a_page_without_blocks_says_so() {
        assert_eq!(listed(&Sample::new().report(), Listing::new(80)), "the page has no text\n");
    }
}
