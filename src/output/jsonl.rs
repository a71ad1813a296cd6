//! One JSON object a line: the wire format of `filter` and `score --json`.
//!
//! Fields stand in this order. A field is there in every row unless it says otherwise; `null` means *not
//! known*. Numbers are rounded to four decimals. The same report gives the same bytes.
//!
//! | field | type | meaning |
//! |---|---|---|
//! | `v` | 1 | version of this format; a field may be added without a new number, none is removed or changed |
//! | `id` | string | the record's own id; of a file its path below the folder that was given (as given, where the file itself was); else `file#position` |
//! | `url` | string or null | the page's URL |
//! | `source` | object or null | where the page came from: `input`, the file as it was named on the command line (a URL, or `-` for standard input), and `position` in it, see [`Provenance`]; null where a page came from no input |
//! | `status` | `"ok"` or `"error"` | whether the record gave a page that was judged |
//! | `error` | object | only in rows whose status is `error`: `kind` is a stable name in `snake_case`, `message` says what was expected, what was found and what to do |
//! | `verdict` | `"keep"`, `"review"`, `"drop"` | what to do with the page; `review` in error rows |
//! | `kind` | string or null | what the page is as a whole, see [`PageKind`]; null in error rows, and without a model that tells |
//! | `kind_p` | number or null | the probability of that kind, 0 to 1 |
//! | `scores` | object or null | `boilerplate`, `ads`, `adult`, `gambling`, `scam`, `seo`, `quality`, `empty`, each 0 to 1 (see [`Scores`]); 1 is bad, but for `quality`; null in error rows |
//! | `confidence` | number or null | expected word F1 of the body, 0 to 1; null in error rows |
//! | `reasons` | array | findings, the strongest first; empty in error rows |
//! | `reasons[].name` | string | stable name in `snake_case` |
//! | `reasons[].of` | string | the decision it speaks of: `verdict`, or the name of a score |
//! | `reasons[].weight` | number | how much it speaks, in log-odds; the sign is the direction |
//! | `reasons[].text` | string | what was seen, for people |
//! | `reasons[].blocks` | array of integers | indexes, from 0, of the page's blocks it came from; empty when it speaks of the whole page |
//! | `repairs` | array | only where there are some: what was undone in the body, and on the whole page where text had been misread in a wrong charset (`misread_text`), each with `name`, `count` and `text` |
//! | `source_evidence` | object or null | what is known of the page's source, for and against it; null where nothing is, and in error rows |
//! | `source_evidence.against` | number | log-odds that were added against the page in its verdict, 0 to 3; 0 without `--lists` and `--known-hosts` |
//! | `source_evidence.identity`, `.authority`, `.behaviour`, `.lists` | object or null | the four sub-scores; null means unknown, which says nothing against the source |
//! | `source_evidence.*.score` | number or null | 0 to 1, 1 is the best: the logistic function of the lines' sum; null where the lines are what this page alone shows |
//! | `source_evidence.*.evidence` | array | the lines, the heaviest first, each with `name`, `weight` (log-odds, above 0 speaks for the source) and `text` |
//! | `host_evidence` | object or null | only where it was asked for: what the page adds to the counters of its host, which add up to what `filter --hosts` has in its database; null in error rows and where the URL has no host |
//! | `host_evidence.domain`, `.prefix`, `.host` | string | where it is counted: registrable domain, first folder of the path, host |
//! | `host_evidence.NAME` | integer | a counter above 0, with the name of its column in the database (`pages`, `verdict_keep`, `adult_sum`, `body_blocks`, `sign_author`…, see [`Store`](crate::host)); one that is not there is 0 |
//! | `host_evidence.date`, `.filings` | string, array of strings | only where there are some: the date that is counted, and filing numbers in their one form |
//! | `lang` | string or null | language of the body: ISO 639-1, `zh-Hant` for traditional Chinese |
//! | `title`, `author` | string or null | the article's |
//! | `date` | string or null | publication date, `YYYY-MM-DD` |
//! | `simhash` | string or null | similarity hash of the body, 16 hexadecimal digits, see [`likeness::simhash`](crate::likeness::simhash); null where the body has no word |
//! | `layout` | string or null | fingerprint of the page's layout, 16 hexadecimal digits, see [`likeness::layout`](crate::likeness::layout); null of plain text and of pages without blocks |
//! | `duplicate_of` | string | only in rows of copies, where `filter --dedup` looks for them: the id of the page whose body came first |
//! | `alike` | number | beside `duplicate_of`: 1 where the text is the same, else the share of all runs of three words that both bodies have, 0 to 1 |
//! | `fields` | object | only where the record has some and they were not left out: its own fields, beside those that hold the page, its id and its URL, with the values that they had (a value nested over 100 levels deep is a string of its JSON) |
//! | `body` | string or null | (another name where that was asked for) the main content, one block a line (cells of a table row stand on one line with ` | ` between them; blocks that are pieces of one line of a text stand on one line), or Markdown where that was asked for, with the `repairs`; empty when the page has none; null in error rows |
//! | `blocks` | array | only where it was asked for and the status is `ok`: every block of the page in reading order |
//! | `blocks[].label` | string | `body` or the kind of junk, see [`Label`](crate::classify::Label) |
//! | `blocks[].p` | number | calibrated probability that the label is right, 0 to 1 |
//! | `blocks[].body` | number | calibrated probability that the block is main content, 0 to 1 |
//! | `blocks[].reason` | string | why the label: a named rule, or the model |
//! | `blocks[].text` | string | the block's text as it stands on the page, also where the body was repaired |
//! | `blocks[].lines` | two integers | plain-text pages only: first and last line of the input, from 1; pieces of one long line have the same |
//! | `blocks[].path` | string | HTML pages only: the elements from the root down, `html/body/div#main/p`; of a path over 300 bytes the end, with `…/` before it |
//! | `blocks[].template` | integer | only with `filter --templates`, and only of blocks that repeat on the pages of their site: on how many of them |
//! | `blocks[].kind` | string | only with explanations: what the block is by its markup: `paragraph`, `heading`, `list_item`, `cell`, `code`, `caption`, `quote`, `control`, `line` (of plain text), and of what is not shown `json_ld` (also of a script's state) and `meta` |
//! | `blocks[].level` | integer | only with explanations, and only of headings: 1 to 6 |
//! | `blocks[].runner_up` | object or null | only with explanations: the likeliest other label, `label`, and its calibrated probability, `p`, never above the block's own; null when the user keeps the block |
//! | `blocks[].claims` | array | only with explanations: every claim that was made about the block, the one that stands first: `source` (`likeliest`, `cut`, `hidden`, `copy`, `template`, `line`, `rule`, `trace`, `spam`, `page`, `correction`, `no_content`, `selector`; a later one takes the place of an earlier one), `label` and `reason` |
//! | `blocks[].signs` | array | only with explanations: what spoke for the label and against it, at most 8, the strongest first, a named rule that decided before all others |
//! | `blocks[].signs[].name` | string | stable name: `token:…` (tags, classes, ids and words of the body model), `column:…` (its measurements), `gram:…` (words of the model of kinds), `context:…` (its other numbers), `rule:…` |
//! | `blocks[].signs[].weight` | number | log-odds, above 0 for the label; 10 for a rule that decided whatever the models say |
//! | `blocks[].signs[].text` | string | for people: what was asked (`main content`, or which of two kinds) and what was seen |

mod copied;
mod host;
mod source;

pub use copied::Copied;

use super::markdown;
use crate::classify::{
    BlockReport, BlockSigns, Claim, Finding, PageKind, Repair, Report, Scores, Sign, Verdict,
};
use crate::error::RecordError;
use crate::page::Block;
use crate::provenance::Provenance;
use host::HostEntry;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use source::SourceEvidenceField;
use std::sync::Arc;

/// Bytes of a block's path that are written; a page with deep elements and long class names would make rows
/// that are a thousand times the page.
const PATH_BYTES: usize = 300;

/// How the body stands in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum BodyFormat {
    /// Text, one block a line; cells of a table row on one line.
    #[default]
    Text,
    /// Markdown.
    Markdown,
}

impl BodyFormat {
    /// The report's body in this format; empty when the page has none.
    pub fn write(self, report: &Report) -> String {
        match self {
            Self::Text => report.body(),
            Self::Markdown => markdown(report),
        }
    }
}

/// Which optional parts a row has.
///
/// ```
/// use pagesieve::{Document, Filter, output::RowFormat};
/// let report = Filter::builtin().check(&Document::html("<p>Hello").with_id("a"));
/// let mut line = Vec::new();
/// RowFormat::new().append_report(&mut line, &report);
/// assert!(line.starts_with(br#"{"v":1,"id":"a","#) && line.ends_with(b"}\n"));
/// ```
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a part that a row has or not")]
pub struct RowFormat {
    blocks: bool,
    explained: bool,
    body: BodyFormat,
    body_field: Option<Arc<str>>,
    fields_as_text: bool,
    copies: bool,
    templates: bool,
    host_evidence: bool,
}

/// The name of the body's field where no other one was asked for.
const BODY: &str = "body";

/// Names of a row's fields beside the body's.
const FIELDS: [&str; 24] = [
    "v", "id", "url", "source", "status", "error", "verdict", "kind", "kind_p", "scores", "confidence",
    "reasons", "repairs", "source_evidence", "host_evidence", "lang", "title", "author", "date", "simhash",
    "layout", "duplicate_of", "alike", "fields",
];

impl RowFormat {
    /// Rows without blocks, with the body as text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds every block of the page.
    pub fn with_blocks(mut self) -> Self {
        self.blocks = true;
        self
    }

    /// Adds to each block, where blocks are written, its kind by its markup, the runner-up and the signs of the label. They
    /// are in reports of [`Filter::explain`](crate::Filter::explain).
    pub fn with_explanations(mut self) -> Self {
        self.explained = true;
        self
    }

    /// Whether rows are of reports of [`Filter::explain`](crate::Filter::explain): blocks are written, with why.
    pub fn explains(&self) -> bool {
        self.blocks && self.explained
    }

    /// Sets how the body is written.
    pub fn with_body(mut self, body: BodyFormat) -> Self {
        self.body = body;
        self
    }

    /// Sets the name of the body's field, as readers of rows expect it (`text`); by default `body`.
    ///
    /// # Errors
    /// Says why the name cannot be: it is empty, or that of another field.
    pub fn with_body_field(mut self, name: &str) -> Result<Self, String> {
        if name.trim().is_empty() {
            return Err("the body's field needs a name; `text` is what most readers expect".to_owned());
        }
        if FIELDS.contains(&name) || name == "blocks" {
            return Err(format!("a row has a field `{name}` already; give the body's another name"));
        }
        self.body_field = Some(name.into());
        Ok(self)
    }

    /// Gives the record's own fields as a string of their JSON: columns have one type each, and these may have any.
    pub fn with_fields_as_text(mut self) -> Self {
        self.fields_as_text = true;
        self
    }

    /// Has columns of `duplicate_of` and `alike`, which rows have that [`RowFormat::append_copy`] wrote.
    pub fn with_copies(mut self) -> Self {
        self.copies = true;
        self
    }

    /// Has a column of `blocks[].template`, for filters that know templates.
    pub fn with_templates(mut self) -> Self {
        self.templates = true;
        self
    }

    /// Whether there is a column of templates.
    #[cfg(feature = "arrow")]
    pub(super) fn has_templates(&self) -> bool {
        self.templates
    }

    /// Whether there are columns of copies.
    #[cfg(feature = "arrow")]
    pub(super) fn has_copies(&self) -> bool {
        self.copies
    }

    /// Adds what the page adds to the counters of its host, so that an engine's sum over rows is what `filter --hosts` adds up.
    pub fn with_host_evidence(mut self) -> Self {
        self.host_evidence = true;
        self
    }

    /// Whether rows have what their page adds to the counters of its host.
    #[cfg(feature = "arrow")]
    pub(super) fn has_host_evidence(&self) -> bool {
        self.host_evidence
    }

    /// Whether rows have every block of the page.
    #[cfg(feature = "arrow")]
    pub(super) fn has_blocks(&self) -> bool {
        self.blocks
    }

    /// The name of the body's field.
    pub(super) fn body_name(&self) -> &str {
        self.body_field.as_deref().unwrap_or(BODY)
    }

    fn fields_of<'a>(&self, from: Option<&'a Provenance>) -> Option<FieldsEntry<'a>> {
        let fields = &from?.fields;
        Some(if self.fields_as_text {
            FieldsEntry::Text(fields.json()?)
        } else {
            FieldsEntry::Object(fields.raw()?)
        })
    }

    /// Appends the row of a report whose page came from no input, and a line feed.
    pub fn append_report(&self, out: &mut Vec<u8>, report: &Report) {
        self.append_record(out, report, None);
    }

    /// Appends the row of a report with where its page came from, and a line feed.
    pub fn append_record(&self, out: &mut Vec<u8>, report: &Report, from: Option<&Provenance>) {
        append(
            out,
            &Row {
                v: 1,
                id: report.id(),
                url: report.page().source().url.as_deref(),
                source: from.map(SourceField::from),
                status: "ok",
                error: None,
                verdict: report.verdict(),
                kind: report.kind().map(|(kind, _)| kind),
                kind_p: report.kind().map(|(_, p)| rounded(p)),
                scores: Some(RoundedScores::from(report.scores())),
                confidence: Some(rounded(report.confidence())),
                reasons: Reasons(report.reasons()),
                repairs: report.repairs(),
                source_evidence: SourceEvidenceField::of(report),
                host_evidence: self.host_evidence.then(|| HostEntry::of(report)),
                lang: report.lang(),
                title: report.title(),
                author: report.author(),
                date: report.date(),
                simhash: report.simhash().map(Hex),
                layout: report.layout().map(Hex),
                fields: self.fields_of(from),
                body: self.body_entry(Some(self.body.write(report))),
                blocks: self.blocks.then_some(Blocks { report, explained: self.explained }),
            },
        );
    }

    /// Appends the row of a record that gave no page, and a line feed.
    pub fn append_failure(&self, out: &mut Vec<u8>, error: &RecordError, from: Option<&Provenance>) {
        append(
            out,
            &Row {
                v: 1,
                id: &error.id,
                url: error.url.as_deref(),
                source: from.map(SourceField::from),
                status: "error",
                error: Some(ErrorField { kind: error.kind, message: &error.message }),
                verdict: Verdict::Review,
                kind: None,
                kind_p: None,
                scores: None,
                confidence: None,
                reasons: Reasons(&[]),
                repairs: &[],
                source_evidence: None,
                host_evidence: self.host_evidence.then(HostEntry::default),
                lang: None,
                title: None,
                author: None,
                date: None,
                simhash: None,
                layout: None,
                fields: self.fields_of(from),
                body: self.body_entry(None),
                blocks: None,
            },
        );
    }

    fn body_entry(&self, text: Option<String>) -> BodyEntry<'_> {
        BodyEntry { name: self.body_name(), text }
    }
}

fn append(out: &mut Vec<u8>, row: &Row<'_>) {
    let start = out.len();
    // Serialising these types into memory fails on nothing; a row is whole or not there.
    if serde_json::to_writer(&mut *out, row).is_err() {
        out.truncate(start);
        return;
    }
    out.push(b'\n');
}

#[derive(Serialize)]
struct Row<'a> {
    v: u8,
    id: &'a str,
    url: Option<&'a str>,
    source: Option<SourceField<'a>>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorField<'a>>,
    verdict: Verdict,
    kind: Option<PageKind>,
    kind_p: Option<f64>,
    scores: Option<RoundedScores>,
    confidence: Option<f64>,
    reasons: Reasons<'a>,
    #[serde(skip_serializing_if = "<[Repair]>::is_empty")]
    repairs: &'a [Repair],
    source_evidence: Option<SourceEvidenceField>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host_evidence: Option<HostEntry>,
    lang: Option<&'a str>,
    title: Option<&'a str>,
    author: Option<&'a str>,
    date: Option<&'a str>,
    simhash: Option<Hex>,
    layout: Option<Hex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<FieldsEntry<'a>>,
    #[serde(flatten)]
    body: BodyEntry<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocks: Option<Blocks<'a>>,
}

/// A hash as a string: many readers of JSON round numbers of 64 bits.
struct Hex(u64);

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:016x}", self.0))
    }
}

#[derive(Serialize)]
struct SourceField<'a> {
    input: &'a str,
    position: u64,
}

impl<'a> From<&'a Provenance> for SourceField<'a> {
    fn from(from: &'a Provenance) -> Self {
        Self { input: &from.input, position: from.position }
    }
}

/// The record's own fields.
#[derive(Serialize)]
#[serde(untagged)]
enum FieldsEntry<'a> {
    Object(&'a RawValue),
    Text(&'a str),
}

/// The body under the name that its field has.
struct BodyEntry<'a> {
    name: &'a str,
    text: Option<String>,
}

impl Serialize for BodyEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.name, &self.text)?;
        map.end()
    }
}

#[derive(Serialize)]
struct ErrorField<'a> {
    kind: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct RoundedScores {
    boilerplate: f64,
    ads: f64,
    adult: f64,
    gambling: f64,
    scam: f64,
    seo: f64,
    quality: f64,
    empty: f64,
}

impl From<Scores> for RoundedScores {
    fn from(scores: Scores) -> Self {
        Self {
            boilerplate: rounded(scores.boilerplate),
            ads: rounded(scores.ads),
            adult: rounded(scores.adult),
            gambling: rounded(scores.gambling),
            scam: rounded(scores.scam),
            seo: rounded(scores.seo),
            quality: rounded(scores.quality),
            empty: rounded(scores.empty),
        }
    }
}

struct Reasons<'a>(&'a [Finding]);

#[derive(Serialize)]
struct ReasonField<'a> {
    name: &'a str,
    of: &'a str,
    weight: f64,
    text: &'a str,
    blocks: &'a [usize],
}

impl<'a> From<&'a Finding> for ReasonField<'a> {
    fn from(reason: &'a Finding) -> Self {
        Self {
            name: reason.reason.as_str(),
            of: reason.of,
            weight: rounded(reason.weight),
            text: &reason.text,
            blocks: &reason.blocks,
        }
    }
}

impl Serialize for Reasons<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(ReasonField::from))
    }
}

struct Blocks<'a> {
    report: &'a Report,
    explained: bool,
}

impl Serialize for Blocks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(None)?;
        for (block, said) in self.report.blocks() {
            let signs = self.report.signs().get(block.index());
            let explained = self.explained.then(|| ExplainedField::new(block, signs));
            let template = self.report.repeats(block.index());
            rows.serialize_element(&BlockField { template, ..BlockField::new(block, said, explained) })?;
        }
        rows.end()
    }
}

#[derive(Serialize)]
struct BlockField<'a> {
    label: &'static str,
    p: f64,
    body: f64,
    reason: &'static str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<(u32, u32)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<u32>,
    #[serde(flatten)]
    explained: Option<ExplainedField<'a>>,
}

impl<'a> BlockField<'a> {
    fn new(block: Block<'a>, report: &BlockReport, explained: Option<ExplainedField<'a>>) -> Self {
        let lines = block.lines();
        Self {
            label: report.label.as_str(),
            p: rounded(report.probability),
            body: rounded(report.body_probability),
            reason: report.reason.as_str(),
            text: block.text(),
            lines,
            path: lines.is_none().then(|| path_end(block.path())),
            template: None,
            explained,
        }
    }
}

#[derive(Serialize)]
struct ExplainedField<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u8>,
    runner_up: Option<RunnerUpField>,
    claims: Vec<ClaimField>,
    signs: Vec<SignField<'a>>,
}

#[derive(Serialize)]
struct RunnerUpField {
    label: &'static str,
    p: f64,
}

#[derive(Serialize)]
struct ClaimField {
    source: &'static str,
    label: &'static str,
    reason: &'static str,
}

impl From<&Claim> for ClaimField {
    fn from(claim: &Claim) -> Self {
        let Claim { source, label, reason, .. } = *claim;
        Self { source: source.as_str(), label: label.as_str(), reason: reason.as_str() }
    }
}

#[derive(Serialize)]
struct SignField<'a> {
    name: &'a str,
    weight: f64,
    text: &'a str,
}

impl<'a> ExplainedField<'a> {
    fn new(block: Block<'a>, signs: Option<&'a BlockSigns>) -> Self {
        let runner_up = signs.and_then(|signs| signs.runner_up);
        let field =
            |sign: &'a Sign| SignField { name: &sign.name, weight: rounded(sign.weight), text: &sign.text };
        Self {
            kind: block.kind().as_str(),
            level: block.kind().level(),
            runner_up: runner_up
                .map(|other| RunnerUpField { label: other.label.as_str(), p: rounded(other.probability) }),
            claims: signs
                .map(|signs| signs.claims.iter().map(ClaimField::from).collect())
                .unwrap_or_default(),
            signs: signs.map(|signs| signs.signs.iter().map(field).collect()).unwrap_or_default(),
        }
    }
}

fn path_end(path: String) -> String {
    if path.len() <= PATH_BYTES {
        return path;
    }
    let end = path.get(path.ceil_char_boundary(path.len() - PATH_BYTES)..).unwrap_or_default();
    let steps = end.split_once('/').map_or(end, |(_, steps)| steps);
    format!("…/{steps}")
}

/// Four decimals, and no minus zero.
fn rounded(value: f32) -> f64 {
    (f64::from(value) * 1e4).round() / 1e4 + 0.0
}

#[cfg(test)]
mod tests;
