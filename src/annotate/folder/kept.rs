//! A page → what a folder has of it already, so that nobody corrects it twice.

use super::versions;
use crate::annotate::name::Name;
use crate::classify::Label;
use crate::eval::LabelRules;
use crate::page::{Document, Limits, Media, Page};
use crate::{Error, Result};
use std::collections::{HashMap, VecDeque};
use std::path::Path;

/// What a folder has of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its name in the folder.
    pub name: String,
    /// Its type.
    pub page_type: String,
    /// A label for each block of the page as it is now, in order; none for blocks that the page did not have when it was
    /// labelled.
    pub labels: Vec<Option<Label>>,
}

/// The last version of a page in a folder's `pages`.
pub(super) fn find(pages: &Path, document: &Document) -> Result<Option<Kept>, Vec<Error>> {
    if !pages.is_dir() {
        return Ok(None);
    }
    let page = Page::read(document, &Limits::default());
    let bytes = super::stored(document, &page);
    let ending = if page.source().media == Media::Text { "txt" } else { "html" };
    let name = Name::of(document, ending, "en", &bytes);
    let found = versions(pages, &name).map_err(|error| vec![error])?;
    let Some(name) = found.into_iter().next_back() else { return Ok(None) };
    let rules = LabelRules::open(&pages.join(format!("{name}.labels")))?;
    let before = labelled(&pages.join(format!("{name}.{ending}")), &rules)?;
    let page_type = rules.header.value("type").unwrap_or_default().to_owned();
    Ok(Some(Kept { name, page_type, labels: carried_over(&before, &page) }))
}

/// Texts and labels of a saved page's blocks.
fn labelled(path: &Path, rules: &LabelRules) -> Result<Vec<(String, Option<Label>)>, Vec<Error>> {
    let bytes = std::fs::read(path).map_err(|error| vec![Error::io("read", path)(error)])?;
    let is_text = path.extension().is_some_and(|ending| ending == "txt");
    let document = if is_text { Document::text(bytes) } else { Document::html(bytes) };
    let page = Page::read(&document, &Limits::default());
    let labels = rules.resolve(&page, &document)?;
    Ok(page.blocks().map(|block| block.text().to_owned()).zip(labels).collect())
}

/// Labels of blocks of the same text, in order; where the texts are the same as before, of all.
fn carried_over(before: &[(String, Option<Label>)], page: &Page) -> Vec<Option<Label>> {
    if before.iter().map(|(text, _)| text.as_str()).eq(page.blocks().map(|block| block.text())) {
        return before.iter().map(|(_, label)| *label).collect();
    }
    let mut by_text: HashMap<&str, VecDeque<Option<Label>>> = HashMap::new();
    for (text, label) in before {
        by_text.entry(text).or_default().push_back(*label);
    }
    page.blocks().map(|block| by_text.get_mut(block.text())?.pop_front()?).collect()
}
