//! This project's layout of training data: `pages/` with labels or bodies, `lines/` with single lines.

use super::files::{all, each_line, files_in, first_file, read_text, split_name, wrong};
use super::gold::{GoldPage, page_type};
use super::header::{Header, LANGUAGES};
use super::labels::LabelRules;
use super::truth::own_label;
use crate::classify::Label;
use crate::{Error, Result};
use std::path::Path;

/// A page of training data.
#[derive(Debug, Clone)]
pub struct TrainingPage {
    /// Identifier, URL, type and file; the text is known here only for a page with a `.body.txt`.
    pub page: GoldPage,
    /// Language as the header gives it: `zh`, `zh-Hant` or `en`.
    pub lang: Option<String>,
    /// The rules of its `.labels`.
    pub rules: Option<LabelRules>,
}

/// A single labelled line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledLine {
    /// What the line is.
    pub label: Label,
    /// `zh`, `zh-Hant` or `en`.
    pub lang: String,
    /// Its text.
    pub text: String,
    /// The name of its file, without endings.
    pub source: String,
    /// Its line there, from 1.
    pub line: usize,
}

/// Reads the pages of a folder of training data, by name; the errors name every line that cannot be used and
/// every page without labels.
pub fn training_pages(folder: &Path) -> Result<Vec<TrainingPage>, Vec<Error>> {
    let folder = folder.join("pages");
    let files = files_in(&folder, "").map_err(|error| vec![error])?;
    let pages = all(files.iter().map(|path| training_page(&folder, path)))?;
    Ok(pages.into_iter().flatten().collect())
}

/// The page of a file of labels or of a body; none for another file.
fn training_page(folder: &Path, path: &Path) -> Result<Option<TrainingPage>, Vec<Error>> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (page, header, rules) = if let Some(id) = name.strip_suffix(".labels") {
        let file = page_of(folder, id, path)?;
        let rules = LabelRules::open(path)?;
        (GoldPage { id: id.to_owned(), path: file, ..GoldPage::default() }, rules.header.clone(), Some(rules))
    } else if let Some(id) = name.strip_suffix(".body.txt") {
        let file = page_of(folder, id, path)?;
        let content = read_text(path).map_err(|error| vec![error])?;
        let (header, body) = Header::split(&content);
        let text = Some(body.to_owned());
        (GoldPage { id: id.to_owned(), path: file, text, ..GoldPage::default() }, header, None)
    } else {
        return unlabelled(folder, path, &name).map_or(Ok(None), |error| Err(vec![error]));
    };
    let page = GoldPage {
        url: header.value("url").map(str::to_owned),
        page_type: page_type(header.value("type")),
        ..page
    };
    Ok(Some(TrainingPage { page, lang: header.value("lang").map(str::to_owned), rules }))
}

fn page_of(folder: &Path, id: &str, labels: &Path) -> Result<std::path::PathBuf, Vec<Error>> {
    let file = first_file(folder, id, &["html", "txt", "html.gz", "txt.gz"]);
    let problem = || format!("expected the page `{id}.html` or `{id}.txt` beside it, found neither");
    file.ok_or_else(|| vec![wrong(labels, 0, problem())])
}

/// The name of the file beside a page whose labels are not there yet, or no more: such a page does not exist.
pub(crate) fn unfinished(id: &str) -> String {
    format!(".{id}.labels.tmp")
}

/// What is wrong with a file that is neither labels nor a body: a page without them, or a stranger.
fn unlabelled(folder: &Path, path: &Path, name: &str) -> Option<Error> {
    let id = [".html.gz", ".txt.gz", ".html", ".txt"].iter().find_map(|ending| name.strip_suffix(ending));
    let Some(id) = id else {
        let expected =
            "expected pages (.html, .txt, also .gz), .labels and .body.txt; move this file elsewhere";
        return Some(wrong(path, 0, expected));
    };
    let has_labels = first_file(folder, id, &["labels", "body.txt"]).is_some();
    let is_unfinished = folder.join(unfinished(id)).is_file();
    (!has_labels && !is_unfinished).then(|| {
        wrong(path, 0, format!("expected `{id}.labels` or `{id}.body.txt` beside it, found neither"))
    })
}

/// Reads the single lines of a folder of training data, if it has any: lines of `LABEL <TAB> LANGUAGE <TAB> TEXT` in
/// `lines/*.tsv`.
pub fn training_lines(folder: &Path) -> Result<Vec<LabelledLine>, Vec<Error>> {
    let folder = folder.join("lines");
    let files = if folder.is_dir() { files_in(&folder, ".tsv") } else { Ok(Vec::new()) };
    let files = files.map_err(|error| vec![error])?;
    Ok(all(files.iter().map(|path| lines_of(path)))?.into_iter().flatten().collect())
}

/// The single lines of a file.
pub(super) fn lines_of(path: &Path) -> Result<Vec<LabelledLine>, Vec<Error>> {
    let source = split_name(path).0;
    each_line(path, |number, line| labelled_line(line, number, &source))
}

fn labelled_line(line: &str, number: usize, source: &str) -> Result<LabelledLine, String> {
    let mut fields = line.splitn(3, '\t');
    let (Some(label), Some(lang), Some(text)) = (fields.next(), fields.next(), fields.next()) else {
        return Err(format!("expected label, language and text between tabs, found `{line}`"));
    };
    if !LANGUAGES.contains(&lang) {
        return Err(format!("unknown language `{lang}`; known are {}", LANGUAGES.join(", ")));
    }
    if text.trim().is_empty() {
        return Err("expected a text after the second tab, found nothing".to_owned());
    }
    let (lang, text, source) = (lang.to_owned(), text.trim().to_owned(), source.to_owned());
    Ok(LabelledLine { label: own_label(label)?, lang, text, source, line: number })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for name in ["pages", "lines"] {
            fs::create_dir(dir.path().join(name)).unwrap();
        }
        for (name, content) in files {
            fs::write(dir.path().join(name), content).unwrap();
        }
        dir
    }

    fn problems<T: std::fmt::Debug>(found: Result<T, Vec<Error>>) -> Vec<String> {
        found.unwrap_err().iter().map(ToString::to_string).collect()
    }

    const HEADER: &str = "# url: https://bees.example/\n# type: article\n# lang: en\n";

    #[test]
    fn pages_with_labels_and_pages_with_a_body_are_read() {
        let dir = folder(&[
            ("pages/en-bees.html", "<p>Bees dance."),
            ("pages/en-bees.labels", &format!("{HEADER}body\t@ p\n")),
            ("pages/zh-tea.txt", "茶"),
            ("pages/zh-tea.body.txt", "# lang: zh\n茶"),
        ]);
        let pages = training_pages(dir.path()).unwrap();
        let [bees, tea] = &pages[..] else { panic!("{pages:?}") };
        assert_eq!(
            (bees.page.id.as_str(), bees.page.url.as_deref()),
            ("en-bees", Some("https://bees.example/"))
        );
        assert!(bees.rules.is_some() && bees.page.text.is_none());
        assert_eq!((tea.page.text.as_deref(), tea.lang.as_deref()), (Some("茶"), Some("zh")));
        assert!(tea.rules.is_none());
    }

    #[test]
    fn pages_without_labels_and_labels_without_pages_are_named() {
        let dir = folder(&[
            ("pages/en-a.html", ""),
            ("pages/en-b.labels", HEADER),
            ("pages/en-c.doc", ""),
            ("pages/en-d.txt", ""),
            ("pages/en-d.labels", &format!("{HEADER}bodi\tx\nbody x\nnav\t@ a[\nnav\t…\n")),
        ]);
        let found = problems(training_pages(dir.path()));
        assert_eq!(found.len(), 7, "{found:#?}");
        assert!(found[0].contains("en-a.html:0: expected `en-a.labels`"), "{found:#?}");
        assert!(found[1].contains("expected the page `en-b.html`"), "{found:#?}");
        assert!(found[2].contains("move this file"), "{found:#?}");
        assert!(found[3].contains("en-d.labels:4: unknown label `bodi`; known are body, meta"), "{found:#?}");
        assert!(found[4].contains(":5: expected a label, a tab"), "{found:#?}");
        assert!(found[5].contains(":6: `a[` is no CSS selector"), "{found:#?}");
        assert!(found[6].contains(":7: expected a selector or the text"), "{found:#?}");
    }

    #[test]
    fn lines_are_read_and_wrong_ones_named() {
        let lines = "#! menus\nnav\tzh\t首页 | 新闻\n\nbody\ten\tA line\twith a tab\n";
        let dir = folder(&[("lines/mixed.tsv", lines)]);
        let found = training_lines(dir.path()).unwrap();
        assert_eq!((found[0].label, found[0].text.as_str()), (Label::Nav, "首页 | 新闻"));
        assert_eq!((found[1].lang.as_str(), found[1].text.as_str()), ("en", "A line\twith a tab"));
        fs::write(dir.path().join("lines/bad.tsv"), "nav\tfr\tx\nnav\tzh\n menu\tzh\tx\nnav\tzh\t \n")
            .unwrap();
        let found = problems(training_lines(dir.path()));
        assert_eq!(found.len(), 4, "{found:#?}");
        assert!(found[0].contains("bad.tsv:1: unknown language `fr`"), "{found:#?}");
    }
}
