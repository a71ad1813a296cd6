//! Whether the main content can be read: text that was restored, and text that is ruined for good.

use super::{BlockReport, Finding, Reason, Repair};
use crate::features::unwritten::{Letters, letters};
use crate::model::logit;
use crate::page::Page;

/// One of the shares.
type Share = fn(&Letters) -> f32;

/// Shares of the letters from which text is ruined in part, and for the most part. No language has so many lost
/// characters, characters of no ordinary text, or letters apart.
const RUINED: [(Share, f32, f32, &str); 4] = [
    (|of| of.replaced, 0.02, 0.2, "are lost"),
    (|of| of.rare, 0.2, 0.4, "are rare characters, as in text that was read in a wrong charset"),
    (|of| of.runs, 0.1, 0.4, "are signs that stand together, as in text that was read in a wrong charset"),
    (|of| of.alone, 0.25, 0.6, "stand apart, between signs or blanks"),
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
    let letters = letters(page, |index| if body(index) { 1.0 } else { 0.0 });
    let finding = |reason, weight, text| Finding { reason, of: "verdict", weight, text, blocks: Vec::new() };
    let (mut ruin, mut findings) = (Ruin::Nothing, Vec::new());
    for (share, part, most, what) in &RUINED {
        let share = share(&letters);
        if share >= *part {
            ruin = ruin.max(if share >= *most { Ruin::Most } else { Ruin::Part });
            let text = format!("{:.0} of 100 letters of the body {what}", 100.0 * share);
            findings.push(finding(Reason::RuinedText, logit(share) - logit(*part), text));
        }
    }
    let restored = restored_share(page);
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

/// Restored characters among those of the page, 0 to 1.
fn restored_share(page: &Page) -> f32 {
    match page.source().restored {
        0 => 0.0,
        count => count as f32 / page.text.chars().count().max(1) as f32,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Filter, Verdict};
    use crate::page::Document;
    use crate::{Reason, Report};

    const ZH: [&str; 3] = [
        "东岭县档案馆的旧账本里，夹着一张一九六三年的桥梁图纸，纸边已经发黄，折痕处快要断开，管理员只好用两块玻璃把它压住。",
        "图纸上的石拱一共七孔，比今天看得见的多出两孔，县里的工程师据此判断，河道在后来的几十年里向东移了将近四十米。",
        "住在附近的老人说，小时候听祖父讲过这两孔桥，发大水那年被泥沙埋住，从此再没有人见过，大家渐渐也就忘了。",
    ];

    fn report(of: impl Fn(&str) -> String) -> Report {
        Filter::builtin().check(&Document::text(ZH.map(of).join("\n\n")))
    }

    fn has(report: &Report, reason: Reason) -> bool {
        report.reasons().iter().any(|finding| finding.reason == reason)
    }

    #[test]
    fn what_was_misread_is_restored_counted_and_for_review() {
        let misread = |text: &str| encoding_rs::WINDOWS_1252.decode(text.as_bytes()).0.into_owned();
        let found = report(misread);
        assert_eq!(found.verdict(), Verdict::Review);
        assert!(has(&found, Reason::RestoredText));
        assert_eq!(found.repairs()[0].name, "misread_text");
        assert_eq!(found.page().block(0).unwrap().text(), ZH[0]);
    }

    #[test]
    fn what_cannot_be_read_is_not_kept() {
        let lost = |text: &str| {
            text.chars().enumerate().map(|(at, c)| if at % 3 == 2 { '\u{fffd}' } else { c }).collect()
        };
        let apart = |text: &str| text.chars().flat_map(|c| ['【', c, '】']).collect::<String>();
        for found in [report(lost), report(apart)] {
            assert_eq!(found.verdict(), Verdict::Drop);
        }
        let one = report(|text| text.replacen('桥', "\u{fffd}", 1));
        assert!(!has(&one, Reason::RuinedText) && !has(&report(str::to_owned), Reason::RuinedText));
    }
}
