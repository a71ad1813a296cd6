//! What gives the kit away. Each sign is a [`Finding`] of the score `seo` with its weight in log-odds.
//!
//! The weights are chosen by hand from what is known of the kit: ten pages of it in a public crawl (body turned
//! traditional on 10, pinyin, noise tags and closing sentence on 7 each) and 3,639 clean pages, none of which has five
//! readings in brackets.

use super::{closing, noise, pinyin, script};
use crate::classify::{Finding, Label, Reason, settings};
use crate::page::words::is_han;
use crate::page::{BlockKind, Media, Page};
use rustc_hash::FxHashMap;

/// The signs of a page.
pub(super) struct Signs {
    pub(super) reasons: Vec<Finding>,
    /// The block of the closing sentence.
    pub(super) closing: Option<usize>,
}

/// So many readings are seldom found by chance or in an explanation…
const FEW_READINGS: f32 = 2.0;
/// …and so many in no article of the kit's kind.
const READINGS: f32 = 5.0;
/// Steps from which more readings weigh more.
const MANY_READINGS: [f32; 2] = [10.0, 20.0];
/// The kit annotates the same characters again and again, 85 of 100 times that they stand in the text; who explains a
/// character does so once.
const REPEATED: usize = 3;
const REPEATED_SHARE: f32 = 0.6;
/// Share of the annotated characters that are traditional ones with a simplified form; the rest are 新, 有, 用, 到….
const TRADITIONAL_READINGS: f32 = 0.6;
/// A block with a reading behind more than every so manieth ideograph teaches them.
const LESSON: usize = 3;
/// The name of the sign that the kit's own text is in other characters than the article.
pub(super) const SCRIPT_MIX: Reason = Reason::MirrorScriptMix;
/// Noise elements that are no accident.
const NOISE: usize = 3;

impl Signs {
    pub(super) fn of(page: &Page, labels: &[Label], title_kind: Option<Label>) -> Self {
        let mut reasons: Vec<Finding> = pinyin_sign(page).into_iter().chain(noise_sign(page)).collect();
        let closing = closing(page);
        reasons.extend(closing.map(closing_sign));
        reasons.extend(title_kind.filter(|kind| is_spam(*kind)).map(title_sign));
        // Both scripts on one page are no rarity; they are only looked for beside another sign.
        if !reasons.is_empty() {
            reasons.extend(script_sign(page, labels, closing));
        }
        Self { reasons, closing }
    }
}

fn sign(reason: Reason, weight: f32, text: String, blocks: Vec<usize>) -> Finding {
    Finding { reason, of: "seo", weight, text, blocks }
}

/// Kinds of which a title is stuffed with phrases.
pub(super) fn is_spam(kind: Label) -> bool {
    settings::KINDS.contains(&kind)
}

fn title_sign(kind: Label) -> Finding {
    sign(Reason::MirrorTitle, 3.0, format!("the title is {kind}"), Vec::new())
}

/// Readings that are not a lesson's.
#[derive(Default)]
struct Readings {
    /// How often each character is annotated, and how often it stands in the blocks that have readings.
    counts: FxHashMap<char, (usize, usize)>,
    /// The reading of each character.
    syllables: FxHashMap<char, pinyin::Syllable>,
    toned: usize,
    plain: usize,
    blocks: Vec<usize>,
}

impl Readings {
    fn of(page: &Page) -> Self {
        let mut readings = Self::default();
        let shown = page.blocks().filter(|block| !block.kind().is_pseudo());
        for block in shown {
            let found: Vec<_> = pinyin::readings(block.text()).collect();
            let ideographs = || block.text().chars().filter(|c| is_han(*c)).count();
            if !found.is_empty() && found.len() * LESSON <= ideographs() {
                for reading in &found {
                    readings.add(reading);
                }
                readings.blocks.push(block.index());
            }
        }
        readings.count(page);
        readings
    }

    fn add(&mut self, reading: &pinyin::Reading) {
        let known = *self.syllables.entry(reading.han).or_insert(reading.syllable);
        // Somebody who gives one character two readings explains them.
        if known == reading.syllable {
            self.counts.entry(reading.han).or_default().0 += 1;
            let toned = usize::from(reading.syllable.is_toned());
            (self.toned, self.plain) = (self.toned + toned, self.plain + 1 - toned);
        }
    }

    /// Counts how often the annotated characters stand in these blocks.
    fn count(&mut self, page: &Page) {
        if self.weighed() < READINGS {
            return;
        }
        for block in self.blocks.iter().filter_map(|index| page.block(*index)) {
            for c in block.text().chars() {
                if let Some((_, occurrences)) = self.counts.get_mut(&c) {
                    *occurrences += 1;
                }
            }
        }
    }

    /// The number of readings; those without a tone mark count half.
    fn weighed(&self) -> f32 {
        self.toned as f32 + 0.5 * self.plain as f32
    }

    fn is_repeated(&self) -> bool {
        let (annotated, occurrences) =
            self.counts.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
        annotated >= self.counts.len() + REPEATED
            && annotated as f32 >= REPEATED_SHARE * occurrences.max(1) as f32
    }

    fn are_traditional(&self) -> bool {
        let annotated: String =
            self.counts.iter().flat_map(|(han, (count, _))| std::iter::repeat_n(*han, *count)).collect();
        script::traditional_share(&annotated) >= TRADITIONAL_READINGS
    }

    fn weight(&self) -> f32 {
        let weighed = self.weighed();
        match () {
            () if weighed < FEW_READINGS => 0.0,
            () if weighed < READINGS => 1.5,
            () => {
                let more = MANY_READINGS.iter().filter(|step| weighed >= **step).count() as f32;
                let repeated = if self.is_repeated() { 2.0 } else { 0.0 };
                let traditional = if self.are_traditional() { 3.0 + 0.5 * more } else { 0.0 };
                3.0 + more + repeated + traditional
            }
        }
    }
}

fn pinyin_sign(page: &Page) -> Option<Finding> {
    // One look at the whole text spares most pages the search block by block.
    pinyin::readings(&page.text).nth(1)?;
    let readings = Readings::of(page);
    let weight = readings.weight();
    let count = readings.toned + readings.plain;
    let text = format!("characters with their own pinyin in brackets behind them: {count}");
    (weight > 0.0).then(|| sign(Reason::MirrorPinyin, weight, text, readings.blocks))
}

/// Elements that share their id with another one; a page about markup shows others. Those of an extracted text stand in
/// its lines. An HTML page shows none of its own: whoever counts them in the page's markup adds them here.
fn noise_sign(page: &Page) -> Option<Finding> {
    let in_markup = page.traces().noise();
    if in_markup == 0 {
        memchr::memmem::find(page.text.as_bytes(), b" id=")?;
    }
    let mut found: Vec<(&str, usize)> = Vec::new();
    for block in page.blocks().filter(|block| block.kind() != BlockKind::Code) {
        let runs = noise::runs(block.text()).into_iter().filter_map(|run| block.text().get(run));
        found.extend(runs.flat_map(noise::ids).map(|id| (id, block.index())));
    }
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    for (id, _) in &found {
        *counts.entry(id).or_default() += 1;
    }
    found.retain(|(id, _)| counts.get(id).is_some_and(|count| *count > 1));
    let count = found.len() + in_markup;
    let weight = if count >= NOISE { 4.0 } else { 2.0 };
    let text = format!("empty elements that share a made-up id: {count}");
    let mut blocks: Vec<usize> = found.into_iter().map(|(_, block)| block).collect();
    blocks.dedup();
    (count > 0).then(|| sign(Reason::MirrorNoise, weight, text, blocks))
}

/// The closing sentence with something behind it.
fn closing(page: &Page) -> Option<usize> {
    let behind = page.blocks().len().checked_sub(1)?;
    page.blocks().take(behind).find(|block| closing::is_closing(block.text())).map(|block| block.index())
}

fn closing_sign(index: usize) -> Finding {
    let text = "thanks for the visit, then links that one may also like".to_owned();
    sign(Reason::MirrorClosing, 3.5, text, vec![index])
}

/// A title in simplified characters over a body in traditional ones.
fn script_sign(page: &Page, labels: &[Label], closing: Option<usize>) -> Option<Finding> {
    let meta = page.metadata();
    let first = || {
        let line = page.blocks().next().filter(|_| page.source().media == Media::Text)?;
        let body = labels.first().is_some_and(|label| label.is_body());
        (!body).then(|| line.text().to_owned())
    };
    let title = meta.title_tag.clone().into_iter().chain(meta.keywords.clone()).chain(first());
    let title: String =
        title.flat_map(|text| text.chars().take(script::SAMPLE).collect::<Vec<_>>()).collect();
    let mixed = script::is_simplified(&title) && script::is_traditional(&body_sample(page, labels, closing));
    let text = "the title is in simplified characters, the body in traditional ones".to_owned();
    mixed.then(|| sign(SCRIPT_MIX, 3.0, text, Vec::new()))
}

/// The start of the body, up to the closing sentence.
pub(super) fn body_sample(page: &Page, labels: &[Label], closing: Option<usize>) -> String {
    let before = page.blocks().zip(labels).take(closing.unwrap_or(usize::MAX));
    let body = before.filter(|(block, label)| label.is_body() && !block.kind().is_pseudo());
    body.flat_map(|(block, _)| block.text().chars().chain(['\n'])).take(script::SAMPLE).collect()
}
