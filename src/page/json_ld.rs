//! JSON-LD scripts → texts and signs of an article.

mod clean;
mod markup;
pub(crate) mod state;

use memchr::memmem;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// Keys whose strings are text of the page.
const TEXT_KEYS: [&str; 4] = ["articleBody", "description", "text", "reviewBody"];

/// Longest source that is read, bytes.
const LONGEST: usize = 5 << 20;

/// What one script says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct LinkedData {
    /// The texts, a line each, without markup, in the order of the source.
    pub(crate) texts: Vec<String>,
    /// The first headline.
    pub(crate) headline: Option<String>,
    /// The names of the first author or authors.
    pub(crate) author: Option<String>,
    /// The first publication date, as written.
    pub(crate) date: Option<String>,
    /// All `@type` values, in order of appearance.
    pub(crate) types: Vec<String>,
}

/// Reads a script's source. What cannot be read, even with the usual faults mended, gives nothing.
pub(crate) fn read(source: &str) -> LinkedData {
    let mut data = LinkedData::default();
    if source.len() > LONGEST || !mentions_wanted(source) {
        return data;
    }
    for node in parse(source) {
        data.walk(&node);
    }
    data
}

fn mentions_wanted(source: &str) -> bool {
    let others = ["headline", "author", "datePublished", "@type"];
    TEXT_KEYS.iter().chain(&others).any(|key| memmem::find(source.as_bytes(), key.as_bytes()).is_some())
}

/// The values of the source; mended only when it does not parse as it is.
fn parse(source: &str) -> Vec<Node> {
    if let Ok(node) = serde_json::from_str(source.trim()) {
        return vec![node];
    }
    let mended = clean::mend(source);
    serde_json::Deserializer::from_str(&mended).into_iter().map_while(Result::ok).collect()
}

/// A JSON value with its keys in the order of the source.
#[derive(Debug)]
enum Node {
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
    /// A number, a truth value or null.
    Other,
}

impl LinkedData {
    fn walk(&mut self, node: &Node) {
        match node {
            Node::List(items) => items.iter().for_each(|item| self.walk(item)),
            Node::Map(entries) => {
                for (key, value) in entries {
                    self.entry(key, value);
                    self.walk(value);
                }
            }
            Node::Text(_) | Node::Other => {}
        }
    }

    fn entry(&mut self, key: &str, value: &Node) {
        match key {
            "@type" => self.types.extend(strings(value).map(str::to_owned)),
            "headline" => keep_first(&mut self.headline, strings(value).next().map(markup::plain)),
            "datePublished" => keep_first(&mut self.date, strings(value).next().map(str::to_owned)),
            "author" => keep_first(&mut self.author, names(value)),
            key if TEXT_KEYS.contains(&key) => {
                strings(value).for_each(|text| markup::lines_into(text, &mut self.texts));
            }
            _ => {}
        }
    }
}

fn keep_first(slot: &mut Option<String>, value: Option<String>) {
    if slot.is_none() {
        *slot = value.filter(|value| !value.trim().is_empty());
    }
}

/// The strings of a string or of a list of strings.
fn strings(node: &Node) -> impl Iterator<Item = &str> {
    let items = match node {
        Node::List(items) => items.as_slice(),
        node => std::slice::from_ref(node),
    };
    items.iter().filter_map(|item| if let Node::Text(text) = item { Some(text.as_str()) } else { None })
}

/// The names of an author, who is a string, an object with a name, or a list of those.
fn names(node: &Node) -> Option<String> {
    let items = match node {
        Node::List(items) => items.as_slice(),
        node => std::slice::from_ref(node),
    };
    let names: Vec<String> =
        items.iter().filter_map(name).map(markup::plain).filter(|name| !name.is_empty()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn name(node: &Node) -> Option<&str> {
    match node {
        Node::Text(text) => Some(text),
        Node::Map(entries) => {
            entries.iter().find(|(key, _)| key == "name").and_then(|(_, name)| strings(name).next())
        }
        Node::List(_) | Node::Other => None,
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Node::Map(entries))
    }
}

#[cfg(test)]
mod tests;
