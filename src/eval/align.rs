//! Gold text → which of a page's blocks it was taken from.
//!
//! A histogram diff of the page's words against the gold's finds the text that stands in the same order; a
//! second pass looks for the rest: text that the gold has in another order, and pseudo-blocks. The numbers in
//! this file were chosen by the score of the accepted blocks (the oracle) on the WCXB development set.

use crate::page::Page;
use crate::page::words::words;
use imara_diff::{Algorithm, Diff, Token};
use std::collections::HashMap;
use std::ops::Range;

/// A block's text, and whether the page's own display lacks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'t> {
    /// The text.
    pub text: &'t str,
    /// JSON-LD or meta text: it is looked at only for gold that no other block has.
    pub pseudo: bool,
}

/// A page's blocks as [`align`] takes them.
pub fn pieces(page: &Page) -> Vec<Piece<'_>> {
    page.blocks().map(|block| Piece { text: block.text(), pseudo: block.kind().is_pseudo() }).collect()
}

/// What the alignment found for one block.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Match {
    /// Whether the block is part of the gold.
    pub accepted: bool,
    /// Share of its words that were matched, 0 to 1; 0 for a block without words.
    pub share: f32,
    /// Its words.
    pub words: u32,
}

/// Aligns a gold text to a page's blocks, given in page order: what was found for each.
///
/// ```
/// use pagesieve::eval::{Piece, align};
/// let pieces = ["Home", "Bees dance to tell the way.", "Login"].map(|text| Piece { text, pseudo: false });
/// let accepted = align(&pieces, "Bees dance to tell the way.");
/// assert_eq!(accepted.iter().map(|block| block.accepted).collect::<Vec<_>>(), [false, true, false]);
/// ```
pub fn align(pieces: &[Piece<'_>], gold: &str) -> Vec<Match> {
    let mut aligner = Aligner::new(pieces, gold);
    aligner.accept_in_order(pieces);
    aligner.accept_out_of_order();
    aligner.blocks
}

/// The text of the accepted blocks, one a line: the best that a filter of whole blocks can be expected to give.
pub fn oracle(pieces: &[Piece<'_>], gold: &str) -> String {
    let found = align(pieces, gold);
    let accepted = pieces.iter().zip(&found).filter(|(_, found)| found.accepted);
    accepted.map(|(piece, _)| piece.text).collect::<Vec<_>>().join("\n")
}

/// A run that the second pass takes has at least this many words.
const SHORTEST_RUN: usize = 3;

/// Places of the gold at which the second pass tries to start a run, for each of a block's words: bounds the
/// work on a gold that repeats itself.
const MOST_PLACES: usize = 64;

/// Where the runs of [`SHORTEST_RUN`] gold words start.
#[derive(Default)]
struct Places {
    list: Vec<u32>,
    /// The places before this one are taken for good.
    from: usize,
}

type Starts = HashMap<[u32; SHORTEST_RUN], Places>;

struct Aligner {
    /// The blocks' words one after another.
    page: Vec<Token>,
    /// Each block's range in `page`.
    ranges: Vec<Range<usize>>,
    gold: Vec<Token>,
    /// Gold words that an accepted block holds, or the block that is looked at.
    taken: Vec<bool>,
    /// Gold words that an accepted block holds.
    settled: Vec<bool>,
    /// Distinct words.
    vocabulary: u32,
    blocks: Vec<Match>,
}

impl Aligner {
    fn new(pieces: &[Piece<'_>], gold: &str) -> Self {
        let mut ids = HashMap::new();
        let mut page = Vec::new();
        let mut ranges = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let start = page.len();
            intern(piece.text, &mut ids, &mut page);
            ranges.push(start..page.len());
        }
        let mut gold_words = Vec::new();
        intern(gold, &mut ids, &mut gold_words);
        let blocks = ranges.iter().map(|range| Match { words: range.len() as u32, ..Match::default() });
        Self {
            blocks: blocks.collect(),
            taken: vec![false; gold_words.len()],
            settled: vec![false; gold_words.len()],
            vocabulary: ids.len() as u32,
            page,
            ranges,
            gold: gold_words,
        }
    }

    /// First pass: a diff of the page without its pseudo-blocks.
    fn accept_in_order(&mut self, pieces: &[Piece<'_>]) {
        // Pseudo-blocks may stand anywhere in `pieces`; the diff sees the page's other words only.
        let shown: Vec<usize> =
            (0..pieces.len()).filter(|at| pieces.get(*at).is_some_and(|p| !p.pseudo)).collect();
        let page: Vec<Token> = shown.iter().flat_map(|at| self.words_of(*at)).copied().collect();
        let places = matched_places(&page, &self.gold, self.vocabulary);
        let mut start = 0;
        for at in shown {
            let end = start + self.words_of(at).len();
            let matched = places.get(start..end).unwrap_or_default();
            if accepts_in_order(matched) {
                self.accept(at, matched);
            } else if let Some(block) = self.blocks.get_mut(at) {
                block.share = share(matched);
            }
            start = end;
        }
    }

    /// Second pass: blocks that were not accepted against the gold words that are still free.
    fn accept_out_of_order(&mut self) {
        let mut starts = self.starts();
        for at in 0..self.blocks.len() {
            if self.blocks.get(at).is_none_or(|block| block.accepted || block.words == 0) {
                continue;
            }
            let matched = self.greedy_runs(at, &mut starts);
            if share(&matched) >= 0.6 {
                self.accept(at, &matched);
            } else {
                mark(&mut self.taken, &matched, false);
            }
        }
    }

    fn accept(&mut self, at: usize, matched: &[Option<u32>]) {
        mark(&mut self.taken, matched, true);
        mark(&mut self.settled, matched, true);
        if let Some(block) = self.blocks.get_mut(at) {
            block.accepted = true;
            block.share = share(matched);
        }
    }

    fn words_of(&self, at: usize) -> &[Token] {
        self.ranges.get(at).and_then(|range| self.page.get(range.clone())).unwrap_or_default()
    }

    fn starts(&self) -> Starts {
        let mut starts = Starts::new();
        for (at, run) in self.gold.windows(SHORTEST_RUN).enumerate() {
            let taken = self.taken.get(at..at + SHORTEST_RUN).unwrap_or_default();
            if !taken.contains(&true) {
                starts.entry(key(run)).or_default().list.push(at as u32);
            }
        }
        starts
    }

    /// Cuts a block's words into runs that stand in the free gold, the longest at each place, and takes the
    /// gold's words.
    fn greedy_runs(&mut self, block: usize, starts: &mut Starts) -> Vec<Option<u32>> {
        let mut matched = vec![None; self.words_of(block).len()];
        let mut at = 0;
        while let Some(rest) = self.words_of(block).get(at..).filter(|rest| rest.len() >= SHORTEST_RUN) {
            let run = starts.get_mut(&key(rest)).and_then(|places| self.longest_run(rest, places));
            let Some((length, place)) = run else {
                at += 1;
                continue;
            };
            let cells = matched.iter_mut().skip(at).take(length);
            cells.zip(place..).for_each(|(cell, place)| *cell = Some(place));
            mark(&mut self.taken, matched.get(at..at + length).unwrap_or_default(), true);
            at += length;
        }
        matched
    }

    /// The longest run of `words` in the free gold: its length and place.
    fn longest_run(&self, words: &[Token], places: &mut Places) -> Option<(usize, u32)> {
        while places
            .list
            .get(places.from)
            .is_some_and(|place| self.settled.get(*place as usize) == Some(&true))
        {
            places.from += 1;
        }
        let all = places.list.iter().skip(places.from).take(MOST_PLACES);
        let runs = all.map(|place| (self.run_length(words, *place as usize), *place));
        let best = runs.reduce(|best, run| if run.0 > best.0 { run } else { best });
        best.filter(|(length, _)| *length >= SHORTEST_RUN)
    }

    /// How far `words` and the gold agree from a place on, over free words.
    fn run_length(&self, words: &[Token], place: usize) -> usize {
        let gold = self.gold.get(place..).unwrap_or_default();
        let taken = self.taken.get(place..).unwrap_or_default();
        let pairs = words.iter().zip(gold).zip(taken);
        pairs.take_while(|((word, gold), taken)| word == gold && !**taken).count()
    }
}

/// Sets the cells of the gold words of a match.
fn mark(cells: &mut [bool], matched: &[Option<u32>], value: bool) {
    for place in matched.iter().flatten() {
        if let Some(cell) = cells.get_mut(*place as usize) {
            *cell = value;
        }
    }
}

fn key(run: &[Token]) -> [u32; SHORTEST_RUN] {
    let mut words = run.iter().map(|word| word.0);
    std::array::from_fn(|_| words.next().unwrap_or(u32::MAX))
}

fn intern(text: &str, ids: &mut HashMap<String, u32>, list: &mut Vec<Token>) {
    let text = text.to_lowercase();
    for word in words(&text) {
        let next = ids.len() as u32;
        let id = ids.get(word).copied().unwrap_or(next);
        if id == next {
            ids.insert(word.to_owned(), id);
        }
        list.push(Token(id));
    }
}

/// For each word of the page the place in the gold that the diff pairs it with.
fn matched_places(page: &[Token], gold: &[Token], vocabulary: u32) -> Vec<Option<u32>> {
    if is_endless_repetition(page, gold, vocabulary) {
        return vec![None; page.len()];
    }
    let mut diff = Diff::default();
    diff.compute_with(Algorithm::Histogram, page, gold, vocabulary);
    let mut kept_gold = (0..gold.len() as u32).filter(|at| !diff.is_added(*at));
    let mut pair = |at: u32| if diff.is_removed(at) { None } else { kept_gold.next() };
    (0..page.len() as u32).map(&mut pair).collect()
}

/// Whether the diff would take minutes: both sides are long and say the same few words over and over, so that
/// order tells nothing. Of two words, one of the page and one of the gold, about 1 in 100 pairs are the same in
/// prose of any language, and 1 in 5 in a list that repeats a phrase.
fn is_endless_repetition(page: &[Token], gold: &[Token], vocabulary: u32) -> bool {
    const LONG: f64 = 1e9;
    const REPETITIVE: f64 = 0.05;
    let pairs = page.len() as f64 * gold.len() as f64;
    if pairs < LONG {
        return false;
    }
    let mut in_gold = vec![0_u32; vocabulary as usize];
    for word in gold {
        in_gold.get_mut(word.0 as usize).into_iter().for_each(|count| *count += 1);
    }
    let same: f64 = page.iter().filter_map(|word| in_gold.get(word.0 as usize)).map(|n| f64::from(*n)).sum();
    same > REPETITIVE * pairs
}

/// Whether a block belongs to the gold by the words that the diff matched.
fn accepts_in_order(matched: &[Option<u32>]) -> bool {
    if matched.is_empty() {
        return false;
    }
    let (share, run, length) = (share(matched), longest_run(matched), matched.len());
    let enough_run = run >= 5 || run as f32 >= 0.8 * length as f32;
    share > 0.8 || (share >= 0.5 && enough_run) || (run >= 8 && share > 0.25)
}

fn share(matched: &[Option<u32>]) -> f32 {
    let count = matched.iter().flatten().count();
    if matched.is_empty() { 0.0 } else { count as f32 / matched.len() as f32 }
}

/// The longest run of words that stand one after another in the gold too.
fn longest_run(matched: &[Option<u32>]) -> usize {
    let (mut best, mut run, mut expected) = (0, 0, None);
    for place in matched {
        run = match place {
            None => 0,
            Some(_) if *place == expected => run + 1,
            Some(_) => 1,
        };
        expected = place.map(|place| place + 1);
        best = best.max(run);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::word_prf;
    use std::time::{Duration, Instant};

    fn shown<'t>(texts: &[&'t str]) -> Vec<Piece<'t>> {
        texts.iter().map(|text| Piece { text, pseudo: false }).collect()
    }

    fn accepted(pieces: &[Piece<'_>], gold: &str) -> Vec<bool> {
        align(pieces, gold).iter().map(|block| block.accepted).collect()
    }

    #[test]
    fn english_blocks_of_the_gold_are_accepted_and_menus_are_not() {
        let pieces = shown(&[
            "Home News Sport",
            "Rivers carry sand to the sea, and the sea gives it back to the shore.",
            "Read next: how sand is made",
            "The tide sorts the grains by weight.",
        ]);
        let gold = "Rivers carry sand to the sea, and the sea gives it back to the shore.\n\nThe tide sorts the grains by weight.";
        let found = align(&pieces, gold);
        assert_eq!(accepted(&pieces, gold), [false, true, false, true]);
        assert_eq!((found[1].words, found[1].share), (15, 1.0));
        assert!((word_prf(&oracle(&pieces, gold), gold).f1 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn chinese_blocks_of_the_gold_are_accepted_and_menus_are_not() {
        let pieces = shown(&[
            "首页 新闻",
            "河水把沙子带到海里，潮水又把它送回岸边。",
            "点击下载客户端",
            "沙粒按重量排开。",
        ]);
        let gold = "河水把沙子带到海里，潮水又把它送回岸边。沙粒按重量排开。";
        assert_eq!(accepted(&pieces, gold), [false, true, false, true]);
        assert_eq!(oracle(&pieces, gold), "河水把沙子带到海里，潮水又把它送回岸边。\n沙粒按重量排开。");
    }

    #[test]
    fn text_that_the_gold_has_in_another_order_is_found() {
        let pieces = shown(&[
            "The second answer explains the whole matter at some length.",
            "Login",
            "How does one sort sand by its weight on a windy beach in the early spring of the year?",
        ]);
        let gold = "How does one sort sand by its weight on a windy beach in the early spring of the year? The second answer explains the whole matter at some length.";
        assert_eq!(accepted(&pieces, gold), [true, false, true]);
    }

    #[test]
    fn a_pseudo_block_counts_only_where_no_shown_block_has_the_text() {
        let text = "潮水每天两次把沙子送回岸边。";
        let [shown, pseudo] = [false, true].map(|pseudo| Piece { text, pseudo });
        assert_eq!(accepted(&[shown, pseudo], text), [true, false]);
        assert_eq!(accepted(&[Piece { text: "加载中", pseudo: false }, pseudo], text), [false, true]);
    }

    #[test]
    fn a_block_that_was_not_accepted_frees_its_gold_words() {
        let pieces =
            shown(&["sand a b c d e f g h i j k", "l m n o p q r s", "tide is a word of the sea and"]);
        assert_eq!(accepted(&pieces, "sand tide is a word of the sea and"), [false, false, true]);
    }

    #[test]
    fn empty_gold_and_empty_pages_align_to_nothing() {
        assert_eq!(accepted(&shown(&["Home", ""]), ""), [false, false]);
        assert_eq!(align(&[], "text"), []);
        assert_eq!(oracle(&shown(&["", "…"]), "…"), "");
    }

    #[test]
    fn twenty_thousand_blocks_against_a_megabyte_of_repeating_gold_end_soon() {
        let texts: Vec<_> =
            (0..20_000).map(|n| format!("item {} of the list the list 价格 {n}", n % 7)).collect();
        let pieces: Vec<_> = texts.iter().map(|text| Piece { text, pseudo: false }).collect();
        let lines = (0..30_000).map(|n| format!("the list of item {} of the 列表 list", n % 11));
        let gold = lines.collect::<Vec<_>>().join("\n");
        let start = Instant::now();
        assert_eq!(align(&pieces, &gold).len(), 20_000);
        assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
    }

    #[test]
    fn twenty_thousand_blocks_are_found_in_a_megabyte_of_gold_in_order_or_not() {
        let text = |n: u64| {
            (0..10).map(|at| format!("w{}", (n * 10 + at) * 2_654_435_761 % 9_973)).collect::<Vec<_>>()
        };
        let texts: Vec<String> = (0..20_000).map(|n| text(n).join(" ")).collect();
        let pieces: Vec<_> = texts.iter().map(|text| Piece { text, pseudo: false }).collect();
        let wanted: Vec<&str> = texts.iter().step_by(2).map(String::as_str).collect();
        let turned: Vec<&str> = wanted.iter().rev().copied().collect();
        for gold in [wanted.join("\n"), turned.join("\n")] {
            let found = accepted(&pieces, &gold).into_iter().filter(|accepted| *accepted).count();
            assert!((9_900..=10_100).contains(&found), "{found}");
        }
    }
}
