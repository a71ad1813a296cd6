//! JSON lines of labelled texts and pages → rows of a [`Dataset`].
//!
//! A row is a text (`text`, `label`) or a page (`html` or `text`, with `blocks` or with a `label` of the whole page).
//! Also read: `lang`, `source` (where the row came from), `page` (the page that a text stood on), `evidence` (how the
//! label is known) and `redist` (whether models that are passed on may learn from it).

use super::dataset::Dataset;
use crate::Error;
use crate::classify::Label;
use crate::eval::{LabelledLine, LabelledPage, Row, Truth, each_line, parse};
use crate::page::Page;
use std::path::Path;

/// A labelled text without a page around it.
#[derive(Debug, Clone, PartialEq)]
pub struct TextRow {
    /// Its text.
    pub text: String,
    /// What it is.
    pub truth: Truth,
    /// `zh`, `zh-Hant`, `en`, …
    pub lang: String,
    /// Where it came from.
    pub source: String,
    /// What must stay on one side of a split: its page, or the text itself.
    pub group: String,
    /// How much it counts, 1 for a label that a person has given.
    pub weight: f32,
}

/// A page with labelled blocks, as HTML or as text.
#[derive(Debug, Clone)]
pub struct PageRow {
    /// The page; it has no blocks if only the page is labelled.
    pub page: LabelledPage,
    /// What the page is, as the collection calls it.
    pub label: String,
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

impl Dataset {
    /// Adds the texts and pages of a file of JSON lines, also compressed with gzip; the errors name every line that
    /// cannot be used.
    pub fn add_rows(&mut self, path: &Path, filter: &RowFilter) -> Result<(), Vec<Error>> {
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        each_line(path, |number, line| {
            let row: Row = parse(line)?;
            if !filter.takes(&row) {
                return Ok(());
            }
            if row.html.is_some() || row.blocks.is_some() {
                self.pages.extend(PageRow::of(row, number, &file)?);
            } else {
                self.texts.push(TextRow::of(row, &file)?);
            }
            Ok(())
        })?;
        Ok(())
    }
}

impl TextRow {
    fn of(row: Row, file: &str) -> Result<Self, String> {
        let text = row.text.filter(|text| !text.trim().is_empty());
        let text = text.ok_or("expected `text` or `html`, found neither")?;
        let truth = Truth::named::<&str>(&row.label.unwrap_or_default(), &[])?;
        let source = row.source.unwrap_or_else(|| file.to_owned());
        let (truth, weight) = trusted(truth, row.evidence.as_deref().unwrap_or_default(), &source);
        let group = row.page.unwrap_or_else(|| text.clone());
        Ok(Self { text, truth, lang: row.lang.unwrap_or_default(), source, group, weight })
    }

    /// A line that a person has labelled.
    pub(super) fn of_line(line: LabelledLine) -> Self {
        let (truth, source) = (Truth::of_label(line.label), "training_data/lines".to_owned());
        Self { truth, lang: line.lang, source, group: line.text.clone(), text: line.text, weight: 1.0 }
    }
}

impl PageRow {
    /// The page of a row as HTML and as text, as far as it has them.
    fn of(mut row: Row, number: usize, file: &str) -> Result<Vec<Self>, String> {
        let blocks = row.blocks.take().unwrap_or_default();
        let pages = row.pages(number, &blocks)?;
        let label = row.label.unwrap_or_default();
        let group = row.id.unwrap_or_else(|| format!("{file}#{}", number - 1));
        let page = |page| Self { page, label: label.clone(), group: group.clone() };
        Ok(pages.into_iter().map(page).collect())
    }

    /// What the blocks are of the page that its document was read to.
    pub(super) fn truths(&self, page: &Page) -> Vec<Option<Truth>> {
        let brand = BRANDED.contains(&self.label.as_str());
        let truths = self.page.truths(page).into_iter();
        truths.map(|truth| truth.map(|truth| if brand { branded(truth) } else { truth })).collect()
    }
}

/// Patterns of pages on which a gambling brand stands where the organisation's name stood.
const BRANDED: [&str; 2] = ["hijack", "doorway"];

/// What a block of such a page may be: a line of names is navigation or a copyright line by its place, and gambling by
/// the name in it. To call it one of them would teach that the brand is harmless, or the place is not.
fn branded(truth: Truth) -> Truth {
    match truth.only() {
        Some(Label::Nav | Label::Legal | Label::Meta) => truth.with_also(&[Label::Gambling]),
        _ => truth,
    }
}

/// What a label is worth by how it is known. That a block stands in an element of some class tells its kind seven
/// times of eight; a line of a spam mail need not be spam; words of a host's name are no line of a page.
fn trusted(truth: Truth, evidence: &str, source: &str) -> (Truth, f32) {
    match evidence {
        _ if evidence.starts_with("class:") => (truth, 0.4),
        "mail is spam" => (truth.with_also(&[Label::Scam]), 0.3),
        "words of a listed host name" => (truth, 0.3),
        _ if source.starts_with("synthetic") => (truth, 0.5),
        _ => (truth, 1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{LabelledSet, names};
    use crate::page::Limits;

    fn open(content: &str, filter: &RowFilter) -> Result<Dataset, Vec<Error>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("rows.jsonl");
        std::fs::write(&path, content).unwrap();
        let mut dataset = Dataset::default();
        dataset.add_rows(&path, filter).map(|()| dataset)
    }

    fn truths(row: &PageRow) -> Vec<Option<Truth>> {
        row.truths(&Page::read(&row.page.document, &Limits::default()))
    }

    const ROWS: &str = r#"{"text":"Slots tonight","label":"gambling","lang":"en","source":"a"}
{"text":"Ownerless","label":"clean","source":"b:c","redist":false}

{"id":"p","html":"<p>x","blocks":[{"text":"x","label":"title"}],"label":"tail"}
"#;

    #[test]
    fn training_and_measuring_read_the_same_from_every_name() {
        for name in names() {
            let line = format!("{{\"text\":\"x\",\"label\":\"{name}\"}}\n");
            let trained = open(&line, &RowFilter::default()).unwrap().texts[0].truth;
            let file = tempfile::Builder::new().suffix(".jsonl").tempfile().unwrap();
            std::fs::write(file.path(), line).unwrap();
            let measured = &LabelledSet::open(file.path()).unwrap().pages[0];
            let page = Page::read(&measured.document, &Limits::default());
            assert_eq!(measured.truths(&page), [Some(trained)], "{name}");
        }
    }

    #[test]
    fn a_brand_in_a_breadcrumb_may_be_either() {
        let row = r#"{"html":"<p>Home > B<p>x","blocks":[{"text":"Home > B","label":"breadcrumb"},{"text":"x","label":"body"}],"label":"hijack"}"#;
        let found = truths(&open(row, &RowFilter::default()).unwrap().pages[0]);
        let either = Truth::of_label(Label::Nav).with_also(&[Label::Gambling]);
        assert_eq!(found, [Some(either), Some(Truth::of_label(Label::Body))]);
    }

    #[test]
    fn texts_and_pages_are_read_and_filtered() {
        let all = open(ROWS, &RowFilter::default()).unwrap();
        assert_eq!((all.texts.len(), all.pages.len()), (2, 1));
        assert_eq!(all.texts[0].truth.only(), Some(Label::Gambling));
        assert_eq!(truths(&all.pages[0]), [Some(Truth::of_label(Label::Body))]);
        let some = open(ROWS, &RowFilter::default().with_redistributable_only().with_excluded("a")).unwrap();
        assert!(some.texts.is_empty() && some.pages.len() == 1);
    }

    #[test]
    fn wrong_rows_are_named_with_what_to_do() {
        let found =
            open("{\"text\":\"x\",\"label\":\"spam\"}\nno\n{\"label\":\"ad\"}\n", &RowFilter::default());
        let found: Vec<String> = found.unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].contains("rows.jsonl:1: unknown label `spam`; known are body"), "{found:?}");
        assert!(found[0].contains("correct it, or say in `FOREIGN`"), "{found:?}");
        assert!(found[2].contains(":3: expected `text` or `html`"), "{found:?}");
    }
}
