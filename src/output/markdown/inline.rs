//! One block's text with its links, code, bold and italic spans.

pub(super) use super::escape::Place;
use super::escape::{Escaper, is_word};
use super::link::Targets;
use crate::page::{Block, Mark, MarkKind};
use std::ops::Range;

/// The block's text as inline Markdown, without white space at its ends.
pub(super) fn render(block: Block<'_>, targets: &Targets, place: Place) -> String {
    let text = block.text();
    let whole = trimmed(text, 0..text.len());
    let mut writer = Escaper::new(text, place);
    let mut at = whole.start;
    for span in spans(block, targets, &whole) {
        writer.text(at, span.range.start);
        at = span.range.end;
        match span.target {
            Some(target) => {
                writer.open_link();
                pieces(&mut writer, block, span.range);
                writer.close_link(&target);
            }
            None => pieces(&mut writer, block, span.range),
        }
    }
    writer.text(at, whole.end);
    writer.out
}

/// A link, or the text between two links.
struct Span {
    range: Range<usize>,
    target: Option<String>,
}

/// The whole text as links and what stands between them. A link inside a link is not written.
fn spans(block: Block<'_>, targets: &Targets, whole: &Range<usize>) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = whole.start;
    for mark in block.marks().iter().filter(|mark| mark.kind == MarkKind::Link) {
        let range = mark_range(block, mark, whole);
        let target = block.href(mark).and_then(|href| targets.resolve(href));
        if target.is_none() || range.is_empty() || range.start < at {
            continue;
        }
        spans.push(Span { range: at..range.start, target: None });
        at = range.end;
        spans.push(Span { range, target });
    }
    spans.push(Span { range: at..whole.end, target: None });
    spans
}

/// Writes a span: code as code, and between code the bold and italic text.
fn pieces(writer: &mut Escaper<'_>, block: Block<'_>, span: Range<usize>) {
    let mut at = span.start;
    for code in ranges(block, MarkKind::Code, &span) {
        styled(writer, block, at..code.start);
        at = code.end;
        writer.code(code.start, code.end);
    }
    styled(writer, block, at..span.end);
}

/// Writes text without links and code in it. Italic that touches bold is not written: `*` next to `**` reads
/// differently from parser to parser.
fn styled(writer: &mut Escaper<'_>, block: Block<'_>, span: Range<usize>) {
    let bold = ranges(block, MarkKind::Strong, &span);
    let italic = ranges(block, MarkKind::Emphasis, &span);
    let apart = |range: &Range<usize>| !bold.iter().any(|b| b.start <= range.end && range.start <= b.end);
    let mut marks: Vec<(Range<usize>, &str)> =
        italic.into_iter().filter(apart).map(|range| (range, "*")).collect();
    marks.extend(bold.iter().map(|range| (range.clone(), "**")));
    marks.sort_by_key(|(range, _)| range.start);
    let mut at = span.start;
    for (range, delimiter) in marks {
        let Some(range) = flanked(block.text(), &span, range) else { continue };
        writer.text(at, range.start);
        writer.markup(delimiter);
        writer.text(range.start, range.end);
        writer.markup(delimiter);
        at = range.end;
    }
    writer.text(at, span.end);
}

/// The marks of one kind inside `within`, trimmed, those that touch joined, in order.
fn ranges(block: Block<'_>, kind: MarkKind, within: &Range<usize>) -> Vec<Range<usize>> {
    let marks = block.marks().iter().filter(|mark| mark.kind == kind);
    let mut found: Vec<_> =
        marks.map(|mark| mark_range(block, mark, within)).filter(|r| !r.is_empty()).collect();
    found.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

fn mark_range(block: Block<'_>, mark: &Mark, within: &Range<usize>) -> Range<usize> {
    let start = (mark.start as usize).clamp(within.start, within.end);
    let end = (mark.end as usize).clamp(start, within.end);
    trimmed(block.text(), start..end)
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let Some(part) = text.get(range.clone()) else { return range.start..range.start };
    let start = range.start + (part.len() - part.trim_start().len());
    start..start.max(range.start + part.trim_end().len())
}

/// The range without the characters at its ends that would keep `*` from opening or closing: Markdown does
/// not close `**“x”**y`, as `”` is punctuation and `y` is a letter, which in Chinese text is the usual case.
fn flanked(text: &str, span: &Range<usize>, mut range: Range<usize>) -> Option<Range<usize>> {
    while let Some(inner) = text.get(range.clone()).filter(|inner| !inner.is_empty()) {
        let (first, last) = (inner.chars().next()?, inner.chars().next_back()?);
        let before = text.get(span.start..range.start)?.chars().next_back();
        let after = text.get(range.end..span.end)?.chars().next();
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
