//! Clean pages + labelled lines → pages with spam in them, as text, so that the models of kinds know lines in
//! their surroundings: whole dirty pages with labels are not to be had.
//!
//! The patterns are those of hacked and mirrored pages: a list of titles behind the article, a title above it,
//! a brand in the place of the site's name, lines strewn in, nothing but spam. Each pattern is also made with
//! harmless headlines, which must stay harmless.

use super::descent::Random;
use super::kinds::KindPage;
use super::rows::TextRow;
use super::samples::{by_lines, text_page};
use crate::classify::Label;
use crate::eval::{Truth, kinds_of};

/// One page of so many is injected into.
const SHARE: usize = 2;
/// Lines of the article that are used, at most.
const MOST_LINES: usize = 60;

type Line = (String, Option<(Truth, f32)>);

/// Texts by language and label that may be put into pages of one fold.
pub(super) struct Injector<'r> {
    rows: Vec<&'r TextRow>,
    random: Random,
}

impl<'r> Injector<'r> {
    pub(super) fn new(rows: impl Iterator<Item = &'r TextRow>, seed: u64) -> Self {
        let short = rows.filter(|row| row.weight >= 1.0 && row.text.chars().count() <= LONGEST);
        Self { rows: short.collect(), random: Random::of_seed(seed) }
    }

    /// The page with spam or, in its place, harmless lines; none for most pages.
    pub(super) fn page(&mut self, page: &KindPage) -> Option<KindPage> {
        if self.random.below(SHARE) != 0 {
            return None;
        }
        let lines = page.page.blocks().zip(&page.truths);
        let lines = lines.filter(|(block, _)| !block.kind().is_pseudo()).take(MOST_LINES);
        let mut lines: Vec<Line> = lines.map(|(block, truth)| (flat(block.text()), *truth)).collect();
        let labels = [Label::Adult, Label::Gambling, Label::Scam, Label::Related];
        let label = *labels.get(self.random.below(labels.len()))?;
        let texts = self.texts(label, &page.lang)?;
        let pattern = self.random.below(5);
        match pattern {
            0 => self.tail(&mut lines, &texts, &page.lang),
            1 => lines.insert(0, known(texts.first()?, label)),
            2 => hijack(&mut lines, texts.first()?, label, self.random.below(2) == 0),
            3 => self.strew(&mut lines, &texts, label),
            _ => lines = texts.iter().map(|text| known(text, label)).collect(),
        }
        let name = ["tail", "title", "hijack", "strewn", "alone"].get(pattern).copied().unwrap_or_default();
        let made = built(lines, page, format!("injected:{name}:{label}"))?;
        Some(KindPage { kinds: kinds(name, label).unwrap_or(page.kinds), ..made })
    }

    /// Some texts with a label in a language.
    fn texts(&mut self, label: Label, lang: &str) -> Option<Vec<String>> {
        let language = |lang: &str| lang.get(..2).unwrap_or_default().to_owned();
        let lang = language(lang);
        let of: Vec<&TextRow> = self
            .rows
            .iter()
            .filter(|row| row.truth.only() == Some(label) && language(&row.lang) == lang)
            .copied()
            .collect();
        let count = 3 + self.random.below(22);
        let texts = (0..count).filter_map(|_| of.get(self.random.below(of.len().max(1))));
        let texts: Vec<String> = texts.map(|row| flat(&row.text)).collect();
        (!texts.is_empty()).then_some(texts)
    }

    /// A list behind the article, with harmless titles between.
    fn tail(&mut self, lines: &mut Vec<Line>, texts: &[String], lang: &str) {
        let headlines = self.texts(Label::Related, lang).unwrap_or_default();
        let label = Label::Related;
        let headings = if lang.starts_with("zh") {
            ["随便看看", "猜你喜欢", "热门推荐"]
        } else {
            ["More", "You may like", "Popular"]
        };
        lines.extend(headings.get(self.random.below(headings.len())).map(|text| known(text, label)));
        let spam = texts.iter().map(|text| (text, true));
        let mut all: Vec<(&String, bool)> =
            spam.chain(headlines.iter().take(texts.len()).map(|text| (text, false))).collect();
        self.random.shuffle(&mut all);
        let own = self.rows.iter().find(|row| texts.first().is_some_and(|text| flat(&row.text) == *text));
        let own = own.and_then(|row| row.truth.only()).unwrap_or(label);
        lines.extend(
            all.into_iter()
                .map(|(text, is_spam)| known(&format!("- {text}"), if is_spam { own } else { label })),
        );
    }

    fn strew(&mut self, lines: &mut Vec<Line>, texts: &[String], label: Label) {
        for text in texts.iter().take(4) {
            let at = self.random.below(lines.len() + 1);
            lines.insert(at, known(text, label));
        }
    }
}

/// A brand in the place of a site's name: title or breadcrumb, and the copyright line.
fn hijack(lines: &mut Vec<Line>, brand: &str, label: Label, titled: bool) {
    let spam = |plain: Label| {
        let truth = Truth::of_label(plain);
        Some((if label == Label::Related { truth } else { truth.with_also(&[label]) }, 0.5))
    };
    if titled {
        lines.insert(0, known(brand, label));
    } else {
        lines.insert(0, (format!("首页 > 资讯 > {brand}"), spam(Label::Nav)));
    }
    lines.push((format!("© 2024 {brand} 版权所有"), spam(Label::Legal)));
}

/// What a page has become by what was put into it; none where it stays what it was.
fn kinds(pattern: &str, label: Label) -> Option<u16> {
    match (pattern, label) {
        (_, Label::Related) => None,
        ("title" | "hijack", _) => Some(kinds_of("hijack")),
        ("alone", _) => Some(kinds_of(label.as_str())),
        _ => None,
    }
}

/// The longest line that is put into a page, characters.
const LONGEST: usize = 120;

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn known(text: &str, label: Label) -> Line {
    (text.to_owned(), Some((Truth::of_label(label), 0.5)))
}

/// A page of text of these lines.
fn built(lines: Vec<Line>, from: &KindPage, source: String) -> Option<KindPage> {
    let lines: Vec<Line> = lines.into_iter().filter(|(text, _)| !text.is_empty()).collect();
    let text: Vec<&str> = lines.iter().map(|(text, _)| text.as_str()).collect();
    let page = text_page(text.join("\n"));
    let truths: Vec<_> = lines.iter().map(|(_, truth)| *truth).collect();
    by_lines(&page, &truths).map(|truths| KindPage {
        page,
        truths,
        source,
        lang: from.lang.clone(),
        group: from.group.clone(),
        trusted: true,
        kinds: 0,
    })
}
