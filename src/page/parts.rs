//! Words that are hidden inside a shown block → a block of their own behind it.
//!
//! Programs put words into sentences that readers do not see: against copying, or for search engines. The block
//! of the sentence gets its own words back, and what was hidden in it follows as one block whose innermost element is
//! the hidden one. Nothing is lost; a block that is hidden as a whole stays as it is.

use super::block::{BlockData, BlockKind, Inline, Span, SpanKind};
use super::builder::{Builder, Gap, count_span, is_block};
use super::element::{ElementId, Tag};
use super::limits::Limit;
use super::traces::Hiding;
use super::width::columns;

/// Hidden words of the block that is being built.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The outermost hidden inline element that is open.
    open: Option<Part>,
    closed: Vec<Part>,
}

/// A range of the page's text, bytes.
#[derive(Debug, Clone, Copy)]
struct Part {
    element: ElementId,
    by: Hiding,
    /// The white space before the element.
    gap: Gap,
    start: u32,
    end: u32,
}

/// Letters of the colour of their ground are hidden up to one in so many of a block's: of more than that the ground is
/// likely to be another one. Chosen by hand.
const COLOURED: usize = 2;
/// What stands beside one hidden element is a sentence from so many columns on. What is shorter is a button or a link with
/// words for programs that read pages aloud, and says the same with them. (Without this one page in nine of the WCXB development
/// set has such words, with it one in fifty.)
const SENTENCE: usize = 40;

impl Builder {
    /// An inline element starts: it may be hidden.
    pub(super) fn enter_part(&mut self, element: ElementId, tag: Tag) {
        if self.parts.open.is_some() || is_block(tag) {
            return;
        }
        if let Some(by) = self.notes.inline_hiding(&self.page, element) {
            let start = self.page.text.len() as u32;
            self.parts.open = Some(Part { element, by, gap: self.gap, start, end: start });
        }
    }

    /// An element ends: if it is the one that is hidden, the text goes on as if it had not been there.
    pub(super) fn leave_part(&mut self, element: ElementId) {
        if let Some(open) = self.parts.open.filter(|open| open.element == element) {
            self.close_part();
            self.parts.open = None;
            self.gap = open.gap;
        }
    }

    /// Ends the hidden range for this block.
    pub(super) fn close_part(&mut self) {
        let Some(open) = self.parts.open else { return };
        let part = Part { start: open.start.max(self.block.start), end: self.page.text.len() as u32, ..open };
        if part.start < part.end {
            self.parts.closed.push(part);
        }
    }

    /// Takes the hidden words out of the block that was added last, into one behind it.
    pub(super) fn part(&mut self) {
        let mut parts = std::mem::take(&mut self.parts.closed);
        let Some(block) = self.page.blocks.last().cloned().filter(|_| !parts.is_empty()) else { return };
        parts.retain(|part| part.start >= block.start);
        let text = self.page.text.get(block.start as usize..).unwrap_or_default().to_owned();
        let links =
            self.page.spans.iter().skip(block.spans.0 as usize).filter(|span| span.kind == SpanKind::Link);
        if !are_coloured(&parts, &text, links.count()) {
            parts.retain(|part| part.by != Hiding::Colour);
        }
        let cuts = Cuts::of(&text, block.start, &parts);
        let is_sentence = parts.len() > 1 || columns(&cuts.shown) >= SENTENCE;
        let is_jammed = parts.iter().any(|part| part.by == Hiding::Jammer);
        let is_parted = !cuts.shown.is_empty() && !cuts.hidden.is_empty() && (is_sentence || is_jammed);
        let is_label = matches!(block.kind, BlockKind::Heading(_) | BlockKind::Control);
        let Some(first) = parts.first().filter(|_| is_parted && !is_label) else { return };
        self.notes.coloured(parts.iter().filter(|part| part.by == Hiding::Colour).map(|part| part.element));
        self.notes.parted.push(first.element);
        self.page.blocks.pop();
        self.page.text.truncate(block.start as usize);
        let spans = self.page.spans.split_off(block.spans.0 as usize);
        let around = self.page.element(first.element).map_or(block.inner, |element| element.parent);
        let inner = if first.start == block.start { around } else { block.inner };
        self.add_part(&BlockData { inner, ..block.clone() }, &cuts, &spans, Side::Shown);
        self.add_part(&BlockData { inner: first.element, ..block }, &cuts, &spans, Side::Hidden);
        self.go_on();
    }

    fn add_part(&mut self, like: &BlockData, cuts: &Cuts, spans: &[Span], side: Side) {
        if self.page.blocks.len() >= self.limits.blocks() {
            return self.limit(Limit::Blocks);
        }
        let text = if side == Side::Shown { &cuts.shown } else { &cuts.hidden };
        let (start, first) = (self.page.text.len() as u32, self.page.spans.len() as u32);
        let (link_chars, links, bold_chars) = Default::default();
        let mut inline = Inline { link_chars, links, bold_chars, ..like.inline };
        let spans: Vec<Span> = spans.iter().filter_map(|span| cuts.moved(*span, side)).collect();
        for span in &spans {
            count_span(&mut inline, span, text);
        }
        self.page.text.push_str(text);
        self.page.spans.extend(spans);
        let (end, spans) = (self.page.text.len() as u32, (first, self.page.spans.len() as u32));
        self.page.blocks.push(BlockData { start, end, spans, inline, ..like.clone() });
    }
}

/// Whether letters of the colour of paper are hidden: a page whose paper is coloured by a sheet elsewhere has a white word here
/// and there, too, but not several in a sentence, nor links in a row.
fn are_coloured(parts: &[Part], text: &str, links: usize) -> bool {
    let coloured = || parts.iter().filter(|part| part.by == Hiding::Colour);
    let length: usize = coloured().map(|part| (part.end - part.start) as usize).sum();
    COLOURED * length <= text.len() && (coloured().count() > 1 || links > 1)
}

/// Whether words are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Shown,
    Hidden,
}

/// A text without its hidden ranges, and these.
#[derive(Debug, Default)]
struct Cuts {
    shown: String,
    hidden: String,
    /// Old start and end, and the new start.
    pieces: Vec<(u32, u32, u32, Side)>,
}

impl Cuts {
    fn of(text: &str, base: u32, parts: &[Part]) -> Self {
        let (mut cuts, mut at) = (Self::default(), 0);
        let most = text.len() as u32;
        for part in parts {
            let (from, to) = ((part.start - base).clamp(at, most), (part.end - base).clamp(at, most));
            cuts.add(text, (at, from), Side::Shown);
            cuts.add(text, (from, to), Side::Hidden);
            at = to;
        }
        cuts.add(text, (at, most), Side::Shown);
        for side in [&mut cuts.shown, &mut cuts.hidden] {
            side.truncate(side.trim_end().len());
        }
        cuts
    }

    fn add(&mut self, text: &str, (from, to): (u32, u32), side: Side) {
        let piece = text.get(from as usize..to as usize).unwrap_or_default();
        let own = if side == Side::Shown { &mut self.shown } else { &mut self.hidden };
        let joins = own.is_empty() || own.ends_with(char::is_whitespace);
        let kept = if joins { piece.trim_start() } else { piece };
        if side == Side::Hidden && !own.is_empty() && !kept.starts_with(char::is_whitespace) {
            own.push(' ');
        }
        self.pieces.push((to - kept.len() as u32, to, own.len() as u32, side));
        own.push_str(kept);
    }

    /// A span of the old text in one side of the new one.
    fn moved(&self, span: Span, wanted: Side) -> Option<Span> {
        let within = |(from, to, at, side): &(u32, u32, u32, Side)| {
            let (start, end) = (span.start.max(*from), span.end.min(*to));
            (*side == wanted && start < end).then(|| (at + start - from, at + end - from))
        };
        let start = self.pieces.iter().find_map(within)?.0;
        let end = self.pieces.iter().rev().find_map(within)?.1;
        let text = if wanted == Side::Shown { &self.shown } else { &self.hidden };
        let blank = text.get(start as usize..).is_some_and(|text| text.starts_with(' '));
        let (start, length) = (start + u32::from(blank), text.len() as u32);
        (start < end.min(length)).then(|| Span { start, end: end.min(length), ..span })
    }
}

#[cfg(test)]
mod tests {
    use crate::page::{Document, Limits, Page};

    fn read(html: &str) -> Page {
        Page::read(&Document::html(html), &Limits::default())
    }

    fn texts(html: &str) -> Vec<String> {
        read(html).blocks().map(|block| block.text().to_owned()).collect()
    }

    #[test]
    fn words_hidden_in_a_sentence_are_a_block_behind_it() {
        for hider in [
            "span hidden",
            "span style='display:none'",
            "i style='font-size:0'",
            "b style='position:absolute;left:-9999px'",
            "font color=#ffffff",
            "span style='color:#fefefe'",
            "font class=jammer",
            "em class=z9q",
        ] {
            let tag = hider.split(' ').next().unwrap();
            let html = format!(
                "<style>.z9q{{display:none}}</style><p>The ferry,<{hider}>q7 x</{tag}> said the owner, sails on \
                 <{hider}>z 9</{tag}>Monday<{hider}>k</{tag}>s.<p>Next."
            );
            assert_eq!(
                texts(&html),
                ["The ferry, said the owner, sails on Mondays.", "q7 x z 9 k", "Next."],
                "{hider}"
            );
        }
        assert_eq!(
            texts("<p>渡轮<span hidden>a1</span>周一<span hidden> b </span>返航。"),
            ["渡轮周一返航。", "a1 b"]
        );
        assert_eq!(texts("<p>one<br><span hidden>x</span>two<i hidden>y</i>"), ["one\ntwo", "x y"]);
        assert_eq!(texts("<p>谢谢分享！<font class=jammer>9 l2</font>"), ["谢谢分享！", "9 l2"]);
    }

    #[test]
    fn shown_words_and_blocks_that_are_hidden_as_a_whole_stay_as_they_are() {
        for html in [
            "<p><span hidden>one two</span>",
            "<div hidden>one two</div>",
            "<p><span style='font-size:12px;color:#333'>one</span> two",
            "<body bgcolor=black><p><font color=white>one</font> two",
            "<div style='background:url(sky.png)'><p><span style='color:#fff'>one</span> two",
            "<style>body{background:#222}</style><p><span style='color:#fff'>one</span> two",
            "<p><font color=white>one</font> <font color=white>two</font> t",
            "<p>The ferry returned to <font color=white>Arden</font> harbour on Monday after weeks.",
            "<h2>The ferry returned to Arden harbour on Monday <span hidden>(new)</span></h2>",
            "<p>Leave a reply <a style='display:none'>Cancel</a>",
            "<style>@media print{.x{display:none}}</style><p><span class=x>one</span> two",
        ] {
            assert_eq!(texts(html).len(), 1, "{html}");
        }
    }

    #[test]
    fn links_and_bold_words_go_with_their_side() {
        let page = read(
            "<p>A <b>ferry<i hidden>x y</i></b> and <a href=/a>a port</a>.<span style='left:-999px;position:fixed'>\
             <a href=http://x.example/>slots</a></span>",
        );
        let spans = |at: usize| -> Vec<&str> {
            let block = page.block(at).unwrap();
            let text =
                |span: &crate::page::Span| block.text().get(span.start as usize..span.end as usize).unwrap();
            block.spans().iter().map(text).collect()
        };
        assert_eq!((spans(0), spans(1)), (vec!["ferry", "a port"], vec!["x y", "x y", "slots"]));
        assert_eq!(page.block(0).unwrap().inline().links, 1);
        assert_eq!(
            page.traces().hidden().iter().map(|hidden| hidden.blocks.clone()).collect::<Vec<_>>(),
            [[1]]
        );
    }
}
