//! Main content that stands in a footer or an aside → its last paragraphs.
//!
//! Some templates wrap the article in an element that says it is none. The models take the first paragraphs by their words and
//! lose the last, which stands where a copyright line would. A paragraph behind two of the body, in the same such element, goes
//! with them. And where a page hands an article to its scripts and shows hardly anything, the article is whole.

use super::evidence::Scored;
use super::kind::{Kinds, Tier};
use crate::page::select::chain;
use crate::page::{Block, BlockKind, Element, ElementId, Tag};

/// A paragraph has at least so many tokens.
const TOKENS: u32 = 16;

/// Adds such paragraphs to the choice.
pub(super) fn add(scored: Scored<'_>, kinds: &Kinds<'_>, chosen: &mut [bool]) {
    let mut run: Option<(ElementId, usize)> = None;
    for block in scored.page.blocks() {
        let holder = wrapper(scored, kinds, block);
        let before = run.filter(|(of, _)| Some(*of) == holder).map_or(0, |(_, count)| count);
        let Some(chosen) = chosen.get_mut(block.index()) else { return };
        *chosen |= before > 1;
        run = holder.filter(|_| *chosen).map(|holder| (holder, before + 1));
    }
    add_handed_over(scored, chosen);
}

/// Adds the paragraphs of an article that only scripts are given, where the page shows less than that and no main content.
fn add_handed_over(Scored { page, measured, .. }: Scored<'_>, chosen: &mut [bool]) {
    let tokens = |block: &Block<'_>| measured.tokens().get(block.index()).copied().unwrap_or_default();
    let (handed, shown): (Vec<_>, Vec<_>) =
        page.blocks().partition(|block| block.kind() == BlockKind::JsonLd);
    let handed: Vec<_> = handed.into_iter().filter(|block| tokens(block) >= TOKENS).collect();
    let is_more = handed.iter().map(tokens).sum::<u32>() > shown.iter().map(tokens).sum();
    let is_shown = |block: &Block<'_>| tokens(block) >= TOKENS && chosen.get(block.index()) == Some(&true);
    if is_more && !shown.iter().any(is_shown) {
        for block in handed {
            if let Some(chosen) = chosen.get_mut(block.index()) {
                *chosen = true;
            }
        }
    }
}

/// The element that a paragraph stands in, if that is in a footer or an aside and no words speak against the paragraph.
fn wrapper(
    Scored { page, measured, .. }: Scored<'_>,
    kinds: &Kinds<'_>,
    block: Block<'_>,
) -> Option<ElementId> {
    let above = block.element().map(Element::parent)?;
    let is_paragraph = measured.tokens().get(block.index()).is_some_and(|tokens| *tokens >= TOKENS)
        && block.inline().links == 0
        && kinds.tier(block.index()).1 != Tier::Words;
    let mut tags = chain(page, above).filter_map(|id| page.element(id)).map(Element::tag);
    (is_paragraph && tags.any(|tag| matches!(tag, Tag::Footer | Tag::Aside))).then_some(above)
}

#[cfg(test)]
mod tests {
    use crate::Filter;
    use crate::page::Document;

    #[test]
    fn an_article_that_only_scripts_are_given_is_whole() {
        let text = [
            "从下月一日起，市植物园的温室将延长开放到晚上九点，市民凭年卡可以免费入园参观夜间开花的植物。",
            "园长介绍，首批开放的展区共有六个，分为热带展区和沙漠展区，沙漠展区的温度在夜间会降到十二度。",
            "为了保证安全，夜间将安排四名工作人员值班，温室的侧门在闭园以后只出不进，请游客留意广播。",
            "试行期为两个月，结束以后植物园将根据入园人数和游客意见决定是否长期实行，并考虑开放南门。",
        ];
        let state = serde_json::json!({"props": {"pageProps": {"article": {"body": text.join("\n")}}}});
        let html = format!(
            "<html lang=zh><title>温室夜间开放_柳荫晚报</title><div id=__next></div>\
             <script id=__NEXT_DATA__ type='application/json'>{state}</script>"
        );
        let report = Filter::builtin().check(&Document::html(html));
        assert!(text.iter().all(|paragraph| report.body().contains(paragraph)), "{}", report.body());
    }

    #[test]
    fn a_footer_around_an_article_loses_no_paragraph() {
        let html = "<h1>How the mill at Arden came to have two wheels</h1><footer id=text>\
            <p>The mill at Arden was built in 1804 with a single wheel of elm, which turned two pairs of stones and a hoist for the sacks.</p>\
            <p>When the brook was led through a new cut in 1831, the miller found that he had more water than one wheel could use.</p>\
            <p>He wrote to a founder in the next county, who cast an iron wheel in eleven pieces and sent it by cart over the moor.</p>\
            <p>Both wheels turn today on the first Sunday of each month, and visitors can buy the flour in the old drying room.</p></footer>\
            <footer class=site-footer><p>© 2024 Arden Mill Trust. All rights reserved.</p></footer>";
        let report = Filter::builtin().check(&Document::html(html));
        assert!(report.body().contains("The mill at Arden") && report.body().contains("old drying room"));
        assert!(!report.body().contains("All rights"));
    }
}
