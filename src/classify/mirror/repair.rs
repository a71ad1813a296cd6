//! A report → the same with the article as it was before the kit took it or a stranger wrote in it, and without characters
//! that nobody sees.

use super::script::{Script, differing, simplified};
use super::{noise, pinyin};
use crate::classify::{Repair, Report};
use crate::lexicon::{has_invisible, visible};
use crate::page::BlockKind;
use std::ops::Range;

/// What is to be undone on a page.
#[derive(Debug, Clone, Copy)]
struct Order {
    /// Whether the kit's additions are taken out.
    mirrored: bool,
    script: Script,
}

/// Parts of blocks that strangers wrote, in order.
type Foreign<'a> = &'a [(usize, Range<usize>)];

/// How often each thing was undone.
#[derive(Debug, Default)]
struct Counts {
    foreign: usize,
    pinyin: usize,
    noise: usize,
    characters: usize,
    invisible: usize,
}

/// Repairs the body, the title and the author of a page. What strangers wrote and invisible characters are taken out of any
/// page, pinyin and noise of a mirrored one only; characters are converted wherever the body is Chinese. The blocks that the
/// report lists stay as they are on the page.
pub(in crate::classify) fn apply(report: &mut Report, mirrored: bool, script: Script, foreign: Foreign<'_>) {
    let chinese = report.lang.as_deref().is_some_and(|lang| lang.starts_with("zh"));
    let order = Order { mirrored, script: if chinese || mirrored { script } else { Script::AsWritten } };
    let counts = repair_body(report, order, foreign);
    for fact in [&mut report.title, &mut report.author].into_iter().flatten() {
        *fact = order.text(fact, &mut Counts::default());
    }
    if order.script == Script::Simplified && report.lang.as_deref() == Some("zh-Hant") {
        report.lang = Some("zh".to_owned());
    }
    report.repairs.extend(counts.repairs());
}

fn repair_body(report: &mut Report, order: Order, foreign: Foreign<'_>) -> Counts {
    let mut counts = Counts::default();
    let mut repaired = None;
    for block in report.blocks().filter(|(_, said)| said.label.is_body()).map(|(block, _)| block) {
        let order = if block.kind() == BlockKind::Code { AS_WRITTEN } else { order };
        let of_block = foreign.iter().filter(|(index, _)| *index == block.index());
        let foreign: Vec<Range<usize>> = of_block.map(|(_, range)| range.clone()).collect();
        if order.is_idle() && foreign.is_empty() && !has_invisible(block.text()) {
            continue;
        }
        let places = report.page.places(block.index());
        let (text, moved) = order.rewritten(block.text(), &places, &foreign, &mut counts);
        if text != block.text() {
            repaired.get_or_insert_with(|| report.page.clone()).rewrite(block.index(), &text, &moved);
        }
    }
    report.repaired = repaired;
    counts
}

/// A text without the kit's additions.
pub(super) fn without_additions(text: &str) -> String {
    let order = Order { mirrored: true, script: Script::AsWritten };
    order.text(text, &mut Counts::default())
}

/// Nothing but invisible characters is undone.
const AS_WRITTEN: Order = Order { mirrored: false, script: Script::AsWritten };

impl Order {
    /// Whether texts without invisible characters stay as they are.
    fn is_idle(self) -> bool {
        !self.mirrored && self.script == Script::AsWritten
    }

    fn text(self, text: &str, counts: &mut Counts) -> String {
        self.rewritten(text, &[], &[], counts).0
    }

    /// The repaired text, and where places of the old one are in it. What stands between two places is converted by
    /// itself, so that a link or a bold word keeps its ends.
    fn rewritten(
        self,
        text: &str,
        places: &[u32],
        foreign: &[Range<usize>],
        counts: &mut Counts,
    ) -> (String, Vec<(u32, u32)>) {
        let mut additions = if self.mirrored { additions(text, counts) } else { Vec::new() };
        counts.foreign += foreign.len();
        additions.extend(foreign.iter().map(|part| with_blank(text, part.clone())));
        additions.sort_by_key(|range| range.start);
        let (mut new, mut at, mut moved) = (String::with_capacity(text.len()), 0, Vec::new());
        let ends = places.iter().map(|place| *place as usize).chain([text.len()]);
        let mut rest = additions.as_slice();
        for end in ends {
            let piece = without(text, at..end, &mut rest);
            new.push_str(&self.converted(piece, counts));
            moved.push((end as u32, new.len() as u32));
            at = end;
        }
        (new, moved)
    }

    fn converted(self, mut piece: String, counts: &mut Counts) -> String {
        if has_invisible(&piece) {
            let (shown, count) = visible(&piece);
            piece = shown;
            counts.invisible += count;
        }
        if self.script == Script::AsWritten || piece.is_ascii() {
            return piece;
        }
        let converted = simplified(&piece);
        counts.characters += differing(&piece, &converted);
        converted
    }
}

/// The text of a range without the additions in it; those that end before the range's end are taken from `rest`.
fn without(text: &str, range: Range<usize>, rest: &mut &[Range<usize>]) -> String {
    let (mut piece, mut at) = (String::with_capacity(range.len()), range.start);
    while let Some((addition, behind)) = rest.split_first().filter(|(next, _)| next.start < range.end) {
        piece.push_str(text.get(at..addition.start.max(at)).unwrap_or_default());
        at = addition.end.min(range.end).max(at);
        if addition.end > range.end {
            break;
        }
        *rest = behind;
    }
    piece.push_str(text.get(at..range.end).unwrap_or_default());
    piece
}

/// What the kit put into a text: readings in brackets and noise elements.
fn additions(text: &str, counts: &mut Counts) -> Vec<Range<usize>> {
    let brackets: Vec<Range<usize>> = pinyin::readings(text).map(|reading| reading.bracket).collect();
    let noise = noise::runs(text);
    counts.pinyin += brackets.len();
    counts.noise += noise.iter().filter_map(|run| text.get(run.clone())).map(noise::elements).sum::<usize>();
    let noise = noise.into_iter().map(|run| with_blank(text, run));
    brackets.into_iter().chain(noise).collect()
}

/// A run of noise with the blanks on one of its sides, where blanks, nothing or Chinese stand on the other as well.
fn with_blank(text: &str, run: Range<usize>) -> Range<usize> {
    let before = text.get(..run.start).unwrap_or_default();
    let behind = text.get(run.end..).unwrap_or_default();
    let rest = behind.trim_start_matches([' ', '\t']);
    match () {
        () if rest.is_empty() => before.trim_end_matches([' ', '\t']).len()..text.len(),
        () if before.is_empty() || before.ends_with([' ', '\t', '\n']) || is_chinese(before, rest) => {
            run.start..text.len() - rest.len()
        }
        () => run,
    }
}

/// Whether what meets is written without blanks.
fn is_chinese(before: &str, behind: &str) -> bool {
    let wide = |c: Option<char>| c.is_some_and(|c| c >= '\u{3000}');
    wide(before.chars().next_back()) && wide(behind.chars().next())
}

impl Counts {
    fn repairs(&self) -> impl Iterator<Item = Repair> {
        let repair = |name, count, what: &str| Repair { name, count, text: format!("{what}: {count}") };
        let all = [
            repair("foreign_text", self.foreign, "sentences and addresses that do not belong to the text"),
            repair("pinyin_brackets", self.pinyin, "brackets with the reading of the character before them"),
            repair("noise_tags", self.noise, "empty elements with a made-up id, left as text"),
            repair(
                "invisible_characters",
                self.invisible,
                "characters without a shape, and control characters",
            ),
            repair("to_simplified", self.characters, "traditional characters made simplified"),
        ];
        all.into_iter().filter(|repair| repair.count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAKEN: Order = Order { mirrored: true, script: Script::AsWritten };

    fn text(old: &str) -> String {
        without_additions(old)
    }

    #[test]
    fn what_the_kit_put_in_is_taken_out_and_the_rest_stays() {
        assert_eq!(text("智能計(jì)算(AI)，重慶（Chóngqìng）"), "智能計算(AI)，重慶（Chóngqìng）");
        assert_eq!(text("前 <u id=\"k2f9w\"></u> 後 b <u id=\"k2f9w\"></u>c"), "前 後 b c");
        assert_eq!(text("前，<u id=\"k2f9w\"></u> 後 <u id=\"k2f9w\"></u>"), "前，後");
        assert_eq!(text("<u id=\"k2f9w\"></u>"), "");
    }

    #[test]
    fn places_move_with_the_text_also_where_they_cut_a_bracket() {
        let old = "新計(jì)算";
        let at = |part: &str| old.find(part).unwrap() as u32;
        let places = [at("計"), at("jì"), at(")"), at("算")];
        let (new, moved) = TAKEN.rewritten(old, &places, &[], &mut Counts::default());
        let moved: Vec<u32> = moved.into_iter().map(|(_, new)| new).collect();
        assert_eq!((new.as_str(), moved), ("新計算", vec![3, 6, 6, 6, 9]));
    }

    #[test]
    fn foreign_sentences_go_out_with_a_blank() {
        let order = Order { mirrored: false, script: Script::AsWritten };
        let old = "The ferry sails. Buy pills now. It is green.";
        let (start, mut counts) = (old.find("Buy").unwrap(), Counts::default());
        let (new, moved) =
            order.rewritten(old, &[0, 20, 43], std::slice::from_ref(&(start..start + 14)), &mut counts);
        assert_eq!((new.as_str(), counts.foreign), ("The ferry sails. It is green.", 1));
        assert_eq!(moved, [(0, 0), (20, 17), (43, 28), (44, 29)]);
    }

    #[test]
    fn conversion_counts_characters_and_keeps_places() {
        let order = Order { mirrored: false, script: Script::Simplified };
        let mut counts = Counts::default();
        let (new, moved) = order.rewritten("舊車(chē)站", &[3], &[], &mut counts);
        assert_eq!((new.as_str(), counts.characters, counts.pinyin), ("旧车(chē)站", 2, 0));
        assert_eq!(moved, [(3, 3), (15, 15)]);
    }
}
