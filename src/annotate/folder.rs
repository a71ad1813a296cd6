//! A folder of labelled pages that a program writes while people correct.
//!
//! The format is that of `training_data/`. A page is two files in `pages/`: the page as it came, and its `.labels`, which
//! is what makes it exist. Both are written under temporary names and flushed; the page gets its name first, the labels
//! last. Whatever kills the writer in between leaves a page file with a hidden `.NAME.labels.tmp` beside it: readers pass
//! it over, and the next writer sweeps it away. A page is taken out in the opposite order.
//!
//! One writer has the folder at a time (`.lock`, a lock of the system that ends with its process); readers need no lock.

mod kept;

pub use kept::Kept;

use super::name::{Name, is_name};
use crate::atomic_file::{commit, flush_folder, prepare, remove, temporary};
use crate::classify::Label;
use crate::eval::{LabelRules, PAGE_TYPES, TrainingPage, text_rule, training_pages, unfinished};
use crate::page::{Document, Limits, Media, Page};
use crate::{Error, Report, Result};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// A folder of labelled pages, open for writing. `Send + Sync`: saves of several threads wait for each other.
#[derive(Debug)]
pub struct LabelledFolder {
    dir: PathBuf,
    /// Held as long as the folder is open.
    lock: Mutex<File>,
}

/// What the header of a saved page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFacts {
    page_type: String,
    lang: String,
    title: Option<String>,
    author: Option<String>,
    date: Option<String>,
}

/// A page that was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Its name in the folder.
    pub name: String,
    /// Blocks that have a label now: all of the page's.
    pub blocks: usize,
    /// Blocks whose label is another one than before; all of them when the page was not in the folder.
    pub changed: usize,
}

impl Default for PageFacts {
    fn default() -> Self {
        let (page_type, lang) = ("article".to_owned(), "en".to_owned());
        Self { page_type, lang, title: None, author: None, date: None }
    }
}

impl PageFacts {
    /// What a report knows of its page: language, title, author and date. The type is `article`.
    pub fn of(report: &Report) -> Self {
        let own = |value: Option<&str>| value.map(str::to_owned);
        let facts = Self::default().with_lang(report.lang().unwrap_or("en"));
        Self { title: own(report.title()), author: own(report.author()), date: own(report.date()), ..facts }
    }

    /// Sets the page's type: one of [`PAGE_TYPES`].
    pub fn with_type(mut self, page_type: &str) -> Self {
        page_type.clone_into(&mut self.page_type);
        self
    }

    /// Sets the language: `zh`, `zh-Hant`, `en` or another ISO 639-1 code; anything else counts as `en`.
    pub fn with_lang(mut self, lang: &str) -> Self {
        let is_code = lang.len() == 2 && lang.bytes().all(|c| c.is_ascii_lowercase());
        self.lang = if is_code || lang == "zh-Hant" { lang.to_owned() } else { "en".to_owned() };
        self
    }

    /// The header's lines; a page without a URL that can be read has one that says which page it is.
    fn header(&self, url: Option<&str>, id: &str, name: &Name) -> String {
        let url = url.and_then(|url| url::Url::parse(url).ok()).map(|url| url.as_str().to_owned());
        let url = url.unwrap_or_else(|| address_of(&name.page, id));
        let mut header = format!("# url: {url}\n# type: {}\n# lang: {}\n", self.page_type, self.lang);
        let is_date =
            |date: &&String| date.len() == 10 && date.bytes().all(|c| c.is_ascii_digit() || c == b'-');
        let date = self.date.as_ref().filter(is_date);
        for (key, value) in [("title", self.title.as_ref()), ("author", self.author.as_ref()), ("date", date)]
        {
            let value = value.map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "));
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                header.extend(["# ", key, ": ", value.as_str(), "\n"]);
            }
        }
        header + "\n"
    }
}

impl LabelledFolder {
    /// Opens a folder for writing, makes it where there is none, and sweeps away what a killed writer left.
    ///
    /// # Errors
    /// [`Error::Settings`] when another writer has it, [`Error::Io`] when it cannot be made or read.
    pub fn open(dir: impl Into<PathBuf>) -> Result<Self> {
        let dir = dir.into();
        let lock = Mutex::new(locked(&dir)?);
        let folder = Self { dir, lock };
        folder.sweep()?;
        Ok(folder)
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The pages of the folder, as `train` reads them. The errors name every line that cannot be used.
    pub fn pages(&self) -> Result<Vec<TrainingPage>, Vec<Error>> {
        pages_of(&self.dir)
    }

    /// Saves a page with a label for each of its blocks, in order; the blocks are those of [`Page::read`] with default
    /// limits. When this returns, the labels survive a crash. The same page again, by URL and medium, replaces its labels.
    /// A folder that somebody removed is made again.
    ///
    /// # Errors
    /// [`Error::Settings`] when the labels are not one for each block or the type is not known, [`Error::Io`] when
    /// something cannot be written. The folder is then as before.
    pub fn save(&self, document: &Document, labels: &[Label], facts: &PageFacts) -> Result<Saved> {
        if !PAGE_TYPES.contains(&facts.page_type.as_str()) {
            let (found, known) = (&facts.page_type, PAGE_TYPES.join(", "));
            return Err(Error::Settings(format!("expected a page type of {known}; found `{found}`")));
        }
        let draft = Draft::of(document, labels, facts)?;
        let mut lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let pages = self.dir.join("pages");
        if !pages.is_dir() {
            *lock = locked(&self.dir)?;
        }
        let older = versions(&pages, &draft.name)?;
        let changed = draft.changed(&pages, labels);
        draft.write(&pages)?;
        for name in older.iter().filter(|name| **name != draft.name.whole) {
            take_out(&pages, name)?;
        }
        Ok(Saved { name: draft.name.whole, blocks: labels.len(), changed })
    }

    /// What the folder has of a page, in whatever version; none where it has nothing of it.
    ///
    /// # Errors
    /// Those of the page's files: every line that cannot be used.
    pub fn kept(&self, document: &Document) -> Result<Option<Kept>, Vec<Error>> {
        let _lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        kept::find(&self.dir.join("pages"), document)
    }

    /// Takes a page out again, by its name; whether it was there.
    ///
    /// # Errors
    /// [`Error::Settings`] for what is no name of a page, [`Error::Io`] when it cannot be removed.
    pub fn remove(&self, name: &str) -> Result<bool> {
        if !is_name(name) {
            let expected = "expected the name of a saved page: lower-case letters, digits and hyphens";
            return Err(Error::Settings(format!("{expected}; found `{name}`")));
        }
        let _lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let pages = self.dir.join("pages");
        let is_there = pages.join(format!("{name}.labels")).is_file();
        if is_there {
            take_out(&pages, name)?;
        }
        Ok(is_there)
    }

    /// Removes temporary files, and pages whose labels never got their name.
    fn sweep(&self) -> Result<()> {
        let pages = self.dir.join("pages");
        for name in names(&pages)?.iter().filter_map(|name| name.strip_prefix('.')?.strip_suffix(".tmp")) {
            if let Some(id) = name.strip_suffix(".labels")
                && !pages.join(name).is_file()
            {
                remove(&pages.join(format!("{id}.html")))?;
                remove(&pages.join(format!("{id}.txt")))?;
                flush_folder(&pages.join(name))?;
            }
            remove(&temporary(&pages.join(name)))?;
        }
        Ok(())
    }
}

/// What stands in the place of a URL that a page does not have: `urn:page:HASH#ID`.
fn address_of(hash: &str, id: &str) -> String {
    let id: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
    format!("urn:page:{hash}#{id}")
}

/// The id in an address of [`address_of`].
pub(super) fn id_in(address: &str) -> Option<String> {
    let (_, id) = address.strip_prefix("urn:page:")?.split_once('#')?;
    let (id, _) = url::form_urlencoded::parse(id.as_bytes()).next()?;
    Some(id.into_owned())
}

/// The pages of a folder that nobody need have open; none where there is no folder.
pub(super) fn pages_of(dir: &Path) -> Result<Vec<TrainingPage>, Vec<Error>> {
    if dir.join("pages").is_dir() { training_pages(dir) } else { Ok(Vec::new()) }
}

/// Makes the folder and takes its lock.
fn locked(dir: &Path) -> Result<File> {
    let pages = dir.join("pages");
    fs::create_dir_all(&pages).map_err(Error::io("create", &pages))?;
    let path = dir.join(".lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(Error::io("write", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Settings(format!(
            "another pagesieve saves labels in `{}`; end it, or give this one another folder",
            dir.display()
        ))),
        Err(TryLockError::Error(error)) => Err(Error::io("lock", &path)(error)),
    }
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::io("read", folder))? {
        let entry = entry.map_err(Error::io("read", folder))?;
        names.extend(entry.file_name().into_string());
    }
    Ok(names)
}

/// The names of all versions of a page that are in the folder.
fn versions(pages: &Path, name: &Name) -> Result<Vec<String>> {
    let ids = names(pages)?.into_iter().filter_map(|file| file.strip_suffix(".labels").map(str::to_owned));
    Ok(ids.filter(|id| name.is_version(id)).collect())
}

fn take_out(pages: &Path, name: &str) -> Result<()> {
    let labels = pages.join(format!("{name}.labels"));
    // Without labels the page is gone; a temporary file in their place says that the rest is to be swept away.
    fs::rename(&labels, temporary(&labels)).map_err(Error::io("remove", &labels))?;
    flush_folder(&labels)?;
    remove(&pages.join(format!("{name}.html")))?;
    remove(&pages.join(format!("{name}.txt")))?;
    flush_folder(&labels)?;
    remove(&pages.join(unfinished(name)))
}

/// The two files of a page, known to read back to the same labels.
struct Draft {
    name: Name,
    file: String,
    bytes: Vec<u8>,
    labels: String,
    page: Page,
    document: Document,
}

impl Draft {
    fn of(document: &Document, labels: &[Label], facts: &PageFacts) -> Result<Self> {
        let page = Page::read(document, &Limits::default());
        if page.blocks().len() != labels.len() {
            let (blocks, found) = (page.blocks().len(), labels.len());
            return Err(Error::Settings(format!(
                "expected {blocks} labels, one for each block of the page, found {found}; label the page as it is now"
            )));
        }
        let bytes = stored(document, &page);
        let ending = if page.source().media == Media::Text { "txt" } else { "html" };
        let name = Name::of(document, ending, &facts.lang, &bytes);
        let mut text = facts.header(document.url(), document.id(), &name);
        text.extend(page.blocks().zip(labels).map(|(block, label)| text_rule(*label, block.text())));
        let file = format!("{}.{ending}", name.whole);
        let read =
            if ending == "txt" { Document::text(bytes.clone()) } else { Document::html(bytes.clone()) };
        let draft = Self { name, file, bytes, labels: text, page, document: read };
        draft.check(labels).map(|()| draft)
    }

    /// Whether the files, once written, say what was to be saved.
    fn check(&self, labels: &[Label]) -> Result<()> {
        let page = Page::read(&self.document, &Limits::default());
        let same = page.blocks().map(|block| block.text()).eq(self.page.blocks().map(|block| block.text()));
        let rules = LabelRules::parse(Path::new(&self.name.whole), &self.labels);
        let found = rules.and_then(|rules| rules.resolve(&page, &self.document));
        match found {
            Ok(found) if same && found.iter().copied().eq(labels.iter().copied().map(Some)) => Ok(()),
            Err(errors) => Err(errors.into_iter().next().unwrap_or_else(unsavable)),
            Ok(_) => Err(unsavable()),
        }
    }

    /// How many labels differ from those that stand in the folder.
    fn changed(&self, pages: &Path, labels: &[Label]) -> usize {
        let path = pages.join(format!("{}.labels", self.name.whole));
        let before = LabelRules::open(&path).and_then(|rules| rules.resolve(&self.page, &self.document));
        let Ok(before) = before else { return labels.len() };
        before.iter().zip(labels).filter(|(before, label)| **before != Some(**label)).count()
    }

    fn write(&self, pages: &Path) -> Result<()> {
        let labels = pages.join(format!("{}.labels", self.name.whole));
        prepare(&labels, &self.labels)?;
        let page = pages.join(&self.file);
        let known = fs::read(&page).is_ok_and(|bytes| bytes == self.bytes);
        if !known {
            prepare(&page, &self.bytes)?;
            commit(&page)?;
        }
        commit(&labels)
    }
}

fn unsavable() -> Error {
    let problem = "the page reads otherwise from a file than from where it came, as one that is cut by a limit may; \
                   save a shorter page";
    Error::Settings(problem.to_owned())
}

/// The page's bytes so that they read the same without the charset of an HTTP header: as they came, or in UTF-8 with a byte
/// order mark.
fn stored(document: &Document, page: &Page) -> Vec<u8> {
    let bare = Document::new(document.bytes()).with_media(page.source().media);
    let again = Page::read(&bare, &Limits::default());
    if again.source().charset == page.source().charset {
        return document.bytes().to_vec();
    }
    let text = Page::decoded(document);
    [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat()
}

#[cfg(test)]
mod tests;
