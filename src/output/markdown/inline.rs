//! One block's text with its links, code, bold and italic spans.

pub(super) use super::escape::Place;
use super::escape::{Escaper, is_word};
use super::link::Targets;
use crate::page::{Block, Span, SpanKind};
use std::ops::Range;

/// The block's text as inline Markdown, without white space at its ends.
pub(super) fn render(block: Block<'_>, targets: &Targets, place: Place) -> String {
    let text = block.text();
    let whole = trimmed(text, 0..text.len());
    let styles = Styles::of(block, &whole);
    let mut writer = Escaper::new(text, place);
    let mut at = whole.start;
    for segment in segments(block, targets, &whole) {
        writer.text(at, segment.range.start);
        at = segment.range.end;
        match segment.target {
            Some(target) => {
                writer.open_link();
                styles.pieces(&mut writer, segment.range);
                writer.close_link(&target);
            }
            None => styles.pieces(&mut writer, segment.range),
        }
    }
    writer.text(at, whole.end);
    writer.out
}

/// A link, or the text between two links.
struct Segment {
    range: Range<usize>,
    target: Option<String>,
}

/// The whole text as links and what stands between them. A link inside a link is not written.
fn segments(block: Block<'_>, targets: &Targets, whole: &Range<usize>) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut at = whole.start;
    for span in block.spans().iter().filter(|span| span.kind == SpanKind::Link) {
        let range = span_range(block, span, whole);
        let target = block.href(span).and_then(|href| targets.resolve(href));
        if target.is_none() || range.is_empty() || range.start < at {
            continue;
        }
        segments.push(Segment { range: at..range.start, target: None });
        at = range.end;
        segments.push(Segment { range, target });
    }
    segments.push(Segment { range: at..whole.end, target: None });
    segments
}

/// The block's code, bold and italic text. A block may have as many spans of each as it has characters, so none of
/// them is looked for from the start.
struct Styles<'b> {
    text: &'b str,
    code: Ranges,
    strong: Ranges,
    emphasis: Ranges,
}

impl<'b> Styles<'b> {
    fn of(block: Block<'b>, whole: &Range<usize>) -> Self {
        let ranges = |kind| Ranges::of(block, kind, whole);
        let [code, strong, emphasis] = [SpanKind::Code, SpanKind::Strong, SpanKind::Emphasis].map(ranges);
        Self { text: block.text(), code, strong, emphasis }
    }

    /// Writes a part of the text: code as code, and between code the bold and italic text.
    fn pieces(&self, writer: &mut Escaper<'_>, within: Range<usize>) {
        let mut at = within.start;
        for code in self.code.within(self.text, &within) {
            self.styled(writer, at..code.start);
            at = code.end;
            writer.code(code.start, code.end);
        }
        self.styled(writer, at..within.end);
    }

    /// Writes text without links and code in it.
    fn styled(&self, writer: &mut Escaper<'_>, within: Range<usize>) {
        let mut at = within.start;
        for (range, delimiter) in self.delimited(&within) {
            let Some(range) = flanked(self.text, &within, range) else { continue };
            writer.text(at, range.start);
            writer.markup(delimiter);
            writer.text(range.start, range.end);
            writer.markup(delimiter);
            at = range.end;
        }
        writer.text(at, within.end);
    }

    /// The bold and italic text inside `within`. Italic that touches bold is not written: `*` next to `**` reads differently
    /// from parser to parser.
    fn delimited(&self, within: &Range<usize>) -> Vec<(Range<usize>, &'static str)> {
        let bold: Vec<_> = self.strong.within(self.text, within).collect();
        let apart = |range: &Range<usize>| {
            let next = bold.partition_point(|bold| bold.end < range.start);
            bold.get(next).is_none_or(|bold| bold.start > range.end)
        };
        let italic = self.emphasis.within(self.text, within).filter(apart);
        let mut delimited: Vec<_> = italic.map(|range| (range, "*")).collect();
        delimited.extend(bold.iter().map(|range| (range.clone(), "**")));
        delimited.sort_by_key(|(range, _)| range.start);
        delimited
    }
}

/// Parts of a block's text, trimmed, those that touch joined, in order.
struct Ranges(Vec<Range<usize>>);

impl Ranges {
    /// The spans of one kind.
    fn of(block: Block<'_>, kind: SpanKind, whole: &Range<usize>) -> Self {
        let spans = block.spans().iter().filter(|span| span.kind == kind);
        let mut found: Vec<_> =
            spans.map(|span| span_range(block, span, whole)).filter(|r| !r.is_empty()).collect();
        found.sort_by_key(|range| range.start);
        let mut joined: Vec<Range<usize>> = Vec::with_capacity(found.len());
        for range in found {
            match joined.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => joined.push(range),
            }
        }
        Self(joined)
    }

    /// What of them stands inside `within`, trimmed again.
    fn within(&self, text: &str, within: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let first = self.0.partition_point(|range| range.end <= within.start);
        let inside = self.0.get(first..).unwrap_or_default().iter();
        let inside = inside.take_while(move |range| range.start < within.end);
        inside.map(move |range| clamped(text, range.clone(), within)).filter(|range| !range.is_empty())
    }
}

fn span_range(block: Block<'_>, span: &Span, within: &Range<usize>) -> Range<usize> {
    clamped(block.text(), span.start as usize..span.end as usize, within)
}

/// The part of a range inside `within`, trimmed.
fn clamped(text: &str, range: Range<usize>, within: &Range<usize>) -> Range<usize> {
    let start = range.start.clamp(within.start, within.end);
    let end = range.end.clamp(start, within.end);
    trimmed(text, start..end)
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let Some(part) = text.get(range.clone()) else { return range.start..range.start };
    let start = range.start + (part.len() - part.trim_start().len());
    start..start.max(range.start + part.trim_end().len())
}

/// The range without the characters at its ends that would keep `*` from opening or closing: Markdown does
/// not close `**“x”**y`, as `”` is punctuation and `y` is a letter, which in Chinese text is the usual case.
fn flanked(text: &str, within: &Range<usize>, mut range: Range<usize>) -> Option<Range<usize>> {
    while let Some(inner) = text.get(range.clone()).filter(|inner| !inner.is_empty()) {
        let (first, last) = (inner.chars().next()?, inner.chars().next_back()?);
        let before = text.get(within.start..range.start)?.chars().next_back();
        let after = text.get(range.end..within.end)?.chars().next();
        if !flanks(first, before) {
            range.start += first.len_utf8();
        } else if !flanks(last, after) {
            range.end -= last.len_utf8();
        } else {
            return Some(range);
        }
    }
    None
}

/// Whether a delimiter between `inner` and `outer` opens or closes in every parser. `outer` is none at the
/// block's ends and beside links and code, whose markup is punctuation.
fn flanks(inner: char, outer: Option<char>) -> bool {
    let open = outer.is_none_or(|c| c.is_ascii_whitespace() || c.is_ascii_punctuation());
    is_word(inner) || (open && !inner.is_whitespace() && !inner.is_control())
}
