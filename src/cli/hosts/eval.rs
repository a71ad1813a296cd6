//! `pagesieve hosts eval`: how well what is known tells good hosts from bad ones.

use super::ListArguments;
use crate::cli::{Exit, message};
use crate::eval::auc;
use crate::host::{Lookup, Store};
use crate::input::decompressed_file;
use crate::output::printable;
use anyhow::{Context, bail};
use clap::Args;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::BufRead;
use std::path::{Path, PathBuf};

/// A rating under this is one of a host that is not credible, 0 to 1.
const CREDIBLE: f64 = 0.5;

/// Measure how well what is known of hosts tells good ones from bad ones
///
/// All lines of all known sub-scores are added up, and the AUC is the share of pairs of a good and a bad host of which the good
/// one has the higher sum: 0.5 is chance. Hosts of which nothing is known are counted apart and not guessed. A host is never
/// judged by a list with the name of its own `source`, so a list that was imported under its source's name is one never seen.
#[derive(Debug, Args)]
pub(super) struct EvalArguments {
    /// Labelled hosts, JSON lines: `host`, `source`, and `label`, or `score` (a rating, 0 to 1, 1 is the best)
    #[arg(required = true, value_name = "FILE")]
    inputs: Vec<PathBuf>,
    /// Labels of good hosts; hosts with a label that is neither good nor bad are left out
    #[arg(long, value_name = "LABELS", value_delimiter = ',', default_value = "ordinary,edu,gov,press,bank")]
    good: Vec<String>,
    /// Labels of bad hosts
    #[arg(
        long,
        value_name = "LABELS",
        value_delimiter = ',',
        default_value = "adult,gambling,phishing,malware,scam,seospam,warez,fakenews"
    )]
    bad: Vec<String>,
    /// The database of evidence
    #[arg(long, value_name = "FILE", required_unless_present = "lists")]
    db: Option<PathBuf>,
    #[command(flatten)]
    lists: ListArguments,
}

#[derive(Deserialize)]
struct LabelledHost {
    host: String,
    #[serde(default)]
    source: String,
    label: Option<String>,
    score: Option<f64>,
}

/// Hosts of one source: the sums of those that are known, and how many are not.
#[derive(Debug, Clone, Default)]
struct Counted {
    good: Vec<f32>,
    bad: Vec<f32>,
    unknown: [usize; 2],
}

pub(super) fn run(arguments: &EvalArguments) -> anyhow::Result<Exit> {
    let (mut by_source, mut left_out) = (BTreeMap::<String, Vec<(String, bool)>>::new(), 0_usize);
    for path in &arguments.inputs {
        read(path, |host| match arguments.is_good(&host) {
            Some(is_good) => by_source.entry(host.source).or_default().push((host.host, is_good)),
            None => left_out += 1,
        })?;
    }
    if by_source.is_empty() {
        bail!("no host has a label of --good or --bad, or a score ({left_out} were left out)");
    }
    let mut counted = BTreeMap::new();
    for (source, hosts) in by_source {
        let figures = arguments.counted(&source, &hosts)?;
        counted.insert(source, figures);
    }
    message::print(printable(&table(&counted, left_out)).as_bytes())?;
    Ok(Exit::Fine)
}

fn read(path: &Path, mut visit: impl FnMut(LabelledHost)) -> anyhow::Result<()> {
    for (at, line) in decompressed_file(path)?.lines().enumerate() {
        let place = || format!("`{}`, line {}", path.display(), at + 1);
        let line = line.with_context(place)?;
        if !line.trim().is_empty() {
            visit(serde_json::from_str(&line).with_context(|| {
                format!("{}: expected an object with `host`, `source`, and `label` or `score`", place())
            })?);
        }
    }
    Ok(())
}

impl EvalArguments {
    fn is_good(&self, host: &LabelledHost) -> Option<bool> {
        match (host.score, &host.label) {
            (Some(score), _) => Some(score >= CREDIBLE),
            (None, Some(label)) if self.good.contains(label) => Some(true),
            (None, Some(label)) if self.bad.contains(label) => Some(false),
            _ => None,
        }
    }

    /// What is known of the hosts of a source, by all lists but that of its own name.
    fn counted(&self, source: &str, hosts: &[(String, bool)]) -> anyhow::Result<Counted> {
        let store = self.db.as_ref().map(Store::open).transpose()?;
        let mut lists = self.lists.open()?;
        lists.retain(|list| list.header().name != source);
        let lookup = Lookup::new(store, lists)?;
        let mut counted = Counted::default();
        for (host, is_good) in hosts {
            let known = lookup.of(Some(&format!("http://{host}/")))?.log_odds();
            match (known, is_good) {
                (Some(sum), true) => counted.good.push(sum as f32),
                (Some(sum), false) => counted.bad.push(sum as f32),
                (None, _) => {
                    counted.unknown.iter_mut().skip(usize::from(!is_good)).take(1).for_each(|n| *n += 1);
                }
            }
        }
        Ok(counted)
    }
}

/// A line a source, and one for all. Each side of a source is compared with the other side of all sources.
fn table(counted: &BTreeMap<String, Counted>, left_out: usize) -> String {
    let mut all = Counted::default();
    for of in counted.values() {
        all.good.extend(&of.good);
        all.bad.extend(&of.bad);
        all.unknown.iter_mut().zip(of.unknown).for_each(|(sum, unknown)| *sum += unknown);
    }
    let mut text = format!(
        "{:<32} {:<5} {:>8} {:>8} {:>8}  AUC of the known\n",
        "source", "side", "hosts", "known", "unknown"
    );
    for (source, of) in counted {
        line(&mut text, source, "good", (&of.good, of.unknown[0]), auc(&of.good, &all.bad));
        line(&mut text, source, "bad", (&of.bad, of.unknown[1]), auc(&all.good, &of.bad));
    }
    let both: Vec<f32> = all.good.iter().chain(&all.bad).copied().collect();
    line(&mut text, "all", "both", (&both, all.unknown.iter().sum()), auc(&all.good, &all.bad));
    if left_out > 0 {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "left out, as they are neither good nor bad: {left_out}");
    }
    text
}

fn line(text: &mut String, source: &str, side: &str, (known, unknown): (&[f32], usize), auc: Option<f64>) {
    let hosts = known.len() + unknown;
    if hosts > 0 {
        let auc = auc.map_or_else(|| "-".to_owned(), |auc| format!("{auc:.3}"));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{source:<32} {side:<5} {hosts:>8} {:>8} {unknown:>8}  {auc}", known.len());
    }
}
