//! `pagesieve score`: verdict, scores and reasons of one page.

use super::known::KnownArguments;
use super::single_page::SinglePageArguments;
use super::{Exit, message};
use crate::classify::SubScore;
use crate::host::shown_by;
use crate::output::{RowFormat, printable, printable_json};
use crate::provenance::Provenance;
use crate::{Finding, Report, Verdict};
use anyhow::bail;
use clap::Args;
use std::fmt::Write as _;
use std::io::{self, IsTerminal};

/// Say whether one page is worth keeping, with scores and reasons
///
/// Exit code 0 when the verdict is `keep`, 1 when it is `review` or `drop`, 2 when the page could not be read.
#[derive(Debug, Args)]
#[cfg_attr(feature = "hosts", command(mut_arg("known_hosts", |known| known.visible_alias("hosts"))))]
pub(super) struct ScoreArguments {
    /// Print the page's row as one line of JSON, as `pagesieve filter` writes it
    #[arg(long)]
    json: bool,
    /// With --json: add every block of the page
    #[arg(long, requires = "json")]
    blocks: bool,
    /// Show for each score what speaks for and against it, and the sum; with --json --blocks: add to each block its
    /// runner-up and what spoke for its label and against it
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    known: KnownArguments,
    #[command(flatten)]
    page: SinglePageArguments,
}

pub(super) fn run(arguments: &ScoreArguments) -> anyhow::Result<Exit> {
    if arguments.json && arguments.explain && !arguments.blocks {
        bail!("--explain explains blocks in a row, and it has none; add --blocks, or leave out --json");
    }
    let explained = arguments.blocks && arguments.explain;
    let (report, from) = arguments.page.report_from(&arguments.known.open()?, explained)?;
    let text =
        if arguments.json { row(&report, &from, arguments)? } else { summary(&report, arguments.explain) };
    let is_shown = arguments.json && io::stdout().is_terminal();
    message::print(if is_shown { printable_json(&text) } else { text.as_str().into() }.as_bytes())?;
    Ok(if report.verdict() == Verdict::Keep { Exit::Fine } else { Exit::Below })
}

fn row(report: &Report, from: &Provenance, arguments: &ScoreArguments) -> anyhow::Result<String> {
    let format = if arguments.blocks { RowFormat::new().with_blocks() } else { RowFormat::new() };
    let format = if arguments.explain { format.with_explanations() } else { format };
    let mut line = Vec::new();
    format.append_record(&mut line, report, Some(from));
    Ok(String::from_utf8(line)?)
}

/// The report as readable text.
fn summary(report: &Report, explain: bool) -> String {
    let scores = report.scores();
    let numbers = [
        ("confidence", report.confidence()),
        ("boilerplate", scores.boilerplate),
        ("ads", scores.ads),
        ("adult", scores.adult),
        ("gambling", scores.gambling),
        ("scam", scores.scam),
        ("seo", scores.seo),
        ("quality", scores.quality),
        ("empty", scores.empty),
    ];
    let words = [
        ("url", report.page().source().url.as_deref()),
        ("title", report.title()),
        ("author", report.author()),
        ("date", report.date()),
        ("lang", report.lang()),
    ];
    let mut text = format!("verdict      {}\n", report.verdict().as_str());
    if let Some((kind, p)) = report.kind() {
        line(&mut text, "kind", &format!("{kind} {p:.2}"));
    }
    for (name, value) in numbers {
        line(&mut text, name, &format!("{:.2}", value + 0.0));
    }
    for (name, value) in words {
        line(&mut text, name, value.unwrap_or("-"));
    }
    line(&mut text, "body", &body_size(report));
    for reason in report.reasons().iter().filter(|reason| reason.of == "verdict") {
        line(&mut text, "reason", &reason_text(reason));
    }
    for (of, score) in [
        ("adult", scores.adult),
        ("gambling", scores.gambling),
        ("scam", scores.scam),
        ("seo", scores.seo),
        ("ads", scores.ads),
    ] {
        sum(&mut text, report, (of, score), explain);
    }
    source(&mut text, report, explain);
    for repair in report.repairs() {
        line(&mut text, "repair", &format!("{}: {}", repair.name, repair.text));
    }
    text
}

/// What speaks for a score: the strongest finding, or all of them with their sum.
fn sum(text: &mut String, report: &Report, (of, score): (&str, f32), explain: bool) {
    let mut parts = report.reasons().iter().filter(|reason| reason.of == of).peekable();
    if parts.peek().is_none() {
        return;
    }
    if !explain {
        if let Some(strongest) = parts.find(|reason| reason.weight > 0.0) {
            line(text, of, &reason_text(strongest));
        }
        return;
    }
    line(text, of, &format!("{score:.2}, from log-odds of {:+.2}:", crate::model::logit(score)));
    let mut named = 0.0;
    for reason in parts {
        named += reason.weight;
        line(text, "", &reason_text(reason));
    }
    line(
        text,
        "",
        &format!("{:+.2} what a page without any sign starts from", crate::model::logit(score) - named),
    );
}

/// The lines of a sub-score that are shown without `--explain`.
const SHOWN: usize = 3;

/// What is known of the page's source: four sub-scores with their lines, or what is missing.
fn source(text: &mut String, report: &Report, explain: bool) {
    let known = report.source_evidence();
    let scores = [
        ("identity", &known.identity),
        ("authority", &known.authority),
        ("behaviour", &known.behaviour),
        ("lists", &known.lists),
    ];
    for (name, score) in scores {
        let (head, lines) = match score {
            SubScore::Known { score, evidence } => (format!("{score:.2}"), evidence.as_slice()),
            SubScore::Unknown { why } if why.is_empty() => {
                ("unknown: neither --known-hosts nor --lists was given".to_owned(), &[][..])
            }
            SubScore::Unknown { why } => (format!("unknown: {why}"), &[][..]),
        };
        line(text, name, &head);
        for weight in lines.iter().take(if explain { usize::MAX } else { SHOWN }) {
            line(text, "", &format!("{:+.2} {}: {}", weight.weight, weight.name, weight.text));
        }
        let by_itself =
            if name == "identity" && score.score().is_none() { shown_by(report) } else { Vec::new() };
        for weight in by_itself {
            line(text, "", &format!("this page shows {}: {}", weight.name, weight.text));
        }
    }
}

fn line(text: &mut String, name: &str, value: &str) {
    let value = value.replace('\n', " ");
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{name:12} {}", printable(&value));
}

fn body_size(report: &Report) -> String {
    let characters: usize = report.body_blocks().map(|block| block.text().chars().count()).sum();
    let blocks = report.body_blocks().count();
    format!("{characters} characters in {blocks} of {} blocks", report.page().blocks().len())
}

fn reason_text(reason: &Finding) -> String {
    let mut text = format!("{:+.2} {}: {}", reason.weight, reason.reason, reason.text);
    if !reason.blocks.is_empty() {
        let blocks: Vec<String> = reason.blocks.iter().map(ToString::to_string).collect();
        // Writing to a String cannot fail.
        let _ = write!(text, " (blocks {})", blocks.join(", "));
    }
    text
}
