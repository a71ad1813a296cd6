//! Pages built by hand for this room's tests.

use crate::classify::{BlockReport, Finding, Label, Reason, Report, Verdict};
use crate::page::{Attr, AttrName, BlockData, BlockKind, Element, ElementId, Page, Span, SpanKind, Tag};

/// Builds a report block by block; a block is main content unless said otherwise.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sample {
    page: Page,
    blocks: Vec<BlockReport>,
}

impl Sample {
    pub(crate) fn new() -> Self {
        let mut sample = Self::default();
        sample.page.elements.push(element(ElementId(0), Tag::Html, 0));
        sample
    }

    pub(crate) fn with_url(mut self, url: &str) -> Self {
        self.page.source.url = Some(url.to_owned());
        self
    }

    /// Adds a block below the root.
    pub(crate) fn block(self, kind: BlockKind, text: &str) -> Self {
        self.block_in(ElementId(0), kind, text)
    }

    /// Adds a block that an element holds.
    pub(crate) fn block_in(mut self, element: ElementId, kind: BlockKind, text: &str) -> Self {
        let start = self.page.text.len() as u32;
        self.page.text.push_str(text);
        let spans = self.page.spans.len() as u32;
        let end = self.page.text.len() as u32;
        let spans = (spans, spans);
        self.page.blocks.push(BlockData {
            start,
            end,
            spans,
            element,
            inner: element,
            kind,
            ..BlockData::default()
        });
        self.blocks.push(BlockReport {
            label: Label::Body,
            probability: 0.9,
            body_probability: 0.9,
            reason: Reason::Model,
        });
        self
    }

    /// Sets the innermost element of the last block's first word.
    pub(crate) fn starting_in(mut self, inner: ElementId) -> Self {
        self.page.blocks.last_mut().unwrap().inner = inner;
        self
    }

    /// Adds a line of a plain-text page.
    pub(crate) fn line(mut self, number: u32, text: &str) -> Self {
        self.page.text.push('\n');
        let indentation = text.len() - text.trim_start().len();
        self.page.text.push_str(text.get(..indentation).unwrap());
        self = self.block(BlockKind::Line, text.trim_start());
        self.page.blocks.last_mut().unwrap().lines = (number, number);
        self
    }

    /// Adds a piece of the last line, behind a gap.
    pub(crate) fn piece(mut self, gap: &str, text: &str) -> Self {
        let lines = self.page.blocks.last().unwrap().lines;
        self.page.text.push_str(gap);
        self = self.block(BlockKind::Line, text);
        self.page.blocks.last_mut().unwrap().lines = lines;
        self
    }

    /// Sets the last block's label.
    pub(crate) fn labelled(mut self, label: Label, body_probability: f32, reason: Reason) -> Self {
        let probability = if label.is_body() { body_probability } else { 1.0 - body_probability };
        *self.blocks.last_mut().unwrap() = BlockReport { label, probability, body_probability, reason };
        self
    }

    /// Traces the first occurrence of `part` in the last block.
    pub(crate) fn marked(self, kind: SpanKind, part: &str) -> Self {
        let start = self.offset_of(part);
        self.span_range(kind, start, start + part.len() as u32, ElementId(0))
    }

    /// Links the first occurrence of `part` in the last block.
    pub(crate) fn linked(mut self, part: &str, href: &str) -> Self {
        let link = self.element(ElementId(0), Tag::A, &[(AttrName::Href, href)]);
        let start = self.offset_of(part);
        self.span_range(SpanKind::Link, start, start + part.len() as u32, link)
    }

    /// Where `part` starts in the last block.
    fn offset_of(&self, part: &str) -> u32 {
        let text = self.page.text.get(self.page.blocks.last().unwrap().start as usize..).unwrap();
        text.find(part).unwrap() as u32
    }

    pub(crate) fn span_range(mut self, kind: SpanKind, start: u32, end: u32, element: ElementId) -> Self {
        self.page.spans.push(Span { kind, start, end, element });
        self.page.blocks.last_mut().unwrap().spans.1 += 1;
        self
    }

    /// Adds an element and gives its id.
    pub(crate) fn element(&mut self, parent: ElementId, tag: Tag, attrs: &[(AttrName, &str)]) -> ElementId {
        let first = self.page.attr_list.len() as u32;
        for (name, value) in attrs {
            let start = self.page.attrs.len() as u32;
            self.page.attrs.push_str(value);
            self.page.attr_list.push(Attr { name: *name, start, end: self.page.attrs.len() as u32 });
        }
        let mut new = element(parent, tag, 1);
        new.attrs = (first, self.page.attr_list.len() as u32);
        self.page.elements.push(new);
        ElementId(self.page.elements.len() as u32 - 1)
    }

    pub(crate) fn report(self) -> Report {
        let mut report = Report::unread("sample");
        report.page = self.page;
        report.blocks = self.blocks;
        report.verdict = Verdict::Keep;
        report.confidence = 0.912_345;
        report.reasons.push(Finding {
            reason: Reason::LowConfidence,
            of: "verdict",
            weight: 1.5,
            text: "the body is short".to_owned(),
            blocks: vec![0],
        });
        report.lang = Some("en".to_owned());
        report
    }
}

fn element(parent: ElementId, tag: Tag, depth: u16) -> Element {
    Element { parent, tag, depth, attrs: (0, 0) }
}
