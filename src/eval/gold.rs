//! Folders of labelled pages in the public layouts → [`GoldSet`].

use super::align::{align, pieces};
use super::blocks::Language;
use super::facts::Facts;
use super::files::{
    each_line, files_in, first_file, folder_name, only_first, parse, parse_file, read_bytes, split_name,
    wrong,
};
use super::training::{TrainingPage, training_pages};
use super::truth::Truth;
use crate::classify::Label;
use crate::page::{Document, Limits, Page};
use crate::{Error, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

/// A set of pages whose main content is known.
#[derive(Debug, Clone)]
pub struct GoldSet {
    /// The folder's name; `wcxb-dev` for the folder `dev` of WCXB.
    pub name: String,
    /// Its pages, in the order of the gold file or of their names.
    pub pages: Vec<GoldPage>,
}

/// A page whose main content is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GoldPage {
    /// Identifier, unique in the set.
    pub id: String,
    /// The page's URL, where it is known.
    pub url: Option<String>,
    /// The registrable domain of its site, where the gold gives it: a saved page may have no URL.
    pub domain: Option<String>,
    /// `article`, `forum`, `product`, `collection`, `listing`, `documentation`, `service`…
    pub page_type: String,
    /// Its language (`zh`, `zh-Hant`, `en`), where the gold says it.
    pub lang: Option<String>,
    /// The main content; none where only snippets are known.
    pub text: Option<String>,
    /// Snippets that the main content has.
    pub with: Vec<String>,
    /// Snippets that the main content must not have.
    pub without: Vec<String>,
    /// What its blocks are, for a page that was labelled block by block.
    pub labels: Option<Vec<Option<Label>>>,
    /// Its title, author and date, as far as the gold has them.
    pub facts: Facts,
    /// The file of the page's bytes; compressed with gzip if it ends in `.gz`.
    pub path: PathBuf,
}

impl GoldPage {
    /// Reads the page's bytes.
    pub fn document(&self) -> Result<Document> {
        let bytes = read_bytes(&self.path)?;
        let name = self.path.to_string_lossy();
        let unpacked = Path::new(name.trim_end_matches(".gz"));
        let is_text = unpacked.extension().is_some_and(|ending| ending == "txt");
        let document = if is_text { Document::text(bytes) } else { Document::html(bytes) };
        let document = document.with_id(self.id.as_str());
        Ok(match &self.url {
            Some(url) => document.with_url(url.as_str()),
            None => document,
        })
    }

    /// Whether the gold (the text, else its snippets) is Chinese.
    pub fn is_chinese(&self) -> bool {
        match self.text.as_deref().filter(|text| !text.is_empty()) {
            Some(text) => super::is_chinese(text),
            None => super::is_chinese(&self.with.join(" ")),
        }
    }

    /// What is known of each block of the page: its label, or whether the main content was taken from it; none where
    /// only snippets are known.
    pub fn truths(&self, page: &Page) -> Option<Vec<Option<Truth>>> {
        if let Some(labels) = &self.labels {
            return Some(labels.iter().map(|label| label.map(Truth::of_label)).collect());
        }
        let found = align(&pieces(page), self.text.as_deref()?);
        Some(found.iter().map(|block| Some(Truth::of_body(block.accepted))).collect())
    }

    /// The language of the gold, else of a report on the page.
    pub fn language(&self, reported: Option<&str>) -> Language {
        if self.is_chinese() {
            Language::Chinese
        } else {
            Language::of_code(self.lang.as_deref().or(reported))
        }
    }
}

/// The layouts that a folder may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// `gold.jsonl`, one page a line, and `html/ID.html[.gz]`.
    Lines,
    /// WCXB: `ground-truth/ID.json` and `html/ID.html[.gz]`.
    Wcxb,
    /// Zyte's article-extraction-benchmark: `ground-truth.json` and `html/ID.html[.gz]`.
    Zyte,
    /// This project's training data: `pages/NAME.html` or `.txt` with `NAME.labels` or `NAME.body.txt`.
    Training,
}

impl Layout {
    /// The layout that a folder has by its files.
    fn of(folder: &Path) -> Option<Self> {
        let marks = [
            ("gold.jsonl", Self::Lines),
            ("ground-truth", Self::Wcxb),
            ("ground-truth.json", Self::Zyte),
            ("pages", Self::Training),
        ];
        marks.into_iter().find(|(name, _)| folder.join(name).exists()).map(|(_, layout)| layout)
    }
}

impl GoldSet {
    /// Opens a folder of labelled pages; its files tell the layout:
    ///
    /// - `gold.jsonl` (lines of `{id, text}`, also `url`, `type`, `with`, `without`, `title`, `author`, `date`)
    ///   and `html/ID.html[.gz]`;
    /// - WCXB's `dev` or `test`: `ground-truth/ID.json` and `html/ID.html[.gz]`;
    /// - the article-extraction-benchmark: `ground-truth.json` and `html/ID.html.gz`;
    /// - this project's training data: `pages/NAME.html|txt` and `pages/NAME.labels` or `.body.txt`.
    ///
    /// Only the gold is read; a page's bytes are read by [`GoldPage::document`].
    pub fn open(folder: &Path) -> Result<Self> {
        let pages = match Layout::of(folder) {
            Some(Layout::Lines) => read_lines(folder)?,
            Some(Layout::Wcxb) => read_wcxb(folder)?,
            Some(Layout::Zyte) => read_zyte(folder)?,
            Some(Layout::Training) => read_training(folder)?,
            None => return Err(unknown_layout(folder)),
        };
        if pages.is_empty() {
            return Err(wrong(folder, 0, "the set has no page"));
        }
        Ok(Self { name: set_name(folder), pages })
    }

    /// Leaves out the pages whose id another set has.
    pub fn without_pages_of(mut self, other: &Self) -> Self {
        let ids: HashSet<&str> = other.pages.iter().map(|page| page.id.as_str()).collect();
        self.pages.retain(|page| !ids.contains(page.id.as_str()));
        self
    }
}

fn unknown_layout(folder: &Path) -> Error {
    if !folder.is_dir() {
        return wrong(folder, 0, "expected a folder of labelled pages, found none here; check the path");
    }
    let inner = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut inner: Vec<_> = inner.filter(|path| path.is_dir() && Layout::of(path).is_some()).collect();
    inner.sort();
    let hint = match inner.first() {
        Some(path) => format!("give one of its folders, as `{}`", path.display()),
        None => "see `pagesieve eval --help` for the layouts".to_owned(),
    };
    let expected =
        "expected `gold.jsonl`, `ground-truth/`, `ground-truth.json` or `pages/`, found none of them";
    wrong(folder, 0, format!("{expected}; {hint}"))
}

fn set_name(folder: &Path) -> String {
    let name = folder_name(folder);
    match (Layout::of(folder), name.as_str()) {
        (Some(Layout::Wcxb), "dev" | "test") => format!("wcxb-{name}"),
        _ => name,
    }
}

/// A line of `gold.jsonl`; fields that are not named here are not looked at.
#[derive(Deserialize)]
struct Line {
    id: String,
    url: Option<String>,
    domain: Option<String>,
    r#type: Option<String>,
    text: Option<String>,
    with: Option<Vec<String>>,
    without: Option<Vec<String>>,
    title: Option<String>,
    author: Option<String>,
    date: Option<String>,
}

fn read_lines(folder: &Path) -> Result<Vec<GoldPage>> {
    let mut seen = HashSet::new();
    let page = |_, line: &str| {
        let line: Line = parse(line)?;
        if !seen.insert(line.id.clone()) {
            return Err(format!("the id `{}` stands twice; ids must differ", line.id));
        }
        Ok(GoldPage {
            path: find_page(folder, &line.id)?,
            id: line.id,
            url: line.url,
            domain: line.domain,
            page_type: page_type(line.r#type.as_deref()),
            text: line.text,
            with: line.with.unwrap_or_default(),
            without: line.without.unwrap_or_default(),
            facts: Facts { title: line.title, author: line.author, date: line.date },
            ..GoldPage::default()
        })
    };
    each_line(&folder.join("gold.jsonl"), page).map_err(only_first)
}

/// WCXB's file of one page.
#[derive(Deserialize)]
struct WcxbFile {
    url: Option<String>,
    ground_truth: WcxbTruth,
    #[serde(default, rename = "_internal")]
    internal: WcxbInternal,
}

#[derive(Deserialize)]
struct WcxbTruth {
    main_content: Option<String>,
    title: Option<String>,
    author: Option<String>,
    publish_date: Option<String>,
    with: Option<Vec<String>>,
    without: Option<Vec<String>>,
}

#[derive(Deserialize, Default)]
struct WcxbInternal {
    page_type: Option<WcxbType>,
}

#[derive(Deserialize)]
struct WcxbType {
    primary: Option<String>,
}

fn read_wcxb(folder: &Path) -> Result<Vec<GoldPage>> {
    let page = |path: &PathBuf| {
        let file: WcxbFile = parse_file(path)?;
        let (id, truth) = (split_name(path).0, file.ground_truth);
        Ok(GoldPage {
            path: find_page(folder, &id).map_err(|problem| wrong(path, 0, problem))?,
            id,
            url: file.url,
            page_type: page_type(file.internal.page_type.and_then(|found| found.primary).as_deref()),
            text: truth.main_content,
            with: truth.with.unwrap_or_default(),
            without: truth.without.unwrap_or_default(),
            facts: Facts { title: truth.title, author: truth.author, date: truth.publish_date },
            ..GoldPage::default()
        })
    };
    files_in(&folder.join("ground-truth"), ".json")?.iter().map(page).collect()
}

/// What Zyte's file says of one page.
#[derive(Deserialize)]
struct ZyteEntry {
    #[serde(rename = "articleBody")]
    body: Option<String>,
    url: Option<String>,
}

fn read_zyte(folder: &Path) -> Result<Vec<GoldPage>> {
    let path = folder.join("ground-truth.json");
    let entries: BTreeMap<String, ZyteEntry> = parse_file(&path)?;
    let page = |(id, entry): (String, ZyteEntry)| {
        let file = find_page(folder, &id).map_err(|problem| wrong(&path, 0, problem))?;
        let (url, text) = (entry.url, Some(entry.body.unwrap_or_default()));
        Ok(GoldPage { id, url, page_type: page_type(None), text, path: file, ..GoldPage::default() })
    };
    entries.into_iter().map(page).collect()
}

/// The pages of a folder of training data; the main content of a page with labels is the text of its blocks that
/// are labelled as body.
fn read_training(folder: &Path) -> Result<Vec<GoldPage>> {
    training_pages(folder).map_err(only_first)?.into_iter().map(with_text).collect()
}

fn with_text(found: TrainingPage) -> Result<GoldPage> {
    let gold = GoldPage { lang: found.lang, ..found.page };
    let Some(rules) = found.rules else { return Ok(gold) };
    let document = gold.document()?;
    let page = Page::read(&document, &Limits::default());
    let labels = rules.resolve(&page, &document).map_err(only_first)?;
    let body = page
        .blocks()
        .zip(&labels)
        .filter(|(block, label)| label.is_some_and(Label::is_body) && !block.kind().is_pseudo());
    let body: Vec<&str> = body.map(|(block, _)| block.text()).collect();
    let text = Some(body.join("\n"));
    Ok(GoldPage { text, labels: Some(labels), ..gold })
}

/// WCXB's older name for a collection is `category`; a page without a type is an article.
pub(crate) fn page_type(found: Option<&str>) -> String {
    match found {
        Some("category") => "collection".to_owned(),
        None | Some("") => "article".to_owned(),
        Some(name) => name.to_owned(),
    }
}

fn find_page(folder: &Path, id: &str) -> Result<PathBuf, String> {
    let safe = !id.is_empty() && !id.contains(['/', '\\']);
    let found = safe.then(|| first_file(&folder.join("html"), id, &["html.gz", "html"])).flatten();
    found.ok_or_else(|| format!("expected the page `html/{id}.html` or `html/{id}.html.gz`, found neither"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Read;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    fn write(folder: &Path, name: &str, content: &[u8]) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn packed(content: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        flate2::read::GzEncoder::new(content, flate2::Compression::fast()).read_to_end(&mut packed).unwrap();
        packed
    }

    fn problem(folder: &Path) -> String {
        GoldSet::open(folder).unwrap_err().to_string()
    }

    #[test]
    fn gold_lines_are_read_with_their_type_rules_and_pages_are_unpacked() {
        let dir = folder();
        let lines = concat!(
            r#"{"id":"a","url":"https://a.example/","type":"category","text":"Apples","with":["A"],"other":1}"#,
            "\n\n",
            r#"{"id":"b","url":null,"text":null,"without":["Menu"]}"#,
            "\n"
        );
        write(dir.path(), "gold.jsonl", lines.as_bytes());
        write(dir.path(), "html/a.html.gz", &packed(b"<p>Apples"));
        write(dir.path(), "html/b.html", b"<p>Pears");
        let set = GoldSet::open(dir.path()).unwrap();
        let [a, b] = &set.pages[..] else { panic!("{:?}", set.pages) };
        assert_eq!((a.page_type.as_str(), a.text.as_deref()), ("collection", Some("Apples")));
        assert_eq!((b.page_type.as_str(), b.text.as_deref()), ("article", None));
        assert_eq!(b.without, ["Menu"]);
        let document = a.document().unwrap();
        assert_eq!((document.bytes(), document.url()), (&b"<p>Apples"[..], Some("https://a.example/")));
        assert_eq!((document.id(), document.media()), ("a", crate::Media::Html));
    }

    #[test]
    fn a_wrong_gold_line_is_named_with_its_number_and_cause() {
        let dir = folder();
        write(dir.path(), "html/a.html", b"");
        write(dir.path(), "gold.jsonl", b"{\"id\":\"a\"}\n{\"text\":\"x\"}\n");
        assert!(problem(dir.path()).contains("gold.jsonl:2: missing field `id`"), "{}", problem(dir.path()));
        write(dir.path(), "gold.jsonl", b"{\"id\":\"a\"}\n{\"id\":\"a\"}\n");
        assert!(problem(dir.path()).contains(":2: the id `a` stands twice"), "{}", problem(dir.path()));
        write(dir.path(), "gold.jsonl", b"{\"id\":\"../a\"}\n");
        assert!(problem(dir.path()).contains(":1: expected the page"), "{}", problem(dir.path()));
        write(dir.path(), "gold.jsonl", b"{\"id\":\"a\"}\n\xFF\n");
        assert!(problem(dir.path()).contains(":2: expected UTF-8"), "{}", problem(dir.path()));
    }

    #[test]
    fn wcxb_files_are_read_by_name() {
        let dir = folder();
        let dev = dir.path().join("dev");
        let file = r#"{"url":"https://b.example/x","_internal":{"page_type":{"primary":"forum"}},
            "ground_truth":{"main_content":"Hello","with":["He"],"without":["Login"],"author":null}}"#;
        write(&dev, "ground-truth/0002.json", file.as_bytes());
        write(&dev, "ground-truth/0001.json", br#"{"ground_truth":{"main_content":""}}"#);
        write(&dev, "html/0002.html.gz", &packed(b"<p>Hello"));
        write(&dev, "html/0001.html", b"");
        let set = GoldSet::open(&dev).unwrap();
        assert_eq!(set.name, "wcxb-dev");
        assert_eq!(set.pages.iter().map(|page| page.id.as_str()).collect::<Vec<_>>(), ["0001", "0002"]);
        let page = &set.pages[1];
        assert_eq!((page.page_type.as_str(), page.text.as_deref()), ("forum", Some("Hello")));
        assert_eq!((&page.with[..], &page.without[..]), (&["He".to_owned()][..], &["Login".to_owned()][..]));
        assert!(problem(dir.path()).contains("give one of its folders"), "{}", problem(dir.path()));
    }

    #[test]
    fn zytes_ground_truth_is_read() {
        let dir = folder();
        let file = r#"{"k":{"articleBody":"Body text","url":"https://c.example/"}}"#;
        write(dir.path(), "ground-truth.json", file.as_bytes());
        write(dir.path(), "html/k.html.gz", &packed(b"<p>Body text"));
        let set = GoldSet::open(dir.path()).unwrap();
        assert_eq!(set.pages[0].text.as_deref(), Some("Body text"));
        assert_eq!(set.pages[0].document().unwrap().bytes(), b"<p>Body text");
    }

    #[test]
    fn the_main_content_of_training_pages_is_read_from_their_labels_or_body() {
        let dir = folder();
        let labels = "# url: https://tea.example/\n# type: forum\n# lang: zh\nbody\t采茶要在清晨\nad\t买茶\nbody\t水要烧开\n";
        write(dir.path(), "pages/zh-tea.txt", "采茶要在清晨\n买茶\n水要烧开\n".as_bytes());
        write(dir.path(), "pages/zh-tea.labels", labels.as_bytes());
        write(dir.path(), "pages/en-bees.html", b"<p>Bees dance.");
        write(dir.path(), "pages/en-bees.body.txt", b"# url: https://bees.example/\nBees dance.");
        let set = GoldSet::open(dir.path()).unwrap();
        let [bees, tea] = &set.pages[..] else { panic!("{:?}", set.pages) };
        assert_eq!(bees.text.as_deref(), Some("Bees dance."));
        assert_eq!((tea.text.as_deref(), tea.page_type.as_str()), (Some("采茶要在清晨\n水要烧开"), "forum"));
        assert_eq!((tea.is_chinese(), tea.document().unwrap().media()), (true, crate::Media::Text));
    }

    #[test]
    fn a_folder_of_another_kind_is_refused_with_the_layouts() {
        let dir = folder();
        assert!(problem(dir.path()).contains("expected `gold.jsonl`"), "{}", problem(dir.path()));
        assert!(problem(&dir.path().join("none")).contains("expected a folder"), "{}", problem(dir.path()));
    }

    #[test]
    fn pages_of_another_set_are_left_out_by_id() {
        let page = |id: &str| GoldPage { id: id.to_owned(), ..GoldPage::default() };
        let set =
            |ids: &[&str]| GoldSet { name: String::new(), pages: ids.iter().map(|id| page(id)).collect() };
        let rest = set(&["a", "b", "c"]).without_pages_of(&set(&["b"]));
        assert_eq!(rest.pages, [page("a"), page("c")]);
    }
}
