//! Templates of site families and lists of words → pages with labels, in the layout of `training_data`.
//!
//! A template is a header, a page, and rules; `@repeat A-B` … `@end` repeats lines so often, and names in braces are
//! filled in. The same family and number give the same page. Pages of different numbers share the site's own words
//! and nothing else: each draws its sentences from an eighth of the lists that is its own.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Pages of a family.
pub(crate) const PAGES: usize = 8;

/// A site family.
#[derive(Debug, Clone)]
pub(crate) struct Family {
    pub(crate) name: String,
    header: HashMap<String, String>,
    template: String,
    rules: String,
    words: HashMap<String, Vec<String>>,
}

/// Under which domains the pages of a family stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sites {
    /// One site.
    One,
    /// A site for each page: only the template is shared.
    Many,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/families")
}

/// All families, by name.
pub(crate) fn families() -> Vec<Family> {
    let files = fs::read_dir(folder()).expect("tests/families").map(|entry| entry.unwrap().path());
    let name = |path: PathBuf| Some(path.file_name()?.to_str()?.strip_suffix(".txt")?.to_owned());
    let mut names: Vec<String> = files.filter_map(name).filter(|name| !name.starts_with("words.")).collect();
    names.sort();
    names.iter().map(|name| Family::open(name)).collect()
}

impl Family {
    pub(crate) fn open(name: &str) -> Self {
        let read = |name: &str| fs::read_to_string(folder().join(name)).expect("a file of tests/families");
        let content = read(&format!("{name}.txt"));
        let mut parts = content.split("---\n");
        let mut part = || parts.next().unwrap_or_default().to_owned();
        let (header, template, rules) = (part(), part(), part());
        let pairs = header.lines().filter_map(|line| line.strip_prefix("# ")?.split_once(": "));
        let header: HashMap<String, String> =
            pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let words = words(&read(&format!("words.{}.txt", header["lang"])));
        Self { name: name.to_owned(), header, template, rules, words }
    }

    /// Writes pages into a folder of labelled pages, as `NAME-1` and so on.
    pub(crate) fn write(&self, folder: &Path, pages: impl Iterator<Item = usize>, sites: Sites) {
        let folder = folder.join("pages");
        fs::create_dir_all(&folder).unwrap();
        for page in pages {
            let (text, labels) = self.page(page, sites);
            let id = format!("{}-{page}", self.name);
            let ending = if self.header["media"] == "text" { "txt" } else { "html" };
            fs::write(folder.join(format!("{id}.{ending}")), text).unwrap();
            fs::write(folder.join(format!("{id}.labels")), labels).unwrap();
        }
    }

    /// A page and its labels.
    pub(crate) fn page(&self, page: usize, sites: Sites) -> (String, String) {
        let filled = Filler::new(self, page).fill(&self.template);
        let site = match sites {
            Sites::One => self.header["site"].clone(),
            Sites::Many => format!("www.{}-{page}.example", self.name),
        };
        let (kind, lang) = (&self.header["type"], &self.header["lang"]);
        let mut labels = format!("# url: https://{site}/{page}.html\n# type: {kind}\n# lang: {lang}\n");
        if self.header["media"] != "text" {
            return (filled, labels + &self.rules);
        }
        labels.push_str(&filled);
        let text =
            filled.lines().filter_map(|line| line.split_once('\t')).map(|(_, text)| format!("{text}\n"));
        (text.collect(), labels)
    }
}

fn words(content: &str) -> HashMap<String, Vec<String>> {
    let mut words: HashMap<String, Vec<String>> = HashMap::new();
    let mut list = String::new();
    for line in content.lines() {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => name.clone_into(&mut list),
            None => words.entry(list.clone()).or_default().push(line.to_owned()),
        }
    }
    words
}

/// Fills in what stands in braces.
struct Filler<'f> {
    family: &'f Family,
    page: usize,
    state: u64,
    used: HashMap<String, usize>,
    title: String,
}

impl<'f> Filler<'f> {
    fn new(family: &'f Family, page: usize) -> Self {
        let seed =
            family.name.bytes().fold(page as u64 + 1, |seed, byte| seed.rotate_left(9) ^ u64::from(byte));
        let mut filler = Self { family, page, state: seed, used: HashMap::new(), title: String::new() };
        filler.title = filler.of("teaser");
        filler
    }

    /// splitmix64
    fn random(&mut self, below: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % below as u64) as usize
    }

    fn fill(&mut self, template: &str) -> String {
        let (mut out, mut times, mut inner) = (String::new(), 1, String::new());
        for line in template.lines() {
            if let Some(range) = line.strip_prefix("@repeat ") {
                let (least, most) = range.split_once('-').expect("@repeat A-B");
                let (least, most): (usize, usize) = (least.parse().unwrap(), most.parse().unwrap());
                out.push_str(&self.line(&std::mem::take(&mut inner)));
                times = least + self.random(most - least + 1);
            } else if line == "@end" {
                let repeated = std::mem::take(&mut inner);
                (0..times).for_each(|_| out.push_str(&self.line(&repeated)));
                times = 1;
            } else {
                inner = inner + line + "\n";
            }
        }
        out + &self.line(&inner)
    }

    fn line(&mut self, text: &str) -> String {
        let (mut out, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').expect("a closing brace");
            out = out + before + &self.value(name);
            rest = after;
        }
        out + rest
    }

    fn value(&mut self, name: &str) -> String {
        match name {
            "title" => self.title.clone(),
            "n" => (100 + self.random(8900)).to_string(),
            "date" => {
                format!("20{}-{:02}-{:02}", 14 + self.random(10), 1 + self.random(12), 1 + self.random(28))
            }
            "sent" => self.sentence(),
            "name" | "place" | "thing" => self.any(name),
            list => self.of(list),
        }
    }

    fn sentence(&mut self) -> String {
        let (first, second) = (self.of("first"), self.of("second"));
        if self.family.header["lang"] == "zh" {
            return format!("{first}，{second}。");
        }
        format!("{first}, {second}.")
    }

    /// The page's next entry of a list: its own eighth, in turn, so that few stand there twice.
    fn of(&mut self, list: &str) -> String {
        let all = &self.family.words[list];
        let own: Vec<&String> = all.iter().skip(self.page % PAGES).step_by(PAGES).collect();
        let start = self.random(own.len());
        let turn = self.used.entry(list.to_owned()).or_insert(start);
        // the second part of a sentence goes on by one more in each round, so that pairs differ
        *turn += 1 + usize::from(list == "second" && (*turn).is_multiple_of(own.len()));
        let mut text = own[*turn % own.len()].clone();
        for slot in ["place", "thing"] {
            while text.contains(&format!("<{slot}>")) {
                text = text.replacen(&format!("<{slot}>"), &self.any(slot), 1);
            }
        }
        text
    }

    fn any(&mut self, list: &str) -> String {
        let count = self.family.words[list].len();
        let at = self.random(count);
        self.family.words[list][at].clone()
    }
}
