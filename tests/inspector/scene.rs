//! The inspector open in a browser, with what a person does in it and sees.

use crate::browser::Browser;
use crate::server::Server;
use pagesieve::Label;
use pagesieve::eval::{TrainingPage, training_pages};
use pagesieve::page::{Limits, Page};
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Everything that is asked of a block in one go.
const BLOCKS: &str = r"
  const paint = (element) => getComputedStyle(element).backgroundColor;
  const shows = (colour) => colour !== 'transparent' && !/[,/]\s*0(\.0*)?\)$/.test(colour);
  return [...document.querySelectorAll('#reader .block')].map((block) => ({
    label: block.querySelector('.tag b').textContent,
    tinted: shows(paint(block)) || shows(paint(block.querySelector('.text'))),
    strength: Number(/\bs(\d)\b/.exec(block.className)[1]),
    selected: block.getAttribute('aria-selected') === 'true',
    edited: block.classList.contains('edited'),
    moved: block.classList.contains('moved'),
    visible: getComputedStyle(block).display !== 'none',
    spoken: block.querySelector('.tag').getAttribute('aria-label'),
    text: block.querySelector('.text').textContent,
  }));";

/// A block as it is seen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that is seen or not")]
pub(crate) struct Seen {
    pub(crate) label: String,
    pub(crate) tinted: bool,
    /// 1 to 5, the strength of the tint.
    pub(crate) strength: u8,
    pub(crate) selected: bool,
    pub(crate) edited: bool,
    pub(crate) moved: bool,
    pub(crate) visible: bool,
    /// What a screen reader says before the text.
    pub(crate) spoken: String,
    pub(crate) text: String,
}

pub(crate) struct Scene {
    pub(crate) browser: Browser,
    pub(crate) server: Server,
    folder: tempfile::TempDir,
}

impl Scene {
    /// Opens the inspector of a server that keeps labelled pages; none where there is no browser.
    pub(crate) fn open() -> Option<Self> {
        Self::open_with(|_| Vec::new())
    }

    /// The same, with more arguments for the server; they are made from its folder.
    pub(crate) fn open_with(arguments: impl Fn(&std::path::Path) -> Vec<String>) -> Option<Self> {
        let browser = Browser::start()?;
        let folder = tempfile::tempdir().unwrap();
        let labels = folder.path().join("labels").display().to_string();
        let more = arguments(folder.path());
        let mut all = vec!["--labels", &labels, "--request-time", "600"];
        all.extend(more.iter().map(String::as_str));
        let scene = Self { browser, server: Server::start(&all), folder };
        scene.visit();
        Some(scene)
    }

    pub(crate) fn visit(&self) {
        self.browser.visit(&format!("http://{}/", self.server.address));
        self.browser.until("document.querySelectorAll('#kinds .kind').length > 0");
    }

    pub(crate) fn labels_folder(&self) -> PathBuf {
        self.folder.path().join("labels")
    }

    /// Pastes a page and waits until it is shown. `kind` is `html` or `text`.
    pub(crate) fn paste(&self, source: &str, kind: &str) {
        self.paste_from(source, kind, "");
    }

    pub(crate) fn paste_from(&self, source: &str, kind: &str, url: &str) {
        self.fill(source, kind, url);
        self.browser.click("#paste-form [type=submit]");
        self.shown();
    }

    /// Fills the form of the start page.
    pub(crate) fn fill(&self, source: &str, kind: &str, url: &str) {
        if self.browser.value("document.getElementById('start').hidden") == true {
            self.browser.click("#open-other");
        }
        let script = "const [source, kind, url] = arguments;
          document.getElementById('reader').replaceChildren();
          document.getElementById('paste').value = source;
          document.getElementById('paste-kind').value = kind;
          document.getElementById('paste-url').value = url;";
        self.browser.run(script, vec![source.into(), kind.into(), url.into()]);
    }

    /// Waits until a page is shown.
    pub(crate) fn shown(&self) {
        self.browser
            .until("!document.getElementById('page').hidden && document.getElementById('reader').firstChild");
    }

    pub(crate) fn blocks(&self) -> Vec<Seen> {
        serde_json::from_value(self.browser.run(BLOCKS, vec![])).unwrap()
    }

    /// The number of the block that has the focus, from 0.
    pub(crate) fn focused(&self) -> usize {
        let index = self.browser.value("Number(document.activeElement.dataset.i ?? -1)");
        let focused = || self.browser.value("document.activeElement.outerHTML.slice(0, 300)");
        index.as_u64().unwrap_or_else(|| panic!("not a block, but: {}", focused())).try_into().unwrap()
    }

    pub(crate) fn focus(&self, block: usize) {
        self.browser.run("document.getElementById(`b${arguments[0]}`).focus()", vec![json!(block)]);
    }

    /// Waits until everything is saved.
    pub(crate) fn saved(&self) {
        self.browser.until("document.getElementById('saving').dataset.state === 'saved'");
    }

    pub(crate) fn view(&self, name: &str) -> Value {
        self.browser.click(&format!("[data-view={name}]"));
        self.browser.until("document.getElementById('view').querySelector('pre, article, .error')");
        self.browser.value("document.getElementById('view').innerText")
    }

    /// The pages of the folder of labels, read as training reads them.
    pub(crate) fn saved_pages(&self) -> Vec<TrainingPage> {
        training_pages(&self.labels_folder()).unwrap_or_else(|errors| panic!("{errors:?}"))
    }

    /// The labels of the only saved page, one for each block, read as training reads them.
    pub(crate) fn saved_labels(&self) -> Vec<Label> {
        let pages = self.saved_pages();
        assert_eq!(pages.len(), 1, "{pages:?}");
        labels_of(&pages[0]).into_iter().map(Option::unwrap).collect()
    }
}

/// The labels that a page of training data gives its blocks; those that are not shown may have none.
pub(crate) fn labels_of(page: &TrainingPage) -> Vec<Option<Label>> {
    let document = page.page.document().unwrap();
    let labels = page.rules.as_ref().unwrap().resolve(&Page::read(&document, &Limits::default()), &document);
    labels.unwrap_or_else(|errors| panic!("{errors:?}"))
}
