//! Title, author, date and language of an article: what the page says of itself, else what stands in it.

use super::verdict::Findings;
use super::{BlockReport, Label};
use crate::page::words::is_han;
use crate::page::{Block, BlockKind, Page, bounded, parse_byline, parse_date};

/// What is known about an article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) title: Option<String>,
    pub(super) author: Option<String>,
    pub(super) date: Option<String>,
    pub(super) lang: Option<String>,
}

/// A line that names an author or a date is at most so long, characters.
const LONGEST_LINE: usize = 120;
/// Characters of the body that its language is told from.
const LANGUAGE_SAMPLE: usize = 400;

impl Facts {
    /// Lines of a mirrored page are read without what the kit added to them.
    pub(super) fn of(page: &Page, blocks: &[BlockReport], findings: &Findings) -> Self {
        let (meta, mirror) = (page.metadata(), &findings.mirror);
        let title = findings.title.clone().or_else(|| heading(page, blocks));
        let author = meta.author.clone().or_else(|| {
            find(page, blocks, |line| parse_byline(&mirror.line(line)).filter(|name| is_name(name)))
        });
        let date = meta.date.clone().or_else(|| find(page, blocks, |line| parse_date(&mirror.line(line))));
        Self { title, author, date, lang: language(page, blocks) }
    }
}

/// The first heading of the body; on a page of plain text its first line, if it is no sentence.
fn heading(page: &Page, blocks: &[BlockReport]) -> Option<String> {
    let body =
        || page.blocks().zip(blocks).filter(|(_, report)| report.label.is_body()).map(|(block, _)| block);
    let heading = body().find(|block| matches!(block.kind(), BlockKind::Heading(_)));
    let first = body().next().filter(is_heading_like);
    heading.or(first).map(|block| bounded(block.text()).to_owned())
}

/// A heading is at most so long, bytes of UTF-8.
const LONGEST_HEADING: usize = 240;

/// Whether a block reads as a heading: short, and no sentence, list item, breadcrumb or field.
pub(super) fn is_heading_like(block: &Block<'_>) -> bool {
    let text = block.text();
    let ends_open = !text.ends_with(['。', '.', ',', '，', '；', ';', ':', '：', '…', '>']);
    let is_line = block.kind() == BlockKind::Line
        && !text.starts_with(['-', '•', '*', '·', '<', '['])
        && !text.contains([':', '：', '>', '|'])
        && text.chars().filter(|c| c.is_alphanumeric()).count() >= 5;
    text.len() <= LONGEST_HEADING
        && ends_open
        && (is_line || matches!(block.kind(), BlockKind::Heading(1..=3)))
}

/// The first short line outside the body from which `read` gets something; a body line only counts as the
/// second choice, as it may speak of any date.
fn find(page: &Page, blocks: &[BlockReport], read: impl Fn(&str) -> Option<String>) -> Option<String> {
    let short = || page.blocks().zip(blocks).filter(|(block, _)| block.text().len() <= 3 * LONGEST_LINE);
    let mut meta = short().filter(|(_, report)| report.label == Label::Meta);
    meta.find_map(|(block, _)| read(block.text()))
}

/// Whether a byline gave more than the first character of its next field.
fn is_name(name: &str) -> bool {
    name.chars().count() > 1
}

/// An ISO 639-1 code from the body's script and words; traditional Chinese is `zh-Hant`.
fn language(page: &Page, blocks: &[BlockReport]) -> Option<String> {
    let body = page.blocks().zip(blocks).filter(|(_, report)| report.label.is_body());
    let sample: String =
        body.flat_map(|(block, _)| block.text().chars().chain([' '])).take(LANGUAGE_SAMPLE).collect();
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    if letters == 0 {
        return page.metadata().lang.clone();
    }
    let ideographs = sample.chars().filter(|c| is_han(*c)).count();
    let kana = sample.chars().filter(|c| matches!(*c as u32, 0x3041..=0x30ff)).count();
    if 10 * kana > letters {
        return Some("ja".to_owned());
    }
    if 3 * ideographs > letters {
        return Some(if is_traditional(&sample) { "zh-Hant" } else { "zh" }.to_owned());
    }
    if is_english(&sample) {
        return Some("en".to_owned());
    }
    let detected = whatlang::detect(&sample).filter(whatlang::Info::is_reliable);
    detected.map(|info| two_letters(info.lang()).to_owned()).or_else(|| page.metadata().lang.clone())
}

/// Share of the words that are frequent English ones, from which no detector is asked.
const ENGLISH_SHARE: usize = 6;

fn is_english(sample: &str) -> bool {
    const WORDS: [&str; 14] =
        ["the", "of", "and", "to", "a", "is", "that", "for", "with", "you", "this", "are", "have", "from"];
    let mut words = 0;
    let known =
        sample.split_ascii_whitespace().inspect(|_| words += 1).filter(|word| WORDS.contains(word)).count();
    words >= 12 && known * ENGLISH_SHARE >= words
}

/// Frequent characters of one form only.
const TRADITIONAL: &str = "這個們來時為國學會後對說過還沒與無開關見長門問間電動業產發現實點經濟當應將從進機體種樣東車馬風飛魚鳥語話讀書買賣錢銀";
const SIMPLIFIED: &str = "这个们来时为国学会后对说过还没与无开关见长门问间电动业产发现实点经济当应将从进机体种样东车马风飞鱼鸟语话读书买卖钱银";

fn is_traditional(sample: &str) -> bool {
    let count = |forms: &str, others: &str| {
        sample.chars().filter(|c| forms.contains(*c) && !others.contains(*c)).count()
    };
    count(TRADITIONAL, SIMPLIFIED) > count(SIMPLIFIED, TRADITIONAL)
}

/// ISO 639-1 where the language has such a code, else ISO 639-3.
fn two_letters(lang: whatlang::Lang) -> &'static str {
    use whatlang::Lang;
    match lang {
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Cmn => "zh",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Kat => "ka",
        Lang::Ara => "ar",
        Lang::Hin => "hi",
        Lang::Jpn => "ja",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Pol => "pl",
        Lang::Kor => "ko",
        Lang::Vie => "vi",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Dan => "da",
        Lang::Nld => "nl",
        Lang::Fin => "fi",
        Lang::Ces => "cs",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Ron => "ro",
        Lang::Hun => "hu",
        Lang::Ind => "id",
        Lang::Tha => "th",
        Lang::Pes => "fa",
        Lang::Nob => "nb",
        other => other.code(),
    }
}
