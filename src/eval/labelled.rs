//! Files of pages whose blocks are labelled, and of single labelled lines → [`LabelledSet`].

use super::files::{each_line, folder_name, only_first, parse, split_name, wrong};
use super::training::{LabelledLine, lines_of, training_lines};
use super::truth::Truth;
use crate::page::{Document, Page};
use crate::{Error, Result};
use serde::Deserialize;
use std::path::Path;

/// Pages whose blocks are labelled by their texts.
#[derive(Debug, Clone)]
pub struct LabelledSet {
    /// The file's name without its endings; for the lines of a folder, `FOLDER lines`.
    pub name: String,
    /// Its pages, in the order of the file.
    pub pages: Vec<LabelledPage>,
}

/// A page whose blocks are labelled by their texts; a single line is a page of one.
#[derive(Debug, Clone)]
pub struct LabelledPage {
    /// Identifier: the row's `id`, else the line's number.
    pub id: String,
    /// Where the row comes from, as it says itself; empty where it does not.
    pub source: String,
    /// Its language as the row gives it.
    pub lang: Option<String>,
    /// The page.
    pub document: Document,
    blocks: Vec<LabelledText>,
}

/// A text without its white space, and what it is.
#[derive(Debug, Clone)]
struct LabelledText {
    text: String,
    truth: Truth,
}

/// A line of a file of JSON lines; fields that are not named here are not looked at. It is a text (`text`, `label`), or a
/// page (`html`, `text` or both) with its blocks, with a label of the whole page, or with both.
#[derive(Debug, Deserialize)]
#[cfg_attr(not(feature = "train"), expect(dead_code, reason = "training alone asks where a row is from"))]
pub(crate) struct Row {
    pub(crate) id: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) html: Option<String>,
    pub(crate) text: Option<String>,
    /// `kind` in sets of whole pages.
    #[serde(alias = "kind")]
    pub(crate) label: Option<String>,
    /// The verdict that a reader gave a whole page.
    pub(crate) keep: Option<String>,
    pub(crate) blocks: Option<Vec<RowBlock>>,
    pub(crate) lang: Option<String>,
    /// Where it came from.
    pub(crate) source: Option<String>,
    /// The page that a text stood on.
    pub(crate) page: Option<String>,
    /// How the label is known.
    pub(crate) evidence: Option<String>,
    /// Whether models that are passed on may learn from it.
    pub(crate) redist: Option<bool>,
}

/// A block of a page, and labels that would be right too.
#[derive(Debug, Deserialize)]
pub(crate) struct RowBlock {
    text: String,
    label: String,
    #[serde(default)]
    also: Vec<String>,
}

impl LabelledSet {
    /// Opens a file, also compressed with gzip:
    ///
    /// - JSON lines of `{html or text, blocks: [{text, label, also}]}`, also `id`, `url`, `lang`, `source`: pages in
    ///   reading order of their blocks. A row with `html` and `text` is judged as both;
    /// - JSON lines of `{text, label, lang, source}`, each a page of one line;
    /// - `.tsv`: lines of `LABEL <TAB> LANGUAGE <TAB> TEXT`.
    ///
    /// A label is one of ours or of those that [`Truth::named`] knows.
    pub fn open(path: &Path) -> Result<Self> {
        let (name, ending) = split_name(path);
        let pages: Vec<LabelledPage> = match ending.as_str() {
            "tsv" => lines_of(path).map(|lines| lines.into_iter().map(LabelledPage::of_line).collect()),
            "jsonl" | "ndjson" | "json" => {
                each_line(path, |number, line| parse::<Row>(line)?.labelled(number))
                    .map(|pages| pages.into_iter().flatten().collect())
            }
            _ => Err(vec![unknown_ending(path)]),
        }
        .map_err(only_first)?;
        if pages.is_empty() {
            return Err(wrong(path, 0, "the set has no page and no line"));
        }
        Ok(Self { name, pages })
    }

    /// The single lines of a folder of training data, `lines/*.tsv`, each with its file's name as source; none
    /// where it has no such line.
    pub fn lines_of(folder: &Path) -> Result<Option<Self>> {
        let lines = training_lines(folder).map_err(only_first)?;
        let name = format!("{} lines", folder_name(folder));
        let pages: Vec<_> = lines.into_iter().map(LabelledPage::of_line).collect();
        Ok((!pages.is_empty()).then_some(Self { name, pages }))
    }
}

fn unknown_ending(path: &Path) -> Error {
    let expected = "expected a folder, JSON lines (.jsonl, .jsonl.gz) or labelled lines (.tsv)";
    wrong(path, 0, format!("{expected}, found another ending; see `pagesieve eval --help`"))
}

impl Row {
    /// The row's HTML and its text, each as a document.
    pub(crate) fn documents(&self, number: usize) -> Result<Vec<Document>, String> {
        let html = self.html.as_deref().map(Document::html);
        let text = self.text.as_deref().map(Document::text);
        let id = self.id.clone().unwrap_or_else(|| number.to_string());
        let documents = html.into_iter().chain(text).map(|document| {
            let document = document.with_charset("utf-8").with_id(id.as_str());
            self.url.iter().fold(document, |document, url| document.with_url(url.as_str()))
        });
        let documents: Vec<Document> = documents.collect();
        if documents.is_empty() {
            Err("expected `html` or `text`, found neither".to_owned())
        } else {
            Ok(documents)
        }
    }

    /// A page for each document of the row.
    pub(crate) fn pages(&self, number: usize, blocks: &[RowBlock]) -> Result<Vec<LabelledPage>, String> {
        let blocks = blocks.iter().map(RowBlock::labelled).collect::<Result<Vec<_>, _>>()?;
        let page = |document: Document| LabelledPage {
            id: document.id().to_owned(),
            source: self.source.clone().unwrap_or_default(),
            lang: self.lang.clone(),
            document,
            blocks: blocks.clone(),
        };
        Ok(self.documents(number)?.into_iter().map(page).collect())
    }

    /// The pages of a row that says what its blocks are, or what its one text is.
    fn labelled(mut self, number: usize) -> Result<Vec<LabelledPage>, String> {
        let blocks = match (self.blocks.take(), &self.label, &self.text) {
            (Some(blocks), ..) => blocks,
            (None, Some(label), Some(text)) => {
                vec![RowBlock { text: text.clone(), label: label.clone(), also: Vec::new() }]
            }
            _ => return Err("expected `blocks` or `text` and `label`, found neither".to_owned()),
        };
        self.pages(number, &blocks)
    }
}

impl RowBlock {
    fn labelled(&self) -> Result<LabelledText, String> {
        Ok(LabelledText::new(&self.text, Truth::named(&self.label, &self.also)?))
    }
}

impl LabelledText {
    fn new(text: &str, truth: Truth) -> Self {
        Self { text: text.split_whitespace().collect(), truth }
    }
}

/// Texts of fewer bytes stand on a page more than once: one that is found further down does not move the place from
/// where the next one is looked for. Chosen by hand: some eight Chinese characters.
const DISTINCT: usize = 24;

impl LabelledPage {
    fn of_line(line: LabelledLine) -> Self {
        Self {
            id: format!("{}:{}", line.source, line.line),
            source: line.source,
            lang: Some(line.lang),
            blocks: vec![LabelledText::new(&line.text, Truth::of_label(line.label))],
            document: Document::text(line.text),
        }
    }

    /// What each block of the page is; none where its text is in no labelled text. White space does not count. A
    /// block that is part of a labelled text has its label; one that holds several has that of the longest.
    pub fn truths(&self, page: &Page) -> Vec<Option<Truth>> {
        let whole: String = self.blocks.iter().map(|block| block.text.as_str()).collect();
        let mut from = 0;
        let truth = |block: crate::page::Block<'_>| {
            let text: String = block.text().split_whitespace().collect();
            let Some(at) = find(&whole, &text, from) else { return self.longest_in(&text) };
            if at == from || (at > from && text.len() >= DISTINCT) {
                from = at + text.len();
            }
            self.covering(at, at + text.len())
        };
        page.blocks().map(truth).collect()
    }

    /// The labelled text that holds most of these bytes.
    fn covering(&self, from: usize, to: usize) -> Option<Truth> {
        let mut start = 0;
        let shares = self.blocks.iter().map(|block| {
            let end = start + block.text.len();
            let share = end.min(to).saturating_sub(start.max(from));
            start = end;
            (share, block.truth)
        });
        // Of equal shares the first one counts.
        let best = shares.reduce(|best, other| if other.0 > best.0 { other } else { best });
        best.filter(|(share, _)| *share > 0).map(|(_, truth)| truth)
    }

    /// The longest labelled text that stands in a block's text, if it is at least half of it.
    fn longest_in(&self, text: &str) -> Option<Truth> {
        let inside = self.blocks.iter().filter(|block| !block.text.is_empty() && text.contains(&block.text));
        let longest = inside.max_by_key(|block| block.text.len());
        longest.filter(|block| block.text.len() * 2 >= text.len()).map(|block| block.truth)
    }
}

/// Where a text stands in `whole`: the first place from `from` on, else the first of all.
fn find(whole: &str, text: &str, from: usize) -> Option<usize> {
    if text.is_empty() {
        return None;
    }
    let later = whole.get(from..).and_then(|rest| rest.find(text)).map(|at| from + at);
    later.or_else(|| whole.find(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Label;
    use crate::page::Limits;
    use std::fs;

    fn open(name: &str, content: &str) -> Result<LabelledSet> {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(name), content).unwrap();
        LabelledSet::open(&dir.path().join(name))
    }

    fn labels(page: &LabelledPage) -> Vec<Option<Label>> {
        let read = Page::read(&page.document, &Limits::default());
        page.truths(&read).into_iter().map(|truth| truth.and_then(Truth::only)).collect()
    }

    #[test]
    fn blocks_have_the_labels_of_the_texts_that_they_are_part_of() {
        let row = serde_json::json!({
            "id": "a", "lang": "zh", "source": "made",
            "html": "<nav><ul><li>首页<li>新闻</ul></nav><h1>采茶</h1><p>采茶要在清晨。<p>没有人标过。<footer>京ICP备1号</footer>",
            "text": "首页 新闻\n采茶\n采茶要在清晨。",
            "blocks": [
                {"text": "首页 新闻", "label": "nav"}, {"text": "采茶", "label": "title"},
                {"text": "采茶要在清晨。", "label": "body"}, {"text": "京ICP备1号", "label": "icp"}
            ]
        });
        let set = open("rows.jsonl", &row.to_string()).unwrap();
        let [html, text] = &set.pages[..] else { panic!("{set:?}") };
        assert_eq!((html.source.as_str(), html.id.as_str(), set.name.as_str()), ("made", "a", "rows"));
        let (nav, body) = (Some(Label::Nav), Some(Label::Body));
        assert_eq!(labels(html), [nav, nav, body, body, None, Some(Label::Legal)]);
        assert_eq!(labels(text), [nav, body, body]);
    }

    #[test]
    fn a_text_that_stands_twice_has_the_label_of_its_place() {
        let row = serde_json::json!({
            "text": "雨水很多\n今年的雨水比往年多了三成。\n雨水很多",
            "blocks": [
                {"text": "雨水很多", "label": "title"}, {"text": "今年的雨水比往年多了三成。", "label": "body"},
                {"text": "雨水很多", "label": "related"}
            ]
        });
        let set = open("rows.jsonl", &row.to_string()).unwrap();
        assert_eq!(labels(&set.pages[0]), [Label::Body, Label::Body, Label::Related].map(Some));
    }

    #[test]
    fn a_line_is_a_page_of_one_block() {
        let rows =
            "{\"text\":\"澳门 威尼斯人\",\"label\":\"gambling\",\"lang\":\"zh\",\"source\":\"sms\"}\n\n";
        let set = open("lines.jsonl", rows).unwrap();
        assert_eq!((set.pages.len(), set.pages[0].source.as_str()), (1, "sms"));
        assert_eq!(labels(&set.pages[0]), [Some(Label::Gambling)]);
        let set = open("zh-junk.tsv", "#! note\nad\tzh\t买茶\n").unwrap();
        assert_eq!((labels(&set.pages[0]), set.pages[0].source.as_str()), (vec![Some(Label::Ad)], "zh-junk"));
    }

    #[test]
    fn lines_of_training_data_are_one_set() {
        let dir = tempfile::tempdir().unwrap();
        assert!(LabelledSet::lines_of(dir.path()).unwrap().is_none());
        fs::create_dir(dir.path().join("lines")).unwrap();
        fs::write(dir.path().join("lines/a.tsv"), "ad\tzh\t买茶\n").unwrap();
        fs::write(dir.path().join("lines/b.tsv"), "ui\ten\tClose\n").unwrap();
        let set = LabelledSet::lines_of(dir.path()).unwrap().unwrap();
        let sources: Vec<_> = set.pages.iter().map(|page| page.source.as_str()).collect();
        assert_eq!(sources, ["a", "b"]);
        assert!(set.name.ends_with(" lines"), "{}", set.name);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let problem = |name: &str, content: &str| open(name, content).unwrap_err().to_string();
        let unknown =
            problem("a.jsonl", "{\"text\":\"x\",\"label\":\"ad\"}\n{\"text\":\"x\",\"label\":\"menu\"}\n");
        assert!(unknown.contains("a.jsonl:2: unknown label `menu`; known are body"), "{unknown}");
        assert!(
            problem("a.jsonl", "{\"text\":\"x\"}").contains(":1: expected `blocks` or `text` and `label`")
        );
        assert!(problem("a.jsonl", "{\"blocks\":[]}").contains(":1: expected `html` or `text`"));
        assert!(problem("a.jsonl", "{\"text\":").contains("a.jsonl:1: "));
        assert!(problem("a.tsv", "ad\tfr\tx").contains("unknown language `fr`"));
        assert!(problem("a.csv", "x").contains("expected a folder, JSON lines"));
        assert!(problem("a.tsv", "\n").contains("has no page"));
    }
}
