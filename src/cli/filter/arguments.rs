//! The arguments of `filter` and which of them go together.

use super::sink::is_parquet;
use super::worker::Sorting;
use crate::cli::arguments::{FormatName, JudgeArguments, SourceArguments, name_of};
use crate::cli::known::KnownArguments;
use crate::input::{Input, InputOptions, Inputs, KeptFields};
use crate::likeness::Likeness;
use crate::output::{BodyFormat, RowFormat};
use anyhow::bail;
use clap::{Args, ValueEnum};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Stretches of an input that are inflated ahead, for each thread: one that is being inflated and one that is ready. Each takes
/// about a megabyte. Chosen by hand.
const STRETCHES_PER_THREAD: usize = 2;

/// Sort the pages of a crawl into kept and rejected ones
///
/// Writes one JSON object a line for every page: id, url, verdict, scores, confidence, reasons, language,
/// title, author, date and body. Pages with the verdict `keep` go to the output; pages with `review` or `drop`
/// and records that could not be read go to --rejected, or are only counted where there is none.
///
/// Inputs may be mixed: HTML and text files, JSON lines, WARC and WET, each also compressed with gzip or
/// Zstandard, WACZ and Parquet, folders (searched to the bottom), URLs, and `-` for standard input.
///
/// A run that was stopped, in whatever way, goes on when the same command is given with --resume: how far it
/// was stands in the file `.OUTPUT.journal`
/// beside it. No row is lost or written twice. Inputs that could not be opened or read to their end are tried once
/// more then; their rows come last.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that the user gives or not")]
pub(in crate::cli) struct FilterArguments {
    /// Files, folders, URLs, or `-` for standard input
    #[arg(required_unless_present = "from_list", value_name = "INPUT")]
    pub(super) inputs: Vec<PathBuf>,
    /// File that names more inputs, a path or URL a line, or `-` for standard input; may be given several times. Empty lines
    /// and those that start with `#` are passed over, and a line that cannot be opened is an error row that says which
    #[arg(long, value_name = "FILE", help_heading = "Inputs")]
    pub(super) from_list: Vec<PathBuf>,
    /// File of the kept rows; compressed when it ends in .gz or .zst, Parquet when it ends in .parquet (default, and `-`:
    /// standard output)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// File of the rejected rows, named as --output is
    #[arg(long, value_name = "FILE")]
    pub(super) rejected: Option<PathBuf>,
    /// Add every block of the page to its row: label, probability, reason, text, and lines or path
    #[arg(long)]
    blocks: bool,
    /// Add to each row what its page adds to the counters of its host, `host_evidence`: an engine's sum by host is then what
    /// --hosts adds up
    #[arg(long)]
    host_columns: bool,
    /// How the body is written
    #[arg(long, value_enum, default_value_t)]
    format: FormatName,
    /// Fields of JSON lines that come back with their rows, under `fields`: `all`, `none`, or names with commas between
    /// them. Those that hold the page, its id and its URL are not among them
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_value = "all")]
    keep_fields: Vec<String>,
    /// Name of the body's field, for readers that expect another one: `text` for datatrove
    #[arg(long, value_name = "NAME", default_value = "body")]
    body_field: String,
    /// Add up what is seen of each host in this database, which may hold the evidence of other runs;
    /// `pagesieve hosts` shows it
    #[cfg(feature = "hosts")]
    #[arg(long, value_name = "FILE")]
    pub(super) hosts: Option<PathBuf>,
    /// Write the summary as JSON into this file too, for programs: counts by reason, finding, label and kind of error, and the
    /// hosts with most bad pages. It is replaced if it exists
    #[arg(long, value_name = "FILE")]
    pub(super) summary: Option<PathBuf>,
    /// Write a report of the run into this file, one HTML page for people: counts with their meanings, the worst sites, examples
    /// of what was rejected and cut, and why. It is replaced if it exists
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    /// Put pages with the verdict `review` with the kept ones
    #[arg(long)]
    pub(super) keep_review: bool,
    /// Reject later copies of a page: of `exact`ly its body, or of nearly its body too (some 5 % of the words changed). A copy's
    /// row names the first page under `duplicate_of`
    #[arg(long, value_enum, value_name = "KIND")]
    dedup: Option<DedupName>,
    /// Megabytes that --dedup may take for the bodies that it has seen; where they are full, later pages are compared with
    /// those and not entered. A page takes some 50 bytes (`exact`) or 400 (`near`) and those of its id
    #[arg(long, value_name = "MB", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..))]
    dedup_memory: u32,
    /// Cut blocks out of bodies that stand in the same place on many pages of their site, unless they are the page's content.
    /// Needs the pages' URLs. The inputs are read twice, so they must be files; --blocks says on how many pages a block stands
    #[arg(long)]
    pub(super) templates: bool,
    /// Threads that judge pages, 1 to 1024 (default: one for each processor). The output does not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Go on with a run that was stopped; where there is none yet, start it
    #[arg(long, requires = "output", conflicts_with = "force")]
    pub(super) resume: bool,
    /// Overwrite outputs that exist
    #[arg(long, visible_alias = "overwrite")]
    pub(super) force: bool,
    /// No progress and no summary; without --rejected, errors are still told
    #[arg(short, long)]
    pub(super) quiet: bool,
    #[command(flatten)]
    pub(super) known: KnownArguments,
    #[command(flatten)]
    pub(super) judge: JudgeArguments,
    #[command(flatten)]
    pub(super) source: SourceArguments,
}

/// What makes a page a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DedupName {
    /// The same body, but for white space
    Exact,
    /// Most runs of three words are the same
    Near,
}

impl From<DedupName> for Likeness {
    fn from(name: DedupName) -> Self {
        match name {
            DedupName::Exact => Self::Exact,
            DedupName::Near => Self::Near,
        }
    }
}

impl FilterArguments {
    /// Which copies are looked for.
    pub(super) fn dedup(&self) -> Option<Likeness> {
        self.dedup.map(Likeness::from)
    }

    /// Bytes of memory that the bodies may take in which copies are looked for.
    pub(super) fn dedup_bytes(&self) -> usize {
        usize::try_from(u64::from(self.dedup_memory) << 20).unwrap_or(usize::MAX)
    }

    /// The file of the kept rows; none for standard output.
    pub(super) fn output(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| *path != Path::new("-"))
    }

    /// The files that are written.
    pub(super) fn outputs(&self) -> impl Iterator<Item = &Path> {
        self.output().into_iter().chain(self.rejected.as_deref())
    }

    /// Refuses what cannot work: one file for two purposes, going on with what was written to standard output.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        if self.resume && self.output().is_none() {
            bail!("--resume needs a file of kept rows; give --output a file name");
        }
        self.row_format()?;
        if let Some(path) = self.outputs().find(|path| self.resume && is_parquet(path)) {
            bail!(
                "--resume goes on with JSON lines only, and `{}` is Parquet, which cannot be cut: start it anew without \
                 --resume, a run for each of several parts of the inputs",
                path.display()
            );
        }
        if self.rejected.as_deref() == Some(Path::new("-")) {
            bail!("--rejected needs the name of a file: standard output is for the kept rows");
        }
        let outputs: Vec<&Path> = self.outputs().collect();
        if let [kept, rejected] = outputs[..]
            && place(kept) == place(rejected)
            && !is_device(kept)
        {
            bail!("--output and --rejected are both `{}`; give them different names", kept.display());
        }
        self.check_known()?;
        let others = [
            ("--hosts", self.hosts()),
            ("--summary", self.summary.as_deref()),
            ("--report", self.report.as_deref()),
        ];
        for (option, other) in others.into_iter().filter_map(|(option, path)| Some((option, path?))) {
            if let Some(output) = outputs.iter().find(|output| place(output) == place(other)) {
                bail!("{option} and an output are both `{}`; give them different names", output.display());
            }
        }
        if let (Some(summary), Some(report)) = (&self.summary, &self.report)
            && place(summary) == place(report)
        {
            bail!("--summary and --report are both `{}`; give them different names", summary.display());
        }
        let written = outputs.into_iter().chain(others.into_iter().filter_map(|(_, path)| path));
        written.filter(|path| !is_device(path)).try_for_each(|output| self.check_inputs(output))?;
        self.outputs().try_for_each(refuse_format)
    }

    /// The database of evidence about hosts.
    #[cfg(feature = "hosts")]
    pub(super) fn hosts(&self) -> Option<&Path> {
        self.hosts.as_deref()
    }

    /// Refuses to write into the evidence that verdicts rest on: they would depend on how far the run is.
    fn check_known(&self) -> anyhow::Result<()> {
        let Some(known) = self.known.known_hosts() else { return Ok(()) };
        let mut written = self.hosts().into_iter().chain(self.outputs());
        match written.find(|written| place(written) == place(known)) {
            None => Ok(()),
            Some(written) => bail!(
                "`{}` would be read as evidence and written in one run, and verdicts would depend on how far the run is; give \
                 --hosts the name of a new database, and add the two with `pagesieve hosts merge` afterwards",
                written.display()
            ),
        }
    }

    #[cfg(not(feature = "hosts"))]
    #[expect(clippy::unused_self, reason = "the database is an argument of builds that have it")]
    pub(super) fn hosts(&self) -> Option<&Path> {
        None
    }

    /// Refuses to write over what a list names; which that is, is known once the lists are read.
    pub(super) fn check_listed(&self, inputs: &Inputs) -> anyhow::Result<()> {
        let outputs: Vec<PathBuf> = self.outputs().filter(|path| !is_device(path)).map(place).collect();
        let is_output = |input: &&Input| outputs.contains(&place(Path::new(&**input.name())));
        match inputs.iter().filter(|_| !self.from_list.is_empty()).find(is_output) {
            None => Ok(()),
            Some(input) => bail!("`{}` is both input and output; give the output another name", input.name()),
        }
    }

    fn check_inputs(&self, output: &Path) -> anyhow::Result<()> {
        let output_place = place(output);
        for input in self.inputs.iter().chain(&self.from_list) {
            let input_place = place(input);
            if input_place == output_place {
                bail!("`{}` is both input and output; give the output another name", output.display());
            }
            if input.is_dir() && output_place.starts_with(&input_place) {
                let (output, input) = (output.display(), input.display());
                bail!("the output `{output}` is inside the input folder `{input}`; put it somewhere else");
            }
        }
        Ok(())
    }

    /// How many threads judge pages.
    pub(super) fn threads(&self) -> usize {
        let available = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.threads.map_or_else(available, usize::from)
    }

    /// How inputs are read.
    pub(super) fn input_options(&self) -> InputOptions {
        let options = self.source.options().with_helpers(STRETCHES_PER_THREAD * self.threads());
        options.with_kept_fields(match self.keep_fields.as_slice() {
            [all] if all == "all" => KeptFields::All,
            [none] if none == "none" => KeptFields::None,
            names => KeptFields::Named(names.to_vec()),
        })
    }

    fn row_format(&self) -> anyhow::Result<RowFormat> {
        let format = RowFormat::new().with_body(BodyFormat::from(self.format));
        let format = if self.host_columns { format.with_host_evidence() } else { format };
        if self.body_field == "body" {
            return Ok(format);
        }
        format.with_body_field(&self.body_field).map_err(|problem| anyhow::anyhow!("--body-field: {problem}"))
    }

    /// How rows are written and sorted.
    pub(super) fn sorting(&self) -> anyhow::Result<Sorting> {
        let format = self.row_format()?;
        let format = if self.blocks { format.with_blocks() } else { format };
        let format = if self.templates { format.with_templates() } else { format };
        let format = if self.dedup.is_some() { format.with_copies() } else { format };
        let of = |path: Option<&Path>| match path {
            Some(path) if is_parquet(path) => format.clone().with_fields_as_text(),
            _ => format.clone(),
        };
        Ok(Sorting {
            kept: of(self.output()),
            rejected: of(self.rejected.as_deref()),
            keep_review: self.keep_review,
            write_rejected: self.rejected.is_some(),
            examples: self.report.is_some(),
            dedup: self.dedup(),
            #[cfg(feature = "hosts")]
            count_hosts: self.hosts.is_some(),
        })
    }

    /// Names and values of every option that changes the output.
    pub(super) fn settings(&self) -> anyhow::Result<Vec<(&'static str, String)>> {
        let rejected = self.rejected.as_deref().map(|path| path.to_string_lossy().into_owned());
        let hosts = self.hosts().map(|path| path.to_string_lossy().into_owned());
        let mut settings = vec![
            ("blocks", self.blocks.to_string()),
            ("host-columns", self.host_columns.to_string()),
            ("format", name_of(&self.format)),
            ("keep-review", self.keep_review.to_string()),
            ("keep-fields", self.keep_fields.join(",")),
            ("body-field", self.body_field.clone()),
            ("rejected", rejected.unwrap_or_default()),
            ("hosts", hosts.unwrap_or_default()),
            ("templates", self.templates.to_string()),
            ("dedup", self.dedup.as_ref().map(name_of).unwrap_or_default()),
            ("dedup-memory", self.dedup_memory.to_string()),
        ];
        settings.extend(self.judge.settings()?);
        settings.extend(self.source.settings());
        Ok(settings)
    }
}

/// Endings that promise something else than rows of JSON, and what to do.
const OTHER_FORMATS: [(&[&str], &str); 4] = [
    (&["arrow", "feather", "ipc", "avro", "orc", "parquet"], "columns"),
    (&["csv", "tsv", "xls", "xlsx", "ods", "db", "sqlite"], "a table"),
    (&["warc", "wacz", "wet", "html", "htm", "md", "xml", "yaml", "pdf"], "pages"),
    (&["bz2", "xz", "lz4", "br", "zip", "7z", "tar"], "another compression"),
];

/// Refuses a name that promises another format than is written.
fn refuse_format(output: &Path) -> anyhow::Result<()> {
    let name = output.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let plain = [".gz", ".zst", ".zstd"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name);
    let ending = plain.rsplit_once('.').map_or("", |(_, ending)| ending);
    let promised = OTHER_FORMATS.iter().find(|(endings, _)| endings.contains(&ending));
    if is_parquet(output) && !is_device(output) {
        return Ok(());
    }
    if let Some((_, promised)) = promised.filter(|_| !is_device(output)) {
        let columns = if cfg!(feature = "parquet") { ", or .parquet for columns" } else { "" };
        let records = if ending == "warc" {
            "; `pagesieve warc` copies the WARC records of rows afterwards"
        } else {
            ""
        };
        bail!(
            "`{}` promises {promised}, and JSON lines are written; end the name in .jsonl, .jsonl.gz or .jsonl.zst{columns}{records}",
            output.display()
        );
    }
    Ok(())
}

/// Where a path leads, links resolved as far as it exists.
fn place(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (parent.canonicalize(), path.file_name()) {
        (Ok(parent), Some(name)) => parent.join(name),
        _ => path.to_path_buf(),
    }
}

/// Whether the path is a file with something in it.
pub(super) fn holds_rows(path: &Path) -> bool {
    path.metadata().is_ok_and(|data| data.is_file() && data.len() > 0)
}

/// Whether the path is a terminal, a pipe, `/dev/null` or the like.
pub(super) fn is_device(path: &Path) -> bool {
    path.metadata().is_ok_and(|data| !data.is_file() && !data.is_dir())
}
