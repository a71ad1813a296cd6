//! The arguments of the program, and those that several commands share.

use super::rules::RuleArguments;
use super::{body, eval, filter, generate, label, model, score};
use crate::Error;
use crate::classify::{Filter, Profile, Script, Settings};
use crate::input::{InputOptions, JsonFields, Kind};
use crate::model::Bundle;
use crate::output::BodyFormat;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The program's version with its models, as `--version` prints it: rows of two programs can be compared when all agree.
static LONG_VERSION: LazyLock<String> = LazyLock::new(|| {
    let models = crate::model::builtin_digests();
    let models = models.map(|(name, digest)| format!("\n{name} {digest}"));
    format!("{VERSION}{}", models.concat())
});

/// What `--version` prints. Only who asks for it waits for the digests of the models.
fn long_version() -> &'static str {
    if std::env::args_os().any(|argument| argument == "--version") { &LONG_VERSION } else { VERSION }
}

/// Separates the article from the junk on scraped web pages, labels every block, and says why.
///
/// Results go to standard output, everything else to standard error. Exit codes: 0 fine; 1 `score`: the page
/// is not to be kept, `eval`: a figure is below its floor; 2 an error happened somewhere, even if the rest went through. A broken pipe is success.
#[derive(Debug, Parser)]
#[command(
    name = "pagesieve",
    version,
    long_version = long_version(),
    propagate_version = true,
    max_term_width = 100,
    arg_required_else_help = true
)]
pub(super) struct Arguments {
    /// File of defaults, TOML: a table for each command, with its options by their long names, such as `[filter]` with
    /// `profile = "precision"`. What stands on the command line goes before it. The variable `PAGESIEVE_CONFIG` may name it too
    #[arg(long, value_name = "FILE")]
    // Only for the help: `config.rs` takes it, and what it names, before the others are read.
    config: Option<PathBuf>,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Filter(filter::FilterArguments),
    Score(score::ScoreArguments),
    Label(label::LabelArguments),
    Body(body::BodyArguments),
    #[cfg(feature = "train")]
    Train(super::train::TrainArguments),
    Eval(eval::EvalArguments),
    Model(model::ModelArguments),
    #[cfg(feature = "hosts")]
    Hosts(super::hosts::HostsArguments),
    #[cfg(feature = "serve")]
    Serve(super::serve::ServeArguments),
    Warc(super::warc::WarcArguments),
    Generate(generate::GenerateArguments),
}

/// How pages are judged.
#[derive(Debug, Args)]
pub(super) struct JudgeArguments {
    /// Where the cut between body and junk stands; the model is the same
    #[arg(long, value_enum, default_value_t)]
    profile: ProfileName,
    /// Model to use in place of the built-in one: a folder that `pagesieve train` wrote, or one of its files
    #[arg(long, value_name = "PATH")]
    model: Option<PathBuf>,
    /// Kinds of spam that are looked for: adult, gambling, scam, seo (default: all); `none` for no kind
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    junk: Option<Vec<String>>,
    /// Thresholds and kinds of junk, a TOML file; --junk goes before it
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Give Chinese bodies and titles in simplified characters; blocks stay as they are on the page
    #[arg(long)]
    to_simplified: bool,
    #[command(flatten)]
    rules: RuleArguments,
}

impl JudgeArguments {
    /// The filter that these arguments ask for.
    pub(super) fn filter(&self) -> anyhow::Result<Filter> {
        let rules = self.rules.rules()?;
        let script = if self.to_simplified { Script::Simplified } else { Script::AsWritten };
        let filter = model::filter(self.model.as_deref())?.with_settings(self.thresholds()?);
        let filter = filter.with_profile(self.profile.into()).with_script(script).with_rules(rules);
        #[cfg(feature = "ad-rules")]
        let filter = match self.rules.ad_rules()? {
            Some(rules) => filter.with_ad_rules(rules),
            None => filter,
        };
        Ok(filter)
    }

    /// Kinds and thresholds: the file's, and the kinds of `--junk`.
    fn thresholds(&self) -> anyhow::Result<Settings> {
        let settings = self.settings.as_deref().map(read_settings).transpose()?.unwrap_or_default();
        let Some(kinds) = &self.junk else { return Ok(settings) };
        let kinds: Vec<&String> = kinds.iter().filter(|kind| *kind != "none").collect();
        settings.with_junk(&kinds).map_err(|problem| anyhow::anyhow!("--junk: {problem}"))
    }

    /// Names and values of what changes the output, for the journal of a run.
    pub(super) fn settings(&self) -> anyhow::Result<Vec<(&'static str, String)>> {
        let filter = model::filter(self.model.as_deref())?;
        let (blocks, kinds, adapter) = filter.models();
        let [kinds, adapter] =
            [kinds.map(Bundle::digest).transpose()?, adapter.map(Bundle::digest).transpose()?];
        let mut settings = vec![("profile", name_of(&self.profile)), ("model", blocks.digest()?)];
        settings.extend(kinds.map(|digest| ("kinds", digest)));
        settings.push(("settings", serde_json::to_string(&self.thresholds()?)?));
        settings.extend(adapter.map(|digest| ("adapter", digest)));
        settings.push(("to-simplified", self.to_simplified.to_string()));
        settings.extend(self.rules.settings()?);
        Ok(settings)
    }
}

/// A settings file; the error names the line and what is wrong with it.
fn read_settings(path: &Path) -> anyhow::Result<Settings> {
    let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
    let settings: Settings = toml::from_str(&text)
        .map_err(|error| anyhow::anyhow!("settings file `{}`: {error}", path.display()))?;
    settings.check().map_err(|problem| anyhow::anyhow!("settings file `{}`: {problem}", path.display()))?;
    Ok(settings)
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(super) enum ProfileName {
    /// Less junk in the body, at the price of lost text
    Precision,
    /// The highest expected F1
    #[default]
    Balanced,
    /// Less lost text, at the price of junk in the body
    Recall,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Precision => Self::Precision,
            ProfileName::Balanced => Self::Balanced,
            ProfileName::Recall => Self::Recall,
        }
    }
}

/// How the body is written.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(super) enum FormatName {
    /// One block a line; cells of a table row on one line
    #[default]
    Text,
    /// Headings, lists, links, quotations, code and tables as Markdown
    Markdown,
}

impl From<FormatName> for BodyFormat {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Text => Self::Text,
            FormatName::Markdown => Self::Markdown,
        }
    }
}

/// How inputs are read.
#[derive(Debug, Args)]
pub(super) struct SourceArguments {
    /// Take every input for this kind, whatever its name and first bytes say
    #[arg(long = "as", value_name = "KIND", value_enum, help_heading = "Inputs")]
    kind: Option<KindName>,
    /// Field of a JSON line that holds the id; a dot leads into an object. May be given several times: the
    /// first that is there counts. Default: the names that common tools write (id, `record_id`, `doc_id`…)
    #[arg(long, value_name = "NAME", help_heading = "Inputs")]
    field_id: Vec<String>,
    /// Field of a JSON line that holds the URL (default: url, `source_url`, `warc_target_uri`, metadata.url…)
    #[arg(long, value_name = "NAME", help_heading = "Inputs")]
    field_url: Vec<String>,
    /// Field of a JSON line that holds HTML (default: html, `raw_html`, `page_source`…)
    #[arg(long, value_name = "NAME", help_heading = "Inputs")]
    field_html: Vec<String>,
    /// Field of a JSON line that holds extracted text (default: text, `raw_text`, `extracted_text`…)
    #[arg(long, value_name = "NAME", help_heading = "Inputs")]
    field_text: Vec<String>,
    /// Judge what a WARC file has of redirections and HTTP errors as pages like any other. Without it they have no body and
    /// are dropped, with the reason `http_status`
    #[arg(long, help_heading = "Inputs")]
    any_status: bool,
    #[cfg(feature = "fetch")]
    #[command(flatten)]
    fetch: super::fetch::FetchArguments,
}

impl SourceArguments {
    /// The options of the inputs.
    pub(super) fn options(&self) -> InputOptions {
        let options = InputOptions::default().with_json(self.fields()).with_any_status(self.any_status);
        #[cfg(feature = "fetch")]
        let options = options.with_fetch(self.fetch.options());
        match self.kind {
            Some(kind) => options.with_kind(kind.into()),
            None => options,
        }
    }

    /// How URLs are fetched.
    #[cfg(feature = "fetch")]
    pub(super) fn fetch(&self) -> crate::input::fetch::FetchOptions {
        self.fetch.options()
    }

    fn fields(&self) -> JsonFields {
        let mut fields = JsonFields::default();
        if !self.field_id.is_empty() {
            fields = fields.with_id(self.field_id.iter().cloned());
        }
        if !self.field_url.is_empty() {
            fields = fields.with_url(self.field_url.iter().cloned());
        }
        if !self.field_html.is_empty() {
            fields = fields.with_html(self.field_html.iter().cloned());
        }
        if !self.field_text.is_empty() {
            fields = fields.with_text(self.field_text.iter().cloned());
        }
        fields
    }

    /// Names and values of what changes the output, for the journal of a run.
    pub(super) fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("as", self.kind.as_ref().map(name_of).unwrap_or_default()),
            ("field-id", self.field_id.join(" ")),
            ("field-url", self.field_url.join(" ")),
            ("field-html", self.field_html.join(" ")),
            ("field-text", self.field_text.join(" ")),
            ("any-status", self.any_status.to_string()),
        ]
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum KindName {
    /// One HTML page
    Html,
    /// One page of text that is already extracted
    Text,
    /// One JSON object a line
    Jsonl,
    /// WARC or WET records
    Warc,
    /// A ZIP archive with WARC files in it
    Wacz,
    /// Rows of a Parquet file
    #[cfg(feature = "parquet")]
    Parquet,
}

impl From<KindName> for Kind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Html => Self::Html,
            KindName::Text => Self::Text,
            KindName::Jsonl => Self::JsonLines,
            KindName::Warc => Self::Warc,
            KindName::Wacz => Self::Wacz,
            #[cfg(feature = "parquet")]
            KindName::Parquet => Self::Parquet,
        }
    }
}

/// The name of a value as the user gives it.
pub(super) fn name_of(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
