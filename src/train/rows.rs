//! JSON lines of labelled texts and pages → examples of kinds.
//!
//! A row is a line of text (`{"text", "label"}`) or a page (`{"html" or "text", "blocks": [{"text", "label"}]}`,
//! or with a `label` of the whole page). Also read: `lang`, `source` (where the row came from), `page` (the page
//! that a line stood on), `evidence` (how the label is known) and `redist` (whether models that are passed on may
//! learn from it). Labels are those of [`Label`], and the names that other collections have for the same things
//! ([`Allowed::of_name`]).

use crate::classify::Label;
use crate::eval::{read_text, wrong};
use crate::{Error, Result};
use serde::Deserialize;
use std::path::Path;

/// The labels that a text may have, as far as is known: one bit each, in the order of [`Label::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed(u16);

impl Allowed {
    /// One label.
    pub fn one(label: Label) -> Self {
        Self(1 << label as u16)
    }

    /// Any of these.
    pub fn any(labels: &[Label]) -> Self {
        Self(labels.iter().fold(0, |bits, label| bits | 1 << *label as u16))
    }

    /// Everything outside the main content that is not spam about an unrelated matter.
    pub fn plain_junk() -> Self {
        Self::any(&[Meta, Comment, Nav, Related, Ad, Promo, Legal, Social, Ui])
    }

    /// What a name in a collection of labelled texts says; none if it says nothing of use here.
    pub fn of_name(name: &str) -> Option<Self> {
        let own = Label::ALL.iter().find(|label| label.as_str() == name);
        if let Some(label) = own {
            return Some(Self::one(*label));
        }
        Some(match name {
            "clean" | "title" => Self::one(Body),
            "headline" => Self::any(&[Related, Body]),
            "chat" => Self::any(&[Comment, Body]),
            "breadcrumb" | "pagination" => Self::one(Nav),
            "icp" | "copyright" | "disclaimer" | "cookie" => Self::one(Legal),
            "share" => Self::one(Social),
            "tags" => Self::one(Meta),
            "circumvention" => Self::one(Promo),
            "noise" | "hidden-links" => Self::one(Seo),
            "prompt" => Self::any(&[Ui, Promo, Social]),
            "footer" => Self::any(&[Nav, Legal, Related, Meta, Ui]),
            "sidebar" => Self::any(&[Related, Nav, Promo, Ad, Meta]),
            "junk" | "other" => Self::plain_junk(),
            _ => return None,
        })
    }

    /// Whether a label is among them.
    pub fn has(self, label: usize) -> bool {
        self.0 >> label & 1 == 1
    }

    /// The label, where there is only one.
    pub fn only(self) -> Option<Label> {
        self.0.is_power_of_two().then(|| Label::ALL.get(self.0.trailing_zeros() as usize).copied()).flatten()
    }

    /// These and those.
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

use Label::{Ad, Body, Comment, Legal, Meta, Nav, Promo, Related, Seo, Social, Ui};

/// A labelled text without a page around it.
#[derive(Debug, Clone, PartialEq)]
pub struct TextRow {
    /// Its text.
    pub text: String,
    /// What it may be.
    pub allowed: Allowed,
    /// `zh`, `zh-Hant`, `en`, …
    pub lang: String,
    /// Where it came from.
    pub source: String,
    /// What must stay on one side of a split: its page, or the text itself.
    pub group: String,
    /// How much it counts, 1 for a label that a person has given.
    pub weight: f32,
}

/// A page with labelled blocks.
#[derive(Debug, Clone, PartialEq)]
pub struct PageRow {
    /// Its source, if the page is HTML.
    pub html: Option<String>,
    /// Its text, as a tool would extract it.
    pub text: Option<String>,
    /// The texts of its blocks and what they are, in page order; empty if only the page is labelled.
    pub blocks: Vec<(String, Allowed)>,
    /// What the page is, as the collection calls it.
    pub label: String,
    /// `zh`, `zh-Hant`, `en`, …
    pub lang: String,
    /// What must stay on one side of a split.
    pub group: String,
}

/// Which rows are read.
#[derive(Debug, Clone, Default)]
pub struct RowFilter {
    redistributable: bool,
    excluded: Vec<String>,
}

impl RowFilter {
    /// Leaves out rows that are marked `"redist": false`.
    pub fn with_redistributable_only(mut self) -> Self {
        self.redistributable = true;
        self
    }

    /// Leaves out rows whose `source` starts with this.
    pub fn with_excluded(mut self, source: &str) -> Self {
        self.excluded.push(source.to_owned());
        self
    }

    fn takes(&self, row: &Row) -> bool {
        let source = row.source.as_deref().unwrap_or_default();
        let excluded = self.excluded.iter().any(|excluded| source.starts_with(excluded.as_str()));
        !excluded && (!self.redistributable || row.redist.unwrap_or(true))
    }
}

#[derive(Debug, Deserialize)]
struct Row {
    id: Option<String>,
    text: Option<String>,
    html: Option<String>,
    label: Option<String>,
    lang: Option<String>,
    source: Option<String>,
    page: Option<String>,
    evidence: Option<String>,
    redist: Option<bool>,
    blocks: Option<Vec<BlockRow>>,
}

#[derive(Debug, Deserialize)]
struct BlockRow {
    text: String,
    label: String,
}

/// Labelled texts and pages of a file of JSON lines, also compressed with gzip.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// Single texts.
    pub texts: Vec<TextRow>,
    /// Pages.
    pub pages: Vec<PageRow>,
}

impl Rows {
    /// Reads a file; the errors name every line that cannot be used.
    pub fn open(path: &Path, filter: &RowFilter) -> Result<Self, Vec<Error>> {
        let content = read_text(path).map_err(|error| vec![error])?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (mut rows, mut problems) = (Self::default(), Vec::new());
        for (at, line) in content.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let row = serde_json::from_str::<Row>(line).map_err(|error| error.to_string());
            let added =
                row.and_then(|row| if filter.takes(&row) { rows.add(row, &name, at) } else { Ok(()) });
            if let Err(problem) = added {
                problems.push(wrong(path, at + 1, problem));
            }
        }
        if problems.is_empty() { Ok(rows) } else { Err(problems) }
    }

    fn add(&mut self, row: Row, file: &str, at: usize) -> Result<(), String> {
        let lang = row.lang.unwrap_or_default();
        let label = row.label.unwrap_or_default();
        let source = row.source.unwrap_or_else(|| file.to_owned());
        if row.html.is_some() || row.blocks.is_some() {
            let blocks = row.blocks.unwrap_or_default().into_iter();
            let brand = BRANDED.contains(&label.as_str());
            let known = |block: &BlockRow| {
                allowed(&block.label).map(|known| if brand { branded(known) } else { known })
            };
            let blocks = blocks.map(|block| known(&block).map(|known| (block.text, known)));
            let group = row.id.unwrap_or_else(|| format!("{file}#{at}"));
            let blocks = blocks.collect::<Result<_, _>>()?;
            self.pages.push(PageRow { html: row.html, text: row.text, blocks, label, lang, group });
            return Ok(());
        }
        let text = row.text.filter(|text| !text.trim().is_empty());
        let text = text.ok_or("expected `text` or `html`, found neither")?;
        let evidence = row.evidence.unwrap_or_default();
        let (allowed, weight) = trusted(allowed(&label)?, &evidence, &source);
        let group = row.page.unwrap_or_else(|| text.clone());
        self.texts.push(TextRow { text, allowed, lang, source, group, weight });
        Ok(())
    }
}

/// Patterns of pages on which a gambling brand stands where the organisation's name stood.
const BRANDED: [&str; 2] = ["hijack", "doorway"];

/// What a block of such a page may be: a line of names is navigation or a copyright line by its place, and gambling by
/// the name in it. To call it one of them would teach that the brand is harmless, or the place is not.
fn branded(known: Allowed) -> Allowed {
    let names = [Nav, Legal, Meta].map(Allowed::one);
    if names.contains(&known) { known.or(Allowed::one(Label::Gambling)) } else { known }
}

fn allowed(label: &str) -> Result<Allowed, String> {
    Allowed::of_name(label).ok_or_else(|| {
        let known: Vec<&str> = Label::ALL.iter().map(|label| label.as_str()).collect();
        format!("unknown label `{label}`; known are {}", known.join(", "))
    })
}

/// What a label is worth by how it is known. That a block stands in an element of some class tells its kind seven
/// times of eight; a line of a spam mail need not be spam; words of a host's name are no line of a page.
fn trusted(allowed: Allowed, evidence: &str, source: &str) -> (Allowed, f32) {
    match evidence {
        _ if evidence.starts_with("class:") => (allowed, 0.4),
        "mail is spam" => (allowed.or(Allowed::one(Label::Scam)), 0.3),
        "words of a listed host name" => (allowed, 0.3),
        _ if source.starts_with("synthetic") => (allowed, 0.5),
        _ => (allowed, 1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(content: &str, filter: &RowFilter) -> Result<Rows, Vec<Error>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("rows.jsonl");
        std::fs::write(&path, content).unwrap();
        Rows::open(&path, filter)
    }

    const ROWS: &str = r#"{"text":"Slots tonight","label":"gambling","lang":"en","source":"a"}
{"text":"Ownerless","label":"clean","source":"b:c","redist":false}

{"id":"p","html":"<p>x","blocks":[{"text":"x","label":"title"}],"label":"tail"}
"#;

    #[test]
    fn a_brand_in_a_breadcrumb_may_be_either() {
        let row = r#"{"html":"<p>x","blocks":[{"text":"Home > B","label":"breadcrumb"},{"text":"x","label":"body"}],"label":"hijack"}"#;
        let rows = open(row, &RowFilter::default()).unwrap();
        let either = Allowed::any(&[Label::Nav, Label::Gambling]);
        assert_eq!(rows.pages[0].blocks[0].1, either);
        assert_eq!(rows.pages[0].blocks[1].1, Allowed::one(Label::Body));
    }

    #[test]
    fn texts_and_pages_are_read_and_filtered() {
        let all = open(ROWS, &RowFilter::default()).unwrap();
        assert_eq!((all.texts.len(), all.pages.len()), (2, 1));
        assert_eq!(all.texts[0].allowed.only(), Some(Label::Gambling));
        assert_eq!(all.pages[0].blocks, [("x".to_owned(), Allowed::one(Label::Body))]);
        let some = open(ROWS, &RowFilter::default().with_redistributable_only().with_excluded("a")).unwrap();
        assert!(some.texts.is_empty() && some.pages.len() == 1);
    }

    #[test]
    fn wrong_rows_are_named() {
        let found =
            open("{\"text\":\"x\",\"label\":\"spam\"}\nno\n{\"label\":\"ad\"}\n", &RowFilter::default());
        let found: Vec<String> = found.unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].contains(":1: unknown label `spam`; known are body"), "{found:?}");
        assert!(found[2].contains(":3: expected `text` or `html`"), "{found:?}");
    }
}
