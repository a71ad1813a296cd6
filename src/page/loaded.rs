//! What a page loads: the sources of its scripts, pictures and frames, which a [`Page`] does not keep.

use super::element::{AttrName, Tag};
use super::tokenizer::{RawText, Token, Tokenizer};
use super::{Document, Page, content, select};

/// An element that loads something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Loaded {
    pub(crate) tag: Tag,
    /// The `src` as it is written, without character references but for `&amp;`.
    pub(crate) src: String,
}

/// Reads the source of a page once more for what it loads.
pub(crate) fn loaded(page: &Page, document: &Document) -> Vec<Loaded> {
    let source = select::decode(page, document);
    let mut tokens = Tokenizer::new(&source);
    let mut loaded = Vec::new();
    while let Some(token) = tokens.next() {
        let Token::Start { name, .. } = token else { continue };
        if matches!(name.tag, Tag::Script | Tag::Img | Tag::Iframe) {
            let src = content::attr_value(tokens.attrs(), AttrName::Src).filter(|src| !src.is_empty());
            loaded.extend(src.map(|src| Loaded { tag: name.tag, src: src.replace("&amp;", "&") }));
        }
        match name.tag {
            Tag::Script => _ = tokens.raw_text(name.name, RawText::Script),
            Tag::Style
            | Tag::Title
            | Tag::Textarea
            | Tag::Iframe
            | Tag::Xmp
            | Tag::Noembed
            | Tag::Noframes => {
                _ = tokens.raw_text(name.name, RawText::Plain);
            }
            _ => {}
        }
    }
    loaded
}
