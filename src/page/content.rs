//! What is done with elements that hold no blocks: data of the head, raw text, void elements.

use super::builder::{Builder, is_block};
use super::element::{AttrName, ElementId, Tag};
use super::tokenizer::RawAttr;

/// The value of an attribute as it stands in the source; of several of one name the first counts.
pub(super) fn attr_value<'v>(attrs: &[RawAttr<'v>], name: AttrName) -> Option<&'v str> {
    attrs.iter().find(|attr| attr.name == name).map(|attr| attr.value)
}

impl Builder {
    /// A `meta` or `link` element.
    pub(super) fn head_data(&mut self, tag: Tag, attrs: &[RawAttr]) {
        let value = |name| attr_value(attrs, name);
        match tag {
            Tag::Meta => {
                let name = value(AttrName::Property).or_else(|| value(AttrName::Name));
                let name = name.or_else(|| value(AttrName::ItemProp));
                if let (Some(name), Some(content)) = (name, value(AttrName::Content)) {
                    self.meta(name, content);
                }
            }
            Tag::Link => {
                if let (Some(rel), Some(href)) = (value(AttrName::Rel), value(AttrName::Href)) {
                    self.link(rel, href);
                }
            }
            _ => {}
        }
    }

    /// An element of raw text below `at`: only an `xmp` shows it.
    pub(super) fn raw_element(&mut self, at: ElementId, tag: Tag, attrs: &[RawAttr], text: Option<&str>) {
        if is_block(tag) {
            self.boundary();
        }
        match (tag, text) {
            (Tag::Title, Some(text)) => self.title(text),
            (Tag::Script, Some(text)) if attr_value(attrs, AttrName::Type).is_some_and(is_json_ld) => {
                self.json_ld(text);
            }
            (Tag::Script, Some(text)) => {
                self.script(attr_value(attrs, AttrName::Type).unwrap_or_default(), text);
                let at = self.page.blocks.len();
                self.notes.script(attr_value(attrs, AttrName::Src), text, at);
            }
            (Tag::Style, Some(text)) => self.notes.style_sheet(text),
            (Tag::Iframe, _) => self.notes.frame(attr_value(attrs, AttrName::Src).unwrap_or_default()),
            (Tag::Xmp, Some(text)) => {
                let id = self.element(at, tag, attrs);
                self.plain_text(text, id);
                self.boundary();
            }
            _ => {}
        }
    }

    /// An element without content.
    pub(super) fn void_element(&mut self, tag: Tag) {
        match tag {
            Tag::Hr | Tag::Input => self.boundary(),
            Tag::Img | Tag::Image => self.image(),
            _ => {}
        }
    }
}

fn is_json_ld(kind: &str) -> bool {
    kind.trim().get(..19).is_some_and(|start| start.eq_ignore_ascii_case("application/ld+json"))
}
