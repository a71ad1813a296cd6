//! Betting brands that stand where a site's own name stood: in its menu, its title and its copyright line.
//!
//! Kits that clone the site of a firm or a school put a brand in place of its name, everywhere: `关于OB…`, `…·产品中心`, `…官方网站`.
//! Brands change by the week and are known by their company: a short stem and the word of a trade, in the frames of a menu, on a
//! page that says nothing else of that trade.

use super::{EDGE, whole_and_parts};
use crate::classify::{Finding, Label, Reason};
use crate::page::{Block, Page};
use aho_corasick::AhoCorasick;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

/// What the names of betting sites end with.
const TRADES: [&str; 10] =
    ["体育", "娱乐", "电竞", "视讯", "真人", "棋牌", "彩票", "娱乐城", "贵宾会", "电玩"];
/// One of these in a text: most parts of lines have none.
static NAMES_TRADE: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(TRADES).ok());
/// What menus write before a site's name, and behind it.
const BEFORE: [&str; 12] =
    ["关于", "联系", "走进", "走近", "介绍", "联络", "关注", "了解", "加入", "认识", "欢迎来到", "找到"];
const BEHIND: [&str; 12] = [
    "产品中心", "新闻中心", "新闻", "新闻动态", "动态", "简介", "案例", "产品", "服务", "文化", "招聘",
    "概况",
];
/// What betting sites write behind their names.
const DOORS: [&str; 12] =
    ["官网", "官方网站", "官方", "app", "app下载", "下载", "登录", "登陆", "入口", "注册", "手机版", "平台"];
/// What stands behind a name has at most so many bytes.
const DOOR_BYTES: usize = 48;
/// Characters of a name with its trade.
const NAME: std::ops::RangeInclusive<usize> = 3..=9;
/// Longer lines are no menu and no copyright line, bytes.
const LINE_BYTES: usize = 120;
/// A page that writes the word of the trade more often without the name is about the trade.
const MOST_ALONE: usize = 1;
/// Log-odds that such a name adds: it is enough by itself. (Chosen by hand.)
const WEIGHT: f32 = 2.0;

/// What stands around a name.
#[derive(Debug, Default)]
struct Frames {
    menus: FxHashSet<&'static str>,
    doors: FxHashSet<&'static str>,
    in_title: bool,
}

impl Frames {
    /// Whether a name is that of the site, and a betting site's: menus and doors, or a stem in Latin letters in menus.
    fn are_a_sites(&self, name: &str) -> bool {
        let latin = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        let menus = self.menus.len() + usize::from(self.in_title);
        menus >= 1 && !self.doors.is_empty() || latin && self.menus.len() >= 2
    }
}

/// The finding of a betting brand in place of the site's name.
pub(in crate::classify) fn finding(page: &Page) -> Option<Finding> {
    let found = framed(page);
    let (name, _) = found
        .iter()
        .filter(|(name, frames)| frames.are_a_sites(name))
        .max_by_key(|(name, frames)| (frames.menus.len() + frames.doors.len(), **name))?;
    (alone(page, name) <= MOST_ALONE).then(|| Finding {
        reason: Reason::SpamAsName,
        of: Label::Gambling.as_str(),
        weight: WEIGHT,
        text: format!("menu, title or copyright line name the site {name}"),
        blocks: Vec::new(),
    })
}

/// The names in the title and in short lines, with what stands around them.
fn framed(page: &Page) -> FxHashMap<&str, Frames> {
    let mut found: FxHashMap<&str, Frames> = FxHashMap::default();
    let count = page.blocks().len();
    // the trades are written in Chinese: a line of ASCII names none
    let may_name = |block: &Block<'_>| {
        block.text().len() <= LINE_BYTES && !block.text().is_ascii() && !block.kind().is_pseudo()
    };
    for block in page.blocks().filter(may_name) {
        let edge = block.index() < EDGE || block.index() + EDGE >= count;
        for part in parts(block.text()) {
            let Some((name, before, behind)) = name(part) else { continue };
            let frames = found.entry(name).or_default();
            frames.menus.extend(before);
            match behind {
                Some(Behind::Menu(word)) => frames.menus.extend([word]),
                Some(Behind::Door(word)) if edge || before.is_some() => frames.doors.extend([word]),
                _ => {}
            }
        }
    }
    let title = page.metadata().title_tag.as_deref().unwrap_or_default();
    for part in parts(title) {
        let Some((name, _, behind)) = name(part) else { continue };
        let frames = found.entry(name).or_default();
        frames.in_title = true;
        if let Some(Behind::Door(word)) = behind {
            frames.doors.insert(word);
        }
    }
    found
}

fn parts(line: &str) -> impl Iterator<Item = &str> {
    whole_and_parts(line).flat_map(str::split_whitespace)
}

/// A word behind a name.
#[derive(Debug, Clone, Copy)]
enum Behind {
    Menu(&'static str),
    Door(&'static str),
}

/// The name in a part of a line, what a menu writes before it, and what stands behind it.
fn name(part: &str) -> Option<(&str, Option<&'static str>, Option<Behind>)> {
    if !NAMES_TRADE.as_ref().is_none_or(|trades| trades.is_match(part)) {
        return None;
    }
    let before = BEFORE.into_iter().find(|word| part.starts_with(word));
    let rest = before.and_then(|word| part.strip_prefix(word)).unwrap_or(part);
    let end = TRADES.iter().filter_map(|trade| Some(rest.find(trade)? + trade.len())).max()?;
    let (name, behind) = rest.split_at_checked(end)?;
    let behind = behind.trim_start_matches(['·', '●', '•', '-', ' ']);
    let menu = || BEHIND.iter().find(|word| behind == **word).map(|word| Behind::Menu(word));
    let lower = behind.to_ascii_lowercase();
    let is_door =
        |word: &&&str| behind.len() <= DOOR_BYTES && (lower.starts_with(**word) || lower.ends_with(**word));
    let door = DOORS.iter().find(is_door).map(|word| Behind::Door(word)).or_else(menu);
    let is_name = NAME.contains(&name.chars().count()) && !TRADES.iter().any(|trade| name.starts_with(trade));
    (is_name && (behind.is_empty() || door.is_some())).then_some((name, before, door))
}

/// How often the page writes the word of a name's trade without the name.
fn alone(page: &Page, name: &str) -> usize {
    let trade = TRADES.iter().filter(|trade| name.ends_with(**trade)).max_by_key(|trade| trade.len());
    let shown = page.blocks().filter(|block| !block.kind().is_pseudo());
    trade.map_or(0, |trade| shown.map(|block| block.text().replace(name, "").matches(trade).count()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Document, Limits};

    fn named(html: &str) -> bool {
        finding(&Page::read(&Document::html(html), &Limits::default())).is_some()
    }

    #[test]
    fn a_betting_brand_in_the_frames_of_a_menu_is_found() {
        let body = "<p>本厂专业生产不锈钢水泵，产品远销三十多个国家和地区。</p>";
        assert!(named(&format!("<li><a>关于XQ电竞</a><li><a>XQ电竞·产品中心</a></li>{body}")));
        assert!(named(&format!("<title>水泵_临江体育</title><a>首页</a>{body}<p>临江体育官网</p>")));
        assert!(!named(&format!(
            "<title>水泵_临江水泵厂</title><a>关于临江水泵</a>{body}<p>临江水泵官网</p>"
        )));
    }

    #[test]
    fn a_site_about_the_trade_is_not() {
        let body = "<p>本周体育新闻：体育馆开放。</p><p>体育教师招聘</p>";
        assert!(!named(&format!("<title>新闻_临江体育</title><a>关于临江体育</a>{body}<p>临江体育官网</p>")));
        assert!(!named("<p>XQ娱乐与歌手解约</p><p>公司表示不再续约。</p>"));
    }
}
