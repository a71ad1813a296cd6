//! The tree → blocks, by the calls that the streaming front end makes.

use super::arena::{Arena, Node, NodeData, NodeId};
use crate::page::builder::Builder;
use crate::page::content::attr_value;
use crate::page::element::{AttrName, ElementId, Tag};
use crate::page::tokenizer::RawAttr;
use html5ever::tendril::StrTendril;
use html5ever::{Namespace, QualName, local_name, ns};

/// Walks the tree in the order of the document, without recursion.
pub(super) fn walk(arena: &Arena, builder: &mut Builder) {
    let nodes = arena.nodes();
    let mut walker = Walker { nodes: &nodes, builder, open: Vec::new(), unseen: 0 };
    let mut at = walker.child_of(0);
    while let Some(id) = at {
        let below = if walker.open(id) { walker.child_of(id) } else { None };
        at = below.or_else(|| walker.after(id));
        if walker.builder.is_full() {
            break;
        }
    }
}

/// An element that was entered and has to be left.
struct Entered {
    node: NodeId,
    id: ElementId,
    tag: Tag,
    html: bool,
    unseen: bool,
}

struct Walker<'w> {
    nodes: &'w [Node],
    builder: &'w mut Builder,
    open: Vec<Entered>,
    unseen: usize,
}

impl Walker<'_> {
    fn child_of(&self, id: NodeId) -> Option<NodeId> {
        self.nodes.get(id as usize)?.first_child
    }

    /// The node behind `id` and its content, with the elements that end in between left.
    fn after(&mut self, id: NodeId) -> Option<NodeId> {
        let mut at = id;
        loop {
            self.close(at);
            let node = self.nodes.get(at as usize)?;
            if node.next.is_some() {
                return node.next;
            }
            at = node.parent?;
        }
    }

    fn at(&self) -> ElementId {
        self.open.last().map_or(ElementId(1), |entered| entered.id)
    }

    /// Opens a node; whether its children are to be walked.
    fn open(&mut self, id: NodeId) -> bool {
        let nodes = self.nodes;
        let Some(node) = nodes.get(id as usize) else { return false };
        match &node.data {
            NodeData::Text(text) if self.unseen == 0 => self.builder.plain_text(text, self.at()),
            NodeData::Text(_) => {}
            NodeData::Boundary => self.builder.boundary(),
            NodeData::Document => return true,
            NodeData::Element { tag, name, attrs } => return self.element(id, *tag, name, attrs),
        }
        false
    }

    fn element(&mut self, node: NodeId, tag: Tag, name: &QualName, attrs: &[(AttrName, StrTendril)]) -> bool {
        let attrs: Vec<RawAttr> = attrs.iter().map(|(name, value)| RawAttr { name: *name, value }).collect();
        if name.ns != ns!(html) {
            let id = if self.unseen > 0 { self.at() } else { self.builder.element(self.at(), tag, &attrs) };
            self.enter(Entered { node, id, tag, html: false, unseen: is_unseen(&name.ns, name) });
            return true;
        }
        match tag {
            Tag::Html => self.builder.set_attrs(ElementId(0), &attrs),
            Tag::Body => self.builder.set_attrs(ElementId(1), &attrs),
            Tag::Head | Tag::Frameset => {}
            Tag::Meta | Tag::Link => self.builder.head_data(tag, &attrs),
            Tag::Title
            | Tag::Script
            | Tag::Style
            | Tag::Textarea
            | Tag::Iframe
            | Tag::Noembed
            | Tag::Noframes
            | Tag::Xmp => {
                self.raw(node, tag, &attrs);
                return false;
            }
            _ if is_void(tag) => {
                if self.unseen == 0 {
                    self.builder.void_element(tag);
                }
                return false;
            }
            _ => self.ordinary(node, tag, &attrs),
        }
        true
    }

    fn ordinary(&mut self, node: NodeId, tag: Tag, attrs: &[RawAttr]) {
        if let Some(datetime) = attr_value(attrs, AttrName::DateTime).filter(|_| tag == Tag::Time) {
            self.builder.time(datetime, attr_value(attrs, AttrName::ItemProp).unwrap_or_default());
        }
        let id = self.builder.element(self.at(), tag, attrs);
        self.enter(Entered { node, id, tag, html: true, unseen: matches!(tag, Tag::Canvas | Tag::Object) });
    }

    fn enter(&mut self, entered: Entered) {
        if entered.html {
            self.builder.enter(entered.id, entered.tag);
        }
        self.unseen += usize::from(entered.unseen);
        self.open.push(entered);
    }

    fn close(&mut self, node: NodeId) {
        if let Some(entered) = self.open.pop_if(|entered| entered.node == node) {
            self.unseen -= usize::from(entered.unseen);
            if entered.html {
                self.builder.leave(entered.id, entered.tag);
            }
        }
    }

    /// An element whose content is one run of text.
    fn raw(&mut self, node: NodeId, tag: Tag, attrs: &[RawAttr]) {
        let child = self.child_of(node).and_then(|child| self.nodes.get(child as usize));
        let text = match child.map(|child| &child.data) {
            Some(NodeData::Text(text)) => &**text,
            _ => "",
        };
        let seen = self.unseen == 0 || tag != Tag::Xmp;
        self.builder.raw_element(self.at(), tag, attrs, seen.then_some(text));
    }
}

/// SVG and MathML whose text a reader does not see.
fn is_unseen(space: &Namespace, name: &QualName) -> bool {
    if *space == ns!(svg) {
        return name.local == local_name!("svg");
    }
    name.local == local_name!("annotation") || name.local == local_name!("annotation-xml")
}

fn is_void(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Area
            | Tag::Base
            | Tag::Basefont
            | Tag::Bgsound
            | Tag::Br
            | Tag::Col
            | Tag::Embed
            | Tag::Frame
            | Tag::Hr
            | Tag::Image
            | Tag::Img
            | Tag::Input
            | Tag::Param
            | Tag::Source
            | Tag::Track
            | Tag::Wbr
    )
}
