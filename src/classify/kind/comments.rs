//! Comments of readers below an article, by the names of their elements or by a heading and what stands below it.
//!
//! Where posts of readers are what a page is about (forums, questions and answers) they are no comments: nothing is looked for
//! on pages whose address or markup says so, nor before an article of its own.

use super::{Kinds, Ruled, markup};
use crate::classify::{Label, Reason};
use crate::features::schema::BlockFeature as F;
use crate::page::select::chain;
use crate::page::{AttrName, Block, BlockKind, ElementId, Page};
use aho_corasick::AhoCorasick;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

/// Parts of classes, ids and item properties that name comments…
static NAMES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    finder(&[
        "comment", "disqus", "pinglun", "gentie", "liuyan", "replies", "reply", "tie-item", "tie-list",
        "cmt", "reader-response", "user-response",
    ])
});
/// …and what looks like one and is none.
const NO_NAMES: [&str; 3] = ["commentary", "no-comment", "count"];
/// Names of the markup of threads and questions. So many of them say that posts are the page.
static THREADS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    finder(&[
        "forum", "postbody", "post-message", "message-body", "topic-post", "question", "answer", "viewtopic",
        "threads", "bbs",
    ])
});
const THREAD_NAMES: usize = 3;
/// An article above comments has at least so many tokens of running text.
const ARTICLE_TOKENS: u32 = 60;
/// Blocks of a page's many comments. (In 84 threads and posts of a labelled set it spares all but three with few comments.)
const MANY: usize = 20;
/// A heading has at most so many bytes.
const HEADING_BYTES: usize = 90;
/// A line of name and time, or of reactions, has at most so many tokens; below a heading at least so many stand.
const LINE_TOKENS: u32 = 14;
const LINES: usize = 2;

fn finder(names: &[&str]) -> Option<AhoCorasick> {
    AhoCorasick::builder().ascii_case_insensitive(true).build(names).ok()
}

/// The blocks of comments and by which rule.
pub(super) fn find(kinds: &Kinds<'_>) -> Vec<(usize, Ruled)> {
    let mut found = by_names(kinds);
    found.extend(by_heading(kinds));
    if found.is_empty() || is_thread(kinds) || are_the_page(kinds, &found) {
        return Vec::new();
    }
    found.retain(|(index, _)| kinds.page.block(*index).is_some_and(|block| may_be(kinds, block)));
    found
}

fn is_thread(kinds: &Kinds<'_>) -> bool {
    let is_told = kinds.measured.is_forum();
    let page = kinds.page;
    let elements = (0..page.elements.len()).filter_map(|at| u32::try_from(at).ok()).map(ElementId);
    let is_name = |name: &str| THREADS.as_ref().is_some_and(|names| names.is_match(name));
    let named = elements.filter(|at| names(page, *at).any(&is_name)).take(THREAD_NAMES);
    is_told || named.count() == THREAD_NAMES
}

/// Whether there is more of many comments than of the text above: posts below a short one are what readers come for.
fn are_the_page(kinds: &Kinds<'_>, found: &[(usize, Ruled)]) -> bool {
    let comments: FxHashSet<usize> = found.iter().map(|(index, _)| *index).collect();
    let tokens = |at: &usize| kinds.measured.tokens().get(*at).copied().unwrap_or_default();
    let said: u32 = comments.iter().map(tokens).sum();
    let others = (0..kinds.measured.blocks()).filter(|at| !comments.contains(at) && kinds.is_running(*at));
    comments.len() >= MANY && said > others.map(|at| tokens(&at)).sum()
}

/// Whether a block in a list of comments is one: buttons and links around it have names of their own.
fn may_be(kinds: &Kinds<'_>, block: Block<'_>) -> bool {
    !block.kind().is_pseudo()
        && !matches!(block.kind(), BlockKind::Heading(_) | BlockKind::Control | BlockKind::Code)
        && !markup::is_links(kinds.measured.row(block.index()))
}

/// Tokens of running text before each block that stand in no comment.
struct Article {
    tokens: u32,
}

impl Article {
    fn add(&mut self, kinds: &Kinds<'_>, index: usize) {
        if kinds.is_running(index) && kinds.overruled(index).is_none() {
            self.tokens += kinds.measured.tokens().get(index).copied().unwrap_or_default();
        }
    }

    fn is_read(&self) -> bool {
        self.tokens >= ARTICLE_TOKENS
    }
}

/// Blocks in elements that are named for comments and start behind an article.
fn by_names(kinds: &Kinds<'_>) -> Vec<(usize, Ruled)> {
    let page = kinds.page;
    let mut found = Vec::new();
    let mut article = Article { tokens: 0 };
    let mut lists: FxHashMap<ElementId, bool> = FxHashMap::default();
    let mut above = Vec::new();
    for block in page.blocks() {
        // What is known of an element holds for all above it too.
        let mut is_comment = false;
        above.clear();
        for at in chain(page, block.element_id()) {
            if let Some(known) = lists.get(&at) {
                is_comment = *known;
                break;
            }
            above.push(at);
        }
        for at in above.iter().rev() {
            is_comment |= article.is_read() && is_named(page, *at);
            lists.insert(*at, is_comment);
        }
        if is_comment {
            found.push((block.index(), (Label::Comment, Reason::CommentName)));
        } else {
            article.add(kinds, block.index());
        }
    }
    found
}

/// The classes, the id and the property of an element.
fn names(page: &Page, id: ElementId) -> impl Iterator<Item = &str> {
    let naming = [AttrName::Class, AttrName::Id, AttrName::ItemProp];
    let values = page.attributes(id).filter(move |(name, _)| naming.contains(name));
    values.flat_map(|(_, value)| value.split_whitespace())
}

/// Names of more words are headings of sections that were made into ids.
const NAME_WORDS: usize = 3;

/// Whether a class, an id or a property names comments. A `reply` alone is a post of a thread.
fn is_named(page: &Page, id: ElementId) -> bool {
    let is_reply = |name: &str| name.contains("reply");
    let is_one = |name: &str| {
        let words = name.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).count();
        words <= NAME_WORDS && !NO_NAMES.iter().any(|no| name.contains(no))
    };
    let names_them = |name: &&str| NAMES.as_ref().is_some_and(|names| names.is_match(*name));
    let named = names(page, id).filter(names_them).map(str::to_ascii_lowercase);
    let named: Vec<String> = named.filter(|name| is_one(name)).collect();
    let replies = || chain(page, id).skip(1).any(|at| names(page, at).any(is_of_readers));
    named.iter().any(|name| !is_reply(name)) || !named.is_empty() && replies()
}

/// Whether a name says that readers speak below.
fn is_of_readers(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["comment", "discuss", "replies"].iter().any(|word| name.contains(word))
}

/// Blocks below a heading of comments that stands behind an article, among lines of names, times and reactions.
fn by_heading(kinds: &Kinds<'_>) -> Vec<(usize, Ruled)> {
    let mut article = Article { tokens: 0 };
    for block in kinds.page.blocks() {
        let is_list = markup::is_links(kinds.measured.row(block.index()));
        if article.is_read() && !is_list && is_heading(block.text()) {
            let list: Vec<usize> =
                (block.index() + 1..kinds.measured.blocks()).take_while(|at| goes_on(kinds, *at)).collect();
            let lines = list.iter().filter(|at| is_line(kinds, **at)).count();
            let counted = usize::from(block.text().contains(|c: char| c.is_ascii_digit()));
            if lines + counted >= LINES && lines > 0 {
                return list.into_iter().map(|at| (at, (Label::Comment, Reason::CommentList))).collect();
            }
        }
        article.add(kinds, block.index());
    }
    Vec::new()
}

/// Whether a list of comments goes on at a block.
fn goes_on(kinds: &Kinds<'_>, index: usize) -> bool {
    let around = |block: Block<'_>| {
        let kind = markup::kind(kinds.page, block, kinds.measured.row(index));
        matches!(kind, Some((Label::Nav | Label::Related | Label::Legal, _)))
    };
    let is_other = |block: Block<'_>| {
        matches!(block.kind(), BlockKind::Heading(_)) || block.kind().is_pseudo() || around(block)
    };
    let ruled = kinds
        .overruled(index)
        .is_some_and(|(label, _)| !matches!(label, Label::Comment | Label::Social | Label::Ui));
    !ruled && kinds.page.block(index).is_some_and(|block| !is_other(block))
}

/// Whether a block is a line of who said something and when, or of what readers may do with it.
fn is_line(kinds: &Kinds<'_>, index: usize) -> bool {
    const REACTIONS: [&str; 14] = [
        "reply", "like", "says", "said", " ago", "upvote", "回复", "赞", "顶", "踩", "举报", "楼", "前",
        "点赞",
    ];
    let short = kinds.measured.tokens().get(index).is_some_and(|tokens| *tokens <= LINE_TOKENS);
    let dated = kinds.value(index, F::DateLike) > 0.0;
    let reacts = |block: Block<'_>| {
        let text = block.text().to_lowercase();
        REACTIONS.iter().any(|word| text.contains(word))
    };
    short && (dated || kinds.page.block(index).is_some_and(reacts))
}

/// Whether a line is a heading of comments: `Comments (3)`, `3 Responses to “Harbour”`, `网友评论（4条）`.
pub(super) fn is_heading(text: &str) -> bool {
    const WHOLE: [&str; 28] = [
        "comments",
        "replies",
        "all comments",
        "reader comments",
        "readers comments",
        "recent comments",
        "top comments",
        "user comments",
        "have your say",
        "your comments",
        "what readers say",
        "join the discussion",
        "join the conversation",
        "评论",
        "网友评论",
        "全部评论",
        "最新评论",
        "热门评论",
        "精彩评论",
        "读者评论",
        "用户评论",
        "文章评论",
        "精选评论",
        "留言",
        "跟帖",
        "跟贴",
        "回复",
        "热评",
    ];
    const START: [&str; 6] =
        ["thoughts on ", "responses to ", "comments on ", "replies to ", "comment on ", "response to "];
    const MORE: [&str; 12] =
        ["网友", "全部", "最新", "热门", "精彩", "精选", "读者", "用户", "文章", "条", "共", "个"];
    if text.len() > HEADING_BYTES {
        return false;
    }
    let lower = text.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphabetic());
    let plain: String = bare.chars().filter(|c| c.is_alphabetic() || *c == ' ').collect();
    let short = || MORE.iter().fold(plain.trim().to_owned(), |text, word| text.replace(word, ""));
    WHOLE.contains(&plain.trim())
        || !plain.is_ascii() && WHOLE.contains(&short().trim())
        || START.iter().any(|start| bare.starts_with(start))
}
