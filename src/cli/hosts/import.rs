//! `pagesieve hosts import`: lists of hosts in the forms in which they come → one memory-mapped file.

use crate::cli::{Exit, message};
use crate::host::{Format, Importer, List, ListOptions, Store, Trial, file_date, sources};
use crate::input::decompressed_file;
use crate::output::printable;
use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Import a list of hosts
///
/// Takes lists of domains, hosts files, simple `||host^` filters, folders of UT1 (the folder's name is the
/// category), `host,score` from 0 to 1, `rank,host` as Tranco has it, and Common Crawl's ranks of hosts or
/// domains; each also compressed. All files of one import are one list. A listed domain covers the hosts below
/// it. Public suffixes (`com.cn`, `github.io`) are refused and counted, as they would cover strangers.
#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// Files or folders of the list
    #[arg(required = true, value_name = "FILE|DIR")]
    inputs: Vec<PathBuf>,
    /// Folder of the imported lists; it is made if need be
    #[arg(long, value_name = "DIR", required_unless_present = "dry_run")]
    lists: Option<PathBuf>,
    /// The list's name (default: that of the first file or folder)
    #[arg(long)]
    name: Option<String>,
    /// Category of entries that have none by their folder
    #[arg(long)]
    category: Option<String>,
    /// The day that the list is of, as 2025-01-31 (default: that of the newest file)
    #[arg(long, value_parser = day)]
    date: Option<String>,
    /// What an entry says, in log-odds; negative speaks against a host (default: -2 for entries without category
    /// or of one that nobody wants, as adult or phishing, else 0)
    #[arg(long, allow_negative_numbers = true, value_parser = weight)]
    weight: Option<f32>,
    /// How the list is written (default: its first lines tell)
    #[arg(long = "as", value_name = "FORMAT", value_enum)]
    format: Option<FormatName>,
    /// Replace a list of the same name
    #[arg(long)]
    force: bool,
    /// Write nothing; show what the list would hit most, with --db and --against
    #[arg(long)]
    dry_run: bool,
    /// With --dry-run: the database of evidence whose hosts are looked up
    #[arg(long, value_name = "FILE", requires = "dry_run")]
    db: Option<PathBuf>,
    /// With --dry-run: a list whose hosts are looked up, best one with ranks
    #[arg(long, value_name = "FILE", requires = "dry_run")]
    against: Option<PathBuf>,
    /// With --dry-run: how many entries are shown
    #[arg(long, value_name = "N", default_value_t = 20, requires = "dry_run")]
    top: usize,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatName {
    /// Hosts, URLs, hosts files, `||host^`
    Hosts,
    /// `host,score`
    Scored,
    /// `rank,host`
    Ranked,
    /// Common Crawl's ranks
    Commoncrawl,
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Hosts => Self::Hosts,
            FormatName::Scored => Self::Scored,
            FormatName::Ranked => Self::Ranked,
            FormatName::Commoncrawl => Self::CommonCrawl,
        }
    }
}

fn day(text: &str) -> Result<String, String> {
    let shape = |(at, c): (usize, char)| if matches!(at, 4 | 7) { c == '-' } else { c.is_ascii_digit() };
    let fits = text.len() == 10 && text.chars().enumerate().all(shape);
    fits.then(|| text.to_owned()).ok_or_else(|| "expected a day as 2025-01-31".to_owned())
}

fn weight(text: &str) -> Result<f32, String> {
    let expected = || "expected log-odds from -10 to 10".to_owned();
    let weight: f32 = text.parse().map_err(|_| expected())?;
    if weight.abs() <= 10.0 { Ok(weight) } else { Err(expected()) }
}

pub(super) fn run(arguments: &ImportArguments) -> anyhow::Result<Exit> {
    let name = arguments.name()?;
    if let Some(folder) = arguments.lists.as_deref().filter(|_| !arguments.dry_run && !arguments.force) {
        let header = folder.join(format!("{name}.json"));
        if header.exists() {
            bail!("`{}` exists; give --force to replace the list, or another --name", header.display());
        }
    }
    let list = imported(&arguments.inputs, arguments.options(name))?;
    let mut text = summary(&list);
    if arguments.dry_run {
        arguments.try_out(&list, &mut text)?;
    } else if let Some(folder) = &arguments.lists {
        let header = list.save(folder)?;
        // Writing to a String cannot fail.
        let _ = writeln!(text, "written to {}", header.display());
    }
    message::print(printable(&text).as_bytes())?;
    Ok(Exit::Fine)
}

impl ImportArguments {
    fn name(&self) -> anyhow::Result<String> {
        let first = self.inputs.first().and_then(|path| path.file_name());
        let own = || {
            let name = first?.to_string_lossy();
            let name = name.split('.').find(|part| !part.is_empty())?;
            Some(name.to_owned())
        };
        let name = self.name.clone().or_else(own).context("give the list a --name")?;
        if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\']) {
            bail!("expected a name that a file can have, found `{name}`; give another --name");
        }
        Ok(name)
    }

    fn options(&self, name: String) -> ListOptions {
        let mut options = ListOptions::new(name);
        if let Some(format) = self.format {
            options = options.with_format(format.into());
        }
        if let Some(category) = &self.category {
            options = options.with_category(category);
        }
        if let Some(date) = &self.date {
            options = options.with_date(date);
        }
        self.weight.map_or(options.clone(), |weight| options.with_weight(weight))
    }

    fn try_out(&self, list: &List, text: &mut String) -> anyhow::Result<()> {
        if let Some(path) = &self.db {
            let trial = Trial::of_store(list, &Store::open(path)?)?;
            show_trial(text, path, &trial, self.top);
        }
        if let Some(path) = &self.against {
            let options = ListOptions::new(path.to_string_lossy());
            let against = imported(std::slice::from_ref(path), options)?;
            show_trial(text, path, &Trial::of_list(list, &against), self.top);
        }
        if self.db.is_none() && self.against.is_none() {
            message::note("give --db or --against to see what the list would hit");
        }
        Ok(())
    }
}

/// Reads all files of a list.
fn imported(inputs: &[PathBuf], options: ListOptions) -> anyhow::Result<List> {
    let mut importer = Importer::new(options);
    let mut newest = None;
    for input in inputs {
        for source in sources(input)? {
            let reader = decompressed_file(&source.path)?;
            importer.add(&source.path, source.category.as_deref(), reader)?;
            newest = newest.max(file_date(&source.path));
        }
    }
    Ok(importer.finish(newest)?)
}

fn summary(list: &List) -> String {
    let header = list.header();
    let counts = &header.counts;
    let mut text = format!(
        "list {}, {}: {} entries from {} lines; {} duplicates, {} comments and empty lines\n",
        header.name,
        header.date.as_deref().unwrap_or("date unknown"),
        list.len(),
        counts.lines,
        counts.duplicates,
        counts.comments,
    );
    // Writing to a String cannot fail.
    for (reason, (count, examples)) in &counts.refused {
        let _ = writeln!(text, "  refused {count:>9} {reason}: {}", examples.join(", "));
    }
    for category in &header.categories {
        let _ = writeln!(text, "  weight {:+} for {}", category.weight, category.name);
    }
    text
}

fn show_trial(text: &mut String, path: &Path, trial: &Trial, top: usize) {
    let total = trial.total();
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "against {}: {} entries hit {} of {} hosts or sections, {} of {} pages ({} kept ones)",
        path.display(),
        trial.hits.len(),
        total.hosts,
        trial.hosts,
        total.pages,
        trial.pages,
        total.kept
    );
    if trial.hits.is_empty() {
        return;
    }
    let _ = writeln!(text, "  {:>9} {:>9} {:>9} {:>9}  entry", "kept", "pages", "hosts", "rank");
    for hit in trial.hits.iter().take(top) {
        let rank = hit.rank.map_or("-".to_owned(), |rank| rank.to_string());
        let mark = if hit.is_shared { " (strangers publish there: counts for nothing)" } else { "" };
        let _ = writeln!(
            text,
            "  {:>9} {:>9} {:>9} {rank:>9}  {}{mark}",
            hit.kept, hit.pages, hit.hosts, hit.entry
        );
    }
}
