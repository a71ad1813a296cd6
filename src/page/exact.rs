//! The exact front end: our tokenizer → html5ever's tree builder → a tree → blocks.
//!
//! It gives every page the tree that a browser gives it, at three times the cost of the streaming front end, and
//! is the reference that tests compare that one with.

mod arena;
mod walk;

use super::Page;
use super::builder::{Builder, is_block, with_line_feeds};
use super::element::Tag;
use super::entities::{self, Place};
use super::limits::{Limit, Limits};
use super::tokenizer::{RawAttr, RawText, TagName, Token, Tokenizer};
pub(super) use arena::attr_name;
use arena::{Arena, Handle};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    CharacterTokens, CommentToken, Doctype, DoctypeToken, EOFToken, EndTag, NullCharacterToken, StartTag,
    TagToken, TokenSink, TokenSinkResult,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, QualName, local_name, ns};

/// Segments a page through its tree.
pub(super) fn segment(source: &str, limits: Limits) -> Page {
    let mut feeder = Feeder::new(source, limits);
    let limit = feeder.run();
    let arena = feeder.tree.sink;
    let mut builder = Builder::new(limits);
    if let Some(limit) = limit {
        builder.limit(limit);
    }
    walk::walk(&arena, &mut builder);
    builder.finish()
}

/// Feeds our tokens to the tree builder.
struct Feeder<'s> {
    tokens: Tokenizer<'s>,
    tree: TreeBuilder<Handle, Arena>,
    limits: Limits,
    depth_met: bool,
}

impl<'s> Feeder<'s> {
    fn new(source: &'s str, limits: Limits) -> Self {
        let options =
            TreeBuilderOpts { scripting_enabled: false, drop_doctype: true, ..TreeBuilderOpts::default() };
        let tree = TreeBuilder::new(Arena::default(), options);
        Self { tokens: Tokenizer::new(source), tree, limits, depth_met: false }
    }

    /// Reads the whole source; gives the limit that was met.
    fn run(&mut self) -> Option<Limit> {
        while let Some(token) = self.tokens.next() {
            match token {
                Token::Text(raw) => self.text(&decoded(raw)),
                Token::Cdata(text) => self.text(&with_line_feeds(text)),
                Token::Start { name, self_closing } => self.start(name, self_closing),
                Token::End(name) => self.tag(EndTag, name, false, Vec::new()),
                Token::Doctype { quirks } => self.doctype(quirks),
            }
            self.tokens.set_foreign(self.tree.adjusted_current_node_present_but_not_in_html_namespace());
            if self.tree.sink.elements() > self.limits.elements() {
                return Some(Limit::Elements);
            }
        }
        let _ = self.feed(EOFToken);
        self.depth_met.then_some(Limit::Depth)
    }

    fn feed(&mut self, token: html5ever::tokenizer::Token) -> TokenSinkResult<Handle> {
        self.tree.process_token(token, 1)
    }

    /// Text with its references decoded; a NUL is a token of its own.
    fn text(&mut self, text: &str) {
        for (index, part) in text.split('\0').enumerate() {
            if index > 0 {
                let _ = self.feed(NullCharacterToken);
            }
            if !part.is_empty() {
                let _ = self.feed(CharacterTokens(StrTendril::from_slice(part)));
            }
        }
    }

    fn doctype(&mut self, quirks: bool) {
        let doctype = Doctype {
            name: Some(StrTendril::from_slice("html")),
            force_quirks: quirks,
            ..Doctype::default()
        };
        let _ = self.feed(DoctypeToken(doctype));
    }

    fn start(&mut self, name: TagName<'s>, self_closing: bool) {
        if self.tree.sink.depth() >= self.limits.depth() && !is_flat(name.tag) {
            self.depth_met = true;
            if is_block(name.tag) {
                // Comments of the source are not fed, so one in the tree stands for a boundary.
                let _ = self.feed(CommentToken(StrTendril::new()));
            }
            return;
        }
        let attrs = self.attributes(name);
        self.tag(StartTag, name, self_closing, attrs);
    }

    fn tag(
        &mut self,
        kind: html5ever::tokenizer::TagKind,
        name: TagName<'s>,
        self_closing: bool,
        attrs: Vec<Attribute>,
    ) {
        let tag = html5ever::tokenizer::Tag {
            kind,
            name: LocalName::from(without_nul(&name.name.to_ascii_lowercase())),
            self_closing,
            attrs,
            had_duplicate_attributes: false,
        };
        match self.feed(TagToken(tag)) {
            TokenSinkResult::RawData(kind) => self.raw(name, kind),
            TokenSinkResult::Plaintext => {
                let text = self.tokens.raw_text(name.name, RawText::ToEnd);
                self.raw_content(text);
            }
            _ => {}
        }
    }

    /// The content and the end of an element of raw text. References in a title stay as they are: the walk
    /// decodes them.
    fn raw(&mut self, name: TagName<'s>, kind: RawKind) {
        let kind = if kind == RawKind::ScriptData { RawText::Script } else { RawText::Plain };
        let text = self.tokens.raw_text(name.name, kind);
        self.raw_content(text);
        self.tag(EndTag, name, false, Vec::new());
    }

    fn raw_content(&mut self, text: &str) {
        let text = without_nul(&with_line_feeds(text)).into_owned();
        if !text.is_empty() {
            let _ = self.feed(CharacterTokens(StrTendril::from_slice(&text)));
        }
    }

    /// The kept attributes, undecoded, the first of each name; and those that only the tree builder reads.
    fn attributes(&self, name: TagName<'s>) -> Vec<Attribute> {
        let mut kept: Vec<Attribute> = Vec::new();
        for RawAttr { name, value } in self.tokens.attrs() {
            let name = QualName::new(None, ns!(), arena::attr_name(*name));
            if kept.iter().all(|attr| attr.name != name) {
                kept.push(Attribute { name, value: StrTendril::from_slice(value) });
            }
        }
        let unread = |local: LocalName, value| Attribute { name: QualName::new(None, ns!(), local), value };
        if name.tag == Tag::Font && self.tokens.styles_font() {
            kept.push(unread(local_name!("color"), StrTendril::new()));
        }
        if self.tokens.encodes_html() {
            kept.push(unread(local_name!("encoding"), StrTendril::from_slice("text/html")));
        }
        kept
    }
}

/// Elements that never hold others, so that they pass at any depth.
fn is_flat(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Area
            | Tag::Base
            | Tag::Basefont
            | Tag::Bgsound
            | Tag::Br
            | Tag::Col
            | Tag::Embed
            | Tag::Hr
            | Tag::Iframe
            | Tag::Image
            | Tag::Img
            | Tag::Input
            | Tag::Link
            | Tag::Meta
            | Tag::Noembed
            | Tag::Noframes
            | Tag::Param
            | Tag::Script
            | Tag::Source
            | Tag::Style
            | Tag::Textarea
            | Tag::Title
            | Tag::Track
            | Tag::Wbr
            | Tag::Xmp
            | Tag::Plaintext
    )
}

fn decoded(raw: &str) -> String {
    let raw = with_line_feeds(raw);
    let mut text = String::with_capacity(raw.len());
    entities::decode_into(&raw, Place::Text, &mut text);
    text
}

fn without_nul(text: &str) -> std::borrow::Cow<'_, str> {
    if memchr::memchr(0, text.as_bytes()).is_none() {
        return text.into();
    }
    text.replace('\0', "\u{FFFD}").into()
}
