//! `NAME.labels`: a person's rules of what the blocks of a page are → a label for each block.
//!
//! Lines of `LABEL <TAB> @ CSS-SELECTOR`, `LABEL <TAB> TEXT OF A BLOCK` and `LABEL <TAB> = TEXT`; the format is described in
//! `training_data/README.md`.

use super::files::{is_note, read_text, wrong};
use super::header::Header;
use super::truth::own_label;
use crate::classify::Label;
use crate::page::select::{Tree, chain, parse_selector};
use crate::page::{Document, ElementId, Page};
use crate::{Error, Result};
use scraper::Selector;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// The rules of one page.
#[derive(Debug, Clone)]
pub struct LabelRules {
    path: PathBuf,
    pub(crate) header: Header,
    rules: Vec<Rule>,
}

#[derive(Debug, Clone)]
struct Rule {
    line: usize,
    label: Label,
    target: Target,
}

#[derive(Debug, Clone)]
enum Target {
    /// The blocks of the elements that match, and of those in them.
    Elements(Selector),
    /// The next block of that text; white space is left out on both sides.
    Text { text: String, is_prefix: bool },
}

impl LabelRules {
    /// Reads a file of rules; the errors name every line that cannot be used.
    pub fn open(path: &Path) -> Result<Self, Vec<Error>> {
        Self::parse(path, &read_text(path).map_err(|error| vec![error])?)
    }

    /// Reads rules from a text; `path` stands in messages.
    pub(crate) fn parse(path: &Path, content: &str) -> Result<Self, Vec<Error>> {
        let (header, rest) = Header::split(content);
        let mut problems = header.problems(path);
        let mut rules = Vec::new();
        for (at, line) in rest.lines().enumerate() {
            match parse_line(line, header.lines() + at + 1) {
                Ok(rule) => rules.extend(rule),
                Err(problem) => problems.push(wrong(path, header.lines() + at + 1, problem)),
            }
        }
        if problems.is_empty() { Ok(Self { path: path.to_owned(), header, rules }) } else { Err(problems) }
    }

    /// The label of each block of the page that `document` was read to. Pseudo-blocks may have none; the errors
    /// name every other block without a label and every rule that matches nothing.
    pub fn resolve(&self, page: &Page, document: &Document) -> Result<Vec<Option<Label>>, Vec<Error>> {
        let mut problems = Vec::new();
        let mut labels = self.by_selectors(page, document, &mut problems);
        self.by_texts(page, &mut labels, &mut problems);
        for (block, label) in page.blocks().zip(&labels) {
            if label.is_none() && !block.kind().is_pseudo() {
                let start: String = block.text().chars().take(40).collect();
                let problem = format!("block {} has no label; add a rule for it: `{start}`", block.index());
                problems.push(wrong(&self.path, 0, problem));
            }
        }
        if problems.is_empty() { Ok(labels) } else { Err(problems) }
    }

    fn by_selectors(
        &self,
        page: &Page,
        document: &Document,
        problems: &mut Vec<Error>,
    ) -> Vec<Option<Label>> {
        let has_selectors = self.rules.iter().any(|rule| matches!(rule.target, Target::Elements(_)));
        let mut by_element = HashMap::new();
        if has_selectors {
            let tree = Tree::of(page, document);
            let around = elements_around_blocks(page);
            for rule in &self.rules {
                let Target::Elements(selector) = &rule.target else { continue };
                let elements: Vec<_> = tree.select(selector).filter(|id| around.contains(id)).collect();
                if elements.is_empty() {
                    let cause =
                        "the selector matches no element that holds a block; correct or remove the rule";
                    problems.push(wrong(&self.path, rule.line, cause));
                }
                by_element.extend(elements.into_iter().map(|element| (element, rule.label)));
            }
        }
        let deepest = |id| chain(page, id).find_map(|id| by_element.get(&id).copied());
        page.blocks().map(|block| deepest(block.element_id())).collect()
    }

    fn by_texts(&self, page: &Page, labels: &mut [Option<Label>], problems: &mut Vec<Error>) {
        let texts: Vec<String> = page.blocks().map(|block| without_space(block.text())).collect();
        let mut from = 0;
        for rule in &self.rules {
            let Target::Text { text, is_prefix } = &rule.target else { continue };
            let is_match =
                |block: &&String| block.as_str() == text || (*is_prefix && block.starts_with(text.as_str()));
            let found = texts.iter().skip(from).position(|block| is_match(&block));
            let Some(at) = found.map(|at| from + at) else {
                let earlier = texts.iter().take(from).any(|block| is_match(&block));
                problems.push(wrong(&self.path, rule.line, no_such_block(earlier)));
                continue;
            };
            if let Some(label) = labels.get_mut(at) {
                *label = Some(rule.label);
            }
            from = at + 1;
        }
    }
}

fn no_such_block(earlier: bool) -> String {
    let cause = if earlier {
        "a block of this text stands only before those of the rules above; put the rules in page order"
    } else {
        "no block has this text; correct or remove the rule"
    };
    cause.to_owned()
}

fn parse_line(line: &str, number: usize) -> Result<Option<Rule>, String> {
    if is_note(line) {
        return Ok(None);
    }
    let Some((name, rest)) = line.split_once('\t') else {
        return Err(format!("expected a label, a tab and a selector or text, found no tab in `{line}`"));
    };
    let label = own_label(name)?;
    let target = match (rest.trim().strip_prefix("@ "), rest.trim().strip_prefix("=")) {
        (Some(selector), _) => Target::Elements(parse_selector(selector)?),
        (_, Some(exact)) if exact.is_empty() || exact.starts_with(' ') => {
            Target::Text { text: without_space(exact), is_prefix: false }
        }
        _ => parse_text(rest)?,
    };
    Ok(Some(Rule { line: number, label, target }))
}

/// Characters of a text rule that this program writes, at most; of a longer text the start is as good.
const LONGEST: usize = 120;

/// The line of a rule that hits the next block of that text, whatever stands in it.
pub(crate) fn text_rule(label: Label, text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (start, is_cut) = match text.char_indices().nth(LONGEST) {
        Some((end, _)) => (text.get(..end).unwrap_or_default().trim_end(), true),
        None => (text.as_str(), false),
    };
    let is_plain = !start.is_empty() && !start.starts_with(['@', '=']);
    match (is_plain, is_cut) {
        (true, true) => format!("{label}\t{start}…\n"),
        (true, false) if !start.ends_with('…') => format!("{label}\t{start}\n"),
        _ => format!("{label}\t= {text}\n"),
    }
}

fn parse_text(text: &str) -> Result<Target, String> {
    let text = without_space(text);
    let (text, is_prefix) = match text.strip_suffix('…') {
        Some(start) => (start.to_owned(), true),
        None => (text, false),
    };
    if text.is_empty() {
        return Err("expected a selector or the text of a block after the tab, found nothing".to_owned());
    }
    Ok(Target::Text { text, is_prefix })
}

fn without_space(text: &str) -> String {
    text.split_whitespace().collect()
}

fn elements_around_blocks(page: &Page) -> HashSet<ElementId> {
    let mut around = HashSet::new();
    for block in page.blocks() {
        for id in chain(page, block.element_id()) {
            if !around.insert(id) {
                break;
            }
        }
    }
    around
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{BlockData, BlockKind, Element, Tag};

    /// A page made by hand: elements as (name, element above), blocks as (element, text).
    fn page(elements: &[(&str, u32)], blocks: &[(u32, &str)]) -> Page {
        let mut page = Page::default();
        for (name, parent) in elements {
            let tag = *Tag::ALL.iter().find(|tag| tag.as_str() == *name).unwrap();
            page.elements.push(Element { parent: ElementId(*parent), tag, depth: 0, attrs: (0, 0) });
        }
        for (element, text) in blocks {
            let start = page.text.len() as u32;
            page.text.push_str(text);
            let end = page.text.len() as u32;
            page.blocks.push(BlockData { start, end, element: ElementId(*element), ..BlockData::default() });
        }
        page
    }

    const SOURCE: &str =
        "<nav><p>Home</p></nav><main><p>Bees dance.</p><aside><p>Buy honey</p></aside></main><p>© Bees</p>";

    /// The page of [`SOURCE`].
    fn bees() -> Page {
        let elements = [
            ("html", 0),
            ("body", 0),
            ("nav", 1),
            ("p", 2),
            ("main", 1),
            ("p", 4),
            ("aside", 4),
            ("p", 6),
            ("p", 1),
        ];
        page(&elements, &[(3, "Home"), (5, "Bees dance."), (7, "Buy honey"), (8, "© Bees")])
    }

    fn rules(lines: &str) -> Result<LabelRules, Vec<Error>> {
        let file = tempfile::NamedTempFile::new().unwrap();
        let header = "# url: https://bees.example/\n# type: article\n# lang: en\n\n";
        std::fs::write(file.path(), format!("{header}{lines}")).unwrap();
        LabelRules::open(file.path())
    }

    fn resolve(lines: &str, page: &Page) -> Result<Vec<Option<Label>>, Vec<String>> {
        let found = rules(lines).unwrap().resolve(page, &Document::html(SOURCE));
        found.map_err(|errors| errors.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_deepest_matching_element_labels_its_blocks() {
        let found =
            resolve("nav\t@ nav\npromo\t@ main aside\nbody\t@ main\nlegal\t@ body\n", &bees()).unwrap();
        assert_eq!(found, [Label::Nav, Label::Body, Label::Promo, Label::Legal].map(Some));
    }

    #[test]
    fn on_the_same_element_the_later_rule_wins_and_a_text_rule_wins_over_both() {
        let lines = "nav\t@ body\nlegal\t@ body\nbody\tBees  dance .\nad\tBuy…\n#! done\n";
        let found = resolve(lines, &bees()).unwrap();
        assert_eq!(found, [Label::Legal, Label::Body, Label::Ad, Label::Legal].map(Some));
    }

    #[test]
    fn rules_that_match_nothing_and_blocks_without_label_are_named_with_their_lines() {
        let found = resolve("nav\t@ nav\nad\t@ footer\nad\tBuy honey\nbody\tBees dance.\nui\tTop", &bees());
        let found = found.unwrap_err();
        assert_eq!(found.len(), 5, "{found:#?}");
        assert!(found[0].contains(":6: the selector matches no element"), "{found:#?}");
        assert!(found[1].contains(":8: a block of this text stands only before"), "{found:#?}");
        assert!(found[2].contains(":9: no block has this text"), "{found:#?}");
        assert!(found[3].contains("block 1 has no label; add a rule for it: `Bees dance.`"), "{found:#?}");
    }

    #[test]
    fn the_nth_block_of_a_repeated_text_takes_the_nth_rule() {
        let texts = page(&[("html", 0)], &[(0, "赞"), (0, "正文"), (0, "赞")]);
        let found = resolve("social\t赞\nbody\t正文\nui\t赞\n", &texts).unwrap();
        assert_eq!(found, [Label::Social, Label::Body, Label::Ui].map(Some));
    }

    #[test]
    fn an_exact_rule_says_texts_that_look_like_something_else() {
        let texts = ["@ main", "and so on…", "= 1 + 1", "", "=", "and so on…  more"];
        let blocks: Vec<(u32, &str)> = texts.iter().map(|text| (0, *text)).collect();
        let lines =
            "nav\t= @ main\nbody\t= and so on…\nui\t= = 1 + 1\nmeta\t= \nad\t= =\nlegal\tand so on… more\n";
        let found = resolve(lines, &page(&[("html", 0)], &blocks)).unwrap();
        let expected = [Label::Nav, Label::Body, Label::Ui, Label::Meta, Label::Ad, Label::Legal];
        assert_eq!(found, expected.map(Some));
        let written: String =
            texts.iter().zip(expected).map(|(text, label)| text_rule(label, text)).collect();
        assert_eq!(written, lines);
    }

    #[test]
    fn a_pseudo_block_may_stay_without_label() {
        let mut page = page(&[("html", 0)], &[(0, "正文"), (0, "描述")]);
        page.blocks[1].kind = BlockKind::Meta;
        assert_eq!(resolve("body\t正文\n", &page).unwrap(), [Some(Label::Body), None]);
    }

    #[test]
    fn an_unknown_label_is_refused_with_the_known_ones() {
        let found = rules("spam\tx\n").unwrap_err();
        assert_eq!(found.len(), 1);
        let known = "unknown label `spam`; known are body, meta, comment, nav, related, ad, promo";
        assert!(found[0].to_string().contains(known), "{}", found[0]);
    }
}
