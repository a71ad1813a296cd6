//! Folders of labelled pages → examples, whatever their layout.

use super::rows::{PageRow, TextRow};
use crate::classify::Label;
use crate::eval::{
    GoldPage, GoldSet, LabelRules, MarkedPage, PageSet, Truth, align, all, folder_name, kinds_of, pieces,
    training_lines, training_pages, wrong,
};
use crate::page::{Document, Limits, Page, registrable_domain};
use crate::{Error, Result};
use std::path::{Path, PathBuf};

/// Everything that a training run learns from.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// Labelled pages, in the order of the folders and of their pages.
    pub examples: Vec<Example>,
    /// Single labelled texts.
    pub texts: Vec<TextRow>,
    /// Pages of files of JSON lines.
    pub pages: Vec<PageRow>,
    /// Pages of which only their kind is known, of folders of training data.
    pub written: Vec<MarkedPage>,
    /// The same of other files.
    pub found: Vec<MarkedPage>,
}

/// A labelled page.
#[derive(Debug, Clone)]
pub struct Example {
    /// The name of the folder that it came from.
    pub set: String,
    /// Identifier, URL, type, main content where it is known as text, and the file.
    pub page: GoldPage,
    /// The registrable domain of its URL, or the one that the gold gives; of its own for a page without either.
    pub domain: String,
    /// `zh`, `zh-Hant`, `en`; none where the gold does not tell.
    pub lang: Option<String>,
    /// What its blocks are, for a page that has been labelled block by block.
    pub rules: Option<LabelRules>,
}

/// What is known of a block.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Target {
    /// Share of the block that is main content, 0 to 1; none if nothing is known.
    pub body: Option<f32>,
    /// What the block is; none if only the share is known.
    pub label: Option<Label>,
}

impl Dataset {
    /// Reads folders of labelled pages in any layout that [`GoldSet::open`] knows; in a folder of this project's
    /// training data also the pages with labels and the single lines. Pages of which only snippets are known are
    /// left out. The errors name everything that is wrong, not only the first.
    pub fn open<P: AsRef<Path>>(folders: &[P]) -> Result<Self, Vec<Error>> {
        let mut dataset = Self::default();
        all(folders.iter().map(|folder| dataset.add(folder.as_ref())))?;
        Ok(dataset)
    }

    fn add(&mut self, folder: &Path) -> Result<(), Vec<Error>> {
        let has_pages = folder.join("pages").is_dir();
        if !has_pages && !folder.join("lines").is_dir() {
            let set = GoldSet::open(folder).map_err(|error| vec![error])?;
            let known = set.pages.into_iter().filter(|page| page.text.is_some());
            self.examples.extend(known.map(|page| Example::of_gold(&set.name, page)));
            return Ok(());
        }
        let pages = if has_pages { training_pages(folder) } else { Ok(Vec::new()) };
        let (pages, lines) = match (pages, training_lines(folder)) {
            (Ok(pages), Ok(lines)) => (pages, lines),
            (pages, lines) => return Err(pages.err().into_iter().chain(lines.err()).flatten().collect()),
        };
        let name = folder_name(folder);
        self.examples.extend(pages.into_iter().map(|found| Example {
            lang: found.lang,
            rules: found.rules,
            ..Example::of_gold(&name, found.page)
        }));
        self.texts.extend(lines.into_iter().map(TextRow::of_line));
        let marked = marked_files(&folder.join("page_kinds")).map_err(|error| vec![error])?;
        let sets = all(marked.iter().map(|file| PageSet::open(file).map_err(|error| vec![error])))?;
        self.written.extend(sets.into_iter().flat_map(|set| set.pages));
        Ok(())
    }

    /// Adds pages that are labelled as a whole: JSON lines of `{html or text, kind}`.
    ///
    /// # Errors
    /// As [`PageSet::open`].
    pub fn add_found(&mut self, path: &Path) -> Result<()> {
        self.found.extend(PageSet::open(path)?.pages);
        Ok(())
    }

    /// The registrable domain of each example.
    pub fn domains(&self) -> Vec<&str> {
        self.examples.iter().map(|example| example.domain.as_str()).collect()
    }
}

/// The files of pages whose kinds are known, in the order of their names; none without the folder.
fn marked_files(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let unreadable = |error: std::io::Error| wrong(folder, 0, error.to_string());
    let entries = std::fs::read_dir(folder).map_err(unreadable)?;
    let files = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
    let mut files = files.map_err(unreadable)?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "jsonl"));
    files.sort();
    Ok(files)
}

impl Example {
    /// A page whose main content is known as text.
    fn of_gold(set: &str, page: GoldPage) -> Self {
        let domain = page.url.as_deref().and_then(registrable_domain).or_else(|| page.domain.clone());
        Self {
            set: set.to_owned(),
            domain: domain.unwrap_or_else(|| format!("{set}/{}", page.id)),
            lang: page.is_chinese().then(|| "zh".to_owned()),
            rules: None,
            page,
        }
    }

    /// The kinds that the page may be of, a bit for each: a page without main content stands in the place of some.
    pub(super) fn kinds(&self) -> u16 {
        let is_empty = self.page.text.as_ref().is_some_and(|text| text.trim().is_empty());
        kinds_of(if is_empty { "placeholder" } else { &self.page.page_type })
    }

    /// Reads the page's bytes.
    pub fn document(&self) -> Result<Document> {
        self.page.document()
    }

    /// Reads the page, and what is known of its blocks. The errors are those of the file and of the rules.
    pub fn read(&self) -> Result<(Page, Vec<Target>), Vec<Error>> {
        let document = self.document().map_err(|error| vec![error])?;
        let page = Page::read(&document, &Limits::default());
        let targets = match &self.rules {
            Some(rules) => rules.resolve(&page, &document)?.into_iter().map(Target::of_label).collect(),
            None => Target::of_body(&page, self.page.text.as_deref().unwrap_or_default()),
        };
        Ok((page, targets))
    }
}

impl Target {
    fn of_label(label: Option<Label>) -> Self {
        let body = label.map(|label| if label.is_body() { 1.0 } else { 0.0 });
        Self { body, label }
    }

    /// Aligns the main content to the page's blocks. A block that is not part of it has the share 0.
    pub fn of_body(page: &Page, body: &str) -> Vec<Self> {
        let target = |accepted, share| Self {
            body: Some(if accepted { share } else { 0.0 }),
            label: accepted.then_some(Label::Body),
        };
        align(&pieces(page), body).iter().map(|found| target(found.accepted, found.share)).collect()
    }

    /// The bytes that stand for it in a digest.
    pub(super) fn to_bytes(self) -> [u8; 5] {
        let [a, b, c, d] = self.body.unwrap_or(-1.0).to_le_bytes();
        [self.label.map_or(255, |label| label as u8), a, b, c, d]
    }

    /// The labels that are right for the block; none if nothing is known.
    pub fn truth(&self) -> Option<Truth> {
        self.label.map(Truth::of_label).or_else(|| self.body.map(|share| Truth::of_body(share >= 0.5)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{BlockData, BlockKind};
    use std::fs;

    fn write(folder: &Path, files: &[(&str, &str)]) {
        for (name, content) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }

    fn page(blocks: &[&str]) -> Page {
        let mut page = Page::default();
        for text in blocks {
            let start = page.text.len() as u32;
            page.text.push_str(text);
            let kind = BlockKind::Line;
            page.blocks.push(BlockData { start, end: page.text.len() as u32, kind, ..BlockData::default() });
        }
        page
    }

    const LABELS: &str =
        "# url: https://www.tea.example/1\n# type: article\n# lang: zh\nbody\t茶\nad\t买茶\n";

    #[test]
    fn training_data_and_gold_sets_are_read_together() {
        let dir = tempfile::tempdir().unwrap();
        let (data, gold) = (dir.path().join("data"), dir.path().join("gold"));
        write(
            &data,
            &[
                ("pages/zh-tea.txt", "茶\n买茶"),
                ("pages/zh-tea.labels", LABELS),
                ("lines/zh-junk.tsv", "ad\tzh\t买茶\n"),
            ],
        );
        let lines = r#"{"id":"a","text":"雨水很多"}
            {"id":"b","with":["x"]}
            {"id":"c","text":"雪","domain":"snow.example"}"#;
        write(&gold, &[("gold.jsonl", lines), ("html/a.html", ""), ("html/b.html", ""), ("html/c.html", "")]);
        let found = Dataset::open(&[&data, &gold]).unwrap();
        let [tea, rain, _] = &found.examples[..] else { panic!("{:?}", found.examples) };
        assert_eq!(
            (tea.set.as_str(), tea.domain.as_str(), tea.lang.as_deref()),
            ("data", "tea.example", Some("zh"))
        );
        assert_eq!((rain.set.as_str(), rain.lang.as_deref()), ("gold", Some("zh")));
        assert_eq!(found.domains(), ["tea.example", "gold/a", "snow.example"]);
        assert_eq!(found.texts[0].truth.only(), Some(Label::Ad));
    }

    #[test]
    fn the_problems_of_all_folders_are_named_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let (data, gold) = (dir.path().join("data"), dir.path().join("gold"));
        write(&data, &[("pages/zh-tea.txt", "茶"), ("lines/zh.tsv", "tea\tzh\t茶\n")]);
        write(&gold, &[("gold.jsonl", "{}\n")]);
        let found = Dataset::open(&[&data, &gold]).unwrap_err();
        assert_eq!(found.len(), 3, "{found:#?}");
    }

    #[test]
    fn rules_give_labels_and_a_body_gives_shares() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &[("pages/zh-tea.txt", "茶\n买茶"), ("pages/zh-tea.labels", LABELS)]);
        let found = Dataset::open(&[dir.path()]).unwrap();
        let example = &found.examples[0];
        let (page_of_tea, targets) = example.read().unwrap();
        let expected = [
            Target { body: Some(1.0), label: Some(Label::Body) },
            Target { body: Some(0.0), label: Some(Label::Ad) },
        ];
        assert_eq!((page_of_tea.blocks().len(), targets), (2, expected.to_vec()));
        assert_eq!(
            expected.map(|target| target.truth()),
            expected.map(|target| target.label.map(Truth::of_label))
        );
        write(dir.path(), &[("pages/zh-tea.txt", "茶\n卖茶")]);
        assert!(example.read().is_err());

        let targets = Target::of_body(&page(&["采茶要在清晨", "买茶"]), "采茶要在清晨");
        let junk = Target { body: Some(0.0), label: None };
        assert_eq!((targets, junk.truth()), (vec![expected[0], junk], Some(Truth::of_body(false))));
    }
}
