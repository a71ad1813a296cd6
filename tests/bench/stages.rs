//! CPU time by stage, by block and by quarter of page size, beside `dom_smoothie` on the same pages.
//!
//! `cargo bench --bench stages -- [FOLDER] [--rounds N]`; the folder may also stand in `PAGESIEVE_BENCH`.
//! It holds pages as `pagesieve filter` reads them, compressed or not; of a labelled set with a folder `html`
//! that one is read. Without a folder the pages of `training_data` are taken.
//!
//! One thread. All pages are in memory and unpacked before the clock starts. Each round takes page after page
//! through the stages, then end to end, then through the peer, so that whatever else the machine does hits all
//! alike; figures are medians over rounds, of this thread's CPU time. The peer gets HTML pages only, and the ratio is over
//! these; it is handed UTF-8, so it does not pay for finding the charset.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints its figures")]
#![expect(clippy::indexing_slicing, reason = "one clock for each stage, at least one round")]

use cpu_time::ThreadTime;
use dom_smoothie::{Config, Readability, TextMode};
use pagesieve::features::measure;
use pagesieve::input::{InputOptions, Inputs};
use pagesieve::output::{RowFormat, markdown};
use pagesieve::page::{Limits, Page};
use pagesieve::{Document, Filter, Media};
use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Names of the clocks in the order of [`Round::clocks`].
const STAGES: [&str; 6] = [
    "read: decode, segment",
    "measure: features",
    "judge: measure, model, labels",
    "Markdown",
    "JSON row with blocks",
    "end to end: read, judge, row",
];
const END_TO_END: usize = STAGES.len() - 1;
const ROUNDS: usize = 5;

fn main() -> ExitCode {
    match print_figures() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("stages: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print_figures() -> Result<(), Box<dyn Error>> {
    let (folder, rounds) = arguments()?;
    let documents = open(&folder)?;
    let html = documents.iter().filter(|document| is_html(document)).count();
    let bytes = megabytes(&documents);
    println!("{}: {} pages ({html} HTML), {bytes:.1} MB, {rounds} rounds", folder.display(), documents.len());
    let filter = Filter::builtin();
    run(&filter, &documents);
    let rounds: Vec<Round> = (0..rounds).map(|_| run(&filter, &documents)).collect();
    let blocks: Vec<usize> =
        documents.iter().map(|document| Page::read(document, &Limits::default()).blocks().len()).collect();
    print_stages(&rounds, (documents.len(), blocks.iter().sum(), bytes));
    print_quarters(&rounds, &documents, &blocks);
    print_peer(&rounds, html);
    Ok(())
}

fn arguments() -> Result<(PathBuf, usize), Box<dyn Error>> {
    let (mut folder, mut rounds) = (std::env::var_os("PAGESIEVE_BENCH").map(PathBuf::from), ROUNDS);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // Cargo adds it.
            "--bench" => {}
            "--rounds" => {
                rounds = arguments.next().ok_or("--rounds needs a number")?.parse::<usize>()?.max(1);
            }
            name if name.starts_with('-') => return Err(format!("there is no option `{name}`").into()),
            name => folder = Some(name.into()),
        }
    }
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("training_data/pages");
    Ok((folder.unwrap_or_else(default), rounds))
}

/// Reads and unpacks all pages of a folder.
fn open(folder: &Path) -> Result<Vec<Document>, Box<dyn Error>> {
    let html = folder.join("html");
    let folder = if html.is_dir() { html.as_path() } else { folder };
    let inputs = Inputs::new([folder], InputOptions::default());
    let mut documents = Vec::new();
    for input in &inputs {
        for record in input.open()? {
            match record.outcome {
                Ok(document) => documents.push(document),
                Err(error) => eprintln!("left out: {}: {}", error.id, error.message),
            }
        }
    }
    if documents.is_empty() {
        return Err(format!("`{}` holds no page", folder.display()).into());
    }
    Ok(documents)
}

fn is_html(document: &Document) -> bool {
    document.media() == Media::Html
}

fn megabytes(documents: &[Document]) -> f64 {
    documents.iter().map(|document| document.bytes().len()).sum::<usize>() as f64 / 1e6
}

/// What one round took.
#[derive(Debug, Clone, Default)]
struct Round {
    clocks: [Duration; STAGES.len()],
    /// End to end, HTML pages only.
    html: Duration,
    peer: Duration,
    /// Each document end to end, and the peer where it is HTML.
    each: Vec<(Duration, Option<Duration>)>,
    /// Pages that the peer found nothing on.
    peer_empty: usize,
}

/// Takes every page through everything once.
fn run(filter: &Filter, documents: &[Document]) -> Round {
    let mut round = Round::default();
    let mut row = Vec::new();
    for document in documents {
        stages(filter, document, &mut round, &mut row);
        let (taken, ()) = timed(|| end_to_end(filter, document, &mut row));
        round.clocks[END_TO_END] += taken;
        let (of_peer, found) = is_html(document).then(|| timed(|| peer(document))).unzip();
        round.each.push((taken, of_peer));
        if let Some(of_peer) = of_peer {
            round.html += taken;
            round.peer += of_peer;
            round.peer_empty += usize::from(found == Some(false));
        }
    }
    round
}

fn stages(filter: &Filter, document: &Document, round: &mut Round, row: &mut Vec<u8>) {
    let (read, page) = timed(|| Page::read(document, &Limits::default()));
    let (measured, _) = timed(|| black_box(measure(&page)));
    let (judged, report) = timed(|| filter.judge(document.id(), page));
    let (marked, _) = timed(|| black_box(markdown(&report)));
    row.clear();
    let (written, ()) = timed(|| RowFormat::new().with_blocks().append_report(row, &report));
    black_box(row);
    for (clock, taken) in round.clocks.iter_mut().zip([read, measured, judged, marked, written]) {
        *clock += taken;
    }
}

fn end_to_end(filter: &Filter, document: &Document, row: &mut Vec<u8>) {
    row.clear();
    RowFormat::new().with_blocks().append_report(row, &filter.check(document));
    black_box(row);
}

/// The peer's text of an HTML page; false where it gives none.
fn peer(document: &Document) -> bool {
    let html = String::from_utf8_lossy(document.bytes()).into_owned();
    let settings = Config { text_mode: TextMode::Formatted, ..Config::default() };
    let article = Readability::new(html, document.url(), Some(settings)).and_then(|mut page| page.parse());
    black_box(article).is_ok()
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = ThreadTime::now();
    let result = work();
    (start.elapsed(), result)
}

fn print_stages(rounds: &[Round], (pages, blocks, bytes): (usize, usize, f64)) {
    let head = ["stage", "CPU s", "us/block", "pages/s", "MB/s"];
    println!("\n{:<32} {:>10} {:>10} {:>10} {:>10}", head[0], head[1], head[2], head[3], head[4]);
    for (at, name) in STAGES.iter().enumerate() {
        let seconds = median(rounds.iter().map(|round| round.clocks[at].as_secs_f64()));
        let by_block = 1e6 * seconds / blocks.max(1) as f64;
        let (by_page, by_byte) = (pages as f64 / seconds, bytes / seconds);
        println!("{name:<32} {seconds:>10.3} {by_block:>10.2} {by_page:>10.0} {by_byte:>10.1}");
    }
}

/// End to end by quarters of the pages' size, the smallest first.
fn print_quarters(rounds: &[Round], documents: &[Document], blocks: &[usize]) {
    let mut order: Vec<usize> = (0..documents.len()).collect();
    order.sort_by_key(|at| documents[*at].bytes().len());
    let head = ["quarter by size", "mean KB", "us/block", "pages/s", "of dom_smoothie"];
    println!("\n{:<32} {:>10} {:>10} {:>10} {:>16}", head[0], head[1], head[2], head[3], head[4]);
    for (number, quarter) in order.chunks(order.len().div_ceil(4)).enumerate() {
        let pages = quarter.len() as f64;
        let kilobytes = quarter.iter().map(|at| documents[*at].bytes().len()).sum::<usize>() as f64 / 1e3;
        let blocks: usize = quarter.iter().map(|at| blocks[*at]).sum();
        let own = |round: &Round| quarter.iter().map(|at| round.each[*at].0.as_secs_f64()).sum::<f64>();
        let seconds = median(rounds.iter().map(own));
        let ratio = median(rounds.iter().map(|round| of_peer(round, quarter)));
        let (by_block, by_page) = (1e6 * seconds / blocks.max(1) as f64, pages / seconds);
        println!(
            "{:<32} {:>10.1} {by_block:>10.2} {by_page:>10.0} {ratio:>16.3}",
            number + 1,
            kilobytes / pages
        );
    }
}

/// What pages cost of the peer's time, those that the peer gets.
fn of_peer(round: &Round, pages: &[usize]) -> f64 {
    let both = pages.iter().filter_map(|at| Some((round.each[*at].0, round.each[*at].1?)));
    let (own, peer) = both.fold((0.0, 0.0), |(own, peer), (taken, of_peer)| {
        (own + taken.as_secs_f64(), peer + of_peer.as_secs_f64())
    });
    own / peer
}

fn print_peer(rounds: &[Round], html: usize) {
    if html == 0 {
        println!("\nno HTML page: nothing for the peer to do");
        return;
    }
    let seconds = median(rounds.iter().map(|round| round.peer.as_secs_f64()));
    let empty = rounds.iter().map(|round| round.peer_empty).max().unwrap_or_default();
    let ratios = || rounds.iter().map(|round| round.html.as_secs_f64() / round.peer.as_secs_f64());
    let (low, high) = ratios().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)));
    println!("\ndom_smoothie, {html} HTML pages: {seconds:.3} s, {empty} without text");
    println!("end to end / dom_smoothie: {:.3} ({low:.3} to {high:.3})", median(ratios()));
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
