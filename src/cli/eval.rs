//! `pagesieve eval`: figures of labelled sets, through the door that everybody uses.

use super::arguments::JudgeArguments;
use super::{Exit, message};
use crate::eval::{
    Evaluation, Floors, GoldPage, GoldSet, LabelledSet, PageSet, Prediction, Results, SetResult, THRESHOLD,
    oracle, pieces, write_predictions,
};
use crate::output::printable;
use crate::page::{Limits, Page};
use crate::{Document, Filter};
use clap::Args;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Measure how well main content is found and blocks are labelled
///
/// A set is a folder: `gold.jsonl` and html/, WCXB's dev or test, the article-extraction-benchmark, or
/// training data of this project (pages/, lines/); or a file of labelled blocks or lines: JSON lines of {html or
/// text, blocks: [{text, label}]} or of {text, label, lang, source}, or .tsv of label, language, text (all also .gz).
///
/// Word and shingle precision, recall and F1 run from 0 to 1; the figure behind ± is the standard error of F1. ECE is
/// the expected calibration error of probabilities, 0 is best. Exit code 1 when a figure is below its floor.
#[derive(Debug, Args)]
pub(super) struct EvalArguments {
    /// Folders of labelled pages, files of labelled blocks or lines
    #[arg(required_unless_present_any = ["pages", "clean"], value_name = "SET")]
    sets: Vec<PathBuf>,
    /// Pages with a label for the page as a whole, JSON lines of {html or text, label}, also of keep (the verdict that a
    /// reader gave it) and lang: how well the page's scores and its verdict tell them from clean ones; how many bad, clean
    /// and empty pages are not kept, by label, language and form, and which ones came out wrong. May be given several times
    #[arg(long, value_name = "FILE")]
    pages: Vec<PathBuf>,
    /// Pages that are clean, a folder or a file: those with the verdict `drop` or a score over the threshold are listed
    /// as false alarms. May be given several times
    #[arg(long, value_name = "SET")]
    clean: Vec<PathBuf>,
    /// Scores of pages from here on count as a finding
    #[arg(long, value_name = "P", default_value_t = THRESHOLD, value_parser = probability)]
    threshold: f32,
    /// Write the figures with tables of reliability, confusion matrices and charts to DIR/report.md
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// JSON file of figures that must be reached: `{"wcxb-dev": {"word_f1": 0.88}}`
    #[arg(long, value_name = "FILE")]
    floors: Option<PathBuf>,
    /// Leave out pages whose id this set has
    #[arg(long, value_name = "SET")]
    minus: Option<PathBuf>,
    /// Take the blocks that the gold text is aligned to instead of the model's choice: the best that a choice of whole
    /// blocks can reach
    #[arg(long)]
    oracle: bool,
    /// Print the figures as one JSON object
    #[arg(long)]
    json: bool,
    /// List so many pages of lowest word F1 of each set
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "json")]
    worst: usize,
    /// Write each set's predicted bodies to DIR/SET.jsonl
    #[arg(long, value_name = "DIR")]
    predictions: Option<PathBuf>,
    /// Threads that judge pages, 1 to 1024 (default: one for each processor)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    #[command(flatten)]
    judge: JudgeArguments,
}

fn probability(text: &str) -> Result<f32, String> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| format!("expected a number from 0 to 1, found `{text}`"))
}

pub(super) fn run(arguments: &EvalArguments) -> anyhow::Result<Exit> {
    let floors = arguments.floors.as_deref().map(Floors::open).transpose()?;
    let sets = arguments.sets()?;
    let results = sets.judged(arguments, &arguments.judge.filter()?);
    arguments.write(&results)?;
    if let Some(folder) = &arguments.predictions {
        write_predictions(folder, &results.sets)?;
    }
    if let Some(folder) = &arguments.report {
        results.write_folder(folder, &arguments.about()?)?;
    }
    Ok(judged(&results, floors.as_ref()))
}

/// What is measured.
struct Sets {
    gold: Vec<GoldSet>,
    labelled: Vec<LabelledSet>,
    pages: Vec<PageSet>,
}

impl Sets {
    fn judged(&self, arguments: &EvalArguments, filter: &Filter) -> Results {
        let evaluation = arguments.evaluation();
        let predict = |document: &Document, page: &GoldPage| match arguments.oracle(document, page) {
            Some(best) => Prediction::new(best),
            None => Prediction::of_report(&filter.check(document), page),
        };
        let judge = |document: &Document| filter.check(document);
        let sets = evaluation.run(&self.gold, predict);
        let labelled = evaluation.run_labelled(&self.labelled, judge);
        let pages =
            (!self.pages.is_empty()).then(|| evaluation.run_pages(&self.pages, arguments.threshold, judge));
        Results { blocks: sets.iter().filter_map(SetResult::blocks).chain(labelled).collect(), sets, pages }
    }
}

impl EvalArguments {
    fn sets(&self) -> anyhow::Result<Sets> {
        let minus = self.minus.as_deref().map(GoldSet::open).transpose()?;
        let (mut gold, mut labelled) = (Vec::new(), Vec::new());
        for path in &self.sets {
            if path.is_file() {
                labelled.push(LabelledSet::open(path)?);
                continue;
            }
            let lines = LabelledSet::lines_of(path)?;
            if lines.is_none() || path.join("pages").is_dir() {
                let set = GoldSet::open(path)?;
                gold.push(minus.iter().fold(set, GoldSet::without_pages_of));
            }
            labelled.extend(lines);
        }
        let pages = self.pages.iter().map(|path| PageSet::open(path));
        let pages = pages.chain(self.clean.iter().map(|path| PageSet::open_clean(path)));
        Ok(Sets { gold, labelled, pages: pages.collect::<Result<_, _>>()? })
    }

    /// The text of the blocks that the gold was aligned to, when it was asked for.
    fn oracle(&self, document: &Document, page: &GoldPage) -> Option<String> {
        let gold = page.text.as_deref().filter(|_| self.oracle)?;
        let page = Page::read(document, &Limits::default());
        Some(oracle(&pieces(&page), gold))
    }

    fn evaluation(&self) -> Evaluation {
        match self.threads.and_then(|threads| NonZeroUsize::new(usize::from(threads))) {
            Some(threads) => Evaluation::default().with_threads(threads),
            None => Evaluation::default(),
        }
    }

    fn write(&self, results: &Results) -> anyhow::Result<()> {
        if self.json {
            return Ok(message::print(format!("{}\n", results.to_json()))?);
        }
        // What stands in a set may hold anything; a terminal sees it as text.
        let mut text = Vec::new();
        results.write(&mut text, self.worst)?;
        Ok(message::print(printable(&String::from_utf8_lossy(&text)).as_bytes())?)
    }

    /// What a report says of its own making.
    fn about(&self) -> anyhow::Result<Vec<(&'static str, String)>> {
        let command: Vec<String> =
            std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
        let settings = self.judge.settings()?;
        let settings = settings.iter().filter(|(_, value)| !value.is_empty());
        let settings: Vec<String> = settings.map(|(name, value)| format!("{name} {value}")).collect();
        Ok(vec![
            ("command", format!("pagesieve {}", command.join(" "))),
            ("program", concat!("pagesieve ", env!("CARGO_PKG_VERSION")).to_owned()),
            ("judged with", settings.join(", ")),
        ])
    }
}

/// Tells what fell short and gives the exit code.
fn judged(results: &Results, floors: Option<&Floors>) -> Exit {
    let errors = results.errors();
    for error in &errors {
        message::note(error);
    }
    let short = floors.map(|floors| floors.shortfalls(&results.sets)).unwrap_or_default();
    for shortfall in &short {
        message::note(&shortfall.to_string());
    }
    match (errors.len(), short.is_empty()) {
        (1.., _) => Exit::Failed,
        (0, false) => Exit::Below,
        (0, true) => Exit::Fine,
    }
}
