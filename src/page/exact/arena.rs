//! The tree that html5ever's builder fills.

use crate::page::element::{AttrName, Tag};
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, QualName, ns};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};

/// Where a node stands in the arena; 0 is the document.
pub(super) type NodeId = u32;

/// A node as the tree builder holds it.
#[derive(Debug, Clone)]
pub(super) struct Handle {
    id: NodeId,
    name: QualName,
    /// Whether it is an `annotation-xml` that holds HTML.
    holds_html: bool,
}

#[derive(Debug)]
pub(super) enum NodeData {
    Document,
    Element {
        tag: Tag,
        name: QualName,
        attrs: Vec<(AttrName, StrTendril)>,
    },
    Text(StrTendril),
    /// A place where a block ends.
    Boundary,
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) data: NodeData,
    pub(super) parent: Option<NodeId>,
    pub(super) first_child: Option<NodeId>,
    last_child: Option<NodeId>,
    previous: Option<NodeId>,
    pub(super) next: Option<NodeId>,
    depth: usize,
}

impl Node {
    fn new(data: NodeData) -> Self {
        Self { data, parent: None, first_child: None, last_child: None, previous: None, next: None, depth: 0 }
    }
}

/// The tree, with counts of what the limits bound.
#[derive(Debug)]
pub(super) struct Arena {
    nodes: RefCell<Vec<Node>>,
    elements: Cell<usize>,
    depth: Cell<usize>,
}

impl Default for Arena {
    fn default() -> Self {
        let nodes = RefCell::new(vec![Node::new(NodeData::Document)]);
        Self { nodes, elements: Cell::new(0), depth: Cell::new(0) }
    }
}

impl Arena {
    /// Elements made.
    pub(super) fn elements(&self) -> usize {
        self.elements.get()
    }

    /// Elements around the place where the next one goes, as far as the calls of the tree builder show it.
    pub(super) fn depth(&self) -> usize {
        self.depth.get()
    }

    pub(super) fn nodes(&self) -> std::cell::Ref<'_, Vec<Node>> {
        self.nodes.borrow()
    }

    fn add(&self, data: NodeData) -> NodeId {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node::new(data));
        nodes.len() as NodeId - 1
    }

    fn with<R>(&self, id: NodeId, change: impl FnOnce(&mut Node) -> R) -> Option<R> {
        self.nodes.borrow_mut().get_mut(id as usize).map(change)
    }

    /// Takes a node from its parent, with its children.
    fn detach(&self, id: NodeId) {
        let taken = self.with(id, |node| (node.parent.take(), node.previous.take(), node.next.take()));
        let Some((Some(parent), previous, next)) = taken else { return };
        match previous {
            Some(previous) => self.with(previous, |node| node.next = next),
            None => self.with(parent, |node| node.first_child = next),
        };
        match next {
            Some(next) => self.with(next, |node| node.previous = previous),
            None => self.with(parent, |node| node.last_child = previous),
        };
    }

    /// Puts a node below a parent, before a sibling or at the end.
    fn insert(&self, parent: NodeId, before: Option<NodeId>, id: NodeId) {
        self.detach(id);
        let previous = match before {
            Some(before) => self.with(before, |node| node.previous.replace(id)).flatten(),
            None => self.with(parent, |node| node.last_child.replace(id)).flatten(),
        };
        match previous {
            Some(previous) => self.with(previous, |node| node.next = Some(id)),
            None => self.with(parent, |node| node.first_child = Some(id)),
        };
        let depth = self.with(parent, |node| node.depth + 1).unwrap_or_default();
        self.with(id, |node| {
            (node.parent, node.previous, node.next, node.depth) = (Some(parent), previous, before, depth);
        });
    }

    fn place(&self, parent: NodeId, before: Option<NodeId>, child: NodeOrText<Handle>) {
        match child {
            NodeOrText::AppendNode(node) => {
                self.insert(parent, before, node.id);
                self.depth.set(self.with(node.id, |node| node.depth).unwrap_or_default());
            }
            NodeOrText::AppendText(text) => self.place_text(parent, before, &text),
        }
    }

    /// Text joins the text that it would stand next to.
    fn place_text(&self, parent: NodeId, before: Option<NodeId>, text: &StrTendril) {
        let previous = match before {
            Some(before) => self.with(before, |node| node.previous),
            None => self.with(parent, |node| node.last_child),
        };
        let joined = previous.flatten().and_then(|previous| {
            self.with(previous, |node| match &mut node.data {
                NodeData::Text(known) => {
                    known.push_tendril(text);
                    true
                }
                _ => false,
            })
        });
        if joined != Some(true) {
            let id = self.add(NodeData::Text(text.clone()));
            self.insert(parent, before, id);
        }
    }
}

impl TreeSink for Arena {
    type Handle = Handle;
    type Output = Self;
    type ElemName<'a> = &'a QualName;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle { id: 0, name: QualName::new(None, ns!(), LocalName::default()), holds_html: false }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> &'a QualName {
        &target.name
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> Handle {
        self.elements.set(self.elements.get() + 1);
        let tag = Tag::from_any_case(name.local.as_bytes());
        let data = NodeData::Element { tag, name: name.clone(), attrs: kept(attrs) };
        Handle { id: self.add(data), name, holds_html: flags.mathml_annotation_xml_integration_point }
    }

    /// Comments of the source are not fed: one that comes is a boundary.
    fn create_comment(&self, _: StrTendril) -> Handle {
        Handle { id: self.add(NodeData::Boundary), ..self.get_document() }
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        Handle { id: self.add(NodeData::Boundary), ..self.get_document() }
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.place(parent.id, None, child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        match self.with(element.id, |node| node.parent).flatten() {
            Some(parent) => self.place(parent, Some(element.id), child),
            None => self.place(previous.id, None, child),
        }
    }

    fn append_before_sibling(&self, sibling: &Handle, node: NodeOrText<Handle>) {
        if let Some(parent) = self.with(sibling.id, |node| node.parent).flatten() {
            self.place(parent, Some(sibling.id), node);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn pop(&self, node: &Handle) {
        self.depth.set(self.with(node.id, |node| node.depth.saturating_sub(1)).unwrap_or_default());
    }

    /// A template's content stands in the tree as its children: a reader of the source sees it.
    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn add_attrs_if_missing(&self, target: &Handle, attrs: Vec<Attribute>) {
        self.with(target.id, |node| {
            if let NodeData::Element { attrs: known, .. } = &mut node.data {
                for (name, value) in kept(attrs) {
                    if known.iter().all(|(known, _)| *known != name) {
                        known.push((name, value));
                    }
                }
            }
        });
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        while let Some(child) = self.with(node.id, |node| node.first_child).flatten() {
            self.insert(new_parent.id, None, child);
        }
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &Handle) -> bool {
        handle.holds_html
    }
}

fn kept(attrs: Vec<Attribute>) -> Vec<(AttrName, StrTendril)> {
    attrs.into_iter().filter_map(|attr| Some((attr_of(&attr.name.local)?, attr.value))).collect()
}

macro_rules! attr_names {
    ($($variant:ident $name:literal),* $(,)?) => {
        /// The name under which the tree builder sees a kept attribute.
        pub(in crate::page) fn attr_name(name: AttrName) -> LocalName {
            LocalName::from(match name {
                $(AttrName::$variant => $name),*
            })
        }

        fn attr_of(name: &str) -> Option<AttrName> {
            Some(match name {
                $($name => AttrName::$variant,)*
                _ => return None,
            })
        }
    };
}

attr_names! {
    Class "class", Id "id", Role "role", Href "href", Rel "rel", Style "style", Hidden "hidden",
    AriaHidden "aria-hidden", AriaLabel "aria-label", ItemProp "itemprop", ItemType "itemtype",
    TestId "data-testid", DateTime "datetime", Name "name", Property "property", Content "content", Lang "lang",
    Type "type", Start "start", Charset "charset", HttpEquiv "http-equiv", Src "src", Alt "alt", Title "title",
    Span "colspan", Height "height", Width "width",
}
