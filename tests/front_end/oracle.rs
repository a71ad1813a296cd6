//! The blocks of a page by way of `scraper`: the rules of segmentation written a second time, over a tree that
//! other people's code has made.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, tree_builder::TreeBuilderOpts};
use scraper::node::Element;
use scraper::{ElementRef, Html, HtmlTreeSink, Node};

const SPACE: [char; 6] = [' ', '\t', '\n', '\r', '\x0c', '\u{a0}'];

const BLOCKS: &str = " address article aside blockquote body button caption center col colgroup dd details dialog dir div \
    dl dt fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html input label \
    legend li listing main menu nav noscript ol optgroup option p plaintext pre search section select summary table \
    tbody td template textarea tfoot th thead tr ul xmp ";
const RAW: &str = " title script style textarea iframe noembed noframes ";
const VOID: &str = " area base basefont bgsound col embed frame img image link meta param source track wbr ";
const PREFORMATTED: &str = " pre listing plaintext xmp ";

/// The block texts of a page that a reader can see.
pub(crate) fn blocks(source: &str) -> Vec<String> {
    let html = parse(source);
    let mut oracle = Oracle::default();
    // A stack of steps instead of recursion: pages nest deeper than a thread's stack.
    let mut steps = vec![Step::Open(html.tree.root(), Inside::default())];
    while let Some(step) = steps.pop() {
        match step {
            Step::Open(node, inside) => {
                if let Some(part) = ElementRef::wrap(node).filter(|_| !inside.unseen) {
                    oracle.signs_before(part);
                }
                let Some(inside) = oracle.open(node.value(), inside) else { continue };
                steps.push(Step::Close(node, inside));
                let children: Vec<_> = node.children().collect();
                steps.extend(children.into_iter().rev().map(|child| Step::Open(child, inside)));
            }
            Step::Close(node, inside) => {
                if ElementRef::wrap(node).is_some_and(|part| !inside.unseen && is_group(part)) {
                    oracle.words(")");
                }
                oracle.close(node.value());
            }
        }
    }
    oracle.end_block();
    oracle.blocks
}

/// A tree without scripting, so that `noscript` holds elements.
fn parse(source: &str) -> Html {
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let options = ParseOpts { tree_builder, ..ParseOpts::default() };
    html5ever::parse_document(HtmlTreeSink::new(Html::new_document()), options).one(source)
}

enum Step<N> {
    Open(N, Inside),
    Close(N, Inside),
}

#[derive(Debug, Clone, Copy, Default)]
struct Inside {
    preformatted: bool,
    unseen: bool,
}

#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Gap {
    #[default]
    None,
    Joint,
    Space,
    Break,
}

#[derive(Debug, Default)]
struct Oracle {
    blocks: Vec<String>,
    text: String,
    gap: Gap,
    inline_ended: bool,
}

fn listed(list: &str, name: &str) -> bool {
    list.contains(&format!(" {name} "))
}

fn is_html(element: &Element) -> bool {
    &*element.name.ns == "http://www.w3.org/1999/xhtml"
}

/// The name of an element of a formula, else nothing.
fn math_name(part: ElementRef<'_>) -> &str {
    let element = part.value();
    if &*element.name.ns == "http://www.w3.org/1998/Math/MathML" { element.name() } else { "" }
}

/// The name of what an element is a part of in a formula.
fn formula_of(part: ElementRef<'_>) -> &str {
    part.parent().and_then(ElementRef::wrap).map_or("", math_name)
}

/// Whether a part of a formula stands in parentheses.
fn is_group(part: ElementRef<'_>) -> bool {
    match math_name(part) {
        "msqrt" | "mtable" => true,
        "mrow" => listed(" mfrac msup msub msubsup munder munderover ", formula_of(part)),
        _ => false,
    }
}

fn is_block(name: &str) -> bool {
    listed(BLOCKS, name) || name.contains('-')
}

impl Oracle {
    /// Enters a node; what holds inside it, or none when its content is not shown.
    fn open(&mut self, node: &Node, inside: Inside) -> Option<Inside> {
        match node {
            Node::Text(_) if inside.unseen => {}
            Node::Text(text) if inside.preformatted => self.preformatted(text),
            Node::Text(text) => self.words(text),
            Node::Element(element) if is_html(element) => return self.element(element.name(), inside),
            Node::Element(element) => {
                let unseen = matches!(element.name(), "svg" | "annotation" | "annotation-xml");
                return Some(Inside { unseen: inside.unseen || unseen, ..inside });
            }
            Node::Document | Node::Fragment => return Some(inside),
            _ => {}
        }
        None
    }

    fn element(&mut self, name: &str, inside: Inside) -> Option<Inside> {
        if listed(RAW, name) {
            if name == "textarea" {
                self.end_block();
            }
            return None;
        }
        match name {
            "html" | "head" | "body" | "frameset" => return Some(inside),
            "br" if !inside.unseen => self.line_break(),
            "hr" | "input" if !inside.unseen => self.end_block(),
            "br" | "hr" | "input" => {}
            _ if listed(VOID, name) => {}
            _ => {
                self.enter(name);
                return Some(Inside {
                    preformatted: inside.preformatted || listed(PREFORMATTED, name),
                    unseen: inside.unseen || matches!(name, "canvas" | "object"),
                });
            }
        }
        None
    }

    fn enter(&mut self, name: &str) {
        if is_block(name) {
            self.end_block();
        } else if std::mem::take(&mut self.inline_ended) {
            self.gap = self.gap.max(Gap::Joint);
        }
    }

    /// The signs of a formula before one of its parts.
    fn signs_before(&mut self, part: ElementRef<'_>) {
        let sign = match (formula_of(part), part.prev_siblings().filter_map(ElementRef::wrap).count()) {
            _ if math_name(part).is_empty() => "",
            ("mfrac", 1) => "/",
            ("msub" | "msubsup" | "munder" | "munderover", 1) => "_",
            ("msup", 1) | ("msubsup" | "munderover", 2) => "^",
            ("mtable", 1..) => "; ",
            ("mtr", 1..) => " ",
            _ => "",
        };
        self.words(sign);
        if is_group(part) {
            self.words(if math_name(part) == "msqrt" { "√(" } else { "(" });
        }
    }

    fn close(&mut self, node: &Node) {
        let Node::Element(element) = node else { return };
        if !is_html(element) || matches!(element.name(), "html" | "head" | "body" | "frameset") {
            return;
        }
        if is_block(element.name()) {
            self.end_block();
        } else {
            self.inline_ended = true;
        }
    }

    fn words(&mut self, text: &str) {
        for (index, word) in text.split(SPACE).enumerate() {
            if index > 0 {
                self.gap = self.gap.max(Gap::Space);
                self.inline_ended = false;
            }
            if !word.is_empty() {
                self.word(word);
            }
        }
    }

    fn word(&mut self, word: &str) {
        let gap = std::mem::take(&mut self.gap);
        if !self.text.is_empty() {
            match gap {
                Gap::Joint if joins(&self.text, word) => self.text.push(' '),
                Gap::None | Gap::Joint => {}
                Gap::Space => self.text.push(' '),
                Gap::Break => self.text.push('\n'),
            }
        }
        self.inline_ended = false;
        self.text.push_str(word);
    }

    fn preformatted(&mut self, text: &str) {
        if self.text.is_empty() && text.trim().is_empty() {
            return;
        }
        let text = if self.text.is_empty() { text.trim_start_matches('\n') } else { text };
        if std::mem::take(&mut self.gap) == Gap::Break && !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(text);
    }

    fn line_break(&mut self) {
        if self.gap == Gap::Break {
            self.end_block();
        } else if !self.text.is_empty() {
            self.gap = Gap::Break;
        }
        self.inline_ended = false;
    }

    fn end_block(&mut self) {
        let text = std::mem::take(&mut self.text);
        let text = text.trim_end();
        if !text.is_empty() {
            self.blocks.push(text.to_owned());
        }
        self.gap = Gap::None;
        self.inline_ended = false;
    }
}

/// Whether two runs would become one word; Chinese characters and kana need no blank between them.
fn joins(before: &str, after: &str) -> bool {
    let spaced = |c: char| {
        c.is_alphanumeric() && !matches!(c as u32, 0x2e80..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3134f)
    };
    before.chars().next_back().is_some_and(spaced) && after.chars().next().is_some_and(spaced)
}
