//! What a report says of blocks + what they are → figures of labels and of their probabilities.

use super::confusion::Confusion;
use super::reliability::Reliability;
use super::truth::Truth;
use crate::classify::{Label, Report};
use crate::page::Media;
use serde::Serialize;

/// The languages that figures are given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Chinese, in either script.
    Chinese,
    /// English.
    English,
    /// Another language, or none that was recognised.
    Other,
}

impl Language {
    /// All of them, in the order of the tables.
    pub const ALL: [Self; 3] = [Self::Chinese, Self::English, Self::Other];

    /// The group of a language code (`zh`, `zh-Hant`, `en`…).
    pub fn of_code(code: Option<&str>) -> Self {
        match code.map(|code| code.split('-').next().unwrap_or_default()) {
            Some("zh") => Self::Chinese,
            Some("en") => Self::English,
            _ => Self::Other,
        }
    }

    /// Its name in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chinese => "Chinese",
            Self::English => "English",
            Self::Other => "other",
        }
    }
}

/// What was said of a block, and what it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BlockResult {
    /// Whether it is main content; none where that is not known.
    pub body: Option<bool>,
    /// What it is; none where that is not known. A label that is right too stands here if it was given.
    pub label: Option<Label>,
    /// The label that it was given.
    pub given: Label,
    /// Whether the label is right; none where that is not known: of a block called junk on a page whose junk is of unknown
    /// kinds (where only wrong ones would count).
    pub right: Option<bool>,
    /// Probability that the label is right.
    pub probability: f32,
    /// Probability that it is main content.
    pub body_probability: f32,
}

/// What was said of the blocks of a page of which something is known.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockPage {
    /// Its language.
    pub language: Language,
    /// What its bytes were taken for.
    pub media: Media,
    /// Where it comes from, as its set says; empty where it does not.
    pub source: String,
    /// The blocks of which something is known, in reading order.
    pub blocks: Vec<BlockResult>,
    /// Blocks of which nothing is known.
    pub unknown: usize,
}

impl BlockPage {
    /// Compares a report with what is known of each block of its page.
    pub fn new(report: &Report, truths: &[Option<Truth>], language: Language) -> Self {
        let is_whole = truths.iter().flatten().all(|truth| truth.has_kind());
        let pairs = report.blocks().zip(truths);
        let known = pairs.filter_map(|((_, said), truth)| truth.as_ref().map(|truth| (said, truth)));
        let blocks: Vec<BlockResult> = known
            .map(|(said, truth)| BlockResult {
                body: truth.body(),
                label: truth.label_beside(said.label),
                given: said.label,
                right: (is_whole || said.label.is_body()).then(|| truth.has(said.label)),
                probability: said.probability,
                body_probability: said.body_probability,
            })
            .collect();
        let unknown = report.blocks().count() - blocks.len();
        Self { language, media: report.page().source().media, source: String::new(), blocks, unknown }
    }
}

/// The pages of a set of whose blocks something is known.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockSet {
    /// The set's name.
    pub name: String,
    /// One entry for each page that was judged.
    pub pages: Vec<BlockPage>,
    /// Pages that could not be judged.
    pub errors: usize,
}

/// The figures of the blocks of some pages.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlockFigures {
    /// Pages.
    pub pages: usize,
    /// Blocks of which something is known.
    pub blocks: usize,
    /// Blocks of which nothing is known.
    pub unknown: usize,
    /// Probabilities of main content.
    pub body: Reliability,
    /// Probabilities that the label is right, whatever decided; none where that is known of no block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Reliability>,
    /// How often each label was taken for each other; none where no block has a label beside `body`.
    #[serde(flatten)]
    pub confusion: Option<Confusion>,
}

impl BlockFigures {
    /// The figures of some pages.
    pub fn of<'p>(pages: impl IntoIterator<Item = &'p BlockPage>) -> Self {
        let pages: Vec<&BlockPage> = pages.into_iter().collect();
        let blocks = || pages.iter().flat_map(|page| &page.blocks);
        let labelled = || blocks().filter_map(|block| block.label.map(|label| (block, label)));
        let has_kinds = labelled().any(|(_, label)| !label.is_body());
        let mut confusion = Confusion::default();
        labelled().for_each(|(block, label)| confusion.add(label, block.given));
        let right: Vec<(f32, bool)> =
            blocks().filter_map(|block| Some((block.probability, block.right?))).collect();
        Self {
            pages: pages.len(),
            blocks: blocks().count(),
            unknown: pages.iter().map(|page| page.unknown).sum(),
            body: Reliability::of(blocks().filter_map(|block| Some((block.body_probability, block.body?)))),
            label: (!right.is_empty()).then(|| Reliability::of(right)),
            confusion: has_kinds.then_some(confusion),
        }
    }
}

/// Sources of a set that figures are given for, the largest ones.
const MOST_SOURCES: usize = 40;

impl BlockSet {
    /// The figures of the whole set (`all`), of each language, of HTML and text, and of each source, each only where
    /// the set has more than one of them.
    pub fn groups(&self) -> Vec<(String, BlockFigures)> {
        let mut groups = vec![("all".to_owned(), BlockFigures::of(&self.pages))];
        groups.extend(self.split(Language::ALL.map(|language| {
            let wanted = move |page: &BlockPage| page.language == language;
            (language.as_str().to_owned(), wanted)
        })));
        groups.extend(self.split([("HTML", false), ("text", true)].map(|(name, is_text)| {
            let wanted = move |page: &BlockPage| (page.media == Media::Text) == is_text;
            (name.to_owned(), wanted)
        })));
        let sources = self.sources();
        groups.extend(self.split(sources.into_iter().take(MOST_SOURCES).map(|source| {
            let name = format!("source {source}");
            (name, move |page: &BlockPage| page.source == source)
        })));
        groups
    }

    /// The figures of the parts that have pages, if there is more than one.
    fn split<W>(&self, parts: impl IntoIterator<Item = (String, W)>) -> Vec<(String, BlockFigures)>
    where
        W: Fn(&BlockPage) -> bool,
    {
        let found = parts.into_iter().filter_map(|(name, wanted)| {
            let pages: Vec<&BlockPage> = self.pages.iter().filter(|page| wanted(page)).collect();
            (!pages.is_empty()).then(|| (name, BlockFigures::of(pages)))
        });
        let found: Vec<_> = found.collect();
        if found.len() > 1 { found } else { Vec::new() }
    }

    /// The sources of the pages, those of most pages first.
    fn sources(&self) -> Vec<&str> {
        let mut counts: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
        for page in self.pages.iter().filter(|page| !page.source.is_empty()) {
            *counts.entry(&page.source).or_default() += 1;
        }
        let mut sources: Vec<_> = counts.into_iter().collect();
        sources.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        sources.into_iter().map(|(source, _)| source).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(label: Label, given: Label, probability: f32) -> BlockResult {
        let body_probability = if given.is_body() { probability } else { 1.0 - probability };
        let body = Some(label.is_body());
        let right = Some(label == given);
        BlockResult { body, label: Some(label), given, right, probability, body_probability }
    }

    fn page(language: Language, media: Media, source: &str, blocks: Vec<BlockResult>) -> BlockPage {
        BlockPage { language, media, source: source.to_owned(), blocks, unknown: 1 }
    }

    #[test]
    fn figures_stand_for_languages_media_and_sources() {
        let right = || vec![block(Label::Nav, Label::Nav, 0.9)];
        let wrong = || vec![block(Label::Adult, Label::Body, 0.8)];
        let pages = vec![
            page(Language::Chinese, Media::Text, "sms", wrong()),
            page(Language::Chinese, Media::Text, "web", right()),
            page(Language::English, Media::Html, "web", right()),
        ];
        let set = BlockSet { name: "made".to_owned(), pages, errors: 0 };
        let groups = set.groups();
        let names: Vec<_> = groups.iter().map(|(name, figures)| (name.as_str(), figures.pages)).collect();
        assert_eq!(
            names,
            [
                ("all", 3),
                ("Chinese", 2),
                ("English", 1),
                ("HTML", 1),
                ("text", 2),
                ("source web", 2),
                ("source sms", 1)
            ]
        );
        let all = &groups[0].1;
        assert_eq!((all.blocks, all.unknown), (3, 3));
        assert!((all.confusion.as_ref().unwrap().macro_f1() - 0.5).abs() < 1e-12);
        // nav at 0.9 twice is right, adult as body at 0.8 is wrong
        let label = all.label.as_ref().unwrap();
        assert!((label.ece - (0.1 * 2.0 + 0.8) / 3.0).abs() < 1e-6, "{}", label.ece);
        // main content was given 0.1, 0.1 and 0.8, and none is
        assert!((all.body.ece - 1.0 / 3.0).abs() < 1e-6, "{}", all.body.ece);
    }

    #[test]
    fn blocks_known_as_main_content_or_not_give_no_confusion() {
        let known = BlockResult { label: None, right: None, ..block(Label::Nav, Label::Nav, 0.9) };
        let body = block(Label::Body, Label::Body, 0.9);
        let figures = BlockFigures::of(&[page(Language::Other, Media::Html, "", vec![known, body])]);
        assert_eq!((figures.confusion, figures.label.map(|label| label.count)), (None, Some(1)));
        assert_eq!(figures.body.count, 2);
    }

    #[test]
    fn languages_are_grouped_by_their_code() {
        assert_eq!(Language::of_code(Some("zh-Hant")), Language::Chinese);
        assert_eq!(Language::of_code(Some("en")), Language::English);
        assert_eq!([Some("de"), None].map(Language::of_code), [Language::Other; 2]);
    }

    #[test]
    fn json_holds_labels_and_cells() {
        let blocks = vec![block(Label::Nav, Label::Nav, 0.9), block(Label::Adult, Label::Body, 0.8)];
        let figures = BlockFigures::of(&[page(Language::Chinese, Media::Text, "", blocks)]);
        let json = serde_json::to_value(&figures).unwrap();
        assert_eq!(json["confusion"], serde_json::json!([["nav", "nav", 1], ["adult", "body", 1]]));
        assert_eq!((&json["labels"][1]["label"], &json["accuracy"]), (&"nav".into(), &0.5.into()));
    }
}
