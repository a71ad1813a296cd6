//! Whether the main content can be read: text that was restored, and text that is ruined for good.

use super::{BlockReport, Finding, Reason, Repair};
use crate::features::unwritten;
use crate::features::vectors::Unwritten;
use crate::model::logit;
use crate::page::Page;

/// Shares of the letters from which text is ruined in part, and for the most part. No language has so many lost
/// characters, characters of no ordinary text, or letters apart.
const RUINED: [(Unwritten, f32, f32, &str); 4] = [
    (Unwritten::Replaced, 0.02, 0.1, "are lost"),
    (Unwritten::Rare, 0.2, 0.4, "are rare characters, as in text that was read in a wrong charset"),
    (Unwritten::Runs, 0.1, 0.4, "are signs that stand together, as in text that was read in a wrong charset"),
    (Unwritten::Alone, 0.25, 0.6, "stand apart, between signs or blanks"),
];

/// Restored characters among those of the page from which a person should look at it.
const RESTORED: f32 = 0.01;

/// What is ruined of a page's main content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ruin {
    /// Nothing that matters.
    Nothing,
    /// A part of it, or what could be restored.
    Part,
    /// So much that it is worth nothing.
    Most,
}

/// How much of the page is ruined, and the findings that say so.
pub(super) fn of(page: &Page, blocks: &[BlockReport]) -> (Ruin, Vec<Finding>) {
    let body = |index: usize| blocks.get(index).is_some_and(|block| block.label.is_body());
    let signs = unwritten::signs(page, |index| if body(index) { 1.0 } else { 0.0 });
    let finding = |reason, weight, text| Finding { reason, of: "verdict", weight, text, blocks: Vec::new() };
    let (mut ruin, mut findings) = (Ruin::Nothing, Vec::new());
    for (sign, part, most, what) in &RUINED {
        let share = signs.get(*sign as usize).copied().unwrap_or(0.0);
        if share >= *part {
            ruin = ruin.max(if share >= *most { Ruin::Most } else { Ruin::Part });
            let text = format!("{:.0} of 100 letters of the body {what}", 100.0 * share);
            findings.push(finding(Reason::RuinedText, logit(share) - logit(*part), text));
        }
    }
    let restored = page.source().restored as f32 / page.text.chars().count().max(1) as f32;
    if restored >= RESTORED {
        ruin = ruin.max(Ruin::Part);
        let text = format!("{:.0} of 100 characters had been misread, and were restored", 100.0 * restored);
        findings.push(finding(Reason::RestoredText, logit(restored) - logit(RESTORED), text));
    }
    (ruin, findings)
}

/// What was restored while the page was read.
pub(super) fn repair(page: &Page) -> Option<Repair> {
    let count = page.source().restored;
    let text = format!("characters of text that had been read in a wrong charset: {count}");
    (count > 0).then_some(Repair { name: "misread_text", count, text })
}
